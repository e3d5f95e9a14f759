//! The usual runs of a repository, each as the claims of its token: what a matrix and the page's strip judge.
//!
//! A [`Repository`] is derived from a policy's text or given; [`ALL`] lists the runs. Claims that hang on
//! the run alone (`run_id`, `sha` ...) are made up, and the times are fixed, so that answers are the same
//! always. Sources: docs.github.com, "OpenID Connect reference" and "Events that trigger workflows"; the
//! form of each claim is that of published tokens of 2026.
//!
//! ```
//! use rolecall_core::scenario::{Form, Repository, find};
//!
//! let repository = Repository::new("octo-org", "octo-repo");
//! let run = find("pull-request").unwrap();
//! assert_eq!(run.claims(&repository, Form::Classic)["sub"], "repo:octo-org/octo-repo:pull_request");
//! assert_eq!(
//!     run.claims(&repository, Form::Immutable)["sub"],
//!     "repo:octo-org@123456/octo-repo@456789:pull_request"
//! );
//! ```

mod derive;

use serde_json::{Map, Value};

use crate::case::Case;
use crate::sts::GITHUB_ISSUER;

/// A repository, and how its runs look.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Repository {
    /// The issuer of its tokens.
    pub issuer: String,
    /// The audience that its workflows ask for.
    pub audience: String,
    /// The user or organisation that owns it.
    pub owner: String,
    /// Its name without the owner.
    pub name: String,
    /// The owner's id.
    pub owner_id: String,
    /// The repository's id.
    pub id: String,
    /// The default branch.
    pub branch: String,
    /// A deployment environment.
    pub environment: String,
    /// The workflow's file.
    pub workflow_file: String,
}

impl Repository {
    /// A repository with made-up ids, the default branch `main` and the environment `production`.
    #[must_use]
    pub fn new(owner: impl Into<String>, name: impl Into<String>) -> Self {
        Self {
            issuer: GITHUB_ISSUER.to_owned(),
            audience: "sts.amazonaws.com".to_owned(),
            owner: owner.into(),
            name: name.into(),
            owner_id: "123456".to_owned(),
            id: "456789".to_owned(),
            branch: "main".to_owned(),
            environment: "production".to_owned(),
            workflow_file: "deploy.yml".to_owned(),
        }
    }

    /// `OWNER/NAME`
    #[must_use]
    pub fn full_name(&self) -> String {
        format!("{}/{}", self.owner, self.name)
    }

    fn subject_prefix(&self, form: Form) -> String {
        let Self {
            owner,
            owner_id,
            name,
            id,
            ..
        } = self;
        match form {
            Form::Classic => format!("repo:{owner}/{name}"),
            Form::Immutable => format!("repo:{owner}@{owner_id}/{name}@{id}"),
        }
    }
}

/// The two forms of GitHub's default subject.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// `repo:OWNER/REPO:...`
    Classic,
    /// `repo:OWNER@ID/REPO@ID:...`
    Immutable,
}

impl Form {
    /// Both.
    pub const BOTH: [Self; 2] = [Self::Classic, Self::Immutable];

    /// The word for it.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Classic => "classic",
            Self::Immutable => "immutable",
        }
    }
}

/// A run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Scenario {
    /// Its name, as options take it.
    pub id: &'static str,
    /// What runs, in words.
    pub title: &'static str,
    kind: Kind,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Push,
    OtherBranch,
    Tag,
    PullRequest,
    Environment,
    MergeQueue,
    ReusableWorkflow,
    Schedule,
    OtherRepository,
    OtherOwner,
}

/// All runs, in the order in which they are shown.
pub const ALL: &[Scenario] = &[
    run("push", "push to the default branch", Kind::Push),
    run("other-branch", "push to another branch", Kind::OtherBranch),
    run("tag", "push of a tag", Kind::Tag),
    run("pull-request", "pull request", Kind::PullRequest),
    run("environment", "job with an environment", Kind::Environment),
    run("merge-queue", "merge queue", Kind::MergeQueue),
    run(
        "reusable-workflow",
        "job of another repository's reusable workflow",
        Kind::ReusableWorkflow,
    ),
    run("schedule", "schedule", Kind::Schedule),
    run(
        "other-repository",
        "another repository of the owner",
        Kind::OtherRepository,
    ),
    run(
        "other-owner",
        "a fork, in its own owner's name",
        Kind::OtherOwner,
    ),
];

