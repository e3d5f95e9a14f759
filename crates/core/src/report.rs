//! What a check answers, as plain data: the contract's `rolecall.check/1` and `rolecall.error/1`.
//!
//! Every face shows these types and decides nothing itself. Members that are `None` are written as
//! `null`, which means "not given".

pub mod prediction;

use std::borrow::Cow;

use serde::{Serialize, Serializer};
use serde_json::{Map, Value};

use crate::edit::Splice;
use crate::policy::storable::Refusal;
use crate::span::{Position, Source, Span};
use crate::tri::Tri;

/// The answer to a check.
#[derive(Debug, Clone, Serialize)]
pub struct CheckReport {
    /// `rolecall.check/1`
    pub schema: &'static str,
    /// Would STS issue credentials?
    pub decision: Decision,
    /// What STS would answer where it refuses; `None` where it allows, or where no token was issued.
    pub error: Option<StsError>,
    /// Why, most decisive first; empty when allowed.
    pub causes: Vec<Cause>,
    /// What STS checks, in its order.
    pub checks: Vec<Check>,
    /// The trust policy, statement by statement.
    pub statements: Vec<StatementReport>,
    /// Whether IAM would store the policy today.
    pub storable: Storable,
    /// What is not known, and what each answer would lead to.
    pub unknowns: Vec<UnknownFact>,
    /// The session that STS would issue.
    pub session: Option<Session>,
    /// What is remarkable about the policy, worst first.
    pub findings: Vec<Finding>,
    /// What was stripped from the pasted text, or assumed where nothing was given.
    pub notes: Vec<String>,
}

/// The answer where nothing was decided: unreadable input.
#[derive(Debug, Clone, Serialize)]
pub struct ErrorReport {
    /// `rolecall.error/1`
    pub schema: &'static str,
    /// What is wrong, first things first; never empty.
    pub causes: Vec<Cause>,
}

impl ErrorReport {
    /// The schema's name.
    pub const SCHEMA: &'static str = "rolecall.error/1";

    /// A report with one cause that has no place in a text.
    #[must_use]
    pub fn plain(id: CauseId, summary: impl Into<String>, help: impl Into<String>) -> Self {
        Self {
            schema: Self::SCHEMA,
            causes: vec![Cause::new(id, summary, help)],
        }
    }
}

/// Allowed, denied, or not to be told from what is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Decision {
    /// STS would issue credentials.
    Allow,
    /// STS would refuse.
    Deny,
    /// A needed fact is unknown.
    Undecided,
}

impl Decision {
    /// The word of the contract.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Allow => "allow",
            Self::Deny => "deny",
            Self::Undecided => "undecided",
        }
    }
}

impl From<Tri> for Decision {
    fn from(value: Tri) -> Self {
        match value {
            Tri::Yes => Self::Allow,
            Tri::No => Self::Deny,
            Tri::Unknown => Self::Undecided,
        }
    }
}

/// AWS's refusal.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct StsError {
    /// The error code.
    pub code: &'static str,
    /// AWS's text.
    pub message: String,
    /// Other wordings of the same refusal that people find, older ones included.
    pub also_seen: Vec<String>,
}

/// One reason.
#[derive(Debug, Clone, Serialize)]
pub struct Cause {
    /// Its id.
    pub id: CauseId,
    /// One sentence.
    pub summary: String,
    /// What to do.
    pub help: String,
    /// The claim it is about.
    pub claim: Option<String>,
    /// Where in the policy.
    pub location: Option<Location>,
    /// What the token or the request holds.
    pub actual: Option<String>,
    /// What the policy or AWS expects.
    pub expected: Option<String>,
    /// A repair, for the plain cases.
    pub fix: Option<Edit>,
}

impl Cause {
    /// A cause without a place.
    #[must_use]
    pub fn new(id: CauseId, summary: impl Into<String>, help: impl Into<String>) -> Self {
        Self {
            id,
            summary: summary.into(),
            help: help.into(),
            claim: None,
            location: None,
            actual: None,
            expected: None,
            fix: None,
        }
    }
}

macro_rules! cause_ids {
    ($($variant:ident = $name:literal, $meaning:literal;)*) => {
        /// The ids of causes, stable across versions.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        pub enum CauseId {
            $(#[doc = $meaning] $variant,)*
        }

        impl CauseId {
            /// All of them.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)*];

            /// The id as reports write it.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $name,)* }
            }

            /// What it means, in one sentence.
            #[must_use]
            pub const fn meaning(self) -> &'static str {
                match self { $(Self::$variant => $meaning,)* }
            }

            /// Reads an id.
            #[must_use]
            pub fn parse(name: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|id| id.as_str() == name)
            }
        }
    };
}

