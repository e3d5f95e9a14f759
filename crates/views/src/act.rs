//! What a press does: a text in the attribute `data-do` of what is pressed, a verb and what it is given, as JSON.

use serde_json::{Value, json};

use crate::report::{Claims, Location, Read as _, Replacement};

/// What a press asks of the page.
///
/// ```
/// use rolecall_views::act::Act;
///
/// let act = Act::Explain("immutable_sub".to_owned());
/// assert_eq!(act.text(), r#"explain ["immutable_sub"]"#);
/// assert_eq!(Act::read(&act.text()), Some(act));
/// ```
#[derive(Clone, Debug, PartialEq)]
pub enum Act {
    /// A place in a text is to be shown.
    Select(Location),
    /// The policy is to be edited.
    Apply(Vec<Replacement>),
    /// The policy is to be laid out anew.
    Format,
    /// The policy's box is to be emptied.
    Clear,
    /// These claims are to be judged in the token's place; `partial`: what is missing is unknown, not absent.
    Judge {
        /// A claim set.
        claims: Claims,
        /// Some of the token's claims only.
        partial: bool,
    },
    /// The token is to be judged again.
    Unjudge,
    /// Claims can be changed, or no longer.
    EditClaims(bool),
    /// A cause or a rule is to be explained.
    Explain(String),
    /// A text is to be copied; the first is what is said of it then.
    Copy(String, String),
    /// The answer is to be copied, as `json`, `markdown` or `command`.
    CopyAnswer(String),
    /// A link to what is on the page is to be made.
    Share,
    /// It is to be copied.
    CopyLink,
    /// The policy as it is now is the one to compare with; `false`: no longer.
    Keep(bool),
    /// All statements of a long policy are to be shown.
    ShowAll,
    /// A condition key has the value that stands in the field with this id; without one it is absent.
    Know(String, Option<String>),
    /// The job of the workflow, on an event, is to be judged.
    Job(String, String),
    /// The example with this id is to be opened.
    Example(String),
    /// What was entered before the example is to be put back.
    GoBack,
    /// The set-up is to be written.
    SetUp,
    /// What was written is to be judged.
    TrySetUp,
    /// What the browser keeps is to be forgotten.
    Forget,
    /// The part of the page with this id is to be shown.
    Go(String),
}

impl Act {
    /// As it stands in the attribute.
    pub fn text(&self) -> String {
        let (verb, given) = match self {
            Self::Select(place) => ("select", located(place)),
            Self::Apply(edits) => {
                let edit = |edit: &Replacement| json!({ "location": located(&edit.location), "text": edit.text });
                ("apply", edits.iter().map(edit).collect())
            }
            Self::Format => ("format", Value::Null),
            Self::Clear => ("clear", Value::Null),
            Self::Unjudge => ("unjudge", Value::Null),
            Self::EditClaims(on) => ("edit", json!([on])),
            Self::CopyAnswer(form) => ("answer", json!([form])),
            Self::Share => ("share", Value::Null),
            Self::CopyLink => ("link", Value::Null),
            Self::GoBack => ("back", Value::Null),
            Self::SetUp => ("setup", Value::Null),
            Self::TrySetUp => ("try", Value::Null),
            Self::Forget => ("forget", Value::Null),
            Self::Go(id) => ("go", json!([id])),
            Self::Judge { claims, partial } => ("judge", json!([claims, partial])),
            Self::Explain(id) => ("explain", json!([id])),
            Self::Copy(what, text) => ("copy", json!([what, text])),
            Self::Keep(keep) => ("keep", json!([keep])),
            Self::ShowAll => ("all", Value::Null),
            Self::Know(key, field) => ("know", json!([key, field])),
            Self::Job(job, event) => ("job", json!([job, event])),
            Self::Example(id) => ("example", json!([id])),
        };
        format!("{verb} {given}")
    }

    /// Reads it back. `None`: it is none.
    pub fn read(text: &str) -> Option<Self> {
        let (verb, given) = text.split_once(' ')?;
        let given: Value = serde_json::from_str(given).ok()?;
        let nth = |index: usize| given.get(index).cloned().unwrap_or_default();
        let word = |index| String::read(nth(index));
        Some(match verb {
            "select" => Self::Select(Location::read(given)),
            "apply" => Self::Apply(Vec::read(given)),
            "format" => Self::Format,
            "clear" => Self::Clear,
            "unjudge" => Self::Unjudge,
            "edit" => Self::EditClaims(bool::read(nth(0))),
            "answer" => Self::CopyAnswer(word(0)),
            "share" => Self::Share,
            "link" => Self::CopyLink,
            "back" => Self::GoBack,
            "setup" => Self::SetUp,
            "try" => Self::TrySetUp,
            "forget" => Self::Forget,
            "go" => Self::Go(word(0)),
            "judge" => Self::Judge {
                claims: Claims::read(nth(0)),
                partial: bool::read(nth(1)),
            },
            "explain" => Self::Explain(word(0)),
            "copy" => Self::Copy(word(0), word(1)),
            "keep" => Self::Keep(bool::read(nth(0))),
            "all" => Self::ShowAll,
            "know" => Self::Know(word(0), Option::read(nth(1))),
            "job" => Self::Job(word(0), word(1)),
            "example" => Self::Example(word(0)),
            _ => return None,
        })
    }
}

/// A place as the page needs it.
fn located(place: &Location) -> Value {
    let (start, end) = (&place.start, &place.end);
    json!({
        "document": place.document,
        "start": { "line": start.line, "byte": start.byte, "utf16": start.utf16 },
        "end": { "byte": end.byte, "utf16": end.utf16 },
    })
}

impl crate::html::Value for Act {
    fn set(self, values: &mut crate::html::Values) {
        self.text().set(values);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::Position;

    #[test]
    fn what_is_written_is_read_back() {
        let place = Location {
            document: "policy".to_owned(),
            start: Position {
                line: 3,
                byte: 10,
                utf16: 9,
                ..Position::default()
            },
            end: Position {
                byte: 14,
                utf16: 13,
                ..Position::default()
            },
            ..Location::default()
        };
        let claims = Claims::from_iter([("sub".to_owned(), json!("a \"b\"\n"))]);
        for act in [
            Act::Select(place.clone()),
            Act::Apply(vec![Replacement {
                location: place,
                text: "x\ny".to_owned(),
            }]),
            Act::Judge {
                claims,
                partial: true,
            },
            Act::Explain("immutable_sub".to_owned()),
            Act::Copy("Patch copied".to_owned(), "--- a\n+++ b\n".to_owned()),
            Act::Keep(false),
            Act::ShowAll,
            Act::Know("aws:SourceIp".to_owned(), Some("ask-0".to_owned())),
            Act::Know("aws:SourceIp".to_owned(), None),
            Act::Job("build".to_owned(), "push".to_owned()),
            Act::Example("immutable_sub".to_owned()),
            Act::Format,
            Act::Clear,
            Act::Unjudge,
            Act::EditClaims(true),
            Act::CopyAnswer("json".to_owned()),
            Act::Share,
            Act::CopyLink,
            Act::GoBack,
            Act::SetUp,
            Act::TrySetUp,
            Act::Forget,
            Act::Go("l-setup".to_owned()),
        ] {
            assert_eq!(Act::read(&act.text()), Some(act));
        }
    }

    #[test]
    fn other_text_is_no_act() {
        for text in ["", "all", "select", "select {", "fly {}"] {
            assert_eq!(Act::read(text), None, "{text}");
        }
    }
}
