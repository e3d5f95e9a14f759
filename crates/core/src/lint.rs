//! What is remarkable about a policy: what IAM would refuse to store, what never matches, what is open.
//!
//! One rule a file; its identity, severity and page are declared there once, and [`RULES`] lists them.
//! Whether a token can pass is asked of the analysis ([`crate::analyze`]) wherever it can tell; a rule
//! that goes by the text keeps silent where the analysis contradicts it.
//!
//! # Severity
//! *error*: it does not work, or lets outsiders in. *warning*: it probably is not meant. *info*: worth
//! knowing. A false alarm is worse than a miss, so that what may be meant is never an error.
//!
//! ```
//! use rolecall_core::{analyze::Options, lint::lint, policy::Policy, report::Severity, span::Source};
//!
//! let text = r#"{"Version": "2012-10-17", "Statement": {"Effect": "Allow",
//!     "Principal": {"Federated": "arn:aws:iam::111122223333:oidc-provider/token.actions.githubusercontent.com"},
//!     "Action": "sts:AssumeRoleWithWebIdentity", "Condition": {"StringEquals": {
//!         "token.actions.githubusercontent.com:aud": "sts.amazonaws.com",
//!         "token.actions.githubusercontent.com:sub": "repo:octo-org/octo-repo:*"}}}}"#;
//! let findings = lint(&Policy::parse(text).unwrap(), &Source::new(text), &Options::default());
//! assert_eq!(findings[0].rule, "stringequals_with_wildcard");
//! assert_eq!(findings[0].severity, Severity::Error);
//! ```

mod any_aws_principal;
mod any_branch;
mod any_pull_request;
mod borrowed_workflow;
mod classic_subject_only;
mod conditions_anded;
mod depends_on_owner;
mod duplicate_json_keys;
mod enterprise_issuer_condition_key;
mod immutable_sub;
mod immutable_subject_only;
mod lets_nobody_in;
mod lured_actor;
mod missing_audience;
mod missing_repo_prefix;
mod missing_sub_suffix;
mod no_values;
mod not_storable;
mod null_test;
mod open_to_outsiders;
mod passes_when_absent;
mod placeholder_left;
mod redundant_statement;
mod redundant_value;
mod several_accounts;
mod several_owners;
mod stringequals_with_wildcard;
mod sub_case_mismatch;
mod sub_typo;
mod typo_in_key;
mod typo_in_provider;
mod unsupported_condition_key;
mod unusual_audience;
mod variable_not_replaced;
mod variable_without_value;
mod whole_owner;
mod whole_repository;
mod wildcard_before_owner;
mod wrong_action;
mod wrong_principal;

mod breadth;
mod draft;
mod key;
mod subject;
mod view;

use serde::Serialize;

use crate::analyze::Options;
use crate::guide::{self, Page};
use crate::policy::{Policy, storable};
use crate::report::{CauseId, Finding, Severity, Storable};
use crate::span::Source;
use draft::Draft;
use view::View;

/// A rule: what it is called, how bad it is at worst, and how it looks at a policy.
#[derive(Debug, Clone, Copy)]
pub struct Rule {
    /// Its id, stable across versions. It is a cause's where both mean the same.
    pub id: &'static str,
    /// How bad its findings are at worst.
    pub severity: Severity,
    /// Whether it is about who gets in, not about whether it works.
    pub is_about_access: bool,
    /// The page, where it is not a cause's.
    own: Option<&'static Page>,
    find: fn(&View<'_>, &[Finding]) -> Vec<Draft>,
}

impl Rule {
    /// A rule with a page of its own.
    const fn new(
        severity: Severity,
        page: &'static Page,
        find: fn(&View<'_>, &[Finding]) -> Vec<Draft>,
    ) -> Self {
        Self {
            id: page.id,
            severity,
            is_about_access: false,
            own: Some(page),
            find,
        }
    }

    /// A rule that finds in the policy what is a cause where a token is refused.
    const fn of_cause(
        severity: Severity,
        cause: CauseId,
        find: fn(&View<'_>, &[Finding]) -> Vec<Draft>,
    ) -> Self {
        Self {
            id: cause.as_str(),
            severity,
            is_about_access: false,
            own: None,
            find,
        }
    }

    /// The same rule, known to be about who gets in.
    const fn about_access(self) -> Self {
        Self {
            is_about_access: true,
            ..self
        }
    }

    /// What the guide says of it; every rule has a page, a test holds it.
    #[must_use]
    pub fn page(&self) -> Option<&'static Page> {
        self.own
            .or_else(|| guide::PAGES.iter().find(|page| page.id == self.id))
    }
}

/// All rules, in the order in which findings of one severity are told.
pub const RULES: &[&Rule] = &[
    // What IAM refuses, and what open policies do, before all else.
    &not_storable::RULE,
    &open_to_outsiders::RULE,
    &duplicate_json_keys::RULE,
    &any_aws_principal::RULE,
    &wildcard_before_owner::RULE,
    &depends_on_owner::RULE,
    &borrowed_workflow::RULE,
    &lured_actor::RULE,
    // What never matches, or always does.
    &placeholder_left::RULE,
    &wrong_action::RULE,
    &wrong_principal::RULE,
    &typo_in_provider::RULE,
    &several_accounts::RULE,
    &enterprise_issuer_condition_key::RULE,
    &typo_in_key::RULE,
    &unsupported_condition_key::RULE,
    &stringequals_with_wildcard::RULE,
    &missing_repo_prefix::RULE,
    &missing_sub_suffix::RULE,
    &immutable_sub::RULE,
    &sub_typo::RULE,
    &sub_case_mismatch::RULE,
    &conditions_anded::RULE,
    &no_values::RULE,
    &null_test::RULE,
    &variable_not_replaced::RULE,
    &variable_without_value::RULE,
    &passes_when_absent::RULE,
    &missing_audience::RULE,
    &unusual_audience::RULE,
    // How broad it is, and what is worth knowing.
    &whole_owner::RULE,
    &several_owners::RULE,
    &whole_repository::RULE,
    &any_branch::RULE,
    &any_pull_request::RULE,
    &classic_subject_only::RULE,
    &immutable_subject_only::RULE,
    &redundant_value::RULE,
    &redundant_statement::RULE,
    // Last: it speaks only where no other rule says why.
    &lets_nobody_in::RULE,
];

/// The rule of this id.
#[must_use]
pub fn rule(id: &str) -> Option<&'static Rule> {
    RULES.iter().copied().find(|rule| rule.id == id)
}

/// The pages of rules that are no cause's.
pub fn pages() -> impl Iterator<Item = &'static Page> {
    RULES.iter().filter_map(|rule| rule.own)
}

