//! `rolecall matrix`

use rolecall_core::case::Case;
use rolecall_core::matrix::{Cell, Column, MatrixReport, Row, row};
use rolecall_core::report::ErrorReport;
use rolecall_core::report::prediction::JobPrediction;
use rolecall_core::scenario::Repository;

use crate::args::{Color, Identity, MatrixArgs, WorkflowFacts, clock};
use crate::check::unusable;
use crate::failure::Failure;
use crate::input::{self, Inputs};
use crate::policies::{self, Given};
use crate::{Exit, output, workflow};

pub(crate) fn run(args: &MatrixArgs, color: Color, inputs: &mut Inputs) -> Result<Exit, Failure> {
    let format = args.format.into();
    let given = match policies::read(&args.roles.policies, args.roles.role.as_deref(), inputs)? {
        Ok(given) => given,
        Err(unread) => return unread.tell(format, color),
    };
    let tokens = tokens(&args.tokens, inputs)?;
    let jobs = match jobs(args, inputs)? {
        Ok(jobs) => jobs,
        Err(report) => return unusable(&report, &workflow::TEXTS, format, color),
    };
    let mut notes = Vec::new();
    let mut rows = Vec::with_capacity(given.len());
    for one in &given {
        let columns = columns(args, one, &given, &tokens, &mut notes);
        let row = row(&one.name(), &one.policy, &one.role.source, &columns)
            .and_then(|row| with_jobs(row, one, &jobs));
        match row {
            Ok(row) => rows.push(row),
            Err(report) => return unusable(&report, &one.texts(), format, color),
        }
    }
    notes.dedup();
    let report = MatrixReport::new(rows, notes);
    let look = output::look(color, false);
    output::answer(&rolecall_report::matrix(&report, format, &look))?;
    Ok(Exit::Good)
}

/// The tokens of files.
fn tokens(paths: &[String], inputs: &mut Inputs) -> Result<Vec<Column>, Failure> {
    let column = |path: &String| {
        let token = Some(inputs.read("the token", path)?);
        Ok(Column {
            token: input::name(path).to_owned(),
            case: Case {
                token,
                clock: Some(clock()),
                ..Case::default()
            },
        })
    };
    paths.iter().map(column).collect()
}

/// The jobs of workflows, each event one. The repository is that of the options: a policy's own would be a guess.
fn jobs(
    args: &MatrixArgs,
    inputs: &mut Inputs,
) -> Result<Result<Vec<JobPrediction>, ErrorReport>, Failure> {
    if args.workflows.is_empty() {
        return Ok(Ok(Vec::new()));
    }
    let facts = WorkflowFacts {
        run: args.run.clone(),
        settings: args.settings.clone(),
        identity: Identity {
            repo: args
                .repo
                .as_ref()
                .map(|(owner, name)| format!("{owner}/{name}")),
            owner_id: args.owner_id.clone(),
            repo_id: args.repo_id.clone(),
        },
    };
    workflow::jobs(&args.workflows, &facts, inputs)
}

/// The row, with a cell for each job on each event.
fn with_jobs(mut row: Row, one: &Given, jobs: &[JobPrediction]) -> Result<Row, ErrorReport> {
    let first = jobs.first().map(|job| job.workflow.as_str());
    let is_one = jobs.iter().all(|job| Some(job.workflow.as_str()) == first);
    for job in jobs {
        let report = workflow::verdict(job, &Case::default(), &one.role, &[])?;
        let name = format!("{} on {}", job.job, job.event);
        row.cells.push(Cell {
            token: if is_one {
                name
            } else {
                format!("{}: {name}", job.workflow)
            },
            decision: report.decision,
            cause: report.causes.first().map(|cause| cause.id),
        });
    }
    Ok(row)
}

/// What a policy is asked about: the runs, then the tokens of files; jobs of workflows follow them.
fn columns(
    args: &MatrixArgs,
    one: &Given,
    all: &[Given],
    tokens: &[Column],
    notes: &mut Vec<String>,
) -> Vec<Column> {
    let mut columns = Vec::new();
    let is_asked = tokens.is_empty() && args.workflows.is_empty();
    if is_asked || !args.scenarios.is_empty() {
        let repository = repository(args, one, all, notes);
        columns.extend(Column::of_scenarios(&repository, &args.scenarios));
    }
    columns.extend(tokens.iter().cloned());
    columns
}

/// The repository that runs: what is not given is taken from the policy, else from another one, else made up, and told.
fn repository(
    args: &MatrixArgs,
    one: &Given,
    all: &[Given],
    notes: &mut Vec<String>,
) -> Repository {
    let named = |given: &Given| Repository::of_policy(&given.policy);
    let named = named(one).or_else(|| all.iter().find_map(named));
    let mut repository = match (&args.repo, named) {
        (Some((owner, name)), Some(named)) if named.owner == *owner && named.name == *name => named,
        (Some((owner, name)), _) => Repository::new(owner, name),
        (None, Some(named)) => {
            notes.push(format!(
                "{}: the runs are those of {}",
                one.name(),
                named.full_name()
            ));
            named
        }
        (None, None) => {
            notes.push("no policy names a repository: the runs are those of octo-org/octo-repo; give yours with --repo".to_owned());
            Repository::new("octo-org", "octo-repo")
        }
    };
    for (own, given) in [
        (&mut repository.owner_id, &args.owner_id),
        (&mut repository.id, &args.repo_id),
        (&mut repository.branch, &args.branch),
        (&mut repository.environment, &args.environment),
    ] {
        if let Some(given) = given {
            own.clone_from(given);
        }
    }
    repository
}
