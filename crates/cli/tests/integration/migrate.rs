//! `rolecall migrate`: JSON, Terraform and YAML keep their layout.

use crate::support::{Folder, policy, subject_is};

const IDS: &[&str] = &[
    "--repo",
    "octo-org/octo-repo",
    "--owner-id",
    "123456",
    "--repo-id",
    "456789",
];

const TERRAFORM: &str = r#"data "aws_iam_policy_document" "trust" {
  statement {
    actions = ["sts:AssumeRoleWithWebIdentity"]
    principals {
      type        = "Federated"
      identifiers = ["arn:aws:iam::111122223333:oidc-provider/token.actions.githubusercontent.com"]
    }
    condition {
      test     = "StringLike"
      variable = "token.actions.githubusercontent.com:sub"
      values   = ["repo:octo-org/octo-repo:*"] # only ours
    }
  }
}
"#;

const YAML: &str = "Resources:
  Deploy:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument:
        Statement:
          - Effect: Allow
            Principal: {Federated: 'arn:aws:iam::111122223333:oidc-provider/token.actions.githubusercontent.com'}
            Action: sts:AssumeRoleWithWebIdentity
            Condition:
              StringLike:
                token.actions.githubusercontent.com:sub:
                  - repo:octo-org/octo-repo:*
                  - repo:octo-org/octo-repo:pull_request # pull requests
";

#[test]
fn the_layout_of_each_language_is_kept() {
    let folder = Folder::new();
    let json = policy(&subject_is("repo:octo-org/octo-repo:pull_request"));
    for (name, text, both, last) in [
        (
            "trust.json",
            &*json,
            json.replace(
                r#""repo:octo-org/octo-repo:pull_request""#,
                r#"["repo:octo-org/octo-repo:pull_request", "repo:octo-org@123456/octo-repo@456789:pull_request"]"#,
            ),
            json.replace(
                r#""repo:octo-org/octo-repo:pull_request""#,
                r#"["repo:octo-org@123456/octo-repo@456789:pull_request"]"#,
            ),
        ),
        (
            "main.tf",
            TERRAFORM,
            TERRAFORM.replace(
                r#"["repo:octo-org/octo-repo:*"]"#,
                r#"["repo:octo-org/octo-repo:*", "repo:octo-org@123456/octo-repo@456789:*"]"#,
            ),
            TERRAFORM.replace(
                r#"["repo:octo-org/octo-repo:*"]"#,
                r#"["repo:octo-org@123456/octo-repo@456789:*"]"#,
            ),
        ),
        (
            "template.yaml",
            YAML,
            YAML.replace(
                "                  - repo:octo-org/octo-repo:*\n",
                "                  - repo:octo-org/octo-repo:*\n                  - \"repo:octo-org@123456/octo-repo@456789:*\"\n",
            )
            .replace(
                "pull_request # pull requests",
                "pull_request\n                  - \"repo:octo-org@123456/octo-repo@456789:pull_request\" # pull requests",
            ),
            YAML.replace("- repo:octo-org/octo-repo:*", "- \"repo:octo-org@123456/octo-repo@456789:*\"")
                .replace("- repo:octo-org/octo-repo:pull_request", "- \"repo:octo-org@123456/octo-repo@456789:pull_request\""),
        ),
    ] {
        folder.write(name, text);
        for (step, expected) in [("both", both), ("final", last)] {
            let run = folder.run(&[&["migrate", name, "--print", step], IDS].concat());
            assert_eq!(run.code, 0, "{name} {}", run.err);
            assert_eq!(run.out, expected, "{name} {step}");
        }
    }
}

#[test]
fn the_answer_tells_edits_proofs_and_size() {
    let folder = Folder::usual();
    let run = folder.run(&[&["migrate", "trust.json", "--format", "json"], IDS].concat());
    assert_eq!(run.code, 0, "{}", run.err);
    assert_eq!(run.at("/schema"), "rolecall.migrate/1");
    assert_eq!(run.at("/steps/0/step"), "both");
    assert_eq!(run.at("/steps/0/edits/0/location/document"), "policy");
    assert_eq!(run.at("/steps/0/fits"), "fits");
    for (path, expected) in [
        ("/steps/0/newly_admitted/verdict", "found"),
        (
            "/steps/0/newly_admitted/witness/sub",
            "repo:octo-org@123456/octo-repo@456789:ref:refs/heads/main",
        ),
        ("/steps/0/no_longer_admitted/verdict", "none"),
        ("/steps/0/outsider", "closed"),
        ("/steps/1/newly_admitted/verdict", "none"),
        (
            "/steps/1/no_longer_admitted/witness/sub",
            "repo:octo-org/octo-repo:ref:refs/heads/main",
        ),
        ("/steps/1/outsider", "closed"),
    ] {
        assert_eq!(run.at(path), expected, "{path}");
    }
    assert_eq!(run.at("/steps/1/step"), "final");
    assert_eq!(run.at("/complete"), true);
    for format in ["text", "plain"] {
        let run = folder.run(&[&["migrate", "trust.json", "--format", format], IDS].concat());
        assert_eq!(
            run.lines().last().copied(),
            Some("Two steps: add the form with ids, then leave out the form without")
        );
    }
}

#[test]
fn what_the_policy_does_not_name_is_told() {
    let folder = Folder::usual();
    folder.write(
        "repos.txt",
        "octo-org/octo-repo 123456 456789\nocto-org/other 123456 1\n",
    );
    let run = folder.run(&["migrate", "trust.json", "--repos", "repos.txt"]);
    assert_eq!(run.code, 1);
    assert!(
        run.out
            .contains("no subject of the policy names octo-org/other"),
        "{}",
        run.out
    );
    let run = folder.run(&[
        "migrate",
        "trust.json",
        "--repos",
        "repos.txt",
        "--exit-zero",
    ]);
    assert_eq!(run.code, 0);
    let run = folder.run(&["migrate", "trust.json"]);
    assert_eq!(run.code, 2);
    folder.write("trust.json", "{");
    let run = folder.run(&[&["migrate", "trust.json"], IDS].concat());
    assert_eq!(run.code, 2);
}
