//! The same answers through every renderer, one snapshot each. `UPDATE_SNAPSHOTS=1 cargo test` writes them anew.

#![expect(clippy::expect_used, reason = "a test may fail loudly")]

mod samples;

use std::path::Path;

use rolecall_core::guide;
use rolecall_report::{Format, Guide, Look, Texts};

const TEXTS: Texts<'_> = Texts {
    policy_name: "trust.json",
    policy: samples::POLICY,
    token_name: "token.jwt",
};

const NARROW: Look = Look {
    color: false,
    width: 80,
    verbose: false,
};

fn assert_snapshot(name: &str, found: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/snapshots")
        .join(name);
    if std::env::var_os("UPDATE_SNAPSHOTS").is_some() {
        std::fs::write(&path, found).expect("the snapshot can be written");
    }
    let expected = std::fs::read_to_string(&path).unwrap_or_default();
    assert_eq!(found, expected, "{name}");
}

#[test]
fn checks_through_every_renderer() {
    for (name, report) in [
        ("immutable", samples::immutable()),
        ("expired", samples::expired()),
        ("undecided", samples::undecided()),
        ("allowed", samples::allowed()),
    ] {
        assert_snapshot(
            &format!("{name}.txt"),
            &rolecall_report::check(&report, &TEXTS, Format::Text, &NARROW),
        );
        assert_snapshot(
            &format!("{name}.plain.txt"),
            &rolecall_report::check(&report, &TEXTS, Format::Plain, &NARROW),
        );
        assert_snapshot(
            &format!("{name}.json"),
            &rolecall_report::check(&report, &TEXTS, Format::Json, &NARROW),
        );
    }
}

#[test]
fn errors_through_every_renderer() {
    let report = samples::unreadable();
    assert_snapshot(
        "unreadable.txt",
        &rolecall_report::error(&report, &TEXTS, Format::Text, &NARROW),
    );
    assert_snapshot(
        "unreadable.plain.txt",
        &rolecall_report::error(&report, &TEXTS, Format::Plain, &NARROW),
    );
    assert_snapshot(
        "unreadable.json",
        &rolecall_report::error(&report, &TEXTS, Format::Json, &NARROW),
    );
}

#[test]
fn tokens_through_every_renderer() {
    let report = samples::taken_apart();
    for (name, format) in [
        ("txt", Format::Text),
        ("plain.txt", Format::Plain),
        ("json", Format::Json),
    ] {
        assert_snapshot(
            &format!("inspect.{name}"),
            &rolecall_report::inspect(&report, format, &NARROW),
        );
    }
}

#[test]
fn the_guide_through_every_renderer() {
    for (name, query) in [
        ("page", "stringequals-with-wildcard"),
        ("message", "Error: Incorrect token audience"),
    ] {
        let found = guide::lookup(query);
        let guide = Guide {
            query,
            found: &found,
        };
        for (end, format) in [
            ("txt", Format::Text),
            ("plain.txt", Format::Plain),
            ("json", Format::Json),
        ] {
            assert_snapshot(
                &format!("guide.{name}.{end}"),
                &rolecall_report::explain(&guide, format, &NARROW),
            );
        }
    }
}

#[test]
fn verbose_and_wide() {
    let look = Look {
        verbose: true,
        width: 140,
        ..NARROW
    };
    assert_snapshot(
        "immutable.verbose.txt",
        &rolecall_report::check(&samples::immutable(), &TEXTS, Format::Text, &look),
    );
}

#[test]
fn the_verdict_is_the_last_line_of_every_text() {
    for (report, verdict) in [
        (
            samples::immutable(),
            "Denied: AccessDenied: Not authorized to perform sts:AssumeRoleWithWebIdentity",
        ),
        (
            samples::allowed(),
            "Allowed: STS would issue a session for 3600 s",
        ),
        (samples::undecided(), "Undecided: depends on aws:SourceIp"),
    ] {
        for format in [Format::Text, Format::Plain] {
            let text = rolecall_report::check(&report, &TEXTS, format, &NARROW);
            assert_eq!(text.lines().last(), Some(verdict));
        }
    }
}

#[test]
fn colour_only_where_it_is_asked_for() {
    let painted = rolecall_report::check(
        &samples::immutable(),
        &TEXTS,
        Format::Text,
        &Look {
            color: true,
            ..NARROW
        },
    );
    assert!(painted.contains("\u{1b}["));
    for format in [Format::Plain, Format::Json] {
        let text = rolecall_report::check(
            &samples::immutable(),
            &TEXTS,
            format,
            &Look {
                color: true,
                ..NARROW
            },
        );
        assert!(!text.contains('\u{1b}'));
    }
}

#[test]
fn no_token_and_no_control_character_gets_out() {
    for format in [Format::Text, Format::Plain, Format::Json] {
        for width in [24, 80, 200] {
            let text = rolecall_report::check(
                &samples::hostile(),
                &TEXTS,
                format,
                &Look { width, ..NARROW },
            );
            for part in ["eyJhbGci", "eyJzdWIi", "c2lnbmF0"] {
                assert!(!text.contains(part), "{format:?} {width}: {text}");
            }
            assert!(
                !text.contains(|c: char| c.is_control() && c != '\n'),
                "{format:?}"
            );
        }
    }
}

#[test]
fn a_place_that_does_not_fit_the_text_is_survived() {
    let texts = Texts {
        policy: "{}",
        ..TEXTS
    };
    let text = rolecall_report::check(&samples::immutable(), &texts, Format::Text, &NARROW);
    assert!(text.contains("trust.json:16:54"), "{text}");
}
