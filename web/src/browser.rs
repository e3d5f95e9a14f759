//! What only the browser can do: its clock, its clipboard, its address, its storage, selecting text.

use js_sys::Promise;
use wasm_bindgen::prelude::wasm_bindgen;
use wasm_bindgen::{JsCast as _, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{
    Document, Element, FocusOptions, HtmlDocument, HtmlElement, HtmlInputElement,
    HtmlTextAreaElement, InputEvent, InputEventInit, ScrollIntoViewOptions, ScrollLogicalPosition,
    Storage, window,
};

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(js_namespace = rolecall, js_name = pack)]
    fn js_pack(text: &str) -> Promise;
    #[wasm_bindgen(js_namespace = rolecall, js_name = unpack)]
    fn js_unpack(packed: &str) -> Promise;
    /// Remembers what has the focus, before anything changes. Once all is drawn, and before the next event, the focus
    /// is put back there, or else near.
    #[wasm_bindgen(js_namespace = rolecall, js_name = keepFocus)]
    pub(crate) fn keep_focus();
}

/// A text deflated and in base64url: short enough for an address.
pub(crate) async fn pack(text: &str) -> String {
    let packed = JsFuture::from(js_pack(text)).await.ok();
    packed
        .and_then(|packed| packed.as_string())
        .unwrap_or_default()
}

/// The text again; `None` where it is cut off, changed, or larger than anything that is shared.
pub(crate) async fn unpack(packed: &str) -> Option<String> {
    JsFuture::from(js_unpack(packed)).await.ok()?.as_string()
}

pub(crate) fn document() -> Option<Document> {
    window()?.document()
}

/// The element with this id.
pub(crate) fn element(id: &str) -> Option<Element> {
    document()?.get_element_by_id(id)
}

/// The elements that a selector finds, in their order.
pub(crate) fn all(selector: &str) -> Vec<HtmlElement> {
    let found = document().and_then(|document| document.query_selector_all(selector).ok());
    let nodes = found.into_iter().flat_map(|found| {
        (0..found.length()).filter_map(move |index| found.item(index)?.dyn_into().ok())
    });
    nodes.collect()
}

