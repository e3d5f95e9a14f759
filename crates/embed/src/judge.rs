//! Tokens and policies: a case as JSON in, a report as JSON out. All meaning is core's.

use rolecall_core::case::Case;
use rolecall_core::report::{CheckReport, ErrorReport};
#[cfg(not(feature = "judge"))]
use serde_json::Value;

use crate::answer::answer;
#[cfg(feature = "judge")]
use crate::answer::no_question;
#[cfg(not(feature = "judge"))]
use crate::answer::read;
use crate::texts;

/// `rolecall.check/1`.
#[cfg(feature = "judge")]
pub(crate) fn check(question: &str, clock: i64) -> String {
    answer(judge(question, clock, texts::check))
}

/// `rolecall.check/1` without the findings: they hang on the policy alone, and take longer than a frame.
pub(crate) fn verdict(question: &str, clock: i64) -> String {
    answer(judge(question, clock, texts::verdict))
}

/// `rolecall.inspect/1`.
#[cfg(feature = "judge")]
pub(crate) fn inspect(question: &str, clock: i64) -> String {
    answer(case(question, clock).and_then(|case| rolecall_core::inspect::inspect(&case)))
}

type Verb = fn(&Case, Option<&str>) -> Result<CheckReport, ErrorReport>;

/// The policy stands alone, and there is a token or claims: a role's name and workflows play no part.
#[cfg(not(feature = "readers"))]
fn judge(question: &str, clock: i64, verb: Verb) -> Result<CheckReport, ErrorReport> {
    verb(&case(question, clock)?, None)
}

#[cfg(feature = "readers")]
fn judge(question: &str, clock: i64, verb: Verb) -> Result<CheckReport, ErrorReport> {
    let case = case(question, clock)?;
    let more = crate::proofs::More::read(question)?;
    if more.has_workflows() {
        return crate::predict::judge(question, &case, more.role.as_deref(), verb);
    }
    verb(&case, more.role.as_deref())
}

/// Of the element, whose own script asks: a policy, claims, and whether these are all.
#[cfg(not(feature = "judge"))]
fn case(question: &str, clock: i64) -> Result<Case, ErrorReport> {
    let members: Value = read(question, "`policy` and `claims`")?;
    Ok(Case {
        policy: members
            .get("policy")
            .and_then(Value::as_str)
            .map(str::to_owned),
        claims: members.get("claims").and_then(Value::as_object).cloned(),
        partial: members.get("partial") == Some(&Value::Bool(true)),
        clock: Some(clock),
        ..Case::default()
    })
}

#[cfg(feature = "judge")]
pub(crate) fn case(question: &str, clock: i64) -> Result<Case, ErrorReport> {
    let mut case = Case::from_json(question)
        .map_err(|message| no_question(&message, "a line of `rolecall batch`"))?;
    case.clock = Some(clock);
    Ok(case)
}

#[cfg(test)]
mod tests {
    use rolecall_tests::{FILES, lines};
    use serde_json::{Value, json};

    use super::*;

    const CLOCK: i64 = 1_795_442_400;

    fn report(answer: &str) -> Value {
        serde_json::from_str(answer).unwrap()
    }

    /// `check` of core alone, which reads bare policies only.
    fn core(line: &str) -> Value {
        let case = case(line, CLOCK).unwrap();
        report(&answer(rolecall_core::check::check(&case)))
    }

    #[test]
    fn the_answer_to_a_bare_policy_is_cores() {
        for (file, text) in FILES.into_iter().filter(|(file, _)| *file != "writes") {
            // Both sides weigh the policy for their findings, which takes its time: a sample does.
            for line in lines(text).step_by(40) {
                let (found, expected) = (report(&check(line, CLOCK)), core(line));
                // Where a text holds no policy at all, other forms than JSON are thought of, too.
                if case(line, CLOCK)
                    .unwrap()
                    .policy
                    .is_some_and(|policy| policy.starts_with('{'))
                {
                    assert_eq!(found, expected, "{file}: {line}");
                } else {
                    assert_eq!(found["schema"], expected["schema"], "{file}: {line}");
                }
            }
        }
    }

    #[cfg(feature = "readers")]
    #[test]
    fn other_texts_with_a_policy_are_read_too() {
        let role = |name: &str| {
            json!({"RoleName": name, "AssumeRolePolicyDocument": {"Version": "2012-10-17", "Statement": [
            {"Effect": "Allow", "Principal": {"Service": "ec2.amazonaws.com"}, "Action": "sts:AssumeRole"}]}})
        };
        let roles = json!({"Roles": [role("one"), role("two")]}).to_string();
        let question = |role: Value| {
            json!({"policy": roles, "role": role, "claims": {"sub": "s"}}).to_string()
        };
        let named = report(&check(&question("two".into()), CLOCK));
        assert_eq!(named["schema"], "rolecall.check/1");
        let unnamed = report(&check(&question(Value::Null), CLOCK));
        assert_eq!(
            unnamed["causes"][0]["summary"],
            "the text holds 2 roles, and none was named"
        );
    }

    #[test]
    fn a_verdict_is_an_answer_without_findings() {
        for line in lines(FILES[0].1).step_by(40) {
            let mut whole = report(&check(line, CLOCK));
            if whole["schema"] == "rolecall.check/1" {
                whole["findings"] = json!([]);
            }
            assert_eq!(report(&verdict(line, CLOCK)), whole, "{line}");
        }
    }

    #[test]
    fn a_bad_question_is_answered_with_a_report() {
        for question in [
            "",
            "[]",
            "{\"policy\": {}, \"partial\": 5}",
            "{\"now\": \"soon\"}",
            "{}",
        ] {
            for answer in [check(question, CLOCK), inspect(question, CLOCK)] {
                assert_eq!(report(&answer)["schema"], "rolecall.error/1", "{question}");
            }
        }
    }

    #[test]
    fn no_answer_holds_a_token() {
        let token = "eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJ4In0.c2lnbmF0dXJl";
        let question =
            json!({"policy": format!("{{\"Sid\": \"{token}\"}}"), "token": token}).to_string();
        for answer in [check(&question, CLOCK), inspect(&question, CLOCK)] {
            assert!(!answer.contains("eyJ"), "{answer}");
        }
    }
}
