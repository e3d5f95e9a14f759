//! The trace: every statement, every test of it, and how it came out. Pressing a test selects its text; the
//! caret in the text presses the test.

use crate::act::Act;
use crate::html;
use crate::html::Html;
use crate::report::{CheckReport, Expected, Location, Part, Statement};
use crate::words::{State, icon, part, prose, rows, sentence, visible};

/// A policy with more statements shows only those that matter until all are asked for.
const MOST_STATEMENTS: usize = 8;

/// The part.
pub(super) struct Trace<'a> {
    pub(super) report: &'a CheckReport,
    /// Where the caret stands in the policy, in UTF-16 units.
    pub(super) caret: Option<u32>,
    pub(super) shows_all: bool,
    /// The report is of the text in the box.
    pub(super) in_box: bool,
}

impl Trace<'_> {
    pub(super) fn view(&self) -> Html {
        let statements = &self.report.statements;
        if self.report.is_untried() {
            let body = html! { <p class="sub">{ "Not reached: the job gets no token." }</p> };
            return part("l-trace", "Trace", html! {}, body);
        }
        let is_long = statements.len() > MOST_STATEMENTS && !self.shows_all;
        let shown: Vec<&Statement> = if is_long {
            self.nearest()
        } else {
            statements.iter().take(120).collect()
        };
        let hidden = statements.len() - shown.len();
        let body = html! {
            <>
                <ol class="trace">{ for shown.into_iter().map(|one| self.statement(one)) }</ol>
                if hidden > 0 {
                    <p class="row">
                        <button type="button" class="btn" disabled={!self.in_box} data-do={Act::ShowAll}>
                            { format!("Show {hidden} more statements") }
                        </button>
                    </p>
                }
            </>
        };
        let meta = match self.report.of_token() {
            Some(_) => "for every token the run may get; press a line to see it in the policy",
            None => "press a line to see it in the policy",
        };
        part("l-trace", "Trace", html! { meta }, body)
    }

    /// Those that apply or may, and those that a cause is about; the first ones where there are none.
    fn nearest(&self) -> Vec<&Statement> {
        let is_cause = |one: &Statement| {
            let path = format!("/Statement/{}/", one.index);
            self.report.causes.iter().take(3).any(|cause| {
                let place = cause.location.as_ref();
                place.is_some_and(|place| place.path.starts_with(&path))
            })
        };
        let near = |one: &&Statement| one.outcome != "does-not-apply" || is_cause(one);
        let shown: Vec<&Statement> = self
            .report
            .statements
            .iter()
            .filter(near)
            .take(MOST_STATEMENTS)
            .collect();
        if shown.is_empty() {
            self.report
                .statements
                .iter()
                .take(MOST_STATEMENTS)
                .collect()
        } else {
            shown
        }
    }

    fn statement(&self, statement: &Statement) -> Html {
        let state = State::of_statement(&statement.outcome);
        let met = statement
            .parts
            .iter()
            .filter(|part| part.outcome == "met")
            .count();
        let sid = statement
            .sid
            .as_ref()
            .map(|sid| format!(" ({})", visible(sid)));
        html! {
            <li>
                <p class="st">
                    { state.icon() }
                    <span>{ format!("Statement {}{}, {}: {}, {met} of {} tests met", statement.index + 1, sid.unwrap_or_default(),
                        visible(&statement.effect), state.word, statement.parts.len()) }</span>
                </p>
                <ul>{ rows(&statement.parts, |one| self.test(one)) }</ul>
            </li>
        }
    }

    fn test(&self, test: &Part) -> Html {
        let state = State::of_test(&test.outcome);
        let place = target(test);
        let pressed = self.caret.is_some_and(|caret| holds(&test.location, caret));
        let line = place.start.line;
        html! {
            <li>
                <button type="button" aria-pressed={pressed.to_string()} disabled={!self.in_box} data-do={Act::Select(place.clone())}>
                    { state.icon() }
                    <span class={format!("o o-{}", state.shape)}>{ state.word }</span>
                    <span class="w"><b>{ name(test) }</b>{ " " }<span class="sub">{ asked(test) }</span></span>
                    <span class="ln">{ format!("line {line}") }</span>
                </button>
                if test.outcome != "met" { { self.values(test) } }
            </li>
        }
    }

    /// What stood against what.
    fn values(&self, test: &Part) -> Html {
        html! {
            <ul class="vals">
                <li>{ prose(&sentence(&test.why)) }</li>
                if let Some(actual) = &test.actual {
                    <li>{ "request: " }<code>{ visible(&actual.join(", ")) }</code></li>
                }
                { rows(&test.expected, expected) }
            </ul>
        }
    }
}

/// A single value is selected itself, of several all.
fn target(test: &Part) -> &Location {
    match test.expected.as_slice() {
        [one] => one.location.as_ref().unwrap_or(&test.location),
        _ => &test.location,
    }
}

fn holds(location: &Location, caret: u32) -> bool {
    (location.start.utf16..=location.end.utf16).contains(&caret)
}

fn expected(value: &Expected) -> Html {
    let state = State::of_test(&value.outcome);
    html! {
        <li>{ icon(state.shape) }{ " policy: " }<code>{ visible(&value.value) }</code>{ format!(" {}: ", state.word) }{ prose(&value.why) }</li>
    }
}

/// `sub` of the issuer's keys, others in full.
fn name(test: &Part) -> String {
    match (test.part.as_str(), &test.key) {
        (_, Some(key)) => match key.rsplit_once(':') {
            Some((issuer, name)) if issuer.contains('.') => visible(name),
            _ => visible(key),
        },
        ("principal", None) => "Principal".to_owned(),
        ("action", None) => "Action".to_owned(),
        (other, None) => visible(other),
    }
}

/// `StringLike "repo:octo-org/*" and 2 more`; of principal and action, why they came out so.
fn asked(test: &Part) -> Html {
    let (Some(operator), Some(first)) = (&test.operator, test.expected.first()) else {
        return prose(&test.why);
    };
    let more = match test.expected.len() {
        1 => String::new(),
        count => format!(" and {} more", count - 1),
    };
    html! { format!("{} \"{}\"{more}", visible(operator), visible(&first.value)) }
}
