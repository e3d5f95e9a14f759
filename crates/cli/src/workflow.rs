//! From files and options to a question for `rolecall-predict`.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use rolecall_core::case::Case;
use rolecall_core::check;
use rolecall_core::push::Given;
use rolecall_core::report::prediction::{JobPrediction, Prediction, Runs};
use rolecall_core::report::{CheckReport, ErrorReport};
use rolecall_formats::RolePolicy;
use rolecall_predict::Input;
use rolecall_predict::input::{File, Run};
use rolecall_predict::settings::{Settings, Template};

use rolecall_report::Texts;

use crate::args::WorkflowFacts;
use crate::failure::Failure;
use crate::input::{self, Inputs};

/// Reads the workflows, what they call in the same repository, and the settings.
pub(crate) fn question(
    paths: &[String],
    facts: &WorkflowFacts,
    inputs: &mut Inputs,
) -> Result<Input, Failure> {
    let mut question = Input {
        settings: settings(facts, inputs)?,
        run: run(facts),
        ..Input::default()
    };
    let paths = expanded(paths)?;
    for path in &paths {
        let text = inputs.read("the workflow", path)?;
        question.workflows.push(File {
            path: input::name(path).to_owned(),
            text,
        });
    }
    for (uses, file) in &facts.run.callees {
        let text = inputs.read("the called file", file)?;
        question
            .callees
            .insert(uses.trim_end_matches('/').to_owned(), text);
    }
    called(&mut question, &roots(&paths), inputs)?;
    Ok(question)
}

/// What errors in a workflow are shown with: their text names file and line.
pub(crate) const TEXTS: Texts<'static> = Texts {
    policy_name: "workflow",
    policy: "",
    token_name: "",
};

/// The one job and event that are meant.
pub(crate) fn job(
    paths: &[String],
    facts: &WorkflowFacts,
    inputs: &mut Inputs,
) -> Result<Result<JobPrediction, ErrorReport>, Failure> {
    let question = question(paths, facts, inputs)?;
    let report = match rolecall_predict::predict(&question) {
        Ok(report) => report,
        Err(report) => return Ok(Err(report)),
    };
    let runs: Vec<&JobPrediction> = report
        .jobs
        .iter()
        .filter(|job| job.runs != Runs::No)
        .collect();
    match runs.as_slice() {
        [job] => Ok(Ok((*job).clone())),
        [] => Err(none_runs(&report)),
        several => Err(several_run(several)),
    }
}

fn none_runs(report: &Prediction) -> Failure {
    let why = match report.jobs.first() {
        Some(job) => format!(
            "the `if` of the job `{}` skips it on {}",
            job.job, job.event
        ),
        None => report
            .notes
            .first()
            .cloned()
            .unwrap_or_else(|| "no job runs".to_owned()),
    };
    Failure::new(
        format!("there is nothing to judge: {why}"),
        "name another job, event or ref; `rolecall predict` shows all of them",
    )
}

/// The most jobs that are listed in a message.
const MOST_LISTED: usize = 12;

fn several_run(jobs: &[&JobPrediction]) -> Failure {
    let mut listed: Vec<String> = jobs
        .iter()
        .take(MOST_LISTED)
        .map(|job| format!("{} on {}", job.job, job.event))
        .collect();
    if jobs.len() > MOST_LISTED {
        listed.push(format!("and {} more", jobs.len() - MOST_LISTED));
    }
    Failure::new(
        format!(
            "it is not told which job and event are meant: {}",
            listed.join(", ")
        ),
        "name them with --job and --event",
    )
}

/// The jobs that take part, each with its tokens: those that neither assume a role nor get a token do not.
pub(crate) fn jobs(
    paths: &[String],
    facts: &WorkflowFacts,
    inputs: &mut Inputs,
) -> Result<Result<Vec<JobPrediction>, ErrorReport>, Failure> {
    let question = question(paths, facts, inputs)?;
    Ok(rolecall_predict::predict(&question).map(|report| {
        let asks = |job: &JobPrediction| !job.roles.is_empty() || !job.tokens.is_empty();
        let jobs = report.jobs.into_iter();
        jobs.filter(|job| job.runs != Runs::No && asks(job))
            .collect()
    }))
}

