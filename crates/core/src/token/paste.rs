//! Finds the token, or the claims, in whatever was pasted.
//!
//! People do not paste tokens, they paste text with a token in it. [`find`] takes text of any shape and says what it found,
//! and in plain words what it took off or guessed ([`Note`]); nothing of a token's text ever stands in a note.
//!
//! ```
//! use rolecall_core::token::paste::{Found, find};
//!
//! let pasted = find("Authorization: Bearer eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJyZXBvOm8vcjpwdWxsX3JlcXVlc3QifQ.c2ln\n");
//! assert!(matches!(&pasted.found, Found::Jws(jws) if jws.signature == "c2ln"));
//! assert_eq!(pasted.notes.iter().map(ToString::to_string).collect::<Vec<_>>(), ["removed \"Authorization: Bearer\""]);
//! ```
//!
//! # What is recognised
//!
//! | shape | found |
//! |---|---|
//! | a token, bare, quoted, after `Bearer`, `token=`, `export X=`, `#token=`, in a log line or in prose | [`Found::Jws`] |
//! | the same with line breaks, blanks or invisible characters inside, as terminals and mail leave them | [`Found::Jws`] |
//! | JSON with a token in it, such as GitHub's answer `{"value": "..."}` | [`Found::Jws`] |
//! | any of these URL-encoded, as an escaped JSON string, or in base64 (also twice) | as the inner text |
//! | three parts with dots that are no token | [`Found::Jws`]: AWS answers to such, too |
//! | claims as JSON: alone, beside a header, in `{"claims": {...}}`, printed over many lines of a log | [`Found::Claims`] |
//! | the payload part of a token alone, or a token without its signature | [`Found::Claims`] |
//! | a masked token (`***`), an encrypted one, a header alone, a policy, another credential | [`Found::Nothing`], and why |
//!
//! ```
//! use rolecall_core::token::paste::{Found, Why, find};
//!
//! // A log of github/actions-oidc-debugger: claims over many lines, a time before each.
//! let log = "2026-11-02T10:00:00.1234567Z {\n2026-11-02T10:00:00.1234571Z   \"sub\": \"repo:o/r:pull_request\"\n2026-11-02T10:00:00.1Z }";
//! assert!(matches!(find(log).found, Found::Claims(claims) if claims.json.contains("pull_request")));
//!
//! // Claims that stand in the text as they are keep their place.
//! assert!(matches!(find("see {\"sub\": \"x\"}").found, Found::Claims(claims) if claims.start == Some(4)));
//!
//! assert_eq!(find("token: ***").found, Found::Nothing(Why::Masked));
//! ```
//!
//! # Limits
//!
//! Input is bounded by [`MAX_INPUT`]. Time is linear in it: every pass over the text is, their number is fixed, and the
//! search for JSON objects has a budget. A line break inside a signature is told from the end of the token by the length that
//! the algorithm's signatures have, and by the look of the next line; that is a guess, and a note says that breaks were
//! removed.

use std::fmt;

use serde_json::Value;

use runs::Candidate;

mod json;
mod note;
mod runs;
mod surroundings;
mod view;

pub use note::{Note, Why};

/// The longest text that is looked at, in bytes.
pub const MAX_INPUT: usize = 1 << 20;

/// The lengths that STS accepts for `WebIdentityToken`, in characters (API reference, `AssumeRoleWithWebIdentity`).
pub const STS_TOKEN_LENGTH: std::ops::RangeInclusive<usize> = 4..=20_000;

/// How often base64 is taken off: the whole token twice is a known way past the masking of logs.
const MAX_BASE64: usize = 3;

/// What was found, and what was done to find it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pasted {
    /// The token, the claims, or why there is neither.
    pub found: Found,
    /// What was taken off or guessed, in the order in which it was done.
    pub notes: Vec<Note>,
}

/// What pasted text holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Found {
    /// A signed token in its three parts, which need not decode.
    Jws(Jws),
    /// Claims without a signature.
    Claims(Claims),
    /// Neither.
    Nothing(Why),
}

/// The three parts of a token, still encoded. [`fmt::Debug`] prints lengths only, since the whole is a credential.
#[derive(Clone, PartialEq, Eq)]
pub struct Jws {
    /// The first part.
    pub header: String,
    /// The second part.
    pub payload: String,
    /// The third part, with all that follows a further dot; may be empty.
    pub signature: String,
}

