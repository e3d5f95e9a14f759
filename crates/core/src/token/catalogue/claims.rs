//! The table of claims. Facts: docs.github.com, "OpenID Connect reference", and tokens that their owners published.

use super::{AWS_KEYS_SOURCE, Claim, ConditionKey, Confidence, JsonType, Presence};
use Presence::{
    Always, CustomProperty, EmptyUnlessPullRequest, Enterprise, EnterpriseIssuer, Environment,
    LookAlike, OtherIssuer,
};

const DOCS: &str = "docs.github.com, \"OpenID Connect reference\"";
const TOKENS: &str = "observed in tokens of 2025 and 2026; not in the table of docs.github.com, \"OpenID Connect reference\"";
const SPEC: &str = "RFC 7519 and OpenID Connect Core 1.0";
const LOOK_ALIKES: &str =
    "observed in request and runner tokens that were published after they expired; not documented";
const STS_DOCS: &str =
    "IAM User Guide, \"Pass session tags in AWS STS\"; recorded STS answers of September 2026";
const CHANGELOG_IDS: &str = "2023-01-10 at the latest (GitHub changelog); seen in 2022";

const FROM_START: &str = "the beginning of OIDC federation";
const FROM_2026: &str = "January 2026 (announced as \"validation of identity provider claims\")";

/// All claims: those of ID tokens, then those of the look-alikes, then those that only other issuers send.
pub const CLAIMS: &[Claim] = &[
    text("iss", "Who issued the token. AWS looks for the identity provider with exactly this URL.", Always),
    text("sub", "The subject: what the job is, as one string that trust policies usually test.", Always).key("sub", FROM_START),
    text("aud", "Who the token is meant for. AWS compares it with the audiences registered at the identity provider.", Always)
        .key("aud", FROM_START),
    number("exp", "When the token expires, in seconds since 1970."),
    number("iat", "When the token was issued, in seconds since 1970."),
    number("nbf", "From when on the token counts, in seconds since 1970; some minutes before it was issued."),
    text("jti", "A number of this token alone. Each request gives a new one, even within a job.", Always),
    text("actor", "The account that triggered the run. For a schedule, the last to edit the cron line.", Always).key("actor", FROM_2026),
    text("actor_id", "The id of the account that triggered the run. It survives a change of name.", Always)
        .key("actor_id", FROM_2026)
        .since(CHANGELOG_IDS),
    text("base_ref", "The branch that the pull request is to be merged into, without `refs/heads/`.", EmptyUnlessPullRequest),
    text("check_run_id", "The id of the job's check run.", Always).since("2025-11-13 (GitHub changelog)"),
    text("enterprise", "The slug of the enterprise that the repository's owner belongs to.", Enterprise),
    text("enterprise_id", "The id of the enterprise that the repository's owner belongs to.", Enterprise).key("enterprise_id", FROM_2026),
    text("environment", "The job's deployment environment, with its colons unescaped, unlike in `sub`.", Environment)
        .key("environment", FROM_2026),
    text("environment_node_id", "The id of the deployment environment in GitHub's GraphQL API.", Environment).observed(),
    text("event_name", "The event that started the run. In a reusable workflow it is the caller's event.", Always),
    text("head_ref", "The branch that the pull request comes from, without `refs/heads/`.", EmptyUnlessPullRequest),
    text("issuer_scope", "That the issuer belongs to one enterprise; the only value seen is `enterprise`.", EnterpriseIssuer)
        .observed()
        .since("2026 (one token of 2026-02-27)"),
    text("job_workflow_ref", "The workflow file that defines the job, with its ref. For a reusable workflow it is the called file.", Always)
        .key("job_workflow_ref", FROM_2026),
    text("job_workflow_sha", "The commit of the workflow file that defines the job.", Always).since(CHANGELOG_IDS),
    text("ref", "The git ref of the run. It is empty for a deployment that was created from a commit.", Always).key("ref", FROM_2026),
    text("ref_protected", "`true` if branch protection or a ruleset covers the ref, else `false`.", Always)
        .observed()
        .since("about 2023 (observed)"),
    text("ref_type", "`branch` or `tag`. Pull requests and empty refs count as `branch`.", Always),
    text("repository", "The repository as `OWNER/REPO`, in its registered letter case and never with ids.", Always)
        .key("repository", FROM_2026),
    text("repository_id", "The id of the repository. It survives renames and transfers and is never used again.", Always)
        .key("repository_id", FROM_2026)
        .since(CHANGELOG_IDS),
    text("repository_owner", "The user or organization that owns the repository.", Always),
    text("repository_owner_id", "The id of the repository's owner. It survives a change of name and is never used again.", Always)
        .key("repository_owner_id", "between February and September 2026 (absent from lists of February)")
        .since(CHANGELOG_IDS),
    text("repository_visibility", "`public`, `private` or `internal`.", Always),
    text("repo_property_*", "A custom property of the repository. Several values are joined with commas.", CustomProperty)
        .since("2026-04-02; preview from 2026-03-12 (GitHub changelog)"),
    text("run_attempt", "How many times the run was started: 1, or more after a re-run.", Always),
    text("run_id", "The id of the workflow run. A re-run keeps it.", Always),
    text("run_number", "The number of the run among all runs of its workflow. A re-run keeps it.", Always),
    text("runner_environment", "`github-hosted` or `self-hosted`: where the job runs.", Always),
    text("sha", "The commit that the run is about. For a pull request it is the merge commit.", Always).observed(),
    text("workflow", "The workflow's `name:`, or the path of its file if it has none.", Always).key("workflow", FROM_2026),
    text("workflow_ref", "The file of the workflow that was started, with its ref. In a reusable workflow it is the caller's file.", Always)
        .since(CHANGELOG_IDS),
    text("workflow_sha", "The commit of the file of the workflow that was started.", Always).since(CHANGELOG_IDS),
    // The look-alikes: github-tokens.md, section 1.5.
    look_alike("oidc_sub", "The subject that an ID token of this job would get. Only a request token has it."),
    look_alike("oidc_extra", "The other claims that an ID token of this job would get, as JSON in a string."),
    look_alike("scp", "What the token may do inside GitHub; `generate_id_token:` lets it ask for ID tokens."),
    look_alike("ac", "Which of the repository's caches the job may read and write."),
    look_alike("acsl", "A limit that belongs to the access to caches in `ac`."),
    look_alike("IdentityTypeClaim", "That the bearer is a service of GitHub's own, not a person."),
    look_alike("billing_owner_id", "The account that pays for the job."),
    look_alike("orch_id", "The id of the job's orchestration inside GitHub."),
    look_alike("plan_id", "The id of the job's plan inside GitHub."),
    look_alike("job_id", "The id of the job inside GitHub."),
    look_alike("owner_id", "The owner of the runner."),
    look_alike("labels", "The labels of the runner."),
    look_alike("runner_id", "The id of the runner."),
    look_alike("runner_name", "The name of the runner."),
    look_alike("runner_*", "A property of the runner."),
    // What STS reads in any token, though GitHub never sends it: aws-semantics.md, sections 3.1 and 3.3.
    foreign("azp", "The party the token was issued to. Where a token has it, AWS takes it instead of `aud`.", SPEC).key("aud", FROM_START),
    foreign("amr", "How the user was authenticated.", SPEC).key("amr", FROM_START),
    foreign("email", "The user's mail address.", SPEC).key("email", FROM_START),
    foreign("https://aws.amazon.com/tags", "Session tags for AWS.", STS_DOCS),
    foreign("https://aws.amazon.com/tags/*", "A session tag for AWS, in the flattened form.", STS_DOCS),
    foreign("https://aws.amazon.com/roles", "The roles that the bearer may assume.", STS_DOCS),
    foreign("https://aws.amazon.com/source_identity", "The source identity of the session.", STS_DOCS),
];

