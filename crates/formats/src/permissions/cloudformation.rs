//! The policies of a CloudFormation template: those of the role, those that name it, and those of repositories
//! and organisations (AWS CloudFormation Template Reference, "AWS::IAM::Role", "AWS::IAM::Policy",
//! "AWS::IAM::ManagedPolicy", "AWS::IAM::RolePolicy", "AWS::ECR::Repository", "AWS::Organizations::Policy").

use rolecall_core::json::{Member, Node};

use super::{Candidate, Search, Sought, text};
use crate::cloudformation::{Names, is_template, resolved};
use crate::problem::Problem;
use crate::tree;

/// Reads the policies; `None` where the tree is no template.
pub(super) fn read(search: &mut Search<'_>, node: &Node<'_>) -> Option<Result<(), Problem>> {
    if !is_template(node) {
        return None;
    }
    let template = Template {
        names: Names::new(node),
        resources: node.get("Resources").map(tree::members).unwrap_or_default(),
    };
    let answer = match search.sought {
        Sought::Role { .. } => template.role(search, node),
        Sought::Repository { name } => {
            let name = name.clone();
            template.repository(search, &name);
            Ok(())
        }
        Sought::Limit | Sought::ResourceControl => {
            template.each(search, "AWS::Organizations::Policy", "Content");
            Ok(())
        }
    };
    Some(answer.and_then(|()| {
        if search.is_empty() {
            Err(search.nothing(node.span))
        } else {
            Ok(())
        }
    }))
}

struct Template<'n, 'a> {
    names: Names<'n, 'a>,
    resources: &'n [Member<'a>],
}

impl<'n, 'a> Template<'n, 'a> {
    fn of(&self, kind: &str) -> impl Iterator<Item = (&'n str, &'n Node<'a>)> {
        self.resources.iter().filter_map(move |member| {
            let is_kind = tree::text(&member.value, "Type").as_deref() == Some(kind);
            let properties = member.value.get("Properties").filter(|_| is_kind)?;
            Some((&*member.key, properties))
        })
    }

    fn role(&self, search: &mut Search<'_>, node: &Node<'a>) -> Result<(), Problem> {
        let candidates: Vec<Candidate<(&str, &Node<'a>)>> = self
            .of("AWS::IAM::Role")
            .map(|(id, properties)| Candidate {
                names: std::iter::once(id.to_owned())
                    .chain(tree::text(properties, "RoleName"))
                    .collect(),
                role: (id, properties),
            })
            .collect();
        let Some(candidate) = search.pick(&candidates, node.span)? else {
            for kind in POLICIES {
                self.each(search, kind, "PolicyDocument");
            }
            search.without_role();
            return Ok(());
        };
        let (id, properties) = candidate.role;
        self.inline(search, id, properties);
        for item in properties
            .get("ManagedPolicyArns")
            .map(tree::items)
            .unwrap_or_default()
        {
            self.managed(search, item);
        }
        for kind in POLICIES {
            for (policy, of_policy) in self.of(kind) {
                let roles = ["Roles", "RoleName"].map(|key| of_policy.get(key));
                let refers = |roles: &Node<'_>| self.refers(roles, id, properties);
                let answers = roles.map(|roles| roles.map_or(Some(false), refers));
                if answers.contains(&Some(true)) {
                    self.add(search, policy, of_policy, "PolicyDocument");
                } else if answers.contains(&None) {
                    search.leave_open(policy);
                }
            }
        }
        if let Some(boundary) = properties.get("PermissionsBoundary") {
            self.boundary(search, boundary);
        }
        Ok(())
    }

    /// Whether a list of roles has this one, by reference or by name; `None`: that can't be told.
    fn refers(&self, roles: &Node<'_>, id: &str, properties: &Node<'_>) -> Option<bool> {
        let name = tree::text(properties, "RoleName");
        let is_this = |node: &Node<'_>| match (tree::text(node, "Ref"), node.as_str()) {
            (Some(target), _) if target == id => Some(true),
            // Another role of the template; a parameter may be any.
            (Some(target), _) => self
                .of("AWS::IAM::Role")
                .any(|(own, _)| own == target)
                .then_some(false),
            (None, Some(text)) => Some(name.as_deref() == Some(text)),
            (None, None) => None,
        };
        let items = match tree::items(roles) {
            [] => std::slice::from_ref(roles),
            items => items,
        };
        if items.iter().any(|item| is_this(item) == Some(true)) {
            return Some(true);
        }
        items
            .iter()
            .all(|item| is_this(item) == Some(false))
            .then_some(false)
    }

