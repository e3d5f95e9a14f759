//! What is known of the repository: its names and ids, and GitHub's settings for the subject.
//!
//! The members are those of the answers of GitHub's REST API where it has them, so that what `gh api` prints can
//! be read as it is ([`Settings::read`]):
//!
//! | command | what it tells |
//! | --- | --- |
//! | `gh api repos/OWNER/REPO` | names, ids, visibility, default branch, date of creation |
//! | `gh api repos/OWNER/REPO/actions/oidc/customization/sub` | template, opt-in, `sub_claim_prefix` |
//! | `gh api orgs/ORG/actions/oidc/customization/sub` | the organisation's template and opt-in |
//! | `gh api repos/OWNER/REPO/environments` | the environments that exist |
//! | `gh api repos/OWNER/REPO/properties/values` | custom properties |
//! | `gh api repos/OWNER/REPO/actions/variables` | `vars` |
//!
//! Sources: docs.github.com, REST API, "Repositories", "GitHub Actions OIDC", "Deployment environments",
//! "Custom properties", "GitHub Actions variables".

use std::collections::BTreeMap;

use serde::{Deserialize, Deserializer, Serialize};
use serde_json::Value;

/// What is known of the repository.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Settings {
    /// `OWNER/REPO`, in the registered letter case.
    pub repository: Option<String>,
    /// The owner's id.
    #[serde(deserialize_with = "text")]
    pub repository_owner_id: Option<String>,
    /// The repository's id.
    #[serde(deserialize_with = "text")]
    pub repository_id: Option<String>,
    /// `public`, `private` or `internal`.
    pub visibility: Option<String>,
    /// The default branch.
    pub default_branch: Option<String>,
    /// When the repository was created.
    pub created_at: Option<String>,
    /// When it was last renamed; `never` where it was not since July 2026.
    pub renamed_at: Option<String>,
    /// When it last changed its owner; `never` where it did not since July 2026.
    pub transferred_at: Option<String>,
    /// The `sub` begins so, says GitHub: `repo:octo-org@123456/octo-repo@456789`.
    pub sub_claim_prefix: Option<String>,
    /// The repository's setting.
    pub repository_template: Option<Template>,
    /// The organisation's setting.
    pub organization_template: Option<Template>,
    /// The slug of the owner's enterprise.
    pub enterprise: Option<String>,
    /// The enterprise's id.
    #[serde(deserialize_with = "text")]
    pub enterprise_id: Option<String>,
    /// The issuer carries the enterprise's slug.
    pub include_enterprise_slug: bool,
    /// Where GitHub is, if not github.com: a host of GitHub Enterprise Server, or `SUB.ghe.com`.
    pub host: Option<String>,
    /// Custom properties that an administrator added to the tokens.
    pub custom_properties: BTreeMap<String, String>,
    /// The environments that exist.
    pub environments: Option<Vec<String>>,
    /// The `vars` of workflows.
    pub vars: BTreeMap<String, String>,
    /// "Send write tokens to workflows from pull requests" is on.
    pub fork_write_tokens: bool,
    /// The role's identity provider, its ARN.
    pub provider_arn: Option<String>,
    /// The role's MaxSessionDuration, in seconds.
    pub max_session_duration: Option<i64>,
}

/// How `sub` is customised.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Template {
    /// The repository takes GitHub's default.
    pub use_default: Option<bool>,
    /// The claims, in their order.
    pub include_claim_keys: Vec<String>,
    /// Opted in to subjects with ids.
    pub use_immutable_subject: Option<bool>,
}

/// Ids are numbers in GitHub's answers, and texts in its tokens.
fn text<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<String>, D::Error> {
    match Value::deserialize(deserializer)? {
        Value::Null => Ok(None),
        Value::String(text) => Ok(Some(text)),
        Value::Number(number) => Ok(Some(number.to_string())),
        _ => Err(serde::de::Error::custom("an id must be a number or a text")),
    }
}

