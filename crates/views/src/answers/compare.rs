//! Two values, one above the other, in columns, so that the eye finds what differs.
//!
//! ```text
//! repo:octo-org@123456/octo-repo:ref:refs/heads/main
//!              ^^^^^^^           ~~~~~~~~~~~~~~~~~~~~
//! repo:octo-org       /octo-repo:*
//! ```

use rolecall_core::align::{Mark, Piece, columns};

use crate::html;
use crate::html::Html;
use crate::words::{prose, visible};

/// Two values with their names. `wildcards`: `*` and `?` in the lower one are patterns.
pub(super) struct Pair<'a> {
    pub(super) above: (&'static str, &'a str),
    pub(super) below: (&'static str, &'a str),
    pub(super) wildcards: bool,
    /// The rule by which they are compared.
    pub(super) rule: &'a str,
}

impl Pair<'_> {
    pub(super) fn view(&self) -> Html {
        let (upper, lower) = (visible(self.above.1), visible(self.below.1));
        let columns = columns(&lower, &upper, self.wildcards);
        let labels = labels(&columns, (self.above.0, self.below.0));
        let end = glued(&columns, &labels);
        html! {
            <figure class="cmp">
                <figcaption class="vh">{ format!("{}: {upper}; {}: {lower}", self.above.0, self.below.0) }</figcaption>
                <div class="cmpg" aria-hidden="true" data-names={format!("above: {}   below: {}", self.above.0, self.below.0)}>
                    <span class="lab"><b>{ self.above.0 }</b><i></i><b>{ self.below.0 }</b></span>
                    { for columns.iter().zip(&labels).take(columns.len() - end).map(|(piece, label)| column(piece, label)) }
                    if end > 0 {
                        <span class="end">{ for columns.iter().zip(&labels).skip(columns.len() - end).map(|(piece, label)| column(piece, label)) }</span>
                    }
                </div>
                if !self.rule.is_empty() {
                    <p class="op-note">{ prose(self.rule) }</p>
                }
            </figure>
        }
    }
}

/// What a text has changed to, its new pieces marked.
pub(super) fn changed(old: &str, new: &str) -> Html {
    let piece = |piece: &Piece<'_>| match piece.mark {
        Mark::Same => html! { piece.value },
        _ => html! { <u>{ piece.value }</u> },
    };
    let (old, new) = (visible(old), visible(new));
    columns(&old, &new, false).iter().map(piece).collect()
}

/// A label under each column that asks for one, where there is room for it before the next.
fn labels(columns: &[Piece<'_>], (above, below): (&str, &str)) -> Vec<String> {
    // What stands after the owner's `/` is the repository's.
    let mut is_owner = true;
    let wanted: Vec<String> = columns
        .iter()
        .map(|column| {
            is_owner &= !column.value.contains('/');
            match column.mark {
                Mark::Differs if column.pattern.is_empty() && column.value.starts_with('@') => {
                    if is_owner {
                        "owner id"
                    } else {
                        "repository id"
                    }
                    .to_owned()
                }
                Mark::Differs if column.pattern.is_empty() => missing(below),
                Mark::Differs if column.value.is_empty() => missing(above),
                _ => label(column).to_owned(),
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
        let room: usize = free.map(|(_, (_, column))| width(column)).sum();
        // Labels are set smaller than the values: five letters take the room of four.
        let fits = label.len() * 4 <= room * 5;
        let is_last = wanted
            .iter()
            .skip(index + 1)
            .all(|next| next.is_empty() || next == label);
        labels.push(if repeats || !(fits || is_last) {
            String::new()
        } else {
            label.clone()
        });
    }
    labels
}

/// A label at the end that is longer than its column ends with it: as much of what stands before stays beside it in the
/// same line. How many columns that makes.
fn glued(columns: &[Piece<'_>], labels: &[String]) -> usize {
    let (Some((last, before)), Some(label)) = (columns.split_last(), labels.last()) else {
        return 0;
    };
    let length = label.chars().count();
    let mut room = width(last);
    if room >= length {
        return 0;
    }
    let same = before
        .iter()
        .rev()
        .take_while(|piece| piece.mark == Mark::Same);
    let needed = same.take_while(|piece| {
        let is_needed = room < length;
        room += width(piece);
        is_needed
    });
    let count = needed.count();
    if room < length { 0 } else { count + 1 }
}

fn width(piece: &Piece<'_>) -> usize {
    piece
        .pattern
        .chars()
        .count()
        .max(piece.value.chars().count())
}

/// What one side has and this one has not.
fn missing(side: &str) -> String {
    match side {
        "found" | "expected" => format!("not {side}"),
        side => format!("not in the {side}"),
    }
}

fn label(piece: &Piece<'_>) -> &'static str {
    match piece.mark {
        Mark::Differs if piece.value.eq_ignore_ascii_case(piece.pattern) => "letter case",
        Mark::Differs => "differs",
        Mark::Covered if piece.pattern.contains('?') => "covered by ?",
        Mark::Covered => "covered by *",
        Mark::Same => "",
    }
}

fn column(piece: &Piece<'_>, label: &str) -> Html {
    let width = width(piece);
    let (mark, under) = match piece.mark {
        Mark::Differs => ("d", "^"),
        Mark::Covered => ("w", "~"),
        Mark::Same => ("", " "),
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
            <u class={class(piece.value)}>{ filled(piece.value) }</u>
            <i>{ under.repeat(width) }</i>
            <s class={class(piece.pattern)}>{ filled(piece.pattern) }</s>
            if !label.is_empty() { <em>{ label.to_owned() }</em> }
        </span>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_label_at_the_end_has_room() {
        let piece = |pattern, value, mark| Piece {
            pattern,
            value,
            mark,
        };
        let glued = |columns: &[Piece<'_>], label: &str| {
            let mut labels = vec![String::new(); columns.len() - 1];
            labels.push(label.to_owned());
            glued(columns, &labels)
        };
        let (colon, end) = (piece(":", ":", Mark::Same), piece("/", "", Mark::Differs));
        let words = [
            piece("repository", "repository", Mark::Same),
            colon,
            piece("main", "main", Mark::Same),
            end,
        ];
        assert_eq!(glued(&words, "not there"), 4);
        assert_eq!(glued(&words, "other"), 2);
        assert_eq!(glued(&words, "x"), 0);
        assert_eq!(glued(&[colon, end], "not there"), 0);
        assert_eq!(glued(&[end], "not there"), 0);
    }

    #[test]
    fn labels_do_not_touch() {
        let pieces = [
            ("repo:octo-org", "repo:octo-org", Mark::Same),
            ("", "@12345678", Mark::Differs),
            ("/octo-repo", "/octo-repo", Mark::Same),
            ("", "@4567890123", Mark::Differs),
            (":", ":", Mark::Same),
            ("*", "ref:refs/heads/main", Mark::Covered),
        ]
        .map(|(pattern, value, mark)| Piece {
            pattern,
            value,
            mark,
        });
        let labels: Vec<String> = labels(&pieces, ("token", "policy"))
            .into_iter()
            .filter(|label| !label.is_empty())
            .collect();
        assert_eq!(labels, ["owner id", "repository id", "covered by *"]);
    }
}
