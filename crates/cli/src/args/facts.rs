//! What is known of the token, the account and the request, and how it becomes a [`Case`].

use std::time::{SystemTime, UNIX_EPOCH};

use clap::{Args, ValueEnum};
use rolecall_core::case::{self, Case, ProviderGiven, SignatureMode};
use rolecall_core::sts::GITHUB_ISSUER;
use serde_json::{Map, Value};

use crate::failure::Failure;
use crate::input::Inputs;

/// What is known of the token.
#[derive(Debug, Default, Args)]
pub(crate) struct TokenFacts {
    /// Judge at this moment: RFC 3339 or seconds since 1970 [default: the clock; for claims their iat]
    #[arg(long, value_name = "TIME", value_parser = moment, conflicts_with = "at_issue", allow_hyphen_values = true, help_heading = "Token")]
    now: Option<i64>,
    /// Judge as of the token's iat
    #[arg(long, help_heading = "Token")]
    at_issue: bool,
    /// The issuer's key set, where the built-in keys of GitHub do not do
    #[arg(long, value_name = "FILE", help_heading = "Token")]
    jwks: Option<String>,
    /// Verify it, take it for right, or refuse also where the key is not known
    #[arg(long, value_enum, default_value_t, help_heading = "Token")]
    signature: Signature,
    /// Set a claim; without a token the other claims are unknown. Given twice: a list
    #[arg(long = "claim", value_name = "K=V", value_parser = pair, help_heading = "Token")]
    claims: Vec<(String, String)>,
    /// What the claims do not tell is unknown, not absent
    #[arg(long, help_heading = "Token")]
    partial: bool,
}

/// What is known besides the token.
#[derive(Debug, Default, Args)]
pub(crate) struct Facts {
    #[command(flatten)]
    token: TokenFacts,
    /// The role that is asked for
    #[arg(long, value_name = "ARN", help_heading = "Request")]
    role_arn: Option<String>,
    /// The role session's name
    #[arg(
        long,
        value_name = "NAME",
        help_heading = "Request",
        allow_hyphen_values = true
    )]
    session_name: Option<String>,
    /// The duration asked for
    #[arg(
        long,
        value_name = "SECONDS",
        help_heading = "Request",
        allow_negative_numbers = true
    )]
    duration: Option<i64>,
    /// Set a condition key, such as aws:SourceIp=203.0.113.7. Given twice: a key with several values
    #[arg(long = "context", value_name = "KEY=VALUE", value_parser = pair, help_heading = "Request")]
    context: Vec<(String, String)>,
    /// Say that the request does not carry a condition key
    #[arg(long = "absent", value_name = "KEY", help_heading = "Request")]
    absent: Vec<String>,
    /// The URL of the account's identity provider, or `none` [default: GitHub's]
    #[arg(long, value_name = "URL|none", help_heading = "Account")]
    provider: Option<String>,
    /// An audience that is registered with the provider; may be repeated [default: sts.amazonaws.com]
    #[arg(
        long = "registered-audience",
        value_name = "AUD",
        help_heading = "Account"
    )]
    audiences: Vec<String>,
    /// The role's MaxSessionDuration
    #[arg(long, value_name = "SECONDS", help_heading = "Account")]
    max_session_duration: Option<i64>,
}

/// What to make of the signature.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, ValueEnum)]
enum Signature {
    #[default]
    Verify,
    Ignore,
    Require,
}

impl From<Signature> for SignatureMode {
    fn from(signature: Signature) -> Self {
        match signature {
            Signature::Verify => Self::Verify,
            Signature::Ignore => Self::Ignore,
            Signature::Require => Self::Require,
        }
    }
}

impl TokenFacts {
    /// Whether the options alone say something about the token.
    pub(crate) const fn has_claims(&self) -> bool {
        !self.claims.is_empty()
    }

