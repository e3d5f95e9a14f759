//! A test that lists no value.

use super::view::View;
use super::{Draft, Rule};
use crate::guide::{Page, pages};
use crate::report::{Finding, Severity};

pub(super) const RULE: Rule = Rule::new(
    Severity::Error,
    &Page {
        id: "no_values",
        title: "A test lists no value.",
        meaning: "IAM stores an empty list. A positive test on it is never met, since none of its values matches; a negated one is always met.",
        recognise: "`[]` in a Condition; often a variable of a template that was empty.",
        what_to_do: "Name at least one value, or remove the test.",
        example_before: r#"{"StringEquals": {"sub": []}}"#,
        example_after: r#"{"StringEquals": {"sub": ["repo:octo-org/octo-repo:pull_request"]}}"#,
        sources: &[pages::IAM_OPERATORS],
    },
    find,
);

fn find(view: &View<'_>, _: &[Finding]) -> Vec<Draft> {
    let mut found = Vec::new();
    for seen in view.github() {
        for test in seen
            .statement
            .tests
            .iter()
            .filter(|test| test.values.is_empty())
        {
            let (severity, effect) = match (test.condition.operator.negated, seen.is_allow()) {
                (true, _) => (Severity::Warning, "it excludes nothing"),
                (false, true) => (
                    Severity::Error,
                    "nothing can match, and the statement lets nobody in",
                ),
                (false, false) => (
                    Severity::Warning,
                    "nothing can match, and this Deny keeps nobody out",
                ),
            };
            found.push(Draft::new(
                severity,
                seen.at_key(test),
                format!(
                    "{} on `{}` lists no value: {effect}",
                    test.operator.text, test.key.text
                ),
                "name at least one value",
            ));
        }
    }
    found
}
