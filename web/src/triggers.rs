//! The usual triggers of the repository: what the current policy says of each at a glance.

use yew::prelude::*;

use crate::html::html;
use crate::input::WhatIf;
use crate::report::Trigger;
use crate::send::{Message, Send};
use crate::words::State;

/// One cell a trigger: what would become of it, and a press that puts its claims in the token's place.
pub(crate) fn strip(triggers: &[Trigger], current: Option<&WhatIf>, send: &Send) -> Html {
    let cell = |trigger: &Trigger| {
        let (claims, partial) = (trigger.claims.clone(), trigger.partial);
        let state = State::of_decision(&trigger.decision);
        let pressed = current.is_some_and(|current| current.claims == claims);
        let onclick = send.click(Box::new(move || {
            let claims = claims.clone();
            Message::Change(Box::new(move |input| {
                input.what_if = Some(WhatIf { claims, partial });
            }))
        }));
        html! {
            <li>
                <button type="button" aria-pressed={pressed.to_string()} class={format!("c-{}", state.shape)} {onclick}>
                    { state.icon() }<b>{ trigger.title.clone() }</b><span>{ state.word }</span>
                </button>
            </li>
        }
    };
    html! { <ul class="strip">{ for triggers.iter().map(cell) }</ul> }
}
