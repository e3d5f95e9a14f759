//! Repairs: what changes, and the proof of what each opens.

use rolecall_core::analyze::Claims;
use rolecall_core::fix::{FixReport, Verdict};
use rolecall_core::report::{Edit, EditLabel, Severity};

use crate::ci::{Notice, Told};
use crate::text::{Paint, join, parts, repairs};
use crate::{Format, Look, Texts, clean, plain};

/// For eyes: a difference a repair.
pub(crate) fn text(report: &FixReport, texts: &Texts<'_>, look: &Look) -> String {
    let mut blocks = vec![parts::notes(&report.notes, look)];
    blocks.extend(repairs(report, texts, look));
    let paint = match report.verdict {
        Verdict::Repairs | Verdict::NothingToRepair => Paint::Good,
        Verdict::Stranger | Verdict::NoRepair => Paint::Bad,
        Verdict::Undecided => Paint::Strong,
    };
    blocks.push(look.paint(&look.wrap(&verdict(report), 0), paint));
    join(blocks)
}

/// In sentences.
pub(crate) fn plain(report: &FixReport) -> String {
    let mut out = plain::Sentences::default();
    let verdict = verdict(report);
    out.say(&verdict);
    for note in &report.notes {
        out.labelled("Note", note);
    }
    for (index, edit) in report.edits.iter().enumerate() {
        out.labelled(&title(index, report), label(edit.label));
        out.repair(edit);
        proof(edit).iter().for_each(|line| out.sentence(line));
    }
    out.say(&verdict);
    out.text
}

/// For CI: a notice a repair, in the order of the answer, or the reason why there is none.
pub(crate) fn ci(report: &FixReport, texts: &Texts<'_>, format: Format) -> String {
    let helps: Vec<String> = report.edits.iter().map(help).collect();
    let repairs = report.edits.iter().zip(&helps).map(|(edit, help)| {
        let place = edit.edits.first().map(|change| &change.location);
        Notice {
            id: "repair",
            summary: format!("{}: {}", label(edit.label), edit.summary).into(),
            help,
            ..Notice::at(place, texts)
        }
    });
    let refused = report.refused.iter().map(|why| Notice {
        id: "no_repair",
        severity: Severity::Error,
        summary: why.as_str().into(),
        ..Notice::at(None, texts)
    });
    let notices = repairs.chain(refused).collect();
    Told::new(verdict(report), notices).render(format)
}

/// Every change of the text, then the proof.
fn help(edit: &Edit) -> String {
    let changes = edit.edits.iter().map(|change| {
        let start = change.location.start;
        let verb = if change.location.start == change.location.end {
            "insert"
        } else {
            "write"
        };
        let text = change.text.trim();
        format!("at {}:{} {verb} `{text}`", start.line, start.column)
    });
    let lines: Vec<String> = changes.chain(proof(edit)).collect();
    lines.join("; ")
}

/// The answer in one line.
pub(crate) fn verdict(report: &FixReport) -> String {
    let why = clean::line(report.refused.as_deref().unwrap_or_default());
    match (report.verdict, report.edits.len()) {
        (Verdict::Repairs, 1) => "1 repair".to_owned(),
        (Verdict::Repairs, count) => format!("{count} repairs, the safest first"),
        (Verdict::NothingToRepair, _) => {
            "Nothing to repair: the policy admits this token".to_owned()
        }
        (Verdict::Stranger, _) => format!("No repair, on purpose: {why}"),
        (Verdict::NoRepair, _) => format!("No repair: {why}"),
        (Verdict::Undecided, _) => format!("Undecided: {why}"),
    }
}

/// `Repair 1 of 3`
pub(crate) fn title(index: usize, report: &FixReport) -> String {
    format!("Repair {} of {}", index + 1, report.edits.len())
}

pub(crate) const fn label(label: EditLabel) -> &'static str {
    match label {
        EditLabel::AsBroad => "as broad as before",
        EditLabel::ThisSubject => "this subject only",
        EditLabel::Other => "another way",
    }
}

/// What the repair lets in, with a token for it, and whether outsiders get in.
pub(crate) fn proof(edit: &Edit) -> Vec<String> {
    let mut lines = vec![admits(edit)];
    lines.extend(outsiders(edit).map(str::to_owned));
    lines.extend(
        edit.witnesses
            .iter()
            .map(|claims| format!("lets in, for example, {}", subject(claims))),
    );
    lines
}

fn admits(edit: &Edit) -> String {
    let also = clean::line(edit.admits_also.trim());
    match also.as_str() {
        "nothing" => "lets in this subject and nothing else".to_owned(),
        _ => match also.strip_prefix("not decided: ") {
            Some(why) => format!("what else it lets in was not decided: {why}"),
            None => format!("also lets in: {also}"),
        },
    }
}

fn outsiders(edit: &Edit) -> Option<&'static str> {
    Some(match edit.outsider {
        "closed" => "no outsider gets in, proved for every token that GitHub can issue",
        "open" => "outsiders get in",
        "depends" => "whether outsiders get in hangs on who you are: tell it with --owner",
        "borrow" => "an outsider can call the reusable workflow that gets in",
        "lure" => "an outsider can make the named actor trigger a run that gets in",
        "not-decided" => "whether outsiders get in was not decided",
        _ => return None,
    })
}

fn subject(claims: &Claims) -> String {
    let sub = claims.get("sub").and_then(|sub| sub.as_str());
    format!("`{}`", clean::line(sub.unwrap_or_default()))
}
