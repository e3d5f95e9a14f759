//! What holds for every question, whatever the policies.

use proptest::prelude::*;

use super::*;
use crate::permission::Grammar;

const REPOSITORY: &str = "arn:aws:ecr:eu-west-1:111122223333:repository/octo-repo";
const EFFECTS: &[&str] = &["Allow", "Deny"];
const ACTIONS: &[&str] = &[
    r#""Action": "*""#,
    r#""Action": "ecr:*""#,
    r#""Action": "ecr:GetAuthorizationToken""#,
    r#""Action": ["ecr:PutImage", "ecr:BatchGetImage"]"#,
    r#""NotAction": "ecr:Put*""#,
    r#""NotAction": "iam:*""#,
];
const RESOURCES: &[&str] = &[
    r#""Resource": "*""#,
    r#""Resource": "arn:aws:ecr:*:111122223333:repository/octo-*""#,
    r#""Resource": "arn:aws:ecr:us-east-1:111122223333:repository/octo-repo""#,
    r#""NotResource": "arn:aws:ecr:*:*:repository/octo-repo""#,
    r#""Resource": "arn:aws:ecr:*:*:repository/${aws:PrincipalTag/repo}""#,
    r#""Resource": "${aws_ecr_repository.app.arn}""#,
];
const CONDITIONS: &[&str] = &[
    "{}",
    r#"{"IpAddress": {"aws:SourceIp": "203.0.113.0/24"}}"#,
    r#"{"StringEquals": {"aws:RequestedRegion": "eu-west-1"}}"#,
    r#"{"StringNotEquals": {"aws:PrincipalOrgID": "o-example"}}"#,
    r#"{"StringEqualsIfExists": {"ecr:ResourceTag/team": "octo"}}"#,
    r#"{"StringLike": {"token.actions.githubusercontent.com:sub": "repo:octo-org/*"}}"#,
    r#"{"Null": {"aws:SourceVpce": "true"}}"#,
];
const PRINCIPALS: &[&str] = &[
    r#""Principal": "*""#,
    r#""Principal": {"AWS": "111122223333"}"#,
    r#""Principal": {"AWS": "arn:aws:iam::111122223333:role/deploy"}"#,
    r#""Principal": {"AWS": "arn:aws:sts::111122223333:assumed-role/deploy/ci"}"#,
    r#""Principal": {"AWS": "arn:aws:iam::444455556666:root"}"#,
    r#""NotPrincipal": {"AWS": "arn:aws:iam::111122223333:role/deploy"}"#,
];
/// Keys that are not known, and values that they may have.
const TOLD: &[(&str, &str)] = &[
    ("aws:SourceIp", "203.0.113.7"),
    ("aws:SourceIp", "198.51.100.1"),
    ("aws:PrincipalOrgID", "o-example"),
    ("aws:PrincipalTag/repo", "octo-repo"),
    ("ecr:ResourceTag/team", "octo"),
    ("aws:SourceVpce", "vpce-1"),
    (
        "token.actions.githubusercontent.com:sub",
        "repo:octo-org/octo-repo:pull_request",
    ),
];
const KINDS: &[Kind] = &[
    Kind::ServiceControl,
    Kind::ResourceControl,
    Kind::Repository,
    Kind::Identity,
    Kind::Boundary,
    Kind::Session,
];
const ROLES: &[Option<&str>] = &[
    None,
    Some("arn:aws:iam::111122223333:role/deploy"),
    Some("arn:aws:iam::444455556666:role/deploy"),
];

fn one(pool: &'static [&'static str]) -> impl Strategy<Value = &'static str> {
    proptest::sample::select(pool)
}

