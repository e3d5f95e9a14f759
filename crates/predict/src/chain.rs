//! From a job to the job that does the work: reusable workflows are followed as far as their files are given.
//!
//! GitHub lets workflows be nested ten levels deep (docs.github.com, "Reuse workflows"); a workflow that calls
//! itself does not start.

use std::collections::BTreeMap;

use crate::input::Input;
use crate::problem::Problem;
use crate::workflow::{Job, Workflow, repository_path};

/// The workflows at hand, by the name that `uses` has for them.
#[derive(Debug, Default)]
pub(crate) struct Library<'n> {
    local: BTreeMap<String, usize>,
    remote: BTreeMap<String, usize>,
    workflows: &'n [Workflow<'n>],
}

/// A job, and the workflow that it is in.
#[derive(Debug, Clone)]
pub(crate) struct Link<'n> {
    pub(crate) workflow: &'n Workflow<'n>,
    pub(crate) job: &'n Job<'n>,
    /// How the workflow was called; `None` for the first.
    pub(crate) called_as: Option<String>,
}

/// The way from a caller to the job that does the work.
#[derive(Debug, Clone)]
pub(crate) struct Chain<'n> {
    /// At least one.
    pub(crate) links: Vec<Link<'n>>,
    /// The workflow at the end, whose file is not at hand.
    pub(crate) missing: Option<&'n str>,
    /// The first workflow is called by one that is not at hand.
    pub(crate) is_called_from_outside: bool,
}

/// The deepest nesting of workflows.
const MOST_LEVELS: usize = 10;
/// The most jobs that one job may come to.
const MOST_CHAINS: usize = 2_000;

impl<'n> Library<'n> {
    /// Files the workflows; those of the input come first in `workflows`, then the callees in their order.
    pub(crate) fn new(input: &Input, workflows: &'n [Workflow<'n>]) -> Self {
        let mut library = Self {
            workflows,
            ..Self::default()
        };
        for (index, file) in input.workflows.iter().enumerate() {
            library.local.insert(repository_path(&file.path), index);
        }
        let names = input.callees.keys().filter(|name| is_workflow(name));
        for (index, name) in (input.workflows.len()..).zip(names) {
            match name.strip_prefix("./") {
                Some(path) => library.local.entry(path.to_owned()).or_insert(index),
                None => library.remote.entry(name.clone()).or_insert(index),
            };
        }
        library
    }

    /// The workflow that `uses` names.
    pub(crate) fn find(&self, uses: &str, caller: &Link<'n>) -> Option<&'n Workflow<'n>> {
        let index = match uses.strip_prefix("./") {
            Some(path) => match caller.remote_base() {
                // Inside of another repository `./` is that repository, at the same commit.
                Some((repository, git_ref)) => {
                    self.remote.get(&format!("{repository}/{path}@{git_ref}"))
                }
                None => self.local.get(path),
            },
            None => self.remote.get(uses),
        };
        self.workflows.get(*index?)
    }
}

/// Whether a callee is a workflow; else it is an action.
pub(crate) fn is_workflow(name: &str) -> bool {
    name.contains(".github/workflows/")
}

impl<'n> Link<'n> {
    /// The repository and ref of the file, where it is in another repository than the first workflow's.
    pub(crate) fn remote_base(&self) -> Option<(&str, &str)> {
        let called_as = self
            .called_as
            .as_deref()
            .filter(|name| !name.starts_with("./"))?;
        let (path, git_ref) = called_as.rsplit_once('@')?;
        path.split_once("/.github/workflows/")
            .map(|(repository, _)| (repository, git_ref))
    }
}

impl<'n> Chain<'n> {
    /// `deploy`, or `release / deploy`.
    pub(crate) fn name(&self) -> String {
        self.links
            .iter()
            .map(|link| link.job.id)
            .collect::<Vec<_>>()
            .join(" / ")
    }

    /// The job that does the work, or calls what is not at hand.
    pub(crate) fn last(&self) -> Option<&Link<'n>> {
        self.links.last()
    }
}

/// The jobs that a job comes to.
pub(crate) fn chains<'n>(
    library: &Library<'n>,
    workflow: &'n Workflow<'n>,
    job: &'n Job<'n>,
) -> Result<Vec<Chain<'n>>, (Problem, &'n Workflow<'n>)> {
    let start = Chain {
        links: vec![Link {
            workflow,
            job,
            called_as: None,
        }],
        missing: None,
        is_called_from_outside: false,
    };
    let mut open = vec![start];
    let mut whole = Vec::new();
    while let Some(chain) = open.pop() {
        let Some(last) = chain.links.last().cloned() else {
            continue;
        };
        let Some(uses) = last
            .job
            .uses
            .and_then(|node| node.as_str().map(|text| (text, node.span)))
        else {
            whole.push(chain);
            continue;
        };
        let fault = |message: String, help: &str| {
            let path = format!("{}/uses", last.job.path);
            (Problem::new(uses.1, &path, message, help), last.workflow)
        };
        let Some(called) = library.find(uses.0, &last) else {
            whole.push(Chain {
                missing: Some(uses.0),
                ..chain
            });
            continue;
        };
        if chain
            .links
            .iter()
            .any(|link| std::ptr::eq(link.workflow, called))
        {
            let way: Vec<&str> = chain
                .links
                .iter()
                .map(|link| link.workflow.parsed.file.as_str())
                .collect();
            return Err(fault(
                format!(
                    "the workflow calls itself: {} -> {}",
                    way.join(" -> "),
                    called.parsed.file
                ),
                "a reusable workflow can't call itself, nor one that called it",
            ));
        }
        if chain.links.len() >= MOST_LEVELS {
            return Err(fault(
                format!("reusable workflows are nested deeper than {MOST_LEVELS} levels"),
                "GitHub does not start such a run",
            ));
        }
        if open.len() + whole.len() + called.jobs.len() > MOST_CHAINS {
            return Err(fault(
                format!("the job comes to more than {MOST_CHAINS} jobs"),
                "predict a called workflow alone",
            ));
        }
        for job in called.jobs.iter().rev() {
            let mut next = chain.clone();
            next.links.push(Link {
                workflow: called,
                job,
                called_as: Some(called_as(&last, uses.0)),
            });
            open.push(next);
        }
    }
    Ok(whole)
}

/// `./x` inside of a workflow from another repository is of that repository, at the same commit.
fn called_as(caller: &Link<'_>, uses: &str) -> String {
    match (uses.strip_prefix("./"), caller.remote_base()) {
        (Some(path), Some((repository, git_ref))) => format!("{repository}/{path}@{git_ref}"),
        _ => uses.to_owned(),
    }
}
