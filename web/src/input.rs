//! What was entered, and the question to the engine that it comes to.

use serde_json::{Map, Value, json};

use crate::form::{Members, text};
use crate::report::{Claims, Read as _};

/// Everything that was entered.
#[derive(Clone, Default, PartialEq)]
pub(crate) struct Input {
    pub(crate) token: String,
    pub(crate) policy: String,
    pub(crate) what_if: Option<WhatIf>,
    pub(crate) workflow: Workflow,
    pub(crate) settings: Settings,
    /// The members of the question `push`.
    pub(crate) push: Members,
    /// The members of the question `generate`.
    pub(crate) setup: Members,
}

/// Claims that are judged in the token's place: an unsigned copy.
#[derive(Clone, Default, PartialEq)]
pub(crate) struct WhatIf {
    pub(crate) claims: Claims,
    /// Claims are missing that the token would have: they are unknown, not absent.
    pub(crate) partial: bool,
}

impl WhatIf {
    /// Changes a claim; an empty text takes it away. A number stays a number, a list a list; everything else is a text.
    pub(crate) fn set(&mut self, name: &str, text: &str) {
        let claims = &mut self.claims;
        let value = match claims.get(name) {
            Some(Value::String(_)) | None => None,
            Some(_) => serde_json::from_str(text).ok(),
        };
        if text.is_empty() {
            claims.remove(name);
        } else {
            let value = value.unwrap_or_else(|| Value::String(text.to_owned()));
            claims.insert(name.to_owned(), value);
        }
    }
}

/// The workflow whose job stands in a token's place.
#[derive(Clone, Default, PartialEq)]
pub(crate) struct Workflow {
    /// It does, not the token.
    pub(crate) is_on: bool,
    pub(crate) text: String,
    /// The members of `Settings` in the question `predict`.
    pub(crate) repository: Members,
    /// Those of `Run`: the job that is meant, and what is known of its run.
    pub(crate) run: Members,
    /// The job in `run` was chosen, and is not the one that was found to be worth a look.
    pub(crate) is_chosen: bool,
    /// `classic`, `immutable`, or not known.
    pub(crate) subjects: String,
    /// What `gh api` printed of the repository.
    pub(crate) facts: String,
}

/// What is known of the account and the request. An empty text means: not given.
#[derive(Clone, Default, PartialEq)]
pub(crate) struct Settings {
    /// Judge at the token's `iat`.
    pub(crate) at_issue: bool,
    pub(crate) now: String,
    pub(crate) role_arn: String,
    /// Which role is meant, where the policy's text holds several.
    pub(crate) role: String,
    pub(crate) session_name: String,
    pub(crate) duration: String,
    pub(crate) max_session_duration: String,
    /// `""`: GitHub's; `none`: the account has none; `other`: the one of `provider_url`.
    pub(crate) provider: String,
    pub(crate) provider_url: String,
    /// Separated by commas or white space.
    pub(crate) audiences: String,
    pub(crate) jwks: String,
    /// `""`, `ignore` or `require`
    pub(crate) signature: String,
    /// The claims are only some of the token's.
    pub(crate) partial: bool,
    pub(crate) context: Vec<ContextKey>,
}

/// A condition key that is not from the token.
#[derive(Clone, Default, PartialEq)]
pub(crate) struct ContextKey {
    pub(crate) key: String,
    pub(crate) value: String,
    pub(crate) is_absent: bool,
}

impl Input {
    pub(crate) fn has_token(&self) -> bool {
        self.what_if.is_some()
            || self.has_workflow()
            || !self.workflow.is_on && is_given(&self.token)
    }

    /// A workflow's job is judged.
    pub(crate) fn has_workflow(&self) -> bool {
        self.what_if.is_none() && self.workflow.is_on && is_given(&self.workflow.text)
    }

    /// Whether both come to the same verdict: they differ in what is asked besides at most.
    pub(crate) fn is_as(&self, other: &Self) -> bool {
        self.token == other.token
            && self.policy == other.policy
            && self.what_if == other.what_if
            && self.workflow == other.workflow
            && self.settings == other.settings
    }

    /// What stands in the three boxes: token, policy, workflow.
    pub(crate) fn texts(&self) -> [&str; 3] {
        [&self.token, &self.policy, &self.workflow.text]
    }

