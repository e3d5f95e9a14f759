//! From texts with policies to the question what a role's session may do.

use std::sync::Arc;

use rolecall_core::check::unreadable_policy;
use rolecall_core::push::{Given, Question};
use rolecall_core::report::{CauseId, ErrorReport};

use crate::{Known, PermissionPolicy, Permissions, Sought, read_permissions};

/// A text, and what the user knows it by.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Text {
    /// A file's name, or what the text is for.
    pub name: String,
    /// The text.
    pub text: String,
}

/// The policies that have a say, each in any text that holds one.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PushTexts {
    /// What the role itself may do.
    pub identity: Vec<Text>,
    /// Which role is meant, where a text holds several.
    pub role: Option<String>,
    /// The role's permissions boundary.
    pub boundary: Option<Text>,
    /// Session policies.
    pub session: Vec<Text>,
    /// The repository's policy.
    pub repository_policy: Option<Text>,
    /// Service control policies.
    pub service_control: Vec<Text>,
    /// Resource control policies.
    pub resource_control: Vec<Text>,
}

/// A text that can't be read as a policy.
#[derive(Debug, Clone)]
pub struct BadText {
    /// The text.
    pub text: Text,
    /// What is wrong, and where.
    pub report: ErrorReport,
}

/// Puts the policies of the texts into a question. Gives what is worth knowing about them, too.
///
/// # Errors
/// A text holds no policy, or not the one that is meant.
///
/// ```
/// use rolecall_core::push::{Question, RepositoryArn, judge};
/// use rolecall_core::report::Decision;
/// use rolecall_formats::{PushTexts, Text, with_policies};
///
/// let about = Question::about(RepositoryArn::parse("arn:aws:ecr:eu-west-1:111122223333:repository/octo-repo").unwrap());
/// let all = r#"{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]}"#;
/// let texts = PushTexts {
///     identity: vec![Text { name: "all.json".to_owned(), text: all.to_owned() }],
///     ..PushTexts::default()
/// };
/// let (question, notes) = with_policies(about, &texts).unwrap();
/// assert_eq!((judge(&question).decision, notes.len()), (Decision::Allow, 0));
/// ```
pub fn with_policies(
    question: Question,
    texts: &PushTexts,
) -> Result<(Question, Vec<String>), Box<BadText>> {
    let mut reading = Reading {
        question,
        notes: Vec::new(),
    };
    for text in &texts.identity {
        reading.identity(text, texts)?;
    }
    if let Some(text) = &texts.boundary {
        reading.question.boundary = reading.limits(text, &Sought::Limit)?.into_iter().next();
    }
    for text in &texts.session {
        let policies = reading.limits(text, &Sought::Limit)?;
        reading.question.session.extend(policies);
    }
    if let Some(text) = &texts.repository_policy {
        let sought = Sought::Repository {
            name: reading.question.repository.name.clone(),
        };
        reading.question.repository_policy = reading.limits(text, &sought)?.into_iter().next();
    }
    for text in &texts.service_control {
        let policies = reading.limits(text, &Sought::Limit)?;
        reading.question.service_control.extend(policies);
    }
    let controls = resource_controls(&texts.resource_control)?;
    reading.question.resource_control.extend(controls);
    Ok((reading.question, reading.notes))
}

/// The resource control policies of texts.
///
/// # Errors
/// A text holds no policy.
pub fn resource_controls(texts: &[Text]) -> Result<Vec<Given>, Box<BadText>> {
    let mut all = Vec::new();
    for text in texts {
        let found = read_permissions(&text.text, &Known::default(), &Sought::ResourceControl);
        for policy in found.map_err(|report| bad(text, report))?.policies {
            all.push(given(text, policy)?);
        }
    }
    Ok(all)
}

struct Reading {
    question: Question,
    notes: Vec<String>,
}

impl Reading {
    /// What the role itself may do, and what the text tells of the role.
    fn identity(&mut self, text: &Text, texts: &PushTexts) -> Result<(), Box<BadText>> {
        let sought = Sought::Role {
            name: texts.role.clone(),
        };
        let found = self.found(text, &sought)?;
        self.question.role_arn = self.question.role_arn.take().or(found.role_arn);
        self.question.attached_unknown.extend(found.unknown);
        if let Some(arn) = found.boundary_unknown.filter(|_| texts.boundary.is_none()) {
            let report = ErrorReport::plain(
                CauseId::MalformedPolicy,
                format!(
                    "the role has the permissions boundary {arn}, which is not in {}",
                    text.name
                ),
                "give the boundary, too (--boundary): `aws iam get-policy-version` prints it",
            );
            return Err(bad(text, report));
        }
        if let Some(boundary) = found.boundary {
            self.question.boundary = Some(given(text, boundary)?);
        }
        for policy in found.policies {
            self.question.identity.push(given(text, policy)?);
        }
        Ok(())
    }

    /// Policies that stand by themselves.
    fn limits(&mut self, text: &Text, sought: &Sought) -> Result<Vec<Given>, Box<BadText>> {
        let found = self.found(text, sought)?.policies.into_iter();
        found.map(|policy| given(text, policy)).collect()
    }

    fn found(&mut self, text: &Text, sought: &Sought) -> Result<Permissions, Box<BadText>> {
        let found = read_permissions(&text.text, &self.known(), sought);
        let mut found = found.map_err(|report| bad(text, report))?;
        let named = |note: String| format!("{}: {note}", text.name);
        self.notes
            .extend(std::mem::take(&mut found.notes).into_iter().map(named));
        Ok(found)
    }

    fn known(&self) -> Known {
        let repository = &self.question.repository;
        Known {
            account: Some(self.question.account().to_owned()),
            partition: Some(repository.partition.clone()),
            region: Some(repository.region.clone()),
        }
    }
}

fn given(text: &Text, found: PermissionPolicy) -> Result<Given, Box<BadText>> {
    let name = if found.label.is_empty() {
        text.name.clone()
    } else {
        format!("{} in {}", found.label, text.name)
    };
    match found.policy {
        Ok(policy) => Ok(Given {
            name,
            policy,
            source: found.source,
        }),
        Err(faults) => {
            let text = Text {
                text: found.source.text().to_owned(),
                ..text.clone()
            };
            Err(bad(
                &text,
                unreadable_policy(&Arc::clone(&found.source), &faults),
            ))
        }
    }
}

fn bad(text: &Text, report: ErrorReport) -> Box<BadText> {
    Box::new(BadText {
        text: text.clone(),
        report,
    })
}
