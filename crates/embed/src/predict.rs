//! The tokens of workflows. All meaning is that of the crate `rolecall-predict`.

use rolecall_core::report::{CauseId, ErrorReport};
use rolecall_predict::Input;
use rolecall_predict::settings::Settings;
use serde::Deserialize;
use serde_json::Value;

use crate::answer::{answer, no_question, read};

#[cfg(feature = "readers")]
pub(crate) use job::judge;

/// `rolecall.predict/1`.
pub(crate) fn predict(question: &str) -> String {
    answer(input(question).and_then(|input| rolecall_predict::predict(&input)))
}

fn input(question: &str) -> Result<Input, ErrorReport> {
    let like = "the type `Workflows` in `predict.d.ts`";
    let bad = |message: String| no_question(&message, like);
    let mut input = Input::from_json(question).map_err(bad)?;
    if input.workflows.is_empty() {
        return Err(bad("there is no workflow in `workflows`".to_owned()));
    }
    let more: More = read(question, like)?;
    if let Some(facts) = more.facts {
        let told = told(&facts).map_err(|message| {
            ErrorReport::plain(
                CauseId::MalformedJson,
                format!("what GitHub says of the repository can't be read: {message}"),
                "give what `gh api repos/OWNER/NAME` and its like print, one after the other",
            )
        })?;
        input.settings = over(&input.settings, &told).map_err(|error| bad(error.to_string()))?;
    }
    Ok(input)
}

/// What a question may say beyond [`Input`].
#[derive(Default, Deserialize)]
#[serde(default)]
struct More {
    /// What commands printed that `rolecall predict --help` lists, one after the other.
    facts: Option<String>,
}

fn told(facts: &str) -> Result<Settings, String> {
    let mut settings = Settings::default();
    for value in serde_json::Deserializer::from_str(facts).into_iter::<Value>() {
        let value = value.map_err(|error| format!("it is no JSON: {error}"))?;
        settings.read(&value.to_string(), false)?;
    }
    Ok(settings)
}

/// What was given by itself wins over what GitHub says.
fn over(given: &Settings, told: &Settings) -> serde_json::Result<Settings> {
    let plain = serde_json::to_value(Settings::default())?;
    let mut all = serde_json::to_value(told)?;
    if let (Value::Object(given), Some(all)) = (serde_json::to_value(given)?, all.as_object_mut()) {
        all.extend(
            given
                .into_iter()
                .filter(|(name, value)| plain.get(name) != Some(value)),
        );
    }
    serde_json::from_value(all)
}

/// A job in a token's place.
#[cfg(feature = "readers")]
mod job {
    use rolecall_core::case::Case;
    use rolecall_core::check;
    use rolecall_core::report::prediction::{JobPrediction, Runs};
    use rolecall_core::report::{CheckReport, ErrorReport};

    use super::input;
    use crate::answer::{no_policy, no_question};

    /// What the policy says to the tokens of the job that `run` in the question names.
    pub(crate) fn judge(
        question: &str,
        case: &Case,
        role: Option<&str>,
        verb: impl Fn(&Case, Option<&str>) -> Result<CheckReport, ErrorReport>,
    ) -> Result<CheckReport, ErrorReport> {
        let job = job(question)?;
        let text = case.policy.as_deref().ok_or_else(no_policy)?;
        let read = rolecall_formats::role(text, role, case)?;
        let policy = read.policy.as_ref();
        let policy =
            policy.map_err(|unreadable| check::unreadable_policy(&read.source, unreadable))?;
        let case = Case {
            role_arn: case.role_arn.clone().or_else(|| read.arn.clone()),
            ..case.clone()
        };
        // What is asked about may be a case of its own, without the policy's text.
        let with_policy = |case: &Case| Case {
            policy: Some(text.to_owned()),
            ..case.clone()
        };
        rolecall_predict::verdict(&job, &case, policy, &|case| verb(&with_policy(case), role))
    }

    fn job(question: &str) -> Result<JobPrediction, ErrorReport> {
        let report = rolecall_predict::predict(&input(question)?)?;
        let mut runs = report.jobs.into_iter().filter(|job| job.runs != Runs::No);
        match (runs.next(), runs.next()) {
            (Some(job), None) => Ok(job),
            (first, _) => Err(no_question(
                if first.is_some() {
                    "several jobs run, and it is not told which one is meant"
                } else {
                    "no job runs that is meant"
                },
                "the type `Run` in `predict.d.ts`, and `job` and `event` to say which job is meant",
            )),
        }
    }
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

    #[cfg(feature = "readers")]
    #[test]
    fn a_job_stands_in_a_tokens_place() {
        let steps = "steps: [{uses: aws-actions/configure-aws-credentials@v5, with: {aws-region: eu-west-1, role-to-assume: arn:aws:iam::111122223333:role/push}}]";
        let text = format!(
            "on: push\njobs:\n  deploy: {{permissions: {{id-token: write}}, environment: production, {steps}}}\n  other: {{permissions: {{contents: read}}, {steps}}}"
        );
        let policy = json!({"Version": "2012-10-17", "Statement": [{"Effect": "Allow",
            "Principal": {"Federated": "arn:aws:iam::111122223333:oidc-provider/token.actions.githubusercontent.com"},
            "Action": "sts:AssumeRoleWithWebIdentity",
            "Condition": {"StringEquals": {
                "token.actions.githubusercontent.com:aud": "sts.amazonaws.com",
                "token.actions.githubusercontent.com:sub": "repo:octo-org/octo-repo:environment:production"}}}]});
        let check = |job: Value| -> Value {
            let question = json!({"policy": policy, "run": {"job": job, "event": "push"},
                "workflows": [{"path": "deploy.yml", "text": text}],
                "settings": {"repository": "octo-org/octo-repo", "sub_claim_prefix": "repo:octo-org/octo-repo"}});
            serde_json::from_str(&crate::judge::check(&question.to_string(), 0)).unwrap()
        };
        let deploy = check("deploy".into());
        assert_eq!(deploy["decision"], "allow", "{deploy}");
        let other = check("other".into());
        assert_eq!(other["decision"], "deny");
        assert_eq!(other["causes"][0]["id"], "missing_id_token_permission");
        let unnamed = check(Value::Null);
        assert_eq!(unnamed["schema"], "rolecall.error/1");
    }

    #[test]
    fn what_github_says_counts_where_nothing_else_is_given() {
        let text = "on: push\njobs: {deploy: {permissions: {id-token: write}, environment: production, steps: []}}";
        let facts = r#"{"full_name": "octo-org/octo-repo", "id": 456789, "owner": {"id": 123456}}
            {"use_default": true, "sub_claim_prefix": "repo:octo-org@123456/octo-repo@456789"}"#;
        let claim = |settings: Value, name: &str| {
            let question = json!({"workflows": [{"path": "deploy.yml", "text": text}], "facts": facts, "settings": settings});
            report(&question.to_string())["jobs"][0]["tokens"][0]["claims"][name].clone()
        };
        assert_eq!(
            claim(json!({}), "sub"),
            "repo:octo-org@123456/octo-repo@456789:environment:production"
        );
        assert_eq!(claim(json!({"repository_id": "5"}), "repository_id"), "5");
    }

    #[test]
    fn a_bad_question_is_answered_with_a_report() {
        let workflow = json!({"workflows": [{"path": "a.yml", "text": "on: [push"}]}).to_string();
        let facts = json!({"workflows": [], "facts": "{"}).to_string();
        for question in ["", "[]", "{\"workflows\": 5}", &workflow, &facts] {
            assert_eq!(report(question)["schema"], "rolecall.error/1", "{question}");
        }
    }
}
