//! The value of an expression, as far as the same text tells it.
//!
//! Resolved are literals, `local.x`, `var.x` with a default (a note says so), the ARN and the URL of an
//! identity provider or an ECR repository in the text, account, partition and region where the caller knows
//! them, and the functions
//! `concat`, `format` with `%s`, `join`, `jsonencode`, `merge`, `replace`, `tolist`, `toset`, `trimprefix`,
//! `trimsuffix` (Terraform documentation, "Functions"). All else stays as the text `${...}`.

use std::borrow::Cow;
use std::collections::HashSet;

use rolecall_core::json::{Kind, Member, Node};
use rolecall_core::span::Span;

use super::reference::{Module, steps};
use super::syntax::{Expr, ExprKind, Part};
use crate::known::provider_host;
use crate::mapped::Mapped;
use crate::trace::{Trace, shorten};
use crate::{Input, tree};

/// Locals that refer to each other, and expressions in expressions.
const MOST_NESTED: usize = 64;
/// A policy has 2048 characters, or 4096 at most (IAM quotas); longer texts are not worth building.
const MOST_TEXT: usize = 1 << 16;

pub(crate) struct Resolver<'m, 'a> {
    pub(crate) module: &'m Module<'m, 'a>,
    input: Input<'a>,
    pub(crate) trace: Trace,
    depth: usize,
}

impl<'m, 'a> Resolver<'m, 'a> {
    pub(crate) fn new(module: &'m Module<'m, 'a>, input: Input<'a>) -> Self {
        Self {
            module,
            input,
            trace: Trace::default(),
            depth: 0,
        }
    }

    /// Runs one level deeper; `None` where that is too deep or too much.
    pub(crate) fn nested<T>(&mut self, run: impl FnOnce(&mut Self) -> Option<T>) -> Option<T> {
        self.input.budget.spend(0)?;
        if self.depth >= MOST_NESTED {
            return None;
        }
        self.depth += 1;
        let result = run(self);
        self.depth -= 1;
        result
    }

    /// The value of an expression; where there is none, the text that stands for it.
    pub(crate) fn node(&mut self, expr: &Expr<'a>) -> Node<'a> {
        let value = self.nested(|resolver| resolver.value(expr));
        value.unwrap_or_else(|| self.left(expr.span))
    }

    /// An expression that stays: `${...}` as written. What a policy variable could look like gets a name
    /// that core takes for a placeholder.
    pub(crate) fn left(&mut self, span: Span) -> Node<'a> {
        let written = self
            .input
            .text
            .get(span.start..span.end)
            .unwrap_or_default();
        self.trace.leave(span, written);
        tree::string(stand_in(written), span)
    }

    fn value(&mut self, expr: &Expr<'a>) -> Option<Node<'a>> {
        let kind = match &expr.kind {
            ExprKind::Null => Kind::Null,
            ExprKind::Bool(value) => Kind::Bool(*value),
            ExprKind::Number(text) => Kind::Number(text),
            ExprKind::Template(parts) => return Some(self.template(parts, expr.span)),
            ExprKind::Tuple(items) => {
                Kind::Array(items.iter().map(|item| self.node(item)).collect())
            }
            ExprKind::Object(members) => Kind::Object(
                members
                    .iter()
                    .map(|(key, value)| self.member(key, value))
                    .collect(),
            ),
            ExprKind::Call(name, arguments) => return self.call(name, arguments, expr.span),
            ExprKind::Reference(path) => return self.reference(path, expr.span),
            ExprKind::Other(_) => return None,
        };
        Some(Node {
            span: expr.span,
            kind,
        })
    }

    fn member(&mut self, key: &Expr<'a>, value: &Expr<'a>) -> Member<'a> {
        let name = self.node(key);
        Member {
            key: scalar(&name).map_or(Cow::Borrowed(""), |text| Cow::Owned(text.into_owned())),
            key_span: key.span,
            value: self.node(value),
        }
    }

