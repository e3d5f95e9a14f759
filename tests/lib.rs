//! The project's known-answer cases (`cases/*.jsonl`) and how an answer is compared with what is expected.
//!
//! A line is a line of `rolecall batch` with an `expect` and the `source` of the fact. A member of
//! `expect` that is absent is not compared.

use rolecall_core::case::Case;
use rolecall_core::check::{check_without_findings, write_check};
use rolecall_core::report::{CheckReport, ErrorReport};
use serde::Deserialize;
use serde_json::Value;
use serde_json::value::RawValue;

/// The cases that are judged, in four files.
pub const FILES: [(&str, &str); 4] = [
    ("check", include_str!("cases/check.jsonl")),
    ("operators", include_str!("cases/operators.jsonl")),
    ("unreadable", include_str!("cases/unreadable.jsonl")),
    ("writes", include_str!("cases/writes.jsonl")),
];

/// A line.
#[derive(Debug, Deserialize)]
pub struct Line<'l> {
    /// What the line tests.
    pub id: String,
    /// What is expected.
    pub expect: Value,
    /// The policy, as it stands in the line.
    #[serde(borrow)]
    pub policy: Option<&'l RawValue>,
}

/// The lines of a file.
pub fn lines(text: &str) -> impl Iterator<Item = &str> {
    text.lines().filter(|line| !line.trim().is_empty())
}

/// The lines of a file that are not answered as expected, and the file's count in words.
pub fn disagreements(file: &str, text: &str) -> (Vec<String>, String) {
    let failures: Vec<String> = lines(text)
        .filter_map(|line| match differences(file, line) {
            Ok(found) if found.is_empty() => None,
            other => Some(format!(
                "{file}: {other:?}\n    {}",
                line.get(..200.min(line.len())).unwrap_or(line)
            )),
        })
        .collect();
    let all = lines(text).count();
    let count = format!("{file}: {} of {all} agree", all - failures.len());
    (failures, count)
}

/// What differs between the answer to a line and what it expects; nothing where all is well.
///
/// # Errors
/// The line is no case.
pub fn differences(file: &str, line: &str) -> Result<Vec<String>, String> {
    let parsed: Line<'_> = serde_json::from_str(line).map_err(|error| error.to_string())?;
    let case = Case::from_json(line)?;
    let mut compared = Comparison::default();
    if file == "writes" {
        compared.write(&parsed.expect, case.policy.as_deref().unwrap_or_default());
    } else {
        compared.answer(&parsed.expect, check_without_findings(&case));
    }
    Ok(compared.differences)
}

#[derive(Default)]
struct Comparison {
    differences: Vec<String>,
}

impl Comparison {
    /// Compares a member, where it is expected.
    fn member(&mut self, expect: &Value, name: &str, found: Value) {
        if let Some(expected) = expect.get(name)
            && *expected != found
        {
            self.differences
                .push(format!("{name}: expected {expected}, found {found}"));
        }
    }

    fn write(&mut self, expect: &Value, policy: &str) {
        let storable = write_check(policy);
        self.member(expect, "accepted", storable.accepted.into());
        self.member(expect, "code", storable.code.into());
        self.text(expect, storable.message.as_deref(), &[]);
    }

    fn answer(&mut self, expect: &Value, answer: Result<CheckReport, ErrorReport>) {
        match answer {
            Ok(report) => self.report(expect, &report),
            Err(error) => self.error(expect, &error),
        }
    }

    fn report(&mut self, expect: &Value, report: &CheckReport) {
        self.member(expect, "decision", report.decision.as_str().into());
        self.member(
            expect,
            "cause",
            report.causes.first().map(|cause| cause.id.as_str()).into(),
        );
        self.member(
            expect,
            "code",
            report.error.as_ref().map(|error| error.code).into(),
        );
        self.member(expect, "storable", report.storable.accepted.into());
        if expect.get("error") == Some(&"input".into()) {
            self.differences.push("expected invalid input".to_owned());
        }
        let message = report.error.as_ref().map(|error| error.message.as_str());
        let also: Vec<&str> = report
            .error
            .iter()
            .flat_map(|error| &error.also_seen)
            .map(String::as_str)
            .collect();
        self.text(expect, message, &also);
    }

    /// A `message` of null is not compared: the reference knows none.
    fn text(&mut self, expect: &Value, message: Option<&str>, also: &[&str]) {
        if let Some(expected) = expect.get("message").and_then(Value::as_str)
            && message != Some(expected)
        {
            self.differences
                .push(format!("message: expected {expected:?}, found {message:?}"));
        }
        if let Some(expected) = expect.get("message_one_of").and_then(Value::as_array) {
            let texts: Vec<&str> = message.into_iter().chain(also.iter().copied()).collect();
            if !expected
                .iter()
                .filter_map(Value::as_str)
                .any(|text| texts.contains(&text))
            {
                self.differences.push(format!(
                    "message: expected one of {expected:?}, found {texts:?}"
                ));
            }
        }
    }

    fn error(&mut self, expect: &Value, error: &ErrorReport) {
        let first = error.causes.first();
        self.member(expect, "cause", first.map(|cause| cause.id.as_str()).into());
        if expect
            .get("decision")
            .is_some_and(|decision| !decision.is_null())
        {
            self.differences.push(format!(
                "expected a decision, found {:?}",
                first.map(|cause| &cause.summary)
            ));
        }
        let place = first
            .and_then(|cause| cause.location.as_ref())
            .map(|location| location.start);
        let at = |name: &str| expect.get("at").and_then(|at| at.get(name)?.as_u64());
        let found = |n: Option<usize>| n.and_then(|n| u64::try_from(n).ok());
        for (name, found) in [
            ("line", found(place.map(|p| p.line))),
            ("column", found(place.map(|p| p.column))),
        ] {
            if at(name).is_some() && at(name) != found {
                let message = first
                    .map(|cause| cause.summary.as_str())
                    .unwrap_or_default();
                self.differences.push(format!(
                    "{name}: expected {:?}, found {found:?} ({message})",
                    at(name)
                ));
            }
        }
    }
}
