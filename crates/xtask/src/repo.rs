//! Where things are in the repository.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result};

/// Cargo's arguments for xtask itself, as `.cargo/config.toml` has them.
pub const XTASK_MANIFEST: [&str; 2] = ["--manifest-path", "crates/xtask/Cargo.toml"];
pub const XTASK_TARGET: [&str; 2] = ["--target-dir", "target/xtask"];

/// A package of the main workspace that is compiled for the browser only.
pub struct BrowserPackage {
    pub name: &'static str,
    folder: &'static str,
    /// The file name of its module, without extension.
    pub module: &'static str,
}

/// The page.
pub const PAGE: BrowserPackage = BrowserPackage {
    name: "rolecall-web",
    folder: "web",
    module: "rolecall-web",
};

/// The engine. It compiles for this machine too, where its tests run.
pub const ENGINE: BrowserPackage = BrowserPackage {
    name: "rolecall-embed",
    folder: "crates/embed",
    module: "rolecall_embed",
};

/// The tests that run inside a browser, by wasm-bindgen-test.
pub const WASM_TESTS: BrowserPackage = BrowserPackage {
    name: "rolecall-wasm-tests",
    folder: "tests/wasm",
    module: "browser",
};

pub const BROWSER_PACKAGES: [BrowserPackage; 2] = [PAGE, WASM_TESTS];

impl BrowserPackage {
    pub fn exists(&self) -> bool {
        path(self.folder).join("Cargo.toml").is_file()
    }
}

/// Selects, for a cargo command, every package of the main workspace that runs outside a browser.
pub fn native_packages(cargo: &mut Command) -> &mut Command {
    let browser = BROWSER_PACKAGES.iter().filter(|package| package.exists());
    cargo
        .arg("--workspace")
        .args(browser.flat_map(|package| ["--exclude", package.name]))
}

/// The version of every package of the main workspace.
pub fn version() -> Result<String> {
    let manifest: toml::Table = toml::from_str(&fs::read_to_string(path("Cargo.toml"))?)?;
    let version = manifest
        .get("workspace")
        .and_then(|workspace| workspace.get("package")?.get("version")?.as_str());
    version
        .map(str::to_owned)
        .context("Cargo.toml has no `version` under [workspace.package]")
}

/// The absolute path of a file of the repository, named from its top folder.
pub fn path(relative: impl AsRef<Path>) -> PathBuf {
    // crates/xtask is two levels down; cargo gives its path without `..`.
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .ancestors()
        .nth(2)
        .unwrap_or(Path::new("."))
        .join(relative)
}
