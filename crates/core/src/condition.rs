//! Condition operators, three-valued.
//!
//! # Rules
//! Within a statement every test must be met. A test is one operator on one key with a list of
//! values: a positive operator is met when any value matches, a negated one when none does.
//!
//! | the key is | positive | negated | `...IfExists` | `ForAllValues:` | `ForAnyValue:` | `Null: true` |
//! | --- | --- | --- | --- | --- | --- | --- |
//! | absent | not met | **met** | **met** | **met** | not met | met |
//! | present, single | compared | compared | compared | compared as a set of one | compared as a set of one | not met |
//! | present, multivalued | **not met** | **not met** | **not met** | every value must pass | some value must pass | not met |
//! | unknown | unknown | unknown | unknown | unknown | unknown | unknown |
//!
//! Sources: IAM User Guide, "Condition operators" and "Multivalued context keys"; the row of
//! multivalued keys without a set prefix was observed (radkawar/stackd fixtures, 2026-09-12).
//! `ForAnyValue:...IfExists` on an absent key is not documented: we follow the text on `IfExists`, met.
//!
//! What can't be read: a number or date of the request that can't be read is unequal to all; an
//! address or ARN of the request that can't be read meets neither the positive nor the negated
//! operator; an ARN of the policy that can't be read meets a Deny and fails an Allow (all observed, as above).
//!
//! ```
//! use rolecall_core::condition::{Operator, Quantifier};
//!
//! let operator = Operator::parse("ForAnyValue:StringNotLikeIfExists").unwrap();
//! assert_eq!(operator.quantifier, Some(Quantifier::ForAnyValue));
//! assert!(operator.negated && operator.if_exists);
//! assert!(Operator::parse("NullIfExists").is_none());
//! ```

pub mod literal;

use std::cmp::Ordering;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;

use crate::context::{Context, Fact, Key, Text, fold};
use crate::pattern::{Pattern, Syntax, Variable};
use crate::tri::Tri;
use literal::{Decimal, Network};

/// Whether a matching statement grants or refuses.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Effect {
    /// `Allow`
    Allow,
    /// `Deny`
    Deny,
}

/// A condition operator, taken apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Operator {
    /// `ForAllValues:` or `ForAnyValue:`.
    pub quantifier: Option<Quantifier>,
    /// What is compared, and how.
    pub test: Test,
    /// `...Not...`: met when no value matches.
    pub negated: bool,
    /// `...IfExists`: met when the key is absent.
    pub if_exists: bool,
}

/// The set prefixes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Quantifier {
    /// Every value of the request must pass; met when there is none.
    ForAllValues,
    /// Some value of the request must pass; not met when there is none.
    ForAnyValue,
}

/// How a value of the request is compared with a value of the policy.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Test {
    /// Equal text; `*` and `?` are plain characters.
    StringEquals,
    /// Equal lower-cased text.
    StringEqualsIgnoreCase,
    /// The wildcard of [`crate::pattern`].
    StringLike,
    /// Decimal numbers.
    Numeric(Comparison),
    /// Instants.
    Date(Comparison),
    /// `true` or anything else.
    Bool,
    /// The bytes behind base64.
    Binary,
    /// An address in a network.
    IpAddress,
    /// ARNs, part by part with wildcards; `ArnEquals` and `ArnLike` are the same.
    Arn,
    /// Presence of the key.
    Null,
}

/// The order that a number or a date must have.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Comparison {
    /// The same.
    Equals,
    /// Before the policy's value.
    Less,
    /// Before it or the same.
    LessOrEquals,
    /// After it.
    Greater,
    /// After it or the same.
    GreaterOrEquals,
}

