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

/// The work is counted, and too much of it is told: no shape of five megabytes gets an answer bit by bit.
#[test]
fn five_megabytes_of_many_things() {
    let many = |count: usize, one: &str| -> String {
        (0..count)
            .map(|i| one.replace('#', &i.to_string()))
            .collect()
    };
    let pad = "x".repeat(230);
    let too_much = "the workflows come to more jobs and runs than are looked at";
    for (text, expected) in [
        (
            format!(
                "on: push\njobs:\n{}",
                many(
                    14_500,
                    &format!(
                        "  j#: {{permissions: write-all, environment: production, steps: [{{run: '{pad}'}}]}}\n"
                    )
                )
            ),
            too_much,
        ),
        (
            format!(
                "on: push\nenv:\n{}jobs: {{a: {{permissions: write-all, steps: [{{run: x}}]}}}}",
                many(
                    70_000,
                    "  V#: 'yyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyy'\n"
                )
            ),
            too_much,
        ),
        (
            format!(
                "on: push\njobs:\n  a:\n    permissions: write-all\n    steps:\n{}",
                many(
                    50_000,
                    "      - {run: 'echo # nothing that assumes a role stands here, and none is found'}\n"
                )
            ),
            too_much,
        ),
        (
            format!(
                "on: push\njobs:\n  a:\n    permissions: write-all\n    steps:\n{}",
                many(
                    9_000,
                    "      - {uses: aws-actions/configure-aws-credentials@v6, with: {role-to-assume: 'arn:aws:iam::111122223333:role/r#', aws-region: eu-west-1}}\n"
                )
            ),
            too_much,
        ),
        (
            format!(
                "on: {{push: {{branches: [{}]}}}}\njobs: {{a: {{permissions: write-all, steps: [{{run: x}}]}}}}",
                many(200_000, "branch#,")
            ),
            "1 jobs, 2 tokens",
        ),
        (
            format!(
                "on: push\njobs: {{a: {}{}}}",
                "{a: ".repeat(200_000),
                "}".repeat(200_000)
            ),
            "nested deeper than 96 levels",
        ),
    ] {
        let found = answer(&input(text));
        assert!(found.contains(expected), "{expected}: {found}");
        assert!(
            found.starts_with(".github/workflows/x.yml:") || found.ends_with("tokens"),
            "{found}"
        );
    }
}

#[test]
fn wide_matrices() {
    let values: Vec<String> = (0..256).map(|i| format!("v{i}")).collect();
    let list = values.join(", ");
    let text = format!(
        "on: push\njobs: {{a: {{permissions: write-all, environment: '${{{{ matrix.a }}}}', strategy: {{matrix: {{a: [{list}], b: [{list}], c: [{list}]}}}}}}}}"
    );
    assert_eq!(answer(&input(text)), "1 jobs, 8 tokens");
}

/// Workflows that call each other in a ring.
#[test]
fn rings() {
    for length in [1, 2, 50] {
        let mut ring = input("on: push\njobs: {a: {uses: ./.github/workflows/r0.yml}}");
        for at in 0..length {
            ring.callees.insert(
                format!("./.github/workflows/r{at}.yml"),
                format!(
                    "on: workflow_call\njobs: {{a: {{uses: ./.github/workflows/r{}.yml}}}}\n",
                    (at + 1) % length
                ),
            );
        }
        let found = answer(&ring);
        assert!(
            found.contains("calls itself") || found.contains("nested deeper"),
            "{length}: {found}"
        );
    }
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
        (format!("on: push\njobs: {{a: {{if: \"{}vars\", permissions: write-all}}}}", "vars && ".repeat(2_500)), "1 jobs, 4 tokens"),
        (format!("on: push\njobs: {{a: {{if: \"{}a{}\", permissions: write-all}}}}", "(".repeat(4_000), ")".repeat(4_000)), "1 jobs, 4 tokens"),
        (format!("on: {{push: {{branches: [{}]}}}}\njobs: {{a: {{permissions: write-all}}}}", many(5_000, "b#*")), "1 jobs, 2 tokens"),
        (format!("on: {{push: {{branches: [{}]}}}}\njobs: {{a: {{permissions: write-all}}}}", many(200, "b#")), "1 jobs, 400 tokens"),
        (format!("on: [{}]\njobs: {{a: {{permissions: write-all}}}}", many(5_000, "push")), "1 jobs, 4 tokens"),
        (format!("on: push\njobs: {{a: {{permissions: write-all, strategy: {{matrix: {{include: [{}]}}}}}}}}", many(5_000, "{k#: #}")), "1 jobs, 4 tokens"),
        (format!("on: push\njobs: {{a: {{permissions: write-all, env: {{{}}}, environment: '${{{{ env.v7 }}}}'}}}}", many(5_000, "v#: x#")), "`env` is not available here: GitHub refuses the workflow"),
        ("on: push\njobs: {a: {if: matrix.x == 1, permissions: write-all, strategy: {matrix: {x: [1]}}}}".to_owned(), "`matrix` is not available here"),
        ("on: push\njobs: {a: {environment: {name: '${{ secrets.STAGE }}'}, permissions: write-all}}".to_owned(), "`secrets` is not available here"),
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
