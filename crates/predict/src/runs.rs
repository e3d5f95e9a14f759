//! Which runs an event starts: the ref, the branches of a pull request, and what the subject ends with.
//!
//! Source: docs.github.com, "Events that trigger workflows" (`GITHUB_REF` of each event) and "Workflow syntax"
//! (`on.<event>.branches` and the like). Not documented, and so kept open: how the subject ends for
//! `pull_request_target` and reviews; the ref of a deployment that was created from a commit is empty (observed).

use rolecall_core::json::Node;
use rolecall_core::tri::Tri;

use crate::glob::{self, Glob};
use crate::input::Run;
use crate::settings::Settings;
use crate::text::{Excluded, Text};
use crate::workflow::{Trigger, list};

/// One kind of run.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Case {
    /// What tells it from the others.
    pub(crate) when: Vec<String>,
    pub(crate) git_ref: Text,
    pub(crate) base_ref: Text,
    pub(crate) head_ref: Text,
    pub(crate) ends: Ends,
}

/// What a default subject ends with where the job has no environment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Ends {
    Ref,
    PullRequest,
    /// Not established which.
    Either,
}

/// What is known of events of a name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    Push,
    /// A branch or a tag.
    Either,
    Release,
    Deployment,
    PullRequest,
    PullRequestTarget,
    Review,
    MergeGroup,
    /// Runs on the default branch.
    Default,
    Call,
    Unknown,
}

pub(crate) fn kind(event: &str) -> Kind {
    match event {
        "push" => Kind::Push,
        "create" | "workflow_dispatch" | "registry_package" => Kind::Either,
        "release" => Kind::Release,
        "deployment" | "deployment_status" => Kind::Deployment,
        "pull_request" => Kind::PullRequest,
        "pull_request_target" => Kind::PullRequestTarget,
        "pull_request_review" | "pull_request_review_comment" => Kind::Review,
        "merge_group" => Kind::MergeGroup,
        "workflow_call" => Kind::Call,
        "branch_protection_rule"
        | "check_run"
        | "check_suite"
        | "delete"
        | "discussion"
        | "discussion_comment"
        | "fork"
        | "gollum"
        | "image_version"
        | "issue_comment"
        | "issues"
        | "label"
        | "milestone"
        | "page_build"
        | "project"
        | "project_card"
        | "project_column"
        | "public"
        | "repository_dispatch"
        | "schedule"
        | "status"
        | "watch"
        | "workflow_run" => Kind::Default,
        _ => Kind::Unknown,
    }
}

impl Kind {
    pub(crate) const fn is_pull_request(self) -> bool {
        matches!(
            self,
            Self::PullRequest | Self::PullRequestTarget | Self::Review
        )
    }

    /// Events on which GitHub treats a run of Dependabot like one of a fork (docs.github.com, "Troubleshooting
    /// Dependabot on GitHub Actions"). `None`: only where Dependabot created the base branch, too.
    pub(crate) fn is_restricted_for_dependabot(self, event: &str) -> Option<bool> {
        match self {
            Self::PullRequest | Self::Review | Self::Push | Self::Deployment => Some(true),
            Self::PullRequestTarget => None,
            _ => Some(event == "create"),
        }
    }
}

