//! A tree into a value.

use std::collections::BTreeMap;
use std::sync::Arc;

use rolecall_core::tri::Tri;

use super::functions;
use super::parse::{Comparison, Expr, SyntaxError, parse};
use super::value::Value;

/// What the contexts hold. A context that is not set is unknown.
#[derive(Debug, Clone, Default)]
pub struct Scope {
    /// Shared: a scope is copied for every cell and step.
    contexts: BTreeMap<String, Arc<Value>>,
}

impl Scope {
    /// Sets a context.
    pub fn set(&mut self, name: &str, value: Value) {
        self.contexts.insert(name.to_lowercase(), Arc::new(value));
    }

    /// A context.
    #[must_use]
    pub fn get(&self, name: &str) -> Value {
        let name = name.to_lowercase();
        let found = self.contexts.get(&name);
        found.map_or(Value::Unknown(name), |value| (**value).clone())
    }
}

/// Evaluates an expression, without `${{` and `}}` around it.
///
/// # Errors
/// It is no expression.
pub fn evaluate(text: &str, scope: &Scope) -> Result<Value, SyntaxError> {
    Ok(value(&parse(text)?, scope))
}

/// The value of a tree.
pub(crate) fn value(expr: &Expr, scope: &Scope) -> Value {
    match expr {
        Expr::Null => Value::Null,
        Expr::Bool(value) => Value::Bool(*value),
        Expr::Number(number) => Value::Number(*number),
        Expr::Text(text) => Value::text(text),
        Expr::Name(name) => scope.get(name),
        Expr::Index(of, key) => match place(of, scope) {
            Some(of) => index(of, &value(key, scope)),
            None => index(&value(of, scope), &value(key, scope)),
        },
        Expr::Star(of) => star(value(of, scope)),
        Expr::Not(operand) => Value::from_tri(!value(operand, scope).truth()),
        Expr::And(left, right) => choose(value(left, scope), Tri::Yes, || value(right, scope)),
        Expr::Or(left, right) => choose(value(left, scope), Tri::No, || value(right, scope)),
        Expr::Compare(comparison, left, right) => Value::from_tri(compare(
            *comparison,
            &value(left, scope),
            &value(right, scope),
        )),
        Expr::Call(name, arguments) => {
            let arguments: Vec<Value> = arguments
                .iter()
                .map(|argument| value(argument, scope))
                .collect();
            functions::call(name, &arguments)
        }
    }
}

/// The value of a context or of a property of one, where it stands: contexts are large, and are not copied.
fn place<'s>(expr: &Expr, scope: &'s Scope) -> Option<&'s Value> {
    match expr {
        Expr::Name(name) => scope
            .contexts
            .get(&name.to_lowercase())
            .map(|value| &**value),
        Expr::Index(of, key) => match (place(of, scope)?, &**key) {
            (Value::Object { members, .. }, Expr::Text(key)) => {
                let own = members
                    .iter()
                    .find(|(name, _)| name.eq_ignore_ascii_case(key));
                own.map(|(_, value)| value)
            }
            _ => None,
        },
        _ => None,
    }
}

fn index(of: &Value, key: &Value) -> Value {
    match (of, key) {
        (Value::List(items), key) => match key.number() {
            Some(number) => items
                .iter()
                .enumerate()
                .find(|(index, _)| *index as f64 == number)
                .map_or(Value::Null, |(_, item)| item.clone()),
            None => Value::Unknown("an item of a list".to_owned()),
        },
        (of, Value::Either(keys)) => Value::either(keys.iter().map(|key| index(of, key))),
        (of, key) => match key.texts().as_slice() {
            [text] if text.known().is_some() => of.get(text.known().unwrap_or_default()),
            _ => Value::Unknown("a property whose name is not known".to_owned()),
        },
    }
}

