use super::*;
use crate::report::EditLabel;

const HOST: &str = "token.actions.githubusercontent.com";
const PROVIDER: &str =
    "arn:aws:iam::111122223333:oidc-provider/token.actions.githubusercontent.com";
const MAIN: &str = "repo:octo-org/octo-repo:ref:refs/heads/main";
const IDS: &str = "repo:octo-org@1/octo-repo@2:ref:refs/heads/main";

/// A policy with one statement; `K:` stands for the beginning of a key.
fn policy(condition: &str) -> String {
    format!(
        r#"{{"Version": "2012-10-17", "Statement": [{{"Effect": "Allow", "Principal": {{"Federated": "{PROVIDER}"}}, "Action": "sts:AssumeRoleWithWebIdentity", "Condition": {condition}}}]}}"#
    )
    .replace("K:", &format!("{HOST}:"))
}

fn case(policy: &str, sub: &str, more: &[(&str, &str)]) -> Case {
    let mut claims = serde_json::Map::new();
    let usual = [
        ("iss", "https://token.actions.githubusercontent.com"),
        ("aud", "sts.amazonaws.com"),
        ("sub", sub),
    ];
    for (claim, value) in usual.iter().chain(more) {
        claims.insert((*claim).to_owned(), (*value).into());
    }
    Case {
        policy: Some(policy.to_owned()),
        claims: Some(claims),
        ..Case::default()
    }
}

fn report(case: &Case) -> FixReport {
    fix(case, &Options::default()).unwrap()
}

fn report_without_proof(case: &Case) -> FixReport {
    let options = Options {
        steps: 1,
        ..Options::default()
    };
    fix(case, &options).unwrap()
}

/// What the texts of an edit are, without the beginning of keys.
fn texts(edit: &Edit) -> String {
    let texts: Vec<&str> = edit.edits.iter().map(|edit| edit.text.as_str()).collect();
    texts.join(" | ").replace(&format!("{HOST}:"), "K:")
}

fn made(case: &Case, edit: &Edit) -> Case {
    let policy = edit::apply(case.policy.as_deref().unwrap(), &edit.splices());
    Case {
        policy,
        ..case.clone()
    }
}