impl Settings {
    /// Reads settings of our own, or what one of the commands above printed, and takes over what it tells.
    /// `is_organization`: the template is the organisation's.
    ///
    /// # Errors
    /// The text is no JSON, or nothing in it is known.
    ///
    /// ```
    /// use rolecall_predict::settings::Settings;
    ///
    /// let mut settings = Settings::default();
    /// settings.read(r#"{"full_name": "octo-org/octo-repo", "id": 456789, "owner": {"id": 123456},
    ///     "visibility": "private", "default_branch": "main", "created_at": "2024-01-26T19:01:12Z"}"#, false).unwrap();
    /// settings.read(r#"{"use_default": true, "sub_claim_prefix": "repo:octo-org/octo-repo"}"#, false).unwrap();
    /// assert_eq!(settings.repository_owner_id.as_deref(), Some("123456"));
    /// ```
    pub fn read(&mut self, json: &str, is_organization: bool) -> Result<(), String> {
        let value: Value =
            serde_json::from_str(json).map_err(|error| format!("it is no JSON: {error}"))?;
        let has = |key: &str| value.get(key).is_some_and(|value| !value.is_null());
        if has("full_name") {
            self.take_repository(&value);
        } else if let Some(list) = value.get("environments").and_then(Value::as_array) {
            self.take_environments(list);
        } else if let Some(list) = value.get("variables").and_then(Value::as_array) {
            list.iter()
                .filter_map(|item| named(item, "name", "value"))
                .for_each(|(name, value)| drop(self.vars.insert(name, value)));
        } else if let Some(list) = value.as_array() {
            self.take_properties(list)?;
        } else if has("use_default") || has("include_claim_keys") || has("use_immutable_subject") {
            self.take_template(value, is_organization)?;
        } else {
            self.take_own(value)?;
        }
        Ok(())
    }

    fn take_repository(&mut self, value: &Value) {
        let string = |key: &str| value.get(key).and_then(Value::as_str).map(str::to_owned);
        let id = |value: Option<&Value>| value.and_then(Value::as_u64).map(|id| id.to_string());
        let private = || {
            value
                .get("private")
                .and_then(Value::as_bool)
                .map(|private| if private { "private" } else { "public" }.to_owned())
        };
        take(&mut self.repository, string("full_name"));
        take(&mut self.repository_id, id(value.get("id")));
        take(
            &mut self.repository_owner_id,
            id(value.pointer("/owner/id")),
        );
        take(&mut self.visibility, string("visibility").or_else(private));
        take(&mut self.default_branch, string("default_branch"));
        take(&mut self.created_at, string("created_at"));
    }

    fn take_environments(&mut self, list: &[Value]) {
        let name = |item: &Value| {
            item.get("name")
                .and_then(Value::as_str)
                .or(item.as_str())
                .map(str::to_owned)
        };
        self.environments = Some(list.iter().filter_map(name).collect());
    }

    fn take_properties(&mut self, list: &[Value]) -> Result<(), String> {
        let properties: Vec<_> = list
            .iter()
            .filter_map(|item| named(item, "property_name", "value"))
            .collect();
        if properties.is_empty() && !list.is_empty() {
            return Err("it is a list, but not of custom properties".to_owned());
        }
        self.custom_properties.extend(properties);
        Ok(())
    }

    fn take_template(&mut self, value: Value, is_organization: bool) -> Result<(), String> {
        let prefix = value
            .get("sub_claim_prefix")
            .and_then(Value::as_str)
            .map(str::to_owned);
        let template = serde_json::from_value(value).map_err(|error| error.to_string())?;
        if is_organization {
            self.organization_template = Some(template);
        } else {
            self.repository_template = Some(template);
            take(&mut self.sub_claim_prefix, prefix);
        }
        Ok(())
    }

