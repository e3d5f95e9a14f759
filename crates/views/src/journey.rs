//! The rail: six steps from the workflow to the push, each with its state and a way to its evidence.

use crate::act::Act;
use crate::html;
use crate::html::Html;
use crate::page::Page;
use crate::report::{Check, CheckReport, ErrorReport, Reply};
use crate::words::{State, count, duration, relative};

struct Step {
    name: &'static str,
    /// Where its evidence stands.
    evidence: &'static str,
    state: State,
    fact: String,
}

/// The six steps.
pub(crate) fn view(page: &Page) -> Html {
    let steps = steps(page);
    let item = |(index, step): (usize, &Step)| {
        let evidence = step.evidence;
        html! {
            <li class={format!("s-{}", step.state.shape)}>
                <a href={format!("#{evidence}")} data-do={Act::Go(evidence.to_owned())}>
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

fn steps(page: &Page) -> [Step; 6] {
    let report = page.decided();
    [
        workflow(page, report),
        issued(page, report),
        provider(report, page),
        trust(report),
        session(report),
        push(page, report),
    ]
}

const fn none(word: &'static str) -> State {
    State {
        shape: "none",
        word,
    }
}

/// Whether a job may ask: what a workflow tells, or a token, which nobody gets without asking.
fn workflow(page: &Page, report: Option<&CheckReport>) -> Step {
    let step = |state, fact: String| Step {
        name: "Workflow may ask",
        evidence: "l-token",
        state,
        fact,
    };
    match (page.job(), &page.predict) {
        (Some(job), _) if job.asks_for_none() => {
            step(none("not needed"), format!("{} asks for no token", job.job))
        }
        (Some(job), _) if job.no_token.is_some() => step(
            State::of_check("fail"),
            format!("{} gets no token", job.job),
        ),
        (Some(job), _) if job.runs == "unknown" => step(
            State::of_check("unknown"),
            format!("whether {} runs is open", job.job),
        ),
        (Some(job), _) => step(
            State::of_check("pass"),
            format!("{} on {}", job.job, job.event),
        ),
        (None, Some(Reply::Error(_))) => {
            step(none("not checked"), "the workflow can't be read".to_owned())
        }
        (None, Some(Reply::Report(_))) => step(State::of_check("fail"), "no job asks".to_owned()),
        (None, None) if has_header(page) && report.is_some() => {
            step(State::of_check("pass"), "it got this token".to_owned())
        }
        (None, None) => step(none("not checked"), "no workflow given".to_owned()),
    }
}

/// A token was pasted, not claims alone.
fn has_header(page: &Page) -> bool {
    let token = page.inspect.as_ref();
    token.is_some_and(|token| {
        token
            .header
            .as_ref()
            .is_some_and(|header| !header.is_empty())
    })
}

/// What the session may do. Where it can't come to a session, what its permissions say is told all the same.
fn push(page: &Page, report: Option<&CheckReport>) -> Step {
    let step = |evidence, state, fact: String| Step {
        name: "ECR push",
        evidence,
        state,
        fact,
    };
    let Some(answer) = &page.push else {
        return step(
            "l-push",
            none("not checked"),
            "no permissions given".to_owned(),
        );
    };
    let push = match answer {
        Reply::Report(push) => push,
        Reply::Error(error) => {
            return step("l-push", none("not checked"), of_push(error).to_owned());
        }
    };
    let fact = match (push.decision.as_str(), &push.stops_at) {
        ("allow", _) => "login and push allowed".to_owned(),
        (_, Some(action)) => format!("stops at {}", action.trim_start_matches("ecr:")),
        _ => "hangs on unknown facts".to_owned(),
    };
    match report.map(|report| report.decision.as_str()) {
        Some("deny") => step("ecr", waiting(), format!("if it came so far: {fact}")),
        _ => step(
            "ecr",
            State::of_check(match push.decision.as_str() {
                "allow" => "pass",
                "deny" => "fail",
                _ => "unknown",
            }),
            fact,
        ),
    }
}

/// Why nothing is said of the push.
pub(crate) fn of_push(error: &ErrorReport) -> &'static str {
    // Only a repository's fault tells what is expected in its place.
    match error.causes.first() {
        Some(cause) if cause.lacks_value() => "name the ECR repository",
        Some(cause) if cause.expected.is_some() => "the ECR repository can't be read",
        _ => "permissions can't be read",
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

fn issued(page: &Page, report: Option<&CheckReport>) -> Step {
    let step = |state, fact: String| Step {
        name: "Token issued",
        evidence: "l-token",
        state,
        fact,
    };
    if page.token_error.is_some() {
        return step(State::of_check("fail"), "no token in the text".to_owned());
    }
    let checks = report
        .map(|report| report.checks.as_slice())
        .or_else(|| page.inspect.as_ref().map(|token| token.checks.as_slice()))
        .unwrap_or_default();
    match together(checks, &ids(&TOKEN)) {
        None => step(waiting(), "claims, times".to_owned()),
        Some(state) => {
            let fact = first_open(checks, &TOKEN).unwrap_or_else(|| lifetime(page));
            step(state, fact)
        }
    }
}

/// `well formed, 3 min 18 s left`
fn lifetime(page: &Page) -> String {
    if page.job().is_some() {
        return "foreseen, not issued yet".to_owned();
    }
    let token = page.inspect.as_ref();
    let seconds = |claim| token.and_then(|token| token.seconds(claim));
    match seconds("exp") {
        Some(_) if seconds("iat") == Some(0) => "well formed, as of its issue".to_owned(),
        Some(left @ 1..) => format!(
            "well formed, {} left",
            relative(left).trim_start_matches("in ")
        ),
        _ => "well formed".to_owned(),
    }
}

const fn waiting() -> State {
    none("not reached")
}

fn provider(report: Option<&CheckReport>, page: &Page) -> Step {
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
            let signature = if page.is_jwt && page.what_if.is_none() && !page.is_foreseen {
                "signature right"
            } else {
                "unsigned"
            };
            let fact =
                first_open(checks, &PROVIDER).unwrap_or_else(|| format!("registered, {signature}"));
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
    let all = report.statements.len();
    // An answer that is open hangs on those that may apply.
    let (least, verb) = match state.shape {
        "unknown" => ("unknown", "may apply"),
        _ if all == 1 => ("applies", "applies"),
        _ => ("applies", "apply"),
    };
    let those = report
        .statements
        .iter()
        .filter(|one| one.outcome == "applies" || one.outcome == least)
        .count();
    step(
        state,
        format!("{those} of {} {verb}", count(all, "statement")),
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
