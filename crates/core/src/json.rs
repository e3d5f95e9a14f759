//! Strict JSON with a span on every value, duplicate keys kept.
//!
//! The parser is `jsonc-parser` with every leniency off; it bounds the nesting. What it would still let
//! through is refused here: control characters in strings, and white space that is not JSON's.
//!
//! ```
//! use rolecall_core::json;
//!
//! let node = json::parse(r#"{"a": 1, "a": 2}"#).unwrap();
//! assert_eq!(node.members().unwrap().len(), 2, "both members are kept");
//!
//! let error = json::parse("{\"a\": 1,}").unwrap_err();
//! assert_eq!(error.message, "a trailing comma is not allowed");
//! ```

use std::borrow::Cow;
use std::fmt;

use jsonc_parser::errors::{ParseError, ParseErrorKind};
use jsonc_parser::{CollectOptions, ParseOptions, ast, common::Ranged};

use crate::span::Span;

/// The longest text that is read, in bytes: account dumps are large, policies are not.
pub const MAX_BYTES: usize = 16 << 20;
/// The deepest nesting that is read: the parser's own limit. A policy needs 6 levels, an account dump about 12.
pub const MAX_DEPTH: usize = 512;

/// A value and where it stands.
#[derive(Debug, Clone, PartialEq)]
pub struct Node<'a> {
    /// The value's place, quotes and brackets included.
    pub span: Span,
    /// The value.
    pub kind: Kind<'a>,
}

/// The six kinds of JSON value. Numbers keep their text, so that nothing is rounded.
#[derive(Debug, Clone, PartialEq)]
pub enum Kind<'a> {
    /// `null`
    Null,
    /// `true` or `false`
    Bool(bool),
    /// A number as written.
    Number(&'a str),
    /// A string with its escapes resolved.
    String(Cow<'a, str>),
    /// A list.
    Array(Vec<Node<'a>>),
    /// An object: every member in the order of the text, repeated keys included.
    Object(Vec<Member<'a>>),
}

/// A key and its value.
#[derive(Debug, Clone, PartialEq)]
pub struct Member<'a> {
    /// The key with its escapes resolved.
    pub key: Cow<'a, str>,
    /// The key's place, quotes included.
    pub key_span: Span,
    /// The value.
    pub value: Node<'a>,
}

/// Why a text is not JSON, and where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct JsonError {
    /// The place.
    pub span: Span,
    /// What is wrong: lower case, no full stop.
    pub message: String,
}

impl fmt::Display for JsonError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for JsonError {}

impl<'a> Node<'a> {
    /// The members of an object.
    #[must_use]
    pub fn members(&self) -> Option<&[Member<'a>]> {
        match &self.kind {
            Kind::Object(members) => Some(members),
            _ => None,
        }
    }

    /// The text of a string.
    #[must_use]
    pub fn as_str(&self) -> Option<&str> {
        match &self.kind {
            Kind::String(text) => Some(text),
            _ => None,
        }
    }

    /// The value of a key; the last one where the key is repeated, as JSON tools do.
    #[must_use]
    pub fn get(&self, key: &str) -> Option<&Self> {
        let member = self.members()?.iter().rev().find(|m| m.key == key)?;
        Some(&member.value)
    }

    /// The kind in words, for messages: "a string", "an object".
    #[must_use]
    pub fn kind_name(&self) -> &'static str {
        match self.kind {
            Kind::Null => "null",
            Kind::Bool(_) => "a boolean",
            Kind::Number(_) => "a number",
            Kind::String(_) => "a string",
            Kind::Array(_) => "a list",
            Kind::Object(_) => "an object",
        }
    }
}

/// Reads one JSON value.
///
/// # Errors
/// The text is no JSON, nested deeper than [`MAX_DEPTH`], or longer than [`MAX_BYTES`].
pub fn parse(text: &str) -> Result<Node<'_>, JsonError> {
    let text_span = Span::new(0, text.len());
    if text.len() > MAX_BYTES {
        return Err(error(text_span, "the text is longer than 16 MiB"));
    }
    if text.bytes().any(is_suspect) {
        check_bytes(text)?;
    }
    let parsed = jsonc_parser::parse_to_ast(text, &CollectOptions::default(), &strict());
    let value = parsed
        .map_err(|parse_error| describe(&parse_error, text))?
        .value;
    let mut converter = Converter { text, stray: None };
    let node = value.map(|value| converter.node(value));
    match (converter.stray, node) {
        (Some(at), _) => Err(control_character(text, at)),
        (None, Some(node)) => Ok(node),
        (None, None) => Err(error(text_span, "the text is empty")),
    }
}

