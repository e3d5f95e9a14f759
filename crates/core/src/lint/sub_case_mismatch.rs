//! One owner in two letter cases: tokens have one of them.

use super::view::{Value, View, is_positive};
use super::{Draft, Rule};
use crate::condition::Test;
use crate::report::{CauseId, Finding, Severity};
use crate::token::subject::Subject;

pub(super) const RULE: Rule = Rule::of_cause(Severity::Warning, CauseId::SubCaseMismatch, find);

/// Against `--owner` where it is given, else against the values before it.
fn find(view: &View<'_>, _: &[Finding]) -> Vec<Draft> {
    let mut known: Vec<String> = view.options.owners.clone();
    let mut found = Vec::new();
    for value in view.values().filter(is_exact) {
        let Some(owner) = Subject::parse_pattern(value.text)
            .owner()
            .map(str::to_owned)
        else {
            continue;
        };
        let same = known
            .iter()
            .find(|known| known.eq_ignore_ascii_case(&owner));
        match same {
            Some(known) if *known != owner => found.push(Draft::new(
                Severity::Warning,
                value.place(),
                format!("the owner is `{owner}` here and `{known}` elsewhere: letter case counts, and tokens have only one of them"),
                "write the owner in the letter case that GitHub shows",
            )),
            Some(_) => {}
            None => known.push(owner),
        }
    }
    found
}

/// Letter case counts in the value.
fn is_exact(value: &Value<'_>) -> bool {
    let is_sub = value.seen.is_allow() && value.is_on("sub") && is_positive(value.test);
    is_sub && value.test.condition.operator.test != Test::StringEqualsIgnoreCase
}

#[cfg(test)]
mod tests {
    use super::super::tests::table;

    #[test]
    fn one_owner_two_cases() {
        table(
            &super::RULE,
            &[
                (
                    r#"{"StringLike": {"sub": ["repo:octo-org/app:*", "repo:Octo-Org/web:*"]}}"#,
                    r#"warning "repo:Octo-Org/web:*""#,
                ),
                (
                    r#"{"StringLike": {"sub": ["repo:octo-org/app:*", "repo:octo-org/web:*", "repo:octo-inc/app:*"]}}"#,
                    "",
                ),
            ],
        );
    }
}
