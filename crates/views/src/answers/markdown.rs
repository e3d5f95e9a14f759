//! The answer as Markdown.

use super::why::sides;
use crate::report::CheckReport;
use crate::verdict::headline;
use crate::words::{State, sentence, visible};

/// Verdict and reason for an issue or a chat.
pub(super) fn markdown(report: &CheckReport) -> String {
    let word = State::of_decision(&report.decision).word;
    let mut text = format!("**{word}**: {}\n", headline(report));
    if let Some(error) = &report.error {
        text.push_str(&format!(
            "\nAWS would answer `{}`: `{}`\n",
            error.code, error.message
        ));
    }
    for cause in report.causes.iter().take(3) {
        text.push_str(&format!("\n- `{}`", cause.id));
        if let Some(at) = &cause.location {
            text.push_str(&format!(
                " at line {}, column {} of the policy",
                at.start.line, at.start.column
            ));
        }
        text.push_str(&format!(
            ": {} {}\n",
            sentence(&cause.summary),
            sentence(&cause.help)
        ));
    }
    text.push_str(&values(report));
    text
}

fn values(report: &CheckReport) -> String {
    let cause = report.causes.first();
    let values = cause.and_then(|cause| Some((cause.actual.as_ref()?, cause.expected.as_ref()?)));
    let line = |name: &str, value: &str| format!("{:<10}{}\n", format!("{name}:"), visible(value));
    match cause.zip(values) {
        Some((cause, (actual, expected))) => {
            let (above, below) = sides(cause);
            format!(
                "\n```\n{}{}```\n",
                line(above, actual),
                line(below, expected)
            )
        }
        None => String::new(),
    }
}
