//! The tokens that jobs can get, for eyes, for screen readers and logs, and for a job's summary.

use rolecall_core::report::prediction::{
    JobPrediction, Prediction, RolePrediction, Runs, TokenPrediction, WorkflowFinding,
};
use rolecall_core::report::{Cause, Location};
use serde_json::{Map, Value};

use crate::plain::Sentences;
use crate::text::{Paint, join, parts};
use crate::{Look, clean, words};

/// The claims that decide most, in the order they are shown; the others follow where all are wanted.
const FIRST: [&str; 3] = ["sub", "aud", "iss"];

/// For eyes.
pub(crate) fn text(report: &Prediction, look: &Look) -> String {
    let mut blocks: Vec<String> = Vec::new();
    let mut file = "";
    for job in &report.jobs {
        if job.workflow != file {
            file = &job.workflow;
            blocks.push(look.paint(&clean::line(file), Paint::Strong));
        }
        blocks.push(job_text(job, look));
    }
    blocks.extend(
        report
            .findings
            .iter()
            .map(|found| finding_text(found, look)),
    );
    blocks.push(parts::notes(&report.notes, look));
    blocks.push(look.paint(&summary(report), Paint::Strong));
    join(blocks)
}

/// `3 jobs and events, 2 get a token, 1 finding`
fn summary(report: &Prediction) -> String {
    let with_token = report
        .jobs
        .iter()
        .filter(|job| !job.tokens.is_empty())
        .count();
    let findings = match report.findings.len() {
        0 => String::new(),
        1 => ", 1 finding".to_owned(),
        count => format!(", {count} findings"),
    };
    match report.jobs.len() {
        0 => format!("No job runs{findings}"),
        1 if with_token == 1 => format!("The job gets a token{findings}"),
        1 => format!("The job gets no token{findings}"),
        count => format!("{with_token} of {count} jobs get a token, each event counted{findings}"),
    }
}

fn job_text(job: &JobPrediction, look: &Look) -> String {
    let mut lines = vec![format!(
        "  {} on {}{}",
        look.paint(&clean::line(&job.job), Paint::Strong),
        clean::line(&job.event),
        runs(job.runs)
    )];
    match &job.no_token {
        Some(cause) if job.runs != Runs::No => lines.push(no_token(cause, job, look)),
        _ => {}
    }
    for token in &job.tokens {
        lines.push(token_text(token, look));
    }
    if job.more_tokens > 0 {
        lines.push(format!("    and {} more tokens", job.more_tokens));
    }
    for role in job.roles.iter().map(|role| role_text(role, look)) {
        if !lines.contains(&role) {
            lines.push(role);
        }
    }
    if !job.unless.is_empty() && !job.tokens.is_empty() {
        lines.push(indented("    none in runs of: ", &unless(job), look));
    }
    lines.extend(
        job.notes
            .iter()
            .map(|note| indented("    note: ", note, look)),
    );
    lines.join("\n")
}

const fn runs(runs: Runs) -> &'static str {
    match runs {
        Runs::Yes => "",
        Runs::No => ": its `if` skips it",
        Runs::Unknown => ", if its `if` says so",
    }
}

fn no_token(cause: &Cause, job: &JobPrediction, look: &Look) -> String {
    let place = cause
        .location
        .as_ref()
        .map_or_else(String::new, |location| {
            format!(
                " ({})",
                place(
                    job.no_token_file.as_deref().unwrap_or(&job.workflow),
                    location
                )
            )
        });
    let head = indented(
        "    no token: ",
        &format!("{}: {}{place}", cause.id.as_str(), cause.summary),
        look,
    );
    format!("{head}\n{}", indented("    help: ", &cause.help, look))
}

fn unless(job: &JobPrediction) -> String {
    let ids: Vec<&str> = job.unless.iter().map(|cause| cause.id.as_str()).collect();
    ids.join(", ")
}

fn token_text(token: &TokenPrediction, look: &Look) -> String {
    let when = if token.when.is_empty() {
        String::new()
    } else {
        format!(", {}", clean::line(&token.when.join(", ")))
    };
    let mut lines = vec![format!("    token{when}")];
    for (name, value, is_pattern) in shown(token, look.verbose) {
        let pattern = if is_pattern { "  (pattern)" } else { "" };
        lines.push(format!(
            "      {name:<width$} {}{pattern}",
            clean::line(&value),
            width = if look.verbose { 21 } else { 3 }
        ));
    }
    lines.join("\n")
}

