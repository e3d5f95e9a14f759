//! Repositories of several owners share the role.

use super::view::{View, is_positive};
use super::{Draft, Rule};
use crate::guide::{Page, pages};
use crate::report::{Finding, Severity};
use crate::token::subject::Subject;

pub(super) const RULE: Rule = Rule::new(
    Severity::Info,
    &Page {
        id: "several_owners",
        title: "Repositories of several owners share the role.",
        meaning: "All of them get the same permissions, and each of the owners decides alone who may use them. One that was forgotten, renamed or sold stays trusted.",
        recognise: "Values for `sub` that name different owners.",
        what_to_do: "Give each owner a role of his own, or remove who is no longer meant.",
        example_before: r#"{"StringEquals": {"aud": "sts.amazonaws.com", "sub": ["repo:octo-org/octo-repo:environment:prod", "repo:octo-inc/web:environment:prod"]}}"#,
        example_after: r#"{"StringEquals": {"aud": "sts.amazonaws.com", "sub": ["repo:octo-org/octo-repo:environment:prod", "repo:octo-org/web:environment:prod"]}}"#,
        sources: &[pages::GITHUB_OIDC],
    },
    find,
)
.about_access();

fn find(view: &View<'_>, _: &[Finding]) -> Vec<Draft> {
    let mut first: Option<String> = None;
    let subjects = view
        .values()
        .filter(|value| value.seen.is_allow() && value.is_on("sub") && is_positive(value.test));
    for value in subjects {
        let subject = Subject::parse_pattern(value.text);
        let is_plain = |owner: &&str| !owner.is_empty() && !owner.contains(['*', '?', '$']);
        let Some(owner) = subject.owner().filter(is_plain) else {
            continue;
        };
        let before = first.get_or_insert_with(|| owner.to_owned());
        if !before.eq_ignore_ascii_case(owner) {
            return vec![Draft::new(
                Severity::Info,
                value.place(),
                format!("the role is shared by repositories of `{before}` and of `{owner}`"),
                "give each owner a role of his own, or remove who is no longer meant",
            )];
        }
    }
    Vec::new()
}
