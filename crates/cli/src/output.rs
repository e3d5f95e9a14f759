//! Standard output and standard error.

use std::io::{self, IsTerminal, Write};

use rolecall_report::Look;

use crate::args::Color;
use crate::failure::Failure;

/// Columns where the output is no terminal and COLUMNS is not set: a log's line.
const WIDTH: usize = 120;

/// Writes an answer. A reader that has gone away (`| head`) is no error.
pub(crate) fn answer(text: &str) -> Result<(), Failure> {
    let mut out = io::stdout().lock();
    quietly(out.write_all(text.as_bytes()).and_then(|()| out.flush())).map(|_| ())
}

/// Whether the reader is still there.
pub(crate) fn quietly(result: io::Result<()>) -> Result<bool, Failure> {
    match result {
        Ok(()) => Ok(true),
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(false),
        Err(error) => Err(Failure::new(
            format!("cannot write the answer: {error}"),
            "check where standard output goes",
        )),
    }
}

/// Tells why there is no answer. Where even that can't be written, the exit code tells it.
pub(crate) fn complain(failure: &Failure) {
    let _ = write!(io::stderr(), "{failure}");
}

/// Shows a rendered error.
pub(crate) fn error_text(text: &str) {
    let _ = write!(io::stderr(), "{text}");
}

/// A word beside the answer.
pub(crate) fn hint(text: &str) {
    let _ = writeln!(io::stderr(), "rolecall: {text}");
}

/// Colour and width of standard output.
pub(crate) fn look(color: Color, verbose: bool) -> Look {
    Look {
        color: is_coloured(color, io::stdout().is_terminal()),
        width: width(terminal_size::terminal_size_of(io::stdout()).map(|(width, _)| width.0)),
        verbose,
    }
}

/// The same for what goes to standard error.
pub(crate) fn error_look(color: Color) -> Look {
    Look {
        color: is_coloured(color, io::stderr().is_terminal()),
        width: width(terminal_size::terminal_size_of(io::stderr()).map(|(width, _)| width.0)),
        verbose: false,
    }
}

fn width(terminal: Option<u16>) -> usize {
    let asked = || {
        std::env::var("COLUMNS")
            .ok()
            .and_then(|columns| columns.parse().ok())
    };
    terminal
        .or_else(asked)
        .map_or(WIDTH, |columns| usize::from(columns).clamp(40, 160))
}

/// See <https://no-color.org> and <https://bixense.com/clicolors>: a variable counts where it is not empty.
fn is_coloured(color: Color, is_terminal: bool) -> bool {
    let is_set = |name: &str| std::env::var_os(name).is_some_and(|value| !value.is_empty());
    match color {
        Color::Always => true,
        Color::Never => false,
        Color::Auto if is_set("NO_COLOR") => false,
        Color::Auto if is_set("CLICOLOR_FORCE") || is_set("FORCE_COLOR") => true,
        Color::Auto => is_terminal && std::env::var_os("TERM").is_none_or(|term| term != "dumb"),
    }
}
