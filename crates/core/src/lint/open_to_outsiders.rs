//! Somebody who has nothing to do with the intended owners gets in.

use super::view::{Place, Seen, View};
use super::{Draft, Rule};
use crate::analyze::{self, Claims, Outsider, Verdict};
use crate::condition::Effect;
use crate::context::Text;
use crate::guide::{Page, pages};
use crate::policy::{ConditionTest, Policy};
use crate::report::{Finding, Severity};

pub(super) const RULE: Rule = Rule::new(
    Severity::Error,
    &Page {
        id: "open_to_outsiders",
        title: "Somebody outside of the intended owners can assume the role.",
        meaning: "An outsider with a GitHub account of his own can get a token that this policy lets in: he chooses the names of his repository, branches, environments and workflows, and the template of his subjects. The finding shows such a token; `rolecall check` says Allowed to it.",
        recognise: "No test of the subject, a wildcard before the owner's name ends, a test that is also met where the key is absent, or only keys that an outsider chooses himself, such as `ref`.",
        what_to_do: "Name the owner in full, followed by `/` or `@`, in `sub`, or test repository_owner_id or repository_id as well.",
        example_before: r#"{"StringEquals": {"aud": "sts.amazonaws.com"}, "StringLike": {"sub": "repo:octo*"}}"#,
        example_after: r#"{"StringEquals": {"aud": "sts.amazonaws.com"}, "StringLike": {"sub": "repo:octo-org/octo-repo:*"}}"#,
        sources: &[pages::GITHUB_OIDC, pages::SECURE_BY_DEFAULT],
    },
    find,
)
.about_access();

fn find(view: &View<'_>, _: &[Finding]) -> Vec<Draft> {
    outcome(
        view,
        Verdict::Open,
        Severity::Error,
        "an outsider can assume the role",
        "name the owner in full in sub, followed by `/`, or test repository_owner_id",
    )
}

/// A finding where the analysis comes to this verdict, at the statement that is the reason, with its token and recipe.
pub(super) fn outcome(
    view: &View<'_>,
    verdict: Verdict,
    severity: Severity,
    says: &str,
    help: &str,
) -> Vec<Draft> {
    let outsider = view.outsider();
    if outsider.verdict != verdict {
        return Vec::new();
    }
    let place = place(view, outsider);
    let subject = outsider
        .witness
        .as_ref()
        .and_then(|witness| witness.get("sub"));
    let with = subject
        .and_then(|sub| sub.as_str())
        .map_or_else(String::new, |sub| format!(" with the subject `{sub}`"));
    let recipe = match outsider.recipe.as_slice() {
        [] => String::new(),
        steps => format!("; how: {}", steps.join("; ")),
    };
    let draft = Draft::new(
        severity,
        place,
        format!("{says}{with}"),
        format!("{help}{recipe}"),
    );
    vec![draft.with_witness(outsider.witness.clone())]
}

/// The value that lets the token in, in the first statement that is the reason alone.
fn place(view: &View<'_>, outsider: &Outsider) -> Place {
    let is_reason = |seen: &&Seen<'_>| {
        let statements = view.policy.statements.iter();
        let kept = statements
            .filter(|other| other.effect == Effect::Deny || std::ptr::eq(*other, seen.statement));
        let alone = Policy {
            statements: kept.cloned().collect(),
            ..view.policy.clone()
        };
        view.may_ask() && analyze::outsider(&alone, view.options).verdict == outsider.verdict
    };
    let mut allows = view.allows();
    let only = view.allows().count() == 1;
    let reason = allows.find(|seen| only || is_reason(seen));
    match reason.or_else(|| view.allows().next()) {
        Some(seen) => at_value(seen, outsider.witness.as_ref()),
        None => (String::new(), view.policy.span),
    }
}

/// The value of the subject that the token passes by.
fn at_value(seen: &Seen<'_>, witness: Option<&Claims>) -> Place {
    let sub = witness.and_then(|claims| claims.get("sub")?.as_str());
    let by = |test: &ConditionTest, sub: &str| {
        let text = Text::new(sub);
        let empty = crate::context::Context::raw();
        let mut values = seen.values_of(test);
        let passes = |value: &super::view::Value<'_>| {
            let operand = test.condition.operands.get(value.index);
            operand.is_some_and(|operand| {
                test.condition.compare(operand, &text, &empty) == crate::condition::Hit::Match
            })
        };
        values.find(passes).map(|value| value.place())
    };
    let found = sub.and_then(|sub| seen.positive("sub").find_map(|test| by(test, sub)));
    found.unwrap_or_else(|| seen.at_subject())
}

#[cfg(test)]
mod tests {
    use super::super::tests::table;

    #[test]
    fn the_value_that_is_open_is_the_place() {
        table(
            &super::RULE,
            &[
                (
                    r#"{"StringLike": {"sub": ["repo:octo-org/app:*", "repo:octo*"]}}"#,
                    r#"error "repo:octo*""#,
                ),
                (
                    r#"{"StringEquals": {"aud": "sts.amazonaws.com"}}"#,
                    r#"error "sts:AssumeRoleWithWebIdentity""#,
                ),
                (r#"{"StringLike": {"sub": "repo:octo-org/*"}}"#, ""),
                (r#"{"StringEquals": {"repository_owner_id": "123456"}}"#, ""),
            ],
        );
    }
}
