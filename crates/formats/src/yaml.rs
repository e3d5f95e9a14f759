//! YAML into core's JSON tree, with the places of keys and values.
//!
//! The parser is `saphyr-parser`, the event parser under `saphyr`: its trees refuse repeated keys and
//! turn `012345678901` into a number, while core wants both as they are written.
//!
//! - A value without quotes keeps its text, whatever YAML 1.1 or 1.2 would make of it: `on`, `yes`, dates,
//!   account numbers with leading zeros. Only `true`, `false` and `null` (`~`, nothing) are not text.
//! - `!Sub x` becomes `{"Fn::Sub": x}`, the long form of CloudFormation's short forms
//!   (User Guide, "Intrinsic function reference").
//! - An alias is a copy of what its anchor names, with the places of the original; `<<` merges.
//!   CloudFormation itself has no `<<`, but files are often expanded before they get there.
//! - Depth and copies are bounded, so that no few lines can become a billion.

use std::collections::{HashMap, HashSet};

use rolecall_core::json::{Kind, Member, Node};
use rolecall_core::span::Span;
use saphyr_parser::{Event, Parser, ScalarStyle, Tag};

use crate::problem::Problem;
use crate::{Document, Input, detect, shape, tree};

/// The most nodes that anchors may hold and aliases may add.
const MOST_COPIED: usize = 100_000;

/// The deepest nesting. A template with a policy needs about 15 levels.
const MOST_NESTED: usize = 96;

/// Why a text is not YAML, and where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct YamlError {
    /// The place.
    pub span: Span,
    /// What is wrong: lower case, no full stop.
    pub message: String,
}

/// Reads a YAML text: a template, IAM output, or a policy.
pub(crate) fn read(input: Input<'_>) -> Result<Document, Problem> {
    let trees = parse(input.text).map_err(|error| hint(input.text, error.into()))?;
    for tree in &trees {
        if let Some(document) = shape::known(input, tree) {
            return document;
        }
    }
    match trees.iter().find(|tree| is_policy(tree)) {
        Some(tree) => shape::read(input, tree),
        None => Err(hint(input.text, nothing(&trees))),
    }
}

/// A policy, or one in a wrapper. YAML is so lenient that any prose is YAML: it must look like one.
fn is_policy(node: &Node<'_>) -> bool {
    let is_bare = |node: &Node<'_>| node.get("Statement").is_some();
    is_bare(node)
        || tree::members(node)
            .iter()
            .any(|member| is_bare(&member.value))
}

fn nothing(trees: &[Node<'_>]) -> Problem {
    let keys: Vec<&str> = trees
        .iter()
        .flat_map(|tree| tree::members(tree))
        .map(|member| &*member.key)
        .take(6)
        .collect();
    let span = trees.first().map_or(Span::new(0, 0), |tree| tree.span);
    let has = if keys.is_empty() {
        "it has no keys".to_owned()
    } else {
        format!("it has the keys {}", keys.join(", "))
    };
    let message = format!("no trust policy is in this text; read as YAML, {has}");
    let help = if keys.contains(&"jobs") {
        "this is a workflow: give it in the token's place (on the command line: --workflow), and here the trust policy"
    } else {
        detect::WHAT_TO_GIVE
    };
    Problem::text(span, message, help)
}

/// Prose with a colon looks like YAML; what people mean is the JSON below it.
fn hint(text: &str, problem: Problem) -> Problem {
    match detect::json_below(text, 0) {
        Some(help) => Problem { help, ..problem },
        None => problem,
    }
}

impl From<YamlError> for Problem {
    fn from(error: YamlError) -> Self {
        Self::text(
            error.span,
            error.message,
            "repair the YAML; indentation counts",
        )
    }
}

/// The documents of a YAML stream, as trees of JSON with the places of keys and values.
///
/// # Errors
/// The text is no YAML, or larger than what is read here when its aliases are followed.
///
/// ```
/// let trees = rolecall_formats::yaml::parse("on: push\njobs: {}").unwrap();
/// assert_eq!(trees[0].get("on").and_then(|on| on.as_str()), Some("push"));
/// ```
pub fn parse(text: &str) -> Result<Vec<Node<'_>>, YamlError> {
    let offsets = Offsets::new(text);
    let mut builder = Builder::default();
    for event in Parser::new_from_str(text) {
        let (event, span) = event.map_err(|error| {
            let at = offsets.byte(error.marker().index());
            broken(
                Span::new(at, at),
                format!("the YAML can't be read: {}", error.info()),
            )
        })?;
        let span = Span::new(
            offsets.byte(span.start.index()),
            offsets.byte(span.end.index()),
        );
        let span = without_anchor(text, span);
        builder.event(event, span)?;
    }
    Ok(builder.documents)
}

