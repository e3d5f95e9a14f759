//! What keeps a statement from applying: one fault for each part that is not met.

use super::{Scene, anded, key, placeholder, subject};
use crate::condition::{Operand, Test};
use crate::context::{Context, Fact, Text, fold};
use crate::pattern::Pattern;
use crate::policy::{ConditionTest, Principal, PrincipalKind, Statement};
use crate::report::{Cause, CauseId, Location};
use crate::span::Span;
use crate::token::catalogue::nearly;
use crate::tri::Tri;

/// One part that is not met, and the reason.
#[derive(Debug, Clone)]
pub(super) struct Fault<'a> {
    pub(super) id: CauseId,
    /// How much is wrong: 1 for a letter's case, more the further the texts are apart.
    pub(super) cost: u32,
    pub(super) summary: String,
    pub(super) help: String,
    pub(super) claim: Option<String>,
    pub(super) actual: Option<String>,
    pub(super) expected: Option<String>,
    pub(super) path: String,
    pub(super) span: Span,
    /// The part that is not met, where a repair can begin.
    pub(super) site: Site<'a>,
}

/// The part of a statement that is at fault.
#[derive(Debug, Clone, Copy)]
pub(super) enum Site<'a> {
    /// Nothing that a repair could begin at.
    Nowhere,
    /// The nearest principal.
    Principal(&'a Principal),
    /// The actions.
    Action,
    /// A test on a key that the request does not carry.
    Key(&'a ConditionTest),
    /// The nearest value of a test.
    Value(&'a ConditionTest, usize),
}

impl<'a> Fault<'a> {
    pub(super) fn new(
        id: CauseId,
        cost: u32,
        summary: impl Into<String>,
        help: impl Into<String>,
        path: String,
        span: Span,
    ) -> Self {
        Self {
            id,
            cost,
            summary: summary.into(),
            help: help.into(),
            claim: None,
            actual: None,
            expected: None,
            path,
            span,
            site: Site::Nowhere,
        }
    }

    /// The order of causes within a statement: what no token could ever meet comes first, then what is
    /// wrong with the subject, then the rest.
    pub(super) const fn rank(&self) -> u8 {
        match self.id {
            CauseId::PlaceholderLeft => 0,
            CauseId::EnterpriseIssuerConditionKey => 1,
            CauseId::WrongPrincipal | CauseId::WrongAction => 2,
            CauseId::ConditionsAnded => 3,
            CauseId::TypoInKey | CauseId::UnsupportedConditionKey => 4,
            CauseId::WrongAudience => 6,
            CauseId::MissingContextKey => 7,
            CauseId::JobWorkflowRef | CauseId::ValueMismatch => 8,
            _ => 5,
        }
    }

    pub(super) fn into_cause(self, scene: &Scene<'_>) -> Cause {
        Cause {
            id: self.id,
            summary: self.summary,
            help: self.help,
            claim: self.claim,
            location: Some(Location::policy(scene.source, self.path, self.span)),
            actual: self.actual,
            expected: self.expected,
            fix: None,
        }
    }
}

/// The faults of an Allow statement, the most telling first; none where it applies or hangs on an unknown fact alone.
pub(super) fn of_statement<'a>(
    scene: &Scene<'a>,
    index: usize,
    statement: &'a Statement,
) -> Vec<Fault<'a>> {
    let path = statement.path(index, scene.policy.statements_are_listed);
    let mut faults = parts(scene, index, statement);
    if faults.iter().any(|fault| fault.rank() > 2)
        && let Some(contradiction) = anded::find(scene, statement, &path)
    {
        faults.retain(|fault| fault.rank() <= 2);
        faults.push(contradiction);
    }
    crate::order::sort_by_key(&mut faults, Fault::rank);
    faults
}

