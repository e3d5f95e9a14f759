//! Bare policies, as `rolecall batch` takes them.

use rolecall_core::case::Case;
use rolecall_core::check;
use rolecall_core::report::{CheckReport, ErrorReport};
#[cfg(feature = "judge")]
pub(crate) use whole::{check, fix, policies};

/// A check without the findings, which take longer than all else.
pub(crate) fn verdict(case: &Case, _: Option<&str>) -> Result<CheckReport, ErrorReport> {
    check::check_without_findings(case)
}

/// What weighs a policy for all tokens.
#[cfg(feature = "judge")]
mod whole {
    use std::sync::Arc;

    use rolecall_core::analyze::Options;
    use rolecall_core::case::Case;
    use rolecall_core::check;
    use rolecall_core::fix::{self, FixReport};
    use rolecall_core::policy::Policy;
    use rolecall_core::report::{CheckReport, ErrorReport};
    use rolecall_core::span::Source;

    use crate::answer::no_policy;
    use crate::proofs::Given;

    pub(crate) fn check(case: &Case, _: Option<&str>) -> Result<CheckReport, ErrorReport> {
        check::check(case)
    }

    pub(crate) fn fix(
        case: &Case,
        _: Option<&str>,
        options: &Options,
    ) -> Result<FixReport, ErrorReport> {
        fix::fix(case, options)
    }

    /// The policy of a case.
    pub(crate) fn policies(case: &Case, _: Option<&str>) -> Result<Vec<Given>, ErrorReport> {
        let text = case.policy.as_deref().ok_or_else(no_policy)?;
        let source = Arc::new(Source::new(text));
        let policy = Policy::parse(text)
            .map_err(|unreadable| check::unreadable_policy(&source, &unreadable))?;
        Ok(vec![Given {
            path: String::new(),
            source,
            policy,
        }])
    }
}
