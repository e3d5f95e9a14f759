//! What was entered comes to an outcome. All meaning is the engine's; here is only which of its answers is
//! shown when.

use std::cell::OnceCell;
use std::rc::Rc;

use serde_json::{Map, Value, json};

use crate::engine;
use crate::form::Members;
use crate::input::{Input, Settings, Workflow};
use crate::report::{self, Read as _};

/// The longest policy that is looked at, in bytes, as for tokens. IAM stores 8,192 characters at most.
const MAX_POLICY: usize = 1 << 20;

/// The longest workflow that is looked at, in bytes. Longer ones are for the command line.
const MAX_WORKFLOW: usize = 1 << 17;

/// What to show for an [`Input`]: answers of the engine as it wrote them.
#[derive(Clone, Default)]
pub(crate) struct Judgement {
    pub(crate) outcome: Outcome,
    /// The token, taken apart.
    pub(crate) token: Option<Json>,
    /// The same of the token behind a what-if.
    pub(crate) base: Option<Json>,
    /// Why a text or a setting can't be read.
    pub(crate) error: Option<Json>,
    /// It is a setting: which.
    pub(crate) misread: Option<&'static str>,
    /// Why there is no token in the token's text.
    pub(crate) token_error: Option<Json>,
    /// Why the policy can't be read.
    pub(crate) policy_error: Option<Json>,
    /// What the policy says by itself, or together with the token.
    pub(crate) policy: Option<Json>,
    /// The tokens of the workflow's jobs.
    pub(crate) prediction: Option<Rc<Asked>>,
    /// The job that stands in the token's place.
    pub(crate) job: Option<Job>,
    /// What the role's session may do, where its permissions are given.
    pub(crate) push: Option<Rc<Asked>>,
}

/// An answer of the engine.
pub(crate) type Json = Rc<str>;

/// A job of the prediction.
#[derive(Clone)]
pub(crate) struct Job(Rc<Value>);

impl Job {
    pub(crate) fn text(&self, member: &str) -> &str {
        self.0
            .get(member)
            .and_then(Value::as_str)
            .unwrap_or_default()
    }

    pub(crate) fn tokens(&self) -> &[Value] {
        let tokens = self.0.get("tokens").and_then(Value::as_array);
        tokens.map(Vec::as_slice).unwrap_or_default()
    }

    /// It gets exactly one token, all of which is known.
    pub(crate) fn has_one_token(&self) -> bool {
        let is_whole = |token: &Value| token.get("partial") != Some(&json!(true));
        matches!(self.tokens(), [only] if is_whole(only))
            && self.0.get("more_tokens") == Some(&json!(0))
    }

    /// It runs, and gets a token.
    pub(crate) fn gets_one(&self) -> bool {
        self.text("runs") != "no" && !self.tokens().is_empty()
    }

    /// It runs, and asks for a token, which it may be refused.
    fn asks(&self) -> bool {
        let is_refused = self.0.get("no_token").is_some_and(Value::is_object);
        let may = self.gets_one() || self.text("runs") != "no" && is_refused;
        may && self.0.get("asks") == Some(&json!(true))
    }

    /// Which of those that ask is looked at first: one that assumes a role, else one that gets a token.
    fn rank(&self) -> u8 {
        let roles = self.0.get("roles").and_then(Value::as_array);
        let mut roles = roles.into_iter().flatten();
        match self.gets_one() {
            _ if roles.any(|role| role.get("uses_token") != Some(&json!(false))) => 0,
            true => 1,
            false => 2,
        }
    }
}

/// An answer, and the question, so that it is not asked again.
pub(crate) struct Asked {
    question: String,
    pub(crate) json: Json,
    /// It is no error.
    pub(crate) is_answer: bool,
    /// Once they were asked for.
    jobs: OnceCell<Vec<Job>>,
}

impl Asked {
    fn ask(verb: &str, question: String, last: Option<&Rc<Self>>) -> Rc<Self> {
        if let Some(last) = last.filter(|last| last.question == question) {
            return Rc::clone(last);
        }
        let answer = ask(verb, &question);
        Rc::new(Self {
            question,
            is_answer: answer.is_ok(),
            json: answer.unwrap_or_else(|error| error),
            jobs: OnceCell::new(),
        })
    }

    /// The jobs of a prediction.
    pub(crate) fn jobs(&self) -> &[Job] {
        self.jobs.get_or_init(|| {
            let answer: Value = serde_json::from_str(&self.json).unwrap_or_default();
            let jobs = Vec::read(Members::read(answer).remove("jobs").unwrap_or_default());
            jobs.into_iter().map(|job| Job(Rc::new(job))).collect()
        })
    }
}

