//! What holds for every prediction, whatever the workflow.

#![expect(clippy::expect_used, reason = "a test may fail loudly")]

use proptest::prelude::*;
use rolecall_core::analyze::mintable::check_partial;
use rolecall_core::case::Case;
use rolecall_core::check;
use rolecall_core::pattern::{Pattern, Syntax};
use rolecall_core::policy::Policy;
use rolecall_core::report::Decision;
use rolecall_core::report::prediction::{JobPrediction, Runs, TokenPrediction};
use rolecall_core::span::Source;
use rolecall_predict::input::{File, Run};
use rolecall_predict::settings::Settings;
use rolecall_predict::{Input, predict, verdict};
use serde_json::Value;

const ACTION: &str = "{uses: aws-actions/configure-aws-credentials@v6, with: {role-to-assume: 'arn:aws:iam::111122223333:role/deploy', aws-region: eu-west-1}}";

/// A workflow with one job, made of parts that tell refs apart in many ways.
fn workflow() -> impl Strategy<Value = String> {
    let on = prop::sample::select(vec![
        "push:",
        "push: {branches: [main, 'release/**', '!release/**-rc']}",
        "push: {branches: ['*'], tags: ['v[0-9]+', 'x?y']}",
        "push: {branches-ignore: [main, 'dev*']}",
        "push: {tags-ignore: ['v*']}",
        "workflow_dispatch: {inputs: {stage: {type: choice, options: [main, prod, '']}, flag: {type: boolean}}}",
        "create:",
        "release:",
        "deployment:",
        "pull_request: {branches: ['ma*']}",
        "pull_request_target:",
        "pull_request_review:",
        "merge_group:",
        "schedule:",
    ]);
    let atom = prop::sample::select(vec![
        "github.ref == 'refs/heads/main'",
        "github.ref_name != 'main'",
        "startsWith(github.ref, 'refs/tags/')",
        "startsWith(github.ref, 'refs/heads/release/1')",
        "endsWith(github.ref, '1')",
        "contains(fromJSON('[\"v1\", \"main\"]'), github.ref_name)",
        "github.event_name == 'push'",
        "github.ref_type == 'tag'",
        "github.actor == 'mona'",
        "inputs.stage == 'prod'",
        "inputs.flag",
        "github.event.pull_request.head.repo.fork",
        "github.base_ref == 'main'",
    ]);
    let condition = (
        atom.clone(),
        prop::sample::select(vec!["&&", "||"]),
        atom.clone(),
        any::<bool>(),
    )
        .prop_map(|(a, operator, b, negated)| {
            if negated {
                format!("!({a} {operator} {b})")
            } else {
                format!("{a} {operator} {b}")
            }
        });
    let environment = prop_oneof![
        Just(String::new()),
        Just("prod:eu".to_owned()),
        condition
            .clone()
            .prop_map(|condition| format!("${{{{ ({condition}) && 'production' || 'preview' }}}}")),
        Just("${{ inputs.stage }}".to_owned()),
        Just("${{ matrix.env }}".to_owned()),
        Just("x-${{ github.ref_name }}".to_owned()),
        condition
            .clone()
            .prop_map(|condition| format!("${{{{ {condition} && 'only' || '' }}}}")),
    ];
    (on, condition, environment).prop_map(|(on, condition, environment)| {
        let quoted = |text: &str| text.replace('\'', "''");
        format!(
            "on:\n  {on}\npermissions: {{id-token: write}}\njobs:\n  a:\n    if: '{}'\n    environment: '{}'\n    runs-on: ubuntu-latest\n    strategy: {{matrix: {{env: [a, b]}}}}\n    steps: [{ACTION}]\n",
            quoted(&condition),
            quoted(&environment),
        )
    })
}

/// One run, with all that tells it from others.
fn run() -> impl Strategy<Value = Run> {
    let refs = prop::sample::select(vec![
        "refs/heads/main",
        "refs/heads/dev",
        "refs/heads/release/1",
        "refs/heads/release/1-rc",
        "refs/heads/feature/x",
        "refs/tags/v1",
        "refs/tags/v2",
        "refs/tags/xy",
        "refs/tags/y",
    ]);
    let stage = prop::sample::select(vec!["main", "prod", ""]);
    let base = prop::sample::select(vec!["main", "mango", "dev"]);
    (refs, stage, base, any::<bool>(), any::<bool>()).prop_map(
        |(git_ref, stage, base, flag, is_mona)| Run {
            git_ref: Some(git_ref.to_owned()),
            base_ref: Some(base.to_owned()),
            head_ref: Some("topic".to_owned()),
            number: Some(7),
            actor: Some(if is_mona { "mona" } else { "hubot" }.to_owned()),
            actor_id: Some("1".to_owned()),
            fork: Some(false),
            sha: Some("8df5847569e6427dd6c4fb1cf565c83acfa8afa7".to_owned()),
            inputs: [
                ("stage".to_owned(), stage.to_owned()),
                ("flag".to_owned(), flag.to_string()),
            ]
            .into(),
            ..Run::default()
        },
    )
}

