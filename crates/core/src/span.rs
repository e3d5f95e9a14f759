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
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
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

/// A text with an index of its lines.
#[derive(Debug, Clone)]
pub struct Source {
    text: String,
    /// Where each line starts: (byte, UTF-16 unit).
    lines: Vec<(usize, usize)>,
}

impl Source {
    /// Indexes the lines of `text`.
    #[must_use]
    pub fn new(text: impl Into<String>) -> Self {
        let text = text.into();
        let mut lines = vec![(0, 0)];
        let mut utf16 = 0;
        for (byte, c) in text.char_indices() {
            utf16 += c.len_utf16();
            if c == '\n' {
                lines.push((byte + 1, utf16));
            }
        }
        Self { text, lines }
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
        let line = self.lines.partition_point(|&(start, _)| start <= byte);
        let (start, utf16) = self.lines.get(line - 1).copied().unwrap_or_default();
        let before = self.text.get(start..byte).unwrap_or_default();
        Position {
            line,
            column: before.chars().count() + 1,
            byte,
            utf16: utf16 + utf16_length(before),
        }
    }
}

fn utf16_length(text: &str) -> usize {
    if text.is_ascii() {
        text.len()
    } else {
        text.encode_utf16().count()
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
    fn no_position_can_panic() {
        let source = Source::new("é");
        assert_eq!(source.position(1).byte, 0);
        assert_eq!(source.position(99).byte, 2);
        assert_eq!(source.snippet(Span::new(1, 9)), "");
    }
}
