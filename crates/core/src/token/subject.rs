//! The subject claim (`sub`): its grammar, and a parser that never fails.
//!
//! # Grammar
//!
//! GitHub renders `sub` from a template: a list of keys, each giving one segment, joined with `:`
//! (docs.github.com, *OpenID Connect reference*, "Customizing the subject claims").
//!
//! ```text
//! sub      = segment *( ":" segment )
//! segment  = "repo:" OWNER "/" REPO                        classic
//!          | "repo:" OWNER "@" ID "/" REPO "@" ID          immutable, from 2026-07-15 on
//!          | "environment:" NAME
//!          | "pull_request"                                the one segment without a value
//!          | "ref:" REF                                    REF may be empty
//!          | CLAIM ":" VALUE                               any other claim named by a template
//! ```
//!
//! The default is the template `[repo, context]`, where `context` stands for the environment if the job has one, else
//! `pull_request` for a pull request event, else the ref:
//!
//! ```
//! use rolecall_core::token::subject::{Form, GitRef, Subject, Tail};
//!
//! let sub = Subject::parse("repo:octo-org/octo-repo:ref:refs/heads/main");
//! assert_eq!((sub.owner(), sub.repository()), (Some("octo-org"), Some("octo-repo")));
//! assert_eq!(sub.form(), Form::Classic);
//! assert_eq!(sub.tail(), Tail::Ref(GitRef::Branch("main")));
//! assert!(sub.is_default());
//! ```
//!
//! # Immutable subjects
//!
//! Ids follow the names after `@`, both or neither; `@` cannot stand in an owner's or repository's name, so the split is
//! unambiguous (GitHub changelog 2026-04-23). With them on, they are part of the `repo` segment in templates too.
//!
//! ```
//! use rolecall_core::token::subject::{Form, Subject, Tail};
//!
//! let sub = Subject::parse("repo:octo-org@123/octo-repo@456:environment:prod");
//! assert_eq!(sub.form(), Form::Immutable);
//! assert_eq!((sub.owner(), sub.owner_id()), (Some("octo-org"), Some("123")));
//! assert_eq!((sub.repository(), sub.repository_id()), (Some("octo-repo"), Some("456")));
//! assert_eq!(sub.tail(), Tail::Environment("prod"));
//! ```
//!
//! # Templates
//!
//! Segments stand in the order of the template, and `repo` need be neither first nor present. What the template said
//! cannot be read back entirely: `environment:prod` may come from `environment` or from `context`.
//!
//! ```
//! use rolecall_core::token::subject::{Form, GitRef, Subject, Tail};
//!
//! let sub = Subject::parse("ref:refs/tags/v1:repo:octo-org/octo-repo:repository_visibility:private");
//! assert!(sub.is_template() && !sub.is_default());
//! assert_eq!(sub.keys(), ["ref", "repo", "repository_visibility"]);
//! assert_eq!(sub.tail(), Tail::Ref(GitRef::Tag("v1")));
//!
//! let sub = Subject::parse("repository_owner_id:123:repository_id:456:pull_request");
//! assert_eq!(sub.form(), Form::NoRepo);
//! assert_eq!((sub.owner_id(), sub.repository_id()), (Some("123"), Some("456")));
//! assert_eq!(sub.tail(), Tail::PullRequest);
//! ```
//!
//! # Colons in values
//!
//! A `:` in a value is written `%3A`; nothing else is known to be escaped, not even `%` (observed: environments
//! `Production:V1` and `Production%3AV1` give the same `sub`; Dashtid/subvectors 0.7.0). So [`Piece::decoded`] is what the
//! value most likely was, and only the `environment` claim tells for certain.
//!
//! ```
//! use rolecall_core::token::subject::{Subject, Tail};
//!
//! let sub = Subject::parse("repo:octo-org/octo-repo:environment:Production%3AV1");
//! assert_eq!(sub.tail(), Tail::Environment("Production%3AV1"));
//! let decoded = sub.segments().last().and_then(|s| s.value).map(|v| v.decoded().into_owned());
//! assert_eq!(decoded.as_deref(), Some("Production:V1"));
//! ```
//!
//! # Edge cases
//!
//! ```
//! use rolecall_core::token::subject::{GitRef, Kind, Subject, Tail};
//!
//! // A deployment created from a commit has no ref: the value is empty, the segment is still a ref.
//! assert_eq!(Subject::parse("repo:o/r:ref:").tail(), Tail::Ref(GitRef::Empty));
//! // A value that looks like a key is a value: segments are read in pairs.
//! let sub = Subject::parse("repo:o/r:environment:pull_request");
//! assert_eq!(sub.tail(), Tail::Environment("pull_request"));
//! // A merge queue's branch keeps the name of the branch it merges into.
//! let sub = Subject::parse("repo:o/r:ref:refs/heads/gh-readonly-queue/release/2/pr-7-0a1b");
//! assert_eq!(sub.tail(), Tail::Ref(GitRef::MergeQueue { base: "release/2", entry: "pr-7-0a1b" }));
//! // What is not understood is kept as `Unknown`, with its place.
//! let sub = Subject::parse("repo:o/r:nonsense");
//! assert!(sub.segments().last().is_some_and(|s| s.kind == Kind::Unknown && s.range() == (9..17)));
//! assert!(Subject::parse("").segments().is_empty());
//! ```
//!
//! # Values and patterns in policies
//!
//! [`Subject::parse_pattern`] reads a policy's value the same way: `*` and `?` are characters like any other, a policy
//! variable (`${aws:PrincipalTag/team}`) is not split at its colon. Since a `*` also spans `:`, the parse of a pattern says
//! how it was *written*, never what it matches. [`Subject::mistakes`] names what no subject of GitHub's looks like.
//!
//! ```
//! use rolecall_core::token::subject::{MistakeKind, Subject, Tail};
//!
//! let sub = Subject::parse_pattern("repo:octo-org/octo-repo:*");
//! assert_eq!(sub.tail(), Tail::Other("*"));
//! assert!(sub.mistakes().is_empty());
//!
//! let sub = Subject::parse_pattern("repo:github.com/octo-org/octo-repo:*");
//! assert_eq!((sub.owner(), sub.repository()), (Some("octo-org"), Some("octo-repo")));
//! assert_eq!(sub.mistakes().first().map(|m| m.kind), Some(MistakeKind::HostInRepo));
//! ```
//!
//! # Limitations
//!
//! How GitHub renders `head_ref` and `base_ref` outside a pull request ("the bare key", PaloAltoNetworks/github-oidc-utils)
//! is read as a key with an empty value. Encoding of characters other than `:` is not documented; nothing else is decoded.

