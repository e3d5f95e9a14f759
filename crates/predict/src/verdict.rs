//! What a trust policy says to the tokens of a job: one answer for all of them, where there is one.

use rolecall_core::case::Case;
use rolecall_core::policy::Policy;
use rolecall_core::report::prediction::{JobPrediction, RolePrediction, TokenPrediction};
use rolecall_core::report::{
    Answer, Cause, CauseId, CheckOutcome, CheckReport, Decision, ErrorReport, UnknownFact,
};
use serde_json::{Map, Value};

use crate::settle::settled;

/// Judges one case; [`rolecall_core::check::judge`], or what lays more over it.
pub type Judge<'j> = &'j dyn Fn(&Case) -> Result<CheckReport, ErrorReport>;

/// Judges every token that a job can get. `case` tells what else is known: claims of it win over the predicted ones,
/// and the role it names over the job's.
///
/// Where the tokens fare differently the answer is undecided, with the answer for each; a job without a token is
/// denied without an error of AWS's: nothing ever reached it.
///
/// # Errors
/// As `judge`.
pub fn verdict(
    job: &JobPrediction,
    case: &Case,
    policy: &Policy,
    judge: Judge<'_>,
) -> Result<CheckReport, ErrorReport> {
    if let Some(cause) = &job.no_token {
        return no_token(job, cause, judge);
    }
    let case = with_role(job, case);
    let mut reports = Vec::new();
    for token in &job.tokens {
        let case = case_of(token, &case, policy);
        let mut report = judge(&case)?;
        if token.patterns.keys().any(|name| {
            case.claims
                .as_ref()
                .is_some_and(|claims| claims.contains_key(name))
        }) {
            // A repair would name the pattern as if it were the token's text.
            report.causes.iter_mut().for_each(|cause| cause.fix = None);
        }
        reports.push((token, report));
    }
    let mut report = joined(job, reports)?;
    report.notes.extend(notes(job, &case));
    Ok(report)
}

fn case_of(token: &TokenPrediction, case: &Case, policy: &Policy) -> Case {
    let mut claims = settled(token, policy);
    claims.extend(case.claims.clone().unwrap_or_default());
    Case {
        claims: Some(claims),
        partial: token.partial || case.partial,
        ..case.clone()
    }
}

/// The parameters of the one role that the job assumes, or of the one that is asked for.
fn with_role(job: &JobPrediction, case: &Case) -> Case {
    let mut case = case.clone();
    let Some(role) = asked_role(job, case.role_arn.as_deref()) else {
        return case;
    };
    case.role_arn = case.role_arn.or_else(|| role.role.clone());
    case.session_name = case.session_name.or_else(|| role.session_name.clone());
    case.duration = case.duration.or(role.duration);
    case
}

fn asked_role<'j>(job: &'j JobPrediction, arn: Option<&str>) -> Option<&'j RolePrediction> {
    let mut roles = job
        .roles
        .iter()
        .filter(|role| role.uses_token != Some(false))
        .filter(|role| arn.is_none() || role.role.as_deref() == arn);
    let first = roles.next()?;
    let same = |role: &RolePrediction| {
        role.role == first.role
            && role.session_name == first.session_name
            && role.duration == first.duration
    };
    roles.all(same).then_some(first)
}

fn notes(job: &JobPrediction, case: &Case) -> Vec<String> {
    let mut notes: Vec<String> = job
        .unless
        .iter()
        .map(|cause| {
            format!(
                "in some runs the job gets no token ({}): {}",
                cause.id.as_str(),
                cause.summary
            )
        })
        .collect();
    let others: Vec<&str> = job
        .roles
        .iter()
        .filter_map(|role| role.role.as_deref())
        .collect();
    if let Some(arn) = case
        .role_arn
        .as_deref()
        .filter(|arn| !others.is_empty() && !others.contains(arn))
    {
        notes.push(format!(
            "the job asks for another role than {arn}: {}",
            others.join(", ")
        ));
    }
    notes
}

/// One report for all tokens.
fn joined(
    job: &JobPrediction,
    reports: Vec<(&TokenPrediction, CheckReport)>,
) -> Result<CheckReport, ErrorReport> {
    let count = reports.len();
    let answers: Vec<Answer> = reports
        .iter()
        .map(|(token, report)| Answer {
            value: words(token),
            decision: report.decision,
        })
        .collect();
    let same = answers
        .windows(2)
        .all(|pair| matches!(pair, [a, b] if a.decision == b.decision))
        && job.more_tokens == 0;
    let is_deciding =
        |(_, report): &(&TokenPrediction, CheckReport)| report.decision != Decision::Allow;
    let index = if same {
        0
    } else {
        reports.iter().position(is_deciding).unwrap_or_default()
    };
    let Some((_, mut report)) = reports.into_iter().nth(index) else {
        return Err(ErrorReport::plain(
            CauseId::MalformedWorkflow,
            none(job),
            "name a run that the job takes part in, or repair what the message names",
        ));
    };
    if same {
        if count > 1 {
            report.notes.push(format!(
                "{count} tokens are possible, and all get this answer; shown is that of: {}",
                answers.first().map_or("", |answer| &answer.value)
            ));
        }
        return Ok(report);
    }
    report.decision = Decision::Undecided;
    report.error = None;
    report.session = None;
    report.unknowns.insert(
        0,
        UnknownFact {
            key: "which of the tokens the run gets".to_owned(),
            answers,
        },
    );
    Ok(report)
}

/// Why there is nothing to judge, although GitHub would give a token.
fn none(job: &JobPrediction) -> String {
    match job.notes.as_slice() {
        [] => format!("the job `{}` does not run on {}", job.job, job.event),
        notes => notes.join("; "),
    }
}

/// A token in words: its run, and its subject.
fn words(token: &TokenPrediction) -> String {
    let of = |map: &Map<String, Value>| map.get("sub").and_then(Value::as_str).map(str::to_owned);
    let subject = of(&token.claims)
        .or_else(|| of(&token.patterns))
        .unwrap_or_else(|| "a subject that is not known".to_owned());
    match token.when.as_slice() {
        [] => subject,
        when => format!("{}: {subject}", when.join(", ")),
    }
}

fn no_token(
    job: &JobPrediction,
    cause: &Cause,
    judge: Judge<'_>,
) -> Result<CheckReport, ErrorReport> {
    let nothing = Case {
        partial: true,
        ..Case::default()
    };
    let mut report = judge(&nothing)?;
    let mut cause = cause.clone();
    if let (Some(file), Some(location)) = (&job.no_token_file, &cause.location) {
        cause.summary = format!("{} ({file}:{})", cause.summary, location.start.line);
    }
    report.decision = Decision::Deny;
    report.error = None;
    report.causes = vec![cause];
    report.statements.clear();
    report.unknowns.clear();
    report.session = None;
    report.notes = vec![format!(
        "the job `{}` gets no token on {}: nothing reaches AWS",
        job.job, job.event
    )];
    for check in &mut report.checks {
        check.outcome = CheckOutcome::NotReached;
        check.summary = "not reached: no token was issued".to_owned();
    }
    Ok(report)
}
