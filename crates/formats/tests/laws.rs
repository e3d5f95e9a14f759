//! What holds for any text.

#![expect(
    clippy::unwrap_used,
    clippy::string_slice,
    reason = "a test that can't go on has failed"
)]

use std::fs;
use std::path::Path;

use proptest::prelude::*;
use rolecall_core::policy::Policy;
use rolecall_core::span::Span;
use rolecall_formats::{Document, read};

const PROVIDER: &str =
    "arn:aws:iam::111122223333:oidc-provider/token.actions.githubusercontent.com";

fn fixtures() -> Vec<String> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures");
    let entries = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path());
    let inputs = entries.filter(|path| path.extension().is_some_and(|e| e != "found"));
    inputs
        .map(|path| fs::read_to_string(path).unwrap())
        .collect()
}

/// Every place is a place of the source.
fn places_fit(document: &Document) {
    for role in &document.roles {
        let fits = |span: Span| {
            assert!(
                role.source.text().get(span.start..span.end).is_some(),
                "{span:?} of {}",
                role.label()
            )
        };
        match &role.policy {
            Ok(policy) => texts(policy).iter().for_each(|(_, span)| fits(*span)),
            Err(unreadable) => unreadable.faults.iter().for_each(|fault| fits(fault.span)),
        }
    }
}

/// All texts of a policy and their places.
fn texts(policy: &Policy) -> Vec<(String, Span)> {
    let mut all = vec![(String::new(), policy.span)];
    for statement in &policy.statements {
        all.push((format!("{:?}", statement.effect), statement.span));
        for entry in &statement.principal.entries {
            all.push((
                format!("{} {}", entry.kind.name(), entry.value.text),
                entry.value.span,
            ));
        }
        let actions = statement.action.entries.iter();
        all.extend(actions.map(|(action, _)| (action.text.clone(), action.span)));
        for test in &statement.tests {
            all.push((test.operator.text.clone(), test.operator.span));
            all.push((test.key.text.clone(), test.key.span));
            all.extend(
                test.values
                    .iter()
                    .map(|value| (value.text.clone(), value.span)),
            );
        }
    }
    all
}

/// A policy in every form that a text can have; the value is a condition's.
fn forms(value: &str) -> Vec<(&'static str, String)> {
    let json = |text: &str| serde_json_string(text);
    let key = "token.actions.githubusercontent.com:sub";
    let policy = format!(
        "{{\"Version\": \"2012-10-17\", \"Statement\": [{{\"Effect\": \"Allow\", \"Principal\": {{\"Federated\": \"{PROVIDER}\"}}, \"Action\": \"sts:AssumeRoleWithWebIdentity\", \"Condition\": {{\"StringLike\": {{\"{key}\": {}}}}}}}]}}",
        json(value)
    );
    let hcl = policy.replace("${", "$${").replace("%{", "%%{");
    let encoded: String = policy.bytes().map(|byte| format!("%{byte:02X}")).collect();
    let role = |document: &str| {
        format!("{{\"Role\": {{\"RoleName\": \"r\", \"AssumeRolePolicyDocument\": {document}}}}}")
    };
    let template = |document: &str| {
        format!(
            "Resources:\n  R:\n    Type: AWS::IAM::Role\n    Properties:\n      AssumeRolePolicyDocument: {document}\n"
        )
    };
    let state = format!(
        "{{\"values\": {{\"root_module\": {{\"resources\": [{{\"type\": \"aws_iam_role\", \"address\": \"aws_iam_role.r\", \"values\": {{\"assume_role_policy\": {}}}}}]}}}}}}",
        json(&policy)
    );
    vec![
        ("bare", policy.clone()),
        ("percent-encoded", encoded.clone()),
        ("get-role", role(&policy)),
        ("get-role with a string", role(&json(&encoded))),
        ("YAML", template(&policy)),
        (
            "YAML with a block",
            template(&format!("|\n        {policy}")),
        ),
        (
            "YAML with quotes",
            template(&format!("'{}'", policy.replace('\'', "''"))),
        ),
        (
            "jsonencode",
            format!(
                "resource \"aws_iam_role\" \"r\" {{\n  assume_role_policy = jsonencode({hcl})\n}}\n"
            ),
        ),
        (
            "heredoc",
            format!(
                "resource \"aws_iam_role\" \"r\" {{\n  assume_role_policy = <<-EOF\n    {hcl}\n  EOF\n}}\n"
            ),
        ),
        ("terraform show", state),
    ]
}

