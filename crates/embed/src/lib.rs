//! The engine of the page, of the element and of the JavaScript API: a WebAssembly module that takes a question
//! as JSON and gives the report as JSON.
//!
//! # The boundary
//! Text goes through the module's memory, so that no glue is needed but `js/engine.js`:
//!
//! 1. [`room`] makes room for the question and tells where; the caller writes UTF-8 there;
//! 2. a function named after a verb answers it and tells how long the answer is;
//! 3. [`answer()`] tells where the answer begins; it stands there until the next call of [`room`].
//!
//! What a verb takes and gives is in `js/index.d.ts`; the module exports those verbs that there are. Whatever
//! the question is, the answer is a report: `rolecall.error/1` where it can't be read. Only that of [`draw()`] is
//! markup.

#[cfg(feature = "align")]
mod align;
mod answer;
#[cfg(feature = "readers")]
mod examples;
#[cfg(feature = "readers")]
mod guide;
#[cfg(feature = "verdict")]
mod judge;
#[cfg(feature = "predict")]
mod predict;
#[cfg(feature = "judge")]
mod proofs;
#[cfg(feature = "readers")]
mod push;
#[cfg(feature = "readers")]
mod setup;
#[cfg(feature = "readers")]
mod share;
#[cfg(all(feature = "verdict", not(feature = "readers")))]
#[path = "bare.rs"]
mod texts;
#[cfg(feature = "readers")]
#[path = "readers.rs"]
mod texts;

#[cfg(feature = "readers")]
mod triggers;

use std::cell::RefCell;

use wasm_bindgen::prelude::wasm_bindgen;

thread_local! {
    /// The question, and after a verb its answer.
    static TEXT: RefCell<Vec<u8>> = const { RefCell::new(Vec::new()) };
}

/// Makes room for a question of so many bytes.
#[wasm_bindgen]
pub fn room(length: usize) -> *mut u8 {
    TEXT.with_borrow_mut(|text| {
        text.clear();
        text.resize(length, 0);
        text.as_mut_ptr()
    })
}

/// Where the answer begins.
#[wasm_bindgen]
pub fn answer() -> *const u8 {
    TEXT.with_borrow(|text| text.as_ptr())
}

/// Judges a token or claims; `clock` is the time in seconds since 1970.
#[cfg(feature = "judge")]
#[wasm_bindgen]
pub fn check(clock: f64) -> usize {
    replace(|question| judge::check(question, seconds(clock)))
}

/// As `check`, without the findings, which take longer and most of the code.
#[cfg(feature = "verdict")]
#[wasm_bindgen]
pub fn verdict(clock: f64) -> usize {
    replace(|question| judge::verdict(question, seconds(clock)))
}

/// Takes a token or claims apart; `clock` as for [`verdict`].
#[cfg(feature = "judge")]
#[wasm_bindgen]
pub fn inspect(clock: f64) -> usize {
    replace(|question| judge::inspect(question, seconds(clock)))
}

/// Tells who gets in; `clock` as for [`check`].
#[cfg(feature = "judge")]
#[wasm_bindgen]
pub fn who(clock: f64) -> usize {
    replace(|question| proofs::who(question, seconds(clock)))
}

/// Compares two policies; `clock` as for [`check`].
#[cfg(feature = "judge")]
#[wasm_bindgen]
pub fn diff(clock: f64) -> usize {
    replace(|question| proofs::diff(question, seconds(clock)))
}

/// Looks for repairs; `clock` as for [`check`].
#[cfg(feature = "judge")]
#[wasm_bindgen]
pub fn fix(clock: f64) -> usize {
    replace(|question| proofs::fix(question, seconds(clock)))
}

/// Tells what is remarkable about a policy; `clock` as for [`check`].
#[cfg(feature = "judge")]
#[wasm_bindgen]
pub fn lint(clock: f64) -> usize {
    replace(|question| proofs::lint(question, seconds(clock)))
}

/// Predicts the tokens of workflows' jobs. Every verb is told the time; this one does not look at it.
#[cfg(feature = "predict")]
#[wasm_bindgen]
pub fn predict(_clock: f64) -> usize {
    replace(predict::predict)
}

