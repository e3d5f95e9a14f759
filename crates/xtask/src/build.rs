//! `cargo xtask build`: the page, in `dist/`, and the element with its JavaScript API, in `dist/embed/`.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use clap::Args;

use crate::page::{self, Page};
use crate::wasm::Engine;
use crate::{embed, offline, repo, setup, wasm};

#[derive(Args)]
pub struct Build {
    /// Build quickly, with checks and names, instead of small
    #[arg(long)]
    pub debug: bool,
}

pub fn run(options: &Build) -> Result<()> {
    setup::for_build()?;
    Engine::Element.build(options.debug)?;
    Engine::Embed.build(options.debug)?;
    Engine::Predict.build(options.debug)?;
    page(options)?;
    embed::write(&dist().join("embed"))
}

/// The page alone, which is what a developer looks at.
pub fn page(options: &Build) -> Result<()> {
    setup::for_build()?;
    engine(options)?;
    let module = wasm::compile_page(options.debug)?;
    // Only now, so that a served page stays whole while its next version compiles.
    let dist = empty_dist()?;
    wasm::bind_page(&module, &dist, options.debug)?;
    write_page(&dist)?;
    offline::write_worker(&dist)?;
    offline::write_single(&dist)
}

/// The page's engine, where index.html looks for it.
pub fn engine(options: &Build) -> Result<()> {
    Engine::Page.build(options.debug)
}

/// Where the page is built.
pub fn dist() -> PathBuf {
    repo::path("dist")
}

fn empty_dist() -> Result<PathBuf> {
    let dist = dist();
    if dist.exists() {
        fs::remove_dir_all(&dist).with_context(|| format!("cannot empty {}", dist.display()))?;
    }
    fs::create_dir(&dist).with_context(|| format!("cannot create {}", dist.display()))?;
    Ok(dist)
}

fn write_page(dist: &Path) -> Result<()> {
    let script = page::start_script(&read("Trunk.toml")?, wasm::JS, wasm::WASM)?;
    let page = Page::assemble(&read("index.html")?, &script, wasm::JS, wasm::WASM)?;
    for asset in &page.assets {
        copy(asset, dist)?;
    }
    fs::write(dist.join("index.html"), page.html).context("cannot write the page's index.html")
}

fn copy(asset: &str, dist: &Path) -> Result<()> {
    let from = repo::path(asset);
    let name = from
        .file_name()
        .with_context(|| format!("`{asset}` in index.html names no file"))?;
    let to = dist.join(name);
    if from.extension().is_some_and(|kind| kind == "js") {
        return embed::copy_script(&from, &to);
    }
    fs::copy(&from, to)
        .with_context(|| format!("cannot copy `{asset}`, which index.html names"))?;
    Ok(())
}

fn read(name: &str) -> Result<String> {
    fs::read_to_string(repo::path(name)).with_context(|| format!("cannot read {name}"))
}
