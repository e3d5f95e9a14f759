//! A token taken apart.

use rolecall_core::inspect::{
    ClaimReport, InspectReport, KeyReport, Part, Presence, SubjectReport, TimeReport, Use,
};
use serde_json::Value;

use crate::plain::Sentences;
use crate::text::{Paint, join, parts};
use crate::{Look, clean, words};

const USES: [(Use, &str); 3] = [
    (
        Use::NeverOffered,
        "AWS never sees these; a condition on one is never met",
    ),
    (
        Use::CheckedBySts,
        "STS checks these itself; a policy cannot test them",
    ),
    (Use::ConditionKey, "AWS sees these as condition keys"),
];
/// The column of values.
const NAME: usize = 22;

/// For eyes. What matters most comes last: the keys, the subject, the checks.
pub(crate) fn text(report: &InspectReport, look: &Look) -> String {
    let mut blocks = vec![
        warnings(report, look),
        parts::notes(&report.notes, look),
        origin(report, look),
    ];
    blocks.extend(
        USES.iter()
            .map(|(used, title)| claims(report, *used, title, look)),
    );
    blocks.push(lacking(report, look));
    blocks.extend(report.subject.iter().map(|subject| anatomy(subject, look)));
    blocks.push(parts::checks(
        "What STS checks of the token",
        &report.checks,
        look,
    ));
    join(blocks)
}

fn warnings(report: &InspectReport, look: &Look) -> String {
    let lines = report.warnings.iter().map(|warning| {
        let text = parts::labelled("warning: ", &clean::line(&warning.message), look);
        look.paint(&text, Paint::Bad)
    });
    lines.collect::<Vec<_>>().join("\n")
}

fn origin(report: &InspectReport, look: &Look) -> String {
    let issuer = report.issuer.iter().map(|issuer| {
        row(
            "issuer",
            &format!("{} ({})", clean::line(&issuer.url), issuer.kind),
            look,
        )
    });
    let header = report.header.iter().map(|header| {
        let fields: Vec<String> = header
            .iter()
            .map(|(name, value)| format!("{name} {}", scalar(value)))
            .collect();
        row("header", &clean::line(&fields.join(", ")), look)
    });
    issuer.chain(header).collect::<Vec<_>>().join("\n")
}

fn claims(report: &InspectReport, used: Use, title: &str, look: &Look) -> String {
    let lines: Vec<String> = report
        .claims
        .iter()
        .filter(|claim| claim.used == used)
        .map(|claim| claim_rows(claim, report, look))
        .collect();
    titled(title, &lines, look)
}

fn titled(title: &str, lines: &[String], look: &Look) -> String {
    if lines.is_empty() {
        return String::new();
    }
    format!("{}\n{}", look.paint(title, Paint::Strong), lines.join("\n"))
}

fn claim_rows(claim: &ClaimReport, report: &InspectReport, look: &Look) -> String {
    let value = match time_of(claim, report) {
        Some(time) => when(time),
        None => scalar(&claim.value),
    };
    let mut rows = row(&clean::line(&claim.name), &clean::line(&value), look);
    if let Some(meaning) = claim.meaning {
        let meaning = row("", meaning, look);
        rows.push('\n');
        rows.push_str(&look.paint(&meaning, Paint::Faint));
    }
    rows
}

fn time_of<'r>(claim: &ClaimReport, report: &'r InspectReport) -> Option<&'r TimeReport> {
    report.times.iter().find(|time| time.claim == claim.name)
}

fn when(time: &TimeReport) -> String {
    let relative = time
        .relative_seconds
        .map(|seconds| format!(", {}", words::relative(seconds)))
        .unwrap_or_default();
    format!("{} ({}{relative})", time.seconds, time.at)
}

/// A name and a value, the value wrapped in its column.
fn row(name: &str, value: &str, look: &Look) -> String {
    parts::labelled(&format!("  {name:<NAME$}"), value, look)
}