/// The parser counts `&name ` as part of the value.
fn without_anchor(text: &str, span: Span) -> Span {
    let slice = text.get(span.start..span.end).unwrap_or_default();
    if !slice.starts_with('&') {
        return span;
    }
    let name = slice
        .find(|c: char| c.is_ascii_whitespace())
        .unwrap_or(slice.len());
    let rest = slice.get(name..).unwrap_or_default();
    let blanks = rest.len() - rest.trim_start().len();
    Span::new(span.start + name + blanks, span.end)
}

fn broken(span: Span, message: impl Into<String>) -> YamlError {
    YamlError {
        span,
        message: message.into(),
    }
}

/// The parser counts characters, spans count bytes.
struct Offsets(Option<Vec<usize>>);

impl Offsets {
    fn new(text: &str) -> Self {
        let all = || {
            text.char_indices()
                .map(|(at, _)| at)
                .chain([text.len()])
                .collect()
        };
        Self((!text.is_ascii()).then(all))
    }

    fn byte(&self, index: usize) -> usize {
        match &self.0 {
            None => index,
            Some(all) => all.get(index).or(all.last()).copied().unwrap_or_default(),
        }
    }
}

#[derive(Default)]
struct Builder<'a> {
    documents: Vec<Node<'a>>,
    open: Vec<Open<'a>>,
    anchors: HashMap<usize, Anchored<'a>>,
    copied: usize,
}

/// A finished node and its measures.
#[derive(Clone)]
struct Anchored<'a> {
    node: Node<'a>,
    nodes: usize,
    depth: usize,
}

/// A list or an object that is not closed yet.
struct Open<'a> {
    is_map: bool,
    items: Vec<Node<'a>>,
    members: Vec<Member<'a>>,
    key: Option<Key<'a>>,
    merges: bool,
    anchor: usize,
    function: Option<Key<'a>>,
    start: Span,
    nodes: usize,
    depth: usize,
}

type Key<'a> = (std::borrow::Cow<'a, str>, Span);

impl<'a> Builder<'a> {
    fn event(&mut self, event: Event<'a>, span: Span) -> Result<(), YamlError> {
        match event {
            Event::Scalar(text, style, anchor, tag) => {
                let function = function(tag.as_deref(), span);
                let kind = scalar(text, style, tag.is_some());
                self.finish(Node { span, kind }, 1, 1, anchor, function)
            }
            Event::SequenceStart(anchor, tag) => self.open(false, anchor, tag.as_deref(), span),
            Event::MappingStart(anchor, tag) => self.open(true, anchor, tag.as_deref(), span),
            Event::SequenceEnd | Event::MappingEnd => self.close(span),
            Event::Alias(anchor) => self.alias(anchor, span),
            _ => Ok(()),
        }
    }

    fn open(
        &mut self,
        is_map: bool,
        anchor: usize,
        tag: Option<&Tag>,
        span: Span,
    ) -> Result<(), YamlError> {
        if self.open.len() >= MOST_NESTED {
            return Err(broken(
                span,
                format!("nested deeper than {} levels", MOST_NESTED),
            ));
        }
        self.open.push(Open {
            is_map,
            items: Vec::new(),
            members: Vec::new(),
            key: None,
            merges: false,
            anchor,
            function: function(tag, span),
            start: span,
            nodes: 1,
            depth: 1,
        });
        Ok(())
    }

