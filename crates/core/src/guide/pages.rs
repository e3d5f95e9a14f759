//! A page for every cause; the rules of lint have theirs beside them. Examples are made up; the key prefix
//! `token.actions.githubusercontent.com:` is left out of them for brevity where nothing hangs on it.

use super::Page;
use crate::report::CauseId as C;

pub(crate) const GITHUB_OIDC: &str = "https://docs.github.com/en/actions/reference/security/oidc";
pub(crate) const GITHUB_EVENTS: &str = "https://docs.github.com/en/actions/reference/workflows-and-actions/events-that-trigger-workflows";
pub(crate) const WORKFLOW_SYNTAX: &str =
    "https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-syntax";
pub(crate) const GITHUB_REST_OIDC: &str = "https://docs.github.com/en/rest/actions/oidc";
pub(crate) const IMMUTABLE: &str = "https://github.blog/changelog/2026-04-23-immutable-subject-claims-for-github-actions-oidc-tokens";
pub(crate) const STS_API: &str =
    "https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRoleWithWebIdentity.html";
pub(crate) const IAM_KEYS: &str =
    "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_iam-condition-keys.html";
pub(crate) const IAM_OPERATORS: &str = "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html";
pub(crate) const IAM_GRAMMAR: &str =
    "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html";
pub(crate) const IAM_PRINCIPAL: &str =
    "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html";
pub(crate) const IAM_LOGIC: &str =
    "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html";
pub(crate) const CREATE_PROVIDER: &str =
    "https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_providers_create_oidc.html";
pub(crate) const SECURE_BY_DEFAULT: &str = "https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_providers_oidc_secure-by-default.html";
pub(crate) const NEW_KEYS: &str = "https://aws.amazon.com/about-aws/whats-new/2026/01/aws-sts-supports-validation-identity-provider-claims/";
pub(crate) const ACTION: &str = "https://github.com/aws-actions/configure-aws-credentials";

/// The page of a cause; its title is the cause's own sentence.
macro_rules! cause {
    ($id:ident, $meaning:literal, $recognise:literal, $what_to_do:literal, $before:literal => $after:literal, $sources:expr $(,)?) => {
        Page {
            id: C::$id.as_str(),
            title: C::$id.meaning(),
            meaning: $meaning,
            recognise: $recognise,
            what_to_do: $what_to_do,
            example_before: $before,
            example_after: $after,
            sources: $sources,
        }
    };
}

