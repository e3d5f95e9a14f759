//! The set-up panel: provider, role, permissions and workflow for a repository that pushes images.

use serde_json::{Value, json};

use crate::act::Act;
use crate::drawing::Drawing;
use crate::engine;
use crate::form::{Form, Members, text};
use crate::html::{Html, drawn, html};
use crate::input::{Input, Workflow};
use crate::report::{self, Read as _, Written};
use crate::send::Send;

/// What the engine made of the form.
pub(crate) struct Answer {
    /// As the engine wrote it.
    json: String,
    html: Html,
}

/// The panel. `is_due`: it is being written.
pub(crate) fn view(members: &Members, answer: Option<&Answer>, is_due: bool, send: &Send) -> Html {
    html! {
        <details class="pane setup" id="p-setup">
            <summary><h2 id="l-setup" tabindex="-1">{ "Set up" }</h2><span class="meta">{ "nothing there yet? provider, role, permissions and workflow, proved before you get them" }</span></summary>
            <div class="form">
                { form(members, send) }
                <div class="row">
                    <button type="button" class="btn pri" data-do={Act::SetUp} aria-disabled={is_due.then_some("true")}>{ "Write the set-up" }</button>
                    if is_due { <span class="working">{ "Writing, and proving what is written …" }</span> }
                </div>
            </div>
            <div class="written" aria-live="polite">
                if let Some(answer) = answer.filter(|_| !is_due) { { answer.html.clone() } }
            </div>
        </details>
    }
}

/// Which runs get in, by the member that says so.
const ENTRIES: [(&str, &str); 4] = [
    ("branch", "those of a branch"),
    ("tag", "those of a tag"),
    ("environment", "jobs with an environment"),
    ("pull_requests", "pull requests"),
];

fn form(members: &Members, send: &Send) -> Html {
    let form = Form {
        members,
        of: |input| &mut input.setup,
        send,
    };
    let entry = text(members, "entry");
    html! {
        <>
            <fieldset>
                <legend>{ "On GitHub" }</legend>
                { form.line("repo", "Repository", "octo-org/octo-repo") }
                { form.line("owner_id", "Owner id", "gh api repos/OWNER/NAME --jq .owner.id") }
                { form.line("repo_id", "Repository id", "gh api repos/OWNER/NAME --jq .id") }
                { form.choice("subjects", "Subjects", &[
                    ("", "both forms, where the ids are given"),
                    ("immutable", "with ids: new, renamed, moved or opted in"),
                    ("classic", "without ids: older than 15 July 2026"),
                ]) }
                { form.choice("entry", "Which runs push", &[("", ENTRIES[0].1), ENTRIES[1], ENTRIES[2], ENTRIES[3]]) }
                if entry != "pull_requests" {
                    { form.line("name", "Its name", "main") }
                }
            </fieldset>
            <fieldset>
                <legend>{ "In AWS" }</legend>
                { form.line("account", "Account", "111122223333") }
                { form.line("region", "Region", "eu-west-1") }
                { form.line("ecr", "ECR repository", "octo-repo") }
                { form.line("role", "Role name", "NAME-push") }
                { form.tick("existing_provider", "The account has GitHub's provider already") }
                { form.tick("pull", "It pulls images, too") }
                { form.choice("as", "Written as", &[
                    ("", "Terraform"),
                    ("cloudformation", "CloudFormation"),
                    ("cli", "commands of the AWS CLI"),
                    ("files", "JSON files"),
                ]) }
            </fieldset>
        </>
    }
}

/// The question that the form comes to.
pub(crate) fn question(members: &Members) -> String {
    let mut question = members.clone();
    let name = question.remove("name").unwrap_or_else(|| json!("main"));
    let entry = question.remove("entry");
    match entry.as_ref().and_then(Value::as_str).unwrap_or("branch") {
        "pull_requests" => question.insert("pull_requests".to_owned(), json!(true)),
        entry => question.insert(entry.to_owned(), name),
    };
    Value::Object(question).to_string()
}

/// Asks in the Worker: what is written is proved, which takes longer than a frame.
pub(crate) async fn answer(question: String) -> Option<Answer> {
    let json = engine::work("generate", &question).await?;
    let mut drawing = Drawing::of("setup");
    drawing.raw("generate", &json);
    let html = drawing.made().map(|markup| drawn(&markup));
    let html = html.unwrap_or_default();
    Some(Answer { json, html })
}

/// The set-up as if it had been pasted: its workflow in the token's place, its policies in their boxes.
/// `None`: none was written.
pub(crate) fn tried(answer: &Answer, asked: &Members) -> Option<Input> {
    let written: Written = report::read("generate", &answer.json)?;
    let text_of = |is_it: fn(&str) -> bool| {
        let file = written.files.iter().find(|file| is_it(&file.path));
        file.map(|file| file.text.clone()).unwrap_or_default()
    };
    let is_template = |path: &str| path.ends_with(".tf") || path.ends_with(".yaml");
    let template = text_of(is_template);
    let (policy, permissions) = if template.is_empty() {
        (
            text_of(|path| path == "trust.json"),
            text_of(|path| path == "permissions.json"),
        )
    } else {
        (template.clone(), template)
    };
    let mut input = Input {
        policy,
        workflow: Workflow {
            is_on: true,
            text: text_of(|path| path.ends_with(".yml")),
            repository: [
                ("repository", "repo"),
                ("repository_owner_id", "owner_id"),
                ("repository_id", "repo_id"),
            ]
            .into_iter()
            .filter_map(|(name, own)| Some((name.to_owned(), asked.get(own)?.clone())))
            .collect(),
            subjects: text(asked, "subjects").to_owned(),
            ..Workflow::default()
        },
        push: Members::read(json!({ "policies": [permissions], "repository": written.repository })),
        setup: asked.clone(),
        ..Input::default()
    };
    input.settings.role_arn.clone_from(&written.role_arn);
    Some(input)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_name_goes_to_the_member_that_was_chosen() {
        let question = |members: Value| -> Value {
            let Value::Object(members) = members else {
                return Value::Null;
            };
            serde_json::from_str(&super::question(&members)).unwrap_or_default()
        };
        assert_eq!(
            question(json!({"repo": "o/r"})),
            json!({"repo": "o/r", "branch": "main"})
        );
        assert_eq!(
            question(json!({"entry": "tag", "name": "v*"})),
            json!({"tag": "v*"})
        );
        assert_eq!(
            question(json!({"entry": "pull_requests", "name": "x"})),
            json!({"pull_requests": true})
        );
    }
}