    /// Settings of our own, laid over what is known already.
    fn take_own(&mut self, value: Value) -> Result<(), String> {
        let Value::Object(given) = value else {
            return Err("it is no object of settings".to_owned());
        };
        let Ok(Value::Object(mut own)) = serde_json::to_value(&*self) else {
            return Ok(());
        };
        if !given.keys().any(|key| own.contains_key(key)) {
            return Err("none of its members is a known setting".to_owned());
        }
        own.extend(given.into_iter().filter(|(_, value)| !value.is_null()));
        *self = serde_json::from_value(Value::Object(own)).map_err(|error| error.to_string())?;
        Ok(())
    }

    /// The owner's name.
    #[must_use]
    pub fn owner(&self) -> Option<&str> {
        self.repository
            .as_deref()?
            .split_once('/')
            .map(|(owner, _)| owner)
    }

    /// The issuer of the tokens (docs.github.com, "OpenID Connect reference").
    ///
    /// ```
    /// use rolecall_predict::settings::Settings;
    ///
    /// let settings = Settings { host: Some("ghes.example.com".to_owned()), ..Settings::default() };
    /// assert_eq!(settings.issuer(), "https://ghes.example.com/_services/token");
    /// ```
    #[must_use]
    pub fn issuer(&self) -> String {
        let slug = self
            .enterprise
            .as_deref()
            .filter(|_| self.include_enterprise_slug);
        let slug = slug.map_or_else(String::new, |slug| format!("/{slug}"));
        match self.host.as_deref().map(bare) {
            None | Some("github.com") => {
                format!("https://token.actions.githubusercontent.com{slug}")
            }
            Some(host) if host.ends_with(".ghe.com") => {
                format!("https://token.actions.{host}{slug}")
            }
            Some(host) => format!("https://{host}/_services/token"),
        }
    }

    /// Whether the repository is on GitHub Enterprise Server.
    #[must_use]
    pub fn is_server(&self) -> bool {
        let host = self.host.as_deref().map(bare);
        host.is_some_and(|host| host != "github.com" && !host.ends_with(".ghe.com"))
    }

    /// Where people find the repository.
    #[must_use]
    pub fn server_url(&self) -> String {
        format!(
            "https://{}",
            self.host.as_deref().map_or("github.com", bare)
        )
    }

    /// The claims that make up `sub`; `None`: GitHub's default. An organisation's template counts for a repository
    /// only that opted out of the default (docs.github.com, "OpenID Connect reference").
    #[must_use]
    pub fn template(&self) -> Option<&[String]> {
        let own = self
            .repository_template
            .as_ref()
            .filter(|template| template.use_default == Some(false))?;
        let organization = || {
            self.organization_template
                .as_ref()
                .map(|template| template.include_claim_keys.as_slice())
        };
        let keys = match own.include_claim_keys.as_slice() {
            [] => organization()?,
            keys => keys,
        };
        (!keys.is_empty() && keys != ["repo", "context"]).then_some(keys)
    }
}

fn bare(host: &str) -> &str {
    let host = host.split_once("://").map_or(host, |(_, host)| host);
    host.split('/').next().unwrap_or(host)
}

fn take<T>(own: &mut Option<T>, given: Option<T>) {
    if given.is_some() {
        *own = given;
    }
}

