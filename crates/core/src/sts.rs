//! The decision: what STS checks, in which order, and what it answers.
//!
//! AWS does not document an order; this one fits every recorded observation:
//!
//! 1. `request`: the parameters of the call are well formed
//! 2. `token-format`: the token is a JWT without `crit`
//! 3. `required-claims`: `iss`, `sub`, `aud`, `iat`, `exp`; one audience
//! 4. `token-times`: `exp`, `iat`, `nbf`, with 300 s of tolerance both ways
//! 5. `provider`: the role's account has an identity provider with exactly this issuer as its URL
//! 6. `audience`: the audience is registered with it
//! 7. `signature`: a key of the issuer verifies the token
//! 8. `session-duration`: the role grants the duration
//! 9. `trust-policy`: a statement allows, none denies
//!
//! An [`Attempt`] is prepared once; [`Attempt::decide`] then answers for a policy without allocating.
//!
//! # Not modelled
//! SCPs do not gate this call (the caller is no principal of the organisation); RCPs do, and are
//! judged only where they are given. Network conditions are unknown unless told. Whether the role
//! exists, and the seconds that IAM needs to spread a change, can't be seen from here.

mod request;
mod token_checks;

pub mod refusal;

pub use request::RoleArn;
pub use token_checks::CLOCK_SKEW;

use serde_json::Value;

use crate::case::{Case, ProviderGiven, SignatureMode};
use crate::condition::literal::iso;
use crate::context::{Context, Fact, Key, Text};
use crate::explain::Scene;
use crate::jwks::{Jws, KeySet, Signature};
use crate::policy::{ASSUME_ROLE_WITH_WEB_IDENTITY, Caller, Policy, PrincipalKind};
use crate::report::{CauseId, CheckId, Decision, Session};
use crate::span::Source;
use crate::token::catalogue::{self, IssuerKeys, nearly};
use crate::token::{Claim, Token, paste, scalar};
use crate::tri::Tri;
use refusal::Refusal;

/// The issuer of GitHub's tokens.
pub const GITHUB_ISSUER: &str = "https://token.actions.githubusercontent.com";

const TAGS_CLAIM: &str = "https://aws.amazon.com/tags";
const ROLES_CLAIM: &str = "https://aws.amazon.com/roles";
const SOURCE_IDENTITY_CLAIM: &str = "https://aws.amazon.com/source_identity";

/// How a check came out.
#[derive(Debug, Clone)]
pub enum Outcome {
    /// Passed, and what there is to say.
    Pass(Passed),
    /// Failed.
    Fail(Box<Refusal>),
    /// A fact is missing: which.
    Unknown(String),
}

impl Outcome {
    const fn pass(summary: &'static str) -> Self {
        Self::Pass(Passed::Plainly(summary))
    }

    fn fail(refusal: Refusal) -> Self {
        Self::Fail(Box::new(refusal))
    }
}

/// Why a check passed; put into words only where somebody reads them.
#[derive(Debug, Clone)]
pub enum Passed {
    /// In these words.
    Plainly(&'static str),
    /// The provider's URL is the token's issuer.
    Issuer,
    /// The audience is registered.
    Audience,
    /// The token expires at this second; `None` where nothing is said of it.
    Expires(Option<i64>),
    /// A key of the issuer verified the signature.
    Signature {
        /// The key's id.
        kid: String,
        /// The algorithm.
        algorithm: &'static str,
    },
    /// The session lasts so many seconds.
    Duration(i64),
}

/// One check before the trust policy.
#[derive(Debug, Clone)]
pub struct Step {
    /// Which.
    pub id: CheckId,
    /// How it came out.
    pub outcome: Outcome,
}

impl Step {
    const fn of(id: CheckId, outcome: Outcome) -> Self {
        Self { id, outcome }
    }

