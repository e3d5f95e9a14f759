//! The policies of several files, each role of an account or a template one.

use rolecall_core::check;
use rolecall_core::policy::Policy;
use rolecall_core::report::ErrorReport;
use rolecall_formats::{Known, RolePolicy, read_with};
use rolecall_report::{Format, Texts};

use crate::args::Color;
use crate::failure::Failure;
use crate::input::{self, Inputs};
use crate::{Exit, check::unusable};

/// A policy that was read.
pub(crate) struct Given {
    /// What the user calls the file.
    pub(crate) file: String,
    /// The role as the file has it.
    pub(crate) role: RolePolicy,
    /// Its policy.
    pub(crate) policy: Policy,
    /// Whether the file has other roles, too.
    is_one_of_several: bool,
}

impl Given {
    /// The texts that an answer about it points into.
    pub(crate) fn texts(&self) -> Texts<'_> {
        Texts {
            policy_name: &self.file,
            policy: self.role.source.text(),
            token_name: "",
        }
    }

    /// The file, and the role where there are several.
    pub(crate) fn name(&self) -> String {
        if self.is_one_of_several {
            format!("{} {}", self.file, self.role.label())
        } else {
            self.file.clone()
        }
    }
}

/// A text that can't be read, and why.
pub(crate) struct Unread {
    report: ErrorReport,
    file: String,
    text: String,
}

impl Unread {
    /// Tells it, in the format of the answer that there is not.
    pub(crate) fn tell(&self, format: Format, color: Color) -> Result<Exit, Failure> {
        let texts = Texts {
            policy_name: &self.file,
            policy: &self.text,
            token_name: "",
        };
        unusable(&self.report, &texts, format, color)
    }
}

/// Reads every policy of the files; with `role`, only that role's of each.
///
/// # Errors
/// A file can't be read. The inner error: its text can't be, or a policy in it.
pub(crate) fn read(
    paths: &[String],
    role: Option<&str>,
    inputs: &mut Inputs,
) -> Result<Result<Vec<Given>, Unread>, Failure> {
    let mut given = Vec::new();
    for path in paths {
        let text = inputs.read("the policy", path)?;
        match of_text(input::name(path), &text, role) {
            Ok(of_file) => given.extend(of_file),
            Err(unread) => return Ok(Err(unread)),
        }
    }
    Ok(Ok(given))
}

fn of_text(file: &str, text: &str, role: Option<&str>) -> Result<Vec<Given>, Unread> {
    let unread = |report, text: &str| Unread {
        report,
        file: file.to_owned(),
        text: text.to_owned(),
    };
    let document = read_with(text, &Known::default()).map_err(|report| unread(report, text))?;
    let roles = match role {
        Some(_) => {
            let picked = document.pick(role, None);
            vec![picked.map_err(|report| unread(report, text))?.clone()]
        }
        None => document.roles,
    };
    let is_one_of_several = roles.len() > 1;
    let given = |role: RolePolicy| match role.policy.clone() {
        Ok(policy) => Ok(Given {
            file: file.to_owned(),
            role,
            policy,
            is_one_of_several,
        }),
        Err(unreadable) => {
            let report = check::unreadable_policy(&role.source, &unreadable);
            Err(unread(report, role.source.text()))
        }
    };
    roles.into_iter().map(given).collect()
}
