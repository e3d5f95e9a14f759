//! The search for a token: the cheapest subject of a grammar that meets a formula, while the claims in it
//! meet theirs.
//!
//! Dijkstra over (place in the grammar, state of the subject's machine, states of the claims' machines).
//! Only names branch. What is not found does not exist, unless the steps ran out: then the answer is unknown.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BinaryHeap, HashMap};
use std::rc::Rc;

use super::formula::{Formula, Lang};
use super::grammar::{Atom, CHARACTER, Grammar, Says, Slot, Slots, Step, WORD, What};
use super::hash::{Fast, Numbers};
use super::machine::{DEAD, Machine, State};

/// How many steps may still be taken, and what those that were taken have made known.
#[derive(Debug)]
pub(crate) struct Budget {
    pub(crate) left: u64,
    pub(crate) given: u64,
    /// Whether a claim has a value that meets a formula: asked anew in each search, and told once.
    values: HashMap<(Slot, Formula), Search, Fast>,
    /// The machine of the subject that was looked for last; the same is looked for in several grammars.
    last: Option<(Formula, Machine)>,
}

impl Budget {
    pub(crate) fn new(steps: u64) -> Self {
        Self {
            left: steps,
            given: steps,
            values: HashMap::default(),
            last: None,
        }
    }

    /// Lays half of what is left aside, for questions that must be answered after the next: how much that is.
    pub(crate) const fn lay_aside(&mut self) -> u64 {
        let half = self.left / 2;
        self.left -= half;
        half
    }

    const fn take(&mut self, steps: u64) -> bool {
        let enough = self.left >= steps;
        self.left = self.left.saturating_sub(steps);
        enough
    }

    /// The machine of a formula, for the time of a search.
    fn borrow(&mut self, formula: &Formula) -> Machine {
        match self.last.take() {
            Some((last, machine)) if last == *formula => machine,
            _ => Machine::new(formula),
        }
    }
}

/// What a search came to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Search {
    None,
    Found(Path),
    /// The steps ran out.
    Stopped,
}

/// A subject that was found, taken apart.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct Path {
    pub(crate) subject: String,
    /// The segments in their order: key of the template and value as the claim has it.
    pub(crate) segments: Vec<(String, String)>,
    /// The claims in it, each as it was read first.
    pub(crate) claims: BTreeMap<Slot, String>,
    /// A claim that stands in it twice with different values.
    pub(crate) conflict: Option<(Slot, String, String)>,
    /// The job has no environment.
    pub(crate) no_environment: bool,
    /// It runs for a pull request.
    pub(crate) pull_request: bool,
}

/// What a token must meet.
#[derive(Debug, Clone)]
pub(crate) struct Wanted<'w> {
    pub(crate) subject: &'w Formula,
    pub(crate) claims: BTreeMap<Slot, Lang>,
    /// A pull request's ref is `refs/pull/N/merge` or a branch; whether the condition on `ref` allows that.
    pub(crate) pull_request_ref: bool,
    /// The claims whose conditions no value meets.
    pub(crate) impossible: Slots,
    /// Keys of templates that may stand once only.
    pub(crate) once: &'w [&'static str],
    /// Keys of templates that are not looked at.
    pub(crate) without: &'w [&'static str],
    /// Further words for owners.
    pub(crate) owners: &'w [String],
}

#[derive(Debug, Clone, PartialEq, Eq, Hash)]
struct Config {
    segment: u16,
    step: u8,
    lexical: u8,
    segments: u8,
    /// Bits of `once` that are used, then what the segments say of the job.
    used: u32,
    subject: State,
    claims: [State; 10],
}

const NO_ENVIRONMENT: u32 = 1 << 31;
const PULL_REQUEST: u32 = 1 << 30;
/// The segments so far read like a default subject.
const LIKE_DEFAULT: u32 = 1 << 29;
const HAS_ENVIRONMENT: u32 = 1 << 28;
/// A claim's machine: not begun, or whole; else its state and 1.
const NOT_BEGUN: State = 0;
/// So many places of patterns cost a step.
const PLACES: u64 = 256;
/// So many bytes are held by one search. Of the policies that were tried those that are decided need a quarter at most.
const MOST_MEMORY: usize = 4 << 20;
/// Behind the last segment.
const END: u16 = u16::MAX;