/// Every page, in the order of the causes.
pub const PAGES: &[Page] = &[
    // No token at all.
    cause!(
        MissingIdTokenPermission,
        "GitHub gives a token only to jobs that have the permission `id-token: write`. No default setting of a repository or organisation includes it, and a job's `permissions` replace the workflow's wholly.",
        "The log says `Unable to get ACTIONS_ID_TOKEN_REQUEST_URL env variable` or `Did you mean to set the id-token permission?`; AWS and CloudTrail have seen nothing.",
        "Add `id-token: write` to the permissions of the job, and name `contents: read` beside it: scopes that are not named become none, and the checkout of a private repository fails next.",
        "permissions:\n  contents: read" => "permissions:\n  id-token: write\n  contents: read",
        &[WORKFLOW_SYNTAX, GITHUB_OIDC],
    ),
    cause!(
        ForkPullRequest,
        "A pull request from a fork runs with a read-only token, so `id-token: write` is taken away whatever the workflow says, unless the repository sends write tokens to such workflows.",
        "The same workflow works for branches of the repository itself; the event is pull_request and the head repository is a fork.",
        "Leave out what needs AWS in such runs, or do it after the merge. pull_request_target does get a token, but runs with the rights of the repository: with code from the fork it gives the role away.",
        "on: pull_request\njobs:\n  deploy: ..." => "jobs:\n  deploy:\n    if: github.event.pull_request.head.repo.full_name == github.repository",
        &[WORKFLOW_SYNTAX, "https://github.com/aws-actions/configure-aws-credentials/issues/205"],
    ),
    cause!(
        Dependabot,
        "Runs that Dependabot starts count as runs from a fork: read-only, without secrets and without `id-token: write`. Running them again as somebody else does not change that.",
        "The actor is dependabot[bot], and the same workflow works when a person pushes.",
        "Leave out the steps that need AWS where github.actor is dependabot[bot], or do them on the push that follows the merge.",
        "jobs:\n  deploy: ..." => "jobs:\n  deploy:\n    if: github.actor != 'dependabot[bot]'",
        &["https://docs.github.com/en/code-security/dependabot/troubleshooting-dependabot/troubleshooting-dependabot-on-github-actions"],
    ),
    cause!(
        ReusableWorkflowPermission,
        "In a reusable workflow permissions can only shrink: the job that calls it must itself have `id-token: write`, even if the called job names it. With another owner's workflow it must be named explicitly.",
        "The run stops at its start: `The nested job 'X' is requesting 'id-token: write', but is only allowed 'id-token: none'.`",
        "Grant the permission in the calling job.",
        "jobs:\n  call:\n    uses: octo-org/shared/.github/workflows/deploy.yml@main" => "jobs:\n  call:\n    permissions:\n      id-token: write\n      contents: read\n    uses: octo-org/shared/.github/workflows/deploy.yml@main",
        &[WORKFLOW_SYNTAX, GITHUB_OIDC],
    ),
    // Not an ID token.
    cause!(
        MalformedToken,
        "An ID token is three parts with dots between them: header, payload and signature, each base64url. STS refuses anything else, a header with `crit`, and times that are no whole numbers.",
        "`The ID Token provided is not a valid JWT. (You may see this error if you sent an Access Token)`, or `Invalid timestamp in token claims.`",
        "Copy the token whole. GitHub's answer is {\"value\": \"...\"}: send the value, not the whole answer, and not GITHUB_TOKEN.",
        "TOKEN=$(curl ... \"$ACTIONS_ID_TOKEN_REQUEST_URL&audience=sts.amazonaws.com\")" => "TOKEN=$(curl ... \"$ACTIONS_ID_TOKEN_REQUEST_URL&audience=sts.amazonaws.com\" | jq -r .value)",
        &[STS_API, GITHUB_OIDC],
    ),
    cause!(
        RequestToken,
        "ACTIONS_ID_TOKEN_REQUEST_TOKEN looks like an ID token and has the same issuer, but serves only to ask for ID tokens. It has no `sub`; STS answers `Missing a required claim: sub`.",
        "Its payload has `scp` with generate_id_token, `oidc_sub` and an `aud` that begins with `vso:`.",
        "Ask for an ID token with it, and send that. It is a live secret of the job: whoever has it can get ID tokens for some six hours. Remove it from logs and files.",
        "--web-identity-token \"$ACTIONS_ID_TOKEN_REQUEST_TOKEN\"" => "--web-identity-token \"$(curl -sS -H \"Authorization: bearer $ACTIONS_ID_TOKEN_REQUEST_TOKEN\" \"$ACTIONS_ID_TOKEN_REQUEST_URL&audience=sts.amazonaws.com\" | jq -r .value)\"",
        &["https://github.com/aws-actions/configure-aws-credentials/issues/502"],
    ),
    cause!(
        MissingClaim,
        "STS requires iss, sub, aud, iat and exp in every token. A list of audiences must not be empty, and `sub` must not be null.",
        "`Missing a required claim: X` or `Claim is not allowed to be empty: aud`. GitHub's ID tokens have all five.",
        "Send the ID token that GitHub issued, not an access token and not a copy with claims left out.",
        "{\"sub\": \"repo:octo-org/octo-repo:pull_request\", \"aud\": \"sts.amazonaws.com\"}" => "{\"iss\": \"https://token.actions.githubusercontent.com\", \"sub\": ..., \"aud\": ..., \"iat\": ..., \"exp\": ...}",
        &[STS_API],
    ),
    cause!(
        SeveralAudiences,
        "`aud` is a list of two or more and there is no `azp` that picks one. STS refuses it even where all of them are registered.",
        "`Token audience contains more than one audience while authorized party is not present`. GitHub's tokens have one audience.",
        "Ask for a token with one audience.",
        "\"aud\": [\"sts.amazonaws.com\", \"https://github.com/octo-org\"]" => "\"aud\": \"sts.amazonaws.com\"",
        &[STS_API],
    ),
    // Token.
    cause!(
        TokenExpired,
        "GitHub's tokens live five minutes. STS tolerates 300 s more; the clock in its message is already less these 300 s.",
        "`Token expired: current date/time A must be before the expiration date/time B`. It comes from slow networks, from many retries with one token, and from tokens that were saved.",
        "Get the token right before the call, once more for each attempt. To learn what the policy says of an old token, judge it as of its issue (on the command line: --at-issue).",
        "rolecall check trust.json token.txt" => "rolecall check trust.json token.txt --at-issue",
        &["https://github.com/aws-actions/configure-aws-credentials/issues/1848", STS_API],
    ),
    cause!(
        TokenNotYetValid,
        "`iat` or `nbf` lies more than 300 s ahead of the clock.",
        "`Token issued in the future: N` or `Token not yet valid: ...`",
        "Compare the clocks: that of the issuer (a GitHub Enterprise Server may be wrong; github.com is not), and the moment that was given (on the command line: --now).",
        "rolecall check trust.json token.txt --now 2026-01-01T00:00:00Z" => "rolecall check trust.json token.txt --at-issue",
        &[STS_API],
    ),
    cause!(
        BadSignature,
        "The signature was made with another key, or over another text than this header and payload.",
        "One changed or lost character is enough: a line break in the middle, a cut at the end, an edited claim. STS gives its general text `could not be validated`.",
        "Copy the token again, whole. To ask what the policy would say of these claims all the same, use --signature ignore.",
        "rolecall check trust.json token.txt" => "rolecall check trust.json token.txt --signature ignore",
        &[STS_API, GITHUB_OIDC],
    ),
    cause!(
        UnknownSigningKey,
        "The token names a key (`kid`) that is not in the key set. GitHub changes its keys from time to time, and every GitHub Enterprise Server has its own.",
        "With the built-in keys rolecall leaves the answer undecided and says what either outcome would lead to; with the issuer's own key set it is a refusal, as at STS: `Couldn't retrieve verification key from your identity provider`.",
        "Fetch the issuer's key set and give it (on the command line: --jwks). Where STS itself says it, the issuer could not be reached: retry.",
        "rolecall check trust.json token.txt" => "curl -sS https://token.actions.githubusercontent.com/.well-known/jwks -o jwks.json\nrolecall check trust.json token.txt --jwks jwks.json",
        &[GITHUB_OIDC, "https://github.com/aws-actions/configure-aws-credentials/issues/299"],
    ),
    // Provider.
    cause!(
        MissingProvider,
        "STS looks for an IAM identity provider whose URL equals the token's issuer, in the account of the role. A provider in another account cannot be used.",
        "`No OpenIDConnect provider found in your account for ...`, since 2026 `The web identity token provided could not be validated. ...`",
        "Create the provider in the role's account with the issuer as URL and sts.amazonaws.com as audience; or correct the account in the role ARN. Thumbprints play no part for GitHub.",
        "aws iam list-open-id-connect-providers   # none for the issuer" => "aws iam create-open-id-connect-provider --url https://token.actions.githubusercontent.com --client-id-list sts.amazonaws.com",
        &[CREATE_PROVIDER, "https://github.com/aws-actions/configure-aws-credentials/issues/280"],
    ),
    cause!(
        TypoInProvider,
        "The provider's URL must equal the issuer letter by letter: a slash at the end, other letter case, a path or the old host vstoken.actions.githubusercontent.com make it another provider.",
        "The provider is there in the console, and still STS does not find it.",
        "Create the provider anew with the exact URL, and use the same text in `Federated` and before the colon of each condition key.",
        "https://token.actions.githubusercontent.com/" => "https://token.actions.githubusercontent.com",
        &["https://github.com/aws-actions/configure-aws-credentials/issues/1043", CREATE_PROVIDER],
    ),
    cause!(
        WrongAudience,
        "The token's audience must be registered with the identity provider, and fit the policy's test of `aud` where it has one. The official action asks for sts.amazonaws.com; a token fetched without an audience has https://github.com/OWNER.",
        "Not registered: `Incorrect token audience`, since 2026 `could not be validated`. Refused by the policy: the usual AccessDenied.",
        "Ask for a token with the audience sts.amazonaws.com (in China sts.amazonaws.com.cn, by the action's input `audience`), register it with the provider, and test for the same value in the policy.",
        "\"StringEquals\": {\"...:aud\": \"https://github.com/octo-org\"}" => "\"StringEquals\": {\"...:aud\": \"sts.amazonaws.com\"}",
        &["https://github.com/aws-actions/configure-aws-credentials/issues/775", GITHUB_OIDC],
    ),
    // Request.
    cause!(
        RoleArnInvalid,
        "The role to assume must be the ARN of a role: arn:aws:iam::ACCOUNT:role/NAME, with the role's path if it has one.",
        "`Request ARN is invalid`. A bare name, the ARN of an assumed role (arn:aws:sts::...), an empty secret or a line break at the end of one do it. A well-formed ARN of a role that does not exist is refused with AccessDenied.",
        "Print the ARN with quotes around it in the log of the job, and compare it with that of the console.",
        "arn:aws:sts::111122223333:assumed-role/deploy/GitHubActions" => "arn:aws:iam::111122223333:role/deploy",
        &[STS_API, "https://github.com/crossplane-contrib/provider-aws/issues/517"],
    ),
    cause!(
        DurationTooLong,
        "A session may last from 900 s to the role's MaxSessionDuration, which is 3600 s unless it was raised, and 43200 s at most. Without a wish it lasts 3600 s.",
        "`The requested DurationSeconds exceeds the MaxSessionDuration set for this role.` or a validation error at 'durationSeconds'.",
        "Ask for less (the action's input role-duration-seconds), or raise the role's maximum.",
        "role-duration-seconds: 7200" => "aws iam update-role --role-name deploy --max-session-duration 7200",
        &[STS_API, "https://github.com/aws-actions/configure-aws-credentials/issues/354"],
    ),
    cause!(
        SessionNameInvalid,
        "The role session name has 2 to 64 characters: letters, digits and _ + = , . @ -. Since version 6.2.0 the official action refuses others instead of replacing them.",
        "`Value 'X' at 'roleSessionName' failed to satisfy constraint`. Names made from a branch, a job or a matrix have a slash or a blank in them, or are too long.",
        "Make the name from what is safe, such as the run's id.",
        "role-session-name: deploy-${{ github.ref }}" => "role-session-name: deploy-${{ github.run_id }}",
        &[STS_API, ACTION],
    ),
    // Policy text.
    cause!(
        MalformedJson,
        "A policy is strict JSON: no comments, no comma after the last member, straight double quotes.",
        "IAM answers MalformedPolicyDocument. rolecall names line and column.",
        "Correct the text at the place that is named; an open bracket shows only at the end, so the message names its line, too.",
        "{\"Effect\": \"Allow\",}" => "{\"Effect\": \"Allow\"}",
        &[IAM_GRAMMAR],
    ),
    cause!(
        MalformedPolicy,
        "The text is JSON, but breaks the grammar of policies: an element is missing, misspelt, of the wrong type or given in two forms, or the Version is none of the two.",
        "Names are case-sensitive: Effect is `Allow` or `Deny`, `StringLike` is not `stringlike`.",
        "Correct the element that is named; the message tells the nearest name where one is near.",
        "{\"effect\": \"allow\", ...}" => "{\"Effect\": \"Allow\", ...}",
        &[IAM_GRAMMAR],
    ),
    cause!(
        DuplicateJsonKeys,
        "JSON tools keep the last of two members with one name, so the first one vanishes without a word. In a policy that drops a test, and may open the role.",
        "Two `StringEquals` or `StringLike` blocks in one Condition.",
        "Write both under one key: keys under one operator are an AND, values in a list are an OR.",
        "\"StringEquals\": {\"...:aud\": ...}, \"StringEquals\": {\"...:sub\": ...}" => "\"StringEquals\": {\"...:aud\": ..., \"...:sub\": ...}",
        &[IAM_GRAMMAR],
    ),
    cause!(
        MalformedWorkflow,
        "A workflow is YAML with `on` and `jobs`. What GitHub would not run gets no token, so that nothing can be predicted from it.",
        "rolecall names the file, the line and what it expected there; GitHub shows `Invalid workflow file` in the repository's Actions tab.",
        "Repair the place that is named; in YAML the indentation counts.",
        "jobs:\n  deploy:\n  runs-on: ubuntu-latest" => "jobs:\n  deploy:\n    runs-on: ubuntu-latest",
        &[WORKFLOW_SYNTAX],
    ),
    cause!(
        PlaceholderLeft,
        "A value copied from documentation still has its placeholder, or a template expression was never filled in. `${...}` of a template is no policy variable.",
        "<ACCOUNT_ID>, YOUR_ORG, ${var.repo} in the policy's text.",
        "Put the real value in its place.",
        "arn:aws:iam::<ACCOUNT_ID>:oidc-provider/token.actions.githubusercontent.com" => "arn:aws:iam::111122223333:oidc-provider/token.actions.githubusercontent.com",
        &[GITHUB_OIDC, IAM_PRINCIPAL],
    ),
    // Statement.
    cause!(
        WrongAction,
        "A token is exchanged with sts:AssumeRoleWithWebIdentity. sts:AssumeRole is for AWS principals, sts:AssumeRoleWithSAML for SAML.",
        "Everything else in the statement fits, and still it is AccessDenied. IAM stores such a policy without a word.",
        "Name the action exactly; IAM refuses sts:* and other spellings in a trust policy.",
        "\"Action\": \"sts:AssumeRole\"" => "\"Action\": \"sts:AssumeRoleWithWebIdentity\"",
        &[STS_API, IAM_PRINCIPAL],
    ),
    cause!(
        WrongPrincipal,
        "`Federated` must be the ARN of the very provider that STS uses: the one for the token's issuer in the role's own account. A wildcard or {\"AWS\": \"*\"} does not let a web identity in.",
        "The account id or the host in the ARN is another one; after copying a policy between accounts it is the account id.",
        "Write the ARN of the role's own account.",
        "\"Federated\": \"arn:aws:iam::444455556666:oidc-provider/token.actions.githubusercontent.com\"" => "\"Federated\": \"arn:aws:iam::111122223333:oidc-provider/token.actions.githubusercontent.com\"",
        &[IAM_PRINCIPAL, CREATE_PROVIDER],
    ),
    cause!(
        ExplicitDeny,
        "A Deny statement that applies wins over every Allow.",
        "An Allow statement would let the token in; a negated test (StringNotLike, StringNotEquals) of a Deny is true also where the key is absent.",
        "Narrow the Deny so that it leaves this token out.",
        "{\"Effect\": \"Deny\", ..., \"Condition\": {\"StringNotLike\": {\"...:sub\": \"repo:octo-org/octo-repo:*\"}}}" => "{\"Effect\": \"Deny\", ..., \"Condition\": {\"StringNotLike\": {\"...:sub\": [\"repo:octo-org/octo-repo:*\", \"repo:octo-org@123456/octo-repo@456789:*\"]}}}",
        &[IAM_LOGIC],
    ),
    cause!(
        ConditionsAnded,
        "All operators and all keys of a Condition must be met at once. Two tests that each could hold may exclude each other.",
        "`sub` wants one branch under StringEquals and another under StringLike, or `sub` ends in `:ref:...` while `environment` is asked for: a job with an environment has no ref in its subject.",
        "For an OR write the values as one list under one operator, or use two statements.",
        "\"StringEquals\": {\"...:sub\": \"repo:octo-org/a:pull_request\"}, \"StringLike\": {\"...:sub\": \"repo:octo-org/b:*\"}" => "\"StringLike\": {\"...:sub\": [\"repo:octo-org/a:pull_request\", \"repo:octo-org/b:*\"]}",
        &[IAM_OPERATORS],
    ),
    cause!(
        MissingConditions,
        "The statement trusts GitHub's provider and does not look at who is calling: every repository on GitHub gets in. IAM refuses to store that today; older policies remain.",
        "No test of `sub` or `job_workflow_ref`, or one that anything meets.",
        "Test `sub` for your repository and for the branch or environment, and `aud`.",
        "\"Condition\": {\"StringEquals\": {\"...:aud\": \"sts.amazonaws.com\"}}" => "\"Condition\": {\"StringEquals\": {\"...:aud\": \"sts.amazonaws.com\", \"...:sub\": \"repo:octo-org/octo-repo:environment:production\"}}",
        &[SECURE_BY_DEFAULT],
    ),
    // Condition key.
    cause!(
        TypoInKey,
        "AWS does not know the condition key, so no request ever carries it. A positive test on it is never met; IfExists, negated tests and ForAllValues on it always are.",
        "The key is nearly one that exists: `:subject`, `:repo`, `token.action.githubusercontent.com:sub`.",
        "Write the key exactly: the provider's URL without https://, a colon, and the claim.",
        "token.actions.githubusercontent.com:subject" => "token.actions.githubusercontent.com:sub",
        &[IAM_KEYS],
    ),
    cause!(
        UnsupportedConditionKey,
        "The claim is in the token, but AWS makes no condition key of it. For GitHub there are aud, sub, actor, actor_id, enterprise_id, environment, job_workflow_ref, ref, repository, repository_id, repository_owner_id and workflow.",
        "The test is on repository_owner, iss, event_name, workflow_ref, runner_environment or the like: it never holds, and with IfExists or a negation it always holds.",
        "Use a key that exists (repository_owner_id instead of repository_owner), or put the claim into the subject with a customised template.",
        "\"StringEquals\": {\"...:repository_owner\": \"octo-org\"}" => "\"StringEquals\": {\"...:repository_owner_id\": \"123456\"}",
        &[IAM_KEYS, NEW_KEYS, "https://github.com/aws-actions/configure-aws-credentials/issues/306"],
    ),
    cause!(
        EnterpriseIssuerConditionKey,
        "An enterprise may put its slug into the issuer: https://token.actions.githubusercontent.com/SLUG. Then provider, `Federated` and the prefix of every condition key have the slug as well.",
        "`iss` ends in a slug and the policy's keys do not, or the other way round. The switch changes the issuer for all repositories of the enterprise at once.",
        "Write the keys with the issuer of the token, without https://.",
        "token.actions.githubusercontent.com:sub" => "token.actions.githubusercontent.com/octo-enterprise:sub",
        &[GITHUB_OIDC, GITHUB_REST_OIDC],
    ),
    cause!(
        MissingContextKey,
        "AWS knows the key, but this token does not carry the claim: `environment` exists only where the job names an environment, `enterprise_id` only within an enterprise.",
        "A positive test on an absent key is not met; the token's claims lack the name.",
        "Give the job the environment that the policy asks for, or remove the test. IfExists would let in every job without the claim.",
        "jobs:\n  deploy:\n    runs-on: ubuntu-latest" => "jobs:\n  deploy:\n    runs-on: ubuntu-latest\n    environment: production",
        &[IAM_KEYS, GITHUB_OIDC],
    ),
    // Subject.
    cause!(
        ImmutableSub,
        "Repositories created, renamed or transferred after 2026-07-15, and those that opted in, have subjects with ids: repo:OWNER@OWNER_ID/REPO@REPO_ID:... AWS compares plain text and knows nothing of it.",
        "The subject has `@` and numbers after owner and repository, the policy's value has none, or the other way round. The other claims have no ids in any case.",
        "Add the value with the ids beside the old one while you migrate (values in a list are an OR). Read them with: gh api repos/OWNER/REPO --jq '{owner: .owner.id, repo: .id}'. Do not write wildcards in place of names: others can imitate them.",
        "repo:octo-org/octo-repo:ref:refs/heads/main" => "repo:octo-org@123456/octo-repo@456789:ref:refs/heads/main",
        &[IMMUTABLE, GITHUB_OIDC, "https://github.com/aws-actions/configure-aws-credentials/issues/1888"],
    ),
    cause!(
        EnvironmentSub,
        "A job with `environment:` has the subject ...:environment:NAME in place of the branch, also on pull requests. A policy that asks for the ref does not fit it, and the other way round.",
        "One side has `:environment:`, the other `:ref:` or `:pull_request`.",
        "Trust the form that the job has. With an environment, restrict its branches in the environment's deployment rules, since the subject no longer tells them; a job that names an unknown environment creates it, unprotected.",
        "repo:octo-org/octo-repo:ref:refs/heads/main" => "repo:octo-org/octo-repo:environment:production",
        &[GITHUB_OIDC, "https://github.com/aws-actions/configure-aws-credentials/issues/454"],
    ),
    cause!(
        PullRequestSub,
        "Runs for a pull request have the subject ...:pull_request, without a branch: not that of the head, not that of the base.",
        "The subject ends in `:pull_request`, the policy asks for `:ref:refs/heads/...`; or the run was expected to be one for a pull request and came from a push.",
        "Decide whether pull requests may have the role: everyone who can open one from a branch runs code with it. A role of its own with few rights is better than adding the subject.",
        "repo:octo-org/octo-repo:ref:refs/heads/main" => "repo:octo-org/octo-repo:pull_request",
        &[GITHUB_OIDC, GITHUB_EVENTS],
    ),
    cause!(
        TagVsBranch,
        "Tags and branches are different refs: refs/tags/NAME and refs/heads/NAME. Releases and pushed tags run with the tag.",
        "One side has `refs/tags/`, the other `refs/heads/`.",
        "Add the form that the run has.",
        "repo:octo-org/octo-repo:ref:refs/heads/main" => "[\"repo:octo-org/octo-repo:ref:refs/heads/main\", \"repo:octo-org/octo-repo:ref:refs/tags/v*\"] under StringLike",
        &[GITHUB_OIDC, GITHUB_EVENTS],
    ),
    cause!(
        BranchSub,
        "The run is for another branch or tag than those that the policy names.",
        "Both sides have a ref of the same kind with another name. Often it is as it should be: the policy keeps feature branches out.",
        "Run the job on the branch that is trusted, or add this one if it is protected as well as the other.",
        "repo:octo-org/octo-repo:ref:refs/heads/main" => "[\"repo:octo-org/octo-repo:ref:refs/heads/main\", \"repo:octo-org/octo-repo:ref:refs/heads/release\"]",
        &[GITHUB_OIDC],
    ),
    cause!(
        MergeQueue,
        "A merge queue runs on a branch of its own, gh-readonly-queue/BASE/pr-N-SHA, so that its subject is neither that of the base branch nor that of a pull request.",
        "The subject has `refs/heads/gh-readonly-queue/`.",
        "Trust the queue of that base with StringLike. Whoever can push branches can create such a name unless a rule forbids it.",
        "repo:octo-org/octo-repo:ref:refs/heads/main" => "repo:octo-org/octo-repo:ref:refs/heads/gh-readonly-queue/main/*",
        &[GITHUB_EVENTS, "https://joshcannon.me"],
    ),
    cause!(
        CustomSubTemplate,
        "An organisation or repository can replace the subject by a template of claims, such as repository_owner_id:123456:repository_id:456789. A repository uses it only where its use_default is false.",
        "The subject does not begin with `repo:`, or goes on with keys such as `job_workflow_ref:` after the usual form.",
        "Read the template with: gh api repos/OWNER/REPO/actions/oidc/customization/sub, and write the policy's value in its form.",
        "repo:octo-org/octo-repo:ref:refs/heads/main" => "repo:octo-org/octo-repo:ref:refs/heads/main:job_workflow_ref:octo-org/octo-repo/.github/workflows/deploy.yml@refs/heads/main",
        &[GITHUB_REST_OIDC, "https://github.com/aws-actions/configure-aws-credentials/issues/746"],
    ),
    cause!(
        SubCaseMismatch,
        "AWS compares with letter case; GitHub writes names as they are registered.",
        "Owner, repository, branch or environment differ in case only: Octo-Org and octo-org.",
        "Copy the spelling of the token.",
        "repo:Octo-Org/octo-repo:ref:refs/heads/main" => "repo:octo-org/octo-repo:ref:refs/heads/main",
        &[IAM_OPERATORS, "https://github.com/aws-actions/configure-aws-credentials/issues/1100"],
    ),
    cause!(
        StringEqualsWithWildcard,
        "Under StringEquals `*` and `?` are ordinary characters. No subject has a star in it, so the test is never met.",
        "The operator is StringEquals (or StringEqualsIgnoreCase), and the value has a `*` or `?`.",
        "Use StringLike for the values with wildcards, and leave those without under StringEquals.",
        "\"StringEquals\": {\"...:sub\": \"repo:octo-org/octo-repo:*\"}" => "\"StringLike\": {\"...:sub\": \"repo:octo-org/octo-repo:*\"}",
        &[IAM_OPERATORS, "https://github.com/aws-actions/configure-aws-credentials/issues/1137"],
    ),
    cause!(
        MissingSubSuffix,
        "The value ends after the repository; subjects go on with the ref, the environment or `pull_request`. A pattern must fit the whole text.",
        "The policy's value is the beginning of the subject.",
        "Add the ending that you trust. `:*` lets in every branch, tag, environment and pull request of the repository.",
        "repo:octo-org/octo-repo" => "repo:octo-org/octo-repo:ref:refs/heads/main",
        &[GITHUB_OIDC],
    ),
    cause!(
        MissingRepoPrefix,
        "Subjects begin with `repo:` unless they are customised; then come owner and repository, without a host.",
        "The value begins with the owner, with github.com/ or with https://.",
        "Write repo:OWNER/REPO:...",
        "octo-org/octo-repo:ref:refs/heads/main" => "repo:octo-org/octo-repo:ref:refs/heads/main",
        &[GITHUB_OIDC, "https://github.com/aws-actions/configure-aws-credentials/issues/690"],
    ),
    cause!(
        SubTypo,
        "The value has the form of a subject, but a part of it is misspelt.",
        "`ref:refs/head/main`, `refs:heads`, `environments:`, `pull-request`, a letter too many or too few, a blank at the end.",
        "Copy the subject from the token (rolecall inspect) and change only what may vary.",
        "repo:octo-org/octo-repo:ref:refs/head/main" => "repo:octo-org/octo-repo:ref:refs/heads/main",
        &[GITHUB_OIDC],
    ),
    cause!(
        WrongRepository,
        "Owner and form fit, the repository is another one.",
        "After a rename, in a fork, or in a copy of the workflow. With a reusable workflow the subject is that of the caller.",
        "Add the repository, if it is meant to have the role.",
        "repo:octo-org/octo-repo:ref:refs/heads/main" => "[\"repo:octo-org/octo-repo:ref:refs/heads/main\", \"repo:octo-org/other-repo:ref:refs/heads/main\"]",
        &[GITHUB_OIDC],
    ),
    cause!(
        WrongOwner,
        "The repository belongs to another account or organisation than the policy names: it was transferred, the organisation was renamed, or this is a fork.",
        "The part before the slash differs.",
        "After a rename or transfer put the new owner into the policy, and remove the old name: somebody else can register it.",
        "repo:old-org/octo-repo:ref:refs/heads/main" => "repo:octo-org/octo-repo:ref:refs/heads/main",
        &[GITHUB_OIDC, IMMUTABLE],
    ),
    cause!(
        JobWorkflowRef,
        "job_workflow_ref names the file that defines the job, and its version: for a reusable workflow the called file, for any other job the workflow itself. It has no ids, even where the subject has.",
        "Another file, or another version after the `@`: a branch is refs/heads/NAME, a tag refs/tags/NAME, a commit its SHA.",
        "Copy the value from the token, and use StringLike where the version may vary.",
        "octo-org/shared/.github/workflows/deploy.yml@main" => "octo-org/shared/.github/workflows/deploy.yml@refs/heads/main",
        &[GITHUB_OIDC, IAM_KEYS],
    ),
    cause!(
        ValueMismatch,
        "The request carries the key, with another value than the policy asks for; or with one that a negated test excludes.",
        "The answer shows both values, one above the other.",
        "Correct the value, or the run that has the other one. Ids are texts: write them in quotes.",
        "\"StringEquals\": {\"...:ref\": \"main\"}" => "\"StringEquals\": {\"...:ref\": \"refs/heads/main\"}",
        &[IAM_OPERATORS, IAM_KEYS],
    ),
];