    const fn tri(&self) -> Tri {
        match self.outcome {
            Outcome::Pass(_) => Tri::Yes,
            Outcome::Fail(_) => Tri::No,
            Outcome::Unknown(_) => Tri::Unknown,
        }
    }
}

/// One call of AssumeRoleWithWebIdentity, prepared: all checks but the trust policy are done.
#[derive(Debug, Clone)]
pub struct Attempt<'a> {
    case: &'a Case,
    token: &'a Token<'a>,
    /// The checks before the trust policy, in STS's order; all are done, also after one that failed.
    pub steps: Vec<Step>,
    /// The condition keys that the trust policy sees.
    pub context: Context,
    /// The provider that STS would use.
    pub provider: Provider,
    /// The issuer's condition keys.
    pub keys: &'static IssuerKeys,
    /// The audiences that are registered with the provider.
    pub audiences: Vec<String>,
    /// The moment that was judged at.
    pub now: Option<i64>,
    /// What the policy must allow: the call itself, and what the token asks for besides.
    actions: Vec<&'static str>,
    before_policy: Tri,
    key_is_unknown: bool,
}

/// The identity provider in the role's account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Provider {
    /// The token's issuer, as far as it is known.
    pub issuer: Option<String>,
    /// What condition keys of this issuer begin with.
    pub key_prefix: String,
    /// The provider's ARN; `None` where the account is not known.
    pub arn: Option<String>,
    /// The account, where it is known.
    pub account: Option<String>,
}

impl<'a> Attempt<'a> {
    /// Does all checks but the trust policy. The policy is asked for two things only: in which account
    /// its provider is, and which provider it takes for granted, where the case does not say.
    #[must_use]
    pub fn prepare(case: &'a Case, token: &'a Token<'a>, policy: &Policy) -> Self {
        let home = Home::find(case, token, policy);
        let now = moment(case, token);
        let signature = signature(case, token, &home);
        let key_is_unknown = matches!(signature.outcome, Outcome::Unknown(_));
        let steps = vec![
            request::check(case),
            token_checks::format(token),
            token_checks::required_claims(token, case.role_arn.as_deref()),
            token_checks::times(token, now),
            home.check(),
            token_checks::audience(token, &home.audiences),
            signature,
            request::check_duration(case),
        ];
        let provider = home.provider();
        let keys = catalogue::keys_for(&provider.key_prefix);
        Self {
            before_policy: Tri::all(steps.iter().map(Step::tri)),
            key_is_unknown,
            audiences: home.audiences,
            context: context(case, token, &provider, keys, now),
            actions: actions(token),
            case,
            token,
            keys,
            provider,
            now,
            steps,
        }
    }

    /// What STS would answer with this trust policy. Allocates nothing.
    #[must_use]
    pub fn decide(&self, policy: &Policy) -> Decision {
        match (self.before_policy, self.key_is_unknown) {
            (Tri::No, _) => Decision::Deny,
            // With an unknown key the answer hangs on the signature, whatever the policy says.
            (_, true) => Decision::Undecided,
            (before, false) => before.and(self.trust(policy)).into(),
        }
    }

    /// What the trust policy alone says.
    #[must_use]
    pub fn trust(&self, policy: &Policy) -> Tri {
        Tri::all(
            self.actions
                .iter()
                .map(|action| policy.decide(self.caller(action), &self.context)),
        )
    }

    /// Who asks for an action.
    #[must_use]
    pub fn caller<'s>(&'s self, action: &'s str) -> Caller<'s> {
        Caller {
            kind: PrincipalKind::Federated,
            name: self.provider.arn.as_deref(),
            action,
        }
    }

