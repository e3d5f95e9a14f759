//! What can be taken away: a link that holds the check, the same question as a command, and the answer as Markdown.
//!
//! A link keeps all of it after `#`, which no server ever receives: `v1=` and JSON, deflated, in base64url.
//! Its members are `policy`, `claims` and those of a batch line that were set; never a token and never a
//! signature. A later version of the page still reads it.

use serde_json::{Map, Value, json};

use crate::browser;
use crate::engine;
use crate::input::{Input, WhatIf, Workflow};
use crate::judge::{Judgement, claims};
use crate::report::{self, ShareReport};

/// What the fragment of a link begins with.
const VERSION: &str = "v1=";

/// Why a fragment gives nothing to show.
#[derive(Debug, PartialEq)]
pub(crate) enum Unreadable {
    /// It is made by a later version of the page.
    Newer,
    /// It is cut off or changed.
    Broken,
}

/// What is shared.
#[derive(Clone, PartialEq)]
pub(crate) struct Shared {
    members: Map<String, Value>,
}

/// A link to what is shared.
pub(crate) struct Link {
    pub(crate) shared: Shared,
    pub(crate) is_masked: bool,
    pub(crate) address: String,
    /// The same question to the command line.
    pub(crate) command: String,
}

impl Link {
    /// `is_masked`: the account, owner and repository get other names.
    pub(crate) async fn to(shared: Shared, is_masked: bool) -> Self {
        let question = json!({ "members": shared.members, "masked": is_masked });
        let json = engine::call("share", &question.to_string());
        let ShareReport { members, command } = report::read("share", &json).unwrap_or_default();
        let shared = Shared { members };
        let packed = browser::pack(&shared.json()).await;
        Self {
            address: browser::address_with(&format!("{VERSION}{packed}")),
            shared,
            is_masked,
            command,
        }
    }
}

impl Shared {
    /// What was entered, without the signature and without the claims that AWS never reads.
    pub(crate) fn of(input: &Input, judgement: &Judgement) -> Self {
        let mut members = input.settings.members();
        // Nobody signed the claims of a link: there is nothing to verify with keys.
        members.remove("jwks");
        if let Some(token) = judgement.token.as_deref() {
            let claims = claims(token, true);
            members.insert("claims".to_owned(), Value::Object(claims));
            if let Some(what_if) = &input.what_if {
                members.insert("what_if".to_owned(), json!(true));
                if what_if.partial {
                    members.insert("partial".to_owned(), json!(true));
                }
            }
            // A token is judged now, its claims later on would be judged at their issue.
            let is_at_clock = input.what_if.is_none() && !members.contains_key("at_issue");
            if is_at_clock && !members.contains_key("now") {
                let report: Value = serde_json::from_str(token).unwrap_or_default();
                if let Some(at @ Value::String(_)) = report.get("judged_at") {
                    members.insert("now".to_owned(), at.clone());
                }
            }
        }
        if input.has_policy() {
            members.insert("policy".to_owned(), json!(input.policy));
        }
        if input.has_workflow() {
            members.remove("claims");
            members.insert("workflow".to_owned(), input.workflow.members());
        }
        if !input.push.is_empty() {
            members.insert("push".to_owned(), json!(input.push));
        }
        Self { members }
    }

    /// The names of what the link holds.
    pub(crate) fn contents(&self, is_masked: bool) -> Vec<(&'static str, String)> {
        let claims = self.members.get("claims").and_then(Value::as_object);
        let claims = claims.map(|claims| {
            let names: Vec<&str> = claims.keys().map(String::as_str).collect();
            if names.is_empty() {
                "none".to_owned()
            } else {
                names.join(", ")
            }
        });
        let other: Vec<&str> = self
            .members
            .keys()
            .map(String::as_str)
            .filter(|name| !matches!(*name, "claims" | "policy" | "what_if"))
            .collect();
        let policy = self.members.get("policy").and_then(Value::as_str);
        vec![
            (
                "Policy",
                policy.map_or_else(
                    || "none".to_owned(),
                    |policy| {
                        format!(
                            "all {} characters of it, {}",
                            policy.chars().count(),
                            if is_masked {
                                "names masked"
                            } else {
                                "account id included"
                            }
                        )
                    },
                ),
            ),
            (
                if self.members.contains_key("what_if") {
                    "Claims of the what-if"
                } else {
                    "Claims"
                },
                claims.unwrap_or_else(|| "none".to_owned()),
            ),
            (
                "Besides",
                if other.is_empty() {
                    "nothing".to_owned()
                } else {
                    other.join(", ")
                },
            ),
        ]
    }