/// What the role's policy, and the resource control policies over it, say to the tokens of a job.
pub(crate) fn verdict(
    job: &JobPrediction,
    case: &Case,
    role: &RolePolicy,
    controls: &[Given],
) -> Result<CheckReport, ErrorReport> {
    let case = Case {
        role_arn: case.role_arn.clone().or_else(|| role.arn.clone()),
        ..case.clone()
    };
    let policy = role
        .policy
        .as_ref()
        .map_err(|unreadable| check::unreadable_policy(&role.source, unreadable))?;
    // Where only a claim's pattern is known, a text stands for it if no test tells its texts apart: the tests of the
    // resource control policies count, too.
    let mut weighed = policy.clone();
    if let Some(statement) = weighed.statements.first_mut() {
        let of_controls = controls.iter().flat_map(|given| &given.policy.statements);
        let tests = of_controls.flat_map(|statement| statement.tests.clone());
        statement.tests.extend(tests);
    }
    rolecall_predict::verdict(job, &case, &weighed, &|case| {
        role.check_under(case, controls)
    })
}

/// A folder stands for the workflows in it.
fn expanded(paths: &[String]) -> Result<Vec<String>, Failure> {
    let mut all = Vec::new();
    for path in paths {
        match fs::read_dir(path) {
            Err(_) => all.push(path.clone()),
            Ok(entries) => {
                let is_yaml = |path: &PathBuf| {
                    path.extension()
                        .is_some_and(|ending| ending == "yml" || ending == "yaml")
                };
                let mut files: Vec<String> = entries
                    .filter_map(|entry| Some(entry.ok()?.path()))
                    .filter(is_yaml)
                    .map(|path| path.to_string_lossy().into_owned())
                    .collect();
                if files.is_empty() {
                    return Err(Failure::new(
                        format!("there is no workflow in `{path}`"),
                        "give a file, or the folder .github/workflows",
                    ));
                }
                files.sort();
                all.append(&mut files);
            }
        }
    }
    Ok(all)
}

/// The top folders of the repositories that the workflows are in, and the workflows' own folders.
fn roots(paths: &[String]) -> Vec<PathBuf> {
    let mut roots: Vec<PathBuf> = Vec::new();
    for path in paths.iter().map(Path::new) {
        let folder = path.parent().unwrap_or(Path::new(""));
        let root = if folder.ends_with(".github/workflows") {
            folder.ancestors().nth(2)
        } else {
            None
        };
        let root = root.unwrap_or(folder).to_owned();
        if !roots.contains(&root) {
            roots.push(root);
        }
    }
    roots
}

/// The most called files that are read.
const MOST_CALLED: usize = 500;

/// Reads what is called until nothing new is found. What is not there stays open, and the answer says so.
fn called(question: &mut Input, roots: &[PathBuf], inputs: &mut Inputs) -> Result<(), Failure> {
    let mut asked = BTreeSet::new();
    loop {
        let wanted: Vec<String> = rolecall_predict::wanted(question)
            .into_iter()
            .filter(|name| asked.insert(name.clone()))
            .collect();
        let found: Vec<(String, PathBuf)> = wanted
            .iter()
            .filter_map(|name| Some((name.clone(), find(name, roots)?)))
            .collect();
        if found.is_empty() || question.callees.len() + found.len() > MOST_CALLED {
            return Ok(());
        }
        for (name, path) in found {
            let text = inputs.read("the called file", &path.to_string_lossy())?;
            question.callees.insert(name, text);
        }
    }
}

