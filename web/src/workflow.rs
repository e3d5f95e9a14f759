//! The workflow in a token's place: the box, what is known of the repository, and the jobs with their tokens.

use std::rc::Rc;

use serde_json::Value;
use web_sys::HtmlTextAreaElement;
use yew::prelude::*;

use crate::analysis::Found;
use crate::answer::finding;
use crate::form::Form;
use crate::html::html;
use crate::input::Input;
use crate::judge::Judgement;
use crate::report::{JobPrediction, Prediction, TokenPrediction};
use crate::send::{Message, Send};
use crate::words::{self, Select, State, count, icon, place, prose, rows, sentence, visible};

/// The most jobs that are listed and judged, each event counted.
pub(crate) const MOST_JOBS: usize = 40;

/// What one has: a token, or the workflow that is to get one.
pub(crate) fn choice(input: &Input, send: &Send) -> Html {
    let is_on = input.workflow.is_on;
    let one = |on: bool, words: &'static str| {
        let onchange = send.0.reform(move |_: Event| {
            Message::Change(Box::new(move |input| {
                input.workflow.is_on = on;
                input.what_if = None;
            }))
        });
        html! { <label><input type="radio" name="given" checked={is_on == on} {onchange} />{ words }</label> }
    };
    html! {
        <fieldset class="seg3 given">
            <legend class="vh">{ "What is judged" }</legend>
            { one(false, "Token or claims") }
            { one(true, "No token yet: the workflow") }
        </fieldset>
    }
}

/// The pane's content in the workflow's case.
pub(crate) fn view(
    input: &Input,
    judgement: &Judgement,
    found: Option<&Found>,
    node: &NodeRef,
    send: &Send,
) -> Html {
    let select = send.0.reform(Message::Select);
    let answer = judgement.prediction.as_ref().map(|asked| &asked.answer);
    let faults = match answer {
        Some(Err(error)) => error.causes.as_slice(),
        _ => &[],
    };
    html! {
        <>
            <div class="ed wfl plain">
                <textarea id="workflow" ref={node.clone()} aria-label="Workflow" aria-describedby="workflow-notes"
                    placeholder="Paste the workflow, .github/workflows/deploy.yml: its jobs, and the tokens they would get, are listed below"
                    spellcheck="false" autocomplete="off" autocapitalize="off" autocorrect="off"
                    aria-invalid={(!faults.is_empty()).then_some("true")}
                    oninput={send.0.reform(|event: InputEvent| {
                        let text = event.target_dyn_into::<HtmlTextAreaElement>();
                        let text = text.map(|text| text.value()).unwrap_or_default();
                        Message::Change(Box::new(|input| {
                            input.workflow.text = text;
                            input.what_if = None;
                        }))
                    })} />
            </div>
            <div id="workflow-notes" class="notes">
                { words::faults(faults, Some(&select)) }
            </div>
            { repository(input, send) }
            if let Some(Ok(prediction)) = answer {
                { jobs(prediction, judgement, found, send) }
                if let Some(job) = &judgement.job { { details(job, &select) } }
                { remarks(prediction, &select, send) }
            }
        </>
    }
}

