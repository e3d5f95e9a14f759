//! Several thousand tokens that GitHub can issue: few names, every form, tail, event and shape of template.
//!
//! What a search proves of all tokens must hold for each of these.

use rolecall_core::analyze::{Claims, SetForm, SetTail};
use rolecall_core::case::{Case, ProviderGiven};
use rolecall_core::context::Context;
use rolecall_core::policy::Policy;
use rolecall_core::report::Decision;
use rolecall_core::sts::{Attempt, GITHUB_ISSUER};
use rolecall_core::token::Token;
use rolecall_core::tri::Tri;
use serde_json::{Value, json};

use crate::policies::{CALLER, OPEN};

/// Owners by name and id. The first is us; the names of the others begin, end or lie within ours.
pub(crate) const OWNERS: [(&str, &str); 4] =
    [("oo", "1"), ("oo-x", "12"), ("o", "21"), ("ev", "2")];
const REPOSITORIES: [(&str, &str); 2] = [("a", "5"), ("ab", "56")];
const COMMIT: &str = "0123456789abcdef0123456789abcdef01234567";

/// What a run began with: the event, the ref, and the base and head of a pull request.
const RUNS: [[&str; 4]; 7] = [
    ["push", "refs/heads/m", "", ""],
    ["workflow_dispatch", "refs/heads/m/x", "", ""],
    ["push", "refs/tags/m", "", ""],
    ["schedule", "refs/heads/a", "", ""],
    ["pull_request", "refs/pull/7/merge", "m", "h"],
    // Merged and closed.
    ["pull_request", "refs/heads/m", "m", "h"],
    ["deployment", "", "", ""],
];

/// The last ones look like what policies ask for.
const ENVIRONMENTS: [Option<&str>; 7] = [
    None,
    Some("p"),
    Some("p:q"),
    Some("p%3Aq"),
    Some("m"),
    Some("@1/a@5"),
    Some("oo/a"),
];

/// Every template is one that an administrator can set; the first is the default.
const TEMPLATES: [&[&str]; 20] = [
    &["repo", "context"],
    &["repo"],
    &["repo", "ref"],
    &["repo", "environment"],
    &["repo", "environment", "ref"],
    &["repo", "ref", "environment"],
    &["repo", "context", "environment"],
    &["repo", "context", "ref"],
    &["repo", "context", "job_workflow_ref"],
    &["repo", "repository_owner"],
    &["ref", "repo"],
    &["environment", "repo"],
    &["workflow", "repo", "context"],
    &["actor", "repo", "context"],
    &["repository_owner", "repository_visibility"],
    &["repository_owner_id", "repository_id", "context"],
    &["repository", "context"],
    &["job_workflow_ref"],
    &["repo_property_t", "repo"],
    &["repo", "repo_property_t", "event_name"],
];

const WORKFLOWS: [&str; 3] = ["w", "oo", "repo:oo/a"];
const ACTORS: [(&str, &str); 3] = [("al", "7"), ("d[bot]", "8"), ("oo", "1")];
const AUDIENCES: [&str; 2] = ["sts.amazonaws.com", "x"];
/// The workflow that defines the job, where it is not the run's own.
const REUSABLE: [Option<&str>; 5] = [
    None,
    None,
    Some("oo/a/.github/workflows/w.yml@refs/heads/m"),
    Some("oo/a/.github/workflows/w.yml@0123456789abcdef0123456789abcdef01234567"),
    Some("ev/a/.github/workflows/w.yml@refs/tags/m"),
];

/// A token, ready to be decided about.
pub(crate) struct Minted {
    pub(crate) claims: Claims,
    pub(crate) context: Context,
}

impl Minted {
    fn new(claims: Claims) -> Self {
        let context = prepared(&claims, |attempt, _| attempt.context.clone());
        Self { claims, context }
    }

    pub(crate) fn text(&self, claim: &str) -> Option<&str> {
        self.claims.get(claim)?.as_str()
    }

    /// Form and tail, where the default template could have given this subject.
    pub(crate) fn default_kind(&self) -> Option<(SetForm, SetTail)> {
        let default = |immutable| subject(self.claims.clone(), TEMPLATES[0], immutable);
        let is =
            |claims: Option<Claims>| claims.is_some_and(|c| c.get("sub") == self.claims.get("sub"));
        let form = if is(default(false)) {
            SetForm::Classic
        } else if is(default(true)) {
            SetForm::Immutable
        } else {
            return None;
        };
        let at = self.text("ref").unwrap_or_default();
        let tail = if self.text("environment").is_some() {
            SetTail::Environment
        } else if self.text("event_name") == Some("pull_request") {
            SetTail::PullRequest
        } else if at.starts_with("refs/tags/") {
            SetTail::Tag
        } else if at.is_empty() {
            SetTail::Other
        } else {
            SetTail::Branch
        };
        Some((form, tail))
    }

