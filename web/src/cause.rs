//! One cause: what it is, the two values, what to do.

use rolecall_core::report::{Cause, CauseId, Edit, Location, Replacement};
use rolecall_core::span::Span;
use yew::prelude::*;

use crate::compare;
use crate::words::{Select, definitions, place, prose, sentence, visible};

/// A report's causes and the text that their places are in.
pub(crate) struct Scene<'a> {
    pub(crate) policy: &'a str,
    pub(crate) select: Option<&'a Select>,
}

impl Scene<'_> {
    pub(crate) fn view(&self, cause: &Cause) -> Html {
        html! {
            <li class="cause">
                <p class="meta">
                    { "cause " }<code>{ cause.id.as_str() }</code>
                    if let Some(location) = &cause.location {
                        { " at " }{ place(location, self.select) }
                    }
                </p>
                <p class="say">{ prose(&sentence(&cause.summary)) }</p>
                { values(cause) }
                <p class="help">{ prose(&sentence(&cause.help)) }</p>
                if let Some(edit) = &cause.fix {
                    { self.repair(edit) }
                }
            </li>
        }
    }

    fn repair(&self, edit: &Edit) -> Html {
        html! {
            <div class="repair">
                <h3>{ "Repair" }</h3>
                <div class="diff">{ for edit.edits.iter().map(|change| self.change(change)) }</div>
                <p>{ prose(&sentence(&format!("it admits {}", edit.admits_also))) }</p>
            </div>
        }
    }

    fn change(&self, change: &Replacement) -> Html {
        let Span { start, end } = change.location.span();
        let old = self.policy.get(start..end).unwrap_or_default();
        html! {
            <>
                if !old.is_empty() {
                    { line(&change.location, "del", "-", old) }
                }
                { line(&change.location, "add", "+", &change.text) }
            </>
        }
    }
}

fn line(location: &Location, class: &'static str, sign: &'static str, text: &str) -> Html {
    html! {
        <div {class}><span>{ location.start.line }</span><b>{ sign }</b><code>{ visible(text) }</code></div>
    }
}

/// The token's value above the policy's. Outside of the policy: what was found above what STS expects.
fn values(cause: &Cause) -> Html {
    let in_policy = cause.location.is_some();
    let (above, below) = match (in_policy, &cause.claim) {
        (true, Some(_)) => ("token", "policy"),
        (true, None) => ("request", "policy"),
        (false, _) => ("found", "expected"),
    };
    match (&cause.actual, &cause.expected) {
        (Some(actual), Some(expected)) if in_policy => {
            compare::view((above, actual), (below, expected), has_wildcards(cause))
        }
        (actual, expected) => definitions(&[(above, actual), (below, expected)]),
    }
}

/// Whether the operator at the cause's place takes `*` and `?` for wildcards.
fn has_wildcards(cause: &Cause) -> bool {
    let path = cause
        .location
        .as_ref()
        .map_or("", |location| &location.path);
    cause.id != CauseId::StringEqualsWithWildcard && (path.contains("Like") || path.contains("Arn"))
}
