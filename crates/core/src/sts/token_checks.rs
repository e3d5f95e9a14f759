//! What STS checks of the token itself: format, required claims, times, audience.

use serde_json::Value;

use super::aws_claims::{self, AwsClaims};
use super::refusal::{self, Refusal};
use super::{Outcome, Passed, RoleArn, Step};
use crate::condition::literal::iso;
use crate::report::{CauseId, CheckId, length};
use crate::token::catalogue::{LookAlike, look_alike};
use crate::token::{Claim, Token};

/// The tolerance for clocks that differ, both ways: observed, radkawar/stackd fixtures, 2026-09-11
/// (24 s past `exp` passed, 324 s did not; 276 s before `nbf` and `iat` passed). The exact edge was not probed.
pub const CLOCK_SKEW: i64 = 300;

pub(super) fn format(token: &Token<'_>) -> Step {
    let outcome = match (token.malformed, &token.jws) {
        (Some(why), _) => Outcome::fail(Refusal::new(
            refusal::not_a_jwt(),
            CauseId::MalformedToken,
            format!("the text looks like a token but is not a JWT: {why}"),
            "copy the whole token again; an ID token has three parts, header, payload and signature",
        )),
        _ if has_crit(token) => Outcome::fail(Refusal::new(
            refusal::not_a_jwt(),
            CauseId::MalformedToken,
            "the header has `crit`, which STS refuses",
            "GitHub never sends `crit`: get a token from GitHub's OIDC provider",
        )),
        (None, None) => Outcome::pass("claims were given instead of a token"),
        (None, Some(_)) => Outcome::pass("the token is a JWT"),
    };
    Step::of(CheckId::TokenFormat, outcome)
}

fn has_crit(token: &Token<'_>) -> bool {
    token
        .header
        .as_ref()
        .is_some_and(|header| header.contains_key("crit"))
}

pub(super) fn required_claims(
    token: &Token<'_>,
    aws: Option<AwsClaims<'_>>,
    role_arn: Option<&str>,
) -> Step {
    let refusal = missing_claim(token)
        .or_else(|| bad_claim(token))
        .or_else(|| bad_aws_claims(aws?, role_arn));
    let outcome = match refusal {
        Some(refusal) => Outcome::fail(refusal),
        None if token.is_whole() => Outcome::pass("iss, sub, aud, iat and exp are there"),
        None => Outcome::pass("iss, sub and aud are there or taken for granted"),
    };
    Step::of(CheckId::RequiredClaims, outcome)
}

/// STS wants all five (observed, as above), in this order. Claims written by hand, without any time,
/// count as in time.
fn missing_claim(token: &Token<'_>) -> Option<Refusal> {
    let required: &[&str] = if token.is_whole() {
        &["iss", "sub", "aud", "iat", "exp"]
    } else {
        &["iss", "sub", "aud"]
    };
    let name = required
        .iter()
        .copied()
        .find(|name| is_missing(token, name))?;
    let error = refusal::invalid_token(format!("Missing a required claim: {name}"));
    if look_alike(&token.claims) == Some(LookAlike::RequestToken) {
        let help = "it is a live secret of the job: remove it from logs, and send it only to ACTIONS_ID_TOKEN_REQUEST_URL, which answers with the ID token";
        let summary =
            "this is the ACTIONS_ID_TOKEN_REQUEST_TOKEN, which asks for ID tokens, not an ID token";
        return Some(
            Refusal::new(error, CauseId::RequestToken, summary, help)
                .about("sub", "absent", "present"),
        );
    }
    let summary = format!("the token has no `{name}`, which STS requires");
    let help = "send the ID token itself: neither an access token, nor the request token, nor a copy with claims left out";
    let mut refusal = Refusal::new(error, CauseId::MissingClaim, summary, help);
    refusal.claim = Some(name);
    Some(refusal)
}

/// Null counts as absent, but for `sub` and for times, which STS refuses in words of their own (observed).
fn is_missing(token: &Token<'_>, name: &str) -> bool {
    let is_time = matches!(name, "iat" | "exp");
    token.claim(name) == Claim::Absent && !(is_time && token.claims.contains_key(name))
}

