//! The policy's text in colours: JSON tokens, and what the report says of them, line by line.

use std::collections::BTreeMap;
use std::ops::Range;

/// What the report says of the text.
#[derive(Clone, Default, PartialEq)]
pub(super) struct Marks {
    /// Places with their class, in the order of the text; empty ones are points where something is missing.
    pub(super) ranges: Vec<(Range<usize>, &'static str)>,
    /// The shape beside a line, and whether the line itself is marked.
    pub(super) lines: BTreeMap<usize, (&'static str, &'static str)>,
}

/// A line of the text.
#[derive(Clone, Default, PartialEq)]
pub(super) struct Line<'t> {
    /// The shape beside it, and whether the line itself is marked.
    pub(super) mark: (&'static str, &'static str),
    pub(super) pieces: Vec<Piece<'t>>,
}

/// A stretch of one colour. One without a letter is a point where something is missing.
#[derive(Clone, PartialEq)]
pub(super) struct Piece<'t> {
    pub(super) text: &'t str,
    /// What the token is, and what the report says of it.
    pub(super) class: (&'static str, &'static str),
}

/// The text, line by line.
pub(super) fn lines<'t>(text: &'t str, marks: &Marks) -> Vec<Line<'t>> {
    let mut marked = marks.ranges.iter().peekable();
    let mut lines = Lines::default();
    for Token { range, class } in tokens(text) {
        let mut start = range.start;
        while let Some((mark, name)) = marked.peek() {
            if mark.start >= range.end || mark.start < start {
                if mark.start < start {
                    marked.next();
                    continue;
                }
                break;
            }
            let end = mark.end.min(range.end);
            lines.push(text, start..mark.start, (class, ""));
            if mark.is_empty() {
                lines.point();
            } else {
                lines.push(text, mark.start..end, (class, name));
            }
            start = end;
            marked.next();
        }
        lines.push(text, start..range.end, (class, ""));
    }
    lines.finish(&marks.lines)
}

#[derive(Default)]
struct Lines<'t> {
    done: Vec<Line<'t>>,
    open: Line<'t>,
}

impl<'t> Lines<'t> {
    fn push(&mut self, text: &'t str, range: Range<usize>, class: (&'static str, &'static str)) {
        let piece = text.get(range).unwrap_or_default();
        for (index, line) in piece.split('\n').enumerate() {
            if index > 0 {
                self.done.push(std::mem::take(&mut self.open));
            }
            if !line.is_empty() {
                self.open.pieces.push(Piece { text: line, class });
            }
        }
    }

    fn point(&mut self) {
        self.open.pieces.push(Piece {
            text: "",
            class: ("gap0", ""),
        });
    }

    fn finish(mut self, marks: &BTreeMap<usize, (&'static str, &'static str)>) -> Vec<Line<'t>> {
        self.done.push(self.open);
        for (number, mark) in marks {
            let line = number.checked_sub(1);
            if let Some(line) = line.and_then(|index| self.done.get_mut(index)) {
                line.mark = *mark;
            }
        }
        self.done
    }
}

struct Token {
    range: Range<usize>,
    class: &'static str,
}

/// Strings, punctuation and what lies between; the whole text, in order.
fn tokens(text: &str) -> Vec<Token> {
    let bytes = text.as_bytes();
    let mut tokens = Vec::new();
    let mut start = 0;
    while let Some(&byte) = bytes.get(start) {
        let (end, class) = match byte {
            b'"' => {
                let end = end_of_string(bytes, start);
                (end, class_of_string(text, start..end))
            }
            b'{' | b'}' | b'[' | b']' | b',' | b':' => (start + 1, "p"),
            _ => (end_of_rest(bytes, start), ""),
        };
        tokens.push(Token {
            range: start..end,
            class,
        });
        start = end;
    }
    tokens
}

/// A string ends with its quote, or with the line where that is missing.
fn end_of_string(bytes: &[u8], start: usize) -> usize {
    let mut at = start + 1;
    loop {
        match bytes.get(at) {
            None | Some(b'\n') => break at,
            Some(b'"') => break at + 1,
            Some(b'\\') if bytes.get(at + 1).is_some_and(|next| *next != b'\n') => at += 2,
            Some(_) => at += 1,
        }
    }
}

