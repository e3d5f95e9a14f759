//! A claim of which only a pattern is known, before a policy that tells apart less than the pattern leaves open.
//!
//! Where each value that the policy compares the claim with matches either every text of the pattern or none, any of
//! these texts gets the same answer, and the pattern written as a text stands for them all. Where some value matches
//! a part of them, the claim is left unknown, and the answer hangs on it.

use rolecall_core::condition::{Condition, Operand, Test};
use rolecall_core::context::fold;
use rolecall_core::pattern::{Part, Pattern, Syntax};
use rolecall_core::policy::Policy;
use rolecall_core::report::prediction::TokenPrediction;
use serde_json::{Map, Value};

/// The claims to judge: those that are known, and the patterns that the policy does not look into.
///
/// ```
/// use rolecall_core::policy::Policy;
/// use rolecall_predict::{Input, predict, settle::settled};
///
/// let input = Input::from_json(r#"{"workflows": [{"path": "x.yml", "text":
///     "on: {push: {branches: ['**']}}\njobs: {a: {permissions: {id-token: write}, steps: []}}"}],
///     "settings": {"sub_claim_prefix": "repo:octo-org/octo-repo"}}"#).unwrap();
/// let token = &predict(&input).unwrap().jobs[0].tokens[0];
/// let policy = |sub: &str| Policy::parse(&format!(r#"{{"Statement": {{"Effect": "Allow", "Principal": "*", "Action": "*",
///     "Condition": {{"StringLike": {{"token.actions.githubusercontent.com:sub": "{sub}"}}}}}}}}"#)).unwrap();
/// assert_eq!(settled(token, &policy("repo:octo-org/octo-repo:*"))["sub"], "repo:octo-org/octo-repo:ref:refs/heads/*");
/// assert!(!settled(token, &policy("repo:octo-org/octo-repo:ref:refs/heads/main")).contains_key("sub"));
/// ```
#[must_use]
pub fn settled(token: &TokenPrediction, policy: &Policy) -> Map<String, Value> {
    let mut claims = token.claims.clone();
    for (name, pattern) in &token.patterns {
        let Some(text) = pattern.as_str() else {
            continue;
        };
        if tests(policy, name).all(|condition| is_settled(condition, text))
            && !is_variable(policy, name)
        {
            // As a text it is one of those that the pattern holds.
            claims.insert(
                name.clone(),
                text.replace("${*}", "*")
                    .replace("${?}", "?")
                    .replace("${$}", "$")
                    .into(),
            );
        }
    }
    claims
}

/// The tests of a claim, whatever the issuer that their key names.
fn tests<'p>(policy: &'p Policy, claim: &'p str) -> impl Iterator<Item = &'p Condition> {
    let all = policy
        .statements
        .iter()
        .flat_map(|statement| &statement.tests);
    all.map(|test| &test.condition)
        .filter(move |condition| is_key(condition.key.as_str(), claim))
}

fn is_key(key: &str, claim: &str) -> bool {
    key.rsplit_once(':')
        .is_some_and(|(_, suffix)| suffix == claim)
}

/// Whether the claim stands in a value of the policy as a variable.
fn is_variable(policy: &Policy, claim: &str) -> bool {
    let tests = policy
        .statements
        .iter()
        .flat_map(|statement| &statement.tests);
    tests
        .flat_map(|test| &test.condition.operands)
        .any(|operand| match operand {
            Operand::Text(pattern) | Operand::Folded(Err(pattern)) | Operand::Arn(Err(pattern)) => {
                pattern
                    .variables()
                    .any(|variable| is_key(variable.key.as_str(), claim))
            }
            _ => false,
        })
}

fn is_settled(condition: &Condition, claim: &str) -> bool {
    condition.operator.test == Test::Null
        || condition
            .operands
            .iter()
            .all(|operand| is_same_for_all(operand, claim))
}

/// Whether a value of the policy matches all texts of a pattern, or none.
fn is_same_for_all(operand: &Operand, claim: &str) -> bool {
    let syntax = Syntax {
        wildcards: true,
        variables: true,
    };
    let own = |text: &str| units(&Pattern::new(text, syntax));
    match operand {
        Operand::Text(pattern) if !pattern.has_variables() => {
            all_or_none(&own(claim), &units(pattern))
        }
        Operand::Folded(Ok(folded)) => {
            // The folded pattern holds at least the folded texts.
            let literal: Vec<Unit> = folded.encode_utf16().map(Unit::Is).collect();
            is_disjoint(&own(&fold(claim)), &literal)
        }
        _ => false,
    }
}

/// A UTF-16 unit, as `?` counts them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Unit {
    Is(u16),
    One,
    Star,
}

fn units(pattern: &Pattern) -> Vec<Unit> {
    let mut units = Vec::new();
    for (index, segment) in pattern.segments().iter().enumerate() {
        if index > 0 {
            units.push(Unit::Star);
        }
        for part in segment {
            match part {
                Part::Literal(text) => units.extend(text.encode_utf16().map(Unit::Is)),
                Part::Any | Part::Variable(_) => units.push(Unit::One),
            }
        }
    }
    units
}

