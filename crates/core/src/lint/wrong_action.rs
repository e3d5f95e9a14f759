//! A statement for GitHub's provider that does not cover the call.

use super::view::{Seen, View};
use super::{Draft, Rule};
use crate::condition::Effect;
use crate::policy::{ASSUME_ROLE_WITH_WEB_IDENTITY, PrincipalKind};
use crate::report::{CauseId, Finding, Severity};

pub(super) const RULE: Rule = Rule::of_cause(Severity::Error, CauseId::WrongAction, find);

/// What may stand in a statement beside the one that covers the call.
const BESIDE: &[&str] = &["sts:TagSession", "sts:SetSourceIdentity", "sts:SetContext"];

fn find(view: &View<'_>, _: &[Finding]) -> Vec<Draft> {
    let wrong = view.statements.iter().filter(|seen| is_wrong(seen));
    wrong
        .map(|seen| {
            Draft::new(
                Severity::Error,
                seen.at_action(),
                format!(
                    "the statement trusts GitHub's provider, but does not cover {ASSUME_ROLE_WITH_WEB_IDENTITY}: no token can use it"
                ),
                format!("write {ASSUME_ROLE_WITH_WEB_IDENTITY}; sts:AssumeRole is for AWS principals"),
            )
        })
        .collect()
}

fn is_wrong(seen: &Seen<'_>) -> bool {
    let statement = seen.statement;
    let is_for_tokens = |entry: &crate::policy::Principal| entry.kind == PrincipalKind::Federated;
    statement.effect == Effect::Allow
        && seen.github.is_some()
        && statement.principal.entries.iter().all(is_for_tokens)
        && !seen.covers_the_call()
        && !BESIDE.iter().any(|action| statement.action.covers(action))
}

#[cfg(test)]
mod tests {
    use super::super::tests::table;

    #[test]
    fn actions_beside_the_call_are_left_alone() {
        let statement = |action: &str| {
            format!(
                r#"{{"Effect": "Allow", "Principal": {{"Federated": "PROVIDER"}}, "Action": "{action}", "Condition": {{"StringEquals": {{"sub": "repo:octo-org/app:pull_request"}}}}}}"#
            )
        };
        table(
            &super::RULE,
            &[
                (&statement("sts:AssumeRole"), r#"error "sts:AssumeRole""#),
                (&statement("sts:TagSession"), ""),
                (&statement("sts:AssumeRole*"), ""),
            ],
        );
    }
}
