//! `rolecall who`

use rolecall_core::analyze::Verdict;
use rolecall_core::analyze::report::{WhoPolicy, WhoReport};
use rolecall_report::Texts;

use crate::args::{Color, WhoArgs};
use crate::failure::Failure;
use crate::input::Inputs;
use crate::policies::{self, Given};
use crate::{Exit, output};

pub(crate) fn run(args: &WhoArgs, color: Color, inputs: &mut Inputs) -> Result<Exit, Failure> {
    let format = args.format.into();
    let given = match policies::read(&args.roles.policies, args.roles.role.as_deref(), inputs)? {
        Ok(given) => given,
        Err(unread) => return unread.tell(format, color),
    };
    let options = args.owners.options();
    let asked = |given: &Given| {
        WhoPolicy::new(
            &given.file,
            &given.role.path,
            &given.policy,
            &given.role.source,
            &options,
        )
    };
    let report = WhoReport::new(given.iter().map(asked).collect());
    let texts: Vec<Texts<'_>> = given.iter().map(Given::texts).collect();
    output::answer(&rolecall_report::who(
        &report,
        &texts,
        format,
        &output::look(color, false),
    ))?;
    Ok(exit(&report, args.exit_zero))
}

/// Outsiders get in through one of them; else it is not decided for one of them.
fn exit(report: &WhoReport, exit_zero: bool) -> Exit {
    let verdicts = || {
        let policies = report.policies.iter();
        policies.map(|policy| policy.outsider.verdict)
    };
    if exit_zero {
        Exit::Good
    } else if verdicts().any(Verdict::lets_outsiders_in) {
        Exit::Denied
    } else if verdicts().all(|verdict| verdict == Verdict::Closed) {
        Exit::Good
    } else {
        Exit::Undecided
    }
}