    /// Whether the trust policy lets it in. Which audiences are registered is not the policy's affair.
    pub(crate) fn is_allowed(&self, policy: &Policy) -> bool {
        policy.decide(CALLER, &self.context) == Tri::Yes
    }
}

/// Whether STS lets a claim set in, its audience being registered.
pub(crate) fn is_allowed(claims: &Claims, policy: &Policy) -> bool {
    prepared(claims, |attempt, _| attempt.decide(policy)) == Decision::Allow
}

#[expect(
    clippy::unwrap_used,
    reason = "claims are a token, and the policy is one"
)]
fn prepared<T>(claims: &Claims, with: impl FnOnce(&Attempt<'_>, &Policy) -> T) -> T {
    let audience = claims
        .get("aud")
        .and_then(Value::as_str)
        .unwrap_or_default();
    let case = Case {
        claims: Some(claims.clone()),
        provider: ProviderGiven::Given {
            url: GITHUB_ISSUER.to_owned(),
            audiences: Some(vec![audience.to_owned()]),
        },
        ..Case::default()
    };
    let token = Token::from_case(&case).unwrap();
    let open = Policy::parse(OPEN).unwrap();
    with(&Attempt::prepare(&case, &token, &open), &open)
}

/// The family. What is not crossed is dealt out evenly, by a generator with a fixed seed.
pub(crate) fn family() -> Vec<Minted> {
    let mut deal = fastrand::Rng::with_seed(1);
    let mut minted = Vec::new();
    for (owner, owner_id) in OWNERS {
        for (name, id) in REPOSITORIES {
            for run in RUNS {
                for environment in ENVIRONMENTS {
                    let repository = (owner, owner_id, name, id);
                    for template in TEMPLATES {
                        for immutable in [false, true] {
                            let claims = claims(repository, run, environment, &mut deal);
                            minted.extend(subject(claims, template, immutable).map(Minted::new));
                        }
                    }
                }
            }
        }
    }
    minted
}

fn claims(
    (owner, owner_id, name, id): (&str, &str, &str, &str),
    [event, at, base, head]: [&str; 4],
    environment: Option<&str>,
    deal: &mut fastrand::Rng,
) -> Claims {
    let mut pick = |of: usize| deal.usize(..of);
    let repository_id = format!("{owner_id}{id}");
    let file = format!(
        "{owner}/{name}/.github/workflows/w.yml@{}",
        if at.is_empty() { COMMIT } else { at }
    );
    let (actor, actor_id) = ACTORS[pick(ACTORS.len())];
    let reusable = REUSABLE[pick(REUSABLE.len())];
    let mut claims = json!({
        "iss": GITHUB_ISSUER, "aud": AUDIENCES[pick(AUDIENCES.len())], "actor": actor, "actor_id": actor_id,
        "base_ref": base, "head_ref": head, "event_name": event, "ref": at,
        "ref_type": if at.starts_with("refs/tags/") { "tag" } else { "branch" },
        "job_workflow_ref": reusable.unwrap_or(&file), "workflow_ref": file,
        "repository": format!("{owner}/{name}"), "repository_id": repository_id,
        "repository_owner": owner, "repository_owner_id": owner_id,
        "repository_visibility": if pick(2) == 0 { "public" } else { "private" }, "runner_environment": "github-hosted",
        "sha": COMMIT, "workflow": WORKFLOWS[pick(WORKFLOWS.len())],
    });
    if let Some(environment) = environment {
        claims["environment"] = environment.into();
    }
    if pick(3) == 0 {
        claims["enterprise_id"] = ["9", "1"][pick(2)].into();
    }
    if pick(2) == 0 {
        claims["repo_property_t"] = ["oo", "oo/a"][pick(2)].into();
    }
    claims.as_object().cloned().unwrap_or_default()
}

/// Renders `sub`; nothing where the run would fail, since the template names what the job does not have.
fn subject(mut claims: Claims, template: &[&str], immutable: bool) -> Option<Claims> {
    let segments: Option<Vec<String>> = template
        .iter()
        .map(|key| segment(&claims, key, immutable))
        .collect();
    claims.insert("sub".to_owned(), segments?.join(":").into());
    Some(claims)
}

fn segment(claims: &Claims, key: &str, immutable: bool) -> Option<String> {
    let text = |name: &str| claims.get(name)?.as_str();
    let pair = |name: &str| Some(format!("{name}:{}", text(name)?.replace(':', "%3A")));
    match key {
        "repo" if immutable => {
            let (owner, name) = text("repository")?.split_once('/')?;
            let (of, id) = (text("repository_owner_id")?, text("repository_id")?);
            Some(format!("repo:{owner}@{of}/{name}@{id}"))
        }
        "repo" => Some(format!("repo:{}", text("repository")?)),
        "context" if text("environment").is_some() => pair("environment"),
        "context" if text("event_name") == Some("pull_request") => Some("pull_request".to_owned()),
        "context" => pair("ref"),
        key => pair(key),
    }
}
