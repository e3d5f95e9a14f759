//! Two values laid beside each other, so that the eye finds what differs. `^` stands under what differs, `~` under
//! what a wildcard covers:
//!
//! ```text
//! repo:octo-org       /octo-repo:ref:refs/heads/*
//! repo:octo-org@123456/octo-repo:ref:refs/heads/main
//!              ^^^^^^^                          ~~~~
//! ```
//! Values are compared segment by segment (`:` and `/` part them), so that unlike values don't turn into confetti.

use serde::Serialize;

/// How a piece of one value relates to the piece of the other.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Mark {
    /// Equal.
    Same,
    /// Different.
    Differs,
    /// The pattern has a wildcard here.
    Covered,
}

/// A stretch of both values.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Piece<'t> {
    /// Of the pattern.
    pub pattern: &'t str,
    /// Of the value.
    pub value: &'t str,
    /// How they relate.
    pub mark: Mark,
}

impl<'t> Piece<'t> {
    /// Cuts a piece into those of at most so many characters; 0 does not cut.
    #[must_use]
    pub fn cut(self, most: usize) -> Vec<Self> {
        let mut pieces = Vec::new();
        let (mut pattern, mut value) = (self.pattern, self.value);
        loop {
            let (head, rest) = after(pattern, most);
            let (value_head, value_rest) = after(value, most);
            pieces.push(Self {
                pattern: head,
                value: value_head,
                mark: self.mark,
            });
            if most == 0 || (rest.is_empty() && value_rest.is_empty()) {
                break pieces;
            }
            (pattern, value) = (rest, value_rest);
        }
    }
}

/// A text parted after so many characters; 0: at its end.
fn after(text: &str, most: usize) -> (&str, &str) {
    let cut = text.char_indices().nth(most).filter(|_| most > 0);
    text.split_at(cut.map_or(text.len(), |(at, _)| at))
}

/// Pairs the equal segments of both values in order, and looks closer at what lies between them. `wildcards`: `*` and
/// `?` in the pattern are wildcards.
///
/// ```
/// use rolecall_core::align::{Mark, Piece, align};
///
/// let pieces = align("repo:octo-org/*", "repo:octo-org/octo-repo", true);
/// assert_eq!(pieces.last(), Some(&Piece { pattern: "*", value: "octo-repo", mark: Mark::Covered }));
/// ```
#[must_use]
pub fn align<'t>(pattern: &'t str, value: &'t str, wildcards: bool) -> Vec<Piece<'t>> {
    let mut pieces = Pieces {
        done: Vec::new(),
        wildcards,
    };
    let (a, b) = (segments(pattern), segments(value));
    let table = Table::of(&a, &b);
    // How far both are told, and how far they are looked at.
    let (mut told, mut seen) = ((0, 0), (0, 0));
    let (mut i, mut j) = (0, 0);
    while let (Some(x), Some(y)) = (a.get(i), b.get(j)) {
        if x == y && table.at(i, j) == table.at(i + 1, j + 1) + weight(x) {
            pieces.between(slice(pattern, told.0, seen.0), slice(value, told.1, seen.1));
            pieces.push(x, y, Mark::Same);
            seen = (seen.0 + x.len(), seen.1 + y.len());
            told = seen;
            (i, j) = (i + 1, j + 1);
        } else if table.at(i + 1, j) >= table.at(i, j + 1) {
            seen.0 += x.len();
            i += 1;
        } else {
            seen.1 += y.len();
            j += 1;
        }
    }
    pieces.between(
        slice(pattern, told.0, pattern.len()),
        slice(value, told.1, value.len()),
    );
    pieces.done
}

fn slice(text: &str, start: usize, end: usize) -> &str {
    text.get(start..end).unwrap_or_default()
}

/// Segments and the delimiters between them, each on its own.
fn segments(text: &str) -> Vec<&str> {
    let mut segments = Vec::new();
    let mut start = 0;
    for (at, byte) in text.bytes().enumerate() {
        if matches!(byte, b':' | b'/') {
            segments.push(slice(text, start, at));
            segments.push(slice(text, at, at + 1));
            start = at + 1;
        }
    }
    segments.push(slice(text, start, text.len()));
    segments.retain(|segment| !segment.is_empty());
    segments
}

/// Subjects have about ten segments; what is absurdly longer is not aligned.
const MOST_PAIRS: usize = 1 << 16;

/// What the rests of both have in common; long segments weigh more than delimiters.
struct Table {
    best: Vec<usize>,
    width: usize,
}

