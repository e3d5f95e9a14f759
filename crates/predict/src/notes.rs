//! What was assumed where nothing was given, and what would tell it.

use rolecall_core::report::prediction::JobPrediction;

use crate::input::Input;
use crate::subject::{self, KeyFault};

/// The notes of a prediction.
pub(crate) fn all(input: &Input, jobs: &[JobPrediction]) -> Vec<String> {
    let settings = &input.settings;
    let mut notes = Vec::new();
    if jobs.iter().all(|job| job.tokens.is_empty()) {
        notes.extend(no_job(input, jobs));
        return notes;
    }
    if settings.repository.is_none() {
        notes.push("the repository is not given: its names and ids are left open".to_owned());
    }
    if settings.sub_claim_prefix.is_none() && subject::has_ids(settings).is_none() {
        notes.push(
            "whether ids are in the subject is not known, so both forms are shown; `gh api repos/OWNER/REPO/actions/oidc/customization/sub` tells it, as sub_claim_prefix".to_owned(),
        );
    }
    if settings.repository_template.is_none() {
        notes.push("the subject is taken to follow GitHub's default; `gh api repos/OWNER/REPO/actions/oidc/customization/sub` tells whether it is customised".to_owned());
    }
    if settings.organization_template.is_some() && settings.repository_template.is_none() {
        notes.push("the organisation's template touches no repository that does not set use_default to false".to_owned());
    }
    let faults = settings
        .template()
        .unwrap_or_default()
        .iter()
        .filter_map(|key| subject::key_fault(key));
    notes.extend(faults.map(|fault| match fault {
        KeyFault::Fails(why) | KeyFault::Unknown(why) => why,
    }));
    let dates = [
        ("created_at", &settings.created_at),
        ("renamed_at", &settings.renamed_at),
        ("transferred_at", &settings.transferred_at),
    ];
    for (name, date) in dates {
        if let Some(date) = date
            .as_deref()
            .filter(|date| *date != "never" && !subject::is_date(date))
        {
            notes.push(format!(
                "{name} `{date}` is no date such as 2026-07-15, and is not used"
            ));
        }
    }
    notes
}

fn no_job(input: &Input, jobs: &[JobPrediction]) -> Option<String> {
    if !jobs.is_empty() {
        return None;
    }
    let run = &input.run;
    let parts = [
        run.job.as_ref().map(|job| format!("the job `{job}`")),
        run.event
            .as_ref()
            .map(|event| format!("the event `{event}`")),
        run.git_ref
            .as_ref()
            .map(|git_ref| format!("the ref `{git_ref}`")),
    ];
    let parts: Vec<String> = parts.into_iter().flatten().collect();
    Some(match parts.as_slice() {
        [] => "no job of these workflows runs".to_owned(),
        parts => format!("nothing in these workflows runs for {}", parts.join(", ")),
    })
}
