//! A token taken apart: every claim with its meaning, the subject's anatomy, the times, the signature, and the
//! condition keys that AWS will see of it.
//!
//! ```
//! use rolecall_core::case::Case;
//! use rolecall_core::inspect::inspect;
//!
//! let case = Case::from_json(r#"{"claims": {"sub": "repo:octo-org@1/octo-repo@2:environment:prod", "event_name": "push"}}"#).unwrap();
//! let report = inspect(&case).unwrap();
//! assert_eq!(report.subject.as_ref().map(|subject| subject.form), Some("immutable"));
//! let event = report.claims.iter().find(|claim| claim.name == "event_name").unwrap();
//! assert_eq!(event.condition_key, None, "AWS never offers it");
//! ```

use serde::Serialize;
use serde_json::{Map, Value};

use crate::case::Case;
use crate::condition::literal::iso;
use crate::context::{Context, Fact, Key, Text};
use crate::policy::Policy;
use crate::report::{Check, CheckId, CheckOutcome, ErrorReport};
use crate::span::{Position, Source, Span};
use crate::sts::{Attempt, Outcome, Step};
use crate::token::Token;
use crate::token::catalogue::{self, IssuerKeys, look_alike};
use crate::token::subject::{Form, GitRef, Kind, Piece, Segment, Subject, Tail};

/// The schema's name.
pub const SCHEMA: &str = "rolecall.inspect/1";

/// What is in a token.
#[derive(Debug, Clone, Serialize)]
pub struct InspectReport {
    /// `rolecall.inspect/1`
    pub schema: &'static str,
    /// What the token is not, or must not be: look-alikes, live credentials.
    pub warnings: Vec<Warning>,
    /// What was stripped from the pasted text, or guessed.
    pub notes: Vec<String>,
    /// The JWS header, where there is one.
    pub header: Option<Map<String, Value>>,
    /// Who issued it.
    pub issuer: Option<IssuerReport>,
    /// Every claim.
    pub claims: Vec<ClaimReport>,
    /// The anatomy of `sub`.
    pub subject: Option<SubjectReport>,
    /// The condition keys of this issuer: with their values, and those that the token does not fill.
    pub keys: Vec<KeyReport>,
    /// The moment that the times were compared with.
    pub judged_at: Option<String>,
    /// `iat`, `nbf` and `exp`.
    pub times: Vec<TimeReport>,
    /// What STS checks of the token itself.
    pub checks: Vec<Check>,
}

/// Something to be careful about.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Warning {
    /// `request_token`, `runner_token` or `live_token`.
    pub id: &'static str,
    /// What it is and what to do.
    pub message: String,
}

/// The issuer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct IssuerReport {
    /// The claim.
    pub url: String,
    /// What kind it is, in words.
    pub kind: &'static str,
    /// What its condition keys begin with.
    pub key_prefix: String,
}

/// What becomes of a claim at AWS.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Use {
    /// A policy can test it.
    ConditionKey,
    /// STS checks it itself; a policy cannot test it.
    CheckedBySts,
    /// AWS never offers it; a positive test on it is never met.
    NeverOffered,
}

/// A claim.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ClaimReport {
    /// Its name.
    pub name: String,
    /// Its value.
    pub value: Value,
    /// Its JSON type.
    #[serde(rename = "type")]
    pub json_type: &'static str,
    /// What it says; `None` for a claim that is not known.
    pub meaning: Option<&'static str>,
    /// What becomes of it.
    #[serde(rename = "use")]
    pub used: Use,
    /// The condition key that AWS fills from it; `None`: never offered.
    pub condition_key: Option<String>,
}

/// The subject.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct SubjectReport {
    /// As it stands in the token.
    pub value: String,
    /// `classic`, `immutable` (with ids), `template` (customised), or `other`.
    pub form: &'static str,
    /// What ran: `branch`, `tag`, `environment`, `pull_request`, `merge_queue` or `other`.
    pub tail: &'static str,
    /// Its segments in order, without the `:` between them.
    pub segments: Vec<Part>,
}

/// A segment of the subject, or a part of one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Part {
    /// `repo`, `owner`, `owner_id`, `repository`, `repository_id`, `environment`, `ref`, ..., or `unknown`.
    pub name: String,
    /// The value as written.
    pub text: String,
    /// The value with `%3A` read as a colon.
    pub decoded: String,
    /// Where it begins in the subject.
    pub start: Position,
    /// Where it ends.
    pub end: Position,
    /// What the value consists of.
    pub parts: Vec<Self>,
}

