//! A reusable workflow that outsiders can call gets in.

use super::view::View;
use super::{Draft, Rule, open_to_outsiders};
use crate::analyze::Verdict;
use crate::guide::{Page, pages};
use crate::report::{Finding, Severity};

pub(super) const RULE: Rule = Rule::new(
    Severity::Warning,
    &Page {
        id: "borrowed_workflow",
        title: "Whoever calls a reusable workflow of yours gets in.",
        meaning: "The policy looks at job_workflow_ref, which names the file that defines the job, and at nothing that names the caller. A reusable workflow in a public repository can be called from any repository on GitHub: your code runs there, with the caller's inputs and the caller's runner. Where the ref is a wildcard, a commit of a fork may count as one of the repository's.",
        recognise: "job_workflow_ref is tested, and neither sub, repository nor an id is.",
        what_to_do: "Test the caller as well: repository_owner_id, or the owner in sub; and name the ref of the workflow in full.",
        example_before: r#"{"StringEquals": {"aud": "sts.amazonaws.com", "job_workflow_ref": "octo-org/octo-repo/.github/workflows/deploy.yml@refs/heads/main"}}"#,
        example_after: r#"{"StringEquals": {"aud": "sts.amazonaws.com", "repository_owner_id": "123456", "job_workflow_ref": "octo-org/octo-repo/.github/workflows/deploy.yml@refs/heads/main"}}"#,
        sources: &[pages::GITHUB_OIDC],
    },
    find,
)
.about_access();

fn find(view: &View<'_>, _: &[Finding]) -> Vec<Draft> {
    open_to_outsiders::outcome(
        view,
        Verdict::Borrow,
        Severity::Warning,
        "anyone who can call the reusable workflow can assume the role",
        "test repository_owner_id, or the owner in sub, beside job_workflow_ref",
    )
}
