//! The subject: its prefix, with ids or without, and the template.
//!
//! # With ids or without
//! GitHub writes owner and repository ids into the subjects of repositories that were created after 15 July 2026,
//! renamed or transferred since, or opted in (GitHub changelog 2026-04-23; docs.github.com, "OpenID Connect
//! reference"). The REST answer's `use_immutable_subject` tells the opt-in, not the effect (observed:
//! saquibrashid/nextup), so only `true` counts; `sub_claim_prefix` tells the effect. On the day itself, and where
//! the facts are not given, both forms are possible. GitHub Enterprise Server has names only.

use rolecall_core::token::catalogue;

use crate::settings::Settings;
use crate::text::Text;

/// What a subject begins with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Prefix {
    pub(crate) text: Text,
    /// In words, where both are possible.
    pub(crate) when: Option<&'static str>,
}

/// The prefixes that are possible.
pub(crate) fn prefixes(settings: &Settings) -> Vec<Prefix> {
    if let Some(prefix) = &settings.sub_claim_prefix {
        return vec![Prefix {
            text: Text::from(prefix.as_str()),
            when: None,
        }];
    }
    let names = || Prefix {
        text: with_names(settings),
        when: None,
    };
    let ids = || Prefix {
        text: with_ids(settings),
        when: None,
    };
    match has_ids(settings) {
        Some(true) => vec![ids()],
        Some(false) => vec![names()],
        None => vec![
            Prefix {
                when: Some("subject without ids"),
                ..names()
            },
            Prefix {
                when: Some("subject with ids"),
                ..ids()
            },
        ],
    }
}

/// Whether ids are in the subject; `None`: not known.
pub(crate) fn has_ids(settings: &Settings) -> Option<bool> {
    let opted_in = |template: &Option<crate::settings::Template>| {
        template
            .as_ref()
            .and_then(|template| template.use_immutable_subject)
    };
    let opt_in = opted_in(&settings.repository_template)
        .or_else(|| opted_in(&settings.organization_template));
    if settings.is_server() {
        return Some(false);
    }
    if opt_in == Some(true) {
        return Some(true);
    }
    if settings
        .host
        .as_deref()
        .is_some_and(|host| host.contains(".ghe.com"))
    {
        return None;
    }
    let since = [
        &settings.created_at,
        &settings.renamed_at,
        &settings.transferred_at,
    ]
    .map(|date| date.as_deref().and_then(is_after));
    if since.contains(&Some(true)) {
        return Some(true);
    }
    (since == [Some(false); 3]).then_some(false)
}

/// Whether a date is after 15 July 2026; `None`: on that day, or not readable. `never` is before.
fn is_after(date: &str) -> Option<bool> {
    const DAY: &str = "2026-07-15";
    if date == "never" {
        return Some(false);
    }
    let day = date.get(..DAY.len()).filter(|_| is_date(date))?;
    (day != DAY).then(|| day > DAY)
}

/// `2026-07-15`, with or without a time.
pub(crate) fn is_date(text: &str) -> bool {
    let day = text.get(..10).unwrap_or_default();
    let fits = |(index, b): (usize, u8)| {
        if matches!(index, 4 | 7) {
            b == b'-'
        } else {
            b.is_ascii_digit()
        }
    };
    day.len() == 10
        && day.bytes().enumerate().all(fits)
        && (text.len() == 10 || text.as_bytes().get(10) == Some(&b'T'))
}

/// Owner and name; holes where they are not given.
pub(crate) fn names(settings: &Settings) -> (Text, Text) {
    let hole = |name| Text::hole(name);
    let split = settings
        .repository
        .as_deref()
        .and_then(|repository| repository.split_once('/'));
    split.map_or_else(
        || (hole("the owner"), hole("the repository")),
        |(owner, name)| (Text::from(owner), Text::from(name)),
    )
}

fn with_names(settings: &Settings) -> Text {
    let (owner, name) = names(settings);
    let mut text = Text::from("repo:");
    text.push(&owner);
    text.push_known("/");
    text.push(&name);
    text
}

