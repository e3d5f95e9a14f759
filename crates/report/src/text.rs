//! Answers for eyes: the place in the policy, both values one above the other, what to do, and the
//! verdict on the last line, where a terminal leaves the eye.

mod look;
pub(crate) mod parts;
pub(crate) mod snippet;

use annotate_snippets::{Group, Level};
use rolecall_core::fix::FixReport;
use rolecall_core::report::{
    Cause, CheckOutcome, CheckReport, Decision, Edit, ErrorReport, Finding, Severity, Storable,
};

use crate::{Look, Texts, clean, fix, words};
pub(crate) use look::Paint;
use snippet::Page;

/// The answer to a check.
pub(crate) fn check(report: &CheckReport, texts: &Texts<'_>, look: &Look) -> String {
    let page = Page::new(texts, look, &report.statements);
    let mut blocks = vec![parts::notes(&report.notes, look)];
    if look.verbose || failed_before_the_policy(report) {
        blocks.push(parts::checks(
            "What STS checks, in its order",
            &report.checks,
            look,
        ));
    }
    blocks.extend(causes(&page, report));
    blocks.extend(findings(&page, report));
    if look.verbose {
        blocks.push(parts::statements(&report.statements, texts, look));
    }
    blocks.push(parts::unknowns(&report.unknowns, look));
    blocks.push(parts::session(report));
    blocks.push(more(report, look));
    blocks.push(look.paint(&words::verdict(report), color_of(report.decision)));
    join(blocks)
}

/// Why nothing was decided.
pub(crate) fn error(report: &ErrorReport, texts: &Texts<'_>, look: &Look) -> String {
    let page = Page::new(texts, look, &[]);
    let mut blocks: Vec<String> = report
        .causes
        .iter()
        .map(|cause| page.render(&[page.cause(Level::ERROR, cause)]))
        .collect();
    blocks.push(look.paint(&words::no_verdict(report, texts), Paint::Strong));
    join(blocks)
}

/// The repairs of a policy, each as a difference with its proof.
pub(crate) fn repairs(report: &FixReport, texts: &Texts<'_>, look: &Look) -> Vec<String> {
    let page = Page::new(texts, look, &[]);
    let one = |(index, edit): (usize, &Edit)| {
        let title = format!("{}, {}", fix::title(index, report), fix::label(edit.label));
        let group = page.repair(edit, &title, &fix::proof(edit))?;
        Some(page.render(&[group]))
    };
    report.edits.iter().enumerate().filter_map(one).collect()
}

pub(crate) fn join(blocks: Vec<String>) -> String {
    let filled: Vec<&str> = blocks
        .iter()
        .map(|block| block.trim_end())
        .filter(|block| !block.is_empty())
        .collect();
    filled.join("\n\n") + "\n"
}

const fn color_of(decision: Decision) -> Paint {
    match decision {
        Decision::Allow => Paint::Good,
        Decision::Deny => Paint::Bad,
        Decision::Undecided => Paint::Strong,
    }
}

/// Before the trust policy is asked, STS checks the request, the token and the provider.
fn failed_before_the_policy(report: &CheckReport) -> bool {
    let before = report
        .checks
        .split_last()
        .map_or(&[][..], |(_, before)| before);
    before
        .iter()
        .any(|check| check.outcome == CheckOutcome::Fail)
}

/// The first cause in full with its repair, the others shorter.
fn causes(page: &Page<'_>, report: &CheckReport) -> Vec<String> {
    let Some((first, others)) = report.causes.split_first() else {
        return page.unknown_places(&report.unknowns);
    };
    let level = match report.decision {
        Decision::Deny => Level::ERROR,
        _ => Level::WARNING.with_name("undecided"),
    };
    let mut groups = vec![page.cause(level, first)];
    groups.extend(first.fix.as_ref().and_then(|fix| page.fix(fix)));
    let mut blocks = vec![page.render(&groups)];
    blocks.extend(others.iter().map(|cause| page.render(&[also(page, cause)])));
    blocks
}

fn also<'a>(page: &'a Page<'_>, cause: &Cause) -> Group<'a> {
    page.brief(
        Level::NOTE.with_name("also"),
        cause.id.as_str(),
        &cause.summary,
        cause.location.as_ref(),
        &cause.help,
    )
}

/// What lint says: what is only worth knowing is left to `--verbose`, and what is a cause was said.
fn findings(page: &Page<'_>, report: &CheckReport) -> Vec<String> {
    let is_cause = |finding: &Finding| {
        report
            .causes
            .iter()
            .any(|cause| cause.id.as_str() == finding.rule)
    };
    let is_shown = |finding: &&Finding| {
        (page.look.verbose || finding.severity != Severity::Info) && !is_cause(finding)
    };
    report
        .findings
        .iter()
        .filter(is_shown)
        .map(|finding| page.render(&[brief_finding(page, finding, &report.storable)]))
        .collect()
}

fn brief_finding<'a>(page: &'a Page<'_>, finding: &Finding, storable: &Storable) -> Group<'a> {
    let level = match finding.severity {
        Severity::Error | Severity::Warning => Level::WARNING,
        Severity::Info => Level::NOTE,
    };
    let help = Some(&finding.help).filter(|help| Some(*help) != storable.message.as_ref());
    let group = page.brief(
        level,
        finding.rule,
        &finding.summary,
        Some(&finding.location),
        help.map_or("", String::as_str),
    );
    let answer = (finding.rule == "not_storable").then(|| page.note(&words::refusal(storable)));
    group.elements(answer)
}

/// Where to read on.
fn more(report: &CheckReport, look: &Look) -> String {
    report.causes.first().map_or_else(String::new, |cause| {
        let command = format!("rolecall explain {}", cause.id.as_str());
        format!(
            "More about this: {}",
            look.paint(&clean::line(&command), Paint::Strong)
        )
    })
}
