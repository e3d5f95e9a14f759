//! The parameters of the call: role ARN, session name, duration.
//!
//! Limits from the API model `sts/2011-06-15`; the texts were seen in users' reports.

use super::refusal::{self, Refusal};
use super::{Outcome, Passed, Step};
use crate::case::Case;
use crate::report::{CauseId, CheckId};
use crate::token::Token;
use crate::token::paste::STS_TOKEN_LENGTH;

/// A role's ARN, taken apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RoleArn<'a> {
    /// `aws`, `aws-cn`, `aws-us-gov` ...
    pub partition: &'a str,
    /// Twelve digits.
    pub account: &'a str,
    /// The name without the path.
    pub name: &'a str,
}

impl<'a> RoleArn<'a> {
    /// Reads `arn:PARTITION:iam::ACCOUNT:role/PATH/NAME`, with what IAM takes for a path and a name
    /// (IAM API, `CreateRole`: a name of 1 to 64 of `[\w+=,.@-]`, a path of `!` to `~` between slashes).
    #[must_use]
    pub fn parse(text: &'a str) -> Option<Self> {
        let [partition, account, resource] = crate::condition::literal::iam_arn(text)?;
        let mut parts = resource.strip_prefix("role/")?.rsplit('/');
        let name = parts.next()?;
        let is_name = (1..=64).contains(&name.len()) && name.chars().all(is_word);
        let is_path =
            parts.all(|part| !part.is_empty() && part.bytes().all(|b| b.is_ascii_graphic()));
        let whole = is_partition(partition) && is_name && is_path;
        whole.then_some(Self {
            partition,
            account,
            name,
        })
    }
}

/// `aws`, or `aws-` and more.
fn is_partition(text: &str) -> bool {
    let rest = text.strip_prefix("aws");
    rest.is_some_and(|rest| {
        rest.is_empty()
            || rest.strip_prefix('-').is_some_and(|more| {
                !more.is_empty() && more.bytes().all(|b| b.is_ascii_lowercase() || b == b'-')
            })
    })
}

/// `[\w+=,.@-]`, as the API models of IAM and STS have it for names.
fn is_word(c: char) -> bool {
    c.is_ascii_alphanumeric() || "_+=,.@-".contains(c)
}

pub(super) fn check(case: &Case, token: &Token<'_>) -> Step {
    Step::of(
        CheckId::Request,
        faults(case, token).map_or_else(|| Outcome::pass(summary(case)), Outcome::fail),
    )
}

fn summary(case: &Case) -> &'static str {
    match (&case.role_arn, &case.session_name, case.duration) {
        (None, None, None) => "no parameters were given to check",
        _ => "the parameters are valid",
    }
}

fn faults(case: &Case, token: &Token<'_>) -> Option<Refusal> {
    let faults: Vec<Constraint> = role_arn(case)
        .into_iter()
        .chain(session_name(case))
        .chain(token_length(token))
        .chain(duration(case))
        .collect();
    let Some(first) = faults.first() else {
        return arn(case);
    };
    let texts: Vec<String> = faults.iter().map(|f| f.text.clone()).collect();
    Some(Refusal::new(
        refusal::validation(&texts),
        first.cause,
        &first.summary,
        first.help,
    ))
}

/// A breach of the API model, in AWS's words and ours.
struct Constraint {
    text: String,
    cause: CauseId,
    summary: String,
    help: &'static str,
}

fn violated(value: &str, member: &str, rule: &str) -> String {
    format!("Value '{value}' at '{member}' failed to satisfy constraint: Member must {rule}")
}

/// An empty ARN breaks two rules, and STS tells both (seen in users' reports).
fn role_arn(case: &Case) -> Vec<Constraint> {
    let Some(arn) = case.role_arn.as_deref() else {
        return Vec::new();
    };
    let mut rules = Vec::new();
    if arn.is_empty() {
        rules.push(r"satisfy regular expression pattern: [\u0009\u000A\u000D\u0020-\u007E\u0085\u00A0-\uD7FF\uE000-\uFFFD\u10000-\u10FFFF]+");
    }
    match arn.chars().count() {
        ..20 => rules.push("have length greater than or equal to 20"),
        20..=2048 => {}
        _ => rules.push("have length less than or equal to 2048"),
    }
    let constraint = |rule| Constraint {
        text: violated(arn, "roleArn", rule),
        cause: CauseId::RoleArnInvalid,
        summary: format!(
            "the role ARN `{}` is not one: STS wants 20 to 2,048 characters",
            arn.escape_debug()
        ),
        help: ROLE_ARN_HELP,
    };
    rules.into_iter().map(constraint).collect()
}