/// How a place was reached.
#[derive(Debug, Clone, Copy)]
enum Edge {
    Start,
    /// A segment was begun, and its steps taken up to this one.
    Enter(u16, u8),
    /// A name ended, and steps of the segment were taken from one up to another.
    Steps(u16, u8, u8),
    Char(char, Slots),
    Word(Atom, u16, Slots),
    Separator,
    End,
}

struct Node {
    parent: u32,
    cost: u32,
    edge: Edge,
    config: Config,
}

fn config_of<'n>(nodes: &'n [Node]) -> impl Fn(u32) -> Option<&'n Config> {
    |number| nodes.get(number as usize).map(|node| &node.config)
}

struct Searcher<'s> {
    grammar: &'s Grammar,
    wanted: &'s Wanted<'s>,
    subject: Machine,
    machines: [Option<Machine>; 10],
    nodes: Vec<Node>,
    /// The places that were reached, each by the cheapest of its nodes.
    reached: Numbers,
    queue: BinaryHeap<Reverse<(u32, u32)>>,
    alphabets: BTreeMap<Atom, Rc<[char]>>,
    words: BTreeMap<Atom, Rc<[String]>>,
}

/// Looks for the cheapest subject.
pub(crate) fn find(grammar: &Grammar, wanted: &Wanted<'_>, budget: &mut Budget) -> Search {
    let subject = budget.borrow(wanted.subject);
    let mut searcher = Searcher::new(grammar, wanted, subject);
    let found = searcher.run(budget);
    budget.last = Some((wanted.subject.clone(), searcher.subject));
    found
}

/// Looks for a value that meets a formula.
pub(crate) fn value(grammar: &Grammar, formula: &Formula, budget: &mut Budget) -> Search {
    let wanted = Wanted {
        subject: formula,
        claims: BTreeMap::new(),
        pull_request_ref: true,
        impossible: 0,
        once: &[],
        without: &[],
        owners: &[],
    };
    let mut searcher = Searcher::new(grammar, &wanted, Machine::new(formula));
    searcher.run(budget)
}

/// Looks for a value of a claim that meets a formula; what was found once is not looked for again.
pub(crate) fn claim(slot: Slot, formula: &Formula, budget: &mut Budget) -> Search {
    let key = (slot, formula.clone());
    if let Some(known) = budget.values.get(&key) {
        return known.clone();
    }
    let found = value(&Grammar::values(slot), formula, budget);
    if found != Search::Stopped {
        budget.values.insert(key, found.clone());
    }
    found
}

impl<'s> Searcher<'s> {
    fn new(grammar: &'s Grammar, wanted: &'s Wanted<'s>, subject: Machine) -> Self {
        let mut machines: [Option<Machine>; 10] = Default::default();
        for (slot, lang) in &wanted.claims {
            if let Some(place) = machines.get_mut(*slot as usize) {
                *place = Some(Machine::new(&lang.present));
            }
        }
        let mut searcher = Self {
            subject,
            grammar,
            wanted,
            machines,
            nodes: Vec::new(),
            reached: Numbers::new(),
            queue: BinaryHeap::new(),
            alphabets: BTreeMap::new(),
            words: BTreeMap::new(),
        };
        let mut literals = searcher.subject.literals();
        for machine in searcher.machines.iter().flatten() {
            literals.extend(machine.literals());
        }
        literals.sort_unstable();
        literals.dedup();
        for step in grammar.segments.iter().flat_map(|segment| &segment.steps) {
            if let What::Atom(atom) = step.what {
                searcher
                    .alphabets
                    .entry(atom)
                    .or_insert_with(|| alphabet(atom, &literals).into());
                searcher.words.entry(atom).or_insert_with(|| {
                    let own = if atom == Atom::Owner {
                        wanted.owners
                    } else {
                        &[]
                    };
                    own.iter()
                        .cloned()
                        .chain(atom.words().iter().map(|word| (*word).to_owned()))
                        .collect()
                });
            }
        }
        searcher
    }

