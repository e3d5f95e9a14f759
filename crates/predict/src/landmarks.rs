//! Where the expressions of a job tell refs apart.

use rolecall_core::json::{Kind, Node};

use crate::chain::Chain;
use crate::expr::{Expr, Scope, Value, expressions, parse};
use crate::runs::Landmarks;

/// The expressions of a job, and of what it inherits.
#[derive(Debug, Default)]
pub(crate) struct Expressions {
    all: Vec<Expr>,
}

/// The most expressions of one job that are looked at.
const MOST: usize = 2_000;

/// The most refs that are kept; where more are named, conditions stay open.
const MOST_LANDMARKS: usize = 64;

impl Expressions {
    /// Those of every link: its job, and the environment of its workflow.
    pub(crate) fn of(chain: &Chain<'_>) -> Self {
        let mut found = Self::default();
        for link in &chain.links {
            let job = [
                link.job.condition,
                link.job.environment,
                link.job.env,
                link.job.matrix,
                link.job.with,
                link.workflow.env,
            ];
            job.into_iter().flatten().for_each(|node| found.add(node));
            if let Some(bare) = link.job.condition.and_then(Node::as_str) {
                found.add_condition(bare);
            }
            for step in &link.job.steps {
                found.add(step.node);
                if let Some(bare) = step.text("if") {
                    found.add_condition(bare);
                }
            }
        }
        found
    }

    fn add(&mut self, node: &Node<'_>) {
        match &node.kind {
            // A text that is no expression is told where it is evaluated.
            Kind::String(text) if text.contains("${{") && self.all.len() < MOST => {
                self.all.extend(expressions(text).unwrap_or_default());
                self.all.truncate(MOST);
            }
            Kind::Array(items) => items.iter().for_each(|item| self.add(item)),
            Kind::Object(members) => members.iter().for_each(|member| self.add(&member.value)),
            _ => {}
        }
    }

    fn add_condition(&mut self, text: &str) {
        if !text.contains("${{") && self.all.len() < MOST {
            self.all.extend(parse(text));
        }
    }

    /// Whether a property is asked for: `inputs.stage`.
    pub(crate) fn mention(&self, path: &str) -> bool {
        let mut found = false;
        for expr in &self.all {
            expr.walk(&mut |part| found |= part.path().is_some_and(|own| own == path));
        }
        found
    }

    /// The refs that are compared with. `scope` resolves what does not depend on the run.
    pub(crate) fn landmarks(&self, scope: &Scope) -> Landmarks {
        let mut landmarks = Landmarks::default();
        for expr in &self.all {
            expr.walk(&mut |part| landmark(part, scope, &mut landmarks));
        }
        // A longer prefix is the narrower one, and is cut off first.
        landmarks
            .prefixes
            .sort_by_key(|prefix| std::cmp::Reverse(prefix.len()));
        landmarks.prefixes.dedup();
        landmarks
    }
}

fn landmark(part: &Expr, scope: &Scope, landmarks: &mut Landmarks) {
    match part {
        Expr::Compare(_, left, right) => {
            for (path, other) in [(left, right), (right, left)] {
                full(path, &literals(other, scope))
                    .into_iter()
                    .for_each(|text| push(&mut landmarks.exact, text));
            }
        }
        Expr::Call(name, arguments) => match (name.as_str(), arguments.as_slice()) {
            ("contains", [list, path]) => {
                full(path, &literals(list, scope))
                    .into_iter()
                    .for_each(|text| push(&mut landmarks.exact, text));
            }
            ("startswith", [path, prefix]) => {
                full(path, &literals(prefix, scope))
                    .into_iter()
                    .for_each(|text| push(&mut landmarks.prefixes, text));
            }
            _ => {}
        },
        _ => {}
    }
}

fn push(list: &mut Vec<String>, text: String) {
    if list.len() < MOST_LANDMARKS && !list.contains(&text) {
        list.push(text);
    }
}

/// The known texts that an expression can be, or holds as a list.
fn literals(expr: &Expr, scope: &Scope) -> Vec<String> {
    let of = |value: Value| match value {
        Value::List(items) => items,
        value => value.alternatives(),
    };
    let known = |value: Value| match value {
        Value::Text(text) => text.known().map(str::to_owned),
        _ => None,
    };
    of(crate::expr::value(expr, scope))
        .into_iter()
        .filter_map(known)
        .filter(|text| !text.is_empty())
        .collect()
}

/// The full refs that a comparison of `github.ref` or `github.ref_name` is about.
fn full(path: &Expr, texts: &[String]) -> Vec<String> {
    match path.path().as_deref() {
        Some("github.ref" | "github.event.ref") => texts.to_vec(),
        Some("github.ref_name") => texts
            .iter()
            .flat_map(|name| [format!("refs/heads/{name}"), format!("refs/tags/{name}")])
            .collect(),
        _ => Vec::new(),
    }
}
