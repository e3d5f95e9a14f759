//! Why a workflow can't be read, and where.

use rolecall_core::report::{Cause, CauseId, ErrorReport, Location};
use rolecall_core::span::{Source, Span};

/// One reason, with its place in a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Problem {
    pub(crate) span: Span,
    pub(crate) path: String,
    pub(crate) message: String,
    pub(crate) help: String,
}

impl Problem {
    pub(crate) fn new(
        span: Span,
        path: &str,
        message: impl Into<String>,
        help: impl Into<String>,
    ) -> Self {
        Self {
            span,
            path: path.to_owned(),
            message: message.into(),
            help: help.into(),
        }
    }

    /// The message begins with the file, the line and the column: several files may have been given.
    pub(crate) fn report(self, file: &str, text: &str) -> ErrorReport {
        let source = Source::new(text);
        let location = Location::workflow(&source, self.path, self.span);
        let summary = format!(
            "{file}:{}:{}: {}",
            location.start.line, location.start.column, self.message
        );
        let cause = Cause {
            location: Some(location),
            ..Cause::new(CauseId::MalformedWorkflow, summary, self.help)
        };
        ErrorReport {
            schema: ErrorReport::SCHEMA,
            causes: vec![cause],
        }
    }
}
