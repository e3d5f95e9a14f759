//! Values of `sub` that are written as no subject of GitHub's is.

use super::Draft;
use super::view::{Value, View, is_text};
use crate::report::Severity;
use crate::token::subject::{Kind, Mistake, MistakeKind, Subject};

/// A finding for each value whose first mistake is of these kinds; `words` says what is wrong and what to do.
pub(super) fn mistaken(
    view: &View<'_>,
    kinds: &[MistakeKind],
    words: impl Fn(&Value<'_>, &Mistake) -> (String, &'static str),
) -> Vec<Draft> {
    let mut found = Vec::new();
    for value in view.values().filter(is_compared) {
        let Some(mistake) = first(&value).filter(|mistake| kinds.contains(&mistake.kind)) else {
            continue;
        };
        let (what, help) = words(&value, &mistake);
        let (severity, effect) = judge(view, &value, mistake.kind);
        let summary = format!("`{}` {what}: {effect}", value.text);
        found.push(Draft::new(severity, value.place(), summary, help));
    }
    found
}

/// Whether the value is one that a subject is compared with, where absence does not meet the test.
fn is_compared(value: &Value<'_>) -> bool {
    let operator = value.test.condition.operator;
    is_text(value.test) && !operator.negated && !operator.if_exists && value.is_on("sub")
}

fn judge(view: &View<'_>, value: &Value<'_>, kind: MistakeKind) -> (Severity, &'static str) {
    let (severity, effect) = value.dead(view);
    // The template [repo] gives such subjects.
    if kind == MistakeKind::MissingTail && severity == Severity::Error {
        return (
            Severity::Warning,
            "only a repository with the template [repo] has such subjects",
        );
    }
    (severity, effect)
}

/// The first thing that no subject has.
fn first(value: &Value<'_>) -> Option<Mistake> {
    let subject = Subject::parse_pattern(value.text);
    let counts = |mistake: &Mistake| {
        !is_behind_wildcard(value, mistake)
            && !is_behind_claim(&subject, mistake)
            && (mistake.kind != MistakeKind::KeyCase || !ignores_case(value))
    };
    subject.mistakes().into_iter().find(counts)
}

fn ignores_case(value: &Value<'_>) -> bool {
    value.test.condition.operator.test == crate::condition::Test::StringEqualsIgnoreCase
}

/// A `*` spans all that may stand before, so that what follows it may be the end of any value.
fn is_behind_wildcard(value: &Value<'_>, mistake: &Mistake) -> bool {
    let before = value.text.get(..mistake.range.end).unwrap_or_default();
    // How a subject begins is not hidden by what follows.
    let is_at_start = mistake.kind == MistakeKind::MissingRepoPrefix && !before.starts_with('*');
    value.takes_wildcards() && before.contains('*') && !is_at_start
}

/// The values of some claims hold colons of their own, which are written as they are in old subjects:
/// the claims of workflows. There nothing is told.
fn is_behind_claim(subject: &Subject<'_>, mistake: &Mistake) -> bool {
    let mut before = subject
        .segments()
        .iter()
        .filter(|segment| segment.range().end <= mistake.range.start);
    mistake.kind == MistakeKind::UnknownSegment && before.any(|segment| segment.kind == Kind::Claim)
}