fn with_ids(settings: &Settings) -> Text {
    let (owner, name) = names(settings);
    let id = |id: &Option<String>, hole: &str| {
        id.as_deref().map_or_else(|| Text::hole(hole), Text::from)
    };
    let mut text = Text::from("repo:");
    text.push(&owner);
    text.push_known("@");
    text.push(&id(&settings.repository_owner_id, "the owner's id"));
    text.push_known("/");
    text.push(&name);
    text.push_known("@");
    text.push(&id(&settings.repository_id, "the repository's id"));
    text
}

/// What is wrong with a key of a template.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum KeyFault {
    /// The run fails.
    Fails(String),
    /// The segment is not known.
    Unknown(String),
}

/// Keys that were seen not to work: PaloAltoNetworks/github-oidc-utils, 2024.
const UNUSABLE: [&str; 4] = ["sha", "enterprise", "enterprise_id", "ref_protected"];

/// Whether a key of a template works; an environment is asked for elsewhere.
pub(crate) fn key_fault(key: &str) -> Option<KeyFault> {
    if key == "aud" {
        return Some(KeyFault::Fails(
            "`aud` in the subject's template makes every request for a token fail".to_owned(),
        ));
    }
    if UNUSABLE.contains(&key) {
        return Some(KeyFault::Unknown(format!(
            "`{key}` was seen not to work in a subject's template"
        )));
    }
    let is_known = matches!(key, "repo" | "context")
        || key.starts_with("repo_property_")
        || catalogue::presence(key).is_some_and(catalogue::Presence::is_in_id_token);
    (!is_known).then(|| KeyFault::Unknown(format!("`{key}` in the subject's template is no claim of GitHub's tokens; the API does not check that")))
}

/// The subject by a template. `claim` gives a claim's text; `None`: the token does not carry it.
pub(crate) fn render(
    keys: &[String],
    prefix: &Text,
    tail: &Text,
    claim: impl Fn(&str) -> Option<Text>,
) -> Text {
    let mut subject = Text::default();
    for (index, key) in keys.iter().enumerate() {
        if index > 0 {
            subject.push_known(":");
        }
        match key.as_str() {
            "repo" => subject.push(prefix),
            "context" => subject.push(tail),
            key if key_fault(key).is_some() => {
                subject.push_known(key);
                subject.push_hole(&format!("`{key}` in the template"));
            }
            key => {
                subject.push_known(key);
                match claim(key) {
                    Some(value) if value.known() != Some("") => {
                        subject.push_known(":");
                        subject.push(&value.escaped());
                    }
                    // head_ref and base_ref outside of pull requests: "the bare key" (github-oidc-utils).
                    _ => subject.push_hole(&format!("`{key}` without a value")),
                }
            }
        }
    }
    subject
}

