//! Why a text can't be read at all, and where.

use rolecall_core::json::JsonError;
use rolecall_core::policy::{Fault, Unreadable};
use rolecall_core::report::{Cause, CauseId, ErrorReport, Location};
use rolecall_core::span::{Source, Span};

/// Broken JSON needs the same advice wherever it stands; core gives it for a bare policy.
pub(crate) const JSON_HELP: &str =
    "repair the JSON; IAM refuses such a text with MalformedPolicyDocument";

/// What to give where a text does not tell enough.
pub(crate) const RESOLVED_HELP: &str =
    "give the role as AWS has it: `aws iam get-role --role-name NAME`";

/// One reason, with its place.
#[derive(Debug, Clone)]
pub(crate) struct Problem {
    pub(crate) json: bool,
    pub(crate) span: Span,
    pub(crate) path: String,
    pub(crate) message: String,
    pub(crate) help: String,
}

impl Problem {
    /// A problem of the text as a whole.
    pub(crate) fn text(span: Span, message: impl Into<String>, help: impl Into<String>) -> Self {
        Self {
            json: false,
            span,
            path: String::new(),
            message: message.into(),
            help: help.into(),
        }
    }

    pub(crate) fn json(error: JsonError) -> Self {
        Self {
            json: true,
            ..Self::text(error.span, error.message, JSON_HELP)
        }
    }

    #[cfg(not(all(feature = "yaml", feature = "hcl")))]
    pub(crate) fn left_out(language: &str) -> Self {
        Self::text(
            Span::new(0, 0),
            format!("this looks like {language}, which this build does not read"),
            "give the role as JSON: `aws iam get-role` prints it",
        )
    }

    pub(crate) fn at(self, path: impl Into<String>) -> Self {
        Self {
            path: path.into(),
            ..self
        }
    }

    pub(crate) fn report(self, source: &Source) -> ErrorReport {
        let id = if self.json {
            CauseId::MalformedJson
        } else {
            CauseId::MalformedPolicy
        };
        let cause = Cause {
            location: Some(Location::policy(source, self.path, self.span)),
            ..Cause::new(id, self.message, self.help)
        };
        ErrorReport {
            schema: ErrorReport::SCHEMA,
            causes: vec![cause],
        }
    }

    /// The same as a fault of one role's policy.
    pub(crate) fn unreadable(self) -> Unreadable {
        Unreadable {
            faults: vec![Fault {
                json: self.json,
                message: self.message,
                help: self.help,
                path: self.path,
                span: self.span,
                also: None,
            }],
        }
    }
}
