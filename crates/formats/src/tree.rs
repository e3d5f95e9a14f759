//! Helpers on core's JSON tree.

use rolecall_core::json::{Kind, Member, Node};
use rolecall_core::policy::escape;
use rolecall_core::span::Span;

/// A string with a place.
pub(crate) fn string<'a>(text: impl Into<std::borrow::Cow<'a, str>>, span: Span) -> Node<'a> {
    Node {
        span,
        kind: Kind::String(text.into()),
    }
}

/// Its members, none where it is no object.
pub(crate) fn members<'n, 'a>(node: &'n Node<'a>) -> &'n [Member<'a>] {
    node.members().unwrap_or_default()
}

/// Its items, none where it is no list.
pub(crate) fn items<'n, 'a>(node: &'n Node<'a>) -> &'n [Node<'a>] {
    match &node.kind {
        Kind::Array(items) => items,
        _ => &[],
    }
}

/// The text of a member.
pub(crate) fn text(node: &Node<'_>, key: &str) -> Option<String> {
    node.get(key)?.as_str().map(str::to_owned)
}

/// A whole number, as JSON or as YAML, where it is text, has it.
pub(crate) fn integer(node: &Node<'_>, key: &str) -> Option<i64> {
    match &node.get(key)?.kind {
        Kind::Number(text) => text.parse().ok(),
        Kind::String(text) => text.trim().parse().ok(),
        _ => None,
    }
}

/// One step of an RFC 6901 path.
pub(crate) fn step(path: &str, key: &str) -> String {
    format!("{path}/{}", escape(key))
}

/// Changes every place.
pub(crate) fn map_spans<'a>(node: Node<'a>, map: &impl Fn(Span) -> Span) -> Node<'a> {
    let member = |member: Member<'a>| Member {
        key: member.key,
        key_span: map(member.key_span),
        value: map_spans(member.value, map),
    };
    let kind = match node.kind {
        Kind::Array(items) => {
            Kind::Array(items.into_iter().map(|item| map_spans(item, map)).collect())
        }
        Kind::Object(members) => Kind::Object(members.into_iter().map(member).collect()),
        kind => kind,
    };
    Node {
        span: map(node.span),
        kind,
    }
}

/// The value as compact JSON: what CloudFormation and Terraform send to IAM.
pub(crate) fn json_text(node: &Node<'_>) -> String {
    let mut out = String::new();
    write(node, &mut out);
    out
}

fn write(node: &Node<'_>, out: &mut String) {
    match &node.kind {
        Kind::Null => out.push_str("null"),
        Kind::Bool(value) => out.push_str(if *value { "true" } else { "false" }),
        Kind::Number(text) => out.push_str(text),
        Kind::String(text) => write_string(text, out),
        Kind::Array(items) => {
            out.push('[');
            for (index, item) in items.iter().enumerate() {
                comma(index, out);
                write(item, out);
            }
            out.push(']');
        }
        Kind::Object(members) => {
            out.push('{');
            for (index, member) in members.iter().enumerate() {
                comma(index, out);
                write_string(&member.key, out);
                out.push(':');
                write(&member.value, out);
            }
            out.push('}');
        }
    }
}

fn comma(index: usize, out: &mut String) {
    if index > 0 {
        out.push(',');
    }
}

fn write_string(text: &str, out: &mut String) {
    out.push('"');
    escape_json(text, out);
    out.push('"');
}

/// Writes what stands between the quotes of a JSON string.
pub(crate) fn escape_json(text: &str, out: &mut String) {
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            c if c < ' ' => out.push_str(&format!("\\u{:04x}", u32::from(c))),
            c => out.push(c),
        }
    }
}
