//! A text of which parts may be unknown: `refs/heads/` and then anything.
//!
//! Nothing is guessed: what is not known is a hole with a name, and every question about the text is answered
//! with yes, no, or unknown.
//!
//! ```
//! use rolecall_core::tri::Tri;
//! use rolecall_predict::text::Text;
//!
//! let mut branch = Text::from("refs/heads/");
//! branch.push_hole("the branch");
//! assert_eq!(branch.pattern(), "refs/heads/*");
//! assert_eq!(branch.equals(&Text::from("refs/tags/v1")), Tri::No);
//! assert_eq!(branch.equals(&Text::from("refs/heads/main")), Tri::Unknown);
//! ```

use rolecall_core::pattern::{Pattern, Syntax};
use rolecall_core::tri::Tri;

/// A text with holes.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Text {
    pieces: Vec<Piece>,
    /// Texts that it certainly is not.
    not: Vec<Excluded>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Piece {
    Known(String),
    /// Any text; the name says of what. Two holes of the same name hold the same text.
    Hole(String),
}

/// What a text with holes is known not to be, letter case ignored as in GitHub's comparisons.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Excluded {
    /// This text.
    Exactly(String),
    /// Anything that begins so.
    Prefix(String),
}

impl Excluded {
    fn holds(&self, text: &str) -> bool {
        let text = text.to_lowercase();
        match self {
            Self::Exactly(excluded) => text == excluded.to_lowercase(),
            Self::Prefix(excluded) => text.starts_with(&excluded.to_lowercase()),
        }
    }
}

impl From<&str> for Text {
    fn from(text: &str) -> Self {
        let mut whole = Self::default();
        whole.push_known(text);
        whole
    }
}

impl From<String> for Text {
    fn from(text: String) -> Self {
        Self::from(text.as_str())
    }
}

impl Text {
    /// A text of which nothing is known but what it is.
    #[must_use]
    pub fn hole(name: &str) -> Self {
        let mut text = Self::default();
        text.push_hole(name);
        text
    }

    /// Adds a known text.
    pub fn push_known(&mut self, text: &str) {
        match self.pieces.last_mut() {
            _ if text.is_empty() => {}
            Some(Piece::Known(last)) => last.push_str(text),
            _ => self.pieces.push(Piece::Known(text.to_owned())),
        }
    }

    /// Adds a hole.
    pub fn push_hole(&mut self, name: &str) {
        self.pieces.push(Piece::Hole(name.to_owned()));
    }

    /// Adds another text.
    pub fn push(&mut self, other: &Self) {
        for piece in &other.pieces {
            match piece {
                Piece::Known(text) => self.push_known(text),
                Piece::Hole(name) => self.push_hole(name),
            }
        }
    }

    /// The whole text, where it has no holes.
    #[must_use]
    pub fn known(&self) -> Option<&str> {
        match self.pieces.as_slice() {
            [] => Some(""),
            [Piece::Known(text)] => Some(text),
            _ => None,
        }
    }

    /// Whether nothing at all is known of it.
    #[must_use]
    pub fn is_hole(&self) -> bool {
        !self.pieces.is_empty()
            && self
                .pieces
                .iter()
                .all(|piece| matches!(piece, Piece::Hole(_)))
    }

    /// What the holes are, each once.
    #[must_use]
    pub fn holes(&self) -> Vec<&str> {
        let mut names: Vec<&str> = Vec::new();
        for piece in &self.pieces {
            if let Piece::Hole(name) = piece
                && !names.contains(&name.as_str())
            {
                names.push(name);
            }
        }
        names
    }

