//! The steps that assume a role, and whether STS or the action would refuse what they ask for.
//!
//! Sources: aws-actions/configure-aws-credentials, README and source (v6.2.3); STS API reference for the limits,
//! which `rolecall_core::sts` knows.

use rolecall_core::case::Case;
use rolecall_core::json::Node;
use rolecall_core::policy::Policy;
use rolecall_core::report::prediction::{RoleCause, RolePrediction};
use rolecall_core::report::{CauseId, CheckId};
use rolecall_core::span::Span;
use rolecall_core::sts::{Attempt, Outcome, RoleArn};
use rolecall_core::token::Token;
use rolecall_core::tri::Tri;

use crate::expr::{Scope, Value, render};
use crate::matrix;
use crate::settings::Settings;
use crate::shell;
use crate::text::Text;
use crate::workflow::{Parsed, Step};

/// A step that assumes a role.
#[derive(Debug, Clone)]
pub(crate) struct Assumed {
    pub(crate) prediction: RolePrediction,
    /// The token's audience.
    pub(crate) audience: Text,
    pub(crate) session: Text,
    /// Where the session's name is written.
    pub(crate) session_place: Option<(String, Span)>,
    /// The action needs a region and is given none.
    pub(crate) lacks_region: bool,
}

const CONFIGURE: &str = "aws-actions/configure-aws-credentials";
/// What the action asks for unless told otherwise.
const AUDIENCE: &str = "sts.amazonaws.com";
const CHINA_AUDIENCE: &str = "sts.amazonaws.com.cn";
const DURATION: i64 = 3_600;

/// What a step asks for, if it assumes a role.
pub(crate) fn assumed(
    step: &Step<'_>,
    parsed: &Parsed<'_>,
    scope: &Scope,
    settings: &Settings,
) -> Option<Assumed> {
    let asked = match (step.text("uses"), step.text("run")) {
        (Some(uses), _) => Asked::of_action(step, uses, scope)?,
        (None, Some(script)) => Asked::of_script(step, script, scope)?,
        _ => return None,
    };
    Some(asked.finish(step, parsed, settings))
}

/// The parameters of the call, as far as they are known.
struct Asked {
    by: String,
    role: Text,
    /// As it stands in the file, where an expression decides.
    written: Option<String>,
    audience: Text,
    session: Text,
    session_place: Option<(String, Span)>,
    duration: Text,
    region: Option<Text>,
    uses_token: Tri,
    notes: Vec<String>,
    is_configure: bool,
}

impl Asked {
    fn of_action(step: &Step<'_>, uses: &str, scope: &Scope) -> Option<Self> {
        let name = uses.split('@').next().unwrap_or(uses);
        let is_configure = name.eq_ignore_ascii_case(CONFIGURE);
        let with = step.get("with")?;
        let members = with.members()?;
        let is_role = |key: &str| {
            normal(key) == "role-to-assume"
                || (!is_configure && normal(key).ends_with("-role-to-assume"))
        };
        let role = members.iter().find(|member| is_role(&member.key))?;
        let input = |key: &str| {
            members
                .iter()
                .find(|member| normal(&member.key) == key)
                .map(|member| &member.value)
        };
        let text = |key: &str| input(key).map(|node| one_text(node, scope, key));
        let session = input("role-session-name");
        let role_text = one_text(&role.value, scope, "the role");
        if role_text.known() == Some("") {
            return None;
        }
        let default_audience = || {
            if is_configure {
                Text::from(AUDIENCE)
            } else {
                Text::hole("the audience that the action asks for")
            }
        };
        Some(Self {
            by: uses.to_owned(),
            written: role_text
                .known()
                .is_none()
                .then(|| role.value.as_str().map(str::to_owned))
                .flatten(),
            role: role_text,
            audience: text("audience")
                .filter(|text| text.known() != Some(""))
                .unwrap_or_else(default_audience),
            session: text("role-session-name")
                .filter(|text| text.known() != Some(""))
                .unwrap_or_else(|| Text::from("GitHubActions")),
            session_place: session
                .map(|node| (format!("{}/with/role-session-name", step.path), node.span)),
            duration: text("role-duration-seconds")
                .filter(|text| text.known() != Some(""))
                .unwrap_or_else(|| Text::from(DURATION.to_string())),
            region: text("aws-region").or_else(|| text("region")),
            uses_token: if is_configure {
                uses_token(&input, scope)
            } else {
                Tri::Unknown
            },
            notes: Vec::new(),
            is_configure,
        })
    }

