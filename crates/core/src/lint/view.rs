//! What the rules look at: the statements, what issuer each is about, and what the analysis says.

use std::cell::{Cell, OnceCell};

use super::breadth::Breadth;
use crate::analyze::{self, Answer, Options, Outsider};
use crate::case::Case;
use crate::condition::{Effect, Test};
use crate::context::Context;
use crate::explain::{self, Scene};
use crate::policy::{
    ASSUME_ROLE_WITH_WEB_IDENTITY, Caller, ConditionTest, Policy, Principal, PrincipalKind,
    ProviderArn, Spanned, Statement,
};
use crate::report::{Finding, Severity};
use crate::span::{Source, Span};
use crate::sts::{Attempt, GITHUB_ISSUER};
use crate::token::Token;
use crate::token::catalogue::{IssuerKeys, issuer, keys_for, nearest_issuer};

/// The host of github.com's issuer.
pub(super) const GITHUB: &str = "token.actions.githubusercontent.com";

/// A path inside the policy, and the bytes there.
pub(super) type Place = (String, Span);

/// A policy as rules see it.
pub(super) struct View<'a> {
    pub(super) policy: &'a Policy,
    pub(super) source: &'a Source,
    pub(super) options: &'a Options,
    pub(super) statements: Vec<Seen<'a>>,
    outsider: OnceCell<Outsider>,
    request: OnceCell<Context>,
    /// What each value of a subject lets in, in the order of [`breadth::subjects`](super::breadth::subjects).
    pub(super) breadths: OnceCell<Vec<Option<Breadth>>>,
    /// How many questions the analysis was asked.
    questions: Cell<u32>,
}

/// The most questions that the analysis is asked about one policy; the rules then go by the text.
const MOST_QUESTIONS: u32 = 32;

/// A statement.
pub(super) struct Seen<'a> {
    pub(super) statement: &'a Statement,
    /// Its path inside the policy.
    pub(super) path: String,
    /// What keys begin with, where it is about tokens of a GitHub issuer.
    pub(super) github: Option<String>,
    /// Whether it lets nobody in; asked once.
    nobody: OnceCell<Option<bool>>,
}

/// A value of a test.
#[derive(Clone, Copy)]
pub(super) struct Value<'v> {
    pub(super) seen: &'v Seen<'v>,
    pub(super) test: &'v ConditionTest,
    pub(super) index: usize,
    pub(super) text: &'v str,
    pub(super) span: Span,
}

impl<'a> View<'a> {
    pub(super) fn new(policy: &'a Policy, source: &'a Source, options: &'a Options) -> Self {
        let seen = |(index, statement): (usize, &'a Statement)| Seen {
            statement,
            path: statement.path(index, policy.statements_are_listed),
            github: github_of(statement),
            nobody: OnceCell::new(),
        };
        Self {
            policy,
            source,
            options,
            statements: policy.statements.iter().enumerate().map(seen).collect(),
            outsider: OnceCell::new(),
            request: OnceCell::new(),
            breadths: OnceCell::new(),
            questions: Cell::new(0),
        }
    }

    /// The statements that are about GitHub's tokens and cover the call.
    pub(super) fn github(&self) -> impl Iterator<Item = &Seen<'a>> {
        self.statements
            .iter()
            .filter(|seen| seen.github.is_some() && seen.covers_the_call())
    }

    /// Those of them that allow.
    pub(super) fn allows(&self) -> impl Iterator<Item = &Seen<'a>> {
        self.github()
            .filter(|seen| seen.statement.effect == Effect::Allow)
    }

    /// The values of GitHub's claims in string tests, placeholders left out: of them nothing can be said.
    pub(super) fn values(&self) -> impl Iterator<Item = Value<'_>> {
        self.github()
            .flat_map(Seen::values)
            .filter(|value| value.test.condition.operator.takes_variables())
            .filter(|value| explain::stand_in(value.text).is_none())
    }

    /// Whether outsiders get in; asked once.
    pub(super) fn outsider(&self) -> &Outsider {
        self.outsider
            .get_or_init(|| analyze::outsider(self.policy, self.options))
    }

    /// Whether no token at all passes, were there only this statement; `None` where that is not decided.
    pub(super) fn lets_nobody_in(&self, statement: &Statement) -> Option<bool> {
        let alone = Policy {
            statements: vec![Statement {
                effect: Effect::Allow,
                ..statement.clone()
            }],
            ..self.policy.clone()
        };
        self.admits_nothing_beside(&self.without_statements(), &alone)
    }

    /// The policy with no statement: it lets nobody in.
    fn without_statements(&self) -> Policy {
        Policy {
            statements: Vec::new(),
            ..self.policy.clone()
        }
    }

    /// Whether `new` lets in nothing that `old` does not.
    pub(super) fn admits_nothing_beside(&self, old: &Policy, new: &Policy) -> Option<bool> {
        if !self.may_ask() {
            return None;
        }
        match analyze::beside(old, new, self.options) {
            Answer::None => Some(true),
            Answer::Found(_) => Some(false),
            Answer::Unknown(_) => {
                // What is too hard once would be again: a hostile policy must not cost as much for each of its values.
                self.questions.set(MOST_QUESTIONS);
                None
            }
        }
    }

    /// Counts a question to the analysis; `false` where there were enough.
    pub(super) fn may_ask(&self) -> bool {
        let asked = self.questions.get();
        self.questions.set(asked.saturating_add(1));
        asked < MOST_QUESTIONS
    }

    /// The keys of a request that comes with one of GitHub's tokens, none of whose claims is known.
    pub(super) fn request(&self) -> &Context {
        self.request.get_or_init(|| {
            let case = Case {
                claims: Some(std::iter::once(("iss".to_owned(), GITHUB_ISSUER.into())).collect()),
                partial: true,
                ..Case::default()
            };
            Token::from_case(&case).map_or_else(
                |_| Context::raw(),
                |token| Attempt::prepare(&case, &token, self.policy).context,
            )
        })
    }

    /// What explanations of a statement look at.
    pub(super) fn scene<'s>(&'s self, seen: &'s Seen<'_>) -> Scene<'s> {
        let host = seen.github.as_deref().unwrap_or(GITHUB);
        Scene {
            policy: self.policy,
            source: self.source,
            caller: Caller {
                kind: PrincipalKind::Federated,
                name: None,
                host,
                action: ASSUME_ROLE_WITH_WEB_IDENTITY,
            },
            context: self.request(),
            key_prefix: host,
            keys: seen.keys(),
            audiences: &[],
        }
    }
}

