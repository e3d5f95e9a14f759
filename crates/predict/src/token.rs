//! The claims of one token.

use rolecall_core::report::prediction::TokenPrediction;
use rolecall_core::token::catalogue;
use rolecall_core::tri::Tri;
use serde_json::{Map, Value};

use crate::chain::Chain;
use crate::expr::Scope;
use crate::input::Run;
use crate::runs::{self, Case};
use crate::settings::Settings;
use crate::subject;
use crate::text::{Excluded, Text};
use crate::workflow::{list, plain};

/// What all tokens of one run have in common.
pub(crate) struct Ground<'a, 'n> {
    pub(crate) settings: &'a Settings,
    pub(crate) run: &'a Run,
    pub(crate) event: &'a str,
    pub(crate) case: &'a Case,
    pub(crate) chain: &'a Chain<'n>,
}

/// What tells the tokens of one run apart.
pub(crate) struct Variant<'a> {
    pub(crate) environment: Option<&'a Text>,
    pub(crate) prefix: &'a Text,
    /// The subject's end where there is no environment.
    pub(crate) as_pull_request: bool,
    pub(crate) audience: &'a Text,
}

/// Collects claims by what is known of them.
#[derive(Default)]
struct Claims {
    known: Map<String, Value>,
    patterns: Map<String, Value>,
    unknown: Map<String, Value>,
}

impl Claims {
    fn put(&mut self, name: &str, text: &Text) {
        let (map, value) = match text.known() {
            Some(known) => (&mut self.known, Value::from(known)),
            None if text.is_hole() => (
                &mut self.unknown,
                Value::from(format!("{} is not known", text.holes().join(", "))),
            ),
            None => (&mut self.patterns, Value::from(text.pattern())),
        };
        map.insert(name.to_owned(), value);
    }

    fn absent(&mut self, name: &str) {
        self.known.insert(name.to_owned(), Value::Null);
    }

    /// A claim's text; `None` where it is absent or was not put.
    fn text(&self, name: &str) -> Option<&Value> {
        self.known.get(name)
    }
}

impl Ground<'_, '_> {
    /// The token; its subject is left to the template.
    pub(crate) fn token(&self, variant: &Variant<'_>, when: Vec<String>) -> TokenPrediction {
        let mut claims = Claims::default();
        let mut texts: Vec<(&str, Option<Text>)> = self.about_repository();
        texts.extend(self.about_run());
        texts.extend(self.about_workflow());
        texts.push(("environment", variant.environment.cloned()));
        texts.push(("aud", Some(variant.audience.clone())));
        let subject = self.subject(variant, &texts);
        texts.push(("sub", Some(subject)));
        for (name, text) in &texts {
            match text {
                Some(text) => claims.put(name, text),
                None => claims.absent(name),
            }
        }
        debug_assert!(claims.text("iss").is_some(), "the issuer is always known");
        let partial = self.is_partial(&claims);
        TokenPrediction {
            when,
            partial,
            claims: claims.known,
            patterns: claims.patterns,
            unknown: claims.unknown,
        }
    }

    /// Whether AWS makes a condition key of a claim that is not known.
    fn is_partial(&self, claims: &Claims) -> bool {
        let issuer = self.settings.issuer();
        let host = issuer.trim_start_matches("https://");
        let keys = catalogue::keys_for(host);
        let behind = keys
            .suffixes()
            .filter_map(|suffix| keys.claims_behind(suffix))
            .flatten();
        let mut seen = behind.chain(&["sub", "aud"]);
        // `azp`, `amr` and the like are no claims of GitHub's tokens: they are absent.
        seen.any(|claim| {
            claims.patterns.contains_key(*claim) || claims.unknown.contains_key(*claim)
        })
    }

