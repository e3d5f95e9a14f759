//! Places in a text: byte spans, and their line, column and UTF-16 offset.
//!
//! Everything that is read from a text carries a [`Span`] from the start, so that an answer can
//! point at it. A [`Source`] turns spans into [`Position`]s; no lookup can panic, whatever the span.
//!
//! ```
//! use rolecall_core::span::{Source, Span};
//!
//! let source = Source::new("{\n  \"Sid\": \"é\"\n}");
//! let position = source.position(source.text().find("Sid").unwrap());
//! assert_eq!((position.line, position.column), (2, 4));
//! assert_eq!(source.snippet(Span::new(4, 9)), "\"Sid\"");
//! ```

use serde::Serialize;

/// A range of bytes in a text, end exclusive.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub struct Span {
    /// The first byte.
    pub start: usize,
    /// The byte after the last one.
    pub end: usize,
}

impl Span {
    /// The span from `start` to `end`.
    #[must_use]
    pub const fn new(start: usize, end: usize) -> Self {
        Self { start, end }
    }

    /// Whether another span lies in this one.
    #[must_use]
    pub const fn holds(self, other: Self) -> bool {
        self.start <= other.start && other.end <= self.end
    }

    /// The same span without its first and last byte: what stands between the quotes of a JSON string.
    #[must_use]
    pub const fn unquoted(self) -> Self {
        if self.end - self.start < 2 {
            return self;
        }
        Self::new(self.start + 1, self.end - 1)
    }
}

/// A place as people and editors count it. Lines and columns start at 1, offsets at 0.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Position {
    /// Line, 1-based.
    pub line: usize,
    /// Column in characters, 1-based.
    pub column: usize,
    /// Offset from the start of the text in bytes of UTF-8.
    pub byte: usize,
    /// Offset from the start of the text in UTF-16 units, as JavaScript counts.
    pub utf16: usize,
}

/// A text with an index of its places.
#[derive(Debug, Clone)]
pub struct Source {
    text: String,
    /// Places at the start of every line and after every [`STRIDE`] bytes, so that no place is far from one.
    marks: Vec<Position>,
}

/// How far a place is from a mark at most, in bytes: bounds the time of a look-up, also in a minified text.
const STRIDE: usize = 1024;

impl Source {
    /// Indexes the places of `text`.
    #[must_use]
    pub fn new(text: impl Into<String>) -> Self {
        let text = text.into();
        let mut here = Position::START;
        let mut marks = vec![here];
        for line in text.split_inclusive('\n') {
            let mut rest = line;
            while rest.len() > STRIDE {
                let (passed, after) = rest.split_at(rest.floor_char_boundary(STRIDE));
                here = here.after(passed);
                marks.push(here);
                rest = after;
            }
            here = here.after(rest);
            if line.ends_with('\n') {
                (here.line, here.column) = (here.line + 1, 1);
                marks.push(here);
            }
        }
        Self { text, marks }
    }

    /// The whole text.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The text of a span; empty where the span does not fit the text.
    #[must_use]
    pub fn snippet(&self, span: Span) -> &str {
        self.text.get(span.start..span.end).unwrap_or_default()
    }

    /// Where a byte stands. A byte past the end, or inside a character, counts as the next border before it.
    #[must_use]
    pub fn position(&self, byte: usize) -> Position {
        let byte = self.text.floor_char_boundary(byte);
        let next = self.marks.partition_point(|mark| mark.byte <= byte);
        let mark = self
            .marks
            .get(next.saturating_sub(1))
            .copied()
            .unwrap_or(Position::START);
        mark.after(self.text.get(mark.byte..byte).unwrap_or_default())
    }
}

impl Position {
    const START: Self = Self {
        line: 1,
        column: 1,
        byte: 0,
        utf16: 0,
    };

    /// The place behind a text without line breaks.
    fn after(self, text: &str) -> Self {
        let (chars, utf16) = if text.is_ascii() {
            (text.len(), text.len())
        } else {
            (text.chars().count(), text.encode_utf16().count())
        };
        Self {
            line: self.line,
            column: self.column + chars,
            byte: self.byte + text.len(),
            utf16: self.utf16 + utf16,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_count_characters_and_utf16_counts_units() {
        let source = Source::new("a\n𐐀é\"x");
        let position = source.position(source.text().find('x').unwrap_or_default());
        assert_eq!(
            position,
            Position {
                line: 2,
                column: 4,
                byte: 9,
                utf16: 6
            }
        );
    }

    #[test]
    fn long_lines_have_marks() {
        let source = Source::new(format!("{}x\ny", "é".repeat(5_000)));
        let at = |c| source.position(source.text().find(c).unwrap());
        assert_eq!(
            (at('x').line, at('x').column, at('x').utf16),
            (1, 5_001, 5_000)
        );
        assert_eq!((at('y').line, at('y').column, at('y').utf16), (2, 1, 5_002));
    }

    #[test]
    fn no_position_can_panic() {
        let source = Source::new("é");
        assert_eq!(source.position(1).byte, 0);
        assert_eq!(source.position(99).byte, 2);
        assert_eq!(source.snippet(Span::new(1, 9)), "");
    }
}
