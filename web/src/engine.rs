//! The engine, which `web/boot.js` fetches after the first render: a question as JSON in, the report as JSON out.
//!
//! The page has no policy meaning of its own and links none. What it shows, it asks here, by verb (`check`,
//! `inspect`, ...) and with the members of a line of `rolecall batch`; `crates/embed/js/index.d.ts` has the types.
//! Whatever the question, the answer is a report: `rolecall.error/1` where it can't be read. Beyond a line of
//! `batch`, `role` says which role is meant where the policy's text holds several. What the page makes of the reports
//! is drawn by the engine, too, by the verb `draw` ([`crate::drawing`]).
//!
//! | call | where | for |
//! |---|---|---|
//! | [`ready`] | | waiting until the engine is there; no input is taken before |
//! | [`call`] | this thread | `verdict`, a `check` without findings, `inspect`, `draw`: less than a frame |
//! | [`work`] | a Worker | `check` with its findings, and proofs: `who`, `diff`, `fix`, `lint` |
//! | [`cancel`] | | ends the Worker's work, at the next keystroke |
//! | [`has`] | | whether the engine has a verb |

use js_sys::Promise;
use wasm_bindgen::prelude::wasm_bindgen;
use wasm_bindgen_futures::JsFuture;

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(thread_local_v2, js_namespace = rolecall, js_name = ready)]
    static READY: Promise;
    #[wasm_bindgen(js_namespace = rolecall, js_name = has)]
    fn js_has(verb: &str) -> bool;
    #[wasm_bindgen(js_namespace = rolecall, js_name = call)]
    fn js_call(verb: &str, question: &str) -> String;
    #[wasm_bindgen(js_namespace = rolecall, js_name = work)]
    fn js_work(verb: &str, question: &str) -> Promise;
    #[wasm_bindgen(js_namespace = rolecall, js_name = cancel)]
    fn js_cancel();
}

/// Waits until the engine is there: right after the first render, before any input is taken.
pub(crate) async fn ready() {
    // It is only ever fulfilled: where the engine can't be had, boot.js says so in the page's place.
    let _ = JsFuture::from(READY.with(Promise::clone)).await;
}

/// Whether the engine has this verb.
pub(crate) fn has(verb: &str) -> bool {
    js_has(verb)
}

/// The answer, now. Only after [`ready`].
pub(crate) fn call(verb: &str, question: &str) -> String {
    js_call(verb, question)
}

/// The answer from the Worker; `None` where it was cancelled. Only after [`ready`].
pub(crate) async fn work(verb: &str, question: &str) -> Option<String> {
    JsFuture::from(js_work(verb, question))
        .await
        .ok()?
        .as_string()
}

/// Ends all work under way, each of which is then answered with `None`.
pub(crate) fn cancel() {
    js_cancel();
}
