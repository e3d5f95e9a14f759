//! The token: what was pasted, taken apart but not judged.
//!
//! [`paste`] finds a token or claims in text of any shape, [`catalogue`] knows the claims and the
//! condition keys that AWS makes of them, [`subject`] knows the grammar of `sub`. Here a [`Token`] is
//! put together from a [`Case`]; [`crate::sts`] judges it.
//!
//! ```
//! use rolecall_core::case::Case;
//! use rolecall_core::token::{Claim, Token};
//!
//! let case = Case::from_json(r#"{"claims": {"sub": "repo:octo-org/octo-repo:pull_request"}, "partial": true}"#).unwrap();
//! let token = Token::from_case(&case).unwrap();
//! assert_eq!(token.text("sub"), Some("repo:octo-org/octo-repo:pull_request".into()));
//! assert_eq!(token.claim("environment"), Claim::Unknown, "a partial set does not say");
//! ```

pub mod catalogue;
pub mod paste;
pub mod subject;

use std::borrow::Cow;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Map, Value};

use crate::case::Case;
use crate::report::{CauseId, ErrorReport};
use paste::{Found, Jws};

/// What a case says about the token.
#[derive(Debug, Clone)]
pub struct Token<'c> {
    /// The header, where there was one.
    pub header: Option<Cow<'c, Map<String, Value>>>,
    /// The claims; of a repeated member the last counts, as AWS does it (observed, radkawar/stackd fixtures, 2026-09-11).
    pub claims: Cow<'c, Map<String, Value>>,
    /// The encoded token, where one was pasted. `None`: the claims are taken as correctly signed.
    pub jws: Option<Jws>,
    /// Some claims were changed or added by hand: the copy was never signed.
    pub is_altered: bool,
    /// Claims that are not given are unknown instead of absent.
    pub is_partial: bool,
    /// Why the three parts are no JWT, where they are not.
    pub malformed: Option<&'static str>,
    /// What was stripped or guessed.
    pub notes: Vec<String>,
}

/// What is known of a claim.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Claim<'a> {
    /// The token does not carry it.
    Absent,
    /// Not known.
    Unknown,
    /// Its value.
    Is(&'a Value),
}

impl<'c> Token<'c> {
    /// Puts together what a case gives: pasted text, claims, or both; claims given beside a token replace the token's.
    ///
    /// # Errors
    /// Nothing that could be a token or claims was given.
    pub fn from_case(case: &'c Case) -> Result<Self, ErrorReport> {
        let mut token = match (&case.token, &case.claims) {
            (Some(_), _) if !cfg!(feature = "tokens") => {
                return Err(nothing("this engine takes claims only"));
            }
            (Some(text), _) => Self::from_text(text)?,
            (None, Some(claims)) => Self::of_claims(Cow::Borrowed(claims)),
            (None, None) if case.partial => Self::of_claims(Cow::default()),
            (None, None) => return Err(nothing("none was given")),
        };
        token.is_partial = case.partial;
        if let Some(header) = &case.header {
            token.header = Some(Cow::Borrowed(header));
        }
        if case.token.is_some()
            && let Some(changed) = &case.claims
        {
            token.is_altered = true;
            token
                .notes
                .push("claims were changed by hand: GitHub never signed this copy".to_owned());
            token.claims.to_mut().extend(changed.clone());
        }
        Ok(token)
    }

    const fn of_claims(claims: Cow<'c, Map<String, Value>>) -> Self {
        Self {
            header: None,
            claims,
            jws: None,
            is_altered: false,
            is_partial: false,
            malformed: None,
            notes: Vec::new(),
        }
    }

    /// Takes pasted text apart.
    ///
    /// # Errors
    /// Nothing in the text could be a token or claims.
    pub fn from_text(text: &str) -> Result<Self, ErrorReport> {
        let pasted = paste::find(text);
        let mut token = match pasted.found {
            Found::Jws(jws) => Self::of_jws(jws),
            Found::Claims(claims) => {
                let object = |json: &str| serde_json::from_str::<Map<String, Value>>(json).ok();
                Self {
                    header: claims.header.as_deref().and_then(object).map(Cow::Owned),
                    ..Self::of_claims(Cow::Owned(object(&claims.json).unwrap_or_default()))
                }
            }
            Found::Nothing(why) => return Err(nothing(&why.to_string())),
        };
        token.notes = pasted.notes.iter().map(ToString::to_string).collect();
        if let Some(other) = catalogue::look_alike(&token.claims) {
            token.notes.push(other.warning().to_owned());
        }
        Ok(token)
    }

    fn of_jws(jws: Jws) -> Self {
        let header = decode(&jws.header);
        let payload = decode(&jws.payload);
        let malformed = match (&header, &payload) {
            (None, _) => Some("the first part is not base64url of a JSON object"),
            (_, None) => Some("the second part is not base64url of a JSON object"),
            _ if !is_base64url(&jws.signature) => Some("the third part is not base64url"),
            (Some(header), _) if header.contains_key("crit") => {
                Some("the header has `crit`, which STS refuses")
            }
            _ => None,
        };
        Self {
            header: header.map(Cow::Owned),
            jws: Some(jws),
            malformed,
            ..Self::of_claims(Cow::Owned(payload.unwrap_or_default()))
        }
    }

    /// What is known of a claim. In a partial set `null` says that the claim is absent.
    #[must_use]
    pub fn claim(&self, name: &str) -> Claim<'_> {
        match self.claims.get(name) {
            Some(Value::Null) if name != "sub" => Claim::Absent,
            Some(value) => Claim::Is(value),
            None if self.is_partial => Claim::Unknown,
            None => Claim::Absent,
        }
    }

    /// The text of a claim that holds one. Numbers and booleans count as their text, as STS does it
    /// with a numeric `sub` (observed, as above).
    #[must_use]
    pub fn text(&self, name: &str) -> Option<String> {
        match self.claim(name) {
            Claim::Is(value) => scalar(value),
            _ => None,
        }
    }

    /// Whether the claims stand for the whole payload of a real token: everything that STS requires must be there.
    #[must_use]
    pub fn is_whole(&self) -> bool {
        !self.is_partial
            && (self.jws.is_some()
                || self.header.is_some()
                || self.claims.contains_key("iat")
                || self.claims.contains_key("exp"))
    }
}

/// The text of a string, a number or a boolean.
#[must_use]
pub fn scalar(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        Value::Bool(flag) => Some(flag.to_string()),
        _ => None,
    }
}

fn decode(part: &str) -> Option<Map<String, Value>> {
    let bytes = URL_SAFE_NO_PAD.decode(part.trim_end_matches('=')).ok()?;
    serde_json::from_str(std::str::from_utf8(&bytes).ok()?).ok()
}

fn is_base64url(part: &str) -> bool {
    URL_SAFE_NO_PAD.decode(part.trim_end_matches('=')).is_ok()
}

fn nothing(why: &str) -> ErrorReport {
    ErrorReport::plain(
        CauseId::MalformedToken,
        format!("no token and no claims in the text: {why}"),
        "paste an ID token (three parts with dots), GitHub's answer {\"value\": \"...\"}, a log line with the token, or the claims as JSON",
    )
}
