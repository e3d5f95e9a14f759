//! What to add so that the way works.

use serde::Serialize;

use super::layers::Refusal;
use super::{Kind, LOGIN, Leg, Trip};
use crate::tri::Tri;

/// A policy to add, ready to paste.
#[derive(Debug, Clone, Serialize)]
pub struct Missing {
    /// Which kind of policy lacks it.
    pub kind: Kind,
    /// What to do with it, in one sentence.
    pub summary: String,
    /// The policy.
    pub document: Grants,
}

/// A policy that only allows, as IAM takes it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct Grants {
    /// `2012-10-17`
    pub version: &'static str,
    /// The statements.
    pub statement: Vec<Grant>,
}

/// A statement that allows.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct Grant {
    /// Its id, where it has one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sid: Option<&'static str>,
    /// `Allow`
    pub effect: &'static str,
    /// Whom, in a resource policy.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub principal: Option<Role>,
    /// What.
    pub action: Vec<&'static str>,
    /// On what, but for a resource policy.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub resource: Option<String>,
}

/// A principal of AWS.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Role {
    /// The role's ARN, or its account's.
    #[serde(rename = "AWS")]
    pub aws: String,
}

impl Grants {
    /// A policy of these statements.
    #[must_use]
    pub const fn new(statement: Vec<Grant>) -> Self {
        Self {
            version: "2012-10-17",
            statement,
        }
    }
}

impl Grant {
    /// A statement of an identity policy.
    #[must_use]
    pub const fn on(action: Vec<&'static str>, resource: String) -> Self {
        Self {
            sid: None,
            effect: "Allow",
            principal: None,
            action,
            resource: Some(resource),
        }
    }

    /// A statement of a resource policy.
    #[must_use]
    pub const fn to(aws: String, action: Vec<&'static str>) -> Self {
        Self {
            sid: None,
            effect: "Allow",
            principal: Some(Role { aws }),
            action,
            resource: None,
        }
    }
}

/// The least that each kind of policy lacks. An explicit deny is not undone by adding anything.
pub(super) fn missing(trip: &Trip<'_>) -> Vec<Missing> {
    [
        Kind::ServiceControl,
        Kind::Identity,
        Kind::Boundary,
        Kind::Session,
        Kind::Repository,
    ]
    .into_iter()
    .filter_map(|kind| of_kind(trip, kind))
    .collect()
}

fn of_kind(trip: &Trip<'_>, kind: Kind) -> Option<Missing> {
    let lacks = |leg: &&Leg<'_>| {
        let request = trip.request(leg);
        let is_needed = kind != Kind::Repository || trip.layers.needs_repository_policy(request);
        matches!(leg.refusal, Some(Refusal::Implicit(_)))
            && is_needed
            && trip.layers.allows(kind, request) == Tri::No
    };
    let actions: Vec<&'static str> = trip
        .legs
        .iter()
        .filter(lacks)
        .map(|leg| leg.action)
        .collect();
    (!actions.is_empty()).then(|| Missing {
        kind,
        summary: summary(kind).to_owned(),
        document: Grants::new(statements(trip, kind, &actions)),
    })
}

const fn summary(kind: Kind) -> &'static str {
    match kind {
        Kind::ServiceControl => "let the service control policies of every level allow this",
        Kind::Identity => "add this to the role's policies",
        Kind::Boundary => "let the permissions boundary allow this",
        Kind::Session => "let a session policy allow this, or assume the role without one",
        Kind::Repository => "add this to the repository's policy, in the repository's account",
        Kind::ResourceControl => "",
    }
}

fn statements(trip: &Trip<'_>, kind: Kind, actions: &[&'static str]) -> Vec<Grant> {
    let login = actions
        .contains(&LOGIN)
        .then(|| Grant::on(vec![LOGIN], "*".to_owned()));
    let rest: Vec<&'static str> = actions
        .iter()
        .copied()
        .filter(|action| *action != LOGIN)
        .collect();
    let rest = (!rest.is_empty()).then(|| match kind {
        Kind::Repository => Grant::to(principal(trip), rest),
        _ => Grant::on(rest, trip.question.repository.to_string()),
    });
    login.into_iter().chain(rest).collect()
}

/// The role, or its account where the role is not known.
fn principal(trip: &Trip<'_>) -> String {
    trip.question.role_arn.clone().unwrap_or_else(|| {
        format!(
            "arn:{}:iam::{}:root",
            trip.question.repository.partition,
            trip.question.account()
        )
    })
}
