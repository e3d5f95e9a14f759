//! The shared corpus, where it lies beside the repository (or in `ROLECALL_CORPUS`): recorded answers of
//! AWS, real failures, an operator oracle, genuine tokens. Prints how many of each file agree. A case
//! that does not agree must stand in [`EXPLAINED`], with the reason.

#![expect(clippy::print_stdout, reason = "the counts are the point")]

use std::collections::BTreeMap;
use std::path::PathBuf;

use rolecall_core::analyze::mintable;
use rolecall_core::case::{Case, ProviderGiven};
use rolecall_core::check::{check_without_findings as check, write_check};
use rolecall_core::report::{CauseId, CheckReport, Decision};
use rolecall_core::sts::GITHUB_ISSUER;
use rolecall_core::token::Token;
use serde_json::{Map, Value, json};

/// Cases that we answer otherwise, and why. The references' own pages decide.
const EXPLAINED: &[(&str, &str)] = &[
    (
        "097",
        "labelled branch_sub, but the policy names an environment and the token a ref: the contract calls that environment_sub, as does case 084",
    ),
    (
        "039",
        "labelled missing_provider, but the provider has the host of 2021: the contract lists the old host under typo_in_provider",
    ),
    (
        "condition_values/NumericNotEquals=[\"1\"]/aws:RequestTag/value=[\"no-number\"]/sim",
        "the one answer in which AWS's simulator differs from AWS itself; the real call stands in the same file, and agrees",
    ),
    (
        "trust/baseline-0",
        "a role seconds old: IAM had not spread the policy yet, which can't be seen from the inputs",
    ),
    ("trust/baseline-1", "a role seconds old, as above"),
];

fn corpus() -> Option<PathBuf> {
    let beside = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../shared/corpus");
    let folder = std::env::var_os("ROLECALL_CORPUS").map_or(beside, PathBuf::from);
    folder.is_dir().then_some(folder)
}

/// The objects of a JSON Lines file.
fn rows(name: &str) -> Option<Vec<Value>> {
    let text = std::fs::read_to_string(corpus()?.join(name)).ok()?;
    text.lines()
        .map(|line| serde_json::from_str(line).ok())
        .collect()
}

fn text<'v>(row: &'v Value, name: &str) -> &'v str {
    row.get(name).and_then(Value::as_str).unwrap_or_default()
}

/// Runs a file and prints the count; `judge` gives what differs, or nothing where the row can't be put to us.
fn run(name: &str, judge: impl Fn(&Value) -> Option<Vec<String>>) {
    let Some(rows) = rows(name) else {
        println!("{name}: not here, skipped");
        return;
    };
    let (mut agree, mut asked) = (0, 0);
    let mut unexplained = Vec::new();
    for row in &rows {
        let Some(differences) = judge(row) else {
            continue;
        };
        asked += 1;
        let id = text(row, "id");
        let explained = EXPLAINED.iter().find(|(known, _)| *known == id);
        match (differences.is_empty(), explained) {
            (true, _) => agree += 1,
            (false, Some((_, why))) => println!("{name}: {id} differs: {why}"),
            (false, None) => unexplained.push(format!("{id}: {}", differences.join("; "))),
        }
    }
    println!(
        "{name}: {agree} of {asked} agree, {} not put to us",
        rows.len() - asked
    );
    assert!(
        unexplained.is_empty(),
        "{name}: unexplained:\n{}",
        unexplained.join("\n")
    );
}

fn case(value: &Value) -> Case {
    Case::from_json(&value.to_string()).unwrap_or_default()
}

fn differ(name: &str, expected: &Value, found: impl Into<Value>) -> Option<String> {
    let found = found.into();
    (*expected != found).then(|| format!("{name}: expected {expected}, found {found}"))
}

#[test]
fn operators() {
    run("operators.jsonl", |row| {
        let mut input = row.clone();
        input
            .as_object_mut()?
            .insert("raw_context".to_owned(), true.into());
        let found = check(&case(&input)).map_or("error", |report| report.decision.as_str());
        Some(
            differ("decision", row.get("expected")?, found)
                .into_iter()
                .collect(),
        )
    });
}

