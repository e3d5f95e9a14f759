//! What the report says of places in the policy's text: its lines, in their colours.

use std::ops::Range;

use rolecall_core::align::fitting;

use super::highlight::{self, Line, Marks, Piece};
use crate::html;
use crate::html::Html;
use crate::page::Page;
use crate::policy::is_here;
use crate::report::{CheckReport, Finding, Location, Part};
use crate::words::{LONGEST, State, icon};

/// The lines of the text, each as markup; none of a text that is too long.
pub(super) fn coloured(page: &Page) -> Vec<Html> {
    if page.policy.len() > LONGEST {
        return Vec::new();
    }
    let lines = highlight::lines(&page.policy, &marks(page));
    lines.iter().map(line).collect()
}

fn line(line: &Line<'_>) -> Html {
    let (shape, class) = line.mark;
    html! {
        <div class={("l", class)}>
            if !shape.is_empty() { { icon(shape) } }
            if line.pieces.is_empty() { { " " } }
            { for line.pieces.iter().map(piece) }
        </div>
    }
}

fn piece(piece: &Piece<'_>) -> Html {
    let Piece { text, class } = piece;
    // What all keys of an issuer begin with is quiet, so that `aud` and `sub` stand out.
    let issuer = text.rfind(':').map(|colon| text.split_at(colon + 1));
    match issuer.filter(|(issuer, _)| class.0 == "k" && issuer.contains('.')) {
        Some((issuer, name)) => {
            html! { <span class={*class}><span class="dim">{ issuer }</span>{ name }</span> }
        }
        None if *class == ("", "") => html! { *text },
        None => html! { <span class={*class}>{ *text }</span> },
    }
}

/// Every value stands where the report says, or is written with escapes there.
pub(super) fn is_in_place(report: &CheckReport, text: &str) -> bool {
    let mut values = report
        .statements
        .iter()
        .flat_map(|one| &one.parts)
        .flat_map(|part| &part.expected)
        .take(200);
    values.all(|value| {
        let written = value.location.as_ref().map_or("", |place| place.of(text));
        let inner = written.trim_matches(['"', '\'']);
        inner == value.value || written.contains(['\\', '$', '\n'])
    })
}

/// What the report says of places in the text.
fn marks(page: &Page) -> Marks {
    let text = page.policy.as_str();
    let mut marks = Marks::default();
    let mut places = Places::default();
    for cause in page.policy_error.iter().flat_map(|error| &error.causes) {
        if let Some(location) = &cause.location {
            marks.line(location, "fail", "f");
            places.put(location.start.byte..location.end.byte, "sq");
        }
    }
    if !page
        .check
        .as_ref()
        .is_some_and(|report| is_in_place(report, text))
    {
        marks.ranges = places.0;
        return marks;
    }
    if let Some(report) = page.decided() {
        first_cause(report, text, &mut places, &mut marks);
    }
    for finding in page.check.iter().flat_map(|report| &report.findings) {
        risk(finding, text, &mut places, &mut marks);
    }
    if let Some(report) = page.decided() {
        parts(report, text, &mut places, &mut marks);
    }
    marks.ranges = places.0;
    marks
}

impl Marks {
    /// The worst of what is said of a line stands beside it.
    fn line(&mut self, location: &Location, shape: &'static str, class: &'static str) {
        const WORST: [&str; 5] = ["fail", "warning", "unknown", "pass", "none"];
        let rank = |shape: &str| WORST.iter().position(|one| *one == shape);
        let (old, old_class) = self
            .lines
            .get(&location.start.line)
            .copied()
            .unwrap_or_default();
        let shape = if rank(old).is_some_and(|old| Some(old) <= rank(shape)) {
            old
        } else {
            shape
        };
        let class = if class.is_empty() { old_class } else { class };
        self.lines.insert(location.start.line, (shape, class));
    }
}

/// Marked places in the order of the text; none overlap. Empty ones are points.
#[derive(Default)]
struct Places(Vec<(Range<usize>, &'static str)>);

impl Places {
    fn put(&mut self, range: Range<usize>, class: &'static str) {
        let overlaps = |old: &Range<usize>| old.start < range.end && range.start < old.end;
        if self.0.iter().any(|(old, _)| overlaps(old)) {
            return;
        }
        let place = |place: &Range<usize>| (place.start, place.end);
        let before = self
            .0
            .iter()
            .take_while(|(old, _)| place(old) <= place(&range));
        self.0.insert(before.count(), (range, class));
    }
}

/// The value that decides: as far as it fits the token, where something is missing, and what does not fit.
fn first_cause(report: &CheckReport, text: &str, places: &mut Places, marks: &mut Marks) {
    let Some(cause) = report.causes.first().filter(|cause| is_here(cause)) else {
        return;
    };
    let Some(location) = &cause.location else {
        return;
    };
    let shape = State::of_decision(&report.decision).shape;
    marks.line(location, shape, if shape == "fail" { "f" } else { "u" });
    let Some(value) = inside_quotes(location, text) else {
        return;
    };
    let pattern = text.get(value.clone()).unwrap_or_default();
    match &cause.actual {
        Some(actual) if cause.expected.as_deref() == Some(pattern) => {
            let wildcards = cause.id != "stringequals_with_wildcard";
            let fits = value.start + fitting(pattern, actual, wildcards);
            if fits > value.start {
                places.put(value.start..fits, "hit");
            }
            // Something is missing there: ids in the middle, or more of the subject at the end.
            if cause.id == "immutable_sub" || fits == value.end {
                places.put(fits..fits, "gap0");
            }
            if fits < value.end {
                places.put(fits..value.end, "sq");
            }
        }
        _ => places.put(value, "sq"),
    }
}

fn inside_quotes(location: &Location, text: &str) -> Option<Range<usize>> {
    let whole = location.of(text);
    let inner = whole.strip_prefix('"')?.strip_suffix('"')?;
    let start = location.start.byte + 1;
    Some(start..start + inner.len())
}

fn parts(report: &CheckReport, text: &str, places: &mut Places, marks: &mut Marks) {
    for part in report
        .statements
        .iter()
        .flat_map(|one| &one.parts)
        .take(400)
    {
        let state = State::of_test(&part.outcome);
        marks.line(first_place(part), state.shape, "");
        for value in &part.expected {
            let class = match (value.outcome.as_str(), part.outcome.as_str()) {
                ("met", _) => "hit",
                ("not-met", "not-met") => "sq",
                ("unknown", _) => "qm",
                _ => continue,
            };
            let place = value.location.as_ref();
            if let Some(range) = place.and_then(|place| inside_quotes(place, text)) {
                places.put(range, class);
            }
        }
    }
}

fn first_place(part: &Part) -> &Location {
    let value = part
        .expected
        .first()
        .and_then(|value| value.location.as_ref());
    value.unwrap_or(&part.location)
}

fn risk(finding: &Finding, text: &str, places: &mut Places, marks: &mut Marks) {
    let Some(location) = &finding.location else {
        return;
    };
    if finding.severity == "info" || location.start.line != location.end.line {
        return;
    }
    marks.line(location, "warning", "");
    if let Some(range) = inside_quotes(location, text) {
        places.put(range, "risk");
    }
}
