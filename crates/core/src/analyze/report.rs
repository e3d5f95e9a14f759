//! The answers as data: `rolecall.who/1` and `rolecall.diff/1`.

use std::collections::BTreeSet;

use serde::Serialize;
use serde_json::{Map, Value};

use super::{
    Answer, Claims, Difference, Gain, Options, Outsider, Relation, Scope, Set, SetForm, SetTail,
    Who, Witness,
};
use crate::policy::Policy;
use crate::report::Location;
use crate::span::Source;

/// Who gets in, policy by policy.
#[derive(Debug, Clone, Serialize)]
pub struct WhoReport {
    /// `rolecall.who/1`
    pub schema: &'static str,
    /// The policies in the order in which they were given.
    pub policies: Vec<WhoPolicy>,
}

impl WhoReport {
    /// The schema's name.
    pub const SCHEMA: &'static str = "rolecall.who/1";

    /// Puts the answers together.
    #[must_use]
    pub const fn new(policies: Vec<WhoPolicy>) -> Self {
        Self {
            schema: Self::SCHEMA,
            policies,
        }
    }
}

/// Who gets in through one policy.
#[derive(Debug, Clone, Serialize)]
pub struct WhoPolicy {
    /// What the user calls the text.
    pub source: String,
    /// Where the policy stands in it.
    pub path: String,
    /// From how far tokens get in.
    pub scope: Scope,
    /// Whether outsiders do.
    pub outsider: Outsider,
    /// The statement that lets the outsider in.
    pub outsider_location: Option<Location>,
    /// What gets in, set by set.
    pub sets: Vec<SetReport>,
    /// What becomes of it when a repository's subjects get ids, or lose them.
    pub forms: Option<String>,
    /// Why statements let nobody in, where they do not.
    pub nobody: Vec<String>,
    /// What is not decided, and why.
    pub not_decided: Vec<String>,
}

/// A set of tokens that get in.
#[derive(Debug, Clone, Serialize)]
pub struct SetReport {
    /// The set in words.
    pub words: String,
    /// How the subjects are written.
    pub form: SetForm,
    /// What they end in.
    pub tail: SetTail,
    /// The statement that lets them in, from 0.
    pub statement: usize,
    /// Where it stands.
    pub location: Option<Location>,
    /// One of the tokens.
    pub witness: Claims,
    /// The options of `rolecall check` that judge it without a file.
    pub options: Vec<String>,
    /// Request context keys that must have these values.
    #[serde(skip_serializing_if = "Map::is_empty")]
    pub context: Map<String, Value>,
}

impl WhoPolicy {
    /// Asks who gets in.
    #[must_use]
    pub fn new(
        source_name: &str,
        path: &str,
        policy: &Policy,
        source: &Source,
        options: &Options,
    ) -> Self {
        let who = super::who(policy, options);
        let tested = tested(policy);
        let at = |statement: usize| location(policy, source, statement);
        let set = |set: &Set| SetReport {
            words: set.words.clone(),
            form: set.form,
            tail: set.tail,
            statement: set.statement,
            location: at(set.statement),
            witness: set.witness.clone(),
            options: check_options(&set.run, &tested),
            context: set.run.context.clone(),
        };
        Self {
            source: source_name.to_owned(),
            path: path.to_owned(),
            scope: who.scope,
            outsider_location: who.outsider_statement.and_then(at),
            sets: who.sets.iter().map(set).collect(),
            forms: forms(&who),
            outsider: who.outsider,
            nobody: who.nobody,
            not_decided: who.unknown,
        }
    }

    /// The repositories and owners of the sets, each once.
    #[must_use]
    pub fn named(&self, claim: &str) -> Vec<&str> {
        let all = self
            .sets
            .iter()
            .filter_map(|set| set.witness.get(claim)?.as_str());
        all.collect::<BTreeSet<_>>().into_iter().collect()
    }
}

fn location(policy: &Policy, source: &Source, statement: usize) -> Option<Location> {
    let span = policy.statements.get(statement)?.span;
    let index = if policy.statements_are_listed {
        format!("/{statement}")
    } else {
        String::new()
    };
    Some(Location::policy(source, format!("/Statement{index}"), span))
}

/// The claims that the policy's conditions ask for.
fn tested(policy: &Policy) -> BTreeSet<String> {
    let tests = policy
        .statements
        .iter()
        .flat_map(|statement| &statement.tests);
    let claims = tests.filter_map(|test| test.condition.key.as_str().rsplit_once(':'));
    let of_token = claims.filter(|(prefix, _)| prefix.contains('.'));
    of_token
        .map(|(_, claim)| if claim == "oaud" { "aud" } else { claim }.to_owned())
        .collect()
}