/// What the verdict strip says.
#[derive(Clone, Copy, Default, PartialEq)]
pub(crate) enum Outcome {
    /// Nothing is entered yet.
    #[default]
    Nothing,
    NoToken,
    NoPolicy,
    /// A text or a setting can't be read.
    Unreadable,
    Decided,
}

impl Outcome {
    /// As the engine knows it.
    pub(crate) const fn word(self) -> &'static str {
        match self {
            Self::Nothing => "nothing",
            Self::NoToken => "no-token",
            Self::NoPolicy => "no-policy",
            Self::Unreadable => "unreadable",
            Self::Decided => "decided",
        }
    }
}

/// Asks the engine about what was entered. What was answered the `last` time is not asked again.
pub(crate) fn judge(input: &mut Input, last: &Judgement) -> Judgement {
    let mut judgement = Judgement {
        push: push(input, last.push.as_ref()),
        ..Judgement::default()
    };
    let token = if input.has_workflow() {
        judgement.foresee(input, last)
    } else if input.has_token() {
        let token = ask("inspect", &text(&input.case()));
        judgement.token_error = token.as_ref().err().cloned();
        token.map(Some)
    } else {
        Ok(None)
    };
    match token {
        Ok(token) => judgement.token = token,
        Err(error) => judgement.error = Some(error),
    }
    judgement.base = match input.what_if {
        Some(_) => last.base.clone(),
        None => judgement.token.clone(),
    };
    if let Some((name, error)) = input.settings.misread() {
        judgement.misread = Some(name);
        judgement.token_error = None;
        judgement.error = Some(error);
        judgement.outcome = Outcome::Unreadable;
        return judgement;
    }
    if input.has_policy() {
        // Without a readable token the report serves for what it says of the policy itself.
        let case = match judgement.error {
            Some(_) => Input {
                token: String::new(),
                what_if: None,
                workflow: Workflow::default(),
                ..input.clone()
            }
            .case(),
            None => input.case(),
        };
        match check(input, &case) {
            Ok(report) => judgement.policy = Some(report),
            Err(error) => {
                judgement.policy_error = Some(error.clone());
                judgement.error = Some(error);
            }
        }
    }
    judgement.outcome = match (&judgement.error, &judgement.policy, input.has_token()) {
        (Some(_), ..) => Outcome::Unreadable,
        (None, Some(_), true) => Outcome::Decided,
        (None, Some(_), false) => Outcome::NoToken,
        (None, None, true) => Outcome::NoPolicy,
        (None, None, false) => Outcome::Nothing,
    };
    judgement
}

/// What the session may do.
pub(crate) fn push(input: &Input, last: Option<&Rc<Asked>>) -> Option<Rc<Asked>> {
    let question = Value::from(input.push()?).to_string();
    if question.len() > MAX_POLICY {
        let help = "paste the policies of the role alone, or give the file to `rolecall push`";
        return Some(Rc::new(Asked {
            question,
            json: too_long("malformed_policy", "1 MiB", help),
            is_answer: false,
            jobs: OnceCell::new(),
        }));
    }
    Some(Asked::ask("push", question, last))
}

impl Judgement {
    /// Finds out which tokens the workflow's jobs get, and takes the token of the job that is meant apart.
    fn foresee(&mut self, input: &mut Input, last: &Self) -> Result<Option<Json>, Json> {
        if input.workflow.text.len() > MAX_WORKFLOW {
            let help = "give it to `rolecall predict`";
            return Err(too_long("malformed_workflow", "128 KiB", help));
        }
        let question = text(&input.workflow.all_jobs());
        let asked = Asked::ask("predict", question, last.prediction.as_ref());
        self.prediction = Some(Rc::clone(&asked));
        if !asked.is_answer {
            return Err(Rc::clone(&asked.json));
        }
        let is_chosen = input.workflow.is_chosen;
        let run = &mut input.workflow.run;
        let names = ["job", "event"];
        let is_meant = |job: &&Job| {
            let is_same =
                |name: &str| run.get(name).and_then(Value::as_str) == Some(job.text(name));
            is_chosen && names.iter().all(|name| is_same(name))
        };
        let jobs = asked.jobs();
        let meant = jobs.iter().find(is_meant);
        let first = || {
            jobs.iter()
                .filter(|job| job.asks())
                .min_by_key(|job| job.rank())
        };
        let Some(job) = meant.or_else(first) else {
            return Err(refused(
                "malformed_workflow",
                "no job of this workflow asks for a token",
                "a job asks for one with `id-token: write` among its permissions, or in a step that assumes a role",
            ));
        };
        for name in names {
            run.insert(name.to_owned(), json!(job.text(name)));
        }
        self.job = Some(job.clone());
        let Some(token) = job.tokens().first() else {
            return Ok(None);
        };
        let members = |name: &str| Members::read(token.get(name).cloned().unwrap_or_default());
        let mut claims = members("claims");
        claims.retain(|_, value| !value.is_null());
        claims.extend(members("patterns"));
        let mut case = input.settings.members();
        case.insert("claims".to_owned(), Value::Object(claims));
        case.insert(
            "partial".to_owned(),
            token.get("partial").cloned().unwrap_or_default(),
        );
        ask("inspect", &text(&case)).map(Some)
    }
}

