//! What IAM refuses to store, with its own words where they are known.
//!
//! Older policies that break these rules exist and go on working, so they are judged all the same.
//! Sources: 324 recorded trust policy writes (radkawar/stackd fixtures, 2026-09-11); IAM User Guide,
//! "Identity-provider controls for shared OIDC providers"; texts marked *emulator* are known only
//! from versity/versitygw, which says that it mirrors AWS.
//!
//! ```
//! use rolecall_core::policy::{Policy, storable};
//!
//! let policy = Policy::parse(r#"{"Statement": {"Effect": "Allow", "Action": "sts:AssumeRoleWithWebIdentity",
//!     "Principal": {"Federated": "arn:aws:iam::111122223333:oidc-provider/token.actions.githubusercontent.com"},
//!     "Condition": {"StringLike": {"token.actions.githubusercontent.com:sub": "*"}}}}"#).unwrap();
//! let refusal = storable::check(&policy).unwrap_err();
//! assert_eq!(refusal.code, "MalformedPolicyDocument");
//! assert!(refusal.message.unwrap().ends_with("which is not scoped to all."));
//! ```

use super::{
    ASSUME_ROLE_WITH_WEB_IDENTITY, ConditionTest, Policy, Principal, PrincipalKind, Statement,
};
use crate::condition::{Effect, Operand, Test};
use crate::span::Span;

/// Role trust policy length: the default quota in characters, white space not counted
/// (IAM User Guide, "IAM and AWS STS quotas"). It can be raised to 8,192.
pub const DEFAULT_QUOTA: usize = 2_048;

const GITHUB: &str = "token.actions.githubusercontent.com";

/// Why IAM would refuse to store a policy.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    /// AWS's error code.
    pub code: &'static str,
    /// AWS's text, `None` where it was not recorded.
    pub message: Option<String>,
    /// What is wrong, in our words.
    pub summary: String,
    /// The place, relative to the policy.
    pub path: String,
    /// The place in the text.
    pub span: Span,
}

/// Whether IAM would store the policy as a role's trust policy. With several faults the first
/// offending statement's text is given, as IAM does.
///
/// # Errors
/// The first refusal.
pub fn check(policy: &Policy) -> Result<(), Refusal> {
    for (index, statement) in policy.statements.iter().enumerate() {
        let path = statement.path(index, policy.statements_are_listed);
        let mut refusal = fields(statement)
            .and_then(|()| principals(statement))
            .and_then(|()| actions(statement))
            .and_then(|()| literals(statement))
            .and_then(|()| provider_control(statement));
        if let Err(refusal) = &mut refusal {
            refusal.path.insert_str(0, &path);
        }
        refusal?;
    }
    size(policy)
}

fn malformed(
    message: impl Into<Option<String>>,
    summary: impl Into<String>,
    path: &str,
    span: Span,
) -> Result<(), Refusal> {
    Err(Refusal {
        code: "MalformedPolicyDocument",
        message: message.into(),
        summary: summary.into(),
        path: path.to_owned(),
        span,
    })
}

fn fields(statement: &Statement) -> Result<(), Refusal> {
    if let Some(span) = statement.resource {
        let message = "Has prohibited field Resource".to_owned();
        return malformed(
            message,
            "a trust policy has no Resource: the role itself is the resource",
            "/Resource",
            span,
        );
    }
    if statement.principal.not {
        // Text: emulator.
        let message = "AssumeRole policy must not contain NotPrincipal field.".to_owned();
        let span = statement.principal.key_span;
        return malformed(
            message,
            "a trust policy can't use NotPrincipal",
            "/NotPrincipal",
            span,
        );
    }
    Ok(())
}

fn principals(statement: &Statement) -> Result<(), Refusal> {
    for principal in &statement.principal.entries {
        let text = &principal.value.text;
        let message = match principal.kind {
            PrincipalKind::Anyone => {
                "AssumeRolepolicy contained an invalid principal: \"STAR\":\"*\".".to_owned()
            }
            PrincipalKind::Federated if !is_provider(text) => {
                "Federated principals must be valid domain names or SAML metadata ARNs".to_owned()
            }
            // A name can't be matched in part (IAM User Guide, "Principal"). Text: emulator.
            PrincipalKind::Aws if text != "*" && text.contains(['*', '?']) => {
                format!("Invalid principal in policy: \"AWS\":\"{text}\"")
            }
            _ => continue,
        };
        let path = match principal.kind {
            PrincipalKind::Anyone => "/Principal".to_owned(),
            kind => format!("/Principal/{}", kind.name()),
        };
        return malformed(
            message,
            format!("`{text}` is no valid principal"),
            &path,
            principal.value.span,
        );
    }
    Ok(())
}

