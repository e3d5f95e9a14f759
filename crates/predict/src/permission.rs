//! Whether a job may ask for a token at all.
//!
//! A job's `permissions` replace the workflow's wholly; neither default of a repository or organisation includes
//! `id-token`. Along a chain of reusable workflows they can only shrink: where a called job asks for more than its
//! caller grants, the run does not start; where it asks for nothing, it inherits (docs.github.com, "Workflow syntax",
//! `permissions`, and "Reuse workflows").

use rolecall_core::report::{Cause, CauseId, Location};
use rolecall_core::span::Span;

use crate::chain::{Chain, Link};
use crate::input::Run;
use crate::runs::{self, Kind};
use crate::settings::Settings;
use crate::workflow::Permissions;

/// Why there is no token, and in which file the reason is.
#[derive(Debug, Clone)]
pub(crate) struct Refusal {
    pub(crate) cause: Cause,
    pub(crate) file: String,
    /// A token is asked for all the same, whatever the steps do.
    pub(crate) is_asked: bool,
}

impl Refusal {
    /// Of a job of which no step needs a token either: there is nothing to repair.
    pub(crate) fn unasked(self) -> Self {
        let summary = "the job asks for no token: no step of it is seen to assume a role, and `id-token: write` is not among its permissions";
        let help =
            "nothing is missing; a job with a step that assumes a role needs `id-token: write`";
        let cause = Cause {
            summary: summary.to_owned(),
            help: help.to_owned(),
            ..self.cause
        };
        Self { cause, ..self }
    }
}

/// What counts for a link: its job's permissions, or else its workflow's.
fn own<'n>(link: &Link<'n>) -> Option<&'n Permissions> {
    link.job
        .permissions
        .as_ref()
        .or(link.workflow.permissions.as_ref())
}

/// Whether the job has the permission, by the files alone.
pub(crate) fn refusal(chain: &Chain<'_>) -> Option<Refusal> {
    let mut links = chain.links.iter();
    let first = links.next()?;
    let mut granter = first;
    let mut granted = own(first).is_some_and(|own| own.id_token);
    for link in links {
        match own(link) {
            Some(own) if own.id_token && !granted => {
                return Some(asks_too_much(link, own, granter));
            }
            Some(own) if !own.id_token && granted => {
                return Some(missing(
                    link,
                    "the called job's permissions leave out `id-token: write`",
                ));
            }
            _ => {}
        }
        if own(link).is_some() {
            granted = own(link).is_some_and(|own| own.id_token);
            granter = link;
        }
    }
    let is_called_from_outside = chain.is_called_from_outside && own(granter).is_none();
    match (
        granted || is_called_from_outside,
        chain.links.len() > 1 && std::ptr::eq(granter, first),
    ) {
        (true, _) => None,
        (false, true) => Some(not_granted(first)),
        (false, false) => Some(missing(
            granter,
            "the job may not ask for a token: `id-token: write` is missing",
        )),
    }
}

/// The permissions that a job has in the end; `None`: the default of the repository.
pub(crate) fn effective<'n>(chain: &Chain<'n>) -> Option<&'n Permissions> {
    chain.links.iter().rev().find_map(own)
}

fn place(link: &Link<'_>) -> (Location, String) {
    let parsed = link.workflow.parsed;
    let location = own(link).map_or_else(
        || parsed.location(&link.job.path, link.job.span),
        |own| parsed.location(&own.path, own.span),
    );
    (location, parsed.file.clone())
}

const GRANT: &str = "write `permissions:` with `id-token: write` and `contents: read` for the job; a job's permissions replace the workflow's, and what is not named is none";

fn missing(link: &Link<'_>, summary: &str) -> Refusal {
    let (location, file) = place(link);
    let summary = match own(link) {
        None => format!("{summary}; the job has no `permissions`, and no default includes it"),
        Some(own) if own.path == "/permissions" => {
            format!("{summary} in the workflow's permissions, and the job has none of its own")
        }
        Some(_) => summary.to_owned(),
    };
    refuse(
        CauseId::MissingIdTokenPermission,
        summary,
        GRANT,
        location,
        file,
    )
}

