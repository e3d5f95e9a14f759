//! What is remarkable about a workflow, each with its place and what to do.

use std::collections::BTreeSet;

use rolecall_core::guide::Page;
use rolecall_core::report::prediction::WorkflowFinding;
use rolecall_core::report::{CauseId, Finding, Severity};
use rolecall_core::span::Span;
use rolecall_core::tri::Tri;

use crate::chain::{Chain, Link};
use crate::expr::SyntaxError;
use crate::permission;
use crate::roles::Assumed;
use crate::runs::{self, Case, Kind};
use crate::settings::Settings;
use crate::text::Text;
use crate::workflow::{Parsed, Trigger, Workflow};

/// The rules that share their id, and its page in the guide, with a cause.
const CAUSES: [CauseId; 7] = [
    CauseId::MissingIdTokenPermission,
    CauseId::ReusableWorkflowPermission,
    CauseId::SessionNameInvalid,
    CauseId::RoleArnInvalid,
    CauseId::DurationTooLong,
    CauseId::WrongAudience,
    CauseId::MissingProvider,
];

const SYNTAX: &str =
    "https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-syntax";
const OIDC: &str = "https://docs.github.com/en/actions/reference/security/oidc";
const SECURE_USE: &str = "https://docs.github.com/en/actions/reference/security/secure-use";
const ENVIRONMENTS: &str = "https://docs.github.com/en/actions/reference/workflows-and-actions/deployments-and-environments";
const ACTION: &str = "https://github.com/aws-actions/configure-aws-credentials";

/// The pages of the rules that are no causes.
pub const PAGES: [Page; 6] = [
    Page {
        id: "contents_read_dropped",
        title: "The permissions name `id-token` and leave out `contents`, which the checkout needs.",
        meaning: "As soon as `permissions` name one scope, all others are none. With `id-token: write` alone the job gets its token, but may not read its own repository.",
        recognise: "actions/checkout fails with `Repository not found`, in private repositories only.",
        what_to_do: "Name `contents: read` beside `id-token: write`.",
        example_before: "permissions:\n  id-token: write",
        example_after: "permissions:\n  id-token: write\n  contents: read",
        sources: &[SYNTAX, OIDC],
    },
    Page {
        id: "pull_request_target_token",
        title: "Pull requests from forks start a job that gets a token.",
        meaning: "pull_request_target runs with the rights of the repository, also for pull requests from forks, and `id-token: write` is not taken away. Whatever of the pull request is run there, its scripts or its build, acts with the role.",
        recognise: "The workflow is on pull_request_target, and the job may write id-token; worse, it checks out the head of the pull request.",
        what_to_do: "Take the permission from this job. Build on pull_request, where forks get no token, and deploy on push or workflow_run.",
        example_before: "on: pull_request_target\npermissions:\n  id-token: write",
        example_after: "on: pull_request\npermissions:\n  contents: read",
        sources: &[SECURE_USE, OIDC],
    },
    Page {
        id: "role_from_any_branch",
        title: "A run of any branch reaches the role.",
        meaning: "Whoever can write to the repository can change the workflow on a branch of their own and run it there. Without an environment, or a filter that the trust policy repeats, review does not stand before the role.",
        recognise: "The job runs on push of any branch, by hand on any branch, or on pull requests, and has no environment.",
        what_to_do: "Give the job an environment with a rule for its branches and name it in the trust policy; or filter the branches, in the trust policy too.",
        example_before: "on: push\njobs:\n  deploy: ...",
        example_after: "on:\n  push:\n    branches: [main]\njobs:\n  deploy:\n    environment: production",
        sources: &[SECURE_USE, OIDC],
    },
    Page {
        id: "unknown_environment",
        title: "The environment does not exist yet: the run creates it, without protection.",
        meaning: "A job that names an environment that does not exist creates it, without any rule. Its token then names that environment, and a trust policy that relies on the environment's rules relies on nothing.",
        recognise: "The name is not among the repository's environments; often a slip of the pen, or a colon, which the subject writes `%3A`.",
        what_to_do: "Create the environment with its rules first, or correct the name.",
        example_before: "environment: prodution",
        example_after: "environment: production",
        sources: &[ENVIRONMENTS],
    },
    Page {
        id: "missing_region",
        title: "The step gives no region, which the action requires.",
        meaning: "aws-actions/configure-aws-credentials requires `aws-region` and stops without it, before it asks for a token.",
        recognise: "The log says `Input required and not supplied: aws-region`.",
        what_to_do: "Add `aws-region`.",
        example_before: "with:\n  role-to-assume: arn:aws:iam::111122223333:role/deploy",
        example_after: "with:\n  role-to-assume: arn:aws:iam::111122223333:role/deploy\n  aws-region: eu-west-1",
        sources: &[ACTION],
    },
    Page {
        id: "workflow_syntax",
        title: "An expression, an event or a key that GitHub does not take.",
        meaning: "GitHub refuses the whole workflow where an expression can't be read or where `on` was rewritten to `true` by a YAML 1.1 tool; an event that does not exist never starts it.",
        recognise: "The repository's Actions tab shows `Invalid workflow file`, or the workflow never runs.",
        what_to_do: "Repair the place that is named. Texts in expressions stand in single quotes.",
        example_before: "if: github.ref == \"refs/heads/main\"",
        example_after: "if: github.ref == 'refs/heads/main'",
        sources: &[SYNTAX],
    },
];

