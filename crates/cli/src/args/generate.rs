//! The options of `rolecall generate`.

use clap::{ArgGroup, Args, ValueEnum};
use rolecall_generate::{Entry, Form, Subjects};

use super::Format;

#[derive(Debug, Args)]
#[command(after_help = AFTER, group = ArgGroup::new("entry").required(true))]
pub(crate) struct GenerateArgs {
    /// The repository, in the letter case that GitHub shows
    #[arg(long, value_name = "OWNER/NAME")]
    pub(crate) repo: String,
    /// The owner's id
    #[arg(long, value_name = "N", requires = "repo_id")]
    pub(crate) owner_id: Option<String>,
    /// The repository's id
    #[arg(long, value_name = "N", requires = "owner_id")]
    pub(crate) repo_id: Option<String>,
    /// Which form of subjects is accepted [default: both, where the ids are given]
    #[arg(long, value_name = "FORM", value_enum)]
    pub(crate) subjects: Option<SubjectForm>,
    /// Let the runs of a branch push; `*` is a wildcard
    #[arg(
        long,
        value_name = "NAME",
        group = "entry",
        help_heading = "Which runs"
    )]
    branch: Option<String>,
    /// Let the runs of a tag push; `*` is a wildcard
    #[arg(
        long,
        value_name = "NAME",
        group = "entry",
        help_heading = "Which runs"
    )]
    tag: Option<String>,
    /// Let jobs with this environment push
    #[arg(
        long,
        value_name = "NAME",
        group = "entry",
        help_heading = "Which runs"
    )]
    environment: Option<String>,
    /// Let pull requests from branches of the repository push
    #[arg(long, group = "entry", help_heading = "Which runs")]
    pull_requests: bool,
    /// The branch that the workflow of an environment runs on
    #[arg(
        long,
        value_name = "NAME",
        default_value = "main",
        help_heading = "Which runs"
    )]
    pub(crate) default_branch: String,
    /// The AWS account [default: that of --repository]
    #[arg(
        long,
        value_name = "ACCOUNT",
        required_unless_present = "repository",
        help_heading = "AWS"
    )]
    pub(crate) account: Option<String>,
    /// The ECR repository's region [default: that of --repository]
    #[arg(
        long,
        value_name = "REGION",
        required_unless_present = "repository",
        help_heading = "AWS"
    )]
    pub(crate) region: Option<String>,
    /// The ECR repository's name [default: that of --repository]
    #[arg(
        long,
        value_name = "NAME",
        required_unless_present = "repository",
        help_heading = "AWS"
    )]
    pub(crate) ecr: Option<String>,
    /// The ECR repository: its ARN, or the address that images are pushed to
    #[arg(long, value_name = "ARN", conflicts_with_all = ["account", "region", "ecr"], help_heading = "AWS")]
    pub(crate) repository: Option<String>,
    /// The role's name [default: the repository's name and -push]
    #[arg(long, value_name = "NAME", help_heading = "AWS")]
    pub(crate) role: Option<String>,
    /// The account has GitHub's identity provider already
    #[arg(long, help_heading = "AWS")]
    pub(crate) existing_provider: bool,
    /// Let the role pull, too
    #[arg(long, help_heading = "AWS")]
    pub(crate) pull: bool,
    /// How to write the set-up
    #[arg(long = "as", value_name = "KIND", value_enum, default_value_t = Kind::Terraform)]
    pub(crate) kind: Kind,
    /// Write the files below this folder; nothing that exists is overwritten
    #[arg(long, value_name = "FOLDER")]
    pub(crate) output_dir: Option<String>,
    /// How to write the answer: for eyes, for screen readers and logs, for programs
    #[arg(long, value_enum, default_value_t = Format::Text)]
    pub(crate) format: Format,
}

/// The forms of subjects.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum SubjectForm {
    /// repo:OWNER/NAME:...
    Classic,
    /// repo:OWNER@ID/NAME@ID:...
    Immutable,
    /// Both
    Both,
}

impl From<SubjectForm> for Subjects {
    fn from(form: SubjectForm) -> Self {
        match form {
            SubjectForm::Classic => Self::Classic,
            SubjectForm::Immutable => Self::Immutable,
            SubjectForm::Both => Self::Both,
        }
    }
}

/// The ways to write a set-up.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Kind {
    /// Terraform configuration
    Terraform,
    /// A CloudFormation template
    #[value(alias = "cfn")]
    Cloudformation,
    /// Commands of the AWS CLI
    #[value(alias = "commands")]
    Cli,
    /// The policies as JSON
    #[value(alias = "json")]
    Files,
}

impl From<Kind> for Form {
    fn from(kind: Kind) -> Self {
        match kind {
            Kind::Terraform => Self::Terraform,
            Kind::Cloudformation => Self::CloudFormation,
            Kind::Cli => Self::Commands,
            Kind::Files => Self::Files,
        }
    }
}

impl GenerateArgs {
    /// Which runs get in; exactly one was given.
    pub(crate) fn entry(&self) -> Entry {
        match (&self.branch, &self.tag, &self.environment) {
            (Some(name), ..) => Entry::Branch(name.clone()),
            (_, Some(name), _) => Entry::Tag(name.clone()),
            (.., Some(name)) => Entry::Environment(name.clone()),
            _ => Entry::PullRequests,
        }
    }
}

const AFTER: &str = "\
Examples:
  rolecall generate --repo octo-org/octo-repo --owner-id 123456 --repo-id 456789 --branch main \\
    --account 111122223333 --region eu-west-1 --ecr octo-repo
  rolecall generate --repo octo-org/octo-repo --subjects classic --environment production \\
    --repository arn:aws:ecr:eu-west-1:111122223333:repository/octo-repo --as cli --output-dir .

The ids: gh api repos/OWNER/NAME --jq '{o: .owner.id, r: .id}'

What is written is judged first, as rolecall check, who, lint, predict and push would: what fails is refused.

Exit codes: 0 written, 1 refused by the proof, 2 wrong use.";
