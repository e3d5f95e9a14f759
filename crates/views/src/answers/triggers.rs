//! The usual triggers of the repository: what the current policy says of each at a glance.

use crate::act::Act;
use crate::html;
use crate::html::Html;
use crate::report::{Claims, Trigger};
use crate::words::State;

/// One cell a trigger: what would become of it, and a press that puts its claims in the token's place.
pub(super) fn strip(triggers: &[Trigger], current: Option<&Claims>) -> Html {
    let cell = |trigger: &Trigger| {
        let state = State::of_decision(&trigger.decision);
        let pressed = current == Some(&trigger.claims);
        let judge = Act::Judge {
            claims: trigger.claims.clone(),
            partial: trigger.partial,
        };
        html! {
            <li>
                <button type="button" aria-pressed={pressed.to_string()} class={format!("c-{}", state.shape)} data-do={judge}>
                    { state.icon() }<b>{ trigger.title.as_str() }</b><span>{ state.word }</span>
                </button>
            </li>
        }
    };
    html! { <ul class="strip">{ for triggers.iter().map(cell) }</ul> }
}