/// Whether the request carries a key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Presence {
    /// It does.
    Present,
    /// It does not.
    Absent,
    /// Not known here.
    Unknown,
}

/// A condition key.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct KeyReport {
    /// Its whole name.
    pub key: String,
    /// Whether the request carries it.
    pub presence: Presence,
    /// Its values, where it is there.
    pub values: Option<Vec<String>>,
    /// When GitHub's tokens have the claim behind it; `None`: never.
    pub when: Option<&'static str>,
}

/// A time in the token.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct TimeReport {
    /// `iat`, `nbf` or `exp`.
    pub claim: &'static str,
    /// Seconds since 1970.
    pub seconds: i64,
    /// The same as a date.
    pub at: String,
    /// How far it is from the moment of judgement: negative where it is past.
    pub relative_seconds: Option<i64>,
}

/// Takes a token apart. What the case says of a policy or an account plays no part.
///
/// # Errors
/// Nothing in the text could be a token or claims.
pub fn inspect(case: &Case) -> Result<InspectReport, ErrorReport> {
    let token = Token::from_case(case)?;
    let attempt = Attempt::prepare(case, &token, &no_policy());
    let about_token = attempt.steps.iter().filter(|step| is_about_token(step.id));
    let checks: Vec<Check> = about_token.map(|step| check(&attempt, step)).collect();
    Ok(InspectReport {
        schema: SCHEMA,
        warnings: warnings(&token, &checks),
        header: token.header.as_deref().cloned(),
        issuer: token.text("iss").map(|url| issuer(&url)),
        claims: claims(&token, &attempt),
        subject: token.claims.get("sub").and_then(Value::as_str).map(subject),
        keys: keys(&attempt.context, &attempt.provider.key_prefix, attempt.keys),
        judged_at: attempt.now.map(iso),
        times: times(&token, attempt.now),
        checks,
        notes: token.notes,
    })
}

/// The checks before the trust policy need a policy only to find the account.
const fn no_policy() -> Policy {
    Policy {
        span: Span::new(0, 0),
        version: None,
        statements: Vec::new(),
        statements_are_listed: false,
        duplicates: Vec::new(),
        size: 0,
        latin1: true,
    }
}

const fn is_about_token(id: CheckId) -> bool {
    matches!(
        id,
        CheckId::TokenFormat | CheckId::RequiredClaims | CheckId::TokenTimes | CheckId::Signature
    )
}

fn check(attempt: &Attempt<'_>, step: &Step) -> Check {
    let (outcome, summary) = match &step.outcome {
        Outcome::Pass(passed) => (CheckOutcome::Pass, attempt.words(passed)),
        Outcome::Unknown(summary) => (CheckOutcome::Unknown, summary.clone()),
        Outcome::Fail(refusal) => (CheckOutcome::Fail, refusal.summary.clone()),
    };
    Check {
        id: step.id,
        outcome,
        summary,
    }
}

fn warnings(token: &Token<'_>, checks: &[Check]) -> Vec<Warning> {
    let look_alike = look_alike(&token.claims).map(|kind| Warning {
        id: match kind {
            catalogue::LookAlike::RequestToken => "request_token",
            catalogue::LookAlike::RunnerToken => "runner_token",
        },
        message: kind.warning().to_owned(),
    });
    let passed = |id| {
        checks
            .iter()
            .any(|check| check.id == id && check.outcome == CheckOutcome::Pass)
    };
    let is_live = look_alike.is_none()
        && token.jws.is_some()
        && passed(CheckId::Signature)
        && passed(CheckId::TokenTimes);
    let live = is_live.then(|| Warning {
        id: "live_token",
        message: "this token is still valid: whoever has it can use it until it expires".to_owned(),
    });
    look_alike.into_iter().chain(live).collect()
}

fn issuer(url: &str) -> IssuerReport {
    let issuer = catalogue::issuer(url);
    IssuerReport {
        url: url.to_owned(),
        kind: issuer.kind.name(),
        key_prefix: issuer.key_prefix.to_owned(),
    }
}

