//! What can be typed. Each option's documentation stands beside it; help, man page and completions are made from it.

mod facts;
mod generate;
mod migrate;
mod push;
mod workflow;

use std::ffi::OsString;

use clap::{Args, Parser, Subcommand, ValueEnum};

use crate::failure::Failure;
pub(crate) use facts::{Facts, clock};
pub(crate) use generate::GenerateArgs;
pub(crate) use migrate::{MigrateArgs, Which};
pub(crate) use push::PushArgs;
pub(crate) use workflow::{PredictArgs, PredictFormat, WorkflowFacts};

/// Tell, offline, whether a GitHub Actions token may assume an AWS role, and why not
#[derive(Debug, Parser)]
#[command(name = "rolecall", version, max_term_width = 100, after_help = AFTER, subcommand_required = true, arg_required_else_help = true)]
pub(crate) struct Cli {
    #[command(subcommand)]
    pub(crate) command: Command,
    /// When to use colour; auto: on a terminal, unless NO_COLOR is set
    #[arg(long, global = true, value_name = "WHEN", value_enum, default_value_t = Color::Auto)]
    pub(crate) color: Color,
}

const AFTER: &str = "\
Examples:
  rolecall check trust.json token.txt     the verdict and why
  pbpaste | rolecall check trust.json -   the token from standard input
  rolecall inspect token.txt              what AWS sees of the token
  rolecall explain 'Not authorized to perform sts:AssumeRoleWithWebIdentity'

Exit codes: 0 allowed, 1 denied, 2 wrong use or unreadable input, 3 undecided.
rolecall makes no network call, and never shows a token or its signature.";

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Take a token apart: claims, subject, times, condition keys
    Inspect(InspectArgs),
    /// Judge a token against a trust policy
    Check(Box<CheckArgs>),
    /// Tell which tokens the jobs of a workflow can get, or why they get none
    Predict(Box<PredictArgs>),
    /// Judge many cases: JSON Lines in, JSON Lines out
    Batch(BatchArgs),
    /// Write the policy for subjects with names and with ids, then the final one
    Migrate(Box<MigrateArgs>),
    /// Write provider, role, permissions and workflow for a repository that pushes to ECR
    Generate(Box<GenerateArgs>),
    /// Tell whether the assumed role may push an image to an ECR repository
    Push(Box<PushArgs>),
    /// Explain a cause, or an error message as it was printed
    Explain(ExplainArgs),
    /// Print completions for a shell
    Completions(CompletionsArgs),
    /// Print a manual page
    Man(ManArgs),
}

/// When to use colour.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Color {
    Auto,
    Always,
    Never,
}

/// How an answer is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    Text,
    Plain,
    Json,
}

impl From<Format> for rolecall_report::Format {
    fn from(format: Format) -> Self {
        match format {
            Format::Text => Self::Text,
            Format::Plain => Self::Plain,
            Format::Json => Self::Json,
        }
    }
}

#[derive(Debug, Args)]
#[command(after_help = CHECK_AFTER)]
pub(crate) struct CheckArgs {
    /// The role's trust policy: a file, or `-`. Also output of `aws iam`, a template, Terraform
    pub(crate) policy: String,
    /// A token or its claims, pasted in any shape: a file, or `-`
    pub(crate) token: Option<String>,
    /// Which role, where the text has several: its name, ARN, logical id or resource address
    #[arg(long, value_name = "NAME")]
    pub(crate) role: Option<String>,
    /// A workflow in place of a token: what its job would get; may be repeated
    #[arg(
        long = "workflow",
        value_name = "FILE",
        conflicts_with = "token",
        help_heading = "Run"
    )]
    pub(crate) workflows: Vec<String>,
    #[command(flatten)]
    pub(crate) run: WorkflowFacts,
    #[command(flatten)]
    pub(crate) facts: Facts,
    /// A resource control policy over the role's account; may be repeated
    #[arg(
        long = "rcp",
        value_name = "FILE",
        conflicts_with = "workflows",
        help_heading = "Account"
    )]
    pub(crate) resource_control: Vec<String>,
    /// How to write the answer: for eyes, for screen readers and logs, for programs
    #[arg(long, value_enum, default_value_t = Format::Text)]
    pub(crate) format: Format,
    /// Show every check and every statement, not only what decided
    #[arg(long, short)]
    pub(crate) verbose: bool,
    /// Exit with 0 also where denied or undecided
    #[arg(long)]
    pub(crate) exit_zero: bool,
}

