//! A JWK's `x5c`: the key in its first certificate must be the JWK's.
//!
//! Observed, radkawar/stackd fixtures 2026-09-11, `x5c-disagreeing-with-n`. The certificate is not otherwise judged:
//! not its times, names, signature or chain. It is not even parsed: a certificate of a key holds the key's encoding,
//! byte for byte (RFC 5280 section 4.1), and one of another key does not.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::Value;

/// Whether `x5c` is absent, or its first certificate holds the key's encoding.
pub(super) fn agrees(x5c: Option<&Value>, key: &[u8]) -> bool {
    let chain = match x5c {
        None | Some(Value::Null) => return true,
        Some(chain) => chain,
    };
    // Not observed, we chose: an empty chain says nothing.
    if chain.as_array().is_some_and(Vec::is_empty) {
        return true;
    }
    let first = chain.get(0).and_then(Value::as_str);
    let certificate = first.and_then(|text| STANDARD.decode(text).ok());
    certificate.is_some_and(|bytes| bytes.windows(key.len()).any(|window| window == key))
}

/// The DER encoding of an RSA public key (RFC 8017, appendix A.1.1): a sequence of `n` and `e`, both
/// given without leading zeros.
pub(super) fn rsa_key(n: &[u8], e: &[u8]) -> Vec<u8> {
    const SEQUENCE: u8 = 0x30;
    tagged(SEQUENCE, &[integer(n), integer(e)].concat())
}

/// A number whose first bit is set gets a zero in front, for it would be negative otherwise.
fn integer(magnitude: &[u8]) -> Vec<u8> {
    const INTEGER: u8 = 0x02;
    let is_high = magnitude.first().is_some_and(|first| *first >= 0x80);
    let zero: &[u8] = if is_high { &[0] } else { &[] };
    tagged(INTEGER, &[zero, magnitude].concat())
}

fn tagged(tag: u8, content: &[u8]) -> Vec<u8> {
    let length = content.len().to_be_bytes();
    let short: Vec<u8> = length.into_iter().skip_while(|byte| *byte == 0).collect();
    let mut encoded = vec![tag];
    if content.len() >= 0x80 {
        encoded.push(0x80 | u8::try_from(short.len()).unwrap_or_default());
    }
    encoded.extend(short);
    encoded.extend(content);
    encoded
}