/// The parts of a statement that are not met, one by one, in the order of the text.
pub(super) fn parts<'a>(
    scene: &Scene<'a>,
    index: usize,
    statement: &'a Statement,
) -> Vec<Fault<'a>> {
    let path = statement.path(index, scene.policy.statements_are_listed);
    let mut faults: Vec<Fault<'a>> = Vec::new();
    faults.extend(principal(scene, statement, &path));
    faults.extend(action(scene, statement, &path));
    for test in &statement.tests {
        if test.condition.evaluate(scene.context, statement.effect) == Tri::No {
            faults.push(condition(scene, test, &path));
        }
    }
    if is_for_others(scene, statement, &faults) {
        // What keeps everybody out must not be repaired into letting everybody in.
        faults
            .iter_mut()
            .for_each(|fault| fault.site = Site::Nowhere);
    }
    faults
}

/// Whether a statement is one for other callers or calls: it says so, and does not look at the subject.
pub(super) fn is_for_others(
    scene: &Scene<'_>,
    statement: &Statement,
    faults: &[Fault<'_>],
) -> bool {
    let mut ids = faults.iter().map(|fault| fault.id);
    let mut tests = statement
        .tests
        .iter()
        .filter(|test| !test.condition.operator.met_by_absence());
    ids.any(|id| matches!(id, CauseId::WrongPrincipal | CauseId::WrongAction))
        && !tests.any(|test| is_about_subject(scene, test))
}

/// Whether a key means the subject of the token's issuer, be its beginning misspelt.
fn is_about_subject(scene: &Scene<'_>, test: &ConditionTest) -> bool {
    let Some((prefix, suffix)) = test.key.text.rsplit_once(':') else {
        return false;
    };
    suffix.eq_ignore_ascii_case("sub")
        && (prefix.eq_ignore_ascii_case(scene.key_prefix)
            || nearly(prefix, scene.key_prefix).is_some()
            || key::is_enterprise_pair(prefix, scene.key_prefix))
}

fn principal<'a>(scene: &Scene<'a>, statement: &'a Statement, path: &str) -> Option<Fault<'a>> {
    if statement.principal.names(scene.caller) != Tri::No {
        return None;
    }
    let element = if statement.principal.not {
        "NotPrincipal"
    } else {
        "Principal"
    };
    let at = format!("{path}/{element}");
    let named = scene.caller.name.map(|name| format!("`{name}`"));
    let shown = named.unwrap_or_else(|| format!("the provider of {}", scene.caller.host));
    let used = scene.caller.name.unwrap_or(&shown);
    let federated = || {
        statement
            .principal
            .entries
            .iter()
            .filter(|p| p.kind == PrincipalKind::Federated)
    };
    let fault = |cost, span, summary: String, help: &str, path: String| {
        let mut fault = Fault::new(CauseId::WrongPrincipal, cost, summary, help, path, span);
        fault.actual = Some(used.to_owned());
        fault
    };
    if statement.principal.not {
        let summary = format!("NotPrincipal leaves out {shown}");
        return Some(fault(
            8,
            statement.principal.span,
            summary,
            "use Principal and name the provider",
            at,
        ));
    }
    let Some(nearest) =
        federated().min_by_key(|p| crate::distance::edits(&p.value.text, used, 24).unwrap_or(99))
    else {
        let summary =
            "the statement trusts no identity provider, so that no web identity can use it";
        let help =
            "name the provider under `Federated`; {\"AWS\": \"*\"} does not let a web identity in";
        // A statement for other callers is no near miss, however few its parts.
        return Some(fault(
            40,
            statement.principal.span,
            summary.to_owned(),
            help,
            at,
        ));
    };
    let at = principal_path(&at, nearest);
    if let Some(left) = placeholder::find(&nearest.value.text, used) {
        let mut fault = placeholder_fault(&left, at, nearest.value.span);
        fault.site = Site::Principal(nearest);
        return Some(fault);
    }
    let (cost, summary) = principal_difference(&nearest.value.text, used, &shown);
    let mut found = fault(
        cost,
        nearest.value.span,
        summary,
        "name the provider of the role's own account, whose URL is the token's issuer",
        at,
    );
    found.expected = Some(nearest.value.text.clone());
    found.site = Site::Principal(nearest);
    Some(found)
}

fn principal_path(path: &str, principal: &Principal) -> String {
    let index = principal
        .index
        .map_or_else(String::new, |index| format!("/{index}"));
    format!("{path}/{}{index}", principal.kind.name())
}

fn principal_difference(named: &str, used: &str, shown: &str) -> (u32, String) {
    let split = |arn: &str| {
        let (account, host) = arn.split_once(":oidc-provider/")?;
        Some((account.rsplit(':').next()?.to_owned(), host.to_owned()))
    };
    let (Some((account, host)), Some((used_account, used_host))) = (split(named), split(used))
    else {
        return (
            8,
            format!("the policy trusts `{named}`, the token came through {shown}"),
        );
    };
    if host == used_host && account == used_account {
        return (
            4,
            format!("the policy trusts `{named}`, the provider is `{used}`"),
        );
    }
    if host == used_host {
        return (
            4,
            format!(
                "the policy trusts the provider of account {account}, the role is in account {used_account}"
            ),
        );
    }
    match nearly(&host, &used_host) {
        Some(how) => {
            let how: Vec<&str> = how.iter().map(|d| d.words()).collect();
            (
                4,
                format!(
                    "the policy trusts `{host}`, the provider is `{used_host}`: the policy's {}",
                    how.join(" and ")
                ),
            )
        }
        None => (
            20,
            format!("the policy trusts `{host}`, the token came through `{used_host}`"),
        ),
    }
}

fn action<'a>(scene: &Scene<'a>, statement: &Statement, path: &str) -> Option<Fault<'a>> {
    if statement.action.covers(scene.caller.action) {
        return None;
    }
    let element = if statement.action.not {
        "NotAction"
    } else {
        "Action"
    };
    let named: Vec<&str> = statement
        .action
        .entries
        .iter()
        .map(|(action, _)| action.text.as_str())
        .collect();
    let summary = match (statement.action.not, named.as_slice()) {
        (true, _) => format!("NotAction leaves out {}", scene.caller.action),
        (false, named) => format!(
            "the statement allows `{}`, not {}",
            named.join("`, `"),
            scene.caller.action
        ),
    };
    let mut fault = Fault::new(
        CauseId::WrongAction,
        4,
        summary,
        format!(
            "a token is exchanged with {}; sts:AssumeRole is for AWS principals",
            scene.caller.action
        ),
        format!("{path}/{element}"),
        statement.action.span,
    );
    fault.actual = Some(scene.caller.action.to_owned());
    fault.expected = Some(named.join(", "));
    fault.site = Site::Action;
    Some(fault)
}

