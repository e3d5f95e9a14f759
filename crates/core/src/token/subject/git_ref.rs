//! A git ref as it stands in `ref`, in `sub` and after the `@` of `job_workflow_ref`.

/// What a ref names.
///
/// ```
/// use rolecall_core::token::subject::GitRef;
///
/// assert_eq!(GitRef::parse("refs/heads/feature/a"), GitRef::Branch("feature/a"));
/// assert_eq!(GitRef::parse("refs/tags/v1.2"), GitRef::Tag("v1.2"));
/// assert_eq!(GitRef::parse("refs/pull/7/merge"), GitRef::Pull { number: "7", side: "merge" });
/// assert_eq!(GitRef::parse(""), GitRef::Empty);
/// assert_eq!(GitRef::parse("main"), GitRef::Other("main"));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum GitRef<'a> {
    /// `refs/heads/NAME`.
    Branch(&'a str),
    /// `refs/tags/NAME`.
    Tag(&'a str),
    /// `refs/heads/gh-readonly-queue/BASE/pr-N-SHA`, the branch of a merge queue's run (observed twice).
    MergeQueue {
        /// The branch that is merged into; may hold slashes.
        base: &'a str,
        /// The queue's entry, `pr-N-SHA`.
        entry: &'a str,
    },
    /// `refs/pull/N/merge`, the merge commit of a pull request.
    Pull {
        /// The pull request's number.
        number: &'a str,
        /// `merge` or `head`.
        side: &'a str,
    },
    /// No ref: deployments created from a commit (observed in the `ref` claim).
    Empty,
    /// No full ref: a short name, a wildcard, a mistake.
    Other(&'a str),
}

impl<'a> GitRef<'a> {
    /// Reads a ref; never fails.
    pub fn parse(text: &'a str) -> Self {
        if text.is_empty() {
            return Self::Empty;
        }
        let merge_queue = text
            .strip_prefix("refs/heads/gh-readonly-queue/")
            .and_then(|rest| rest.rsplit_once('/'));
        let pull = text
            .strip_prefix("refs/pull/")
            .and_then(|rest| rest.split_once('/'));
        match (merge_queue, pull) {
            (Some((base, entry)), _) => Self::MergeQueue { base, entry },
            (None, Some((number, side))) => Self::Pull { number, side },
            (None, None) => Self::branch_or_tag(text),
        }
    }

    fn branch_or_tag(text: &'a str) -> Self {
        let tag = || text.strip_prefix("refs/tags/").map(Self::Tag);
        text.strip_prefix("refs/heads/")
            .map(Self::Branch)
            .or_else(tag)
            .unwrap_or(Self::Other(text))
    }

    /// What it names, in words.
    pub fn noun(&self) -> &'static str {
        match self {
            Self::Branch(_) => "branch",
            Self::Tag(_) => "tag",
            Self::MergeQueue { .. } => "merge queue branch",
            Self::Pull { .. } => "pull request ref",
            Self::Empty => "empty ref",
            Self::Other(_) => "ref",
        }
    }
}
