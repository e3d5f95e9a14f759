//! `cargo xtask bench`: how long it takes to answer for all tokens, natively.
//!
//! The public policies are those of the folder `policies` in `ROLECALL_CORPUS`; without one only what is made here.

#![expect(clippy::print_stdout, reason = "the table is the point")]

use std::path::PathBuf;

use cpu_time::ProcessTime;
use rolecall_bench::analysis::{Named, read, table};

fn main() {
    // The processor's time, not the clock's: what else the machine does is no part of the answer.
    let start = ProcessTime::now();
    let now = || start.elapsed().as_secs_f64() * 1_000.0;
    table(&public(), &now, &|line| println!("{line}"));
}

fn public() -> Vec<Named> {
    let beside = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../../shared/corpus");
    let folder = std::env::var_os("ROLECALL_CORPUS").map_or(beside, PathBuf::from);
    let files = std::fs::read_dir(folder.join("policies"))
        .into_iter()
        .flatten()
        .flatten();
    let mut texts: Vec<(String, String)> = files
        .filter_map(|file| {
            let name = file.path().file_stem()?.to_string_lossy().into_owned();
            Some((name, std::fs::read_to_string(file.path()).ok()?))
        })
        .collect();
    texts.sort();
    read(texts)
}
