//! What is asked of all tokens: how long the answers take, over public policies and over hostile ones.
//!
//! The same table is made natively (`cargo xtask bench`) and as Wasm in node (`cargo xtask bench --wasm`). Aims:
//! over the public policies an outsider is looked for in 0.5 ms (median) and 10 ms (worst); a full-size
//! ordinary policy takes 20 ms; a hostile one of 4,096 characters stops within 1 s; Wasm within 2.5 times of that.

use rolecall_core::analyze::{Answer, Options, Verdict, gained, outsider, who};
use rolecall_core::policy::Policy;

/// A policy and what it is called.
pub type Named = (String, Policy);

/// Names and reads policies; what is no trust policy is left out.
pub fn read(texts: impl IntoIterator<Item = (String, String)>) -> Vec<Named> {
    let read = |(name, text): (String, String)| Some((name, Policy::parse(&text).ok()?));
    texts.into_iter().filter_map(read).collect()
}

/// The answers' times, line by line; `now` tells milliseconds.
pub fn table(public: &[Named], now: &dyn Fn() -> f64, say: &dyn Fn(&str)) {
    say(&format!(
        "{:<34} {:>6} {:>10} {:>10} {:>10}  undecided, slowest",
        "milliseconds", "asked", "median", "mean", "worst"
    ));
    let ordinary = read(ordinary());
    for (kind, policies) in [("public", public), ("ordinary", &ordinary)] {
        say(&singles(
            kind,
            "outsider",
            policies,
            is_outsider_decided,
            now,
        ));
        say(&singles(kind, "who", policies, is_who_decided, now));
        say(&pairs(kind, policies, now));
    }
    let plain = made_plain();
    for (name, policy) in ordinary.iter().chain(&read(hostile())) {
        let told = |title: &str, (took, decided): (f64, bool)| {
            format!(
                ", {title} {took:>9.3} {}",
                if decided { "  decided" } else { "undecided" }
            )
        };
        say(&format!(
            "{name:<34}{}{}{}",
            told("outsider", best(now, || is_outsider_decided(policy))),
            told("who", best(now, || is_who_decided(policy))),
            told("diff", best(now, || is_gain_decided(&plain, policy)))
        ));
    }
}

fn is_outsider_decided(policy: &Policy) -> bool {
    outsider(policy, &Options::default()).verdict != Verdict::NotDecided
}

fn is_who_decided(policy: &Policy) -> bool {
    who(policy, &Options::default()).unknown.is_empty()
}

fn is_gain_decided(old: &Policy, new: &Policy) -> bool {
    let answer = gained(old, new, None, &Options::default());
    !matches!(answer, Answer::Unknown(_))
}

/// The best of three, where it takes long of one.
fn best(now: &dyn Fn() -> f64, mut ask: impl FnMut() -> bool) -> (f64, bool) {
    let mut shortest = f64::INFINITY;
    let mut decided = false;
    for _ in 0..3 {
        let start = now();
        decided = ask();
        shortest = shortest.min(now() - start);
        if shortest > 100.0 {
            break;
        }
    }
    (shortest, decided)
}

fn singles(
    kind: &str,
    name: &str,
    policies: &[Named],
    ask: fn(&Policy) -> bool,
    now: &dyn Fn() -> f64,
) -> String {
    let row = policies
        .iter()
        .map(|(of, policy)| (of.clone(), best(now, || ask(policy))));
    summary(&format!("{name}, {kind}"), row.collect())
}

/// Each policy against the five that follow it.
fn pairs(kind: &str, policies: &[Named], now: &dyn Fn() -> f64) -> String {
    let mut row = Vec::new();
    for (index, (old_name, old)) in policies.iter().enumerate() {
        for (new_name, new) in policies
            .iter()
            .cycle()
            .skip(index + 1)
            .take(5.min(policies.len() - 1))
        {
            let name = format!("{old_name} to {new_name}");
            row.push((name, best(now, || is_gain_decided(old, new))));
        }
    }
    summary(&format!("diff, {kind}"), row)
}

fn summary(title: &str, mut row: Vec<(String, (f64, bool))>) -> String {
    row.sort_by(|(_, (a, _)), (_, (b, _))| a.total_cmp(b));
    let times = || row.iter().map(|(_, (took, _))| *took);
    let median = times().nth(row.len() / 2).unwrap_or_default();
    let mean = times().sum::<f64>() / row.len().max(1) as f64;
    let undecided = row.iter().filter(|(_, (_, decided))| !decided).count();
    let slowest: Vec<&str> = row
        .iter()
        .rev()
        .take(3)
        .map(|(name, _)| name.as_str())
        .collect();
    let worst = times().next_back().unwrap_or_default();
    format!(
        "{title:<34} {:>6} {median:>10.3} {mean:>10.3} {worst:>10.3}  {undecided}, {}",
        row.len(),
        slowest.join("; ")
    )
}

