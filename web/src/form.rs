//! Forms whose fields are the members of a question to the engine: an empty field is a member that is not given.

use std::rc::Rc;

use serde_json::{Map, Value, json};
use yew::prelude::*;

use crate::html::html;
use crate::input::Input;
use crate::send::{Message, Send, Set};

/// What a form holds.
pub(crate) type Members = Map<String, Value>;

/// A form on the page.
pub(crate) struct Form<'a> {
    pub(crate) members: &'a Members,
    /// Where it stands in what was entered.
    pub(crate) of: fn(&mut Input) -> &mut Members,
    pub(crate) send: &'a Send,
}

/// The text of a member; that of a list is its first.
pub(crate) fn text<'m>(members: &'m Members, name: &str) -> &'m str {
    match members.get(name) {
        Some(Value::String(text)) => text,
        Some(Value::Array(texts)) => texts.first().and_then(Value::as_str).unwrap_or_default(),
        _ => "",
    }
}

impl Form<'_> {
    /// A line of text.
    pub(crate) fn line(
        &self,
        name: &'static str,
        label: &'static str,
        example: &'static str,
    ) -> Html {
        html! {
            <label>
                <span>{ label }</span>
                <input type="text" value={text(self.members, name).to_owned()} placeholder={example} autocomplete="off"
                    autocapitalize="off" spellcheck="false" oninput={self.send.entered(self.put(name, false))} />
            </label>
        }
    }

    /// Several lines of text. `is_list`: the question has a list there, which gets this one entry.
    pub(crate) fn lines(
        &self,
        name: &'static str,
        label: &'static str,
        example: &'static str,
        is_list: bool,
    ) -> Html {
        html! {
            <label class="wide">
                <span>{ label }</span>
                <textarea class="small" rows="3" placeholder={example} autocomplete="off" autocapitalize="off" autocorrect="off"
                    spellcheck="false" value={text(self.members, name).to_owned()} oninput={self.send.entered(self.put(name, is_list))} />
            </label>
        }
    }

    /// One of several values; an empty value is a member that is not given.
    pub(crate) fn choice(
        &self,
        name: &'static str,
        label: &'static str,
        choices: &[(&'static str, &'static str)],
    ) -> Html {
        let now = text(self.members, name);
        let choice = |(value, words): &(&'static str, &'static str)| {
            html! { <option value={*value} selected={*value == now}>{ *words }</option> }
        };
        html! {
            <label>
                <span>{ label }</span>
                <select onchange={self.send.chosen(self.put(name, false))}>{ for choices.iter().map(choice) }</select>
            </label>
        }
    }

    /// Yes or no.
    pub(crate) fn tick(&self, name: &'static str, label: &'static str) -> Html {
        let of = self.of;
        let is_on = self.members.get(name) == Some(&Value::Bool(true));
        let onchange = self.send.0.reform(move |_: Event| {
            Message::Change(Box::new(move |input| put(of(input), name, json!(!is_on))))
        });
        html! { <label class="tick"><input type="checkbox" checked={is_on} {onchange} />{ label }</label> }
    }

    fn put(&self, name: &'static str, is_list: bool) -> Set {
        let of = self.of;
        Rc::new(move |input, text| {
            put(
                of(input),
                name,
                if is_list && !text.is_empty() {
                    json!([text])
                } else {
                    json!(text)
                },
            )
        })
    }
}

/// Sets a member, or forgets it.
fn put(members: &mut Members, name: &str, value: Value) {
    if value == json!("") || value == json!(false) {
        members.remove(name);
    } else {
        members.insert(name.to_owned(), value);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_empty_field_is_no_member() {
        let mut members = Members::new();
        put(&mut members, "repo", json!("octo-org/octo-repo"));
        put(&mut members, "policies", json!(["{}"]));
        assert_eq!(text(&members, "repo"), "octo-org/octo-repo");
        assert_eq!(text(&members, "policies"), "{}");
        put(&mut members, "repo", json!(""));
        assert!(!members.contains_key("repo"));
    }
}