/// `(condition, sub, the first repair's label, its texts)`
const FIRST: &[(&str, &str, EditLabel, &str)] = &[
    // A change of form keeps the author's breadth.
    (
        r#"{"StringLike": {"K:sub": "repo:octo-org/octo-repo:*"}}"#,
        IDS,
        EditLabel::AsBroad,
        r#"["repo:octo-org/octo-repo:*", "repo:octo-org@1/octo-repo@2:*"]"#,
    ),
    (
        r#"{"StringLike": {"K:sub": ["repo:octo-org/octo-repo:ref:refs/tags/*", "repo:octo-org/octo-repo:ref:refs/heads/main"]}}"#,
        IDS,
        EditLabel::AsBroad,
        r#", "repo:octo-org@1/octo-repo@2:ref:refs/heads/main", "repo:octo-org@1/octo-repo@2:ref:refs/tags/*""#,
    ),
    (
        r#"{"StringLike": {"K:sub": "repo:octo-org/*"}}"#,
        IDS,
        EditLabel::AsBroad,
        r#"["repo:octo-org/*", "repo:octo-org@1/*"]"#,
    ),
    (
        r#"{"StringLike": {"K:sub": "repo:octo-org/octo-*:ref:refs/heads/main"}}"#,
        IDS,
        EditLabel::AsBroad,
        r#"["repo:octo-org/octo-*:ref:refs/heads/main", "repo:octo-org@1/octo-*:ref:refs/heads/main"]"#,
    ),
    (
        r#"{"StringEquals": {"K:sub": "repo:octo-org@1/octo-repo@2:ref:refs/heads/main"}}"#,
        MAIN,
        EditLabel::AsBroad,
        r#"["repo:octo-org@1/octo-repo@2:ref:refs/heads/main", "repo:octo-org/octo-repo:ref:refs/heads/main"]"#,
    ),
    (
        r#"{"StringLike": {"K:sub": "repo:Octo-Org/octo-repo:*"}}"#,
        MAIN,
        EditLabel::AsBroad,
        r#""repo:octo-org/octo-repo:*""#,
    ),
    (
        r#"{"StringLike": {"K:sub": "repo:old-name@1/octo-repo@2:*"}}"#,
        IDS,
        EditLabel::AsBroad,
        r#""repo:octo-org@1/octo-repo@2:*""#,
    ),
    (
        r#"{"StringEquals": {"K:sub": "repo:octo-org/octo-repo:ref:refs/heads/main"}}"#,
        "repo:octo-org/octo-repo:ref:refs/heads/gh-readonly-queue/main/pr-7-0a1b",
        EditLabel::AsBroad,
        r#""StringLike" | ["repo:octo-org/octo-repo:ref:refs/heads/main", "repo:octo-org/octo-repo:ref:refs/heads/gh-readonly-queue/main/*"]"#,
    ),
    // Another repository of the owner is no change of form, be its subject of the new one.
    (
        r#"{"StringLike": {"K:sub": "repo:octo-org/infra:*"}}"#,
        IDS,
        EditLabel::ThisSubject,
        r#"["repo:octo-org/infra:*", "repo:octo-org@1/octo-repo@2:ref:refs/heads/main"]"#,
    ),
    // Everything else is as narrow as can be.
    (
        r#"{"StringEquals": {"K:sub": "repo:octo-org/octo-repo:ref:refs/heads/main"}}"#,
        "repo:octo-org/octo-repo:environment:prod",
        EditLabel::ThisSubject,
        r#"["repo:octo-org/octo-repo:ref:refs/heads/main", "repo:octo-org/octo-repo:environment:prod"]"#,
    ),
    (
        r#"{"StringEquals": {"K:sub": "repo:octo-org/*"}}"#,
        MAIN,
        EditLabel::ThisSubject,
        r#"["repo:octo-org/*", "repo:octo-org/octo-repo:ref:refs/heads/main"]"#,
    ),
    (
        r#"{"StringEquals": {"K:sub": "repo:octo-org/octo-repo"}}"#,
        MAIN,
        EditLabel::ThisSubject,
        r#""repo:octo-org/octo-repo:ref:refs/heads/main""#,
    ),
    // A wildcard in an environment's name is meant as it is written.
    (
        r#"{"StringLike": {"K:sub": "repo:octo-org/octo-repo:ref:*"}}"#,
        "repo:octo-org/octo-repo:environment:a*",
        EditLabel::ThisSubject,
        r#"["repo:octo-org/octo-repo:ref:*", "repo:octo-org/octo-repo:environment:a${*}"]"#,
    ),
    // Keys.
    (
        r#"{"StringEquals": {"K:sbu": "repo:octo-org/octo-repo:ref:refs/heads/main"}}"#,
        MAIN,
        EditLabel::AsBroad,
        r#""K:sub""#,
    ),
    (
        r#"{"StringEquals": {"K:sub": "repo:octo-org/octo-repo:ref:refs/heads/main", "K:iss": "https://token.actions.githubusercontent.com"}}"#,
        MAIN,
        EditLabel::AsBroad,
        "",
    ),
    (
        r#"{"StringEquals": {"K:aud": "https://github.com/octo-org", "K:sub": "repo:octo-org/octo-repo:ref:refs/heads/main"}}"#,
        MAIN,
        EditLabel::AsBroad,
        r#""sts.amazonaws.com""#,
    ),
    // A key given twice: both are meant.
    (
        r#"{"StringEquals": {"K:sub": "repo:octo-org/octo-repo:ref:refs/heads/main", "K:aud": "sts.amazonaws.com", "K:sub": ["repo:octo-org/octo-repo:pull_request"]}}"#,
        MAIN,
        EditLabel::AsBroad,
        r#" | , "repo:octo-org/octo-repo:ref:refs/heads/main""#,
    ),
    // Two tests that nobody passes together.
    (
        r#"{"StringEquals": {"K:sub": "repo:octo-org/octo-repo:ref:refs/heads/main"}, "StringLike": {"K:sub": "repo:octo-org/octo-repo:environment:*"}}"#,
        MAIN,
        EditLabel::ThisSubject,
        r#"["repo:octo-org/octo-repo:environment:*", "repo:octo-org/octo-repo:ref:refs/heads/main"]"#,
    ),
    // What stands for a name that was to be filled in.
    (
        r#"{"StringLike": {"K:sub": "repo:YOUR_ORG/YOUR_REPO:*"}}"#,
        MAIN,
        EditLabel::ThisSubject,
        r#""repo:octo-org/octo-repo:ref:refs/heads/main""#,
    ),
    // A slip of the pen is put right where it stands.
    (
        r#"{"StringEquals": {"K:sub": ["repo:octo-org/octo-repo:ref/refs/heads/main", "repo:octo-org/octo-repo:pull_request"]}}"#,
        MAIN,
        EditLabel::AsBroad,
        r#""repo:octo-org/octo-repo:ref:refs/heads/main""#,
    ),
    (
        r#"{"StringLike": {"K:sub": "octo-org/octo-repo:*"}}"#,
        MAIN,
        EditLabel::ThisSubject,
        r#""repo:octo-org/octo-repo:ref:refs/heads/main""#,
    ),
    (
        r#"{"StringLike": {"K:sub": "repo:octo-org-123456/octo-repo-456789:*"}}"#,
        "repo:octo-org@123456/octo-repo@456789:ref:refs/heads/main",
        EditLabel::AsBroad,
        r#""repo:octo-org@123456/octo-repo@456789:*""#,
    ),
    (
        r#"{"StringLike": {"K:sub": "repo:github.com/octo-org/octo-repo:*"}}"#,
        MAIN,
        EditLabel::ThisSubject,
        r#""repo:octo-org/octo-repo:ref:refs/heads/main""#,
    ),
];

