//! Resource control policies over the role's account.
//!
//! They bear on `sts:AssumeRoleWithWebIdentity`: a Deny in one wins over the trust policy (AWS Organizations User
//! Guide, "Resource control policies"; aws-samples/data-perimeter-policy-examples, `resource_control_policies`).
//! The caller is no member of an organisation: `aws:PrincipalOrgID` and the like are absent, so that a statement
//! which denies all but the own organisation denies every token of GitHub's. Nor is it a service of AWS: whether
//! `aws:PrincipalIsAWSService` is then absent or `false` is not documented, so that both are tried. Roles of the
//! organisation's management account are exempt. Allow statements of such a policy grant nothing.

use crate::condition::Effect;
use crate::context::{Context, Fact, Key};
use crate::pattern::Pattern;
use crate::permission::{Caller, Request, Resources, Statement};
use crate::policy::{ASSUME_ROLE_WITH_WEB_IDENTITY, Spanned};
use crate::push::Given;
use crate::report::{
    Answer, Cause, CauseId, CheckId, CheckOutcome, CheckReport, Decision, StsError, UnknownFact,
};
use crate::sts::{self, Attempt};
use crate::tri::Tri;

const IS_SERVICE: &str = "aws:principalisawsservice";

/// Changes a report by what the policies say.
pub(super) fn overlay(
    report: &mut CheckReport,
    attempt: &Attempt<'_>,
    role_arn: Option<&str>,
    controls: &[Given],
) {
    let asked = Asked::of(&attempt.context, role_arn);
    let mut open: Vec<(&Given, usize)> = Vec::new();
    for given in controls {
        for (index, statement) in given.policy.of(Effect::Deny) {
            match asked.denies(statement) {
                Tri::Yes => return deny(report, given, index),
                Tri::Unknown => open.push((given, index)),
                Tri::No => {}
            }
        }
    }
    if !open.is_empty() && report.decision != Decision::Deny {
        leave_open(report, &asked, &open);
    }
}

/// The request, with both things that may be known of an undocumented key.
struct Asked<'a> {
    contexts: Vec<Context>,
    role_arn: Option<&'a str>,
}

impl<'a> Asked<'a> {
    fn of(context: &Context, role_arn: Option<&'a str>) -> Self {
        let key = Key::fixed(IS_SERVICE);
        let with = |fact: Fact| {
            let mut told = context.clone();
            told.insert(key.clone(), fact);
            told
        };
        let contexts = if context.get(&key) == &Fact::Unknown {
            vec![with(Fact::Absent), with(Fact::one("false"))]
        } else {
            vec![context.clone()]
        };
        Self { contexts, role_arn }
    }

    fn denies(&self, statement: &Statement) -> Tri {
        let mut answers = self
            .contexts
            .iter()
            .map(|context| self.answer(statement, context));
        let first = answers.next().unwrap_or(Tri::Unknown);
        if answers.all(|answer| answer == first) {
            first
        } else {
            Tri::Unknown
        }
    }

    fn answer(&self, statement: &Statement, context: &Context) -> Tri {
        if let Some(arn) = self.role_arn {
            return statement.refuses(Caller::default(), request(arn, context));
        }
        if !statement.action.covers(ASSUME_ROLE_WITH_WEB_IDENTITY) {
            return Tri::No;
        }
        let meant = statement
            .resource
            .as_ref()
            .map_or(Tri::Yes, means_some_role);
        meant.and(statement.conditions(context))
    }
}

/// Whether resources mean a role of which nothing is known: certain are only all roles, and no role at all.
fn means_some_role(resources: &Resources) -> Tri {
    let means = |(text, _): &(Spanned, Pattern)| {
        let parts: Vec<&str> = text.text.splitn(6, ':').collect();
        match parts.as_slice() {
            ["*"] => Tri::Yes,
            ["arn", "*" | "aws", "iam", "", "*", "*" | "role/*"] => Tri::Yes,
            ["arn", _, service, ..] if !Pattern::wildcard(service).matches("iam") => Tri::No,
            _ => Tri::Unknown,
        }
    };
    let meant = Tri::any(resources.entries.iter().map(means));
    if resources.not { !meant } else { meant }
}

const fn request<'r>(arn: &'r str, context: &'r Context) -> Request<'r> {
    Request {
        action: ASSUME_ROLE_WITH_WEB_IDENTITY,
        resource: arn,
        context,
    }
}

