//! `data "aws_iam_policy_document"` as the JSON that Terraform makes of it
//! (Terraform Registry, hashicorp/aws, "Data Source: aws_iam_policy_document"; the merging of blocks and of
//! source documents as in hashicorp/terraform-provider-aws, `internal/service/iam/policy_model.go`).

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
pub(super) fn document<'a>(resolver: &mut Resolver<'_, 'a>, block: &Block<'a>, depth: usize) -> Result<Node<'a>, Problem> {
    refuse_dynamic(block)?;
    let mut statements = sources(resolver, block, depth)?;
    for statement in block.body.blocks("statement") {
        let node = self::statement(resolver, statement)?;
        put(&mut statements, node);
    }
    let mut members = vec![version(resolver, block)];
    if let Some(id) = block.body.attribute("policy_id") {
        members.push(plain(resolver, "Id", id));
    }
    let list = Node {
        span: block.span,
        kind: Kind::Array(statements),
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
            let message = format!("the blocks that `dynamic \"{kind}\"` makes can't be told from this text alone");
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
        None => member("Version", block.kind_span, tree::string("2012-10-17", block.kind_span)),
    }
}

/// The statements of `source_policy_documents`, which come first.
fn sources<'a>(resolver: &mut Resolver<'_, 'a>, block: &Block<'a>, depth: usize) -> Result<Vec<Node<'a>>, Problem> {
    if let Some(overriding) = block.body.attribute("override_policy_documents") {
        return Err(unresolved(overriding, "override_policy_documents"));
    }
    let Some(given) = block.body.attribute("source_policy_documents") else {
        return Ok(Vec::new());
    };
    let refuse = || unresolved(given, "source_policy_documents");
    let ExprKind::Tuple(documents) = &given.value.kind else {
        return Err(refuse());
    };
    let mut statements = Vec::new();
    for source in documents {
        let inner = source_block(resolver, source).filter(|_| depth < MOST_NESTED).ok_or_else(refuse)?;
        resolver.spend().ok_or_else(refuse)?;
        let inner = document(resolver, inner, depth + 1)?;
        for statement in inner.get("Statement").map(tree::items).unwrap_or_default() {
            put(&mut statements, statement.clone());
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

/// A statement takes the place of one with the same Sid.
fn put<'a>(statements: &mut Vec<Node<'a>>, statement: Node<'a>) {
    let sid = statement.get("Sid").and_then(Node::as_str);
    let same = |other: &Node<'a>| sid.is_some() && other.get("Sid").and_then(Node::as_str) == sid;
    match statements.iter().position(same).and_then(|index| statements.get_mut(index)) {
        Some(slot) => *slot = statement,
        None => statements.push(statement),
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
        None => member("Effect", header(block), tree::string("Allow", header(block))),
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
    for (kind, key) in [("principals", "Principal"), ("not_principals", "NotPrincipal")] {
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
    let mut types: Vec<Member<'a>> = Vec::new();
    let mut place: Option<Span> = None;
    let mut key_span = Span::default();
    for block in body.blocks(kind) {
        let (name, name_span) = text_of(resolver, block, "type")?;
        let mut names = required(resolver, block, "identifiers")?;
        variables(&mut names);
        if place.is_none() {
            key_span = block.kind_span;
        }
        let start = place.map_or(block.span.start, |place| place.start);
        place = Some(Span::new(start, block.span.end));
        gather(&mut types, name, name_span, names);
    }
    let Some(place) = place else {
        return Ok(None);
    };
    let value = match anyone(&types) {
        Some(anyone) => anyone,
        None => object(types, place),
    };
    Ok(Some(member(key, key_span, value)))
}

/// `type = "*"` with `identifiers = ["*"]` alone is `"Principal": "*"`.
fn anyone<'a>(types: &[Member<'a>]) -> Option<Node<'a>> {
    let [Member { key, value, .. }] = types else {
        return None;
    };
    let is_star = |node: &Node<'_>| node.as_str() == Some("*");
    let is_anyone = key == "*" && (is_star(value) || matches!(tree::items(value), [one] if is_star(one)));
    is_anyone.then(|| tree::string("*", value.span))
}

fn conditions<'a>(resolver: &mut Resolver<'_, 'a>, body: &Body<'a>) -> Result<Option<Member<'a>>, Problem> {
    let mut operators: Vec<Member<'a>> = Vec::new();
    let mut place: Option<(Span, Span)> = None;
    for block in body.blocks("condition") {
        let (test, test_span) = text_of(resolver, block, "test")?;
        let (key, key_span) = text_of(resolver, block, "variable")?;
        let mut values = required(resolver, block, "values")?;
        variables(&mut values);
        let (first, all) = place.unwrap_or((block.kind_span, block.span));
        place = Some((first, Span::new(all.start, block.span.end)));
        let index = operators.iter().position(|operator| operator.key == test);
        match index.and_then(|index| operators.get_mut(index)) {
            Some(Member { value: Node { kind: Kind::Object(keys), .. }, .. }) => gather(keys, key, key_span, values),
            _ => {
                let keys = vec![named(key, key_span, values)];
                operators.push(named(test, test_span, object(keys, block.span)));
            }
        }
    }
    Ok(place.map(|(first, all)| member("Condition", first, object(operators, all))))
}

/// Adds values under a name; those of several blocks become one list.
fn gather<'a>(members: &mut Vec<Member<'a>>, name: String, name_span: Span, values: Node<'a>) {
    let index = members.iter().position(|member| member.key == name);
    let Some(member) = index.and_then(|index| members.get_mut(index)) else {
        members.push(named(name, name_span, values));
        return;
    };
    let span = member.value.span;
    let before = std::mem::replace(&mut member.value, Node { span, kind: Kind::Null });
    let mut all = listed(before);
    all.append(&mut listed(values));
    member.value.kind = Kind::Array(all);
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

fn required<'a>(resolver: &mut Resolver<'_, 'a>, block: &Block<'a>, name: &str) -> Result<Node<'a>, Problem> {
    match block.body.get(name) {
        Some(value) => Ok(resolver.node(value)),
        None => {
            let message = format!("`{name}` is missing in the `{}` block", block.kind);
            Err(Problem::text(header(block), message, "`terraform validate` tells what a block needs"))
        }
    }
}

fn text_of<'a>(resolver: &mut Resolver<'_, 'a>, block: &Block<'a>, name: &str) -> Result<(String, Span), Problem> {
    let node = required(resolver, block, name)?;
    let text = node.as_str().unwrap_or_default().to_owned();
    let span = block.body.get(name).map_or(node.span, |value| value.span);
    Ok((text, span))
}

fn plain<'a>(resolver: &mut Resolver<'_, 'a>, key: &'static str, attribute: &Attribute<'a>) -> Member<'a> {
    member(key, attribute.name_span, resolver.node(&attribute.value))
}

fn member<'a>(key: &'static str, key_span: Span, value: Node<'a>) -> Member<'a> {
    Member { key: key.into(), key_span, value }
}

fn named<'a>(key: String, key_span: Span, value: Node<'a>) -> Member<'a> {
    Member { key: key.into(), key_span, value }
}

fn object(members: Vec<Member<'_>>, span: Span) -> Node<'_> {
    Node { span, kind: Kind::Object(members) }
}
