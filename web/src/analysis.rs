//! The answers about all tokens, which may take longer than a frame: who gets in, repairs, what changed, and
//! the usual triggers. They are asked for once the typing rests, and dropped where it goes on.

use std::rc::Rc;

use serde_json::{Map, Value, json};

use crate::engine;
use crate::input::{Input, WhatIf};
use crate::judge::{Job, Json, Judgement, Outcome, claims};
use crate::report::{self, Claims};
use crate::words::MOST_JOBS;

/// What was found out.
#[derive(Default)]
pub(crate) struct Found {
    /// The check with its findings.
    pub(crate) check: Option<Json>,
    /// The policy that all this is of.
    pub(crate) policy: String,
    /// The answers as the engine wrote them, by verb: JSON. Those that it does not know yet are missing.
    pub(crate) json: String,
    /// What would become of the workflow's jobs, in their order; an empty word: nothing is known of it.
    pub(crate) jobs: Vec<String>,
}

/// What is to be found out.
#[derive(Clone)]
pub(crate) struct Question {
    input: Rc<Input>,
    is_decided: bool,
    /// The claims of the token.
    token: Option<Claims>,
    /// Those of the token behind a what-if: whose runs the usual triggers are.
    base: Option<Claims>,
    /// The workflow's jobs, each with its event; `None`: it asks for no token.
    jobs: Vec<Option<(String, String)>>,
    /// Repairs are sought: of a workflow only where its job gets one token that is known.
    is_repairable: bool,
    /// The policy to compare with.
    kept: Option<Rc<str>>,
}

impl Question {
    /// `None`: there is no readable policy to ask about.
    pub(crate) fn of(input: &Input, judgement: &Judgement, kept: Option<&Rc<str>>) -> Option<Self> {
        judgement.policy.as_ref()?;
        let claims = |token: &Json| claims(token, false);
        let token = judgement.token.as_ref().map(claims);
        Some(Self {
            base: judgement.base.as_ref().map(claims),
            input: Rc::new(input.clone()),
            is_decided: judgement.outcome == Outcome::Decided,
            token,
            jobs: jobs(input, judgement),
            is_repairable: judgement.job.as_ref().is_none_or(Job::has_one_token),
            kept: kept.cloned(),
        })
    }

    pub(crate) async fn answer(self) -> Found {
        let case = self.input.case();
        let mut found = Found {
            policy: self.input.policy.clone(),
            ..Found::default()
        };
        let check = ask("check", case.clone()).await;
        let report: Value = serde_json::from_str(&check).unwrap_or_default();
        let findings = report.get("findings").cloned().unwrap_or(json!([]));
        found.check = report::is("check", &check).then(|| check.into());
        let mut answers = Vec::new();
        answers.push(("triggers", ask("triggers", self.triggers()).await));
        answers.push(("who", ask("who", case).await));
        for job in &self.jobs {
            found.jobs.push(match job {
                Some(job) => self.decide_job(job).await,
                None => String::new(),
            });
        }
        if self.is_decided && self.is_repairable {
            answers.push(("fix", ask("fix", self.repairable()).await));
        }
        if let Some(old) = &self.kept {
            let pair = json!({ "old": &**old, "new": self.input.policy });
            if let Value::Object(pair) = pair {
                answers.push(("diff", ask("diff", pair).await));
            }
        }
        let given = answers.iter().filter(|(verb, json)| report::is(verb, json));
        let mut members: Vec<String> = given
            .map(|(verb, json)| format!("\"{verb}\":{json}"))
            .collect();
        members.push(format!("\"findings\":{findings}"));
        found.json = format!("{{{}}}", members.join(","));
        found
    }

    /// The case to repair the policy for: that of a workflow is its one token.
    fn repairable(&self) -> Map<String, Value> {
        match &self.token {
            Some(claims) if self.input.has_workflow() => Input {
                what_if: Some(WhatIf {
                    claims: claims.clone(),
                    partial: false,
                }),
                ..Input::clone(&self.input)
            }
            .case(),
            _ => self.input.case(),
        }
    }

    async fn decide_job(&self, (job, event): &(String, String)) -> String {
        let mut input = Input::clone(&self.input);
        let run = &mut input.workflow.run;
        run.insert("job".to_owned(), json!(job));
        run.insert("event".to_owned(), json!(event));
        let json = ask("verdict", input.case()).await;
        let report: Value = serde_json::from_str(&json).unwrap_or_default();
        let decision = report.get("decision").and_then(Value::as_str);
        decision.unwrap_or_default().to_owned()
    }

    /// The question about the usual triggers: of the claims' repository, else of the policy's.
    fn triggers(&self) -> Map<String, Value> {
        let mut case = self.input.case();
        for name in ["token", "jwks", "workflows", "settings", "run", "facts"] {
            case.remove(name);
        }
        let claims = self.base.as_ref().or(self.token.as_ref());
        case.insert("claims".to_owned(), json!(claims));
        case
    }
}

/// The jobs that get a token; none where a what-if stands in their place.
fn jobs(input: &Input, judgement: &Judgement) -> Vec<Option<(String, String)>> {
    let prediction = judgement.prediction.as_ref();
    let prediction = prediction.filter(|_| input.has_workflow());
    let jobs = prediction.map(|asked| asked.jobs());
    let jobs = jobs.unwrap_or_default();
    let asks = |job: &Job| {
        let named = || (job.text("job").to_owned(), job.text("event").to_owned());
        job.gets_one().then(named)
    };
    jobs.iter().take(MOST_JOBS).map(asks).collect()
}

/// Asks the engine. An empty text: it does not know the verb, or was told to stop.
async fn ask(verb: &str, question: Map<String, Value>) -> String {
    if !engine::has(verb) {
        return String::new();
    }
    let answer = engine::work(verb, &Value::from(question).to_string()).await;
    answer.unwrap_or_default()
}
