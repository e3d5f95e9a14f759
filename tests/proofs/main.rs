//! The proofs of `analyze`, against enumeration: what is said of all tokens must hold for each of several thousand.
//!
//! The linear matcher is [`Policy::decide`], which has tests of its own; [`mintable`] and the tokens share
//! nothing with the search. A case is two random policies; one that fails is made as small as it can be
//! before it is shown.
//!
//! `ROLECALL_PROOF_CASES` says how many cases are drawn, `ROLECALL_PROOF_SEED` where the drawing begins,
//! `ROLECALL_PROOF_STEPS` how long a search may take. `cargo xtask test proofs` puts 10,000 cases, optimised;
//! before a release it is run with a million.

#![expect(clippy::print_stdout, reason = "the counts are the point")]
#![expect(
    clippy::indexing_slicing,
    clippy::string_slice,
    reason = "indices are drawn from the lengths"
)]

mod laws;
mod policies;
mod smt;
mod tokens;
mod traps;

use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::Mutex;

use laws::{LAWS, Law, Tally, options};
use policies::{Draft, Draw, KEYS};
use rolecall_core::analyze::{Answer, gained, mintable};
use serde_json::Value;
use smt::Subjects;
use tokens::{Minted, family};

/// How many cases are drawn; unoptimised, each takes ten times as long.
const CASES: u64 = if cfg!(debug_assertions) { 300 } else { 10_000 };
/// How many tokens a case looks at in the ordinary run; the long one looks at all.
const TOKENS: usize = 400;
const ORDINARY: u64 = 10_000;

/// A number from the environment.
fn given(name: &str) -> Option<u64> {
    std::env::var(name).ok()?.parse().ok()
}

/// Two policies over few keys.
#[derive(Clone, Debug)]
struct Case {
    seed: u64,
    keys: Vec<&'static str>,
    old: Draft,
    new: Draft,
}

impl Case {
    fn draw(seed: u64, family: &[Minted]) -> Self {
        let mut draw = Draw::new(seed, family);
        let old = draw.draft();
        // Half of the second policies are the first with a change.
        let new = if draw.rng.bool() {
            draw.draft()
        } else {
            changed(&old, &mut draw)
        };
        Self {
            seed,
            keys: draw.keys().to_vec(),
            old,
            new,
        }
    }

    /// Policies that look at the subject only.
    fn of_subjects(seed: u64, family: &[Minted]) -> Self {
        let mut draw = Draw::of_subjects(seed, family);
        let (old, new) = (draw.draft(), draw.draft());
        Self {
            seed,
            keys: vec!["sub"],
            old,
            new,
        }
    }

    fn smaller(&self) -> Vec<Self> {
        let old = self.old.smaller().into_iter().map(|old| Self {
            old,
            ..self.clone()
        });
        let new = self.new.smaller().into_iter().map(|new| Self {
            new,
            ..self.clone()
        });
        old.chain(new).collect()
    }
}

fn changed(old: &Draft, draw: &mut Draw<'_>) -> Draft {
    let mut new = old.clone();
    let at = draw.rng.usize(..new.0.len());
    match draw.rng.u8(..4) {
        0 => new.0.push(draw.statement()),
        1 if new.0.len() > 1 => drop(new.0.remove(at)),
        2 if !new.0[at].tests.is_empty() => {
            let index = draw.rng.usize(..new.0[at].tests.len());
            new.0[at].tests.remove(index);
        }
        _ => {
            let test = draw.test();
            new.0[at].add(test);
        }
    }
    new
}

/// The tokens, with a number for each value of each key.
struct World {
    family: Vec<Minted>,
    numbers: BTreeMap<&'static str, Vec<u64>>,
}

impl World {
    fn new() -> Self {
        let family = family();
        let numbers = KEYS
            .iter()
            .map(|key| (*key, numbered(&family, key)))
            .collect();
        Self { family, numbers }
    }

    /// One token of each kind that the keys, or the owner, tell apart.
    fn kinds(&self, keys: &[&'static str]) -> Vec<usize> {
        let columns: Vec<&Vec<u64>> = keys
            .iter()
            .chain(&["repository_owner"])
            .map(|key| &self.numbers[key])
            .collect();
        let mut seen = HashSet::new();
        let mut is_new =
            |at: &usize| seen.insert(columns.iter().map(|column| column[*at]).collect::<Vec<_>>());
        (0..self.family.len()).filter(|at| is_new(at)).collect()
    }
}

fn numbered(family: &[Minted], key: &str) -> Vec<u64> {
    let claim = if key == "oaud" { "aud" } else { key };
    let mut known = HashMap::new();
    let mut number = |token| {
        let next = known.len() as u64;
        *known.entry(Minted::text(token, claim)).or_insert(next)
    };
    family.iter().map(&mut number).collect()
}

/// The tokens that a case looks at.
struct Tokens<'w> {
    world: &'w World,
    kinds: BTreeMap<Vec<&'static str>, Vec<usize>>,
}

impl<'w> Tokens<'w> {
    /// `most` of them, drawn anew for each case.
    fn of(&mut self, case: &Case, most: usize) -> Vec<&'w Minted> {
        let world = self.world;
        let kinds = self
            .kinds
            .entry(case.keys.clone())
            .or_insert_with(|| world.kinds(&case.keys));
        let mut rng = fastrand::Rng::with_seed(case.seed);
        let chosen: Vec<usize> = if kinds.len() <= most {
            kinds.clone()
        } else {
            (0..most).map(|_| kinds[rng.usize(..kinds.len())]).collect()
        };
        chosen.into_iter().map(|at| &world.family[at]).collect()
    }
}

