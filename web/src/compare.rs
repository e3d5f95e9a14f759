//! Two values, one above the other, in columns, so that the eye finds what differs.
//!
//! ```text
//! repo:octo-org@123456/octo-repo:ref:refs/heads/main
//!              ^^^^^^^           ~~~~~~~~~~~~~~~~~~~~
//! repo:octo-org       /octo-repo:*
//! ```

use serde_json::json;
use yew::prelude::*;

use crate::engine;
use crate::html::html;
use crate::report::{self, Aligned, Fitting, Piece, Read};
use crate::words::{prose, visible};

/// Two values with their names. `wildcards`: `*` and `?` in the lower one are patterns.
pub(crate) struct Pair<'a> {
    pub(crate) above: (&'static str, &'a str),
    pub(crate) below: (&'static str, &'a str),
    pub(crate) wildcards: bool,
    /// The rule by which they are compared.
    pub(crate) rule: &'a str,
}

impl Pair<'_> {
    pub(crate) fn view(&self) -> Html {
        let (upper, lower) = (visible(self.above.1), visible(self.below.1));
        let columns = aligned(&lower, &upper, self.wildcards);
        let labels = labels(&columns);
        html! {
            <figure class="cmp">
                <figcaption class="vh">{ format!("{}: {upper}; {}: {lower}", self.above.0, self.below.0) }</figcaption>
                <div class="cmpg" aria-hidden="true">
                    <span class="lab"><b>{ self.above.0 }</b><i></i><b>{ self.below.0 }</b></span>
                    { for columns.iter().zip(labels).map(|(column, label)| column.view(label)) }
                </div>
                if !self.rule.is_empty() {
                    <p class="op-note">{ prose(self.rule) }</p>
                }
            </figure>
        }
    }
}

/// What a text has changed to, its new pieces marked.
pub(crate) fn changed(old: &str, new: &str) -> Html {
    let piece = |piece: Piece| match piece.mark.as_str() {
        "same" => html! { piece.value },
        _ => html! { <u>{ piece.value }</u> },
    };
    let pieces = aligned(&visible(old), &visible(new), false);
    pieces.into_iter().map(piece).collect()
}

/// How many bytes of a pattern fit the beginning of a value.
pub(crate) fn fitting(pattern: &str, value: &str, wildcards: bool) -> usize {
    let fitting: Fitting = asked("fitting", pattern, value, wildcards);
    fitting.fits
}

fn aligned(pattern: &str, value: &str, wildcards: bool) -> Vec<Piece> {
    let aligned: Aligned = asked("align", pattern, value, wildcards);
    aligned.pieces
}

fn asked<T: Read + Default>(verb: &str, pattern: &str, value: &str, wildcards: bool) -> T {
    let question = json!({ "pattern": pattern, "value": value, "wildcards": wildcards });
    let json = engine::call(verb, &question.to_string());
    report::read(verb, &json).unwrap_or_default()
}

/// What stands after an `@`.
const ID: &str = "id";

/// A label under each column that asks for one, where there is room for it before the next.
fn labels(columns: &[Piece]) -> Vec<&'static str> {
    // What stands after the owner's `/` is the repository's.
    let mut is_owner = true;
    let wanted: Vec<&str> = columns
        .iter()
        .map(|column| {
            is_owner &= !column.value.contains('/');
            match column.label() {
                ID if is_owner => "owner id",
                ID => "repository id",
                label => label,
            }
        })
        .collect();
    let mut labels = Vec::new();
    for (index, label) in wanted.iter().enumerate() {
        // A label serves a whole run of its kind.
        let repeats = index.checked_sub(1).and_then(|before| wanted.get(before)) == Some(label);
        let rest = wanted.iter().zip(columns).skip(index);
        let free = rest
            .enumerate()
            .take_while(|(step, (next, _))| *step == 0 || next.is_empty() || next == &label);
        let room: usize = free.map(|(_, (_, column))| column.width()).sum();
        // Labels are set smaller than the values: five letters take the room of four.
        let fits = label.len() * 4 <= room * 5;
        let is_last = wanted
            .iter()
            .skip(index + 1)
            .all(|next| next.is_empty() || next == label);
        labels.push(if repeats || !(fits || is_last) {
            ""
        } else {
            *label
        });
    }
    labels
}

impl Piece {
    fn width(&self) -> usize {
        self.pattern.chars().count().max(self.value.chars().count())
    }

    fn label(&self) -> &'static str {
        match self.mark.as_str() {
            "differs" if self.pattern.is_empty() && self.value.starts_with('@') => ID,
            "differs" if self.pattern.is_empty() => "not in the policy",
            "differs" if self.value.is_empty() => "not in the token",
            "differs" if self.value.eq_ignore_ascii_case(&self.pattern) => "letter case",
            "differs" => "differs",
            "covered" if self.pattern.contains('*') => "covered by *",
            "covered" => "covered by ?",
            _ => "",
        }
    }

    fn view(&self, label: &'static str) -> Html {
        let width = self.width();
        let (mark, under) = match self.mark.as_str() {
            "differs" => ("d", "^"),
            "covered" => ("w", "~"),
            _ => ("", " "),
        };
        let filled = |text: &str| {
            if text.is_empty() {
                " ".repeat(width)
            } else {
                text.to_owned()
            }
        };
        let class = |text: &str| if text.is_empty() { "gap" } else { "t" };
        html! {
            <span class={mark}>
                <u class={class(&self.value)}>{ filled(&self.value) }</u>
                <i>{ under.repeat(width) }</i>
                <s class={class(&self.pattern)}>{ filled(&self.pattern) }</s>
                if !label.is_empty() { <em>{ label }</em> }
            </span>
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_do_not_touch() {
        let piece = |(pattern, value, mark): (&str, &str, &str)| Piece {
            pattern: pattern.to_owned(),
            value: value.to_owned(),
            mark: mark.to_owned(),
        };
        let pieces: Vec<Piece> = [
            ("repo:octo-org", "repo:octo-org", "same"),
            ("", "@12345678", "differs"),
            ("/octo-repo", "/octo-repo", "same"),
            ("", "@4567890123", "differs"),
            (":", ":", "same"),
            ("*", "ref:refs/heads/main", "covered"),
        ]
        .map(piece)
        .into();
        let labels: Vec<&str> = labels(&pieces)
            .into_iter()
            .filter(|label| !label.is_empty())
            .collect();
        assert_eq!(labels, ["owner id", "repository id", "covered by *"]);
    }
}