/// An ARN of an identity provider, or a domain name.
fn is_provider(text: &str) -> bool {
    match text.strip_prefix("arn:") {
        Some(rest) => is_provider_arn(rest),
        None => is_domain_name(text),
    }
}

fn is_provider_arn(rest: &str) -> bool {
    let parts: Vec<&str> = rest.splitn(5, ':').collect();
    let [partition, "iam", "", account, resource] = parts.as_slice() else {
        return false;
    };
    let name = ["oidc-provider/", "saml-provider/"]
        .iter()
        .find_map(|kind| resource.strip_prefix(kind));
    partition.starts_with("aws")
        && account.len() == 12
        && account.bytes().all(|b| b.is_ascii_digit())
        && name.is_some_and(|name| {
            !name.is_empty() && !name.contains(['*', '?', '<', '>', '{', '}', ' '])
        })
}

fn is_domain_name(text: &str) -> bool {
    let label = |label: &str| {
        !label.is_empty()
            && label
                .bytes()
                .all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_')
    };
    text.contains('.') && text.split('.').all(label)
}

/// Letter case counts here, against the general documentation, and `sts:*` is refused (recorded).
fn actions(statement: &Statement) -> Result<(), Refusal> {
    let is_allowed = |action: &str| {
        action.starts_with("sts:AssumeRole")
            || matches!(
                action,
                "sts:TagSession" | "sts:SetSourceIdentity" | "sts:SetContext"
            )
    };
    match statement
        .action
        .entries
        .iter()
        .find(|(action, _)| !is_allowed(&action.text))
    {
        Some((action, _)) => malformed(
            "AssumeRole policy may only specify STS AssumeRole actions.".to_owned(),
            format!(
                "`{}` is no action of a trust policy; letter case counts when it is stored",
                action.text
            ),
            if statement.action.not {
                "/NotAction"
            } else {
                "/Action"
            },
            action.span,
        ),
        None => Ok(()),
    }
}

/// The literal rules were recorded for identity policies, code without text.
fn literals(statement: &Statement) -> Result<(), Refusal> {
    for test in &statement.tests {
        for (index, (operand, value)) in
            test.condition.operands.iter().zip(&test.values).enumerate()
        {
            let dotted_ipv6 = test.condition.operator.test == Test::IpAddress
                && value.text.contains(':')
                && value.text.contains('.');
            let refused = match operand {
                Operand::Network(Some(network)) => {
                    dotted_ipv6 || (network.is_ipv6() && network.has_host_bits())
                }
                operand => !operand.is_readable(),
            };
            if refused {
                let summary = format!(
                    "`{}` is no value that {} can compare",
                    value.text, test.operator.text
                );
                return malformed(None, summary, &test.path(Some(index)), value.span);
            }
        }
    }
    Ok(())
}

fn size(policy: &Policy) -> Result<(), Refusal> {
    if !policy.latin1 {
        let summary = "the text holds a character beyond U+00FF, which no policy may; write `?` or `*` in its place";
        return malformed(None, summary, "", policy.span);
    }
    if policy.size <= DEFAULT_QUOTA {
        return Ok(());
    }
    Err(Refusal {
        code: "LimitExceeded",
        message: Some(format!(
            "Cannot exceed quota for ACLSizePerRole: {DEFAULT_QUOTA}"
        )),
        summary: format!(
            "the policy has {} characters without white space, more than the default quota of {DEFAULT_QUOTA}; it can be raised to 8,192",
            policy.size
        ),
        path: String::new(),
        span: policy.span,
    })
}

