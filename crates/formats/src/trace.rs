//! What a template left open, and what was assumed on the way.

use rolecall_core::policy::Unreadable;
use rolecall_core::span::{Source, Span};

/// Collected while one policy is resolved.
#[derive(Debug, Clone, Default)]
pub(crate) struct Trace {
    /// Expressions that the text does not tell, and their places.
    pub(crate) left: Vec<Left>,
    /// What was assumed, in words.
    pub(crate) assumed: Vec<String>,
}

/// An expression that stays as it is.
#[derive(Debug, Clone)]
pub(crate) struct Left {
    pub(crate) span: Span,
    /// As it stands in the text, shortened.
    pub(crate) what: String,
}

/// The most notes of a kind; the rest is counted.
const MOST_NOTES: usize = 8;

impl Trace {
    pub(crate) fn leave(&mut self, span: Span, what: &str) {
        self.left.push(Left {
            span,
            what: shorten(what),
        });
    }

    /// Says once what was assumed.
    pub(crate) fn assume(&mut self, what: String) {
        if !self.assumed.contains(&what) {
            self.assumed.push(what);
        }
    }

    /// The notes for a policy, lines counted in `source`.
    pub(crate) fn notes(&self, source: &Source) -> Vec<String> {
        let mut notes = self.assumed.clone();
        let mut left: Vec<String> = Vec::new();
        for Left { span, what } in &self.left {
            let line = source.position(span.start).line;
            let note = format!("line {line}: {what} is not known from this text and stays as it is");
            if !left.contains(&note) {
                left.push(note);
            }
            if left.len() > MOST_NOTES {
                left.pop();
                left.push(format!("and {} more", self.left.len() - MOST_NOTES));
                break;
            }
        }
        notes.append(&mut left);
        notes
    }

    /// Says of a fault that an expression is behind it, where one is.
    pub(crate) fn explain(&self, mut unreadable: Unreadable, help: &str) -> Unreadable {
        for fault in &mut unreadable.faults {
            let left = self.left.iter().find(|left| left.span == fault.span);
            if let Some(left) = left {
                fault.message = format!("{} can't be resolved from this text alone", left.what);
                fault.help = help.to_owned();
            }
        }
        unreadable
    }
}

/// An expression on one line, in backticks.
pub(crate) fn shorten(what: &str) -> String {
    const MOST: usize = 60;
    let line = what.split_whitespace().collect::<Vec<_>>().join(" ");
    if line.chars().count() <= MOST {
        return format!("`{line}`");
    }
    let short: String = line.chars().take(MOST).collect();
    format!("`{short}...`")
}