/// `[repo, context]`, GitHub's default.
pub(crate) fn default_subject(prefix: &Text, tail: &Text) -> Text {
    let mut subject = prefix.clone();
    subject.push_known(":");
    subject.push(tail);
    subject
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::settings::Template;

    fn settings(created: Option<&str>, renamed: Option<&str>, opt_in: Option<bool>) -> Settings {
        Settings {
            repository: Some("octo-org/octo-repo".to_owned()),
            repository_owner_id: Some("123456".to_owned()),
            repository_id: Some("456789".to_owned()),
            created_at: created.map(str::to_owned),
            renamed_at: renamed.map(str::to_owned),
            transferred_at: renamed.map(str::to_owned),
            repository_template: opt_in.map(|on| Template {
                use_immutable_subject: Some(on),
                ..Template::default()
            }),
            ..Settings::default()
        }
    }

    fn shown(settings: &Settings) -> Vec<String> {
        prefixes(settings)
            .iter()
            .map(|prefix| prefix.text.pattern())
            .collect()
    }

    const NAMES: &str = "repo:octo-org/octo-repo";
    const IDS: &str = "repo:octo-org@123456/octo-repo@456789";

    /// The decision rule of the reference, section 3.
    #[test]
    fn with_ids_or_without() {
        let (old, day, new) = (
            Some("2024-01-26T19:01:12Z"),
            Some("2026-07-15T00:00:00Z"),
            Some("2026-07-16"),
        );
        let never = Some("never");
        for (created, renamed, opt_in, expected) in [
            (old, never, None, &[NAMES][..]),
            (old, None, None, &[NAMES, IDS]),
            (old, None, Some(false), &[NAMES, IDS]),
            (old, old, Some(false), &[NAMES]),
            (old, new, Some(false), &[IDS]),
            (new, never, Some(false), &[IDS]),
            (day, never, None, &[NAMES, IDS]),
            (old, day, None, &[NAMES, IDS]),
            (None, None, None, &[NAMES, IDS]),
            (None, None, Some(true), &[IDS]),
            (old, never, Some(true), &[IDS]),
            (Some("last year"), never, None, &[NAMES, IDS]),
        ] {
            assert_eq!(
                shown(&settings(created, renamed, opt_in)),
                expected,
                "{created:?} {renamed:?} {opt_in:?}"
            );
        }
        let told = Settings {
            sub_claim_prefix: Some(IDS.to_owned()),
            ..settings(old, never, Some(false))
        };
        assert_eq!(shown(&told), [IDS], "what GitHub says counts");
        let server = Settings {
            host: Some("ghes.example.com".to_owned()),
            ..settings(new, never, None)
        };
        assert_eq!(shown(&server), [NAMES]);
        let ghe = Settings {
            host: Some("octo.ghe.com".to_owned()),
            ..settings(old, never, None)
        };
        assert_eq!(shown(&ghe).len(), 2, "not documented there");
        assert_eq!(shown(&Settings::default()), ["repo:*/*", "repo:*@*/*@*"]);
    }

    /// Templates and subjects that GitHub documents or that were observed; sources in the reference, section 4.
    #[test]
    fn templates() {
        let claim = |key: &str| match key {
            "job_workflow_ref" => Some(Text::from(
                "octo-org/octo-automation/.github/workflows/oidc.yml@refs/heads/main",
            )),
            "repository_owner" => Some(Text::from("monalisa")),
            "repository_visibility" => Some(Text::from("private")),
            "repository_owner_id" => Some(Text::from("6154722")),
            "repository_id" => Some(Text::from("1157352866")),
            "environment" => Some(Text::from("production:eastus")),
            "ref" => Some(Text::from("refs/heads/main")),
            "repo_property_workspace_id" => Some(Text::from("ws-abc123")),
            "head_ref" => Some(Text::default()),
            _ => None,
        };
        for (keys, tail, expected) in [
            (
                &["repository_owner", "repository_visibility"][..],
                "pull_request",
                "repository_owner:monalisa:repository_visibility:private",
            ),
            (
                &["job_workflow_ref"],
                "pull_request",
                "job_workflow_ref:octo-org/octo-automation/.github/workflows/oidc.yml@refs/heads/main",
            ),
            (
                &["repo", "context", "job_workflow_ref"],
                "environment:prod",
                "repo:o/r:environment:prod:job_workflow_ref:octo-org/octo-automation/.github/workflows/oidc.yml@refs/heads/main",
            ),
            (
                &["environment", "repository_owner"],
                "x",
                "environment:production%3Aeastus:repository_owner:monalisa",
            ),
            (
                &["repo_property_workspace_id"],
                "x",
                "repo_property_workspace_id:ws-abc123",
            ),
            (
                &["repository_owner_id", "repository_id", "context"],
                "pull_request",
                "repository_owner_id:6154722:repository_id:1157352866:pull_request",
            ),
            (
                &["ref", "repo", "repository_owner"],
                "x",
                "ref:refs/heads/main:repo:o/r:repository_owner:monalisa",
            ),
            (
                &["repo", "head_ref", "context"],
                "ref:x",
                "repo:o/r:head_ref*:ref:x",
            ),
            (&["repo", "no_such_claim"], "x", "repo:o/r:no_such_claim*"),
        ] {
            let keys: Vec<String> = keys.iter().map(|key| (*key).to_owned()).collect();
            let subject = render(&keys, &Text::from("repo:o/r"), &Text::from(tail), claim);
            assert_eq!(subject.pattern(), expected);
        }
    }

    #[test]
    fn keys_that_do_not_work_are_told() {
        for (key, fails) in [
            ("aud", Some(true)),
            ("sha", Some(false)),
            ("labels", Some(false)),
            ("enviroment", Some(false)),
            ("workflow_ref", None),
            ("context", None),
        ] {
            let found = key_fault(key).map(|fault| matches!(fault, KeyFault::Fails(_)));
            assert_eq!(found, fails, "{key}");
        }
    }
}
