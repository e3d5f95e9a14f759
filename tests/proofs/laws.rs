//! The laws: what must hold for any two policies, whatever they say.

use std::fmt;

use rolecall_core::analyze::{
    Answer, Claims, Gain, Options, Outsider, Relation, Scope, Set, SetForm, Verdict, diff, gained,
    mintable, outsider, who,
};
use rolecall_core::condition::Effect;
use rolecall_core::policy::Policy;
use rolecall_core::tri::Tri;
use serde_json::Value;

use crate::policies::{CALLER, Draft, Statement, Test};
use crate::tokens::{Minted, is_allowed};
use crate::{Case, given};

/// A law, and how many of the cases it is put to: one of so many.
pub(crate) struct Law {
    pub(crate) name: &'static str,
    pub(crate) share: u64,
    pub(crate) holds: fn(&Case, &[&Minted], &mut Tally) -> Result<(), String>,
}

pub(crate) const LAWS: [Law; 15] = [
    law("gained is what some token gains", 4, gained_is_exact),
    law("a closed policy lets no outsider in", 5, outsiders),
    law("each token that gets in is in a set", 24, who_covers),
    law("relations hold over their universe", 24, relations),
    law(
        "a policy gains nothing over itself",
        24,
        nothing_over_itself,
    ),
    law("a Deny admits nothing", 24, another_deny),
    law("a test more in an Allow admits nothing", 24, another_test),
    law("an Allow loses nothing", 24, another_allow),
    law(
        "a value more in a positive test loses nothing",
        24,
        another_value,
    ),
    law("the order of things changes nothing", 24, order),
    law("two stars are one", 24, two_stars),
    law("fewer steps only decide less", 24, fewer_steps),
    law("more insiders keep it closed", 24, more_insiders),
    law("one operator implies another", 24, implications),
    law("all but one subject", 24, except_one),
];

const fn law(
    name: &'static str,
    share: u64,
    holds: fn(&Case, &[&Minted], &mut Tally) -> Result<(), String>,
) -> Law {
    Law { name, share, holds }
}

/// How the answers came out.
#[derive(Debug, Default, Clone, Copy)]
pub(crate) struct Tally {
    pub(crate) asked: u64,
    pub(crate) unknown: u64,
    pub(crate) found: u64,
}

impl Tally {
    pub(crate) fn add(&mut self, other: &Self) {
        self.asked += other.asked;
        self.unknown += other.unknown;
        self.found += other.found;
    }

    fn verdict(&mut self, verdict: Verdict) {
        self.asked += 1;
        self.unknown += u64::from(verdict == Verdict::NotDecided);
        self.found += u64::from(!matches!(verdict, Verdict::NotDecided | Verdict::Closed));
    }

    /// Counts an answer.
    fn of<T>(&mut self, answer: Answer<T>) -> Answer<T> {
        self.asked += 1;
        self.unknown += u64::from(matches!(answer, Answer::Unknown(_)));
        self.found += u64::from(matches!(answer, Answer::Found(_)));
        answer
    }
}

impl fmt::Display for Tally {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let none = self.asked - self.unknown - self.found;
        let Self {
            asked,
            unknown,
            found,
        } = self;
        write!(
            f,
            "{asked} answers: {none} none, {found} found, {unknown} not decided"
        )
    }
}

type Holds = Result<(), String>;

/// The few policies that would take all the steps take most of the time, too.
pub(crate) const STEPS: u64 = 6_000;

pub(crate) fn options() -> Options {
    Options {
        steps: given("ROLECALL_PROOF_STEPS").unwrap_or(STEPS),
        ..Options::default()
    }
}

fn gain(old: &Draft, new: &Draft, tally: &mut Tally) -> Answer<Gain> {
    tally.of(gained(&old.policy(), &new.policy(), None, &options()))
}

