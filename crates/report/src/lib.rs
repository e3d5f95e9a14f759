//! Renders the answers of `rolecall-core`. Pure functions: an answer and the texts it is about in, text out.
//!
//! - [`Format::Text`] is laid out like rustc's messages, for eyes;
//! - [`Format::Plain`] says the same in labelled sentences, for screen readers and logs;
//! - [`Format::Json`] is the answer itself, for programs;
//! - [`Format::Github`], [`Format::Sarif`] and [`Format::Markdown`] are for CI: annotations, code scanning,
//!   the summary of a job. They are for answers about policies; others are written plainly in them.
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

mod ci;
mod clean;
mod compare;
mod diff;
mod fix;
mod guide;
mod inspect;
mod json;
mod lint;
mod matrix;
mod migrate;
mod plain;
mod prediction;
mod push;
mod rules;
mod text;
mod who;
mod words;

use rolecall_core::analyze::report::{DiffReport, WhoReport};
use rolecall_core::fix::FixReport;
use rolecall_core::inspect::InspectReport;
use rolecall_core::lint::LintReport;
use rolecall_core::matrix::MatrixReport;
use rolecall_core::migrate::MigrateReport;
use rolecall_core::push::PushReport;
use rolecall_core::report::prediction::Prediction;
use rolecall_core::report::{CheckReport, ErrorReport};
use serde::Serialize;

pub use clean::{holds_token, line as safe_line, without_secrets};
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
    /// Workflow commands of GitHub Actions, which become annotations.
    Github,
    /// SARIF 2.1.0, for code scanning.
    Sarif,
    /// A table for the summary of a job or a comment.
    Markdown,
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
        format => ci::check(report, texts).render(format),
    }
}

/// Writes why nothing was decided.
#[must_use]
pub fn error(report: &ErrorReport, texts: &Texts<'_>, format: Format, look: &Look) -> String {
    match format {
        Format::Text => text::error(report, texts, look),
        Format::Plain => plain::error(report, texts),
        Format::Json => json::pretty(report),
        format => ci::error(report, texts).render(format),
    }
}

/// Writes what lint found. The texts are those of the policies, one for each in the same order.
#[must_use]
pub fn lint(report: &LintReport, texts: &[Texts<'_>], format: Format, look: &Look) -> String {
    match format {
        Format::Text => lint::text(report, texts, look),
        Format::Plain => lint::plain(report, texts),
        Format::Json => json::pretty(report),
        format => ci::lint(report, texts).render(format),
    }
}

/// Writes who gets in. The texts are those of the policies, one for each in the same order.
#[must_use]
pub fn who(report: &WhoReport, texts: &[Texts<'_>], format: Format, look: &Look) -> String {
    match format {
        Format::Text => who::text(report, look),
        Format::Plain => who::plain(report),
        Format::Json => json::pretty(report),
        format => who::told(report, texts, &who::summaries(report)).render(format),
    }
}

/// Writes what changed. The texts are those of the new policy.
#[must_use]
pub fn diff(report: &DiffReport, texts: &Texts<'_>, format: Format, look: &Look) -> String {
    match format {
        Format::Text => diff::text(report, look),
        Format::Plain => diff::plain(report),
        Format::Json => json::pretty(report),
        format => diff::told(report, texts, &diff::summaries(report)).render(format),
    }
}

/// Writes a table of policies and tokens; for GitHub's annotations and SARIF it is the plain one.
#[must_use]
pub fn matrix(report: &MatrixReport, format: Format, look: &Look) -> String {
    match format {
        Format::Text => matrix::text(report, look),
        Format::Json => json::pretty(report),
        Format::Markdown => matrix::markdown(report),
        _ => matrix::plain(report),
    }
}

/// Writes the repairs of a policy.
#[must_use]
pub fn fix(report: &FixReport, texts: &Texts<'_>, format: Format, look: &Look) -> String {
    match format {
        Format::Text => fix::text(report, texts, look),
        Format::Plain => fix::plain(report),
        Format::Json => json::pretty(report),
        format => fix::ci(report, texts, format),
    }
}

/// Writes what is in a token.
#[must_use]
pub fn inspect(report: &InspectReport, format: Format, look: &Look) -> String {
    match format {
        Format::Text => inspect::text(report, look),
        Format::Json => json::pretty(report),
        _ => inspect::plain(report),
    }
}

/// Writes what the session may do to a repository.
#[must_use]
pub fn push(report: &PushReport, format: Format, look: &Look) -> String {
    match format {
        Format::Text => push::text(report, look),
        Format::Json => json::pretty(report),
        _ => push::plain(report),
    }
}

/// Writes which tokens jobs can get.
#[must_use]
pub fn prediction(report: &Prediction, format: Format, look: &Look) -> String {
    match format {
        Format::Text => prediction::text(report, look),
        Format::Plain => prediction::plain(report),
        Format::Json | Format::Sarif => json::pretty(report),
        Format::Markdown => prediction::markdown(report),
        Format::Github => prediction::github(report),
    }
}

/// Writes the way to subjects with ids.
#[must_use]
pub fn migrate(report: &MigrateReport, texts: &Texts<'_>, format: Format, look: &Look) -> String {
    match format {
        Format::Text => migrate::text(report, texts, look),
        Format::Json => json::pretty(report),
        _ => migrate::plain(report, texts),
    }
}

/// Writes what the guide says.
#[must_use]
pub fn explain(guide: &Guide<'_>, format: Format, look: &Look) -> String {
    match format {
        Format::Text => guide::text(guide, look),
        Format::Json => json::pretty(&guide::document(guide)),
        _ => guide::plain(guide),
    }
}

/// Writes what the guide has pages for.
#[must_use]
pub fn contents(format: Format, look: &Look) -> String {
    match format {
        Format::Text => guide::contents(look),
        Format::Json => json::pretty(&guide::all()),
        _ => guide::plain_contents(),
    }
}

/// Writes anything as indented JSON, tokens masked.
#[must_use]
pub fn json_pretty(value: &impl Serialize) -> String {
    json::pretty(value)
}

/// All rules of lint as a page in Markdown.
#[must_use]
pub fn rules() -> String {
    rules::markdown()
}

/// Writes anything as one line of JSON, tokens masked.
#[must_use]
pub fn json_line(value: &impl Serialize) -> String {
    json::line(value)
}