/// Name, value, whether it is a pattern.
fn shown(token: &TokenPrediction, all: bool) -> Vec<(String, String, bool)> {
    let found = |name: &str| {
        let of = |map: &Map<String, Value>| map.get(name).map(value);
        of(&token.claims)
            .map(|value| (name.to_owned(), value, false))
            .or_else(|| of(&token.patterns).map(|value| (name.to_owned(), value, true)))
            .or_else(|| {
                of(&token.unknown).map(|value| (name.to_owned(), format!("? {value}"), false))
            })
    };
    let mut rows: Vec<_> = FIRST.iter().filter_map(|name| found(name)).collect();
    if !all {
        rows.retain(|(name, ..)| name != "iss");
        return rows;
    }
    let names: std::collections::BTreeSet<&String> = token
        .claims
        .keys()
        .chain(token.patterns.keys())
        .chain(token.unknown.keys())
        .collect();
    rows.extend(
        names
            .into_iter()
            .filter(|name| !FIRST.contains(&name.as_str()))
            .filter_map(|name| found(name)),
    );
    rows
}

fn value(value: &Value) -> String {
    match value {
        Value::Null => "(not in the token)".to_owned(),
        Value::String(text) if text.is_empty() => "\"\"".to_owned(),
        Value::String(text) => text.clone(),
        value => value.to_string(),
    }
}

fn role_text(role: &RolePrediction, look: &Look) -> String {
    let mut lines = vec![indented("    role: ", &role_words(role), look)];
    let causes = role
        .causes
        .iter()
        .map(|cause| format!("{}: {}", cause.id.as_str(), cause.summary));
    lines.extend(causes.map(|cause| indented("      refused: ", &cause, look)));
    lines.extend(
        role.notes
            .iter()
            .map(|note| indented("      note: ", note, look)),
    );
    lines.join("\n")
}

fn role_words(role: &RolePrediction) -> String {
    let name = role
        .role
        .as_deref()
        .or(role.written.as_deref())
        .unwrap_or("not known");
    let token = match role.uses_token {
        Some(true) => "",
        Some(false) => ", without the token",
        None => ", whether with the token is not known",
    };
    format!(
        "{name} by {} ({}){token}",
        role.by,
        place(&role.file, &role.location)
    )
}

fn place(file: &str, location: &Location) -> String {
    format!("{file}:{}:{}", location.start.line, location.start.column)
}

fn indented(label: &str, text: &str, look: &Look) -> String {
    parts::labelled(label, &clean::line(text), look)
}

fn finding_text(found: &WorkflowFinding, look: &Look) -> String {
    let finding = &found.finding;
    let head = format!("{}[{}]: ", words::severity(finding.severity), finding.rule);
    let arrow = format!(
        "  --> {}",
        clean::line(&place(&found.workflow, &finding.location))
    );
    [
        indented(&head, &finding.summary, look),
        arrow,
        indented("  help: ", &finding.help, look),
    ]
    .join("\n")
}

/// For screen readers and logs.
pub(crate) fn plain(report: &Prediction) -> String {
    let mut out = Sentences::default();
    out.say(&summary(report));
    for note in &report.notes {
        out.labelled("Note", note);
    }
    for job in &report.jobs {
        out.labelled(
            "Job",
            &format!(
                "{} on {} in {}{}",
                job.job,
                job.event,
                job.workflow,
                runs(job.runs)
            ),
        );
        if let Some(cause) = &job.no_token {
            out.labelled(
                "No token",
                &format!("{}: {}", cause.id.as_str(), cause.summary),
            );
            if let Some(location) = &cause.location {
                out.labelled(
                    "Where",
                    &place(
                        job.no_token_file.as_deref().unwrap_or(&job.workflow),
                        location,
                    ),
                );
            }
            out.labelled("What to do", &cause.help);
        }
        for token in &job.tokens {
            out.labelled(
                "Token",
                &if token.when.is_empty() {
                    "in every run".to_owned()
                } else {
                    token.when.join(", ")
                },
            );
            for (name, value, is_pattern) in shown(token, true) {
                out.labelled(
                    &if is_pattern {
                        format!("Claim {name}, a pattern")
                    } else {
                        format!("Claim {name}")
                    },
                    &value,
                );
            }
        }
        if job.more_tokens > 0 {
            out.labelled("More tokens", &job.more_tokens.to_string());
        }
        for role in &job.roles {
            out.labelled("Role", &role_words(role));
            role.causes.iter().for_each(|cause| {
                out.labelled(
                    "Refused",
                    &format!("{}: {}", cause.id.as_str(), cause.summary),
                )
            });
            role.notes
                .iter()
                .for_each(|note| out.labelled("Note", note));
        }
        for cause in &job.unless {
            out.labelled(
                "No token in some runs",
                &format!("{}: {}", cause.id.as_str(), cause.summary),
            );
        }
        job.notes.iter().for_each(|note| out.labelled("Note", note));
    }
    for found in &report.findings {
        let finding = &found.finding;
        out.labelled(
            &format!("Finding, {}", words::severity(finding.severity)),
            finding.rule,
        );
        out.labelled("In words", &finding.summary);
        out.labelled("Where", &place(&found.workflow, &finding.location));
        out.labelled("What to do", &finding.help);
    }
    out.say(&summary(report));
    out.text
}

