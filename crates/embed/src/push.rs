//! What the role's session may do. All meaning is that of `rolecall_core::push`.

use rolecall_core::push::{PushReport, Question, RepositoryArn, judge};
use rolecall_core::report::{CauseId, ErrorReport};
use rolecall_core::sts::RoleArn;
use rolecall_formats::{PushTexts, Text, with_policies};
use serde::Deserialize;
use serde_json::{Map, Value};

use crate::answer::{answer, read};

/// The question: `Push` in `full.d.ts`.
#[derive(Default, Deserialize)]
#[serde(default)]
struct Push {
    /// The ECR repository, its ARN or URI.
    repository: String,
    /// Texts with the role's policies.
    policies: Vec<String>,
    role: Option<String>,
    role_arn: Option<String>,
    session_name: Option<String>,
    context: Map<String, Value>,
    boundary: Option<String>,
    session_policies: Vec<String>,
    repository_policy: Option<String>,
    scps: Vec<String>,
    rcps: Vec<String>,
    pull: bool,
}

/// `rolecall.push/1`.
pub(crate) fn push(question: &str) -> String {
    answer(report(question))
}

fn report(question: &str) -> Result<PushReport, ErrorReport> {
    let push: Push = read(question, "the type `Push` in `full.d.ts`")?;
    let repository = repository(&push.repository)?;
    if let Some(arn) = push
        .role_arn
        .as_deref()
        .filter(|arn| RoleArn::parse(arn).is_none())
    {
        return Err(ErrorReport::plain(
            CauseId::RoleArnInvalid,
            format!("`{arn}` is no role ARN"),
            "give it as `aws iam get-role` prints it: arn:aws:iam::ACCOUNT:role/NAME",
        ));
    }
    let about = Question {
        role_arn: push.role_arn,
        session_name: push.session_name,
        context: push.context,
        pull: push.pull,
        ..Question::about(repository)
    };
    let texts = PushTexts {
        identity: named("the permissions", push.policies),
        role: push.role,
        boundary: push
            .boundary
            .map(|text| one("the permissions boundary", text)),
        session: named("the session policy", push.session_policies),
        repository_policy: push
            .repository_policy
            .map(|text| one("the repository policy", text)),
        service_control: named("the service control policy", push.scps),
        resource_control: named("the resource control policy", push.rcps),
    };
    let (question, notes) = with_policies(about, &texts).map_err(|bad| {
        let mut report = bad.report;
        for cause in &mut report.causes {
            cause.summary = format!("{}: {}", bad.text.name, cause.summary);
        }
        report
    })?;
    let mut report = judge(&question);
    report.notes.splice(0..0, notes);
    Ok(report)
}

/// The repository; a fault of it tells what is expected in its place.
fn repository(text: &str) -> Result<RepositoryArn, ErrorReport> {
    let given = Some(text.trim()).filter(|text| !text.is_empty());
    let read = given.map_or_else(
        || Err("the ECR repository that is pushed to is not named".to_owned()),
        RepositoryArn::parse,
    );
    read.map_err(|message| {
        let help = "`aws ecr describe-repositories` prints the ARN as repositoryArn";
        let mut report = ErrorReport::plain(CauseId::MalformedPolicy, message, help);
        for cause in &mut report.causes {
            cause.actual = given.map(str::to_owned);
            cause.expected = Some("arn:aws:ecr:REGION:ACCOUNT:repository/NAME".to_owned());
        }
        report
    })
}

/// Several texts of one kind are numbered.
fn named(name: &str, texts: Vec<String>) -> Vec<Text> {
    let several = texts.len() > 1;
    let numbered = texts.into_iter().zip(1..).map(|(text, number)| {
        if several {
            one(&format!("{name} {number}"), text)
        } else {
            one(name, text)
        }
    });
    numbered.collect()
}

fn one(name: &str, text: String) -> Text {
    Text {
        name: name.to_owned(),
        text,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn answer_to(question: &Value) -> Value {
        serde_json::from_str(&push(&question.to_string())).unwrap()
    }

    fn allow(action: &str) -> String {
        json!({"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": action, "Resource": "*"}]})
            .to_string()
    }

    const REPOSITORY: &str = "arn:aws:ecr:eu-west-1:111122223333:repository/octo-repo";

    #[test]
    fn every_policy_has_a_say() {
        let whole = json!({"repository": REPOSITORY, "policies": [allow("ecr:*")]});
        assert_eq!(answer_to(&whole)["decision"], "allow");
        for (name, value) in [
            ("boundary", json!(allow("s3:*"))),
            ("session_policies", json!([allow("s3:*")])),
            ("scps", json!([allow("s3:*")])),
        ] {
            let mut less = whole.clone();
            less[name] = value;
            let report = answer_to(&less);
            assert_eq!(report["decision"], "deny", "{name}");
            assert_eq!(report["stops_at"], "ecr:GetAuthorizationToken", "{name}");
        }
    }

    #[test]
    fn what_can_not_be_read_is_named() {
        for (question, start) in [
            (json!({"repository": "x", "policies": []}), "`x`"),
            (
                json!({"policies": [allow("ecr:*")]}),
                "the ECR repository that is pushed to is not named",
            ),
            (
                json!({"repository": REPOSITORY, "policies": [allow("ecr:*"), "{"]}),
                "the permissions 2: ",
            ),
            (
                json!({"repository": REPOSITORY, "policies": [], "role_arn": "arn"}),
                "`arn` is no role ARN",
            ),
            (json!({"repository": 5}), "the question can't be read: "),
        ] {
            let report = answer_to(&question);
            assert_eq!(report["schema"], "rolecall.error/1");
            let summary = report["causes"][0]["summary"].as_str().unwrap();
            assert!(summary.starts_with(start), "{summary}");
        }
    }
}
