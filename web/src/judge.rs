//! What was entered comes to an outcome. All meaning is the engine's; here is only which of its answers is
//! shown when.

use std::rc::Rc;

use serde_json::{Map, Value, json};

use crate::engine;
use crate::input::Input;
use crate::report::{self, Cause, CheckReport, ErrorReport, InspectReport};

/// The longest policy that is looked at, in bytes, as for tokens. IAM stores 8,192 characters at most.
const MAX_POLICY: usize = 1 << 20;

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

/// Asks the engine about what was entered.
pub(crate) fn judge(input: &Input) -> Judgement {
    let case = input.case();
    let token = if input.has_token() {
        Some(inspect(&case))
    } else {
        None
    };
    let mut judgement = Judgement::default();
    let mut unreadable = None;
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

impl Judgement {
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
        return Err(too_long());
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

fn too_long() -> Unread {
    let json = json!({ "schema": "rolecall.error/1", "causes": [{
        "id": "malformed_policy",
        "summary": "the text is longer than 1 MiB",
        "help": "paste the trust policy alone; IAM stores 8,192 characters at most",
    }] });
    unread(json.to_string())
}
