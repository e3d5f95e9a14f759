//! A verdict on a policy of which a template leaves parts open: what it would be whatever stands there.
//!
//! The policy is judged twice more, once with everything open turned for the request and once against it. Where both
//! come to the same, it does not matter what stands there; else the answer hangs on it, and is undecided.

use rolecall_core::case::Case;
use rolecall_core::condition::{Effect, Operand, Test};
use rolecall_core::policy::{ConditionTest, Policy, Statement};
use rolecall_core::report::{
    Answer, Applies, CauseId, CheckId, CheckOutcome, CheckReport, Decision, ErrorReport, Met, Part,
    StatementReport, UnknownFact,
};
use rolecall_core::span::Span;
use rolecall_core::sts::Attempt;
use rolecall_core::token::Token;

use crate::trace::Left;

/// More expressions than this help nobody.
const MOST_UNKNOWNS: usize = 20;

/// What is open in a policy.
pub(crate) struct Open<'l> {
    left: &'l [Left],
    /// Their places in order, none of which reaches into the next.
    places: Vec<Span>,
    /// The provider that an open principal would have to name.
    provider: String,
}

impl<'l> Open<'l> {
    pub(crate) fn of(left: &'l [Left], case: &Case, policy: &Policy) -> Option<Self> {
        if left.is_empty() {
            return None;
        }
        let token = Token::from_case(case).ok()?;
        let provider = Attempt::prepare(case, &token, policy).provider;
        let account = provider
            .account
            .as_deref()
            .unwrap_or(crate::known::OWN_ACCOUNT);
        let host = provider.key_prefix;
        let named = format!("arn:aws:iam::{account}:oidc-provider/{host}");
        Some(Self {
            left,
            places: apart(left.iter().map(|left| left.span).collect()),
            provider: provider.arn.unwrap_or(named),
        })
    }

    /// Corrects the verdict on the policy as it is written. `judge` need not look for findings.
    pub(crate) fn settle(
        &self,
        mut report: CheckReport,
        policy: &Policy,
        judge: &dyn Fn(&Policy) -> Result<CheckReport, ErrorReport>,
    ) -> Result<CheckReport, ErrorReport> {
        if !report.storable.accepted {
            // An open principal is no name yet that IAM could refuse.
            report.storable = judge(&self.named(policy))?.storable;
        }
        report.findings.retain(|finding| match finding.rule {
            "not_storable" => !report.storable.accepted,
            "placeholder_left" => !self.is_open(finding.location.span()),
            _ => true,
        });
        let most = judge(&self.turned(policy, Effect::Allow))?.decision;
        let least = judge(&self.turned(policy, Effect::Deny))?.decision;
        if most == least {
            return Ok(report);
        }
        report.decision = Decision::Undecided;
        report.error = None;
        report.session = None;
        report
            .causes
            .retain(|cause| cause.id == CauseId::PlaceholderLeft);
        report
            .statements
            .iter_mut()
            .for_each(|one| self.open_statement(one));
        let trust = |check: &&mut rolecall_core::report::Check| check.id == CheckId::TrustPolicy;
        if let Some(check) = report.checks.iter_mut().find(trust) {
            check.outcome = CheckOutcome::Unknown;
            check.summary = "the policy's answer hangs on what the template leaves open".to_owned();
        }
        let mut open: Vec<UnknownFact> = Vec::new();
        for Left { what, .. } in self.left {
            let key = what.trim_matches('`').to_owned();
            if open.len() < MOST_UNKNOWNS && open.iter().all(|fact| fact.key != key) {
                let answer = |value: &str, decision| Answer {
                    value: value.to_owned(),
                    decision,
                };
                let answers = vec![answer("what fits", most), answer("anything else", least)];
                open.push(UnknownFact { key, answers });
            }
        }
        report.unknowns.splice(0..0, open);
        Ok(report)
    }

    fn is_open(&self, span: Span) -> bool {
        let before = self.places.partition_point(|place| place.start < span.end);
        let last = before.checked_sub(1).and_then(|at| self.places.get(at));
        last.is_some_and(|place| span.start < place.end)
    }

    /// With the provider in the place of open principals.
    fn named(&self, policy: &Policy) -> Policy {
        let mut policy = policy.clone();
        for statement in &mut policy.statements {
            self.name(statement);
        }
        policy
    }

    fn name(&self, statement: &mut Statement) {
        for entry in &mut statement.principal.entries {
            if self.is_open(entry.value.span) {
                entry.value.text.clone_from(&self.provider);
            }
        }
    }

    /// With everything open turned so that statements of this effect apply, and those of the other do not.
    fn turned(&self, policy: &Policy, effect: Effect) -> Policy {
        let mut policy = policy.clone();
        policy.statements.retain_mut(|statement| {
            if statement.effect == effect {
                self.widen(statement);
                true
            } else {
                self.narrow(statement)
            }
        });
        policy
    }

