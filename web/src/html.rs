//! `html!`, written as yew's own and meaning the same, for a page that has to be small.
//!
//! yew's macro writes out how each element is made, where it stands. This one writes one text for all that is fixed of
//! a piece of markup, its template, and code only for what is given to it: the page's module is a seventh smaller.
//! [`Values::build`] reads the template once and fills it in as often as it is drawn.
//!
//! What the macro takes: tags, `<>`, attributes with a literal or `{ expression }`, `{name}` for `name={name}`,
//! `ref`, `{ child }`, `{ for children }`, and `if` with or without `else`.

use std::cell::RefCell;
use std::mem::take;
use std::rc::Rc;

use wasm_bindgen::JsCast;
use web_sys::Event;
use yew::virtual_dom::{
    AttrValue, AttributeOrProperty, Attributes, Listener, ListenerKind, Listeners, VList, VTag,
    VText,
};
use yew::{Callback, Html, NodeRef};

macro_rules! html {
    () => { yew::Html::default() };
    (< $($markup:tt)*) => { $crate::html::html!(@ < $($markup)*) };
    ({ $($child:tt)* } $($markup:tt)*) => { $crate::html::html!(@ { $($child)* } $($markup)*) };
    (@ $($markup:tt)*) => {{
        let mut values = $crate::html::Values::default();
        $crate::html::markup!(values [] $($markup)*)
    }};
    ($text:expr) => { $crate::html::html!(@ { $text }) };
}

// Goes through the markup from its beginning to its end: `[..]` holds what the template is by then, in the marks of
// `Piece::read`, and what is given to it was written before.
macro_rules! markup {
    ($values:ident [$($done:tt)*]) => { $values.build(concat!($($done)*)) };
    ($values:ident [$($done:tt)*] <> $($rest:tt)*) => { $crate::html::markup!($values [$($done)*] $($rest)*) };
    ($values:ident [$($done:tt)*] </> $($rest:tt)*) => { $crate::html::markup!($values [$($done)*] $($rest)*) };
    ($values:ident [$($done:tt)*] </ $tag:ident > $($rest:tt)*) => {
        $crate::html::markup!($values [$($done)* "\u{5}",] $($rest)*)
    };
    ($values:ident [$($done:tt)*] < $tag:ident $($rest:tt)*) => {
        $crate::html::markup!(@tag $values [$($done)* "\u{1}", stringify!($tag),] $($rest)*)
    };
    ($values:ident [$($done:tt)*] { $text:literal } $($rest:tt)*) => {
        $crate::html::markup!($values [$($done)* "\u{6}", $text,] $($rest)*)
    };
    ($values:ident [$($done:tt)*] { for $children:expr } $($rest:tt)*) => {{
        $crate::html::Child::add($crate::html::list($children), &mut $values);
        $crate::html::markup!($values [$($done)* "\u{4}",] $($rest)*)
    }};
    ($values:ident [$($done:tt)*] { $child:expr } $($rest:tt)*) => {{
        $crate::html::Child::add($child, &mut $values);
        $crate::html::markup!($values [$($done)* "\u{4}",] $($rest)*)
    }};
    ($values:ident [$($done:tt)*] if $($rest:tt)*) => {
        $crate::html::markup!(@if $values [$($done)*] [] $($rest)*)
    };

    (@tag $values:ident [$($done:tt)*] > $($rest:tt)*) => {
        $crate::html::markup!($values [$($done)*] $($rest)*)
    };
    (@tag $values:ident [$($done:tt)*] /> $($rest:tt)*) => {
        $crate::html::markup!($values [$($done)* "\u{5}",] $($rest)*)
    };
    (@tag $values:ident [$($done:tt)*] { $name:ident } $($rest:tt)*) => {{
        $crate::html::Value::set($name, &mut $values);
        $crate::html::markup!(@tag $values [$($done)* "\u{3}", stringify!($name),] $($rest)*)
    }};
    (@tag $values:ident [$($done:tt)*] $name:ident = $($rest:tt)*) => {
        $crate::html::markup!(@value $values [$($done)*] [stringify!($name)] $($rest)*)
    };
    (@tag $values:ident [$($done:tt)*] $first:ident - $second:ident = $($rest:tt)*) => {
        $crate::html::markup!(@value $values [$($done)*] [stringify!($first), "-", stringify!($second)] $($rest)*)
    };

    (@value $values:ident [$($done:tt)*] [$($name:tt)*] $value:literal $($rest:tt)*) => {
        $crate::html::markup!(@tag $values [$($done)* "\u{2}", $($name)*, "=", $value,] $($rest)*)
    };
    (@value $values:ident [$($done:tt)*] [$($name:tt)*] { $value:expr } $($rest:tt)*) => {{
        $crate::html::Value::set($value, &mut $values);
        $crate::html::markup!(@tag $values [$($done)* "\u{3}", $($name)*,] $($rest)*)
    }};

    (@if $values:ident [$($done:tt)*] [$($test:tt)*] { $($then:tt)* } else { $($other:tt)* } $($rest:tt)*) => {{
        let chosen = if $($test)* {
            $crate::html::html!(@ $($then)*)
        } else {
            $crate::html::html!(@ $($other)*)
        };
        $crate::html::Child::add(chosen, &mut $values);
        $crate::html::markup!($values [$($done)* "\u{4}",] $($rest)*)
    }};
    (@if $values:ident [$($done:tt)*] [$($test:tt)*] { $($then:tt)* } $($rest:tt)*) => {
        $crate::html::markup!(@if $values [$($done)*] [$($test)*] { $($then)* } else {} $($rest)*)
    };
    (@if $values:ident [$($done:tt)*] [$($test:tt)*] $next:tt $($rest:tt)*) => {
        $crate::html::markup!(@if $values [$($done)*] [$($test)* $next] $($rest)*)
    };
}

