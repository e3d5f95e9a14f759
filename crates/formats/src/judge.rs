//! From a case whose policy is any text that holds one to the answer: what the command line and the page do alike.

use rolecall_core::analyze::Options;
use rolecall_core::case::Case;
use rolecall_core::check;
use rolecall_core::fix::{self, FixReport};
use rolecall_core::policy::Policy;
use rolecall_core::push::Given;
use rolecall_core::report::{CheckReport, ErrorReport};
use rolecall_core::span::Source;

use crate::open::Open;
use crate::{Known, RolePolicy, read_with};

/// The role that is meant: by name, else by the case's role ARN, else the only one. What was found out about
/// the text as a whole comes first in its notes.
///
/// # Errors
/// The text can't be read, or it does not tell which role is meant.
pub fn role(text: &str, name: Option<&str>, case: &Case) -> Result<RolePolicy, ErrorReport> {
    let arn = case.role_arn.as_deref();
    let known = arn.map(Known::from_arn).unwrap_or_default();
    let document = read_with(text, &known)?;
    let mut role = document.pick(name, arn)?.clone();
    role.notes.splice(0..0, document.notes);
    Ok(role)
}

impl RolePolicy {
    /// Judges a case with this role's policy. What the text tells of the role counts where the case says nothing.
    ///
    /// # Errors
    /// The policy can't be read, there is no token and no claims in the case, or its key set can't be read.
    ///
    /// ```
    /// use rolecall_core::case::Case;
    ///
    /// let case = Case::from_json(r#"{"claims": {"sub": "repo:octo-org/octo-repo:pull_request"}}"#).unwrap();
    /// let role = rolecall_formats::role(r#"{"Version": "2012-10-17", "Statement": [{"Effect": "Allow",
    ///     "Principal": {"Service": "ec2.amazonaws.com"}, "Action": "sts:AssumeRole"}]}"#, None, &case).unwrap();
    /// assert!(!role.check(&case).unwrap().causes.is_empty());
    /// ```
    pub fn check(&self, case: &Case) -> Result<CheckReport, ErrorReport> {
        self.judged(case, check::judge, check::answer)
    }

    /// As [`RolePolicy::check`], without the findings.
    ///
    /// # Errors
    /// As [`RolePolicy::check`].
    pub fn check_without_findings(&self, case: &Case) -> Result<CheckReport, ErrorReport> {
        self.judged(case, check::answer, check::answer)
    }

    /// As [`RolePolicy::check`], under resource control policies over the role's account.
    ///
    /// # Errors
    /// As [`RolePolicy::check`].
    pub fn check_under(&self, case: &Case, controls: &[Given]) -> Result<CheckReport, ErrorReport> {
        let judge = |case: &Case, policy: &Policy, source: &Source| {
            check::judge_under(case, policy, source, controls)
        };
        self.judged(case, judge, judge)
    }

    /// `decide`: the same without what costs time and decides nothing.
    fn judged(
        &self,
        case: &Case,
        judge: impl FnOnce(&Case, &Policy, &Source) -> Result<CheckReport, ErrorReport>,
        decide: impl Fn(&Case, &Policy, &Source) -> Result<CheckReport, ErrorReport>,
    ) -> Result<CheckReport, ErrorReport> {
        let case = self.told(case);
        let policy = self.read_policy()?;
        let mut report = judge(&case, policy, &self.source)?;
        if let Some(open) = Open::of(&self.left, &case, policy) {
            report = open.settle(report, policy, &|policy| {
                decide(&case, policy, &self.source)
            })?;
        }
        report.notes.splice(0..0, self.notes.iter().cloned());
        Ok(report)
    }

    /// Repairs this role's policy for a case. What each repair makes of the text is read as the text was.
    ///
    /// # Errors
    /// As [`RolePolicy::check`].
    pub fn fix(&self, case: &Case, options: &Options) -> Result<FixReport, ErrorReport> {
        let arn = case.role_arn.as_deref();
        let known = arn.map(Known::from_arn).unwrap_or_default();
        let case = self.told(case);
        let reread = |text: &str| self.reread(text, &known);
        let mut report = fix::judge(&case, self.read_policy()?, &self.source, &reread, options)?;
        report.notes.splice(0..0, self.notes.iter().cloned());
        Ok(report)
    }

    /// The case with what the text tells of the role.
    fn told(&self, case: &Case) -> Case {
        let mut case = case.clone();
        case.role_arn = case.role_arn.or_else(|| self.arn.clone());
        case.max_session_duration = case.max_session_duration.or(self.max_session_duration);
        case
    }

    fn read_policy(&self) -> Result<&Policy, ErrorReport> {
        self.policy
            .as_ref()
            .map_err(|unreadable| check::unreadable_policy(&self.source, unreadable))
    }
}