const fn run(id: &'static str, title: &'static str, kind: Kind) -> Scenario {
    Scenario { id, title, kind }
}

/// The run of this name.
#[must_use]
pub fn find(id: &str) -> Option<&'static Scenario> {
    ALL.iter().find(|scenario| scenario.id == id)
}

/// What differs from run to run.
struct Run {
    repository: Repository,
    event: &'static str,
    git_ref: String,
    environment: Option<String>,
    /// The repository whose workflow file defines the job, where it is another.
    defined_in: Option<&'static str>,
}

impl Scenario {
    /// The claims of the run's token.
    #[must_use]
    pub fn claims(&self, repository: &Repository, form: Form) -> Map<String, Value> {
        self.run(repository).claims(form)
    }

    /// The run as a question to `check`.
    #[must_use]
    pub fn case(&self, repository: &Repository, form: Form) -> Case {
        Case {
            claims: Some(self.claims(repository, form)),
            ..Case::default()
        }
    }

    fn run(&self, repository: &Repository) -> Run {
        let branch = |name: &str| format!("refs/heads/{name}");
        let usual = Run {
            repository: repository.clone(),
            event: "push",
            git_ref: branch(&repository.branch),
            environment: None,
            defined_in: None,
        };
        match self.kind {
            Kind::Push => usual,
            Kind::OtherBranch => Run {
                git_ref: branch("feature/try-it"),
                ..usual
            },
            Kind::Tag => Run {
                git_ref: "refs/tags/v1.0.0".to_owned(),
                ..usual
            },
            Kind::PullRequest => Run {
                event: "pull_request",
                git_ref: "refs/pull/7/merge".to_owned(),
                ..usual
            },
            Kind::Environment => Run {
                environment: Some(repository.environment.clone()),
                ..usual
            },
            Kind::MergeQueue => Run {
                event: "merge_group",
                git_ref: format!(
                    "refs/heads/gh-readonly-queue/{}/pr-7-{SHA}",
                    repository.branch
                ),
                ..usual
            },
            Kind::ReusableWorkflow => Run {
                defined_in: Some("shared-workflows"),
                ..usual
            },
            Kind::Schedule => Run {
                event: "schedule",
                ..usual
            },
            Kind::OtherRepository => Run {
                repository: another_repository(repository),
                ..usual
            },
            Kind::OtherOwner => Run {
                repository: another_owner(repository),
                ..usual
            },
        }
    }
}

fn another_repository(repository: &Repository) -> Repository {
    Repository {
        name: "another-repo".to_owned(),
        id: "987654".to_owned(),
        ..repository.clone()
    }
}

fn another_owner(repository: &Repository) -> Repository {
    Repository {
        owner: "somebody-else".to_owned(),
        owner_id: "9876543".to_owned(),
        id: "98765432".to_owned(),
        ..repository.clone()
    }
}

/// A commit that is none.
const SHA: &str = "0a1b2c3d4e5f60718293a4b5c6d7e8f901234567";
/// 2026-11-25T12:00:00Z
const ISSUED: i64 = 1_795_608_000;

impl Run {
    fn claims(&self, form: Form) -> Map<String, Value> {
        let mut claims = Map::new();
        let mut set = |name: &str, value: Value| drop(claims.insert(name.to_owned(), value));
        for (name, seconds) in [("exp", 300), ("iat", 0), ("nbf", -300)] {
            set(name, (ISSUED + seconds).into());
        }
        for (name, text) in self.texts(form) {
            set(name, text.into());
        }
        if let Some(environment) = &self.environment {
            set("environment", environment.as_str().into());
        }
        claims
    }

