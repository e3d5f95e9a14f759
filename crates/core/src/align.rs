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
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Piece {
    /// Of the pattern.
    pub pattern: String,
    /// Of the value.
    pub value: String,
    /// How they relate.
    pub mark: Mark,
}

impl Piece {
    fn new(pattern: &str, value: &str, mark: Mark) -> Self {
        Self {
            pattern: pattern.to_owned(),
            value: value.to_owned(),
            mark,
        }
    }

    /// Cuts a piece into those of at most so many characters; 0 does not cut.
    #[must_use]
    pub fn cut(self, most: usize) -> Vec<Self> {
        let pattern: Vec<char> = self.pattern.chars().collect();
        let value: Vec<char> = self.value.chars().collect();
        let longest = pattern.len().max(value.len());
        if longest <= most || most == 0 {
            return vec![self];
        }
        let part = |text: &[char], at: usize| text.iter().skip(at * most).take(most).collect();
        (0..longest.div_ceil(most))
            .map(|at| Self {
                pattern: part(&pattern, at),
                value: part(&value, at),
                mark: self.mark,
            })
            .collect()
    }
}

/// Pairs the equal segments of both values in order, and looks closer at what lies between them. `wildcards`: `*` and
/// `?` in the pattern are wildcards.
///
/// ```
/// use rolecall_core::align::{Mark, align};
///
/// let pieces = align("repo:octo-org/*", "repo:octo-org/octo-repo", true);
/// let last = pieces.last().unwrap();
/// assert_eq!((last.pattern.as_str(), last.value.as_str(), last.mark), ("*", "octo-repo", Mark::Covered));
/// ```
#[must_use]
pub fn align(pattern: &str, value: &str, wildcards: bool) -> Vec<Piece> {
    let (a, b) = (segments(pattern), segments(value));
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
        false => push(pieces, &a, &b, mark(&a, &b, wildcards)),
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
    let (inner_a, inner_b) = (inner(a), inner(b));
    push(pieces, head, head, Mark::Same);
    push(
        pieces,
        &inner_a,
        &inner_b,
        mark(&inner_a, &inner_b, wildcards),
    );
    push(pieces, tail, tail, Mark::Same);
}

/// Texts of one length: letter case and swapped letters show best so.
fn char_by_char(pieces: &mut Vec<Piece>, a: &str, b: &str, wildcards: bool) {
    for (x, y) in a.chars().zip(b.chars()) {
        let (x_text, y_text) = (x.to_string(), y.to_string());
        let mark = if x == y {
            Mark::Same
        } else {
            mark(&x_text, &y_text, wildcards)
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

fn mark(pattern: &str, value: &str, wildcards: bool) -> Mark {
    let is_run = || {
        !pattern.is_empty()
            && pattern.chars().all(|c| c == '?')
            && pattern.len() == value.chars().count()
    };
    if wildcards && (pattern == "*" || is_run()) {
        return Mark::Covered;
    }
    Mark::Differs
}

fn push(pieces: &mut Vec<Piece>, pattern: &str, value: &str, mark: Mark) {
    if !pattern.is_empty() || !value.is_empty() {
        pieces.push(Piece::new(pattern, value, mark));
    }
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
        let under = |piece: &Piece| {
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
                let cut: Vec<Piece> = pieces
                    .into_iter()
                    .flat_map(|piece| piece.cut(most))
                    .collect();
                let whole = |side: fn(&Piece) -> &str| cut.iter().map(side).collect::<String>();
                assert_eq!(whole(|piece| &piece.pattern), pattern);
                assert_eq!(whole(|piece| &piece.value), value);
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
