//! The page that lists all rules: `docs/rules.md`.

use rolecall_core::guide::Page;
use rolecall_core::lint::{RULES, Rule};

use crate::words;

const HEAD: &str = "\
# Rules

What `rolecall lint` looks for, and what stands under `findings` in the answer of `rolecall check`. `rolecall explain RULE`
prints the same. An **error** does not work, or lets outsiders in; a **warning** is probably not meant; an **info** is worth
knowing. Given is the worst severity of a rule. In the examples the key prefix `token.actions.githubusercontent.com:` is left
out, and `PROVIDER` stands for the ARN of GitHub's identity provider.
";

/// All rules as Markdown: a table, then a section a rule.
pub(crate) fn markdown() -> String {
    let mut text = format!("{HEAD}\n| rule | severity | what it finds |\n| --- | --- | --- |\n");
    for rule in RULES {
        text.push_str(&format!(
            "| [`{id}`](#{id}) | {} | {} |\n",
            words::severity(rule.severity),
            rule.page().map_or("", |page| page.title),
            id = rule.id,
        ));
    }
    text.extend(
        RULES
            .iter()
            .filter_map(|rule| Some(section(rule, rule.page()?))),
    );
    text
}

fn section(rule: &Rule, page: &Page) -> String {
    let sources: String = page
        .sources
        .iter()
        .map(|source| format!("* {source}\n"))
        .collect();
    format!(
        "\n## {}\n\n{} Severity: {}.\n\n{}\n\n**How to recognise it.** {}\n\n**What to do.** {}\n\n\
         Found:\n\n{}\nNot found:\n\n{}\nSources:\n\n{sources}",
        rule.id,
        page.title,
        words::severity(rule.severity),
        page.meaning,
        page.recognise,
        page.what_to_do,
        fenced(page.example_before),
        fenced(page.example_after),
    )
}

fn fenced(example: &str) -> String {
    format!("```\n{}\n```\n", example.trim_end())
}
