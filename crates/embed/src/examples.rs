//! Real failures, restated with octo-org's names and made-up ids, for the page's menu.

use rolecall_core::report::ErrorReport;
use serde::Serialize;
use serde_json::{Value, json};

use crate::answer::answer;

#[derive(Serialize)]
struct Examples {
    schema: &'static str,
    examples: Vec<Given>,
}

/// An example as it is entered.
#[derive(Serialize)]
struct Given {
    id: &'static str,
    title: &'static str,
    about: &'static str,
    decision: &'static str,
    /// Claims, as JSON.
    token: String,
    policy: String,
    /// The moment of judgement, in seconds since 1970.
    now: i64,
}

/// `rolecall.examples/1`.
pub(crate) fn examples() -> String {
    answer(Ok::<_, ErrorReport>(Examples {
        schema: "rolecall.examples/1",
        examples: EXAMPLES.iter().map(Example::given).collect(),
    }))
}

/// A failure to look at.
struct Example {
    id: &'static str,
    title: &'static str,
    about: &'static str,
    decision: &'static str,
    sub: &'static str,
    /// Claims beside those that every token has.
    more: &'static [(&'static str, &'static str)],
    /// The conditions of the policy: operator, key, value.
    tests: &'static [(&'static str, &'static str, &'static str)],
    /// How long after its issue the token is judged, in seconds.
    age: i64,
}

const CLASSIC: &str = "repo:octo-org/octo-repo:ref:refs/heads/main";
const IDS: &str = "repo:octo-org@123456/octo-repo@456789:ref:refs/heads/main";
const AUDIENCE: (&str, &str, &str) = ("StringEquals", "aud", "sts.amazonaws.com");

const fn denied(
    id: &'static str,
    title: &'static str,
    about: &'static str,
    sub: &'static str,
    tests: &'static [(&'static str, &'static str, &'static str)],
) -> Example {
    Example {
        id,
        title,
        about,
        decision: "deny",
        sub,
        more: &[],
        tests,
        age: 60,
    }
}

const EXAMPLES: &[Example] = &[
    denied(
        "immutable_sub",
        "Renamed repository",
        "repo:octo-org/octo-repo:* no longer matches",
        IDS,
        &[AUDIENCE, ("StringLike", "sub", "repo:octo-org/octo-repo:*")],
    ),
    denied(
        "stringequals_with_wildcard",
        "StringEquals with *",
        "the star is taken literally",
        CLASSIC,
        &[
            AUDIENCE,
            ("StringEquals", "sub", "repo:octo-org/octo-repo:*"),
        ],
    ),
    Example {
        more: &[("environment", "production")],
        ..denied(
            "environment_sub",
            "Environment, not branch",
            "a job with environment: has no ref in sub",
            "repo:octo-org/octo-repo:environment:production",
            &[AUDIENCE, ("StringEquals", "sub", CLASSIC)],
        )
    },
    denied(
        "sub_case_mismatch",
        "Letter case",
        "Octo-Org is not octo-org",
        "repo:Octo-Org/octo-repo:ref:refs/heads/main",
        &[AUDIENCE, ("StringLike", "sub", "repo:octo-org/octo-repo:*")],
    ),
    Example {
        more: &[("event_name", "pull_request"), ("ref", "refs/pull/7/merge")],
        ..denied(
            "pull_request_sub",
            "Pull request",
            "a pull request has no branch in sub",
            "repo:octo-org/octo-repo:pull_request",
            &[
                AUDIENCE,
                (
                    "StringLike",
                    "sub",
                    "repo:octo-org/octo-repo:ref:refs/heads/*",
                ),
            ],
        )
    },
    Example {
        more: &[("ref", "refs/tags/v1.2.0"), ("ref_type", "tag")],
        ..denied(
            "tag_vs_branch",
            "Release by tag",
            "refs/tags is not refs/heads",
            "repo:octo-org/octo-repo:ref:refs/tags/v1.2.0",
            &[
                AUDIENCE,
                (
                    "StringLike",
                    "sub",
                    "repo:octo-org/octo-repo:ref:refs/heads/*",
                ),
            ],
        )
    },
    denied(
        "missing_sub_suffix",
        "Subject without end",
        "the value stops after the repository",
        CLASSIC,
        &[AUDIENCE, ("StringLike", "sub", "repo:octo-org/octo-repo")],
    ),
    denied(
        "wrong_repository",
        "Another repository",
        "the role was copied from octo-docs",
        CLASSIC,
        &[AUDIENCE, ("StringLike", "sub", "repo:octo-org/octo-docs:*")],
    ),
    Example {
        more: &[("aud", "https://github.com/octo-org")],
        ..denied(
            "wrong_audience",
            "Audience left at its default",
            "the action was told no audience",
            CLASSIC,
            &[AUDIENCE, ("StringLike", "sub", "repo:octo-org/octo-repo:*")],
        )
    },
    denied(
        "unsupported_condition_key",
        "A claim that AWS never sees",
        "event_name is no condition key",
        CLASSIC,
        &[
            AUDIENCE,
            ("StringLike", "sub", "repo:octo-org/octo-repo:*"),
            ("StringEquals", "event_name", "push"),
        ],
    ),
    denied(
        "custom_sub_template",
        "Customised subject",
        "the organisation's template has its own keys",
        "repository_owner:octo-org:repository_visibility:private",
        &[AUDIENCE, ("StringLike", "sub", "repo:octo-org/octo-repo:*")],
    ),
    Example {
        age: 1893,
        ..denied(
            "token_expired",
            "Expired",
            "a long build before the login",
            CLASSIC,
            &[AUDIENCE, ("StringLike", "sub", "repo:octo-org/octo-repo:*")],
        )
    },
    Example {
        decision: "undecided",
        ..denied(
            "undecided",
            "It depends",
            "the policy asks for the source address",
            CLASSIC,
            &[
                AUDIENCE,
                ("StringEquals", "sub", CLASSIC),
                ("IpAddress", "aws:SourceIp", "203.0.113.0/24"),
            ],
        )
    },
    Example {
        decision: "allow",
        ..denied(
            "open",
            "Allowed, and so is everyone",
            "repo:*/octo-repo:* names no owner",
            CLASSIC,
            &[AUDIENCE, ("StringLike", "sub", "repo:*/octo-repo:*")],
        )
    },
];

