//! Why a step goes as it goes, in words.

use super::layers::Refusal;
use super::{Given, Kind, LOGIN, Leg, Question, StatementAt, StepReport, Trip, is_unknown};
use crate::condition::Effect;
use crate::permission::{Request, Resources, Statement};
use crate::tri::Tri;

/// The text that the user sees (IAM User Guide, "Troubleshoot access denied error messages"; what stands before
/// it was seen in users' logs).
pub(super) fn denial(question: &Question, leg: &Leg<'_>) -> Option<String> {
    let because = match leg.refusal? {
        Refusal::Explicit(kind, ..) => {
            format!("with an explicit deny in {} {}", article(kind), kind.name())
        }
        Refusal::Implicit(kind) => {
            format!(
                "because no {} allows the {} action",
                kind.name(),
                leg.action
            )
        }
    };
    let before = if leg.action == LOGIN {
        "An error occurred (AccessDeniedException) when calling the GetAuthorizationToken operation:"
    } else {
        "denied:"
    };
    Some(format!(
        "{before} User: {} is not authorized to perform: {} on resource: {} {because}",
        question.principal(),
        leg.action,
        leg.resource
    ))
}

const fn article(kind: Kind) -> &'static str {
    match kind {
        Kind::Identity => "an",
        _ => "a",
    }
}

/// A step as the report has it.
pub(super) fn step(trip: &Trip<'_>, leg: &Leg<'_>) -> StepReport {
    let request = trip.request(leg);
    let (why, statement) = match (leg.answer, leg.refusal) {
        (Tri::Yes, _) => allowed(trip, request),
        (_, Some(Refusal::Explicit(kind, given, index))) => explicit(kind, given, index),
        (_, Some(Refusal::Implicit(kind))) => implicit(trip, kind, request),
        _ => (undecided(trip, request), None),
    };
    StepReport {
        stage: leg.stage,
        action: leg.action,
        resource: leg.resource.clone(),
        decision: leg.answer.into(),
        why,
        statement,
    }
}

type Said = (String, Option<StatementAt>);

fn allowed(trip: &Trip<'_>, request: Request<'_>) -> Said {
    let found = trip.question.policies().find_map(|(kind, given)| {
        let is_grant = matches!(kind, Kind::Identity | Kind::Repository);
        let mut allowing = given.policy.of(Effect::Allow).filter(|_| is_grant);
        let (index, _) = allowing.find(|(_, statement)| {
            let grants = kind == Kind::Identity
                || (request.action != LOGIN
                    && statement.named(trip.question.caller()).any() == Tri::Yes);
            grants && statement.covers(request) == Tri::Yes
        })?;
        Some((kind, given, index))
    });
    match found {
        Some((kind, given, index)) => {
            let at = at(kind, given, index);
            (format!("{} allows it", name(&at)), Some(at))
        }
        None => ("allowed".to_owned(), None),
    }
}

fn explicit(kind: Kind, given: &Given, index: usize) -> Said {
    let at = at(kind, given, index);
    let said = format!(
        "{} denies it, and an explicit deny wins over every allow",
        name(&at)
    );
    (said, Some(at))
}

fn undecided(trip: &Trip<'_>, request: Request<'_>) -> String {
    let keys = trip
        .layers
        .open_keys(request)
        .into_iter()
        .map(|(key, _)| key);
    let open: Vec<String> = keys.chain(trip.layers.open_facts(request)).collect();
    if open.is_empty() {
        return "hangs on what is not documented".to_owned();
    }
    format!("hangs on {}", open.join(", "))
}

/// Which statement comes nearest, and what it lacks.
fn implicit(trip: &Trip<'_>, kind: Kind, request: Request<'_>) -> Said {
    let of_kind = || {
        trip.question
            .policies()
            .filter(move |(other, _)| *other == kind)
    };
    let near = of_kind().find_map(|(_, given)| {
        let mut covering = given
            .policy
            .of(Effect::Allow)
            .filter(|(_, s)| s.action.covers(request.action));
        covering
            .next()
            .map(|(index, statement)| (given, index, statement))
    });
    if let Some((given, index, statement)) = near {
        let at = at(kind, given, index);
        let said = format!("{} {}", name(&at), lack(trip, statement, request));
        return (said, Some(at));
    }
    let said = match (of_kind().next(), kind) {
        (None, Kind::Repository) => format!(
            "the repository is in another account ({}) than the role ({}), and no repository policy was given that lets it in",
            trip.question.repository.account,
            trip.question.account()
        ),
        (None, _) => format!("no {} was given", kind.name()),
        (Some(_), _) => format!("no {} covers {}", kind.name(), request.action),
    };
    (said, None)
}

