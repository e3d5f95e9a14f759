//! A lazy automaton for a formula over patterns.
//!
//! A state is the set of places that the patterns may have reached, kept as a sorted list; transitions
//! are made when they are first needed and remembered. Two reductions keep the sets small:
//!
//! * once the place behind a `*` is reached, all earlier places of that pattern are dropped: whatever
//!   they accept goes through that place, which waits for it;
//! * a state from which the formula can't come true is dead, and is never left.
//!
//! Only `*x????...` needs many places at once, so that the number of states is bounded by whoever searches.

use std::collections::HashMap;

use super::formula::{Formula, Glob, Unit};
use super::hash::Fast;
use crate::tri::Tri;

/// A state. [`DEAD`] is the one from which nothing is accepted.
pub(crate) type State = u32;

/// The state from which nothing is accepted.
pub(crate) const DEAD: State = 0;

/// More predicates than this in one formula are not weighed against each other.
const MOST_PREDICATES: usize = 8;

/// The automaton of a formula.
#[derive(Debug)]
pub(crate) struct Machine {
    places: Vec<Place>,
    /// The last place of each pattern.
    ends: Vec<u32>,
    formula: Node,
    predicates: usize,
    states: Vec<Known>,
    index: HashMap<Box<[u32]>, State, Fast>,
    /// Where each class of characters leads, a row a state; [`UNKNOWN`] where that was not asked yet.
    next: Vec<State>,
    classes: Classes,
    /// Places that were looked at: what time and memory are spent on.
    pub(crate) work: u64,
    pub(crate) start: State,
}

/// A transition that was not asked for yet.
const UNKNOWN: State = State::MAX;

/// Characters that no pattern tells apart are one class.
#[derive(Debug, Default)]
struct Classes {
    /// The class of each ASCII character.
    ascii: Vec<u16>,
    others: HashMap<char, u16, Fast>,
    count: usize,
}

impl Classes {
    /// Class 0 is that of all characters that no pattern names; each literal has its own.
    fn of(literals: &[char]) -> Self {
        let mut classes = Self {
            ascii: vec![0; 128],
            others: HashMap::default(),
            count: 1,
        };
        for c in literals {
            let class = u16::try_from(classes.count).unwrap_or(0);
            match classes.ascii.get_mut(*c as usize) {
                Some(slot) => *slot = class,
                None => {
                    classes.others.insert(*c, class);
                }
            }
            classes.count += 1;
        }
        classes
    }

    fn get(&self, c: char) -> usize {
        let class = self.ascii.get(c as usize).copied();
        usize::from(class.unwrap_or_else(|| self.others.get(&c).copied().unwrap_or(0)))
    }
}

/// A place in a pattern: what has to come next.
#[derive(Debug, Clone, Copy)]
struct Place {
    /// The unit that leads to the next place; `None` at the end.
    next: Option<Unit>,
    /// A `*` stands here: the place is kept whatever comes.
    waits: bool,
    fold: bool,
    glob: u32,
}

#[derive(Debug)]
struct Known {
    places: Box<[u32]>,
    accepts: bool,
}

/// The formula with patterns and predicates by number.
#[derive(Debug)]
enum Node {
    Constant(bool),
    Glob(usize),
    Predicate(usize),
    Not(Box<Self>),
    And(Vec<Self>),
    Or(Vec<Self>),
}

impl Machine {
    pub(crate) fn new(formula: &Formula) -> Self {
        let (mut globs, mut opaques) = (Vec::new(), Vec::new());
        formula.leaves(&mut globs, &mut opaques);
        globs.sort();
        globs.dedup();
        opaques.sort();
        opaques.dedup();
        let mut places = Vec::new();
        let mut ends = Vec::new();
        let mut first = Vec::new();
        for (number, glob) in (0..).zip(&globs) {
            first.push(u32::try_from(places.len()).unwrap_or(u32::MAX));
            lay_out(glob, number, &mut places);
            ends.push(u32::try_from(places.len() - 1).unwrap_or(u32::MAX));
        }
        let compile = Compile {
            globs: &globs,
            opaques: &opaques,
        };
        let mut machine = Self {
            formula: compile.node(formula),
            predicates: opaques.len(),
            places,
            ends,
            states: vec![Known {
                places: Box::default(),
                accepts: false,
            }],
            index: HashMap::default(),
            next: Vec::new(),
            classes: Classes::default(),
            work: 0,
            start: DEAD,
        };
        machine.classes = Classes::of(&machine.literals());
        machine.next.resize(machine.classes.count, DEAD);
        machine.start = machine.intern(first);
        machine
    }

