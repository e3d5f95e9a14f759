//! What `aws iam` prints of roles: `get-role` and `create-role` (`Role`), `list-roles` (`Roles`),
//! `get-account-authorization-details` (`RoleDetailList`), and parts of these as `--query` or `jq` cut them out.
//! The AWS CLI decodes the policy to an object; other clients leave the percent-encoded string
//! (IAM API Reference, GetRole).

use rolecall_core::json::{Kind, Node};

use crate::document::Role;
use crate::problem::Problem;
use crate::{Document, Format, Input, RolePolicy, tree};

const DOCUMENT: &str = "AssumeRolePolicyDocument";

/// Reads the roles; `None` where the tree is no such output.
pub(crate) fn read(input: Input<'_>, node: &Node<'_>) -> Option<Result<Document, Problem>> {
    let (list, path) = roles(node)?;
    let found: Vec<RolePolicy> = list
        .iter()
        .filter_map(|(role, path)| self::role(input, role, path))
        .collect();
    Some(input.document(Format::IamOutput, found, || {
        let (message, help) = if list.is_empty() {
            (
                "the list of roles is empty",
                "check the account and the filter of the command",
            )
        } else {
            (
                "the roles come without their trust policies",
                "leave out --query, so that AssumeRolePolicyDocument is printed too",
            )
        };
        Problem::text(node.span, message, help).at(path)
    }))
}

type Listed<'n, 'a> = Vec<(&'n Node<'a>, String)>;

fn roles<'n, 'a>(node: &'n Node<'a>) -> Option<(Listed<'n, 'a>, String)> {
    if let Some(role) = node.get("Role").filter(|role| role.members().is_some()) {
        return Some((vec![(role, "/Role".to_owned())], "/Role".to_owned()));
    }
    for key in ["RoleDetailList", "Roles"] {
        if let Some(list) = node
            .get(key)
            .filter(|list| matches!(list.kind, Kind::Array(_)))
        {
            let path = tree::step("", key);
            return Some((numbered(list, &path), path));
        }
    }
    if is_role(node) {
        return Some((vec![(node, String::new())], String::new()));
    }
    tree::items(node)
        .iter()
        .any(is_role)
        .then(|| (numbered(node, ""), String::new()))
}

/// A role by itself has more than its policy; else it is a policy in a wrapper.
fn is_role(node: &Node<'_>) -> bool {
    let marks = ["RoleName", "RoleId", "Arn"];
    node.get(DOCUMENT).is_some() && marks.iter().any(|mark| node.get(mark).is_some())
}

fn numbered<'n, 'a>(list: &'n Node<'a>, path: &str) -> Listed<'n, 'a> {
    let items = tree::items(list).iter().enumerate();
    items
        .map(|(index, role)| (role, format!("{path}/{index}")))
        .collect()
}

fn role(input: Input<'_>, node: &Node<'_>, path: &str) -> Option<RolePolicy> {
    let document = node.get(DOCUMENT)?;
    let role = Role {
        name: tree::text(node, "RoleName"),
        arn: tree::text(node, "Arn"),
        address: None,
        max_session_duration: tree::integer(node, "MaxSessionDuration"),
        path: tree::step(path, DOCUMENT),
    };
    Some(input.role(role, document))
}
