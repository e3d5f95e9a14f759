//! The role's account: does it have an identity provider for the token's issuer, and which is it?

use super::refusal::{self, Refusal};
use super::{GITHUB_ISSUER, Outcome, Passed, Provider, RoleArn, Step};
use crate::case::{Case, ProviderGiven};
use crate::policy::{Policy, ProviderArn};
use crate::report::{CauseId, CheckId};
use crate::token::catalogue::nearly;
use crate::token::{Claim, Token, scalar};

/// The role's account and its identity provider, as given or taken for granted.
pub(super) struct Home {
    pub(super) issuer: Option<String>,
    /// The provider's URL; `None`: the account has none.
    url: Option<String>,
    pub(super) audiences: Vec<String>,
    account: Option<String>,
    partition: String,
}

impl Home {
    pub(super) fn find(case: &Case, token: &Token<'_>, policy: &Policy) -> Self {
        let issuer = match token.claim("iss") {
            Claim::Is(value) => scalar(value),
            // A partial set is one of GitHub's unless it says otherwise.
            Claim::Unknown => Some(GITHUB_ISSUER.to_owned()),
            Claim::Absent => None,
        };
        let named = named_provider(policy, issuer.as_deref());
        let role = case.role_arn.as_deref().and_then(RoleArn::parse);
        let partition = role.map_or_else(|| named.map_or("aws", |n| n.partition), |r| r.partition);
        let usual = || vec![usual_audience(partition).to_owned()];
        let (url, audiences) = match &case.provider {
            ProviderGiven::None => (None, Vec::new()),
            ProviderGiven::Given { url, audiences } => (
                Some(normal_url(url)),
                audiences.clone().unwrap_or_else(usual),
            ),
            ProviderGiven::Default => (Some(default_url(named, issuer.as_deref())), usual()),
        };
        Self {
            url,
            audiences,
            account: role
                .map(|role| role.account)
                .or_else(|| {
                    let named = named?;
                    (!is_in_several_accounts(policy, named)).then_some(named.account)
                })
                .map(str::to_owned),
            partition: partition.to_owned(),
            issuer,
        }
    }

    pub(super) fn check(&self) -> Step {
        let outcome = match (&self.issuer, &self.url) {
            (None, _) => Outcome::Unknown("the token has no issuer".to_owned()),
            (Some(issuer), Some(url)) if issuer == url => Outcome::Pass(Passed::Issuer),
            (Some(issuer), url) => Outcome::fail(missing_provider(issuer, url.as_deref())),
        };
        Step::of(CheckId::Provider, outcome)
    }

    pub(super) fn provider(&self) -> Provider {
        let url = self
            .url
            .as_deref()
            .or(self.issuer.as_deref())
            .unwrap_or(GITHUB_ISSUER);
        let host = without_scheme(url);
        let named = |account| {
            let partition = self.partition.as_str();
            let arn = ProviderArn {
                partition,
                account,
                host,
            };
            arn.to_string()
        };
        Provider {
            issuer: self.issuer.clone(),
            key_prefix: host.to_owned(),
            arn: self.account.as_deref().map(named),
            account: self.account.clone(),
        }
    }
}

fn missing_provider(issuer: &str, url: Option<&str>) -> Refusal {
    let error = refusal::not_validated(format!(
        "No OpenIDConnect provider found in your account for {issuer}"
    ));
    let nearly = url.and_then(|url| nearly(url, issuer));
    let (cause, summary) = match (url, nearly) {
        (None, _) => (
            CauseId::MissingProvider,
            format!("the role's account has no identity provider for {issuer}"),
        ),
        (Some(url), None) => (
            CauseId::MissingProvider,
            format!("the role's account has an identity provider for {url}, none for {issuer}"),
        ),
        (Some(_), Some(differences)) => {
            let how: Vec<&str> = differences.iter().map(|d| d.words()).collect();
            (
                CauseId::TypoInProvider,
                format!(
                    "the identity provider's URL is not the issuer: it {}",
                    how.join(" and ")
                ),
            )
        }
    };
    // AWS trusts its own list of CAs for GitHub since July 2023 (aws-actions/configure-aws-credentials, issues 357 and 762).
    let audience = if issuer == GITHUB_ISSUER {
        "the audience sts.amazonaws.com in the role's account; thumbprints play no part for GitHub"
    } else {
        "the token's audience in the role's account"
    };
    // Which one the account has was taken for granted, or told.
    let told = match url {
        Some(_) => {
            "where the account has one, say so (--provider, on the page under Account and request); else "
        }
        None => "",
    };
    let help = format!("{told}create an identity provider with the URL {issuer} and {audience}");
    Refusal {
        claim: Some("iss"),
        actual: Some(issuer.to_owned()),
        expected: url.map(str::to_owned),
        ..Refusal::new(error, cause, summary, help)
    }
}

/// The OIDC provider that the policy names for this issuer, else the first that it names.
fn named_provider<'p>(policy: &'p Policy, issuer: Option<&str>) -> Option<ProviderArn<'p>> {
    let host = issuer.map(without_scheme);
    let of_issuer = policy.providers().find(|named| Some(named.host) == host);
    of_issuer.or_else(|| policy.providers().next())
}

/// Whether the policy names this provider in other accounts, too: then nothing tells which is the role's.
fn is_in_several_accounts(policy: &Policy, named: ProviderArn<'_>) -> bool {
    let mut of_host = policy.providers().filter(|other| other.host == named.host);
    of_host.any(|other| other != named)
}

/// GitHub's provider, unless the policy names one for exactly this issuer.
fn default_url(named: Option<ProviderArn<'_>>, issuer: Option<&str>) -> String {
    match (named, issuer) {
        (Some(named), Some(issuer)) if named.host == without_scheme(issuer) => issuer.to_owned(),
        _ => GITHUB_ISSUER.to_owned(),
    }
}

/// As IAM keeps a provider's URL: a trailing slash stays, `:443` goes, letter case stays (observed,
/// radkawar/stackd fixtures, 2026-09-11). The API answers URLs without their scheme.
fn normal_url(url: &str) -> String {
    let with_scheme = if url.contains("://") {
        url.to_owned()
    } else {
        format!("https://{url}")
    };
    let Some((scheme, rest)) = with_scheme.split_once("://") else {
        return with_scheme;
    };
    let (host, path) = rest
        .split_at_checked(rest.find('/').unwrap_or(rest.len()))
        .unwrap_or((rest, ""));
    format!(
        "{scheme}://{}{path}",
        host.strip_suffix(":443").unwrap_or(host)
    )
}

fn without_scheme(url: &str) -> &str {
    url.strip_prefix("https://").unwrap_or(url)
}

/// In China the audience carries the partition's domain (aws-actions/configure-aws-credentials, README).
pub(crate) fn usual_audience(partition: &str) -> &'static str {
    if partition == "aws-cn" {
        "sts.amazonaws.com.cn"
    } else {
        "sts.amazonaws.com"
    }
}
