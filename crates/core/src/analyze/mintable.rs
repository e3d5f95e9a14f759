//! Whether GitHub can issue a claim set: the judge of every witness that an analysis shows.
//!
//! It shares nothing with the search, and reads `sub` by itself: an error would have to be made twice to
//! be missed. Each claim is judged on its own, then with the others.
//!
//! ```
//! use rolecall_core::analyze::mintable::check_partial;
//! use serde_json::json;
//!
//! let claims = |sub: &str, environment: &str| {
//!     json!({"sub": sub, "environment": environment}).as_object().unwrap().clone()
//! };
//! let sub = "repo:octo-org/octo-repo:environment:Production%3AV1";
//! assert_eq!(check_partial(&claims(sub, "Production:V1")), Ok(()));
//! assert_eq!(
//!     check_partial(&claims(sub, "Production%3AV2")).unwrap_err(),
//!     "`environment` is `Production%3AV2`, but `sub` says `Production%3AV1`",
//! );
//! ```
//!
//! # What is held against each other
//! | claim | must fit |
//! | --- | --- |
//! | `repository` | `repository_owner/NAME`; the `repo` of `sub`, whose ids are `repository_owner_id` and `repository_id` |
//! | any key of a template | the claim of that name, `:` written `%3A` |
//! | `environment` | present exactly where `sub` names one, or where the template leaves it out |
//! | `ref` | the event; `refs/pull/N/merge` for pull requests, or the base branch once one is merged |
//! | `ref_type` | `tag` for tags, else `branch`, also for pull requests and for no ref |
//! | `base_ref`, `head_ref` | both given for pull requests, both empty otherwise |
//! | `workflow_ref` | a file of `repository` at `ref`; at `sha` where there is no ref |
//! | `job_workflow_ref` | any workflow file: a reusable one may be somebody else's |
//! | `actor`, `actor_id` | the owner's name and the owner's id go together |
//! | `iss` | GitHub's, with the `enterprise` of the token where it names one |
//!
//! # Limitations
//! Which of two repositories was made when, so which form `sub` has, cannot be seen from a token: both are
//! taken. Accounts older than the rule about hyphens, and branches older than the one about `refs/`, exist;
//! nobody can make a new one, and none is taken for a witness. Which characters the name of an environment
//! may have is not documented: any is taken. GitHub Enterprise Server and GHE.com are not judged here.

mod name;
mod subject;

use serde_json::Value;

use super::Claims;
use crate::sts::GITHUB_ISSUER;
use subject::Segment;

/// The claims of every token of today that a policy or a subject can depend on
/// (presence: real tokens of 2025 and 2026, of several publishers).
const ALWAYS: [&str; 20] = [
    "iss",
    "sub",
    "aud",
    "actor",
    "actor_id",
    "base_ref",
    "event_name",
    "head_ref",
    "job_workflow_ref",
    "ref",
    "ref_type",
    "repository",
    "repository_id",
    "repository_owner",
    "repository_owner_id",
    "repository_visibility",
    "runner_environment",
    "sha",
    "workflow",
    "workflow_ref",
];

/// Whether GitHub can issue this claim set, as it stands.
///
/// # Errors
/// It cannot: the first reason that was found, in words.
pub fn check(claims: &Claims) -> Result<(), String> {
    match ALWAYS.iter().find(|name| !claims.contains_key(**name)) {
        Some(missing) => Err(format!("every token of GitHub's has `{missing}`")),
        None => Token {
            claims,
            whole: true,
        }
        .check(),
    }
}

/// Whether a token of GitHub's can have these claims among others.
///
/// # Errors
/// It cannot: the first reason that was found, in words.
pub fn check_partial(claims: &Claims) -> Result<(), String> {
    Token {
        claims,
        whole: false,
    }
    .check()
}

/// Refuses, unless.
fn unless(holds: bool, why: impl FnOnce() -> String) -> Result<(), String> {
    if holds { Ok(()) } else { Err(why()) }
}

