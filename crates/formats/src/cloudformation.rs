//! CloudFormation and SAM templates: `Resources`, in JSON or YAML, with or without intrinsic functions.

mod intrinsic;

use std::collections::BTreeMap;

use rolecall_core::json::Node;

use crate::document::{Found, Readable, Role};
use crate::problem::{Problem, RESOLVED_HELP};
use crate::{Document, Format, Input, RolePolicy, tree};
pub(crate) use intrinsic::Names;
use intrinsic::Resolver;

const DOCUMENT: &str = "AssumeRolePolicyDocument";

/// Reads the roles; `None` where the tree is no template.
pub(crate) fn read(input: Input<'_>, node: &Node<'_>) -> Option<Result<Document, Problem>> {
    // The Serverless Framework has the template under `resources`.
    let inner = node.get("resources").filter(|inner| is_template(inner));
    let (template, path) = match inner {
        Some(inner) if !is_template(node) => (inner, "/resources"),
        _ => (node, ""),
    };
    if !is_template(template) {
        return None;
    }
    let resources = template.get("Resources")?;
    let path = format!("{path}/Resources");
    let names = Names::new(template);
    let roles = tree::members(resources)
        .iter()
        .filter_map(|member| role(input, &names, &member.key, &member.value, &path));
    let roles: Vec<RolePolicy> = roles.collect();
    Some(input.document(Format::CloudFormation, roles, || nothing_in(template)))
}

/// Resources with types of CloudFormation's form.
pub(crate) fn is_template(node: &Node<'_>) -> bool {
    let Some(resources) = node
        .get("Resources")
        .filter(|found| found.members().is_some())
    else {
        return false;
    };
    let is_typed =
        |resource: &Node<'_>| tree::text(resource, "Type").is_some_and(|t| t.contains("::"));
    node.get("AWSTemplateFormatVersion").is_some()
        || tree::members(resources)
            .iter()
            .any(|member| is_typed(&member.value))
}

/// What the template has instead of a role.
pub(crate) fn nothing_in(template: &Node<'_>) -> Problem {
    let resources = template.get("Resources");
    let mut types: BTreeMap<String, usize> = BTreeMap::new();
    for member in resources.map(tree::members).unwrap_or_default() {
        if let Some(kind) = tree::text(&member.value, "Type") {
            *types.entry(kind).or_default() += 1;
        }
    }
    let found: Vec<String> = types
        .iter()
        .take(8)
        .map(|(kind, count)| format!("{kind} ({count})"))
        .collect();
    let found = if found.is_empty() {
        "nothing".to_owned()
    } else {
        found.join(", ")
    };
    Problem::text(
        resources.unwrap_or(template).span,
        format!("no role with a trust policy is in this template: found {found}"),
        "give the template that has the AWS::IAM::Role, or what `aws iam get-role` prints",
    )
    .at("/Resources")
}

fn role<'a>(
    input: Input<'_>,
    names: &Names<'_, 'a>,
    id: &str,
    resource: &Node<'a>,
    path: &str,
) -> Option<RolePolicy> {
    let kind = tree::text(resource, "Type")?;
    let properties = resource.get("Properties");
    let document = properties.and_then(|properties| properties.get(DOCUMENT));
    match &*kind {
        "AWS::IAM::Role" => {}
        // Without the property SAM writes a trust policy for Lambda by itself.
        "AWS::Serverless::Function" if document.is_some() => {}
        _ => return None,
    }
    let path = tree::step(&tree::step(path, id), "Properties");
    let role = Role {
        name: properties.and_then(|properties| tree::text(properties, "RoleName")),
        arn: None,
        address: Some(id.to_owned()),
        max_session_duration: properties
            .and_then(|properties| tree::integer(properties, "MaxSessionDuration")),
        path: tree::step(&path, DOCUMENT),
    };
    Some(match document {
        Some(document) => {
            let found = resolved(input, names, (), &role.path, document);
            role.with(found)
        }
        None => input.role_without(
            role,
            Problem::text(
                resource.span,
                "AssumeRolePolicyDocument is missing",
                "a role can't be made without its trust policy: add it under `Properties`",
            ),
        ),
    })
}

/// A document of a template, with its functions resolved as far as the template tells.
pub(crate) fn resolved<'a, T: Readable>(
    input: Input<'_>,
    names: &Names<'_, 'a>,
    rules: T::Rules,
    path: &str,
    document: &Node<'a>,
) -> Found<T> {
    if document.as_str().is_some() {
        return input.found(rules, path, document);
    }
    let mut resolver = Resolver::new(names, input);
    if let Some(json) = resolver.text_document(document, input.text) {
        return input.found_in_text(rules, document.span, &json, &resolver.trace, RESOLVED_HELP);
    }
    let document = resolver.document(document);
    if document.as_str().is_some() && resolver.trace.left.is_empty() {
        return input.found(rules, path, &document);
    }
    input.found_in_template(rules, &document, &resolver.trace, RESOLVED_HELP)
}
