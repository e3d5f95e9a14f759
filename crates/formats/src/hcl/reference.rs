//! What the text tells of names: locals, defaults of variables, policy documents, identity providers.

use std::collections::HashMap;

use super::syntax::{Block, Body, Expr};

/// The names of a module.
#[derive(Debug, Default)]
pub(crate) struct Module<'m, 'a> {
    locals: HashMap<&'a str, &'m Expr<'a>>,
    defaults: HashMap<&'a str, &'m Expr<'a>>,
    documents: HashMap<&'a str, &'m Block<'a>>,
    /// The `url` of `aws_iam_openid_connect_provider`, resources (`false`) and data sources (`true`).
    providers: HashMap<(bool, &'a str), &'m Expr<'a>>,
    /// The `name` of `aws_ecr_repository`, resources (`false`) and data sources (`true`).
    repositories: HashMap<(bool, &'a str), &'m Expr<'a>>,
}

pub(crate) const DOCUMENT: &str = "aws_iam_policy_document";
const PROVIDER: &str = "aws_iam_openid_connect_provider";
const REPOSITORY: &str = "aws_ecr_repository";

impl<'m, 'a> Module<'m, 'a> {
    pub(crate) fn new(body: &'m Body<'a>) -> Self {
        let mut module = Self::default();
        for block in &body.blocks {
            module.add(block);
        }
        module
    }

    fn add(&mut self, block: &'m Block<'a>) {
        match (block.kind, block.labels.as_slice()) {
            ("locals", []) => {
                let locals = block.body.attributes.iter();
                self.locals
                    .extend(locals.map(|local| (local.name, &local.value)));
            }
            ("variable", [name]) => {
                if let Some(default) = block.body.get("default") {
                    self.defaults.insert(name, default);
                }
            }
            ("data", [DOCUMENT, name]) => {
                self.documents.insert(name, block);
            }
            ("data" | "resource", [PROVIDER, name]) => {
                if let Some(url) = block.body.get("url") {
                    self.providers.insert((block.kind == "data", name), url);
                }
            }
            ("data" | "resource", [REPOSITORY, id]) => {
                if let Some(name) = block.body.get("name") {
                    self.repositories.insert((block.kind == "data", id), name);
                }
            }
            _ => {}
        }
    }

    pub(crate) fn local(&self, name: &str) -> Option<&'m Expr<'a>> {
        self.locals.get(name).copied()
    }

    pub(crate) fn variable(&self, name: &str) -> Option<&'m Expr<'a>> {
        self.defaults.get(name).copied()
    }

    pub(crate) fn document(&self, name: &str) -> Option<&'m Block<'a>> {
        self.documents.get(name).copied()
    }

    pub(crate) fn repository_name(&self, is_data: bool, name: &str) -> Option<&'m Expr<'a>> {
        self.repositories.get(&(is_data, name)).copied()
    }

    pub(crate) fn provider_url(&self, is_data: bool, name: &str) -> Option<&'m Expr<'a>> {
        self.providers.get(&(is_data, name)).copied()
    }
}

/// The steps of a reference: `a.b["c"][0].d` is a, b, c, 0, d. `None` where a step is no plain one.
pub(crate) fn steps(path: &str) -> Option<Vec<&str>> {
    let mut steps = Vec::new();
    let mut rest = path;
    while !rest.is_empty() {
        if let Some(index) = rest.strip_prefix('[') {
            let (inner, after) = index.split_once(']')?;
            let inner = inner.trim();
            let key = inner
                .strip_prefix('"')
                .and_then(|key| key.strip_suffix('"'));
            steps.push(key.unwrap_or(inner));
            rest = after;
            continue;
        }
        let name = rest.strip_prefix('.').unwrap_or(rest);
        let end = name.find(['.', '[']).unwrap_or(name.len());
        steps.push(name.get(..end)?);
        rest = name.get(end..)?;
    }
    Some(steps)
}

/// The name of the policy document in `data.aws_iam_policy_document.NAME.json`, with any index: a `count` or
/// `for_each` makes copies of the one block.
pub(crate) fn document_name(path: &str) -> Option<&str> {
    match steps(path)?.as_slice() {
        ["data", DOCUMENT, name, .., "json" | "minified_json"] => Some(name),
        _ => None,
    }
}
