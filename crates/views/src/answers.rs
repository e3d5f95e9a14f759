//! What is drawn of an answer: for the engine, which has the code of answers.

mod column;
mod compare;
mod explain;
mod highlight;
mod markdown;
mod marks;
mod push;
mod repair;
mod setup;
mod trace;
mod triggers;
mod who;
mod why;
mod workflow;

use serde_json::Value;

use crate::html::{Html, slot};
use crate::page::Page;
use crate::report::{Claims, Read as _, member};

/// Draws. The question is an object with `what`, and:
///
/// | `what` | the answer | members |
/// |---|---|---|
/// | `page` | the parts of the page that hang on what is judged | those of `Page` |
/// | `explain` | markup: what a cause or a rule means | `explain`, a `rolecall.explain/1` |
/// | `setup` | markup: the files of a set-up | `generate`, a `rolecall.generate/1` |
/// | `markdown` | the answer as Markdown | `check`, a `rolecall.check/1` |
/// | `format` | JSON, laid out anew | `text` |
///
/// Markup is in the marks of [`html`](mod@crate::html); the parts of the page are as [`crate::html::slots`] reads them. Members
/// that are missing have their empty value; where something else is asked for, nothing is drawn.
///
/// ```
/// let laid_out = rolecall_views::draw(r#"{ "what": "format", "text": "{\"a\":1}" }"#);
/// assert_eq!(laid_out, "{\n  \"a\": 1\n}\n");
/// ```
pub fn draw(question: &str) -> String {
    let question: Value = serde_json::from_str(question).unwrap_or_default();
    let mut members = Claims::read(question);
    let what: String = member(&mut members, "what");
    let html = match what.as_str() {
        "page" => return page(&Page::read(Value::Object(members))),
        "markdown" => return markdown::markdown(&member(&mut members, "check")),
        "format" => return highlight::formatted(&member::<String>(&mut members, "text")),
        "explain" => explain::view(&member(&mut members, "explain")),
        "setup" => setup::view(&member(&mut members, "generate")),
        _ => Html::default(),
    };
    html.text().to_owned()
}

