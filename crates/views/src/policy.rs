//! What is said of the policy: beside its heading, and the list of its problems.

use crate::act::Act;
use crate::html;
use crate::html::Html;
use crate::page::Page;
use crate::report::{Cause, Location};
use crate::verdict::refused;
use crate::words::{State, WORKFLOW, count, icon, prose, sentence};

/// The most problems that are listed.
const MOST: usize = 6;

/// A problem of the policy.
struct Problem {
    shape: &'static str,
    location: Location,
    text: String,
}

/// Why the policy can't be read.
fn faults(page: &Page) -> &[Cause] {
    page.policy_error
        .as_ref()
        .map(|error| error.causes.as_slice())
        .unwrap_or_default()
}

/// The problems, each with a press that selects its place.
pub(crate) fn notes(page: &Page) -> Html {
    html! {
        <>
            { for problems(page).iter().map(problem) }
            { for faults(page).iter().filter(|cause| cause.location.is_none()).map(placeless) }
        </>
    }
}

/// What can be done with the text.
pub(crate) fn does(page: &Page) -> Html {
    if page.policy.trim().is_empty() {
        return Html::default();
    }
    // Other texts that hold a policy, YAML and Terraform, have layouts of their own.
    let is_json = page.policy.trim_start().starts_with(['{', '['])
        && faults(page)
            .iter()
            .all(|cause| cause.id != "malformed_json");
    html! {
        <span class="does">
            <button type="button" class="btn q" data-do={Act::Format} disabled={!is_json}>{ "Format" }</button>
            <button type="button" class="btn q" data-do={Act::Clear}>{ "Clear" }</button>
        </span>
    }
}

/// What stands beside the heading.
pub(crate) fn meta(page: &Page) -> Html {
    html! { said_of(page) }
}

fn said_of(page: &Page) -> String {
    if page.policy.trim().is_empty() {
        return "of the role to assume".to_owned();
    }
    if let Some(fault) = faults(page).first() {
        let what = match fault.id.as_str() {
            "malformed_json" => "not valid JSON",
            "malformed_policy" if fault.location.is_none() => "of several roles",
            _ => "not a policy that IAM can read",
        };
        return what.to_owned();
    }
    let Some(report) = &page.check else {
        return String::new();
    };
    let accepted = if report.storable.accepted {
        "IAM would store it"
    } else {
        "IAM would refuse to store it"
    };
    if report.is_untried() {
        return accepted.to_owned();
    }
    let statements = count(report.statements.len(), "statement");
    format!("{statements}, {accepted}")
}

/// What is wrong with the policy, in the order in which it matters.
fn problems(page: &Page) -> Vec<Problem> {
    let faults = faults(page).iter().filter_map(|cause| {
        Some(Problem {
            shape: "fail",
            location: cause.location.clone()?,
            text: format!("{} {}", sentence(&cause.summary), sentence(&cause.help)),
        })
    });
    let causes = page.decided().into_iter().flat_map(|report| {
        // Where it is open, they are those of one of the possible answers.
        let shape = State::of_decision(&report.decision).shape;
        let causes = report.causes.iter().filter(|cause| is_here(cause));
        causes.filter_map(move |cause| {
            Some(Problem {
                shape,
                location: cause.location.clone()?,
                text: refused(cause),
            })
        })
    });
    let findings = page
        .check
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
pub(crate) fn is_here(cause: &Cause) -> bool {
    let place = cause.location.as_ref();
    place.is_none_or(|place| place.document != WORKFLOW)
}

fn problem(problem: &Problem) -> Html {
    let start = &problem.location.start;
    html! {
        <li>
            <button type="button" class="problem" data-do={Act::Select(problem.location.clone())}>
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
