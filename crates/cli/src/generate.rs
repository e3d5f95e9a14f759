//! `rolecall generate`

mod workflow;

use std::fs::{self, OpenOptions};
use std::io::Write as _;
use std::path::Path;

use rolecall_core::permission::{Grammar, Policy as Permissions};
use rolecall_core::policy::Policy;
use rolecall_core::push::{Given, RepositoryArn};
use rolecall_core::span::Source;
use rolecall_formats::{Known, Sought, read_permissions, read_with};
use rolecall_generate::{File, Form, Proved, Refused, Request, Setup};
use rolecall_report::{json_pretty, safe_line};
use serde::Serialize;

use crate::args::{Color, Format, GenerateArgs};
use crate::failure::Failure;
use crate::{Exit, output};

pub(crate) fn run(args: &GenerateArgs, _color: Color) -> Result<Exit, Failure> {
    let written = request(args).and_then(|request| written(request, args.kind.into()));
    let written = match written {
        Ok(written) => written,
        Err(refused) if refused.is_input => {
            return Err(Failure::new(refused.message, refused.help));
        }
        Err(refused) => {
            output::complain(&Failure::new(refused.message, refused.help));
            return Ok(Exit::Denied);
        }
    };
    if let Some(folder) = &args.output_dir {
        save(Path::new(folder), &written.files)?;
    }
    output::answer(&match args.format {
        Format::Json => json_pretty(&written),
        Format::Text | Format::Plain => shown(&written, args),
    })?;
    Ok(Exit::Good)
}

/// What to do where the generator itself is at fault.
const FAULT: &str = "this is a fault of rolecall: report it with the command that was run";

/// A set-up as it is handed out.
#[derive(Serialize)]
struct Written {
    schema: &'static str,
    role_arn: String,
    repository: String,
    files: Vec<File>,
    proved: Vec<Proved>,
    notes: Vec<String>,
}

fn request(args: &GenerateArgs) -> Result<Request, Refused> {
    let target = args
        .repository
        .as_deref()
        .map(RepositoryArn::parse)
        .transpose();
    let target = target.map_err(|message| Refused {
        message,
        help: "`aws ecr describe-repositories` prints the ARN as repositoryArn".to_owned(),
        is_input: true,
    })?;
    let (account, region, ecr) = match &target {
        Some(target) => (&*target.account, &*target.region, &*target.name),
        None => (
            args.account.as_deref().unwrap_or_default(),
            args.region.as_deref().unwrap_or_default(),
            args.ecr.as_deref().unwrap_or_default(),
        ),
    };
    let usual = Request::new(&args.repo, args.entry(), account, region, ecr);
    Ok(Request {
        ids: args.owner_id.clone().zip(args.repo_id.clone()),
        subjects: args.subjects.map(Into::into),
        default_branch: args.default_branch.clone(),
        role: args.role.clone().unwrap_or_else(|| usual.role.clone()),
        existing_provider: args.existing_provider,
        pull: args.pull,
        ..usual
    })
}

fn written(request: Request, form: Form) -> Result<Written, Refused> {
    let setup = Setup::new(request)?;
    let files = setup.files(form);
    let reread = reread(&setup, &files, form);
    let (trust, source, permissions) =
        reread.ok_or_else(|| Refused::proof("what was written can't be read again", FAULT))?;
    let mut proved = setup.judge(&trust, &source, permissions)?;
    proved.extend(workflow::proved(&setup, &trust, &files)?);
    Ok(Written {
        schema: "rolecall.generate/1",
        role_arn: setup.role_arn(),
        repository: setup.target().to_string(),
        proved,
        notes: setup.notes().to_vec(),
        files,
    })
}

/// The policies as they are found in what was written.
fn reread(setup: &Setup, files: &[File], form: Form) -> Option<(Policy, Source, Given)> {
    let text = |path: &str| {
        files
            .iter()
            .find(|file| file.path == path)
            .map(|file| &*file.text)
    };
    match form {
        Form::Terraform => from_template(setup, text("push.tf")?),
        Form::CloudFormation => from_template(setup, text("push.yaml")?),
        Form::Commands | Form::Files => {
            let permissions = text("permissions.json")?;
            let policy = Permissions::parse(permissions, Grammar::Identity).ok()?;
            let source = Source::new(text("trust.json")?);
            let trust = Policy::parse(source.text()).ok()?;
            Some((
                trust,
                source,
                Given::new("permissions.json", policy, permissions),
            ))
        }
    }
}

fn from_template(setup: &Setup, text: &str) -> Option<(Policy, Source, Given)> {
    let known = Known {
        region: Some(setup.target().region.clone()),
        ..Known::from_arn(&setup.role_arn())
    };
    let role = read_with(text, &known).ok()?.roles.into_iter().next()?;
    let found = read_permissions(text, &known, &Sought::Role { name: None }).ok()?;
    let permissions = found.policies.into_iter().next()?;
    let given = Given {
        name: permissions.label,
        policy: permissions.policy.ok()?,
        source: permissions.source,
    };
    Some((role.policy.ok()?, Source::clone(&role.source), given))
}

/// New files only.
fn save(folder: &Path, files: &[File]) -> Result<(), Failure> {
    for file in files {
        let path = folder.join(&file.path);
        if path.exists() {
            return Err(Failure::new(
                format!("`{}` exists already", path.display()),
                "give another folder, or move the file away: nothing is overwritten",
            ));
        }
    }
    for file in files {
        let path = folder.join(&file.path);
        let made = path.parent().map_or(Ok(()), fs::create_dir_all);
        let opened =
            made.and_then(|()| OpenOptions::new().write(true).create_new(true).open(&path));
        opened
            .and_then(|mut open| open.write_all(file.text.as_bytes()))
            .map_err(|error| {
                Failure::new(
                    format!("cannot write `{}`: {error}", path.display()),
                    "check the folder and who may write to it",
                )
            })?;
    }
    Ok(())
}

fn shown(written: &Written, args: &GenerateArgs) -> String {
    let mut blocks: Vec<String> = written
        .files
        .iter()
        .map(|file| match &args.output_dir {
            Some(folder) => format!(
                "wrote {}\n",
                safe_line(&Path::new(folder).join(&file.path).display().to_string())
            ),
            None => format!("==> {} <==\n{}\n", file.path, file.text),
        })
        .collect();
    blocks.extend(
        written
            .proved
            .iter()
            .map(|proved| format!("proved by {}: {}\n", proved.by, safe_line(&proved.says))),
    );
    blocks.extend(
        written
            .notes
            .iter()
            .map(|note| format!("note: {}\n", safe_line(note))),
    );
    blocks.push(format!(
        "Written: the role {} can be assumed and can push\n",
        written.role_arn
    ));
    blocks.concat()
}
