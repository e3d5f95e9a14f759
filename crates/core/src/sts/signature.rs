//! The signature: verified with the built-in keys of GitHub, or with the key set that was given.

use super::home::Home;
use super::refusal::{self, Refusal};
use super::{GITHUB_ISSUER, Outcome, Passed, Step, UNSIGNED};
use crate::case::{Case, SignatureMode};
use crate::jwks::{Jws, KeySet, Signature};
use crate::report::{CauseId, CheckId};
use crate::token::{Token, paste};

pub(super) fn check(case: &Case, token: &Token<'_>, home: &Home) -> Step {
    let outcome = match (&token.jws, case.signature) {
        (None, _) => Outcome::pass(UNSIGNED),
        (Some(_), _) if token.is_altered => {
            Outcome::pass("claims were changed by hand; judged as if signed")
        }
        (Some(_), SignatureMode::Ignore) => Outcome::pass("not looked at, as asked"),
        (Some(_), _) if token.malformed.is_some() => {
            Outcome::Unknown("no signature can be read".to_owned())
        }
        (Some(jws), mode) => match keys(case, home) {
            Ok(keys) => verified(verify(jws, token, keys.as_ref()), case, mode),
            Err(why) if mode == SignatureMode::Require => no_key(&why),
            Err(why) => Outcome::Unknown(why),
        },
    };
    Step::of(CheckId::Signature, outcome)
}

/// Algorithm and key id are those of the token's own header.
fn verify(jws: &paste::Jws, token: &Token<'_>, keys: &KeySet) -> Signature {
    let field = |name| {
        token
            .header
            .as_ref()
            .and_then(|header| header.get(name)?.as_str())
    };
    let compact = jws.token();
    let algorithm = field("alg").unwrap_or_default();
    Jws::new(&compact, algorithm, field("kid"))
        .map_or(Signature::AlgorithmRefused, |jws| keys.verify(&jws))
}

enum Keys {
    BuiltIn(&'static KeySet),
    Given(Box<KeySet>),
}

impl Keys {
    const fn as_ref(&self) -> &KeySet {
        match self {
            Self::BuiltIn(keys) => keys,
            Self::Given(keys) => keys,
        }
    }
}

fn keys(case: &Case, home: &Home) -> Result<Keys, String> {
    if let Some(text) = &case.jwks {
        return KeySet::parse(text)
            .map(|keys| Keys::Given(Box::new(keys)))
            .map_err(|error| error.to_string());
    }
    let issuer = home.issuer.as_deref().unwrap_or(GITHUB_ISSUER);
    // An enterprise's issuer signs with the same keys (github-tokens reference, from a jsr pull request).
    if issuer == GITHUB_ISSUER
        || issuer
            .strip_prefix(GITHUB_ISSUER)
            .is_some_and(|rest| rest.starts_with('/'))
    {
        return Ok(Keys::BuiltIn(KeySet::github()));
    }
    Err(format!("no keys of {issuer} are known here"))
}

fn verified(signature: Signature, case: &Case, mode: SignatureMode) -> Outcome {
    let refused = |summary: String, help: &str| {
        // Not recorded for these; the text that 2026's STS gives for all it can't validate.
        Outcome::fail(Refusal::new(
            refusal::not_validated(None),
            CauseId::BadSignature,
            summary,
            help,
        ))
    };
    let get_another = "get a token from the issuer itself, and copy it whole";
    match signature {
        Signature::Valid { kid, algorithm } => Outcome::Pass(Passed::Signature { kid, algorithm }),
        Signature::Invalid { kid, .. } => refused(
            format!("the signature does not fit the token's text (key {kid})"),
            "the token was changed or cut after it was signed: copy it again, whole",
        ),
        Signature::KeyMismatch { kid, algorithm } => refused(
            format!("the key {kid} can't be used with {algorithm}"),
            get_another,
        ),
        Signature::AlgorithmRefused => refused(
            "STS takes signatures with RS256, RS384, RS512, ES256, ES384 and ES512 only".to_owned(),
            get_another,
        ),
        Signature::KeyUnusable { kid } => refused(
            format!("AWS can't use the key {kid}: it has `key_ops`"),
            "the issuer must publish the key without `key_ops`",
        ),
        Signature::NoKey { kid } => not_among(kid, case, mode),
        Signature::Undecided { reason, .. } => Outcome::Unknown(reason.to_string()),
    }
}

/// The key that the token names is not there: only the built-in keys may be too old.
fn not_among(kid: Option<String>, case: &Case, mode: SignatureMode) -> Outcome {
    let named = kid.map_or_else(
        || "the token names no key".to_owned(),
        |kid| format!("the token names the key `{kid}`"),
    );
    if case.jwks.is_none() && mode != SignatureMode::Require {
        return Outcome::Unknown(format!(
            "{named}, which is not among the keys that are built in"
        ));
    }
    no_key(&format!("{named}, which the key set does not have"))
}

fn no_key(summary: &str) -> Outcome {
    Outcome::fail(Refusal::new(
        refusal::no_key(),
        CauseId::UnknownSigningKey,
        summary,
        "fetch the issuer's key set anew; issuers change their keys from time to time",
    ))
}
