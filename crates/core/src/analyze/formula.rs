//! Languages of values, as formulas over patterns.
//!
//! A [`Lang`] says which values of one condition key are meant, and whether the key may be absent. The
//! formula's leaves are patterns ([`Glob`]) and predicates that are no languages of strings here
//! ([`Opaque`]: dates, addresses, numbers, variables over other keys), which stay symbolic: one leaf is
//! the same predicate wherever it stands, so that a test and its opposite cancel.

use std::sync::Arc;

use crate::condition::{Condition, Effect, Operand, Test};
use crate::context::{Context, Fact};
use crate::pattern::{Part, Pattern};
use crate::tri::Tri;

/// An element of a pattern.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Unit {
    /// This UTF-16 unit.
    Literal(u16),
    /// Any one unit: `?`.
    Any,
    /// Any run: `*`.
    Star,
}

/// A pattern in canonical form: `**` is `*`, `*?` is `?*`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Glob {
    pub(crate) units: Vec<Unit>,
    /// ASCII letters of either case are one.
    pub(crate) fold: bool,
}

impl Glob {
    /// A text without wildcards.
    pub(crate) fn literal(text: &str, fold: bool) -> Self {
        let text = if fold {
            text.to_ascii_lowercase()
        } else {
            text.to_owned()
        };
        Self {
            units: text.encode_utf16().map(Unit::Literal).collect(),
            fold,
        }
    }

    /// `text` followed by anything.
    pub(crate) fn prefix(text: &str, fold: bool) -> Self {
        let mut glob = Self::literal(text, fold);
        glob.units.push(Unit::Star);
        glob
    }

    /// A prepared pattern; its variables stand for anything.
    pub(crate) fn of(pattern: &Pattern) -> Self {
        let mut units = Vec::new();
        for (index, segment) in pattern.segments().iter().enumerate() {
            if index > 0 {
                units.push(Unit::Star);
            }
            for part in segment {
                match part {
                    Part::Literal(text) => units.extend(text.encode_utf16().map(Unit::Literal)),
                    Part::Any => units.push(Unit::Any),
                    Part::Variable(_) => units.push(Unit::Star),
                }
            }
        }
        Self::canonical(units, false)
    }

    fn canonical(units: impl IntoIterator<Item = Unit>, fold: bool) -> Self {
        let mut out: Vec<Unit> = Vec::new();
        let mut star = false;
        for unit in units {
            match unit {
                Unit::Star => star = true,
                Unit::Any => out.push(Unit::Any),
                literal => {
                    if std::mem::take(&mut star) {
                        out.push(Unit::Star);
                    }
                    out.push(literal);
                }
            }
        }
        if star {
            out.push(Unit::Star);
        }
        Self { units: out, fold }
    }

    /// How many units a text must have at least.
    pub(crate) fn least_length(&self) -> usize {
        self.units
            .iter()
            .filter(|unit| **unit != Unit::Star)
            .count()
    }

    fn is_everything(&self) -> bool {
        self.units == [Unit::Star]
    }

    /// Whether the pattern covers a text. Linear but for the length of a segment.
    pub(crate) fn matches(&self, text: &str) -> bool {
        let text: Vec<u16> = if self.fold {
            text.to_ascii_lowercase().encode_utf16().collect()
        } else {
            text.encode_utf16().collect()
        };
        let (mut at, mut unit) = (0, 0);
        let mut back: Option<(usize, usize)> = None;
        while at < text.len() {
            let here = text.get(at).copied();
            match self.units.get(unit) {
                Some(Unit::Star) => {
                    back = Some((unit + 1, at));
                    unit += 1;
                    continue;
                }
                Some(Unit::Any) => {}
                Some(Unit::Literal(literal)) if Some(*literal) == here => {}
                _ => match back {
                    Some((after, from)) => {
                        back = Some((after, from + 1));
                        (unit, at) = (after, from + 1);
                        continue;
                    }
                    None => return false,
                },
            }
            unit += 1;
            at += 1;
        }
        self.units.iter().skip(unit).all(|rest| *rest == Unit::Star)
    }
}

