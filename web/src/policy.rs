//! The policy's pane: an editor that is a plain text box over its own coloured text, and a list of problems.

use std::ops::Range;

use web_sys::{HtmlTextAreaElement, KeyboardEvent};
use yew::prelude::*;

use crate::compare::fitting;
use crate::highlight::{self, LONGEST, Line, Marks};
use crate::html::html;
use crate::input::Input;
use crate::judge::{Judgement, Outcome};
use crate::report::{Cause, CheckReport, Finding, Location, Part};
use crate::send::{Message, Send};
use crate::verdict::refused;
use crate::words::{State, WORKFLOW, count, icon, prose, sentence};

/// The most problems that are listed.
const MOST: usize = 6;

/// A problem of the policy.
pub(crate) struct Problem {
    shape: &'static str,
    pub(crate) location: Location,
    text: String,
}

/// The pane.
pub(crate) fn view(
    input: &Input,
    judgement: &Judgement,
    (behind, node): (&NodeRef, &NodeRef),
    open: bool,
    send: &Send,
) -> Html {
    let problems = problems(judgement);
    let invalid = (!judgement.policy_faults.is_empty()).then_some("true");
    let is_long = input.policy.len() > LONGEST;
    let caret = |event: &Event| {
        let text = event.target_dyn_into::<HtmlTextAreaElement>();
        let place = text.and_then(|text| text.selection_start().ok().flatten());
        Message::Caret(place.unwrap_or_default())
    };
    html! {
        <details class="pane" id="p-policy" {open}>
            <summary><h2 id="l-policy" tabindex="-1">{ "Trust policy" }</h2><span class="meta">{ meta(input, judgement) }</span></summary>
            <div class={("ed pol", if is_long { "plain" } else { "" })}>
                <pre aria-hidden="true" ref={behind.clone()}></pre>
                <textarea id="policy" ref={node.clone()} aria-labelledby="l-policy" aria-describedby="policy-notes"
                    placeholder="Paste the trust policy of the role, as JSON"
                    spellcheck="false" autocomplete="off" autocapitalize="off" autocorrect="off" aria-invalid={invalid}
                    oninput={send.typed(|input| &mut input.policy)}
                    onkeyup={send.0.reform(move |event: KeyboardEvent| caret(&event))}
                    onclick={send.0.reform(move |event: MouseEvent| caret(&event))} />
            </div>
            <div class="under">
                <ul id="policy-notes" class="problems">{ for problems.iter().map(|one| problem(one, send)) }{ for judgement.policy_faults.iter().filter(|cause| cause.location.is_none()).map(placeless) }</ul>
                if input.has_policy() {
                    <span class="does">
                        <button type="button" class="btn q" onclick={send.click(Box::new(|| Message::Format))}
                            disabled={!is_json(judgement)}>{ "Format" }</button>
                        <button type="button" class="btn q" onclick={send.click(Box::new(|| Message::Clear))}>{ "Clear" }</button>
                    </span>
                }
            </div>
        </details>
    }
}

/// The text in its colours, for what stands behind the box.
pub(crate) fn coloured(input: &Input, judgement: &Judgement) -> Vec<Line> {
    if input.policy.len() > LONGEST {
        return Vec::new();
    }
    highlight::lines(&input.policy, &marks(judgement, &input.policy))
}

fn is_json(judgement: &Judgement) -> bool {
    !judgement
        .policy_faults
        .iter()
        .any(|cause| cause.id == "malformed_json")
}

fn meta(input: &Input, judgement: &Judgement) -> String {
    if !input.has_policy() {
        return "of the role to assume".to_owned();
    }
    if let Some(fault) = judgement.policy_faults.first() {
        let what = match fault.id.as_str() {
            "malformed_json" => "not valid JSON",
            _ => "not a policy that IAM can read",
        };
        return what.to_owned();
    }
    let Some(report) = &judgement.policy else {
        return String::new();
    };
    let statements = count(report.statements.len(), "statement");
    let accepted = if report.storable.accepted {
        "IAM would store it"
    } else {
        "IAM would refuse to store it"
    };
    format!("{statements}, {accepted}")
}

/// What is wrong with the policy, in the order in which it matters.
pub(crate) fn problems(judgement: &Judgement) -> Vec<Problem> {
    let faults = judgement.policy_faults.iter().filter_map(|cause| {
        Some(Problem {
            shape: "fail",
            location: cause.location.clone()?,
            text: format!("{} {}", sentence(&cause.summary), sentence(&cause.help)),
        })
    });
    let decided = match &judgement.outcome {
        Outcome::Decided(report) => report.causes.as_slice(),
        _ => &[],
    };
    let causes = decided
        .iter()
        .filter(|cause| is_here(cause))
        .filter_map(|cause| {
            Some(Problem {
                shape: "fail",
                location: cause.location.clone()?,
                text: refused(cause),
            })
        });
    let findings = judgement
        .policy
        .iter()
        .flat_map(|report| &report.findings)
        .filter(|finding| finding.severity != "info")
        .filter_map(|finding| {
            Some(Problem {
                shape: State::of_severity(&finding.severity).shape,
                location: finding.location.clone()?,
                text: sentence(&finding.summary),
            })
        });
    let mut problems: Vec<Problem> = Vec::new();
    for one in faults.chain(causes).chain(findings) {
        let is_new = problems
            .iter()
            .all(|old| old.location.range() != one.location.range() || old.text != one.text);
        if is_new && problems.len() < MOST {
            problems.push(one);
        }
    }
    problems
}

/// The cause stands in the policy, not in the workflow.
fn is_here(cause: &Cause) -> bool {
    let place = cause.location.as_ref();
    place.is_none_or(|place| place.document != WORKFLOW)
}

fn problem(problem: &Problem, send: &Send) -> Html {
    let location = problem.location.clone();
    let start = &problem.location.start;
    html! {
        <li>
            <button type="button" class="problem" onclick={send.click(Box::new(move || Message::Select(location.clone())))}>
                { icon(problem.shape) }
                <span><b>{ format!("{}:{}", start.line, start.column) }</b>{ " " }{ prose(&problem.text) }<span class="vh">{ " Select in the policy" }</span></span>
            </button>
        </li>
    }
}

fn placeless(cause: &Cause) -> Html {
    html! {
        <li class="problem">{ icon("fail") }<span>{ prose(&format!("{} {}", sentence(&cause.summary), sentence(&cause.help))) }</span></li>
    }
}

/// What the report says of places in the text.
fn marks(judgement: &Judgement, text: &str) -> Marks {
    let mut marks = Marks::default();
    let mut places = Places::default();
    for cause in &judgement.policy_faults {
        if let Some(location) = &cause.location {
            marks.line(location, "fail", "f");
            places.put(location.start.byte..location.end.byte, "sq");
        }
    }
    if !judgement.is_in_place {
        marks.ranges = places.0;
        return marks;
    }
    if let Outcome::Decided(report) = &judgement.outcome {
        first_cause(report, text, &mut places, &mut marks);
    }
    for finding in judgement.policy.iter().flat_map(|report| &report.findings) {
        risk(finding, text, &mut places, &mut marks);
    }
    if let Outcome::Decided(report) = &judgement.outcome {
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
