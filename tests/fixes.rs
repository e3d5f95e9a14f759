//! What must hold for every repair.

#![expect(clippy::expect_used, reason = "a test may fail loudly")]

use proptest::prelude::*;
use rolecall_core::analyze::Options;
use rolecall_core::case::Case;
use rolecall_core::check::check;
use rolecall_core::edit::apply;
use rolecall_core::fix::{FixReport, Verdict, fix};
use rolecall_core::policy::Policy;
use rolecall_core::report::{Decision, Edit};
use rolecall_core::sts::Attempt;
use rolecall_core::token::Token;
use serde_json::{Map, Value, json};

const HOST: &str = "token.actions.githubusercontent.com";
const PROVIDER: &str =
    "arn:aws:iam::111122223333:oidc-provider/token.actions.githubusercontent.com";

/// Tokens of two owners, in both forms, on every kind of run.
fn subjects() -> Vec<String> {
    let repositories = [
        "octo-org/octo-repo",
        "octo-org/infra",
        "octo-org@1/octo-repo@2",
        "octo-org@1/infra@3",
        "octo-org-evil/octo-repo",
        "octo-org-evil@9/octo-repo-x@8",
    ];
    let tails = [
        "ref:refs/heads/main",
        "ref:refs/heads/dev",
        "ref:refs/heads/gh-readonly-queue/main/pr-7-0a1b",
        "ref:refs/tags/v1",
        "pull_request",
        "environment:prod",
        "environment:prod*",
    ];
    let all = repositories
        .iter()
        .flat_map(|repo| tails.iter().map(move |tail| format!("repo:{repo}:{tail}")));
    all.collect()
}

/// What policies have in the place of a subject, right and wrong.
const VALUES: &[&str] = &[
    "repo:octo-org/octo-repo:*",
    "repo:octo-org/octo-repo:ref:refs/heads/main",
    "repo:octo-org/octo-repo:environment:prod",
    "repo:octo-org/octo-repo:pull_request",
    "repo:octo-org/octo-repo:ref:refs/tags/*",
    "repo:octo-org@1/octo-repo@2:*",
    "repo:octo-org@1/octo-repo@2:ref:refs/heads/main",
    "repo:octo-org/*",
    "repo:octo-org*",
    "repo:Octo-Org/octo-repo:ref:refs/heads/main",
    "repo:octo-org/octo-repo",
    "octo-org/octo-repo:*",
    "repo:octo-org/octo-repo:refs/heads/main",
    "repo:octo-org:octo-repo:*",
    "repo:YOUR_ORG/octo-repo:*",
    "repo:octo-org/octo-repo:ref:refs/heads/${aws:username}",
];

/// `{operator: {key: values}}`, and the claim that other keys need.
fn condition() -> impl Strategy<Value = Value> {
    let operator = prop::sample::select(vec![
        "StringEquals",
        "StringLike",
        "StringEqualsIgnoreCase",
        "ForAnyValue:StringLike",
        "StringNotLike",
        "StringLikeIfExists",
    ]);
    let subject = (
        prop::sample::select(vec!["sub", "sub", "sub", "SUB", "sbu"]),
        prop::collection::vec(prop::sample::select(VALUES), 1..3),
    )
        .prop_map(|(key, values)| (key.to_owned(), json!(values)));
    let other = prop::sample::select(vec![
        ("aud", "sts.amazonaws.com"),
        ("aud", "https://github.com/octo-org"),
        ("repository_owner", "octo-org"),
        ("iss", "https://token.actions.githubusercontent.com"),
        ("repository", "octo-org/octo-repo"),
        ("environment", "prod"),
    ])
    .prop_map(|(key, value)| (key.to_owned(), json!(value)));
    let tests = prop_oneof![3 => subject, 2 => other];
    (operator, prop::collection::vec(tests, 1..3)).prop_map(|(operator, tests)| {
        let keys: Map<String, Value> = tests
            .into_iter()
            .map(|(key, value)| (format!("{HOST}:{key}"), value))
            .collect();
        json!({operator: keys})
    })
}

