//! How much a value lets in: runs with names that nobody wrote into the policy are tried against its statement.

use super::view::{Value, View};
use crate::policy::ConditionTest;
use crate::scenario::{self, Form, Repository};
use crate::sts::Attempt;
use crate::token::Token;
use crate::token::subject::Subject;
use crate::tri::Tri;

/// What passes besides what the value names.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Breadth {
    /// Runs of any repository of the owner.
    pub(super) owner: bool,
    /// Runs on any branch.
    pub(super) branch: bool,
    /// Jobs with any environment.
    pub(super) environment: bool,
    /// Pull requests.
    pub(super) pull_request: bool,
}

impl Breadth {
    /// Whatever runs in the repository.
    pub(super) const fn is_whole(self) -> bool {
        self.branch && self.environment && self.pull_request
    }
}

/// A name that no policy has.
const ANY: &str = "zz-any-name";

/// The values of subjects, with what each lets in.
pub(super) fn of_values<'v>(view: &'v View<'_>) -> impl Iterator<Item = (Value<'v>, Breadth)> {
    let breadths = view
        .breadths
        .get_or_init(|| subjects(view).map(|value| of(view, &value)).collect());
    subjects(view)
        .zip(breadths)
        .filter_map(|(value, breadth)| Some((value, (*breadth)?)))
}

/// The values that name a subject which is let in.
pub(super) fn subjects<'v>(view: &'v View<'_>) -> impl Iterator<Item = Value<'v>> {
    let is_subject = |value: &Value<'_>| {
        value.seen.is_allow() && value.is_on("sub") && super::view::is_positive(value.test)
    };
    view.values().filter(is_subject).take(MOST_VALUES)
}

/// Trying takes some microseconds a value.
const MOST_VALUES: usize = 100;

fn of(view: &View<'_>, value: &Value<'_>) -> Option<Breadth> {
    let repository = repository(value)?;
    let another = Repository {
        name: ANY.to_owned(),
        ..repository.clone()
    };
    let passes = |id: &str, repository: &Repository| {
        let scenario = scenario::find(id);
        scenario.is_some_and(|scenario| {
            Form::BOTH
                .iter()
                .any(|form| is_let_in(view, value, &scenario.case(repository, *form)))
        })
    };
    Some(Breadth {
        owner: ["push", "pull-request", "environment"]
            .iter()
            .any(|id| passes(id, &another)),
        branch: passes("push", &repository),
        environment: passes("environment", &repository),
        pull_request: passes("pull-request", &repository),
    })
}

/// The repository that a value names, with branches and environments that it does not.
fn repository(value: &Value<'_>) -> Option<Repository> {
    let subject = Subject::parse_pattern(value.text);
    let repo = subject.repo()?;
    if repo.owner.has_wildcard() || repo.owner.text.is_empty() || repo.host.is_some() {
        return None;
    }
    let filled = |pattern: &str| pattern.replace('*', "zz").replace('?', "z");
    let mut repository = Repository::new(
        repo.owner.text,
        repo.name
            .map_or_else(|| ANY.to_owned(), |name| filled(name.text)),
    );
    let digits = |pattern: &str| pattern.replace('*', "77").replace('?', "7");
    repository.owner_id = repo
        .owner_id
        .map_or(repository.owner_id, |id| digits(id.text));
    repository.id = repo.id.map_or(repository.id, |id| digits(id.text));
    repository.branch = ANY.to_owned();
    repository.environment = ANY.to_owned();
    repository.issuer = format!("https://{}", value.seen.github.as_deref()?);
    Some(repository)
}

/// Whether a run passes the statement's tests by this value; audience and unknown facts are left aside.
fn is_let_in(view: &View<'_>, value: &Value<'_>, case: &crate::case::Case) -> bool {
    let Ok(token) = Token::from_case(case) else {
        return false;
    };
    let attempt = Attempt::prepare(case, &token, view.policy);
    let seen = value.seen;
    let is_met = |test: &ConditionTest| {
        let mut condition = test.condition.clone();
        if std::ptr::eq(test, value.test) {
            let kept = condition.operands.get(value.index).cloned();
            condition.operands = kept.into_iter().collect();
        }
        condition.evaluate(&attempt.context, seen.statement.effect)
    };
    let tests = seen.statement.tests.iter();
    Tri::all(tests.filter(|test| !seen.is_on(test, "aud")).map(is_met)) != Tri::No
}
