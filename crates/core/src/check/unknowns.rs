//! What is not known, and what each possible answer would lead to.

use crate::condition::{Hit, Operand, Test};
use crate::context::{Fact, Key, Text};
use crate::policy::{ConditionTest, Policy};
use crate::report::{Answer, CheckId, Decision, UnknownFact};
use crate::sts::{Attempt, Outcome};
use crate::tri::Tri;

/// Every missing fact that the decision can hang on.
pub(crate) fn list(attempt: &Attempt<'_>, policy: &Policy) -> Vec<UnknownFact> {
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
        .chain(account(attempt, policy))
        .chain(audience)
        .chain(of_policy)
        .take(MOST_UNKNOWNS)
        .collect()
}

/// More missing facts than this help nobody, and each costs a decision for every value that is named.
const MOST_UNKNOWNS: usize = 20;

/// The role's account, where the policy names the provider of several.
fn account(attempt: &Attempt<'_>, policy: &Policy) -> Option<UnknownFact> {
    if attempt.provider.account.is_some() {
        return None;
    }
    let mut inside = attempt.clone();
    let mut answer = |value: String, arn: String| {
        inside.provider.arn = Some(arn);
        let decision = before(&inside).and(inside.trust(policy)).into();
        Answer { value, decision }
    };
    let mut answers: Vec<Answer> = Vec::new();
    for named in attempt.named_providers(policy).take(MOST_UNKNOWNS) {
        let value = format!("the role is in account {}", named.account);
        if answers.iter().all(|answer| answer.value != value) {
            answers.push(answer(value, named.to_string()));
        }
    }
    if answers.is_empty() {
        return None;
    }
    let elsewhere = "(another account's provider)".to_owned();
    answers.push(answer(
        "the role is in another account".to_owned(),
        elsewhere,
    ));
    Some(UnknownFact {
        key: "the role's account".to_owned(),
        answers,
    })
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
    let asked = Asked::of(policy, key);
    let mut answers: Vec<(&str, Option<Fact>)> = Vec::new();
    // `eu-*` is shown once: as the pattern where it is one, not as the text that StringEquals takes it for.
    let numbered = || asked.values().enumerate();
    let patterns = numbered().filter(|(_, (_, operand, _))| is_pattern(operand));
    let plain = numbered().filter(|(_, (_, operand, _))| !is_pattern(operand));
    for (index, (test, operand, value)) in patterns.chain(plain) {
        let is_shown = answers.iter().any(|(shown, _)| *shown == value);
        if test.condition.operator.test != Test::Null && !is_shown {
            let sample = asked.sample(index, operand, value);
            answers.push((value, sample.as_deref().map(Fact::one)));
        }
    }
    let other = asked.other(attempt).map(Fact::one);
    answers.push(("any other value", other));
    answers.push(("absent", Some(Fact::Absent)));
    let decision = |fact: Option<Fact>| {
        let supposed = fact.map_or(Tri::Unknown, |fact| supposed(attempt, policy, key, fact));
        before(attempt).and(supposed).into()
    };
    UnknownFact {
        key: asked
            .tests
            .first()
            .map_or(key.as_str(), |test| &test.key.text)
            .to_owned(),
        answers: answers
            .into_iter()
            .map(|(value, fact)| Answer {
                value: value.to_owned(),
                decision: decision(fact),
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

/// What a policy asks of one key. A sample stands for many values only where it is proved that the
/// policy treats them alike; else the answer is "undecided".
struct Asked<'p> {
    tests: Vec<&'p ConditionTest>,
    /// Each test compares one value with values that are written out, and no variable has this key's value.
    is_plain: bool,
}

impl<'p> Asked<'p> {
    fn of(policy: &'p Policy, key: &Key) -> Self {
        let all = || policy.statements.iter().flat_map(|s| &s.tests);
        let tests: Vec<_> = all().filter(|test| test.condition.key == *key).collect();
        let is_variable = all()
            .flat_map(|test| &test.condition.operands)
            .any(|operand| variable_keys(operand).any(|used| used == key));
        let is_written_out = |test: &&ConditionTest| {
            let mut operands = test.condition.operands.iter();
            test.condition.operator.quantifier.is_none()
                && operands.all(|operand| variable_keys(operand).next().is_none())
        };
        Self {
            is_plain: !is_variable && tests.iter().all(is_written_out),
            tests,
        }
    }

    fn values(&self) -> impl Iterator<Item = (&'p ConditionTest, &'p Operand, &'p str)> + '_ {
        self.tests.iter().flat_map(|test| {
            let values = test.values.iter().map(|value| value.text.as_str());
            let operands = test.condition.operands.iter();
            operands
                .zip(values)
                .map(|(operand, value)| (*test, operand, value))
        })
    }

    fn hits(&self, attempt: &Attempt<'_>, sample: &str) -> bool {
        let sample = Text::new(sample);
        self.values().any(|(test, operand, _)| {
            test.condition.compare(operand, &sample, &attempt.context) == Hit::Match
        })
    }

    fn are_all(&self, kinds: impl Fn(Test) -> bool) -> bool {
        let mut tests = self.tests.iter().map(|test| test.condition.operator.test);
        tests.all(|test| test == Test::Null || kinds(test))
    }

    /// A value that stands for all that the policy's value means; a value without wildcards stands for itself.
    fn sample(&self, index: usize, operand: &Operand, value: &str) -> Option<String> {
        let others = || {
            let all = self.values().enumerate();
            let is_same = move |other: &Operand, text: &str| {
                text == value && is_pattern(other) == is_pattern(operand)
            };
            all.filter(move |(at, (_, other, text))| *at != index && !is_same(other, text))
                .map(|(_, other)| other)
        };
        match operand {
            _ if variable_keys(operand).next().is_some() => None,
            Operand::Network(Some(network)) if !network.is_single() => {
                // Told only where no other network divides this one.
                let divides = |other: &Operand| matches!(other, Operand::Network(Some(other)) if !network.lies_in(other) && network.contains(other.address()));
                let is_whole = self.is_plain
                    && self.are_all(|test| test == Test::IpAddress)
                    && !others().any(|(_, other, _)| divides(other));
                is_whole.then(|| network.address().to_string())
            }
            Operand::Network(Some(network)) => Some(network.address().to_string()),
            Operand::Text(pattern) if is_pattern(operand) => {
                let fill = value.replace('*', "").replace('?', "x");
                let is_apart = |(test, other, text): (&ConditionTest, &Operand, &str)| match other {
                    _ if test.condition.operator.test == Test::Null => true,
                    other if is_pattern(other) => are_apart(value, text),
                    Operand::Text(_) => !pattern.matches(text),
                    _ => false,
                };
                (self.is_plain && others().all(is_apart) && pattern.matches(&fill)).then_some(fill)
            }
            Operand::Arn(_) => None,
            _ => operand.is_readable().then(|| value.to_owned()),
        }
    }

    /// A value that the policy does not name, where all of them are treated alike.
    fn other(&self, attempt: &Attempt<'_>) -> Option<&'static str> {
        let is_text = |test| {
            matches!(
                test,
                Test::StringEquals | Test::StringEqualsIgnoreCase | Test::StringLike | Test::Bool
            )
        };
        let candidates: &[&str] = if !self.is_plain {
            &[]
        } else if self.are_all(is_text) {
            &["\u{1}any other value\u{1}"]
        } else if self.are_all(|test| test == Test::IpAddress) {
            // One of each kind of network that RFC 5737 and RFC 3849 keep for documentation, and public ones.
            &[
                "192.0.2.213",
                "198.51.100.7",
                "203.0.113.99",
                "8.8.8.8",
                "77.77.77.77",
                "2001:db8:77::7",
            ]
        } else {
            &[]
        };
        candidates
            .iter()
            .copied()
            .find(|sample| !self.hits(attempt, sample))
    }
}

fn is_pattern(operand: &Operand) -> bool {
    matches!(operand, Operand::Text(pattern) if pattern.has_wildcards())
}

/// Whether no text matches both patterns: what they begin with is different.
fn are_apart(a: &str, b: &str) -> bool {
    let begin = |text: &'_ str| text.find(['*', '?']).unwrap_or(text.len());
    let (a, b) = (a.split_at(begin(a)).0, b.split_at(begin(b)).0);
    !a.starts_with(b) && !b.starts_with(a)
}
