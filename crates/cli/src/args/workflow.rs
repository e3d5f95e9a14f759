//! What is known of a repository and of a run of its workflows.

use clap::{Args, ValueEnum};

/// How a prediction is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum PredictFormat {
    Text,
    Plain,
    Json,
    /// For the summary of a job, or a comment
    Markdown,
    /// Annotations of GitHub Actions
    Github,
}

impl From<PredictFormat> for rolecall_report::Format {
    fn from(format: PredictFormat) -> Self {
        match format {
            PredictFormat::Text => Self::Text,
            PredictFormat::Plain => Self::Plain,
            PredictFormat::Json => Self::Json,
            PredictFormat::Markdown => Self::Markdown,
            PredictFormat::Github => Self::Github,
        }
    }
}

#[derive(Debug, Args)]
#[command(after_help = PREDICT_AFTER)]
pub(crate) struct PredictArgs {
    /// Workflows: files, folders of them, or `-`
    #[arg(required = true, value_name = "WORKFLOW")]
    pub(crate) workflows: Vec<String>,
    #[command(flatten)]
    pub(crate) facts: WorkflowFacts,
    /// The ARN of the account's identity provider: a role of another account is told
    #[arg(long, value_name = "ARN", help_heading = "Account")]
    pub(crate) provider_arn: Option<String>,
    /// The role's MaxSessionDuration
    #[arg(long, value_name = "SECONDS", help_heading = "Account")]
    pub(crate) max_session_duration: Option<i64>,
    /// How to write the answer: for eyes, for screen readers and logs, for programs, for CI
    #[arg(long, value_enum, default_value_t = PredictFormat::Text)]
    pub(crate) format: PredictFormat,
    /// Show every claim, not only subject and audience
    #[arg(long, short)]
    pub(crate) verbose: bool,
}

const PREDICT_AFTER: &str = "\
Examples:
  rolecall predict .github/workflows --repo octo-org/octo-repo
  rolecall predict deploy.yml --event push --ref refs/heads/main --settings repo.json
  rolecall predict deploy.yml --job deploy --format json

