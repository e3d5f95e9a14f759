//! A value that another one of the same list covers.

use super::view::{Value, View};
use super::{Draft, Rule};
use crate::condition::Test;
use crate::guide::{Page, pages};
use crate::pattern::Pattern;
use crate::report::{Finding, Severity};

pub(super) const RULE: Rule = Rule::new(
    Severity::Info,
    &Page {
        id: "redundant_value",
        title: "Another value of the list covers this one.",
        meaning: "The values of a list are an OR: one that is matched whenever another is adds nothing. Often the broader one was meant to be replaced by the narrower one, and still stands there.",
        recognise: "A branch beside `:*` of the same repository, or the same value twice.",
        what_to_do: "Remove the broader one where the narrower is meant, else the narrower.",
        example_before: r#"{"StringLike": {"sub": ["repo:octo-org/octo-repo:ref:refs/heads/main", "repo:octo-org/octo-repo:*"]}}"#,
        example_after: r#"{"StringLike": {"sub": ["repo:octo-org/octo-repo:ref:refs/heads/main", "repo:octo-org/web:*"]}}"#,
        sources: &[pages::IAM_OPERATORS],
    },
    find,
);

fn find(view: &View<'_>, _: &[Finding]) -> Vec<Draft> {
    let mut found = Vec::new();
    for value in view.values() {
        // Both are in the order of the text, so that of two equal ones the second is told.
        let all: Vec<Value<'_>> = value.seen.values_of(value.test).take(MOST_VALUES).collect();
        let covers = |other: &&Value<'_>| {
            other.index != value.index
                && is_covered(&value, other)
                && (other.text != value.text || other.index < value.index)
        };
        if let Some(other) = all.iter().find(covers) {
            found.push(Draft::new(
                Severity::Info,
                value.place(),
                format!("`{}` is covered by `{}`", value.text, other.text),
                "remove one of the two",
            ));
        }
    }
    found
}

/// Each is compared with each.
const MOST_VALUES: usize = 200;

/// A `*` of the other takes in whatever stands in its place; a `?` might not.
fn is_covered(value: &Value<'_>, other: &Value<'_>) -> bool {
    if value.text == other.text {
        return true;
    }
    value.test.condition.operator.test == Test::StringLike
        && !other.text.contains(['?', '$'])
        && !value.text.contains('$')
        && Pattern::wildcard(other.text).matches(value.text)
}

#[cfg(test)]
mod tests {
    use super::super::tests::table;

    #[test]
    fn the_narrower_one_is_told() {
        table(
            &super::RULE,
            &[
                (
                    r#"{"StringLike": {"sub": ["repo:octo-org/app:*", "repo:octo-org/app:ref:refs/heads/*"]}}"#,
                    r#"info "repo:octo-org/app:ref:refs/heads/*""#,
                ),
                (
                    r#"{"StringEquals": {"sub": ["repo:octo-org/app:pull_request", "repo:octo-org/app:pull_request"]}}"#,
                    r#"info "repo:octo-org/app:pull_request""#,
                ),
                (
                    r#"{"StringLike": {"sub": ["repo:octo-org/a?p:*", "repo:octo-org/a*p:*"]}}"#,
                    r#"info "repo:octo-org/a?p:*""#,
                ),
                (
                    r#"{"StringEquals": {"sub": ["repo:octo-org/app:*", "repo:octo-org/app:pull_request"]}}"#,
                    "",
                ),
            ],
        );
    }
}
