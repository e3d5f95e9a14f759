//! Can somebody outside get in?
//!
//! # What an outsider controls
//! The names of an account and of repositories of his own, branches, tags, environments, workflow names and
//! files, custom properties, the template of his subjects, the event, and the audience, which is asked for by
//! whoever requests the token. Not: names that others have, and numbers: an id that is written out is somebody
//! else's, an id that a wildcard completes may be his. Sources: docs.github.com, "OpenID Connect reference".
//!
//! # Verdicts
//! | verdict | means |
//! | --- | --- |
//! | open | a token of an account that the policy can't mean gets in |
//! | borrow | only if the outsider calls a reusable workflow of the trusted owners, which anybody can if it is public |
//! | lure | only if a named actor triggers the outsider's run, as by a star or a comment |
//! | depends | nobody's name is written whole: closed only if what is written is your name |
//! | closed | proved: no token that GitHub can issue to anybody but the trusted owners gets in |

use std::collections::BTreeSet;

use super::formula::{Formula, Glob, Lang};
use super::grammar::{Grammar, Slot};
use super::model::{Dim, Product};
use super::search::Budget;
use super::trust::Trust;
use super::witness::{Field, Witness};
use super::{Answer, Outsider, Verdict};

/// How far an outsider may go.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Reach {
    /// He has none of the names that are only begun in the policy.
    without_hints: bool,
    /// He calls a reusable workflow of the trusted owners.
    borrows: bool,
    /// A named actor triggers his run.
    lures: bool,
}

/// The question about one policy, prepared.
pub(crate) struct Question<'q> {
    /// What the policy lets in.
    pub(crate) field: Field<'q>,
    pub(crate) trust: &'q Trust,
    /// Whoever asks said who they are.
    pub(crate) told: bool,
}

/// A token of an outsider, and the statement that lets it in.
#[derive(PartialEq)]
pub(crate) struct Entry {
    pub(crate) witness: Witness,
    pub(crate) statement: usize,
}

