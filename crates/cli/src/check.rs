//! `rolecall check`

use rolecall_core::report::{Decision, ErrorReport};
use rolecall_report::{Format, Texts};

use crate::args::{CheckArgs, Color};
use crate::failure::Failure;
use crate::input::{self, Inputs};
use crate::push::{resource_controls, unreadable};
use crate::{Exit, output, workflow};

pub(crate) fn run(args: &CheckArgs, color: Color, inputs: &mut Inputs) -> Result<Exit, Failure> {
    if args.token.is_none() && args.workflows.is_empty() && !args.facts.has_claims() {
        return Err(Failure::new(
            "there is nothing to judge: neither a token nor a claim was given",
            "give a file with a token or claims, `-` for standard input, claims such as `--claim sub=repo:octo-org/octo-repo:pull_request`, or `--workflow FILE`",
        ));
    }
    let text = inputs.read("the policy", &args.policy)?;
    let token = args
        .token
        .as_deref()
        .map(|path| inputs.read("the token", path))
        .transpose()?;
    let case = args.facts.case(token, inputs)?;
    let controls = match resource_controls(&args.resource_control, inputs)? {
        Ok(controls) => controls,
        Err(bad) => return unreadable(&bad, args.format, color),
    };
    let job = match args.workflows.as_slice() {
        [] => None,
        paths => match workflow::job(paths, &args.run, inputs)? {
            Ok(job) => Some(job),
            Err(report) => {
                return unusable(&report, &workflow::TEXTS, args.format, color);
            }
        },
    };
    let read = rolecall_formats::role(&text, args.role.as_deref(), &case);
    let texts = Texts {
        policy_name: input::name(&args.policy),
        policy: read.as_ref().map_or(&text, |role| role.source.text()),
        token_name: args.token.as_deref().map_or("--claim", input::name),
    };
    let answer = read
        .as_ref()
        .map_err(Clone::clone)
        .and_then(|role| match &job {
            Some(job) => workflow::verdict(job, &case, role, &controls),
            None => role.check_under(&case, &controls),
        });
    match answer {
        Ok(report) => {
            output::answer(&rolecall_report::check(
                &report,
                &texts,
                args.format.into(),
                &output::look(color, args.verbose),
            ))?;
            Ok(exit(report.decision, args.exit_zero))
        }
        Err(report) => unusable(&report, &texts, args.format, color),
    }
}

fn exit(decision: Decision, exit_zero: bool) -> Exit {
    match decision {
        _ if exit_zero => Exit::Good,
        Decision::Allow => Exit::Good,
        Decision::Deny => Exit::Denied,
        Decision::Undecided => Exit::Undecided,
    }
}

/// Unreadable input: to a program it is an answer, to a person an error.
pub(crate) fn unusable(
    report: &ErrorReport,
    texts: &Texts<'_>,
    format: impl Into<Format>,
    color: Color,
) -> Result<Exit, Failure> {
    let format = format.into();
    let to_person = matches!(format, Format::Text | Format::Plain);
    let look = if to_person {
        output::error_look(color)
    } else {
        output::look(color, false)
    };
    let text = rolecall_report::error(report, texts, format, &look);
    if to_person {
        output::error_text(&text);
    } else {
        output::answer(&text)?;
    }
    Ok(Exit::Unusable)
}