/// A table for the summary of a job or a comment.
pub(crate) fn markdown(report: &Prediction) -> String {
    let mut lines = vec![
        format!("**{}**", summary(report)),
        String::new(),
        "| workflow | job | event | token | role |".to_owned(),
        "| --- | --- | --- | --- | --- |".to_owned(),
    ];
    for job in &report.jobs {
        let token = match (&job.no_token, job.runs) {
            (_, Runs::No) => "skipped".to_owned(),
            (Some(cause), _) => format!("none: {}", cause.id.as_str()),
            (None, _) => job
                .tokens
                .iter()
                .map(subject)
                .collect::<Vec<_>>()
                .join("<br>"),
        };
        let roles: Vec<String> = job
            .roles
            .iter()
            .map(|role| {
                code(
                    role.role
                        .as_deref()
                        .or(role.written.as_deref())
                        .unwrap_or("?"),
                )
            })
            .collect();
        lines.push(format!(
            "| {} | {} | {} | {token} | {} |",
            cell(&job.workflow),
            cell(&job.job),
            cell(&job.event),
            roles.join("<br>")
        ));
    }
    if !report.findings.is_empty() {
        lines.extend([
            String::new(),
            "| finding | where | what to do |".to_owned(),
            "| --- | --- | --- |".to_owned(),
        ]);
        lines.extend(report.findings.iter().map(|found| {
            let finding = &found.finding;
            format!(
                "| {} {}: {} | {} | {} |",
                words::severity(finding.severity),
                code(finding.rule),
                cell(&finding.summary),
                cell(&place(&found.workflow, &finding.location)),
                cell(&finding.help)
            )
        }));
    }
    lines.extend(
        report
            .notes
            .iter()
            .flat_map(|note| [String::new(), cell(note)]),
    );
    lines.join("\n") + "\n"
}

fn subject(token: &TokenPrediction) -> String {
    let known = token
        .claims
        .get("sub")
        .or_else(|| token.patterns.get("sub"));
    known.map_or_else(|| "subject not known".to_owned(), |sub| code(&value(sub)))
}

/// A text in a cell of a table: nothing in it is markup.
fn cell(text: &str) -> String {
    let mut safe = String::new();
    for c in clean::line(text).chars() {
        match c {
            '<' => safe.push_str("&lt;"),
            '&' => safe.push_str("&amp;"),
            '|' | '`' | '*' | '_' | '[' | ']' | '\\' | '#' | '@' => safe.extend(['\\', c]),
            c => safe.push(c),
        }
    }
    safe
}

/// A text as code in a cell: without the two characters that would end it.
fn code(text: &str) -> String {
    format!(
        "`{}`",
        clean::line(text).replace('`', "'").replace('|', "\\|")
    )
}

/// Workflow commands of GitHub Actions, one for each finding and for each job that assumes a role in vain.
pub(crate) fn github(report: &Prediction) -> String {
    let mut lines: Vec<String> = Vec::new();
    for found in &report.findings {
        let finding = &found.finding;
        let level = match finding.severity {
            rolecall_core::report::Severity::Error => "error",
            rolecall_core::report::Severity::Warning => "warning",
            rolecall_core::report::Severity::Info => "notice",
        };
        lines.push(command(
            level,
            &found.workflow,
            &finding.location,
            finding.rule,
            &format!("{}\n{}", finding.summary, finding.help),
        ));
    }
    lines.push(clean::line(&summary(report)));
    lines.join("\n") + "\n"
}

/// `::error file=F,line=1,col=2::text`; a column only where the place is on one line (docs.github.com, "Workflow commands").
fn command(level: &str, file: &str, location: &Location, title: &str, text: &str) -> String {
    let (start, end) = (location.start, location.end);
    let columns = if start.line == end.line {
        format!(",col={},endColumn={}", start.column, end.column)
    } else {
        String::new()
    };
    format!(
        "::{level} file={},line={},endLine={}{columns},title={}::{}",
        property(file),
        start.line,
        end.line,
        property(title),
        data(text)
    )
}

fn data(text: &str) -> String {
    clean::prose(text)
        .replace('%', "%25")
        .replace('\r', "%0D")
        .replace('\n', "%0A")
}

fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}
