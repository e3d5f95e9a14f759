//! Writes the whole set-up for a GitHub repository that pushes images to an ECR repository: OIDC provider, role
//! with trust policy, permissions, and the workflow. Pure: no I/O, no clock.
//!
//! Before anything is handed out, what was written is judged as a user would: tokens of the chosen branch, tag,
//! environment or pull request must get in, others must not, nobody but the owner may get in at all, IAM must
//! store the policy, and the role must be able to push. A set-up that fails is refused with the reason.
//!
//! # What is chosen, and why
//! - **Subject.** Classic, with ids, or both. GitHub writes ids for repositories created, renamed or transferred
//!   after 15 July 2026, or opted in (GitHub changelog 2026-04-23). Where it can't be known, both are accepted.
//! - **`repository_id`** is tested beside a classic subject, where the id is known: a name can be registered by
//!   somebody else after a rename, an id never is. AWS has the key since 2026 (IAM User Guide, "Available keys for
//!   AWS OIDC federation").
//! - **An environment** stands in the subject instead of the branch: its rules, not the trust policy, then say which
//!   branches may deploy.
//! - **`contents: read`** beside `id-token: write`: naming one permission takes away all others.
//!
//! # Limitations
//! github.com only. The ECR repository is taken to be in the role's account.
//!
//! ```
//! use rolecall_generate::{Entry, Form, Request, Setup};
//!
//! let request = Request {
//!     ids: Some(("123456".to_owned(), "456789".to_owned())),
//!     ..Request::new("octo-org/octo-repo", Entry::Branch("main".to_owned()), "111122223333", "eu-west-1", "octo-repo")
//! };
//! let setup = Setup::new(request).unwrap();
//! assert!(setup.trust_policy().contains("repo:octo-org@123456/octo-repo@456789:ref:refs/heads/main"));
//! assert!(setup.files(Form::Terraform).iter().any(|file| file.path == ".github/workflows/push-image.yml"));
//! ```

mod cloudformation;
mod foresight;
mod names;
mod proof;
mod shell;
mod terraform;
mod trust;
mod workflow;
mod written;

use rolecall_core::push::{Grant, Grants, LOGIN, RepositoryArn, pull_actions, push_actions};
use serde::Serialize;

pub use proof::{Proved, judged};
pub use written::Written;

/// What is wanted.
#[derive(Debug, Clone)]
pub struct Request {
    /// `OWNER/NAME`, in the case that GitHub has registered.
    pub repository: String,
    /// The ids of owner and repository.
    pub ids: Option<(String, String)>,
    /// Which form of subjects is accepted; `None`: both where the ids are known.
    pub subjects: Option<Subjects>,
    /// Which runs get in.
    pub entry: Entry,
    /// The branch that workflows of an environment start from.
    pub default_branch: String,
    /// The AWS account.
    pub account: String,
    /// The region of the ECR repository.
    pub region: String,
    /// The ECR repository's name.
    pub ecr: String,
    /// The role's name.
    pub role: String,
    /// Whether the account has GitHub's provider already: an account can have but one for a URL.
    pub existing_provider: bool,
    /// Whether the role may pull, too.
    pub pull: bool,
}

/// Which form of subjects.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Subjects {
    /// `repo:OWNER/NAME:...`
    Classic,
    /// `repo:OWNER@ID/NAME@ID:...`
    Immutable,
    /// Both.
    Both,
}

/// Which runs get in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Entry {
    /// Those of a branch; `*` is a wildcard.
    Branch(String),
    /// Those of a tag; `*` is a wildcard.
    Tag(String),
    /// Those of jobs with this environment.
    Environment(String),
    /// Those of pull requests. Forks get no token.
    PullRequests,
}

/// How the set-up is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// Terraform configuration.
    Terraform,
    /// A CloudFormation template.
    CloudFormation,
    /// Commands of the AWS CLI.
    Commands,
    /// The policies as JSON.
    Files,
}

/// A file of the set-up.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct File {
    /// Its path, relative.
    pub path: String,
    /// Its text.
    pub text: String,
}

/// Why there is no set-up.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refused {
    /// What is wrong: lower case, no full stop.
    pub message: String,
    /// What to do.
    pub help: String,
    /// The request itself is wrong; else what was written failed the proof.
    pub is_input: bool,
}

impl Refused {
    fn input(message: impl Into<String>, help: impl Into<String>) -> Self {
        Self {
            message: message.into(),
            help: help.into(),
            is_input: true,
        }
    }

    /// What was written failed the proof.
    #[must_use]
    pub fn proof(message: impl Into<String>, help: impl Into<String>) -> Self {
        Self {
            is_input: false,
            ..Self::input(message, help)
        }
    }
}

impl Request {
    /// A request with the usual choices for all that is not given.
    #[must_use]
    pub fn new(repository: &str, entry: Entry, account: &str, region: &str, ecr: &str) -> Self {
        let name = repository.rsplit('/').next().unwrap_or_default();
        let role: String = format!("{name}-push").chars().take(64).collect();
        Self {
            repository: repository.to_owned(),
            ids: None,
            subjects: None,
            entry,
            default_branch: "main".to_owned(),
            account: account.to_owned(),
            region: region.to_owned(),
            ecr: ecr.to_owned(),
            role,
            existing_provider: false,
            pull: false,
        }
    }
}

/// A set-up that was proved.
#[derive(Debug, Clone)]
pub struct Setup {
    request: Request,
    owner: String,
    name: String,
    subjects: Subjects,
    target: RepositoryArn,
    notes: Vec<String>,
    proved: Vec<Proved>,
}

