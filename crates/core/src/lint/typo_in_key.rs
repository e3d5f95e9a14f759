//! A key that does not exist.

use super::key::{Why, never};
use super::view::{Seen, View};
use super::{Draft, Rule};
use crate::distance::nearest;
use crate::policy::ConditionTest;
use crate::report::{CauseId, Finding, Severity};

pub(super) const RULE: Rule = Rule::of_cause(Severity::Error, CauseId::TypoInKey, find);

fn find(view: &View<'_>, _: &[Finding]) -> Vec<Draft> {
    never(view, Why::Misspelt, |seen, test| {
        (
            format!("there is no key `{}`", test.key.text),
            help(seen, test),
        )
    })
}

fn help(seen: &Seen<'_>, test: &ConditionTest) -> String {
    let host = seen.github.as_deref().unwrap_or_default();
    let suffixes: Vec<&str> = seen.keys().suffixes().collect();
    let suffix = test.key.text.rsplit(':').next().unwrap_or_default();
    match nearest(suffix, &suffixes) {
        Some(name) => format!("did you mean `{host}:{name}`?"),
        None => format!("AWS offers {}", suffixes.join(", ")),
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::table;

    #[test]
    fn what_is_never_there() {
        table(
            &super::RULE,
            &[
                (
                    r#"{"StringEquals": {"subject": "repo:octo-org/app:pull_request"}}"#,
                    r#"error "subject""#,
                ),
                (
                    r#"{"StringEquals": {":sub": "repo:octo-org/app:pull_request"}}"#,
                    r#"error ":sub""#,
                ),
                (
                    r#"{"StringEqualsIfExists": {"subject": "x"}}"#,
                    r#"warning "subject""#,
                ),
                (
                    r#"{"StringEquals": {"token.action.githubusercontent.com:sub": "x"}}"#,
                    r#"error "token.action.githubusercontent.com:sub""#,
                ),
                (
                    r#"{"Effect": "Deny", "Principal": {"Federated": "PROVIDER"}, "Action": "sts:AssumeRoleWithWebIdentity", "Condition": {"StringNotEquals": {"subject": "x"}}}"#,
                    r#"error "subject""#,
                ),
                (
                    r#"{"Effect": "Deny", "Principal": "*", "Action": "sts:*", "Condition": {"StringEquals": {"subject": "x"}}}"#,
                    r#"warning "subject""#,
                ),
                (
                    r#"{"StringEquals": {"TOKEN.ACTIONS.GITHUBUSERCONTENT.COM:SUB": "repo:octo-org/app:pull_request"}}"#,
                    "",
                ),
                (r#"{"IpAddress": {"aws:SourceIp": "203.0.113.0/24"}}"#, ""),
            ],
        );
    }
}