fn statement() -> impl Strategy<Value = Value> {
    let effect = prop_oneof![6 => Just("Allow"), 1 => Just("Deny")];
    let action =
        prop_oneof![5 => Just("sts:AssumeRoleWithWebIdentity"), 1 => Just("sts:AssumeRole")];
    let principal = prop_oneof![
        6 => Just(PROVIDER.to_owned()),
        1 => Just(PROVIDER.to_owned() + "/"),
        1 => Just(PROVIDER.replace("1111", "2222")),
    ];
    let conditions = prop::collection::vec(condition(), 1..3);
    (effect, action, principal, conditions).prop_map(|(effect, action, principal, conditions)| {
        let mut merged = Map::new();
        for condition in conditions {
            merged.extend(condition.as_object().cloned().unwrap_or_default());
        }
        json!({"Effect": effect, "Principal": {"Federated": principal}, "Action": action, "Condition": merged})
    })
}

/// Laid out in one way or another.
fn policy() -> impl Strategy<Value = String> {
    (prop::collection::vec(statement(), 1..3), 0..3_u8).prop_map(|(statements, layout)| {
        let policy = match (statements.as_slice(), layout) {
            ([only], 2) => json!({"Version": "2012-10-17", "Statement": only}),
            _ => json!({"Version": "2012-10-17", "Statement": statements}),
        };
        if layout == 0 {
            policy.to_string()
        } else {
            serde_json::to_string_pretty(&policy).unwrap_or_default()
        }
    })
}

fn case(policy: &str, sub: &str) -> Case {
    let mut claims = json!({"iss": "https://token.actions.githubusercontent.com",
        "aud": "sts.amazonaws.com", "sub": sub})
    .as_object()
    .cloned()
    .unwrap_or_default();
    if let Some((_, environment)) = sub.split_once(":environment:") {
        claims.insert("environment".to_owned(), environment.into());
    }
    let names = sub.split(':').nth(1).unwrap_or_default();
    let without_id = |part: &str| part.split('@').next().unwrap_or_default().to_owned();
    let repository: Vec<String> = names.split('/').map(without_id).collect();
    claims.insert("repository".to_owned(), repository.join("/").into());
    Case {
        policy: Some(policy.to_owned()),
        claims: Some(claims),
        role_arn: Some("arn:aws:iam::111122223333:role/deploy".to_owned()),
        ..Case::default()
    }
}

fn repaired(policy: &str, edit: &Edit) -> String {
    apply(policy, &edit.splices()).unwrap_or_default()
}

/// The repairs, most of their proofs left undecided: the search is not what is tested.
fn report(policy: &str, sub: &str) -> FixReport {
    let options = Options {
        steps: 1,
        ..Options::default()
    };
    proved(policy, sub, &options)
}

fn proved(policy: &str, sub: &str, options: &Options) -> FixReport {
    fix(&case(policy, sub), options).expect("policy and claims can be read")
}

fn is_allowed(policy: &str, sub: &str) -> bool {
    Policy::parse(policy).is_ok_and(|policy| admits(&policy, sub))
}

fn admits(policy: &Policy, sub: &str) -> bool {
    let case = case("", sub);
    Token::from_case(&case).is_ok_and(|token| {
        Attempt::prepare(&case, &token, policy).decide(policy) == Decision::Allow
    })
}

