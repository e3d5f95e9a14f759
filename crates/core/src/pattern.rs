//! The IAM wildcard.
//!
//! # Grammar
//! | text | matches |
//! | --- | --- |
//! | `*` | any run of characters, also none; it crosses `/`, `:` and line breaks |
//! | `?` | exactly one UTF-16 unit: `é` is one, `𐐀` is two and needs `??` |
//! | `${*}` `${?}` `${$}` | the character itself, under Version `2012-10-17` only |
//! | `${key}` `${key, 'default'}` | the value of a request context key, taken literally, under `2012-10-17` only |
//! | anything else | itself; there are no classes and no backslash escapes |
//!
//! A pattern must cover the whole text. Letter case counts. Sources: IAM User Guide, "Condition
//! operators" and "Policy variables"; the UTF-16 rule, line breaks and the missing escapes were
//! observed (radkawar/stackd fixtures, 2026-09-12).
//!
//! # Cost
//! A pattern is cut at its stars into segments. The first is anchored at the start, the last at the
//! end, and each one between is taken at its leftmost place, which is never wrong to do; so nothing
//! is tried twice. Time is at worst the length of the text times the longest segment. Nothing is allocated.
//!
//! ```
//! use rolecall_core::pattern::Pattern;
//!
//! let pattern = Pattern::wildcard("repo:octo-org/*:ref:refs/heads/ma?n");
//! assert!(pattern.matches("repo:octo-org/octo-repo:ref:refs/heads/main"));
//! assert!(!pattern.matches("repo:octo-org/octo-repo:ref:refs/heads/maain"));
//! assert!(Pattern::wildcard("??").matches("𐐀"));
//! ```

use std::borrow::Cow;
use std::fmt;

use crate::context::Key;

/// Which characters of a policy text are special.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Syntax {
    /// `*` and `?` are wildcards.
    pub wildcards: bool,
    /// `${...}` is a policy variable: Version `2012-10-17`, and an operator that takes variables.
    pub variables: bool,
}

/// A prepared pattern.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pattern {
    /// What stands between the stars; always at least one.
    segments: Vec<Segment>,
    /// Whether any part is a variable.
    has_variables: bool,
}

type Segment = Vec<Part>;

/// A piece of a segment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Part {
    /// These characters.
    Literal(Box<str>),
    /// Any one UTF-16 unit.
    Any,
    /// The value of a context key. Boxed, since it is rare and large.
    Variable(Box<Variable>),
}

/// `${key}` or `${key, 'default'}`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Variable {
    /// The key.
    pub key: Key,
    /// What stands in where the key is absent.
    pub default: Option<Box<str>>,
}

