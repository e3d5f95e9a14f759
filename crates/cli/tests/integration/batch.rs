//! `rolecall batch`: JSON Lines in, JSON Lines out.

use std::io::{BufRead, BufReader, Write};
use std::process::{Command, Stdio};

use crate::support::{Folder, claims, policy, subject_is};

const MAIN: &str = "repo:octo-org/octo-repo:ref:refs/heads/main";

#[test]
fn lines_are_answered_in_order_and_a_bad_one_in_its_place() {
    let folder = Folder::usual();
    let main = claims(MAIN);
    let cases = format!(
        "{{\"id\": 1, \"claims\": {main}}}\n\
         not json\n\
         {{\"id\": \"two\", \"claims\": {{\"sub\": \"repo:octo-org/octo-repo:pull_request\"}}, \"partial\": true}}\n\
         {{\"id\": 3, \"policy\": \"{{\", \"claims\": {main}}}\n\
         \n\
         {{\"id\": 4, \"policy\": {{\"Statement\": 5}}, \"claims\": {main}}}\n\
         {{\"id\": 5, \"now\": \"soon\"}}\n\
         {{\"id\": 6, \"claims\": {main}, \"provider\": null, \"unheard\": true}}"
    );
    let run = folder.run_with(&["batch", "--policy", "trust.json"], &cases, &[]);
    let expected = [
        r#"{"id":1,"decision":"allow","cause":null,"error":null}"#,
        r#"{"id":null,"decision":null,"error":"input","cause":"malformed_json","message":"line 2: expected ident at column 2"}"#,
        r#"{"id":"two","decision":"deny","cause":"pull_request_sub","error":"AccessDenied"}"#,
        r#"{"id":3,"decision":null,"error":"input","cause":"malformed_json""#,
        r#"{"id":4,"decision":null,"error":"input","cause":"malformed_policy""#,
        r#"{"id":5,"decision":null,"error":"input","cause":null"#,
        r#"{"id":6,"decision":"deny","cause":"missing_provider","error":"InvalidIdentityToken"}"#,
    ];
    let lines = run.lines();
    assert_eq!(lines.len(), expected.len(), "{}", run.out);
    for (line, expected) in lines.iter().zip(expected) {
        assert!(line.starts_with(expected), "{line}\n{expected}");
    }
    assert_eq!((run.code, run.err.as_str()), (2, ""));
}

#[test]
fn good_lines_end_with_0_whatever_the_decisions() {
    let folder = Folder::usual();
    folder.write(
        "cases.jsonl",
        "{\"claims\": {\"sub\": \"x\"}, \"partial\": true}\n",
    );
    assert_eq!(
        folder
            .run(&["batch", "cases.jsonl", "--policy", "trust.json"])
            .code,
        0
    );
    assert_eq!(folder.run_with(&["batch"], "", &[]).code, 0);
    let run = folder.run_with(&["batch"], "{\"id\": 1}\n", &[]);
    assert_eq!(
        (run.code, run.at("/error")),
        (2, "input".into()),
        "no policy"
    );
}

#[test]
fn full_reports_begin_with_the_id() {
    let folder = Folder::usual();
    let run = folder.run_with(
        &["batch", "--policy", "trust.json", "--full"],
        &format!("{{\"id\": [1], \"claims\": {}}}\n", claims(MAIN)),
        &[],
    );
    assert!(
        run.out
            .starts_with("{\"id\":[1],\"schema\":\"rolecall.check/1\",\"decision\":\"allow\","),
        "{}",
        run.out
    );
    assert_eq!(run.out.lines().count(), 1);
}

#[test]
fn write_check_answers_what_iam_would() {
    let folder = Folder::new();
    let good = policy(&subject_is(MAIN)).replace('\n', " ");
    let open = policy("{}").replace('\n', " ");
    let cases = format!(
        "{{\"id\": 1, \"policy\": {good}}}\n{{\"id\": 2, \"policy\": {open}}}\n{{\"id\": 3, \"policy\": \"{{\"}}\n"
    );
    let run = folder.run_with(&["batch", "--write-check"], &cases, &[]);
    let expected = [
        r#"{"id":1,"accepted":true,"code":null,"message":null}"#,
        r#"{"id":2,"accepted":false,"code":"MalformedPolicyDocument","message":"Trust policy with trusted principal"#,
        r#"{"id":3,"accepted":false,"code":"MalformedPolicyDocument""#,
    ];
    assert_eq!(run.lines().len(), expected.len(), "{}", run.out);
    for (line, expected) in run.lines().iter().zip(expected) {
        assert!(line.starts_with(expected), "{line}");
    }
    assert_eq!(run.code, 0);
}

fn spawn(args: &[&str]) -> std::process::Child {
    let mut command = Command::new(env!("CARGO_BIN_EXE_rolecall"));
    command
        .args(args)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("rolecall starts")
}

#[test]
fn each_answer_comes_before_the_next_question() {
    let mut child = spawn(&["batch"]);
    let mut input = child.stdin.take().expect("a pipe");
    let mut answers = BufReader::new(child.stdout.take().expect("a pipe")).lines();
    for id in 0..3 {
        writeln!(input, "{{\"id\": {id}, \"policy\": \"{{\"}}").expect("rolecall reads");
        let answer = answers.next().expect("an answer").expect("UTF-8");
        assert!(answer.starts_with(&format!("{{\"id\":{id},")), "{answer}");
    }
    drop(input);
    assert_eq!(child.wait().expect("rolecall ends").code(), Some(2));
}

#[test]
fn a_reader_that_goes_away_is_no_error() {
    let mut child = spawn(&["batch"]);
    drop(child.stdout.take());
    let mut input = child.stdin.take().expect("a pipe");
    let line = "{\"id\": 1, \"policy\": \"{\"}\n".repeat(20_000);
    drop(input.write_all(line.as_bytes()));
    drop(input);
    let output = child.wait_with_output().expect("rolecall ends");
    assert_eq!(String::from_utf8_lossy(&output.stderr), "");
}
