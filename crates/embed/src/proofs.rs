//! What holds for all tokens: who gets in, what changed, what to repair, what is remarkable.

use std::sync::Arc;

use rolecall_core::analyze::Options;
use rolecall_core::analyze::report::{DiffReport, WhoPolicy, WhoReport};
use rolecall_core::case::Case;
use rolecall_core::fix::FixReport;
use rolecall_core::lint::{LintReport, LintedPolicy};
use rolecall_core::policy::Policy;
use rolecall_core::report::ErrorReport;
use rolecall_core::span::Source;
use serde::Deserialize;
use serde_json::value::RawValue;

use crate::answer::{answer, no_question, read};
use crate::judge::case;
use crate::texts;

/// A policy, and the text that its places are in.
pub(crate) struct Given {
    /// Where it stands in that text.
    pub(crate) path: String,
    pub(crate) source: Arc<Source>,
    pub(crate) policy: Policy,
}

/// What the policy's text is called in reports that name their source.
const SOURCE: &str = "policy";

/// What a question may say beyond a line of `rolecall batch`.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(crate) struct More {
    /// The role that is meant, where a text holds several.
    pub(crate) role: Option<String>,
    /// Workflows whose jobs get the token; only whether there are any.
    #[cfg(feature = "readers")]
    workflows: Option<Vec<serde::de::IgnoredAny>>,
    /// The owners that count as insiders.
    owners: Option<Vec<String>>,
    /// The policies of `diff`.
    old: Option<Box<RawValue>>,
    new: Option<Box<RawValue>>,
}

impl More {
    pub(crate) fn read(question: &str) -> Result<Self, ErrorReport> {
        read(question, "the type `Case` in `index.d.ts`")
    }

    /// Whether a job of a workflow stands in the token's place.
    #[cfg(feature = "readers")]
    pub(crate) fn has_workflows(&self) -> bool {
        self.workflows.is_some()
    }

    fn options(&self) -> Options {
        Options {
            owners: self.owners.clone().unwrap_or_default(),
            ..Options::default()
        }
    }
}

/// `rolecall.who/1`.
pub(crate) fn who(question: &str, clock: i64) -> String {
    let report = each(question, clock, |given, options| {
        WhoPolicy::new(SOURCE, &given.path, &given.policy, &given.source, options)
    });
    answer(report.map(WhoReport::new))
}

/// `rolecall.lint/1`.
pub(crate) fn lint(question: &str, clock: i64) -> String {
    let report = each(question, clock, |given, options| {
        LintedPolicy::new(
            SOURCE,
            given.path.as_str(),
            &given.policy,
            &given.source,
            options,
        )
    });
    answer(report.map(LintReport::new))
}

fn each<T>(
    question: &str,
    clock: i64,
    verb: impl Fn(&Given, &Options) -> T,
) -> Result<Vec<T>, ErrorReport> {
    let more = More::read(question)?;
    let case = case(question, clock)?;
    let options = more.options();
    let given = texts::policies(&case, more.role.as_deref())?;
    Ok(given.iter().map(|given| verb(given, &options)).collect())
}

/// `rolecall.diff/1`.
pub(crate) fn diff(question: &str, clock: i64) -> String {
    answer(difference(question, clock))
}

fn difference(question: &str, clock: i64) -> Result<DiffReport, ErrorReport> {
    let more = More::read(question)?;
    let side = |text: &Option<Box<RawValue>>, name| {
        let case = Case {
            policy: text.as_deref().and_then(written),
            ..case(question, clock)?
        };
        one(&case, more.role.as_deref()).map_err(|error| named(error, name))
    };
    let (old, new) = (side(&more.old, "old")?, side(&more.new, "new")?);
    Ok(DiffReport::new(&old.policy, &new.policy, &more.options()))
}

/// The one policy that is meant.
fn one(case: &Case, role: Option<&str>) -> Result<Given, ErrorReport> {
    let mut given = texts::policies(case, role)?;
    match (given.pop(), given.is_empty()) {
        (Some(only), true) => Ok(only),
        _ => Err(no_question(
            "the text holds several roles",
            "the type `Case`, and `role` to say which is meant",
        )),
    }
}

/// A policy as text, whether it is given as text or as an object.
fn written(given: &RawValue) -> Option<String> {
    match given.get() {
        "null" => None,
        text if text.starts_with('"') => serde_json::from_str(text).ok(),
        text => Some(text.to_owned()),
    }
}

