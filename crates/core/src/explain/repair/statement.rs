//! A statement for this subject alone, and tests of one statement that belong together.

use std::collections::BTreeMap;

use serde::Serialize;

use super::{Class, Repair};
use crate::condition::Test;
use crate::context::Key;
use crate::edit::{Editor, Splice};
use crate::explain::Scene;
use crate::explain::stranger::subject;
use crate::policy::{ConditionTest, Statement};
use crate::report::EditLabel;
use crate::tri::Tri;

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Written<'a> {
    effect: &'static str,
    principal: BTreeMap<&'static str, &'a str>,
    action: &'a str,
    condition: BTreeMap<&'static str, BTreeMap<String, &'a str>>,
}

/// One more statement, which admits this subject with this audience.
pub(super) fn apart(scene: &Scene<'_>) -> Option<Repair> {
    let last = scene.policy.statements.last()?;
    let sub = subject(scene)?;
    let key = |suffix: &str| format!("{}:{suffix}", scene.key_prefix);
    let audience = scene.context.get(&Key::new(&key("aud"))).values();
    let mut tests = BTreeMap::from([(key("sub"), sub)]);
    if let [audience] = audience {
        tests.insert(key("aud"), audience.as_str());
    }
    let written = Written {
        effect: "Allow",
        principal: BTreeMap::from([("Federated", scene.caller.name?)]),
        action: scene.caller.action,
        condition: BTreeMap::from([("StringEquals", tests)]),
    };
    let editor = Editor::new(scene.source.text());
    let splices = editor.with_statement(last, scene.policy.statements_are_listed, &written);
    let summary = format!("add a statement for `{sub}` alone");
    (!splices.is_empty()).then(|| Repair {
        class: Class::Apart,
        loses_nothing: true,
        ..Repair::new(EditLabel::ThisSubject, summary, super::THIS_ONLY, splices)
    })
}

/// Two tests on one key, of which the token meets one: as one test they are an OR.
pub(super) fn merged_tests(scene: &Scene<'_>, statement: &Statement) -> Option<Repair> {
    let is_text = |test: &&ConditionTest| {
        let operator = test.condition.operator;
        matches!(operator.test, Test::StringEquals | Test::StringLike)
            && !operator.negated
            && !operator.met_by_absence()
    };
    let tests: Vec<&ConditionTest> = statement.tests.iter().filter(is_text).collect();
    let pairs = tests
        .iter()
        .flat_map(|kept| tests.iter().map(move |other| (*kept, *other)));
    let is_one_key = |(kept, other): &(&ConditionTest, &ConditionTest)| {
        !std::ptr::eq(*kept, *other) && kept.condition.key == other.condition.key
    };
    let is_met =
        |test: &ConditionTest| test.condition.evaluate(scene.context, statement.effect) == Tri::Yes;
    let mut mergeable = pairs
        .filter(is_one_key)
        .filter(|(kept, other)| is_met(kept) != is_met(other) && means_the_same(kept, other));
    let (kept, other) = mergeable.next()?;
    let editor = Editor::new(scene.source.text());
    let more: Vec<String> = other
        .values
        .iter()
        .filter(|value| !kept.values.iter().any(|own| own.text == value.text))
        .map(|value| value.text.clone())
        .collect();
    let mut splices: Vec<Splice> = editor.append(kept.span, kept.listed, kept.values.last(), &more);
    splices.push(editor.without_test(statement, other)?);
    crate::order::sort(&mut splices);
    let summary = format!(
        "put the values of {} and {} on {} into one list, which is an OR",
        kept.operator.text, other.operator.text, kept.key.text
    );
    let admits = "what meets one of the two tests";
    Some(Repair::new(EditLabel::AsBroad, summary, admits, splices).losing_nothing(true))
}

/// Whether the values of one test mean the same under the operator of the other.
fn means_the_same(kept: &ConditionTest, other: &ConditionTest) -> bool {
    let has_wildcards = other.values.iter().any(|v| v.text.contains(['*', '?']));
    kept.condition.operator.test == other.condition.operator.test || !has_wildcards
}
