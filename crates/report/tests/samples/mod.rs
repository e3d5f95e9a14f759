//! Answers made by hand, one for each thing that renderers must show.

use rolecall_core::analyze::Options;
use rolecall_core::analyze::report::{DiffReport, WhoPolicy, WhoReport};
use rolecall_core::case::Case;
use rolecall_core::fix::FixReport;
use rolecall_core::inspect::{InspectReport, inspect};
use rolecall_core::lint::{LintReport, LintedPolicy};
use rolecall_core::matrix::{Cell, MatrixReport, Row};
use rolecall_core::policy::Policy;
use rolecall_core::report::prediction::Prediction;
use rolecall_core::report::*;
use rolecall_core::span::{Source, Span};
use rolecall_predict::Input;
use rolecall_predict::input::File;
use rolecall_predict::settings::Settings;
use rolecall_report::Texts;
use serde_json::Map;

pub(crate) const POLICY: &str = r#"{
  "Version": "2012-10-17",
  "Statement": [
    {
      "Sid": "GitHubActions",
      "Effect": "Allow",
      "Principal": {
        "Federated": "arn:aws:iam::111122223333:oidc-provider/token.actions.githubusercontent.com"
      },
      "Action": "sts:AssumeRoleWithWebIdentity",
      "Condition": {
        "StringEquals": {
          "token.actions.githubusercontent.com:aud": "sts.amazonaws.com"
        },
        "StringLike": {
          "token.actions.githubusercontent.com:sub": "repo:octo-org/octo-repo:ref:refs/heads/main"
        }
      }
    }
  ]
}
"#;

const SUB: &str = "\"repo:octo-org/octo-repo:ref:refs/heads/main\"";
const SUB_PATH: &str = "/Statement/0/Condition/StringLike/token.actions.githubusercontent.com:sub";
const TOKEN_SUB: &str = "repo:octo-org@123456/octo-repo@456789:ref:refs/heads/main";

pub(crate) fn place(needle: &str, path: &str) -> Location {
    let source = Source::new(POLICY);
    let start = POLICY.find(needle).expect("the needle is in the policy");
    Location::policy(&source, path, Span::new(start, start + needle.len()))
}

fn checks(failed: Option<CheckId>) -> Vec<Check> {
    use CheckId as C;
    let all = [
        (C::Request, "nothing was given that STS would refuse"),
        (C::TokenFormat, "a signed JWT"),
        (C::RequiredClaims, "iss, sub, aud, iat and exp are there"),
        (
            C::TokenTimes,
            "valid from 2026-11-23T13:55:00Z to 2026-11-23T14:05:00Z, judged at 2026-11-23T14:31:33Z",
        ),
        (
            C::Provider,
            "token.actions.githubusercontent.com is taken for granted in account 111122223333",
        ),
        (C::Audience, "`sts.amazonaws.com` is registered"),
        (
            C::Signature,
            "verified with GitHub's key 38826b17-6a30-5f9b-b169-8beb8202f723",
        ),
        (C::SessionDuration, "3600 s"),
        (C::TrustPolicy, "no statement applies"),
    ];
    let mut outcome = CheckOutcome::Pass;
    all.into_iter()
        .map(|(id, summary)| {
            let summary = if outcome == CheckOutcome::Fail {
                ""
            } else {
                summary
            };
            if outcome == CheckOutcome::Fail {
                outcome = CheckOutcome::NotReached;
            }
            if failed == Some(id) {
                outcome = CheckOutcome::Fail;
            }
            Check {
                id,
                outcome,
                summary: summary.to_owned(),
            }
        })
        .collect()
}