    /// `aws sts assume-role-with-web-identity`
    fn of_script(step: &Step<'_>, script: &str, scope: &Scope) -> Option<Self> {
        if !script.contains("assume-role-with-web-identity") {
            return None;
        }
        let script_text = one_text_of(script, scope, "the script");
        // Expressions stand in the script before a shell sees it; those that are not known stay as they are.
        let resolved = script_text.known().unwrap_or(script);
        let words = shell::command(resolved, &["sts", "assume-role-with-web-identity"])?;
        let option = |name: &str| shell::option(&words, name).map(|word| expand(&word, scope));
        let hole = |name: &str| Text::hole(name);
        let audience = shell::audience(resolved).map(|word| expand(&word, scope));
        let role = option("--role-arn").unwrap_or_else(|| hole("the role"));
        Some(Self {
            by: "aws sts assume-role-with-web-identity".to_owned(),
            written: role
                .known()
                .is_none()
                .then(|| shell::option(&words, "--role-arn"))
                .flatten(),
            role,
            audience: audience.unwrap_or_else(|| hole("the audience that the script asks for")),
            session: option("--role-session-name").unwrap_or_else(|| hole("the session's name")),
            session_place: step
                .get("run")
                .map(|node| (format!("{}/run", step.path), node.span)),
            duration: option("--duration-seconds")
                .unwrap_or_else(|| Text::from(DURATION.to_string())),
            region: option("--region"),
            uses_token: Tri::Yes,
            notes: Vec::new(),
            is_configure: false,
        })
    }

    fn finish(mut self, step: &Step<'_>, parsed: &Parsed<'_>, settings: &Settings) -> Assumed {
        let sanitised = self.sanitised();
        let known = |text: &Text| text.known().map(str::to_owned);
        let duration = self
            .duration
            .known()
            .and_then(|text| text.trim().parse::<i64>().ok());
        let mut causes = Vec::new();
        self.check_parameters(sanitised.as_ref(), duration, settings, &mut causes);
        self.check_account(settings, &mut causes);
        if let Some(region) = &self.region {
            self.check_china(region, &mut causes);
        }
        let asked = duration.unwrap_or(DURATION);
        if asked > DURATION && settings.max_session_duration.is_none() {
            self.notes.push(format!("{asked} s are asked for; a role grants {DURATION} s unless its MaxSessionDuration says more"));
        }
        let prediction = RolePrediction {
            step: step.title(),
            by: self.by,
            role: known(&self.role),
            written: self.written,
            audience: known(&self.audience),
            session_name: sanitised.as_ref().and_then(known),
            duration,
            region: self.region.as_ref().and_then(known),
            uses_token: match self.uses_token {
                Tri::Yes => Some(true),
                Tri::No => Some(false),
                Tri::Unknown => None,
            },
            causes: if self.uses_token == Tri::No {
                Vec::new()
            } else {
                causes
            },
            notes: self.notes,
            location: parsed.location(&step.path, step.node.span),
            file: parsed.file.clone(),
        };
        Assumed {
            prediction,
            audience: self.audience,
            session: sanitised.unwrap_or_default(),
            session_place: self.session_place,
            lacks_region: self.is_configure && self.region.is_none(),
        }
    }

