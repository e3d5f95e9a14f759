//! Running other programs.

use std::env;
use std::ffi::{OsStr, OsString};
use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result, bail};

use crate::repo;

/// A program that starts in the top folder of the repository.
pub fn program(name: impl AsRef<OsStr>) -> Command {
    let mut command = Command::new(name);
    command.current_dir(repo::path(""));
    command
}

/// The cargo that runs us, with arguments as one would type them.
pub fn cargo(args: &str) -> Command {
    let mut cargo = program(env::var_os("CARGO").unwrap_or_else(|| OsString::from("cargo")));
    cargo.args(args.split_whitespace());
    cargo
}

/// Runs a command to its end, its output going where ours goes.
pub fn run(command: &mut Command) -> Result<()> {
    let status = command
        .status()
        .with_context(|| format!("cannot start `{}`", text(command)))?;
    if !status.success() {
        bail!(
            "`{}` failed ({status}); its output stands above",
            text(command)
        );
    }
    Ok(())
}

/// What a command prints on stdout, or `None` where it cannot start or fails.
pub fn output(command: &mut Command) -> Option<String> {
    let output = command
        .output()
        .ok()
        .filter(|output| output.status.success())?;
    Some(String::from_utf8_lossy(&output.stdout).trim().to_owned())
}

/// Whether `name` is a program on the search path.
pub fn installed(name: &str) -> bool {
    let path = env::var_os("PATH").unwrap_or_default();
    env::split_paths(&path).any(|folder| folder.join(name).is_file())
}

/// The command as a person would type it.
fn text(command: &Command) -> String {
    let program = Path::new(command.get_program()).file_name();
    let words = program.into_iter().chain(command.get_args());
    words
        .map(|word| word.to_string_lossy())
        .collect::<Vec<_>>()
        .join(" ")
}
