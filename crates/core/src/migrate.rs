//! From subjects with names to subjects with ids: first a policy that accepts both forms, then one that accepts
//! only the new one.
//!
//! GitHub writes `repo:OWNER@ID/NAME@ID` for repositories created, renamed or transferred after 15 July 2026, or
//! opted in. The way across is to add the new form **beside** the old one, switch, see a run succeed, and drop
//! the old form (GitHub changelog 2026-04-23; Microsoft Learn, "Migrate GitHub Actions federated credentials to
//! immutable subjects"). Every value that names a given repository gets its twin, with the same tail:
//!
//! | value | twin |
//! | --- | --- |
//! | `repo:octo-org/octo-repo:ref:refs/heads/main` | `repo:octo-org@123456/octo-repo@456789:ref:refs/heads/main` |
//! | `repo:octo-org/octo-repo:*` | `repo:octo-org@123456/octo-repo@456789:*` |
//! | `repo:octo-org/*` | `repo:octo-org@123456/*` |
//! | `repo:octo-org/octo-*:*` | `repo:octo-org@123456/octo-*:*` |
//! | `repo:*/octo-repo:*`, `repo:octo-*` | none: a wildcard before the owner is fixed lets others in; it is warned of |
//!
//! In a negated test and in a Deny the twin keeps the sense, too: what was excepted or refused stays so in either form.
//!
//! ```
//! use rolecall_core::migrate::{Repository, migrate};
//! use rolecall_core::policy::Policy;
//! use rolecall_core::span::Source;
//!
//! let text = r#"{"Version": "2012-10-17", "Statement": [{"Effect": "Allow",
//!     "Principal": {"Federated": "arn:aws:iam::111122223333:oidc-provider/token.actions.githubusercontent.com"},
//!     "Action": "sts:AssumeRoleWithWebIdentity",
//!     "Condition": {"StringLike": {"token.actions.githubusercontent.com:sub": "repo:octo-org/octo-repo:*"}}}]}"#;
//! let repository = Repository::new("octo-org/octo-repo", "123456", "456789").unwrap();
//! let report = migrate(&Policy::parse(text).unwrap(), &Source::new(text), &[repository], &|text| Policy::parse(text).ok());
//! assert!(report.steps[0].policy.contains(r#"["repo:octo-org/octo-repo:*", "repo:octo-org@123456/octo-repo@456789:*"]"#));
//! assert!(report.steps[1].policy.contains(r#":sub": ["repo:octo-org@123456/octo-repo@456789:*"]"#));
//! ```

mod edits;
mod repository;
mod twin;

use serde::Serialize;

use crate::analyze::{self, Answer, Claims, Gain, Options, Verdict};
use crate::policy::storable::DEFAULT_QUOTA;
use crate::policy::{ConditionTest, Policy, Spanned};
use crate::report::{Location, Replacement};
use crate::span::Source;
pub use repository::Repository;
use twin::Twin;

/// The schema's name.
pub const SCHEMA: &str = "rolecall.migrate/1";

/// What the quota of a trust policy can be raised to (IAM User Guide, "IAM and AWS STS quotas").
pub const RAISED_QUOTA: usize = 8_192;

/// The answer.
#[derive(Debug, Clone, Serialize)]
pub struct MigrateReport {
    /// `rolecall.migrate/1`
    pub schema: &'static str,
    /// The repositories that were given.
    pub repositories: Vec<String>,
    /// The policy for both forms, then the final one; empty where nothing is to be changed.
    pub steps: Vec<Step>,
    /// What has to be looked at by hand.
    pub warnings: Vec<Warning>,
    /// Whether the policy names every given repository.
    pub complete: bool,
    /// What was decoded or assumed.
    pub notes: Vec<String>,
}

