//! Every fixture is read; what is found, with the text under every span, stands in `NAME.found` beside it.
//! `BLESS=1` writes these files anew.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test that can't go on has failed"
)]

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use rolecall_core::case::Case;
use rolecall_core::check::judge;
use rolecall_core::policy::{Policy, Spanned, Statement};
use rolecall_core::span::{Source, Span};
use rolecall_formats::{Document, Known, RolePolicy, read, read_with};

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures")
}

fn fixture(name: &str) -> String {
    fs::read_to_string(folder().join(name)).unwrap_or_else(|error| panic!("{name}: {error}"))
}

#[test]
fn every_fixture_is_read_as_its_snapshot_says() {
    let mut names: Vec<String> = fs::read_dir(folder())
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .filter(|name| !name.ends_with(".found"))
        .collect();
    names.sort();
    assert!(names.len() >= 19, "{names:?}");
    for name in names {
        let found =
            describe(&read(&fixture(&name)).unwrap_or_else(|error| panic!("{name}: {error:?}")));
        let snapshot = folder().join(format!("{name}.found"));
        if std::env::var_os("BLESS").is_some() {
            fs::write(&snapshot, &found).unwrap();
        }
        assert_eq!(
            found,
            fs::read_to_string(&snapshot).unwrap_or_default(),
            "{name}"
        );
    }
}

fn describe(document: &Document) -> String {
    let mut out = format!("{}\n", document.format.name());
    for note in &document.notes {
        writeln!(out, "note: {note}").unwrap();
    }
    for role in &document.roles {
        describe_role(role, &mut out);
    }
    out
}

fn describe_role(role: &RolePolicy, out: &mut String) {
    writeln!(out, "\nrole {} at {}", role.label(), role.path).unwrap();
    for (what, value) in [("arn", &role.arn), ("address", &role.address)] {
        if let Some(value) = value {
            writeln!(out, "  {what} {value}").unwrap();
        }
    }
    if let Some(seconds) = role.max_session_duration {
        writeln!(out, "  sessions of {seconds} seconds").unwrap();
    }
    for note in &role.notes {
        writeln!(out, "  note: {note}").unwrap();
    }
    match &role.policy {
        Ok(policy) => describe_policy(policy, &role.source, out),
        Err(unreadable) => {
            for fault in &unreadable.faults {
                let line = role.source.position(fault.span.start).line;
                writeln!(out, "  fault, line {line}: {}", fault.message).unwrap();
                writeln!(out, "    help: {}", fault.help).unwrap();
                writeln!(out, "    under: {}", under(&role.source, fault.span)).unwrap();
            }
        }
    }
}

fn describe_policy(policy: &Policy, source: &Source, out: &mut String) {
    writeln!(out, "  {} characters", policy.size).unwrap();
    if let Some(version) = &policy.version {
        show("Version", version, source, out);
    }
    for duplicate in &policy.duplicates {
        writeln!(
            out,
            "  duplicate {} = {}",
            duplicate.key,
            under(source, duplicate.dropped)
        )
        .unwrap();
    }
    for statement in &policy.statements {
        describe_statement(statement, source, out);
    }
}

fn describe_statement(statement: &Statement, source: &Source, out: &mut String) {
    writeln!(
        out,
        "  {:?} under: {}",
        statement.effect,
        under(source, statement.span)
    )
    .unwrap();
    if let Some(sid) = &statement.sid {
        show("Sid", sid, source, out);
    }
    for principal in &statement.principal.entries {
        show(principal.kind.name(), &principal.value, source, out);
    }
    for (action, _) in &statement.action.entries {
        show("Action", action, source, out);
    }
    for test in &statement.tests {
        show("test", &test.operator, source, out);
        show("key", &test.key, source, out);
        for value in &test.values {
            show("value", value, source, out);
        }
    }
}

fn show(what: &str, value: &Spanned, source: &Source, out: &mut String) {
    let under = under(source, value.span);
    let is_plain = under == value.text || under == format!("{:?}", value.text);
    let shown = if is_plain {
        "as written".to_owned()
    } else {
        format!("under: {under}")
    };
    writeln!(out, "    {what} {} {shown}", value.text).unwrap();
}

