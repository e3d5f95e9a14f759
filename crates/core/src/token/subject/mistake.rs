//! What people write in a trust policy where a subject should stand, but GitHub never issues.
//!
//! Each kind was met in public questions (issue numbers of aws-actions/configure-aws-credentials in `github-tokens.md`,
//! section 7) or follows from the grammar. A part with a wildcard or a policy variable is never called a mistake.

use std::ops::Range;

use super::{GitRef, Kind, Piece, Repo, Segment, Subject, owner_problem, repository_problem};

/// A mistake and the bytes of the subject it is in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mistake {
    /// What is wrong.
    pub kind: MistakeKind,
    /// Where, as bytes of the subject; empty where something is missing.
    pub range: Range<usize>,
}

/// What is wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MistakeKind {
    /// `OWNER/REPO:...` without `repo:` in front.
    MissingRepoPrefix,
    /// `Repo:`, `REF:`: keys are in lower case.
    KeyCase,
    /// Blanks at the ends of a key or value of the repository or ref.
    Blank,
    /// `repo:github.com/OWNER/REPO` or a URL.
    HostInRepo,
    /// `repo:OWNER` without a repository.
    MissingRepository,
    /// Not a name that GitHub gives to an owner.
    OwnerName,
    /// Not a name that GitHub gives to a repository, such as one with `/` in it.
    RepositoryName,
    /// An `@` id that is not a number.
    IdNotANumber,
    /// An id for the owner or the repository alone: GitHub writes both or neither.
    OneIdOnly,
    /// `octo-org-123456/octo-repo-456789`: the form of the first announcement, which no token has.
    HyphenIds,
    /// Nothing after `repo:OWNER/REPO`.
    MissingTail,
    /// A key with nothing after it, such as `environment` or `ref` at the end.
    MissingValue,
    /// `ref/refs/heads/main`, `environment/prod`: a slash instead of the colon.
    SlashForColon,
    /// `refs/heads/main` without `ref:` in front.
    MissingRefKey,
    /// `ref:main`: GitHub writes the full ref.
    ShortRef,
    /// Text that is no segment of a subject.
    UnknownSegment,
}

/// All mistakes, in order of place.
pub(super) fn find(subject: &Subject<'_>) -> Vec<Mistake> {
    let mut found = Vec::new();
    for (index, segment) in subject.segments().iter().enumerate() {
        in_segment(segment, index == 0, &mut found);
    }
    if is_tail_missing(subject) {
        let end = subject.text().len();
        found.push(Mistake {
            kind: MistakeKind::MissingTail,
            range: end..end,
        });
    }
    crate::order::sort_by_key(&mut found, |m| m.range.start);
    found
}

/// A wildcard at the end of the repository's name spans the tail as well.
fn is_tail_missing(subject: &Subject<'_>) -> bool {
    let [only] = subject.segments() else {
        return false;
    };
    let open = only
        .value
        .is_none_or(|v| v.has_wildcard() || v.has_variable());
    only.kind == Kind::Repo && !open
}

fn in_segment(segment: &Segment<'_>, first: bool, found: &mut Vec<Mistake>) {
    if let Some(key) = segment.key {
        in_key(key, found);
    }
    match (segment.kind, segment.value) {
        (Kind::Repo, Some(value)) => in_repo(value, found),
        (Kind::Ref, Some(value)) => in_ref(value, found),
        (Kind::Unknown, _) => in_unknown(segment.raw, first, found),
        (Kind::Repo | Kind::Environment | Kind::Ref | Kind::Claim, None) => {
            push(MistakeKind::MissingValue, segment.raw, found)
        }
        (Kind::Environment | Kind::Claim | Kind::PullRequest, _) => {}
    }
}

fn in_key(key: Piece<'_>, found: &mut Vec<Mistake>) {
    blank(key, found);
    if key.text.contains(|c: char| c.is_ascii_uppercase()) {
        push(MistakeKind::KeyCase, key, found);
    }
}

