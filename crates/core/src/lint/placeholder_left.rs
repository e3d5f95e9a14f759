//! A placeholder that was not replaced.

use std::collections::BTreeSet;

use super::view::{Place, Seen, View};
use super::{Draft, Rule};
use crate::explain::stand_in;
use crate::report::{CauseId, Finding, Severity};

pub(super) const RULE: Rule = Rule::of_cause(Severity::Warning, CauseId::PlaceholderLeft, find);

fn find(view: &View<'_>, _: &[Finding]) -> Vec<Draft> {
    let places = view.statements.iter().flat_map(texts);
    let left = places.filter_map(|(text, place)| Some((stand_in(text)?, place)));
    // Each is told once, where it stands first.
    let mut told = BTreeSet::new();
    let first = left.filter(|(left, _)| told.insert(left.clone()));
    first
        .map(|(left, place)| {
            Draft::new(
                Severity::Warning,
                place,
                format!("`{left}` looks like a placeholder that was not replaced"),
                "write the real value in its place",
            )
        })
        .collect()
}

/// Every text of a statement that is about web identities.
fn texts<'s>(seen: &'s Seen<'_>) -> Vec<(&'s str, Place)> {
    if !seen.covers_the_call() {
        return Vec::new();
    }
    let entries = seen.statement.principal.entries.iter();
    let principals = entries.map(|entry| (entry.value.text.as_str(), seen.at_entry(entry)));
    let tests = seen.statement.tests.iter();
    let keys = tests.map(|test| (test.key.text.as_str(), seen.at_key(test)));
    let values = seen.values().map(|value| (value.text, value.place()));
    principals.chain(keys).chain(values).collect()
}

#[cfg(test)]
mod tests {
    use super::super::tests::table;

    #[test]
    fn values_keys_and_principals() {
        table(
            &super::RULE,
            &[
                (
                    r#"{"StringEquals": {"sub": "repo:YOUR_ORG/app:pull_request"}}"#,
                    r#"warning "repo:YOUR_ORG/app:pull_request""#,
                ),
                (
                    r#"{"Effect": "Allow", "Principal": {"Federated": "${provider_arn}"}, "Action": "sts:AssumeRoleWithWebIdentity"}"#,
                    r#"warning "${provider_arn}""#,
                ),
                (
                    r#"{"StringLike": {"<ISSUER>:sub": "repo:octo-org/app:*"}}"#,
                    r#"warning "<ISSUER>:sub""#,
                ),
                (
                    r#"{"StringEquals": {"sub": "repo:NASA/app:pull_request"}}"#,
                    "",
                ),
            ],
        );
    }
}
