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

mod aws_claims;
mod home;
mod keys;
mod request;
#[cfg_attr(not(feature = "tokens"), path = "sts/unsigned.rs")]
mod signature;
mod token_checks;

pub mod refusal;

pub use request::RoleArn;
pub use token_checks::CLOCK_SKEW;

use serde_json::Value;

use crate::case::Case;
use crate::context::Context;
use crate::explain::Scene;
use crate::policy::{ASSUME_ROLE_WITH_WEB_IDENTITY, Caller, Policy, PrincipalKind, ProviderArn};
use crate::report::{CheckId, Decision, Session};
use crate::span::Source;
use crate::token::catalogue::{self, IssuerKeys};
use crate::token::{Claim, Token, scalar};
use crate::tri::Tri;
use aws_claims::AwsClaims;
use home::Home;
use refusal::Refusal;

pub(crate) use home::usual_audience;
#[cfg(feature = "tokens")]
pub(crate) use keys::given as given_keys;
pub(crate) use keys::may_be_set;

/// The issuer of GitHub's tokens.
pub const GITHUB_ISSUER: &str = "https://token.actions.githubusercontent.com";

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
    audience: Claim<'a>,
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
        let signature = signature::check(case, token, &home);
        let aws = AwsClaims::of(token);
        let key_is_unknown = matches!(signature.outcome, Outcome::Unknown(_));
        let provider = home.provider();
        let audience = token_checks::effective_audience(token, told_audience(case, &provider));
        let steps = vec![
            request::check(case, token),
            token_checks::format(token),
            token_checks::required_claims(token, aws, case.role_arn.as_deref()),
            token_checks::times(token, now),
            home.check(),
            token_checks::audience(audience, &home.audiences),
            signature,
            request::check_duration(case),
        ];
        let issuer_keys = catalogue::keys_for(&provider.key_prefix);
        let attempt = Self {
            before_policy: Tri::all(steps.iter().map(Step::tri)),
            key_is_unknown,
            audiences: home.audiences,
            context: keys::context(case, token, aws, &provider, issuer_keys, now),
            actions: std::iter::once(ASSUME_ROLE_WITH_WEB_IDENTITY)
                .chain(aws.into_iter().flat_map(AwsClaims::actions))
                .collect(),
            audience,
            case,
            token,
            keys: issuer_keys,
            provider,
            now,
            steps,
        };
        attempt.settled(policy)
    }

    /// A policy that names the provider of several accounts leaves the role's account open, unless it
    /// answers the same for each of them.
    fn settled(mut self, policy: &Policy) -> Self {
        if self.provider.account.is_some() {
            return self;
        }
        let mut answer = None;
        let mut first = None;
        for (count, named) in self.named_providers(policy).enumerate() {
            self.provider.arn = Some(named.to_string());
            let trust = self.trust(policy);
            let differs = answer.is_some_and(|answer| answer != trust);
            if trust == Tri::Unknown || differs || count == MOST_ACCOUNTS {
                first = None;
                break;
            }
            answer = Some(trust);
            first.get_or_insert(named);
        }
        self.provider.account = first.map(|named| named.account.to_owned());
        self.provider.arn = first.map(|named| named.to_string());
        self
    }

    /// The providers of the token's issuer that the policy names, whatever their accounts.
    pub(crate) fn named_providers<'p>(
        &self,
        policy: &'p Policy,
    ) -> impl Iterator<Item = ProviderArn<'p>> + use<'p> {
        let host = self.provider.key_prefix.clone();
        policy.providers().filter(move |named| named.host == host)
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
            host: &self.provider.key_prefix,
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
            audiences: &self.audiences,
        }
    }

    /// The session that would be issued.
    #[must_use]
    pub fn session(&self) -> Session {
        let Self { case, provider, .. } = self;
        let role = case.role_arn.as_deref().and_then(RoleArn::parse);
        let arn = role.zip(case.session_name.as_deref()).map(|(role, name)| {
            format!(
                "arn:{}:sts::{}:assumed-role/{}/{name}",
                role.partition, role.account, role.name
            )
        });
        Session {
            assumed_role_arn: arn,
            audience: self.audience(),
            subject: self.token.text("sub"),
            provider: provider.arn.clone(),
            expires_in_seconds: case.duration.unwrap_or(request::DEFAULT_DURATION),
        }
    }

    fn audience(&self) -> Option<String> {
        match self.audience {
            Claim::Is(value) => scalar(value),
            Claim::Absent | Claim::Unknown => None,
        }
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
                self.audience().unwrap_or_default()
            ),
            Passed::Expires(exp) => token_checks::time_left(*exp, self.now.unwrap_or_default()),
            Passed::Signature { kid, algorithm } => format!("valid: {algorithm}, key {kid}"),
            Passed::Duration(seconds) => format!("the session would last {seconds} s"),
        }
    }
}

/// What is said of the signature where there is none.
const UNSIGNED: &str = "claims without a token count as correctly signed";

/// So many accounts are tried, each at the cost of a decision.
const MOST_ACCOUNTS: usize = 20;

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

/// The audience's condition key, where the caller sets it.
fn told_audience<'c>(case: &'c Case, provider: &Provider) -> Option<&'c Value> {
    let is_audience = |key: &str| {
        key.rsplit_once(':').is_some_and(|(prefix, suffix)| {
            prefix.eq_ignore_ascii_case(&provider.key_prefix) && suffix.eq_ignore_ascii_case("aud")
        })
    };
    let mut given = case.context.iter();
    let told = given.find_map(|(key, value)| is_audience(key).then_some(value));
    told.filter(|value| value.is_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_audience_told_by_its_condition_key_is_the_sessions() {
        let case = Case::from_json(
            r#"{"claims": {"sub": "repo:octo-org/octo-repo:pull_request"}, "partial": true,
                "context": {"token.actions.githubusercontent.com:AUD": "sts.amazonaws.com"}}"#,
        )
        .unwrap();
        let token = Token::from_case(&case).unwrap();
        let policy =
            Policy::parse(r#"{"Statement": {"Effect": "Deny", "Principal": "*", "Action": "*"}}"#)
                .unwrap();
        let attempt = Attempt::prepare(&case, &token, &policy);
        assert_eq!(
            attempt.session().audience.as_deref(),
            Some("sts.amazonaws.com")
        );
        assert_eq!(
            attempt.words(&Passed::Audience),
            "`sts.amazonaws.com` is registered with the provider"
        );
    }
}
