//! Answers as JSON. Members keep the order of the types, so `schema` comes first.

use serde::Serialize;

use crate::clean;

/// Indented, with a final newline.
pub(crate) fn pretty(value: &impl Serialize) -> String {
    finish(serde_json::to_string_pretty(value))
}

/// On one line.
pub(crate) fn line(value: &impl Serialize) -> String {
    finish(serde_json::to_string(value))
}

/// A token has no character that JSON escapes, so masking the text keeps it valid.
/// Writing fails only where a map has keys that are no strings; our types have none.
fn finish(json: serde_json::Result<String>) -> String {
    let json = json.unwrap_or_else(|error| {
        format!("{{\"schema\":\"rolecall.error/1\",\"message\":\"{error}\"}}")
    });
    clean::mask(&json).into_owned() + "\n"
}