fn star(of: Value) -> Value {
    match of {
        Value::List(items) => Value::List(items),
        Value::Object {
            members,
            open: None,
        } => Value::List(members.into_iter().map(|(_, value)| value).collect()),
        Value::Object {
            open: Some(name), ..
        }
        | Value::Unknown(name) => Value::Unknown(name),
        _ => Value::List(Vec::new()),
    }
}

/// `&&` goes on where the left side is true, `||` where it is false; else the left side is the value.
fn choose(left: Value, goes_on: Tri, right: impl Fn() -> Value) -> Value {
    Value::either(
        left.alternatives()
            .into_iter()
            .flat_map(|left| match left.truth() {
                truth if truth == goes_on => vec![right()],
                Tri::Unknown if goes_on == Tri::Yes => vec![right(), falsy(left)],
                Tri::Unknown => vec![left, right()],
                _ => vec![left],
            }),
    )
}

/// Of an unknown `x` in `x && y` only a false one is left as the result.
fn falsy(value: Value) -> Value {
    match value {
        Value::Text(_) => Value::text(""),
        Value::Unknown(name) => Value::Falsy(name),
        value => value,
    }
}

fn compare(comparison: Comparison, left: &Value, right: &Value) -> Tri {
    match (left, right) {
        (Value::Either(values), other) => {
            agreed(values.iter().map(|value| compare(comparison, value, other)))
        }
        (other, Value::Either(values)) => {
            agreed(values.iter().map(|value| compare(comparison, other, value)))
        }
        _ => match comparison {
            Comparison::Equal => equal(left, right),
            Comparison::NotEqual => !equal(left, right),
            _ => ordered(comparison, left, right),
        },
    }
}

fn agreed(mut answers: impl Iterator<Item = Tri>) -> Tri {
    let first = answers.next().unwrap_or(Tri::Unknown);
    if answers.all(|answer| answer == first) {
        first
    } else {
        Tri::Unknown
    }
}

/// Values of different types are compared as numbers; lists and objects only with themselves.
pub(super) fn equal(left: &Value, right: &Value) -> Tri {
    match (left, right) {
        (Value::Unknown(left), Value::Unknown(right)) if left == right => Tri::Yes,
        (Value::Unknown(_) | Value::Falsy(_), _) | (_, Value::Unknown(_) | Value::Falsy(_)) => {
            Tri::Unknown
        }
        (Value::Text(left), Value::Text(right)) => left.equals(right),
        (Value::List(_) | Value::Object { .. }, _) | (_, Value::List(_) | Value::Object { .. }) => {
            Tri::Unknown
        }
        (Value::Null, Value::Null) => Tri::Yes,
        _ => match (left.number(), right.number()) {
            #[expect(clippy::float_cmp, reason = "GitHub compares so")]
            (Some(left), Some(right)) => Tri::from(left == right),
            _ => Tri::Unknown,
        },
    }
}

