//! A provider whose URL is nearly GitHub's: no token comes through it.

use super::view::{Seen, View};
use super::{Draft, Rule};
use crate::policy::{Principal, ProviderArn};
use crate::report::{CauseId, Finding, Severity};
use crate::token::catalogue::nearest_issuer;

pub(super) const RULE: Rule = Rule::of_cause(Severity::Error, CauseId::TypoInProvider, find);

fn find(view: &View<'_>, _: &[Finding]) -> Vec<Draft> {
    let near = |seen: &Seen<'_>| {
        let entries = seen.statement.principal.entries.iter();
        entries
            .filter_map(|entry| judge(seen, entry))
            .collect::<Vec<_>>()
    };
    let allows = view.statements.iter().filter(|seen| seen.is_allow());
    allows.flat_map(near).collect()
}

fn judge(seen: &Seen<'_>, entry: &Principal) -> Option<Draft> {
    let arn = ProviderArn::parse(&entry.value.text)?;
    let (meant, how) = nearest_issuer(arn.host)?;
    let how: Vec<&str> = how.iter().map(|difference| difference.words()).collect();
    let meant = meant.trim_start_matches("https://");
    Some(Draft::new(
        Severity::Error,
        seen.at_entry(entry),
        format!(
            "`{}` is nearly the issuer `{meant}`: the policy's {}, and no token of GitHub's comes through such a provider",
            arn.host,
            how.join(" and ")
        ),
        format!("name the provider of {meant}, letter by letter"),
    ))
}

#[cfg(test)]
mod tests {
    use super::super::tests::table;

    #[test]
    fn near_misses() {
        let statement = |host: &str| {
            format!(
                r#"{{"Effect": "Allow", "Principal": {{"Federated": "arn:aws:iam::111122223333:oidc-provider/{host}"}}, "Action": "sts:AssumeRoleWithWebIdentity"}}"#
            )
        };
        let arn = |host: &str| format!(r#"error "arn:aws:iam::111122223333:oidc-provider/{host}""#);
        for host in [
            "token.actions.githubusercontent.com/",
            "vstoken.actions.githubusercontent.com",
            "token.action.githubusercontent.com",
        ] {
            table(&super::RULE, &[(&statement(host), &arn(host))]);
        }
        for host in [
            "token.actions.githubusercontent.com",
            "token.actions.githubusercontent.com/octo-inc",
            "gitlab.com",
        ] {
            table(&super::RULE, &[(&statement(host), "")]);
        }
    }
}
