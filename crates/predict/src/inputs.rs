//! `inputs` of manual runs, called workflows and composite actions.
//!
//! Source: docs.github.com, "Workflow syntax", `on.workflow_dispatch.inputs`, `on.workflow_call.inputs`; "Metadata
//! syntax", `inputs`.

use rolecall_core::json::Node;

use crate::expr::{Scope, Value};
use crate::input::Run;
use crate::landmarks::Expressions;
use crate::matrix;
use crate::settings::Settings;
use crate::workflow::{Workflow, list, plain};

/// The inputs of one kind of run.
#[derive(Debug, Clone)]
pub(crate) struct Given {
    pub(crate) values: Value,
    /// In words, where there are several kinds.
    pub(crate) when: Option<String>,
}

/// Inputs, and in words what tells them from others.
type Kind = (Vec<(String, Value)>, Vec<String>);

/// The most kinds of run that inputs are told apart by.
const MOST_KINDS: usize = 64;

/// A manual run: what is given, else each choice of the inputs that the job asks for.
pub(crate) fn of_dispatch(
    trigger: Option<&Node<'_>>,
    run: &Run,
    expressions: &Expressions,
    settings: &Settings,
) -> Vec<Given> {
    let definitions = trigger
        .and_then(|trigger| trigger.get("inputs"))
        .and_then(Node::members)
        .unwrap_or_default();
    let mut kinds: Vec<Kind> = vec![Kind::default()];
    for definition in definitions {
        let name = definition.key.to_string();
        let choices = choices(&definition.value, &name, run, settings);
        let lower = name.to_lowercase();
        let is_asked = expressions.mention(&format!("inputs.{lower}"))
            || expressions.mention(&format!("github.event.inputs.{lower}"));
        if is_asked && choices.len() > 1 && kinds.len() * choices.len() <= MOST_KINDS {
            let with = |(values, words): &Kind, choice: &Value| {
                let text = choice
                    .texts()
                    .first()
                    .map(crate::text::Text::pattern)
                    .unwrap_or_default();
                (
                    [values.as_slice(), &[(name.clone(), choice.clone())]].concat(),
                    [words.as_slice(), &[format!("{name}={text}")]].concat(),
                )
            };
            kinds = kinds
                .iter()
                .flat_map(|kind| choices.iter().map(move |choice| with(kind, choice)))
                .collect();
        } else {
            let value = if choices.is_empty() {
                Value::Unknown(format!("inputs.{name}"))
            } else {
                Value::either(choices)
            };
            kinds
                .iter_mut()
                .for_each(|(values, _)| values.push((name.clone(), value.clone())));
        }
    }
    let given = |(values, words): Kind| Given {
        values: Value::object(values),
        when: (!words.is_empty()).then(|| words.join(", ")),
    };
    kinds.into_iter().map(given).collect()
}

/// The values that an input can have; none where they are not known.
fn choices(definition: &Node<'_>, name: &str, run: &Run, settings: &Settings) -> Vec<Value> {
    let kind = definition
        .get("type")
        .and_then(Node::as_str)
        .unwrap_or("string");
    let given = run
        .inputs
        .iter()
        .find(|(key, _)| key.eq_ignore_ascii_case(name));
    match (given, kind) {
        (Some((_, text)), "boolean") => vec![Value::Bool(text == "true")],
        (Some((_, text)), _) => vec![Value::text(text)],
        (None, "boolean") => vec![Value::Bool(true), Value::Bool(false)],
        (None, "choice") => definition
            .get("options")
            .map(list)
            .unwrap_or_default()
            .into_iter()
            .map(Value::text)
            .collect(),
        (None, "environment") => settings
            .environments
            .iter()
            .flatten()
            .map(|name| Value::text(name))
            .collect(),
        _ => Vec::new(),
    }
}

/// A called workflow: what the caller hands over, else the default, else the type's own.
pub(crate) fn of_call(with: Option<&Node<'_>>, called: &Workflow<'_>, scope: &Scope) -> Value {
    let trigger = called
        .triggers
        .iter()
        .find(|trigger| trigger.event == "workflow_call");
    let definitions = trigger
        .and_then(|trigger| trigger.settings)
        .and_then(|settings| settings.get("inputs"));
    defined(with, definitions, scope, |definition| {
        match definition.get("type").and_then(Node::as_str) {
            Some("boolean") => Value::Bool(false),
            Some("number") => Value::Number(0.0),
            _ => Value::text(""),
        }
    })
}

/// A composite action: all its inputs are texts.
pub(crate) fn of_action(
    with: Option<&Node<'_>>,
    definitions: Option<&Node<'_>>,
    scope: &Scope,
) -> Value {
    defined(with, definitions, scope, |_| Value::text(""))
}

fn defined(
    with: Option<&Node<'_>>,
    definitions: Option<&Node<'_>>,
    scope: &Scope,
    otherwise: impl Fn(&Node<'_>) -> Value,
) -> Value {
    let handed = |name: &str| {
        let members = with.and_then(Node::members).unwrap_or_default();
        members
            .iter()
            .find(|member| member.key.eq_ignore_ascii_case(name))
            .map(|member| matrix::value(&member.value, scope))
    };
    let value = |definition: &Node<'_>, name: &str| {
        let default = || {
            definition.get("default").and_then(plain).map(|_| {
                definition
                    .get("default")
                    .map_or(Value::Null, |node| matrix::value(node, scope))
            })
        };
        handed(name)
            .or_else(default)
            .unwrap_or_else(|| otherwise(definition))
    };
    let members = definitions.and_then(Node::members).unwrap_or_default();
    Value::object(
        members
            .iter()
            .map(|member| (member.key.to_string(), value(&member.value, &member.key))),
    )
}
