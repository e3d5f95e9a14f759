//! `data "aws_iam_policy_document"` as the JSON that Terraform makes of it
//! (Terraform Registry, hashicorp/aws, "Data Source: aws_iam_policy_document"; the merging of blocks and of
//! source documents as in hashicorp/terraform-provider-aws, `internal/service/iam/policy_model.go`).

use std::collections::HashMap;

use rolecall_core::json::{Kind, Member, Node};
use rolecall_core::span::Span;

use super::HELP;
use super::reference::document_name;
use super::syntax::{Attribute, Block, Body, Expr, ExprKind};
use super::value::Resolver;
use crate::problem::Problem;
use crate::tree;

/// Documents that are made of documents.
const MOST_NESTED: usize = 8;

/// The document of a block, or what stands in the way.
pub(super) fn document<'a>(
    resolver: &mut Resolver<'_, 'a>,
    block: &Block<'a>,
    depth: usize,
) -> Result<Node<'a>, Problem> {
    refuse_dynamic(block)?;
    let mut statements = sources(resolver, block, depth)?;
    for statement in block.body.blocks("statement") {
        let node = self::statement(resolver, statement)?;
        statements.put(node);
    }
    let mut members = vec![version(resolver, block)];
    if let Some(id) = block.body.attribute("policy_id") {
        members.push(plain(resolver, "Id", id));
    }
    let list = Node {
        span: block.span,
        kind: Kind::Array(statements.all),
    };
    if !tree::items(&list).is_empty() {
        members.push(member("Statement", block.kind_span, list));
    }
    Ok(object(members, block.span))
}

/// A dynamic block makes as many blocks as an expression says.
fn refuse_dynamic(block: &Block<'_>) -> Result<(), Problem> {
    match block.body.blocks("dynamic").next() {
        None => Ok(()),
        Some(dynamic) => {
            let kind = dynamic.labels.first().copied().unwrap_or_default();
            let message = format!(
                "the blocks that `dynamic \"{kind}\"` makes can't be told from this text alone"
            );
            Err(Problem::text(header(dynamic), message, HELP))
        }
    }
}

fn header(block: &Block<'_>) -> Span {
    block.kind_span
}

/// The default is 2012-10-17, other than IAM's own.
fn version<'a>(resolver: &mut Resolver<'_, 'a>, block: &Block<'a>) -> Member<'a> {
    match block.body.attribute("version") {
        Some(version) => plain(resolver, "Version", version),
        None => member(
            "Version",
            block.kind_span,
            tree::string("2012-10-17", block.kind_span),
        ),
    }
}

/// The statements of `source_policy_documents`, which come first.
fn sources<'a>(
    resolver: &mut Resolver<'_, 'a>,
    block: &Block<'a>,
    depth: usize,
) -> Result<Statements<'a>, Problem> {
    if let Some(overriding) = block.body.attribute("override_policy_documents") {
        return Err(unresolved(overriding, "override_policy_documents"));
    }
    let Some(given) = block.body.attribute("source_policy_documents") else {
        return Ok(Statements::default());
    };
    let refuse = || unresolved(given, "source_policy_documents");
    let ExprKind::Tuple(documents) = &given.value.kind else {
        return Err(refuse());
    };
    let mut statements = Statements::default();
    for source in documents {
        let inner = source_block(resolver, source)
            .filter(|_| depth < MOST_NESTED)
            .ok_or_else(refuse)?;
        let inner = document(resolver, inner, depth + 1)?;
        for statement in inner.get("Statement").map(tree::items).unwrap_or_default() {
            resolver.nested(|_| Some(())).ok_or_else(refuse)?;
            statements.put(statement.clone());
        }
    }
    Ok(statements)
}

fn source_block<'m, 'a>(resolver: &Resolver<'m, 'a>, source: &Expr<'a>) -> Option<&'m Block<'a>> {
    match &source.kind {
        ExprKind::Reference(path) => resolver.module.document(document_name(path)?),
        _ => None,
    }
}

