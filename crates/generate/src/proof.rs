//! What was written, judged as a user would.

use rolecall_core::analyze::{self, Options, Verdict};
use rolecall_core::case::Case;
use rolecall_core::lint::lint;
use rolecall_core::pattern::Pattern;
use rolecall_core::permission::{self, Grammar};
use rolecall_core::policy::{Policy, storable};
use rolecall_core::push::{self, Given, Question};
use rolecall_core::report::{Decision, Severity};
use rolecall_core::span::Source;
use rolecall_core::sts::{Attempt, GITHUB_ISSUER};
use rolecall_core::token::Token;
use serde::Serialize;
use serde_json::{Map, Value};

use super::{Entry, Refused, Setup, trust};

/// One thing that was proved.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Proved {
    /// `store`, `check`, `who`, `lint`, `push` or `predict`.
    pub by: &'static str,
    /// What holds, in one sentence.
    pub says: String,
}

/// Judges a trust policy and a permission policy that were written for a set-up.
///
/// # Errors
/// One of them does not do what the set-up promises.
pub fn judged(setup: &Setup, trust: &str, permissions: &str) -> Result<Vec<Proved>, Refused> {
    let broken = |unreadable| {
        Refused::proof(
            format!("what was written can't be read: {unreadable}"),
            FAULT,
        )
    };
    let source = Source::new(trust);
    let trust = Policy::parse(trust).map_err(broken)?;
    let permissions_read =
        permission::Policy::parse(permissions, Grammar::Identity).map_err(broken)?;
    setup.judge(
        &trust,
        &source,
        Given::new("permissions.json", permissions_read, permissions),
    )
}

/// What to do where the generator itself is at fault.
pub(crate) const FAULT: &str =
    "this is a fault of rolecall: report it with the command that was run";

impl Proved {
    /// Something that was proved elsewhere.
    #[must_use]
    pub const fn new(by: &'static str, says: String) -> Self {
        Self { by, says }
    }
}

impl Setup {
    /// Judges policies that were read back from whatever they were written as.
    ///
    /// # Errors
    /// As [`judged`].
    pub fn judge(
        &self,
        trust: &Policy,
        source: &Source,
        permissions: Given,
    ) -> Result<Vec<Proved>, Refused> {
        let mut proved = vec![stored(trust)?];
        proved.extend(self.admitted(trust)?);
        proved.extend(self.refused(trust)?);
        proved.push(self.closed(trust)?);
        proved.push(self.clean(trust, source)?);
        proved.push(self.pushes(permissions)?);
        Ok(proved)
    }

    /// What a token of this subject gets, with the repository's own id.
    #[must_use]
    pub fn answer(&self, trust: &Policy, sub: &str) -> Decision {
        self.decide(trust, sub, self.own_id())
    }

    /// What subjects begin with in each accepted form: `repo:octo-org/octo-repo`.
    #[must_use]
    pub fn subject_prefixes(&self) -> Vec<String> {
        trust::prefixes(self)
    }

    /// The accepted subjects, as the trust policy has them.
    #[must_use]
    pub fn subjects(&self) -> Vec<String> {
        trust::subjects(self)
    }

    fn admitted(&self, trust: &Policy) -> Result<Vec<Proved>, Refused> {
        let tail = concrete(&trust::tail(&self.request.entry));
        let prefixes = trust::prefixes(self).into_iter();
        prefixes
            .map(|prefix| {
                let sub = format!("{prefix}:{tail}");
                match self.decide(trust, &sub, self.own_id()) {
                    Decision::Allow => Ok(says("check", format!("{sub}: allowed"))),
                    _ => Err(Refused::proof(format!("{sub} would not get in"), FAULT)),
                }
            })
            .collect()
    }

    fn refused(&self, trust: &Policy) -> Result<Vec<Proved>, Refused> {
        let mut proved = Vec::new();
        for (sub, id) in self.strangers() {
            if self.decide(trust, &sub, &id) != Decision::Deny {
                return Err(Refused::proof(format!("{sub} would get in"), FAULT));
            }
            proved.push(says("check", format!("{sub}: denied")));
        }
        Ok(proved)
    }