    /// Where a character leads.
    pub(crate) fn step(&mut self, state: State, c: char) -> State {
        let at = state as usize * self.classes.count + self.classes.get(c);
        match self.next.get(at) {
            Some(next) if *next != UNKNOWN => *next,
            _ => {
                let next = self.go(state, c);
                if let Some(slot) = self.next.get_mut(at) {
                    *slot = next;
                }
                next
            }
        }
    }

    fn go(&mut self, state: State, c: char) -> State {
        let mut units = [0; 2];
        let mut places: Vec<u32> = self.places_of(state).to_vec();
        self.work += places.len() as u64 + self.ends.len() as u64;
        for unit in c.encode_utf16(&mut units) {
            places = self.advance(&places, *unit);
        }
        self.intern(places)
    }

    pub(crate) fn accepts(&self, state: State) -> bool {
        self.states
            .get(state as usize)
            .is_some_and(|known| known.accepts)
    }

    /// How many states there are.
    pub(crate) fn size(&self) -> usize {
        self.states.len()
    }

    /// The characters that a pattern names.
    pub(crate) fn literals(&self) -> Vec<char> {
        let mut chars = Vec::new();
        let mut high = None;
        for place in &self.places {
            let Some(Unit::Literal(unit)) = place.next else {
                high = None;
                continue;
            };
            let pair = [high.take().unwrap_or(unit), unit];
            let text = if pair[0] == unit {
                &pair[1..]
            } else {
                &pair[..]
            };
            match char::decode_utf16(text.iter().copied()).next() {
                Some(Ok(c)) if place.fold => chars.extend([c, c.to_ascii_uppercase()]),
                Some(Ok(c)) => chars.push(c),
                _ => high = Some(unit),
            }
        }
        chars.sort_unstable();
        chars.dedup();
        chars
    }

    fn places_of(&self, state: State) -> &[u32] {
        self.states
            .get(state as usize)
            .map_or(&[], |known| &known.places)
    }

    fn advance(&self, from: &[u32], unit: u16) -> Vec<u32> {
        let mut to: Vec<u32> = Vec::with_capacity(from.len() + 1);
        for place in from {
            let Some(here) = self.places.get(*place as usize) else {
                continue;
            };
            if here.waits && to.last() != Some(place) {
                to.push(*place);
            }
            let fits = match here.next {
                Some(Unit::Any) => true,
                Some(Unit::Literal(literal)) => {
                    literal == unit || (here.fold && literal == lower(unit))
                }
                _ => false,
            };
            if fits {
                to.push(*place + 1);
            }
        }
        to
    }

    /// Gives a set of places its number, after dropping what a later `*` makes needless.
    fn intern(&mut self, mut places: Vec<u32>) -> State {
        let mut keep = places.len();
        let mut waiting_in = None;
        for at in (0..places.len()).rev() {
            let Some(place) = places.get(at).and_then(|p| self.places.get(*p as usize)) else {
                continue;
            };
            if waiting_in == Some(place.glob) {
                continue;
            }
            if place.waits {
                waiting_in = Some(place.glob);
            }
            keep -= 1;
            places.swap(keep, at);
        }
        places.drain(..keep);
        places.sort_unstable();
        if let Some(state) = self.index.get(places.as_slice()) {
            return *state;
        }
        let reached = self.reached(&places);
        if self.formula.outlook(&reached) == Tri::No {
            return DEAD;
        }
        let state = State::try_from(self.states.len()).unwrap_or(DEAD);
        self.next
            .resize(self.next.len() + self.classes.count, UNKNOWN);
        let places: Box<[u32]> = places.into();
        self.states.push(Known {
            accepts: self.may_hold(&reached),
            places: places.clone(),
        });
        self.index.insert(places, state);
        state
    }

