//! What the two boxes come to. All meaning is core's; here is only which of its answers is shown when.

use std::rc::Rc;

use rolecall_core::case::Case;
use rolecall_core::check::check;
use rolecall_core::report::{Cause, CauseId, CheckReport, ErrorReport};
use rolecall_core::token::Token;
use rolecall_core::token::catalogue::look_alike;
use serde_json::Map;

/// The longest policy that is looked at, in bytes, as for tokens. IAM stores 8,192 characters at most.
const MAX_POLICY: usize = 1 << 20;

/// What was entered.
#[derive(Default)]
pub(crate) struct Input {
    pub(crate) token: String,
    pub(crate) policy: String,
    /// Judge at the token's `iat` instead of now.
    pub(crate) at_issue: bool,
}

/// What to show for an [`Input`].
pub(crate) struct Judgement {
    pub(crate) outcome: Outcome,
    /// What was stripped from the token's text or guessed.
    pub(crate) notes: Vec<String>,
    /// The token is another credential than an ID token.
    pub(crate) warning: Option<&'static str>,
    /// Why there is no token in the token's text.
    pub(crate) token_faults: Vec<Cause>,
    /// Why the policy can't be read.
    pub(crate) policy_faults: Vec<Cause>,
}

/// What the verdict strip says.
pub(crate) enum Outcome {
    Ready(Missing),
    /// One of the texts can't be read.
    Unreadable(ErrorReport),
    Decided(Rc<CheckReport>),
}

/// What is not entered yet.
pub(crate) enum Missing {
    Both,
    /// What can be said of the policy alone.
    Token(Rc<CheckReport>),
    Policy,
}

/// What there is to say of a token's text, verdict apart.
struct Pasted {
    notes: Vec<String>,
    warning: Option<&'static str>,
}

/// `None`: the box is empty.
type Read<T> = Option<Result<T, ErrorReport>>;

/// Judges what was entered at `clock`, in seconds since 1970.
pub(crate) fn judge(input: &Input, clock: i64) -> Judgement {
    let token = is_given(&input.token).then(|| read_token(&input.token));
    let is_read = matches!(token, Some(Ok(_)));
    let policy = is_given(&input.policy).then(|| check_policy(input, is_read, clock));
    let pasted = token.as_ref().and_then(|token| token.as_ref().ok());
    Judgement {
        notes: pasted
            .map(|pasted| pasted.notes.clone())
            .unwrap_or_default(),
        warning: pasted.and_then(|pasted| pasted.warning),
        token_faults: faults(token.as_ref()),
        policy_faults: faults(policy.as_ref()),
        outcome: outcome(token, policy),
    }
}

fn read_token(text: &str) -> Result<Pasted, ErrorReport> {
    let token = Token::from_text(text)?;
    Ok(Pasted {
        warning: look_alike(&token.claims).map(|kind| kind.warning()),
        notes: token.notes,
    })
}

fn is_given(text: &str) -> bool {
    !text.trim().is_empty()
}

fn faults<T>(read: Option<&Result<T, ErrorReport>>) -> Vec<Cause> {
    match read {
        Some(Err(error)) => error.causes.clone(),
        _ => Vec::new(),
    }
}

/// Without a readable token nothing is known of the caller: the report then only serves for what it says
/// of the policy itself.
fn check_policy(
    input: &Input,
    with_token: bool,
    clock: i64,
) -> Result<Rc<CheckReport>, ErrorReport> {
    if input.policy.len() > MAX_POLICY {
        return Err(too_long());
    }
    let mut case = Case {
        policy: Some(input.policy.clone()),
        at_issue: input.at_issue,
        clock: Some(clock),
        ..Case::default()
    };
    if with_token {
        case.token = Some(input.token.clone());
    } else {
        case.claims = Some(Map::new());
        case.partial = true;
    }
    check(&case).map(Rc::new)
}

fn too_long() -> ErrorReport {
    ErrorReport::plain(
        CauseId::MalformedPolicy,
        "the text is longer than 1 MiB",
        "paste the trust policy alone; IAM stores 8,192 characters at most",
    )
}

fn outcome(token: Read<Pasted>, policy: Read<Rc<CheckReport>>) -> Outcome {
    match (token, policy) {
        (_, Some(Err(error))) | (Some(Err(error)), _) => Outcome::Unreadable(error),
        (None, None) => Outcome::Ready(Missing::Both),
        (None, Some(Ok(report))) => Outcome::Ready(Missing::Token(report)),
        (Some(Ok(_)), None) => Outcome::Ready(Missing::Policy),
        (Some(Ok(_)), Some(Ok(report))) => Outcome::Decided(report),
    }
}
