//! The answer column: why, repair, who else, what a change does, trace, findings, STS's checks.

use yew::prelude::*;

use crate::analysis::Found;
use crate::explain;
use crate::html::html;
use crate::repair;
use crate::report::{Check, CheckReport, Finding, InspectReport, Session};
use crate::send::Send;
use crate::trace::Trace;
use crate::triggers;
use crate::who;
use crate::why::Why;
use crate::words::{
    Select, State, definitions, duration, icon, part, place, prose, rows, sentence,
};

/// What the column shows, and what can be done in it.
pub(crate) struct Column<'a> {
    pub(crate) report: &'a CheckReport,
    pub(crate) token: Option<&'a InspectReport>,
    /// The text that the report is about.
    pub(crate) policy: &'a str,
    /// `None`: still being found out.
    pub(crate) found: Option<&'a Found>,
    pub(crate) what_if: Option<&'a crate::input::WhatIf>,
    pub(crate) is_kept: bool,
    pub(crate) caret: Option<u32>,
    pub(crate) shows_all: bool,
    /// `None`: another text stands in the box by now.
    pub(crate) select: Option<&'a Select>,
    pub(crate) send: &'a Send,
}

impl Column<'_> {
    /// The answer to a decided case.
    pub(crate) fn view(&self) -> Html {
        let report = self.report;
        let why = Why {
            report,
            token: self.token,
            select: self.select,
            send: self.send,
        };
        let acting = self.select.map(|_| self.send);
        html! {
            <>
                { why.view() }
                { repair::view(report, self.found, self.policy, acting) }
                { self.triggers() }
                { who::view(self.found, acting) }
                { who::change(self.found, self.is_kept, acting) }
                { self.trace(acting) }
                { self.findings() }
                { checks(report) }
            </>
        }
    }

    /// What can be said of a policy alone.
    pub(crate) fn of_policy(&self) -> Html {
        let acting = self.select.map(|_| self.send);
        html! {
            <>
                { self.triggers() }
                { who::view(self.found, acting) }
                { who::change(self.found, self.is_kept, acting) }
                { self.findings() }
            </>
        }
    }

    fn findings(&self) -> Html {
        if self.found.is_none() && self.report.findings.is_empty() {
            let looking = html! { <p class="working">{ "Looking at the policy …" }</p> };
            return part("findings", "Findings", html! {}, looking);
        }
        findings(self.report, self.select, self.send)
    }

    fn trace(&self, send: Option<&Send>) -> Html {
        Trace {
            report: self.report,
            caret: self.caret,
            shows_all: self.shows_all,
            send,
        }
        .view()
    }

    fn triggers(&self) -> Html {
        let found = self.found.map(|found| found.triggers.as_slice());
        let body = match found {
            None => html! { <p class="working">{ "Judging the usual triggers …" }</p> },
            Some([]) => return html! {},
            Some(found) => html! {
                <>
                    { triggers::strip(found, self.what_if, self.send) }
                    <p class="sub">{ "Runs of the token's repository, or of the one that the policy names, each at its issue. A fork's pull request gets no token at all." }</p>
                </>
            },
        };
        part(
            "triggers",
            "Usual triggers",
            html! { "press one to judge its claims" },
            body,
        )
    }
}

/// What is remarkable about the policy, whatever the token.
fn findings(report: &CheckReport, select: Option<&Select>, send: &Send) -> Html {
    if report.findings.is_empty() {
        return part(
            "findings",
            "Findings",
            html! { "none" },
            html! { <p class="sub">{ "Nothing to remark." }</p> },
        );
    }
    let meta = html! { format!("{} in this policy, worst first", report.findings.len()) };
    let list = html! { <ul class="finds">{ rows(&report.findings, |one| finding(one, select, send)) }</ul> };
    part("findings", "Findings", meta, list)
}

pub(crate) fn finding(finding: &Finding, select: Option<&Select>, send: &Send) -> Html {
    let state = State::of_severity(&finding.severity);
    html! {
        <li>
            { state.icon() }
            <div>
                { prose(&sentence(&finding.summary)) }
                <small>{ prose(&sentence(&finding.help)) }</small>
                <span class="rule">
                    { state.word }{ " " }{ explain::id(&finding.rule, send) }
                    if let Some(location) = &finding.location { { " at " }{ place(location, select) } }
                </span>
            </div>
        </li>
    }
}

/// What STS checks, in its own order.
fn checks(report: &CheckReport) -> Html {
    let body = html! {
        <>
            <ol class="checks">{ rows(&report.checks, check) }</ol>
            { report.session.as_ref().map(session).unwrap_or_default() }
        </>
    };
    part("l-checks", "Checks", html! { "in the order of STS" }, body)
}

fn check(check: &Check) -> Html {
    let state = State::of_check(&check.outcome);
    html! {
        <li>
            { state.icon() }
            <span class="word">{ state.word }</span>
            <b>{ check_name(&check.id) }</b>
            <span class="fact">{ prose(&check.summary) }</span>
        </li>
    }
}

/// `token-times`: `Token times`
fn check_name(id: &str) -> String {
    let words = id.replace('-', " ");
    let mut letters = words.chars();
    let first = letters.next().map(|c| c.to_ascii_uppercase().to_string());
    first.unwrap_or_default() + letters.as_str()
}

fn session(session: &Session) -> Html {
    let known = [
        ("role session", &session.assumed_role_arn),
        ("subject", &session.subject),
        ("audience", &session.audience),
        ("provider", &session.provider),
    ];
    html! {
        <>
            <p class="sub">{ format!("STS would issue credentials for {}:", duration(session.expires_in_seconds)) }</p>
            { definitions(&known) }
        </>
    }
}

/// Says that the answer below is of an earlier text.
pub(crate) fn stale(decision: &str) -> Html {
    html! {
        <p class="stalebar">
            { icon("note") }
            <span>
                <b>{ format!("From the last valid text: {}.", State::of_decision(decision).word) }</b>
                { " Kept here without colour until both texts can be read again." }
            </span>
        </p>
    }
}
