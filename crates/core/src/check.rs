//! The main job: a [`Case`] in, a report out.
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
//!         "Condition": {"StringEquals": {"token.actions.githubusercontent.com:sub": "repo:octo-org/octo-repo:*"}}}]},
//!     "claims": {"iss": "https://token.actions.githubusercontent.com", "aud": "sts.amazonaws.com",
//!         "sub": "repo:octo-org/octo-repo:ref:refs/heads/main"}}"#).unwrap();
//! let report = check(&case).unwrap();
//! assert_eq!(report.decision, Decision::Deny);
//! assert_eq!(report.causes[0].id, CauseId::StringEqualsWithWildcard);
//! ```

mod controls;
#[cfg(feature = "tokens")]
mod raw;
pub(crate) mod unknowns;

use crate::analyze::Options;
use crate::case::Case;
use crate::explain::{self, Scene};
use crate::lint;
use crate::policy::storable;
use crate::policy::{Fault, Policy, Unreadable};
use crate::push::Given;
use crate::report::{
    Cause, CauseId, Check, CheckId, CheckOutcome, CheckReport, Decision, ErrorReport, Location,
    Storable,
};
use crate::span::Source;
use crate::sts::{self, Attempt, Outcome, Step};
use crate::token::{Token, catalogue};
use crate::tri::Tri;

/// The schema's name.
pub const SCHEMA: &str = "rolecall.check/1";

/// Judges a case.
///
/// # Errors
/// The policy or the key set can't be read, or there is no token and no claims in what was given.
pub fn check(case: &Case) -> Result<CheckReport, ErrorReport> {
    let (policy, source) = read(case)?;
    judge(case, &policy, &source)
}

/// As [`check`], without the findings.
///
/// # Errors
/// As [`check`].
pub fn check_without_findings(case: &Case) -> Result<CheckReport, ErrorReport> {
    let (policy, source) = read(case)?;
    answer(case, &policy, &source)
}

fn read(case: &Case) -> Result<(Policy, Source), ErrorReport> {
    let text = case.policy.as_deref().ok_or_else(no_policy)?;
    let source = Source::new(text);
    match Policy::parse(text) {
        Ok(policy) => Ok((policy, source)),
        Err(unreadable) => Err(unreadable_policy(&source, &unreadable)),
    }
}

/// Judges a case with a policy that was read before, from whatever text; `case.policy` is not looked at.
///
/// # Errors
/// There is no token and no claims in what was given, or the key set can't be read.
pub fn judge(case: &Case, policy: &Policy, source: &Source) -> Result<CheckReport, ErrorReport> {
    let report = answer(case, policy, source)?;
    Ok(with_findings(report, case, policy, source))
}

/// As [`judge`], under resource control policies of the organisation that the role's account belongs to.
///
/// # Errors
/// As [`judge`].
pub fn judge_under(
    case: &Case,
    policy: &Policy,
    source: &Source,
    controls: &[Given],
) -> Result<CheckReport, ErrorReport> {
    let report = judged(case, policy, source, |report, attempt| {
        controls::overlay(report, attempt, case.role_arn.as_deref(), controls);
    })?;
    Ok(with_findings(report, case, policy, source))
}

/// As [`judge`], without the findings: they hang on the policy alone, and take longer than all else.
///
/// # Errors
/// As [`judge`].
pub fn answer(case: &Case, policy: &Policy, source: &Source) -> Result<CheckReport, ErrorReport> {
    judged(case, policy, source, |_, _| {})
}

/// What lint says of the policy; a plain evaluator is asked of no issuer, and has said what there is to say.
fn with_findings(
    report: CheckReport,
    case: &Case,
    policy: &Policy,
    source: &Source,
) -> CheckReport {
    if case.raw_context {
        return report;
    }
    CheckReport {
        findings: lint::lint(policy, source, &Options::default()),
        ..report
    }
}

/// What the element's engine says of other questions.
#[cfg(not(feature = "tokens"))]
fn claims_only() -> ErrorReport {
    ErrorReport::plain(
        CauseId::MalformedToken,
        "this engine takes claims only",
        "give `claims`",
    )
}

