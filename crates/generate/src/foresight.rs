//! The tokens of the generated workflow, as predicted, against the generated trust policy.

use rolecall_core::policy::Policy;
use rolecall_core::report::Decision;
use rolecall_core::report::prediction::{JobPrediction, TokenPrediction};
use rolecall_predict::input::File as Workflow;
use rolecall_predict::settings::Settings;
use rolecall_predict::{Input, predict};

use crate::proof::FAULT;
use crate::{File, Proved, Refused, Setup};

/// Predicts for each accepted form of subjects.
pub(super) fn proved(
    setup: &Setup,
    trust: &Policy,
    files: &[File],
) -> Result<Vec<Proved>, Refused> {
    let mut proved = Vec::new();
    for prefix in setup.subject_prefixes() {
        for job in jobs(setup, files, prefix)? {
            proved.extend(of_job(setup, trust, &job)?);
        }
    }
    Ok(proved)
}

fn jobs(setup: &Setup, files: &[File], prefix: String) -> Result<Vec<JobPrediction>, Refused> {
    let request = setup.request();
    let ids = request.ids.clone().unzip();
    let workflows = files.iter().filter(|file| file.path.ends_with(".yml"));
    let input = Input {
        workflows: workflows
            .map(|file| Workflow {
                path: file.path.clone(),
                text: file.text.clone(),
            })
            .collect(),
        settings: Settings {
            repository: Some(request.repository.clone()),
            repository_owner_id: ids.0,
            repository_id: ids.1,
            default_branch: Some(request.default_branch.clone()),
            sub_claim_prefix: Some(prefix),
            ..Settings::default()
        },
        ..Input::default()
    };
    let report = predict(&input).map_err(|report| {
        let summary = report.causes.first().map(|cause| cause.summary.clone());
        Refused::proof(summary.unwrap_or_default(), FAULT)
    })?;
    Ok(report.jobs)
}

fn of_job(setup: &Setup, trust: &Policy, job: &JobPrediction) -> Result<Vec<Proved>, Refused> {
    if let Some(cause) = &job.no_token {
        return Err(Refused::proof(
            format!("the workflow's job would get no token: {}", cause.summary),
            FAULT,
        ));
    }
    let asked = job.roles.iter().find_map(|role| role.role.as_deref());
    if asked != Some(&setup.role_arn()) {
        return Err(Refused::proof("the workflow asks for another role", FAULT));
    }
    job.tokens
        .iter()
        .map(|token| of_token(setup, trust, job, token))
        .collect()
}

fn of_token(
    setup: &Setup,
    trust: &Policy,
    job: &JobPrediction,
    token: &TokenPrediction,
) -> Result<Proved, Refused> {
    let text = |claims: &serde_json::Map<String, serde_json::Value>| {
        claims
            .get("sub")
            .and_then(|sub| sub.as_str())
            .map(str::to_owned)
    };
    let known = text(&token.claims);
    let pattern = text(&token.patterns);
    let gets_in = match (&known, &pattern) {
        (Some(sub), _) => setup.answer(trust, sub) == Decision::Allow,
        (None, Some(pattern)) => setup.subjects().contains(pattern),
        (None, None) => false,
    };
    let sub = known
        .or(pattern)
        .unwrap_or_else(|| "a token whose subject is not known".to_owned());
    if gets_in {
        let says = format!(
            "on {} the job {} gets {sub}, which the role accepts",
            job.event, job.job
        );
        Ok(Proved::new("predict", says))
    } else {
        Err(Refused::proof(
            format!("the workflow's job gets {sub}, which the role does not accept"),
            FAULT,
        ))
    }
}
