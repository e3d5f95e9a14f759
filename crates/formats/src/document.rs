//! From the value that holds a trust policy to the policy.

use std::sync::Arc;

use rolecall_core::json::{self, Kind, Node};
use rolecall_core::permission::{self, Grammar};
use rolecall_core::policy::{Policy, Unreadable};
use rolecall_core::span::{Source, Span};

use crate::mapped::Mapped;
use crate::problem::{Problem, RESOLVED_HELP};
use crate::trace::{Left, Trace};
use crate::{Input, RolePolicy, percent, tree};

/// What is known of a role beside its policy.
#[derive(Debug, Clone, Default)]
pub(crate) struct Role {
    pub(crate) name: Option<String>,
    pub(crate) arn: Option<String>,
    pub(crate) address: Option<String>,
    pub(crate) max_session_duration: Option<i64>,
    pub(crate) path: String,
}

impl Role {
    pub(crate) fn with(self, found: Found<Policy>) -> RolePolicy {
        RolePolicy {
            name: self.name,
            arn: self.arn,
            address: self.address,
            max_session_duration: self.max_session_duration,
            path: self.path,
            place: found.place,
            policy: found.policy,
            source: found.source,
            notes: found.notes,
            left: found.left,
        }
    }
}

/// A policy document of any kind, and where it was found.
#[derive(Debug, Clone)]
pub(crate) struct Found<T> {
    /// The place in the text that was read.
    pub(crate) place: Span,
    /// The text that the policy's own places refer to.
    pub(crate) source: Arc<Source>,
    pub(crate) policy: Result<T, Unreadable>,
    pub(crate) notes: Vec<String>,
    /// What a template leaves open.
    pub(crate) left: Vec<Left>,
}

/// What core makes of a document.
pub(crate) trait Readable: Sized {
    /// What tells how to read it.
    type Rules: Copy;
    /// What messages call it.
    #[cfg_attr(
        not(feature = "hcl"),
        expect(dead_code, reason = "only Terraform's messages name the document")
    )]
    fn name(rules: Self::Rules) -> &'static str;
    fn from_node(node: &Node<'_>, text: &str, rules: Self::Rules) -> Result<Self, Unreadable>;
    fn parse(text: &str, rules: Self::Rules) -> Result<Self, Unreadable>;
    /// With the size and alphabet of the JSON that IAM gets.
    fn sized(self, json: &str) -> Self;
}

impl Readable for Policy {
    type Rules = ();

    fn name((): ()) -> &'static str {
        "the trust policy"
    }

    fn from_node(node: &Node<'_>, text: &str, (): ()) -> Result<Self, Unreadable> {
        Self::from_node(node, text)
    }

    fn parse(text: &str, (): ()) -> Result<Self, Unreadable> {
        Self::parse(text)
    }

    fn sized(self, json: &str) -> Self {
        Self {
            size: size(json),
            latin1: json.chars().all(|c| c <= '\u{ff}'),
            ..self
        }
    }
}

impl Readable for permission::Policy {
    type Rules = Grammar;

    fn name(grammar: Grammar) -> &'static str {
        match grammar {
            Grammar::Identity => "the permission policy",
            Grammar::Resource => "the repository policy",
            Grammar::Control => "the resource control policy",
        }
    }

    fn from_node(node: &Node<'_>, text: &str, grammar: Grammar) -> Result<Self, Unreadable> {
        Self::from_node(node, text, grammar)
    }

    fn parse(text: &str, grammar: Grammar) -> Result<Self, Unreadable> {
        Self::parse(text, grammar)
    }

    fn sized(self, json: &str) -> Self {
        Self {
            size: size(json),
            ..self
        }
    }
}

