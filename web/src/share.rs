//! What can be taken away: a link that holds the check, and the answer as Markdown or as a command.
//!
//! A link keeps all of it after `#`, which no server ever receives: `v1=` and JSON, deflated, in base64url.
//! Its members are `policy`, `claims` and those of a batch line that were set; never a token and never a
//! signature. A later version of the page still reads it.

use serde_json::{Map, Value, json};

use crate::browser;
use crate::input::{Input, Workflow};
use crate::judge::{Judgement, Outcome};
use crate::report::{CheckReport, Claims};
use crate::verdict::headline;
use crate::words::{State, sentence};

/// What the fragment of a link begins with.
const VERSION: &str = "v1=";

/// Why a fragment gives nothing to show.
#[derive(Debug, PartialEq)]
pub(crate) enum Unreadable {
    /// It is made by a later version of the page.
    Newer,
    /// It is cut off or changed.
    Broken,
}

/// What is shared.
#[derive(Clone, PartialEq)]
pub(crate) struct Shared {
    members: Map<String, Value>,
}

/// A link to what is shared.
pub(crate) struct Link {
    pub(crate) shared: Shared,
    pub(crate) is_masked: bool,
    pub(crate) address: String,
}

impl Link {
    pub(crate) async fn to(shared: Shared, is_masked: bool) -> Self {
        let packed = browser::pack(&shared.json()).await;
        Self {
            address: browser::address_with(&format!("{VERSION}{packed}")),
            shared,
            is_masked,
        }
    }
}

impl Shared {
    /// What was entered, without the signature and without the claims that AWS never reads.
    pub(crate) fn of(input: &Input, judgement: &Judgement, masked: bool) -> Self {
        let mut members = input.settings.members();
        // Nobody signed the claims of a link: there is nothing to verify with keys.
        members.remove("jwks");
        if let Some(token) = &judgement.token {
            let read = token
                .claims
                .iter()
                .filter(|claim| claim.use_ != "never-offered");
            let mut claims = Claims::new();
            for claim in read {
                claims.insert(claim.name.clone(), claim.value.clone());
            }
            members.insert("claims".to_owned(), Value::Object(claims));
            if input
                .what_if
                .as_ref()
                .is_some_and(|what_if| what_if.partial)
            {
                members.insert("partial".to_owned(), json!(true));
            }
            // A token is judged now, its claims later on would be judged at their issue.
            let is_at_clock = input.what_if.is_none() && !members.contains_key("at_issue");
            if let (true, false, Some(at)) =
                (is_at_clock, members.contains_key("now"), &token.judged_at)
            {
                members.insert("now".to_owned(), json!(at));
            }
        }
        if input.has_policy() {
            members.insert("policy".to_owned(), json!(input.policy));
        }
        if input.has_workflow() {
            members.remove("claims");
            members.insert("workflow".to_owned(), input.workflow.members());
        }
        if !input.push.is_empty() {
            members.insert("push".to_owned(), json!(input.push));
        }
        let shared = Self { members };
        if masked { shared.masked() } else { shared }
    }

    /// The names of what the link holds.
    pub(crate) fn contents(&self) -> Vec<(&'static str, String)> {
        let claims = self.members.get("claims").and_then(Value::as_object);
        let claims = claims.map(|claims| {
            let names: Vec<&str> = claims.keys().map(String::as_str).collect();
            if names.is_empty() {
                "none".to_owned()
            } else {
                names.join(", ")
            }
        });
        let other: Vec<&str> = self
            .members
            .keys()
            .map(String::as_str)
            .filter(|name| !matches!(*name, "claims" | "policy"))
            .collect();
        let policy = self.members.get("policy").and_then(Value::as_str);
        vec![
            (
                "Policy",
                policy.map_or_else(
                    || "none".to_owned(),
                    |policy| {
                        format!(
                            "all {} characters of it, account id included",
                            policy.chars().count()
                        )
                    },
                ),
            ),
            ("Claims", claims.unwrap_or_else(|| "none".to_owned())),
            (
                "Besides",
                if other.is_empty() {
                    "nothing".to_owned()
                } else {
                    other.join(", ")
                },
            ),
        ]
    }

