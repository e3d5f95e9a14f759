//! `cargo xtask keys FILE --date DATE`: puts a freshly fetched key set of GitHub's in place of the built-in one.

use std::fs;
use std::path::PathBuf;

use anyhow::{Context, Result, bail, ensure};
use serde_json::{Map, Value, json};

use crate::repo;

/// What a key needs; anything else, such as certificates, is left out.
const MEMBERS: [&str; 6] = ["kty", "alg", "use", "kid", "n", "e"];

#[derive(clap::Args)]
pub struct Keys {
    /// The key set, as https://token.actions.githubusercontent.com/.well-known/jwks answers it
    file: PathBuf,
    /// The day it was fetched, such as 2026-11-23
    #[arg(long)]
    date: String,
}

pub fn run(options: &Keys) -> Result<()> {
    let is_day = options.date.len() == 10
        && options
            .date
            .bytes()
            .all(|b| b.is_ascii_digit() || b == b'-');
    ensure!(
        is_day,
        "--date wants a day such as 2026-11-23, not `{}`",
        options.date
    );
    let text = fs::read_to_string(&options.file)
        .with_context(|| format!("cannot read {}", options.file.display()))?;
    let set: Value = serde_json::from_str(&text).context("the file is not JSON")?;
    let Some(keys) = set.get("keys").and_then(Value::as_array) else {
        bail!("the file is no key set: it has no list `keys`");
    };
    let keys = keys.iter().map(slimmed).collect::<Result<Vec<_>>>()?;
    let folder = repo::path("crates/core/src/jwks");
    fs::write(
        folder.join("github.json"),
        serde_json::to_string_pretty(&json!({ "keys": keys }))? + "\n",
    )?;
    fs::write(folder.join("github.date"), &options.date)?;
    println!(
        "{} keys of {} are built in from now on; run `cargo xtask test`",
        keys.len(),
        options.date
    );
    Ok(())
}

fn slimmed(key: &Value) -> Result<Map<String, Value>> {
    let kid = key
        .get("kid")
        .and_then(Value::as_str)
        .context("a key has no `kid`")?;
    let member = |name: &str| {
        let value = key
            .get(name)
            .with_context(|| format!("the key {kid} has no `{name}`"))?;
        Ok((name.to_owned(), value.clone()))
    };
    MEMBERS.into_iter().map(member).collect()
}
