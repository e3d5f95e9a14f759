//! Repairs of a test whose key the request does not carry.

use super::part::Part;
use super::{Repair, THIS_ONLY};
use crate::context::{Fact, Key};
use crate::distance::nearest;
use crate::explain::Scene;
use crate::explain::fault::{self, Site, like};
use crate::explain::stranger::Bearer;
use crate::policy::{ConditionTest, Statement};
use crate::report::{CauseId, EditLabel};
use crate::tri::Tri;

pub(super) fn repairs(
    scene: &Scene<'_>,
    statement: &Statement,
    test: &ConditionTest,
    id: CauseId,
) -> Vec<Repair> {
    let part = Part {
        scene,
        statement,
        test,
        key: &test.key.text,
    };
    match id {
        CauseId::UnsupportedConditionKey => unsupported(&part),
        CauseId::MissingContextKey => if_exists(&part).into_iter().collect(),
        _ => meant(scene, &test.key.text)
            .map(|key| renamed(&part, &key))
            .unwrap_or_default(),
    }
}

/// The key that a misspelt one stands for.
fn meant(scene: &Scene<'_>, key: &str) -> Option<String> {
    let (_, suffix) = key.rsplit_once(':').unwrap_or(("", key));
    let offered: Vec<&str> = scene.keys.suffixes().collect();
    let is_offered = scene.keys.claims_behind(suffix).is_some();
    let suffix = if is_offered {
        suffix
    } else {
        nearest(suffix, &offered)?
    };
    Some(format!("{}:{suffix}", scene.key_prefix))
}

/// The test under another key. Its values may not fit the token either: then they are repaired with it.
fn renamed(part: &Part<'_, '_>, key: &str) -> Vec<Repair> {
    let mut meant = part.test.clone();
    meant.condition.key = Key::new(key);
    key.clone_into(&mut meant.key.text);
    let part = Part { key, ..*part };
    let says = format!("write the key `{key}`");
    if meant
        .condition
        .evaluate(part.scene.context, part.statement.effect)
        != Tri::No
    {
        let splices = part.put(&part.test.operator.text, &part.values());
        let admits = "what meets the test as it was meant";
        let repair = splices.map(|splices| {
            Repair::new(EditLabel::AsBroad, says, admits, splices).losing_nothing(true)
        });
        return repair.into_iter().collect();
    }
    let fault = fault::condition(part.scene, &meant, "");
    let Site::Value(_, index) = fault.site else {
        return Vec::new();
    };
    let mut repairs = part.value(index, fault.id);
    for repair in &mut repairs {
        repair.summary = format!("{says}, and {}", repair.summary);
    }
    repairs
}

/// A claim that AWS never offers as a key.
fn unsupported(part: &Part<'_, '_>) -> Vec<Repair> {
    let (_, suffix) = part.key.rsplit_once(':').unwrap_or(("", part.key));
    let mut repairs = match suffix.to_ascii_lowercase().as_str() {
        "repository_owner" => owner(part),
        "workflow_ref" => {
            let key = format!("{}:job_workflow_ref", part.scene.key_prefix);
            renamed(part, &key)
        }
        _ => Vec::new(),
    };
    repairs.extend(dropped(part, suffix));
    repairs.extend(for_all_values(part));
    repairs
}

/// Without the test. The provider stands for the issuer, so that nothing is lost with `iss`.
fn dropped(part: &Part<'_, '_>, suffix: &str) -> Option<Repair> {
    let splice = part.editor().without_test(part.statement, part.test)?;
    let is_issuer = suffix.eq_ignore_ascii_case("iss");
    let label = if is_issuer {
        EditLabel::AsBroad
    } else {
        EditLabel::Other
    };
    let summary = format!("drop the test of `{suffix}`, which AWS never offers");
    let admits = "what meets the other tests of the statement";
    Some(Repair::new(label, summary, admits, vec![splice]).losing_nothing(true))
}

/// A test of the owner: by the id, which no other account can take, or by the subject.
fn owner(part: &Part<'_, '_>) -> Vec<Repair> {
    let Some(bearer) = Bearer::of(part.scene) else {
        return Vec::new();
    };
    let is_ours = |value: &crate::policy::Spanned| value.text.eq_ignore_ascii_case(bearer.owner);
    if !part.test.values.iter().any(is_ours) {
        return Vec::new();
    }
    let is_subject = |test: &ConditionTest| {
        Part {
            test,
            key: &test.key.text,
            ..*part
        }
        .is_about("sub")
    };
    let repairs = if part.statement.tests.iter().any(is_subject) {
        vec![by_id(part, &bearer)]
    } else {
        vec![by_subject(part, &bearer), this_subject(part)]
    };
    repairs.into_iter().flatten().collect()
}

fn by_id(part: &Part<'_, '_>, bearer: &Bearer<'_>) -> Option<Repair> {
    let key = format!("{}:repository_owner_id", part.scene.key_prefix);
    let id = bearer.owner_id?.to_owned();
    let summary = format!("test the owner's id: `{key}` is `{id}`");
    let splices = Part { key: &key, ..*part }.put(&part.test.operator.text, &[id])?;
    let admits = "everything of this owner that meets the other tests";
    Some(Repair::new(EditLabel::AsBroad, summary, admits, splices).losing_nothing(true))
}

fn by_subject(part: &Part<'_, '_>, bearer: &Bearer<'_>) -> Option<Repair> {
    let key = format!("{}:sub", part.scene.key_prefix);
    let id = bearer
        .id_in_subject
        .map_or_else(String::new, |id| format!("@{id}"));
    let value = format!("repo:{}{id}/*", bearer.owner);
    let summary = format!("test the owner in the subject: `{value}`");
    let splices = Part { key: &key, ..*part }.put(&like(&part.test.operator.text), &[value])?;
    let admits = "everything of this owner";
    Some(Repair::new(EditLabel::AsBroad, summary, admits, splices).losing_nothing(true))
}

fn this_subject(part: &Part<'_, '_>) -> Option<Repair> {
    let key = format!("{}:sub", part.scene.key_prefix);
    let Fact::One(sub) = part.scene.context.get(&Key::new(&key)) else {
        return None;
    };
    let sub = sub.as_str().to_owned();
    let summary = format!("test the subject: `{sub}`");
    let splices = Part { key: &key, ..*part }.put("StringEquals", &[sub])?;
    Some(Repair::new(EditLabel::ThisSubject, summary, THIS_ONLY, splices).losing_nothing(true))
}

/// Met by a key that is absent: in the early documentation, and still in use.
fn for_all_values(part: &Part<'_, '_>) -> Option<Repair> {
    let name = &part.test.operator.text;
    if part.test.condition.operator.quantifier.is_some() {
        return None;
    }
    passing_absent(part, &format!("ForAllValues:{name}"))
}

fn if_exists(part: &Part<'_, '_>) -> Option<Repair> {
    passing_absent(part, &format!("{}IfExists", part.test.operator.text))
}

fn passing_absent(part: &Part<'_, '_>, operator: &str) -> Option<Repair> {
    let splices = part.put(operator, &part.values())?;
    let summary = format!("use {operator}, which a missing key meets: the test is void then");
    let admits = "everything that lacks the key";
    let repair = Repair::new(EditLabel::Other, summary, admits, splices);
    Some(repair.losing_nothing(true).popular())
}
