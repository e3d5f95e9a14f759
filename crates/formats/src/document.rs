//! From the value that holds a trust policy to the policy.

use std::sync::Arc;

use rolecall_core::json::{self, Kind, Node};
use rolecall_core::policy::{Policy, Unreadable};
use rolecall_core::span::{Source, Span};

use crate::mapped::Mapped;
use crate::problem::{Problem, RESOLVED_HELP};
use crate::trace::Trace;
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
    fn with(
        self,
        place: Span,
        source: &Arc<Source>,
        policy: Result<Policy, Unreadable>,
        notes: Vec<String>,
    ) -> RolePolicy {
        RolePolicy {
            name: self.name,
            arn: self.arn,
            address: self.address,
            max_session_duration: self.max_session_duration,
            path: self.path,
            place,
            policy,
            source: Arc::clone(source),
            notes,
        }
    }
}

impl Input<'_> {
    /// A role whose policy is this value: an object, or a string with the JSON in it.
    pub(crate) fn role(self, role: Role, document: &Node<'_>) -> RolePolicy {
        match document.as_str() {
            Some(text) => self.role_of_string(role, document.span, text),
            None => {
                let policy = Policy::from_node(document, self.text);
                role.with(document.span, self.source, policy, Vec::new())
            }
        }
    }

    /// A role whose policy was put together from a template. `help` says what to give where that is not enough.
    pub(crate) fn role_of_template(
        self,
        role: Role,
        document: &Node<'_>,
        trace: &Trace,
        help: &str,
    ) -> RolePolicy {
        let policy = Policy::from_node(document, self.text).map(|policy| sized(policy, document));
        let policy = policy.map_err(|unreadable| trace.explain(unreadable, help));
        let notes = trace.notes(self.budget);
        role.with(document.span, self.source, policy, notes)
    }

    /// A role whose policy is JSON text that was put together from a template.
    pub(crate) fn role_of_text(
        self,
        role: Role,
        place: Span,
        mapped: &Mapped,
        trace: &Trace,
        help: &str,
    ) -> RolePolicy {
        let policy = self.policy_of_text(mapped);
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
        role.with(place, self.source, policy, trace.notes(self.budget))
    }

    /// A role whose policy can't be read.
    pub(crate) fn role_without(self, role: Role, problem: Problem) -> RolePolicy {
        let place = problem.span;
        role.with(place, self.source, Err(problem.unreadable()), Vec::new())
    }

    fn policy_of_text(self, mapped: &Mapped) -> Result<Policy, Unreadable> {
        let problem = |error: json::JsonError| Problem {
            span: mapped.outer(error.span),
            ..Problem::json(error)
        };
        let node = json::parse(&mapped.text).map_err(|error| problem(error).unreadable())?;
        let node = tree::map_spans(node, &|span| mapped.outer(span));
        Policy::from_node(&node, self.text).map(|policy| sized(policy, &node))
    }

    fn role_of_string(self, role: Role, place: Span, text: &str) -> RolePolicy {
        if let Some(mapped) = Mapped::locate(self.text, place, text)
            && !percent::is_encoded(text)
        {
            let policy = self.policy_of_text(&mapped);
            return role.with(place, self.source, policy, Vec::new());
        }
        match percent::decode_all(text) {
            Ok(decoded) => self.role_of_decoded(role, place, decoded),
            Err(message) => {
                let problem = Problem::text(place, message, RESOLVED_HELP).at(&*role.path);
                self.role_without(role, problem)
            }
        }
    }

    /// The text is not there as it is, so that it becomes the source of its own places.
    fn role_of_decoded(self, role: Role, place: Span, decoded: String) -> RolePolicy {
        let policy = Policy::parse(&decoded);
        let line = self.budget.line(place.start);
        let note = format!(
            "the policy is inside the string on line {line}: places refer to the decoded policy"
        );
        role.with(place, &Arc::new(Source::new(decoded)), policy, vec![note])
    }
}

/// IAM's quota and alphabet are about the JSON that is sent, not about the template.
fn sized(policy: Policy, node: &Node<'_>) -> Policy {
    let text = tree::json_text(node);
    Policy {
        size: text.chars().filter(|c| !c.is_ascii_whitespace()).count(),
        latin1: text.chars().all(|c| c <= '\u{ff}'),
        ..policy
    }
}

/// Whether a value can be a policy document at all.
pub(crate) fn is_document(node: &Node<'_>) -> bool {
    matches!(node.kind, Kind::Object(_) | Kind::String(_))
}
