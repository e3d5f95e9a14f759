//! `rolecall who`

use rolecall_core::analyze::report::{WhoPolicy, WhoReport};
use rolecall_core::analyze::{Options, Verdict};
use rolecall_report::Texts;

use crate::args::{Color, WhoArgs};
use crate::failure::Failure;
use crate::input::Inputs;
use crate::policies::{self, Given};
use crate::{Exit, output};

pub(crate) fn run(args: &WhoArgs, color: Color, inputs: &mut Inputs) -> Result<Exit, Failure> {
    let format = args.format.into();
    let given = match policies::read(&args.policies, args.role.as_deref(), inputs)? {
        Ok(given) => given,
        Err(unread) => return unread.tell(format, color),
    };
    let options = Options {
        owners: args.owners.clone(),
        ..Options::default()
    };
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
    let any = |wanted: &[Verdict]| {
        report
            .policies
            .iter()
            .any(|policy| wanted.contains(&policy.outsider.verdict))
    };
    if exit_zero {
        Exit::Good
    } else if any(&[Verdict::Open, Verdict::Borrow, Verdict::Lure]) {
        Exit::Denied
    } else if any(&[Verdict::Depends, Verdict::NotDecided]) {
        Exit::Undecided
    } else {
        Exit::Good
    }
}
