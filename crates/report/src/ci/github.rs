//! Workflow commands of GitHub Actions, which make annotations of log lines.
//!
//! A step gets at most ten annotations of each kind (actions/toolkit, `docs/problem-matchers.md`): the
//! worst come first, the others stand in the log as plain lines. A place of several lines has no columns,
//! since GitHub refuses them there (astral-sh/ruff, issue 22074). Escapes: docs.github.com, "Workflow
//! commands", and `escapeData`, `escapeProperty` of actions/toolkit.

use rolecall_core::report::Severity;

use super::{Notice, Told};
use crate::clean;

/// The most annotations of a kind that a step gets.
const MOST: usize = 10;

pub(crate) fn render(told: &Told<'_>) -> String {
    let mut lines: Vec<String> = Vec::new();
    let mut rest: Vec<String> = Vec::new();
    for severity in [Severity::Error, Severity::Warning, Severity::Info] {
        let of_kind = told
            .notices
            .iter()
            .filter(|notice| notice.severity == severity);
        for (index, notice) in of_kind.enumerate() {
            if index < MOST {
                lines.push(command(notice));
            } else {
                rest.push(log_line(notice));
            }
        }
    }
    if !rest.is_empty() {
        lines.push(format!(
            "{} more, which GitHub would not show as annotations:",
            rest.len()
        ));
        lines.append(&mut rest);
    }
    lines.push(harmless(&clean::line(&told.headline)));
    lines.join("\n") + "\n"
}

const fn kind(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Info => "notice",
    }
}

fn command(notice: &Notice<'_>) -> String {
    let properties: Vec<String> = properties(notice)
        .into_iter()
        .map(|(name, value)| format!("{name}={}", property(&value)))
        .collect();
    // The place again: in the log the properties are not shown.
    let help = match notice.help {
        "" => String::new(),
        help => format!("\nhelp: {}", clean::prose(help)),
    };
    let message = format!(
        "{}: {}{help}",
        notice.place(),
        clean::prose(&notice.summary)
    );
    format!(
        "::{} {}::{}",
        kind(notice.severity),
        properties.join(","),
        data(&message)
    )
}

fn properties(notice: &Notice<'_>) -> Vec<(&'static str, String)> {
    let mut properties = vec![("title", notice.id.to_owned())];
    let Some(location) = notice.location else {
        return properties;
    };
    let (start, end) = (location.start, location.end);
    properties.push(("file", clean::line(notice.file)));
    properties.push(("line", start.line.to_string()));
    properties.push(("endLine", end.line.to_string()));
    if start.line == end.line {
        properties.push(("col", start.column.to_string()));
        properties.push(("endColumn", end.column.to_string()));
    }
    properties
}

fn data(text: &str) -> String {
    text.replace('%', "%25")
        .replace('\r', "%0D")
        .replace('\n', "%0A")
}

fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}

fn log_line(notice: &Notice<'_>) -> String {
    harmless(&format!(
        "- {}: {}[{}]: {}",
        notice.place(),
        kind(notice.severity),
        notice.id,
        clean::line(&notice.summary)
    ))
}

/// A line that the runner does not take for a command: it looks for `::` at the start and for `##[` anywhere.
fn harmless(line: &str) -> String {
    line.replace("##[", "# #[")
}

#[cfg(test)]
mod tests {
    use super::*;
    use rolecall_core::report::{Document, Location};
    use rolecall_core::span::Position;

    fn position(line: usize, column: usize) -> Position {
        Position {
            line,
            column,
            byte: 0,
            utf16: 0,
        }
    }

    fn location(end: Position) -> Location {
        Location {
            document: Document::Policy,
            path: String::new(),
            start: position(3, 5),
            end,
        }
    }

    fn notice<'a>(location: &'a Location, summary: &'a str) -> Notice<'a> {
        Notice {
            id: "sub_typo",
            severity: Severity::Error,
            summary: summary.into(),
            help: "",
            file: "a,b:c%.json",
            location: Some(location),
            within: "",
            snippet: "",
        }
    }

    #[test]
    fn properties_and_data_are_escaped() {
        let location = location(position(3, 9));
        assert_eq!(
            command(&notice(&location, "100 %\n::error::no")),
            "::error title=sub_typo,file=a%2Cb%3Ac%25.json,line=3,endLine=3,col=5,endColumn=9::a,b:c%25.json:3:5: 100 %25%0A::error::no"
        );
    }

    #[test]
    fn several_lines_have_no_columns() {
        let location = location(position(4, 1));
        assert!(
            command(&notice(&location, "x"))
                .starts_with("::error title=sub_typo,file=a%2Cb%3Ac%25.json,line=3,endLine=4::")
        );
    }

    #[test]
    fn what_is_too_much_stands_in_the_log_and_is_no_command() {
        let location = location(position(3, 9));
        let notices = vec![notice(&location, "##[error]x"); MOST + 2];
        let text = render(&Told::new("##[group]done".to_owned(), notices));
        let lines: Vec<&str> = text.lines().collect();
        assert_eq!(
            lines
                .iter()
                .filter(|line| line.starts_with("::error "))
                .count(),
            MOST
        );
        assert_eq!(
            lines.get(MOST),
            Some(&"2 more, which GitHub would not show as annotations:")
        );
        assert_eq!(
            lines.get(MOST + 1),
            Some(&"- a,b:c%.json:3:5: error[sub_typo]: # #[error]x")
        );
        assert_eq!(lines.last(), Some(&"# #[group]done"));
    }
}