impl Jws {
    /// The token as it goes to STS.
    pub fn token(&self) -> String {
        format!("{}.{}.{}", self.header, self.payload, self.signature)
    }

    /// The length of the token in characters; see [`STS_TOKEN_LENGTH`].
    pub fn length(&self) -> usize {
        self.header.chars().count()
            + self.payload.chars().count()
            + self.signature.chars().count()
            + 2
    }
}

impl fmt::Debug for Jws {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "Jws({} + {} + {} bytes)",
            self.header.len(),
            self.payload.len(),
            self.signature.len()
        )
    }
}

/// Claims as JSON text: an object.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Claims {
    /// The object.
    pub json: String,
    /// The byte offset in the pasted text where it begins, if it stands there as it is.
    pub start: Option<usize>,
    /// The token's header as JSON, if it was there.
    pub header: Option<String>,
}

/// Finds the token or the claims in pasted text. See the [module](self) for the shapes.
///
/// ```
/// use rolecall_core::token::paste::{Found, MAX_INPUT, Why, find};
///
/// assert!(matches!(find("not.a.token").found, Found::Jws(_)));
/// assert_eq!(find(" \n").found, Found::Nothing(Why::Empty));
/// assert_eq!(find(&"x".repeat(MAX_INPUT + 1)).found, Found::Nothing(Why::TooLong));
/// ```
pub fn find(text: &str) -> Pasted {
    if text.len() > MAX_INPUT {
        return nothing(Why::TooLong);
    }
    if text.chars().all(view::is_blank) {
        return nothing(Why::Empty);
    }
    let mut search = Search {
        text,
        why: Why::NotFound,
    };
    let found = search.all_layers();
    let is_known = search.is_known();
    let three_parts = || {
        surroundings::three_parts(text)
            .filter(|_| !is_known)
            .map(|(jws, notes)| of_jws(jws, notes))
    };
    found
        .or_else(three_parts)
        .unwrap_or_else(|| nothing(search.reason()))
}

/// The search through the text and what lies encoded in it.
struct Search<'a> {
    text: &'a str,
    why: Why,
}

