//! What the parts of the page ask of it, and how they send it.

use std::rc::Rc;

use web_sys::{HtmlInputElement, HtmlSelectElement, HtmlTextAreaElement};
use yew::prelude::*;

use crate::act::Act;
use crate::analysis::Found;
use crate::input::Input;
use crate::setup;
use crate::share::{Link, Shared, Unreadable};

/// What can happen.
pub(crate) enum Message {
    /// Something was entered.
    Change(Box<dyn FnOnce(&mut Input)>),
    /// A text is being pasted into a box.
    Paste,
    Judge,
    /// Nothing was typed for a while.
    Settle,
    /// The answers about all tokens, to the question with this number.
    Found(u32, Box<Found>),
    Analyse,
    /// Something was pressed.
    Act(Act),
    /// The caret stands there in the policy, in UTF-16 units.
    Caret(u32),
    Load(Box<Input>),
    /// The engine is there.
    Ready,
    Fragment,
    Say(String),
    Said,
    /// A link is wanted, with names masked or not.
    Share(bool),
    Shared(Box<Link>),
    /// What a link held.
    Opened(Result<Shared, Unreadable>),
    /// What became of the set-up that was to be written; `None`: it was given up.
    Written(Box<Option<setup::Answer>>),
    Theme(&'static str),
    Shortcuts(bool),
    Remember(bool),
    Key(Command),
}

/// What a key asks for.
#[derive(Clone, Copy)]
pub(crate) enum Command {
    CopyVerdict,
    /// Token, policy, verdict, repair.
    Go(&'static str),
    Problem {
        forward: bool,
    },
    Leave,
}

/// The way to the page.
#[derive(Clone, PartialEq)]
pub(crate) struct Send(pub(crate) Callback<Message>);

impl Send {
    /// Stores what is typed into an input.
    pub(crate) fn typed(&self, field: Field<String>) -> Callback<InputEvent> {
        self.entered(Rc::new(move |input, text| *field(input) = text))
    }

    /// Does with what is typed whatever is to be done.
    pub(crate) fn entered(&self, set: Set) -> Callback<InputEvent> {
        self.0
            .reform(move |event: InputEvent| stored(&set, value(&event)))
    }

    /// Stores what is chosen of a list.
    pub(crate) fn chosen(&self, set: Set) -> Callback<Event> {
        self.0.reform(move |event: Event| {
            let list = event.target_dyn_into::<HtmlSelectElement>();
            stored(&set, list.map(|list| list.value()).unwrap_or_default())
        })
    }

    /// Stores whether a box is checked.
    pub(crate) fn checked(&self, field: Field<bool>) -> Callback<Event> {
        self.0.reform(move |event: Event| {
            let input = event.target_dyn_into::<HtmlInputElement>();
            let checked = input.is_some_and(|input| input.checked());
            Message::Change(Box::new(move |input| *field(input) = checked))
        })
    }
}

fn stored(set: &Set, value: String) -> Message {
    let set = Rc::clone(set);
    Message::Change(Box::new(move |input| set(input, value)))
}

// One type for all of them: each closure type of its own would be a copy of the code around it.

/// What is done with a text that was entered.
pub(crate) type Set = Rc<dyn Fn(&mut Input, String)>;

/// Where a value is stored.
pub(crate) type Field<T> = fn(&mut Input) -> &mut T;

/// The text of the field that an event is from.
fn value(event: &InputEvent) -> String {
    if let Some(text) = event.target_dyn_into::<HtmlTextAreaElement>() {
        return text.value();
    }
    let input = event.target_dyn_into::<HtmlInputElement>();
    input.map(|input| input.value()).unwrap_or_default()
}
