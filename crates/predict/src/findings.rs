//! What is remarkable about a workflow, each with its place and what to do.

use std::collections::BTreeSet;

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

/// The rules, each with what it finds.
pub const RULES: [(&str, &str); 13] = [
    (
        "missing_id_token_permission",
        "a job assumes a role, and may not ask for a token",
    ),
    (
        "reusable_workflow_permission",
        "a called job assumes a role, and its caller does not grant `id-token: write`",
    ),
    (
        "contents_read_dropped",
        "the permissions name `id-token` and leave out `contents`, which the checkout needs",
    ),
    (
        "pull_request_target_token",
        "pull requests from forks start a job that gets a token",
    ),
    (
        "role_from_any_branch",
        "a role that a run of any branch reaches",
    ),
    (
        "unknown_environment",
        "the environment does not exist yet: the run creates it, without protection",
    ),
    (
        "session_name_invalid",
        "a session name that STS refuses, or that some runs make so",
    ),
    ("role_arn_invalid", "a role that is no ARN of a role"),
    (
        "duration_too_long",
        "a duration that STS or the role does not grant",
    ),
    (
        "wrong_audience",
        "an audience that is not the one of the region",
    ),
    (
        "missing_provider",
        "a role in another account than the identity provider",
    ),
    (
        "missing_region",
        "aws-actions/configure-aws-credentials without `aws-region`",
    ),
    (
        "workflow_syntax",
        "an expression, an event or a key that GitHub does not take",
    ),
];

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
            let rule = RULES
                .iter()
                .map(|(rule, _)| *rule)
                .find(|rule| *rule == cause.id.as_str())
                .unwrap_or("workflow_syntax");
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
