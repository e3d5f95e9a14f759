//! A key of the same issuer with another enterprise's slug, or without one.

use super::key::{Why, never};
use super::view::View;
use super::{Draft, Rule};
use crate::report::{CauseId, Finding, Severity};

pub(super) const RULE: Rule =
    Rule::of_cause(Severity::Error, CauseId::EnterpriseIssuerConditionKey, find);

fn find(view: &View<'_>, _: &[Finding]) -> Vec<Draft> {
    never(view, Why::Enterprise, |seen, test| {
        let host = seen.github.as_deref().unwrap_or_default();
        let suffix = test.key.text.rsplit(':').next().unwrap_or_default();
        (
            format!(
                "`{}` is a key of another issuer than the provider's `{host}`",
                test.key.text
            ),
            format!("write `{host}:{suffix}`, and name the same issuer in the principal"),
        )
    })
}

#[cfg(test)]
mod tests {
    use super::super::tests::table;

    #[test]
    fn the_slug_must_be_the_principals() {
        table(
            &super::RULE,
            &[
                (
                    r#"{"StringEquals": {"token.actions.githubusercontent.com/octo-inc:sub": "repo:octo-org/app:pull_request"}}"#,
                    r#"error "token.actions.githubusercontent.com/octo-inc:sub""#,
                ),
                (
                    r#"{"StringEquals": {"sub": "repo:octo-org/app:pull_request"}}"#,
                    "",
                ),
            ],
        );
    }
}
