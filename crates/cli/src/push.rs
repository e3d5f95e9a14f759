//! `rolecall push`

use rolecall_core::push::{Given, Question, RepositoryArn, judge};
use rolecall_core::report::Decision;
use rolecall_core::sts::RoleArn;
use rolecall_formats::{BadText, PushTexts, Text, with_policies};
use rolecall_report::{Format, Texts};

use crate::args::{Color, PushArgs};
use crate::check::unusable;
use crate::failure::Failure;
use crate::input::{self, Inputs};
use crate::{Exit, output};

pub(crate) fn run(args: &PushArgs, color: Color, inputs: &mut Inputs) -> Result<Exit, Failure> {
    let repository = RepositoryArn::parse(&args.repository).map_err(|message| {
        Failure::new(
            message,
            "`aws ecr describe-repositories` prints the ARN as repositoryArn",
        )
    })?;
    if let Some(arn) = args
        .role_arn
        .as_deref()
        .filter(|arn| RoleArn::parse(arn).is_none())
    {
        return Err(Failure::new(
            format!("`{arn}` is no role ARN"),
            "give it as `aws iam get-role` prints it: arn:aws:iam::ACCOUNT:role/NAME",
        ));
    }
    let question = Question {
        role_arn: args.role_arn.clone(),
        session_name: args.session_name.clone(),
        context: args.context(),
        pull: args.pull,
        ..Question::about(repository)
    };
    let (question, notes) = match with_policies(question, &texts(args, inputs)?) {
        Ok(read) => read,
        Err(bad) => return unreadable(&bad, args.format, color),
    };
    let mut report = judge(&question);
    report.notes.splice(0..0, notes);
    output::answer(&rolecall_report::push(
        &report,
        args.format.into(),
        &output::look(color, false),
    ))?;
    Ok(exit(report.decision, args.exit_zero))
}

fn exit(decision: Decision, exit_zero: bool) -> Exit {
    match decision {
        _ if exit_zero => Exit::Good,
        Decision::Allow => Exit::Good,
        Decision::Deny => Exit::Denied,
        Decision::Undecided => Exit::Undecided,
    }
}

fn texts(args: &PushArgs, inputs: &mut Inputs) -> Result<PushTexts, Failure> {
    let mut one = |what, path: &Option<String>| {
        let path = path.as_ref();
        path.map(|path| text(what, path, inputs)).transpose()
    };
    let boundary = one("the permissions boundary", &args.boundary)?;
    let repository_policy = one("the repository policy", &args.repository_policy)?;
    Ok(PushTexts {
        identity: all("the policy", &args.policies, inputs)?,
        role: args.role.clone(),
        boundary,
        session: all("the session policy", &args.session_policies, inputs)?,
        repository_policy,
        service_control: all("the service control policy", &args.service_control, inputs)?,
        resource_control: all(
            "the resource control policy",
            &args.resource_control,
            inputs,
        )?,
    })
}

fn all(what: &'static str, paths: &[String], inputs: &mut Inputs) -> Result<Vec<Text>, Failure> {
    paths.iter().map(|path| text(what, path, inputs)).collect()
}

fn text(what: &'static str, path: &str, inputs: &mut Inputs) -> Result<Text, Failure> {
    Ok(Text {
        text: inputs.read(what, path)?,
        name: input::name(path).to_owned(),
    })
}

/// Resource control policies from files.
pub(crate) fn resource_controls(
    paths: &[String],
    inputs: &mut Inputs,
) -> Result<Result<Vec<Given>, Box<BadText>>, Failure> {
    let texts = all("the resource control policy", paths, inputs)?;
    Ok(rolecall_formats::resource_controls(&texts))
}

/// How a command ends that met a file which can't be read as a policy.
pub(crate) fn unreadable(
    bad: &BadText,
    format: impl Into<Format>,
    color: Color,
) -> Result<Exit, Failure> {
    let texts = Texts {
        policy_name: &bad.text.name,
        policy: &bad.text.text,
        token_name: "",
    };
    unusable(&bad.report, &texts, format, color)
}
