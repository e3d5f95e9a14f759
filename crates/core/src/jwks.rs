//! Signing keys, and the signature of a token, as AWS STS sees them.
//!
//! A key set is what an identity provider publishes at its `jwks_uri`: a JWKS (RFC 7517). GitHub's own is built in
//! ([`KeySet::github`]); any other is read with [`KeySet::parse`]. [`KeySet::verify`] then tells what STS makes of a
//! token's signature. Nothing but the signature is judged here: times, audience, issuer and the `crit` header are
//! other checks.
//!
//! The check itself is the crate `jsonwebtoken`'s, with a cryptography of ours that is no larger than STS's algorithms
//! need. Which key is tried is decided here, since AWS's rules differ from the library's.
//!
//! # Rules
//!
//! "Observed" means: recorded from real `sts:AssumeRoleWithWebIdentity` calls, us-east-1, 2026-09-11 (the fixtures of
//! radkawar/stackd, runs `aws`, `aws-initial` and `aws-keys`; case names in parentheses).
//!
//! | the set or the token | outcome | source |
//! | --- | --- | --- |
//! | token without `kid`, one usable key | that key is used | observed (`one-key-token-without-kid`) |
//! | token without `kid`, several usable keys | [`Signature::NoKey`] | observed (`kid-missing-many-keys`) |
//! | token with an unknown or an empty `kid` | [`Signature::NoKey`] | observed |
//! | JWK without `kid` | not usable | observed (`jwk-without-kid-token-without-kid`) |
//! | JWK with `use` of `enc` | not usable | observed (`jwk-use-enc`) |
//! | JWK with `key_ops`, even `["verify"]` | [`Signature::KeyUnusable`] | observed beside `use` (`jwk-key-ops-sign`) |
//! | two JWKs of one `kid` | the later counts | observed (`same-kid-wrong-then-right`) |
//! | JWK `alg` | ignored, the token's `alg` decides | observed |
//! | `x5c` whose key is not the JWK's | not usable | observed (`x5c-disagreeing-with-n`) |
//! | `x5c` without `n` and `e` | not usable | observed (`x5c-without-n-and-e`) |
//! | more than 100 RSA keys | no RSA key is usable, EC keys are | observed (`101-rsa-keys-rsa-token`, `101-rsa-keys-ec-token`) |
//! | more than 100 EC keys | no EC key is usable | documented limit of 100 EC keys; its effect is taken from RSA |
//! | RS256, RS384, RS512, ES256, ES384 | verified | documented; all but RS384 observed (`alg-*`) |
//! | ES512 | [`Signature::Undecided`] | accepted by STS (documented, observed), not verified here |
//! | any other `alg` (`none`, HS*, PS*, EdDSA) | [`Signature::AlgorithmRefused`] | the documented list is closed |
//!
//! A member that is `null` counts as absent, and of a repeated member the last counts. A key whose type does not fit
//! the algorithm never verifies, so a public key cannot serve as an HMAC secret.
//!
//! # Limitations
//!
//! * Not observed, we chose: one malformed JWK is passed over and leaves the others usable; a `use` that is neither
//!   `sig` nor `enc` counts like `enc`; keys of a type that exceeds its limit do not count as usable for a token
//!   without `kid`; the limit counts every published JWK of the type; base64url is read strictly (no padding, no
//!   stray bits), as RFC 7515 wants it.
//! * RSA keys under 2048 or over 8192 bits give [`Signature::Undecided`]: whether STS takes them is not known.
//! * ES512 gives [`Signature::Undecided`]: `jsonwebtoken` does not have it. ES256 and ES384 need the cargo feature
//!   `ec`, and give the same without it. Where a curve is not verified, points are not checked to lie on it.
//! * `jsonwebtoken` has one cryptography for the whole process. [`KeySet::verify`] installs ours, which only verifies,
//!   unless another is there. A program that uses the library for more must therefore install its own first
//!   (`CryptoProvider::install_default`); that one then verifies here too, and what it does not support gives
//!   [`Signature::Undecided`]. Which keys are usable does not depend on it.

mod certificate;
mod provider;
mod public_key;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;
use std::fmt;
use std::sync::LazyLock;

use serde_json::{Map, Value};

use self::public_key::{PublicKey, text};

