//! Finds the trust policies of IAM roles in whatever text a user has, and hands them to
//! `rolecall-core` with places in that text.
//!
//! What a text is, its content decides, never a file name:
//!
//! | text | what is read |
//! |---|---|
//! | a trust policy, JSON or YAML, alone or under `PolicyDocument` / `AssumeRolePolicyDocument` | the policy |
//! | the same, percent-encoded (RFC 3986), as the IAM API answers it | the policy, decoded |
//! | what `aws iam get-role`, `create-role`, `list-roles`, `get-account-authorization-details` print, JSON or YAML | every role |
//! | a CloudFormation or SAM template, JSON or YAML, or what `get-template` prints | every `AWS::IAM::Role` |
//! | Terraform configuration | every `aws_iam_role`; without one, every `aws_iam_policy_document` with principals |
//! | `terraform show -json` of a state or a plan, or a state file | every `aws_iam_role` |
//!
//! [`read_permissions`] finds in the same texts the policies that say what the role may do, and what
//! `aws ecr get-repository-policy` and `aws organizations describe-policy` print.
//!
//! # What is resolved in templates
//! Nothing is guessed. A parameter or variable counts as its default where the text gives one, and a note
//! says so; a value that the text does not tell stays as `${Name}`, which core reports as a placeholder;
//! an expression that would have to be a whole statement or document makes the role [`Unreadable`], with
//! the expression's place and what to give instead. [`Known`] tells the account, where the caller knows it.
//!
//! # Limitations
//! Macros, nested stacks, modules and other files are not followed: give `terraform show -json` or the
//! role as `aws iam get-role` prints it. Conditions of a template are decided for the default parameters.
//!
//! # Places
//! Every span is a place in [`RolePolicy::source`]. That is the text itself, but for a policy that is
//! written inside a string with escapes or percent-encoding: then it is the decoded policy.
//!
//! ```
//! let document = rolecall_formats::read(r#"{"Role": {"RoleName": "deploy", "AssumeRolePolicyDocument": {
//!     "Version": "2012-10-17", "Statement": [{"Effect": "Allow",
//!         "Principal": {"Federated": "arn:aws:iam::111122223333:oidc-provider/token.actions.githubusercontent.com"},
//!         "Action": "sts:AssumeRoleWithWebIdentity"}]}}}"#).unwrap();
//! let role = document.pick(None, None).unwrap();
//! assert_eq!(role.name.as_deref(), Some("deploy"));
//! assert_eq!(role.path, "/Role/AssumeRolePolicyDocument");
//! assert!(role.policy.is_ok());
//! ```
//!
//! [`Unreadable`]: rolecall_core::policy::Unreadable

mod budget;
mod cloudformation;
mod detect;
mod document;
#[cfg(feature = "hcl")]
mod hcl;
mod iam;
mod judge;
mod known;
mod mapped;
mod open;
mod percent;
mod permissions;
mod pick;
mod problem;
mod push;
mod shape;
mod terraform_json;
mod trace;
mod tree;
#[cfg(feature = "yaml")]
pub mod yaml;

use std::sync::Arc;

use rolecall_core::json;
use rolecall_core::policy::{Policy, Unreadable};
use rolecall_core::report::ErrorReport;
use rolecall_core::span::{Source, Span};

use budget::Budget;
use detect::Language;
pub use judge::role;
pub use known::Known;
pub use permissions::{PermissionPolicy, Permissions, Sought, read_permissions};
use problem::Problem;
pub use push::{BadText, PushTexts, Text, resource_controls, with_policies};

/// What a text holds.
#[derive(Debug, Clone)]
pub struct Document {
    /// What the text is.
    pub format: Format,
    /// The roles, in the order of the text; at least one.
    pub roles: Vec<RolePolicy>,
    /// What was found out about the text as a whole.
    pub notes: Vec<String>,
    text: Arc<Source>,
}

/// The kinds of text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// A trust policy and nothing else.
    Policy,
    /// The same, percent-encoded.
    Encoded,
    /// What `aws iam` prints of roles.
    IamOutput,
    /// A CloudFormation or SAM template.
    CloudFormation,
    /// Terraform configuration.
    Terraform,
    /// A Terraform state or plan as JSON.
    TerraformJson,
}