    pub(crate) fn has_policy(&self) -> bool {
        !self.policy.trim().is_empty()
    }

    /// The members of a batch line. Without a token nothing is known of the caller.
    pub(crate) fn case(&self) -> Map<String, Value> {
        let mut case = self.settings.members();
        case.insert("policy".to_owned(), json!(self.policy));
        match &self.what_if {
            Some(what_if) => {
                case.insert("claims".to_owned(), json!(what_if.claims));
                if what_if.partial {
                    case.insert("partial".to_owned(), json!(true));
                }
                // No key signed the copy: there is nothing to verify.
                case.remove("jwks");
            }
            None if self.has_workflow() => case.extend(self.workflow.question()),
            None if self.has_token() => {
                case.insert("token".to_owned(), json!(self.token));
            }
            None => {
                case.insert("claims".to_owned(), json!({}));
                case.insert("partial".to_owned(), json!(true));
            }
        }
        case
    }
}

impl Input {
    /// The question what the session may do. `None`: no permissions are given.
    pub(crate) fn push(&self) -> Option<Map<String, Value>> {
        let mut question = self.push.clone();
        question.get("policies")?;
        for (name, value) in [
            ("role_arn", &self.settings.role_arn),
            ("role", &self.settings.role),
            ("session_name", &self.settings.session_name),
        ] {
            if is_given(value) {
                question.insert(name.to_owned(), json!(value.trim()));
            }
        }
        Some(question)
    }
}

impl Workflow {
    /// The question which tokens its jobs get.
    pub(crate) fn question(&self) -> Map<String, Value> {
        let mut settings = self.repository();
        settings.extend(self.told_subjects());
        let mut question = Map::new();
        question.insert(
            "workflows".to_owned(),
            json!([{ "path": "workflow.yml", "text": self.text }]),
        );
        question.insert("settings".to_owned(), Value::Object(settings));
        question.insert("run".to_owned(), Value::Object(self.run.clone()));
        if is_given(&self.facts) {
            question.insert("facts".to_owned(), json!(self.facts));
        }
        question
    }

    /// What is known of the repository. An address of GitHub's is what one has at hand.
    fn repository(&self) -> Members {
        let mut members = self.repository.clone();
        if let Some(Value::String(name)) = members.get_mut("repository") {
            let short = name
                .trim()
                .trim_start_matches("https://")
                .trim_start_matches("github.com/");
            *name = short
                .trim_end_matches('/')
                .trim_end_matches(".git")
                .to_owned();
        }
        members
    }

    /// What GitHub's settings would be, for subjects of the chosen form.
    fn told_subjects(&self) -> Map<String, Value> {
        let told = match self.subjects.as_str() {
            "classic" => json!({
                "created_at": "2026-01-01T00:00:00Z", "renamed_at": "never", "transferred_at": "never",
                "repository_template": { "use_immutable_subject": false },
                "organization_template": { "use_immutable_subject": false },
            }),
            "immutable" => json!({ "repository_template": { "use_immutable_subject": true } }),
            _ => Value::Null,
        };
        Members::read(told)
    }

    /// The same for all jobs.
    pub(crate) fn all_jobs(&self) -> Map<String, Value> {
        let mut all = self.clone();
        all.run.remove("job");
        all.run.remove("event");
        all.question()
    }

    /// What it comes to in a link.
    pub(crate) fn members(&self) -> Value {
        json!({ "text": self.text, "repository": self.repository(), "run": self.run, "subjects": self.subjects, "facts": self.facts })
    }

    /// What a link holds.
    pub(crate) fn of(members: &Members) -> Self {
        let object = |name: &str| {
            let object = members.get(name).and_then(Value::as_object);
            object.cloned().unwrap_or_default()
        };
        Self {
            is_on: true,
            text: text(members, "text").to_owned(),
            repository: object("repository"),
            is_chosen: object("run").contains_key("job"),
            run: object("run"),
            subjects: text(members, "subjects").to_owned(),
            facts: text(members, "facts").to_owned(),
        }
    }
}

impl Settings {
    /// Whether anything beside the moment is given.
    pub(crate) fn is_default(&self) -> bool {
        let moment = Self {
            at_issue: self.at_issue,
            now: self.now.clone(),
            ..Self::default()
        };
        *self == moment
    }