/// When the example tokens were issued.
const ISSUED: i64 = 1_795_442_400;
const ISSUER: &str = "token.actions.githubusercontent.com";

impl Example {
    fn given(&self) -> Given {
        Given {
            id: self.id,
            title: self.title,
            about: self.about,
            decision: self.decision,
            token: pretty(&self.claims(), 0),
            policy: pretty(&self.policy(), 0),
            now: ISSUED + self.age,
        }
    }

    fn claims(&self) -> Pairs {
        let workflow = "octo-org/octo-repo/.github/workflows/deploy.yml@refs/heads/main";
        let common = [
            ("sub", self.sub),
            ("aud", "sts.amazonaws.com"),
            ("iss", "https://token.actions.githubusercontent.com"),
            ("repository", "octo-org/octo-repo"),
            ("repository_id", "456789"),
            ("repository_owner", "octo-org"),
            ("repository_owner_id", "123456"),
            ("repository_visibility", "private"),
            ("actor", "octo-org"),
            ("event_name", "push"),
            ("ref", "refs/heads/main"),
            ("ref_type", "branch"),
            ("workflow", "Deploy"),
            ("workflow_ref", workflow),
            ("job_workflow_ref", workflow),
            ("runner_environment", "github-hosted"),
        ];
        let mut claims: Pairs = common
            .into_iter()
            .map(|(name, value)| (name.to_owned(), Item::Value(json!(value))))
            .collect();
        for (name, value) in self.more {
            let value = Item::Value(json!(value));
            match claims.iter_mut().find(|(old, _)| old == name) {
                Some((_, old)) => *old = value,
                None => claims.push(((*name).to_owned(), value)),
            }
        }
        for (name, offset) in [("iat", 0), ("nbf", -300), ("exp", 300)] {
            claims.push((name.to_owned(), Item::Value(json!(ISSUED + offset))));
        }
        claims
    }

    fn policy(&self) -> Pairs {
        let provider = format!("arn:aws:iam::111122223333:oidc-provider/{ISSUER}");
        let mut conditions: Pairs = Vec::new();
        for (operator, key, value) in self.tests {
            let key = if key.contains(':') {
                (*key).to_owned()
            } else {
                format!("{ISSUER}:{key}")
            };
            let test = (key, Item::Value(json!(value)));
            match conditions.iter_mut().find(|(old, _)| old == operator) {
                Some((_, Item::Object(tests))) => tests.push(test),
                _ => conditions.push(((*operator).to_owned(), Item::Object(vec![test]))),
            }
        }
        let text = |text: &str| Item::Value(json!(text));
        let statement = vec![
            ("Effect".to_owned(), text("Allow")),
            (
                "Principal".to_owned(),
                Item::Object(vec![("Federated".to_owned(), text(&provider))]),
            ),
            ("Action".to_owned(), text("sts:AssumeRoleWithWebIdentity")),
            ("Condition".to_owned(), Item::Object(conditions)),
        ];
        vec![
            ("Version".to_owned(), text("2012-10-17")),
            ("Statement".to_owned(), Item::List(vec![statement])),
        ]
    }
}

/// JSON whose members keep their order.
enum Item {
    Value(Value),
    Object(Pairs),
    List(Vec<Pairs>),
}

type Pairs = Vec<(String, Item)>;

fn pretty(members: &Pairs, depth: usize) -> String {
    let inner = "  ".repeat(depth + 1);
    let member = |(name, item): &(String, Item)| {
        let value = match item {
            Item::Value(value) => value.to_string(),
            Item::Object(members) => pretty(members, depth + 1),
            Item::List(items) => {
                let items: Vec<String> = items
                    .iter()
                    .map(|item| format!("{inner}  {}", pretty(item, depth + 2)))
                    .collect();
                format!("[\n{}\n{inner}]", items.join(",\n"))
            }
        };
        format!("{inner}\"{name}\": {value}")
    };
    let lines: Vec<String> = members.iter().map(member).collect();
    format!("{{\n{}\n{}}}", lines.join(",\n"), "  ".repeat(depth))
}

#[cfg(test)]
mod tests {
    use crate::judge;

    use super::*;

    #[test]
    fn every_example_is_what_it_says() {
        let report: Value = serde_json::from_str(&examples()).unwrap();
        let examples = report["examples"].as_array().unwrap();
        assert!(examples.len() >= 12);
        for example in examples {
            let claims: Value = serde_json::from_str(example["token"].as_str().unwrap()).unwrap();
            let case = json!({ "claims": claims, "policy": example["policy"], "now": example["now"].to_string() });
            let report: Value = serde_json::from_str(&judge::check(&case.to_string(), 0)).unwrap();
            assert_eq!(report["decision"], example["decision"], "{example}");
            if example["decision"] == "deny" {
                assert_eq!(report["causes"][0]["id"], example["id"], "{example}");
            }
        }
    }
}
