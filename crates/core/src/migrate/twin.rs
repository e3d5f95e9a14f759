//! The same value in the form with ids.

use super::Repository;
use crate::condition::{Operator, Test};
use crate::pattern::Pattern;

/// What becomes of a value that has to do with a repository.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Twin {
    /// This stands beside it.
    Is(String),
    /// It admits the new form already, and others' too: why.
    Open(&'static str),
}

/// The twin of a value, where it is about this repository in the form without ids.
pub(super) fn of(value: &str, operator: Operator, repository: &Repository) -> Option<Twin> {
    let rest = value.strip_prefix("repo:")?;
    let wild = operator.test == Test::StringLike;
    let equal = |a: &str, b: &str| match operator.test {
        Test::StringEqualsIgnoreCase => a.eq_ignore_ascii_case(b),
        _ => a == b,
    };
    let Some((owner, rest)) = rest.split_once('/') else {
        return open(value, wild, repository);
    };
    if !equal(owner, &repository.owner) {
        return open(value, wild, repository);
    }
    let (name, tail) = rest.split_at_checked(rest.find(':').unwrap_or(rest.len()))?;
    let name = if equal(name, &repository.name) {
        format!("{name}@{}", repository.id)
    } else if wild && Pattern::wildcard(name).matches(&repository.name) {
        with_any_id(name)
    } else {
        return None;
    };
    Some(Twin::Is(format!(
        "repo:{owner}@{}/{name}{tail}",
        repository.owner_id
    )))
}

/// A star at the end spans the id, too.
fn with_any_id(pattern: &str) -> String {
    if pattern.ends_with('*') {
        pattern.to_owned()
    } else {
        format!("{pattern}@*")
    }
}

/// A wildcard before the owner is fixed: another owner can name things so that it matches.
fn open(value: &str, wild: bool, repository: &Repository) -> Option<Twin> {
    let Repository {
        owner,
        name,
        owner_id,
        id,
    } = repository;
    let names_owner = value.split('/').next().unwrap_or(value);
    if !(wild && names_owner.contains(['*', '?'])) {
        return None;
    }
    let pattern = Pattern::wildcard(value);
    let matches = |tail: &str| {
        pattern.matches(&format!("repo:{owner}/{name}{tail}"))
            || pattern.matches(&format!("repo:{owner}@{owner_id}/{name}@{id}{tail}"))
    };
    let tails = [":ref:refs/heads/main", ":pull_request", ":environment:prod"];
    tails.into_iter().any(matches).then_some(Twin::Open(
        "its wildcard comes before the owner is fixed, so that it admits other owners' repositories, in both forms",
    ))
}

/// Whether a value is about this repository in the form with ids.
pub(super) fn is_of(value: &str, repository: &Repository) -> bool {
    let Repository {
        owner,
        name,
        owner_id,
        id,
    } = repository;
    let owned = value.strip_prefix(&format!("repo:{owner}@{owner_id}/"));
    owned.is_some_and(|rest| {
        let own = rest.split(':').next().unwrap_or_default();
        Pattern::wildcard(own).matches(&format!("{name}@{id}"))
    })
}

/// Whether a value names an owner and a repository without ids.
pub(super) fn is_classic(value: &str) -> bool {
    let names = value
        .strip_prefix("repo:")
        .and_then(|rest| rest.split(':').next());
    names.is_some_and(|names| names.contains('/') && !names.contains('@'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn twins() {
        let repository = Repository::new("octo-org/octo-repo", "12", "34").unwrap();
        for (operator, value, twin) in [
            (
                "StringLike",
                "repo:octo-org/octo-repo:*",
                Some("repo:octo-org@12/octo-repo@34:*"),
            ),
            (
                "StringEquals",
                "repo:octo-org/octo-repo:pull_request",
                Some("repo:octo-org@12/octo-repo@34:pull_request"),
            ),
            (
                "StringNotLike",
                "repo:octo-org/octo-repo:environment:prod*",
                Some("repo:octo-org@12/octo-repo@34:environment:prod*"),
            ),
            (
                "StringEqualsIgnoreCase",
                "repo:Octo-Org/octo-repo:pull_request",
                Some("repo:Octo-Org@12/octo-repo@34:pull_request"),
            ),
            ("StringEquals", "repo:Octo-Org/octo-repo:pull_request", None),
            ("StringLike", "repo:octo-org/*", Some("repo:octo-org@12/*")),
            (
                "StringLike",
                "repo:octo-org/*:ref:refs/heads/main",
                Some("repo:octo-org@12/*:ref:refs/heads/main"),
            ),
            (
                "StringLike",
                "repo:octo-org/octo-*:*",
                Some("repo:octo-org@12/octo-*:*"),
            ),
            (
                "StringLike",
                "repo:octo-org/*-repo:*",
                Some("repo:octo-org@12/*-repo@*:*"),
            ),
            (
                "StringLike",
                "repo:octo-org/octo-repo*",
                Some("repo:octo-org@12/octo-repo*"),
            ),
            ("StringEquals", "repo:octo-org/*", None),
            ("StringLike", "repo:octo-org/other:*", None),
            ("StringLike", "repo:octo-org@12/octo-repo@34:*", None),
            ("StringLike", "repo:octo-org*", Some("open")),
            ("StringLike", "repo:*/octo-repo:*", Some("open")),
            ("StringLike", "repo:octo-org*/octo-repo*:*", Some("open")),
            ("StringLike", "*", None),
            ("StringLike", "job_workflow_ref:octo-org/octo-repo/x", None),
        ] {
            let operator = Operator::parse(operator).unwrap();
            let found = match of(value, operator, &repository) {
                Some(Twin::Is(text)) => Some(text),
                Some(Twin::Open(_)) => Some("open".to_owned()),
                None => None,
            };
            assert_eq!(found.as_deref(), twin, "{value}");
        }
    }
}
