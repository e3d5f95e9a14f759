//! Which names GitHub gives to owners and repositories.

/// Where the rule for owners' names is written: GitHub's sign-up form, not its documentation.
pub const OWNER_NAME_SOURCE: &str = "messages of the form at github.com/join; the `_` of a managed user's short code: docs.github.com, \
     \"Username considerations for external authentication\"";

/// Where the rule for repositories' names is written.
pub const REPOSITORY_NAME_SOURCE: &str =
    "docs.github.com, \"Repository limits\", section \"Repository name\"";

/// Why a name cannot be an owner's or a repository's.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NameProblem {
    /// There is none.
    Empty,
    /// More than 39 characters (owner) or 100 (repository).
    TooLong,
    /// A character that such names do not have.
    Character(char),
    /// An ending GitHub strips or reserves: `.git`, `.wiki`.
    Suffix(&'static str),
}

/// Why this is not the name of a user or organisation, if so.
///
/// Letters, digits and hyphens; `_` only before the short code of a managed user. Hyphens at the ends or doubled are not
/// refused here: accounts older than that rule have them. The length holds for what stands before the `_`.
///
/// ```
/// use rolecall_core::token::subject::{NameProblem, owner_problem};
///
/// assert_eq!(owner_problem("octo-org"), None);
/// assert_eq!(owner_problem("mona_octo"), None);
/// assert_eq!(owner_problem("github.com"), Some(NameProblem::Character('.')));
/// ```
pub fn owner_problem(name: &str) -> Option<NameProblem> {
    let allowed = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_');
    let before_code = name.rsplit_once('_').map_or(name, |(handle, _)| handle);
    problem(name, allowed).or((before_code.len() > 39).then_some(NameProblem::TooLong))
}

/// Why this is not the name of a repository, if so.
///
/// ```
/// use rolecall_core::token::subject::{NameProblem, repository_problem};
///
/// assert_eq!(repository_problem("octo_repo.rs"), None);
/// assert_eq!(repository_problem("octo-repo.git"), Some(NameProblem::Suffix(".git")));
/// assert_eq!(repository_problem("octo/repo"), Some(NameProblem::Character('/')));
/// ```
pub fn repository_problem(name: &str) -> Option<NameProblem> {
    let allowed = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.');
    let suffix = || {
        [".git", ".wiki"]
            .into_iter()
            .find(|s| name.ends_with(s))
            .map(NameProblem::Suffix)
    };
    problem(name, allowed)
        .or_else(suffix)
        .or((name.len() > 100).then_some(NameProblem::TooLong))
}

fn problem(name: &str, allowed: impl Fn(char) -> bool) -> Option<NameProblem> {
    let character = || {
        name.chars()
            .find(|c| !allowed(*c))
            .map(NameProblem::Character)
    };
    name.is_empty()
        .then_some(NameProblem::Empty)
        .or_else(character)
}
