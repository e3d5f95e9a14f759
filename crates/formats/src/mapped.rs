//! A text that was taken out of another one, with the way back for its places.

use rolecall_core::span::Span;

/// A decoded text and where its pieces come from.
#[derive(Debug, Clone, Default)]
pub(crate) struct Mapped {
    pub(crate) text: String,
    pieces: Vec<Piece>,
}

#[derive(Debug, Clone, Copy)]
struct Piece {
    /// Where the piece starts in the decoded text.
    at: usize,
    /// Where it comes from.
    from: Span,
    /// Whether it is there letter by letter; else its place is the whole of `from`.
    verbatim: bool,
}

impl Mapped {
    /// Adds a stretch that stands as it is at `from`.
    pub(crate) fn push(&mut self, text: &str, from: usize) {
        self.add(text, Span::new(from, from + text.len()), true);
    }

    /// Adds a text that stands for what is written at `from`.
    pub(crate) fn push_for(&mut self, text: &str, from: Span) {
        self.add(text, from, false);
    }

    /// Adds a part of another mapped text.
    pub(crate) fn push_part(&mut self, other: &Self, part: Span) {
        let first = other.index(part.start);
        for (index, piece) in other.pieces.iter().enumerate().skip(first) {
            if piece.at >= part.end {
                break;
            }
            let next = other.pieces.get(index + 1);
            let start = piece.at.max(part.start);
            let end = next.map_or(other.text.len(), |next| next.at).min(part.end);
            let text = other.text.get(start..end).unwrap_or_default();
            if piece.verbatim {
                self.push(text, piece.from.start + (start - piece.at));
            } else {
                self.push_for(text, piece.from);
            }
        }
    }

    fn add(&mut self, text: &str, from: Span, verbatim: bool) {
        if text.is_empty() {
            return;
        }
        self.pieces.push(Piece {
            at: self.text.len(),
            from,
            verbatim,
        });
        self.text.push_str(text);
    }

    /// The piece that holds a byte; the last one for the end.
    fn index(&self, byte: usize) -> usize {
        self.pieces
            .partition_point(|piece| piece.at <= byte)
            .saturating_sub(1)
    }

    /// The place, in the outer text, of a place in the decoded one.
    pub(crate) fn outer(&self, span: Span) -> Span {
        let (Some(first), Some(last)) = (
            self.pieces.get(self.index(span.start)),
            self.pieces
                .get(self.index(span.end.saturating_sub(1).max(span.start))),
        ) else {
            return Span::default();
        };
        let start = if first.verbatim {
            first.from.start + (span.start - first.at)
        } else {
            first.from.start
        };
        let end = if last.verbatim {
            last.from.start + (span.end - last.at)
        } else {
            last.from.end
        };
        Span::new(start, end.max(start))
    }

    /// Finds a string's value, as it is, in its place: in quotes, bare, after a tag, or in the lines of a YAML
    /// block. `None` where escapes or folding stand between.
    pub(crate) fn locate(text: &str, span: Span, value: &str) -> Option<Self> {
        let slice = text.get(span.start..span.end)?;
        let tag = tag_length(slice);
        let bare = slice.get(tag..)?;
        let at = span.start + tag;
        let mut mapped = Self::default();
        if bare == value {
            mapped.push(value, at);
            return Some(mapped);
        }
        let quoted = bare.get(1..bare.len().checked_sub(1)?);
        if quoted == Some(value) {
            mapped.push(value, at + 1);
            return Some(mapped);
        }
        mapped.block(bare, at, value).then_some(mapped)
    }

    /// The lines of a literal block (YAML 1.2.2, 8.1.2): each stands in the text behind its indentation.
    fn block(&mut self, bare: &str, at: usize, value: &str) -> bool {
        let header = if bare.starts_with('|') {
            bare.find('\n').map_or(bare.len(), |newline| newline + 1)
        } else {
            0
        };
        let mut at = at + header;
        let mut outer = bare.get(header..).unwrap_or_default().split_inclusive('\n');
        for line in value.split_inclusive('\n') {
            let Some(written) = outer.next() else {
                return false;
            };
            let Some(indent) = written.len().checked_sub(line.len()) else {
                return false;
            };
            let blank = written
                .get(..indent)
                .is_some_and(|indent| indent.bytes().all(|b| b == b' '));
            if !blank || !written.ends_with(line) {
                return false;
            }
            self.push(line, at + indent);
            at += written.len();
        }
        true
    }
}

/// The length of a YAML tag and the blanks behind it.
fn tag_length(slice: &str) -> usize {
    if !slice.starts_with('!') {
        return 0;
    }
    let tag = slice
        .find(|c: char| c.is_ascii_whitespace())
        .unwrap_or(slice.len());
    let rest = slice.get(tag..).unwrap_or_default();
    tag + (rest.len() - rest.trim_start_matches([' ', '\t']).len())
}

#[cfg(test)]
#[expect(clippy::string_slice, reason = "a test that can't go on has failed")]
mod tests {
    use super::*;

    /// `(text, the string's place, its value, whether it is found)`
    const STRINGS: &[(&str, &str, &str, bool)] = &[
        ("k: {\"a\": 1}", "{\"a\": 1}", "{\"a\": 1}", true),
        ("k: '{\"a\": 1}'", "'{\"a\": 1}'", "{\"a\": 1}", true),
        ("k: !Sub '{}'", "!Sub '{}'", "{}", true),
        ("k: |\n  {\n   }\n", "{\n   }\n", "{\n }\n", true),
        (
            "k: !Sub |\n  {\n   }\n",
            "!Sub |\n  {\n   }\n",
            "{\n }\n",
            true,
        ),
        ("k: >\n  a\n  b\n", "a\n  b\n", "a b\n", false),
        (
            "\"{\\\"a\\\": 1}\"",
            "\"{\\\"a\\\": 1}\"",
            "{\"a\": 1}",
            false,
        ),
    ];

    #[test]
    fn strings_are_found_where_they_stand_or_not_at_all() {
        for (text, place, value, found) in STRINGS {
            let start = text.find(place).unwrap();
            let mapped = Mapped::locate(text, Span::new(start, start + place.len()), value);
            assert_eq!(mapped.is_some(), *found, "{text}");
            let Some(mapped) = mapped else { continue };
            assert_eq!(mapped.text, *value, "{text}");
            for (at, c) in value.char_indices().filter(|(_, c)| !c.is_whitespace()) {
                let outer = mapped.outer(Span::new(at, at + c.len_utf8()));
                assert_eq!(&text[outer.start..outer.end], c.to_string(), "{text}");
            }
        }
    }

    #[test]
    fn what_stands_for_something_has_its_whole_place() {
        let text = "a ${b} c";
        let mut mapped = Mapped::default();
        mapped.push("a ", 0);
        mapped.push_for("resolved", Span::new(2, 6));
        mapped.push(" c", 6);
        let at = mapped.text.find("solve").unwrap();
        let outer = mapped.outer(Span::new(at, at + 5));
        assert_eq!(&text[outer.start..outer.end], "${b}");
        let mut part = Mapped::default();
        part.push_part(&mapped, Span::new(1, mapped.text.len()));
        assert_eq!(part.text, " resolved c");
        let end = part.text.len();
        assert_eq!(part.outer(Span::new(end - 1, end)), Span::new(7, 8));
    }
}
