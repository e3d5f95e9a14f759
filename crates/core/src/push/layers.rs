//! What each kind of policy says, and what that makes together.

use super::{Given, Kind, LOGIN, Question, Stage, is_unknown, keys};
use crate::condition::Effect;
use crate::context::{Context, Fact};
use crate::permission::{Caller, Named, Request, Statement};
use crate::tri::Tri;

/// The policies of a question with the keys of its requests.
#[derive(Clone)]
pub(super) struct Layers<'q> {
    question: &'q Question,
    caller: Caller<'q>,
    login: Context,
    repository: Context,
}

/// Why a request is refused.
#[derive(Clone, Copy)]
pub(super) enum Refusal<'q> {
    /// A statement denies it.
    Explicit(Kind, &'q Given, usize),
    /// No policy of this kind allows it.
    Implicit(Kind),
}

impl<'q> Layers<'q> {
    pub(super) fn new(question: &'q Question) -> Self {
        Self {
            question,
            caller: question.caller(),
            login: keys::of_login(question),
            repository: keys::of_repository(question),
        }
    }

    pub(super) fn request<'r>(
        &'r self,
        stage: Stage,
        action: &'r str,
        resource: &'r str,
    ) -> Request<'r> {
        let context = match stage {
            Stage::Login => &self.login,
            _ => &self.repository,
        };
        Request {
            action,
            resource,
            context,
        }
    }

    /// The same, with a key told.
    pub(super) fn told(&self, key: &str, fact: &Fact) -> Self {
        let mut told = self.clone();
        told.login.set(key, fact.clone());
        told.repository.set(key, fact.clone());
        told
    }

    /// The answer to a request, and why it is refused.
    pub(super) fn answer(&self, request: Request<'_>) -> (Tri, Option<Refusal<'q>>) {
        let denied = self.denied(request);
        let granted = self.granted(request);
        let allowed = self.allows(Kind::ServiceControl, request);
        let answer = Tri::all([!denied, allowed, granted]);
        let refusal = (answer == Tri::No).then(|| {
            self.denying(request)
                .find(|(.., denies)| *denies == Tri::Yes)
                .map_or_else(
                    || Refusal::Implicit(self.lacking(request)),
                    |(kind, given, index, _)| Refusal::Explicit(kind, given, index),
                )
        });
        (answer, refusal)
    }

    fn granted(&self, request: Request<'_>) -> Tri {
        let own = self.allows(Kind::Identity, request);
        let within = self
            .allows(Kind::Boundary, request)
            .and(self.allows(Kind::Session, request));
        let named = self.named(request);
        if self.needs_repository_policy(request) {
            return Tri::all([own, within, named.any()]);
        }
        let by_repository = Tri::any([
            named.session,
            named.role.and(within),
            named.anyone.and(within.or(Tri::Unknown)),
        ]);
        own.and(within).or(by_repository)
    }

    /// Whom the repository policy names for a request; nobody for one that is not about the repository.
    fn named(&self, request: Request<'_>) -> Named {
        match &self.question.repository_policy {
            Some(given) if request.action != LOGIN => given.policy.grants(self.caller, request),
            _ => Named::NOT,
        }
    }

    pub(super) fn needs_repository_policy(&self, request: Request<'_>) -> bool {
        self.question.is_cross_account() && request.action != LOGIN
    }

    /// Whether the policies of a kind allow a request; yes where there are none that limit it.
    pub(super) fn allows(&self, kind: Kind, request: Request<'_>) -> Tri {
        let any = |given: &[Given]| {
            Tri::any(
                given
                    .iter()
                    .map(|given| given.policy.covers(Effect::Allow, request)),
            )
        };
        match kind {
            Kind::Identity if self.question.attached_unknown.is_empty() => {
                any(&self.question.identity)
            }
            Kind::Identity => any(&self.question.identity).or(Tri::Unknown),
            Kind::Session if self.question.session.is_empty() => Tri::Yes,
            Kind::Session => any(&self.question.session),
            Kind::Boundary => self.question.boundary.as_ref().map_or(Tri::Yes, |given| {
                given.policy.covers(Effect::Allow, request)
            }),
            Kind::ServiceControl => self.service_control(request),
            Kind::Repository => self.named(request).any(),
            Kind::ResourceControl => Tri::Yes,
        }
    }

    /// Every level from the root to the account must allow, and each policy is that of a level. One without an
    /// Allow stands beside AWS's own `FullAWSAccess` (AWS Organizations User Guide, "SCP evaluation").
    fn service_control(&self, request: Request<'_>) -> Tri {
        let allowing = |given: &&Given| given.policy.of(Effect::Allow).next().is_some();
        let limiting = self.question.service_control.iter().filter(allowing);
        Tri::all(limiting.map(|given| given.policy.covers(Effect::Allow, request)))
    }

    fn denied(&self, request: Request<'_>) -> Tri {
        let stated = Tri::any(self.denying(request).map(|(.., denies)| denies));
        if self.question.attached_unknown.is_empty() {
            stated
        } else {
            stated.or(Tri::Unknown)
        }
    }

    /// The Deny statements that are about a request, or may be.
    fn denying<'r>(
        &'r self,
        request: Request<'r>,
    ) -> impl Iterator<Item = (Kind, &'q Given, usize, Tri)> + use<'r, 'q> {
        let about = move |(kind, given): (Kind, &'q Given)| {
            let is_asked = kind != Kind::Repository || request.action != LOGIN;
            let statements = given.policy.of(Effect::Deny).filter(move |_| is_asked);
            statements.map(move |(index, statement)| {
                (kind, given, index, self.refuses(kind, statement, request))
            })
        };
        self.question
            .policies()
            .flat_map(about)
            .filter(|(.., denies)| *denies != Tri::No)
    }

    /// Whether a resource control policy bears on an action that knows no resource is not documented.
    fn refuses(&self, kind: Kind, statement: &Statement, request: Request<'_>) -> Tri {
        let refuses = statement.refuses(self.caller, request);
        if kind == Kind::ResourceControl && request.action == LOGIN {
            refuses.and(Tri::Unknown)
        } else {
            refuses
        }
    }

    /// The kind that AWS's text would name; which of several it names is not documented.
    fn lacking(&self, request: Request<'_>) -> Kind {
        let kinds = [
            Kind::ServiceControl,
            Kind::Identity,
            Kind::Boundary,
            Kind::Session,
        ];
        kinds
            .into_iter()
            .find(|kind| self.allows(*kind, request) == Tri::No)
            .unwrap_or(Kind::Repository)
    }

    /// The keys that a request's answer may hang on, with the values that policies compare them with.
    pub(super) fn open_keys(&self, request: Request<'_>) -> Vec<(String, Vec<String>)> {
        let mut open: Vec<(String, Vec<String>)> = Vec::new();
        let mut add = |key: &str, value: Option<&str>| {
            let index = open.iter().position(|(known, _)| known == key);
            if index.is_none() && open.len() >= MOST_OPEN {
                return;
            }
            let index = index.unwrap_or_else(|| {
                open.push((key.to_owned(), Vec::new()));
                open.len() - 1
            });
            if let (Some((_, values)), Some(value)) = (open.get_mut(index), value)
                && !values.iter().any(|known| known == value)
            {
                values.push(value.to_owned());
            }
        };
        for statement in self.relevant(request) {
            for test in &statement.tests {
                if is_unknown(request.context, &test.condition.key) {
                    add(&test.key.text, None);
                    let plain = test.values.iter().filter_map(|value| plain(&value.text));
                    plain.for_each(|value| add(&test.key.text, Some(value)));
                }
            }
            let patterns = statement.resource.iter().flat_map(|r| &r.entries);
            let variables = patterns.flat_map(|(_, pattern)| pattern.variables());
            for variable in variables.filter(|v| is_unknown(request.context, &v.key)) {
                add(variable.key.as_str(), None);
            }
        }
        open
    }

    /// What is not known besides keys.
    pub(super) fn open_facts(&self, request: Request<'_>) -> Vec<String> {
        let attached = self.question.attached_unknown.iter();
        let mut facts: Vec<String> = attached.map(|name| format!("the policy {name}")).collect();
        let left = self
            .relevant(request)
            .flat_map(|statement| statement.placeholders());
        facts.extend(
            left.take(MOST_OPEN)
                .map(|left| format!("what {left} stands for")),
        );
        facts.dedup();
        if self.names_unknown(request) {
            if self.caller.role.is_none() {
                facts.push("the role's ARN".to_owned());
            }
            if self.caller.session.is_none() {
                facts.push("the session's name".to_owned());
            }
        }
        facts
    }

    fn names_unknown(&self, request: Request<'_>) -> bool {
        let statements = self.question.repository_policy.iter();
        let mut statements = statements.flat_map(|given| &given.policy.statements);
        statements.any(|statement| {
            statement.covers(request) != Tri::No
                && statement.named(self.caller).any() == Tri::Unknown
        })
    }

    /// The statements whose answer is open.
    fn relevant<'r>(
        &'r self,
        request: Request<'r>,
    ) -> impl Iterator<Item = &'q Statement> + use<'r, 'q> {
        self.question
            .policies()
            .flat_map(|(_, given)| &given.policy.statements)
            .filter(move |statement| statement.covers(request) == Tri::Unknown)
    }
}

/// Keys that are named; what a person can look up.
const MOST_OPEN: usize = 16;

/// A value that a request could have: of a network one address, nothing of a pattern.
fn plain(value: &str) -> Option<&str> {
    let value = value
        .split_once('/')
        .filter(|(_, bits)| bits.parse::<u8>().is_ok())
        .map_or(value, |(address, _)| address);
    (!value.contains(['*', '?', '$'])).then_some(value)
}
