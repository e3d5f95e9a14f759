//! Trust policies: model, parser, and what is prepared for deciding.
//!
//! # Grammar
//! ```text
//! policy    = { Version?, Id?, Statement }         Version: "2008-10-17" (the default) | "2012-10-17"
//! Statement = one object or a list of objects
//! statement = { Sid?, Effect, Principal|NotPrincipal, Action|NotAction, Resource?|NotResource?, Condition? }
//! Principal = "*" | { "AWS"|"Federated"|"Service"|"CanonicalUser": string | [string, ...] }
//! Condition = { operator: { key: value | [value, ...] }, ... }    value: string, number or boolean
//! ```
//! Element names, effects and operators are taken in AWS's spelling only. A key given twice: the last
//! counts, as JSON tools do, and [`Policy::duplicates`] tells. A policy that breaks the grammar can't be
//! read ([`Unreadable`]); one that IAM would refuse to store for another reason is read, see [`storable`].
//! Source: IAM User Guide, "Grammar of the IAM JSON policy language".
//!
//! ```
//! use rolecall_core::policy::Policy;
//!
//! let policy = Policy::parse(r#"{"Version": "2012-10-17", "Statement": {
//!     "Effect": "Allow",
//!     "Principal": {"Federated": "arn:aws:iam::111122223333:oidc-provider/token.actions.githubusercontent.com"},
//!     "Action": "sts:AssumeRoleWithWebIdentity"}}"#).unwrap();
//! assert_eq!(policy.statements.len(), 1);
//!
//! let unreadable = Policy::parse(r#"{"Statement": {"Effect": "allow"}}"#).unwrap_err();
//! assert_eq!(unreadable.faults[0].message, "Effect must be `Allow` or `Deny`, found `allow`");
//! ```

mod parse;
pub mod storable;

use crate::condition::{Condition, Effect};
use crate::context::Context;
use crate::pattern::Pattern;
use crate::span::Span;
use crate::tri::Tri;

/// The action that exchanges a token for credentials.
pub const ASSUME_ROLE_WITH_WEB_IDENTITY: &str = "sts:AssumeRoleWithWebIdentity";

/// A text and where it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Spanned {
    /// The text, escapes resolved.
    pub text: String,
    /// Its place, quotes included.
    pub span: Span,
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
    /// Its length in characters, white space not counted: what the quota counts.
    pub size: usize,
    /// Whether all its characters are in U+0000 to U+00FF, as IAM demands.
    pub latin1: bool,
}

/// A key that was given twice in one object.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Duplicate {
    /// The key.
    pub key: String,
    /// Where the object stands in the policy, RFC 6901.
    pub path: String,
    /// The occurrence that is dropped.
    pub dropped: Span,
    /// The occurrence that counts: the last one.
    pub kept: Span,
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
    /// Who.
    pub principal: Principals,
    /// What.
    pub action: Actions,
    /// `Resource` or `NotResource`, which a trust policy must not have.
    pub resource: Option<Span>,
    /// `Condition` was given, be it empty.
    pub has_condition: bool,
    /// The tests, operator by operator and key by key; all must be met.
    pub tests: Vec<ConditionTest>,
}

/// `Principal` or `NotPrincipal`.
#[derive(Debug, Clone)]
pub struct Principals {
    /// The place of the element's value.
    pub span: Span,
    /// The place of the element's name.
    pub key_span: Span,
    /// `NotPrincipal`: everyone but these.
    pub not: bool,
    /// The principals, in the order of the text.
    pub entries: Vec<Principal>,
}

/// One principal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Principal {
    /// Its type.
    pub kind: PrincipalKind,
    /// Its name.
    pub value: Spanned,
    /// Its place in a list; `None` where it stands alone.
    pub index: Option<usize>,
}

/// The types of principal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PrincipalKind {
    /// `"Principal": "*"`
    Anyone,
    /// `AWS`
    Aws,
    /// `Federated`: an identity provider.
    Federated,
    /// `Service`
    Service,
    /// `CanonicalUser`
    CanonicalUser,
}

impl PrincipalKind {
    /// The name that policies use; `*` for anyone.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Anyone => "*",
            Self::Aws => "AWS",
            Self::Federated => "Federated",
            Self::Service => "Service",
            Self::CanonicalUser => "CanonicalUser",
        }
    }

    /// Reads a name.
    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        [
            Self::Aws,
            Self::Federated,
            Self::Service,
            Self::CanonicalUser,
        ]
        .into_iter()
        .find(|kind| kind.name() == name)
    }
}

