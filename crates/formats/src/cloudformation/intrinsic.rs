//! Intrinsic functions, as far as the template itself tells their value
//! (AWS CloudFormation User Guide, "Intrinsic function reference").
//!
//! `Ref` and `Fn::Sub` take a parameter for its `Default`, with a note; `Fn::If` is decided where its
//! condition is, by the same defaults; `Fn::Join`, `Fn::Select` and `Fn::Split` are worked out over what
//! is known. Everything else stays as the text `${Name}`, and core takes that for a placeholder.

use std::borrow::Cow;
use std::collections::HashMap;

use rolecall_core::json::{Kind, Member, Node};
use rolecall_core::span::Span;

use crate::budget::Budget;
use crate::known::{Known, provider_host};
use crate::mapped::Mapped;
use crate::trace::{Trace, shorten};
use crate::{Input, tree};

/// Conditions that refer to each other, and functions in functions.
const MOST_NESTED: usize = 64;
/// A policy has 2048 characters, or 4096 at most (IAM quotas); longer texts are not worth building.
const MOST_TEXT: usize = 1 << 16;

/// What the functions of a template refer to, by logical id.
pub(crate) struct Names<'n, 'a> {
    parameters: Section<'n, 'a>,
    conditions: Section<'n, 'a>,
    resources: Section<'n, 'a>,
}

type Section<'n, 'a> = HashMap<&'n str, &'n Node<'a>>;

impl<'n, 'a> Names<'n, 'a> {
    pub(crate) fn new(template: &'n Node<'a>) -> Self {
        let section = |key: &str| {
            let members = template.get(key).map(tree::members).unwrap_or_default();
            members
                .iter()
                .map(|member| (&*member.key, &member.value))
                .collect()
        };
        Self {
            parameters: section("Parameters"),
            conditions: section("Conditions"),
            resources: section("Resources"),
        }
    }
}

pub(super) struct Resolver<'n, 'a> {
    names: &'n Names<'n, 'a>,
    known: &'n Known,
    budget: &'n Budget,
    pub(super) trace: Trace,
    depth: usize,
}

/// What a function comes to.
enum Value {
    Text(String),
    List(Vec<String>),
    /// `AWS::NoValue`: the property is left out.
    Nothing,
    /// Not to be told; this text stands for it.
    Unknown(String),
}

impl<'n, 'a> Resolver<'n, 'a> {
    pub(super) fn new(names: &'n Names<'n, 'a>, input: Input<'n>) -> Self {
        Self {
            names,
            known: input.known,
            budget: input.budget,
            trace: Trace::default(),
            depth: 0,
        }
    }

    /// Runs one level deeper; `None` where that is too deep or too much.
    fn nested<T>(&mut self, cost: usize, run: impl FnOnce(&mut Self) -> Option<T>) -> Option<T> {
        self.budget.spend(cost)?;
        if self.depth >= MOST_NESTED {
            return None;
        }
        self.depth += 1;
        let result = run(self);
        self.depth -= 1;
        result
    }

