//! What changed between two policies, for eyes, for screen readers and for CI.

use rolecall_core::analyze::report::DiffReport;
use rolecall_core::analyze::{Claims, Relation};
use rolecall_core::report::Severity;

use crate::ci::{Notice, Told};
use crate::plain::Sentences;
use crate::text::{Paint, join};
use crate::{Look, Texts, clean};

/// For eyes: what comes in, what falls away, and the relation on the last line.
pub(crate) fn text(report: &DiffReport, look: &Look) -> String {
    let mut blocks: Vec<String> = sides(report)
        .iter()
        .map(|side| {
            let words = side
                .words
                .iter()
                .map(|words| format!("  {} {}", side.sign, clean::line(words)));
            let lines: Vec<String> = std::iter::once(look.paint(side.title, Paint::Strong))
                .chain(words)
                .chain([format!(
                    "  for example {}",
                    clean::line(subject(side.witness))
                )])
                .collect();
            lines.join("\n")
        })
        .collect();
    blocks.push(
        report
            .notes
            .iter()
            .map(|note| format!("note: {}", clean::line(note)))
            .collect::<Vec<_>>()
            .join("\n"),
    );
    blocks.push(format!("said of {}", report.universe));
    blocks.push(look.paint(headline(report.relation), paint(report.relation)));
    join(blocks)
}

/// For screen readers and logs.
pub(crate) fn plain(report: &DiffReport) -> String {
    let mut out = Sentences::default();
    out.say(headline(report.relation));
    for side in sides(report) {
        side.words
            .iter()
            .for_each(|words| out.labelled(side.title, words));
        out.labelled(
            &format!("{}, for example", side.title),
            subject(side.witness),
        );
    }
    report
        .notes
        .iter()
        .for_each(|note| out.labelled("Note", note));
    out.labelled("Said of", &report.universe);
    out.say(headline(report.relation));
    out.text
}

/// For CI: what is newly let in is a warning.
pub(crate) fn told<'a>(
    report: &'a DiffReport,
    texts: &Texts<'a>,
    summaries: &'a [(Severity, String)],
) -> Told<'a> {
    let notices = summaries.iter().map(|(severity, summary)| Notice {
        id: "diff",
        severity: *severity,
        summary: summary.as_str().into(),
        help: &report.universe,
        ..Notice::at(None, texts)
    });
    Told::new(headline(report.relation).to_owned(), notices.collect())
}

/// The sentences of [`told`].
pub(crate) fn summaries(report: &DiffReport) -> Vec<(Severity, String)> {
    let side = |side: &Side<'_>| {
        let severity = if side.is_new {
            Severity::Warning
        } else {
            Severity::Info
        };
        let words = side.words.join("; ");
        (
            severity,
            format!(
                "{}: {words}; for example `{}`",
                side.title,
                subject(side.witness)
            ),
        )
    };
    let notes = report
        .notes
        .iter()
        .map(|note| (Severity::Info, note.clone()));
    sides(report).iter().map(side).chain(notes).collect()
}

/// One direction of the difference.
struct Side<'d> {
    title: &'static str,
    sign: char,
    is_new: bool,
    words: &'d [String],
    witness: &'d Claims,
}

fn sides(report: &DiffReport) -> Vec<Side<'_>> {
    let templates = report.with_templates.as_ref();
    [
        side(
            "newly admitted",
            true,
            report.gains.as_slice(),
            report.newly_admitted.as_ref(),
        ),
        side(
            "no longer admitted",
            false,
            report.losses.as_slice(),
            report.no_longer_admitted.as_ref(),
        ),
        side(
            "newly admitted with a customised template",
            true,
            &[],
            templates.and_then(|t| t.newly_admitted.as_ref()),
        ),
        side(
            "no longer admitted with a customised template",
            false,
            &[],
            templates.and_then(|t| t.no_longer_admitted.as_ref()),
        ),
    ]
    .into_iter()
    .flatten()
    .collect()
}

fn side<'d>(
    title: &'static str,
    is_new: bool,
    words: &'d [String],
    witness: Option<&'d Claims>,
) -> Option<Side<'d>> {
    let sign = if is_new { '+' } else { '-' };
    witness.map(|witness| Side {
        title,
        sign,
        is_new,
        words,
        witness,
    })
}

fn subject(claims: &Claims) -> &str {
    claims
        .get("sub")
        .and_then(|sub| sub.as_str())
        .unwrap_or_default()
}

const fn headline(relation: Relation) -> &'static str {
    match relation {
        Relation::Equal => "Equal: both policies let the same tokens in; proved",
        Relation::Stricter => "Stricter: the new policy lets less in, and nothing new; proved",
        Relation::Looser => "Looser: the new policy lets more in, and loses nothing",
        Relation::Incomparable => {
            "Incomparable: each policy lets something in that the other does not"
        }
        Relation::NotDecided => "Not decided: how the two policies compare",
    }
}

const fn paint(relation: Relation) -> Paint {
    match relation {
        Relation::Equal | Relation::Stricter => Paint::Good,
        Relation::Looser | Relation::Incomparable => Paint::Bad,
        Relation::NotDecided => Paint::Strong,
    }
}
