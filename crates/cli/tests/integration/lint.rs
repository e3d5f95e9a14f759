//! `rolecall lint` and `rolecall matrix`, end to end.

use crate::support::{Folder, policy, subject_is};

const TIGHT: &str = r#"{"StringEquals": {"token.actions.githubusercontent.com:aud": "sts.amazonaws.com",
    "token.actions.githubusercontent.com:sub": ["repo:octo-org/octo-repo:environment:prod", "repo:octo-org@1/octo-repo@2:environment:prod"]}}"#;
const NO_AUDIENCE: &str = r#"{"StringEquals": {"token.actions.githubusercontent.com:sub":
    ["repo:octo-org/octo-repo:environment:prod", "repo:octo-org@1/octo-repo@2:environment:prod"]}}"#;

fn folder() -> Folder {
    let folder = Folder::usual();
    folder.write("tight.json", &policy(TIGHT));
    folder.write("no-audience.json", &policy(NO_AUDIENCE));
    folder.write(
        "dead.json",
        &policy(&subject_is("repo:octo-org/octo-repo:*")),
    );
    folder.write(
        "roles.json",
        &format!(
            r#"{{"Roles": [{{"RoleName": "a", "AssumeRolePolicyDocument": {}}}, {{"RoleName": "b", "AssumeRolePolicyDocument": {}}}]}}"#,
            policy(TIGHT),
            policy(NO_AUDIENCE)
        ),
    );
    folder
}

#[test]
fn the_exit_code_hangs_on_the_worst_finding() {
    let folder = folder();
    for (file, fail_on, code) in [
        ("tight.json", "info", 0),
        ("trust.json", "warning", 0),
        ("trust.json", "info", 1),
        ("no-audience.json", "error", 0),
        ("no-audience.json", "warning", 1),
        ("dead.json", "error", 1),
        ("dead.json", "never", 0),
    ] {
        for format in ["text", "plain", "json", "github", "sarif", "markdown"] {
            let run = folder.run(&["lint", file, "--fail-on", fail_on, "--format", format]);
            assert_eq!(run.code, code, "{file} {fail_on} {format}: {}", run.err);
        }
    }
    assert_eq!(folder.run(&["lint", "dead.json", "--exit-zero"]).code, 0);
    assert_eq!(folder.run(&["lint", "no-audience.json"]).code, 1);
}

#[test]
fn the_report_is_that_of_the_contract() {
    let folder = folder();
    let run = folder.run(&["lint", "dead.json", "roles.json", "--format", "json"]);
    assert_eq!(run.at("/schema"), "rolecall.lint/1");
    assert_eq!(run.at("/policies/0/source"), "dead.json");
    assert_eq!(run.at("/policies/0/path"), "");
    assert_eq!(run.at("/policies/0/storable/accepted"), true);
    assert_eq!(
        run.at("/policies/0/findings/0/rule"),
        "stringequals_with_wildcard"
    );
    assert_eq!(run.at("/policies/0/findings/0/severity"), "error");
    assert_eq!(run.at("/policies/0/findings/0/location/document"), "policy");
    assert_eq!(
        run.at("/policies/1/path"),
        "/Roles/0/AssumeRolePolicyDocument"
    );
    assert_eq!(run.at("/policies/1/findings"), serde_json::json!([]));
    assert_eq!(run.at("/policies/2/findings/0/rule"), "missing_audience");
}

#[test]
fn check_tells_the_same_findings() {
    let folder = folder();
    let lint = folder.run(&["lint", "dead.json", "--format", "json"]);
    let check = folder.run(&["check", "dead.json", "claims.json", "--format", "json"]);
    assert_eq!(check.at("/findings"), lint.at("/policies/0/findings"));
}

#[test]
fn what_cannot_be_read_is_told_with_its_file() {
    let folder = folder();
    folder.write("broken.json", "{\"Version\": \"2012-10-17\"");
    let run = folder.run(&["lint", "tight.json", "broken.json"]);
    assert_eq!(run.code, 2);
    assert!(run.err.contains("broken.json:1:"), "{}", run.err);
    let run = folder.run(&["lint", "broken.json", "--format", "json"]);
    assert_eq!(
        (run.code, run.at("/schema")),
        (2, "rolecall.error/1".into())
    );
    assert_eq!(run.at("/causes/0/id"), "malformed_json");
    let run = folder.run(&["matrix", "broken.json", "--format", "json"]);
    assert_eq!(
        (run.code, run.at("/causes/0/id")),
        (2, "malformed_json".into())
    );
}

