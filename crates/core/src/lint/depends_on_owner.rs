//! Whether outsiders get in hangs on who the owners are.

use super::view::View;
use super::{Draft, Rule, open_to_outsiders};
use crate::analyze::Verdict;
use crate::guide::{Page, pages};
use crate::report::{Finding, Severity};

pub(super) const RULE: Rule = Rule::new(
    Severity::Warning,
    &Page {
        id: "depends_on_owner",
        title: "Whether outsiders get in hangs on who you are.",
        meaning: "The policy lets in the repositories of some owner, but its text does not say for certain which owner is meant: a wildcard stands in the name, or only a part of it is written out. If the names that fit are all yours it is closed, else it is open to whoever has or registers the others.",
        recognise: "A `?` or `*` within the owner's name.",
        what_to_do: "Name the owner in full; or say whom you mean (on the command line: --owner), and the answer is decided.",
        example_before: r#"{"StringEquals": {"aud": "sts.amazonaws.com"}, "StringLike": {"sub": "repo:octo-org?octo-repo:*"}}"#,
        example_after: r#"{"StringEquals": {"aud": "sts.amazonaws.com"}, "StringLike": {"sub": "repo:octo-org/octo-repo:*"}}"#,
        sources: &[pages::GITHUB_OIDC],
    },
    find,
)
.about_access();

fn find(view: &View<'_>, _: &[Finding]) -> Vec<Draft> {
    open_to_outsiders::outcome(
        view,
        Verdict::Depends,
        Severity::Warning,
        "whether outsiders can assume the role hangs on who the owners are",
        "name the owner in full, or say whom you mean (on the command line: --owner)",
    )
}
