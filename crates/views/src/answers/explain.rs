//! What a cause or a rule means, behind its id: the page of `rolecall explain`.

use crate::act::Act;
use crate::html;
use crate::html::Html;
use crate::report::{Explained, GuidePage};
use crate::words::{prose, visible};

/// The popover of the page that shows it.
const MENU: &str = "m-explain";

/// An id, and a press that explains it.
pub(super) fn id(id: &str) -> Html {
    html! {
        <button type="button" class="place id" popovertarget={MENU} data-do={Act::Explain(id.to_owned())}>
            { visible(id) }<span class="vh">{ ", what it means" }</span>
        </button>
    }
}

/// What the popover holds.
pub(super) fn view(explained: &Explained) -> Html {
    explained.pages.first().map(page).unwrap_or_default()
}

fn page(page: &GuidePage) -> Html {
    html! {
        <>
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
        </>
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
