//! What is known of the claims in a GitHub Actions token, and which of them AWS offers as condition keys.
//!
//! Three tables, all data: [`CLAIMS`] (one row a claim), [`GENERIC_KEYS`] and [`GITHUB_KEYS`] (the keys STS fills), and
//! [`ISSUERS`] (which keys exist for which issuer; another issuer is another row).
//!
//! ```
//! use rolecall_core::token::catalogue::{claim, keys_for};
//!
//! let keys = keys_for("token.actions.githubusercontent.com");
//! assert_eq!(keys.claims_behind("repository"), Some(&["repository"][..]));
//! // AWS offers `repository_owner_id`, but never the owner's name.
//! assert!(keys.claims_behind("repository_owner").is_none());
//! assert!(claim("repository_owner").is_some_and(|c| c.key.is_none()));
//! // `aud` is `azp` where the token has one (GitHub's never does).
//! assert_eq!(keys.claims_behind("aud"), Some(&["azp", "aud"][..]));
//! ```
//!
//! # Scope
//!
//! State of November 2026. Presence and types are those of real tokens of 2025 and 2026 where the documentation is silent;
//! each row names its source. That STS offers a key is documented by AWS; one public report of `repository`, `ref` and
//! `job_workflow_ref` not matching in August 2026 is unexplained and contradicted by others.

mod claims;
mod issuer;
mod look_alike;

pub use claims::CLAIMS;
pub use issuer::{
    Difference, ISSUERS, Issuer, IssuerKeys, IssuerKind, issuer, keys_for, keys_url,
    nearest_issuer, nearly,
};
pub use look_alike::{LookAlike, look_alike};

/// How a fact is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Confidence {
    /// Written in GitHub's or AWS's documentation.
    Documented,
    /// Seen in real tokens, answers or logs.
    Observed,
    /// Concluded from the two.
    Inferred,
}

/// The JSON type of a claim's value in GitHub's tokens.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum JsonType {
    /// A string; all ids and `ref_protected` are strings too (observed in all tokens).
    String,
    /// A number: `exp`, `iat`, `nbf` only.
    Number,
    /// Not the same everywhere, or not GitHub's to decide.
    Any,
}

/// When a claim is in the token.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Presence {
    /// In every token of today.
    Always,
    /// In every token of today, but `""` unless a pull request runs.
    EmptyUnlessPullRequest,
    /// When the job names an environment.
    Environment,
    /// When the repository's owner belongs to an enterprise.
    Enterprise,
    /// Seen only with an issuer that carries the enterprise's slug.
    EnterpriseIssuer,
    /// When an administrator added the property to the tokens and the repository has a value for it.
    CustomProperty,
    /// Never in an ID token: a look-alike carries it.
    LookAlike,
    /// Never in GitHub's tokens: other issuers may send it.
    OtherIssuer,
}

impl Presence {
    /// The rule in words.
    ///
    /// ```
    /// use rolecall_core::token::catalogue::Presence;
    /// assert_eq!(Presence::Environment.words(), "only if the job has an `environment:`");
    /// ```
    pub fn words(self) -> &'static str {
        match self {
            Self::Always => "always",
            Self::EmptyUnlessPullRequest => "always; empty unless a pull request runs",
            Self::Environment => "only if the job has an `environment:`",
            Self::Enterprise => "only if the owner belongs to an enterprise",
            Self::EnterpriseIssuer => "only seen when the issuer carries the enterprise's slug",
            Self::CustomProperty => {
                "only if the property was added to the tokens and the repository has a value for it"
            }
            Self::LookAlike => "never in an ID token",
            Self::OtherIssuer => "never in GitHub's tokens",
        }
    }

    /// Whether GitHub's ID tokens can carry the claim.
    ///
    /// ```
    /// use rolecall_core::token::catalogue::{Presence, presence};
    /// assert!(presence("runner_environment").is_some_and(Presence::is_in_id_token));
    /// assert!(!presence("runner_name").is_some_and(Presence::is_in_id_token));
    /// ```
    pub const fn is_in_id_token(self) -> bool {
        !matches!(self, Self::LookAlike | Self::OtherIssuer)
    }
}

/// The condition key that takes its value from a claim.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ConditionKey {
    /// What stands after the provider and the colon: `repository` in `token.actions.githubusercontent.com:repository`.
    pub suffix: &'static str,
    /// Since when STS offers it.
    pub since: &'static str,
    /// Where this is written.
    pub source: &'static str,
    /// How it is known.
    pub confidence: Confidence,
}

