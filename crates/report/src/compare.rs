//! Two values, one above the other, so that the eye finds what differs.
//!
//! ```text
//! repo:octo-org       /octo-repo:ref:refs/heads/*
//! repo:octo-org@123456/octo-repo:ref:refs/heads/main
//!              ^^^^^^^                           ~~~~
//! ```
//! `^` stands under what differs, `~` under what a wildcard covers. Values are compared segment by
//! segment (`:` and `/` part them), so that unlike values don't turn into confetti.

use unicode_width::UnicodeWidthStr;

use crate::clean;

/// How a piece of one value relates to the piece of the other.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Mark {
    /// Equal.
    Same,
    /// Different.
    Differs,
    /// The first value has a wildcard here.
    Covered,
}

/// A stretch of both values.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Piece {
    pub(crate) above: String,
    pub(crate) below: String,
    pub(crate) mark: Mark,
}

/// Up to three lines that belong together: a value, the other value, the marks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Rows {
    pub(crate) above: String,
    pub(crate) below: String,
    pub(crate) marks: String,
}

/// Lays two values out in blocks of at most `width` columns. `wildcards`: `*` and `?` in the first are patterns.
pub(crate) fn rows(above: &str, below: &str, wildcards: bool, width: usize) -> Vec<Rows> {
    let pieces = align(&clean::line(above), &clean::line(below), wildcards);
    let mut blocks = vec![Block::default()];
    for piece in pieces.into_iter().flat_map(|piece| piece.split(width)) {
        let fits = blocks
            .last()
            .is_some_and(|block| block.width + piece.width() <= width);
        if !fits {
            blocks.push(Block::default());
        }
        if let Some(block) = blocks.last_mut() {
            block.push(&piece);
        }
    }
    blocks.into_iter().map(Block::rows).collect()
}

#[derive(Default)]
struct Block {
    above: String,
    below: String,
    marks: String,
    width: usize,
}

impl Block {
    fn push(&mut self, piece: &Piece) {
        let width = piece.width();
        let mark = match piece.mark {
            Mark::Same => " ",
            Mark::Differs => "^",
            Mark::Covered => "~",
        };
        push_padded(&mut self.above, &piece.above, width);
        push_padded(&mut self.below, &piece.below, width);
        self.marks.push_str(&mark.repeat(width));
        self.width += width;
    }

    fn rows(self) -> Rows {
        let trimmed = |line: String| line.trim_end().to_owned();
        Rows {
            above: trimmed(self.above),
            below: trimmed(self.below),
            marks: trimmed(self.marks),
        }
    }
}

fn push_padded(line: &mut String, text: &str, width: usize) {
    line.push_str(text);
    line.push_str(&" ".repeat(width.saturating_sub(text.width())));
}

impl Piece {
    fn new(above: &str, below: &str, mark: Mark) -> Self {
        Self {
            above: above.to_owned(),
            below: below.to_owned(),
            mark,
        }
    }

    fn width(&self) -> usize {
        self.above.width().max(self.below.width())
    }

    /// Cuts a piece that is wider than a line.
    fn split(self, width: usize) -> Vec<Self> {
        if self.width() <= width || width == 0 {
            return vec![self];
        }
        let above: Vec<char> = self.above.chars().collect();
        let below: Vec<char> = self.below.chars().collect();
        let lines = above.len().max(below.len()).div_ceil(width);
        let cut = |text: &[char], line: usize| text.iter().skip(line * width).take(width).collect();
        (0..lines)
            .map(|line| Self {
                above: cut(&above, line),
                below: cut(&below, line),
                mark: self.mark,
            })
            .collect()
    }
}

/// Pairs the equal segments of both values in order, and looks closer at what lies between them.
pub(crate) fn align(above: &str, below: &str, wildcards: bool) -> Vec<Piece> {
    let (a, b) = (segments(above), segments(below));
    let mut pieces = Vec::new();
    let (mut i, mut j) = (0, 0);
    for (x, y) in common(&a, &b) {
        between(&mut pieces, a.get(i..x), b.get(j..y), wildcards);
        let same = a.get(x).copied().unwrap_or_default();
        pieces.push(Piece::new(same, same, Mark::Same));
        (i, j) = (x + 1, y + 1);
    }
    between(&mut pieces, a.get(i..), b.get(j..), wildcards);
    pieces
}

