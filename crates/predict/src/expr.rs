//! GitHub's expressions, as far as they can be resolved before a run.
//!
//! # Grammar
//! ```text
//! or      = and *( "||" and )
//! and     = equal *( "&&" equal )
//! equal   = less *( ( "==" | "!=" ) less )
//! less    = unary *( ( "<" | "<=" | ">" | ">=" ) unary )
//! unary   = *( "!" ) postfix
//! postfix = primary *( "." NAME | "." "*" | "[" or "]" )
//! primary = NAME | NAME "(" [ or *( "," or ) ] ")" | STRING | NUMBER | "true" | "false" | "null" | "(" or ")"
//! ```
//! Strings stand in single quotes, a quote in them is doubled. Texts and names of properties are compared without
//! letter case; texts become numbers where a number is asked for. `&&` and `||` give one of their operands.
//! Source: docs.github.com, "Evaluate expressions in workflows and actions".
//!
//! What is not known stays unknown; where a condition is unknown but its outcomes are not, the value is one of
//! several ([`Value::Either`]):
//!
//! ```
//! use rolecall_predict::expr::{Scope, Value, evaluate};
//!
//! let mut scope = Scope::default();
//! scope.set("vars", Value::object([("STAGE", Value::text("prod"))]));
//! assert_eq!(evaluate("vars.stage == 'PROD'", &scope), Ok(Value::Bool(true)));
//! let value = evaluate("github.ref == 'refs/heads/main' && 'production' || 'staging'", &scope).unwrap();
//! assert_eq!(value, Value::Either(vec![Value::text("production"), Value::text("staging")]));
//! ```
//!
//! # Limitations
//! `hashFiles` is unknown. `success()` and `always()` count as true: the jobs before are taken to succeed;
//! `failure()` and `cancelled()` are unknown.

mod eval;
mod functions;
mod parse;
mod template;
mod value;

pub(crate) use eval::value;
pub use eval::{Scope, evaluate};
pub use parse::{Expr, SyntaxError, parse};
pub use template::{condition, expressions, render, unavailable};
pub use value::Value;