    /// For each pattern: is it dead, is its end reached, is it matched by whatever follows?
    fn reached(&self, places: &[u32]) -> Vec<Reached> {
        let mut reached = vec![Reached::Dead; self.ends.len()];
        for at in places {
            let Some(place) = self.places.get(*at as usize) else {
                continue;
            };
            let Some(slot) = reached.get_mut(place.glob as usize) else {
                continue;
            };
            *slot = match (place.next, place.waits) {
                (None, true) => Reached::ForGood,
                (None, false) => Reached::End,
                _ if *slot == Reached::Dead => Reached::Alive,
                _ => *slot,
            };
        }
        reached
    }

    /// Whether the formula holds for some truth of the predicates. They are few; many count as "may".
    fn may_hold(&self, reached: &[Reached]) -> bool {
        if self.predicates > MOST_PREDICATES {
            return self.formula.outlook_at_end(reached) != Tri::No;
        }
        (0..1_u32 << self.predicates).any(|truth| self.formula.holds(reached, truth))
    }
}

/// Where a pattern is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Reached {
    Dead,
    Alive,
    End,
    ForGood,
}

fn lay_out(glob: &Glob, number: u32, places: &mut Vec<Place>) {
    let mut waits = false;
    for unit in &glob.units {
        if *unit == Unit::Star {
            waits = true;
            continue;
        }
        places.push(Place {
            next: Some(*unit),
            waits,
            fold: glob.fold,
            glob: number,
        });
        waits = false;
    }
    places.push(Place {
        next: None,
        waits,
        fold: glob.fold,
        glob: number,
    });
}

const fn lower(unit: u16) -> u16 {
    if unit >= 0x41 && unit <= 0x5a {
        unit + 0x20
    } else {
        unit
    }
}

struct Compile<'f> {
    globs: &'f [&'f std::sync::Arc<Glob>],
    opaques: &'f [&'f std::sync::Arc<super::formula::Opaque>],
}

impl Compile<'_> {
    fn node(&self, formula: &Formula) -> Node {
        let nodes = |items: &[Formula]| items.iter().map(|item| self.node(item)).collect();
        match formula {
            Formula::Never => Node::Constant(false),
            Formula::Always => Node::Constant(true),
            Formula::Glob(glob) => {
                Node::Glob(self.globs.binary_search(&glob).unwrap_or(usize::MAX))
            }
            Formula::Opaque(opaque) => {
                Node::Predicate(self.opaques.binary_search(&opaque).unwrap_or(usize::MAX))
            }
            Formula::Not(inner) => Node::Not(Box::new(self.node(inner))),
            Formula::And(items) => Node::And(nodes(items)),
            Formula::Or(items) => Node::Or(nodes(items)),
        }
    }
}

impl Node {
    /// What can still become of the formula.
    fn outlook(&self, reached: &[Reached]) -> Tri {
        self.eval(&|node| match node {
            Self::Glob(glob) => match reached.get(*glob) {
                Some(Reached::Dead) | None => Tri::No,
                Some(Reached::ForGood) => Tri::Yes,
                Some(_) => Tri::Unknown,
            },
            _ => Tri::Unknown,
        })
    }

    fn outlook_at_end(&self, reached: &[Reached]) -> Tri {
        self.eval(&|node| match node {
            Self::Glob(glob) => is_matched(reached, *glob).into(),
            _ => Tri::Unknown,
        })
    }

    fn holds(&self, reached: &[Reached], truth: u32) -> bool {
        let answer = self.eval(&|node| match node {
            Self::Glob(glob) => is_matched(reached, *glob).into(),
            Self::Predicate(number) => (truth >> number & 1 == 1).into(),
            _ => Tri::Unknown,
        });
        answer == Tri::Yes
    }

    fn eval(&self, leaf: &dyn Fn(&Self) -> Tri) -> Tri {
        match self {
            Self::Constant(value) => (*value).into(),
            Self::Glob(_) | Self::Predicate(_) => leaf(self),
            Self::Not(inner) => !inner.eval(leaf),
            Self::And(items) => Tri::all(items.iter().map(|item| item.eval(leaf))),
            Self::Or(items) => Tri::any(items.iter().map(|item| item.eval(leaf))),
        }
    }
}

fn is_matched(reached: &[Reached], glob: usize) -> bool {
    matches!(reached.get(glob), Some(Reached::End | Reached::ForGood))
}
