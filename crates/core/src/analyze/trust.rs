//! Whom a policy means to trust, read from its own text.
//!
//! An owner's name is certain where a value names it whole: `repo:octo-org/`, `repo:octo-org@`, the key
//! `repository`, a workflow's file. Such a text counts at the start of any segment, also behind a wildcard: a
//! raw `:` never stands inside a value of a subject. Where a wildcard cuts the name it is a hint, nobody's
//! whole name. A number is trusted where it is written out. A misspelt owner can't be seen, so that every
//! verdict lists whom it trusts.

use std::collections::BTreeSet;

use super::grammar::Slot;
use super::model::{Dim, World};
use crate::condition::{Effect, Test};
use crate::policy::{ConditionTest, Policy};

/// Names and numbers that are the policy's own.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Trust {
    /// Owners that are named whole.
    pub(crate) owners: BTreeSet<String>,
    /// Beginnings of owners' names.
    pub(crate) hints: BTreeSet<String>,
    pub(crate) owner_ids: BTreeSet<String>,
    pub(crate) repository_ids: BTreeSet<String>,
    pub(crate) enterprise_ids: BTreeSet<String>,
    pub(crate) actors: BTreeSet<String>,
    pub(crate) actor_ids: BTreeSet<String>,
    /// Placeholders that were not replaced.
    pub(crate) placeholders: BTreeSet<String>,
}

impl Trust {
    /// Reads the Allow statements.
    pub(crate) fn of(policy: &Policy, worlds: &[World]) -> Self {
        let mut trust = Self::default();
        for statement in policy
            .statements
            .iter()
            .filter(|s| s.effect == Effect::Allow)
        {
            for principal in &statement.principal.entries {
                if principal.value.text.contains("oidc-provider") {
                    trust
                        .placeholders
                        .extend(crate::explain::placeholder(&principal.value.text));
                }
            }
            for world in worlds.iter().filter(|world| world.concerns(statement)) {
                for test in &statement.tests {
                    if let Some(dim) = world.dimension(&test.condition) {
                        trust.read(test, &dim);
                    }
                }
            }
        }
        trust
    }

    fn read(&mut self, test: &ConditionTest, dim: &Dim) {
        let operator = test.condition.operator;
        if !matches!(
            operator.test,
            Test::StringEquals | Test::StringEqualsIgnoreCase | Test::StringLike
        ) {
            return;
        }
        let wildcards = operator.test == Test::StringLike;
        for value in &test.values {
            let text = value.text.as_str();
            if let Some(placeholder) = crate::explain::placeholder(text) {
                self.placeholders.insert(placeholder);
                continue;
            }
            if operator.negated || (!wildcards && text.contains(['*', '?'])) {
                continue;
            }
            let text = &variables_as_wildcards(text);
            match dim {
                Dim::Subject => self.subject(text, operator.test == Test::StringEqualsIgnoreCase),
                Dim::Slot(slot) => self.claim(*slot, text),
                Dim::EnterpriseId => whole(text, &mut self.enterprise_ids),
                _ => {}
            }
        }
    }

    /// The segments of a subject, wherever they begin.
    fn subject(&mut self, text: &str, any_case: bool) {
        let starts = std::iter::once(0).chain(text.match_indices(':').map(|(at, _)| at + 1));
        for rest in starts.filter_map(|at| text.get(at..)) {
            let Some((key, value)) = rest.split_once(':') else {
                continue;
            };
            let key = if any_case {
                key.to_ascii_lowercase()
            } else {
                key.to_owned()
            };
            match key.as_str() {
                "repo" => self.repo(value),
                "repository_owner" => self.owner(value, &[':']),
                _ => {
                    let value = value.split(':').next().unwrap_or_default();
                    if let Some(slot) = Slot::ALL.into_iter().find(|slot| slot.claim() == key) {
                        self.claim(slot, value);
                    } else if key == "workflow_ref" {
                        self.owner(value, &['/']);
                    }
                }
            }
        }
    }

    fn claim(&mut self, slot: Slot, value: &str) {
        match slot {
            Slot::Owner => self.owner(value, &[]),
            Slot::Repository | Slot::JobWorkflowRef => self.owner(value, &['/']),
            Slot::OwnerId => whole(value, &mut self.owner_ids),
            Slot::RepositoryId => whole(value, &mut self.repository_ids),
            // Bots run for everybody.
            Slot::Actor if !value.ends_with("[bot]") => whole(value, &mut self.actors),
            Slot::ActorId => whole(value, &mut self.actor_ids),
            _ => {}
        }
    }

    /// `OWNER/NAME` or `OWNER@ID/NAME@ID`, then anything.
    fn repo(&mut self, value: &str) {
        self.owner(value, &['/', '@']);
        let Some((owner, rest)) = value.split_once('/') else {
            return;
        };
        let id = |part: &str| part.split_once('@').map(|(_, id)| id.to_owned());
        if let Some(id) = id(owner) {
            whole(&id, &mut self.owner_ids);
        }
        let name = rest.split(':').next().unwrap_or_default();
        if let Some(id) = id(name) {
            whole(&id, &mut self.repository_ids);
        }
    }

    /// An owner's name up to one of `ends`, or up to the end where there are none.
    fn owner(&mut self, value: &str, ends: &[char]) {
        let end = value
            .find(|c| ends.contains(&c) || matches!(c, '*' | '?'))
            .unwrap_or(value.len());
        let (name, rest) = value.split_at_checked(end).unwrap_or((value, ""));
        let is_whole = match rest.chars().next() {
            Some(c) => ends.contains(&c),
            None => ends.is_empty() || ends == [':'],
        };
        if !name.is_empty() {
            let list = if is_whole {
                &mut self.owners
            } else {
                &mut self.hints
            };
            list.insert(name.to_owned());
        }
    }
}

/// A value without wildcards.
fn whole(value: &str, list: &mut BTreeSet<String>) {
    if !value.is_empty() && !value.contains(['*', '?']) {
        list.insert(value.to_owned());
    }
}

/// `${...}` stands for anything.
fn variables_as_wildcards(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, variable)) = rest.split_once("${") {
        let Some((_, after)) = variable.split_once('}') else {
            break;
        };
        plain.push_str(before);
        plain.push('*');
        rest = after;
    }
    plain.push_str(rest);
    plain
}
