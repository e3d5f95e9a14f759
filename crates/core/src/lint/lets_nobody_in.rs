//! A statement that no token passes, where no other rule says why.

use super::view::{Seen, View};
use super::{Draft, Rule};
use crate::explain::stand_in;
use crate::guide::{Page, pages};
use crate::policy::ProviderArn;
use crate::report::{Finding, Severity};

pub(super) const RULE: Rule = Rule::new(
    Severity::Error,
    &Page {
        id: "lets_nobody_in",
        title: "No token that GitHub can issue passes the statement.",
        meaning: "The tests of the statement were followed through all tokens that GitHub can issue, with classic and immutable subjects and customised templates: none meets them all. Whatever the role is for, it can't be assumed this way.",
        recognise: "Tests that tie claims together that never come together, such as a subject of one repository and the id of another, or a value that is longer than any name.",
        what_to_do: "Compare with a token of the run that should get in: rolecall check says which test it fails.",
        example_before: r#"{"StringEquals": {"sub": "repo:octo-org/octo-repo:ref:refs/heads/a..b"}}"#,
        example_after: r#"{"StringEquals": {"sub": "repo:octo-org/octo-repo:ref:refs/heads/a.b"}}"#,
        sources: &[pages::GITHUB_OIDC],
    },
    find,
);

/// A placeholder has a finding of its own.
fn is_filled_in(seen: &Seen<'_>) -> bool {
    let mut keys = seen.statement.tests.iter().map(|test| &test.key.text);
    keys.all(|key| stand_in(key).is_none())
        && seen.values().all(|value| stand_in(value.text).is_none())
}

/// Without the ARN of a provider there is nothing to follow.
fn names_provider(seen: &Seen<'_>) -> bool {
    let mut entries = seen.statement.principal.entries.iter();
    entries.any(|entry| ProviderArn::parse(&entry.value.text).is_some())
}

fn find(view: &View<'_>, so_far: &[Finding]) -> Vec<Draft> {
    let dead = view.allows().filter(|seen| {
        !seen.has_error(so_far)
            && names_provider(seen)
            && is_filled_in(seen)
            && seen.lets_nobody_in(view) == Some(true)
    });
    dead.map(|seen| {
        Draft::new(
            Severity::Error,
            seen.at_subject(),
            "no token that GitHub can issue passes this statement",
            "compare it with a token of the run that should get in",
        )
    })
    .collect()
}
