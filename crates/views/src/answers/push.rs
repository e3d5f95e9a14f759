//! What the session may do in ECR: the part of the answer.

use serde_json::Value;

use crate::act::Act;
use crate::html;
use crate::html::Html;
use crate::page::Page;
use crate::report::{Cause, ErrorReport, Missing, PushReport, PushStep, Reply};
use crate::words::{State, faults, part, prose, rows, sentence, visible};

/// The part of the answer, where permissions are given.
pub(super) fn view(page: &Page) -> Html {
    let Some(Reply::Report(report)) = &page.push else {
        return Html::default();
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
            { for report.missing.iter().map(missing) }
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

/// Why nothing is said of the push.
pub(super) fn notes(page: &Page) -> Html {
    let lacks = |error: &ErrorReport| error.causes.first().is_some_and(Cause::lacks_value);
    match &page.push {
        Some(Reply::Error(error)) if lacks(error) => html! {
            <p class="sub">{ "Name the ECR repository, too: its ARN, or the address that images are pushed to." }</p>
        },
        Some(Reply::Error(error)) => faults(&error.causes, false),
        _ => Html::default(),
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

fn missing(missing: &Missing) -> Html {
    let text = written(&missing.document);
    let copy = Act::Copy("Policy copied".to_owned(), text.clone());
    html! {
        <>
            <p>{ prose(&sentence(&missing.summary)) }</p>
            <pre class="code">{ text }</pre>
            <div class="row">
                <button type="button" class="btn" data-do={copy}>{ "Copy the policy" }</button>
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
