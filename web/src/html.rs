//! What `html!` ([`rolecall_views::html!`]) comes to in the page: yew's nodes. And of markup that the engine drew, the
//! nodes that it is.
//!
//! [`Values::build`] reads a template once and fills it in as often as it is drawn.

use std::cell::RefCell;
use std::mem::take;
use std::rc::Rc;

use rolecall_views::act::Act;
pub(crate) use rolecall_views::html;
use rolecall_views::html::{CHILD, CLOSED, FIXED, GIVEN, LIST, OPENED, TEXT, parts};
use wasm_bindgen::JsCast;
use web_sys::Event;
pub(crate) use yew::Html;
use yew::virtual_dom::{
    AttrValue, AttributeOrProperty, Attributes, Listener, ListenerKind, Listeners, VList, VTag,
    VText,
};
use yew::{Callback, NodeRef};

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
    /// Takes a template apart.
    fn read(template: &'static str) -> Vec<Self> {
        let mut pieces = Vec::new();
        let mut open = None;
        for (mark, part) in parts(template) {
            match mark {
                FIXED => {
                    let (name, value) = part.split_once('=').unwrap_or((part, ""));
                    attribute(&mut open, name, Some(value));
                    continue;
                }
                GIVEN => {
                    attribute(&mut open, part, None);
                    continue;
                }
                _ => pieces.extend(open.take().map(Self::element)),
            }
            match mark {
                OPENED => open = Some((part, Vec::new())),
                CHILD => pieces.push(Self::Child),
                CLOSED => pieces.push(Self::Close),
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

/// An element that is no field.
fn new_tag(name: AttrValue) -> VTag {
    // What yew's own macro calls. `VTag::new` makes a copy of the name to find out whether it is a field's.
    VTag::__new_other(
        name,
        NodeRef::default(),
        None,
        Attributes::default(),
        Listeners::None,
        Html::default(),
    )
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
        new_tag(name.into())
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

/// What is open in markup.
struct Open<'m> {
    /// `None`: a list.
    name: Option<&'m str>,
    attributes: Vec<(&'m str, &'m str)>,
    /// How many nodes were finished before it.
    start: usize,
}

/// The nodes of markup that was drawn elsewhere.
pub(crate) fn drawn(markup: &str) -> Html {
    let mut done: Vec<Html> = Vec::new();
    let mut open: Vec<Open<'_>> = Vec::new();
    for (mark, part) in parts(markup) {
        match mark {
            OPENED | LIST => open.push(Open {
                name: (mark == OPENED).then_some(part),
                attributes: Vec::new(),
                start: done.len(),
            }),
            FIXED => {
                if let Some(open) = open.last_mut() {
                    open.attributes.extend(part.split_once('='));
                }
            }
            TEXT => done.push(VText::new(part.to_owned()).into()),
            _ => {
                if let Some(open) = open.pop() {
                    let children = done.split_off(open.start.min(done.len()));
                    done.push(match open.name {
                        None => VList::from(children).into(),
                        Some(name) => drawn_element(name, open.attributes, children).into(),
                    });
                }
            }
        }
    }
    together(done)
}

fn drawn_element(name: &str, mut attributes: Vec<(&str, &str)>, children: Vec<Html>) -> VTag {
    let own = name.to_owned();
    let mut tag = if name == "input" {
        let mut field = VTag::new(own);
        // Its value is a property: the attribute tells only what it was at first.
        let place = attributes.iter().position(|(name, _)| *name == "value");
        if let Some(place) = place {
            field.set_value(attributes.remove(place).1.to_owned());
        }
        field
    } else {
        new_tag(own.into())
    };
    let value = |(_, value): &(&str, &str)| {
        Some(AttributeOrProperty::Attribute((*value).to_owned().into()))
    };
    tag.attributes = Attributes::Dynamic {
        keys: names(&attributes),
        values: attributes.iter().map(value).collect(),
    };
    if let Some(place) = tag.children_mut().filter(|_| !children.is_empty()) {
        *place = together(children);
    }
    tag
}

thread_local! {
    /// The names of attributes that stood together in what was drawn, in their order: as many as the views have.
    static NAMES: RefCell<Vec<&'static [&'static str]>> = const { RefCell::new(Vec::new()) };
}

/// The names of attributes, which yew wants to live for ever: each list of them is kept once.
fn names(attributes: &[(&str, &str)]) -> &'static [&'static str] {
    NAMES.with_borrow_mut(|kept| {
        let own = attributes.iter().map(|(name, _)| *name);
        match kept.binary_search_by(|names| names.iter().copied().cmp(own.clone())) {
            Ok(at) => kept.get(at).copied().unwrap_or_default(),
            Err(at) => {
                let names = own.map(|name| -> &'static str { name.to_owned().leak() });
                let names: &'static [&'static str] = names.collect::<Vec<_>>().leak();
                kept.insert(at, names);
                names
            }
        }
    })
}

/// Markup that never changes, as it is written. Only for texts of this crate: nothing of it is escaped.
pub(crate) fn fixed(html: &'static str) -> Html {
    Html::from_html_unchecked(AttrValue::Static(html))
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

impl Child for html::Html {
    fn add(self, values: &mut Values) {
        drawn(self.text()).add(values);
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

impl Value for Act {
    fn set(self, values: &mut Values) {
        self.text().set(values);
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
    fn what_was_drawn_elsewhere_is_the_same() {
        let shown = |markup: html::Html| written(&drawn(markup.text()));
        let faults = rolecall_views::words::visible("a<b>&\u{1}");
        let prose = rolecall_views::words::prose(&format!("`{faults}` is"));
        assert_eq!(shown(prose), "<code>a<b>&⟨U+0001⟩</> is");
        let icon = "<svg class=i pass aria-hidden=true><use href=#pass></></>";
        assert_eq!(shown(rolecall_views::words::icon("pass")), icon);
        assert_eq!(
            written(&drawn("\u{1}input\u{2}value=x=y\u{5}")),
            "<input value:x=y></>"
        );
        assert_eq!(written(&drawn("\u{5}\u{2}a=b\u{1}p")), "");
        let places = |tree: Html| match tree {
            VNode::VList(list) => list.len(),
            _ => 0,
        };
        assert_eq!(
            places(drawn("\u{7}\u{1}i\u{5}\u{7}\u{5}\u{1}u\u{5}\u{5}")),
            3
        );
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