/// `--claim` for what the policy asks for, `--absent` for what the token lacks, and the rest of the request.
fn check_options(run: &Witness, tested: &BTreeSet<String>) -> Vec<String> {
    let mut options = Vec::new();
    let mut names: Vec<&str> = vec!["aud", "sub"];
    names.extend(
        tested
            .iter()
            .map(String::as_str)
            .filter(|name| !matches!(*name, "aud" | "sub")),
    );
    let issuer = run
        .claims
        .get("iss")
        .and_then(Value::as_str)
        .unwrap_or_default();
    if issuer != crate::sts::GITHUB_ISSUER {
        names.insert(0, "iss");
    }
    for name in names {
        match run.claims.get(name).and_then(Value::as_str) {
            Some(value) => options.extend(["--claim".to_owned(), format!("{name}={value}")]),
            None => {
                let prefix = issuer.trim_start_matches("https://");
                options.extend(["--absent".to_owned(), format!("{prefix}:{name}")]);
            }
        }
    }
    for (key, value) in &run.context {
        match value.as_str() {
            Some(value) => options.extend(["--context".to_owned(), format!("{key}={value}")]),
            None => options.extend(["--absent".to_owned(), key.clone()]),
        }
    }
    if let Some(audience) = &run.audience {
        options.extend(["--registered-audience".to_owned(), audience.clone()]);
    }
    if let Some(arn) = &run.role_arn {
        options.extend(["--role-arn".to_owned(), arn.clone()]);
    }
    options
}

/// GitHub writes ids into the subjects of repositories that are created, renamed or transferred after 15 July
/// 2026, or opted in (GitHub changelog 2026-04-23).
fn forms(who: &Who) -> Option<String> {
    let has = |form: SetForm| who.sets.iter().any(|set| set.form == form);
    let is_open = |form: SetForm| who.open.iter().any(|(_, open)| *open == form);
    let words = match (has(SetForm::Classic), has(SetForm::Immutable)) {
        (true, false) if is_open(SetForm::Immutable) => {
            "subjects with names; whether any with ids get in is not decided"
        }
        (false, true) if is_open(SetForm::Classic) => {
            "subjects with ids; whether any with names alone get in is not decided"
        }
        (true, false) => {
            "subjects with names only: once a repository is renamed, transferred or opted in to subjects with ids, its \
             tokens no longer get in; whoever registers a name that was given up does"
        }
        (false, true) => {
            "subjects with ids only: tokens of repositories that have none yet do not get in"
        }
        (true, true) => {
            "subjects with names and with ids: a repository that is opted in goes on getting in"
        }
        (false, false) => return None,
    };
    Some(words.to_owned())
}

/// What changed between two policies.
#[derive(Debug, Clone, Serialize)]
pub struct DiffReport {
    /// `rolecall.diff/1`
    pub schema: &'static str,
    /// The relation of the new policy to the old one.
    pub relation: Relation,
    /// A token that only the new one lets in.
    pub newly_admitted: Option<Claims>,
    /// A token that only the old one lets in.
    pub no_longer_admitted: Option<Claims>,
    /// The tokens that this is said of.
    pub universe: String,
    /// What the new one lets in besides, in words.
    pub gains: Vec<String>,
    /// What it no longer lets in, in words.
    pub losses: Vec<String>,
    /// Where default subjects are treated alike and those of customised templates are not.
    pub with_templates: Option<TemplateDiff>,
    /// What the answer leaves out or hangs on.
    pub notes: Vec<String>,
}

/// What customised templates gain and lose.
#[derive(Debug, Clone, Serialize)]
pub struct TemplateDiff {
    /// A token that only the new policy lets in.
    pub newly_admitted: Option<Claims>,
    /// A token that only the old policy lets in.
    pub no_longer_admitted: Option<Claims>,
}

impl DiffReport {
    /// The schema's name.
    pub const SCHEMA: &'static str = "rolecall.diff/1";

    /// Compares two policies.
    #[must_use]
    pub fn new(old: &Policy, new: &Policy, options: &Options) -> Self {
        let Difference {
            relation,
            gained,
            lost,
            universe,
            with_templates,
            foreign,
        } = super::diff(old, new, options);
        let mut notes = Vec::new();
        let (newly_admitted, gains) = take(gained, "newly admitted", &mut notes);
        let (no_longer_admitted, losses) = take(lost, "no longer admitted", &mut notes);
        let with_templates = with_templates.map(|(gained, lost)| TemplateDiff {
            newly_admitted: take(
                gained,
                "newly admitted with a customised template",
                &mut notes,
            )
            .0,
            no_longer_admitted: take(
                lost,
                "no longer admitted with a customised template",
                &mut notes,
            )
            .0,
        });
        if foreign {
            notes.push(
                "statements for others than GitHub's tokens differ; they are not compared"
                    .to_owned(),
            );
        }
        Self {
            schema: Self::SCHEMA,
            relation,
            newly_admitted,
            no_longer_admitted,
            universe: universe.to_owned(),
            gains,
            losses,
            with_templates,
            notes,
        }
    }
}

fn take(
    answer: Answer<Gain>,
    what: &str,
    notes: &mut Vec<String>,
) -> (Option<Claims>, Vec<String>) {
    match answer {
        Answer::None => (None, Vec::new()),
        Answer::Found(gain) => {
            notes.extend(
                super::needs(&gain.run)
                    .into_iter()
                    .map(|need| format!("{what}, only if {need}")),
            );
            (Some(gain.witness), gain.words)
        }
        Answer::Unknown(why) => {
            notes.push(format!("whether anything is {what} is not decided: {why}"));
            (None, Vec::new())
        }
    }
}