/// Two policies are read: which one is meant is part of the message.
fn named(mut error: ErrorReport, name: &str) -> ErrorReport {
    for cause in &mut error.causes {
        cause.summary = format!("`{name}`: {}", cause.summary);
    }
    error
}

/// `rolecall.fix/1`.
pub(crate) fn fix(question: &str, clock: i64) -> String {
    answer(repairs(question, clock))
}

fn repairs(question: &str, clock: i64) -> Result<FixReport, ErrorReport> {
    let more = More::read(question)?;
    let case = case(question, clock)?;
    texts::fix(&case, more.role.as_deref(), &more.options())
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    fn report(answer: &str) -> Value {
        serde_json::from_str(answer).unwrap()
    }

    /// A policy under `StringLike` on `sub`.
    fn policy(sub: &str) -> Value {
        json!({"Version": "2012-10-17", "Statement": [{"Effect": "Allow",
            "Principal": {"Federated": "arn:aws:iam::111122223333:oidc-provider/token.actions.githubusercontent.com"},
            "Action": "sts:AssumeRoleWithWebIdentity",
            "Condition": {
                "StringEquals": {"token.actions.githubusercontent.com:aud": "sts.amazonaws.com"},
                "StringLike": {"token.actions.githubusercontent.com:sub": sub}}}]})
    }

    #[test]
    fn who_gets_in() {
        let question = json!({"policy": policy("repo:octo-org*:ref:refs/heads/main")});
        let report = report(&who(&question.to_string(), 0));
        assert_eq!(report["schema"], "rolecall.who/1");
        let policy = &report["policies"][0];
        assert_eq!(
            (&policy["scope"], &policy["outsider"]["verdict"]),
            (&json!("anyone"), &json!("open"))
        );
    }

    #[test]
    fn what_is_remarkable() {
        let question = json!({"policy": policy("repo:octo-org*:ref:refs/heads/main")});
        let report = report(&lint(&question.to_string(), 0));
        assert_eq!(report["schema"], "rolecall.lint/1");
        let findings = report["policies"][0]["findings"].as_array().unwrap();
        let rules: Vec<&str> = findings
            .iter()
            .filter_map(|finding| finding["rule"].as_str())
            .collect();
        assert!(rules.contains(&"open_to_outsiders"), "{rules:?}");
    }

    #[test]
    fn repairs_are_looked_for() {
        let question = json!({"policy": policy("repo:octo-org/octo-repo:ref:refs/heads/main"), "partial": true,
            "claims": {"sub": "repo:octo-org/octo-repo:environment:production", "aud": "sts.amazonaws.com"}});
        let report = report(&fix(&question.to_string(), 0));
        assert_eq!(report["schema"], "rolecall.fix/1");
        assert_eq!(report["edits"][0]["label"], "this-subject");
    }

    #[test]
    fn owners_are_insiders() {
        let verdict = |owners: Value| {
            let question = json!({"policy": policy("repo:octo-org/*"), "owners": owners});
            report(&who(&question.to_string(), 0))["policies"][0]["outsider"]["verdict"].clone()
        };
        assert_eq!(verdict(json!(["octo-org"])), "closed");
        assert_eq!(verdict(json!(["hexa-org"])), "open");
    }

    #[test]
    fn policies_are_compared() {
        let (narrow, wide) = (
            policy("repo:octo-org/octo-repo:*"),
            policy("repo:octo-org/*"),
        );
        for (old, new, relation) in [
            (&narrow, &narrow, "equal"),
            (&narrow, &wide, "looser"),
            (&wide, &narrow, "stricter"),
        ] {
            let question = json!({"old": old, "new": new.to_string()});
            let report = report(&diff(&question.to_string(), 0));
            assert_eq!(
                (&report["schema"], &report["relation"]),
                (&json!("rolecall.diff/1"), &json!(relation))
            );
        }
    }

    #[test]
    fn what_can_not_be_read_is_told() {
        let question = json!({"old": policy("repo:octo-org/*"), "new": "{"}).to_string();
        let report = report(&diff(&question, 0));
        assert_eq!(report["schema"], "rolecall.error/1");
        let summary = report["causes"][0]["summary"].as_str().unwrap();
        assert!(summary.starts_with("`new`: "), "{summary}");
        for question in ["", "[]", "{}", "{\"owners\": 5}"] {
            for answer in [who(question, 0), diff(question, 0)] {
                assert_eq!(
                    self::report(&answer)["schema"],
                    "rolecall.error/1",
                    "{question}"
                );
            }
        }
    }
}
