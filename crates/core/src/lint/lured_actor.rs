//! A named actor can be made to trigger a run that gets in.

use super::view::View;
use super::{Draft, Rule, open_to_outsiders};
use crate::analyze::Verdict;
use crate::guide::{Page, pages};
use crate::report::{Finding, Severity};

pub(super) const RULE: Rule = Rule::new(
    Severity::Warning,
    &Page {
        id: "lured_actor",
        title: "A named actor can be made to trigger a run that gets in.",
        meaning: "The policy looks at who triggered the run, and not at where it runs. Many events count as triggered by a person who did little: a star, a comment, a pull request in somebody else's repository. That repository's workflow then gets a token with the person's name in it.",
        recognise: "actor or actor_id is tested, and neither sub, repository nor an id of the repository or its owner is.",
        what_to_do: "Test the repository as well: repository_id, or sub.",
        example_before: r#"{"StringEquals": {"aud": "sts.amazonaws.com", "actor": "octocat"}}"#,
        example_after: r#"{"StringEquals": {"aud": "sts.amazonaws.com", "actor": "octocat", "repository_id": "456789"}}"#,
        sources: &[pages::GITHUB_EVENTS, pages::GITHUB_OIDC],
    },
    find,
)
.about_access();

fn find(view: &View<'_>, _: &[Finding]) -> Vec<Draft> {
    open_to_outsiders::outcome(
        view,
        Verdict::Lure,
        Severity::Warning,
        "whoever makes the named actor trigger a run can assume the role",
        "test repository_id or sub beside the actor",
    )
}