#[test]
fn standard_input_and_a_role_by_name() {
    let folder = folder();
    let run = folder.run_with(&["lint", "-"], &policy(TIGHT), &[]);
    assert_eq!(
        (run.code, run.lines()),
        (0, vec!["Nothing found in 1 policy"])
    );
    let run = folder.run(&["lint", "roles.json", "--role", "a"]);
    assert_eq!(
        (run.code, run.lines()),
        (0, vec!["Nothing found in 1 policy"])
    );
    assert_eq!(folder.run(&["lint"]).code, 2);
}

#[test]
fn every_rule_is_explained() {
    let folder = Folder::new();
    for rule in rolecall_core::lint::RULES {
        let run = folder.run(&["explain", rule.id]);
        assert!(run.out.starts_with(rule.id), "{}: {}", rule.id, run.err);
    }
}

#[test]
fn runs_are_judged_against_each_policy() {
    let folder = folder();
    let run = folder.run(&["matrix", "trust.json", "tight.json", "--format", "json"]);
    assert_eq!(
        (run.code, run.at("/schema")),
        (0, "rolecall.matrix/1".into())
    );
    let decisions = |row: usize| -> Vec<(String, String)> {
        let cells = run.at(&format!("/rows/{row}/cells"));
        let text = |cell: &serde_json::Value, name: &str| {
            cell[name].as_str().unwrap_or_default().to_owned()
        };
        cells
            .as_array()
            .into_iter()
            .flatten()
            .map(|cell| (text(cell, "token"), text(cell, "decision")))
            .filter(|(_, decision)| decision == "allow")
            .collect()
    };
    let allowed = |tokens: &[&str]| -> Vec<(String, String)> {
        tokens
            .iter()
            .map(|token| ((*token).to_owned(), "allow".to_owned()))
            .collect()
    };
    assert_eq!(run.at("/rows/0/policy"), "trust.json");
    assert_eq!(
        decisions(0),
        allowed(&["push", "reusable-workflow", "schedule"])
    );
    assert_eq!(
        decisions(1),
        allowed(&["environment", "environment:immutable"])
    );
    assert_eq!(run.at("/rows/0/cells/8/cause"), "wrong_repository");
}

#[test]
fn tokens_and_scenarios_are_chosen() {
    let folder = folder();
    let tokens = |args: &[&str]| -> Vec<String> {
        let run = folder.run(&[&["matrix", "trust.json", "--format", "json"], args].concat());
        let cells = run.at("/rows/0/cells");
        let name = |cell: &serde_json::Value| {
            format!(
                "{} {}",
                cell["token"].as_str().unwrap_or_default(),
                cell["decision"].as_str().unwrap_or_default()
            )
        };
        cells.as_array().into_iter().flatten().map(name).collect()
    };
    assert_eq!(tokens(&["--token", "claims.json"]), ["claims.json allow"]);
    assert_eq!(
        tokens(&["--scenario", "push", "--token", "claims.json"]),
        ["push allow", "push:immutable deny", "claims.json allow"]
    );
    assert_eq!(
        tokens(&[
            "--scenario",
            "push",
            "--repo",
            "octo-org/octo-repo",
            "--branch",
            "dev"
        ]),
        ["push deny", "push:immutable deny"]
    );
    let run = folder.run(&["matrix", "trust.json", "--scenario", "no-such-run"]);
    assert_eq!(run.code, 2);
    assert!(run.err.contains("expected one of push,"), "{}", run.err);
    let run = folder.run(&["matrix", "trust.json", "--repo", "octo-org"]);
    assert!(run.err.contains("expected OWNER/NAME"), "{}", run.err);
}

#[test]
fn a_table_has_shapes_and_fits() {
    let folder = folder();
    let run = folder.run_with(
        &[
            "matrix",
            "trust.json",
            "tight.json",
            "dead.json",
            "no-audience.json",
        ],
        "",
        &[("COLUMNS", "60")],
    );
    assert!(run.out.contains("✓ allow") && run.out.contains("✗ deny"));
    assert!(
        run.lines().iter().all(|line| line.chars().count() <= 60),
        "{}",
        run.out
    );
    assert!(
        run.out.contains("[4] no-audience.json: allows 2 of 20"),
        "{}",
        run.out
    );
}
