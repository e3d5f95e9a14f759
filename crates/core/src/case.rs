//! The question: a policy, a token or claims, and what is known of the request.
//!
//! A [`Case`] is a line of `rolecall batch`, the argument of the JavaScript API, and what the command
//! line and the page fill in. Unknown members are ignored.
//!
//! ```
//! use rolecall_core::case::Case;
//!
//! let case = Case::from_json(r#"{"policy": {"Statement": []}, "claims": {"sub": "repo:o/r:pull_request"},
//!     "context": {"aws:SourceIp": "203.0.113.7", "aws:SourceVpc": null}, "now": "2026-11-23T14:00:00Z"}"#).unwrap();
//! assert_eq!(case.now, Some(1_795_442_400));
//! assert_eq!(case.policy.as_deref(), Some(r#"{"Statement": []}"#));
//! ```

use serde::{Deserialize, Deserializer};
use serde_json::value::RawValue;
use serde_json::{Map, Value};

use crate::condition::literal;

/// Everything a check is given.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct Case {
    /// Whatever the caller wants back.
    pub id: Value,
    /// The policy document's text.
    #[serde(deserialize_with = "text_or_json")]
    pub policy: Option<String>,
    /// Pasted text with a token or claims in it.
    pub token: Option<String>,
    /// Claims without a token.
    pub claims: Option<Map<String, Value>>,
    /// The JWS header that belongs to `claims`.
    pub header: Option<Map<String, Value>>,
    /// `claims` holds only some of the claims; the others are unknown.
    #[serde(deserialize_with = "or_default")]
    pub partial: bool,
    /// Condition keys set directly; `null` says that the key is absent.
    #[serde(deserialize_with = "or_default")]
    pub context: Map<String, Value>,
    /// Only `context` is used, as a plain IAM evaluator: no token, no STS checks.
    #[serde(deserialize_with = "or_default")]
    pub raw_context: bool,
    /// Who asks for what, with `raw_context`.
    pub request: Option<RawRequest>,
    /// The moment to judge at, in seconds since 1970.
    #[serde(deserialize_with = "moment")]
    pub now: Option<i64>,
    /// Judge at the token's `iat`.
    #[serde(deserialize_with = "or_default")]
    pub at_issue: bool,
    /// The clock of the caller: when a token is judged, where `now` is not given.
    #[serde(skip)]
    pub clock: Option<i64>,
    /// The issuer's keys, as the text of a JWKS.
    #[serde(deserialize_with = "text_or_json")]
    pub jwks: Option<String>,
    /// What to make of the signature.
    #[serde(deserialize_with = "or_default")]
    pub signature: SignatureMode,
    /// The account's identity provider.
    #[serde(deserialize_with = "provider")]
    pub provider: ProviderGiven,
    /// The role that is asked for.
    pub role_arn: Option<String>,
    /// The session's name.
    pub session_name: Option<String>,
    /// The duration asked for, in seconds.
    pub duration: Option<i64>,
    /// The longest duration that the role grants, in seconds.
    pub max_session_duration: Option<i64>,
}

/// What is known of the account's identity provider.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum ProviderGiven {
    /// Nothing: GitHub's provider is taken for granted, with the usual audience.
    #[default]
    Default,
    /// The account has none.
    None,
    /// This one.
    Given {
        /// Its URL.
        url: String,
        /// The audiences that are registered with it; `None`: the usual one.
        audiences: Option<Vec<String>>,
    },
}

/// What to make of the signature.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum SignatureMode {
    /// Verify it; where the key is not known the answer is undecided.
    #[default]
    Verify,
    /// Take it for right.
    Ignore,
    /// Verify it; where the key is not known, deny.
    Require,
}

/// A request to a plain IAM evaluator.
#[derive(Debug, Clone, Deserialize)]
pub struct RawRequest {
    /// One type and one name, as in a policy: `{"Federated": "arn:..."}`.
    #[serde(default)]
    pub principal: Map<String, Value>,
    /// The action.
    #[serde(default)]
    pub action: String,
}

impl Case {
    /// Reads a case from JSON.
    ///
    /// # Errors
    /// The text is no JSON object, or a member has the wrong type; the message tells line and column.
    pub fn from_json(text: &str) -> Result<Self, String> {
        // A list would be read as the members in their order.
        if text.trim_start().starts_with('[') {
            return Err("a list, expected an object `{...}` at line 1 column 1".to_owned());
        }
        serde_json::from_str(text).map_err(|error| error.to_string())
    }
}

/// Reads a moment: RFC 3339, whole seconds since 1970, or as reports print it.
///
/// ```
/// use rolecall_core::case::seconds;
///
/// assert_eq!(seconds("1970-01-01T00:01:00Z"), Some(60));
/// assert_eq!(seconds("60"), Some(60));
/// assert_eq!(seconds("1970-01-01 00:01:00 UTC"), Some(60));
/// ```
#[must_use]
pub fn seconds(text: &str) -> Option<i64> {
    let printed = text
        .strip_suffix(" UTC")
        .and_then(|text| text.split_once(' '));
    let printed = printed.map(|(day, time)| [day, "T", time, "Z"].concat());
    literal::date(printed.as_deref().unwrap_or(text)).map(|millis| millis.div_euclid(1000))
}

/// `null` says that a member is not given.
fn or_default<'de, D: Deserializer<'de>, T: Default + Deserialize<'de>>(
    deserializer: D,
) -> Result<T, D::Error> {
    Option::deserialize(deserializer).map(Option::unwrap_or_default)
}

fn text_or_json<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<String>, D::Error> {
    // The raw text keeps what a value would lose: repeated keys, and their places.
    let raw = Box::<RawValue>::deserialize(deserializer)?;
    match raw.get() {
        "null" => Ok(None),
        text if text.starts_with('"') => serde_json::from_str(text)
            .map(Some)
            .map_err(serde::de::Error::custom),
        text => Ok(Some(text.to_owned())),
    }
}

fn moment<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<i64>, D::Error> {
    let wrong =
        || serde::de::Error::custom("`now` must be whole seconds since 1970 or an RFC 3339 time");
    match Value::deserialize(deserializer)? {
        Value::Null => Ok(None),
        Value::Number(number) => number.as_i64().map(Some).ok_or_else(wrong),
        Value::String(text) => seconds(&text).map(Some).ok_or_else(wrong),
        _ => Err(wrong()),
    }
}

fn provider<'de, D: Deserializer<'de>>(deserializer: D) -> Result<ProviderGiven, D::Error> {
    #[derive(Deserialize)]
    struct Given {
        url: Option<String>,
        #[serde(alias = "client_ids")]
        audiences: Option<Vec<String>>,
    }
    Ok(match Option::<Given>::deserialize(deserializer)? {
        None => ProviderGiven::None,
        Some(Given {
            url: None,
            audiences: None,
        }) => ProviderGiven::Default,
        Some(Given { url, audiences }) => ProviderGiven::Given {
            url: url.unwrap_or_else(|| crate::sts::GITHUB_ISSUER.to_owned()),
            audiences,
        },
    })
}
