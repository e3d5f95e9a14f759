use serde_json::{Value, json};

use super::{Claims, check, check_partial};

const COMMIT: &str = "0123456789abcdef0123456789abcdef01234567";

/// A push to `main` of `octo-org/octo-repo`, whole.
fn push() -> Claims {
    let claims = json!({
        "iss": "https://token.actions.githubusercontent.com", "aud": "sts.amazonaws.com",
        "sub": "repo:octo-org/octo-repo:ref:refs/heads/main",
        "actor": "octocat", "actor_id": "583231", "base_ref": "", "head_ref": "", "event_name": "push",
        "job_workflow_ref": "octo-org/octo-repo/.github/workflows/ci.yml@refs/heads/main",
        "ref": "refs/heads/main", "ref_type": "branch", "repository": "octo-org/octo-repo",
        "repository_id": "456789", "repository_owner": "octo-org", "repository_owner_id": "123456",
        "repository_visibility": "private", "runner_environment": "github-hosted", "sha": COMMIT,
        "workflow": "ci", "workflow_ref": "octo-org/octo-repo/.github/workflows/ci.yml@refs/heads/main",
        "iat": 1_795_442_400, "nbf": 1_795_442_100, "exp": 1_795_442_700,
    });
    claims.as_object().cloned().unwrap_or_default()
}

/// The push with other claims; null takes a claim out.
fn with(changes: &Value) -> Claims {
    let mut claims = push();
    for (name, value) in changes.as_object().into_iter().flatten() {
        claims.insert(name.clone(), value.clone());
    }
    claims.retain(|_, value| !value.is_null());
    claims
}

/// Of a pull request of `octo-org/octo-repo`.
fn pull_request(changes: &Value) -> Claims {
    let mut claims = with(&json!({
        "sub": "repo:octo-org/octo-repo:pull_request", "event_name": "pull_request", "base_ref": "main",
        "head_ref": "topic", "ref": "refs/pull/7/merge",
        "workflow_ref": "octo-org/octo-repo/.github/workflows/ci.yml@refs/pull/7/merge",
    }));
    claims.extend(changes.as_object().cloned().unwrap_or_default());
    claims
}

#[test]
fn what_github_issues_is_taken() {
    let environment = |name: &str, sub: &str| with(&json!({"environment": name, "sub": sub}));
    let sub = |sub: &str| with(&json!({"sub": sub}));
    for claims in [
        push(),
        pull_request(&json!({})),
        // Merged and closed: the run is at the base branch.
        pull_request(&json!({"ref": "refs/heads/main"})),
        pull_request(&json!({"sub": "repo:octo-org/octo-repo:ref:refs/pull/7/merge"})),
        pull_request(&json!({"sub": "base_ref:main:head_ref:topic"})),
        environment("prod", "repo:octo-org/octo-repo:environment:prod"),
        environment(
            "Production:V1",
            "repo:octo-org/octo-repo:environment:Production%3AV1",
        ),
        environment(
            "Production%3AV1",
            "repo:octo-org/octo-repo:environment:Production%3AV1",
        ),
        environment(
            "@1/app@2",
            "repo:octo-org/octo-repo:environment:@1/app@2:ref:refs/heads/main",
        ),
        // `[repo, context, environment]`, and a template that leaves the environment out.
        environment(
            "prod",
            "repo:octo-org/octo-repo:environment:prod:environment:prod",
        ),
        environment("prod", "repo:octo-org/octo-repo:ref:refs/heads/main"),
        sub("repo:octo-org@123456/octo-repo@456789:ref:refs/heads/main"),
        sub("repo:octo-org/octo-repo"),
        sub("repository_owner_id:123456:repository_id:456789"),
        sub("ref:refs/heads/main:repo:octo-org/octo-repo:ref:refs/heads/main"),
        sub("job_workflow_ref:octo-org/octo-repo/.github/workflows/ci.yml@refs/heads/main"),
        with(&json!({"sub": "repo_property_team:core:workflow:ci", "repo_property_team": "core"})),
        with(
            &json!({"job_workflow_ref": format!("hubot/.github/.github/workflows/a@b.yaml@{COMMIT}")}),
        ),
        with(
            &json!({"ref": "", "event_name": "deployment", "sub": "repo:octo-org/octo-repo:ref:",
            "workflow_ref": format!("octo-org/octo-repo/.github/workflows/ci.yml@{COMMIT}")}),
        ),
        with(
            &json!({"iss": "https://token.actions.githubusercontent.com/octo", "enterprise": "octo"}),
        ),
        with(&json!({"actor": "octo-org", "actor_id": "123456"})),
        with(&json!({"actor": "github-actions[bot]", "aud": "any: thing"})),
    ] {
        assert_eq!(check(&claims), Ok(()), "{claims:?}");
    }
}

