//! The policies that say what a role may do, and those of repositories and organisations, in whatever text.

mod cloudformation;
#[cfg(feature = "hcl")]
pub(crate) mod hcl;
mod iam;
mod managed;
mod terraform_json;

use std::sync::Arc;

use rolecall_core::json::{self, Node};
use rolecall_core::permission::{Grammar, Policy};
use rolecall_core::policy::Unreadable;
use rolecall_core::report::ErrorReport;
use rolecall_core::span::{Source, Span};

use crate::budget::Budget;
use crate::detect::{self, Language};
use crate::document::{Found, is_document};
use crate::problem::Problem;
use crate::{Input, Known, percent, tree};

/// What is looked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Sought {
    /// What the role may do.
    Role {
        /// Which role, where the text has several.
        name: Option<String>,
    },
    /// The policy of an ECR repository.
    Repository {
        /// The repository's name.
        name: String,
    },
    /// A policy by itself, such as a permissions boundary, a session policy or a service control policy.
    Limit,
    /// A resource control policy.
    ResourceControl,
}

impl Sought {
    const fn grammar(&self) -> Grammar {
        match self {
            Self::Role { .. } | Self::Limit => Grammar::Identity,
            Self::Repository { .. } => Grammar::Resource,
            Self::ResourceControl => Grammar::Control,
        }
    }
}

/// What was found.
#[derive(Debug, Clone, Default)]
pub struct Permissions {
    /// The policies; a role may have none.
    pub policies: Vec<PermissionPolicy>,
    /// Policies that are attached to the role, but are not in the text.
    pub unknown: Vec<String>,
    /// The role's permissions boundary, where the text has it.
    pub boundary: Option<PermissionPolicy>,
    /// A boundary that is not in the text.
    pub boundary_unknown: Option<String>,
    /// The role's ARN, where the text gives it.
    pub role_arn: Option<String>,
    /// What was decoded, assumed or left open.
    pub notes: Vec<String>,
}

/// A policy that was found.
#[derive(Debug, Clone)]
pub struct PermissionPolicy {
    /// What the text calls it; empty where the text is the policy.
    pub label: String,
    /// Where it is: RFC 6901 in JSON and YAML, the resource address in Terraform configuration.
    pub path: String,
    /// The policy, or why it can't be read.
    pub policy: Result<Policy, Unreadable>,
    /// The text that the policy's places refer to.
    pub source: Arc<Source>,
}

/// Finds policies in a text.
///
/// ```
/// use rolecall_formats::{Known, Sought, read_permissions};
///
/// let text = r#"{"RoleName": "deploy", "PolicyName": "push", "PolicyDocument": {
///     "Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "ecr:*", "Resource": "*"}]}}"#;
/// let found = read_permissions(text, &Known::default(), &Sought::Role { name: None }).unwrap();
/// assert_eq!(found.policies[0].label, "push");
/// assert!(found.policies[0].policy.is_ok());
/// ```
///
/// # Errors
/// The text can't be read, or has no such policy; the report names line and column.
pub fn read_permissions(
    text: &str,
    known: &Known,
    sought: &Sought,
) -> Result<Permissions, ErrorReport> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let source = Arc::new(Source::new(text));
    let input = Input {
        text,
        source: &source,
        known,
        budget: &Budget::new(text),
    };
    let search = Search {
        input,
        sought,
        found: Permissions::default(),
    };
    search.run().map_err(|problem| problem.report(&source))
}

/// A search in a text.
pub(crate) struct Search<'i> {
    input: Input<'i>,
    sought: &'i Sought,
    found: Permissions,
}

