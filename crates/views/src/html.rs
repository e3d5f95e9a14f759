//! `html!`, written as yew's own, and what it comes to here: markup as text, which the page makes elements of.
//!
//! The macro writes one text for all that is fixed of a piece of markup, its template, and code only for what is given
//! to it: modules stay small. What it makes of template and values is said by the crate that draws, in a module `html`
//! of its own, with `Html`, `Values`, `Child`, `Value` and `list`: elements in the page (`web/src/html.rs`), text here.
//!
//! What the macro takes: tags, `<>`, attributes with a literal or `{ expression }`, `{name}` for `name={name}`,
//! `ref`, `{ child }`, `{ for children }`, and `if` with or without `else`.
//!
//! # Templates
//! Each part begins with its mark:
//!
//! | mark | what follows |
//! |---|---|
//! | 1 | the name of an element that is opened |
//! | 2 | an attribute, `name=value` |
//! | 3 | the name of an attribute that is given |
//! | 4 | nothing: a child is given |
//! | 5 | nothing: the element, or list, is closed |
//! | 6 | text |
//! | 7 | nothing: a list is opened, which is one child of what it stands in, however long it is |
//!
//! A template has no lists, and [`Html`] nothing that is to be given. An eighth mark parts several markups ([`slots`]).

use std::mem::take;

/// Markup. The same syntax as yew's.
#[macro_export]
#[expect(
    clippy::crate_in_macro_def,
    reason = "each crate that draws has its own `html` module, which says what its markup comes to"
)]
macro_rules! html {
    () => { crate::html::Html::default() };
    (< $($markup:tt)*) => { $crate::html!(@ < $($markup)*) };
    ({ $($child:tt)* } $($markup:tt)*) => { $crate::html!(@ { $($child)* } $($markup)*) };
    (@ $($markup:tt)*) => {{
        let mut values = crate::html::Values::default();
        $crate::markup!(values [] $($markup)*)
    }};
    ($text:expr) => { $crate::html!(@ { $text }) };
}

/// Goes through the markup from its beginning to its end: `[..]` holds what the template is by then, in the marks of
/// [`html`](mod@crate::html), and what is given to it was written before.
#[doc(hidden)]
#[macro_export]
#[expect(
    clippy::crate_in_macro_def,
    reason = "each crate that draws has its own `html` module, which says what its markup comes to"
)]
macro_rules! markup {
    ($values:ident [$($done:tt)*]) => { $values.build(concat!($($done)*)) };
    ($values:ident [$($done:tt)*] <> $($rest:tt)*) => { $crate::markup!($values [$($done)*] $($rest)*) };
    ($values:ident [$($done:tt)*] </> $($rest:tt)*) => { $crate::markup!($values [$($done)*] $($rest)*) };
    ($values:ident [$($done:tt)*] </ $tag:ident > $($rest:tt)*) => {
        $crate::markup!($values [$($done)* "\u{5}",] $($rest)*)
    };
    ($values:ident [$($done:tt)*] < $tag:ident $($rest:tt)*) => {
        $crate::markup!(@tag $values [$($done)* "\u{1}", stringify!($tag),] $($rest)*)
    };
    ($values:ident [$($done:tt)*] { $text:literal } $($rest:tt)*) => {
        $crate::markup!($values [$($done)* "\u{6}", $text,] $($rest)*)
    };
    ($values:ident [$($done:tt)*] { for $children:expr } $($rest:tt)*) => {{
        crate::html::Child::add(crate::html::list($children), &mut $values);
        $crate::markup!($values [$($done)* "\u{4}",] $($rest)*)
    }};
    ($values:ident [$($done:tt)*] { $child:expr } $($rest:tt)*) => {{
        crate::html::Child::add($child, &mut $values);
        $crate::markup!($values [$($done)* "\u{4}",] $($rest)*)
    }};
    ($values:ident [$($done:tt)*] if $($rest:tt)*) => {
        $crate::markup!(@if $values [$($done)*] [] $($rest)*)
    };

    (@tag $values:ident [$($done:tt)*] > $($rest:tt)*) => {
        $crate::markup!($values [$($done)*] $($rest)*)
    };
    (@tag $values:ident [$($done:tt)*] /> $($rest:tt)*) => {
        $crate::markup!($values [$($done)* "\u{5}",] $($rest)*)
    };
    (@tag $values:ident [$($done:tt)*] { $name:ident } $($rest:tt)*) => {{
        crate::html::Value::set($name, &mut $values);
        $crate::markup!(@tag $values [$($done)* "\u{3}", stringify!($name),] $($rest)*)
    }};
    (@tag $values:ident [$($done:tt)*] $name:ident = $($rest:tt)*) => {
        $crate::markup!(@value $values [$($done)*] [stringify!($name)] $($rest)*)
    };
    (@tag $values:ident [$($done:tt)*] $first:ident - $second:ident = $($rest:tt)*) => {
        $crate::markup!(@value $values [$($done)*] [stringify!($first), "-", stringify!($second)] $($rest)*)
    };

    (@value $values:ident [$($done:tt)*] [$($name:tt)*] $value:literal $($rest:tt)*) => {
        $crate::markup!(@tag $values [$($done)* "\u{2}", $($name)*, "=", $value,] $($rest)*)
    };
    (@value $values:ident [$($done:tt)*] [$($name:tt)*] { $value:expr } $($rest:tt)*) => {{
        crate::html::Value::set($value, &mut $values);
        $crate::markup!(@tag $values [$($done)* "\u{3}", $($name)*,] $($rest)*)
    }};

    (@if $values:ident [$($done:tt)*] [$($test:tt)*] { $($then:tt)* } else { $($other:tt)* } $($rest:tt)*) => {{
        let chosen = if $($test)* {
            $crate::html!(@ $($then)*)
        } else {
            $crate::html!(@ $($other)*)
        };
        crate::html::Child::add(chosen, &mut $values);
        $crate::markup!($values [$($done)* "\u{4}",] $($rest)*)
    }};
    (@if $values:ident [$($done:tt)*] [$($test:tt)*] { $($then:tt)* } $($rest:tt)*) => {
        $crate::markup!(@if $values [$($done)*] [$($test)*] { $($then)* } else {} $($rest)*)
    };
    (@if $values:ident [$($done:tt)*] [$($test:tt)*] $next:tt $($rest:tt)*) => {
        $crate::markup!(@if $values [$($done)*] [$($test)* $next] $($rest)*)
    };
}

