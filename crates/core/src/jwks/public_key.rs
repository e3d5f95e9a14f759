//! A JWK's key material, and the check of a signature with it by `jsonwebtoken`.
//!
//! The library's own types of a JWK and of a header are not used: they refuse what STS passes over, such as a `use`
//! of another type, and an `alg` that the library does not have.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jsonwebtoken::errors::ErrorKind;
use jsonwebtoken::{Algorithm, DecodingKey};
use serde_json::{Map, Value};

use super::{SkipReason, UndecidedReason, certificate, provider};

/// The algorithms of an RSA key.
const RSA: &[&str] = &["RS256", "RS384", "RS512"];

/// The curves of STS's algorithms. RFC 7518 section 3.4: each algorithm has its own.
const CURVES: &[Curve] = &[
    Curve {
        name: "P-256",
        algorithms: &["ES256"],
        coordinate_bytes: 32,
    },
    Curve {
        name: "P-384",
        algorithms: &["ES384"],
        coordinate_bytes: 48,
    },
    Curve {
        name: "P-521",
        algorithms: &["ES512"],
        coordinate_bytes: 66,
    },
];

struct Curve {
    name: &'static str,
    algorithms: &'static [&'static str],
    coordinate_bytes: usize,
}

/// The algorithm of a token's `alg`, compared exactly (RFC 7515 section 4.1.1), if STS accepts it.
///
/// Documented for the parameter `WebIdentityToken` of `AssumeRoleWithWebIdentity`. All but RS384 observed,
/// radkawar/stackd fixtures 2026-09-11, `alg-*`.
pub(super) fn accepted_algorithm(name: &str) -> Option<&'static str> {
    let of_curves = CURVES.iter().flat_map(|curve| curve.algorithms);
    RSA.iter()
        .chain(of_curves)
        .copied()
        .find(|algorithm| *algorithm == name)
}

/// A public key that is well formed.
#[derive(Debug, Clone)]
pub(super) struct PublicKey {
    /// What the key is for. The JWK's `alg` plays no part: observed, radkawar/stackd fixtures 2026-09-11.
    algorithms: &'static [&'static str],
    /// None for an RSA key of a size that we do not judge.
    key: Option<DecodingKey>,
}

impl PublicKey {
    pub(super) fn from_jwk(jwk: &Map<String, Value>) -> Result<Self, SkipReason> {
        match text(jwk, "kty") {
            Some("RSA") => Self::rsa(jwk),
            Some("EC") => Self::ec(jwk),
            _ => Err(SkipReason::Type),
        }
    }

    fn rsa(jwk: &Map<String, Value>) -> Result<Self, SkipReason> {
        // A certificate cannot stand in for `n` and `e`: observed, same source, `x5c-without-n-and-e`.
        let (n, e) = (bytes(jwk, "n")?, bytes(jwk, "e")?);
        let (n, e) = (significant(&n), significant(&e));
        // An even modulus has the factor 2, an even exponent no inverse: no RSA key has them.
        let odd = |number: &[u8]| number.last().is_some_and(|byte| byte & 1 == 1);
        if !odd(n) {
            return Err(SkipReason::Member("n"));
        }
        if !odd(e) || e == [1] {
            return Err(SkipReason::Member("e"));
        }
        if !certificate::agrees(jwk.get("x5c"), &certificate::rsa_key(n, e)) {
            return Err(SkipReason::Certificate);
        }
        let key = DecodingKey::from_rsa_raw_components(n, e);
        let judged = provider::verifier(&Algorithm::RS256, &key).is_ok();
        Ok(Self {
            algorithms: RSA,
            key: judged.then_some(key),
        })
    }

    fn ec(jwk: &Map<String, Value>) -> Result<Self, SkipReason> {
        let curve = CURVES
            .iter()
            .find(|curve| text(jwk, "crv") == Some(curve.name))
            .ok_or(SkipReason::Type)?;
        // SEC1 form, uncompressed.
        let mut point = vec![4];
        for name in ["x", "y"] {
            // RFC 7518 section 6.2.1.2: the full length of the field, leading zeros included.
            let coordinate = bytes(jwk, name)?;
            if coordinate.len() != curve.coordinate_bytes {
                return Err(SkipReason::Member(name));
            }
            point.extend(coordinate);
        }
        if !certificate::agrees(jwk.get("x5c"), &point) {
            return Err(SkipReason::Certificate);
        }
        let key = Self {
            algorithms: curve.algorithms,
            key: Some(DecodingKey::from_ec_der(&point)),
        };
        if key.is_off_curve() {
            return Err(SkipReason::Member("y"));
        }
        Ok(key)
    }

    /// False for a curve that this build cannot compute with.
    fn is_off_curve(&self) -> bool {
        let algorithm = self.algorithms.first().and_then(|name| name.parse().ok());
        algorithm
            .zip(self.key.as_ref())
            .and_then(|(algorithm, key)| provider::verifier(&algorithm, key).err())
            .is_some_and(|error| matches!(error.kind(), ErrorKind::InvalidEcdsaKey))
    }

    /// Whether the algorithm is one for this kind of key.
    pub(super) fn fits(&self, algorithm: &str) -> bool {
        self.algorithms.contains(&algorithm)
    }

    /// Whether `signature`, in base64url, is this key's signature of `signed`. The algorithm must fit.
    pub(super) fn verify(
        &self,
        algorithm: &str,
        signed: &str,
        signature: &str,
    ) -> Result<bool, UndecidedReason> {
        let key = self.key.as_ref().ok_or(UndecidedReason::KeySize)?;
        let algorithm = algorithm.parse().map_err(|_| UndecidedReason::Es512)?;
        provider::install();
        match jsonwebtoken::crypto::verify(signature, signed.as_bytes(), key, algorithm) {
            Ok(valid) => Ok(valid),
            Err(error) if matches!(error.kind(), ErrorKind::Base64(_)) => Ok(false),
            Err(_) => Err(UndecidedReason::Unsupported),
        }
    }
}

/// A member's text.
pub(super) fn text<'a>(jwk: &'a Map<String, Value>, name: &str) -> Option<&'a str> {
    jwk.get(name).and_then(Value::as_str)
}

/// A member's bytes, written in base64url.
fn bytes(jwk: &Map<String, Value>, name: &'static str) -> Result<Vec<u8>, SkipReason> {
    text(jwk, name)
        .and_then(|text| URL_SAFE_NO_PAD.decode(text).ok())
        .ok_or(SkipReason::Member(name))
}

/// A big-endian number without its leading zeros.
fn significant(number: &[u8]) -> &[u8] {
    let zeros = number.iter().take_while(|byte| **byte == 0).count();
    number.get(zeros..).unwrap_or_default()
}
