//! The answer column: why, repair, who else, what a change does, trace, findings, STS's checks.

use super::explain;
use super::marks::is_in_place;
use super::repair;
use super::trace::Trace;
use super::triggers;
use super::who;
use super::why::Why;
use crate::act::Act;
use crate::html;
use crate::html::Html;
use crate::page::Page;
use crate::report::{Check, CheckReport, Finding, InspectReport, Session};
use crate::words::{State, definitions, duration, icon, part, place, prose, rows, sentence};

/// What the column shows.
pub(super) struct Column<'a> {
    pub(super) report: &'a CheckReport,
    pub(super) token: Option<&'a InspectReport>,
    /// The text that the report is about.
    pub(super) policy: &'a str,
    /// The report is of the text in the box.
    pub(super) in_box: bool,
    /// What is known besides.
    pub(super) page: &'a Page,
}

/// The column for what is entered.
pub(super) fn view(page: &Page) -> Html {
    let of_box = |report| Column {
        report,
        token: page.inspect.as_ref(),
        policy: &page.policy,
        in_box: is_in_place(report, &page.policy),
        page,
    };
    let answer = match (page.outcome.as_str(), &page.check, &page.earlier) {
        ("decided", Some(report), _) => of_box(report).view(),
        ("no-token", Some(report), _) => {
            return html! { <>{ warning(page) }{ of_box(report).of_policy() }</> };
        }
        ("unreadable", _, Some(earlier)) => {
            let column = Column {
                report: &earlier.check,
                token: earlier.inspect.as_ref(),
                policy: &earlier.policy,
                in_box: false,
                page,
            };
            html! { <>{ stale(&earlier.check.decision) }<div class="stale">{ column.view() }</div></> }
        }
        ("unreadable", ..) => Html::default(),
        _ => return Html::default(),
    };
    html! { <>{ warning(page) }{ answer }{ actions() }</> }
}

/// What must not be missed. It comes later than the verdict, and so stands where it moves no box.
fn warning(page: &Page) -> Html {
    if !page.is_open() || page.outcome == "unreadable" {
        return Html::default();
    }
    html! {
        <p class="warnrow">
            { icon("warning") }
            <span><b>{ "Open to outsiders." }</b>{ " Somebody who has nothing to do with you can get a token that this policy lets in: see Who else gets in." }</span>
        </p>
    }
}

/// The report to take away, as every face of rolecall writes it.
fn actions() -> Html {
    html! {
        <div class="part actions">
            <button type="button" class="btn" data-do={Act::CopyAnswer("json".to_owned())}>{ "Copy as JSON" }</button>
        </div>
    }
}

impl Column<'_> {
    /// The answer to a decided case.
    fn view(&self) -> Html {
        let (report, found, in_box) = (self.report, self.page.found.as_ref(), self.in_box);
        let why = Why {
            report,
            token: self.token,
            in_box,
        };
        html! {
            <>
                { why.view() }
                { repair::view(report, found, self.policy, in_box) }
                { self.triggers() }
                { who::view(found, in_box) }
                { who::change(found, self.page.is_kept, in_box) }
                { self.trace() }
                { self.findings() }
                { checks(report) }
            </>
        }
    }

    /// What can be said of a policy alone.
    fn of_policy(&self) -> Html {
        let (found, in_box) = (self.page.found.as_ref(), self.in_box);
        html! {
            <>
                { self.triggers() }
                { who::view(found, in_box) }
                { who::change(found, self.page.is_kept, in_box) }
                { self.findings() }
            </>
        }
    }

    fn findings(&self) -> Html {
        if self.page.found.is_none() && self.report.findings.is_empty() {
            let looking = html! { <p class="working">{ "Looking at the policy …" }</p> };
            return part("findings", "Findings", html! {}, looking);
        }
        findings(self.report, self.in_box)
    }

    fn trace(&self) -> Html {
        Trace {
            report: self.report,
            caret: self.page.caret,
            shows_all: self.page.shows_all,
            in_box: self.in_box,
        }
        .view()
    }

    fn triggers(&self) -> Html {
        let found = self.page.found.as_ref();
        let found = found.map(|found| found.triggers.triggers.as_slice());
        let body = match found {
            None => html! { <p class="working">{ "Judging the usual triggers …" }</p> },
            Some([]) => return html! {},
            Some(found) => html! {
                <>
                    { triggers::strip(found, self.page.what_if.as_ref().map(|what_if| &what_if.claims)) }
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
fn findings(report: &CheckReport, in_box: bool) -> Html {
    if report.findings.is_empty() {
        return part(
            "findings",
            "Findings",
            html! { "none" },
            html! { <p class="sub">{ "Nothing to remark." }</p> },
        );
    }
    let meta = html! { format!("{} in this policy, worst first", report.findings.len()) };
    let list =
        html! { <ul class="finds">{ rows(&report.findings, |one| finding(one, in_box)) }</ul> };
    part("findings", "Findings", meta, list)
}

pub(super) fn finding(finding: &Finding, in_box: bool) -> Html {
    let state = State::of_severity(&finding.severity);
    html! {
        <li>
            { state.icon() }
            <div>
                { prose(&sentence(&finding.summary)) }
                <small>{ prose(&sentence(&finding.help)) }</small>
                <span class="rule">
                    { state.word }{ " " }{ explain::id(&finding.rule) }
                    if let Some(location) = &finding.location { { " at " }{ place(location, in_box) } }
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
fn stale(decision: &str) -> Html {
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
