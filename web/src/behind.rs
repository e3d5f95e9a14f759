//! The coloured text behind the policy's box, letter under letter, so it shows every character as it is.
//!
//! It is drawn past yew, line by line: a key changes one line of hundreds, and telling that from whole trees would take
//! most of the time between the key and the verdict.

use web_sys::{Document, Element};
use yew::NodeRef;

use crate::browser;
use crate::highlight::{Line, Piece};

/// What is drawn, and where.
#[derive(Default)]
pub(crate) struct Behind {
    pub(crate) node: NodeRef,
    drawn: Vec<Line>,
}

impl Behind {
    /// Draws what is new.
    pub(crate) fn draw(&mut self, lines: Vec<Line>) {
        let (Some(place), Some(document)) = (self.node.cast::<Element>(), browser::document())
        else {
            return;
        };
        self.drawn = match redraw(&place, &document, &self.drawn, &lines) {
            Some(()) => lines,
            // Without colours the box still shows the text; all is drawn anew the next time.
            None => {
                place.set_text_content(None);
                Vec::new()
            }
        };
    }
}

/// Turns the `old` lines of a place into the `new`; `None` where the browser refuses.
fn redraw(place: &Element, document: &Document, old: &[Line], new: &[Line]) -> Option<()> {
    let same = |(a, b): &(&Line, &Line)| a == b;
    let head = old.iter().zip(new).take_while(same).count();
    let most = old.len().min(new.len()) - head;
    let ends = old.iter().rev().zip(new.iter().rev());
    let tail = ends.take(most).take_while(same).count();
    let mut old = old.get(head..old.len() - tail)?.iter();
    let mut next = place.children().item(u32::try_from(head).ok()?);
    for line in new.get(head..new.len() - tail)? {
        match (old.next(), next.take()) {
            // The element stays: the numbers of the lines below would be counted anew.
            (Some(before), Some(drawn)) => {
                if before != line {
                    fill(document, &drawn, line)?;
                }
                next = drawn.next_element_sibling();
            }
            (_, following) => {
                let added = document.create_element("div").ok()?;
                fill(document, &added, line)?;
                let before = following.as_ref().map(AsRef::as_ref);
                place.insert_before(&added, before).ok()?;
                next = following;
            }
        }
    }
    for _ in old {
        let gone = next?;
        next = gone.next_element_sibling();
        gone.remove();
    }
    Some(())
}

fn fill(document: &Document, element: &Element, line: &Line) -> Option<()> {
    let (shape, class) = line.mark;
    dress(element, ("l", class), "");
    if !shape.is_empty() {
        let icon = icon(document, shape)?;
        element.append_child(&icon).ok()?;
    }
    if line.pieces.is_empty() {
        element.append_with_str_1(" ").ok()?;
    }
    for piece in &line.pieces {
        draw(document, element, piece)?;
    }
    Some(())
}

fn draw(document: &Document, line: &Element, piece: &Piece) -> Option<()> {
    let Piece { text, class } = piece;
    // What all keys of an issuer begin with is quiet, so that `aud` and `sub` stand out.
    let issuer = text.rfind(':').map(|colon| text.split_at(colon + 1));
    match issuer.filter(|(issuer, _)| class.0 == "k" && issuer.contains('.')) {
        Some((issuer, name)) => {
            let key = span(document, *class, "")?;
            let quiet = span(document, ("dim", ""), issuer)?;
            key.append_child(&quiet).ok()?;
            key.append_with_str_1(name).ok()?;
            line.append_child(&key).ok()?;
        }
        None if *class == ("", "") => line.append_with_str_1(text).ok()?,
        None => {
            let piece = span(document, *class, text)?;
            line.append_child(&piece).ok()?;
        }
    }
    Some(())
}

fn span(document: &Document, class: (&str, &str), text: &str) -> Option<Element> {
    let element = document.create_element("span").ok()?;
    dress(&element, class, text);
    Some(element)
}

/// Gives an element its classes and its text, in place of all that it has.
fn dress(element: &Element, (one, other): (&str, &str), text: &str) {
    element.set_class_name(format!("{one} {other}").trim());
    element.set_text_content(Some(text));
}

fn icon(document: &Document, shape: &str) -> Option<Element> {
    let svg = |tag: &str| document.create_element_ns(Some("http://www.w3.org/2000/svg"), tag);
    let (icon, shapes) = (svg("svg").ok()?, svg("use").ok()?);
    icon.set_attribute("class", &format!("i {shape}")).ok()?;
    icon.set_attribute("aria-hidden", "true").ok()?;
    shapes.set_attribute("href", &format!("#{shape}")).ok()?;
    icon.append_child(&shapes).ok()?;
    Some(icon)
}
