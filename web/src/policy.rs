//! The policy's pane: an editor that is a plain text box over its own coloured text, and a list of problems.

use web_sys::{HtmlTextAreaElement, KeyboardEvent};
use yew::prelude::*;

use crate::drawing::Drawings;
use crate::html::html;
use crate::input::Input;
use crate::judge::Judgement;
use crate::send::{Message, Send};
use crate::words::LONGEST;

/// The pane.
pub(crate) fn view(
    input: &Input,
    judgement: &Judgement,
    (behind, node): (&NodeRef, &NodeRef),
    open: bool,
    drawings: &Drawings,
    send: &Send,
) -> Html {
    let invalid = judgement.policy_error.is_some().then_some("true");
    let is_long = input.policy.len() > LONGEST;
    let caret = |event: &Event| {
        let text = event.target_dyn_into::<HtmlTextAreaElement>();
        let place = text.and_then(|text| text.selection_start().ok().flatten());
        Message::Caret(place.unwrap_or_default())
    };
    html! {
        <details class="pane" id="p-policy" {open}>
            <summary><h2 id="l-policy" tabindex="-1">{ "Trust policy" }</h2><span class="meta">{ drawings.part("policy-meta") }</span></summary>
            <div class={("ed pol", if is_long { "plain" } else { "" })}>
                <pre aria-hidden="true" ref={behind.clone()}></pre>
                <textarea id="policy" ref={node.clone()} aria-labelledby="l-policy" aria-describedby="policy-notes"
                    placeholder="Paste the trust policy of the role, as JSON"
                    spellcheck="false" autocomplete="off" autocapitalize="off" autocorrect="off" aria-invalid={invalid}
                    oninput={send.typed(|input| &mut input.policy)}
                    onkeyup={send.0.reform(move |event: KeyboardEvent| caret(&event))}
                    onclick={send.0.reform(move |event: MouseEvent| caret(&event))} />
            </div>
            <div class="under">
                <ul id="policy-notes" class="problems">{ drawings.part("policy-notes") }</ul>
                { drawings.part("policy-does") }
            </div>
        </details>
    }
}
