//! `dist/embed/`: the JavaScript API and the element, as an npm package.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result};
use serde_json::Value;

use crate::wasm::Engine;
use crate::{files, repo};

/// What is written by hand.
const SOURCES: &str = "crates/embed/js";
const LICENCES: [&str; 2] = ["LICENSE-APACHE", "LICENSE-MIT"];
const GUIDE: &str = "docs/embedding.md";

/// Writes the package; the engine is built.
pub fn write(to: &Path) -> Result<()> {
    fs::create_dir_all(to).with_context(|| format!("cannot create {}", to.display()))?;
    for source in files::under(&repo::path(SOURCES))? {
        let name = source.file_name().context("a source without a name")?;
        let to = to.join(name);
        if source.extension().is_some_and(|ending| ending == "js") {
            copy_script(&source, &to)?;
        } else {
            copy(&source, &to)?;
        }
    }
    for engine in [Engine::Element, Engine::Embed, Engine::Predict] {
        let module = engine.path();
        let name = module.file_name().context("a module without a name")?;
        copy(&module, &to.join(name))?;
    }
    // The page's own, under the name that says what it can do.
    copy(&Engine::Page.path(), &to.join("full.wasm"))?;
    for licence in LICENCES {
        copy(&repo::path(licence), &to.join(licence))?;
    }
    copy(&repo::path(GUIDE), &to.join("README.md"))?;
    manifest(&to.join("package.json"))
}

/// The package has the workspace's version.
fn manifest(file: &Path) -> Result<()> {
    let mut manifest: Value = serde_json::from_str(&fs::read_to_string(file)?)?;
    let version = manifest
        .get_mut("version")
        .context("the package.json of the embed has no `version`")?;
    *version = repo::version()?.into();
    fs::write(file, serde_json::to_string_pretty(&manifest)? + "\n")
        .context("cannot write the package.json of the embed")
}

/// What the scripts do is told by their types and the guide, or in `web/`.
pub fn copy_script(from: &Path, to: &Path) -> Result<()> {
    let script =
        fs::read_to_string(from).with_context(|| format!("cannot read {}", from.display()))?;
    fs::write(to, without_comments(&script))
        .with_context(|| format!("cannot write {}", to.display()))
}

/// A script without its lines of comment and without empty ones. Comments behind code stay; a text over several lines
/// must not have a line that looks like a comment.
fn without_comments(script: &str) -> String {
    let is_code = |line: &&str| {
        let line = line.trim_start();
        !(line.is_empty() || line.starts_with("//") || line.starts_with("/**"))
    };
    let code = script.lines().filter(is_code);
    code.flat_map(|line| [line, "\n"]).collect()
}

fn copy(from: &Path, to: &Path) -> Result<()> {
    fs::copy(from, to)
        .map(|_| ())
        .with_context(|| format!("cannot copy {}", from.display()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn comments_are_left_out_and_code_stays() {
        let script = "// What it is.\n\nconst a = 1; // here\n  /** One. */\n  b();\n";
        assert_eq!(without_comments(script), "const a = 1; // here\n  b();\n");
        // A comment over several lines would lose its first line only.
        let mut sources = files::under(&repo::path(SOURCES)).unwrap();
        sources.push(repo::path("web/boot.js"));
        sources.retain(|source| source.extension().is_some_and(|kind| kind == "js"));
        for source in sources {
            let text = fs::read_to_string(&source).unwrap();
            let is_long = |line: &str| line.trim_start().starts_with("/*") && !line.contains("*/");
            assert!(!text.lines().any(is_long), "{}", source.display());
        }
    }
}
