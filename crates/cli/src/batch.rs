//! `rolecall batch`: JSON Lines in, JSON Lines out, in order, while they come.

use std::io::{self, BufWriter, Write};

use rolecall_core::case::Case;
use rolecall_core::check::{self, write_check};
use rolecall_core::lint;
use rolecall_core::report::{CauseId, CheckReport, ErrorReport, Finding};
use serde::Serialize;
use serde_json::Value;

use crate::args::{BatchArgs, clock};
use crate::failure::Failure;
use crate::input::{Inputs, STDIN};
use crate::{Exit, output};

/// A case that is judged.
#[derive(Serialize)]
struct Verdict<'a> {
    id: &'a Value,
    decision: &'static str,
    cause: Option<CauseId>,
    error: Option<&'a str>,
}

/// The same with everything that is known.
#[derive(Serialize)]
struct Full<'a> {
    id: &'a Value,
    #[serde(flatten)]
    report: &'a CheckReport,
}

/// A case that can't be judged.
#[derive(Serialize)]
struct Bad<'a> {
    id: &'a Value,
    decision: (),
    error: &'static str,
    cause: Option<CauseId>,
    message: String,
}

/// Whether IAM would store the policy.
#[derive(Serialize)]
struct Stored<'a> {
    id: &'a Value,
    accepted: bool,
    code: Option<&'static str>,
    message: Option<String>,
}

/// What a line is answered with, and whether it was bad.
struct Answer {
    line: String,
    is_bad: bool,
}

pub(crate) fn run(args: &BatchArgs, inputs: &mut Inputs) -> Result<Exit, Failure> {
    let policy = args
        .policy
        .as_deref()
        .map(|path| inputs.read("the policy", path))
        .transpose()?;
    let mut cases = inputs.open("the cases", args.cases.as_deref().unwrap_or(STDIN))?;
    let mut out = BufWriter::with_capacity(1 << 16, io::stdout().lock());
    let mut exit = Exit::Good;
    let mut number = 0;
    let mut linted = Linted::default();
    while let Some(line) = cases.next()? {
        number += 1;
        if line.trim_ascii().is_empty() {
            continue;
        }
        let answer = answer(&line, number, policy.as_deref(), args, &mut linted);
        if answer.is_bad {
            exit = Exit::Unusable;
        }
        // Who types or pipes line by line gets each answer at once; a file is answered in large pieces.
        let written = out.write_all(answer.line.as_bytes()).and_then(|()| {
            if cases.has_line() {
                Ok(())
            } else {
                out.flush()
            }
        });
        if !output::quietly(written)? {
            return Ok(exit);
        }
    }
    output::quietly(out.flush())?;
    Ok(exit)
}

/// What lint says of the policy that was asked for last: many lines have the same.
#[derive(Default)]
struct Linted {
    policy: String,
    findings: Vec<Finding>,
}

impl Linted {
    /// The report with its findings.
    fn complete(&mut self, report: CheckReport, case: &Case) -> CheckReport {
        let policy = case.policy.as_deref().unwrap_or_default();
        if case.raw_context {
            return report;
        }
        if self.policy != policy {
            policy.clone_into(&mut self.policy);
            self.findings = lint::of_text(policy);
        }
        CheckReport {
            findings: self.findings.clone(),
            ..report
        }
    }
}

fn answer(
    line: &[u8],
    number: usize,
    policy: Option<&str>,
    args: &BatchArgs,
    linted: &mut Linted,
) -> Answer {
    let mut case = match read(line, number) {
        Ok(case) => case,
        Err(answer) => return answer,
    };
    case.policy = case.policy.or_else(|| policy.map(str::to_owned));
    case.clock = Some(clock());
    if args.write_check {
        return stored(&case, number);
    }
    match check::check_without_findings(&case) {
        Ok(report) if args.full => {
            let report = linted.complete(report, &case);
            good(&Full {
                id: &case.id,
                report: &report,
            })
        }
        Ok(report) => good(&Verdict {
            id: &case.id,
            decision: report.decision.as_str(),
            cause: report.causes.first().map(|cause| cause.id),
            error: report.error.as_ref().map(|error| error.code),
        }),
        Err(report) => unreadable(&case.id, &report),
    }
}

/// Reads a line; one that is no case is answered with what is wrong, under its id where it has one.
fn read(line: &[u8], number: usize) -> Result<Case, Answer> {
    let text = std::str::from_utf8(line)
        .map_err(|_| bad(&Value::Null, None, format!("line {number} is not UTF-8")))?;
    // Each line is a document of its own: its number is the file's, not the document's.
    let column = |message: String| message.replace(" at line 1 column ", " at column ");
    Case::from_json(text).map_err(column).map_err(|message| {
        match serde_json::from_str::<Value>(text) {
            Ok(value) => bad(
                value.get("id").unwrap_or(&Value::Null),
                None,
                format!("line {number}: {message}"),
            ),
            Err(_) => bad(
                &Value::Null,
                Some(CauseId::MalformedJson),
                format!("line {number}: {message}"),
            ),
        }
    })
}

fn stored(case: &Case, number: usize) -> Answer {
    let Some(policy) = &case.policy else {
        return bad(
            &case.id,
            Some(CauseId::MalformedPolicy),
            format!("line {number}: no policy was given"),
        );
    };
    let storable = write_check(policy);
    good(&Stored {
        id: &case.id,
        accepted: storable.accepted,
        code: storable.code,
        message: storable.message,
    })
}

fn unreadable(id: &Value, report: &ErrorReport) -> Answer {
    let first = report.causes.first();
    let message = first.map_or_else(String::new, |cause| match &cause.location {
        Some(location) => format!(
            "policy, line {}, column {}: {}",
            location.start.line, location.start.column, cause.summary
        ),
        None => cause.summary.clone(),
    });
    bad(id, first.map(|cause| cause.id), message)
}

fn bad(id: &Value, cause: Option<CauseId>, message: String) -> Answer {
    let answer = Bad {
        id,
        decision: (),
        error: "input",
        cause,
        message,
    };
    Answer {
        line: rolecall_report::json_line(&answer),
        is_bad: true,
    }
}

fn good(answer: &impl Serialize) -> Answer {
    Answer {
        line: rolecall_report::json_line(answer),
        is_bad: false,
    }
}
