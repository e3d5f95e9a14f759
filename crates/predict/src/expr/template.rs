//! Texts with `${{ ... }}` in them.

use super::eval::{Scope, value};
use super::parse::{Expr, SyntaxError, parse};
use super::value::{MOST_ALTERNATIVES, Value};
use crate::text::Text;

/// The expressions of a text, with their places in it.
///
/// # Errors
/// One of them is none, or does not end.
pub fn expressions(text: &str) -> Result<Vec<Expr>, SyntaxError> {
    let parts = split(text)?;
    let only = |part: Part<'_>| match part {
        Part::Plain(_) => None,
        Part::Expression(expression, at) => Some(parse(expression).map_err(|error| SyntaxError {
            at: error.at + at,
            ..error
        })),
    };
    parts.into_iter().filter_map(only).collect()
}

/// The first context in a text that is not among those that GitHub has at its place: there GitHub refuses the whole
/// workflow, "Unrecognized named-value" (docs.github.com, "Contexts reference", "Context availability").
/// `is_condition`: `${{ }}` may be left out. A text that can't be read has none.
///
/// ```
/// use rolecall_predict::expr::unavailable;
///
/// let allowed = ["github", "needs", "vars", "inputs"];
/// assert_eq!(unavailable("env.STAGE == 'prod'", true, &allowed).as_deref(), Some("env"));
/// assert_eq!(unavailable("github.ref == 'env'", true, &allowed), None);
/// ```
#[must_use]
pub fn unavailable(text: &str, is_condition: bool, allowed: &[&str]) -> Option<String> {
    let all = if is_condition && !text.contains("${{") {
        vec![parse(text).ok()?]
    } else {
        expressions(text).ok()?
    };
    let mut found = None;
    for expr in &all {
        expr.walk(&mut |part| {
            if let Expr::Name(name) = part {
                let name = name.to_lowercase();
                if found.is_none() && !allowed.contains(&name.as_str()) {
                    found = Some(name);
                }
            }
        });
    }
    found
}

/// The value of a text: of `${{ x }}` alone the value of `x`, else a text.
///
/// # Errors
/// An expression in it is none.
pub fn render(text: &str, scope: &Scope) -> Result<Value, SyntaxError> {
    let parts = split(text)?;
    if let [Part::Expression(expression, at)] = parts.as_slice() {
        return inside(expression, *at, scope);
    }
    let mut texts = vec![Text::default()];
    for part in parts {
        match part {
            Part::Plain(plain) => texts.iter_mut().for_each(|text| text.push_known(plain)),
            Part::Expression(expression, at) => {
                let ways = inside(expression, at, scope)?.texts();
                match ways.as_slice() {
                    // The usual case, and the one that must not copy a long text again and again.
                    [only] => texts.iter_mut().for_each(|text| text.push(only)),
                    ways => texts = product(&texts, ways, expression),
                }
            }
        }
    }
    Ok(Value::either(texts.into_iter().map(Value::Text)))
}

/// The value of an `if`: `${{ }}` may be left out, and without a function that asks for the state of the jobs
/// before it means `success() && (...)` (docs.github.com, "Workflow syntax", `jobs.<job_id>.if`).
///
/// # Errors
/// It is no expression.
pub fn condition(text: &str, scope: &Scope) -> Result<Value, SyntaxError> {
    if text.contains("${{") {
        return render(text, scope);
    }
    match text.trim().is_empty() {
        true => Ok(Value::Bool(true)),
        false => parse(text).map(|expr| value(&expr, scope)),
    }
}

fn inside(expression: &str, at: usize, scope: &Scope) -> Result<Value, SyntaxError> {
    let expr = parse(expression).map_err(|error| SyntaxError {
        at: error.at + at,
        ..error
    })?;
    Ok(value(&expr, scope))
}

/// Every text followed by every way to go on; too many become a hole.
fn product(texts: &[Text], ways: &[Text], expression: &str) -> Vec<Text> {
    if texts.len() * ways.len() > MOST_ALTERNATIVES {
        let with_hole = |text: &Text| {
            let mut text = text.clone();
            text.push_hole(expression.trim());
            text
        };
        return texts.iter().map(with_hole).collect();
    }
    let joined = |text: &Text, way: &Text| {
        let mut text = text.clone();
        text.push(way);
        text
    };
    texts
        .iter()
        .flat_map(|text| ways.iter().map(move |way| joined(text, way)))
        .collect()
}

#[derive(Debug, Clone, Copy)]
enum Part<'a> {
    Plain(&'a str),
    /// The expression and its place.
    Expression(&'a str, usize),
}

/// `}}` inside of quotes does not end an expression.
fn split(text: &str) -> Result<Vec<Part<'_>>, SyntaxError> {
    let mut parts = Vec::new();
    let mut at = 0;
    while let Some(begin) = text.get(at..).and_then(|rest| rest.find("${{")) {
        let start = at + begin + 3;
        if begin > 0 {
            parts.push(Part::Plain(text.get(at..at + begin).unwrap_or_default()));
        }
        let inner = text.get(start..).unwrap_or_default();
        let Some(end) = end(inner) else {
            return Err(SyntaxError {
                at: start - 3,
                message: "`${{` has no closing `}}`".to_owned(),
            });
        };
        parts.push(Part::Expression(
            inner.get(..end).unwrap_or_default(),
            start,
        ));
        at = start + end + 2;
    }
    let rest = text.get(at..).unwrap_or_default();
    if !rest.is_empty() {
        parts.push(Part::Plain(rest));
    }
    Ok(parts)
}

fn end(inner: &str) -> Option<usize> {
    let mut quoted = false;
    let bytes = inner.as_bytes();
    bytes.iter().enumerate().find_map(|(at, byte)| {
        quoted ^= *byte == b'\'';
        (!quoted && *byte == b'}' && bytes.get(at + 1) == Some(&b'}')).then_some(at)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_with_expressions() {
        let mut scope = Scope::default();
        scope.set(
            "matrix",
            Value::object([("env", Value::text("prod")), ("n", Value::Number(3.0))]),
        );
        let patterns = |text: &str| -> Vec<String> {
            render(text, &scope)
                .unwrap()
                .texts()
                .iter()
                .map(Text::pattern)
                .collect()
        };
        for (text, expected) in [
            ("plain", &["plain"][..]),
            ("a-${{ matrix.env }}-${{matrix.n}}", &["a-prod-3"]),
            ("${{ matrix.env }}", &["prod"]),
            ("${{ '}}' }}x", &["}}x"]),
            ("x${{ secrets.ROLE }}", &["x*"]),
            ("${{ secrets.X && 'a' || 'b' }}-z", &["a-z", "b-z"]),
            ("", &[""]),
        ] {
            assert_eq!(patterns(text), expected, "{text}");
        }
        assert_eq!(render("${{ matrix.n }}", &scope), Ok(Value::Number(3.0)));
        assert_eq!(render("a ${{ b", &scope).unwrap_err().at, 2);
        assert_eq!(render("a ${{ b c }}", &scope).unwrap_err().at, 8);
        assert_eq!(condition("matrix.n == 3", &scope), Ok(Value::Bool(true)));
        assert_eq!(
            condition("${{ matrix.n == 4 }}", &scope),
            Ok(Value::Bool(false))
        );
        assert_eq!(condition("", &scope), Ok(Value::Bool(true)));
    }
}
