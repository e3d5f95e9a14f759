//! The policies of a Terraform state or plan as JSON (Terraform Registry, hashicorp/aws: `aws_iam_role_policy`,
//! `aws_iam_policy`, `aws_iam_role_policy_attachment`, `aws_ecr_repository_policy`, `aws_organizations_policy`).

use rolecall_core::json::{Kind, Node};

use super::{Candidate, Search, Sought, text};
use crate::problem::Problem;
use crate::tree;

/// Reads the policies; `None` where the tree is no such output.
pub(super) fn read(search: &mut Search<'_>, node: &Node<'_>) -> Option<Result<(), Problem>> {
    let mut resources = Vec::new();
    let root = ["values", "planned_values"]
        .into_iter()
        .find_map(|key| Some((key, node.get(key)?.get("root_module")?)));
    if let Some((key, root)) = root {
        module(root, &format!("/{key}/root_module"), &mut resources);
    } else if node.get("terraform_version").is_some() {
        state(node.get("resources")?, &mut resources);
    } else {
        return None;
    }
    Some(found(search, node, &resources))
}

struct Resource<'n, 'a> {
    kind: String,
    name: String,
    values: &'n Node<'a>,
    path: String,
}

impl Resource<'_, '_> {
    fn address(&self) -> String {
        format!("{}.{}", self.kind, self.name)
    }
}

/// Modules nest no deeper than JSON may.
fn module<'n, 'a>(node: &'n Node<'a>, path: &str, resources: &mut Vec<Resource<'n, 'a>>) {
    for (index, resource) in listed(node, "resources") {
        if let Some(values) = resource.get("values") {
            resources.push(Resource {
                kind: text(resource, "type"),
                name: text(resource, "name"),
                values,
                path: format!("{path}/resources/{index}/values"),
            });
        }
    }
    for (index, child) in listed(node, "child_modules") {
        module(child, &format!("{path}/child_modules/{index}"), resources);
    }
}

fn state<'n, 'a>(list: &'n Node<'a>, resources: &mut Vec<Resource<'n, 'a>>) {
    for (index, resource) in tree::items(list).iter().enumerate() {
        for (number, instance) in listed(resource, "instances") {
            if let Some(values) = instance.get("attributes") {
                resources.push(Resource {
                    kind: text(resource, "type"),
                    name: text(resource, "name"),
                    values,
                    path: format!("/resources/{index}/instances/{number}/attributes"),
                });
            }
        }
    }
}

fn listed<'n, 'a>(node: &'n Node<'a>, key: &str) -> impl Iterator<Item = (usize, &'n Node<'a>)> {
    let items = node.get(key).map(tree::items).unwrap_or_default();
    items.iter().enumerate()
}

fn found(
    search: &mut Search<'_>,
    node: &Node<'_>,
    resources: &[Resource<'_, '_>],
) -> Result<(), Problem> {
    match search.sought {
        Sought::Role { .. } => role(search, node, resources)?,
        Sought::Repository { name } => {
            let name = name.clone();
            for resource in of(resources, "aws_ecr_repository_policy") {
                if tree::text(resource.values, "repository").is_none_or(|own| own == name) {
                    add(search, resource, "policy")?;
                }
            }
        }
        Sought::Limit | Sought::ResourceControl => {
            for resource in of(resources, "aws_organizations_policy") {
                add(search, resource, "content")?;
            }
        }
    }
    if search.is_empty() {
        return Err(search.nothing(node.span));
    }
    Ok(())
}

fn of<'r, 'n, 'a>(
    resources: &'r [Resource<'n, 'a>],
    kind: &'r str,
) -> impl Iterator<Item = &'r Resource<'n, 'a>> {
    resources
        .iter()
        .filter(move |resource| resource.kind == kind)
}

