//! A principal that no web identity is.

use super::view::{Seen, View};
use super::{Draft, Rule};
use crate::policy::{Principal, PrincipalKind};
use crate::report::{CauseId, Finding, Severity};

pub(super) const RULE: Rule = Rule::of_cause(Severity::Error, CauseId::WrongPrincipal, find);

fn find(view: &View<'_>, _: &[Finding]) -> Vec<Draft> {
    let wrong = |seen: &Seen<'_>| {
        let entries = seen.statement.principal.entries.iter();
        entries
            .filter_map(|entry| judge(seen, entry))
            .collect::<Vec<_>>()
    };
    let allows = view.statements.iter().filter(|seen| seen.is_allow());
    allows.flat_map(wrong).collect()
}

fn judge(seen: &Seen<'_>, entry: &Principal) -> Option<Draft> {
    let text = &entry.value.text;
    match entry.kind {
        PrincipalKind::Aws if text.contains(":oidc-provider/") => Some(Draft::new(
            Severity::Error,
            seen.at_entry(entry),
            "an identity provider is named under `AWS`: no web identity is let in",
            "name the provider under `Federated`",
        )),
        // Whether STS takes a bare host for a provider of the account is not documented.
        PrincipalKind::Federated if seen.github.as_deref() == Some(text) => Some(Draft::new(
            Severity::Warning,
            seen.at_entry(entry),
            format!(
                "`{text}` is no ARN of an identity provider; AWS takes a bare host for its built-in providers only"
            ),
            "name the provider by its ARN: arn:aws:iam::111122223333:oidc-provider/...",
        )),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::table;

    #[test]
    fn types_and_bare_hosts() {
        table(
            &super::RULE,
            &[
                (
                    r#"{"Effect": "Allow", "Principal": {"AWS": "PROVIDER"}, "Action": "sts:AssumeRole"}"#,
                    r#"error "arn:aws:iam::111122223333:oidc-provider/token.actions.githubusercontent.com""#,
                ),
                (
                    r#"{"Effect": "Allow", "Principal": {"Federated": "token.actions.githubusercontent.com"}, "Action": "sts:AssumeRoleWithWebIdentity"}"#,
                    r#"warning "token.actions.githubusercontent.com""#,
                ),
                (
                    r#"{"Effect": "Allow", "Principal": {"AWS": "arn:aws:iam::111122223333:root"}, "Action": "sts:AssumeRole"}"#,
                    "",
                ),
            ],
        );
    }
}