    /// The members of a batch line that these come to.
    pub(crate) fn members(&self) -> Map<String, Value> {
        let mut members = Map::new();
        let mut set = |name: &str, value: Value| {
            members.insert(name.to_owned(), value);
        };
        let texts = [
            ("now", &self.now),
            ("role_arn", &self.role_arn),
            ("role", &self.role),
            ("session_name", &self.session_name),
            ("jwks", &self.jwks),
            ("signature", &self.signature),
        ];
        for (name, text) in texts.into_iter().filter(|(_, text)| is_given(text)) {
            // What stands in the empty field, written out.
            if (name, text.trim()) != ("now", "now") {
                set(name, json!(text.trim()));
            }
        }
        let numbers = [
            ("duration", &self.duration),
            ("max_session_duration", &self.max_session_duration),
        ];
        for (name, text) in numbers {
            if let Ok(number) = text.trim().parse::<i64>() {
                set(name, number.into());
            }
        }
        if let Some(provider) = self.provider() {
            set("provider", provider);
        }
        if self.at_issue {
            set("at_issue", json!(true));
        }
        if self.partial {
            set("partial", json!(true));
        }
        if !self.context.is_empty() {
            set("context", self.context());
        }
        members
    }

    /// The settings that come to these members.
    pub(crate) fn of(members: &Map<String, Value>) -> Self {
        let text = |name: &str| match members.get(name) {
            Some(Value::String(text)) => text.clone(),
            Some(Value::Number(number)) => number.to_string(),
            _ => String::new(),
        };
        let is = |name: &str| members.get(name) == Some(&Value::Bool(true));
        let provider = members.get("provider");
        let url = provider.and_then(|provider| provider.get("url")?.as_str());
        let audiences = provider.and_then(|provider| provider.get("audiences")?.as_array());
        let audiences: Vec<&str> = audiences
            .into_iter()
            .flatten()
            .filter_map(Value::as_str)
            .collect();
        let context = members.get("context").and_then(Value::as_object);
        let entry = |(key, value): (&String, &Value)| ContextKey {
            key: key.clone(),
            value: value.as_str().unwrap_or_default().to_owned(),
            is_absent: value.is_null(),
        };
        Self {
            at_issue: is("at_issue"),
            now: text("now"),
            role_arn: text("role_arn"),
            role: text("role"),
            session_name: text("session_name"),
            duration: text("duration"),
            max_session_duration: text("max_session_duration"),
            provider: match (provider, url) {
                (Some(Value::Null), _) => "none",
                (_, Some(_)) => "other",
                _ => "",
            }
            .to_owned(),
            provider_url: url.unwrap_or_default().to_owned(),
            audiences: audiences.join(", "),
            jwks: text("jwks"),
            signature: text("signature"),
            partial: is("partial"),
            context: context.into_iter().flatten().map(entry).collect(),
        }
    }

    fn provider(&self) -> Option<Value> {
        let audiences = self.audiences();
        let url = (self.provider == "other").then(|| self.provider_url.trim());
        match self.provider.as_str() {
            "none" => Some(Value::Null),
            "" if audiences.is_empty() => None,
            _ => {
                let audiences = (!audiences.is_empty()).then_some(audiences);
                Some(json!({ "url": url, "audiences": audiences }))
            }
        }
    }

    /// The audiences, one by one.
    pub(crate) fn audiences(&self) -> Vec<&str> {
        let words = self
            .audiences
            .split(|c: char| c == ',' || c.is_whitespace());
        words.filter(|word| !word.is_empty()).collect()
    }

    fn context(&self) -> Value {
        let mut members = Map::new();
        for entry in self.context.iter().filter(|entry| is_given(&entry.key)) {
            let value = if entry.is_absent {
                Value::Null
            } else {
                json!(entry.value)
            };
            members.insert(entry.key.trim().to_owned(), value);
        }
        Value::Object(members)
    }

    /// Gives a condition key a value; `None`: the request lacks it.
    pub(crate) fn set_context(&mut self, key: &str, value: Option<&str>) {
        let entry = ContextKey {
            key: key.to_owned(),
            value: value.unwrap_or_default().to_owned(),
            is_absent: value.is_none(),
        };
        match self.context.iter_mut().find(|old| old.key == key) {
            Some(old) => *old = entry,
            None => self.context.push(entry),
        }
    }
}

fn is_given(text: &str) -> bool {
    !text.trim().is_empty()
}