    fn subject(&self, variant: &Variant<'_>, texts: &[(&str, Option<Text>)]) -> Text {
        let tail = self.tail(variant);
        match self.settings.template() {
            None => subject::default_subject(variant.prefix, &tail),
            Some(keys) => subject::render(keys, variant.prefix, &tail, |key| {
                let found = texts.iter().find(|(name, _)| *name == key);
                match found {
                    Some((_, text)) => text.clone(),
                    None => Some(self.property(key).unwrap_or_else(|| Text::hole(key))),
                }
            }),
        }
    }

    /// `repo_property_NAME`
    fn property(&self, key: &str) -> Option<Text> {
        let name = key.strip_prefix("repo_property_")?;
        self.settings
            .custom_properties
            .get(name)
            .map(|value| Text::from(value.as_str()))
    }

    /// The environment wins over everything; a colon in a value is escaped.
    fn tail(&self, variant: &Variant<'_>) -> Text {
        let mut tail = Text::default();
        match variant.environment {
            Some(environment) => {
                tail.push_known("environment:");
                tail.push(&environment.escaped());
            }
            None if variant.as_pull_request => tail.push_known("pull_request"),
            None => {
                tail.push_known("ref:");
                tail.push(&self.case.git_ref.escaped());
            }
        }
        tail
    }

    fn about_repository(&self) -> Vec<(&'static str, Option<Text>)> {
        let settings = self.settings;
        let or_hole = |given: &Option<String>, hole: &str| {
            given
                .as_deref()
                .map_or_else(|| Text::hole(hole), Text::from)
        };
        let (owner, name) = if self.chain.is_called_from_outside {
            (
                Text::hole("the caller's owner"),
                Text::hole("the caller's repository"),
            )
        } else {
            subject::names(settings)
        };
        let mut repository = owner.clone();
        repository.push_known("/");
        repository.push(&name);
        let given = |value: &Option<String>, hole: &str| match self.chain.is_called_from_outside {
            true => Text::hole(hole),
            false => or_hole(value, hole),
        };
        vec![
            ("iss", Some(Text::from(settings.issuer()))),
            ("repository", Some(repository)),
            (
                "repository_id",
                Some(given(&settings.repository_id, "the repository's id")),
            ),
            ("repository_owner", Some(owner)),
            (
                "repository_owner_id",
                Some(given(&settings.repository_owner_id, "the owner's id")),
            ),
            (
                "repository_visibility",
                Some(given(&settings.visibility, "the repository's visibility")),
            ),
            (
                "enterprise",
                Some(given(
                    &settings.enterprise,
                    "whether the owner belongs to an enterprise",
                )),
            ),
            (
                "enterprise_id",
                Some(given(
                    &settings.enterprise_id,
                    "whether the owner belongs to an enterprise",
                )),
            ),
        ]
    }

    fn about_run(&self) -> Vec<(&'static str, Option<Text>)> {
        let or_hole = |given: &Option<String>, hole: &str| {
            given
                .as_deref()
                .map_or_else(|| Text::hole(hole), Text::from)
        };
        let event = match self.event {
            "workflow_call" => Text::hole("the caller's event"),
            event => Text::from(event),
        };
        let ref_type = match self.case.is_tag() {
            Tri::Yes => Text::from("tag"),
            Tri::No => Text::from("branch"),
            Tri::Unknown => Text::hole("whether it runs for a tag"),
        };
        vec![
            ("event_name", Some(event)),
            ("ref", Some(self.case.git_ref.clone())),
            ("ref_type", Some(ref_type)),
            ("base_ref", Some(self.case.base_ref.clone())),
            ("head_ref", Some(self.case.head_ref.clone())),
            ("sha", Some(or_hole(&self.run.sha, "the commit"))),
            ("actor", Some(or_hole(&self.run.actor, "who triggers it"))),
            (
                "actor_id",
                Some(or_hole(&self.run.actor_id, "who triggers it")),
            ),
        ]
    }

