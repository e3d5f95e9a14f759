//! Core as Wasm, inside a browser: the same answers as natively. `cargo xtask test wasm` runs it.

use rolecall_core::case::{Case, ProviderGiven};
use rolecall_core::check::check;
use rolecall_core::report::{CheckId, CheckOutcome};
use rolecall_core::token::Token;
use rolecall_tests::{FILES, disagreements};
use rolecall_wasm_tests::GENUINE;
use serde_json::Value;
use wasm_bindgen_test::{console_log, wasm_bindgen_test, wasm_bindgen_test_configure};

wasm_bindgen_test_configure!(run_in_browser);

/// A policy that can be read; what it says plays no part here.
const POLICY: &str = r#"{"Statement": {"Effect": "Allow", "Principal": "*", "Action": "sts:AssumeRoleWithWebIdentity"}}"#;

/// Tokens signed with keys of the project's own, and what they were signed with.
const VECTORS: &str = include_str!("../../crates/core/src/jwks/testdata.json");
const OWN: [(&str, &str); 4] = [
    ("RS256", "rsa"),
    ("RS512", "rsa"),
    ("ES256", "p256"),
    ("ES384", "p384"),
];

#[wasm_bindgen_test]
fn every_case_is_answered_as_expected() {
    let mut failures = Vec::new();
    for (name, text) in FILES {
        let (found, count) = disagreements(name, text);
        console_log!("{count}");
        failures.extend(found);
    }
    assert!(
        failures.is_empty(),
        "{} cases differ:\n{}",
        failures.len(),
        failures.join("\n")
    );
}

#[wasm_bindgen_test]
fn own_tokens_verify_and_changed_ones_do_not() {
    let vectors: Value = serde_json::from_str(VECTORS).unwrap_or_default();
    for (algorithm, key) in OWN {
        let token = vectors
            .pointer(&format!("/tokens/{algorithm}"))
            .and_then(Value::as_str);
        let mut jwk = vectors
            .pointer(&format!("/keys/{key}"))
            .cloned()
            .unwrap_or_default();
        if let Some(jwk) = jwk.as_object_mut() {
            jwk.insert("kid".to_owned(), "k".into());
        }
        assert_genuine(
            algorithm,
            token.unwrap_or_default(),
            Some(format!(r#"{{"keys": [{jwk}]}}"#)),
        );
    }
}

#[wasm_bindgen_test]
fn genuine_tokens_verify_with_githubs_keys_and_changed_ones_do_not() {
    for (name, token) in GENUINE {
        assert_genuine(name, token.trim(), None);
    }
    console_log!("{} genuine tokens", GENUINE.len());
    assert!(
        matches!(GENUINE.len(), 0 | 4),
        "the corpus has four, or is not here"
    );
}

/// The token verifies, and does not with a byte changed in any of its parts.
fn assert_genuine(name: &str, token: &str, jwks: Option<String>) {
    let mut case = Case {
        policy: Some(POLICY.to_owned()),
        provider: provider(token),
        at_issue: true,
        jwks,
        ..Case::default()
    };
    let mut outcome = |token: String| {
        case.token = Some(token);
        signature(&case)
    };
    assert_eq!(
        outcome(token.to_owned()),
        Some(CheckOutcome::Pass),
        "{name}"
    );
    let mut start = 0;
    for part in token.split('.') {
        let changed = changed(token, start + part.len() / 2);
        assert_ne!(
            outcome(changed),
            Some(CheckOutcome::Pass),
            "{name} changed in the part at {start}"
        );
        start += part.len() + 1;
    }
}

/// The provider that the token is for: STS looks at the signature last.
fn provider(token: &str) -> ProviderGiven {
    let claim = |name| Token::from_text(token).ok()?.text(name);
    ProviderGiven::Given {
        url: claim("iss").unwrap_or_default(),
        audiences: claim("aud").map(|audience| vec![audience]),
    }
}

fn changed(token: &str, at: usize) -> String {
    let other = |c: char| if c == 'A' { 'B' } else { 'A' };
    let each = token.chars().enumerate();
    each.map(|(index, c)| if index == at { other(c) } else { c })
        .collect()
}

fn signature(case: &Case) -> Option<CheckOutcome> {
    let report = check(case).ok()?;
    let step = report
        .checks
        .iter()
        .find(|step| step.id == CheckId::Signature)?;
    Some(step.outcome)
}