    fn close(&mut self, end: Span) -> Result<(), YamlError> {
        let Some(open) = self.open.pop() else {
            return Ok(());
        };
        let (anchor, nodes, depth) = (open.anchor, open.nodes, open.depth);
        let function = open.function.clone();
        self.finish(open.node(end), nodes, depth, anchor, function)
    }

    fn alias(&mut self, anchor: usize, span: Span) -> Result<(), YamlError> {
        let Some(anchored) = self.anchors.get(&anchor).cloned() else {
            return Err(broken(
                span,
                "the alias refers to something that contains it",
            ));
        };
        self.copy(anchored.nodes, span)?;
        if self.open.len() + anchored.depth > MOST_NESTED {
            return Err(broken(
                span,
                format!("nested deeper than {} levels", MOST_NESTED),
            ));
        }
        self.add(anchored.node, anchored.nodes, anchored.depth)
    }

    fn copy(&mut self, nodes: usize, span: Span) -> Result<(), YamlError> {
        self.copied += nodes;
        if self.copied > MOST_COPIED {
            return Err(broken(
                span,
                format!("anchors and aliases stand for more than {MOST_COPIED} values"),
            ));
        }
        Ok(())
    }

    /// A node is whole: wraps it into its function, keeps it for aliases, gives it to what holds it.
    fn finish(
        &mut self,
        node: Node<'a>,
        nodes: usize,
        depth: usize,
        anchor: usize,
        function: Option<Key<'a>>,
    ) -> Result<(), YamlError> {
        let (node, depth) = match function {
            None => (node, depth),
            Some((key, key_span)) => (
                Node {
                    span: node.span,
                    kind: Kind::Object(vec![Member {
                        key,
                        key_span,
                        value: node,
                    }]),
                },
                depth + 1,
            ),
        };
        if self.open.len() + depth > MOST_NESTED + 1 {
            return Err(broken(
                node.span,
                format!("nested deeper than {} levels", MOST_NESTED),
            ));
        }
        if anchor > 0 {
            self.copy(nodes, node.span)?;
            let anchored = Anchored {
                node: node.clone(),
                nodes,
                depth,
            };
            self.anchors.insert(anchor, anchored);
        }
        self.add(node, nodes, depth)
    }

    fn add(&mut self, node: Node<'a>, nodes: usize, depth: usize) -> Result<(), YamlError> {
        let Some(open) = self.open.last_mut() else {
            self.documents.push(node);
            return Ok(());
        };
        open.nodes += nodes;
        open.depth = open.depth.max(depth + 1);
        if !open.is_map {
            open.items.push(node);
            return Ok(());
        }
        match open.key.take() {
            None => open.key = Some(key(node)?),
            Some((key, key_span)) => {
                open.merges |= key == "<<";
                open.members.push(Member {
                    key,
                    key_span,
                    value: node,
                });
            }
        }
        Ok(())
    }
}

impl<'a> Open<'a> {
    /// Block style has no brackets: there the place is from the first child to the last.
    fn node(self, end: Span) -> Node<'a> {
        let children = if self.is_map {
            let first = self.members.first().map(|member| member.key_span);
            first.zip(self.members.last().map(|member| member.value.span))
        } else {
            self.items
                .first()
                .zip(self.items.last())
                .map(|(first, last)| (first.span, last.span))
        };
        let is_flow = end.end > end.start;
        let span = match children {
            Some((first, last)) if !is_flow => Span::new(first.start, last.end.max(first.end)),
            _ => Span::new(self.start.start, end.end.max(self.start.start)),
        };
        let kind = if self.is_map {
            Kind::Object(if self.merges {
                merged(self.members)
            } else {
                self.members
            })
        } else {
            Kind::Array(self.items)
        };
        Node { span, kind }
    }
}

