//! What is taken away of a check: the members of a link, names masked where that is wanted, and the same question
//! to the command line.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::answer::{answer, read};

/// What a link holds: `policy`, `claims` and the members of a batch line that were set.
type Members = Map<String, Value>;

#[derive(Default, Deserialize)]
#[serde(default)]
struct Share {
    members: Members,
    /// The account, owner and repository get other names, the same ones everywhere.
    masked: bool,
}

#[derive(Serialize)]
struct Shared {
    schema: &'static str,
    members: Members,
    command: String,
}

/// `rolecall.share/1`.
pub(crate) fn share(question: &str) -> String {
    answer(read(question, "what is to be shared").map(shared))
}

fn shared(asked: Share) -> Shared {
    let mut members = asked.members;
    if asked.masked {
        let names = names(&members);
        for (_, value) in &mut members {
            *value = mask(std::mem::take(value), &names);
        }
    }
    Shared {
        schema: "rolecall.share/1",
        command: command(&members),
        members,
    }
}

fn names(members: &Members) -> Vec<(String, &'static str)> {
    let claims = members.get("claims").and_then(Value::as_object);
    let claim = |name: &str| {
        let value = claims.and_then(|claims| claims.get(name)?.as_str());
        value.unwrap_or_default().to_owned()
    };
    let of_workflow = |name: &str| {
        let workflow = members.get("workflow");
        let value = workflow.and_then(|workflow| workflow.get("repository")?.get(name)?.as_str());
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
        accounts(members.get("policy"))
            .into_iter()
            .map(|id| (id, "111122223333")),
    );
    names.retain(|(name, _)| !name.is_empty());
    names
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

fn mask(value: Value, names: &[(String, &'static str)]) -> Value {
    match value {
        Value::String(text) => Value::String(replaced(text, names)),
        Value::Array(items) => items.into_iter().map(|item| mask(item, names)).collect(),
        Value::Object(mut members) => {
            for (_, value) in &mut members {
                *value = mask(std::mem::take(value), names);
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

/// The same question to the command line.
fn command(members: &Members) -> String {
    let text = |name: &str| members.get(name).and_then(Value::as_str);
    let mut files = String::new();
    let mut words = vec!["rolecall check trust.json".to_owned()];
    files.push_str(&file("trust.json", text("policy").unwrap_or_default()));
    if let Some(claims) = members.get("claims") {
        files.push_str(&file("claims.json", &pretty(claims)));
        words.push("claims.json".to_owned());
    }
    if let Some(workflow) = members.get("workflow").and_then(Value::as_object) {
        let (text, options) = in_tokens_place(workflow);
        files.push_str(&text);
        words.extend(options);
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

/// The files of a workflow in a token's place, and the options: what is known of the repository and the run.
fn in_tokens_place(workflow: &Members) -> (String, Vec<String>) {
    let text = |name: &str| {
        workflow
            .get(name)
            .and_then(Value::as_str)
            .unwrap_or_default()
    };
    let mut files = file("workflow.yml", text("text"));
    let mut words = vec!["--workflow workflow.yml".to_owned()];
    let groups = [
        (
            "repository",
            &[
                ("repository", "--repo"),
                ("repository_owner_id", "--owner-id"),
                ("repository_id", "--repo-id"),
                ("default_branch", "--default-branch"),
            ][..],
        ),
        (
            "run",
            &[("event", "--event"), ("job", "--job"), ("ref", "--ref")],
        ),
    ];
    for (group, flags) in groups {
        for (name, flag) in flags {
            let value = workflow.get(group).and_then(|group| group.get(name));
            words.extend(value.map(|value| format!("{flag} {}", quoted(&plain(value)))));
        }
    }
    if !text("facts").is_empty() {
        files.push_str(&file("settings.json", text("facts")));
        words.push("--settings settings.json".to_owned());
    }
    words.extend(match text("subjects") {
        "immutable" => Some("--immutable".to_owned()),
        // As the page has it: older than the day from which on subjects have ids, and never moved.
        "classic" => Some("--immutable=false --created-at 2026-01-01T00:00:00Z --renamed-at never --transferred-at never".to_owned()),
        _ => None,
    });
    (files, words)
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
    use serde_json::json;

    use super::*;

    fn answer_to(members: Value, masked: bool) -> Value {
        let question = json!({ "members": members, "masked": masked });
        serde_json::from_str(&share(&question.to_string())).unwrap()
    }

    #[test]
    fn a_mask_covers_whole_words() {
        let policy = "arn:aws:iam::999988887777:x repo:acme/app:* acme-x/app aacme";
        let members = json!({"policy": policy,
            "claims": {"repository": "acme/app", "sub": "repo:acme@77/app@88:x", "repository_owner_id": "77", "repository_id": "88"}});
        let masked = answer_to(members.clone(), true);
        assert_eq!(
            masked["members"]["policy"],
            "arn:aws:iam::111122223333:x repo:octo-org/octo-repo:* acme-x/octo-repo aacme"
        );
        assert_eq!(
            masked["members"]["claims"]["sub"],
            "repo:octo-org@123456/octo-repo@456789:x"
        );
        assert_eq!(answer_to(members, false)["members"]["policy"], policy);
    }

    #[test]
    fn a_command_is_quoted() {
        let members = json!({"policy": "{}\nEND", "role_arn": "a b'c", "context": {"aws:SourceIp": "203.0.113.7", "x:y": null}});
        assert_eq!(
            answer_to(members, false)["command"],
            "cat > trust.json <<'END_'\n{}\nEND\nEND_\nrolecall check trust.json --role-arn 'a b'\\''c' --context aws:SourceIp=203.0.113.7 --absent x:y\n"
        );
    }
}
