//! Steps over what has no value here, brackets, texts and comments minded; never recursive, always linear.

use rolecall_core::span::Span;

use super::parse::Parser;
use crate::problem::Problem;

impl<'a> Parser<'a> {
    /// Blanks and comments; line ends too where they do not end an expression.
    pub(super) fn blank(&mut self, lines_end: bool) {
        loop {
            match self.peek() {
                Some(b' ' | b'\t' | b'\r') => self.at += 1,
                Some(b'\n') if !lines_end => self.at += 1,
                Some(b'#') => self.skip_line(),
                Some(b'/') if self.starts_with("//") => self.skip_line(),
                Some(b'/') if self.starts_with("/*") => {
                    self.at = self.find("*/").map_or(self.text.len(), |end| end + 2);
                }
                _ => return,
            }
        }
    }

    pub(super) fn skip_line(&mut self) {
        self.at = self.find("\n").unwrap_or(self.text.len());
    }

    /// Whether an expression can end here.
    pub(super) fn at_stop(&self, lines_end: bool) -> bool {
        match self.peek() {
            None | Some(b',' | b')' | b']' | b'}') => true,
            Some(b'\n') => lines_end,
            Some(b'~') => self.starts_with("~}"),
            _ => false,
        }
    }

    /// Goes on to where the expression ends.
    pub(super) fn skip_value(&mut self, lines_end: bool) -> Result<(), Problem> {
        loop {
            self.blank(lines_end);
            if self.at_stop(lines_end) {
                return Ok(());
            }
            match self.peek() {
                Some(b'(' | b'[' | b'{' | b'"') => self.skip_bracket()?,
                Some(b'<') if self.heredoc_name().is_some() => self.skip_heredoc()?,
                _ => self.next_char(),
            }
        }
    }

    /// From an opening bracket or quote to behind the one that closes it.
    pub(super) fn skip_bracket(&mut self) -> Result<(), Problem> {
        let start = self.at;
        let mut open: Vec<u8> = Vec::new();
        loop {
            let in_text = open.last() == Some(&b'"');
            match self.peek() {
                None => return Err(self.unclosed(start)),
                Some(byte) if in_text => self.in_text(byte, &mut open),
                Some(byte) => self.in_code(byte, &mut open)?,
            }
            if open.is_empty() {
                return Ok(());
            }
        }
    }

    fn in_text(&mut self, byte: u8, open: &mut Vec<u8>) {
        if byte == b'"' {
            open.pop();
            self.at += 1;
        } else if byte == b'\\' {
            self.at += 1;
            self.next_char();
        } else if self.starts_with("$${") || self.starts_with("%%{") {
            self.at += 3;
        } else if self.starts_with("${") || self.starts_with("%{") {
            open.push(b'}');
            self.at += 2;
        } else {
            self.next_char();
        }
    }

    fn in_code(&mut self, byte: u8, open: &mut Vec<u8>) -> Result<(), Problem> {
        match byte {
            b'(' => open.push(b')'),
            b'[' => open.push(b']'),
            b'{' => open.push(b'}'),
            b'"' => open.push(b'"'),
            b')' | b']' | b'}' => {
                if open.pop() != Some(byte) {
                    let found = char::from(byte);
                    return Err(self.problem(
                        Span::new(self.at, self.at + 1),
                        format!("`{found}` closes nothing that is open"),
                    ));
                }
            }
            b'<' if self.heredoc_name().is_some() => return self.skip_heredoc(),
            b'#' | b'/' => {
                let before = self.at;
                self.blank(true);
                if self.at > before {
                    return Ok(());
                }
            }
            _ => {
                self.next_char();
                return Ok(());
            }
        }
        self.at += 1;
        Ok(())
    }

    /// The name in `<<NAME` or `<<-NAME`.
    pub(super) fn heredoc_name(&self) -> Option<&'a str> {
        let rest = self.rest().strip_prefix("<<")?;
        let rest = rest.strip_prefix('-').unwrap_or(rest);
        let name = rest.lines().next()?.trim_end();
        let is_name = !name.is_empty()
            && name
                .chars()
                .all(|c| c.is_alphanumeric() || c == '_' || c == '-');
        is_name.then_some(name)
    }

    /// Steps over a heredoc; returns the place of its lines.
    pub(super) fn skip_heredoc(&mut self) -> Result<(), Problem> {
        self.heredoc_lines().map(|_| ())
    }

    pub(super) fn heredoc_lines(&mut self) -> Result<Span, Problem> {
        let start = self.at;
        let name = self.heredoc_name().unwrap_or_default();
        self.skip_line();
        self.at = (self.at + 1).min(self.text.len());
        let first = self.at;
        while self.at < self.text.len() {
            let line_start = self.at;
            self.skip_line();
            let line = self.text.get(line_start..self.at).unwrap_or_default();
            if line.trim() == name {
                return Ok(Span::new(first, line_start));
            }
            self.at = (self.at + 1).min(self.text.len());
        }
        let message = format!("the heredoc is not closed: no line has only `{name}`");
        Err(self.problem(Span::new(start, first), message))
    }
}
