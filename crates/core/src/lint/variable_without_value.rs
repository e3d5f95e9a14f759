//! A policy variable over a key that the request never carries.

use super::view::{View, is_positive};
use super::{Draft, Rule};
use crate::context::Fact;
use crate::guide::{Page, pages};
use crate::pattern::{Pattern, Syntax, Variable};
use crate::report::{Finding, Severity};

pub(super) const RULE: Rule = Rule::new(
    Severity::Error,
    &Page {
        id: "variable_without_value",
        title: "A policy variable never has a value here.",
        meaning: "A variable stands for a key of the request. Where the request does not carry the key and no default is given, a positive test is not met. A call with one of GitHub's tokens carries no aws:username and no aws:PrincipalTag: the caller is no principal of AWS yet.",
        recognise: "`${aws:username}`, `${aws:PrincipalTag/...}` or a misspelt claim in a value.",
        what_to_do: "Write the value out, or use a claim of the token.",
        example_before: r#"{"StringLike": {"sub": "repo:octo-org/${aws:username}:*"}}"#,
        example_after: r#"{"StringLike": {"sub": "repo:octo-org/octo-repo:*"}}"#,
        sources: &[pages::IAM_KEYS],
    },
    find,
);

fn find(view: &View<'_>, _: &[Finding]) -> Vec<Draft> {
    if !view.policy.has_variables() {
        return Vec::new();
    }
    let syntax = Syntax {
        wildcards: true,
        variables: true,
    };
    let has_no_value = |variable: &Variable| {
        variable.default.is_none() && view.request().get(&variable.key) == &Fact::Absent
    };
    let mut found = Vec::new();
    for value in view.values().filter(|value| is_positive(value.test)) {
        let pattern = Pattern::new(value.text, syntax);
        if let Some(variable) = pattern.variables().find(|variable| has_no_value(variable)) {
            let (severity, effect) = value.dead(view);
            found.push(Draft::new(
                severity,
                value.place(),
                format!(
                    "`{}` never has a value in this call: {effect}",
                    variable.key.as_str()
                ),
                "write the value out, or use a claim of the token",
            ));
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::super::tests::table;

    #[test]
    fn claims_and_defaults_have_values() {
        table(
            &super::RULE,
            &[
                (
                    r#"{"StringLike": {"sub": "repo:octo-org/app:ref:${token.actions.githubusercontent.com:ref}"}}"#,
                    "",
                ),
                (
                    r#"{"StringLike": {"sub": "repo:octo-org/${aws:username, 'app'}:*"}}"#,
                    "",
                ),
            ],
        );
    }
}