/// A claim, or a family of claims where the name ends in `*`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Claim {
    /// The claim's name; `repo_property_*` stands for all names that begin so.
    pub name: &'static str,
    /// What it says, for a person.
    pub meaning: &'static str,
    /// The type of its value.
    pub json_type: JsonType,
    /// When it is there.
    pub presence: Presence,
    /// Since when tokens have it, where that is known.
    pub since: Option<&'static str>,
    /// The condition key that AWS fills from it.
    pub key: Option<ConditionKey>,
    /// Where these facts are from.
    pub source: &'static str,
    /// How they are known.
    pub confidence: Confidence,
}

/// All that judging asks of a claim: its name, and when it is there. A table of its own, made of [`CLAIMS`] at compile
/// time, so that a small module that only judges carries none of their prose.
#[expect(
    clippy::indexing_slicing,
    reason = "at compile time, where what is out of bounds does not build"
)]
static PRESENCES: [(&str, Presence); CLAIMS.len()] = {
    let mut rows = [("", Presence::Always); CLAIMS.len()];
    let mut row = 0;
    while row < rows.len() {
        rows[row] = (CLAIMS[row].name, CLAIMS[row].presence);
        row += 1;
    }
    rows
};

/// The row of a claim, the same in [`CLAIMS`] and [`PRESENCES`].
fn row(name: &str, same: fn(&str, &str) -> bool) -> Option<usize> {
    let is_named = |row: &str| match row.strip_suffix('*') {
        Some(stem) => {
            name.len() > stem.len() && name.get(..stem.len()).is_some_and(|head| same(head, stem))
        }
        None => same(name, row),
    };
    PRESENCES.iter().position(|(row, _)| is_named(row))
}

/// The row for a claim of this name.
///
/// ```
/// use rolecall_core::token::catalogue::{Presence, claim};
///
/// assert!(claim("event_name").is_some());
/// assert_eq!(claim("repo_property_team").map(|c| c.presence), Some(Presence::CustomProperty));
/// assert!(claim("repo_property_").is_none() && claim("Event_Name").is_none() && claim("made_up").is_none());
/// ```
pub fn claim(name: &str) -> Option<&'static Claim> {
    CLAIMS.get(row(name, |a, b| a == b)?)
}

/// When a claim of this name is in the token.
///
/// ```
/// use rolecall_core::token::catalogue::{Presence, presence};
/// assert_eq!(presence("environment"), Some(Presence::Environment));
/// assert_eq!(presence("made_up"), None);
/// ```
pub fn presence(name: &str) -> Option<Presence> {
    Some(PRESENCES.get(row(name, |a, b| a == b)?)?.1)
}

/// When a claim of this name in any letter case is in the token, for names that a person wrote.
pub fn presence_in_any_case(name: &str) -> Option<Presence> {
    Some(PRESENCES.get(row(name, str::eq_ignore_ascii_case)?)?.1)
}

/// A key that STS fills for every OIDC issuer ("Default" mapping).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct GenericKey {
    /// What stands after the provider and the colon.
    pub suffix: &'static str,
    /// The claims it takes its value from: the first that the token has.
    pub claims: &'static [&'static str],
    /// Whether it can hold several values.
    pub multivalued: bool,
}

/// Where AWS lists the keys that STS fills from a token.
pub const AWS_KEYS_SOURCE: &str = "IAM User Guide, \"IAM and AWS STS condition context keys\", section \"Available keys for AWS OIDC federation\" (September 2026)";

/// The keys of every OIDC issuer. GitHub sends neither `azp` nor `amr` nor `email`.
pub const GENERIC_KEYS: [GenericKey; 5] = [
    GenericKey {
        suffix: "amr",
        claims: &["amr"],
        multivalued: true,
    },
    GenericKey {
        suffix: "aud",
        claims: &["azp", "aud"],
        multivalued: false,
    },
    GenericKey {
        suffix: "email",
        claims: &["email"],
        multivalued: false,
    },
    GenericKey {
        suffix: "oaud",
        claims: &["aud"],
        multivalued: false,
    },
    GenericKey {
        suffix: "sub",
        claims: &["sub"],
        multivalued: false,
    },
];

/// The further keys of GitHub's issuers, each named like its claim, each single-valued.
///
/// ```
/// use rolecall_core::token::catalogue::{GITHUB_KEYS, claim};
/// assert!(GITHUB_KEYS.iter().all(|key| claim(key).and_then(|c| c.key).is_some_and(|k| k.suffix == *key)));
/// ```
pub const GITHUB_KEYS: [&str; 10] = [
    "actor",
    "actor_id",
    "enterprise_id",
    "environment",
    "job_workflow_ref",
    "ref",
    "repository",
    "repository_id",
    "repository_owner_id",
    "workflow",
];

#[cfg(test)]
mod tests;