/// The mark of an element that is opened.
pub const OPENED: char = '\u{1}';
/// The mark of an attribute.
pub const FIXED: char = '\u{2}';
/// The mark of an attribute that is given.
pub const GIVEN: char = '\u{3}';
/// The mark of a child that is given.
pub const CHILD: char = '\u{4}';
/// The mark of the end of an element or a list.
pub const CLOSED: char = '\u{5}';
/// The mark of text.
pub const TEXT: char = '\u{6}';
/// The mark of a list.
pub const LIST: char = '\u{7}';

/// The mark of a markup among several; its name follows.
const SLOT: char = '\u{8}';

const fn is_mark(c: char) -> bool {
    matches!(c, OPENED..=SLOT)
}

/// A template or a markup, part by part: its mark, and what follows.
///
/// ```
/// use rolecall_views::html::{CLOSED, OPENED, TEXT, parts};
/// use rolecall_views::words::prose;
///
/// let markup = prose("see `sub`");
/// let found: Vec<(char, &str)> = parts(markup.text()).filter(|(mark, _)| *mark != '\u{7}').collect();
/// assert_eq!(found, [(TEXT, "see "), (OPENED, "code"), (TEXT, "sub"), (CLOSED, ""), (TEXT, ""), (CLOSED, "")]);
/// ```
pub fn parts(text: &str) -> impl Iterator<Item = (char, &str)> {
    let mut rest = text;
    std::iter::from_fn(move || {
        let mark = rest.chars().next().filter(|first| is_mark(*first))?;
        let after = rest.get(1..)?;
        // Marks are single bytes, which are in no other letter.
        let end = after.bytes().position(|byte| is_mark(byte.into()));
        let (part, following) = after.split_at_checked(end.unwrap_or(after.len()))?;
        rest = following;
        Some((mark, part))
    })
}

/// Several markups in one text, each with its name.
///
/// ```
/// let parts = rolecall_views::start();
/// let names: Vec<&str> = rolecall_views::html::slots(&parts).map(|(name, _)| name).collect();
/// assert!(names.starts_with(&["verdict", "spoken", "journey"]));
/// ```
pub fn slots(text: &str) -> impl Iterator<Item = (&str, &str)> {
    let slots = text.split(SLOT).filter(|slot| !slot.is_empty());
    slots.map(|slot| slot.split_at(slot.find(is_mark).unwrap_or(slot.len())))
}

/// One of them.
pub(crate) fn slot(name: &str, markup: &str) -> String {
    format!("{SLOT}{name}{markup}")
}

/// Markup, to be shown. It is never empty where it is shown: even without content it keeps its place among its siblings.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Html(String);

impl Html {
    /// The text that it is.
    pub fn text(&self) -> &str {
        if self.0.is_empty() { NOTHING } else { &self.0 }
    }
}

/// An empty list.
const NOTHING: &str = "\u{7}\u{5}";

impl<H: Child> FromIterator<H> for Html {
    fn from_iter<I: IntoIterator<Item = H>>(children: I) -> Self {
        list(children)
    }
}

/// What is given to a template, in the order of its text: children as markup, attributes as text or not at all.
#[derive(Debug, Default)]
pub struct Values {
    /// One after the other.
    text: String,
    /// Where each ends; `None`: it is not given.
    ends: Vec<Option<usize>>,
}

