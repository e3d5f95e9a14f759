//! Everything a policy lets in, in sets, each with a token.
//!
//! The rows are the products of the policy, each value of `sub` by itself, cut by form and tail of the
//! subject; so each token that gets in is in one of them. The scope is proved besides: that no other
//! repository, no other owner gets in.

use std::cell::OnceCell;
use std::collections::BTreeSet;

use serde_json::Value;

use super::formula::{Formula, Glob, Lang};
use super::grammar::{Form, Grammar, Slot, Tail};
use super::model::{Dim, Product, Region, World};
use super::outsider::{Entry, Question};
use super::search::Budget;
use super::trust::Trust;
use super::witness::{Field, Witness};
use super::{Answer, Options, Outsider, Scope, Set, SetForm, SetTail, Verdict, Who, words};
use crate::condition::{Effect, Test};
use crate::policy::{Policy, Statement};
use crate::token::subject::{GitRef, Subject, Tail as Written};

/// So many rows are looked for; a policy with more is told so.
const MOST_ROWS: usize = 2_000;

/// The forms and tails of default subjects, in the order of the rows.
const KINDS: [(Form, Tail); 8] = [
    (Form::Classic, Tail::Branch),
    (Form::Classic, Tail::Tag),
    (Form::Classic, Tail::Environment),
    (Form::Classic, Tail::PullRequest),
    (Form::Immutable, Tail::Branch),
    (Form::Immutable, Tail::Tag),
    (Form::Immutable, Tail::Environment),
    (Form::Immutable, Tail::PullRequest),
];

/// This part of the steps is for a question about all values of `sub` together, before each is asked about by
/// itself. Values that begin alike are read once for all of them, and most are; patterns that begin with `*` may
/// need many more states together than apart.
const TOGETHER_PART: u64 = 4;

pub(crate) fn who(policy: &Policy, options: &Options) -> Who {
    let prepared = Prepared::new(policy, options);
    let (mut outsider, entry) = prepared.outsider(options);
    let Rows {
        sets,
        mut unknown,
        open,
    } = Rows::of(prepared.field(prepared.apart()), options.steps);
    unknown.extend(
        prepared
            .trust
            .placeholders
            .iter()
            .map(|p| format!("`{p}` was not replaced")),
    );
    let scope = prepared.scope(&sets, outsider.verdict, options, &mut unknown);
    if scope == Scope::Nobody {
        outsider.assumptions.clear();
    }
    let may = |statement: usize| {
        sets.iter().any(|set| set.statement == statement)
            || open.iter().any(|(open, _)| *open == statement)
    };
    let nobody = nobody(policy, &prepared.worlds, prepared.apart(), &may);
    Who {
        scope,
        outsider,
        outsider_statement: entry.map(|entry| entry.statement),
        sets,
        nobody,
        unknown,
        open,
    }
}

pub(crate) fn outsider(policy: &Policy, options: &Options) -> Outsider {
    Prepared::new(policy, options).outsider(options).0
}

/// A policy taken apart.
struct Prepared<'p> {
    policy: &'p Policy,
    worlds: Vec<World>,
    /// What is let in, the values of `sub` in one product.
    together: Vec<Region>,
    /// The same, a product each.
    apart: OnceCell<Vec<Region>>,
    trust: Trust,
    told: bool,
}

impl<'p> Prepared<'p> {
    fn new(policy: &'p Policy, options: &Options) -> Self {
        let worlds = super::model::worlds(&[policy]);
        let mut trust = Trust::of(policy, &worlds);
        let told = !options.owners.is_empty();
        if told {
            trust.owners = options.owners.iter().cloned().collect();
            trust.hints = BTreeSet::new();
        }
        Self {
            policy,
            together: regions(&worlds, policy, false),
            apart: OnceCell::new(),
            worlds,
            trust,
            told,
        }
    }

    fn apart(&self) -> &[Region] {
        self.apart
            .get_or_init(|| regions(&self.worlds, self.policy, true))
    }

    fn field<'f>(&'f self, regions: &'f [Region]) -> Field<'f> {
        Field {
            worlds: &self.worlds,
            regions,
            policy: self.policy,
            denying: None,
            owners: &[],
        }
    }

    fn outsider(&self, options: &Options) -> (Outsider, Option<Entry>) {
        self.outsider_of(&self.trust, self.told, options)
    }

    fn outsider_of(
        &self,
        trust: &Trust,
        told: bool,
        options: &Options,
    ) -> (Outsider, Option<Entry>) {
        let ask = |regions, steps| {
            let field = self.field(regions);
            Question { field, trust, told }.answer(steps)
        };
        let quick = ask(&self.together, options.steps / TOGETHER_PART);
        if quick.0.verdict == Verdict::NotDecided {
            ask(self.apart(), options.steps)
        } else {
            quick
        }
    }
}

