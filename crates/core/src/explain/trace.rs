//! Every statement, part and value, with its outcome and the reason.

use std::borrow::Cow;

use super::Scene;
use crate::condition::{Effect, Hit, Operand, Quantifier, Test};
use crate::context::Fact;
use crate::policy::{ConditionTest, Principal, Statement};
use crate::report::{Expected, Location, Met, Part, PartKind, StatementReport};
use crate::span::Span;
use crate::tri::Tri;

/// The trace of the policy.
#[must_use]
pub fn statements(scene: &Scene<'_>) -> Vec<StatementReport> {
    let numbered = scene.policy.statements.iter().enumerate();
    numbered
        .map(|(index, statement)| one(scene, index, statement))
        .collect()
}

fn one(scene: &Scene<'_>, index: usize, statement: &Statement) -> StatementReport {
    let path = statement.path(index, scene.policy.statements_are_listed);
    let tests = statement
        .tests
        .iter()
        .map(|test| condition(scene, statement.effect, test, &path));
    let mut parts = vec![
        principal(scene, statement, &path),
        action(scene, statement, &path),
    ];
    parts.extend(tests);
    let met = |part: &Part| match part.outcome {
        Met::Met => Tri::Yes,
        Met::NotMet | Met::NotReached => Tri::No,
        Met::Unknown => Tri::Unknown,
    };
    StatementReport {
        index,
        sid: statement.sid.as_ref().map(|sid| sid.text.clone()),
        effect: match statement.effect {
            Effect::Allow => "Allow",
            Effect::Deny => "Deny",
        },
        outcome: Tri::all(parts.iter().map(met)).into(),
        parts,
        location: place(scene, &path, statement.span),
    }
}

fn place(scene: &Scene<'_>, path: &str, span: Span) -> Location {
    Location::policy(scene.source, path, span)
}

fn principal(scene: &Scene<'_>, statement: &Statement, path: &str) -> Part {
    let element = if statement.principal.not {
        "NotPrincipal"
    } else {
        "Principal"
    };
    let path = format!("{path}/{element}");
    let outcome = statement.principal.names(scene.caller);
    let why = match outcome {
        Tri::Yes => "the token came through this provider",
        Tri::No => "the token came through another provider",
        Tri::Unknown => "the role's account is not known",
    };
    Part {
        part: PartKind::Principal,
        operator: None,
        key: None,
        outcome: outcome.into(),
        actual: scene.caller.name.map(|name| vec![name.to_owned()]),
        expected: statement
            .principal
            .entries
            .iter()
            .map(|entry| named(scene, entry, &path))
            .collect(),
        why: why.into(),
        location: place(scene, &path, statement.principal.span),
    }
}

fn named(scene: &Scene<'_>, entry: &Principal, path: &str) -> Expected {
    let outcome = entry.is(scene.caller);
    let index = entry
        .index
        .map_or_else(String::new, |index| format!("/{index}"));
    Expected {
        value: entry.value.text.clone(),
        outcome: outcome.into(),
        why: match outcome {
            Tri::Yes => "the provider used".into(),
            Tri::No => format!(
                "a principal of type {}, not the provider used",
                entry.kind.name()
            )
            .into(),
            Tri::Unknown => "not known".into(),
        },
        location: place(
            scene,
            &format!("{path}/{}{index}", entry.kind.name()),
            entry.value.span,
        ),
    }
}

fn action(scene: &Scene<'_>, statement: &Statement, path: &str) -> Part {
    let element = if statement.action.not {
        "NotAction"
    } else {
        "Action"
    };
    let path = format!("{path}/{element}");
    let covered = statement.action.covers(scene.caller.action);
    let listed = statement.action.listed;
    let entry =
        |(index, (text, pattern)): (usize, &(crate::policy::Spanned, crate::pattern::Pattern))| {
            let matched = crate::policy::action_matches(pattern, scene.caller.action);
            let path = if listed {
                format!("{path}/{index}")
            } else {
                path.clone()
            };
            Expected {
                value: text.text.clone(),
                outcome: Tri::from(matched).into(),
                why: if matched {
                    "covers the call"
                } else {
                    "another action"
                }
                .into(),
                location: place(scene, &path, text.span),
            }
        };
    Part {
        part: PartKind::Action,
        operator: None,
        key: None,
        outcome: Tri::from(covered).into(),
        actual: Some(vec![scene.caller.action.to_owned()]),
        expected: statement
            .action
            .entries
            .iter()
            .enumerate()
            .map(entry)
            .collect(),
        why: if covered {
            "the call is covered"
        } else {
            "the call is not covered"
        }
        .into(),
        location: place(scene, &path, statement.action.span),
    }
}