    /// The text as IAM writes patterns: `*` for a hole, `${*}`, `${?}` and `${$}` for the characters themselves.
    #[must_use]
    pub fn pattern(&self) -> String {
        let mut pattern = String::new();
        for piece in &self.pieces {
            match piece {
                Piece::Known(text) => text.chars().for_each(|c| match c {
                    '*' | '?' | '$' => pattern.extend(["${", c.encode_utf8(&mut [0; 4]), "}"]),
                    c => pattern.push(c),
                }),
                Piece::Hole(_) if pattern.ends_with('*') => {}
                Piece::Hole(_) => pattern.push('*'),
            }
        }
        pattern
    }

    /// Whether a known text can be this one.
    #[must_use]
    pub fn can_be(&self, text: &str) -> bool {
        if let Some(known) = self.known() {
            return known == text;
        }
        let syntax = Syntax {
            wildcards: true,
            variables: true,
        };
        Pattern::new(&self.pattern(), syntax).matches(text)
            && !self.not.iter().any(|excluded| excluded.holds(text))
    }

    /// The same text, of which it is known besides that it is not something.
    #[must_use]
    pub fn except(&self, excluded: Excluded) -> Self {
        let mut text = self.clone();
        if text.known().is_none() {
            text.not.push(excluded);
        }
        text
    }

    /// Whether something is excluded from it.
    #[must_use]
    pub const fn is_narrowed(&self) -> bool {
        !self.not.is_empty()
    }

    /// The part of it that begins with a text; `None` where none does. Letter case counts.
    #[must_use]
    pub fn beginning_with(&self, prefix: &str) -> Option<Self> {
        let first = match self.pieces.first()? {
            Piece::Known(text) => text.as_str(),
            Piece::Hole(_) => "",
        };
        if first.starts_with(prefix) {
            return Some(self.clone());
        }
        let rest = prefix.strip_prefix(first)?;
        let holes: Vec<Piece> = self
            .pieces
            .iter()
            .skip(usize::from(!first.is_empty()))
            .cloned()
            .collect();
        // Behind a hole any text may follow, so only a text that ends with its one hole can be narrowed.
        let [Piece::Hole(name)] = holes.as_slice() else {
            return None;
        };
        let mut narrowed = Self::from(first);
        narrowed.push_known(rest);
        narrowed.push_hole(name);
        narrowed.not.clone_from(&self.not);
        Some(narrowed)
    }

    /// The text behind a known one; what it is known not to be stays so.
    #[must_use]
    pub fn behind(&self, prefix: &str) -> Self {
        let mut text = Self::from(prefix);
        text.push(self);
        let longer = |excluded: &Excluded| match excluded {
            Excluded::Exactly(text) => Excluded::Exactly(format!("{prefix}{text}")),
            Excluded::Prefix(text) => Excluded::Prefix(format!("{prefix}{text}")),
        };
        text.not = self.not.iter().map(longer).collect();
        text
    }

    /// What follows a known beginning.
    #[must_use]
    pub fn without_prefix(&self, prefix: &str) -> Option<Self> {
        let (Piece::Known(first), rest) = self.pieces.split_first()? else {
            return None;
        };
        let mut text = Self::from(first.strip_prefix(prefix)?);
        rest.iter().for_each(|piece| match piece {
            Piece::Known(known) => text.push_known(known),
            Piece::Hole(name) => text.push_hole(name),
        });
        let shortened = |excluded: &Excluded| match excluded {
            Excluded::Exactly(text) => text
                .strip_prefix(prefix)
                .map(|rest| Excluded::Exactly(rest.to_owned())),
            Excluded::Prefix(text) => text
                .strip_prefix(prefix)
                .map(|rest| Excluded::Prefix(rest.to_owned())),
        };
        text.not = self.not.iter().filter_map(shortened).collect();
        Some(text)
    }

    /// The text with every `:` written `%3A`, as GitHub writes values in `sub`.
    #[must_use]
    pub fn escaped(&self) -> Self {
        let escape = |piece: &Piece| match piece {
            Piece::Known(text) => Piece::Known(text.replace(':', "%3A")),
            hole => hole.clone(),
        };
        Self {
            pieces: self.pieces.iter().map(escape).collect(),
            not: Vec::new(),
        }
    }

