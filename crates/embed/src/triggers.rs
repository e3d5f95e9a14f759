//! The usual triggers of a repository, each with what the policy says to its token.
//!
//! The repository is that of the claims, else the one that the policy names. Ids that neither tells are unknown
//! in every token of it: what hangs on them is not decided.

use rolecall_core::case::Case;
use rolecall_core::policy::Policy;
use rolecall_core::report::{Decision, ErrorReport};
use rolecall_core::scenario::{self, Form, Repository, Scenario};
use serde::Serialize;
use serde_json::{Map, Value};

use crate::answer::answer;
use crate::judge::case;
use crate::proofs::More;
use crate::texts;

/// The answer.
#[derive(Serialize)]
struct Triggers {
    /// `rolecall.triggers/1`
    schema: &'static str,
    /// One each; none where no repository is known, or its subjects are customised.
    triggers: Vec<Trigger>,
}

#[derive(Serialize)]
struct Trigger {
    title: String,
    claims: Map<String, Value>,
    /// Claims are missing that the token would have.
    partial: bool,
    decision: Decision,
}

/// `rolecall.triggers/1`
pub(crate) fn triggers(question: &str, clock: i64) -> String {
    answer(report(question, clock))
}

fn report(question: &str, clock: i64) -> Result<Triggers, ErrorReport> {
    let more = More::read(question)?;
    let case = case(question, clock)?;
    let role = more.role.as_deref();
    let given = texts::policies(&case, role)?;
    let claims = case.claims.clone().unwrap_or_default();
    let named = given
        .first()
        .and_then(|given| Known::new(&claims, &given.policy));
    let triggers = named.map_or_else(Vec::new, |known| known.triggers());
    let judged = triggers.into_iter().map(|(title, claims, partial)| {
        let case = Case {
            claims: Some(claims.clone()),
            partial,
            // Whether the token at hand is late says nothing of others: each is judged at its issue.
            now: None,
            at_issue: true,
            token: None,
            ..case.clone()
        };
        let decision = texts::verdict(&case, role)?.decision;
        Ok(Trigger {
            title,
            claims,
            partial,
            decision,
        })
    });
    Ok(Triggers {
        schema: "rolecall.triggers/1",
        triggers: judged.collect::<Result<_, ErrorReport>>()?,
    })
}

/// What is known of the repository.
struct Known<'c> {
    repository: Repository,
    form: Form,
    has_ids: bool,
    /// The claims at hand: what does not hang on the trigger stays.
    claims: &'c Map<String, Value>,
}

/// The claims that tell who the repository is.
const IDS: [&str; 2] = ["repository_id", "repository_owner_id"];

impl<'c> Known<'c> {
    fn new(claims: &'c Map<String, Value>, policy: &Policy) -> Option<Self> {
        let text = |name: &str| {
            let value = claims.get(name).and_then(Value::as_str);
            value.filter(|value| !value.is_empty() && !value.contains(['*', '?']))
        };
        let of_policy = Repository::of_policy(policy);
        let Some(sub) = text("sub") else {
            return Self::of_policy(of_policy?, policy, claims);
        };
        let (in_sub, tail) = sub.strip_prefix("repo:")?.split_once(':')?;
        if tail != "pull_request" && tail.split(':').count() != 2 {
            return None;
        }
        let (owner, name) = in_sub.split_once('/')?;
        let halves = |text: &str| -> (String, Option<String>) {
            match text.split_once('@') {
                Some((name, id)) => (name.to_owned(), Some(id.to_owned())),
                None => (text.to_owned(), None),
            }
        };
        let ((owner, owner_id), (name, id)) = (halves(owner), halves(name));
        let form = if id.is_some() {
            Form::Immutable
        } else {
            Form::Classic
        };
        let same = of_policy.filter(|known| known.owner == owner && known.name == name);
        let names_ids = same.is_some() && policy_has_ids(policy);
        let mut repository = same.unwrap_or_else(|| Repository::new(owner, name));
        let ids = text("repository_owner_id")
            .map(str::to_owned)
            .or(owner_id)
            .zip(text("repository_id").map(str::to_owned).or(id));
        let has_ids = ids.is_some() || names_ids;
        if let Some((owner_id, id)) = ids {
            (repository.owner_id, repository.id) = (owner_id, id);
        }
        for (own, claim) in [
            (&mut repository.issuer, "iss"),
            (&mut repository.audience, "aud"),
            (&mut repository.environment, "environment"),
        ] {
            if let Some(value) = text(claim) {
                value.clone_into(own);
            }
        }
        let file = text("workflow_ref").and_then(|path| path.split('@').next()?.rsplit('/').next());
        if let Some(file) = file {
            file.clone_into(&mut repository.workflow_file);
        }
        Some(Self {
            repository,
            form,
            has_ids,
            claims,
        })
    }

    fn of_policy(
        repository: Repository,
        policy: &Policy,
        claims: &'c Map<String, Value>,
    ) -> Option<Self> {
        let has_ids = policy_has_ids(policy);
        Some(Self {
            form: if has_ids {
                Form::Immutable
            } else {
                Form::Classic
            },
            repository,
            has_ids,
            claims,
        })
    }

