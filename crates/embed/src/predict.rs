//! The tokens of workflows. All meaning is that of the crate `rolecall-predict`.

use rolecall_predict::Input;

use crate::answer::{answer, no_question};

/// `rolecall.predict/1`.
pub(crate) fn predict(question: &str) -> String {
    let input = Input::from_json(question)
        .map_err(|message| no_question(&message, "the type `Workflows` in `predict.d.ts`"));
    answer(input.and_then(|input| rolecall_predict::predict(&input)))
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    fn report(question: &str) -> Value {
        serde_json::from_str(&predict(question)).unwrap()
    }

    #[test]
    fn the_answer_is_a_prediction() {
        let text = "on: push\njobs: {deploy: {runs-on: ubuntu-latest, permissions: {id-token: write}, environment: production, steps: []}}";
        let question = json!({"workflows": [{"path": ".github/workflows/deploy.yml", "text": text}],
            "settings": {"repository": "octo-org/octo-repo", "sub_claim_prefix": "repo:octo-org/octo-repo"}});
        let report = report(&question.to_string());
        assert_eq!(report["schema"], "rolecall.predict/1");
        assert_eq!(
            report["jobs"][0]["tokens"][0]["claims"]["sub"],
            "repo:octo-org/octo-repo:environment:production"
        );
    }

    #[test]
    fn a_bad_question_is_answered_with_a_report() {
        let workflow = json!({"workflows": [{"path": "a.yml", "text": "on: [push"}]}).to_string();
        for question in ["", "[]", "{\"workflows\": 5}", &workflow] {
            assert_eq!(report(question)["schema"], "rolecall.error/1", "{question}");
        }
    }
}
