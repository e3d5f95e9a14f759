//! The same text with one layer of packaging taken off: log prefixes, escapes, URL-encoding, base64.

use std::borrow::Cow;

use base64::Engine as _;
use base64::alphabet::STANDARD;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};

use super::Note;

const LENIENT: GeneralPurpose = GeneralPurpose::new(
    &STANDARD,
    GeneralPurposeConfig::new()
        .with_decode_allow_trailing_bits(true)
        .with_decode_padding_mode(DecodePaddingMode::Indifferent),
);

/// Takes a layer of packaging off, if there is one.
pub(super) type Undo = fn(&str) -> Option<String>;

/// Shorter runs of base64 are words.
const MIN_BASE64: usize = 32;

/// White space and the invisible characters that copying leaves behind.
pub(super) fn is_blank(c: char) -> bool {
    c.is_whitespace()
        || matches!(
            c,
            '\u{200b}'..='\u{200f}' | '\u{2060}' | '\u{feff}' | '\u{ad}'
        )
}

/// Without the time at the beginning of each line, what `gh run view --log` puts before it, `##[debug]`, and colours.
pub(super) fn without_log_prefixes<'a>(text: &'a str, notes: &mut Vec<Note>) -> Cow<'a, str> {
    let mut clean = String::with_capacity(text.len());
    let mut lines = 0;
    for line in text.split_inclusive('\n') {
        let bare = without_prefix(line);
        lines += usize::from(bare.len() < line.len());
        push_without_colours(bare, &mut clean);
    }
    if lines > 0 {
        notes.push(Note::LogLines(lines));
    }
    if clean.len() < text.len() {
        Cow::Owned(clean)
    } else {
        Cow::Borrowed(text)
    }
}

fn without_prefix(line: &str) -> &str {
    let start = line.trim_start_matches('\u{feff}');
    let timed = std::iter::successors(Some(start), |rest| {
        rest.split_once('\t').map(|(_, rest)| rest)
    })
    .take(3)
    .find_map(without_time);
    let rest = timed.unwrap_or(line);
    without_command(rest).unwrap_or(rest)
}

/// `2026-11-02T10:00:00.1234567Z `, as in GitHub's logs.
fn without_time(line: &str) -> Option<&str> {
    let shape = b"0000-00-00T00:00:00";
    let (time, rest) = line.split_at_checked(shape.len())?;
    let fits = |(byte, shape): (u8, &u8)| {
        if *shape == b'0' {
            byte.is_ascii_digit()
        } else {
            byte == *shape
        }
    };
    let is_time = time.bytes().zip(shape).all(fits);
    let fraction = rest
        .trim_start_matches('.')
        .trim_start_matches(|c: char| c.is_ascii_digit());
    let zone = fraction.strip_prefix('Z')?;
    is_time.then(|| zone.strip_prefix(' ').unwrap_or(zone))
}

/// `##[debug]`, `##[group]` and so on; `::debug::` of a workflow command.
fn without_command(line: &str) -> Option<&str> {
    let word =
        |name: &str| !name.is_empty() && name.bytes().all(|b| b.is_ascii_alphabetic() || b == b'-');
    let marked = line
        .strip_prefix("##[")
        .and_then(|rest| rest.split_once(']'));
    let command = line
        .strip_prefix("::")
        .and_then(|rest| rest.split_once("::"));
    marked
        .or(command)
        .filter(|(name, _)| word(name))
        .map(|(_, rest)| rest)
}

/// `ESC [ ... letter` is a colour of a terminal.
fn push_without_colours(line: &str, clean: &mut String) {
    for (index, piece) in line.split("\u{1b}[").enumerate() {
        let parameters = |c: char| c.is_ascii_digit() || c == ';';
        let rest = if index == 0 {
            piece
        } else {
            piece.trim_start_matches(parameters)
        };
        let letter = rest
            .chars()
            .next()
            .filter(|_| index > 0)
            .map_or(0, char::len_utf8);
        clean.push_str(rest.get(letter..).unwrap_or_default());
    }
}

/// With the escapes of a JSON string undone, if there are any.
pub(super) fn unescaped(text: &str) -> Option<String> {
    if !text.contains('\\') {
        return None;
    }
    let mut plain = String::with_capacity(text.len());
    let mut chars = text.chars();
    while let Some(c) = chars.next() {
        match (c, c == '\\') {
            (_, true) => unescape(&mut chars, &mut plain),
            (c, false) => plain.push(c),
        }
    }
    Some(plain)
}

