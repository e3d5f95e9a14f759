//! Percent-encoding, as the IAM API answers policies ("URL-encoded compliant with RFC 3986",
//! IAM API Reference, GetRole). A `+` is a plus there, not a blank.

use std::sync::Arc;

use rolecall_core::policy::Policy;
use rolecall_core::span::{Source, Span};

use crate::problem::Problem;
use crate::{Document, Format, Input, RolePolicy};

/// Whether a text is a percent-encoded JSON object.
pub(crate) fn is_encoded(text: &str) -> bool {
    let start = text.trim_start().get(..3).unwrap_or_default();
    start.eq_ignore_ascii_case("%7b") || start == "%25" && text.contains("%257")
}

/// Decodes as often as the text is encoded: twice where a tool has encoded what was encoded.
pub(crate) fn decode_all(text: &str) -> Result<String, String> {
    let mut decoded = text.trim().to_owned();
    for _ in 0..2 {
        if is_encoded(&decoded) {
            decoded = decode(&decoded)?;
        }
    }
    Ok(decoded)
}

fn decode(text: &str) -> Result<String, String> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut parts = text.split('%');
    bytes.extend_from_slice(parts.next().unwrap_or_default().as_bytes());
    for part in parts {
        let code = part
            .get(..2)
            .filter(|code| code.bytes().all(|b| b.is_ascii_hexdigit()));
        let Some(byte) = code.and_then(|code| u8::from_str_radix(code, 16).ok()) else {
            let found: String = part.chars().take(2).collect();
            return Err(format!(
                "`%{found}` is no percent-encoding: two hexadecimal digits must follow `%`"
            ));
        };
        bytes.push(byte);
        bytes.extend_from_slice(part.get(2..).unwrap_or_default().as_bytes());
    }
    String::from_utf8(bytes).map_err(|_| "the percent-encoded text is not UTF-8".to_owned())
}

/// Reads a text that is one percent-encoded policy.
pub(crate) fn read(input: Input<'_>) -> Result<Document, Problem> {
    let trimmed = input.text.trim();
    let start = input.text.len() - input.text.trim_start().len();
    let place = Span::new(start, start + trimmed.len());
    let decoded = decode_all(trimmed)
        .map_err(|message| Problem::text(place, message, "copy the whole encoded text again"))?;
    let source = Arc::new(Source::new(decoded));
    let role = RolePolicy {
        name: None,
        arn: None,
        address: None,
        max_session_duration: None,
        path: String::new(),
        place,
        policy: Policy::parse(source.text()),
        source,
        notes: vec!["the policy is percent-encoded: places refer to the decoded policy".to_owned()],
        left: Vec::new(),
    };
    input.document(Format::Encoded, vec![role], || {
        Problem::text(place, "no policy", "")
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn table() {
        for (text, decoded) in [
            ("%7B%22a%22%3A1%7D", Ok("{\"a\":1}")),
            ("%7b+%7d", Ok("{+}")),
            ("%257B%257D", Ok("{}")),
            ("{\"a\": \"100%\"}", Ok("{\"a\": \"100%\"}")),
            (
                "%7B%2",
                Err("`%2` is no percent-encoding: two hexadecimal digits must follow `%`"),
            ),
            (
                "%7B%+1",
                Err("`%+1` is no percent-encoding: two hexadecimal digits must follow `%`"),
            ),
            ("%7B%ff", Err("the percent-encoded text is not UTF-8")),
        ] {
            assert_eq!(
                decode_all(text).as_deref().map_err(|e| &**e),
                decoded,
                "{text}"
            );
        }
    }
}
