//! What a policy lets in, over all tokens that GitHub can issue: who, can an outsider, what changed.
//!
//! Every answer is none, a witness, or unknown with the reason ([`Answer`]); never a plain bool. A witness is
//! a full claim set that [`mintable::check`] takes for one of GitHub's and that
//! [`crate::sts::Attempt::decide`] really allows; both are asked before it is shown.
//!
//! ```
//! use rolecall_core::analyze::{Options, Scope, Verdict, who};
//! use rolecall_core::policy::Policy;
//!
//! let policy = Policy::parse(r#"{"Version": "2012-10-17", "Statement": [{"Effect": "Allow",
//!     "Principal": {"Federated": "arn:aws:iam::111122223333:oidc-provider/token.actions.githubusercontent.com"},
//!     "Action": "sts:AssumeRoleWithWebIdentity",
//!     "Condition": {"StringLike": {"token.actions.githubusercontent.com:sub": "repo:octo-org*:ref:refs/heads/main"}}}]}"#).unwrap();
//! let answer = who(&policy, &Options::default());
//! assert_eq!((answer.scope, answer.outsider.verdict), (Scope::Anyone, Verdict::Open));
//! assert_eq!(answer.outsider.witness.unwrap()["repository_owner"], "octo-org-evil");
//! ```
//!
//! # Model
//! A condition on one key is a language of strings and "absent" (`formula`); a statement is a product over
//! keys, a policy a union of Allow products minus a union of Deny products (`model`). The tokens that GitHub
//! can issue are a grammar in which `sub` and the other claims are read together (`grammar`); whether a
//! product has such a token is decided by a search over lazily built automata (`machine`, `search`).
//! String operators are exact in all their forms. Dates, addresses, numbers and variables over keys that only
//! the request has stay symbolic: one predicate wherever the same test stands, and the answer names it.
//!
//! # Rules
//! Relax for proofs, restrict only for witnesses: what is wider than GitHub's tokens may prove that there is
//! none; what is narrower may find one; a narrowed search that finds nothing proves nothing. Work is counted
//! in steps, so that answers are the same on every machine ([`Options::steps`]); where they run out the answer
//! is unknown and names what grew.
//!
//! # Limitations
//! Who owns a name today, whether a reusable workflow is public, how an environment or a branch is protected,
//! which audiences are registered: not to be seen here, and said where it matters. Letters outside of ASCII
//! are equal without regard to case only where the whole values are weighed by the evaluator.

mod diff;
mod formula;
mod grammar;
mod hash;
mod machine;
pub mod mintable;
mod model;
mod outsider;
mod recipe;
pub mod report;
mod search;
mod trust;
mod who;
mod witness;
mod words;

use std::collections::BTreeSet;

use serde::Serialize;
use serde_json::{Map, Value};

use crate::policy::Policy;
use crate::report::Decision;
pub use witness::{Witness, case};

/// A claim set that `check` takes as it is.
pub type Claims = Map<String, Value>;

/// What a search came to.
#[derive(Debug, Clone, PartialEq)]
pub enum Answer<T> {
    /// There is none; proved.
    None,
    /// Here is one; checked.
    Found(T),
    /// Not decided, and why.
    Unknown(String),
}

/// How to look.
#[derive(Debug, Clone)]
pub struct Options {
    /// Who "we" are: the owners that count as insiders. Empty: they are taken from the policy's text.
    pub owners: Vec<String>,
    /// How many steps one question may take; where they are used up the answer is unknown.
    pub steps: u64,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            owners: Vec::new(),
            steps: 60_000,
        }
    }
}

/// From how far a policy lets tokens in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Scope {
    /// No token of GitHub's gets in.
    Nobody,
    /// Those of one repository.
    Repository,
    /// Those of one owner.
    Owner,
    /// Those of several owners.
    Owners,
    /// Those of anybody on GitHub.
    Anyone,
    /// Not decided.
    NotDecided,
}

/// Whether somebody outside of the intended owners gets in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Verdict {
    /// Yes, with the token that does.
    Open,
    /// No, proved for every token that GitHub can issue.
    Closed,
    /// It hangs on who the intended owners are.
    Depends,
    /// A reusable workflow that outsiders can call gets in.
    Borrow,
    /// A named actor can be made to trigger a run that gets in.
    Lure,
    /// Not decided.
    NotDecided,
}

impl Verdict {
    /// The word of the contract.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Closed => "closed",
            Self::Depends => "depends",
            Self::Borrow => "borrow",
            Self::Lure => "lure",
            Self::NotDecided => "not-decided",
        }
    }

    /// Whether somebody outside gets in, by himself or with the help of what is not his.
    #[must_use]
    pub const fn lets_outsiders_in(self) -> bool {
        matches!(self, Self::Open | Self::Borrow | Self::Lure)
    }
}

/// The answer about outsiders.
#[derive(Debug, Clone, Serialize)]
pub struct Outsider {
    /// Open, closed, or what it hangs on.
    pub verdict: Verdict,
    /// The token of an outsider that gets in.
    pub witness: Option<Claims>,
    /// What the outsider does to get it, step by step.
    pub recipe: Vec<String>,
    /// The owners that the proof takes for insiders.
    pub trusts: Vec<String>,
    /// What the answer takes for granted, or why it is not decided.
    pub assumptions: Vec<String>,
}