/// The text of a place on one line, its middle left out where it is long.
fn under(source: &Source, span: Span) -> String {
    let text = source
        .snippet(span)
        .split_whitespace()
        .collect::<Vec<_>>()
        .join(" ");
    let chars: Vec<char> = text.chars().collect();
    if chars.len() <= 100 {
        return text;
    }
    let part = |range: &[char]| range.iter().collect::<String>();
    format!(
        "{} ... {}",
        part(&chars[..45]),
        part(&chars[chars.len() - 45..])
    )
}

/// `(fixture, --role, --role-arn, the role's label or the message)`
const PICKS: &[(&str, Option<&str>, Option<&str>, &str)] = &[
    ("policy.json", None, None, ""),
    (
        "policy.json",
        Some("deploy"),
        None,
        "no role is called `deploy`",
    ),
    (
        "account.json",
        None,
        None,
        "the text holds 3 roles, and none was named",
    ),
    ("account.json", Some("deploy"), None, "deploy"),
    (
        "account.json",
        None,
        Some("arn:aws:iam::111122223333:role/lambda"),
        "lambda",
    ),
    (
        "account.json",
        Some("arn:aws:iam::111122223333:role/deploy"),
        None,
        "deploy",
    ),
    (
        "account.json",
        Some("other"),
        None,
        "no role is called `other`",
    ),
    ("template.yaml", Some("Deploy"), None, "deploy"),
    ("template.yaml", Some("Lists"), None, "Lists"),
    (
        "template.yaml",
        None,
        Some("arn:aws:iam::111122223333:role/ci/deploy"),
        "deploy",
    ),
    (
        "jsonencode.tf",
        Some("aws_iam_role.open"),
        None,
        "aws_iam_role.open",
    ),
    ("jsonencode.tf", Some("open"), None, "aws_iam_role.open"),
    ("show.json", Some("module.ci.aws_iam_role.ci"), None, "ci"),
];

#[test]
fn roles_are_picked_by_name_address_and_arn() {
    for (name, role, arn, expected) in PICKS {
        let document = read(&fixture(name)).unwrap();
        let found = match document.pick(*role, *arn) {
            Ok(role) => role.label().to_owned(),
            Err(report) => report.causes[0].summary.clone(),
        };
        assert_eq!(found, *expected, "{name} {role:?} {arn:?}");
    }
}

#[test]
fn the_list_of_roles_begins_with_those_that_trust_a_provider() {
    let report = read(&fixture("account.json"))
        .unwrap()
        .pick(None, None)
        .unwrap_err();
    assert_eq!(
        report.causes[0].help,
        "name one (on the command line: --role; on the page: Role in the text): deploy (line 38), lambda (line 11), broken (line 62)"
    );
}

#[test]
fn a_known_account_fills_in_what_the_text_leaves_open() {
    let known = Known::from_arn("arn:aws:iam::111122223333:role/deploy");
    for (name, role) in [
        ("template.yaml", "Deploy"),
        ("template.yaml", "Lists"),
        ("sub.yaml", "Function"),
        ("jsonencode.tf", "deploy"),
    ] {
        let document = read_with(&fixture(name), &known).unwrap();
        let role = document.pick(Some(role), None).unwrap();
        let policy = role.policy.as_ref().unwrap();
        assert_eq!(
            policy.statements[0].principal.entries[0].value.text,
            "arn:aws:iam::111122223333:oidc-provider/token.actions.githubusercontent.com",
            "{name}"
        );
    }
}

#[test]
fn a_repair_is_read_again_where_it_was_made() {
    for (name, role) in [
        ("policy.json", None),
        ("list-roles.json", Some("deploy")),
        ("template.yaml", Some("Deploy")),
        ("document.tf", Some("deploy")),
        ("show.json", Some("deploy")),
    ] {
        let document = read(&fixture(name)).unwrap();
        let role = document.pick(role, None).unwrap();
        let changed = role
            .source
            .text()
            .replace("sts:AssumeRoleWithWebIdentity", "sts:AssumeRole");
        let policy = role.reread(&changed, &Known::default()).unwrap();
        let statement = policy.statements.last().unwrap();
        assert_eq!(
            statement.action.entries[0].0.text, "sts:AssumeRole",
            "{name}"
        );
    }
}

