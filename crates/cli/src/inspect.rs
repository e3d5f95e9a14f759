//! `rolecall inspect`

use rolecall_core::inspect::{InspectReport, inspect};
use rolecall_core::report::{CheckId, CheckOutcome};
use rolecall_report::Texts;

use crate::args::{Color, InspectArgs};
use crate::check::unusable;
use crate::failure::Failure;
use crate::input::{self, Inputs, STDIN};
use crate::{Exit, output};

pub(crate) fn run(args: &InspectArgs, color: Color, inputs: &mut Inputs) -> Result<Exit, Failure> {
    let token = match &args.token {
        None if args.token_facts.has_claims() => None,
        path => Some(inputs.read("the token", path.as_deref().unwrap_or(STDIN))?),
    };
    let texts = Texts {
        policy_name: "",
        policy: "",
        token_name: args.token.as_deref().map_or("standard input", input::name),
    };
    let case = args.token_facts.case(token, inputs)?;
    match inspect(&case) {
        Ok(report) => {
            output::answer(&rolecall_report::inspect(
                &report,
                args.format.into(),
                &output::look(color, false),
            ))?;
            Ok(exit(&report))
        }
        Err(report) => unusable(&report, &texts, args.format, color),
    }
}

/// A text of three parts that do not decode was shown as far as it goes, but could not be read.
fn exit(report: &InspectReport) -> Exit {
    let is_malformed = report
        .checks
        .iter()
        .any(|check| check.id == CheckId::TokenFormat && check.outcome == CheckOutcome::Fail);
    if is_malformed && report.claims.is_empty() {
        Exit::Unusable
    } else {
        Exit::Good
    }
}