const CHECK_AFTER: &str = "\
Examples:
  rolecall check trust.json token.txt --at-issue
  rolecall check trust.json claims.json --context aws:SourceIp=203.0.113.7
  rolecall check trust.json --claim aud=sts.amazonaws.com \\
    --claim sub=repo:octo-org/octo-repo:pull_request
  aws iam get-role --role-name deploy | rolecall check - token.txt
  rolecall check template.yaml --role DeployRole token.txt
  rolecall check trust.json --workflow .github/workflows/deploy.yml --job deploy \\
    --event push --ref refs/heads/main --settings repo.json

POLICY is told by its content: a trust policy, percent-encoded too; what aws iam
get-role, list-roles and get-account-authorization-details print; CloudFormation
and SAM; Terraform, its plans and states as JSON.

What is not given is taken as usual (GitHub's provider with the audience
sts.amazonaws.com) or counts as unknown; the answer says what it hangs on.

Exit codes: 0 allowed, 1 denied, 2 wrong use or unreadable input, 3 undecided.";

#[derive(Debug, Args)]
#[command(after_help = INSPECT_AFTER)]
pub(crate) struct InspectArgs {
    /// A token or its claims, pasted in any shape: a file, or `-` (the default)
    pub(crate) token: Option<String>,
    #[command(flatten)]
    pub(crate) token_facts: facts::TokenFacts,
    /// How to write the answer: for eyes, for screen readers and logs, for programs
    #[arg(long, value_enum, default_value_t = Format::Text)]
    pub(crate) format: Format,
}

const INSPECT_AFTER: &str = "\
Examples:
  rolecall inspect token.txt
  pbpaste | rolecall inspect --format json

Treat a live token as a password: give a file or `-`, never the token itself.";

#[derive(Debug, Args)]
#[command(after_help = BATCH_AFTER)]
pub(crate) struct BatchArgs {
    /// Cases, one JSON object a line: a file, or `-` (the default)
    pub(crate) cases: Option<String>,
    /// The policy of lines that have none
    #[arg(long, value_name = "FILE")]
    pub(crate) policy: Option<String>,
    /// Answer with whole reports
    #[arg(long, conflicts_with = "write_check")]
    pub(crate) full: bool,
    /// Answer instead whether IAM would store the policy
    #[arg(long)]
    pub(crate) write_check: bool,
}

const BATCH_AFTER: &str = r#"Example:
  echo '{"id": 1, "claims": {"sub": "repo:octo-org/octo-repo:pull_request"}}' |
    rolecall batch --policy trust.json
  {"id":1,"decision":"deny","cause":"pull_request_sub","error":"AccessDenied"}

A line: {"id", "policy", "claims" or "token", "partial", "context", "now",
"jwks", "provider": {"url", "audiences"}, "role_arn", "session_name",
"duration", "max_session_duration", "header"}; all but a policy may be left
out. A bad line is answered in its place, "error": "input"; the rest goes on.

Exit codes: 0, or 2 at the end where a line was bad."#;

#[derive(Debug, Args)]
#[command(after_help = EXPLAIN_AFTER)]
pub(crate) struct ExplainArgs {
    /// A cause's id or an error message, or `-`; nothing lists all ids
    #[arg(value_name = "CAUSE|ERROR TEXT")]
    pub(crate) text: Vec<String>,
    /// How to write the answer: for eyes, for screen readers and logs, for programs
    #[arg(long, value_enum, default_value_t = Format::Text)]
    pub(crate) format: Format,
}

const EXPLAIN_AFTER: &str = "\
Examples:
  rolecall explain immutable_sub
  rolecall explain 'Could not assume role with OIDC: Incorrect token audience'";

#[derive(Debug, Args)]
pub(crate) struct CompletionsArgs {
    /// The shell
    #[arg(value_enum)]
    pub(crate) shell: clap_complete::Shell,
}

#[derive(Debug, Args)]
pub(crate) struct ManArgs {
    /// The command whose page is wanted; nothing: that of rolecall itself
    pub(crate) page: Option<String>,
}

/// Other programs and the shell's history see arguments, so a token must not be one. It is not repeated here either.
pub(crate) fn refuse_tokens(args: impl Iterator<Item = OsString>) -> Result<(), Failure> {
    for arg in args.skip(1) {
        if rolecall_report::holds_token(&arg.to_string_lossy()) {
            return Err(Failure::new(
                "a token was given on the command line, where other programs and the shell's history can see it",
                "put it into a file and give the file's name, or give `-` and pass it on standard input; if it is still valid, treat it as leaked",
            ));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::CommandFactory;

    #[test]
    fn the_definition_is_sound() {
        Cli::command().debug_assert();
    }
}
