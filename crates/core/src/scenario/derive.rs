//! The repository that a policy is about, from its text.

use super::Repository;
use crate::condition::{Effect, Test};
use crate::policy::{ConditionTest, Policy, Statement};
use crate::token::catalogue::issuer;
use crate::token::subject::{Form, GitRef, Subject, Tail};

impl Repository {
    /// The first repository that an Allow statement names in full; `None` where none does. What the text
    /// leaves open is made up, but branch and environment are those of the first value that names one.
    ///
    /// ```
    /// use rolecall_core::{policy::Policy, scenario::Repository};
    ///
    /// let policy = Policy::parse(r#"{"Statement": {"Effect": "Allow", "Action": "sts:AssumeRoleWithWebIdentity",
    ///     "Principal": {"Federated": "arn:aws:iam::111122223333:oidc-provider/token.actions.githubusercontent.com"},
    ///     "Condition": {"StringLike": {"token.actions.githubusercontent.com:sub": [
    ///         "repo:octo-org/octo-repo:ref:refs/heads/release", "repo:octo-org@7/octo-repo@8:environment:prod"]}}}}"#).unwrap();
    /// let repository = Repository::of_policy(&policy).unwrap();
    /// assert_eq!(repository.full_name(), "octo-org/octo-repo");
    /// assert_eq!((repository.id.as_str(), repository.branch.as_str()), ("8", "release"));
    /// assert_eq!(repository.environment, "prod");
    /// ```
    #[must_use]
    pub fn of_policy(policy: &Policy) -> Option<Self> {
        let allows = || {
            policy
                .statements
                .iter()
                .filter(|statement| statement.effect == Effect::Allow)
        };
        let mut repository = allows().find_map(named)?;
        let mut told = Told::default();
        let full_name = repository.full_name();
        allows()
            .flat_map(subjects)
            .filter(|subject| subject.full_name().as_deref() == Some(&full_name))
            .for_each(|subject| told.learn(&subject));
        told.into_repository(&mut repository);
        repository.account_of(policy);
        Some(repository)
    }

    /// The issuer is the one that the policy trusts; in China the audience is another.
    fn account_of(&mut self, policy: &Policy) {
        let mut providers = policy.providers();
        if let Some(provider) = providers.find(|named| issuer(named.host).kind.is_github()) {
            self.issuer = format!("https://{}", provider.host);
            if provider.partition == "aws-cn" {
                self.audience.push_str(".cn");
            }
        }
    }
}

/// What the subjects of one repository say; of each the first counts.
#[derive(Default)]
struct Told {
    owner_id: Option<String>,
    id: Option<String>,
    branch: Option<String>,
    environment: Option<String>,
}

impl Told {
    fn learn(&mut self, subject: &Subject<'_>) {
        let is_number = |id: &&str| !id.is_empty() && id.bytes().all(|b| b.is_ascii_digit());
        let number = |id: Option<&str>| id.filter(is_number).map(str::to_owned);
        let (branch, environment) = match subject.tail() {
            Tail::Ref(GitRef::Branch(name)) => (plain(name), None),
            Tail::Environment(name) => (None, plain(&name.replace("%3A", ":"))),
            _ => (None, None),
        };
        let keep = |own: &mut Option<String>, told: Option<String>| *own = own.take().or(told);
        keep(&mut self.owner_id, number(subject.owner_id()));
        keep(&mut self.id, number(subject.repository_id()));
        keep(&mut self.branch, branch);
        keep(&mut self.environment, environment);
    }

    fn into_repository(self, repository: &mut Repository) {
        for (own, told) in [
            (&mut repository.owner_id, self.owner_id),
            (&mut repository.id, self.id),
            (&mut repository.branch, self.branch),
            (&mut repository.environment, self.environment),
        ] {
            *own = told.unwrap_or_else(|| std::mem::take(own));
        }
    }
}

/// A name that is written out.
fn plain(name: &str) -> Option<String> {
    let is_plain = !name.is_empty() && !name.contains(['*', '?', '$', '<', '{']);
    is_plain.then(|| name.to_owned())
}

/// The repository that a statement names in full, in its subjects or under `repository`.
fn named(statement: &Statement) -> Option<Repository> {
    let of_subject = |subject: Subject<'_>| {
        let has_repo = subject.form() != Form::NoRepo;
        let (owner, name) = (plain(subject.owner()?)?, plain(subject.repository()?)?);
        (has_repo && subject.repo()?.host.is_none()).then(|| Repository::new(owner, name))
    };
    let of_key = || {
        let mut values = values(statement, "repository");
        values.find_map(|value| {
            let (owner, name) = value.split_once('/')?;
            Some(Repository::new(plain(owner)?, plain(name)?))
        })
    };
    subjects(statement).find_map(of_subject).or_else(of_key)
}

fn subjects(statement: &Statement) -> impl Iterator<Item = Subject<'_>> {
    values(statement, "sub").map(Subject::parse_pattern)
}

/// The values of positive text tests on a claim.
fn values<'s>(statement: &'s Statement, claim: &'static str) -> impl Iterator<Item = &'s str> {
    let is_text = |test: &&ConditionTest| {
        let operator = test.condition.operator;
        let is_text = matches!(
            operator.test,
            Test::StringEquals | Test::StringLike | Test::StringEqualsIgnoreCase
        );
        let suffix = test.key.text.rsplit_once(':').map(|(_, suffix)| suffix);
        is_text
            && !operator.negated
            && suffix.is_some_and(|suffix| suffix.eq_ignore_ascii_case(claim))
    };
    statement
        .tests
        .iter()
        .filter(is_text)
        .flat_map(|test| &test.values)
        .map(|value| value.text.as_str())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn table() {
        for (condition, expected) in [
            (
                r#""StringLike": {"K:sub": "repo:octo-org/app:*"}"#,
                Some("octo-org/app"),
            ),
            (
                r#""StringLike": {"K:sub": ["repo:octo-org/*", "repo:octo-org/app:pull_request"]}"#,
                Some("octo-org/app"),
            ),
            (r#""StringLike": {"K:sub": "repo:octo-org/*"}"#, None),
            (r#""StringNotLike": {"K:sub": "repo:octo-org/app:*"}"#, None),
            (
                r#""StringEquals": {"K:repository": "octo-org/app"}"#,
                Some("octo-org/app"),
            ),
            (
                r#""StringEquals": {"K:sub": "repo:${org}/app:pull_request"}"#,
                None,
            ),
            (
                r#""StringEquals": {"K:sub": "repo:github.com/octo-org/app:*"}"#,
                None,
            ),
            (r#""StringEquals": {"K:sub": "octo-org/app"}"#, None),
        ] {
            let policy = format!(
                r#"{{"Statement": {{"Effect": "Allow", "Principal": {{"Federated": "x.example"}},
                    "Action": "sts:AssumeRoleWithWebIdentity", "Condition": {{{condition}}}}}}}"#
            );
            let found = Repository::of_policy(&Policy::parse(&policy).unwrap());
            assert_eq!(
                found.map(|r| r.full_name()).as_deref(),
                expected,
                "{condition}"
            );
        }
    }
}