    /// Before 6.2.0 the action replaced what STS does not take in a session's name. Which 6 is meant by a commit is not told.
    fn sanitised(&mut self) -> Option<Text> {
        let Some(name) = self.session.known().filter(|_| self.is_configure) else {
            return Some(self.session.clone());
        };
        let is_taken = |c: char| c.is_ascii_alphanumeric() || "_+=,.@-".contains(c);
        if name.chars().all(is_taken) {
            return Some(self.session.clone());
        }
        let replaced: String = name
            .chars()
            .map(|c| if is_taken(c) { c } else { '_' })
            .collect();
        match replaces(&self.by) {
            Some(false) => Some(self.session.clone()),
            Some(true) => {
                self.notes.push(format!("this version of the action replaces what STS does not take in `{name}`; from 6.2.0 on it fails"));
                Some(Text::from(replaced))
            }
            None => {
                self.notes.push(format!("from 6.2.0 on the action fails with the session name `{name}`; before, it replaced what STS does not take"));
                None
            }
        }
    }

    /// What STS checks before it looks at the token.
    fn check_parameters(
        &self,
        session: Option<&Text>,
        duration: Option<i64>,
        settings: &Settings,
        causes: &mut Vec<RoleCause>,
    ) {
        let mut role = self.role.known().map(str::to_owned);
        if let Some(name) = role
            .as_deref()
            .filter(|role| self.is_configure && !role.starts_with("arn:"))
        {
            causes.push(cause(
                CauseId::RoleArnInvalid,
                format!("`{name}` is no ARN: the action stops with \"Source Account ID is needed if the Role Name is provided and not the Role Arn.\""),
                "give the role's full ARN, such as arn:aws:iam::111122223333:role/deploy",
            ));
            role = None;
        }
        let case = Case {
            role_arn: role,
            session_name: session.and_then(Text::known).map(str::to_owned),
            duration,
            max_session_duration: settings.max_session_duration,
            partial: true,
            ..Case::default()
        };
        causes.extend(refusals(&case));
    }

    /// The provider must be in the role's account (STS: "No OpenIDConnect provider found in your account").
    fn check_account(&self, settings: &Settings, causes: &mut Vec<RoleCause>) {
        let role = self.role.known().and_then(RoleArn::parse);
        let provider = settings.provider_arn.as_deref();
        let account = provider.and_then(|arn| arn.split(':').nth(4));
        if let (Some(role), Some(account)) = (role, account)
            && role.account != account
        {
            causes.push(cause(
                CauseId::MissingProvider,
                format!(
                    "the role is in the account {}, the identity provider in {account}",
                    role.account
                ),
                "create the provider in the role's account, or name a role of the provider's",
            ));
        }
    }

    /// In the regions of China the audience is another one, and the action does not set it by itself.
    fn check_china(&self, region: &Text, causes: &mut Vec<RoleCause>) {
        let is_china = region.starts_with(&Text::from("cn-")) == Tri::Yes;
        let is_missing = self
            .audience
            .known()
            .is_some_and(|audience| audience != CHINA_AUDIENCE);
        if is_china && is_missing {
            causes.push(cause(
                CauseId::WrongAudience,
                format!(
                    "the region is in China, and the audience is `{}`",
                    self.audience.known().unwrap_or_default()
                ),
                "set `audience: sts.amazonaws.com.cn`, and register it with the provider",
            ));
        }
    }
}

fn cause(id: CauseId, summary: String, help: &str) -> RoleCause {
    RoleCause {
        id,
        summary,
        help: help.to_owned(),
    }
}

/// Core's checks of the request alone.
fn refusals(case: &Case) -> Vec<RoleCause> {
    const POLICY: &str = r#"{"Statement": {"Effect": "Deny", "Principal": "*", "Action": "*"}}"#;
    let (Ok(token), Ok(policy)) = (Token::from_case(case), Policy::parse(POLICY)) else {
        return Vec::new();
    };
    let attempt = Attempt::prepare(case, &token, &policy);
    let of_request = attempt
        .steps
        .iter()
        .filter(|step| matches!(step.id, CheckId::Request | CheckId::SessionDuration));
    of_request
        .filter_map(|step| match &step.outcome {
            Outcome::Fail(refusal) => {
                Some(cause(refusal.cause, refusal.summary.clone(), &refusal.help))
            }
            _ => None,
        })
        .collect()
}

