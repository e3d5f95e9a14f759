//! What changed between two policies.
//!
//! `new` minus `old` and `old` minus `new` as sets of requests; each is empty, or has a token. Default
//! subjects first: where these are treated alike, customised templates may still tell the two apart, which is
//! said besides.

use std::collections::BTreeSet;

use serde_json::Value;

use super::formula::{Formula, Lang};
use super::grammar::Grammar;
use super::model::{Dim, Product, Region, World};
use super::search::Budget;
use super::who::Rows;
use super::witness::{Field, Witness};
use super::{Answer, Difference, Gain, Options, Relation, SetForm};
use crate::policy::Policy;

/// Whether default subjects are looked at, or all.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Universe {
    Default,
    Templates,
}

pub(crate) fn diff(old: &Policy, new: &Policy, options: &Options) -> Difference {
    let asked = [Asked::new(old, new, None), Asked::new(new, old, None)];
    let both = |universe| {
        let [gained, lost] = &asked;
        (gained.gain(universe, options), lost.gain(universe, options))
    };
    let (gained, lost) = both(Universe::Default);
    let said = |gained, lost, universe, with_templates| Difference {
        relation: relation(&gained, &lost),
        gained,
        lost,
        universe,
        with_templates,
        foreign: foreign(old, new),
    };
    if relation(&gained, &lost) != Relation::Equal {
        return said(gained, lost, DEFAULT_SUBJECTS, None);
    }
    let templates = both(Universe::Templates);
    if relation(&templates.0, &templates.1) == Relation::Equal {
        return said(
            gained,
            lost,
            "all subjects, those of customised templates included",
            None,
        );
    }
    let worlds = worlds(old, new);
    let admits_none =
        |policy| witness_of(&worlds, policy, Universe::Default, options) == Answer::None;
    // Where neither admits a default subject, only templates tell them apart.
    if admits_none(old) && admits_none(new) {
        let universe = "subjects of customised templates: neither policy admits a default one";
        return said(templates.0, templates.1, universe, None);
    }
    said(gained, lost, DEFAULT_SUBJECTS, Some(templates))
}

const DEFAULT_SUBJECTS: &str = "default subjects, with and without ids";

fn relation(gained: &Answer<Gain>, lost: &Answer<Gain>) -> Relation {
    match (gained, lost) {
        (Answer::None, Answer::None) => Relation::Equal,
        (Answer::None, Answer::Found(_)) => Relation::Stricter,
        (Answer::Found(_), Answer::None) => Relation::Looser,
        (Answer::Found(_), Answer::Found(_)) => Relation::Incomparable,
        _ => Relation::NotDecided,
    }
}

/// What `new` lets in and `old` does not, the subject `except` left out; default subjects first.
pub(crate) fn gained(
    old: &Policy,
    new: &Policy,
    except: Option<&str>,
    options: &Options,
) -> Answer<Gain> {
    let asked = Asked::new(old, new, except);
    match asked.gain(Universe::Default, options) {
        Answer::None => asked.gain(Universe::Templates, options),
        other => other,
    }
}

/// The same without words: a token, or that there is none.
pub(crate) fn beside(old: &Policy, new: &Policy, options: &Options) -> Answer<Witness> {
    let asked = Asked::new(old, new, None);
    match asked.witness(Universe::Default, options) {
        Answer::None => asked.witness(Universe::Templates, options),
        other => other,
    }
}

/// What one policy lets in and another does not, taken apart.
struct Asked<'a> {
    old: &'a Policy,
    new: &'a Policy,
    worlds: Vec<World>,
    regions: Vec<Region>,
}

impl<'a> Asked<'a> {
    fn new(old: &'a Policy, new: &'a Policy, except: Option<&str>) -> Self {
        let worlds = worlds(old, new);
        let mut regions: Vec<Region> = worlds.iter().map(|world| world.gained(old, new)).collect();
        if let Some(subject) = except {
            let other = Lang::values(Formula::literal(subject).not());
            let products = regions.iter_mut().flat_map(|region| &mut region.products);
            products.for_each(|product| product.restrict(Dim::Subject, &other));
        }
        Self {
            old,
            new,
            worlds,
            regions,
        }
    }

