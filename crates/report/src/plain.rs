//! Answers as labelled sentences, for screen readers and logs: no drawing, no alignment, no colour,
//! every fact named. The verdict comes first and, as in the other text format, last.

use std::fmt::Write as _;

use rolecall_core::report::{
    Cause, Check, CheckReport, Edit, ErrorReport, Finding, Location, Part, StatementReport,
};

use crate::{Texts, clean, words};

/// The answer to a check.
pub(crate) fn check(report: &CheckReport, texts: &Texts<'_>) -> String {
    let verdict = words::verdict(report);
    let mut out = Sentences::default();
    out.say(&verdict);
    for note in &report.notes {
        out.labelled("Note", note);
    }
    for (index, cause) in report.causes.iter().enumerate() {
        out.labelled(
            &format!("Reason {} of {}", index + 1, report.causes.len()),
            cause.id.as_str(),
        );
        out.cause(cause, texts);
    }
    for fact in &report.unknowns {
        out.labelled("Not known", &fact.key);
        words::answers(fact)
            .iter()
            .for_each(|answer| out.say(answer));
    }
    out.error_of(report);
    report.checks.iter().for_each(|check| out.check(check));
    for statement in &report.statements {
        out.statement(statement, texts);
    }
    for finding in &report.findings {
        out.finding(finding, texts);
    }
    if !report.storable.accepted {
        out.sentence(&words::refusal(&report.storable));
    }
    for (name, value) in words::session(report) {
        out.labelled(&capital(name), &value);
    }
    out.say(&verdict);
    out.text
}

/// Why nothing was decided.
pub(crate) fn error(report: &ErrorReport, texts: &Texts<'_>) -> String {
    let mut out = Sentences::default();
    for cause in &report.causes {
        out.labelled("Error", cause.id.as_str());
        out.cause(cause, texts);
    }
    out.say(&words::no_verdict(report, texts));
    out.text
}

/// Lines, each of which says all it means.
#[derive(Default)]
pub(crate) struct Sentences {
    pub(crate) text: String,
}

impl Sentences {
    /// A line of its own.
    pub(crate) fn say(&mut self, line: &str) {
        self.text.push_str(&clean::line(line));
        self.text.push('\n');
    }

    pub(crate) fn labelled(&mut self, label: &str, text: &str) {
        // Writing to a String cannot fail.
        let _ = writeln!(self.text, "{}: {}", clean::line(label), clean::prose(text));
    }

    /// The same as a sentence; nothing where there is nothing to say.
    pub(crate) fn sentence(&mut self, text: &str) {
        if !text.is_empty() {
            self.say(&format!("{}.", text.trim_end_matches('.')));
        }
    }

    fn advice(&mut self, help: &str) {
        if !help.is_empty() {
            self.labelled("What to do", help);
        }
    }

    fn cause(&mut self, cause: &Cause, texts: &Texts<'_>) {
        let (expected, actual) = words::sides(cause);
        self.labelled("In words", &cause.summary);
        if let Some(location) = &cause.location {
            self.place(location, texts);
        }
        if let Some(value) = &cause.expected {
            self.labelled(&capital(expected), value);
        }
        if let Some(value) = &cause.actual {
            self.labelled(&capital(actual), value);
        }
        self.advice(&cause.help);
        if let Some(fix) = &cause.fix {
            self.fix(fix);
        }
    }

    fn place(&mut self, location: &Location, texts: &Texts<'_>) {
        let (line, column) = (location.start.line, location.start.column);
        let document = words::document(location.document, texts);
        let path = if location.path.is_empty() {
            String::new()
        } else {
            format!(", {}", location.path)
        };
        self.labelled(
            "Where",
            &format!("{document}, line {line}, column {column}{path}"),
        );
    }

    fn fix(&mut self, fix: &Edit) {
        self.labelled("Repair", &fix.summary);
        if let Some(proof) = words::proof(fix) {
            self.sentence(&format!("It {proof}"));
        }
        self.changes(fix);
    }

    /// What is done, and every change of the text.
    pub(crate) fn repair(&mut self, fix: &Edit) {
        self.labelled("What", &fix.summary);
        self.changes(fix);
    }

    fn changes(&mut self, fix: &Edit) {
        for edit in &fix.edits {
            let (line, column) = (edit.location.start.line, edit.location.start.column);
            let verb = if edit.location.start == edit.location.end {
                "insert"
            } else {
                "put in its place"
            };
            self.labelled(
                &format!("At line {line}, column {column}, {verb}"),
                &edit.text,
            );
        }
    }

    fn error_of(&mut self, report: &CheckReport) {
        let Some(error) = &report.error else { return };
        for wording in &error.also_seen {
            self.labelled("Also seen as", wording);
        }
    }

    pub(crate) fn check(&mut self, check: &Check) {
        let label = format!("Check, {}", words::check_name(check.id));
        self.labelled(
            &label,
            &said(words::check_outcome(check.outcome), &check.summary),
        );
    }

    fn statement(&mut self, statement: &StatementReport, texts: &Texts<'_>) {
        let sid = statement
            .sid
            .as_ref()
            .map(|sid| format!(", {sid}"))
            .unwrap_or_default();
        let label = format!(
            "Statement {}{sid}, {}",
            statement.index + 1,
            statement.effect
        );
        self.labelled(&label, words::applies(statement.outcome));
        self.place(&statement.location, texts);
        statement.parts.iter().for_each(|part| self.part(part));
    }

    fn part(&mut self, part: &Part) {
        let label = format!("Line {}, {}", part.location.start.line, words::part(part));
        self.labelled(&label, &said(words::met(part.outcome), &part.why));
        if let Some(values) = part.actual.as_ref().filter(|values| !values.is_empty()) {
            self.labelled("Request's value", &values.join(", "));
        }
        for value in &part.expected {
            self.labelled(
                &format!("Policy's value, {}", words::met(value.outcome)),
                &value.value,
            );
            if !value.why.is_empty() {
                self.labelled("Why", &value.why);
            }
        }
    }

    pub(crate) fn finding(&mut self, finding: &Finding, texts: &Texts<'_>) {
        self.labelled(&capital(words::severity(finding.severity)), finding.rule);
        self.labelled("In words", &finding.summary);
        self.place(&finding.location, texts);
        if let Some(subject) = words::witness(finding) {
            self.labelled("A token that is let in has the subject", &subject);
        }
        self.advice(&finding.help);
    }
}

/// An outcome, and what there is to say about it.
fn said(outcome: &str, why: &str) -> String {
    if why.is_empty() {
        outcome.to_owned()
    } else {
        format!("{outcome}; {why}")
    }
}

fn capital(word: &str) -> String {
    let mut chars = word.chars();
    chars.next().map_or_else(String::new, |first| {
        first.to_uppercase().chain(chars).collect()
    })
}