/// `./.github/workflows/x.yml`, or the folder of an action. Only what is inside of the repository is read.
fn find(name: &str, roots: &[PathBuf]) -> Option<PathBuf> {
    let inner = name
        .strip_prefix("./")
        .filter(|inner| !inner.split('/').any(|part| part == ".."))?;
    let candidates = |root: &PathBuf| {
        let whole = root.join(inner);
        let beside = Path::new(inner)
            .file_name()
            .map(|file| root.join(file))
            .filter(|_| inner.starts_with(".github/workflows/"));
        [
            Some(whole.clone()),
            beside,
            Some(whole.join("action.yml")),
            Some(whole.join("action.yaml")),
        ]
    };
    roots
        .iter()
        .flat_map(candidates)
        .flatten()
        .find(|path| path.is_file())
}

fn run(facts: &WorkflowFacts) -> Run {
    Run {
        event: facts.run.event.clone(),
        git_ref: facts.run.git_ref.clone(),
        sha: facts.run.sha.clone(),
        number: facts.run.pull_request,
        base_ref: facts.run.base.clone(),
        head_ref: facts.run.head.clone(),
        actor: facts.run.actor.clone(),
        actor_id: facts.run.actor_id.clone(),
        fork: facts.run.fork,
        inputs: facts.run.inputs.iter().cloned().collect(),
        job: facts.run.job.clone(),
    }
}

/// What files tell, and over it what options say.
fn settings(facts: &WorkflowFacts, inputs: &mut Inputs) -> Result<Settings, Failure> {
    let mut settings = Settings::default();
    let files = facts
        .settings
        .settings
        .iter()
        .map(|path| (path, false))
        .chain(facts.settings.org_settings.iter().map(|path| (path, true)));
    for (path, is_organization) in files {
        let text = inputs.read("the settings", path)?;
        settings.read(&text, is_organization).map_err(|error| {
            Failure::new(
                format!(
                    "the settings in `{}` can't be read: {error}",
                    input::name(path)
                ),
                "give what one of the commands printed that `rolecall predict --help` lists",
            )
        })?;
    }
    options(facts, &mut settings);
    Ok(settings)
}

fn options(facts: &WorkflowFacts, settings: &mut Settings) {
    let given = [
        (&facts.identity.repo, &mut settings.repository),
        (&facts.identity.owner_id, &mut settings.repository_owner_id),
        (&facts.identity.repo_id, &mut settings.repository_id),
        (&facts.settings.visibility, &mut settings.visibility),
        (&facts.settings.default_branch, &mut settings.default_branch),
        (&facts.settings.created_at, &mut settings.created_at),
        (&facts.settings.renamed_at, &mut settings.renamed_at),
        (&facts.settings.transferred_at, &mut settings.transferred_at),
        (&facts.settings.sub_prefix, &mut settings.sub_claim_prefix),
        (&facts.settings.enterprise, &mut settings.enterprise),
        (&facts.settings.enterprise_id, &mut settings.enterprise_id),
        (&facts.settings.host, &mut settings.host),
    ];
    for (option, setting) in given {
        if option.is_some() {
            setting.clone_from(option);
        }
    }
    settings.include_enterprise_slug |= facts.settings.enterprise_issuer;
    settings.fork_write_tokens |= facts.settings.fork_write_tokens;
    settings
        .custom_properties
        .extend(facts.settings.properties.iter().cloned());
    settings.vars.extend(facts.settings.vars.iter().cloned());
    if facts.settings.environments.is_some() {
        settings
            .environments
            .clone_from(&facts.settings.environments);
    }
    if !facts.settings.template.is_empty() || facts.settings.immutable.is_some() {
        let template = settings
            .repository_template
            .get_or_insert_with(Template::default);
        template.use_immutable_subject =
            facts.settings.immutable.or(template.use_immutable_subject);
        if !facts.settings.template.is_empty() {
            let is_default = facts.settings.template.iter().any(|key| key == "default");
            template.use_default = Some(is_default);
            template.include_claim_keys = if is_default {
                Vec::new()
            } else {
                facts.settings.template.clone()
            };
        }
    }
}
