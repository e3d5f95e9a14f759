//! The workflow.

use super::proof::is_pattern;
use super::{Entry, File, Setup, file};

const PATH: &str = ".github/workflows/push-image.yml";

pub(crate) fn written(setup: &Setup) -> File {
    let registry = setup.target.registry();
    let audience = if setup.audience() == "sts.amazonaws.com" {
        String::new()
    } else {
        format!(
            "          # the audience that is registered with the provider in China\n          audience: {}\n",
            setup.audience()
        )
    };
    let text = format!(
        "name: push image
on:
{on}
permissions:
  id-token: write # to ask GitHub for the OIDC token
  contents: read # for the checkout: naming one permission takes away all others
jobs:
  push:
    runs-on: ubuntu-latest
{environment}    steps:
      - uses: actions/checkout@v5
      - uses: aws-actions/configure-aws-credentials@v6
        with:
          # a role ARN, no secret: no key is stored anywhere
          role-to-assume: {role}
          aws-region: {region}
{audience}      - uses: aws-actions/amazon-ecr-login@v2
      - name: build and push
        env:
          IMAGE: {registry}/{ecr}:${{{{ github.sha }}}}
        run: |
          docker build --tag \"$IMAGE\" .
          docker push \"$IMAGE\"
",
        on = on(setup),
        environment = environment(setup),
        role = setup.role_arn(),
        region = setup.request.region,
        ecr = setup.request.ecr,
    );
    file(PATH, text)
}

/// The events that give tokens which the trust policy accepts.
fn on(setup: &Setup) -> String {
    match &setup.request.entry {
        Entry::Branch(name) => format!("  push:\n    branches: ['{}']", glob(setup, name)),
        Entry::Tag(name) => format!("  push:\n    tags: ['{}']", glob(setup, name)),
        Entry::Environment(_) => format!(
            "  push:\n    branches: ['{}']",
            setup.request.default_branch
        ),
        Entry::PullRequests => "  pull_request:".to_owned(),
    }
}

/// IAM's `*` crosses `/`, that of workflow filters does not, `**` does (GitHub, "Workflow syntax", "Filter pattern
/// cheat sheet").
fn glob(setup: &Setup, name: &str) -> String {
    if is_pattern(&setup.request.entry) {
        name.replace('*', "**")
    } else {
        name.to_owned()
    }
}

fn environment(setup: &Setup) -> String {
    match &setup.request.entry {
        Entry::Environment(name) => format!(
            "    # the subject names the environment instead of the branch: the environment's rules say who may deploy\n    environment: '{name}'\n"
        ),
        _ => String::new(),
    }
}
