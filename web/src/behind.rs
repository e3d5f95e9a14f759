//! The coloured text behind the policy's box, letter under letter, so it shows every character as it is.
//!
//! It is drawn past yew, line by line: a key changes one line of hundreds, and telling that from whole trees would take
//! most of the time between the key and the verdict.

use std::cell::RefCell;

use rolecall_views::html::{FIXED, LIST, OPENED, TEXT, parts};
use web_sys::{Document, Element};
use yew::NodeRef;

use crate::browser;

/// What is drawn, and where.
#[derive(Default)]
pub(crate) struct Behind {
    pub(crate) node: NodeRef,
    /// Markup, line by line.
    drawn: RefCell<String>,
}

impl Behind {
    /// Draws what is new.
    pub(crate) fn draw(&self, lines: String) {
        let (Some(place), Some(document)) = (self.node.cast::<Element>(), browser::document())
        else {
            return;
        };
        let mut drawn = self.drawn.borrow_mut();
        let old: Vec<&str> = drawn.lines().collect();
        let new: Vec<&str> = lines.lines().collect();
        *drawn = match redraw(&place, &document, &old, &new) {
            Some(()) => lines,
            // Without colours the box still shows the text; all is drawn anew the next time.
            None => {
                place.set_text_content(None);
                String::new()
            }
        };
    }
}

/// Turns the `old` lines of a place into the `new`; `None` where the browser refuses.
fn redraw(place: &Element, document: &Document, old: &[&str], new: &[&str]) -> Option<()> {
    let same = |(a, b): &(&&str, &&str)| a == b;
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

/// Gives a line its classes and what it holds, in place of all that it has.
fn fill(document: &Document, element: &Element, line: &str) -> Option<()> {
    element.set_class_name("");
    element.set_text_content(None);
    // What is open, the line itself first.
    let mut open: Vec<Element> = Vec::new();
    for (mark, part) in parts(line) {
        match mark {
            OPENED if open.is_empty() => open.push(element.clone()),
            OPENED => {
                let parent = open.last()?;
                // What stands in a drawing is of its kind.
                let kind = match part {
                    "svg" | "use" => "http://www.w3.org/2000/svg",
                    _ => "http://www.w3.org/1999/xhtml",
                };
                let child = document.create_element_ns(Some(kind), part).ok()?;
                parent.append_child(&child).ok()?;
                open.push(child);
            }
            FIXED => {
                let (name, value) = part.split_once('=')?;
                open.last()?.set_attribute(name, value).ok()?;
            }
            TEXT => open.last()?.append_with_str_1(part).ok()?,
            LIST => open.push(open.last()?.clone()),
            _ => {
                open.pop();
            }
        }
    }
    Some(())
}