#[test]
fn core_judges_every_role_and_points_into_its_source() {
    let case = Case::from_json(
        r#"{"claims": {"iss": "https://token.actions.githubusercontent.com", "aud": "sts.amazonaws.com",
            "sub": "repo:octo-org/octo-repo:environment:production", "repository": "octo-org/octo-repo"}}"#,
    )
    .unwrap();
    let known = Known::from_arn("arn:aws:iam::111122223333:role/deploy");
    let mut pointed = 0;
    for name in [
        "policy.yaml",
        "list-roles.json",
        "account.json",
        "template.yaml",
        "sub.yaml",
        "jsonencode.tf",
        "heredoc.tf",
        "document.tf",
        "show.json",
    ] {
        let document = read_with(&fixture(name), &known).unwrap();
        for role in &document.roles {
            let Ok(policy) = &role.policy else { continue };
            let report = judge(&case, policy, &role.source).unwrap();
            for location in report
                .causes
                .iter()
                .filter_map(|cause| cause.location.as_ref())
            {
                assert_ne!(
                    role.source.snippet(location.span()),
                    "",
                    "{name} {}",
                    role.label()
                );
                pointed += 1;
            }
        }
    }
    assert!(pointed > 10, "{pointed}");
}

/// Terraform with two statements; the account is the caller's.
fn terraform(allow: &str, deny: &str) -> String {
    let statement = |effect: &str, (principal, sub): (&str, &str)| {
        format!(
            r#"{{ Effect = "{effect}", Action = "sts:AssumeRoleWithWebIdentity", Principal = {{ Federated = {principal} }},
                Condition = {{ StringLike = {{ "token.actions.githubusercontent.com:sub" = {sub} }} }} }}"#
        )
    };
    let own = r#""arn:aws:iam::${data.aws_caller_identity.me.account_id}:oidc-provider/token.actions.githubusercontent.com""#;
    let (principal, sub) = allow.split_once(' ').unwrap();
    let principal = if principal == "own" { own } else { principal };
    let mut statements = vec![statement("Allow", (principal, sub))];
    if !deny.is_empty() {
        statements.push(statement("Deny", (own, deny)));
    }
    format!(
        "resource \"aws_iam_role\" \"deploy\" {{\n  assume_role_policy = jsonencode({{ Version = \"2012-10-17\", Statement = [{}] }})\n}}\n",
        statements.join(", ")
    )
}

#[test]
fn what_a_template_leaves_open_is_not_guessed() {
    let all = r#"own "repo:octo-org/octo-repo:*""#;
    for (allow, deny, decision, open) in [
        // The role's own account is the right one, whatever its number.
        (all, "", "allow", vec![]),
        (r#"own "repo:octo-org/other:*""#, "", "deny", vec![]),
        // What fits, and anything else.
        (
            r#"own "repo:${var.owner}/octo-repo:*""#,
            "",
            "undecided",
            vec!["var.owner"],
        ),
        (
            r#"own ["repo:${var.owner}/octo-repo:*", "repo:octo-org/octo-repo:*"]"#,
            "",
            "allow",
            vec![],
        ),
        (
            "var.provider \"repo:octo-org/octo-repo:*\"",
            "",
            "undecided",
            vec!["var.provider"],
        ),
        // No value of the expression helps.
        (r#"own "repo:${var.owner}/other:*""#, "", "deny", vec![]),
        ("var.provider \"repo:octo-org/other:*\"", "", "deny", vec![]),
        // A Deny may keep the token out.
        (
            all,
            r#""repo:${var.owner}/octo-repo:*""#,
            "undecided",
            vec!["var.owner"],
        ),
        (all, r#""repo:${var.owner}/other:*""#, "allow", vec![]),
    ] {
        let text = terraform(allow, deny);
        let case = Case::from_json(
            r#"{"claims": {"iss": "https://token.actions.githubusercontent.com", "aud": "sts.amazonaws.com",
                "sub": "repo:octo-org/octo-repo:environment:production", "iat": 1, "exp": 301}}"#,
        )
        .unwrap();
        let role = rolecall_formats::role(&text, None, &case).unwrap();
        let report = role.check(&case).unwrap();
        assert_eq!(report.decision.as_str(), decision, "{allow} {deny}");
        let unknowns: Vec<&str> = report.unknowns.iter().map(|fact| &*fact.key).collect();
        assert_eq!(unknowns, open, "{allow} {deny}");
        assert_eq!(report.error.is_some(), decision == "deny", "{allow} {deny}");
        if decision == "undecided" {
            let answers = report.unknowns[0].answers.iter();
            let mut decisions: Vec<&str> = answers.map(|one| one.decision.as_str()).collect();
            decisions.sort_unstable();
            assert_eq!(decisions, ["allow", "deny"], "{allow} {deny}");
            assert!(report.storable.accepted, "{allow} {deny}");
        }
    }
}
