//! Which files a prediction asks for.

use std::collections::BTreeSet;

use rolecall_core::json::{Kind, Node};

use crate::input::Input;
use crate::workflow::repository_path;

/// What the workflows call and the input does not hold yet, as `uses` names it: reusable workflows of this and
/// other repositories, and local composite actions. Give them as [`Input::callees`] and ask again.
///
/// ```
/// use rolecall_predict::{Input, wanted};
///
/// let input = Input::from_json(r#"{"workflows": [{"path": "ci.yml", "text":
///     "on: push\njobs: {a: {uses: ./.github/workflows/b.yml}, c: {steps: [{uses: ./act}, {uses: actions/checkout@v6}]}}"}]}"#).unwrap();
/// assert_eq!(wanted(&input), ["./.github/workflows/b.yml", "./act"]);
/// ```
#[must_use]
pub fn wanted(input: &Input) -> Vec<String> {
    let mut found = BTreeSet::new();
    let texts = input
        .workflows
        .iter()
        .map(|file| &file.text)
        .chain(input.callees.values());
    for text in texts {
        // What can't be read is told by the prediction.
        for tree in rolecall_formats::yaml::parse(text).unwrap_or_default() {
            jobs(&tree, &mut found);
            steps(
                tree.get("runs").and_then(|runs| runs.get("steps")),
                &mut found,
            );
        }
    }
    let own: BTreeSet<String> = input
        .workflows
        .iter()
        .map(|file| format!("./{}", repository_path(&file.path)))
        .collect();
    found
        .into_iter()
        .filter(|name| !input.callees.contains_key(name) && !own.contains(name))
        .collect()
}

fn jobs(tree: &Node<'_>, found: &mut BTreeSet<String>) {
    for job in tree.get("jobs").and_then(Node::members).unwrap_or_default() {
        found.extend(
            job.value
                .get("uses")
                .and_then(Node::as_str)
                .map(str::to_owned),
        );
        steps(job.value.get("steps"), found);
    }
}

fn steps(steps: Option<&Node<'_>>, found: &mut BTreeSet<String>) {
    let Some(Kind::Array(items)) = steps.map(|steps| &steps.kind) else {
        return;
    };
    let local = items
        .iter()
        .filter_map(|step| step.get("uses")?.as_str())
        .filter(|uses| uses.starts_with("./"));
    found.extend(local.map(|uses| uses.trim_end_matches('/').to_owned()));
}