/// Segments and the delimiters between them, each on its own.
fn segments(text: &str) -> Vec<&str> {
    text.split_inclusive([':', '/'])
        .flat_map(|part| match part.strip_suffix([':', '/']) {
            Some(segment) => [segment, part.get(segment.len()..).unwrap_or_default()],
            None => [part, ""],
        })
        .filter(|segment| !segment.is_empty())
        .collect()
}

/// The longest sequence of segments that both have, as pairs of places; long segments weigh more than delimiters.
fn common(a: &[&str], b: &[&str]) -> Vec<(usize, usize)> {
    if a.len() * b.len() > MOST_PAIRS {
        return Vec::new();
    }
    let at = |table: &[Vec<usize>], i: usize, j: usize| {
        table
            .get(i)
            .and_then(|row| row.get(j))
            .copied()
            .unwrap_or_default()
    };
    let mut best = vec![vec![0; b.len() + 1]; a.len() + 1];
    for (i, x) in a.iter().enumerate().rev() {
        for (j, y) in b.iter().enumerate().rev() {
            let skip = at(&best, i + 1, j).max(at(&best, i, j + 1));
            let take = if x == y {
                at(&best, i + 1, j + 1) + weight(x)
            } else {
                0
            };
            if let Some(cell) = best.get_mut(i).and_then(|row| row.get_mut(j)) {
                *cell = skip.max(take);
            }
        }
    }
    let (mut i, mut j) = (0, 0);
    let mut pairs = Vec::new();
    while i < a.len() && j < b.len() {
        if a.get(i) == b.get(j)
            && at(&best, i, j)
                == at(&best, i + 1, j + 1) + weight(a.get(i).copied().unwrap_or_default())
        {
            pairs.push((i, j));
            (i, j) = (i + 1, j + 1);
        } else if at(&best, i + 1, j) >= at(&best, i, j + 1) {
            i += 1;
        } else {
            j += 1;
        }
    }
    pairs
}

/// Subjects have about ten segments; what is absurdly longer is not aligned.
const MOST_PAIRS: usize = 1 << 16;

fn weight(segment: &str) -> usize {
    match segment {
        ":" | "/" => 1,
        _ => 3,
    }
}

/// What stands between two equal segments. Texts that have much in common are looked at closer.
fn between(pieces: &mut Vec<Piece>, a: Option<&[&str]>, b: Option<&[&str]>, wildcards: bool) {
    let (a, b) = (
        a.unwrap_or_default().concat(),
        b.unwrap_or_default().concat(),
    );
    let (long_a, long_b) = (a.chars().count(), b.chars().count());
    let alike = if long_a == long_b {
        equal_chars(&a, &b)
    } else {
        prefix(&a, &b).chars().count() + suffix(&a, &b).chars().count()
    };
    match alike * 2 >= long_a.min(long_b) {
        true if long_a == long_b => char_by_char(pieces, &a, &b, wildcards),
        true => middle(pieces, &a, &b, wildcards),
        false => push(pieces, &a, &b, mark(&a, wildcards)),
    }
}

/// Cuts off the ends that are alike.
fn middle(pieces: &mut Vec<Piece>, a: &str, b: &str, wildcards: bool) {
    let (head, tail) = (prefix(a, b), suffix(a, b));
    let inner = |text: &str| {
        text.get(head.len()..text.len() - tail.len())
            .unwrap_or_default()
            .to_owned()
    };
    let inner_a = inner(a);
    push(pieces, head, head, Mark::Same);
    push(pieces, &inner_a, &inner(b), mark(&inner_a, wildcards));
    push(pieces, tail, tail, Mark::Same);
}

/// Texts of one length: letter case and swapped letters show best so.
fn char_by_char(pieces: &mut Vec<Piece>, a: &str, b: &str, wildcards: bool) {
    for (x, y) in a.chars().zip(b.chars()) {
        let (x_text, y_text) = (x.to_string(), y.to_string());
        let mark = if x == y {
            Mark::Same
        } else {
            mark(&x_text, wildcards)
        };
        push(pieces, &x_text, &y_text, mark);
    }
}