/// What stands outside of the places that an edit names.
fn untouched(policy: &str, edit: &Edit) -> Vec<String> {
    let mut from = 0;
    let mut pieces = Vec::new();
    for replacement in &edit.edits {
        let span = replacement.location.span();
        pieces.extend(policy.get(from..span.start).map(str::to_owned));
        from = span.end;
    }
    pieces.extend(policy.get(from..).map(str::to_owned));
    pieces
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 128, failure_persistence: None, ..ProptestConfig::default() })]

    /// Every repair admits its token, once it is made there is nothing left to repair, and a check says the same.
    #[test]
    fn repairs_admit_their_token_and_are_made_once(policy in policy(), sub in prop::sample::select(subjects())) {
        let report = report(&policy, &sub);
        let was_allowed = is_allowed(&policy, &sub);
        prop_assert_eq!(report.verdict == Verdict::NothingToRepair, was_allowed);
        prop_assert_eq!(report.verdict == Verdict::Repairs, !report.edits.is_empty());
        for edit in &report.edits {
            let repaired = repaired(&policy, edit);
            prop_assert!(is_allowed(&repaired, &sub), "{}\n{repaired}", edit.summary);
            let again = self::report(&repaired, &sub);
            prop_assert_eq!(again.verdict, Verdict::NothingToRepair);
        }
    }

    /// A repair changes what it says and nothing else, and what it writes is JSON with no key twice.
    #[test]
    fn the_rest_of_the_text_stays(policy in policy(), sub in prop::sample::select(subjects())) {
        for edit in &report(&policy, &sub).edits {
            let repaired = repaired(&policy, edit);
            let mut rest = repaired.as_str();
            for piece in untouched(&policy, edit) {
                let at = rest.find(&piece);
                prop_assert!(at.is_some(), "`{piece}` is gone: {repaired}");
                rest = rest.get(at.unwrap_or_default() + piece.len()..).unwrap_or_default();
            }
            let before: Value = serde_json::from_str(&policy).unwrap_or_default();
            let after: Value = serde_json::from_str(&repaired).unwrap_or_default();
            prop_assert!(after.is_object() && before != after);
        }
    }

    /// The repair that a check shows is one of these, and lets the token in, too.
    #[test]
    fn a_check_shows_a_repair_that_helps(policy in policy(), sub in prop::sample::select(subjects())) {
        let Ok(answer) = check(&case(&policy, &sub)) else { return Ok(()) };
        let shown: Vec<&Edit> = answer.causes.iter().filter_map(|cause| cause.fix.as_ref()).collect();
        for edit in &shown {
            prop_assert!(is_allowed(&repaired(&policy, edit), &sub), "{}", edit.summary);
        }
        if report(&policy, &sub).verdict == Verdict::Stranger {
            prop_assert!(shown.is_empty());
        }
    }
}

proptest! {
    // Here each case is a search over all tokens.
    #![proptest_config(ProptestConfig { cases: 32, failure_persistence: None, ..ProptestConfig::default() })]

    /// What a repair is said to let in besides the token is all that it lets in.
    #[test]
    fn nothing_gets_in_that_was_not_told(policy in policy(), sub in prop::sample::select(subjects())) {
        let family = subjects();
        for edit in &proved(&policy, &sub, &Options::default()).edits {
            let repaired = repaired(&policy, edit);
            let (Ok(old), Ok(new)) = (Policy::parse(&policy), Policy::parse(&repaired)) else {
                return Err(TestCaseError::fail(repaired));
            };
            let gained = family
                .iter()
                .find(|other| **other != sub && admits(&new, other) && !admits(&old, other));
            let is_told = edit.admits_also != "nothing";
            prop_assert!(gained.is_none() || is_told, "{}: {gained:?}", edit.summary);
            if edit.outsider == "closed" {
                let outsider = family.iter().find(|other| other.contains("evil") && admits(&new, other));
                prop_assert!(outsider.is_none() || sub.contains("evil"), "{}: {outsider:?}", edit.summary);
            }
            for witness in &edit.witnesses {
                let sub = witness.get("sub").and_then(Value::as_str).unwrap_or_default();
                let judged = |policy: &str| {
                    let case = Case { claims: Some(witness.clone()), ..case(policy, sub) };
                    check(&case).map(|report| report.decision)
                };
                prop_assert_eq!(judged(&repaired).ok(), Some(Decision::Allow));
                prop_assert_ne!(judged(&policy).ok(), Some(Decision::Allow));
            }
        }
    }
}
