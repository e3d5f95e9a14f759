//! Real failures to look at. The engine has them; each has an address of its own, `#example=ID`.

use yew::prelude::*;

use crate::act::Act;
use crate::browser::address_with;
use crate::engine;
use crate::html::html;
use crate::input::Input;
use crate::report::{self, Example, Examples};
use crate::words::{State, icon};

/// All of them. Only after [`engine::ready`].
pub(crate) fn all() -> Vec<Example> {
    let json = engine::call("examples", "{}");
    let found: Option<Examples> = report::read("examples", &json);
    found.unwrap_or_default().examples
}

/// The id of the one that an address names.
pub(crate) fn id(fragment: &str) -> Option<&str> {
    fragment.strip_prefix("example=")
}

/// Both texts and the moment.
pub(crate) fn input(example: &Example) -> Input {
    let mut input = Input {
        token: example.token.clone(),
        policy: example.policy.clone(),
        ..Input::default()
    };
    input.settings.now = example.now.to_string();
    input
}

/// The list, as links that are permanent.
pub(crate) fn menu(examples: &[Example]) -> Html {
    let item = |example: &Example| {
        // A press opens it here; the link itself can be kept.
        let open = Act::Example(example.id.clone());
        let shape = match example.decision.as_str() {
            // Nobody should be let in so.
            "allow" => "warning",
            decision => State::of_decision(decision).shape,
        };
        html! {
            <li>
                <a href={address_with(&format!("example={}", example.id))} data-do={open}>
                    { icon(shape) }<span>{ example.title.clone() }</span><small>{ example.about.clone() }</small>
                </a>
            </li>
        }
    };
    html! { <ul id="exs">{ for examples.iter().map(item) }</ul> }
}
