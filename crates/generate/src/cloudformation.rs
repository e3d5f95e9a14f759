//! A CloudFormation template (AWS CloudFormation Template Reference, "AWS::IAM::OIDCProvider", "AWS::IAM::Role").

use std::fmt::Write as _;

use super::{File, ISSUER, Setup, file, trust};

pub(crate) fn files(setup: &Setup) -> Vec<File> {
    vec![file("push.yaml", text(setup))]
}

fn text(setup: &Setup) -> String {
    let mut out = format!(
        "AWSTemplateFormatVersion: '2010-09-09'
Description: lets {} push images to {}
Resources:
{}  PushRole:
    Type: AWS::IAM::Role
    Properties:
      RoleName: '{}'
      AssumeRolePolicyDocument:
        Version: '2012-10-17'
        Statement:
          - Sid: GitHubActions
            Effect: Allow
            Principal:
              Federated: {}
            Action: sts:AssumeRoleWithWebIdentity
            Condition:
",
        setup.request.repository,
        setup.target,
        provider(setup),
        setup.request.role,
        federated(setup),
    );
    out.push_str(&conditions(setup));
    out.push_str(
        "      Policies:
        - PolicyName: push
          PolicyDocument:
            Version: '2012-10-17'
            Statement:
",
    );
    for grant in setup.grants().statement {
        let why = if grant.sid == Some("Login") {
            "              # the login has no resource: on anything but * it is denied\n"
        } else {
            ""
        };
        let actions: Vec<String> = grant
            .action
            .iter()
            .map(|action| format!("                  - {action}\n"))
            .collect();
        // Writing to a String cannot fail.
        let _ = write!(
            out,
            "{why}              - Sid: {}\n                Effect: Allow\n                Action:\n{}                Resource: '{}'\n",
            grant.sid.unwrap_or_default(),
            actions.concat(),
            grant.resource.unwrap_or_default()
        );
    }
    out.push_str("Outputs:\n  RoleArn:\n    Value: !GetAtt PushRole.Arn\n");
    out
}

fn provider(setup: &Setup) -> String {
    if setup.request.existing_provider {
        return String::new();
    }
    format!(
        "  # one for the whole account; the thumbprint plays no part for GitHub
  GitHubProvider:
    Type: AWS::IAM::OIDCProvider
    Properties:
      Url: https://{ISSUER}
      ClientIdList: [{}]
",
        setup.audience()
    )
}

/// `Ref` of the provider is its ARN.
fn federated(setup: &Setup) -> String {
    if setup.request.existing_provider {
        setup.provider_arn()
    } else {
        "!Ref GitHubProvider".to_owned()
    }
}

/// The tests, each operator once.
fn conditions(setup: &Setup) -> String {
    let tests = trust::tests(setup);
    let mut out = String::new();
    for operator in ["StringEquals", "StringLike"] {
        let mut of_operator = tests.iter().filter(|(own, ..)| *own == operator).peekable();
        if of_operator.peek().is_none() {
            continue;
        }
        let _ = writeln!(out, "              {operator}:");
        for (_, key, values) in of_operator {
            let values: Vec<String> = values.iter().map(|value| format!("'{value}'")).collect();
            let _ = write!(
                out,
                "                # {}\n                {key}: [{}]\n",
                setup.why(key),
                values.join(", ")
            );
        }
    }
    out
}