/// When [`KeySet::github`]'s keys were fetched: year, month, and the day where it is known.
/// `cargo xtask keys` replaces them by a newer set.
///
/// A token signed with a key that came later is [`Signature::NoKey`] under the built-in set, which proves nothing
/// against it.
///
/// ```
/// assert!(rolecall_core::jwks::GITHUB_KEYS_DATE >= "2026-08");
/// ```
pub const GITHUB_KEYS_DATE: &str = include_str!("jwks/github.date");

/// Longest key set that is read, in bytes. GitHub's has 2 KB; AWS's own limit is not documented.
const MAX_BYTES: usize = 1 << 20;

/// Most keys that are read. From 101 of a type on none of them is usable, so more cannot change a verdict.
const MAX_KEYS: usize = 1000;

/// Keys of one type that STS accepts: with more, no key of the type is usable.
///
/// Observed for RSA, radkawar/stackd fixtures 2026-09-11, `101-rsa-keys-rsa-token`; for EC only documented.
const MAX_KEYS_OF_A_TYPE: usize = 100;

/// A key set, reduced to what STS would use of it.
///
/// ```
/// use rolecall_core::jwks::KeySet;
///
/// let keys = KeySet::parse(r#"{"keys": [{"kty": "RSA", "use": "enc", "kid": "a"}]}"#)?;
/// assert_eq!(keys.kids().count(), 0);
/// assert_eq!(keys.skipped()[0].to_string(), "key 1 (`a`): its `use` is not `sig`");
/// # Ok::<(), rolecall_core::jwks::KeySetError>(())
/// ```
#[derive(Debug, Clone, Default)]
pub struct KeySet {
    keys: BTreeMap<String, Key>,
    skipped: Vec<Skipped>,
}

/// A key that STS would consider.
#[derive(Debug, Clone)]
struct Key {
    /// Place in the key set, from 0.
    index: usize,
    /// The JWK has `key_ops`.
    has_key_ops: bool,
    public_key: PublicKey,
}

impl KeySet {
    /// Reads a key set: `{"keys": [...]}`, a bare array of JWKs, or a single JWK.
    ///
    /// Keys that STS would pass over are no error; [`KeySet::skipped`] names them.
    ///
    /// # Errors
    ///
    /// [`KeySetError`] when the text is not JSON, not a key set, or beyond 1 MiB or 1000 keys.
    ///
    /// ```
    /// use rolecall_core::jwks::{KeySet, KeySetError};
    ///
    /// assert!(KeySet::parse(r#"{"keys": []}"#).is_ok());
    /// let error = KeySet::parse("{\"keys\":\n oops}").unwrap_err();
    /// assert!(matches!(error, KeySetError::Syntax { line: 2, column: 2, .. }));
    /// ```
    pub fn parse(text: &str) -> Result<Self, KeySetError> {
        let jwks = published_keys(text)?;
        let crowded = crowded_types(&jwks);
        let mut set = Self::default();
        for (index, jwk) in jwks.iter().enumerate() {
            match read_key(index, jwk, &crowded) {
                Ok((kid, key)) => set.publish(kid, key),
                Err(reason) => {
                    let kid = jwk.get("kid").and_then(Value::as_str);
                    set.skip(index, kid.map(str::to_owned), reason);
                }
            }
        }
        Ok(set)
    }

