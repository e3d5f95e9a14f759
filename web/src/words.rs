//! Words, shapes and the small print: what all parts of the page share.

use rolecall_core::report::{Applies, CheckOutcome, Decision, Location, Met, Severity};
use yew::prelude::*;

/// The longest text that is shown in one piece, in characters; what is pasted may be of any length.
const MOST_CHARACTERS: usize = 2000;
/// The longest list that is shown.
pub(crate) const MOST_ROWS: usize = 60;

/// An outcome as people see it: a shape, a hue by class, and a word.
#[derive(Clone, Copy)]
pub(crate) struct State {
    /// The id of a symbol in index.html, which is also the class.
    shape: &'static str,
    pub(crate) word: &'static str,
}

const fn state(shape: &'static str, word: &'static str) -> State {
    State { shape, word }
}

impl State {
    pub(crate) fn icon(self) -> Html {
        icon(self.shape)
    }
}

impl From<Decision> for State {
    fn from(decision: Decision) -> Self {
        match decision {
            Decision::Allow => state("pass", "Allowed"),
            Decision::Deny => state("fail", "Denied"),
            Decision::Undecided => state("unknown", "Undecided"),
        }
    }
}

impl From<CheckOutcome> for State {
    fn from(outcome: CheckOutcome) -> Self {
        match outcome {
            CheckOutcome::Pass => state("pass", "passed"),
            CheckOutcome::Fail => state("fail", "failed"),
            CheckOutcome::Unknown => state("unknown", "unknown"),
            CheckOutcome::NotReached => state("none", "not reached"),
        }
    }
}

impl From<Met> for State {
    fn from(outcome: Met) -> Self {
        match outcome {
            Met::Met => state("pass", "met"),
            Met::NotMet => state("fail", "not met"),
            Met::Unknown => state("unknown", "unknown"),
            Met::NotReached => state("none", "not reached"),
        }
    }
}

impl From<Applies> for State {
    fn from(outcome: Applies) -> Self {
        match outcome {
            Applies::Applies => state("pass", "applies"),
            Applies::DoesNotApply => state("fail", "does not apply"),
            Applies::Unknown => state("unknown", "unknown"),
        }
    }
}

impl From<Severity> for State {
    fn from(severity: Severity) -> Self {
        match severity {
            Severity::Error => state("fail", "error"),
            Severity::Warning => state("warning", "warning"),
            Severity::Info => state("note", "note"),
        }
    }
}

/// A symbol of index.html. It never says anything alone: a word stands beside it.
pub(crate) fn icon(shape: &'static str) -> Html {
    html! {
        <svg class={classes!("icon", shape)} aria-hidden="true"><use href={format!("#{shape}")} /></svg>
    }
}

/// A message of core as a sentence: it begins with a capital letter and ends with a full stop.
pub(crate) fn sentence(message: &str) -> String {
    let mut characters = message.chars();
    let first = characters.next().map(|c| c.to_uppercase().to_string());
    let stop = if message.ends_with(['.', ':', '?']) {
        ""
    } else {
        "."
    };
    format!("{}{}{stop}", first.unwrap_or_default(), characters.as_str())
}

/// A message with what stands between backticks as code.
pub(crate) fn prose(message: &str) -> Html {
    let message = visible(message);
    if message.matches('`').count() % 2 == 1 {
        return html! { message };
    }
    let parts = message.split('`').enumerate();
    let part = |(index, part): (usize, &str)| match index % 2 {
        0 => html! { part.to_owned() },
        _ => html! { <code>{ part.to_owned() }</code> },
    };
    parts.map(part).collect()
}

/// A foreign text: what can't be seen is written out, and what is too long is cut.
pub(crate) fn visible(text: &str) -> String {
    let mut shown = String::new();
    for c in text.chars().take(MOST_CHARACTERS) {
        if is_invisible(c) {
            shown.push_str(&format!("⟨U+{:04X}⟩", u32::from(c)));
        } else {
            shown.push(c);
        }
    }
    let more = text.chars().skip(MOST_CHARACTERS).count();
    if more > 0 {
        shown.push_str(&format!("… ({more} characters more)"));
    }
    shown
}

/// Control characters, and those that have no width or turn the direction of the text.
const fn is_invisible(c: char) -> bool {
    matches!(c, '\0'..='\u{1f}' | '\u{7f}'..='\u{a0}' | '\u{ad}' | '\u{61c}' | '\u{200b}'..='\u{200f}'
        | '\u{2028}'..='\u{202f}' | '\u{2060}'..='\u{206f}' | '\u{feff}')
}

/// The first rows of a list, and how many more there are.
pub(crate) fn rows<T>(items: &[T], row: impl Fn(&T) -> Html) -> Html {
    let shown = items.iter().take(MOST_ROWS).map(row);
    let more = items.len().saturating_sub(MOST_ROWS);
    html! {
        <>
            { for shown }
            if more > 0 {
                <li class="more">{ format!("and {more} more") }</li>
            }
        </>
    }
}

/// Names and values, as far as these are given.
pub(crate) fn definitions(pairs: &[(&'static str, &Option<String>)]) -> Html {
    let row = |(name, value): &(&'static str, &Option<String>)| {
        let value = visible(value.as_ref()?);
        Some(html! { <><dt>{ *name }</dt><dd>{ value }</dd></> })
    };
    let given: Vec<Html> = pairs.iter().filter_map(row).collect();
    if given.is_empty() {
        return html! {};
    }
    html! { <dl class="values">{ for given }</dl> }
}

/// A place in the policy, as a button that selects it. `None`: the report is not of the text in the box.
pub(crate) fn place(location: &Location, select: Option<&Select>) -> Html {
    let start = &location.start;
    let range = (
        u32::try_from(start.utf16).unwrap_or(u32::MAX),
        u32::try_from(location.end.utf16).unwrap_or(u32::MAX),
    );
    let onclick = select.map(|select| select.reform(move |_: MouseEvent| range));
    html! {
        <button type="button" class="place" disabled={onclick.is_none()} {onclick}>
            { format!("{}:{}", start.line, start.column) }
            <span class="hidden">{ ", select in the policy" }</span>
        </button>
    }
}

/// Selects a range of the policy, in UTF-16 units.
pub(crate) type Select = Callback<(u32, u32)>;

/// `1 h`, `1 h 30 min`, `90 s`
pub(crate) fn duration(seconds: i64) -> String {
    let (hours, minutes) = (seconds / 3600, seconds / 60 % 60);
    match (hours, minutes, seconds % 60) {
        (0, _, 1..) => format!("{seconds} s"),
        (0, ..) => format!("{minutes} min"),
        (_, 0, _) => format!("{hours} h"),
        _ => format!("{hours} h {minutes} min"),
    }
}
