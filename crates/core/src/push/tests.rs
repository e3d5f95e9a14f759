//! Every rule of the module docs, a line a case.

use super::*;
use crate::permission::Grammar;

const REPOSITORY: &str = "arn:aws:ecr:eu-west-1:111122223333:repository/octo-repo";
const ROLE: &str = "arn:aws:iam::111122223333:role/deploy";
const STRANGER: &str = "arn:aws:iam::444455556666:role/deploy";

const ALL: &str = r#"{"Effect": "Allow", "Action": "ecr:*", "Resource": "*"}"#;
const LOGIN_ONLY: &str =
    r#"{"Effect": "Allow", "Action": "ecr:GetAuthorizationToken", "Resource": "*"}"#;
const NOTHING: &str = r#"{"Effect": "Allow", "Action": "s3:*", "Resource": "*"}"#;
const NO_PUT: &str = r#"{"Effect": "Deny", "Action": "ecr:PutImage", "Resource": "*"}"#;
const NO_S3: &str = r#"{"Effect": "Deny", "Action": "s3:*", "Resource": "*"}"#;
const TO_ROLE: &str = r#"{"Effect": "Allow", "Action": "ecr:*", "Principal": {"AWS": "arn:aws:iam::111122223333:role/deploy"}}"#;
const TO_SESSION: &str = r#"{"Effect": "Allow", "Action": "ecr:*", "Principal": {"AWS": "arn:aws:sts::111122223333:assumed-role/deploy/ci"}}"#;
const TO_ACCOUNT: &str =
    r#"{"Effect": "Allow", "Action": "ecr:*", "Principal": {"AWS": "111122223333"}}"#;
const TO_STRANGER: &str = r#"{"Effect": "Allow", "Action": "ecr:*", "Principal": {"AWS": "arn:aws:iam::444455556666:root"}}"#;
const TO_ANYONE: &str = r#"{"Effect": "Allow", "Action": "ecr:*", "Principal": "*"}"#;
const RCP: &str = r#"{"Effect": "Deny", "Action": "ecr:*", "Resource": "*", "Principal": "*", "Condition": {"StringNotEquals": {"aws:PrincipalAccount": "111122223333"}}}"#;