/// Why a test is not met.
pub(super) fn condition<'a>(scene: &Scene<'a>, test: &'a ConditionTest, path: &str) -> Fault<'a> {
    let fact = scene.context.get(&test.condition.key);
    match fact {
        Fact::Absent => Fault {
            site: Site::Key(test),
            ..key::absent(scene, test, path)
        },
        Fact::Many(values)
            if test.condition.operator.quantifier.is_none()
                && test.condition.operator.test != Test::Null =>
        {
            several_values(test, values, path)
        }
        _ => values(scene, test, fact.values(), path),
    }
}

fn several_values<'a>(test: &'a ConditionTest, values: &[Text], path: &str) -> Fault<'a> {
    let summary = format!(
        "{} has several values here, and {} without a set prefix is never met by such a key",
        test.key.text, test.operator.text
    );
    let mut fault = Fault::new(
        CauseId::ValueMismatch,
        6,
        summary,
        "use ForAnyValue: or ForAllValues:, and mind what they do when the key is absent",
        format!("{path}{}", test.path(None)),
        test.operator.span,
    );
    fault.actual = Some(joined(values));
    fault
}

fn joined(values: &[Text]) -> String {
    values
        .iter()
        .map(Text::as_str)
        .collect::<Vec<_>>()
        .join(", ")
}