fn deny(report: &mut CheckReport, given: &Given, index: usize) {
    let place = place(given, index);
    report.causes.insert(
        if report.decision == Decision::Deny { report.causes.len() } else { 0 },
        Cause::new(
            CauseId::ExplicitDeny,
            format!("{place} of a resource control policy denies the call, whatever the trust policy says"),
            "except GitHub's provider there, in the organisation's policy: for web identities keys such as aws:PrincipalOrgID are absent, so that a negated test on them is always met",
        ),
    );
    if report.decision == Decision::Deny {
        return;
    }
    let error = StsError {
        also_seen: vec![
            "is not authorized to perform: sts:AssumeRoleWithWebIdentity with an explicit deny in a resource control policy".to_owned(),
        ],
        ..sts::refusal::access_denied()
    };
    report.decision = Decision::Deny;
    report.error = Some(error);
    report.session = None;
    report.unknowns.clear();
    say(
        report,
        CheckOutcome::Fail,
        &format!("{place} of a resource control policy denies the call"),
    );
}

fn leave_open(report: &mut CheckReport, asked: &Asked<'_>, open: &[(&Given, usize)]) {
    // What else is not known can't allow while this is open.
    let known = report
        .unknowns
        .iter_mut()
        .flat_map(|fact| &mut fact.answers);
    for answer in known.filter(|answer| answer.decision == Decision::Allow) {
        answer.decision = Decision::Undecided;
    }
    let otherwise = report.decision;
    let facts = open
        .iter()
        .flat_map(|(given, index)| facts(asked, given, *index, otherwise));
    for fact in facts.take(MOST_OPEN) {
        if report.unknowns.iter().all(|known| known.key != fact.key) {
            report.unknowns.push(fact);
        }
    }
    report.decision = Decision::Undecided;
    report.session = None;
    let place = open
        .first()
        .map_or_else(String::new, |(given, index)| place(given, *index));
    say(
        report,
        CheckOutcome::Unknown,
        &format!(
            "whether {place} of a resource control policy denies the call hangs on facts that are not known"
        ),
    );
}

/// Facts that are named; each costs a look at the report.
const MOST_OPEN: usize = 16;

/// What one open statement hangs on: where it denies, the answer is deny, else what it was before.
fn facts(asked: &Asked<'_>, given: &Given, index: usize, otherwise: Decision) -> Vec<UnknownFact> {
    let Some(statement) = given.policy.statements.get(index) else {
        return Vec::new();
    };
    let is_open = |key: &Key| {
        asked
            .contexts
            .iter()
            .any(|context| context.get(key) == &Fact::Unknown)
    };
    let tests = statement
        .tests
        .iter()
        .filter(|test| is_open(&test.condition.key));
    let mut facts: Vec<UnknownFact> = tests
        .take(MOST_OPEN)
        .map(|test| UnknownFact {
            key: test.key.text.clone(),
            answers: answers(test.operator.text.as_str(), otherwise),
        })
        .collect();
    if facts.is_empty() {
        facts.push(UnknownFact {
            key: "the role's ARN".to_owned(),
            answers: Vec::new(),
        });
    }
    facts
}

fn answers(operator: &str, otherwise: Decision) -> Vec<Answer> {
    let answer = |value: String, decision| Answer { value, decision };
    vec![
        answer(format!("such that {operator} is not met"), otherwise),
        answer(format!("such that {operator} is met"), Decision::Undecided),
    ]
}

fn place(given: &Given, index: usize) -> String {
    let statement = given.policy.statements.get(index);
    let line = statement.map_or(1, |s| given.source.position(s.span.start).line);
    let sid = statement
        .and_then(|s| s.sid.as_ref())
        .filter(|sid| !sid.text.is_empty());
    let sid = sid.map_or_else(String::new, |sid| format!(" `{}`", sid.text));
    format!("the statement{sid} at {}:{line}", given.name)
}

