//! A JWK's `x5c`: the key in its first certificate must be the JWK's.
//!
//! Observed, radkawar/stackd fixtures 2026-09-11, `x5c-disagreeing-with-n`. The certificate is not otherwise judged:
//! not its times, names, signature or chain.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use rsa::pkcs1::RsaPublicKey;
use rsa::pkcs8::SubjectPublicKeyInfoRef;
use rsa::pkcs8::der::{self, Decode as _, Reader as _, SliceReader};
use serde_json::Value;

/// Whether `x5c` is absent, or its first certificate's subject public key satisfies `is_key`.
pub(super) fn agrees(x5c: Option<&Value>, is_key: impl Fn(&[u8]) -> bool) -> bool {
    let chain = match x5c {
        None | Some(Value::Null) => return true,
        Some(chain) => chain,
    };
    // Not observed, we chose: an empty chain says nothing.
    if chain.as_array().is_some_and(Vec::is_empty) {
        return true;
    }
    chain
        .get(0)
        .and_then(Value::as_str)
        .and_then(|text| STANDARD.decode(text).ok())
        .is_some_and(|certificate| subject_public_key(&certificate).is_ok_and(is_key))
}

/// Whether a subject public key is the RSA key of `n` and `e`, both without leading zeros.
pub(super) fn is_rsa(subject_public_key: &[u8], n: &[u8], e: &[u8]) -> bool {
    RsaPublicKey::try_from(subject_public_key)
        .is_ok_and(|key| key.modulus.as_bytes() == n && key.public_exponent.as_bytes() == e)
}

/// The subject public key of an X.509 certificate (RFC 5280 section 4.1), all else passed over.
fn subject_public_key(certificate: &[u8]) -> der::Result<&[u8]> {
    /// Serial number, signature algorithm, issuer, validity, subject.
    const BEFORE_THE_KEY: usize = 5;
    /// The version's tag, explicit and optional.
    const VERSION: u8 = 0xa0;

    SliceReader::new(certificate)?.sequence(|certificate| {
        let key = certificate.sequence(|body| {
            if body.peek_byte() == Some(VERSION) {
                body.tlv_bytes()?;
            }
            for _ in 0..BEFORE_THE_KEY {
                body.tlv_bytes()?;
            }
            let key = SubjectPublicKeyInfoRef::decode(body)?;
            body.read_slice(body.remaining_len())?;
            Ok(key.subject_public_key.raw_bytes())
        })?;
        certificate.read_slice(certificate.remaining_len())?;
        Ok(key)
    })
}