/// The runs that a trigger starts; none where the run that is meant is filtered out.
pub(crate) fn cases(trigger: &Trigger<'_>, run: &Run, settings: &Settings) -> Vec<Case> {
    let filters = Filters::of(trigger.settings);
    let kind = kind(trigger.event);
    let of_refs = |refs: Vec<Text>| {
        refs.into_iter()
            .map(|git_ref| Case::new(git_ref, Ends::Ref))
            .collect()
    };
    match kind {
        Kind::Push => of_refs(filters.pushed(run)),
        Kind::Either => of_refs(given_among(run, vec![any_branch(), any_tag()])),
        Kind::Release => of_refs(given_among(run, vec![any_tag()])),
        Kind::Deployment => of_refs(given_among(
            run,
            vec![any_branch(), any_tag(), Text::default()],
        )),
        Kind::Default => of_refs(vec![default_branch(run, settings)]),
        Kind::MergeGroup => filters
            .bases(run)
            .iter()
            .map(|base| merge_group(base, run))
            .collect(),
        Kind::Call | Kind::Unknown => of_refs(given_among(run, vec![Text::hole("github.ref")])),
        Kind::PullRequest | Kind::PullRequestTarget | Kind::Review => {
            let closes = only_closed(trigger.settings);
            filters
                .bases(run)
                .into_iter()
                .map(|base| pull_request(kind, base, run, settings, closes))
                .collect()
        }
    }
}

impl Case {
    fn new(git_ref: Text, ends: Ends) -> Self {
        Self {
            when: Vec::new(),
            git_ref,
            base_ref: Text::default(),
            head_ref: Text::default(),
            ends,
        }
    }

    /// The ref in words: what tells the runs of an event apart.
    pub(crate) fn words(&self) -> String {
        words(&self.git_ref)
    }

    pub(crate) fn is_tag(&self) -> Tri {
        self.git_ref.starts_with(&Text::from("refs/tags/"))
    }

    /// `github.ref_name`
    pub(crate) fn ref_name(&self) -> Text {
        let bare = ["refs/heads/", "refs/tags/", "refs/pull/"]
            .iter()
            .find_map(|prefix| self.git_ref.without_prefix(prefix));
        match (bare, self.git_ref.known()) {
            (Some(name), _) => name,
            (None, Some(text)) => Text::from(text),
            (None, None) => Text::hole("github.ref_name"),
        }
    }
}

fn words(git_ref: &Text) -> String {
    let is_rest = git_ref.is_narrowed();
    for (prefix, one, many) in [
        ("refs/heads/", "branch", "branches"),
        ("refs/tags/", "tag", "tags"),
    ] {
        let Some(name) = git_ref.without_prefix(prefix) else {
            continue;
        };
        return match name.known() {
            Some(name) => format!("{one} {name}"),
            None if is_rest && name.is_hole() => format!("any other {one}"),
            None if name.is_hole() => format!("any {one}"),
            None if is_rest => format!("{many} {}, with exceptions", name.pattern()),
            None => format!("{many} {}", name.pattern()),
        };
    }
    match git_ref.known() {
        Some("") => "created from a commit".to_owned(),
        Some(text) => text.to_owned(),
        None => git_ref.pattern(),
    }
}

fn any_branch() -> Text {
    ref_of("refs/heads/", &Text::hole("github.ref_name"))
}

fn any_tag() -> Text {
    ref_of("refs/tags/", &Text::hole("github.ref_name"))
}

fn ref_of(prefix: &str, name: &Text) -> Text {
    name.behind(prefix)
}

/// The given ref, where it is one of those that the event can have; without one all of them.
fn given_among(run: &Run, all: Vec<Text>) -> Vec<Text> {
    let Some(given) = run.git_ref.as_deref() else {
        return all;
    };
    let can_be = all.iter().any(|text| text.can_be(given));
    can_be.then(|| Text::from(given)).into_iter().collect()
}

fn default_branch(run: &Run, settings: &Settings) -> Text {
    let named = settings.default_branch.as_deref();
    let given = run
        .git_ref
        .as_deref()
        .filter(|text| text.starts_with("refs/heads/"));
    match (named, given) {
        (Some(name), _) => ref_of("refs/heads/", &Text::from(name)),
        (None, Some(given)) => Text::from(given),
        (None, None) => ref_of("refs/heads/", &Text::hole("the default branch")),
    }
}