impl<'i> Search<'i> {
    /// The text that is searched.
    #[cfg(feature = "hcl")]
    pub(crate) const fn text(&self) -> &'i str {
        self.input.text
    }

    fn run(mut self) -> Result<Permissions, Problem> {
        if self.input.text.len() > json::MAX_BYTES {
            return Err(Problem::text(
                Span::new(0, 0),
                "the text is longer than 16 MiB",
                "give only the role that is meant",
            ));
        }
        match detect::language(self.input.text) {
            Language::Json => {
                let node = json::parse(self.input.text).map_err(Problem::json)?;
                self.tree(&node)?;
            }
            Language::Yaml => self.yaml()?,
            Language::Percent => {
                let text = self.input.text.trim();
                let place = Span::new(0, self.input.text.len());
                let decoded = percent::decode_all(text).map_err(|message| {
                    Problem::text(place, message, "copy the whole encoded text again")
                })?;
                let found = Found {
                    place,
                    policy: Policy::parse(&decoded, self.sought.grammar()),
                    source: Arc::new(Source::new(decoded)),
                    notes: vec![
                        "the policy is percent-encoded: places refer to the decoded policy"
                            .to_owned(),
                    ],
                    left: Vec::new(),
                };
                self.add("", "", found);
            }
            Language::Hcl => self.hcl()?,
            Language::Unknown(problem) => return Err(*problem),
        }
        Ok(self.found)
    }

    #[cfg(feature = "yaml")]
    fn yaml(&mut self) -> Result<(), Problem> {
        let trees = crate::yaml::parse(self.input.text)?;
        match trees.first() {
            Some(node) => self.tree(node),
            None => Err(self.nothing(Span::new(0, 0))),
        }
    }

    #[cfg(not(feature = "yaml"))]
    fn yaml(&mut self) -> Result<(), Problem> {
        Err(Problem::left_out("YAML"))
    }

    #[cfg(feature = "hcl")]
    fn hcl(&mut self) -> Result<(), Problem> {
        crate::hcl::permissions(self)
    }

    #[cfg(not(feature = "hcl"))]
    fn hcl(&mut self) -> Result<(), Problem> {
        Err(Problem::left_out("Terraform configuration"))
    }

    fn tree(&mut self, node: &Node<'_>) -> Result<(), Problem> {
        if let Some(answer) = terraform_json::read(self, node) {
            return answer;
        }
        if let Some(answer) = cloudformation::read(self, node) {
            return answer;
        }
        if let Some(answer) = iam::read(self, node) {
            return answer;
        }
        self.document("", "", node);
        Ok(())
    }

    /// A policy at a place in the tree, as it stands there.
    fn document(&mut self, label: &str, path: &str, node: &Node<'_>) {
        let found = self.input.found(self.sought.grammar(), path, node);
        self.add(label, path, found);
    }

    fn add(&mut self, label: &str, path: &str, found: Found<Policy>) {
        let policy = self.kept(label, path, found);
        self.found.policies.push(policy);
    }

    fn kept(&mut self, label: &str, path: &str, found: Found<Policy>) -> PermissionPolicy {
        for note in found.notes {
            if !self.found.notes.contains(&note) {
                self.found.notes.push(note);
            }
        }
        PermissionPolicy {
            label: label.to_owned(),
            path: path.to_owned(),
            policy: found.policy,
            source: found.source,
        }
    }

    /// A policy that is attached by its ARN, and is not in the text.
    fn attach(&mut self, arn: &str) {
        match managed::policy(arn) {
            Some(policy) => self.found.policies.push(policy),
            None => self.found.unknown.push(arn.to_owned()),
        }
    }

    /// A policy of which it can't be told whether it is the role's.
    fn leave_open(&mut self, address: &str) {
        self.found.unknown.push(format!(
            "of {address}, of which it can't be told whether it is the role's"
        ));
    }

    /// Where the text has no role, its policies are taken for those of the role.
    fn without_role(&mut self) {
        if self.found.policies.len() > 1 {
            let count = self.found.policies.len();
            self.found.notes.push(format!(
                "no role is in this text: all its {count} policies are taken for the role's"
            ));
        }
    }

    fn bound(&mut self, arn: &str) {
        match managed::policy(arn) {
            Some(policy) => self.found.boundary = Some(policy),
            None => self.found.boundary_unknown = Some(arn.to_owned()),
        }
    }

    /// Whether nothing at all was found.
    fn is_empty(&self) -> bool {
        self.found.policies.is_empty() && self.found.unknown.is_empty()
    }

    fn nothing(&self, span: Span) -> Problem {
        let (message, help) = match self.sought {
            Sought::Role { .. } => (
                "no permission policy is in this text",
                "give what `aws iam get-role-policy` or `get-account-authorization-details` prints, or the template that has the role's policies",
            ),
            Sought::Repository { .. } => (
                "no repository policy is in this text",
                "give what `aws ecr get-repository-policy --repository-name NAME` prints",
            ),
            Sought::Limit | Sought::ResourceControl => (
                "no policy is in this text",
                "give the policy itself, or what `aws organizations describe-policy` prints",
            ),
        };
        Problem::text(span, message, help)
    }

    /// The candidate that is asked for, else the only one.
    fn pick<'c, T>(
        &self,
        candidates: &'c [Candidate<T>],
        span: Span,
    ) -> Result<Option<&'c Candidate<T>>, Problem> {
        let Sought::Role { name } = self.sought else {
            return Ok(None);
        };
        let listed = || {
            let names: Vec<&str> = candidates.iter().take(20).map(Candidate::label).collect();
            format!("name one with --role: {}", names.join(", "))
        };
        match (name, candidates) {
            (None, [] | [_]) => Ok(candidates.first()),
            (None, several) => Err(Problem::text(
                span,
                format!("the text holds {} roles, and none was named", several.len()),
                listed(),
            )),
            (Some(_), []) => Ok(None),
            (Some(name), _) => {
                let found = candidates
                    .iter()
                    .find(|candidate| candidate.is_called(name));
                let refuse =
                    || Problem::text(span, format!("no role is called `{name}`"), listed());
                found.map(Some).ok_or_else(refuse)
            }
        }
    }
}

