//! `rolecall explain`

use rolecall_core::guide::{self, Found};
use rolecall_report::Guide;

use crate::args::{Color, ExplainArgs};
use crate::failure::Failure;
use crate::input::{Inputs, STDIN};
use crate::{Exit, output};

pub(crate) fn run(args: &ExplainArgs, color: Color, inputs: &mut Inputs) -> Result<Exit, Failure> {
    let query = match args.text.as_slice() {
        [only] if only == STDIN => inputs.read("the message", STDIN)?,
        words => words.join(" "),
    };
    let look = output::look(color, false);
    if query.trim().is_empty() {
        output::answer(&rolecall_report::contents(args.format.into(), &look))?;
        return Ok(Exit::Good);
    }
    let found = lookup(&query);
    let query = rolecall_report::without_secrets(&query);
    if found.is_empty() {
        return Err(unknown(&query, &found));
    }
    output::answer(&rolecall_report::explain(
        &Guide {
            query: &query,
            found: &found,
        },
        args.format.into(),
        &look,
    ))?;
    Ok(Exit::Good)
}

/// The guide of core, and the rules that look at workflows.
fn lookup(query: &str) -> Found {
    match rolecall_predict::findings::page(query) {
        Some(page) => Found {
            pages: vec![page],
            ..Found::default()
        },
        None => guide::lookup(query),
    }
}

fn unknown(query: &str, found: &Found) -> Failure {
    let short: String = rolecall_report::safe_line(query.trim())
        .chars()
        .take(80)
        .collect();
    let help = match found.suggestions.as_slice() {
        [] => "`rolecall explain` lists all ids; of a message give the whole line".to_owned(),
        near => format!(
            "did you mean {}? `rolecall explain` lists all ids",
            near.join(" or ")
        ),
    };
    Failure::new(format!("nothing is known about `{short}`"), help)
}
