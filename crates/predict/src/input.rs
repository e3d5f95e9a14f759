//! What a prediction is made from. Reads and writes as JSON; all but the workflows may be left out.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::settings::Settings;

/// The question: workflows, what is known of the repository, and which run is meant.
///
/// ```
/// use rolecall_predict::{Input, predict};
///
/// let input = Input::from_json(r#"{
///     "workflows": [{"path": ".github/workflows/deploy.yml", "text":
///         "on: {push: {branches: [main]}}\njobs: {deploy: {runs-on: ubuntu-latest, permissions: {id-token: write}, steps: []}}"}],
///     "settings": {"repository": "octo-org/octo-repo", "sub_claim_prefix": "repo:octo-org/octo-repo"}}"#).unwrap();
/// let report = predict(&input).unwrap();
/// assert_eq!(report.jobs[0].tokens[0].claims["sub"], "repo:octo-org/octo-repo:ref:refs/heads/main");
/// ```
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Input {
    /// The workflows to predict for.
    pub workflows: Vec<File>,
    /// Files that they may call: reusable workflows as `uses` names them (`./.github/workflows/x.yml`,
    /// `octo-org/shared/.github/workflows/x.yml@v1`), composite actions by their folder (`./.github/actions/x`).
    pub callees: BTreeMap<String, String>,
    /// What is known of the repository and its OIDC settings.
    pub settings: Settings,
    /// Which run is meant; nothing: all that can be.
    pub run: Run,
}

/// A workflow file.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct File {
    /// Its name; from `.github/workflows/` on it is the path in the repository.
    pub path: String,
    /// Its text.
    pub text: String,
}

/// Which run is meant.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Run {
    /// The event, such as `push`.
    pub event: Option<String>,
    /// The full ref that was pushed, chosen or released: `refs/heads/main`.
    #[serde(rename = "ref")]
    pub git_ref: Option<String>,
    /// The commit.
    pub sha: Option<String>,
    /// The number of the pull request.
    pub number: Option<u64>,
    /// The branch that a pull request or merge queue goes into.
    pub base_ref: Option<String>,
    /// The branch that a pull request comes from.
    pub head_ref: Option<String>,
    /// Who triggers it.
    pub actor: Option<String>,
    /// The actor's id.
    pub actor_id: Option<String>,
    /// Whether the pull request comes from a fork.
    pub fork: Option<bool>,
    /// The inputs of a manual run.
    pub inputs: BTreeMap<String, String>,
    /// The job that is meant.
    pub job: Option<String>,
}

impl Input {
    /// Reads an input from JSON.
    ///
    /// # Errors
    /// The text is no JSON object, or a member has the wrong type; the message tells line and column.
    pub fn from_json(text: &str) -> Result<Self, String> {
        // A list would be read as the members in their order.
        if text.trim_start().starts_with('[') {
            return Err("a list, expected an object `{...}` at line 1 column 1".to_owned());
        }
        serde_json::from_str(text).map_err(|error| error.to_string())
    }
}