/// A role in a text.
struct Candidate<T> {
    /// Its name, ARN, logical id or address.
    names: Vec<String>,
    role: T,
}

impl<T> Candidate<T> {
    fn label(&self) -> &str {
        self.names.first().map_or("", |name| name)
    }

    fn is_called(&self, wanted: &str) -> bool {
        let last = |text: &str| text.rsplit(['/', '.']).next().map(str::to_owned);
        self.names
            .iter()
            .any(|name| name == wanted || last(name).as_deref() == Some(wanted))
            || self
                .names
                .iter()
                .any(|name| Some(name) == last(wanted).as_ref())
    }
}

/// The value of the first of the keys that holds a policy.
fn wrapped<'n, 'a>(
    node: &'n Node<'a>,
    keys: &[&'static str],
) -> Option<(&'static str, &'n Node<'a>)> {
    keys.iter().find_map(|key| {
        let document = node.get(key).filter(|document| is_document(document))?;
        Some((*key, document))
    })
}

/// The text of a member, or nothing.
fn text(node: &Node<'_>, key: &str) -> String {
    tree::text(node, key).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    const POLICY: &str = r#"{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "ecr:*", "Resource": "*"}]}"#;

    fn role() -> Sought {
        Sought::Role { name: None }
    }

    fn labels(text: &str, sought: &Sought) -> Result<String, String> {
        let known = Known {
            region: Some("eu-west-1".to_owned()),
            ..Known::from_arn("arn:aws:iam::111122223333:role/deploy")
        };
        match read_permissions(text, &known, sought) {
            Ok(found) => Ok(found
                .policies
                .iter()
                .map(|policy| {
                    let broken = if policy.policy.is_ok() { "" } else { "!" };
                    format!("{broken}{}@{}", policy.label, policy.path)
                })
                .chain(found.unknown.iter().map(|arn| format!("?{arn}")))
                .chain(
                    found
                        .boundary
                        .iter()
                        .map(|policy| format!("<{}", policy.label)),
                )
                .chain(found.boundary_unknown.iter().map(|arn| format!("<?{arn}")))
                .collect::<Vec<_>>()
                .join(" ")),
            Err(report) => Err(report.causes[0].summary.clone()),
        }
    }

    #[test]
    fn what_aws_prints() {
        let encoded = "%7B%22Statement%22%3A%5B%5D%7D";
        for (text, expected) in [
            (POLICY.to_owned(), "@"),
            (
                format!(r#"{{"RoleName": "r", "PolicyName": "push", "PolicyDocument": {POLICY}}}"#),
                "push@/PolicyDocument",
            ),
            (
                r#"{"RoleDetailList": [{"RoleName": "bare", "RolePolicyList": [], "AttachedManagedPolicies": []}]}"#.to_owned(),
                "",
            ),
            (
                format!(r#"{{"PolicyVersion": {{"Document": {POLICY}, "VersionId": "v3"}}}}"#),
                "@/PolicyVersion/Document",
            ),
            (
                format!(r#"{{"PolicyName": "p", "PolicyDocument": "{encoded}"}}"#),
                "!p@/PolicyDocument",
            ),
            (
                format!(
                    r#"{{"RoleDetailList": [{{"RoleName": "deploy", "Arn": "arn:aws:iam::111122223333:role/deploy",
                "RolePolicyList": [{{"PolicyName": "push", "PolicyDocument": {POLICY}}}],
                "AttachedManagedPolicies": [{{"PolicyName": "own", "PolicyArn": "arn:aws:iam::111122223333:policy/own"}},
                    {{"PolicyArn": "arn:aws:iam::aws:policy/AmazonEC2ContainerRegistryPowerUser"}},
                    {{"PolicyArn": "arn:aws:iam::aws:policy/ReadOnlyAccess"}}],
                "PermissionsBoundary": {{"PermissionsBoundaryArn": "arn:aws:iam::111122223333:policy/edge"}}}}],
                "Policies": [{{"Arn": "arn:aws:iam::111122223333:policy/own", "PolicyName": "own", "PolicyVersionList": [
                    {{"IsDefaultVersion": false, "Document": {{}}}}, {{"IsDefaultVersion": true, "Document": {POLICY}}}]}}]}}"#
                ),
                "push@/RoleDetailList/0/RolePolicyList/0/PolicyDocument own@/Policies/0/PolicyVersionList/1/Document AmazonEC2ContainerRegistryPowerUser@ ?arn:aws:iam::aws:policy/ReadOnlyAccess <?arn:aws:iam::111122223333:policy/edge",
            ),
        ] {
            assert_eq!(labels(&text, &role()).as_deref(), Ok(expected), "{text}");
        }
    }

    #[test]
    fn templates() {
        let yaml = "
Resources:
  Deploy:
    Type: AWS::IAM::Role
    Properties:
      ManagedPolicyArns: [!Ref Own, 'arn:aws:iam::aws:policy/AdministratorAccess']
      Policies:
        - PolicyName: push
          PolicyDocument:
            Statement: {Effect: Allow, Action: 'ecr:*', Resource: !GetAtt Repo.Arn}
  Own:
    Type: AWS::IAM::ManagedPolicy
    Properties:
      PolicyDocument:
        Statement: {Effect: Allow, Action: 'ecr:*', Resource: '*'}
  Other:
    Type: AWS::IAM::Policy
    Properties:
      PolicyName: login
      Roles: [!Ref Deploy]
      PolicyDocument:
        Statement: {Effect: Allow, Action: 'ecr:*', Resource: '*'}
  Imported:
    Type: AWS::IAM::Policy
    Properties:
      PolicyName: imported
      Roles: [!ImportValue role, !Ref Stranger]
      PolicyDocument:
        Statement: {Effect: Allow, Action: 'ecr:*', Resource: '*'}
  Repo:
    Type: AWS::ECR::Repository
    Properties:
      RepositoryName: octo-repo
";
        assert_eq!(
            labels(yaml, &role()).as_deref(),
            Ok(
                "push@/Resources/Deploy/Properties/Policies/0/PolicyDocument Own@/Resources/Own/Properties/PolicyDocument AdministratorAccess@ login@/Resources/Other/Properties/PolicyDocument ?of Imported, of which it can't be told whether it is the role's"
            )
        );
        let known = Known {
            region: Some("eu-west-1".to_owned()),
            ..Known::from_arn("arn:aws:iam::111122223333:role/deploy")
        };
        let found = read_permissions(yaml, &known, &role()).unwrap();
        let statements = &found.policies[0].policy.as_ref().unwrap().statements;
        let resource = &statements[0].resource.as_ref().unwrap().entries[0].0.text;
        assert_eq!(
            resource,
            "arn:aws:ecr:eu-west-1:111122223333:repository/octo-repo"
        );
    }

    #[test]
    fn repositories_and_organisations() {
        let policy = r#"{\"Statement\": [{\"Effect\": \"Allow\", \"Principal\": \"*\", \"Action\": \"ecr:*\", \"Resource\": \"*\"}]}"#;
        let repository = Sought::Repository {
            name: "octo-repo".to_owned(),
        };
        for (text, sought, expected) in [
            (
                format!(
                    r#"{{"registryId": "111122223333", "repositoryName": "octo-repo", "policyText": "{policy}"}}"#
                ),
                &repository,
                "octo-repo@/policyText",
            ),
            (
                format!(
                    r#"{{"Policy": {{"PolicySummary": {{"Name": "edge"}}, "Content": "{policy}"}}}}"#
                ),
                &Sought::ResourceControl,
                "edge@/Policy/Content",
            ),
        ] {
            assert_eq!(labels(&text, sought).as_deref(), Ok(expected), "{text}");
        }
    }

    #[test]
    fn terraform_json() {
        let inner = r#"{\"Version\": \"2012-10-17\", \"Statement\": [{\"Effect\": \"Allow\", \"Action\": \"ecr:*\", \"Resource\": \"*\"}]}"#;
        let text = format!(
            r#"{{"terraform_version": "1.9.0", "values": {{"root_module": {{"resources": [
                {{"type": "aws_iam_role", "name": "deploy", "values": {{"name": "deploy", "arn": "arn:aws:iam::111122223333:role/deploy"}}}},
                {{"type": "aws_iam_role", "name": "other", "values": {{"name": "other"}}}},
                {{"type": "aws_iam_role_policy", "name": "push", "values": {{"name": "push", "role": "deploy", "policy": "{inner}"}}}},
                {{"type": "aws_iam_role_policy", "name": "strange", "values": {{"name": "strange", "role": "other", "policy": "{inner}"}}}}],
                "child_modules": [{{"resources": [
                {{"type": "aws_iam_policy", "name": "login", "values": {{"name": "login", "arn": "arn:aws:iam::111122223333:policy/login", "policy": "{inner}"}}}},
                {{"type": "aws_iam_role_policy_attachment", "name": "login", "values": {{"role": "deploy", "policy_arn": "arn:aws:iam::111122223333:policy/login"}}}},
                {{"type": "aws_iam_role_policy_attachment", "name": "far", "values": {{"role": "deploy", "policy_arn": "arn:aws:iam::111122223333:policy/far"}}}}]}}]}}}}}}"#
        );
        let deploy = Sought::Role {
            name: Some("deploy".to_owned()),
        };
        assert_eq!(
            labels(&text, &deploy).as_deref(),
            Ok(
                "push@/values/root_module/resources/2/values/policy login@/values/root_module/child_modules/0/resources/0/values/policy ?arn:aws:iam::111122223333:policy/far"
            )
        );
        let open = text.replace(r#""role": "deploy", "policy""#, r#""policy""#);
        assert!(
            labels(&open, &deploy)
                .unwrap()
                .contains("?of aws_iam_role_policy.push,")
        );
        let planned = text.replace(
            &format!(r#""role": "deploy", "policy": "{inner}""#),
            r#""role": "deploy""#,
        );
        assert_eq!(
            labels(&planned, &deploy).unwrap_err(),
            "the policy of aws_iam_role_policy.push is known only after apply"
        );
    }

    #[test]
    fn what_is_missing_is_said() {
        for (text, sought, message) in [
            (
                r#"{"Role": {"RoleName": "deploy", "AssumeRolePolicyDocument": {}}}"#,
                role(),
                "the role comes without its permission policies",
            ),
            (
                r#"{"RoleDetailList": [{"RoleName": "a", "RolePolicyList": []}, {"RoleName": "b", "RolePolicyList": []}]}"#,
                role(),
                "the text holds 2 roles, and none was named",
            ),
            (
                r#"{"RoleDetailList": [{"RoleName": "a", "RolePolicyList": []}]}"#,
                Sought::Role {
                    name: Some("c".to_owned()),
                },
                "no role is called `c`",
            ),
            ("", role(), "the text is empty"),
            (
                r#"{"AWSTemplateFormatVersion": "2010-09-09", "Resources": {}}"#,
                role(),
                "no permission policy is in this text",
            ),
        ] {
            assert_eq!(labels(text, &sought), Err(message.to_owned()), "{text}");
        }
    }

    #[cfg(feature = "hcl")]
    #[test]
    fn terraform() {
        let text = r#"
resource "aws_ecr_repository" "app" { name = "octo-repo" }
resource "aws_iam_role" "deploy" {
  name               = "deploy"
  assume_role_policy = "{}"
}
resource "aws_iam_role" "other" {
  name               = "other"
  assume_role_policy = "{}"
}
data "aws_iam_policy_document" "push" {
  statement {
    actions   = ["ecr:PutImage"]
    resources = [aws_ecr_repository.app.arn]
  }
}
resource "aws_iam_role_policy" "push" {
  role   = aws_iam_role.deploy.id
  policy = data.aws_iam_policy_document.push.json
}
resource "aws_iam_role_policy" "open" {
  role   = module.roles.deploy
  policy = jsonencode({ Statement = [] })
}
resource "aws_iam_policy_attachment" "all" {
  name       = "all"
  roles      = [aws_iam_role.other.name, aws_iam_role.deploy.name]
  policy_arn = "arn:aws:iam::aws:policy/AdministratorAccess"
}
resource "aws_iam_role_policy" "other" {
  role   = aws_iam_role.other.id
  policy = jsonencode({ Statement = [] })
}
resource "aws_iam_policy" "login" {
  policy = jsonencode({ Statement = [{ Effect = "Allow", Action = "ecr:GetAuthorizationToken", Resource = "*" }] })
}
resource "aws_iam_role_policy_attachment" "login" {
  role       = aws_iam_role.deploy.name
  policy_arn = aws_iam_policy.login.arn
}
resource "aws_ecr_repository_policy" "app" {
  repository = aws_ecr_repository.app.name
  policy     = jsonencode({ Statement = [{ Effect = "Allow", Principal = "*", Action = "ecr:PutImage" }] })
}
"#;
        let deploy = Sought::Role {
            name: Some("deploy".to_owned()),
        };
        assert_eq!(
            labels(text, &deploy).as_deref(),
            Ok(
                "aws_iam_role_policy.push@aws_iam_role_policy.push.policy aws_iam_policy.login@aws_iam_policy.login.policy AdministratorAccess@ ?of aws_iam_role_policy.open, of which it can't be told whether it is the role's"
            )
        );
        let repository = Sought::Repository {
            name: "octo-repo".to_owned(),
        };
        assert_eq!(
            labels(text, &repository).as_deref(),
            Ok("aws_ecr_repository_policy.app@aws_ecr_repository_policy.app.policy")
        );
        assert_eq!(
            labels(text, &role()).unwrap_err(),
            "the text holds 2 roles, and none was named"
        );
    }
}
