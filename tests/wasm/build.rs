//! Names the corpus's genuine tokens and public policies for the tests, where there are any. A browser has no files, so
//! they are compiled in; nothing of them is written into the repository.

use std::path::{Path, PathBuf};
use std::{env, fs, io};

fn main() -> io::Result<()> {
    println!("cargo::rerun-if-env-changed=ROLECALL_CORPUS");
    let source = list("GENUINE", "tokens", "jwt") + &list("POLICIES", "policies", "json");
    let out = env::var_os("OUT_DIR")
        .map(PathBuf::from)
        .unwrap_or_default();
    fs::write(out.join("genuine.rs"), source)
}

fn corpus() -> PathBuf {
    let beside = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/corpus");
    env::var_os("ROLECALL_CORPUS").map_or(beside, PathBuf::from)
}

/// A list of the files in a folder of the corpus, as Rust.
fn list(name: &str, folder: &str, extension: &str) -> String {
    let folder = corpus().join(folder);
    println!("cargo::rerun-if-changed={}", folder.display());
    let entries: Vec<String> = files(&folder, extension)
        .iter()
        .map(|path| entry(path))
        .collect();
    format!(
        "/// Name and text of each.\npub const {name}: &[(&str, &str)] = &[{}];\n",
        entries.concat()
    )
}

fn files(folder: &Path, wanted: &str) -> Vec<PathBuf> {
    let files = fs::read_dir(folder).into_iter().flatten().flatten();
    let mut files: Vec<PathBuf> = files
        .map(|file| file.path())
        .filter(|path| {
            path.extension()
                .is_some_and(|extension| extension == wanted)
        })
        .collect();
    files.sort();
    files
}

fn entry(path: &Path) -> String {
    let name = path.file_name().unwrap_or_default();
    format!("({name:?}, include_str!({path:?})),\n")
}
