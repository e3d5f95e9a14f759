//! What can be typed. Each option's documentation stands beside it; help, man page and completions are made from it.

mod facts;
mod generate;
mod migrate;
mod push;
mod workflow;

use std::ffi::OsString;

use clap::{Args, Parser, Subcommand, ValueEnum};

use rolecall_core::analyze::Options;
use rolecall_core::scenario::{self, Scenario};

use crate::failure::Failure;
pub(crate) use facts::{Facts, clock};
pub(crate) use generate::GenerateArgs;
pub(crate) use migrate::{MigrateArgs, Which};
pub(crate) use push::PushArgs;
pub(crate) use workflow::{Identity, PredictArgs, RunFacts, SettingsFacts, WorkflowFacts};

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
  rolecall lint trust.json                what is wrong with the policy
  rolecall explain 'Not authorized to perform sts:AssumeRoleWithWebIdentity'

Exit codes: 0 allowed or nothing found, 1 denied or something found, 2 wrong use
or unreadable input, 3 undecided.
rolecall makes no network call, and never shows a token or its signature.";

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Take a token apart: claims, subject, times, condition keys
    Inspect(InspectArgs),
    /// Judge a token against a trust policy
    Check(Box<CheckArgs>),
    /// Tell which tokens the jobs of a workflow can get, or why they get none
    Predict(Box<PredictArgs>),
    /// Look for what IAM refuses to store, what never matches, what is open
    Lint(LintArgs),
    /// Tell everything that a policy lets in, and what an outsider could do
    Who(WhoArgs),
    /// Tell what a changed policy lets in besides, and what no longer
    Diff(DiffArgs),
    /// Judge the usual runs of a repository, or given tokens, against policies
    Matrix(Box<MatrixArgs>),
    /// Repair a trust policy for a token, with the proof of what else gets in
    Fix(Box<FixArgs>),
    /// Judge many cases: JSON Lines in, JSON Lines out
    Batch(BatchArgs),
    /// Write the policy for subjects with names and with ids, then the final one
    Migrate(Box<MigrateArgs>),
    /// Write provider, role, permissions and workflow for a repository that pushes to ECR
    Generate(Box<GenerateArgs>),
    /// Tell whether the assumed role may push an image to an ECR repository
    Push(Box<PushArgs>),
    /// Explain a cause, a rule, or an error message as it was printed
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

/// How an answer about policies is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum PolicyFormat {
    Text,
    Plain,
    Json,
    /// Annotations of GitHub Actions
    Github,
    /// SARIF 2.1.0, for code scanning
    Sarif,
    /// For the summary of a job, or a comment
    Markdown,
}

