//! A finding before it has its rule's name. It has a place from the start: without one it cannot be made.

use serde_json::{Map, Value};

use crate::report::{Finding, Location, Severity};
use crate::span::{Source, Span};

/// What a rule found.
#[derive(Debug, Clone)]
pub(super) struct Draft {
    pub(super) severity: Severity,
    summary: String,
    help: String,
    path: String,
    span: Span,
    witness: Option<Map<String, Value>>,
}

impl Draft {
    /// A finding at a place, given as its path inside the policy and its bytes.
    pub(super) fn new(
        severity: Severity,
        (path, span): (String, Span),
        summary: impl Into<String>,
        help: impl Into<String>,
    ) -> Self {
        Self {
            severity,
            summary: summary.into(),
            help: help.into(),
            path,
            span,
            witness: None,
        }
    }

    /// The same with a token that shows it.
    pub(super) fn with_witness(self, witness: Option<Map<String, Value>>) -> Self {
        Self { witness, ..self }
    }

    pub(super) fn into_finding(self, rule: &'static str, source: &Source) -> Finding {
        Finding {
            rule,
            severity: self.severity,
            summary: self.summary,
            help: self.help,
            location: Location::policy(source, self.path, self.span),
            witness: self.witness,
        }
    }
}
