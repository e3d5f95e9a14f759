//! Genuine tokens and public policies, where the shared corpus lies beside the repository; see `build.rs`.

include!(concat!(env!("OUT_DIR"), "/genuine.rs"));
