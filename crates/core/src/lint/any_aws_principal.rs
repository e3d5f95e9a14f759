//! Anyone with an AWS account gets in.

use super::view::View;
use super::{Draft, Rule};
use crate::condition::Effect;
use crate::guide::{Page, pages};
use crate::policy::{PrincipalKind, Statement};
use crate::report::{Finding, Severity};

pub(super) const RULE: Rule = Rule::new(
    Severity::Error,
    &Page {
        id: "any_aws_principal",
        title: "Anyone with an AWS account can assume the role.",
        meaning: "`{\"AWS\": \"*\"}` stands for every principal of every AWS account. Without a condition the statement gives the role away, whatever the other statements demand. A web identity it does not let in.",
        recognise: "An Allow for sts:AssumeRole with the principal `*` and no Condition.",
        what_to_do: "Name the account or the role that is meant, or remove the statement.",
        example_before: r#"{"Effect": "Allow", "Principal": {"AWS": "*"}, "Action": "sts:AssumeRole"}"#,
        example_after: r#"{"Effect": "Allow", "Principal": {"AWS": "arn:aws:iam::111122223333:root"}, "Action": "sts:AssumeRole"}"#,
        sources: &[pages::IAM_PRINCIPAL],
    },
    find,
)
.about_access();

fn find(view: &View<'_>, _: &[Finding]) -> Vec<Draft> {
    let is_open = |statement: &Statement| {
        statement.effect == Effect::Allow
            && statement.tests.is_empty()
            && !statement.principal.not
            && statement.action.covers("sts:AssumeRole")
    };
    let mut found = Vec::new();
    for seen in view
        .statements
        .iter()
        .filter(|seen| is_open(seen.statement))
    {
        let entries = seen.statement.principal.entries.iter();
        let anyone = entries.filter(|entry| {
            entry.kind == PrincipalKind::Anyone
                || (entry.kind == PrincipalKind::Aws && entry.value.text == "*")
        });
        found.extend(anyone.map(|entry| {
            Draft::new(
                Severity::Error,
                seen.at_entry(entry),
                "every principal of every AWS account can assume the role",
                "name the account or role that is meant",
            )
        }));
    }
    found
}

#[cfg(test)]
mod tests {
    use super::super::tests::table;

    #[test]
    fn conditions_and_denies_are_left_alone() {
        table(
            &super::RULE,
            &[
                (
                    r#"{"Effect": "Allow", "Principal": {"AWS": ["*"]}, "Action": "sts:AssumeRole"}"#,
                    r#"error "*""#,
                ),
                (
                    r#"{"Effect": "Allow", "Principal": {"AWS": "*"}, "Action": "sts:AssumeRole", "Condition": {"StringEquals": {"aws:PrincipalOrgID": "o-example"}}}"#,
                    "",
                ),
                (
                    r#"{"Effect": "Deny", "Principal": {"AWS": "*"}, "Action": "sts:AssumeRole"}"#,
                    "",
                ),
            ],
        );
    }
}
