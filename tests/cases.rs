//! Every known-answer case, through core.

#![expect(clippy::print_stdout, reason = "the counts are the point")]

use rolecall_tests::{FILES, disagreements};

#[test]
fn every_case_is_answered_as_expected() {
    let mut failures = Vec::new();
    for (name, text) in FILES {
        let (found, count) = disagreements(name, text);
        println!("{count}");
        failures.extend(found);
    }
    assert!(
        failures.is_empty(),
        "{} cases differ:\n{}",
        failures.len(),
        failures.join("\n")
    );
}