fn not_granted(caller: &Link<'_>) -> Refusal {
    let (location, file) = place(caller);
    let summary = format!(
        "the job `{}`, which calls the reusable workflow, does not grant `id-token: write`",
        caller.job.id
    );
    refuse(
        CauseId::ReusableWorkflowPermission,
        summary,
        GRANT,
        location,
        file,
    )
}

fn asks_too_much(called: &Link<'_>, asked: &Permissions, caller: &Link<'_>) -> Refusal {
    let (location, file) = place(caller);
    let line = called
        .workflow
        .parsed
        .source
        .position(asked.span.start)
        .line;
    let summary = format!(
        "the called job `{}` asks for `id-token: write` ({}:{line}), but its caller `{}` does not grant it: the run does not start, \"The nested job '{}' is requesting 'id-token: write', but is only allowed 'id-token: none'.\"",
        called.job.id, called.workflow.parsed.file, caller.job.id, called.job.id,
    );
    let refusal = refuse(
        CauseId::ReusableWorkflowPermission,
        summary,
        GRANT,
        location,
        file,
    );
    Refusal {
        is_asked: true,
        ..refusal
    }
}

fn refuse(id: CauseId, summary: String, help: &str, location: Location, file: String) -> Refusal {
    let cause = Cause {
        location: Some(location),
        ..Cause::new(id, summary, help)
    };
    Refusal {
        cause,
        file,
        is_asked: false,
    }
}

/// What the kind of run takes away, whatever the files say: certainly, and perhaps.
pub(crate) fn of_run(
    event: &str,
    trigger: (Location, String),
    run: &Run,
    settings: &Settings,
) -> (Option<Refusal>, Vec<Cause>) {
    let kind = runs::kind(event);
    let mut unless = Vec::new();
    let mut certain = None;
    let mut take = |is: Option<bool>, cause: Cause| match is {
        Some(true) => {
            certain = certain.take().or(Some(Refusal {
                cause,
                file: trigger.1.clone(),
                is_asked: true,
            }))
        }
        None => unless.push(cause),
        Some(false) => {}
    };
    let at = |cause: Cause| Cause {
        location: Some(trigger.0.clone()),
        ..cause
    };
    if kind.is_pull_request() && kind != Kind::PullRequestTarget && !settings.fork_write_tokens {
        take(run.fork, at(fork()));
    }
    let is_bot = run
        .actor
        .as_deref()
        .map(|actor| actor.eq_ignore_ascii_case("dependabot[bot]"));
    match kind.is_restricted_for_dependabot(event) {
        Some(true) => take(
            is_bot,
            at(dependabot(
                "the run is started by Dependabot, which gets a read-only token",
            )),
        ),
        None if is_bot != Some(false) => take(
            None,
            at(dependabot(
                "the run is started by Dependabot on a base branch that Dependabot created, too",
            )),
        ),
        _ => {}
    }
    if kind == Kind::Call {
        unless.push(at(Cause::new(
            CauseId::ReusableWorkflowPermission,
            "the caller does not grant `id-token: write`",
            "the caller's job names `id-token: write` in its permissions",
        )));
    }
    (certain, unless)
}

fn fork() -> Cause {
    Cause::new(
        CauseId::ForkPullRequest,
        "the pull request comes from a fork: its run gets a read-only token, whatever the workflow says",
        "assume the role in a workflow on push or workflow_run, after review; a private repository may also send write tokens to pull requests from forks",
    )
}

fn dependabot(summary: &str) -> Cause {
    Cause::new(
        CauseId::Dependabot,
        summary,
        "skip the job for Dependabot with `if: github.actor != 'dependabot[bot]'`, or run it after the merge",
    )
}

/// The span of the trigger's name, as a place.
pub(crate) fn trigger_place(chain: &Chain<'_>, span: Span) -> Option<(Location, String)> {
    let parsed = chain.links.first()?.workflow.parsed;
    Some((parsed.location("/on", span), parsed.file.clone()))
}