    /// Tokens that must not get in: other runs of the repository, other repositories, other owners' of these names.
    fn strangers(&self) -> Vec<(String, String)> {
        let accepted = Pattern::wildcard(&trust::tail(&self.request.entry));
        let tails = [
            "ref:refs/heads/some-other-branch",
            "ref:refs/tags/some-other-tag",
            "environment:some-other-environment",
            "pull_request",
        ];
        let tails = tails.into_iter().filter(|tail| !accepted.matches(tail));
        let own = self.own_id();
        let mut strangers = Vec::new();
        for prefix in trust::prefixes(self) {
            strangers.extend(
                tails
                    .clone()
                    .map(|tail| (format!("{prefix}:{tail}"), own.to_owned())),
            );
        }
        let tail = concrete(&trust::tail(&self.request.entry));
        let Self { owner, name, .. } = self;
        strangers.push((format!("repo:{owner}/{name}-other:{tail}"), "1".to_owned()));
        strangers.push((format!("repo:{owner}-other/{name}:{tail}"), "1".to_owned()));
        if let Some((owner_id, id)) = &self.request.ids {
            strangers.push((
                format!("repo:{owner}@{owner_id}1/{name}@{id}1:{tail}"),
                format!("{id}1"),
            ));
            // The names registered anew by somebody else, where the id is tested beside them.
            strangers.push((format!("repo:{owner}/{name}:{tail}"), format!("{id}1")));
        }
        strangers
    }

    fn own_id(&self) -> &str {
        self.request.ids.as_ref().map_or("1", |(_, id)| id)
    }

    fn decide(&self, trust: &Policy, sub: &str, id: &str) -> Decision {
        let claims = [
            ("iss", GITHUB_ISSUER),
            ("aud", self.audience()),
            ("sub", sub),
            ("repository_id", id),
        ];
        let claims: Map<String, Value> = claims
            .into_iter()
            .map(|(name, value)| (name.to_owned(), value.into()))
            .collect();
        let case = Case {
            claims: Some(claims),
            partial: true,
            role_arn: Some(self.role_arn()),
            ..Case::default()
        };
        // A claim set always makes a token.
        Token::from_case(&case).map_or(Decision::Undecided, |token| {
            Attempt::prepare(&case, &token, trust).decide(trust)
        })
    }

    fn closed(&self, trust: &Policy) -> Result<Proved, Refused> {
        let options = Options {
            owners: vec![self.owner.clone()],
            ..Options::default()
        };
        let outsider = analyze::outsider(trust, &options);
        match outsider.verdict {
            Verdict::Closed => Ok(says(
                "who",
                format!(
                    "nobody but {} gets in, of all tokens that GitHub can issue",
                    self.owner
                ),
            )),
            verdict => Err(Refused::proof(
                format!(
                    "it is not proved that nobody but {} gets in: {}",
                    self.owner,
                    verdict.as_str()
                ),
                FAULT,
            )),
        }
    }

    /// What is only worth knowing was asked for, such as every branch.
    fn clean(&self, trust: &Policy, source: &Source) -> Result<Proved, Refused> {
        let options = Options {
            owners: vec![self.owner.clone()],
            ..Options::default()
        };
        let findings = lint(trust, source, &options);
        let bad = findings
            .iter()
            .find(|finding| finding.severity != Severity::Info);
        match bad {
            None => Ok(says(
                "lint",
                "no rule finds an error or a warning in the trust policy".to_owned(),
            )),
            Some(finding) => Err(Refused::proof(
                format!("{}: {}", finding.rule, finding.summary),
                finding.help.clone(),
            )),
        }
    }

    fn pushes(&self, permissions: Given) -> Result<Proved, Refused> {
        let report = push::judge(&Question {
            identity: vec![permissions],
            role_arn: Some(self.role_arn()),
            pull: self.request.pull,
            ..Question::about(self.target.clone())
        });
        match (report.decision, report.stops_at) {
            (Decision::Allow, _) => Ok(says(
                "push",
                format!("the role can log in and push to {}", self.target),
            )),
            (_, stops_at) => Err(Refused::proof(
                format!(
                    "the push would stop at {}",
                    stops_at.unwrap_or("an unknown action")
                ),
                FAULT,
            )),
        }
    }
}

fn stored(trust: &Policy) -> Result<Proved, Refused> {
    match storable::check(trust) {
        Ok(()) => Ok(says(
            "store",
            format!(
                "IAM stores the trust policy: {} of {} characters",
                trust.size,
                storable::DEFAULT_QUOTA
            ),
        )),
        Err(refusal) => Err(Refused::proof(
            format!("IAM would not store the trust policy: {}", refusal.summary),
            "shorten the names, or accept one form of subjects only",
        )),
    }
}

const fn says(by: &'static str, says: String) -> Proved {
    Proved::new(by, says)
}

/// A ref that a pattern matches.
fn concrete(tail: &str) -> String {
    tail.replace('*', "1")
}

/// Whether a ref is a pattern.
pub(crate) fn is_pattern(entry: &Entry) -> bool {
    matches!(entry, Entry::Branch(name) | Entry::Tag(name) if name.contains('*'))
}