/// The page of a rule that is no cause.
///
/// ```
/// assert!(rolecall_predict::findings::page("contents-read-dropped").is_some());
/// ```
#[must_use]
pub fn page(text: &str) -> Option<&'static Page> {
    let id = text.trim().trim_matches('`').to_lowercase();
    let id = id.replace(['-', ' '], "_");
    PAGES.iter().find(|page| page.id == id)
}

/// Collects findings, each place and rule once.
#[derive(Debug, Default)]
pub(crate) struct Findings {
    all: Vec<WorkflowFinding>,
    seen: BTreeSet<(String, &'static str, usize)>,
}

/// One job in one run.
pub(crate) struct Leaf<'l, 'n> {
    pub(crate) trigger: &'l Trigger<'n>,
    pub(crate) chain: &'l Chain<'n>,
    pub(crate) case: &'l Case,
    pub(crate) link: &'l Link<'n>,
    pub(crate) runs: Tri,
    /// It gets a token.
    pub(crate) is_granted: bool,
    pub(crate) has_environment: bool,
    pub(crate) settings: &'l Settings,
}

/// What is said, and where.
struct Said<'s> {
    rule: &'static str,
    severity: Severity,
    summary: String,
    help: &'s str,
}

impl Findings {
    /// Worst first, then in the order of the texts.
    pub(crate) fn sorted(mut self) -> Vec<WorkflowFinding> {
        self.all.sort_by(|a, b| {
            let key = |found: &WorkflowFinding| {
                (
                    found.finding.severity,
                    found.workflow.clone(),
                    found.finding.location.start.byte,
                )
            };
            key(a).cmp(&key(b))
        });
        self.all
    }

    fn add(&mut self, parsed: &Parsed<'_>, path: &str, span: Span, said: Said<'_>) {
        if !self
            .seen
            .insert((parsed.file.clone(), said.rule, span.start))
        {
            return;
        }
        self.all.push(WorkflowFinding {
            workflow: parsed.file.clone(),
            finding: Finding {
                rule: said.rule,
                severity: said.severity,
                summary: said.summary,
                help: said.help.to_owned(),
                location: parsed.location(path, span),
                witness: None,
            },
        });
    }

    pub(crate) fn of_workflow(&mut self, workflow: &Workflow<'_>) {
        let parsed = workflow.parsed;
        if let Some(span) = workflow.on_is_true {
            self.add(parsed, "/true", span, syntax("the key is `true`, not `on`: a YAML 1.1 tool has rewritten the file, and GitHub does not take it".to_owned(), "write `on:`"));
        }
        for trigger in workflow
            .triggers
            .iter()
            .filter(|trigger| runs::kind(trigger.event) == Kind::Unknown)
        {
            let summary = format!("`{}` is no event that starts workflows", trigger.event);
            self.add(parsed, "/on", trigger.span, Said { severity: Severity::Warning, ..syntax(summary, "look for a slip of the pen; the events are listed in GitHub's \"Events that trigger workflows\"") });
        }
    }

    pub(crate) fn bad_expression(
        &mut self,
        parsed: &Parsed<'_>,
        path: &str,
        span: Span,
        error: &SyntaxError,
    ) {
        self.add(
            parsed,
            path,
            span,
            syntax(
                format!("the expression can't be read: {}", error.message),
                "repair it; texts stand in single quotes",
            ),
        );
    }

    /// A job that does the work, in one kind of run.
    pub(crate) fn of_leaf(
        &mut self,
        leaf: &Leaf<'_, '_>,
        assumed: &[Assumed],
        environments: &[Option<Text>],
    ) {
        let takes_token = assumed
            .iter()
            .any(|role| role.prediction.uses_token == Some(true));
        if takes_token {
            self.permission(leaf);
        }
        if leaf.is_granted {
            self.contents(leaf);
            self.pull_request_target(leaf);
        }
        if leaf.is_granted && takes_token && !leaf.has_environment {
            self.any_branch(leaf);
        }
        self.environments(leaf, environments);
        for role in assumed {
            self.role(leaf, role);
        }
    }

