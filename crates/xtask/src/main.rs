//! The developer tooling of rolecall: `cargo xtask --help`, from the top folder of the repository.

mod bench;
mod bindgen;
mod browser;
mod build;
mod command;
mod embed;
mod files;
mod keys;
mod lint;
mod offline;
mod page;
mod repo;
mod serve;
mod server;
mod setup;
mod shots;
mod size;
mod test;
mod wasm;

use std::ffi::OsString;
use std::process::ExitCode;

use anyhow::Result;
use clap::{Parser, Subcommand};

#[derive(Parser)]
#[command(
    name = "cargo xtask",
    bin_name = "cargo xtask",
    about = "Set-up, build, serving and tests of rolecall",
    max_term_width = 100
)]
struct Cli {
    #[command(subcommand)]
    task: Task,
}

#[derive(Subcommand)]
enum Task {
    /// Build the page and serve it on 127.0.0.1, rebuilding it whenever a source changes
    Serve(serve::Serve),
    /// Set everything up and run every test, browser tests too
    Test(test::Test),
    /// Build the page and run its main path in Firefox
    TestFirefox,
    /// Install what building and testing need, where it is missing
    Setup,
    /// Write the page to `dist/`, the element with its JavaScript API to `dist/embed/`
    Build(build::Build),
    /// Compile the engine's module for the page (trunk calls this)
    #[command(hide = true)]
    Engine(build::Build),
    /// Print what first render, JavaScript API and element transfer, and enforce their size budgets
    Size,
    /// Run the benchmarks
    Bench(bench::Bench),
    /// Check format, lints and documentation, warnings denied
    Lint,
    /// Build in a fresh key set of GitHub's
    Keys(keys::Keys),
    /// Build the page and write screenshots of it to `target/shots`
    Shots,
    /// Build the page and print how long it takes from a keystroke to the verdict
    Latency,
    /// Run one Wasm test binary in a headless browser (cargo calls this)
    #[command(name = "wasm-bindgen-test-runner", disable_help_flag = true)]
    WasmTestRunner {
        #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
        args: Vec<OsString>,
    },
}

fn main() -> ExitCode {
    match Cli::parse().task.run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

impl Task {
    fn run(self) -> Result<()> {
        match self {
            Self::Serve(options) => serve::run(&options),
            Self::Test(options) => test::run(&options),
            Self::TestFirefox => test::in_firefox(),
            Self::Setup => setup::everything(),
            Self::Build(options) => build::run(&options),
            Self::Engine(options) => build::engine(&options),
            Self::Size => size::run(),
            Self::Bench(options) => bench::run(&options),
            Self::Lint => lint::run(),
            Self::Keys(options) => keys::run(&options),
            Self::Shots => shots::run("shots.mjs"),
            Self::Latency => shots::run("latency.mjs"),
            Self::WasmTestRunner { args } => bindgen::run_tests(args),
        }
    }
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    #[test]
    fn the_command_line_is_well_formed() {
        super::Cli::command().debug_assert();
    }
}
