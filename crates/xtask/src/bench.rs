//! `cargo xtask bench`: the benchmark table.

use std::ffi::OsString;

use anyhow::Result;
use clap::Args;

use crate::command::{self, cargo};

#[derive(Args)]
pub struct Bench {
    /// What follows `--` goes to the benchmark program
    #[arg(last = true)]
    args: Vec<OsString>,
}

pub fn run(options: &Bench) -> Result<()> {
    command::run(cargo("bench --locked --package rolecall-bench --").args(&options.args))
}