    /// What is packed into the link.
    pub(crate) fn json(&self) -> String {
        Value::Object(self.members.clone()).to_string()
    }

    /// The packed part of a fragment. `None`: it is not one of a shared check.
    pub(crate) fn packed(fragment: &str) -> Option<Result<&str, Unreadable>> {
        if let Some(packed) = fragment.strip_prefix(VERSION) {
            return Some(Ok(packed));
        }
        let version = fragment.strip_prefix('v')?.split_once('=')?.0;
        version.parse::<u32>().ok()?;
        Some(Err(Unreadable::Newer))
    }

    /// Reads what was packed.
    pub(crate) fn read(json: &str) -> Result<Self, Unreadable> {
        match serde_json::from_str(json) {
            Ok(Value::Object(members)) => Ok(Self { members }),
            _ => Err(Unreadable::Broken),
        }
    }

    /// The same as it was entered.
    pub(crate) fn input(&self) -> Input {
        let claims = self.members.get("claims");
        let policy = self.members.get("policy").and_then(Value::as_str);
        let mut input = Input {
            token: claims.map(pretty).unwrap_or_default(),
            policy: policy.unwrap_or_default().to_owned(),
            ..Input::default()
        };
        input.settings = crate::input::Settings::of(&self.members);
        let object = |name: &str| self.members.get(name).and_then(Value::as_object);
        input.workflow = object("workflow").map(Workflow::of).unwrap_or_default();
        input.push = object("push").cloned().unwrap_or_default();
        input
    }

    /// The account, owner and repository under other names, the same ones everywhere.
    fn masked(self) -> Self {
        let names = self.names();
        match masked(Value::Object(self.members), &names) {
            Value::Object(members) => Self { members },
            _ => Self {
                members: Map::new(),
            },
        }
    }

    fn names(&self) -> Vec<(String, &'static str)> {
        let claims = self.members.get("claims").and_then(Value::as_object);
        let claim = |name: &str| {
            let value = claims.and_then(|claims| claims.get(name)?.as_str());
            value.unwrap_or_default().to_owned()
        };
        let of_workflow = |name: &str| {
            let workflow = self.members.get("workflow");
            let value =
                workflow.and_then(|workflow| workflow.get("repository")?.get(name)?.as_str());
            value.unwrap_or_default().to_owned()
        };
        let sub = claim("sub");
        let repository = Some(claim("repository")).filter(|name| !name.is_empty());
        let repository = repository.unwrap_or_else(|| of_workflow("repository"));
        let in_sub = sub
            .strip_prefix("repo:")
            .and_then(|sub| sub.split(':').next());
        let full = if repository.is_empty() {
            in_sub.unwrap_or_default().to_owned()
        } else {
            repository
        };
        let (owner, name) = full.split_once('/').unwrap_or_default();
        let before_id = |name: &str| name.split('@').next().unwrap_or_default().to_owned();
        let mut names = vec![
            (before_id(owner), "octo-org"),
            (before_id(name), "octo-repo"),
            (claim("repository_owner_id"), "123456"),
            (claim("repository_id"), "456789"),
            (claim("actor"), "octocat"),
            (of_workflow("repository_owner_id"), "123456"),
            (of_workflow("repository_id"), "456789"),
        ];
        names.extend(
            accounts(self.members.get("policy"))
                .into_iter()
                .map(|id| (id, "111122223333")),
        );
        names.retain(|(name, _)| !name.is_empty());
        names
    }
}

/// The account ids of a policy: twelve digits between colons.
fn accounts(policy: Option<&Value>) -> Vec<String> {
    let text = policy.and_then(Value::as_str).unwrap_or_default();
    let is_account =
        |word: &&str| word.len() == 12 && word.bytes().all(|byte| byte.is_ascii_digit());
    text.split(':')
        .filter(is_account)
        .map(str::to_owned)
        .collect()
}

