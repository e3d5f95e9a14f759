//! Error messages as AWS, `aws-actions/configure-aws-credentials` and the Actions toolkit print them.
//!
//! Most wordings were recorded or reported; see the sources. Both older and newer ones are kept, since
//! web pages go on showing the older.

use super::Message;
use crate::report::CauseId as C;
use crate::report::CheckId as K;

const CHECK: &str = "rolecall check trust.json token.txt";
const AT_ISSUE: &str = "rolecall check trust.json token.txt --at-issue";
const INSPECT: &str = "rolecall inspect token.txt";

const PUSH: &str = "rolecall push permissions.json --repository ARN";

const ECR_PUSH: &str = "https://docs.aws.amazon.com/AmazonECR/latest/userguide/image-push-iam.html";
const ECR_ERRORS: &str =
    "https://docs.aws.amazon.com/AmazonECR/latest/userguide/common-errors-docker.html";
const ECR_TAGS: &str =
    "https://docs.aws.amazon.com/AmazonECR/latest/userguide/image-tag-mutability.html";
const ACCESS_DENIED: &str =
    "https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_access-denied.html";

const STS_API: &str =
    "https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRoleWithWebIdentity.html";
const ACTION: &str = "https://github.com/aws-actions/configure-aws-credentials";
const WORKFLOW_SYNTAX: &str =
    "https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-syntax";
const GITHUB_OIDC: &str = "https://docs.github.com/en/actions/reference/security/oidc";
const SECURE_BY_DEFAULT: &str = "https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_providers_oidc_secure-by-default.html";
const GRAMMAR: &str =
    "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html";

