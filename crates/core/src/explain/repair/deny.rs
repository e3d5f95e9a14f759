//! Repairs of a Deny that applies: no Allow helps against it.

use super::part::Part;
use super::{Repair, joined};
use crate::condition::{Effect, Test};
use crate::edit::Editor;
use crate::explain::Scene;
use crate::explain::stranger::subject;
use crate::policy::{ConditionTest, Statement};
use crate::report::EditLabel;
use crate::tri::Tri;

/// The Deny statements that apply, each with an exception for this subject, as one repair. `None`: there is
/// no such statement; an empty list: one of them can't be repaired.
pub(super) fn exceptions(scene: &Scene<'_>) -> Option<Vec<Repair>> {
    let denying: Vec<&Statement> = scene
        .policy
        .statements
        .iter()
        .filter(|s| s.effect == Effect::Deny && s.applies(scene.caller, scene.context) != Tri::No)
        .collect();
    if denying.is_empty() {
        return None;
    }
    let each: Option<Vec<Repair>> = denying
        .into_iter()
        .map(|statement| exception(scene, statement))
        .collect();
    let joined = each.and_then(|each| joined(&each.iter().collect::<Vec<_>>()));
    Some(joined.into_iter().collect())
}

/// One more value where the Deny leaves subjects out already, else a test of its own.
fn exception(scene: &Scene<'_>, statement: &Statement) -> Option<Repair> {
    let sub = subject(scene)?;
    let leaves_out = |test: &&ConditionTest| {
        let operator = test.condition.operator;
        let is_text = matches!(operator.test, Test::StringEquals | Test::StringLike);
        is_text && operator.negated && operator.quantifier.is_none()
    };
    let part = |test| Part {
        scene,
        statement,
        test,
        key: &test.key.text,
    };
    let mut tests = statement.tests.iter().filter(leaves_out);
    let splices = match tests.find(|test| part(test).is_about("sub")) {
        Some(test) => {
            let part = part(test);
            part.with(&[part.literal(sub)])?
        }
        None => {
            let key = format!("{}:sub", scene.key_prefix);
            let editor = Editor::new(scene.source.text());
            vec![editor.with_test(statement, "StringNotEquals", &key, &[sub.to_owned()])?]
        }
    };
    let summary = format!("leave `{sub}` out of the Deny");
    let repair = Repair::new(EditLabel::ThisSubject, summary, super::THIS_ONLY, splices);
    Some(repair.losing_nothing(true))
}

/// The Deny that names this very subject, letter by letter: it was written for this token.
pub(crate) fn names_the_token(scene: &Scene<'_>) -> Option<String> {
    let sub = subject(scene)?;
    let names = |test: &ConditionTest| {
        !test.condition.operator.negated
            && test
                .key
                .text
                .eq_ignore_ascii_case(&format!("{}:sub", scene.key_prefix))
            && test.values.iter().any(|value| value.text == sub)
    };
    let statements = scene.policy.statements.iter().enumerate();
    let mut denying = statements.filter(|(_, statement)| {
        statement.effect == Effect::Deny
            && statement.applies(scene.caller, scene.context) == Tri::Yes
    });
    let (index, _) = denying.find(|(_, statement)| statement.tests.iter().any(names))?;
    Some(format!(
        "the Deny of statement {} names this very subject, `{sub}`: the policy means to keep it out",
        index + 1
    ))
}
