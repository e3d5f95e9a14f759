//! SARIF against its official schema: OASIS, SARIF 2.1.0 errata 01, descriptions left out (`sarif-2.1.0.schema.json`).
//!
//! The schema uses little of JSON Schema draft 4; this reads that much of it, and refuses a keyword that it does not know.

use rolecall_report::{Format, Look, Texts};
use serde_json::{Value, json};

use crate::samples;

const TEXTS: Texts<'_> = Texts {
    policy_name: "iam/trust policy.json",
    policy: samples::POLICY,
    token_name: "token.jwt",
};

fn schema() -> Value {
    serde_json::from_str(include_str!("sarif-2.1.0.schema.json")).expect("the schema is JSON")
}

#[test]
fn every_answer_is_valid_sarif() {
    let look = Look::default();
    let checks = [
        samples::immutable(),
        samples::expired(),
        samples::undecided(),
        samples::allowed(),
        samples::hostile(),
    ];
    let mut logs: Vec<String> = checks
        .iter()
        .map(|report| rolecall_report::check(report, &TEXTS, Format::Sarif, &look))
        .collect();
    logs.push(rolecall_report::error(
        &samples::unreadable(),
        &TEXTS,
        Format::Sarif,
        &look,
    ));
    let (report, texts) = samples::linted();
    logs.push(rolecall_report::lint(&report, &texts, Format::Sarif, &look));
    for log in logs {
        let log: Value = serde_json::from_str(&log).expect("SARIF is JSON");
        assert_eq!(problems(&log), [""; 0]);
    }
}

#[test]
fn what_is_no_sarif_is_refused() {
    for (log, problem) in [
        (json!({"version": "2.1.0"}), "runs is missing in "),
        (
            json!({"version": "2.2", "runs": []}),
            "not one of the values at /version",
        ),
        (
            json!({"version": "2.1.0", "runs": [], "x": 1}),
            "x is not allowed in ",
        ),
        (
            json!({"version": "2.1.0", "runs": [{"tool": {"driver": {"name": 7}}}]}),
            "not a string at /runs/0/tool/driver/name",
        ),
        (
            json!({"version": "2.1.0", "runs": [{"tool": {"driver": {"name": "x"}}, "results": [{"message": {"text": "x"}, "ruleIndex": -2}]}]}),
            "too small at /runs/0/results/0/ruleIndex",
        ),
    ] {
        let found = problems(&log);
        assert!(
            found.iter().any(|found| found == problem),
            "{log}: {found:?}"
        );
    }
}

fn problems(log: &Value) -> Vec<String> {
    let root = schema();
    let mut problems = Vec::new();
    check(&root, &root, log, "", &mut problems);
    problems
}

fn check(root: &Value, schema: &Value, value: &Value, path: &str, problems: &mut Vec<String>) {
    for (keyword, rule) in schema.as_object().expect("a schema is an object") {
        match keyword.as_str() {
            "$ref" => {
                let pointer = rule.as_str().expect("a reference").trim_start_matches('#');
                let target = root.pointer(pointer).expect("what is referred to is there");
                check(root, target, value, path, problems);
            }
            "type" => {
                let types: Vec<&str> = match rule {
                    Value::String(one) => vec![one],
                    many => many
                        .as_array()
                        .expect("types")
                        .iter()
                        .filter_map(Value::as_str)
                        .collect(),
                };
                if !types.iter().any(|name| is(value, name)) {
                    problems.push(format!("not a {} at {path}", types.join(" or ")));
                }
            }
            "enum" => {
                if !rule.as_array().expect("values").contains(value) {
                    problems.push(format!("not one of the values at {path}"));
                }
            }
            "required" => {
                for name in rule
                    .as_array()
                    .expect("names")
                    .iter()
                    .filter_map(Value::as_str)
                {
                    if value.is_object() && value.get(name).is_none() {
                        problems.push(format!("{name} is missing in {path}"));
                    }
                }
            }
            "properties" => {
                for (name, member) in value.as_object().into_iter().flatten() {
                    if let Some(schema) = rule.get(name) {
                        check(root, schema, member, &format!("{path}/{name}"), problems);
                    }
                }
            }
            "additionalProperties" => {
                let known = schema.get("properties");
                for (name, member) in value.as_object().into_iter().flatten() {
                    if known.is_some_and(|known| known.get(name).is_some()) {
                        continue;
                    }
                    match rule {
                        Value::Bool(true) => {}
                        Value::Bool(false) => {
                            problems.push(format!("{name} is not allowed in {path}"))
                        }
                        schema => check(root, schema, member, &format!("{path}/{name}"), problems),
                    }
                }
            }
            "items" => {
                for (index, item) in value.as_array().into_iter().flatten().enumerate() {
                    check(root, rule, item, &format!("{path}/{index}"), problems);
                }
            }
            "minItems" => {
                let least = rule.as_u64().expect("a number");
                if value
                    .as_array()
                    .is_some_and(|items| (items.len() as u64) < least)
                {
                    problems.push(format!("too few at {path}"));
                }
            }
            "minimum" => {
                let least = rule.as_f64().expect("a number");
                if value.as_f64().is_some_and(|number| number < least) {
                    problems.push(format!("too small at {path}"));
                }
            }
            "maximum" => {
                let most = rule.as_f64().expect("a number");
                if value.as_f64().is_some_and(|number| number > most) {
                    problems.push(format!("too large at {path}"));
                }
            }
            "uniqueItems" => {
                let items = value.as_array().map_or(&[][..], Vec::as_slice);
                let repeats = |(index, item): (usize, &Value)| {
                    items.iter().take(index).any(|before| before == item)
                };
                if *rule == Value::Bool(true) && items.iter().enumerate().any(repeats) {
                    problems.push(format!("repeated at {path}"));
                }
            }
            "anyOf" | "oneOf" => {
                let passes = |schema: &&Value| {
                    let mut found = Vec::new();
                    check(root, schema, value, path, &mut found);
                    found.is_empty()
                };
                if !rule
                    .as_array()
                    .expect("schemas")
                    .iter()
                    .any(|schema| passes(&schema))
                {
                    problems.push(format!("no alternative fits at {path}"));
                }
            }
            // Formats and patterns are of dates, guids and languages, of which we write none; references are tested beside their code.
            "format" | "pattern" | "title" | "id" | "$schema" | "definitions" => {}
            unknown => panic!("the schema uses {unknown}"),
        }
    }
}

fn is(value: &Value, name: &str) -> bool {
    match name {
        "object" => value.is_object(),
        "array" => value.is_array(),
        "string" => value.is_string(),
        "integer" => value.is_i64() || value.is_u64(),
        "number" => value.is_number(),
        "boolean" => value.is_boolean(),
        _ => value.is_null(),
    }
}
