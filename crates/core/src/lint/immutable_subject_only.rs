//! Subjects with ids, without the classic form beside them.

use super::view::View;
use super::{Draft, Rule, classic_subject_only};
use crate::guide::{Page, pages};
use crate::report::{Finding, Severity};
use crate::token::subject::Form;

pub(super) const RULE: Rule = Rule::new(
    Severity::Info,
    &Page {
        id: "immutable_subject_only",
        title: "The policy trusts subjects with ids alone.",
        meaning: "Only repositories that were created, renamed or transferred after 15 July 2026, or opted in, have subjects with ids. Others are refused. That is the safe end of a migration; before it the classic form is needed as well.",
        recognise: "Values such as `repo:OWNER@ID/REPO@ID:...`, and none without `@` for the same repository.",
        what_to_do: "Look at `sub_claim_prefix` in the answer of GET /repos/OWNER/REPO/actions/oidc/customization/sub: where it has ids nothing is to do, else opt in or add the classic form.",
        example_before: r#"{"StringEquals": {"aud": "sts.amazonaws.com", "sub": "repo:octo-org@123456/octo-repo@456789:environment:prod"}}"#,
        example_after: r#"{"StringEquals": {"aud": "sts.amazonaws.com", "sub": ["repo:octo-org/octo-repo:environment:prod", "repo:octo-org@123456/octo-repo@456789:environment:prod"]}}"#,
        sources: &[pages::IMMUTABLE, pages::GITHUB_REST_OIDC],
    },
    find,
);

fn find(view: &View<'_>, _: &[Finding]) -> Vec<Draft> {
    let lonely = view
        .allows()
        .filter_map(|seen| classic_subject_only::lonely(view, seen, Form::Immutable));
    lonely
        .map(|value| {
            Draft::new(
                Severity::Info,
                value.place(),
                format!(
                    "`{}` matches no classic subject: the repository must have subjects with ids",
                    value.text
                ),
                "check `sub_claim_prefix` of the repository before the role is used",
            )
        })
        .collect()
}
