//! Predicts which OIDC tokens the jobs of GitHub Actions workflows can get, and why some get none.
//!
//! An [`Input`] holds the workflows, the files they call and what is known of the repository; [`predict`] gives
//! every job, for every event that starts it, with its tokens: each claim as known, as a pattern, or unknown with
//! the reason. No file is read and nothing is fetched: what a workflow calls is given as text.
//!
//! ```
//! use rolecall_predict::{Input, predict};
//!
//! let input = Input::from_json(r#"{
//!     "workflows": [{"path": ".github/workflows/deploy.yml", "text":
//!         "on: push\njobs:\n  deploy:\n    runs-on: ubuntu-latest\n    permissions: {id-token: write}\n    environment: production\n    steps: []\n"}],
//!     "settings": {"repository": "octo-org/octo-repo", "sub_claim_prefix": "repo:octo-org@123456/octo-repo@456789"}}"#).unwrap();
//! let report = predict(&input).unwrap();
//! let token = &report.jobs[0].tokens[0];
//! assert_eq!(token.claims["sub"], "repo:octo-org@123456/octo-repo@456789:environment:production");
//! assert_eq!(token.patterns["ref"], "refs/heads/*");
//! ```
//!
//! # Where to look
//! | module | what it knows |
//! | --- | --- |
//! | [`input`], [`settings`] | the question; what `gh api` prints |
//! | [`text`], [`glob`] | texts with holes; the patterns of filters |
//! | [`expr`] | GitHub's expressions, three-valued |
//! | `workflow`, `chain`, `matrix`, `inputs` | the files: jobs, callers, cells |
//! | `runs`, `permission`, `subject`, `token` | the events' refs; who gets a token; `sub`; the claims |
//! | `roles`, `shell`, [`findings`] | steps that assume a role; what is remarkable |
//!
//! # Scope
//! Followed is what GitHub documents, then what was observed; every fact names its source where it stands.
//!
//! # Limitations
//! Not looked at: filters of paths, environments' deployment rules, concurrency, whether jobs before succeed, what
//! scripts set at run time. Those leave a claim or a run open, never wrong. Numbers in a matrix are taken as they
//! are written (`3.10` stays `3.10`).

mod chain;
mod engine;
pub mod expr;
pub mod findings;
pub mod glob;
pub mod input;
mod inputs;
mod landmarks;
mod matrix;
mod notes;
mod permission;
mod problem;
mod roles;
mod runs;
pub mod settings;
pub mod settle;
mod shell;
mod subject;
pub mod text;
mod token;
mod verdict;
mod wanted;
mod workflow;

use rolecall_core::report::ErrorReport;
use rolecall_core::report::prediction::Prediction;

pub use input::Input;
pub use verdict::{Judge, verdict};
pub use wanted::wanted;

/// Predicts the tokens of all jobs.
///
/// # Errors
/// A file is no workflow, calls itself, or holds more than can be looked at; the message tells file, line and column.
pub fn predict(input: &Input) -> Result<Prediction, ErrorReport> {
    engine::predict(input)
}
