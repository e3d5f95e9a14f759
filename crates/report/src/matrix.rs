//! Policies against tokens, as a table: a token a line, a policy a column.

use rolecall_core::matrix::{Cell, MatrixReport, Row};
use rolecall_core::report::Decision;

use crate::ci::markdown;
use crate::plain::Sentences;
use crate::text::{Paint, parts::notes};
use crate::{Look, clean};

/// Columns of a decision: the sign, a blank, the word, and two blanks.
const CELL: usize = 13;

/// For eyes. With one policy the cause stands beside the decision, else the policies are numbered.
pub(crate) fn text(report: &MatrixReport, look: &Look) -> String {
    let width = tokens(report)
        .map(|token| token.chars().count())
        .max()
        .unwrap_or_default();
    let at_once = (look.width.saturating_sub(width + 2) / CELL).max(1);
    let mut text = notes(&report.notes, look);
    if !text.is_empty() {
        text.push_str("\n\n");
    }
    for (index, rows) in report.rows.chunks(at_once).enumerate() {
        let first = index * at_once + 1;
        text.push_str(&head(rows, first, width, report.rows.len() == 1, look));
        for (line, token) in tokens(report).enumerate() {
            text.push_str(&table_line(
                rows,
                line,
                token,
                width,
                report.rows.len() == 1,
                look,
            ));
        }
        text.push('\n');
    }
    text.push_str(&legend(report, look));
    text
}

/// The tokens are the same in every row.
fn tokens(report: &MatrixReport) -> impl Iterator<Item = &str> + Clone {
    let first = report.rows.first();
    first
        .into_iter()
        .flat_map(|row| &row.cells)
        .map(|cell| cell.token.as_str())
}

fn head(rows: &[Row], first: usize, width: usize, is_only: bool, look: &Look) -> String {
    let mut line = format!("{:<width$}  ", "token");
    if is_only {
        let name = rows.first().map_or("", |row| row.policy.as_str());
        line.push_str(&clean::line(name));
    } else {
        for index in 0..rows.len() {
            line.push_str(&format!("{:<CELL$}", format!("[{}]", first + index)));
        }
    }
    look.paint(line.trim_end(), Paint::Strong) + "\n"
}

fn table_line(
    rows: &[Row],
    line: usize,
    token: &str,
    width: usize,
    is_only: bool,
    look: &Look,
) -> String {
    let mut text = format!("{:<width$}  ", clean::line(token));
    for row in rows {
        let Some(cell) = row.cells.get(line) else {
            continue;
        };
        let word = word(cell);
        text.push_str(&look.paint(&word, paint(cell.decision)));
        if is_only {
            text.push_str(&" ".repeat(CELL.saturating_sub(word.chars().count())));
            text.push_str(cell.cause.map_or("", |cause| cause.as_str()));
        } else {
            text.push_str(&" ".repeat(CELL.saturating_sub(word.chars().count())));
        }
    }
    text.trim_end().to_owned() + "\n"
}

/// Shape as well as colour.
fn word(cell: &Cell) -> String {
    let (sign, word) = match cell.decision {
        Decision::Allow => ('✓', "allow"),
        Decision::Deny => ('✗', "deny"),
        Decision::Undecided => ('?', "undecided"),
    };
    format!("{sign} {word}")
}

const fn paint(decision: Decision) -> Paint {
    match decision {
        Decision::Allow => Paint::Good,
        Decision::Deny => Paint::Bad,
        Decision::Undecided => Paint::Strong,
    }
}

/// What the numbers stand for, and how many tokens each policy lets in.
fn legend(report: &MatrixReport, look: &Look) -> String {
    let allowed = |row: &Row| {
        let cells = row.cells.iter();
        cells
            .filter(|cell| cell.decision == Decision::Allow)
            .count()
    };
    let line = |(index, row): (usize, &Row)| {
        let number = if report.rows.len() == 1 {
            String::new()
        } else {
            format!("[{}] ", index + 1)
        };
        let name = look.paint(&clean::line(&row.policy), Paint::Strong);
        format!(
            "{number}{name}: allows {} of {}\n",
            allowed(row),
            row.cells.len()
        )
    };
    report.rows.iter().enumerate().map(line).collect()
}

/// For screen readers and logs: a sentence a cell.
pub(crate) fn plain(report: &MatrixReport) -> String {
    let mut out = Sentences::default();
    for note in &report.notes {
        out.labelled("Note", note);
    }
    for row in &report.rows {
        out.labelled("Policy", &row.policy);
        for cell in &row.cells {
            let cause = cell
                .cause
                .map_or_else(String::new, |cause| format!(", {}", cause.as_str()));
            out.labelled(&cell.token, &format!("{}{cause}", cell.decision.as_str()));
        }
    }
    out.text
}

/// For the summary of a job: the same table.
pub(crate) fn markdown(report: &MatrixReport) -> String {
    let names: Vec<String> = report
        .rows
        .iter()
        .map(|row| markdown::code(&row.policy))
        .collect();
    let mut text = format!("| token | {} |\n", names.join(" | "));
    text.push_str(&format!("| --- |{}\n", " --- |".repeat(names.len())));
    for (line, token) in tokens(report).enumerate() {
        let cells = report.rows.iter().filter_map(|row| row.cells.get(line));
        let cells: Vec<String> = cells
            .map(|cell| match cell.cause {
                Some(cause) => format!("{} {}", word(cell), markdown::code(cause.as_str())),
                None => word(cell),
            })
            .collect();
        text.push_str(&format!(
            "| {} | {} |\n",
            markdown::code(token),
            cells.join(" | ")
        ));
    }
    text
}
