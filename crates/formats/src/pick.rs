//! Which of several roles is meant.

use rolecall_core::policy::{Policy, PrincipalKind};
use rolecall_core::report::{CauseId, ErrorReport};

use crate::{Document, Known, RolePolicy, read_with};

/// The most roles that a message lists.
const MOST_LISTED: usize = 20;

impl Document {
    /// The role that is asked for by name (or logical id, or resource address), else by ARN, else the only one.
    ///
    /// # Errors
    /// No role is called so, or several are there and none was asked for; the message lists them.
    pub fn pick(&self, name: Option<&str>, arn: Option<&str>) -> Result<&RolePolicy, ErrorReport> {
        if let Some(name) = name {
            return self.named(name);
        }
        if let [only] = self.roles.as_slice() {
            return Ok(only);
        }
        match arn {
            Some(arn) => self.with_arn(arn),
            None => Err(self.refuse(
                format!(
                    "the text holds {} roles, and none was named",
                    self.roles.len()
                ),
                &self.roles.iter().collect::<Vec<_>>(),
            )),
        }
    }

    fn named(&self, name: &str) -> Result<&RolePolicy, ErrorReport> {
        for degree in [RolePolicy::is_called, RolePolicy::is_called_shortly] {
            let called: Vec<&RolePolicy> = self
                .roles
                .iter()
                .filter(|role| degree(role, name))
                .collect();
            match called.as_slice() {
                [] => {}
                [role] => return Ok(role),
                several => {
                    let summary = format!("{} roles are called `{name}`", several.len());
                    return Err(self.refuse(summary, several));
                }
            }
        }
        let summary = format!("no role is called `{name}`");
        Err(self.refuse(summary, &self.roles.iter().collect::<Vec<_>>()))
    }

    fn with_arn(&self, arn: &str) -> Result<&RolePolicy, ErrorReport> {
        let exact = |role: &&RolePolicy| role.arn.as_deref() == Some(arn);
        match self.roles.iter().find(exact) {
            Some(role) => Ok(role),
            None => self.named(arn.rsplit('/').next().unwrap_or(arn)),
        }
    }

    /// Those that trust an identity provider come first: in a whole account most roles are for services.
    fn refuse(&self, summary: String, roles: &[&RolePolicy]) -> ErrorReport {
        let mut roles = roles.to_vec();
        roles.sort_by_key(|role| !role.trusts_a_provider());
        let listed: Vec<String> = roles
            .iter()
            .take(MOST_LISTED)
            .map(|role| self.label(role))
            .collect();
        let more = match roles.len().saturating_sub(MOST_LISTED) {
            0 => String::new(),
            more => format!(" and {more} more"),
        };
        let help = format!(
            "name one (on the command line: --role; on the page: Role in the text): {}{more}",
            listed.join(", ")
        );
        ErrorReport::plain(CauseId::MalformedPolicy, summary, help)
    }

    fn label(&self, role: &RolePolicy) -> String {
        let line = self.text.position(role.place.start).line;
        format!("{} (line {line})", role.label())
    }
}

impl RolePolicy {
    /// What to call the role: its name, else its address, else the policy's path.
    #[must_use]
    pub fn label(&self) -> &str {
        let address = self.address.as_deref();
        self.name.as_deref().or(address).unwrap_or(&self.path)
    }

    /// Reads the policy again after its [source](Self::source) was changed: what a repair is tried with.
    #[must_use]
    pub fn reread(&self, changed: &str, known: &Known) -> Option<Policy> {
        if let Ok(policy) = Policy::parse(changed) {
            return Some(policy);
        }
        let same = |role: &Self| role.path == self.path && role.address == self.address;
        let document = read_with(changed, known).ok()?;
        document.roles.into_iter().find(same)?.policy.ok()
    }

    fn is_called(&self, name: &str) -> bool {
        [&self.name, &self.arn, &self.address]
            .into_iter()
            .any(|own| own.as_deref() == Some(name))
    }

    /// Without the type in a resource address, or without the path in an ARN.
    fn is_called_shortly(&self, name: &str) -> bool {
        let address = self
            .address
            .as_deref()
            .and_then(|own| own.rsplit('.').next());
        let arn = self.arn.as_deref().and_then(|own| own.rsplit('/').next());
        address == Some(name) || arn == Some(name)
    }

    fn trusts_a_provider(&self) -> bool {
        self.policy.as_ref().is_ok_and(|policy| {
            let principals = policy.statements.iter().flat_map(|s| &s.principal.entries);
            let mut kinds = principals.map(|entry| entry.kind);
            kinds.any(|kind| kind == PrincipalKind::Federated)
        })
    }
}
