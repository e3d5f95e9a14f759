//! What was entered comes to an outcome. All meaning is the engine's; here is only which of its answers is
//! shown when.

use std::rc::Rc;

use serde_json::{Map, Value, json};

use crate::engine;
use crate::input::{Input, Workflow};
use crate::report::{
    self, Cause, CheckReport, ErrorReport, InspectReport, JobPrediction, Prediction, PushReport,
    Read,
};

/// The longest policy that is looked at, in bytes, as for tokens. IAM stores 8,192 characters at most.
const MAX_POLICY: usize = 1 << 20;

/// The longest workflow that is looked at, in bytes. Longer ones are for the command line.
const MAX_WORKFLOW: usize = 1 << 17;

/// What to show for an [`Input`].
#[derive(Clone, Default, PartialEq)]
pub(crate) struct Judgement {
    pub(crate) outcome: Outcome,
    /// The token, taken apart.
    pub(crate) token: Option<Rc<InspectReport>>,
    /// Why there is no token in the token's text.
    pub(crate) token_faults: Vec<Cause>,
    /// Why the policy can't be read.
    pub(crate) policy_faults: Vec<Cause>,
    /// What the policy says by itself, or together with the token.
    pub(crate) policy: Option<Rc<CheckReport>>,
    /// The policy's places are places in the box: not where the policy stands inside another text, encoded.
    pub(crate) is_in_place: bool,
    /// What the engine says of a text that can't be read, as it wrote it.
    pub(crate) json: Rc<str>,
    /// The tokens of the workflow's jobs.
    pub(crate) prediction: Option<Rc<Asked<Prediction>>>,
    /// The job that stands in the token's place.
    pub(crate) job: Option<Rc<JobPrediction>>,
    /// What the role's session may do, where its permissions are given.
    pub(crate) push: Option<Rc<Asked<PushReport>>>,
}

/// An answer, and the question, so that it is not asked again.
#[derive(PartialEq)]
pub(crate) struct Asked<T> {
    question: String,
    pub(crate) answer: Result<T, ErrorReport>,
    json: String,
}

impl<T: Read> Asked<T> {
    fn ask(verb: &str, question: String, last: Option<&Rc<Self>>) -> Rc<Self> {
        if let Some(last) = last.filter(|last| last.question == question) {
            return Rc::clone(last);
        }
        let json = engine::call(verb, &question);
        let answer = report::read(verb, &json)
            .ok_or_else(|| report::read("error", &json).unwrap_or_default());
        // Only an error is wanted as it was written.
        let json = if answer.is_ok() { String::new() } else { json };
        Rc::new(Self {
            question,
            answer,
            json,
        })
    }
}

/// What the verdict strip says.
#[derive(Clone, Default, PartialEq)]
pub(crate) enum Outcome {
    /// Something is not entered yet.
    #[default]
    Nothing,
    NoToken,
    NoPolicy,
    /// A text or a setting can't be read.
    Unreadable(Rc<ErrorReport>),
    Decided(Rc<CheckReport>),
}

/// Asks the engine about what was entered. What was answered the `last` time is not asked again.
pub(crate) fn judge(input: &mut Input, last: &Judgement) -> Judgement {
    let mut judgement = Judgement {
        push: push(input, last.push.as_ref()),
        ..Judgement::default()
    };
    let mut unreadable = None;
    let token = if input.has_workflow() {
        match judgement.foresee(input, last) {
            Ok(token) => token,
            Err(error) => {
                unreadable = Some(error);
                None
            }
        }
    } else if input.has_token() {
        Some(inspect(&input.case()))
    } else {
        None
    };
    let case = input.case();
    match token {
        Some(Ok(report)) => judgement.token = Some(Rc::new(report)),
        Some(Err((json, error))) => {
            judgement.token_faults = error.causes.clone();
            judgement.json = json.into();
            unreadable = Some(error);
        }
        None => {}
    }
    if input.has_policy() {
        // Without a readable token the report serves for what it says of the policy itself.
        let case = match unreadable {
            Some(_) => Input {
                token: String::new(),
                what_if: None,
                workflow: Workflow::default(),
                ..input.clone()
            }
            .case(),
            None => case,
        };
        match check(input, &case) {
            Ok(report) => {
                judgement.is_in_place = is_in_place(&report, &input.policy);
                judgement.policy = Some(Rc::new(report));
            }
            Err((json, error)) => {
                judgement.policy_faults = error.causes.clone();
                judgement.json = json.into();
                unreadable = Some(error);
            }
        }
    }
    judgement.outcome = match (unreadable, &judgement.policy, input.has_token()) {
        (Some(error), ..) => Outcome::Unreadable(Rc::new(error)),
        (None, Some(report), true) => Outcome::Decided(Rc::clone(report)),
        (None, Some(_), false) => Outcome::NoToken,
        (None, None, true) => Outcome::NoPolicy,
        (None, None, false) => Outcome::Nothing,
    };
    judgement
}