impl From<PolicyFormat> for rolecall_report::Format {
    fn from(format: PolicyFormat) -> Self {
        match format {
            PolicyFormat::Text => Self::Text,
            PolicyFormat::Plain => Self::Plain,
            PolicyFormat::Json => Self::Json,
            PolicyFormat::Github => Self::Github,
            PolicyFormat::Sarif => Self::Sarif,
            PolicyFormat::Markdown => Self::Markdown,
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
    #[arg(long = "rcp", value_name = "FILE", help_heading = "Account")]
    pub(crate) resource_control: Vec<String>,
    /// How to write the answer: for eyes, for screen readers and logs, for programs, for CI
    #[arg(long, value_enum, default_value_t = PolicyFormat::Text)]
    pub(crate) format: PolicyFormat,
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

/// The roles that a question is about.
#[derive(Debug, Args)]
pub(crate) struct Roles {
    /// Trust policies, or texts that hold them, every role of each: files, or `-`
    #[arg(required = true, value_name = "POLICY")]
    pub(crate) policies: Vec<String>,
    /// Only this role: its name, ARN, logical id or resource address
    #[arg(long, value_name = "NAME")]
    pub(crate) role: Option<String>,
}

/// Who counts as an insider.
#[derive(Debug, Args)]
pub(crate) struct Owners {
    /// An owner on GitHub that is meant; may be repeated [default: those that the text names]
    #[arg(long = "owner", value_name = "OWNER", value_delimiter = ',')]
    pub(crate) owners: Vec<String>,
}

impl Owners {
    /// How the analysis is to look.
    pub(crate) fn options(&self) -> Options {
        Options {
            owners: self.owners.clone(),
            ..Options::default()
        }
    }
}

#[derive(Debug, Args)]
#[command(after_help = LINT_AFTER)]
pub(crate) struct LintArgs {
    #[command(flatten)]
    pub(crate) roles: Roles,
    #[command(flatten)]
    pub(crate) owners: Owners,
    /// From which severity on to exit with 1
    #[arg(long, value_enum, default_value_t = FailOn::Warning, value_name = "SEVERITY")]
    pub(crate) fail_on: FailOn,
    /// How to write the answer: for eyes, for screen readers and logs, for programs, for CI
    #[arg(long, value_enum, default_value_t = PolicyFormat::Text)]
    pub(crate) format: PolicyFormat,
    /// Exit with 0 whatever is found
    #[arg(long)]
    pub(crate) exit_zero: bool,
}

#[derive(Debug, Args)]
#[command(after_help = WHO_AFTER)]
pub(crate) struct WhoArgs {
    #[command(flatten)]
    pub(crate) roles: Roles,
    #[command(flatten)]
    pub(crate) owners: Owners,
    /// How to write the answer: for eyes, for screen readers and logs, for programs, for CI
    #[arg(long, value_enum, default_value_t = PolicyFormat::Text)]
    pub(crate) format: PolicyFormat,
    /// Exit with 0 whoever gets in
    #[arg(long)]
    pub(crate) exit_zero: bool,
}

const WHO_AFTER: &str = "\
Examples:
  rolecall who trust.json
  rolecall who trust.json --owner octo-org
  aws iam get-account-authorization-details | rolecall who - --format json

Each set comes with a token and the command that judges it. Verdicts on outsiders:
open, closed (proved, naming whom the proof trusts), depends (on whose name is
meant), borrow (a reusable workflow can be called by anybody), lure (a named actor
can be made to trigger), or not decided.

Exit codes: 0 closed, 1 outsiders get in, 2 wrong use or unreadable input,
3 not decided.";

#[derive(Debug, Args)]
#[command(after_help = DIFF_AFTER)]
pub(crate) struct DiffArgs {
    /// The policy as it was: a file, or `-`
    pub(crate) old: String,
    /// The policy as it is to be: a file, or `-`
    pub(crate) new: String,
    /// Which role, where the texts have several
    #[arg(long, value_name = "NAME")]
    pub(crate) role: Option<String>,
    /// Which role of the new text, where it is another
    #[arg(long, value_name = "NAME")]
    pub(crate) new_role: Option<String>,
    /// What to exit with 1 for
    #[arg(long, value_enum, default_value_t = DiffFailOn::Looser, value_name = "WHAT")]
    pub(crate) fail_on: DiffFailOn,
    /// How to write the answer: for eyes, for screen readers and logs, for programs, for CI
    #[arg(long, value_enum, default_value_t = PolicyFormat::Text)]
    pub(crate) format: PolicyFormat,
    /// Exit with 0 whatever changed
    #[arg(long)]
    pub(crate) exit_zero: bool,
}

/// Which change counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum DiffFailOn {
    /// Something is newly let in
    Looser,
    /// Anything is let in, or no longer
    Changed,
    /// Nothing
    Never,
}

const DIFF_AFTER: &str = "\
Examples:
  rolecall diff old.json new.json
  git show main:trust.json | rolecall diff - trust.json --format markdown

The relation is decided over all tokens that GitHub can issue: equal, stricter (the
new policy lets less in), looser, incomparable; with a token for each direction.

Exit codes: 0, 1 something is newly let in, 2 wrong use or unreadable input,
3 not decided.";

#[derive(Debug, Args)]
#[command(after_help = MATRIX_AFTER)]
pub(crate) struct MatrixArgs {
    #[command(flatten)]
    pub(crate) roles: Roles,
    /// A run; may be repeated [default: all of them]
    #[arg(long = "scenario", value_name = "S", value_parser = scenario, help_heading = "Tokens")]
    pub(crate) scenarios: Vec<&'static Scenario>,
    /// A token or its claims, pasted in any shape, beside the runs that are asked for; may be repeated
    #[arg(long = "token", value_name = "FILE", help_heading = "Tokens")]
    pub(crate) tokens: Vec<String>,
    /// A workflow: its jobs on each event, in place of the usual runs; may be repeated
    #[arg(long = "workflow", value_name = "FILE", help_heading = "Tokens")]
    pub(crate) workflows: Vec<String>,
    #[command(flatten)]
    pub(crate) run: RunFacts,
    #[command(flatten)]
    pub(crate) settings: SettingsFacts,
    /// The repository that runs [default: the one that the policy names]
    #[arg(long, value_name = "OWNER/NAME", value_parser = repository, help_heading = "Runs")]
    pub(crate) repo: Option<(String, String)>,
    /// The owner's id, for subjects with ids
    #[arg(long, value_name = "ID", help_heading = "Runs")]
    pub(crate) owner_id: Option<String>,
    /// The repository's id
    #[arg(long, value_name = "ID", help_heading = "Runs")]
    pub(crate) repo_id: Option<String>,
    /// Its default branch
    #[arg(long, value_name = "NAME", help_heading = "Runs")]
    pub(crate) branch: Option<String>,
    /// The environment of the run that has one
    #[arg(long, value_name = "NAME", help_heading = "Runs")]
    pub(crate) environment: Option<String>,
    /// How to write the answer: for eyes, for screen readers and logs, for programs, for CI
    #[arg(long, value_enum, default_value_t = TableFormat::Text)]
    pub(crate) format: TableFormat,
}

/// How a table is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum TableFormat {
    Text,
    Plain,
    Json,
    /// For the summary of a job, or a comment
    Markdown,
}

impl From<TableFormat> for rolecall_report::Format {
    fn from(format: TableFormat) -> Self {
        match format {
            TableFormat::Text => Self::Text,
            TableFormat::Plain => Self::Plain,
            TableFormat::Json => Self::Json,
            TableFormat::Markdown => Self::Markdown,
        }
    }
}

fn scenario(text: &str) -> Result<&'static Scenario, String> {
    scenario::find(text).ok_or_else(|| {
        let ids: Vec<&str> = scenario::ALL.iter().map(|scenario| scenario.id).collect();
        format!("expected one of {}", ids.join(", "))
    })
}

