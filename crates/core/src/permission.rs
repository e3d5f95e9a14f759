//! Policies that say what may be done: identity policies, permissions boundaries, session policies,
//! repository policies, service and resource control policies.
//!
//! # Grammar
//! As that of trust policies ([`crate::policy`]), but for these elements of a statement:
//!
//! | grammar | principal | resource | statement ids |
//! | --- | --- | --- | --- |
//! | [`Grammar::Identity`] | not allowed | `Resource` or `NotResource` | letters and digits |
//! | [`Grammar::Resource`] | `Principal` or `NotPrincipal` | may be left out: the policy's own resource | anything |
//! | [`Grammar::Control`] | `Principal` or `NotPrincipal` | `Resource` or `NotResource` | anything |
//!
//! Actions ignore letter case, resources do not; `*` and `?` stand anywhere in a resource and cross
//! `/` and `:`. Sources: IAM User Guide, "IAM JSON policy elements"; that `*` crosses was observed
//! (radkawar/stackd fixtures, 2026-09-12).
//!
//! ```
//! use rolecall_core::context::Context;
//! use rolecall_core::permission::{Grammar, Policy, Request};
//! use rolecall_core::tri::Tri;
//!
//! let policy = Policy::parse(r#"{"Version": "2012-10-17", "Statement": {
//!     "Effect": "Allow", "Action": "ecr:*Layer*",
//!     "Resource": "arn:aws:ecr:*:111122223333:repository/octo-*"}}"#, Grammar::Identity).unwrap();
//! let request = Request {
//!     action: "ecr:UploadLayerPart",
//!     resource: "arn:aws:ecr:eu-west-1:111122223333:repository/octo-repo",
//!     context: &Context::raw(),
//! };
//! assert_eq!(policy.statements[0].covers(request), Tri::Yes);
//! ```

use crate::condition::Effect;
use crate::context::{Context, Fact};
use crate::pattern::Pattern;
use crate::policy::{
    Actions, ConditionTest, Duplicate, Principal, PrincipalKind, Principals, Spanned,
};
use crate::span::Span;
use crate::tri::Tri;

/// Which elements a policy has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Grammar {
    /// What is attached to a principal: identity policies, boundaries, session and service control policies.
    Identity,
    /// What is attached to a resource, such as an ECR repository.
    Resource,
    /// A resource control policy.
    Control,
}

/// A policy that was read.
#[derive(Debug, Clone)]
pub struct Policy {
    /// The place of the whole document in its text.
    pub span: Span,
    /// The Version as written, if any.
    pub version: Option<Spanned>,
    /// The statements in the order of the text.
    pub statements: Vec<Statement>,
    /// Whether `Statement` is a list.
    pub statements_are_listed: bool,
    /// Keys that were given twice.
    pub duplicates: Vec<Duplicate>,
    /// Its length in characters, white space not counted.
    pub size: usize,
}

/// A statement.
#[derive(Debug, Clone)]
pub struct Statement {
    /// The place of the statement.
    pub span: Span,
    /// The statement's id.
    pub sid: Option<Spanned>,
    /// Grant or refuse.
    pub effect: Effect,
    /// Who; `None` in what is attached to a principal.
    pub principal: Option<Principals>,
    /// What.
    pub action: Actions,
    /// To which resources; `None` in a resource policy: to its own.
    pub resource: Option<Resources>,
    /// The tests; all must be met.
    pub tests: Vec<ConditionTest>,
}

/// `Resource` or `NotResource`.
#[derive(Debug, Clone)]
pub struct Resources {
    /// The place of the element's value.
    pub span: Span,
    /// The place of the element's name.
    pub key_span: Span,
    /// `NotResource`: everything but these.
    pub not: bool,
    /// The resources as written, with their patterns.
    pub entries: Vec<(Spanned, Pattern)>,
}

/// One action on one resource.
#[derive(Debug, Clone, Copy)]
pub struct Request<'a> {
    /// The action.
    pub action: &'a str,
    /// The resource's ARN; `*` for an action that has none.
    pub resource: &'a str,
    /// The condition keys.
    pub context: &'a Context,
}