/// What no workflow tells.
fn repository(input: &Input, send: &Send) -> Html {
    let repository = Form {
        members: &input.workflow.repository,
        of: |input| &mut input.workflow.repository,
        send,
    };
    let run = Form {
        members: &input.workflow.run,
        of: |input| &mut input.workflow.run,
        send,
    };
    let subjects = input.workflow.subjects.as_str();
    let form = |value: &'static str, words: &'static str| {
        html! { <option {value} selected={subjects == value}>{ words }</option> }
    };
    html! {
        <div class="form">
            <fieldset>
                <legend>{ "The repository" }</legend>
                { repository.line("repository", "Repository", "octo-org/octo-repo") }
                <label>
                    <span>{ "Subjects" }</span>
                    <select onchange={send.chosen(Rc::new(|input, value| input.workflow.subjects = value))}>
                        { form("", "not known: both forms are judged") }
                        { form("classic", "without ids: older than 15 July 2026") }
                        { form("immutable", "with ids: new, renamed, moved or opted in") }
                    </select>
                </label>
                <details class="more">
                    <summary>{ "More of the repository and the run" }</summary>
                    { repository.line("repository_owner_id", "Owner id", "123456") }
                    { repository.line("repository_id", "Repository id", "456789") }
                    { repository.line("default_branch", "Default branch", "main") }
                    { run.line("ref", "Ref of the run", "refs/heads/main") }
                    <label class="wide">
                        <span>{ "Or what GitHub's API says" }</span>
                        <textarea class="small" rows="3" autocomplete="off" autocapitalize="off" autocorrect="off" spellcheck="false"
                            placeholder="the output of: gh api repos/OWNER/NAME; gh api repos/OWNER/NAME/actions/oidc/customization/sub"
                            value={input.workflow.facts.clone()} oninput={send.typed(|input| &mut input.workflow.facts)} />
                    </label>
                </details>
            </fieldset>
        </div>
    }
}

/// Every job on every event, with what becomes of it.
fn jobs(
    prediction: &Prediction,
    judgement: &Judgement,
    found: Option<&Found>,
    send: &Send,
) -> Html {
    let shown = prediction.jobs.iter().take(MOST_JOBS);
    let row = |(index, job): (usize, &JobPrediction)| {
        let is_meant = judgement
            .job
            .as_ref()
            .is_some_and(|meant| meant.job == job.job && meant.event == job.event);
        let decision = found
            .and_then(|found| found.jobs.get(index))
            .filter(|word| !word.is_empty());
        let state = state(job, decision.map(String::as_str));
        let (name, event) = (job.job.clone(), job.event.clone());
        let onclick = send.click(Box::new(move || {
            let (name, event) = (name.clone(), event.clone());
            Message::Change(Box::new(move |input| {
                let run = &mut input.workflow.run;
                run.insert("job".to_owned(), Value::String(name));
                run.insert("event".to_owned(), Value::String(event));
                input.what_if = None;
            }))
        }));
        html! {
            <li>
                <button type="button" aria-pressed={is_meant.to_string()} {onclick}>
                    { state.icon() }
                    <b>{ visible(&job.job) }</b>
                    <span>{ visible(&job.event) }</span>
                    <span class="o">{ state.word }</span>
                    <code>{ subject(job) }</code>
                </button>
            </li>
        }
    };
    let more = prediction.jobs.len().saturating_sub(MOST_JOBS);
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
fn details(job: &JobPrediction, select: &Select) -> Html {
    let tokens = job.tokens.as_slice();
    html! {
        <div class="job">
            <h3 class="gh">{ format!("The job {} on {}", visible(&job.job), visible(&job.event)) }{ " " }{ place(&job.location, Some(select)) }</h3>
            if let Some(cause) = &job.no_token {
                { words::faults(std::slice::from_ref(cause), Some(select)) }
            }
            if !tokens.is_empty() {
                <ul class="tokens">{ rows(tokens, token) }</ul>
            }
            { for job.roles.iter().map(|role| words::faults(&role.causes, Some(select))) }
            if !job.roles.is_empty() {
                <ul class="who">{ for job.roles.iter().take(8).map(|role| html! {
                    <li>
                        { icon("dot") }
                        <span>
                            { "asks for " }<code>{ visible(role.role.as_ref().or(role.written.as_ref()).map_or("a role that is not known", String::as_str)) }</code>
                            { format!(" by {} ", visible(&role.by)) }{ place(&role.location, Some(select)) }
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
fn remarks(prediction: &Prediction, select: &Select, send: &Send) -> Html {
    html! {
        <>
            if !prediction.findings.is_empty() {
                <h3 class="gh">{ "Findings in the workflow" }</h3>
                <ul class="finds">{ rows(&prediction.findings, |one| finding(one, Some(select), send)) }</ul>
            }
            { for prediction.notes.iter().map(|note| html! { <p class="sub">{ prose(&sentence(note)) }</p> }) }
        </>
    }
}