/// `refs/heads/gh-readonly-queue/BASE/pr-NUMBER-SHA` (observed in two published tokens).
fn merge_group(base: &Text, run: &Run) -> Case {
    let mut git_ref = Text::from("refs/heads/gh-readonly-queue/");
    git_ref.push(base);
    git_ref.push_known("/pr-");
    number(&mut git_ref, run);
    git_ref.push_known("-");
    git_ref.push_hole("the merged commit");
    let given = run
        .git_ref
        .as_deref()
        .filter(|given| given.starts_with("refs/heads/gh-readonly-queue/"));
    Case::new(given.map_or(git_ref, Text::from), Ends::Ref)
}

fn number(text: &mut Text, run: &Run) {
    match run.number {
        Some(number) => text.push_known(&number.to_string()),
        None => text.push_hole("the pull request's number"),
    }
}

fn pull_request(
    kind: Kind,
    base: Text,
    run: &Run,
    settings: &Settings,
    closes: Option<bool>,
) -> Case {
    let mut merge = Text::from("refs/pull/");
    number(&mut merge, run);
    merge.push_known("/merge");
    let given = run
        .git_ref
        .as_deref()
        .filter(|given| given.starts_with("refs/pull/"))
        .map(Text::from);
    let git_ref = match (kind, given) {
        // github.com and GHES from 3.20 on; before, it was the base branch.
        (Kind::PullRequestTarget, _) if settings.is_server() => {
            Text::hole("the default or the base branch")
        }
        (Kind::PullRequestTarget, _) => default_branch(run, settings),
        (_, Some(given)) => given,
        // A merged pull request runs on the base branch, one that is closed without a merge does not.
        (Kind::PullRequest, None) if closes != Some(false) => Text::hole("github.ref"),
        _ => merge,
    };
    let ends = match kind {
        Kind::PullRequest => Ends::PullRequest,
        _ => Ends::Either,
    };
    let head = run
        .head_ref
        .as_deref()
        .map_or_else(|| Text::hole("github.head_ref"), Text::from);
    Case {
        base_ref: base,
        head_ref: head,
        ..Case::new(git_ref, ends)
    }
}

/// Whether only closed pull requests start a run; `None`: others do, too. Without `types` none of them does.
fn only_closed(settings: Option<&Node<'_>>) -> Option<bool> {
    let types = settings
        .and_then(|settings| settings.get("types"))
        .map(list)
        .unwrap_or_default();
    match (types.contains(&"closed"), types.len()) {
        (false, _) => Some(false),
        (true, 1) => Some(true),
        _ => None,
    }
}

/// The filters of a trigger.
#[derive(Debug, Default)]
struct Filters {
    branches: Option<Vec<Glob>>,
    branches_ignore: Option<Vec<Glob>>,
    tags: Option<Vec<Glob>>,
    tags_ignore: Option<Vec<Glob>>,
}

impl Filters {
    fn of(settings: Option<&Node<'_>>) -> Self {
        let globs = |key: &str| {
            let node = settings?.get(key)?;
            Some(list(node).into_iter().map(Glob::new).collect())
        };
        Self {
            branches: globs("branches"),
            branches_ignore: globs("branches-ignore"),
            tags: globs("tags"),
            tags_ignore: globs("tags-ignore"),
        }
    }

    /// With a filter for branches only, pushes of tags start nothing, and the reverse.
    fn pushed(&self, run: &Run) -> Vec<Text> {
        if let Some(given) = run.git_ref.as_deref() {
            let passes = self.passes(given);
            return passes.then(|| Text::from(given)).into_iter().collect();
        }
        let mut refs = Vec::new();
        if self.of_branches() {
            let names = names(&self.branches, &self.branches_ignore);
            refs.extend(names.iter().map(|name| ref_of("refs/heads/", name)));
        }
        if self.of_tags() {
            let names = names(&self.tags, &self.tags_ignore);
            refs.extend(names.iter().map(|name| ref_of("refs/tags/", name)));
        }
        refs
    }

