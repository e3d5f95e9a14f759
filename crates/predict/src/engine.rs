//! Every job of every workflow, for every event: from files to tokens.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use rolecall_core::json::{Kind, Node};
use rolecall_core::report::prediction::{
    JobPrediction, Prediction, RolePrediction, Runs, TokenPrediction,
};
use rolecall_core::report::{Cause, CauseId, ErrorReport};
use rolecall_core::span::Span;
use rolecall_core::tri::Tri;

use crate::chain::{self, Chain, Library, Link};
use crate::expr::{self, Scope, Value};
use crate::findings::{Findings, Leaf};
use crate::input::{Input, Run};
use crate::inputs;
use crate::landmarks::Expressions;
use crate::matrix;
use crate::notes;
use crate::permission::{self, Refusal};
use crate::problem::Problem;
use crate::roles::{self, Assumed};
use crate::runs::{self, Case, Ends};
use crate::subject;
use crate::text::Text;
use crate::token::{self, Ground, Variant};
use crate::workflow::{self, Job, Parsed, Step, Trigger, Workflow};

/// Predicts the tokens of all jobs.
///
/// # Errors
/// A file is no workflow, calls itself, or holds more than can be looked at.
pub(crate) fn predict(input: &Input) -> Result<Prediction, ErrorReport> {
    let parsed = parse(input)?;
    let actions = parse_actions(input)?;
    let workflows = read(&parsed)?;
    let library = Library::new(input, &workflows);
    let mut engine = Engine {
        input,
        library: &library,
        actions: &actions,
        work: 0,
        findings: Findings::default(),
        called: BTreeSet::new(),
    };
    let jobs = engine.workflows(workflows.get(..input.workflows.len()).unwrap_or_default())?;
    Ok(Prediction {
        schema: Prediction::SCHEMA,
        notes: notes::all(input, &jobs),
        jobs,
        findings: engine.findings.sorted(),
    })
}

/// The workflows, then the callees that are workflows.
fn parse(input: &Input) -> Result<Vec<Parsed<'_>>, ErrorReport> {
    let own = input.workflows.iter().map(|file| (&file.path, &file.text));
    let callees = input
        .callees
        .iter()
        .filter(|(name, _)| chain::is_workflow(name));
    own.chain(callees)
        .map(|(name, text)| Parsed::read(name, text).map_err(|problem| problem.report(name, text)))
        .collect()
}

fn parse_actions(input: &Input) -> Result<BTreeMap<&str, Parsed<'_>>, ErrorReport> {
    let actions = input
        .callees
        .iter()
        .filter(|(name, _)| !chain::is_workflow(name));
    actions
        .map(|(name, text)| {
            let parsed = Parsed::read(name, text).map_err(|problem| problem.report(name, text))?;
            Ok((name.as_str(), parsed))
        })
        .collect()
}

