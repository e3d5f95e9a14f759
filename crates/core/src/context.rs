//! The request context: which condition keys a request carries, with which values.
//!
//! A key is present, absent, or unknown; unknown is not absent. Key names ignore letter case and are
//! kept lower-cased. [`Context`] is prepared once per request and looked up without allocating.
//!
//! ```
//! use rolecall_core::context::{Context, Fact};
//!
//! let mut context = Context::raw();
//! context.set("aws:SourceIp", Fact::one("203.0.113.7"));
//! assert_eq!(context.get("aws:sourceip"), &Fact::one("203.0.113.7"));
//! assert_eq!(context.get("aws:username"), &Fact::Absent);
//! ```

use crate::pattern::Variable;

/// A value of a key, with what comparisons without letter case need.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Text {
    raw: Box<str>,
    /// The folded text, where it is not the ASCII one.
    folded: Option<Box<str>>,
}

impl Text {
    /// Prepares a value.
    #[must_use]
    pub fn new(text: &str) -> Self {
        Self {
            raw: text.into(),
            folded: (!text.is_ascii()).then(|| fold(text).into()),
        }
    }

    /// The value as given.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.raw
    }

    /// Whether the value, folded, equals a text that is already folded.
    #[must_use]
    pub fn equals_folded(&self, folded: &str) -> bool {
        match &self.folded {
            Some(mine) => **mine == *folded,
            None => self.raw.eq_ignore_ascii_case(folded),
        }
    }
}

/// Lower-cases a text as AWS does where it ignores case: K and the Kelvin sign are equal, s and long
/// s are not, a final sigma depends on the word, nothing is normalised, and letters outside the
/// basic plane stay as they are (observed, radkawar/stackd fixtures, 2026-09-12).
///
/// ```
/// use rolecall_core::context::fold;
///
/// assert_eq!(fold("ΟΣ"), "ος");
/// assert_eq!(fold("𐐀K"), "𐐀k");
/// ```
#[must_use]
pub fn fold(text: &str) -> String {
    let lowered = text.to_lowercase();
    if text.chars().all(|c| c.len_utf16() == 1) {
        return lowered;
    }
    let mut lower = lowered.chars();
    let mut folded = String::with_capacity(text.len());
    for c in text.chars() {
        let own = lower.by_ref().take(c.to_lowercase().count());
        if c.len_utf16() == 2 {
            own.for_each(drop);
            folded.push(c);
        } else {
            folded.extend(own);
        }
    }
    folded
}

/// What is known of a key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fact {
    /// The request does not carry it.
    Absent,
    /// Not known here: it may be absent or have any value.
    Unknown,
    /// A single-valued key.
    One(Text),
    /// A multivalued key, with any number of values.
    Many(Vec<Text>),
}

impl Fact {
    /// A single value.
    #[must_use]
    pub fn one(text: &str) -> Self {
        Self::One(Text::new(text))
    }

    /// A multivalued key.
    pub fn many<'a>(texts: impl IntoIterator<Item = &'a str>) -> Self {
        Self::Many(texts.into_iter().map(Text::new).collect())
    }

    /// The values, none where the key is absent or unknown.
    #[must_use]
    pub fn values(&self) -> &[Text] {
        match self {
            Self::One(text) => std::slice::from_ref(text),
            Self::Many(texts) => texts,
            Self::Absent | Self::Unknown => &[],
        }
    }
}

/// Which keys that are not set count as unknown; all others are absent.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
struct Unset {
    /// Keys, lower-cased; one that ends in `*` stands for all that begin so.
    unknown: Vec<Box<str>>,
}

/// The keys of one request.
#[derive(Debug, Clone, Default)]
pub struct Context {
    /// Sorted by length and text, so that most comparisons end at the length.
    entries: Vec<(Box<str>, Fact)>,
    unset: Unset,
}

impl Context {
    /// A context in which every key that is not set is absent.
    #[must_use]
    pub fn raw() -> Self {
        Self::default()
    }

    /// Sets a key, replacing what was set before.
    pub fn set(&mut self, key: &str, fact: Fact) {
        let key = key.to_lowercase();
        match self.search(&key) {
            Ok(index) => {
                if let Some(entry) = self.entries.get_mut(index) {
                    entry.1 = fact;
                }
            }
            Err(index) => self.entries.insert(index, (key.into(), fact)),
        }
    }

    /// Says that a key is unknown unless it is set. A `*` at the end stands for all keys that begin so.
    pub fn unknown_unless_set(&mut self, key: &str) {
        self.unset.unknown.push(key.to_lowercase().into());
    }

    /// What is known of a key, given in lower case.
    #[must_use]
    pub fn get(&self, key: &str) -> &Fact {
        match self.search(key) {
            Ok(index) => self
                .entries
                .get(index)
                .map_or(&Fact::Absent, |(_, fact)| fact),
            Err(_) if self.unset.contains(key) => &Fact::Unknown,
            Err(_) => &Fact::Absent,
        }
    }

    /// The keys that are set, in no particular order.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &Fact)> {
        self.entries.iter().map(|(key, fact)| (&**key, fact))
    }

    /// The text that a policy variable stands for. Only a single-valued key has one; the default
    /// stands in for an absent key only (observed: not for a multivalued one).
    #[must_use]
    pub fn resolve<'v>(&'v self, variable: &'v Variable) -> Option<&'v str> {
        match self.get(&variable.key) {
            Fact::One(text) => Some(text.as_str()),
            Fact::Absent => variable.default.as_deref(),
            Fact::Many(_) | Fact::Unknown => None,
        }
    }

    fn search(&self, key: &str) -> Result<usize, usize> {
        self.entries
            .binary_search_by(|(k, _)| k.len().cmp(&key.len()).then_with(|| (**k).cmp(key)))
    }
}

impl Unset {
    fn contains(&self, key: &str) -> bool {
        self.unknown
            .iter()
            .any(|unknown| match unknown.strip_suffix('*') {
                Some(prefix) => key.starts_with(prefix),
                None => **unknown == *key,
            })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn folding() {
        for (a, b, equal) in [
            ("K", "\u{212a}", true),
            ("s", "\u{17f}", false),
            ("ß", "ẞ", true),
            ("ß", "SS", false),
            ("İ", "i\u{307}", true),
            ("Σ", "σ", true),
            ("Σ", "ς", false),
            ("ΟΣ", "ος", true),
            ("ΟΣ", "οσ", false),
            ("𐐀", "𐐨", false),
            ("AΣ𐐀", "aσ𐐀", true),
            ("𐐀Σ", "𐐀ς", true),
            ("É", "e\u{301}", false),
            ("PrOd", "prod", true),
        ] {
            assert_eq!(Text::new(a).equals_folded(&fold(b)), equal, "{a} {b}");
            assert_eq!(Text::new(b).equals_folded(&fold(a)), equal, "{b} {a}");
        }
    }

    #[test]
    fn unknown_is_not_absent() {
        let mut context = Context::raw();
        context.unknown_unless_set("aws:SourceIp");
        context.unknown_unless_set("aws:ResourceTag/*");
        assert_eq!(context.get("aws:sourceip"), &Fact::Unknown);
        assert_eq!(context.get("aws:resourcetag/team"), &Fact::Unknown);
        context.set("aws:SourceIp", Fact::Absent);
        assert_eq!(context.get("aws:sourceip"), &Fact::Absent);
    }
}
