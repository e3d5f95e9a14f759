//! How long the answers for all tokens take as Wasm, in node. `cargo xtask bench --wasm` runs it.

use js_sys::wasm_bindgen::{JsCast, JsValue};
use js_sys::{Function, Reflect, global};
use rolecall_bench::analysis::{read, table};
use rolecall_wasm_tests::POLICIES;
use wasm_bindgen_test::{console_log, wasm_bindgen_test};

#[wasm_bindgen_test]
fn answers_for_all_tokens() {
    let get = |of: &JsValue, name: &str| Reflect::get(of, &name.into()).unwrap_or_default();
    let process = get(&global(), "process");
    let usage: Function = get(&process, "cpuUsage").unchecked_into();
    // The processor's time, in microseconds.
    let milliseconds = || {
        let used = usage.call0(&process).unwrap_or_default();
        get(&used, "user").as_f64().unwrap_or_default() / 1_000.0
    };
    let texts = POLICIES
        .iter()
        .map(|(name, text)| ((*name).to_owned(), (*text).to_owned()));
    table(&read(texts), &milliseconds, &|line| console_log!("{line}"));
}
