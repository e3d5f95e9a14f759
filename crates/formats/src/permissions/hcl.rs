//! The policies of a Terraform configuration: those that refer to the role, and those of repositories and
//! organisations. A reference is told by its text, such as `aws_iam_role.deploy.name`.

use super::{Candidate, Search, Sought};
use crate::hcl::{
    Block, Body, DOCUMENT, Expr, ExprKind, Module, Resolver, of_block, policy, steps,
};
use crate::problem::Problem;

/// Reads the policies of a configuration.
pub(crate) fn read<'a>(
    search: &mut Search<'a>,
    body: &Body<'a>,
    module: &Module<'_, 'a>,
) -> Result<(), Problem> {
    let configuration = Configuration { body, module };
    let span = body
        .blocks
        .first()
        .map_or_else(Default::default, |block| block.kind_span);
    match search.sought {
        Sought::Role { .. } => configuration.role(search, span)?,
        Sought::Repository { name } => {
            let name = name.clone();
            configuration.repository(search, &name);
        }
        Sought::Limit | Sought::ResourceControl => {
            configuration.each(search, "aws_organizations_policy", "content");
        }
    }
    if search.is_empty() {
        configuration.documents(search);
    }
    if search.is_empty() {
        return Err(search.nothing(span));
    }
    Ok(())
}

struct Configuration<'m, 'a> {
    body: &'m Body<'a>,
    module: &'m Module<'m, 'a>,
}

impl<'m, 'a> Configuration<'m, 'a> {
    fn of(&self, kind: &'static str) -> impl Iterator<Item = (&'a str, &'m Block<'a>)> {
        let blocks = self.body.blocks.iter();
        blocks.filter_map(move |block| Some((block.named("resource", kind)?, block)))
    }

