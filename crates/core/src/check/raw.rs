//! A plain IAM evaluator: the given request and keys, nothing else.

use super::{SCHEMA, trust_check};
use crate::case::{Case, RawRequest};
use crate::context::Context;
use crate::explain::{self, Scene};
use crate::lint;
use crate::policy::{Caller, Policy, PrincipalKind};
use crate::report::{CauseId, CheckReport, ErrorReport, StsError};
use crate::span::Source;
use crate::sts;
use crate::token::{catalogue, scalar};
use crate::tri::Tri;

/// As [`super::check`], of a `raw_context`.
pub(super) fn check(
    case: &Case,
    policy: &Policy,
    source: &Source,
) -> Result<CheckReport, ErrorReport> {
    let request = case.request.as_ref().ok_or_else(|| {
        ErrorReport::plain(
            CauseId::MalformedPolicy,
            "raw_context needs a request",
            "give `\"request\": {\"principal\": {...}, \"action\": \"...\"}`",
        )
    })?;
    let (kind, name) = principal(request)?;
    let mut context = Context::raw();
    sts::given_keys(&mut context, case);
    let key_prefix = name
        .split_once(":oidc-provider/")
        .map_or("", |(_, host)| host);
    let scene = Scene {
        policy,
        source,
        caller: Caller {
            kind,
            name: Some(&name),
            host: key_prefix,
            action: &request.action,
        },
        context: &context,
        key_prefix,
        keys: catalogue::keys_for(key_prefix),
        audiences: &[],
    };
    let answer = policy.decide(scene.caller, &context);
    let error = || StsError {
        message: format!("not authorized to perform {}", request.action),
        also_seen: Vec::new(),
        ..sts::refusal::access_denied()
    };
    Ok(CheckReport {
        schema: SCHEMA,
        decision: answer.into(),
        error: (answer == Tri::No).then(error),
        causes: explain::causes(&scene),
        checks: vec![trust_check(&scene, answer, false)],
        statements: explain::statements(&scene),
        // A plain evaluator knows no rules of storing, and no issuer.
        findings: lint::repeated_keys(policy, source),
        storable: None.into(),
        unknowns: Vec::new(),
        session: None,
        notes: Vec::new(),
    })
}

fn principal(request: &RawRequest) -> Result<(PrincipalKind, String), ErrorReport> {
    let first = request.principal.iter().next();
    let named = first.and_then(|(kind, name)| Some((PrincipalKind::parse(kind)?, scalar(name)?)));
    named.ok_or_else(|| {
        ErrorReport::plain(
            CauseId::MalformedPolicy,
            "the request names no principal",
            "give one type and one name, such as `\"principal\": {\"Federated\": \"arn:...\"}`",
        )
    })
}