/// Each with the part of the message that names the reason.
#[test]
fn what_github_cannot_issue_is_refused() {
    let owner = |name: &str| json!({"repository_owner": name});
    let repository = |name: &str| json!({"repository": format!("octo-org/{name}")});
    let sub = |text: &str| json!({"sub": text});
    let branch = |name: &str| json!({"ref": format!("refs/heads/{name}")});
    let long = |n: usize| "a".repeat(n);
    for (changes, why) in [
        // github.com/join and docs.github.com, "Username considerations for external authentication"
        (owner("octo-"), "`repository_owner` cannot be"),
        (owner("-octo"), "`repository_owner` cannot be"),
        (owner("octo--org"), "`repository_owner` cannot be"),
        (owner("octo.org"), "`repository_owner` cannot be"),
        (owner(""), "`repository_owner` cannot be"),
        (owner("octo_"), "`repository_owner` cannot be"),
        (owner(&long(40)), "`repository_owner` cannot be"),
        (json!({"actor": "octo cat"}), "`actor` cannot be"),
        (json!({"actor": "[bot]"}), "`actor` cannot be"),
        // docs.github.com, "Repository limits"
        (repository(&long(101)), "`repository` cannot be"),
        (repository("octo.GIT"), "`repository` cannot be"),
        (repository(".."), "`repository` cannot be"),
        (repository("a/b"), "`repository` cannot be"),
        (repository("a@1"), "`repository` cannot be"),
        // docs.github.com, "Managing environments for deployment"
        (json!({"environment": long(256)}), "`environment` cannot be"),
        (json!({"environment": ""}), "`environment` cannot be"),
        // git-check-ref-format(1)
        (branch(""), "`ref` cannot be"),
        (branch("a..b"), "`ref` cannot be"),
        (branch("a//b"), "`ref` cannot be"),
        (branch("/a"), "`ref` cannot be"),
        (branch("a."), "`ref` cannot be"),
        (branch("a/.b"), "`ref` cannot be"),
        (branch("a.lock/b"), "`ref` cannot be"),
        (branch("a@{b"), "`ref` cannot be"),
        (branch("a b"), "`ref` cannot be"),
        (branch("a:b"), "`ref` cannot be"),
        (branch("a*"), "`ref` cannot be"),
        // GitHub: GH005; changelog 2023-03-23; "Dealing with special characters in branch and tag names"
        (branch(&long(245)), "`ref` cannot be"),
        (branch("refs/heads/a"), "`ref` cannot be"),
        (branch(&COMMIT.replace("012", "ABC")), "`ref` cannot be"),
        (json!({"ref": "main"}), "`ref` cannot be"),
        (json!({"ref": "refs/pull/07/merge"}), "`ref` cannot be"),
        // docs.github.com, REST: ids are int64; real tokens: strings
        (json!({"repository_id": "1x"}), "`repository_id` cannot be"),
        (json!({"repository_id": ""}), "`repository_id` cannot be"),
        (
            json!({"repository_id": "9223372036854775808"}),
            "`repository_id` cannot be",
        ),
        (json!({"repository_id": 456_789}), "is no string"),
        (json!({"iat": "1795442400"}), "no whole number"),
        (json!({"exp": 1_795_442_400}), "`iat` is not before `exp`"),
        (json!({"amr": "a"}), "no claim `amr`"),
        (json!({"oidc_sub": "a"}), "no claim `oidc_sub`"),
        (json!({"event_name": "pushed"}), "`event_name` cannot be"),
        (json!({"aud": ""}), "`aud` cannot be"),
        (json!({"aud": null}), "every token of GitHub's has `aud`"),
        // docs.github.com, "OpenID Connect reference": the issuer
        (
            json!({"iss": "https://token.actions.githubusercontent.com/"}),
            "no issuer of GitHub's",
        ),
        (
            json!({"iss": "https://token.actions.githubusercontent.com.evil.example"}),
            "no issuer of GitHub's",
        ),
        (
            json!({"iss": "https://token.actions.githubusercontent.com/octo", "enterprise": "other"}),
            "the issuer is that of `octo`",
        ),
        (json!({"issuer_scope": "enterprise"}), "`issuer_scope`"),
        // The same: claims that say one thing
        (owner("hubot"), "`repository` is"),
        (
            json!({"repository": "Octo-org/octo-repo"}),
            "`repository` is",
        ),
        (json!({"actor": "octo-org"}), "one account by name or by id"),
        (
            json!({"actor_id": "123456"}),
            "one account by name or by id",
        ),
        (
            json!({"workflow_ref": "hubot/a/.github/workflows/ci.yml@refs/heads/main"}),
            "`workflow_ref` is",
        ),
        (
            json!({"workflow_ref": "octo-org/octo-repo2/.github/workflows/ci.yml@refs/heads/main"}),
            "`workflow_ref` is",
        ),
        (
            json!({"workflow_ref": "octo-org/octo-repo/.github/workflows/ci.yml@refs/heads/dev"}),
            "the run is at `refs/heads/main`",
        ),
        (
            json!({"workflow_ref": "octo-org/octo-repo/.github/ci.yml@refs/heads/main"}),
            "`workflow_ref` cannot be",
        ),
        (
            json!({"job_workflow_ref": "hubot/a/.github/workflows/b/ci.yml@refs/heads/main"}),
            "`job_workflow_ref` cannot be",
        ),
        (
            json!({"job_workflow_ref": "hubot/a/.github/workflows/ci.yml@main"}),
            "`job_workflow_ref` cannot be",
        ),
        // docs.github.com, "Events that trigger workflows": the ref
        (json!({"ref_type": "tag"}), "`ref_type` is"),
        (json!({"ref": "refs/tags/v1"}), "`ref_type` is"),
        (
            json!({"event_name": "schedule", "ref": "refs/tags/v1", "ref_type": "tag"}),
            "does not have the ref",
        ),
        (
            json!({"event_name": "merge_group"}),
            "does not have the ref",
        ),
        (json!({"event_name": "release"}), "does not have the ref"),
        (json!({"ref": ""}), "does not have the ref"),
        (json!({"ref": "refs/pull/7/merge"}), "does not have the ref"),
        (
            json!({"base_ref": "main"}),
            "`base_ref` is `main` on the event `push`",
        ),
        (
            json!({"event_name": "pull_request"}),
            "`base_ref` is `` on the event",
        ),
        // docs.github.com, "OpenID Connect reference": subjects
        (
            sub("repo:octo-org/octo-repo:nonsense"),
            "`sub` ends after `nonsense`",
        ),
        (sub("repo:octo-org/octo-repo:*"), "`sub` ends after `*`"),
        (
            sub("repo:octo-org/octo-repo:sha:a"),
            "no template of a subject gives `sha`",
        ),
        (
            sub("Repo:octo-org/octo-repo"),
            "no template of a subject gives `Repo`",
        ),
        (sub("repo:octo-org"), "names no repository"),
        (sub("repo:/octo-repo:pull_request"), "names no repository"),
        (
            sub("repo:octo-org@123456/octo-repo:pull_request"),
            "both or none",
        ),
        (
            sub("repo:octo-org@/octo-repo@456789:pull_request"),
            "names no repository",
        ),
        (
            sub("repo:octo-org@1/octo-repo@456789:ref:refs/heads/main"),
            "`repository_owner_id` is",
        ),
        (
            sub("repo:octo-org@123456/octo-repo@4:ref:refs/heads/main"),
            "`repository_id` is",
        ),
        (
            sub("repo:hubot/octo-repo:ref:refs/heads/main"),
            "`repository` is",
        ),
        (
            sub("repo:octo-org/octo-repo:ref:refs/heads/dev"),
            "`ref` is",
        ),
        (
            sub("repo:octo-org/octo-repo:environment:prod"),
            "of `environment`, which is missing",
        ),
        (
            sub("repo:octo-org/octo-repo:pull_request"),
            "on the event `push`",
        ),
        (
            sub("repository_owner:hubot:repo:octo-org/octo-repo"),
            "`repository_owner` is",
        ),
        (
            sub("actor:octocat:actor:octocat"),
            "`sub` has `actor` more often",
        ),
        (
            sub("repo:octo-org/octo-repo:repo:octo-org/octo-repo"),
            "`sub` has `repo` more often",
        ),
        (
            sub("ref:refs/heads/main:ref:refs/heads/main:ref:refs/heads/main"),
            "`sub` has `ref` more often",
        ),
        (
            sub("ref:refs/heads/main:ref:refs/heads/main:pull_request"),
            "more than once",
        ),
        (
            sub("repo_property_team:core"),
            "of `repo_property_team`, which is missing",
        ),
        (
            json!({"environment": "prod:eu", "sub": "environment:prod:eu"}),
            "`sub` ends after `eu`",
        ),
        (
            json!({"environment": "prod", "sub": "ref:refs/heads/main:ref:refs/heads/main"}),
            "two refs",
        ),
        (sub(""), "`sub` cannot be"),
    ] {
        let refused = check(&with(&changes)).unwrap_err();
        assert!(refused.contains(why), "{changes}: {refused}");
    }
}