/// A name and its value; lists of values are joined with commas, as tokens have them (reference of `repo_property_*`).
fn named(item: &Value, name: &str, value: &str) -> Option<(String, String)> {
    let name = item.get(name)?.as_str()?.to_owned();
    let value = match item.get(value)? {
        Value::String(text) => text.clone(),
        Value::Array(items) => items
            .iter()
            .filter_map(Value::as_str)
            .collect::<Vec<_>>()
            .join(","),
        Value::Bool(value) => value.to_string(),
        Value::Number(number) => number.to_string(),
        Value::Null | Value::Object(_) => return None,
    };
    Some((name, value))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn answers_of_the_api_are_told_by_their_content() {
        let mut settings = Settings::default();
        for (json, is_organization) in [
            (
                r#"{"id": 456789, "full_name": "octo-org/octo-repo", "private": true, "owner": {"login": "octo-org", "id": 123456}, "default_branch": "trunk", "created_at": "2026-08-01T00:00:00Z"}"#,
                false,
            ),
            (
                r#"{"use_default": false, "include_claim_keys": [], "use_immutable_subject": true, "sub_claim_prefix": "repo:octo-org@123456/octo-repo@456789"}"#,
                false,
            ),
            (
                r#"{"include_claim_keys": ["repo", "context", "job_workflow_ref"]}"#,
                true,
            ),
            (
                r#"{"total_count": 1, "environments": [{"id": 1, "name": "production"}]}"#,
                false,
            ),
            (
                r#"[{"property_name": "team", "value": "blue"}, {"property_name": "regions", "value": ["us-east-1", "eu-west-1"]}, {"property_name": "unset", "value": null}]"#,
                false,
            ),
            (
                r#"{"total_count": 1, "variables": [{"name": "STAGE", "value": "prod"}]}"#,
                false,
            ),
            (
                r#"{"enterprise": "octo-enterprise", "enterprise_id": 7, "host": null}"#,
                false,
            ),
        ] {
            settings.read(json, is_organization).unwrap();
        }
        assert_eq!(settings.visibility.as_deref(), Some("private"));
        assert_eq!(settings.enterprise_id.as_deref(), Some("7"));
        assert_eq!(
            settings.environments.as_deref(),
            Some(&["production".to_owned()][..])
        );
        assert_eq!(settings.custom_properties["regions"], "us-east-1,eu-west-1");
        assert_eq!(settings.vars["STAGE"], "prod");
        assert_eq!(settings.template().map(<[String]>::len), Some(3));
        let json = serde_json::to_string(&settings).unwrap();
        assert_eq!(
            serde_json::from_str::<Settings>(&json).unwrap(),
            settings,
            "both ways"
        );
    }

    #[test]
    fn what_is_no_setting_is_refused() {
        for (json, message) in [
            ("{", "it is no JSON"),
            ("{}", "none of its members"),
            (
                r#"{"message": "Not Found", "status": "404"}"#,
                "none of its members",
            ),
            ("[1]", "it is a list, but not"),
            (r#"{"repository_id": []}"#, "an id must be"),
        ] {
            let error = Settings::default().read(json, false).unwrap_err();
            assert!(error.starts_with(message), "{json} {error}");
        }
    }

    /// The table of the reference: which template counts.
    #[test]
    fn templates() {
        let template = |use_default, keys: &[&str]| Template {
            use_default,
            include_claim_keys: keys.iter().map(|key| (*key).to_owned()).collect(),
            use_immutable_subject: None,
        };
        let organization = || Some(template(None, &["repository_owner"]));
        for (own, organization, expected) in [
            (None, organization(), None),
            (Some(template(Some(true), &["actor"])), organization(), None),
            (
                Some(template(Some(false), &["actor"])),
                organization(),
                Some("actor"),
            ),
            (
                Some(template(Some(false), &[])),
                organization(),
                Some("repository_owner"),
            ),
            (Some(template(Some(false), &[])), None, None),
            (
                Some(template(Some(false), &["repo", "context"])),
                None,
                None,
            ),
        ] {
            let settings = Settings {
                repository_template: own,
                organization_template: organization,
                ..Settings::default()
            };
            assert_eq!(
                settings
                    .template()
                    .and_then(<[String]>::first)
                    .map(String::as_str),
                expected
            );
        }
    }

    #[test]
    fn issuers() {
        for (host, enterprise, issuer) in [
            (None, None, "https://token.actions.githubusercontent.com"),
            (
                Some("https://github.com/"),
                Some("octo"),
                "https://token.actions.githubusercontent.com/octo",
            ),
            (
                Some("octo.ghe.com"),
                None,
                "https://token.actions.octo.ghe.com",
            ),
            (
                Some("ghes.example.com"),
                Some("octo"),
                "https://ghes.example.com/_services/token",
            ),
        ] {
            let settings = Settings {
                host: host.map(str::to_owned),
                enterprise: enterprise.map(str::to_owned),
                include_enterprise_slug: true,
                ..Settings::default()
            };
            assert_eq!(settings.issuer(), issuer);
        }
    }
}