/// One condition block each, tried in an Allow and in a Deny beside an Allow.
#[test]
fn conditions() {
    run("aws/conditions.jsonl", |row| {
        let effect = text(row, "effect");
        let matched = row.get("matched")?.as_bool()?;
        let effects = ["Allow", "Deny"]
            .into_iter()
            .filter(|e| effect == "both" || effect == *e);
        let answers = effects.map(|effect| (effect, condition_matches(row, effect)));
        Some(
            answers
                .filter(|(_, found)| *found != Some(matched))
                .map(|(effect, found)| format!("{effect}: {found:?}"))
                .collect(),
        )
    });
}

fn condition_matches(row: &Value, effect: &str) -> Option<bool> {
    let (operator, key) = (text(row, "operator"), text(row, "context_key"));
    let caller = json!({"Federated": "arn:aws:iam::000000000000:oidc-provider/probe.example.com"});
    let statement = |effect: &str, condition: Value| json!({"Effect": effect, "Principal": caller, "Action": "sts:AssumeRoleWithWebIdentity", "Condition": condition});
    let tested = statement(effect, json!({operator: {key: row.get("policy_values")?}}));
    let others = if effect == "Deny" {
        vec![statement("Allow", json!({}))]
    } else {
        Vec::new()
    };
    let mut context = Map::new();
    for (key, values) in row
        .get("other_context")
        .and_then(Value::as_object)
        .into_iter()
        .flatten()
    {
        context.insert(
            key.clone(),
            if key == "aws:TagKeys" {
                values.clone()
            } else {
                values.get(0)?.clone()
            },
        );
    }
    let values = row.get("context_values")?;
    match text(row, "context_type") {
        "single" => drop(context.insert(key.to_owned(), values.get(0)?.clone())),
        "multi" => drop(context.insert(key.to_owned(), values.clone())),
        _ => {}
    }
    let statements: Vec<Value> = std::iter::once(tested).chain(others).collect();
    let report = check(&case(&json!({
        "policy": {"Version": row.get("version")?, "Statement": statements},
        "raw_context": true,
        "context": context,
        "request": {"principal": caller, "action": "sts:AssumeRoleWithWebIdentity"},
    })))
    .ok()?;
    Some((report.decision == Decision::Allow) == (effect == "Allow"))
}

#[test]
fn trust_writes() {
    run("aws/trust_writes.jsonl", |row| {
        let found = write_check(&row.get("policy")?.to_string());
        let differences = [
            differ("accepted", row.get("accepted")?, found.accepted),
            differ("code", row.get("error_code")?, found.code),
            differ("message", row.get("error_message")?, found.message),
        ];
        Some(differences.into_iter().flatten().collect())
    });
}

/// Only trust policies: the other rows are of identity policies, which have no Principal.
#[test]
fn malformed() {
    run("aws/malformed.jsonl", |row| {
        let policy = text(row, "policy_text");
        if !policy.contains("Principal") {
            return None;
        }
        let found = write_check(policy);
        let differences = [
            differ("accepted", row.get("accepted")?, found.accepted),
            differ("message", row.get("error_message")?, found.message),
        ];
        Some(differences.into_iter().flatten().collect())
    });
}

/// Calls with a `ProviderId` are not modelled, and neither are rows about the key set, whose keys are described in words.
#[test]
fn sts_calls() {
    run("aws/sts_calls.jsonl", |row| {
        let request = row.get("request")?;
        let about_keys = text(row, "id").starts_with("keys/")
            || text(row, "error_message").starts_with("Couldn't retrieve");
        if about_keys || request.get("ProviderId").is_some() {
            return None;
        }
        let provider = row.get("provider")?;
        let report = check(&case(&json!({
            "policy": row.get("policy")?,
            "claims": row.get("claims")?,
            "header": row.get("header")?,
            "now": row.get("now")?,
            "provider": {"url": provider.get("url")?, "audiences": provider.get("client_ids")?},
            "role_arn": request.get("RoleArn")?,
            "session_name": request.get("RoleSessionName")?,
            "duration": request.get("DurationSeconds"),
            "max_session_duration": row.get("role_max_session_duration")?,
        })));
        Some(sts_differences(row, &report.ok()?))
    });
}