impl Operator {
    /// Reads an operator's name. Letter case counts; AWS documents no other spelling.
    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        let (quantifier, rest) = match name.split_once(':') {
            Some(("ForAllValues", rest)) => (Some(Quantifier::ForAllValues), rest),
            Some(("ForAnyValue", rest)) => (Some(Quantifier::ForAnyValue), rest),
            Some(_) => return None,
            None => (None, name),
        };
        let (base, if_exists) = match rest.strip_suffix("IfExists") {
            Some(base) => (base, true),
            None => (rest, false),
        };
        let (test, negated) = base_operator(base)?;
        // Null takes neither a prefix nor IfExists (IAM User Guide, "Condition operators").
        if test == Test::Null && (quantifier.is_some() || if_exists) {
            return None;
        }
        Some(Self {
            quantifier,
            test,
            negated,
            if_exists,
        })
    }

    /// Whether policy variables are replaced in its values: in string and ARN operators only
    /// (IAM User Guide, "Policy variables").
    #[must_use]
    pub const fn takes_variables(self) -> bool {
        matches!(
            self.test,
            Test::StringEquals | Test::StringEqualsIgnoreCase | Test::StringLike | Test::Arn
        )
    }

    /// Whether it is met by a key that is absent.
    #[must_use]
    pub fn met_by_absence(self) -> bool {
        match self.quantifier {
            _ if self.if_exists => true,
            Some(quantifier) => quantifier == Quantifier::ForAllValues,
            None => self.negated,
        }
    }
}

fn base_operator(name: &str) -> Option<(Test, bool)> {
    let plain = |test| Some((test, false));
    let not = |test| Some((test, true));
    match name {
        "StringEquals" => plain(Test::StringEquals),
        "StringNotEquals" => not(Test::StringEquals),
        "StringEqualsIgnoreCase" => plain(Test::StringEqualsIgnoreCase),
        "StringNotEqualsIgnoreCase" => not(Test::StringEqualsIgnoreCase),
        "StringLike" => plain(Test::StringLike),
        "StringNotLike" => not(Test::StringLike),
        "Bool" => plain(Test::Bool),
        "BinaryEquals" => plain(Test::Binary),
        "IpAddress" => plain(Test::IpAddress),
        "NotIpAddress" => not(Test::IpAddress),
        "ArnEquals" | "ArnLike" => plain(Test::Arn),
        "ArnNotEquals" | "ArnNotLike" => not(Test::Arn),
        "Null" => plain(Test::Null),
        _ => match (name.strip_prefix("Numeric"), name.strip_prefix("Date")) {
            (Some(order), _) => {
                comparison(order).map(|(order, negated)| (Test::Numeric(order), negated))
            }
            (_, Some(order)) => {
                comparison(order).map(|(order, negated)| (Test::Date(order), negated))
            }
            _ => None,
        },
    }
}

fn comparison(name: &str) -> Option<(Comparison, bool)> {
    Some(match name {
        "Equals" => (Comparison::Equals, false),
        "NotEquals" => (Comparison::Equals, true),
        "LessThan" => (Comparison::Less, false),
        "LessThanEquals" => (Comparison::LessOrEquals, false),
        "GreaterThan" => (Comparison::Greater, false),
        "GreaterThanEquals" => (Comparison::GreaterOrEquals, false),
        _ => return None,
    })
}

impl Comparison {
    const fn holds(self, order: Ordering) -> bool {
        match self {
            Self::Equals => order.is_eq(),
            Self::Less => order.is_lt(),
            Self::LessOrEquals => order.is_le(),
            Self::Greater => order.is_gt(),
            Self::GreaterOrEquals => order.is_ge(),
        }
    }
}

/// A value of the policy, prepared for its operator. `None` inside: the text can't be read.
#[derive(Debug, Clone)]
pub enum Operand {
    /// For `StringEquals` and `StringLike`.
    Text(Pattern),
    /// For `StringEqualsIgnoreCase`: the folded text, or the pattern where it has variables.
    Folded(Result<Box<str>, Pattern>),
    /// For numbers: the text, known to be one.
    Number(Option<Box<str>>),
    /// For dates, in milliseconds since 1970.
    Date(Option<i64>),
    /// For `Bool` and `Null`.
    Flag(bool),
    /// For `BinaryEquals`.
    Bytes(Option<Box<[u8]>>),
    /// For addresses.
    Network(Option<Network>),
    /// For ARNs: six patterns, or the pattern where it has variables.
    Arn(Result<Option<Box<[Pattern]>>, Pattern>),
}