/// Tells what the role's session may do to an ECR repository. It does not look at the time.
#[cfg(feature = "readers")]
#[wasm_bindgen]
pub fn push(_clock: f64) -> usize {
    replace(push::push)
}

/// Judges the usual triggers of a repository; `clock` as for [`check`].
#[cfg(feature = "readers")]
#[wasm_bindgen]
pub fn triggers(clock: f64) -> usize {
    replace(|question| triggers::triggers(question, seconds(clock)))
}

/// Explains a cause, a rule or an error message. It does not look at the time.
#[cfg(feature = "readers")]
#[wasm_bindgen]
pub fn explain(_clock: f64) -> usize {
    replace(guide::explain)
}

/// Writes the set-up of a repository that pushes images. It does not look at the time.
#[cfg(feature = "readers")]
#[wasm_bindgen]
pub fn generate(_clock: f64) -> usize {
    replace(setup::generate)
}

/// Lays a pattern and a value beside each other. It does not look at the time.
#[cfg(feature = "align")]
#[wasm_bindgen]
pub fn align(_clock: f64) -> usize {
    replace(align::align)
}

/// Makes of a check what is taken away: the members of a link and a command. It does not look at the time.
#[cfg(feature = "readers")]
#[wasm_bindgen]
pub fn share(_clock: f64) -> usize {
    replace(share::share)
}

/// Real failures to look at: whatever the question, all of them.
#[cfg(feature = "readers")]
#[wasm_bindgen]
pub fn examples(_clock: f64) -> usize {
    replace(|_| examples::examples())
}

/// Draws a part of the page: `rolecall_views::draw`, whose answer is markup and no report.
#[cfg(feature = "readers")]
#[wasm_bindgen]
pub fn draw(_clock: f64) -> usize {
    replace(rolecall_views::draw)
}

/// Puts the answer in the place of the question.
fn replace(verb: impl FnOnce(&str) -> String) -> usize {
    TEXT.with_borrow_mut(|text| {
        // JavaScript's encoder writes UTF-8 and nothing else.
        *text = verb(&String::from_utf8_lossy(text)).into_bytes();
        text.len()
    })
}

/// JavaScript counts in floating point; what is out of range saturates.
#[cfg(feature = "verdict")]
const fn seconds(clock: f64) -> i64 {
    clock as i64
}

#[cfg(all(test, feature = "readers"))]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn an_answer_is_drawn_from_its_reports() {
        let claims = json!({ "iss": "https://token.actions.githubusercontent.com", "aud": "sts.amazonaws.com",
            "sub": "repo:octo-org@1/octo-repo@2:ref:refs/heads/main", "iat": 1, "exp": 301 });
        let issuer = "token.actions.githubusercontent.com";
        let policy = json!({ "Version": "2012-10-17", "Statement": [{ "Effect": "Allow", "Action": "sts:AssumeRoleWithWebIdentity",
            "Principal": { "Federated": format!("arn:aws:iam::111122223333:oidc-provider/{issuer}") },
            "Condition": { "StringLike": { format!("{issuer}:sub"): "repo:octo-org/octo-repo:*" } } }] })
        .to_string();
        let check = judge::verdict(
            &json!({ "claims": claims, "policy": policy }).to_string(),
            1,
        );
        let question = format!(
            "{{\"what\":\"page\",\"outcome\":\"decided\",\"check\":{check},\"policy\":{}}}",
            json!(policy)
        );
        let drawn = rolecall_views::draw(&question);
        let parts: Vec<(&str, &str)> = rolecall_views::html::slots(&drawn).collect();
        let part = |wanted: &str| {
            let found = parts.iter().find(|(name, _)| *name == wanted);
            found.map(|(_, markup)| *markup).unwrap_or_default()
        };
        assert!(part("verdict").contains("Denied"), "{drawn}");
        assert!(
            part("answer").contains("explain [\"immutable_sub\"]"),
            "{drawn}"
        );
        assert!(part("policy-notes").contains("select {"), "{drawn}");
        assert_eq!(part("coloured").lines().count(), 1, "{drawn}");
    }
}