    fn of_branches(&self) -> bool {
        let filters_tags = self.tags.is_some() || self.tags_ignore.is_some();
        self.branches.is_some() || self.branches_ignore.is_some() || !filters_tags
    }

    fn of_tags(&self) -> bool {
        let filters_branches = self.branches.is_some() || self.branches_ignore.is_some();
        self.tags.is_some() || self.tags_ignore.is_some() || !filters_branches
    }

    /// Whether a push of this ref starts a run.
    fn passes(&self, git_ref: &str) -> bool {
        if let Some(name) = git_ref.strip_prefix("refs/heads/") {
            return self.of_branches() && pass(&self.branches, &self.branches_ignore, name);
        }
        git_ref
            .strip_prefix("refs/tags/")
            .is_some_and(|name| self.of_tags() && pass(&self.tags, &self.tags_ignore, name))
    }

    /// The branches that a pull request goes into.
    fn bases(&self, run: &Run) -> Vec<Text> {
        match run.base_ref.as_deref() {
            Some(base) if pass(&self.branches, &self.branches_ignore, base) => {
                vec![Text::from(base)]
            }
            Some(_) => Vec::new(),
            None => names(&self.branches, &self.branches_ignore)
                .iter()
                .map(|name| {
                    if name.is_hole() {
                        Text::hole("github.base_ref")
                    } else {
                        name.clone()
                    }
                })
                .collect(),
        }
    }
}

fn pass(only: &Option<Vec<Glob>>, ignore: &Option<Vec<Glob>>, name: &str) -> bool {
    let ignored = ignore
        .as_ref()
        .is_some_and(|globs| glob::takes(globs, name));
    !ignored && only.as_ref().is_none_or(|globs| glob::takes(globs, name))
}

/// The most patterns of a filter that are told apart; with more the names are left open.
const MOST_PATTERNS: usize = 256;

/// The names that pass, each pattern as one; what `!` or an ignore list takes away is excluded where it is one name.
fn names(only: &Option<Vec<Glob>>, ignore: &Option<Vec<Glob>>) -> Vec<Text> {
    let hole = "github.ref_name";
    let excluded = ignore.iter().flatten().filter(|glob| !glob.is_negative);
    let negative = only.iter().flatten().filter(|glob| glob.is_negative);
    let taken_away = excluded.chain(negative).take(MOST_PATTERNS);
    let taken_away: Vec<String> = taken_away.filter_map(Glob::literal).collect();
    let name = |glob: &Glob| glob.literal().map_or_else(|| glob.text(hole), Text::from);
    let positive: Vec<Text> = match only {
        Some(globs) if globs.len() <= MOST_PATTERNS => {
            let positive = globs.iter().filter(|glob| !glob.is_negative);
            positive.map(name).collect()
        }
        _ => vec![Text::hole(hole)],
    };
    let passes = |text: &Text| text.known().is_none_or(|name| pass(only, ignore, name));
    let mut names: Vec<Text> = Vec::new();
    for name in positive.into_iter().filter(passes) {
        let name = taken_away.iter().fold(name, |name, gone| {
            name.except(Excluded::Exactly(gone.clone()))
        });
        if !names.contains(&name) {
            names.push(name);
        }
    }
    names
}

/// Whether a known ref passes the filters of a trigger.
pub(crate) fn starts(trigger: &Trigger<'_>, git_ref: &str) -> bool {
    kind(trigger.event) != Kind::Push || Filters::of(trigger.settings).passes(git_ref)
}

/// What expressions compare a ref with.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Landmarks {
    pub(crate) exact: Vec<String>,
    pub(crate) prefixes: Vec<String>,
}

/// The most places at which the runs of one trigger are told apart.
const MOST_LANDMARKS: usize = 16;