/// Resolves a variable to its text. `None`: the variable has no value, and nothing can equal it.
pub type Resolve<'r> = &'r dyn Fn(&'r Variable) -> Option<&'r str>;

impl Pattern {
    /// A pattern whose `*` and `?` are wildcards, without variables.
    #[must_use]
    pub fn wildcard(text: &str) -> Self {
        Self::new(
            text,
            Syntax {
                wildcards: true,
                variables: false,
            },
        )
    }

    /// Prepares `text`.
    #[must_use]
    pub fn new(text: &str, syntax: Syntax) -> Self {
        let mut builder = Builder::default();
        let mut rest = text;
        while let Some(at) = rest.find(['*', '?', '$']) {
            let (literal, special) = rest.split_at_checked(at).unwrap_or((rest, ""));
            builder.literal(literal);
            rest = builder.special(special, syntax);
        }
        builder.literal(rest);
        builder.finish()
    }

    /// Whether the pattern covers the whole text. A pattern with variables that have no value never does.
    #[must_use]
    pub fn matches(&self, text: &str) -> bool {
        self.matches_with(text, &|_| None)
    }

    /// As [`Pattern::matches`], with the values of variables.
    #[must_use]
    pub fn matches_with<'r>(&'r self, text: &str, resolve: Resolve<'r>) -> bool {
        let Some((first, rest)) = self.segments.split_first() else {
            return text.is_empty();
        };
        let Some(mut at) = match_here(first, text, 0, resolve) else {
            return false;
        };
        let Some((last, middle)) = rest.split_last() else {
            return at == text.len();
        };
        for segment in middle {
            match find(segment, text, at, resolve) {
                Some(end) => at = end,
                None => return false,
            }
        }
        match_end(last, text, resolve).is_some_and(|start| start >= at)
    }

    /// Whether `*` or `?` is in the pattern as a wildcard.
    #[must_use]
    pub fn has_wildcards(&self) -> bool {
        self.segments.len() > 1 || self.parts().any(|part| *part == Part::Any)
    }

    /// Whether a policy variable is in the pattern.
    #[must_use]
    pub const fn has_variables(&self) -> bool {
        self.has_variables
    }

    /// The variables in the order of the text.
    pub fn variables(&self) -> impl Iterator<Item = &Variable> {
        self.parts().filter_map(|part| match part {
            Part::Variable(variable) => Some(&**variable),
            _ => None,
        })
    }

    /// The text, where the pattern is one literal.
    #[must_use]
    pub fn as_literal(&self) -> Option<&str> {
        match self.segments.as_slice() {
            [segment] => match segment.as_slice() {
                [] => Some(""),
                [Part::Literal(text)] => Some(text),
                _ => None,
            },
            _ => None,
        }
    }

    /// What stands between the stars: the first segment is anchored at the start, the last at the end.
    #[must_use]
    pub fn segments(&self) -> &[Vec<Part>] {
        &self.segments
    }

    fn parts(&self) -> impl Iterator<Item = &Part> {
        self.segments.iter().flatten()
    }

    /// The pattern with its variables replaced by their values, taken literally.
    /// `None` where one has no value.
    #[must_use]
    pub fn substitute<'r>(&'r self, resolve: Resolve<'r>) -> Option<Self> {
        let mut builder = Builder::default();
        for (index, segment) in self.segments.iter().enumerate() {
            if index > 0 {
                builder.star();
            }
            for part in segment {
                match part {
                    Part::Literal(text) => builder.literal(text),
                    Part::Any => builder.part(Part::Any),
                    Part::Variable(variable) => builder.literal(resolve(variable)?),
                }
            }
        }
        Some(builder.finish())
    }

    /// The pattern cut at its first `count - 1` literal colons. Variables must be substituted before.
    #[must_use]
    pub fn split_at_colons(&self, count: usize) -> Vec<Self> {
        let mut pieces = Vec::new();
        let mut builder = Builder::default();
        for (index, segment) in self.segments.iter().enumerate() {
            if index > 0 {
                builder.star();
            }
            for part in segment {
                let Part::Literal(text) = part else {
                    builder.part(part.clone());
                    continue;
                };
                let mut rest: &str = text;
                while let Some((before, after)) =
                    rest.split_once(':').filter(|_| pieces.len() + 1 < count)
                {
                    builder.literal(before);
                    pieces.push(std::mem::take(&mut builder).finish());
                    rest = after;
                }
                builder.literal(rest);
            }
        }
        pieces.push(builder.finish());
        pieces
    }
}

impl fmt::Display for Pattern {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, segment) in self.segments.iter().enumerate() {
            if index > 0 {
                f.write_str("*")?;
            }
            for part in segment {
                match part {
                    Part::Literal(text) => f.write_str(text)?,
                    Part::Any => f.write_str("?")?,
                    Part::Variable(variable) => write!(f, "${{{}}}", variable.key.as_str())?,
                }
            }
        }
        Ok(())
    }
}

#[derive(Default)]
struct Builder<'t> {
    segments: Vec<Segment>,
    segment: Segment,
    literal: Cow<'t, str>,
    has_variables: bool,
}

