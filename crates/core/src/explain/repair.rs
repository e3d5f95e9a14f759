//! What would let the token in: changes of the policy, none of them proved yet.
//!
//! A statement is repaired where every part that is not met is. Each part has its own candidates, the
//! author's breadth and this subject only among them; those of one label are put together. Where the
//! statement cannot serve without widening, or at all, a statement for this subject alone is one more.
//!
//! Here nothing is applied: [`tried`] does that for the answer of a check, and [`crate::fix`] proves what
//! each result lets in.

mod deny;
mod duplicate;
mod key;
mod part;
mod statement;
mod subject;

use super::Scene;
use super::fault::{self, Fault, Site};
use super::key::is_enterprise_pair;
use crate::edit::{Editor, Splice, merged};
use crate::policy::{PrincipalKind, ProviderArn, Statement};
use crate::report::{CauseId, Edit, EditLabel, Location, Replacement};
use crate::token::catalogue::nearly;
use crate::tri::Tri;
use part::Part;

pub(crate) use deny::names_the_token;

/// A change that would let the token in.
#[derive(Debug, Clone)]
pub(crate) struct Repair {
    pub(crate) label: EditLabel,
    pub(crate) class: Class,
    /// What is done, in one sentence.
    pub(crate) summary: String,
    /// What it lets in, as far as that is plain without a proof.
    pub(crate) admits: &'static str,
    /// In the order of the text.
    pub(crate) splices: Vec<Splice>,
    /// It follows a change of form: ids in the subject, letter case, a renamed owner. The author's breadth
    /// comes first then.
    pub(crate) follows_form: bool,
    /// Plainly: it only adds, or what it replaces could never be met.
    pub(crate) loses_nothing: bool,
}

/// How a repair is gone about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Class {
    /// It repairs what is wrong.
    Direct,
    /// It leaves that as it is and lets the token in elsewhere.
    Apart,
    /// People do it, and it opens more than they think.
    Popular,
}

impl Repair {
    fn new(label: EditLabel, summary: String, admits: &'static str, splices: Vec<Splice>) -> Self {
        Self {
            label,
            class: Class::Direct,
            summary,
            admits,
            splices,
            follows_form: false,
            loses_nothing: false,
        }
    }

    fn following_form(self, follows_form: bool) -> Self {
        Self {
            follows_form,
            ..self
        }
    }

    fn losing_nothing(self, loses_nothing: bool) -> Self {
        Self {
            loses_nothing,
            ..self
        }
    }

    fn popular(self) -> Self {
        Self {
            class: Class::Popular,
            ..self
        }
    }

    /// The order where nothing is proved: what follows a change of form keeps the author's breadth first,
    /// everything else lets in as little as it can.
    fn order(&self) -> (Class, bool) {
        let first = if self.follows_form {
            EditLabel::AsBroad
        } else {
            EditLabel::ThisSubject
        };
        (self.class, self.label != first)
    }

    /// As an edit whose proof is still to come.
    pub(crate) fn edit(&self, scene: &Scene<'_>) -> Edit {
        let replacement = |splice: &Splice| Replacement {
            location: Location::policy(
                scene.source,
                scene.policy.path_at(splice.span),
                splice.span,
            ),
            text: splice.text.clone(),
        };
        Edit {
            label: self.label,
            summary: self.summary.clone(),
            edits: self.splices.iter().map(replacement).collect(),
            admits_also: self.admits.to_owned(),
            outsider: "not-decided",
            witnesses: Vec::new(),
        }
    }
}

const THIS_ONLY: &str = "nothing beside this value";
const AS_BEFORE: &str = "as much as before, in the token's form";

