//! `rolecall` on the command line. It reads files, asks the clock, shows what `rolecall-core` says, and
//! never opens a network connection.
//!
//! Standard output carries the answer, standard error everything else.

mod args;
mod batch;
mod check;
mod completions;
mod diff;
mod explain;
mod failure;
mod fix;
mod generate;
mod input;
mod inspect;
mod lint;
mod man;
mod matrix;
mod migrate;
mod output;
mod policies;
mod predict;
mod push;
mod who;
mod workflow;

use std::process::ExitCode;

use clap::Parser;

use args::{Cli, Command};
use failure::Failure;
use input::Inputs;

/// How a command ended; the same in every format.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Exit {
    /// Allowed, or nothing to decide.
    Good = 0,
    /// Denied, or something was found.
    Denied = 1,
    /// Nothing was decided: wrong use, unreadable input.
    Unusable = 2,
    /// A fact is missing.
    Undecided = 3,
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(exit as u8)
    }
}

fn main() -> ExitCode {
    match run() {
        Ok(exit) => exit.into(),
        Err(failure) => {
            output::complain(&failure);
            Exit::Unusable.into()
        }
    }
}

fn run() -> Result<Exit, Failure> {
    // Before clap sees them: its messages repeat what they do not understand.
    args::refuse_tokens(std::env::args_os())?;
    let cli = Cli::parse();
    let mut inputs = Inputs::default();
    match &cli.command {
        Command::Inspect(args) => inspect::run(args, cli.color, &mut inputs),
        Command::Check(args) => check::run(args, cli.color, &mut inputs),
        Command::Predict(args) => predict::run(args, cli.color, &mut inputs),
        Command::Lint(args) => lint::run(args, cli.color, &mut inputs),
        Command::Who(args) => who::run(args, cli.color, &mut inputs),
        Command::Diff(args) => diff::run(args, cli.color, &mut inputs),
        Command::Matrix(args) => matrix::run(args, cli.color, &mut inputs),
        Command::Fix(args) => fix::run(args, cli.color, &mut inputs),
        Command::Batch(args) => batch::run(args, &mut inputs),
        Command::Migrate(args) => migrate::run(args, cli.color, &mut inputs),
        Command::Generate(args) => generate::run(args, cli.color),
        Command::Push(args) => push::run(args, cli.color, &mut inputs),
        Command::Explain(args) => explain::run(args, cli.color, &mut inputs),
        Command::Completions(args) => completions::run(args),
        Command::Man(args) => man::run(args),
    }
}