/// Claims; where they are not the whole set, one that is missing says nothing.
struct Token<'t> {
    claims: &'t Claims,
    whole: bool,
}

impl<'t> Token<'t> {
    fn check(&self) -> Result<(), String> {
        for (name, value) in self.claims {
            known(name, value)?;
        }
        self.times()?;
        self.issuer()?;
        self.repository()?;
        self.actor()?;
        self.event()?;
        self.workflow()?;
        self.subject()
    }

    fn text(&self, name: &str) -> Option<&'t str> {
        self.claims.get(name)?.as_str()
    }

    /// Judges two claims that are both given.
    fn both(
        &self,
        one: &str,
        other: &str,
        fit: impl FnOnce(&str, &str) -> bool,
    ) -> Result<(), String> {
        match (self.text(one), self.text(other)) {
            (Some(a), Some(b)) => unless(fit(a, b), || {
                format!("`{one}` is `{a}`, which does not fit `{other}`: `{b}`")
            }),
            _ => Ok(()),
        }
    }

    fn times(&self) -> Result<(), String> {
        let time = |name| self.claims.get(name).and_then(Value::as_i64);
        let in_order = |first, then| match (time(first), time(then)) {
            (Some(a), Some(b)) => unless(a < b, || format!("`{first}` is not before `{then}`")),
            _ => Ok(()),
        };
        in_order("iat", "exp")?;
        in_order("nbf", "exp")
    }

    /// With or without the enterprise's slug (docs.github.com, "OpenID Connect reference", "Switching to a
    /// unique token URL").
    fn issuer(&self) -> Result<(), String> {
        let Some(iss) = self.text("iss") else {
            return Ok(());
        };
        let rest = iss.strip_prefix(GITHUB_ISSUER);
        let slug = rest.and_then(|rest| rest.strip_prefix('/'));
        let fits = rest == Some("") || slug.is_some_and(name::is_enterprise);
        unless(fits, || format!("`{iss}` is no issuer of GitHub's"))?;
        unless(
            slug.is_some() || !self.claims.contains_key("issuer_scope"),
            || "`issuer_scope` was only seen with an issuer that names the enterprise".to_owned(),
        )?;
        match (slug, self.text("enterprise")) {
            (Some(slug), Some(enterprise)) => unless(slug == enterprise, || {
                format!("the issuer is that of `{slug}`, but `enterprise` is `{enterprise}`")
            }),
            _ => Ok(()),
        }
    }

    fn repository(&self) -> Result<(), String> {
        self.both("repository", "repository_owner", |repository, owner| {
            repository
                .split_once('/')
                .is_some_and(|(of, _)| of == owner)
        })
    }

    /// An account has one name and one id.
    fn actor(&self) -> Result<(), String> {
        let same = |one, other, same: fn(&str, &str) -> bool| {
            Some(same(self.text(one)?, self.text(other)?))
        };
        let names = same("actor", "repository_owner", str::eq_ignore_ascii_case);
        let ids = same("actor_id", "repository_owner_id", str::eq);
        unless(
            names.zip(ids).is_none_or(|(names, ids)| names == ids),
            || {
                "`actor` and `repository_owner` are one account by name or by id, but not by both"
                    .to_owned()
            },
        )
    }

    /// docs.github.com, "Events that trigger workflows", the column `GITHUB_REF`; for a pull request that was
    /// merged "Variables reference", `GITHUB_REF`.
    fn event(&self) -> Result<(), String> {
        self.both("ref_type", "ref", |kind, of| {
            kind == if of.starts_with("refs/tags/") {
                "tag"
            } else {
                "branch"
            }
        })?;
        let Some(event) = self.text("event_name") else {
            return Ok(());
        };
        let of_pull_request = event.starts_with("pull_request");
        for name in ["base_ref", "head_ref"] {
            if let Some(branch) = self.text(name) {
                unless(branch.is_empty() != of_pull_request, || {
                    format!("`{name}` is `{branch}` on the event `{event}`")
                })?;
            }
        }
        let base = self.text("base_ref");
        self.text("ref").map_or(Ok(()), |of| {
            unless(ref_fits(event, of, base), || {
                format!("a run on the event `{event}` does not have the ref `{of}`")
            })
        })
    }

    /// The file that the run began with is the repository's own, at the run's commit (observed in every whole
    /// token); the one that defines the job may be any reusable workflow.
    fn workflow(&self) -> Result<(), String> {
        self.both("workflow_ref", "repository", |file, repository| {
            let rest = file.strip_prefix(repository);
            rest.is_some_and(|rest| rest.starts_with('/'))
        })?;
        let by_pull_request = self
            .text("event_name")
            .is_none_or(|event| event.starts_with("pull_request"));
        let at = self.text("ref").map(|of| match of {
            "" => self.text("sha").unwrap_or_default(),
            of => of,
        });
        match (self.text("workflow_ref").and_then(name::workflow_file), at) {
            (Some((_, found)), Some(at)) if !by_pull_request && !at.is_empty() => {
                unless(found == at, || {
                    format!("`workflow_ref` is a file at `{found}`, but the run is at `{at}`")
                })
            }
            _ => Ok(()),
        }
    }

    fn subject(&self) -> Result<(), String> {
        let Some(sub) = self.text("sub") else {
            return Ok(());
        };
        let segments = subject::read(sub)?;
        for segment in &segments {
            self.segment(segment)?;
        }
        self.context(&segments)
    }

    fn segment(&self, segment: &Segment<'_>) -> Result<(), String> {
        match segment {
            Segment::PullRequest => Ok(()),
            Segment::Repo { full_name, ids } => {
                self.says("repository", full_name)?;
                let Some((owner, repository)) = ids else {
                    return Ok(());
                };
                self.says("repository_owner_id", owner)?;
                self.says("repository_id", repository)
            }
            Segment::Claim(key, value) => self.says(key, value),
        }
    }

    /// What `sub` says of a claim is what the claim says; only `:` is written otherwise
    /// (docs.github.com, "OpenID Connect reference"; that `%` is not: Dashtid/subvectors 0.7.0).
    fn says(&self, claim: &str, written: &str) -> Result<(), String> {
        match self.text(claim) {
            Some(value) => unless(value.replace(':', "%3A") == written, || {
                format!("`{claim}` is `{value}`, but `sub` says `{written}`")
            }),
            None if self.whole => Err(format!(
                "`sub` says `{written}` of `{claim}`, which is missing"
            )),
            None => known(claim, &Value::from(written.replace("%3A", ":"))),
        }
    }

    /// The segment of `context`: the environment, else `pull_request`, else the ref (docs.github.com, "OpenID
    /// Connect reference", "Example subject claims"). `environment:` and `ref:` come from keys of their own, too.
    fn context(&self, segments: &[Segment<'_>]) -> Result<(), String> {
        let has_environment = self.claims.contains_key("environment");
        let event = self.text("event_name").unwrap_or("pull_request");
        if subject::count(segments, "pull_request") > 0 {
            unless(!has_environment, || {
                "`sub` has `pull_request`, but a job with an environment names that".to_owned()
            })?;
            unless(event.starts_with("pull_request"), || {
                format!("`sub` has `pull_request` on the event `{event}`")
            })?;
        }
        // Of two refs one is that of `context`. Which tail the other events of pull requests have is not established.
        let both = self.claims.contains_key("event_name") && event == "pull_request";
        unless(
            subject::count(segments, "ref") < 2 || !(has_environment || both),
            || "`sub` has two refs, but `context` gave something else".to_owned(),
        )
    }
}