/// Every message that is known.
pub const MESSAGES: &[Message] = &[
    Message {
        id: "not_authorized",
        from: "STS, AccessDenied",
        wordings: &[
            "Not authorized to perform sts:AssumeRoleWithWebIdentity",
            "not authorized to perform: sts:AssumeRoleWithWebIdentity",
            "An unknown error occurred",
        ],
        meaning: "The token itself was fine; the role's trust policy did not let it in. STS never says which test failed, and gives the same text for a role that does not exist, for a resource control policy that denies, and for some seconds after a role was made or changed. CloudTrail shows it as `An unknown error occurred`.",
        checks: &[K::TrustPolicy, K::Request],
        causes: &[
            C::ImmutableSub,
            C::EnvironmentSub,
            C::SubCaseMismatch,
            C::StringEqualsWithWildcard,
            C::PullRequestSub,
            C::BranchSub,
            C::TagVsBranch,
            C::MissingSubSuffix,
            C::UnsupportedConditionKey,
            C::WrongAudience,
            C::WrongRepository,
            C::CustomSubTemplate,
            C::WrongPrincipal,
            C::WrongAction,
            C::MergeQueue,
            C::ExplicitDeny,
            C::RoleArnInvalid,
        ],
        run: CHECK,
        sources: &[
            "https://github.com/aws-actions/configure-aws-credentials/issues/318",
            "https://github.com/aws-actions/configure-aws-credentials/issues/1888",
        ],
    },
    Message {
        id: "not_validated",
        from: "STS, InvalidIdentityToken",
        wordings: &[
            "The web identity token provided could not be validated. See the AssumeRoleWithWebIdentity documentation for requirements",
            "web identity token provided could not be validated",
        ],
        meaning: "STS stopped before the trust policy. Since 2026 this one text stands for several refusals that had texts of their own: no identity provider for the token's issuer in the role's account, an audience that is not registered with it, and most likely a signature that does not fit.",
        checks: &[K::Provider, K::Audience, K::Signature],
        causes: &[
            C::MissingProvider,
            C::WrongAudience,
            C::TypoInProvider,
            C::BadSignature,
        ],
        run: CHECK,
        sources: &[STS_API],
    },
    Message {
        id: "no_provider_found",
        from: "STS, InvalidIdentityToken",
        wordings: &["No OpenIDConnect provider found in your account for …"],
        meaning: "The account of the role has no identity provider whose URL equals the token's issuer, letter by letter. Often the role is in another account than the provider, or the URL ends in a slash. 2026's STS says `could not be validated` instead.",
        checks: &[K::Provider],
        causes: &[C::MissingProvider, C::TypoInProvider],
        run: CHECK,
        sources: &[
            "https://github.com/aws-actions/configure-aws-credentials/issues/721",
            "https://github.com/aws-actions/configure-aws-credentials/issues/1043",
        ],
    },
    Message {
        id: "incorrect_token_audience",
        from: "STS, InvalidIdentityToken",
        wordings: &["Incorrect token audience"],
        meaning: "The token's audience is not among those registered with the identity provider. The official action asks for `sts.amazonaws.com` (in China `sts.amazonaws.com.cn` must be asked for); a token fetched without an audience has `https://github.com/OWNER`. 2026's STS says `could not be validated` instead.",
        checks: &[K::Audience],
        causes: &[C::WrongAudience],
        run: CHECK,
        sources: &[
            "https://github.com/aws-actions/configure-aws-credentials/issues/775",
            "https://github.com/aws-actions/configure-aws-credentials/issues/1309",
        ],
    },
    Message {
        id: "no_verification_key",
        from: "STS, InvalidIdentityToken",
        wordings: &["Couldn't retrieve verification key from your identity provider"],
        meaning: "STS could not get the key that signed the token: either the issuer's keys could not be fetched at that moment, which passes (retry), or the key set has no key with the token's `kid`. A GitHub Enterprise Server must be reachable from AWS.",
        checks: &[K::Signature],
        causes: &[C::UnknownSigningKey],
        run: INSPECT,
        sources: &[
            "https://github.com/awslabs/aws-sdk-rust/issues/827",
            "https://github.com/aws-actions/configure-aws-credentials/issues/299",
        ],
    },
    Message {
        id: "token_has_expired",
        from: "STS, ExpiredTokenException",
        wordings: &[
            "Token expired: current date/time … must be before the expiration date/time …",
            "Token expired: current date/time",
        ],
        meaning: "The token's `exp` had passed by more than the 300 s that STS tolerates. The first number is the clock less these 300 s. GitHub's tokens live five minutes; a slow network or many retries outlive them, since the action does not renew the token between attempts.",
        checks: &[K::TokenTimes],
        causes: &[C::TokenExpired],
        run: AT_ISSUE,
        sources: &[
            "https://github.com/aws-actions/configure-aws-credentials/issues/1848",
            STS_API,
        ],
    },
    Message {
        id: "token_ahead_of_the_clock",
        from: "STS, InvalidIdentityToken",
        wordings: &["Token issued in the future: …", "Token not yet valid: …"],
        meaning: "`iat` or `nbf` is more than 300 s ahead of STS's clock. With GitHub's own issuer this does not happen; look at the clock of a GitHub Enterprise Server.",
        checks: &[K::TokenTimes],
        causes: &[C::TokenNotYetValid],
        run: INSPECT,
        sources: &[STS_API],
    },
    Message {
        id: "invalid_timestamp",
        from: "STS, InvalidIdentityToken",
        wordings: &["Invalid timestamp in token claims"],
        meaning: "`exp`, `iat` or `nbf` is no whole number of seconds. GitHub's tokens have whole numbers.",
        checks: &[K::TokenTimes],
        causes: &[C::MalformedToken],
        run: INSPECT,
        sources: &[STS_API],
    },
    Message {
        id: "required_claim",
        from: "STS, InvalidIdentityToken",
        wordings: &[
            "Missing a required claim: …",
            "Claim is not allowed to be empty: …",
        ],
        meaning: "STS requires iss, sub, aud, iat and exp. Where `sub` is missing, the ACTIONS_ID_TOKEN_REQUEST_TOKEN was sent most likely: the token that asks for ID tokens, itself a secret.",
        checks: &[K::RequiredClaims],
        causes: &[C::RequestToken, C::MissingClaim],
        run: INSPECT,
        sources: &["https://github.com/aws-actions/configure-aws-credentials/issues/502"],
    },
    Message {
        id: "more_than_one_audience",
        from: "STS, InvalidIdentityToken",
        wordings: &[
            "Token audience contains more than one audience while authorized party is not present",
        ],
        meaning: "`aud` is a list of several and there is no `azp`. Refused even where all of them are registered. GitHub's tokens have one audience.",
        checks: &[K::RequiredClaims],
        causes: &[C::SeveralAudiences],
        run: INSPECT,
        sources: &[STS_API],
    },
    Message {
        id: "not_a_valid_jwt",
        from: "STS, InvalidIdentityToken",
        wordings: &[
            "The ID Token provided is not a valid JWT",
            "You may see this error if you sent an Access Token",
        ],
        meaning: "What was sent is no ID token: cut off, quoted, the whole JSON answer instead of its `value`, or another kind of token such as GITHUB_TOKEN.",
        checks: &[K::TokenFormat],
        causes: &[C::MalformedToken, C::RequestToken],
        run: INSPECT,
        sources: &[STS_API],
    },
    Message {
        id: "thumbprint",
        from: "STS, InvalidIdentityToken",
        wordings: &[
            "OpenIDConnect provider's HTTPS certificate doesn't match configured thumbprint",
        ],
        meaning: "Until July 2023 STS compared the certificate of the identity provider with the thumbprints registered with it, and GitHub's changes of certificate broke everyone. Since 2023-07-06 AWS ignores thumbprints for GitHub. Today only an issuer whose certificate AWS's library of authorities does not trust, such as a GitHub Enterprise Server with a private authority, can see it: register the thumbprint of its top intermediate authority.",
        checks: &[K::Provider],
        causes: &[],
        run: INSPECT,
        sources: &[
            "https://github.com/aws-actions/configure-aws-credentials/issues/357",
            "https://github.com/turbot/steampipe-samples/issues/16",
        ],
    },
    Message {
        id: "idp_communication",
        from: "STS, IDPCommunicationError",
        wordings: &["IDPCommunicationError"],
        meaning: "STS could not reach the identity provider. It passes: retry. A GitHub Enterprise Server must be reachable from AWS.",
        checks: &[K::Signature],
        causes: &[],
        run: INSPECT,
        sources: &[STS_API],
    },
    Message {
        id: "provider_id_given",
        from: "STS, IDPRejectedClaim",
        wordings: &[
            "Provided Token is not a Login With Amazon token",
            "Unrecognized OAuth provider. …",
            "IDPRejectedClaim",
        ],
        meaning: "The call has the parameter ProviderId, which is for Login with Amazon and Facebook. Leave it out for GitHub's tokens.",
        checks: &[K::Request],
        causes: &[],
        run: INSPECT,
        sources: &[STS_API],
    },
    Message {
        id: "request_arn_invalid",
        from: "STS, ValidationError",
        wordings: &[
            "Request ARN is invalid",
            "at 'roleArn' failed to satisfy constraint",
        ],
        meaning: "The role to assume is no role ARN: a bare name, an assumed-role ARN, a typing error, an empty secret, or a line break at the end of one.",
        checks: &[K::Request],
        causes: &[C::RoleArnInvalid],
        run: "rolecall check trust.json token.txt --role-arn \"$ROLE_ARN\"",
        sources: &["https://github.com/crossplane-contrib/provider-aws/issues/517"],
    },
    Message {
        id: "session_name",
        from: "STS, ValidationError",
        wordings: &["at 'roleSessionName' failed to satisfy constraint"],
        meaning: "The role session name is not 2 to 64 characters of letters, digits and `_+=,.@-`. Names made from a job, a branch or a matrix often have a blank or a slash in them.",
        checks: &[K::Request],
        causes: &[C::SessionNameInvalid],
        run: "rolecall check trust.json token.txt --session-name \"$NAME\"",
        sources: &[
            "https://github.com/smartcontractkit/chainlink/issues/12855",
            STS_API,
        ],
    },
    Message {
        id: "duration",
        from: "STS, ValidationError",
        wordings: &[
            "The requested DurationSeconds exceeds the MaxSessionDuration set for this role",
            "at 'durationSeconds' failed to satisfy constraint",
        ],
        meaning: "The duration asked for is outside of 900 to 43200 s, or above the role's MaxSessionDuration, which is 3600 s unless it was raised.",
        checks: &[K::SessionDuration, K::Request],
        causes: &[C::DurationTooLong],
        run: "rolecall check trust.json token.txt --duration 7200 --max-session-duration 3600",
        sources: &[
            "https://github.com/aws-actions/configure-aws-credentials/issues/354",
            STS_API,
        ],
    },
    Message {
        id: "token_length",
        from: "STS, ValidationError",
        wordings: &["at 'webIdentityToken' failed to satisfy constraint"],
        meaning: "What was sent as token is shorter than 4 or longer than 20000 characters: most often an empty variable.",
        checks: &[K::Request, K::TokenFormat],
        causes: &[C::MalformedToken],
        run: INSPECT,
        sources: &[STS_API],
    },
    Message {
        id: "session_policy",
        from: "STS, PackedPolicyTooLarge",
        wordings: &["PackedPolicyTooLarge"],
        meaning: "The inline session policy and the managed ones together are too large. The role and the token are not the problem.",
        checks: &[K::Request],
        causes: &[],
        run: CHECK,
        sources: &[STS_API],
    },
    Message {
        id: "region_disabled",
        from: "STS, RegionDisabledException",
        wordings: &[
            "RegionDisabledException",
            "STS is not activated in this region",
        ],
        meaning: "STS is switched off in the region that was called, in the role's account. Activate it under IAM, Account settings, or call another region.",
        checks: &[K::Request],
        causes: &[],
        run: CHECK,
        sources: &[STS_API],
    },
    Message {
        id: "provider_control",
        from: "IAM, MalformedPolicyDocument",
        wordings: &[
            "must evaluate, using StringEquals, StringLike or StringEqualsIgnoreCase, … which is not scoped to all",
            "which is not scoped to all",
        ],
        meaning: "IAM refuses to store the trust policy: each Allow statement for GitHub's provider must test `:sub` or `:job_workflow_ref` with a positive operator, and no value may begin with a wildcard. Policies stored before are not touched.",
        checks: &[K::TrustPolicy],
        causes: &[C::MissingConditions],
        run: CHECK,
        sources: &[SECURE_BY_DEFAULT],
    },
    Message {
        id: "only_sts_actions",
        from: "IAM, MalformedPolicyDocument",
        wordings: &["AssumeRole policy may only specify STS AssumeRole actions"],
        meaning: "A trust policy takes the actions sts:AssumeRole, sts:AssumeRoleWithWebIdentity and their like, in exactly this spelling; `sts:*` and `*` are refused.",
        checks: &[K::TrustPolicy],
        causes: &[C::WrongAction],
        run: CHECK,
        sources: &[GRAMMAR],
    },
    Message {
        id: "prohibited_field",
        from: "IAM, MalformedPolicyDocument",
        wordings: &[
            "Has prohibited field …",
            "AssumeRole policy must not contain NotPrincipal field",
            "Allow with NotPrincipal is not allowed",
        ],
        meaning: "A trust policy has no Resource, since it belongs to a role, and no NotPrincipal. Remove the element.",
        checks: &[K::TrustPolicy],
        causes: &[C::MalformedPolicy],
        run: CHECK,
        sources: &[GRAMMAR],
    },
    Message {
        id: "invalid_principal",
        from: "IAM, MalformedPolicyDocument",
        wordings: &[
            "Federated principals must be valid domain names or SAML metadata ARNs",
            "contained an invalid principal: …",
            "Invalid principal in policy: …",
        ],
        meaning: "The principal is not written as IAM wants it: the whole ARN of the identity provider with its account, under `Federated`.",
        checks: &[K::TrustPolicy],
        causes: &[C::WrongPrincipal, C::PlaceholderLeft],
        run: CHECK,
        sources: &[
            "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html",
        ],
    },
    Message {
        id: "policy_syntax",
        from: "IAM, MalformedPolicyDocument",
        wordings: &[
            "This policy contains invalid Json",
            "Syntax errors in policy",
            "Syntax error in policy",
            "The policy must contain a valid version string",
            "Missing required field …",
            "The Statement Ids in the policy are not unique",
            "Could not parse the policy: Statement is empty",
        ],
        meaning: "IAM cannot read the policy: it is not JSON, or an element is missing, misspelt or of the wrong type.",
        checks: &[K::TrustPolicy],
        causes: &[C::MalformedJson, C::MalformedPolicy],
        run: CHECK,
        sources: &[GRAMMAR],
    },
    Message {
        id: "no_request_url",
        from: "GitHub Actions toolkit",
        wordings: &[
            "Unable to get ACTIONS_ID_TOKEN_REQUEST_URL env variable",
            "Unable to get ACTIONS_ID_TOKEN_REQUEST_TOKEN env variable",
        ],
        meaning: "The job may not ask for a token: nothing reached AWS. The job lacks `id-token: write`, or it runs for a pull request from a fork or for Dependabot, which get none.",
        checks: &[],
        causes: &[
            C::MissingIdTokenPermission,
            C::ForkPullRequest,
            C::Dependabot,
            C::ReusableWorkflowPermission,
        ],
        run: "rolecall explain missing_id_token_permission",
        sources: &[WORKFLOW_SYNTAX, GITHUB_OIDC],
    },
    Message {
        id: "failed_to_get_id_token",
        from: "GitHub Actions toolkit",
        wordings: &[
            "Failed to get ID Token",
            "Response json body do not have ID Token field",
            "getIDToken call failed: …",
        ],
        meaning: "GitHub's token service answered with an error, after retries. Where the text goes on with `Unable to get ACTIONS_ID_TOKEN_REQUEST_URL`, the permission is missing; a code of the 500s passes: run the job again.",
        checks: &[],
        causes: &[C::MissingIdTokenPermission, C::ForkPullRequest],
        run: "rolecall explain missing_id_token_permission",
        sources: &["https://github.com/actions/toolkit/blob/main/packages/core/src/oidc-utils.ts"],
    },
    Message {
        id: "did_you_mean_id_token",
        from: "aws-actions/configure-aws-credentials",
        wordings: &[
            "Did you mean to set the … permission",
            "Did you remember to add … id-token: write",
            "It looks like you might be trying to authenticate with OIDC",
        ],
        meaning: "A role was given, but the job has no means to ask for a token: `id-token: write` is missing, or the run is one that gets no token (a fork's pull request, Dependabot). Nothing reached AWS.",
        checks: &[],
        causes: &[
            C::MissingIdTokenPermission,
            C::ForkPullRequest,
            C::Dependabot,
            C::ReusableWorkflowPermission,
        ],
        run: "rolecall explain missing_id_token_permission",
        sources: &[ACTION, WORKFLOW_SYNTAX],
    },
    Message {
        id: "no_credentials",
        from: "aws-actions/configure-aws-credentials",
        wordings: &[
            "Credentials could not be loaded, please check your action inputs",
            "Could not load credentials from any providers",
        ],
        meaning: "The action found neither a token nor keys. Either `id-token: write` is missing, or the run gets no token (a fork's pull request, Dependabot), or the input role-to-assume is empty, as secrets are in a fork's run.",
        checks: &[],
        causes: &[
            C::MissingIdTokenPermission,
            C::ForkPullRequest,
            C::Dependabot,
            C::ReusableWorkflowPermission,
        ],
        run: "rolecall explain missing_id_token_permission",
        sources: &[
            "https://github.com/aws-actions/configure-aws-credentials/issues/271",
            "https://github.com/aws-actions/configure-aws-credentials/issues/205",
        ],
    },
    Message {
        id: "nested_job",
        from: "GitHub Actions",
        wordings: &[
            "The nested job … is requesting … id-token: write … but is only allowed … id-token: none",
        ],
        meaning: "A reusable workflow asks for `id-token: write`, and its caller does not grant it. Permissions can only shrink on the way down.",
        checks: &[],
        causes: &[C::ReusableWorkflowPermission],
        run: "rolecall explain reusable_workflow_permission",
        sources: &[WORKFLOW_SYNTAX],
    },
    Message {
        id: "role_name_instead_of_arn",
        from: "aws-actions/configure-aws-credentials",
        wordings: &[
            "Source Account ID is needed if the Role Name is provided and not the Role Arn",
        ],
        meaning: "role-to-assume holds a bare name. With OIDC the action needs the whole ARN: arn:aws:iam::ACCOUNT:role/NAME.",
        checks: &[K::Request],
        causes: &[C::RoleArnInvalid],
        run: "rolecall check trust.json token.txt --role-arn \"$ROLE_ARN\"",
        sources: &[ACTION],
    },
    Message {
        id: "leftover_keys",
        from: "AWS",
        wordings: &[
            "The security token included in the request is invalid",
            "The security token included in the request is expired",
        ],
        meaning: "Keys from an earlier step or from the runner's environment were used, not the token's role. Unset AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY and AWS_SESSION_TOKEN, or set unset-current-credentials.",
        checks: &[],
        causes: &[],
        run: INSPECT,
        sources: &[
            "https://github.com/aws-actions/configure-aws-credentials/issues/743",
            "https://github.com/aws-actions/configure-aws-credentials/issues/681",
        ],
    },
    Message {
        id: "ecr_not_authorized",
        from: "Amazon ECR, AccessDeniedException or `denied`",
        wordings: &[
            "is not authorized to perform: ecr:",
            "no identity-based policy allows the ecr:",
        ],
        meaning: "The role was assumed; what it may do in ECR does not suffice. The text's end tells which kind of policy is missing or denies: identity-based, resource-based (the repository's), permissions boundary, session, service control or resource control policy. `ecr:GetAuthorizationToken`, behind the login, is granted only by a statement whose Resource is `*`.",
        checks: &[],
        causes: &[],
        run: PUSH,
        sources: &[ECR_PUSH, ACCESS_DENIED],
    },
    Message {
        id: "no_basic_auth",
        from: "docker push",
        wordings: &["no basic auth credentials"],
        meaning: "Docker is not logged in to this registry: the login step is missing or failed, it was for another account or region than the image's address has, or 12 hours have passed since.",
        checks: &[],
        causes: &[],
        run: PUSH,
        sources: &[ECR_ERRORS],
    },
    Message {
        id: "ecr_no_repository",
        from: "docker push, Amazon ECR",
        wordings: &["name unknown: The repository with name"],
        meaning: "The registry of this account and region has no repository of that name: ECR makes none by itself when an image is pushed. Check region, account and name in the image's address, or create the repository. Nothing that rolecall judges from policies.",
        checks: &[],
        causes: &[],
        run: PUSH,
        sources: &[ECR_ERRORS],
    },
    Message {
        id: "ecr_tag_immutable",
        from: "docker push, Amazon ECR",
        wordings: &["cannot be overwritten because the repository is immutable"],
        meaning: "The tag exists already, and the repository's tags are immutable: push another tag, such as the commit's. The permissions are fine.",
        checks: &[],
        causes: &[],
        run: PUSH,
        sources: &[ECR_TAGS],
    },
];