const fn text(name: &'static str, meaning: &'static str, presence: Presence) -> Claim {
    Claim {
        name,
        meaning,
        json_type: JsonType::String,
        presence,
        since: None,
        key: None,
        source: DOCS,
        confidence: Confidence::Documented,
    }
}

const fn number(name: &'static str, meaning: &'static str) -> Claim {
    Claim {
        json_type: JsonType::Number,
        ..text(name, meaning, Always)
    }
}

const fn look_alike(name: &'static str, meaning: &'static str) -> Claim {
    let claim = Claim {
        json_type: JsonType::Any,
        source: LOOK_ALIKES,
        ..text(name, meaning, LookAlike)
    };
    Claim {
        confidence: Confidence::Observed,
        ..claim
    }
}

const fn foreign(name: &'static str, meaning: &'static str, source: &'static str) -> Claim {
    Claim {
        json_type: JsonType::Any,
        source,
        ..text(name, meaning, OtherIssuer)
    }
}

impl Claim {
    const fn key(self, suffix: &'static str, since: &'static str) -> Self {
        let key = ConditionKey {
            suffix,
            since,
            source: AWS_KEYS_SOURCE,
            confidence: Confidence::Documented,
        };
        Self {
            key: Some(key),
            ..self
        }
    }

    const fn since(self, since: &'static str) -> Self {
        Self {
            since: Some(since),
            ..self
        }
    }

    const fn observed(self) -> Self {
        Self {
            source: TOKENS,
            confidence: Confidence::Observed,
            ..self
        }
    }
}
