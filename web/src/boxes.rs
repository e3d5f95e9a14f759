//! The two text boxes, with what there is to say of their texts.

use rolecall_core::report::Cause;
use web_sys::HtmlTextAreaElement;
use yew::prelude::*;

use crate::words::{Select, icon, place, prose, rows, sentence, visible};

/// A box for pasted text, in which the browser neither corrects nor remembers anything.
pub(crate) struct TextBox<'a> {
    pub(crate) id: &'static str,
    pub(crate) label: &'static str,
    pub(crate) placeholder: &'static str,
    pub(crate) rows: &'static str,
    pub(crate) faults: &'a [Cause],
    pub(crate) node: NodeRef,
    pub(crate) oninput: Callback<String>,
}

impl TextBox<'_> {
    /// The box under its name. `notes` stand below it and describe it, as do its faults.
    pub(crate) fn view(&self, select: Option<&Select>, notes: Html) -> Html {
        let notes_id = format!("{}-notes", self.id);
        let oninput = self.oninput.reform(|event: InputEvent| {
            let text = event.target_dyn_into::<HtmlTextAreaElement>();
            text.map(|text| text.value()).unwrap_or_default()
        });
        let invalid = (!self.faults.is_empty()).then_some("true");
        html! {
            <section class="pane">
                <h2><label for={self.id}>{ self.label }</label></h2>
                <textarea id={self.id} ref={self.node.clone()} rows={self.rows} placeholder={self.placeholder}
                    spellcheck="false" autocomplete="off" autocapitalize="off" autocorrect="off"
                    aria-describedby={notes_id.clone()} aria-invalid={invalid} {oninput} />
                <div id={notes_id} class="notes">
                    <ul class="faults">{ rows(self.faults, |cause| fault(cause, select)) }</ul>
                    { notes }
                </div>
            </section>
        }
    }
}

/// `14:9 expected a comma` and what to do.
fn fault(cause: &Cause, select: Option<&Select>) -> Html {
    html! {
        <li>
            { icon("fail") }
            <div>
                <p>
                    if let Some(location) = &cause.location {
                        { place(location, select) }{ " " }
                    }
                    { prose(&sentence(&cause.summary)) }
                </p>
                <p class="help">{ prose(&sentence(&cause.help)) }</p>
            </div>
        </li>
    }
}

/// What was done to the pasted text, and whether it is a live credential of another kind.
pub(crate) fn token_notes(notes: &[String], warning: Option<&str>) -> Html {
    html! {
        <>
            if let Some(warning) = warning {
                <p class="alarm">{ icon("warning") }<span>{ prose(&sentence(warning)) }</span></p>
            }
            if !notes.is_empty() {
                <p class="meta">{ visible(&sentence(&notes.join("; "))) }</p>
            }
        </>
    }
}

/// The promise, and how to see that it is kept.
pub(crate) fn privacy() -> Html {
    html! {
        <div class="privacy">
            { icon("lock") }
            <div>
                <p>{ "Your token stays in this tab: this page can make no network request." }</p>
                <details>
                    <summary>{ "How to check" }</summary>
                    <p>
                        { "Open your browser's developer tools. Under Network nothing is added while you paste. Under Elements \
                           the head of the page holds a second Content-Security-Policy, " }<code>{ "connect-src 'none'" }</code>
                        { ": from there on the browser itself refuses every request. You can also cut your network first." }
                    </p>
                </details>
            </div>
        </div>
    }
}
