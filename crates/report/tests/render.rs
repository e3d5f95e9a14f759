//! The same answers through every renderer, one snapshot each. `UPDATE_SNAPSHOTS=1 cargo test` writes them anew.

#![expect(clippy::expect_used, clippy::panic, reason = "a test may fail loudly")]

mod samples;
mod schema;

use std::path::Path;

use rolecall_core::guide;
use rolecall_core::matrix::MatrixReport;
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

/// Every renderer, and how its snapshots end.
const ENDS: [(&str, Format); 6] = [
    ("txt", Format::Text),
    ("plain.txt", Format::Plain),
    ("json", Format::Json),
    ("github.txt", Format::Github),
    ("sarif", Format::Sarif),
    ("md", Format::Markdown),
];

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
        for (end, format) in ENDS {
            assert_snapshot(
                &format!("{name}.{end}"),
                &rolecall_report::check(&report, &TEXTS, format, &NARROW),
            );
        }
    }
}

#[test]
fn findings_through_every_renderer() {
    let (report, texts) = samples::linted();
    for (end, format) in ENDS {
        assert_snapshot(
            &format!("lint.{end}"),
            &rolecall_report::lint(&report, &texts, format, &NARROW),
        );
    }
}

#[test]
fn who_and_what_changed_through_every_renderer() {
    let (who, diff, texts) = (samples::who(), samples::changed(), [TEXTS]);
    for (end, format) in ENDS {
        assert_snapshot(
            &format!("who.{end}"),
            &rolecall_report::who(&who, &texts, format, &NARROW),
        );
        assert_snapshot(
            &format!("diff.{end}"),
            &rolecall_report::diff(&diff, &TEXTS, format, &NARROW),
        );
    }
}

/// The renderers that write for people and for programs alike; the others are for findings in a text.
fn plain_ends() -> impl Iterator<Item = (&'static str, Format)> {
    ENDS.into_iter().take(3)
}

#[test]
fn predictions_through_every_renderer() {
    let report = samples::prediction();
    for (end, format) in plain_ends() {
        assert_snapshot(
            &format!("prediction.{end}"),
            &rolecall_report::prediction(&report, format, &NARROW),
        );
    }
}

#[test]
fn repairs_through_every_renderer() {
    let report = samples::repaired();
    for (end, format) in plain_ends() {
        assert_snapshot(
            &format!("fix.{end}"),
            &rolecall_report::fix(&report, &TEXTS, format, &NARROW),
        );
    }
}

#[test]
fn tables_through_every_renderer() {
    let report = samples::table();
    let is_of_tables =
        |(_, format): &(&str, Format)| !matches!(format, Format::Github | Format::Sarif);
    for (end, format) in ENDS.into_iter().filter(is_of_tables) {
        assert_snapshot(
            &format!("matrix.{end}"),
            &rolecall_report::matrix(&report, format, &NARROW),
        );
    }
    let only = MatrixReport {
        rows: report.rows.into_iter().take(1).collect(),
        ..report
    };
    assert_snapshot(
        "matrix.only.txt",
        &rolecall_report::matrix(&only, Format::Text, &NARROW),
    );
}

#[test]
fn errors_through_every_renderer() {
    let report = samples::unreadable();
    for (end, format) in ENDS {
        assert_snapshot(
            &format!("unreadable.{end}"),
            &rolecall_report::error(&report, &TEXTS, format, &NARROW),
        );
    }
}

/// `UPDATE_SNAPSHOTS=1` writes the page anew.
#[test]
fn the_page_of_all_rules_is_up_to_date() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/rules.md");
    let found = rolecall_report::rules();
    if std::env::var_os("UPDATE_SNAPSHOTS").is_some() {
        std::fs::write(&path, &found).expect("the page can be written");
    }
    assert_eq!(found, std::fs::read_to_string(&path).unwrap_or_default());
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
    for (_, format) in ENDS.into_iter().skip(1) {
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
    for (_, format) in ENDS {
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
