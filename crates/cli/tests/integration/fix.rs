//! `rolecall fix`: what it offers, and what `--apply` does to files.

use crate::support::{Folder, claims, policy, subject_is};

const IDS: &str = "repo:octo-org@1/octo-repo@2:ref:refs/heads/main";

/// A folder with a policy for the classic subject, and claims with ids.
fn folder() -> Folder {
    let folder = Folder::usual();
    folder.write("claims.json", &claims(IDS));
    folder
}

#[test]
fn a_repair_is_shown_with_its_proof() {
    let folder = folder();
    let run = folder.run(&["fix", "trust.json", "claims.json", "--format", "json"]);
    assert_eq!(run.code, 0, "{}", run.err);
    assert_eq!(run.at("/schema"), "rolecall.fix/1");
    assert_eq!(run.at("/refused"), serde_json::Value::Null);
    assert_eq!(run.at("/edits/0/label"), "as-broad");
    assert_eq!(run.at("/edits/0/admits_also"), "nothing");
    assert_eq!(run.at("/edits/0/outsider"), "closed");
    assert_eq!(run.at("/edits/1/label"), "this-subject");
    for format in ["text", "plain"] {
        let run = folder.run(&["fix", "trust.json", "claims.json", "--format", format]);
        let last = run.lines().last().copied().unwrap_or_default();
        assert!(last.ends_with("repairs, the safest first"), "{last}");
        assert!(run.out.contains("lets in this subject and nothing else"));
        assert!(run.out.contains("no outsider gets in, proved"));
    }
}

#[test]
fn a_job_gets_repairs_as_notices() {
    let folder = folder();
    let run = folder.run(&["fix", "trust.json", "claims.json", "--format", "github"]);
    let first = run.lines().first().copied().unwrap_or_default();
    assert!(
        first.starts_with("::notice title=repair,file=trust.json,line=11,"),
        "{first}"
    );
    assert!(
        first.contains("::trust.json:11:54: as broad as before: let in"),
        "{first}"
    );
    let run = folder.run(&["fix", "trust.json", "claims.json", "--format", "markdown"]);
    assert!(
        run.out.contains("| `repair` | `trust.json:11:"),
        "{}",
        run.out
    );
    let args = [
        "fix",
        "trust.json",
        "claims.json",
        "--provider",
        "none",
        "--format",
        "github",
    ];
    let run = folder.run(&args);
    assert_eq!(run.code, 1);
    assert!(
        run.out.starts_with("::error title=no_repair"),
        "{}",
        run.out
    );
}

#[test]
fn applying_changes_the_file_once() {
    let folder = folder();
    let before = folder.read("trust.json");
    let run = folder.run(&["fix", "trust.json", "claims.json", "--apply"]);
    assert_eq!(run.code, 0, "{}", run.err);
    assert!(run.err.contains("repair 1 was made in `trust.json`"));
    let after = folder.read("trust.json");
    let list = r#"["repo:octo-org/octo-repo:ref:refs/heads/main", "repo:octo-org@1/octo-repo@2:ref:refs/heads/main"]"#;
    let value = r#""repo:octo-org/octo-repo:ref:refs/heads/main""#;
    assert_eq!(after, before.replace(value, list));
    assert_eq!(folder.run(&["check", "trust.json", "claims.json"]).code, 0);
    let again = folder.run(&["fix", "trust.json", "claims.json", "--apply"]);
    assert_eq!(again.code, 0);
    assert!(again.out.contains("Nothing to repair"), "{}", again.out);
    assert_eq!(folder.read("trust.json"), after);
}

#[test]
fn a_mark_and_line_ends_stay() {
    let folder = folder();
    let before = format!(
        "\u{feff}{}",
        folder.read("trust.json").replace('\n', "\r\n")
    );
    folder.write("trust.json", &before);
    let run = folder.run(&["fix", "trust.json", "claims.json", "--apply", "--pick", "2"]);
    assert_eq!(run.code, 0, "{}", run.err);
    let classic = "repo:octo-org/octo-repo:ref:refs/heads/main";
    assert_eq!(folder.read("trust.json"), before.replace(classic, IDS));
    let run = folder.run(&["fix", "trust.json", "claims.json", "--apply", "--pick", "9"]);
    assert!(run.out.contains("Nothing to repair"));
}

#[test]
fn standard_input_comes_out_repaired() {
    let folder = folder();
    let text = folder.read("trust.json");
    let args = ["fix", "-", "claims.json", "--apply"];
    let run = folder.run_with(&args, &text, &[]);
    assert_eq!(run.code, 0, "{}", run.err);
    let again = folder.run_with(&args, &run.out, &[]);
    assert_eq!((again.code, again.out), (0, run.out));
}