    /// GitHub's key set for `https://token.actions.githubusercontent.com`, as of [`GITHUB_KEYS_DATE`], from
    /// its [`keys_url`](crate::token::catalogue::keys_url).
    ///
    /// ```
    /// use rolecall_core::jwks::KeySet;
    /// assert!(KeySet::github().kids().any(|kid| kid == "38826b17-6a30-5f9b-b169-8beb8202f723"));
    /// ```
    #[must_use]
    pub fn github() -> &'static Self {
        static GITHUB: LazyLock<KeySet> =
            LazyLock::new(|| KeySet::parse(include_str!("jwks/github.json")).unwrap_or_default());
        &GITHUB
    }

    /// The `kid`s of the keys that a token may name, sorted.
    ///
    /// ```
    /// assert_eq!(rolecall_core::jwks::KeySet::github().kids().count(), 4);
    /// ```
    pub fn kids(&self) -> impl Iterator<Item = &str> {
        self.keys.keys().map(String::as_str)
    }

    /// The published keys that STS passes over, in the order of the set, with the reason for each.
    ///
    /// ```
    /// assert!(rolecall_core::jwks::KeySet::github().skipped().is_empty());
    /// ```
    #[must_use]
    pub fn skipped(&self) -> &[Skipped] {
        &self.skipped
    }

    /// What STS makes of the token's signature under these keys.
    ///
    /// ```
    /// use rolecall_core::jwks::{Jws, KeySet, Signature};
    ///
    /// let token = Jws::new("e30.e30.c2ln", "RS256", Some("rotated-away")).expect("three parts");
    /// assert_eq!(KeySet::github().verify(&token), Signature::NoKey { kid: Some("rotated-away".into()) });
    /// ```
    #[must_use]
    pub fn verify(&self, token: &Jws<'_>) -> Signature {
        let Some(algorithm) = public_key::accepted_algorithm(token.algorithm) else {
            return Signature::AlgorithmRefused;
        };
        let Some((kid, key)) = self.key_for(token.key_id) else {
            return Signature::NoKey {
                kid: token.key_id.map(str::to_owned),
            };
        };
        let kid = kid.to_owned();
        if key.has_key_ops {
            return Signature::KeyUnusable { kid };
        }
        if !key.public_key.fits(algorithm) {
            return Signature::KeyMismatch { kid, algorithm };
        }
        match key
            .public_key
            .verify(algorithm, token.signed, token.signature)
        {
            Ok(true) => Signature::Valid { kid, algorithm },
            Ok(false) => Signature::Invalid { kid, algorithm },
            Err(reason) => Signature::Undecided {
                kid,
                algorithm,
                reason,
            },
        }
    }

    /// The key for a token's `kid`. None for an unknown or empty one, and for a token without `kid` unless exactly one
    /// key is usable: observed, radkawar/stackd fixtures 2026-09-11, `one-key-token-without-kid` and
    /// `kid-missing-many-keys`.
    fn key_for(&self, kid: Option<&str>) -> Option<(&str, &Key)> {
        let (kid, key) = match kid {
            Some(kid) => self.keys.get_key_value(kid)?,
            None => self.keys.iter().next().filter(|_| self.keys.len() == 1)?,
        };
        Some((kid, key))
    }

    /// Observed, radkawar/stackd fixtures 2026-09-11, `same-kid-wrong-then-right`: the later key of a `kid` counts.
    fn publish(&mut self, kid: String, key: Key) {
        if let Some(earlier) = self.keys.insert(kid.clone(), key) {
            self.skip(earlier.index, Some(kid), SkipReason::Repeated);
        }
    }

    fn skip(&mut self, index: usize, kid: Option<String>, reason: SkipReason) {
        let at = self
            .skipped
            .partition_point(|skipped| skipped.index < index);
        self.skipped.insert(at, Skipped { index, kid, reason });
    }
}

/// A signed token in compact form, with what its header says about the signature.
///
/// ```
/// use rolecall_core::jwks::Jws;
/// assert!(Jws::new("header.payload.signature", "RS256", None).is_some());
/// assert!(Jws::new("header.payload", "RS256", None).is_none());
/// ```
#[derive(Clone, Copy)]
pub struct Jws<'a> {
    signed: &'a str,
    signature: &'a str,
    algorithm: &'a str,
    key_id: Option<&'a str>,
}

impl<'a> Jws<'a> {
    /// Takes a compact token apart, which must have exactly three parts. `algorithm` and `key_id` are the `alg` and
    /// `kid` of **its own** header, `key_id` being `None` when there is none.
    #[must_use]
    pub fn new(token: &'a str, algorithm: &'a str, key_id: Option<&'a str>) -> Option<Self> {
        let (signed, signature) = token.rsplit_once('.')?;
        let (_, payload) = signed.split_once('.')?;
        (!payload.contains('.')).then_some(Self {
            signed,
            signature,
            algorithm,
            key_id,
        })
    }
}

/// Shows no part of the token: a signed token is a credential.
impl fmt::Debug for Jws<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Jws")
            .field("algorithm", &self.algorithm)
            .field("key_id", &self.key_id)
            .finish_non_exhaustive()
    }
}

