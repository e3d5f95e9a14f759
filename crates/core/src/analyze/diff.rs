//! What changed between two policies.
//!
//! `new` minus `old` and `old` minus `new` as sets of requests; each is empty, or has a token. Default
//! subjects first: where these are treated alike, customised templates may still tell the two apart, which is
//! said besides.

use std::collections::BTreeSet;

use super::formula::{Formula, Lang};
use super::grammar::Grammar;
use super::model::{Dim, Region, World};
use super::search::Budget;
use super::witness::{Seeker, Witness};
use super::{Answer, Difference, Gain, Options, Relation, SetForm, who};
use crate::policy::Policy;

/// Whether default subjects are looked at, or all.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Universe {
    Default,
    Templates,
}

pub(crate) fn diff(old: &Policy, new: &Policy, options: &Options) -> Difference {
    let (gained, lost) = both(old, new, Universe::Default, options);
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
    let templates = both(old, new, Universe::Templates, options);
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

/// What each of two policies admits that the other does not.
type Both = (Answer<Gain>, Answer<Gain>);

fn both(old: &Policy, new: &Policy, universe: Universe, options: &Options) -> Both {
    (
        one_way(old, new, None, universe, options),
        one_way(new, old, None, universe, options),
    )
}

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
    match one_way(old, new, except, Universe::Default, options) {
        Answer::None => one_way(old, new, except, Universe::Templates, options),
        other => other,
    }
}

fn one_way(
    old: &Policy,
    new: &Policy,
    except: Option<&str>,
    universe: Universe,
    options: &Options,
) -> Answer<Gain> {
    let worlds = worlds(old, new);
    let found = match witness_in(&worlds, old, new, except, universe, options) {
        Answer::Found(witness) => witness,
        Answer::None => return Answer::None,
        Answer::Unknown(why) => return Answer::Unknown(why),
    };
    let regions: Vec<Region> = worlds
        .iter()
        .map(|world| regions(world, old, new, except))
        .collect();
    let (sets, _) = who::rows(new, Some(old), &worlds, &regions, options);
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
    Answer::Found(Gain {
        words,
        witness: found.claims.clone(),
        run: found,
    })
}

fn worlds(old: &Policy, new: &Policy) -> Vec<World> {
    super::model::worlds(&[old, new])
}

fn regions(world: &World, old: &Policy, new: &Policy, except: Option<&str>) -> Region {
    let mut region = world.gained(old, new);
    if let Some(subject) = except {
        let other = Lang::values(Formula::literal(subject).not());
        for product in &mut region.products {
            product.restrict(Dim::Subject, &other);
        }
    }
    region
}

fn witness_in(
    worlds: &[World],
    old: &Policy,
    new: &Policy,
    except: Option<&str>,
    universe: Universe,
    options: &Options,
) -> Answer<Witness> {
    let regions: Vec<Region> = worlds
        .iter()
        .map(|world| regions(world, old, new, except))
        .collect();
    search(worlds, &regions, new, Some(old), universe, options)
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
    search(worlds, &regions, policy, None, universe, options)
}

fn search(
    worlds: &[World],
    regions: &[Region],
    policy: &Policy,
    denying: Option<&Policy>,
    universe: Universe,
    options: &Options,
) -> Answer<Witness> {
    let mut budget = Budget::new(options.steps);
    let mut unknown = None;
    let grammar = match universe {
        Universe::Default => Grammar::default_subjects(None),
        Universe::Templates => Grammar::templates(false),
    };
    for (world, region) in worlds.iter().zip(regions) {
        let seeker = Seeker {
            world,
            policy,
            denying,
            several: worlds.len() > 1,
            owners: &[],
        };
        for product in &region.products {
            match seeker.find(product, &grammar, &mut budget) {
                Answer::Found(witness) => return Answer::Found(witness),
                Answer::None => {}
                Answer::Unknown(why) => {
                    unknown.get_or_insert(why);
                }
            }
        }
        if region.grew {
            unknown.get_or_insert_with(|| {
                "the two policies cut each other into too many pieces".to_owned()
            });
        }
    }
    unknown.map_or(Answer::None, Answer::Unknown)
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
