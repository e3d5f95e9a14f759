//! How the page says an answer: reports in, markup as text out.
//!
//! The page (`web`) has the boxes, and the engine (`crates/embed`) what is said of them: so the first render needs no
//! code of answers that nobody has asked for yet. [`draw`] takes the reports and what the page knows besides, and
//! gives the markup of the page's parts; what a press does stands in it as an [`act::Act`]. [`start`] is what they are
//! before anything is judged, which the page holds as text.
//!
//! No policy meaning: what is shown is what the reports say.

pub mod act;
mod claims;
pub mod html;
mod journey;
mod page;
mod policy;
pub mod report;
mod token;
mod verdict;
pub mod words;

#[cfg(feature = "answers")]
mod answers;
#[cfg(feature = "answers")]
pub use answers::draw;

/// The parts of the page before anything is judged, as [`html::slots`] reads them.
pub fn start() -> String {
    let mut page = page::Page::default();
    page.settled = verdict::Verdict::of(&page).spoken();
    page.written()
}