fn in_repo(value: Piece<'_>, found: &mut Vec<Mistake>) {
    blank(value, found);
    let repo = super::repo(value);
    found.extend(repo.host.map(|host| Mistake {
        kind: MistakeKind::HostInRepo,
        range: host.range(),
    }));
    if is_fixed(repo.owner) && owner_problem(repo.owner.text.trim()).is_some() {
        push(MistakeKind::OwnerName, repo.owner, found);
    }
    match repo.name {
        Some(name) if is_fixed(name) && repository_problem(name.text.trim()).is_some() => {
            push(MistakeKind::RepositoryName, name, found)
        }
        None if is_fixed(value) => push(MistakeKind::MissingRepository, value, found),
        Some(_) | None => {}
    }
    in_ids(&repo, found);
}

fn in_ids(repo: &Repo<'_>, found: &mut Vec<Mistake>) {
    for id in [repo.owner_id, repo.id]
        .into_iter()
        .flatten()
        .filter(|id| is_fixed(*id))
    {
        if id.text.is_empty() || !id.text.bytes().all(|b| b.is_ascii_digit()) {
            push(MistakeKind::IdNotANumber, id, found);
        }
    }
    match (repo.owner_id, repo.name, repo.id) {
        (Some(_), Some(name), None) if is_fixed(name) => push(MistakeKind::OneIdOnly, name, found),
        (None, Some(_), Some(_)) if is_fixed(repo.owner) => {
            push(MistakeKind::OneIdOnly, repo.owner, found)
        }
        (None, Some(name), None) if has_hyphen_id(repo.owner) && has_hyphen_id(name) => {
            found.push(Mistake {
                kind: MistakeKind::HyphenIds,
                range: repo.owner.start..name.end(),
            });
        }
        _ => {}
    }
}

/// Ids of accounts and repositories that are in use have more digits than a version in a name; four is our choice.
fn has_hyphen_id(name: Piece<'_>) -> bool {
    let digits = |id: &str| id.len() >= 4 && id.bytes().all(|b| b.is_ascii_digit());
    name.text.rsplit_once('-').is_some_and(|(_, id)| digits(id))
}

fn in_ref(value: Piece<'_>, found: &mut Vec<Mistake>) {
    blank(value, found);
    if is_fixed(value) && matches!(GitRef::parse(value.text.trim()), GitRef::Other(_)) {
        push(MistakeKind::ShortRef, value, found);
    }
}

fn in_unknown(raw: Piece<'_>, first: bool, found: &mut Vec<Mistake>) {
    let text = raw.text.trim();
    let is_repo = first && text.starts_with("repo/") && text.matches('/').count() > 1;
    let slash_for_colon = is_repo
        || ["ref/", "environment/", "pull_request/"]
            .iter()
            .any(|key| text.starts_with(key));
    if text.starts_with("refs/") {
        push(MistakeKind::MissingRefKey, raw, found);
    } else if slash_for_colon {
        push(MistakeKind::SlashForColon, raw, found);
    } else if first && text.contains('/') && !text.starts_with(['*', '?']) {
        push(MistakeKind::MissingRepoPrefix, raw, found);
    } else if is_fixed(raw) {
        push(MistakeKind::UnknownSegment, raw, found);
    }
}

fn blank(piece: Piece<'_>, found: &mut Vec<Mistake>) {
    if piece.text.trim().len() != piece.text.len() {
        push(MistakeKind::Blank, piece, found);
    }
}

/// Whether the text stands for itself only.
fn is_fixed(piece: Piece<'_>) -> bool {
    !piece.has_wildcard() && !piece.has_variable()
}

fn push(kind: MistakeKind, piece: Piece<'_>, found: &mut Vec<Mistake>) {
    found.push(Mistake {
        kind,
        range: piece.range(),
    });
}
