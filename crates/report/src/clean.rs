//! What keeps output harmless: no token, no control character ever reaches a terminal or a log.

use std::borrow::Cow;

/// Every encoded JSON object begins so: base64url of `{"`.
const JWT_START: &str = "eyJ";
/// What is shorter is no token: `{"alg":"RS256"}` alone takes as much.
const SHORTEST: usize = 20;
/// Words of messages are shorter; a signature has 342 characters, a header 100 and more.
const LONGEST_WORD: usize = 32;

/// Whether a text holds something that looks like a token, whole or in part.
///
/// ```
/// use rolecall_report::holds_token;
///
/// assert!(holds_token("bearer eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJ4In0.c2lnbmF0dXJl"));
/// assert!(!holds_token("policies/eyJ.json"));
/// ```
#[must_use]
pub fn holds_token(text: &str) -> bool {
    words(text).any(|word| token_in(word).is_some())
}

/// Replaces every token by stars, one a character, so that columns stay as they are.
pub(crate) fn mask(text: &str) -> Cow<'_, str> {
    if !text.contains(JWT_START) {
        return Cow::Borrowed(text);
    }
    let mut masked = text.to_owned();
    for token in words(text).filter_map(token_in) {
        masked = masked.replace(token, &"*".repeat(token.len()));
    }
    Cow::Owned(masked)
}

/// A message without what may be a token or a part of one: long words are not repeated.
///
/// ```
/// let signature = "s".repeat(342);
/// assert_eq!(rolecall_report::without_secrets(&format!("token {signature} was refused")), "token [...] was refused");
/// ```
#[must_use]
pub fn without_secrets(query: &str) -> String {
    let is_encoded = |c: char| c.is_ascii_alphanumeric() || "-_+/=.".contains(c);
    let mut shown = String::with_capacity(query.len());
    let mut rest = query;
    while let Some(begin) = rest.find(is_encoded) {
        let (before, from) = rest.split_at(begin);
        let end = from.find(|c| !is_encoded(c)).unwrap_or(from.len());
        let (word, after) = from.split_at(end);
        let is_readable = word
            .split(['.', '/'])
            .all(|part| part.len() <= LONGEST_WORD);
        shown.push_str(before);
        shown.push_str(if is_readable { word } else { "[...]" });
        rest = after;
    }
    shown + rest
}

/// A text that is safe to print on a line: tokens masked, control and direction characters escaped.
///
/// ```
/// assert_eq!(rolecall_report::safe_line("bell\u{7}"), "bell\\u{7}");
/// ```
#[must_use]
pub fn line(text: &str) -> String {
    escape(text, is_invisible)
}

/// The same for a text that may have several lines.
pub(crate) fn prose(text: &str) -> String {
    escape(text, |c| c != '\n' && is_invisible(c))
}

fn escape(text: &str, hidden: impl Fn(char) -> bool) -> String {
    let mut safe = String::with_capacity(text.len());
    for c in mask(text).chars() {
        if hidden(c) {
            safe.extend(c.escape_unicode());
        } else {
            safe.push(c);
        }
    }
    safe
}

/// Characters that move the cursor, hide text or turn its direction.
fn is_invisible(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}')
}

fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| !(c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.')))
}

/// The part of a word that looks like a token, or like a piece of one that was cut or broken into lines.
fn token_in(word: &str) -> Option<&str> {
    let token = word.get(word.find(JWT_START)?..)?;
    (token.len() >= SHORTEST).then_some(token)
}

#[cfg(test)]
mod tests {
    use super::*;

    const TOKEN: &str = "eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJ4In0.c2lnbmF0dXJl";

    #[test]
    fn tokens_are_masked_and_columns_kept() {
        for (text, expected) in [
            ("no token", "no token".to_owned()),
            (TOKEN, "*".repeat(TOKEN.len())),
            (
                &format!("a \"{TOKEN}\" b"),
                format!("a \"{}\" b", "*".repeat(TOKEN.len())),
            ),
            (
                &format!("x{TOKEN}"),
                format!("x{}", "*".repeat(TOKEN.len())),
            ),
            ("eyJhbGciOiJSUzI1NiJ9", "*".repeat(20)),
            ("eyJ-is-no-token", "eyJ-is-no-token".to_owned()),
        ] {
            assert_eq!(mask(text), expected, "{text}");
        }
    }

    #[test]
    fn nothing_moves_the_cursor() {
        assert_eq!(
            line("a\u{1b}[2Jb\u{202e}c\td"),
            "a\\u{1b}[2Jb\\u{202e}c\\u{9}d"
        );
    }
}
