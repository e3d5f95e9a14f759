//! Changes of a policy's text that keep its layout.
//!
//! A change is a handful of [`Splice`]s: a place and the text that comes there. What stands elsewhere
//! stays byte for byte as it is. New text takes its layout from its neighbours: a list of one value a
//! line gets one more line, a policy on one line stays on one line. JSON is the grammar; a value in
//! quotes or bare is found in YAML and HCL, too, and a caller who reads the result anew sees whether it fits.
//!
//! ```
//! use rolecall_core::edit::{Splice, apply};
//! use rolecall_core::span::Span;
//!
//! let insert = Splice { span: Span::new(2, 2), text: ", 3".to_owned() };
//! let replace = Splice { span: Span::new(1, 2), text: "2".to_owned() };
//! assert_eq!(apply("[1]", &[insert, replace.clone()]).as_deref(), Some("[2, 3]"));
//! let overlapping = Splice { span: Span::new(0, 3), text: String::new() };
//! assert_eq!(apply("[1]", &[replace, overlapping]), None);
//! ```

use serde::Serialize;

use crate::json::{Kind, Node};
use crate::policy::{ConditionTest, Spanned, Statement};
use crate::span::Span;

/// A place and what stands there afterwards; an empty place is an insertion.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Splice {
    /// What is replaced.
    pub span: Span,
    /// What comes there.
    pub text: String,
}

impl Splice {
    pub(crate) fn new(span: Span, text: impl Into<String>) -> Self {
        Self {
            span,
            text: text.into(),
        }
    }

    fn insert(at: usize, text: String) -> Self {
        Self::new(Span::new(at, at), text)
    }
}

/// The text with all changes made; `None` where two of them overlap or one does not fit the text.
#[must_use]
pub fn apply(text: &str, splices: &[Splice]) -> Option<String> {
    let mut changed = String::with_capacity(text.len() + 64);
    let mut done = 0;
    for splice in sorted(splices) {
        changed.push_str(text.get(done..splice.span.start)?);
        changed.push_str(&splice.text);
        done = splice.span.end;
        text.get(splice.span.start..done)?;
    }
    changed.push_str(text.get(done..)?);
    Some(changed)
}

/// In the order of the text; insertions at one place keep their order and become one.
pub(crate) fn merged(splices: &[Splice]) -> Vec<Splice> {
    let mut all: Vec<Splice> = Vec::with_capacity(splices.len());
    for splice in sorted(splices) {
        match all.last_mut() {
            Some(last) if last.span == splice.span && splice.span.start == splice.span.end => {
                last.text.push_str(&splice.text);
            }
            Some(last) if last == splice => {}
            _ => all.push(splice.clone()),
        }
    }
    all
}

fn sorted(splices: &[Splice]) -> Vec<&Splice> {
    let mut sorted: Vec<&Splice> = splices.iter().collect();
    crate::order::sort_by_key(&mut sorted, |splice| (splice.span.start, splice.span.end));
    sorted
}

/// A text as a JSON string.
pub(crate) fn json_string(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}

/// Makes changes of one text.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Editor<'a> {
    text: &'a str,
}

impl<'a> Editor<'a> {
    pub(crate) const fn new(text: &'a str) -> Self {
        Self { text }
    }