fn unresolved(attribute: &Attribute<'_>, name: &str) -> Problem {
    let message = format!("the documents under `{name}` can't be told from this text alone");
    Problem::text(attribute.value.span, message, HELP)
}

/// The statements so far, and where those with a Sid are.
#[derive(Default)]
struct Statements<'a> {
    all: Vec<Node<'a>>,
    sids: HashMap<String, usize>,
}

impl<'a> Statements<'a> {
    /// A statement takes the place of one with the same Sid.
    fn put(&mut self, statement: Node<'a>) {
        let next = self.all.len();
        let index = match tree::text(&statement, "Sid") {
            Some(sid) => *self.sids.entry(sid).or_insert(next),
            None => next,
        };
        match self.all.get_mut(index) {
            Some(slot) => *slot = statement,
            None => self.all.push(statement),
        }
    }
}

/// Attributes of a statement, and what they are called in JSON.
const ATTRIBUTES: [(&str, &str); 5] = [
    ("sid", "Sid"),
    ("actions", "Action"),
    ("not_actions", "NotAction"),
    ("resources", "Resource"),
    ("not_resources", "NotResource"),
];

fn statement<'a>(resolver: &mut Resolver<'_, 'a>, block: &Block<'a>) -> Result<Node<'a>, Problem> {
    refuse_dynamic(block)?;
    let mut members = vec![match block.body.attribute("effect") {
        Some(effect) => plain(resolver, "Effect", effect),
        None => member(
            "Effect",
            header(block),
            tree::string("Allow", header(block)),
        ),
    }];
    for (name, key) in ATTRIBUTES {
        let Some(attribute) = block.body.attribute(name) else {
            continue;
        };
        let given = plain(resolver, key, attribute);
        if !is_empty(&given.value) {
            members.push(given);
        }
    }
    for (kind, key) in [
        ("principals", "Principal"),
        ("not_principals", "NotPrincipal"),
    ] {
        members.extend(principals(resolver, &block.body, kind, key)?);
    }
    members.extend(conditions(resolver, &block.body)?);
    Ok(object(members, block.span))
}

/// Empty texts, lists and null are left out.
fn is_empty(node: &Node<'_>) -> bool {
    match &node.kind {
        Kind::Null => true,
        Kind::String(text) => text.is_empty(),
        Kind::Array(items) => items.is_empty(),
        _ => false,
    }
}

fn principals<'a>(
    resolver: &mut Resolver<'_, 'a>,
    body: &Body<'a>,
    kind: &str,
    key: &'static str,
) -> Result<Option<Member<'a>>, Problem> {
    let mut types = Gathered::default();
    let mut place: Option<(Span, Span)> = None;
    for block in body.blocks(kind) {
        let (name, name_span) = text_of(resolver, block, "type")?;
        let mut names = required(resolver, block, "identifiers")?;
        variables(&mut names);
        place = Some(extended(place, block));
        types.add(name, name_span, names);
    }
    Ok(place.map(|(first, all)| {
        let value = anyone(&types.members).unwrap_or_else(|| object(types.members, all));
        member(key, first, value)
    }))
}

/// The name of the first block, and the place of all so far.
fn extended(place: Option<(Span, Span)>, block: &Block<'_>) -> (Span, Span) {
    let (first, all) = place.unwrap_or((block.kind_span, block.span));
    (first, Span::new(all.start, block.span.end))
}

/// `type = "*"` with `identifiers = ["*"]` alone is `"Principal": "*"`.
fn anyone<'a>(types: &[Member<'a>]) -> Option<Node<'a>> {
    let [Member { key, value, .. }] = types else {
        return None;
    };
    let is_star = |node: &Node<'_>| node.as_str() == Some("*");
    let is_anyone =
        key == "*" && (is_star(value) || matches!(tree::items(value), [one] if is_star(one)));
    is_anyone.then(|| tree::string("*", value.span))
}

