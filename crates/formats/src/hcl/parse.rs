//! The part of HCL's native syntax that policies are written in
//! (hashicorp/hcl, `hclsyntax/spec.md`: "Structural Elements", "Expressions", "Templates").
//!
//! ```text
//! body       = { name "=" expression newline | kind label* "{" body "}" }
//! expression = literal | template | heredoc | tuple | object | name "(" arguments ")" | reference | other
//! ```
//! `other` is every expression with operators, conditions or `for`: it is stepped over and kept as
//! text. hcl-edit was measured first: it refuses a repeated key, which is a mistake that core has to
//! name, and takes quadratic time over large objects; it is the oracle of a test.

use std::borrow::Cow;

use rolecall_core::span::Span;

use super::syntax::{Attribute, Block, Body, Expr, ExprKind};
use crate::problem::Problem;

/// As deep as core reads JSON, well within any stack.
const MOST_NESTED: usize = 64;

/// Parses a file.
pub(super) fn body(text: &str) -> Result<Body<'_>, Problem> {
    let mut parser = Parser {
        text,
        at: 0,
        depth: 0,
    };
    let body = parser.body()?;
    match parser.peek() {
        None => Ok(body),
        Some(_) => Err(parser.unexpected("a name or the end of the text")),
    }
}

/// Where the parser is in the text.
pub(super) struct Parser<'a> {
    pub(super) text: &'a str,
    pub(super) at: usize,
    depth: usize,
}

