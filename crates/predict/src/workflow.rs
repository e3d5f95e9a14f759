//! A workflow file, taken apart but not judged.
//!
//! # Grammar
//! The members that are looked at (docs.github.com, "Workflow syntax for GitHub Actions"):
//! ```text
//! name, on, env, permissions
//! jobs.ID: name, if, needs, permissions, environment, env, strategy.matrix, runs-on, uses, with, secrets
//! jobs.ID.steps[]: id, name, if, uses, with, run, env
//! ```
//! `on` is a name, a list of names, or an object. YAML 1.1 tools write `true` for it; GitHub then refuses the file,
//! and so it is read with a finding. Everything else is GitHub's to check.

use rolecall_core::json::{Kind, Member, Node};
use rolecall_core::policy::escape;
use rolecall_core::report::Location;
use rolecall_core::span::{Source, Span};

use crate::expr;
use crate::problem::Problem;

/// A file and its tree.
#[derive(Debug)]
pub(crate) struct Parsed<'t> {
    /// As it was given.
    pub(crate) file: String,
    pub(crate) source: Source,
    pub(crate) tree: Node<'t>,
}

/// The longest workflow. GitHub's own limit is not documented; what is longer is not meant.
pub(crate) const MOST_BYTES: usize = 16 << 20;

impl<'t> Parsed<'t> {
    /// Reads YAML: one document, an object.
    pub(crate) fn read(file: &str, text: &'t str) -> Result<Self, Problem> {
        let start = Span::new(0, 0);
        if text.len() > MOST_BYTES {
            return Err(Problem::new(
                start,
                "",
                "the text is longer than 16 MiB",
                "give the workflow alone",
            ));
        }
        let mut trees = rolecall_formats::yaml::parse(text).map_err(|error| {
            Problem::new(
                error.span,
                "",
                error.message,
                "repair the YAML; indentation counts",
            )
        })?;
        if let Some(second) = trees.get(1) {
            return Err(Problem::new(
                second.span,
                "",
                "the file has a second YAML document",
                "a workflow is one document: take out the `---`",
            ));
        }
        let Some(tree) = trees.pop().filter(|tree| tree.kind != Kind::Null) else {
            return Err(Problem::new(start, "", "the file is empty", WORKFLOW_HELP));
        };
        if tree.members().is_none() {
            return Err(Problem::new(
                tree.span,
                "",
                format!("a workflow is an object, this is {}", tree.kind_name()),
                WORKFLOW_HELP,
            ));
        }
        Ok(Self {
            file: file.to_owned(),
            source: Source::new(text),
            tree,
        })
    }

    pub(crate) fn location(&self, path: &str, span: Span) -> Location {
        Location::workflow(&self.source, path, span)
    }
}

const WORKFLOW_HELP: &str = "give a file of .github/workflows, with `on` and `jobs`";

/// A workflow.
#[derive(Debug)]
pub(crate) struct Workflow<'n> {
    pub(crate) parsed: &'n Parsed<'n>,
    /// Its path in the repository, `.github/workflows/deploy.yml`.
    pub(crate) path: String,
    pub(crate) name: Option<&'n Node<'n>>,
    pub(crate) triggers: Vec<Trigger<'n>>,
    /// The key `on` was written `true`.
    pub(crate) on_is_true: Option<Span>,
    pub(crate) permissions: Option<Permissions>,
    pub(crate) env: Option<&'n Node<'n>>,
    pub(crate) jobs: Vec<Job<'n>>,
}

/// An event that the workflow runs on.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Trigger<'n> {
    pub(crate) event: &'n str,
    pub(crate) span: Span,
    /// Filters and inputs.
    pub(crate) settings: Option<&'n Node<'n>>,
}

/// A job.
#[derive(Debug)]
pub(crate) struct Job<'n> {
    pub(crate) id: &'n str,
    pub(crate) span: Span,
    pub(crate) path: String,
    pub(crate) condition: Option<&'n Node<'n>>,
    pub(crate) permissions: Option<Permissions>,
    pub(crate) environment: Option<&'n Node<'n>>,
    pub(crate) env: Option<&'n Node<'n>>,
    pub(crate) matrix: Option<&'n Node<'n>>,
    pub(crate) runs_on: Option<&'n Node<'n>>,
    /// The reusable workflow that it calls.
    pub(crate) uses: Option<&'n Node<'n>>,
    pub(crate) with: Option<&'n Node<'n>>,
    pub(crate) steps: Vec<Step<'n>>,
}

/// A step.
#[derive(Debug, Clone)]
pub(crate) struct Step<'n> {
    pub(crate) node: &'n Node<'n>,
    pub(crate) path: String,
    /// Its number, from 1.
    pub(crate) number: usize,
}