/// The most pairs of places that are compared; a subject and a value have some hundred each.
const MOST_PAIRS: usize = 4 << 20;

fn all_or_none(claim: &[Unit], value: &[Unit]) -> bool {
    claim.len() * value.len() <= MOST_PAIRS
        && (is_contained(claim, value) || is_disjoint(claim, value))
}

/// Whether every text of `claim` matches `value`: a star of the claim can be covered by a star only.
fn is_contained(claim: &[Unit], value: &[Unit]) -> bool {
    table(claim, value, |c, v, next| match (c, v) {
        (c, Some(Unit::Star)) => next.skip_value || (c.is_some() && next.skip_claim),
        (Some(Unit::Star), _) => false,
        (Some(_), Some(Unit::One)) => next.skip_both,
        (Some(c), Some(v)) => c == v && next.skip_both,
        (None, None) => true,
        _ => false,
    })
}

/// Whether no text of `claim` matches `value`.
fn is_disjoint(claim: &[Unit], value: &[Unit]) -> bool {
    !table(claim, value, |c, v, next| match (c, v) {
        (Some(Unit::Star), v) => next.skip_claim || (v.is_some() && next.skip_value),
        (c, Some(Unit::Star)) => next.skip_value || (c.is_some() && next.skip_claim),
        (Some(c), Some(v)) => (c == v || c == Unit::One || v == Unit::One) && next.skip_both,
        (None, None) => true,
        _ => false,
    })
}

/// The answers for what follows.
struct Next {
    skip_claim: bool,
    skip_value: bool,
    skip_both: bool,
}

/// Answers a question about two patterns from the answers for their ends, from the back.
fn table(
    claim: &[Unit],
    value: &[Unit],
    ask: impl Fn(Option<Unit>, Option<Unit>, &Next) -> bool,
) -> bool {
    let width = value.len() + 1;
    let mut below = vec![false; width + 1];
    for c in claim.iter().map(|unit| Some(*unit)).chain([None]).rev() {
        let mut row = vec![false; width + 1];
        for (index, v) in value
            .iter()
            .map(|unit| Some(*unit))
            .chain([None])
            .enumerate()
            .collect::<Vec<_>>()
            .into_iter()
            .rev()
        {
            let at = |row: &[bool], index: usize| row.get(index).copied().unwrap_or_default();
            let next = Next {
                skip_claim: at(&below, index),
                skip_value: at(&row, index + 1),
                skip_both: at(&below, index + 1),
            };
            let answer = ask(c, v, &next);
            if let Some(cell) = row.get_mut(index) {
                *cell = answer;
            }
        }
        below = row;
    }
    below.first().copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn of(text: &str) -> Vec<Unit> {
        units(&Pattern::wildcard(text))
    }

    #[test]
    fn contained_and_disjoint() {
        for (claim, value, contained, disjoint) in [
            ("repo:o/r:ref:refs/heads/*", "repo:o/r:*", true, false),
            (
                "repo:o/r:ref:refs/heads/*",
                "repo:o/r:ref:refs/heads/main",
                false,
                false,
            ),
            (
                "repo:o/r:ref:refs/heads/*",
                "repo:o/r:ref:refs/tags/*",
                false,
                true,
            ),
            (
                "repo:o/r:ref:refs/heads/*",
                "repo:o/?:ref:refs/heads/**",
                true,
                false,
            ),
            (
                "repo:o@*/r@*:pull_request",
                "repo:o@*/r@*:pull_request",
                true,
                false,
            ),
            (
                "repo:o@*/r@*:pull_request",
                "repo:o/r:pull_request",
                false,
                true,
            ),
            (
                "repo:o@*/r@*:pull_request",
                "repo:o@1/r@2:pull_request",
                false,
                false,
            ),
            ("a*", "?*", true, false),
            ("*", "?*", false, false),
            ("", "", true, false),
            ("", "*", true, false),
            ("", "?", false, true),
            ("𐐀", "??", true, false),
            ("𐐀", "?", false, true),
        ] {
            assert_eq!(
                is_contained(&of(claim), &of(value)),
                contained,
                "{claim} {value}"
            );
            assert_eq!(
                is_disjoint(&of(claim), &of(value)),
                disjoint,
                "{claim} {value}"
            );
        }
    }

    proptest! {
        /// Whatever fills the holes, a settled comparison gives the same answer.
        #[test]
        fn settled_answers_hold_for_every_filling(
            claim in "[ab]{0,3}\\*?[ab]{0,2}\\*?", value in "[ab?*]{0,6}", one in "[abc]{0,3}", two in "[abc]{0,3}",
        ) {
            let pattern = Pattern::wildcard(&value);
            let filled = |filling: &str| claim.replacen('*', filling, 1).replace('*', &two);
            if all_or_none(&of(&claim), &of(&value)) {
                prop_assert_eq!(pattern.matches(&filled(&one)), pattern.matches(&claim), "{} {} {}", claim, value, one);
            }
        }
    }
}