fn statement(outcome: Applies, sub: Met) -> StatementReport {
    StatementReport {
        index: 0,
        sid: Some("GitHubActions".to_owned()),
        effect: "Allow",
        outcome,
        location: place("{\n      \"Sid\"", "/Statement/0"),
        parts: vec![
            Part {
                part: PartKind::Principal,
                operator: None,
                key: None,
                outcome: Met::Met,
                actual: Some(vec![
                    "arn:aws:iam::111122223333:oidc-provider/token.actions.githubusercontent.com"
                        .to_owned(),
                ]),
                expected: Vec::new(),
                why: "names the provider used".into(),
                location: place("\"Principal\"", "/Statement/0/Principal"),
            },
            Part {
                part: PartKind::Condition,
                operator: Some("StringLike".to_owned()),
                key: Some("token.actions.githubusercontent.com:sub".to_owned()),
                outcome: sub,
                actual: Some(vec![TOKEN_SUB.to_owned()]),
                expected: vec![Expected {
                    value: SUB.trim_matches('"').to_owned(),
                    outcome: sub,
                    why: "no ids after `octo-org` and `octo-repo`".into(),
                    location: place(SUB, SUB_PATH),
                }],
                why: "no value matches".into(),
                location: place(SUB, SUB_PATH),
            },
        ],
    }
}

fn report(decision: Decision) -> CheckReport {
    CheckReport {
        schema: "rolecall.check/1",
        decision,
        error: None,
        causes: Vec::new(),
        checks: checks(None),
        statements: Vec::new(),
        storable: Storable {
            accepted: true,
            code: None,
            message: None,
        },
        unknowns: Vec::new(),
        session: None,
        findings: Vec::new(),
        notes: Vec::new(),
    }
}

fn access_denied() -> Option<StsError> {
    Some(StsError {
        code: "AccessDenied",
        message: "Not authorized to perform sts:AssumeRoleWithWebIdentity".to_owned(),
        also_seen: vec!["An unknown error occurred".to_owned()],
    })
}

pub(crate) fn immutable() -> CheckReport {
    let at = place(SUB, SUB_PATH);
    let fix = Edit {
        label: EditLabel::AsBroad,
        summary: "as broad as before: put the ids into the value".to_owned(),
        edits: vec![Replacement {
            location: at.clone(),
            text: format!("\"{TOKEN_SUB}\""),
        }],
        admits_also: "nothing".to_owned(),
        outsider: "closed",
        witnesses: Vec::new(),
    };
    CheckReport {
        error: access_denied(),
        causes: vec![
            Cause {
                claim: Some("sub".to_owned()),
                location: Some(at.clone()),
                actual: Some(TOKEN_SUB.to_owned()),
                expected: Some(SUB.trim_matches('"').to_owned()),
                fix: Some(fix),
                ..Cause::new(
                    CauseId::ImmutableSub,
                    "the token's `sub` carries the ids of owner and repository; the policy's value has none",
                    "repositories created, renamed or transferred after 2026-07-15 get subjects with ids: trust that form, beside the old one while you migrate",
                )
            },
            Cause {
                location: Some(place("\"Principal\"", "/Statement/0/Principal")),
                ..Cause::new(
                    CauseId::WrongPrincipal,
                    "Federated names account 111122223333, the role is in 444455556666",
                    "name the provider of the role's account",
                )
            },
        ],
        statements: vec![statement(Applies::DoesNotApply, Met::NotMet)],
        notes: vec!["removed `Bearer ` and 2 line breaks".to_owned()],
        ..report(Decision::Deny)
    }
}

pub(crate) fn expired() -> CheckReport {
    CheckReport {
        error: Some(StsError {
            code: "ExpiredTokenException",
            message: "Token expired: current date/time 1795444593 must be before the expiration date/time 1795443000".to_owned(),
            also_seen: Vec::new(),
        }),
        causes: vec![Cause {
            claim: Some("exp".to_owned()),
            actual: Some("2026-11-23T14:10:00Z".to_owned()),
            expected: Some("after 2026-11-23T14:36:33Z".to_owned()),
            ..Cause::new(CauseId::TokenExpired, "the token had expired 26 min 33 s earlier", "ask for a new token right before the call, or judge it as of its issue with --at-issue")
        }],
        checks: checks(Some(CheckId::TokenTimes)),
        ..report(Decision::Deny)
    }
}

pub(crate) fn undecided() -> CheckReport {
    CheckReport {
        unknowns: vec![UnknownFact {
            key: "aws:SourceIp".to_owned(),
            answers: vec![
                Answer {
                    value: "in 203.0.113.0/24".to_owned(),
                    decision: Decision::Allow,
                },
                Answer {
                    value: "any other address".to_owned(),
                    decision: Decision::Deny,
                },
            ],
        }],
        ..report(Decision::Undecided)
    }
}

