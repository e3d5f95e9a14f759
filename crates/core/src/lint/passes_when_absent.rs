//! A test that is also met by tokens that lack the claim.

use super::key::{Fate, fate};
use super::view::View;
use super::{Draft, Rule};
use crate::guide::{Page, pages};
use crate::policy::ConditionTest;
use crate::report::{Finding, Severity};

pub(super) const RULE: Rule = Rule::new(
    Severity::Warning,
    &Page {
        id: "passes_when_absent",
        title: "The test is also met by tokens that lack the claim.",
        meaning: "`ForAllValues:` and `...IfExists` are met where the key is absent, and so are negated operators. A job without `environment:` has no `environment` claim and passes such a test on it, whatever the policy names.",
        recognise: "One of these operators on environment or enterprise_id in an Allow.",
        what_to_do: "Use the plain operator. For a negated test ask for the key, too: `\"Null\": {key: \"false\"}`.",
        example_before: r#"{"StringLike": {"sub": "repo:octo-org/octo-repo:*"}, "StringEqualsIfExists": {"environment": "prod"}}"#,
        example_after: r#"{"StringLike": {"sub": "repo:octo-org/octo-repo:*"}, "StringEquals": {"environment": "prod"}}"#,
        sources: &[pages::IAM_OPERATORS, pages::ACTION],
    },
    find,
)
.about_access();

fn find(view: &View<'_>, _: &[Finding]) -> Vec<Draft> {
    let mut found = Vec::new();
    for seen in view.allows() {
        let tests = &seen.statement.tests;
        let is_asked_for = |test: &ConditionTest| {
            tests.iter().any(|other| {
                other.condition.key == test.condition.key
                    && !other.condition.operator.met_by_absence()
            })
        };
        let passing = tests.iter().filter(|test| {
            test.condition.operator.met_by_absence()
                && !is_asked_for(test)
                && fate(view, seen, test) == Fate::Sometimes
        });
        found.extend(passing.map(|test| {
            let operator = test.condition.operator;
            // To exclude a value and mean it is common.
            let is_plainly_negated = !operator.if_exists && operator.quantifier.is_none();
            Draft::new(
                if is_plainly_negated {
                    Severity::Info
                } else {
                    Severity::Warning
                },
                seen.at_operator(test),
                format!(
                    "{} on `{}` is also met by tokens that lack the claim",
                    test.operator.text, test.key.text
                ),
                "use the plain operator, or ask for the key with `Null`: `false`",
            )
        }));
    }
    found
}

#[cfg(test)]
mod tests {
    use super::super::tests::table;

    /// `sub` is always there, so that the usual warning about ForAllValues would be a false alarm.
    #[test]
    fn only_claims_that_can_be_absent() {
        table(
            &super::RULE,
            &[
                (
                    r#"{"ForAllValues:StringEquals": {"environment": "prod"}}"#,
                    r#"warning "ForAllValues:StringEquals""#,
                ),
                (
                    r#"{"StringNotEquals": {"environment": "prod"}}"#,
                    r#"info "StringNotEquals""#,
                ),
                (
                    r#"{"StringNotEquals": {"environment": "prod"}, "Null": {"environment": "false"}}"#,
                    "",
                ),
                (
                    r#"{"ForAllValues:StringLike": {"sub": "repo:octo-org/*"}}"#,
                    "",
                ),
            ],
        );
    }
}