/// `Action` or `NotAction`.
#[derive(Debug, Clone)]
pub struct Actions {
    /// The place of the element's value.
    pub span: Span,
    /// The place of the element's name.
    pub key_span: Span,
    /// `NotAction`: everything but these.
    pub not: bool,
    /// The actions as written, with the pattern that ignores letter case.
    pub entries: Vec<(Spanned, Pattern)>,
    /// Whether a list was given.
    pub listed: bool,
}

/// One test: the condition that is decided, and where its parts stand.
#[derive(Debug, Clone)]
pub struct ConditionTest {
    /// The prepared condition; its operands are in the order of `values`.
    pub condition: Condition,
    /// The operator as written.
    pub operator: Spanned,
    /// The key as written.
    pub key: Spanned,
    /// The values as written.
    pub values: Vec<Spanned>,
    /// Whether a list was given.
    pub listed: bool,
    /// The place of the value or the list.
    pub span: Span,
}

/// Why a policy can't be read: every fault that was found, in the order of the text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unreadable {
    /// At least one.
    pub faults: Vec<Fault>,
}

/// One breach of the grammar.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// `true`: no JSON at all; `false`: JSON, but no policy.
    pub json: bool,
    /// What is wrong: lower case but for names, no full stop.
    pub message: String,
    /// What to do.
    pub help: String,
    /// Where in the policy, RFC 6901.
    pub path: String,
    /// Where in the text.
    pub span: Span,
    /// A second place that matters, such as the first of two equal Sids.
    pub also: Option<Span>,
}

impl std::fmt::Display for Unreadable {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let first = self.faults.first();
        f.write_str(first.map_or("unreadable policy", |fault| &fault.message))
    }
}

impl std::error::Error for Unreadable {}

/// Who asks for which action.
#[derive(Debug, Clone, Copy)]
pub struct Caller<'a> {
    /// The type of the principal.
    pub kind: PrincipalKind,
    /// Its name; `None` where the account is not known: then each provider of the host may be the caller.
    pub name: Option<&'a str>,
    /// The host and path of the provider that the token comes through.
    pub host: &'a str,
    /// The action.
    pub action: &'a str,
}

/// The ARN of an OIDC identity provider, taken apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ProviderArn<'a> {
    /// `aws`, `aws-cn`, `aws-us-gov` ...
    pub partition: &'a str,
    /// Twelve digits.
    pub account: &'a str,
    /// The provider's URL without `https://`.
    pub host: &'a str,
}

impl<'a> ProviderArn<'a> {
    /// Reads `arn:PARTITION:iam::ACCOUNT:oidc-provider/HOST`.
    #[must_use]
    pub fn parse(text: &'a str) -> Option<Self> {
        let [partition, account, resource] = crate::condition::literal::iam_arn(text)?;
        Some(Self {
            partition,
            account,
            host: resource.strip_prefix("oidc-provider/")?,
        })
    }
}

impl std::fmt::Display for ProviderArn<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self {
            partition,
            account,
            host,
        } = self;
        write!(f, "arn:{partition}:iam::{account}:oidc-provider/{host}")
    }
}

impl Policy {
    /// The OIDC providers that the statements name, in their order.
    pub fn providers(&self) -> impl Iterator<Item = ProviderArn<'_>> + Clone {
        self.statements
            .iter()
            .flat_map(|statement| &statement.principal.entries)
            .filter_map(|entry| ProviderArn::parse(&entry.value.text))
    }

    /// The RFC 6901 path of the smallest element that holds a place.
    #[must_use]
    pub fn path_at(&self, place: Span) -> String {
        let mut statements = self.statements.iter().enumerate();
        let found = statements.find(|(_, statement)| statement.span.holds(place));
        found.map_or_else(String::new, |(index, statement)| {
            let path = statement.path(index, self.statements_are_listed);
            format!("{path}{}", statement.path_at(place))
        })
    }

    /// Whether policy variables are replaced: Version 2012-10-17 only (IAM User Guide, "Version").
    #[must_use]
    pub fn has_variables(&self) -> bool {
        self.version
            .as_ref()
            .is_some_and(|version| version.text == "2012-10-17")
    }

    /// Decides one request: an explicit deny wins, else some statement must allow. Allocates nothing.
    #[must_use]
    pub fn decide(&self, caller: Caller<'_>, context: &Context) -> Tri {
        let mut allowed = Tri::No;
        let mut denied = Tri::No;
        for statement in &self.statements {
            match statement.effect {
                Effect::Allow if allowed == Tri::Yes => {}
                Effect::Allow => allowed = allowed.or(statement.applies(caller, context)),
                Effect::Deny => denied = denied.or(statement.applies(caller, context)),
            }
            if denied == Tri::Yes {
                return Tri::No;
            }
        }
        allowed.and(!denied)
    }
}