fn lack(trip: &Trip<'_>, statement: &Statement, request: Request<'_>) -> String {
    if statement.principal.is_some() && statement.named(trip.question.caller()).any() == Tri::No {
        return format!("covers {}, but does not name this role", request.action);
    }
    match &statement.resource {
        Some(resources) if resources.include(request) == Tri::No => {
            format!(
                "covers {}, but {}",
                request.action,
                other_resource(resources, request)
            )
        }
        _ => format!(
            "covers {}, but {}",
            request.action,
            unmet(statement, request)
        ),
    }
}

fn other_resource(resources: &Resources, request: Request<'_>) -> String {
    let written = resources
        .entries
        .first()
        .map_or("", |(text, _)| &*text.text);
    if resources.not {
        return format!("NotResource leaves `{written}` out");
    }
    if request.action == LOGIN {
        return format!(
            "only on `{written}`: this action has no resource and needs `\"Resource\": \"*\"`"
        );
    }
    let differs = ["", "partition", "service", "region", "account", "name"];
    let part = |text: &'static str, index: usize, of: &str| {
        let own = of.splitn(6, ':').nth(index).unwrap_or_default().to_owned();
        (text, own)
    };
    let found = differs
        .iter()
        .enumerate()
        .skip(1)
        .find_map(|(index, name)| {
            let (name, own) = part(name, index, written);
            let (_, asked) = part(name, index, request.resource);
            let fits = crate::pattern::Pattern::wildcard(&own).matches(&asked);
            (!fits).then(|| {
                format!("only on `{written}`: the {name} differs, `{own}` is not `{asked}`")
            })
        });
    match resources.entries.len() {
        1 => found.unwrap_or_else(|| format!("only on `{written}`")),
        more => format!("none of its {more} resources is the repository"),
    }
}

fn unmet(statement: &Statement, request: Request<'_>) -> String {
    let failed = |test: &&crate::policy::ConditionTest| {
        test.condition.evaluate(request.context, statement.effect) == Tri::No
    };
    let Some(test) = statement.tests.iter().find(failed) else {
        return "its conditions are not met".to_owned();
    };
    let key = &test.key.text;
    let values = request.context.get(&test.condition.key).values();
    let held = match values {
        [] if is_dropped(key) => "which the session does not carry: of the token's claims only sub, aud and amr outlive the assumption".to_owned(),
        [] if is_unknown(request.context, &test.condition.key) => "which is not known".to_owned(),
        [] => "which the request does not carry".to_owned(),
        [value, ..] => format!("which is `{}`", value.as_str()),
    };
    format!("its {} on `{key}` is not met, {held}", test.operator.text)
}

/// A claim of GitHub's that is a condition key only while the role is assumed.
fn is_dropped(key: &str) -> bool {
    let prefix = "token.actions.githubusercontent.com";
    key.get(..prefix.len())
        .is_some_and(|own| own.eq_ignore_ascii_case(prefix))
}

fn at(kind: Kind, given: &Given, index: usize) -> StatementAt {
    let statement = given.policy.statements.get(index);
    StatementAt {
        policy: given.name.clone(),
        kind,
        path: given.policy.path(index),
        sid: statement
            .and_then(|s| s.sid.as_ref())
            .map(|sid| sid.text.clone()),
        line: statement.map_or(1, |s| given.source.position(s.span.start).line),
    }
}

fn name(at: &StatementAt) -> String {
    let sid = at.sid.as_deref().filter(|sid| !sid.is_empty());
    let sid = sid.map_or_else(String::new, |sid| format!(" `{sid}`"));
    format!("the statement{sid} at {}:{}", at.policy, at.line)
}
