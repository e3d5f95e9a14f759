//! What a template left open, and what was assumed on the way.

use std::collections::{HashMap, HashSet};

use rolecall_core::policy::Unreadable;
use rolecall_core::span::Span;

use crate::budget::Budget;
use crate::known::Known;

/// Collected while one policy is resolved.
#[derive(Debug, Clone, Default)]
pub(crate) struct Trace {
    /// Expressions that the text does not tell, and their places.
    pub(crate) left: Vec<Left>,
    /// What was assumed, in words.
    assumed: Vec<String>,
    said: HashSet<String>,
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
        if self.said.insert(what.clone()) {
            self.assumed.push(what);
        }
    }

    /// Says of a text that was made of what is known what it takes for granted.
    pub(crate) fn assume_of(&mut self, text: &str) {
        if let Some(assumption) = Known::assumption(text) {
            self.assume(assumption);
        }
    }

    /// The notes for a policy.
    pub(crate) fn notes(&self, budget: &Budget) -> Vec<String> {
        let mut notes: Vec<String> = self.assumed.iter().take(MOST_NOTES).cloned().collect();
        more(self.assumed.len(), "assumptions", &mut notes);
        let mut seen = HashSet::new();
        let first: Vec<&Left> = self
            .left
            .iter()
            .filter(|left| seen.insert(&*left.what))
            .collect();
        for Left { span, what } in first.iter().take(MOST_NOTES) {
            let line = budget.line(span.start);
            notes.push(format!(
                "line {line}: {what} is not known from this text and stays as it is"
            ));
        }
        more(first.len(), "expressions that stay", &mut notes);
        notes
    }

    /// Says of a fault that an expression is behind it, where one is.
    pub(crate) fn explain(&self, mut unreadable: Unreadable, help: &str) -> Unreadable {
        let place = |span: Span| (span.start, span.end);
        let left: HashMap<_, _> = self
            .left
            .iter()
            .map(|left| (place(left.span), &left.what))
            .collect();
        for fault in &mut unreadable.faults {
            if let Some(what) = left.get(&place(fault.span)) {
                fault.message = format!("{what} can't be resolved from this text alone");
                fault.help = help.to_owned();
            }
        }
        unreadable
    }
}

fn more(count: usize, what: &str, notes: &mut Vec<String>) {
    if count > MOST_NOTES {
        notes.push(format!("and {} more {what}", count - MOST_NOTES));
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
