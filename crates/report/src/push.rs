//! What a session may do to an ECR repository.

use rolecall_core::push::{Missing, PushReport, Stage, StepReport};
use rolecall_core::report::{Decision, UnknownFact};

use crate::plain::Sentences;
use crate::text::{Paint, join, parts};
use crate::{Look, clean, words};

/// For eyes: the way step by step, what stops it, what to add.
pub(crate) fn text(report: &PushReport, look: &Look) -> String {
    let mut blocks = vec![parts::notes(&report.notes, look), steps(report, look)];
    if let Some(error) = &report.error {
        let title = look.paint("What is shown there", Paint::Strong);
        blocks.push(format!("{title}\n{}", indented(&clean::line(error), look)));
    }
    blocks.extend(report.missing.iter().map(|missing| added(missing, look)));
    blocks.push(parts::unknowns(&report.unknowns, look));
    let paint = match report.decision {
        Decision::Allow => Paint::Good,
        Decision::Deny => Paint::Bad,
        Decision::Undecided => Paint::Strong,
    };
    blocks.push(look.paint(&verdict(report), paint));
    join(blocks)
}

fn steps(report: &PushReport, look: &Look) -> String {
    let title = format!("From login to push, {}", clean::line(&report.repository));
    let mut lines = vec![look.paint(&title, Paint::Strong)];
    lines.extend(report.steps.iter().map(|step| step_line(step, look)));
    lines.join("\n")
}

/// Columns before the sentence.
const INDENT: usize = 12;

fn step_line(step: &StepReport, look: &Look) -> String {
    let word = format!("{:<10}", outcome(step.decision));
    let painted = match step.decision {
        Decision::Allow => word,
        Decision::Deny => look.paint(&word, Paint::Bad),
        Decision::Undecided => look.paint(&word, Paint::Strong),
    };
    let why = look.wrap(&clean::line(&step.why), INDENT);
    let gap = format!("\n{}", " ".repeat(INDENT));
    format!(
        "  {painted}{} ({}){gap}{}",
        step.action,
        stage(step.stage),
        why.replace('\n', &gap)
    )
}

fn indented(text: &str, look: &Look) -> String {
    let wrapped = look.wrap(text, 2);
    wrapped
        .lines()
        .map(|line| format!("  {line}"))
        .collect::<Vec<_>>()
        .join("\n")
}

fn added(missing: &Missing, look: &Look) -> String {
    let title = look.paint(&format!("To do: {}", missing.summary), Paint::Strong);
    let document = crate::json::pretty(&missing.document);
    format!("{title}\n{}", clean::prose(&document).trim_end())
}

/// For screen readers and logs.
pub(crate) fn plain(report: &PushReport) -> String {
    let mut out = Sentences::default();
    out.say(&verdict(report));
    for note in &report.notes {
        out.labelled("Note", note);
    }
    out.labelled("Repository", &report.repository);
    out.labelled("Session", &report.principal);
    for step in &report.steps {
        let label = format!("{}, {}", stage(step.stage), step.action);
        out.labelled(&label, &format!("{}; {}", outcome(step.decision), step.why));
    }
    if let Some(error) = &report.error {
        out.labelled("What is shown there", error);
    }
    for missing in &report.missing {
        out.labelled("To do", &missing.summary);
        out.say(crate::json::line(&missing.document).trim_end());
    }
    unknowns(&mut out, &report.unknowns);
    out.say(&verdict(report));
    out.text
}

fn unknowns(out: &mut Sentences, facts: &[UnknownFact]) {
    for fact in facts {
        out.labelled("Not known", &fact.key);
        words::answers(fact)
            .iter()
            .for_each(|answer| out.say(answer));
    }
}

fn verdict(report: &PushReport) -> String {
    match (report.decision, report.stops_at) {
        (Decision::Allow, _) => "Allowed: the session can log in and push".to_owned(),
        (Decision::Deny, Some(action)) => format!("Denied: the push stops at {action}"),
        (Decision::Deny, None) => "Denied".to_owned(),
        (Decision::Undecided, _) => {
            let keys: Vec<String> = report
                .unknowns
                .iter()
                .map(|fact| clean::line(&fact.key))
                .collect();
            match keys.as_slice() {
                [] => "Undecided: depends on what is not documented".to_owned(),
                keys => format!("Undecided: depends on {}", keys.join(", ")),
            }
        }
    }
}

const fn outcome(decision: Decision) -> &'static str {
    match decision {
        Decision::Allow => "allowed",
        Decision::Deny => "denied",
        Decision::Undecided => "undecided",
    }
}

const fn stage(stage: Stage) -> &'static str {
    match stage {
        Stage::Login => "docker login",
        Stage::Layers => "which layers are there",
        Stage::Upload => "upload of layers",
        Stage::Manifest => "manifest and tag",
        Stage::Pull => "docker pull",
    }
}