/// A role session, as far as it is known, as resource policies name it.
#[derive(Debug, Clone, Copy, Default)]
pub struct Caller<'a> {
    /// Its account.
    pub account: Option<&'a str>,
    /// The role's ARN, path and all.
    pub role: Option<&'a str>,
    /// The role's name.
    pub role_name: Option<&'a str>,
    /// The session's name.
    pub session: Option<&'a str>,
}

/// By what a principal element names a role session, and whether it does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Named {
    /// As everyone: `*`.
    pub anyone: Tri,
    /// By its account, which leaves the grant to the account's own policies.
    pub account: Tri,
    /// By its role's ARN.
    pub role: Tri,
    /// By its own ARN.
    pub session: Tri,
}

impl Named {
    /// Not at all.
    pub const NOT: Self = Self {
        anyone: Tri::No,
        account: Tri::No,
        role: Tri::No,
        session: Tri::No,
    };

    /// In whatever way.
    #[must_use]
    pub fn any(self) -> Tri {
        Tri::any([self.anyone, self.account, self.role, self.session])
    }

    /// All ways together with a further demand.
    #[must_use]
    pub fn and(self, demand: Tri) -> Self {
        Self {
            anyone: self.anyone.and(demand),
            account: self.account.and(demand),
            role: self.role.and(demand),
            session: self.session.and(demand),
        }
    }

    /// What two statements name together.
    #[must_use]
    pub fn or(self, other: Self) -> Self {
        Self {
            anyone: self.anyone.or(other.anyone),
            account: self.account.or(other.account),
            role: self.role.or(other.role),
            session: self.session.or(other.session),
        }
    }
}

impl Policy {
    /// Whether a statement of this effect covers a request, whoever asks.
    #[must_use]
    pub fn covers(&self, effect: Effect, request: Request<'_>) -> Tri {
        Tri::any(
            self.of(effect)
                .map(|(_, statement)| statement.covers(request)),
        )
    }

    /// Whom the Allow statements that cover a request name.
    #[must_use]
    pub fn grants(&self, caller: Caller<'_>, request: Request<'_>) -> Named {
        self.of(Effect::Allow)
            .fold(Named::NOT, |named, (_, statement)| {
                named.or(statement.named(caller).and(statement.covers(request)))
            })
    }

    /// Whether a Deny statement covers a request of this caller.
    #[must_use]
    pub fn denies(&self, caller: Caller<'_>, request: Request<'_>) -> Tri {
        let denied = |(_, statement): (usize, &Statement)| statement.refuses(caller, request);
        Tri::any(self.of(Effect::Deny).map(denied))
    }

    /// The statements of an effect and their places in the list.
    pub fn of(&self, effect: Effect) -> impl Iterator<Item = (usize, &Statement)> {
        let numbered = self.statements.iter().enumerate();
        numbered.filter(move |(_, statement)| statement.effect == effect)
    }

    /// The RFC 6901 path of a statement.
    #[must_use]
    pub fn path(&self, index: usize) -> String {
        if self.statements_are_listed {
            format!("/Statement/{index}")
        } else {
            "/Statement".to_owned()
        }
    }
}

impl Statement {
    /// Whether action, resource and conditions fit, whoever asks.
    #[must_use]
    pub fn covers(&self, request: Request<'_>) -> Tri {
        if !self.action.covers(request.action) {
            return Tri::No;
        }
        match self.includes(request) {
            Tri::No => Tri::No,
            included => included.and(self.conditions(request.context)),
        }
    }

    /// Whether the resource is meant.
    #[must_use]
    pub fn includes(&self, request: Request<'_>) -> Tri {
        self.resource
            .as_ref()
            .map_or(Tri::Yes, |resources| resources.include(request))
    }

    /// Whether all conditions are met.
    #[must_use]
    pub fn conditions(&self, context: &Context) -> Tri {
        let tests = self.tests.iter();
        Tri::all(tests.map(|test| {
            match test.condition.evaluate(context, self.effect) {
                _ if test
                    .values
                    .iter()
                    .any(|value| placeholder(&value.text).is_some()) =>
                {
                    Tri::Unknown
                }
                answer => answer,
            }
        }))
    }

