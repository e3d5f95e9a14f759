//! From a crate to a Wasm module, and to its JavaScript where it has some.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, ensure};

use crate::repo::BrowserPackage;
use crate::{bindgen, command, repo, setup};

/// The page's two generated files, by name.
pub const JS: &str = "rolecall.js";
pub const WASM: &str = "rolecall_bg.wasm";
const NAME: &str = "rolecall";

/// Compiles the page; `debug` is quick to build and large. Gives the module as cargo leaves it.
pub fn compile_page(debug: bool) -> Result<PathBuf> {
    compile(&repo::PAGE, &[], debug)
}

/// Writes [`JS`] and [`WASM`] to the folder `to`.
pub fn bind_page(module: &Path, to: &Path, debug: bool) -> Result<()> {
    bindgen::bind(module, to, NAME, debug)
}

/// The variants of the engine.
#[derive(Clone, Copy)]
pub enum Engine {
    /// For the page: reads policies out of other texts, too.
    Page,
    /// For the element: the verdict on claims, as small as can be.
    Element,
    /// For the JavaScript API.
    Embed,
    /// For the JavaScript API: the tokens of workflows.
    Predict,
}

impl Engine {
    /// The feature of the package that the variant is built with.
    const fn feature(self) -> &'static str {
        match self {
            Self::Page => "readers",
            Self::Element => "element",
            Self::Embed => "judge",
            Self::Predict => "predict",
        }
    }

    /// Where the built module is kept. index.html names that of the page.
    pub fn path(self) -> PathBuf {
        repo::path(match self {
            Self::Page => "target/engine/engine.wasm",
            Self::Element => "target/engine/embed/verdict.wasm",
            Self::Embed => "target/engine/embed/engine.wasm",
            Self::Predict => "target/engine/embed/predict.wasm",
        })
    }

    /// Compiles the module.
    pub fn build(self, debug: bool) -> Result<()> {
        let module = compile(
            &repo::ENGINE,
            &["--no-default-features", "--features", self.feature()],
            debug,
        )?;
        let path = self.path();
        let folder = path.parent().context("the engine's module has no folder")?;
        let scratch = folder.join("bound");
        bindgen::bind(&module, &scratch, "engine", debug)?;
        // Its JavaScript would only pass JavaScript values, of which the engine takes and gives none.
        fs::rename(scratch.join("engine_bg.wasm"), &path)
            .context("cannot move the engine's module")?;
        fs::remove_dir_all(&scratch).context("cannot remove what wasm-bindgen left")
    }
}

fn compile(package: &BrowserPackage, features: &[&str], debug: bool) -> Result<PathBuf> {
    ensure!(
        package.exists(),
        "the package `{}` is missing",
        package.name
    );
    let (profile, folder) = if debug {
        ("dev", "debug")
    } else {
        ("wasm", "wasm")
    };
    let mut build = command::cargo("build --locked --target-dir target");
    build.args(["--target", setup::TARGET, "--package", package.name]);
    build.args(["--profile", profile]).args(features);
    if !debug {
        build.env(RUSTFLAGS, without_paths()?);
    }
    command::run(&mut build)?;
    Ok(repo::path("target")
        .join(setup::TARGET)
        .join(folder)
        .join(package.module)
        .with_extension("wasm"))
}

const RUSTFLAGS: &str = "CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUSTFLAGS";

/// Panics name the source they stand in: without this the module would hold the paths of whoever built it.
fn without_paths() -> Result<String> {
    let home = std::env::var_os("CARGO_HOME")
        .map(PathBuf::from)
        .or_else(|| std::env::home_dir().map(|home| home.join(".cargo")))
        .context("there is no home folder")?;
    let registries = fs::read_dir(home.join("registry/src"));
    let registries = registries.into_iter().flatten().flatten();
    let flag = |folder: PathBuf| format!("--remap-path-prefix={}/=", folder.display());
    let flags: Vec<String> = registries.map(|folder| flag(folder.path())).collect();
    Ok(flags.join(" "))
}