impl Question<'_> {
    /// `None` for the entry also where the verdict is not decided.
    pub(crate) fn answer(&self, steps: u64) -> (Outsider, Option<Entry>) {
        let mut budget = Budget::new(steps);
        let open = Reach {
            without_hints: true,
            borrows: false,
            lures: false,
        };
        let all = Reach {
            without_hints: false,
            borrows: true,
            lures: true,
        };
        // The commonest answer first, which is quickly found where it is true.
        if let Answer::Found(entry) =
            self.search(open, &[Grammar::default_subjects(None)], &mut budget)
        {
            return (self.found(Verdict::Open, &entry.witness), Some(entry));
        }
        let every = [Grammar::default_subjects(None), Grammar::templates(false)];
        let mut unknown = None;
        // Then the widest: where it has no answer, none of the others has.
        let aside = budget.lay_aside();
        let widest = self.search(all, &every, &mut budget);
        budget.left += aside;
        if let Answer::Unknown(why) = &widest {
            unknown = Some(why.clone());
        }
        if widest != Answer::None {
            for (reach, verdict) in [
                (open, Verdict::Open),
                (
                    Reach {
                        borrows: true,
                        ..open
                    },
                    Verdict::Borrow,
                ),
                (
                    Reach {
                        lures: true,
                        ..open
                    },
                    Verdict::Lure,
                ),
                (
                    Reach {
                        without_hints: true,
                        ..all
                    },
                    Verdict::Lure,
                ),
            ] {
                match self.search(reach, &every, &mut budget) {
                    // A more direct way must be excluded before.
                    Answer::Found(entry) if verdict == Verdict::Open || unknown.is_none() => {
                        return (self.found(verdict, &entry.witness), Some(entry));
                    }
                    Answer::Found(_) | Answer::None => {}
                    Answer::Unknown(why) => {
                        unknown.get_or_insert(why);
                    }
                }
            }
        }
        if let (Answer::Found(entry), None) = (widest, &unknown) {
            return (self.found(Verdict::Depends, &entry.witness), Some(entry));
        }
        let placeholder = || {
            let left: Vec<String> = self
                .trust
                .placeholders
                .iter()
                .map(|p| format!("`{p}`"))
                .collect();
            (!left.is_empty()).then(|| {
                format!(
                    "{} was not replaced: who is meant can't be seen",
                    left.join(", ")
                )
            })
        };
        match unknown.or_else(placeholder) {
            Some(why) => (self.plain(Verdict::NotDecided, vec![why]), None),
            None => (self.plain(Verdict::Closed, self.closed_under()), None),
        }
    }

    /// Looks through all products, default subjects first: their recipe is shorter.
    fn search(&self, reach: Reach, grammars: &[Grammar], budget: &mut Budget) -> Answer<Entry> {
        let names = self.names();
        let field = Field {
            owners: &names,
            ..self.field
        };
        match field.first(grammars, &|product| self.outside(product, reach), budget) {
            Answer::Found((witness, statement)) => Answer::Found(Entry { witness, statement }),
            Answer::None => Answer::None,
            Answer::Unknown(why) => Answer::Unknown(why),
        }
    }

    /// Names that an outsider may take, made of those that the policy begins with.
    fn names(&self) -> Vec<String> {
        self.trust
            .hints
            .iter()
            .chain(&self.trust.owners)
            .take(4)
            .map(|name| format!("{name}-evil"))
            .collect()
    }

    /// The part of a product that is an outsider's.
    fn outside(&self, product: &Product, reach: Reach) -> Product {
        let mut outside = product.clone();
        let trust = self.trust;
        let hints = trust.hints.iter().filter(|_| reach.without_hints);
        let names: BTreeSet<&String> = trust.owners.iter().chain(hints).collect();
        let not_these = |globs: Vec<Glob>| {
            Lang::unless_absent(Formula::any(globs.into_iter().map(Formula::glob)).not())
        };
        let whole = |names: &BTreeSet<&String>| {
            names.iter().map(|name| Glob::literal(name, true)).collect()
        };
        let begin = |names: &BTreeSet<&String>| {
            names
                .iter()
                .map(|name| Glob::prefix(&format!("{name}/"), true))
                .collect()
        };
        outside.restrict(Dim::Slot(Slot::Owner), &not_these(whole(&names)));
        outside.restrict(Dim::Slot(Slot::Repository), &not_these(begin(&names)));
        if !reach.borrows {
            outside.restrict(Dim::Slot(Slot::JobWorkflowRef), &not_these(begin(&names)));
        }
        let mut ids = vec![
            (Dim::Slot(Slot::OwnerId), &trust.owner_ids),
            (Dim::Slot(Slot::RepositoryId), &trust.repository_ids),
            (Dim::EnterpriseId, &trust.enterprise_ids),
        ];
        if !reach.lures {
            ids.extend([
                (Dim::Slot(Slot::Actor), &trust.actors),
                (Dim::Slot(Slot::ActorId), &trust.actor_ids),
            ]);
        }
        for (dim, ids) in ids.into_iter().filter(|(_, ids)| !ids.is_empty()) {
            outside.restrict(
                dim,
                &not_these(ids.iter().map(|id| Glob::literal(id, true)).collect()),
            );
        }
        outside
    }

    fn found(&self, verdict: Verdict, witness: &Witness) -> Outsider {
        let mut assumptions = super::needs(witness);
        if verdict == Verdict::Depends {
            let begun: Vec<String> = self
                .trust
                .hints
                .iter()
                .map(|name| format!("`{name}`"))
                .collect();
            assumptions.push(format!(
                "closed if {} is you (on the command line: --owner)",
                begun.join(", ")
            ));
        }
        Outsider {
            witness: Some(witness.claims.clone()),
            recipe: super::recipe::of(witness, verdict),
            ..self.plain(verdict, assumptions)
        }
    }

    fn plain(&self, verdict: Verdict, assumptions: Vec<String>) -> Outsider {
        Outsider {
            verdict,
            witness: None,
            recipe: Vec::new(),
            trusts: self.trusts(),
            assumptions,
        }
    }

    fn trusts(&self) -> Vec<String> {
        self.trust.owners.iter().cloned().collect()
    }

    /// What the proof takes for granted.
    fn closed_under(&self) -> Vec<String> {
        let trust = self.trust;
        let mut under = Vec::new();
        if self
            .field
            .regions
            .iter()
            .all(|region| region.products.is_empty())
        {
            return vec!["nobody gets in at all".to_owned()];
        }
        let mut say = |names: &BTreeSet<String>, one: &str| {
            if !names.is_empty() {
                let names: Vec<String> = names.iter().map(|name| format!("`{name}`")).collect();
                under.push(format!("{one} {}", names.join(", ")));
            }
        };
        say(&trust.owner_ids, "the owner with the id");
        say(&trust.repository_ids, "the repository with the id");
        say(&trust.enterprise_ids, "the enterprise with the id");
        if !under.is_empty() {
            under = vec![format!("{} is yours", under.join(", "))];
        }
        if !trust.owners.is_empty() && !self.told {
            under.push("the owners that the policy names are the ones that are meant: a misspelt one can't be seen".to_owned());
        }
        if self.trusts_names_alone() {
            under.push(
                "an owner's name is still the same account's: subjects without ids go with the name, and a name that \
                 is given up can be registered by others"
                    .to_owned(),
            );
        }
        under.push("whoever administers a trusted owner's repositories is no outsider".to_owned());
        under
    }

    fn trusts_names_alone(&self) -> bool {
        !self.trust.owners.is_empty()
            && self.trust.owner_ids.is_empty()
            && self.trust.repository_ids.is_empty()
    }
}