impl<'a> Parser<'a> {
    pub(super) fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    pub(super) fn rest(&self) -> &'a str {
        self.text.get(self.at..).unwrap_or_default()
    }

    pub(super) fn starts_with(&self, what: &str) -> bool {
        let bytes = self.text.as_bytes().get(self.at..).unwrap_or_default();
        bytes.starts_with(what.as_bytes())
    }

    pub(super) fn find(&self, what: &str) -> Option<usize> {
        self.rest().find(what).map(|found| self.at + found)
    }

    pub(super) fn next_char(&mut self) {
        let length = self.rest().chars().next().map_or(0, char::len_utf8);
        self.at += length;
    }

    pub(super) fn slice(&self, span: Span) -> &'a str {
        self.text.get(span.start..span.end).unwrap_or_default()
    }

    pub(super) fn problem(&self, span: Span, message: impl Into<String>) -> Problem {
        let message = format!(
            "the Terraform configuration can't be read: {}",
            message.into()
        );
        Problem::text(span, message, "`terraform validate` checks the syntax")
    }

    pub(super) fn unexpected(&self, wanted: &str) -> Problem {
        let found: String = self
            .rest()
            .lines()
            .next()
            .unwrap_or_default()
            .chars()
            .take(20)
            .collect();
        let message = match found.trim() {
            "" if self.rest().is_empty() => format!("expected {wanted}, found the end of the text"),
            "" => format!("expected {wanted}, found the end of the line"),
            found => format!("expected {wanted}, found `{found}`"),
        };
        self.problem(
            Span::new(self.at, self.at + found.trim_end().len()),
            message,
        )
    }

    pub(super) fn unclosed(&self, start: usize) -> Problem {
        let opened = self.text.get(start..=start).unwrap_or_default();
        self.problem(
            Span::new(start, start + 1),
            format!("this `{opened}` is not closed"),
        )
    }

    /// Runs a parser one level deeper.
    fn nested<T>(
        &mut self,
        parse: impl FnOnce(&mut Self) -> Result<T, Problem>,
    ) -> Result<T, Problem> {
        if self.depth >= MOST_NESTED {
            let here = Span::new(self.at, self.at);
            return Err(self.problem(here, format!("nested deeper than {MOST_NESTED} levels")));
        }
        self.depth += 1;
        let result = parse(self);
        self.depth -= 1;
        result
    }

    /// Up to the end of the text or a closing brace.
    fn body(&mut self) -> Result<Body<'a>, Problem> {
        let mut body = Body::default();
        loop {
            self.blank(false);
            if matches!(self.peek(), None | Some(b'}')) {
                return Ok(body);
            }
            self.structure(&mut body)?;
        }
    }

    fn structure(&mut self, body: &mut Body<'a>) -> Result<(), Problem> {
        let start = self.at;
        let name = self.name().ok_or_else(|| self.unexpected("a name"))?;
        let name_span = Span::new(start, self.at);
        self.blank(true);
        if self.peek() == Some(b'=') {
            self.at += 1;
            let value = self.expr(true)?;
            body.attributes.push(Attribute {
                name,
                name_span,
                value,
            });
            return self.line_end();
        }
        let labels = self.labels()?;
        let inner = self.nested(Self::braced_body)?;
        body.blocks.push(Block {
            kind: name,
            kind_span: name_span,
            labels,
            body: inner,
            span: Span::new(start, self.at),
        });
        Ok(())
    }

    /// The next attribute stands on a line of its own.
    fn line_end(&mut self) -> Result<(), Problem> {
        self.blank(true);
        match self.peek() {
            None | Some(b'\n' | b'}') => Ok(()),
            Some(_) => Err(self.unexpected("a new line")),
        }
    }

    fn labels(&mut self) -> Result<Vec<&'a str>, Problem> {
        let mut labels = Vec::new();
        loop {
            self.blank(true);
            let start = self.at;
            match self.peek() {
                Some(b'{') => return Ok(labels),
                Some(b'"') => {
                    self.skip_bracket()?;
                    labels.push(self.slice(Span::new(start, self.at).unquoted()));
                }
                _ => match self.name() {
                    Some(name) => labels.push(name),
                    None => return Err(self.unexpected("`=` or `{`")),
                },
            }
        }
    }

    fn braced_body(&mut self) -> Result<Body<'a>, Problem> {
        let start = self.at;
        self.at += 1;
        let body = self.body()?;
        if self.peek() != Some(b'}') {
            return Err(self.unclosed(start));
        }
        self.at += 1;
        Ok(body)
    }

    pub(super) fn name(&mut self) -> Option<&'a str> {
        let rest = self.rest();
        let length = rest.len()
            - rest
                .trim_start_matches(|c: char| c.is_alphanumeric() || c == '_' || c == '-')
                .len();
        let name = rest
            .get(..length)
            .filter(|name| name.starts_with(|c: char| c.is_alphabetic() || c == '_'))?;
        self.at += length;
        Some(name)
    }

    /// An expression, up to where it ends; `lines_end` outside of brackets.
    pub(super) fn expr(&mut self, lines_end: bool) -> Result<Expr<'a>, Problem> {
        self.blank(lines_end);
        if self.at_stop(lines_end) {
            return Err(self.unexpected("a value"));
        }
        let start = self.at;
        let kind = self.nested(Self::primary)?;
        let span = Span::new(start, self.at);
        self.blank(lines_end);
        let kind = kind.filter(|_| self.at_stop(lines_end));
        if let Some(kind) = kind {
            return Ok(Expr { span, kind });
        }
        self.skip_value(lines_end)?;
        let whole = self.slice(Span::new(start, self.at)).trim_end();
        Ok(Expr {
            span: Span::new(start, start + whole.len()),
            kind: ExprKind::Other(whole),
        })
    }

    /// The beginning of an expression; `None` where it is of no kind that has a value here.
    fn primary(&mut self) -> Result<Option<ExprKind<'a>>, Problem> {
        match self.peek() {
            Some(b'"') => self.quoted().map(|parts| Some(ExprKind::Template(parts))),
            Some(b'<') if self.heredoc_name().is_some() => {
                self.heredoc().map(|parts| Some(ExprKind::Template(parts)))
            }
            Some(b'[') => self.tuple(),
            Some(b'{') => self.object(),
            Some(b'(') => self.parenthesis(),
            Some(b'0'..=b'9' | b'-') => Ok(self.number()),
            _ => self.word(),
        }
    }

    fn number(&mut self) -> Option<ExprKind<'a>> {
        let rest = self.rest();
        let is_part = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '+' | '-');
        let text = rest.get(..rest.len() - rest.trim_start_matches(is_part).len())?;
        text.parse::<f64>().ok()?;
        self.at += text.len();
        Some(ExprKind::Number(text))
    }

    /// A list; `None` for `[for ...]`.
    fn tuple(&mut self) -> Result<Option<ExprKind<'a>>, Problem> {
        if self.at_for() {
            return self.skip_bracket().map(|()| None);
        }
        Ok(Some(ExprKind::Tuple(self.list(b']')?)))
    }

    /// Expressions between brackets; the parser is at the opening one.
    fn list(&mut self, closing: u8) -> Result<Vec<Expr<'a>>, Problem> {
        let start = self.at;
        self.at += 1;
        let mut items = Vec::new();
        loop {
            self.blank(false);
            match self.peek() {
                None => return Err(self.unclosed(start)),
                Some(byte) if byte == closing => break,
                _ => items.push(self.expr(false)?),
            }
            self.blank(false);
            match self.peek() {
                Some(b',') => self.at += 1,
                Some(byte) if byte == closing => break,
                None => return Err(self.unclosed(start)),
                _ => return Err(self.unexpected("`,` or a closing bracket")),
            }
        }
        self.at += 1;
        Ok(items)
    }

    fn at_for(&self) -> bool {
        let rest = self.rest().get(1..).unwrap_or_default().trim_start();
        rest.strip_prefix("for")
            .is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_whitespace()))
    }

    fn object(&mut self) -> Result<Option<ExprKind<'a>>, Problem> {
        if self.at_for() {
            return self.skip_bracket().map(|()| None);
        }
        let start = self.at;
        self.at += 1;
        let mut members = Vec::new();
        loop {
            self.blank(false);
            match self.peek() {
                None => return Err(self.unclosed(start)),
                Some(b'}') => break,
                _ => members.push(self.member()?),
            }
            self.blank(true);
            match self.peek() {
                Some(b',' | b'\n') => self.at += 1,
                Some(b'}') | None => {}
                _ => return Err(self.unexpected("`,`, a new line or `}`")),
            }
        }
        self.at += 1;
        Ok(Some(ExprKind::Object(members)))
    }

    fn member(&mut self) -> Result<(Expr<'a>, Expr<'a>), Problem> {
        let key = self.object_key()?;
        self.blank(true);
        if !matches!(self.peek(), Some(b'=' | b':')) {
            return Err(self.unexpected("`=` or `:` after the key"));
        }
        self.at += 1;
        Ok((key, self.expr(true)?))
    }

    /// A name is a key by itself; an expression must stand in parentheses or quotes.
    fn object_key(&mut self) -> Result<Expr<'a>, Problem> {
        let start = self.at;
        let kind = match self.peek() {
            Some(b'"' | b'(') => self.nested(Self::primary)?,
            Some(b'0'..=b'9') => self.number(),
            _ => None,
        };
        let kind = match kind {
            Some(ExprKind::Number(text)) => Some(key_text(text, start)),
            Some(kind) => Some(kind),
            None => self.name().map(|name| key_text(name, start)),
        };
        let kind = kind.ok_or_else(|| self.unexpected("a key"))?;
        Ok(Expr {
            span: Span::new(start, self.at),
            kind,
        })
    }

    fn parenthesis(&mut self) -> Result<Option<ExprKind<'a>>, Problem> {
        let start = self.at;
        let mut inner = self.list(b')')?;
        match (inner.pop(), inner.is_empty()) {
            (Some(expr), true) => Ok(Some(expr.kind)),
            _ => Err(self.problem(
                Span::new(start, self.at),
                "expected one expression in parentheses",
            )),
        }
    }

    /// A keyword, a call or a reference.
    fn word(&mut self) -> Result<Option<ExprKind<'a>>, Problem> {
        let start = self.at;
        let Some(name) = self.name() else {
            return Ok(None);
        };
        match (name, self.peek()) {
            ("true", _) => return Ok(Some(ExprKind::Bool(true))),
            ("false", _) => return Ok(Some(ExprKind::Bool(false))),
            ("null", _) => return Ok(Some(ExprKind::Null)),
            (_, Some(b'(')) => return Ok(Some(ExprKind::Call(name, self.list(b')')?))),
            _ => {}
        }
        loop {
            match self.peek() {
                Some(b'[') => self.skip_bracket()?,
                Some(b'.') if !self.starts_with("...") => {
                    self.at += 1;
                    let rest = self.rest();
                    let digits =
                        rest.len() - rest.trim_start_matches(|c: char| c.is_ascii_digit()).len();
                    if self.peek() == Some(b'*') {
                        self.at += 1;
                    } else if digits > 0 {
                        self.at += digits;
                    } else if self.name().is_none() {
                        return Err(self.unexpected("a name after `.`"));
                    }
                }
                _ => {
                    return Ok(Some(ExprKind::Reference(
                        self.slice(Span::new(start, self.at)),
                    )));
                }
            }
        }
    }
}

fn key_text(text: &str, start: usize) -> ExprKind<'_> {
    ExprKind::Template(vec![super::syntax::Part::Text {
        text: Cow::Borrowed(text),
        span: Span::new(start, start + text.len()),
    }])
}