const OPENING: &str = r#"{"Effect":"Allow","Principal":{"Federated":"arn:aws:iam::111122223333:oidc-provider/token.actions.githubusercontent.com"},"Action":"sts:AssumeRoleWithWebIdentity","Condition":{"StringEquals":{"token.actions.githubusercontent.com:aud":"sts.amazonaws.com"},"StringLike":{"token.actions.githubusercontent.com:sub":["#;

fn policy(statements: &[String]) -> String {
    format!(
        r#"{{"Version":"2012-10-17","Statement":[{}]}}"#,
        statements.join(",")
    )
}

fn statement(values: &[String]) -> String {
    format!(
        "{OPENING}{}]}}}}}}",
        values
            .iter()
            .map(|v| format!("\"{v}\""))
            .collect::<Vec<_>>()
            .join(",")
    )
}

#[expect(clippy::unwrap_used, reason = "what is written here is a policy")]
fn made_plain() -> Policy {
    Policy::parse(&policy(&[statement(&[
        "repo:octo-org/octo-repo:*".to_owned()
    ])]))
    .unwrap()
}

/// As many of `value` as a policy of `size` characters has room for.
fn filled(size: usize, value: impl Fn(usize) -> String) -> String {
    let mut values = Vec::new();
    let mut left = size.saturating_sub(policy(&[statement(&[])]).len());
    for index in 0.. {
        let next = value(index);
        let Some(rest) = left.checked_sub(next.len() + 3) else {
            break;
        };
        left = rest;
        values.push(next);
    }
    policy(&[statement(&values)])
}

/// Policies of full size (IAM's quota is 2,048 characters, and can be raised to 4,096 and 8,192) as people write them.
fn ordinary() -> Vec<(String, String)> {
    let repository = |n: usize| format!("repo:octo-org/service-{n}:ref:refs/heads/main");
    let environment = |n: usize| {
        format!(
            "repo:octo-org@123456/service-{n}@{}:environment:prod",
            4_567 + n
        )
    };
    let release = |n: usize| format!("repo:octo-org/service-{n}:ref:refs/heads/release/*");
    let apart = |n: usize| statement(&[format!("repo:octo-org/team-{n}-*:*")]);
    let statements: Vec<String> = (0..6).map(apart).collect();
    [
        ("40 branches", filled(2_048, repository)),
        ("4,096 characters of branches", filled(4_096, repository)),
        (
            "4,096 of immutable environments",
            filled(4_096, environment),
        ),
        ("4,096 of release branches", filled(4_096, release)),
        ("6 statements", policy(&statements)),
    ]
    .map(|(name, text)| (name.to_owned(), text))
    .into()
}

/// Policies that make a naive search explode.
fn hostile() -> Vec<(String, String)> {
    let one = |text: String| policy(&[statement(&[text])]);
    let room = 3_700;
    let denied = |n: usize| {
        let keys = ["sub", "repository", "ref", "environment", "actor"];
        let tests: Vec<String> = keys
            .iter()
            .map(|key| format!(r#""token.actions.githubusercontent.com:{key}":"*{n}*""#))
            .collect();
        statement(&["*".to_owned()])
            .replace("Allow", "Deny")
            .replace(
                r#""token.actions.githubusercontent.com:sub":["*"]"#,
                &tests.join(","),
            )
    };
    let mut denies: Vec<String> = (0..6).map(denied).collect();
    denies.push(statement(&["*".to_owned()]));
    let mut made = vec![
        ("star a, repeated", one("*a".repeat(room / 2))),
        ("star colon, repeated", one("*:*".repeat(room / 3))),
        ("4,000 question marks", one("?".repeat(room))),
        (
            "repo, question marks",
            one(format!("repo:{}", "?".repeat(200))),
        ),
        (
            "star a and 12 ?",
            one(format!("repo:*a{}:ref:refs/heads/*", "?".repeat(12))),
        ),
        (
            "star a and 20 ?",
            one(format!("repo:*a{}:ref:refs/heads/*", "?".repeat(20))),
        ),
        (
            "star a and 40 ?, three times",
            one(format!("repo:*a{0}*b{0}*c{0}:*", "?".repeat(40))),
        ),
        (
            "stars around 100 literals",
            one((0..300).map(|n| format!("*a{n}")).collect()),
        ),
        (
            "a pattern a branch",
            filled(4_096, |n| format!("repo:octo*/*:ref:refs/heads/b{n}")),
        ),
        (
            "stars before owners",
            filled(4_096, |n| format!("*o{n}/*a{n}*:ref:*")),
        ),
        (
            "many stars and ?",
            filled(4_096, |n| format!("*{n}???*a??*b?{n}*")),
        ),
        ("6 Denies of 5 keys", policy(&denies)),
    ];
    let double = filled(8_192, |n| format!("*o{n}/*a??{n}*:ref:*"));
    made.push(("8,192 characters of stars", double));
    made.into_iter()
        .map(|(name, text)| (name.to_owned(), text))
        .collect()
}
