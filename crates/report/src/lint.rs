//! What lint found, for eyes and for screen readers.

use annotate_snippets::Level;
use rolecall_core::lint::{LintReport, LintedPolicy};
use rolecall_core::report::{Finding, Severity};

use crate::plain::Sentences;
use crate::text::{Paint, join, snippet::Page};
use crate::{Look, Texts, words};

/// For eyes: every finding with its place, and the count on the last line.
pub(crate) fn text(report: &LintReport, texts: &[Texts<'_>], look: &Look) -> String {
    let mut blocks = Vec::new();
    for (policy, texts) in report.policies.iter().zip(texts) {
        let page = Page::new(texts, look, &[]);
        if report.policies.len() > 1 && !policy.findings.is_empty() {
            blocks.push(look.paint(&name(policy), Paint::Strong));
        }
        let findings = policy.findings.iter();
        blocks
            .extend(findings.map(|finding| page.render(&[page.finding(level(finding), finding)])));
    }
    blocks.push(more(report, look));
    let paint = match report.worst() {
        Some(Severity::Error) => Paint::Bad,
        Some(Severity::Warning) => Paint::Strong,
        _ => Paint::Good,
    };
    blocks.push(look.paint(&words::lint_headline(report), paint));
    join(blocks)
}

fn name(policy: &LintedPolicy) -> String {
    words::policy_name(&policy.source, &policy.path)
}

const fn level(finding: &Finding) -> Level<'static> {
    match finding.severity {
        Severity::Error => Level::ERROR,
        Severity::Warning => Level::WARNING,
        Severity::Info => Level::INFO,
    }
}

fn more(report: &LintReport, look: &Look) -> String {
    let findings = report.policies.iter().flat_map(|policy| &policy.findings);
    let worst = findings.min_by_key(|finding| finding.severity);
    worst.map_or_else(String::new, |worst| {
        let command = format!("rolecall explain {}", worst.rule);
        format!("More about this: {}", look.paint(&command, Paint::Strong))
    })
}

/// For screen readers and logs.
pub(crate) fn plain(report: &LintReport, texts: &[Texts<'_>]) -> String {
    let headline = words::lint_headline(report);
    let mut out = Sentences::default();
    out.say(&headline);
    for (policy, texts) in report.policies.iter().zip(texts) {
        out.labelled("Policy", &name(policy));
        if policy.findings.is_empty() {
            out.sentence("Nothing was found");
        }
        for finding in &policy.findings {
            out.finding(finding, texts);
        }
        if !policy.storable.accepted {
            out.sentence(&words::refusal(&policy.storable));
        }
    }
    out.say(&headline);
    out.text
}