/// The identity-provider controls: an Allow that trusts a provider which everybody shares must look
/// at who is calling.
fn provider_control(statement: &Statement) -> Result<(), Refusal> {
    if statement.effect != Effect::Allow || !statement.action.covers(ASSUME_ROLE_WITH_WEB_IDENTITY)
    {
        return Ok(());
    }
    let federated = |p: &&Principal| p.kind == PrincipalKind::Federated;
    for principal in statement.principal.entries.iter().filter(federated) {
        if let Some(message) = missing_control(statement, &principal.value.text) {
            let summary = "no test that IAM counts tells the users of this identity provider apart";
            return malformed(message, summary, "/Condition", statement.span);
        }
    }
    Ok(())
}

fn missing_control(statement: &Statement, principal: &str) -> Option<String> {
    let issuer = principal
        .split_once(":oidc-provider/")
        .map_or(principal, |(_, issuer)| issuer);
    // By prefix: `.../enterprise`, `.example.test` and even `other` glued on fall under it (recorded).
    if issuer.starts_with(GITHUB) {
        let keys = [
            format!("{issuer}:sub"),
            format!("{issuer}:job_workflow_ref"),
        ];
        return (!is_controlled(statement, &keys, is_open_for_github)).then(|| {
            format!(
                "Trust policy with trusted principal {principal} must evaluate, using StringEquals, StringLike or \
                 StringEqualsIgnoreCase, {} or {} which is not scoped to all.",
                keys[0], keys[1]
            )
        });
    }
    match issuer {
        "accounts.google.com" => missing_application_id(statement, issuer, &["aud", "oaud", "sub"]),
        "www.amazon.com" | "graph.facebook.com" => {
            missing_application_id(statement, issuer, &["app_id", "sub"])
        }
        "cognito-identity.amazonaws.com" if !statement.has_condition => {
            Some("A condition block must be present for the Cognito provider".to_owned())
        }
        "cognito-identity.amazonaws.com" => missing_shared(statement, issuer, "aud"),
        "gitlab.com" | "app.terraform.io" | "vstoken.actions.githubusercontent.com" => {
            missing_shared(statement, issuer, "sub")
        }
        _ => None,
    }
}

fn missing_shared(statement: &Statement, issuer: &str, claim: &str) -> Option<String> {
    let key = format!("{issuer}:{claim}");
    (!is_controlled(statement, std::slice::from_ref(&key), |value| value == "*")).then(|| {
        format!(
            "Trust policy with trusted principal {issuer} must evaluate, using StringEquals, StringLike or \
             StringEqualsIgnoreCase, {key} which is not scoped to all."
        )
    })
}

/// The built-in providers: StringLike does not count, letter case of the key does, any value will do (recorded).
fn missing_application_id(statement: &Statement, issuer: &str, claims: &[&str]) -> Option<String> {
    let counts = |test: &ConditionTest| {
        let operator = test.condition.operator;
        let equals = matches!(
            operator.test,
            Test::StringEquals | Test::StringEqualsIgnoreCase
        );
        let named = test
            .key
            .text
            .strip_prefix(issuer)
            .and_then(|rest| rest.strip_prefix(':'));
        equals
            && !operator.negated
            && !operator.if_exists
            && named.is_some_and(|claim| claims.contains(&claim))
    };
    (!statement.tests.iter().any(counts)).then(|| {
        format!("Policy trusting {issuer} requires a StringEquals condition on an application id")
    })
}

/// Whether some operator block tests one of the keys, and none of them openly.
fn is_controlled(statement: &Statement, keys: &[String], is_open: fn(&str) -> bool) -> bool {
    let counts = |test: &&ConditionTest| {
        let operator = test.condition.operator;
        let string = matches!(
            operator.test,
            Test::StringEquals | Test::StringLike | Test::StringEqualsIgnoreCase
        );
        let named = keys
            .iter()
            .any(|key| key.eq_ignore_ascii_case(&test.key.text));
        string && !operator.negated && !operator.if_exists && named
    };
    // Only the first value of a list is known to matter: one report has `["repo:o/r", "*"]` accepted.
    let is_scoped = |test: &ConditionTest| {
        test.values
            .first()
            .is_none_or(|first| !is_open(&first.text))
    };
    let blocks: Vec<&ConditionTest> = statement.tests.iter().filter(counts).collect();
    blocks.iter().any(|test| {
        let same_block = blocks
            .iter()
            .filter(|other| other.operator.span == test.operator.span);
        same_block.clone().all(|other| is_scoped(other))
    })
}

fn is_open_for_github(value: &str) -> bool {
    value.starts_with('*') || value.trim().is_empty()
}
