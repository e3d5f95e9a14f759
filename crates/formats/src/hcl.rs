//! Terraform configuration: the roles of a text, with what the same text tells of their policies.

mod parse;
mod policy_document;
mod reference;
mod roles;
mod skip;
mod syntax;
mod template;
mod value;

#[cfg(test)]
mod oracle;

pub(crate) use reference::{DOCUMENT, Module, steps};
pub(crate) use roles::{of_block, policy};
pub(crate) use syntax::{Block, Body, Expr, ExprKind};
pub(crate) use value::Resolver;

use crate::permissions::{Search, hcl};
use crate::problem::Problem;
use crate::{Document, Format, Input};

/// What to give where configuration does not tell enough.
const HELP: &str =
    "give `terraform show -json` of the state or the plan, or what `aws iam get-role` prints";

/// Reads the roles of a configuration.
pub(crate) fn read(input: Input<'_>) -> Result<Document, Problem> {
    let body = parse::body(input.text)?;
    let module = reference::Module::new(&body);
    let roles = roles::all(input, &body, &module);
    input.document(Format::Terraform, roles, || roles::nothing_in(&body))
}

/// Reads the permission policies of a configuration.
pub(crate) fn permissions(search: &mut Search<'_>) -> Result<(), Problem> {
    let body = parse::body(search.text())?;
    let module = reference::Module::new(&body);
    hcl::read(search, &body, &module)
}
