//! The walk-through: its commands are run in their order, and what it shows is what they print.
//!
//! `ROLECALL_BLESS=1 cargo test -p rolecall-cli --test integration walkthrough` writes the output anew.

use crate::support::Folder;

const PATH: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/walkthrough.md");

/// What to do where an answer has changed on purpose.
const ANEW: &str = "docs/walkthrough.md shows another answer: run this test with ROLECALL_BLESS=1 and read the difference";

/// The fault of each heading, as the answer names it.
const FAULTS: &[(&str, &str)] = &[
    ("### 1.", "[immutable_sub]"),
    ("### 2.", "[environment_sub]"),
    ("### 3.", "[stringequals_with_wildcard]"),
    ("### 4.", "[sub_case_mismatch]"),
    ("### 5.", "[pull_request_sub]"),
    ("### 6.", "[wrong_audience]"),
    ("### 7.", "[missing_provider]"),
    ("### 8.", "missing_id_token_permission"),
    ("### 9.", "[unsupported_condition_key]"),
    (
        "### 10.",
        "Denied: the push stops at ecr:GetAuthorizationToken",
    ),
];

#[test]
fn the_page_shows_what_the_commands_print() {
    let page = std::fs::read_to_string(PATH).expect("the page");
    let folder = Folder::new();
    let mut written = String::new();
    let mut lines = page.lines();
    while let Some(line) = lines.next() {
        written.push_str(line);
        written.push('\n');
        if line == "```console" {
            let block: Vec<&str> = lines.by_ref().take_while(|line| *line != "```").collect();
            written.push_str(&session(&folder, &block));
            written.push_str("```\n");
        }
    }
    if std::env::var_os("ROLECALL_BLESS").is_some() {
        std::fs::write(PATH, &written).expect("the page can be written");
    }
    for (found, expected) in page.lines().zip(written.lines()) {
        assert_eq!(found, expected, "{ANEW}");
    }
    assert_eq!(page.lines().count(), written.lines().count(), "{ANEW}");
}

#[test]
fn every_fault_is_named() {
    let page = std::fs::read_to_string(PATH).expect("the page");
    for (heading, name) in FAULTS {
        let section = page.split(heading).nth(1).unwrap_or_default();
        let section = section.split("\n### ").next().unwrap_or_default();
        assert!(section.contains(name), "{heading} {name}");
    }
}

/// The commands of a block, each with what it prints.
fn session(folder: &Folder, block: &[&str]) -> String {
    let mut out = String::new();
    let mut lines = block.iter().peekable();
    while let Some(line) = lines.next() {
        let Some(command) = line.strip_prefix("$ ") else {
            continue;
        };
        out.push_str(&format!("{line}\n"));
        let mut command = command.to_owned();
        while command.ends_with('\\') {
            command.pop();
            let more = lines.next().copied().unwrap_or_default();
            out.push_str(&format!("{more}\n"));
            command.push_str(more.trim_start());
        }
        out.push_str(&run(folder, &command).expect("rolecall, cat, or sed with a plain text"));
    }
    out
}

/// `None`: no command that is known here.
fn run(folder: &Folder, command: &str) -> Option<String> {
    let words = words(command);
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    match words.as_slice() {
        ["rolecall", args @ ..] => {
            let run = folder.run_with(args, "", &[("COLUMNS", "110")]);
            Some(run.err + &run.out)
        }
        ["cat", file] => Some(folder.read(file)),
        ["sed", expression, from, ">", to] => {
            let parts: Vec<&str> = expression.split('|').collect();
            let ["s", old, new, ""] = parts.as_slice() else {
                return None;
            };
            let text = folder.read(from);
            assert!(text.contains(old), "{old} is not in {from}");
            folder.write(to, &text.replace(old, new));
            Some(String::new())
        }
        _ => None,
    }
}

/// Words between blanks; single quotes hold blanks together.
fn words(command: &str) -> Vec<String> {
    let mut words = Vec::new();
    for (index, part) in command.split('\'').enumerate() {
        if index % 2 == 1 {
            words.push(part.to_owned());
        } else {
            words.extend(part.split_whitespace().map(str::to_owned));
        }
    }
    words
}