impl<'t> Builder<'t> {
    /// Takes what begins with `*`, `?` or `$`; returns what follows it.
    fn special(&mut self, text: &'t str, syntax: Syntax) -> &'t str {
        let variable = text.strip_prefix("${").filter(|_| syntax.variables);
        if let Some((name, rest)) = variable.and_then(|inner| inner.split_once('}')) {
            self.variable(name);
            return rest;
        }
        let (first, rest) = text.split_at_checked(1).unwrap_or((text, ""));
        match first {
            "*" if syntax.wildcards => self.star(),
            "?" if syntax.wildcards => self.part(Part::Any),
            _ => self.literal(first),
        }
        rest
    }

    fn literal(&mut self, text: &'t str) {
        if self.literal.is_empty() {
            self.literal = Cow::Borrowed(text);
        } else if !text.is_empty() {
            self.literal.to_mut().push_str(text);
        }
    }

    fn part(&mut self, part: Part) {
        self.flush();
        self.segment.push(part);
    }

    fn star(&mut self) {
        self.flush();
        let segment = std::mem::take(&mut self.segment);
        // `**` is `*`: an empty segment between two stars says nothing.
        if !segment.is_empty() || self.segments.is_empty() {
            self.segments.push(segment);
        }
    }

    fn variable(&mut self, name: &'t str) {
        if let "*" | "?" | "$" = name {
            self.literal(name);
            return;
        }
        let (key, default) = match name.split_once(',') {
            Some((key, default)) => (key, Some(default.trim().trim_matches('\'').into())),
            None => (name, None),
        };
        self.has_variables = true;
        self.part(Part::Variable(Box::new(Variable {
            key: Key::new(key.trim()),
            default,
        })));
    }

    fn flush(&mut self) {
        if !self.literal.is_empty() {
            let literal = std::mem::take(&mut self.literal);
            self.segment.push(Part::Literal(literal.into()));
        }
    }

    fn finish(mut self) -> Pattern {
        self.flush();
        self.segments.push(self.segment);
        Pattern {
            segments: self.segments,
            has_variables: self.has_variables,
        }
    }
}

/// Matches a segment at `at`; returns where it ends.
fn match_here<'r>(
    segment: &'r [Part],
    text: &str,
    mut at: usize,
    resolve: Resolve<'r>,
) -> Option<usize> {
    for part in segment {
        at = match part {
            Part::Literal(literal) => strip(text, at, literal)?,
            Part::Variable(variable) => strip(text, at, resolve(variable)?)?,
            Part::Any => next_unit(text, at)?,
        };
    }
    Some(at)
}

/// Matches a segment so that it ends where the text ends; returns where it starts.
fn match_end<'r>(segment: &'r [Part], text: &str, resolve: Resolve<'r>) -> Option<usize> {
    let mut at = text.len();
    for part in segment.iter().rev() {
        at = match part {
            Part::Literal(literal) => strip_back(text, at, literal)?,
            Part::Variable(variable) => strip_back(text, at, resolve(variable)?)?,
            Part::Any => previous_unit(text, at)?,
        };
    }
    Some(at)
}

/// The leftmost place at or after `from` where the segment matches; returns where it ends.
fn find<'r>(segment: &'r [Part], text: &str, from: usize, resolve: Resolve<'r>) -> Option<usize> {
    if let [Part::Literal(literal)] = segment {
        return find_literal(text, from, literal);
    }
    let mut at = from;
    loop {
        if let Some(end) = match_here(segment, text, at, resolve) {
            return Some(end);
        }
        at = next_unit(text, at)?;
    }
}

/// Goes from one place of the first byte to the next. Preparing a linear search would cost more than it
/// saves on texts of this length; the first byte of a literal never stands inside another character.
fn find_literal(text: &str, from: usize, literal: &str) -> Option<usize> {
    let first = literal.as_bytes().first()?;
    let mut at = from;
    loop {
        at += text
            .as_bytes()
            .get(at..)?
            .iter()
            .position(|byte| byte == first)?;
        if let Some(end) = strip(text, at, literal) {
            return Some(end);
        }
        at += 1;
    }
}

fn strip(text: &str, at: usize, literal: &str) -> Option<usize> {
    let rest = text.as_bytes().get(at..)?;
    rest.starts_with(literal.as_bytes())
        .then_some(at + literal.len())
}

fn strip_back(text: &str, at: usize, literal: &str) -> Option<usize> {
    let before = text.as_bytes().get(..at)?;
    before
        .ends_with(literal.as_bytes())
        .then(|| at - literal.len())
}

/// The place one UTF-16 unit further. The two units of a character outside the basic plane, four
/// bytes of UTF-8, are two steps of two bytes; a place in their middle is on a continuation byte,
/// where no literal can match.
fn next_unit(text: &str, at: usize) -> Option<usize> {
    let width = match *text.as_bytes().get(at)? {
        0x00..0x80 => 1,
        0xe0..0xf0 => 3,
        _ => 2,
    };
    Some(at + width)
}

