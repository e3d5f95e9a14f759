//! What is said where nothing can be read, and where it points.

#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test that can't go on has failed"
)]

use rolecall_core::report::ErrorReport;
use rolecall_formats::{Format, read};

/// `(text, id, line:column, message, the beginning of the help)`
const REFUSED: &[(&str, &str, &str, &str, &str)] = &[
    (
        "",
        "malformed_policy",
        "1:1",
        "the text is empty",
        "give a trust policy as JSON",
    ),
    (
        "Here is the policy\n{\"Statement\": []}",
        "malformed_policy",
        "1:1",
        "`Here is the policy` is no beginning of a policy or of a file that could hold one",
        "give only the JSON document; one seems to begin on line 2",
    ),
    (
        "# the role\n{\n\"Statement\": []}",
        "malformed_policy",
        "2:1",
        "`{` is no beginning of a policy or of a file that could hold one",
        "give only the JSON document; one seems to begin on line 2",
    ),
    (
        "\neyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJ4In0.c2ln\n",
        "malformed_policy",
        "2:1",
        "this is a token, not a policy",
        "give it in the token's place",
    ),
    (
        "{\"sub\": \"x\", \"aud\": \"y\"}",
        "malformed_policy",
        "1:1",
        "these are a token's claims, or a token, not a policy",
        "give them in the token's place",
    ),
    (
        "Error: Could not assume role with OIDC: Not authorized to perform sts:AssumeRoleWithWebIdentity",
        "malformed_policy",
        "1:1",
        "this is an error message, not a policy",
        "give the trust policy of the role",
    ),
    (
        "on: push\njobs:\n  a:\n    runs-on: x\n",
        "malformed_policy",
        "1:1",
        "no trust policy is in this text; read as YAML, it has the keys on, jobs",
        "this is a workflow",
    ),
    (
        "my policy:\n\n{\"Statement\": []}",
        "malformed_policy",
        "3:18",
        "the YAML can't be read: simple key expected",
        "give only the JSON document; one seems to begin on line 3",
    ),
    (
        "name: x\non: push\n",
        "malformed_policy",
        "1:1",
        "no trust policy is in this text; read as YAML, it has the keys name, on",
        "give a trust policy as JSON",
    ),
    (
        "{\"a\": 1,}",
        "malformed_json",
        "1:8",
        "a trailing comma is not allowed",
        "repair the JSON",
    ),
    (
        "\u{feff}{\"a\": 1,}",
        "malformed_json",
        "1:8",
        "a trailing comma is not allowed",
        "repair the JSON",
    ),
    (
        "a: [1\nb: 2\n",
        "malformed_policy",
        "2:2",
        "the YAML can't be read: illegal placement of ':' indicator",
        "repair the YAML",
    ),
    (
        "Resources:\n  A:\n    Type: AWS::S3::Bucket\n  B:\n    Type: AWS::S3::Bucket\n",
        "malformed_policy",
        "2:3",
        "no role with a trust policy is in this template: found AWS::S3::Bucket (2)",
        "give the template that has the AWS::IAM::Role",
    ),
    (
        "{\"Roles\": []}",
        "malformed_policy",
        "1:1",
        "the list of roles is empty",
        "check the account",
    ),
    (
        "{\"Roles\": [{\"RoleName\": \"a\"}]}",
        "malformed_policy",
        "1:1",
        "the roles come without their trust policies",
        "leave out --query",
    ),
    (
        "{\"format_version\": \"1.0\", \"values\": {\"root_module\": {}}}",
        "malformed_policy",
        "1:1",
        "no aws_iam_role is in this Terraform output",
        "give the state or the plan",
    ),
    (
        "module \"oidc\" {\n  source = \"x\"\n}\n",
        "malformed_policy",
        "1:1",
        "no aws_iam_role with a trust policy is in this Terraform configuration: found module \"oidc\"",
        "give `terraform show -json`",
    ),
    (
        "resource \"a\" \"b\" {\n  x = {\n",
        "malformed_policy",
        "2:7",
        "the Terraform configuration can't be read: this `{` is not closed",
        "`terraform validate`",
    ),
    (
        "resource \"a\" \"b\" {\n  x = [1 2]\n}\nlocals {\n  a = \"b\" c\n",
        "malformed_policy",
        "4:8",
        "the Terraform configuration can't be read: this `{` is not closed",
        "`terraform validate`",
    ),
    (
        "a = \"b\nc\"\n",
        "malformed_policy",
        "1:5",
        "the Terraform configuration can't be read: this `\"` is not closed",
        "`terraform validate`",
    ),
    (
        "a = <<EOF\nb\n",
        "malformed_policy",
        "1:5",
        "the Terraform configuration can't be read: the heredoc is not closed: no line has only `EOF`",
        "`terraform validate`",
    ),
    (
        "%7B%2",
        "malformed_policy",
        "1:1",
        "`%2` is no percent-encoding: two hexadecimal digits must follow `%`",
        "copy the whole",
    ),
    (
        "{\"TemplateBody\": \"a: [\"}",
        "malformed_policy",
        "1:18",
        "the template in this string can't be read: line 1: the YAML can't be read: while parsing a node, did not find expected node content",
        "repair the YAML",
    ),
];

#[test]
fn every_refusal_says_what_where_and_what_to_do() {
    for (text, id, place, message, help) in REFUSED {
        let report = read(text).expect_err(text);
        let cause = &report.causes[0];
        assert_eq!(cause.summary, *message, "{text}");
        assert_eq!(cause.id.as_str(), *id, "{text}");
        assert_eq!(self::place(&report), *place, "{text}");
        assert!(cause.help.starts_with(help), "{text}: {}", cause.help);
    }
}

fn place(report: &ErrorReport) -> String {
    let start = report.causes[0].location.as_ref().unwrap().start;
    format!("{}:{}", start.line, start.column)
}

#[test]
fn json_that_is_nothing_else_is_a_policy_with_faults() {
    for (text, message) in [
        ("{\"Statment\": []}", "unknown element `Statment`"),
        ("{}", "Statement is missing"),
        ("[]", "the policy must be an object, found a list"),
        ("\"abc\"", "expected a value, found `abc`"),
        (
            "{\"Version\": \"2012-10-18\", \"Statement\": []}",
            "Version must be `2012-10-17` or `2008-10-17`, found `2012-10-18`",
        ),
    ] {
        let document = read(text).unwrap();
        assert_eq!(document.format, Format::Policy, "{text}");
        let unreadable = document
            .pick(None, None)
            .unwrap()
            .policy
            .clone()
            .unwrap_err();
        assert_eq!(unreadable.faults[0].message, message, "{text}");
    }
}

#[test]
fn a_mark_at_the_start_is_no_part_of_the_text() {
    let policy = "\u{feff}{\"Version\": \"2012-10-17\", \"Statement\": {\"Effect\": \"Allow\", \"Principal\": {\"Federated\": \"x\"}, \"Action\": \"sts:AssumeRoleWithWebIdentity\"}}";
    let document = read(policy).unwrap();
    let role = document.pick(None, None).unwrap();
    let version = role.policy.as_ref().unwrap().version.clone().unwrap();
    assert_eq!(role.source.position(version.span.start).column, 13);
}
