//! Two values, one above the other, cut into columns so that the eye finds what differs.
//!
//! ```text
//! repo:octo-org@123456/octo-repo:ref:refs/heads/main
//!              ^^^^^^^           ~~~~~~~~~~~~~~~~~~~~
//! repo:octo-org       /octo-repo:*
//! ```

use yew::prelude::*;

use crate::highlight::covers;
use crate::words::visible;

/// Where a value may be parted.
const SEPARATORS: [char; 8] = [':', '/', '@', '"', ',', ' ', '[', ']'];
/// The widest column, so that a narrow window can break the line between two.
const WIDEST: usize = 24;
/// Values with more pairs of segments than this are not aligned.
const MOST_PAIRS: usize = 60_000;

#[derive(Clone, Copy, PartialEq)]
enum Mark {
    Same,
    Differs,
    /// The lower value has a wildcard here.
    Covered,
}

impl Mark {
    const fn class(self) -> &'static str {
        match self {
            Self::Same => "",
            Self::Differs => "d",
            Self::Covered => "w",
        }
    }

    const fn under(self) -> &'static str {
        match self {
            Self::Same => " ",
            Self::Differs => "^",
            Self::Covered => "~",
        }
    }
}

struct Column {
    above: String,
    below: String,
    mark: Mark,
}

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
        let columns = columns(&upper, &lower, self.wildcards);
        let labels = labels(&columns);
        html! {
            <figure class="cmp">
                <figcaption class="vh">{ format!("{}: {upper}; {}: {lower}", self.above.0, self.below.0) }</figcaption>
                <div class="cmpg" aria-hidden="true">
                    <span class="lab"><b>{ self.above.0 }</b><i></i><b>{ self.below.0 }</b></span>
                    { for columns.iter().zip(labels).map(|(column, label)| column.view(label)) }
                </div>
                if !self.rule.is_empty() {
                    <p class="op-note">{ crate::words::prose(self.rule) }</p>
                }
            </figure>
        }
    }
}

/// What a text has changed to, its new pieces marked.
pub(crate) fn changed(old: &str, new: &str) -> Html {
    let (old, new) = (visible(old), visible(new));
    let column = |column: Column| match column.mark {
        Mark::Same => html! { column.below },
        _ => html! { <u>{ column.below }</u> },
    };
    columns(&old, &new, false).into_iter().map(column).collect()
}

/// What stands after an `@`.
const ID: &str = "id";

