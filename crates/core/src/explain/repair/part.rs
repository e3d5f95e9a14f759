//! Repairs of one test: its values, its operator.

use super::{Repair, THIS_ONLY, subject};
use crate::condition::Test;
use crate::edit::{Editor, Splice};
use crate::explain::Scene;
use crate::explain::fault::like;
use crate::policy::{ConditionTest, Statement};
use crate::report::{CauseId, EditLabel};

/// A test that is not met, with the key that it ought to have.
#[derive(Clone, Copy)]
pub(super) struct Part<'p, 's> {
    pub(super) scene: &'p Scene<'s>,
    pub(super) statement: &'p Statement,
    /// The test as it stands.
    pub(super) test: &'p ConditionTest,
    /// Its own key, or the one that it is to have.
    pub(super) key: &'p str,
}

impl<'p> Part<'p, '_> {
    pub(super) fn editor(&self) -> Editor<'p> {
        Editor::new(self.scene.source.text())
    }

    /// What the request holds under the key.
    pub(super) fn actual(&self) -> Option<&'p str> {
        let key = crate::context::Key::new(self.key);
        let fact = self.scene.context.get(&key);
        fact.values().first().map(crate::context::Text::as_str)
    }

    pub(super) fn is_about(&self, claim: &str) -> bool {
        let Some((prefix, suffix)) = self.key.rsplit_once(':') else {
            return false;
        };
        prefix.eq_ignore_ascii_case(self.scene.key_prefix) && suffix.eq_ignore_ascii_case(claim)
    }

    /// Repairs where the values do not fit.
    pub(super) fn value(&self, index: usize, id: CauseId) -> Vec<Repair> {
        let operator = self.test.condition.operator;
        let Some(actual) = self.actual() else {
            return Vec::new();
        };
        let is_text = matches!(
            operator.test,
            Test::StringEquals | Test::StringEqualsIgnoreCase | Test::StringLike
        );
        let takes_another = is_text || matches!(operator.test, Test::IpAddress | Test::Arn);
        if operator.negated || !takes_another {
            return Vec::new();
        }
        if id == CauseId::StringEqualsWithWildcard {
            return self.literal_wildcard(actual);
        }
        if is_text && self.is_about("sub") {
            return subject::repairs(self, index, actual, id);
        }
        if self.is_about("aud") || self.is_about("oaud") {
            return self.audience(index, actual);
        }
        [
            self.beside(actual),
            self.in_place(index, actual, id == CauseId::PlaceholderLeft),
        ]
        .into_iter()
        .flatten()
        .collect()
    }

    /// This value only, or the operator that takes wildcards.
    fn literal_wildcard(&self, actual: &str) -> Vec<Repair> {
        let values: Vec<String> = self.values();
        let like = like(&self.test.operator.text);
        let renamed = self.put(&like, &values).map(|splices| {
            let admits = "all that the wildcards match";
            Repair::new(EditLabel::AsBroad, format!("use {like}"), admits, splices)
                .losing_nothing(true)
        });
        [self.beside(actual), renamed]
            .into_iter()
            .flatten()
            .collect()
    }

    /// The audience that the token has: the other one is no longer asked for.
    fn audience(&self, index: usize, actual: &str) -> Vec<Repair> {
        let is_dead = self
            .test
            .values
            .get(index)
            .is_some_and(|value| !self.scene.audiences.contains(&value.text));
        let dropped = self
            .editor()
            .without_test(self.statement, self.test)
            .map(|splice| {
                let summary = "drop the test of the audience".to_owned();
                let admits = "tokens with whatever audience the provider takes";
                Repair::new(EditLabel::Other, summary, admits, vec![splice])
                    .losing_nothing(true)
                    .popular()
            });
        [
            self.in_place(index, actual, is_dead),
            self.beside(actual),
            dropped,
        ]
        .into_iter()
        .flatten()
        .collect()
    }

    /// The value in place of one.
    pub(super) fn in_place(&self, index: usize, text: &str, is_dead: bool) -> Option<Repair> {
        let mut values = self.values();
        let text = self.literal(text);
        let old = std::mem::replace(values.get_mut(index)?, text.clone());
        let admits = "what has this value, and no longer what has the other";
        let splices = self.put(&self.test.operator.text, &values)?;
        Some(
            Repair::new(
                EditLabel::AsBroad,
                format!("write `{text}` in place of `{old}`"),
                admits,
                splices,
            )
            .losing_nothing(is_dead),
        )
    }

    /// The value beside the others.
    pub(super) fn beside(&self, text: &str) -> Option<Repair> {
        let text = self.literal(text);
        let splices = self.with(std::slice::from_ref(&text))?;
        let summary = format!("let in `{text}` too");
        let repair = Repair::new(EditLabel::ThisSubject, summary, THIS_ONLY, splices);
        Some(repair.losing_nothing(true))
    }

    /// More values beside those that there are.
    pub(super) fn with(&self, more: &[String]) -> Option<Vec<Splice>> {
        let mut values = self.values();
        values.extend(more.iter().cloned());
        self.put(&self.test.operator.text, &values)
    }

    /// The test with this operator and these values.
    pub(super) fn put(&self, operator: &str, values: &[String]) -> Option<Vec<Splice>> {
        self.editor()
            .retested(self.statement, self.test, operator, self.key, values)
    }

    pub(super) fn values(&self) -> Vec<String> {
        self.test.values.iter().map(|v| v.text.clone()).collect()
    }

    /// A text as a value that matches nothing else: `*` and `?` may stand in an environment's name.
    pub(super) fn literal(&self, text: &str) -> String {
        if self.test.condition.operator.test == Test::StringLike
            && self.scene.policy.has_variables()
        {
            text.replace('*', "${*}").replace('?', "${?}")
        } else {
            text.to_owned()
        }
    }
}