    /// The expressions of a template that stand in the statement instead of values.
    pub fn placeholders(&self) -> impl Iterator<Item = &str> {
        let resources = self.resource.iter().flat_map(|resource| &resource.entries);
        let resources = resources.map(|(text, _)| text);
        let principals = self
            .principal
            .iter()
            .flat_map(|principals| &principals.entries);
        let values = self.tests.iter().flat_map(|test| &test.values);
        resources
            .chain(principals.map(|principal| &principal.value))
            .chain(values)
            .filter_map(|text| placeholder(&text.text))
    }

    /// How an Allow statement names a role session. `NotPrincipal` in one is refused by IAM and grants to everyone else.
    #[must_use]
    pub fn named(&self, caller: Caller<'_>) -> Named {
        let Some(principals) = &self.principal else {
            return Named {
                anyone: Tri::Yes,
                ..Named::NOT
            };
        };
        let named = names(&principals.entries, caller);
        if principals.not {
            return Named {
                anyone: !named.any(),
                ..Named::NOT
            };
        }
        named
    }

    /// Whether a Deny statement is about a request of this caller.
    #[must_use]
    pub fn refuses(&self, caller: Caller<'_>, request: Request<'_>) -> Tri {
        match self.covers(request) {
            Tri::No => Tri::No,
            covered => covered.and(self.is_about(caller)),
        }
    }

    /// With `NotPrincipal` a session is spared only where its account, its role and the session itself are
    /// all listed (IAM User Guide, "NotPrincipal"); what a part of them does is not documented.
    fn is_about(&self, caller: Caller<'_>) -> Tri {
        let Some(principals) = &self.principal else {
            return Tri::Yes;
        };
        let named = names(&principals.entries, caller);
        if !principals.not {
            return named.any();
        }
        let spared = named
            .anyone
            .or(Tri::all([named.account, named.role, named.session]));
        match (spared, named.any()) {
            (Tri::Yes, _) => Tri::No,
            (_, Tri::No) => Tri::Yes,
            _ => Tri::Unknown,
        }
    }
}

impl Resources {
    /// Whether the request's resource is meant.
    #[must_use]
    pub fn include(&self, request: Request<'_>) -> Tri {
        let matched = Tri::any(
            self.entries
                .iter()
                .map(|(_, pattern)| matches(pattern, request)),
        );
        if self.not { !matched } else { matched }
    }
}

/// A variable without a value matches no resource (IAM User Guide, "Policy variables").
fn matches(pattern: &Pattern, request: Request<'_>) -> Tri {
    let is_unknown = |key| request.context.get(key) == &Fact::Unknown;
    if pattern
        .variables()
        .any(|variable| is_unknown(&variable.key))
    {
        return Tri::Unknown;
    }
    let resolve = |variable| request.context.resolve(variable);
    pattern.matches_with(request.resource, &resolve).into()
}

/// `${...}` that is no policy variable: what a template has left open, such as `${aws_ecr_repository.app.arn}`
/// or `${AWS::Region}`. A variable is `${prefix:name}` or a character that stands for itself (IAM User Guide,
/// "Policy variables").
#[must_use]
pub fn placeholder(text: &str) -> Option<&str> {
    let mut from = 0;
    while let Some(start) = text.get(from..)?.find("${").map(|at| from + at) {
        let end = start + text.get(start..)?.find('}')? + 1;
        let name = text.get(start + 2..end - 1)?;
        let key = name.split(',').next().unwrap_or_default().trim();
        let is_variable = matches!(key, "*" | "?" | "$")
            || key.split_once(':').is_some_and(|(prefix, rest)| {
                !prefix.is_empty() && !rest.is_empty() && !rest.starts_with(':')
            });
        if !is_variable {
            return text.get(start..end);
        }
        from = end;
    }
    None
}

fn names(entries: &[Principal], caller: Caller<'_>) -> Named {
    entries.iter().fold(Named::NOT, |named, entry| {
        named.or(entry_names(entry, caller))
    })
}

