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
use crate::page::{Found, Page};
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
        let (report, in_box) = (self.report, self.in_box);
        // A repair is shown in the text that it is of.
        let is_here = |_: &&Found| {
            self.page
                .found_of
                .as_ref()
                .is_none_or(|of| of == self.policy)
        };
        let proved = self.page.found.as_ref().filter(is_here);
        let why = Why {
            report,
            token: self.token,
            in_box,
        };
        html! {
            <>
                { why.view() }
                { repair::view(report, proved, self.policy, in_box) }
                { self.triggers() }
                { self.who() }
                { self.change() }
                { self.trace() }
                { self.findings() }
                { checks(report) }
            </>
        }
    }

    /// What can be said of a policy alone.
    fn of_policy(&self) -> Html {
        html! {
            <>
                { self.triggers() }
                { self.who() }
                { self.change() }
                { self.findings() }
            </>
        }
    }

    /// What was found out is of the text before: it stays in its place, in grey, until the new answers are there.
    fn is_awaited(&self) -> bool {
        self.page.found_of.is_some()
    }

    /// What stands beside the heading of an answer about all tokens.
    fn meta(&self, meta: &'static str) -> Html {
        if !self.is_awaited() {
            html! { meta }
        } else if self.page.outcome == "unreadable" {
            html! { "of the last valid text" }
        } else {
            html! { "of the text before: looking again …" }
        }
    }

    fn awaited(&self, body: Html) -> Html {
        // The whole column is grey where a text can't be read.
        if self.is_awaited() && self.page.outcome != "unreadable" {
            html! { <div class="stale">{ body }</div> }
        } else {
            body
        }
    }

    fn who(&self) -> Html {
        let body = who::view(self.page.found.as_ref(), self.in_box && !self.is_awaited());
        let meta = self.meta("this policy, whatever the token");
        part("who", "Who else gets in", meta, self.awaited(body))
    }

    fn change(&self) -> Html {
        let body = who::change(self.page.found.as_ref(), self.page.is_kept, self.in_box);
        part("change", "What a change does", html! {}, body)
    }

    fn findings(&self) -> Html {
        let (found, of_check) = (self.page.found.as_ref(), &self.report.findings);
        match found {
            None if of_check.is_empty() => {
                let looking = html! { <p class="working">{ "Looking at the policy …" }</p> };
                part("findings", "Findings", html! {}, looking)
            }
            // A verdict comes without them: those of the text before stand in their place.
            Some(found) if of_check.is_empty() && self.is_awaited() => {
                let list = findings(&found.findings, false);
                part("findings", "Findings", self.meta(""), self.awaited(list))
            }
            _ => {
                let count = of_check.len();
                let meta = if count == 0 {
                    "none".to_owned()
                } else {
                    format!("{count} in this policy, worst first")
                };
                part(
                    "findings",
                    "Findings",
                    html! { meta },
                    findings(of_check, self.in_box),
                )
            }
        }
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
            Some(found) => self.awaited(html! {
                <>
                    { triggers::strip(found, self.page.what_if.as_ref().map(|what_if| &what_if.claims)) }
                    <p class="sub">{ "Runs of the token's repository, or of the one that the policy names, each at its issue. A fork's pull request gets no token at all." }</p>
                </>
            }),
        };
        let meta = self.meta("press one to judge its claims");
        part("triggers", "Usual triggers", meta, body)
    }
}

/// What is remarkable about the policy, whatever the token.
fn findings(findings: &[Finding], in_box: bool) -> Html {
    if findings.is_empty() {
        return html! { <p class="sub">{ "Nothing to remark." }</p> };
    }
    html! { <ul class="finds">{ rows(findings, |one| finding(one, in_box)) }</ul> }
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
