//! A repository with its ids.

use std::fmt;

/// A repository of github.com with the ids that its new subjects hold.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Repository {
    /// The owner's login, in the case that GitHub has registered.
    pub owner: String,
    /// The repository's name.
    pub name: String,
    /// The owner's id.
    pub owner_id: String,
    /// The repository's id.
    pub id: String,
}

impl Repository {
    /// A repository as `OWNER/NAME` with its ids.
    ///
    /// # Errors
    /// A name or an id is none; the message says which.
    pub fn new(full_name: &str, owner_id: &str, id: &str) -> Result<Self, String> {
        let parts: Vec<&str> = full_name.trim().split('/').collect();
        if parts == [""] {
            return Err("no repository was given".to_owned());
        }
        let [owner, name] = parts.as_slice() else {
            return Err(format!("`{full_name}` is not of the form OWNER/NAME"));
        };
        // GitHub takes letters, digits and `-` for owners (and `_` in managed accounts), `.` and `_` besides for names.
        let is_name = |text: &str| {
            !text.is_empty()
                && text
                    .bytes()
                    .all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_' | b'.'))
        };
        for part in [owner, name] {
            if !is_name(part) {
                return Err(format!("`{part}` is no name of GitHub's"));
            }
        }
        for (what, id) in [("owner's", owner_id), ("repository's", id)] {
            if id.is_empty() || !id.bytes().all(|b| b.is_ascii_digit()) {
                return Err(format!("`{id}` is no {what} id: it has digits only"));
            }
        }
        Ok(Self {
            owner: (*owner).to_owned(),
            name: (*name).to_owned(),
            owner_id: owner_id.to_owned(),
            id: id.to_owned(),
        })
    }
}

impl fmt::Display for Repository {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.owner, self.name)
    }
}
