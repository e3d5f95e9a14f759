//! Tests of one statement that no token can pass together.

use super::view::View;
use super::{Draft, Rule};
use crate::explain;
use crate::report::{CauseId, Finding, Severity};

pub(super) const RULE: Rule = Rule::of_cause(Severity::Error, CauseId::ConditionsAnded, find);

fn find(view: &View<'_>, _: &[Finding]) -> Vec<Draft> {
    let mut found = Vec::new();
    for seen in view.github() {
        let scene = view.scene(seen);
        let Some(contradiction) = explain::contradiction(&scene, seen.statement, &seen.path) else {
            continue;
        };
        let severity = match seen.lets_nobody_in(view) {
            // A customised template may tear apart what the default subject ties together.
            Some(false) => Severity::Info,
            Some(true) if seen.is_allow() => Severity::Error,
            _ => Severity::Warning,
        };
        let place = (contradiction.path, contradiction.span);
        found.push(Draft::new(
            severity,
            place,
            contradiction.summary,
            contradiction.help,
        ));
    }
    found
}

#[cfg(test)]
mod tests {
    use super::super::tests::table;

    #[test]
    fn contradictions() {
        table(
            &super::RULE,
            &[
                (
                    r#"{"StringEquals": {"sub": "repo:octo-org/app:pull_request"}, "StringLike": {"sub": "repo:octo-org/web:*"}}"#,
                    r#"error "sub""#,
                ),
                (
                    r#"{"StringEquals": {"sub": "repo:octo-org/app:pull_request"}, "StringLike": {"sub": "repo:octo-org/*"}}"#,
                    "",
                ),
            ],
        );
    }
}
