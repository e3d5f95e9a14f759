//! What a cause or a rule means, behind its id: the page of `rolecall explain`.

use serde_json::json;
use yew::prelude::*;

use crate::engine;
use crate::html::html;
use crate::report::{self, Explained, GuidePage};
use crate::send::{Message, Send};
use crate::words::{prose, visible};

/// The popover that shows it.
const MENU: &str = "m-explain";

/// An id, and a press that explains it.
pub(crate) fn id(id: &str, send: &Send) -> Html {
    let own = id.to_owned();
    html! {
        <button type="button" class="place id" popovertarget={MENU} onclick={send.click(Box::new(move || Message::Explain(own.clone())))}>
            { visible(id) }<span class="vh">{ ", what it means" }</span>
        </button>
    }
}

/// Looks an id up.
pub(crate) fn page(id: &str) -> Option<GuidePage> {
    let json = engine::call("explain", &json!({ "text": id }).to_string());
    let explained: Explained = report::read("explain", &json)?;
    explained.pages.into_iter().next()
}

/// The popover. It is there from the start, so that a press can open it.
pub(crate) fn view(page: Option<&GuidePage>) -> Html {
    html! {
        <div popover="auto" id={MENU} class="menu explain" role="dialog" aria-label="What it means">
            if let Some(page) = page {
                <h2>{ visible(&page.title) }</h2>
                <p>{ prose(&page.meaning) }</p>
                <h3>{ "How to recognise it" }</h3>
                <p>{ prose(&page.recognise) }</p>
                <h3>{ "What to do" }</h3>
                <p>{ prose(&page.what_to_do) }</p>
                { example("Wrong", &page.example_before) }
                { example("Right", &page.example_after) }
                <p class="sub">{ visible(&page.sources.join("; ")) }</p>
                <p class="sub"><code>{ format!("rolecall explain {}", visible(&page.id)) }</code></p>
            }
        </div>
    }
}

fn example(title: &'static str, text: &str) -> Html {
    if text.is_empty() {
        return html! {};
    }
    html! { <><h3>{ title }</h3><pre class="code">{ visible_lines(text) }</pre></> }
}

/// Several lines stay several.
fn visible_lines(text: &str) -> String {
    let lines: Vec<String> = text.lines().map(visible).collect();
    lines.join("\n")
}