/// The first repair of a cause that lets the token in when it is made alone. The caller sees to it that the
/// policy means to let the token in.
pub(super) fn tried(scene: &Scene<'_>, statement: &Statement, fault: &Fault<'_>) -> Option<Edit> {
    let mut repairs = of_fault(scene, statement, fault);
    crate::order::sort_by_key(&mut repairs, Repair::order);
    let admitted = |repair: &&Repair| {
        let text = crate::edit::apply(scene.source.text(), &repair.splices);
        // What hangs on unknown facts alone is as repaired as it can be seen to be.
        let decided = text.and_then(|text| scene.decide_with(&text));
        decided.is_some_and(|decided| decided != Tri::No)
    };
    let direct = repairs
        .iter()
        .filter(|repair| repair.class == Class::Direct);
    let found = direct.take(MOST_TRIED).find(admitted);
    found.map(|repair| repair.edit(scene))
}

/// Each trial costs a parse of the policy.
const MOST_TRIED: usize = 2;

/// All repairs, nearest statement first, none of them tried. The caller sees to it that the token may get in.
pub(crate) fn all(scene: &Scene<'_>) -> Vec<Repair> {
    let denied = deny::exceptions(scene);
    let mut repairs: Vec<Repair> = duplicate::merged(scene).into_iter().collect();
    for (index, _) in super::nearest(scene).into_iter().take(MOST_STATEMENTS) {
        if let Some(statement) = scene.policy.statements.get(index) {
            repairs.extend(of_statement(scene, index, statement));
        }
    }
    if is_allowed(scene) {
        return denied.unwrap_or_default();
    }
    repairs.extend(statement::apart(scene));
    match denied {
        Some(exceptions) => exceptions
            .first()
            .map_or_else(Vec::new, |exception| joined_with_all(&repairs, exception)),
        None => repairs,
    }
}

/// Repairs of further statements than these are no nearer.
const MOST_STATEMENTS: usize = 3;

fn is_allowed(scene: &Scene<'_>) -> bool {
    scene.policy.statements.iter().any(|statement| {
        statement.effect == crate::condition::Effect::Allow
            && statement.applies(scene.caller, scene.context) == Tri::Yes
    })
}

fn joined_with_all(repairs: &[Repair], other: &Repair) -> Vec<Repair> {
    repairs
        .iter()
        .filter_map(|repair| joined(&[repair, other]))
        .collect()
}

/// What would make a statement apply.
fn of_statement(scene: &Scene<'_>, index: usize, statement: &Statement) -> Vec<Repair> {
    let faults = fault::parts(scene, index, statement);
    let each: Vec<Vec<Repair>> = faults
        .iter()
        .map(|fault| of_fault(scene, statement, fault))
        .collect();
    let mut repairs = if each.iter().any(Vec::is_empty) {
        Vec::new()
    } else {
        combined(&each)
    };
    repairs.extend(statement::merged_tests(scene, statement));
    repairs
}

/// One repair for each fault, those of a label together; the first of a fault where it has none of that label.
fn combined(each: &[Vec<Repair>]) -> Vec<Repair> {
    let mut found: Vec<Repair> = Vec::new();
    for lead in each.iter().flatten() {
        let chosen: Option<Vec<&Repair>> = each
            .iter()
            .map(|repairs| {
                let own = repairs.iter().find(|repair| std::ptr::eq(*repair, lead));
                let same = || {
                    repairs
                        .iter()
                        .find(|r| r.label == lead.label && r.class == Class::Direct)
                };
                own.or_else(same).or_else(|| repairs.first())
            })
            .collect();
        let joined = chosen.and_then(|chosen| joined(&chosen));
        found.extend(joined.filter(|new| found.iter().all(|old| old.splices != new.splices)));
    }
    found
}

/// Several repairs as one.
fn joined(repairs: &[&Repair]) -> Option<Repair> {
    let (first, others) = repairs.split_first()?;
    if others.is_empty() {
        return Some((*first).clone());
    }
    let is = |label| repairs.iter().any(|repair| repair.label == label);
    let label = match (is(EditLabel::Other), is(EditLabel::ThisSubject)) {
        (true, _) => EditLabel::Other,
        (false, true) => EditLabel::ThisSubject,
        (false, false) => EditLabel::AsBroad,
    };
    let splices: Vec<Splice> = repairs.iter().flat_map(|r| r.splices.clone()).collect();
    let mut summaries: Vec<&str> = repairs.iter().map(|r| r.summary.as_str()).collect();
    summaries.dedup();
    Some(Repair {
        label,
        class: repairs.iter().map(|repair| repair.class).max()?,
        summary: summaries.join(", and "),
        admits: "what meets the other tests of the statement",
        splices: merged(&splices),
        follows_form: repairs.iter().any(|repair| repair.follows_form),
        loses_nothing: repairs.iter().all(|repair| repair.loses_nothing),
    })
}