pub(crate) use {html, markup};

/// What is given to a template, in the order of its text.
#[derive(Default)]
pub(crate) struct Values(Vec<Given>);

enum Given {
    Nothing,
    Text(AttrValue),
    Call(Rc<dyn Fn(Event)>),
    Reference(NodeRef),
    Node(Html),
}

/// What a template is made of.
enum Piece {
    /// An element, and what its attributes are; `None`: they are given.
    Open {
        tag: &'static str,
        keys: &'static [&'static str],
        fixed: Vec<Option<&'static str>>,
    },
    Text(&'static str),
    Child,
    Close,
}

impl Piece {
    /// Takes a template apart. Each part begins with its mark:
    ///
    /// | mark | what follows |
    /// |---|---|
    /// | 1 | the name of an element that is opened |
    /// | 2 | an attribute, `name=value` |
    /// | 3 | the name of an attribute that is given |
    /// | 4 | nothing: a child is given |
    /// | 5 | nothing: the element is closed |
    /// | 6 | text |
    fn read(template: &'static str) -> Vec<Self> {
        let mut pieces = Vec::new();
        let mut open = None;
        let mut rest = template;
        let is_mark = |c: char| c < '\u{7}';
        while let Some(mark) = rest.chars().next() {
            let part = rest.get(1..).unwrap_or_default();
            let (part, after) = part.split_at(part.find(is_mark).unwrap_or(part.len()));
            rest = after;
            match mark {
                '\u{2}' => {
                    let (name, value) = part.split_once('=').unwrap_or((part, ""));
                    attribute(&mut open, name, Some(value));
                    continue;
                }
                '\u{3}' => {
                    attribute(&mut open, part, None);
                    continue;
                }
                _ => pieces.extend(open.take().map(Self::element)),
            }
            match mark {
                '\u{1}' => open = Some((part, Vec::new())),
                '\u{4}' => pieces.push(Self::Child),
                '\u{5}' => pieces.push(Self::Close),
                _ => pieces.push(Self::Text(part)),
            }
        }
        pieces
    }

    fn element((tag, attributes): Opening) -> Self {
        let (keys, fixed): (Vec<_>, Vec<_>) = attributes.into_iter().unzip();
        Self::Open {
            tag,
            keys: keys.leak(),
            fixed,
        }
    }
}

