//! `rolecall man`

use clap::{Command, CommandFactory};
use clap_mangen::Man;

use crate::args::{Cli, ManArgs};
use crate::failure::Failure;
use crate::{Exit, output};

pub(crate) fn run(args: &ManArgs) -> Result<Exit, Failure> {
    let mut rolecall = Cli::command();
    rolecall.build();
    let command = match &args.page {
        None => rolecall,
        Some(name) => subcommand(&rolecall, name)?,
    };
    let mut page = Vec::new();
    // Writing to memory cannot fail.
    let _ = Man::new(command).render(&mut page);
    output::answer(&String::from_utf8_lossy(&page))?;
    Ok(Exit::Good)
}

/// A command; building has given it the name by which `man` finds its page: `rolecall-check`.
fn subcommand(rolecall: &Command, name: &str) -> Result<Command, Failure> {
    rolecall.find_subcommand(name).cloned().ok_or_else(|| {
        let names: Vec<&str> = rolecall
            .get_subcommands()
            .map(Command::get_name)
            .filter(|name| *name != "help")
            .collect();
        Failure::new(
            format!("there is no command `{name}`"),
            format!("choose among {}", names.join(", ")),
        )
    })
}