    fn run(&mut self, budget: &mut Budget) -> Search {
        let start = Config {
            segment: END,
            step: 0,
            lexical: 0,
            segments: 0,
            used: 0,
            subject: self.subject.start,
            claims: [NOT_BEGUN; 10],
        };
        if start.subject == DEAD {
            return Search::None;
        }
        self.keep(0, 0, Edge::Start, &start);
        for segment in &self.grammar.first {
            self.enter(0, 0, &start, *segment);
        }
        while let Some(Reverse((cost, number))) = self.queue.pop() {
            let Some(node) = self.nodes.get(number as usize) else {
                continue;
            };
            // It was reached in a cheaper way meanwhile.
            let slot = self.reached.find(&node.config, config_of(&self.nodes));
            if self.reached.get(slot) != Some(number) {
                continue;
            }
            if matches!(node.edge, Edge::End) {
                return Search::Found(self.path(number));
            }
            let config = node.config.clone();
            let before = self.work();
            self.expand(cost, number, &config);
            if self.memory() > MOST_MEMORY || !budget.take(1 + (self.work() - before) / PLACES) {
                return Search::Stopped;
            }
        }
        Search::None
    }

    fn machines(&self) -> impl Iterator<Item = &Machine> {
        std::iter::once(&self.subject).chain(self.machines.iter().flatten())
    }

    /// Places that the machines looked at.
    fn work(&self) -> u64 {
        self.machines().map(|machine| machine.work).sum()
    }

    /// Bytes that are held, about.
    fn memory(&self) -> usize {
        let states: usize = self.machines().map(|machine| machine.memory).sum();
        states + self.nodes.len() * size_of::<Node>()
    }

    fn expand(&mut self, cost: u32, number: u32, config: &Config) {
        let grammar = self.grammar;
        let segment = grammar.segments.get(config.segment as usize);
        match segment.and_then(|segment| segment.steps.get(config.step as usize)) {
            Some(Step {
                what: What::Atom(atom),
                feeds,
            }) => self.name(cost, number, config, *atom, *feeds),
            _ => self.leave(cost, number, config),
        }
    }

    /// Takes all steps up to the next name or the end of the segment: they leave no choice.
    fn plainly(&mut self, config: &mut Config) -> bool {
        let grammar = self.grammar;
        let Some(segment) = grammar.segments.get(config.segment as usize) else {
            return false;
        };
        while let Some(step) = segment.steps.get(config.step as usize) {
            let fits = match step.what {
                What::Atom(_) => break,
                What::Text(text) => text.chars().all(|c| self.read(config, c, step.feeds)),
                What::Open(slot) => self.open(config, slot),
                What::Close(slot) => self.close(config, slot),
            };
            if !fits {
                return false;
            }
            config.step += 1;
        }
        true
    }

    /// Takes a node into the list without queueing it.
    fn keep(&mut self, cost: u32, parent: u32, edge: Edge, config: &Config) -> u32 {
        let number = u32::try_from(self.nodes.len()).unwrap_or(u32::MAX);
        self.nodes.push(Node {
            parent,
            cost,
            edge,
            config: config.clone(),
        });
        number
    }

    fn add(&mut self, cost: u32, parent: u32, edge: Edge, config: &Config) {
        let slot = self.reached.find(config, config_of(&self.nodes));
        let known = self.reached.get(slot);
        let known = known.and_then(|number| self.nodes.get(number as usize));
        if known.is_some_and(|known| known.cost <= cost) {
            return;
        }
        let number = self.keep(cost, parent, edge, config);
        self.reached.put(slot, number, config_of(&self.nodes));
        self.queue.push(Reverse((cost, number)));
    }

