//! `cargo xtask test`: all set-up, then every test, in stages.

use std::time::{Duration, Instant};

use anyhow::{Context, Result};
use clap::{Args, ValueEnum};

use crate::command::{self, cargo};
use crate::{browser, build, repo, setup, size};

#[derive(Args)]
pub struct Test {
    /// Run these stages only
    #[arg(value_enum)]
    stages: Vec<Stage>,
}

#[derive(Clone, Copy, PartialEq, ValueEnum)]
enum Stage {
    /// Unit, integration and documentation tests on this machine
    Native,
    /// The proofs over all tokens against enumeration, optimised: 10,000 cases
    Proofs,
    /// The tests of xtask itself
    Xtask,
    /// The tests that run as Wasm inside a browser
    Wasm,
    /// The page, as it is shipped
    Build,
    /// The built page in a browser
    Browser,
    /// The size budget of the built page
    Size,
}

pub fn run(options: &Test) -> Result<()> {
    let mut times = vec![timed("set-up", setup::everything)?];
    for stage in Stage::value_variants() {
        if options.stages.is_empty() || options.stages.contains(stage) {
            times.push(timed(stage.title(), || stage.run())?);
        }
    }
    summarise(&times);
    Ok(())
}

impl Stage {
    fn title(self) -> &'static str {
        match self {
            Self::Native => "native tests",
            Self::Proofs => "proofs against enumeration",
            Self::Xtask => "tests of xtask",
            Self::Wasm => "Wasm tests in the browser",
            Self::Build => "build of the page",
            Self::Browser => "browser tests of the page",
            Self::Size => "size budget",
        }
    }

    fn run(self) -> Result<()> {
        match self {
            Self::Native => native(),
            Self::Proofs => proofs(),
            Self::Xtask => xtask(),
            Self::Wasm => wasm(),
            Self::Build => build::run(&build::Build { debug: false }),
            Self::Browser => in_browser(),
            Self::Size => size::run(),
        }
    }
}

/// With their output: how many cases of each file agree is part of the answer.
fn native() -> Result<()> {
    let mut test = cargo("test --locked");
    command::run(repo::native_packages(&mut test).args(["--", "--show-output"]))?;
    // What the page computes by itself needs no browser.
    command::run(cargo("test --locked").args(["--package", repo::PAGE.name]))
}

fn proofs() -> Result<()> {
    let mut test = cargo("test --locked --release --package rolecall-tests --test proofs");
    command::run(test.args(["--", "--show-output"]))
}

fn xtask() -> Result<()> {
    let mut test = cargo("test --locked");
    command::run(test.args(repo::XTASK_MANIFEST).args(repo::XTASK_TARGET))
}

fn wasm() -> Result<()> {
    let package = repo::WASM_TESTS;
    if !package.exists() {
        eprintln!("test: there is no package `{}` yet", package.name);
        return Ok(());
    }
    let mut test = cargo("test --locked");
    command::run(test.args(["--target", setup::TARGET, "--package", package.name]))
}

/// The page, the element and the JavaScript API, beside the command line that they are compared with.
fn in_browser() -> Result<()> {
    command::run(&mut cargo(
        "build --locked --target-dir target --bin rolecall",
    ))?;
    browser::node(&["--test", "--test-reporter=spec", "--test-timeout=600000"])
}

/// The main path in a second browser. Not one of the stages: it installs a browser that nothing else needs.
pub fn in_firefox() -> Result<()> {
    setup::for_firefox_tests()?;
    build::run(&build::Build { debug: false })?;
    browser::node(&[
        "--test",
        "--test-reporter=spec",
        "--test-timeout=600000",
        "firefox.mjs",
    ])
}

/// Runs one stage and says on stderr what it is and how long it took.
fn timed(
    title: &'static str,
    stage: impl FnOnce() -> Result<()>,
) -> Result<(&'static str, Duration)> {
    eprintln!("\ntest: {title}");
    let start = Instant::now();
    let outcome = stage();
    let took = start.elapsed();
    let seconds = took.as_secs_f32();
    outcome.with_context(|| {
        format!("{title}: failed after {seconds:.1} s; nothing after it was run")
    })?;
    eprintln!("test: {title}: done in {seconds:.1} s");
    Ok((title, took))
}

fn summarise(times: &[(&str, Duration)]) {
    eprintln!("\ntest: everything passed");
    for (title, took) in times {
        eprintln!("{title:>28}  {:6.1} s", took.as_secs_f32());
    }
}