    /// What is packed into the link.
    pub(crate) fn json(&self) -> String {
        Value::Object(self.members.clone()).to_string()
    }

    /// The packed part of a fragment. `None`: it is not one of a shared check.
    pub(crate) fn packed(fragment: &str) -> Option<Result<&str, Unreadable>> {
        if let Some(packed) = fragment.strip_prefix(VERSION) {
            return Some(Ok(packed));
        }
        let version = fragment.strip_prefix('v')?.split_once('=')?.0;
        version.parse::<u32>().ok()?;
        Some(Err(Unreadable::Newer))
    }

    /// Reads what was packed.
    pub(crate) fn read(json: &str) -> Result<Self, Unreadable> {
        match serde_json::from_str(json) {
            Ok(Value::Object(members)) => Ok(Self { members }),
            _ => Err(Unreadable::Broken),
        }
    }

    /// The same as it was entered.
    pub(crate) fn input(&self) -> Input {
        let claims = self.members.get("claims");
        let policy = self.members.get("policy").and_then(Value::as_str);
        let mut input = Input {
            token: claims.map(pretty).unwrap_or_default(),
            policy: policy.unwrap_or_default().to_owned(),
            ..Input::default()
        };
        input.settings = crate::input::Settings::of(&self.members);
        if self.members.get("what_if") == Some(&json!(true)) {
            input.token.clear();
            input.what_if = claims.and_then(Value::as_object).map(|claims| WhatIf {
                claims: claims.clone(),
                partial: std::mem::take(&mut input.settings.partial),
            });
        }
        let object = |name: &str| self.members.get(name).and_then(Value::as_object);
        input.workflow = object("workflow").map(Workflow::of).unwrap_or_default();
        input.push = object("push").cloned().unwrap_or_default();
        input
    }
}

fn pretty(value: &Value) -> String {
    serde_json::to_string_pretty(value).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shared(members: Value) -> Shared {
        match members {
            Value::Object(members) => Shared { members },
            _ => Shared {
                members: Map::new(),
            },
        }
    }

    #[test]
    fn a_link_is_read_back() {
        let state = shared(
            json!({"policy": "{\"é\": 1}", "claims": {"sub": "x"}, "role_arn": "arn", "context": {"a:b": null},
            "provider": {"url": null, "audiences": ["x", "y"]}, "duration": 900}),
        );
        let read = Shared::read(&state.json());
        assert!(read == Ok(state.clone()));
        let input = state.input();
        assert_eq!(input.policy, "{\"é\": 1}");
        assert_eq!(
            input.settings.members().get("context"),
            state.members.get("context")
        );
        assert_eq!(
            input.settings.members().get("provider"),
            state.members.get("provider")
        );
        assert_eq!(input.settings.duration, "900");
    }

    #[test]
    fn a_what_if_stays_one() {
        let input =
            shared(json!({"claims": {"sub": "x"}, "what_if": true, "partial": true})).input();
        let claims = json!({"sub": "x"}).as_object().cloned().unwrap_or_default();
        assert!(
            input.what_if
                == Some(WhatIf {
                    claims,
                    partial: true
                })
        );
        assert!(input.token.is_empty() && !input.settings.partial);
    }

    #[test]
    fn what_is_no_link_is_told_from_a_broken_one() {
        assert!(Shared::packed("s-why").is_none());
        assert!(Shared::packed("").is_none());
        assert!(Shared::packed("v2=abc") == Some(Err(Unreadable::Newer)));
        assert!(Shared::packed("v1=abc") == Some(Ok("abc")));
        for broken in ["", "[]", "{\"policy\""] {
            assert!(Shared::read(broken) == Err(Unreadable::Broken), "{broken}");
        }
    }
}