    fn permission(&mut self, leaf: &Leaf<'_, '_>) {
        let Some(refusal) = permission::refusal(leaf.chain) else {
            return;
        };
        let rule = match refusal.cause.id {
            CauseId::ReusableWorkflowPermission => "reusable_workflow_permission",
            _ => "missing_id_token_permission",
        };
        let place = refusal.cause.location;
        let parsed = leaf
            .chain
            .links
            .iter()
            .map(|link| link.workflow.parsed)
            .find(|parsed| parsed.file == refusal.file);
        if let (Some(location), Some(parsed)) = (place, parsed) {
            let said = Said {
                rule,
                severity: Severity::Error,
                summary: refusal.cause.summary,
                help: &refusal.cause.help,
            };
            self.add(parsed, &location.path.clone(), location.span(), said);
        }
    }

    /// "The classic second error": the checkout of a private repository fails.
    fn contents(&mut self, leaf: &Leaf<'_, '_>) {
        let checks_out = leaf.link.job.steps.iter().any(|step| {
            step.text("uses")
                .is_some_and(|uses| uses.starts_with("actions/checkout@"))
        });
        let Some(permissions) =
            permission::effective(leaf.chain).filter(|own| !own.contents && checks_out)
        else {
            return;
        };
        let severity = match leaf.settings.visibility.as_deref() {
            Some("public") => return,
            Some(_) => Severity::Error,
            None => Severity::Warning,
        };
        let owner = leaf
            .chain
            .links
            .iter()
            .map(|link| link.workflow.parsed)
            .find(|parsed| parsed.source.snippet(permissions.span).contains("id-token"));
        let said = Said {
            rule: "contents_read_dropped",
            severity,
            summary: "`id-token: write` is named and `contents` is not, so that `contents` is none: the checkout of a private repository fails".to_owned(),
            help: "add `contents: read` to the permissions",
        };
        self.add(
            owner.unwrap_or(leaf.link.workflow.parsed),
            &permissions.path,
            permissions.span,
            said,
        );
    }

    fn pull_request_target(&mut self, leaf: &Leaf<'_, '_>) {
        if leaf.trigger.event != "pull_request_target" || leaf.runs == Tri::No {
            return;
        }
        let is_head =
            |text: &str| text.contains("pull_request.head") || text.contains("github.head_ref");
        let takes_head = leaf.link.job.steps.iter().any(|step| {
            let checkout = step
                .text("uses")
                .is_some_and(|uses| uses.starts_with("actions/checkout@"));
            checkout
                && step
                    .get("with")
                    .and_then(|with| with.get("ref"))
                    .and_then(rolecall_core::json::Node::as_str)
                    .is_some_and(is_head)
        });
        let (severity, more) = match takes_head {
            true => (
                Severity::Error,
                ", and it checks out what the pull request brings",
            ),
            false => (Severity::Warning, ""),
        };
        let said = Said {
            rule: "pull_request_target_token",
            severity,
            summary: format!(
                "pull requests from forks start the job `{}`, which gets a token{more}",
                leaf.chain.name()
            ),
            help: "take `id-token: write` from this job, or run it on pull_request, where forks get no token",
        };
        let parsed = leaf.link.workflow.parsed;
        self.add(parsed, &leaf.link.job.path, leaf.link.job.span, said);
    }

    fn any_branch(&mut self, leaf: &Leaf<'_, '_>) {
        let is_any = leaf
            .case
            .git_ref
            .without_prefix("refs/heads/")
            .is_some_and(|name| name.is_hole());
        let severity = match runs::kind(leaf.trigger.event) {
            Kind::Push | Kind::Either if is_any => Severity::Warning,
            Kind::PullRequest => Severity::Info,
            _ => return,
        };
        if leaf.runs == Tri::No {
            return;
        }
        let said = Said {
            rule: "role_from_any_branch",
            severity,
            summary: format!(
                "on {} any branch reaches the role of the job `{}`: whoever can write to the repository can change the workflow on a branch and use the role",
                leaf.trigger.event,
                leaf.chain.name()
            ),
            help: "give the job an environment with a rule for its branches and name it in the trust policy, or filter the branches, there too",
        };
        let parsed = leaf.link.workflow.parsed;
        self.add(parsed, &leaf.link.job.path, leaf.link.job.span, said);
    }

    fn environments(&mut self, leaf: &Leaf<'_, '_>, environments: &[Option<Text>]) {
        let (Some(existing), Some(node)) = (&leaf.settings.environments, leaf.link.job.environment)
        else {
            return;
        };
        for name in environments.iter().flatten().filter_map(Text::known) {
            if existing.iter().any(|own| own.eq_ignore_ascii_case(name)) {
                continue;
            }
            let said = Said {
                rule: "unknown_environment",
                severity: Severity::Warning,
                summary: format!(
                    "there is no environment `{name}`: the run creates it, without any protection"
                ),
                help: "create the environment with its rules first, or correct the name",
            };
            let path = format!("{}/environment", leaf.link.job.path);
            self.add(leaf.link.workflow.parsed, &path, node.span, said);
        }
    }

