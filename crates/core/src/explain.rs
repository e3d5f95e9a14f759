//! Why: the trace of a policy, and the causes of a refusal.
//!
//! The trace walks the same prepared policy that [`Policy::decide`](crate::policy::Policy::decide)
//! walks, part by part and value by value; a property test holds the two equal.
//!
//! # Nearest miss
//! Every Allow statement is measured by the parts that keep it from applying. The statement with the
//! fewest is the nearest, since the repair of a single part lets the token in; among equals the one whose
//! parts miss by least. A statement for another principal or action that does not look at the subject was
//! not written for this caller: it comes after those that were. Of a list of values the nearest one counts. The causes begin with what keeps the
//! nearest statement from applying, what no token could ever meet before the rest; the other statements follow.

mod anded;
mod fault;
mod key;
mod placeholder;
pub(crate) mod repair;
pub(crate) mod stranger;
mod subject;
mod trace;

pub(crate) use key::is_enterprise_pair;
pub use trace::statements;

use crate::condition::Effect;
use crate::context::Context;
use crate::policy::{Caller, Policy, Statement};
use crate::report::{Cause, CauseId, Location};
use crate::span::{Source, Span};
use crate::token::catalogue::IssuerKeys;
use crate::tri::Tri;
use fault::Fault;

/// What looks like a placeholder in a policy's value, where nothing is known of a token; it may be a name as well.
pub(crate) fn stand_in(value: &str) -> Option<String> {
    placeholder::find(value, "")
}

/// A placeholder that no name can be: it has characters that names have not.
pub(crate) fn placeholder(value: &str) -> Option<String> {
    let is_no_name = |found: &String| found.contains(['<', '{', '$', '%', '_', '('].as_slice());
    placeholder::find(value, "").filter(is_no_name)
}

/// What an explanation looks at: a policy, its text, and one request.
#[derive(Clone, Copy)]
pub struct Scene<'a> {
    /// The policy.
    pub policy: &'a Policy,
    /// Its text.
    pub source: &'a Source,
    /// Who asks for what.
    pub caller: Caller<'a>,
    /// The request's keys.
    pub context: &'a Context,
    /// What condition keys of the token's issuer begin with.
    pub key_prefix: &'a str,
    /// The issuer's condition keys.
    pub keys: &'static IssuerKeys,
    /// The audiences that are registered with the provider.
    pub audiences: &'a [String],
}

impl Scene<'_> {
    fn decide_with(&self, text: &str) -> Option<Tri> {
        let policy = Policy::parse(text).ok()?;
        Some(policy.decide(self.caller, self.context))
    }
}

/// More causes than this help nobody.
const MOST_CAUSES: usize = 12;

/// Why the policy refuses, most decisive first; empty where it does not.
#[must_use]
pub fn causes(scene: &Scene<'_>) -> Vec<Cause> {
    if scene.policy.decide(scene.caller, scene.context) != Tri::No {
        return Vec::new();
    }
    let mut causes: Vec<Cause> = denials(scene);
    causes.extend(duplicate_keys(scene));
    let room = MOST_CAUSES.saturating_sub(causes.len());
    let is_meant = causes.is_empty() && stranger::of(scene, &[]).is_none();
    let misses = misses(scene);
    // A repair is tried on the whole text: only for what is shown.
    for (statement, fault) in misses.into_iter().take(room) {
        let fix = if is_meant && cfg!(feature = "repairs") {
            repair::tried(scene, statement, &fault)
        } else {
            None
        };
        causes.push(Cause {
            fix,
            ..fault.into_cause(scene)
        });
    }
    if causes.is_empty() {
        causes.push(Cause::new(
            CauseId::WrongAction,
            "no statement of the policy allows anything",
            "add an Allow statement for sts:AssumeRoleWithWebIdentity",
        ));
    }
    causes.truncate(MOST_CAUSES);
    causes
}

