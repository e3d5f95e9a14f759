//! Markdown for a job's summary or a comment on a pull request.
//!
//! What users wrote stands in code spans, or escaped: no link, no mention and no HTML is made of it.

use rolecall_core::report::Severity;

use super::{Notice, Told};
use crate::{clean, words};

pub(crate) fn render(told: &Told<'_>) -> String {
    let mut text = format!("### {}\n", prose(&told.headline));
    if told.notices.is_empty() {
        return text;
    }
    text.push_str("\n| | rule | where | what | what to do |\n| --- | --- | --- | --- | --- |\n");
    told.notices
        .iter()
        .for_each(|notice| text.push_str(&row(notice)));
    text
}

/// The word says what the sign shows.
const fn sign(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "❌",
        Severity::Warning => "⚠️",
        Severity::Info => "ℹ️",
    }
}

fn row(notice: &Notice<'_>) -> String {
    format!(
        "| {} {} | {} | {} | {} | {} |\n",
        sign(notice.severity),
        words::severity(notice.severity),
        code(notice.id),
        code(&notice.place()),
        prose(&notice.summary),
        prose(notice.help)
    )
}

/// A text on one line of a table. What stands between two backticks becomes a code span.
pub(crate) fn prose(text: &str) -> String {
    let text = clean::line(&text.replace('\n', " "));
    let pieces: Vec<&str> = text.split('`').collect();
    if pieces.len().is_multiple_of(2) {
        return escaped(&text);
    }
    let piece = |(index, piece): (usize, &&str)| {
        if index % 2 == 1 {
            code(piece)
        } else {
            escaped(piece)
        }
    };
    pieces.iter().enumerate().map(piece).collect()
}

/// A code span that holds any text, backticks too; a bar would end the table's cell.
pub(crate) fn code(text: &str) -> String {
    let text = clean::line(&text.replace('\n', " ")).replace('|', "\\|");
    if text.is_empty() {
        return String::new();
    }
    if !text.contains('`') {
        return format!("`{text}`");
    }
    let longest = text.split(|c| c != '`').map(str::len).max().unwrap_or(0);
    let fence = "`".repeat(longest + 1);
    format!("{fence} {text} {fence}")
}

/// `@` is written as an entity, so that nobody is called.
fn escaped(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '@' => safe.push_str("&#64;"),
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            '&' => safe.push_str("&amp;"),
            '\\' | '`' | '*' | '_' | '[' | ']' | '|' | '~' | '#' | '!' => {
                safe.push('\\');
                safe.push(c);
            }
            c => safe.push(c),
        }
    }
    safe
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn table() {
        for (text, expected) in [
            ("plain words", "plain words"),
            (
                "the policy's `repo:o/r:*` differs",
                "the policy's `repo:o/r:*` differs",
            ),
            ("a | b", "a \\| b"),
            ("`a|b`", "`a\\|b`"),
            ("@octocat <img src=x>", "&#64;octocat &lt;img src=x&gt;"),
            ("odd ` tick", "odd \\` tick"),
            ("two\nlines", "two lines"),
            ("[x](https://example.com)", "\\[x\\](https://example.com)"),
        ] {
            assert_eq!(prose(text), expected, "{text}");
        }
        assert_eq!(code("a`b"), "`` a`b ``");
    }
}
