//! Keys that are given twice: both under one key is what their author meant.

use super::Repair;
use crate::edit::{Editor, Splice};
use crate::explain::Scene;
use crate::json::{self, Kind, Member, Node};
use crate::policy::Duplicate;
use crate::report::EditLabel;
use crate::span::Span;

/// Puts what is dropped beside what counts: tests under one operator, values in one list. Only in a text that
/// is JSON as a whole.
pub(super) fn merged(scene: &Scene<'_>) -> Option<Repair> {
    let duplicate = scene.policy.duplicates.first()?;
    let document = json::parse(scene.source.text()).ok()?;
    let (dropped, kept) = members(&document, duplicate)?;
    let editor = Editor::new(scene.source.text());
    let mut splices = match (&dropped.value.kind, &kept.value.kind) {
        (Kind::Object(old), Kind::Object(new)) => vec![moved(scene, old, new)?],
        _ => editor.append_nodes(&kept.value, &values(&dropped.value)?),
    };
    let whole = Span::new(dropped.key_span.start, dropped.value.span.end);
    splices.push(editor.without_member(whole)?);
    crate::order::sort(&mut splices);
    let summary = format!("put both `{}` under one key", duplicate.key);
    let admits = "what the two mean together";
    Some(Repair::new(EditLabel::AsBroad, summary, admits, splices))
}

/// The two members, wherever in the document they stand.
fn members<'n, 't>(
    node: &'n Node<'t>,
    duplicate: &Duplicate,
) -> Option<(&'n Member<'t>, &'n Member<'t>)> {
    match &node.kind {
        Kind::Array(items) => items.iter().find_map(|item| members(item, duplicate)),
        Kind::Object(all) => {
            let at = |span: Span| all.iter().find(|member| member.key_span == span);
            let here = at(duplicate.dropped).zip(at(duplicate.kept));
            here.or_else(|| {
                all.iter()
                    .find_map(|member| members(&member.value, duplicate))
            })
        }
        _ => None,
    }
}

/// The members of one object behind those of another; `None` where a key is in both.
fn moved(scene: &Scene<'_>, from: &[Member<'_>], to: &[Member<'_>]) -> Option<Splice> {
    let is_taken = |member: &Member<'_>| to.iter().any(|other| other.key == member.key);
    let (first, last) = (from.first()?, from.last()?);
    if from.iter().any(is_taken) {
        return None;
    }
    let span = Span::new(first.key_span.start, last.value.span.end);
    let text = scene.source.snippet(span);
    let target = to.last()?;
    let target = Span::new(target.key_span.start, target.value.span.end);
    Some(Editor::new(scene.source.text()).behind(target, ": ", text))
}

/// The texts of a value or a list.
fn values(node: &Node<'_>) -> Option<Vec<String>> {
    match &node.kind {
        Kind::String(text) => Some(vec![text.to_string()]),
        Kind::Array(items) => items
            .iter()
            .map(|item| item.as_str().map(str::to_owned))
            .collect(),
        _ => None,
    }
}