const fn strict() -> ParseOptions {
    ParseOptions {
        allow_comments: false,
        allow_loose_object_property_names: false,
        allow_trailing_commas: false,
        allow_missing_commas: false,
        allow_single_quoted_strings: false,
        allow_hexadecimal_numbers: false,
        allow_unary_plus_numbers: false,
        allow_bare_decimal_point_numbers: false,
        allow_non_finite_numbers: false,
        allow_extended_string_escapes: false,
    }
}

fn error(span: Span, message: impl Into<String>) -> JsonError {
    JsonError {
        span,
        message: message.into(),
    }
}

/// Bytes that no policy needs outside of its strings: only a text that has them is looked at closely.
const fn is_suspect(byte: u8) -> bool {
    matches!(byte, 0x0b | 0x0c | 0x80..)
}

/// The bytes of a text, each with its place and whether it stands in a string; quotes and escaped
/// characters are left out.
fn bytes(text: &str) -> impl Iterator<Item = (usize, u8, bool)> {
    let mut in_string = false;
    let mut escaped = false;
    text.bytes().enumerate().filter_map(move |(at, byte)| {
        match byte {
            _ if escaped => escaped = false,
            b'"' => in_string = !in_string,
            b'\\' if in_string => escaped = true,
            _ => return Some((at, byte, in_string)),
        }
        None
    })
}

/// Refuses white space that the parser takes but JSON does not, and what is no ASCII outside of strings.
fn check_bytes(text: &str) -> Result<(), JsonError> {
    let stray = bytes(text).find(|(_, byte, in_string)| !in_string && is_suspect(*byte));
    stray.map_or(Ok(()), |(at, ..)| Err(stray_character(text, at)))
}

/// Where the brackets that stay open were opened.
fn open_brackets(text: &str) -> Vec<usize> {
    let mut open = Vec::new();
    for (at, byte, _) in bytes(text).filter(|(.., in_string)| !in_string) {
        match byte {
            b'{' | b'[' => open.push(at),
            b'}' | b']' => drop(open.pop()),
            _ => {}
        }
    }
    open
}

/// A control character in a string before `end`: most often the string was not closed, and what the
/// parser stumbles over comes later.
fn control_before(text: &str, end: usize) -> Option<JsonError> {
    let (at, ..) = bytes(text)
        .take_while(|(at, ..)| *at < end)
        .find(|(_, byte, in_string)| *in_string && *byte < 0x20)?;
    Some(control_character(text, at))
}

fn control_character(text: &str, at: usize) -> JsonError {
    let byte = text.as_bytes().get(at).copied().unwrap_or_default();
    let message = match byte {
        b'\n' | b'\r' => "the string is not closed on its line".to_owned(),
        _ => format!("control character U+{byte:04X} in a string; write it as an escape"),
    };
    error(Span::new(at, at + 1), message)
}

fn stray_character(text: &str, at: usize) -> JsonError {
    let c = text
        .get(at..)
        .and_then(|rest| rest.chars().next())
        .unwrap_or_default();
    let hint = match c {
        '“' | '”' | '„' | '«' | '»' => "; JSON strings use straight quotes",
        c if c.is_whitespace() || c == '\u{feff}' => {
            "; it looks like a blank, but JSON allows none of its kind"
        }
        _ => "",
    };
    let message = format!(
        "unexpected character `{}` (U+{:04X}){hint}",
        c.escape_debug(),
        c as u32
    );
    error(Span::new(at, at + c.len_utf8()), message)
}

/// Turns the parser's tree into ours, and looks for control characters in strings, which the parser takes.
struct Converter<'a> {
    text: &'a str,
    stray: Option<usize>,
}