/// `<<: *a` and `<<: [*a, *b]`: keys that are given beside it win (YAML merge key type, draft 2005-01-18).
fn merged(members: Vec<Member<'_>>) -> Vec<Member<'_>> {
    let (merges, mut own): (Vec<_>, Vec<_>) =
        members.into_iter().partition(|member| member.key == "<<");
    let mut seen: HashSet<String> = own.iter().map(|member| member.key.to_string()).collect();
    for member in merges {
        let sources = match member.value.kind {
            Kind::Array(items) => items,
            _ => vec![member.value],
        };
        for source in sources {
            if let Kind::Object(members) = source.kind {
                own.extend(
                    members
                        .into_iter()
                        .filter(|member| seen.insert(member.key.to_string())),
                );
            }
        }
    }
    own
}

fn key(node: Node<'_>) -> Result<Key<'_>, YamlError> {
    let span = node.span;
    match node.kind {
        Kind::String(text) => Ok((text, span)),
        Kind::Bool(value) => Ok((if value { "true" } else { "false" }.into(), span)),
        Kind::Null => Ok(("".into(), span)),
        _ => Err(broken(span, "a key must be a plain text")),
    }
}

fn scalar<'a>(text: std::borrow::Cow<'a, str>, style: ScalarStyle, is_tagged: bool) -> Kind<'a> {
    if style != ScalarStyle::Plain || is_tagged {
        return Kind::String(text);
    }
    match &*text {
        "" | "~" | "null" => Kind::Null,
        "true" => Kind::Bool(true),
        "false" => Kind::Bool(false),
        _ => Kind::String(text),
    }
}

/// The long name of a CloudFormation short form.
fn function<'a>(tag: Option<&Tag>, span: Span) -> Option<Key<'a>> {
    let tag = tag.filter(|tag| tag.handle == "!" && !tag.suffix.is_empty())?;
    let name = match &*tag.suffix {
        "Ref" | "Condition" => tag.suffix.clone(),
        name => format!("Fn::{name}"),
    };
    Some((name.into(), Span::new(span.start, span.start)))
}