    fn enter(&mut self, cost: u32, parent: u32, from: &Config, index: usize) {
        let Some(segment) = self.grammar.segments.get(index) else {
            return;
        };
        let mut config = from.clone();
        if let Some(bit) = self.wanted.once.iter().position(|key| *key == segment.key) {
            if config.used >> bit & 1 == 1 {
                return;
            }
            config.used |= 1 << bit;
        }
        config.used |= match segment.says {
            Says::Nothing => 0,
            Says::Environment => HAS_ENVIRONMENT,
            Says::NoEnvironment => NO_ENVIRONMENT,
            Says::PullRequest => NO_ENVIRONMENT | PULL_REQUEST,
        };
        let contradicts = NO_ENVIRONMENT | HAS_ENVIRONMENT;
        if config.used & contradicts == contradicts || self.wanted.without.contains(&segment.key) {
            return;
        }
        config.segment = u16::try_from(index).unwrap_or(END);
        config.step = 0;
        config.lexical = 0;
        // Nothing asks how many there were but the two that can make a default subject.
        let grammar = self.grammar;
        let most = if grammar.only_custom || grammar.length.is_some() {
            3
        } else {
            1
        };
        config.segments = (config.segments + 1).min(most);
        let like = match config.segments {
            1 => grammar.only_custom && segment.key == "repo",
            2 => {
                config.used & LIKE_DEFAULT != 0
                    && matches!(segment.key, "context" | "ref" | "environment")
            }
            _ => false,
        };
        config.used = if like {
            config.used | LIKE_DEFAULT
        } else {
            config.used & !LIKE_DEFAULT
        };
        let cost = cost + segment.cost;
        if self.plainly(&mut config) {
            self.add(
                cost,
                parent,
                Edge::Enter(config.segment, config.step),
                &config,
            );
        }
    }

    /// At the end of a segment: the subject ends, or another segment follows.
    fn leave(&mut self, cost: u32, number: u32, config: &Config) {
        let is_left_out =
            self.grammar.only_custom && config.segments == 2 && config.used & LIKE_DEFAULT != 0;
        let may_end = !is_left_out
            && self
                .grammar
                .length
                .is_none_or(|length| config.segments == length);
        if may_end && self.subject.accepts(config.subject) && self.rest_is_possible(config) {
            let done = Config {
                segment: END,
                ..config.clone()
            };
            self.add(cost, number, Edge::End, &done);
        }
        if self
            .grammar
            .length
            .is_some_and(|length| config.segments >= length)
        {
            return;
        }
        let mut next = config.clone();
        if !self.read(&mut next, ':', 0) {
            return;
        }
        let grammar = self.grammar;
        let parent = self.keep(cost, number, Edge::Separator, &next);
        for segment in &grammar.later {
            self.enter(cost, parent, &next, *segment);
        }
    }

    /// Whether the claims that do not stand in the subject can have values as wanted. One that does has a
    /// value, and so can.
    fn rest_is_possible(&self, config: &Config) -> bool {
        let says = |bit: u32| config.used & bit != 0;
        self.wanted.claims.iter().all(|(slot, lang)| match slot {
            Slot::Environment if says(NO_ENVIRONMENT) => lang.absent,
            Slot::Environment if !says(HAS_ENVIRONMENT) => {
                lang.absent || !self.is_impossible(*slot)
            }
            Slot::Ref if says(PULL_REQUEST) => self.wanted.pull_request_ref,
            slot => !self.is_impossible(*slot),
        })
    }

    fn is_impossible(&self, slot: Slot) -> bool {
        self.wanted.impossible >> slot as u16 & 1 == 1
    }

