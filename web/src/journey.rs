//! The rail: six steps from the workflow to the push, each with its state and a way to its evidence.

use yew::prelude::*;

use crate::browser;
use crate::judge::{Judgement, Outcome};
use crate::report::{Check, CheckReport};
use crate::words::{State, count, duration, relative};

const NOT_YET: &str = "not checked here yet";

struct Step {
    name: &'static str,
    /// Where its evidence stands.
    evidence: &'static str,
    state: State,
    fact: String,
}

/// The six steps.
pub(crate) fn view(judgement: &Judgement) -> Html {
    let steps = steps(judgement);
    let item = |(index, step): (usize, &Step)| {
        let evidence = step.evidence;
        let onclick = Callback::from(move |event: MouseEvent| {
            event.prevent_default();
            browser::go_to(evidence);
        });
        html! {
            <li class={format!("s-{}", step.state.shape)}>
                <a href={format!("#{evidence}")} {onclick}>
                    { step.state.icon() }
                    <b>{ format!("{} {}", index + 1, step.name) }<span class="vh">{ format!(": {}", step.state.word) }</span></b>
                    <small>{ step.fact.clone() }</small>
                </a>
            </li>
        }
    };
    let stop = steps
        .iter()
        .position(|step| matches!(step.state.shape, "fail" | "unknown"));
    html! {
        <nav class="journey" aria-label="Six steps, in the order they are checked">
            <ol>{ for steps.iter().enumerate().map(item) }</ol>
            <p class="now" aria-hidden="true">
                if let Some((index, step)) = stop.and_then(|index| Some((index, steps.get(index)?))) {
                    { format!("Step {} of 6, ", index + 1) }<b>{ step.name }</b>{ format!(": {}", step.fact) }
                } else {
                    { "Six steps, checked in this order" }
                }
            </p>
        </nav>
    }
}

fn steps(judgement: &Judgement) -> [Step; 6] {
    let report = match &judgement.outcome {
        Outcome::Decided(report) => Some(&**report),
        _ => None,
    };
    [
        Step {
            name: "Workflow may ask",
            evidence: "l-token",
            state: not_yet(),
            fact: NOT_YET.to_owned(),
        },
        issued(judgement, report),
        provider(report),
        trust(report),
        session(report),
        Step {
            name: "ECR push",
            evidence: "l-checks",
            state: not_yet(),
            fact: NOT_YET.to_owned(),
        },
    ]
}

const fn not_yet() -> State {
    State {
        shape: "none",
        word: NOT_YET,
    }
}

/// What the checks of a step come to together. `None`: nothing was asked yet.
fn together(checks: &[Check], ids: &[&str]) -> Option<State> {
    let of_step = checks
        .iter()
        .filter(|check| ids.contains(&check.id.as_str()));
    let outcomes: Vec<&str> = of_step.map(|check| check.outcome.as_str()).collect();
    let word = ["fail", "unknown", "not-reached", "pass"]
        .into_iter()
        .find(|word| outcomes.contains(word))?;
    Some(State::of_check(word))
}

/// The first of the checks that did not pass, as `signature: unknown`.
fn first_open(checks: &[Check], ids: &[(&str, &str)]) -> Option<String> {
    ids.iter().find_map(|(id, name)| {
        let check = checks.iter().find(|check| check.id == *id)?;
        let state = State::of_check(&check.outcome);
        (state.shape != "pass").then(|| format!("{name}: {}", state.word))
    })
}

const TOKEN: [(&str, &str); 3] = [
    ("token-format", "form"),
    ("required-claims", "claims"),
    ("token-times", "times"),
];
const PROVIDER: [(&str, &str); 3] = [
    ("provider", "provider"),
    ("audience", "audience"),
    ("signature", "signature"),
];

fn ids(named: &[(&'static str, &str)]) -> Vec<&'static str> {
    named.iter().map(|(id, _)| *id).collect()
}

fn issued(judgement: &Judgement, report: Option<&CheckReport>) -> Step {
    let step = |state, fact: String| Step {
        name: "Token issued",
        evidence: "l-token",
        state,
        fact,
    };
    if !judgement.token_faults.is_empty() {
        return step(State::of_check("fail"), "no token in the text".to_owned());
    }
    let checks = report
        .map(|report| report.checks.as_slice())
        .or_else(|| {
            judgement
                .token
                .as_ref()
                .map(|token| token.checks.as_slice())
        })
        .unwrap_or_default();
    match together(checks, &ids(&TOKEN)) {
        None => step(waiting(), "claims, times".to_owned()),
        Some(state) => {
            let fact = first_open(checks, &TOKEN).unwrap_or_else(|| lifetime(judgement));
            step(state, fact)
        }
    }
}

/// `well formed, 3 min 18 s left`
fn lifetime(judgement: &Judgement) -> String {
    let token = judgement.token.as_ref();
    let exp = token.and_then(|token| token.times.iter().find(|time| time.claim == "exp"));
    match exp.and_then(|exp| exp.relative_seconds) {
        Some(left @ 1..) => format!(
            "well formed, {} left",
            relative(left).trim_start_matches("in ")
        ),
        _ => "well formed".to_owned(),
    }
}

const fn waiting() -> State {
    State {
        shape: "none",
        word: "not reached",
    }
}

fn provider(report: Option<&CheckReport>) -> Step {
    let step = |state, fact: String| Step {
        name: "Provider, audience",
        evidence: "l-checks",
        state,
        fact,
    };
    let checks = report
        .map(|report| report.checks.as_slice())
        .unwrap_or_default();
    match together(checks, &ids(&PROVIDER)) {
        None => step(waiting(), "known, registered".to_owned()),
        Some(state) => {
            let fact = first_open(checks, &PROVIDER)
                .unwrap_or_else(|| "registered, signature right".to_owned());
            step(state, fact)
        }
    }
}

fn trust(report: Option<&CheckReport>) -> Step {
    let step = |state, fact: String| Step {
        name: "Trust policy",
        evidence: "l-trace",
        state,
        fact,
    };
    let Some(report) = report else {
        return step(waiting(), "who may assume".to_owned());
    };
    let state = together(&report.checks, &["trust-policy"]).unwrap_or(waiting());
    if state.shape == "none" {
        return step(state, "not reached by STS".to_owned());
    }
    let applying = report
        .statements
        .iter()
        .filter(|one| one.outcome == "applies")
        .count();
    let all = report.statements.len();
    let verb = if all == 1 { "applies" } else { "apply" };
    step(
        state,
        format!("{applying} of {} {verb}", count(all, "statement")),
    )
}

fn session(report: Option<&CheckReport>) -> Step {
    let step = |state, fact: String| Step {
        name: "Session",
        evidence: "l-checks",
        state,
        fact,
    };
    let Some(report) = report else {
        return step(waiting(), "how long".to_owned());
    };
    let own = together(&report.checks, &["request", "session-duration"]).unwrap_or(waiting());
    match (&report.session, own.shape) {
        (Some(session), _) => {
            let arn = session.assumed_role_arn.as_deref().unwrap_or_default();
            let name = arn.rsplit(':').next().unwrap_or_default();
            let comma = if name.is_empty() { "" } else { ", " };
            let length = duration(session.expires_in_seconds);
            step(State::of_check("pass"), format!("{name}{comma}{length}"))
        }
        (None, "fail") => step(own, "refused".to_owned()),
        (None, _) if report.decision == "undecided" => {
            step(State::of_check("unknown"), "if allowed".to_owned())
        }
        (None, _) => step(waiting(), "not reached".to_owned()),
    }
}