impl Format {
    /// The kind in words: "a CloudFormation template".
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Policy => "a trust policy",
            Self::Encoded => "a percent-encoded trust policy",
            Self::IamOutput => "output of `aws iam`",
            Self::CloudFormation => "a CloudFormation template",
            Self::Terraform => "Terraform configuration",
            Self::TerraformJson => "a Terraform state or plan",
        }
    }
}

/// A role and its trust policy.
#[derive(Debug, Clone)]
pub struct RolePolicy {
    /// The role's name, where the text gives one.
    pub name: Option<String>,
    /// The role's ARN, where the text gives one.
    pub arn: Option<String>,
    /// What the text calls it: the logical id in a template, the resource address in Terraform.
    pub address: Option<String>,
    /// The longest session that the role grants, in seconds.
    pub max_session_duration: Option<i64>,
    /// Where the policy is: RFC 6901 in JSON and YAML, the resource address in Terraform configuration.
    pub path: String,
    /// The place of the policy in the text that was read.
    pub place: Span,
    /// The policy, or why it can't be read.
    pub policy: Result<Policy, Unreadable>,
    /// The text that the policy's spans refer to.
    pub source: Arc<Source>,
    /// What was decoded, assumed or left open in this policy.
    pub notes: Vec<String>,
    left: Vec<trace::Left>,
}

/// Finds the trust policies in a text.
///
/// # Errors
/// The text can't be read, or holds no role with a trust policy; the report names line and column.
pub fn read(text: &str) -> Result<Document, ErrorReport> {
    read_with(text, &Known::default())
}

/// As [`read`], where something is known of the account that the text is meant for.
///
/// # Errors
/// As [`read`].
pub fn read_with(text: &str, known: &Known) -> Result<Document, ErrorReport> {
    // A mark at the start is no part of the text: editors do not count it as a column either.
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let source = Arc::new(Source::new(text));
    let input = Input {
        text,
        source: &source,
        known: &known.clone().with_own_account(),
        budget: &Budget::new(text),
    };
    input.read().map_err(|problem| problem.report(&source))
}

/// A text that is being read.
#[derive(Clone, Copy)]
struct Input<'a> {
    text: &'a str,
    source: &'a Arc<Source>,
    known: &'a Known,
    budget: &'a Budget,
}

impl<'a> Input<'a> {
    fn read(self) -> Result<Document, Problem> {
        if self.text.len() > json::MAX_BYTES {
            let start = Span::new(0, 0);
            return Err(Problem::text(
                start,
                "the text is longer than 16 MiB",
                "give only the role that is meant",
            ));
        }
        match detect::language(self.text) {
            Language::Json => self.json(),
            Language::Percent => percent::read(self),
            Language::Hcl => self.hcl(),
            Language::Yaml => self.yaml(),
            Language::Unknown(problem) => Err(*problem),
        }
    }

    fn json(self) -> Result<Document, Problem> {
        let node = json::parse(self.text).map_err(Problem::json)?;
        shape::read(self, &node)
    }

    #[cfg(feature = "yaml")]
    fn yaml(self) -> Result<Document, Problem> {
        yaml::read(self)
    }

    #[cfg(not(feature = "yaml"))]
    fn yaml(self) -> Result<Document, Problem> {
        Err(Problem::left_out("YAML"))
    }

    #[cfg(feature = "hcl")]
    fn hcl(self) -> Result<Document, Problem> {
        hcl::read(self)
    }

    #[cfg(not(feature = "hcl"))]
    fn hcl(self) -> Result<Document, Problem> {
        Err(Problem::left_out("Terraform configuration"))
    }

    /// A document of roles; there must be one.
    fn document(
        self,
        format: Format,
        roles: Vec<RolePolicy>,
        none: impl FnOnce() -> Problem,
    ) -> Result<Document, Problem> {
        if roles.is_empty() {
            return Err(none());
        }
        Ok(Document {
            format,
            roles,
            notes: Vec::new(),
            text: Arc::clone(self.source),
        })
    }
}