impl Operand {
    /// Prepares `text` for an operator; `variables`: the policy's Version has them.
    #[must_use]
    pub fn prepare(operator: Operator, text: &str, variables: bool) -> Self {
        let pattern = |wildcards| {
            Pattern::new(
                text,
                Syntax {
                    wildcards,
                    variables: variables && operator.takes_variables(),
                },
            )
        };
        match operator.test {
            Test::StringEquals => Self::Text(pattern(false)),
            Test::StringLike => Self::Text(pattern(true)),
            Test::StringEqualsIgnoreCase => Self::Folded(folded_literal(pattern(false))),
            Test::Numeric(_) => Self::Number(Decimal::parse(text).map(|_| text.into())),
            Test::Date(_) => Self::Date(literal::date(text)),
            Test::Bool | Test::Null => Self::Flag(literal::boolean(text)),
            Test::Binary => Self::Bytes(BASE64.decode(text).ok().map(Into::into)),
            Test::IpAddress => Self::Network(Network::parse(text)),
            Test::Arn => Self::Arn(arn_operand(pattern(true))),
        }
    }

    /// Whether the text can be read as what its operator compares.
    #[must_use]
    pub const fn is_readable(&self) -> bool {
        !matches!(
            self,
            Self::Number(None)
                | Self::Date(None)
                | Self::Bytes(None)
                | Self::Network(None)
                | Self::Arn(Ok(None))
        )
    }

    fn variables(&self) -> Option<&Pattern> {
        match self {
            Self::Text(pattern) | Self::Folded(Err(pattern)) | Self::Arn(Err(pattern))
                if pattern.has_variables() =>
            {
                Some(pattern)
            }
            _ => None,
        }
    }
}

fn folded_literal(pattern: Pattern) -> Result<Box<str>, Pattern> {
    pattern
        .as_literal()
        .map(|text| fold(text).into())
        .ok_or(pattern)
}

fn arn_operand(pattern: Pattern) -> Result<Option<Box<[Pattern]>>, Pattern> {
    if pattern.has_variables() {
        Err(pattern)
    } else {
        Ok(arn_pieces(&pattern))
    }
}

fn arn_pieces(pattern: &Pattern) -> Option<Box<[Pattern]>> {
    let pieces = pattern.split_at_colons(6);
    (pieces.len() == 6).then(|| pieces.into())
}

/// What comparing one value of the request with one value of the policy gave.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Hit {
    /// They match.
    Match,
    /// They do not.
    Miss,
    /// The request's value can't be read, so that the test is met neither way.
    Neither,
    /// The policy's value can't be read, so that the statement's effect decides.
    Malformed,
    /// A variable's value is not known.
    Unknown,
}

impl From<bool> for Hit {
    fn from(value: bool) -> Self {
        if value { Self::Match } else { Self::Miss }
    }
}

/// One test of a statement, prepared.
#[derive(Debug, Clone)]
pub struct Condition {
    /// The operator.
    pub operator: Operator,
    /// The key.
    pub key: Key,
    /// The values, in the order of the text.
    pub operands: Vec<Operand>,
}

impl Condition {
    /// Whether the test is met in a statement of this effect.
    #[must_use]
    pub fn evaluate(&self, context: &Context, effect: Effect) -> Tri {
        let fact = context.get(&self.key);
        match fact {
            Fact::Unknown => Tri::Unknown,
            _ if self.operator.test == Test::Null => self.null(matches!(fact, Fact::Absent)),
            Fact::Absent => self.operator.met_by_absence().into(),
            Fact::One(value) => self.passes(value, context, effect),
            Fact::Many(values) => {
                let mut each = values
                    .iter()
                    .map(|value| self.passes(value, context, effect));
                match self.operator.quantifier {
                    None => Tri::No,
                    Some(Quantifier::ForAllValues) => Tri::all(&mut each),
                    Some(Quantifier::ForAnyValue) => Tri::any(&mut each),
                }
            }
        }
    }

