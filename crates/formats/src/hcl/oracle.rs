//! hcl-edit as a second opinion: what it accepts must be accepted here, with the same literals.

use hcl_edit::expr::{Expression, ObjectKey};
use hcl_edit::structure::{Body as OtherBody, Structure};
use hcl_edit::template::{Element, Template};
use proptest::prelude::*;

use super::parse;
use super::syntax::{Body, Expr, ExprKind, Part};

/// Blocks and attributes as one text; `?` for what has no literal value.
fn ours(body: &Body<'_>) -> String {
    let attributes = body
        .attributes
        .iter()
        .map(|attribute| format!("{}={};", attribute.name, expr(&attribute.value)));
    let blocks = body
        .blocks
        .iter()
        .map(|block| format!("{} {:?}{{{}}}", block.kind, block.labels, ours(&block.body)));
    attributes.chain(blocks).collect()
}

fn theirs(body: &OtherBody) -> String {
    let mut attributes = String::new();
    let mut blocks = String::new();
    for structure in body {
        match structure {
            Structure::Attribute(attribute) => {
                attributes.push_str(&format!(
                    "{}={};",
                    attribute.key.as_str(),
                    other_expr(&attribute.value)
                ));
            }
            Structure::Block(block) => {
                let labels: Vec<&str> = block.labels.iter().map(|label| label.as_str()).collect();
                blocks.push_str(&format!(
                    "{} {labels:?}{{{}}}",
                    block.ident.as_str(),
                    theirs(&block.body)
                ));
            }
        }
    }
    attributes + &blocks
}

fn expr(expr: &Expr<'_>) -> String {
    match &expr.kind {
        ExprKind::Null => "null".to_owned(),
        ExprKind::Bool(value) => value.to_string(),
        ExprKind::Number(text) => format!("{:?}", text.parse::<f64>().unwrap()),
        ExprKind::Template(parts) => template(parts),
        ExprKind::Tuple(items) => format!("{:?}", items.iter().map(self::expr).collect::<Vec<_>>()),
        ExprKind::Object(members) => {
            let members = members
                .iter()
                .map(|(key, value)| format!("{}:{}", self::expr(key), self::expr(value)));
            format!("{{{}}}", members.collect::<Vec<_>>().join(","))
        }
        ExprKind::Call(name, arguments) => {
            format!(
                "{name}{:?}",
                arguments.iter().map(self::expr).collect::<Vec<_>>()
            )
        }
        ExprKind::Reference(_) | ExprKind::Other(_) => "?".to_owned(),
    }
}

