//! The parts of an answer that are lists, not snippets.

use rolecall_core::report::{
    Check, CheckOutcome, CheckReport, Met, Part, StatementReport, UnknownFact,
};

use super::look::Paint;
use crate::{Look, Texts, clean, words};

/// What was stripped or assumed.
pub(crate) fn notes(notes: &[String], look: &Look) -> String {
    let lines: Vec<String> = notes
        .iter()
        .map(|note| labelled("note: ", &clean::line(note), look))
        .collect();
    lines.join("\n")
}

/// `label text`, wrapped below the text's first column.
pub(crate) fn labelled(label: &str, text: &str, look: &Look) -> String {
    let indent = label.chars().count();
    format!(
        "{label}{}",
        look.wrap(text, indent)
            .replace('\n', &format!("\n{}", " ".repeat(indent)))
    )
}

/// STS's checks, one a line.
pub(crate) fn checks(title: &str, checks: &[Check], look: &Look) -> String {
    let mut lines = vec![look.paint(title, Paint::Strong)];
    lines.extend(checks.iter().map(|check| check_line(check, look)));
    lines.join("\n")
}

fn check_line(check: &Check, look: &Look) -> String {
    let outcome = format!("{:<13}", words::check_outcome(check.outcome));
    let painted = match check.outcome {
        CheckOutcome::Pass => outcome,
        CheckOutcome::Fail => look.paint(&outcome, Paint::Bad),
        CheckOutcome::Unknown => look.paint(&outcome, Paint::Strong),
        CheckOutcome::NotReached => look.paint(&outcome, Paint::Faint),
    };
    // "not reached" stands in the first column already.
    let summary = check
        .summary
        .trim_start_matches("not reached")
        .trim_start_matches([':', ';', ' ']);
    let rest = labelled(
        &format!("{:<17}", words::check_name(check.id)),
        &clean::line(summary),
        &narrower(look, 15),
    );
    format!(
        "  {painted}{}",
        rest.trim_end().replace('\n', "\n               ")
    )
}

const fn narrower(look: &Look, by: usize) -> Look {
    Look {
        width: look.width.saturating_sub(by),
        ..*look
    }
}

/// Every statement and its parts.
pub(super) fn statements(statements: &[StatementReport], texts: &Texts<'_>, look: &Look) -> String {
    let lines: Vec<String> = statements
        .iter()
        .flat_map(|statement| statement_lines(statement, texts, look))
        .collect();
    lines.join("\n")
}

fn statement_lines(statement: &StatementReport, texts: &Texts<'_>, look: &Look) -> Vec<String> {
    let sid = statement
        .sid
        .as_ref()
        .map(|sid| format!(" `{}`", clean::line(sid)))
        .unwrap_or_default();
    let place = words::place(&statement.location, texts);
    let mut lines = vec![format!(
        "Statement {}{sid}, {}, {place}: {}",
        statement.index + 1,
        statement.effect,
        words::applies(statement.outcome)
    )];
    lines.extend(statement.parts.iter().map(|part| part_line(part, look)));
    lines
}

fn part_line(part: &Part, look: &Look) -> String {
    let outcome = format!("{:<13}", words::met(part.outcome));
    let painted = match part.outcome {
        Met::Met => outcome,
        Met::NotMet => look.paint(&outcome, Paint::Bad),
        Met::Unknown => look.paint(&outcome, Paint::Strong),
        Met::NotReached => look.paint(&outcome, Paint::Faint),
    };
    let said = format!("{}: {}", words::part(part), clean::line(&part.why));
    let rest = look.wrap(said.trim_end_matches([':', ' ']), 15);
    format!("  {painted}{}", rest.replace('\n', "\n               "))
}

/// What each possible answer would lead to.
pub(crate) fn unknowns(unknowns: &[UnknownFact], look: &Look) -> String {
    let lines: Vec<String> = unknowns
        .iter()
        .flat_map(words::answers)
        .map(|line| labelled("  ", &line, look))
        .collect();
    lines.join("\n")
}

/// The session that STS would issue.
pub(super) fn session(report: &CheckReport) -> String {
    let lines: Vec<String> = words::session(report)
        .into_iter()
        .map(|(name, value)| format!("{name:<14}{value}"))
        .collect();
    lines.join("\n")
}