fn given(name: &str, statements: &str, grammar: Grammar) -> Given {
    let text = format!(r#"{{"Version": "2012-10-17", "Statement": [{statements}]}}"#);
    Given::new(name, Policy::parse(&text, grammar).unwrap(), text)
}

/// Reads `kind statement` pairs.
fn question(role: &str, policies: &[(&str, &str)]) -> Question {
    let mut question = Question {
        role_arn: Some(role.to_owned()),
        session_name: Some("ci".to_owned()),
        ..Question::about(RepositoryArn::parse(REPOSITORY).unwrap())
    };
    for (kind, statements) in policies {
        let of = |grammar| given(kind, statements, grammar);
        match *kind {
            "identity" => question.identity.push(of(Grammar::Identity)),
            "boundary" => question.boundary = Some(of(Grammar::Identity)),
            "session" => question.session.push(of(Grammar::Identity)),
            "repository" => question.repository_policy = Some(of(Grammar::Resource)),
            "scp" => question.service_control.push(of(Grammar::Identity)),
            _ => question.resource_control.push(of(Grammar::Control)),
        }
    }
    question
}

/// `(role, policies, where the way stops or what it comes to, end of the text shown there)`
type Way = (
    &'static str,
    &'static [(&'static str, &'static str)],
    &'static str,
    &'static str,
);

const WAYS: &[Way] = &[
    (ROLE, &[("identity", ALL)], "allow", ""),
    (
        ROLE,
        &[],
        "ecr:GetAuthorizationToken",
        "because no identity-based policy allows the ecr:GetAuthorizationToken action",
    ),
    (
        ROLE,
        &[("identity", LOGIN_ONLY)],
        "ecr:BatchCheckLayerAvailability",
        "because no identity-based policy allows the ecr:BatchCheckLayerAvailability action",
    ),
    (
        ROLE,
        &[("identity", ALL), ("identity", NO_PUT)],
        "ecr:PutImage",
        "with an explicit deny in an identity-based policy",
    ),
    (
        ROLE,
        &[("identity", ALL), ("boundary", NOTHING)],
        "ecr:GetAuthorizationToken",
        "because no permissions boundary allows the ecr:GetAuthorizationToken action",
    ),
    (ROLE, &[("identity", ALL), ("boundary", ALL)], "allow", ""),
    (
        ROLE,
        &[("identity", ALL), ("session", LOGIN_ONLY)],
        "ecr:BatchCheckLayerAvailability",
        "because no session policy allows the ecr:BatchCheckLayerAvailability action",
    ),
    (
        ROLE,
        &[("identity", ALL), ("session", LOGIN_ONLY), ("session", ALL)],
        "allow",
        "",
    ),
    (
        ROLE,
        &[("identity", LOGIN_ONLY), ("repository", TO_ROLE)],
        "allow",
        "",
    ),
    (
        ROLE,
        &[
            ("identity", LOGIN_ONLY),
            ("repository", TO_ROLE),
            ("boundary", LOGIN_ONLY),
        ],
        "ecr:BatchCheckLayerAvailability",
        "because no identity-based policy allows the ecr:BatchCheckLayerAvailability action",
    ),
    (
        ROLE,
        &[
            ("identity", LOGIN_ONLY),
            ("repository", TO_SESSION),
            ("boundary", LOGIN_ONLY),
        ],
        "allow",
        "",
    ),
    (
        ROLE,
        &[("identity", LOGIN_ONLY), ("repository", TO_ACCOUNT)],
        "ecr:BatchCheckLayerAvailability",
        "because no identity-based policy allows the ecr:BatchCheckLayerAvailability action",
    ),
    (
        ROLE,
        &[("identity", LOGIN_ONLY), ("repository", TO_ANYONE)],
        "allow",
        "",
    ),
    (
        ROLE,
        &[
            ("identity", LOGIN_ONLY),
            ("repository", TO_ANYONE),
            ("boundary", LOGIN_ONLY),
        ],
        "undecided",
        "",
    ),
    (
        ROLE,
        &[("identity", ALL), ("scp", NO_PUT)],
        "ecr:PutImage",
        "with an explicit deny in a service control policy",
    ),
    (
        ROLE,
        &[("identity", ALL), ("scp", NOTHING)],
        "ecr:GetAuthorizationToken",
        "because no service control policy allows the ecr:GetAuthorizationToken action",
    ),
    (
        ROLE,
        &[("identity", ALL), ("scp", NOTHING), ("scp", ALL)],
        "ecr:GetAuthorizationToken",
        "because no service control policy allows the ecr:GetAuthorizationToken action",
    ),
    (
        ROLE,
        &[
            ("identity", ALL),
            ("scp", ALL),
            ("scp", NO_S3),
            ("scp", ALL),
        ],
        "allow",
        "",
    ),
    (ROLE, &[("identity", ALL), ("rcp", RCP)], "allow", ""),
    (
        STRANGER,
        &[("identity", ALL), ("repository", TO_STRANGER), ("rcp", RCP)],
        "ecr:BatchCheckLayerAvailability",
        "with an explicit deny in a resource control policy",
    ),
    (
        STRANGER,
        &[("identity", ALL)],
        "ecr:BatchCheckLayerAvailability",
        "because no resource-based policy allows the ecr:BatchCheckLayerAvailability action",
    ),
    (
        STRANGER,
        &[("identity", ALL), ("repository", TO_STRANGER)],
        "allow",
        "",
    ),
    (
        STRANGER,
        &[("identity", ALL), ("repository", TO_ROLE)],
        "ecr:BatchCheckLayerAvailability",
        "because no resource-based policy allows the ecr:BatchCheckLayerAvailability action",
    ),
    (
        STRANGER,
        &[("identity", LOGIN_ONLY), ("repository", TO_STRANGER)],
        "ecr:BatchCheckLayerAvailability",
        "because no identity-based policy allows the ecr:BatchCheckLayerAvailability action",
    ),
    (
        ROLE,
        &[(
            "identity",
            r#"{"Effect": "Allow", "Action": "ecr:*", "Resource": "*", "Condition": {"StringEquals": {"aws:ResourceTag/team": "octo"}}}"#,
        )],
        "ecr:GetAuthorizationToken",
        "because no identity-based policy allows the ecr:GetAuthorizationToken action",
    ),
    (
        ROLE,
        &[
            ("identity", ALL),
            (
                "identity",
                r#"{"Effect": "Deny", "Action": "*", "Resource": "*", "Condition": {"BoolIfExists": {"aws:MultiFactorAuthPresent": "false"}}}"#,
            ),
        ],
        "undecided",
        "",
    ),
];

#[test]
fn ways() {
    for (role, policies, end, text) in WAYS {
        let report = judge(&question(role, policies));
        let found = report.stops_at.unwrap_or_else(|| report.decision.as_str());
        assert_eq!(found, *end, "{role} {policies:?}");
        let error = report.error.unwrap_or_default();
        assert!(error.ends_with(text), "{error}");
    }
}

#[test]
fn what_is_missing_is_enough() {
    for (role, policies, ..) in WAYS {
        let mut asked = question(role, policies);
        asked.pull = true;
        let report = judge(&asked);
        if report
            .error
            .as_deref()
            .is_none_or(|error| error.contains("explicit deny"))
        {
            continue;
        }
        for missing in &report.missing {
            let text = serde_json::to_string(&missing.document).unwrap();
            let identity = || given_text(&text, Grammar::Identity);
            match missing.kind {
                Kind::Identity => asked.identity.push(identity()),
                Kind::Boundary => asked.boundary = Some(identity()),
                Kind::Session => asked.session.push(identity()),
                Kind::ServiceControl => asked.service_control = vec![identity()],
                _ => asked.repository_policy = Some(given_text(&text, Grammar::Resource)),
            }
        }
        // A boundary or control policy that was replaced may now lack what only it had allowed.
        let repaired = judge(&asked);
        assert_ne!(repaired.stops_at, report.stops_at, "{role} {policies:?}");
    }
}

fn given_text(text: &str, grammar: Grammar) -> Given {
    Given::new("missing", Policy::parse(text, grammar).unwrap(), text)
}

#[test]
fn unknown_facts_are_told_with_what_they_lead_to() {
    let address = r#"{"Effect": "Allow", "Action": "ecr:*", "Resource": "*", "Condition": {"IpAddress": {"aws:SourceIp": "203.0.113.0/24"}}}"#;
    let report = judge(&question(ROLE, &[("identity", address)]));
    assert_eq!(report.decision, Decision::Undecided);
    let [fact] = report.unknowns.as_slice() else {
        panic!("{:?}", report.unknowns);
    };
    let answers: Vec<(&str, Decision)> = fact
        .answers
        .iter()
        .map(|answer| (&*answer.value, answer.decision))
        .collect();
    assert_eq!(fact.key, "aws:SourceIp");
    assert_eq!(
        answers,
        [("203.0.113.0", Decision::Allow), ("absent", Decision::Deny)]
    );
}

#[test]
fn a_policy_that_is_attached_but_not_given_leaves_all_open() {
    let mut asked = question(ROLE, &[("identity", ALL)]);
    asked
        .attached_unknown
        .push("arn:aws:iam::111122223333:policy/own".to_owned());
    let report = judge(&asked);
    assert_eq!(report.decision, Decision::Undecided);
    assert_eq!(
        report.unknowns[0].key,
        "the policy arn:aws:iam::111122223333:policy/own"
    );
}

/// `(statement, reason)`
const REASONS: &[(&str, &str)] = &[
    (
        r#"{"Effect": "Allow", "Action": "ecr:PutImage", "Resource": "arn:aws:ecr:eu-west-1:444455556666:repository/octo-repo"}"#,
        "the account differs, `444455556666` is not `111122223333`",
    ),
    (
        r#"{"Effect": "Allow", "Action": "ecr:PutImage", "Resource": "arn:aws:ecr:eu-west-1:111122223333:repository/octo"}"#,
        "the name differs, `repository/octo` is not `repository/octo-repo`",
    ),
    (
        r#"{"Effect": "Allow", "Action": "ecr:PutImage", "Resource": "arn:aws:ecr:us-east-1:111122223333:repository/octo-repo"}"#,
        "the region differs, `us-east-1` is not `eu-west-1`",
    ),
    (
        r#"{"Effect": "Allow", "Action": "ecr:PutImage", "NotResource": "arn:aws:ecr:*"}"#,
        "NotResource leaves `arn:aws:ecr:*` out",
    ),
    (
        r#"{"Effect": "Allow", "Action": "ecr:PutImage", "Resource": "*", "Condition": {"StringEquals": {"aws:RequestedRegion": "us-east-1"}}}"#,
        "its StringEquals on `aws:RequestedRegion` is not met, which is `eu-west-1`",
    ),
    (
        r#"{"Effect": "Allow", "Action": "ecr:PutImage", "Resource": "*", "Condition": {"StringEquals": {"token.actions.githubusercontent.com:repository": "octo-org/octo-repo"}}}"#,
        "of the token's claims only sub, aud and amr outlive the assumption",
    ),
    (
        r#"{"Effect": "Allow", "Action": "ecr:Put", "Resource": "*"}"#,
        "no identity-based policy covers ecr:PutImage",
    ),
];

#[test]
fn the_nearest_statement_says_what_it_lacks() {
    for (statement, reason) in REASONS {
        let report = judge(&question(ROLE, &[("identity", statement)]));
        let step = report
            .steps
            .iter()
            .find(|step| step.action == "ecr:PutImage")
            .unwrap();
        assert!(step.why.ends_with(reason), "{}", step.why);
    }
}
