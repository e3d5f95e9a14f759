//! `strategy.matrix`: one job a cell.
//!
//! The product of the lists, less `exclude`, plus `include`: an entry is added to every cell whose own values it does
//! not change, else it is a cell of its own (docs.github.com, "Workflow syntax", `jobs.<job_id>.strategy.matrix`).

use rolecall_core::json::{Kind, Node};
use rolecall_core::tri::Tri;

use crate::expr::{Scope, Value, render};

/// One cell: its values by name.
pub(crate) type Cell = Vec<(String, Value)>;

/// The most cells; GitHub's own limit.
pub(crate) const MOST_CELLS: usize = 256;

/// The most values of all entries of `include` or `exclude`; each is compared with every cell.
const MOST_ENTRIES: usize = 1_000;

/// The cells of a matrix, or why they are not known.
pub(crate) fn cells(matrix: &Node<'_>, scope: &Scope) -> Result<Vec<Cell>, String> {
    let Value::Object {
        members,
        open: None,
    } = value(matrix, scope)
    else {
        return Err("the matrix comes from an expression".to_owned());
    };
    let mut cells: Vec<Cell> = vec![Vec::new()];
    for (key, values) in members
        .iter()
        .filter(|(key, _)| key != "include" && key != "exclude")
    {
        let Value::List(values) = values else {
            return Err(format!("`matrix.{key}` comes from an expression"));
        };
        if cells.len() * values.len() > MOST_CELLS {
            return Err(format!("the matrix has more than {MOST_CELLS} cells"));
        }
        let with = |cell: &Cell, value: &Value| {
            [cell.as_slice(), &[(key.clone(), value.clone())]].concat()
        };
        cells = cells
            .iter()
            .flat_map(|cell| values.iter().map(|value| with(cell, value)))
            .collect();
    }
    if cells.first().is_some_and(Vec::is_empty) {
        cells.clear();
    }
    for entry in entries(&members, "exclude")? {
        cells.retain(|cell| holds(cell, &entry) != Tri::Yes);
    }
    include(&mut cells, entries(&members, "include")?)?;
    Ok(cells)
}

fn entries(members: &[(String, Value)], key: &str) -> Result<Vec<Cell>, String> {
    let unknown = || format!("`matrix.{key}` comes from an expression");
    let list = members
        .iter()
        .find(|(name, _)| name == key)
        .map(|(_, value)| value);
    let items = match list {
        None | Some(Value::Null) => return Ok(Vec::new()),
        Some(Value::List(items)) => items,
        Some(_) => return Err(unknown()),
    };
    let entry = |item: &Value| match item {
        Value::Object {
            members,
            open: None,
        } => Ok(members.clone()),
        _ => Err(unknown()),
    };
    let entries: Vec<Cell> = items.iter().map(entry).collect::<Result<_, _>>()?;
    match entries.iter().map(Vec::len).sum() {
        0..=MOST_ENTRIES => Ok(entries),
        _ => Err(format!(
            "`matrix.{key}` has more than {MOST_ENTRIES} values"
        )),
    }
}

/// Whether a cell has all values of an entry.
fn holds(cell: &Cell, entry: &Cell) -> Tri {
    Tri::all(entry.iter().map(|(key, value)| {
        let own = cell.iter().find(|(name, _)| name == key);
        own.map_or(Tri::No, |(_, own)| Tri::from(own == value))
    }))
}

fn include(cells: &mut Vec<Cell>, entries: Vec<Cell>) -> Result<(), String> {
    let original: Vec<Cell> = cells.clone();
    for entry in entries {
        let mut fits_somewhere = false;
        for (cell, own) in cells.iter_mut().zip(&original) {
            let changes = own
                .iter()
                .any(|(key, value)| entry.iter().any(|(name, new)| name == key && new != value));
            if !changes {
                fits_somewhere = true;
                entry.iter().for_each(|(key, value)| set(cell, key, value));
            }
        }
        if !fits_somewhere {
            if cells.len() >= MOST_CELLS {
                return Err(format!("the matrix has more than {MOST_CELLS} cells"));
            }
            cells.push(entry);
        }
    }
    Ok(())
}