/// When a token was issued, as it says.
pub(crate) fn issued(inspected: &str) -> Option<Value> {
    claims(inspected, false).remove("iat")
}

/// The claims of a token that was taken apart. `read`: only those that AWS reads.
pub(crate) fn claims(inspected: &str, read: bool) -> Members {
    let report: Value = serde_json::from_str(inspected).unwrap_or_default();
    let claims = report.get("claims").and_then(Value::as_array);
    let claims = claims.into_iter().flatten().filter_map(|claim| {
        let is_read = claim.get("use").and_then(Value::as_str) != Some("never-offered");
        let name = claim.get("name")?.as_str()?;
        let value = claim.get("value").filter(|_| is_read || !read)?;
        Some((name.to_owned(), value.clone()))
    });
    claims.collect()
}

/// Whether a token that was taken apart is one that only a job or its runner may have.
pub(crate) fn is_secret(inspected: &str) -> bool {
    // As the engine writes its warnings; a text in a claim has its quotes escaped.
    inspected.contains("\"id\":\"request_token\",\"message\"")
        || inspected.contains("\"id\":\"runner_token\",\"message\"")
}

/// Asks the engine. `Err`: why there is no answer, as it wrote it.
fn ask(verb: &str, question: &str) -> Result<Json, Json> {
    let json: Json = engine::call(verb, question).into();
    // A verdict is a check without its findings.
    let report = if verb == "verdict" { "check" } else { verb };
    if report::is(report, &json) {
        Ok(json)
    } else {
        Err(json)
    }
}

impl Settings {
    /// The first that can't be read, and what to say of it.
    fn misread(&self) -> Option<(&'static str, Json)> {
        let is_number = |text: &str| text.trim().is_empty() || text.trim().parse::<i64>().is_ok();
        let numbers = [
            ("duration", &self.duration),
            ("max_session_duration", &self.max_session_duration),
        ];
        let wrong = numbers.into_iter().find(|(_, text)| !is_number(text));
        let number = wrong.map(|(name, text)| {
            let summary = format!("`{}` is no number of seconds", text.trim());
            (
                name,
                refused(
                    "malformed_setting",
                    &summary,
                    "give whole seconds, such as 3600, under Settings",
                ),
            )
        });
        number.or_else(|| {
            let mut case = Map::new();
            case.insert("now".to_owned(), self.members().remove("now")?);
            case.insert("claims".to_owned(), json!({}));
            ask("inspect", &text(&case)).err()?;
            let summary = format!("`{}` is no moment", self.now.trim());
            let help = "write 2026-11-23T14:00:00Z, or seconds since 1970, beside the token; leave it empty for now";
            Some(("now", refused("malformed_setting", &summary, help)))
        })
    }
}

fn check(input: &Input, case: &Map<String, Value>) -> Result<Json, Json> {
    if input.policy.len() > MAX_POLICY {
        return Err(too_long(
            "malformed_policy",
            "1 MiB",
            "paste the trust policy alone; IAM stores 8,192 characters at most",
        ));
    }
    // Without the findings, which take longer than a frame: they come with the answers about all tokens.
    ask("verdict", &text(case))
}

fn text(case: &Map<String, Value>) -> String {
    Value::from(case.clone()).to_string()
}

fn too_long(id: &str, length: &str, help: &str) -> Json {
    refused(id, &format!("the text is longer than {length}"), help)
}

fn refused(id: &str, summary: &str, help: &str) -> Json {
    let cause = json!({ "id": id, "summary": summary, "help": help });
    json!({ "schema": "rolecall.error/1", "causes": [cause] })
        .to_string()
        .into()
}