impl Setup {
    /// Works out a set-up and proves it.
    ///
    /// # Errors
    /// The request is wrong, or what it asks for fails the proof.
    pub fn new(request: Request) -> Result<Self, Refused> {
        let (owner, name, target) = names::checked(&request)?;
        let subjects = names::subjects(&request)?;
        let mut setup = Self {
            owner,
            name,
            subjects,
            target,
            notes: Vec::new(),
            proved: Vec::new(),
            request,
        };
        setup.notes = setup.remarks();
        let grants = serde_json::to_string(&setup.grants()).unwrap_or_default();
        setup.proved = judged(&setup, &setup.trust_policy(), &grants)?;
        Ok(setup)
    }

    /// What was asked for.
    #[must_use]
    pub const fn request(&self) -> &Request {
        &self.request
    }

    /// What was proved, in the order of the proof.
    #[must_use]
    pub fn proved(&self) -> &[Proved] {
        &self.proved
    }

    /// What is worth knowing about the choices.
    #[must_use]
    pub fn notes(&self) -> &[String] {
        &self.notes
    }

    /// The repository that is pushed to.
    #[must_use]
    pub const fn target(&self) -> &RepositoryArn {
        &self.target
    }

    /// The role's ARN.
    #[must_use]
    pub fn role_arn(&self) -> String {
        format!(
            "arn:{}:iam::{}:role/{}",
            self.target.partition, self.request.account, self.request.role
        )
    }

    /// The trust policy as JSON.
    #[must_use]
    pub fn trust_policy(&self) -> String {
        pretty(&trust::policy(self))
    }

    /// The permissions as JSON.
    #[must_use]
    pub fn permission_policy(&self) -> String {
        pretty(&self.grants())
    }

    /// All files; the workflow is the last.
    #[must_use]
    pub fn files(&self, form: Form) -> Vec<File> {
        let mut files = match form {
            Form::Terraform => terraform::files(self),
            Form::CloudFormation => cloudformation::files(self),
            Form::Commands => shell::files(self),
            Form::Files => vec![
                file("trust.json", self.trust_policy()),
                file("permissions.json", self.permission_policy()),
            ],
        };
        files.push(workflow::written(self));
        files
    }

    /// The least that pushing needs: the login knows no resource, the rest is limited to the repository.
    fn grants(&self) -> Grants {
        let mut actions: Vec<&'static str> = push_actions().collect();
        if self.request.pull {
            actions.extend(pull_actions());
        }
        actions.sort_unstable();
        actions.dedup();
        Grants::new(vec![
            Grant {
                sid: Some("Login"),
                ..Grant::on(vec![LOGIN], "*".to_owned())
            },
            Grant {
                sid: Some("Push"),
                ..Grant::on(actions, self.target.to_string())
            },
        ])
    }

    /// In China the audience carries the partition's domain (aws-actions/configure-aws-credentials, README).
    fn audience(&self) -> &'static str {
        if self.target.partition == "aws-cn" {
            "sts.amazonaws.com.cn"
        } else {
            "sts.amazonaws.com"
        }
    }

    fn provider_arn(&self) -> String {
        format!(
            "arn:{}:iam::{}:oidc-provider/{ISSUER}",
            self.target.partition, self.request.account
        )
    }

    /// Why a condition key is tested, for a comment.
    fn why(&self, key: &str) -> &'static str {
        match key.rsplit(':').next() {
            Some("aud") => "meant for AWS, not for another service that trusts GitHub",
            Some("repository_id") => {
                "a name can be registered by somebody else after a rename, an id never is"
            }
            _ => match (self.subjects, &self.request.entry) {
                (Subjects::Both, _) => {
                    "both forms of subjects: GitHub writes ids for repositories created, renamed or transferred after 15 July 2026, or opted in"
                }
                (_, Entry::Environment(_)) => {
                    "the environment stands in the subject instead of the branch: its rules say which branches may deploy"
                }
                (Subjects::Immutable, _) => "the form with ids: no other repository ever has them",
                (Subjects::Classic, _) => {
                    "the form without ids: for repositories older than 15 July 2026 that have not opted in"
                }
            },
        }
    }

    fn remarks(&self) -> Vec<String> {
        let mut remarks = Vec::new();
        if self.subjects == Subjects::Both {
            remarks.push("both forms of subjects are accepted: leave out the one that the repository's tokens do not have, `rolecall migrate` does it".to_owned());
        }
        if self.request.ids.is_none() {
            remarks.push("without ids whoever registers the name after a rename gets in: give the ids (--owner-id, --repo-id)".to_owned());
        }
        match &self.request.entry {
            Entry::Environment(name) => remarks.push(format!(
                "limit the environment {name} to the branches that may deploy (Settings, Environments): the subject does not tell the branch"
            )),
            Entry::PullRequests => remarks.push(
                "every pull request from a branch of the repository can push, before anybody has reviewed it; pull requests from forks get no token".to_owned(),
            ),
            Entry::Branch(name) | Entry::Tag(name) if name.contains('*') => remarks.push(format!(
                "whoever may create a ref that matches {name} can push: protect these refs with a ruleset"
            )),
            Entry::Branch(_) | Entry::Tag(_) => {}
        }
        remarks
    }
}

/// GitHub's issuer without its scheme: what the provider's ARN and the condition keys begin with.
const ISSUER: &str = "token.actions.githubusercontent.com";

fn file(path: &str, text: String) -> File {
    File {
        path: path.to_owned(),
        text,
    }
}

/// Writing to a String fails only for maps whose keys are no strings; ours have none.
fn pretty(value: &impl Serialize) -> String {
    serde_json::to_string_pretty(value).unwrap_or_default() + "\n"
}

#[cfg(test)]
mod tests;