    fn lowered(&self) -> Self {
        let lower = |piece: &Piece| match piece {
            Piece::Known(text) => Piece::Known(text.to_lowercase()),
            hole => hole.clone(),
        };
        Self {
            pieces: self.pieces.iter().map(lower).collect(),
            not: self.not.clone(),
        }
    }

    /// `==` of GitHub's expressions: letter case is ignored.
    #[must_use]
    pub fn equals(&self, other: &Self) -> Tri {
        if self.pieces == other.pieces {
            return Tri::Yes;
        }
        let (mine, others) = (self.lowered(), other.lowered());
        match (mine.known(), others.known()) {
            (Some(mine), Some(other)) => Tri::from(mine == other),
            (Some(known), None) if !others.can_be(known) => Tri::No,
            (None, Some(known)) if !mine.can_be(known) => Tri::No,
            _ => Tri::Unknown,
        }
    }

    /// `startsWith`.
    #[must_use]
    pub fn starts_with(&self, prefix: &Self) -> Tri {
        let (mine, prefix) = (self.lowered(), prefix.lowered());
        let Some(prefix) = prefix.known() else {
            return Tri::Unknown;
        };
        if prefix.is_empty() {
            return Tri::Yes;
        }
        let is_excluded = |excluded: &Excluded| matches!(excluded, Excluded::Prefix(text) if prefix.starts_with(&text.to_lowercase()));
        match mine.pieces.first() {
            Some(Piece::Known(first)) if first.starts_with(prefix) => Tri::Yes,
            Some(Piece::Known(first))
                if mine.known().is_some() || !prefix.starts_with(first.as_str()) =>
            {
                Tri::No
            }
            None => Tri::No,
            _ if mine.not.iter().any(is_excluded) => Tri::No,
            _ => Tri::Unknown,
        }
    }

    /// `endsWith`.
    #[must_use]
    pub fn ends_with(&self, suffix: &Self) -> Tri {
        let (mine, suffix) = (self.lowered(), suffix.lowered());
        let Some(suffix) = suffix.known() else {
            return Tri::Unknown;
        };
        if suffix.is_empty() {
            return Tri::Yes;
        }
        match mine.pieces.last() {
            Some(Piece::Known(last)) if last.ends_with(suffix) => Tri::Yes,
            Some(Piece::Known(last))
                if mine.known().is_some() || !suffix.ends_with(last.as_str()) =>
            {
                Tri::No
            }
            None => Tri::No,
            _ => Tri::Unknown,
        }
    }

    /// `contains` of a text.
    #[must_use]
    pub fn contains(&self, part: &Self) -> Tri {
        let (mine, part) = (self.lowered(), part.lowered());
        let Some(part) = part.known() else {
            return Tri::Unknown;
        };
        let is_there = |piece: &Piece| matches!(piece, Piece::Known(text) if text.contains(part));
        match part.is_empty() || mine.pieces.iter().any(is_there) {
            true => Tri::Yes,
            false if mine.known().is_some() => Tri::No,
            false => Tri::Unknown,
        }
    }

