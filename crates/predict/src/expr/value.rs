//! Values, known or not.

use rolecall_core::tri::Tri;

use crate::text::Text;

/// What an expression gives.
#[derive(Debug, Clone, PartialEq)]
pub enum Value {
    /// `null`, also what a property gives that is not there.
    Null,
    /// `true`, `false`
    Bool(bool),
    /// A number.
    Number(f64),
    /// A text, perhaps with holes.
    Text(Text),
    /// A list.
    List(Vec<Self>),
    /// An object.
    Object {
        /// Its properties.
        members: Vec<(String, Self)>,
        /// It may have more than are known; the name says what it is.
        open: Option<String>,
    },
    /// One of several, not known which.
    Either(Vec<Self>),
    /// Not known: the name says what.
    Unknown(String),
    /// Not known, but that it counts as false.
    Falsy(String),
}

/// The most alternatives that are kept apart.
pub(super) const MOST_ALTERNATIVES: usize = 16;

impl Value {
    /// A known text.
    #[must_use]
    pub fn text(text: &str) -> Self {
        Self::Text(Text::from(text))
    }

    /// An object of which all is known.
    pub fn object<K: Into<String>>(members: impl IntoIterator<Item = (K, Self)>) -> Self {
        Self::Object {
            members: members
                .into_iter()
                .map(|(key, value)| (key.into(), value))
                .collect(),
            open: None,
        }
    }

    /// The value of JSON.
    #[must_use]
    pub fn from_json(json: &serde_json::Value) -> Self {
        match json {
            serde_json::Value::Null => Self::Null,
            serde_json::Value::Bool(value) => Self::Bool(*value),
            serde_json::Value::Number(number) => number.as_f64().map_or(Self::Null, Self::Number),
            serde_json::Value::String(text) => Self::text(text),
            serde_json::Value::Array(items) => {
                Self::List(items.iter().map(Self::from_json).collect())
            }
            serde_json::Value::Object(members) => Self::object(
                members
                    .iter()
                    .map(|(key, value)| (key.as_str(), Self::from_json(value))),
            ),
        }
    }

    /// The value as JSON; `None` where a part of it is not known.
    #[must_use]
    pub fn to_json(&self) -> Option<serde_json::Value> {
        Some(match self {
            Self::Null => serde_json::Value::Null,
            Self::Bool(value) => (*value).into(),
            Self::Number(number) => json_number(*number),
            Self::Text(text) => text.known()?.into(),
            Self::List(items) => items
                .iter()
                .map(Self::to_json)
                .collect::<Option<Vec<_>>>()?
                .into(),
            Self::Object {
                members,
                open: None,
            } => {
                let members = members
                    .iter()
                    .map(|(key, value)| Some((key.clone(), value.to_json()?)));
                serde_json::Value::Object(members.collect::<Option<_>>()?)
            }
            Self::Object { .. } | Self::Either(_) | Self::Unknown(_) | Self::Falsy(_) => {
                return None;
            }
        })
    }

    /// Each value it can be.
    #[must_use]
    pub fn alternatives(self) -> Vec<Self> {
        match self {
            Self::Either(values) => values,
            value => vec![value],
        }
    }

    /// One of several; the same value twice is one.
    #[must_use]
    pub fn either(values: impl IntoIterator<Item = Self>) -> Self {
        let mut all: Vec<Self> = Vec::new();
        for value in values.into_iter().flat_map(Self::alternatives) {
            if !all.contains(&value) {
                all.push(value);
            }
        }
        match all.len() {
            1 => all.pop().unwrap_or(Self::Null),
            2..=MOST_ALTERNATIVES => Self::Either(all),
            _ => Self::Unknown("too many alternatives".to_owned()),
        }
    }

    /// Yes, no, or one of both.
    #[must_use]
    pub fn from_tri(answer: Tri) -> Self {
        match answer {
            Tri::Yes => Self::Bool(true),
            Tri::No => Self::Bool(false),
            Tri::Unknown => Self::Either(vec![Self::Bool(true), Self::Bool(false)]),
        }
    }

