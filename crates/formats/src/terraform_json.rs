//! Terraform's state and plan as JSON.
//!
//! `terraform show -json` prints `values.root_module` for a state and `planned_values.root_module` for a
//! plan, each with `resources` and nested `child_modules` (Terraform documentation, "JSON Output Format").
//! A state file of version 4 has `resources[].instances[].attributes` instead.

use rolecall_core::json::{Kind, Node};

use crate::document::Role;
use crate::problem::Problem;
use crate::{Document, Format, Input, RolePolicy, tree};

const DOCUMENT: &str = "assume_role_policy";
const TYPE: &str = "aws_iam_role";

/// Reads the roles; `None` where the tree is no such output.
pub(crate) fn read(input: Input<'_>, node: &Node<'_>) -> Option<Result<Document, Problem>> {
    let mut found = Vec::new();
    let modules: Vec<&str> = ["values", "planned_values"]
        .into_iter()
        .filter(|key| root_module(node, key).is_some())
        .collect();
    if let Some(key) = modules.first() {
        let root = root_module(node, key)?;
        module(input, root, &format!("/{key}/root_module"), &mut found);
    } else if node.get("terraform_version").is_some() {
        state(input, node.get("resources")?, &mut found);
    } else {
        return None;
    }
    Some(input.document(Format::TerraformJson, found, || {
        Problem::text(
            node.span,
            "no aws_iam_role is in this Terraform output",
            "give the state or the plan of the configuration that makes the role",
        )
    }))
}

fn root_module<'n, 'a>(node: &'n Node<'a>, key: &str) -> Option<&'n Node<'a>> {
    node.get(key)?.get("root_module")
}

/// Modules nest no deeper than JSON may.
fn module(input: Input<'_>, node: &Node<'_>, path: &str, found: &mut Vec<RolePolicy>) {
    for (index, resource) in listed(node, "resources") {
        if tree::text(resource, "type").as_deref() != Some(TYPE) {
            continue;
        }
        let address = tree::text(resource, "address");
        if let Some(values) = resource.get("values") {
            let path = format!("{path}/resources/{index}/values");
            found.push(role(input, values, address, path));
        }
    }
    for (index, child) in listed(node, "child_modules") {
        module(
            input,
            child,
            &format!("{path}/child_modules/{index}"),
            found,
        );
    }
}

fn state(input: Input<'_>, resources: &Node<'_>, found: &mut Vec<RolePolicy>) {
    for (index, resource) in tree::items(resources).iter().enumerate() {
        if tree::text(resource, "type").as_deref() != Some(TYPE) {
            continue;
        }
        for (number, instance) in listed(resource, "instances") {
            let Some(values) = instance.get("attributes") else {
                continue;
            };
            let path = format!("/resources/{index}/instances/{number}/attributes");
            found.push(role(input, values, state_address(resource, instance), path));
        }
    }
}

/// `module.m.aws_iam_role.deploy["key"]`, as Terraform writes addresses.
fn state_address(resource: &Node<'_>, instance: &Node<'_>) -> Option<String> {
    let name = tree::text(resource, "name")?;
    let module = tree::text(resource, "module").map_or_else(String::new, |module| module + ".");
    let key = match instance.get("index_key").map(|key| &key.kind) {
        Some(Kind::String(key)) => format!("[\"{key}\"]"),
        Some(Kind::Number(key)) => format!("[{key}]"),
        _ => String::new(),
    };
    Some(format!("{module}{TYPE}.{name}{key}"))
}

fn listed<'n, 'a>(node: &'n Node<'a>, key: &str) -> impl Iterator<Item = (usize, &'n Node<'a>)> {
    let items = node.get(key).map(tree::items).unwrap_or_default();
    items.iter().enumerate()
}

fn role(input: Input<'_>, values: &Node<'_>, address: Option<String>, path: String) -> RolePolicy {
    let role = Role {
        name: tree::text(values, "name"),
        arn: tree::text(values, "arn"),
        address,
        max_session_duration: tree::integer(values, "max_session_duration"),
        path: tree::step(&path, DOCUMENT),
    };
    match values.get(DOCUMENT).filter(|document| document.as_str().is_some()) {
        Some(document) => input.role(role, document),
        // A plan leaves out what depends on resources that do not exist yet.
        None => input.role_without(
            role,
            Problem::text(
                values.span,
                "the trust policy is known only after apply",
                "apply first and give `terraform show -json` of the state, or what `aws iam get-role` prints",
            ),
        ),
    }
}
