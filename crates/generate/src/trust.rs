//! The trust policy.

use serde::Serialize;
use serde_json::{Map, Value};

use super::{Entry, ISSUER, Setup, Subjects};

/// The document.
#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct Document {
    version: &'static str,
    statement: [Statement; 1],
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Statement {
    sid: &'static str,
    effect: &'static str,
    principal: Principal,
    action: &'static str,
    condition: Condition,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Principal {
    federated: String,
}

#[derive(Default, Serialize)]
#[serde(rename_all = "PascalCase")]
struct Condition {
    string_equals: Map<String, Value>,
    #[serde(skip_serializing_if = "Map::is_empty")]
    string_like: Map<String, Value>,
}

pub(crate) fn policy(setup: &Setup) -> Document {
    let mut condition = Condition::default();
    for (operator, key, values) in tests(setup) {
        let tests = match operator {
            "StringLike" => &mut condition.string_like,
            _ => &mut condition.string_equals,
        };
        tests.insert(key, list(values));
    }
    Document {
        version: "2012-10-17",
        statement: [Statement {
            sid: "GitHubActions",
            effect: "Allow",
            principal: Principal {
                federated: setup.provider_arn(),
            },
            action: "sts:AssumeRoleWithWebIdentity",
            condition,
        }],
    }
}

fn list(mut values: Vec<String>) -> Value {
    match values.len() {
        1 => values.remove(0).into(),
        _ => values.into(),
    }
}

/// Operator, key and values of every test.
pub(crate) fn tests(setup: &Setup) -> Vec<(&'static str, String, Vec<String>)> {
    let mut tests = vec![
        (
            "StringEquals",
            key("aud"),
            vec![setup.audience().to_owned()],
        ),
        (operator(&setup.request.entry), key("sub"), subjects(setup)),
    ];
    if let Some(id) = pinned(setup) {
        tests.push(("StringEquals", key("repository_id"), vec![id.to_owned()]));
    }
    tests
}

/// The repository's id, where a classic subject needs it beside.
pub(crate) fn pinned(setup: &Setup) -> Option<&str> {
    let (_, id) = setup.request.ids.as_ref()?;
    (setup.subjects != Subjects::Immutable).then_some(id)
}

fn key(name: &str) -> String {
    format!("{ISSUER}:{name}")
}

/// `StringEquals` takes wildcards literally.
fn operator(entry: &Entry) -> &'static str {
    match entry {
        Entry::Branch(name) | Entry::Tag(name) if name.contains('*') => "StringLike",
        _ => "StringEquals",
    }
}

/// The accepted subjects.
pub(crate) fn subjects(setup: &Setup) -> Vec<String> {
    let tail = tail(&setup.request.entry);
    prefixes(setup)
        .into_iter()
        .map(|prefix| format!("{prefix}:{tail}"))
        .collect()
}

/// What subjects begin with, in each accepted form.
pub(crate) fn prefixes(setup: &Setup) -> Vec<String> {
    let Setup { owner, name, .. } = setup;
    let classic = (setup.subjects != Subjects::Immutable).then(|| format!("repo:{owner}/{name}"));
    let ids = setup.request.ids.as_ref();
    let immutable = ids
        .filter(|_| setup.subjects != Subjects::Classic)
        .map(|(owner_id, id)| format!("repo:{owner}@{owner_id}/{name}@{id}"));
    classic.into_iter().chain(immutable).collect()
}

/// What subjects end in. GitHub writes a `:` in an environment's name as `%3A`
/// (GitHub, "OpenID Connect reference", "Example subject claims").
pub(crate) fn tail(entry: &Entry) -> String {
    match entry {
        Entry::Branch(name) => format!("ref:refs/heads/{name}"),
        Entry::Tag(name) => format!("ref:refs/tags/{name}"),
        Entry::Environment(name) => format!("environment:{}", name.replace(':', "%3A")),
        Entry::PullRequests => "pull_request".to_owned(),
    }
}
