//! `rolecall generate`

use std::fs::{self, OpenOptions};
use std::io::Write as _;
use std::path::Path;

use rolecall_core::push::RepositoryArn;
use rolecall_generate::{File, Refused, Request, Setup, Written};
use rolecall_report::{json_pretty, safe_line};

use crate::args::{Color, Format, GenerateArgs};
use crate::failure::Failure;
use crate::{Exit, output};

pub(crate) fn run(args: &GenerateArgs, _color: Color) -> Result<Exit, Failure> {
    let written = request(args).and_then(|request| Setup::new(request)?.written(args.kind.into()));
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
