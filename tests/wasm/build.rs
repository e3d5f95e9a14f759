//! Names the corpus's genuine tokens for the tests, where there are any. A browser has no files, so they
//! are compiled in; nothing of them is written into the repository.

use std::path::{Path, PathBuf};
use std::{env, fs, io};

fn main() -> io::Result<()> {
    println!("cargo::rerun-if-env-changed=ROLECALL_CORPUS");
    let folder = corpus().join("tokens");
    println!("cargo::rerun-if-changed={}", folder.display());
    let tokens: Vec<String> = tokens(&folder).iter().map(|path| entry(path)).collect();
    let source = format!(
        "/// Name and text of each.\npub const GENUINE: &[(&str, &str)] = &[{}];\n",
        tokens.concat()
    );
    let out = env::var_os("OUT_DIR")
        .map(PathBuf::from)
        .unwrap_or_default();
    fs::write(out.join("genuine.rs"), source)
}

fn corpus() -> PathBuf {
    let beside = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/corpus");
    env::var_os("ROLECALL_CORPUS").map_or(beside, PathBuf::from)
}

fn tokens(folder: &Path) -> Vec<PathBuf> {
    let files = fs::read_dir(folder).into_iter().flatten().flatten();
    let mut tokens: Vec<PathBuf> = files
        .map(|file| file.path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "jwt"))
        .collect();
    tokens.sort();
    tokens
}

fn entry(path: &Path) -> String {
    let name = path.file_name().unwrap_or_default();
    format!("({name:?}, include_str!({path:?})),\n")
}