fn read<'n>(parsed: &'n [Parsed<'n>]) -> Result<Vec<Workflow<'n>>, ErrorReport> {
    parsed
        .iter()
        .map(|parsed| workflow::read(parsed).map_err(|problem| report(problem, parsed)))
        .collect()
}

fn report(problem: Problem, parsed: &Parsed<'_>) -> ErrorReport {
    problem.report(&parsed.file, parsed.source.text())
}

/// The most steps of runs that are looked at; a real repository has some thousands.
const MOST_WORK: usize = 200_000;
/// What a job on an event counts for, besides its steps.
const ROW: usize = 20;
/// So many roles that one is compared with count for a step.
const COMPARED: usize = 32;
/// The most jobs, those of called workflows included.
const MOST_JOBS: usize = 20_000;
/// The most tokens that are listed of one job and event.
const MOST_TOKENS: usize = 256;
/// The deepest nesting of composite actions (docs.github.com, "Metadata syntax": 10).
const MOST_ACTIONS: usize = 10;

fn too_much(job: &Job<'_>) -> Problem {
    Problem::new(
        job.span,
        &job.path,
        "the workflows come to more jobs and runs than are looked at",
        "name the job and the event that are meant, or give fewer workflows",
    )
}

struct Engine<'a, 'n> {
    input: &'a Input,
    library: &'a Library<'n>,
    actions: &'a BTreeMap<&'a str, Parsed<'a>>,
    work: usize,
    findings: Findings,
    /// Workflows that one of the others calls.
    called: BTreeSet<String>,
}

/// What the runs of one job on one event come to.
#[derive(Default)]
struct Gathered {
    tokens: Vec<TokenPrediction>,
    more: usize,
    roles: Vec<RolePrediction>,
    runs: Vec<Tri>,
    notes: Vec<String>,
}

impl Gathered {
    fn token(&mut self, token: TokenPrediction) {
        if let Some(same) = self
            .tokens
            .iter_mut()
            .find(|own| own.claims == token.claims && own.patterns == token.patterns)
        {
            same.when.retain(|word| token.when.contains(word));
        } else if self.tokens.len() < MOST_TOKENS {
            self.tokens.push(token);
        } else {
            self.more += 1;
        }
    }

    fn note(&mut self, note: String) {
        if !self.notes.contains(&note) {
            self.notes.push(note);
        }
    }

    fn runs(&self) -> Runs {
        match (
            self.runs.contains(&Tri::Yes),
            self.runs.contains(&Tri::Unknown),
        ) {
            (true, _) => Runs::Yes,
            (false, true) => Runs::Unknown,
            (false, false) => Runs::No,
        }
    }
}

/// One trigger and one job.
struct Question<'q, 'n> {
    trigger: &'q Trigger<'n>,
    chain: &'q Chain<'n>,
    expressions: &'q Expressions,
    run: &'q Run,
    /// The job gets a token.
    is_granted: bool,
    /// Only whether it runs is asked.
    is_probe: bool,
}

impl<'n> Engine<'_, 'n> {
    fn workflows(
        &mut self,
        workflows: &'n [Workflow<'n>],
    ) -> Result<Vec<JobPrediction>, ErrorReport> {
        let mut all = Vec::new();
        let mut count = 0;
        for workflow in workflows {
            self.findings.of_workflow(workflow);
            for job in &workflow.jobs {
                let chains = chain::chains(self.library, workflow, job)
                    .map_err(|(problem, at)| report(problem, at.parsed))?;
                count += chains.len();
                if count > MOST_JOBS {
                    return Err(report(too_much(job), workflow.parsed));
                }
                let callees = chains.iter().flat_map(|chain| chain.links.iter().skip(1));
                self.called
                    .extend(callees.map(|link| link.workflow.path.clone()));
                all.push((workflow, chains));
            }
        }
        self.refuse_too_many(&all)?;
        let mut jobs = Vec::new();
        for (workflow, chains) in all {
            for trigger in self.triggers(workflow) {
                for chain in &chains {
                    jobs.extend(self.job(workflow, &trigger, chain)?);
                }
            }
        }
        Ok(jobs)
    }

    /// Where the jobs and their events alone are too many, that is told before any is looked at.
    fn refuse_too_many(
        &self,
        all: &[(&'n Workflow<'n>, Vec<Chain<'n>>)],
    ) -> Result<(), ErrorReport> {
        if self.input.run.job.is_some() {
            return Ok(());
        }
        let mut rows = 0;
        for (workflow, chains) in all {
            rows += chains.len() * self.triggers(workflow).len();
            let last = chains.last().and_then(|chain| chain.links.first());
            if let Some(link) = last.filter(|_| rows * ROW > MOST_WORK) {
                return Err(report(too_much(link.job), workflow.parsed));
            }
        }
        Ok(())
    }

    /// The triggers that are asked for. A workflow that one of the others calls is predicted there.
    fn triggers(&self, workflow: &Workflow<'n>) -> Vec<Trigger<'n>> {
        let run = &self.input.run;
        let asked = |trigger: &&Trigger<'n>| {
            let is_event = runs::kind(trigger.event) != runs::Kind::Unknown;
            is_event
                && run
                    .event
                    .as_ref()
                    .is_none_or(|event| event == trigger.event)
        };
        let is_own = |trigger: &&Trigger<'n>| {
            trigger.event != "workflow_call" || !self.called.contains(&workflow.path)
        };
        let mut triggers: Vec<Trigger<'n>> = Vec::new();
        for trigger in workflow.triggers.iter().filter(asked).filter(is_own) {
            if triggers.iter().all(|own| own.event != trigger.event) {
                triggers.push(*trigger);
            }
        }
        triggers
    }

    fn job(
        &mut self,
        workflow: &Workflow<'n>,
        trigger: &Trigger<'n>,
        chain: &Chain<'n>,
    ) -> Result<Option<JobPrediction>, ErrorReport> {
        let name = chain.name();
        if self
            .input
            .run
            .job
            .as_deref()
            .is_some_and(|job| !is_named(chain, &name, job))
        {
            return Ok(None);
        }
        let chain = Chain {
            is_called_from_outside: trigger.event == "workflow_call",
            ..chain.clone()
        };
        let input = self.input;
        let by_files = permission::refusal(&chain);
        let place = permission::trigger_place(&chain, trigger.span);
        let (by_run, unless) = place.map_or((None, Vec::new()), |place| {
            permission::of_run(trigger.event, place, &input.run, &input.settings)
        });
        let refusal = by_files.or(by_run);
        self.spend(ROW, &chain)
            .map_err(|problem| report(problem, workflow.parsed))?;
        let expressions = Expressions::of(&chain);
        let question = Question {
            trigger,
            chain: &chain,
            expressions: &expressions,
            run: &input.run,
            is_granted: refusal.is_none(),
            is_probe: false,
        };
        let Some(gathered) = self
            .gather(&question)
            .map_err(|problem| report(problem, workflow.parsed))?
        else {
            return Ok(None);
        };
        let unless = if refusal.is_some() {
            Vec::new()
        } else {
            self.unless(&question, unless)
                .map_err(|problem| report(problem, workflow.parsed))?
        };
        let assumes = |role: &RolePrediction| role.uses_token != Some(false);
        // What a workflow does that is not at hand is not known.
        let asks = chain.missing.is_some()
            || refusal.as_ref().is_none_or(|refusal| refusal.is_asked)
            || gathered.roles.iter().any(assumes);
        let refusal = if asks {
            refusal
        } else {
            refusal.map(Refusal::unasked)
        };
        let (no_token, no_token_file) = refusal.map_or((None, None), |refusal| {
            (Some(refusal.cause), Some(refusal.file))
        });
        let (location, file) = chain.last().map_or_else(
            || {
                (
                    workflow.parsed.location("", workflow.parsed.tree.span),
                    workflow.parsed.file.clone(),
                )
            },
            |link| {
                (
                    link.workflow.parsed.location(&link.job.path, link.job.span),
                    link.workflow.parsed.file.clone(),
                )
            },
        );
        Ok(Some(JobPrediction {
            workflow: workflow.parsed.file.clone(),
            job: name,
            event: trigger.event.to_owned(),
            runs: gathered.runs(),
            asks,
            tokens: gathered.tokens,
            more_tokens: gathered.more,
            no_token,
            no_token_file,
            unless,
            roles: gathered.roles,
            notes: gathered.notes,
            location,
            file,
        }))
    }

    /// What takes the token away in some runs; not in runs that the job's own `if` skips.
    fn unless(
        &mut self,
        question: &Question<'_, 'n>,
        causes: Vec<Cause>,
    ) -> Result<Vec<Cause>, Problem> {
        let mut left = Vec::new();
        for cause in causes {
            let mut run = question.run.clone();
            match cause.id {
                CauseId::ForkPullRequest => run.fork = Some(true),
                _ => run.actor = Some("dependabot[bot]".to_owned()),
            }
            let probe = Question {
                run: &run,
                is_probe: true,
                ..*question
            };
            let skipped = self
                .gather(&probe)?
                .is_some_and(|gathered| gathered.runs() == Runs::No);
            if !skipped {
                left.push(cause);
            }
        }
        Ok(left)
    }

    /// All runs of a trigger; `None` where the run that is meant does not start.
    fn gather(&mut self, question: &Question<'_, 'n>) -> Result<Option<Gathered>, Problem> {
        let cases = runs::cases(question.trigger, question.run, &self.input.settings);
        if cases.is_empty() {
            return Ok(None);
        }
        let mut gathered = Gathered::default();
        for case in cases {
            let scope = self.scope(question, &case);
            let landmarks = question.expressions.landmarks(&scope);
            for case in runs::cut(case, &landmarks) {
                if case
                    .git_ref
                    .known()
                    .is_some_and(|git_ref| !runs::starts(question.trigger, git_ref))
                {
                    continue;
                }
                self.case(question, case, &mut gathered)?;
            }
        }
        Ok(Some(gathered))
    }

    fn scope(&self, question: &Question<'_, 'n>, case: &Case) -> Scope {
        let job = question.chain.last().map_or("", |link| link.job.id);
        token::github(&self.ground(question, case), job)
    }

    fn ground<'g>(&'g self, question: &'g Question<'_, 'n>, case: &'g Case) -> Ground<'g, 'n> {
        Ground {
            settings: &self.input.settings,
            run: question.run,
            event: question.trigger.event,
            case,
            chain: question.chain,
        }
    }

    fn case(
        &mut self,
        question: &Question<'_, 'n>,
        mut case: Case,
        gathered: &mut Gathered,
    ) -> Result<(), Problem> {
        case.when = when(&case, question.trigger.event);
        let scope = self.scope(question, &case);
        let given = match question.trigger.event {
            "workflow_dispatch" => inputs::of_dispatch(
                question.trigger.settings,
                question.run,
                question.expressions,
                &self.input.settings,
            ),
            "workflow_call" => vec![inputs::Given {
                values: Value::Unknown("inputs".to_owned()),
                when: None,
            }],
            _ => vec![inputs::Given {
                values: Value::object::<&str>([]),
                when: None,
            }],
        };
        for given in given {
            let when = case.when.iter().cloned().chain(given.when).collect();
            self.level(
                question,
                &case,
                0,
                Level {
                    scope: scope.clone(),
                    inputs: given.values,
                    when,
                    runs: Tri::Yes,
                },
                gathered,
            )?;
        }
        Ok(())
    }

    /// One job of the chain: its cells, its `if`, then the workflow it calls or the tokens.
    fn level(
        &mut self,
        question: &Question<'_, 'n>,
        case: &Case,
        depth: usize,
        level: Level,
        gathered: &mut Gathered,
    ) -> Result<(), Problem> {
        let Some(link) = question.chain.links.get(depth) else {
            return Ok(());
        };
        let mut scope = level.scope.clone();
        scope.set("inputs", level.inputs.clone());
        scope.set("needs", Value::Unknown("needs".to_owned()));
        let workflow_env = env(link.workflow.env, &scope, Vec::new());
        scope.set("env", closed(&workflow_env));
        let cells = self.cells(link, &scope, gathered);
        for cell in cells {
            self.spend(
                1 + link.job.steps.len() + workflow_env.len(),
                question.chain,
            )?;
            let mut scope = scope.clone();
            let mut when = level.when.clone();
            if let Some((cell, value)) = cell {
                scope.set("matrix", value);
                when.extend((!cell.is_empty()).then_some(cell));
            }
            let job_env = env(link.job.env, &scope, workflow_env.clone());
            scope.set("env", closed(&job_env));
            let runs = level.runs.and(self.condition(link, &scope));
            gathered_runs(question, depth, runs, gathered);
            if runs == Tri::No {
                continue;
            }
            match question.chain.links.get(depth + 1) {
                Some(next) => {
                    let inputs = inputs::of_call(link.job.with, next.workflow, &scope);
                    let level = Level {
                        scope: level.scope.clone(),
                        inputs,
                        when,
                        runs,
                    };
                    self.level(question, case, depth + 1, level, gathered)?;
                }
                None if question.is_probe => {}
                None => self.leaf(
                    question,
                    case,
                    link,
                    &Seat {
                        scope,
                        env: job_env,
                        when,
                        runs,
                    },
                    gathered,
                )?,
            }
        }
        Ok(())
    }

    fn spend(&mut self, steps: usize, chain: &Chain<'n>) -> Result<(), Problem> {
        self.work += steps;
        match chain.links.first() {
            Some(link) if self.work > MOST_WORK => Err(too_much(link.job)),
            _ => Ok(()),
        }
    }

    /// The cells of the matrix, each with its words; one without a matrix.
    fn cells(
        &self,
        link: &Link<'n>,
        scope: &Scope,
        gathered: &mut Gathered,
    ) -> Vec<Option<(String, Value)>> {
        let Some(matrix) = link.job.matrix else {
            return vec![None];
        };
        match matrix::cells(matrix, scope) {
            Ok(cells) => cells
                .into_iter()
                .map(|cell| Some((matrix::words(&cell), Value::object(cell))))
                .collect(),
            Err(why) => {
                gathered.note(format!("{why}: its cells are not known"));
                vec![Some((String::new(), Value::Unknown("matrix".to_owned())))]
            }
        }
    }

    fn condition(&mut self, link: &Link<'n>, scope: &Scope) -> Tri {
        let Some(node) = link.job.condition else {
            return Tri::Yes;
        };
        let text = workflow::plain(node).unwrap_or_default();
        match expr::condition(text, scope) {
            Ok(value) => value.truth(),
            Err(error) => {
                self.findings.bad_expression(
                    link.workflow.parsed,
                    &format!("{}/if", link.job.path),
                    node.span,
                    &error,
                );
                Tri::Unknown
            }
        }
    }

    /// The job that does the work: its environment, its roles, its tokens.
    fn leaf(
        &mut self,
        question: &Question<'_, 'n>,
        case: &Case,
        link: &Link<'n>,
        seat: &Seat,
        gathered: &mut Gathered,
    ) -> Result<(), Problem> {
        let environments = match question.chain.missing {
            Some(name) => {
                gathered.note(format!("the called workflow `{name}` is not at hand: its jobs, environments and roles are not known"));
                vec![
                    Some(Text::hole("the environment of the called workflow")),
                    None,
                ]
            }
            None => self.environments(link, &seat.scope),
        };
        let assumed = self.assumed(question, link, seat, gathered)?;
        let environment_given = environments.iter().all(Option::is_some);
        let leaf = Leaf {
            trigger: question.trigger,
            chain: question.chain,
            case,
            link,
            runs: seat.runs,
            is_granted: question.is_granted,
            has_environment: environment_given,
            settings: &self.input.settings,
        };
        self.findings.of_leaf(&leaf, &assumed, &environments);
        if question.is_granted {
            self.tokens(question, case, seat, &environments, &assumed, gathered);
        }
        for role in assumed {
            self.spend(gathered.roles.len() / COMPARED, question.chain)?;
            if !gathered.roles.contains(&role.prediction) {
                gathered.roles.push(role.prediction);
            }
        }
        Ok(())
    }

    /// The environments that a job can have; `None`: none.
    fn environments(&mut self, link: &Link<'n>, scope: &Scope) -> Vec<Option<Text>> {
        let Some(node) = link.job.environment else {
            return vec![None];
        };
        let named = match &node.kind {
            Kind::Object(_) => node.get("name"),
            _ => Some(node),
        };
        let Some(node) = named else { return vec![None] };
        let text = workflow::plain(node).unwrap_or_default();
        let value = match expr::render(text, scope) {
            Ok(value) => value,
            Err(error) => {
                self.findings.bad_expression(
                    link.workflow.parsed,
                    &format!("{}/environment", link.job.path),
                    node.span,
                    &error,
                );
                Value::Unknown("the environment".to_owned())
            }
        };
        let mut all = Vec::new();
        for text in value.texts() {
            let filled = text.is_filled();
            // An empty name is no environment.
            let ways = [
                (filled != Tri::No).then_some(Some(text)),
                (filled != Tri::Yes).then_some(None),
            ];
            for way in ways
                .into_iter()
                .flatten()
                .filter(|way| !all.contains(way))
                .collect::<Vec<_>>()
            {
                all.push(way);
            }
        }
        all
    }

    fn assumed(
        &mut self,
        question: &Question<'_, 'n>,
        link: &Link<'n>,
        seat: &Seat,
        gathered: &mut Gathered,
    ) -> Result<Vec<Assumed>, Problem> {
        let mut found = Vec::new();
        let scene = Steps {
            parsed: link.workflow.parsed,
            chain: question.chain,
            scope: &seat.scope,
            env: &seat.env,
            depth: 0,
        };
        self.steps(&link.job.steps, &scene, &mut found, gathered)?;
        Ok(found)
    }

    fn steps(
        &mut self,
        steps: &[Step<'_>],
        scene: &Steps<'_, 'n>,
        found: &mut Vec<Assumed>,
        gathered: &mut Gathered,
    ) -> Result<(), Problem> {
        self.spend(steps.len() * (1 + scene.env.len() / 8), scene.chain)?;
        for step in steps {
            let mut scope = scene.scope.clone();
            scope.set(
                "env",
                open(&env(step.get("env"), &scope, scene.env.clone())),
            );
            let condition = step
                .get("if")
                .and_then(workflow::plain)
                .map_or(Ok(Value::Bool(true)), |text| expr::condition(text, &scope));
            if condition.is_ok_and(|value| value.truth() == Tri::No) {
                continue;
            }
            found.extend(roles::assumed(
                step,
                scene.parsed,
                &scope,
                &self.input.settings,
            ));
            if let Some(uses) = step.text("uses").filter(|uses| uses.starts_with("./")) {
                self.composite(
                    uses,
                    step,
                    &Steps {
                        scope: &scope,
                        ..*scene
                    },
                    found,
                    gathered,
                )?;
            }
        }
        Ok(())
    }

    /// A local composite action: its steps are the job's.
    fn composite(
        &mut self,
        uses: &str,
        step: &Step<'_>,
        scene: &Steps<'_, 'n>,
        found: &mut Vec<Assumed>,
        gathered: &mut Gathered,
    ) -> Result<(), Problem> {
        let name = uses.trim_end_matches('/');
        let Some(parsed) = self.actions.get(name) else {
            gathered.note(format!(
                "the action `{uses}` is not at hand: whether it assumes a role is not known"
            ));
            return Ok(());
        };
        let first = scene.chain.links.first();
        let fault = |message: String, help: &str| {
            let (span, path) = first.map_or((Span::default(), ""), |link| {
                (link.job.span, link.job.path.as_str())
            });
            Problem::new(span, path, message, help)
        };
        if scene.depth >= MOST_ACTIONS {
            return Err(fault(
                format!(
                    "composite actions are nested deeper than {MOST_ACTIONS} levels, by `{uses}`"
                ),
                "an action can't call itself",
            ));
        }
        let Some(runs) = parsed.tree.get("runs").and_then(|runs| runs.get("steps")) else {
            return Ok(());
        };
        let steps = workflow::steps(runs, "/runs")
            .map_err(|problem| fault(format!("{name}: {}", problem.message), &problem.help))?;
        let mut inner = scene.scope.clone();
        inner.set(
            "inputs",
            inputs::of_action(step.get("with"), parsed.tree.get("inputs"), scene.scope),
        );
        let scene = Steps {
            parsed,
            scope: &inner,
            env: scene.env,
            depth: scene.depth + 1,
            chain: scene.chain,
        };
        self.steps(&steps, &scene, found, gathered)
    }

    fn tokens(
        &self,
        question: &Question<'_, 'n>,
        case: &Case,
        seat: &Seat,
        environments: &[Option<Text>],
        assumed: &[Assumed],
        gathered: &mut Gathered,
    ) {
        let ground = self.ground(question, case);
        let audiences = audiences(assumed);
        for environment in environments {
            if environment.is_none() && self.needs_environment() {
                gathered.note("the subject's template names `environment`, and the job has none: its request for a token fails".to_owned());
                continue;
            }
            for prefix in self.prefixes(question) {
                for (as_pull_request, end) in ends(case.ends, environment.is_some()) {
                    for audience in &audiences {
                        let when = seat
                            .when
                            .iter()
                            .cloned()
                            .chain(end.map(str::to_owned))
                            .chain(prefix.when.map(str::to_owned))
                            .collect();
                        let variant = Variant {
                            environment: environment.as_ref(),
                            prefix: &prefix.text,
                            as_pull_request,
                            audience,
                        };
                        gathered.token(ground.token(&variant, when));
                    }
                }
            }
        }
    }

    fn prefixes(&self, question: &Question<'_, 'n>) -> Vec<subject::Prefix> {
        match question.chain.is_called_from_outside {
            true => {
                let mut text = Text::from("repo:");
                text.push_hole("the caller's repository");
                vec![subject::Prefix { text, when: None }]
            }
            false => subject::prefixes(&self.input.settings),
        }
    }

    fn needs_environment(&self) -> bool {
        let keys = self.input.settings.template().unwrap_or_default();
        keys.iter()
            .any(|key| key == "environment" || key == "environment_node_id")
    }
}

