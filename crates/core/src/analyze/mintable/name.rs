//! The names that GitHub and git allow.

/// The name of a user or organisation: letters, digits and single hyphens between them, 39 characters in
/// all; a managed user's ends with `_` and the enterprise's short code (github.com/join; docs.github.com,
/// "Username considerations for external authentication").
pub(super) fn is_owner(name: &str) -> bool {
    let (handle, code) = name.split_once('_').unwrap_or((name, "code"));
    let is_word = |word: &str| !word.is_empty() && word.bytes().all(|b| b.is_ascii_alphanumeric());
    name.len() <= 39 && handle.split('-').all(is_word) && is_word(code)
}

/// The name of a repository (docs.github.com, "Repository limits"); GitHub keeps `.git` and `.wiki` for itself.
pub(super) fn is_repository(name: &str) -> bool {
    let allowed = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_' | b'.');
    let reserved = |end: &str| {
        let start = name.len().checked_sub(end.len());
        start
            .and_then(|start| name.get(start..))
            .is_some_and(|tail| tail.eq_ignore_ascii_case(end))
    };
    (1..=100).contains(&name.len())
        && name.bytes().all(allowed)
        && !matches!(name, "." | "..")
        && !reserved(".git")
        && !reserved(".wiki")
}

/// `OWNER/NAME`.
pub(super) fn is_full_name(text: &str) -> bool {
    text.split_once('/')
        .is_some_and(|(owner, name)| is_owner(owner) && is_repository(name))
}

/// A user, or an app as `NAME[bot]` (observed: `github-actions[bot]`).
pub(super) fn is_actor(name: &str) -> bool {
    is_owner(name.strip_suffix("[bot]").unwrap_or(name))
}

/// Digits; 64 bits, as the REST API describes ids (`format: int64`).
pub(super) fn is_id(text: &str) -> bool {
    let digits = !text.starts_with('0') && text.bytes().all(|b| b.is_ascii_digit());
    digits && text.parse::<i64>().is_ok()
}

/// The name of an environment: up to 255 characters (docs.github.com, "Managing environments for deployment").
pub(super) fn is_environment(name: &str) -> bool {
    (1..=255).contains(&name.chars().count())
}

/// The slug of an enterprise. Its characters are not documented; `_` stands in one sanitised token.
pub(super) fn is_enterprise(slug: &str) -> bool {
    !slug.is_empty()
        && slug
            .bytes()
            .all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_'))
}

/// A commit's id.
pub(super) fn is_commit(text: &str) -> bool {
    text.len() == 40
        && text
            .bytes()
            .all(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(&b))
}

/// A full ref that a run can have: a branch, a tag, or a pull request's merge commit.
pub(super) fn is_ref(text: &str) -> bool {
    let branch = text
        .strip_prefix("refs/heads/")
        .or_else(|| text.strip_prefix("refs/tags/"));
    let number = text
        .strip_prefix("refs/pull/")
        .and_then(|rest| rest.strip_suffix("/merge"));
    branch.is_some_and(is_branch) || number.is_some_and(is_id)
}

/// What may follow `refs/heads/` or `refs/tags/`: git-check-ref-format(1); GitHub refuses refs longer than
/// 255 bytes (its message GH005), names that begin with `refs/` (changelog, 2023-03-23) and names that look
/// like a commit's id (docs.github.com, "Dealing with special characters in branch and tag names").
pub(super) fn is_branch(name: &str) -> bool {
    let forbidden = |c: char| c.is_ascii_control() || " ~^:?*[\\".contains(c);
    let component =
        |part: &str| !part.is_empty() && !part.starts_with('.') && !part.ends_with(".lock");
    let by_git = name.split('/').all(component)
        && !name.contains(forbidden)
        && !name.contains("..")
        && !name.contains("@{")
        && !name.ends_with('.');
    let looks_like_commit = name.len() == 40 && name.bytes().all(|b| b.is_ascii_hexdigit());
    by_git
        && "refs/heads/".len() + name.len() <= 255
        && !name.starts_with("refs/")
        && !looks_like_commit
}

/// Takes `OWNER/REPO/.github/workflows/FILE@REF` apart: the path, and the ref or commit. Reusable workflows
/// are called by commit, too, and lie in that folder, not below (docs.github.com, "Reuse workflows").
pub(super) fn workflow_file(text: &str) -> Option<(&str, &str)> {
    let mut splits = text
        .match_indices('@')
        .map(|(at, _)| (text.get(..at), text.get(at + 1..)));
    splits.find_map(|(path, at)| {
        let (path, at) = (path?, at?);
        (is_workflow_path(path) && (is_ref(at) || is_commit(at))).then_some((path, at))
    })
}

fn is_workflow_path(path: &str) -> bool {
    let Some((repository, file)) = path.split_once("/.github/workflows/") else {
        return false;
    };
    let stem = file
        .strip_suffix(".yml")
        .or_else(|| file.strip_suffix(".yaml"));
    is_full_name(repository) && stem.is_some_and(|stem| !stem.is_empty()) && !file.contains('/')
}
