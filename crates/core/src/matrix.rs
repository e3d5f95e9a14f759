//! Policies against tokens: who would get in, at a glance.
//!
//! ```
//! use rolecall_core::matrix::{Column, row};
//! use rolecall_core::{policy::Policy, scenario::Repository, span::Source};
//!
//! let text = r#"{"Version": "2012-10-17", "Statement": {"Effect": "Allow",
//!     "Principal": {"Federated": "arn:aws:iam::111122223333:oidc-provider/token.actions.githubusercontent.com"},
//!     "Action": "sts:AssumeRoleWithWebIdentity", "Condition": {"StringEquals": {
//!         "token.actions.githubusercontent.com:sub": "repo:octo-org/octo-repo:pull_request"}}}}"#;
//! let policy = Policy::parse(text).unwrap();
//! let columns = Column::of_scenarios(&Repository::of_policy(&policy).unwrap(), &[]);
//! let row = row("trust.json", &policy, &Source::new(text), &columns).unwrap();
//! let allowed: Vec<&str> = row.cells.iter().filter(|cell| cell.cause.is_none()).map(|cell| cell.token.as_str()).collect();
//! assert_eq!(allowed, ["pull-request"]);
//! ```

use serde::Serialize;

use crate::case::Case;
use crate::check;
use crate::policy::Policy;
use crate::report::{CauseId, Decision, ErrorReport};
use crate::scenario::{self, Form, Repository, Scenario};
use crate::span::Source;

/// What `rolecall matrix` answers: the contract's `rolecall.matrix/1`.
#[derive(Debug, Clone, Serialize)]
pub struct MatrixReport {
    /// `rolecall.matrix/1`
    pub schema: &'static str,
    /// The policies, in the order in which they were given.
    pub rows: Vec<Row>,
    /// What was assumed where nothing was given.
    pub notes: Vec<String>,
}

/// A policy against all tokens.
#[derive(Debug, Clone, Serialize)]
pub struct Row {
    /// What the user knows the policy by.
    pub policy: String,
    /// One a token, in their order.
    pub cells: Vec<Cell>,
}

/// What one policy says to one token.
#[derive(Debug, Clone, Serialize)]
pub struct Cell {
    /// What the user knows the token by.
    pub token: String,
    /// Would STS issue credentials?
    pub decision: Decision,
    /// Why not, or what is not known; `None` where allowed.
    pub cause: Option<CauseId>,
}

/// A token that policies are asked about: of a scenario, a file, or a job of a workflow.
#[derive(Debug, Clone)]
pub struct Column {
    /// What the user knows it by.
    pub token: String,
    /// The token or its claims.
    pub case: Case,
}

impl MatrixReport {
    /// A report of these rows.
    #[must_use]
    pub const fn new(rows: Vec<Row>, notes: Vec<String>) -> Self {
        Self {
            schema: "rolecall.matrix/1",
            rows,
            notes,
        }
    }
}

impl Column {
    /// The runs of a repository, each with both forms of subject; the second has `:immutable` after its name.
    /// Without scenarios all of them.
    #[must_use]
    pub fn of_scenarios(repository: &Repository, scenarios: &[&'static Scenario]) -> Vec<Self> {
        let all: Vec<&Scenario> = scenario::ALL.iter().collect();
        let chosen = if scenarios.is_empty() {
            &all
        } else {
            scenarios
        };
        let of_form = |form: Form| {
            chosen.iter().map(move |scenario| Self {
                token: match form {
                    Form::Classic => scenario.id.to_owned(),
                    Form::Immutable => format!("{}:{}", scenario.id, form.as_str()),
                },
                case: scenario.case(repository, form),
            })
        };
        Form::BOTH.into_iter().flat_map(of_form).collect()
    }
}

/// What a policy says to each token.
///
/// # Errors
/// A column holds neither a token nor claims.
pub fn row(
    name: &str,
    policy: &Policy,
    source: &Source,
    columns: &[Column],
) -> Result<Row, ErrorReport> {
    let cell = |column: &Column| {
        let report = check::answer(&column.case, policy, source)?;
        Ok(Cell {
            token: column.token.clone(),
            decision: report.decision,
            cause: report.causes.first().map(|cause| cause.id),
        })
    };
    Ok(Row {
        policy: name.to_owned(),
        cells: columns.iter().map(cell).collect::<Result<_, _>>()?,
    })
}
