//! `cargo xtask lint`: format, clippy and rustdoc, every warning an error.

use anyhow::Result;

use crate::command::{self, cargo};
use crate::{repo, setup};

const CLIPPY: &str = "clippy --locked --all-targets";
const DENY_WARNINGS: [&str; 3] = ["--", "--deny", "warnings"];

pub fn run() -> Result<()> {
    setup::for_build()?;
    format()?;
    clippy_native()?;
    clippy_browser()?;
    clippy_xtask()?;
    documentation()
}

fn format() -> Result<()> {
    eprintln!("lint: format");
    command::run(&mut cargo("fmt --all --check"))?;
    command::run(cargo("fmt --check").args(repo::XTASK_MANIFEST))
}

fn clippy_native() -> Result<()> {
    eprintln!("lint: clippy");
    command::run(repo::native_packages(&mut cargo(CLIPPY)).args(DENY_WARNINGS))
}

fn clippy_browser() -> Result<()> {
    eprintln!("lint: clippy, for the browser");
    let packages = repo::BROWSER_PACKAGES
        .iter()
        .filter(|package| package.exists());
    let packages = packages.flat_map(|package| ["--package", package.name]);
    // With the page's own profile, whose macros are built already: the dev profile takes minutes more.
    let mut clippy = cargo(CLIPPY);
    clippy
        .args(["--profile", "wasm", "--target", setup::TARGET])
        .args(packages);
    command::run(clippy.args(DENY_WARNINGS))
}

fn clippy_xtask() -> Result<()> {
    eprintln!("lint: clippy, of xtask");
    let mut clippy = cargo(CLIPPY);
    command::run(
        clippy
            .args(repo::XTASK_MANIFEST)
            .args(repo::XTASK_TARGET)
            .args(DENY_WARNINGS),
    )
}

fn documentation() -> Result<()> {
    eprintln!("lint: documentation");
    let mut doc = cargo("doc --locked --no-deps");
    command::run(repo::native_packages(&mut doc).env("RUSTDOCFLAGS", "--deny warnings"))
}
