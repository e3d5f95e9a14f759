//! What the role session may do: log in to ECR, push an image, pull it again.
//!
//! # Rules
//! An action is allowed where no statement of any policy denies it, and:
//!
//! | the repository is in | what must allow |
//! | --- | --- |
//! | the role's account | the service control policies; and an identity policy within boundary and session policies, **or** the repository policy |
//! | another account | the service control policies; and an identity policy within boundary and session policies, **and** the repository policy |
//!
//! In the same account a repository policy that names the session's own ARN grants past boundary and session
//! policies, one that names the role's ARN does not, and one that names the account leaves the grant to the
//! account's own policies. What a `*` does there is not documented, so that it is unknown where a boundary or
//! session policy does not allow. `ecr:GetAuthorizationToken` has no resource: it is asked on `*`, in the
//! role's account. Sources: IAM User Guide, "Policy evaluation logic"; Amazon ECR User Guide, "Required IAM
//! permissions for pushing an image"; AWS Organizations User Guide, "SCP evaluation".
//!
//! # Limitations
//! What is not given is taken as absent, and a note says so. Not modelled: whether the repository exists,
//! immutable tags, the registry's own policy, replication, and the key that encrypts a repository.
//!
//! ```
//! use rolecall_core::permission::{Grammar, Policy};
//! use rolecall_core::push::{Given, Question, RepositoryArn, judge};
//! use rolecall_core::report::Decision;
//!
//! let text = r#"{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "ecr:*",
//!     "Resource": "arn:aws:ecr:eu-west-1:111122223333:repository/octo-repo"}]}"#;
//! let policy = Policy::parse(text, Grammar::Identity).unwrap();
//! let repository = RepositoryArn::parse("arn:aws:ecr:eu-west-1:111122223333:repository/octo-repo").unwrap();
//! let report = judge(&Question {
//!     identity: vec![Given::new("push.json", policy, text)],
//!     ..Question::about(repository)
//! });
//! assert_eq!(report.decision, Decision::Deny);
//! assert_eq!(report.stops_at, Some("ecr:GetAuthorizationToken"), "it needs the resource `*`");
//! ```

mod keys;
#[cfg(test)]
mod laws;
mod layers;
mod missing;
mod repository;
#[cfg(test)]
mod tests;
mod why;

use std::sync::Arc;

use serde::Serialize;
use serde_json::{Map, Value};

use crate::context::Fact;
use crate::permission::{Caller, Policy, Request};
use crate::report::{Answer, Decision, UnknownFact};
use crate::span::Source;
use crate::sts::RoleArn;
use crate::tri::Tri;
use layers::{Layers, Refusal};
pub use missing::{Grant, Grants, Missing, Role};
pub use repository::RepositoryArn;

/// The schema's name.
pub const SCHEMA: &str = "rolecall.push/1";

/// Which kind of policy.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Kind {
    /// A service control policy.
    ServiceControl,
    /// A resource control policy.
    ResourceControl,
    /// The repository's policy.
    Repository,
    /// A policy of the role.
    Identity,
    /// The role's permissions boundary.
    Boundary,
    /// A session policy.
    Session,
}

impl Kind {
    /// What AWS's texts call it (IAM User Guide, "Troubleshoot access denied error messages").
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::ServiceControl => "service control policy",
            Self::ResourceControl => "resource control policy",
            Self::Repository => "resource-based policy",
            Self::Identity => "identity-based policy",
            Self::Boundary => "permissions boundary",
            Self::Session => "session policy",
        }
    }
}

/// A policy that was given.
#[derive(Debug, Clone)]
pub struct Given {
    /// What the user knows it by.
    pub name: String,
    /// The policy.
    pub policy: Policy,
    /// The text that its places refer to.
    pub source: Arc<Source>,
}

impl Given {
    /// A policy and its text.
    #[must_use]
    pub fn new(name: impl Into<String>, policy: Policy, text: impl Into<String>) -> Self {
        Self {
            name: name.into(),
            policy,
            source: Arc::new(Source::new(text)),
        }
    }
}

