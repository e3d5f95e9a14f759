//! Every repository of an owner gets in.

use super::view::View;
use super::{Draft, Rule, breadth};
use crate::guide::{Page, pages};
use crate::report::{Finding, Severity};

pub(super) const RULE: Rule = Rule::new(
    Severity::Warning,
    &Page {
        id: "whole_owner",
        title: "Every repository of an owner can assume the role.",
        meaning: "Whoever may push to any repository of the owner, or make a new one there, can use the role. In an organisation that is nearly every member.",
        recognise: "A wildcard in the place of the repository's name: `repo:octo-org/*`.",
        what_to_do: "Name the repositories, or test a workflow that all of them must use with job_workflow_ref beside the owner.",
        example_before: r#"{"StringEquals": {"aud": "sts.amazonaws.com"}, "StringLike": {"sub": "repo:octo-org/*"}}"#,
        example_after: r#"{"StringEquals": {"aud": "sts.amazonaws.com"}, "StringLike": {"sub": "repo:octo-org/octo-repo:*"}}"#,
        sources: &[pages::GITHUB_OIDC],
    },
    find,
)
.about_access();

fn find(view: &View<'_>, _: &[Finding]) -> Vec<Draft> {
    let broad = breadth::of_values(view).filter(|(_, breadth)| breadth.owner);
    broad
        .map(|(value, _)| {
            Draft::new(
                Severity::Warning,
                value.place(),
                format!(
                    "`{}` lets in every repository of the owner, also new ones",
                    value.text
                ),
                "name the repositories",
            )
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::super::tests::table;

    #[test]
    fn other_tests_narrow_it() {
        table(
            &super::RULE,
            &[
                (
                    r#"{"StringLike": {"sub": "repo:octo-org/*:ref:refs/heads/main"}}"#,
                    "",
                ),
                (
                    r#"{"StringLike": {"sub": "repo:octo-org/*:pull_request"}}"#,
                    r#"warning "repo:octo-org/*:pull_request""#,
                ),
                (
                    r#"{"StringLike": {"sub": "repo:octo-org@1/*"}}"#,
                    r#"warning "repo:octo-org@1/*""#,
                ),
                (
                    r#"{"StringLike": {"sub": "repo:octo-org/*"}, "StringEquals": {"repository_id": "1"}}"#,
                    "",
                ),
                (r#"{"StringLike": {"sub": "repo:octo-org/app*"}}"#, ""),
            ],
        );
    }
}