fn regions(worlds: &[World], policy: &Policy, apart: bool) -> Vec<Region> {
    worlds
        .iter()
        .map(|world| world.region(policy, apart))
        .collect()
}

/// What is let in, set by set.
pub(crate) struct Rows {
    /// Default subjects first.
    pub(crate) sets: Vec<Set>,
    /// What is not decided, and why.
    pub(crate) unknown: Vec<String>,
    /// By which statements, and for subjects of which form.
    open: BTreeSet<(usize, SetForm)>,
}

impl Rows {
    pub(crate) fn of(field: Field<'_>, steps: u64) -> Self {
        let owners = ["octo-org".to_owned()];
        let field = Field {
            owners: &owners,
            ..field
        };
        let grammars = KINDS.map(|kind| (Some(kind), Grammar::default_subjects(Some(kind))));
        let custom = [(None, Grammar::templates(true))];
        let mut sets: Vec<Set> = Vec::new();
        let mut unknown = BTreeSet::new();
        let mut open = BTreeSet::new();
        let mut budget = Budget::new(steps);
        let count = field.products().count();
        if count > MOST_ROWS {
            unknown.insert(format!("only {MOST_ROWS} of {count} values were looked at"));
            let left = field.products().skip(MOST_ROWS);
            let forms = [SetForm::Classic, SetForm::Immutable, SetForm::Template];
            open.extend(left.flat_map(|(_, product)| forms.map(|form| (product.statement, form))));
        }
        if field.regions.iter().any(|region| region.grew) {
            unknown.insert("the Deny statements cut the policy into too many pieces".to_owned());
        }
        for grammars in [&grammars[..], &custom] {
            for (seeker, product) in field.products().take(MOST_ROWS) {
                for (kind, grammar) in grammars {
                    match seeker.find(product, grammar, &mut budget) {
                        Answer::Found(witness) => {
                            add(&mut sets, row(field.policy, product, *kind, witness));
                        }
                        Answer::None => {}
                        Answer::Unknown(why) => {
                            unknown.insert(why);
                            open.insert((product.statement, form_of(*kind)));
                        }
                    }
                }
            }
        }
        Self {
            sets,
            unknown: unknown.into_iter().collect(),
            open,
        }
    }
}

const fn form_of(kind: Option<(Form, Tail)>) -> SetForm {
    match kind {
        Some((Form::Classic, _)) => SetForm::Classic,
        Some((Form::Immutable, _)) => SetForm::Immutable,
        None => SetForm::Template,
    }
}

fn add(sets: &mut Vec<Set>, set: Set) {
    let same = |other: &Set| {
        (&other.words, other.form, other.tail, other.statement)
            == (&set.words, set.form, set.tail, set.statement)
    };
    if !sets.iter().any(same) {
        sets.push(set);
    }
}

fn row(policy: &Policy, product: &Product, kind: Option<(Form, Tail)>, witness: Witness) -> Set {
    let subject = witness
        .claims
        .get("sub")
        .and_then(Value::as_str)
        .unwrap_or_default();
    let tail = match kind {
        Some((_, Tail::Branch)) => SetTail::Branch,
        Some((_, Tail::Tag)) => SetTail::Tag,
        Some((_, Tail::Environment)) => SetTail::Environment,
        Some((_, Tail::PullRequest)) => SetTail::PullRequest,
        None => tail_of(subject),
    };
    Set {
        words: words::set(policy, product, kind.map(|(_, tail)| tail), &witness),
        form: form_of(kind),
        tail,
        statement: product.statement,
        witness: witness.claims.clone(),
        run: witness,
    }
}

fn tail_of(subject: &str) -> SetTail {
    match Subject::parse(subject).tail() {
        Written::Environment(_) => SetTail::Environment,
        Written::PullRequest => SetTail::PullRequest,
        Written::Ref(GitRef::Tag(_)) => SetTail::Tag,
        Written::Ref(_) => SetTail::Branch,
        Written::Other(_) | Written::Missing => SetTail::Other,
    }
}

