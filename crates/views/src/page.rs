//! The parts of the page that hang on what is judged.

use crate::claims;
use crate::html;
use crate::html::slot;
use crate::journey;
use crate::policy;
use crate::report::{
    CheckReport, Claims, DiffReport, ErrorReport, Finding, FixReport, InspectReport, JobPrediction,
    Prediction, PushReport, Reply, Triggers, WhoReport, report,
};
use crate::token;
use crate::verdict::Verdict;

report! {
    /// What the page knows.
    pub(crate) Page {
        /// What the verdict strip says: `nothing`, `no-token` or `no-policy` (which is not entered yet), `unreadable`
        /// or `decided`.
        outcome: String,
        /// Why a text or a setting can't be read.
        error: Option<ErrorReport>,
        /// Why there is no token in the token's text.
        token_error: Option<ErrorReport>,
        /// Why the policy can't be read.
        policy_error: Option<ErrorReport>,
        /// What the policy says by itself, or together with the token.
        check: Option<CheckReport>,
        /// The token, taken apart.
        inspect: Option<InspectReport>,
        /// The tokens of the workflow's jobs.
        predict: Option<Reply<Prediction>>,
        /// The job that stands in the token's place, and its event.
        job: String,
        event: String,
        /// What the role's session may do, where its permissions are given.
        push: Option<Reply<PushReport>>,
        /// What was found out about all tokens; `None`: still being found out.
        found: Option<Found>,
        /// The policy that `found` is of, where that is the text before, and the answers about this one are awaited.
        found_of: Option<String>,
        /// What would become of the workflow's jobs, in their order; an empty word: nothing is known of it.
        decisions: Vec<String>,
        /// The last verdict, where the text can't be read.
        earlier: Option<Earlier>,
        /// The policy's text.
        policy: String,
        /// The token's text is empty.
        is_empty: bool,
        /// The token's text has a JWT.
        is_jwt: bool,
        /// A workflow stands in the token's place.
        is_foreseen: bool,
        /// The claims that are judged in the token's place.
        what_if: Option<WhatIf>,
        edits_claims: bool,
        /// There is a policy to compare with.
        is_kept: bool,
        /// Where the caret stands in the policy, in UTF-16 units.
        caret: Option<u32>,
        shows_all: bool,
        /// What screen readers were told last.
        settled: String,
    }

    /// An earlier verdict, and the policy's text that it is of.
    pub(crate) Earlier { check: CheckReport, inspect: Option<InspectReport>, policy: String, }

    /// Claims that are judged in the token's place.
    pub(crate) WhatIf {
        claims: Claims,
        /// Claims are missing that the token would have: they are unknown, not absent.
        partial: bool,
    }

    /// What was found out about all tokens.
    pub(crate) Found {
        who: Option<WhoReport>,
        fix: Option<FixReport>,
        diff: Option<DiffReport>,
        triggers: Triggers,
        /// Those of the check: a verdict has none yet.
        findings: Vec<Finding>,
    }
}

impl Page {
    /// The report of what is entered, where that is decided.
    pub(crate) fn decided(&self) -> Option<&CheckReport> {
        self.check.as_ref().filter(|_| self.outcome == "decided")
    }

    /// Outsiders get in, as far as that is known already.
    pub(crate) fn is_open(&self) -> bool {
        let who = self.found.as_ref().and_then(|found| found.who.as_ref());
        let policy = who.and_then(|who| who.policies.first());
        policy.is_some_and(|policy| policy.outsider.verdict == "open")
    }

    /// The job that stands in the token's place.
    pub(crate) fn job(&self) -> Option<&JobPrediction> {
        let Some(Reply::Report(prediction)) = &self.predict else {
            return None;
        };
        prediction.jobs.iter().find(|job| self.is_meant(job))
    }

    /// Whether it is this one.
    pub(crate) fn is_meant(&self, job: &JobPrediction) -> bool {
        job.job == self.job && job.event == self.event
    }

    /// What stands beside the heading of the permissions.
    fn push_meta(&self) -> &'static str {
        match &self.push {
            None => "what the role may push, once it is assumed",
            Some(Reply::Error(error)) => journey::of_push(error),
            Some(Reply::Report(_)) => "judged: see ECR push",
        }
    }

    /// The parts, as [`crate::html::slots`] reads them.
    pub(crate) fn written(&self) -> String {
        let verdict = Verdict::of(self);
        let parts = [
            ("verdict", verdict.view(&self.settled)),
            ("spoken", html! { verdict.spoken() }),
            ("journey", journey::view(self)),
            ("token-meta", token::meta(self)),
            ("token-notes", token::notes(self)),
            ("token-parts", token::parts(self)),
            ("policy-meta", policy::meta(self)),
            ("policy-notes", policy::notes(self)),
            ("policy-does", policy::does(self)),
            ("claims-meta", claims::meta(self)),
            ("claims", claims::view(self)),
            ("push-meta", html! { self.push_meta() }),
        ];
        parts
            .iter()
            .map(|(name, part)| slot(name, part.text()))
            .collect()
    }
}
