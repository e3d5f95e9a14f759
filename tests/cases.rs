//! Every known-answer case, through core.

#![expect(clippy::print_stdout, reason = "the counts are the point")]

use rolecall_tests::{FILES, differences, lines};

#[test]
fn every_case_is_answered_as_expected() {
    let mut failures = Vec::new();
    for (name, text) in FILES {
        let before = failures.len();
        for line in lines(text) {
            match differences(name, line) {
                Ok(found) if found.is_empty() => {}
                other => failures.push(format!(
                    "{name}: {other:?}\n    {}",
                    line.get(..200.min(line.len())).unwrap_or(line)
                )),
            }
        }
        println!(
            "{name}: {} of {} agree",
            lines(text).count() - (failures.len() - before),
            lines(text).count()
        );
    }
    assert!(
        failures.is_empty(),
        "{} cases differ:\n{}",
        failures.len(),
        failures.join("\n")
    );
}