    /// `"${x}"` alone is x itself, whatever it is (hclsyntax/spec.md, "Template Interpolation Unwrapping").
    fn template(&mut self, parts: &[Part<'a>], span: Span) -> Node<'a> {
        if let [Part::Value { value, .. }] = parts {
            let inner = self.node(value);
            return match inner.kind {
                Kind::String(text) => tree::string(text, span),
                kind => Node { span, kind },
            };
        }
        let text = self.mapped(parts, false).text;
        tree::string(text, span)
    }

    /// The text of a template. In JSON text, what stands for an expression must not break the string around it.
    pub(crate) fn mapped(&mut self, parts: &[Part<'a>], is_json: bool) -> Mapped {
        let mut out = Mapped::default();
        for part in parts {
            match part {
                Part::Text { text, span } if text.len() == span.end - span.start => {
                    out.push(text, span.start)
                }
                Part::Text { text, span } => out.push_for(text, *span),
                Part::Value { value, span } => {
                    let text =
                        self.interpolated(value, is_json, MOST_TEXT.saturating_sub(out.text.len()));
                    out.push_for(&text, *span);
                }
                Part::Directive(span) => {
                    let node = self.left(*span);
                    out.push_for(node.as_str().unwrap_or_default(), *span);
                }
            }
        }
        out
    }

    fn interpolated(&mut self, value: &Expr<'a>, is_json: bool, room: usize) -> String {
        let before = self.trace.left.len();
        let node = self.node(value);
        let is_left = self.trace.left.len() > before && !is_call_of(value, "jsonencode");
        let text = scalar(&node).filter(|text| text.len() <= room);
        let text = text.filter(|text| self.input.budget.spend(text.len()).is_some());
        let text = match text {
            Some(text) => text.into_owned(),
            None => self
                .left(value.span)
                .as_str()
                .unwrap_or_default()
                .to_owned(),
        };
        if !(is_json && is_left) {
            return text;
        }
        let mut escaped = String::new();
        tree::escape_json(&text, &mut escaped);
        escaped
    }

    fn reference(&mut self, path: &str, span: Span) -> Option<Node<'a>> {
        let steps = steps(path)?;
        match steps.as_slice() {
            ["local", name, rest @ ..] => self.inside(self.module.local(name)?, rest),
            ["var", name, rest @ ..] => self.default(name, rest),
            ["data", "aws_caller_identity", _, .., "account_id"] => {
                self.text_at(self.input.known.account.clone(), span)
            }
            ["data", "aws_partition", _, .., "partition"] => {
                self.text_at(self.input.known.partition.clone(), span)
            }
            [
                "data",
                "aws_iam_openid_connect_provider",
                name,
                ..,
                attribute,
            ] => self.provider(true, name, attribute, span),
            ["aws_iam_openid_connect_provider", name, .., attribute] => {
                self.provider(false, name, attribute, span)
            }
            ["data", "aws_region", _, .., "name" | "id" | "region"] => {
                self.text_at(self.input.known.region.clone(), span)
            }
            ["data", "aws_ecr_repository", name, .., attribute] => {
                self.repository(true, name, attribute, span)
            }
            ["aws_ecr_repository", name, .., attribute] => {
                self.repository(false, name, attribute, span)
            }
            _ => None,
        }
    }

    fn text_at(&mut self, text: Option<String>, span: Span) -> Option<Node<'a>> {
        let text = text?;
        self.trace.assume_of(&text);
        Some(tree::string(text, span))
    }

    fn inside(&mut self, expr: &Expr<'a>, rest: &[&str]) -> Option<Node<'a>> {
        let mut node = self.node(expr);
        for step in rest {
            node = child(node, step)?;
        }
        Some(node)
    }

    /// A default of null or of nothing means that a value has to be given.
    fn default(&mut self, name: &str, rest: &[&str]) -> Option<Node<'a>> {
        let node = self.inside(self.module.variable(name)?, rest)?;
        let shown = match &node.kind {
            Kind::Null => return None,
            Kind::String(text) if text.is_empty() => return None,
            Kind::Array(items) if items.is_empty() => return None,
            Kind::String(text) => text.to_string(),
            _ => tree::json_text(&node),
        };
        self.trace.assume(format!(
            "`var.{name}` is taken for its default, {}",
            shorten(&shown)
        ));
        Some(node)
    }

    /// The provider reads `url` back without its scheme, whatever was written
    /// (hashicorp/terraform-provider-aws, `openid_connect_provider.go`: `d.Set(names.AttrURL, output.Url)`).
    fn provider(
        &mut self,
        is_data: bool,
        name: &str,
        attribute: &str,
        span: Span,
    ) -> Option<Node<'a>> {
        let url = self.module.provider_url(is_data, name)?;
        let before = self.trace.left.len();
        let node = self.node(url);
        if self.trace.left.len() > before {
            self.trace.left.truncate(before);
            return None;
        }
        let url = node.as_str()?;
        let text = match attribute {
            "arn" | "id" => self.input.known.provider_arn(url)?,
            "url" => provider_host(url).to_owned(),
            _ => return None,
        };
        self.text_at(Some(text), span)
    }