fn condition(scene: &Scene<'_>, effect: Effect, test: &ConditionTest, path: &str) -> Part {
    let fact = scene.context.get(&test.condition.key);
    let outcome = test.condition.evaluate(scene.context, effect);
    let values = 0..test.values.len();
    Part {
        part: PartKind::Condition,
        operator: Some(test.operator.text.clone()),
        key: Some(test.key.text.clone()),
        outcome: outcome.into(),
        actual: match fact {
            Fact::Absent | Fact::Unknown => None,
            fact => Some(
                fact.values()
                    .iter()
                    .map(|text| text.as_str().to_owned())
                    .collect(),
            ),
        },
        expected: values
            .filter_map(|index| value(scene, test, index, fact, path))
            .collect(),
        why: why(test, fact, outcome),
        location: place(scene, &format!("{path}{}", test.path(None)), test.span),
    }
}

fn value(
    scene: &Scene<'_>,
    test: &ConditionTest,
    index: usize,
    fact: &Fact,
    path: &str,
) -> Option<Expected> {
    let text = test.values.get(index)?;
    let (outcome, why) = value_outcome(scene, test, index, fact);
    Some(Expected {
        value: text.text.clone(),
        outcome,
        why: why.into(),
        location: place(
            scene,
            &format!("{path}{}", test.path(Some(index))),
            text.span,
        ),
    })
}

/// Whether the value itself matches; under a negated operator a match is what fails the test.
fn value_outcome(
    scene: &Scene<'_>,
    test: &ConditionTest,
    index: usize,
    fact: &Fact,
) -> (Met, &'static str) {
    let Some(operand) = test.condition.operands.get(index) else {
        return (Met::NotMet, "not compared");
    };
    match (fact, operand) {
        (Fact::Unknown, _) => return (Met::Unknown, "the key is not known"),
        (fact, Operand::Flag(absence)) if test.condition.operator.test == Test::Null => {
            let (is_absent, why) = match fact {
                Fact::Absent => (true, "the key is absent"),
                _ => (false, "the key is present"),
            };
            return (Tri::from(is_absent == *absence).into(), why);
        }
        (Fact::Absent, _) => return (Met::NotMet, "the key is absent"),
        (Fact::Many(_), _) if test.condition.operator.quantifier.is_none() => {
            return (Met::NotMet, "the key has several values");
        }
        _ => {}
    }
    let hits: Vec<Hit> = fact
        .values()
        .iter()
        .map(|v| test.condition.compare(operand, v, scene.context))
        .collect();
    if hits.contains(&Hit::Match) {
        (Met::Met, "matches")
    } else if hits.contains(&Hit::Unknown) {
        (Met::Unknown, "a policy variable's value is not known")
    } else if hits.contains(&Hit::Malformed) {
        (Met::NotMet, "the operator can't read the policy's value")
    } else if hits.contains(&Hit::Neither) {
        (Met::NotMet, "the operator can't read the request's value")
    } else {
        (Met::NotMet, "does not match")
    }
}

fn why(test: &ConditionTest, fact: &Fact, outcome: Tri) -> Cow<'static, str> {
    let operator = test.condition.operator;
    match (fact, outcome) {
        (Fact::Unknown, _) => "the key is not known".into(),
        (_, Tri::Unknown) => "a policy variable's value is not known".into(),
        _ if operator.test == Test::Null => match fact {
            Fact::Absent => "the key is absent".into(),
            _ => "the key is present".into(),
        },
        (Fact::Absent, Tri::Yes) => format!(
            "the key is absent, which {} takes as met",
            test.operator.text
        )
        .into(),
        (Fact::Absent, Tri::No) => "the key is absent".into(),
        (Fact::Many(_), Tri::No) if operator.quantifier.is_none() => {
            "a key with several values never meets an operator without a set prefix".into()
        }
        (_, Tri::Yes) if operator.negated => "no value matches".into(),
        (_, Tri::No)
            if operator.negated && operator.quantifier != Some(Quantifier::ForAnyValue) =>
        {
            "a value matches".into()
        }
        (_, Tri::Yes) => "a value matches".into(),
        (_, Tri::No) => "no value matches".into(),
    }
}