/// A predicate on a value that is not taken apart here.
#[derive(Debug, Clone)]
pub(crate) struct Opaque {
    /// What it says, normalised: equal texts are equal predicates.
    pub(crate) name: String,
    condition: Condition,
    effect: Effect,
}

impl PartialEq for Opaque {
    fn eq(&self, other: &Self) -> bool {
        self.name == other.name
    }
}
impl Eq for Opaque {}
impl PartialOrd for Opaque {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}
impl Ord for Opaque {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        self.name.cmp(&other.name)
    }
}
impl std::hash::Hash for Opaque {
    fn hash<H: std::hash::Hasher>(&self, state: &mut H) {
        self.name.hash(state);
    }
}

impl Opaque {
    /// Whether it holds of a value, where nothing else of the request is known.
    fn holds(&self, value: &str) -> bool {
        let mut context = Context::raw();
        context.insert(self.condition.key.clone(), Fact::one(value));
        self.condition.evaluate(&context, self.effect) == Tri::Yes
    }

    /// Values that it may hold of: what the policy names, and what is near it.
    fn candidates(&self, texts: &mut Vec<String>) {
        for operand in &self.condition.operands {
            match operand {
                Operand::Number(Some(number)) => {
                    texts.push(number.to_string());
                    if let Ok(number) = number.parse::<i64>() {
                        texts.push(number.saturating_add(1).to_string());
                        texts.push(number.saturating_sub(1).to_string());
                    }
                }
                Operand::Date(Some(millis)) => {
                    let second = millis.div_euclid(1000);
                    for moment in [second, second + 1, second - 1] {
                        texts.push(crate::condition::literal::iso(moment));
                    }
                }
                Operand::Network(Some(network)) => texts.push(network.first_address()),
                Operand::Flag(flag) => texts.push(flag.to_string()),
                Operand::Arn(Ok(Some(pieces))) => {
                    let pieces: Vec<String> = pieces
                        .iter()
                        .map(|piece| piece.to_string().replace(['*', '?'], "x"))
                        .collect();
                    texts.push(pieces.join(":"));
                }
                _ => {}
            }
        }
        for other in [
            "198.51.100.1",
            "203.0.113.77",
            "true",
            "false",
            "0",
            "2026-11-25T00:00:00Z",
        ] {
            texts.push(other.to_owned());
        }
    }
}

/// A set of values.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Formula {
    Never,
    Always,
    Glob(Arc<Glob>),
    Opaque(Arc<Opaque>),
    Not(Arc<Self>),
    And(Arc<Vec<Self>>),
    Or(Arc<Vec<Self>>),
}

impl Formula {
    pub(crate) fn glob(glob: Glob) -> Self {
        if glob.is_everything() {
            Self::Always
        } else {
            Self::Glob(Arc::new(glob))
        }
    }

    pub(crate) fn literal(text: &str) -> Self {
        Self::glob(Glob::literal(text, false))
    }

    pub(crate) fn not(self) -> Self {
        match self {
            Self::Never => Self::Always,
            Self::Always => Self::Never,
            Self::Not(inner) => Arc::unwrap_or_clone(inner),
            other => Self::Not(Arc::new(other)),
        }
    }

    pub(crate) fn all(items: impl IntoIterator<Item = Self>) -> Self {
        match Self::flat(items, &Self::Always, &Self::Never, |f| match f {
            Self::And(items) => Ok(items),
            other => Err(other),
        }) {
            Ok(items) => Self::And(Arc::new(items)),
            Err(single) => single,
        }
    }

    pub(crate) fn any(items: impl IntoIterator<Item = Self>) -> Self {
        match Self::flat(items, &Self::Never, &Self::Always, |f| match f {
            Self::Or(items) => Ok(items),
            other => Err(other),
        }) {
            Ok(items) => Self::Or(Arc::new(items)),
            Err(single) => single,
        }
    }