/// A witness is a token that GitHub can issue, let in by the one and not by the other.
fn check_witness(claims: &Claims, new: &Policy, old: Option<&Policy>) -> Holds {
    let json = Value::from(claims.clone());
    mintable::check(claims).map_err(|why| format!("witness not mintable, {why}: {json}"))?;
    if !is_allowed(claims, new) {
        return Err(format!("witness not let in: {json}"));
    }
    if old.is_some_and(|old| is_allowed(claims, old)) {
        return Err(format!("witness let in by the old policy, too: {json}"));
    }
    Ok(())
}

fn gained_is_exact(case: &Case, tokens: &[&Minted], tally: &mut Tally) -> Holds {
    let (old, new) = (case.old.policy(), case.new.policy());
    match tally.of(gained(&old, &new, None, &options())) {
        Answer::Found(gain) => check_witness(&gain.witness, &new, Some(&old)),
        Answer::Unknown(_) => Ok(()),
        Answer::None => none_of(tokens, |token| {
            token.is_allowed(&new) && !token.is_allowed(&old)
        }),
    }
}

fn none_of(tokens: &[&Minted], gets_in: impl Fn(&Minted) -> bool) -> Holds {
    match tokens.iter().find(|token| gets_in(token)) {
        Some(missed) => Err(format!("missed: {}", Value::from(missed.claims.clone()))),
        None => Ok(()),
    }
}

/// Whether a token is of somebody that the proof takes for an insider, by name or by a number it names.
fn is_trusted(claims: &Claims, answer: &Outsider) -> bool {
    let text = |name: &str| claims.get(name).and_then(Value::as_str).unwrap_or_default();
    let owner = text("repository_owner");
    let by_number = |words: &str, name: &str| {
        let named = format!("`{}`", text(name));
        let after = |line: &String| {
            line.split_once(words)
                .map(|(_, rest)| rest.contains(&named))
        };
        answer
            .assumptions
            .iter()
            .filter_map(after)
            .any(|named| named)
    };
    answer
        .trusts
        .iter()
        .any(|trusted| trusted.eq_ignore_ascii_case(owner))
        || by_number("owner with the id", "repository_owner_id")
        || by_number("repository with the id", "repository_id")
        || by_number("enterprise with the id", "enterprise_id")
}

fn outsiders(case: &Case, tokens: &[&Minted], tally: &mut Tally) -> Holds {
    let policy = case.new.policy();
    let answer = outsider(&policy, &options());
    tally.verdict(answer.verdict);
    outsider_is_right(&policy, &answer, tokens)
}

fn outsider_is_right(policy: &Policy, answer: &Outsider, tokens: &[&Minted]) -> Holds {
    if let Some(witness) = &answer.witness {
        check_witness(witness, policy, None)?;
        if is_trusted(witness, answer) {
            let json = Value::from(witness.clone());
            return Err(format!(
                "the outsider is an insider of {:?}: {json}",
                answer.trusts
            ));
        }
    }
    match (answer.verdict, &answer.witness) {
        (Verdict::Open | Verdict::Borrow | Verdict::Lure | Verdict::Depends, None) => {
            Err(format!("{:?}, without a token", answer.verdict))
        }
        (Verdict::Closed, _) => none_of(tokens, |token| {
            !is_trusted(&token.claims, answer) && token.is_allowed(policy)
        })
        .map_err(|why| {
            format!(
                "closed, trusting {:?}, {:?}: {why}",
                answer.trusts, answer.assumptions
            )
        }),
        _ => Ok(()),
    }
}