#[test]
fn the_first_repair_is_what_one_would_do() {
    for (condition, sub, label, expected) in FIRST {
        let case = case(&policy(condition), sub, &[]);
        let report = report(&case);
        let first = report.edits.first();
        let found = first.map(|edit| (edit.label, texts(edit)));
        assert_eq!(
            found,
            Some((*label, (*expected).to_owned())),
            "{condition} {sub} {:?}",
            report.refused
        );
    }
}

#[test]
fn both_breadths_are_offered_and_each_admits_the_token() {
    for (condition, sub, _, _) in FIRST {
        let case = case(&policy(condition), sub, &[]);
        let report = report_without_proof(&case);
        for edit in &report.edits {
            let again = report_without_proof(&made(&case, edit));
            assert_eq!(again.verdict, Verdict::NothingToRepair, "{}", edit.summary);
            assert!(again.edits.is_empty() && again.refused.is_none());
        }
        for label in [EditLabel::AsBroad, EditLabel::ThisSubject] {
            let is_offered = report.edits.iter().any(|edit| edit.label == label);
            assert!(is_offered, "{label:?} {condition} {sub}");
        }
    }
}

/// `(condition, sub, further claims, what the refusal says)`
type Refusal = (
    &'static str,
    &'static str,
    &'static [(&'static str, &'static str)],
    &'static str,
);