    /// Reads a name on: a character, or one of the words.
    fn name(&mut self, cost: u32, number: u32, config: &Config, atom: Atom, feeds: Slots) {
        if let Some(extra) = atom.end(config.lexical) {
            let mut next = config.clone();
            next.step += 1;
            next.lexical = 0;
            if self.plainly(&mut next) {
                let edge = Edge::Steps(config.segment, config.step + 1, next.step);
                self.add(cost + extra, number, edge, &next);
            }
        }
        let alphabet = self.alphabets.get(&atom).cloned().unwrap_or_default();
        let is_fed = self.is_fed(feeds);
        let mut last = None;
        for c in alphabet.iter().copied() {
            let Some((lexical, extra)) = atom.step(config.lexical, c) else {
                continue;
            };
            let written = self.written(c);
            if !self.subject.may_read(config.subject, written) {
                continue;
            }
            let subject = self.subject.step(config.subject, written);
            // Characters that nothing tells apart here lead to one place.
            let to = Some((lexical, extra, subject));
            if subject == DEAD || (!is_fed && written == c && last == to) {
                continue;
            }
            last = to.filter(|_| written == c);
            let mut next = config.clone();
            if let Some(extra) = self.letter(&mut next, atom, c, feeds) {
                self.add(
                    cost + CHARACTER + extra,
                    number,
                    Edge::Char(c, feeds),
                    &next,
                );
            }
        }
        let words = self.words.get(&atom).cloned().unwrap_or_default();
        for (index, word) in (0..).zip(words.iter()) {
            let first = word.chars().next().map(|c| self.written(c));
            if !first.is_some_and(|c| self.subject.may_read(config.subject, c)) {
                continue;
            }
            let mut next = config.clone();
            let mut extra = 0;
            let fits = word.chars().all(|c| {
                let more = self.letter(&mut next, atom, c, feeds);
                extra += more.unwrap_or_default();
                more.is_some()
            });
            if fits {
                self.add(
                    cost + WORD + extra,
                    number,
                    Edge::Word(atom, index, feeds),
                    &next,
                );
            }
        }
    }

    /// What stands in the subject for a character of a name, or begins to.
    const fn written(&self, c: char) -> char {
        if c == ':' && self.grammar.escapes {
            '%'
        } else {
            c
        }
    }

    /// Whether the condition on some claim reads the characters, too.
    fn is_fed(&self, feeds: Slots) -> bool {
        let mut machines = (0..).zip(&self.machines);
        machines.any(|(slot, machine)| machine.is_some() && feeds >> slot & 1 == 1)
    }

    fn letter(&mut self, config: &mut Config, atom: Atom, c: char, feeds: Slots) -> Option<u32> {
        let (lexical, extra) = atom.step(config.lexical, c)?;
        config.lexical = lexical;
        let fits = if c == ':' && self.grammar.escapes {
            ['%', '3', 'A']
                .iter()
                .all(|e| self.read_subject(config, *e))
                && self.feed(config, c, feeds)
        } else {
            self.read(config, c, feeds)
        };
        fits.then_some(extra)
    }

    fn read(&mut self, config: &mut Config, c: char, feeds: Slots) -> bool {
        self.read_subject(config, c) && (feeds == 0 || self.feed(config, c, feeds))
    }

    fn read_subject(&mut self, config: &mut Config, c: char) -> bool {
        config.subject = self.subject.step(config.subject, c);
        config.subject != DEAD
    }

    fn feed(&mut self, config: &mut Config, c: char, feeds: Slots) -> bool {
        for (slot, (state, machine)) in config.claims.iter_mut().zip(&mut self.machines).enumerate()
        {
            let Some(machine) = machine.as_mut().filter(|_| feeds >> slot & 1 == 1) else {
                continue;
            };
            if *state != NOT_BEGUN {
                let next = machine.step(*state - 1, c);
                if next == DEAD {
                    return false;
                }
                *state = next + 1;
            }
        }
        true
    }

    fn open(&mut self, config: &mut Config, slot: Slot) -> bool {
        let (Some(state), Some(Some(machine))) = (
            config.claims.get_mut(slot as usize),
            self.machines.get(slot as usize),
        ) else {
            return true;
        };
        *state = machine.start + 1;
        machine.start != DEAD
    }

    /// A claim that is whole may be read again: its value must fit there, too.
    fn close(&mut self, config: &mut Config, slot: Slot) -> bool {
        let (Some(state), Some(Some(machine))) = (
            config.claims.get_mut(slot as usize),
            self.machines.get(slot as usize),
        ) else {
            return true;
        };
        let read = std::mem::replace(state, NOT_BEGUN);
        machine.accepts(read.saturating_sub(1))
    }

