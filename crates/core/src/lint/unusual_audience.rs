//! An audience that is not the usual one.

use super::view::{View, is_positive};
use super::{Draft, Rule};
use crate::distance::edits;
use crate::guide::{Page, pages};
use crate::report::{Finding, Severity};

pub(super) const RULE: Rule = Rule::new(
    Severity::Warning,
    &Page {
        id: "unusual_audience",
        title: "The policy asks for another audience than sts.amazonaws.com.",
        meaning: "configure-aws-credentials asks GitHub for tokens with the audience sts.amazonaws.com unless it is told otherwise; in AWS's Chinese regions it is sts.amazonaws.com.cn. Another audience must be asked for by the workflow and be registered with the identity provider.",
        recognise: "A value of `aud` that is neither; where it differs by a letter or two it is misspelt.",
        what_to_do: "Write sts.amazonaws.com; or set `audience:` in the workflow and register the same with the provider.",
        example_before: r#"{"StringEquals": {"aud": "sts.amazonaws.co", "sub": "repo:octo-org/octo-repo:pull_request"}}"#,
        example_after: r#"{"StringEquals": {"aud": "sts.amazonaws.com", "sub": "repo:octo-org/octo-repo:pull_request"}}"#,
        sources: &[pages::ACTION, pages::CREATE_PROVIDER],
    },
    find,
);

/// What workflows ask for where they are not told otherwise, in AWS's regions and in the Chinese ones.
const USUAL: [&str; 2] = ["sts.amazonaws.com", "sts.amazonaws.com.cn"];

fn find(view: &View<'_>, _: &[Finding]) -> Vec<Draft> {
    let is_other = |text: &str| !USUAL.contains(&text) && !text.contains(['*', '?', '$']);
    let values = view.values().filter(|value| {
        value.seen.is_allow()
            && is_positive(value.test)
            && value.is_on("aud")
            && is_other(value.text)
    });
    values
        .map(|value| {
            let misspelt = edits(&value.text.to_lowercase(), USUAL[0], 2).is_some();
            let (severity, says) = if misspelt {
                (
                    Severity::Warning,
                    "it is nearly `sts.amazonaws.com`, but not equal to it",
                )
            } else {
                (
                    Severity::Info,
                    "the workflow must ask for it, and the provider must have it registered",
                )
            };
            Draft::new(
                severity,
                value.place(),
                format!("the policy asks for the audience `{}`: {says}", value.text),
                "write `sts.amazonaws.com`, unless the workflow asks for another",
            )
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::super::tests::table;

    #[test]
    fn audiences() {
        table(
            &super::RULE,
            &[
                (
                    r#"{"StringEquals": {"aud": "STS.amazonaws.com"}}"#,
                    r#"warning "STS.amazonaws.com""#,
                ),
                (
                    r#"{"StringEquals": {"aud": "https://github.com/octo-org"}}"#,
                    r#"info "https://github.com/octo-org""#,
                ),
                (
                    r#"{"StringEquals": {"aud": ["sts.amazonaws.com", "sts.amazonaws.com.cn"]}}"#,
                    "",
                ),
            ],
        );
    }
}