/// Whether a version of the action replaces characters in session names; `None`: it can't be told.
fn replaces(uses: &str) -> Option<bool> {
    let version = uses.rsplit_once('@').map_or("", |(_, version)| version);
    let version = version.strip_prefix('v')?;
    let mut numbers = version.split('.').map(|part| part.parse::<u32>().ok());
    let (major, minor) = (numbers.next().flatten()?, numbers.next());
    Some(match minor {
        // `v6` is the newest 6.
        None => major < 6,
        Some(minor) => (major, minor?) < (6, 2),
    })
}

/// The action takes the token unless something else is given to it.
fn uses_token<'n>(input: &impl Fn(&str) -> Option<&'n Node<'n>>, scope: &Scope) -> Tri {
    let truth = |key: &str| input(key).map_or(Tri::No, |node| matrix::value(node, scope).truth());
    let flag = |key: &str| {
        input(key).map_or(Tri::No, |node| match matrix::value(node, scope) {
            Value::Text(text) => text.equals(&Text::from("true")),
            value => value.truth(),
        })
    };
    let other = Tri::any([
        truth("aws-access-key-id"),
        truth("web-identity-token-file"),
        flag("role-chaining"),
        flag("force-skip-oidc"),
    ]);
    !other
}

/// `role_to_assume` and `ROLE-TO-ASSUME` are `role-to-assume`.
fn normal(key: &str) -> String {
    key.to_lowercase().replace('_', "-")
}

/// The text of a value; a hole where it may be one of several.
fn one_text(node: &Node<'_>, scope: &Scope, name: &str) -> Text {
    one_of(&matrix::value(node, scope), name)
}

fn one_text_of(text: &str, scope: &Scope, name: &str) -> Text {
    render(text, scope).map_or_else(|_| Text::hole(name), |value| one_of(&value, name))
}

fn one_of(value: &Value, name: &str) -> Text {
    match value.texts().as_slice() {
        [text] => text.clone(),
        _ => Text::hole(name),
    }
}

