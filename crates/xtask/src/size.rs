//! `cargo xtask size`: what is transferred, compressed with brotli, and what may be.

use std::collections::BTreeSet;
use std::fs;
use std::io::{self, Read};
use std::ops::Add;
use std::path::Path;

use anyhow::{Context, Result, bail};
use brotli::enc::BrotliEncoderParams;
use flate2::{Compression, read::GzEncoder};

use crate::{build, page};

/// What somebody loads at once.
struct Load<'a> {
    what: &'static str,
    files: BTreeSet<&'a str>,
    /// The most it may take, compressed with brotli, in bytes.
    budget: usize,
}

/// All that the first render needs. The aim is 150,000: this holds what was reached.
const FIRST_RENDER: usize = 136_000;
/// The JavaScript API. The aim is 95,000, which the engine alone is far beyond: this holds what was reached.
const API: usize = 310_000;
/// The element, with an engine of its own.
const ELEMENT: usize = 145_000;

/// The attributes by which the page names the files of its first render.
const REFERENCES: [&str; 4] = ["href", "src", "data-js", "data-wasm"];
const API_FILES: [&str; 4] = [
    "embed/index.js",
    "embed/module.js",
    "embed/engine.js",
    "embed/engine.wasm",
];
const ELEMENT_FILES: [&str; 6] = [
    "embed/rolecall-check.js",
    "embed/listing.js",
    "embed/style.js",
    "embed/module.js",
    "embed/engine.js",
    "embed/verdict.wasm",
];

pub fn run() -> Result<()> {
    let dist = build::dist();
    let html = fs::read_to_string(dist.join("index.html"))
        .context("no page in dist/: run `cargo xtask build` first")?;
    let loads = [
        Load {
            what: "first render",
            files: files_of(&html, &dist),
            budget: FIRST_RENDER,
        },
        Load {
            what: "JavaScript API",
            files: API_FILES.into(),
            budget: API,
        },
        Load {
            what: "element",
            files: ELEMENT_FILES.into(),
            budget: ELEMENT,
        },
    ];
    let mut over = Vec::new();
    for load in &loads {
        over.extend(load.print(&dist)?);
    }
    if !over.is_empty() {
        bail!(
            "{}: make it smaller, or load a part of it later",
            over.join(", ")
        );
    }
    Ok(())
}

impl Load<'_> {
    /// Prints every file, and tells by how much the budget is passed.
    fn print(&self, dist: &Path) -> Result<Option<String>> {
        let heading = format!("{}, bytes", self.what);
        println!("{heading:<26} {:>9} {:>9} {:>9}", "raw", "gzip", "brotli");
        let mut total = Size::default();
        for name in &self.files {
            let size = Size::of(&dist.join(name))?;
            print(name, size);
            total = total + size;
        }
        print("total", total);
        println!("{:<46} {:>9}\n", "budget", self.budget);
        let over = total.brotli.saturating_sub(self.budget);
        Ok((over > 0).then(|| format!("{} is {over} bytes over its budget", self.what)))
    }
}

fn print(name: &str, size: Size) {
    println!(
        "{name:<26} {:>9} {:>9} {:>9}",
        size.raw, size.gzip, size.brotli
    );
}
/// The page itself and every file of `dist` that it names.
fn files_of<'a>(html: &'a str, dist: &Path) -> BTreeSet<&'a str> {
    let named = html.lines().flat_map(|line| {
        REFERENCES
            .iter()
            .filter_map(|name| page::attribute(line, name))
    });
    named
        .filter(|name| dist.join(name).is_file())
        .chain(["index.html"])
        .collect()
}

/// Sizes in bytes: as stored, with gzip and with brotli at their best.
#[derive(Clone, Copy, Default)]
struct Size {
    raw: usize,
    gzip: usize,
    brotli: usize,
}

impl Size {
    fn of(file: &Path) -> Result<Self> {
        let bytes = fs::read(file).with_context(|| format!("cannot read {}", file.display()))?;
        Ok(Self {
            raw: bytes.len(),
            gzip: gzip(&bytes)?,
            brotli: brotli(&bytes)?,
        })
    }
}

impl Add for Size {
    type Output = Self;

    fn add(self, other: Self) -> Self {
        Self {
            raw: self.raw + other.raw,
            gzip: self.gzip + other.gzip,
            brotli: self.brotli + other.brotli,
        }
    }
}

fn gzip(bytes: &[u8]) -> io::Result<usize> {
    GzEncoder::new(bytes, Compression::best()).read_to_end(&mut Vec::new())
}

/// Quality 11 and the largest usual window: the encoder's defaults.
fn brotli(mut bytes: &[u8]) -> io::Result<usize> {
    let mut compressed = Vec::new();
    brotli::BrotliCompress(&mut bytes, &mut compressed, &BrotliEncoderParams::default())?;
    Ok(compressed.len())
}