fn sts_differences(row: &Value, report: &CheckReport) -> Vec<String> {
    let decision = if text(row, "outcome") == "ok" {
        Decision::Allow
    } else {
        Decision::Deny
    };
    let error = report.error.as_ref();
    let null = Value::Null;
    let expected = |name| row.get(name).unwrap_or(&null);
    let mut differences = vec![
        differ(
            "decision",
            &decision.as_str().into(),
            report.decision.as_str(),
        ),
        differ("code", expected("error_code"), error.map(|e| e.code)),
        differ(
            "message",
            expected("error_message"),
            error.map(|e| e.message.clone()),
        ),
    ];
    if let (Some(response), Some(session)) = (row.get("response"), &report.session) {
        differences.push(differ(
            "subject",
            &response["SubjectFromWebIdentityToken"],
            session.subject.clone(),
        ));
        differences.push(differ(
            "audience",
            &response["Audience"],
            session.audience.clone(),
        ));
        differences.push(differ(
            "provider",
            &response["Provider"],
            session.provider.clone(),
        ));
    }
    differences.into_iter().flatten().collect()
}

/// Real failures: the decision of today, and the root cause as the first cause.
#[test]
fn failures() {
    run("failures.jsonl", |row| {
        let root_cause = text(row, "root_cause");
        let policy = row
            .get("policy")
            .filter(|policy| !policy.is_null())
            .or_else(|| row.get("policy_text"))?;
        // Rows without a token are the workflow's affair; transient failures and those of the past can't be seen.
        if row.get("claims")?.is_null() || matches!(root_cause, "idp_communication" | "thumbprint")
        {
            return None;
        }
        let expected = row.get("expected_now").or_else(|| row.get("expected"))?;
        let answer = check(&case(&json!({
            "policy": policy,
            "claims": row.get("claims")?,
            "provider": row.get("provider")?,
            "now": row.get("evaluate_at"),
        })));
        let (decision, cause) = match &answer {
            Ok(report) => (
                report.decision.as_str(),
                report.causes.first().map(|cause| cause.id),
            ),
            Err(error) => ("error", error.causes.first().map(|cause| cause.id)),
        };
        let refused = expected == "deny" || expected == "error";
        let decided = if refused {
            decision != "allow" && decision != "undecided"
        } else {
            decision == "allow"
        };
        let same_cause = !refused || cause == CauseId::parse(root_cause);
        Some(if decided && same_cause {
            Vec::new()
        } else {
            vec![format!(
                "expected {expected} {root_cause}, found {decision} {:?}",
                cause.map(CauseId::as_str)
            )]
        })
    });
}

/// Every genuine token verifies, and none does with one character changed anywhere.
#[test]
fn genuine_tokens() {
    let Some(folder) = corpus() else {
        println!("tokens: not here, skipped");
        return;
    };
    let files = std::fs::read_dir(folder.join("tokens"))
        .into_iter()
        .flatten()
        .flatten();
    let mut verified = 0;
    for file in files
        .map(|file| file.path())
        .filter(|path| path.extension().is_some_and(|e| e == "jwt"))
    {
        let token = std::fs::read_to_string(&file)
            .unwrap_or_default()
            .trim()
            .to_owned();
        assert_eq!(
            signature_of(&token).as_deref(),
            Some("pass"),
            "{}",
            file.display()
        );
        for at in (0..token.len())
            .step_by(97)
            .filter(|at| token.as_bytes().get(*at) != Some(&b'.'))
        {
            let mut changed = token.clone().into_bytes();
            if let Some(byte) = changed.get_mut(at) {
                *byte = if *byte == b'A' { b'B' } else { b'A' };
            }
            let changed = String::from_utf8(changed).unwrap_or_default();
            assert_ne!(
                signature_of(&changed).as_deref(),
                Some("pass"),
                "{} changed at {at}",
                file.display()
            );
        }
        verified += 1;
    }
    println!("tokens: {verified} genuine tokens verified, each refused with a character changed");
    assert_eq!(verified, 4);
}

const OPEN_POLICY: &str = r#"{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "sts:AssumeRoleWithWebIdentity",
    "Principal": {"Federated": "arn:aws:iam::111122223333:oidc-provider/token.actions.githubusercontent.com"}}]}"#;

/// The outcome of the signature check.
fn signature_of(token: &str) -> Option<String> {
    let audience = Token::from_text(token)
        .ok()?
        .text("aud")
        .unwrap_or_default();
    let report = check(&Case {
        policy: Some(OPEN_POLICY.to_owned()),
        provider: ProviderGiven::Given {
            url: GITHUB_ISSUER.to_owned(),
            audiences: Some(vec![audience]),
        },
        token: Some(token.to_owned()),
        at_issue: true,
        ..Case::default()
    })
    .ok()?;
    let json = serde_json::to_value(&report.checks).ok()?;
    let step = json
        .as_array()?
        .iter()
        .find(|check| check["id"] == "signature")?
        .clone();
    Some(step.get("outcome")?.as_str()?.to_owned())
}