/// What is asked, and all that is known.
#[derive(Debug, Clone)]
pub struct Question {
    /// Where to push.
    pub repository: RepositoryArn,
    /// The role's ARN.
    pub role_arn: Option<String>,
    /// The session's name.
    pub session_name: Option<String>,
    /// The role's policies.
    pub identity: Vec<Given>,
    /// Policies that are attached to the role, but whose text is not known.
    pub attached_unknown: Vec<String>,
    /// The role's permissions boundary.
    pub boundary: Option<Given>,
    /// Session policies.
    pub session: Vec<Given>,
    /// The repository's policy.
    pub repository_policy: Option<Given>,
    /// Service control policies over the role's account, one a level: root, units, account.
    pub service_control: Vec<Given>,
    /// Resource control policies over the repository's account.
    pub resource_control: Vec<Given>,
    /// Condition keys that are told; `null`: absent.
    pub context: Map<String, Value>,
    /// Whether the image is to be pulled, too.
    pub pull: bool,
}

impl Question {
    /// A question about which nothing is known but the repository.
    #[must_use]
    pub fn about(repository: RepositoryArn) -> Self {
        Self {
            repository,
            role_arn: None,
            session_name: None,
            identity: Vec::new(),
            attached_unknown: Vec::new(),
            boundary: None,
            session: Vec::new(),
            repository_policy: None,
            service_control: Vec::new(),
            resource_control: Vec::new(),
            context: Map::new(),
            pull: false,
        }
    }

    /// All policies with their kinds.
    pub(crate) fn policies(&self) -> impl Iterator<Item = (Kind, &Given)> {
        let scps = self
            .service_control
            .iter()
            .map(|p| (Kind::ServiceControl, p));
        let rcps = self
            .resource_control
            .iter()
            .map(|p| (Kind::ResourceControl, p));
        let repository = self.repository_policy.iter().map(|p| (Kind::Repository, p));
        let identity = self.identity.iter().map(|p| (Kind::Identity, p));
        let boundary = self.boundary.iter().map(|p| (Kind::Boundary, p));
        let session = self.session.iter().map(|p| (Kind::Session, p));
        scps.chain(rcps)
            .chain(repository)
            .chain(identity)
            .chain(boundary)
            .chain(session)
    }

    /// The role's account: that of its ARN, else the repository's.
    #[must_use]
    pub fn account(&self) -> &str {
        let role = self.role_arn.as_deref().and_then(RoleArn::parse);
        role.map_or(&self.repository.account, |role| role.account)
    }

    fn is_cross_account(&self) -> bool {
        self.account() != self.repository.account
    }

    fn caller(&self) -> Caller<'_> {
        let role = self.role_arn.as_deref().and_then(RoleArn::parse);
        Caller {
            account: Some(self.account()),
            role: self.role_arn.as_deref(),
            role_name: role.map(|role| role.name),
            session: self.session_name.as_deref(),
        }
    }

    /// The session as AWS's texts name it; what is not known stands in angle brackets, but for the name
    /// that aws-actions/configure-aws-credentials gives sessions by default.
    #[must_use]
    pub fn principal(&self) -> String {
        let role = self.role_arn.as_deref().and_then(RoleArn::parse);
        format!(
            "arn:{}:sts::{}:assumed-role/{}/{}",
            role.map_or(&*self.repository.partition, |role| role.partition),
            self.account(),
            role.map_or("<role>", |role| role.name),
            self.session_name.as_deref().unwrap_or("GitHubActions"),
        )
    }
}

/// A part of the way.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Stage {
    /// `docker login`
    Login,
    /// Which layers are there already?
    Layers,
    /// Sending the others.
    Upload,
    /// Writing the manifest.
    Manifest,
    /// `docker pull`
    Pull,
}