fn ordered(comparison: Comparison, left: &Value, right: &Value) -> Tri {
    let holds = |order: Option<std::cmp::Ordering>| {
        order.is_some_and(|order| match comparison {
            Comparison::Less => order.is_lt(),
            Comparison::AtMost => order.is_le(),
            Comparison::Greater => order.is_gt(),
            _ => order.is_ge(),
        })
    };
    if let (Value::Text(left), Value::Text(right)) = (left, right) {
        return match (left.known(), right.known()) {
            (Some(left), Some(right)) => {
                Tri::from(holds(Some(left.to_uppercase().cmp(&right.to_uppercase()))))
            }
            _ => Tri::Unknown,
        };
    }
    match (left.number(), right.number()) {
        (Some(left), Some(right)) => Tri::from(holds(left.partial_cmp(&right))),
        _ => Tri::Unknown,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::Text;

    fn scope() -> Scope {
        let mut branch = Text::from("refs/heads/");
        branch.push_hole("the branch");
        let mut scope = Scope::default();
        scope.set(
            "github",
            Value::object([
                ("ref", Value::Text(branch)),
                ("event_name", Value::text("push")),
                ("actor", Value::Unknown("github.actor".to_owned())),
                ("repository", Value::text("octo-org/octo-repo")),
            ]),
        );
        scope.set(
            "matrix",
            Value::from_json(
                &serde_json::json!({"env": "prod", "n": 2, "on": false, "list": ["a", "b"]}),
            ),
        );
        scope.set("env", Value::object::<&str>([]));
        scope
    }

    #[test]
    fn known_and_unknown() {
        let either = |a, b| Value::Either(vec![a, b]);
        let unknown = || either(Value::Bool(true), Value::Bool(false));
        for (text, expected) in [
            ("github.event_name == 'PUSH'", Value::Bool(true)),
            ("github.ref == 'refs/tags/v1'", Value::Bool(false)),
            ("github.ref == 'refs/heads/main'", unknown()),
            ("github.actor != 'dependabot[bot]'", unknown()),
            (
                "github.event_name == 'pull_request' && github.actor == 'x'",
                Value::Bool(false),
            ),
            ("matrix.env", Value::text("prod")),
            ("MATRIX['ENV']", Value::text("prod")),
            ("matrix.missing", Value::Null),
            ("env.missing == ''", Value::Bool(true)),
            ("matrix.n == '2'", Value::Bool(true)),
            ("matrix.n > 1 && matrix.n <= 2", Value::Bool(true)),
            ("'b' > 'A'", Value::Bool(true)),
            ("null == 0", Value::Bool(true)),
            ("!matrix.on", Value::Bool(true)),
            ("matrix.on || 'fallback'", Value::text("fallback")),
            ("matrix.list[1]", Value::text("b")),
            ("matrix.list[7]", Value::Null),
            ("contains(matrix.list, 'B')", Value::Bool(true)),
            ("contains('Hello', 'ell')", Value::Bool(true)),
            (
                "contains(fromJSON('[\"main\", \"dev\"]'), 'prod')",
                Value::Bool(false),
            ),
            ("startsWith(github.ref, 'refs/heads/')", Value::Bool(true)),
            (
                "endsWith(github.repository, '/octo-repo')",
                Value::Bool(true),
            ),
            (
                "format('{0}-{1}{{}}', matrix.env, matrix.n)",
                Value::text("prod-2{}"),
            ),
            ("join(matrix.list, '+')", Value::text("a+b")),
            ("join(matrix.list)", Value::text("a,b")),
            ("fromJSON(toJSON(matrix.list))[0]", Value::text("a")),
            ("toJSON('a')", Value::text("\"a\"")),
            ("always() && !cancelled()", unknown()),
            (
                "secrets.X && 'a' || 'b'",
                either(Value::text("a"), Value::text("b")),
            ),
            ("!(secrets.X && false)", Value::Bool(true)),
            ("success()", Value::Bool(true)),
            (
                "github.ref == 'refs/heads/main' && 'prod' || 'dev'",
                either(Value::text("prod"), Value::text("dev")),
            ),
            (
                "needs.build.outputs.x",
                Value::Unknown("needs.build.outputs.x".to_owned()),
            ),
            (
                "hashFiles('**')",
                Value::Unknown("hashFiles(...)".to_owned()),
            ),
            ("-1.5e1", Value::Number(-15.0)),
            ("0x1F", Value::Number(31.0)),
            ("'it''s'", Value::text("it's")),
        ] {
            assert_eq!(evaluate(text, &scope()), Ok(expected), "{text}");
        }
    }

    #[test]
    fn texts_with_holes_keep_what_is_known() {
        let texts = |text: &str| -> Vec<String> {
            evaluate(text, &scope())
                .unwrap()
                .texts()
                .iter()
                .map(Text::pattern)
                .collect()
        };
        assert_eq!(texts("format('x-{0}', github.ref)"), ["x-refs/heads/*"]);
        assert_eq!(texts("join(fromJSON('[\"a\"]'), github.actor)"), ["a"]);
        assert_eq!(texts("github.actor || 'x'"), ["*", "x"]);
    }
}