    fn role(&mut self, leaf: &Leaf<'_, '_>, role: &Assumed) {
        let parsed = leaf
            .chain
            .links
            .iter()
            .map(|link| link.workflow.parsed)
            .find(|parsed| parsed.file == role.prediction.file);
        // A step of a composite action has its place there; the finding is at the job that uses it.
        let (parsed, path, span) = match parsed {
            Some(parsed) => (
                parsed,
                role.prediction.location.path.clone(),
                role.prediction.location.span(),
            ),
            None => (
                leaf.link.workflow.parsed,
                leaf.link.job.path.clone(),
                leaf.link.job.span,
            ),
        };
        for cause in &role.prediction.causes {
            let rule = CAUSES
                .iter()
                .find(|id| **id == cause.id)
                .map_or("workflow_syntax", |id| id.as_str());
            let said = Said {
                rule,
                severity: Severity::Error,
                summary: cause.summary.clone(),
                help: &cause.help,
            };
            let place = role
                .session_place
                .as_ref()
                .filter(|_| cause.id == CauseId::SessionNameInvalid);
            let (path, span) = place.map_or((&path, span), |(path, span)| (path, *span));
            self.add(parsed, path, span, said);
        }
        if let (Some(trap), Some((path, span))) = (session_trap(&role.session), &role.session_place)
        {
            let said = Said {
                rule: "session_name_invalid",
                severity: Severity::Warning,
                summary: trap,
                help: "use what is always letters and digits, such as github.run_id; blanks, slashes and brackets are not taken",
            };
            self.add(parsed, path, *span, said);
        }
        if role.lacks_region && role.prediction.uses_token != Some(false) {
            let said = Said {
                rule: "missing_region",
                severity: Severity::Error,
                summary: "the step has no `aws-region`, which the action requires".to_owned(),
                help: "add `aws-region` to its `with`",
            };
            self.add(parsed, &path, span, said);
        }
    }
}

const fn syntax(summary: String, help: &str) -> Said<'_> {
    Said {
        rule: "workflow_syntax",
        severity: Severity::Error,
        summary,
        help,
    }
}

/// What can stand in a session's name only by luck. STS takes `[\w+=,.@-]`, 2 to 64 characters (STS API reference).
fn session_trap(session: &Text) -> Option<String> {
    if session.known().is_some() {
        return None;
    }
    let refused = session
        .pattern()
        .replace("${", "")
        .chars()
        .find(|c| !c.is_ascii_alphanumeric() && !"_+=,.@-*}".contains(*c));
    if let Some(c) = refused {
        return Some(format!(
            "the session name always holds `{}`, which STS does not take",
            c.escape_debug()
        ));
    }
    let trap = |hole: &&str| {
        let hole = hole.to_lowercase();
        match hole.as_str() {
            name if name.contains("branch") || name.contains("ref") => {
                Some("the name of a branch or tag, which may hold slashes or be too long")
            }
            name if name.contains("who triggers") || name.contains("actor") => {
                Some("who triggers the run, and `dependabot[bot]` has brackets")
            }
            name if name.contains("title")
                || name.contains("message")
                || name.contains("workflow") =>
            {
                Some("a text in words, which may hold blanks or be too long")
            }
            _ => None,
        }
    };
    let what = session.holes().iter().find_map(trap)?;
    Some(format!("the session name holds {what}"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use rolecall_core::guide;

    #[test]
    fn every_rule_has_a_page_and_one_only() {
        for page in &PAGES {
            assert!(guide::lookup(page.id).pages.is_empty(), "{}", page.id);
            assert_eq!(super::page(page.id).map(|page| page.id), Some(page.id));
        }
        for id in CAUSES {
            assert!(guide::page(id).is_some(), "{}", id.as_str());
        }
    }

    #[test]
    fn traps_in_session_names() {
        let with = |hole: &str, known: &str| {
            let mut text = Text::hole(hole);
            text.push_known(known);
            session_trap(&text)
        };
        for (hole, known, expected) in [
            ("github.ref_name", "", Some("the name of a branch or tag")),
            ("who triggers it", "-ci", Some("who triggers the run")),
            ("github.run_id", "-ci", None),
            ("github.run_id", "/ci", Some("always holds `/`")),
            (
                "github.event.pull_request.title",
                "",
                Some("a text in words"),
            ),
        ] {
            let found = with(hole, known);
            assert_eq!(found.is_some(), expected.is_some(), "{hole}{known}");
            assert!(
                found
                    .unwrap_or_default()
                    .contains(expected.unwrap_or_default()),
                "{hole}{known}"
            );
        }
        assert_eq!(
            session_trap(&Text::from("a b")),
            None,
            "STS's own check tells it"
        );
    }
}
