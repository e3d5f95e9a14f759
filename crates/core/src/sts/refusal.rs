//! STS's refusals: code and text as AWS sends them, and the wordings that people still find.
//!
//! Sources: 144 recorded calls (radkawar/stackd fixtures, 2026-09-11), the API model
//! `sts/2011-06-15`, and users' reports. What was not recorded says so.

use crate::report::{CauseId, StsError};

/// A failed check: what STS answers, and why in our words.
#[derive(Debug, Clone)]
pub struct Refusal {
    /// What STS answers.
    pub error: StsError,
    /// The reason's id.
    pub cause: CauseId,
    /// The reason in one sentence.
    pub summary: String,
    /// What to do.
    pub help: String,
    /// The claim it is about.
    pub claim: Option<&'static str>,
    /// What was found.
    pub actual: Option<String>,
    /// What was expected.
    pub expected: Option<String>,
}

impl Refusal {
    pub(super) fn new(
        error: StsError,
        cause: CauseId,
        summary: impl Into<String>,
        help: impl Into<String>,
    ) -> Self {
        Self {
            error,
            cause,
            summary: summary.into(),
            help: help.into(),
            claim: None,
            actual: None,
            expected: None,
        }
    }

    pub(super) fn about(
        mut self,
        claim: &'static str,
        actual: impl Into<String>,
        expected: impl Into<String>,
    ) -> Self {
        self.claim = Some(claim);
        self.actual = Some(actual.into());
        self.expected = Some(expected.into());
        self
    }
}

fn error(code: &'static str, message: impl Into<String>) -> StsError {
    StsError {
        code,
        message: message.into(),
        also_seen: Vec::new(),
    }
}

/// `InvalidIdentityToken` with a text of its own.
pub(super) fn invalid_token(message: impl Into<String>) -> StsError {
    error("InvalidIdentityToken", message)
}

/// The one text that 2026's STS gives for a missing provider, an audience that is not registered and
/// a key it can't use. `older`: the text of former years, which most pages on the web still show.
pub(super) fn not_validated(older: impl Into<Option<String>>) -> StsError {
    StsError {
        also_seen: older.into().into_iter().collect(),
        ..invalid_token(
            "The web identity token provided could not be validated. See the AssumeRoleWithWebIdentity documentation for requirements.",
        )
    }
}

pub(super) fn not_a_jwt() -> StsError {
    invalid_token(
        "The ID Token provided is not a valid JWT. (You may see this error if you sent an Access Token)",
    )
}

/// Two blanks stand before "please" in AWS's text.
#[cfg(feature = "tokens")]
pub(super) fn no_key() -> StsError {
    invalid_token(
        "Couldn't retrieve verification key from your identity provider,  please reference AssumeRoleWithWebIdentity documentation for requirements",
    )
}

/// A 5xx, recorded for `"sub": null`.
pub(super) fn internal_failure() -> StsError {
    error(
        "InternalFailure",
        "Unknown error validating third-party token",
    )
}

/// On the wire the code is `ExpiredTokenException`; the clock is printed less the tolerance.
pub(super) fn expired(clock: i64, exp: i64) -> StsError {
    error(
        "ExpiredTokenException",
        format!(
            "Token expired: current date/time {clock} must be before the expiration date/time {exp}"
        ),
    )
}

/// Recorded up to the colon and the clock; the wording after it follows RFC 7519.
pub(super) fn not_yet_valid(clock: i64, nbf: i64) -> StsError {
    invalid_token(format!(
        "Token not yet valid: current date/time {clock} must be after or equal to the not-before date/time {nbf}"
    ))
}

/// Several faults of the parameters come in one answer.
pub(super) fn validation(faults: &[String]) -> StsError {
    let plural = if faults.len() == 1 { "" } else { "s" };
    error(
        "ValidationError",
        format!(
            "{} validation error{plural} detected: {}",
            faults.len(),
            faults.join("; ")
        ),
    )
}

pub(super) fn invalid_arn() -> StsError {
    error("ValidationError", "Request ARN is invalid")
}

pub(super) fn duration_over_maximum() -> StsError {
    error(
        "ValidationError",
        "The requested DurationSeconds exceeds the MaxSessionDuration set for this role.",
    )
}

/// Any refusal by the trust policy, a role that does not exist, and a role that was made seconds ago.
/// CloudTrail writes "An unknown error occurred" for the same refusal.
#[must_use]
pub fn access_denied() -> StsError {
    StsError {
        also_seen: vec!["An unknown error occurred".to_owned()],
        ..error(
            "AccessDenied",
            "Not authorized to perform sts:AssumeRoleWithWebIdentity",
        )
    }
}