/// What a job of a chain starts with.
struct Level {
    scope: Scope,
    inputs: Value,
    when: Vec<String>,
    runs: Tri,
}

/// Where the job that does the work stands.
struct Seat {
    scope: Scope,
    env: Vec<(String, Value)>,
    when: Vec<String>,
    runs: Tri,
}

/// What steps see.
struct Steps<'s, 'n> {
    parsed: &'s Parsed<'s>,
    chain: &'s Chain<'n>,
    scope: &'s Scope,
    env: &'s Vec<(String, Value)>,
    depth: usize,
}

/// `deploy` names the job itself, and also the last of a chain.
fn is_named(chain: &Chain<'_>, name: &str, job: &str) -> bool {
    name == job || chain.links.iter().any(|link| link.job.id == job)
}

/// What decides whether the job runs is asked at the end of the chain, or where it is skipped.
fn gathered_runs(question: &Question<'_, '_>, depth: usize, runs: Tri, gathered: &mut Gathered) {
    if runs == Tri::No || depth + 1 == question.chain.links.len() {
        gathered.runs.push(runs);
    }
}

/// The ref, and for pull requests the branch they go into.
fn when(case: &Case, event: &str) -> Vec<String> {
    if !runs::kind(event).is_pull_request() {
        return if event == "workflow_call" {
            Vec::new()
        } else {
            vec![case.words()]
        };
    }
    match case.base_ref.is_hole() {
        true => Vec::new(),
        false => vec![format!("into {}", case.base_ref.pattern())],
    }
}