    /// The document with every function resolved or left as text.
    pub(super) fn document(&mut self, node: &Node<'a>) -> Node<'a> {
        self.node(node).unwrap_or(Node {
            span: node.span,
            kind: Kind::Null,
        })
    }

    /// A document that is JSON text under `Fn::Sub`, so that even condition keys can hold `${...}`.
    pub(super) fn text_document(&mut self, node: &Node<'a>, text: &str) -> Option<Mapped> {
        let ("Fn::Sub", argument) = function(node)? else {
            return None;
        };
        let (template, names) = sub_parts(argument)?;
        let value = template.as_str()?;
        let base = Mapped::locate(text, template.span, value)?;
        Some(self.substitute(
            value,
            names,
            |part, out: &mut Mapped| match part {
                Part::Literal(span) => out.push_part(&base, span),
                Part::Value(value, span) => {
                    let mut json = String::new();
                    tree::escape_json(value, &mut json);
                    out.push_for(&json, base.outer(span));
                }
                Part::Unknown(span) => out.push_part(&base, span),
            },
            |part| base.outer(part),
        ))
    }

    /// `None`: left out of the template.
    fn node(&mut self, node: &Node<'a>) -> Option<Node<'a>> {
        match self.nested(0, |resolver| Some(resolver.inner_node(node))) {
            Some(resolved) => resolved,
            None => {
                self.trace.leave(node.span, "the template");
                Some(tree::string("${Template}", node.span))
            }
        }
    }

    fn inner_node(&mut self, node: &Node<'a>) -> Option<Node<'a>> {
        if let Some(("Fn::If", argument)) = function(node)
            && let Some(branch) = self.branch(argument)
        {
            return self.node(branch);
        }
        if let Some((name, argument)) = function(node) {
            return self.function(name, argument, node.span);
        }
        let kind = match &node.kind {
            Kind::Array(items) => {
                Kind::Array(items.iter().filter_map(|item| self.node(item)).collect())
            }
            Kind::Object(members) => Kind::Object(
                members
                    .iter()
                    .filter_map(|member| self.member(member))
                    .collect(),
            ),
            kind => kind.clone(),
        };
        Some(Node {
            span: node.span,
            kind,
        })
    }

    fn member(&mut self, member: &Member<'a>) -> Option<Member<'a>> {
        Some(Member {
            key: member.key.clone(),
            key_span: member.key_span,
            value: self.node(&member.value)?,
        })
    }

    fn function(&mut self, name: &str, argument: &Node<'a>, span: Span) -> Option<Node<'a>> {
        match self.value(name, argument, span) {
            Value::Text(text) => Some(tree::string(text, span)),
            Value::List(texts) => Some(Node {
                span,
                kind: Kind::Array(
                    texts
                        .into_iter()
                        .map(|text| tree::string(text, span))
                        .collect(),
                ),
            }),
            Value::Nothing => None,
            Value::Unknown(text) => {
                self.trace.leave(span, &text);
                Some(tree::string(text, span))
            }
        }
    }

    fn value(&mut self, name: &str, argument: &Node<'a>, span: Span) -> Value {
        let value = self.nested(0, |resolver| resolver.inner_value(name, argument, span));
        value.unwrap_or_else(|| Value::Unknown(stand_in(name, argument)))
    }

    fn inner_value(&mut self, name: &str, argument: &Node<'a>, span: Span) -> Option<Value> {
        match name {
            "Ref" => Some(self.reference(argument.as_str()?)),
            "Fn::GetAtt" => self.attribute(argument).map(Value::Text),
            "Fn::Sub" => {
                let (template, names) = sub_parts(argument)?;
                let text = template.as_str()?;
                let out = self.substitute(
                    text,
                    names,
                    |part, out: &mut Mapped| match part {
                        Part::Literal(part) | Part::Unknown(part) => {
                            out.push_for(text.get(part.start..part.end).unwrap_or_default(), span);
                        }
                        Part::Value(value, _) => out.push_for(value, span),
                    },
                    |_| span,
                );
                Some(Value::Text(out.text))
            }
            "Fn::Join" => self.join(argument),
            "Fn::Select" => self.select(argument),
            "Fn::Split" => self.split(argument).map(Value::List),
            "Fn::If" => {
                let branch = self.branch(argument)?;
                self.plain(branch)
            }
            _ => None,
        }
    }

    /// `Ref` of a pseudo parameter, a parameter or an identity provider.
    fn reference(&mut self, name: &str) -> Value {
        if name == "AWS::NoValue" {
            return Value::Nothing;
        }
        let known = match name {
            "AWS::AccountId" => self.known.account.clone(),
            "AWS::Partition" => self.known.partition.clone(),
            "AWS::Region" => self.known.region.clone(),
            _ => None,
        };
        let known = known
            .or_else(|| self.provider_arn(name))
            .or_else(|| self.repository_name(name));
        if let Some(text) = known {
            self.trace.assume_of(&text);
            return Value::Text(text);
        }
        self.parameter(name)
            .unwrap_or_else(|| Value::Unknown(format!("${{{name}}}")))
    }

    /// A parameter without a Default, or with an empty one, has to be given. A `Default` of an
    /// `AWS::SSM::Parameter::Value` is the name of something in the account (User Guide, "Parameters").
    fn parameter(&mut self, name: &str) -> Option<Value> {
        let parameter = *self.names.parameters.get(name)?;
        let default = scalar(parameter.get("Default")?)?;
        self.budget.spend(4 * default.len())?;
        let kind = tree::text(parameter, "Type")?;
        if default.is_empty() || kind.starts_with("AWS::") {
            return None;
        }
        self.trace.assume(format!(
            "the parameter `{name}` is taken for its Default, {}",
            shorten(&default)
        ));
        Some(
            if kind == "CommaDelimitedList" || kind.starts_with("List<") {
                Value::List(
                    default
                        .split(',')
                        .map(|item| item.trim().to_owned())
                        .collect(),
                )
            } else {
                Value::Text(default.into_owned())
            },
        )
    }

    /// `Ref` of an AWS::IAM::OIDCProvider is its ARN (Template Reference, "AWS::IAM::OIDCProvider", return values).
    fn provider_arn(&mut self, id: &str) -> Option<String> {
        let resource = *self.names.resources.get(id)?;
        if tree::text(resource, "Type")? != "AWS::IAM::OIDCProvider" {
            return None;
        }
        let url = self.plain_text(resource.get("Properties")?.get("Url")?)?;
        Some(self.known.provider_arn(&url).unwrap_or_else(|| {
            let partition = self
                .known
                .partition
                .as_deref()
                .unwrap_or("${AWS::Partition}");
            let account = self.known.account.as_deref().unwrap_or("${AWS::AccountId}");
            format!(
                "arn:{partition}:iam::{account}:oidc-provider/{}",
                provider_host(&url)
            )
        }))
    }

    /// `Fn::GetAtt`: as `[id, attribute]` or `id.attribute`.
    fn attribute(&mut self, argument: &Node<'a>) -> Option<String> {
        let (id, attribute) = attribute_parts(argument)?;
        if attribute != "Arn" {
            return None;
        }
        if let Some(arn) = self.provider_arn(&id) {
            self.trace.assume_of(&arn);
            return Some(arn);
        }
        let name = self.repository_name(&id)?;
        self.known.ecr_arn(&name)
    }

    /// `Ref` of an AWS::ECR::Repository is its name (Template Reference, "AWS::ECR::Repository", return values).
    fn repository_name(&mut self, id: &str) -> Option<String> {
        let resource = *self.names.resources.get(id)?;
        if tree::text(resource, "Type")? != "AWS::ECR::Repository" {
            return None;
        }
        self.plain_text(resource.get("Properties")?.get("RepositoryName")?)
    }

    /// The text of a value, where nothing of it is left open.
    fn plain_text(&mut self, node: &Node<'a>) -> Option<String> {
        match self.plain(node)? {
            Value::Text(text) if !text.contains("${") => Some(text),
            _ => None,
        }
    }

    /// The value of a node that must come to a text or a list of texts.
    fn plain(&mut self, node: &Node<'a>) -> Option<Value> {
        if let Some((name, argument)) = function(node) {
            return Some(self.value(name, argument, node.span));
        }
        if let Kind::Array(items) = &node.kind {
            let mut texts = Vec::with_capacity(items.len());
            for item in items {
                match self.plain(item)? {
                    Value::Text(text) => texts.push(text),
                    Value::Unknown(text) => {
                        self.trace.leave(item.span, &text);
                        texts.push(text);
                    }
                    Value::List(mut list) => texts.append(&mut list),
                    Value::Nothing => {}
                }
            }
            return Some(Value::List(texts));
        }
        scalar(node).map(|text| Value::Text(text.into_owned()))
    }

    fn texts(&mut self, node: &Node<'a>) -> Option<Vec<String>> {
        match self.plain(node)? {
            Value::List(texts) => Some(texts),
            _ => None,
        }
    }

    fn join(&mut self, argument: &Node<'a>) -> Option<Value> {
        let [delimiter, list] = tree::items(argument) else {
            return None;
        };
        let delimiter = delimiter.as_str()?;
        let texts = self.texts(list)?;
        let length: usize = texts.iter().map(|text| text.len() + delimiter.len()).sum();
        (length <= MOST_TEXT).then(|| Value::Text(texts.join(delimiter)))
    }

    fn select(&mut self, argument: &Node<'a>) -> Option<Value> {
        let [index, list] = tree::items(argument) else {
            return None;
        };
        let index: usize = scalar(index)?.parse().ok()?;
        let before = self.trace.left.len();
        let texts = self.texts(list);
        // What is not selected does not matter.
        self.trace.left.truncate(before);
        let text = texts?.into_iter().nth(index)?;
        (!text.contains("${")).then_some(Value::Text(text))
    }

    fn split(&mut self, argument: &Node<'a>) -> Option<Vec<String>> {
        let [delimiter, text] = tree::items(argument) else {
            return None;
        };
        let delimiter = delimiter
            .as_str()
            .filter(|delimiter| !delimiter.is_empty())?;
        let text = self.plain_text(text)?;
        Some(text.split(delimiter).map(str::to_owned).collect())
    }

    /// The branch of `Fn::If` that its condition picks.
    fn branch<'m>(&mut self, argument: &'m Node<'a>) -> Option<&'m Node<'a>> {
        let [name, yes, no] = tree::items(argument) else {
            return None;
        };
        let name = name.as_str()?;
        let holds = self.named_condition(name)?;
        let is = if holds { "true" } else { "false" };
        self.trace.assume(format!(
            "the condition `{name}` is {is} for the default parameters"
        ));
        Some(if holds { yes } else { no })
    }

    fn named_condition(&mut self, name: &str) -> Option<bool> {
        let condition = *self.names.conditions.get(name)?;
        self.condition(condition)
    }

    fn condition(&mut self, node: &Node<'a>) -> Option<bool> {
        self.nested(0, |resolver| resolver.inner_condition(node))
    }

    fn inner_condition(&mut self, node: &Node<'a>) -> Option<bool> {
        let [member] = tree::members(node) else {
            return None;
        };
        let argument = &member.value;
        let items = tree::items(argument);
        match (&*member.key, items) {
            ("Condition", _) => self.named_condition(argument.as_str()?),
            ("Fn::Equals", [left, right]) => {
                let (left, right) = (self.compared(left)?, self.compared(right)?);
                Some(left == right)
            }
            ("Fn::Not", [inner]) => self.condition(inner).map(|holds| !holds),
            ("Fn::And", _) => self.all(items, false),
            ("Fn::Or", _) => self.all(items, true),
            _ => None,
        }
    }

    /// One that is `decisive` decides; else all must be known.
    fn all(&mut self, items: &[Node<'a>], decisive: bool) -> Option<bool> {
        let mut known = true;
        for item in items {
            match self.condition(item) {
                Some(holds) if holds == decisive => return Some(decisive),
                Some(_) => {}
                None => known = false,
            }
        }
        known.then_some(!decisive)
    }

    /// In a condition an empty Default is a value like any other: it says that nothing was given.
    fn compared(&mut self, node: &Node<'a>) -> Option<String> {
        if let Some(("Ref", name)) = function(node)
            && let Some(parameter) = name
                .as_str()
                .and_then(|name| self.names.parameters.get(name))
            && let Some(default) = parameter.get("Default").and_then(scalar)
            && tree::text(parameter, "Type").is_some_and(|kind| !kind.starts_with("AWS::"))
        {
            return Some(default.into_owned());
        }
        // What stands for an unknown account is equal to none.
        self.plain_text(node)
            .filter(|text| Known::assumption(text).is_none())
    }

    /// Replaces `${Name}` and `${Id.Attribute}`; `${!Name}` is the text `${Name}` (User Guide, "Fn::Sub").
    fn substitute(
        &mut self,
        text: &str,
        names: Option<&Node<'a>>,
        mut push: impl FnMut(Part<'_>, &mut Mapped),
        place: impl Fn(Span) -> Span,
    ) -> Mapped {
        let mut out = Mapped::default();
        let mut at = 0;
        while let Some(found) = text.get(at..).and_then(|rest| rest.find("${")) {
            let start = at + found;
            let Some(length) = text.get(start..).and_then(|rest| rest.find('}')) else {
                break;
            };
            push(Part::Literal(Span::new(at, start)), &mut out);
            at = start + length + 1;
            let whole = Span::new(start, at);
            let name = text.get(start + 2..at - 1).unwrap_or_default().trim();
            if let Some(literal) = name.strip_prefix('!') {
                push(Part::Value(&format!("${{{literal}}}"), whole), &mut out);
                continue;
            }
            match self.named(name, names) {
                Some(value) if out.text.len() + value.len() <= MOST_TEXT => {
                    push(Part::Value(&value, whole), &mut out);
                }
                _ => {
                    self.trace.leave(place(whole), &format!("${{{name}}}"));
                    push(Part::Unknown(whole), &mut out);
                }
            }
        }
        push(Part::Literal(Span::new(at, text.len())), &mut out);
        out
    }

    fn named(&mut self, name: &str, names: Option<&Node<'a>>) -> Option<String> {
        self.budget
            .spend(names.map_or(0, |names| tree::members(names).len()))?;
        if let Some(value) = names.and_then(|names| names.get(name)) {
            return match self.plain(value)? {
                Value::Text(text) => Some(text),
                _ => None,
            };
        }
        if let Some((id, "Arn")) = name.rsplit_once('.') {
            return self.provider_arn(id);
        }
        match self.reference(name) {
            Value::Text(text) => Some(text),
            _ => None,
        }
    }
}

/// A part of a text under `Fn::Sub`; spans are in that text.
enum Part<'v> {
    Literal(Span),
    Value(&'v str, Span),
    Unknown(Span),
}

/// The one function that an object stands for. The YAML reader writes `!Sub x` as `{"Fn::Sub": x}`.
fn function<'m, 'a>(node: &'m Node<'a>) -> Option<(&'m str, &'m Node<'a>)> {
    let [member] = node.members()? else {
        return None;
    };
    let name = &*member.key;
    (name == "Ref" || name.starts_with("Fn::")).then_some((name, &member.value))
}

/// `Fn::Sub` takes a text, or a list of a text and an object of names.
fn sub_parts<'m, 'a>(argument: &'m Node<'a>) -> Option<(&'m Node<'a>, Option<&'m Node<'a>>)> {
    match tree::items(argument) {
        [template, names] => Some((template, Some(names))),
        [template] => Some((template, None)),
        _ => argument.as_str().map(|_| (argument, None)),
    }
}

fn attribute_parts(argument: &Node<'_>) -> Option<(String, String)> {
    if let [id, attribute] = tree::items(argument) {
        return Some((id.as_str()?.to_owned(), attribute.as_str()?.to_owned()));
    }
    let (id, attribute) = argument.as_str()?.split_once('.')?;
    Some((id.to_owned(), attribute.to_owned()))
}

/// Texts, and what JSON writes without quotes.
fn scalar<'m>(node: &'m Node<'_>) -> Option<Cow<'m, str>> {
    match &node.kind {
        Kind::String(text) => Some(Cow::Borrowed(text)),
        Kind::Number(text) => Some(Cow::Borrowed(text)),
        Kind::Bool(value) => Some(Cow::Borrowed(if *value { "true" } else { "false" })),
        _ => None,
    }
}

/// What stands for a function whose value is not known.
fn stand_in(name: &str, argument: &Node<'_>) -> String {
    match name {
        "Ref" => format!("${{{}}}", argument.as_str().unwrap_or("Ref")),
        "Fn::GetAtt" => match attribute_parts(argument) {
            Some((id, attribute)) => format!("${{{id}.{attribute}}}"),
            None => "${Fn::GetAtt}".to_owned(),
        },
        // Two colons keep it from being taken for a policy variable.
        _ => format!("${{{name}}}"),
    }
}
