//! Whatever runs in a repository gets in.

use super::view::View;
use super::{Draft, Rule, breadth};
use crate::guide::{Page, pages};
use crate::report::{Finding, Severity};

pub(super) const RULE: Rule = Rule::new(
    Severity::Info,
    &Page {
        id: "whole_repository",
        title: "Every run of a repository can assume the role.",
        meaning: "All branches, tags, environments and pull requests of the repository get in, so that whoever may push a branch can use the role, without a review.",
        recognise: "A pattern that ends with `:*` after the repository.",
        what_to_do: "For a role that deploys, trust one environment or branch, and protect that on GitHub.",
        example_before: r#"{"StringEquals": {"aud": "sts.amazonaws.com"}, "StringLike": {"sub": "repo:octo-org/octo-repo:*"}}"#,
        example_after: r#"{"StringEquals": {"aud": "sts.amazonaws.com", "sub": "repo:octo-org/octo-repo:environment:prod"}}"#,
        sources: &[pages::GITHUB_OIDC],
    },
    find,
)
.about_access();

fn find(view: &View<'_>, _: &[Finding]) -> Vec<Draft> {
    let broad =
        breadth::of_values(view).filter(|(_, breadth)| breadth.is_whole() && !breadth.owner);
    broad
        .map(|(value, _)| {
            Draft::new(
                Severity::Info,
                value.place(),
                format!("`{}` lets in every branch, tag, environment and pull request", value.text),
                "for a role that deploys trust one environment or branch, and protect that on GitHub",
            )
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::super::tests::table;

    #[test]
    fn every_kind_of_run() {
        table(
            &super::RULE,
            &[
                (
                    r#"{"StringLike": {"sub": "repo:octo-org@1/app@2:*"}}"#,
                    r#"info "repo:octo-org@1/app@2:*""#,
                ),
                (
                    r#"{"StringLike": {"sub": "repo:octo-org/app:*"}, "StringEquals": {"ref": "refs/heads/main"}}"#,
                    "",
                ),
                (r#"{"StringLike": {"sub": "repo:octo-org/app:ref:*"}}"#, ""),
                (r#"{"StringLike": {"sub": "repo:octo-org/*"}}"#, ""),
            ],
        );
    }
}