fn previous_unit(text: &str, at: usize) -> Option<usize> {
    let back = |n: usize| {
        at.checked_sub(n)
            .and_then(|i| text.as_bytes().get(i))
            .copied()
    };
    match (back(1)?, back(2), back(3)) {
        (0x00..0x80, ..) => Some(at - 1),
        (_, _, Some(0xe0..0xf0)) => Some(at - 3),
        _ => Some(at - 2),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const IAM: Syntax = Syntax {
        wildcards: true,
        variables: true,
    };

    #[test]
    fn table() {
        for (pattern, text, expected) in [
            ("", "", true),
            ("", "a", false),
            ("*", "", true),
            ("*", "a/b:c\nd", true),
            ("a*", "a", true),
            ("a*b*c", "axxbyyc", true),
            ("a*b*c", "acb", false),
            ("a*bc", "abcbc", true),
            ("ab*ba", "aba", false),
            ("*?", "", false),
            ("*?", "é", true),
            ("?", "é", true),
            ("?", "𐐀", false),
            ("??", "𐐀", true),
            ("a?*b", "a𐐀b", true),
            ("a*?b", "a𐐀b", true),
            ("*a?", "xa€", true),
            ("*?a", "𐐀a", true),
            ("a[b]", "ab", false),
            ("a\\*b", "a*b", false),
            ("a?b", "a\nb", true),
            ("𐐀?", "𐐀x", true),
            ("𐐀?", "𐐀𐐨", false),
            ("Repo", "repo", false),
            ("?*x*", "𐐀x", true),
            ("*€?*", "𐐀€𐐀", true),
        ] {
            assert_eq!(
                Pattern::wildcard(pattern).matches(text),
                expected,
                "{pattern} ~ {text}"
            );
        }
    }

    #[test]
    fn literal_escapes_and_variables() {
        assert!(Pattern::new("a${*}c", IAM).matches("a*c"));
        assert!(!Pattern::new("a${*}c", IAM).matches("abc"));
        assert!(Pattern::new("${$}{x}", IAM).matches("${x}"));
        assert!(Pattern::new("${unclosed", IAM).matches("${unclosed"));
        let pattern = Pattern::new("${K:Actor, 'nobody'}-*", IAM);
        let variable = pattern.variables().next().cloned();
        assert_eq!(
            variable,
            Some(Variable {
                key: Key::new("k:actor"),
                default: Some("nobody".into())
            })
        );
        assert!(pattern.matches_with("al*ce-prod", &|_| Some("al*ce")));
        assert!(!pattern.matches_with("alice-prod", &|_| Some("al*ce")));
        assert!(!pattern.matches("-prod"));
    }

    #[test]
    fn without_variables_a_dollar_is_a_dollar() {
        assert!(Pattern::wildcard("${a*}").matches("${abc}"));
    }

    #[test]
    fn cut_at_colons() {
        let pieces = Pattern::wildcard("arn:aws:sns:*:1?:t:u*").split_at_colons(6);
        let texts: Vec<String> = pieces.iter().map(ToString::to_string).collect();
        assert_eq!(texts, ["arn", "aws", "sns", "*", "1?", "t:u*"]);
    }

    /// The definition, by recursion over UTF-16 units.
    fn naive(pattern: &[u16], text: &[u16]) -> bool {
        const STAR: u16 = b'*' as u16;
        const ANY: u16 = b'?' as u16;
        match (pattern.split_first(), text.split_first()) {
            (None, None) => true,
            (Some((&STAR, rest)), None) => naive(rest, text),
            (Some((&STAR, rest)), Some((_, tail))) => naive(rest, text) || naive(pattern, tail),
            (Some((&ANY, rest)), Some((_, tail))) => naive(rest, tail),
            (Some((p, rest)), Some((t, tail))) => p == t && naive(rest, tail),
            _ => false,
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(4096))]
        #[test]
        fn agrees_with_the_definition(pattern in "[ab?*é€𐐀]{0,8}", text in "[abé€𐐀𐐨]{0,10}") {
            let units = |s: &str| s.encode_utf16().collect::<Vec<_>>();
            prop_assert_eq!(Pattern::wildcard(&pattern).matches(&text), naive(&units(&pattern), &units(&text)));
        }
    }
}