/// IAM User Guide, "Principal": an account is its number or the ARN of its root, a role is its ARN, a role
/// session is `arn:aws:sts::ACCOUNT:assumed-role/ROLE/SESSION`. A federated principal in a resource policy
/// is not documented for a session of a role.
fn entry_names(entry: &Principal, caller: Caller<'_>) -> Named {
    let text = &*entry.value.text;
    if placeholder(text).is_some() {
        return Named {
            role: Tri::Unknown,
            ..Named::NOT
        };
    }
    match entry.kind {
        PrincipalKind::Anyone => anyone(),
        PrincipalKind::Aws if text == "*" => anyone(),
        PrincipalKind::Aws => Named {
            account: account_of(text).map_or(Tri::No, |account| same(caller.account, account)),
            role: is_role(text).map_or(Tri::No, |()| same(caller.role, text)),
            session: session_of(text).map_or(Tri::No, |session| session.is(caller)),
            anyone: Tri::No,
        },
        PrincipalKind::Federated => Named {
            session: Tri::Unknown,
            ..Named::NOT
        },
        PrincipalKind::Service | PrincipalKind::CanonicalUser => Named::NOT,
    }
}

const fn anyone() -> Named {
    Named {
        anyone: Tri::Yes,
        ..Named::NOT
    }
}

fn same(known: Option<&str>, text: &str) -> Tri {
    known.map_or(Tri::Unknown, |known| (known == text).into())
}

fn account_of(text: &str) -> Option<&str> {
    let is_number = |text: &str| text.len() == 12 && text.bytes().all(|b| b.is_ascii_digit());
    if is_number(text) {
        return Some(text);
    }
    let [_, account, resource] = crate::condition::literal::iam_arn(text)?;
    (resource == "root").then_some(account)
}

fn is_role(text: &str) -> Option<()> {
    let [_, _, resource] = crate::condition::literal::iam_arn(text)?;
    resource.starts_with("role/").then_some(())
}

/// The parts of a role session's ARN.
struct SessionArn<'a> {
    account: &'a str,
    role: &'a str,
    session: &'a str,
}

fn session_of(text: &str) -> Option<SessionArn<'_>> {
    let mut parts = text.splitn(6, ':');
    let (arn, _, service) = (parts.next()?, parts.next()?, parts.next()?);
    let (_, account, resource) = (parts.next()?, parts.next()?, parts.next()?);
    let (role, session) = resource.strip_prefix("assumed-role/")?.split_once('/')?;
    (arn == "arn" && service == "sts").then_some(SessionArn {
        account,
        role,
        session,
    })
}