impl Values {
    /// The markup that a template is with these values.
    pub fn build(&mut self, template: &'static str) -> Html {
        let Self { text: given, ends } = take(self);
        let mut ends = ends.into_iter();
        let mut start = 0;
        let mut next = || {
            let end = ends.next().flatten()?;
            given.get(std::mem::replace(&mut start, end)..end)
        };
        let mut text = String::with_capacity(template.len() + given.len());
        let (mut depth, mut roots) = (0_usize, 0_usize);
        for (mark, part) in parts(template) {
            if depth == 0 {
                roots += 1;
            }
            match mark {
                GIVEN => {
                    if let Some(value) = next() {
                        text.push(FIXED);
                        text.extend([part, "=", value]);
                    }
                    continue;
                }
                CHILD => {
                    text.extend(next());
                    continue;
                }
                OPENED => depth += 1,
                CLOSED => depth = depth.saturating_sub(1),
                _ => {}
            }
            text.push(mark);
            text.push_str(part);
        }
        if roots != 1 {
            text = format!("{LIST}{text}{CLOSED}");
        }
        Html(text)
    }

    /// Gives what was added to the text.
    fn give(&mut self) {
        self.ends.push(Some(self.text.len()));
    }

    /// Adds a foreign text without the letters that are marks here.
    fn clean(&mut self, text: &str) {
        if text.bytes().any(|byte| is_mark(byte.into())) {
            self.text += &text.replace(is_mark, "\u{fffd}");
        } else {
            self.text += text;
        }
    }
}

/// Nodes that are one child, however many they are: their siblings keep their places.
pub fn list<C: Child>(children: impl IntoIterator<Item = C>) -> Html {
    let mut values = Values::default();
    for child in children {
        child.add(&mut values);
    }
    Html(format!("{LIST}{}{CLOSED}", values.text))
}

/// What can stand in braces between tags.
pub trait Child {
    /// Gives it to the template.
    fn add(self, values: &mut Values);
}

impl Child for Html {
    fn add(self, values: &mut Values) {
        values.text += self.text();
        values.give();
    }
}

impl Child for &str {
    fn add(self, values: &mut Values) {
        values.text.push(TEXT);
        values.clean(self);
        values.give();
    }
}

impl Child for String {
    fn add(self, values: &mut Values) {
        self.as_str().add(values);
    }
}

/// What an attribute can be given.
pub trait Value {
    /// Gives it to the template.
    fn set(self, values: &mut Values);
}

impl Value for &str {
    fn set(self, values: &mut Values) {
        values.clean(self);
        values.give();
    }
}

impl Value for String {
    fn set(self, values: &mut Values) {
        self.as_str().set(values);
    }
}

/// Two classes; an empty one is none.
impl Value for (&str, &str) {
    fn set(self, values: &mut Values) {
        match self {
            (one, "") | ("", one) => one.set(values),
            (one, other) => format!("{one} {other}").set(values),
        }
    }
}

impl Value for bool {
    fn set(self, values: &mut Values) {
        self.then_some("").set(values);
    }
}

impl<V: Value> Value for Option<V> {
    fn set(self, values: &mut Values) {
        match self {
            Some(value) => value.set(values),
            None => values.ends.push(None),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The markup as people write it, a list as `[...]`.
    fn written(html: &Html) -> String {
        let mut text = String::new();
        let mut open = Vec::new();
        for (mark, part) in parts(html.text()) {
            match mark {
                OPENED => {
                    text += &format!("<{part}>");
                    open.push(format!("</{part}>"));
                }
                FIXED => {
                    text.pop();
                    text += &format!(" {part}>");
                }
                LIST => {
                    text.push('[');
                    open.push("]".to_owned());
                }
                CLOSED => text += &open.pop().unwrap_or_default(),
                _ => text += part,
            }
        }
        text
    }

    #[test]
    fn markup_is_what_is_written() {
        let (class, absent, rows) = ("c", None::<&str>, ["a", "b"]);
        let given = |yes: bool| {
            html! {
                <p {class} id="i" aria-label={format!("{class}!")} title={absent} hidden={yes}>
                    { "text " }
                    if yes { <b>{ "yes" }</b> } else { { "no" } }
                    <ul>{ for rows.map(|row| html! { <li>{ row }</li> }) }</ul>
                </p>
            }
        };
        let rows = "<ul>[<li>a</li><li>b</li>]</ul></p>";
        assert_eq!(
            written(&given(true)),
            format!("<p class=c id=i aria-label=c! hidden=>text <b>yes</b>{rows}")
        );
        assert_eq!(
            written(&given(false)),
            format!("<p class=c id=i aria-label=c!>text no{rows}")
        );
    }

    #[test]
    fn siblings_keep_their_places() {
        let places = |yes: bool| written(&html! { <><i />if yes { <b /> }<u /></> });
        assert_eq!(places(true), "[<i></i><b></b><u></u>]");
        assert_eq!(places(false), "[<i></i>[]<u></u>]");
        assert_eq!(written(&html! {}), "[]");
        assert_eq!(written(&html! { <p>{ Html::default() }</p> }), "<p>[]</p>");
    }

    #[test]
    fn foreign_text_is_never_markup() {
        let foreign = "a\u{5}\u{1}script\u{6}b".to_owned();
        let html = html! { <p title={foreign.clone()}>{ foreign }</p> };
        let cleaned = "a\u{fffd}\u{fffd}script\u{fffd}b";
        assert_eq!(written(&html), format!("<p title={cleaned}>{cleaned}</p>"));
    }
}