/// Everything that the rules find, worst first.
#[must_use]
pub fn lint(policy: &Policy, source: &Source, options: &Options) -> Vec<Finding> {
    let view = View::new(policy, source, options);
    let mut found: Vec<Finding> = Vec::new();
    for rule in RULES {
        let drafts = (rule.find)(&view, &found);
        found.extend(
            drafts
                .into_iter()
                .take(MOST_OF_A_RULE)
                .map(|draft| draft.into_finding(rule.id, source)),
        );
    }
    // Stable: within a severity the order of the rules, then that of the text, is kept.
    crate::order::sort_by_key(&mut found, |finding| finding.severity);
    found
}

/// The same of a policy's text; nothing where it can't be read.
#[must_use]
pub fn of_text(policy: &str) -> Vec<Finding> {
    Policy::parse(policy).map_or_else(
        |_| Vec::new(),
        |parsed| lint(&parsed, &Source::new(policy), &Options::default()),
    )
}

/// The one rule that is about JSON, not about AWS.
#[cfg(feature = "tokens")]
pub(crate) fn repeated_keys(policy: &Policy, source: &Source) -> Vec<Finding> {
    let options = Options::default();
    let view = View::new(policy, source, &options);
    let rule = &duplicate_json_keys::RULE;
    let drafts = (rule.find)(&view, &[]).into_iter();
    drafts
        .map(|draft| draft.into_finding(rule.id, source))
        .collect()
}

/// More of one kind help nobody, and a hostile policy has thousands.
const MOST_OF_A_RULE: usize = 50;

/// What `rolecall lint` answers: the contract's `rolecall.lint/1`.
#[derive(Debug, Clone, Serialize)]
pub struct LintReport {
    /// `rolecall.lint/1`
    pub schema: &'static str,
    /// The policies, in the order in which they were given.
    pub policies: Vec<LintedPolicy>,
}

/// A policy and what was found in it.
#[derive(Debug, Clone, Serialize)]
pub struct LintedPolicy {
    /// The file, or whatever the user knows the text by.
    pub source: String,
    /// Where in that text the policy is.
    pub path: String,
    /// Whether IAM would store it.
    pub storable: Storable,
    /// What was found, worst first.
    pub findings: Vec<Finding>,
}

impl LintReport {
    /// The schema's name.
    pub const SCHEMA: &'static str = "rolecall.lint/1";

    /// A report on these policies.
    #[must_use]
    pub const fn new(policies: Vec<LintedPolicy>) -> Self {
        Self {
            schema: Self::SCHEMA,
            policies,
        }
    }

    /// How bad the worst finding is.
    #[must_use]
    pub fn worst(&self) -> Option<Severity> {
        let findings = self.policies.iter().flat_map(|policy| &policy.findings);
        findings.map(|finding| finding.severity).min()
    }
}

impl LintedPolicy {
    /// Looks at a policy.
    #[must_use]
    pub fn new(
        source_name: impl Into<String>,
        path: impl Into<String>,
        policy: &Policy,
        source: &Source,
        options: &Options,
    ) -> Self {
        Self {
            source: source_name.into(),
            path: path.into(),
            storable: Storable::from(storable::check(policy).err()),
            findings: lint(policy, source, options),
        }
    }
}

#[cfg(test)]
mod tests;
