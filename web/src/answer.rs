//! The answer column: why, what hangs on what, what STS checks, the trace, the findings.

use rolecall_core::report::{
    Answer, Check, CheckId, CheckReport, Decision, Finding, Session, UnknownFact,
};
use yew::prelude::*;

use crate::cause::Scene;
use crate::trace;
use crate::words::{
    Select, State, definitions, duration, icon, place, prose, rows, sentence, visible,
};

/// What the column shows, and what can be done in it.
pub(crate) struct Column<'a> {
    pub(crate) report: &'a CheckReport,
    /// The text that the report is about.
    pub(crate) policy: &'a str,
    /// `None`: another text stands in the box by now.
    pub(crate) select: Option<&'a Select>,
    /// Whether the trace is unfolded, and what to call when that changes.
    pub(crate) trace: (bool, &'a Callback<Event>),
}

impl Column<'_> {
    /// The whole answer.
    pub(crate) fn view(&self) -> Html {
        let report = self.report;
        html! {
            <>
                { self.why() }
                { for report.session.as_ref().map(session) }
                { checks(&report.checks) }
                { self.trace() }
                { findings(report, self.select) }
            </>
        }
    }

    fn why(&self) -> Html {
        if self.report.decision == Decision::Allow {
            return html! {};
        }
        let scene = Scene {
            policy: self.policy,
            select: self.select,
        };
        html! {
            <section aria-labelledby="why">
                <h2 id="why">{ "Why" }</h2>
                { for self.report.unknowns.iter().map(unknown) }
                <ol class="causes">{ rows(&self.report.causes, |cause| scene.view(cause)) }</ol>
            </section>
        }
    }

    /// Made only once it is unfolded: a long policy has a long trace.
    fn trace(&self) -> Html {
        let (open, ontoggle) = self.trace;
        html! {
            <section>
                <details {open} ontoggle={ontoggle.clone()}>
                    <summary><h2>{ "Trace" }</h2>{ " " }<span class="meta">{ "statement by statement" }</span></summary>
                    if open {
                        { trace::view(self.report, self.select) }
                    }
                </details>
            </section>
        }
    }
}

fn unknown(fact: &UnknownFact) -> Html {
    html! {
        <table class="answers">
            <thead><tr><th scope="col">{ "If " }<code>{ visible(&fact.key) }</code>{ " is" }</th><th scope="col">{ "then" }</th></tr></thead>
            <tbody>{ for fact.answers.iter().take(crate::words::MOST_ROWS).map(answer) }</tbody>
        </table>
    }
}

fn answer(answer: &Answer) -> Html {
    let state = State::from(answer.decision);
    html! { <tr><td>{ visible(&answer.value) }</td><td>{ state.icon() }{ " " }{ state.word }</td></tr> }
}

fn session(session: &Session) -> Html {
    let known = [
        ("role session", &session.assumed_role_arn),
        ("subject", &session.subject),
        ("audience", &session.audience),
        ("provider", &session.provider),
    ];
    html! {
        <section aria-labelledby="session">
            <h2 id="session">{ "Session" }</h2>{ " " }
            <span class="meta">{ format!("credentials for {}", duration(session.expires_in_seconds)) }</span>
            { definitions(&known) }
        </section>
    }
}

fn checks(checks: &[Check]) -> Html {
    html! {
        <section aria-labelledby="checks">
            <h2 id="checks">{ "Checks" }</h2>{ " " }<span class="meta">{ "in the order of STS" }</span>
            <ol class="checks">{ rows(checks, check) }</ol>
        </section>
    }
}

fn check(check: &Check) -> Html {
    let state = State::from(check.outcome);
    html! {
        <li>
            { state.icon() }
            <span class="word">{ state.word }</span>
            <b>{ check_name(check.id) }</b>
            <span class="fact">{ prose(&check.summary) }</span>
        </li>
    }
}

const fn check_name(id: CheckId) -> &'static str {
    match id {
        CheckId::Request => "Request",
        CheckId::TokenFormat => "Token format",
        CheckId::RequiredClaims => "Required claims",
        CheckId::TokenTimes => "Token times",
        CheckId::Provider => "Provider",
        CheckId::Audience => "Audience",
        CheckId::Signature => "Signature",
        CheckId::SessionDuration => "Session duration",
        CheckId::TrustPolicy => "Trust policy",
    }
}

/// What is remarkable about the policy, whatever the token.
pub(crate) fn findings(report: &CheckReport, select: Option<&Select>) -> Html {
    if report.findings.is_empty() {
        return html! {};
    }
    html! {
        <section aria-labelledby="findings">
            <h2 id="findings">{ "Findings" }</h2>{ " " }<span class="meta">{ "in this policy, worst first" }</span>
            <ul class="findings">{ rows(&report.findings, |one| finding(one, select)) }</ul>
        </section>
    }
}

fn finding(finding: &Finding, select: Option<&Select>) -> Html {
    let state = State::from(finding.severity);
    html! {
        <li>
            { state.icon() }
            <div>
                <p>{ prose(&sentence(&finding.summary)) }</p>
                <p class="help">{ prose(&sentence(&finding.help)) }</p>
                <p class="meta">{ state.word }{ " " }<code>{ finding.rule }</code>{ " at " }{ place(&finding.location, select) }</p>
            </div>
        </li>
    }
}

/// Says that the answer below is of an earlier text.
pub(crate) fn stale(decision: Decision) -> Html {
    html! {
        <p class="stale-note">
            { icon("note") }
            <span>
                <b>{ format!("From the last valid text: {}.", State::from(decision).word) }</b>
                { " Kept here without colour until both texts can be read again." }
            </span>
        </p>
    }
}