impl Statement {
    /// Whether the statement applies to a request.
    #[must_use]
    pub fn applies(&self, caller: Caller<'_>, context: &Context) -> Tri {
        if !self.action.covers(caller.action) {
            return Tri::No;
        }
        let tests = self
            .tests
            .iter()
            .map(|test| test.condition.evaluate(context, self.effect));
        match self.principal.names(caller) {
            Tri::No => Tri::No,
            named => named.and(Tri::all(tests)),
        }
    }
}

impl Principals {
    /// Whether the caller is among the principals. A web identity is named by its provider alone:
    /// `{"AWS": "*"}` does not let it in (observed, radkawar/stackd fixtures, 2026-09-11), and
    /// neither does a part of the provider's ARN, since principals know no wildcards inside a name
    /// (IAM User Guide, "Principal").
    #[must_use]
    pub fn names(&self, caller: Caller<'_>) -> Tri {
        let named = Tri::any(self.entries.iter().map(|entry| entry.is(caller)));
        if self.not { !named } else { named }
    }
}

impl Principal {
    /// Whether this is the caller. `"*"` alone is read as everyone, as the grammar says; IAM refuses it in a trust policy.
    #[must_use]
    pub fn is(&self, caller: Caller<'_>) -> Tri {
        match (self.kind, caller.name) {
            (PrincipalKind::Anyone, _) => Tri::Yes,
            (kind, _) if kind != caller.kind => Tri::No,
            (PrincipalKind::Aws, _) if self.value.text == "*" => Tri::Yes,
            (_, Some(name)) => (self.value.text == name).into(),
            (_, None) => match ProviderArn::parse(&self.value.text) {
                Some(arn) if arn.host == caller.host => Tri::Unknown,
                _ => Tri::No,
            },
        }
    }
}

impl Actions {
    /// Whether an action is meant. Letter case does not count (IAM User Guide, "Action").
    #[must_use]
    pub fn covers(&self, action: &str) -> bool {
        self.entries
            .iter()
            .any(|(_, pattern)| action_matches(pattern, action))
            != self.not
    }
}

/// Patterns of actions are kept lower-cased. The name is lower-cased on the stack: deciding allocates nothing.
pub(crate) fn action_matches(pattern: &Pattern, action: &str) -> bool {
    if let Some(literal) = pattern.as_literal() {
        return literal.eq_ignore_ascii_case(action);
    }
    let mut buffer = [0; 128];
    let Some(lower) = buffer.get_mut(..action.len()) else {
        return pattern.matches(&action.to_ascii_lowercase());
    };
    lower.copy_from_slice(action.as_bytes());
    lower.make_ascii_lowercase();
    std::str::from_utf8(lower).is_ok_and(|lower| pattern.matches(lower))
}

impl Statement {
    /// The path, below the statement, of the smallest element that holds a place.
    fn path_at(&self, place: Span) -> String {
        let entries = self.principal.entries.iter();
        let principal = entries
            .filter(|entry| entry.value.span.holds(place))
            .map(|entry| {
                let element = if self.principal.not {
                    "NotPrincipal"
                } else {
                    "Principal"
                };
                let index = entry.index.map_or_else(String::new, |i| format!("/{i}"));
                format!("/{element}/{}{index}", entry.kind.name())
            });
        let action = self.action.span.holds(place).then(|| {
            let not = if self.action.not { "Not" } else { "" };
            format!("/{not}Action")
        });
        let tests = self.tests.iter().filter_map(|test| test.path_at(place));
        let found = principal.chain(action).chain(tests).next();
        found.unwrap_or_default()
    }

    /// The RFC 6901 path of the statement.
    #[must_use]
    pub fn path(&self, index: usize, listed: bool) -> String {
        if listed {
            format!("/Statement/{index}")
        } else {
            "/Statement".to_owned()
        }
    }
}

impl ConditionTest {
    fn path_at(&self, place: Span) -> Option<String> {
        let value = self.values.iter().position(|value| value.span.holds(place));
        if value.is_some() || self.key.span.holds(place) || self.span.holds(place) {
            return Some(self.path(value));
        }
        let is_operator = self.operator.span.holds(place);
        is_operator.then(|| format!("/Condition/{}", escape(&self.operator.text)))
    }

    /// The RFC 6901 path of the test below its statement, or of one of its values.
    #[must_use]
    pub fn path(&self, value: Option<usize>) -> String {
        let mut path = format!(
            "/Condition/{}/{}",
            escape(&self.operator.text),
            escape(&self.key.text)
        );
        if let Some(index) = value.filter(|_| self.listed) {
            path.push_str(&format!("/{index}"));
        }
        path
    }
}

/// Escapes a key for an RFC 6901 path.
#[must_use]
pub fn escape(key: &str) -> String {
    key.replace('~', "~0").replace('/', "~1")
}
