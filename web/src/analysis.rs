//! The answers about all tokens, which may take longer than a frame: who gets in, repairs, what changed, and
//! the usual triggers. They are asked for once the typing rests, and dropped where it goes on.

use std::rc::Rc;

use serde_json::{Map, Value, json};

use crate::claims::claims_of;
use crate::engine;
use crate::input::Input;
use crate::judge::{Judgement, Outcome};
use crate::report::{self, CheckReport, DiffReport, FixReport, Read, WhoReport};
use crate::scenario::{self, Scenario};

/// What was found out; `None`: the engine does not know the question yet.
#[derive(Clone, Default, PartialEq)]
pub(crate) struct Found {
    /// The check with its findings.
    pub(crate) check: Option<CheckReport>,
    pub(crate) who: Option<WhoReport>,
    pub(crate) fix: Option<FixReport>,
    pub(crate) diff: Option<DiffReport>,
    pub(crate) cells: Vec<Cell>,
}

/// A trigger and what would become of it.
#[derive(Clone, PartialEq)]
pub(crate) struct Cell {
    pub(crate) scenario: Scenario,
    pub(crate) decision: String,
}

/// What is to be found out.
#[derive(Clone)]
pub(crate) struct Question {
    input: Rc<Input>,
    is_decided: bool,
    scenarios: Vec<Scenario>,
    /// The policy to compare with.
    kept: Option<Rc<str>>,
}

impl Question {
    /// `None`: there is no readable policy to ask about.
    pub(crate) fn of(input: &Input, judgement: &Judgement, kept: Option<&Rc<str>>) -> Option<Self> {
        judgement.policy.as_ref()?;
        let token = judgement.token.as_deref();
        Some(Self {
            input: Rc::new(input.clone()),
            is_decided: matches!(judgement.outcome, Outcome::Decided(_)),
            scenarios: token
                .map(|token| scenario::of(&claims_of(token)))
                .unwrap_or_default(),
            kept: kept.cloned(),
        })
    }

    pub(crate) async fn answer(self) -> Found {
        let case = self.input.case();
        let mut found = Found {
            check: ask("check", "check", &case).await,
            ..Found::default()
        };
        for scenario in &self.scenarios {
            let decision = self.decide(scenario).await;
            found.cells.push(Cell {
                scenario: scenario.clone(),
                decision,
            });
        }
        found.who = ask("who", "who", &case).await;
        if self.is_decided {
            found.fix = ask("fix", "fix", &case).await;
        }
        if let Some(old) = &self.kept {
            let pair = json!({ "old": &**old, "new": self.input.policy });
            if let Value::Object(pair) = pair {
                found.diff = ask("diff", "diff", &pair).await;
            }
        }
        found
    }

    async fn decide(&self, scenario: &Scenario) -> String {
        let mut input = Input {
            what_if: Some(scenario.claims.clone()),
            ..Input::clone(&self.input)
        };
        // Whether the token at hand is late says nothing of others: each is judged at its issue.
        input.settings.now.clear();
        let report: Option<CheckReport> = ask("verdict", "check", &input.case()).await;
        report.map(|report| report.decision).unwrap_or_default()
    }
}

/// Asks for a report of this schema. `None`: the engine does not know the verb, or was told to stop.
async fn ask<T: Read>(verb: &str, schema: &str, question: &Map<String, Value>) -> Option<T> {
    if !engine::has(verb) {
        return None;
    }
    let json = engine::work(verb, &Value::from(question.clone()).to_string()).await?;
    report::read(schema, &json)
}
