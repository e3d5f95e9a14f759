//! `rolecall who` and `rolecall diff`, end to end.

use serde_json::Value;

use crate::support::{Folder, policy};

const KEY: &str = "token.actions.githubusercontent.com";

fn folder() -> Folder {
    let folder = Folder::new();
    let condition = |operator: &str, key: &str, value: &str| {
        policy(&format!(
            r#"{{"{operator}": {{"{KEY}:{key}": "{value}"}}}}"#
        ))
    };
    folder.write(
        "repo.json",
        &condition("StringLike", "sub", "repo:octo-org/octo-repo:*"),
    );
    folder.write(
        "main.json",
        &condition(
            "StringEquals",
            "sub",
            "repo:octo-org/octo-repo:ref:refs/heads/main",
        ),
    );
    folder.write("open.json", &condition("StringLike", "sub", "repo:octo*"));
    folder.write("lure.json", &condition("StringEquals", "actor", "mona"));
    folder.write(
        "borrow.json",
        &condition(
            "StringEquals",
            "job_workflow_ref",
            "octo-org/w/.github/workflows/x.yml@refs/heads/main",
        ),
    );
    folder.write(
        "depends.json",
        &condition("StringLike", "sub", "repo:octo-org?app:*"),
    );
    folder.write(
        "left.json",
        &condition("StringLike", "sub", "repo:<ORG>/app:*"),
    );
    folder.write(
        "more.json",
        &policy(&format!(
            r#"{{"StringLike": {{"{KEY}:sub": "repo:octo-org/*", "{KEY}:environment": ["prod", "it's"]}},
                "IpAddress": {{"aws:SourceIp": "203.0.113.0/24"}}, "StringEquals": {{"{KEY}:aud": "octo"}},
                "Null": {{"{KEY}:enterprise_id": "true"}}}}"#
        )),
    );
    folder.write("broken.json", r#"{"Statement": [}"#);
    folder
}

fn json(folder: &Folder, args: &[&str]) -> Value {
    serde_json::from_str(&folder.run(args).out).expect("a report")
}

#[test]
fn the_exit_code_tells_whether_outsiders_get_in() {
    let folder = folder();
    for (file, code, verdict, scope) in [
        ("repo.json", 0, "closed", "repository"),
        ("open.json", 1, "open", "anyone"),
        ("borrow.json", 1, "borrow", "anyone"),
        ("lure.json", 1, "lure", "anyone"),
        ("depends.json", 3, "depends", "repository"),
        ("left.json", 3, "not-decided", "not-decided"),
    ] {
        let run = folder.run(&["who", file, "--format", "json"]);
        let report: Value = serde_json::from_str(&run.out).unwrap();
        assert_eq!(report["schema"], "rolecall.who/1");
        let only = &report["policies"][0];
        assert_eq!(
            (&only["outsider"]["verdict"], &only["scope"]),
            (&verdict.into(), &scope.into()),
            "{file}"
        );
        assert_eq!(run.code, code, "{file}");
        assert_eq!(folder.run(&["who", file, "--exit-zero"]).code, 0);
    }
    assert_eq!(
        folder.run(&["who", "repo.json", "--owner", "hubot"]).code,
        1,
        "octo-org is a stranger then"
    );
    assert_eq!(
        folder
            .run(&["who", "depends.json", "--owner", "octo-org"])
            .code,
        0
    );
}

/// Each witness is allowed, as a file and by the options that are told.
#[test]
fn witnesses_run() {
    let folder = folder();
    for file in [
        "repo.json",
        "main.json",
        "open.json",
        "borrow.json",
        "lure.json",
        "depends.json",
        "more.json",
    ] {
        let report = json(&folder, &["who", file, "--format", "json"]);
        let sets = report["policies"][0]["sets"].as_array().unwrap();
        assert!(!sets.is_empty(), "{file}");
        for set in sets {
            let options = set["options"]
                .as_array()
                .unwrap()
                .iter()
                .map(|option| option.as_str().unwrap());
            let args: Vec<&str> = ["check", file].into_iter().chain(options).collect();
            assert_eq!(folder.run(&args).code, 0, "{args:?}");
            if set.get("context").is_none() {
                folder.write("witness.json", &set["witness"].to_string());
                assert_eq!(
                    folder.run(&["check", file, "witness.json"]).code,
                    0,
                    "{}",
                    set["witness"]["sub"]
                );
            }
        }
    }
}

#[test]
fn relations_and_their_exit_codes() {
    let folder = folder();
    for (old, new, code, relation) in [
        ("repo.json", "repo.json", 0, "equal"),
        ("repo.json", "main.json", 0, "stricter"),
        ("main.json", "repo.json", 1, "looser"),
        ("main.json", "borrow.json", 1, "incomparable"),
    ] {
        let run = folder.run(&["diff", old, new, "--format", "json"]);
        let report: Value = serde_json::from_str(&run.out).unwrap();
        assert_eq!(
            (run.code, &report["relation"]),
            (code, &relation.into()),
            "{old} {new}"
        );
        assert_eq!(report["schema"], "rolecall.diff/1");
        for (member, allowing, denying) in [
            ("newly_admitted", new, old),
            ("no_longer_admitted", old, new),
        ] {
            if report[member].is_object() {
                folder.write("witness.json", &report[member].to_string());
                assert_eq!(folder.run(&["check", allowing, "witness.json"]).code, 0);
                assert_eq!(folder.run(&["check", denying, "witness.json"]).code, 1);
            }
        }
    }
    assert_eq!(
        folder
            .run(&["diff", "repo.json", "main.json", "--fail-on", "changed"])
            .code,
        1
    );
    assert_eq!(
        folder
            .run(&["diff", "main.json", "repo.json", "--fail-on", "never"])
            .code,
        0
    );
}

#[test]
fn bad_input_is_told_with_its_place() {
    let folder = folder();
    for args in [
        &["who", "broken.json"][..],
        &["diff", "repo.json", "broken.json"],
        &["diff", "broken.json", "repo.json"],
    ] {
        let run = folder.run(args);
        assert_eq!((run.code, run.out.as_str()), (2, ""), "{args:?}");
        assert!(run.err.contains("broken.json:1:16"), "{}", run.err);
    }
    assert_eq!(folder.run(&["diff", "-", "-"]).code, 2);
}