/// What would make one part be met.
fn of_fault(scene: &Scene<'_>, statement: &Statement, fault: &Fault<'_>) -> Vec<Repair> {
    match fault.site {
        Site::Nowhere => Vec::new(),
        Site::Principal(principal) => self::principal(scene, statement, &principal.value)
            .into_iter()
            .collect(),
        Site::Action => action(scene, statement).into_iter().collect(),
        Site::Key(test) => key::repairs(scene, statement, test, fault.id),
        Site::Value(test, index) => {
            let part = Part {
                scene,
                statement,
                test,
                key: &test.key.text,
            };
            part.value(index, fault.id)
        }
    }
}

/// The provider that the token came through, in place of one that is nearly it, else beside the others.
fn principal(
    scene: &Scene<'_>,
    statement: &Statement,
    nearest: &crate::policy::Spanned,
) -> Option<Repair> {
    let used = scene.caller.name?;
    let editor = Editor::new(scene.source.text());
    let host = |arn: &str| {
        arn.split_once(":oidc-provider/")
            .map_or(arn, |(_, host)| host)
            .to_owned()
    };
    let (named, wanted) = (host(&nearest.text), host(used));
    let is_meant = named == wanted
        || nearly(&named, &wanted).is_some()
        || is_enterprise_pair(&named, &wanted)
        || ProviderArn::parse(&nearest.text).is_none();
    let federated: Vec<_> = statement
        .principal
        .entries
        .iter()
        .filter(|entry| entry.kind == PrincipalKind::Federated)
        .collect();
    let last = federated.last()?;
    let splices = if is_meant {
        vec![editor.rewrite(nearest.span, used)]
    } else {
        editor.append(
            last.value.span,
            last.index.is_some(),
            Some(&last.value),
            &[used.to_owned()],
        )
    };
    let admits = "every token of this provider that meets the conditions";
    let summary = if is_meant {
        format!("write `{used}` in place of `{}`", nearest.text)
    } else {
        format!("trust `{used}` too")
    };
    Some(Repair::new(EditLabel::AsBroad, summary, admits, splices).losing_nothing(!is_meant))
}

/// The action of web identities: in place of sts:AssumeRole where only identity providers are trusted.
fn action(scene: &Scene<'_>, statement: &Statement) -> Option<Repair> {
    if statement.action.not {
        return None;
    }
    let wanted = scene.caller.action;
    let editor = Editor::new(scene.source.text());
    let actions: Vec<_> = statement.action.entries.iter().map(|(a, _)| a).collect();
    let only_federated = statement
        .principal
        .entries
        .iter()
        .all(|entry| entry.kind == PrincipalKind::Federated);
    let replaced = actions
        .iter()
        .find(|action| only_federated && (actions.len() == 1 || action.text == "sts:AssumeRole"));
    let admits = "every token that meets the conditions";
    Some(match replaced {
        Some(action) => Repair::new(
            EditLabel::AsBroad,
            format!("write `{wanted}` in place of `{}`", action.text),
            admits,
            vec![editor.rewrite(action.span, wanted)],
        ),
        None => Repair::new(
            EditLabel::AsBroad,
            format!("allow `{wanted}` too"),
            admits,
            editor.append(
                statement.action.span,
                statement.action.listed,
                actions.last().copied(),
                &[wanted.to_owned()],
            ),
        )
        .losing_nothing(true),
    })
}

/// Whether a cause is that the subject's form has changed: the repository is the same.
const fn is_form(id: CauseId) -> bool {
    matches!(id, CauseId::ImmutableSub | CauseId::SubCaseMismatch)
}
