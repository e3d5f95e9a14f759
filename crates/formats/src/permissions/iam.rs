//! What the AWS CLI prints of policies: `iam get-role-policy`, `get-policy-version`,
//! `get-account-authorization-details`, `ecr get-repository-policy`, `organizations describe-policy`
//! (AWS CLI Command Reference).

use rolecall_core::json::{Kind, Node};

use super::{Candidate, Search, Sought, text, wrapped};
use crate::problem::Problem;
use crate::tree;

/// Reads the policies; `None` where the tree is no such output.
pub(super) fn read(search: &mut Search<'_>, node: &Node<'_>) -> Option<Result<(), Problem>> {
    if let Some(list) = node.get("RoleDetailList") {
        return Some(account(search, node, list));
    }
    if is_detail(node) {
        return Some(role(search, node, node, ""));
    }
    let version = node
        .get("PolicyVersion")
        .map(|inner| (inner, "/PolicyVersion"));
    let policy = node.get("Policy").map(|inner| (inner, "/Policy"));
    for (inner, path) in version.into_iter().chain(policy).chain([(node, "")]) {
        if let Some((key, document)) = wrapped(inner, KEYS) {
            search.document(&label(inner), &tree::step(path, key), document);
            return Some(Ok(()));
        }
    }
    has_only_trust(node).then(|| {
        Err(Problem::text(
            node.span,
            "the role comes without its permission policies",
            "they are printed by `aws iam get-role-policy` and `get-policy-version`, or all together by `aws iam get-account-authorization-details`",
        ))
    })
}

/// The keys under which a policy stands.
const KEYS: &[&str] = &["PolicyDocument", "Document", "Content", "policyText"];

fn label(node: &Node<'_>) -> String {
    let own = ["PolicyName", "repositoryName"].map(|key| tree::text(node, key));
    let summary = node
        .get("PolicySummary")
        .and_then(|summary| tree::text(summary, "Name"));
    own.into_iter()
        .flatten()
        .next()
        .or(summary)
        .unwrap_or_default()
}

fn is_detail(node: &Node<'_>) -> bool {
    node.get("RolePolicyList").is_some() || node.get("AttachedManagedPolicies").is_some()
}

fn has_only_trust(node: &Node<'_>) -> bool {
    let role = node.get("Role").unwrap_or(node);
    role.get("AssumeRolePolicyDocument").is_some() || node.get("Roles").is_some()
}

fn account(search: &mut Search<'_>, whole: &Node<'_>, list: &Node<'_>) -> Result<(), Problem> {
    if !matches!(search.sought, Sought::Role { .. }) {
        return Err(search.nothing(whole.span));
    }
    let numbered = tree::items(list).iter().enumerate();
    let candidates: Vec<Candidate<usize>> = numbered
        .map(|(index, role)| Candidate {
            names: [tree::text(role, "RoleName"), tree::text(role, "Arn")]
                .into_iter()
                .flatten()
                .collect(),
            role: index,
        })
        .collect();
    let Some(candidate) = search.pick(&candidates, list.span)? else {
        return Err(search.nothing(list.span));
    };
    let index = candidate.role;
    match tree::items(list).get(index) {
        Some(found) => role(search, whole, found, &format!("/RoleDetailList/{index}")),
        None => Err(search.nothing(list.span)),
    }
}

fn role(
    search: &mut Search<'_>,
    whole: &Node<'_>,
    role: &Node<'_>,
    path: &str,
) -> Result<(), Problem> {
    search.found.role_arn = tree::text(role, "Arn");
    let inline = role
        .get("RolePolicyList")
        .map(tree::items)
        .unwrap_or_default();
    for (index, policy) in inline.iter().enumerate() {
        if let Some(document) = policy.get("PolicyDocument") {
            let path = format!("{path}/RolePolicyList/{index}/PolicyDocument");
            search.document(&text(policy, "PolicyName"), &path, document);
        }
    }
    let attached = role.get("AttachedManagedPolicies").map(tree::items);
    for policy in attached.unwrap_or_default() {
        let arn = text(policy, "PolicyArn");
        match of_account(whole, &arn) {
            Some((name, path, document)) => search.document(&name, &path, document),
            None => search.attach(&arn),
        }
    }
    let boundary = role.get("PermissionsBoundary");
    if let Some(arn) = boundary.and_then(|b| tree::text(b, "PermissionsBoundaryArn")) {
        match of_account(whole, &arn) {
            Some((name, path, document)) => {
                let found = search.input.found(search.sought.grammar(), &path, document);
                search.found.boundary = Some(search.kept(&name, &path, found));
            }
            None => search.bound(&arn),
        }
    }
    Ok(())
}

/// The default version of a managed policy that the same output holds.
fn of_account<'n, 'a>(whole: &'n Node<'a>, arn: &str) -> Option<(String, String, &'n Node<'a>)> {
    let policies = tree::items(whole.get("Policies")?).iter().enumerate();
    let mut named = policies.filter(|(_, policy)| text(policy, "Arn") == arn);
    let (index, policy) = named.next()?;
    let versions = tree::items(policy.get("PolicyVersionList")?)
        .iter()
        .enumerate();
    let is_default = |version: &Node<'_>| {
        matches!(
            version.get("IsDefaultVersion").map(|node| &node.kind),
            Some(Kind::Bool(true))
        )
    };
    let mut defaults = versions.filter(|(_, version)| is_default(version));
    let (number, version) = defaults.next()?;
    let path = format!("/Policies/{index}/PolicyVersionList/{number}/Document");
    Some((text(policy, "PolicyName"), path, version.get("Document")?))
}