/// Each token that gets in is in a set of its kind, and the scope holds all of them.
fn who_covers(case: &Case, tokens: &[&Minted], tally: &mut Tally) -> Holds {
    let policy = case.new.policy();
    let answer = who(&policy, &options());
    tally.asked += 1;
    tally.found += u64::from(!answer.sets.is_empty());
    let undecided = !answer.unknown.is_empty() || answer.scope == Scope::NotDecided;
    tally.unknown += u64::from(undecided);
    outsider_is_right(&policy, &answer.outsider, tokens)?;
    for set in &answer.sets {
        check_witness(&set.witness, &policy, None)
            .map_err(|why| format!("{}: {why}", set.words))?;
        if set.words.is_empty() {
            return Err("a set without words".to_owned());
        }
    }
    if answer.outsider.verdict == Verdict::Open && answer.scope != Scope::Anyone {
        return Err(format!("open, but only for {:?}", answer.scope));
    }
    let admitted: Vec<&Minted> = tokens
        .iter()
        .copied()
        .filter(|token| token.is_allowed(&policy))
        .collect();
    for token in &admitted {
        if !undecided && !answer.sets.iter().any(|set| has(set, token, &policy)) {
            return Err(format!("in no set: {}", Value::from(token.claims.clone())));
        }
    }
    scope_holds(answer.scope, &admitted)
}

/// Whether a set is of a token's kind, by a statement that applies to it.
fn has(set: &Set, token: &Minted, policy: &Policy) -> bool {
    let applies = policy
        .statements
        .get(set.statement)
        .is_some_and(|statement| {
            statement.effect == Effect::Allow
                && statement.applies(CALLER, &token.context) == Tri::Yes
        });
    let kind = token.default_kind();
    applies && (set.form == SetForm::Template || kind == Some((set.form, set.tail)))
}

fn scope_holds(scope: Scope, admitted: &[&Minted]) -> Holds {
    let several = |claim: &str| {
        let mut values = admitted.iter().map(|token| token.text(claim));
        let first = values.next();
        values
            .find(|value| Some(*value) != first)
            .map(|other| format!("{first:?} and {other:?}"))
    };
    let wrong = match scope {
        Scope::Nobody => admitted
            .first()
            .map(|token| Value::from(token.claims.clone()).to_string()),
        Scope::Repository => several("repository"),
        Scope::Owner => several("repository_owner"),
        Scope::Owners | Scope::Anyone | Scope::NotDecided => None,
    };
    wrong.map_or(Ok(()), |wrong| {
        Err(format!("{scope:?}, but {wrong} gets in"))
    })
}

/// The relation of two policies, over the tokens that it is said of.
fn relations(case: &Case, tokens: &[&Minted], tally: &mut Tally) -> Holds {
    let (old, new) = (case.old.policy(), case.new.policy());
    let answer = diff(&old, &new, &options());
    let all = !answer.universe.starts_with("default");
    let mut ways = vec![
        (answer.gained, &new, &old, all),
        (answer.lost, &old, &new, all),
    ];
    if let Some((gained, lost)) = answer.with_templates {
        ways.extend([(gained, &new, &old, true), (lost, &old, &new, true)]);
    } else if answer.relation == Relation::Equal {
        ways.extend([
            (Answer::None, &new, &old, true),
            (Answer::None, &old, &new, true),
        ]);
    }
    for (way, of, over, all) in ways {
        match tally.of(way) {
            Answer::Found(gain) => check_witness(&gain.witness, of, Some(over))?,
            Answer::Unknown(_) => {}
            Answer::None => none_of(tokens, |token| {
                (all || token.default_kind().is_some())
                    && token.is_allowed(of)
                    && !token.is_allowed(over)
            })?,
        }
    }
    Ok(())
}

/// That nothing is gained.
fn nothing(old: &Draft, new: &Draft, tally: &mut Tally) -> Holds {
    match gain(old, new, tally) {
        Answer::Found(gain) => Err(format!(
            "gained {}\nby {}\nover {}",
            Value::from(gain.witness),
            new.text(),
            old.text()
        )),
        Answer::None | Answer::Unknown(_) => Ok(()),
    }
}

fn nothing_over_itself(case: &Case, _: &[&Minted], tally: &mut Tally) -> Holds {
    nothing(&case.new, &case.new, tally)
}

/// The first statement of the old policy, as another one of the new.
fn with(case: &Case, allow: bool) -> Draft {
    let mut draft = case.new.clone();
    let at = case.seed as usize % (draft.0.len() + 1);
    let statement = Statement {
        allow,
        ..case.old.0[0].clone()
    };
    draft.0.insert(at, statement);
    draft
}

