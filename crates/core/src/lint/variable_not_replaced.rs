//! A policy variable in a Version that has none.

use super::view::{Value, View, is_positive};
use super::{Draft, Rule};
use crate::guide::{Page, pages};
use crate::pattern::{Pattern, Syntax};
use crate::report::{Finding, Severity};

pub(super) const RULE: Rule = Rule::new(
    Severity::Error,
    &Page {
        id: "variable_not_replaced",
        title: "A policy variable is not replaced in this Version.",
        meaning: "`${...}` is a variable only where Version is 2012-10-17. In 2008-10-17, which also counts where Version is missing, it is plain text, and no token has such a value.",
        recognise: "`${aws:...}` or `${token...}` in a value, and Version is missing or 2008-10-17.",
        what_to_do: "Write `\"Version\": \"2012-10-17\"`.",
        example_before: r#"{"Version": "2008-10-17", "Statement": [{"Effect": "Allow", "Principal": {"Federated": "PROVIDER"}, "Action": "sts:AssumeRoleWithWebIdentity", "Condition": {"StringLike": {"sub": "repo:octo-org/${token.actions.githubusercontent.com:environment}:*"}}}]}"#,
        example_after: r#"{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Principal": {"Federated": "PROVIDER"}, "Action": "sts:AssumeRoleWithWebIdentity", "Condition": {"StringLike": {"sub": "repo:octo-org/${token.actions.githubusercontent.com:environment}:*"}}}]}"#,
        sources: &[pages::IAM_GRAMMAR],
    },
    find,
);

fn find(view: &View<'_>, _: &[Finding]) -> Vec<Draft> {
    if view.policy.has_variables() {
        return Vec::new();
    }
    let syntax = Syntax {
        wildcards: true,
        variables: true,
    };
    let meant = view
        .values()
        .filter(|value| Pattern::new(value.text, syntax).has_variables());
    let draft = |value: Value<'_>| {
        let (severity, effect) = if is_positive(value.test) {
            value.dead(view)
        } else {
            (Severity::Warning, "no token has such a value")
        };
        let summary = format!(
            "the variable in `{}` is plain text in this Version: {effect}",
            value.text
        );
        let help = "write `\"Version\": \"2012-10-17\"`";
        Draft::new(severity, value.place(), summary, help)
    };
    meant.map(draft).collect()
}
