//! `*` and `?` under an operator that takes them literally.

use super::view::{Value, View};
use super::{Draft, Rule};
use crate::condition::Test;
use crate::report::{CauseId, Finding, Severity};
use crate::token::subject::{Kind, Subject};

pub(super) const RULE: Rule =
    Rule::of_cause(Severity::Error, CauseId::StringEqualsWithWildcard, find);

/// Claims in which neither character ever stands: git refuses both in refs, GitHub in names.
const WITHOUT: &[&str] = &[
    "sub",
    "ref",
    "repository",
    "repository_id",
    "repository_owner_id",
    "actor",
    "actor_id",
    "enterprise_id",
];

fn find(view: &View<'_>, _: &[Finding]) -> Vec<Draft> {
    let literal = view.values().filter(|value| {
        matches!(
            value.test.condition.operator.test,
            Test::StringEquals | Test::StringEqualsIgnoreCase
        ) && has_wildcard(view, value)
    });
    literal
        .filter_map(|value| {
            let (severity, effect) = judge(view, &value)?;
            Some(Draft::new(
                severity,
                value.place(),
                format!(
                    "{} takes `*` and `?` in `{}` literally: {effect}",
                    value.test.operator.text, value.text
                ),
                help(&value),
            ))
        })
        .collect()
}

/// `${*}` is meant to be literal.
fn has_wildcard(view: &View<'_>, value: &Value<'_>) -> bool {
    let text = if view.policy.has_variables() {
        value.text.replace("${*}", "").replace("${?}", "")
    } else {
        value.text.to_owned()
    };
    text.contains(['*', '?'])
}

fn judge(view: &View<'_>, value: &Value<'_>) -> Option<(Severity, &'static str)> {
    let claim = value.seen.claim(value.test)?;
    let negated = value.test.condition.operator.negated;
    if !WITHOUT.contains(&claim.as_str()) || (claim == "sub" && is_in_free_text(value.text)) {
        let is_plain = (Severity::Warning, "a token has such a value only by chance");
        return (!negated).then_some(is_plain);
    }
    Some(if negated {
        (Severity::Warning, "the test excludes no token")
    } else if value.test.condition.operator.met_by_absence() {
        (Severity::Warning, "no token has such a value")
    } else {
        value.dead(view)
    })
}

/// Names of environments and workflows may hold any character.
fn is_in_free_text(sub: &str) -> bool {
    let subject = Subject::parse_pattern(sub);
    let mut segments = subject.segments().iter();
    segments.any(|segment| {
        matches!(segment.kind, Kind::Environment | Kind::Claim)
            && segment
                .value
                .is_some_and(|value| value.has_wildcard() && value.text != "*")
    })
}

fn help(value: &Value<'_>) -> String {
    let name = &value.test.operator.text;
    let like = name
        .replace("EqualsIgnoreCase", "Like")
        .replace("Equals", "Like");
    format!("use {like} where a wildcard is meant")
}

#[cfg(test)]
mod tests {
    use super::super::tests::table;

    #[test]
    fn literal_wildcards() {
        table(
            &super::RULE,
            &[
                (
                    r#"{"StringEquals": {"sub": "repo:octo-org/app:*"}}"#,
                    r#"error "repo:octo-org/app:*""#,
                ),
                (
                    r#"{"StringEquals": {"sub": ["repo:octo-org/app:pull_request", "repo:octo-org/app:ref:refs/tags/*"]}}"#,
                    r#"warning "repo:octo-org/app:ref:refs/tags/*""#,
                ),
                (
                    r#"{"StringEquals": {"sub": "repo:octo-org/app:environment:prod*"}}"#,
                    r#"warning "repo:octo-org/app:environment:prod*""#,
                ),
                (
                    r#"{"StringNotEquals": {"sub": "repo:octo-org/app:*"}}"#,
                    r#"warning "repo:octo-org/app:*""#,
                ),
                (r#"{"StringLike": {"sub": "repo:octo-org/app:*"}}"#, ""),
                (
                    r#"{"StringEquals": {"sub": "repo:octo-org/app:environment:${*}"}}"#,
                    "",
                ),
            ],
        );
    }
}