/// The key is there, and the values do not fit.
fn values<'a>(
    scene: &Scene<'a>,
    test: &'a ConditionTest,
    actual: &[Text],
    path: &str,
) -> Fault<'a> {
    let text = actual.first().map_or("", Text::as_str);
    let claim = claim_of(scene, test);
    if test.condition.operator.negated || test.condition.operator.test == Test::Null {
        return excluded(scene, test, actual, path);
    }
    let mut candidates: Vec<Fault<'a>> = Vec::new();
    for index in 0..test.values.len() {
        candidates.extend(value(test, index, text, claim, path));
    }
    let mut fault = candidates
        .into_iter()
        .min_by_key(|fault| (fault.cost, fault.rank()))
        .unwrap_or_else(|| no_values(test, path));
    fault.claim = claim.map(str::to_owned);
    fault.actual = Some(joined(actual));
    fault
}

/// The claim behind a key of the token's issuer.
pub(super) fn claim_of<'t>(scene: &Scene<'_>, test: &'t ConditionTest) -> Option<&'t str> {
    let (prefix, suffix) = test.key.text.rsplit_once(':')?;
    prefix
        .eq_ignore_ascii_case(scene.key_prefix)
        .then_some(suffix)
}

fn no_values<'a>(test: &'a ConditionTest, path: &str) -> Fault<'a> {
    let mut fault = Fault::new(
        CauseId::ValueMismatch,
        9,
        format!(
            "{} on {} lists no value, so that nothing can match",
            test.operator.text, test.key.text
        ),
        "name at least one value",
        format!("{path}{}", test.path(None)),
        test.span,
    );
    fault.site = Site::Value(test, 0);
    fault
}

fn value<'a>(
    test: &'a ConditionTest,
    index: usize,
    actual: &str,
    claim: Option<&str>,
    path: &str,
) -> Option<Fault<'a>> {
    let fault = difference_of(test, index, actual, claim, path)?;
    Some(Fault {
        site: Site::Value(test, index),
        ..fault
    })
}

fn difference_of<'a>(
    test: &'a ConditionTest,
    index: usize,
    actual: &str,
    claim: Option<&str>,
    path: &str,
) -> Option<Fault<'a>> {
    let expected = test.values.get(index)?;
    let at = format!("{path}{}", test.path(Some(index)));
    if let Some(left) = placeholder::find(&expected.text, actual) {
        return Some(placeholder_fault(&left, at, expected.span));
    }
    if let Some(mut fault) = literal_wildcard(test, index, actual, &at) {
        fault.expected = Some(expected.text.clone());
        return Some(fault);
    }
    let lower = |name: &str| claim.is_some_and(|claim| claim.eq_ignore_ascii_case(name));
    let is_text = matches!(
        test.condition.operator.test,
        Test::StringEquals | Test::StringEqualsIgnoreCase | Test::StringLike
    );
    let mut fault = if is_text && lower("sub") {
        subject::compare(test, index, actual, at)
    } else if is_text && (lower("aud") || lower("oaud")) {
        audience(test, index, actual, at)
    } else {
        other(test, index, actual, at, lower("job_workflow_ref"))
    };
    fault.expected = Some(expected.text.clone());
    Some(fault)
}

/// `*` and `?` are plain characters under StringEquals: the value would match under StringLike.
fn literal_wildcard<'a>(
    test: &'a ConditionTest,
    index: usize,
    actual: &str,
    at: &str,
) -> Option<Fault<'a>> {
    let expected = test.values.get(index)?;
    if !expected.text.contains(['*', '?']) {
        return None;
    }
    let would_match = match test.condition.operator.test {
        Test::StringEquals => Pattern::wildcard(&expected.text).matches(actual),
        // No operator knows wildcards and ignores letter case: StringLike is the repair where case is right.
        Test::StringEqualsIgnoreCase => {
            Pattern::wildcard(&fold(&expected.text)).matches(&fold(actual))
        }
        _ => false,
    };
    if !would_match {
        return None;
    }
    let like = like(&test.operator.text);
    Some(Fault::new(
        CauseId::StringEqualsWithWildcard,
        1,
        format!(
            "{} takes `*` and `?` literally, so that `{}` never matches `{actual}`",
            test.operator.text, expected.text
        ),
        format!("use {like} for this value"),
        at.to_owned(),
        expected.span,
    ))
}

