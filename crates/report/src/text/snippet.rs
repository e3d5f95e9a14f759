//! Places in the policy, drawn by `annotate-snippets`.

use std::borrow::Cow;
use std::ops::Range;

use annotate_snippets::{
    Annotation, AnnotationKind, Element, Group, Level, Message, Origin, Patch, Snippet,
};
use rolecall_core::report::{
    Cause, CauseId, Document, Edit, Finding, Location, Met, Part, StatementReport, UnknownFact,
};

use unicode_width::UnicodeWidthStr;

use super::look::Paint;
use crate::{Look, Texts, clean, compare, words};

/// What all snippets of one answer share.
pub(crate) struct Page<'a> {
    texts: &'a Texts<'a>,
    pub(crate) look: &'a Look,
    statements: &'a [StatementReport],
    /// The policy with tokens masked: someone may have given the files in the wrong order.
    source: Cow<'a, str>,
}

/// Columns of a line number of up to three digits, and of the rule beside it.
const FRAME: usize = 6;
/// Columns that the frame of a note takes: ` = help: `, beside a line number of up to three digits.
const NOTE: usize = 13;
/// The same for the two values, which have a label.
const VALUES: usize = 16;

impl<'a> Page<'a> {
    pub(crate) fn new(
        texts: &'a Texts<'a>,
        look: &'a Look,
        statements: &'a [StatementReport],
    ) -> Self {
        Self {
            texts,
            look,
            statements,
            source: clean::mask(texts.policy),
        }
    }