cause_ids! {
    MissingIdTokenPermission = "missing_id_token_permission", "The job may not ask for a token: `id-token: write` is missing.";
    ForkPullRequest = "fork_pull_request", "Pull requests from forks get no token.";
    Dependabot = "dependabot", "Runs started by Dependabot get no token.";
    ReusableWorkflowPermission = "reusable_workflow_permission", "The caller of the reusable workflow does not grant `id-token: write`.";
    MalformedToken = "malformed_token", "The text is not a valid JWT.";
    RequestToken = "request_token", "This is the token that asks for ID tokens, not an ID token.";
    MissingClaim = "missing_claim", "A claim that STS requires is missing or empty.";
    SeveralAudiences = "several_audiences", "The token names several audiences and no authorized party.";
    TokenExpired = "token_expired", "The token expired more than 300 seconds before the attempt.";
    TokenNotYetValid = "token_not_yet_valid", "The token is dated more than 300 seconds ahead of the clock.";
    BadSignature = "bad_signature", "The signature does not fit the token.";
    UnknownSigningKey = "unknown_signing_key", "The key that signed the token is not known here.";
    MissingProvider = "missing_provider", "The role's account has no identity provider for the token's issuer.";
    TypoInProvider = "typo_in_provider", "The identity provider's URL is nearly the token's issuer, but not equal to it.";
    WrongAudience = "wrong_audience", "The token's audience is not registered with the provider, or the policy asks for another.";
    RoleArnInvalid = "role_arn_invalid", "The role ARN of the request is not valid.";
    DurationTooLong = "duration_too_long", "The requested session duration is outside of what the role or STS grants.";
    SessionNameInvalid = "session_name_invalid", "The role session name breaks STS's rules.";
    MalformedJson = "malformed_json", "The policy is not valid JSON.";
    MalformedPolicy = "malformed_policy", "The text is JSON, but not a policy.";
    DuplicateJsonKeys = "duplicate_json_keys", "A key is given twice; only the last one counts.";
    MalformedWorkflow = "malformed_workflow", "The text is not a GitHub Actions workflow.";
    PlaceholderLeft = "placeholder_left", "A placeholder was not replaced by a real value.";
    WrongAction = "wrong_action", "The statement does not cover sts:AssumeRoleWithWebIdentity.";
    WrongPrincipal = "wrong_principal", "The statement trusts another identity provider or account than the one used.";
    ExplicitDeny = "explicit_deny", "A Deny statement applies, and a Deny always wins.";
    ConditionsAnded = "conditions_anded", "Tests that must all be met contradict one another.";
    MissingConditions = "missing_conditions", "The statement does not look at who is calling.";
    TypoInKey = "typo_in_key", "No such condition key exists; a test on it is never met.";
    UnsupportedConditionKey = "unsupported_condition_key", "AWS never offers this claim as a condition key.";
    EnterpriseIssuerConditionKey = "enterprise_issuer_condition_key", "The condition key names another issuer: the enterprise's slug is missing, or too much.";
    MissingContextKey = "missing_context_key", "The token lacks the claim that the policy tests.";
    ImmutableSub = "immutable_sub", "Owner and repository ids are in the subject on one side and not on the other.";
    EnvironmentSub = "environment_sub", "The subject names an environment on one side and something else on the other.";
    PullRequestSub = "pull_request_sub", "The subject is that of a pull request on one side only.";
    TagVsBranch = "tag_vs_branch", "The subject names a tag on one side and a branch on the other.";
    BranchSub = "branch_sub", "The subject names another branch or tag.";
    MergeQueue = "merge_queue", "The run came from a merge queue, which has a branch of its own.";
    CustomSubTemplate = "custom_sub_template", "The subject follows a customised template on one side only.";
    SubCaseMismatch = "sub_case_mismatch", "Only letter case differs.";
    StringEqualsWithWildcard = "stringequals_with_wildcard", "StringEquals takes * and ? literally.";
    MissingSubSuffix = "missing_sub_suffix", "The policy's value ends where the subject goes on.";
    MissingRepoPrefix = "missing_repo_prefix", "The policy's value lacks the `repo:` that subjects begin with.";
    SubTypo = "sub_typo", "The policy's value is misspelt.";
    WrongRepository = "wrong_repository", "The policy names another repository.";
    WrongOwner = "wrong_owner", "The policy names another owner.";
    JobWorkflowRef = "job_workflow_ref", "The job is defined by another workflow file or version.";
    ValueMismatch = "value_mismatch", "The value of a condition key differs.";
}

