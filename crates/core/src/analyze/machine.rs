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
use super::hash::{Fast, Numbers};
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
    /// Once no pattern can match any more, the formula can't come true.
    is_dead_without_patterns: bool,
    states: Vec<Known>,
    /// The states by their places; the one that is dead is not among them.
    index: Numbers,
    /// Where each class of characters leads, a row a state; [`UNKNOWN`] where that was not asked yet.
    next: Vec<State>,
    classes: Classes,
    /// Places that were looked at: what time is spent on.
    pub(crate) work: u64,
    /// Bytes that the states take.
    pub(crate) memory: usize,
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
    exits: Exits,
}

/// The characters that may lead to a state that is not dead: a bit an ASCII character. All others may where all of
/// ASCII does, and only there.
type Exits = u128;

/// The formula with patterns and predicates by number.
#[derive(Debug)]
enum Node {
    Constant(bool),
    Glob(u32),
    /// Any of several patterns, by number: whether each is one of them.
    AnyGlob(Box<[bool]>),
    Predicate(usize),
    Not(Box<Self>),
    And(Vec<Self>),
    Or(Vec<Self>),
}

fn places_of<'m>(states: &'m [Known]) -> impl Fn(State) -> Option<&'m [u32]> {
    |state| states.get(state as usize).map(|known| &*known.places)
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
            is_dead_without_patterns: false,
            states: vec![Known {
                places: Box::default(),
                accepts: false,
                exits: 0,
            }],
            index: Numbers::new(),
            next: Vec::new(),
            classes: Classes::default(),
            work: 0,
            memory: 0,
            start: DEAD,
        };
        machine.is_dead_without_patterns = machine.formula.eval(&[], View::Outlook) == Tri::No;
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

    /// Whether a character may lead from a state to one that is not dead; `true` also where that is not known.
    pub(crate) fn may_read(&self, state: State, c: char) -> bool {
        let exits = self.states.get(state as usize).map_or(0, |k| k.exits);
        exits == Exits::MAX || (c.is_ascii() && exits >> c as u32 & 1 == 1)
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
        let slot = self.index.find(places.as_slice(), places_of(&self.states));
        if let Some(state) = self.index.get(slot) {
            return state;
        }
        let live = self.live(&places);
        if self.formula.eval(&live, View::Outlook) == Tri::No {
            return DEAD;
        }
        let state = State::try_from(self.states.len()).unwrap_or(DEAD);
        self.next
            .resize(self.next.len() + self.classes.count, UNKNOWN);
        self.memory +=
            size_of::<Known>() + size_of_val(&*places) + self.classes.count * size_of::<State>();
        self.states.push(Known {
            accepts: self.may_hold(&live),
            exits: self.exits(&places),
            places: places.into(),
        });
        self.index.put(slot, state, places_of(&self.states));
        state
    }

    /// Where some pattern must match and none waits for just anything, only the characters that they name lead on.
    fn exits(&self, places: &[u32]) -> Exits {
        if !self.is_dead_without_patterns {
            return Exits::MAX;
        }
        let mut exits = 0;
        for place in places {
            exits |= match self.places.get(*place as usize) {
                Some(Place { waits: true, .. }) => Exits::MAX,
                Some(Place {
                    next: Some(Unit::Literal(unit @ 0..0x80)),
                    fold,
                    ..
                }) => {
                    let upper = if *fold { upper(*unit) } else { *unit };
                    1 << unit | 1 << upper
                }
                Some(Place { next: Some(_), .. }) => Exits::MAX,
                _ => 0,
            };
        }
        exits
    }

    /// The patterns that are not dead: is the end reached, is it matched by whatever follows?
    fn live(&self, places: &[u32]) -> Vec<(u32, Reached)> {
        let mut live: Vec<(u32, Reached)> = Vec::new();
        for at in places {
            let Some(place) = self.places.get(*at as usize) else {
                continue;
            };
            let reached = match (place.next, place.waits) {
                (None, true) => Reached::ForGood,
                (None, false) => Reached::End,
                _ => Reached::Alive,
            };
            // Places are laid out pattern by pattern, the end last.
            match live.last_mut() {
                Some((glob, last)) if *glob == place.glob => *last = (*last).max(reached),
                _ => live.push((place.glob, reached)),
            }
        }
        live
    }

    /// Whether the formula holds for some truth of the predicates. They are few; many count as "may".
    fn may_hold(&self, live: &[(u32, Reached)]) -> bool {
        if self.predicates > MOST_PREDICATES {
            return self.formula.eval(live, View::End) != Tri::No;
        }
        (0..1_u32 << self.predicates)
            .any(|truth| self.formula.eval(live, View::EndWith(truth)) == Tri::Yes)
    }
}

