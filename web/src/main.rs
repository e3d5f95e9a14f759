//! The page: two boxes, the verdict, and everything that there is to say about it. It has no policy meaning
//! of its own: [`judge`] and [`analysis`] ask the engine, the other modules show what it says.
//!
//! `web/boot.js` starts it, and lets nobody type before the network is cut off.

mod analysis;
mod answer;
mod bar;
mod behind;
mod browser;
mod claims;
mod compare;
mod engine;
mod examples;
mod explain;
mod form;
mod guide;
mod highlight;
mod html;
mod input;
mod journey;
mod judge;
mod page;
mod policy;
mod push;
mod repair;
mod report;
mod send;
mod settings;
mod setup;
mod share;
mod token;
mod trace;
mod triggers;
mod verdict;
mod who;
mod why;
mod words;
mod workflow;

fn main() {
    // The element stands in index.html; a page without it shows nothing, and nothing can be done about it here.
    if let Some(root) = browser::element("rolecall") {
        yew::Renderer::<page::Page>::with_root(root).render();
    }
}
