//! Repairs of a policy for one token, each with the proof of what else it lets in.
//!
//! The candidates are those of [`crate::explain`], the first of which a check shows. Here each is made in
//! the real text, read anew and decided; what remains is proved by [`crate::analyze`]: exactly what is newly
//! admitted beside the token's subject, what is lost, and whether outsiders get in. IAM must store it, too.
//!
//! # Order
//! The safest first: what people do and had better not comes last, then the outsider's verdict counts, then
//! whether IAM stores the result. Where the subject's form has changed (ids, letter case, a renamed owner, a
//! merge queue's branches) the repair that keeps the author's breadth comes first, everywhere else the
//! narrowest. A repair of what is wrong comes before a statement of its own. Then what loses nothing; then
//! what admits strictly less, by proof and never by counting; then the smaller change.
//!
//! # No repair
//! A token that the policy means to keep out gets none ([`FixReport::refused`] says why): one of another owner
//! than all that the policy names, or one that a Deny names. Nor does one that STS refuses before it asks the
//! policy: then the answer names the place that helps. A policy that admits the token has nothing to repair.
//!
//! ```
//! use rolecall_core::analyze::Options;
//! use rolecall_core::case::Case;
//! use rolecall_core::edit::apply;
//! use rolecall_core::fix::fix;
//!
//! let policy = r#"{"Statement": [{"Effect": "Allow", "Action": "sts:AssumeRoleWithWebIdentity",
//!     "Principal": {"Federated": "arn:aws:iam::111122223333:oidc-provider/token.actions.githubusercontent.com"},
//!     "Condition": {"StringLike": {"token.actions.githubusercontent.com:sub": "repo:octo-org/octo-repo:*"}}}]}"#;
//! let claims = serde_json::json!({"aud": "sts.amazonaws.com",
//!     "iss": "https://token.actions.githubusercontent.com",
//!     "sub": "repo:octo-org@123456/octo-repo@456789:ref:refs/heads/main"});
//! let case = Case { policy: Some(policy.to_owned()), claims: claims.as_object().cloned(), ..Case::default() };
//! let report = fix(&case, &Options::default()).unwrap();
//! let repaired = apply(policy, &report.edits[0].splices()).unwrap();
//! assert!(repaired.contains(r#"["repo:octo-org/octo-repo:*", "repo:octo-org@123456/octo-repo@456789:*"]"#));
//!
//! let again = Case { policy: Some(repaired), ..case };
//! assert!(fix(&again, &Options::default()).unwrap().edits.is_empty(), "there is nothing left to repair");
//! ```

mod proof;
#[cfg(test)]
mod tests;

use serde::Serialize;

use crate::analyze::Options;
use crate::case::Case;
use crate::check;
use crate::edit;
use crate::explain::repair::{self, Repair};
use crate::explain::{self, Scene, stranger};
use crate::policy::Policy;
use crate::report::{CauseId, Decision, Edit, ErrorReport};
use crate::span::Source;
use crate::sts::{Attempt, Outcome};
use crate::token::Token;
use crate::tri::Tri;
use proof::Proved;

/// The schema's name.
pub const SCHEMA: &str = "rolecall.fix/1";

/// What would let the token in.
#[derive(Debug, Clone, Serialize)]
pub struct FixReport {
    /// `rolecall.fix/1`
    pub schema: &'static str,
    /// The repairs, safest first; none where there is nothing to repair.
    pub edits: Vec<Edit>,
    /// Why there is none; `None` where there are some, or nothing to repair.
    pub refused: Option<String>,
    /// What was stripped from the pasted text, or assumed where nothing was given.
    pub notes: Vec<String>,
    /// What the report says, for who does not want to read it.
    #[serde(skip)]
    pub verdict: Verdict,
}

/// What a search for repairs came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// There are repairs.
    Repairs,
    /// The policy admits the token.
    NothingToRepair,
    /// The policy means to keep the token out: it is of an owner that it does not name.
    Stranger,
    /// No change of the policy helps.
    NoRepair,
    /// A fact is missing.
    Undecided,
}

/// Reads the policy out of an edited text.
pub type Reader<'r> = &'r dyn Fn(&str) -> Option<Policy>;

/// More candidates than these are not proved.
const MOST_PROVED: usize = 10;

/// Repairs the policy of a case.
///
/// # Errors
/// The policy or the key set can't be read, or there is no token and no claims in what was given.
pub fn fix(case: &Case, options: &Options) -> Result<FixReport, ErrorReport> {
    let text = case.policy.as_deref().ok_or_else(check::no_policy)?;
    let source = Source::new(text);
    let policy =
        Policy::parse(text).map_err(|unreadable| check::unreadable_policy(&source, &unreadable))?;
    judge(
        case,
        &policy,
        &source,
        &|text| Policy::parse(text).ok(),
        options,
    )
}

