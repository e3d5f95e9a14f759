//! One engine, several faces: every known-answer case gives the same report through the binary as in core.

use std::time::{SystemTime, UNIX_EPOCH};

use crate::support::Folder;
use rolecall_core::case::Case;
use rolecall_core::check::{check_without_findings, write_check};
use rolecall_tests::{FILES, lines};
use serde_json::{Value, json};

/// The lines that the binary answers to a file of cases, as JSON.
fn answers(cases: &str, option: &str) -> Vec<Value> {
    let folder = Folder::new();
    folder.write("cases.jsonl", cases);
    let run = folder.run(&["batch", "cases.jsonl", option]);
    let parsed = run
        .out
        .lines()
        .map(|line| serde_json::from_str(line).expect("JSON"));
    parsed.collect()
}

#[test]
fn the_binary_reports_what_core_reports() {
    let since_1970 = SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .expect("a clock after 1970");
    let clock = i64::try_from(since_1970.as_secs()).expect("not so far ahead");
    for (name, text) in FILES.iter().filter(|(name, _)| *name != "writes") {
        let found = answers(text, "--full");
        assert_eq!(found.len(), lines(text).count(), "{name}");
        for (line, found) in lines(text).zip(found) {
            let mut case = Case::from_json(line).expect("a case");
            case.clock = Some(clock);
            // What is found in a policy has tests of its own.
            let found = without_findings(found);
            match check_without_findings(&case) {
                Ok(report) => {
                    let report = without_findings(with_id(&case, report));
                    assert_eq!(found, report, "{line}");
                }
                Err(error) => {
                    let first = error.causes.first().map(|cause| cause.id.as_str());
                    assert_eq!(found.get("error"), Some(&json!("input")), "{line}");
                    assert_eq!(found.get("cause").and_then(Value::as_str), first, "{line}");
                }
            }
        }
    }
}

fn without_findings(mut report: Value) -> Value {
    if let Some(members) = report.as_object_mut() {
        members.remove("findings");
    }
    report
}

fn with_id(case: &Case, report: impl serde::Serialize) -> Value {
    let mut value = serde_json::to_value(report).expect("a report is JSON");
    let members = value.as_object_mut().expect("a report is an object");
    members.insert("id".to_owned(), case.id.clone());
    value
}

#[test]
fn the_binary_stores_what_core_would_store() {
    let writes = FILES
        .iter()
        .find(|(name, _)| *name == "writes")
        .map_or("", |(_, text)| text);
    for (line, found) in lines(writes).zip(answers(writes, "--write-check")) {
        let case = Case::from_json(line).expect("a case");
        let answer = write_check(case.policy.as_deref().unwrap_or_default());
        assert_eq!(found, with_id(&case, answer), "{line}");
    }
}