/// What STS makes of a token's signature. Only [`Signature::Valid`] lets the token through.
///
/// ```
/// use rolecall_core::jwks::{Jws, KeySet, Signature};
///
/// let unsigned = Jws::new("e30.e30.", "none", None).expect("three parts");
/// assert_eq!(KeySet::github().verify(&unsigned), Signature::AlgorithmRefused);
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Signature {
    /// The signature is right.
    Valid {
        /// The key that verified it.
        kid: String,
        /// The token's `alg`.
        algorithm: &'static str,
    },
    /// The key does not verify the signature, or the signature is not base64url.
    Invalid {
        /// The key that was tried.
        kid: String,
        /// The token's `alg`.
        algorithm: &'static str,
    },
    /// No usable key for the token's `kid`. AWS: "Couldn't retrieve verification key from your identity provider".
    NoKey {
        /// The token's `kid`.
        kid: Option<String>,
    },
    /// The key has `key_ops`. AWS answers with the general text "The web identity token provided could not be
    /// validated".
    KeyUnusable {
        /// The key.
        kid: String,
    },
    /// The key cannot be used with the algorithm: an EC key for RS256, or a P-384 key for ES256. Refused for certain;
    /// AWS's text was not observed.
    KeyMismatch {
        /// The key.
        kid: String,
        /// The token's `alg`.
        algorithm: &'static str,
    },
    /// The token's `alg` is none of those STS documents: `none`, an HMAC, PS256, EdDSA, anything unknown. AWS's text
    /// was not observed.
    AlgorithmRefused,
    /// STS may accept the signature, but this build cannot tell. To be reported as unknown, never as a refusal.
    Undecided {
        /// The key.
        kid: String,
        /// The token's `alg`.
        algorithm: &'static str,
        /// What is in the way.
        reason: UndecidedReason,
    },
}

/// Why a signature was left [`Signature::Undecided`].
///
/// ```
/// use rolecall_core::jwks::UndecidedReason;
/// assert_eq!(UndecidedReason::KeySize.to_string(), "whether AWS takes an RSA key of this size is not known");
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum UndecidedReason {
    /// ES512: the crate `jsonwebtoken` does not have it.
    Es512,
    /// ES256 or ES384 without the cargo feature `ec`, or whatever a provider that the program has installed does not
    /// support.
    Unsupported,
    /// An RSA modulus below 2048 bits (RFC 7518 section 3.3 forbids it) or above 8192, or an exponent above 2^33.
    KeySize,
}

impl fmt::Display for UndecidedReason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Es512 => "the signature library does not have ES512",
            Self::Unsupported => "signatures of this algorithm are not verified in this build",
            Self::KeySize => "whether AWS takes an RSA key of this size is not known",
        })
    }
}

/// A published key that STS passes over.
///
/// ```
/// use rolecall_core::jwks::{KeySet, SkipReason};
///
/// let keys = KeySet::parse(r#"[{"kty": "RSA"}]"#)?;
/// assert_eq!(keys.skipped()[0].reason, SkipReason::NoKid);
/// # Ok::<(), rolecall_core::jwks::KeySetError>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Skipped {
    /// Place in the key set, from 0.
    pub index: usize,
    /// Its `kid`, when it has one.
    pub kid: Option<String>,
    /// Why it is passed over.
    pub reason: SkipReason,
}

impl fmt::Display for Skipped {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "key {}", self.index.saturating_add(1))?;
        if let Some(kid) = &self.kid {
            write!(f, " (`{kid}`)")?;
        }
        write!(f, ": {}", self.reason)
    }
}

/// Why a published key is passed over. The module's table of rules has the sources.
///
/// ```
/// assert_eq!(rolecall_core::jwks::SkipReason::NoKid.to_string(), "it has no `kid`");
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SkipReason {
    /// The entry is not a JSON object.
    NotAnObject,
    /// `kid` is missing, empty or not text.
    NoKid,
    /// `use` is not `sig`.
    Use,
    /// `kty` is neither `RSA` nor `EC`, or `crv` is none of the curves STS accepts.
    Type,
    /// The member is missing or holds no part of a key.
    Member(&'static str),
    /// `x5c` holds another key, or no certificate.
    Certificate,
    /// A later key has the same `kid`.
    Repeated,
    /// More than 100 keys of its type are published.
    TooManyOfType,
}

impl fmt::Display for SkipReason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::NotAnObject => "it is not an object",
            Self::NoKid => "it has no `kid`",
            Self::Use => "its `use` is not `sig`",
            Self::Type => "its type is none that AWS verifies (RSA, or EC on P-256, P-384, P-521)",
            Self::Member(name) => return write!(f, "its `{name}` is missing or malformed"),
            Self::Certificate => "its `x5c` does not agree with the key",
            Self::Repeated => "a later key has the same `kid`",
            Self::TooManyOfType => "more than 100 keys of its type are published",
        })
    }
}

