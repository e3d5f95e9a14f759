//! The patterns of `branches`, `tags` and `paths` filters.
//!
//! # Grammar
//! | text | matches |
//! | --- | --- |
//! | `*` | any run of characters but `/` |
//! | `**` | any run of characters |
//! | `?`, `+` | none or one, one or more of the character before |
//! | `[ab]`, `[a-z]` | one character of the class |
//! | `\x` | the character itself |
//! | `!` at the start | takes away what earlier patterns took in |
//!
//! Source: docs.github.com, "Workflow syntax", section "Filter pattern cheat sheet".
//!
//! ```
//! use rolecall_predict::glob::Glob;
//!
//! assert!(Glob::new("releases/**").matches("releases/2026/11"));
//! assert!(!Glob::new("releases/*").matches("releases/2026/11"));
//! assert_eq!(Glob::new("v[0-9]+.x").text("the tag").pattern(), "v*.x");
//! ```

use crate::text::Text;

/// A prepared pattern.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Glob {
    /// Begins with `!`.
    pub is_negative: bool,
    parts: Vec<Part>,
    /// The text, where it matches only one.
    literal: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
struct Part {
    one: One,
    count: Count,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum One {
    Char(char),
    NoSlash,
    Any,
    Class(Vec<(char, char)>),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Count {
    Once,
    Maybe,
    Many,
    AnyTimes,
}

impl Part {
    /// The one character that it takes.
    const fn only(&self) -> Option<char> {
        match (&self.one, self.count) {
            (One::Char(c), Count::Once) => Some(*c),
            _ => None,
        }
    }
}

impl One {
    fn takes(&self, c: char) -> bool {
        match self {
            Self::Char(own) => *own == c,
            Self::NoSlash => c != '/',
            Self::Any => true,
            Self::Class(ranges) => ranges.iter().any(|(low, high)| (*low..=*high).contains(&c)),
        }
    }
}

impl Glob {
    /// Prepares a pattern. Every text is one.
    #[must_use]
    pub fn new(text: &str) -> Self {
        let (is_negative, text) = match text.strip_prefix('!') {
            Some(rest) => (true, rest),
            None => (false, text),
        };
        let mut parts: Vec<Part> = Vec::new();
        let mut chars = text.chars().peekable();
        while let Some(c) = chars.next() {
            let (one, count) = match c {
                '*' if chars.next_if_eq(&'*').is_some() => (One::Any, Count::AnyTimes),
                '*' => (One::NoSlash, Count::AnyTimes),
                '?' | '+' if parts.last().is_some_and(|last| last.count == Count::Once) => {
                    if let Some(last) = parts.last_mut() {
                        last.count = if c == '?' { Count::Maybe } else { Count::Many };
                    }
                    continue;
                }
                '[' => (class(&mut chars), Count::Once),
                '\\' => (One::Char(chars.next().unwrap_or('\\')), Count::Once),
                c => (One::Char(c), Count::Once),
            };
            parts.push(Part { one, count });
        }
        let literal = parts.iter().map(Part::only).collect();
        Self {
            is_negative,
            parts,
            literal,
        }
    }

    /// Whether it covers the whole text. Time is at most the product of both lengths.
    #[must_use]
    pub fn matches(&self, text: &str) -> bool {
        if let Some(literal) = &self.literal {
            return literal == text;
        }
        // reached[i]: the parts before i can cover what was read so far.
        let mut reached = vec![false; self.parts.len() + 1];
        if let Some(first) = reached.first_mut() {
            *first = true;
        }
        self.skip(&mut reached);
        for c in text.chars() {
            reached = self.step(&reached, c);
        }
        reached.last().copied().unwrap_or_default()
    }

    fn step(&self, reached: &[bool], c: char) -> Vec<bool> {
        let mut next = vec![false; reached.len()];
        for (index, part) in self.parts.iter().enumerate() {
            if !reached.get(index).copied().unwrap_or_default() || !part.one.takes(c) {
                continue;
            }
            let stays = matches!(part.count, Count::Many | Count::AnyTimes);
            if let Some(here) = next.get_mut(index).filter(|_| stays) {
                *here = true;
            }
            if let Some(after) = next.get_mut(index + 1) {
                *after = true;
            }
        }
        // `+` was entered: its state loops, and what follows it is reached as well.
        self.skip(&mut next);
        next
    }

    /// What may be left out is skipped.
    fn skip(&self, reached: &mut [bool]) {
        for (index, part) in self.parts.iter().enumerate() {
            let optional = matches!(part.count, Count::Maybe | Count::AnyTimes);
            let here = reached.get(index).copied().unwrap_or_default();
            if let Some(after) = reached.get_mut(index + 1).filter(|_| optional && here) {
                *after = true;
            }
        }
    }

    /// The text, where it matches only one.
    #[must_use]
    pub fn literal(&self) -> Option<String> {
        self.literal.clone()
    }

    /// A text with holes that holds at least all that it matches.
    #[must_use]
    pub fn text(&self, hole: &str) -> Text {
        let mut text = Text::default();
        let mut in_hole = false;
        for part in &self.parts {
            match (&part.one, part.count) {
                (One::Char(c), Count::Once) => {
                    text.push_known(c.encode_utf8(&mut [0; 4]));
                    in_hole = false;
                }
                _ if in_hole => {}
                _ => {
                    text.push_hole(hole);
                    in_hole = true;
                }
            }
        }
        text
    }
}

/// What stands between `[` and `]`; an open class is taken to the end.
fn class(chars: &mut std::iter::Peekable<std::str::Chars<'_>>) -> One {
    let mut ranges: Vec<(char, char)> = Vec::new();
    while let Some(c) = chars.next() {
        match c {
            ']' => break,
            '-' => match (ranges.last_mut(), chars.peek().copied()) {
                (Some(last), Some(high)) if high != ']' => {
                    last.1 = high;
                    chars.next();
                }
                _ => ranges.push(('-', '-')),
            },
            c => ranges.push((c, c)),
        }
    }
    One::Class(ranges)
}

/// Whether a list of patterns takes a name in: later patterns win, and `!` takes away.
///
/// ```
/// use rolecall_predict::glob::{Glob, takes};
///
/// let patterns = ["releases/**", "!releases/**-alpha"].map(Glob::new);
/// assert!(takes(&patterns, "releases/10"));
/// assert!(!takes(&patterns, "releases/10-alpha"));
/// ```
#[must_use]
pub fn takes(patterns: &[Glob], name: &str) -> bool {
    let last = patterns.iter().rev().find(|pattern| pattern.matches(name));
    last.is_some_and(|pattern| !pattern.is_negative)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// Examples of GitHub's "Filter pattern cheat sheet".
    #[test]
    fn the_cheat_sheet() {
        for (pattern, yes, no) in [
            (
                "feature/*",
                &["feature/my-branch", "feature/your-branch"][..],
                &["feature/a/b"][..],
            ),
            (
                "feature/**",
                &["feature/beta-a/my-branch", "feature/mona/the/octocat"],
                &["feature"],
            ),
            ("main", &["main"], &["mainly", "Main"]),
            (
                "releases/mona-the-octocat",
                &["releases/mona-the-octocat"],
                &[],
            ),
            ("*", &["main", "releases"], &["all/the/branches"]),
            ("**", &["all/the/branches", "every/tag"], &[]),
            (
                "*feature",
                &["mona-feature", "feature", "ver-10-feature"],
                &["a/feature"],
            ),
            ("v2*", &["v2", "v2.0", "v2.9"], &["v1"]),
            (
                "v[12].[0-9]+.[0-9]+",
                &["v1.10.1", "v2.0.0"],
                &["v3.0.0", "v1..1", "v1.0"],
            ),
            (
                "*.jsx?",
                &["page.js", "page.jsx"],
                &["page.jsxx", "a/page.js"],
            ),
            ("ab+c", &["abc", "abbbc"], &["ac"]),
            (r"a\*", &["a*"], &["ab"]),
            ("", &[""], &["a"]),
        ] {
            let glob = Glob::new(pattern);
            yes.iter()
                .for_each(|name| assert!(glob.matches(name), "{pattern} {name}"));
            no.iter()
                .for_each(|name| assert!(!glob.matches(name), "{pattern} {name}"));
        }
    }

    #[test]
    fn long_patterns_take_no_longer_than_the_product() {
        let glob = Glob::new(&"*a".repeat(500));
        assert!(!glob.matches(&"a".repeat(499)));
        assert!(glob.matches(&"a".repeat(2_000)));
    }

    proptest! {
        #[test]
        fn the_text_holds_all_that_matches(pattern in r"[ab/*?+\[\]\\-]{0,8}", name in "[ab/]{0,6}") {
            let glob = Glob::new(&pattern);
            prop_assert!(!glob.matches(&name) || glob.text("x").can_be(&name), "{pattern} {name}");
        }
    }
}