/// An element's name and attributes.
type Opening = (&'static str, Vec<(&'static str, Option<&'static str>)>);

fn attribute(open: &mut Option<Opening>, name: &'static str, value: Option<&'static str>) {
    if let Some((_, attributes)) = open {
        attributes.push((name, value));
    }
}

/// A template and its parts.
type Template = (&'static str, Rc<[Piece]>);

thread_local! {
    /// The templates that were read, by where they stand. There are as many as the code has.
    static READ: RefCell<Vec<Template>> = const { RefCell::new(Vec::new()) };
}

/// A template taken apart: the first time it is read, later it is looked up.
fn pieces(template: &'static str) -> Rc<[Piece]> {
    let place = |text: &str| (text.as_ptr(), text.len());
    READ.with_borrow_mut(|read| {
        match read.binary_search_by_key(&place(template), |(text, _)| place(text)) {
            Ok(at) => read.get(at).map(|(_, pieces)| Rc::clone(pieces)),
            Err(at) => {
                let pieces: Rc<[Piece]> = Piece::read(template).into();
                read.insert(at, (template, Rc::clone(&pieces)));
                Some(pieces)
            }
        }
        .unwrap_or_default()
    })
}

impl Values {
    /// The tree that a template is with these values.
    pub(crate) fn build(&mut self, template: &'static str) -> Html {
        let mut values = take(&mut self.0).into_iter();
        let mut done: Vec<Html> = Vec::new();
        // The elements that are open, each with how many nodes were finished before it.
        let mut open: Vec<(VTag, usize)> = Vec::new();
        for piece in pieces(template).iter() {
            match piece {
                Piece::Open { tag, keys, fixed } => {
                    open.push((element(tag, keys, fixed, &mut values), done.len()));
                }
                Piece::Text(text) => done.push(VText::new(*text).into()),
                Piece::Child => {
                    if let Some(Given::Node(node)) = values.next() {
                        done.push(node);
                    }
                }
                Piece::Close => {
                    if let Some((mut tag, start)) = open.pop() {
                        let children = done.split_off(start);
                        if let Some(place) = tag.children_mut().filter(|_| !children.is_empty()) {
                            *place = together(children);
                        }
                        done.push(tag.into());
                    }
                }
            }
        }
        together(done)
    }

    fn text(&mut self, text: AttrValue) {
        self.0.push(Given::Node(VText::new(text).into()));
    }
}

/// One node is itself, others are a list.
fn together(mut nodes: Vec<Html>) -> Html {
    match nodes.len() {
        1 => nodes.pop().unwrap_or_default(),
        _ => VList::from(nodes).into(),
    }
}

fn element(
    name: &'static str,
    keys: &'static [&'static str],
    fixed: &[Option<&'static str>],
    values: &mut std::vec::IntoIter<Given>,
) -> VTag {
    let is_input = matches!(name, "input" | "textarea");
    let mut tag = if is_input {
        VTag::new(name)
    } else {
        // What yew's own macro calls. `new` makes a copy of the name to find out what was asked above.
        VTag::__new_other(
            name.into(),
            NodeRef::default(),
            None,
            Attributes::default(),
            Listeners::None,
            Html::default(),
        )
    };
    let mut attributes = Vec::with_capacity(keys.len());
    for (key, fixed) in keys.iter().zip(fixed) {
        let given = match fixed {
            Some(fixed) => Some(Given::Text((*fixed).into())),
            None => values.next(),
        };
        let mut attribute = None;
        match given.unwrap_or(Given::Nothing) {
            Given::Text(text) if is_input && *key == "value" => tag.set_value(text),
            // A box that is not checked must be told so: the person may have checked it.
            Given::Text(_) if is_input && *key == "checked" => tag.set_checked(true),
            Given::Nothing if is_input && *key == "checked" => tag.set_checked(false),
            Given::Text(text) => attribute = Some(AttributeOrProperty::Attribute(text)),
            Given::Call(call) => {
                tag.add_listener(Rc::new(On { key, call }));
            }
            Given::Reference(node) => tag.node_ref = node,
            Given::Nothing | Given::Node(_) => {}
        }
        attributes.push(attribute);
    }
    tag.attributes = Attributes::Dynamic {
        keys,
        values: attributes.into(),
    };
    tag
}

/// Nodes that are one child, however many they are: their siblings keep their places.
pub(crate) fn list<C: Child>(children: impl IntoIterator<Item = C>) -> Html {
    let mut values = Values::default();
    for child in children {
        child.add(&mut values);
    }
    values.all()
}

impl Values {
    fn all(self) -> Html {
        let node = |given| match given {
            Given::Node(node) => Some(node),
            _ => None,
        };
        let nodes: Vec<Html> = self.0.into_iter().filter_map(node).collect();
        VList::from(nodes).into()
    }
}

/// What can stand in braces between tags.
pub(crate) trait Child {
    fn add(self, values: &mut Values);
}

impl Child for Html {
    fn add(self, values: &mut Values) {
        values.0.push(Given::Node(self));
    }
}

impl Child for &'static str {
    fn add(self, values: &mut Values) {
        values.text(self.into());
    }
}

impl Child for String {
    fn add(self, values: &mut Values) {
        values.text(self.into());
    }
}

/// What an attribute can be given.
pub(crate) trait Value {
    fn set(self, values: &mut Values);
}

impl Value for &'static str {
    fn set(self, values: &mut Values) {
        values.0.push(Given::Text(self.into()));
    }
}