fn unescape(chars: &mut std::str::Chars<'_>, plain: &mut String) {
    match chars.next() {
        Some('n') => plain.push('\n'),
        Some('r') => plain.push('\r'),
        Some('t') => plain.push('\t'),
        Some('u') => {
            let digits: String = chars.clone().take(4).collect();
            let decoded = u32::from_str_radix(&digits, 16)
                .ok()
                .and_then(char::from_u32);
            match decoded.filter(|_| digits.len() == 4) {
                Some(c) => {
                    plain.push(c);
                    chars.nth(3);
                }
                None => plain.push_str("\\u"),
            }
        }
        Some(c) => plain.push(c),
        None => plain.push('\\'),
    }
}

/// With curly quotes, or the single quotes of a Python dictionary, as straight double ones.
pub(super) fn straight_quotes(text: &str) -> Option<String> {
    let curly = ['“', '”', '„', '‟', '«', '»'];
    let straight = if text.contains(curly) {
        text.replace(curly, "\"")
    } else {
        text.to_owned()
    };
    let python = straight.contains("{'");
    let straight = if python {
        straight.replace('\'', "\"")
    } else {
        straight
    };
    (straight != text).then_some(straight)
}

/// With URL-encoding undone, if there is any and the result is text.
pub(super) fn percent_decoded(text: &str) -> Option<String> {
    if !text.contains('%') {
        return None;
    }
    let mut bytes = Vec::with_capacity(text.len());
    for (index, piece) in text.split('%').enumerate() {
        let code = piece
            .get(..2)
            .filter(|_| index > 0)
            .and_then(|hex| u8::from_str_radix(hex, 16).ok());
        match (code, index) {
            (Some(byte), _) => {
                bytes.push(byte);
                bytes.extend(piece.bytes().skip(2));
            }
            (None, 0) => bytes.extend(piece.bytes()),
            (None, _) => bytes.extend(std::iter::once(b'%').chain(piece.bytes())),
        }
    }
    String::from_utf8(bytes)
        .ok()
        .filter(|decoded| decoded != text)
}

/// What the first piece of base64 encodes that encodes something of interest.
pub(super) fn base64_decoded(text: &str) -> Option<String> {
    let is_base64 = |c: char| c.is_ascii_alphanumeric() || matches!(c, '+' | '/' | '-' | '_');
    let mut rest = text;
    loop {
        rest = rest.trim_start_matches(|c: char| !is_base64(c));
        let (joined, first, after) = base64_block(rest, is_base64);
        if first == 0 {
            return None;
        }
        if let Some(decoded) = decode(&joined).or_else(|| rest.get(..first).and_then(decode)) {
            return Some(decoded);
        }
        rest = after;
    }
}

/// A run of base64 with the lines that go on from it: base64(1) breaks lines at equal widths, so that a line as long as the
/// first goes on in the next. Returns the length of the first line, too, and what follows.
fn base64_block(text: &str, is_base64: fn(char) -> bool) -> (String, usize, &str) {
    let cut = |text: &str| text.find(|c| !is_base64(c)).unwrap_or(text.len());
    let first = cut(text);
    let mut joined = String::new();
    let (mut width, mut rest) = (first, text);
    while let Some((line, after)) = rest.split_at_checked(width) {
        joined.push_str(line);
        rest = after;
        let next = after.trim_start_matches(is_blank);
        let broken = after
            .get(..after.len() - next.len())
            .is_some_and(|gap| gap.contains('\n'));
        if width < first || !broken || first < MIN_BASE64 || cut(next) > first || cut(next) == 0 {
            break;
        }
        (width, rest) = (cut(next), next);
    }
    (joined, first, rest)
}

fn decode(encoded: &str) -> Option<String> {
    let standard = encoded.replace('-', "+").replace('_', "/");
    // Only what begins like a token, its base64, JSON or a header is worth a second look.
    let head = standard
        .get(..MIN_BASE64)
        .and_then(|head| LENIENT.decode(head).ok())?;
    let begins = [
        &b"ey"[..],
        b"ZXl",
        b"Wlhs",
        b"{",
        b"\"",
        b"Bearer ",
        b"bearer ",
    ];
    let head = head.trim_ascii_start();
    let decoded = begins
        .iter()
        .any(|begin| head.starts_with(begin))
        .then(|| LENIENT.decode(&standard).ok())??;
    String::from_utf8(decoded).ok()
}