fn another_deny(case: &Case, _: &[&Minted], tally: &mut Tally) -> Holds {
    nothing(&case.new, &with(case, false), tally)
}

fn another_allow(case: &Case, _: &[&Minted], tally: &mut Tally) -> Holds {
    nothing(&with(case, true), &case.new, tally)
}

fn another_test(case: &Case, _: &[&Minted], tally: &mut Tally) -> Holds {
    let mut stricter = case.new.clone();
    for test in case.old.tests() {
        for statement in stricter.0.iter_mut().filter(|statement| statement.allow) {
            statement.add(test.clone());
        }
    }
    nothing(&case.new, &stricter, tally)
}

fn another_value(case: &Case, _: &[&Minted], tally: &mut Tally) -> Holds {
    let mut looser = case.new.clone();
    let values: Vec<String> = case
        .old
        .tests()
        .flat_map(|test| test.values.clone())
        .collect();
    for statement in looser.0.iter_mut().filter(|statement| statement.allow) {
        for test in &mut statement.tests {
            // More values of `Null` are looser, too, but the flags must be flags.
            if !test.operator.contains("Not") && test.operator != "Null" {
                test.values.extend(values.iter().cloned());
            }
        }
    }
    nothing(&looser, &case.new, tally)
}

/// The same policy in another order.
fn shuffled(draft: &Draft, seed: u64) -> Draft {
    let mut rng = fastrand::Rng::with_seed(seed);
    let mut other = draft.clone();
    rng.shuffle(&mut other.0);
    for statement in &mut other.0 {
        rng.shuffle(&mut statement.tests);
        for test in &mut statement.tests {
            rng.shuffle(&mut test.values);
        }
    }
    other
}

fn order(case: &Case, _: &[&Minted], tally: &mut Tally) -> Holds {
    let (old, new) = (
        shuffled(&case.old, case.seed),
        shuffled(&case.new, case.seed + 1),
    );
    same(case, &old, &new, tally)?;
    let verdict = |draft: &Draft| outsider(&draft.policy(), &options()).verdict;
    let (one, other) = (verdict(&case.new), verdict(&new));
    if one == other {
        Ok(())
    } else {
        Err(format!("{one:?} and {other:?} of {}", new.text()))
    }
}

/// That these policies are told apart as those of the case are.
fn same(case: &Case, old: &Draft, new: &Draft, tally: &mut Tally) -> Holds {
    let (one, other) = (gain(&case.old, &case.new, tally), gain(old, new, tally));
    match (&one, &other) {
        (Answer::None, Answer::Found(_)) | (Answer::Found(_), Answer::None) => Err(format!(
            "{one:?} and {other:?}\nof {}\nand {}",
            old.text(),
            new.text()
        )),
        _ => Ok(()),
    }
}

fn two_stars(case: &Case, _: &[&Minted], tally: &mut Tally) -> Holds {
    let mut new = case.new.clone();
    let mut any = false;
    for test in new.0.iter_mut().flat_map(|statement| &mut statement.tests) {
        for value in test
            .values
            .iter_mut()
            .filter(|_| test.operator.contains("Like"))
        {
            any |= value.contains('*') && !value.contains('$');
            *value = if value.contains('$') {
                value.clone()
            } else {
                value.replace('*', "**")
            };
        }
    }
    if !any {
        return Ok(());
    }
    nothing(&case.new, &new, tally)?;
    nothing(&new, &case.new, tally)
}

fn fewer_steps(case: &Case, _: &[&Minted], tally: &mut Tally) -> Holds {
    let steps = [0, 1, 10, 100, 1_000][case.seed as usize % 5];
    let few = Options { steps, ..options() };
    let (old, new) = (case.old.policy(), case.new.policy());
    let all = tally.of(gained(&old, &new, None, &options()));
    match (gained(&old, &new, None, &few), all) {
        (Answer::None, Answer::Found(_)) | (Answer::Found(_), Answer::None) => {
            Err(format!("decided otherwise with {steps} steps"))
        }
        _ => Ok(()),
    }?;
    let decided = |options| match outsider(&new, options).verdict {
        Verdict::NotDecided => None,
        verdict => Some(verdict == Verdict::Closed),
    };
    match decided(&few).zip(decided(&options())) {
        Some((few, all)) if few != all => {
            Err(format!("otherwise open or closed with {steps} steps"))
        }
        _ => Ok(()),
    }
}

