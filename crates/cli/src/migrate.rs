//! `rolecall migrate`

use rolecall_core::check::unreadable_policy;
use rolecall_core::migrate::{Fit, MigrateReport, Repository, migrate};
use rolecall_core::report::ErrorReport;
use rolecall_formats::{Known, RolePolicy, read};
use rolecall_report::Texts;
use serde_json::Value;

use crate::args::{Color, MigrateArgs, Which};
use crate::check::unusable;
use crate::failure::Failure;
use crate::input::{self, Inputs};
use crate::{Exit, output};

pub(crate) fn run(args: &MigrateArgs, color: Color, inputs: &mut Inputs) -> Result<Exit, Failure> {
    let text = inputs.read("the policy", &args.policy)?;
    let repositories = repositories(args, inputs)?;
    let role = role(&text, args.role.as_deref());
    let texts = Texts {
        policy_name: input::name(&args.policy),
        policy: role.as_ref().map_or(&text, |role| role.source.text()),
        token_name: "",
    };
    let report = role
        .as_ref()
        .map_err(Clone::clone)
        .and_then(|role| judge(role, &repositories));
    match report {
        Ok(report) => {
            match args.print {
                Some(step) => output::answer(printed(&report, step, texts.policy))?,
                None => output::answer(&rolecall_report::migrate(
                    &report,
                    &texts,
                    args.format.into(),
                    &output::look(color, false),
                ))?,
            }
            Ok(exit(&report, args.exit_zero))
        }
        Err(report) => unusable(&report, &texts, args.format, color),
    }
}

fn role(text: &str, name: Option<&str>) -> Result<RolePolicy, ErrorReport> {
    let document = read(text)?;
    let mut role = document.pick(name, None)?.clone();
    role.notes.splice(0..0, document.notes);
    Ok(role)
}

fn judge(role: &RolePolicy, repositories: &[Repository]) -> Result<MigrateReport, ErrorReport> {
    let policy = role.policy.as_ref();
    let policy = policy.map_err(|unreadable| unreadable_policy(&role.source, unreadable))?;
    let reread = |text: &str| role.reread(text, &Known::default());
    let mut report = migrate(policy, &role.source, repositories, &reread);
    report.notes.clone_from(&role.notes);
    Ok(report)
}

/// The text of a step; where the step has nothing to do, the text as it is then.
fn printed<'r>(report: &'r MigrateReport, step: Which, text: &'r str) -> &'r str {
    let found = report.steps.iter().find(|done| done.step == step.name());
    found.map_or(text, |step| &step.policy)
}

fn exit(report: &MigrateReport, exit_zero: bool) -> Exit {
    let fits = report.steps.iter().all(|step| step.fits != Fit::TooLong);
    if exit_zero || (report.complete && fits) {
        Exit::Good
    } else {
        Exit::Denied
    }
}

fn repositories(args: &MigrateArgs, inputs: &mut Inputs) -> Result<Vec<Repository>, Failure> {
    let mut all = Vec::new();
    if let (Some(name), Some(owner), Some(id)) = (&args.repo, &args.owner_id, &args.repo_id) {
        all.push(Repository::new(name, owner, id).map_err(wrong)?);
    }
    if let Some(path) = &args.repos {
        let text = inputs.read("the repositories", path)?;
        let found =
            listed(&text).map_err(|message| wrong(format!("{}: {message}", input::name(path))))?;
        if found.is_empty() {
            return Err(wrong(format!("{} has no repositories", input::name(path))));
        }
        all.extend(found);
    }
    Ok(all)
}

fn wrong(message: String) -> Failure {
    Failure::new(
        message,
        "give lines of OWNER/NAME OWNER_ID REPO_ID, or what `gh api repos/OWNER/NAME` prints",
    )
}

/// JSON objects of the GitHub API, alone, in a list or one after the other; else lines of three words.
fn listed(text: &str) -> Result<Vec<Repository>, String> {
    if text.trim_start().starts_with(['{', '[']) {
        let values = serde_json::Deserializer::from_str(text).into_iter::<Value>();
        let mut all = Vec::new();
        for value in values {
            match value.map_err(|error| format!("broken JSON: {error}"))? {
                Value::Array(items) => {
                    for item in &items {
                        all.push(of_api(item)?);
                    }
                }
                one => all.push(of_api(&one)?),
            }
        }
        return Ok(all);
    }
    let lines = text.lines().enumerate();
    let filled = lines.filter(|(_, line)| !line.trim().is_empty() && !line.starts_with('#'));
    filled
        .map(|(index, line)| {
            of_line(line).map_err(|message| format!("line {}: {message}", index + 1))
        })
        .collect()
}

/// GitHub REST API, "Get a repository": `full_name`, `id` and `owner.id`.
fn of_api(value: &Value) -> Result<Repository, String> {
    let id = |value: Option<&Value>| match value {
        Some(Value::Number(number)) => Some(number.to_string()),
        Some(Value::String(text)) => Some(text.clone()),
        _ => None,
    };
    let name = value.get("full_name").and_then(Value::as_str);
    let owner = id(value.get("owner").and_then(|owner| owner.get("id")));
    match (name, owner, id(value.get("id"))) {
        (Some(name), Some(owner), Some(id)) => Repository::new(name, &owner, &id),
        _ => Err("an object lacks full_name, id or owner.id".to_owned()),
    }
}

fn of_line(line: &str) -> Result<Repository, String> {
    let words: Vec<&str> = line.split_whitespace().collect();
    match words.as_slice() {
        [name, owner, id] => Repository::new(name, owner, id),
        _ => Err(format!("expected three words, found {}", words.len())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_of_repositories() {
        for (text, expected) in [
            (
                "octo-org/a 1 2\n# c\n\nocto-org/b 1 3\n",
                Ok("octo-org/a@1@2 octo-org/b@1@3"),
            ),
            (
                r#"{"full_name": "octo-org/a", "id": 2, "owner": {"id": 1}}"#,
                Ok("octo-org/a@1@2"),
            ),
            (
                r#"[{"full_name": "octo-org/a", "id": "2", "owner": {"id": 1}}]"#,
                Ok("octo-org/a@1@2"),
            ),
            (
                "{\"full_name\": \"octo-org/a\", \"id\": 2, \"owner\": {\"id\": 1}}\n{\"full_name\": \"octo-org/b\", \"id\": 3, \"owner\": {\"id\": 1}}",
                Ok("octo-org/a@1@2 octo-org/b@1@3"),
            ),
            ("octo-org/a 1", Err("line 1: expected three words, found 2")),
            (
                "octo-org/a 1 x",
                Err("line 1: `x` is no repository's id: it has digits only"),
            ),
            (
                "octo-org 1 2",
                Err("line 1: `octo-org` is not of the form OWNER/NAME"),
            ),
            (
                r#"{"full_name": "octo-org/a"}"#,
                Err("an object lacks full_name, id or owner.id"),
            ),
        ] {
            let found = listed(text).map(|all| {
                let shown = all.iter().map(|r| format!("{r}@{}@{}", r.owner_id, r.id));
                shown.collect::<Vec<_>>().join(" ")
            });
            assert_eq!(
                found.as_deref().map_err(|error| &**error),
                expected,
                "{text}"
            );
        }
    }
}
