//! A subject that ends after the repository, or before it.

use super::subject::mistaken;
use super::view::View;
use super::{Draft, Rule};
use crate::report::{CauseId, Finding, Severity};
use crate::token::subject::MistakeKind;

pub(super) const RULE: Rule = Rule::of_cause(Severity::Error, CauseId::MissingSubSuffix, find);

const KINDS: &[MistakeKind] = &[
    MistakeKind::MissingTail,
    MistakeKind::MissingRepository,
    MistakeKind::MissingValue,
];

fn find(view: &View<'_>, _: &[Finding]) -> Vec<Draft> {
    mistaken(view, KINDS, |_, mistake| {
        let what = match mistake.kind {
            MistakeKind::MissingRepository => "names an owner and no repository",
            MistakeKind::MissingValue => "ends after a key",
            _ => "ends after the repository, where subjects go on",
        };
        (
            what.to_owned(),
            "end it with what may run, such as `:ref:refs/heads/main`, or `:*` under StringLike",
        )
    })
}

#[cfg(test)]
mod tests {
    use super::super::tests::table;

    #[test]
    fn endings() {
        table(
            &super::RULE,
            &[
                (
                    r#"{"StringEquals": {"sub": "repo:octo-org/octo-repo"}}"#,
                    r#"warning "repo:octo-org/octo-repo""#,
                ),
                (
                    r#"{"StringLike": {"sub": "repo:octo-org:*"}}"#,
                    r#"error "repo:octo-org:*""#,
                ),
                (
                    r#"{"StringEquals": {"sub": "repo:octo-org/octo-repo:environment"}}"#,
                    r#"error "repo:octo-org/octo-repo:environment""#,
                ),
                (r#"{"StringLike": {"sub": "repo:octo-org/octo-repo*"}}"#, ""),
                (r#"{"StringLike": {"sub": "repo:octo-org/*"}}"#, ""),
            ],
        );
    }
}
