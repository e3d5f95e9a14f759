//! The parameters of the call: role ARN, session name, duration.
//!
//! Limits from the API model `sts/2011-06-15`; the texts were seen in users' reports.

use super::refusal::{self, Refusal};
use super::{Outcome, Passed, Step};
use crate::case::Case;
use crate::report::{CauseId, CheckId};

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
    /// Reads `arn:PARTITION:iam::ACCOUNT:role/PATH/NAME`.
    #[must_use]
    pub fn parse(text: &'a str) -> Option<Self> {
        let [_, partition, service, region, account, resource] =
            crate::condition::literal::arn(text)?;
        let name = resource.strip_prefix("role/")?.rsplit('/').next()?;
        let is_account = account.len() == 12 && account.bytes().all(|b| b.is_ascii_digit());
        let whole = partition.starts_with("aws")
            && service == "iam"
            && region.is_empty()
            && is_account
            && !name.is_empty();
        whole.then_some(Self {
            partition,
            account,
            name,
        })
    }
}

pub(super) fn check(case: &Case) -> Step {
    Step::of(
        CheckId::Request,
        faults(case).map_or_else(|| Outcome::pass(summary(case)), Outcome::fail),
    )
}

fn summary(case: &Case) -> &'static str {
    match (&case.role_arn, &case.session_name, case.duration) {
        (None, None, None) => "no parameters were given to check",
        _ => "the parameters are valid",
    }
}

fn faults(case: &Case) -> Option<Refusal> {
    let faults: Vec<Constraint> = [role_arn_length(case), session_name(case), duration(case)]
        .into_iter()
        .flatten()
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

fn role_arn_length(case: &Case) -> Option<Constraint> {
    let arn = case.role_arn.as_deref()?;
    let rule = match arn.chars().count() {
        ..20 => "have length greater than or equal to 20",
        20..=2048 => return None,
        _ => "have length less than or equal to 2048",
    };
    Some(Constraint {
        text: violated(arn, "roleArn", rule),
        cause: CauseId::RoleArnInvalid,
        summary: format!("the role ARN `{arn}` is not one: STS wants 20 to 2,048 characters"),
        help: ROLE_ARN_HELP,
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

fn session_name(case: &Case) -> Option<Constraint> {
    let name = case.session_name.as_deref()?;
    let allowed = |c: char| c.is_ascii_alphanumeric() || "_+=,.@-".contains(c);
    let (rule, what) = if name.chars().count() < 2 {
        (
            "have length greater than or equal to 2",
            "is too short: STS wants 2 to 64 characters".to_owned(),
        )
    } else if name.chars().count() > 64 {
        let length = name.chars().count();
        (
            "have length less than or equal to 64",
            format!("has {length} characters; STS takes 64"),
        )
    } else if let Some(c) = name.chars().find(|c| !allowed(*c)) {
        let rule = r"satisfy regular expression pattern: [\w+=,.@-]*";
        (
            rule,
            format!("holds `{}`, which STS does not take", c.escape_debug()),
        )
    } else {
        return None;
    };
    Some(Constraint {
        text: violated(name, "roleSessionName", rule),
        cause: CauseId::SessionNameInvalid,
        summary: format!("the session name `{}` {what}", name.escape_debug()),
        help: "use 2 to 64 letters, digits and _+=,.@- in role-session-name; blanks and slashes often come from the name of a job or branch",
    })
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
