//! Known traps: what a search that takes a short cut gets wrong, each with the rule that decides.

use rolecall_core::analyze::{Answer, Options, gained};
use rolecall_core::policy::Policy;

use crate::policies::OPEN;

/// What a statement asks for, and whether GitHub issues such a token.
const TRAPS: [(&str, bool); 28] = [
    // `:` is written `%3A` in the subject only, `%` is not escaped.
    (
        r#""StringEquals": {"H:sub": "repo:oo/a:environment:p%3Aq", "H:environment": "p:q"}"#,
        true,
    ),
    (
        r#""StringEquals": {"H:sub": "repo:oo/a:environment:p%3Aq", "H:environment": "p%3Aq"}"#,
        true,
    ),
    (
        r#""StringEquals": {"H:sub": "repo:oo/a:environment:p%3Aq", "H:environment": "pq"}"#,
        false,
    ),
    (
        r#""StringEquals": {"H:sub": "repo:oo/a:environment:p:q"}"#,
        false,
    ),
    // One ref, one repository, one owner, one account.
    (
        r#""StringEquals": {"H:sub": "repo:oo/a:ref:refs/heads/m", "H:ref": "refs/heads/n"}"#,
        false,
    ),
    (
        r#""StringLike": {"H:sub": "repo:oo/a:*", "H:repository": "oo/ab"}"#,
        false,
    ),
    (
        r#""StringLike": {"H:sub": "repo:oo@1/*", "H:repository_owner_id": "2"}"#,
        false,
    ),
    (
        r#""StringLike": {"H:sub": "repo:oo/*:repository_owner:ev"}"#,
        false,
    ),
    (
        r#""StringLike": {"H:sub": "repo:*repository_owner:oo*"}"#,
        true,
    ),
    (
        r#""StringLike": {"H:aud": "x"}, "StringEquals": {"H:oaud": "y"}"#,
        false,
    ),
    // The number is 11: neither the first that fits the one place nor the first that fits the other.
    (
        r#""StringLike": {"H:sub": "repo:?@?1/x@?:repository_owner_id:1?"}"#,
        true,
    ),
    (
        r#""StringLike": {"H:sub": "repo:?a/x:repository_owner:b?"}"#,
        true,
    ),
    // A value may look like a key.
    (
        r#""StringLike": {"H:sub": "*:pull_request", "H:ref": "refs/tags/*"}"#,
        true,
    ),
    // A pull request is at its merge commit, or at the base branch once it is merged; an environment names the tail.
    (
        r#""StringLike": {"H:sub": "repo:oo/a:pull_request", "H:ref": "refs/pull/*"}"#,
        true,
    ),
    (
        r#""StringLike": {"H:sub": "repo:oo/a:pull_request", "H:ref": "refs/heads/m"}"#,
        true,
    ),
    (
        r#""StringLike": {"H:sub": "repo:oo/a:pull_request", "H:ref": "refs/tags/*"}"#,
        false,
    ),
    (
        r#""StringLike": {"H:sub": "repo:oo/a:pull_request", "H:environment": "*"}"#,
        false,
    ),
    // `[repo, ref]`, `[repo]`, `[repo, context, environment]`; no key twice.
    (
        r#""StringEquals": {"H:sub": "repo:oo/a:ref:refs/heads/m", "H:environment": "p"}"#,
        true,
    ),
    (r#""StringEquals": {"H:sub": "repo:oo/a"}"#, true),
    (
        r#""StringEquals": {"H:sub": "repo:oo/a:environment:p:environment:p"}"#,
        true,
    ),
    (r#""StringEquals": {"H:sub": "actor:al:actor:al"}"#, false),
    // Keys that AWS does not offer are absent.
    (r#""StringEquals": {"H:repository_owner": "oo"}"#, false),
    (
        r#""StringEqualsIfExists": {"H:repository_owner": "oo"}"#,
        true,
    ),
    (
        r#""ForAllValues:StringEquals": {"H:repository_owner": "oo"}"#,
        true,
    ),
    // Names.
    (r#""StringLike": {"H:sub": "repo:oo-/*"}"#, false),
    (r#""StringLike": {"H:sub": "repo:oo/a.git:*"}"#, false),
    (r#""StringLike": {"H:ref": "refs/heads/*..*"}"#, false),
    (r#""StringLike": {"H:ref": "refs/heads/* *"}"#, false),
];

#[test]
fn traps() {
    let nobody = Policy::parse(&OPEN.replace("Allow", "Deny")).unwrap();
    let mut undecided = Vec::new();
    for (condition, exists) in TRAPS {
        let condition = condition.replace("H:", "token.actions.githubusercontent.com:");
        let action = r#""Action": "sts:AssumeRoleWithWebIdentity""#;
        let text = OPEN.replace(
            action,
            &format!(r#"{action}, "Condition": {{{condition}}}"#),
        );
        let policy = Policy::parse(&text).unwrap();
        assert!(
            policy
                .statements
                .iter()
                .all(|statement| statement.has_condition)
        );
        match gained(&nobody, &policy, None, &Options::default()) {
            Answer::Found(gain) => assert!(exists, "{condition}: {:?}", gain.witness),
            Answer::None => assert!(!exists, "{condition}: none"),
            Answer::Unknown(why) => undecided.push(format!("{condition}: {why}")),
        }
    }
    assert!(undecided.len() <= 4, "{undecided:#?}");
}
