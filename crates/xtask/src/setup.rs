//! `cargo xtask setup`: what a fresh machine with only rustup and node still needs.
//!
//! Every step looks first and does nothing where the thing is already there.

use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::SystemTime;

use anyhow::{Result, bail};

use crate::command::{self, installed, output, program};
use crate::repo;

/// The Rust target of everything that runs in a browser.
pub const TARGET: &str = "wasm32-unknown-unknown";
const OLDEST_NODE: u32 = 20;
const CHROMIUM: [&str; 2] = ["chromium", "chromedriver"];
const MKDOCS: &str = "mkdocs-material==9.8.2";
const FIREFOX: &str = "firefox-esr";
const CHROMIUM_PACKAGES: [&str; 2] = ["chromium", "chromium-driver"];

/// For building, serving and testing.
pub fn everything() -> Result<()> {
    for_build()?;
    for_browser_tests()
}

/// For building the page.
pub fn for_build() -> Result<()> {
    let sysroot = output(program("rustc").args(["--print", "sysroot"])).unwrap_or_default();
    if Path::new(&sysroot)
        .join("lib/rustlib")
        .join(TARGET)
        .is_dir()
    {
        return Ok(());
    }
    if !installed("rustup") {
        bail!(
            "the Rust target {TARGET} is missing, and there is no rustup to add it: install the target, then try again"
        );
    }
    eprintln!("setup: adding the Rust target {TARGET}, about 10 s");
    command::run(program("rustup").args(["target", "add", TARGET]))
}

/// For the tests that run in a browser.
pub fn for_browser_tests() -> Result<()> {
    node()?;
    chromium()?;
    npm_packages()?;
    if let Err(error) = mkdocs() {
        // One test of many needs it, and says that it is left out.
        eprintln!("setup: no MkDocs: {error:#}");
    }
    Ok(())
}

/// For the tests that run in Firefox.
pub fn for_firefox_tests() -> Result<()> {
    node()?;
    firefox()?;
    npm_packages()
}

fn firefox() -> Result<()> {
    if installed(FIREFOX) {
        return Ok(());
    }
    if !installed("apt-get") {
        bail!("`{FIREFOX}` is not on the search path: install it, then try again");
    }
    eprintln!("setup: installing {FIREFOX} with apt, about a minute");
    apt_get(&["update"])?;
    apt_get(&["install", "--yes", "--no-install-recommends", FIREFOX])
}

fn chromium() -> Result<()> {
    if CHROMIUM.iter().all(|name| installed(name)) {
        return Ok(());
    }
    if !installed("apt-get") {
        bail!(
            "`{}` are not on the search path: install Chromium and its driver, in the same version",
            CHROMIUM.join("` and `")
        );
    }
    eprintln!(
        "setup: installing {} with apt, about 40 s",
        CHROMIUM_PACKAGES.join(" and ")
    );
    apt_get(&["update"])?;
    apt_get(
        &["install", "--yes", "--no-install-recommends"]
            .into_iter()
            .chain(CHROMIUM_PACKAGES)
            .collect::<Vec<_>>(),
    )
}

/// `apt-get`, as root, asking nothing and saying little.
fn apt_get(args: &[&str]) -> Result<()> {
    let mut apt = as_root()?;
    apt.args([
        "DEBIAN_FRONTEND=noninteractive",
        "apt-get",
        "-qq",
        "-o",
        "Dpkg::Use-Pty=0",
    ])
    .args(args);
    // The list of unpacked packages is noise; warnings and errors are on stderr.
    command::run(apt.stdin(Stdio::null()).stdout(Stdio::null()))
}

/// `env`, with root's rights.
fn as_root() -> Result<Command> {
    if output(program("id").arg("-u")).as_deref() == Some("0") {
        return Ok(program("env"));
    }
    if !installed("sudo") {
        bail!(
            "not root, and there is no sudo: run `apt-get install {}` as root, then try again",
            CHROMIUM_PACKAGES.join(" ")
        );
    }
    let mut sudo = program("sudo");
    sudo.arg("env");
    Ok(sudo)
}

fn node() -> Result<()> {
    let version = output(program("node").arg("--version")).unwrap_or_default();
    let major = version
        .trim_start_matches('v')
        .split('.')
        .next()
        .and_then(|major| major.parse::<u32>().ok());
    if major.is_none_or(|major| major < OLDEST_NODE) || !installed("npm") {
        bail!(
            "the browser tests need node {OLDEST_NODE} or later, with npm: install it, then try again"
        );
    }
    Ok(())
}

fn npm_packages() -> Result<()> {
    let folder = repo::path("tests/browser");
    // npm writes this copy of the lock last, so it is missing after an install that was broken off.
    let installed = modified(&folder.join("node_modules/.package-lock.json"));
    if installed.is_some() && installed >= modified(&folder.join("package-lock.json")) {
        return Ok(());
    }
    eprintln!("setup: installing the npm packages of tests/browser, about 10 s");
    command::run(
        program("npm")
            .arg("ci")
            .current_dir(folder)
            .stdin(Stdio::null())
            .stdout(Stdio::null()),
    )
}

/// For a site that shows the element: the generator that `docs/embedding.md` names first.
fn mkdocs() -> Result<()> {
    let folder = repo::path("target/mkdocs");
    if folder.join("bin/mkdocs").is_file() {
        return Ok(());
    }
    eprintln!("setup: installing {MKDOCS} in target/mkdocs, about 20 s");
    let venv = || {
        output(
            program("python3")
                .args(["-m", "venv", "--clear"])
                .arg(&folder),
        )
    };
    if venv().is_none() {
        if !installed("apt-get") {
            bail!(
                "`python3 -m venv` does not work here: install python3 with its module venv, then try again"
            );
        }
        apt_get(&["update"])?;
        apt_get(&[
            "install",
            "--yes",
            "--no-install-recommends",
            "python3-venv",
        ])?;
        command::run(
            program("python3")
                .args(["-m", "venv", "--clear"])
                .arg(&folder),
        )?;
    }
    command::run(program(folder.join("bin/pip")).args([
        "install",
        "--quiet",
        "--disable-pip-version-check",
        MKDOCS,
    ]))
}

fn modified(file: &Path) -> Option<SystemTime> {
    fs::metadata(file)
        .and_then(|metadata| metadata.modified())
        .ok()
}