    /// Whether the text is not empty: what GitHub takes for true.
    #[must_use]
    pub fn is_filled(&self) -> Tri {
        match self.known() {
            Some(text) => Tri::from(!text.is_empty()),
            None if self
                .pieces
                .iter()
                .any(|piece| matches!(piece, Piece::Known(_))) =>
            {
                Tri::Yes
            }
            None => Tri::Unknown,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// `~` is a hole.
    fn text(written: &str) -> Text {
        let mut text = Text::default();
        for (index, known) in written.split('~').enumerate() {
            if index > 0 {
                text.push_hole("x");
            }
            text.push_known(known);
        }
        text
    }

    #[test]
    fn comparisons_ignore_case_and_never_guess() {
        use Tri::{No, Unknown, Yes};
        type Question = fn(&Text, &Text) -> Tri;
        let cases: [(&str, Question, &str, Tri); 16] = [
            ("refs/heads/Main", Text::equals, "refs/heads/main", Yes),
            ("refs/heads/~", Text::equals, "refs/heads/main", Unknown),
            ("refs/heads/~", Text::equals, "refs/tags/main", No),
            ("~", Text::equals, "", Unknown),
            ("refs/tags/v~", Text::starts_with, "refs/TAGS/", Yes),
            ("refs/tags/~", Text::starts_with, "refs/tags/v", Unknown),
            ("refs/heads/~", Text::starts_with, "refs/tags/", No),
            ("ab", Text::starts_with, "abc", No),
            ("", Text::starts_with, "a", No),
            ("~-main", Text::ends_with, "MAIN", Yes),
            ("~-main", Text::ends_with, "dev", No),
            ("~-main", Text::ends_with, "x-main", Unknown),
            ("a-~-b", Text::contains, "-B", Yes),
            ("a-~-b", Text::contains, "c", Unknown),
            ("abc", Text::contains, "d", No),
            ("~", Text::starts_with, "", Yes),
        ];
        for (mine, question, other, expected) in cases {
            assert_eq!(
                question(&text(mine), &text(other)),
                expected,
                "{mine} {other}"
            );
        }
    }

    #[test]
    fn what_is_excluded_is_not_equal() {
        let rest = text("refs/heads/~").except(Excluded::Exactly("refs/heads/main".to_owned()));
        assert_eq!(rest.equals(&text("refs/heads/MAIN")), Tri::No);
        assert_eq!(rest.equals(&text("refs/heads/dev")), Tri::Unknown);
        let name = rest.without_prefix("refs/heads/").unwrap();
        assert_eq!(name.equals(&text("main")), Tri::No);
        let rest = text("refs/tags/~").except(Excluded::Prefix("refs/tags/v".to_owned()));
        assert_eq!(rest.starts_with(&text("refs/tags/v")), Tri::No);
        assert_eq!(rest.starts_with(&text("refs/tags/")), Tri::Yes);
    }

    #[test]
    fn narrowing_keeps_what_begins_so() {
        let narrowed = |whole, prefix| {
            text(whole)
                .beginning_with(prefix)
                .map(|text| text.pattern())
        };
        assert_eq!(
            narrowed("refs/tags/~", "refs/tags/v").as_deref(),
            Some("refs/tags/v*")
        );
        assert_eq!(
            narrowed("refs/tags/~", "refs/").as_deref(),
            Some("refs/tags/*")
        );
        assert_eq!(narrowed("refs/tags/~", "refs/heads/"), None);
        assert_eq!(
            narrowed("~", "refs/heads/").as_deref(),
            Some("refs/heads/*")
        );
    }

    #[test]
    fn wildcards_in_a_known_text_stand_for_themselves() {
        let text = text("a*b?${c}~");
        assert_eq!(text.pattern(), "a${*}b${?}${$}{c}*");
        assert!(text.can_be("a*b?${c}d") && !text.can_be("axb?${c}d"));
    }

    proptest! {
        /// Whatever fills the holes, an answer that is not unknown is the answer for the filled text.
        #[test]
        fn answers_hold_for_every_filling(
            mine in "[ab]{0,2}~?[ab]{0,2}", other in "[abAB]{0,3}", filling in "[abc]{0,2}",
        ) {
            let (holed, whole) = (text(&mine), text(&mine.replace('~', &filling)));
            prop_assert!(holed.can_be(whole.known().unwrap()));
            for question in [Text::equals, Text::starts_with, Text::ends_with, Text::contains] {
                let (answer, truth) = (question(&holed, &text(&other)), question(&whole, &text(&other)));
                prop_assert!(answer == Tri::Unknown || answer == truth, "{mine} {other} {filling}");
            }
        }
    }
}
