//! Input that is meant to hurt: an answer or a clear error, never a hang.

use rolecall_predict::input::File;
use rolecall_predict::{Input, predict};

fn input(text: impl Into<String>) -> Input {
    let file = File {
        path: ".github/workflows/x.yml".to_owned(),
        text: text.into(),
    };
    Input {
        workflows: vec![file],
        ..Input::default()
    }
}

/// The error, or how many jobs and tokens there are.
fn answer(input: &Input) -> String {
    match predict(input) {
        Ok(report) => {
            let tokens: usize = report
                .jobs
                .iter()
                .map(|job| job.tokens.len() + job.more_tokens)
                .sum();
            format!("{} jobs, {tokens} tokens", report.jobs.len())
        }
        Err(report) => report
            .causes
            .iter()
            .map(|cause| cause.summary.as_str())
            .collect(),
    }
}

#[test]
fn five_megabytes_of_script() {
    let script =
        "          echo 'nothing to see here, and ${{ github.ref }} neither'\n".repeat(90_000);
    let text = format!(
        "on: {{push: {{branches: [main]}}}}\njobs:\n  a:\n    permissions: write-all\n    steps:\n      - run: |\n{script}"
    );
    assert!(text.len() > 5 << 20);
    assert_eq!(answer(&input(text)), "1 jobs, 2 tokens");
}

#[test]
fn too_much_is_told_with_its_place() {
    let jobs: String = (0..400).map(|i| format!("  j{i}: {{permissions: write-all, strategy: {{matrix: {{a: [1,2,3,4,5,6,7,8,9], b: [1,2,3,4,5,6,7,8,9]}}}}, steps: [{{run: x}}, {{run: y}}, {{run: z}}]}}\n")).collect();
    let message = "the workflows come to more jobs and runs than are looked at";
    let found = answer(&input(format!("on: [push, create]\njobs:\n{jobs}")));
    assert!(
        found.contains(message) && found.starts_with(".github/workflows/x.yml:"),
        "{found}"
    );
}

/// `(text, the answer)`
#[test]
fn bombs() {
    let laughs: String = (1..40)
        .map(|i| format!("a{i}: &a{i} [*a{0}, *a{0}]\n", i - 1))
        .collect();
    let many = |count: usize, one: &str| {
        (0..count)
            .map(|i| one.replace('#', &i.to_string()))
            .collect::<Vec<_>>()
            .join(", ")
    };
    for (text, expected) in [
        (format!("a0: &a0 [x, x]\n{laughs}on: push\njobs: {{}}"), "anchors and aliases stand for more than 100000 values"),
        ("on: push\njobs: &a {b: *a}".to_owned(), "the alias refers to something that contains it"),
        (format!("on: {}", "[".repeat(10_000)), "recursion limit exceeded"),
        (format!("on: push\njobs: {{a: {{if: \"{}a\", permissions: write-all}}}}", "a && ".repeat(4_000)), "1 jobs, 4 tokens"),
        (format!("on: push\njobs: {{a: {{if: \"{}a{}\", permissions: write-all}}}}", "(".repeat(4_000), ")".repeat(4_000)), "1 jobs, 4 tokens"),
        (format!("on: {{push: {{branches: [{}]}}}}\njobs: {{a: {{permissions: write-all}}}}", many(5_000, "b#*")), "1 jobs, 2 tokens"),
        (format!("on: {{push: {{branches: [{}]}}}}\njobs: {{a: {{permissions: write-all}}}}", many(200, "b#")), "1 jobs, 400 tokens"),
        (format!("on: [{}]\njobs: {{a: {{permissions: write-all}}}}", many(5_000, "push")), "1 jobs, 4 tokens"),
        (format!("on: push\njobs: {{a: {{permissions: write-all, strategy: {{matrix: {{include: [{}]}}}}}}}}", many(5_000, "{k#: #}")), "1 jobs, 4 tokens"),
        (format!("on: push\njobs: {{a: {{permissions: write-all, env: {{{}}}, environment: '${{{{ env.v7 }}}}'}}}}", many(5_000, "v#: x#")), "1 jobs, 4 tokens"),
        ("on: push\njobs: {a: {permissions: write-all, environment: '${{ format(''{0}{0}{0}'', format(''{0}{0}'', github.ref)) }}'}}".to_owned(), "1 jobs, 4 tokens"),
    ] {
        let found = answer(&input(text));
        assert!(found.contains(expected), "{expected}: {found}");
    }
}

#[test]
fn callers_without_end() {
    let uses = |name: &str| {
        format!(
            "on: workflow_call\njobs: {{a: {{uses: ./.github/workflows/{name}.yml}}, b: {{uses: ./.github/workflows/{name}.yml}}}}\n"
        )
    };
    let mut chain = input("on: push\njobs: {a: {uses: ./.github/workflows/c0.yml}}");
    for level in 0..20 {
        chain.callees.insert(
            format!("./.github/workflows/c{level}.yml"),
            uses(&format!("c{}", level + 1)),
        );
    }
    let found = answer(&chain);
    assert!(
        found.contains("reusable workflows are nested deeper than 10 levels"),
        "{found}"
    );

    let mut wide = input("on: push\njobs: {a: {uses: ./.github/workflows/w0.yml}}");
    for level in 0..5 {
        let jobs: String = (0..9)
            .map(|job| format!("j{job}: {{uses: ./.github/workflows/w{}.yml}}, ", level + 1))
            .collect();
        wide.callees.insert(
            format!("./.github/workflows/w{level}.yml"),
            format!("on: workflow_call\njobs: {{{jobs}}}"),
        );
    }
    wide.callees.insert(
        "./.github/workflows/w5.yml".to_owned(),
        "on: workflow_call\njobs: {x: {}}".to_owned(),
    );
    let found = answer(&wide);
    assert!(
        found.contains("the job comes to more than 2000 jobs"),
        "{found}"
    );

    let mut action = input("on: push\njobs: {a: {steps: [{uses: ./act}]}}");
    action.callees.insert(
        "./act".to_owned(),
        "runs: {using: composite, steps: [{uses: ./act}, {uses: ./act}]}".to_owned(),
    );
    let found = answer(&action);
    assert!(
        found.contains("composite actions are nested deeper than 10 levels"),
        "{found}"
    );
}