    fn about_workflow(&self) -> Vec<(&'static str, Option<Text>)> {
        let first = self.chain.links.first();
        let (workflow, path) = match first.filter(|_| !self.chain.is_called_from_outside) {
            Some(link) => (
                Text::from(
                    link.workflow
                        .name
                        .and_then(plain)
                        .unwrap_or(&link.workflow.path),
                ),
                self.at_ref(&link.workflow.path),
            ),
            None => (
                Text::hole("the caller's workflow"),
                Text::hole("the caller's workflow"),
            ),
        };
        vec![
            ("workflow", Some(workflow)),
            ("workflow_ref", Some(path)),
            ("job_workflow_ref", Some(self.job_workflow_ref())),
            ("runner_environment", Some(self.runner())),
        ]
    }

    /// `OWNER/REPO/PATH@REF` of a file of this repository; the commit where the ref is empty (observed).
    fn at_ref(&self, path: &str) -> Text {
        let (mut text, name) = subject::names(self.settings);
        text.push_known("/");
        text.push(&name);
        text.push_known(&format!("/{path}@"));
        match (self.case.git_ref.known(), self.run.sha.as_deref()) {
            (Some(""), Some(sha)) => text.push_known(sha),
            (Some(""), None) => text.push_hole("the commit"),
            _ => text.push(&self.case.git_ref),
        }
        text
    }

    /// The innermost file. A ref that is no commit and not full may be a branch or a tag.
    fn job_workflow_ref(&self) -> Text {
        let last = self.chain.last();
        if let Some(name) = self.chain.missing.filter(|name| !name.starts_with("./")) {
            return remote_ref(name);
        }
        if let Some(path) = self.chain.missing.and_then(|name| name.strip_prefix("./")) {
            return match last.and_then(|link| link.remote_base()) {
                Some((repository, git_ref)) => {
                    remote_ref(&format!("{repository}/{path}@{git_ref}"))
                }
                None => self.at_ref(path),
            };
        }
        match last {
            Some(link) if link.remote_base().is_some() => {
                remote_ref(link.called_as.as_deref().unwrap_or_default())
            }
            Some(link) => self.at_ref(&link.workflow.path),
            None => Text::hole("the job's workflow"),
        }
    }

    /// `self-hosted` among the labels says so; GitHub's own labels say the other. Groups and other labels do not tell.
    fn runner(&self) -> Text {
        let labels = self
            .chain
            .last()
            .filter(|_| self.chain.missing.is_none())
            .and_then(|link| link.job.runs_on)
            .map(list)
            .unwrap_or_default();
        let is_hosted = |label: &&str| {
            ["ubuntu-", "windows-", "macos-"]
                .iter()
                .any(|system| label.starts_with(system))
                && !label.contains("${{")
        };
        if labels.contains(&"self-hosted") {
            return Text::from("self-hosted");
        }
        match labels.as_slice() {
            [label] if is_hosted(label) => Text::from("github-hosted"),
            _ => Text::hole("where the job runs"),
        }
    }
}

/// `O/R/.github/workflows/F@REF` with the full ref: a commit stays, a full ref stays, a short one is of a branch or a tag.
fn remote_ref(name: &str) -> Text {
    let Some((path, git_ref)) = name.rsplit_once('@') else {
        return Text::hole("the called workflow's ref");
    };
    let mut text = Text::from(format!("{path}@"));
    let is_commit = git_ref.len() == 40 && git_ref.bytes().all(|b| b.is_ascii_hexdigit());
    if !is_commit && !git_ref.starts_with("refs/") {
        text.push_known("refs/");
        text.push_hole("whether it is a branch or a tag");
        text.push_known("/");
    }
    text.push_known(git_ref);
    text
}

