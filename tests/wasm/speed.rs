//! How long the answers for all tokens take as Wasm, in node. `cargo xtask bench --wasm` runs it.

use js_sys::{Function, Reflect, global};
use rolecall_bench::analysis::{read, table};
use rolecall_wasm_tests::POLICIES;
use wasm_bindgen_test::{console_log, wasm_bindgen_test};

#[wasm_bindgen_test]
fn answers_for_all_tokens() {
    let performance = Reflect::get(&global(), &"performance".into()).unwrap_or_default();
    let now = Reflect::get(&performance, &"now".into()).map(Function::from);
    let now = now.unwrap_or_default();
    let milliseconds = || {
        now.call0(&performance)
            .ok()
            .and_then(|t| t.as_f64())
            .unwrap_or_default()
    };
    let texts = POLICIES
        .iter()
        .map(|(name, text)| ((*name).to_owned(), (*text).to_owned()));
    table(&read(texts), &milliseconds, &|line| console_log!("{line}"));
}