fn statement(effect: &'static str, kind: Kind) -> impl Strategy<Value = String> {
    let parts = (
        one(ACTIONS),
        one(RESOURCES),
        one(CONDITIONS),
        one(PRINCIPALS),
    );
    parts.prop_map(move |(action, resource, condition, principal)| {
        let who = match grammar(kind) {
            Grammar::Identity => String::new(),
            _ => format!("{principal}, "),
        };
        format!(r#"{{"Effect": "{effect}", {who}{action}, {resource}, "Condition": {condition}}}"#)
    })
}

const fn grammar(kind: Kind) -> Grammar {
    match kind {
        Kind::Repository => Grammar::Resource,
        Kind::ResourceControl => Grammar::Control,
        _ => Grammar::Identity,
    }
}

fn any_statement() -> impl Strategy<Value = (Kind, String)> {
    (proptest::sample::select(KINDS), one(EFFECTS))
        .prop_flat_map(|(kind, effect)| (Just(kind), statement(effect, kind)))
}

fn question() -> impl Strategy<Value = Question> {
    let statements = proptest::collection::vec(any_statement(), 0..6);
    let role = proptest::sample::select(ROLES);
    (statements, role, any::<bool>()).prop_map(|(statements, role, named)| {
        let mut question = Question {
            role_arn: role.map(str::to_owned),
            session_name: named.then(|| "ci".to_owned()),
            ..Question::about(RepositoryArn::parse(REPOSITORY).unwrap())
        };
        for (kind, statement) in statements {
            add(&mut question, kind, &statement);
        }
        question
    })
}

/// Adds a statement: to the one policy of its kind where there is only one, else as a policy of its own.
fn add(question: &mut Question, kind: Kind, statement: &str) {
    let text = format!(r#"{{"Version": "2012-10-17", "Statement": [{statement}]}}"#);
    let policy = Policy::parse(&text, grammar(kind)).unwrap();
    let given = Given::new("policy.json", policy, text);
    let single = match kind {
        Kind::Boundary => &mut question.boundary,
        Kind::Repository => &mut question.repository_policy,
        Kind::Identity => return question.identity.push(given),
        Kind::Session => return question.session.push(given),
        Kind::ServiceControl => return question.service_control.push(given),
        Kind::ResourceControl => return question.resource_control.push(given),
    };
    match single {
        Some(before) => before.policy.statements.extend(given.policy.statements),
        None => *single = Some(given),
    }
}

fn rank(decision: Decision) -> u8 {
    match decision {
        Decision::Deny => 0,
        Decision::Undecided => 1,
        Decision::Allow => 2,
    }
}

proptest! {
    #[test]
    fn a_deny_never_lets_more_through(question in question(), (kind, deny) in proptest::sample::select(KINDS).prop_flat_map(|kind| (Just(kind), statement("Deny", kind)))) {
        let before = judge(&question).decision;
        let mut more = question.clone();
        // A boundary or session policy of denies alone allows nothing, which is less, too.
        add(&mut more, kind, &deny);
        let after = judge(&more).decision;
        prop_assert!(rank(after) <= rank(before), "{deny}: {before:?} {after:?}");
    }

    #[test]
    fn an_allow_of_the_role_never_lets_less_through(question in question(), allow in statement("Allow", Kind::Identity)) {
        let before = judge(&question).decision;
        let mut more = question.clone();
        add(&mut more, Kind::Identity, &allow);
        let after = judge(&more).decision;
        prop_assert!(rank(after) >= rank(before), "{allow}: {before:?} {after:?}");
    }

    #[test]
    fn what_is_decided_stays_decided_when_more_is_known(question in question(), told in proptest::sample::select(TOLD), absent in any::<bool>()) {
        let before = judge(&question).decision;
        let mut more = question.clone();
        let value = if absent { Value::Null } else { told.1.into() };
        more.context.insert(told.0.to_owned(), value);
        let after = judge(&more).decision;
        prop_assert!(before == Decision::Undecided || before == after, "{before:?} {after:?}");
    }

    #[test]
    fn a_report_holds_together(question in question()) {
        let report = judge(&question);
        let stops = report.steps.iter().find(|step| step.decision == Decision::Deny);
        prop_assert_eq!(report.stops_at, stops.map(|step| step.action));
        prop_assert_eq!(report.error.is_some(), report.decision == Decision::Deny);
        prop_assert!(report.steps.iter().all(|step| !step.why.is_empty()));
        if report.decision == Decision::Undecided {
            prop_assert!(report.steps.iter().any(|step| step.decision == Decision::Undecided));
        }
    }

    #[test]
    fn no_text_panics(text in ".{0,200}") {
        for grammar in [Grammar::Identity, Grammar::Resource, Grammar::Control] {
            drop(Policy::parse(&text, grammar));
        }
        drop(RepositoryArn::parse(&text));
        if let Some(left) = crate::permission::placeholder(&text) {
            prop_assert!(text.contains(left));
        }
    }
}