use std::borrow::Cow;
use std::ops::Range;

use super::catalogue;

mod git_ref;
mod mistake;
mod name;

pub use git_ref::GitRef;
pub use mistake::{Mistake, MistakeKind};
pub use name::{
    NameProblem, OWNER_NAME_SOURCE, REPOSITORY_NAME_SOURCE, owner_problem, repository_problem,
};

/// A part of the subject with its place in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Piece<'a> {
    /// The text as it is written, escapes included.
    pub text: &'a str,
    /// Byte offset in the subject.
    pub start: usize,
}

impl<'a> Piece<'a> {
    /// The bytes of the subject that this part covers.
    pub fn range(self) -> Range<usize> {
        self.start..self.end()
    }

    /// The text with `%3A` read as `:`, the one escape GitHub is known to write.
    ///
    /// ```
    /// use rolecall_core::token::subject::Piece;
    /// assert_eq!(Piece { text: "a%3Ab%2Fc", start: 0 }.decoded(), "a:b%2Fc");
    /// ```
    pub fn decoded(self) -> Cow<'a, str> {
        match self.text.contains("%3A") {
            true => Cow::Owned(self.text.replace("%3A", ":")),
            false => Cow::Borrowed(self.text),
        }
    }

    /// Whether an IAM wildcard (`*`, `?`) stands in it.
    pub fn has_wildcard(self) -> bool {
        self.text.contains(['*', '?'])
    }

    /// Whether a policy variable (`${...}`) stands in it.
    pub fn has_variable(self) -> bool {
        self.text.contains("${")
    }

    fn end(self) -> usize {
        self.start + self.text.len()
    }

    fn after(self, prefix: &str) -> Option<Self> {
        let text = self.text.strip_prefix(prefix)?;
        Some(Self {
            text,
            start: self.end() - text.len(),
        })
    }

    fn split_once(self, at: char) -> Option<(Self, Self)> {
        let (before, after) = self.text.split_once(at)?;
        Some((
            Self {
                text: before,
                ..self
            },
            Self {
                text: after,
                start: self.end() - after.len(),
            },
        ))
    }
}

/// What a segment of the subject is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// `repo:OWNER/REPO`, with or without ids.
    Repo,
    /// `environment:NAME`.
    Environment,
    /// `pull_request`.
    PullRequest,
    /// `ref:REF`.
    Ref,
    /// Another claim of the token, named by a customised template.
    Claim,
    /// Text that is no segment of a subject: a wildcard, or a mistake.
    Unknown,
}

