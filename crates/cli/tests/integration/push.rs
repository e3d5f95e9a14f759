//! `rolecall push`: exit codes, the answer's shape, files that can't be read.

use crate::support::Folder;

const REPOSITORY: &str = "arn:aws:ecr:eu-west-1:111122223333:repository/octo-repo";
const PUSH: &str = r#"{
  "Version": "2012-10-17",
  "Statement": [
    { "Effect": "Allow", "Action": "ecr:GetAuthorizationToken", "Resource": "*" },
    {
      "Effect": "Allow",
      "Action": ["ecr:BatchCheckLayerAvailability", "ecr:InitiateLayerUpload", "ecr:UploadLayerPart",
        "ecr:CompleteLayerUpload", "ecr:BatchGetImage", "ecr:PutImage"],
      "Resource": "arn:aws:ecr:eu-west-1:111122223333:repository/octo-repo"
    }
  ]
}
"#;
const ADDRESS: &str = r#"{"Statement": {"Effect": "Allow", "Action": "ecr:*", "Resource": "*", "Condition": {"IpAddress": {"aws:SourceIp": "203.0.113.0/24"}}}}"#;
const NO_PUT: &str =
    r#"{"Statement": {"Effect": "Deny", "Action": "ecr:PutImage", "Resource": "*"}}"#;

fn folder() -> Folder {
    let folder = Folder::new();
    folder.write("push.json", PUSH);
    folder.write("address.json", ADDRESS);
    folder.write("no-put.json", NO_PUT);
    folder
}

#[test]
fn every_decision_has_its_exit_code_and_verdict() {
    let folder = folder();
    for (args, code, verdict) in [
        (
            &["push.json"][..],
            0,
            "Allowed: the session can log in and push",
        ),
        (
            &["push.json", "--pull"],
            1,
            "Denied: the push stops at ecr:GetDownloadUrlForLayer",
        ),
        (
            &["push.json", "--scp", "no-put.json"],
            1,
            "Denied: the push stops at ecr:PutImage",
        ),
        (
            &[
                "push.json",
                "--role-arn",
                "arn:aws:iam::444455556666:role/deploy",
            ],
            1,
            "Denied: the push stops at ecr:BatchCheckLayerAvailability",
        ),
        (&["address.json"], 3, "Undecided: depends on aws:SourceIp"),
        (
            &["address.json", "--context", "aws:SourceIp=203.0.113.7"],
            0,
            "Allowed: the session can log in and push",
        ),
        (
            &["address.json", "--absent", "aws:SourceIp"],
            1,
            "Denied: the push stops at ecr:GetAuthorizationToken",
        ),
    ] {
        for format in ["text", "plain"] {
            let all = [
                &["push", "--repository", REPOSITORY, "--format", format],
                args,
            ]
            .concat();
            let run = folder.run(&all);
            assert_eq!(
                (run.code, run.lines().last().copied().unwrap_or_default()),
                (code, verdict),
                "{args:?} {}",
                run.err
            );
            let run = folder.run(&[&all[..], &["--exit-zero"]].concat());
            assert_eq!(run.code, 0, "{args:?}");
        }
    }
}

#[test]
fn the_answer_for_programs() {
    let folder = folder();
    let run = folder.run(&[
        "push",
        "push.json",
        "--repository",
        REPOSITORY,
        "--scp",
        "no-put.json",
        "--role-arn",
        "arn:aws:iam::111122223333:role/ci/deploy",
        "--session-name",
        "ci",
        "--format",
        "json",
    ]);
    assert_eq!(run.code, 1);
    assert_eq!(run.at("/schema"), "rolecall.push/1");
    assert_eq!(run.at("/decision"), "deny");
    assert_eq!(run.at("/steps/0/resource"), "*");
    assert_eq!(run.at("/steps/0/decision"), "allow");
    assert_eq!(run.at("/steps/6/action"), "ecr:PutImage");
    assert_eq!(run.at("/steps/6/decision"), "deny");
    assert_eq!(run.at("/steps/6/statement/policy"), "no-put.json");
    assert_eq!(
        run.at("/error"),
        "denied: User: arn:aws:sts::111122223333:assumed-role/deploy/ci is not authorized to perform: ecr:PutImage on resource: arn:aws:ecr:eu-west-1:111122223333:repository/octo-repo with an explicit deny in a service control policy"
    );
}

/// `(arguments, files, what standard error says)`
const UNREADABLE: &[(&[&str], &str, &str)] = &[
    (
        &["bad.json"],
        r#"{"Statement": [{"Effect": "Allow", "Action": "ecr:*"}]}"#,
        "Resource is missing",
    ),
    (&["bad.json"], "{\n \"Statement\": [", "bad.json:2"),
    (
        &["bad.json"],
        r#"{"Statement": [{"Effect": "Allow", "Principal": "*", "Action": "ecr:*", "Resource": "*"}]}"#,
        "names no principal",
    ),
    (
        &["push.json", "--scp", "bad.json"],
        r#"{"Statement": [{"Effect": "deny", "Action": "*", "Resource": "*"}]}"#,
        "Effect must be `Allow` or `Deny`",
    ),
    (
        &["push.json", "--repository-policy", "bad.json"],
        r#"{"Statement": [{"Effect": "Allow", "Action": "ecr:*"}]}"#,
        "Principal is missing",
    ),
    (
        &["bad.json"],
        r#"{"Role": {"RoleName": "deploy", "AssumeRolePolicyDocument": {}}}"#,
        "without its permission policies",
    ),
    (
        &["none.json"],
        "",
        "cannot read the policy from `none.json`",
    ),
    (
        &["push.json", "--role-arn", "deploy"],
        "",
        "`deploy` is no role ARN",
    ),
];

#[test]
fn what_cannot_be_read_is_told_with_its_place() {
    for (args, bad, message) in UNREADABLE {
        let folder = folder();
        folder.write("bad.json", bad);
        let run = folder.run(&[&["push", "--repository", REPOSITORY], *args].concat());
        assert_eq!(run.code, 2, "{args:?}");
        assert_eq!(run.out, "", "{args:?}");
        assert!(run.err.contains(message), "{}", run.err);
    }
    let run = folder().run(&["push", "push.json", "--repository", "octo-repo"]);
    assert_eq!(run.code, 2);
    assert!(run.err.contains("neither an ARN"), "{}", run.err);
}

#[test]
fn unreadable_input_is_an_answer_for_programs() {
    let folder = folder();
    folder.write("bad.json", r#"{"Statement": []}"#);
    let run = folder.run(&[
        "push",
        "bad.json",
        "--repository",
        REPOSITORY,
        "--format",
        "json",
    ]);
    assert_eq!(run.code, 2);
    assert_eq!(run.at("/schema"), "rolecall.error/1");
    assert_eq!(run.at("/causes/0/id"), "malformed_policy");
}