/// Strings without quotes, all else as JSON.
fn scalar(value: &Value) -> String {
    match value {
        Value::String(text) if text.is_empty() => "\"\"".to_owned(),
        Value::String(text) => text.clone(),
        value => value.to_string(),
    }
}

/// Keys that exist for this issuer, and that the token does not fill.
fn lacking(report: &InspectReport, look: &Look) -> String {
    let missing = report
        .keys
        .iter()
        .filter(|key| key.presence != Presence::Present);
    let lines: Vec<String> = missing
        .map(|key| row(suffix(key), &absence(key), look))
        .collect();
    titled(
        "Condition keys that AWS has for this issuer, but not from this token",
        &lines,
        look,
    )
}

fn absence(key: &KeyReport) -> String {
    let state = if key.presence == Presence::Absent {
        "absent"
    } else {
        "unknown"
    };
    key.when.map_or_else(
        || state.to_owned(),
        |when| format!("{state}; GitHub sends it {when}"),
    )
}

fn suffix(key: &KeyReport) -> &str {
    key.key.rsplit(':').next().unwrap_or_default()
}

fn anatomy(subject: &SubjectReport, look: &Look) -> String {
    let title = format!(
        "The subject ({}, {})",
        subject.form,
        subject.tail.replace('_', " ")
    );
    let mut lines = vec![row("sub", &clean::line(&subject.value), look)];
    for segment in &subject.segments {
        lines.push(part(segment, "", look));
        lines.extend(segment.parts.iter().map(|inner| part(inner, "  ", look)));
    }
    titled(&title, &lines, look)
}

fn part(part: &Part, indent: &str, look: &Look) -> String {
    let decoded = if part.decoded == part.text {
        String::new()
    } else {
        format!(" (that is `{}`)", part.decoded)
    };
    row(
        &clean::line(&format!("{indent}{}", part.name)),
        &clean::line(&format!("{}{decoded}", part.text)),
        look,
    )
}

/// For screen readers and logs.
pub(crate) fn plain(report: &InspectReport) -> String {
    let mut out = Sentences::default();
    for warning in &report.warnings {
        out.labelled("Warning", &warning.message);
    }
    for note in &report.notes {
        out.labelled("Note", note);
    }
    for (name, value) in report.header.iter().flatten() {
        out.labelled(&format!("Header, {name}"), &scalar(value));
    }
    if let Some(issuer) = &report.issuer {
        out.labelled("Issuer", &format!("{}, {}", issuer.url, issuer.kind));
    }
    for claim in &report.claims {
        plain_claim(&mut out, claim, report);
    }
    for key in report
        .keys
        .iter()
        .filter(|key| key.presence != Presence::Present)
    {
        out.labelled(&format!("Condition key {}", key.key), &absence(key));
    }
    if let Some(subject) = &report.subject {
        plain_subject(&mut out, subject);
    }
    report.checks.iter().for_each(|check| out.check(check));
    out.text
}

fn plain_claim(out: &mut Sentences, claim: &ClaimReport, report: &InspectReport) {
    let value = time_of(claim, report).map_or_else(|| scalar(&claim.value), when);
    out.labelled(
        &format!("Claim {}, {}", claim.name, claim.json_type),
        &value,
    );
    if let Some(meaning) = claim.meaning {
        out.sentence(meaning);
    }
    match (&claim.condition_key, claim.used) {
        (Some(key), _) => out.labelled("Condition key", key),
        (None, Use::CheckedBySts) => out.say("STS checks it itself; a policy cannot test it."),
        (None, _) => out.say("AWS never sees it; a condition on it is never met."),
    }
}

fn plain_subject(out: &mut Sentences, subject: &SubjectReport) {
    out.labelled("Subject", &subject.value);
    out.labelled(
        "Form of the subject",
        &format!("{}, {}", subject.form, subject.tail.replace('_', " ")),
    );
    for segment in &subject.segments {
        out.labelled(&format!("Segment {}", segment.name), &segment.decoded);
        for part in &segment.parts {
            out.labelled(&format!("Part {}", part.name), &part.decoded);
        }
    }
}