    fn slice(self, span: Span) -> &'a str {
        self.text.get(span.start..span.end).unwrap_or_default()
    }

    /// Another text in place of a string, in the quotes that it has.
    pub(crate) fn rewrite(self, span: Span, text: &str) -> Splice {
        let quoted = match self.slice(span).as_bytes().first() {
            Some(b'\'') => format!("'{}'", text.replace('\'', "''")),
            _ => json_string(text),
        };
        Splice::new(span, quoted)
    }

    /// More values behind those of a list; a single value becomes a list.
    pub(crate) fn append(
        self,
        list: Span,
        listed: bool,
        last: Option<&Spanned>,
        texts: &[String],
    ) -> Vec<Splice> {
        let quoted = |separator: &str| -> String {
            let texts = texts.iter().map(|text| json_string(text));
            texts.map(|text| format!("{separator}{text}")).collect()
        };
        match (listed, last) {
            (true, Some(last)) => {
                let separator = self.list_separator(last.span.start);
                vec![Splice::insert(last.span.end, quoted(&separator))]
            }
            (true, None) => {
                let inner = quoted(", ");
                let inner = inner.trim_start_matches(", ").to_owned();
                vec![Splice::insert(list.start + 1, inner)]
            }
            (false, Some(only)) => {
                let written = self.slice(only.span);
                let first = if written.starts_with(['"', '\'']) {
                    written.to_owned()
                } else {
                    json_string(&only.text)
                };
                vec![Splice::new(only.span, format!("[{first}{}]", quoted(", ")))]
            }
            (false, None) => Vec::new(),
        }
    }

    /// The same for a value that was read as JSON.
    pub(crate) fn append_nodes(self, value: &Node<'_>, texts: &[String]) -> Vec<Splice> {
        let spanned = |node: &Node<'_>| Spanned {
            text: node.as_str().unwrap_or_default().to_owned(),
            span: node.span,
        };
        match &value.kind {
            Kind::Array(items) => {
                let last = items.last().map(spanned);
                self.append(value.span, true, last.as_ref(), texts)
            }
            _ => self.append(value.span, false, Some(&spanned(value)), texts),
        }
    }

    /// What stands between two values of the list whose last value begins here. A list of YAML has a dash.
    fn list_separator(self, last: usize) -> String {
        let before = self.text.get(..last).unwrap_or_default();
        let lead = before.len()
            - before
                .trim_end_matches(|c: char| c.is_ascii_whitespace() || matches!(c, ',' | '-'))
                .len();
        let lead = before.get(before.len() - lead..).unwrap_or_default();
        let line = lead.rfind('\n').and_then(|at| lead.get(at..));
        match line {
            Some(line) if line.contains('-') => line.to_owned(),
            Some(line) => format!(",{}{}", carriage(lead), line.replace(',', "")),
            None if lead == "," => ",".to_owned(),
            None => ", ".to_owned(),
        }
    }

    /// Takes a member out of its object, comma included; `None` where it is the only one.
    pub(crate) fn without_member(self, member: Span) -> Option<Splice> {
        let after = self.text.get(member.end..)?;
        let rest = after.trim_ascii_start();
        if let Some(next) = rest.strip_prefix(',') {
            let next = next.trim_ascii_start();
            return Some(Splice::new(
                Span::new(member.start, self.text.len() - next.len()),
                "",
            ));
        }
        let before = self.text.get(..member.start)?.trim_ascii_end();
        let before = before.strip_suffix(',')?;
        Some(Splice::new(Span::new(before.len(), member.end), ""))
    }

    /// One more member behind another one, laid out as that one is; `colon` tells whether blanks are used.
    pub(crate) fn behind(self, member: Span, colon: &str, text: &str) -> Splice {
        let lead = match self.lead(member.start) {
            lead if lead.contains('\n') => lead,
            _ if colon.ends_with(' ') => " ",
            _ => "",
        };
        Splice::insert(member.end, format!(",{lead}{text}"))
    }

    /// The white space before a place, from the last line break on.
    fn lead(self, at: usize) -> &'a str {
        let before = self.text.get(..at).unwrap_or_default();
        let from = before.trim_ascii_end().len();
        let lead = before.get(from..).unwrap_or_default();
        match lead.rfind('\n') {
            Some(line) if lead.get(..line).is_some_and(|l| l.ends_with('\r')) => {
                lead.get(line - 1..).unwrap_or_default()
            }
            Some(line) => lead.get(line..).unwrap_or_default(),
            None if lead.is_empty() => "",
            None => " ",
        }
    }

    /// The block of an operator: from its name to the closing brace behind its last test.
    fn block(self, block: &[&ConditionTest]) -> Option<Span> {
        let (first, last) = (block.first()?, block.last()?);
        let rest = self.text.get(last.span.end..)?;
        let close = rest.len() - rest.trim_ascii_start().strip_prefix('}')?.len();
        Some(Span::new(first.operator.span.start, last.span.end + close))
    }

    /// Takes a test out of its statement.
    pub(crate) fn without_test(
        self,
        statement: &Statement,
        test: &ConditionTest,
    ) -> Option<Splice> {
        let member = member(test);
        self.without_member(member).or_else(|| {
            let block = block_of(statement, test);
            self.without_member(self.block(&block)?)
        })
    }

    /// A test under an operator: in the operator's block where there is one, else in a block of its own.
    pub(crate) fn with_test(
        self,
        statement: &Statement,
        operator: &str,
        key: &str,
        values: &[String],
    ) -> Option<Splice> {
        let Some(any) = statement.tests.last() else {
            return self.with_condition(statement, operator, key, values);
        };
        let colon = self.colon(any);
        let value = list(values);
        let text = format!("{}{colon}{value}", json_string(key));
        let mut tests = statement.tests.iter().rev();
        if let Some(neighbour) = tests.find(|test| test.operator.text == operator) {
            return Some(self.behind(member(neighbour), colon, &text));
        }
        let tests = block_of(statement, any);
        let block = self.block(&tests)?;
        let inner = self.lead(tests.first()?.key.span.start);
        let close = if inner.contains('\n') {
            self.lead(block.end - 1).to_owned()
        } else {
            inner.to_owned()
        };
        let name = json_string(operator);
        let text = format!("{name}{colon}{{{inner}{text}{close}}}");
        Some(self.behind(block, colon, &text))
    }

    /// A statement without conditions gets one.
    fn with_condition(
        self,
        statement: &Statement,
        operator: &str,
        key: &str,
        values: &[String],
    ) -> Option<Splice> {
        if statement.has_condition {
            return None;
        }
        let principal = Span::new(
            statement.principal.key_span.start,
            statement.principal.span.end,
        );
        let action = Span::new(statement.action.key_span.start, statement.action.span.end);
        let last = if principal.start > action.start {
            principal
        } else {
            action
        };
        let test = format!("{}: {}", json_string(key), list(values));
        let text = format!(
            "\"Condition\": {{ {}: {{ {test} }} }}",
            json_string(operator)
        );
        Some(self.behind(last, ": ", &text))
    }

    /// What stands between a key and its value.
    fn colon(self, test: &ConditionTest) -> &'a str {
        let between = Span::new(test.key.span.end, test.span.start);
        match self.slice(between) {
            colon if colon.trim() == ":" && !colon.contains('\n') => colon,
            _ => ": ",
        }
    }

    /// One more statement behind the last one, laid out as that one is.
    pub(crate) fn with_statement(
        self,
        last: &Statement,
        listed: bool,
        statement: &impl Serialize,
    ) -> Vec<Splice> {
        let written = self.slice(last.span);
        let own = self.lead(last.span.start);
        let text = if written.contains('\n') {
            let base = self.indentation(last.span.start);
            let inner = self.first_indentation(last.span).unwrap_or_default();
            let step = inner.strip_prefix(base).filter(|step| !step.is_empty());
            pretty(statement, step.unwrap_or("  "), base, carriage(written))
        } else {
            serde_json::to_string(statement).ok()
        };
        let Some(text) = text else {
            return Vec::new();
        };
        let separator = if own.is_empty() && written.contains('\n') {
            " "
        } else {
            own
        };
        let more = format!(",{separator}{text}");
        if listed {
            return vec![Splice::insert(last.span.end, more)];
        }
        vec![
            Splice::insert(last.span.start, "[".to_owned()),
            Splice::insert(last.span.end, format!(", {text}]")),
        ]
    }

    /// What the line of a place begins with.
    fn indentation(self, at: usize) -> &'a str {
        let before = self.text.get(..at).unwrap_or_default();
        let line = before.rfind('\n').map_or(0, |newline| newline + 1);
        let line = self.text.get(line..).unwrap_or_default();
        line.get(..line.len() - line.trim_start_matches([' ', '\t']).len())
            .unwrap_or_default()
    }

    /// What the second line of a place begins with.
    fn first_indentation(self, span: Span) -> Option<&'a str> {
        let newline = self.slice(span).find('\n')?;
        Some(self.indentation(span.start + newline + 1))
    }

    /// Puts a test under another operator, with other values, which are one or more. The operator's name is
    /// changed in place where no other test would mean something else then.
    pub(crate) fn retested(
        self,
        statement: &Statement,
        test: &ConditionTest,
        operator: &str,
        key: &str,
        values: &[String],
    ) -> Option<Vec<Splice>> {
        let block = block_of(statement, test);
        // Wildcards only are what the two operators differ in.
        let adds_wildcards = test.operator.text.replace("StringEquals", "StringLike") == operator;
        let is_plain = |other: &&ConditionTest| {
            let has_wildcards = other.values.iter().any(|v| v.text.contains(['*', '?']));
            std::ptr::eq(*other, test) || (adds_wildcards && !has_wildcards)
        };
        let is_taken = statement
            .tests
            .iter()
            .any(|other| other.operator.text == operator && test.operator.text != operator);
        let moves = test.operator.text != operator && (is_taken || !block.iter().all(is_plain));
        if moves {
            // The place of the one is the neighbour of the other: only where they do not touch.
            let cut = self.without_test(statement, test)?;
            let put = self.with_test(statement, operator, key, values)?;
            return (put.span.end <= cut.span.start || put.span.start >= cut.span.end)
                .then(|| vec![cut, put]);
        }
        let mut splices = Vec::new();
        if test.operator.text != operator {
            splices.push(self.rewrite(test.operator.span, operator));
        }
        if test.key.text != key {
            splices.push(self.rewrite(test.key.span, key));
        }
        splices.extend(self.revalued(test, values));
        Some(splices)
    }

    /// Other values in place of those of a test: what stays is not touched.
    pub(crate) fn revalued(self, test: &ConditionTest, values: &[String]) -> Vec<Splice> {
        let old: Vec<&str> = test.values.iter().map(|v| v.text.as_str()).collect();
        let (Some(same), Some(more)) = (values.get(..old.len()), values.get(old.len()..)) else {
            return vec![Splice::new(test.span, list(values))];
        };
        let changed: Vec<Splice> = test
            .values
            .iter()
            .zip(same)
            .filter(|(old, new)| old.text != **new)
            .map(|(old, new)| self.rewrite(old.span, new))
            .collect();
        if more.is_empty() {
            return changed;
        }
        if changed.is_empty() {
            return self.append(test.span, test.listed, test.values.last(), more);
        }
        vec![Splice::new(test.span, list(values))]
    }
}

