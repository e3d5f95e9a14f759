//! What stands around a token, to say what was taken off; and the last resort: three parts that are no token.

use super::runs::Candidate;
use super::view::is_blank;
use super::{Jws, Note};

/// A backslash is before a quote in an escaped string.
const QUOTES: [char; 15] = [
    '\\', '"', '\'', '`', '“', '”', '„', '‟', '‘', '’', '‚', '«', '»', '‹', '›',
];

/// The JSON members by which a token is known; no other name is repeated in a note.
const MEMBERS: [&str; 8] = [
    "value",
    "token",
    "id_token",
    "idToken",
    "access_token",
    "jwt",
    "WebIdentityToken",
    "webIdentityToken",
];

/// Notes what was taken off around a token, and what inside it.
pub(super) fn note(view: &str, token: &Candidate, notes: &mut Vec<Note>) {
    let before = view
        .get(..token.start)
        .unwrap_or_default()
        .trim_end_matches(is_blank);
    let after = view
        .get(token.end..)
        .unwrap_or_default()
        .trim_start_matches(is_blank);
    around(before, after, notes);
    inside(token, notes);
}

fn inside(token: &Candidate, notes: &mut Vec<Note>) {
    if token.full_stop {
        notes.push(Note::FullStop);
    }
    if token.line_breaks > 0 {
        notes.push(Note::LineBreaks(token.line_breaks));
    }
    if token.blanks > 0 {
        notes.push(Note::Blanks(token.blanks));
    }
}

fn around(before: &str, after: &str, notes: &mut Vec<Note>) {
    let (outer, bearer) = without_bearer(before.trim_end_matches(QUOTES));
    let bare = outer
        .trim_end_matches(is_blank)
        .trim_end_matches(QUOTES)
        .trim_end_matches(is_blank);
    let is_alone = bare.is_empty() && after.trim_matches(QUOTES).trim_matches(is_blank).is_empty();
    let member = bare.ends_with(':').then(|| member(bare)).flatten();
    notes.extend(member.map(Note::Member));
    let context = (member.is_none() && !is_alone).then(|| context(bare, after));
    notes.extend(context);
    notes.extend(bearer);
    let quoted = before.ends_with(QUOTES) || outer.trim_end_matches(is_blank).ends_with(QUOTES);
    if quoted && member.is_none() && context != Some(Note::InJson) {
        notes.push(Note::Quotes);
    }
}

fn context(before: &str, after: &str) -> Note {
    if before.ends_with('=') {
        Note::AfterEquals
    } else if before.starts_with(['{', '[']) && after.ends_with(['}', ']']) {
        Note::InJson
    } else {
        Note::InText
    }
}

/// The known name in `... "name":`.
fn member(before: &str) -> Option<&'static str> {
    let name = before
        .strip_suffix(':')?
        .trim_end()
        .strip_suffix('"')?
        .trim_end_matches('\\');
    MEMBERS.into_iter().find(|member| {
        name.strip_suffix(member)
            .is_some_and(|rest| rest.ends_with('"'))
    })
}

fn without_bearer(before: &str) -> (&str, Option<Note>) {
    let Some(rest) = strip_ending(before.trim_end_matches(is_blank), "bearer") else {
        return (before, None);
    };
    let rest = rest.trim_end_matches(is_blank);
    let header = rest
        .trim_end_matches(QUOTES)
        .trim_end_matches(is_blank)
        .strip_suffix(':')
        .map(str::trim_end);
    match header.and_then(|h| strip_ending(h.trim_end_matches(QUOTES), "authorization")) {
        Some(rest) => (rest, Some(Note::Authorization)),
        None => (rest, Some(Note::Bearer)),
    }
}

fn strip_ending<'a>(text: &'a str, ending: &str) -> Option<&'a str> {
    let (rest, end) = text.split_at_checked(text.len().checked_sub(ending.len())?)?;
    end.eq_ignore_ascii_case(ending).then_some(rest)
}

fn strip_beginning<'a>(text: &'a str, beginning: &str) -> Option<&'a str> {
    let (begin, rest) = text.split_at_checked(beginning.len())?;
    begin.eq_ignore_ascii_case(beginning).then_some(rest)
}

/// Three parts of base64url characters that make up the whole text, but are no token: STS says so, not we.
pub(super) fn three_parts(text: &str) -> Option<(Jws, Vec<Note>)> {
    let mut notes = Vec::new();
    let bare = bare(text, &mut notes);
    let mut parts = bare.split('.');
    let (header, payload, signature) = (parts.next()?, parts.next()?, parts.next()?);
    let looks_right = |part: &str| {
        !part.is_empty()
            && part
                .bytes()
                .all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_'))
    };
    let three = parts.next().is_none() && [header, payload, signature].into_iter().all(looks_right);
    let jws = Jws {
        header: header.to_owned(),
        payload: payload.to_owned(),
        signature: signature.to_owned(),
    };
    three.then_some((jws, notes))
}

/// The text without what commonly stands around a token.
fn bare<'a>(text: &'a str, notes: &mut Vec<Note>) -> &'a str {
    let text = member_value(text.trim_matches(is_blank), notes);
    let unquoted = text.trim_matches(QUOTES).trim_matches(is_blank);
    let headless = strip_beginning(unquoted, "authorization:").map(str::trim_start);
    let rest = headless.unwrap_or(unquoted);
    let bearer = strip_beginning(rest, "bearer")
        .filter(|rest| rest.starts_with(is_blank))
        .map(str::trim_start);
    notes.extend(bearer.map(|_| {
        if headless.is_some() {
            Note::Authorization
        } else {
            Note::Bearer
        }
    }));
    let assigned = bearer
        .unwrap_or(rest)
        .rsplit_once('=')
        .map(|(_, value)| value);
    notes.extend(assigned.map(|_| Note::AfterEquals));
    let value = assigned.or(bearer).unwrap_or(rest);
    let inner = value.trim_matches(QUOTES);
    if inner.len() < value.len() || unquoted.len() < text.len() {
        notes.push(Note::Quotes);
    }
    inner
}

/// `aaa.bbb.ccc` in `{"value": "aaa.bbb.ccc"}`.
fn member_value<'a>(text: &'a str, notes: &mut Vec<Note>) -> &'a str {
    let inner = text
        .strip_prefix('{')
        .and_then(|t| t.strip_suffix('}'))
        .and_then(|t| t.split_once(':'));
    let Some((name, value)) = inner else {
        return text;
    };
    match MEMBERS
        .into_iter()
        .find(|member| name.trim().trim_matches('"') == *member)
    {
        Some(member) => {
            notes.push(Note::Member(member));
            value.trim().trim_matches('"')
        }
        None => text,
    }
}
