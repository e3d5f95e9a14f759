//! A wildcard before the owner's name ends.

use super::view::{Value, View, is_positive};
use super::{Draft, Rule};
use crate::analyze::Verdict;
use crate::guide::{Page, pages};
use crate::pattern::{Pattern, Syntax};
use crate::report::{Finding, Severity};
use crate::token::subject::Subject;

pub(super) const RULE: Rule = Rule::new(
    Severity::Warning,
    &Page {
        id: "wildcard_before_owner",
        title: "A wildcard stands before the owner is fixed.",
        meaning: "`*` also spans `/`, `:` and `@`. What is written out after it can be put by anyone into the name of a repository, a branch, an environment, or a subject of his own template; `repo:octo*` is met by every owner whose name begins so. Ids after a wildcard do not help: `repo:*@123/*@456:*` is met by an environment that is named accordingly.",
        recognise: "In a pattern for `sub` a `*` or `?` comes before the `/` or `@` that ends the owner's name.",
        what_to_do: "Write the owner's name in full, followed by `/` or `@`: `repo:octo-org/*`, `repo:octo-org@123456/*`.",
        example_before: r#"{"StringEquals": {"aud": "sts.amazonaws.com"}, "StringLike": {"sub": "repo:octo*/app:*"}}"#,
        example_after: r#"{"StringEquals": {"aud": "sts.amazonaws.com"}, "StringLike": {"sub": "repo:octo-org/app:*"}}"#,
        sources: &[pages::GITHUB_OIDC],
    },
    find,
)
.about_access();

/// Where the analysis proves the policy closed, other tests make up for the wildcard.
fn find(view: &View<'_>, _: &[Finding]) -> Vec<Draft> {
    let verdict = view.outsider().verdict;
    if !matches!(
        verdict,
        Verdict::Open | Verdict::Depends | Verdict::NotDecided
    ) {
        return Vec::new();
    }
    let open = view.values().filter(|value| {
        value.seen.is_allow()
            && value.is_on("sub")
            && value.takes_wildcards()
            && is_positive(value.test)
            && !is_owner_fixed(view, value)
            // What no subject looks like has a finding of its own.
            && Subject::parse_pattern(value.text).mistakes().is_empty()
    });
    open.map(|value| {
        Draft::new(
            Severity::Warning,
            value.place(),
            format!(
                "in `{}` a wildcard stands before the owner's name ends: other owners may fit",
                value.text
            ),
            "write the owner's name in full, followed by `/` or `@`",
        )
    })
    .collect()
}

/// Whether `repo:OWNER/`, or another segment that names the owner, stands before the first wildcard.
fn is_owner_fixed(view: &View<'_>, value: &Value<'_>) -> bool {
    let syntax = Syntax {
        wildcards: true,
        variables: view.policy.has_variables(),
    };
    let pattern = Pattern::new(value.text, syntax);
    let first = pattern.segments().first().and_then(|parts| parts.first());
    let Some(crate::pattern::Part::Literal(fixed)) = first else {
        return pattern.as_literal().is_some();
    };
    let has_more = pattern.has_wildcards() || pattern.has_variables();
    !has_more || names_owner(fixed)
}

fn names_owner(fixed: &str) -> bool {
    let ends = |key: &str, ends: &[char]| {
        let after = fixed.split_once(key).map(|(_, after)| after);
        after.is_some_and(|after| after.trim_start_matches(ends).contains(ends))
    };
    ends("repo:", &['/', '@'])
        || ends("repository:", &['/'])
        || ends("repository_owner:", &[':'])
        || ends("repository_owner_id:", &[':'])
        || ends("repository_id:", &[':'])
        || ends("job_workflow_ref:", &['/'])
}

#[cfg(test)]
mod tests {
    use super::super::tests::table;

    #[test]
    fn the_owner_must_end_before_the_wildcard() {
        table(
            &super::RULE,
            &[
                (
                    r#"{"StringLike": {"sub": "repo:octo-org*"}}"#,
                    r#"warning "repo:octo-org*""#,
                ),
                (
                    r#"{"StringLike": {"sub": "repo:*/app:*"}}"#,
                    r#"warning "repo:*/app:*""#,
                ),
                (
                    r#"{"StringLike": {"sub": "*:ref:refs/heads/main"}}"#,
                    r#"warning "*:ref:refs/heads/main""#,
                ),
                (
                    r#"{"StringLike": {"sub": "repo:*@123/*@456:*"}}"#,
                    r#"warning "repo:*@123/*@456:*""#,
                ),
                (r#"{"StringLike": {"sub": "repo:octo-org@*/app@*:*"}}"#, ""),
                (
                    r#"{"StringLike": {"sub": "repository_owner:octo-org:*"}}"#,
                    "",
                ),
                (r#"{"StringEquals": {"sub": "repo:octo*"}}"#, ""),
                (r#"{"StringNotLike": {"sub": "repo:*"}}"#, ""),
            ],
        );
    }
}
