//! Quoted texts and heredocs (hashicorp/hcl, `hclsyntax/spec.md`, "Template Expressions").

use std::borrow::Cow;

use rolecall_core::span::Span;

use super::parse::Parser;
use super::syntax::Part;
use crate::problem::Problem;

impl<'a> Parser<'a> {
    /// A text in quotes: backslash escapes, `$${` and `%%{`, interpolations.
    pub(super) fn quoted(&mut self) -> Result<Vec<Part<'a>>, Problem> {
        let start = self.at;
        self.at += 1;
        let mut parts = Vec::new();
        loop {
            match self.peek() {
                None | Some(b'\n') => return Err(self.unclosed(start)),
                Some(b'"') => break,
                _ => self.part(self.text.len(), true, &mut parts)?,
            }
        }
        self.at += 1;
        Ok(parts)
    }

    /// The lines of a heredoc; `<<-` takes away the indentation that all of them have.
    pub(super) fn heredoc(&mut self) -> Result<Vec<Part<'a>>, Problem> {
        let is_flush = self.starts_with("<<-");
        let lines = self.heredoc_lines()?;
        let after = self.at;
        let indent = if is_flush {
            indentation(self.slice(lines))
        } else {
            0
        };
        let mut parts = Vec::new();
        self.at = lines.start;
        while self.at < lines.end {
            let line = self.slice(Span::new(self.at, lines.end));
            let blanks = line.len() - line.trim_start_matches(' ').len();
            self.at += indent.min(blanks);
            self.heredoc_line(lines.end, &mut parts)?;
        }
        self.at = after;
        Ok(parts)
    }

    fn heredoc_line(&mut self, end: usize, parts: &mut Vec<Part<'a>>) -> Result<(), Problem> {
        while self.at < end {
            if self.peek() == Some(b'\n') {
                let span = Span::new(self.at, self.at + 1);
                parts.push(Part::Text {
                    text: Cow::Borrowed("\n"),
                    span,
                });
                self.at += 1;
                return Ok(());
            }
            self.part(end, false, parts)?;
        }
        Ok(())
    }

    /// One interpolation, directive, escape, or stretch without any of them.
    fn part(
        &mut self,
        end: usize,
        is_quoted: bool,
        parts: &mut Vec<Part<'a>>,
    ) -> Result<(), Problem> {
        let start = self.at;
        if self.starts_with("$${") || self.starts_with("%%{") {
            let text = if self.starts_with("$") { "${" } else { "%{" };
            self.at += 3;
            parts.push(Part::Text {
                text: Cow::Borrowed(text),
                span: Span::new(start, self.at),
            });
        } else if self.starts_with("${") {
            parts.push(self.interpolation()?);
        } else if self.starts_with("%{") {
            self.at += 1;
            self.skip_bracket()?;
            parts.push(Part::Directive(Span::new(start, self.at)));
        } else if is_quoted && self.peek() == Some(b'\\') {
            parts.push(self.escape()?);
        } else {
            self.stretch(end, is_quoted);
            let span = Span::new(start, self.at);
            parts.push(Part::Text {
                text: Cow::Borrowed(self.slice(span)),
                span,
            });
        }
        Ok(())
    }

    /// At least one character, up to the next that means something.
    fn stretch(&mut self, end: usize, is_quoted: bool) {
        let rest = self.text.get(self.at..end).unwrap_or_default();
        let means = |c: char| matches!(c, '$' | '%' | '\n') || is_quoted && matches!(c, '"' | '\\');
        let first = rest.chars().next().map_or(1, char::len_utf8);
        let tail = rest.get(first..).unwrap_or_default();
        self.at += first + tail.find(means).unwrap_or(tail.len());
    }

    fn interpolation(&mut self) -> Result<Part<'a>, Problem> {
        let start = self.at;
        self.at += 2;
        if self.peek() == Some(b'~') {
            self.at += 1;
        }
        let value = self.expr(false)?;
        if self.peek() == Some(b'~') {
            self.at += 1;
        }
        if self.peek() != Some(b'}') {
            return Err(self.unclosed(start));
        }
        self.at += 1;
        Ok(Part::Value {
            value,
            span: Span::new(start, self.at),
        })
    }

    fn escape(&mut self) -> Result<Part<'a>, Problem> {
        let start = self.at;
        let rest = self.rest();
        let hex = |length: usize| {
            let code = rest
                .get(2..2 + length)
                .filter(|code| code.bytes().all(|b| b.is_ascii_hexdigit()))?;
            char::from_u32(u32::from_str_radix(code, 16).ok()?).map(|c| (c, 2 + length))
        };
        let escaped = match rest.as_bytes().get(1) {
            Some(b'n') => Some(('\n', 2)),
            Some(b'r') => Some(('\r', 2)),
            Some(b't') => Some(('\t', 2)),
            Some(b'"') => Some(('"', 2)),
            Some(b'\\') => Some(('\\', 2)),
            Some(b'u') => hex(4),
            Some(b'U') => hex(8),
            _ => None,
        };
        let Some((c, length)) = escaped else {
            return Err(self.problem(
                Span::new(start, start + 1),
                "unknown escape; known are \\n \\r \\t \\\" \\\\ \\uNNNN \\UNNNNNNNN",
            ));
        };
        self.at += length;
        Ok(Part::Text {
            text: Cow::Owned(c.to_string()),
            span: Span::new(start, self.at),
        })
    }
}

/// The blanks that every line with text begins with.
fn indentation(lines: &str) -> usize {
    let with_text = lines.lines().filter(|line| !line.trim().is_empty());
    with_text
        .map(|line| line.len() - line.trim_start_matches(' ').len())
        .min()
        .unwrap_or(0)
}
