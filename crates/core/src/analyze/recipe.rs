//! What an outsider does to get a token, step by step.

use serde_json::Value;

use super::Verdict;
use super::witness::Witness;

/// The steps in words.
pub(crate) fn of(witness: &Witness, verdict: Verdict) -> Vec<String> {
    let claim = |name: &str| {
        witness
            .claims
            .get(name)
            .and_then(Value::as_str)
            .unwrap_or_default()
    };
    let (owner, repository) = (claim("repository_owner"), claim("repository"));
    let mut steps = vec![format!(
        "register the account `{owner}` and make the repository `{repository}`"
    )];
    if !witness.template.is_empty() {
        steps.push(format!(
            "set the template of its subjects: gh api --method PUT repos/{repository}/actions/oidc/customization/sub \
             -F use_default=false {}",
            witness.template.iter().map(|key| format!("-f 'include_claim_keys[]={key}'")).collect::<Vec<_>>().join(" ")
        ));
    }
    if let Some(name) = witness.claims.get("environment").and_then(Value::as_str) {
        steps.push(format!("name the job's environment `{name}`"));
    }
    if witness.template.iter().any(|key| key == "workflow") {
        steps.push(format!("name the workflow `{}`", claim("workflow")));
    }
    let job = claim("job_workflow_ref");
    if verdict == Verdict::Borrow
        || (verdict == Verdict::Lure && !job.starts_with(&format!("{repository}/")))
    {
        steps.push(format!(
            "call the workflow `{job}` from a job: a public one can be called by anybody"
        ));
    }
    if verdict == Verdict::Lure {
        steps.push(format!(
            "make `{}` trigger the run, as by a star, a comment or a pull request",
            claim("actor")
        ));
    }
    let on = match (claim("event_name"), claim("ref")) {
        ("pull_request", _) => "on a pull request".to_owned(),
        (event, "") => format!("on {event}"),
        (event, reference) => format!("on {event} of `{reference}`"),
    };
    steps.push(format!(
        "run a workflow {on} with `permissions: id-token: write` that asks for the audience `{}` and assumes the role",
        claim("aud")
    ));
    steps
}
