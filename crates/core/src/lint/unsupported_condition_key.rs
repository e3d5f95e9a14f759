//! A claim that AWS never offers as a condition key, or a key that it never sets in this call.

use super::key::{Why, never};
use super::view::{Seen, View};
use super::{Draft, Rule};
use crate::policy::ConditionTest;
use crate::report::{CauseId, Finding, Severity};

pub(super) const RULE: Rule =
    Rule::of_cause(Severity::Error, CauseId::UnsupportedConditionKey, find);

fn find(view: &View<'_>, _: &[Finding]) -> Vec<Draft> {
    never(view, Why::Unsupported, |seen, test| {
        let summary = match seen.claim(test) {
            Some(claim) => format!("AWS never offers `{claim}` as a condition key"),
            None => format!(
                "AWS sets no `{}` when one of GitHub's tokens asks for a role",
                test.key.text
            ),
        };
        (summary, help(seen, test))
    })
}

fn help(seen: &Seen<'_>, test: &ConditionTest) -> String {
    match seen.claim(test).as_deref() {
        Some("repository_owner") => "test repository_owner_id, or the owner in sub".to_owned(),
        Some("iss") => "drop it: the identity provider stands for the issuer".to_owned(),
        Some("workflow_ref") => {
            "test job_workflow_ref, or put workflow_ref into a customised sub".to_owned()
        }
        Some(_) => {
            let offered: Vec<&str> = seen.keys().suffixes().collect();
            format!(
                "put the claim into a customised sub and test that; AWS offers {}",
                offered.join(", ")
            )
        }
        None => "test the token's own claims instead".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::table;

    #[test]
    fn claims_and_global_keys() {
        table(
            &super::RULE,
            &[
                (
                    r#"{"StringEquals": {"repository_owner": "octo-org"}}"#,
                    r#"error "repository_owner""#,
                ),
                (
                    r#"{"ForAllValues:StringEquals": {"repository_owner": "octo-org"}}"#,
                    r#"warning "repository_owner""#,
                ),
                (
                    r#"{"StringEquals": {"aws:PrincipalOrgID": "o-example"}}"#,
                    r#"error "aws:PrincipalOrgID""#,
                ),
                (
                    r#"{"StringEquals": {"aws:RequestedRegion": "eu-west-1", "repository_id": "1"}}"#,
                    "",
                ),
                (
                    r#"{"StringEquals": {"sts:RoleSessionName": "GitHubActions"}, "Bool": {"aws:SecureTransport": "true"}}"#,
                    "",
                ),
            ],
        );
    }

    /// AWS documents GitHub's keys for its hosted issuers only.
    #[test]
    fn nothing_is_said_of_a_server_of_ones_own() {
        table(
            &super::RULE,
            &[(
                r#"{"Effect": "Allow", "Principal": {"Federated": "arn:aws:iam::111122223333:oidc-provider/git.example.com/_services/token"},
                    "Action": "sts:AssumeRoleWithWebIdentity", "Condition": {"StringEquals": {"git.example.com/_services/token:repository": "octo-org/app"}}}"#,
                "",
            )],
        );
    }
}
