//! The options of `rolecall migrate`.

use clap::{Args, ValueEnum};

use super::Format;

#[derive(Debug, Args)]
#[command(after_help = AFTER)]
pub(crate) struct MigrateArgs {
    /// The role's trust policy: a file, or `-`. Also output of `aws iam`, a template, Terraform
    pub(crate) policy: String,
    /// The repository
    #[arg(
        long,
        value_name = "OWNER/NAME",
        requires = "owner_id",
        requires = "repo_id",
        required_unless_present = "repos"
    )]
    pub(crate) repo: Option<String>,
    /// The owner's id
    #[arg(long, value_name = "N", requires = "repo")]
    pub(crate) owner_id: Option<String>,
    /// The repository's id
    #[arg(long, value_name = "N", requires = "repo")]
    pub(crate) repo_id: Option<String>,
    /// Several repositories: lines of `OWNER/NAME OWNER_ID REPO_ID`, or what `gh api repos/O/N` prints
    #[arg(long, value_name = "FILE")]
    pub(crate) repos: Option<String>,
    /// Which role, where the text has several: its name, ARN, logical id or resource address
    #[arg(long, value_name = "NAME")]
    pub(crate) role: Option<String>,
    /// Print only the text of one step, for a file or a pipe
    #[arg(long, value_name = "STEP", value_enum)]
    pub(crate) print: Option<Which>,
    /// How to write the answer: for eyes, for screen readers and logs, for programs
    #[arg(long, value_enum, default_value_t = Format::Text)]
    pub(crate) format: Format,
    /// Exit with 0 also where the policy does not name every repository
    #[arg(long)]
    pub(crate) exit_zero: bool,
}

/// A step of the migration.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Which {
    /// Both forms are accepted
    Both,
    /// Only the form with ids
    Final,
}

impl Which {
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Both => "both",
            Self::Final => "final",
        }
    }
}

const AFTER: &str = "\
Examples:
  rolecall migrate trust.json --repo octo-org/octo-repo --owner-id 123456 --repo-id 456789
  gh api repos/octo-org/octo-repo > octo.json
  rolecall migrate main.tf --role deploy --repos octo.json --print both > new.tf

The ids: gh api repos/OWNER/NAME --jq '{o: .owner.id, r: .id}'

Exit codes: 0 done or nothing to do, 1 the policy does not name a repository or gets too
long, 2 wrong use or unreadable input.";