/// Cuts a case where expressions tell refs apart, so that each piece has one answer.
///
/// GitHub's `==` ignores letter case, so `refs/heads/MAIN` is with `refs/heads/main`: a second branch of that name
/// but for its case is left out.
pub(crate) fn cut(case: Case, landmarks: &Landmarks) -> Vec<Case> {
    let mut pieces = Vec::new();
    let mut rest = case;
    for exact in landmarks.exact.iter().take(MOST_LANDMARKS) {
        if rest.git_ref.known().is_none() && rest.git_ref.can_be(exact) {
            pieces.push(Case {
                git_ref: Text::from(exact.as_str()),
                ..rest.clone()
            });
            rest.git_ref = rest.git_ref.except(Excluded::Exactly(exact.clone()));
        }
    }
    for prefix in landmarks.prefixes.iter().take(MOST_LANDMARKS) {
        let narrowed = rest
            .git_ref
            .beginning_with(prefix)
            .filter(|narrowed| narrowed.pattern() != rest.git_ref.pattern());
        if let Some(git_ref) = narrowed {
            pieces.push(Case {
                git_ref,
                ..rest.clone()
            });
            rest.git_ref = rest.git_ref.except(Excluded::Prefix(prefix.clone()));
        }
    }
    pieces.push(rest);
    pieces
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::workflow::{Parsed, read};

    /// `event: the refs, and how the subject ends`
    fn shown(on: &str, run: &Run, settings: &Settings) -> String {
        let text = format!("on:\n{on}\njobs: {{}}");
        let parsed = Parsed::read("x.yml", &text).unwrap();
        let workflow = read(&parsed).unwrap();
        let trigger = workflow.triggers.first().unwrap();
        let show = |case: &Case| {
            let base = case.base_ref.pattern();
            let base = if base.is_empty() {
                base
            } else {
                format!(" into {base}")
            };
            format!("{}{base} {:?}", case.git_ref.pattern(), case.ends)
        };
        cases(trigger, run, settings)
            .iter()
            .map(show)
            .collect::<Vec<_>>()
            .join(", ")
    }

    /// The table of the reference, sections 2 and 8; sources there.
    #[test]
    fn every_event_has_its_ref() {
        let settings = Settings {
            default_branch: Some("trunk".to_owned()),
            ..Settings::default()
        };
        let default = "refs/heads/trunk Ref";
        for (on, expected) in [
            ("  push:", "refs/heads/* Ref, refs/tags/* Ref"),
            (
                "  push: {branches: [main, 'releases/**']}",
                "refs/heads/main Ref, refs/heads/releases/* Ref",
            ),
            ("  push: {branches-ignore: [main]}", "refs/heads/* Ref"),
            ("  push: {tags: ['v[0-9]+.*']}", "refs/tags/v*.* Ref"),
            (
                "  push: {branches: [main], tags: ['v*']}",
                "refs/heads/main Ref, refs/tags/v* Ref",
            ),
            ("  push: {branches: [main, '!main']}", ""),
            (
                "  push: {paths: ['src/**']}",
                "refs/heads/* Ref, refs/tags/* Ref",
            ),
            ("  pull_request:", "refs/pull/*/merge into * PullRequest"),
            (
                "  pull_request: {branches: [main]}",
                "refs/pull/*/merge into main PullRequest",
            ),
            ("  pull_request: {types: [closed]}", "* into * PullRequest"),
            (
                "  pull_request: {types: [opened]}",
                "refs/pull/*/merge into * PullRequest",
            ),
            ("  pull_request_target:", "refs/heads/trunk into * Either"),
            ("  pull_request_review:", "refs/pull/*/merge into * Either"),
            (
                "  pull_request_review_comment:",
                "refs/pull/*/merge into * Either",
            ),
            (
                "  merge_group: {branches: [main]}",
                "refs/heads/gh-readonly-queue/main/pr-*-* Ref",
            ),
            ("  workflow_dispatch:", "refs/heads/* Ref, refs/tags/* Ref"),
            ("  create:", "refs/heads/* Ref, refs/tags/* Ref"),
            ("  registry_package:", "refs/heads/* Ref, refs/tags/* Ref"),
            ("  release: {types: [published]}", "refs/tags/* Ref"),
            ("  deployment:", "refs/heads/* Ref, refs/tags/* Ref,  Ref"),
            (
                "  deployment_status:",
                "refs/heads/* Ref, refs/tags/* Ref,  Ref",
            ),
            ("  schedule: [{cron: '0 0 * * *'}]", default),
            ("  repository_dispatch:", default),
            (
                "  workflow_run: {workflows: [CI], branches: [dev]}",
                default,
            ),
            ("  issues:", default),
            ("  issue_comment:", default),
            ("  delete:", default),
            ("  check_run:", default),
            ("  discussion:", default),
            ("  fork:", default),
            ("  gollum:", default),
            ("  label:", default),
            ("  milestone:", default),
            ("  page_build:", default),
            ("  public:", default),
            ("  status:", default),
            ("  watch:", default),
            ("  workflow_call:", "* Ref"),
        ] {
            assert_eq!(shown(on, &Run::default(), &settings), expected, "{on}");
        }
    }

    #[test]
    fn a_given_run_passes_the_filters_or_not() {
        let run = |git_ref: &str| Run {
            git_ref: Some(git_ref.to_owned()),
            ..Run::default()
        };
        for (on, git_ref, expected) in [
            ("  push:", "refs/heads/x", "refs/heads/x Ref"),
            (
                "  push: {branches: ['releases/**', '!releases/**-alpha']}",
                "refs/heads/releases/1-alpha",
                "",
            ),
            (
                "  push: {branches: ['releases/**', '!releases/**-alpha']}",
                "refs/heads/releases/1",
                "refs/heads/releases/1 Ref",
            ),
            ("  push: {branches: [main]}", "refs/tags/v1", ""),
            ("  push: {tags-ignore: ['v*']}", "refs/tags/v1", ""),
            ("  push: {tags-ignore: ['v*']}", "refs/heads/main", ""),
            ("  workflow_dispatch:", "refs/tags/v1", "refs/tags/v1 Ref"),
            (
                "  schedule: [{cron: '0 0 * * *'}]",
                "refs/heads/main",
                "refs/heads/main Ref",
            ),
            (
                "  pull_request:",
                "refs/pull/7/merge",
                "refs/pull/7/merge into * PullRequest",
            ),
        ] {
            assert_eq!(
                shown(on, &run(git_ref), &Settings::default()),
                expected,
                "{on} {git_ref}"
            );
        }
        let run = Run {
            number: Some(7),
            base_ref: Some("main".to_owned()),
            ..Run::default()
        };
        for (on, expected) in [
            (
                "  pull_request: {branches: [main]}",
                "refs/pull/7/merge into main PullRequest",
            ),
            ("  pull_request: {branches: [dev]}", ""),
            (
                "  merge_group:",
                "refs/heads/gh-readonly-queue/main/pr-7-* Ref",
            ),
        ] {
            assert_eq!(shown(on, &run, &Settings::default()), expected, "{on}");
        }
    }

    #[test]
    fn cases_are_cut_where_expressions_tell_them_apart() {
        let landmarks = Landmarks {
            exact: vec!["refs/heads/main".to_owned()],
            prefixes: vec!["refs/tags/v".to_owned()],
        };
        let words = |git_ref| {
            cut(Case::new(git_ref, Ends::Ref), &landmarks)
                .iter()
                .map(Case::words)
                .collect::<Vec<_>>()
        };
        assert_eq!(words(any_branch()), ["branch main", "any other branch"]);
        assert_eq!(words(any_tag()), ["tags v*", "any other tag"]);
        assert_eq!(words(Text::from("refs/heads/main")), ["branch main"]);
        assert_eq!(words(Text::default()), ["created from a commit"]);
    }
}