/// How the subjects of a set are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum SetForm {
    /// `repo:OWNER/REPO:...`
    Classic,
    /// `repo:OWNER@ID/REPO@ID:...`
    Immutable,
    /// By a customised template.
    Template,
}

/// What the subjects of a set end in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum SetTail {
    /// A branch.
    Branch,
    /// A tag.
    Tag,
    /// An environment.
    Environment,
    /// `pull_request`.
    PullRequest,
    /// Something else.
    Other,
}

/// A set of tokens that get in.
#[derive(Debug, Clone, Serialize)]
pub struct Set {
    /// The set in words: `any branch of octo-org/octo-repo`.
    pub words: String,
    /// How their subjects are written.
    pub form: SetForm,
    /// What they end in.
    pub tail: SetTail,
    /// The statement that lets them in, from 0.
    pub statement: usize,
    /// One of them.
    pub witness: Claims,
    /// The same, with what the request needs besides.
    #[serde(skip)]
    pub run: Witness,
}

/// Everything a policy lets in.
#[derive(Debug, Clone)]
pub struct Who {
    /// From how far.
    pub scope: Scope,
    /// Whether outsiders get in.
    pub outsider: Outsider,
    /// The statement that lets the outsider in.
    pub outsider_statement: Option<usize>,
    /// What gets in, set by set.
    pub sets: Vec<Set>,
    /// Why statements let nobody in, where they do not.
    pub nobody: Vec<String>,
    /// What is not decided, and why.
    pub unknown: Vec<String>,
    /// The statements by which further subjects of a form may get in: that was not decided.
    pub open: BTreeSet<(usize, SetForm)>,
}

/// What one policy lets in that another does not.
#[derive(Debug, Clone, PartialEq)]
pub struct Gain {
    /// The sets in words, `any branch of octo-org/octo-repo`.
    pub words: Vec<String>,
    /// One token of them.
    pub witness: Claims,
    /// The same, with what the request needs besides.
    pub run: Witness,
}

/// How a new policy relates to an old one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Relation {
    /// Both let the same in.
    Equal,
    /// The new one lets less in.
    Stricter,
    /// The new one lets more in.
    Looser,
    /// Each lets something in that the other does not.
    Incomparable,
    /// Not decided.
    NotDecided,
}

/// What changed between two policies.
#[derive(Debug, Clone)]
pub struct Difference {
    /// The relation of the new policy to the old one.
    pub relation: Relation,
    /// What is newly let in.
    pub gained: Answer<Gain>,
    /// What is no longer let in.
    pub lost: Answer<Gain>,
    /// The tokens that this is said of.
    pub universe: &'static str,
    /// Where default subjects are treated alike: what customised templates gain and lose.
    pub with_templates: Option<(Answer<Gain>, Answer<Gain>)>,
    /// Statements for others than GitHub's tokens differ, which is not compared.
    pub foreign: bool,
}

/// Everything a policy lets in, and whether outsiders do.
#[must_use]
pub fn who(policy: &Policy, options: &Options) -> Who {
    who::who(policy, options)
}

/// Whether outsiders get in.
#[must_use]
pub fn outsider(policy: &Policy, options: &Options) -> Outsider {
    who::outsider(policy, options)
}

/// How a new policy relates to an old one, with a token each way.
#[must_use]
pub fn diff(old: &Policy, new: &Policy, options: &Options) -> Difference {
    diff::diff(old, new, options)
}

/// A token that `new` lets in and `old` does not. The same answer as [`gained`]'s in less time, without words.
#[must_use]
pub fn beside(old: &Policy, new: &Policy, options: &Options) -> Answer<Witness> {
    diff::beside(old, new, options)
}

/// What `new` lets in that `old` does not, tokens with the subject `except` left out.
#[must_use]
pub fn gained(old: &Policy, new: &Policy, except: Option<&str>, options: &Options) -> Answer<Gain> {
    diff::gained(old, new, except, options)
}

/// What STS would answer to a witness under a policy.
#[must_use]
pub fn decide(witness: &Witness, policy: &Policy) -> Option<Decision> {
    witness::decide(witness, policy).ok()
}

/// What a request needs besides its token, in words.
fn needs(witness: &Witness) -> Vec<String> {
    let mut needs: Vec<String> = witness
        .context
        .iter()
        .map(|(key, value)| match value.as_str() {
            Some(value) => format!("`{key}` is such as `{value}`"),
            None => format!("`{key}` is absent"),
        })
        .collect();
    needs.extend(audience(witness));
    needs
}

/// An audience that is not the usual one.
fn audience(witness: &Witness) -> Option<String> {
    let named = witness.audience.as_ref()?;
    Some(format!(
        "the audience `{named}` is registered with the provider"
    ))
}

#[cfg(test)]
mod raw;
#[cfg(test)]
mod tests;