    /// Whether one value of the request passes the test.
    fn passes(&self, value: &Text, context: &Context, effect: Effect) -> Tri {
        let mut result = Tri::No;
        for operand in &self.operands {
            match self.compare(operand, value, context) {
                Hit::Match => return Tri::from(!self.operator.negated),
                Hit::Neither => return Tri::No,
                Hit::Malformed => return Tri::from(effect == Effect::Deny),
                Hit::Unknown => result = Tri::Unknown,
                Hit::Miss => {}
            }
        }
        if self.operator.negated {
            !result
        } else {
            result
        }
    }

    fn null(&self, absent: bool) -> Tri {
        let wanted = |operand: &Operand| matches!(operand, Operand::Flag(flag) if *flag == absent);
        self.operands.iter().any(wanted).into()
    }

    /// Compares one value of the policy with one of the request. Presence is not asked here.
    #[must_use]
    pub fn compare(&self, operand: &Operand, value: &Text, context: &Context) -> Hit {
        let variables = operand.variables();
        if variables.is_some_and(|p| p.variables().any(|v| context.get(&v.key) == &Fact::Unknown)) {
            return Hit::Unknown;
        }
        let resolve = |variable| context.resolve(variable);
        match operand {
            Operand::Text(pattern) => pattern.matches_with(value.as_str(), &resolve).into(),
            Operand::Folded(Ok(folded)) => value.equals_folded(folded).into(),
            Operand::Folded(Err(pattern)) => matches_folded(pattern, value, &resolve).into(),
            Operand::Flag(flag) => (*flag == literal::boolean(value.as_str())).into(),
            Operand::Bytes(bytes) => equal_bytes(bytes.as_deref(), value).into(),
            Operand::Number(number) => self.in_order(number_order(number.as_deref(), value)).into(),
            Operand::Date(date) => self.in_order(date_order(*date, value)).into(),
            Operand::Network(network) => in_network(network.as_ref(), value),
            Operand::Arn(Ok(pieces)) => like_arn(pieces.as_deref(), value),
            Operand::Arn(Err(pattern)) => {
                let pieces = pattern.substitute(&resolve).map(|p| arn_pieces(&p));
                pieces.map_or(Hit::Miss, |pieces| like_arn(pieces.as_deref(), value))
            }
        }
    }

    fn in_order(&self, order: Option<Ordering>) -> bool {
        match self.operator.test {
            Test::Numeric(comparison) | Test::Date(comparison) => {
                order.is_some_and(|o| comparison.holds(o))
            }
            _ => false,
        }
    }
}

/// Folding looks at whole words, so that the text must be put together first: the one comparison that allocates.
fn matches_folded<'r>(
    pattern: &'r Pattern,
    value: &Text,
    resolve: &'r dyn Fn(&'r Variable) -> Option<&'r str>,
) -> bool {
    let whole = pattern.substitute(resolve);
    whole
        .and_then(|p| folded_literal(p).ok())
        .is_some_and(|folded| value.equals_folded(&folded))
}

fn equal_bytes(bytes: Option<&[u8]>, value: &Text) -> bool {
    bytes.is_some() && BASE64.decode(value.as_str()).ok().as_deref() == bytes
}

fn number_order(number: Option<&str>, value: &Text) -> Option<Ordering> {
    let number = number.and_then(Decimal::parse)?;
    Some(Decimal::parse(value.as_str())?.compare(number))
}

fn date_order(date: Option<i64>, value: &Text) -> Option<Ordering> {
    Some(literal::date(value.as_str())?.cmp(&date?))
}

fn in_network(network: Option<&Network>, value: &Text) -> Hit {
    match (literal::address(value.as_str()), network) {
        (None, _) => Hit::Neither,
        (Some(address), network) => network.is_some_and(|n| n.contains(address)).into(),
    }
}

fn like_arn(pieces: Option<&[Pattern]>, value: &Text) -> Hit {
    match (literal::arn(value.as_str()), pieces) {
        (None, _) => Hit::Neither,
        (Some(_), None) => Hit::Malformed,
        (Some(parts), Some(pieces)) => pieces
            .iter()
            .zip(parts)
            .all(|(piece, part)| piece.matches(part))
            .into(),
    }
}