impl Table {
    fn of(a: &[&str], b: &[&str]) -> Self {
        let width = b.len() + 1;
        let mut table = Self {
            best: Vec::new(),
            width,
        };
        if a.len() * b.len() > MOST_PAIRS {
            return table;
        }
        table.best.resize((a.len() + 1) * width, 0);
        for (i, x) in a.iter().enumerate().rev() {
            for (j, y) in b.iter().enumerate().rev() {
                let skip = table.at(i + 1, j).max(table.at(i, j + 1));
                let take = if x == y {
                    table.at(i + 1, j + 1) + weight(x)
                } else {
                    0
                };
                if let Some(cell) = table.best.get_mut(i * width + j) {
                    *cell = skip.max(take);
                }
            }
        }
        table
    }

    fn at(&self, i: usize, j: usize) -> usize {
        self.best
            .get(i * self.width + j)
            .copied()
            .unwrap_or_default()
    }
}

fn weight(segment: &str) -> usize {
    match segment {
        ":" | "/" => 1,
        _ => 3,
    }
}

struct Pieces<'t> {
    done: Vec<Piece<'t>>,
    wildcards: bool,
}

impl<'t> Pieces<'t> {
    fn push(&mut self, pattern: &'t str, value: &'t str, mark: Mark) {
        if !pattern.is_empty() || !value.is_empty() {
            self.done.push(Piece {
                pattern,
                value,
                mark,
            });
        }
    }

    /// Two texts that are not equal.
    fn push_unlike(&mut self, pattern: &'t str, value: &'t str) {
        let is_run = || {
            !pattern.is_empty()
                && pattern.bytes().all(|byte| byte == b'?')
                && pattern.len() == value.chars().count()
        };
        let covered = self.wildcards && (pattern == "*" || is_run());
        let mark = if covered {
            Mark::Covered
        } else {
            Mark::Differs
        };
        self.push(pattern, value, mark);
    }

    /// What stands between two equal segments. Texts that have much in common are looked at closer.
    fn between(&mut self, a: &'t str, b: &'t str) {
        let (long_a, long_b) = (a.chars().count(), b.chars().count());
        let equal = a.chars().zip(b.chars()).filter(|(x, y)| x == y).count();
        let head = prefix(a.chars(), b.chars());
        let (rest_a, rest_b) = (slice(a, head, a.len()), slice(b, head, b.len()));
        let tail = prefix(rest_a.chars().rev(), rest_b.chars().rev());
        let same_ends =
            slice(a, 0, head).chars().count() + slice(a, a.len() - tail, a.len()).chars().count();
        let alike = if long_a == long_b { equal } else { same_ends };
        if alike * 2 < long_a.min(long_b) {
            self.push_unlike(a, b);
        } else if long_a == long_b {
            self.letters(a, b);
        } else {
            self.push(slice(a, 0, head), slice(b, 0, head), Mark::Same);
            self.push_unlike(
                slice(a, head, a.len() - tail),
                slice(b, head, b.len() - tail),
            );
            self.push(
                slice(a, a.len() - tail, a.len()),
                slice(b, b.len() - tail, b.len()),
                Mark::Same,
            );
        }
    }

    /// Texts of one length, in runs of equal and of different letters: letter case and swapped letters show best so.
    fn letters(&mut self, mut a: &'t str, mut b: &'t str) {
        while !a.is_empty() {
            let same = prefix(a.chars(), b.chars());
            self.push(slice(a, 0, same), slice(b, 0, same), Mark::Same);
            (a, b) = (slice(a, same, a.len()), slice(b, same, b.len()));
            let unlike = a.chars().zip(b.chars()).take_while(|(x, y)| x != y).count();
            if unlike == 0 {
                break;
            }
            let (head_a, rest_a) = after(a, unlike);
            let (head_b, rest_b) = after(b, unlike);
            self.push_unlike(head_a, head_b);
            (a, b) = (rest_a, rest_b);
        }
    }
}

/// How many bytes of letters both begin with.
fn prefix(a: impl Iterator<Item = char>, b: impl Iterator<Item = char>) -> usize {
    a.zip(b)
        .take_while(|(x, y)| x == y)
        .map(|(x, _)| x.len_utf8())
        .sum()
}

/// The widest of [`columns`], in characters, so that a narrow box can break the line between two.
const WIDEST: usize = 24;

/// The pieces of [`align`], cut so that they can be set in columns.
///
/// ```
/// use rolecall_core::align::columns;
///
/// let widths: Vec<usize> = columns(&"a".repeat(30), "", false).iter().map(|piece| piece.pattern.len()).collect();
/// assert_eq!(widths, [24, 6]);
/// ```
#[must_use]
pub fn columns<'t>(pattern: &'t str, value: &'t str, wildcards: bool) -> Vec<Piece<'t>> {
    let pieces = align(pattern, value, wildcards);
    pieces
        .into_iter()
        .flat_map(|piece| piece.cut(WIDEST))
        .collect()
}