/// Proofs that nobody else gets in.
impl Prepared<'_> {
    fn scope(
        &self,
        sets: &[Set],
        verdict: Verdict,
        options: &Options,
        unknown: &mut Vec<String>,
    ) -> Scope {
        let let_in_by_anyone = verdict.lets_outsiders_in() && !self.told;
        if let_in_by_anyone {
            return Scope::Anyone;
        }
        let Some(first) = sets.first() else {
            return if unknown.is_empty() {
                Scope::Nobody
            } else {
                Scope::NotDecided
            };
        };
        let mut quick = Budget::new(options.steps / TOGETHER_PART);
        let mut budget = Budget::new(options.steps);
        let claim = |name: &str| {
            first
                .witness
                .get(name)
                .and_then(Value::as_str)
                .unwrap_or_default()
                .to_owned()
        };
        let name = |slot: Slot| {
            (
                slot,
                Formula::glob(Glob::literal(&claim(slot.claim()), true)),
            )
        };
        for (slots, scope) in [
            ([Slot::Repository, Slot::RepositoryId], Scope::Repository),
            ([Slot::Owner, Slot::OwnerId], Scope::Owner),
        ] {
            for (slot, only) in slots
                .map(name)
                .into_iter()
                .filter(|(slot, _)| self.may_be_pinned(*slot))
            {
                let mut answer = others(self.field(&self.together), slot, &only, &mut quick);
                if matches!(answer, Answer::Unknown(_)) {
                    answer = others(self.field(self.apart()), slot, &only, &mut budget);
                }
                match answer {
                    Answer::None => return scope,
                    Answer::Found(_) => {}
                    Answer::Unknown(why) => {
                        unknown.push(why);
                        return Scope::NotDecided;
                    }
                }
            }
        }
        match verdict {
            Verdict::NotDecided => Scope::NotDecided,
            verdict if verdict.lets_outsiders_in() && self.anyone(options) => Scope::Anyone,
            _ => Scope::Owners,
        }
    }

    /// Whether it is worth asking: ids pin a repository or an owner only where the policy asks for them.
    fn may_be_pinned(&self, slot: Slot) -> bool {
        let mut products = self.together.iter().flat_map(|region| &region.products);
        match slot {
            Slot::Owner | Slot::Repository => true,
            slot => products.all(|product| product.tests.contains_key(&Dim::Slot(slot))),
        }
    }

    /// Whether strangers get in, whoever the owners are said to be.
    fn anyone(&self, options: &Options) -> bool {
        let trust = Trust::of(self.policy, &self.worlds);
        let (outsider, _) = self.outsider_of(&trust, false, options);
        outsider.verdict.lets_outsiders_in()
    }
}

/// A token whose claim is another.
fn others(
    field: Field<'_>,
    slot: Slot,
    only: &Formula,
    budget: &mut Budget,
) -> Answer<(Witness, usize)> {
    let other = Lang::unless_absent(only.clone().not());
    let part = |product: &Product| {
        let mut others = product.restricted(Dim::Slot(slot), &other);
        if slot == Slot::Owner {
            others.restrict(Dim::Slot(Slot::Repository), &not_of(only));
        }
        others
    };
    let every = [Grammar::default_subjects(None), Grammar::templates(false)];
    field.first(&every, &part, budget)
}

/// Repositories of other owners.
fn not_of(owner: &Formula) -> Lang {
    let Formula::Glob(glob) = owner else {
        return Lang::ANYTHING;
    };
    let mut begin = (**glob).clone();
    begin.units.extend([
        super::formula::Unit::Literal(u16::from(b'/')),
        super::formula::Unit::Star,
    ]);
    Lang::unless_absent(Formula::glob(begin).not())
}

/// Why a statement lets nobody in, for each that does not; `may` is whether it does or that is not decided.
fn nobody(
    policy: &Policy,
    worlds: &[World],
    regions: &[Region],
    may: &dyn Fn(usize) -> bool,
) -> Vec<String> {
    let mut reasons = Vec::new();
    for (index, statement) in policy.statements.iter().enumerate() {
        if statement.effect != Effect::Allow || may(index) {
            continue;
        }
        let name = statement.sid.as_ref().map_or_else(
            || format!("statement {}", index + 1),
            |sid| format!("statement `{}`", sid.text),
        );
        let mut products = regions.iter().flat_map(|region| &region.products);
        let is_left = products.any(|product| product.statement == index);
        reasons.push(format!(
            "{name}: {}",
            why_nobody(statement, worlds, is_left)
        ));
    }
    reasons
}

fn why_nobody(statement: &Statement, worlds: &[World], is_left: bool) -> String {
    let Some(world) = worlds.iter().find(|world| world.concerns(statement)) else {
        return "it is not about tokens of GitHub's".to_owned();
    };
    if let Some(test) = world.never_met(statement) {
        return format!(
            "{} on `{}` is never met by a token of GitHub's",
            test.operator.text, test.key.text
        );
    }
    if !is_left {
        return "the Deny statements take away all that it lets in".to_owned();
    }
    let mut subjects = statement
        .tests
        .iter()
        .filter(|test| world.dimension(&test.condition) == Some(Dim::Subject));
    let Some(test) = subjects.next() else {
        return "no token of GitHub's meets its conditions all together".to_owned();
    };
    let values: Vec<String> = test
        .values
        .iter()
        .take(3)
        .map(|value| format!("`{}`", value.text))
        .collect();
    let literal = test.condition.operator.test == Test::StringEquals
        && test.values.iter().any(|v| v.text.contains(['*', '?']));
    let hint = if literal {
        ": StringEquals takes `*` and `?` literally"
    } else {
        ""
    };
    format!(
        "no subject that GitHub issues meets {} {}{hint}",
        test.operator.text,
        values.join(" or ")
    )
}
