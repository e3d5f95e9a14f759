//! `rolecall predict` as people and programs meet it.

use crate::support::Folder;

const DEPLOY: &str = "\
on:
  push:
    branches: [main]
  pull_request:
jobs:
  deploy:
    runs-on: ubuntu-latest
    permissions: {id-token: write, contents: read}
    steps:
      - uses: aws-actions/configure-aws-credentials@v6
        with: {role-to-assume: 'arn:aws:iam::111122223333:role/deploy', aws-region: eu-west-1}
  call:
    uses: ./.github/workflows/build.yml
";
const BUILD: &str = "\
on: workflow_call
jobs:
  image:
    runs-on: ubuntu-latest
    permissions: {id-token: write}
    steps: [{uses: ./.github/actions/login}]
";
const LOGIN: &str = "\
runs:
  using: composite
  steps:
    - uses: aws-actions/configure-aws-credentials@v6
      with: {role-to-assume: 'arn:aws:iam::111122223333:role/push', aws-region: eu-west-1}
";
/// What `gh api repos/octo-org/octo-repo/actions/oidc/customization/sub` prints.
const SUB: &str = r#"{"use_default": true, "use_immutable_subject": false, "sub_claim_prefix": "repo:octo-org@123456/octo-repo@456789"}"#;

fn repository() -> Folder {
    let folder = Folder::new();
    folder.write(".github/workflows/deploy.yml", DEPLOY);
    folder.write(".github/workflows/build.yml", BUILD);
    folder.write(".github/actions/login/action.yml", LOGIN);
    folder.write("sub.json", SUB);
    folder
}

#[test]
fn called_files_are_found_where_they_are() {
    let folder = repository();
    let args = [
        "predict",
        ".github/workflows",
        "--settings",
        "sub.json",
        "--repo",
        "octo-org/octo-repo",
        "--event",
        "push",
        "--format",
        "json",
    ];
    let run = folder.run(&args);
    assert_eq!((run.code, run.err.as_str()), (0, ""));
    assert_eq!(run.at("/schema"), "rolecall.predict/1");
    assert_eq!(run.at("/jobs/0/job"), "deploy");
    assert_eq!(
        run.at("/jobs/0/tokens/0/claims/sub"),
        "repo:octo-org@123456/octo-repo@456789:ref:refs/heads/main"
    );
    assert_eq!(run.at("/jobs/0/no_token"), serde_json::Value::Null);
    assert_eq!(run.at("/jobs/1/job"), "call / image");
    assert_eq!(
        run.at("/jobs/1/no_token/id"),
        "reusable_workflow_permission"
    );
    assert_eq!(run.at("/jobs/1/no_token/location/document"), "workflow");
    assert_eq!(
        run.at("/jobs/1/roles/0/role"),
        "arn:aws:iam::111122223333:role/push"
    );
    assert_eq!(
        run.at("/jobs/2"),
        serde_json::Value::Null,
        "the called workflow has no row of its own"
    );
}

#[test]
fn every_format_tells_subject_and_refusal() {
    let folder = repository();
    for format in ["text", "plain", "json", "markdown"] {
        let run = folder.run(&[
            "predict",
            ".github/workflows/deploy.yml",
            "--settings",
            "sub.json",
            "--format",
            format,
        ]);
        assert_eq!(run.code, 0, "{format}");
        for part in [
            "repo:octo-org@123456/octo-repo@456789:pull",
            "reusable_workflow_permission",
        ] {
            let out = run.out.replace("\\_", "_");
            assert!(out.contains(part), "{format} {part}\n{}", run.out);
        }
    }
    let run = folder.run(&[
        "predict",
        ".github/workflows/deploy.yml",
        "--format",
        "github",
    ]);
    let first = run.lines()[0];
    assert!(first.starts_with("::error file=.github/workflows/deploy.yml,line=12,endLine=12,col=3,endColumn=7,title=reusable_workflow_permission::"), "{first}");
}

/// `(workflow, what standard error says)`
const BROKEN: &[(&str, &str)] = &[
    ("on: push\njobs:\n  a: [x", "bad.yml:"),
    ("on: push\n", "bad.yml:1:1: `jobs` is missing"),
    ("jobs: {}", "bad.yml:1:1: `on` is missing"),
    (
        "on: push\njobs:\n  a:\n  b: {}\n",
        "bad.yml:3:4: the job `a` must be an object, this is null",
    ),
    (
        "on: {push: }\njobs:\n  a: {steps: {}}\n",
        "bad.yml:3:14: `steps` must be a list, this is an object",
    ),
    (
        "on: push\n---\non: push\n",
        "bad.yml:3:1: the file has a second YAML document",
    ),
    (
        "on: push\njobs: {a: {uses: ./.github/workflows/bad.yml}}",
        "bad.yml:2:18: the workflow calls itself",
    ),
    ("", "bad.yml:1:1: the file is empty"),
];

