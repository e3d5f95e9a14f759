//! The request context: which condition keys a request carries, with which values.
//!
//! A key is present, absent, or unknown; unknown is not absent. Key names ignore letter case and are
//! kept lower-cased. [`Context`] is prepared once per request and looked up without allocating.
//!
//! ```
//! use rolecall_core::context::{Context, Fact, Key};
//!
//! let mut context = Context::raw();
//! context.set("aws:SourceIp", Fact::one("203.0.113.7"));
//! assert_eq!(context.get(&Key::new("aws:sourceip")), &Fact::one("203.0.113.7"));
//! assert_eq!(context.get(&Key::new("aws:username")), &Fact::Absent);
//! ```

use std::borrow::Cow;

use crate::pattern::Variable;

/// A value of a key, with what comparisons without letter case need.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Text {
    raw: Cow<'static, str>,
    /// The folded text, where it is not the ASCII one.
    folded: Option<Box<str>>,
}

impl Text {
    /// Prepares a value.
    #[must_use]
    pub fn new(text: &str) -> Self {
        Self {
            raw: text.to_owned().into(),
            folded: (!text.is_ascii()).then(|| fold(text).into()),
        }
    }

    /// A value that the program knows, in ASCII.
    #[must_use]
    pub const fn fixed(text: &'static str) -> Self {
        Self {
            raw: Cow::Borrowed(text),
            folded: None,
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

/// A condition key, lower-cased and hashed once, so that looking it up costs next to nothing.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Key {
    hash: u64,
    text: Cow<'static, str>,
}

impl Key {
    /// Prepares a key, given in any letter case.
    #[must_use]
    pub fn new(text: &str) -> Self {
        let lower = if text.is_ascii() {
            text.to_ascii_lowercase()
        } else {
            text.to_lowercase()
        };
        Self {
            hash: hash(&lower),
            text: lower.into(),
        }
    }

    /// A key that the program knows, in lower case.
    #[must_use]
    pub fn fixed(text: &'static str) -> Self {
        Self {
            hash: hash(text),
            text: Cow::Borrowed(text),
        }
    }

    /// The key in lower case.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.text
    }
}

/// FxHash over words of eight bytes. An attacker gains nothing from collisions: a request has some thirty keys.
fn hash(text: &str) -> u64 {
    let mix =
        |hash: u64, word: u64| (hash.rotate_left(5) ^ word).wrapping_mul(0x51_7c_c1_b7_27_22_0a_95);
    let (words, rest) = text.as_bytes().as_chunks();
    let hash = words
        .iter()
        .fold(0, |hash, word| mix(hash, u64::from_le_bytes(*word)));
    rest.iter()
        .fold(hash, |hash, byte| mix(hash, u64::from(*byte)))
}

/// The keys of one request.
#[derive(Debug, Clone, Default)]
pub struct Context {
    /// Sorted by hash.
    entries: Vec<(Key, Fact)>,
    /// Keys in lower case that are unknown unless they are set; one that ends in `*` stands for all that begin so.
    unknown: &'static [&'static str],
}

impl Context {
    /// A context in which every key that is not set is absent.
    #[must_use]
    pub fn raw() -> Self {
        Self::default()
    }

    /// A context in which some keys are unknown unless they are set. They are given in lower case; a
    /// `*` at the end stands for all keys that begin so.
    #[must_use]
    pub fn with_unknown(unknown: &'static [&'static str]) -> Self {
        Self {
            entries: Vec::with_capacity(32),
            unknown,
        }
    }

    /// Sets a key, replacing what was set before.
    pub fn set(&mut self, key: &str, fact: Fact) {
        self.insert(Key::new(key), fact);
    }

    /// As [`Context::set`], with a prepared key.
    pub fn insert(&mut self, key: Key, fact: Fact) {
        match self.search(&key) {
            Ok(index) => {
                if let Some(entry) = self.entries.get_mut(index) {
                    entry.1 = fact;
                }
            }
            Err(index) => self.entries.insert(index, (key, fact)),
        }
    }

    /// What is known of a key.
    #[must_use]
    pub fn get(&self, key: &Key) -> &Fact {
        match self.search(key) {
            Ok(index) => self
                .entries
                .get(index)
                .map_or(&Fact::Absent, |(_, fact)| fact),
            Err(_) if self.is_unknown(&key.text) => &Fact::Unknown,
            Err(_) => &Fact::Absent,
        }
    }

    /// The keys that are set, in no particular order.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &Fact)> {
        self.entries.iter().map(|(key, fact)| (key.as_str(), fact))
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

    fn search(&self, key: &Key) -> Result<usize, usize> {
        self.entries.binary_search_by(|(k, _)| k.cmp(key))
    }

    fn is_unknown(&self, key: &str) -> bool {
        self.unknown
            .iter()
            .any(|unknown| match unknown.strip_suffix('*') {
                Some(prefix) => key.starts_with(prefix),
                None => *unknown == key,
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
        let mut context = Context::with_unknown(&["aws:sourceip", "aws:resourcetag/*"]);
        let get = |context: &Context, key| context.get(&Key::new(key)).clone();
        assert_eq!(get(&context, "aws:SourceIp"), Fact::Unknown);
        assert_eq!(get(&context, "aws:ResourceTag/Team"), Fact::Unknown);
        assert_eq!(get(&context, "aws:username"), Fact::Absent);
        context.set("aws:SourceIp", Fact::Absent);
        assert_eq!(get(&context, "aws:sourceip"), Fact::Absent);
    }
}