/// The operator that takes wildcards in place of this one.
pub(super) fn like(operator: &str) -> String {
    operator
        .replace("StringEqualsIgnoreCase", "StringEquals")
        .replace("StringEquals", "StringLike")
}

fn placeholder_fault<'a>(left: &str, path: String, span: Span) -> Fault<'a> {
    Fault::new(
        CauseId::PlaceholderLeft,
        6,
        format!("`{left}` looks like a placeholder that was not replaced"),
        "put the real value in its place",
        path,
        span,
    )
}

fn audience<'a>(test: &'a ConditionTest, index: usize, actual: &str, at: String) -> Fault<'a> {
    let expected = test.values.get(index).map_or("", |v| v.text.as_str());
    Fault::new(
        CauseId::WrongAudience,
        3,
        format!("the token's audience is `{actual}`, the policy wants `{expected}`"),
        "let the policy test the audience that the workflow asks for, usually sts.amazonaws.com",
        at,
        test.values.get(index).map_or(test.span, |v| v.span),
    )
}

fn other<'a>(
    test: &'a ConditionTest,
    index: usize,
    actual: &str,
    at: String,
    is_workflow: bool,
) -> Fault<'a> {
    let expected = test.values.get(index).map_or("", |v| v.text.as_str());
    let id = if is_workflow {
        CauseId::JobWorkflowRef
    } else {
        CauseId::ValueMismatch
    };
    let operand = test.condition.operands.get(index);
    let (cost, how) = difference(test, operand, expected, actual);
    let help = if is_workflow {
        "name the file and ref that define the job: for a reusable workflow the called file, with the ref it is called at"
    } else if test.key.text.starts_with("aws:") {
        "change the policy's value, or the request"
    } else {
        "change the policy's value, or what sets the token's"
    };
    let summary = format!(
        "{} is `{actual}`, the policy wants `{expected}`{how}",
        test.key.text
    );
    Fault::new(
        id,
        cost,
        summary,
        help,
        at,
        test.values.get(index).map_or(test.span, |v| v.span),
    )
}

/// How two values differ, in words that follow the two.
fn difference(
    test: &ConditionTest,
    operand: Option<&Operand>,
    expected: &str,
    actual: &str,
) -> (u32, &'static str) {
    let is_text = matches!(
        test.condition.operator.test,
        Test::StringEquals | Test::StringLike
    );
    if is_text && expected.to_lowercase() == actual.to_lowercase() {
        return (1, ": only letter case differs");
    }
    if operand.is_some_and(|operand| !operand.is_readable()) {
        return (8, ", which the operator can't read");
    }
    let near = crate::distance::edits(expected, actual, 2).is_some();
    (if near { 3 } else { 5 }, "")
}

/// A negated operator, or Null: the value is one that the statement leaves out.
fn excluded<'a>(
    scene: &Scene<'a>,
    test: &'a ConditionTest,
    actual: &[Text],
    path: &str,
) -> Fault<'a> {
    let index = test
        .condition
        .operands
        .iter()
        .position(|operand| matches_any(test, operand, actual, scene.context));
    let expected = index.and_then(|index| test.values.get(index));
    let at = format!("{path}{}", test.path(index));
    let held = joined(actual);
    let summary = match expected {
        Some(value) => format!(
            "{} is `{held}`, which {} `{}` leaves out",
            test.key.text, test.operator.text, value.text
        ),
        None => format!(
            "{} is `{held}`, which {} does not take",
            test.key.text, test.operator.text
        ),
    };
    let mut fault = Fault::new(
        CauseId::ValueMismatch,
        6,
        summary,
        "the statement means to leave this value out; allow it in a statement of its own if it should get in",
        at,
        expected.map_or(test.span, |value| value.span),
    );
    fault.claim = claim_of(scene, test).map(str::to_owned);
    fault.actual = Some(held);
    fault.expected = expected.map(|value| format!("anything but {}", value.text));
    fault
}

fn matches_any(
    test: &ConditionTest,
    operand: &Operand,
    actual: &[Text],
    context: &Context,
) -> bool {
    actual.iter().any(|value| {
        test.condition.compare(operand, value, context) == crate::condition::Hit::Match
    })
}