    pub(crate) fn render(&self, groups: &[Group<'_>]) -> String {
        self.look.renderer().render(groups)
    }

    /// A cause in full: headline, place, both values, help.
    pub(crate) fn cause<'s>(&'s self, level: Level<'static>, cause: &Cause) -> Group<'s> {
        let id = cause.id.as_str();
        let indent = id.len() + "undecided[]: ".len();
        let title = level
            .primary_title(self.look.wrap(&clean::line(&cause.summary), indent))
            .id(id);
        let mut group = Group::with_title(title).elements(self.place(cause.location.as_ref()));
        if let Some(values) = self.values(cause) {
            group = group.element(values);
        }
        group.elements(self.help(&cause.help))
    }

    /// A finding in full: headline, place, help.
    pub(crate) fn finding<'s>(&'s self, level: Level<'static>, finding: &Finding) -> Group<'s> {
        let indent = finding.rule.len() + "warning[]: ".len();
        let title = level
            .primary_title(self.look.wrap(&clean::line(&finding.summary), indent))
            .id(finding.rule);
        let witness = words::witness(finding);
        let shown = witness.map(|subject| self.note(&format!("let in: `{subject}`")));
        Group::with_title(title)
            .elements(self.place(Some(&finding.location)))
            .elements(shown)
            .elements(self.help(&finding.help))
    }

    /// A cause or a finding in a few lines.
    pub(crate) fn brief<'s>(
        &'s self,
        level: Level<'static>,
        id: &'static str,
        summary: &str,
        location: Option<&Location>,
        help: &str,
    ) -> Group<'s> {
        let indent = id.len() + "warning[]: ".len();
        let title = level
            .primary_title(self.look.wrap(&clean::line(summary), indent))
            .id(id);
        Group::with_title(title)
            .elements(location.map(|location| self.origin(location)))
            .elements(self.help(help))
    }

    fn help<'s>(&self, help: &str) -> Option<Message<'s>> {
        let text = self.look.wrap(&clean::prose(help), NOTE);
        (!text.is_empty()).then(|| Level::HELP.message(text))
    }

    pub(crate) fn note<'s>(&self, text: &str) -> Message<'s> {
        Level::NOTE.message(self.look.wrap(text, NOTE))
    }

    fn origin<'s>(&self, location: &Location) -> Origin<'s> {
        Origin::path(clean::line(words::document(location.document, self.texts)))
            .line(location.start.line)
            .char_column(location.start.column)
    }

    /// The lines of the policy around a place, or only the place where it is in another text.
    fn place<'s>(&'s self, location: Option<&Location>) -> Option<Element<'s>> {
        let location = location?;
        let range = self.range(location);
        Some(match range {
            Some(range) if location.document == Document::Policy => {
                self.snippet(location, range).into()
            }
            _ => self.origin(location).into(),
        })
    }

    /// The line with the place underlined; the operator and the key above it, and a label, where the width allows.
    fn snippet<'s>(
        &'s self,
        location: &Location,
        range: Range<usize>,
    ) -> Snippet<'s, Annotation<'s>> {
        let range = self.on_one_line(location, range);
        let label = self
            .label(location)
            .filter(|label| self.fits(&range, label.width() + 1));
        let keys = if self.fits(&range, 0) {
            self.keys_above(location, range.start)
        } else {
            Vec::new()
        };
        Snippet::source(&*self.source)
            .path(clean::line(self.texts.policy_name))
            .annotation(AnnotationKind::Primary.span(range).label(label))
            .annotations(
                keys.into_iter()
                    .map(|key| AnnotationKind::Visible.span(key)),
            )
    }

    /// A place of several lines is pointed at by its key; a statement by its effect.
    fn on_one_line(&self, location: &Location, range: Range<usize>) -> Range<usize> {
        let text = self.source.get(range.clone()).unwrap_or_default();
        if !text.contains('\n') {
            return range;
        }
        let key = self.keys_above(location, range.start).pop();
        key.unwrap_or_else(|| {
            let start = text.find("\"Effect\"").unwrap_or_default();
            let line = text
                .get(start..)
                .and_then(|rest| rest.lines().next())
                .unwrap_or_default();
            range.start + start..range.start + start + line.trim_end_matches([',', ' ']).len()
        })
    }

    /// Whether the line of the place is shown whole, with `more` columns after the place.
    fn fits(&self, range: &Range<usize>, more: usize) -> bool {
        let before = self.source.get(..range.start).unwrap_or_default();
        let start = before.rfind('\n').map_or(0, |newline| newline + 1);
        let rest = self.source.get(range.end..).unwrap_or_default();
        let end = range.end + rest.find('\n').unwrap_or(rest.len());
        let columns = |range| columns(self.source.get(range).unwrap_or_default());
        FRAME + columns(start..end).max(columns(start..range.end) + more) <= self.look.width
    }

    /// The place as bytes of the text; `None` where it does not fit, so that nothing can panic.
    fn range(&self, location: &Location) -> Option<Range<usize>> {
        let range = location.start.byte..location.end.byte;
        self.source.get(range.clone()).map(|_| range)
    }

    /// The operator and the key that the value belongs to, where they stand above it.
    fn keys_above(&self, location: &Location, start: usize) -> Vec<Range<usize>> {
        let before = self.source.get(..start).unwrap_or_default();
        let segments = location
            .path
            .split('/')
            .skip_while(|segment| *segment != "Condition")
            .skip(1)
            .take(2);
        segments
            .filter_map(|segment| {
                let quoted = format!("\"{}\"", segment.replace("~1", "/").replace("~0", "~"));
                before.rfind(&quoted).map(|at| at..at + quoted.len())
            })
            .collect()
    }

    /// What core says of the very value that is underlined.
    fn label(&self, location: &Location) -> Option<String> {
        let parts = self
            .statements
            .iter()
            .flat_map(|statement| &statement.parts);
        let mut values = parts.flat_map(|part| &part.expected);
        let value = values.find(|value| value.location.path == location.path)?;
        let label = clean::line(&value.why);
        (!label.is_empty()).then_some(label)
    }

    /// Both values, one above the other where they can be compared letter by letter.
    fn values<'s>(&self, cause: &Cause) -> Option<Message<'s>> {
        let (expected, actual) = (cause.expected.as_deref(), cause.actual.as_deref());
        let (above, below) = words::sides(cause);
        let width = above.len().max(below.len());
        let lines = match (expected, actual) {
            (Some(expected), Some(actual)) if cause.location.is_some() && cause.claim.is_some() => {
                self.compared(cause, expected, actual, (above, below))
            }
            _ => [(above, expected), (below, actual)]
                .into_iter()
                .filter_map(|(label, value)| {
                    Some(format!("{label:>width$}: {}", clean::line(value?)))
                })
                .collect(),
        };
        (!lines.is_empty()).then(|| Level::NOTE.no_name().message(lines.join("\n")))
    }

    fn compared(
        &self,
        cause: &Cause,
        expected: &str,
        actual: &str,
        (above, below): (&str, &str),
    ) -> Vec<String> {
        let width = above.len().max(below.len());
        let blocks = compare::rows(
            expected,
            actual,
            self.takes_wildcards(cause),
            self.look.width.saturating_sub(VALUES).max(24),
        );
        blocks
            .into_iter()
            .flat_map(|rows| {
                let marks = self.look.paint(&rows.marks, Paint::Bad);
                [
                    format!("{above:>width$}: {}", rows.above),
                    format!("{below:>width$}: {}", rows.below),
                    format!("{:width$}  {marks}", ""),
                ]
            })
            .filter(|line| !line.trim().is_empty())
            .collect()
    }

    /// Whether `*` and `?` in the policy's value are wildcards.
    fn takes_wildcards(&self, cause: &Cause) -> bool {
        let Some(location) = &cause.location else {
            return false;
        };
        cause.id != CauseId::StringEqualsWithWildcard
            && (location.path.contains("Like") || location.path.contains("Arn"))
    }

    /// A repair as a diff, with what it lets in.
    pub(crate) fn fix<'s>(&'s self, fix: &Edit) -> Option<Group<'s>> {
        let proof: Vec<String> = words::proof(fix).into_iter().collect();
        self.difference(fix, Level::HELP, &proof)
    }

    /// The same under a name of its own, such as `Repair 1 of 3`.
    pub(super) fn repair<'s>(
        &'s self,
        fix: &Edit,
        name: &str,
        proof: &[String],
    ) -> Option<Group<'s>> {
        self.difference(fix, Level::HELP.with_name(name.to_owned()), proof)
    }

    fn difference<'s>(
        &'s self,
        fix: &Edit,
        level: Level<'s>,
        proof: &[String],
    ) -> Option<Group<'s>> {
        let ranges: Option<Vec<Range<usize>>> = fix
            .edits
            .iter()
            .map(|edit| self.range(&edit.location))
            .collect();
        let ranges = ranges.filter(|ranges| !ranges.is_empty())?;
        let title =
            level.secondary_title(self.look.wrap(&clean::line(&fix.summary), "help: ".len()));
        let proof = proof.iter().map(|line| self.note(line));
        let group = Group::with_title(title);
        let group = if ranges.iter().all(|range| self.fits(range, 0)) {
            self.whole_lines(group, fix, ranges)
        } else {
            self.values_only(group, fix)
        };
        Some(group.elements(proof))
    }

    fn whole_lines<'s>(
        &'s self,
        group: Group<'s>,
        fix: &Edit,
        ranges: Vec<Range<usize>>,
    ) -> Group<'s> {
        let patches = ranges
            .into_iter()
            .zip(&fix.edits)
            .map(|(range, edit)| Patch::new(range, clean::mask(&edit.text).into_owned()));
        group.element(Snippet::source(&*self.source).patches(patches))
    }

    /// Where the lines are too long, only what changes.
    fn values_only<'s>(&self, mut group: Group<'s>, fix: &Edit) -> Group<'s> {
        for edit in &fix.edits {
            let old = self
                .source
                .get(edit.location.start.byte..edit.location.end.byte)
                .unwrap_or_default();
            let (old, new) = (
                self.look.paint(&clean::line(old), Paint::Bad),
                self.look.paint(&clean::line(&edit.text), Paint::Good),
            );
            let change = if old.is_empty() {
                format!("insert: {new}")
            } else {
                format!("change: {old}\n    to: {new}")
            };
            group = group
                .element(self.origin(&edit.location))
                .element(Level::NOTE.no_name().message(change));
        }
        group
    }

    /// What is not known, each with the tests that hang on it.
    pub(crate) fn unknown_places(&self, unknowns: &[UnknownFact]) -> Vec<String> {
        let parts: Vec<&Part> = self
            .statements
            .iter()
            .flat_map(|statement| &statement.parts)
            .filter(|part| part.outcome == Met::Unknown && part.key.is_some())
            .collect();
        let is_asked = |fact: &&UnknownFact| parts.iter().any(|part| is_about(fact, part));
        let elsewhere = unknowns.iter().filter(|fact| !is_asked(fact)).map(|fact| {
            let title = format!("{} is not known here", clean::line(&fact.key));
            Group::with_title(undecided().primary_title(title))
        });
        let asked = parts
            .iter()
            .filter(|part| unknowns.iter().any(|fact| is_about(fact, part)))
            .map(|part| self.unknown(part));
        elsewhere
            .chain(asked)
            .map(|group| self.render(&[group]))
            .collect()
    }

    fn unknown<'s>(&'s self, part: &Part) -> Group<'s> {
        let key = clean::line(part.key.as_deref().unwrap_or_default());
        let title = undecided().primary_title(format!("`{key}` is not known here"));
        Group::with_title(title).elements(self.place(Some(&part.location)))
    }
}

/// Columns of a line of the policy, tabs as `annotate-snippets` shows them.
fn columns(line: &str) -> usize {
    line.width() + 3 * line.matches('\t').count()
}

fn undecided() -> Level<'static> {
    Level::WARNING.with_name("undecided")
}

fn is_about(fact: &UnknownFact, part: &Part) -> bool {
    let key = part.key.as_deref();
    key.is_some_and(|key| fact.key.eq_ignore_ascii_case(key))
}
