//! The two credentials that look like an ID token: same issuer, same key, other purpose.

use serde_json::{Map, Value};

use super::issuer;

/// A credential that was pasted instead of an ID token.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LookAlike {
    /// `ACTIONS_ID_TOKEN_REQUEST_TOKEN`, with which a job asks for its ID tokens.
    RequestToken,
    /// The token that a runner uses towards GitHub.
    RunnerToken,
}

impl LookAlike {
    /// What it is and what to do about it.
    ///
    /// ```
    /// use rolecall_core::token::catalogue::LookAlike;
    /// assert!(LookAlike::RequestToken.warning().contains("live credential"));
    /// ```
    pub fn warning(self) -> &'static str {
        match self {
            Self::RequestToken => {
                "this is not an ID token but the request token of a job (`ACTIONS_ID_TOKEN_REQUEST_TOKEN`), a live credential: \
                 until it expires, some hours after the job began, its bearer can get ID tokens in the job's name. Do not paste it \
                 anywhere, and cancel the run if it is still going; ask for an ID token with it and use that"
            }
            Self::RunnerToken => {
                "this is not an ID token but a token of a runner, a live credential: its bearer can speak to GitHub in the \
                 runner's name. Do not paste it anywhere; if others saw it, remove the runner and register it anew"
            }
        }
    }
}

/// Tells a request token or a runner token by its payload. Members of ID tokens alone never make one.
///
/// A custom audience may begin with `vso:` too, so that counts only without a `sub`; other issuers have a `scp` of their
/// own, so that counts only with `generate_id_token`.
///
/// ```
/// use rolecall_core::token::catalogue::{LookAlike, look_alike};
/// use serde_json::{Map, json};
///
/// let kind = |claims: serde_json::Value| look_alike(claims.as_object().unwrap_or(&Map::new()));
/// assert_eq!(kind(json!({"oidc_sub": "repo:o/r:pull_request"})), Some(LookAlike::RequestToken));
/// assert_eq!(kind(json!({"scp": "Actions.X generate_id_token:1:2"})), Some(LookAlike::RequestToken));
/// assert_eq!(kind(json!({"aud": "vso:1"})), Some(LookAlike::RequestToken));
/// assert_eq!(kind(json!({"labels": "[]", "runner_name": "r"})), Some(LookAlike::RunnerToken));
/// assert_eq!(kind(json!({"sub": "repo:o/r:pull_request", "aud": "vso:x", "runner_environment": "self-hosted"})), None);
/// assert_eq!(kind(json!({})), None);
/// ```
pub fn look_alike(claims: &Map<String, Value>) -> Option<LookAlike> {
    if is_of_another_issuer(claims) {
        None
    } else if is_request_token(claims) {
        Some(LookAlike::RequestToken)
    } else if is_runner_token(claims) {
        Some(LookAlike::RunnerToken)
    } else {
        is_for_github_itself(claims).then_some(LookAlike::RequestToken)
    }
}

/// GitLab's ID tokens, for one, name their runner too.
fn is_of_another_issuer(claims: &Map<String, Value>) -> bool {
    let of_github =
        |iss: &str| issuer(iss).kind.is_github() || iss.contains("actions.githubusercontent.com");
    claims
        .get("iss")
        .and_then(Value::as_str)
        .is_some_and(|iss| !of_github(iss))
}

fn is_request_token(claims: &Map<String, Value>) -> bool {
    claims.contains_key("oidc_sub")
        || claims.contains_key("oidc_extra")
        || holds(claims, "scp", |s| s.contains("generate_id_token"))
}

fn is_runner_token(claims: &Map<String, Value>) -> bool {
    let of_runner = |name: &String| {
        name == "labels" || (name.starts_with("runner_") && name != "runner_environment")
    };
    let without_sub = !claims.contains_key("sub")
        && ["billing_owner_id", "owner_id"]
            .iter()
            .any(|name| claims.contains_key(*name));
    // ID tokens name the repository, runner tokens do not.
    (without_sub && !has_plan(claims))
        || (claims.keys().any(of_runner) && !claims.contains_key("repository"))
}

/// A job's own token that lost its `scp`, for instance in a partial copy.
fn has_plan(claims: &Map<String, Value>) -> bool {
    ["plan_id", "orch_id"]
        .iter()
        .any(|name| claims.contains_key(*name))
}

/// `vso:` is what GitHub's own services call themselves.
fn is_for_github_itself(claims: &Map<String, Value>) -> bool {
    !claims.contains_key("sub")
        && (holds(claims, "aud", |s| s.starts_with("vso:")) || has_plan(claims))
}

fn holds(claims: &Map<String, Value>, name: &str, test: fn(&str) -> bool) -> bool {
    match claims.get(name) {
        Some(Value::String(text)) => test(text),
        Some(Value::Array(items)) => items.iter().filter_map(Value::as_str).any(test),
        _ => false,
    }
}