#[test]
fn pull_requests_are_refused_where_their_claims_do_not_fit() {
    for (changes, why) in [
        (
            json!({"environment": "prod"}),
            "a job with an environment names that",
        ),
        (json!({"ref": "refs/heads/dev"}), "does not have the ref"),
        (
            json!({"ref": "refs/tags/v1", "ref_type": "tag"}),
            "does not have the ref",
        ),
        (json!({"base_ref": ""}), "`base_ref` is ``"),
        (
            json!({"sub": "ref:refs/pull/7/merge:ref:refs/pull/7/merge"}),
            "two refs",
        ),
    ] {
        let refused = check(&pull_request(&changes)).unwrap_err();
        assert!(refused.contains(why), "{changes}: {refused}");
    }
}

/// What a partial set does not say is not held against it; what `sub` says must still be possible.
#[test]
fn a_partial_set_is_judged_by_what_it_says() {
    let partial = |claims: Value| check_partial(&claims.as_object().cloned().unwrap_or_default());
    assert_eq!(partial(json!({})), Ok(()));
    assert_eq!(
        partial(json!({"sub": "repo:octo-org/octo-repo:environment:prod"})),
        Ok(())
    );
    assert_eq!(
        partial(json!({"sub": "ref:refs/heads/main:ref:refs/heads/main"})),
        Ok(())
    );
    let refused = partial(json!({"sub": "repo:octo-org/octo-repo:ref:refs/heads/a..b"}));
    assert_eq!(refused, Err("`ref` cannot be `refs/heads/a..b`".to_owned()));
}