/// The trust policy's check is the last; this is said there.
fn say(report: &mut CheckReport, outcome: CheckOutcome, says: &str) {
    if let Some(check) = report
        .checks
        .iter_mut()
        .find(|check| check.id == CheckId::TrustPolicy)
    {
        check.summary = format!("{}; {says}", check.summary);
        check.outcome = outcome;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::case::Case;
    use crate::permission::{Grammar, Policy};

    const ORGANISATION: &str = r#""StringNotEqualsIfExists": {"aws:PrincipalOrgID": "o-example"}"#;
    const NO_SERVICE: &str = r#""BoolIfExists": {"aws:PrincipalIsAWSService": "false"}"#;

    /// `(statement but for effect and principal, decision)`
    const CONTROLS: &[(&str, Decision)] = &[
        (
            r#""Action": "sts:AssumeRoleWithWebIdentity", "Resource": "*""#,
            Decision::Deny,
        ),
        (
            r#""Action": "sts:*", "Resource": "arn:aws:iam::111122223333:role/deploy""#,
            Decision::Deny,
        ),
        (
            r#""Action": "sts:*", "Resource": "arn:aws:iam::111122223333:role/other""#,
            Decision::Allow,
        ),
        (r#""Action": "s3:*", "Resource": "*""#, Decision::Allow),
        (
            r#""Action": "sts:*", "Resource": "*", "Condition": {"StringNotEquals": {"token.actions.githubusercontent.com:sub": "repo:octo-org/octo-repo:pull_request"}}"#,
            Decision::Allow,
        ),
        (
            r#""Action": "sts:*", "Resource": "*", "Condition": {"StringNotLike": {"token.actions.githubusercontent.com:sub": "repo:octo-corp/*"}}"#,
            Decision::Deny,
        ),
        (
            r#""Action": "sts:*", "Resource": "*", "Condition": {"Null": {"token.actions.githubusercontent.com:sub": "true"}}"#,
            Decision::Allow,
        ),
        (
            r#""Action": "sts:*", "Resource": "*", "Condition": {"NotIpAddress": {"aws:SourceIp": "203.0.113.0/24"}}"#,
            Decision::Undecided,
        ),
        (
            r#""Action": "sts:*", "Resource": "*", "Condition": {"Bool": {"aws:PrincipalIsAWSService": "false"}}"#,
            Decision::Undecided,
        ),
    ];

    fn report(statement: &str, role_arn: Option<&str>) -> CheckReport {
        let text = format!(
            r#"{{"Version": "2012-10-17", "Statement": [{{"Sid": "edge", "Effect": "Deny", "Principal": "*", {statement}}}]}}"#
        );
        let control = Policy::parse(&text, Grammar::Control).unwrap();
        let case = Case {
            role_arn: role_arn.map(str::to_owned),
            ..Case::from_json(r#"{"policy": {"Version": "2012-10-17", "Statement": [{"Effect": "Allow",
                "Principal": {"Federated": "arn:aws:iam::111122223333:oidc-provider/token.actions.githubusercontent.com"},
                "Action": "sts:AssumeRoleWithWebIdentity",
                "Condition": {"StringLike": {"token.actions.githubusercontent.com:sub": "repo:octo-org/octo-repo:*"}}}]},
                "claims": {"iss": "https://token.actions.githubusercontent.com", "aud": "sts.amazonaws.com",
                "sub": "repo:octo-org/octo-repo:pull_request"}}"#).unwrap()
        };
        let trust = case.policy.clone().unwrap();
        let policy = crate::policy::Policy::parse(&trust).unwrap();
        let given = Given::new("rcp.json", control, text);
        crate::check::judge_under(&case, &policy, &crate::span::Source::new(trust), &[given])
            .unwrap()
    }

    #[test]
    fn a_deny_wins_over_the_trust_policy() {
        let data_perimeter = format!(
            r#""Action": "sts:AssumeRoleWithWebIdentity", "Resource": "*", "Condition": {{{ORGANISATION}, {NO_SERVICE}}}"#
        );
        let all = CONTROLS
            .iter()
            .copied()
            .chain([(&*data_perimeter, Decision::Deny)]);
        for (statement, decision) in all {
            let report = report(statement, Some("arn:aws:iam::111122223333:role/deploy"));
            assert_eq!(report.decision, decision, "{statement}");
            assert_eq!(
                report.session.is_some(),
                decision == Decision::Allow,
                "{statement}"
            );
            assert_eq!(
                report.error.is_some(),
                decision == Decision::Deny,
                "{statement}"
            );
            assert_eq!(
                report.unknowns.is_empty(),
                decision != Decision::Undecided,
                "{statement}"
            );
            let cause = report.causes.first().map(|cause| &*cause.summary);
            if decision == Decision::Deny {
                assert_eq!(
                    cause,
                    Some(
                        "the statement `edge` at rcp.json:1 of a resource control policy denies the call, whatever the trust policy says"
                    )
                );
            }
        }
    }

    #[test]
    fn without_the_roles_arn_only_what_is_certain_is_said() {
        for (resource, decision) in [
            ("*", Decision::Deny),
            ("arn:aws:iam::*:role/*", Decision::Deny),
            ("arn:aws:s3:::*", Decision::Allow),
            ("arn:aws:iam::*:role/deploy", Decision::Undecided),
            ("arn:aws:iam::111122223333:role/*", Decision::Undecided),
            ("arn:*", Decision::Undecided),
        ] {
            let statement = format!(r#""Action": "sts:*", "Resource": "{resource}""#);
            assert_eq!(report(&statement, None).decision, decision, "{resource}");
        }
    }
}
