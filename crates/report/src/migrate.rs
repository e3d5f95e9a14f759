//! The way from subjects with names to subjects with ids.

use rolecall_core::analyze::Verdict;
use rolecall_core::migrate::{MigrateReport, Proof, Step, Warning};
use rolecall_core::policy::storable::DEFAULT_QUOTA;
use similar::TextDiff;

use crate::plain::Sentences;
use crate::text::{Paint, join, parts};
use crate::{Look, Texts, clean};

/// For eyes: a diff a step, with what it changes.
pub(crate) fn text(report: &MigrateReport, texts: &Texts<'_>, look: &Look) -> String {
    let mut blocks = vec![parts::notes(&report.notes, look)];
    let mut before = texts.policy;
    for (index, step) in report.steps.iter().enumerate() {
        blocks.push(step_block(index, step, before, texts, look));
        before = &step.policy;
    }
    blocks.extend(report.warnings.iter().map(|w| warning(w, texts, look)));
    blocks.push(look.paint(&verdict(report), Paint::Strong));
    join(blocks)
}

fn step_block(index: usize, step: &Step, before: &str, texts: &Texts<'_>, look: &Look) -> String {
    let title = format!("Step {}, {}: {}", index + 1, step.step, step.summary);
    let mut lines = vec![look.paint(&title, Paint::Strong)];
    lines.push(painted(&diff(before, step, texts), look));
    lines.extend(
        facts(step)
            .iter()
            .map(|(name, fact)| parts::labelled(&format!("{name:<12}"), &clean::line(fact), look)),
    );
    lines.join("\n")
}

/// A diff of more changes is no help to a reader, and finding it takes their number times the length.
const MOST_SHOWN: usize = 200;

fn diff(before: &str, step: &Step, texts: &Texts<'_>) -> String {
    if step.edits.len() > MOST_SHOWN {
        return format!(
            "  {} changes: --print {} prints the text",
            step.edits.len(),
            step.step
        );
    }
    let diff = TextDiff::from_lines(before, &step.policy);
    let name = texts.policy_name;
    let unified = diff
        .unified_diff()
        .context_radius(1)
        .header(name, name)
        .to_string();
    clean::prose(unified.trim_end())
}

fn painted(diff: &str, look: &Look) -> String {
    let line = |line: &str| match line.chars().next() {
        Some('+') => look.paint(line, Paint::Good),
        Some('-') => look.paint(line, Paint::Bad),
        _ => line.to_owned(),
    };
    diff.lines().map(line).collect::<Vec<_>>().join("\n")
}

/// What there is to say of a step, by name.
fn facts(step: &Step) -> Vec<(&'static str, String)> {
    let changes = if step.step == "both" {
        "adds"
    } else {
        "leaves out"
    };
    let mut facts = vec![
        (changes, step.values.join(", ")),
        (
            "newly in",
            proof(&step.newly_admitted, "no token gets in that did not before"),
        ),
        (
            "no longer",
            proof(
                &step.no_longer_admitted,
                "every token that got in still does",
            ),
        ),
        ("outsiders", outsider(step.outsider).to_owned()),
        (
            "size",
            format!("{} of {DEFAULT_QUOTA} characters", step.size),
        ),
    ];
    facts.extend(step.advice.map(|advice| ("too long", advice.to_owned())));
    facts
}

fn proof(proof: &Proof, none: &str) -> String {
    match (proof.verdict, proof.words.as_slice()) {
        ("none", _) => none.to_owned(),
        ("found", words) => words.join("; "),
        _ => format!("not decided: {}", proof.why.as_deref().unwrap_or_default()),
    }
}

const fn outsider(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Open => "others than the given owners get in",
        Verdict::Closed => "nobody but the given owners gets in, proved",
        Verdict::Depends => "hangs on who the owners are",
        Verdict::Borrow => "others can get in through a reusable workflow",
        Verdict::Lure => "others can make a named actor trigger a run",
        Verdict::NotDecided => "not decided",
    }
}

fn warning(warning: &Warning, texts: &Texts<'_>, look: &Look) -> String {
    let place = place(warning, texts);
    let said = parts::labelled("warning: ", &clean::line(&warning.summary), look);
    let help = parts::labelled("   help: ", &clean::line(&warning.help), look);
    let place = place.map_or_else(String::new, |place| format!("\n    --> {place}"));
    format!("{said}{place}\n{help}")
}

fn place(warning: &Warning, texts: &Texts<'_>) -> Option<String> {
    let start = warning.location.as_ref()?.start;
    let name = clean::line(texts.policy_name);
    Some(format!("{name}:{}:{}", start.line, start.column))
}

fn verdict(report: &MigrateReport) -> String {
    let named = report.repositories.join(", ");
    match (report.steps.len(), report.complete) {
        (0, false) if report.repositories.is_empty() => "Nothing can be done".to_owned(),
        (0, true) => format!("Nothing to do: the policy has the form with ids for {named}"),
        (0, false) => "Nothing can be done: the policy does not name every repository".to_owned(),
        (_, false) => "Partly: the policy does not name every repository".to_owned(),
        (1, true) => "One step is left".to_owned(),
        (_, true) => "Two steps: add the form with ids, then leave out the form without".to_owned(),
    }
}

/// For screen readers and logs.
pub(crate) fn plain(report: &MigrateReport, texts: &Texts<'_>) -> String {
    let mut out = Sentences::default();
    out.say(&verdict(report));
    for note in &report.notes {
        out.labelled("Note", note);
    }
    for (index, step) in report.steps.iter().enumerate() {
        out.labelled(&format!("Step {}, {}", index + 1, step.step), step.summary);
        for edit in &step.edits {
            let start = edit.location.start;
            let verb = if edit.text.is_empty() {
                "remove"
            } else {
                "put"
            };
            let label = format!("At line {}, column {}, {verb}", start.line, start.column);
            let text = if edit.text.is_empty() {
                "what stands there"
            } else {
                &edit.text
            };
            out.labelled(&label, text);
        }
        for (name, fact) in facts(step) {
            out.labelled(name, &fact);
        }
    }
    for warning in &report.warnings {
        out.labelled("Warning", &warning.summary);
        if let Some(place) = place(warning, texts) {
            out.labelled("Where", &place);
        }
        out.labelled("What to do", &warning.help);
    }
    out.say(&verdict(report));
    out.text
}