const STRANGERS: &[Refusal] = &[
    (
        r#"{"StringLike": {"K:sub": "repo:octo-org/octo-repo:*"}}"#,
        "repo:evil-corp/octo-repo:ref:refs/heads/main",
        &[],
        "the token is of the owner `evil-corp`, the policy means `octo-org`",
    ),
    (
        r#"{"StringLike": {"K:sub": "repo:octo-org/octo-repo:*"}}"#,
        "repo:evil-corp@9/octo-repo@8:ref:refs/heads/main",
        &[],
        "the policy means `octo-org`",
    ),
    (
        r#"{"StringLike": {"K:sub": "repo:octo-org/YOUR_REPO:*"}}"#,
        "repo:evil-corp/octo-repo:ref:refs/heads/main",
        &[],
        "the policy means `octo-org`",
    ),
    (
        r#"{"StringLike": {"K:sub": "repo:octo-org@1/octo-repo@2:*"}}"#,
        "repo:octo-org@9/octo-repo@8:ref:refs/heads/main",
        &[],
        "has the id 9, the policy means the one with the id 1: another account has taken the name",
    ),
    (
        r#"{"StringLike": {"K:sub": "repo:octo-org-*/infra:*"}}"#,
        MAIN,
        &[],
        "the policy means `octo-org-*`",
    ),
    (
        r#"{"StringEquals": {"K:repository": "octo-org/octo-repo"}, "StringLike": {"K:job_workflow_ref": "octo-org/*"}}"#,
        "repo:evil-corp/x:pull_request",
        &[("repository", "evil-corp/x")],
        "the token is of the owner `evil-corp`",
    ),
    (
        r#"{"StringEquals": {"K:repository_owner": "octo-org"}, "StringLike": {"K:sub": "repo:octo-org/*"}}"#,
        "repo:octo-org-evil/x:pull_request",
        &[],
        "the token is of the owner `octo-org-evil`",
    ),
];

#[test]
fn a_token_that_the_policy_does_not_mean_gets_no_repair() {
    for (condition, sub, more, expected) in STRANGERS {
        let case = case(&policy(condition), sub, more);
        let report = report(&case);
        assert_eq!(report.verdict, Verdict::Stranger, "{condition} {sub}");
        assert!(report.edits.is_empty());
        let refused = report.refused.unwrap();
        assert!(refused.contains(expected), "{refused}");
        let shown = check::check(&case).unwrap();
        assert!(
            shown.causes.iter().all(|cause| cause.fix.is_none()),
            "{sub}"
        );
    }
}

