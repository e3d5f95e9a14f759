//! What causes, rules and messages mean. All meaning is that of `rolecall_core::guide`.

use rolecall_core::guide::{self, Found};
use rolecall_core::report::{CauseId, ErrorReport};
use rolecall_report::{Format, Guide, Look};
use serde::Deserialize;

use crate::answer::{answer, read};

/// The question: `Explain` in `full.d.ts`.
#[derive(Default, Deserialize)]
#[serde(default)]
struct Explain {
    /// The id of a cause or rule, or an error message.
    text: String,
}

/// `rolecall.explain/1`.
pub(crate) fn explain(question: &str) -> String {
    let asked: Result<Explain, _> = read(question, "the type `Explain` in `full.d.ts`");
    match asked.and_then(|asked| Ok((found(&asked.text)?, asked.text))) {
        Ok((found, text)) => rolecall_report::explain(
            &Guide {
                query: &rolecall_report::without_secrets(&text),
                found: &found,
            },
            Format::Json,
            &Look::default(),
        ),
        Err(report) => answer(Err::<(), _>(report)),
    }
}

fn found(text: &str) -> Result<Found, ErrorReport> {
    let found = match rolecall_predict::findings::page(text) {
        Some(page) => Found {
            pages: vec![page],
            ..Found::default()
        },
        None => guide::lookup(text),
    };
    if found.is_empty() {
        return Err(ErrorReport::plain(
            CauseId::MalformedJson,
            "the guide has nothing to say about this",
            "give the id of a cause or rule, or the whole error message",
        ));
    }
    Ok(found)
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    #[test]
    fn causes_rules_and_messages_have_pages() {
        for (text, member, id) in [
            ("immutable_sub", "pages", "immutable_sub"),
            ("open_to_outsiders", "pages", "open_to_outsiders"),
            ("contents_read_dropped", "pages", "contents_read_dropped"),
            (
                "Incorrect token audience",
                "messages",
                "incorrect_token_audience",
            ),
        ] {
            let answer = explain(&json!({ "text": text }).to_string());
            let report: Value = serde_json::from_str(&answer).unwrap();
            assert_eq!(report["schema"], "rolecall.explain/1", "{text}");
            assert_eq!(report["query"], text);
            assert_eq!(report[member][0]["id"], id);
        }
        for question in ["", "[]", "{}", "{\"text\": \"no such thing at all\"}"] {
            assert!(explain(question).contains("rolecall.error/1"), "{question}");
        }
    }
}
