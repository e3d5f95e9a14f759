//! Tests of one statement that no token can pass together.
//!
//! Two kinds are told: two positive tests on one key whose values exclude each other, and a subject
//! that settles another claim (`ref:` in it means no environment, `environment:prod` means that one, the
//! repository is the one it names) beside a test that wants another value there.

use super::Scene;
use super::fault::{Fault, claim_of};
use crate::condition::{Condition, Test};
use crate::context::{Context, Fact};
use crate::pattern::Pattern;
use crate::policy::{ConditionTest, Statement};
use crate::report::CauseId;
use crate::token::subject::{GitRef, Subject, Tail};
use crate::tri::Tri;

/// The contradiction in a statement, if there is one.
pub(super) fn find<'a>(
    scene: &Scene<'a>,
    statement: &'a Statement,
    path: &str,
) -> Option<Fault<'a>> {
    let texts: Vec<&ConditionTest> = statement
        .tests
        .iter()
        .filter(|test| is_text(&test.condition))
        .collect();
    let positive: Vec<&ConditionTest> = texts
        .iter()
        .copied()
        .filter(|test| is_positive(test))
        .collect();
    let subjects = positive.iter().filter(|test| {
        claim_of(scene, test).is_some_and(|claim| claim.eq_ignore_ascii_case("sub"))
    });
    let pairs = positive
        .iter()
        .flat_map(|a| texts.iter().map(move |b| (*a, *b)));
    let on_one_key = |(a, b): &(&ConditionTest, &ConditionTest)| {
        a.condition.key == b.condition.key && !std::ptr::eq(*a, *b)
    };
    let same_key = pairs
        .filter(on_one_key)
        .find(|(a, b)| exclude(a, b))
        .map(|(a, b)| (a, b, "token"));
    let settled = || {
        let others = |sub: &'a ConditionTest| {
            statement
                .tests
                .iter()
                .filter(move |test| !std::ptr::eq(*test, sub))
        };
        subjects.clone().find_map(|sub| {
            others(sub)
                .find(|other| settles(scene, sub, other))
                .map(|other| (*sub, other, "token with GitHub's default subject"))
        })
    };
    let (a, b, which) = same_key.or_else(settled)?;
    let mut fault = Fault::new(
        CauseId::ConditionsAnded,
        2,
        format!(
            "{} on {} and {} on {} must both be met, and no {which} can meet both",
            a.operator.text, a.key.text, b.operator.text, b.key.text
        ),
        "tests in one statement are an AND: for an OR write the values as a list under one operator, or use two statements",
        format!("{path}{}", b.path(None)),
        b.key.span,
    );
    fault.expected = Some(format!("{} and {}", values(a), values(b)));
    Some(fault)
}

fn values(test: &ConditionTest) -> String {
    test.values
        .iter()
        .map(|value| value.text.as_str())
        .collect::<Vec<_>>()
        .join(" or ")
}

fn is_text(condition: &Condition) -> bool {
    matches!(
        condition.operator.test,
        Test::StringEquals | Test::StringLike
    )
}

fn is_positive(test: &ConditionTest) -> bool {
    !test.condition.operator.negated && !test.condition.operator.met_by_absence()
}

/// Whether no text passes both tests; told where the values of one side have no wildcards, and then exact.
fn exclude(a: &ConditionTest, b: &ConditionTest) -> bool {
    let is_exact = |test: &ConditionTest| {
        test.condition.operator.test == Test::StringEquals
            || !test.values.iter().any(|v| v.text.contains(['*', '?']))
    };
    let has_variables = |test: &ConditionTest| test.values.iter().any(|v| v.text.contains("${"));
    let (exact, other) = if is_exact(a) { (a, b) } else { (b, a) };
    if !is_exact(exact)
        || !is_positive(exact)
        || has_variables(a)
        || has_variables(b)
        || exact.values.is_empty()
    {
        return false;
    }
    let matches = |wanted: &str, text: &str| {
        if is_exact(other) {
            wanted == text
        } else {
            Pattern::wildcard(wanted).matches(text)
        }
    };
    let matched = |text: &str| {
        other
            .values
            .iter()
            .any(|wanted| matches(&wanted.text, text))
    };
    exact
        .values
        .iter()
        .all(|value| matched(&value.text) == other.condition.operator.negated)
}

/// Whether each subject that the first test lets in settles the other test's claim to a value it does not take.
fn settles(scene: &Scene<'_>, sub: &ConditionTest, other: &ConditionTest) -> bool {
    let Some(claim) = claim_of(scene, other).map(str::to_ascii_lowercase) else {
        return false;
    };
    let refused = |value: &str| {
        let Some(fact) = settled(&Subject::parse_pattern(value), &claim) else {
            return false;
        };
        let mut context = Context::raw();
        context.set(other.condition.key.as_str(), fact);
        other
            .condition
            .evaluate(&context, crate::condition::Effect::Allow)
            == Tri::No
    };
    !sub.values.is_empty() && sub.values.iter().all(|value| refused(&value.text))
}

/// What a default subject says of another claim; `None` where it leaves it open.
fn settled(subject: &Subject<'_>, claim: &str) -> Option<Fact> {
    if !subject.is_default() {
        return None;
    }
    let fixed = |text: &str| (!text.contains(['*', '?', '$', '%'])).then(|| Fact::one(text));
    match (claim, subject.tail()) {
        ("environment", Tail::Environment(name)) => fixed(name),
        ("environment", Tail::PullRequest | Tail::Ref(_)) => Some(Fact::Absent),
        ("ref", Tail::Ref(GitRef::Branch(_) | GitRef::Tag(_) | GitRef::MergeQueue { .. })) => {
            subject.value("ref").and_then(|value| fixed(value.text))
        }
        ("repository", _) => subject.full_name().and_then(|name| fixed(&name)),
        ("repository_id", _) => subject.repository_id().and_then(fixed),
        ("repository_owner_id", _) => subject.owner_id().and_then(fixed),
        _ => None,
    }
}
