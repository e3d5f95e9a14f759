//! Placeholders that were not replaced: `<ACCOUNT_ID>`, `${var.org}`, `YOUR_ORG`, `xxxxxxxxxxxx`.

/// The placeholder in a policy's value, if there is one. What the token holds too is a real name.
///
/// Unresolved template expressions are told from policy variables by their key: a variable's has a
/// lower-case service prefix, such as `${aws:username}`.
pub(crate) fn find(value: &str, actual: &str) -> Option<String> {
    bracketed(value, "<", ">")
        .or_else(|| bracketed(value, "{{", "}}"))
        .or_else(|| expression(value))
        .or_else(|| braced(value))
        .or_else(|| formatted(value))
        .or_else(|| word(value, actual))
}

fn bracketed(value: &str, open: &str, close: &str) -> Option<String> {
    let (_, rest) = value.split_once(open)?;
    let (inner, _) = rest.split_once(close)?;
    (!inner.is_empty()).then(|| format!("{open}{inner}{close}"))
}

/// `{org}`, which is no policy variable: those have a `$`.
fn braced(value: &str) -> Option<String> {
    let (before, rest) = value.split_once('{')?;
    let (inner, _) = rest.split_once('}')?;
    let is_name = |c: char| c.is_ascii_alphanumeric() || "_-. ".contains(c);
    let is_word = !before.ends_with('$') && !inner.is_empty() && inner.chars().all(is_name);
    is_word.then(|| format!("{{{inner}}}"))
}

/// `%s`, as format strings have it; GitHub writes `%3A` for a colon, and no other escape is known.
fn formatted(value: &str) -> Option<String> {
    let (_, rest) = value.split_once("%s")?;
    let ends = !rest.starts_with(|c: char| c.is_ascii_alphanumeric());
    ends.then(|| "%s".to_owned())
}

fn expression(value: &str) -> Option<String> {
    let (_, rest) = value.split_once("${")?;
    let (inner, _) = rest.split_once('}')?;
    let key = inner.split(',').next().unwrap_or_default().trim();
    // Characters of a template's expression, which no condition key has.
    let is_key = !key.contains(['(', ')', '[', ']', '?', '"', '=', '!', '<', '>']);
    let is_variable = match key.split_once(':') {
        Some((prefix, _)) => {
            !prefix.is_empty()
                && is_key
                && !prefix.contains(|c: char| c.is_ascii_uppercase())
                && !key.contains("::")
        }
        None => matches!(key, "*" | "?" | "$"),
    };
    (!is_variable).then(|| format!("${{{inner}}}"))
}

/// A word such as `YOUR_ORG` or `ACCOUNT-ID` that the token does not hold.
fn word(value: &str, actual: &str) -> Option<String> {
    let words = value.split(|c: char| !(c.is_ascii_alphanumeric() || c == '_' || c == '-'));
    let actual = actual.to_ascii_lowercase();
    words
        .filter(|word| !word.is_empty() && !actual.contains(&word.to_ascii_lowercase()))
        .find(|word| is_stand_in(word))
        .map(str::to_owned)
}

fn is_stand_in(word: &str) -> bool {
    let lower = word.to_ascii_lowercase();
    let parts: Vec<&str> = lower.split(['_', '-']).collect();
    let is_capitals = word.len() > 2
        && !word.contains(|c: char| c.is_ascii_lowercase())
        && word.contains(|c: char| c.is_ascii_alphabetic());
    let is_thing = |part: &&str| {
        STOOD_FOR.contains(part)
            || part
                .strip_suffix('s')
                .is_some_and(|one| STOOD_FOR.contains(&one))
    };
    let first = parts.first().copied().unwrap_or_default();
    let are_things = parts.iter().all(&is_thing);
    // `MY_ORG`, but not `MY-APP`
    let is_mine = matches!(first, "my" | "some" | "the" | "insert")
        && parts.len() > 1
        && parts.iter().skip(1).all(is_thing);
    let is_yours = (first == "your" && parts.len() > 1)
        || first
            .strip_prefix("your")
            .is_some_and(|thing| is_thing(&thing));
    let is_crossed_out = word.len() >= 4 && lower.bytes().all(|b| b == b'x');
    is_yours
        || is_crossed_out
        || (is_capitals && (are_things || is_mine))
        || lower == "changeme"
        || lower == "replaceme"
}

/// What placeholders stand for.
const STOOD_FOR: &[&str] = &[
    "account",
    "org",
    "organization",
    "organisation",
    "owner",
    "repo",
    "repository",
    "user",
    "username",
    "branch",
    "environment",
    "env",
    "github",
    "aws",
    "tag",
    "id",
    "name",
    "placeholder",
    "example",
    "subject",
    "claim",
    "myorg",
    "myrepo",
];

#[cfg(test)]
mod tests {
    use super::find;

    #[test]
    fn table() {
        for (value, expected) in [
            (
                "arn:aws:iam::<ACCOUNT_ID>:oidc-provider/x",
                Some("<ACCOUNT_ID>"),
            ),
            (
                "arn:aws:iam::${AWS_ACCOUNT_ID}:oidc-provider/x",
                Some("${AWS_ACCOUNT_ID}"),
            ),
            (
                "arn:aws:iam::${AWS::AccountId}:oidc-provider/x",
                Some("${AWS::AccountId}"),
            ),
            ("repo:${var.org}/app:*", Some("${var.org}")),
            ("repo:{{ org }}/app:*", Some("{{ org }}")),
            ("repo:YOUR_ORG/YOUR_REPO:*", Some("YOUR_ORG")),
            ("repo:your-org/app:*", Some("your-org")),
            ("repo:yourorg/app:*", Some("yourorg")),
            ("repo:GITHUB_ORG/app:*", Some("GITHUB_ORG")),
            (
                "arn:aws:iam::ACCOUNT_ID:oidc-provider/x",
                Some("ACCOUNT_ID"),
            ),
            (
                "arn:aws:iam::xxxxxxxxxxxx:oidc-provider/x",
                Some("xxxxxxxxxxxx"),
            ),
            (
                "${(var.e != null ? \"repo:o/r:environment:${var.e}\" : \"repo:o/r:*\")}",
                Some("${(var.e != null ? \"repo:o/r:environment:${var.e}"),
            ),
            ("repo:octo-org/octo-repo:*", None),
            ("repo:${aws:PrincipalTag/org}/app:*", None),
            ("repo:octo-org/app:ref:refs/heads/${*}", None),
            ("repo:NASA/app:*", None),
            ("repo:MY_ORG/app:*", Some("MY_ORG")),
            ("repo:REPO_NAME/app:*", Some("REPO_NAME")),
            ("repo:{org}/app:*", Some("{org}")),
            ("repo:%s/app:*", Some("%s")),
            ("repo:octo-org/octo-repo:environment:a%sb", None),
            ("repo:octo-org/octo-repo:ref:refs/tags/RELEASE-TAG", None),
            ("repo:octo-org/octo-repo:environment:USER-123", None),
            ("repo:yourbase-io/app:*", None),
            ("arn:aws:iam::123456789012:oidc-provider/x", None),
        ] {
            assert_eq!(
                find(value, "repo:octo-org/x").as_deref(),
                expected,
                "{value}"
            );
        }
        assert_eq!(
            find("repo:MY_ORG/app:*", "repo:MY_ORG/web:pull_request"),
            None,
            "the token holds it too"
        );
    }
}