    /// Sorted and without repetition, so that equal formulas are the same; `Err` where one value is left.
    fn flat(
        items: impl IntoIterator<Item = Self>,
        neutral: &Self,
        absorbing: &Self,
        open: impl Fn(Self) -> Result<Arc<Vec<Self>>, Self>,
    ) -> Result<Vec<Self>, Self> {
        let mut flat = Vec::new();
        for item in items {
            match open(item) {
                Ok(inner) => flat.extend(inner.iter().cloned()),
                Err(item) if item == *neutral => {}
                Err(item) if item == *absorbing => return Err(item),
                Err(item) => flat.push(item),
            }
        }
        flat.sort();
        flat.dedup();
        let opposed =
            |item: &Self| matches!(item, Self::Not(inner) if flat.binary_search(inner).is_ok());
        if flat.iter().any(opposed) {
            return Err(absorbing.clone());
        }
        match flat.len() {
            0 => Err(neutral.clone()),
            1 => Err(flat.pop().unwrap_or_else(|| neutral.clone())),
            _ => Ok(flat),
        }
    }

    pub(crate) fn and(self, other: Self) -> Self {
        Self::all([self, other])
    }

    /// Whether a value is in the set.
    pub(crate) fn holds(&self, value: &str) -> bool {
        match self {
            Self::Never => false,
            Self::Always => true,
            Self::Glob(glob) => glob.matches(value),
            Self::Opaque(opaque) => opaque.holds(value),
            Self::Not(inner) => !inner.holds(value),
            Self::And(items) => items.iter().all(|item| item.holds(value)),
            Self::Or(items) => items.iter().any(|item| item.holds(value)),
        }
    }

    /// All leaves that are no constants.
    pub(crate) fn leaves<'f>(
        &'f self,
        globs: &mut Vec<&'f Arc<Glob>>,
        opaques: &mut Vec<&'f Arc<Opaque>>,
    ) {
        match self {
            Self::Never | Self::Always => {}
            Self::Glob(glob) => globs.push(glob),
            Self::Opaque(opaque) => opaques.push(opaque),
            Self::Not(inner) => inner.leaves(globs, opaques),
            Self::And(items) | Self::Or(items) => {
                for item in items.iter() {
                    item.leaves(globs, opaques);
                }
            }
        }
    }
}

/// Which values of a key are meant, and whether it may be absent.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Lang {
    pub(crate) present: Formula,
    pub(crate) absent: bool,
}

impl Lang {
    pub(crate) const ANYTHING: Self = Self {
        present: Formula::Always,
        absent: true,
    };

    pub(crate) const fn values(present: Formula) -> Self {
        Self {
            present,
            absent: false,
        }
    }

    /// The values that are given, or none at all.
    pub(crate) const fn unless_absent(present: Formula) -> Self {
        Self {
            present,
            absent: true,
        }
    }

    pub(crate) fn and(&self, other: &Self) -> Self {
        Self {
            present: self.present.clone().and(other.present.clone()),
            absent: self.absent && other.absent,
        }
    }

    pub(crate) fn not(&self) -> Self {
        Self {
            present: self.present.clone().not(),
            absent: !self.absent,
        }
    }

    pub(crate) fn is_plainly_empty(&self) -> bool {
        self.present == Formula::Never && !self.absent
    }

    pub(crate) fn admits(&self, value: Option<&str>) -> bool {
        value.map_or(self.absent, |value| self.present.holds(value))
    }

    /// Values worth trying where predicates decide that are no languages.
    pub(crate) fn candidates(&self) -> Vec<String> {
        let (mut globs, mut opaques) = (Vec::new(), Vec::new());
        self.present.leaves(&mut globs, &mut opaques);
        let mut texts = Vec::new();
        for opaque in opaques {
            opaque.candidates(&mut texts);
        }
        texts
    }

