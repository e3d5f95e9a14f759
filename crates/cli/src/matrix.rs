//! `rolecall matrix`

use rolecall_core::case::Case;
use rolecall_core::matrix::{Column, MatrixReport, row};
use rolecall_core::scenario::Repository;

use crate::args::{Color, MatrixArgs, clock};
use crate::check::unusable;
use crate::failure::Failure;
use crate::input::{self, Inputs};
use crate::policies::{self, Given};
use crate::{Exit, output};

pub(crate) fn run(args: &MatrixArgs, color: Color, inputs: &mut Inputs) -> Result<Exit, Failure> {
    let format = args.format.into();
    let given = match policies::read(&args.policies, args.role.as_deref(), inputs)? {
        Ok(given) => given,
        Err(unread) => return unread.tell(format, color),
    };
    let tokens = tokens(&args.tokens, inputs)?;
    let mut notes = Vec::new();
    let mut rows = Vec::with_capacity(given.len());
    for one in &given {
        let columns = columns(args, one, &given, &tokens, &mut notes);
        match row(&one.name(), &one.policy, &one.role.source, &columns) {
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

/// What a policy is asked about: the runs, then the tokens of files. A further source of tokens is one more list here.
fn columns(
    args: &MatrixArgs,
    one: &Given,
    all: &[Given],
    tokens: &[Column],
    notes: &mut Vec<String>,
) -> Vec<Column> {
    let mut columns = Vec::new();
    if tokens.is_empty() || !args.scenarios.is_empty() {
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
