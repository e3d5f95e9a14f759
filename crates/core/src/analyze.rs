//! What a policy lets in, over all tokens that GitHub can issue: who, can an outsider, what changed.
//!
//! Every answer is none, a witness, or unknown with the reason ([`Answer`]); never a plain bool. A witness
//! is a full claim set that [`crate::sts::Attempt::decide`] then really allows.

pub mod mintable;

use serde::Serialize;
use serde_json::{Map, Value};

use crate::policy::Policy;

/// A claim set that `check` takes as it is.
pub type Claims = Map<String, Value>;

/// What a search came to.
#[derive(Debug, Clone, PartialEq, Eq)]
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

/// What one policy lets in that another does not.
#[derive(Debug, Clone)]
pub struct Gain {
    /// The sets in words, `any branch of octo-org/octo-repo`.
    pub words: Vec<String>,
    /// One token of them.
    pub witness: Claims,
}

/// Whether outsiders get in.
#[must_use]
pub fn outsider(policy: &Policy, options: &Options) -> Outsider {
    let _ = (policy, options);
    Outsider {
        verdict: Verdict::NotDecided,
        witness: None,
        recipe: Vec::new(),
        trusts: Vec::new(),
        assumptions: Vec::new(),
    }
}

/// What `new` lets in that `old` does not, tokens with the subject `except` left out.
#[must_use]
pub fn gained(old: &Policy, new: &Policy, except: Option<&str>, options: &Options) -> Answer<Gain> {
    let _ = (old, new, except, options);
    Answer::Unknown("not decided".to_owned())
}
