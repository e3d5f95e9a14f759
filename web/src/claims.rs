//! The pane of the claims.

use yew::prelude::*;

use crate::drawing::Drawings;
use crate::html::html;

/// The pane, where there are claims.
pub(crate) fn view(has_claims: bool, open: bool, drawings: &Drawings) -> Html {
    if !has_claims {
        return html! {};
    }
    html! {
        <details class="pane" id="p-claims" {open}>
            <summary><h2 id="l-claims" tabindex="-1">{ "Claims" }</h2><span class="meta">{ drawings.part("claims-meta") }</span></summary>
            { drawings.part("claims") }
        </details>
    }
}