    /// Reads back how a node was reached.
    fn path(&self, last: u32) -> Path {
        let mut edges = Vec::new();
        let mut at = last;
        while let Some(node) = self.nodes.get(at as usize) {
            edges.push(node.edge);
            if matches!(node.edge, Edge::Start) {
                break;
            }
            at = node.parent;
        }
        let mut reader = Reader {
            escapes: self.grammar.escapes,
            ..Reader::default()
        };
        for edge in edges.into_iter().rev() {
            match edge {
                Edge::Start => {}
                Edge::End => reader.leave(),
                Edge::Separator => {
                    reader.leave();
                    reader.path.subject.push(':');
                }
                Edge::Enter(segment, until) => {
                    reader.enter(self.grammar, segment);
                    reader.steps(self.grammar, segment, 0, until);
                }
                Edge::Steps(segment, from, until) => {
                    reader.steps(self.grammar, segment, from, until)
                }
                Edge::Char(c, feeds) => reader.name(c.encode_utf8(&mut [0; 4]), feeds),
                Edge::Word(atom, index, feeds) => {
                    let words = self.words.get(&atom);
                    let word = words.and_then(|words| words.get(index as usize));
                    reader.name(word.map_or("", String::as_str), feeds);
                }
            }
        }
        reader.path
    }
}

/// Puts a path together from its edges.
#[derive(Default)]
struct Reader {
    path: Path,
    escapes: bool,
    key: &'static str,
    /// The segment as the claims have it, without escapes.
    segment: String,
    open: BTreeMap<Slot, String>,
}

impl Reader {
    fn enter(&mut self, grammar: &Grammar, segment: u16) {
        let Some(segment) = grammar.segments.get(segment as usize) else {
            return;
        };
        self.key = segment.key;
        self.segment.clear();
        self.path.no_environment |= matches!(segment.says, Says::NoEnvironment | Says::PullRequest);
        self.path.pull_request |= segment.says == Says::PullRequest;
    }

    fn steps(&mut self, grammar: &Grammar, segment: u16, from: u8, until: u8) {
        let Some(segment) = grammar.segments.get(segment as usize) else {
            return;
        };
        for step in segment
            .steps
            .iter()
            .take(until as usize)
            .skip(from as usize)
        {
            match step.what {
                What::Atom(_) => {}
                What::Text(text) => {
                    self.path.subject.push_str(text);
                    self.feed(text, step.feeds);
                }
                What::Open(slot) => {
                    self.open.insert(slot, String::new());
                }
                What::Close(slot) => self.close(slot),
            }
        }
    }

    fn name(&mut self, text: &str, feeds: Slots) {
        if self.escapes {
            self.path.subject.push_str(&text.replace(':', "%3A"));
        } else {
            self.path.subject.push_str(text);
        }
        self.feed(text, feeds);
    }

    fn feed(&mut self, text: &str, feeds: Slots) {
        self.segment.push_str(text);
        for (slot, open) in &mut self.open {
            if feeds >> *slot as u16 & 1 == 1 {
                open.push_str(text);
            }
        }
    }

    fn close(&mut self, slot: Slot) {
        let value = self.open.remove(&slot).unwrap_or_default();
        match self.path.claims.get(&slot) {
            Some(first) if *first != value => {
                self.path
                    .conflict
                    .get_or_insert((slot, first.clone(), value));
            }
            Some(_) => {}
            None => {
                self.path.claims.insert(slot, value);
            }
        }
    }

    fn leave(&mut self) {
        let segment = std::mem::take(&mut self.segment);
        let (key, value) = segment.split_once(':').unwrap_or((self.key, ""));
        // The tail of a template is named by its own first word; the key says what gave it.
        let key = if self.key == "repo_property_" {
            key
        } else {
            self.key
        };
        self.path.segments.push((key.to_owned(), value.to_owned()));
    }
}

/// The literals of the machines that fit the name, and one character for all others.
fn alphabet(atom: Atom, literals: &[char]) -> Vec<char> {
    let fits = |c: &char| (0..=3).any(|state| atom.step(state, *c).is_some());
    let mut chars: Vec<char> = atom
        .usual()
        .chars()
        .find(|c| literals.binary_search(c).is_err())
        .into_iter()
        .collect();
    chars.extend(literals.iter().copied().filter(fits));
    // A colon is written in another way than it is read.
    if atom.step(1, ':').is_some() && !chars.contains(&':') {
        chars.push(':');
    }
    chars
}
