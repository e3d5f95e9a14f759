//! The set-up of a repository that pushes images. All meaning is that of the crate `rolecall-generate`.

use rolecall_core::report::{CauseId, ErrorReport};
use rolecall_generate::{Entry, Form, Refused, Request, Setup, Subjects, Written};
use serde::Deserialize;

use crate::answer::{answer, no_question, read};

/// The question: `Generate` in `full.d.ts`. Its members are the options of `rolecall generate`.
#[derive(Default, Deserialize)]
#[serde(default)]
struct Generate {
    repo: String,
    owner_id: Option<String>,
    repo_id: Option<String>,
    subjects: Option<String>,
    branch: Option<String>,
    tag: Option<String>,
    environment: Option<String>,
    pull_requests: bool,
    default_branch: Option<String>,
    account: String,
    region: String,
    ecr: String,
    role: Option<String>,
    existing_provider: bool,
    pull: bool,
    /// `terraform`, `cloudformation`, `cli` or `files`
    r#as: Option<String>,
}

/// `rolecall.generate/1`.
pub(crate) fn generate(question: &str) -> String {
    answer(written(question))
}

fn written(question: &str) -> Result<Written, ErrorReport> {
    let asked: Generate = read(question, LIKE)?;
    let form = match asked.r#as.as_deref() {
        None | Some("terraform") => Form::Terraform,
        Some("cloudformation") => Form::CloudFormation,
        Some("cli") => Form::Commands,
        Some("files") => Form::Files,
        Some(other) => {
            return Err(no_question(
                &format!("`{other}` is no kind of set-up"),
                LIKE,
            ));
        }
    };
    let subjects = match asked.subjects.as_deref() {
        None => None,
        Some("classic") => Some(Subjects::Classic),
        Some("immutable") => Some(Subjects::Immutable),
        Some("both") => Some(Subjects::Both),
        Some(other) => {
            return Err(no_question(
                &format!("`{other}` is no form of subjects"),
                LIKE,
            ));
        }
    };
    let entry = match (
        asked.branch,
        asked.tag,
        asked.environment,
        asked.pull_requests,
    ) {
        (Some(name), None, None, false) => Entry::Branch(name),
        (None, Some(name), None, false) => Entry::Tag(name),
        (None, None, Some(name), false) => Entry::Environment(name),
        (None, None, None, true) => Entry::PullRequests,
        _ => {
            return Err(no_question(
                "one of `branch`, `tag`, `environment` and `pull_requests` says which runs get in",
                LIKE,
            ));
        }
    };
    let usual = Request::new(
        &asked.repo,
        entry,
        &asked.account,
        &asked.region,
        &asked.ecr,
    );
    let request = Request {
        ids: asked.owner_id.zip(asked.repo_id),
        subjects,
        default_branch: asked
            .default_branch
            .unwrap_or_else(|| usual.default_branch.clone()),
        role: asked.role.unwrap_or_else(|| usual.role.clone()),
        existing_provider: asked.existing_provider,
        pull: asked.pull,
        ..usual
    };
    Setup::new(request)
        .and_then(|setup| setup.written(form))
        .map_err(refused)
}

const LIKE: &str = "the type `Generate` in `full.d.ts`";

fn refused(refused: Refused) -> ErrorReport {
    ErrorReport::plain(CauseId::MalformedPolicy, refused.message, refused.help)
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    fn answer_to(question: &Value) -> Value {
        serde_json::from_str(&generate(&question.to_string())).unwrap()
    }

    fn whole() -> Value {
        json!({"repo": "octo-org/octo-repo", "owner_id": "123456", "repo_id": "456789", "branch": "main",
            "account": "111122223333", "region": "eu-west-1", "ecr": "octo-repo"})
    }

    #[test]
    fn a_set_up_is_written_in_every_form() {
        for form in ["terraform", "cloudformation", "cli", "files"] {
            let mut question = whole();
            question["as"] = json!(form);
            let report = answer_to(&question);
            assert_eq!(report["schema"], "rolecall.generate/1", "{form}: {report}");
            assert_eq!(
                report["role_arn"],
                "arn:aws:iam::111122223333:role/octo-repo-push"
            );
            let files = report["files"].as_array().unwrap();
            let last = files.last().unwrap();
            assert_eq!(last["path"], ".github/workflows/push-image.yml", "{form}");
            let proofs = report["proved"].as_array().unwrap();
            let by: Vec<&str> = proofs.iter().filter_map(|one| one["by"].as_str()).collect();
            for verb in ["check", "who", "lint", "push", "predict"] {
                assert!(by.contains(&verb), "{form}: {by:?}");
            }
        }
    }

    #[test]
    fn what_is_wrong_is_told() {
        for (member, value, start) in [
            (
                "as",
                json!("pulumi"),
                "the question can't be read: `pulumi` is no kind",
            ),
            (
                "subjects",
                json!("none"),
                "the question can't be read: `none` is no form",
            ),
            (
                "tag",
                json!("v*"),
                "the question can't be read: one of `branch`",
            ),
            (
                "repo",
                json!("octo-org"),
                "`octo-org` is not of the form OWNER/NAME",
            ),
            ("repo_id", Value::Null, "without the repository's ids"),
        ] {
            let mut question = whole();
            question[member] = value;
            let report = answer_to(&question);
            assert_eq!(report["schema"], "rolecall.error/1");
            let summary = report["causes"][0]["summary"].as_str().unwrap();
            assert!(summary.starts_with(start), "{summary}");
        }
    }
}