impl<'n> Step<'n> {
    pub(crate) fn get(&self, key: &str) -> Option<&'n Node<'n>> {
        self.node.get(key)
    }

    pub(crate) fn text(&self, key: &str) -> Option<&'n str> {
        self.get(key)?.as_str()
    }

    /// What people know the step by.
    pub(crate) fn title(&self) -> String {
        let named = self.text("name").or_else(|| self.text("id"));
        named.map_or_else(|| format!("step {}", self.number), str::to_owned)
    }
}

/// What a job may do with its GitHub token.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Permissions {
    pub(crate) span: Span,
    pub(crate) path: String,
    pub(crate) id_token: bool,
    /// `contents: read` or more.
    pub(crate) contents: bool,
}

/// Reads a workflow of the repository.
pub(crate) fn read<'n>(parsed: &'n Parsed<'n>) -> Result<Workflow<'n>, Problem> {
    let tree = &parsed.tree;
    let (on, on_is_true) = on(tree)?;
    let jobs = tree
        .get("jobs")
        .ok_or_else(|| Problem::new(tree.span, "", "`jobs` is missing", WORKFLOW_HELP))?;
    let members = object(jobs, "/jobs", "`jobs`")?;
    Ok(Workflow {
        parsed,
        path: repository_path(&parsed.file),
        name: tree.get("name"),
        triggers: triggers(on)?,
        on_is_true,
        permissions: tree
            .get("permissions")
            .map(|node| permissions(node, "/permissions"))
            .transpose()?,
        env: tree.get("env"),
        jobs: members.iter().map(job).collect::<Result<_, _>>()?,
    })
}

/// The path in the repository; a file from elsewhere is taken for one of `.github/workflows`.
pub(crate) fn repository_path(file: &str) -> String {
    const FOLDER: &str = ".github/workflows/";
    let file = file.replace('\\', "/");
    match file.rfind(FOLDER).and_then(|at| file.get(at..)) {
        Some(path) => path.to_owned(),
        None => format!("{FOLDER}{}", file.rsplit('/').next().unwrap_or(&file)),
    }
}

fn on<'n>(tree: &'n Node<'n>) -> Result<(&'n Node<'n>, Option<Span>), Problem> {
    if let Some(on) = tree.get("on") {
        return Ok((on, None));
    }
    let members = tree.members().unwrap_or_default();
    match members.iter().find(|member| member.key == "true") {
        Some(member) => Ok((&member.value, Some(member.key_span))),
        None => Err(Problem::new(
            tree.span,
            "",
            "`on` is missing",
            WORKFLOW_HELP,
        )),
    }
}

fn object<'n>(node: &'n Node<'n>, path: &str, what: &str) -> Result<&'n [Member<'n>], Problem> {
    node.members().ok_or_else(|| {
        Problem::new(
            node.span,
            path,
            format!("{what} must be an object, this is {}", node.kind_name()),
            "look at the indentation",
        )
    })
}

/// The three shapes of `on`.
fn triggers<'n>(on: &'n Node<'n>) -> Result<Vec<Trigger<'n>>, Problem> {
    let named = |node: &'n Node<'n>| {
        let event = node.as_str().ok_or_else(|| wrong_event(node))?;
        Ok(Trigger {
            event,
            span: node.span,
            settings: None,
        })
    };
    match &on.kind {
        Kind::String(_) => Ok(vec![named(on)?]),
        Kind::Array(items) => items.iter().map(named).collect(),
        Kind::Object(members) => {
            let trigger = |member: &'n Member<'n>| Trigger {
                event: &member.key,
                span: member.key_span,
                settings: Some(&member.value).filter(|value| value.kind != Kind::Null),
            };
            Ok(members.iter().map(trigger).collect())
        }
        _ => Err(wrong_event(on)),
    }
}

fn wrong_event(node: &Node<'_>) -> Problem {
    Problem::new(
        node.span,
        "/on",
        format!("`on` names events, this is {}", node.kind_name()),
        "write an event such as `push`, a list of them, or an object",
    )
}

/// The contexts of `jobs.<job_id>.if` and of `jobs.<job_id>.environment` (docs.github.com, "Contexts reference",
/// "Context availability"). Where another one is used GitHub refuses the whole workflow: "Unrecognized named-value".
const IN_IF: [&str; 4] = ["github", "needs", "vars", "inputs"];
const IN_ENVIRONMENT: [&str; 6] = ["github", "needs", "strategy", "matrix", "vars", "inputs"];

