//! From the page's crate to a Wasm module and its JavaScript.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result, ensure};

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
    if !debug {
        build.env(RUSTFLAGS, without_paths()?);
    }
    command::run(&mut build)?;
    Ok(repo::path("target")
        .join(setup::TARGET)
        .join(folder)
        .join(repo::PAGE.name)
        .with_extension("wasm"))
}

const RUSTFLAGS: &str = "CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUSTFLAGS";

/// Panics name the source they stand in: without this the module would hold the paths of whoever built it.
fn without_paths() -> Result<String> {
    let home = std::env::var_os("CARGO_HOME")
        .map(PathBuf::from)
        .or_else(|| std::env::home_dir().map(|home| home.join(".cargo")))
        .context("there is no home folder")?;
    let registries = std::fs::read_dir(home.join("registry/src"));
    let registries = registries.into_iter().flatten().flatten();
    let flag = |folder: PathBuf| format!("--remap-path-prefix={}/=", folder.display());
    let flags: Vec<String> = registries.map(|folder| flag(folder.path())).collect();
    Ok(flags.join(" "))
}

/// Writes [`JS`] and [`WASM`] to the folder `to`.
pub fn bind(module: &Path, to: &Path, debug: bool) -> Result<()> {
    bindgen::bind(module, to, NAME, debug)
}
