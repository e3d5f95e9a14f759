//! Repairs for the plain cases. Each is applied to the real text and decided again: one after which the
//! policy still refuses is not offered. What else it lets in is proved by the analysis, not here.

use super::Scene;
use super::fault::Repair;
use crate::policy::ConditionTest;
use crate::report::{Edit, EditLabel, Location, Replacement};
use crate::span::Span;
use crate::tri::Tri;

/// Tries a repair; `None` where the policy still refuses afterwards.
pub(super) fn tried(scene: &Scene<'_>, repair: &Repair<'_>, path: &str) -> Option<Edit> {
    let (label, summary, admits_also, change) = match repair {
        Repair::Replace(span, text, admits) => (
            EditLabel::AsBroad,
            format!("write `{text}`"),
            *admits,
            (*span, json_string(text)),
        ),
        Repair::Add(test, text) => (
            EditLabel::ThisSubject,
            format!("let in `{text}` too"),
            "nothing beside this value",
            added(test, text)?,
        ),
        Repair::Operator(test, name) => (
            EditLabel::AsBroad,
            format!("use {name}"),
            "all that the wildcards match",
            (test.operator.span, json_string(name)),
        ),
    };
    let (span, text) = change;
    let repaired = replaced(scene.source.text(), span, &text)?;
    // What hangs on unknown facts alone is as repaired as it can be seen to be.
    (scene.decide_with(&repaired)? != Tri::No).then(|| Edit {
        label,
        summary,
        edits: vec![Replacement {
            location: Location::policy(scene.source, path, span),
            text,
        }],
        admits_also: admits_also.to_owned(),
        outsider: "not-decided",
        witnesses: Vec::new(),
    })
}

/// A value becomes a list; a list gets one more.
fn added(test: &ConditionTest, text: &str) -> Option<(Span, String)> {
    let text = json_string(text);
    let last = test.values.last()?;
    Some(if test.listed {
        (Span::new(last.span.end, last.span.end), format!(", {text}"))
    } else {
        (last.span, format!("[{}, {text}]", json_string(&last.text)))
    })
}

fn json_string(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}

fn replaced(source: &str, span: Span, text: &str) -> Option<String> {
    Some(format!(
        "{}{text}{}",
        source.get(..span.start)?,
        source.get(span.end..)?
    ))
}
