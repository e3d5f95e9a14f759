//! A statement that lets in nobody whom the others do not.

use super::view::{Seen, View};
use super::{Draft, Rule};
use crate::guide::{Page, pages};
use crate::policy::{ASSUME_ROLE_WITH_WEB_IDENTITY, Policy, PrincipalKind};
use crate::report::{Finding, Severity};

pub(super) const RULE: Rule = Rule::new(
    Severity::Info,
    &Page {
        id: "redundant_statement",
        title: "The other statements let in all that this one does.",
        meaning: "Statements are an OR. One that is covered by the others changes nothing; where it was meant to narrow the policy it does not, since the broader one still stands.",
        recognise: "Two Allow statements, one for a branch and one for the whole repository.",
        what_to_do: "Remove the broader one where the narrower is meant, else this one.",
        example_before: r#"[{"Effect": "Allow", "Principal": {"Federated": "PROVIDER"}, "Action": "sts:AssumeRoleWithWebIdentity", "Condition": {"StringLike": {"sub": "repo:octo-org/octo-repo:*"}}},
 {"Effect": "Allow", "Principal": {"Federated": "PROVIDER"}, "Action": "sts:AssumeRoleWithWebIdentity", "Condition": {"StringEquals": {"sub": "repo:octo-org/octo-repo:pull_request"}}}]"#,
        example_after: r#"[{"Effect": "Allow", "Principal": {"Federated": "PROVIDER"}, "Action": "sts:AssumeRoleWithWebIdentity", "Condition": {"StringLike": {"sub": "repo:octo-org/octo-repo:*"}}},
 {"Effect": "Allow", "Principal": {"Federated": "PROVIDER"}, "Action": "sts:AssumeRoleWithWebIdentity", "Condition": {"StringEquals": {"sub": "repo:octo-org/web:pull_request"}}}]"#,
        sources: &[pages::IAM_LOGIC],
    },
    find,
);

fn find(view: &View<'_>, so_far: &[Finding]) -> Vec<Draft> {
    let allows: Vec<&Seen<'_>> = view.allows().collect();
    if !(2..=MOST_STATEMENTS).contains(&allows.len()) {
        return Vec::new();
    }
    let redundant = allows.into_iter().filter(|seen| {
        is_for_tokens_alone(seen)
            && !seen.has_error(so_far)
            && seen.lets_nobody_in(view) == Some(false)
            && view.admits_nothing_beside(&without(view, seen), view.policy) == Some(true)
    });
    // Of two that cover each other one is enough.
    redundant
        .take(1)
        .map(|seen| {
            Draft::new(
                Severity::Info,
                seen.at_subject(),
                "the other statements let in all that this one does",
                "remove the broader one where the narrower is meant, else this one",
            )
        })
        .collect()
}

/// Each is compared with all others.
const MOST_STATEMENTS: usize = 8;

fn without(view: &View<'_>, seen: &Seen<'_>) -> Policy {
    let others = view.policy.statements.iter();
    let others = others.filter(|other| !std::ptr::eq(*other, seen.statement));
    Policy {
        statements: others.cloned().collect(),
        ..view.policy.clone()
    }
}

/// Whether nobody but web identities can use the statement, and for nothing but the call.
fn is_for_tokens_alone(seen: &Seen<'_>) -> bool {
    let mut principals = seen.statement.principal.entries.iter();
    let mut actions = seen.statement.action.entries.iter();
    principals.all(|entry| entry.kind == PrincipalKind::Federated)
        && actions.all(|(action, _)| action.text == ASSUME_ROLE_WITH_WEB_IDENTITY)
}