    fn repository(
        &mut self,
        is_data: bool,
        id: &str,
        attribute: &str,
        span: Span,
    ) -> Option<Node<'a>> {
        let name = self.module.repository_name(is_data, id)?;
        let before = self.trace.left.len();
        let node = self.node(name);
        if self.trace.left.len() > before {
            self.trace.left.truncate(before);
            return None;
        }
        let name = node.as_str()?;
        let text = match attribute {
            "arn" => self.input.known.ecr_arn(name)?,
            "name" | "id" => name.to_owned(),
            _ => return None,
        };
        Some(tree::string(text, span))
    }

    fn call(&mut self, name: &str, arguments: &[Expr<'a>], span: Span) -> Option<Node<'a>> {
        let before = self.trace.left.len();
        let values: Vec<Node<'a>> = arguments
            .iter()
            .map(|argument| self.node(argument))
            .collect();
        let is_certain = self.trace.left.len() == before;
        let length: usize = values
            .iter()
            .filter_map(scalar)
            .map(|text| text.len())
            .sum();
        self.input.budget.spend(length)?;
        let result = apply(name, values, is_certain, span);
        if result.is_none() {
            // The whole call is named, not its parts.
            self.trace.left.truncate(before);
        }
        result
    }
}

/// The functions that are worked out. Those that look into a text need all of it to be certain.
fn apply<'a>(name: &str, values: Vec<Node<'a>>, is_certain: bool, span: Span) -> Option<Node<'a>> {
    let text = |text: String| (text.len() <= MOST_TEXT).then(|| tree::string(text, span));
    match (name, values.as_slice()) {
        ("jsonencode", [value]) => text(tree::json_text(value)),
        ("format", [format, arguments @ ..]) => {
            text(formatted(scalar(format)?.as_ref(), arguments)?)
        }
        (
            "join",
            [
                separator,
                Node {
                    kind: Kind::Array(items),
                    ..
                },
            ],
        ) => {
            let texts: Option<Vec<Cow<'_, str>>> = items.iter().map(scalar).collect();
            text(texts?.join(scalar(separator)?.as_ref()))
        }
        ("replace", [whole, part, with]) if is_certain => {
            let part = scalar(part)?;
            // Between slashes it is a regular expression.
            let is_pattern = part.len() > 1 && part.starts_with('/') && part.ends_with('/');
            if is_pattern || part.is_empty() {
                return None;
            }
            text(scalar(whole)?.replace(&*part, scalar(with)?.as_ref()))
        }
        ("trimprefix", [whole, part]) if is_certain => {
            let (whole, part) = (scalar(whole)?, scalar(part)?);
            text(whole.strip_prefix(&*part).unwrap_or(&whole).to_owned())
        }
        ("trimsuffix", [whole, part]) if is_certain => {
            let (whole, part) = (scalar(whole)?, scalar(part)?);
            text(whole.strip_suffix(&*part).unwrap_or(&whole).to_owned())
        }
        (
            "tolist" | "toset",
            [
                Node {
                    kind: Kind::Array(_),
                    ..
                },
            ],
        ) => values.into_iter().next(),
        ("concat", _) => concat(values, span),
        ("merge", _) => merge(values, span),
        _ => None,
    }
}

/// `%s` and `%%` only.
fn formatted(format: &str, arguments: &[Node<'_>]) -> Option<String> {
    let mut out = String::new();
    let mut arguments = arguments.iter();
    let mut parts = format.split('%');
    out.push_str(parts.next()?);
    while let Some(part) = parts.next() {
        if let Some(rest) = part.strip_prefix('s') {
            out.push_str(&scalar(arguments.next()?)?);
            out.push_str(rest);
        } else if part.is_empty() {
            out.push('%');
            out.push_str(parts.next()?);
        } else {
            return None;
        }
    }
    arguments.next().is_none().then_some(out)
}

fn concat(values: Vec<Node<'_>>, span: Span) -> Option<Node<'_>> {
    let mut all = Vec::new();
    for value in values {
        let Kind::Array(mut items) = value.kind else {
            return None;
        };
        all.append(&mut items);
    }
    Some(Node {
        span,
        kind: Kind::Array(all),
    })
}

/// A later object's key takes the place of an earlier one's.
fn merge(values: Vec<Node<'_>>, span: Span) -> Option<Node<'_>> {
    let mut kept: Vec<Vec<Member<'_>>> = Vec::with_capacity(values.len());
    let mut given: HashSet<String> = HashSet::new();
    for value in values.into_iter().rev() {
        let Kind::Object(mut members) = value.kind else {
            return None;
        };
        members.retain(|member| !given.contains(&*member.key));
        given.extend(members.iter().map(|member| member.key.to_string()));
        kept.push(members);
    }
    let members = kept.into_iter().rev().flatten().collect();
    Some(Node {
        span,
        kind: Kind::Object(members),
    })
}

fn child<'a>(node: Node<'a>, step: &str) -> Option<Node<'a>> {
    match node.kind {
        Kind::Object(members) => members
            .into_iter()
            .rev()
            .find(|member| member.key == step)
            .map(|member| member.value),
        Kind::Array(items) => items.into_iter().nth(step.parse().ok()?),
        _ => None,
    }
}

fn is_call_of(expr: &Expr<'_>, name: &str) -> bool {
    matches!(&expr.kind, ExprKind::Call(found, _) if *found == name)
}

/// Texts, and what becomes text in a template.
fn scalar<'n>(node: &'n Node<'_>) -> Option<Cow<'n, str>> {
    match &node.kind {
        Kind::String(text) => Some(Cow::Borrowed(text)),
        Kind::Number(text) => Some(Cow::Borrowed(text)),
        Kind::Bool(value) => Some(Cow::Borrowed(if *value { "true" } else { "false" })),
        _ => None,
    }
}

fn stand_in(written: &str) -> String {
    let inner = written
        .trim_start_matches(['$', '%', '{', '~'])
        .trim_end_matches(['}', '~'])
        .trim();
    let is_short = inner.len() <= 80 && !inner.contains([':', '\n', '{', '}']);
    if is_short {
        format!("${{{inner}}}")
    } else {
        "${EXPRESSION}".to_owned()
    }
}
