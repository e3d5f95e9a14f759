//! Node scripts of `tests/browser`, against the built page.

use std::process::Stdio;
use std::thread;

use anyhow::Result;

use crate::server::Server;
use crate::{build, command, repo};

/// Serves the built page on a free port while `node ARGS` runs.
///
/// The script finds the page's address in ROLECALL_URL, the folder for screenshots in ROLECALL_SHOTS and the
/// command line in ROLECALL_CLI.
pub fn node(args: &[&str]) -> Result<()> {
    let server = Server::bind(build::dist(), 0)?;
    let url = server.url();
    // Nothing waits for this thread: it ends with the program.
    thread::spawn(move || server.run());
    let mut node = command::program("node");
    node.args(args)
        .current_dir(repo::path("tests/browser"))
        .stdin(Stdio::null());
    command::run(
        node.env("ROLECALL_URL", url)
            .env("ROLECALL_SHOTS", repo::path("target/shots"))
            .env("ROLECALL_CLI", repo::path("target/debug/rolecall")),
    )
}
