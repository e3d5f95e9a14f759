//! `cargo xtask bench`: the floor and ours, in one run.
//!
//! Aims: a prepared decision within 1.5 times its floor, an explained one within 40 times, one from cold
//! within 3 times a floor that only parses and compares; the hostile pattern under 50 ms.

#![expect(
    clippy::unwrap_used,
    reason = "a benchmark that can't go on has failed"
)]

use divan::{Bencher, black_box};
use rolecall_bench::{CLAIMS, POLICY, compare, parse_and_compare};
use rolecall_core::case::Case;
use rolecall_core::check::{check, judge};
use rolecall_core::explain::statements;
use rolecall_core::pattern::Pattern;
use rolecall_core::policy::Policy;
use rolecall_core::span::Source;
use rolecall_core::sts::Attempt;
use rolecall_core::token::Token;

fn main() {
    divan::main();
}

fn case() -> Case {
    Case {
        policy: Some(POLICY.to_owned()),
        claims: serde_json::from_str(CLAIMS).unwrap(),
        ..Case::default()
    }
}

#[divan::bench(sample_count = 1000, sample_size = 1000)]
fn a_floor_compare(bencher: Bencher<'_, '_>) {
    let patterns = [
        "repo:octo-org/infra:environment:*",
        "repo:octo-org/*:ref:refs/heads/release/*",
        "repo:octo-org/octo-repo:ref:refs/heads/*",
    ];
    bencher.bench(|| {
        compare(
            black_box("sts.amazonaws.com"),
            black_box("repo:octo-org/octo-repo:ref:refs/heads/main"),
            black_box("sts.amazonaws.com"),
            black_box(&patterns),
        )
    });
}

#[divan::bench(sample_count = 1000, sample_size = 1000)]
fn b_prepared_decision(bencher: Bencher<'_, '_>) {
    let case = case();
    let policy = Policy::parse(POLICY).unwrap();
    let token = Token::from_case(&case).unwrap();
    let attempt = Attempt::prepare(&case, &token, &policy);
    bencher.bench(|| black_box(&attempt).decide(black_box(&policy)));
}

/// Decided, and every statement, part and value traced with its place.
#[divan::bench(sample_count = 1000, sample_size = 100)]
fn c_explained_decision(bencher: Bencher<'_, '_>) {
    let case = case();
    let policy = Policy::parse(POLICY).unwrap();
    let source = Source::new(POLICY);
    let token = Token::from_case(&case).unwrap();
    let attempt = Attempt::prepare(&case, &token, &policy);
    let scene = attempt.scene(&policy, &source);
    bencher.bench(|| (attempt.decide(&policy), statements(black_box(&scene))));
}

#[divan::bench(sample_count = 1000, sample_size = 100)]
fn d_floor_parse_and_compare(bencher: Bencher<'_, '_>) {
    bencher.bench(|| parse_and_compare(black_box(POLICY), black_box(CLAIMS)));
}

#[divan::bench(sample_count = 1000, sample_size = 100)]
fn e_cold_decision(bencher: Bencher<'_, '_>) {
    bencher.bench(|| {
        let case = Case {
            claims: serde_json::from_str(black_box(CLAIMS)).unwrap(),
            ..Case::default()
        };
        let policy = Policy::parse(black_box(POLICY)).unwrap();
        let token = Token::from_case(&case).unwrap();
        Attempt::prepare(&case, &token, &policy).decide(&policy)
    });
}

#[divan::bench(sample_count = 500, sample_size = 20)]
fn f_cold_report(bencher: Bencher<'_, '_>) {
    let case = case();
    bencher.bench(|| check(black_box(&case)).is_ok());
}

#[divan::bench(sample_count = 500, sample_size = 20)]
fn g_report_of_a_refusal(bencher: Bencher<'_, '_>) {
    let mut case = case();
    case.claims.as_mut().unwrap().insert(
        "sub".to_owned(),
        "repo:octo-org@1/octo-repo@2:environment:prod".into(),
    );
    let policy = Policy::parse(POLICY).unwrap();
    let source = Source::new(POLICY);
    bencher.bench(|| judge(black_box(&case), &policy, &source).is_ok());
}

/// `a*` 2,000 times and `b`, against 20,000 `a`.
#[divan::bench(sample_count = 20, sample_size = 1, args = ["b", "b*", "?b*"])]
fn h_hostile_pattern(bencher: Bencher<'_, '_>, end: &str) {
    let pattern = Pattern::wildcard(&format!("{}{end}", "a*".repeat(2_000)));
    let text = "a".repeat(20_000);
    bencher.bench(|| black_box(&pattern).matches(black_box(&text)));
}