    /// Everything open is met.
    fn widen(&self, statement: &mut Statement) {
        if statement.principal.not {
            statement
                .principal
                .entries
                .retain(|entry| !self.is_open(entry.value.span));
        } else {
            self.name(statement);
        }
        statement.tests.retain_mut(|test| self.widen_test(test));
    }

    /// `false`: it is met.
    fn widen_test(&self, test: &mut ConditionTest) -> bool {
        if !self.is_open_test(test) {
            return true;
        }
        let mut operator = test.condition.operator;
        let is_text = matches!(operator.test, Test::StringEquals | Test::StringLike);
        if !is_text || operator.negated || self.is_open(test.key.span) {
            return false;
        }
        // What is written beside the open parts must stand in the token all the same.
        operator.test = Test::StringLike;
        for (operand, value) in test.condition.operands.iter_mut().zip(&test.values) {
            if self.is_open(value.span) {
                *operand = Operand::prepare(operator, &any(&value.text), false);
            }
        }
        true
    }

    /// Nothing open is met; `false`: the statement can't apply any more.
    fn narrow(&self, statement: &mut Statement) -> bool {
        let entries = &mut statement.principal.entries;
        let count = entries.len();
        entries.retain(|entry| !self.is_open(entry.value.span));
        let can_name = entries.len() == count || (!statement.principal.not && !entries.is_empty());
        can_name
            && statement
                .tests
                .iter_mut()
                .all(|test| self.narrow_test(test))
    }

    fn narrow_test(&self, test: &mut ConditionTest) -> bool {
        if !self.is_open_test(test) {
            return true;
        }
        // Of a list one value is enough, but every one keeps a negated test from being met.
        if test.condition.operator.negated || self.is_open(test.key.span) {
            return false;
        }
        let known: Vec<bool> = test
            .values
            .iter()
            .map(|value| !self.is_open(value.span))
            .collect();
        let mut keep = known.iter();
        test.values.retain(|_| keep.next() == Some(&true));
        let mut keep = known.iter();
        test.condition
            .operands
            .retain(|_| keep.next() == Some(&true));
        !test.values.is_empty()
    }

    fn is_open_test(&self, test: &ConditionTest) -> bool {
        self.is_open(test.key.span) || test.values.iter().any(|value| self.is_open(value.span))
    }

    /// What of a statement's report is not known.
    fn open_statement(&self, statement: &mut StatementReport) {
        statement
            .parts
            .iter_mut()
            .for_each(|part| self.open_part(part));
        let has = |outcome| statement.parts.iter().any(|part| part.outcome == outcome);
        if has(Met::NotMet) {
            statement.outcome = Applies::DoesNotApply;
        } else if has(Met::Unknown) {
            statement.outcome = Applies::Unknown;
        }
    }

    fn open_part(&self, part: &mut Part) {
        let mut is_open = false;
        for expected in &mut part.expected {
            if self.is_open(expected.location.span()) {
                is_open = true;
                expected.outcome = Met::Unknown;
                expected.why = "not known from this text".into();
            }
        }
        let is_negated = part
            .operator
            .as_deref()
            .is_some_and(|name| name.contains("Not"));
        let decides = if is_negated { Met::Met } else { Met::NotMet };
        if is_open && part.outcome == decides {
            part.outcome = Met::Unknown;
        }
    }
}

/// The places in order, with those that overlap made one.
fn apart(mut places: Vec<Span>) -> Vec<Span> {
    places.sort_unstable_by_key(|place| place.start);
    let mut apart: Vec<Span> = Vec::new();
    for place in places {
        match apart.last_mut() {
            Some(last) if place.start < last.end => last.end = last.end.max(place.end),
            _ => apart.push(place),
        }
    }
    apart
}

/// The text with `*` for each expression.
fn any(text: &str) -> String {
    let mut any = String::new();
    let mut rest = text;
    while let Some((before, from)) = rest.split_once("${") {
        any.push_str(before);
        any.push('*');
        let mut depth = 1;
        let end = from.find(|c| {
            depth += i32::from(c == '{') - i32::from(c == '}');
            depth == 0
        });
        rest = end.and_then(|end| from.get(end + 1..)).unwrap_or_default();
    }
    any + rest
}

#[cfg(test)]
mod tests {
    use super::{any, apart};
    use rolecall_core::span::Span;

    #[test]
    fn places_that_overlap_are_one() {
        let places = [(7, 9), (0, 5), (1, 2), (4, 6)].map(|(start, end)| Span::new(start, end));
        assert_eq!(apart(places.to_vec()), [Span::new(0, 6), Span::new(7, 9)]);
    }

    #[test]
    fn expressions_are_anything() {
        for (text, expected) in [
            ("repo:${var.org}/app:*", "repo:*/app:*"),
            ("${a[\"${b}\"]}x${c}", "*x*"),
            ("repo:${var.org", "repo:*"),
            ("plain", "plain"),
        ] {
            assert_eq!(any(text), expected);
        }
    }
}
