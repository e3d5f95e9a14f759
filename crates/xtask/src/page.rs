//! From the top-level `index.html`, which is written for trunk, to the page that is served.
//!
//! Each of trunk's links begins a line of its own and becomes what trunk would make of it:
//!
//! | `<link data-trunk rel=...>` | in the page | copied |
//! |---|---|---|
//! | `rust` | `pattern_script` of `Trunk.toml`, and preloads | |
//! | `css` | a stylesheet link | yes |
//! | `icon` | an icon link | yes |
//! | `copy-file` | nothing | yes |

use anyhow::{Context, Result, bail};

/// The served page, and the files of the repository that go beside it.
#[derive(Debug, Default, PartialEq)]
pub struct Page {
    pub html: String,
    pub assets: Vec<String>,
}

impl Page {
    /// `source` is index.html, `script` trunk's `pattern_script` filled in; `js` and `wasm` are file names.
    pub fn assemble(source: &str, script: &str, js: &str, wasm: &str) -> Result<Self> {
        let mut page = Self::default();
        for (number, line) in source.lines().enumerate() {
            page.push(line, script, js, wasm)
                .with_context(|| format!("index.html, line {}", number + 1))?;
        }
        Ok(page)
    }

    fn push(&mut self, line: &str, script: &str, js: &str, wasm: &str) -> Result<()> {
        if !line.starts_with("<link data-trunk ") {
            self.line(line);
            return Ok(());
        }
        let rel = attribute(line, "rel").context("a data-trunk link needs a `rel`")?;
        let href = attribute(line, "href").context("a data-trunk link needs a `href`")?;
        let name = href.rsplit('/').next().unwrap_or(href);
        match rel {
            "rust" => {
                self.line(&format!(r#"<link rel="modulepreload" href="{js}">"#));
                self.line(&format!(r#"<link rel="preload" href="{wasm}" as="fetch" type="application/wasm" crossorigin>"#));
                self.line(script);
                return Ok(());
            }
            "css" => self.line(&format!(r#"<link rel="stylesheet" href="{name}">"#)),
            "icon" => self.line(&format!(r#"<link rel="icon" href="{name}">"#)),
            "copy-file" => {}
            _ => bail!(
                "xtask does not know `data-trunk rel=\"{rel}\"`: teach it in crates/xtask/src/page.rs"
            ),
        }
        self.assets.push(href.to_owned());
        Ok(())
    }

    fn line(&mut self, line: &str) {
        self.html.push_str(line);
        self.html.push('\n');
    }
}

/// The script tag that starts the page: the pattern that `Trunk.toml` also gives to trunk.
pub fn start_script(trunk_toml: &str, js: &str, wasm: &str) -> Result<String> {
    let config: toml::Table = toml::from_str(trunk_toml).context("Trunk.toml")?;
    let pattern = config
        .get("build")
        .and_then(|build| build.get("pattern_script")?.as_str());
    let pattern = pattern.context("Trunk.toml has no `pattern_script` under [build]")?;
    Ok(pattern
        .replace("{base}", "")
        .replace("{js}", js)
        .replace("{wasm}", wasm))
}

/// The value of ` name="value"` in a tag.
pub fn attribute<'a>(tag: &'a str, name: &str) -> Option<&'a str> {
    let (_, rest) = tag.split_once(&format!(" {name}=\""))?;
    rest.split_once('"').map(|(value, _)| value)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn assemble(source: &str) -> Page {
        Page::assemble(source, "<script>", "a.js", "a.wasm").unwrap_or_default()
    }

    #[test]
    fn links_become_what_trunk_would_make_of_them() {
        let links = [
            (
                "css",
                "web/style.css",
                "<link rel=\"stylesheet\" href=\"style.css\">\n",
            ),
            (
                "icon",
                "web/icon.svg",
                "<link rel=\"icon\" href=\"icon.svg\">\n",
            ),
            ("copy-file", "web/boot.js", ""),
        ];
        for (rel, href, html) in links {
            let page = assemble(&format!("<link data-trunk rel=\"{rel}\" href=\"{href}\">"));
            assert_eq!(
                page,
                Page {
                    html: html.into(),
                    assets: vec![href.into()]
                }
            );
        }
    }

    #[test]
    fn the_rust_link_becomes_the_script_and_other_lines_stay() {
        let page =
            assemble("<head>\n<link data-trunk rel=\"rust\" href=\"web/Cargo.toml\">\n</head>");
        assert!(
            page.html
                .starts_with("<head>\n<link rel=\"modulepreload\" href=\"a.js\">\n")
        );
        assert!(page.html.ends_with("\n<script>\n</head>\n"));
        assert!(page.assets.is_empty());
    }

    #[test]
    fn an_unknown_link_is_refused_with_its_line() {
        let error = Page::assemble("\n<link data-trunk rel=\"sass\" href=\"a\">", "", "", "")
            .map_err(|e| format!("{e:#}"));
        assert!(error.is_err_and(|text| {
            text.starts_with("index.html, line 2: xtask does not know `data-trunk rel=\"sass\"`")
        }));
    }

    #[test]
    fn the_script_is_trunks() {
        let toml = "[build]\npattern_script = '<script src=\"{base}boot.js\" data-js=\"{base}{js}\" data-wasm=\"{base}{wasm}\">'";
        let script = start_script(toml, "a.js", "a.wasm").unwrap_or_default();
        assert_eq!(
            script,
            "<script src=\"boot.js\" data-js=\"a.js\" data-wasm=\"a.wasm\">"
        );
    }
}