/// The GitHub issuer that a statement is about: the one that it names, or that its keys begin with where
/// the principal is no provider's ARN, or anyone.
fn github_of(statement: &Statement) -> Option<String> {
    let of_keys = || {
        let prefixes = statement
            .tests
            .iter()
            .filter_map(|test| test.key.text.rsplit_once(':'));
        let found = prefixes
            .map(|(prefix, _)| prefix)
            .find(|prefix| issuer(prefix).kind.is_github());
        found.map(str::to_ascii_lowercase)
    };
    let of = |principal: &Principal| match ProviderArn::parse(&principal.value.text) {
        Some(arn) => host_of(arn.host),
        None => host_of(&principal.value.text).or_else(|| has_no_name(principal).then(of_keys)?),
    };
    statement.principal.entries.iter().find_map(of)
}

/// GitHub's host, also where it is nearly that.
fn host_of(named: &str) -> Option<String> {
    let host = named
        .rsplit_once(":oidc-provider/")
        .map_or(named, |(_, host)| host);
    match nearest_issuer(host) {
        Some((meant, _)) => meant.strip_prefix("https://").map(str::to_owned),
        None => issuer(host).kind.is_github().then(|| host.to_owned()),
    }
}

/// Everybody, or a placeholder.
fn has_no_name(principal: &Principal) -> bool {
    let text = &principal.value.text;
    principal.kind == PrincipalKind::Anyone
        || text == "*"
        || (principal.kind == PrincipalKind::Federated && explain::stand_in(text).is_some())
}

impl<'a> Seen<'a> {
    pub(super) fn covers_the_call(&self) -> bool {
        self.statement.action.covers(ASSUME_ROLE_WITH_WEB_IDENTITY)
    }

    pub(super) const fn is_allow(&self) -> bool {
        matches!(self.statement.effect, Effect::Allow)
    }

