//! Files and standard input.

use std::fs::File;
use std::io::{self, BufRead as _, BufReader, IsTerminal, Read};

use crate::failure::Failure;

/// What stands for standard input.
pub(crate) const STDIN: &str = "-";
/// Account dumps are large; what is larger than this is not meant.
pub(crate) const MAX_BYTES: u64 = 16 << 20;

/// Where texts come from. Standard input can be read only once.
#[derive(Debug, Default)]
pub(crate) struct Inputs {
    stdin_is: Option<&'static str>,
}

impl Inputs {
    /// Reads a whole text; `what` names it in messages ("the policy").
    pub(crate) fn read(&mut self, what: &'static str, path: &str) -> Result<String, Failure> {
        let mut bytes = Vec::new();
        let lines = self.open(what, path)?;
        lines
            .reader
            .take(MAX_BYTES + 1)
            .read_to_end(&mut bytes)
            .map_err(|error| unreadable(what, path, &error))?;
        if bytes.len() as u64 > MAX_BYTES {
            return Err(Failure::new(
                format!("{what} in {} is longer than 16 MiB", name(path)),
                "give a smaller file; a trust policy has a few kilobytes",
            ));
        }
        decode(what, path, bytes)
    }

    /// Opens a text that is read line by line.
    pub(crate) fn open(&mut self, what: &'static str, path: &str) -> Result<Lines, Failure> {
        let bytes: Box<dyn Read> = if path == STDIN {
            self.take_stdin(what)?;
            Box::new(io::stdin())
        } else {
            Box::new(File::open(path).map_err(|error| unreadable(what, path, &error))?)
        };
        Ok(Lines {
            reader: BufReader::with_capacity(1 << 16, bytes),
            what,
            path: path.to_owned(),
        })
    }

    fn take_stdin(&mut self, what: &'static str) -> Result<(), Failure> {
        if let Some(other) = self.stdin_is.replace(what) {
            return Err(Failure::new(
                format!("standard input is asked for twice: for {other} and for {what}"),
                "it can be read only once: put one of the two into a file",
            ));
        }
        if io::stdin().is_terminal() {
            // Not a prompt: a hint for who wonders why nothing happens.
            crate::output::hint(&format!(
                "reading {what} from the terminal; end with Ctrl-D"
            ));
        }
        Ok(())
    }
}

/// A text that is read line by line.
pub(crate) struct Lines {
    reader: BufReader<Box<dyn Read>>,
    what: &'static str,
    path: String,
}

impl Lines {
    /// The next line without its end; `None` after the last one.
    pub(crate) fn next(&mut self) -> Result<Option<Vec<u8>>, Failure> {
        let mut line = Vec::new();
        let limited = &mut self.reader.by_ref().take(MAX_BYTES + 1);
        limited
            .read_until(b'\n', &mut line)
            .map_err(|error| unreadable(self.what, &self.path, &error))?;
        if line.len() as u64 > MAX_BYTES {
            return Err(Failure::new(
                format!(
                    "a line of {} in `{}` is longer than 16 MiB",
                    self.what,
                    name(&self.path)
                ),
                "write one case a line",
            ));
        }
        Ok((!line.is_empty()).then_some(line))
    }

    /// Whether a whole further line was read already, so that asking for it will not wait.
    pub(crate) fn has_line(&self) -> bool {
        self.reader.buffer().contains(&b'\n')
    }
}

/// What messages call a path.
pub(crate) fn name(path: &str) -> &str {
    if path == STDIN {
        "standard input"
    } else {
        path
    }
}

fn unreadable(what: &str, path: &str, error: &io::Error) -> Failure {
    let help = match error.kind() {
        io::ErrorKind::NotFound => "check the path; `-` reads standard input",
        io::ErrorKind::PermissionDenied => "check who may read it",
        io::ErrorKind::IsADirectory => "give a file, not a folder",
        _ => "check the path and that the file can be read",
    };
    Failure::new(
        format!(
            "cannot read {what} from `{}`: {}",
            name(path),
            reason(error)
        ),
        help,
    )
}

/// The system's reason without its number.
fn reason(error: &io::Error) -> String {
    let text = error.to_string();
    let text = text.split(" (os error").next().unwrap_or_default();
    let mut chars = text.chars();
    chars.next().map_or_else(String::new, |first| {
        first.to_lowercase().chain(chars).collect()
    })
}

/// UTF-8, with or without a byte order mark. PowerShell's `>` writes UTF-16, which is worth a word of its own.
fn decode(what: &str, path: &str, bytes: Vec<u8>) -> Result<String, Failure> {
    if bytes.starts_with(&[0xff, 0xfe]) || bytes.starts_with(&[0xfe, 0xff]) {
        return Err(Failure::new(
            format!("{what} in `{}` is UTF-16, not UTF-8", name(path)),
            "save it as UTF-8; in PowerShell: `... | Out-File -Encoding utf8 FILE`",
        ));
    }
    let text = String::from_utf8(bytes).map_err(|error| not_utf8(what, path, &error))?;
    Ok(text
        .strip_prefix('\u{feff}')
        .map(str::to_owned)
        .unwrap_or(text))
}

fn not_utf8(what: &str, path: &str, error: &std::string::FromUtf8Error) -> Failure {
    let valid = error.utf8_error().valid_up_to();
    let before = error.as_bytes().get(..valid).unwrap_or_default();
    let line = before.iter().filter(|byte| **byte == b'\n').count() + 1;
    Failure::new(
        format!(
            "{what} in `{}` is not UTF-8: line {line} has a byte that is none",
            name(path)
        ),
        "save it as UTF-8 text",
    )
}