fn job(text: &str, run: Run) -> Option<JobPrediction> {
    let input = Input {
        workflows: vec![File {
            path: ".github/workflows/x.yml".to_owned(),
            text: text.to_owned(),
        }],
        settings: Settings {
            repository: Some("octo-org/octo-repo".to_owned()),
            repository_owner_id: Some("123456".to_owned()),
            repository_id: Some("456789".to_owned()),
            default_branch: Some("main".to_owned()),
            ..Settings::default()
        },
        run,
        ..Input::default()
    };
    predict(&input)
        .expect("the workflow can be read")
        .jobs
        .pop()
}

/// Whether a token is one of those that another stands for.
fn holds(general: &TokenPrediction, one: &TokenPrediction) -> bool {
    let syntax = Syntax {
        wildcards: true,
        variables: true,
    };
    one.claims.iter().all(|(name, value)| {
        match (general.claims.get(name), general.patterns.get(name)) {
            (Some(known), _) => known == value,
            (None, Some(pattern)) => Pattern::new(pattern.as_str().unwrap_or_default(), syntax)
                .matches(value.as_str().unwrap_or_default()),
            (None, None) => true,
        }
    })
}

fn policies() -> Vec<(Policy, Source)> {
    let subjects = [
        "repo:octo-org/octo-repo:*",
        "repo:octo-org/octo-repo:ref:refs/heads/main",
        "repo:octo-org@123456/octo-repo@456789:environment:*",
        "repo:octo-org*/octo-repo*:ref:refs/tags/v?",
        "repo:octo-org/octo-repo:pull_request",
        "repo:octo-org/octo-repo:environment:prod%3Aeu",
        "*",
    ];
    let policy = |sub: &&str| {
        let text = format!(
            r#"{{"Statement": {{"Effect": "Allow", "Principal": {{"Federated": "arn:aws:iam::111122223333:oidc-provider/token.actions.githubusercontent.com"}},
                "Action": "sts:AssumeRoleWithWebIdentity", "Condition": {{"StringLike": {{"token.actions.githubusercontent.com:sub": "{sub}"}}}}}}}}"#
        );
        (
            Policy::parse(&text).expect("the policy can be read"),
            Source::new(text),
        )
    };
    subjects.iter().map(policy).collect()
}

fn decision(job: &JobPrediction, (policy, source): &(Policy, Source)) -> Option<Decision> {
    verdict(job, &Case::default(), policy, &|case| {
        check::judge(case, policy, source)
    })
    .ok()
    .map(|report| report.decision)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..ProptestConfig::default() })]

    /// The tokens of every single run are among those that are predicted for all runs.
    #[test]
    fn every_run_is_among_those_predicted(text in workflow(), run in run()) {
        let Some(one) = job(&text, run.clone()) else { return Ok(()) };
        let general = job(&text, Run { fork: Some(false), ..Run::default() });
        let general = general.expect("what runs once is predicted");
        prop_assert!(one.runs == Runs::No || general.runs != Runs::No, "{text}\n{run:?}");
        for token in &one.tokens {
            prop_assert!(general.tokens.iter().any(|general| holds(general, token)), "{text}\n{run:?}\n{token:#?}");
        }
    }

    /// Core's judge of what GitHub can issue, which knows nothing of predictions, takes every predicted token.
    #[test]
    fn every_predicted_token_can_be_issued(text in workflow(), run in run()) {
        let Some(job) = job(&text, run) else { return Ok(()) };
        for token in &job.tokens {
            let there = token.claims.iter().filter(|(_, value)| !value.is_null());
            let there = there.map(|(name, value)| (name.clone(), value.clone())).collect();
            prop_assert_eq!(check_partial(&there), Ok(()), "{}\n{:#?}", text, token);
        }
    }

    /// A policy that allows or denies all tokens of a job does the same with those of every single run.
    #[test]
    fn an_answer_about_patterns_holds_for_every_run(text in workflow(), run in run()) {
        let Some(one) = job(&text, run.clone()).filter(|one| !one.tokens.is_empty()) else { return Ok(()) };
        let general = job(&text, Run { fork: Some(false), ..Run::default() }).expect("what runs once is predicted");
        for policy in policies() {
            match decision(&general, &policy) {
                Some(Decision::Undecided) | None => {}
                settled => prop_assert_eq!(settled, decision(&one, &policy), "{}\n{:?}\n{:?}", text, run, policy.1.text()),
            }
        }
    }

    /// The claims of a prediction hold nothing but texts and what is certainly absent, and a pattern is no known claim.
    #[test]
    fn claims_are_known_or_open_never_both(text in workflow()) {
        let Some(job) = job(&text, Run::default()) else { return Ok(()) };
        for token in &job.tokens {
            prop_assert!(token.claims.values().all(|value| value.is_string() || value == &Value::Null));
            let open = token.patterns.keys().chain(token.unknown.keys());
            prop_assert!(open.clone().all(|name| !token.claims.contains_key(name)));
            prop_assert!(token.partial || open.into_iter().all(|name| name != "sub" && name != "aud"));
        }
    }

    #[test]
    fn any_text_is_taken(text in "(on|jobs|steps|uses|if|: |- |\n|  |push|\\[|\\]|\\{|\\}|&a |\\*a|\\$\\{\\{|\\}\\}|'|\\||permissions|id-token|write|./x|é){0,40}") {
        let input = Input { workflows: vec![File { path: "x.yml".to_owned(), text }], ..Input::default() };
        let _ = predict(&input);
        let _ = rolecall_predict::wanted(&input);
    }
}