/// Tests of a statement that no token can pass together.
pub(crate) struct Contradiction {
    pub(crate) summary: String,
    pub(crate) help: String,
    pub(crate) path: String,
    pub(crate) span: Span,
}

/// The contradiction in a statement, if there is one.
pub(crate) fn contradiction(
    scene: &Scene<'_>,
    statement: &Statement,
    path: &str,
) -> Option<Contradiction> {
    anded::find(scene, statement, path).map(|fault| Contradiction {
        summary: fault.summary,
        help: fault.help,
        path: fault.path,
        span: fault.span,
    })
}

/// The Deny statements that apply.
fn denials(scene: &Scene<'_>) -> Vec<Cause> {
    let statements = scene.policy.statements.iter().enumerate();
    let denying = statements.filter(|(_, statement)| {
        statement.effect == Effect::Deny
            && statement.applies(scene.caller, scene.context) == Tri::Yes
    });
    denying
        .map(|(index, statement)| {
            let path = statement.path(index, scene.policy.statements_are_listed);
            let name = statement.sid.as_ref().map_or_else(|| format!("statement {}", index + 1), |sid| format!("statement `{}`", sid.text));
            Cause {
                location: Some(Location::policy(scene.source, path, statement.span)),
                ..Cause::new(
                    CauseId::ExplicitDeny,
                    format!("the Deny of {name} applies, and a Deny always wins"),
                    "narrow the Deny so that it leaves this token out; no Allow can help against it",
                )
            }
        })
        .collect()
}

/// A key given twice is a cause where the policy would admit the token if the occurrence that is dropped counted.
fn duplicate_keys(scene: &Scene<'_>) -> Option<Cause> {
    let duplicate = scene.policy.duplicates.first()?;
    let meant = Policy::parse_with_first_keys(scene.source.text())?;
    if meant.decide(scene.caller, scene.context) != Tri::Yes {
        return None;
    }
    let line = scene.source.position(duplicate.dropped.start).line;
    let path = format!(
        "{}/{}",
        duplicate.path,
        crate::policy::escape(&duplicate.key)
    );
    Some(Cause {
        location: Some(Location::policy(scene.source, path, duplicate.kept)),
        ..Cause::new(
            CauseId::DuplicateJsonKeys,
            format!(
                "`{}` is given twice, and only the last one counts; the one on line {line} would let this token in",
                duplicate.key
            ),
            "write both under one key: a list of values is an OR, several keys under one operator are an AND",
        )
    })
}

/// The faults of the nearest Allow statement, then those of the others, each with its statement.
fn misses<'a>(scene: &Scene<'a>) -> Vec<(&'a Statement, Fault<'a>)> {
    let of_statement = |(index, faults): (usize, Vec<Fault<'a>>)| {
        let statement = scene.policy.statements.get(index);
        faults
            .into_iter()
            .filter_map(move |fault| Some((statement?, fault)))
    };
    nearest(scene).into_iter().flat_map(of_statement).collect()
}

/// The Allow statements that do not apply, the nearest first, by their index.
fn nearest<'a>(scene: &Scene<'a>) -> Vec<(usize, Vec<Fault<'a>>)> {
    let allows = scene
        .policy
        .statements
        .iter()
        .enumerate()
        .filter(|(_, s)| s.effect == Effect::Allow);
    let mut missed: Vec<(bool, usize, Vec<Fault<'a>>)> = allows
        .map(|(index, statement)| {
            let faults = fault::of_statement(scene, index, statement);
            let is_for_others = fault::is_for_others(scene, statement, &faults);
            (is_for_others, index, faults)
        })
        .collect();
    missed.retain(|(_, _, faults)| !faults.is_empty());
    crate::order::sort_by_key(&mut missed, |(is_for_others, _, faults)| {
        let cost = faults.iter().map(|fault| fault.cost).sum::<u32>();
        (*is_for_others, faults.len(), cost)
    });
    missed
        .into_iter()
        .map(|(_, index, faults)| (index, faults))
        .collect()
}
