//! `rolecall lint`

use rolecall_core::lint::{LintReport, LintedPolicy};
use rolecall_core::report::Severity;
use rolecall_report::Texts;

use crate::args::{Color, FailOn, LintArgs};
use crate::failure::Failure;
use crate::input::Inputs;
use crate::policies::{self, Given};
use crate::{Exit, output};

pub(crate) fn run(args: &LintArgs, color: Color, inputs: &mut Inputs) -> Result<Exit, Failure> {
    let format = args.format.into();
    let given = match policies::read(&args.roles.policies, args.roles.role.as_deref(), inputs)? {
        Ok(given) => given,
        Err(unread) => return unread.tell(format, color),
    };
    let options = args.owners.options();
    let linted = |given: &Given| {
        let role = &given.role;
        LintedPolicy::new(
            &given.file,
            &role.path,
            &given.policy,
            &role.source,
            &options,
        )
    };
    let report = LintReport::new(given.iter().map(linted).collect());
    let texts: Vec<Texts<'_>> = given.iter().map(Given::texts).collect();
    let look = output::look(color, false);
    output::answer(&rolecall_report::lint(&report, &texts, format, &look))?;
    Ok(exit(report.worst(), args))
}

fn exit(worst: Option<Severity>, args: &LintArgs) -> Exit {
    let least = match args.fail_on {
        FailOn::Never => None,
        FailOn::Error => Some(Severity::Error),
        FailOn::Warning => Some(Severity::Warning),
        FailOn::Info => Some(Severity::Info),
    };
    // The worst severity is the least one.
    let fails = worst
        .zip(least)
        .is_some_and(|(worst, least)| worst <= least);
    if fails && !args.exit_zero {
        Exit::Denied
    } else {
        Exit::Good
    }
}
