//! The page: two boxes, the verdict, and everything that there is to say about it. It has no policy meaning
//! of its own: [`judge`] and [`analysis`] ask the engine, [`drawing`] has it draw what it said, and the other modules
//! are the boxes and forms around that.
//!
//! `web/boot.js` starts it, and lets nobody type before the network is cut off.

mod analysis;
mod bar;
mod behind;
mod browser;
mod claims;
mod drawing;
mod engine;
mod examples;
mod form;
mod guide;
mod html;
mod input;
mod judge;
mod page;
mod policy;
mod push;
mod send;
mod settings;
mod setup;
mod share;
mod token;
mod workflow;

use rolecall_views::{act, report, words};

fn main() {
    // The element stands in index.html; a page without it shows nothing, and nothing can be done about it here.
    if let Some(root) = browser::element("rolecall") {
        yew::Renderer::<page::Page>::with_root(root).render();
    }
}
