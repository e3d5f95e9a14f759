//! The page itself: what is entered, the verdict on it, and where everything stands.

use std::rc::Rc;

use gloo_timers::callback::Timeout;
use rolecall_core::jwks::GITHUB_KEYS_DATE;
use rolecall_core::report::CheckReport;
use web_sys::{HtmlDetailsElement, HtmlInputElement, HtmlTextAreaElement};
use yew::prelude::*;

use crate::answer::{self, Column};
use crate::boxes::{self, TextBox};
use crate::browser;
use crate::guide;
use crate::judge::{Input, Judgement, Missing, Outcome, judge};
use crate::verdict::Verdict;
use crate::words::{Select, icon};

/// How long nothing must be typed before a screen reader is told the verdict, in milliseconds.
const QUIET: u32 = 800;
/// How long "Copied" stands, in milliseconds.
const SAID: u32 = 3000;

/// A verdict and the text that it is about.
#[derive(Clone)]
struct Decided {
    report: Rc<CheckReport>,
    policy: Rc<str>,
}

pub(crate) struct Page {
    input: Input,
    judgement: Judgement,
    /// Something was entered that is not judged yet.
    is_due: bool,
    /// The last verdict: it stays in view while a text can't be read.
    last: Option<Decided>,
    /// What screen readers were told last.
    settled: String,
    quiet: Option<Timeout>,
    trace_is_open: bool,
    copied: Option<(&'static str, Timeout)>,
    policy_box: NodeRef,
}

pub(crate) enum Message {
    Token(String),
    Policy(String),
    AtIssue(bool),
    Judge,
    /// Nothing was typed for a while.
    Settle,
    Select((u32, u32)),
    Trace(bool),
    Copy,
    Copied(bool),
    CopiedIsRead,
}

impl Component for Page {
    type Message = Message;
    type Properties = ();

    fn create(_: &Context<Self>) -> Self {
        let input = Input::default();
        let judgement = judge(&input, browser::clock());
        Self {
            settled: Verdict::of(&judgement.outcome).spoken(),
            input,
            judgement,
            is_due: false,
            last: None,
            quiet: None,
            trace_is_open: false,
            copied: None,
            policy_box: NodeRef::default(),
        }
    }

    fn update(&mut self, context: &Context<Self>, message: Message) -> bool {
        match message {
            Message::Token(text) => self.input.token = text,
            Message::Policy(text) => self.input.policy = text,
            Message::AtIssue(is) => self.input.at_issue = is,
            Message::Judge => return self.judge(context),
            Message::Settle => return self.settle(),
            Message::Select(range) => return self.select(range),
            Message::Trace(open) => {
                return std::mem::replace(&mut self.trace_is_open, open) != open;
            }
            Message::Copy => return self.copy(context),
            Message::Copied(done) => return self.say_copied(context, done),
            Message::CopiedIsRead => return self.copied.take().is_some(),
        }
        self.judge_soon(context);
        false
    }

    fn view(&self, context: &Context<Self>) -> Html {
        html! {
            <>
                <header class="bar">
                    <h1>{ icon("mark") }{ "rolecall" }</h1>
                    <p>{ "this GitHub Actions token, that AWS role: allowed or denied, and why" }</p>
                </header>
                <main>
                    { Verdict::of(&self.judgement.outcome).view(&self.settled) }
                    <div class="columns">
                        <div class="evidence">{ self.token(context) }{ self.policy(context) }</div>
                        <div class="answer">{ self.answer(context) }</div>
                    </div>
                </main>
                { footer() }
            </>
        }
    }
}

impl Page {
    /// Within the same event, but once for all inputs that come with it: some ways to insert a text, those
    /// of automation above all, send an event a line.
    fn judge_soon(&mut self, context: &Context<Self>) {
        if !std::mem::replace(&mut self.is_due, true) {
            context.link().send_message(Message::Judge);
        }
    }

    fn judge(&mut self, context: &Context<Self>) -> bool {
        self.is_due = false;
        self.judgement = judge(&self.input, browser::clock());
        match &self.judgement.outcome {
            Outcome::Decided(report) => {
                self.last = Some(Decided {
                    report: Rc::clone(report),
                    policy: self.input.policy.as_str().into(),
                });
            }
            Outcome::Ready(_) => self.last = None,
            Outcome::Unreadable(_) => {}
        }
        let link = context.link().clone();
        self.quiet = Some(Timeout::new(QUIET, move || {
            link.send_message(Message::Settle)
        }));
        true
    }

    fn settle(&mut self) -> bool {
        let spoken = Verdict::of(&self.judgement.outcome).spoken();
        std::mem::replace(&mut self.settled, spoken) != self.settled
    }