/// One segment of the subject, with its text as written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Segment<'a> {
    /// What it is. A key in other letter case, or with blanks around it, is recognised: [`Subject::mistakes`] tells.
    pub kind: Kind,
    /// The whole segment.
    pub raw: Piece<'a>,
    /// The key as written; `None` for [`Kind::Unknown`].
    pub key: Option<Piece<'a>>,
    /// The value as written; `None` for `pull_request`, for [`Kind::Unknown`] and where the subject ends after the key.
    pub value: Option<Piece<'a>>,
}

impl Segment<'_> {
    /// The bytes of the subject that the segment covers, without the `:` before and after it.
    pub fn range(&self) -> Range<usize> {
        self.raw.range()
    }

    fn is_context(&self) -> bool {
        match self.kind {
            Kind::PullRequest => true,
            Kind::Environment | Kind::Ref => self.value.is_some(),
            Kind::Repo | Kind::Claim | Kind::Unknown => false,
        }
    }
}

/// Whether the subject names the repository, and how.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// `repo:OWNER/REPO`.
    Classic,
    /// `repo:OWNER@ID/REPO@ID`; also where a pattern has only one of the two `@`.
    Immutable,
    /// No `repo` segment.
    NoRepo,
}

/// What follows the repository: the segment that `context` gives, wherever it stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tail<'a> {
    /// `environment:NAME`, the name as written.
    Environment(&'a str),
    /// `pull_request`.
    PullRequest,
    /// `ref:REF`.
    Ref(GitRef<'a>),
    /// Text after the repository that is none of these, such as `*`.
    Other(&'a str),
    /// Nothing.
    Missing,
}

/// The `repo` segment taken apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Repo<'a> {
    /// A host or URL before the owner, which is always a mistake: `github.com`, `https://github.com`.
    pub host: Option<Piece<'a>>,
    /// The owner's name.
    pub owner: Piece<'a>,
    /// The id after the owner's `@`.
    pub owner_id: Option<Piece<'a>>,
    /// The repository's name, without the owner; `None` without a `/`.
    pub name: Option<Piece<'a>>,
    /// The id after the repository's `@`.
    pub id: Option<Piece<'a>>,
}

/// A parsed subject, or a policy's value for one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Subject<'a> {
    text: &'a str,
    segments: Vec<Segment<'a>>,
}

impl<'a> Subject<'a> {
    /// Parses the `sub` of a token, in time linear in its length.
    pub fn parse(sub: &'a str) -> Self {
        Self {
            text: sub,
            segments: segments(sub, split(sub, false)),
        }
    }

    /// Parses a value or pattern of a policy: like [`Subject::parse`], but a policy variable keeps its colon.
    ///
    /// ```
    /// use rolecall_core::token::subject::Subject;
    /// let sub = Subject::parse_pattern("repo:octo-org/${aws:RequestTag/repo}:pull_request");
    /// assert_eq!(sub.repository(), Some("${aws:RequestTag/repo}"));
    /// assert!(sub.is_default());
    /// ```
    pub fn parse_pattern(pattern: &'a str) -> Self {
        Self {
            text: pattern,
            segments: segments(pattern, split(pattern, true)),
        }
    }