fn more_insiders(case: &Case, tokens: &[&Minted], tally: &mut Tally) -> Holds {
    let policy = case.new.policy();
    let with = |owners: &[&str]| {
        let owners = owners.iter().map(|owner| (*owner).to_owned()).collect();
        outsider(
            &policy,
            &Options {
                owners,
                ..options()
            },
        )
    };
    let (few, more) = (with(&["oo"]), with(&["oo", "oo-x"]));
    tally.verdict(few.verdict);
    outsider_is_right(&policy, &few, tokens)?;
    outsider_is_right(&policy, &more, tokens)?;
    if few.verdict == Verdict::Closed
        && !matches!(more.verdict, Verdict::Closed | Verdict::NotDecided)
    {
        return Err(format!("closed for one owner, {:?} for two", more.verdict));
    }
    Ok(())
}

/// Of two operators, what the first lets in the second does, too.
fn implications(case: &Case, _: &[&Minted], tally: &mut Tally) -> Holds {
    let base = |test: &Test| {
        let name = test.operator.rsplit(':').next().unwrap_or_default();
        name.trim_end_matches("IfExists").to_owned()
    };
    let Some(test) = case.new.tests().find(|test| test.operator != "Null") else {
        return Ok(());
    };
    let name = base(test);
    let mut pairs = vec![
        (name.clone(), format!("{name}IfExists")),
        (
            format!("ForAnyValue:{name}"),
            format!("ForAllValues:{name}"),
        ),
        (name.clone(), format!("ForAllValues:{name}")),
    ];
    let plain = test
        .values
        .iter()
        .all(|value| !value.contains(['*', '?', '$']));
    if plain && name.ends_with("Like") {
        let exact = name.replace("Like", "Equals");
        pairs.extend([(name.clone(), exact.clone()), (exact, name.clone())]);
    }
    if name == "StringEquals" {
        pairs.push((name.clone(), "StringEqualsIgnoreCase".to_owned()));
    }
    for (narrow, wide) in pairs {
        nothing(
            &replaced(case, test, wide),
            &replaced(case, test, narrow),
            tally,
        )?;
    }
    Ok(())
}

/// The new policy as one Allow with the test by this operator, and the other statements.
fn replaced(case: &Case, test: &Test, operator: String) -> Draft {
    let mut draft = case.new.clone();
    for statement in draft.0.iter_mut().filter(|statement| statement.allow) {
        statement.tests.retain(|other| other.key != test.key);
        statement.add(test.by(operator.clone()));
    }
    draft
}

/// The subject of some token that is gained is left out.
fn except_one(case: &Case, tokens: &[&Minted], tally: &mut Tally) -> Holds {
    let (old, new) = (case.old.policy(), case.new.policy());
    let is_gained = |token: &Minted| token.is_allowed(&new) && !token.is_allowed(&old);
    let Some(sub) = tokens
        .iter()
        .find(|token| is_gained(token))
        .and_then(|token| token.text("sub"))
    else {
        return Ok(());
    };
    match tally.of(gained(&old, &new, Some(sub), &options())) {
        Answer::Found(gain) => {
            check_witness(&gain.witness, &new, Some(&old))?;
            match gain.witness.get("sub").and_then(Value::as_str) {
                Some(same) if same == sub => Err(format!("found the subject left out: {sub}")),
                _ => Ok(()),
            }
        }
        Answer::Unknown(_) => Ok(()),
        Answer::None => none_of(tokens, |token| {
            is_gained(token) && token.text("sub") != Some(sub)
        })
        .map_err(|why| format!("except {sub}: {why}")),
    }
}
