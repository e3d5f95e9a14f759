//! Changes of the text that keep its layout, in JSON, YAML and Terraform.

use crate::policy::ConditionTest;
use crate::report::{Location, Replacement};
use crate::span::{Source, Span};

/// The text after changes that do not overlap, in the order of the text.
pub(super) fn applied(text: &str, edits: &[Replacement]) -> Option<String> {
    let mut out = String::with_capacity(text.len());
    let mut at = 0;
    for edit in edits {
        let span = edit.location.span();
        out.push_str(text.get(at..span.start)?);
        out.push_str(&edit.text);
        at = span.end;
    }
    out.push_str(text.get(at..)?);
    Some(out)
}

/// Values that follow others in a test, each with the index of the one it follows. All of one place go into one edit.
pub(super) fn insertions(
    source: &Source,
    test: &ConditionTest,
    path: &str,
    new: &[(usize, String)],
) -> Vec<Replacement> {
    let edit = |span: Span, text: String| Replacement {
        location: Location::policy(source, path, span),
        text,
    };
    let quoted: Vec<String> = new.iter().map(|(_, text)| quoted(text)).collect();
    if let (false, Some(only), false) = (test.listed, test.values.first(), new.is_empty()) {
        let list = format!(
            "[{}, {}]",
            as_string(source, only.span, &only.text),
            quoted.join(", ")
        );
        return vec![edit(only.span, list)];
    }
    let numbered = test.values.iter().enumerate();
    numbered
        .filter_map(|(index, value)| {
            let between = separator(source, test, index)?;
            let text: String = new
                .iter()
                .zip(&quoted)
                .filter(|((after, _), _)| *after == index)
                .map(|(_, text)| format!("{between}{text}"))
                .collect();
            let end = Span::new(value.span.end, value.span.end);
            (!text.is_empty()).then(|| edit(end, text))
        })
        .collect()
}

/// What stands between two values of the list: as before this value if it begins a line, else a comma and a blank.
fn separator(source: &Source, test: &ConditionTest, index: usize) -> Option<String> {
    let start = test.values.get(index)?.span.start;
    let near = (start.saturating_sub(WIDEST_INDENT)..=start)
        .find_map(|from| source.text().get(from..start));
    let before = near?;
    let line = before.rsplit('\n').next().unwrap_or(before);
    let is_item = line.trim() == "-";
    Some(if is_item {
        format!("\n{line}")
    } else if line.trim().is_empty() && before.len() > line.len() {
        format!(",\n{line}")
    } else {
        ", ".to_owned()
    })
}

/// What stands further in than this is on a long line.
const WIDEST_INDENT: usize = 256;

/// A list without some of its values; at least one stays.
pub(super) fn removals(
    source: &Source,
    test: &ConditionTest,
    path: &str,
    gone: &[usize],
) -> Vec<Replacement> {
    let mut edits: Vec<Replacement> = Vec::new();
    let is_gone = |index: usize| gone.contains(&index);
    let first_kept = (0..test.values.len()).find(|index| !is_gone(*index));
    let Some(first_kept) = first_kept else {
        return edits;
    };
    let place = |index: usize| test.values.get(index).map(|value| value.span);
    for index in gone.iter().copied() {
        // In front of the first that stays a value goes with what follows it, behind it with what is before it.
        let span = if index < first_kept {
            place(index)
                .zip(place(index + 1))
                .map(|(own, next)| Span::new(own.start, next.start))
        } else {
            place(index - 1)
                .zip(place(index))
                .map(|(before, own)| Span::new(before.end, own.end))
        };
        edits.extend(span.map(|span| Replacement {
            location: Location::policy(source, path, span),
            text: String::new(),
        }));
    }
    edits
}

fn quoted(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}

/// A value as it stands, in quotes: a plain scalar of YAML has none.
fn as_string(source: &Source, span: Span, text: &str) -> String {
    let written = source.snippet(span);
    if written.starts_with(['"', '\'']) {
        written.to_owned()
    } else {
        quoted(text)
    }
}