    /// The subject as given.
    pub fn text(&self) -> &'a str {
        self.text
    }

    /// Its segments in order; together with the `:` between them they cover the whole text.
    pub fn segments(&self) -> &[Segment<'a>] {
        &self.segments
    }

    /// The first segment of this kind.
    pub fn segment(&self, kind: Kind) -> Option<&Segment<'a>> {
        self.segments.iter().find(|s| s.kind == kind)
    }

    /// The value of the first segment with this key, as written.
    ///
    /// ```
    /// use rolecall_core::token::subject::Subject;
    /// let sub = Subject::parse("repo:o/r:pull_request:workflow:Release build");
    /// assert_eq!(sub.value("workflow").map(|v| v.text), Some("Release build"));
    /// ```
    pub fn value(&self, key: &str) -> Option<Piece<'a>> {
        let named = |s: &&Segment<'a>| s.key.is_some_and(|k| is_key(k.text, key));
        self.segments.iter().find(named).and_then(|s| s.value)
    }

    /// The `repo` segment taken apart.
    pub fn repo(&self) -> Option<Repo<'a>> {
        self.segment(Kind::Repo).and_then(|s| s.value).map(repo)
    }

    /// The owner's name: from `repo`, else from a `repository` or `repository_owner` segment.
    pub fn owner(&self) -> Option<&'a str> {
        let text = |piece: Piece<'a>| piece.text;
        let of_repository = || {
            self.value("repository")
                .and_then(|v| v.split_once('/'))
                .map(|(owner, _)| owner.text)
        };
        self.repo()
            .map(|r| r.owner.text)
            .or_else(of_repository)
            .or_else(|| self.value("repository_owner").map(text))
    }

    /// The repository's name without its owner: from `repo`, else from a `repository` segment.
    pub fn repository(&self) -> Option<&'a str> {
        let of_repository = || {
            self.value("repository")
                .and_then(|v| v.split_once('/'))
                .map(|(_, name)| name)
        };
        self.repo()
            .and_then(|r| r.name)
            .or_else(of_repository)
            .map(|name| name.text)
    }

    /// `OWNER/REPO` without ids, as the `repository` claim has it.
    ///
    /// ```
    /// use rolecall_core::token::subject::Subject;
    /// let sub = Subject::parse("repo:octo-org@1/octo-repo@2:pull_request");
    /// assert_eq!(sub.full_name().as_deref(), Some("octo-org/octo-repo"));
    /// ```
    pub fn full_name(&self) -> Option<String> {
        Some(format!("{}/{}", self.owner()?, self.repository()?))
    }

    /// The owner's id: from `repo`, else from a `repository_owner_id` segment.
    pub fn owner_id(&self) -> Option<&'a str> {
        self.repo()
            .and_then(|r| r.owner_id)
            .or_else(|| self.value("repository_owner_id"))
            .map(|id| id.text)
    }

    /// The repository's id: from `repo`, else from a `repository_id` segment.
    pub fn repository_id(&self) -> Option<&'a str> {
        self.repo()
            .and_then(|r| r.id)
            .or_else(|| self.value("repository_id"))
            .map(|id| id.text)
    }

    /// Whether the repository is named, and with ids or without.
    pub fn form(&self) -> Form {
        match self.repo() {
            None => Form::NoRepo,
            Some(repo) if repo.owner_id.is_some() || repo.id.is_some() => Form::Immutable,
            Some(_) => Form::Classic,
        }
    }

    /// The segment that says what ran: the first environment, pull request or ref, else what stands after `repo`.
    pub fn tail(&self) -> Tail<'a> {
        match self.segments.iter().find(|s| s.is_context()) {
            Some(segment) => context(segment),
            None => self
                .after_repo()
                .map_or(Tail::Missing, |s| Tail::Other(s.raw.text)),
        }
    }

    fn after_repo(&self) -> Option<&Segment<'a>> {
        self.segments
            .iter()
            .skip_while(|s| s.kind != Kind::Repo)
            .nth(1)
    }

    /// Whether this is GitHub's default form: the repository, then exactly one tail.
    pub fn is_default(&self) -> bool {
        let has_names = self
            .repo()
            .is_some_and(|r| r.host.is_none() && r.name.is_some());
        matches!(self.segments.as_slice(), [first, second] if first.kind == Kind::Repo && second.is_context())
            && has_names
    }

    /// Whether this is the output of a customised template: segments that are all understood, but not the default form.
    ///
    /// `repo:OWNER/REPO` alone is one (template `[repo]`); as a policy's value it is rather a forgotten tail, see
    /// [`MistakeKind::MissingTail`].
    pub fn is_template(&self) -> bool {
        let understood = |s: &Segment<'_>| s.kind == Kind::PullRequest || s.value.is_some();
        !self.segments.is_empty() && self.segments.iter().all(understood) && !self.is_default()
    }

    /// The keys of the segments in order, as a template would list them; `pull_request` is what `context` gave.
    pub fn keys(&self) -> Vec<&'a str> {
        let name = |s: &Segment<'a>| {
            if s.kind == Kind::PullRequest {
                Some("context")
            } else {
                s.key.map(|k| k.text)
            }
        };
        self.segments.iter().filter_map(name).collect()
    }

    /// What is written as no subject of GitHub's is, in order of place. Empty for every genuine subject.
    pub fn mistakes(&self) -> Vec<Mistake> {
        mistake::find(self)
    }
}

fn context<'a>(segment: &Segment<'a>) -> Tail<'a> {
    match (segment.kind, segment.value) {
        (Kind::Environment, Some(name)) => Tail::Environment(name.text),
        (Kind::Ref, Some(name)) => Tail::Ref(GitRef::parse(name.text)),
        (Kind::PullRequest, _) => Tail::PullRequest,
        _ => Tail::Other(segment.raw.text),
    }
}

