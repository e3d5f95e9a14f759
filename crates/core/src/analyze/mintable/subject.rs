//! `sub`, read strictly.
//!
//! A subject is read from left to right, a key and its value at a time. A value never holds `:`, so that there
//! is one reading at most (docs.github.com, "OpenID Connect reference", "Customizing the subject claims").

use super::{name, unless};

/// What a key of the template gave.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Segment<'s> {
    /// `repo:OWNER/NAME`, or `repo:OWNER@ID/NAME@ID` (GitHub changelog, 2026-04-23).
    Repo {
        /// `OWNER/NAME`, without ids.
        full_name: String,
        /// The owner's id and the repository's.
        ids: Option<(&'s str, &'s str)>,
    },
    /// `pull_request`.
    PullRequest,
    /// `KEY:VALUE`, the value as written.
    Claim(&'s str, &'s str),
}

/// Takes a subject apart.
pub(super) fn read(sub: &str) -> Result<Vec<Segment<'_>>, String> {
    let mut parts = sub.split(':');
    let mut segments = Vec::new();
    while let Some(key) = parts.next() {
        segments.push(match key {
            "pull_request" => Segment::PullRequest,
            _ => {
                let value = parts.next();
                segment(
                    key,
                    value.ok_or_else(|| format!("`sub` ends after `{key}`"))?,
                )?
            }
        });
    }
    each_once(&segments)?;
    Ok(segments)
}

fn segment<'s>(key: &'s str, value: &'s str) -> Result<Segment<'s>, String> {
    if key == "repo" {
        return repo(value);
    }
    let is_usable = USABLE.contains(&key)
        || key
            .strip_prefix("repo_property_")
            .is_some_and(|name| !name.is_empty());
    unless(is_usable, || {
        format!("no template of a subject gives `{key}`")
    })?;
    Ok(Segment::Claim(key, value))
}

/// The claims that a template can name, tried one by one (PaloAltoNetworks/github-oidc-utils, 2024), and custom
/// properties (GitHub changelog, 2026-04-02). `sha`, `enterprise`, `enterprise_id`, `ref_protected` and `aud` cannot be had.
const USABLE: [&str; 23] = [
    "actor",
    "actor_id",
    "base_ref",
    "environment",
    "environment_node_id",
    "event_name",
    "head_ref",
    "job_workflow_ref",
    "job_workflow_sha",
    "ref",
    "ref_type",
    "repository",
    "repository_id",
    "repository_owner",
    "repository_owner_id",
    "repository_visibility",
    "run_attempt",
    "run_id",
    "run_number",
    "runner_environment",
    "workflow",
    "workflow_ref",
    "workflow_sha",
];

fn repo(value: &str) -> Result<Segment<'_>, String> {
    let wrong = || format!("`repo:{value}` names no repository");
    let (owner, repository) = value.split_once('/').ok_or_else(wrong)?;
    let (owner, repository, ids) = match (owner.split_once('@'), repository.split_once('@')) {
        (None, None) => (owner, repository, None),
        (Some((owner, of)), Some((repository, id))) => (owner, repository, Some((of, id))),
        _ => {
            return Err(format!(
                "`repo:{value}` has one id, and both or none are given"
            ));
        }
    };
    let fits = name::is_owner(owner)
        && name::is_repository(repository)
        && ids.is_none_or(|(of, id)| name::is_id(of) && name::is_id(id));
    unless(fits, wrong)?;
    Ok(Segment::Repo {
        full_name: format!("{owner}/{repository}"),
        ids,
    })
}

/// A template has each key once (docs.github.com, REST, "Set the customization template for an OIDC subject
/// claim"). `context` gives an environment or a ref beside the one of the key of that name.
fn each_once(segments: &[Segment<'_>]) -> Result<(), String> {
    let twice = |key: &str| Err(format!("`sub` has `{key}` more often than a template can"));
    for (index, segment) in segments.iter().enumerate() {
        let key = key(segment);
        let before = segments
            .iter()
            .take(index)
            .filter(|other| self::key(other) == key)
            .count();
        if before > usize::from(matches!(key, "environment" | "ref")) {
            return twice(key);
        }
    }
    // There is one `context` at most.
    let contexts = [
        count(segments, "pull_request"),
        doubled(segments, "environment"),
        doubled(segments, "ref"),
    ];
    unless(contexts.iter().sum::<usize>() <= 1, || {
        "`sub` has the segment of `context` more than once".to_owned()
    })
}

fn key<'s>(segment: &Segment<'s>) -> &'s str {
    match segment {
        Segment::Repo { .. } => "repo",
        Segment::PullRequest => "pull_request",
        Segment::Claim(key, _) => key,
    }
}

/// How many segments a key gave.
pub(super) fn count(segments: &[Segment<'_>], wanted: &str) -> usize {
    segments
        .iter()
        .filter(|segment| key(segment) == wanted)
        .count()
}

fn doubled(segments: &[Segment<'_>], key: &str) -> usize {
    count(segments, key).saturating_sub(1)
}
