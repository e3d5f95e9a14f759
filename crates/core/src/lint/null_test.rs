//! `Null` on a key that every token of GitHub's fills.

use super::key::{Fate, fate};
use super::view::View;
use super::{Draft, Rule};
use crate::condition::{Operand, Test};
use crate::guide::{Page, pages};
use crate::policy::ConditionTest;
use crate::report::{Finding, Severity};

pub(super) const RULE: Rule = Rule::new(
    Severity::Error,
    &Page {
        id: "null_test",
        title: "`Null` asks for a key that every token fills.",
        meaning: "`\"Null\": {key: \"true\"}` is met where the request does not carry the key, `\"false\"` where it does. GitHub's tokens always carry sub, aud, repository, ref and most other claims: there the one is never met and the other always.",
        recognise: "`Null` on a claim other than environment and enterprise_id.",
        what_to_do: "Remove the test, or test the value.",
        example_before: r#"{"Null": {"sub": "true"}}"#,
        example_after: r#"{"Null": {"environment": "true"}}"#,
        sources: &[pages::IAM_OPERATORS],
    },
    find,
);

fn find(view: &View<'_>, _: &[Finding]) -> Vec<Draft> {
    let mut found = Vec::new();
    for seen in view.github() {
        let is_null = |test: &&ConditionTest| test.condition.operator.test == Test::Null;
        for test in seen.statement.tests.iter().filter(is_null) {
            if fate(view, seen, test) != Fate::Always {
                continue;
            }
            let asks_absence = |operand: &Operand| matches!(operand, Operand::Flag(true));
            let operands = &test.condition.operands;
            let is_met = operands.iter().any(|operand| !asks_absence(operand));
            let (severity, effect) = match (is_met, seen.is_allow()) {
                (true, _) => (Severity::Info, "the test is always met"),
                (false, true) => (
                    Severity::Error,
                    "the test is never met, and the statement lets nobody in",
                ),
                (false, false) => (
                    Severity::Warning,
                    "the test is never met, and this Deny keeps nobody out",
                ),
            };
            found.push(Draft::new(
                severity,
                seen.at_key(test),
                format!("every token of GitHub's has `{}`: {effect}", test.key.text),
                "remove the test, or test the value",
            ));
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::super::tests::table;

    #[test]
    fn presence() {
        table(
            &super::RULE,
            &[
                (r#"{"Null": {"sub": "false"}}"#, r#"info "sub""#),
                (r#"{"Null": {"environment": "false"}}"#, ""),
                (r#"{"Null": {"aws:SourceIp": "true"}}"#, ""),
            ],
        );
    }
}