fn role(
    search: &mut Search<'_>,
    node: &Node<'_>,
    resources: &[Resource<'_, '_>],
) -> Result<(), Problem> {
    let candidates: Vec<Candidate<&Resource<'_, '_>>> = of(resources, "aws_iam_role")
        .map(|role| Candidate {
            names: [
                tree::text(role.values, "name"),
                tree::text(role.values, "arn"),
            ]
            .into_iter()
            .flatten()
            .chain([role.address()])
            .collect(),
            role,
        })
        .collect();
    let picked = search.pick(&candidates, node.span)?;
    let name = picked.and_then(|candidate| tree::text(candidate.role.values, "name"));
    // Before it is applied a plan may not know the role's name; then there is but one role, or it is open.
    let is_its = |resource: &Resource<'_, '_>| match (tree::text(resource.values, "role"), &name) {
        (Some(own), Some(name)) => Some(own == *name || own.rsplit('/').next() == Some(name)),
        _ => (candidates.len() <= 1).then_some(true),
    };
    for policy in of(resources, "aws_iam_role_policy") {
        match is_its(policy) {
            Some(true) => add(search, policy, "policy")?,
            Some(false) => {}
            None => search.leave_open(&policy.address()),
        }
    }
    for attachment in of(resources, "aws_iam_role_policy_attachment") {
        let arn = tree::text(attachment.values, "policy_arn");
        match is_its(attachment) {
            Some(true) => attach(search, resources, arn.as_deref(), &attachment.name)?,
            Some(false) => {}
            None => search.leave_open(&attachment.address()),
        }
    }
    for attachment in of(resources, "aws_iam_policy_attachment") {
        let roles = attachment
            .values
            .get("roles")
            .map(tree::items)
            .unwrap_or_default();
        let mut names = roles.iter().filter_map(Node::as_str);
        if names.any(|own| Some(own) == name.as_deref()) {
            let arn = tree::text(attachment.values, "policy_arn");
            attach(search, resources, arn.as_deref(), &attachment.name)?;
        }
    }
    if let Some(candidate) = picked {
        of_role(search, resources, candidate.role)?;
    } else if search.is_empty() {
        for policy in of(resources, "aws_iam_policy") {
            add(search, policy, "policy")?;
        }
        search.without_role();
    }
    Ok(())
}

fn of_role(
    search: &mut Search<'_>,
    resources: &[Resource<'_, '_>],
    role: &Resource<'_, '_>,
) -> Result<(), Problem> {
    search.found.role_arn = tree::text(role.values, "arn");
    for (index, inline) in listed(role.values, "inline_policy") {
        if let Some(document) = inline
            .get("policy")
            .filter(|policy| policy.as_str().is_some())
        {
            let path = format!("{}/inline_policy/{index}/policy", role.path);
            search.document(&text(inline, "name"), &path, document);
        }
    }
    let managed = role.values.get("managed_policy_arns").map(tree::items);
    for arn in managed.unwrap_or_default().iter().filter_map(Node::as_str) {
        let is_known = search
            .found
            .policies
            .iter()
            .any(|policy| arn.ends_with(&format!("/{}", policy.label)));
        if !is_known && !search.found.unknown.iter().any(|known| known == arn) {
            attach(search, resources, Some(arn), "")?;
        }
    }
    let boundary = tree::text(role.values, "permissions_boundary").filter(|arn| !arn.is_empty());
    if let Some(arn) = boundary {
        search.bound(&arn);
    }
    Ok(())
}

/// A policy of the same output, else one that is known only by its ARN.
fn attach(
    search: &mut Search<'_>,
    resources: &[Resource<'_, '_>],
    arn: Option<&str>,
    name: &str,
) -> Result<(), Problem> {
    let here = of(resources, "aws_iam_policy").find(|policy| match arn {
        Some(arn) => tree::text(policy.values, "arn").as_deref() == Some(arn),
        None => policy.name == name,
    });
    match (here, arn) {
        (Some(policy), _) => add(search, policy, "policy"),
        (None, Some(arn)) => {
            search.attach(arn);
            Ok(())
        }
        (None, None) => {
            search.attach(&format!(
                "that aws_iam_role_policy_attachment.{name} attaches"
            ));
            Ok(())
        }
    }
}

fn add(search: &mut Search<'_>, resource: &Resource<'_, '_>, key: &str) -> Result<(), Problem> {
    let document = resource.values.get(key);
    match document.filter(|document| matches!(document.kind, Kind::String(_))) {
        Some(document) => {
            let label = tree::text(resource.values, "name").unwrap_or_else(|| resource.address());
            search.document(&label, &tree::step(&resource.path, key), document);
            Ok(())
        }
        // A plan leaves out what depends on resources that do not exist yet.
        None => Err(Problem::text(
            resource.values.span,
            format!(
                "the policy of {} is known only after apply",
                resource.address()
            ),
            "apply first and give `terraform show -json` of the state, or the policy itself",
        )),
    }
}
