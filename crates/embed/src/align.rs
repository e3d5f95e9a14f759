//! Two values laid beside each other. All meaning is that of `rolecall_core::align`.
//!
//! The verb takes `pattern` and `value`, and `wildcards`: whether `*` and `?` in the pattern are wildcards.

use rolecall_core::align::{self, Piece};
use rolecall_core::report::ErrorReport;
use serde::Serialize;
use serde_json::Value;

use crate::answer::{answer, read};

#[derive(Serialize)]
struct Aligned<'t> {
    schema: &'static str,
    /// What to set in columns.
    pieces: Vec<Piece<'t>>,
}

/// `rolecall.align/1`.
pub(crate) fn align(question: &str) -> String {
    let question: Result<Value, ErrorReport> = read(question, "a pattern and a value");
    let question = match question {
        Ok(question) => question,
        Err(report) => return answer(Err::<(), _>(report)),
    };
    let text = |name: &str| {
        question
            .get(name)
            .and_then(Value::as_str)
            .unwrap_or_default()
    };
    let wildcards = question.get("wildcards") == Some(&Value::Bool(true));
    answer(Ok(Aligned {
        schema: "rolecall.align/1",
        pieces: align::columns(text("pattern"), text("value"), wildcards),
    }))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn two_values_are_laid_beside_each_other() {
        let question = json!({ "pattern": "repo:o/*", "value": "repo:o/r", "wildcards": true });
        let report: Value = serde_json::from_str(&align(&question.to_string())).unwrap();
        assert_eq!(report["schema"], "rolecall.align/1");
        let last = report["pieces"].as_array().and_then(|pieces| pieces.last());
        assert_eq!(
            last,
            Some(&json!({ "pattern": "*", "value": "r", "mark": "covered" }))
        );
        assert!(align("").contains("rolecall.error/1"));
    }
}
