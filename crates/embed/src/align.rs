//! Two values laid beside each other. All meaning is that of `rolecall_core::align`.
//!
//! Both verbs take `pattern` and `value`, and `wildcards`: whether `*` and `?` in the pattern are wildcards.

use rolecall_core::align::{self, Piece};
use rolecall_core::report::ErrorReport;
use serde::Serialize;
use serde_json::Value;

use crate::answer::{answer, read};

/// The widest piece, so that a narrow box can break the line between two.
const WIDEST: usize = 24;

#[derive(Serialize)]
struct Aligned<'t> {
    schema: &'static str,
    /// What to set in columns.
    pieces: Vec<Piece<'t>>,
}

/// `rolecall.align/1`.
pub(crate) fn align(question: &str) -> String {
    asked(question, |pattern, value, wildcards| {
        let mut pieces = Vec::new();
        for piece in align::align(pattern, value, wildcards) {
            pieces.extend(piece.cut(WIDEST));
        }
        answer(Ok(Aligned {
            schema: "rolecall.align/1",
            pieces,
        }))
    })
}

#[cfg(feature = "readers")]
#[derive(Serialize)]
struct Fitting {
    schema: &'static str,
    /// How many bytes of the pattern fit the beginning of the value.
    fits: usize,
}

/// `rolecall.fitting/1`.
#[cfg(feature = "readers")]
pub(crate) fn fitting(question: &str) -> String {
    asked(question, |pattern, value, wildcards| {
        answer(Ok(Fitting {
            schema: "rolecall.fitting/1",
            fits: align::fitting(pattern, value, wildcards),
        }))
    })
}

fn asked(question: &str, verb: impl Fn(&str, &str, bool) -> String) -> String {
    let question: Result<Value, ErrorReport> = read(question, "a pattern and a value");
    match question {
        Ok(question) => {
            let text = |name: &str| {
                question
                    .get(name)
                    .and_then(Value::as_str)
                    .unwrap_or_default()
            };
            let wildcards = question.get("wildcards") == Some(&Value::Bool(true));
            verb(text("pattern"), text("value"), wildcards)
        }
        Err(report) => answer(Err::<(), _>(report)),
    }
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
        let report: Value = serde_json::from_str(&fitting(&question.to_string())).unwrap();
        assert_eq!(report["schema"], "rolecall.fitting/1");
        assert_eq!(report["fits"], 8);
        assert!(align("").contains("rolecall.error/1"));
    }
}
