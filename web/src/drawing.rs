//! What the engine draws: `rolecall_views::draw` tells what, and of which members.

use std::cell::RefCell;

use rolecall_views::html::{TEXT, parts, slots};
use serde_json::Value;

use crate::engine;
use crate::html::{Html, drawn};
use crate::report;

/// What is to be drawn: the members of the question, as JSON.
#[derive(Default)]
pub(crate) struct Drawing(String);

impl Drawing {
    pub(crate) fn of(what: &str) -> Self {
        let mut drawing = Self::default();
        drawing.put("what", what.into());
        drawing
    }

    /// Adds a member that is JSON already: an answer of the engine above all.
    pub(crate) fn raw(&mut self, name: &str, json: &str) {
        let comma = if self.0.is_empty() { "" } else { "," };
        self.0.extend([comma, "\"", name, "\":", json]);
    }

    /// The same, where it is given.
    pub(crate) fn maybe(&mut self, name: &str, json: Option<&str>) {
        if let Some(json) = json {
            self.raw(name, json);
        }
    }

    /// Adds a member.
    pub(crate) fn put(&mut self, name: &str, value: Value) {
        self.raw(name, &value.to_string());
    }

    /// The question.
    pub(crate) fn json(&self) -> String {
        format!("{{{}}}", self.0)
    }

    /// What the engine makes of it. `Err`: what it says where it stopped over it, which is a bug.
    pub(crate) fn made(&self) -> Result<String, String> {
        let answer = engine::call("draw", &self.json());
        if report::is("error", &answer) {
            Err(answer)
        } else {
            Ok(answer)
        }
    }
}

/// The parts of the page that hang on what is judged, as they were drawn last.
pub(crate) struct Drawings {
    /// Of which question.
    question: RefCell<String>,
    parts: RefCell<Vec<Part>>,
}

struct Part {
    name: String,
    markup: String,
    /// Once it was asked for.
    html: Option<Html>,
}

/// The parts before anything is judged: the engine comes after the first render.
const START: &str = include_str!(concat!(env!("OUT_DIR"), "/start.txt"));

impl Default for Drawings {
    fn default() -> Self {
        Self {
            question: RefCell::default(),
            parts: RefCell::new(read(START, &mut Vec::new())),
        }
    }
}

/// Takes the parts from an answer. What is `old` and the same stays as it is.
fn read(answer: &str, old: &mut Vec<Part>) -> Vec<Part> {
    let part = |(name, markup): (&str, &str)| {
        let same = old
            .iter()
            .position(|old| old.name == name && old.markup == markup);
        same.map_or_else(
            || Part {
                name: name.to_owned(),
                markup: markup.to_owned(),
                html: None,
            },
            |at| old.swap_remove(at),
        )
    };
    slots(answer).map(part).collect()
}

impl Drawings {
    /// Draws them anew, where something has changed.
    pub(crate) fn draw(&self, drawing: Drawing) {
        if *self.question.borrow() == drawing.0 {
            return;
        }
        let answer = drawing.made().or_else(|error| {
            // That is shown, and never an earlier verdict.
            let mut stopped = Drawing::of("page");
            stopped.put("outcome", "unreadable".into());
            stopped.raw("error", &error);
            stopped.made()
        });
        self.question.replace(drawing.0);
        let mut parts = self.parts.borrow_mut();
        *parts = read(&answer.unwrap_or_default(), &mut parts);
    }

    /// The nodes of a part.
    pub(crate) fn part(&self, name: &str) -> Html {
        let mut parts = self.parts.borrow_mut();
        let part = parts.iter_mut().find(|part| part.name == name);
        part.map(|part| part.html.get_or_insert_with(|| drawn(&part.markup)).clone())
            .unwrap_or_default()
    }

    /// Its words alone.
    pub(crate) fn words(&self, name: &str) -> String {
        let markup = self.markup(name);
        let words = parts(&markup).filter(|(mark, _)| *mark == TEXT);
        words.map(|(_, words)| words).collect()
    }

    /// Its markup.
    pub(crate) fn markup(&self, name: &str) -> String {
        let parts = self.parts.borrow();
        let part = parts.iter().find(|part| part.name == name);
        part.map(|part| part.markup.clone()).unwrap_or_default()
    }
}
