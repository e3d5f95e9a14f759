//! Whole texts before and after.

use super::*;
use crate::case::Case;
use crate::report::Decision;
use crate::sts::Attempt;
use crate::token::Token;

fn policy(condition: &str) -> String {
    format!(
        r#"{{
  "Version": "2012-10-17",
  "Statement": [
    {{
      "Effect": "Allow",
      "Principal": {{ "Federated": "arn:aws:iam::111122223333:oidc-provider/token.actions.githubusercontent.com" }},
      "Action": "sts:AssumeRoleWithWebIdentity",
      "Condition": {condition}
    }}
  ]
}}
"#
    )
}

fn octo() -> Vec<Repository> {
    vec![Repository::new("octo-org/octo-repo", "12", "34").unwrap()]
}

fn run(text: &str, repositories: &[Repository]) -> MigrateReport {
    let parsed = Policy::parse(text).unwrap();
    migrate(&parsed, &Source::new(text), repositories, &|text| {
        Policy::parse(text).ok()
    })
}

/// `(condition before, with both, final)`
const TEXTS: &[(&str, &str, &str)] = &[
    (
        r#"{ "StringLike": { "token.actions.githubusercontent.com:sub": "repo:octo-org/octo-repo:*" } }"#,
        r#"{ "StringLike": { "token.actions.githubusercontent.com:sub": ["repo:octo-org/octo-repo:*", "repo:octo-org@12/octo-repo@34:*"] } }"#,
        r#"{ "StringLike": { "token.actions.githubusercontent.com:sub": ["repo:octo-org@12/octo-repo@34:*"] } }"#,
    ),
    (
        r#"{ "StringEquals": { "token.actions.githubusercontent.com:sub": [
          "repo:octo-org/octo-repo:pull_request",
          "repo:octo-org/octo-repo:ref:refs/heads/main"
        ] } }"#,
        r#"{ "StringEquals": { "token.actions.githubusercontent.com:sub": [
          "repo:octo-org/octo-repo:pull_request",
          "repo:octo-org@12/octo-repo@34:pull_request",
          "repo:octo-org/octo-repo:ref:refs/heads/main",
          "repo:octo-org@12/octo-repo@34:ref:refs/heads/main"
        ] } }"#,
        r#"{ "StringEquals": { "token.actions.githubusercontent.com:sub": [
          "repo:octo-org@12/octo-repo@34:pull_request",
          "repo:octo-org@12/octo-repo@34:ref:refs/heads/main"
        ] } }"#,
    ),
    (
        r#"{ "StringEquals": { "token.actions.githubusercontent.com:sub": ["repo:octo-org/other:pull_request", "repo:octo-org/octo-repo:pull_request"] } }"#,
        r#"{ "StringEquals": { "token.actions.githubusercontent.com:sub": ["repo:octo-org/other:pull_request", "repo:octo-org/octo-repo:pull_request", "repo:octo-org@12/octo-repo@34:pull_request"] } }"#,
        r#"{ "StringEquals": { "token.actions.githubusercontent.com:sub": ["repo:octo-org/other:pull_request", "repo:octo-org@12/octo-repo@34:pull_request"] } }"#,
    ),
];

#[test]
fn texts_keep_their_layout() {
    for (before, both, last) in TEXTS {
        let report = run(&policy(before), &octo());
        let texts: Vec<&str> = report.steps.iter().map(|step| &*step.policy).collect();
        assert_eq!(texts, [policy(both), policy(last)], "{before}");
        assert!(report.complete);
    }
}

#[test]
fn what_is_done_is_not_done_twice() {
    for (_, both, last) in TEXTS {
        let report = run(&policy(both), &octo());
        let texts: Vec<&str> = report.steps.iter().map(|step| &*step.policy).collect();
        assert_eq!(texts, [policy(last)], "{both}");
        let report = run(&policy(last), &octo());
        assert!(report.steps.is_empty() && report.complete, "{last}");
    }
}