    fn inline(&self, search: &mut Search<'_>, id: &str, properties: &Node<'a>) {
        let policies = properties
            .get("Policies")
            .map(tree::items)
            .unwrap_or_default();
        for (index, policy) in policies.iter().enumerate() {
            if let Some(document) = policy.get("PolicyDocument") {
                let path = format!("/Resources/{id}/Properties/Policies/{index}/PolicyDocument");
                self.document(search, &text(policy, "PolicyName"), &path, document);
            }
        }
    }

    /// An ARN, or a policy of the same template.
    fn managed(&self, search: &mut Search<'_>, item: &Node<'a>) {
        match self.managed_here(item) {
            Some((id, properties)) => self.add(search, id, properties, "PolicyDocument"),
            None => search.attach(&written(item)),
        }
    }

    fn managed_here(&self, item: &Node<'a>) -> Option<(&'n str, &'n Node<'a>)> {
        let target = tree::text(item, "Ref")?;
        self.of("AWS::IAM::ManagedPolicy")
            .find(|(id, _)| *id == target)
    }

    fn boundary(&self, search: &mut Search<'_>, item: &Node<'a>) {
        let Some((id, document)) = self
            .managed_here(item)
            .and_then(|(id, properties)| Some((id, properties.get("PolicyDocument")?)))
        else {
            search.bound(&written(item));
            return;
        };
        let path = format!("/Resources/{id}/Properties/PolicyDocument");
        let grammar = search.sought.grammar();
        let found = resolved(search.input, &self.names, grammar, &path, document);
        search.found.boundary = Some(search.kept(id, &path, found));
    }

    fn each(&self, search: &mut Search<'_>, kind: &str, key: &'static str) {
        for (id, properties) in self.of(kind) {
            self.add(search, id, properties, key);
        }
    }

    fn repository(&self, search: &mut Search<'_>, name: &str) {
        const KEY: &str = "RepositoryPolicyText";
        let with_policy = || {
            let repositories = self.of("AWS::ECR::Repository");
            repositories.filter(|(_, properties)| properties.get(KEY).is_some())
        };
        let is_named = |properties: &Node<'_>| {
            tree::text(properties, "RepositoryName").is_none_or(|own| own == name)
        };
        for (id, properties) in with_policy().filter(|(_, properties)| is_named(properties)) {
            self.add(search, id, properties, KEY);
        }
    }

    fn add(&self, search: &mut Search<'_>, id: &str, properties: &Node<'a>, key: &str) {
        let Some(document) = properties.get(key) else {
            return;
        };
        let label = tree::text(properties, "PolicyName").unwrap_or_else(|| id.to_owned());
        let path = format!("/Resources/{id}/Properties/{key}");
        self.document(search, &label, &path, document);
    }

    fn document(&self, search: &mut Search<'_>, label: &str, path: &str, document: &Node<'a>) {
        let grammar = search.sought.grammar();
        let found = resolved(search.input, &self.names, grammar, path, document);
        search.add(label, path, found);
    }
}

/// The resources that hold a policy for roles.
const POLICIES: [&str; 3] = [
    "AWS::IAM::Policy",
    "AWS::IAM::RolePolicy",
    "AWS::IAM::ManagedPolicy",
];

/// An ARN as it is written, pseudo parameters and all.
fn written(item: &Node<'_>) -> String {
    let sub = tree::text(item, "Fn::Sub");
    let text = item.as_str().map(str::to_owned).or(sub);
    let text = text.unwrap_or_else(|| tree::json_text(item));
    text.replace("${AWS::Partition}", "aws")
}
