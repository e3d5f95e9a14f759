//! Every choice, and what is refused.

use super::*;

fn request(entry: Entry) -> Request {
    Request {
        ids: Some(("123456".to_owned(), "456789".to_owned())),
        ..Request::new(
            "octo-org/octo-repo",
            entry,
            "111122223333",
            "eu-west-1",
            "octo-repo",
        )
    }
}

fn entries() -> [Entry; 6] {
    [
        Entry::Branch("main".to_owned()),
        Entry::Branch("release/*".to_owned()),
        Entry::Tag("v*".to_owned()),
        Entry::Environment("production".to_owned()),
        Entry::Environment("Production:V1".to_owned()),
        Entry::PullRequests,
    ]
}

#[test]
fn every_choice_is_proved() {
    for entry in entries() {
        for subjects in [Subjects::Classic, Subjects::Immutable, Subjects::Both] {
            let setup = Setup::new(Request {
                subjects: Some(subjects),
                ..request(entry.clone())
            });
            let setup =
                setup.unwrap_or_else(|refused| panic!("{entry:?} {subjects:?} {refused:?}"));
            let by: Vec<&str> = setup.proved().iter().map(|proved| proved.by).collect();
            assert!(
                by.starts_with(&["store", "check"]) && by.ends_with(&["who", "lint", "push"]),
                "{by:?}"
            );
        }
    }
}

#[test]
fn the_trust_policy_accepts_what_is_asked_for() {
    for (entry, subjects, sub) in [
        (
            0,
            Subjects::Classic,
            r#""token.actions.githubusercontent.com:sub": "repo:octo-org/octo-repo:ref:refs/heads/main""#,
        ),
        (
            0,
            Subjects::Immutable,
            r#""token.actions.githubusercontent.com:sub": "repo:octo-org@123456/octo-repo@456789:ref:refs/heads/main""#,
        ),
        (
            1,
            Subjects::Classic,
            r#""repo:octo-org/octo-repo:ref:refs/heads/release/*""#,
        ),
        (
            2,
            Subjects::Classic,
            r#""repo:octo-org/octo-repo:ref:refs/tags/v*""#,
        ),
        (
            4,
            Subjects::Classic,
            r#""repo:octo-org/octo-repo:environment:Production%3AV1""#,
        ),
        (
            5,
            Subjects::Immutable,
            r#""repo:octo-org@123456/octo-repo@456789:pull_request""#,
        ),
    ] {
        let setup = Setup::new(Request {
            subjects: Some(subjects),
            ..request(entries()[entry].clone())
        })
        .unwrap();
        let trust = setup.trust_policy();
        assert!(trust.contains(sub), "{trust}");
        let pins = trust.contains(":repository_id");
        assert_eq!(pins, subjects != Subjects::Immutable, "{trust}");
    }
}

#[test]
fn the_workflow_runs_where_the_trust_policy_accepts() {
    for (entry, lines) in [
        (0, &["    branches: ['main']"][..]),
        (1, &["    branches: ['release/**']"]),
        (2, &["    tags: ['v**']"]),
        (
            3,
            &["    branches: ['main']", "    environment: 'production'"],
        ),
        (5, &["  pull_request:"]),
    ] {
        let setup = Setup::new(request(entries()[entry].clone())).unwrap();
        let files = setup.files(Form::Files);
        let workflow = files.last().unwrap();
        for line in lines.iter().chain(&[
            "  id-token: write # to ask GitHub for the OIDC token",
            "          role-to-assume: arn:aws:iam::111122223333:role/octo-repo-push",
            "          IMAGE: 111122223333.dkr.ecr.eu-west-1.amazonaws.com/octo-repo:${{ github.sha }}",
        ]) {
            assert!(workflow.text.lines().any(|own| own == *line), "{line}\n{}", workflow.text);
        }
    }
}

#[test]
fn china_has_an_audience_of_its_own() {
    let setup = Setup::new(Request {
        region: "cn-north-1".to_owned(),
        ..request(entries()[0].clone())
    })
    .unwrap();
    assert!(setup.trust_policy().contains(r#""sts.amazonaws.com.cn""#));
    let files = setup.files(Form::Terraform);
    assert!(
        files[0]
            .text
            .contains(r#"client_id_list = ["sts.amazonaws.com.cn"]"#)
    );
    assert!(
        files[1]
            .text
            .contains("          audience: sts.amazonaws.com.cn\n")
    );
    assert!(
        files[1]
            .text
            .contains("arn:aws-cn:iam::111122223333:role/octo-repo-push")
    );
}

/// What is changed in a good request, and the message.
type Fault = (fn(&mut Request), &'static str);

const FAULTS: &[Fault] = &[
    (
        |r| r.repository = "octo-repo".to_owned(),
        "is not of the form OWNER/NAME",
    ),
    (
        |r| r.ids = None,
        "it can't be told what its subjects look like",
    ),
    (
        |r| {
            r.ids = None;
            r.subjects = Some(Subjects::Immutable);
        },
        "needs the ids",
    ),
    (
        |r| r.ids = Some(("x".to_owned(), "1".to_owned())),
        "is no owner's id",
    ),
    (|r| r.account = "1111".to_owned(), "`1111` is no account"),
    (|r| r.region = "Europe".to_owned(), "is no region"),
    (
        |r| r.ecr = "Octo".to_owned(),
        "is no name of an ECR repository",
    ),
    (|r| r.role = "a b".to_owned(), "is no role name"),
    (
        |r| r.entry = Entry::Branch("refs/heads/main".to_owned()),
        "is given as",
    ),
    (
        |r| r.entry = Entry::Branch("a b".to_owned()),
        "can't be the name of a ref",
    ),
    (
        |r| r.entry = Entry::Environment("\u{1f680}".to_owned()),
        "which IAM does not store",
    ),
    (
        |r| r.entry = Entry::Environment("${{ x }}".to_owned()),
        "means something else",
    ),
    (|r| r.entry = Entry::Environment(String::new()), "is empty"),
    (
        |r| r.entry = Entry::Branch("x".repeat(2_000)),
        "IAM would not store the trust policy",
    ),
];

#[test]
fn what_cannot_work_is_refused() {
    for (change, message) in FAULTS {
        let mut wrong = request(entries()[0].clone());
        change(&mut wrong);
        let refused = Setup::new(wrong).unwrap_err();
        assert!(refused.message.contains(message), "{}", refused.message);
    }
}

#[test]
fn a_policy_that_does_less_or_more_fails_the_proof() {
    let setup = Setup::new(request(entries()[0].clone())).unwrap();
    let (trust, permissions) = (setup.trust_policy(), setup.permission_policy());
    for (trust, permissions, message) in [
        (
            trust.replace("heads/main", "heads/next"),
            permissions.clone(),
            "would not get in",
        ),
        (
            trust
                .replace("StringEquals", "StringLike")
                .replace("heads/main", "heads/*"),
            permissions.clone(),
            "some-other-branch would get in",
        ),
        (
            trust.replace(
                "\"repo:octo-org/octo-repo:ref",
                "\"repo:octo-org-other/octo-repo:ref",
            ),
            permissions.clone(),
            "repo:octo-org/octo-repo:ref:refs/heads/main would not get in",
        ),
        (
            trust.clone(),
            permissions.replace("ecr:PutImage", "ecr:PutImages"),
            "the push would stop at ecr:PutImage",
        ),
        (
            trust.replace(":sub\"", ":subject\""),
            permissions,
            "IAM would not store",
        ),
    ] {
        let refused = judged(&setup, &trust, &permissions).unwrap_err();
        assert!(refused.message.contains(message), "{}", refused.message);
    }
}
