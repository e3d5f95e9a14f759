//! The command line as people and programs meet it: real runs of the binary.

use crate::support::{Folder, claims, policy, subject_is};

/// Header, payload and signature of no real token.
const TOKEN: &str = "eyJhbGciOiJSUzI1NiIsImtpZCI6Im5vIHN1Y2gga2V5In0.eyJpc3MiOiJodHRwczovL3Rva2VuLmFjdGlvbnMuZ2l0aHVidXNlcmNvbnRlbnQuY29tIiwic3ViIjoicmVwbzpvY3RvLW9yZy9vY3RvLXJlcG86cHVsbF9yZXF1ZXN0IiwiYXVkIjoic3RzLmFtYXpvbmF3cy5jb20iLCJpYXQiOjE3OTU0NDI0MDAsIm5iZiI6MTc5NTQ0MjEwMCwiZXhwIjoxNzk1NDQyNzAwfQ.c2lnbmF0dXJlLW9mLW5vLXJlYWwtdG9rZW4";

#[test]
fn every_decision_has_its_exit_code() {
    let folder = Folder::usual();
    folder.write("address.json", &policy(r#"{"StringLike": {"token.actions.githubusercontent.com:sub": "repo:octo-org/*"}, "IpAddress": {"aws:SourceIp": "203.0.113.0/24"}}"#));
    for (args, code, verdict) in [
        (
            &["check", "trust.json", "claims.json"][..],
            0,
            "Allowed: STS would issue a session for 3600 s",
        ),
        (
            &[
                "check",
                "trust.json",
                "--claim",
                "sub=repo:octo-org/octo-repo:pull_request",
            ],
            1,
            "Denied: AccessDenied: Not authorized to perform sts:AssumeRoleWithWebIdentity",
        ),
        (
            &["check", "address.json", "claims.json"],
            3,
            "Undecided: depends on aws:SourceIp",
        ),
        (
            &[
                "check",
                "address.json",
                "claims.json",
                "--context",
                "aws:SourceIp=203.0.113.7",
            ],
            0,
            "Allowed: STS would issue a session for 3600 s",
        ),
        (
            &[
                "check",
                "address.json",
                "claims.json",
                "--absent",
                "aws:SourceIp",
            ],
            1,
            "Denied: AccessDenied: Not authorized to perform sts:AssumeRoleWithWebIdentity",
        ),
    ] {
        for format in ["text", "plain"] {
            let run = folder.run(&[args, &["--format", format]].concat());
            assert_eq!(
                (run.code, run.lines().last().copied().unwrap_or_default()),
                (code, verdict),
                "{args:?} {}",
                run.err
            );
            assert_eq!(run.err, "", "{args:?}");
            let run = folder.run(&[args, &["--format", format, "--exit-zero"]].concat());
            assert_eq!(run.code, 0, "{args:?}");
        }
        assert_eq!(
            folder.run(&[args, &["--format", "json"]].concat()).code,
            code,
            "{args:?}"
        );
    }
}

#[test]
fn a_resource_control_policy_wins_over_the_trust_policy() {
    let folder = Folder::usual();
    folder.write("rcp.json", r#"{"Version": "2012-10-17", "Statement": [{"Effect": "Deny", "Principal": "*", "Action": "sts:AssumeRoleWithWebIdentity", "Resource": "*", "Condition": {"StringNotEqualsIfExists": {"aws:PrincipalOrgID": "o-example"}}}]}"#);
    folder.write(
        "bad.json",
        r#"{"Statement": [{"Effect": "Deny", "Action": "*", "Resource": "*"}]}"#,
    );
    let check = &["check", "trust.json", "claims.json", "--rcp"];
    let run = folder.run(&[&check[..], &["rcp.json", "--format", "json"]].concat());
    assert_eq!(run.code, 1);
    assert_eq!(run.at("/causes/0/id"), "explicit_deny");
    assert_eq!(run.at("/session"), serde_json::Value::Null);
    let run = folder.run(&[&check[..], &["rcp.json"]].concat());
    assert!(
        run.out
            .contains("rcp.json:1 of a resource control policy denies"),
        "{}",
        run.out
    );
    let run = folder.run(&[&check[..], &["bad.json"]].concat());
    assert_eq!(run.code, 2);
    assert!(run.err.contains("Principal is missing"), "{}", run.err);
}

/// `(arguments, what standard error says)`
const WRONG_USE: &[(&[&str], &str)] = &[
    (
        &["check", "no-such-file.json", "claims.json"],
        "cannot read the policy from `no-such-file.json`: no such file or directory",
    ),
    (
        &["check", ".", "claims.json"],
        "cannot read the policy from `.`",
    ),
    (
        &["check", "trust.json", "no-such-file.txt"],
        "cannot read the token from `no-such-file.txt`",
    ),
    (
        &["check", "-", "-"],
        "standard input is asked for twice: for the policy and for the token",
    ),
    (
        &["check", "trust.json", "-", "--jwks", "-"],
        "standard input is asked for twice: for the token and for the key set",
    ),
    (&["check", "trust.json"], "there is nothing to judge"),
    (
        &["check", "trust.json", "claims.json", "--format", "xml"],
        "invalid value 'xml'",
    ),
    (
        &["check", "trust.json", "claims.json", "--now", "yesterday"],
        "expected a time such as",
    ),
    (
        &["check", "trust.json", "--claim", "sub"],
        "expected a name, `=` and a value",
    ),
    (
        &[
            "check",
            "trust.json",
            "claims.json",
            "--now",
            "1",
            "--at-issue",
        ],
        "cannot be used with",
    ),
    (
        &[
            "check",
            "trust.json",
            "claims.json",
            "--provider",
            "none",
            "--registered-audience",
            "x",
        ],
        "`--provider none` has no registered audience",
    ),
    (&["explain", "kaboom"], "nothing is known about `kaboom`"),
    (
        &["explain", "immutable-subject"],
        "did you mean immutable_sub",
    ),
    (&["man", "nothing"], "there is no command `nothing`"),
    (&["completions", "tcsh"], "invalid value 'tcsh'"),
];

#[test]
fn wrong_use_ends_with_2_and_says_why_on_standard_error() {
    let folder = Folder::usual();
    for (args, message) in WRONG_USE {
        let run = folder.run_with(args, &claims("x"), &[]);
        assert_eq!((run.code, run.out.as_str()), (2, ""), "{args:?}");
        assert!(run.err.contains(message), "{args:?}: {}", run.err);
    }
}

#[test]
fn broken_json_is_named_with_file_line_and_column() {
    let folder = Folder::usual();
    folder.write(
        "broken.json",
        "{\n  \"Version\": \"2012-10-17\",\n  \"Statement\": [}\n",
    );
    let run = folder.run(&["check", "broken.json", "claims.json"]);
    assert_eq!((run.code, run.out.as_str()), (2, ""));
    assert!(
        run.err.contains("error[malformed_json]") && run.err.contains("broken.json:3:17"),
        "{}",
        run.err
    );

    let run = folder.run(&["check", "broken.json", "claims.json", "--format", "json"]);
    assert_eq!((run.code, run.err.as_str()), (2, ""));
    assert_eq!(run.at("/schema"), "rolecall.error/1");
    assert_eq!(run.at("/causes/0/id"), "malformed_json");
    assert_eq!(run.at("/causes/0/location/start/line"), 3);
}

#[test]
fn a_token_on_the_command_line_is_refused_and_not_repeated() {
    let folder = Folder::usual();
    for args in [
        &["check", "trust.json", TOKEN][..],
        &["inspect", TOKEN],
        &["check", "trust.json", "--claim", &format!("x={TOKEN}")],
        &["--no-such-option", TOKEN],
    ] {
        let run = folder.run(args);
        assert_eq!((run.code, run.out.as_str()), (2, ""));
        assert!(
            run.err.contains("a token was given on the command line"),
            "{}",
            run.err
        );
        assert!(!run.err.contains("eyJ"), "{}", run.err);
    }
}

#[test]
fn nothing_of_the_token_is_shown() {
    let folder = Folder::usual();
    folder.write("token.txt", &format!("Authorization: Bearer {TOKEN}\n"));
    let signature = TOKEN.rsplit('.').next().unwrap_or_default();
    for format in ["text", "plain", "json"] {
        for args in [
            &["inspect", "token.txt"][..],
            &["check", "trust.json", "token.txt", "--verbose"],
            // The files the wrong way round.
            &["check", "token.txt", "trust.json"],
        ] {
            let run = folder.run(&[args, &["--format", format]].concat());
            for text in [&run.out, &run.err] {
                assert!(
                    !text.contains(signature) && !text.contains("eyJ"),
                    "{args:?} {format}: {text}"
                );
            }
        }
    }
    let run = folder.run_with(&["explain", "-"], TOKEN, &[]);
    assert!(run.code == 2 && !run.err.contains("eyJ"), "{}", run.err);
    for text in [signature, TOKEN, &TOKEN.replace('.', "\n.")] {
        for message in [
            text.to_owned(),
            format!("Error: Not authorized to perform sts:AssumeRoleWithWebIdentity {text}"),
        ] {
            let run = folder.run_with(&["explain", "-", "--format", "json"], &message, &[]);
            let shown = run.out + &run.err;
            assert!(
                !shown.contains(signature) && !shown.contains("eyJ"),
                "{shown}"
            );
        }
    }
    folder.write("broken-into-lines.txt", &TOKEN.replace('.', "\n."));
    let run = folder.run(&["check", "broken-into-lines.txt", "claims.json"]);
    assert!(run.code == 2 && !run.err.contains("eyJ"), "{}", run.err);
    let batch = format!("{{\"token\": \"{TOKEN}\"}}\n{{\"id\": \"{TOKEN}\"}}\nnot json {TOKEN}\n");
    let run = folder.run_with(&["batch", "--policy", "trust.json", "--full"], &batch, &[]);
    assert!(
        !run.out.contains("eyJ") && !run.err.contains("eyJ"),
        "{}",
        run.out
    );
}

#[test]
fn the_unknown_key_leaves_it_undecided_unless_told_otherwise() {
    let folder = Folder::usual();
    folder.write("token.txt", TOKEN);
    folder.write(
        "pull.json",
        &policy(&subject_is("repo:octo-org/octo-repo:pull_request")),
    );
    let run = |args: &[&str]| {
        folder.run(&[&["check", "pull.json", "token.txt", "--at-issue"], args].concat())
    };
    assert_eq!(run(&[]).code, 3);
    assert_eq!(run(&["--signature", "ignore"]).code, 0);
    assert_eq!(run(&["--signature", "require"]).code, 1);
    folder.write("jwks.json", r#"{"keys": []}"#);
    assert_eq!(run(&["--jwks", "jwks.json"]).code, 1);
}

#[test]
fn the_clock_is_the_systems_unless_a_moment_is_given() {
    let folder = Folder::usual();
    folder.write("token.txt", TOKEN);
    let cause = |args: &[&str]| {
        let run = folder.run(
            &[
                &[
                    "check",
                    "trust.json",
                    "token.txt",
                    "--signature",
                    "ignore",
                    "--format",
                    "json",
                ],
                args,
            ]
            .concat(),
        );
        run.at("/causes/0/id")
    };
    assert_eq!(
        cause(&["--now", "2026-11-23T14:00:00Z"]),
        "pull_request_sub"
    );
    assert_eq!(cause(&["--at-issue"]), "pull_request_sub");
    assert_eq!(cause(&["--now", "2026-11-23T15:00:00Z"]), "token_expired");
    assert_eq!(cause(&["--now", "0"]), "token_not_yet_valid");
}

#[test]
fn json_begins_with_the_schema_and_keeps_the_contracts_order() {
    let folder = Folder::usual();
    let run = folder.run(&["check", "trust.json", "claims.json", "--format", "json"]);
    assert!(
        run.out.starts_with(
            "{\n  \"schema\": \"rolecall.check/1\",\n  \"decision\": \"allow\",\n  \"error\": null,"
        ),
        "{}",
        run.out
    );
    let places: Vec<usize> = [
        "causes",
        "checks",
        "statements",
        "storable",
        "unknowns",
        "session",
        "findings",
    ]
    .iter()
    .map(|member| {
        run.out
            .find(&format!("\n  \"{member}\":"))
            .expect("the member is there")
    })
    .collect();
    assert!(places.is_sorted(), "{places:?}");
    let run = folder.run(&["inspect", "claims.json", "--format", "json"]);
    assert!(
        run.out
            .starts_with("{\n  \"schema\": \"rolecall.inspect/1\",")
    );
    let run = folder.run(&["explain", "immutable_sub", "--format", "json"]);
    assert!(
        run.out
            .starts_with("{\n  \"schema\": \"rolecall.explain/1\",")
    );
}

#[test]
fn colour_follows_the_option_then_the_environment() {
    let folder = Folder::usual();
    let coloured = |args: &[&str], env: &[(&str, &str)]| {
        let run = folder.run_with(
            &[&["check", "trust.json", "--claim", "sub=x"], args].concat(),
            "",
            env,
        );
        run.out.contains('\u{1b}')
    };
    assert!(!coloured(&[], &[]), "a pipe is no terminal");
    assert!(coloured(&["--color", "always"], &[("NO_COLOR", "1")]));
    assert!(coloured(&[], &[("FORCE_COLOR", "1")]));
    assert!(!coloured(&[], &[("FORCE_COLOR", "1"), ("NO_COLOR", "1")]));
    assert!(
        coloured(&[], &[("FORCE_COLOR", "1"), ("NO_COLOR", "")]),
        "an empty variable does not count"
    );
    assert!(!coloured(&["--color", "never"], &[("FORCE_COLOR", "1")]));
    assert!(!coloured(&["--color", "always", "--format", "plain"], &[]));
}

#[test]
fn standard_input_serves_for_the_token_and_for_the_policy() {
    let folder = Folder::usual();
    let main = claims("repo:octo-org/octo-repo:ref:refs/heads/main");
    assert_eq!(
        folder
            .run_with(&["check", "trust.json", "-"], &main, &[])
            .code,
        0
    );
    assert_eq!(folder.run_with(&["inspect"], &main, &[]).code, 0);
    let trust = policy(&subject_is("repo:octo-org/octo-repo:ref:refs/heads/main"));
    assert_eq!(
        folder
            .run_with(&["check", "-", "claims.json"], &trust, &[])
            .code,
        0
    );
    assert_eq!(
        folder
            .run_with(
                &["check", "-", "claims.json"],
                &format!("\u{feff}{trust}"),
                &[]
            )
            .code,
        0,
        "a byte order mark"
    );
}

#[test]
fn texts_that_are_no_utf8_are_named() {
    let folder = Folder::usual();
    let path = "latin1.json";
    folder.write(path, "");
    let run = folder.run(&["inspect", path]);
    assert_eq!(run.code, 2, "an empty file has no token");
    assert!(run.err.contains("error["), "{}", run.err);
}

#[test]
fn provider_and_request_options_reach_the_engine() {
    let folder = Folder::usual();
    for (args, cause) in [
        (&["--provider", "none"][..], "missing_provider"),
        (
            &["--provider", "https://token.actions.githubusercontent.com/"],
            "typo_in_provider",
        ),
        (&["--registered-audience", "other"], "wrong_audience"),
        (
            &["--duration", "7200", "--max-session-duration", "3600"],
            "duration_too_long",
        ),
        (&["--session-name", "a b"], "session_name_invalid"),
        (&["--role-arn", "deploy"], "role_arn_invalid"),
        (&["--claim", "aud=other"], "wrong_audience"),
    ] {
        let run = folder.run(
            &[
                &["check", "trust.json", "claims.json", "--format", "json"],
                args,
            ]
            .concat(),
        );
        assert_eq!(
            (run.code, run.at("/causes/0/id")),
            (1, cause.into()),
            "{args:?}"
        );
    }
    let args = [
        "check",
        "trust.json",
        "claims.json",
        "--format",
        "json",
        "--role-arn",
        "arn:aws:iam::111122223333:role/ci/deploy",
        "--session-name",
        "run-1",
    ];
    assert_eq!(
        folder.run(&args).at("/session/assumed_role_arn"),
        "arn:aws:sts::111122223333:assumed-role/deploy/run-1"
    );
}

#[test]
fn partial_claims_leave_the_rest_unknown() {
    let folder = Folder::new();
    folder.write("trust.json", &policy(r#"{"StringEquals": {"token.actions.githubusercontent.com:sub": "repo:octo-org/octo-repo:environment:prod", "token.actions.githubusercontent.com:actor": "octocat"}}"#));
    let sub = "sub=repo:octo-org/octo-repo:environment:prod";
    let sts = "aud=sts.amazonaws.com";
    let run = folder.run(&["check", "trust.json", "--claim", sub, "--claim", sts]);
    assert_eq!(
        (run.code, run.lines().last().copied().unwrap_or_default()),
        (
            3,
            "Undecided: depends on token.actions.githubusercontent.com:actor"
        )
    );
    assert_eq!(
        folder
            .run(&[
                "check",
                "trust.json",
                "--claim",
                sub,
                "--claim",
                sts,
                "--claim",
                "actor=octocat"
            ])
            .code,
        0
    );
    assert_eq!(
        folder
            .run(&[
                "check",
                "trust.json",
                "--claim",
                sub,
                "--absent",
                "token.actions.githubusercontent.com:actor"
            ])
            .code,
        1
    );
    folder.write(
        "claims.json",
        &claims("repo:octo-org/octo-repo:environment:prod"),
    );
    assert_eq!(
        folder.run(&["check", "trust.json", "claims.json"]).code,
        1,
        "a claims file is complete"
    );
    assert_eq!(
        folder
            .run(&["check", "trust.json", "claims.json", "--partial"])
            .code,
        3
    );
}

#[test]
fn every_command_documents_itself() {
    let folder = Folder::new();
    for args in [
        &["--help"][..],
        &["check", "--help"],
        &["fix", "--help"],
        &["inspect", "-h"],
        &["batch", "--help"],
        &["explain", "--help"],
        &["man", "--help"],
    ] {
        let run = folder.run_with(args, "", &[("COLUMNS", "80")]);
        assert_eq!(run.code, 0, "{args:?}");
        assert!(run.out.contains("Usage: rolecall"), "{args:?}");
        assert!(
            run.out.lines().all(|line| line.chars().count() <= 80),
            "{args:?}"
        );
    }
    let run = folder.run(&[]);
    assert_eq!((run.code, run.out.as_str()), (2, ""));
    for shell in ["bash", "zsh", "fish", "powershell", "elvish"] {
        assert!(
            folder
                .run(&["completions", shell])
                .out
                .contains("max-session-duration"),
            "{shell}"
        );
    }
    assert!(folder.run(&["man"]).out.contains(".TH rolecall 1"));
    assert!(
        folder
            .run(&["man", "check"])
            .out
            .contains("rolecall\\-check")
    );
}

#[test]
fn messages_are_explained_as_posted() {
    let folder = Folder::new();
    let run = folder.run(&[
        "explain",
        "Could not assume role with OIDC:",
        "Not authorized to perform sts:AssumeRoleWithWebIdentity",
    ]);
    assert!(
        run.out.contains("immutable_sub") && run.out.contains("rolecall check"),
        "{}",
        run.out
    );
    let log = "2026-11-23T14:00:00.0Z ##[error]Error: Unable to get\nACTIONS_ID_TOKEN_REQUEST_URL env variable\n";
    let run = folder.run_with(&["explain", "-", "--format", "json"], log, &[]);
    assert_eq!(
        run.at("/messages/0/causes/0"),
        "missing_id_token_permission"
    );
    let run = folder.run(&["explain"]);
    assert!(run.code == 0 && run.out.contains("immutable_sub"));
}
