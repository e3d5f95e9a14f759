//! Two values laid beside each other, as pieces to set in columns. All meaning is that of `rolecall_core::align`.

use rolecall_core::align::{Piece, align as aligned, fitting};
use serde::{Deserialize, Serialize};

use crate::answer::{answer, no_question};

/// The widest piece, so that a narrow box can break the line between two.
const WIDEST: usize = 24;

#[derive(Default, Deserialize)]
#[serde(default)]
struct Pair {
    pattern: String,
    value: String,
    /// `*` and `?` in the pattern are wildcards.
    wildcards: bool,
}

#[derive(Serialize)]
struct Aligned {
    schema: &'static str,
    pieces: Vec<Piece>,
    /// How many bytes of the pattern fit the beginning of the value.
    fits: usize,
}

/// `rolecall.align/1`.
pub(crate) fn align(question: &str) -> String {
    let pair: Result<Pair, _> = serde_json::from_str(question);
    answer(
        pair.map(
            |Pair {
                 pattern,
                 value,
                 wildcards,
             }| Aligned {
                schema: "rolecall.align/1",
                pieces: aligned(&pattern, &value, wildcards)
                    .into_iter()
                    .flat_map(|piece| piece.cut(WIDEST))
                    .collect(),
                fits: fitting(&pattern, &value, wildcards),
            },
        )
        .map_err(|error| no_question(&error.to_string(), "a pattern and a value")),
    )
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

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
        assert!(align("1").contains("rolecall.error/1"));
    }
}