/// Every value stands where the report says, or is written with escapes there.
fn is_in_place(report: &CheckReport, text: &str) -> bool {
    let mut values = report
        .statements
        .iter()
        .flat_map(|one| &one.parts)
        .flat_map(|part| &part.expected)
        .take(200);
    values.all(|value| {
        let written = value.location.as_ref().map_or("", |place| place.of(text));
        let inner = written.trim_matches(['"', '\'']);
        inner == value.value || written.contains(['\\', '$', '\n'])
    })
}

/// What the session may do.
pub(crate) fn push(
    input: &Input,
    last: Option<&Rc<Asked<PushReport>>>,
) -> Option<Rc<Asked<PushReport>>> {
    let question = Value::from(input.push()?).to_string();
    if question.len() > MAX_POLICY {
        let help = "paste the policies of the role alone, or give the file to `rolecall push`";
        let (json, error) = too_long("malformed_policy", "1 MiB", help);
        return Some(Rc::new(Asked {
            question,
            answer: Err(error),
            json,
        }));
    }
    Some(Asked::ask("push", question, last))
}

impl Judgement {
    /// Finds out which tokens the workflow's jobs get, and takes the token of the job that is meant apart.
    fn foresee(
        &mut self,
        input: &mut Input,
        last: &Self,
    ) -> Result<Option<Result<InspectReport, Unread>>, ErrorReport> {
        if input.workflow.text.len() > MAX_WORKFLOW {
            let (json, error) = too_long(
                "malformed_workflow",
                "128 KiB",
                "give it to `rolecall predict`",
            );
            self.json = json.into();
            return Err(error);
        }
        let question = text(&input.workflow.all_jobs());
        let asked = Asked::ask("predict", question, last.prediction.as_ref());
        self.prediction = Some(Rc::clone(&asked));
        let jobs = match &asked.answer {
            Ok(prediction) => &prediction.jobs,
            Err(error) => {
                self.json = asked.json.as_str().into();
                return Err(error.clone());
            }
        };
        let run = &mut input.workflow.run;
        let is_meant = |job: &&JobPrediction| {
            run.get("job") == Some(&json!(job.job)) && run.get("event") == Some(&json!(job.event))
        };
        let asks = |job: &&JobPrediction| {
            job.runs != "no" && (job.no_token.is_some() || !job.tokens.is_empty())
        };
        let Some(job) = jobs
            .iter()
            .find(is_meant)
            .or_else(|| jobs.iter().find(asks))
        else {
            let error = no_job();
            self.json = error.0.into();
            return Err(error.1);
        };
        run.insert("job".to_owned(), json!(job.job));
        run.insert("event".to_owned(), json!(job.event));
        self.job = Some(Rc::new(job.clone()));
        Ok(job.tokens.first().map(|token| {
            let mut claims = token.known();
            claims.extend(token.patterns.clone());
            let mut case = input.settings.members();
            case.insert("claims".to_owned(), Value::Object(claims));
            case.insert("partial".to_owned(), json!(token.partial));
            inspect(&case)
        }))
    }

    /// The same with the findings.
    pub(crate) fn complete(&mut self, report: CheckReport) {
        let report = Rc::new(report);
        if let Outcome::Decided(decided) = &mut self.outcome {
            *decided = Rc::clone(&report);
        }
        self.policy = Some(report);
    }
}

type Unread = (String, ErrorReport);

fn inspect(case: &Map<String, Value>) -> Result<InspectReport, Unread> {
    let json = engine::call("inspect", &text(case));
    report::read("inspect", &json).ok_or_else(|| unread(json))
}

fn check(input: &Input, case: &Map<String, Value>) -> Result<CheckReport, Unread> {
    if input.policy.len() > MAX_POLICY {
        return Err(too_long(
            "malformed_policy",
            "1 MiB",
            "paste the trust policy alone; IAM stores 8,192 characters at most",
        ));
    }
    // Without the findings, which take longer than a frame: they come with the answers about all tokens.
    let json = engine::call("verdict", &text(case));
    match report::read("check", &json) {
        Some(report) => Ok(report),
        None => Err(unread(json)),
    }
}

fn text(case: &Map<String, Value>) -> String {
    Value::from(case.clone()).to_string()
}

fn unread(json: String) -> Unread {
    let error = report::read("error", &json).unwrap_or_default();
    (json, error)
}

fn too_long(id: &str, length: &str, help: &str) -> Unread {
    refused(id, &format!("the text is longer than {length}"), help)
}

fn no_job() -> Unread {
    refused(
        "malformed_workflow",
        "no job of this workflow asks for a token",
        "a job asks for one with `id-token: write` among its permissions, or in a step that assumes a role",
    )
}

fn refused(id: &str, summary: &str, help: &str) -> Unread {
    let cause = json!({ "id": id, "summary": summary, "help": help });
    unread(json!({ "schema": "rolecall.error/1", "causes": [cause] }).to_string())
}
