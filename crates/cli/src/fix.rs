//! `rolecall fix`

use std::fs;
use std::io::Write as _;
use std::path::Path;

use rolecall_core::analyze::Options;
use rolecall_core::edit;
use rolecall_core::fix::{FixReport, Verdict};
use rolecall_core::report::Edit;
use rolecall_report::Texts;

use crate::args::{Color, FixArgs};
use crate::failure::Failure;
use crate::input::{self, Inputs, STDIN};
use crate::{Exit, check, output};

pub(crate) fn run(args: &FixArgs, color: Color, inputs: &mut Inputs) -> Result<Exit, Failure> {
    if args.token.is_none() && !args.facts.has_claims() {
        return Err(Failure::new(
            "there is nothing to repair for: neither a token nor a claim was given",
            "give a file with a token or claims, `-` for standard input, or claims such as `--claim sub=repo:octo-org/octo-repo:pull_request`",
        ));
    }
    let text = inputs.read("the policy", &args.policy)?;
    let token = args
        .token
        .as_deref()
        .map(|path| inputs.read("the token", path))
        .transpose()?;
    let case = args.facts.case(token, inputs)?;
    let role = rolecall_formats::role(&text, args.role.as_deref(), &case);
    let texts = Texts {
        policy_name: input::name(&args.policy),
        policy: role.as_ref().map_or(&text, |role| role.source.text()),
        token_name: args.token.as_deref().map_or("--claim", input::name),
    };
    let options = Options {
        owners: args.owners.clone(),
        ..Options::default()
    };
    let answer = role
        .as_ref()
        .map_err(Clone::clone)
        .and_then(|role| role.fix(&case, &options));
    match answer {
        Ok(report) => answered(args, color, &report, &texts, &text),
        Err(report) => check::unusable(&report, &texts, args.format, color),
    }
}

fn answered(
    args: &FixArgs,
    color: Color,
    report: &FixReport,
    texts: &Texts<'_>,
    text: &str,
) -> Result<Exit, Failure> {
    let edited = args
        .apply
        .then(|| edited(args, report, texts, text))
        .transpose()?
        .flatten();
    if let Some(edited) = edited.as_ref().filter(|_| args.policy == STDIN) {
        output::answer(edited)?;
        return Ok(exit(report.verdict, args.exit_zero));
    }
    if let Some(edited) = &edited {
        write(Path::new(&args.policy), edited)?;
    }
    output::answer(&rolecall_report::fix(
        report,
        texts,
        args.format.into(),
        &output::look(color, false),
    ))?;
    if edited.is_some() {
        output::hint(&format!(
            "repair {} was made in `{}`",
            args.pick,
            input::name(&args.policy)
        ));
    }
    if report.verdict == Verdict::Stranger && args.owners.is_empty() {
        output::hint("where the token is yours after all, name its owner with `--owner`");
    }
    Ok(exit(report.verdict, args.exit_zero))
}

/// The text with the chosen repair made; `None` where there is none to make.
fn edited(
    args: &FixArgs,
    report: &FixReport,
    texts: &Texts<'_>,
    text: &str,
) -> Result<Option<String>, Failure> {
    if report.edits.is_empty() && args.policy == STDIN {
        // A filter hands on what it does not change.
        return Ok(Some(text.to_owned()).filter(|_| report.refused.is_none()));
    }
    if report.edits.is_empty() {
        return Ok(None);
    }
    let number = args.pick.checked_sub(1);
    let Some(edit) = number.and_then(|number| report.edits.get(number)) else {
        return Err(Failure::new(
            format!("there is no repair {}", args.pick),
            format!("there are {}: give a number up to that", report.edits.len()),
        ));
    };
    made(edit, texts, text).map(Some)
}

fn made(edit: &Edit, texts: &Texts<'_>, text: &str) -> Result<String, Failure> {
    if texts.policy != text {
        return Err(Failure::new(
            "the policy is inside a string with escapes, where a change can't be made in place",
            "leave out `--apply`, and make the change that is shown in the policy itself",
        ));
    }
    edit::apply(text, &edit.splices()).ok_or_else(|| {
        Failure::new(
            "the changes of this repair overlap",
            "choose another one with `--pick`",
        )
    })
}

/// Writes beside the file and renames, so that no reader ever sees half of it. A byte order mark stays.
fn write(path: &Path, text: &str) -> Result<(), Failure> {
    let unwritable = |error: &std::io::Error| {
        Failure::new(
            format!("cannot write the policy to `{}`: {error}", path.display()),
            "check that the file and its folder can be written to; nothing was changed",
        )
    };
    // The name may be a link: what it points to is what changes.
    let path = fs::canonicalize(path).map_err(|error| unwritable(&error))?;
    let has_mark = fs::read(&path)
        .map_err(|error| unwritable(&error))?
        .starts_with("\u{feff}".as_bytes());
    let mark = if has_mark { "\u{feff}" } else { "" };
    replace(&path, &format!("{mark}{text}")).map_err(|error| unwritable(&error))
}

fn replace(path: &Path, text: &str) -> std::io::Result<()> {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let beside = path.with_file_name(format!(".{name}.{}", std::process::id()));
    let permissions = fs::metadata(path)?.permissions();
    let written = fs::File::create_new(&beside).and_then(|mut file| {
        file.write_all(text.as_bytes())?;
        file.set_permissions(permissions)?;
        file.sync_all()?;
        fs::rename(&beside, path)
    });
    if written.is_err() {
        let _ = fs::remove_file(&beside);
    }
    written
}

const fn exit(verdict: Verdict, exit_zero: bool) -> Exit {
    match verdict {
        _ if exit_zero => Exit::Good,
        Verdict::Repairs | Verdict::NothingToRepair => Exit::Good,
        Verdict::Stranger | Verdict::NoRepair => Exit::Denied,
        Verdict::Undecided => Exit::Undecided,
    }
}
