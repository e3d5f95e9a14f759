//! `cargo xtask shots`: what the page looks like.

use anyhow::Result;

use crate::{browser, build, setup};

pub fn run() -> Result<()> {
    setup::everything()?;
    build::page(&build::Build { debug: false })?;
    browser::node(&["shots.mjs"])
}