impl Serialize for CauseId {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

/// What STS checks, in its order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum CheckId {
    /// The parameters of the call.
    Request,
    /// The text is a JWT.
    TokenFormat,
    /// The claims that STS needs are there.
    RequiredClaims,
    /// The clock.
    TokenTimes,
    /// The account has a provider for the issuer.
    Provider,
    /// The audience is registered.
    Audience,
    /// The signature fits.
    Signature,
    /// The role grants the duration.
    SessionDuration,
    /// The trust policy admits the caller.
    TrustPolicy,
}

/// How a check, a statement or a part came out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum CheckOutcome {
    /// Passed.
    Pass,
    /// Failed.
    Fail,
    /// A fact is missing.
    Unknown,
    /// An earlier check failed.
    NotReached,
}

/// One check.
#[derive(Debug, Clone, Serialize)]
pub struct Check {
    /// Which.
    pub id: CheckId,
    /// How it came out.
    pub outcome: CheckOutcome,
    /// One sentence.
    pub summary: String,
}

/// A statement of the trust policy.
#[derive(Debug, Clone, Serialize)]
pub struct StatementReport {
    /// Its place in the policy, from 0.
    pub index: usize,
    /// Its Sid.
    pub sid: Option<String>,
    /// `Allow` or `Deny`.
    pub effect: &'static str,
    /// Whether it applies to the request.
    pub outcome: Applies,
    /// Principal, action, and every condition.
    pub parts: Vec<Part>,
    /// The place of the statement.
    pub location: Location,
}

/// Whether a statement applies.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Applies {
    /// All its parts are met.
    Applies,
    /// Some part is not.
    DoesNotApply,
    /// It hangs on a fact that is missing.
    Unknown,
}

impl From<Tri> for Applies {
    fn from(value: Tri) -> Self {
        match value {
            Tri::Yes => Self::Applies,
            Tri::No => Self::DoesNotApply,
            Tri::Unknown => Self::Unknown,
        }
    }
}

/// Whether a part or a value is met.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Met {
    /// Met.
    Met,
    /// Not met.
    NotMet,
    /// It hangs on a fact that is missing.
    Unknown,
    /// Not asked.
    NotReached,
}

impl From<Tri> for Met {
    fn from(value: Tri) -> Self {
        match value {
            Tri::Yes => Self::Met,
            Tri::No => Self::NotMet,
            Tri::Unknown => Self::Unknown,
        }
    }
}

/// A part of a statement.
#[derive(Debug, Clone, Serialize)]
pub struct Part {
    /// Principal, action or condition.
    pub part: PartKind,
    /// The operator of a condition.
    pub operator: Option<String>,
    /// The key of a condition.
    pub key: Option<String>,
    /// Whether it is met.
    pub outcome: Met,
    /// What the request holds; `None` where the key is absent or unknown.
    pub actual: Option<Vec<String>>,
    /// What the policy names, value by value.
    pub expected: Vec<Expected>,
    /// Why it came out so, in one sentence.
    pub why: Cow<'static, str>,
    /// Where it stands.
    pub location: Location,
}

/// The parts of a statement.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum PartKind {
    /// `Principal` or `NotPrincipal`.
    Principal,
    /// `Action` or `NotAction`.
    Action,
    /// One operator on one key.
    Condition,
}

/// A value of the policy.
#[derive(Debug, Clone, Serialize)]
pub struct Expected {
    /// As written.
    pub value: String,
    /// Whether it matches.
    pub outcome: Met,
    /// Why, in a few words.
    pub why: Cow<'static, str>,
    /// Where it stands.
    pub location: Location,
}

/// Whether IAM would store the policy.
#[derive(Debug, Clone, Serialize)]
pub struct Storable {
    /// Would it?
    pub accepted: bool,
    /// AWS's code where not.
    pub code: Option<&'static str>,
    /// AWS's text, where it is known.
    pub message: Option<String>,
}

impl From<Option<Refusal>> for Storable {
    fn from(refusal: Option<Refusal>) -> Self {
        Self {
            accepted: refusal.is_none(),
            code: refusal.as_ref().map(|refusal| refusal.code),
            message: refusal.and_then(|refusal| refusal.message),
        }
    }
}

/// A fact that is missing.
#[derive(Debug, Clone, Serialize)]
pub struct UnknownFact {
    /// The condition key, or what else is not known.
    pub key: String,
    /// What each possible answer would lead to.
    #[serde(rename = "if")]
    pub answers: Vec<Answer>,
}