    fn texts(&self, form: Form) -> Vec<(&'static str, String)> {
        let Repository {
            owner,
            owner_id,
            id,
            workflow_file,
            ..
        } = &self.repository;
        let full_name = self.repository.full_name();
        let file = |of: &str| format!("{of}/.github/workflows/{workflow_file}@{}", self.git_ref);
        let defined_in = self
            .defined_in
            .map_or_else(|| full_name.clone(), |name| format!("{owner}/{name}"));
        let fixed = [
            ("actor", "octocat"),
            ("actor_id", "583231"),
            ("base_ref", if self.is_pull_request() { "main" } else { "" }),
            (
                "head_ref",
                if self.is_pull_request() {
                    "feature/try-it"
                } else {
                    ""
                },
            ),
            ("event_name", self.event),
            ("jti", "00000000-0000-4000-8000-000000000000"),
            ("job_workflow_sha", SHA),
            (
                "ref_type",
                if self.git_ref.starts_with("refs/tags/") {
                    "tag"
                } else {
                    "branch"
                },
            ),
            ("repository_visibility", "private"),
            ("run_attempt", "1"),
            ("run_id", "1234567890"),
            ("run_number", "42"),
            ("runner_environment", "github-hosted"),
            ("sha", SHA),
            ("workflow", "Deploy"),
            ("workflow_sha", SHA),
        ];
        let own = [
            ("iss", self.repository.issuer.clone()),
            ("aud", self.repository.audience.clone()),
            ("sub", self.subject(form)),
            ("job_workflow_ref", file(&defined_in)),
            ("ref", self.git_ref.clone()),
            ("repository", full_name.clone()),
            ("repository_id", id.clone()),
            ("repository_owner", owner.clone()),
            ("repository_owner_id", owner_id.clone()),
            ("workflow_ref", file(&full_name)),
        ];
        let fixed = fixed.map(|(name, text)| (name, text.to_owned()));
        fixed.into_iter().chain(own).collect()
    }

    fn is_pull_request(&self) -> bool {
        self.event == "pull_request"
    }

    /// An environment stands in the place of all else, a pull request in that of its ref; `:` in a name is written `%3A`.
    fn subject(&self, form: Form) -> String {
        let escaped = |text: &str| text.replace(':', "%3A");
        let tail = match &self.environment {
            Some(environment) => format!("environment:{}", escaped(environment)),
            None if self.is_pull_request() => "pull_request".to_owned(),
            None => format!("ref:{}", escaped(&self.git_ref)),
        };
        format!("{}:{tail}", self.repository.subject_prefix(form))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::token::subject::Subject;

    #[test]
    fn subjects() {
        let repository = Repository::new("octo-org", "octo-repo");
        for (id, tail) in [
            ("push", "ref:refs/heads/main"),
            ("other-branch", "ref:refs/heads/feature/try-it"),
            ("tag", "ref:refs/tags/v1.0.0"),
            ("pull-request", "pull_request"),
            ("environment", "environment:production"),
            ("reusable-workflow", "ref:refs/heads/main"),
            ("schedule", "ref:refs/heads/main"),
        ] {
            let sub = |form| find(id).unwrap().claims(&repository, form)["sub"].clone();
            assert_eq!(
                sub(Form::Classic),
                format!("repo:octo-org/octo-repo:{tail}"),
                "{id}"
            );
            let immutable = format!("repo:octo-org@123456/octo-repo@456789:{tail}");
            assert_eq!(sub(Form::Immutable), immutable, "{id}");
        }
    }

    #[test]
    fn every_subject_is_one_that_github_writes() {
        let mut repository = Repository::new("octo-org", "octo-repo");
        repository.environment = "Production:EU".to_owned();
        for scenario in ALL {
            for form in Form::BOTH {
                let claims = scenario.claims(&repository, form);
                let sub = claims["sub"].as_str().unwrap();
                let subject = Subject::parse(sub);
                assert!(
                    subject.mistakes().is_empty() && subject.is_default(),
                    "{sub}"
                );
                assert_eq!(
                    subject.full_name().as_deref(),
                    claims["repository"].as_str()
                );
            }
        }
    }

    #[test]
    fn others_have_other_ids() {
        let repository = Repository::new("octo-org", "octo-repo");
        let of = |id: &str, claim: &str| {
            find(id).unwrap().claims(&repository, Form::Classic)[claim].clone()
        };
        assert_eq!(of("other-repository", "repository_owner_id"), "123456");
        assert_ne!(of("other-repository", "repository_id"), "456789");
        assert_ne!(of("other-owner", "repository_owner_id"), "123456");
        assert_eq!(
            of("reusable-workflow", "job_workflow_ref"),
            "octo-org/shared-workflows/.github/workflows/deploy.yml@refs/heads/main"
        );
    }
}
