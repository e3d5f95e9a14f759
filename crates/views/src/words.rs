//! Words, shapes and the small print: what all parts of the page share.

use crate::act::Act;
use crate::html;
use crate::html::Html;
use crate::report::{Cause, Location};

/// The longest text that is shown in one piece, in characters; what is pasted may be of any length.
const MOST_CHARACTERS: usize = 2000;
/// The longest policy that is shown in colours, in bytes.
pub const LONGEST: usize = 60_000;
/// The most jobs of a workflow that are listed and judged, each event counted.
pub const MOST_JOBS: usize = 40;
/// The longest list that is shown.
pub const MOST_ROWS: usize = 60;

/// An outcome as people see it: a shape, a hue by class, and a word.
#[derive(Clone, Copy)]
pub struct State {
    /// The id of a symbol in index.html, which is also the class.
    pub shape: &'static str,
    /// The word.
    pub word: &'static str,
}

const fn state(shape: &'static str, word: &'static str) -> State {
    State { shape, word }
}

impl State {
    /// Its shape.
    pub fn icon(self) -> Html {
        icon(self.shape)
    }
}

impl State {
    /// `allow`, `deny`, `undecided`
    pub fn of_decision(word: &str) -> Self {
        match word {
            "allow" => state("pass", "Allowed"),
            "deny" => state("fail", "Denied"),
            _ => state("unknown", "Undecided"),
        }
    }

    /// What became of a check.
    pub fn of_check(word: &str) -> Self {
        match word {
            "pass" => state("pass", "passed"),
            "fail" => state("fail", "failed"),
            "unknown" => state("unknown", "unknown"),
            _ => state("none", "not reached"),
        }
    }

    /// What became of a test.
    pub fn of_test(word: &str) -> Self {
        match word {
            "met" => state("pass", "met"),
            "not-met" => state("fail", "not met"),
            "unknown" => state("unknown", "unknown"),
            _ => state("none", "not reached"),
        }
    }

    /// Whether a statement applies.
    pub fn of_statement(word: &str) -> Self {
        match word {
            "applies" => state("pass", "applies"),
            "does-not-apply" => state("fail", "does not apply"),
            _ => state("unknown", "unknown"),
        }
    }

    /// How bad a finding is.
    pub fn of_severity(word: &str) -> Self {
        match word {
            "error" => state("fail", "error"),
            "warning" => state("warning", "warning"),
            _ => state("note", "note"),
        }
    }
}

/// A symbol of index.html. It never says anything alone: a word stands beside it.
pub fn icon(shape: &'static str) -> Html {
    html! {
        <svg class={("i", shape)} aria-hidden="true"><use href={format!("#{shape}")} /></svg>
    }
}

/// A message of core as a sentence: it begins with a capital letter and ends with a full stop.
pub fn sentence(message: &str) -> String {
    let mut characters = message.chars();
    // The name of a condition key is written as it is.
    let is_key = message
        .split(' ')
        .next()
        .is_some_and(|word| word.contains(':'));
    let first = characters.next().map(|c| {
        if is_key {
            c.to_string()
        } else {
            c.to_uppercase().to_string()
        }
    });
    let stop = if message.ends_with(['.', ':', '?']) {
        ""
    } else {
        "."
    };
    format!("{}{}{stop}", first.unwrap_or_default(), characters.as_str())
}

/// A message with what stands between backticks as code.
pub fn prose(message: &str) -> Html {
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
pub fn visible(text: &str) -> String {
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
pub fn rows<T>(items: &[T], row: impl Fn(&T) -> Html) -> Html {
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

/// Why a text can't be read, or what is wrong with it. `in_box`: the places are those of the text in the box.
pub fn faults(causes: &[Cause], in_box: bool) -> Html {
    let fault = |cause: &Cause| {
        html! {
            <li>
                { icon("fail") }
                <div>
                    <p>
                        { prose(&sentence(&cause.summary)) }
                        if let Some(location) = cause.location.as_ref().filter(|_| in_box) { { " " }{ place(location, in_box) } }
                    </p>
                    <p class="help">{ prose(&sentence(&cause.help)) }</p>
                </div>
            </li>
        }
    };
    html! { <ul class="faults">{ rows(causes, fault) }</ul> }
}

/// Names and values, as far as these are given.
pub fn definitions(pairs: &[(&'static str, &Option<String>)]) -> Html {
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

/// The document of places in the workflow.
pub const WORKFLOW: &str = "workflow";

/// A place in the policy, or in the workflow, as a button that selects it. `in_box`: the report is of the text in the box.
pub fn place(location: &Location, in_box: bool) -> Html {
    let act = in_box.then(|| Act::Select(location.clone()));
    html! {
        <button type="button" class="place" disabled={!in_box} data-do={act}>
            { format!("{}:{}", location.start.line, location.start.column) }
            <span class="vh">{ if location.document == WORKFLOW { ", select in the workflow" } else { ", select in the policy" } }</span>
        </button>
    }
}

/// `1 h`, `1 h 30 min`, `90 s`
pub fn duration(seconds: i64) -> String {
    let (hours, minutes) = (seconds / 3600, seconds / 60 % 60);
    match (hours, minutes, seconds % 60) {
        (0, _, 1..) => format!("{seconds} s"),
        (0, ..) => format!("{minutes} min"),
        (_, 0, _) => format!("{hours} h"),
        _ => format!("{hours} h {minutes} min"),
    }
}

/// A count with its noun: `1 statement`, `2 statements`.
pub fn count(number: usize, noun: &str) -> String {
    let s = if number == 1 { "" } else { "s" };
    format!("{number} {noun}{s}")
}

/// How far a moment is away: `in 3 min 18 s`, `26 min 33 s ago`, `now`.
pub fn relative(seconds: i64) -> String {
    match seconds {
        0 => "now".to_owned(),
        1.. => format!("in {}", length(seconds)),
        _ => format!("{} ago", length(seconds.saturating_neg())),
    }
}

/// A length of time: `45 s`, `26 min 33 s`, `5 h 2 min`, `12 days`.
pub fn length(seconds: i64) -> String {
    let (days, hours, minutes) = (seconds / 86_400, seconds / 3_600 % 24, seconds / 60 % 60);
    match (days, hours, minutes) {
        (0, 0, 0) => format!("{seconds} s"),
        (0, 0, _) => format!("{minutes} min {} s", seconds % 60),
        (0, ..) => format!("{hours} h {minutes} min"),
        (1, ..) => format!("1 day {hours} h"),
        _ => format!("{days} days"),
    }
}

/// A heading with what there is to say beside it.
pub fn part(id: &'static str, title: &'static str, meta: Html, body: Html) -> Html {
    html! {
        <section class="part" id={format!("s-{id}")} aria-labelledby={id}>
            <div class="ph"><h2 id={id} tabindex="-1">{ title }</h2><span class="meta">{ meta }</span></div>
            { body }
        </section>
    }
}