/// The place of a test with its key.
const fn member(test: &ConditionTest) -> Span {
    Span::new(test.key.span.start, test.span.end)
}

/// The tests under the same mention of an operator.
fn block_of<'s>(statement: &'s Statement, test: &ConditionTest) -> Vec<&'s ConditionTest> {
    let mut block: Vec<&ConditionTest> = statement
        .tests
        .iter()
        .filter(|other| other.operator.span == test.operator.span)
        .collect();
    block.sort_by_key(|test| test.span.start);
    block
}

/// A value, or a list of them, on one line.
fn list(values: &[String]) -> String {
    match values {
        [only] => json_string(only),
        _ => {
            let values: Vec<String> = values.iter().map(|value| json_string(value)).collect();
            format!("[{}]", values.join(", "))
        }
    }
}

/// The carriage return of a text whose lines end with one.
fn carriage(text: &str) -> &'static str {
    if text.contains("\r\n") { "\r" } else { "" }
}

/// JSON with one member a line, each line but the first behind `base`.
fn pretty(value: &impl Serialize, step: &str, base: &str, carriage: &str) -> Option<String> {
    let formatter = serde_json::ser::PrettyFormatter::with_indent(step.as_bytes());
    let mut bytes = Vec::new();
    let mut serializer = serde_json::Serializer::with_formatter(&mut bytes, formatter);
    value.serialize(&mut serializer).ok()?;
    let text = String::from_utf8(bytes).ok()?;
    Some(text.replace('\n', &format!("{carriage}\n{base}")))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::policy::Policy;

    fn policy(conditions: &str) -> String {
        format!(
            "{{\"Statement\": [{{\"Effect\": \"Allow\", \"Principal\": \"*\", \"Action\": \"sts:AssumeRoleWithWebIdentity\", \"Condition\": {conditions}}}]}}"
        )
    }

    /// Applies what `change` says to the first statement and gives the condition that comes out.
    fn changed(
        conditions: &str,
        change: impl Fn(Editor<'_>, &Statement) -> Option<Vec<Splice>>,
    ) -> Option<String> {
        let text = policy(conditions);
        let read = Policy::parse(&text).unwrap();
        let splices = change(Editor::new(&text), &read.statements[0])?;
        let changed = apply(&text, &splices).unwrap();
        Policy::parse(&changed).unwrap();
        let (_, rest) = changed.split_once("\"Condition\": ").unwrap();
        Some(rest.strip_suffix("}]}").unwrap().to_owned())
    }

    #[test]
    fn values_are_added_in_the_layout_of_the_list() {
        for (before, after) in [
            (
                r#"{"StringLike": {"k": "a"}}"#,
                r#"{"StringLike": {"k": ["a", "b"]}}"#,
            ),
            (
                r#"{"StringLike": {"k": ["a"]}}"#,
                r#"{"StringLike": {"k": ["a", "b"]}}"#,
            ),
            (
                r#"{"StringLike":{"k":["x","a"]}}"#,
                r#"{"StringLike":{"k":["x","a","b"]}}"#,
            ),
            (
                r#"{"StringLike": {"k": []}}"#,
                r#"{"StringLike": {"k": ["b"]}}"#,
            ),
            (
                "{\"StringLike\": {\"k\": [\n\t\"x\",\n\t\"a\"\n]}}",
                "{\"StringLike\": {\"k\": [\n\t\"x\",\n\t\"a\",\n\t\"b\"\n]}}",
            ),
            (
                "{\"StringLike\": {\"k\": [\r\n  \"a\"\r\n]}}",
                "{\"StringLike\": {\"k\": [\r\n  \"a\",\r\n  \"b\"\r\n]}}",
            ),
        ] {
            let found = changed(before, |editor, statement| {
                let test = &statement.tests[0];
                let more = ["b".to_owned()];
                Some(editor.append(test.span, test.listed, test.values.last(), &more))
            });
            assert_eq!(found.as_deref(), Some(after));
        }
    }

    #[test]
    fn a_list_of_yaml_gets_a_dash() {
        let text = "k:\n  - x\n  - a\n";
        let last = Spanned {
            text: "a".to_owned(),
            span: Span::new(13, 14),
        };
        let splices =
            Editor::new(text).append(Span::new(5, 14), true, Some(&last), &["b".to_owned()]);
        assert_eq!(
            apply(text, &splices).as_deref(),
            Some("k:\n  - x\n  - a\n  - \"b\"\n")
        );
    }

    #[test]
    fn a_test_goes_with_its_comma_and_with_an_empty_block() {
        for (before, after) in [
            (
                r#"{"A": {"k": "1", "l": "2"}}"#,
                Some(r#"{"A": {"l": "2"}}"#),
            ),
            (
                r#"{"A": {"l": "2", "k": "1"}}"#,
                Some(r#"{"A": {"l": "2"}}"#),
            ),
            (
                "{\"A\": {\n  \"k\": \"1\",\n  \"l\": \"2\"\n}}",
                Some("{\"A\": {\n  \"l\": \"2\"\n}}"),
            ),
            (
                r#"{"A": {"k": "1"}, "B": {"l": "2"}}"#,
                Some(r#"{"B": {"l": "2"}}"#),
            ),
            (
                r#"{"B": {"l": "2"}, "A": {"k": "1"}}"#,
                Some(r#"{"B": {"l": "2"}}"#),
            ),
            (r#"{"A": {"k": "1"}}"#, None),
        ] {
            let names = |text: &str| {
                text.replace("\"A\"", "\"StringEquals\"")
                    .replace("\"B\"", "\"StringLike\"")
            };
            let found = changed(&names(before), |editor, statement| {
                let test = statement.tests.iter().find(|test| test.key.text == "k")?;
                Some(vec![editor.without_test(statement, test)?])
            });
            assert_eq!(found, after.map(names), "{before}");
        }
    }

    #[test]
    fn a_test_comes_into_its_block_or_into_a_new_one() {
        for (before, after) in [
            (
                r#"{"StringLike": {"k": "1"}}"#,
                r#"{"StringLike": {"k": "1", "new": ["a", "b"]}}"#,
            ),
            (
                r#"{"StringLike": { "j": "1", "k": "1" }}"#,
                r#"{"StringLike": { "j": "1", "k": "1", "new": ["a", "b"] }}"#,
            ),
            (
                r#"{"StringEquals": {"k": "1"}}"#,
                r#"{"StringEquals": {"k": "1"}, "StringLike": {"new": ["a", "b"]}}"#,
            ),
            (
                "{\n  \"StringEquals\": {\n    \"k\": \"1\"\n  }\n}",
                "{\n  \"StringEquals\": {\n    \"k\": \"1\"\n  },\n  \"StringLike\": {\n    \"new\": [\"a\", \"b\"]\n  }\n}",
            ),
        ] {
            let values = ["a".to_owned(), "b".to_owned()];
            let found = changed(before, |editor, statement| {
                Some(vec![editor.with_test(
                    statement,
                    "StringLike",
                    "new",
                    &values,
                )?])
            });
            assert_eq!(found.as_deref(), Some(after), "{before}");
        }
    }

    #[test]
    fn an_operator_is_renamed_where_its_other_tests_mean_the_same() {
        for (before, after) in [
            (
                r#"{"StringEquals": {"a": "x", "k": "1*"}}"#,
                r#"{"StringLike": {"a": "x", "k": "1*"}}"#,
            ),
            (
                r#"{"StringEquals": {"a": "x*", "k": "1*"}}"#,
                r#"{"StringEquals": {"a": "x*"}, "StringLike": {"k": "1*"}}"#,
            ),
            (
                r#"{"StringEquals": {"k": "1*"}, "StringLike": {"a": "x"}}"#,
                r#"{"StringLike": {"a": "x", "k": "1*"}}"#,
            ),
        ] {
            let found = changed(before, |editor, statement| {
                let test = statement.tests.iter().find(|test| test.key.text == "k")?;
                editor.retested(statement, test, "StringLike", "k", &["1*".to_owned()])
            });
            assert_eq!(found.as_deref(), Some(after), "{before}");
        }
    }

    #[test]
    fn a_statement_is_laid_out_as_its_neighbour() {
        #[derive(Serialize)]
        #[serde(rename_all = "PascalCase")]
        struct New {
            effect: &'static str,
            action: [&'static str; 1],
        }
        let new = New {
            effect: "Deny",
            action: ["a"],
        };
        for (before, listed, after) in [
            (
                "[{\"Effect\":1}]",
                true,
                "[{\"Effect\":1},{\"Effect\":\"Deny\",\"Action\":[\"a\"]}]",
            ),
            (
                "[\n\t{\n\t\t\"Effect\":1\n\t}\n]",
                true,
                "[\n\t{\n\t\t\"Effect\":1\n\t},\n\t{\n\t\t\"Effect\": \"Deny\",\n\t\t\"Action\": [\n\t\t\t\"a\"\n\t\t]\n\t}\n]",
            ),
            (
                "{\"Effect\":1}",
                false,
                "[{\"Effect\":1}, {\"Effect\":\"Deny\",\"Action\":[\"a\"]}]",
            ),
        ] {
            let start = before.find('{').unwrap();
            let mut last = Policy::parse(&policy("{}")).unwrap().statements.remove(0);
            last.span = Span::new(start, before.rfind('}').unwrap() + 1);
            let splices = Editor::new(before).with_statement(&last, listed, &new);
            let found = apply(before, &splices).unwrap();
            assert_eq!(found, after, "{before}");
        }
    }
}
