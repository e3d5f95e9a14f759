//! What a prediction answers, as plain data: the contract's `rolecall.predict/1`.

use serde::Serialize;
use serde_json::{Map, Value};

use super::{Cause, Finding, Location};

/// The tokens that jobs can get.
#[derive(Debug, Clone, Serialize)]
pub struct Prediction {
    /// `rolecall.predict/1`
    pub schema: &'static str,
    /// Every job, for every event that runs it.
    pub jobs: Vec<JobPrediction>,
    /// What is remarkable about the workflows, worst first.
    pub findings: Vec<WorkflowFinding>,
    /// What was assumed where nothing was given, and what would tell it.
    pub notes: Vec<String>,
}

impl Prediction {
    /// The schema's name.
    pub const SCHEMA: &'static str = "rolecall.predict/1";
}

/// One job on one event.
#[derive(Debug, Clone, Serialize)]
pub struct JobPrediction {
    /// The workflow's file, as it was given.
    pub workflow: String,
    /// The job's id; `CALLER / CALLED` for a job of a reusable workflow.
    pub job: String,
    /// The event.
    pub event: String,
    /// Whether the job runs at all.
    pub runs: Runs,
    /// Whether it asks for a token: it may, or a step of it assumes a role with one.
    pub asks: bool,
    /// The tokens it can get; empty where it gets none.
    pub tokens: Vec<TokenPrediction>,
    /// How many more tokens there are than are listed.
    pub more_tokens: usize,
    /// Why it gets none.
    pub no_token: Option<Cause>,
    /// The file that [`JobPrediction::no_token`] points into.
    pub no_token_file: Option<String>,
    /// What else, not known here, would take the token away.
    pub unless: Vec<Cause>,
    /// The roles that its steps assume.
    pub roles: Vec<RolePrediction>,
    /// What is not known about the job.
    pub notes: Vec<String>,
    /// Where the job is defined.
    pub location: Location,
    /// The file of that place.
    pub file: String,
}

/// Whether a job runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Runs {
    /// It does, if the jobs it needs succeed.
    Yes,
    /// Its `if` says no.
    No,
    /// Its `if` hangs on what is not known here.
    Unknown,
}

/// One token that a job can get.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct TokenPrediction {
    /// In which run: the branch, the matrix cell, the form of the subject.
    pub when: Vec<String>,
    /// The claims that are known; `null`: certainly not in the token.
    pub claims: Map<String, Value>,
    /// Whether a claim that AWS makes a condition key of is not known, or only a pattern of it.
    pub partial: bool,
    /// Claims of which a pattern is known, as IAM writes patterns.
    pub patterns: Map<String, Value>,
    /// Claims of which nothing is known, and why.
    pub unknown: Map<String, Value>,
}

/// A step that assumes a role.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct RolePrediction {
    /// The step: its id, its name, or its number.
    pub step: String,
    /// The action or program that asks STS.
    pub by: String,
    /// The role, where it is known.
    pub role: Option<String>,
    /// The role as it is written, where an expression decides.
    pub written: Option<String>,
    /// The token's audience.
    pub audience: Option<String>,
    /// The session's name.
    pub session_name: Option<String>,
    /// The duration asked for, in seconds.
    pub duration: Option<i64>,
    /// The region.
    pub region: Option<String>,
    /// Whether the step uses the job's token at all; `None`: not known.
    pub uses_token: Option<bool>,
    /// Why STS or the action would refuse, whatever the trust policy says.
    pub causes: Vec<RoleCause>,
    /// What is not known.
    pub notes: Vec<String>,
    /// Where the step is.
    pub location: Location,
    /// The file of that place.
    pub file: String,
}

/// Why a role can't be assumed as asked for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct RoleCause {
    /// The cause's id.
    pub id: super::CauseId,
    /// One sentence.
    pub summary: String,
    /// What to do.
    pub help: String,
}

/// A finding and the file it is in.
#[derive(Debug, Clone, Serialize)]
pub struct WorkflowFinding {
    /// The file, as it was given.
    pub workflow: String,
    /// What was found.
    #[serde(flatten)]
    pub finding: Finding,
}