/// Puts a law to `cases` cases, on every processor; gives what failed, as small as it can be made.
fn put(law: &Law, world: &World, cases: u64) -> (Tally, Option<String>) {
    let first = given("ROLECALL_PROOF_SEED").unwrap_or(0);
    let most = if given("ROLECALL_PROOF_CASES").is_some_and(|cases| cases > ORDINARY) {
        usize::MAX
    } else {
        TOKENS
    };
    let workers = std::thread::available_parallelism().map_or(1, usize::from) as u64;
    let total = Mutex::new((Tally::default(), None));
    std::thread::scope(|scope| {
        for worker in 0..workers {
            let total = &total;
            scope.spawn(move || {
                let mut tokens = Tokens {
                    world,
                    kinds: BTreeMap::new(),
                };
                let mut tally = Tally::default();
                let mut failed = None;
                for seed in (first + worker..first + cases).step_by(workers as usize) {
                    let case = Case::draw(seed, &world.family);
                    if (law.holds)(&case, &tokens.of(&case, most), &mut tally).is_err() {
                        failed = Some(shown(law, case, &mut tokens));
                        break;
                    }
                }
                if let Ok(mut total) = total.lock() {
                    total.0.add(&tally);
                    total.1 = total.1.take().or(failed);
                }
            });
        }
    });
    total.into_inner().unwrap_or_default()
}

/// The case without whatever it fails without.
fn shown(law: &Law, mut case: Case, tokens: &mut Tokens<'_>) -> String {
    let mut judge = |case: &Case| {
        let all = tokens.of(case, usize::MAX);
        (law.holds)(case, &all, &mut Tally::default()).err()
    };
    while let Some(smaller) = case
        .smaller()
        .into_iter()
        .find(|smaller| judge(smaller).is_some())
    {
        case = smaller;
    }
    let why = judge(&case).unwrap_or_default();
    format!(
        "{} (seed {}): {why}\nold: {}\nnew: {}",
        law.name,
        case.seed,
        case.old.text(),
        case.new.text()
    )
}

#[test]
fn every_token_of_the_family_is_mintable() {
    let family = family();
    let subjects: HashSet<_> = family.iter().map(|token| token.text("sub")).collect();
    println!("{} tokens, {} subjects", family.len(), subjects.len());
    assert!(subjects.len() > 3_000, "{}", subjects.len());
    for token in &family {
        assert_eq!(mintable::check(&token.claims), Ok(()), "{:?}", token.claims);
    }
}

#[test]
fn laws() {
    let world = World::new();
    let cases = given("ROLECALL_PROOF_CASES").unwrap_or(CASES);
    let mut failures = Vec::new();
    for law in LAWS {
        let start = std::time::Instant::now();
        let (tally, failed) = put(&law, &world, cases.div_ceil(law.share));
        println!(
            "{}: {tally} in {:.1} s",
            law.name,
            start.elapsed().as_secs_f32()
        );
        failures.extend(failed);
        // Not to decide is always right, and never of use.
        if tally.unknown * 10 > tally.asked + 40 {
            failures.push(format!("{}: too often not decided: {tally}", law.name));
        }
    }
    assert!(failures.is_empty(), "{}", failures.join("\n\n"));
}

#[test]
fn subjects_are_gained_as_regular_expressions_say() {
    let family = family();
    let cases = given("ROLECALL_PROOF_CASES").unwrap_or(CASES) / 20;
    let (mut found, mut none, mut unknown) = (0, 0, 0);
    for seed in 0..cases {
        let case = Case::of_subjects(seed, &family);
        match agrees(&case) {
            Ok(Some(true)) => found += 1,
            Ok(Some(false)) => none += 1,
            Ok(None) => unknown += 1,
            Err(why) => panic!(
                "seed {seed}: {why}\nold: {}\nnew: {}",
                case.old.text(),
                case.new.text()
            ),
        }
    }
    println!("{cases} pairs: {found} gain, {none} do not, {unknown} are not decided by both");
    assert!(unknown * 10 <= cases + 20, "{unknown} of {cases}");
}

/// Whether something is gained, where both engines say so.
fn agrees(case: &Case) -> Result<Option<bool>, String> {
    let mut subjects = Subjects::new();
    let (certain, conceivable) = (subjects.certain(), subjects.conceivable());
    let (old, new) = (&case.old, &case.new);
    let gains = subjects.is_gained(old, new, certain);
    let may_gain = subjects.is_gained(old, new, conceivable);
    match gained(&old.policy(), &new.policy(), None, &options()) {
        Answer::None if gains == Some(true) => Err("something is gained".to_owned()),
        Answer::None => Ok((may_gain == Some(false)).then_some(false)),
        Answer::Found(gain) => {
            let sub = gain
                .witness
                .get("sub")
                .and_then(Value::as_str)
                .unwrap_or_default();
            let gained = subjects.gained(old, new);
            if subjects.has(sub, gained) && subjects.has(sub, conceivable) {
                Ok((gains == Some(true)).then_some(true))
            } else {
                Err(format!("not gained: {sub}"))
            }
        }
        Answer::Unknown(_) => Ok(None),
    }
}