fn serde_json_string(text: &str) -> String {
    let mut out = String::from("\"");
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            c => out.push(c),
        }
    }
    out + "\""
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn a_policy_means_the_same_in_every_form(value in "[a-zA-Z0-9:/*?@{}$%&'<>#! \\\\\"é~-]{0,24}") {
        let mut first: Option<Vec<String>> = None;
        let forms = forms(&value).into_iter();
        let both = forms.flat_map(|(form, text)| [(form, text.replace('\n', "\r\n")), (form, text)]);
        for (form, text) in both {
            let document = read(&text).unwrap_or_else(|error| panic!("{form}: {text}: {error:?}"));
            places_fit(&document);
            let role = document.pick(None, None).unwrap();
            let policy = role.policy.as_ref().unwrap_or_else(|error| panic!("{form}: {text}: {error:?}"));
            let texts: Vec<String> = texts(policy).into_iter().map(|(text, _)| text).collect();
            prop_assert_eq!(first.get_or_insert(texts.clone()), &texts, "{}: {}", form, text);
        }
    }

    #[test]
    fn no_text_panics(text in "\\PC{0,80}") {
        if let Ok(document) = read(&text) {
            places_fit(&document);
        }
    }

    #[test]
    fn no_damaged_file_panics(which in 0usize..64, at in 0.0f64..1.0, length in 0usize..40, instead in "[\\[\\]{}()\"'`:=,$%&*!|>~#<\\\\ \n\tEOFaé0-]{0,6}") {
        let files = fixtures();
        let file = &files[which % files.len()];
        let border = |wanted: usize| (0..=wanted.min(file.len())).rev().find(|at| file.is_char_boundary(*at)).unwrap();
        let start = border((at * file.len() as f64) as usize);
        let end = border(start + length).max(start);
        let damaged = format!("{}{instead}{}", &file[..start], &file[end..]);
        if let Ok(document) = read(&damaged) {
            places_fit(&document);
        }
    }

    #[test]
    fn no_file_cut_short_panics(which in 0usize..64, at in 0.0f64..1.0) {
        let files = fixtures();
        let file = &files[which % files.len()];
        let end = (0..=(at * file.len() as f64) as usize).rev().find(|at| file.is_char_boundary(*at)).unwrap();
        if let Ok(document) = read(&file[..end]) {
            places_fit(&document);
        }
    }

    #[test]
    fn no_soup_of_tokens_panics(tokens in prop::collection::vec(prop::sample::select(TOKENS), 0..40)) {
        for start in ["resource \"aws_iam_role\" \"r\" {\n assume_role_policy = ", "Resources:\n  R:\n    Type: AWS::IAM::Role\n    Properties:\n      AssumeRolePolicyDocument: ", ""] {
            if let Ok(document) = read(&format!("{start}{}", tokens.concat())) {
                places_fit(&document);
            }
        }
    }
}

const TOKENS: &[&str] = &[
    "a",
    "b.c",
    "[",
    "]",
    "{",
    "}",
    "(",
    ")",
    "\"",
    "${",
    "}",
    "%{",
    "$${",
    "<<EOF\n",
    "<<-EOF\n",
    "\nEOF\n",
    "\n",
    " ",
    "=",
    ":",
    ": ",
    ",",
    "- ",
    "!Sub ",
    "!If ",
    "!Ref ",
    "&x ",
    "*x",
    "<<: ",
    "|\n",
    ">-\n",
    "'",
    "#",
    "//",
    "/*",
    "*/",
    "?",
    "true",
    "jsonencode",
    "Statement",
    "Version",
    "Effect",
    "Allow",
    "\\",
    "é",
    "0",
    "-",
    "~",
    "for ",
    "...",
    "local.a",
    "merge",
];
