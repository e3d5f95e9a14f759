//! What IAM would refuse to store.

use super::view::View;
use super::{Draft, Rule};
use crate::explain::stand_in;
use crate::guide::{Page, pages};
use crate::policy::storable::{self, Refusal};
use crate::report::{Finding, Severity};

pub(super) const RULE: Rule = Rule::new(
    Severity::Error,
    &Page {
        id: "not_storable",
        title: "IAM would refuse to store this policy today.",
        meaning: "IAM checks a trust policy when it is written, not when it is used: older ones that break today's rules go on working, but can't be saved again, and a role can't be made with them. Since 2025 a policy for GitHub's provider must test `sub` or `job_workflow_ref` with a value that does not begin with `*`.",
        recognise: "`MalformedPolicyDocument` or `LimitExceeded` from CreateRole or UpdateAssumeRolePolicy; the finding carries IAM's text where it is known.",
        what_to_do: "Repair the place that the finding names before the policy is written again.",
        example_before: r#"{"StringEquals": {"aud": "sts.amazonaws.com"}}"#,
        example_after: r#"{"StringEquals": {"aud": "sts.amazonaws.com", "sub": "repo:octo-org/octo-repo:environment:prod"}}"#,
        sources: &[pages::SECURE_BY_DEFAULT, pages::IAM_GRAMMAR],
    },
    find,
);

fn find(view: &View<'_>, _: &[Finding]) -> Vec<Draft> {
    let refusal = storable::check(view.policy).err();
    let draft = refusal.map(|refusal| {
        Draft::new(
            if is_unresolved(view, &refusal) {
                Severity::Warning
            } else {
                Severity::Error
            },
            (refusal.path, refusal.span),
            format!(
                "IAM would refuse to store this policy today: {}",
                refusal.summary
            ),
            "it goes on working where it is stored already, but can't be saved again as it is",
        )
    });
    draft.into_iter().collect()
}

/// Whether an expression of a template stands there, which IAM never sees: what it gives may well be stored.
fn is_unresolved(view: &View<'_>, refusal: &Refusal) -> bool {
    let entries = view
        .policy
        .statements
        .iter()
        .flat_map(|statement| &statement.principal.entries);
    let mut refused = entries.filter(|entry| entry.value.span == refusal.span);
    refused.any(|entry| entry.value.text.contains("${") && stand_in(&entry.value.text).is_some())
}

#[cfg(test)]
mod tests {
    use super::super::tests::table;

    #[test]
    fn table_of_refusals() {
        table(
            &super::RULE,
            &[
                (
                    r#"{"Effect": "Allow", "Principal": {"AWS": "arn:aws:iam::111122223333:root"}, "Action": "sts:AssumeRole", "Resource": "*"}"#,
                    r#"error "Resource""#,
                ),
                (
                    r#"{"Effect": "Allow", "Principal": {"Federated": "${aws_iam_openid_connect_provider.github.arn}"}, "Action": "sts:AssumeRoleWithWebIdentity", "Condition": {"StringEquals": {"sub": "repo:octo-org/app:pull_request"}}}"#,
                    r#"warning "${aws_iam_openid_connect_provider.github.arn}""#,
                ),
                (
                    r#"{"StringEquals": {"sub": "repo:octo-org/octo-repo:pull_request"}}"#,
                    "",
                ),
            ],
        );
    }
}
