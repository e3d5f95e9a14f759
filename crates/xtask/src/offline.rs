//! The page without a network: a service worker beside it, and the page as a single file.

use std::fs;
use std::iter::once;
use std::path::Path;

use anyhow::{Context, Result, ensure};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use sha2::{Digest, Sha256};

use crate::page::attribute;
use crate::{repo, wasm};

/// The service worker, whose constants are filled in.
const WORKER: &str = "web/sw.js";
/// What the single file is called.
pub const SINGLE: &str = "rolecall.html";

/// Writes the service worker for the files that are in `dist`, and names it in the page.
pub fn write_worker(dist: &Path) -> Result<()> {
    let page = dist.join("index.html");
    let html = read(&page)?;
    let named = html.replacen(" data-wasm=", " data-offline=\"sw.js\" data-wasm=", 1);
    ensure!(named != html, "index.html has no script with `data-wasm`");
    fs::write(&page, named)?;
    let mut names = Vec::new();
    for entry in fs::read_dir(dist)? {
        names.push(entry?.file_name().to_string_lossy().into_owned());
    }
    names.sort();
    let mut digest = Sha256::new();
    for name in &names {
        digest.update(fs::read(dist.join(name))?);
    }
    let version = STANDARD.encode(digest.finalize());
    // The page is at its folder's address, too.
    let files: Vec<String> = once("./".to_owned()).chain(names).collect();
    let source = read(&repo::path(WORKER))?;
    let filled = fill(&source, "VERSION = \"\"", &format!("VERSION = {version:?}"))?;
    let filled = fill(&filled, "FILES = []", &format!("FILES = {files:?}"))?;
    fs::write(dist.join("sw.js"), filled).context("cannot write the service worker")
}

fn fill(source: &str, place: &str, value: &str) -> Result<String> {
    ensure!(source.contains(place), "{WORKER} has no `{place}`");
    Ok(source.replacen(place, value, 1))
}

/// Writes the page as one file that works from a folder and as an attachment: it holds everything, asks for
/// nothing, and its policy lets run what it holds and no more.
pub fn write_single(dist: &Path) -> Result<()> {
    let html = single(&read(&dist.join("index.html"))?, dist)?;
    fs::write(dist.join(SINGLE), html).context("cannot write the single file")
}

fn single(page: &str, dist: &Path) -> Result<String> {
    let style = read(&dist.join("style.css"))?;
    let script = script(dist)?;
    ensure!(
        !script.contains("</script") && !style.contains("</style"),
        "a text of the page would end its own element"
    );
    let icon = fs::read(dist.join("icon.svg")).context("cannot read the icon")?;
    let mut html = String::new();
    for line in page.lines() {
        let rel = attribute(line, "rel").unwrap_or_default();
        if line.contains("http-equiv=\"Content-Security-Policy\"") {
            html += &policy(&script, &style);
        } else if matches!(rel, "preload" | "modulepreload") {
            continue;
        } else if rel == "icon" {
            html += &format!(
                "<link rel=\"icon\" href=\"data:image/svg+xml;base64,{}\">",
                STANDARD.encode(&icon)
            );
        } else if rel == "stylesheet" {
            html += &format!("<style>{style}</style>");
        } else if attribute(line, "data-wasm").is_some() {
            continue;
        } else if line == "</body>" {
            html += &module("page", &dist.join(wasm::WASM))?;
            html += &module("engine", &dist.join("engine.wasm"))?;
            html += &format!("<script type=\"module\">{script}</script>\n</body>");
        } else {
            html += line;
        }
        html.push('\n');
    }
    Ok(html)
}

/// No address is allowed, from the start; scripts and style are those of the file.
fn policy(script: &str, style: &str) -> String {
    let hash = |text: &str| STANDARD.encode(Sha256::digest(text));
    format!(
        "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; script-src 'sha256-{}' 'wasm-unsafe-eval'; \
         style-src 'sha256-{}'; img-src data:; worker-src blob:; connect-src 'none'; base-uri 'none'; form-action 'none'\">",
        hash(script),
        hash(style)
    )
}

/// A block of data, which no browser runs.
fn module(name: &str, file: &Path) -> Result<String> {
    let bytes = fs::read(file).with_context(|| format!("cannot read {}", file.display()))?;
    Ok(format!(
        "<script type=\"text/plain\" id=\"{name}-module\">{}</script>\n",
        STANDARD.encode(bytes)
    ))
}

/// All scripts as one. What was a module is a function that gives what the module exported.
fn script(dist: &Path) -> Result<String> {
    let page = inlined(&read(&dist.join(wasm::JS))?, "{ default: __wbg_init }");
    let engine = inlined(&read(&dist.join("engine.js"))?, "{ Engine }");
    let boot = read(&dist.join("boot.js"))?;
    Ok(format!(
        "const page = {page};\nconst engine = {engine};\n{PARTS}\n{boot}"
    ))
}

/// The names that `web/boot.js` looks for.
const PARTS: &str = r#"const held = (name) => {
  const text = document.getElementById(`${name}-module`).textContent;
  return WebAssembly.compile(Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0)));
};
globalThis.rolecallParts = {
  page: async () => page(),
  spare: async () => page(),
  pageModule: () => held("page"),
  engine: async () => engine(),
  engineModule: () => held("engine"),
};"#;

/// A module's text as a function; exports begin a line, in ours as in wasm-bindgen's.
fn inlined(module: &str, exports: &str) -> String {
    let lines = module.lines().filter(|line| !line.starts_with("export {"));
    let lines = lines.map(|line| line.strip_prefix("export ").unwrap_or(line));
    let text = lines.collect::<Vec<_>>().join("\n");
    format!("() => {{\n{text}\nreturn {exports};\n}}")
}

fn read(file: &Path) -> Result<String> {
    fs::read_to_string(file).with_context(|| format!("cannot read {}", file.display()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_module_becomes_a_function() {
        let module = "export class A {\n  export = 1;\n}\nexport { A as default };";
        assert_eq!(
            inlined(module, "{ A }"),
            "() => {\nclass A {\n  export = 1;\n}\nreturn { A };\n}"
        );
    }

    #[test]
    fn the_policy_allows_nothing_but_what_the_file_holds() {
        let policy = policy("", "");
        // The hash of nothing (FIPS 180-4).
        assert!(policy.contains(
            "script-src 'sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=' 'wasm-unsafe-eval';"
        ));
        assert!(
            policy.contains("connect-src 'none'")
                && !policy.contains("'self'")
                && !policy.contains("unsafe-inline")
        );
    }

    #[test]
    fn a_place_that_is_gone_is_told() {
        assert!(
            fill("const FILES = [];", "FILES = []", "FILES = [1]")
                .is_ok_and(|text| text == "const FILES = [1];")
        );
        assert!(fill("", "FILES = []", "").is_err());
    }
}