fn ends(ends: Ends, has_environment: bool) -> Vec<(bool, Option<&'static str>)> {
    match ends {
        _ if has_environment => vec![(false, None)],
        Ends::Ref => vec![(false, None)],
        Ends::PullRequest => vec![(true, None)],
        Ends::Either => vec![
            (
                false,
                Some("if GitHub ends the subject with the ref, which is not established"),
            ),
            (
                true,
                Some("if GitHub ends the subject with pull_request, which is not established"),
            ),
        ],
    }
}

/// The audiences that the steps ask for, each once.
fn audiences(assumed: &[Assumed]) -> Vec<Text> {
    let mut all: Vec<Text> = Vec::new();
    for role in assumed
        .iter()
        .filter(|role| role.prediction.uses_token != Some(false))
    {
        if !all.contains(&role.audience) {
            all.push(role.audience.clone());
        }
    }
    if all.is_empty() {
        all.push(Text::hole(
            "the audience (no step that assumes a role was found)",
        ));
    }
    all
}

/// `env` of a workflow, a job or a step, over what it inherits.
fn env(
    node: Option<&Node<'_>>,
    scope: &Scope,
    mut all: Vec<(String, Value)>,
) -> Vec<(String, Value)> {
    let Some(members) = node.and_then(Node::members) else {
        return all;
    };
    let names = all.iter().enumerate();
    let mut places: HashMap<String, usize> = names
        .map(|(index, (name, _))| (name.clone(), index))
        .collect();
    for member in members {
        let value = matrix::value(&member.value, scope);
        let index = *places.entry(member.key.to_string()).or_insert(all.len());
        match all.get_mut(index) {
            Some((_, own)) => *own = value,
            None => all.push((member.key.to_string(), value)),
        }
    }
    all
}

fn closed(env: &[(String, Value)]) -> Value {
    Value::Object {
        members: env.to_vec(),
        open: None,
    }
}

/// Earlier steps may set more, by way of `GITHUB_ENV`.
fn open(env: &[(String, Value)]) -> Value {
    Value::Object {
        members: env.to_vec(),
        open: Some("env".to_owned()),
    }
}