fn set(cell: &mut Cell, key: &str, value: &Value) {
    match cell.iter_mut().find(|(name, _)| name == key) {
        Some((_, own)) => *own = value.clone(),
        None => cell.push((key.to_owned(), value.clone())),
    }
}

/// YAML with its expressions evaluated.
pub(crate) fn value(node: &Node<'_>, scope: &Scope) -> Value {
    match &node.kind {
        Kind::Null => Value::Null,
        Kind::Bool(value) => Value::Bool(*value),
        Kind::Number(text) => Value::text(text),
        // An expression that is none makes GitHub refuse the workflow; nothing is known of its value.
        Kind::String(text) => {
            render(text, scope).unwrap_or_else(|_| Value::Unknown(text.to_string()))
        }
        Kind::Array(items) => Value::List(items.iter().map(|item| value(item, scope)).collect()),
        Kind::Object(members) => Value::object(
            members
                .iter()
                .map(|member| (member.key.to_string(), value(&member.value, scope))),
        ),
    }
}

/// The cell in words: `env=prod, region=eu-west-1`.
pub(crate) fn words(cell: &Cell) -> String {
    let one = |(key, value): &(String, Value)| {
        let text = value.to_json().map(|json| {
            json.as_str()
                .map_or_else(|| json.to_string(), str::to_owned)
        });
        format!("{key}={}", text.unwrap_or_else(|| "?".to_owned()))
    };
    cell.iter().map(one).collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(matrix: &str) -> String {
        let trees = rolecall_formats::yaml::parse(matrix).unwrap();
        match cells(&trees[0], &Scope::default()) {
            Ok(cells) => cells.iter().map(words).collect::<Vec<_>>().join(" | "),
            Err(why) => why,
        }
    }

    #[test]
    fn cells_of_matrices() {
        for (matrix, expected) in [
            (
                "{a: [1, 2], b: [x, y]}",
                "a=1, b=x | a=1, b=y | a=2, b=x | a=2, b=y",
            ),
            (
                "{a: [1, 2], b: [x, y], exclude: [{a: 1, b: y}, {b: x}]}",
                "a=2, b=y",
            ),
            (
                "{include: [{env: dev}, {env: prod, role: r}]}",
                "env=dev | env=prod, role=r",
            ),
            // The example of GitHub's documentation.
            (
                "{fruit: [apple, pear], animal: [cat, dog], include: [{color: green}, {color: pink, animal: cat}, {fruit: apple, shape: circle}, {fruit: banana}, {fruit: banana, animal: cat}]}",
                "fruit=apple, animal=cat, color=pink, shape=circle | fruit=apple, animal=dog, color=green, shape=circle | fruit=pear, animal=cat, color=pink | fruit=pear, animal=dog, color=green | fruit=banana | fruit=banana, animal=cat",
            ),
            (
                "{env: [{name: prod, role: r}]}",
                r#"env={"name":"prod","role":"r"}"#,
            ),
            (
                "${{ fromJSON(needs.plan.outputs.m) }}",
                "the matrix comes from an expression",
            ),
            (
                "{a: '${{ fromJSON(needs.x.outputs.y) }}'}",
                "`matrix.a` comes from an expression",
            ),
            ("{a: '${{ fromJSON(''[\"x\", \"y\"]'') }}'}", "a=x | a=y"),
            ("{a: [1], b: ['${{ secrets.x }}']}", "a=1, b=?"),
        ] {
            assert_eq!(
                shown(matrix).replace("''", "'"),
                expected.replace("''", "'"),
                "{matrix}"
            );
        }
    }

    #[test]
    fn the_number_of_cells_is_bounded() {
        let list = |n: usize| (0..n).map(|i| i.to_string()).collect::<Vec<_>>().join(", ");
        let message = format!("the matrix has more than {MOST_CELLS} cells");
        assert_eq!(
            shown(&format!("{{a: [{0}], b: [{0}], c: [{0}]}}", list(100))),
            message
        );
    }
}
