//! What one text may cost, and its line numbers.

use std::cell::Cell;

/// Shared by everything that is read out of one text, so that many roles that refer to one long list cost
/// no more than the text's length allows.
#[derive(Debug)]
pub(crate) struct Budget {
    left: Cell<usize>,
    /// Where each line starts. `Source` counts columns too, which is slow on long lines.
    lines: Vec<usize>,
}

/// What any value costs beside its length.
const VALUE: usize = 16;
/// A policy of 4096 characters, the most that IAM stores, costs about ten times its length.
const LEAST: usize = 1 << 20;

impl Budget {
    pub(crate) fn new(text: &str) -> Self {
        let newlines = text.bytes().enumerate().filter(|(_, byte)| *byte == b'\n');
        Self {
            left: Cell::new(LEAST + 8 * text.len()),
            lines: newlines.map(|(at, _)| at + 1).collect(),
        }
    }

    /// Takes the cost of a value of this length; `None` where nothing is left.
    pub(crate) fn spend(&self, length: usize) -> Option<()> {
        let left = self.left.get().checked_sub(VALUE + length);
        self.left.set(left.unwrap_or(0));
        left.map(|_| ())
    }

    /// The line of a byte, 1-based.
    pub(crate) fn line(&self, byte: usize) -> usize {
        self.lines.partition_point(|start| *start <= byte) + 1
    }
}