/// The contexts that do not depend on the workflow.
pub(crate) fn github(ground: &Ground<'_, '_>, job: &str) -> Scope {
    use crate::expr::Value as V;
    let text = |text: &Text| match text.is_hole() && !text.is_narrowed() {
        true => V::Unknown(text.holes().first().copied().unwrap_or_default().to_owned()),
        false => V::Text(text.clone()),
    };
    let mut members: Vec<(String, V)> = Vec::new();
    let all = ground
        .about_repository()
        .into_iter()
        .chain(ground.about_run())
        .chain(ground.about_workflow());
    for (name, value) in all {
        let is_context = !matches!(
            name,
            "iss"
                | "enterprise"
                | "enterprise_id"
                | "job_workflow_ref"
                | "runner_environment"
                | "repository_visibility"
        );
        if let Some(value) = value.filter(|_| is_context) {
            members.push((name.to_owned(), text(&value)));
        }
    }
    let mut add = |name: &str, value: V| members.push((name.to_owned(), value));
    add("ref_name", text(&ground.case.ref_name()));
    add("job", V::text(job));
    add("server_url", V::text(&ground.settings.server_url()));
    if let Some(actor) = &ground.run.actor {
        add("triggering_actor", V::text(actor));
    }
    add("event", event(ground));
    let mut scope = Scope::default();
    scope.set(
        "github",
        V::Object {
            members,
            open: Some("github".to_owned()),
        },
    );
    let vars = ground
        .settings
        .vars
        .iter()
        .map(|(name, value)| (name.clone(), V::text(value)))
        .collect();
    scope.set(
        "vars",
        V::Object {
            members: vars,
            open: Some("vars".to_owned()),
        },
    );
    scope
}

/// `github.event`, as far as it is known: what the event is about.
fn event(ground: &Ground<'_, '_>) -> crate::expr::Value {
    use crate::expr::Value as V;
    let open = |name: &str, members: Vec<(String, V)>| V::Object {
        members,
        open: Some(name.to_owned()),
    };
    let kind = runs::kind(ground.event);
    let mut members = Vec::new();
    if kind.is_pull_request() {
        let is_fork = ground.run.fork.unwrap_or(false);
        let (mut own, name) = subject::names(ground.settings);
        own.push_known("/");
        own.push(&name);
        let full_name = match own.known() {
            // A fork has any name but the repository's.
            Some(name) if is_fork => {
                Text::hole("the fork").except(Excluded::Exactly(name.to_owned()))
            }
            None if is_fork => Text::hole("the fork"),
            _ => own,
        };
        let full_name = V::Text(full_name);
        let repo = open(
            "github.event.pull_request.head.repo",
            vec![
                ("fork".to_owned(), V::Bool(is_fork)),
                ("full_name".to_owned(), full_name),
            ],
        );
        let branch = |name: &str, git_ref: &Text, more: Vec<(String, V)>| {
            let mut all = vec![("ref".to_owned(), V::Text(git_ref.clone()))];
            all.extend(more);
            open(&format!("github.event.pull_request.{name}"), all)
        };
        let head = branch(
            "head",
            &ground.case.head_ref,
            vec![("repo".to_owned(), repo)],
        );
        let base = branch("base", &ground.case.base_ref, Vec::new());
        members.push((
            "pull_request".to_owned(),
            open(
                "github.event.pull_request",
                vec![("head".to_owned(), head), ("base".to_owned(), base)],
            ),
        ));
    } else if ground.event != "workflow_call" {
        members.push(("pull_request".to_owned(), V::Null));
    }
    if ground.event == "push" {
        members.push(("ref".to_owned(), V::Text(ground.case.git_ref.clone())));
    }
    let mut repository = Vec::new();
    if let Some(branch) = &ground.settings.default_branch {
        repository.push(("default_branch".to_owned(), V::text(branch)));
    }
    if let Some(visibility) = &ground.settings.visibility {
        repository.push(("visibility".to_owned(), V::text(visibility)));
        repository.push(("private".to_owned(), V::Bool(visibility != "public")));
    }
    members.push((
        "repository".to_owned(),
        open("github.event.repository", repository),
    ));
    open("github.event", members)
}
