//! The roles of a configuration.

use rolecall_core::json::{Kind, Node};
use rolecall_core::span::Span;

use super::reference::{DOCUMENT, Module, document_name, steps};
use super::syntax::{Block, Body, Expr, ExprKind};
use super::value::Resolver;
use super::{HELP, policy_document};
use crate::document::{Found, Readable, Role};
use crate::problem::Problem;
use crate::trace::shorten;
use crate::{Input, RolePolicy};

/// The resource types that make a role, and the attribute with its trust policy.
const ROLES: [(&str, &str); 2] = [
    ("aws_iam_role", "assume_role_policy"),
    ("awscc_iam_role", "assume_role_policy_document"),
];

/// Locals that stand for other locals.
const MOST_NAMES: usize = 16;

/// Every role; where there is none, every policy document that names principals.
pub(crate) fn all<'a>(
    input: Input<'a>,
    body: &Body<'a>,
    module: &Module<'_, 'a>,
) -> Vec<RolePolicy> {
    let blocks = body.blocks.iter();
    let roles: Vec<RolePolicy> = blocks
        .filter_map(|block| role(input, block, module))
        .collect();
    if !roles.is_empty() {
        return roles;
    }
    let blocks = body.blocks.iter();
    blocks
        .filter_map(|block| lone_document(input, block, module))
        .collect()
}

/// What the configuration has instead of a role.
pub(crate) fn nothing_in(body: &Body<'_>) -> Problem {
    let mut found: Vec<String> = Vec::new();
    for block in &body.blocks {
        let mut name = block.kind.to_owned();
        if let Some(label) = block.labels.first() {
            name.push_str(&format!(" \"{label}\""));
        }
        if !found.contains(&name) && found.len() < 8 {
            found.push(name);
        }
    }
    let found = if found.is_empty() {
        "nothing".to_owned()
    } else {
        found.join(", ")
    };
    let message = format!(
        "no aws_iam_role with a trust policy is in this Terraform configuration: found {found}"
    );
    let span = body
        .blocks
        .first()
        .map_or(Span::new(0, 0), |block| block.kind_span);
    Problem::text(span, message, HELP)
}

fn role<'a>(input: Input<'a>, block: &Block<'a>, module: &Module<'_, 'a>) -> Option<RolePolicy> {
    let found = ROLES.into_iter().find_map(|(kind, attribute)| {
        let name = block.named("resource", kind)?;
        Some((format!("{kind}.{name}"), attribute))
    });
    let (address, attribute) = found?;
    let mut resolver = Resolver::new(module, input);
    let role = Role {
        name: literal(&mut resolver, block, &["name", "role_name"]).and_then(|node| {
            match node.kind {
                Kind::String(text) => Some(text.into_owned()),
                _ => None,
            }
        }),
        arn: None,
        max_session_duration: literal(&mut resolver, block, &["max_session_duration"]).and_then(
            |node| match node.kind {
                Kind::Number(text) => text.parse().ok(),
                Kind::String(text) => text.parse().ok(),
                _ => None,
            },
        ),
        path: format!("{address}.{attribute}"),
        address: Some(address),
    };
    let mut resolver = Resolver::new(module, input);
    Some(match block.body.get(attribute) {
        Some(value) => role.with(policy(input, (), value, &mut resolver, 0)),
        None => {
            let problem = Problem::text(
                block.kind_span,
                format!("{attribute} is missing"),
                "a role can't be made without its trust policy",
            );
            input.role_without(role, problem)
        }
    })
}

/// An attribute whose value is certain.
fn literal<'a>(
    resolver: &mut Resolver<'_, 'a>,
    block: &Block<'a>,
    names: &[&str],
) -> Option<Node<'a>> {
    let value = names.iter().find_map(|name| block.body.get(name))?;
    let before = resolver.trace.left.len();
    let node = resolver.node(value);
    (resolver.trace.left.len() == before).then_some(node)
}