/// Where a pattern is that is not dead.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Reached {
    Alive,
    End,
    ForGood,
}

/// What is asked of a state.
#[derive(Debug, Clone, Copy)]
enum View {
    /// What can still become of the formula.
    Outlook,
    /// Whether it holds if the text ends here.
    End,
    /// The same, with the truth of the predicates.
    EndWith(u32),
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

const fn upper(unit: u16) -> u16 {
    if unit >= 0x61 && unit <= 0x7a {
        unit - 0x20
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
            Formula::Glob(glob) => Node::Glob(self.number(glob)),
            Formula::Opaque(opaque) => {
                Node::Predicate(self.opaques.binary_search(&opaque).unwrap_or(usize::MAX))
            }
            Formula::Not(inner) => Node::Not(Box::new(self.node(inner))),
            Formula::And(items) => Node::And(nodes(items)),
            Formula::Or(items) => self.or(nodes(items)),
        }
    }

    fn number(&self, glob: &std::sync::Arc<Glob>) -> u32 {
        self.globs
            .binary_search(&glob)
            .ok()
            .and_then(|at| u32::try_from(at).ok())
            .unwrap_or(u32::MAX)
    }

    /// Lists of values are long, and few of them are live at a time.
    fn or(&self, items: Vec<Node>) -> Node {
        let mut any = vec![false; self.globs.len()];
        let mut rest = Vec::new();
        for item in items {
            match item {
                Node::Glob(glob) => {
                    if let Some(is_one) = any.get_mut(glob as usize) {
                        *is_one = true;
                    }
                }
                other => rest.push(other),
            }
        }
        let any = Node::AnyGlob(any.into());
        if rest.is_empty() {
            return any;
        }
        rest.push(any);
        Node::Or(rest)
    }
}

impl Node {
    /// `live`: the patterns that are not dead, in their order.
    fn eval(&self, live: &[(u32, Reached)], view: View) -> Tri {
        match self {
            Self::Constant(value) => (*value).into(),
            Self::Glob(glob) => live
                .binary_search_by_key(glob, |(number, _)| *number)
                .ok()
                .and_then(|at| live.get(at))
                .map_or(Tri::No, |(_, reached)| view.of(*reached)),
            Self::AnyGlob(of) => Tri::any(
                live.iter()
                    .filter(|(glob, _)| of.get(*glob as usize) == Some(&true))
                    .map(|(_, reached)| view.of(*reached)),
            ),
            Self::Predicate(number) => match view {
                View::EndWith(truth) => (truth >> number & 1 == 1).into(),
                _ => Tri::Unknown,
            },
            Self::Not(inner) => !inner.eval(live, view),
            Self::And(items) => Tri::all(items.iter().map(|item| item.eval(live, view))),
            Self::Or(items) => Tri::any(items.iter().map(|item| item.eval(live, view))),
        }
    }
}

impl View {
    const fn of(self, reached: Reached) -> Tri {
        match (self, reached) {
            (_, Reached::ForGood) | (Self::End | Self::EndWith(_), Reached::End) => Tri::Yes,
            (Self::Outlook, _) => Tri::Unknown,
            (_, Reached::Alive) => Tri::No,
        }
    }
}