What GitHub knows of the repository is read from files that gh writes, each given
with --settings (the organisation's with --org-settings):
  gh api repos/OWNER/REPO > repo.json
  gh api repos/OWNER/REPO/actions/oidc/customization/sub > sub.json
  gh api orgs/ORG/actions/oidc/customization/sub > org.json
  gh api repos/OWNER/REPO/environments > environments.json
  gh api repos/OWNER/REPO/properties/values > properties.json
  gh api repos/OWNER/REPO/actions/variables > variables.json

Reusable workflows and composite actions of the same repository are read from
where they are; those of others are given with --callee. What is not given is left
open, and the answer says what would tell it.

Exit codes: 0 predicted, 2 wrong use or unreadable input.";

/// What is known of the repository and of the run.
#[derive(Debug, Default, Args)]
pub(crate) struct WorkflowFacts {
    #[command(flatten)]
    pub(crate) run: RunFacts,
    #[command(flatten)]
    pub(crate) identity: Identity,
    #[command(flatten)]
    pub(crate) settings: SettingsFacts,
}

/// Which run is meant, and what it calls.
#[derive(Debug, Clone, Default, Args)]
pub(crate) struct RunFacts {
    /// The event that starts the run, such as push
    #[arg(long, value_name = "EVENT", help_heading = "Run")]
    pub(crate) event: Option<String>,
    /// The job: its id, or `CALLER / CALLED`
    #[arg(long, value_name = "JOB", help_heading = "Run")]
    pub(crate) job: Option<String>,
    /// The full ref that is pushed, chosen or released, such as refs/heads/main
    #[arg(long = "ref", value_name = "REF", value_parser = full_ref, help_heading = "Run")]
    pub(crate) git_ref: Option<String>,
    /// The number of the pull request
    #[arg(long, value_name = "NUMBER", help_heading = "Run")]
    pub(crate) pull_request: Option<u64>,
    /// The branch that the pull request or merge queue goes into
    #[arg(long, value_name = "BRANCH", help_heading = "Run")]
    pub(crate) base: Option<String>,
    /// The branch that the pull request comes from
    #[arg(long, value_name = "BRANCH", help_heading = "Run")]
    pub(crate) head: Option<String>,
    /// Whether the pull request comes from a fork
    #[arg(long, value_name = "BOOL", num_args = 0..=1, default_missing_value = "true", require_equals = true, help_heading = "Run")]
    pub(crate) fork: Option<bool>,
    /// Who triggers the run
    #[arg(long, value_name = "LOGIN", help_heading = "Run")]
    pub(crate) actor: Option<String>,
    /// The actor's id
    #[arg(long, value_name = "ID", help_heading = "Run")]
    pub(crate) actor_id: Option<String>,
    /// The commit
    #[arg(long, value_name = "SHA", help_heading = "Run")]
    pub(crate) sha: Option<String>,
    /// An input of a manual run; may be repeated
    #[arg(long = "input", value_name = "NAME=VALUE", value_parser = super::facts::pair, help_heading = "Run")]
    pub(crate) inputs: Vec<(String, String)>,
    /// A file that a workflow calls, as `uses` names it; may be repeated
    #[arg(long = "callee", value_name = "USES=FILE", value_parser = callee, help_heading = "Run")]
    pub(crate) callees: Vec<(String, String)>,
}

/// The repository's name and ids.
#[derive(Debug, Clone, Default, Args)]
pub(crate) struct Identity {
    /// The repository, in its registered letter case
    #[arg(long, value_name = "OWNER/NAME", value_parser = repository, help_heading = "Repository")]
    pub(crate) repo: Option<String>,
    /// The owner's id
    #[arg(long, value_name = "ID", help_heading = "Repository")]
    pub(crate) owner_id: Option<String>,
    /// The repository's id
    #[arg(long, value_name = "ID", help_heading = "Repository")]
    pub(crate) repo_id: Option<String>,
}

/// GitHub's settings of the repository.
#[derive(Debug, Clone, Default, Args)]
pub(crate) struct SettingsFacts {
    /// Settings of the repository, as gh api prints them, or rolecall's own as JSON; may be repeated
    #[arg(long = "settings", value_name = "FILE", help_heading = "Repository")]
    pub(crate) settings: Vec<String>,
    /// The organisation's OIDC settings, as gh api prints them
    #[arg(long, value_name = "FILE", help_heading = "Repository")]
    pub(crate) org_settings: Option<String>,
    /// public, private or internal
    #[arg(long, value_name = "WORD", value_parser = ["public", "private", "internal"], help_heading = "Repository")]
    pub(crate) visibility: Option<String>,
    /// The default branch
    #[arg(long, value_name = "BRANCH", help_heading = "Repository")]
    pub(crate) default_branch: Option<String>,
    /// When the repository was created
    #[arg(long, value_name = "DATE", value_parser = date, help_heading = "Repository")]
    pub(crate) created_at: Option<String>,
    /// When it was last renamed; `never`: not since July 2026
    #[arg(long, value_name = "DATE|never", value_parser = date_or_never, help_heading = "Repository")]
    pub(crate) renamed_at: Option<String>,
    /// When it last changed its owner; `never`: not since July 2026
    #[arg(long, value_name = "DATE|never", value_parser = date_or_never, help_heading = "Repository")]
    pub(crate) transferred_at: Option<String>,
    /// What subjects begin with, as GitHub's sub_claim_prefix tells it
    #[arg(long, value_name = "PREFIX", help_heading = "Repository")]
    pub(crate) sub_prefix: Option<String>,
    /// The claims of a customised subject, such as repo,context,job_workflow_ref; `default`: it is not customised
    #[arg(
        long,
        value_name = "KEYS",
        value_delimiter = ',',
        help_heading = "Repository"
    )]
    pub(crate) template: Vec<String>,
    /// Whether the repository opted in to subjects with ids
    #[arg(long, value_name = "BOOL", num_args = 0..=1, default_missing_value = "true", require_equals = true, help_heading = "Repository")]
    pub(crate) immutable: Option<bool>,
    /// The slug of the owner's enterprise
    #[arg(long, value_name = "SLUG", help_heading = "Repository")]
    pub(crate) enterprise: Option<String>,
    /// The enterprise's id
    #[arg(long, value_name = "ID", help_heading = "Repository")]
    pub(crate) enterprise_id: Option<String>,
    /// The issuer carries the enterprise's slug
    #[arg(long, requires = "enterprise", help_heading = "Repository")]
    pub(crate) enterprise_issuer: bool,
    /// The host, of GitHub Enterprise Server or SUB.ghe.com
    #[arg(long, value_name = "HOST", help_heading = "Repository")]
    pub(crate) host: Option<String>,
    /// A custom property that tokens carry; may be repeated
    #[arg(long = "property", value_name = "NAME=VALUE", value_parser = super::facts::pair, help_heading = "Repository")]
    pub(crate) properties: Vec<(String, String)>,
    /// The environments that exist
    #[arg(
        long,
        value_name = "NAMES",
        value_delimiter = ',',
        help_heading = "Repository"
    )]
    pub(crate) environments: Option<Vec<String>>,
    /// A variable that `vars` holds; may be repeated
    #[arg(long = "var", value_name = "NAME=VALUE", value_parser = super::facts::pair, help_heading = "Repository")]
    pub(crate) vars: Vec<(String, String)>,
    /// "Send write tokens to workflows from pull requests" is on
    #[arg(long, help_heading = "Repository")]
    pub(crate) fork_write_tokens: bool,
}

fn full_ref(text: &str) -> Result<String, String> {
    match text.starts_with("refs/") {
        true => Ok(text.to_owned()),
        false => Err("expected a full ref, such as refs/heads/main or refs/tags/v1".to_owned()),
    }
}

fn repository(text: &str) -> Result<String, String> {
    let (owner, name) = text.split_once('/').ok_or("expected OWNER/NAME")?;
    match (owner.is_empty(), name.is_empty() || name.contains('/')) {
        (false, false) => Ok(text.to_owned()),
        _ => Err("expected OWNER/NAME".to_owned()),
    }
}

/// `@REF=FILE`: a `uses` may hold no `=`, a file's name may.
fn callee(text: &str) -> Result<(String, String), String> {
    let (uses, file) = text
        .split_once('=')
        .ok_or("expected the text of `uses`, `=` and a file")?;
    Ok((uses.to_owned(), file.to_owned()))
}

fn date(text: &str) -> Result<String, String> {
    let is_date = text.len() >= 10
        && rolecall_core::case::seconds(&text.chars().take(10).collect::<String>()).is_some()
        && text.contains('-');
    is_date
        .then(|| text.to_owned())
        .ok_or_else(|| "expected a date such as 2026-07-15".to_owned())
}

fn date_or_never(text: &str) -> Result<String, String> {
    match text {
        "never" => Ok(text.to_owned()),
        text => date(text).map_err(|error| format!("{error}, or `never`")),
    }
}