    /// The token's part of a case; `token` is the pasted text, if any.
    pub(crate) fn case(&self, token: Option<String>, inputs: &mut Inputs) -> Result<Case, Failure> {
        let jwks = self
            .jwks
            .as_deref()
            .map(|path| inputs.read("the key set", path))
            .transpose()?;
        Ok(Case {
            // Claims from options alone are never all of a token's claims.
            partial: self.partial || token.is_none(),
            claims: self.has_claims().then(|| claims(&self.claims)),
            token,
            jwks,
            now: self.now,
            at_issue: self.at_issue,
            clock: Some(clock()),
            signature: self.signature.into(),
            ..Case::default()
        })
    }
}

impl Facts {
    /// Whether the options alone say something about the token.
    pub(crate) const fn has_claims(&self) -> bool {
        self.token.has_claims()
    }

    /// The question, but for the policy.
    pub(crate) fn case(&self, token: Option<String>, inputs: &mut Inputs) -> Result<Case, Failure> {
        let mut context = lists(&self.context);
        context.extend(self.absent.iter().map(|key| (key.clone(), Value::Null)));
        Ok(Case {
            context,
            provider: self.provider()?,
            role_arn: self.role_arn.clone(),
            session_name: self.session_name.clone(),
            duration: self.duration,
            max_session_duration: self.max_session_duration,
            ..self.token.case(token, inputs)?
        })
    }

    fn provider(&self) -> Result<ProviderGiven, Failure> {
        let audiences = (!self.audiences.is_empty()).then(|| self.audiences.clone());
        match (self.provider.as_deref(), audiences) {
            (None, None) => Ok(ProviderGiven::Default),
            (Some("none"), None) => Ok(ProviderGiven::None),
            (Some("none"), Some(_)) => Err(Failure::new(
                "`--provider none` has no registered audience",
                "leave out `--registered-audience`, or give the provider's URL",
            )),
            (url, audiences) => Ok(ProviderGiven::Given {
                url: url.unwrap_or(GITHUB_ISSUER).to_owned(),
                audiences,
            }),
        }
    }
}

/// The system's clock: the only place where rolecall asks it.
pub(crate) fn clock() -> i64 {
    let since = SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .unwrap_or_default();
    i64::try_from(since.as_secs()).unwrap_or(i64::MAX)
}

pub(super) fn pair(text: &str) -> Result<(String, String), String> {
    let (key, value) = text
        .split_once('=')
        .ok_or("expected a name, `=` and a value")?;
    if key.is_empty() {
        return Err("the name before `=` is empty".to_owned());
    }
    Ok((key.to_owned(), value.to_owned()))
}

fn moment(text: &str) -> Result<i64, String> {
    case::seconds(text).ok_or_else(|| {
        "expected a time such as 2026-11-23T14:00:00Z, or seconds since 1970".to_owned()
    })
}

/// The claims of a token: times are numbers, all others texts.
fn claims(pairs: &[(String, String)]) -> Map<String, Value> {
    let mut claims = lists(pairs);
    for name in ["exp", "iat", "nbf"] {
        if let Some(number) = claims
            .get(name)
            .and_then(Value::as_str)
            .and_then(|text| text.parse::<i64>().ok())
        {
            claims.insert(name.to_owned(), number.into());
        }
    }
    claims
}

/// A name that is given once has a text, one that is given more often a list.
pub(super) fn lists(pairs: &[(String, String)]) -> Map<String, Value> {
    let mut map = Map::new();
    for (key, value) in pairs {
        let value = Value::from(value.as_str());
        match map.get_mut(key) {
            None => drop(map.insert(key.clone(), value)),
            Some(Value::Array(values)) => values.push(value),
            Some(only) => *only = Value::Array(vec![only.take(), value]),
        }
    }
    map
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_given_twice_make_lists() {
        let pairs = [("aud", "a"), ("exp", "60"), ("aud", "b"), ("aud", "c")];
        let pairs = pairs.map(|(key, value)| (key.to_owned(), value.to_owned()));
        assert_eq!(
            Value::Object(claims(&pairs)),
            serde_json::json!({"aud": ["a", "b", "c"], "exp": 60})
        );
    }
}