/// A word of a script: `$NAME` and `${NAME}` of the environment, as far as they are known.
fn expand(word: &str, scope: &Scope) -> Text {
    let env = scope.get("env");
    let mut text = Text::default();
    let mut rest = word;
    while let Some((before, after)) = rest.split_once('$') {
        text.push_known(before);
        let (name, behind) = match after
            .strip_prefix('{')
            .and_then(|inner| inner.split_once('}'))
        {
            Some(pair) => pair,
            None => {
                let end = after
                    .find(|c: char| !c.is_ascii_alphanumeric() && c != '_')
                    .unwrap_or(after.len());
                after.split_at(end)
            }
        };
        text.push(&one_of(&env.get(name), &format!("${name}")));
        rest = behind;
    }
    text.push_known(rest);
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::workflow::steps;

    fn one(step: &str, settings: &Settings) -> Option<Assumed> {
        let text = format!("- {step}");
        let parsed = Parsed {
            file: "x.yml".to_owned(),
            source: rolecall_core::span::Source::new(text.as_str()),
            tree: rolecall_formats::yaml::parse(&text).unwrap().remove(0),
        };
        let steps = steps(&parsed.tree, "/jobs/x").unwrap();
        let mut scope = Scope::default();
        let members = vec![("ROLE".to_owned(), Value::text(ROLE))];
        scope.set(
            "env",
            Value::Object {
                members,
                open: Some("env".to_owned()),
            },
        );
        assumed(&steps[0], &parsed, &scope, settings)
    }

    const ROLE: &str = "arn:aws:iam::111122223333:role/deploy";

    fn action(with: &str) -> String {
        format!("{{uses: aws-actions/configure-aws-credentials@v6, with: {{{with}}}}}")
    }

    /// `(with, causes)`
    #[test]
    fn what_sts_or_the_action_refuses() {
        let settings = Settings {
            provider_arn: Some(
                "arn:aws:iam::444455556666:oidc-provider/token.actions.githubusercontent.com"
                    .to_owned(),
            ),
            max_session_duration: Some(7_200),
            ..Settings::default()
        };
        let role = |account: &str| {
            format!("role-to-assume: 'arn:aws:iam::{account}:role/deploy', aws-region: eu-west-1")
        };
        for (with, expected) in [
            (role("444455556666"), &[][..]),
            (role("111122223333"), &["missing_provider"]),
            ("role-to-assume: deploy, aws-region: eu-west-1".to_owned(), &["role_arn_invalid"]),
            (format!("{}, role-session-name: 'a b'", role("444455556666")), &["session_name_invalid"]),
            (format!("{}, role-session-name: x", role("444455556666")), &["session_name_invalid"]),
            (format!("{}, role-duration-seconds: 600", role("444455556666")), &["duration_too_long"]),
            (format!("{}, role-duration-seconds: 7200", role("444455556666")), &[]),
            (format!("{}, role-duration-seconds: 7201", role("444455556666")), &["duration_too_long"]),
            ("role-to-assume: 'arn:aws-cn:iam::444455556666:role/deploy', aws-region: cn-north-1".to_owned(), &["wrong_audience"]),
            ("role-to-assume: 'arn:aws-cn:iam::444455556666:role/deploy', aws-region: cn-north-1, audience: sts.amazonaws.com.cn".to_owned(), &[]),
        ] {
            let found = one(&action(&with), &settings).unwrap().prediction.causes;
            let ids: Vec<&str> = found.iter().map(|cause| cause.id.as_str()).collect();
            assert_eq!(ids, expected, "{with}");
        }
    }

    #[test]
    fn which_steps_assume_a_role() {
        let settings = Settings::default();
        for (step, role, uses_token) in [
            (action("role-to-assume: '${{ env.ROLE }}'"), Some(ROLE), Some(true)),
            (action("role-to-assume: '${{ secrets.ROLE }}'"), None, Some(true)),
            (action(&format!("role-to-assume: '{ROLE}', aws-access-key-id: '${{{{ secrets.ID }}}}'")), Some(ROLE), None),
            (action(&format!("role-to-assume: '{ROLE}', role-chaining: true")), Some(ROLE), Some(false)),
            (action(&format!("role-to-assume: '{ROLE}', force-skip-oidc: 'false'")), Some(ROLE), Some(true)),
            (format!("{{uses: octo-org/terraform@v1, with: {{role_to_assume: '{ROLE}'}}}}"), Some(ROLE), None),
            ("{run: 'aws sts assume-role-with-web-identity --role-arn $ROLE --role-session-name ci'}".to_owned(), Some(ROLE), Some(true)),
            ("{run: 'aws sts assume-role-with-web-identity --role-arn ${OTHER}-x'}".to_owned(), None, Some(true)),
        ] {
            let found = one(&step, &settings).unwrap().prediction;
            assert_eq!((found.role.as_deref(), found.uses_token), (role, uses_token), "{step}");
        }
        for step in [
            action("aws-access-key-id: x"),
            action("role-to-assume: ''"),
            "{uses: actions/checkout@v6}".to_owned(),
            "{run: ls}".to_owned(),
        ] {
            assert!(one(&step, &settings).is_none(), "{step}");
        }
    }

    #[test]
    fn old_versions_replace_what_sts_does_not_take() {
        for (version, expected) in [
            ("v4", Some(true)),
            ("v6", Some(false)),
            ("v6.1.0", Some(true)),
            ("v6.2.0", Some(false)),
            ("v7", Some(false)),
            ("main", None),
            ("8df5847569e6427dd6c4fb1cf565c83acfa8afa7", None),
        ] {
            assert_eq!(
                replaces(&format!("{CONFIGURE}@{version}")),
                expected,
                "{version}"
            );
        }
    }
}