fn masked(value: Value, names: &[(String, &'static str)]) -> Value {
    match value {
        Value::String(text) => Value::String(replaced(text, names)),
        Value::Array(items) => items.into_iter().map(|item| masked(item, names)).collect(),
        Value::Object(mut members) => {
            for (_, value) in &mut members {
                *value = masked(std::mem::take(value), names);
            }
            Value::Object(members)
        }
        other => other,
    }
}

/// Whole words only: an owner named `a` is not every letter a.
fn replaced(text: String, names: &[(String, &'static str)]) -> String {
    let mut text = text;
    for (name, other) in names {
        let mut out = String::new();
        let mut rest = text.as_str();
        while let Some(at) = rest.find(name.as_str()) {
            let (before, found) = rest.split_at(at);
            let after = found.get(name.len()..).unwrap_or_default();
            let is_inner = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
            out.push_str(before);
            let whole = !out.ends_with(is_inner) && !after.starts_with(is_inner);
            out.push_str(if whole { other } else { name });
            rest = after;
        }
        out.push_str(rest);
        text = out;
    }
    text
}

fn pretty(value: &Value) -> String {
    serde_json::to_string_pretty(value).unwrap_or_default()
}

/// Verdict and reason for an issue or a chat.
pub(crate) fn markdown(judgement: &Judgement) -> Option<String> {
    let Outcome::Decided(report) = &judgement.outcome else {
        return None;
    };
    let word = State::of_decision(&report.decision).word;
    let mut text = format!("**{word}**: {}\n", headline(report));
    if let Some(error) = &report.error {
        text.push_str(&format!(
            "\nAWS would answer `{}`: `{}`\n",
            error.code, error.message
        ));
    }
    for cause in report.causes.iter().take(3) {
        text.push_str(&format!("\n- `{}`", cause.id));
        if let Some(at) = &cause.location {
            text.push_str(&format!(
                " at line {}, column {} of the policy",
                at.start.line, at.start.column
            ));
        }
        text.push_str(&format!(
            ": {} {}\n",
            sentence(&cause.summary),
            sentence(&cause.help)
        ));
    }
    text.push_str(&values(report));
    Some(text)
}

fn values(report: &CheckReport) -> String {
    let cause = report.causes.first();
    let values = cause.and_then(|cause| Some((cause.actual.as_ref()?, cause.expected.as_ref()?)));
    match values {
        Some((actual, expected)) => format!("\n```\ntoken:  {actual}\npolicy: {expected}\n```\n"),
        None => String::new(),
    }
}

/// The same question to the command line.
pub(crate) fn command(shared: &Shared) -> String {
    let members = &shared.members;
    let text = |name: &str| members.get(name).and_then(Value::as_str);
    let mut files = String::new();
    let mut words = vec!["rolecall check trust.json".to_owned()];
    files.push_str(&file("trust.json", text("policy").unwrap_or_default()));
    if let Some(claims) = members.get("claims") {
        files.push_str(&file("claims.json", &pretty(claims)));
        words.push("claims.json".to_owned());
    }
    let flags = [
        ("now", "--now"),
        ("role_arn", "--role-arn"),
        ("role", "--role"),
        ("session_name", "--session-name"),
        ("duration", "--duration"),
        ("max_session_duration", "--max-session-duration"),
        ("signature", "--signature"),
    ];
    for (name, flag) in flags {
        if let Some(value) = members.get(name) {
            words.push(format!("{flag} {}", quoted(&plain(value))));
        }
    }
    for (name, flag) in [("at_issue", "--at-issue"), ("partial", "--partial")] {
        if members.get(name) == Some(&Value::Bool(true)) {
            words.push(flag.to_owned());
        }
    }
    words.extend(provider_flags(members.get("provider")));
    let context = members.get("context").and_then(Value::as_object);
    for (key, value) in context.into_iter().flatten() {
        words.push(match value {
            Value::Null => format!("--absent {}", quoted(key)),
            value => format!("--context {}", quoted(&format!("{key}={}", plain(value)))),
        });
    }
    format!("{files}{}\n", words.join(" "))
}

fn provider_flags(provider: Option<&Value>) -> Vec<String> {
    let mut flags = Vec::new();
    match provider {
        Some(Value::Null) => flags.push("--provider none".to_owned()),
        Some(provider) => {
            if let Some(url) = provider.get("url").and_then(Value::as_str) {
                flags.push(format!("--provider {}", quoted(url)));
            }
            let audiences = provider.get("audiences").and_then(Value::as_array);
            let each = audiences.into_iter().flatten().filter_map(Value::as_str);
            flags.extend(each.map(|one| format!("--registered-audience {}", quoted(one))));
        }
        None => {}
    }
    flags
}

fn plain(value: &Value) -> String {
    value
        .as_str()
        .map_or_else(|| value.to_string(), str::to_owned)
}

/// A file written by the shell. The end mark is one that the text does not hold.
fn file(name: &str, text: &str) -> String {
    let mut end = "END".to_owned();
    while text.lines().any(|line| line == end) {
        end.push('_');
    }
    format!("cat > {name} <<'{end}'\n{}\n{end}\n", text.trim_end())
}

/// A word of a POSIX shell.
fn quoted(word: &str) -> String {
    let is_plain = |c: char| c.is_ascii_alphanumeric() || "-_./:=@,+".contains(c);
    if !word.is_empty() && word.chars().all(is_plain) {
        return word.to_owned();
    }
    format!("'{}'", word.replace('\'', "'\\''"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shared(members: Value) -> Shared {
        match members {
            Value::Object(members) => Shared { members },
            _ => Shared {
                members: Map::new(),
            },
        }
    }

    #[test]
    fn a_link_is_read_back() {
        let state = shared(
            json!({"policy": "{\"é\": 1}", "claims": {"sub": "x"}, "role_arn": "arn", "context": {"a:b": null},
            "provider": {"url": null, "audiences": ["x", "y"]}, "duration": 900}),
        );
        let read = Shared::read(&state.json());
        assert!(read == Ok(state.clone()));
        let input = state.input();
        assert_eq!(input.policy, "{\"é\": 1}");
        assert_eq!(
            input.settings.members().get("context"),
            state.members.get("context")
        );
        assert_eq!(
            input.settings.members().get("provider"),
            state.members.get("provider")
        );
        assert_eq!(input.settings.duration, "900");
    }

    #[test]
    fn what_is_no_link_is_told_from_a_broken_one() {
        assert!(Shared::packed("s-why").is_none());
        assert!(Shared::packed("").is_none());
        assert!(Shared::packed("v2=abc") == Some(Err(Unreadable::Newer)));
        assert!(Shared::packed("v1=abc") == Some(Ok("abc")));
        for broken in ["", "[]", "{\"policy\""] {
            assert!(Shared::read(broken) == Err(Unreadable::Broken), "{broken}");
        }
    }

    #[test]
    fn a_mask_covers_whole_words() {
        let state = shared(
            json!({"policy": "arn:aws:iam::999988887777:x repo:acme/app:* acme-x/app aacme",
            "claims": {"repository": "acme/app", "sub": "repo:acme@77/app@88:x", "repository_owner_id": "77", "repository_id": "88"}}),
        );
        let masked = state.masked();
        assert_eq!(
            masked.members.get("policy"),
            Some(&json!(
                "arn:aws:iam::111122223333:x repo:octo-org/octo-repo:* acme-x/octo-repo aacme"
            ))
        );
        let sub = masked
            .members
            .get("claims")
            .and_then(|claims| claims.get("sub"));
        assert_eq!(sub, Some(&json!("repo:octo-org@123456/octo-repo@456789:x")));
    }

    #[test]
    fn a_command_is_quoted() {
        let state = shared(
            json!({"policy": "{}\nEND", "role_arn": "a b'c", "context": {"aws:SourceIp": "203.0.113.7", "x:y": null}}),
        );
        assert_eq!(
            command(&state),
            "cat > trust.json <<'END_'\n{}\nEND\nEND_\nrolecall check trust.json --role-arn 'a b'\\''c' --context aws:SourceIp=203.0.113.7 --absent x:y\n"
        );
    }
}