/// The policy that an attribute such as `assume_role_policy` holds.
pub(crate) fn policy<'a, T: Readable>(
    input: Input<'a>,
    rules: T::Rules,
    value: &Expr<'a>,
    resolver: &mut Resolver<'_, 'a>,
    depth: usize,
) -> Found<T> {
    match &value.kind {
        ExprKind::Call("jsonencode", arguments) if let [document] = arguments.as_slice() => {
            let node = resolver.node(document);
            input.found_in_template(rules, &node, &resolver.trace, HELP)
        }
        ExprKind::Template(parts) => {
            let json = resolver.mapped(parts, true);
            input.found_in_text(rules, value.span, &json, &resolver.trace, HELP)
        }
        ExprKind::Reference(path) => referred(input, rules, path, value.span, resolver, depth),
        _ => input.found_nothing(unresolved(value, T::name(rules))),
    }
}

fn referred<'a, T: Readable>(
    input: Input<'a>,
    rules: T::Rules,
    path: &str,
    span: Span,
    resolver: &mut Resolver<'_, 'a>,
    depth: usize,
) -> Found<T> {
    let missing = || missing(path, span, T::name(rules));
    if let Some(name) = document_name(path) {
        return match resolver.module.document(name) {
            Some(block) => of_block(input, rules, block, resolver),
            None => input.found_nothing(missing()),
        };
    }
    let expr = match steps(path).as_deref() {
        Some(["local", name]) => resolver.module.local(name),
        Some(["var", name]) => resolver.module.variable(name),
        _ => None,
    };
    match expr {
        // A local that refers to itself would never end.
        Some(expr) if depth < MOST_NAMES => policy(input, rules, expr, resolver, depth + 1),
        _ => input.found_nothing(missing()),
    }
}

/// The policy of an `aws_iam_policy_document`.
pub(crate) fn of_block<'a, T: Readable>(
    input: Input<'a>,
    rules: T::Rules,
    block: &Block<'a>,
    resolver: &mut Resolver<'_, 'a>,
) -> Found<T> {
    match policy_document::document(resolver, block, 0) {
        Ok(node) => input.found_in_template(rules, &node, &resolver.trace, HELP),
        Err(problem) => input.found_nothing(problem),
    }
}

fn missing(path: &str, span: Span, what: &str) -> Problem {
    Problem::text(
        span,
        format!("{what} is {}, which is not in this text", shorten(path)),
        format!("add the file that has it, or {HELP}"),
    )
}

fn unresolved(value: &Expr<'_>, what: &str) -> Problem {
    let (message, help) = match &value.kind {
        ExprKind::Call(name @ ("file" | "templatefile"), arguments) => (
            match arguments.first().map(|argument| &argument.kind) {
                Some(ExprKind::Template(_)) => {
                    format!("{what} is in another file: `{name}(...)`")
                }
                _ => format!("{what} comes from `{name}(...)`"),
            },
            format!("give that file itself, or {HELP}"),
        ),
        ExprKind::Other(written) => (
            format!(
                "{what} is {}, which can't be resolved from this text alone",
                shorten(written)
            ),
            HELP.to_owned(),
        ),
        ExprKind::Call(name, _) => (
            format!(
                "{what} comes from `{name}(...)`, which can't be resolved from this text alone"
            ),
            HELP.to_owned(),
        ),
        _ => (
            format!("{what} must be JSON text"),
            "write `jsonencode({ ... })`".to_owned(),
        ),
    };
    Problem::text(value.span, message, help)
}

/// A document for roles that are made elsewhere. One without principals is a permission policy.
fn lone_document<'a>(
    input: Input<'a>,
    block: &Block<'a>,
    module: &Module<'_, 'a>,
) -> Option<RolePolicy> {
    let name = block.named("data", DOCUMENT)?;
    let mut statements = block.body.blocks("statement");
    if !statements.any(|statement| statement.body.blocks("principals").next().is_some()) {
        return None;
    }
    let address = format!("data.{DOCUMENT}.{name}");
    let role = Role {
        path: address.clone(),
        address: Some(address),
        ..Role::default()
    };
    let mut resolver = Resolver::new(module, input);
    Some(role.with(of_block(input, (), block, &mut resolver)))
}
