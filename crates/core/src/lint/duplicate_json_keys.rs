//! A key that is given twice: only the last one counts.

use super::view::View;
use super::{Draft, Rule};
use crate::policy::escape;
use crate::report::{CauseId, Finding, Severity};

pub(super) const RULE: Rule =
    Rule::of_cause(Severity::Error, CauseId::DuplicateJsonKeys, find).about_access();

fn find(view: &View<'_>, _: &[Finding]) -> Vec<Draft> {
    let draft = |duplicate: &crate::policy::Duplicate| {
        let path = format!("{}/{}", duplicate.path, escape(&duplicate.key));
        Draft::new(
            Severity::Error,
            (path, duplicate.kept),
            format!(
                "`{}` is given twice: the one on line {} is dropped, only this one counts",
                duplicate.key,
                view.source.position(duplicate.dropped.start).line
            ),
            "write both under one key",
        )
    };
    view.policy.duplicates.iter().map(draft).collect()
}

#[cfg(test)]
mod tests {
    use super::super::tests::table;

    #[test]
    fn the_place_is_the_one_that_counts() {
        table(
            &super::RULE,
            &[(
                r#"{"StringLike": {"sub": "repo:octo-org/app:*"}, "StringLike": {"aud": "sts.amazonaws.com"}}"#,
                r#"error "StringLike""#,
            )],
        );
    }
}