    fn field(&self) -> Field<'_> {
        Field {
            worlds: &self.worlds,
            regions: &self.regions,
            policy: self.new,
            denying: Some(self.old),
            owners: &[],
        }
    }

    fn witness(&self, universe: Universe, options: &Options) -> Answer<Witness> {
        first(self.field(), universe, options)
    }

    fn gain(&self, universe: Universe, options: &Options) -> Answer<Gain> {
        match self.witness(universe, options) {
            Answer::Found(witness) => Answer::Found(Gain {
                words: self.words(&witness, options),
                witness: witness.claims.clone(),
                run: witness,
            }),
            Answer::None => Answer::None,
            Answer::Unknown(why) => Answer::Unknown(why),
        }
    }

    /// The sets that are let in besides, each once. They are told for the eye, and cost a part of what the answer may.
    fn words(&self, witness: &Witness, options: &Options) -> Vec<String> {
        let steps = options.steps / WORDS_PART;
        let Rows { sets, unknown, .. } = Rows::of(self.field(), steps);
        let mut words = Vec::new();
        for set in sets {
            let ids = if set.form == SetForm::Immutable {
                ", with ids in the subject"
            } else {
                ""
            };
            let said = format!("{}{ids}", set.words);
            if !words.contains(&said) {
                words.push(said);
            }
        }
        if words.is_empty() {
            let subject = witness.claims.get("sub").and_then(Value::as_str);
            words.extend(subject.map(|subject| format!("tokens such as `{subject}`")));
        }
        if !unknown.is_empty() {
            words.push("perhaps others".to_owned());
        }
        words
    }
}

/// This part of the steps is for words.
const WORDS_PART: u64 = 4;

fn worlds(old: &Policy, new: &Policy) -> Vec<World> {
    super::model::worlds(&[old, new])
}

/// A token that one policy lets in.
fn witness_of(
    worlds: &[World],
    policy: &Policy,
    universe: Universe,
    options: &Options,
) -> Answer<Witness> {
    let regions: Vec<Region> = worlds
        .iter()
        .map(|world| world.region(policy, false))
        .collect();
    let field = Field {
        worlds,
        regions: &regions,
        policy,
        denying: None,
        owners: &[],
    };
    first(field, universe, options)
}

fn first(field: Field<'_>, universe: Universe, options: &Options) -> Answer<Witness> {
    let grammar = match universe {
        Universe::Default => Grammar::default_subjects(None),
        Universe::Templates => Grammar::templates(false),
    };
    let mut budget = Budget::new(options.steps);
    match field.first(&[grammar], &Product::clone, &mut budget) {
        Answer::Found((witness, _)) => Answer::Found(witness),
        Answer::None => Answer::None,
        Answer::Unknown(why) => Answer::Unknown(why),
    }
}

/// Statements that are not about GitHub's tokens, and differ: they are not compared.
fn foreign(old: &Policy, new: &Policy) -> bool {
    let worlds = worlds(old, new);
    let others = |policy: &Policy| -> BTreeSet<String> {
        let is_other = |statement: &&crate::policy::Statement| {
            !worlds.iter().any(|world| world.concerns(statement))
        };
        policy
            .statements
            .iter()
            .filter(is_other)
            .map(plain)
            .collect()
    };
    others(old) != others(new)
}

/// A statement without its places.
fn plain(statement: &crate::policy::Statement) -> String {
    let principals: Vec<(&str, &str)> = statement
        .principal
        .entries
        .iter()
        .map(|p| (p.kind.name(), p.value.text.as_str()))
        .collect();
    let actions: Vec<&str> = statement
        .action
        .entries
        .iter()
        .map(|(action, _)| action.text.as_str())
        .collect();
    let tests: Vec<(&str, &str, Vec<&str>)> = statement
        .tests
        .iter()
        .map(|test| {
            (
                test.operator.text.as_str(),
                test.key.text.as_str(),
                test.values.iter().map(|v| v.text.as_str()).collect(),
            )
        })
        .collect();
    format!(
        "{:?} {} {principals:?} {} {actions:?} {tests:?}",
        statement.effect, statement.principal.not, statement.action.not
    )
}