/// A claim that GitHub's tokens have, with a value that it can have
/// (docs.github.com, "OpenID Connect reference", and real tokens of 2022 to 2026).
fn known(name: &str, value: &Value) -> Result<(), String> {
    if matches!(name, "exp" | "iat" | "nbf") {
        return unless(value.is_u64(), || format!("`{name}` is no whole number"));
    }
    let Some(text) = value.as_str() else {
        return Err(format!(
            "`{name}` is no string, as every claim but the times is"
        ));
    };
    let Some(is_possible) = rule(name) else {
        return Err(format!("GitHub's tokens have no claim `{name}`"));
    };
    unless(is_possible(text), || format!("`{name}` cannot be `{text}`"))
}

fn rule(name: &str) -> Option<fn(&str) -> bool> {
    Some(match name {
        "actor" => name::is_actor,
        "actor_id"
        | "repository_id"
        | "repository_owner_id"
        | "check_run_id"
        | "enterprise_id"
        | "run_attempt"
        | "run_id"
        | "run_number" => name::is_id,
        "base_ref" | "head_ref" => |text| text.is_empty() || name::is_branch(text),
        "enterprise" => name::is_enterprise,
        "environment" => name::is_environment,
        "environment_node_id" => |text| text.starts_with("EN_"),
        "event_name" => |text| EVENTS.contains(&text),
        "issuer_scope" => |text| text == "enterprise",
        "job_workflow_ref" | "workflow_ref" => |text| name::workflow_file(text).is_some(),
        "job_workflow_sha" | "sha" | "workflow_sha" => name::is_commit,
        "ref" => |text| text.is_empty() || name::is_ref(text),
        "ref_protected" => |text| matches!(text, "true" | "false"),
        "ref_type" => |text| matches!(text, "branch" | "tag"),
        "repository" => name::is_full_name,
        "repository_owner" => name::is_owner,
        "repository_visibility" => |text| matches!(text, "public" | "private" | "internal"),
        "runner_environment" => |text| matches!(text, "github-hosted" | "self-hosted"),
        // An audience may be any string (docs.github.com); of the others nothing is documented.
        "aud" | "iss" | "jti" | "sub" | "workflow" => |text| !text.is_empty(),
        _ => {
            let property = name.strip_prefix("repo_property_")?;
            return (!property.is_empty()).then_some(|text| !text.is_empty());
        }
    })
}