    /// Title, claims, and whether some are missing.
    fn triggers(&self) -> Vec<(String, Map<String, Value>, bool)> {
        let mut all: Vec<_> = scenario::ALL
            .iter()
            .map(|run| {
                (
                    capital(run.title),
                    self.claims_of(run, self.form),
                    self.is_partial(run),
                )
            })
            .collect();
        let (title, other) = match self.form {
            Form::Classic => ("The same push, subject with ids", Form::Immutable),
            Form::Immutable => ("The same push, subject without ids", Form::Classic),
        };
        if let (Some(push), true) = (scenario::find("push"), self.has_ids) {
            let claims = self.claims_of(push, other);
            all.insert(1, (title.to_owned(), claims, self.is_partial(push)));
        }
        all
    }

    /// Another owner's ids are made up, and nobody takes them for the real ones.
    fn is_partial(&self, run: &Scenario) -> bool {
        !self.has_ids && run.id != "other-owner"
    }

    fn claims_of(&self, run: &Scenario, form: Form) -> Map<String, Value> {
        let mut claims = run.claims(&self.repository, form);
        if self.is_partial(run) {
            claims.retain(|name, _| !IDS.contains(&name.as_str()));
        }
        // What a trigger does not change: the visibility, the enterprise, the actor.
        let is_foreign = matches!(run.id, "other-owner" | "other-repository");
        for (name, value) in self.claims {
            let stays = matches!(
                name.as_str(),
                "repository_visibility" | "runner_environment" | "actor" | "actor_id" | "workflow"
            );
            if stays
                || !claims.contains_key(name)
                    && name != "environment"
                    && !IDS.contains(&name.as_str())
                    && !is_foreign
            {
                claims.insert(name.clone(), value.clone());
            }
        }
        claims
    }
}

/// Whether the policy's subjects tell the ids of the repository that it names.
fn policy_has_ids(policy: &Policy) -> bool {
    Repository::of_policy(policy).is_some_and(|known| {
        let usual = Repository::new(known.owner.clone(), known.name.clone());
        known.id != usual.id && known.owner_id != usual.owner_id
    })
}

fn capital(text: &str) -> String {
    let mut letters = text.chars();
    let first = letters.next().map(|c| c.to_ascii_uppercase().to_string());
    first.unwrap_or_default() + letters.as_str()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn policy(sub: &str) -> Value {
        json!({"Version": "2012-10-17", "Statement": [{"Effect": "Allow",
            "Principal": {"Federated": "arn:aws:iam::111122223333:oidc-provider/token.actions.githubusercontent.com"},
            "Action": "sts:AssumeRoleWithWebIdentity",
            "Condition": {"StringLike": {
                "token.actions.githubusercontent.com:aud": "sts.amazonaws.com",
                "token.actions.githubusercontent.com:sub": sub}}}]})
    }

    /// The decision of every trigger.
    fn decisions(question: &Value) -> Vec<(String, String)> {
        let report: Value = serde_json::from_str(&triggers(&question.to_string(), 0)).unwrap();
        assert_eq!(report["schema"], "rolecall.triggers/1", "{report}");
        let all = report["triggers"].as_array().unwrap();
        let text = |value: &Value| value.as_str().unwrap().to_owned();
        all.iter()
            .map(|one| (text(&one["title"]), text(&one["decision"])))
            .collect()
    }

    fn allowed(question: &Value) -> Vec<String> {
        let all = decisions(question).into_iter();
        all.filter(|(_, decision)| decision == "allow")
            .map(|(title, _)| title)
            .collect()
    }

    #[test]
    fn the_repository_of_the_claims_runs() {
        let question = json!({"policy": policy("repo:octo-org@7/octo-repo@8:ref:refs/heads/main"),
            "claims": {"sub": "repo:octo-org@7/octo-repo@8:pull_request"}});
        assert_eq!(
            allowed(&question),
            [
                "Push to the default branch",
                "Job of another repository's reusable workflow",
                "Schedule"
            ]
        );
        let all = decisions(&question);
        assert!(all.contains(&(
            "The same push, subject without ids".to_owned(),
            "deny".to_owned()
        )));
    }

    #[test]
    fn without_claims_the_policy_names_the_repository() {
        let question = json!({"policy": policy("repo:octo-org/octo-repo:pull_request"), "partial": true, "claims": {}});
        assert_eq!(allowed(&question), ["Pull request"]);
        let nobody = json!({"policy": policy("repo:octo-org/*:pull_request"), "partial": true, "claims": {}});
        assert_eq!(decisions(&nobody), []);
    }

    #[test]
    fn ids_that_nobody_told_are_not_made_up() {
        let mut policy = policy("repo:octo-org/octo-repo:*");
        policy["Statement"][0]["Condition"]["StringEquals"] =
            json!({"token.actions.githubusercontent.com:repository_id": "8"});
        let question =
            json!({"policy": policy, "claims": {"sub": "repo:octo-org/octo-repo:pull_request"}});
        let all = decisions(&question);
        assert_eq!(
            all[0],
            (
                "Push to the default branch".to_owned(),
                "undecided".to_owned()
            )
        );
        assert!(
            all.iter().all(|(title, _)| !title.ends_with("with ids")),
            "{all:?}"
        );
    }

    #[test]
    fn customised_subjects_and_patterns_have_no_triggers() {
        for sub in [
            "repository_owner:octo-org",
            "repo:octo-org/octo-repo:ref:refs/heads/main:actor:octocat",
        ] {
            let question =
                json!({"policy": policy("repo:octo-org/octo-repo:*"), "claims": {"sub": sub}});
            assert_eq!(decisions(&question), [], "{sub}");
        }
    }
}