    /// Whether it counts as true: `false`, `0`, `''` and `null` do not.
    #[must_use]
    pub fn truth(&self) -> Tri {
        match self {
            Self::Null | Self::Falsy(_) => Tri::No,
            Self::Bool(value) => Tri::from(*value),
            Self::Number(number) => Tri::from(*number != 0.0 && !number.is_nan()),
            Self::Text(text) => text.is_filled(),
            Self::List(_) | Self::Object { .. } => Tri::Yes,
            Self::Unknown(_) => Tri::Unknown,
            Self::Either(values) => {
                let mut answers = values.iter().map(Self::truth);
                let first = answers.next().unwrap_or(Tri::Unknown);
                if answers.all(|answer| answer == first) {
                    first
                } else {
                    Tri::Unknown
                }
            }
        }
    }

    /// A property, found without letter case.
    #[must_use]
    pub fn get(&self, key: &str) -> Self {
        match self {
            Self::Object { members, open } => {
                let found = members
                    .iter()
                    .find(|(name, _)| name.eq_ignore_ascii_case(key));
                match (found, open) {
                    (Some((_, value)), _) => value.clone(),
                    (None, Some(name)) => Self::Unknown(format!("{name}.{key}")),
                    (None, None) => Self::Null,
                }
            }
            Self::Unknown(name) => Self::Unknown(format!("{name}.{key}")),
            Self::Either(values) => Self::either(values.iter().map(|value| value.get(key))),
            _ => Self::Null,
        }
    }

    /// The text that it is written as, for each value it can be.
    #[must_use]
    pub fn texts(&self) -> Vec<Text> {
        match self {
            Self::Either(values) => values.iter().flat_map(Self::texts).collect(),
            Self::Text(text) => vec![text.clone()],
            Self::Null => vec![Text::default()],
            Self::Bool(value) => vec![Text::from(if *value { "true" } else { "false" })],
            Self::Number(number) => vec![Text::from(number_text(*number))],
            Self::List(_) => vec![Text::from("Array")],
            Self::Object { .. } => vec![Text::from("Object")],
            Self::Unknown(name) | Self::Falsy(name) => vec![Text::hole(name)],
        }
    }

    /// The number that it counts as; `None` where that is not known.
    pub(super) fn number(&self) -> Option<f64> {
        Some(match self {
            Self::Null => 0.0,
            Self::Bool(value) => f64::from(u8::from(*value)),
            Self::Number(number) => *number,
            Self::Text(text) => number(text.known()?.trim()).unwrap_or(f64::NAN),
            Self::List(_) | Self::Object { .. } => f64::NAN,
            Self::Either(_) | Self::Unknown(_) | Self::Falsy(_) => return None,
        })
    }
}

/// A number as expressions read texts: decimal, hexadecimal, octal; nothing is 0.
pub(super) fn number(text: &str) -> Option<f64> {
    let whole = |digits: &str, radix| i64::from_str_radix(digits, radix).ok();
    if text.is_empty() {
        return Some(0.0);
    }
    if let Some(digits) = text.strip_prefix("0x") {
        return whole(digits, 16)
            .and_then(|n| i32::try_from(n).ok())
            .map(f64::from);
    }
    if let Some(digits) = text.strip_prefix("0o") {
        return whole(digits, 8)
            .and_then(|n| i32::try_from(n).ok())
            .map(f64::from);
    }
    let is_number = text
        .chars()
        .all(|c| c.is_ascii_digit() || matches!(c, '.' | '+' | '-' | 'e' | 'E'));
    text.parse().ok().filter(|_| is_number)
}

/// Whole numbers have no point.
pub(super) fn number_text(number: f64) -> String {
    if number.is_infinite() {
        return if number > 0.0 {
            "Infinity"
        } else {
            "-Infinity"
        }
        .to_owned();
    }
    format!("{number}")
}

fn json_number(number: f64) -> serde_json::Value {
    let whole = number_text(number).parse::<i64>().ok();
    whole.map_or_else(|| serde_json::Value::from(number), serde_json::Value::from)
}
