//! What is drawn of an answer: for the engine, which has the code of answers.

mod column;
mod compare;
mod explain;
mod highlight;
mod markdown;
mod marks;
mod push;
mod repair;
mod setup;
mod trace;
mod triggers;
mod who;
mod why;
mod workflow;

use serde_json::Value;

use crate::html::{Html, slot};
use crate::page::Page;
use crate::report::{Claims, Read as _, member};

/// Draws. The question is an object with `what`, and:
///
/// | `what` | the answer | members |
/// |---|---|---|
/// | `page` | the parts of the page that hang on what is judged | those of `Page` |
/// | `explain` | markup: what a cause or a rule means | `explain`, a `rolecall.explain/1` |
/// | `setup` | markup: the files of a set-up | `generate`, a `rolecall.generate/1` |
/// | `markdown` | the answer as Markdown | `check`, a `rolecall.check/1` |
/// | `format` | JSON, laid out anew | `text` |
///
/// Markup is in the marks of [`html`](mod@crate::html); the parts of the page are as [`crate::html::slots`] reads them. Members
/// that are missing have their empty value; where something else is asked for, nothing is drawn.
///
/// ```
/// let laid_out = rolecall_views::draw(r#"{ "what": "format", "text": "{\"a\":1}" }"#);
/// assert_eq!(laid_out, "{\n  \"a\": 1\n}\n");
/// ```
pub fn draw(question: &str) -> String {
    let question: Value = serde_json::from_str(question).unwrap_or_default();
    let mut members = Claims::read(question);
    let what: String = member(&mut members, "what");
    let html = match what.as_str() {
        "page" => return page(&Page::read(Value::Object(members))),
        "markdown" => return markdown::markdown(&member(&mut members, "check")),
        "format" => return highlight::formatted(&member::<String>(&mut members, "text")),
        "explain" => explain::view(&member(&mut members, "explain")),
        "setup" => setup::view(&member(&mut members, "generate")),
        _ => Html::default(),
    };
    html.text().to_owned()
}

fn page(page: &Page) -> String {
    let parts = [
        ("answer", column::view(page)),
        ("push", push::view(page)),
        ("push-notes", push::notes(page)),
        ("workflow", workflow::view(page)),
        ("workflow-notes", workflow::notes(page)),
    ];
    let mut text = page.written();
    text.extend(parts.iter().map(|(name, part)| slot(name, part.text())));
    let lines = marks::coloured(page);
    let lines: Vec<&str> = lines.iter().map(Html::text).collect();
    // No line has a line break in its markup.
    text + &slot("coloured", &lines.join("\n"))
}