/// Cuts at every `:`; with `variables`, not inside `${...}`.
fn split(text: &str, variables: bool) -> Vec<Piece<'_>> {
    let last_brace = if variables {
        text.rfind('}').unwrap_or(0)
    } else {
        0
    };
    let mut pieces = Vec::new();
    let (mut start, mut in_variable) = (0, false);
    for (at, c) in text.char_indices() {
        match c {
            '{' if at < last_brace
                && text.get(..at).is_some_and(|before| before.ends_with('$')) =>
            {
                in_variable = true
            }
            '}' => in_variable = false,
            ':' if !in_variable => {
                pieces.extend(text.get(start..at).map(|text| Piece { text, start }));
                start = at + 1;
            }
            _ => {}
        }
    }
    pieces.extend(
        text.get(start..)
            .filter(|_| !text.is_empty())
            .map(|text| Piece { text, start }),
    );
    pieces
}

/// Reads keys with their values; what is no key stands alone.
fn segments<'a>(sub: &'a str, pieces: Vec<Piece<'a>>) -> Vec<Segment<'a>> {
    let mut found = Vec::with_capacity(pieces.len().div_ceil(2));
    let mut rest = pieces.into_iter().peekable();
    while let Some(piece) = rest.next() {
        let kind = kind(piece.text);
        let value = match kind {
            Kind::PullRequest | Kind::Unknown => None,
            Kind::Repo => rest
                .next()
                .map(|v| match rest.next_if(|next| is_url(v, *next)) {
                    Some(next) => join(sub, v, next),
                    None => v,
                }),
            Kind::Environment | Kind::Ref | Kind::Claim => rest.next(),
        };
        let raw = value.map_or(piece, |v| join(sub, piece, v));
        found.push(Segment {
            kind,
            raw,
            key: (kind != Kind::Unknown).then_some(piece),
            value,
        });
    }
    found
}

/// `repo:https://github.com/o/r:...` is a mistake people make; its scheme is not the value.
fn is_url(scheme: Piece<'_>, rest: Piece<'_>) -> bool {
    matches!(scheme.text, "https" | "http") && rest.text.starts_with("//")
}

fn join<'a>(sub: &'a str, first: Piece<'a>, last: Piece<'a>) -> Piece<'a> {
    let text = sub.get(first.start..last.end()).unwrap_or(first.text);
    Piece { text, ..first }
}

fn kind(key: &str) -> Kind {
    let known = [
        ("repo", Kind::Repo),
        ("environment", Kind::Environment),
        ("ref", Kind::Ref),
        ("pull_request", Kind::PullRequest),
    ];
    match known.iter().find(|(name, _)| is_key(key, name)) {
        Some((_, kind)) => *kind,
        None if catalogue::presence_in_any_case(key.trim())
            .is_some_and(catalogue::Presence::is_in_id_token) =>
        {
            Kind::Claim
        }
        None => Kind::Unknown,
    }
}

fn is_key(written: &str, key: &str) -> bool {
    written.trim().eq_ignore_ascii_case(key)
}

fn repo(value: Piece<'_>) -> Repo<'_> {
    let (host, path) = without_host(value);
    let (owner, name) = match path.split_once('/') {
        Some((owner, name)) => (owner, Some(name)),
        None => (path, None),
    };
    let (owner, owner_id) = without_id(owner);
    let (name, id) = name
        .map(without_id)
        .map_or((None, None), |(name, id)| (Some(name), id));
    Repo {
        host,
        owner,
        owner_id,
        name,
        id,
    }
}

/// A host is only looked for where there is one part too many for `OWNER/REPO`; an owner's name has no `.`.
fn without_host(value: Piece<'_>) -> (Option<Piece<'_>>, Piece<'_>) {
    let path = value
        .after("https://")
        .or_else(|| value.after("http://"))
        .unwrap_or(value);
    match path.split_once('/') {
        Some((host, rest)) if host.text.contains('.') && rest.text.contains('/') => {
            let length = host.end() - value.start;
            (
                value.text.get(..length).map(|text| Piece { text, ..value }),
                rest,
            )
        }
        _ => (None, value),
    }
}

fn without_id(part: Piece<'_>) -> (Piece<'_>, Option<Piece<'_>>) {
    match part.split_once('@') {
        Some((name, id)) => (name, Some(id)),
        None => (part, None),
    }
}

#[cfg(test)]
mod tests;