#[test]
fn both_forms_get_in_then_only_the_new_one() {
    let decide = |text: &str, sub: &str| {
        let case = Case::from_json(&format!(
            r#"{{"claims": {{"sub": "{sub}", "aud": "sts.amazonaws.com"}}, "partial": true}}"#
        ))
        .unwrap();
        let policy = Policy::parse(text).unwrap();
        let token = Token::from_case(&case).unwrap();
        Attempt::prepare(&case, &token, &policy).decide(&policy)
    };
    let tail = ":pull_request";
    let (old, new, strange) = (
        format!("repo:octo-org/octo-repo{tail}"),
        format!("repo:octo-org@12/octo-repo@34{tail}"),
        format!("repo:octo-org@12/octo-repo@35{tail}"),
    );
    for (before, ..) in TEXTS {
        let report = run(&policy(before), &octo());
        let [both, last] = report.steps.as_slice() else {
            panic!("two steps");
        };
        assert_eq!(decide(&policy(before), &new), Decision::Deny);
        assert_eq!(decide(&both.policy, &old), Decision::Allow);
        assert_eq!(decide(&both.policy, &new), Decision::Allow);
        assert_eq!(decide(&both.policy, &strange), Decision::Deny);
        assert_eq!(decide(&last.policy, &old), Decision::Deny);
        assert_eq!(decide(&last.policy, &new), Decision::Allow);
    }
}

#[test]
fn what_stays_is_warned_of() {
    let sub = |values: &str| {
        policy(&format!(
            r#"{{ "StringLike": {{ "token.actions.githubusercontent.com:sub": {values} }} }}"#
        ))
    };
    for (values, warnings, steps) in [
        (r#""repo:octo-org*""#, &["before the owner is fixed"][..], 0),
        (
            r#""repo:octo-org/other:*""#,
            &[
                "names none of octo-org/octo-repo",
                "no subject of the policy names octo-org/octo-repo",
            ],
            0,
        ),
        (
            r#"["repo:octo-org/other:*", "repo:octo-org/octo-repo:*"]"#,
            &["names none of octo-org/octo-repo"],
            2,
        ),
        (
            r#""repo:Octo-Org/octo-repo:*""#,
            &["names none of", "no subject of the policy names"],
            0,
        ),
    ] {
        let report = run(&sub(values), &octo());
        assert_eq!(report.steps.len(), steps, "{values}");
        assert_eq!(
            report.warnings.len(),
            warnings.len(),
            "{values} {:?}",
            report.warnings
        );
        for (warning, says) in report.warnings.iter().zip(warnings) {
            assert!(warning.summary.contains(says), "{}", warning.summary);
        }
    }
}

#[test]
fn the_quota_is_watched() {
    let names: Vec<String> = (10..20)
        .map(|number| format!("octo-org/octo-repo-{}-{number}", "x".repeat(80)))
        .collect();
    let values: Vec<String> = names
        .iter()
        .map(|name| format!("\"repo:{name}:*\""))
        .collect();
    let text = policy(&format!(
        r#"{{ "StringLike": {{ "token.actions.githubusercontent.com:sub": [{}] }} }}"#,
        values.join(", ")
    ));
    let repositories: Vec<Repository> = names
        .iter()
        .map(|name| Repository::new(name, "123456789", "123456789").unwrap())
        .collect();
    let report = run(&text, &repositories);
    let fits: Vec<Fit> = report.steps.iter().map(|step| step.fits).collect();
    assert_eq!(
        fits,
        [Fit::NeedsRaisedQuota, Fit::Fits],
        "{:?}",
        report.steps.iter().map(|s| s.size).collect::<Vec<_>>()
    );
    assert!(
        report.steps[0]
            .advice
            .is_some_and(|advice| advice.contains("8,192"))
    );
}

#[test]
fn what_no_policy_can_hold_is_not_looked_at() {
    let values: Vec<String> = (0..2_001)
        .map(|number| format!("\"repo:octo-org/{number}:*\""))
        .collect();
    let text = policy(&format!(
        r#"{{ "StringLike": {{ "token.actions.githubusercontent.com:sub": [{}] }} }}"#,
        values.join(", ")
    ));
    let report = run(&text, &octo());
    assert!(report.steps.is_empty() && !report.complete);
    assert!(
        report.warnings[0]
            .summary
            .contains("no trust policy can hold them")
    );
}