    /// The action that decides about this policy: the first that is not allowed, else the call itself.
    #[must_use]
    pub fn deciding_action(&self, policy: &Policy) -> &'static str {
        let refused =
            |action: &&&'static str| policy.decide(self.caller(action), &self.context) != Tri::Yes;
        self.actions
            .iter()
            .find(refused)
            .copied()
            .unwrap_or(ASSUME_ROLE_WITH_WEB_IDENTITY)
    }

    /// What an explanation looks at.
    #[must_use]
    pub fn scene<'s>(&'s self, policy: &'s Policy, source: &'s Source) -> Scene<'s> {
        Scene {
            policy,
            source,
            caller: self.caller(self.deciding_action(policy)),
            context: &self.context,
            key_prefix: &self.provider.key_prefix,
            keys: self.keys,
        }
    }

    /// The session that would be issued.
    #[must_use]
    pub fn session(&self) -> Session {
        session(self.case, self.token, &self.provider)
    }

    /// Why a check passed, in words.
    #[must_use]
    pub fn words(&self, passed: &Passed) -> String {
        match passed {
            Passed::Plainly(words) => (*words).to_owned(),
            Passed::Issuer => format!(
                "the account's identity provider is that of the issuer {}",
                self.provider.issuer.as_deref().unwrap_or_default()
            ),
            Passed::Audience => format!(
                "`{}` is registered with the provider",
                self.session().audience.unwrap_or_default()
            ),
            Passed::Expires(exp) => token_checks::time_left(*exp, self.now.unwrap_or_default()),
            Passed::Signature { kid, algorithm } => format!("valid: {algorithm}, key {kid}"),
            Passed::Duration(seconds) => format!("the session would last {seconds} s"),
        }
    }
}

/// A case is judged at `now`, or at the token's issue, or at the caller's clock; claims without a
/// token are judged at their `iat`.
fn moment(case: &Case, token: &Token<'_>) -> Option<i64> {
    let iat = token.text("iat").and_then(|text| text.parse::<i64>().ok());
    let clock = if token.jws.is_some() {
        case.clock.or(iat)
    } else {
        iat.or(case.clock)
    };
    let given = if case.at_issue { iat } else { case.now };
    given.or(clock)
}

/// The call, and what must be allowed besides where the token carries session tags or a source
/// identity (IAM User Guide, "Passing session tags"; GitHub's tokens carry neither).
fn actions(token: &Token<'_>) -> Vec<&'static str> {
    let mut actions = vec![ASSUME_ROLE_WITH_WEB_IDENTITY];
    if has_tags(token) {
        actions.push("sts:TagSession");
    }
    if token.claims.contains_key(SOURCE_IDENTITY_CLAIM) {
        actions.push("sts:SetSourceIdentity");
    }
    actions
}

fn has_tags(token: &Token<'_>) -> bool {
    token.claims.keys().any(|name| name.starts_with(TAGS_CLAIM))
}

/// The role's account and its identity provider, as given or taken for granted.
struct Home {
    issuer: Option<String>,
    /// The provider's URL; `None`: the account has none.
    url: Option<String>,
    audiences: Vec<String>,
    account: Option<String>,
    partition: String,
}

impl Home {
    fn find(case: &Case, token: &Token<'_>, policy: &Policy) -> Self {
        let issuer = match token.claim("iss") {
            Claim::Is(value) => scalar(value),
            // A partial set is one of GitHub's unless it says otherwise.
            Claim::Unknown => Some(GITHUB_ISSUER.to_owned()),
            Claim::Absent => None,
        };
        let named = named_provider(policy, issuer.as_deref());
        let role = case.role_arn.as_deref().and_then(RoleArn::parse);
        let partition = role.map_or_else(|| named.map_or("aws", |n| n.partition), |r| r.partition);
        let usual = || vec![usual_audience(partition).to_owned()];
        let (url, audiences) = match &case.provider {
            ProviderGiven::None => (None, Vec::new()),
            ProviderGiven::Given { url, audiences } => (
                Some(normal_url(url)),
                audiences.clone().unwrap_or_else(usual),
            ),
            ProviderGiven::Default => (Some(default_url(named, issuer.as_deref())), usual()),
        };
        Self {
            url,
            audiences,
            account: role
                .map_or_else(|| named.map(|n| n.account), |r| Some(r.account))
                .map(str::to_owned),
            partition: partition.to_owned(),
            issuer,
        }
    }

    fn check(&self) -> Step {
        let outcome = match (&self.issuer, &self.url) {
            (None, _) => Outcome::Unknown("the token has no issuer".to_owned()),
            (Some(issuer), Some(url)) if issuer == url => Outcome::Pass(Passed::Issuer),
            (Some(issuer), url) => Outcome::fail(missing_provider(issuer, url.as_deref())),
        };
        Step::of(CheckId::Provider, outcome)
    }

    fn provider(&self) -> Provider {
        let url = self
            .url
            .as_deref()
            .or(self.issuer.as_deref())
            .unwrap_or(GITHUB_ISSUER);
        let host = without_scheme(url);
        let arn = |account| format!("arn:{}:iam::{account}:oidc-provider/{host}", self.partition);
        Provider {
            issuer: self.issuer.clone(),
            key_prefix: host.to_owned(),
            arn: self.account.as_deref().map(arn),
            account: self.account.clone(),
        }
    }
}

fn missing_provider(issuer: &str, url: Option<&str>) -> Refusal {
    let error = refusal::not_validated(format!(
        "No OpenIDConnect provider found in your account for {issuer}"
    ));
    let nearly = url.and_then(|url| nearly(url, issuer));
    let (cause, summary) = match (url, nearly) {
        (None, _) => (
            CauseId::MissingProvider,
            format!("the role's account has no identity provider for {issuer}"),
        ),
        (Some(url), None) => (
            CauseId::MissingProvider,
            format!("the role's account has an identity provider for {url}, none for {issuer}"),
        ),
        (Some(_), Some(differences)) => {
            let how: Vec<&str> = differences.iter().map(|d| d.words()).collect();
            (
                CauseId::TypoInProvider,
                format!(
                    "the identity provider's URL is not the issuer: it {}",
                    how.join(" and ")
                ),
            )
        }
    };
    let help = format!(
        "create an identity provider with the URL {issuer} and the audience sts.amazonaws.com in the role's account; thumbprints play no part for GitHub"
    );
    Refusal {
        claim: Some("iss"),
        actual: Some(issuer.to_owned()),
        expected: url.map(str::to_owned),
        ..Refusal::new(error, cause, summary, help)
    }
}

/// A provider that a policy names.
#[derive(Clone, Copy)]
struct Named<'p> {
    partition: &'p str,
    account: &'p str,
    host: &'p str,
}

