//! What the parser makes of a text: blocks, attributes, and the expressions that policies are written with.

use std::borrow::Cow;

use rolecall_core::span::Span;

/// The attributes and blocks between two braces, or of a file.
#[derive(Debug, Default)]
pub(crate) struct Body<'a> {
    pub(crate) attributes: Vec<Attribute<'a>>,
    pub(crate) blocks: Vec<Block<'a>>,
}

/// `name = expression`
#[derive(Debug)]
pub(crate) struct Attribute<'a> {
    pub(crate) name: &'a str,
    pub(crate) name_span: Span,
    pub(crate) value: Expr<'a>,
}

/// `kind "label" { ... }`
#[derive(Debug)]
pub(crate) struct Block<'a> {
    pub(crate) kind: &'a str,
    pub(crate) kind_span: Span,
    pub(crate) labels: Vec<&'a str>,
    pub(crate) body: Body<'a>,
    /// From the kind to the closing brace.
    pub(crate) span: Span,
}

/// An expression and where it stands.
#[derive(Debug)]
pub(crate) struct Expr<'a> {
    pub(crate) span: Span,
    pub(crate) kind: ExprKind<'a>,
}

/// The expressions that have a value here; all others are kept as `Other`.
#[derive(Debug)]
pub(crate) enum ExprKind<'a> {
    Null,
    Bool(bool),
    Number(&'a str),
    /// A quoted text or a heredoc.
    Template(Vec<Part<'a>>),
    Tuple(Vec<Expr<'a>>),
    Object(Vec<(Expr<'a>, Expr<'a>)>),
    Call(&'a str, Vec<Expr<'a>>),
    /// `a.b["c"].d` as written.
    Reference(&'a str),
    /// Operators, conditions, `for`, splats: as written.
    Other(&'a str),
}

/// A part of a template.
#[derive(Debug)]
pub(crate) enum Part<'a> {
    Text {
        text: Cow<'a, str>,
        span: Span,
    },
    /// `${ ... }`
    Value {
        value: Expr<'a>,
        span: Span,
    },
    /// `%{ ... }`: what it leaves in or out can't be told.
    Directive(Span),
}

impl<'a> Body<'a> {
    /// The value of an attribute.
    pub(crate) fn get(&self, name: &str) -> Option<&Expr<'a>> {
        self.attribute(name).map(|attribute| &attribute.value)
    }

    pub(crate) fn attribute(&self, name: &str) -> Option<&Attribute<'a>> {
        self.attributes
            .iter()
            .find(|attribute| attribute.name == name)
    }

    /// The blocks of a kind.
    pub(crate) fn blocks<'b>(&'b self, kind: &'b str) -> impl Iterator<Item = &'b Block<'a>> {
        self.blocks.iter().filter(move |block| block.kind == kind)
    }
}

impl<'a> Block<'a> {
    /// The name of a `kind "type" "name"` block of this type.
    pub(crate) fn named(&self, kind: &str, of_type: &str) -> Option<&'a str> {
        match self.labels.as_slice() {
            [found, name] if self.kind == kind && *found == of_type => Some(name),
            _ => None,
        }
    }
}
