//! The condition keys of the session's requests.

use serde_json::Value;

use super::Question;
use crate::context::{Context, Fact, Key};
use crate::permission::Policy;
use crate::sts::RoleArn;
use crate::token::scalar;

/// Keys that the session's requests may carry but only AWS, the organisation or the network knows. GitHub's
/// other claims do not outlive the assumption (IAM User Guide, "Available keys for AWS OIDC federation", column
/// "Available in session"). The first two are about the repository.
const UNKNOWN: &[&str] = &[
    "aws:resourcetag/*",
    "ecr:resourcetag/*",
    "aws:currenttime",
    "aws:epochtime",
    "aws:federatedprovider",
    "aws:multifactorauthage",
    "aws:multifactorauthpresent",
    "aws:principalarn",
    "aws:principalorgid",
    "aws:principalorgpaths",
    "aws:principaltag/*",
    "aws:resourceaccount",
    "aws:resourceorgid",
    "aws:resourceorgpaths",
    "aws:sourceip",
    "aws:sourcevpc",
    "aws:sourcevpcarn",
    "aws:sourcevpce",
    "aws:tokenissuetime",
    "aws:useragent",
    "aws:userid",
    "aws:vpceaccount",
    "aws:vpceorgid",
    "aws:vpceorgpaths",
    "aws:vpcsourceip",
    "token.actions.githubusercontent.com:aud",
    "token.actions.githubusercontent.com:sub",
];

/// As [`UNKNOWN`], but for what is about the repository.
const UNKNOWN_AT_LOGIN: &[&str] = UNKNOWN.split_at(2).1;

/// The keys of a request to log in.
pub(super) fn of_login(question: &Question) -> Context {
    let mut context = Context::with_unknown(UNKNOWN_AT_LOGIN);
    fill(&mut context, question);
    context
}

/// The keys of a request about the repository.
pub(super) fn of_repository(question: &Question) -> Context {
    let mut context = Context::with_unknown(UNKNOWN);
    context.set(
        "aws:ResourceAccount",
        Fact::one(&question.repository.account),
    );
    fill(&mut context, question);
    context
}

/// IAM User Guide, "AWS global condition context keys".
fn fill(context: &mut Context, question: &Question) {
    for (_, given) in question.policies() {
        leave_open(context, &given.policy);
    }
    let one = |text: &str| Some(Fact::one(text));
    let role = question.role_arn.as_deref().and_then(RoleArn::parse);
    let provider = role.map(|role| {
        format!(
            "arn:{}:iam::{}:oidc-provider/token.actions.githubusercontent.com",
            role.partition, role.account
        )
    });
    for (key, fact) in [
        ("aws:SecureTransport", one("true")),
        ("aws:ViaAWSService", one("false")),
        ("aws:PrincipalIsAWSService", one("false")),
        ("aws:PrincipalType", one("AssumedRole")),
        ("aws:PrincipalAccount", one(question.account())),
        ("aws:RequestedRegion", one(&question.repository.region)),
        (
            "aws:PrincipalArn",
            question.role_arn.as_deref().and_then(one),
        ),
        ("aws:FederatedProvider", provider.as_deref().and_then(one)),
    ] {
        if let Some(fact) = fact {
            context.set(key, fact);
        }
    }
    for (key, value) in &question.context {
        context.set(key, told(value));
    }
}

/// Subject and audience outlive the assumption for every provider, also for one of another host.
fn leave_open(context: &mut Context, policy: &Policy) {
    let tests = policy
        .statements
        .iter()
        .flat_map(|statement| &statement.tests);
    for test in tests {
        let key = test.condition.key.as_str();
        let is_providers = |(prefix, suffix): (&str, &str)| {
            prefix.contains('.') && (suffix == "sub" || suffix == "aud")
        };
        if key.rsplit_once(':').is_some_and(is_providers) {
            context.insert(Key::new(key), Fact::Unknown);
        }
    }
}

fn told(value: &Value) -> Fact {
    match value {
        Value::Null => Fact::Absent,
        Value::Array(items) => {
            let texts: Vec<String> = items.iter().filter_map(scalar).collect();
            Fact::many(texts.iter().map(String::as_str))
        }
        value => scalar(value).map_or(Fact::Absent, |text| Fact::one(&text)),
    }
}