/// Why a text is not a key set.
///
/// ```
/// use rolecall_core::jwks::KeySet;
/// let error = KeySet::parse("[1,").unwrap_err();
/// assert_eq!(error.to_string(), "the key set is not JSON: EOF while parsing a value at line 1 column 3");
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum KeySetError {
    /// Longer than 1 MiB.
    TooLong {
        /// Its length.
        bytes: usize,
    },
    /// More than 1000 keys.
    TooManyKeys {
        /// How many.
        keys: usize,
    },
    /// Not JSON.
    Syntax {
        /// What is wrong, without the place.
        message: String,
        /// Line, from 1.
        line: usize,
        /// Column in bytes, from 1; 0 at the end of a line.
        column: usize,
    },
    /// The OpenID discovery document, which only points to the key set.
    Discovery,
    /// JSON of another shape.
    NotAKeySet,
}

impl fmt::Display for KeySetError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::TooLong { bytes } => {
                write!(f, "the key set has {bytes} bytes, more than {MAX_BYTES}")
            }
            Self::TooManyKeys { keys } => {
                write!(f, "the key set has {keys} keys, more than {MAX_KEYS}")
            }
            Self::Syntax {
                message,
                line,
                column,
            } => {
                write!(
                    f,
                    "the key set is not JSON: {message} at line {line} column {column}"
                )
            }
            Self::Discovery => {
                f.write_str("this is the discovery document; the key set is at its `jwks_uri`")
            }
            Self::NotAKeySet => {
                f.write_str("not a key set: expected an object with an array `keys`")
            }
        }
    }
}

impl std::error::Error for KeySetError {}

impl From<serde_json::Error> for KeySetError {
    fn from(error: serde_json::Error) -> Self {
        let (line, column) = (error.line(), error.column());
        let message = error.to_string();
        let place = format!(" at line {line} column {column}");
        let message = message.strip_suffix(&place).unwrap_or(&message).to_owned();
        Self::Syntax {
            message,
            line,
            column,
        }
    }
}

/// The published JWKs, in order.
fn published_keys(text: &str) -> Result<Vec<Value>, KeySetError> {
    if text.len() > MAX_BYTES {
        return Err(KeySetError::TooLong { bytes: text.len() });
    }
    // A file saved by PowerShell begins with a byte order mark.
    let keys = match serde_json::from_str(text.trim_start_matches('\u{feff}'))? {
        Value::Array(keys) => keys,
        Value::Object(mut set) => match set.remove("keys") {
            Some(Value::Array(keys)) => keys,
            None if set.contains_key("kty") => vec![Value::Object(set)],
            None if set.contains_key("jwks_uri") => return Err(KeySetError::Discovery),
            _ => return Err(KeySetError::NotAKeySet),
        },
        _ => return Err(KeySetError::NotAKeySet),
    };
    if keys.len() > MAX_KEYS {
        return Err(KeySetError::TooManyKeys { keys: keys.len() });
    }
    Ok(keys)
}

/// The `kty`s of which more keys are published than STS accepts.
fn crowded_types(jwks: &[Value]) -> Vec<&'static str> {
    let is_crowded = |kty: &&str| {
        let of_type = |jwk: &&Value| jwk.get("kty").is_some_and(|value| value == *kty);
        jwks.iter().filter(of_type).count() > MAX_KEYS_OF_A_TYPE
    };
    ["RSA", "EC"].into_iter().filter(is_crowded).collect()
}

/// One JWK as STS sees it. Rules and sources: the module's table.
fn read_key(index: usize, jwk: &Value, crowded: &[&str]) -> Result<(String, Key), SkipReason> {
    let jwk = jwk.as_object().ok_or(SkipReason::NotAnObject)?;
    let kid = text(jwk, "kid")
        .filter(|kid| !kid.is_empty())
        .ok_or(SkipReason::NoKid)?;
    if present(jwk, "use").is_some_and(|usage| usage != "sig") {
        return Err(SkipReason::Use);
    }
    if text(jwk, "kty").is_some_and(|kty| crowded.contains(&kty)) {
        return Err(SkipReason::TooManyOfType);
    }
    let key = Key {
        index,
        has_key_ops: present(jwk, "key_ops").is_some(),
        public_key: PublicKey::from_jwk(jwk)?,
    };
    Ok((kid.to_owned(), key))
}

/// A member that is there and not `null`.
fn present<'a>(jwk: &'a Map<String, Value>, name: &str) -> Option<&'a Value> {
    jwk.get(name).filter(|value| !value.is_null())
}
