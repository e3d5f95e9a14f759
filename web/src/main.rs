//! The page: two boxes and the verdict. It has no policy meaning of its own: [`judge`] asks core, the
//! other modules show what core says.
//!
//! `web/boot.js` starts it, and lets nobody type before the network is cut off.

mod answer;
mod boxes;
mod browser;
mod cause;
mod compare;
mod engine;
mod guide;
mod judge;
mod page;
mod trace;
mod verdict;
mod words;

fn main() {
    // The element stands in index.html; a page without it shows nothing, and nothing can be done about it here.
    if let Some(root) = browser::element("rolecall") {
        yew::Renderer::<page::Page>::with_root(root).render();
    }
}
