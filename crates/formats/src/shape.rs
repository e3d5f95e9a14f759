//! What a JSON or YAML tree holds, told by its keys.

use std::sync::Arc;

use rolecall_core::json::Node;
use rolecall_core::span::Source;

use crate::budget::Budget;
use crate::document::{Role, is_document};
use crate::problem::Problem;
use crate::{Document, Format, Input, cloudformation, iam, percent, terraform_json, tree};

/// Reads whatever the tree is; what fits nothing else is a policy, so that core says what is wrong with it.
pub(crate) fn read(input: Input<'_>, node: &Node<'_>) -> Result<Document, Problem> {
    if let Some(document) = known(input, node) {
        return document;
    }
    let has = |names: &[&str]| names.iter().any(|name| node.get(name).is_some());
    if has(&["sub", "iss", "value"]) && !has(&["Version", "Id", "Statement"]) && !has(&WRAPPERS) {
        let what = "these are a token's claims, or a token, not a policy";
        let help = "give them in the token's place, and here the trust policy: `aws iam get-role` prints it";
        return Err(Problem::text(node.span, what, help));
    }
    let (format, document, path) = bare(node);
    let role = Role {
        path,
        ..Role::default()
    };
    let role = input.role(role, document);
    input.document(format, vec![role], || {
        Problem::text(node.span, "no policy", "")
    })
}

/// Reads a tree that is more than a policy.
pub(crate) fn known(input: Input<'_>, node: &Node<'_>) -> Option<Result<Document, Problem>> {
    if let Some(body) = node.get("TemplateBody") {
        return Some(template_body(input, body));
    }
    iam::read(input, node)
        .or_else(|| terraform_json::read(input, node))
        .or_else(|| cloudformation::read(input, node))
}

/// The keys under which a policy stands alone.
const WRAPPERS: [&str; 3] = ["AssumeRolePolicyDocument", "PolicyDocument", "TrustPolicy"];

fn bare<'n, 'a>(node: &'n Node<'a>) -> (Format, &'n Node<'a>, String) {
    if let Some(text) = node.as_str() {
        let format = if percent::is_encoded(text) {
            Format::Encoded
        } else {
            Format::Policy
        };
        return (format, node, String::new());
    }
    let wrapped = WRAPPERS.iter().find_map(|key| {
        let document = node.get(key).filter(|document| is_document(document))?;
        Some((Format::Policy, document, tree::step("", key)))
    });
    wrapped
        .filter(|_| node.get("Statement").is_none())
        .unwrap_or_else(|| (Format::Policy, node, String::new()))
}

/// `aws cloudformation get-template`: an object for a JSON template, a string for a YAML one
/// (AWS CLI Command Reference, "get-template").
fn template_body(input: Input<'_>, body: &Node<'_>) -> Result<Document, Problem> {
    let Some(text) = body.as_str() else {
        return known(input, body).unwrap_or_else(|| Err(cloudformation::nothing_in(body)));
    };
    let source = Arc::new(Source::new(text));
    let inner = Input {
        text: source.text(),
        source: &source,
        budget: &Budget::new(text),
        ..input
    };
    let decoded = inner.read();
    let mut document = decoded.map_err(|problem| Problem {
        // The inner place means nothing to a reader of the outer text.
        span: body.span,
        message: format!(
            "the template in this string can't be read: line {}: {}",
            source.position(problem.span.start).line,
            problem.message
        ),
        ..problem
    })?;
    document
        .notes
        .push("the template is inside a string: places refer to the decoded template".to_owned());
    Ok(document)
}