    /// The condition keys of its issuer.
    pub(super) fn keys(&self) -> &'static IssuerKeys {
        keys_for(self.github.as_deref().unwrap_or(GITHUB))
    }

    /// The claim that a test is on, in lower case, where it is one of the issuer's.
    pub(super) fn claim(&self, test: &ConditionTest) -> Option<String> {
        let (prefix, suffix) = test.key.text.rsplit_once(':')?;
        let host = self.github.as_deref()?;
        prefix
            .eq_ignore_ascii_case(host)
            .then(|| suffix.to_ascii_lowercase())
    }

    pub(super) fn is_on(&self, test: &ConditionTest, claim: &str) -> bool {
        self.claim(test).as_deref() == Some(claim)
    }

    /// The tests on a claim that name what must be there, with text.
    pub(super) fn positive<'s>(&'s self, claim: &str) -> impl Iterator<Item = &'a ConditionTest> {
        let claim = claim.to_owned();
        self.statement
            .tests
            .iter()
            .filter(move |test| is_positive(test) && self.is_on(test, &claim))
    }

    pub(super) fn values(&self) -> impl Iterator<Item = Value<'_>> {
        self.statement
            .tests
            .iter()
            .flat_map(|test| self.values_of(test))
    }

    pub(super) fn values_of<'v>(
        &'v self,
        test: &'v ConditionTest,
    ) -> impl Iterator<Item = Value<'v>> {
        let value = move |(index, value): (usize, &'v Spanned)| Value {
            seen: self,
            test,
            index,
            text: &value.text,
            span: value.span,
        };
        test.values.iter().enumerate().map(value)
    }

    /// Whether no token passes it, were it alone; `None` where that is not decided.
    pub(super) fn lets_nobody_in(&self, view: &View<'_>) -> Option<bool> {
        *self
            .nobody
            .get_or_init(|| view.lets_nobody_in(self.statement))
    }

    /// Whether a rule has said already why the statement does not work.
    pub(super) fn has_error(&self, so_far: &[Finding]) -> bool {
        let is_here = |finding: &Finding| {
            let span = finding.location.span();
            self.statement.span.start <= span.start && span.end <= self.statement.span.end
        };
        // What IAM refuses to store may work all the same, and what is open does.
        let is_of_use = |finding: &&Finding| {
            finding.severity == Severity::Error
                && !["not_storable", "open_to_outsiders", "duplicate_json_keys"]
                    .contains(&finding.rule)
        };
        so_far.iter().filter(is_of_use).any(is_here)
    }

    /// The place of a test's key.
    pub(super) fn at_key(&self, test: &ConditionTest) -> Place {
        (format!("{}{}", self.path, test.path(None)), test.key.span)
    }

    /// The place of a test's operator.
    pub(super) fn at_operator(&self, test: &ConditionTest) -> Place {
        let operator = crate::policy::escape(&test.operator.text);
        (
            format!("{}/Condition/{operator}", self.path),
            test.operator.span,
        )
    }

    /// The place of its principal.
    pub(super) fn at_principal(&self) -> Place {
        let element = if self.statement.principal.not {
            "NotPrincipal"
        } else {
            "Principal"
        };
        let span = self.statement.principal.key_span;
        (format!("{}/{element}", self.path), span)
    }

    /// The place of one of its principals.
    pub(super) fn at_entry(&self, principal: &Principal) -> Place {
        let (path, _) = self.at_principal();
        let index = principal
            .index
            .map_or_else(String::new, |index| format!("/{index}"));
        let kind = match principal.kind {
            PrincipalKind::Anyone => String::new(),
            kind => format!("/{}", kind.name()),
        };
        (format!("{path}{kind}{index}"), principal.value.span)
    }

    /// The place of its action.
    pub(super) fn at_action(&self) -> Place {
        let element = if self.statement.action.not {
            "NotAction"
        } else {
            "Action"
        };
        (
            format!("{}/{element}", self.path),
            self.statement.action.span,
        )
    }

    /// Where to point for what the whole statement does: its test of the subject, else its action.
    pub(super) fn at_subject(&self) -> Place {
        let subject = self
            .statement
            .tests
            .iter()
            .find(|test| self.is_on(test, "sub"));
        match subject.map(|test| (test, test.values.as_slice())) {
            Some((test, [only])) => (format!("{}{}", self.path, test.path(Some(0))), only.span),
            Some((test, _)) => self.at_key(test),
            None => self.at_action(),
        }
    }
}

/// Whether a test names what must be there: a text that is compared, not negated, and absent is no.
pub(super) fn is_positive(test: &ConditionTest) -> bool {
    let operator = test.condition.operator;
    is_text(test) && !operator.negated && !operator.met_by_absence()
}

/// Whether a test compares text.
pub(super) fn is_text(test: &ConditionTest) -> bool {
    matches!(
        test.condition.operator.test,
        Test::StringEquals | Test::StringEqualsIgnoreCase | Test::StringLike
    )
}

impl Value<'_> {
    pub(super) fn place(&self) -> Place {
        let path = format!("{}{}", self.seen.path, self.test.path(Some(self.index)));
        (path, self.span)
    }

    pub(super) fn is_on(&self, claim: &str) -> bool {
        self.seen.is_on(self.test, claim)
    }

    /// Whether `*` and `?` are wildcards in it.
    pub(super) fn takes_wildcards(&self) -> bool {
        self.test.condition.operator.test == Test::StringLike
    }

    /// Whether no token passes the statement by this value; `None` where that is not decided.
    pub(super) fn lets_nobody_in(&self, view: &View<'_>) -> Option<bool> {
        let mut statement = self.seen.statement.clone();
        for test in &mut statement.tests {
            if std::ptr::eq(self.test, test) || test.span == self.test.span {
                test.values = only(&test.values, self.index);
                test.condition.operands = only(&test.condition.operands, self.index);
            }
        }
        view.lets_nobody_in(&statement)
    }

    /// What a value that no token has does to its statement.
    pub(super) fn dead(&self, view: &View<'_>) -> (Severity, &'static str) {
        if !self.seen.is_allow() {
            return (
                Severity::Warning,
                "no token that GitHub issues meets it, and this Deny keeps nobody out",
            );
        }
        let statement = self.seen.lets_nobody_in(view);
        if statement == Some(true) {
            return (
                Severity::Error,
                "no token that GitHub issues passes, and the statement lets nobody in",
            );
        }
        let is_alone = self.test.values.len() == 1;
        let value = if is_alone {
            statement
        } else {
            self.lets_nobody_in(view)
        };
        let effect = match value {
            Some(true) => "no token that GitHub issues passes by this value",
            Some(false) => "only a subject of a customised template can pass",
            None => {
                "no subject of GitHub's own form passes; whether one of a customised template can is not decided"
            }
        };
        (Severity::Warning, effect)
    }
}

fn only<T: Clone>(all: &[T], index: usize) -> Vec<T> {
    all.get(index).cloned().into_iter().collect()
}
