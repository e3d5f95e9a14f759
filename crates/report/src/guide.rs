//! The guide's pages and messages.

use rolecall_core::guide::{self, Found, Message, Page};
use rolecall_core::report::{CauseId, CheckId};
use serde::Serialize;

use crate::text::{Paint, parts::labelled};
use crate::{Look, clean, words};

/// A question to the guide, and what was found.
#[derive(Debug, Clone, Copy)]
pub struct Guide<'a> {
    /// What was asked.
    pub query: &'a str,
    /// What was found.
    pub found: &'a Found,
}

/// The answer as data.
#[derive(Serialize)]
pub(crate) struct Document<'a> {
    schema: &'static str,
    query: &'a str,
    pages: Vec<&'static Page>,
    messages: Vec<&'static Message>,
}

const SCHEMA: &str = "rolecall.explain/1";
/// Columns before an indented text.
const INDENT: usize = 2;

pub(crate) fn document<'a>(guide: &Guide<'a>) -> Document<'a> {
    Document {
        schema: SCHEMA,
        query: guide.query,
        pages: guide.found.pages.clone(),
        messages: guide.found.messages.clone(),
    }
}

pub(crate) fn all() -> Document<'static> {
    Document {
        schema: SCHEMA,
        query: "",
        pages: guide::all().collect(),
        messages: Vec::new(),
    }
}

/// For eyes.
pub(crate) fn text(guide: &Guide<'_>, look: &Look) -> String {
    let pages = guide.found.pages.iter().map(|page| page_text(page, look));
    let messages = guide
        .found
        .messages
        .iter()
        .map(|message| message_text(message, look));
    pages.chain(messages).collect::<Vec<_>>().join("\n")
}

fn page_text(page: &Page, look: &Look) -> String {
    let sections = [
        ("How to recognise it", indented(page.recognise, look)),
        ("What to do", indented(page.what_to_do, look)),
        ("Example", example(page, look)),
        ("Sources", lines(page.sources)),
    ];
    let head = format!(
        "{}\n{}\n\n{}\n",
        look.paint(page.id, Paint::Strong),
        look.wrap(page.title, 0),
        look.wrap(page.meaning, 0)
    );
    head + &sections
        .map(|(title, body)| section(title, &body, look))
        .concat()
}

fn message_text(message: &Message, look: &Look) -> String {
    let says = message.wordings.first().copied().unwrap_or_default();
    let mut text = format!(
        "{}\n{}\n\n{}\n",
        look.paint(says, Paint::Strong),
        message.from,
        look.wrap(message.meaning, 0)
    );
    if !message.causes.is_empty() {
        text += &section(
            "What can be behind it, most likely first",
            &causes(message.causes, look),
            look,
        );
    }
    if !message.checks.is_empty() {
        text += &section(
            "Where in STS's checks",
            &format!("  {}", checks(message.checks)),
            look,
        );
    }
    text += &section("To find out which", &format!("  {}", message.run), look);
    text + &section("Sources", &lines(message.sources), look)
}

fn section(title: &str, body: &str, look: &Look) -> String {
    format!("\n{}\n{body}\n", look.paint(title, Paint::Strong))
}

fn indented(text: &str, look: &Look) -> String {
    look.wrap(text, INDENT)
        .lines()
        .map(|line| format!("  {line}"))
        .collect::<Vec<_>>()
        .join("\n")
}

fn example(page: &Page, look: &Look) -> String {
    let marked = |mark: &str, text: &str, paint| {
        text.lines()
            .map(|line| look.paint(&format!("  {mark} {line}"), paint))
            .collect::<Vec<_>>()
    };
    [
        marked("-", page.example_before, Paint::Bad),
        marked("+", page.example_after, Paint::Good),
    ]
    .concat()
    .join("\n")
}

fn lines(texts: &[&str]) -> String {
    texts
        .iter()
        .map(|text| format!("  {text}"))
        .collect::<Vec<_>>()
        .join("\n")
}

fn causes(ids: &[CauseId], look: &Look) -> String {
    let width = ids
        .iter()
        .map(|id| id.as_str().len())
        .max()
        .unwrap_or_default();
    let row = |id: &CauseId| labelled(&format!("  {:<width$}  ", id.as_str()), id.meaning(), look);
    ids.iter().map(row).collect::<Vec<_>>().join("\n")
}

fn checks(ids: &[CheckId]) -> String {
    ids.iter()
        .map(|id| words::check_name(*id))
        .collect::<Vec<_>>()
        .join(", ")
}

/// For screen readers and logs.
pub(crate) fn plain(guide: &Guide<'_>) -> String {
    let pages = guide.found.pages.iter().map(|page| page_plain(page));
    let messages = guide
        .found
        .messages
        .iter()
        .map(|message| message_plain(message));
    pages.chain(messages).collect()
}

fn page_plain(page: &Page) -> String {
    let labelled = [
        ("Id", page.id),
        ("In short", page.title),
        ("Meaning", page.meaning),
        ("How to recognise it", page.recognise),
        ("What to do", page.what_to_do),
        ("Example that goes wrong", page.example_before),
        ("Example repaired", page.example_after),
    ];
    labelled
        .map(|(label, text)| format!("{label}: {text}\n"))
        .concat()
        + &sources(page.sources)
}

fn message_plain(message: &Message) -> String {
    let mut text = format!("From: {}\n", message.from);
    for wording in message.wordings {
        text += &format!("Wording: {wording}\n");
    }
    text += &format!("Meaning: {}\n", message.meaning);
    for (index, id) in message.causes.iter().enumerate() {
        text += &format!(
            "Possible cause {}: {}. {}\n",
            index + 1,
            id.as_str(),
            id.meaning()
        );
    }
    if !message.checks.is_empty() {
        text += &format!("Checks of STS: {}\n", checks(message.checks));
    }
    text + &format!("To find out which, run: {}\n", message.run) + &sources(message.sources)
}

fn sources(urls: &[&str]) -> String {
    urls.iter().map(|url| format!("Source: {url}\n")).collect()
}

/// Every id with its sentence.
pub(crate) fn contents(look: &Look) -> String {
    let width = guide::all()
        .map(|page| page.id.len())
        .max()
        .unwrap_or_default();
    let line = |page: &Page| labelled(&format!("{:<width$}  ", page.id), page.title, look) + "\n";
    let ids: String = guide::all().map(line).collect();
    ids + "\nGive one of these, or an error message of AWS or GitHub Actions as it was printed.\n"
}

pub(crate) fn plain_contents() -> String {
    guide::all()
        .map(|page| format!("{}: {}\n", page.id, clean::line(page.title)))
        .collect()
}
