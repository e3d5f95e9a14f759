//! What all rules have in common: examples that hold, ids that are unique, findings that have a place.

use super::*;
use crate::span::Source;

const CLAIMS: &[&str] = &[
    "sub",
    "aud",
    "actor",
    "environment",
    "ref",
    "repository",
    "repository_id",
    "repository_owner",
    "repository_owner_id",
    "job_workflow_ref",
    "workflow",
    "enterprise_id",
    "subject",
];
const PROVIDER: &str =
    r#""arn:aws:iam::111122223333:oidc-provider/token.actions.githubusercontent.com""#;

/// A policy of an example: a condition, a statement or a list of them, or a whole policy; short keys are GitHub's.
pub(super) fn policy(example: &str) -> String {
    let mut text = example.replace("\"PROVIDER\"", PROVIDER);
    for claim in CLAIMS {
        let long = format!("\"token.actions.githubusercontent.com:{claim}\":");
        text = text.replace(&format!("\"{claim}\":"), &long);
    }
    if text.contains("\"Statement\"") {
        text
    } else if text.contains("\"Effect\"") {
        format!(r#"{{"Version": "2012-10-17", "Statement": {text}}}"#)
    } else {
        format!(
            r#"{{"Version": "2012-10-17", "Statement": [{{"Effect": "Allow", "Principal": {{"Federated": {PROVIDER}}},
                "Action": "sts:AssumeRoleWithWebIdentity", "Condition": {text}}}]}}"#
        )
    }
}

fn findings(example: &str) -> (String, Vec<Finding>) {
    let text = policy(example);
    let policy = Policy::parse(&text).unwrap_or_else(|unreadable| panic!("{unreadable}: {text}"));
    let found = lint(&policy, &Source::new(text.as_str()), &Options::default());
    (text, found)
}

/// What a rule finds: `severity underlined`, one after the other.
pub(super) fn found(rule: &Rule, example: &str) -> String {
    let (text, findings) = findings(example);
    let source = Source::new(text);
    let of_rule = findings.iter().filter(|finding| finding.rule == rule.id);
    let shown = of_rule.map(|finding| {
        let severity = match finding.severity {
            Severity::Error => "error",
            Severity::Warning => "warning",
            Severity::Info => "info",
        };
        let underlined = source
            .snippet(finding.location.span())
            .replace("token.actions.githubusercontent.com:", "");
        format!("{severity} {underlined}")
    });
    shown.collect::<Vec<_>>().join("; ")
}

/// Asserts a table: an example, and what the rule finds in it.
#[track_caller]
pub(super) fn table(rule: &Rule, rows: &[(&str, &str)]) {
    for (example, expected) in rows {
        assert_eq!(found(rule, example), *expected, "{example}");
    }
}

#[test]
fn ids_are_unique_and_every_rule_has_a_page() {
    let mut ids: Vec<&str> = RULES.iter().map(|rule| rule.id).collect();
    ids.sort_unstable();
    let all = ids.len();
    ids.dedup();
    assert_eq!(ids.len(), all);
    for one in RULES {
        assert!(one.page().is_some(), "{}", one.id);
        assert_eq!(rule(one.id).map(|rule| rule.id), Some(one.id));
    }
}

#[test]
fn examples_are_found_by_their_rule_and_repaired_ones_are_not() {
    for rule in RULES {
        let Some(page) = rule.own else { continue };
        assert_ne!(found(rule, page.example_before), "", "{}", rule.id);
        assert_eq!(found(rule, page.example_after), "", "{}", rule.id);
    }
}

#[test]
fn a_tight_policy_has_no_finding_but_what_is_worth_knowing() {
    let tight = r#"{"StringEquals": {"aud": "sts.amazonaws.com", "sub":
        ["repo:octo-org/octo-repo:environment:prod", "repo:octo-org@1/octo-repo@2:environment:prod"]}}"#;
    let (_, findings) = findings(tight);
    assert!(findings.is_empty(), "{findings:?}");
}

#[test]
fn the_worst_comes_first_and_what_iam_refuses_before_all() {
    let (_, findings) = findings(
        r#"[{"Effect": "Allow", "Principal": {"Federated": "PROVIDER"}, "Action": "sts:AssumeRoleWithWebIdentity",
            "Condition": {"StringEquals": {"aud": "sts.amazonaws.com"}}, "Resource": "*"}]"#,
    );
    assert_eq!(
        findings.first().map(|finding| finding.rule),
        Some("not_storable")
    );
    assert!(
        findings.is_sorted_by_key(|finding| finding.severity),
        "{findings:?}"
    );
}

#[test]
fn nothing_is_said_of_other_providers() {
    let (_, findings) = findings(
        r#"{"Effect": "Allow", "Principal": {"Federated": "arn:aws:iam::111122223333:oidc-provider/oidc.eks.us-east-1.amazonaws.com/id/EXAMPLED539D4633E53DE1B716D3041E"},
            "Action": "sts:AssumeRoleWithWebIdentity", "Condition": {"StringEquals": {
            "oidc.eks.us-east-1.amazonaws.com/id/EXAMPLED539D4633E53DE1B716D3041E:sub": "system:serviceaccount:default:app"}}}"#,
    );
    assert!(findings.is_empty(), "{findings:?}");
}

/// An error says that something does not work, which must be proved: with no steps nothing is.
#[test]
fn what_is_not_decided_is_no_error() {
    for (rule, condition) in [
        (
            "stringequals_with_wildcard",
            r#"{"StringEquals": {"sub": "repo:octo-org/octo-repo:*"}}"#,
        ),
        (
            "sub_typo",
            r#"{"StringEquals": {"sub": "repo:octo-org/octo-repo:refs:heads:main"}}"#,
        ),
        (
            "conditions_anded",
            r#"{"StringEquals": {"sub": "repo:octo-org/octo-repo:ref:refs/heads/main", "repository": "octo-org/other"}}"#,
        ),
    ] {
        let text = policy(condition);
        let severity = |steps| {
            let options = Options {
                steps,
                ..Options::default()
            };
            let findings = lint(
                &Policy::parse(&text).unwrap(),
                &Source::new(text.as_str()),
                &options,
            );
            findings
                .into_iter()
                .find(|finding| finding.rule == rule)
                .map(|finding| finding.severity)
        };
        assert_eq!(
            severity(Options::default().steps),
            Some(Severity::Error),
            "{rule}"
        );
        assert_eq!(severity(0), Some(Severity::Warning), "{rule}");
    }
}

proptest::proptest! {
    // Each asks the analysis several questions.
    #![proptest_config(proptest::prelude::ProptestConfig::with_cases(32))]
    #[test]
    fn no_value_panics_a_rule(sub in "[a-z:/@*?$%{}A-Z ]{0,24}", operator in "(StringLike|StringEquals|StringNotLike|Null|ForAllValues:StringLike)") {
        let value = serde_json::Value::from(sub);
        let text = policy(&format!(r#"{{"{operator}": {{"sub": {value}}}}}"#));
        let options = Options { steps: 1_000, ..Options::default() };
        let _ = lint(&Policy::parse(&text).unwrap(), &Source::new(text.as_str()), &options);
    }
}