fn end_of_rest(bytes: &[u8], start: usize) -> usize {
    let rest = bytes.iter().skip(start);
    start + rest.take_while(|byte| !b"\"{}[],:".contains(byte)).count()
}

const OPERATORS: [&str; 9] = [
    "String",
    "Arn",
    "Numeric",
    "Date",
    "Bool",
    "Binary",
    "IpAddress",
    "NotIpAddress",
    "ForA",
];

fn class_of_string(text: &str, range: Range<usize>) -> &'static str {
    let rest = text.get(range.end..).unwrap_or_default();
    if !rest.trim_start().starts_with(':') {
        return "s";
    }
    let name = text.get(range).unwrap_or_default().trim_matches('"');
    let is_operator = name == "Null" || OPERATORS.iter().any(|start| name.starts_with(start));
    if is_operator { "op" } else { "k" }
}

/// The same JSON with one member a line and two spaces a level. Every token stays as it is written; repeated
/// keys stay, too.
pub(super) fn formatted(text: &str) -> String {
    let mut out = String::new();
    let mut depth = 0_usize;
    let tokens = tokens(text);
    let mut words = tokens
        .iter()
        .filter_map(|token| Some(text.get(token.range.clone())?.trim()))
        .filter(|word| !word.is_empty())
        .peekable();
    while let Some(word) = words.next() {
        let closes = |next: Option<&&str>| matches!(next, Some(&"}" | &"]"));
        match word {
            "{" | "[" if closes(words.peek()) => out.push_str(word),
            "{" | "[" => {
                out.push_str(word);
                depth += 1;
                new_line(&mut out, depth);
            }
            "}" | "]" => {
                if !out.ends_with(['{', '[']) {
                    depth = depth.saturating_sub(1);
                    new_line(&mut out, depth);
                }
                out.push_str(word);
            }
            "," => {
                out.push(',');
                new_line(&mut out, depth);
            }
            ":" => out.push_str(": "),
            _ => out.push_str(word),
        }
    }
    out.push('\n');
    out
}

fn new_line(out: &mut String, depth: usize) {
    out.push('\n');
    out.extend(std::iter::repeat_n("  ", depth));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_tokens_are_the_text() {
        for text in [
            "{\"a\": [1, \"b\\\"c\"]}\n",
            "\"open\nline",
            "\"\\",
            "é\"ü\\é",
            "",
            "{{}}:,\"",
        ] {
            let mut end = 0;
            for token in tokens(text) {
                assert_eq!(token.range.start, end, "{text}");
                assert!(text.get(token.range.clone()).is_some(), "{text}");
                end = token.range.end;
            }
            assert_eq!(end, text.len(), "{text}");
        }
    }

    #[test]
    fn the_lines_are_the_text() {
        let text = "{\"a\": 1,\n\n \"b\": \"c\"}\n";
        let marks = Marks {
            ranges: vec![(6..6, "gap0"), (7..12, "sq")],
            lines: [(3, ("fail", "f")), (9, ("fail", "f"))].into(),
        };
        let lines = lines(text, &marks);
        let whole = |line: &Line<'_>| {
            line.pieces
                .iter()
                .map(|piece| piece.text)
                .collect::<String>()
        };
        let texts: Vec<String> = lines.iter().map(whole).collect();
        assert_eq!(texts.join("\n"), text);
        let shapes: Vec<&str> = lines.iter().map(|line| line.mark.0).collect();
        assert_eq!(shapes, ["", "", "fail", ""]);
    }

    #[test]
    fn formatting_keeps_every_token() {
        let text = r#"{"a":[],"a":{"b":"x, {y}","c":[1,true]},"d":{}}"#;
        let formatted = formatted(text);
        assert_eq!(
            formatted,
            "{\n  \"a\": [],\n  \"a\": {\n    \"b\": \"x, {y}\",\n    \"c\": [\n      1,\n      true\n    ]\n  },\n  \"d\": {}\n}\n"
        );
        assert_eq!(super::formatted(&formatted), formatted);
    }
}