fn bad_claim(token: &Token<'_>) -> Option<Refusal> {
    if let Claim::Is(Value::Null) = token.claim("sub") {
        let summary = "`sub` is null; AWS answers that with a failure of its own (a 5xx)";
        return Some(
            Refusal::new(
                refusal::internal_failure(),
                CauseId::MissingClaim,
                summary,
                "send an ID token from GitHub",
            )
            .about("sub", "null", "a string"),
        );
    }
    let is_no_text = |name: &&str| {
        matches!(
            token.claim(name),
            Claim::Is(Value::Array(_) | Value::Object(_))
        )
    };
    if let Some(name) = ["iss", "sub"].into_iter().find(is_no_text) {
        // Not recorded: the text that STS gives for all it can't validate.
        let summary = format!("`{name}` is a list or an object; STS takes a text");
        let help = "send an ID token from GitHub";
        return Some(
            Refusal::new(
                refusal::not_validated(None),
                CauseId::MalformedToken,
                summary,
                help,
            )
            .about(name, "not a text", "a text"),
        );
    }
    match token.claim("aud") {
        Claim::Is(Value::Array(list)) if list.is_empty() => Some(
            Refusal::new(
                refusal::invalid_token("Claim is not allowed to be empty: aud"),
                CauseId::MissingClaim,
                "the list of audiences is empty",
                "ask for a token with one audience, `sts.amazonaws.com`",
            )
            .about("aud", "[]", "one audience"),
        ),
        Claim::Is(Value::Array(list)) if list.len() > 1 && token.claim("azp") == Claim::Absent => Some(
            Refusal::new(
                refusal::invalid_token(
                    "Token audience contains more than one audience while authorized party is not present",
                ),
                CauseId::SeveralAudiences,
                format!("the token names {} audiences and no `azp`", list.len()),
                "ask for a token with one audience; GitHub's tokens have one",
            )
            .about("aud", Value::Array(list.clone()).to_string(), "one audience"),
        ),
        _ => None,
    }
}

fn bad_aws_claims(aws: AwsClaims<'_>, role_arn: Option<&str>) -> Option<Refusal> {
    if !aws.has_well_formed_tags() {
        return Some(Refusal::new(
            refusal::invalid_token("principal_tags passed in claim is not in correct format."),
            CauseId::MalformedToken,
            "the session tags in the token are not lists of one value",
            "GitHub sends no session tags; whoever issues this token must write each value as a list of one",
        ));
    }
    let listed = aws.roles()?;
    let help =
        "whoever issues this token must list the role's ARN in the claim, or leave the claim out";
    if !listed.iter().any(|arn| RoleArn::parse(arn).is_some()) {
        let error = refusal::invalid_token("The roles claim contains no valid role ARNs");
        let summary = format!("the claim `{}` lists no role", aws_claims::ROLES);
        return Some(Refusal::new(error, CauseId::MalformedToken, summary, help));
    }
    let role = role_arn.filter(|role| !listed.contains(role))?;
    let summary = format!("the token is for other roles than `{role}`");
    // The text for this case was not recorded.
    Some(Refusal::new(
        refusal::not_validated(None),
        CauseId::ValueMismatch,
        summary,
        help,
    ))
}

pub(super) fn times(token: &Token<'_>, now: Option<i64>) -> Step {
    let times = match read_times(token) {
        Ok(times) => times,
        Err(name) => {
            let refusal = Refusal::new(
                refusal::invalid_token("Invalid timestamp in token claims."),
                CauseId::MalformedToken,
                format!("`{name}` is no whole number of seconds"),
                "STS takes whole numbers, also as digits in a string; GitHub sends whole numbers",
            );
            return Step::of(CheckId::TokenTimes, Outcome::fail(refusal));
        }
    };
    let Some(now) = now else {
        return Step::of(
            CheckId::TokenTimes,
            Outcome::pass("no time was given: taken as in time"),
        );
    };
    let [exp, iat, nbf] = times;
    let outcome = expired(exp, now)
        .or_else(|| ahead("iat", iat, now))
        .or_else(|| ahead("nbf", nbf, now))
        .map_or_else(|| Outcome::Pass(Passed::Expires(exp)), Outcome::fail);
    Step::of(CheckId::TokenTimes, outcome)
}

pub(super) fn time_left(exp: Option<i64>, now: i64) -> String {
    match exp {
        Some(exp) if exp < now => format!(
            "expired {} ago, within STS's tolerance of 300 s",
            length(now - exp)
        ),
        Some(exp) => format!("in time: {} left", length(exp - now)),
        None => "in time, as far as times are given".to_owned(),
    }
}