/// What the way needs, in its order (Amazon ECR User Guide, "Required IAM permissions for pushing an image").
/// That a push by BuildKit stops without `ecr:BatchGetImage` was seen in a user's log.
const STEPS: [(Stage, &str); 7] = [
    (Stage::Login, LOGIN),
    (Stage::Layers, "ecr:BatchCheckLayerAvailability"),
    (Stage::Upload, "ecr:InitiateLayerUpload"),
    (Stage::Upload, "ecr:UploadLayerPart"),
    (Stage::Upload, "ecr:CompleteLayerUpload"),
    (Stage::Manifest, "ecr:BatchGetImage"),
    (Stage::Manifest, "ecr:PutImage"),
];

/// What pulling needs besides.
const PULL: (Stage, &str) = (Stage::Pull, "ecr:GetDownloadUrlForLayer");

/// The action behind `docker login`. It knows no resource.
pub const LOGIN: &str = "ecr:GetAuthorizationToken";

/// The actions that a push needs on the repository itself.
pub fn push_actions() -> impl Iterator<Item = &'static str> {
    STEPS.into_iter().skip(1).map(|(_, action)| action)
}

/// The actions that pulling needs on the repository itself.
#[must_use]
pub const fn pull_actions() -> [&'static str; 3] {
    [
        "ecr:BatchCheckLayerAvailability",
        "ecr:BatchGetImage",
        PULL.1,
    ]
}

/// The answer.
#[derive(Debug, Clone, Serialize)]
pub struct PushReport {
    /// `rolecall.push/1`
    pub schema: &'static str,
    /// Does the whole way work?
    pub decision: Decision,
    /// The repository's ARN.
    pub repository: String,
    /// The session as AWS's texts name it.
    pub principal: String,
    /// The action at which the way ends.
    pub stops_at: Option<&'static str>,
    /// The text that the user sees there.
    pub error: Option<String>,
    /// Every action, in the order of the way.
    pub steps: Vec<StepReport>,
    /// What to add, policy by policy.
    pub missing: Vec<Missing>,
    /// What is not known, and what each possible answer would lead to.
    pub unknowns: Vec<UnknownFact>,
    /// What was taken for granted.
    pub notes: Vec<String>,
}

/// One action.
#[derive(Debug, Clone, Serialize)]
pub struct StepReport {
    /// The part of the way.
    pub stage: Stage,
    /// The action.
    pub action: &'static str,
    /// The resource that it is asked on.
    pub resource: String,
    /// The answer.
    pub decision: Decision,
    /// Why, in one sentence.
    pub why: String,
    /// The statement that decides, or that comes nearest.
    pub statement: Option<StatementAt>,
}

/// A statement of one of the policies.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct StatementAt {
    /// The policy's name.
    pub policy: String,
    /// Its kind.
    pub kind: Kind,
    /// The statement's path in the policy, RFC 6901.
    pub path: String,
    /// Its Sid.
    pub sid: Option<String>,
    /// Its line in the text.
    pub line: usize,
}

/// Judges the whole way.
#[must_use]
pub fn judge(question: &Question) -> PushReport {
    let trip = Trip::new(question);
    let decision = trip.decision();
    let first = trip.legs.iter().find(|leg| leg.answer == Tri::No);
    PushReport {
        schema: SCHEMA,
        decision,
        repository: question.repository.to_string(),
        principal: question.principal(),
        stops_at: first.map(|leg| leg.action),
        error: first.and_then(|leg| why::denial(question, leg)),
        steps: trip.legs.iter().map(|leg| why::step(&trip, leg)).collect(),
        missing: missing::missing(&trip),
        unknowns: if decision == Decision::Undecided {
            unknowns(&trip)
        } else {
            Vec::new()
        },
        notes: notes(question),
    }
}

/// The question with what was worked out.
struct Trip<'q> {
    question: &'q Question,
    layers: Layers<'q>,
    legs: Vec<Leg<'q>>,
}