/// A label under each column that asks for one, where there is room for it before the next.
fn labels(columns: &[Column]) -> Vec<&'static str> {
    // What stands after the owner's `/` is the repository's.
    let mut is_owner = true;
    let wanted: Vec<&str> = columns
        .iter()
        .map(|column| {
            is_owner &= !column.above.contains('/');
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

impl Column {
    fn width(&self) -> usize {
        self.above.chars().count().max(self.below.chars().count())
    }

    fn label(&self) -> &'static str {
        match self.mark {
            Mark::Same => "",
            Mark::Covered if self.below.contains('*') => "covered by *",
            Mark::Covered => "covered by ?",
            Mark::Differs if self.below.is_empty() && self.above.starts_with('@') => ID,
            Mark::Differs if self.below.is_empty() => "not in the policy",
            Mark::Differs if self.above.is_empty() => "not in the token",
            Mark::Differs if self.above.eq_ignore_ascii_case(&self.below) => "letter case",
            Mark::Differs => "differs",
        }
    }

    fn view(&self, label: &'static str) -> Html {
        let width = self.width();
        let filled = |text: &str| {
            if text.is_empty() {
                " ".repeat(width)
            } else {
                text.to_owned()
            }
        };
        let class = |text: &str| if text.is_empty() { "gap" } else { "t" };
        html! {
            <span class={self.mark.class()}>
                <u class={class(&self.above)}>{ filled(&self.above) }</u>
                <i>{ self.mark.under().repeat(width) }</i>
                <s class={class(&self.below)}>{ filled(&self.below) }</s>
                if !label.is_empty() { <em>{ label }</em> }
            </span>
        }
    }
}

fn columns(above: &str, below: &str, wildcards: bool) -> Vec<Column> {
    let pieces = align(&segments(above), &segments(below));
    let marked = pieces
        .into_iter()
        .flat_map(|(above, below)| mark(above, below, wildcards));
    marked.flat_map(Column::narrow).collect()
}

/// Every separator and every text between two.
fn segments(text: &str) -> Vec<&str> {
    let mut segments = Vec::new();
    for part in text.split_inclusive(SEPARATORS) {
        let name = part.trim_end_matches(SEPARATORS);
        let separator = part.get(name.len()..).unwrap_or_default();
        segments.extend(
            [name, separator]
                .into_iter()
                .filter(|text| !text.is_empty()),
        );
    }
    segments
}

/// Pairs the longest common run of segments; what lies between is paired as a whole.
fn align(above: &[&str], below: &[&str]) -> Vec<(String, String)> {
    if above.len() * below.len() > MOST_PAIRS {
        return vec![(above.concat(), below.concat())];
    }
    let common = Common::of(above, below);
    let (mut i, mut j) = (0, 0);
    let mut pairs: Vec<(String, String)> = Vec::new();
    let mut open = (String::new(), String::new());
    while let (Some(a), Some(b)) = (above.get(i), below.get(j)) {
        if a == b {
            pairs.extend(take(&mut open));
            pairs.push(((*a).to_owned(), (*b).to_owned()));
            (i, j) = (i + 1, j + 1);
        } else if common.at(i + 1, j) >= common.at(i, j + 1) {
            open.0.push_str(a);
            i += 1;
        } else {
            open.1.push_str(b);
            j += 1;
        }
    }
    open.0.extend(above.iter().skip(i).copied());
    open.1.extend(below.iter().skip(j).copied());
    pairs.extend(take(&mut open));
    pairs
}

fn take(open: &mut (String, String)) -> Option<(String, String)> {
    let pair = std::mem::take(open);
    (!pair.0.is_empty() || !pair.1.is_empty()).then_some(pair)
}

/// How many segments the rests of both values have in common.
struct Common {
    lengths: Vec<usize>,
    width: usize,
}

impl Common {
    fn of(above: &[&str], below: &[&str]) -> Self {
        let width = below.len() + 1;
        let mut table = Self {
            lengths: vec![0; (above.len() + 1) * width],
            width,
        };
        for (i, a) in above.iter().enumerate().rev() {
            for (j, b) in below.iter().enumerate().rev() {
                let length = if a == b {
                    table.at(i + 1, j + 1) + 1
                } else {
                    table.at(i + 1, j).max(table.at(i, j + 1))
                };
                if let Some(cell) = table.lengths.get_mut(i * width + j) {
                    *cell = length;
                }
            }
        }
        table
    }

    fn at(&self, i: usize, j: usize) -> usize {
        self.lengths
            .get(i * self.width + j)
            .copied()
            .unwrap_or_default()
    }
}

fn mark(above: String, below: String, wildcards: bool) -> Vec<Column> {
    let is_covered = || wildcards && below.contains(['*', '?']) && covers(&below, &above);
    let mark = if above == below {
        Mark::Same
    } else if is_covered() {
        Mark::Covered
    } else if above.eq_ignore_ascii_case(&below) {
        return letters(&above, &below);
    } else {
        Mark::Differs
    };
    vec![Column { above, below, mark }]
}

/// Where only letter case differs, the letters that do.
fn letters(above: &str, below: &str) -> Vec<Column> {
    let mut columns: Vec<Column> = Vec::new();
    for (a, b) in above.chars().zip(below.chars()) {
        let mark = if a == b { Mark::Same } else { Mark::Differs };
        match columns.last_mut().filter(|column| column.mark == mark) {
            Some(column) => {
                column.above.push(a);
                column.below.push(b);
            }
            None => columns.push(Column {
                above: a.to_string(),
                below: b.to_string(),
                mark,
            }),
        }
    }
    columns
}

impl Column {
    /// Cuts a column that is too wide.
    fn narrow(self) -> Vec<Self> {
        let (above, below): (Vec<char>, Vec<char>) =
            (self.above.chars().collect(), self.below.chars().collect());
        let count = above.len().max(below.len()).div_ceil(WIDEST);
        let cut =
            |text: &[char], index: usize| text.iter().skip(index * WIDEST).take(WIDEST).collect();
        (0..count)
            .map(|index| Self {
                above: cut(&above, index),
                below: cut(&below, index),
                mark: self.mark,
            })
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn marks(above: &str, below: &str) -> String {
        let columns = columns(above, below, true);
        let marks = columns
            .iter()
            .map(|column| column.mark.under().repeat(column.width()));
        marks.collect::<String>().trim_end().to_owned()
    }

    #[test]
    fn what_differs_is_marked() {
        for (above, below, expected) in [
            ("repo:o/r:ref:a", "repo:o/r:ref:b", "             ^"),
            ("repo:o@1/r:x", "repo:o/r:*", "      ^^   ~"),
            ("repo:Octo/r", "repo:octo/r", "     ^"),
            ("\"a:b\"", "[\"a:b\", \"c\"]", "^     ^^^^^^"),
            ("a", "a", ""),
            ("", "abc", "^^^"),
        ] {
            assert_eq!(marks(above, below), expected, "{above} {below}");
        }
    }

    #[test]
    fn labels_do_not_touch() {
        let columns = columns(
            "repo:octo-org@12345678/octo-repo@4567890123:ref:refs/heads/main",
            "repo:octo-org/octo-repo:*",
            true,
        );
        let labels: Vec<&str> = labels(&columns)
            .into_iter()
            .filter(|label| !label.is_empty())
            .collect();
        assert_eq!(labels, ["owner id", "repository id", "covered by *"]);
    }
}