fn equal_chars(a: &str, b: &str) -> usize {
    a.chars().zip(b.chars()).filter(|(x, y)| x == y).count()
}

fn prefix<'t>(a: &'t str, b: &str) -> &'t str {
    let length = a
        .chars()
        .zip(b.chars())
        .take_while(|(x, y)| x == y)
        .map(|(x, _)| x.len_utf8())
        .sum();
    a.get(..length).unwrap_or_default()
}

/// The common end of what is left when the common start is cut off.
fn suffix<'t>(a: &'t str, b: &str) -> &'t str {
    let start = prefix(a, b).len();
    let (a, b) = (
        a.get(start..).unwrap_or_default(),
        b.get(start..).unwrap_or_default(),
    );
    let length: usize = a
        .chars()
        .rev()
        .zip(b.chars().rev())
        .take_while(|(x, y)| x == y)
        .map(|(x, _)| x.len_utf8())
        .sum();
    a.get(a.len() - length..).unwrap_or_default()
}

fn mark(above: &str, wildcards: bool) -> Mark {
    if wildcards && (above == "*" || (!above.is_empty() && above.chars().all(|c| c == '?'))) {
        return Mark::Covered;
    }
    Mark::Differs
}

fn push(pieces: &mut Vec<Piece>, above: &str, below: &str, mark: Mark) {
    if !above.is_empty() || !below.is_empty() {
        pieces.push(Piece::new(above, below, mark));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `(policy, token, wildcards, what is to be seen)`
    const TABLE: &[(&str, &str, bool, &str)] = &[
        (
            "repo:octo-org/octo-repo:ref:refs/heads/main",
            "repo:octo-org@123456/octo-repo@456789:ref:refs/heads/main",
            true,
            "repo:octo-org       /octo-repo       :ref:refs/heads/main\n\
             repo:octo-org@123456/octo-repo@456789:ref:refs/heads/main\n\
             \u{20}            ^^^^^^^          ^^^^^^^",
        ),
        (
            "repo:octo-org/*:ref:refs/heads/main",
            "repo:octo-org/octo-repo:environment:production",
            true,
            "repo:octo-org/*        :ref        :refs/heads/main\n\
             repo:octo-org/octo-repo:environment:production\n\
             \u{20}             ~~~~~~~~~ ^^^^^^^^^^^ ^^^^^^^^^^^^^^^",
        ),
        (
            "repo:octo-org/octo-repo:*",
            "repo:octo-org/octo-repo:pull_request",
            false,
            "repo:octo-org/octo-repo:*\n\
             repo:octo-org/octo-repo:pull_request\n\
             \u{20}                       ^^^^^^^^^^^^",
        ),
        (
            "repo:OctoCat/app:pull_request",
            "repo:octocat/app:pull_request",
            true,
            "repo:OctoCat/app:pull_request\n\
             repo:octocat/app:pull_request\n\
             \u{20}    ^   ^",
        ),
        ("", "", true, "\n\n"),
        ("环境", "main", true, "环境\nmain\n^^^^"),
    ];

    #[test]
    fn what_differs_is_marked() {
        for (above, below, wildcards, expected) in TABLE {
            let seen: Vec<String> = rows(above, below, *wildcards, 100)
                .into_iter()
                .map(|rows| [rows.above, rows.below, rows.marks].join("\n"))
                .collect();
            assert_eq!(seen.join("\n"), *expected, "{above} {below}");
        }
    }

    #[test]
    fn narrow_lines_break_between_segments() {
        let blocks = rows(
            "repo:octo-org/octo-repo:ref:refs/heads/main",
            "repo:octo-org/octo-repo:pull_request",
            true,
            24,
        );
        let above: Vec<&str> = blocks.iter().map(|rows| rows.above.as_str()).collect();
        assert_eq!(above, ["repo:octo-org/octo-repo:", "ref:refs/heads/main"]);
        assert!(
            rows(&"x".repeat(500), "y", true, 24)
                .iter()
                .all(|rows| rows.above.len() <= 24)
        );
    }
}