/// What stands in the input with this id.
pub(crate) fn value_of(id: &str) -> String {
    let input = element(id).and_then(|input| input.dyn_into::<HtmlInputElement>().ok());
    input.map(|input| input.value()).unwrap_or_default()
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

/// Lays JSON out for people, with its members in their order.
pub(crate) fn pretty(json: &str) -> Option<String> {
    let value = js_sys::JSON::parse(json).ok()?;
    let text = js_sys::JSON::stringify_with_replacer_and_space(
        &value,
        &JsValue::NULL,
        &JsValue::from_f64(2.0),
    );
    text.ok().map(String::from)
}

/// Selects from `start` to `end`, in UTF-16 units, and brings the place into view: that is the line of the
/// coloured text behind the box (the element before it), or, where a text is not coloured, the place in the box itself.
pub(crate) fn select(text: &HtmlTextAreaElement, (start, end): (u32, u32), line: Option<usize>) {
    unfold(text);
    let Some(behind) = line.and_then(|line| behind(text, line)) else {
        // Chromium scrolls to the caret when a box receives the focus, not when the selection changes: so
        // the place comes first, alone, and the whole range after it.
        let placed = text.blur().is_ok() && text.set_selection_range(start, start).is_ok();
        if placed && text.focus().is_ok() {
            // A box that is gone has nothing to select.
            let _ = text.set_selection_range(start, end);
        }
        return;
    };
    focus_quietly(text);
    let _ = text.set_selection_range(start, end);
    into_view(&behind);
}

/// The line of the coloured text behind a box.
fn behind(text: &Element, line: usize) -> Option<Element> {
    let place = u32::try_from(line).ok()?.checked_sub(1)?;
    text.previous_element_sibling()?.children().item(place)
}

/// Brings a line of a box into view, or the box where its text is not coloured.
pub(crate) fn show_line(text: &Element, line: usize) {
    into_view(behind(text, line).as_ref().unwrap_or(text));
}

/// Opens the pane that an element is folded away in.
fn unfold(element: &Element) {
    if let Ok(Some(pane)) = element.closest("details") {
        let _ = pane.set_attribute("open", "");
    }
}

fn focus_quietly(element: &HtmlElement) {
    let options = FocusOptions::new();
    options.set_prevent_scroll(true);
    let _ = element.focus_with_options(&options);
}

fn into_view(element: &Element) {
    scroll(element, ScrollLogicalPosition::Nearest);
}

fn scroll(element: &Element, to: ScrollLogicalPosition) {
    let options = ScrollIntoViewOptions::new();
    options.set_block(to);
    element.scroll_into_view_with_scroll_into_view_options(&options);
}

/// Brings a part of the page into view and gives it the focus.
pub(crate) fn go_to(id: &str) {
    let Some(element) = element(id) else {
        return;
    };
    unfold(&element);
    if let Some(element) = element.dyn_ref::<HtmlElement>() {
        focus_quietly(element);
    }
    scroll(&element, ScrollLogicalPosition::Start);
}

/// Replaces a range of a box's text as if it had been typed, so that the browser can undo it.
pub(crate) fn replace(text: &HtmlTextAreaElement, (start, end): (u32, u32), new: &str) {
    unfold(text);
    focus_quietly(text);
    let _ = text.set_selection_range(start, end);
    let typed = document().and_then(|document| {
        // Deprecated, yet the only way that keeps the undo history; every browser has it.
        let document = document.dyn_into::<HtmlDocument>().ok()?;
        let command = if new.is_empty() {
            "delete"
        } else {
            "insertText"
        };
        document
            .exec_command_with_show_ui_and_value(command, false, new)
            .ok()
    });
    if typed != Some(true) {
        let _ = text.set_range_text_with_start_and_end(new, start, end);
        announce(text);
    }
}

fn announce(text: &HtmlTextAreaElement) {
    let bubbling = InputEventInit::new();
    bubbling.set_bubbles(true);
    if let Ok(event) = InputEvent::new_with_event_init_dict("input", &bubbling) {
        let _ = text.dispatch_event(&event);
    }
}

/// Sets what the root element says of itself; `None` removes it.
pub(crate) fn mark_root(name: &str, value: Option<&str>) {
    let Some(root) = document().and_then(|document| document.document_element()) else {
        return;
    };
    let _ = match value {
        Some(value) => root.set_attribute(name, value),
        None => root.remove_attribute(name),
    };
}

/// What stands after `#` in the address.
pub(crate) fn fragment() -> String {
    let hash = window().and_then(|window| window.location().hash().ok());
    hash.unwrap_or_default().trim_start_matches('#').to_owned()
}

/// The address of this page with another fragment.
pub(crate) fn address_with(fragment: &str) -> String {
    let href = window().and_then(|window| window.location().href().ok());
    let href = href.unwrap_or_default();
    let page = href.split('#').next().unwrap_or_default();
    format!("{page}#{fragment}")
}

/// Takes the fragment out of the address: what is shown is no longer what it tells.
pub(crate) fn clear_fragment() {
    let Some(window) = window() else {
        return;
    };
    let address = address_with("");
    let page = address.trim_end_matches('#');
    if let Ok(history) = window.history() {
        let _ = history.replace_state_with_url(&JsValue::NULL, "", Some(page));
    }
}

/// Whether the window is so narrow that panes fold.
pub(crate) fn is_narrow() -> bool {
    let width = window().and_then(|window| window.inner_width().ok()?.as_f64());
    width.is_some_and(|width| width < 860.0)
}

/// What this browser keeps for the page, where it allows that.
pub(crate) fn storage() -> Option<Storage> {
    window()?.local_storage().ok().flatten()
}