/// The token itself is never repeated.
fn token_length(token: &Token<'_>) -> Option<Constraint> {
    let length = token.jws.as_ref()?.length();
    (length > *STS_TOKEN_LENGTH.end()).then(|| Constraint {
        text: violated(
            "(the token)",
            "webIdentityToken",
            "have length less than or equal to 20000",
        ),
        cause: CauseId::MalformedToken,
        summary: format!(
            "the token has {length} characters; STS takes {}",
            STS_TOKEN_LENGTH.end()
        ),
        help: "GitHub's tokens have about 2,000: look whether several texts were pasted as one",
    })
}

const ROLE_ARN_HELP: &str = "give the full ARN, such as arn:aws:iam::111122223333:role/deploy; look for blanks and line breaks in the secret that holds it";

fn arn(case: &Case) -> Option<Refusal> {
    let arn = case.role_arn.as_deref()?;
    if RoleArn::parse(arn).is_some() {
        return None;
    }
    let summary = format!("`{}` is not the ARN of a role", arn.escape_debug());
    Some(Refusal::new(
        refusal::invalid_arn(),
        CauseId::RoleArnInvalid,
        summary,
        ROLE_ARN_HELP,
    ))
}

fn session_name(case: &Case) -> Vec<Constraint> {
    let Some(name) = case.session_name.as_deref() else {
        return Vec::new();
    };
    let mut faults = Vec::new();
    if let Some(c) = name.chars().find(|c| !is_word(*c)) {
        faults.push((
            r"satisfy regular expression pattern: [\w+=,.@-]*",
            format!("holds `{}`, which STS does not take", c.escape_debug()),
        ));
    }
    let length = name.chars().count();
    if length < 2 {
        faults.push((
            "have length greater than or equal to 2",
            "is too short: STS wants 2 to 64 characters".to_owned(),
        ));
    } else if length > 64 {
        faults.push((
            "have length less than or equal to 64",
            format!("has {length} characters; STS takes 64"),
        ));
    }
    let constraint = |(rule, what): (&str, String)| Constraint {
        text: violated(name, "roleSessionName", rule),
        cause: CauseId::SessionNameInvalid,
        summary: format!("the session name `{}` {what}", name.escape_debug()),
        help: "use 2 to 64 letters, digits and _+=,.@- in role-session-name; blanks and slashes often come from the name of a job or branch",
    };
    faults.into_iter().map(constraint).collect()
}

fn duration(case: &Case) -> Option<Constraint> {
    let seconds = case.duration?;
    let rule = match seconds {
        ..900 => "have value greater than or equal to 900",
        900..=43_200 => return None,
        _ => "have value less than or equal to 43200",
    };
    Some(Constraint {
        text: violated(&seconds.to_string(), "durationSeconds", rule),
        cause: CauseId::DurationTooLong,
        summary: format!("a duration of {seconds} s was asked for; STS grants 900 to 43,200 s"),
        help: "set role-duration-seconds between 900 and the role's maximum",
    })
}

/// The role's own maximum; AWS gives a role 3,600 s unless told otherwise, and never less.
pub(super) fn check_duration(case: &Case) -> Step {
    let asked = case.duration.unwrap_or(DEFAULT_DURATION);
    let outcome = match case.max_session_duration {
        Some(most) if asked > most => Outcome::fail(Refusal::new(
            refusal::duration_over_maximum(),
            CauseId::DurationTooLong,
            format!("a duration of {asked} s was asked for; the role grants {most} s"),
            format!(
                "ask for {most} s in role-duration-seconds, or raise the role's MaxSessionDuration"
            ),
        )),
        None if asked > DEFAULT_DURATION => Outcome::Unknown(format!(
            "{asked} s was asked for, and the role's MaxSessionDuration is not known"
        )),
        _ => Outcome::Pass(Passed::Duration(asked)),
    };
    Step::of(CheckId::SessionDuration, outcome)
}

/// What STS grants where no duration is asked for (API model), and the least that a role can grant.
pub(super) const DEFAULT_DURATION: i64 = 3_600;
