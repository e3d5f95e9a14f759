//! Which language a text is written in, from its first line that counts.

use rolecall_core::span::Span;

use crate::percent;
use crate::problem::Problem;

/// The languages. Nothing is guessed: prose around a policy is not looked through.
pub(crate) enum Language {
    Json,
    Percent,
    Hcl,
    Yaml,
    Unknown(Box<Problem>),
}

/// Tells the language.
pub(crate) fn language(text: &str) -> Language {
    match text.trim_start().chars().next() {
        Some(first)
            if !matches!(first, '{' | '[' | '"')
                && let Some(problem) = misplaced(text) =>
        {
            Language::Unknown(Box::new(problem))
        }
        None => Language::Unknown(Box::new(Problem::text(
            Span::new(0, 0),
            "the text is empty",
            WHAT_TO_GIVE,
        ))),
        Some('{' | '[' | '"') => Language::Json,
        Some('%') if percent::is_encoded(text) => Language::Percent,
        Some(_) => match first_line(text) {
            Some((_, line)) if is_hcl(line) => Language::Hcl,
            Some((_, line)) if is_yaml(line) => Language::Yaml,
            found => Language::Unknown(Box::new(unknown(text, found))),
        },
    }
}

/// A token or an error message, which people put into the policy's place.
fn misplaced(text: &str) -> Option<Problem> {
    let (at, line) = first_line(text)?;
    let line = line.trim_end();
    let is_said = |words: &str| line.contains(words);
    let (what, help) = if line.starts_with("eyJ") || is_said("Bearer eyJ") {
        (
            "this is a token, not a policy",
            "give it in the token's place, and here the trust policy: `aws iam get-role` prints it",
        )
    } else if [
        "An error occurred",
        "Not authorized to perform",
        "Could not assume role",
    ]
    .into_iter()
    .any(is_said)
    {
        (
            "this is an error message, not a policy",
            "give the trust policy of the role: `aws iam get-role` prints it; on the command line `rolecall explain` tells about a message",
        )
    } else {
        return None;
    };
    Some(Problem::text(Span::new(at, at + line.len()), what, help))
}

pub(crate) const WHAT_TO_GIVE: &str = "give a trust policy as JSON, what `aws iam get-role` prints, a CloudFormation template, or Terraform configuration";

fn unknown(text: &str, found: Option<(usize, &str)>) -> Problem {
    let (at, line) = found.unwrap_or_default();
    let line = line.trim_end();
    let short: String = line.chars().take(40).collect();
    Problem::text(
        Span::new(at, at + line.len()),
        format!("`{short}` is no beginning of a policy or of a file that could hold one"),
        json_below(text, at).unwrap_or_else(|| WHAT_TO_GIVE.to_owned()),
    )
}

/// Where JSON begins further down, which is worth saying.
pub(crate) fn json_below(text: &str, after: usize) -> Option<String> {
    let mut number = 0;
    let mut at = 0;
    for line in text.split_inclusive('\n') {
        number += 1;
        // Text of one line is read as what it is.
        if number > 1 && at >= after && line.trim_start().starts_with('{') {
            return Some(format!(
                "give only the JSON document; one seems to begin on line {number}"
            ));
        }
        at += line.len();
    }
    None
}

/// The first line that is neither blank nor a comment, and where it starts.
fn first_line(text: &str) -> Option<(usize, &str)> {
    let mut at = 0;
    let mut in_comment = false;
    for line in text.split_inclusive('\n') {
        let trimmed = line.trim_start();
        let start = at + (line.len() - trimmed.len());
        at += line.len();
        if in_comment || trimmed.starts_with("/*") {
            in_comment = !trimmed.contains("*/");
            continue;
        }
        if !(trimmed.is_empty() || trimmed.starts_with('#') || trimmed.starts_with("//")) {
            return Some((start, trimmed));
        }
    }
    None
}

/// `name "label" label {` or `name = value` (HCL syntax specification, "Structural Elements").
fn is_hcl(line: &str) -> bool {
    let name = line.len() - line.trim_start_matches(is_name).len();
    let mut rest = line.get(name..).unwrap_or_default();
    if name == 0 || line.starts_with(|c: char| c.is_ascii_digit() || c == '-') {
        return false;
    }
    loop {
        rest = rest.trim_start();
        let label = match rest.chars().next() {
            Some('{') => return true,
            Some('=') => return !rest.starts_with("=="),
            Some('"') => rest
                .get(1..)
                .and_then(|label| label.find('"'))
                .map(|end| end + 2),
            Some(c) if is_name(c) => Some(rest.len() - rest.trim_start_matches(is_name).len()),
            _ => None,
        };
        match label.and_then(|label| rest.get(label..)) {
            Some(after) => rest = after,
            None => return false,
        }
    }
}

fn is_name(c: char) -> bool {
    c.is_alphanumeric() || c == '_' || c == '-'
}

/// A document's start, a list's item, or a key.
fn is_yaml(line: &str) -> bool {
    let line = line.trim_end();
    line.starts_with("---")
        || line.starts_with("%YAML")
        || line.starts_with("- ")
        || line.ends_with(':')
        || line.contains(": ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn table() {
        for (text, expected) in [
            ("", "empty"),
            (" \n\t", "empty"),
            ("  {", "json"),
            ("[", "json"),
            ("\"%7B\"", "json"),
            ("%7B%22", "percent"),
            ("%7b", "percent"),
            ("resource \"aws_iam_role\" \"deploy\" {", "hcl"),
            ("# c\n// d\n/* e\n f */\n\nlocals {", "hcl"),
            ("terraform {}", "hcl"),
            ("policy = jsonencode({})", "hcl"),
            ("data aws_iam_policy_document trust {", "hcl"),
            ("AWSTemplateFormatVersion: '2010-09-09'", "yaml"),
            ("# c\nResources:", "yaml"),
            ("---\nx", "yaml"),
            ("\"Role\": x", "json"),
            ("%YAML 1.1\n---", "yaml"),
            ("the policy\n{", "unknown"),
            ("cat > trust.json <<EOF\n{", "unknown"),
            ("eyJhbGciOi", "unknown"),
            ("```json", "unknown"),
        ] {
            let found = match language(text) {
                Language::Json => "json",
                Language::Percent => "percent",
                Language::Hcl => "hcl",
                Language::Yaml => "yaml",
                Language::Unknown(problem) if problem.message.contains("empty") => "empty",
                Language::Unknown(_) => "unknown",
            };
            assert_eq!(found, expected, "{text:?}");
        }
    }
}
