//! wasm-bindgen as a library: nothing to install, and its version is that of our lock file.

use std::ffi::OsString;
use std::path::Path;

use anyhow::{Context, Result};
use wasm_bindgen_cli::{wasm_bindgen, wasm_bindgen_test_runner};

/// Writes `NAME.js` and `NAME_bg.wasm` for the web to the folder `to`.
pub fn bind(module: &Path, to: &Path, name: &str, debug: bool) -> Result<()> {
    let mut args = words(&[
        "wasm-bindgen",
        "--target",
        "web",
        "--no-typescript",
        "--out-name",
        name,
        "--out-dir",
    ]);
    args.extend([to.into(), module.into()]);
    if debug {
        args.push("--keep-debug".into());
    } else {
        args.extend(words(&[
            "--remove-name-section",
            "--remove-producers-section",
        ]));
    }
    wasm_bindgen::run_cli_with_args(args)
        .with_context(|| format!("wasm-bindgen failed on {}", module.display()))
}

/// Runs the tests of a Wasm module in a browser. `args` are those that cargo gives a test runner.
pub fn run_tests(args: Vec<OsString>) -> Result<()> {
    let args = words(&["wasm-bindgen-test-runner"]).into_iter().chain(args);
    wasm_bindgen_test_runner::run_cli_with_args(args)
}

fn words(words: &[&str]) -> Vec<OsString> {
    words.iter().map(OsString::from).collect()
}
