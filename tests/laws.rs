//! What must hold for every policy and every request, not for this one or that.

use proptest::prelude::*;
use rolecall_core::analyze::Options;
use rolecall_core::case::Case;
use rolecall_core::check::{check_without_findings as check, write_check};
use rolecall_core::condition::literal::{Network, address};
use rolecall_core::context::{Context, Fact};
use rolecall_core::explain::{self, Scene};
use rolecall_core::lint::lint;
use rolecall_core::pattern::Pattern;
use rolecall_core::policy::{ASSUME_ROLE_WITH_WEB_IDENTITY, Caller, Policy, PrincipalKind};
use rolecall_core::report::{Applies, CheckReport, Decision, Severity};
use rolecall_core::span::Source;
use rolecall_core::sts::Attempt;
use rolecall_core::token::Token;
use rolecall_core::token::catalogue::keys_for;
use rolecall_core::token::subject::Subject;
use rolecall_core::tri::Tri;
use rolecall_tests::{FILES, lines};
use serde_json::{Value, json};

const HOST: &str = "token.actions.githubusercontent.com";
const PROVIDER: &str =
    "arn:aws:iam::111122223333:oidc-provider/token.actions.githubusercontent.com";

const OPERATORS: &[&str] = &[
    "StringEquals",
    "StringNotEquals",
    "StringEqualsIgnoreCase",
    "StringNotEqualsIgnoreCase",
    "StringLike",
    "StringNotLike",
    "NumericEquals",
    "NumericNotEquals",
    "NumericLessThan",
    "NumericGreaterThanEquals",
    "DateEquals",
    "DateNotEquals",
    "DateLessThanEquals",
    "Bool",
    "BinaryEquals",
    "IpAddress",
    "NotIpAddress",
    "ArnLike",
    "ArnNotEquals",
];

const VALUES: &[&str] = &[
    "repo:o/r:ref:refs/heads/main",
    "repo:o/r:*",
    "repo:O/R:*",
    "*",
    "?",
    "",
    "a",
    "B",
    "1",
    "01",
    "2030-01-01",
    "true",
    "YQ==",
    "203.0.113.0/24",
    "203.0.113.7",
    "2001:db8::5/64",
    "arn:aws:iam::1:role/*",
    "arn:aws:iam::1:role/x",
    "${aws:username, 'a'}",
    "${aws:username}",
    "é",
    "𐐀",
    "${*}",
];

const KEYS: &[&str] = &[
    "token.actions.githubusercontent.com:sub",
    "token.actions.githubusercontent.com:aud",
    "aws:SourceIp",
    "aws:username",
];

fn operator() -> impl Strategy<Value = String> {
    let parts = (
        prop_oneof![3 => Just(""), 1 => Just("ForAllValues:"), 1 => Just("ForAnyValue:")],
        prop::sample::select(OPERATORS),
        prop_oneof![3 => Just(""), 1 => Just("IfExists")],
    );
    prop_oneof![
        8 => parts.prop_map(|(prefix, name, suffix)| format!("{prefix}{name}{suffix}")),
        1 => Just("Null".to_owned()),
    ]
}

fn condition() -> impl Strategy<Value = Value> {
    let values = prop::collection::vec(prop::sample::select(VALUES), 0..3);
    (operator(), prop::sample::select(KEYS), values)
        .prop_map(|(operator, key, values)| json!({operator: {key: values}}))
}

/// Two operators at most: one block would swallow the other where both have the same name.
fn statement() -> impl Strategy<Value = Value> {
    let effect = prop_oneof![3 => Just("Allow"), 1 => Just("Deny")];
    let principal = prop_oneof![
        6 => Just(json!({"Federated": PROVIDER})),
        1 => Just(json!({"AWS": "*"})),
        1 => Just(json!("*")),
    ];
    let action = prop_oneof![4 => Just("sts:AssumeRoleWithWebIdentity"), 1 => Just("sts:*"), 1 => Just("sts:TagSession")];
    let not = (prop::bool::weighted(0.1), prop::bool::weighted(0.1));
    (
        effect,
        principal,
        action,
        not,
        prop::collection::vec(condition(), 0..3),
    )
        .prop_map(
            |(effect, principal, action, (not_principal, not_action), conditions)| {
                let mut merged = serde_json::Map::new();
                conditions
                    .into_iter()
                    .filter_map(|c| c.as_object().cloned())
                    .for_each(|c| merged.extend(c));
                json!({
                    "Effect": effect,
                    if not_principal { "NotPrincipal" } else { "Principal" }: principal,
                    if not_action { "NotAction" } else { "Action" }: action,
                    "Condition": merged,
                })
            },
        )
}