impl SessionArn<'_> {
    fn is(&self, caller: Caller<'_>) -> Tri {
        Tri::all([
            same(caller.account, self.account),
            same(caller.role_name, self.role),
            same(caller.session, self.session),
        ])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const REPOSITORY: &str = "arn:aws:ecr:eu-west-1:111122223333:repository/octo-repo";

    /// `(action element, resource element, action, resource, answer)`
    const STATEMENTS: &[(&str, &str, &str, &str, Tri)] = &[
        (
            r#""Action": "ecr:PutImage""#,
            r#""Resource": "*""#,
            "ecr:PutImage",
            REPOSITORY,
            Tri::Yes,
        ),
        (
            r#""Action": "ECR:putimage""#,
            r#""Resource": "*""#,
            "ecr:PutImage",
            REPOSITORY,
            Tri::Yes,
        ),
        (
            r#""Action": "ecr:Put*""#,
            r#""Resource": "*""#,
            "ecr:PutImage",
            REPOSITORY,
            Tri::Yes,
        ),
        (
            r#""Action": "ecr:Get*""#,
            r#""Resource": "*""#,
            "ecr:PutImage",
            REPOSITORY,
            Tri::No,
        ),
        (
            r#""NotAction": "iam:*""#,
            r#""Resource": "*""#,
            "ecr:PutImage",
            REPOSITORY,
            Tri::Yes,
        ),
        (
            r#""NotAction": "ecr:*""#,
            r#""Resource": "*""#,
            "ecr:PutImage",
            REPOSITORY,
            Tri::No,
        ),
        (
            r#""Action": "*""#,
            r#""Resource": "arn:aws:ecr:*:*:repository/octo-?epo""#,
            "ecr:PutImage",
            REPOSITORY,
            Tri::Yes,
        ),
        (
            r#""Action": "*""#,
            r#""Resource": "arn:aws:ecr:*""#,
            "ecr:PutImage",
            REPOSITORY,
            Tri::Yes,
        ),
        (
            r#""Action": "*""#,
            r#""Resource": "arn:aws:ecr:*:*:repository/Octo-repo""#,
            "ecr:PutImage",
            REPOSITORY,
            Tri::No,
        ),
        (
            r#""Action": "*""#,
            r#""Resource": "arn:aws:ecr:us-east-1:111122223333:repository/*""#,
            "ecr:PutImage",
            REPOSITORY,
            Tri::No,
        ),
        (
            r#""Action": "*""#,
            r#""NotResource": "arn:aws:ecr:us-east-1:111122223333:repository/*""#,
            "ecr:PutImage",
            REPOSITORY,
            Tri::Yes,
        ),
        (
            r#""Action": "*""#,
            r#""NotResource": ["a", "arn:aws:ecr:*"]"#,
            "ecr:PutImage",
            REPOSITORY,
            Tri::No,
        ),
        (
            r#""Action": "*""#,
            r#""Resource": "arn:aws:ecr:*:*:repository/*""#,
            "ecr:GetAuthorizationToken",
            "*",
            Tri::No,
        ),
        (
            r#""Action": "*""#,
            r#""NotResource": "arn:aws:ecr:*:*:repository/*""#,
            "ecr:GetAuthorizationToken",
            "*",
            Tri::Yes,
        ),
        (
            r#""Action": "*""#,
            r#""Resource": "arn:aws:ecr:*:*:repository/${aws:PrincipalTag/repo}""#,
            "ecr:PutImage",
            REPOSITORY,
            Tri::Yes,
        ),
        (
            r#""Action": "*""#,
            r#""Resource": "arn:aws:ecr:*:*:repository/${aws:SourceIp}""#,
            "ecr:PutImage",
            REPOSITORY,
            Tri::Unknown,
        ),
        (
            r#""Action": "*""#,
            r#""Resource": "arn:aws:ecr:*:*:repository/${aws:username}""#,
            "ecr:PutImage",
            REPOSITORY,
            Tri::No,
        ),
        (
            r#""Action": "*""#,
            r#""Resource": "*", "Condition": {"IpAddress": {"aws:SourceIp": "203.0.113.0/24"}}"#,
            "ecr:PutImage",
            REPOSITORY,
            Tri::Unknown,
        ),
        (
            r#""Action": "*""#,
            r#""Resource": "*", "Condition": {"StringEquals": {"aws:username": "x"}}"#,
            "ecr:PutImage",
            REPOSITORY,
            Tri::No,
        ),
    ];

    #[test]
    fn statements() {
        let mut context = Context::with_unknown(&["aws:sourceip"]);
        context.set("aws:PrincipalTag/repo", Fact::one("octo-repo"));
        for (actions, resources, action, resource, expected) in STATEMENTS {
            let text = format!(
                r#"{{"Version": "2012-10-17", "Statement": [{{"Effect": "Allow", {actions}, {resources}}}]}}"#
            );
            let policy = Policy::parse(&text, Grammar::Identity).unwrap();
            let request = Request {
                action,
                resource,
                context: &context,
            };
            assert_eq!(policy.covers(Effect::Allow, request), *expected, "{text}");
        }
    }

    const CALLER: Caller<'static> = Caller {
        account: Some("111122223333"),
        role: Some("arn:aws:iam::111122223333:role/ci/deploy"),
        role_name: Some("deploy"),
        session: Some("GitHubActions"),
    };

    /// `(principal, how the session is named: anyone, account, role, session)`
    const PRINCIPALS: &[(&str, [Tri; 4])] = &[
        (r#""*""#, [Tri::Yes, Tri::No, Tri::No, Tri::No]),
        (r#"{"AWS": "*"}"#, [Tri::Yes, Tri::No, Tri::No, Tri::No]),
        (
            r#"{"AWS": "111122223333"}"#,
            [Tri::No, Tri::Yes, Tri::No, Tri::No],
        ),
        (
            r#"{"AWS": "arn:aws:iam::111122223333:root"}"#,
            [Tri::No, Tri::Yes, Tri::No, Tri::No],
        ),
        (r#"{"AWS": "arn:aws:iam::444455556666:root"}"#, [Tri::No; 4]),
        (
            r#"{"AWS": "arn:aws:iam::111122223333:role/ci/deploy"}"#,
            [Tri::No, Tri::No, Tri::Yes, Tri::No],
        ),
        (
            r#"{"AWS": "arn:aws:iam::111122223333:role/deploy"}"#,
            [Tri::No; 4],
        ),
        (
            r#"{"AWS": "arn:aws:sts::111122223333:assumed-role/deploy/GitHubActions"}"#,
            [Tri::No, Tri::No, Tri::No, Tri::Yes],
        ),
        (
            r#"{"AWS": "arn:aws:sts::111122223333:assumed-role/deploy/other"}"#,
            [Tri::No; 4],
        ),
        (r#"{"Service": "codebuild.amazonaws.com"}"#, [Tri::No; 4]),
    ];

    #[test]
    fn principals() {
        for (principal, [anyone, account, role, session]) in PRINCIPALS {
            let text = format!(
                r#"{{"Statement": [{{"Sid": "new statement", "Effect": "Allow", "Principal": {principal}, "Action": "ecr:*"}}]}}"#
            );
            let policy = Policy::parse(&text, Grammar::Resource).unwrap();
            let named = Named {
                anyone: *anyone,
                account: *account,
                role: *role,
                session: *session,
            };
            assert_eq!(policy.statements[0].named(CALLER), named, "{principal}");
        }
    }

    #[test]
    fn a_deny_spares_only_whom_it_lists_in_full() {
        let request = Request {
            action: "ecr:PutImage",
            resource: REPOSITORY,
            context: &Context::raw(),
        };
        for (principals, expected) in [
            (r#"["444455556666"]"#, Tri::Yes),
            (r#"["111122223333"]"#, Tri::Unknown),
            (
                r#"["111122223333", "arn:aws:iam::111122223333:role/ci/deploy", "arn:aws:sts::111122223333:assumed-role/deploy/GitHubActions"]"#,
                Tri::No,
            ),
        ] {
            let text = format!(
                r#"{{"Statement": {{"Effect": "Deny", "NotPrincipal": {{"AWS": {principals}}}, "Action": "*"}}}}"#
            );
            let policy = Policy::parse(&text, Grammar::Resource).unwrap();
            assert_eq!(policy.denies(CALLER, request), expected, "{principals}");
        }
    }

    /// `(grammar, statement, message)`
    const FAULTS: &[(Grammar, &str, &str)] = &[
        (
            Grammar::Identity,
            r#"{"Effect": "Allow", "Action": "ecr:*"}"#,
            "Resource is missing",
        ),
        (
            Grammar::Identity,
            r#"{"Effect": "Allow", "Action": "ecr:*", "Resource": []}"#,
            "Resource is empty",
        ),
        (
            Grammar::Identity,
            r#"{"Effect": "Allow", "Action": "ecr:*", "Resource": "*", "NotResource": "*"}"#,
            "Resource and NotResource are both given",
        ),
        (
            Grammar::Identity,
            r#"{"Effect": "Allow", "Action": "PutImage", "Resource": "*"}"#,
            "the action `PutImage` has no service prefix",
        ),
        (
            Grammar::Identity,
            r#"{"Effect": "Allow", "Action": "ecr:*", "Resource": "*", "Principal": "*"}"#,
            "a permission policy names no principal",
        ),
        (
            Grammar::Identity,
            r#"{"Sid": "a b", "Effect": "Allow", "Action": "ecr:*", "Resource": "*"}"#,
            "Sid may hold only letters A-Z, a-z and digits, found ` `",
        ),
        (
            Grammar::Resource,
            r#"{"Effect": "Allow", "Action": "ecr:*"}"#,
            "Principal is missing",
        ),
        (
            Grammar::Control,
            r#"{"Effect": "Deny", "Action": "ecr:*", "Principal": "*"}"#,
            "Resource is missing",
        ),
    ];

    #[test]
    fn faults() {
        for (grammar, statement, message) in FAULTS {
            let text = format!(r#"{{"Statement": [{statement}]}}"#);
            let unreadable = Policy::parse(&text, *grammar).unwrap_err();
            assert_eq!(unreadable.faults[0].message, *message, "{statement}");
        }
    }
}