fn page(page: &Page) -> String {
    let parts = [
        ("answer", column::view(page)),
        ("push", push::view(page)),
        ("push-notes", push::notes(page)),
        ("workflow", workflow::view(page)),
        ("workflow-notes", workflow::notes(page)),
    ];
    let mut text = page.written();
    text.extend(parts.iter().map(|(name, part)| slot(name, part.text())));
    let lines = marks::coloured(page);
    let lines: Vec<&str> = lines.iter().map(Html::text).collect();
    // No line has a line break in its markup.
    text + &slot("coloured", &lines.join("\n"))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use serde_json::json;

    use super::*;
    use crate::html::{TEXT, parts, slots};

    /// The words of the page's parts.
    fn page(mut question: Value) -> BTreeMap<String, String> {
        question["what"] = "page".into();
        let drawn = draw(&question.to_string());
        let words = |markup| {
            let texts = parts(markup).filter(|(mark, _)| *mark == TEXT);
            texts.map(|(_, text)| text).collect()
        };
        let slots = slots(&drawn).map(|(name, markup)| (name.to_owned(), words(markup)));
        slots.collect()
    }

    fn holds(page: &BTreeMap<String, String>, part: &str, words: &str) {
        let text = page.get(part).map_or("", String::as_str);
        assert!(text.contains(words), "{part}: `{words}` is not in `{text}`");
    }

    fn lacks(page: &BTreeMap<String, String>, part: &str, words: &str) {
        let text = page.get(part).map_or("", String::as_str);
        assert!(!text.contains(words), "{part}: `{words}` is in `{text}`");
    }

    /// A job that gets no token, and what the engine says of it.
    fn without_token(asks: bool) -> BTreeMap<String, String> {
        let cause =
            json!({"id": "missing_id_token_permission", "summary": "it is so", "help": "do that"});
        page(json!({
            "outcome": "decided", "job": "build", "event": "push", "policy": "{}",
            "predict": {"schema": "rolecall.predict/1", "jobs": [
                {"job": "build", "event": "push", "runs": "yes", "asks": asks, "no_token": cause}]},
            "check": {"decision": "deny", "causes": [cause], "storable": {"accepted": true},
                "checks": [{"id": "trust-policy", "outcome": "not-reached"}]},
        }))
    }

    #[test]
    fn a_job_that_needs_no_token_is_no_failure() {
        let page = without_token(false);
        holds(&page, "workflow", "asks for no token");
        lacks(&page, "workflow", "missing_id_token_permission");
        holds(
            &page,
            "spoken",
            "No verdict: The job build asks for no token.",
        );
        holds(&page, "journey", "build asks for no token");
        lacks(&page, "journey", "failed");
        let page = without_token(true);
        holds(&page, "workflow", "no tokenmissing_id_token_permission");
        holds(&page, "spoken", "Denied: It is so.");
        holds(&page, "journey", "build gets no token");
    }

    #[test]
    fn where_nothing_is_evaluated_nothing_is_counted() {
        let page = without_token(true);
        assert_eq!(
            page.get("policy-meta").map(String::as_str),
            Some("IAM would store it")
        );
        holds(&page, "answer", "TraceNot reached: the job gets no token.");
    }

    /// A job that gets one of several tokens.
    fn of_tokens() -> BTreeMap<String, String> {
        let token = |sub: &str, when: &str| json!({"claims": {"sub": sub}, "when": [when]});
        page(json!({
            "outcome": "decided", "job": "release", "event": "push", "policy": "{}",
            "predict": {"schema": "rolecall.predict/1", "jobs": [{
                "job": "release", "event": "push", "runs": "yes", "asks": true, "tokens": [
                    token("a", "branch main"), token("a", "tag *"), token("b", "branch main"), token("b", "tag *")]}]},
            "inspect": {},
            "check": {"decision": "undecided", "storable": {"accepted": true},
                "causes": [{"id": "immutable_sub", "summary": "ids are missing", "help": "add them"}],
                "checks": [{"id": "trust-policy", "outcome": "unknown"}],
                "statements": [{"index": 0, "effect": "Allow", "outcome": "unknown"}],
                "unknowns": [{"key": "which of the tokens the run gets", "if": [
                    {"value": "a", "decision": "allow"}, {"value": "b", "decision": "deny"}]}]},
        }))
    }

    #[test]
    fn a_subject_of_several_tokens_is_listed_once() {
        let page = of_tokens();
        holds(&page, "workflow", "a and 1 more");
        holds(&page, "workflow", "abranch main; tag *bbranch main; tag *");
    }

    #[test]
    fn it_is_told_whose_causes_are_shown() {
        let page = of_tokens();
        holds(&page, "answer", "If the run gets the token");
        holds(&page, "answer", "Of the token b:Ids are missing.");
        holds(&page, "answer", "for every token the run may get");
        holds(&page, "claims-meta", "of the first of several tokens: ");
        holds(&page, "journey", "1 of 1 statement may apply");
    }

    #[test]
    fn what_is_not_known_is_said_in_a_sentence() {
        for (key, headline, condition) in [
            (
                "which of the tokens the run gets",
                "It depends on which of the tokens the run gets.",
                "If the run gets the token",
            ),
            (
                "signing key",
                "It depends on the signing key.",
                "If the signing key is",
            ),
            (
                "aws:SourceIp",
                "It depends on aws:SourceIp, which is not known here.",
                "If aws:SourceIp is",
            ),
        ] {
            let page = page(json!({"outcome": "decided", "policy": "{}",
                "check": {"decision": "undecided", "storable": {"accepted": true}, "unknowns": [{"key": key}]}}));
            holds(&page, "spoken", headline);
            holds(&page, "answer", condition);
        }
    }

    #[test]
    fn a_repository_that_is_not_named_is_all_that_is_missing() {
        let push =
            |cause: Value| page(json!({"push": {"schema": "rolecall.error/1", "causes": [cause]}}));
        let page = push(json!({"summary": "it is not named", "expected": "arn:"}));
        holds(&page, "push-meta", "name the ECR repository");
        holds(&page, "push-notes", "Name the ECR repository");
        holds(&page, "journey", "name the ECR repository");
        let page = push(json!({"summary": "it is none", "actual": "x", "expected": "arn:"}));
        holds(&page, "push-meta", "the ECR repository can't be read");
        let page = push(json!({"summary": "it is no policy"}));
        holds(&page, "push-meta", "permissions can't be read");
    }
}
