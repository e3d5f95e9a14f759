//! Decides, offline, whether a GitHub Actions token may assume an AWS role, and explains why.
//!
//! GitHub Actions gets short-lived AWS access by OIDC: the job asks GitHub for a signed token and hands
//! it to AWS STS (`AssumeRoleWithWebIdentity`), which checks the identity provider, the audience and the
//! role's trust policy. This crate makes the same checks from the same inputs, without a network, a
//! clock or any other I/O, and says which part of which text decides.
//!
//! ```
//! use rolecall_core::case::Case;
//! use rolecall_core::check::check;
//! use rolecall_core::report::{CauseId, Decision};
//!
//! let case = Case::from_json(r#"{
//!     "policy": {"Version": "2012-10-17", "Statement": [{"Effect": "Allow",
//!         "Principal": {"Federated": "arn:aws:iam::111122223333:oidc-provider/token.actions.githubusercontent.com"},
//!         "Action": "sts:AssumeRoleWithWebIdentity",
//!         "Condition": {"StringLike": {"token.actions.githubusercontent.com:sub": "repo:octo-org/octo-repo:*"}}}]},
//!     "claims": {"iss": "https://token.actions.githubusercontent.com", "aud": "sts.amazonaws.com",
//!         "sub": "repo:octo-org@123456/octo-repo@456789:ref:refs/heads/main"}}"#).unwrap();
//! let report = check(&case).unwrap();
//! assert_eq!(report.decision, Decision::Deny);
//! assert_eq!(report.causes[0].id, CauseId::ImmutableSub);
//! ```
//!
//! # Where to look
//! | module | what it knows |
//! | --- | --- |
//! | [`span`], [`json`] | places in a text; strict JSON with a place on every value |
//! | [`token`], [`jwks`] | pasted text, claims, the grammar of `sub`; signatures and keys |
//! | [`policy`], [`pattern`], [`condition`], [`context`] | the policy language: grammar, wildcard, operators, request keys |
//! | [`sts`] | the order of checks, and AWS's answers |
//! | [`explain`] | the trace, and the causes of a refusal |
//! | [`check`] | the main job: a [`case::Case`] in, a [`report::CheckReport`] out |
//! | [`migrate`] | the way to subjects with ids |
//! | [`permission`], [`push`] | permission policies; what the session may do to an ECR repository |
//! | [`fix`], [`edit`] | repairs, each with the proof of what it lets in; changes that keep a text's layout |
//! | [`inspect`], [`guide`] | a token in words; a page for every cause and error text |
//! | [`lint`], [`scenario`], [`matrix`] | what is remarkable about a policy; the usual runs of a repository; policies against them |
//! | [`inspect`], [`guide`] | a token in words; a page for every cause, rule and error text |
//!
//! # Scope
//! It follows what AWS and GitHub were seen to do, then what they document; every such fact names its
//! source where it stands. Where AWS is undocumented the docs say what was chosen.
//!
//! # Limitations
//! Not modelled: the seconds that IAM needs to spread a change, whether a role exists, and the network that a
//! request comes through, which is unknown unless it is given. Resource control policies count where they are
//! given ([`check::judge_under`]).
//! Unknown is not absent: an answer that hangs on an unknown fact is [`report::Decision::Undecided`].

pub mod align;
pub mod analyze;
pub mod case;
pub mod check;
pub mod condition;
pub mod context;
pub mod distance;
pub mod edit;
pub mod explain;
pub mod fix;
pub mod guide;
pub mod inspect;
pub mod json;
#[cfg(feature = "tokens")]
pub mod jwks;
pub mod lint;
pub mod matrix;
pub mod migrate;
mod order;
pub mod pattern;
pub mod permission;
pub mod policy;
pub mod push;
pub mod report;
pub mod scenario;
pub mod span;
pub mod sts;
pub mod token;
pub mod tri;