/// `exp`, `iat`, `nbf` as whole seconds; digits in a string count, fractions, null and text do not (observed, as above).
fn read_times(token: &Token<'_>) -> Result<[Option<i64>; 3], &'static str> {
    let mut times = [None; 3];
    for (slot, name) in times.iter_mut().zip(["exp", "iat", "nbf"]) {
        let Some(value) = token.claims.get(name) else {
            continue;
        };
        let seconds = match value {
            Value::Number(number) => number.as_i64(),
            Value::String(digits) if digits.bytes().all(|b| b.is_ascii_digit()) => {
                digits.parse().ok()
            }
            _ => None,
        };
        *slot = Some(seconds.ok_or(name)?);
    }
    Ok(times)
}

fn expired(exp: Option<i64>, now: i64) -> Option<Refusal> {
    let exp = exp.filter(|exp| now.saturating_sub(CLOCK_SKEW) >= *exp)?;
    let summary = format!(
        "the token had expired {} earlier",
        length(now.saturating_sub(exp))
    );
    let help = "tokens live for minutes: get one right before the call; to see what the policy says, judge this one as of its issue (--at-issue)";
    Some(
        Refusal::new(
            refusal::expired(now.saturating_sub(CLOCK_SKEW), exp),
            CauseId::TokenExpired,
            summary,
            help,
        )
        .about(
            "exp",
            iso(exp),
            format!("later than {}", iso(now.saturating_sub(CLOCK_SKEW))),
        ),
    )
}

fn ahead(name: &'static str, time: Option<i64>, now: i64) -> Option<Refusal> {
    let latest = now.saturating_add(CLOCK_SKEW);
    let time = time.filter(|time| *time > latest)?;
    let error = match name {
        "iat" => refusal::invalid_token(format!("Token issued in the future: {time}")),
        _ => refusal::not_yet_valid(latest, time),
    };
    let summary = format!(
        "`{name}` is {} ahead of the clock",
        length(time.saturating_sub(now))
    );
    let help = "look at the clocks, or at the time that was given to judge at";
    Some(
        Refusal::new(error, CauseId::TokenNotYetValid, summary, help).about(
            name,
            iso(time),
            format!("at most {}", iso(latest)),
        ),
    )
}

/// The audience that STS goes by: `azp` where the token has one, else `aud`, which must then be one (observed, as above).
/// `told`: the audience where the claims leave it open, as the caller gives its condition key.
pub(super) fn effective_audience<'t>(token: &'t Token<'_>, told: Option<&'t Value>) -> Claim<'t> {
    match (token.claim("azp"), token.claim("aud")) {
        (Claim::Is(azp), _) => Claim::Is(azp),
        // GitHub sends no `azp`, so that a set which does not say is not held up by it.
        (_, Claim::Is(Value::Array(list))) => list.first().map_or(Claim::Absent, Claim::Is),
        (_, Claim::Unknown) => told.map_or(Claim::Unknown, Claim::Is),
        (_, aud) => aud,
    }
}

pub(super) fn audience(audience: Claim<'_>, registered: &[String]) -> Step {
    let outcome = match audience {
        Claim::Unknown => Outcome::Unknown("the token's audience is not known".to_owned()),
        Claim::Is(Value::String(audience)) if registered.contains(audience) => {
            Outcome::Pass(Passed::Audience)
        }
        Claim::Is(value) => Outcome::fail(wrong_audience(
            &value
                .as_str()
                .map_or_else(|| value.to_string(), str::to_owned),
            registered,
        )),
        Claim::Absent => Outcome::fail(wrong_audience("", registered)),
    };
    Step::of(CheckId::Audience, outcome)
}

fn wrong_audience(audience: &str, registered: &[String]) -> Refusal {
    let known = if registered.is_empty() {
        "none".to_owned()
    } else {
        registered.join("`, `")
    };
    let summary = format!("the token's audience is `{audience}`, the provider has `{known}`");
    let help = if audience.starts_with("https://github.com/") {
        "the token was asked for without an audience, so GitHub wrote the owner's URL: ask for `sts.amazonaws.com`, as aws-actions/configure-aws-credentials does"
    } else if matches!(registered, [usual] if usual.starts_with("sts.amazonaws.com")) {
        // It is taken for granted where none is told.
        "ask for a token with a registered audience, or register this one with the identity provider; where it is registered, say so (--registered-audience, on the page under Account and request)"
    } else {
        "ask for a token with a registered audience, or register this one with the identity provider"
    };
    Refusal::new(
        refusal::not_validated("Incorrect token audience".to_owned()),
        CauseId::WrongAudience,
        summary,
        help,
    )
    .about("aud", audience, known)
}