    /// What a condition says of its key. `base` holds what is known of every request; what it does not
    /// know stays symbolic.
    pub(crate) fn of(condition: &Condition, effect: Effect, base: &Context) -> Self {
        let operator = condition.operator;
        if operator.test == Test::Null {
            let says = |wanted: bool| {
                condition
                    .operands
                    .iter()
                    .any(|o| matches!(o, Operand::Flag(flag) if *flag == wanted))
            };
            let present = if says(false) {
                Formula::Always
            } else {
                Formula::Never
            };
            return Self {
                present,
                absent: says(true),
            };
        }
        let any = match texts(condition, base) {
            Some(formulas) => Formula::any(formulas),
            None => {
                return Self {
                    present: whole(condition, effect),
                    absent: operator.met_by_absence(),
                };
            }
        };
        Self {
            present: if operator.negated { any.not() } else { any },
            absent: operator.met_by_absence(),
        }
    }
}

/// The values of a string operator as formulas; `None` for the other operators.
fn texts(condition: &Condition, base: &Context) -> Option<Vec<Formula>> {
    let formula = |operand: &Operand| match operand {
        Operand::Text(pattern) if pattern.has_variables() => {
            Some(variable(condition, operand, pattern, base))
        }
        Operand::Text(pattern) => Some(Formula::glob(Glob::of(pattern))),
        Operand::Folded(Ok(text)) if text.is_ascii() => {
            Some(Formula::glob(Glob::literal(text, true)))
        }
        Operand::Folded(_) => Some(predicate(condition, operand, Effect::Allow)),
        _ => None,
    };
    condition.operands.iter().map(formula).collect()
}

/// A pattern with variables: exact where they are known or absent for every request, else as wide as it
/// can be and narrowed by a predicate.
fn variable(
    condition: &Condition,
    operand: &Operand,
    pattern: &Pattern,
    base: &Context,
) -> Formula {
    if pattern
        .variables()
        .any(|variable| base.get(&variable.key) == &Fact::Unknown)
    {
        let widest = Formula::glob(Glob::of(pattern));
        return widest.and(predicate(condition, operand, Effect::Allow));
    }
    let known = pattern.substitute(&|variable| base.resolve(variable));
    known.map_or(Formula::Never, |pattern| Formula::glob(Glob::of(&pattern)))
}

/// One value of a condition as a predicate, without the operator's negation.
fn predicate(condition: &Condition, operand: &Operand, effect: Effect) -> Formula {
    let mut single = condition.clone();
    single.operands = vec![operand.clone()];
    single.operator.negated = false;
    single.operator.quantifier = None;
    single.operator.if_exists = false;
    Formula::Opaque(Arc::new(Opaque {
        name: format!(
            "{} {:?} {operand:?}",
            condition.key.as_str(),
            condition.operator.test
        ),
        condition: single,
        effect,
    }))
}

/// A condition of another kind. A request's address is always readable, so that `NotIpAddress` is the
/// opposite of `IpAddress`; an ARN, or an address in a claim, may be neither.
fn whole(condition: &Condition, effect: Effect) -> Formula {
    let operator = condition.operator;
    let may_be_neither = match operator.test {
        Test::IpAddress => !matches!(condition.key.as_str(), "aws:sourceip" | "aws:vpcsourceip"),
        Test::Arn => true,
        _ => false,
    };
    if !may_be_neither {
        let any = Formula::any(
            condition
                .operands
                .iter()
                .map(|o| predicate(condition, o, effect)),
        );
        return if operator.negated { any.not() } else { any };
    }
    let mut single = condition.clone();
    single.operator.quantifier = None;
    single.operator.if_exists = false;
    let mut values: Vec<String> = single.operands.iter().map(|o| format!("{o:?}")).collect();
    values.sort();
    Formula::Opaque(Arc::new(Opaque {
        name: format!(
            "{} {:?} {} {effect:?} {}",
            condition.key.as_str(),
            operator.test,
            operator.negated,
            values.join(" ")
        ),
        condition: single,
        effect,
    }))
}
