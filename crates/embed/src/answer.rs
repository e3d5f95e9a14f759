//! Reports as JSON, tokens masked.

use rolecall_core::report::{CauseId, ErrorReport};
use rolecall_report::json_line;
use serde::{Deserialize, Serialize};

/// A report is an answer, whether it could be made or not.
pub(crate) fn answer(report: Result<impl Serialize, ErrorReport>) -> String {
    match report {
        Ok(report) => json_line(&report),
        Err(report) => json_line(&report),
    }
}

/// Reads a question; `like` is what has its members.
pub(crate) fn read<'q, T: Deserialize<'q>>(
    question: &'q str,
    like: &str,
) -> Result<T, ErrorReport> {
    serde_json::from_str(question).map_err(|error| no_question(&error.to_string(), like))
}

/// The question can't be read; `like` is what has its members.
pub(crate) fn no_question(message: &str, like: &str) -> ErrorReport {
    ErrorReport::plain(
        CauseId::MalformedJson,
        format!("the question can't be read: {message}"),
        format!("give an object with the members of {like}"),
    )
}

/// The question has no policy, which the verb can't do without.
#[cfg(feature = "judge")]
pub(crate) fn no_policy() -> ErrorReport {
    ErrorReport::plain(
        CauseId::MalformedPolicy,
        "no policy was given",
        "give a trust policy as JSON",
    )
}
