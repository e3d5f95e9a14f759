//! `cargo xtask shots` and `cargo xtask latency`: what the page looks like, and how fast it answers.

use anyhow::Result;

use crate::{browser, build, setup};

/// Builds the page and runs one of the scripts of `tests/browser` against it.
pub fn run(script: &str) -> Result<()> {
    setup::everything()?;
    build::page(&build::Build { debug: false })?;
    browser::node(&[script])
}