impl Input<'_> {
    /// A role whose policy is this value: an object, or a string with the JSON in it.
    pub(crate) fn role(self, role: Role, document: &Node<'_>) -> RolePolicy {
        let found = self.found((), &role.path, document);
        role.with(found)
    }

    /// A role whose policy can't be read.
    pub(crate) fn role_without(self, role: Role, problem: Problem) -> RolePolicy {
        role.with(self.found_nothing(problem))
    }

    /// The policy that is this value: an object, or a string with the JSON in it.
    pub(crate) fn found<T: Readable>(
        self,
        rules: T::Rules,
        path: &str,
        document: &Node<'_>,
    ) -> Found<T> {
        match document.as_str() {
            Some(text) => self.found_in_string(rules, path, document.span, text),
            None => {
                let policy = T::from_node(document, self.text, rules);
                self.with(document.span, policy, &Trace::default())
            }
        }
    }

    /// A policy that was put together from a template.
    pub(crate) fn found_in_template<T: Readable>(
        self,
        rules: T::Rules,
        document: &Node<'_>,
        trace: &Trace,
        help: &str,
    ) -> Found<T> {
        let policy = T::from_node(document, self.text, rules);
        let policy = policy.map(|policy| policy.sized(&tree::json_text(document)));
        let policy = policy.map_err(|unreadable| trace.explain(unreadable, help));
        self.with(document.span, policy, trace)
    }

    /// A policy that is JSON text which was put together from a template.
    pub(crate) fn found_in_text<T: Readable>(
        self,
        rules: T::Rules,
        place: Span,
        mapped: &Mapped,
        trace: &Trace,
        help: &str,
    ) -> Found<T> {
        let policy = self.policy_of_text(rules, mapped);
        let policy = policy.map_err(|mut unreadable| {
            // Broken JSON may well be an expression that stands for more than a text.
            if let Some(fault) = unreadable.faults.first_mut()
                && fault.json
                && !trace.left.is_empty()
            {
                fault.help = help.to_owned();
            }
            trace.explain(unreadable, help)
        });
        self.with(place, policy, trace)
    }

    /// A policy that can't be read.
    pub(crate) fn found_nothing<T>(self, problem: Problem) -> Found<T> {
        self.with(problem.span, Err(problem.unreadable()), &Trace::default())
    }

    fn with<T>(self, place: Span, policy: Result<T, Unreadable>, trace: &Trace) -> Found<T> {
        Found {
            place,
            source: Arc::clone(self.source),
            policy,
            notes: trace.notes(self.budget),
            left: trace.left.clone(),
        }
    }

    fn policy_of_text<T: Readable>(
        self,
        rules: T::Rules,
        mapped: &Mapped,
    ) -> Result<T, Unreadable> {
        let problem = |error: json::JsonError| Problem {
            span: mapped.outer(error.span),
            ..Problem::json(error)
        };
        let node = json::parse(&mapped.text).map_err(|error| problem(error).unreadable())?;
        let node = tree::map_spans(node, &|span| mapped.outer(span));
        T::from_node(&node, self.text, rules).map(|policy| policy.sized(&tree::json_text(&node)))
    }

    fn found_in_string<T: Readable>(
        self,
        rules: T::Rules,
        path: &str,
        place: Span,
        text: &str,
    ) -> Found<T> {
        if let Some(mapped) = Mapped::locate(self.text, place, text)
            && !percent::is_encoded(text)
        {
            let policy = self.policy_of_text(rules, &mapped);
            return self.with(place, policy, &Trace::default());
        }
        match percent::decode_all(text) {
            Ok(decoded) => self.found_decoded(rules, place, decoded),
            Err(message) => {
                self.found_nothing(Problem::text(place, message, RESOLVED_HELP).at(path))
            }
        }
    }

    /// The text is not there as it is, so that it becomes the source of its own places.
    fn found_decoded<T: Readable>(self, rules: T::Rules, place: Span, decoded: String) -> Found<T> {
        let policy = T::parse(&decoded, rules);
        let line = self.budget.line(place.start);
        let note = format!(
            "the policy is inside the string on line {line}: places refer to the decoded policy"
        );
        Found {
            place,
            source: Arc::new(Source::new(decoded)),
            policy,
            notes: vec![note],
            left: Vec::new(),
        }
    }
}

/// IAM's quotas are about the JSON that is sent, not about the template.
fn size(json: &str) -> usize {
    json.chars().filter(|c| !c.is_ascii_whitespace()).count()
}

/// Whether a value can be a policy document at all.
pub(crate) fn is_document(node: &Node<'_>) -> bool {
    matches!(node.kind, Kind::Object(_) | Kind::String(_))
}
