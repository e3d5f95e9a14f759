//! The functions of expressions.

use rolecall_core::tri::Tri;

use super::eval::equal;
use super::value::Value;
use crate::text::Text;

/// Calls a function; one that is not known here has an unknown value.
pub(super) fn call(name: &str, arguments: &[Value]) -> Value {
    if let Some(position) = arguments
        .iter()
        .position(|argument| matches!(argument, Value::Either(_)))
    {
        return distribute(name, arguments, position);
    }
    match (name, arguments) {
        ("contains", [within, item]) => Value::from_tri(contains(within, item)),
        ("startswith", [text, part]) => of_texts(text, part, Text::starts_with),
        ("endswith", [text, part]) => of_texts(text, part, Text::ends_with),
        ("format", [pattern, values @ ..]) => format(pattern, values),
        ("join", [list]) => join(list, &Value::text(",")),
        ("join", [list, separator]) => join(list, separator),
        ("tojson", [value]) => to_json(value),
        ("fromjson", [text]) => from_json(text),
        // The jobs before are taken to succeed.
        ("success" | "always", []) => Value::Bool(true),
        ("failure" | "cancelled", []) => Value::from_tri(Tri::Unknown),
        ("hashfiles", _) => Value::Unknown("hashFiles(...)".to_owned()),
        _ => Value::Unknown(format!("{name}(...)")),
    }
}

/// One of several values in, one of several out.
fn distribute(name: &str, arguments: &[Value], position: usize) -> Value {
    let alternatives = arguments
        .get(position)
        .cloned()
        .map_or_else(Vec::new, Value::alternatives);
    let result = |alternative: Value| {
        let mut chosen = arguments.to_vec();
        if let Some(argument) = chosen.get_mut(position) {
            *argument = alternative;
        }
        call(name, &chosen)
    };
    Value::either(alternatives.into_iter().map(result))
}

fn contains(within: &Value, item: &Value) -> Tri {
    match within {
        Value::List(items) => Tri::any(items.iter().map(|own| equal(own, item))),
        Value::Unknown(_) | Value::Falsy(_) | Value::Object { open: Some(_), .. } => Tri::Unknown,
        Value::Object { members, .. } => Tri::any(members.iter().map(|(_, own)| equal(own, item))),
        _ => text(within).contains(&text(item)),
    }
}

fn of_texts(whole: &Value, part: &Value, question: fn(&Text, &Text) -> Tri) -> Value {
    Value::from_tri(question(&text(whole), &text(part)))
}

/// The text of a value that is not one of several.
fn text(value: &Value) -> Text {
    value.texts().pop().unwrap_or_default()
}

fn format(pattern: &Value, values: &[Value]) -> Value {
    let pattern = text(pattern);
    let Some(mut rest) = pattern.known() else {
        return Value::Text(Text::hole("format(...)"));
    };
    let mut result = Text::default();
    while let Some(at) = rest.find(['{', '}']) {
        let (before, special) = rest.split_at(at);
        result.push_known(before);
        rest = match special.get(..2) {
            Some("{{") => push(&mut result, "{", special, 2),
            Some("}}") => push(&mut result, "}", special, 2),
            _ => match placeholder(special, values) {
                Some((value, rest)) => {
                    result.push(&value);
                    rest
                }
                // GitHub refuses such a format; the run fails, and no text is wrong.
                None => return Value::Unknown("format(...)".to_owned()),
            },
        };
    }
    result.push_known(rest);
    Value::Text(result)
}

fn push<'a>(result: &mut Text, text: &str, special: &'a str, length: usize) -> &'a str {
    result.push_known(text);
    special.get(length..).unwrap_or_default()
}

fn placeholder<'a>(special: &'a str, values: &[Value]) -> Option<(Text, &'a str)> {
    let (number, rest) = special.strip_prefix('{')?.split_once('}')?;
    let value = values.get(number.trim().parse::<usize>().ok()?)?;
    Some((text(value), rest))
}

fn join(list: &Value, separator: &Value) -> Value {
    let separator = text(separator);
    match list {
        Value::List(items) => {
            let mut result = Text::default();
            for (index, item) in items.iter().enumerate() {
                if index > 0 {
                    result.push(&separator);
                }
                result.push(&text(item));
            }
            Value::Text(result)
        }
        Value::Unknown(name) | Value::Falsy(name) => Value::Unknown(name.clone()),
        other => Value::Text(text(other)),
    }
}

fn to_json(value: &Value) -> Value {
    value
        .to_json()
        .and_then(|json| serde_json::to_string_pretty(&json).ok())
        .map_or_else(
            || Value::Unknown("toJSON(...)".to_owned()),
            |json| Value::text(&json),
        )
}

fn from_json(json: &Value) -> Value {
    let json = text(json);
    json.known()
        .and_then(|json| serde_json::from_str(json).ok())
        .map_or_else(
            || Value::Unknown("fromJSON(...)".to_owned()),
            |json| Value::from_json(&json),
        )
}
