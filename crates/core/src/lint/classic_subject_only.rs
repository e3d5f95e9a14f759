//! Classic subjects without the form with ids beside them.

use super::view::{Seen, Value, View, is_positive};
use super::{Draft, Rule};
use crate::guide::{Page, pages};
use crate::report::{Finding, Severity};
use crate::token::subject::{Form, Subject};

pub(super) const RULE: Rule = Rule::new(
    Severity::Info,
    &Page {
        id: "classic_subject_only",
        title: "The policy trusts names, and no ids.",
        meaning: "Repositories that were created, renamed or transferred after 15 July 2026, or opted in, have subjects with ids: `repo:OWNER@ID/REPO@ID:...`. A value without ids stops matching on that day. And names can be registered anew by somebody else after a rename or a deletion; ids are never used again.",
        recognise: "Values such as `repo:octo-org/octo-repo:...`, and none with `@` for the same repository.",
        what_to_do: "Add the form with ids beside the old one; when all runs have it, drop the old one. The ids: gh api repos/OWNER/REPO --jq '{o: .owner.id, r: .id}'.",
        example_before: r#"{"StringEquals": {"aud": "sts.amazonaws.com", "sub": "repo:octo-org/octo-repo:environment:prod"}}"#,
        example_after: r#"{"StringEquals": {"aud": "sts.amazonaws.com", "sub": ["repo:octo-org/octo-repo:environment:prod", "repo:octo-org@123456/octo-repo@456789:environment:prod"]}}"#,
        sources: &[pages::IMMUTABLE, pages::GITHUB_OIDC],
    },
    find,
)
.about_access();

fn find(view: &View<'_>, _: &[Finding]) -> Vec<Draft> {
    let lonely = view
        .allows()
        .filter_map(|seen| lonely(view, seen, Form::Classic));
    lonely
        .map(|value| {
            Draft::new(
                Severity::Info,
                value.place(),
                format!(
                    "`{}` matches no subject with ids: after a rename, a transfer or an opt-in the role can't be assumed",
                    value.text
                ),
                "add the form `repo:OWNER@OWNER_ID/REPO@REPO_ID:...` beside it",
            )
        })
        .collect()
}

/// A statement's first value of this form, where no value of the policy has the other form for its repository.
pub(super) fn lonely<'v>(view: &'v View<'_>, seen: &'v Seen<'_>, form: Form) -> Option<Value<'v>> {
    let is_subject =
        |value: &Value<'_>| value.is_on("sub") && value.seen.is_allow() && is_positive(value.test);
    let others: Vec<(Option<String>, Option<String>)> = view
        .values()
        .filter(is_subject)
        .map(|value| Subject::parse_pattern(value.text))
        .filter(|subject| !matches!(subject.form(), Form::NoRepo) && subject.form() != form)
        .map(|subject| named(&subject))
        .collect();
    let has_other = |subject: &Subject<'_>| {
        let (owner, name) = named(subject);
        let fits = |theirs: &Option<String>| theirs.is_none() || *theirs == name || name.is_none();
        others
            .iter()
            .any(|(theirs, repository)| *theirs == owner && fits(repository))
    };
    // An id beside the subject is as good as one inside.
    let tests_ids = ["repository_id", "repository_owner_id"]
        .iter()
        .any(|claim| seen.positive(claim).next().is_some());
    let mut values = seen.values().filter(is_subject).filter(|_| !tests_ids);
    values.find(|value| {
        let subject = Subject::parse_pattern(value.text);
        let is_named = subject
            .owner()
            .is_some_and(|owner| !owner.is_empty() && !owner.contains(['*', '?', '$']));
        let is_understood =
            crate::explain::stand_in(value.text).is_none() && subject.mistakes().is_empty();
        is_named && is_understood && subject.form() == form && !has_other(&subject)
    })
}

/// Owner and repository; `None` where a wildcard stands in their place.
fn named(subject: &Subject<'_>) -> (Option<String>, Option<String>) {
    let plain = |text: Option<&str>| {
        text.filter(|text| !text.contains(['*', '?']))
            .map(str::to_owned)
    };
    (plain(subject.owner()), plain(subject.repository()))
}

#[cfg(test)]
mod tests {
    use super::super::tests::table;

    #[test]
    fn one_a_statement() {
        table(
            &super::RULE,
            &[
                (
                    r#"{"StringLike": {"sub": ["repo:octo-org/app:*", "repo:octo-org/web:*"]}}"#,
                    r#"info "repo:octo-org/app:*""#,
                ),
                (
                    r#"{"StringLike": {"sub": ["repo:octo-org/app:*", "repo:octo-org@1/*"]}}"#,
                    "",
                ),
                (r#"{"StringLike": {"sub": "repo:octo-org*"}}"#, ""),
                (r#"{"StringLike": {"sub": "repo:octo-org@*/app@*:*"}}"#, ""),
            ],
        );
    }
}
