//! The usual triggers of a repository, as claims: what the current policy says of each at a glance.
//!
//! They are made of the claims at hand, by GitHub's rules for `sub` ("OpenID Connect reference", "Example
//! subject claims"): an environment comes before everything else, a pull request has no branch.

use serde_json::{Value, json};
use yew::prelude::*;

use crate::analysis::Cell;
use crate::report::Claims;
use crate::send::{Message, Send};
use crate::words::State;

/// A trigger.
#[derive(Clone, PartialEq)]
pub(crate) struct Scenario {
    pub(crate) name: &'static str,
    pub(crate) claims: Claims,
}

/// The repository that claims are about.
#[derive(Clone)]
struct Repository {
    owner: String,
    name: String,
    owner_id: String,
    id: String,
}

/// The triggers of the repository of these claims; none where they name no repository.
pub(crate) fn of(claims: &Claims) -> Vec<Scenario> {
    let Some(own) = Repository::of(claims) else {
        return Vec::new();
    };
    let ids = is_immutable(claims);
    let other = Repository {
        name: "other-repo".to_owned(),
        id: "456790".to_owned(),
        ..own.clone()
    };
    let stranger = Repository {
        owner: format!("{}-fan", own.owner),
        owner_id: "987654".to_owned(),
        id: "987655".to_owned(),
        ..own.clone()
    };
    let main = Trigger::branch("main");
    let rows = [
        ("Push to main", &own, main, ids),
        ("Another branch", &own, Trigger::branch("feature"), ids),
        ("Tag", &own, Trigger::tag("v1.0.0"), ids),
        ("Pull request", &own, Trigger::PULL_REQUEST, ids),
        ("Environment", &own, Trigger::environment("production"), ids),
        ("Merge queue", &own, Trigger::MERGE_QUEUE, ids),
        (
            if ids {
                "Subject without ids"
            } else {
                "Subject with ids"
            },
            &own,
            main,
            !ids,
        ),
        ("Other repository", &other, main, ids),
        ("Another owner", &stranger, main, ids),
    ];
    rows.into_iter()
        .map(|(name, repository, trigger, ids)| Scenario {
            name,
            claims: trigger.claims(claims, repository, ids),
        })
        .collect()
}

/// Whether the subject carries ids.
fn is_immutable(claims: &Claims) -> bool {
    let sub = text(claims, "sub");
    let repository = sub.split(':').nth(1).unwrap_or_default();
    sub.starts_with("repo:") && repository.contains('@')
}

fn text<'c>(claims: &'c Claims, name: &str) -> &'c str {
    claims.get(name).and_then(Value::as_str).unwrap_or_default()
}

impl Repository {
    fn of(claims: &Claims) -> Option<Self> {
        let sub = text(claims, "sub")
            .strip_prefix("repo:")
            .unwrap_or_default();
        let in_sub = sub.split(':').next().unwrap_or_default();
        let full = match text(claims, "repository") {
            "" => in_sub,
            name => name,
        };
        let (owner, name) = full.split_once('/')?;
        let (of_owner, of_name) = in_sub.split_once('/').unwrap_or_default();
        let id = |claim: &str, part: &str, made_up: &str| match text(claims, claim) {
            "" => part
                .split_once('@')
                .map_or(made_up, |(_, id)| id)
                .to_owned(),
            id => id.to_owned(),
        };
        let before_id = |name: &str| name.split('@').next().unwrap_or_default().to_owned();
        Some(Self {
            owner: before_id(owner),
            name: before_id(name),
            owner_id: id("repository_owner_id", of_owner, "123456"),
            id: id("repository_id", of_name, "456789"),
        })
    }

    fn full(&self) -> String {
        format!("{}/{}", self.owner, self.name)
    }

    fn in_sub(&self, ids: bool) -> String {
        if ids {
            format!("{}@{}/{}@{}", self.owner, self.owner_id, self.name, self.id)
        } else {
            self.full()
        }
    }
}

#[derive(Clone, Copy)]
struct Trigger {
    event: &'static str,
    kind: &'static str,
    /// The branch or tag.
    name: &'static str,
    environment: Option<&'static str>,
}

impl Trigger {
    const PULL_REQUEST: Self = Self {
        event: "pull_request",
        kind: "pull",
        name: "7/merge",
        environment: None,
    };
    const MERGE_QUEUE: Self = Self {
        event: "merge_group",
        kind: "heads",
        name: "gh-readonly-queue/main/pr-7-b8962f4eaff8e14fc646cb22c596c81e67d71362",
        environment: None,
    };

    const fn branch(name: &'static str) -> Self {
        Self {
            event: "push",
            kind: "heads",
            name,
            environment: None,
        }
    }

    const fn tag(name: &'static str) -> Self {
        Self {
            kind: "tags",
            ..Self::branch(name)
        }
    }