fn repository(text: &str) -> Result<(String, String), String> {
    match text.split_once('/') {
        Some((owner, name)) if !owner.is_empty() && !name.is_empty() && !name.contains('/') => {
            Ok((owner.to_owned(), name.to_owned()))
        }
        _ => Err("expected OWNER/NAME, such as octo-org/octo-repo".to_owned()),
    }
}

const MATRIX_AFTER: &str = "\
Examples:
  rolecall matrix trust.json
  rolecall matrix old.json new.json --scenario push --scenario pull-request
  rolecall matrix trust.json --token token.txt
  rolecall matrix roles.json --repo octo-org/octo-repo --branch release
  rolecall matrix roles.json --workflow .github/workflows --settings repo.json

Runs: push, other-branch, tag, pull-request, environment, merge-queue,
reusable-workflow, schedule, other-repository, other-owner; each also with ids in
its subject. With --token or --workflow alone only those are judged; of a workflow
the jobs that assume a role or get a token.

Exit codes: 0, or 2 for wrong use or unreadable input.";

/// From which severity on a finding counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum FailOn {
    Error,
    Warning,
    Info,
    Never,
}

const LINT_AFTER: &str = "\
Examples:
  rolecall lint trust.json
  rolecall lint iam/*.json template.yaml --format github
  aws iam get-account-authorization-details | rolecall lint - --fail-on error
  rolecall lint trust.json --format sarif > rolecall.sarif
  rolecall explain open_to_outsiders      what a rule means

An error does not work, or lets outsiders in; a warning is probably not meant;
an info is worth knowing.

Exit codes: 0 nothing found from --fail-on on, 1 something found, 2 wrong use or
unreadable input.";

#[derive(Debug, Args)]
#[command(after_help = FIX_AFTER)]
pub(crate) struct FixArgs {
    /// The role's trust policy: a file, or `-`. Also output of `aws iam`, a template, Terraform
    pub(crate) policy: String,
    /// A token or its claims, pasted in any shape: a file, or `-`
    pub(crate) token: Option<String>,
    /// Which role, where the text has several: its name, ARN, logical id or resource address
    #[arg(long, value_name = "NAME")]
    pub(crate) role: Option<String>,
    /// Who counts as an insider; may be repeated [default: the owners that the policy names]
    #[arg(long = "owner", value_name = "OWNER")]
    pub(crate) owners: Vec<String>,
    /// Make the first repair in the file; a policy from standard input goes to standard output
    #[arg(long)]
    pub(crate) apply: bool,
    /// Which repair `--apply` makes, as they are numbered
    #[arg(long, value_name = "NUMBER", default_value_t = 1, requires = "apply")]
    pub(crate) pick: usize,
    #[command(flatten)]
    pub(crate) facts: Facts,
    /// How to write the answer: for eyes, for screen readers and logs, for programs, for CI
    #[arg(long, value_enum, default_value_t = PolicyFormat::Text)]
    pub(crate) format: PolicyFormat,
    /// Exit with 0 also where nothing helps
    #[arg(long)]
    pub(crate) exit_zero: bool,
}

const FIX_AFTER: &str = "\
Examples:
  rolecall fix trust.json token.txt --at-issue
  rolecall fix trust.json claims.json --apply
  aws iam get-role --role-name deploy | rolecall fix - token.txt
  rolecall fix trust.json --claim aud=sts.amazonaws.com \\
    --claim sub=repo:octo-org/octo-repo:pull_request

The safest repair comes first. Each tells what it lets in besides the token, and
whether outsiders get in. A token of an owner that the policy does not name gets
no repair: a fork has such a token. Where it is yours after all, say so with
--owner.

Exit codes: 0 repairs, or nothing to repair; 1 no change of the policy helps,
2 wrong use or unreadable input, 3 undecided.";

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
    /// The id of a cause or a rule, or an error message, or `-`; nothing lists all ids
    #[arg(value_name = "RULE|CAUSE|ERROR TEXT")]
    pub(crate) text: Vec<String>,
    /// How to write the answer: for eyes, for screen readers and logs, for programs
    #[arg(long, value_enum, default_value_t = Format::Text)]
    pub(crate) format: Format,
}

const EXPLAIN_AFTER: &str = "\
Examples:
  rolecall explain immutable_sub
  rolecall explain whole_owner
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
