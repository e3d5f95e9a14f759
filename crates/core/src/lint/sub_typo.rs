//! A subject that GitHub would not write.

use super::subject::mistaken;
use super::view::View;
use super::{Draft, Rule};
use crate::report::{CauseId, Finding, Severity};
use crate::token::subject::{Kind, MistakeKind, Subject};

pub(super) const RULE: Rule = Rule::of_cause(Severity::Error, CauseId::SubTypo, find);

const KINDS: &[MistakeKind] = &[
    MistakeKind::KeyCase,
    MistakeKind::Blank,
    MistakeKind::HostInRepo,
    MistakeKind::OwnerName,
    MistakeKind::RepositoryName,
    MistakeKind::SlashForColon,
    MistakeKind::MissingRefKey,
    MistakeKind::ShortRef,
    MistakeKind::UnknownSegment,
];

fn find(view: &View<'_>, _: &[Finding]) -> Vec<Draft> {
    mistaken(view, KINDS, |value, mistake| {
        let part = value.text.get(mistake.range.clone()).unwrap_or_default();
        let (what, help) = match mistake.kind {
            MistakeKind::KeyCase => (
                "has a key in upper case".to_owned(),
                "GitHub writes keys in lower case",
            ),
            MistakeKind::Blank => ("has a blank too much".to_owned(), "remove it"),
            MistakeKind::HostInRepo => (
                "has a host before the owner".to_owned(),
                "write `repo:OWNER/REPO`",
            ),
            MistakeKind::OwnerName if part.is_empty() => (
                "names no owner".to_owned(),
                "write the owner before the `/`",
            ),
            MistakeKind::OwnerName => (
                format!("names the owner `{part}`, and GitHub has no such names"),
                "owners have letters, digits and hyphens",
            ),
            MistakeKind::RepositoryName => (
                format!("names the repository `{part}`, and GitHub has no such names"),
                "write `repo:OWNER/REPO`",
            ),
            MistakeKind::SlashForColon => (
                "has a slash where GitHub writes a colon".to_owned(),
                "write `ref:refs/heads/BRANCH` or `environment:NAME`",
            ),
            MistakeKind::MissingRefKey => (
                "lacks the `ref:` before the ref".to_owned(),
                "write `ref:refs/heads/BRANCH`",
            ),
            MistakeKind::ShortRef => (
                "has a short ref".to_owned(),
                "write the full one, such as refs/heads/main",
            ),
            _ if is_in_environment(value.text, mistake.range.start) => (
                "has a colon in the environment's name".to_owned(),
                "GitHub writes it as `%3A`",
            ),
            _ => (
                format!("has the part `{part}`, which is no part of a subject"),
                "write `repo:OWNER/REPO` and then `ref:...`, `environment:...` or `pull_request`",
            ),
        };
        (what, help)
    })
}

/// Whether the part stands right after an environment's name.
fn is_in_environment(sub: &str, start: usize) -> bool {
    let subject = Subject::parse_pattern(sub);
    let before = subject
        .segments()
        .iter()
        .rfind(|segment| segment.range().end < start);
    before.is_some_and(|segment| segment.kind == Kind::Environment)
}

#[cfg(test)]
mod tests {
    use super::super::tests::{found, table};

    #[test]
    fn what_github_never_writes() {
        for sub in [
            "repo:github.com/octo-org/octo-repo:*",
            "repo:https://github.com/octo-org/octo-repo:pull_request",
            "Repo:octo-org/octo-repo:pull_request",
            "repo:octo-org/octo-repo:ref:main",
            "repo:octo-org/octo-repo:refs/heads/main",
            "repo:octo-org/octo-repo:ref/refs/heads/main",
            "repo:octo-org/octo-repo:environment:Production:EU",
            "repo:/octo-repo:*",
            "repo:octo-org/octo-repo:branch:main",
            "invalid",
        ] {
            let example = format!(r#"{{"StringLike": {{"sub": "{sub}"}}}}"#);
            assert_eq!(found(&super::RULE, &example), format!(r#"error "{sub}""#));
        }
    }

    #[test]
    fn what_may_be_a_subject_is_left_alone() {
        for sub in [
            "repo:octo-org/*:main",
            "repo:octo-org/octo-repo:environment:Production%3AEU",
            "repo:octo-org/octo-repo:workflow:build: and test",
            "repository_owner:octo-org:repository_visibility:private",
            "repo:octo-org/octo-repo:repo_property_team:web",
            "*:main",
        ] {
            let example = format!(r#"{{"StringLike": {{"sub": "{sub}"}}}}"#);
            table(&super::RULE, &[(&example, "")]);
        }
    }
}
