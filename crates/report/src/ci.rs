//! Answers about policies as CI systems take them: annotations of GitHub Actions, SARIF, Markdown.
//!
//! Each answer is first turned into [`Notice`]s and a headline; the three renderers know only these.

pub(crate) mod github;
pub(crate) mod markdown;
pub(crate) mod sarif;

use std::borrow::Cow;

use rolecall_core::lint::LintReport;
use rolecall_core::report::{
    Cause, CheckReport, Decision, Document, ErrorReport, Finding, Location, Severity,
};

use crate::{Format, Texts, clean, words};

/// One thing to tell: what, how bad, and where.
#[derive(Debug, Clone)]
pub(crate) struct Notice<'a> {
    /// The id of a cause or a rule.
    pub(crate) id: &'a str,
    pub(crate) severity: Severity,
    /// One sentence.
    pub(crate) summary: Cow<'a, str>,
    /// What to do.
    pub(crate) help: &'a str,
    /// What the user calls the text that the place is in.
    pub(crate) file: &'a str,
    pub(crate) location: Option<&'a Location>,
    /// Where in that text the policy is, where it has several.
    pub(crate) within: &'a str,
    /// The text at the place.
    pub(crate) snippet: &'a str,
}

/// All that there is to tell of an answer, worst first, and the answer in one line.
pub(crate) struct Told<'a> {
    pub(crate) headline: String,
    pub(crate) notices: Vec<Notice<'a>>,
}

impl<'a> Told<'a> {
    /// Sorts the notices: of those that are equally bad the order is kept.
    pub(crate) fn new(headline: String, mut notices: Vec<Notice<'a>>) -> Self {
        notices.sort_by_key(|notice| notice.severity);
        Self { headline, notices }
    }

    /// Writes it in one of the three formats.
    pub(crate) fn render(&self, format: Format) -> String {
        match format {
            Format::Sarif => sarif::render(self),
            Format::Markdown => markdown::render(self),
            _ => github::render(self),
        }
    }
}

impl<'a> Notice<'a> {
    fn of_cause(cause: &'a Cause, severity: Severity, texts: &Texts<'a>) -> Self {
        Self {
            id: cause.id.as_str(),
            severity,
            summary: cause.summary.as_str().into(),
            help: &cause.help,
            ..Self::at(cause.location.as_ref(), texts)
        }
    }

    pub(crate) fn of_finding(finding: &'a Finding, texts: &Texts<'a>) -> Self {
        Self {
            id: finding.rule,
            severity: finding.severity,
            summary: finding.summary.as_str().into(),
            help: &finding.help,
            ..Self::at(Some(&finding.location), texts)
        }
    }

    /// A notice about a place; its words are still to be filled in.
    pub(crate) fn at(location: Option<&'a Location>, texts: &Texts<'a>) -> Self {
        let document = location.map_or(Document::Policy, |location| location.document);
        let range = location.map(|location| location.start.byte..location.end.byte);
        // The token's text is never shown, nor is anything made of it.
        let snippet = range.filter(|_| document == Document::Policy);
        Self {
            id: "",
            severity: Severity::Info,
            summary: "".into(),
            help: "",
            file: words::document(document, texts),
            location,
            within: "",
            snippet: snippet
                .and_then(|range| texts.policy.get(range))
                .unwrap_or_default(),
        }
    }

    /// `file:line:column`, or the file alone.
    pub(crate) fn place(&self) -> String {
        match self.location {
            Some(location) => format!(
                "{}:{}:{}",
                clean::line(self.file),
                location.start.line,
                location.start.column
            ),
            None => clean::line(self.file),
        }
    }
}

/// The answer to a check: its causes, then what lint says of the policy. What is a cause is told once.
pub(crate) fn check<'a>(report: &'a CheckReport, texts: &Texts<'a>) -> Told<'a> {
    let severity = match report.decision {
        Decision::Deny => Severity::Error,
        _ => Severity::Warning,
    };
    let causes = report.causes.iter();
    let causes = causes.map(|cause| Notice::of_cause(cause, severity, texts));
    let is_cause = |finding: &&Finding| {
        let mut causes = report.causes.iter();
        causes.any(|cause| cause.id.as_str() == finding.rule)
    };
    let findings = report.findings.iter().filter(|finding| !is_cause(finding));
    let findings = findings.map(|finding| Notice::of_finding(finding, texts));
    let unknowns = report.unknowns.iter().map(|fact| Notice {
        id: "undecided",
        severity: Severity::Warning,
        summary: format!("the answer depends on {}", fact.key).into(),
        help: "give what is known of it: --claim, --context, --absent or --jwks",
        ..Notice::at(None, texts)
    });
    let notices = causes.chain(unknowns).chain(findings).collect();
    Told::new(words::verdict(report), notices)
}

/// Why nothing was decided.
pub(crate) fn error<'a>(report: &'a ErrorReport, texts: &Texts<'a>) -> Told<'a> {
    let causes = report.causes.iter();
    let notices = causes.map(|cause| Notice::of_cause(cause, Severity::Error, texts));
    Told::new(words::no_verdict(report, texts), notices.collect())
}

/// What lint found; one text a policy.
pub(crate) fn lint<'a>(report: &'a LintReport, texts: &[Texts<'a>]) -> Told<'a> {
    let policies = report.policies.iter().zip(texts);
    let notices = policies.flat_map(|(policy, texts)| {
        let findings = policy.findings.iter();
        findings.map(|finding| Notice {
            within: &policy.path,
            ..Notice::of_finding(finding, texts)
        })
    });
    Told::new(words::lint_headline(report), notices.collect())
}