impl Search<'_> {
    fn all_layers(&mut self) -> Option<Pasted> {
        let mut notes = Vec::new();
        let mut layer = view::without_log_prefixes(self.text, &mut notes);
        for times in 0..=MAX_BASE64 {
            if let Some(pasted) = self.in_layer(&layer, &notes) {
                return Some(pasted);
            }
            if self.is_known() {
                return None;
            }
            layer = view::base64_decoded(&layer)?.into();
            notes.retain(|note| !matches!(note, Note::Base64(_)));
            notes.push(Note::Base64(times + 1));
        }
        None
    }

    /// The text as it is, then with its quoting undone, then with its URL-encoding undone.
    fn in_layer(&mut self, layer: &str, notes: &[Note]) -> Option<Pasted> {
        let plain = self.in_view(layer, notes.to_vec());
        let undoings: [(view::Undo, Note); 3] = [
            (view::unescaped, Note::Unescaped),
            (view::straight_quotes, Note::Quoting),
            (view::percent_decoded, Note::UrlDecoded),
        ];
        undoings.into_iter().fold(plain, |found, (undo, note)| {
            found.or_else(|| {
                let undone = undo(layer)?;
                let once = self.in_view(&undone, [notes, &[note]].concat());
                once.or_else(|| self.in_view(&undo(&undone)?, [notes, &[note]].concat()))
            })
        })
    }

    fn in_view(&mut self, view: &str, notes: Vec<Note>) -> Option<Pasted> {
        let scan = runs::candidates(view);
        self.blame(scan.why);
        let objects = json::claims(view);
        self.blame(objects.why);
        let whole = scan
            .candidates
            .iter()
            .find(|c| c.parts().len() >= 3 && !self.is_encrypted(c));
        match (whole, objects.claims) {
            (Some(token), Some(claims)) if !claims.range.contains(&token.start) => {
                Some(self.of_token(view, token, &scan.candidates, notes))
            }
            (Some(token), None) => Some(self.of_token(view, token, &scan.candidates, notes)),
            (_, Some(claims)) => Some(self.of_object(view, &claims, notes)),
            (None, None) => scan
                .candidates
                .iter()
                .find_map(|c| self.of_fragment(view, c, notes.clone())),
        }
        .filter(|pasted| !matches!(pasted.found, Found::Nothing(_)))
    }

    fn is_encrypted(&self, candidate: &Candidate) -> bool {
        candidate
            .parts()
            .first()
            .and_then(|p| runs::object(p))
            .is_some_and(|header| header.contains_key("enc"))
    }

    fn of_token(
        &self,
        view: &str,
        token: &Candidate,
        all: &[Candidate],
        mut notes: Vec<Note>,
    ) -> Pasted {
        let parts = token.parts();
        surroundings::note(view, token, &mut notes);
        let others = all
            .iter()
            .filter(|c| c.parts().len() >= 3 && c.joined != token.joined)
            .count();
        if others > 0 {
            notes.push(Note::OtherTokens(others));
        }
        let [header, payload, signature @ ..] = parts.as_slice() else {
            return nothing(Why::CutOff);
        };
        if token.is_signature_cut(view) {
            notes.push(Note::SignatureMasked);
            return of_parts(Some(header), payload, notes);
        }
        of_jws(
            Jws {
                header: (*header).to_owned(),
                payload: (*payload).to_owned(),
                signature: signature.join("."),
            },
            notes,
        )
    }

    /// A token without a signature, or its payload alone.
    fn of_fragment(
        &mut self,
        view: &str,
        found: &Candidate,
        mut notes: Vec<Note>,
    ) -> Option<Pasted> {
        let parts = found.parts();
        if self.is_encrypted(found) {
            self.blame(Some(Why::Encrypted));
            return None;
        }
        surroundings::note(view, found, &mut notes);
        match parts.as_slice() {
            [header, payload] if runs::object(payload).is_some() => {
                notes.push(Note::NoSignature);
                Some(of_parts(Some(header), payload, notes))
            }
            [payload] if runs::object(payload).is_some_and(|object| json::is_claims(&object)) => {
                notes.push(Note::PayloadOnly);
                Some(of_parts(None, payload, notes))
            }
            [header, ..] if runs::object(header).is_some() => {
                self.blame(Some(if parts.len() == 1 {
                    Why::HeaderOnly
                } else {
                    Why::CutOff
                }));
                None
            }
            _ => None,
        }
    }

    fn of_object(&self, view: &str, object: &json::Object, mut notes: Vec<Note>) -> Pasted {
        let json = view.get(object.range.clone()).unwrap_or_default();
        let header = object
            .header
            .clone()
            .and_then(|range| view.get(range))
            .map(str::to_owned);
        if json.len() < view.trim().len() {
            notes.push(if object.is_in_json {
                Note::InJson
            } else {
                Note::InText
            });
        }
        if object.others > 0 {
            notes.push(Note::OtherClaims(object.others));
        }
        Pasted {
            found: Found::Claims(Claims {
                json: json.to_owned(),
                start: self.text.find(json),
                header,
            }),
            notes,
        }
    }

    fn blame(&mut self, why: Option<Why>) {
        self.why = why.map_or(self.why, |why| self.why.min(why));
    }

    /// Whether a token was recognised that is of no use here; such is not taken to pieces.
    fn is_known(&self) -> bool {
        self.why <= Why::GitHubToken
    }

    fn reason(&self) -> Why {
        if self.why == Why::NotFound && self.text.contains("***") {
            Why::Masked
        } else {
            self.why
        }
    }
}

fn nothing(why: Why) -> Pasted {
    Pasted {
        found: Found::Nothing(why),
        notes: Vec::new(),
    }
}

fn of_parts(header: Option<&str>, payload: &str, notes: Vec<Note>) -> Pasted {
    let Some(json) = runs::decoded(payload) else {
        return nothing(Why::CutOff);
    };
    let header = header.and_then(runs::decoded);
    Pasted {
        found: Found::Claims(Claims {
            json,
            start: None,
            header,
        }),
        notes,
    }
}

fn of_jws(jws: Jws, mut notes: Vec<Note>) -> Pasted {
    if !STS_TOKEN_LENGTH.contains(&jws.length()) {
        notes.push(Note::LengthForSts(jws.length()));
    }
    Pasted {
        found: Found::Jws(jws),
        notes,
    }
}

/// A JSON object, if the text is one.
fn object(text: &str) -> Option<serde_json::Map<String, Value>> {
    match serde_json::from_str(text) {
        Ok(Value::Object(object)) => Some(object),
        Ok(_) | Err(_) => None,
    }
}

#[cfg(test)]
mod tests;
