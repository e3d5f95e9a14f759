//! Words that both text formats use.

use rolecall_core::lint::LintReport;
use rolecall_core::report::{
    Answer, Applies, Cause, CheckId, CheckOutcome, CheckReport, Decision, Document, Edit,
    ErrorReport, Finding, Location, Met, Part, PartKind, Severity, Storable, UnknownFact, length,
};

use crate::{Texts, clean};

/// The verdict in one line: the last one of the answer.
pub(crate) fn verdict(report: &CheckReport) -> String {
    match report.decision {
        Decision::Allow => allowed(report),
        Decision::Deny => denied(report),
        Decision::Undecided => format!(
            "Undecided: depends on {}",
            list(report.unknowns.iter().map(|fact| fact.key.as_str()))
        ),
    }
}

fn allowed(report: &CheckReport) -> String {
    match &report.session {
        Some(session) => format!(
            "Allowed: STS would issue a session for {} s",
            session.expires_in_seconds
        ),
        None => "Allowed".to_owned(),
    }
}

fn denied(report: &CheckReport) -> String {
    match (&report.error, report.causes.first()) {
        (Some(error), _) => format!("Denied: {}: {}", error.code, clean::line(&error.message)),
        (None, Some(cause)) => format!("Denied: {}", clean::line(&cause.summary)),
        (None, None) => "Denied".to_owned(),
    }
}

/// What stands in the place of a verdict where nothing was decided.
pub(crate) fn no_verdict(report: &ErrorReport, texts: &Texts<'_>) -> String {
    match report.causes.first() {
        Some(cause) => match &cause.location {
            Some(location) => format!(
                "No verdict: {}: {}",
                place(location, texts),
                clean::line(&cause.summary)
            ),
            None => format!("No verdict: {}", clean::line(&cause.summary)),
        },
        None => "No verdict".to_owned(),
    }
}

/// How much lint found, in one line: the last one of its answer.
pub(crate) fn lint_headline(report: &LintReport) -> String {
    let found = |severity| {
        let findings = report.policies.iter().flat_map(|policy| &policy.findings);
        findings
            .filter(|finding| finding.severity == severity)
            .count()
    };
    let counts: Vec<String> = [
        (found(Severity::Error), "error"),
        (found(Severity::Warning), "warning"),
        (found(Severity::Info), "note"),
    ]
    .into_iter()
    .filter(|(count, _)| *count > 0)
    .map(|(count, noun)| counted(count, noun))
    .collect();
    let policies = match report.policies.len() {
        1 => "1 policy".to_owned(),
        count => format!("{count} policies"),
    };
    match counts.as_slice() {
        [] => format!("Nothing found in {policies}"),
        counts => format!("{} in {policies}", list(counts.iter().map(String::as_str))),
    }
}

fn counted(count: usize, noun: &str) -> String {
    let s = if count == 1 { "" } else { "s" };
    format!("{count} {noun}{s}")
}

/// `a`, `a and b`, `a, b and c`.
pub(crate) fn list<'a>(items: impl Iterator<Item = &'a str>) -> String {
    let items: Vec<String> = items.map(clean::line).collect();
    match items.split_last() {
        None => "facts that are not known".to_owned(),
        Some((only, [])) => only.clone(),
        Some((last, rest)) => format!("{} and {last}", rest.join(", ")),
    }
}

/// `file:line:column`
pub(crate) fn place(location: &Location, texts: &Texts<'_>) -> String {
    format!(
        "{}:{}:{}",
        document(location.document, texts),
        location.start.line,
        location.start.column
    )
}

/// What the user calls a text.
pub(crate) fn document<'a>(document: Document, texts: &Texts<'a>) -> &'a str {
    match document {
        Document::Policy => texts.policy_name,
        Document::Token => texts.token_name,
        Document::Workflow => "workflow",
    }
}

/// Whose value the expected one is, and whose the actual one.
pub(crate) fn sides(cause: &Cause) -> (&'static str, &'static str) {
    let in_policy = cause
        .location
        .as_ref()
        .is_some_and(|location| location.document == Document::Policy);
    match (in_policy, &cause.claim) {
        (true, Some(_)) => ("policy", "token"),
        (true, None) => ("policy", "request"),
        (false, _) => ("expected", "found"),
    }
}

/// What a repair lets in.
pub(crate) fn proof(edit: &Edit) -> Option<String> {
    match edit.admits_also.trim() {
        "" => None,
        "nothing" => Some("admits nothing else".to_owned()),
        also => Some(format!("admits: {}", clean::line(also))),
    }
}