impl Value for String {
    fn set(self, values: &mut Values) {
        values.0.push(Given::Text(self.into()));
    }
}

/// Two classes; an empty one is none.
impl Value for (&'static str, &'static str) {
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

impl Value for NodeRef {
    fn set(self, values: &mut Values) {
        values.0.push(Given::Reference(self));
    }
}

impl<E: JsCast + 'static> Value for Callback<E> {
    fn set(self, values: &mut Values) {
        let call = Rc::new(move |event: Event| self.emit(event.unchecked_into()));
        values.0.push(Given::Call(call));
    }
}

impl<V: Value> Value for Option<V> {
    fn set(self, values: &mut Values) {
        match self {
            Some(value) => value.set(values),
            None => values.0.push(Given::Nothing),
        }
    }
}

/// A listener for any event: one type for all.
struct On {
    /// `onclick`, `oninput`, ...
    key: &'static str,
    call: Rc<dyn Fn(Event)>,
}

impl Listener for On {
    fn kind(&self) -> ListenerKind {
        ListenerKind::other(self.key.trim_start_matches("on").into())
    }

    fn handle(&self, event: Event) {
        (self.call)(event);
    }

    fn passive(&self) -> bool {
        false
    }
}

#[cfg(test)]
mod tests {
    use yew::virtual_dom::VNode;

    use super::*;

    /// The markup that a tree is.
    fn written(node: &Html) -> String {
        match node {
            VNode::VText(text) => text.text.to_string(),
            VNode::VList(list) => list.iter().map(written).collect(),
            VNode::VTag(tag) => {
                let mut attributes: Vec<String> = tag
                    .attributes
                    .iter()
                    .map(|(name, value)| format!(" {name}={value}"))
                    .collect();
                attributes.extend(tag.value().map(|value| format!(" value:{value}")));
                attributes.extend(tag.checked().map(|checked| format!(" checked:{checked}")));
                let children = tag.children().map(written).unwrap_or_default();
                format!("<{}{}>{children}</>", tag.tag(), attributes.concat())
            }
            _ => "?".to_owned(),
        }
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
        let start = "<p class=c id=i aria-label=c!";
        let rows = "<ul><li>a</><li>b</></></>";
        assert_eq!(
            written(&given(true)),
            format!("{start} hidden=>text <b>yes</>{rows}")
        );
        assert_eq!(written(&given(false)), format!("{start}>text no{rows}"));
        assert_eq!(written(&html! {}), "");
        assert_eq!(written(&html! { <><i /><br /></> }), "<i></><br></>");
    }

    #[test]
    fn fields_have_properties() {
        let field =
            |on: bool| html! { <input type="checkbox" value={"v".to_owned()} checked={on} /> };
        assert_eq!(
            written(&field(true)),
            "<input type=checkbox value:v checked:true></>"
        );
        assert_eq!(
            written(&field(false)),
            "<input type=checkbox value:v checked:false></>"
        );
        let choice = html! { <option value="v" selected={true} /> };
        assert_eq!(written(&choice), "<option value=v selected=></>");
    }

    #[test]
    fn siblings_keep_their_places() {
        let places = |yes: bool| {
            let tree = html! { <><i />if yes { <b /> }<u /></> };
            match tree {
                VNode::VList(list) => list.len(),
                _ => 0,
            }
        };
        assert_eq!((places(true), places(false)), (3, 3));
    }

    #[test]
    fn a_template_is_read_once() {
        let draw = || html! { <p class="once">{ "x" }</p> };
        let (one, other) = (draw(), draw());
        let count = || READ.with_borrow(Vec::len);
        let before = count();
        assert_eq!(written(&one), written(&other));
        assert_eq!(written(&draw()), "<p class=once>x</>");
        assert_eq!(count(), before);
    }
}