pub(crate) fn allowed() -> CheckReport {
    CheckReport {
        statements: vec![statement(Applies::Applies, Met::Met)],
        session: Some(Session {
            assumed_role_arn: Some(
                "arn:aws:sts::111122223333:assumed-role/deploy/GitHubActions".to_owned(),
            ),
            audience: Some("sts.amazonaws.com".to_owned()),
            subject: Some(TOKEN_SUB.to_owned()),
            provider: Some(
                "arn:aws:iam::111122223333:oidc-provider/token.actions.githubusercontent.com"
                    .to_owned(),
            ),
            expires_in_seconds: 3600,
        }),
        storable: Storable {
            accepted: false,
            code: Some("MalformedPolicyDocument"),
            message: Some("Has prohibited field Resource".to_owned()),
        },
        findings: vec![Finding {
            rule: "duplicate_json_keys",
            severity: Severity::Error,
            summary: "`StringEquals` is given twice; the first one does not count".to_owned(),
            help: "merge the two".to_owned(),
            location: place("\"StringEquals\"", "/Statement/0/Condition"),
            witness: None,
        }],
        ..report(Decision::Allow)
    }
}

pub(crate) fn unreadable() -> ErrorReport {
    let source = Source::new(POLICY);
    ErrorReport {
        schema: ErrorReport::SCHEMA,
        causes: vec![Cause {
            location: Some(Location::policy(
                &source,
                "",
                Span::new(POLICY.len(), POLICY.len()),
            )),
            ..Cause::new(
                CauseId::MalformedJson,
                "the text ends, but the `{` opened on line 11 is not closed",
                "close it",
            )
        }],
    }
}

/// A token with ids, an environment with a colon, and a claim that nobody knows.
pub(crate) fn taken_apart() -> InspectReport {
    let case = Case::from_json(
        r#"{"claims": {"iss": "https://token.actions.githubusercontent.com", "aud": "sts.amazonaws.com",
            "sub": "repo:octo-org@123456/octo-repo@456789:environment:Production%3AEU", "environment": "Production:EU",
            "repository_owner": "octo-org", "exp": 1795442700, "iat": 1795442400, "made_up": [1, 2]},
            "header": {"alg": "RS256", "kid": "k"}, "now": 1795442500}"#,
    );
    inspect(&case.expect("the case is JSON")).expect("the claims are claims")
}

/// Values that try to harm the terminal, and a token where none should be.
pub(crate) fn hostile() -> CheckReport {
    let token = "eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJ4In0.c2lnbmF0dXJl";
    let mut report = immutable();
    for cause in &mut report.causes {
        cause.actual = Some(format!("repo:\u{1b}[2J{token}\u{202e}x"));
        cause.summary = format!("found {token}");
        cause.help = format!("use \u{7} {token}");
    }
    report.notes = vec![format!("found {token} in a log line")];
    report
}