fn policy() -> impl Strategy<Value = Value> {
    let version = prop_oneof![Just("2012-10-17"), Just("2008-10-17")];
    (version, prop::collection::vec(statement(), 1..4))
        .prop_map(|(version, statements)| json!({"Version": version, "Statement": statements}))
}

fn fact() -> impl Strategy<Value = Fact> {
    let value = || prop::sample::select(VALUES);
    prop_oneof![
        3 => value().prop_map(Fact::one),
        1 => prop::collection::vec(value(), 0..3).prop_map(Fact::many),
        1 => Just(Fact::Absent),
        1 => Just(Fact::Unknown),
    ]
}

fn context(facts: &[Fact]) -> Context {
    let mut context = Context::raw();
    for (key, fact) in KEYS.iter().zip(facts) {
        context.set(key, fact.clone());
    }
    context
}

const CALLER: Caller<'static> = Caller {
    kind: PrincipalKind::Federated,
    name: Some(PROVIDER),
    host: HOST,
    action: ASSUME_ROLE_WITH_WEB_IDENTITY,
};

/// Combines the trace as IAM combines statements.
fn of_trace(trace: &[rolecall_core::report::StatementReport]) -> Tri {
    let outcome = |applies| match applies {
        Applies::Applies => Tri::Yes,
        Applies::DoesNotApply => Tri::No,
        Applies::Unknown => Tri::Unknown,
    };
    let any = |effect| {
        Tri::any(
            trace
                .iter()
                .filter(move |s| s.effect == effect)
                .map(|s| outcome(s.outcome)),
        )
    };
    any("Allow").and(!any("Deny"))
}

fn explained(policy: &Policy, source: &Source, context: &Context) -> (Tri, usize) {
    let scene = Scene {
        policy,
        source,
        caller: CALLER,
        context,
        key_prefix: HOST,
        keys: keys_for(HOST),
        audiences: &[],
    };
    (
        of_trace(&explain::statements(&scene)),
        explain::causes(&scene).len(),
    )
}

const NETWORKS: &[&str] = &[
    "10.0.0.0/8",
    "10.1.0.0/16",
    "10.1.2.3",
    "192.0.2.0/24",
    "0.0.0.0/0",
    "2001:db8::/32",
];
const ADDRESSES: &[&str] = &[
    "10.0.0.1",
    "10.1.9.9",
    "10.1.2.3",
    "192.0.2.213",
    "8.8.8.8",
    "2001:db8::1",
    "2a00::1",
];
const REGION_PATTERNS: &[&str] = &[
    "eu-*",
    "eu-west-?",
    "eu-west-1",
    "*-1",
    "us-*",
    "${aws:SourceIp}",
];
const REGIONS: &[&str] = &["eu-west-1", "eu-west-2", "eu-south-1", "us-east-1", "xx"];

/// A policy that asks for the caller's address and for the region, which no token tells.
fn policy_of_unknowns() -> impl Strategy<Value = Value> {
    let tested =
        |operators: &'static [&'static str], key: &'static str, values: &'static [&'static str]| {
            let values = prop::collection::vec(prop::sample::select(values), 1..3);
            (prop::sample::select(operators), values)
                .prop_map(move |(operator, values)| (operator, json!({key: values})))
        };
    let address = tested(&["IpAddress", "NotIpAddress"], "aws:SourceIp", NETWORKS);
    let region = prop_oneof![
        tested(&["StringEquals"], "aws:RequestedRegion", REGIONS),
        tested(
            &["StringLike", "StringNotLike"],
            "aws:RequestedRegion",
            REGION_PATTERNS
        ),
    ];
    let effect = prop_oneof![2 => Just("Allow"), 1 => Just("Deny")];
    let statement =
        (effect, address, prop::option::of(region)).prop_map(|(effect, (op, test), region)| {
            let mut condition = serde_json::Map::from_iter([(op.to_owned(), test)]);
            condition.extend(region.map(|(op, test)| (op.to_owned(), test)));
            json!({"Effect": effect, "Principal": {"Federated": PROVIDER},
            "Action": ASSUME_ROLE_WITH_WEB_IDENTITY, "Condition": condition})
        });
    prop::collection::vec(statement, 1..4)
        .prop_map(|statements| json!({"Version": "2012-10-17", "Statement": statements}))
}

