//! The condition keys that the trust policy sees.

use serde_json::Value;

use super::Provider;
use super::aws_claims::AwsClaims;
use crate::case::Case;
use crate::condition::literal::iso;
use crate::context::{Context, Fact, Key, Text};
use crate::token::catalogue::IssuerKeys;
use crate::token::{Claim, Token, scalar};

/// Fills the condition keys: IAM User Guide, "Available keys for AWS OIDC federation" and "AWS global
/// condition context keys"; the values of `aws:` keys were observed (radkawar/stackd fixtures, 2026-09-11).
pub(super) fn context(
    case: &Case,
    token: &Token<'_>,
    aws: Option<AwsClaims<'_>>,
    provider: &Provider,
    keys: &IssuerKeys,
    now: Option<i64>,
) -> Context {
    let mut context = Context::with_unknown(UNKNOWN_HERE);
    claim_keys(&mut context, token, &provider.key_prefix, keys);
    request_keys(&mut context, case, aws, provider);
    if let Some(now) = now {
        context.insert(Key::fixed("aws:currenttime"), Fact::one(&iso(now)));
        context.insert(Key::fixed("aws:epochtime"), Fact::one(&now.to_string()));
    }
    given(&mut context, case);
    context
}

/// Whether AWS may give a request this key, which no token tells.
pub(crate) fn may_be_set(key: &str) -> bool {
    Context::with_unknown(UNKNOWN_HERE).get(&Key::new(key)) == &Fact::Unknown
}

/// Keys that every request may carry but only AWS, or the network that the request came through, knows.
const UNKNOWN_HERE: &[&str] = &[
    "aws:currenttime",
    "aws:epochtime",
    "aws:principalaccount",
    "aws:principalisawsservice",
    "aws:requestedregion",
    "aws:resourceaccount",
    "aws:resourceorgid",
    "aws:resourceorgpaths",
    "aws:resourcetag/*",
    "aws:sourceip",
    "aws:sourcevpc",
    "aws:sourcevpcarn",
    "aws:sourcevpce",
    "aws:useragent",
    "aws:userid",
    "aws:vpcsourceip",
    "iam:resourcetag/*",
    "sts:rolesessionname",
];

fn claim_keys(context: &mut Context, token: &Token<'_>, prefix: &str, keys: &IssuerKeys) {
    let mut key = format!("{prefix}:");
    let base = key.len();
    let mut set = |suffix: &str, fact: Fact| {
        // What is absent needs no entry.
        if fact != Fact::Absent {
            key.truncate(base);
            key.push_str(suffix);
            context.set(&key, fact);
        }
    };
    for generic in keys.generic {
        let fact = first_fact(token, generic.claims, generic.multivalued);
        set(generic.suffix, fact);
    }
    for name in keys.claims {
        let fact = match fact(token.claim(name), false) {
            // Whether STS has the key for this issuer is not established.
            fact if keys.documented => fact,
            Fact::Absent => Fact::Absent,
            _ => Fact::Unknown,
        };
        set(name, fact);
    }
    // AWS has these, from claims that are not known here.
    for name in keys.not_judged {
        set(name, Fact::Unknown);
    }
}

/// The first of the claims that the token has. GitHub sends no `azp`, so that a partial set which
/// does not say has none.
fn first_fact(token: &Token<'_>, claims: &[&str], multivalued: bool) -> Fact {
    let known = claims
        .iter()
        .map(|name| token.claim(name))
        .find(|claim| matches!(claim, Claim::Is(_)));
    let last = claims
        .last()
        .map_or(Claim::Absent, |name| token.claim(name));
    fact(known.unwrap_or(last), multivalued)
}

fn fact(claim: Claim<'_>, multivalued: bool) -> Fact {
    match claim {
        Claim::Absent => Fact::Absent,
        Claim::Unknown => Fact::Unknown,
        Claim::Is(Value::Array(list)) => {
            let texts: Vec<String> = list.iter().filter_map(scalar).collect();
            match texts.as_slice() {
                // A list of one audience is one audience (observed, as above).
                [one] if !multivalued => Fact::one(one),
                texts => Fact::many(texts.iter().map(String::as_str)),
            }
        }
        Claim::Is(value) => match scalar(value) {
            Some(text) if multivalued => Fact::many([text.as_str()]),
            Some(text) => Fact::one(&text),
            None => Fact::Absent,
        },
    }
}

fn request_keys(
    context: &mut Context,
    case: &Case,
    aws: Option<AwsClaims<'_>>,
    provider: &Provider,
) {
    let by_idp = aws.is_some_and(|aws| aws.roles().is_some());
    let fixed = |text| Some(Fact::One(Text::fixed(text)));
    let one = |text: Option<&str>| text.map(Fact::one);
    for (key, fact) in [
        ("aws:securetransport", fixed("true")),
        ("aws:viaawsservice", fixed("false")),
        ("aws:principaltype", fixed("User")),
        ("aws:principalaccount", one(provider.account.as_deref())),
        ("aws:resourceaccount", one(provider.account.as_deref())),
        ("aws:userid", one(provider.arn.as_deref())),
        ("sts:rolesessionname", one(case.session_name.as_deref())),
        (
            "sts:roleauthorizedbyidp",
            fixed(if by_idp { "true" } else { "false" }),
        ),
    ] {
        if let Some(fact) = fact {
            context.insert(Key::fixed(key), fact);
        }
    }
    if let Some(aws) = aws {
        aws.fill(context);
    }
}

/// Keys that the caller sets win over all others; `null` says that a key is absent.
pub(crate) fn given(context: &mut Context, case: &Case) {
    for (key, value) in &case.context {
        let fact = match value {
            Value::Null => Fact::Absent,
            Value::Array(items) => {
                let texts: Vec<String> = items.iter().filter_map(scalar).collect();
                Fact::many(texts.iter().map(String::as_str))
            }
            value => scalar(value).map_or(Fact::Absent, |text| Fact::one(&text)),
        };
        context.set(key, fact);
    }
}
