//! The README shows what the binary really prints.

use crate::support::Folder;

const POLICY: &str = r#"{
  "Version": "2012-10-17",
  "Statement": [
    {
      "Effect": "Allow",
      "Principal": { "Federated": "arn:aws:iam::111122223333:oidc-provider/token.actions.githubusercontent.com" },
      "Action": "sts:AssumeRoleWithWebIdentity",
      "Condition": {
        "StringEquals": { "token.actions.githubusercontent.com:aud": "sts.amazonaws.com" },
        "StringLike": { "token.actions.githubusercontent.com:sub": "repo:octo-org/octo-repo:*" }
      }
    }
  ]
}
"#;

#[test]
fn the_example_is_real() {
    let folder = Folder::new();
    folder.write("trust.json", POLICY);
    folder.write(
        "token.txt",
        r#"{"iss": "https://token.actions.githubusercontent.com", "aud": "sts.amazonaws.com",
            "sub": "repo:octo-org@123456/octo-repo@456789:ref:refs/heads/main"}"#,
    );
    let run = folder.run_with(
        &["check", "trust.json", "token.txt"],
        "",
        &[("COLUMNS", "110")],
    );
    let readme = include_str!("../../../../README.md");
    let shown = readme
        .split("$ rolecall check trust.json token.txt\n")
        .nth(1);
    let shown = shown
        .and_then(|rest| rest.split("\n```").next())
        .expect("the example");
    assert_eq!(run.out.trim_end(), shown);
    assert_eq!(run.code, 1);
}