fn claims(token: &Token<'_>, attempt: &Attempt<'_>) -> Vec<ClaimReport> {
    let report = |(name, value): (&String, &Value)| {
        let key = key_of(name, token, attempt.keys)
            .map(|suffix| format!("{}:{suffix}", attempt.provider.key_prefix));
        ClaimReport {
            name: name.clone(),
            json_type: type_of(value),
            meaning: catalogue::claim(name).map(|claim| claim.meaning),
            used: match (&key, name.as_str()) {
                (Some(_), _) => Use::ConditionKey,
                (None, "iss" | "exp" | "iat" | "nbf") => Use::CheckedBySts,
                (None, _) => Use::NeverOffered,
            },
            condition_key: key,
            value: value.clone(),
        }
    };
    token.claims.iter().map(report).collect()
}

/// The key that takes its value from this claim of this token: the first of a key's claims that is there.
fn key_of<'k>(name: &str, token: &Token<'_>, keys: &'k IssuerKeys) -> Option<&'k str> {
    let filled = |claims: &[&str]| {
        claims
            .iter()
            .find(|claim| token.claims.contains_key(**claim))
            == Some(&name)
    };
    let own = keys
        .generic
        .iter()
        .find(|key| key.suffix == name && filled(key.claims));
    let generic = own.or_else(|| keys.generic.iter().find(|key| filled(key.claims)));
    generic
        .map(|key| key.suffix)
        .or_else(|| keys.claims.iter().find(|key| **key == name).copied())
}

const fn type_of(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "boolean",
        Value::Number(_) => "number",
        Value::String(_) => "string",
        Value::Array(_) => "array",
        Value::Object(_) => "object",
    }
}

fn keys(context: &Context, prefix: &str, keys: &IssuerKeys) -> Vec<KeyReport> {
    let generic = keys
        .generic
        .iter()
        .map(|key| (key.suffix, key.claims.last().copied().unwrap_or(key.suffix)));
    let own = keys.claims.iter().map(|name| (*name, *name));
    generic
        .chain(own)
        .map(|(suffix, claim)| key(context, format!("{prefix}:{suffix}"), claim))
        .collect()
}

fn key(context: &Context, key: String, claim: &str) -> KeyReport {
    let fact = context.get(&Key::new(&key));
    let presence = match fact {
        Fact::Absent => Presence::Absent,
        Fact::Unknown => Presence::Unknown,
        Fact::One(_) | Fact::Many(_) => Presence::Present,
    };
    let values = fact.values().iter().map(Text::as_str).map(str::to_owned);
    KeyReport {
        key,
        presence,
        values: (presence == Presence::Present).then(|| values.collect()),
        when: catalogue::presence(claim)
            .filter(|presence| presence.is_in_id_token())
            .map(catalogue::Presence::words),
    }
}

fn times(token: &Token<'_>, now: Option<i64>) -> Vec<TimeReport> {
    let time = |claim| {
        let seconds = token.text(claim)?.parse().ok()?;
        Some(TimeReport {
            claim,
            seconds,
            at: iso(seconds),
            relative_seconds: now.map(|now| seconds.saturating_sub(now)),
        })
    };
    ["iat", "nbf", "exp"].into_iter().filter_map(time).collect()
}

fn subject(text: &str) -> SubjectReport {
    let subject = Subject::parse(text);
    let source = Source::new(text);
    SubjectReport {
        value: text.to_owned(),
        form: form(&subject),
        tail: tail(subject.tail()),
        segments: subject
            .segments()
            .iter()
            .map(|segment| part_of_segment(&source, &subject, segment))
            .collect(),
    }
}

