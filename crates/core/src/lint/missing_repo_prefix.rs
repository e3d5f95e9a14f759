//! A subject without its `repo:`.

use super::subject::mistaken;
use super::view::View;
use super::{Draft, Rule};
use crate::report::{CauseId, Finding, Severity};
use crate::token::subject::MistakeKind;

pub(super) const RULE: Rule = Rule::of_cause(Severity::Error, CauseId::MissingRepoPrefix, find);

fn find(view: &View<'_>, _: &[Finding]) -> Vec<Draft> {
    mistaken(view, &[MistakeKind::MissingRepoPrefix], |_, _| {
        (
            "lacks the `repo:` that subjects begin with".to_owned(),
            "write `repo:` in front of the owner",
        )
    })
}

#[cfg(test)]
mod tests {
    use super::super::tests::{found, table};

    /// Also where there are more values than questions may be asked.
    #[test]
    fn dead_values_are_all_told_alike() {
        let values: Vec<String> = (0..40)
            .map(|n| format!("octo-org/app{n}:pull_request"))
            .collect();
        let list = serde_json::to_string(&values).unwrap();
        let found = found(
            &super::RULE,
            &format!(r#"{{"StringEquals": {{"sub": {list}}}}}"#),
        );
        assert_eq!(found.matches("error ").count(), 40, "{found}");
    }

    #[test]
    fn table_of_prefixes() {
        table(
            &super::RULE,
            &[
                (
                    r#"{"StringLike": {"sub": "octo-org/*"}}"#,
                    r#"error "octo-org/*""#,
                ),
                (
                    r#"{"StringEquals": {"sub": ["octo-org/app:pull_request", "octo-org/web:pull_request"]}}"#,
                    r#"error "octo-org/app:pull_request"; error "octo-org/web:pull_request""#,
                ),
                (
                    r#"{"StringEquals": {"sub": ["octo-org/app:pull_request", "repo:octo-org/app:pull_request"]}}"#,
                    r#"warning "octo-org/app:pull_request""#,
                ),
                (
                    r#"{"StringLike": {"sub": "octo-org/octo-repo:*"}}"#,
                    r#"error "octo-org/octo-repo:*""#,
                ),
                (
                    r#"{"StringLike": {"sub": "repository:octo-org/octo-repo:*"}}"#,
                    "",
                ),
                (
                    r#"{"StringLike": {"sub": "repo:octo-org/octo-repo:*"}}"#,
                    "",
                ),
                (r#"{"StringLike": {"sub": "*octo-org/octo-repo:*"}}"#, ""),
            ],
        );
    }
}
