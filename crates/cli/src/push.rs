//! `rolecall push`

use rolecall_core::check::unreadable_policy;
use rolecall_core::push::{Given, Question, RepositoryArn, judge};
use rolecall_core::report::{Decision, ErrorReport};
use rolecall_core::sts::RoleArn;
use rolecall_formats::{Known, PermissionPolicy, Permissions, Sought, read_permissions};
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
    let mut reading = Reading {
        args,
        inputs,
        question: Question::about(repository),
        notes: Vec::new(),
    };
    if let Err(stop) = reading.read() {
        return stop.end(args.format, color);
    }
    let mut report = judge(&reading.question);
    report.notes.splice(0..0, reading.notes);
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

/// Why there is no question.
pub(crate) enum Stop {
    Failure(Failure),
    Unreadable(Box<Unreadable>),
}

/// A file that can't be read as a policy.
pub(crate) struct Unreadable {
    path: String,
    text: String,
    report: ErrorReport,
}

impl Stop {
    /// How the command ends.
    pub(crate) fn end(self, format: impl Into<Format>, color: Color) -> Result<Exit, Failure> {
        match self {
            Self::Failure(failure) => Err(failure),
            Self::Unreadable(bad) => {
                let texts = Texts {
                    policy_name: input::name(&bad.path),
                    policy: &bad.text,
                    token_name: "",
                };
                unusable(&bad.report, &texts, format, color)
            }
        }
    }
}

/// Resource control policies from files.
pub(crate) fn resource_controls(paths: &[String], inputs: &mut Inputs) -> Result<Vec<Given>, Stop> {
    let mut all = Vec::new();
    for path in paths {
        let text = inputs.read("the resource control policy", path)?;
        let found = read_permissions(&text, &Known::default(), &Sought::ResourceControl);
        let found = found.map_err(|report| unreadable(path, &text, report))?;
        for policy in found.policies {
            all.push(given(path, policy)?);
        }
    }
    Ok(all)
}

impl From<Failure> for Stop {
    fn from(failure: Failure) -> Self {
        Self::Failure(failure)
    }
}

/// The question while the files are read.
struct Reading<'r> {
    args: &'r PushArgs,
    inputs: &'r mut Inputs,
    question: Question,
    notes: Vec<String>,
}

impl Reading<'_> {
    fn read(&mut self) -> Result<(), Stop> {
        let args = self.args;
        self.question.role_arn.clone_from(&args.role_arn);
        self.question.session_name.clone_from(&args.session_name);
        self.question.context = args.context();
        self.question.pull = args.pull;
        for path in &args.policies {
            self.identity(path)?;
        }
        if let Some(path) = &args.boundary {
            let boundary = self.limits("the permissions boundary", path, &Sought::Limit)?;
            self.question.boundary = boundary.into_iter().next();
        }
        for path in &args.session_policies {
            let policies = self.limits("the session policy", path, &Sought::Limit)?;
            self.question.session.extend(policies);
        }
        if let Some(path) = &args.repository_policy {
            let sought = Sought::Repository {
                name: self.question.repository.name.clone(),
            };
            let policies = self.limits("the repository policy", path, &sought)?;
            self.question.repository_policy = policies.into_iter().next();
        }
        for path in &args.service_control {
            let policies = self.limits("the service control policy", path, &Sought::Limit)?;
            self.question.service_control.extend(policies);
        }
        let controls = resource_controls(&args.resource_control, self.inputs)?;
        self.question.resource_control.extend(controls);
        Ok(())
    }

    /// What the role itself may do, and what the text tells of the role.
    fn identity(&mut self, path: &str) -> Result<(), Stop> {
        let text = self.inputs.read("the policy", path)?;
        let sought = Sought::Role {
            name: self.args.role.clone(),
        };
        let found = self.found(path, &text, &sought)?;
        self.question.role_arn = self.question.role_arn.take().or(found.role_arn);
        self.question.attached_unknown.extend(found.unknown);
        if let Some(arn) = found
            .boundary_unknown
            .filter(|_| self.args.boundary.is_none())
        {
            return Err(Stop::Failure(Failure::new(
                format!(
                    "the role has the permissions boundary {arn}, which is not in {}",
                    input::name(path)
                ),
                "give it with --boundary: `aws iam get-policy-version` prints it",
            )));
        }
        if let Some(boundary) = found.boundary {
            self.question.boundary = Some(given(path, boundary)?);
        }
        for policy in found.policies {
            self.question.identity.push(given(path, policy)?);
        }
        Ok(())
    }

    /// Policies that stand by themselves.
    fn limits(
        &mut self,
        what: &'static str,
        path: &str,
        sought: &Sought,
    ) -> Result<Vec<Given>, Stop> {
        let text = self.inputs.read(what, path)?;
        let found = self.found(path, &text, sought)?;
        let policies = found.policies.into_iter();
        policies.map(|policy| given(path, policy)).collect()
    }

    fn found(&mut self, path: &str, text: &str, sought: &Sought) -> Result<Permissions, Stop> {
        let found = read_permissions(text, &self.known(), sought);
        let mut found = found.map_err(|report| unreadable(path, text, report))?;
        let named = |note: String| format!("{}: {note}", input::name(path));
        self.notes
            .extend(std::mem::take(&mut found.notes).into_iter().map(named));
        Ok(found)
    }

    fn known(&self) -> Known {
        let account = self.question.account().to_owned();
        let repository = &self.question.repository;
        Known {
            account: Some(account),
            partition: Some(repository.partition.clone()),
            region: Some(repository.region.clone()),
        }
    }
}

fn given(path: &str, found: PermissionPolicy) -> Result<Given, Stop> {
    let name = if found.label.is_empty() {
        input::name(path).to_owned()
    } else {
        format!("{} in {}", found.label, input::name(path))
    };
    match found.policy {
        Ok(policy) => Ok(Given {
            name,
            policy,
            source: found.source,
        }),
        Err(faults) => {
            let report = unreadable_policy(&found.source, &faults);
            Err(unreadable(path, found.source.text(), report))
        }
    }
}

fn unreadable(path: &str, text: &str, report: ErrorReport) -> Stop {
    Stop::Unreadable(Box::new(Unreadable {
        path: path.to_owned(),
        text: text.to_owned(),
        report,
    }))
}
