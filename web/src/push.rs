//! The pane with the permissions of the role, which tell what its session may do in ECR.

use yew::prelude::*;

use crate::drawing::Drawings;
use crate::form::Form;
use crate::html::html;
use crate::input::Input;
use crate::send::Send;

/// The pane.
pub(crate) fn pane(input: &Input, drawings: &Drawings, send: &Send) -> Html {
    let form = Form {
        members: &input.push,
        of: |input| &mut input.push,
        send,
    };
    html! {
        <details class="pane" id="p-push">
            <summary><h2 id="l-push" tabindex="-1">{ "Permissions" }</h2><span class="meta">{ drawings.part("push-meta") }</span></summary>
            <div class="form">
                <fieldset>
                    <legend>{ "What the role may do" }</legend>
                    { form.lines("policies", "Permissions of the role", "JSON, what aws iam prints, Terraform or CloudFormation", true) }
                    { form.line("repository", "ECR repository", "arn:aws:ecr:eu-west-1:111122223333:repository/octo-repo") }
                    { form.tick("pull", "It pulls images, too") }
                </fieldset>
                { drawings.part("push-notes") }
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
