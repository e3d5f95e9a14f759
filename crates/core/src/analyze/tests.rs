use super::*;
use crate::span::Source;

const ARN: &str = "arn:aws:iam::111122223333:oidc-provider/token.actions.githubusercontent.com";

/// A policy with one Allow statement; `H:` stands for the provider's host.
fn policy(condition: &str) -> Policy {
    policies(&[("Allow", condition)])
}

fn policies(statements: &[(&str, &str)]) -> Policy {
    let statement = |(effect, condition): &(&str, &str)| {
        format!(
            r#"{{"Effect": "{effect}", "Principal": {{"Federated": "{ARN}"}}, "Action": "sts:AssumeRoleWithWebIdentity", "Condition": {}}}"#,
            condition.replace("H:", "token.actions.githubusercontent.com:")
        )
    };
    let statements: Vec<String> = statements.iter().map(statement).collect();
    Policy::parse(&format!(
        r#"{{"Version": "2012-10-17", "Statement": [{}]}}"#,
        statements.join(",")
    ))
    .unwrap()
}

fn like(sub: &str) -> Policy {
    policy(&format!(r#"{{"StringLike": {{"H:sub": "{sub}"}}}}"#))
}

fn subject(claims: &Option<Claims>) -> &str {
    claims
        .as_ref()
        .map_or("", |claims| claims["sub"].as_str().unwrap())
}

#[test]
fn verdicts() {
    use Scope::{Anyone, Nobody, NotDecided, Owner, Repository};
    use Verdict::{Borrow, Closed, Lure, Open};
    let job = "octo-org/w/.github/workflows/x.yml@refs/heads/main";
    for (condition, scope, verdict, witness) in [
        (
            r#"{"StringLike": {"H:sub": "repo:octo-org/octo-repo:*"}}"#,
            Repository,
            Closed,
            "",
        ),
        (
            r#"{"StringLike": {"H:sub": "repo:octo-org/*"}}"#,
            Owner,
            Closed,
            "",
        ),
        (
            r#"{"StringLike": {"H:sub": "repo:octo-org/app*"}}"#,
            Owner,
            Closed,
            "",
        ),
        (
            r#"{"StringLike": {"H:sub": "repo:octo-org@*/app@*:*"}}"#,
            Owner,
            Closed,
            "",
        ),
        (
            r#"{"StringLike": {"H:sub": "repo:octo-org*"}}"#,
            Anyone,
            Open,
            "repo:octo-org-evil/demo:ref:refs/heads/main",
        ),
        (
            r#"{"StringLike": {"H:sub": "repo:*/app:*"}}"#,
            Anyone,
            Open,
            "repo:evil-corp/app:ref:refs/heads/main",
        ),
        (
            r#"{"StringLike": {"H:sub": "repo:*@123/*@456:ref:refs/heads/main"}}"#,
            Anyone,
            Open,
            "repo:evil-corp/demo:workflow:@123/@456:ref:refs/heads/main",
        ),
        (
            r#"{"StringEquals": {"H:aud": "sts.amazonaws.com"}}"#,
            Anyone,
            Open,
            "repo:evil-corp/demo:ref:refs/heads/main",
        ),
        (
            r#"{"StringLike": {"H:repository_id": "12*"}}"#,
            Anyone,
            Open,
            "repo:evil-corp/demo:ref:refs/heads/main",
        ),
        (
            r#"{"StringEquals": {"H:repository_id": "123"}}"#,
            Repository,
            Closed,
            "",
        ),
        (
            r#"{"StringEquals": {"H:repository_owner_id": "123"}}"#,
            Owner,
            Closed,
            "",
        ),
        (
            r#"{"StringEquals": {"H:actor": "alice"}}"#,
            Anyone,
            Lure,
            "repo:evil-corp/demo:ref:refs/heads/main",
        ),
        (
            r#"{"StringEquals": {"H:actor": "dependabot[bot]"}}"#,
            Anyone,
            Open,
            "repo:evil-corp/demo:ref:refs/heads/main",
        ),
        (
            &format!(r#"{{"StringEquals": {{"H:job_workflow_ref": "{job}"}}}}"#),
            Anyone,
            Borrow,
            "repo:octo-org-evil/demo:ref:refs/heads/main",
        ),
        (
            r#"{"StringLike": {"H:sub": "*:repository_owner:oo*"}}"#,
            Anyone,
            Open,
            "ref:refs/heads/main:repository_owner:oo-evil",
        ),
        (
            r#"{"StringLike": {"H:sub": "workflow:*:repo:octo-org/app:*"}}"#,
            Repository,
            Closed,
            "",
        ),
        (
            r#"{"StringLike": {"H:sub": "environment:*:repository_owner:octo-org"}}"#,
            Owner,
            Closed,
            "",
        ),
        (
            r#"{"StringEquals": {"H:sub": "repo:octo-org/octo-repo:*"}}"#,
            Nobody,
            Closed,
            "",
        ),
        (
            r#"{"StringEquals": {"H:repository_owner": "octo-org"}}"#,
            Nobody,
            Closed,
            "",
        ),
        (
            r#"{"ForAllValues:StringEquals": {"H:repository_owner": "octo-org"}}"#,
            Anyone,
            Open,
            "repo:evil-corp/demo:ref:refs/heads/main",
        ),
        (
            r#"{"ForAllValues:StringLike": {"H:sub": "repo:octo-org/*"}}"#,
            Owner,
            Closed,
            "",
        ),
        (
            r#"{"StringLike": {"H:sub": "repo:<ORG>/app:*"}}"#,
            NotDecided,
            Verdict::NotDecided,
            "",
        ),
        (
            r#"{"StringLike": {"H:sub": "repo:github.com/octo-org/app:*"}}"#,
            Nobody,
            Closed,
            "",
        ),
        (
            r#"{"StringLike": {"H:sub": "repo:octo-org/app:ref:${H:ref}"}}"#,
            Repository,
            Closed,
            "",
        ),
        (
            r#"{"StringLike": {"H:sub": "repo:octo-org?app:*"}}"#,
            Repository,
            Verdict::Depends,
            "repo:octo-org/app:ref:refs/heads/main",
        ),
    ] {
        let who = who(&policy(condition), &Options::default());
        assert_eq!(
            (who.scope, who.outsider.verdict),
            (scope, verdict),
            "{condition} {:?}",
            who.unknown
        );
        assert_eq!(subject(&who.outsider.witness), witness, "{condition}");
    }
}

/// Correlations between `sub` and the other claims: each contradicts.
#[test]
fn nobody_where_claims_contradict() {
    for condition in [
        r#"{"StringEquals": {"H:sub": "repo:o/r:ref:refs/heads/main", "H:ref": "refs/heads/dev"}}"#,
        r#"{"StringEquals": {"H:sub": "repo:o/r:environment:prod", "H:environment": "dev"}}"#,
        r#"{"StringEquals": {"H:repository": "p/r"}, "StringLike": {"H:sub": "repo:o/*"}}"#,
        r#"{"StringEquals": {"H:repository_owner_id": "2"}, "StringLike": {"H:sub": "repo:o@1/*"}}"#,
        r#"{"StringEquals": {"H:sub": "repo:o/r:pull_request", "H:environment": "prod"}}"#,
        r#"{"StringEquals": {"H:sub": "repo:o/r:pull_request", "H:ref": "refs/tags/v1"}}"#,
        r#"{"StringEquals": {"H:sub": "repo:o/r:environment:a:b"}}"#,
        r#"{"StringEquals": {"H:sub": "repo:o/r:ref:refs/heads/main"}, "Null": {"H:environment": "false"}}"#,
        r#"{"StringEquals": {"H:sub": "repo:o/r:ref:refs/heads/main"}, "StringNotLike": {"H:sub": "repo:o/*"}}"#,
    ] {
        let who = who(&policy(condition), &Options::default());
        assert_eq!(
            who.scope,
            Scope::Nobody,
            "{condition} {:?} {:?}",
            who.sets,
            who.unknown
        );
        assert!(!who.nobody.is_empty(), "{condition}");
    }
    let escaped =
        r#"{"StringEquals": {"H:sub": "repo:o/r:environment:a%3Ab", "H:environment": "a:b"}}"#;
    assert_eq!(
        who(&policy(escaped), &Options::default()).scope,
        Scope::Repository
    );
}

#[test]
fn relations() {
    use Relation::{Equal, Incomparable, Looser, Stricter};
    let whole = like("repo:o/r:*");
    let main = like("repo:o/r:ref:refs/heads/main");
    let listed = policy(
        r#"{"StringLike": {"H:sub": ["repo:o/r:ref:*", "repo:o/r:environment:*", "repo:o/r:pull_request"]}}"#,
    );
    let but_main = policies(&[
        ("Allow", r#"{"StringLike": {"H:sub": "repo:o/r:*"}}"#),
        (
            "Deny",
            r#"{"StringEquals": {"H:sub": "repo:o/r:ref:refs/heads/main"}}"#,
        ),
    ]);
    let no_pulls = policy(
        r#"{"StringLike": {"H:sub": "repo:o/r:*"}, "StringNotEquals": {"H:sub": "repo:o/r:pull_request"}}"#,
    );
    let networked = policy(
        r#"{"StringLike": {"H:sub": "repo:o/r:*"}, "IpAddress": {"aws:SourceIp": "203.0.113.0/24"}}"#,
    );
    for (old, new, relation) in [
        (&whole, &whole, Equal),
        (&whole, &main, Stricter),
        (&main, &whole, Looser),
        (&whole, &listed, Equal),
        (&whole, &but_main, Stricter),
        (&but_main, &main, Incomparable),
        (&whole, &no_pulls, Stricter),
        (&whole, &networked, Stricter),
        (&networked, &networked, Equal),
        (&main, &like("repo:p/r:*"), Incomparable),
    ] {
        let diff = diff(old, new, &Options::default());
        assert_eq!(diff.relation, relation, "{:?} {:?}", diff.gained, diff.lost);
        for (answer, allowing, denying) in [(&diff.gained, new, old), (&diff.lost, old, new)] {
            if let Answer::Found(gain) = answer {
                assert_eq!(decide(&gain.run, allowing), Some(Decision::Allow));
                assert_eq!(decide(&gain.run, denying), Some(Decision::Deny));
            }
        }
    }
    let besides = diff(&whole, &listed, &Options::default()).with_templates;
    assert!(
        matches!(besides, Some((Answer::None, Answer::Found(_)))),
        "{besides:?}"
    );
}

#[test]
fn what_is_gained_besides_a_subject() {
    let old = like("repo:o/r:ref:refs/heads/main");
    let new = policy(
        r#"{"StringLike": {"H:sub": ["repo:o/r:ref:refs/heads/main", "repo:o/r:ref:refs/heads/dev"]}}"#,
    );
    let options = Options::default();
    assert_eq!(
        gained(&old, &new, Some("repo:o/r:ref:refs/heads/dev"), &options),
        Answer::None
    );
    let Answer::Found(gain) = gained(
        &old,
        &like("repo:o/r:*"),
        Some("repo:o/r:ref:refs/heads/dev"),
        &options,
    ) else {
        panic!("nothing")
    };
    assert!(
        gain.words
            .iter()
            .any(|words| words == "pull requests of o/r"),
        "{:?}",
        gain.words
    );
}

#[test]
fn too_few_steps_decide_nothing() {
    let options = Options {
        steps: 3,
        ..Options::default()
    };
    let who = who(&like("repo:octo-org/octo-repo:*"), &options);
    assert_eq!(who.outsider.verdict, Verdict::NotDecided);
    assert!(
        who.outsider.assumptions[0].contains("stopped after 3 steps"),
        "{:?}",
        who.outsider.assumptions
    );
    assert_eq!((who.scope, who.nobody), (Scope::NotDecided, Vec::new()));
}

#[test]
fn what_is_not_decided_is_not_said_to_be_none() {
    // Too many places at once to be followed.
    let hard = format!("repo:octo-org/a*b{}:*", "?".repeat(60));
    let [easy, hard, none] = ["repo:octo-org/octo-repo:*", &hard, "none"]
        .map(|sub| format!(r#"{{"StringLike": {{"H:sub": "{sub}"}}}}"#));
    let policy = policies(&[("Allow", &easy), ("Allow", &hard), ("Allow", &none)]);
    let options = Options {
        steps: 500,
        ..Options::default()
    };
    let who = who(&policy, &options);
    assert!(!who.unknown.is_empty());
    assert_eq!(
        who.nobody,
        ["statement 3: no subject that GitHub issues meets StringLike `none`"]
    );
    let report = report::WhoPolicy::new("", "", &policy, &Source::new(""), &options);
    assert_eq!(
        report.forms.as_deref(),
        Some("subjects with names; whether any with ids get in is not decided")
    );
}
