//! What only the browser can do: its clock, its clipboard, selecting text.

use wasm_bindgen_futures::JsFuture;
use web_sys::{Element, HtmlTextAreaElement, window};

/// The element with this id.
pub(crate) fn element(id: &str) -> Option<Element> {
    window()?.document()?.get_element_by_id(id)
}

/// Seconds since 1970.
pub(crate) fn clock() -> i64 {
    (js_sys::Date::now() / 1000.0) as i64
}

/// Puts text on the clipboard; `false` where the browser refuses.
pub(crate) async fn copy(text: String) -> bool {
    let Some(window) = window() else {
        return false;
    };
    JsFuture::from(window.navigator().clipboard().write_text(&text))
        .await
        .is_ok()
}

/// Selects from `start` to `end`, in UTF-16 units, and brings the place into view.
pub(crate) fn select(text: &HtmlTextAreaElement, (start, end): (u32, u32)) {
    // Chromium scrolls to the caret when a box receives the focus, not when the selection changes: so the
    // place comes first, alone, and the whole range after it.
    let placed = text.blur().is_ok() && text.set_selection_range(start, start).is_ok();
    if placed && text.focus().is_ok() {
        // A box that is gone has nothing to select.
        let _ = text.set_selection_range(start, end);
    }
}