fn form(subject: &Subject<'_>) -> &'static str {
    match (subject.is_default(), subject.form()) {
        (true, Form::Immutable) => "immutable",
        (true, _) => "classic",
        (false, _) if subject.is_template() => "template",
        (false, _) => "other",
    }
}

const fn tail(tail: Tail<'_>) -> &'static str {
    match tail {
        Tail::Environment(_) => "environment",
        Tail::PullRequest => "pull_request",
        Tail::Ref(GitRef::Branch(_)) => "branch",
        Tail::Ref(GitRef::Tag(_)) => "tag",
        Tail::Ref(GitRef::MergeQueue { .. }) => "merge_queue",
        Tail::Ref(_) | Tail::Other(_) | Tail::Missing => "other",
    }
}

fn part_of_segment(source: &Source, subject: &Subject<'_>, segment: &Segment<'_>) -> Part {
    let name = segment.key.map_or("unknown", |key| key.text);
    let parts = match segment.kind {
        Kind::Repo => repo_parts(source, subject),
        _ => Vec::new(),
    };
    Part {
        parts,
        ..part(source, name, segment.value.unwrap_or(segment.raw))
    }
}

fn repo_parts(source: &Source, subject: &Subject<'_>) -> Vec<Part> {
    let Some(repo) = subject.repo() else {
        return Vec::new();
    };
    let named = [
        ("host", repo.host),
        ("owner", Some(repo.owner)),
        ("owner_id", repo.owner_id),
        ("repository", repo.name),
        ("repository_id", repo.id),
    ];
    named
        .into_iter()
        .filter_map(|(name, piece)| Some(part(source, name, piece?)))
        .collect()
}

fn part(source: &Source, name: &str, piece: Piece<'_>) -> Part {
    let range = piece.range();
    Part {
        name: name.to_owned(),
        text: piece.text.to_owned(),
        decoded: piece.decoded().into_owned(),
        start: source.position(range.start),
        end: source.position(range.end),
        parts: Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn report(claims: &str) -> InspectReport {
        inspect(&Case::from_json(&format!("{{\"claims\": {claims}}}")).unwrap()).unwrap()
    }

    #[test]
    fn the_subject_is_taken_apart() {
        let report = report(r#"{"sub": "repo:octo-org@1/octo-repo@2:environment:a%3Ab"}"#);
        let subject = report.subject.unwrap();
        assert_eq!((subject.form, subject.tail), ("immutable", "environment"));
        let names: Vec<&str> = subject.segments[0]
            .parts
            .iter()
            .map(|part| part.name.as_str())
            .collect();
        assert_eq!(names, ["owner", "owner_id", "repository", "repository_id"]);
        for part in subject
            .segments
            .iter()
            .flat_map(|segment| segment.parts.iter().chain([segment]))
        {
            let text = subject.value.get(part.start.byte..part.end.byte);
            assert_eq!(text, Some(part.text.as_str()));
        }
        assert_eq!(subject.segments[1].decoded, "a:b");
    }

    /// `(claim, what becomes of it, key)`
    const USES: &[(&str, Use, Option<&str>)] = &[
        (
            "sub",
            Use::ConditionKey,
            Some("token.actions.githubusercontent.com:sub"),
        ),
        (
            "aud",
            Use::ConditionKey,
            Some("token.actions.githubusercontent.com:aud"),
        ),
        (
            "repository",
            Use::ConditionKey,
            Some("token.actions.githubusercontent.com:repository"),
        ),
        ("repository_owner", Use::NeverOffered, None),
        ("exp", Use::CheckedBySts, None),
        ("iss", Use::CheckedBySts, None),
        ("made_up", Use::NeverOffered, None),
    ];

    #[test]
    fn every_claim_says_what_becomes_of_it() {
        let report = report(
            r#"{"iss": "https://token.actions.githubusercontent.com", "sub": "x", "aud": "y", "repository": "o/r",
                "repository_owner": "o", "exp": 60, "made_up": [1]}"#,
        );
        for (name, used, key) in USES {
            let claim = report
                .claims
                .iter()
                .find(|claim| claim.name == *name)
                .unwrap();
            assert_eq!(
                (claim.used, claim.condition_key.as_deref()),
                (*used, *key),
                "{name}"
            );
        }
    }

    #[test]
    fn keys_that_the_token_lacks_are_named() {
        let report = report(r#"{"sub": "x", "aud": ["y"]}"#);
        let find = |name: &str| {
            report
                .keys
                .iter()
                .find(|key| key.key.ends_with(name))
                .unwrap()
        };
        assert_eq!(find(":aud").values, Some(vec!["y".to_owned()]));
        assert_eq!(find(":environment").presence, Presence::Absent);
        assert_eq!(
            find(":environment").when,
            Some("only if the job has an `environment:`")
        );
    }

    #[test]
    fn look_alikes_are_warned_of() {
        let report = report(r#"{"oidc_sub": "repo:o/r:pull_request", "aud": "vso:1"}"#);
        assert_eq!(
            report.warnings.first().map(|warning| warning.id),
            Some("request_token")
        );
    }
}