/// The OIDC provider that the policy names for this issuer, else the first that it names.
fn named_provider<'p>(policy: &'p Policy, issuer: Option<&str>) -> Option<Named<'p>> {
    let entries = policy
        .statements
        .iter()
        .flat_map(|statement| &statement.principal.entries);
    let named = entries.filter_map(|entry| provider_arn(&entry.value.text));
    let host = issuer.map(without_scheme);
    let mut all = named.clone();
    all.find(|n| Some(n.host) == host)
        .or_else(|| named.clone().next())
}

fn provider_arn(text: &str) -> Option<Named<'_>> {
    let [_, partition, "iam", "", account, resource] = crate::condition::literal::arn(text)? else {
        return None;
    };
    let host = resource.strip_prefix("oidc-provider/")?;
    let is_account = account.len() == 12 && account.bytes().all(|b| b.is_ascii_digit());
    is_account.then_some(Named {
        partition,
        account,
        host,
    })
}

/// GitHub's provider, unless the policy names one for exactly this issuer.
fn default_url(named: Option<Named<'_>>, issuer: Option<&str>) -> String {
    match (named, issuer) {
        (Some(named), Some(issuer)) if named.host == without_scheme(issuer) => issuer.to_owned(),
        _ => GITHUB_ISSUER.to_owned(),
    }
}

/// As IAM keeps a provider's URL: a trailing slash stays, `:443` goes, letter case stays (observed,
/// radkawar/stackd fixtures, 2026-09-11). The API answers URLs without their scheme.
fn normal_url(url: &str) -> String {
    let with_scheme = if url.contains("://") {
        url.to_owned()
    } else {
        format!("https://{url}")
    };
    let Some((scheme, rest)) = with_scheme.split_once("://") else {
        return with_scheme;
    };
    let (host, path) = rest
        .split_at_checked(rest.find('/').unwrap_or(rest.len()))
        .unwrap_or((rest, ""));
    format!(
        "{scheme}://{}{path}",
        host.strip_suffix(":443").unwrap_or(host)
    )
}

fn without_scheme(url: &str) -> &str {
    url.strip_prefix("https://").unwrap_or(url)
}

