//! Every pull request of a repository gets in.

use super::view::View;
use super::{Draft, Rule, breadth};
use crate::guide::{Page, pages};
use crate::report::{Finding, Severity};

pub(super) const RULE: Rule = Rule::new(
    Severity::Info,
    &Page {
        id: "any_pull_request",
        title: "Every pull request of a repository can assume the role.",
        meaning: "The subject of a pull request names no branch: whoever may push a branch and open a pull request can use the role before anyone has reviewed it. Pull requests from forks get no token, unless the repository sends write tokens to them.",
        recognise: "`pull_request` at the end of a value.",
        what_to_do: "Give pull requests a role of their own that may only read.",
        example_before: r#"{"StringEquals": {"aud": "sts.amazonaws.com", "sub": "repo:octo-org/octo-repo:pull_request"}}"#,
        example_after: r#"{"StringEquals": {"aud": "sts.amazonaws.com", "sub": "repo:octo-org/octo-repo:ref:refs/heads/main"}}"#,
        sources: &[pages::GITHUB_OIDC, pages::WORKFLOW_SYNTAX],
    },
    find,
)
.about_access();

fn find(view: &View<'_>, _: &[Finding]) -> Vec<Draft> {
    let broad = breadth::of_values(view)
        .filter(|(_, breadth)| breadth.pull_request && !breadth.is_whole() && !breadth.owner);
    broad
        .map(|(value, _)| {
            Draft::new(
                Severity::Info,
                value.place(),
                format!(
                    "`{}` lets in every pull request, reviewed or not",
                    value.text
                ),
                "give pull requests a role of their own that may only read",
            )
        })
        .collect()
}