fn template(parts: &[Part<'_>]) -> String {
    let mut text = String::new();
    for part in parts {
        match part {
            Part::Text { text: part, .. } => text.push_str(part),
            _ => text.push('?'),
        }
    }
    format!("{text:?}")
}

fn other_expr(expr: &Expression) -> String {
    match expr {
        Expression::Null(_) => "null".to_owned(),
        Expression::Bool(value) => value.value().to_string(),
        Expression::Number(number) => format!("{:?}", number.value().as_f64().unwrap()),
        Expression::String(text) => format!("{:?}", text.value()),
        Expression::StringTemplate(template) => other_template(template),
        Expression::HeredocTemplate(heredoc) => other_template(&heredoc.template),
        Expression::Array(items) => {
            format!("{:?}", items.iter().map(other_expr).collect::<Vec<_>>())
        }
        Expression::Object(object) => {
            let members = object
                .iter()
                .map(|(key, value)| format!("{}:{}", other_key(key), other_expr(value.expr())));
            format!("{{{}}}", members.collect::<Vec<_>>().join(","))
        }
        Expression::FuncCall(call)
            if call.name.namespace.is_empty() && !call.args.expand_final() =>
        {
            format!(
                "{}{:?}",
                call.name.name.as_str(),
                call.args.iter().map(other_expr).collect::<Vec<_>>()
            )
        }
        Expression::Parenthesis(inner) => other_expr(inner.inner()),
        _ => "?".to_owned(),
    }
}

fn other_key(key: &ObjectKey) -> String {
    match key {
        ObjectKey::Ident(name) => format!("{:?}", name.as_str()),
        ObjectKey::Expression(expr) => other_expr(expr),
    }
}

fn other_template(template: &Template) -> String {
    let mut text = String::new();
    for element in template {
        match element {
            Element::Literal(literal) => text.push_str(literal.value()),
            _ => text.push('?'),
        }
    }
    format!("{text:?}")
}

fn compare(text: &str) -> Result<(), TestCaseError> {
    let Ok(other) = hcl_edit::parser::parse_body(text) else {
        return Ok(());
    };
    let body = parse::body(text)
        .map_err(|problem| TestCaseError::fail(format!("{text}: {}", problem.message)))?;
    prop_assert_eq!(ours(&body), theirs(&other), "{}", text);
    Ok(())
}

/// Literals, collections and everything that may stand around them. No heredoc without lines: hcl-edit
/// 0.10 takes its end for a line.
fn expression() -> impl Strategy<Value = String> {
    let leaf = prop_oneof![
        Just("null".to_owned()),
        Just("true".to_owned()),
        "[0-9]{1,3}(\\.[0-9])?".prop_map(|number| number),
        "[a-z]{1,3}(\\.[a-z]{1,3}|\\[0\\]|\\[\"k\"\\]|\\[\\*\\]|\\.\\*){0,2}".prop_map(|path| format!("r{path}")),
        "([a-zé ${}%#/*'=:,]|\\\\n|\\\\\"|\\\\\\\\|\\\\u00e9|\\$\\$\\{|%%\\{|\\$\\{a\\}|\\$\\{b\\[\"}\"\\]\\}|\\$\\{~ c ~\\}){0,6}".prop_map(|text| format!("\"{text}\"")),
        "( *([a-z\"\\\\{}#]|\\$\\{a\\}|\\$\\$\\{){1,5}\n){1,3}".prop_map(|lines| format!("<<EOF\n{lines}EOF\n")),
        "( {2,4}([a-z\"\\\\{}#]|\\$\\{a\\}){1,5}\n){1,3}".prop_map(|lines| format!("<<-EOT\n{lines}  EOT\n")),
    ];
    leaf.prop_recursive(4, 24, 4, |inner| {
        let inner = inner.boxed();
        let value = inner.clone();
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4)
                .prop_map(|items| format!("[{}]", items.join(" ,\n /* c */ "))),
            prop::collection::vec(
                ("[a-z]{1,4}[0-9]", " ?[=:] ?", value, "\n| , |, # c\n|\n\n"),
                0..4
            )
            .prop_map(|members| {
                let members = members.into_iter().enumerate();
                let text: String = members
                    .map(|(index, (key, sign, value, end))| {
                        format!("{key}{index}{sign}{value}{end}")
                    })
                    .collect();
                format!("{{{text}}}")
            }),
            (prop::collection::vec(inner.clone(), 0..3), "[a-z]{1,5}")
                .prop_map(|(items, name)| format!("f{name}({})", items.join(", "))),
            inner.clone().prop_map(|inner| format!("(\n{inner}\n)")),
            (inner.clone(), "[-+*/<>]|==|&&")
                .prop_map(|(inner, operator)| format!("x {operator} {inner}")),
            inner.clone().prop_map(|inner| format!("x ? {inner} : y")),
            inner
                .clone()
                .prop_map(|inner| format!("[for k, v in {inner} : k if v]")),
            inner.prop_map(|inner| format!("{{for k in a : k => {inner}}}")),
        ]
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1000))]

    #[test]
    fn what_hcl_edit_accepts_is_read_alike(value in expression(), label in "[a-z]{1,3}") {
        compare(&format!("a = {value}\nblock \"{label}\" x {{ # c\n  b = {value}\n  inner {{ c = 1 }}\n}}\n"))?;
    }

    #[test]
    fn soup_too(text in "[a-c=\"{}\\[\\]()<>\\-\n ,.:#$%~?]{0,24}") {
        compare(&text)?;
    }
}

#[test]
fn the_fixtures_are_read_alike() {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures");
    let mut count = 0;
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_some_and(|extension| extension == "tf") {
            count += usize::from(
                hcl_edit::parser::parse_body(&std::fs::read_to_string(&path).unwrap()).is_ok(),
            );
            compare(&std::fs::read_to_string(path).unwrap()).unwrap();
        }
    }
    assert!(
        count >= 3,
        "hcl-edit accepts all but the one with a repeated key"
    );
}