/// One change of the policy.
#[derive(Debug, Clone, Serialize)]
pub struct Step {
    /// `both` or `final`.
    pub step: &'static str,
    /// When it is due, in one sentence.
    pub summary: &'static str,
    /// The changes, in the order of the text: of the policy that was given, or of the step before.
    pub edits: Vec<Replacement>,
    /// The whole text afterwards.
    pub policy: String,
    /// The values that were added or left out.
    pub values: Vec<String>,
    /// What it lets in that the text before did not.
    pub newly_admitted: Proof,
    /// What the text before lets in that it does not.
    pub no_longer_admitted: Proof,
    /// Whether somebody else than the given owners gets in afterwards.
    pub outsider: Verdict,
    /// Its length as IAM counts it.
    pub size: usize,
    /// Whether IAM stores it.
    pub fits: Fit,
    /// What to do where it is too long.
    pub advice: Option<&'static str>,
}

/// What a comparison over all tokens came to.
#[derive(Debug, Clone, Serialize)]
pub struct Proof {
    /// `none`, `found` or `not-decided`.
    pub verdict: &'static str,
    /// The sets of tokens in words.
    pub words: Vec<String>,
    /// One of the tokens.
    pub witness: Option<Claims>,
    /// Why it is not decided.
    pub why: Option<String>,
}

impl From<Answer<Gain>> for Proof {
    fn from(answer: Answer<Gain>) -> Self {
        let (verdict, words, witness, why) = match answer {
            Answer::None => ("none", Vec::new(), None, None),
            Answer::Found(gain) => ("found", gain.words, Some(gain.witness), None),
            Answer::Unknown(why) => ("not-decided", Vec::new(), None, Some(why)),
        };
        Self {
            verdict,
            words,
            witness,
            why,
        }
    }
}

/// How a policy fits IAM's quota.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Fit {
    /// It does.
    Fits,
    /// Only after the account's quota is raised.
    NeedsRaisedQuota,
    /// Not at all.
    TooLong,
}

impl Fit {
    const fn of(size: usize) -> Self {
        if size <= DEFAULT_QUOTA {
            Self::Fits
        } else if size <= RAISED_QUOTA {
            Self::NeedsRaisedQuota
        } else {
            Self::TooLong
        }
    }

    const fn advice(self) -> Option<&'static str> {
        match self {
            Self::Fits => None,
            Self::NeedsRaisedQuota => Some(
                "raise the quota \"Role trust policy length\" (L-C07B4B0D) to 8,192 in Service Quotas, or give one value for all of an owner's repositories (`repo:OWNER@ID/*`), or migrate in two halves",
            ),
            Self::TooLong => Some(
                "no quota allows this: spread the repositories over several roles, or give one value for all of an owner's repositories (`repo:OWNER@ID/*`)",
            ),
        }
    }
}

/// Something that the migration does not change.
#[derive(Debug, Clone, Serialize)]
pub struct Warning {
    /// What it is, in one sentence.
    pub summary: String,
    /// What to do.
    pub help: String,
    /// Where it stands in the policy that was given.
    pub location: Option<Location>,
}

/// A trust policy of [`RAISED_QUOTA`] characters holds some hundreds.
const MOST_VALUES: usize = 2_000;
/// Every value is held against every repository.
const MOST_REPOSITORIES: usize = 1_000;

/// Reads a changed text again.
pub type Reread<'r> = &'r dyn Fn(&str) -> Option<Policy>;

/// Works out both steps.
#[must_use]
pub fn migrate(
    policy: &Policy,
    source: &Source,
    repositories: &[Repository],
    reread: Reread<'_>,
) -> MigrateReport {
    let scene = Scene {
        policy,
        source,
        repositories,
        reread,
    };
    if scene.is_too_large() {
        return MigrateReport {
            schema: SCHEMA,
            repositories: Vec::new(),
            complete: false,
            steps: Vec::new(),
            warnings: vec![Warning {
                summary: format!(
                    "more than {MOST_VALUES} subjects or {MOST_REPOSITORIES} repositories: no trust policy can hold them"
                ),
                help: "give the policy of one role, and the repositories that it names".to_owned(),
                location: None,
            }],
            notes: Vec::new(),
        };
    }
    let mut warnings = scene.warnings();
    let steps = scene.steps().unwrap_or_else(|warning| {
        warnings.push(*warning);
        Vec::new()
    });
    let named: Vec<bool> = repositories.iter().map(|r| scene.names(r)).collect();
    for (repository, _) in repositories
        .iter()
        .zip(&named)
        .filter(|(_, named)| !**named)
    {
        warnings.push(Warning {
            summary: format!("no subject of the policy names {repository}"),
            help: "check owner and name, letter by letter: case counts".to_owned(),
            location: None,
        });
    }
    MigrateReport {
        schema: SCHEMA,
        repositories: repositories.iter().map(ToString::to_string).collect(),
        complete: named.iter().all(|named| *named),
        steps,
        warnings,
        notes: Vec::new(),
    }
}

