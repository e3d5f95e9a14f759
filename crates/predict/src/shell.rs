//! `run:` as far as a call of `aws sts assume-role-with-web-identity` and a request for a token can be read from it.

/// The words of the first command that contains all of `needle`, quotes and line continuations resolved.
///
/// ```text
/// aws sts assume-role-with-web-identity --role-arn "$ROLE" \
///   --role-session-name ci
/// ```
pub(crate) fn command(script: &str, needle: &[&str]) -> Option<Vec<String>> {
    let script = script.replace("\\\n", " ").replace("\\\r\n", " ");
    let commands = split(&script);
    commands.into_iter().find_map(|words| {
        let at = words
            .windows(needle.len().max(1))
            .position(|window| window == needle)?;
        words.get(at..).map(<[String]>::to_vec)
    })
}

/// The value of an option: `--role-arn X` or `--role-arn=X`.
pub(crate) fn option(words: &[String], name: &str) -> Option<String> {
    words.iter().enumerate().find_map(|(index, word)| {
        if word == name {
            return words.get(index + 1).cloned();
        }
        word.strip_prefix(name)?
            .strip_prefix('=')
            .map(str::to_owned)
    })
}

/// The audience that a request for a token names: `&audience=sts.amazonaws.com`.
pub(crate) fn audience(script: &str) -> Option<String> {
    let (_, rest) = script.split_once("audience=")?;
    let end = rest
        .find(|c: char| c.is_whitespace() || matches!(c, '"' | '\'' | '&' | '`' | ')' | ';'))
        .unwrap_or(rest.len());
    rest.get(..end).map(str::to_owned)
}

/// Commands as lists of words. Whatever a shell would expand stays as it is written.
fn split(script: &str) -> Vec<Vec<String>> {
    let mut commands = vec![Vec::new()];
    let mut word: Option<String> = None;
    let mut quote = None;
    for c in script.chars() {
        match (quote, c) {
            (Some(open), c) if c == open => quote = None,
            (Some(_), c) => word.get_or_insert_default().push(c),
            (None, '"' | '\'') => {
                quote = Some(c);
                word.get_or_insert_default();
            }
            (None, '\n' | ';' | '|' | '&' | '(' | ')' | '`') => {
                end(&mut word, &mut commands);
                commands.push(Vec::new());
            }
            (None, c) if c.is_whitespace() => end(&mut word, &mut commands),
            (None, c) => word.get_or_insert_default().push(c),
        }
    }
    end(&mut word, &mut commands);
    commands
}

fn end(word: &mut Option<String>, commands: &mut [Vec<String>]) {
    if let (Some(word), Some(command)) = (word.take(), commands.last_mut()) {
        command.push(word);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_call_is_found_with_its_options() {
        let needle = ["sts", "assume-role-with-web-identity"];
        for (script, role, session) in [
            (
                "aws sts assume-role-with-web-identity --role-arn arn:x --role-session-name ci",
                Some("arn:x"),
                Some("ci"),
            ),
            (
                "set -e\nout=$(aws --region eu-west-1 sts assume-role-with-web-identity \\\n  --role-arn \"$ROLE\" \\\n  --role-session-name='a b')",
                Some("$ROLE"),
                Some("a b"),
            ),
            (
                "eval \"x\"; aws sts assume-role-with-web-identity --role-arn",
                None,
                None,
            ),
            ("aws sts get-caller-identity\n", None, None),
            ("echo 'sts assume-role-with-web-identity'", None, None),
        ] {
            let words = command(script, &needle).unwrap_or_default();
            assert_eq!(option(&words, "--role-arn").as_deref(), role, "{script}");
            assert_eq!(
                option(&words, "--role-session-name").as_deref(),
                session,
                "{script}"
            );
        }
    }

    #[test]
    fn the_audience_of_a_request() {
        for (script, expected) in [
            (
                "curl \"$ACTIONS_ID_TOKEN_REQUEST_URL&audience=sts.amazonaws.com\" -H x",
                Some("sts.amazonaws.com"),
            ),
            ("curl ${URL}&audience=$AUD", Some("$AUD")),
            ("curl $URL", None),
        ] {
            assert_eq!(audience(script).as_deref(), expected, "{script}");
        }
    }
}
