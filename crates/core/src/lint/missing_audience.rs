//! A statement that does not look at the audience.

use super::view::{Seen, View};
use super::{Draft, Rule};
use crate::guide::{Page, pages};
use crate::report::{Finding, Severity};

pub(super) const RULE: Rule = Rule::new(
    Severity::Warning,
    &Page {
        id: "missing_audience",
        title: "The statement does not look at the audience.",
        meaning: "The audience says for whom a token was made. Without a test of `aud` every audience that is registered with the identity provider will do, so that a token that was made for another service, and registered for it, can be turned into a session of this role. With sts.amazonaws.com as the only registered audience nothing is open today.",
        recognise: "No test of `aud` in an Allow for GitHub's provider.",
        what_to_do: "Add `\"token.actions.githubusercontent.com:aud\": \"sts.amazonaws.com\"` under StringEquals.",
        example_before: r#"{"StringEquals": {"sub": "repo:octo-org/octo-repo:environment:prod"}}"#,
        example_after: r#"{"StringEquals": {"aud": "sts.amazonaws.com", "sub": "repo:octo-org/octo-repo:environment:prod"}}"#,
        sources: &[pages::GITHUB_OIDC, pages::CREATE_PROVIDER],
    },
    find,
)
.about_access();

fn find(view: &View<'_>, _: &[Finding]) -> Vec<Draft> {
    let without = view.allows().filter(|seen| !tests_audience(seen));
    without
        .map(|seen| {
            Draft::new(
                Severity::Warning,
                seen.at_action(),
                "the statement does not test the audience: every one that is registered with the provider will do",
                "add a test of aud for `sts.amazonaws.com` under StringEquals",
            )
        })
        .collect()
}

fn tests_audience(seen: &Seen<'_>) -> bool {
    let mut tests = seen.statement.tests.iter();
    tests.any(|test| ["aud", "oaud"].iter().any(|claim| seen.is_on(test, claim)))
}