fn judged(
    case: &Case,
    policy: &Policy,
    source: &Source,
    overlay: impl FnOnce(&mut CheckReport, &Attempt<'_>),
) -> Result<CheckReport, ErrorReport> {
    if case.raw_context {
        #[cfg(feature = "tokens")]
        return raw::check(case, policy, source);
        #[cfg(not(feature = "tokens"))]
        return Err(claims_only());
    }
    key_set(case)?;
    let token = Token::from_case(case)?;
    let attempt = Attempt::prepare(case, &token, policy);
    let mut report = CheckReport {
        notes: token.notes.clone(),
        ..explained(policy, source, &attempt)
    };
    overlay(&mut report, &attempt);
    Ok(report)
}

/// Whether the key set that was given can be read.
#[cfg(feature = "tokens")]
pub(crate) fn key_set(case: &Case) -> Result<(), ErrorReport> {
    let Some(Err(error)) = case.jwks.as_deref().map(crate::jwks::KeySet::parse) else {
        return Ok(());
    };
    Err(ErrorReport::plain(
        CauseId::MalformedJson,
        format!("the key set can't be read: {error}"),
        "give what the issuer answers at its jwks_uri, `{\"keys\": [...]}`",
    ))
}

/// Without tokens nobody would read one.
#[cfg(not(feature = "tokens"))]
pub(crate) const fn key_set(_: &Case) -> Result<(), ErrorReport> {
    Ok(())
}

/// Whether IAM would store a policy; one that can't be read is refused, too.
#[must_use]
pub fn write_check(policy: &str) -> Storable {
    match Policy::parse(policy) {
        Ok(policy) => Storable::from(storable::check(&policy).err()),
        Err(unreadable) => Storable {
            accepted: false,
            code: Some("MalformedPolicyDocument"),
            message: Some(iam_text(&unreadable)),
        },
    }
}

/// IAM's texts for what can't be read; known only from versity/versitygw, which says that it mirrors AWS.
fn iam_text(unreadable: &Unreadable) -> String {
    let first = unreadable.faults.first();
    let says = |text: &str| first.is_some_and(|fault| fault.message.starts_with(text));
    if first.is_some_and(|fault| fault.json) {
        "This policy contains invalid Json".to_owned()
    } else if says("Version") {
        "The policy must contain a valid version string".to_owned()
    } else if says("Statement is empty") {
        "Could not parse the policy: Statement is empty!".to_owned()
    } else if says("Sid `") {
        "The Statement Ids in the policy are not unique".to_owned()
    } else if says("Effect is missing") {
        "Missing required field Effect".to_owned()
    } else if says("Action is missing") {
        "Missing required field Action".to_owned()
    } else if says("Principal is missing") {
        "Missing required field Principal".to_owned()
    } else {
        "Syntax errors in policy.".to_owned()
    }
}

pub(crate) fn no_policy() -> ErrorReport {
    ErrorReport::plain(
        CauseId::MalformedPolicy,
        "no policy was given",
        "give a trust policy as JSON",
    )
}

/// Every fault of a policy as a cause with its place.
#[must_use]
pub fn unreadable_policy(source: &Source, unreadable: &Unreadable) -> ErrorReport {
    let cause = |fault: &Fault| {
        let id = if fault.json {
            CauseId::MalformedJson
        } else {
            CauseId::MalformedPolicy
        };
        let also = fault.also.map_or_else(String::new, |span| {
            format!(" (first on line {})", source.position(span.start).line)
        });
        Cause {
            location: Some(Location::policy(source, &fault.path, fault.span)),
            ..Cause::new(id, format!("{}{also}", fault.message), &fault.help)
        }
    };
    ErrorReport {
        schema: ErrorReport::SCHEMA,
        causes: unreadable.faults.iter().map(cause).collect(),
    }
}

/// The report of a prepared attempt, but for the findings.
#[must_use]
pub fn explained(policy: &Policy, source: &Source, attempt: &Attempt<'_>) -> CheckReport {
    let decision = attempt.decide(policy);
    let scene = attempt.scene(policy, source);
    let is = |asked: Decision| decision == asked;
    let failed = attempt.steps.iter().find_map(failure);
    let error = || failed.map_or_else(sts::refusal::access_denied, |refusal| refusal.error.clone());
    CheckReport {
        schema: SCHEMA,
        decision,
        error: is(Decision::Deny).then(error),
        causes: if is(Decision::Allow) {
            Vec::new()
        } else {
            causes(attempt, &scene)
        },
        checks: checks(attempt, &scene, attempt.trust(policy)),
        statements: explain::statements(&scene),
        findings: Vec::new(),
        storable: storable::check(policy).err().into(),
        unknowns: if is(Decision::Undecided) {
            unknowns::list(attempt, policy)
        } else {
            Vec::new()
        },
        session: is(Decision::Allow).then(|| attempt.session()),
        notes: Vec::new(),
    }
}

const fn failure(step: &Step) -> Option<&sts::refusal::Refusal> {
    match &step.outcome {
        Outcome::Fail(refusal) => Some(refusal),
        _ => None,
    }
}

/// What failed before the policy, in STS's order, then why the policy refuses.
fn causes(attempt: &Attempt<'_>, scene: &Scene<'_>) -> Vec<Cause> {
    let mut causes: Vec<Cause> = attempt
        .steps
        .iter()
        .filter_map(|step| step_cause(attempt, step))
        .collect();
    // Without a subject or with another provider's token the policy's own refusal is a consequence.
    causes.extend(explain::causes(scene));
    causes
}

fn step_cause(attempt: &Attempt<'_>, step: &Step) -> Option<Cause> {
    match &step.outcome {
        Outcome::Fail(refusal) => Some(Cause {
            claim: refusal.claim.map(str::to_owned),
            actual: refusal.actual.clone(),
            expected: refusal.expected.clone(),
            ..Cause::new(refusal.cause, &refusal.summary, &refusal.help)
        }),
        Outcome::Unknown(why) if step.id == CheckId::Signature => Some(Cause::new(
            CauseId::UnknownSigningKey,
            format!("the signature can't be judged: {why}"),
            format!(
                "fetch the issuer's key set and give it (--jwks): curl -sS {} -o jwks.json",
                catalogue::keys_url(
                    attempt
                        .provider
                        .issuer
                        .as_deref()
                        .unwrap_or(sts::GITHUB_ISSUER)
                )
            ),
        )),
        _ => None,
    }
}

fn checks(attempt: &Attempt<'_>, scene: &Scene<'_>, trust: Tri) -> Vec<Check> {
    let mut failed = false;
    let mut checks: Vec<Check> = Vec::with_capacity(attempt.steps.len() + 1);
    for step in &attempt.steps {
        let (outcome, summary) = match &step.outcome {
            _ if failed => (
                CheckOutcome::NotReached,
                "not reached: an earlier check failed".to_owned(),
            ),
            Outcome::Pass(passed) => (CheckOutcome::Pass, attempt.words(passed)),
            Outcome::Unknown(summary) => (CheckOutcome::Unknown, summary.clone()),
            Outcome::Fail(refusal) => (CheckOutcome::Fail, refusal.summary.clone()),
        };
        failed |= outcome == CheckOutcome::Fail;
        checks.push(Check {
            id: step.id,
            outcome,
            summary,
        });
    }
    checks.push(trust_check(scene, trust, failed));
    checks
}

fn trust_check(scene: &Scene<'_>, trust: Tri, failed: bool) -> Check {
    let statements = &scene.policy.statements;
    let applying = statements
        .iter()
        .filter(|s| s.applies(scene.caller, scene.context) == Tri::Yes)
        .count();
    let (outcome, says) = match trust {
        Tri::Yes => (CheckOutcome::Pass, "the policy allows the call".to_owned()),
        Tri::No if applying == 0 => (
            CheckOutcome::Fail,
            "the policy refuses: no statement applies".to_owned(),
        ),
        Tri::No => (
            CheckOutcome::Fail,
            format!(
                "the policy refuses: {applying} of {} statements apply",
                statements.len()
            ),
        ),
        Tri::Unknown => (
            CheckOutcome::Unknown,
            "the policy's answer hangs on facts that are not known".to_owned(),
        ),
    };
    Check {
        id: CheckId::TrustPolicy,
        outcome: if failed {
            CheckOutcome::NotReached
        } else {
            outcome
        },
        summary: if failed {
            format!("not reached; {says}")
        } else {
            says
        },
    }
}