/// What is looked at.
struct Scene<'s> {
    policy: &'s Policy,
    source: &'s Source,
    repositories: &'s [Repository],
    reread: Reread<'s>,
}

/// A value of a subject test and where it stands.
struct Value<'s> {
    test: &'s ConditionTest,
    index: usize,
    text: &'s Spanned,
    path: String,
}

impl<'s> Scene<'s> {
    fn is_too_large(&self) -> bool {
        let tests = self
            .policy
            .statements
            .iter()
            .flat_map(|statement| &statement.tests);
        let values: usize = tests.map(|test| test.values.len()).sum();
        values > MOST_VALUES || self.repositories.len() > MOST_REPOSITORIES
    }

    fn steps(&self) -> Result<Vec<Step>, Box<Warning>> {
        let added = self.added();
        let both = self.step("both", self.policy, self.source, added)?;
        let Some((both, policy)) = both else {
            return self.last(self.policy, self.source);
        };
        let source = Source::new(both.policy.clone());
        let mut steps = vec![both];
        steps.extend(self.last(&policy, &source)?);
        Ok(steps)
    }

    fn last(&self, policy: &Policy, source: &Source) -> Result<Vec<Step>, Box<Warning>> {
        let scene = Scene {
            policy,
            source,
            ..*self
        };
        let left_out = scene.left_out();
        let step = scene.step("final", policy, source, left_out)?;
        Ok(step.into_iter().map(|(step, _)| step).collect())
    }

    /// The step after its edits; `None` where there are none.
    fn step(
        &self,
        name: &'static str,
        policy: &Policy,
        source: &Source,
        (edits, values): (Vec<Replacement>, Vec<String>),
    ) -> Result<Option<(Step, Policy)>, Box<Warning>> {
        if edits.is_empty() {
            return Ok(None);
        }
        let text = edits::applied(source.text(), &edits);
        let changed = text.as_deref().and_then(self.reread).ok_or_else(|| {
            Box::new(Warning {
                summary: "the changed text can't be read again, so that nothing is proposed"
                    .to_owned(),
                help: "give the policy as JSON: `aws iam get-role` prints it".to_owned(),
                location: None,
            })
        })?;
        let options = Options {
            owners: self.repositories.iter().map(|r| r.owner.clone()).collect(),
            ..Options::default()
        };
        let fits = Fit::of(changed.size);
        let step = Step {
            step: name,
            summary: match name {
                "both" => "apply this now: both forms are accepted",
                _ => "apply this when a run with the new form has succeeded",
            },
            edits,
            policy: text.unwrap_or_default(),
            values,
            newly_admitted: analyze::gained(policy, &changed, None, &options).into(),
            no_longer_admitted: analyze::gained(&changed, policy, None, &options).into(),
            outsider: analyze::outsider(&changed, &options).verdict,
            size: changed.size,
            fits,
            advice: fits.advice(),
        };
        Ok(Some((step, changed)))
    }

    /// Each value's twin behind it, unless the test has it already.
    fn added(&self) -> (Vec<Replacement>, Vec<String>) {
        let mut edits = Vec::new();
        let mut texts = Vec::new();
        for (test, values) in self.tests() {
            let mut new: Vec<(usize, String)> = Vec::new();
            for value in &values {
                let Some(twin) = self.twin(value) else {
                    continue;
                };
                let is_new = new.iter().all(|(_, known)| *known != twin);
                if is_new && !test.values.iter().any(|known| known.text == twin) {
                    new.push((value.index, twin));
                }
            }
            texts.extend(new.iter().map(|(_, twin)| twin.clone()));
            let path = values.first().map_or("", |value| &value.path);
            edits.extend(edits::insertions(self.source, test, path, &new));
        }
        (edits, texts)
    }

