//! Kleene's three-valued logic: what is unknown is never guessed.
//!
//! ```
//! use rolecall_core::tri::Tri;
//!
//! assert_eq!(Tri::No.and(Tri::Unknown), Tri::No, "one failed test settles it");
//! assert_eq!(Tri::Yes.and(Tri::Unknown), Tri::Unknown);
//! ```

use std::ops::Not;

/// Yes, no, or not known. The order is that of `and`: the smaller one wins.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Tri {
    /// Certainly not.
    No,
    /// A fact is missing.
    Unknown,
    /// Certainly.
    Yes,
}

impl Tri {
    /// Both.
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        self.min(other)
    }

    /// At least one.
    #[must_use]
    pub fn or(self, other: Self) -> Self {
        self.max(other)
    }

    /// All of them; yes for none at all. Stops at the first no.
    pub fn all(items: impl IntoIterator<Item = Self>) -> Self {
        let mut result = Self::Yes;
        for item in items {
            result = result.and(item);
            if result == Self::No {
                break;
            }
        }
        result
    }

    /// Any of them; no for none at all. Stops at the first yes.
    pub fn any(items: impl IntoIterator<Item = Self>) -> Self {
        !Self::all(items.into_iter().map(Not::not))
    }
}

impl Not for Tri {
    type Output = Self;

    fn not(self) -> Self {
        match self {
            Self::No => Self::Yes,
            Self::Unknown => Self::Unknown,
            Self::Yes => Self::No,
        }
    }
}

impl From<bool> for Tri {
    fn from(value: bool) -> Self {
        if value { Self::Yes } else { Self::No }
    }
}
