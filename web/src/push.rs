//! What the session may do in ECR: the pane with the permissions, and the part of the answer.

use serde_json::Value;
use yew::prelude::*;

use crate::form::Form;
use crate::html::html;
use crate::input::Input;
use crate::judge::Judgement;
use crate::report::{Missing, PushReport, PushStep};
use crate::send::{Message, Send};
use crate::words::{self, State, part, prose, rows, sentence, visible};

/// The pane.
pub(crate) fn pane(input: &Input, judgement: &Judgement, send: &Send) -> Html {
    let form = Form {
        members: &input.push,
        of: |input| &mut input.push,
        send,
    };
    let faults = match judgement.push.as_ref().map(|asked| &asked.answer) {
        Some(Err(error)) => error.causes.as_slice(),
        _ => &[],
    };
    html! {
        <details class="pane" id="p-push">
            <summary><h2 id="l-push" tabindex="-1">{ "Permissions" }</h2><span class="meta">{ meta(judgement) }</span></summary>
            <div class="form">
                <fieldset>
                    <legend>{ "What the role may do" }</legend>
                    { form.lines("policies", "Permissions of the role", "JSON, what aws iam prints, Terraform or CloudFormation", true) }
                    { form.line("repository", "ECR repository", "arn:aws:ecr:eu-west-1:111122223333:repository/octo-repo") }
                    { form.tick("pull", "It pulls images, too") }
                </fieldset>
                { words::faults(faults, None) }
                <details class="more">
                    <summary>{ "Other policies that have a say" }</summary>
                    <fieldset>
                        { form.lines("boundary", "Permissions boundary", "not given: the role has none", false) }
                        { form.lines("session_policies", "Session policy", "not given: there is none", true) }
                        { form.lines("repository_policy", "Repository policy", "what aws ecr get-repository-policy prints; not given: there is none", false) }
                        { form.lines("scps", "Service control policy", "not given: nothing is denied", true) }
                        { form.lines("rcps", "Resource control policy", "not given: nothing is denied", true) }
                    </fieldset>
                </details>
            </div>
        </details>
    }
}

fn meta(judgement: &Judgement) -> &'static str {
    match judgement.push.as_ref().map(|asked| &asked.answer) {
        None => "what the role may push, once it is assumed",
        Some(Err(_)) => "can't be read",
        Some(Ok(_)) => "judged: see ECR push",
    }
}

/// The part of the answer, where permissions are given.
pub(crate) fn view(judgement: &Judgement, send: &Send) -> Html {
    let Some(Ok(report)) = judgement.push.as_ref().map(|asked| &asked.answer) else {
        return html! {};
    };
    let state = State::of_decision(&report.decision);
    let body = html! {
        <>
            <p class="say">{ state.icon() }{ " " }<b>{ state.word }</b>{ ": " }{ prose(&headline(report)) }</p>
            if let Some(error) = &report.error {
                <p class="sub">{ "The log of the job would say:" }</p>
                <pre class="code">{ visible(error) }</pre>
            }
            <ol class="checks">{ rows(&report.steps, step) }</ol>
            { for report.unknowns.iter().map(|fact| html! {
                <p class="sub">{ "Not known: " }<code>{ visible(&fact.key) }</code></p>
            }) }
            { for report.missing.iter().map(|one| missing(one, send)) }
            { for report.notes.iter().map(|note| html! { <p class="sub">{ prose(&sentence(note)) }</p> }) }
        </>
    };
    part(
        "ecr",
        "ECR push",
        html! { visible(&report.principal) },
        body,
    )
}

fn headline(report: &PushReport) -> String {
    match (report.decision.as_str(), &report.stops_at) {
        ("allow", _) => "the session logs in, sends the layers and writes the image.".to_owned(),
        ("deny", Some(action)) => format!("the push stops at `{action}`."),
        _ => "it hangs on what is not known here.".to_owned(),
    }
}

fn step(step: &PushStep) -> Html {
    let state = State::of_decision(&step.decision);
    html! {
        <li>
            { state.icon() }
            <span class="word">{ state.word }</span>
            <b>{ visible(&step.action) }</b>
            <span class="fact">{ prose(&step.why) }</span>
        </li>
    }
}

/// A policy laid out as people write it: the page's JSON has no order of its own.
fn written(document: &Value) -> String {
    const ORDER: [&str; 5] = ["Sid", "Effect", "Principal", "Action", "Resource"];
    let statements = document.get("Statement").and_then(Value::as_array);
    let statement = |statement: &Value| {
        let member = |name: &str| {
            let value = serde_json::to_string_pretty(statement.get(name)?).ok()?;
            Some(format!(
                "      \"{name}\": {}",
                value.replace('\n', "\n      ")
            ))
        };
        let members: Vec<String> = ORDER.into_iter().filter_map(member).collect();
        format!("    {{\n{}\n    }}", members.join(",\n"))
    };
    let statements: Vec<String> = statements.into_iter().flatten().map(statement).collect();
    format!(
        "{{\n  \"Version\": \"2012-10-17\",\n  \"Statement\": [\n{}\n  ]\n}}",
        statements.join(",\n")
    )
}

fn missing(missing: &Missing, send: &Send) -> Html {
    let text = written(&missing.document);
    let copied = text.clone();
    html! {
        <>
            <p>{ prose(&sentence(&missing.summary)) }</p>
            <pre class="code">{ text }</pre>
            <div class="row">
                <button type="button" class="btn" onclick={send.click(Box::new(move || Message::Copy(Some(copied.clone()), "Policy copied")))}>{ "Copy the policy" }</button>
            </div>
        </>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_policy_is_written_in_the_usual_order() {
        let document = serde_json::json!({"Version": "2012-10-17", "Statement": [
            {"Resource": "*", "Action": ["ecr:PutImage"], "Effect": "Allow"}, {"Effect": "Deny"}]});
        let text = written(&document);
        assert_eq!(serde_json::from_str::<Value>(&text).ok(), Some(document));
        assert!(
            text.find("Effect") < text.find("Action")
                && text.find("Action") < text.find("Resource")
        );
    }
}