fn with_context(policy: &Value, context: &Value) -> Result<CheckReport, String> {
    let case = json!({"policy": policy, "context": context, "claims":
        {"iss": format!("https://{HOST}"), "aud": "sts.amazonaws.com", "sub": "repo:o/r:pull_request"}});
    check(&Case::from_json(&case.to_string())?).map_err(|error| format!("{error:?}"))
}

/// Whether an answer's value stands for this one; `others`: the values that are listed.
fn stands_for(listed: &str, value: &str, others: &[&str]) -> bool {
    let is_in = |listed: &str| match (Network::parse(listed), address(value)) {
        (Some(network), Some(address)) => network.contains(address),
        _ => Pattern::wildcard(listed).matches(value),
    };
    match listed {
        "absent" => false,
        "any other value" => !others.iter().any(|other| is_in(other)),
        listed => is_in(listed),
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2048))]

    /// Two passes, one truth.
    #[test]
    fn the_explained_decision_is_the_fast_one(policy in policy(), facts in prop::collection::vec(fact(), KEYS.len())) {
        let text = policy.to_string();
        let policy = Policy::parse(&text).unwrap();
        let context = context(&facts);
        let decided = policy.decide(CALLER, &context);
        let (traced, causes) = explained(&policy, &Source::new(text), &context);
        prop_assert_eq!(decided, traced);
        prop_assert_eq!(decided == Tri::No, causes > 0, "causes exactly where it refuses");
    }

    /// What is decided with a fact unknown stays so, whatever the fact turns out to be.
    #[test]
    fn unknown_is_never_guessed(policy in policy(), facts in prop::collection::vec(fact(), KEYS.len()), answers in prop::collection::vec(fact(), KEYS.len())) {
        let policy = Policy::parse(&policy.to_string()).unwrap();
        let decided = policy.decide(CALLER, &context(&facts));
        let told: Vec<Fact> = facts.iter().zip(answers).map(|(f, a)| if *f == Fact::Unknown { a } else { f.clone() }).collect();
        prop_assert!(decided == Tri::Unknown || decided == policy.decide(CALLER, &context(&told)));
    }

    #[test]
    fn another_deny_never_admits(policy in policy(), deny in statement(), facts in prop::collection::vec(fact(), KEYS.len())) {
        let context = context(&facts);
        let before = Policy::parse(&policy.to_string()).unwrap().decide(CALLER, &context);
        let mut policy = policy;
        let mut deny = deny;
        deny["Effect"] = "Deny".into();
        policy["Statement"].as_array_mut().unwrap().push(deny);
        let after = Policy::parse(&policy.to_string()).unwrap().decide(CALLER, &context);
        prop_assert!(after <= before, "{before:?} {after:?}");
    }

    #[test]
    fn no_text_panics(text in "\\PC{0,200}", token in "[\\PC\\n.]{0,200}") {
        let _ = write_check(&text);
        let _ = check(&Case { policy: Some(text), token: Some(token), ..Case::default() });
    }

    /// A policy that is nearly one, with a token that is nearly one.
    #[test]
    fn no_damage_panics(policy in policy(), at in 0usize..400, with in "[\\[\\]{}\",:a\\\\0é]{0,3}", token in "[A-Za-z0-9_.\\-=]{0,80}") {
        let mut text = policy.to_string();
        let at = (0..=at.min(text.len())).rev().find(|at| text.is_char_boundary(*at)).unwrap();
        text.insert_str(at, &with);
        let _ = write_check(&text);
        let _ = check(&Case { policy: Some(text), token: Some(token), ..Case::default() });
    }
}