    fn role(
        &self,
        search: &mut Search<'a>,
        span: rolecall_core::span::Span,
    ) -> Result<(), Problem> {
        let candidates: Vec<Candidate<(&str, &Block<'a>)>> = self
            .of("aws_iam_role")
            .map(|(id, block)| Candidate {
                names: [
                    Some(format!("aws_iam_role.{id}")),
                    self.text(search, block, "name"),
                ]
                .into_iter()
                .flatten()
                .collect(),
                role: (id, block),
            })
            .collect();
        let Some(candidate) = search.pick(&candidates, span)? else {
            self.each(search, "aws_iam_role_policy", "policy");
            self.each(search, "aws_iam_policy", "policy");
            search.without_role();
            return Ok(());
        };
        let (id, block) = candidate.role;
        let name = self.text(search, block, "name");
        for (policy, policy_block) in self.of("aws_iam_role_policy") {
            match self.is_role(search, policy_block.body.get("role"), id, name.as_deref()) {
                Some(true) => self.add(
                    search,
                    "aws_iam_role_policy",
                    policy,
                    policy_block,
                    "policy",
                ),
                Some(false) => {}
                None => search.leave_open(&format!("aws_iam_role_policy.{policy}")),
            }
        }
        for (attachment, of_attachment) in self.of("aws_iam_role_policy_attachment") {
            let role = of_attachment.body.get("role");
            let its = self.is_role(search, role, id, name.as_deref());
            let address = format!("aws_iam_role_policy_attachment.{attachment}");
            self.attached(search, its, of_attachment, &address);
        }
        for (attachment, of_attachment) in self.of("aws_iam_policy_attachment") {
            let its = match of_attachment.body.get("roles").map(|roles| &roles.kind) {
                None => Some(false),
                Some(ExprKind::Tuple(roles)) => {
                    let answers = || {
                        let roles = roles.iter();
                        roles.map(|role| self.is_role(search, Some(role), id, name.as_deref()))
                    };
                    if answers().any(|answer| answer == Some(true)) {
                        Some(true)
                    } else {
                        answers()
                            .all(|answer| answer == Some(false))
                            .then_some(false)
                    }
                }
                Some(_) => None,
            };
            let address = format!("aws_iam_policy_attachment.{attachment}");
            self.attached(search, its, of_attachment, &address);
        }
        self.of_role(search, id, block);
        Ok(())
    }

    /// What an attachment attaches, if it is the role's; `None`: that can't be told.
    fn attached(
        &self,
        search: &mut Search<'a>,
        its: Option<bool>,
        block: &Block<'a>,
        address: &str,
    ) {
        match (its, block.body.get("policy_arn")) {
            (Some(false), _) => {}
            (Some(true), Some(arn)) => self.attach(search, arn),
            _ => search.leave_open(address),
        }
    }

    fn of_role(&self, search: &mut Search<'a>, id: &str, block: &Block<'a>) {
        for inline in block.body.blocks("inline_policy") {
            let label = self.text(search, inline, "name").unwrap_or_default();
            if let Some(value) = inline.body.get("policy") {
                let path = format!("aws_iam_role.{id}.inline_policy");
                self.value(search, &label, &path, value);
            }
        }
        if let Some(ExprKind::Tuple(arns)) = block.body.get("managed_policy_arns").map(|e| &e.kind)
        {
            arns.iter().for_each(|arn| self.attach(search, arn));
        }
        let Some(boundary) = block.body.get("permissions_boundary") else {
            return;
        };
        match self.policy_here(boundary) {
            Some((id, policy_block)) => {
                let path = format!("aws_iam_policy.{id}.policy");
                if let Some(value) = policy_block.body.get("policy") {
                    let mut resolver = Resolver::new(self.module, search.input);
                    let grammar = search.sought.grammar();
                    let found = policy(search.input, grammar, value, &mut resolver, 0);
                    search.found.boundary = Some(search.kept(id, &path, found));
                }
            }
            None => {
                let arn = self.shown(search, boundary);
                search.bound(&arn);
            }
        }
    }

    fn attach(&self, search: &mut Search<'a>, arn: &Expr<'a>) {
        match self.policy_here(arn) {
            Some((id, block)) => self.add(search, "aws_iam_policy", id, block, "policy"),
            None => {
                let arn = self.shown(search, arn);
                search.attach(&arn);
            }
        }
    }

    fn policy_here(&self, value: &Expr<'a>) -> Option<(&'a str, &'m Block<'a>)> {
        let ExprKind::Reference(path) = &value.kind else {
            return None;
        };
        let steps = steps(path)?;
        let ["aws_iam_policy", wanted, ..] = steps.as_slice() else {
            return None;
        };
        self.of("aws_iam_policy").find(|(id, _)| id == wanted)
    }

    fn each(&self, search: &mut Search<'a>, kind: &'static str, key: &str) {
        for (id, block) in self.of(kind) {
            self.add(search, kind, id, block, key);
        }
    }

    fn repository(&self, search: &mut Search<'a>, name: &str) {
        for (id, block) in self.of("aws_ecr_repository_policy") {
            let own = self.text(search, block, "repository");
            if own.is_none_or(|own| own == name) {
                self.add(search, "aws_ecr_repository_policy", id, block, "policy");
            }
        }
    }

    /// Policy documents by themselves: without principals they are permission policies.
    fn documents(&self, search: &mut Search<'a>) {
        for block in &self.body.blocks {
            let Some(name) = block.named("data", DOCUMENT) else {
                continue;
            };
            let mut statements = block.body.blocks("statement");
            let names_principals = statements.any(|statement| {
                ["principals", "not_principals"]
                    .iter()
                    .any(|kind| statement.body.blocks(kind).next().is_some())
            });
            let wants_principals = matches!(
                search.sought,
                Sought::Repository { .. } | Sought::ResourceControl
            );
            if names_principals == wants_principals {
                let path = format!("data.{DOCUMENT}.{name}");
                let mut resolver = Resolver::new(self.module, search.input);
                let found = of_block(search.input, search.sought.grammar(), block, &mut resolver);
                search.add(&path, &path, found);
            }
        }
    }

    fn add(&self, search: &mut Search<'a>, kind: &str, id: &str, block: &Block<'a>, key: &str) {
        let label = format!("{kind}.{id}");
        match block.body.get(key) {
            Some(value) => self.value(search, &label, &format!("{label}.{key}"), value),
            None => {
                let help = "add it, or give the policy itself";
                let problem = Problem::text(block.kind_span, format!("{key} is missing"), help);
                let found = search.input.found_nothing(problem);
                search.add(&label, &label, found);
            }
        }
    }

    fn value(&self, search: &mut Search<'a>, label: &str, path: &str, value: &Expr<'a>) {
        let mut resolver = Resolver::new(self.module, search.input);
        let found = policy(
            search.input,
            search.sought.grammar(),
            value,
            &mut resolver,
            0,
        );
        search.add(label, path, found);
    }

    /// Whether a value refers to the role, by reference or by its name; `None`: that can't be told.
    fn is_role(
        &self,
        search: &Search<'a>,
        value: Option<&Expr<'a>>,
        id: &str,
        name: Option<&str>,
    ) -> Option<bool> {
        let value = value?;
        if let ExprKind::Reference(path) = &value.kind
            && let Some(["aws_iam_role", own, ..]) = steps(path).as_deref()
        {
            return Some(*own == id);
        }
        let own = self.certain(search, value)?;
        Some(own == name?)
    }

    fn text(&self, search: &Search<'a>, block: &Block<'a>, key: &str) -> Option<String> {
        self.certain(search, block.body.get(key)?)
    }

    /// The text of a value that is certain.
    fn certain(&self, search: &Search<'a>, value: &Expr<'a>) -> Option<String> {
        let mut resolver = Resolver::new(self.module, search.input);
        let node = resolver.node(value);
        let text = node.as_str().filter(|_| resolver.trace.left.is_empty())?;
        Some(text.to_owned())
    }

    /// An ARN, or the expression that stands for it.
    fn shown(&self, search: &Search<'a>, value: &Expr<'a>) -> String {
        let written = search.input.text.get(value.span.start..value.span.end);
        let certain = self.certain(search, value);
        certain.unwrap_or_else(|| written.unwrap_or_default().to_owned())
    }
}
