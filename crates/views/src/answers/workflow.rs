//! What a workflow's jobs get: every job on its events, the one that is meant in full, and what is remarkable.

use serde_json::Value;

use super::column::finding;
use crate::act::Act;
use crate::html;
use crate::html::Html;
use crate::page::Page;
use crate::report::{JobPrediction, Prediction, Reply, TokenPrediction};
use crate::words::{MOST_JOBS, State, count, faults, icon, place, prose, rows, sentence, visible};

/// The workflow's jobs.
pub(super) fn view(page: &Page) -> Html {
    let Some(Reply::Report(prediction)) = &page.predict else {
        return Html::default();
    };
    html! {
        <>
            { jobs(page, &prediction.jobs) }
            { for page.job().map(details) }
            { remarks(prediction) }
        </>
    }
}

/// Why there are none.
pub(super) fn notes(page: &Page) -> Html {
    match &page.predict {
        Some(Reply::Error(error)) => faults(&error.causes, true),
        _ => Html::default(),
    }
}

/// Every job on every event, with what becomes of it.
fn jobs(page: &Page, jobs: &[JobPrediction]) -> Html {
    let shown = jobs.iter().take(MOST_JOBS);
    let row = |(index, job): (usize, &JobPrediction)| {
        let decision = page.decisions.get(index).filter(|word| !word.is_empty());
        let state = state(job, decision.map(String::as_str));
        let judge = Act::Job(job.job.clone(), job.event.clone());
        html! {
            <li>
                <button type="button" aria-pressed={page.is_meant(job).to_string()} data-do={judge}>
                    { state.icon() }
                    <b>{ visible(&job.job) }</b>
                    <span>{ visible(&job.event) }</span>
                    <span class="o">{ state.word }</span>
                    <code>{ subject(job) }</code>
                </button>
            </li>
        }
    };
    let more = jobs.len().saturating_sub(MOST_JOBS);
    html! {
        <>
            <h3 class="gh">{ "Jobs, each on its events; press one to judge it" }</h3>
            <ul class="jobs">{ for shown.enumerate().map(row) }</ul>
            if more > 0 {
                <p class="sub">{ format!("and {}: `rolecall predict` lists all", count(more, "more job")) }</p>
            }
        </>
    }
}

/// What becomes of a job: the policy's answer where there is one.
fn state(job: &JobPrediction, decision: Option<&str>) -> State {
    let state = |shape, word| State { shape, word };
    match (job.runs.as_str(), decision) {
        ("no", _) => state("none", "skipped"),
        _ if job.no_token.is_some() => state("fail", "no token"),
        _ if job.tokens.is_empty() => state("none", "asks for none"),
        (_, Some(decision)) => State::of_decision(decision),
        _ => state("pass", "gets a token"),
    }
}

/// The subject of the first token, or why there is none.
fn subject(job: &JobPrediction) -> String {
    match (&job.no_token, job.tokens.first()) {
        (Some(cause), _) => visible(&cause.id),
        (None, Some(token)) => {
            let more = job.tokens.len() + job.more_tokens - 1;
            let more = if more > 0 {
                format!(" and {more} more")
            } else {
                String::new()
            };
            format!("{}{more}", claim(token, "sub"))
        }
        _ => String::new(),
    }
}

/// A claim as far as it is known: its value, its pattern, or nothing.
fn claim(token: &TokenPrediction, name: &str) -> String {
    let known = token.claims.get(name).or_else(|| token.patterns.get(name));
    let value = known.and_then(Value::as_str);
    value.map_or_else(|| "a subject that is not known".to_owned(), visible)
}

/// The job that is meant.
fn details(job: &JobPrediction) -> Html {
    let tokens = job.tokens.as_slice();
    html! {
        <div class="job">
            <h3 class="gh">{ format!("The job {} on {}", visible(&job.job), visible(&job.event)) }{ " " }{ place(&job.location, true) }</h3>
            if let Some(cause) = &job.no_token {
                { faults(std::slice::from_ref(cause), true) }
            }
            if !tokens.is_empty() {
                <ul class="tokens">{ rows(tokens, token) }</ul>
            }
            { for job.roles.iter().map(|role| faults(&role.causes, true)) }
            if !job.roles.is_empty() {
                <ul class="who">{ for job.roles.iter().take(8).map(|role| html! {
                    <li>
                        { icon("dot") }
                        <span>
                            { "asks for " }<code>{ visible(role.role.as_ref().or(role.written.as_ref()).map_or("a role that is not known", String::as_str)) }</code>
                            { format!(" by {} ", visible(&role.by)) }{ place(&role.location, true) }
                        </span>
                    </li>
                }) }</ul>
            }
            { for job.unless.iter().map(|cause| html! { <p class="sub">{ "No token in some runs: " }{ prose(&sentence(&cause.summary)) }</p> }) }
            { for job.notes.iter().map(|note| html! { <p class="sub">{ prose(&sentence(note)) }</p> }) }
        </div>
    }
}

fn token(token: &TokenPrediction) -> Html {
    let unknown: Vec<&str> = token.unknown.keys().map(String::as_str).collect();
    html! {
        <li>
            { icon("dot") }
            <div>
                <code>{ claim(token, "sub") }</code>
                if !token.when.is_empty() { <small>{ visible(&token.when.join(", ")) }</small> }
                if !unknown.is_empty() { <small>{ format!("not known: {}", visible(&unknown.join(", "))) }</small> }
            </div>
        </li>
    }
}

/// What is remarkable about the workflow, and what was assumed.
fn remarks(prediction: &Prediction) -> Html {
    html! {
        <>
            if !prediction.findings.is_empty() {
                <h3 class="gh">{ "Findings in the workflow" }</h3>
                <ul class="finds">{ rows(&prediction.findings, |one| finding(one, true)) }</ul>
            }
            { for prediction.notes.iter().map(|note| html! { <p class="sub">{ prose(&sentence(note)) }</p> }) }
        </>
    }
}