#[cfg(test)]
#[expect(clippy::string_slice, reason = "a test that can't go on has failed")]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use rolecall_core::json;

    fn json(text: &str) -> String {
        match parse(text) {
            Ok(trees) => trees
                .iter()
                .map(tree::json_text)
                .collect::<Vec<_>>()
                .join("\n"),
            Err(problem) => format!("{}: {}", problem.span.start, problem.message),
        }
    }

    #[test]
    fn table() {
        for (text, expected) in [
            (
                "a: on\nb: yes\nc: 012345678901\nd: 2012-10-17\ne: 1e3",
                r#"{"a":"on","b":"yes","c":"012345678901","d":"2012-10-17","e":"1e3"}"#,
            ),
            (
                "a: true\nb:\nc: ~\nd: 'true'\ne: True",
                r#"{"a":true,"b":null,"c":null,"d":"true","e":"True"}"#,
            ),
            ("true: 1\non: 2", r#"{"true":"1","on":"2"}"#),
            ("a: 1\na: 2", r#"{"a":"1","a":"2"}"#),
            ("a: &x [1, 2]\nb: *x", r#"{"a":["1","2"],"b":["1","2"]}"#),
            (
                "a: &x {k: 1, l: 2}\nb:\n  <<: *x\n  k: 3",
                r#"{"a":{"k":"1","l":"2"},"b":{"k":"3","l":"2"}}"#,
            ),
            (
                "a: !Sub 'x'\nb: !GetAtt A.B\nc: !Join ['', [a]]\nd: !Ref X",
                r#"{"a":{"Fn::Sub":"x"},"b":{"Fn::GetAtt":"A.B"},"c":{"Fn::Join":["",["a"]]},"d":{"Ref":"X"}}"#,
            ),
            (
                "a: |\n  x\n   y\nb: >-\n  x\n  y",
                r#"{"a":"x\n y\n","b":"x y"}"#,
            ),
            (
                "!Sub [!Sub [x], !If {a: b}]",
                r#"{"Fn::Sub":[{"Fn::Sub":["x"]},{"Fn::If":{"a":"b"}}]}"#,
            ),
            ("a: 1\n---\nb: 2", "{\"a\":\"1\"}\n{\"b\":\"2\"}"),
            (
                "a: *x",
                "3: the YAML can't be read: while parsing node, found unknown anchor",
            ),
            (
                "a: &x [*x]",
                "7: the alias refers to something that contains it",
            ),
            ("? [a]\n: b", "2: a key must be a plain text"),
            (
                "a: 'b",
                "3: the YAML can't be read: while scanning a quoted scalar, found unexpected end of stream",
            ),
        ] {
            assert_eq!(json(text), expected, "{text}");
        }
    }

    #[test]
    fn places_are_those_of_the_text() {
        let text = "é:\n  k: &x [ä, b]\n  l:\n    - c\n    - !Sub \"d\"\nm: *x\n";
        let tree = parse(text).unwrap().remove(0);
        let under = |node: &Node<'_>| text[node.span.start..node.span.end].to_owned();
        let inner = tree.get("é").unwrap();
        assert_eq!(
            under(inner),
            "k: &x [ä, b]\n  l:\n    - c\n    - !Sub \"d\""
        );
        assert_eq!(under(inner.get("k").unwrap()), "[ä, b]");
        assert_eq!(under(inner.get("l").unwrap()), "c\n    - !Sub \"d\"");
        assert_eq!(under(tree.get("m").unwrap()), "[ä, b]");
        let member = &tree.members().unwrap()[0];
        assert_eq!(&text[member.key_span.start..member.key_span.end], "é");
    }

    /// JSON without numbers, which YAML keeps as text here.
    fn json_value() -> impl Strategy<Value = String> {
        let text = "[a-zA-Zé:{}\\[\\],&*#?|<>=!%@ '-]{0,8}".prop_map(|text| format!("\"{text}\""));
        let leaf = prop_oneof![
            Just("null".to_owned()),
            Just("true".to_owned()),
            Just("\"a\\n\\\"\\u00e9\"".to_owned()),
            text.clone()
        ];
        leaf.prop_recursive(4, 24, 4, move |inner| {
            let member =
                (text.clone(), inner.clone()).prop_map(|(key, value)| format!("{key}: {value}"));
            prop_oneof![
                prop::collection::vec(inner, 0..4)
                    .prop_map(|items| format!("[{}]", items.join(", "))),
                prop::collection::vec(member, 0..4)
                    .prop_map(|members| format!("{{{}}}", members.join(",\n "))),
            ]
        })
    }

    proptest! {
        #[test]
        fn json_is_yaml(text in json_value()) {
            prop_assume!(!text.contains("\"<<\""));
            let expected = json::parse(&text).unwrap();
            let trees = parse(&text).map_err(|problem| TestCaseError::fail(problem.message))?;
            prop_assert_eq!(&trees, &[expected], "{}", text);
        }
    }

    #[test]
    fn a_billion_laughs_is_refused() {
        let mut text = "a0: &a0 [x, x]\n".to_owned();
        for level in 1..40 {
            text.push_str(&format!(
                "a{level}: &a{level} [*a{}, *a{}]\n",
                level - 1,
                level - 1
            ));
        }
        let message = parse(&text).unwrap_err().message;
        assert_eq!(
            message,
            "anchors and aliases stand for more than 100000 values"
        );
    }

    #[test]
    fn depth_is_bounded() {
        for text in [
            "- ".repeat(50_000),
            "[".repeat(200),
            "? ".repeat(50_000),
            format!("{}{}", "!Sub [".repeat(90), "]".repeat(90)),
        ] {
            let found = parse(&text).map(|trees| trees.len());
            assert!(found.is_err(), "{}: {found:?}", &text[..20]);
        }
    }
}
