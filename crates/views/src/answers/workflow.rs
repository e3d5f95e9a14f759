//! What a workflow's jobs get: every job on its events, the one that is meant in full, and what is remarkable.

use serde_json::Value;

use super::column::finding;
use crate::act::Act;
use crate::html;
use crate::html::Html;
use crate::page::Page;
use crate::report::{Cause, JobPrediction, Prediction, Reply, TokenPrediction};
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
        _ if job.asks_for_none() => state("none", "asks for no token"),
        _ if job.no_token.is_some() => state("fail", "no token"),
        _ if job.tokens.is_empty() => state("none", "no token"),
        (_, Some(decision)) => State::of_decision(decision),
        _ => state("pass", "gets a token"),
    }
}

/// The first of the subjects, or why there is none.
fn subject(job: &JobPrediction) -> String {
    if job.asks_for_none() {
        return String::new();
    }
    match (&job.no_token, subjects(job).as_slice()) {
        (Some(cause), _) => visible(&cause.id),
        (None, [only]) if job.more_tokens == 0 => only.subject.clone(),
        (None, [first, others @ ..]) => {
            let more = others.len() + job.more_tokens;
            format!("{} and {more} more", first.subject)
        }
        _ => String::new(),
    }
}

/// A subject, and what is told of the tokens that have it, each thing once.
struct Subject {
    subject: String,
    when: Vec<String>,
    unknown: Vec<String>,
}

/// The different subjects of a job's tokens.
fn subjects(job: &JobPrediction) -> Vec<Subject> {
    let mut all: Vec<Subject> = Vec::new();
    for token in &job.tokens {
        let subject = claim(token, "sub");
        let index = all.iter().position(|one| one.subject == subject);
        let index = index.unwrap_or_else(|| {
            let (when, unknown) = (Vec::new(), Vec::new());
            all.push(Subject {
                subject,
                when,
                unknown,
            });
            all.len() - 1
        });
        if let Some(one) = all.get_mut(index) {
            let when = visible(&token.when.join(", "));
            let names = token.unknown.keys().map(|name| visible(name));
            add(&mut one.when, Some(when).filter(|when| !when.is_empty()));
            add(&mut one.unknown, names);
        }
    }
    all
}

/// What is not there yet.
fn add(all: &mut Vec<String>, more: impl IntoIterator<Item = String>) {
    for one in more {
        if !all.contains(&one) {
            all.push(one);
        }
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
    let subjects = subjects(job);
    html! {
        <div class="job">
            <h3 class="gh">{ format!("The job {} on {}", visible(&job.job), visible(&job.event)) }{ " " }{ place(&job.location, true) }</h3>
            if let Some(cause) = &job.no_token {
                { no_token(job, cause) }
            }
            if !subjects.is_empty() {
                <ul class="tokens">{ rows(&subjects, token) }</ul>
            }
            if job.more_tokens > 0 {
                <p class="sub">{ format!("and {}", count(job.more_tokens, "more token")) }</p>
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

/// A fault only where a token is asked for.
fn no_token(job: &JobPrediction, cause: &Cause) -> Html {
    if job.asks_for_none() {
        let words = format!("{} {}", sentence(&cause.summary), sentence(&cause.help));
        return html! { <p class="sub">{ prose(&words) }</p> };
    }
    faults(std::slice::from_ref(cause), true)
}

fn token(token: &Subject) -> Html {
    html! {
        <li>
            { icon("dot") }
            <div>
                <code>{ token.subject.clone() }</code>
                if !token.when.is_empty() { <small>{ token.when.join("; ") }</small> }
                if !token.unknown.is_empty() { <small>{ format!("not known: {}", token.unknown.join(", ")) }</small> }
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
