//! What a trust policy says to the tokens of a job: one answer for all of them, where there is one.

use rolecall_core::case::Case;
use rolecall_core::policy::Policy;
use rolecall_core::report::prediction::{JobPrediction, RolePrediction, TokenPrediction};
use rolecall_core::report::{
    Answer, Applies, Cause, CauseId, Check, CheckId, CheckOutcome, CheckReport, Decision,
    ErrorReport, Met, Part, StatementReport, UnknownFact,
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
    let Some(mut report) = reports.get(index).map(|(_, report)| report.clone()) else {
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
    let reports: Vec<&CheckReport> = reports.iter().map(|(_, report)| report).collect();
    open(&mut report, &reports);
    report.decision = Decision::Undecided;
    report.error = None;
    report.session = None;
    if let Some(answer) = answers.get(index).filter(|_| !report.causes.is_empty()) {
        let token = &answer.value;
        report
            .notes
            .push(format!("the causes are those of one token: {token}"));
    }
    report.unknowns.insert(
        0,
        UnknownFact {
            key: WHICH.to_owned(),
            answers,
        },
    );
    Ok(report)
}

/// What is not known where the tokens fare differently.
const WHICH: &str = "which of the tokens the run gets";

/// What comes out differently for the tokens is open: the report of one of them is not that of all.
fn open(report: &mut CheckReport, all: &[&CheckReport]) {
    let mut is_open = false;
    for (check, index) in report.checks.iter_mut().zip(0..) {
        let of_all = all.iter().filter_map(|one| one.checks.get(index));
        if of_all.clone().any(|one| one.outcome != check.outcome) {
            is_open = true;
            *check = unknown(check.id);
        }
    }
    // Of all tokens that are judged here the same holds, but there are more.
    let trust = report.checks.last_mut().filter(|_| !is_open);
    if let Some(check) = trust {
        *check = unknown(check.id);
    }
    for (statement, index) in report.statements.iter_mut().zip(0..) {
        let of_all: Vec<&StatementReport> = all
            .iter()
            .filter_map(|one| one.statements.get(index))
            .collect();
        if of_all.iter().any(|one| one.outcome != statement.outcome) {
            statement.outcome = Applies::Unknown;
        }
        for (part, index) in statement.parts.iter_mut().zip(0..) {
            let of_all = of_all.iter().filter_map(|one| one.parts.get(index));
            open_part(part, &of_all.collect::<Vec<_>>());
        }
    }
}

fn unknown(id: CheckId) -> Check {
    Check {
        id,
        outcome: CheckOutcome::Unknown,
        summary: format!("it depends on {WHICH}"),
    }
}

fn open_part(part: &mut Part, all: &[&Part]) {
    for (value, index) in part.expected.iter_mut().zip(0..) {
        let mut of_all = all.iter().filter_map(|one| one.expected.get(index));
        if of_all.any(|one| one.outcome != value.outcome) {
            value.outcome = Met::Unknown;
            value.why = format!("it depends on {WHICH}").into();
        }
    }
    if all.iter().all(|one| one.outcome == part.outcome) {
        return;
    }
    let of = |outcome: Met, word: &str| {
        let actual = all.iter().find(|one| one.outcome == outcome)?;
        let actual = actual.actual.as_ref()?.join(", ");
        Some(format!("{word} where it is `{actual}`"))
    };
    let mut words: Vec<String> = [(Met::Met, "met"), (Met::NotMet, "not met")]
        .into_iter()
        .filter_map(|(outcome, word)| of(outcome, word))
        .collect();
    if words.is_empty() {
        words.push(format!("it depends on {WHICH}"));
    } else if all.iter().any(|one| one.outcome == Met::Unknown) {
        words.push("else not known".to_owned());
    }
    part.why = words.join(", ").into();
    part.outcome = Met::Unknown;
    part.actual = None;
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

#[cfg(test)]
mod tests {
    use rolecall_core::span::Source;

    use super::*;
    use crate::Input;

    const STEP: &str = "{uses: aws-actions/configure-aws-credentials@v5, with: {aws-region: eu-west-1, role-to-assume: arn:aws:iam::111122223333:role/push}}";

    /// The jobs of a workflow on push.
    fn jobs(jobs: &str, settings: Value) -> Vec<JobPrediction> {
        let question = serde_json::json!({
            "workflows": [{"path": "a.yml", "text": format!("on: {{push: {{branches: [main]}}}}\njobs:\n{jobs}")}],
            "settings": settings,
        });
        let input = Input::from_json(&question.to_string()).unwrap();
        crate::predict(&input).unwrap().jobs
    }

    fn judged(job: &JobPrediction) -> CheckReport {
        let text = r#"{"Statement": [{"Effect": "Allow", "Action": "sts:AssumeRoleWithWebIdentity",
            "Principal": {"Federated": "arn:aws:iam::111122223333:oidc-provider/token.actions.githubusercontent.com"},
            "Condition": {"StringEquals": {"token.actions.githubusercontent.com:sub": "repo:octo-org/octo-repo:environment:production"}}}]}"#;
        let policy = Policy::parse(text).unwrap();
        let source = Source::new(text);
        verdict(job, &Case::default(), &policy, &|case| {
            rolecall_core::check::judge(case, &policy, &source)
        })
        .unwrap()
    }

    #[test]
    fn a_job_asks_that_may_or_has_a_step_that_needs_a_token() {
        let remote = "octo-org/shared/.github/workflows/deploy.yml@v1";
        let keys = "{uses: aws-actions/configure-aws-credentials@v5, with: {aws-region: eu-west-1, aws-access-key-id: A, aws-secret-access-key: B}}";
        for (job, asks) in [
            ("{steps: [{run: make}]}".to_owned(), false),
            (
                "{permissions: {contents: read}, steps: [{run: make}]}".to_owned(),
                false,
            ),
            (format!("{{steps: [{keys}]}}"), false),
            (format!("{{steps: [{STEP}]}}"), true),
            (
                "{permissions: {id-token: write}, steps: [{run: make}]}".to_owned(),
                true,
            ),
            (format!("{{uses: {remote}}}"), true),
        ] {
            let [job] = &jobs(&format!("  job: {job}"), serde_json::json!({}))[..] else {
                panic!("{job} is not one job");
            };
            assert_eq!(job.asks, asks, "{job:?}");
            let Some(cause) = &job.no_token else { continue };
            assert_eq!(cause.help.starts_with("nothing is missing"), !asks);
            let report = judged(job);
            assert_eq!(report.decision, Decision::Deny);
            assert_eq!(report.causes.first().unwrap().summary, {
                let line = cause.location.as_ref().unwrap().start.line;
                format!("{} (a.yml:{line})", cause.summary)
            });
        }
    }

    #[test]
    fn what_the_tokens_do_not_share_is_open_in_the_answer_for_all() {
        let job = format!(
            "  job: {{permissions: {{id-token: write}}, environment: production, steps: [{STEP}]}}"
        );
        let jobs = jobs(
            &job,
            serde_json::json!({"repository": "octo-org/octo-repo"}),
        );
        let report = judged(jobs.first().unwrap());
        assert_eq!(report.decision, Decision::Undecided);
        let trust = report.checks.last().unwrap();
        assert_eq!(trust.outcome, CheckOutcome::Unknown);
        assert_eq!(
            trust.summary,
            "it depends on which of the tokens the run gets"
        );
        let [statement] = &report.statements[..] else {
            panic!("one statement");
        };
        assert_eq!(statement.outcome, Applies::Unknown);
        let outcomes: Vec<Met> = statement.parts.iter().map(|part| part.outcome).collect();
        assert_eq!(outcomes, [Met::Met, Met::Met, Met::Unknown]);
        let subject = statement.parts.last().unwrap();
        assert_eq!(
            subject.why,
            "met where it is `repo:octo-org/octo-repo:environment:production`, not met where it is `repo:octo-org@*/octo-repo@*:environment:production`"
        );
        assert_eq!(
            (&subject.actual, subject.expected[0].outcome),
            (&None, Met::Unknown)
        );
        assert_eq!(
            report.notes.first().map(String::as_str),
            Some(
                "the causes are those of one token: branch main, subject with ids: repo:octo-org@*/octo-repo@*:environment:production"
            )
        );
    }
}
