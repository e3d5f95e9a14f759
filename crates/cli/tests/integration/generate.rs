//! `rolecall generate`: what it writes is what `check` and `push` allow.

use crate::support::Folder;

const TARGET: &str = "arn:aws:ecr:eu-west-1:111122223333:repository/octo-repo";
const ROLE: &str = "arn:aws:iam::111122223333:role/octo-repo-push";
const WHAT: &[&str] = &[
    "generate",
    "--repo",
    "octo-org/octo-repo",
    "--owner-id",
    "123456",
    "--repo-id",
    "456789",
    "--repository",
    TARGET,
];

/// `(kind, file with the trust policy, file with the permissions)`
const KINDS: &[(&str, &str, &str)] = &[
    ("terraform", "push.tf", "push.tf"),
    ("cloudformation", "push.yaml", "push.yaml"),
    ("cli", "trust.json", "permissions.json"),
    ("files", "trust.json", "permissions.json"),
];

#[test]
fn what_is_written_works() {
    for (kind, trust, permissions) in KINDS {
        let folder = Folder::new();
        let run = folder.run(
            &[
                WHAT,
                &["--branch", "main", "--as", kind, "--output-dir", "."],
            ]
            .concat(),
        );
        assert_eq!(run.code, 0, "{kind} {}", run.err);
        for (tail, code) in [
            ("ref:refs/heads/main", 0),
            ("ref:refs/heads/next", 1),
            ("pull_request", 1),
        ] {
            for prefix in [
                "repo:octo-org/octo-repo",
                "repo:octo-org@123456/octo-repo@456789",
            ] {
                let sub = format!("sub={prefix}:{tail}");
                let run = folder.run(&[
                    "check",
                    trust,
                    "--role-arn",
                    ROLE,
                    "--claim",
                    &sub,
                    "--claim",
                    "aud=sts.amazonaws.com",
                    "--claim",
                    "repository_id=456789",
                ]);
                assert_eq!(run.code, code, "{kind} {sub} {} {}", run.out, run.err);
            }
        }
        let run = folder.run(&[
            "push",
            permissions,
            "--repository",
            TARGET,
            "--role-arn",
            ROLE,
        ]);
        assert_eq!(run.code, 0, "{kind} {} {}", run.out, run.err);
    }
}

#[test]
fn nothing_is_overwritten() {
    let folder = Folder::new();
    folder.write("trust.json", "mine");
    let run = folder.run(&[WHAT, &["--tag", "v*", "--as", "files", "--output-dir", "."]].concat());
    assert_eq!(run.code, 2);
    assert!(
        run.err.contains("trust.json` exists already"),
        "{}",
        run.err
    );
}

#[test]
fn the_answer_for_programs() {
    let run =
        Folder::new().run(&[WHAT, &["--environment", "production", "--format", "json"]].concat());
    assert_eq!(run.code, 0, "{}", run.err);
    assert_eq!(run.at("/schema"), "rolecall.generate/1");
    assert_eq!(run.at("/role_arn"), ROLE);
    assert_eq!(run.at("/files/0/path"), "push.tf");
    assert_eq!(run.at("/files/1/path"), ".github/workflows/push-image.yml");
    let proved = run.at("/proved");
    let by: Vec<&str> = (proved.as_array().into_iter().flatten())
        .filter_map(|proof| proof["by"].as_str())
        .collect();
    for name in ["store", "check", "who", "lint", "push", "predict"] {
        assert!(by.contains(&name), "{name} {by:?}");
    }
}

#[test]
fn wrong_use_is_told() {
    for (args, message) in [
        (
            &["--branch", "main", "--tag", "v1"][..],
            "cannot be used with",
        ),
        (&[], "required"),
        (&["--branch", "a b"], "can't be the name of a ref"),
        (&["--environment", "${x}"], "means something else"),
    ] {
        let run = Folder::new().run(&[WHAT, args].concat());
        assert_eq!(run.code, 2, "{args:?}");
        assert!(run.err.contains(message), "{}", run.err);
    }
    let run = Folder::new().run(&[
        "generate",
        "--repo",
        "octo-org/octo-repo",
        "--branch",
        "main",
        "--repository",
        TARGET,
    ]);
    assert_eq!(run.code, 2);
    assert!(run.err.contains("gh api repos/OWNER/NAME"), "{}", run.err);
    let long = "x".repeat(2_000);
    let run = Folder::new().run(&[WHAT, &["--branch", &long]].concat());
    assert_eq!(run.code, 1);
    assert!(run.err.contains("IAM would not store"), "{}", run.err);
}