    const fn environment(name: &'static str) -> Self {
        Self {
            environment: Some(name),
            ..Self::branch("main")
        }
    }

    fn claims(self, base: &Claims, repository: &Repository, ids: bool) -> Claims {
        let git_ref = format!("refs/{}/{}", self.kind, self.name);
        let tail = match (self.environment, self.event) {
            // A colon in the name is written %3A; these names have none.
            (Some(name), _) => format!("environment:{name}"),
            (None, "pull_request") => "pull_request".to_owned(),
            _ => format!("ref:{git_ref}"),
        };
        let is_pull = self.event == "pull_request";
        let file = workflow_file(base);
        let workflow = format!("{}/{file}@{git_ref}", repository.full());
        let mut claims = base.clone();
        let mut put = |name: &str, value: Value| {
            claims.insert(name.to_owned(), value);
        };
        put(
            "sub",
            json!(format!("repo:{}:{tail}", repository.in_sub(ids))),
        );
        put("repository", json!(repository.full()));
        put("repository_owner", json!(repository.owner));
        put("repository_id", json!(repository.id));
        put("repository_owner_id", json!(repository.owner_id));
        put("ref", json!(git_ref));
        put(
            "ref_type",
            json!(if self.kind == "tags" { "tag" } else { "branch" }),
        );
        put("event_name", json!(self.event));
        put("head_ref", json!(if is_pull { "feature" } else { "" }));
        put("base_ref", json!(if is_pull { "main" } else { "" }));
        put("workflow_ref", json!(workflow));
        put("job_workflow_ref", json!(workflow));
        match self.environment {
            Some(name) => put("environment", json!(name)),
            None => {
                claims.remove("environment");
            }
        }
        claims
    }
}

/// `.github/workflows/deploy.yml`
fn workflow_file(claims: &Claims) -> &str {
    let file = text(claims, "workflow_ref")
        .split('@')
        .next()
        .unwrap_or_default();
    let file = file.splitn(3, '/').nth(2).unwrap_or_default();
    if file.is_empty() {
        ".github/workflows/deploy.yml"
    } else {
        file
    }
}

/// One cell a trigger: what would become of it, and a press that puts its claims in the token's place.
pub(crate) fn strip(cells: &[Cell], current: Option<&Claims>, send: &Send) -> Html {
    let cell = |cell: &Cell| {
        let claims = cell.scenario.claims.clone();
        let state = State::of_decision(&cell.decision);
        let pressed = current == Some(&claims);
        html! {
            <li>
                <button type="button" aria-pressed={pressed.to_string()} class={format!("c-{}", state.shape)}
                    onclick={send.click(Box::new(move || Message::WhatIf(Some(claims.clone()))))}>
                    { state.icon() }<b>{ cell.scenario.name }</b><span>{ state.word }</span>
                </button>
            </li>
        }
    };
    html! { <ul class="strip">{ for cells.iter().map(cell) }</ul> }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn claims(sub: &str) -> Claims {
        let Value::Object(claims) =
            json!({"sub": sub, "aud": "sts.amazonaws.com", "environment": "x"})
        else {
            return Claims::new();
        };
        claims
    }

    #[test]
    fn every_trigger_has_its_subject() {
        let subs = |sub: &str| -> Vec<String> {
            let scenarios = of(&claims(sub));
            scenarios
                .iter()
                .map(|one| text(&one.claims, "sub").to_owned())
                .collect()
        };
        let classic = subs("repo:octo-org/octo-repo:ref:refs/heads/dev");
        assert_eq!(classic[0], "repo:octo-org/octo-repo:ref:refs/heads/main");
        assert_eq!(classic[3], "repo:octo-org/octo-repo:pull_request");
        assert_eq!(classic[4], "repo:octo-org/octo-repo:environment:production");
        assert_eq!(
            classic[6],
            "repo:octo-org@123456/octo-repo@456789:ref:refs/heads/main"
        );
        assert_eq!(
            classic[8],
            "repo:octo-org-fan/octo-repo:ref:refs/heads/main"
        );
        let immutable = subs("repo:octo-org@1/octo-repo@2:pull_request");
        assert_eq!(
            immutable[2],
            "repo:octo-org@1/octo-repo@2:ref:refs/tags/v1.0.0"
        );
        assert_eq!(immutable[6], "repo:octo-org/octo-repo:ref:refs/heads/main");
        assert!(subs("repository_owner:octo-org").is_empty());
    }

    #[test]
    fn what_one_trigger_has_another_lacks() {
        let scenarios = of(&claims("repo:octo-org/octo-repo:environment:x"));
        let has = |index: usize| scenarios[index].claims.contains_key("environment");
        assert!(!has(0) && has(4));
    }
}
