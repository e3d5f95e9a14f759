//! The policy's value above the token's, in lines that fit the terminal.

use rolecall_core::align::{Mark, Piece, align};
use unicode_width::UnicodeWidthStr;

use crate::clean;

/// Up to three lines that belong together: a value, the other value, the marks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Rows {
    pub(crate) above: String,
    pub(crate) below: String,
    pub(crate) marks: String,
}

/// Lays two values out in blocks of at most `most` columns. `wildcards`: `*` and `?` in the first are patterns.
pub(crate) fn rows(above: &str, below: &str, wildcards: bool, most: usize) -> Vec<Rows> {
    let (above, below) = (clean::line(above), clean::line(below));
    let pieces = align(&above, &below, wildcards);
    let mut blocks = vec![Block::default()];
    for piece in pieces.into_iter().flat_map(|piece| piece.cut(most)) {
        let fits = blocks
            .last()
            .is_some_and(|block| block.width + width(&piece) <= most);
        if !fits {
            blocks.push(Block::default());
        }
        if let Some(block) = blocks.last_mut() {
            block.push(&piece);
        }
    }
    blocks.into_iter().map(Block::rows).collect()
}

#[derive(Default)]
struct Block {
    above: String,
    below: String,
    marks: String,
    width: usize,
}

impl Block {
    fn push(&mut self, piece: &Piece<'_>) {
        let width = width(piece);
        let mark = match piece.mark {
            Mark::Same => " ",
            Mark::Differs => "^",
            Mark::Covered => "~",
        };
        push_padded(&mut self.above, piece.pattern, width);
        push_padded(&mut self.below, piece.value, width);
        self.marks.push_str(&mark.repeat(width));
        self.width += width;
    }

    fn rows(self) -> Rows {
        let trimmed = |line: String| line.trim_end().to_owned();
        Rows {
            above: trimmed(self.above),
            below: trimmed(self.below),
            marks: trimmed(self.marks),
        }
    }
}

fn push_padded(line: &mut String, text: &str, width: usize) {
    line.push_str(text);
    line.push_str(&" ".repeat(width.saturating_sub(text.width())));
}

fn width(piece: &Piece<'_>) -> usize {
    piece.pattern.width().max(piece.value.width())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `(policy, token, wildcards, what is to be seen)`
    const TABLE: &[(&str, &str, bool, &str)] = &[
        (
            "repo:octo-org/octo-repo:ref:refs/heads/main",
            "repo:octo-org@123456/octo-repo@456789:ref:refs/heads/main",
            true,
            "repo:octo-org       /octo-repo       :ref:refs/heads/main\n\
             repo:octo-org@123456/octo-repo@456789:ref:refs/heads/main\n\
             \u{20}            ^^^^^^^          ^^^^^^^",
        ),
        (
            "repo:octo-org/*:ref:refs/heads/main",
            "repo:octo-org/octo-repo:environment:production",
            true,
            "repo:octo-org/*        :ref        :refs/heads/main\n\
             repo:octo-org/octo-repo:environment:production\n\
             \u{20}             ~~~~~~~~~ ^^^^^^^^^^^ ^^^^^^^^^^^^^^^",
        ),
        (
            "repo:octo-org/octo-repo:*",
            "repo:octo-org/octo-repo:pull_request",
            false,
            "repo:octo-org/octo-repo:*\n\
             repo:octo-org/octo-repo:pull_request\n\
             \u{20}                       ^^^^^^^^^^^^",
        ),
        (
            "repo:OctoCat/app:pull_request",
            "repo:octocat/app:pull_request",
            true,
            "repo:OctoCat/app:pull_request\n\
             repo:octocat/app:pull_request\n\
             \u{20}    ^   ^",
        ),
        ("", "", true, "\n\n"),
        ("环境", "main", true, "环境\nmain\n^^^^"),
    ];

    #[test]
    fn what_differs_is_marked() {
        for (above, below, wildcards, expected) in TABLE {
            let seen: Vec<String> = rows(above, below, *wildcards, 100)
                .into_iter()
                .map(|rows| [rows.above, rows.below, rows.marks].join("\n"))
                .collect();
            assert_eq!(seen.join("\n"), *expected, "{above} {below}");
        }
    }

    #[test]
    fn narrow_lines_break_between_segments() {
        let blocks = rows(
            "repo:octo-org/octo-repo:ref:refs/heads/main",
            "repo:octo-org/octo-repo:pull_request",
            true,
            24,
        );
        let above: Vec<&str> = blocks.iter().map(|rows| rows.above.as_str()).collect();
        assert_eq!(above, ["repo:octo-org/octo-repo:", "ref:refs/heads/main"]);
        assert!(
            rows(&"x".repeat(500), "y", true, 24)
                .iter()
                .all(|rows| rows.above.len() <= 24)
        );
    }
}