/// Repairs a policy that was read before, from whatever text; `case.policy` is not looked at. `read` finds the
/// policy in the text again, once it is edited.
///
/// # Errors
/// There is no token and no claims in what was given, or the key set can't be read.
pub fn judge(
    case: &Case,
    policy: &Policy,
    source: &Source,
    read: Reader<'_>,
    options: &Options,
) -> Result<FixReport, ErrorReport> {
    if case.raw_context {
        return Err(ErrorReport::plain(
            CauseId::MalformedToken,
            "a plain request has no token that a policy could be repaired for",
            "give a token or claims, without raw_context",
        ));
    }
    check::key_set(case)?;
    let token = Token::from_case(case)?;
    let attempt = Attempt::prepare(case, &token, policy);
    let question = Question {
        case,
        token: &token,
        policy,
        source,
        read,
        options,
    };
    Ok(FixReport {
        notes: token.notes.clone(),
        ..question.answer(&attempt)
    })
}

impl FixReport {
    fn of(verdict: Verdict, refused: Option<String>) -> Self {
        Self {
            schema: SCHEMA,
            edits: Vec::new(),
            refused,
            notes: Vec::new(),
            verdict,
        }
    }
}

struct Question<'q> {
    case: &'q Case,
    token: &'q Token<'q>,
    policy: &'q Policy,
    source: &'q Source,
    read: Reader<'q>,
    options: &'q Options,
}

impl Question<'_> {
    fn answer(&self, attempt: &Attempt<'_>) -> FixReport {
        if let Some(refused) = before_the_policy(attempt) {
            return FixReport::of(Verdict::NoRepair, Some(refused));
        }
        match attempt.trust(self.policy) {
            Tri::Yes => FixReport::of(Verdict::NothingToRepair, None),
            Tri::Unknown => {
                FixReport::of(Verdict::Undecided, Some(undecided(attempt, self.policy)))
            }
            Tri::No => self.repairs(&attempt.scene(self.policy, self.source)),
        }
    }

    fn repairs(&self, scene: &Scene<'_>) -> FixReport {
        let kept_out = stranger::of(scene, &self.options.owners);
        if let Some(why) = kept_out.or_else(|| repair::names_the_token(scene)) {
            return FixReport::of(Verdict::Stranger, Some(why));
        }
        let candidates = self.admitting(scene);
        if candidates.is_empty() {
            return FixReport::of(Verdict::NoRepair, Some(no_repair(scene)));
        }
        let proved: Vec<Proved> = candidates
            .into_iter()
            .map(|candidate| self.proved(candidate, scene))
            .collect();
        let edits = proof::ranked(proved, self.options)
            .into_iter()
            .map(|proved| proved.edit(scene, self.options))
            .collect();
        FixReport {
            edits,
            ..FixReport::of(Verdict::Repairs, None)
        }
    }

    /// The candidates that let the token in, each with the policy that it makes.
    fn admitting(&self, scene: &Scene<'_>) -> Vec<Candidate> {
        let mut found: Vec<Candidate> = Vec::new();
        for repair in repair::all(scene) {
            let is_new = found.iter().all(|old| old.repair.splices != repair.splices);
            if is_new && found.len() < MOST_PROVED {
                found.extend(self.made(repair));
            }
        }
        found
    }

    fn made(&self, repair: Repair) -> Option<Candidate> {
        let text = edit::apply(self.source.text(), &repair.splices)?;
        let policy = (self.read)(&text)?;
        // A key that is there twice by now would drop what the author wrote.
        if policy.duplicates.len() > self.policy.duplicates.len() {
            return None;
        }
        let attempt = Attempt::prepare(self.case, self.token, &policy);
        let trust = attempt.trust(&policy);
        let admits = trust != Tri::No && attempt.decide(&policy) != Decision::Deny;
        admits.then_some(Candidate {
            repair,
            policy,
            is_certain: trust == Tri::Yes,
        })
    }
}

/// A repair and what it makes of the policy.
struct Candidate {
    repair: Repair,
    policy: Policy,
    /// The policy admits the token for certain; else that hangs on facts that are not known.
    is_certain: bool,
}

/// What STS refuses before it looks at the policy, and the place that helps.
fn before_the_policy(attempt: &Attempt<'_>) -> Option<String> {
    attempt.steps.iter().find_map(|step| match &step.outcome {
        Outcome::Fail(refusal) => Some(format!(
            "no change of the policy helps, since STS refuses before it asks the policy: {}; {}",
            refusal.summary, refusal.help
        )),
        _ => None,
    })
}

fn undecided(attempt: &Attempt<'_>, policy: &Policy) -> String {
    let unknown = check::unknowns::list(attempt, policy);
    let mut keys: Vec<&str> = unknown.iter().map(|fact| fact.key.as_str()).collect();
    keys.dedup();
    format!(
        "whether there is anything to repair hangs on what is not known: {}",
        keys.join(", ")
    )
}

fn no_repair(scene: &Scene<'_>) -> String {
    let cause = explain::causes(scene).into_iter().next();
    let cause = cause.map_or_else(String::new, |cause| {
        format!(": {}; {}", cause.summary, cause.help)
    });
    let account = if scene.caller.name.is_none() {
        "; the role's account is not known, its ARN would tell"
    } else {
        ""
    };
    format!("no change of this policy was found that lets the token in{cause}{account}")
}
