//! `cargo xtask size`: what the first render transfers.

use std::collections::BTreeSet;
use std::fs;
use std::io::{self, Read};
use std::ops::Add;
use std::path::Path;

use anyhow::{Context, Result, ensure};
use brotli::enc::BrotliEncoderParams;
use flate2::{Compression, read::GzEncoder};

use crate::{build, page};

/// The budget for all that the first render needs, compressed with brotli, in bytes. The first page loads the
/// whole engine at once; once the engine is a part that is fetched after the first render, 150,000 must do.
const BUDGET: usize = 232_000;

/// The attributes by which the page names its files.
const REFERENCES: [&str; 4] = ["href", "src", "data-js", "data-wasm"];

pub fn run() -> Result<()> {
    let dist = build::dist();
    let html = fs::read_to_string(dist.join("index.html"))
        .context("no page in dist/: run `cargo xtask build` first")?;
    let mut total = Size::default();
    println!(
        "{:<20} {:>9} {:>9} {:>9}",
        "first render, bytes", "raw", "gzip", "brotli"
    );
    for name in files_of(&html, &dist) {
        let size = Size::of(&dist.join(name))?;
        print(name, size);
        total = total + size;
    }
    print("total", total);
    println!("{:<40} {BUDGET:>9}", "budget");
    let over = total.brotli.saturating_sub(BUDGET);
    ensure!(
        over == 0,
        "the first render is {over} bytes over its budget: make it smaller, or load a part of it later"
    );
    Ok(())
}

fn print(name: &str, size: Size) {
    println!(
        "{name:<20} {:>9} {:>9} {:>9}",
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
