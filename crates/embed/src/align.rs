//! Two values laid beside each other, as pieces to set in columns. All meaning is that of `rolecall_core::align`.

use rolecall_core::align::{Piece, align as aligned, fitting};
use serde::Serialize;
use serde_json::Value;

use crate::answer::{answer, no_question};

/// The widest piece, so that a narrow box can break the line between two.
const WIDEST: usize = 24;

#[derive(Serialize)]
struct Aligned<'t> {
    schema: &'static str,
    pieces: Vec<Piece<'t>>,
    /// How many bytes of the pattern fit the beginning of the value.
    fits: usize,
}

/// `rolecall.align/1`: of `pattern` and `value`; `wildcards`: `*` and `?` in the pattern are wildcards.
pub(crate) fn align(question: &str) -> String {
    let question: Value = match serde_json::from_str(question) {
        Ok(question) => question,
        Err(error) => {
            return answer(Err::<(), _>(no_question(
                &error.to_string(),
                "a pattern and a value",
            )));
        }
    };
    let text = |name: &str| {
        question
            .get(name)
            .and_then(Value::as_str)
            .unwrap_or_default()
    };
    let (pattern, value) = (text("pattern"), text("value"));
    let wildcards = question.get("wildcards") == Some(&Value::Bool(true));
    let mut pieces = Vec::new();
    for piece in aligned(pattern, value, wildcards) {
        pieces.extend(piece.cut(WIDEST));
    }
    answer(Ok(Aligned {
        schema: "rolecall.align/1",
        pieces,
        fits: fitting(pattern, value, wildcards),
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
        assert_eq!(report["fits"], 8);
        let last = report["pieces"].as_array().and_then(|pieces| pieces.last());
        assert_eq!(
            last,
            Some(&json!({ "pattern": "*", "value": "r", "mark": "covered" }))
        );
        assert!(align("").contains("rolecall.error/1"));
    }
}