/// Every claim set of the corpus is read, and every published policy answered.
#[test]
fn claims_and_policies_are_read() {
    let Some(folder) = corpus() else { return };
    let read = |name: &str| -> BTreeMap<String, String> {
        let files = std::fs::read_dir(folder.join(name))
            .into_iter()
            .flatten()
            .flatten()
            .map(|file| file.path());
        let json = files.filter(|path| path.extension().is_some_and(|e| e == "json"));
        json.map(|path| {
            (
                path.display().to_string(),
                std::fs::read_to_string(&path).unwrap_or_default(),
            )
        })
        .collect()
    };
    let claims = read("claims");
    for (name, text) in &claims {
        assert!(
            Token::from_text(text).is_ok_and(|token| token.text("sub").is_some()),
            "{name}"
        );
    }
    let mut answered = 0;
    let policies = read("policies");
    for policy in policies.values() {
        let case = Case {
            policy: Some(policy.clone()),
            claims: claims
                .values()
                .next()
                .and_then(|text| Token::from_text(text).ok())
                .map(|token| token.claims.into_owned()),
            ..Case::default()
        };
        answered += usize::from(check(&case).is_ok());
    }
    println!(
        "claims: {} read; policies: {answered} of {} are bare trust policies",
        claims.len(),
        policies.len()
    );
}

/// What publishers changed in their tokens, or what no token has today, and what stood there before.
const CHANGED: &[(&str, &str, &str)] = &[
    // Names and ids that were made up apart.
    ("athenz-internal-2024", "repository_owner", "AthenZ"),
    ("athenz-internal-2024", "actor", "octocat"),
    ("athenz-internal-2024", "actor_id", "1"),
    ("athenz-internal-2024", "run_id", "1"),
    ("env-kvstore-enterprise-issuer-2026", "actor_id", "1"),
    // Until 2022 the issuer ended with a slash.
    ("aks-construction-trailing-slash-2022", "iss", GITHUB_ISSUER),
    ("woodruffw-pr-environment-2022", "iss", GITHUB_ISSUER),
    // `refs/pull/xxx/merge`.
    (
        "robgott-template-pr",
        "sub",
        "repo:org_name/repo_name:pull_request:workflow:workflow_name:job_workflow_ref:org_name/repo_name/.github/workflows/workflow.yaml@refs/pull/1/merge:repository_visibility:private",
    ),
    // Placeholders of the documentation.
    ("docs-environment", "sha", COMMIT),
    ("docs-environment", "run_id", "1"),
    ("docs-reusable-workflow", "sha", COMMIT),
    ("docs-reusable-workflow", "run_id", "1"),
];

const COMMIT: &str = "0123456789abcdef0123456789abcdef01234567";

/// GitHub issued every token of the corpus, so each is one that it can issue.
#[test]
fn real_claims_are_mintable() {
    let Some(folder) = corpus() else { return };
    let (mut whole, mut partial) = (0, 0);
    for file in std::fs::read_dir(folder.join("claims"))
        .into_iter()
        .flatten()
        .flatten()
    {
        let path = file.path();
        let name = path
            .file_stem()
            .unwrap_or_default()
            .to_string_lossy()
            .into_owned();
        let text = std::fs::read_to_string(&path).unwrap_or_default();
        let Ok(Value::Object(mut set)) = serde_json::from_str(&text) else {
            continue;
        };
        let Some(Value::Object(mut claims)) = set.remove("claims") else {
            continue;
        };
        for (_, claim, before) in CHANGED.iter().filter(|(changed, ..)| *changed == name) {
            claims.insert((*claim).to_owned(), (*before).into());
        }
        assert_eq!(mintable::check_partial(&claims), Ok(()), "{name}");
        partial += 1;
        if claims.contains_key("workflow_ref") && claims.contains_key("job_workflow_ref") {
            assert_eq!(mintable::check(&claims), Ok(()), "{name}");
            whole += 1;
        }
    }
    println!("claims: {partial} sets are mintable, {whole} of them whole");
    assert!(partial >= 40 && whole >= 9, "{partial} {whole}");
}