/// The subject of the token that shows a finding.
pub(crate) fn witness(finding: &Finding) -> Option<String> {
    let subject = finding.witness.as_ref()?.get("sub")?.as_str()?;
    Some(clean::line(subject))
}

/// What IAM answers to who stores the policy.
pub(crate) fn refusal(storable: &Storable) -> String {
    let said: Vec<String> = [storable.code, storable.message.as_deref()]
        .into_iter()
        .flatten()
        .map(clean::line)
        .collect();
    format!("IAM answers {}", said.join(": "))
}

/// `if X is A: allowed`, an answer a line. What has no name of its own is answered in whole sentences.
pub(crate) fn answers(fact: &UnknownFact) -> Vec<String> {
    let key = clean::line(&fact.key);
    let subject = if key.contains(' ') {
        String::new()
    } else {
        format!("{key} is ")
    };
    let one = |answer: &Answer| {
        let value = clean::line(&answer.value);
        format!("if {subject}{value}: {}", decision(answer.decision))
    };
    fact.answers.iter().map(one).collect()
}

/// What STS would answer, as name and value.
pub(crate) fn session(report: &CheckReport) -> Vec<(&'static str, String)> {
    let Some(session) = &report.session else {
        return Vec::new();
    };
    let named = [
        ("role session", &session.assumed_role_arn),
        ("subject", &session.subject),
        ("audience", &session.audience),
        ("provider", &session.provider),
    ];
    named
        .into_iter()
        .filter_map(|(name, value)| Some((name, clean::line(value.as_ref()?))))
        .collect()
}

/// What a part of a statement is: `Principal`, or the operator and the key of a test.
pub(crate) fn part(part: &Part) -> String {
    match part.part {
        PartKind::Principal => "Principal".to_owned(),
        PartKind::Action => "Action".to_owned(),
        PartKind::Condition => {
            let named = [&part.operator, &part.key]
                .into_iter()
                .flatten()
                .map(|text| clean::line(text));
            named.collect::<Vec<_>>().join(" ")
        }
    }
}

pub(crate) const fn check_name(id: CheckId) -> &'static str {
    match id {
        CheckId::Request => "request",
        CheckId::TokenFormat => "token format",
        CheckId::RequiredClaims => "required claims",
        CheckId::TokenTimes => "token times",
        CheckId::Provider => "provider",
        CheckId::Audience => "audience",
        CheckId::Signature => "signature",
        CheckId::SessionDuration => "session duration",
        CheckId::TrustPolicy => "trust policy",
    }
}

pub(crate) const fn check_outcome(outcome: CheckOutcome) -> &'static str {
    match outcome {
        CheckOutcome::Pass => "passed",
        CheckOutcome::Fail => "failed",
        CheckOutcome::Unknown => "unknown",
        CheckOutcome::NotReached => "not reached",
    }
}

pub(crate) const fn applies(outcome: Applies) -> &'static str {
    match outcome {
        Applies::Applies => "applies",
        Applies::DoesNotApply => "does not apply",
        Applies::Unknown => "may apply",
    }
}

pub(crate) const fn met(outcome: Met) -> &'static str {
    match outcome {
        Met::Met => "met",
        Met::NotMet => "not met",
        Met::Unknown => "unknown",
        Met::NotReached => "not reached",
    }
}

pub(crate) const fn severity(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Info => "info",
    }
}

/// The answer's decision, as "then" in a sentence.
pub(crate) const fn decision(decision: Decision) -> &'static str {
    match decision {
        Decision::Allow => "allowed",
        Decision::Deny => "denied",
        Decision::Undecided => "still undecided",
    }
}

/// `5 min 0 s ago`, `in 4 min 12 s`
pub(crate) fn relative(seconds: i64) -> String {
    let length = length(seconds.saturating_abs());
    if seconds < 0 {
        format!("{length} ago")
    } else {
        format!("in {length}")
    }
}

/// A policy's name: what tells those of one file apart is their path.
pub(crate) fn policy_name(source: &str, path: &str) -> String {
    let source = clean::line(source);
    match path {
        "" => source,
        path => format!("{source} {}", clean::line(path)),
    }
}

/// A word of a command line, quoted where a POSIX shell would take it apart.
pub(crate) fn shell(word: &str) -> String {
    let is_plain = |c: char| c.is_ascii_alphanumeric() || "-_./:=@%+,".contains(c);
    if !word.is_empty() && word.chars().all(is_plain) {
        return word.to_owned();
    }
    format!("'{}'", word.replace('\'', "'\\''"))
}