/// How many bytes of a pattern fit the beginning of a value: what follows is the first that keeps it from fitting.
/// Of texts of more than 600 characters the beginnings are looked at.
///
/// ```
/// use rolecall_core::align::fitting;
///
/// assert_eq!(fitting("repo:o/r:ref", "repo:o/r:environment", true), "repo:o/r:".len());
/// ```
#[must_use]
pub fn fitting(pattern: &str, value: &str, wildcards: bool) -> usize {
    // The places in the value, by characters, that the pattern's beginning can reach.
    let value: Vec<char> = value.chars().take(MOST_CHARACTERS).collect();
    let mut reached = vec![false; value.len() + 1];
    if let Some(first) = reached.first_mut() {
        *first = true;
    }
    let mut fits = 0;
    for (index, c) in pattern.char_indices().take(MOST_CHARACTERS) {
        reached = step(&reached, &value, c, wildcards);
        if !reached.contains(&true) {
            break;
        }
        fits = index + c.len_utf8();
    }
    fits
}

/// Both texts of a comparison are cut there.
const MOST_CHARACTERS: usize = 600;

fn step(reached: &[bool], value: &[char], c: char, wildcards: bool) -> Vec<bool> {
    let at = |index: usize| reached.get(index).copied().unwrap_or_default();
    let mut open = false;
    (0..=value.len())
        .map(|index| {
            open |= at(index);
            let before = index
                .checked_sub(1)
                .and_then(|before| Some((at(before), *value.get(before)?)));
            match (c, wildcards) {
                ('*', true) => open,
                ('?', true) => before.is_some_and(|(was, _)| was),
                _ => before.is_some_and(|(was, letter)| was && letter == c),
            }
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What stands under the pieces.
    fn marks(pattern: &str, value: &str) -> String {
        let under = |piece: &Piece<'_>| {
            let mark = match piece.mark {
                Mark::Same => " ",
                Mark::Differs => "^",
                Mark::Covered => "~",
            };
            mark.repeat(
                piece
                    .pattern
                    .chars()
                    .count()
                    .max(piece.value.chars().count()),
            )
        };
        let marks: String = align(pattern, value, true).iter().map(under).collect();
        marks.trim_end().to_owned()
    }

    #[test]
    fn what_differs_is_marked() {
        for (pattern, value, expected) in [
            ("repo:o/r:ref:b", "repo:o/r:ref:a", "             ^"),
            ("repo:o/r:*", "repo:o@1/r:x", "      ^^   ~"),
            ("repo:octo/r", "repo:Octo/r", "     ^"),
            ("[\"a:b\", \"c\"]", "\"a:b\"", "^     ^^^^^^"),
            ("a", "a", ""),
            ("abc", "", "^^^"),
            ("r:??", "r:ab", "  ~~"),
            ("r:?", "r:abc", "  ^^^"),
        ] {
            assert_eq!(marks(pattern, value), expected, "{pattern} {value}");
        }
    }

    #[test]
    fn no_letter_is_lost() {
        for (pattern, value) in [
            ("repo:o/*:ref", "repo:o@1/r:environment:x"),
            ("", "é"),
            ("a:é/b", "é:a/ab"),
        ] {
            for most in [0, 1, 3, 24] {
                let pieces = align(pattern, value, true);
                let cut: Vec<Piece<'_>> = pieces
                    .into_iter()
                    .flat_map(|piece| piece.cut(most))
                    .collect();
                let patterns: String = cut.iter().map(|piece| piece.pattern).collect();
                let values: String = cut.iter().map(|piece| piece.value).collect();
                assert_eq!((patterns.as_str(), values.as_str()), (pattern, value));
                assert!(most == 0 || cut.iter().all(|piece| piece.value.chars().count() <= most));
            }
        }
    }

    #[test]
    fn a_pattern_fits_as_far_as_it_goes() {
        for (pattern, value, wildcards, fits) in [
            ("repo:o/r:*", "repo:o@1/r@2:ref", true, "repo:o"),
            ("repo:o/r:ref", "repo:o/r:env", true, "repo:o/r:"),
            ("repo:o/*", "repo:o/r", false, "repo:o/"),
            ("repo:?/r", "repo:o/r:x", true, "repo:?/r"),
            ("é*x", "éab", true, "é*"),
        ] {
            let found = fitting(pattern, value, wildcards);
            assert_eq!(pattern.get(..found), Some(fits));
        }
    }
}
