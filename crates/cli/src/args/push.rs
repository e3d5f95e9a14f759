//! The options of `rolecall push`.

use clap::Args;
use serde_json::{Map, Value};

use super::Format;
use super::facts::{lists, pair};

#[derive(Debug, Args)]
#[command(after_help = AFTER)]
pub(crate) struct PushArgs {
    /// The role's permission policies: files, or `-`. Also output of `aws iam`, a template, Terraform
    #[arg(required = true, value_name = "POLICY")]
    pub(crate) policies: Vec<String>,
    /// The ECR repository: its ARN, or the address that images are pushed to
    #[arg(long, value_name = "ARN")]
    pub(crate) repository: String,
    /// Whether the image is to be pulled, too
    #[arg(long)]
    pub(crate) pull: bool,
    /// Which role, where the text has several: its name, ARN, logical id or resource address
    #[arg(long, value_name = "NAME")]
    pub(crate) role: Option<String>,
    /// The role's ARN [default: as the text tells, else a role in the repository's account]
    #[arg(long, value_name = "ARN", help_heading = "Session")]
    pub(crate) role_arn: Option<String>,
    /// The role session's name
    #[arg(
        long,
        value_name = "NAME",
        help_heading = "Session",
        allow_hyphen_values = true
    )]
    pub(crate) session_name: Option<String>,
    /// Set a condition key, such as aws:SourceIp=203.0.113.7. Given twice: a key with several values
    #[arg(long = "context", value_name = "KEY=VALUE", value_parser = pair, help_heading = "Session")]
    context: Vec<(String, String)>,
    /// Say that the requests do not carry a condition key
    #[arg(long = "absent", value_name = "KEY", help_heading = "Session")]
    absent: Vec<String>,
    /// The role's permissions boundary
    #[arg(long, value_name = "FILE", help_heading = "Other policies")]
    pub(crate) boundary: Option<String>,
    /// A session policy; may be repeated
    #[arg(
        long = "session-policy",
        value_name = "FILE",
        help_heading = "Other policies"
    )]
    pub(crate) session_policies: Vec<String>,
    /// The repository's policy
    #[arg(long, value_name = "FILE", help_heading = "Other policies")]
    pub(crate) repository_policy: Option<String>,
    /// The service control policy of a level over the role's account; may be repeated, one a level
    #[arg(long = "scp", value_name = "FILE", help_heading = "Other policies")]
    pub(crate) service_control: Vec<String>,
    /// A resource control policy over the repository's account; may be repeated
    #[arg(long = "rcp", value_name = "FILE", help_heading = "Other policies")]
    pub(crate) resource_control: Vec<String>,
    /// How to write the answer: for eyes, for screen readers and logs, for programs
    #[arg(long, value_enum, default_value_t = Format::Text)]
    pub(crate) format: Format,
    /// Exit with 0 also where denied or undecided
    #[arg(long)]
    pub(crate) exit_zero: bool,
}

impl PushArgs {
    /// The condition keys that were told.
    pub(crate) fn context(&self) -> Map<String, Value> {
        let mut context = lists(&self.context);
        context.extend(self.absent.iter().map(|key| (key.clone(), Value::Null)));
        context
    }
}

const AFTER: &str = "\
Examples:
  rolecall push push.json --repository arn:aws:ecr:eu-west-1:111122223333:repository/octo-repo
  aws iam get-account-authorization-details |
    rolecall push - --role deploy --repository 111122223333.dkr.ecr.eu-west-1.amazonaws.com/octo-repo
  rolecall push push.json --role-arn arn:aws:iam::111122223333:role/deploy \\
    --repository arn:aws:ecr:eu-west-1:444455556666:repository/octo-repo --repository-policy repo.json

POLICY is told by its content: a permission policy; what aws iam get-role-policy,
get-policy-version and get-account-authorization-details print; CloudFormation;
Terraform, its plans and states as JSON. What is not given is taken as absent.

Exit codes: 0 allowed, 1 denied, 2 wrong use or unreadable input, 3 undecided.";