#[test]
fn who_is_ours_can_be_told() {
    let policy = policy(r#"{"StringLike": {"K:sub": "repo:octo-org/octo-repo:*"}}"#);
    let of = |sub: &str, owner: &str| {
        let options = Options {
            owners: vec![owner.to_owned()],
            ..Options::default()
        };
        fix(&case(&policy, sub, &[]), &options).unwrap().verdict
    };
    let renamed = "repo:new-name@9/octo-repo@8:ref:refs/heads/main";
    assert_eq!(of(renamed, "New-Name"), Verdict::Repairs);
    assert_eq!(of(renamed, "octo-org"), Verdict::Stranger);
}

#[test]
fn a_deny_leaves_the_subject_out_or_means_it() {
    let with_deny = |condition: &str| {
        let deny = format!(
            r#", {{"Effect": "Deny", "Principal": {{"Federated": "{PROVIDER}"}}, "Action": "sts:AssumeRoleWithWebIdentity"{condition}}}]}}"#
        )
        .replace("K:", &format!("{HOST}:"));
        let allow = policy(r#"{"StringLike": {"K:sub": "repo:octo-org/*"}}"#);
        allow.strip_suffix("]}").unwrap().to_owned() + &deny
    };
    for (condition, expected) in [
        (
            r#", "Condition": {"StringNotLike": {"K:sub": "repo:octo-org/infra:*"}}"#,
            Some(r#"["repo:octo-org/infra:*", "repo:octo-org/octo-repo:ref:refs/heads/main"]"#),
        ),
        (
            r#", "Condition": {"StringLike": {"K:sub": "*:ref:refs/heads/*"}}"#,
            Some(
                r#", "StringNotEquals": {"K:sub": "repo:octo-org/octo-repo:ref:refs/heads/main"}"#,
            ),
        ),
        (
            "",
            Some(
                r#", "Condition": { "StringNotEquals": { "K:sub": "repo:octo-org/octo-repo:ref:refs/heads/main" } }"#,
            ),
        ),
        (
            r#", "Condition": {"StringEquals": {"K:sub": "repo:octo-org/octo-repo:ref:refs/heads/main"}}"#,
            None,
        ),
    ] {
        let case = case(&with_deny(condition), MAIN, &[]);
        let report = report(&case);
        let found = report.edits.first().map(texts);
        assert_eq!(found.as_deref(), expected, "{condition}");
        assert_eq!(report.edits.len(), usize::from(expected.is_some()));
        let is_meant = report
            .refused
            .is_some_and(|why| why.contains("names this very subject"));
        assert_eq!(is_meant, expected.is_none());
    }
}

#[test]
fn several_faults_are_repaired_together() {
    let text = policy(
        r#"{"StringEquals": {"K:aud": "sts.amazonaws.com"}, "StringLike": {"K:sub": "repo:octo-org/octo-repo:*"}}"#,
    );
    let mut case = case(&text, MAIN, &[]);
    let issuer = "https://token.actions.githubusercontent.com/octo-inc";
    case.claims
        .as_mut()
        .unwrap()
        .insert("iss".to_owned(), issuer.into());
    case.provider = crate::case::ProviderGiven::Given {
        url: issuer.to_owned(),
        audiences: None,
    };
    let first = report(&case).edits.into_iter().next().unwrap();
    assert_eq!(first.label, EditLabel::AsBroad);
    assert_eq!(
        texts(&first),
        format!(r#""{PROVIDER}/octo-inc" | "{HOST}/octo-inc:aud" | "{HOST}/octo-inc:sub""#)
    );
}

#[test]
fn a_statement_that_would_open_more_is_left_alone() {
    let condition = r#"{"StringEquals": {"K:sub": ["repo:octo-org/a:ref:refs/heads/main", "repo:octo-org/b:ref:refs/heads/main"], "K:environment": "prod"}}"#;
    let case = case(&policy(condition), MAIN, &[]);
    let report = report(&case);
    let first = report.edits.first().unwrap();
    assert!(
        first.summary.starts_with("add a statement for"),
        "{}",
        first.summary
    );
    assert_eq!(first.label, EditLabel::ThisSubject);
}

#[test]
fn what_the_policy_can_not_help_names_the_place_that_helps() {
    let mut expired = case(
        &policy(r#"{"StringLike": {"K:sub": "repo:octo-org/octo-repo:*"}}"#),
        MAIN,
        &[],
    );
    let claims = expired.claims.as_mut().unwrap();
    claims.insert("iat".to_owned(), 1_795_442_400.into());
    claims.insert("exp".to_owned(), 1_795_442_700.into());
    expired.now = Some(1_795_446_000);
    let no_provider = Case {
        now: None,
        provider: crate::case::ProviderGiven::None,
        ..expired.clone()
    };
    for (case, expected) in [
        (expired, "the token had expired"),
        (no_provider, "create an identity provider"),
    ] {
        let report = report(&case);
        assert_eq!(report.verdict, Verdict::NoRepair);
        let refused = report.refused.unwrap();
        assert!(refused.contains(expected), "{refused}");
    }
}

#[test]
fn what_is_not_known_is_said() {
    let condition = r#"{"StringLike": {"K:sub": "repo:octo-org/octo-repo:*"}, "IpAddress": {"aws:SourceIp": "203.0.113.0/24"}}"#;
    let undecided = report(&case(&policy(condition), MAIN, &[]));
    assert_eq!(undecided.verdict, Verdict::Undecided);
    assert!(undecided.refused.unwrap().contains("aws:SourceIp"));
    let repaired = report(&case(&policy(condition), IDS, &[]));
    let first = repaired.edits.first().unwrap();
    assert!(
        first
            .summary
            .ends_with("; the rest hangs on facts that are not known")
    );
}