/// One action of the way.
struct Leg<'q> {
    stage: Stage,
    action: &'static str,
    resource: String,
    answer: Tri,
    refusal: Option<Refusal<'q>>,
}

impl<'q> Trip<'q> {
    fn new(question: &'q Question) -> Self {
        let layers = Layers::new(question);
        let steps = STEPS.into_iter().chain(question.pull.then_some(PULL));
        let legs = steps
            .map(|(stage, action)| {
                let resource = if stage == Stage::Login {
                    "*".to_owned()
                } else {
                    question.repository.to_string()
                };
                let (answer, refusal) = layers.answer(layers.request(stage, action, &resource));
                Leg {
                    stage,
                    action,
                    resource,
                    answer,
                    refusal,
                }
            })
            .collect();
        Self {
            question,
            layers,
            legs,
        }
    }

    fn decision(&self) -> Decision {
        Tri::all(self.legs.iter().map(|leg| leg.answer)).into()
    }

    /// The decision where something more is known.
    fn decision_with(&self, layers: &Layers<'_>) -> Decision {
        let answer = |leg: &Leg<'_>| {
            let request = layers.request(leg.stage, leg.action, &leg.resource);
            layers.answer(request).0
        };
        Tri::all(self.legs.iter().map(answer)).into()
    }

    fn request<'r>(&'r self, leg: &'r Leg<'q>) -> Request<'r> {
        self.layers.request(leg.stage, leg.action, &leg.resource)
    }
}

/// The facts that undecided steps hang on, each with what its possible values would lead to.
fn unknowns(trip: &Trip<'_>) -> Vec<UnknownFact> {
    let mut facts: Vec<UnknownFact> = Vec::new();
    for leg in trip.legs.iter().filter(|leg| leg.answer == Tri::Unknown) {
        for (key, values) in trip.layers.open_keys(trip.request(leg)) {
            if facts.iter().all(|fact| fact.key != key) {
                let answers = answers(trip, &key, values);
                facts.push(UnknownFact { key, answers });
            }
        }
        for fact in trip.layers.open_facts(trip.request(leg)) {
            if facts.iter().all(|known| known.key != fact) {
                facts.push(UnknownFact {
                    key: fact,
                    answers: Vec::new(),
                });
            }
        }
    }
    facts
}

/// Values of a key that are tried.
const MOST_TRIED: usize = 4;

fn answers(trip: &Trip<'_>, key: &str, values: Vec<String>) -> Vec<Answer> {
    let with = |fact: Fact| trip.decision_with(&trip.layers.told(key, &fact));
    let absent = Answer {
        value: "absent".to_owned(),
        decision: with(Fact::Absent),
    };
    let tried = values.into_iter().take(MOST_TRIED).map(|value| Answer {
        decision: with(Fact::one(&value)),
        value,
    });
    tried.chain(std::iter::once(absent)).collect()
}

/// What was taken for granted.
fn notes(question: &Question) -> Vec<String> {
    let mut notes = Vec::new();
    if question.role_arn.is_none() {
        notes.push(format!(
            "the role's ARN is not given: the role is taken to be in the repository's account {}",
            question.repository.account
        ));
    }
    let absent: Vec<&str> = [
        (question.boundary.is_none(), "permissions boundary"),
        (question.session.is_empty(), "session policy"),
        (question.repository_policy.is_none(), "repository policy"),
        (
            question.service_control.is_empty(),
            "service control policy",
        ),
        (
            question.resource_control.is_empty(),
            "resource control policy",
        ),
    ]
    .into_iter()
    .filter_map(|(is_absent, name)| is_absent.then_some(name))
    .collect();
    if !absent.is_empty() {
        notes.push(format!(
            "taken as having none, since not given: {}",
            absent.join(", ")
        ));
    }
    notes
}

/// Whether a key is unknown in a context.
fn is_unknown(context: &crate::context::Context, key: &crate::context::Key) -> bool {
    context.get(key) == &Fact::Unknown
}
