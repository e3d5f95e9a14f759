//! From the page's crate to a Wasm module and its JavaScript.

use std::path::{Path, PathBuf};

use anyhow::{Result, ensure};

use crate::{bindgen, command, repo, setup};

/// The page's two generated files, by name.
pub const JS: &str = "rolecall.js";
pub const WASM: &str = "rolecall_bg.wasm";
const NAME: &str = "rolecall";

/// Compiles the page; `debug` is quick to build and large. Gives the module as cargo leaves it.
pub fn compile(debug: bool) -> Result<PathBuf> {
    ensure!(
        repo::PAGE.exists(),
        "the package `{}` is missing: there is no page to build yet",
        repo::PAGE.name
    );
    let (profile, folder) = if debug {
        ("dev", "debug")
    } else {
        ("wasm", "wasm")
    };
    let mut build = command::cargo("build --locked --target-dir target");
    build.args([
        "--target",
        setup::TARGET,
        "--package",
        repo::PAGE.name,
        "--profile",
        profile,
    ]);
    command::run(&mut build)?;
    Ok(repo::path("target")
        .join(setup::TARGET)
        .join(folder)
        .join(repo::PAGE.name)
        .with_extension("wasm"))
}

/// Writes [`JS`] and [`WASM`] to the folder `to`.
pub fn bind(module: &Path, to: &Path, debug: bool) -> Result<()> {
    bindgen::bind(module, to, NAME, debug)
}