impl<'a> Converter<'a> {
    fn node(&mut self, value: ast::Value<'a>) -> Node<'a> {
        let range = value.range();
        let kind = match value {
            ast::Value::NullKeyword(_) => Kind::Null,
            ast::Value::BooleanLit(b) => Kind::Bool(b.value),
            ast::Value::NumberLit(n) => Kind::Number(n.value),
            ast::Value::StringLit(s) => {
                self.look_at(s.range.start, s.range.end);
                Kind::String(s.value)
            }
            ast::Value::Array(a) => {
                Kind::Array(a.elements.into_iter().map(|item| self.node(item)).collect())
            }
            ast::Value::Object(o) => {
                Kind::Object(o.properties.into_iter().map(|p| self.member(p)).collect())
            }
        };
        Node {
            span: Span::new(range.start, range.end),
            kind,
        }
    }

    fn member(&mut self, property: ast::ObjectProp<'a>) -> Member<'a> {
        let range = property.name.range();
        self.look_at(range.start, range.end);
        let key = match property.name {
            ast::ObjectPropName::String(s) => s.value,
            ast::ObjectPropName::Word(w) => Cow::Borrowed(w.value),
        };
        Member {
            key,
            key_span: Span::new(range.start, range.end),
            value: self.node(property.value),
        }
    }

    fn look_at(&mut self, start: usize, end: usize) {
        let raw = self.text.as_bytes().get(start..end).unwrap_or_default();
        if self.stray.is_none() && raw.iter().any(|byte| *byte < 0x20) {
            self.stray = raw
                .iter()
                .position(|byte| *byte < 0x20)
                .map(|at| start + at);
        }
    }
}

/// Says what the parser found in our words; names the bracket that was left open, where that is the cause.
fn describe(parse_error: &ParseError, text: &str) -> JsonError {
    use ParseErrorKind as K;
    let range = parse_error.range();
    let span = Span::new(range.start, range.end);
    if let Some(earlier) = control_before(text, span.end) {
        return earlier;
    }
    let found = text.get(span.start..span.end).unwrap_or_default();
    let message = match parse_error.kind() {
        K::UnterminatedObject | K::UnterminatedArray => return unclosed(text),
        K::NestingDepthExceeded => "nested deeper than 512 levels".to_owned(),
        K::TrailingCommasNotAllowed => "a trailing comma is not allowed".to_owned(),
        K::CommentsNotAllowed => "a comment is not allowed in a policy".to_owned(),
        K::SingleQuotedStringsNotAllowed => "strings use double quotes".to_owned(),
        K::ExpectedComma => return missing_comma(text, span),
        K::ExpectedColonAfterObjectKey => {
            format!("expected `:` after the key, found {}", quoted(found))
        }
        K::ExpectedObjectValue => "expected a value after `:`".to_owned(),
        K::ExpectedStringObjectProperty | K::UnexpectedTokenInObject => {
            format!("expected a key in double quotes, found {}", quoted(found))
        }
        K::MultipleRootJsonValues => {
            format!("unexpected {} after the end of the document", quoted(found))
        }
        K::String(kind) => lower_first(&kind.to_string()),
        K::UnexpectedCloseBrace
        | K::UnexpectedCloseBracket
        | K::UnexpectedColon
        | K::UnexpectedComma
        | K::UnexpectedToken
        | K::UnexpectedWord => format!("expected a value, found {}", quoted(found)),
        kind => lower_first(&kind.to_string()),
    };
    error(span, message)
}

/// The parser reports a missing comma where the last value ends; people look at what follows.
fn missing_comma(text: &str, span: Span) -> JsonError {
    let rest = text.get(span.end..).unwrap_or_default();
    let start = span.end + (rest.len() - rest.trim_start().len());
    let token: String = rest.trim_start().chars().take(32).collect();
    let token = token
        .split([',', '\n', '}', ']', ':'])
        .next()
        .unwrap_or_default()
        .trim_end();
    let message = match open_brackets(text.get(..start).unwrap_or_default()).last() {
        Some(open) => {
            let close = if text.as_bytes().get(*open) == Some(&b'[') {
                ']'
            } else {
                '}'
            };
            let line = line_of(text, *open);
            format!(
                "expected `,` or the `{close}` for line {line}, found {}",
                quoted(token)
            )
        }
        None => format!("expected `,`, found {}", quoted(token)),
    };
    error(Span::new(start, start + token.len()), message)
}

fn line_of(text: &str, at: usize) -> usize {
    text.get(..at).unwrap_or_default().matches('\n').count() + 1
}

fn unclosed(text: &str) -> JsonError {
    let last = text.trim_end().len();
    let end = Span::new(last, last);
    let Some(at) = open_brackets(text).last().copied() else {
        return error(end, "the text ends too early");
    };
    let bracket = text.get(at..=at).unwrap_or_default();
    let line = line_of(text, at);
    error(
        end,
        format!("the text ends, but the `{bracket}` opened on line {line} is not closed"),
    )
}

fn quoted(found: &str) -> String {
    let found = found.trim();
    if found.is_empty() {
        return "the end of the text".to_owned();
    }
    let short: String = found.chars().take(32).collect();
    format!("`{short}`")
}

fn lower_first(text: &str) -> String {
    let mut chars = text.chars();
    chars
        .next()
        .map_or_else(String::new, |c| c.to_lowercase().chain(chars).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `(text, message, the text under the squiggle)`
    const REFUSED: &[(&str, &str, &str)] = &[
        ("", "the text is empty", ""),
        ("{\"a\": 1,}", "a trailing comma is not allowed", ","),
        (
            "{\"a\": 1 \"b\": 2}",
            "expected `,` or the `}` for line 1, found `\"b\"`",
            "\"b\"",
        ),
        ("{\"a\" 1}", "expected `:` after the key, found `1`", "1"),
        (
            "{\"a\": \"b\":1}",
            "expected a key in double quotes, found `:`",
            ":",
        ),
        ("{a: 1}", "expected a key in double quotes, found `a`", "a"),
        ("{\"a\": 'x'}", "strings use double quotes", "'"),
        ("{} {}", "unexpected `{` after the end of the document", "{"),
        ("// x\n{}", "a comment is not allowed in a policy", "// x"),
        (
            "{\n\"a\": [1",
            "the text ends, but the `[` opened on line 2 is not closed",
            "",
        ),
        ("[\"a\nb\"]", "the string is not closed on its line", "\n"),
        (
            "[\"a\tb\"]",
            "control character U+0009 in a string; write it as an escape",
            "\t",
        ),
        (
            "[\"\\ud800\"]",
            "invalid unicode escape sequence. 'd800 (unpaired high surrogate)' is not a valid UTF8 character",
            "\\ud800",
        ),
        (
            "{“a”: 1}",
            "unexpected character `“` (U+201C); JSON strings use straight quotes",
            "“",
        ),
        ("[01]", "expected `,` or the `]` for line 1, found `1`", "1"),
        ("[+1]", "unary plus on numbers is not allowed", "+"),
    ];

    #[test]
    fn every_refusal_says_what_and_where() {
        for (text, message, under) in REFUSED {
            let error = parse(text).expect_err(text);
            assert_eq!(error.message, *message, "{text}");
            let found = text
                .get(error.span.start..error.span.end)
                .unwrap_or_default();
            assert!(found.starts_with(under), "{text}: {found:?}");
        }
    }

    #[test]
    fn depth_is_bounded() {
        let deep = "[".repeat(200_000);
        assert_eq!(
            parse(&deep).unwrap_err().message,
            "nested deeper than 512 levels"
        );
    }

    #[test]
    fn numbers_keep_their_text() {
        let node = parse("9007199254740993").unwrap();
        assert_eq!(node.kind, Kind::Number("9007199254740993"));
    }

    proptest::proptest! {
        #[test]
        fn accepts_exactly_what_serde_json_accepts(text in "[\\[\\]{}:,\"a-c0-2\\\\eE.+\\- \\t\\n\u{a0}tfn/u]{0,24}") {
            proptest::prop_assert_eq!(parse(&text).is_ok(), serde_json::from_str::<serde_json::Value>(&text).is_ok(), "{:?}", text);
        }

        #[test]
        fn no_text_panics(text in "\\PC{0,64}") {
            let _ = parse(&text);
        }
    }
}
