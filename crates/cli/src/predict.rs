//! `rolecall predict`

use crate::args::{Color, PredictArgs};
use crate::check::unusable;
use crate::failure::Failure;
use crate::input::Inputs;
use crate::{Exit, output, workflow};

pub(crate) fn run(args: &PredictArgs, color: Color, inputs: &mut Inputs) -> Result<Exit, Failure> {
    let mut question = workflow::question(&args.workflows, &args.facts, inputs)?;
    question.settings.provider_arn = args.provider_arn.clone().or(question.settings.provider_arn);
    question.settings.max_session_duration = args
        .max_session_duration
        .or(question.settings.max_session_duration);
    match rolecall_predict::predict(&question) {
        Ok(report) => {
            let look = output::look(color, args.verbose);
            output::answer(&rolecall_report::prediction(
                &report,
                args.format.into(),
                &look,
            ))?;
            Ok(Exit::Good)
        }
        Err(report) => unusable(&report, &workflow::TEXTS, args.format, color),
    }
}