/// Judges every known-answer case that has a policy and a token; almost all do.
#[expect(clippy::unwrap_used, reason = "a case that is none is a failure")]
fn each_prepared_case(mut judge: impl FnMut(&str, &Case, &Policy, &Token<'_>, &Attempt<'_>)) {
    let all = || {
        let files = FILES.iter().filter(|(name, _)| *name == "check");
        files.flat_map(|(_, text)| lines(text))
    };
    let mut judged = 0;
    for line in all() {
        let case = Case::from_json(line).unwrap();
        let (Ok(policy), Ok(token)) = (
            Policy::parse(case.policy.as_deref().unwrap()),
            Token::from_case(&case),
        ) else {
            continue;
        };
        judge(
            line,
            &case,
            &policy,
            &token,
            &Attempt::prepare(&case, &token, &policy),
        );
        judged += 1;
    }
    assert!(
        judged * 10 > all().count() * 9,
        "{judged} cases were judged"
    );
}

/// The laws hold for every known-answer case, too.
#[test]
fn every_case_is_decided_as_explained() {
    each_prepared_case(|line, case, policy, token, attempt| {
        let report = check(case).unwrap();
        assert_eq!(attempt.decide(policy), report.decision, "{line}");
        assert!(
            report.decision != Decision::Deny || !report.causes.is_empty(),
            "a refusal has a cause: {line}"
        );
        assert!(
            report.decision != Decision::Allow || report.causes.is_empty(),
            "{line}"
        );
        let untagged = token
            .claims
            .keys()
            .all(|name| !name.starts_with("https://aws.amazon.com/"));
        assert!(
            !untagged || of_trace(&report.statements) == attempt.trust(policy),
            "{line}"
        );
    });
}

/// The fast decision allocates nothing.
#[test]
fn a_prepared_decision_allocates_nothing() {
    each_prepared_case(|line, _, policy, _, attempt| {
        let measured = allocation_counter::measure(|| {
            std::hint::black_box(attempt.decide(std::hint::black_box(policy)));
        });
        assert_eq!(measured.count_total, 0, "{line}");
    });
}

proptest! {
    /// What is said of a missing fact holds for each value that it is said of.
    #[test]
    fn answers_to_missing_facts_hold(policy in policy_of_unknowns(), place in prop::sample::select(ADDRESSES),
        region in prop::sample::select(REGIONS)) {
        for fact in with_context(&policy, &json!({})).unwrap().unknowns {
            let value = if fact.key == "aws:SourceIp" { place } else { region };
            let known = with_context(&policy, &json!({fact.key.clone(): value})).unwrap().decision;
            let listed: Vec<&str> = fact.answers.iter().map(|answer| answer.value.as_str()).collect();
            for answer in &fact.answers {
                if answer.decision != Decision::Undecided && stands_for(&answer.value, value, &listed) {
                    prop_assert_eq!(answer.decision, known, "{} = {} by {}", fact.key, value, answer.value);
                }
            }
        }
    }
}

/// What is an error although tokens pass.
const WORKS: &[&str] = &[
    "not_storable",
    "open_to_outsiders",
    "duplicate_json_keys",
    "any_aws_principal",
];

/// A policy that lets a token of GitHub's in is not called dead, whichever rule looks at it.
#[test]
fn what_lets_a_token_in_is_not_called_dead() {
    let mut asked = 0;
    each_prepared_case(|line, case, policy, token, attempt| {
        let is_of_github = |name: &str| !["azp", "amr", "email"].contains(&name);
        let sub = token.text("sub").unwrap_or_default();
        let is_issued = token.claims.keys().all(|name| is_of_github(name))
            && Subject::parse(&sub).mistakes().is_empty();
        if attempt.decide(policy) != Decision::Allow
            || policy.statements.len() > 1
            || !case.context.is_empty()
            || !is_issued
        {
            return;
        }
        asked += 1;
        let options = Options {
            steps: 5_000,
            ..Options::default()
        };
        let text = case.policy.as_deref().unwrap();
        let found = lint(policy, &Source::new(text), &options);
        let dead = found
            .iter()
            .find(|finding| finding.severity == Severity::Error && !WORKS.contains(&finding.rule));
        assert!(dead.is_none(), "{dead:?}: {line}");
    });
    assert!(asked > 50, "{asked} cases were asked");
}