#[test]
fn bad_workflows_are_told_with_file_line_and_column() {
    for (text, message) in BROKEN {
        let folder = Folder::new();
        folder.write("bad.yml", text);
        let run = folder.run(&["predict", "bad.yml"]);
        assert_eq!((run.code, run.out.as_str()), (2, ""), "{text}");
        assert!(run.err.contains(message), "{text}\n{}", run.err);
        let run = folder.run(&["predict", "bad.yml", "--format", "json"]);
        assert_eq!(
            (run.code, run.at("/causes/0/id")),
            (2, "malformed_workflow".into()),
            "{text}"
        );
    }
}

#[test]
fn wrong_use_is_told() {
    let folder = repository();
    folder.write("other.json", r#"{"message": "Not Found"}"#);
    for (args, message) in [
        (
            &["predict", "no-such.yml"][..],
            "cannot read the workflow from `no-such.yml`",
        ),
        (&["predict", ".github"], "there is no workflow in `.github`"),
        (
            &["predict", "-", "--settings", "other.json"],
            "the settings in `other.json` can't be read: none of its members is a known setting",
        ),
        (&["predict", "-", "--ref", "main"], "expected a full ref"),
        (&["predict", "-", "--created-at", "soon"], "expected a date"),
        (
            &["predict", "-", "--repo", "octo-org"],
            "expected OWNER/NAME",
        ),
    ] {
        let run = folder.run(args);
        assert_eq!(run.code, 2, "{args:?}");
        assert!(run.err.contains(message), "{args:?}\n{}", run.err);
    }
}

/// `(arguments, exit code, first cause, last line)`
const CHECKS: &[(&[&str], i32, &str)] = &[
    (
        &["--job", "deploy", "--event", "push"],
        0,
        "Allowed: STS would issue a session for 3600 s",
    ),
    (
        &["--job", "deploy", "--event", "pull_request"],
        1,
        "Denied: AccessDenied: Not authorized to perform sts:AssumeRoleWithWebIdentity",
    ),
    (
        &["--job", "deploy", "--event", "pull_request", "--fork"],
        1,
        "Denied: the pull request comes from a fork: its run gets a read-only token, whatever the workflow says (.github/workflows/deploy.yml:4)",
    ),
    (
        &[
            "--job",
            "deploy",
            "--event",
            "push",
            "--actor",
            "dependabot[bot]",
        ],
        1,
        "Denied: the run is started by Dependabot, which gets a read-only token (.github/workflows/deploy.yml:2)",
    ),
    (
        &["--job", "call", "--event", "push"],
        1,
        "Denied: the called job `image` asks for `id-token: write` (./.github/workflows/build.yml:5), but its caller `call` does not grant it",
    ),
    (
        &[
            "--job",
            "deploy",
            "--event",
            "push",
            "--claim",
            "sub=repo:octo-org/octo-repo:pull_request",
        ],
        1,
        "Denied: AccessDenied: Not authorized to perform sts:AssumeRoleWithWebIdentity",
    ),
];

#[test]
fn a_workflow_stands_for_its_token() {
    let folder = repository();
    folder.write(
        "trust.json",
        &crate::support::policy(&crate::support::subject_is(
            "repo:octo-org@123456/octo-repo@456789:ref:refs/heads/main",
        )),
    );
    let start = [
        "check",
        "trust.json",
        "--workflow",
        ".github/workflows/deploy.yml",
        "--settings",
        "sub.json",
    ];
    for (args, code, verdict) in CHECKS {
        let run = folder.run(&[&start, *args].concat());
        let last = run.lines().last().copied().unwrap_or_default().to_owned();
        assert_eq!(run.code, *code, "{args:?}\n{}{}", run.out, run.err);
        assert!(last.starts_with(verdict), "{args:?}\n{last}");
    }
    let run = folder.run(
        &[
            &start[..],
            &["--job", "call", "--event", "push", "--format", "json"],
        ]
        .concat(),
    );
    assert_eq!(
        (run.at("/decision"), run.at("/error")),
        ("deny".into(), serde_json::Value::Null)
    );
    assert_eq!(run.at("/causes/0/id"), "reusable_workflow_permission");
    assert_eq!(run.at("/checks/8/outcome"), "not-reached");
}

#[test]
fn a_resource_control_policy_is_over_the_tokens_of_a_workflow_too() {
    let folder = repository();
    folder.write(
        "trust.json",
        &crate::support::policy(&crate::support::subject_is(
            "repo:octo-org@123456/octo-repo@456789:ref:refs/heads/main",
        )),
    );
    let allow = r#"{"Effect": "Allow", "Principal": "*", "Action": "*", "Resource": "*"}"#;
    let deny = |repository: &str| {
        format!(
            r#"{{"Statement": [{allow}, {{"Effect": "Deny", "Principal": "*", "Action": "sts:AssumeRoleWithWebIdentity", "Resource": "*", "Condition": {{"StringNotEquals": {{"token.actions.githubusercontent.com:repository": "{repository}"}}}}}}]}}"#
        )
    };
    folder.write("allow.json", &format!(r#"{{"Statement": [{allow}]}}"#));
    folder.write("ours.json", &deny("octo-org/octo-repo"));
    folder.write("others.json", &deny("hubot/demo"));
    // The repository is not known unless it is told.
    for (repo, rcp, code, said) in [
        (&[][..], "allow.json", 0, "Allowed"),
        (&[], "ours.json", 3, "Undecided"),
        (&["--repo", "octo-org/octo-repo"], "ours.json", 0, "Allowed"),
        (
            &["--repo", "octo-org/octo-repo"],
            "others.json",
            1,
            "others.json:1 of a resource control policy denies",
        ),
    ] {
        let start = [
            "check",
            "trust.json",
            "--workflow",
            ".github/workflows/deploy.yml",
            "--settings",
            "sub.json",
            "--job",
            "deploy",
            "--event",
            "push",
            "--ref",
            "refs/heads/main",
            "--rcp",
            rcp,
        ];
        let run = folder.run(&[&start, repo].concat());
        assert_eq!(run.code, code, "{rcp}\n{}{}", run.out, run.err);
        assert!(run.out.contains(said), "{rcp}\n{}", run.out);
    }
}

#[test]
fn what_is_not_known_of_the_run_leaves_the_answer_open() {
    let folder = repository();
    folder.write(
        "trust.json",
        &crate::support::policy(&crate::support::subject_is(
            "repo:octo-org/octo-repo:ref:refs/heads/main",
        )),
    );
    let start = [
        "check",
        "trust.json",
        "--workflow",
        ".github/workflows/deploy.yml",
        "--job",
        "deploy",
        "--event",
        "push",
        "--repo",
        "octo-org/octo-repo",
    ];
    for (more, code) in [
        (&[][..], 3),
        (&["--created-at", "2026-08-01"], 1),
        (
            &[
                "--created-at",
                "2024-08-01",
                "--renamed-at",
                "never",
                "--transferred-at",
                "never",
            ],
            0,
        ),
    ] {
        let run = folder.run(&[&start, more].concat());
        assert_eq!(run.code, code, "{more:?}\n{}{}", run.out, run.err);
    }
    for (args, message) in [
        (
            &[
                "check",
                "trust.json",
                "--workflow",
                ".github/workflows/deploy.yml",
            ][..],
            "it is not told which job and event are meant: deploy on push, deploy on pull_request, call / image on push, call / image on pull_request",
        ),
        (
            &[
                "check",
                "trust.json",
                "--workflow",
                ".github/workflows/deploy.yml",
                "--event",
                "push",
                "--ref",
                "refs/heads/dev",
            ],
            "there is nothing to judge: nothing in these workflows runs for the event `push`, the ref `refs/heads/dev`",
        ),
    ] {
        let run = folder.run(args);
        assert_eq!(run.code, 2, "{args:?}");
        assert!(run.err.contains(message), "{}", run.err);
    }
}

#[test]
fn a_matrix_of_policies_and_jobs() {
    let folder = repository();
    let subject = |sub: &str| crate::support::policy(&crate::support::subject_is(sub));
    folder.write(
        "main.json",
        &subject("repo:octo-org@123456/octo-repo@456789:ref:refs/heads/main"),
    );
    folder.write("old.json", &subject("repo:octo-org/octo-repo:pull_request"));
    let args = [
        "matrix",
        "main.json",
        "old.json",
        "--workflow",
        ".github/workflows/deploy.yml",
        "--settings",
        "sub.json",
    ];
    let run = folder.run(&[&args[..], &["--format", "json"]].concat());
    assert_eq!((run.code, run.err.as_str()), (0, ""));
    let expected = [
        (
            "deploy on push",
            "allow",
            None,
            "deny",
            Some("immutable_sub"),
        ),
        (
            "deploy on pull_request",
            "deny",
            Some("pull_request_sub"),
            "deny",
            Some("immutable_sub"),
        ),
        (
            "call / image on push",
            "deny",
            Some("reusable_workflow_permission"),
            "deny",
            Some("reusable_workflow_permission"),
        ),
        (
            "call / image on pull_request",
            "deny",
            Some("reusable_workflow_permission"),
            "deny",
            Some("reusable_workflow_permission"),
        ),
    ];
    for (index, (token, one, one_cause, two, two_cause)) in expected.iter().enumerate() {
        for (row, decision, cause) in [(0, one, one_cause), (1, two, two_cause)] {
            let at = |member: &str| run.at(&format!("/rows/{row}/cells/{index}/{member}"));
            assert_eq!(
                (at("token"), at("decision"), at("cause")),
                (
                    (*token).into(),
                    (*decision).into(),
                    cause.map_or(serde_json::Value::Null, Into::into)
                ),
                "{token} {row}"
            );
        }
    }
    assert_eq!(run.at("/rows/0/cells/4"), serde_json::Value::Null);
    let run = folder.run(&[&args[..], &["--event", "push", "--job", "deploy"]].concat());
    assert!(run.out.contains("deploy on push"), "{}", run.out);
    assert!(!run.out.contains("pull_request "), "{}", run.out);
}
