//! Renders the answers of `rolecall-core`. Pure functions: an answer and the texts it is about in, text out.
//!
//! - [`Format::Text`] is laid out like rustc's messages, for eyes;
//! - [`Format::Plain`] says the same in labelled sentences, for screen readers and logs;
//! - [`Format::Json`] is the answer itself, for programs.
//!
//! Whatever looks like a token is masked, and control characters are escaped, in every format.
//!
//! ```
//! use rolecall_core::report::{CauseId, ErrorReport};
//! use rolecall_report::{Format, Look, Texts};
//!
//! let report = ErrorReport::plain(CauseId::MalformedJson, "the text is empty", "give a trust policy");
//! let texts = Texts { policy_name: "trust.json", policy: "", token_name: "-" };
//! let plain = rolecall_report::error(&report, &texts, Format::Plain, &Look::default());
//! assert!(plain.ends_with("No verdict: the text is empty\n"));
//! ```

mod clean;
mod compare;
mod guide;
mod inspect;
mod json;
mod migrate;
mod plain;
mod prediction;
mod push;
mod text;
mod words;

use rolecall_core::inspect::InspectReport;
use rolecall_core::migrate::MigrateReport;
use rolecall_core::push::PushReport;
use rolecall_core::report::prediction::Prediction;
use rolecall_core::report::{CheckReport, ErrorReport};
use serde::Serialize;

pub use clean::{holds_token, line as safe_line};
pub use guide::Guide;

/// How an answer is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Format {
    /// Laid out for eyes.
    #[default]
    Text,
    /// Sentences and labels, no layout that carries meaning.
    Plain,
    /// The answer as data.
    Json,
}

/// What the terminal can show and the user wants to see.
#[derive(Debug, Clone, Copy)]
pub struct Look {
    /// ANSI colours.
    pub color: bool,
    /// Columns.
    pub width: usize,
    /// Every check and every statement, not only what decided.
    pub verbose: bool,
}

impl Default for Look {
    fn default() -> Self {
        Self {
            color: false,
            width: 100,
            verbose: false,
        }
    }
}

/// The texts that an answer points into, and what to call them.
#[derive(Debug, Clone, Copy)]
pub struct Texts<'a> {
    /// The policy's file name, or whatever the user knows it by.
    pub policy_name: &'a str,
    /// The policy as read.
    pub policy: &'a str,
    /// The same for the token; its text is never shown.
    pub token_name: &'a str,
}

/// Writes the answer to a check.
#[must_use]
pub fn check(report: &CheckReport, texts: &Texts<'_>, format: Format, look: &Look) -> String {
    match format {
        Format::Text => text::check(report, texts, look),
        Format::Plain => plain::check(report, texts),
        Format::Json => json::pretty(report),
    }
}

/// Writes why nothing was decided.
#[must_use]
pub fn error(report: &ErrorReport, texts: &Texts<'_>, format: Format, look: &Look) -> String {
    match format {
        Format::Text => text::error(report, texts, look),
        Format::Plain => plain::error(report, texts),
        Format::Json => json::pretty(report),
    }
}

/// Writes what is in a token.
#[must_use]
pub fn inspect(report: &InspectReport, format: Format, look: &Look) -> String {
    match format {
        Format::Text => inspect::text(report, look),
        Format::Plain => inspect::plain(report),
        Format::Json => json::pretty(report),
    }
}

/// Writes what the session may do to a repository.
#[must_use]
pub fn push(report: &PushReport, format: Format, look: &Look) -> String {
    match format {
        Format::Text => push::text(report, look),
        Format::Plain => push::plain(report),
        Format::Json => json::pretty(report),
    }
}

/// How a prediction is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PredictionFormat {
    /// Laid out for eyes.
    Text,
    /// Sentences and labels.
    Plain,
    /// The answer as data.
    Json,
    /// A table, for the summary of a job or a comment.
    Markdown,
    /// Annotations of GitHub Actions.
    Github,
}

/// Writes which tokens jobs can get.
#[must_use]
pub fn prediction(report: &Prediction, format: PredictionFormat, look: &Look) -> String {
    match format {
        PredictionFormat::Text => prediction::text(report, look),
        PredictionFormat::Plain => prediction::plain(report),
        PredictionFormat::Json => json::pretty(report),
        PredictionFormat::Markdown => prediction::markdown(report),
        PredictionFormat::Github => prediction::github(report),
    }
}

/// Writes the way to subjects with ids.
#[must_use]
pub fn migrate(report: &MigrateReport, texts: &Texts<'_>, format: Format, look: &Look) -> String {
    match format {
        Format::Text => migrate::text(report, texts, look),
        Format::Plain => migrate::plain(report, texts),
        Format::Json => json::pretty(report),
    }
}

/// Writes what the guide says.
#[must_use]
pub fn explain(guide: &Guide<'_>, format: Format, look: &Look) -> String {
    match format {
        Format::Text => guide::text(guide, look),
        Format::Plain => guide::plain(guide),
        Format::Json => json::pretty(&guide::document(guide)),
    }
}

/// Writes what the guide has pages for.
#[must_use]
pub fn contents(format: Format, look: &Look) -> String {
    match format {
        Format::Text => guide::contents(look),
        Format::Plain => guide::plain_contents(),
        Format::Json => json::pretty(&guide::all()),
    }
}

/// Writes anything as indented JSON, tokens masked.
#[must_use]
pub fn json_pretty(value: &impl Serialize) -> String {
    json::pretty(value)
}

/// Writes anything as one line of JSON, tokens masked.
#[must_use]
pub fn json_line(value: &impl Serialize) -> String {
    json::line(value)
}