/// In China the audience carries the partition's domain (aws-actions/configure-aws-credentials, README).
fn usual_audience(partition: &str) -> &'static str {
    if partition == "aws-cn" {
        "sts.amazonaws.com.cn"
    } else {
        "sts.amazonaws.com"
    }
}

fn signature(case: &Case, token: &Token<'_>, home: &Home) -> Step {
    let outcome = match (&token.jws, case.signature) {
        (None, _) => Outcome::pass("claims without a token count as correctly signed"),
        (Some(_), _) if token.is_altered => {
            Outcome::pass("claims were changed by hand; judged as if signed")
        }
        (Some(_), SignatureMode::Ignore) => Outcome::pass("not looked at, as asked"),
        (Some(_), _) if token.malformed.is_some() => {
            Outcome::Unknown("no signature can be read".to_owned())
        }
        (Some(jws), mode) => match keys(case, home) {
            Ok(keys) => verified(verify(jws, token, keys.as_ref()), case, mode),
            Err(why) => Outcome::Unknown(why),
        },
    };
    Step::of(CheckId::Signature, outcome)
}

/// Algorithm and key id are those of the token's own header.
fn verify(jws: &paste::Jws, token: &Token<'_>, keys: &KeySet) -> Signature {
    let field = |name| {
        token
            .header
            .as_ref()
            .and_then(|header| header.get(name)?.as_str())
    };
    let compact = jws.token();
    let algorithm = field("alg").unwrap_or_default();
    Jws::new(&compact, algorithm, field("kid"))
        .map_or(Signature::AlgorithmRefused, |jws| keys.verify(&jws))
}

