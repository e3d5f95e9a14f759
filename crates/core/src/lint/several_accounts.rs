//! Providers of several accounts: only that of the role's own account counts.

use super::view::View;
use super::{Draft, Rule};
use crate::guide::{Page, pages};
use crate::policy::ProviderArn;
use crate::report::{Finding, Severity};
use crate::token::catalogue::issuer;

pub(super) const RULE: Rule = Rule::new(
    Severity::Warning,
    &Page {
        id: "several_accounts",
        title: "The policy names GitHub's provider in several accounts.",
        meaning: "STS looks for the identity provider in the account of the role. A provider of another account is stored without complaint, but no token ever comes through it.",
        recognise: "Federated ARNs with different account numbers in one policy; often one of them was copied from another account's role.",
        what_to_do: "Keep the ARN of the role's own account.",
        example_before: r#"{"Effect": "Allow", "Principal": {"Federated": ["PROVIDER", "arn:aws:iam::444455556666:oidc-provider/token.actions.githubusercontent.com"]}, "Action": "sts:AssumeRoleWithWebIdentity"}"#,
        example_after: r#"{"Effect": "Allow", "Principal": {"Federated": ["PROVIDER"]}, "Action": "sts:AssumeRoleWithWebIdentity"}"#,
        sources: &[pages::IAM_PRINCIPAL, pages::CREATE_PROVIDER],
    },
    find,
);

fn find(view: &View<'_>, _: &[Finding]) -> Vec<Draft> {
    let mut first: Option<&str> = None;
    for seen in &view.statements {
        for entry in &seen.statement.principal.entries {
            let arn = ProviderArn::parse(&entry.value.text);
            let Some(arn) = arn.filter(|arn| issuer(arn.host).kind.is_github()) else {
                continue;
            };
            let before = *first.get_or_insert(arn.account);
            if before != arn.account {
                return vec![Draft::new(
                    Severity::Warning,
                    seen.at_entry(entry),
                    format!(
                        "the policy names GitHub's provider in account {before} and in {}: only that of the role's own account counts",
                        arn.account
                    ),
                    "keep the ARN of the role's account",
                )];
            }
        }
    }
    Vec::new()
}
