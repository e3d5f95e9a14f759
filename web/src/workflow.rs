//! The workflow in a token's place: the box, and what is known of the repository.

use std::rc::Rc;

use web_sys::HtmlTextAreaElement;
use yew::prelude::*;

use crate::drawing::Drawings;
use crate::form::Form;
use crate::html::html;
use crate::input::Input;
use crate::judge::Judgement;
use crate::send::{Message, Send};

/// What one has: a token, or the workflow that is to get one.
pub(crate) fn choice(input: &Input, send: &Send) -> Html {
    let is_on = input.workflow.is_on;
    let one = |on: bool, words: &'static str| {
        let onchange = send.0.reform(move |_: Event| {
            Message::Change(Box::new(move |input| {
                input.workflow.is_on = on;
                input.what_if = None;
            }))
        });
        html! { <label><input type="radio" name="given" checked={is_on == on} {onchange} />{ words }</label> }
    };
    html! {
        <fieldset class="seg3 given">
            <legend class="vh">{ "What is judged" }</legend>
            { one(false, "Token or claims") }
            { one(true, "No token yet: the workflow") }
        </fieldset>
    }
}

/// The pane's content in the workflow's case.
pub(crate) fn view(
    input: &Input,
    judgement: &Judgement,
    node: &NodeRef,
    drawings: &Drawings,
    send: &Send,
) -> Html {
    let asked = judgement.prediction.as_ref();
    let invalid = asked
        .is_some_and(|asked| !asked.is_answer)
        .then_some("true");
    html! {
        <>
            <div class="ed wfl plain">
                <textarea id="workflow" ref={node.clone()} aria-label="Workflow" aria-describedby="workflow-notes"
                    placeholder="Paste the workflow, .github/workflows/deploy.yml: its jobs, and the tokens they would get, are listed below"
                    spellcheck="false" autocomplete="off" autocapitalize="off" autocorrect="off"
                    aria-invalid={invalid}
                    oninput={send.0.reform(|event: InputEvent| {
                        let text = event.target_dyn_into::<HtmlTextAreaElement>();
                        let text = text.map(|text| text.value()).unwrap_or_default();
                        Message::Change(Box::new(|input| {
                            input.workflow.text = text;
                            input.what_if = None;
                        }))
                    })} />
            </div>
            <div id="workflow-notes" class="notes">
                { drawings.part("workflow-notes") }
            </div>
            { repository(input, send) }
            { drawings.part("workflow") }
        </>
    }
}

/// What no workflow tells.
fn repository(input: &Input, send: &Send) -> Html {
    let repository = Form {
        members: &input.workflow.repository,
        of: |input| &mut input.workflow.repository,
        send,
    };
    let run = Form {
        members: &input.workflow.run,
        of: |input| &mut input.workflow.run,
        send,
    };
    let subjects = input.workflow.subjects.as_str();
    let form = |value: &'static str, words: &'static str| {
        html! { <option {value} selected={subjects == value}>{ words }</option> }
    };
    html! {
        <div class="form">
            <fieldset>
                <legend>{ "The repository" }</legend>
                { repository.line("repository", "Repository", "octo-org/octo-repo") }
                <label>
                    <span>{ "Subjects" }</span>
                    <select onchange={send.chosen(Rc::new(|input, value| input.workflow.subjects = value))}>
                        { form("", "not known: both forms are judged") }
                        { form("classic", "without ids: older than 15 July 2026") }
                        { form("immutable", "with ids: new, renamed, moved or opted in") }
                    </select>
                </label>
                <details class="more">
                    <summary>{ "More of the repository and the run" }</summary>
                    { repository.line("repository_owner_id", "Owner id", "123456") }
                    { repository.line("repository_id", "Repository id", "456789") }
                    { repository.line("default_branch", "Default branch", "main") }
                    { run.line("ref", "Ref of the run", "refs/heads/main") }
                    <label class="wide">
                        <span>{ "Or what GitHub's API says" }</span>
                        <textarea class="small" rows="3" autocomplete="off" autocapitalize="off" autocorrect="off" spellcheck="false"
                            placeholder="the output of: gh api repos/OWNER/NAME; gh api repos/OWNER/NAME/actions/oidc/customization/sub"
                            value={input.workflow.facts.clone()} oninput={send.typed(|input| &mut input.workflow.facts)} />
                    </label>
                </details>
            </fieldset>
        </div>
    }
}