/// A possible answer.
#[derive(Debug, Clone, Serialize)]
pub struct Answer {
    /// The answer, in words or as a value.
    pub value: String,
    /// What it would lead to; other missing facts stay missing.
    pub decision: Decision,
}

/// The session that STS would issue.
#[derive(Debug, Clone, Serialize)]
pub struct Session {
    /// `arn:aws:sts::ACCOUNT:assumed-role/ROLE/SESSION`; `None` where role or session name are not given.
    pub assumed_role_arn: Option<String>,
    /// The audience that STS answers.
    pub audience: Option<String>,
    /// The subject that STS answers.
    pub subject: Option<String>,
    /// The provider's ARN.
    pub provider: Option<String>,
    /// How long the credentials live.
    pub expires_in_seconds: i64,
}

/// Which text a location is in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Document {
    /// The policy.
    Policy,
    /// The pasted token or claims.
    Token,
    /// The workflow.
    Workflow,
}

/// A place in a text.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Location {
    /// Which text.
    pub document: Document,
    /// The path inside the document, RFC 6901.
    pub path: String,
    /// The first character.
    pub start: Position,
    /// After the last character.
    pub end: Position,
}

impl Location {
    /// A place in the policy.
    #[must_use]
    pub fn policy(source: &Source, path: impl Into<String>, span: Span) -> Self {
        Self {
            document: Document::Policy,
            path: path.into(),
            start: source.position(span.start),
            end: source.position(span.end),
        }
    }

    /// A place in a workflow.
    #[must_use]
    pub fn workflow(source: &Source, path: impl Into<String>, span: Span) -> Self {
        Self {
            document: Document::Workflow,
            ..Self::policy(source, path, span)
        }
    }

    /// The span in bytes.
    #[must_use]
    pub const fn span(&self) -> Span {
        Span::new(self.start.byte, self.end.byte)
    }
}

/// A repair.
#[derive(Debug, Clone, Serialize)]
pub struct Edit {
    /// `as-broad`, `this-subject` or `other`.
    pub label: EditLabel,
    /// One sentence.
    pub summary: String,
    /// The changes of the text.
    pub edits: Vec<Replacement>,
    /// What else it lets in, in words.
    pub admits_also: String,
    /// The outsider verdict of the result.
    pub outsider: &'static str,
    /// Claim sets that it newly lets in.
    pub witnesses: Vec<Map<String, Value>>,
}

impl Edit {
    /// The changes, for [`crate::edit::apply`].
    #[must_use]
    pub fn splices(&self) -> Vec<Splice> {
        let splice = |replacement: &Replacement| Splice {
            span: replacement.location.span(),
            text: replacement.text.clone(),
        };
        self.edits.iter().map(splice).collect()
    }
}

/// What kind of repair it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum EditLabel {
    /// Keeps the author's breadth.
    AsBroad,
    /// Lets in this subject only.
    ThisSubject,
    /// Anything else.
    Other,
}

/// A change of the text.
#[derive(Debug, Clone, Serialize)]
pub struct Replacement {
    /// What is replaced; empty where text is inserted.
    pub location: Location,
    /// What stands there afterwards.
    pub text: String,
}

/// Something remarkable about the policy.
#[derive(Debug, Clone, Serialize)]
pub struct Finding {
    /// The rule's id.
    pub rule: &'static str,
    /// How bad it is.
    pub severity: Severity,
    /// One sentence.
    pub summary: String,
    /// What to do.
    pub help: String,
    /// Where.
    pub location: Location,
    /// A claim set that shows it.
    pub witness: Option<Map<String, Value>>,
}

/// How bad a finding is; the worst comes first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// It does not work, or lets outsiders in.
    Error,
    /// It probably is not meant.
    Warning,
    /// Worth knowing.
    Info,
}

/// A length of time in words, of seconds that are not negative.
///
/// ```
/// assert_eq!(rolecall_core::report::length(1_593), "26 min 33 s");
/// ```
#[must_use]
pub fn length(seconds: i64) -> String {
    let (days, hours, minutes) = (seconds / 86_400, seconds / 3_600 % 24, seconds / 60 % 60);
    match (days, hours, minutes) {
        (0, 0, 0) => format!("{seconds} s"),
        (0, 0, _) => format!("{minutes} min {} s", seconds % 60),
        (0, ..) => format!("{hours} h {minutes} min"),
        (1, ..) => format!("1 day {hours} h"),
        _ => format!("{days} days"),
    }
}
