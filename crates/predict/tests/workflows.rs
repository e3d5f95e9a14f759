//! Workflows as people write them, each with the tokens that its jobs get. `UPDATE_SNAPSHOTS=1 cargo test` writes the
//! expectations anew; whoever does so reads them line by line.
//!
//! A case is a file of sections, each begun by `=== NAME`: `settings` and `run` as JSON, `callee USES` for a file
//! that is called, any other name for a workflow.

#![expect(clippy::expect_used, reason = "a test may fail loudly")]

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use rolecall_core::report::prediction::{
    JobPrediction, Prediction, RolePrediction, TokenPrediction,
};
use rolecall_predict::input::File;
use rolecall_predict::{Input, predict};
use serde_json::{Map, Value};

fn cases() -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/workflows");
    let entries = fs::read_dir(folder).expect("the cases are there");
    let mut paths: Vec<PathBuf> = entries
        .map(|entry| entry.expect("a case can be read").path())
        .filter(|path| path.extension().is_some_and(|ending| ending == "case"))
        .collect();
    paths.sort();
    paths
}

fn read(text: &str) -> Input {
    let mut input = Input::default();
    for section in text.split("=== ").skip(1) {
        let (name, body) = section.split_once('\n').expect("a section has a body");
        match name {
            "settings" => {
                input.settings = serde_json::from_str(body).expect("the settings are JSON")
            }
            "run" => input.run = serde_json::from_str(body).expect("the run is JSON"),
            name => match name.strip_prefix("callee ") {
                Some(uses) => drop(input.callees.insert(uses.to_owned(), body.to_owned())),
                None => input.workflows.push(File {
                    path: name.to_owned(),
                    text: body.to_owned(),
                }),
            },
        }
    }
    input
}

#[test]
fn workflows_and_their_tokens() {
    let cases = cases();
    assert!(cases.len() >= 40, "{} cases", cases.len());
    for path in cases {
        let text = fs::read_to_string(&path).expect("a case can be read");
        let found = match predict(&read(&text)) {
            Ok(report) => shown(&report),
            Err(report) => report
                .causes
                .iter()
                .map(|cause| format!("error: {}\n", cause.summary))
                .collect(),
        };
        let expected = path.with_extension("expected");
        if std::env::var_os("UPDATE_SNAPSHOTS").is_some() {
            fs::write(&expected, &found).expect("the expectation can be written");
        }
        let expected = fs::read_to_string(&expected).unwrap_or_default();
        assert_eq!(found, expected, "{}", path.display());
    }
}

fn shown(report: &Prediction) -> String {
    let mut out = String::new();
    for job in &report.jobs {
        job_shown(job, &mut out);
    }
    for found in &report.findings {
        let (finding, start) = (&found.finding, found.finding.location.start);
        line(
            &mut out,
            &format!(
                "{:?} {} {}:{}:{} {}",
                finding.severity,
                finding.rule,
                found.workflow,
                start.line,
                start.column,
                finding.summary
            ),
        );
    }
    for note in report
        .notes
        .iter()
        .filter(|note| !note.contains("customization/sub"))
    {
        line(&mut out, &format!("note {note}"));
    }
    out
}

fn line(out: &mut String, text: &str) {
    writeln!(out, "{text}").expect("a text can be written");
}

fn job_shown(job: &JobPrediction, out: &mut String) {
    line(
        out,
        &format!("{} on {} ({:?})", job.job, job.event, job.runs),
    );
    if let Some(cause) = &job.no_token {
        let place = cause
            .location
            .as_ref()
            .map(|location| location.start.line)
            .unwrap_or_default();
        line(
            out,
            &format!(
                "  no token: {} at {}:{place}",
                cause.id.as_str(),
                job.no_token_file.as_deref().unwrap_or_default()
            ),
        );
    }
    job.tokens.iter().for_each(|token| token_shown(token, out));
    if job.more_tokens > 0 {
        line(out, &format!("  and {} more", job.more_tokens));
    }
    let unless: Vec<&str> = job.unless.iter().map(|cause| cause.id.as_str()).collect();
    if !unless.is_empty() {
        line(out, &format!("  unless: {}", unless.join(", ")));
    }
    job.roles.iter().for_each(|role| role_shown(role, out));
    job.notes
        .iter()
        .for_each(|note| line(out, &format!("  note: {note}")));
}

/// What decides, and what differs from the usual.
fn token_shown(token: &TokenPrediction, out: &mut String) {
    let get = |name: &str| {
        let of = |map: &Map<String, Value>, mark: &str| {
            map.get(name)
                .map(|value| format!("{mark}{}", value.as_str().unwrap_or("absent")))
        };
        of(&token.claims, "")
            .or_else(|| of(&token.patterns, "~ "))
            .or_else(|| of(&token.unknown, "? "))
            .unwrap_or_default()
    };
    line(out, &format!("  token [{}]", token.when.join("; ")));
    line(out, &format!("    sub {}", get("sub")));
    for name in [
        "aud",
        "iss",
        "environment",
        "ref",
        "base_ref",
        "job_workflow_ref",
        "runner_environment",
    ] {
        let value = get(name);
        let is_usual = match name {
            "aud" => value == "sts.amazonaws.com",
            "iss" => value == "https://token.actions.githubusercontent.com",
            "environment" => value == "absent",
            "base_ref" => value.is_empty(),
            "job_workflow_ref" => value == get("workflow_ref"),
            "runner_environment" => value == "github-hosted",
            _ => get("sub").contains(value.trim_start_matches("~ ")),
        };
        if !is_usual {
            line(out, &format!("    {name} {value}"));
        }
    }
    if !token.partial {
        line(out, "    whole");
    }
}

fn role_shown(role: &RolePrediction, out: &mut String) {
    let name = role
        .role
        .as_deref()
        .or(role.written.as_deref())
        .unwrap_or("?");
    let session = role.session_name.as_deref().unwrap_or("?");
    let uses = match role.uses_token {
        Some(true) => "",
        Some(false) => " without token",
        None => " perhaps without token",
    };
    let duration = role
        .duration
        .map_or_else(|| "?".to_owned(), |seconds| seconds.to_string());
    line(
        out,
        &format!(
            "  role {name} as {session} for {duration} in {}{uses}",
            role.region.as_deref().unwrap_or("?")
        ),
    );
    role.causes.iter().for_each(|cause| {
        line(
            out,
            &format!("    refused: {} {}", cause.id.as_str(), cause.summary),
        )
    });
    role.notes
        .iter()
        .for_each(|note| line(out, &format!("    note: {note}")));
}
