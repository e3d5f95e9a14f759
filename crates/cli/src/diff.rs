//! `rolecall diff`

use rolecall_core::analyze::report::DiffReport;
use rolecall_core::analyze::{Options, Relation};

use crate::args::{Color, DiffArgs, DiffFailOn};
use crate::failure::Failure;
use crate::input::Inputs;
use crate::policies::{self, Given};
use crate::{Exit, output};

pub(crate) fn run(args: &DiffArgs, color: Color, inputs: &mut Inputs) -> Result<Exit, Failure> {
    let format = args.format.into();
    let mut read =
        |path: &str, role: Option<&str>| match policies::read(&[path.to_owned()], role, inputs)? {
            Ok(given) => one(given).map(Ok),
            Err(unread) => Ok(Err(unread)),
        };
    let role = args.role.as_deref();
    let old = match read(&args.old, role)? {
        Ok(old) => old,
        Err(unread) => return unread.tell(format, color),
    };
    let new = match read(&args.new, args.new_role.as_deref().or(role))? {
        Ok(new) => new,
        Err(unread) => return unread.tell(format, color),
    };
    let report = DiffReport::new(&old.policy, &new.policy, &Options::default());
    output::answer(&rolecall_report::diff(
        &report,
        &new.texts(),
        format,
        &output::look(color, false),
    ))?;
    Ok(exit(report.relation, args))
}

/// Two policies are compared, not two accounts.
fn one(given: Vec<Given>) -> Result<Given, Failure> {
    let names: Vec<String> = given
        .iter()
        .map(|given| format!("`{}`", given.name()))
        .collect();
    let mut given = given.into_iter();
    match (given.next(), given.next()) {
        (Some(only), None) => Ok(only),
        _ => Err(Failure::new(
            format!("several roles are in the text: {}", names.join(", ")),
            "say which is meant with --role",
        )),
    }
}

fn exit(relation: Relation, args: &DiffArgs) -> Exit {
    let fails = match args.fail_on {
        DiffFailOn::Never => false,
        DiffFailOn::Looser => matches!(relation, Relation::Looser | Relation::Incomparable),
        DiffFailOn::Changed => !matches!(relation, Relation::Equal | Relation::NotDecided),
    };
    match relation {
        _ if args.exit_zero || args.fail_on == DiffFailOn::Never => Exit::Good,
        _ if fails => Exit::Denied,
        Relation::NotDecided => Exit::Undecided,
        _ => Exit::Good,
    }
}