enum Keys {
    BuiltIn(&'static KeySet),
    Given(Box<KeySet>),
}

impl Keys {
    const fn as_ref(&self) -> &KeySet {
        match self {
            Self::BuiltIn(keys) => keys,
            Self::Given(keys) => keys,
        }
    }
}

fn keys(case: &Case, home: &Home) -> Result<Keys, String> {
    if let Some(text) = &case.jwks {
        return KeySet::parse(text)
            .map(|keys| Keys::Given(Box::new(keys)))
            .map_err(|error| error.to_string());
    }
    let issuer = home.issuer.as_deref().unwrap_or(GITHUB_ISSUER);
    // An enterprise's issuer signs with the same keys (github-tokens reference, from a jsr pull request).
    if issuer == GITHUB_ISSUER
        || issuer
            .strip_prefix(GITHUB_ISSUER)
            .is_some_and(|rest| rest.starts_with('/'))
    {
        return Ok(Keys::BuiltIn(KeySet::github()));
    }
    Err(format!("no keys of {issuer} are known here"))
}

fn verified(signature: Signature, case: &Case, mode: SignatureMode) -> Outcome {
    let refused = |summary: String, help: &str| {
        // Not recorded for these; the text that 2026's STS gives for all it can't validate.
        Outcome::fail(Refusal::new(
            refusal::not_validated(None),
            CauseId::BadSignature,
            summary,
            help,
        ))
    };
    let get_another = "get a token from the issuer itself, and copy it whole";
    match signature {
        Signature::Valid { kid, algorithm } => Outcome::Pass(Passed::Signature { kid, algorithm }),
        Signature::Invalid { kid, .. } => refused(
            format!("the signature does not fit the token's text (key {kid})"),
            "the token was changed or cut after it was signed: copy it again, whole",
        ),
        Signature::KeyMismatch { kid, algorithm } => refused(
            format!("the key {kid} can't be used with {algorithm}"),
            get_another,
        ),
        Signature::AlgorithmRefused => refused(
            "STS takes signatures with RS256, RS384, RS512, ES256, ES384 and ES512 only".to_owned(),
            get_another,
        ),
        Signature::KeyUnusable { kid } => refused(
            format!("AWS can't use the key {kid}: it has `key_ops`"),
            "the issuer must publish the key without `key_ops`",
        ),
        Signature::NoKey { kid } => no_key(kid, case, mode),
        Signature::Undecided { reason, .. } => Outcome::Unknown(reason.to_string()),
    }
}

fn no_key(kid: Option<String>, case: &Case, mode: SignatureMode) -> Outcome {
    let named = kid.map_or_else(|| "no key".to_owned(), |kid| format!("the key `{kid}`"));
    if case.jwks.is_none() && mode != SignatureMode::Require {
        return Outcome::Unknown(format!(
            "the token names {named}, which is not among the keys that are built in"
        ));
    }
    Outcome::fail(Refusal::new(
        refusal::no_key(),
        CauseId::UnknownSigningKey,
        format!("the token names {named}, which the key set does not have"),
        "fetch the issuer's key set anew; issuers change their keys from time to time",
    ))
}

/// Fills the condition keys: IAM User Guide, "Available keys for AWS OIDC federation" and "AWS global
/// condition context keys"; the values of `aws:` keys were observed (radkawar/stackd fixtures, 2026-09-11).
fn context(
    case: &Case,
    token: &Token<'_>,
    provider: &Provider,
    keys: &IssuerKeys,
    now: Option<i64>,
) -> Context {
    let mut context = Context::with_unknown(UNKNOWN_HERE);
    claim_keys(&mut context, token, &provider.key_prefix, keys);
    request_keys(&mut context, case, token, provider);
    if let Some(now) = now {
        context.insert(Key::fixed("aws:currenttime"), Fact::one(&iso(now)));
        context.insert(Key::fixed("aws:epochtime"), Fact::one(&now.to_string()));
    }
    given_keys(&mut context, case);
    context
}

/// Keys that every request may carry but only AWS, or the network that the request came through, knows.
const UNKNOWN_HERE: &[&str] = &[
    "aws:currenttime",
    "aws:epochtime",
    "aws:principalaccount",
    "aws:principalisawsservice",
    "aws:requestedregion",
    "aws:resourceaccount",
    "aws:resourceorgid",
    "aws:resourceorgpaths",
    "aws:resourcetag/*",
    "aws:sourceip",
    "aws:sourcevpc",
    "aws:sourcevpcarn",
    "aws:sourcevpce",
    "aws:useragent",
    "aws:userid",
    "aws:vpcsourceip",
    "iam:resourcetag/*",
    "sts:rolesessionname",
];

fn claim_keys(context: &mut Context, token: &Token<'_>, prefix: &str, keys: &IssuerKeys) {
    let mut key = format!("{prefix}:");
    let base = key.len();
    let mut set = |suffix: &str, fact: Fact| {
        // What is absent needs no entry.
        if fact != Fact::Absent {
            key.truncate(base);
            key.push_str(suffix);
            context.set(&key, fact);
        }
    };
    for generic in keys.generic {
        let fact = first_fact(token, generic.claims, generic.multivalued);
        set(generic.suffix, fact);
    }
    for name in keys.claims {
        set(name, fact(token.claim(name), false));
    }
}

/// The first of the claims that the token has. GitHub sends no `azp`, so that a partial set which
/// does not say has none.
fn first_fact(token: &Token<'_>, claims: &[&str], multivalued: bool) -> Fact {
    let known = claims
        .iter()
        .map(|name| token.claim(name))
        .find(|claim| matches!(claim, Claim::Is(_)));
    let last = claims
        .last()
        .map_or(Claim::Absent, |name| token.claim(name));
    fact(known.unwrap_or(last), multivalued)
}

fn fact(claim: Claim<'_>, multivalued: bool) -> Fact {
    match claim {
        Claim::Absent => Fact::Absent,
        Claim::Unknown => Fact::Unknown,
        Claim::Is(Value::Array(list)) => {
            let texts: Vec<String> = list.iter().filter_map(scalar).collect();
            match texts.as_slice() {
                // A list of one audience is one audience (observed, as above).
                [one] if !multivalued => Fact::one(one),
                texts => Fact::many(texts.iter().map(String::as_str)),
            }
        }
        Claim::Is(value) => match scalar(value) {
            Some(text) if multivalued => Fact::many([text.as_str()]),
            Some(text) => Fact::one(&text),
            None => Fact::Absent,
        },
    }
}

fn request_keys(context: &mut Context, case: &Case, token: &Token<'_>, provider: &Provider) {
    let by_idp = matches!(token.claim(ROLES_CLAIM), Claim::Is(_));
    let fixed = |text| Some(Fact::One(Text::fixed(text)));
    let one = |text: Option<&str>| text.map(Fact::one);
    let identity = token.text(SOURCE_IDENTITY_CLAIM);
    for (key, fact) in [
        ("aws:securetransport", fixed("true")),
        ("aws:viaawsservice", fixed("false")),
        ("aws:principaltype", fixed("User")),
        ("aws:principalaccount", one(provider.account.as_deref())),
        ("aws:resourceaccount", one(provider.account.as_deref())),
        ("aws:userid", one(provider.arn.as_deref())),
        ("sts:rolesessionname", one(case.session_name.as_deref())),
        ("sts:sourceidentity", one(identity.as_deref())),
        (
            "sts:roleauthorizedbyidp",
            fixed(if by_idp { "true" } else { "false" }),
        ),
    ] {
        if let Some(fact) = fact {
            context.insert(Key::fixed(key), fact);
        }
    }
    session_tags(context, token);
}

/// Session tags come nested or flattened (observed, as above).
fn session_tags(context: &mut Context, token: &Token<'_>) {
    if !has_tags(token) {
        return;
    }
    let mut tags: Vec<(String, String)> = Vec::new();
    let nested = token.claims.get(TAGS_CLAIM);
    for (key, value) in nested
        .and_then(|tags| tags.get("principal_tags")?.as_object())
        .into_iter()
        .flatten()
    {
        tags.extend(
            value
                .get(0)
                .and_then(scalar)
                .map(|value| (key.clone(), value)),
        );
    }
    let flat_prefix = format!("{TAGS_CLAIM}/principal_tags/");
    for (name, value) in token.claims.iter() {
        tags.extend(
            name.strip_prefix(&flat_prefix)
                .zip(scalar(value))
                .map(|(key, value)| (key.to_owned(), value)),
        );
    }
    if !tags.is_empty() {
        context.set(
            "aws:TagKeys",
            Fact::many(tags.iter().map(|(key, _)| key.as_str())),
        );
    }
    for (key, value) in &tags {
        context.set(&format!("aws:RequestTag/{key}"), Fact::one(value));
    }
    let transitive = nested.and_then(|tags| tags.get("transitive_tag_keys"));
    let flat = token
        .claims
        .get(&format!("{TAGS_CLAIM}/transitive_tag_keys"));
    if let Some(Value::Array(keys)) = transitive.or(flat) {
        context.set(
            "sts:TransitiveTagKeys",
            Fact::many(keys.iter().filter_map(Value::as_str)),
        );
    }
}

/// Keys that the caller sets win over all others; `null` says that a key is absent.
pub(crate) fn given_keys(context: &mut Context, case: &Case) {
    for (key, value) in &case.context {
        let fact = match value {
            Value::Null => Fact::Absent,
            Value::Array(items) => {
                let texts: Vec<String> = items.iter().filter_map(scalar).collect();
                Fact::many(texts.iter().map(String::as_str))
            }
            value => scalar(value).map_or(Fact::Absent, |text| Fact::one(&text)),
        };
        context.set(key, fact);
    }
}

fn session(case: &Case, token: &Token<'_>, provider: &Provider) -> Session {
    let role = case.role_arn.as_deref().and_then(RoleArn::parse);
    let arn = role.zip(case.session_name.as_deref()).map(|(role, name)| {
        format!(
            "arn:{}:sts::{}:assumed-role/{}/{name}",
            role.partition, role.account, role.name
        )
    });
    let audience = match token_checks::effective_audience(token) {
        Claim::Is(value) => scalar(value),
        _ => None,
    };
    Session {
        assumed_role_arn: arn,
        audience,
        subject: token.text("sub"),
        provider: provider.arn.clone(),
        expires_in_seconds: case.duration.unwrap_or(request::DEFAULT_DURATION),
    }
}