fn conditions<'a>(
    resolver: &mut Resolver<'_, 'a>,
    body: &Body<'a>,
) -> Result<Option<Member<'a>>, Problem> {
    let mut operators: Vec<(String, Span, Span, Gathered<'a>)> = Vec::new();
    let mut places: HashMap<String, usize> = HashMap::new();
    let mut place: Option<(Span, Span)> = None;
    for block in body.blocks("condition") {
        let (test, test_span) = text_of(resolver, block, "test")?;
        let (key, key_span) = text_of(resolver, block, "variable")?;
        let mut values = required(resolver, block, "values")?;
        variables(&mut values);
        place = Some(extended(place, block));
        let index = *places.entry(test.clone()).or_insert(operators.len());
        if index == operators.len() {
            operators.push((test, test_span, block.span, Gathered::default()));
        }
        if let Some((.., keys)) = operators.get_mut(index) {
            keys.add(key, key_span, values);
        }
    }
    let operators = operators
        .into_iter()
        .map(|(test, span, block, keys)| named(test, span, object(keys.members, block)));
    Ok(place.map(|(first, all)| member("Condition", first, object(operators.collect(), all))))
}

/// Values by name; those of several blocks become one list.
#[derive(Default)]
struct Gathered<'a> {
    members: Vec<Member<'a>>,
    places: HashMap<String, usize>,
}

impl<'a> Gathered<'a> {
    fn add(&mut self, name: String, name_span: Span, values: Node<'a>) {
        let index = *self
            .places
            .entry(name.clone())
            .or_insert(self.members.len());
        let Some(member) = self.members.get_mut(index) else {
            self.members.push(named(name, name_span, values));
            return;
        };
        let span = member.value.span;
        let before = std::mem::replace(&mut member.value.kind, Kind::Null);
        let mut all = listed(Node { span, kind: before });
        all.append(&mut listed(values));
        member.value.kind = Kind::Array(all);
    }
}

fn listed(node: Node<'_>) -> Vec<Node<'_>> {
    match node.kind {
        Kind::Array(items) => items,
        _ => vec![node],
    }
}

/// `&{...}` is the provider's own way to write a policy variable.
fn variables(node: &mut Node<'_>) {
    match &mut node.kind {
        Kind::String(text) if text.contains("&{") => *text = text.replace("&{", "${").into(),
        Kind::Array(items) => items.iter_mut().for_each(variables),
        _ => {}
    }
}

fn required<'a>(
    resolver: &mut Resolver<'_, 'a>,
    block: &Block<'a>,
    name: &str,
) -> Result<Node<'a>, Problem> {
    match block.body.get(name) {
        Some(value) => Ok(resolver.node(value)),
        None => {
            let message = format!("`{name}` is missing in the `{}` block", block.kind);
            Err(Problem::text(
                header(block),
                message,
                "`terraform validate` tells what a block needs",
            ))
        }
    }
}

fn text_of<'a>(
    resolver: &mut Resolver<'_, 'a>,
    block: &Block<'a>,
    name: &str,
) -> Result<(String, Span), Problem> {
    let node = required(resolver, block, name)?;
    let text = node.as_str().unwrap_or_default().to_owned();
    let span = block.body.get(name).map_or(node.span, |value| value.span);
    Ok((text, span))
}

fn plain<'a>(
    resolver: &mut Resolver<'_, 'a>,
    key: &'static str,
    attribute: &Attribute<'a>,
) -> Member<'a> {
    member(key, attribute.name_span, resolver.node(&attribute.value))
}

fn member<'a>(key: &'static str, key_span: Span, value: Node<'a>) -> Member<'a> {
    Member {
        key: key.into(),
        key_span,
        value,
    }
}

fn named<'a>(key: String, key_span: Span, value: Node<'a>) -> Member<'a> {
    Member {
        key: key.into(),
        key_span,
        value,
    }
}

fn object(members: Vec<Member<'_>>, span: Span) -> Node<'_> {
    Node {
        span,
        kind: Kind::Object(members),
    }
}
