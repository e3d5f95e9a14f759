//! The answers about all tokens, which may take longer than a frame: who gets in, repairs, what changed, and
//! the usual triggers. They are asked for once the typing rests, and dropped where it goes on.

use std::rc::Rc;

use serde_json::{Map, Value, json};

use crate::claims::claims_of;
use crate::engine;
use crate::input::{Input, WhatIf};
use crate::judge::{Judgement, Outcome};
use crate::report::{
    self, CheckReport, Claims, DiffReport, FixReport, JobPrediction, Trigger, Triggers, WhoReport,
};
use crate::workflow::MOST_JOBS;

/// What was found out; `None`: the engine does not know the question yet.
#[derive(Clone, Default, PartialEq)]
pub(crate) struct Found {
    /// The check with its findings.
    pub(crate) check: Option<CheckReport>,
    pub(crate) who: Option<WhoReport>,
    pub(crate) fix: Option<FixReport>,
    pub(crate) diff: Option<DiffReport>,
    pub(crate) triggers: Vec<Trigger>,
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
        let token = judgement.token.as_deref().map(claims_of);
        Some(Self {
            input: Rc::new(input.clone()),
            is_decided: matches!(judgement.outcome, Outcome::Decided(_)),
            token,
            jobs: jobs(input, judgement),
            is_repairable: judgement.job.as_deref().is_none_or(
                |job| matches!(job.tokens.as_slice(), [only] if !only.partial && job.more_tokens == 0),
            ),
            kept: kept.cloned(),
        })
    }

    pub(crate) async fn answer(self) -> Found {
        let case = self.input.case();
        let mut found = Found {
            check: report::read("check", &ask("check", case.clone()).await),
            ..Found::default()
        };
        let json = ask("triggers", self.triggers()).await;
        let triggers: Option<Triggers> = report::read("triggers", &json);
        found.triggers = triggers.unwrap_or_default().triggers;
        found.who = report::read("who", &ask("who", case).await);
        for job in &self.jobs {
            found.jobs.push(match job {
                Some(job) => self.decide_job(job).await,
                None => String::new(),
            });
        }
        if self.is_decided && self.is_repairable {
            found.fix = report::read("fix", &ask("fix", self.repairable()).await);
        }
        if let Some(old) = &self.kept {
            let pair = json!({ "old": &**old, "new": self.input.policy });
            if let Value::Object(pair) = pair {
                found.diff = report::read("diff", &ask("diff", pair).await);
            }
        }
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
        let report: Option<CheckReport> = report::read("check", &json);
        report.map(|report| report.decision).unwrap_or_default()
    }

    /// The question about the usual triggers: of the claims' repository, else of the policy's.
    fn triggers(&self) -> Map<String, Value> {
        let mut case = self.input.case();
        for name in ["token", "jwks", "workflows", "settings", "run", "facts"] {
            case.remove(name);
        }
        case.insert("claims".to_owned(), json!(self.token));
        case
    }
}

/// The jobs that get a token; none where a what-if stands in their place.
fn jobs(input: &Input, judgement: &Judgement) -> Vec<Option<(String, String)>> {
    let prediction = judgement
        .prediction
        .as_ref()
        .filter(|_| input.has_workflow());
    let jobs = prediction.and_then(|asked| asked.answer.as_ref().ok());
    let jobs = jobs
        .map(|prediction| prediction.jobs.as_slice())
        .unwrap_or_default();
    let asks = |job: &JobPrediction| job.runs != "no" && !job.tokens.is_empty();
    jobs.iter()
        .take(MOST_JOBS)
        .map(|job| asks(job).then(|| (job.job.clone(), job.event.clone())))
        .collect()
}

/// Asks the engine. An empty text: it does not know the verb, or was told to stop.
async fn ask(verb: &str, question: Map<String, Value>) -> String {
    if !engine::has(verb) {
        return String::new();
    }
    let answer = engine::work(verb, &Value::from(question).to_string()).await;
    answer.unwrap_or_default()
}
