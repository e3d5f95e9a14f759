//! What is not known, and what each possible answer would lead to.

use crate::condition::{Condition, Operand, Test};
use crate::context::{Fact, Key};
use crate::policy::{ConditionTest, Policy};
use crate::report::{Answer, CheckId, Decision, UnknownFact};
use crate::sts::{Attempt, Outcome};
use crate::tri::Tri;

/// Every missing fact that the decision can hang on.
pub(super) fn list(attempt: &Attempt<'_>, policy: &Policy) -> Vec<UnknownFact> {
    let audience = is_unknown(attempt, CheckId::Audience).then(|| audience(attempt, policy));
    let mut keys: Vec<&Key> = Vec::new();
    for test in policy
        .statements
        .iter()
        .flat_map(|statement| &statement.tests)
    {
        let variables = test.condition.operands.iter().flat_map(variable_keys);
        for key in std::iter::once(&test.condition.key).chain(variables) {
            // The audience is one fact, be it asked by STS or by the policy.
            let is_told = audience
                .as_ref()
                .is_some_and(|told| told.key == key.as_str());
            if !is_told && attempt.context.get(key) == &Fact::Unknown && !keys.contains(&key) {
                keys.push(key);
            }
        }
    }
    let all: Vec<UnknownFact> = keys
        .into_iter()
        .map(|key| fact(attempt, policy, key))
        .collect();
    // A key whose every answer leaves the decision open adds nothing, unless all do.
    let tells = |fact: &UnknownFact| {
        fact.answers
            .iter()
            .any(|answer| answer.decision != Decision::Undecided)
    };
    let telling: Vec<UnknownFact> = all.iter().filter(|fact| tells(fact)).cloned().collect();
    let of_policy = if telling.is_empty() { all } else { telling };
    before_policy(attempt, policy)
        .into_iter()
        .chain(audience)
        .chain(of_policy)
        .collect()
}

fn is_unknown(attempt: &Attempt<'_>, id: CheckId) -> bool {
    attempt
        .steps
        .iter()
        .any(|step| step.id == id && matches!(step.outcome, Outcome::Unknown(_)))
}

/// The token's audience: each that is registered, and any other, which STS refuses.
fn audience(attempt: &Attempt<'_>, policy: &Policy) -> UnknownFact {
    let key = Key::new(&format!("{}:aud", attempt.provider.key_prefix));
    let open = attempt
        .steps
        .iter()
        .any(|step| step.id != CheckId::Audience && matches!(step.outcome, Outcome::Unknown(_)));
    let before = if open { Tri::Unknown } else { Tri::Yes };
    let registered = attempt.audiences.iter().map(|audience| Answer {
        value: audience.clone(),
        decision: before
            .and(supposed(attempt, policy, &key, Fact::one(audience)))
            .into(),
    });
    let other = Answer {
        value: "any other audience".to_owned(),
        decision: Decision::Deny,
    };
    UnknownFact {
        key: key.as_str().to_owned(),
        answers: registered.chain(std::iter::once(other)).collect(),
    }
}

/// What the policy would say if a key were so.
fn supposed(attempt: &Attempt<'_>, policy: &Policy, key: &Key, fact: Fact) -> Tri {
    let mut attempt = attempt.clone();
    attempt.context.insert(key.clone(), fact);
    attempt.trust(policy)
}

fn variable_keys(operand: &Operand) -> impl Iterator<Item = &Key> {
    let pattern = match operand {
        Operand::Text(pattern) | Operand::Folded(Err(pattern)) | Operand::Arn(Err(pattern)) => {
            Some(pattern)
        }
        _ => None,
    };
    pattern
        .into_iter()
        .flat_map(|pattern| pattern.variables().map(|variable| &variable.key))
}

/// Facts outside of the policy: the signing key, the issuer, the role's maximum duration.
fn before_policy(attempt: &Attempt<'_>, policy: &Policy) -> Vec<UnknownFact> {
    let trust = attempt.trust(policy).into();
    let answer = |value: &str, decision| Answer {
        value: value.to_owned(),
        decision,
    };
    let unknown = attempt
        .steps
        .iter()
        .filter(|step| step.id != CheckId::Audience && matches!(step.outcome, Outcome::Unknown(_)));
    unknown
        .map(|step| match step.id {
            CheckId::Signature => UnknownFact {
                key: "signing key".to_owned(),
                answers: vec![
                    answer("the signature is valid", trust),
                    answer("the signature is not valid", Decision::Deny),
                ],
            },
            CheckId::SessionDuration => UnknownFact {
                key: "MaxSessionDuration".to_owned(),
                answers: vec![
                    answer("at least the duration asked for", trust),
                    answer("less", Decision::Deny),
                ],
            },
            _ => UnknownFact {
                key: "iss".to_owned(),
                answers: vec![
                    answer("the provider's URL", trust),
                    answer("another issuer", Decision::Deny),
                ],
            },
        })
        .collect()
}

/// The answers that the policy tells apart: each value it names, any other, and none.
fn fact(attempt: &Attempt<'_>, policy: &Policy, key: &Key) -> UnknownFact {
    let tests = || {
        policy
            .statements
            .iter()
            .flat_map(|s| &s.tests)
            .filter(|test| test.condition.key == *key)
    };
    let mut answers: Vec<(String, Fact)> = Vec::new();
    for test in tests() {
        for (operand, value) in test.condition.operands.iter().zip(&test.values) {
            if let Some(sample) = sample(&test.condition, operand, &value.text)
                && !answers.iter().any(|(shown, _)| *shown == value.text)
            {
                answers.push((value.text.clone(), Fact::one(&sample)));
            }
        }
    }
    answers.push(("any other value".to_owned(), Fact::one(&other(tests()))));
    answers.push(("absent".to_owned(), Fact::Absent));
    UnknownFact {
        key: tests()
            .next()
            .map_or(key.as_str(), |test| &test.key.text)
            .to_owned(),
        answers: answers
            .into_iter()
            .map(|(value, fact)| Answer {
                value,
                decision: before(attempt)
                    .and(supposed(attempt, policy, key, fact))
                    .into(),
            })
            .collect(),
    }
}

/// Whether the checks before the policy leave it open.
fn before(attempt: &Attempt<'_>) -> Tri {
    let unknown = attempt
        .steps
        .iter()
        .any(|step| matches!(step.outcome, Outcome::Unknown(_)));
    if unknown { Tri::Unknown } else { Tri::Yes }
}

/// A value that matches the policy's, if one is plain.
fn sample(condition: &Condition, operand: &Operand, text: &str) -> Option<String> {
    match condition.operator.test {
        Test::Null => None,
        Test::IpAddress => Some(text.split('/').next().unwrap_or(text).to_owned()),
        Test::StringLike | Test::Arn => {
            let fill = text.replace("**", "*").replace('*', "").replace('?', "x");
            Some(fill)
        }
        _ => operand.is_readable().then(|| text.to_owned()),
    }
}

/// A value of the right kind that the policy does not name.
fn other<'p>(mut tests: impl Iterator<Item = &'p ConditionTest>) -> String {
    match tests.next().map(|test| test.condition.operator.test) {
        // Addresses that no network of a policy will hold: 192.0.2.0/24 is for documentation (RFC 5737).
        Some(Test::IpAddress) => "192.0.2.213".to_owned(),
        Some(Test::Arn) => "arn:aws:rolecall::000000000000:no/such-thing".to_owned(),
        _ => "\u{1}any other value\u{1}".to_owned(),
    }
}
