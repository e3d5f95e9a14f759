//! Policies in any text that holds one, as on the command line.

use std::sync::Arc;

use rolecall_core::analyze::Options;
use rolecall_core::case::Case;
use rolecall_core::check;
use rolecall_core::fix::FixReport;
use rolecall_core::report::{CheckReport, ErrorReport};
use rolecall_formats::{Known, RolePolicy};

use crate::answer::no_policy;
use crate::proofs::Given;

pub(crate) fn check(case: &Case, role: Option<&str>) -> Result<CheckReport, ErrorReport> {
    match case.policy.as_deref() {
        Some(text) => rolecall_formats::role(text, role, case)?.check(case),
        None => check::check(case),
    }
}

/// The same without the findings, which take longer than all else.
pub(crate) fn verdict(case: &Case, role: Option<&str>) -> Result<CheckReport, ErrorReport> {
    match case.policy.as_deref() {
        Some(text) => rolecall_formats::role(text, role, case)?.check_without_findings(case),
        None => check::check(case),
    }
}

pub(crate) fn fix(
    case: &Case,
    role: Option<&str>,
    options: &Options,
) -> Result<FixReport, ErrorReport> {
    let text = case.policy.as_deref().ok_or_else(no_policy)?;
    rolecall_formats::role(text, role, case)?.fix(case, options)
}

/// The policies of a case's text: all, or that of the role that is meant.
pub(crate) fn policies(case: &Case, role: Option<&str>) -> Result<Vec<Given>, ErrorReport> {
    let text = case.policy.as_deref().ok_or_else(no_policy)?;
    let roles = match role {
        Some(_) => vec![rolecall_formats::role(text, role, case)?],
        None => {
            let arn = case.role_arn.as_deref();
            let known = arn.map(Known::from_arn).unwrap_or_default();
            rolecall_formats::read_with(text, &known)?.roles
        }
    };
    roles.into_iter().map(given).collect()
}

fn given(role: RolePolicy) -> Result<Given, ErrorReport> {
    let policy = role
        .policy
        .map_err(|unreadable| check::unreadable_policy(&role.source, &unreadable))?;
    Ok(Given {
        path: role.path,
        source: Arc::clone(&role.source),
        policy,
    })
}