/// docs.github.com, "Events that trigger workflows". `workflow_call` is none: a reusable workflow has its caller's.
const EVENTS: [&str; 32] = [
    "branch_protection_rule",
    "check_run",
    "check_suite",
    "create",
    "delete",
    "deployment",
    "deployment_status",
    "discussion",
    "discussion_comment",
    "fork",
    "gollum",
    "image_version",
    "issue_comment",
    "issues",
    "label",
    "merge_group",
    "milestone",
    "page_build",
    "public",
    "pull_request",
    "pull_request_review",
    "pull_request_review_comment",
    "pull_request_target",
    "push",
    "registry_package",
    "release",
    "repository_dispatch",
    "schedule",
    "status",
    "watch",
    "workflow_dispatch",
    "workflow_run",
];

fn ref_fits(event: &str, of: &str, base: Option<&str>) -> bool {
    let branch = of.strip_prefix("refs/heads/");
    let is_tag = of.starts_with("refs/tags/");
    match event {
        "pull_request" | "pull_request_review" | "pull_request_review_comment" => {
            let is_base = branch.is_some() && base.is_none_or(|base| branch == Some(base));
            of.starts_with("refs/pull/") || is_base
        }
        "merge_group" => branch.is_some_and(|branch| branch.starts_with("gh-readonly-queue/")),
        "deployment" | "deployment_status" => of.is_empty() || branch.is_some() || is_tag,
        "create" | "push" | "registry_package" | "workflow_dispatch" => branch.is_some() || is_tag,
        "release" => is_tag,
        _ => branch.is_some(),
    }
}

#[cfg(test)]
mod tests;
