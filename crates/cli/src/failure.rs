//! Why a command ended without an answer.

use std::fmt;

/// What went wrong, and what to do. Shown on standard error; the exit code is 2.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Failure {
    /// Lower case, no full stop, what the user wrote in backticks.
    pub(crate) message: String,
    /// What to do.
    pub(crate) help: String,
}

impl Failure {
    pub(crate) fn new(message: impl Into<String>, help: impl Into<String>) -> Self {
        Self {
            message: message.into(),
            help: help.into(),
        }
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "error: {}", self.message)?;
        writeln!(f, "help: {}", self.help)
    }
}
