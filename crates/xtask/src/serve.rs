//! `cargo xtask serve`: the page on a local port, rebuilt whenever a source changes.

use std::path::PathBuf;
use std::thread;
use std::time::{Duration, SystemTime};

use anyhow::{Result, bail};
use clap::Args;

use crate::server::Server;
use crate::{build, files, repo};

const USUAL_PORT: u16 = 8080;
const LOOK_EVERY: Duration = Duration::from_millis(500);
const SOURCES: [&str; 6] = [
    "index.html",
    "Trunk.toml",
    "Cargo.toml",
    "Cargo.lock",
    "web",
    "crates",
];
/// Changing the tooling does not change the page.
const NOT_A_SOURCE: &str = "crates/xtask";

#[derive(Args)]
pub struct Serve {
    /// The port to listen on; 0 takes any free one [default: 8080, or a free one where that is taken]
    #[arg(long)]
    port: Option<u16>,
    /// Open no browser
    #[arg(long)]
    no_open: bool,
    #[command(flatten)]
    build: build::Build,
}

pub fn run(options: &Serve) -> Result<()> {
    eprintln!("serve: building the page (about a minute the first time)");
    let built_from = state_of_sources();
    build::page(&options.build)?;
    let server = bind(options.port)?;
    println!("rolecall is at {} (end with Ctrl-C)", server.url());
    if !options.no_open {
        // Not every machine has a browser to open; the address is printed anyway.
        let _ = open::that_detached(server.url());
    }
    thread::scope(|threads| {
        threads.spawn(|| server.run());
        rebuild_on_change(&options.build, built_from)
    })
}

fn bind(port: Option<u16>) -> Result<Server> {
    match port {
        Some(port) => match Server::bind(build::dist(), port) {
            Ok(server) => Ok(server),
            Err(error) => bail!("{error}; take another one with --port, or 0 for any free one"),
        },
        None => Server::bind(build::dist(), USUAL_PORT).or_else(|_| Server::bind(build::dist(), 0)),
    }
}

fn rebuild_on_change(options: &build::Build, mut built_from: State) -> ! {
    loop {
        thread::sleep(LOOK_EVERY);
        let now = state_of_sources();
        if now == built_from {
            continue;
        }
        built_from = now;
        eprintln!("serve: a source has changed, rebuilding");
        match build::page(options) {
            Ok(()) => eprintln!("serve: done, reload the page"),
            Err(error) => eprintln!("serve: {error:#}; waiting for the next change"),
        }
    }
}

/// How many sources there are and when the newest was written: it differs after any change.
type State = (usize, Option<SystemTime>);

fn state_of_sources() -> State {
    let sources: Vec<PathBuf> = SOURCES
        .iter()
        .flat_map(|name| files::under(&repo::path(name)).unwrap_or_default())
        .collect();
    let xtask = repo::path(NOT_A_SOURCE);
    let times = sources
        .iter()
        .filter(|file| !file.starts_with(&xtask))
        .map(|file| file.metadata()?.modified());
    let times: Vec<SystemTime> = times.filter_map(Result::ok).collect();
    (times.len(), times.into_iter().max())
}