fn contexts(
    node: &Node<'_>,
    path: &str,
    is_condition: bool,
    allowed: &[&str],
) -> Result<(), Problem> {
    let text = plain(node).unwrap_or_default();
    match expr::unavailable(text, is_condition, allowed) {
        None => Ok(()),
        Some(name) => Err(Problem::new(
            node.span,
            path,
            format!(
                "`{name}` is not available here: GitHub refuses the workflow, and no job of it runs"
            ),
            format!(
                "use one of {}; what is the same in every run can be written out",
                allowed.join(", ")
            ),
        )),
    }
}

fn job<'n>(member: &'n Member<'n>) -> Result<Job<'n>, Problem> {
    let (node, path) = (&member.value, format!("/jobs/{}", escape(&member.key)));
    object(node, &path, &format!("the job `{}`", member.key))?;
    let at = |key: &str| node.get(key).filter(|value| value.kind != Kind::Null);
    if let Some(condition) = at("if") {
        contexts(condition, &format!("{path}/if"), true, &IN_IF)?;
    }
    if let Some(environment) = at("environment") {
        let name = match &environment.kind {
            Kind::Object(_) => environment.get("name"),
            _ => Some(environment),
        };
        if let Some(name) = name {
            contexts(name, &format!("{path}/environment"), false, &IN_ENVIRONMENT)?;
        }
    }
    let permissions = at("permissions")
        .map(|node| permissions(node, &format!("{path}/permissions")))
        .transpose()?;
    let uses = at("uses");
    if let Some(uses) = uses.filter(|uses| uses.as_str().is_none()) {
        return Err(Problem::new(
            uses.span,
            &format!("{path}/uses"),
            format!("`uses` names a workflow, this is {}", uses.kind_name()),
            "write `./.github/workflows/FILE` or `OWNER/REPO/.github/workflows/FILE@REF`",
        ));
    }
    Ok(Job {
        id: &member.key,
        span: member.key_span,
        condition: at("if"),
        permissions,
        environment: at("environment"),
        env: at("env"),
        matrix: at("strategy").and_then(|strategy| strategy.get("matrix")),
        runs_on: at("runs-on"),
        uses,
        with: at("with"),
        steps: at("steps")
            .map(|node| steps(node, &path))
            .transpose()?
            .unwrap_or_default(),
        path,
    })
}

/// The steps of a job or of a composite action.
pub(crate) fn steps<'n>(node: &'n Node<'n>, parent: &str) -> Result<Vec<Step<'n>>, Problem> {
    let path = format!("{parent}/steps");
    let Kind::Array(items) = &node.kind else {
        return Err(Problem::new(
            node.span,
            &path,
            format!("`steps` must be a list, this is {}", node.kind_name()),
            "begin each step with `- `",
        ));
    };
    let step = |(index, node): (usize, &'n Node<'n>)| {
        let path = format!("{path}/{index}");
        object(node, &path, "a step")?;
        Ok(Step {
            node,
            path,
            number: index + 1,
        })
    };
    items.iter().enumerate().map(step).collect()
}

/// `write-all`, `read-all`, or scopes; what is not named is none (docs.github.com, "Workflow syntax", `permissions`).
/// That `write-all` includes the ID token is not documented; it was seen.
fn permissions(node: &Node<'_>, path: &str) -> Result<Permissions, Problem> {
    let grant = |id_token, contents| Permissions {
        span: node.span,
        path: path.to_owned(),
        id_token,
        contents,
    };
    let wrong = || {
        Problem::new(
            node.span,
            path,
            "`permissions` must be scopes, `read-all` or `write-all`",
            "write `permissions:` with `id-token: write` and `contents: read` below it",
        )
    };
    match &node.kind {
        Kind::String(text) if text == "write-all" => Ok(grant(true, true)),
        Kind::String(text) if text == "read-all" => Ok(grant(false, true)),
        Kind::Null => Ok(grant(false, false)),
        Kind::Object(_) => {
            let scope = |name| node.get(name).and_then(Node::as_str).unwrap_or_default();
            Ok(grant(
                scope("id-token") == "write",
                matches!(scope("contents"), "read" | "write"),
            ))
        }
        _ => Err(wrong()),
    }
}

/// The text of a plain value, whatever YAML made of it.
pub(crate) fn plain<'n>(node: &'n Node<'_>) -> Option<&'n str> {
    match &node.kind {
        Kind::String(text) => Some(text),
        Kind::Bool(true) => Some("true"),
        Kind::Bool(false) => Some("false"),
        Kind::Number(text) => Some(text),
        Kind::Null => Some(""),
        Kind::Array(_) | Kind::Object(_) => None,
    }
}

/// The texts of a list, or of a single value.
pub(crate) fn list<'n>(node: &'n Node<'_>) -> Vec<&'n str> {
    match &node.kind {
        Kind::Array(items) => items.iter().filter_map(plain).collect(),
        Kind::Null => Vec::new(),
        _ => plain(node).into_iter().collect(),
    }
}
