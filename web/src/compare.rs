//! Two values, one above the other, cut into columns so that the eye finds what differs.
//!
//! ```text
//! repo:octo-org@123456/octo-repo:ref:refs/heads/main
//!              ^^^^^^^           ~~~~~~~~~~~~~~~~~~~~
//! repo:octo-org       /octo-repo:*
//! ```

use rolecall_core::pattern::Pattern;
use yew::prelude::*;

use crate::words::visible;

/// Where a value may be parted.
const SEPARATORS: [char; 3] = [':', '/', '@'];
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
            Self::Same => "same",
            Self::Differs => "differs",
            Self::Covered => "covered",
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

/// The two values with their names. `wildcards`: `*` and `?` in the lower one are patterns.
pub(crate) fn view(above: (&str, &str), below: (&str, &str), wildcards: bool) -> Html {
    let (upper, lower) = (visible(above.1), visible(below.1));
    html! {
        <figure class="compare">
            <figcaption class="hidden">{ format!("{}: {upper}; {}: {lower}", above.0, below.0) }</figcaption>
            <div aria-hidden="true">
                <span class="names"><span>{ above.0.to_owned() }</span><span>{ below.0.to_owned() }</span></span>
                { for columns(&upper, &lower, wildcards).iter().map(column) }
            </div>
        </figure>
    }
}

fn column(column: &Column) -> Html {
    let width = column
        .above
        .chars()
        .count()
        .max(column.below.chars().count());
    let filled = |text: &str| {
        if text.is_empty() {
            " ".repeat(width)
        } else {
            text.to_owned()
        }
    };
    let class = |text: &str| if text.is_empty() { "gap" } else { "" };
    html! {
        <span class={column.mark.class()}>
            <span class={class(&column.above)}>{ filled(&column.above) }</span>
            <i>{ column.mark.under().repeat(width) }</i>
            <span class={class(&column.below)}>{ filled(&column.below) }</span>
        </span>
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
    let covers =
        || wildcards && below.contains(['*', '?']) && Pattern::wildcard(&below).matches(&above);
    let mark = if above == below {
        Mark::Same
    } else if covers() {
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
