//! Every branch of a repository gets in.

use super::view::View;
use super::{Draft, Rule, breadth};
use crate::guide::{Page, pages};
use crate::report::{Finding, Severity};

pub(super) const RULE: Rule = Rule::new(
    Severity::Info,
    &Page {
        id: "any_branch",
        title: "Every branch of a repository can assume the role.",
        meaning: "Whoever may push a branch can use the role, without a review: a workflow runs as it is written on that branch.",
        recognise: "A pattern such as `ref:refs/heads/*` after the repository.",
        what_to_do: "Name the branches that may, and protect them on GitHub.",
        example_before: r#"{"StringEquals": {"aud": "sts.amazonaws.com"}, "StringLike": {"sub": "repo:octo-org/octo-repo:ref:refs/heads/*"}}"#,
        example_after: r#"{"StringEquals": {"aud": "sts.amazonaws.com", "sub": "repo:octo-org/octo-repo:ref:refs/heads/main"}}"#,
        sources: &[pages::GITHUB_OIDC],
    },
    find,
)
.about_access();

fn find(view: &View<'_>, _: &[Finding]) -> Vec<Draft> {
    let broad = breadth::of_values(view)
        .filter(|(_, breadth)| breadth.branch && !breadth.is_whole() && !breadth.owner);
    broad
        .map(|(value, _)| {
            Draft::new(
                Severity::Info,
                value.place(),
                format!("`{}` lets in every branch", value.text),
                "name the branches that may, and protect them on GitHub",
            )
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::super::tests::table;

    #[test]
    fn some_branches_are_not_all() {
        table(
            &super::RULE,
            &[
                (
                    r#"{"StringLike": {"sub": "repo:octo-org/app:ref:refs/heads/release/*"}}"#,
                    "",
                ),
                (
                    r#"{"StringLike": {"sub": "repo:octo-org/app:ref:*"}}"#,
                    r#"info "repo:octo-org/app:ref:*""#,
                ),
            ],
        );
    }
}
