//! A set-up as it is handed out: written, read back, and proved once more on what was read.

use rolecall_core::permission::{Grammar, Policy as Permissions};
use rolecall_core::policy::Policy;
use rolecall_core::push::Given;
use rolecall_core::span::Source;
use rolecall_formats::{Known, Sought, read_permissions, read_with};
use serde::Serialize;

use crate::proof::FAULT;
use crate::{File, Form, Proved, Refused, Setup, foresight};

/// A set-up as it is handed out.
#[derive(Debug, Clone, Serialize)]
pub struct Written {
    /// `rolecall.generate/1`
    pub schema: &'static str,
    /// The role's ARN.
    pub role_arn: String,
    /// The ARN of the repository that is pushed to.
    pub repository: String,
    /// All files; the workflow is the last.
    pub files: Vec<File>,
    /// What was proved of what stands in the files.
    pub proved: Vec<Proved>,
    /// What is worth knowing about the choices.
    pub notes: Vec<String>,
}

impl Setup {
    /// Writes the set-up, reads it back as a user's tools would, and proves what was read.
    ///
    /// # Errors
    /// What was written can't be read, or fails the proof.
    pub fn written(&self, form: Form) -> Result<Written, Refused> {
        let files = self.files(form);
        let (trust, source, permissions) = reread(self, &files, form)
            .ok_or_else(|| Refused::proof("what was written can't be read again", FAULT))?;
        let mut proved = self.judge(&trust, &source, permissions)?;
        proved.extend(foresight::proved(self, &trust, &files)?);
        Ok(Written {
            schema: "rolecall.generate/1",
            role_arn: self.role_arn(),
            repository: self.target().to_string(),
            proved,
            notes: self.notes().to_vec(),
            files,
        })
    }
}

/// The policies as they are found in what was written.
fn reread(setup: &Setup, files: &[File], form: Form) -> Option<(Policy, Source, Given)> {
    let text = |path: &str| {
        files
            .iter()
            .find(|file| file.path == path)
            .map(|file| &*file.text)
    };
    match form {
        Form::Terraform => from_template(setup, text("push.tf")?),
        Form::CloudFormation => from_template(setup, text("push.yaml")?),
        Form::Commands | Form::Files => {
            let permissions = text("permissions.json")?;
            let policy = Permissions::parse(permissions, Grammar::Identity).ok()?;
            let source = Source::new(text("trust.json")?);
            let trust = Policy::parse(source.text()).ok()?;
            Some((
                trust,
                source,
                Given::new("permissions.json", policy, permissions),
            ))
        }
    }
}

fn from_template(setup: &Setup, text: &str) -> Option<(Policy, Source, Given)> {
    let known = Known {
        region: Some(setup.target().region.clone()),
        ..Known::from_arn(&setup.role_arn())
    };
    let role = read_with(text, &known).ok()?.roles.into_iter().next()?;
    let found = read_permissions(text, &known, &Sought::Role { name: None }).ok()?;
    let permissions = found.policies.into_iter().next()?;
    let given = Given {
        name: permissions.label,
        policy: permissions.policy.ok()?,
        source: permissions.source,
    };
    Some((role.policy.ok()?, Source::clone(&role.source), given))
}
