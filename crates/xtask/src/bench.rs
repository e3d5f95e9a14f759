//! `cargo xtask bench`: the benchmark tables.

use std::ffi::OsString;

use anyhow::Result;
use clap::Args;

use crate::command::{self, cargo};
use crate::{repo, setup};

#[derive(Args)]
pub struct Bench {
    /// As Wasm in node: the answers for all tokens
    #[arg(long)]
    wasm: bool,
    /// What follows `--` goes to the benchmark program
    #[arg(last = true)]
    args: Vec<OsString>,
}

pub fn run(options: &Bench) -> Result<()> {
    if options.wasm {
        return wasm();
    }
    command::run(cargo("bench --locked --package rolecall-bench --").args(&options.args))
}

/// Compiled as the page is.
fn wasm() -> Result<()> {
    setup::for_build()?;
    let mut bench = cargo("test --locked --profile wasm --test speed");
    bench.args([
        "--target",
        setup::TARGET,
        "--package",
        repo::WASM_TESTS.name,
    ]);
    command::run(bench.args(["--", "--nocapture"]))
}