#[test]
fn a_stranger_gets_nothing_unless_he_is_named() {
    let folder = folder();
    folder.write(
        "claims.json",
        &claims("repo:evil-corp/octo-repo:ref:refs/heads/main"),
    );
    let before = folder.read("trust.json");
    let run = folder.run(&["fix", "trust.json", "claims.json", "--apply"]);
    assert_eq!(run.code, 1);
    assert!(
        run.out
            .contains("No repair, on purpose: the token is of the owner `evil-corp`")
    );
    assert!(run.err.contains("--owner"), "{}", run.err);
    assert_eq!(folder.read("trust.json"), before);
    let args = ["fix", "trust.json", "claims.json", "--exit-zero"];
    assert_eq!(folder.run(&args).code, 0);
    let run = folder.run(&["fix", "trust.json", "claims.json", "--owner", "evil-corp"]);
    assert_eq!(run.code, 0);
}

#[test]
fn every_outcome_has_its_exit_code() {
    let folder = folder();
    folder.write("address.json", &policy(r#"{"StringLike": {"token.actions.githubusercontent.com:sub": "repo:octo-org@*"}, "IpAddress": {"aws:SourceIp": "203.0.113.0/24"}}"#));
    folder.write("broken.json", "{");
    for (args, code) in [
        (&["fix", "trust.json", "claims.json"][..], 0),
        (
            &["fix", "trust.json", "claims.json", "--provider", "none"],
            1,
        ),
        (&["fix", "broken.json", "claims.json"], 2),
        (&["fix", "trust.json"], 2),
        (&["fix", "trust.json", "claims.json", "--pick", "2"], 2),
        (
            &["fix", "trust.json", "claims.json", "--apply", "--pick", "0"],
            2,
        ),
        (&["fix", "address.json", "claims.json"], 3),
    ] {
        let run = folder.run(args);
        assert_eq!(run.code, code, "{args:?} {} {}", run.out, run.err);
    }
}

const TERRAFORM: &str = r#"# kept
resource "aws_iam_role" "deploy" {
  assume_role_policy = data.aws_iam_policy_document.trust.json
}
data "aws_iam_policy_document" "trust" {
  statement {
    actions = ["sts:AssumeRoleWithWebIdentity"]
    principals {
      type        = "Federated"
      identifiers = ["arn:aws:iam::111122223333:oidc-provider/token.actions.githubusercontent.com"]
    }
    condition {
      test     = "StringEquals"
      variable = "token.actions.githubusercontent.com:sub"
      values   = ["repo:octo-org/octo-repo:ref:refs/heads/main"] # main only
    }
  }
}
"#;

const CLOUDFORMATION: &str = "# kept
Resources:
  Deploy:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument:
        Version: '2012-10-17'
        Statement:
          - Effect: Allow
            Action: sts:AssumeRoleWithWebIdentity
            Principal:
              Federated: arn:aws:iam::111122223333:oidc-provider/token.actions.githubusercontent.com
            Condition:
              StringEquals:
                token.actions.githubusercontent.com:sub:
                  - repo:octo-org/octo-repo:ref:refs/heads/main # main only
";

#[test]
fn a_policy_is_repaired_where_it_stands() {
    let folder = folder();
    let get_role = format!(
        r#"{{"Role": {{"RoleName": "deploy", "AssumeRolePolicyDocument": {}}}}}"#,
        policy(&subject_is("repo:octo-org/octo-repo:ref:refs/heads/main"))
    );
    for (name, text) in [
        ("main.tf", TERRAFORM),
        ("template.yaml", CLOUDFORMATION),
        ("role.json", &get_role),
    ] {
        folder.write(name, text);
        let run = folder.run(&["fix", name, "claims.json", "--apply"]);
        assert_eq!(run.code, 0, "{name} {} {}", run.out, run.err);
        let run = folder.run(&["check", name, "claims.json"]);
        assert_eq!(run.code, 0, "{}", folder.read(name));
        let after = folder.read(name);
        for line in text
            .lines()
            .filter(|line| !line.contains(":sub") && !line.contains("refs/heads"))
        {
            assert!(after.contains(line), "{line} is gone: {after}");
        }
        assert_eq!(after.contains("# main only"), text.contains("# main only"));
    }
}

#[test]
fn a_policy_inside_a_string_is_shown_but_not_changed() {
    let folder = folder();
    let text = policy(&subject_is("repo:octo-org/octo-repo:ref:refs/heads/main"));
    let escaped = format!(
        r#"{{"Role": {{"RoleName": "deploy", "AssumeRolePolicyDocument": {}}}}}"#,
        serde_json::Value::from(text)
    );
    folder.write("role.json", &escaped);
    let run = folder.run(&["fix", "role.json", "claims.json"]);
    assert_eq!(run.code, 0, "{} {}", run.out, run.err);
    let run = folder.run(&["fix", "role.json", "claims.json", "--apply"]);
    assert_eq!(run.code, 2);
    assert!(
        run.err.contains("inside a string with escapes"),
        "{}",
        run.err
    );
    assert_eq!(folder.read("role.json"), escaped);
}