    /// The values whose twin stands beside them.
    fn left_out(&self) -> (Vec<Replacement>, Vec<String>) {
        let mut edits = Vec::new();
        let mut texts = Vec::new();
        for (test, values) in self.tests() {
            let has_twin = |value: &&Value<'_>| {
                let twin = self.twin(value);
                twin.is_some_and(|twin| test.values.iter().any(|known| known.text == twin))
            };
            let gone: Vec<usize> = values.iter().filter(has_twin).map(|v| v.index).collect();
            let named = test.values.iter().enumerate();
            texts.extend(
                named
                    .filter(|(index, _)| gone.contains(index))
                    .map(|(_, value)| value.text.clone()),
            );
            let path = values.first().map_or("", |value| &value.path);
            edits.extend(edits::removals(self.source, test, path, &gone));
        }
        (edits, texts)
    }

    fn twin(&self, value: &Value<'_>) -> Option<String> {
        let operator = value.test.condition.operator;
        self.repositories.iter().find_map(|repository| {
            match twin::of(&value.text.text, operator, repository) {
                Some(Twin::Is(text)) => Some(text),
                _ => None,
            }
        })
    }

    /// The tests of GitHub's subject with their values.
    fn tests(&self) -> impl Iterator<Item = (&'s ConditionTest, Vec<Value<'s>>)> {
        let listed = self.policy.statements_are_listed;
        let statements = self.policy.statements.iter().enumerate();
        statements.flat_map(move |(number, statement)| {
            let at = statement.path(number, listed);
            let tests = statement.tests.iter().filter(|test| is_subject(test));
            tests.map(move |test| {
                let values = test.values.iter().enumerate();
                let values = values.map(|(index, text)| Value {
                    test,
                    index,
                    text,
                    path: format!("{at}{}", test.path(Some(index))),
                });
                (test, values.collect())
            })
        })
    }

    fn names(&self, repository: &Repository) -> bool {
        let mut values = self.tests().flat_map(|(_, values)| values);
        values.any(|value| {
            let operator = value.test.condition.operator;
            twin::of(&value.text.text, operator, repository).is_some()
                || twin::is_of(&value.text.text, repository)
        })
    }

    /// Values that stay as they are, and why.
    fn warnings(&self) -> Vec<Warning> {
        let values = self.tests().flat_map(|(_, values)| values);
        values.filter_map(|value| self.warning(&value)).collect()
    }

    fn warning(&self, value: &Value<'_>) -> Option<Warning> {
        let operator = value.test.condition.operator;
        let text = &value.text.text;
        let twins = self
            .repositories
            .iter()
            .map(|r| twin::of(text, operator, r));
        let found: Vec<Twin> = twins.flatten().collect();
        let (summary, help) = if let Some(Twin::Open(why)) =
            found.iter().find(|t| matches!(t, Twin::Open(_)))
        {
            (
                format!("`{text}` stays as it is: {why}"),
                "write the owner in full: `repo:OWNER@ID/...`".to_owned(),
            )
        } else if found.is_empty() && twin::is_classic(text) {
            let known: Vec<String> = self.repositories.iter().map(ToString::to_string).collect();
            (
                format!("`{text}` stays as it is: it names none of {}", known.join(", ")),
                "give this repository's ids, too; `gh api repos/OWNER/NAME --jq '{o: .owner.id, r: .id}'` prints them".to_owned(),
            )
        } else {
            return None;
        };
        Some(Warning {
            summary,
            help,
            location: Some(Location::policy(self.source, &*value.path, value.text.span)),
        })
    }
}

/// A test of the subject of github.com's tokens; other servers have no immutable subjects (GitHub,
/// "OpenID Connect reference").
fn is_subject(test: &ConditionTest) -> bool {
    let key = test.condition.key.as_str();
    let host = "token.actions.githubusercontent.com";
    key.rsplit_once(':').is_some_and(|(issuer, claim)| {
        claim == "sub"
            && issuer
                .strip_prefix(host)
                .is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    })
}

#[cfg(test)]
mod tests;