    fn select(&self, range: (u32, u32)) -> bool {
        if let Some(policy) = self.policy_box.cast::<HtmlTextAreaElement>() {
            browser::select(&policy, range);
        }
        false
    }

    fn copy(&self, context: &Context<Self>) -> bool {
        let json = match &self.judgement.outcome {
            Outcome::Decided(report) => serde_json::to_string_pretty(&**report),
            Outcome::Unreadable(error) => serde_json::to_string_pretty(error),
            Outcome::Ready(_) => return false,
        };
        context.link().send_future(async move {
            // Writing fails only where a map has keys that are no strings; a report has none.
            let copied = match json {
                Ok(json) => browser::copy(json).await,
                Err(_) => false,
            };
            Message::Copied(copied)
        });
        false
    }

    fn say_copied(&mut self, context: &Context<Self>, done: bool) -> bool {
        let link = context.link().clone();
        let read = Timeout::new(SAID, move || link.send_message(Message::CopiedIsRead));
        let said = if done {
            "Copied"
        } else {
            "The browser did not allow it"
        };
        self.copied = Some((said, read));
        true
    }

    fn token(&self, context: &Context<Self>) -> Html {
        let text_box = TextBox {
            id: "token",
            label: "Token",
            placeholder: "Paste a JWT, a log line with one inside, {\"value\":…}, or claims as JSON",
            rows: "5",
            faults: &self.judgement.token_faults,
            node: NodeRef::default(),
            oninput: context.link().callback(Message::Token),
        };
        let onchange = context.link().batch_callback(|event: Event| {
            let checked = event.target_dyn_into::<HtmlInputElement>()?.checked();
            Some(Message::AtIssue(checked))
        });
        let notes = boxes::token_notes(&self.judgement.notes, self.judgement.warning);
        html! {
            <>
                { text_box.view(None, notes) }
                <div class="under">
                    <label><input type="checkbox" {onchange} />{ "Judge as of the token's issue time" }</label>
                    { boxes::privacy() }
                </div>
            </>
        }
    }

    fn policy(&self, context: &Context<Self>) -> Html {
        let text_box = TextBox {
            id: "policy",
            label: "Trust policy",
            placeholder: "Paste the trust policy of the role, as JSON",
            rows: "22",
            faults: &self.judgement.policy_faults,
            node: self.policy_box.clone(),
            oninput: context.link().callback(Message::Policy),
        };
        text_box.view(Some(&context.link().callback(Message::Select)), html! {})
    }

    fn answer(&self, context: &Context<Self>) -> Html {
        let select = context.link().callback(Message::Select);
        match &self.judgement.outcome {
            Outcome::Ready(Missing::Token(report)) => {
                html! { <>{ guide::view() }{ answer::findings(report, Some(&select)) }</> }
            }
            Outcome::Ready(_) => guide::view(),
            Outcome::Decided(_) => {
                html! { <>{ self.verdict(context, Some(&select)) }{ self.copying(context) }</> }
            }
            Outcome::Unreadable(_) => {
                html! { <>{ self.earlier(context) }{ self.copying(context) }</> }
            }
        }
    }

    /// The last verdict.
    fn verdict(&self, context: &Context<Self>, select: Option<&Select>) -> Html {
        let Some(decided) = &self.last else {
            return html! {};
        };
        let ontoggle = context.link().batch_callback(|event: Event| {
            let open = event.target_dyn_into::<HtmlDetailsElement>()?.open();
            Some(Message::Trace(open))
        });
        let column = Column {
            report: &decided.report,
            policy: &decided.policy,
            select,
            trace: (self.trace_is_open, &ontoggle),
        };
        column.view()
    }

    /// The last verdict, without colour and without buttons.
    fn earlier(&self, context: &Context<Self>) -> Html {
        let Some(decided) = &self.last else {
            return html! {};
        };
        html! {
            <>
                { answer::stale(decided.report.decision) }
                <div class="stale">{ self.verdict(context, None) }</div>
            </>
        }
    }

    fn copying(&self, context: &Context<Self>) -> Html {
        let said = self.copied.as_ref().map_or("", |(said, _)| said);
        html! {
            <div class="actions">
                <button type="button" onclick={context.link().callback(|_| Message::Copy)}>{ "Copy as JSON" }</button>
                <span aria-live="polite">{ said }</span>
            </div>
        }
    }
}

fn footer() -> Html {
    html! {
        <footer>
            <span>{ concat!("rolecall ", env!("CARGO_PKG_VERSION")) }</span>
            <span>{ format!("GitHub's keys of {GITHUB_KEYS_DATE}") }</span>
        </footer>
    }
}
