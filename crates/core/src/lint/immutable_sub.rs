//! Ids in a subject, written as GitHub does not write them.

use super::subject::mistaken;
use super::view::View;
use super::{Draft, Rule};
use crate::report::{CauseId, Finding, Severity};
use crate::token::subject::MistakeKind;

pub(super) const RULE: Rule = Rule::of_cause(Severity::Error, CauseId::ImmutableSub, find);

const KINDS: &[MistakeKind] = &[MistakeKind::OneIdOnly, MistakeKind::IdNotANumber];

/// Ids after hyphens, as the first announcement had them, may be names: of them nothing is said.
fn find(view: &View<'_>, _: &[Finding]) -> Vec<Draft> {
    mistaken(view, KINDS, |_, mistake| {
        let what = match mistake.kind {
            MistakeKind::OneIdOnly => {
                "has an id for one of owner and repository; GitHub writes both or none"
            }
            _ => "has an id that is no number",
        };
        (
            what.to_owned(),
            "write `repo:OWNER@OWNER_ID/REPO@REPO_ID`, with the ids that `gh api repos/OWNER/REPO` tells",
        )
    })
}

#[cfg(test)]
mod tests {
    use super::super::tests::table;

    #[test]
    fn ids() {
        table(
            &super::RULE,
            &[
                (
                    r#"{"StringLike": {"sub": "repo:octo-org@123456/octo-repo:ref:refs/heads/main"}}"#,
                    r#"error "repo:octo-org@123456/octo-repo:ref:refs/heads/main""#,
                ),
                (
                    r#"{"StringEquals": {"sub": "repo:octo-org@x1/octo-repo@2:pull_request"}}"#,
                    r#"error "repo:octo-org@x1/octo-repo@2:pull_request""#,
                ),
                (
                    r#"{"StringEquals": {"sub": "repo:octo-org-123456/octo-repo-456789:pull_request"}}"#,
                    "",
                ),
                (r#"{"StringLike": {"sub": "repo:octo-org@123456/*"}}"#, ""),
            ],
        );
    }
}
