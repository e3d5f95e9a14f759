//! The key is not in the request: misspelt, of another issuer, never offered, or lacking in this token.

use super::fault::Fault;
use super::{Scene, placeholder};
use crate::distance::nearest;
use crate::policy::ConditionTest;
use crate::report::CauseId;
use crate::token::catalogue::{Presence, issuer, nearly, presence_in_any_case};

/// Why an absent key keeps a test from being met.
pub(super) fn absent<'a>(scene: &Scene<'a>, test: &'a ConditionTest, path: &str) -> Fault<'a> {
    let (prefix, suffix) = test
        .key
        .text
        .rsplit_once(':')
        .unwrap_or(("", &test.key.text));
    let (id, cost, summary, help) =
        if let Some(left) = placeholder::find(&test.key.text, scene.key_prefix) {
            let summary = format!("`{left}` looks like a placeholder that was not replaced");
            let help = format!("keys of this issuer begin with `{}:`", scene.key_prefix);
            (CauseId::PlaceholderLeft, 6, summary, help)
        } else if prefix.eq_ignore_ascii_case(scene.key_prefix) {
            own(scene, suffix)
        } else {
            foreign(scene, prefix, suffix)
        };
    let summary = format!(
        "{summary}, so that {} on `{}` is not met",
        test.operator.text, test.key.text
    );
    let mut fault = Fault::new(
        id,
        cost,
        summary,
        help,
        format!("{path}{}", test.path(None)),
        test.key.span,
    );
    fault.claim = Some(suffix.to_owned());
    fault.expected = Some(
        test.values
            .iter()
            .map(|v| v.text.as_str())
            .collect::<Vec<_>>()
            .join(", "),
    );
    fault
}

type Reason = (CauseId, u32, String, String);

/// A key of the token's own issuer.
fn own(scene: &Scene<'_>, suffix: &str) -> Reason {
    let offered = || scene.keys.suffixes().collect::<Vec<_>>();
    if scene.keys.claims_behind(suffix).is_some() {
        let help = match suffix.to_ascii_lowercase().as_str() {
            "environment" => "give the job an `environment:`, mind that its subject changes then; or drop this test".to_owned(),
            _ if matches!(
                presence_in_any_case(suffix),
                Some(Presence::Always | Presence::EmptyUnlessPullRequest)
            ) =>
            {
                "github.com sends it: where the claims are not all, say so (--partial, on the page under Account and request); else drop this test".to_owned()
            }
            _ => "drop this test, or test a claim that the token has".to_owned(),
        };
        return (
            CauseId::MissingContextKey,
            4,
            format!("the token has no `{suffix}`"),
            help,
        );
    }
    if presence_in_any_case(suffix).is_some() {
        let instead = match suffix.to_ascii_lowercase().as_str() {
            "repository_owner" => "test repository_owner_id, or the owner in sub",
            "iss" => "drop it: the identity provider already stands for the issuer",
            "workflow_ref" => "test job_workflow_ref, or put workflow_ref into a customised sub",
            _ => "put the claim into a customised sub and test that, or test another key",
        };
        let summary = format!(
            "AWS never offers `{suffix}` as a condition key, although the token may carry the claim"
        );
        return (
            CauseId::UnsupportedConditionKey,
            3,
            summary,
            format!("{instead}; AWS offers {}", offered().join(", ")),
        );
    }
    let help = match nearest(suffix, &offered()) {
        Some(name) => format!("did you mean `{}:{name}`?", scene.key_prefix),
        None => format!("AWS offers {}", offered().join(", ")),
    };
    (
        CauseId::TypoInKey,
        3,
        format!("there is no key `{suffix}`"),
        help,
    )
}

/// A key that begins with something else than the token's issuer.
fn foreign(scene: &Scene<'_>, prefix: &str, suffix: &str) -> Reason {
    let right = format!("{}:{suffix}", scene.key_prefix);
    if is_enterprise_pair(prefix, scene.key_prefix) {
        let summary = format!(
            "the key begins with `{prefix}`, the token's issuer is `{}`",
            scene.key_prefix
        );
        let help = format!("write `{right}`, and the same issuer in the principal's ARN");
        return (CauseId::EnterpriseIssuerConditionKey, 2, summary, help);
    }
    if crate::sts::may_be_set(&format!("{prefix}:{suffix}")) {
        let summary = format!("the request has no `{prefix}:{suffix}`, as was told");
        let help =
            "tell the value that the request has, or nothing, which leaves it open".to_owned();
        return (CauseId::MissingContextKey, 4, summary, help);
    }
    if matches!(prefix, "aws" | "sts" | "iam") {
        let summary =
            format!("AWS sets no `{prefix}:{suffix}` when a web identity asks for a role");
        let help =
            "test the token's own claims instead; what is known of the caller is in sub".to_owned();
        return (CauseId::UnsupportedConditionKey, 4, summary, help);
    }
    let near = prefix.is_empty() || nearly(prefix, scene.key_prefix).is_some();
    let cost = if near { 2 } else { 12 };
    let summary = format!(
        "there is no key that begins with `{prefix}`: the issuer is `{}`",
        scene.key_prefix
    );
    (
        CauseId::TypoInKey,
        cost,
        summary,
        format!("did you mean `{right}`?"),
    )
}

/// Whether two issuers are the same but for an enterprise's slug.
pub(crate) fn is_enterprise_pair(a: &str, b: &str) -> bool {
    let without_slug = |text: &str| {
        let found = issuer(text);
        let base = found
            .slug
            .and_then(|slug| text.strip_suffix(slug))
            .map_or(text, |base| base.trim_end_matches('/'));
        (found.kind.is_github(), base.to_ascii_lowercase())
    };
    let ((first, a_base), (second, b_base)) = (without_slug(a), without_slug(b));
    first && second && a_base == b_base && !a.eq_ignore_ascii_case(b)
}