/// Two policies, and what lint found in the first of them.
pub(crate) fn linted() -> (LintReport, [Texts<'static>; 2]) {
    let storable = Storable {
        accepted: true,
        code: None,
        message: None,
    };
    let witness = serde_json::json!({"sub": "repo:octo-evil/demo:pull_request"});
    let finding = |rule, severity, summary: &str, location| Finding {
        rule,
        severity,
        summary: summary.to_owned(),
        help: "name the owner in full, followed by `/`".to_owned(),
        location,
        witness: None,
    };
    let findings = vec![
        Finding {
            witness: witness.as_object().cloned(),
            ..finding(
                "open_to_outsiders",
                Severity::Error,
                "an outsider can assume the role",
                place(SUB, SUB_PATH),
            )
        },
        finding(
            "passes_when_absent",
            Severity::Warning,
            "100 % of the tokens without the claim | pass",
            place("{\n      \"Sid\"", "/Statement/0"),
        ),
        finding(
            "whole_repository",
            Severity::Info,
            "`repo:octo-org/octo-repo:*` lets in every branch",
            place(SUB, SUB_PATH),
        ),
    ];
    let policy = |path: &str, findings| LintedPolicy {
        source: "iam/roles.json".to_owned(),
        path: path.to_owned(),
        storable: storable.clone(),
        findings,
    };
    let texts = Texts {
        policy_name: "iam/roles.json",
        policy: POLICY,
        token_name: "",
    };
    let policies = vec![policy("/0", findings), policy("/1", Vec::new())];
    (LintReport::new(policies), [texts; 2])
}

/// Two policies against three tokens.
pub(crate) fn table() -> MatrixReport {
    let cell = |token: &str, decision, cause| Cell {
        token: token.to_owned(),
        decision,
        cause,
    };
    let row = |policy: &str, first: (Decision, Option<CauseId>)| Row {
        policy: policy.to_owned(),
        cells: vec![
            cell("push", first.0, first.1),
            cell(
                "other-owner:immutable",
                Decision::Deny,
                Some(CauseId::WrongOwner),
            ),
            cell(
                "token.txt",
                Decision::Undecided,
                Some(CauseId::UnknownSigningKey),
            ),
        ],
    };
    let rows = vec![
        row("old.json", (Decision::Allow, None)),
        row("new.json", (Decision::Deny, Some(CauseId::BranchSub))),
    ];
    MatrixReport::new(
        rows,
        vec!["old.json: the runs are those of octo-org/octo-repo".to_owned()],
    )
}

/// A policy that lets strangers in, and the same without its wildcard.
const OPEN: &str = r#"{"Version": "2012-10-17", "Statement": [{"Effect": "Allow",
  "Principal": {"Federated": "arn:aws:iam::111122223333:oidc-provider/token.actions.githubusercontent.com"},
  "Action": "sts:AssumeRoleWithWebIdentity",
  "Condition": {"StringLike": {"token.actions.githubusercontent.com:sub": "repo:octo-org*:environment:prod"}}}]}"#;

/// Who gets in through it.
pub(crate) fn who() -> WhoReport {
    let policy = Policy::parse(OPEN).expect("a policy");
    WhoReport::new(vec![WhoPolicy::new(
        "trust.json",
        "",
        &policy,
        &Source::new(OPEN),
        &Options::default(),
    )])
}

/// What changes when its wildcard is taken out.
pub(crate) fn changed() -> DiffReport {
    let old = Policy::parse(OPEN).expect("a policy");
    let new = Policy::parse(&OPEN.replace("octo-org*", "octo-org/octo-repo")).expect("a policy");
    DiffReport::new(&old, &new, &Options::default())
}

/// A workflow with a job that gets tokens, one that gets none, and one whose branch is left open.
const WORKFLOW: &str = "\
on:
  push: {branches: [main]}
  pull_request:
permissions: {contents: read}
jobs:
  release:
    runs-on: ubuntu-latest
    environment: production
    permissions: {id-token: write, contents: read}
    steps:
      - uses: aws-actions/configure-aws-credentials@v5
        with: {role-to-assume: 'arn:aws:iam::111122223333:role/deploy', aws-region: eu-west-1}
  forgotten:
    runs-on: ubuntu-latest
    steps:
      - uses: aws-actions/configure-aws-credentials@v5
        with: {role-to-assume: '${{ vars.ROLE }}', aws-region: eu-west-1}
";

/// What the jobs of [`WORKFLOW`] get.
pub(crate) fn prediction() -> Prediction {
    let input = Input {
        workflows: vec![File {
            path: ".github/workflows/deploy.yml".to_owned(),
            text: WORKFLOW.to_owned(),
        }],
        settings: Settings {
            repository: Some("octo-org/octo-repo".to_owned()),
            ..Settings::default()
        },
        ..Input::default()
    };
    rolecall_predict::predict(&input).expect("the workflow can be read")
}

/// Repairs of [`POLICY`] for the token whose subject has ids.
pub(crate) fn repaired() -> FixReport {
    let case = Case {
        policy: Some(POLICY.to_owned()),
        claims: Some(Map::from_iter([
            (
                "iss".to_owned(),
                "https://token.actions.githubusercontent.com".into(),
            ),
            ("sub".to_owned(), TOKEN_SUB.into()),
            ("aud".to_owned(), "sts.amazonaws.com".into()),
        ])),
        ..Case::default()
    };
    rolecall_core::fix::fix(&case, &Options::default()).expect("there is a policy and a token")
}
