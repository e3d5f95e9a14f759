//! The page itself: what is entered, the verdict on it, and where everything stands.

use std::pin::Pin;
use std::rc::Rc;

use gloo_events::{EventListener, EventListenerOptions};
use gloo_timers::callback::Timeout;
use serde_json::{Value, json};
use wasm_bindgen::JsCast as _;
use web_sys::{Element, HtmlElement, HtmlInputElement, HtmlTextAreaElement, KeyboardEvent};
use yew::prelude::*;

use crate::act::Act;
use crate::analysis::{Found, Question};
use crate::bar::{self, Bar};
use crate::behind::Behind;
use crate::browser;
use crate::claims;
use crate::drawing::{Drawing, Drawings};
use crate::engine;
use crate::examples;
use crate::guide;
use crate::html::{drawn, html};
use crate::input::{Input, WhatIf};
use crate::judge::{self, Json, Judgement, Outcome, issued, judge};
use crate::policy;
use crate::push;
use crate::report::{self, Example, Location, Replacement};
use crate::send::{Command, Message, Send};
use crate::settings;
use crate::setup;
use crate::share::{Link, Shared, Unreadable};
use crate::token;
use crate::words::WORKFLOW;
use crate::workflow;

/// How long nothing must be typed before a screen reader is told the verdict, in milliseconds.
const QUIET: u32 = 800;
/// How long nothing must be typed before all tokens are looked at, in milliseconds.
const REST: u32 = 150;
/// The longest report that is drawn anew for the caret alone, in bytes: longer ones would hold the keys up.
const FOLLOWED: usize = 1 << 20;
/// How long "Copied" stands, in milliseconds.
const SAID: u32 = 3000;

/// The moment that came with an example or a link.
struct Lent {
    now: String,
    /// When its token was issued; the outer `None`: not known yet.
    issued: Option<Option<Value>>,
}

/// A verdict and what it is about.
struct Decided {
    report: Json,
    token: Option<Json>,
    policy: String,
}

pub(crate) struct Page {
    input: Input,
    judgement: Judgement,
    /// Something was entered that is not judged yet.
    is_due: bool,
    /// It was pasted.
    is_pasted: bool,
    /// The number of the last question; answers to earlier ones are dropped.
    asked: u32,
    /// The answers about all tokens; `None` while they are looked for.
    found: Option<Found>,
    /// They are of the texts before: others are awaited.
    is_awaited: bool,
    lent: Option<Lent>,
    /// The last verdict: it stays in view while a text can't be read.
    last: Option<Decided>,
    /// What screen readers were told last.
    settled: String,
    quiet: Option<Timeout>,
    rest: Option<Timeout>,
    /// What the last button came to.
    said: Option<(String, Timeout)>,
    caret: Option<u32>,
    shows_all: bool,
    edits_claims: bool,
    /// The panes are closed to one line each.
    folds: bool,
    /// The policy to compare with.
    kept: Option<Rc<str>>,
    shared: Option<Link>,
    theme: &'static str,
    has_shortcuts: bool,
    remembers: bool,
    /// The engine is there.
    is_ready: bool,
    /// The problem that F8 went to last.
    problem: Option<usize>,
    token_box: NodeRef,
    policy_box: NodeRef,
    /// What stands behind it.
    behind: Behind,
    workflow_box: NodeRef,
    examples: Vec<Example>,
    /// What the engine drew.
    drawings: Drawings,
    /// What is said of the cause or rule that was asked about last.
    explained: Option<String>,
    /// The set-up that was written last.
    written: Option<setup::Answer>,
    /// One is being written.
    is_writing: bool,
    /// The texts that were loaded last.
    loaded: Input,
    /// What was entered before others' texts took its place, the last at the end.
    own: Vec<(Input, Option<Lent>)>,
    _listeners: Vec<EventListener>,
}

impl Component for Page {
    type Message = Message;
    type Properties = ();

    fn create(context: &Context<Self>) -> Self {
        let drawings = Drawings::default();
        Self {
            settled: drawings.words("spoken"),
            input: Input::default(),
            judgement: Judgement::default(),
            is_due: false,
            is_pasted: false,
            asked: 0,
            found: None,
            is_awaited: false,
            lent: None,
            last: None,
            quiet: None,
            rest: None,
            said: None,
            caret: None,
            shows_all: false,
            edits_claims: false,
            folds: false,
            kept: None,
            shared: None,
            theme: "system",
            has_shortcuts: true,
            remembers: false,
            is_ready: false,
            problem: None,
            token_box: NodeRef::default(),
            policy_box: NodeRef::default(),
            behind: Behind::default(),
            workflow_box: NodeRef::default(),
            examples: Vec::new(),
            drawings,
            explained: None,
            written: None,
            is_writing: false,
            loaded: Input::default(),
            own: Vec::new(),
            _listeners: listeners(context),
        }
    }

    fn rendered(&mut self, context: &Context<Self>, first: bool) {
        // Yew calls this in a later task where drawing took long: what must come with the drawing is not done here.
        if first {
            self.behind.draw(self.drawings.markup("coloured"));
            later(
                context,
                Box::pin(async {
                    engine::ready().await;
                    Message::Ready
                }),
            );
        }
    }

    fn update(&mut self, context: &Context<Self>, message: Message) -> bool {
        browser::keep_focus();
        match message {
            Message::Change(change) => self.change(context, change),
            Message::Paste => {
                self.is_pasted = true;
                false
            }
            Message::Judge => self.judge(context),
            Message::Settle => self.settle(),
            Message::Analyse => self.analyse(context),
            Message::Found(asked, found) => self.found(asked, *found),
            Message::Act(act) => self.act(context, act),
            Message::Caret(caret) => self.follow(caret),
            Message::Load(input) => self.show(context, *input),
            Message::Ready => {
                self.is_ready = true;
                self.examples = examples::all();
                self.recall(context);
                self.open_fragment(context);
                true
            }
            Message::Fragment => self.open_fragment(context),
            Message::Say(words) => self.say(context, words),
            Message::Said => self.said.take().is_some(),
            Message::Share(is_masked) => self.share(context, is_masked),
            Message::Shared(link) => {
                self.shared = Some(*link);
                true
            }
            Message::Opened(shared) => self.open(context, shared),
            Message::Written(answer) => {
                self.is_writing = false;
                self.written = (*answer).or_else(|| self.written.take());
                true
            }
            Message::Theme(theme) => self.set_theme(theme),
            Message::Shortcuts(on) => std::mem::replace(&mut self.has_shortcuts, on) != on,
            Message::Remember(on) => self.set_remembers(on),
            Message::Key(command) => self.key(context, command),
        }
    }

    fn view(&self, context: &Context<Self>) -> Html {
        let send = send(context);
        if self.is_ready {
            self.drawings.draw(self.drawing());
            self.behind.draw(self.drawings.markup("coloured"));
        }
        let bar = Bar {
            theme: self.theme,
            has_shortcuts: self.has_shortcuts,
            shared: self.shared.as_ref(),
            examples: &self.examples,
            send: &send,
        };
        html! {
            <div class="rc">
                <a class="skip" href="#token" data-do={Act::Go("token".to_owned())}>{ "Skip to the token" }</a>
                { bar.view() }
                <main>
                    { self.drawings.part("verdict") }
                    { self.drawings.part("journey") }
                    { self.way_back() }
                    <div class="cols">
                        <div class="evidence" onpaste={send.0.reform(|_: Event| Message::Paste)}>
                            { token::view(&self.input, &self.judgement, &self.token_box, self.workflow(&send), !self.folds, &self.drawings, &send) }
                            { policy::view(&self.input, &self.judgement, (&self.behind.node, &self.policy_box), !self.folds, &self.drawings, &send) }
                            { claims::view(self.judgement.token.is_some(), !self.folds, &self.drawings) }
                            { push::pane(&self.input, &self.drawings, &send) }
                            { settings::view(&self.input, &send) }
                        </div>
                        <div class="answer">
                            { self.guide() }
                            { self.drawings.part("answer") }
                            { self.drawings.part("push") }
                        </div>
                    </div>
                    { setup::view(&self.input.setup, self.written.as_ref(), self.is_writing, &send) }
                </main>
                { bar::footer(self.remembers, &send) }
                // It is there from the start, so that a press can open it.
                <div popover="auto" id="m-explain" class="menu explain" role="dialog" aria-label="What it means">
                    { self.explanation() }
                </div>
                <div class="toast" aria-live="polite">{ self.said.as_ref().map_or("", |(said, _)| said.as_str()).to_owned() }</div>
            </div>
        }
    }
}

fn send(context: &Context<Page>) -> Send {
    Send(context.link().callback(|message| message))
}

/// Sends what a future comes to. One type for all futures: each of its own would be a copy of the code.
fn later(context: &Context<Page>, message: Pin<Box<dyn Future<Output = Message>>>) {
    context.link().send_future(message);
}

/// What is heard of the whole document: presses, keys, and another fragment in the address.
fn listeners(context: &Context<Page>) -> Vec<EventListener> {
    let mut listeners = Vec::new();
    if let Some(document) = browser::document() {
        let link = context.link().clone();
        let options = EventListenerOptions::enable_prevent_default();
        listeners.push(EventListener::new_with_options(
            &document,
            "click",
            options,
            move |event| {
                if let Some(act) = pressed(event) {
                    link.send_message(Message::Act(act));
                }
            },
        ));
        let link = context.link().clone();
        listeners.push(EventListener::new(&document, "input", move |event| {
            if let Some(what_if) = supposed(event) {
                link.send_message(Message::Change(Box::new(|input| {
                    input.what_if = Some(what_if);
                })));
            }
        }));
        let link = context.link().clone();
        listeners.push(EventListener::new_with_options(
            &document,
            "keydown",
            options,
            move |event| {
                if let Some(command) = event.dyn_ref().and_then(command) {
                    link.send_message(Message::Key(command));
                }
            },
        ));
    }
    if let Some(window) = web_sys::window() {
        let link = context.link().clone();
        listeners.push(EventListener::new(&window, "hashchange", move |_| {
            link.send_message(Message::Fragment);
        }));
    }
    listeners
}

/// What is asked by a press.
fn pressed(event: &Event) -> Option<Act> {
    let target: Element = event.target()?.dyn_into().ok()?;
    let pressed = target.closest("[data-do]").ok()??;
    let act = Act::read(&pressed.get_attribute("data-do")?)?;
    // A link can be kept; here it is the act that counts.
    if pressed.has_attribute("href") {
        event.prevent_default();
    }
    Some(act)
}

/// The claims, where the value of one was changed.
fn supposed(event: &Event) -> Option<WhatIf> {
    let field: HtmlInputElement = event.target()?.dyn_into().ok()?;
    let name = field.get_attribute("data-claim")?;
    let base = field.closest("[data-base]").ok()??;
    let Act::Judge { claims, partial } = Act::read(&base.get_attribute("data-base")?)? else {
        return None;
    };
    let mut what_if = WhatIf { claims, partial };
    what_if.set(&name, &field.value());
    Some(what_if)
}

fn command(event: &KeyboardEvent) -> Option<Command> {
    let ctrl = event.ctrl_key() || event.meta_key();
    match (event.key().as_str(), ctrl, event.alt_key()) {
        ("Enter", true, false) => Some(Command::CopyVerdict),
        ("F8", false, false) => Some(Command::Problem {
            forward: !event.shift_key(),
        }),
        ("Escape", false, false) => Some(Command::Leave),
        (_, true, true) => match event.code().as_str() {
            "Digit1" => Some(Command::Go("token")),
            "Digit2" => Some(Command::Go("policy")),
            "Digit3" => Some(Command::Go("why")),
            "Digit4" => Some(Command::Go("repair")),
            _ => None,
        },
        _ => None,
    }
}

/// What was entered and what becomes of it.
impl Page {
    fn change(&mut self, context: &Context<Self>, change: Box<dyn FnOnce(&mut Input)>) -> bool {
        let before = self.input.clone();
        change(&mut self.input);
        self.problem = None;
        // The address no longer tells what is shown.
        if !browser::fragment().is_empty() {
            browser::clear_fragment();
        }
        if self.input.is_as(&before) {
            self.judgement.push = judge::push(&self.input, self.judgement.push.as_ref());
            return true;
        }
        self.judge_soon(context);
        false
    }

    /// Within the same event, but once for all inputs that come with it: some ways to insert a text, those
    /// of automation above all, send an event a line.
    fn judge_soon(&mut self, context: &Context<Self>) {
        if !std::mem::replace(&mut self.is_due, true) {
            context.link().send_message(Message::Judge);
        }
    }

    fn judge(&mut self, context: &Context<Self>) -> bool {
        self.is_due = false;
        self.asked = self.asked.wrapping_add(1);
        engine::cancel();
        let was_decided = self.judgement.outcome == Outcome::Decided;
        self.judgement = judge(&mut self.input, &self.judgement);
        if self.drops_secret() {
            self.judgement = judge(&mut self.input, &self.judgement);
        }
        self.fold(was_decided);
        self.keep_decided();
        self.is_awaited = true;
        if !matches!(self.judgement.outcome, Outcome::Decided | Outcome::NoToken)
            && self.last.is_none()
        {
            self.found = None;
        }
        self.return_moment(context);
        let link = context.link().clone();
        self.quiet = Some(Timeout::new(QUIET, move || {
            link.send_message(Message::Settle)
        }));
        let link = context.link().clone();
        self.rest = Some(Timeout::new(REST, move || {
            link.send_message(Message::Analyse)
        }));
        true
    }

    /// A moment that came with an example or a link is that of its token: another token is judged at the clock.
    fn return_moment(&mut self, context: &Context<Self>) {
        let Some(lent) = &mut self.lent else {
            return;
        };
        if self.input.what_if.is_some() || self.input.settings.now != lent.now {
            return;
        }
        let issued = self.judgement.token.as_deref().map(issued);
        let is_another = match (&lent.issued, &issued) {
            (None, Some(_)) => {
                lent.issued = issued;
                false
            }
            (Some(of), Some(issued)) => of != issued,
            (Some(_), None) => self.input.token.trim().is_empty(),
            (None, None) => false,
        };
        if is_another {
            self.lent = None;
            self.input.settings.now.clear();
            self.judge_soon(context);
        }
    }

    /// A token that only its job may have does not stay on the page: its claims are judged, which let nobody in.
    fn drops_secret(&mut self) -> bool {
        let Some(token) = self.judgement.token.as_deref() else {
            return false;
        };
        let input = &mut self.input;
        let is_judged = input.what_if.is_none() && !input.has_workflow();
        if !is_judged || token::jwt(&input.token).is_none() || !judge::is_secret(token) {
            return false;
        }
        let claims = judge::claims(token, false);
        input.what_if = Some(WhatIf {
            claims,
            partial: false,
        });
        input.token.clear();
        if let Some(text_box) = self.token_box.cast::<HtmlTextAreaElement>() {
            text_box.set_value("");
        }
        true
    }

    /// On a narrow window what was pasted makes room for the answer, at the first verdict. What is typed stays:
    /// nothing moves under the caret.
    fn fold(&mut self, was_decided: bool) {
        let is_decided = self.judgement.outcome == Outcome::Decided;
        if std::mem::take(&mut self.is_pasted) && is_decided && !was_decided && browser::is_narrow()
        {
            self.folds = true;
        }
        if !is_decided {
            self.folds = false;
        }
    }

    fn settle(&mut self) -> bool {
        self.quiet = None;
        if self.remembers {
            self.keep_in_storage();
        }
        self.drawings.draw(self.drawing());
        let spoken = self.drawings.words("spoken");
        std::mem::replace(&mut self.settled, spoken) != self.settled
    }

    fn analyse(&mut self, context: &Context<Self>) -> bool {
        self.is_awaited = true;
        // The answers about the last valid texts stay beside their verdict.
        if self.judgement.outcome == Outcome::Unreadable && self.last.is_some() {
            return false;
        }
        let Some(question) = Question::of(&self.input, &self.judgement, self.kept.as_ref()) else {
            return true;
        };
        let asked = self.asked;
        later(
            context,
            Box::pin(async move { Message::Found(asked, Box::new(question.answer().await)) }),
        );
        true
    }

    fn found(&mut self, asked: u32, mut found: Found) -> bool {
        if asked != self.asked {
            return false;
        }
        if let Some(report) = found.check.take() {
            // The same with the findings.
            self.judgement.policy = Some(report);
            self.keep_decided();
        }
        self.found = Some(found);
        self.is_awaited = false;
        if self.quiet.is_none() {
            self.settle();
        }
        true
    }

    /// The last verdict stays in view while a text can't be read.
    fn keep_decided(&mut self) {
        match (self.judgement.outcome, &self.judgement.policy) {
            (Outcome::Decided, Some(report)) => {
                self.last = Some(Decided {
                    report: Rc::clone(report),
                    token: self.judgement.token.clone(),
                    policy: self.input.policy.clone(),
                });
            }
            (Outcome::Unreadable, _) => {}
            _ => self.last = None,
        }
    }

    /// Puts others' texts into the boxes. The browser can't undo that: what was entered is kept.
    fn load(&mut self, context: &Context<Self>, input: Input) -> bool {
        let texts = self.input.texts();
        if texts.concat().trim() != "" && texts != self.loaded.texts() {
            self.own.push((self.input.clone(), self.lent.take()));
            self.say(context, "Your own text is kept");
        }
        self.loaded = input.clone();
        self.lent = Some(Lent {
            now: input.settings.now.clone(),
            issued: None,
        });
        self.show(context, input)
    }

    /// Puts the last of what was entered back.
    fn go_back(&mut self, context: &Context<Self>) -> bool {
        let Some((own, lent)) = self.own.pop() else {
            return false;
        };
        if !browser::fragment().is_empty() {
            browser::clear_fragment();
        }
        self.loaded = Input::default();
        self.lent = lent;
        self.show(context, own)
    }

    fn show(&mut self, context: &Context<Self>, input: Input) -> bool {
        let boxes = [&self.token_box, &self.policy_box, &self.workflow_box];
        for (node, text) in boxes.into_iter().zip(input.texts()) {
            if let Some(text_box) = node.cast::<HtmlTextAreaElement>() {
                text_box.set_value(text);
            }
        }
        close_popovers();
        // On a narrow window the answer comes first; the texts are one press away.
        self.folds = browser::is_narrow();
        self.edits_claims = false;
        self.shows_all = false;
        self.found = None;
        self.input = input;
        self.judge_soon(context);
        true
    }

    fn open_fragment(&mut self, context: &Context<Self>) -> bool {
        let fragment = browser::fragment();
        if let Some(id) = examples::id(&fragment) {
            return self.open_example(context, id);
        }
        match Shared::packed(&fragment) {
            None => {}
            Some(Err(error)) => return self.open(context, Err(error)),
            Some(Ok(packed)) => {
                let packed = packed.to_owned();
                later(
                    context,
                    Box::pin(async move {
                        let json = browser::unpack(&packed).await;
                        Message::Opened(Shared::read(&json.unwrap_or_default()))
                    }),
                );
            }
        }
        false
    }

    fn open_example(&mut self, context: &Context<Self>, id: &str) -> bool {
        match self.examples.iter().find(|example| example.id == id) {
            Some(example) => {
                let input = examples::input(example);
                self.load(context, input)
            }
            None => self.say(context, "There is no example of this name: see Examples"),
        }
    }

    fn open(&mut self, context: &Context<Self>, shared: Result<Shared, Unreadable>) -> bool {
        match shared {
            Ok(shared) => self.load(context, shared.input()),
            Err(Unreadable::Newer) => self.say(
                context,
                "This link is of a later version of rolecall: reload the page",
            ),
            Err(Unreadable::Broken) => {
                self.say(context, "This link is cut off or changed: ask for it again")
            }
        }
    }
}

fn close_popovers() {
    for menu in ["m-examples", "m-share", "m-keys", "m-help", "m-explain"] {
        let element = browser::element(menu).and_then(|menu| menu.dyn_into::<HtmlElement>().ok());
        if let Some(element) = element {
            // Fails where it is closed already.
            let _ = element.hide_popover();
        }
    }
}

/// What buttons and keys do.
impl Page {
    fn act(&mut self, context: &Context<Self>, act: Act) -> bool {
        match act {
            Act::Select(place) => self.select(&place),
            Act::Apply(edits) => self.apply(context, &edits),
            Act::Format => self.format(),
            Act::Clear => self.clear(),
            Act::Judge { claims, partial } => {
                self.say(context, "Loaded as claims, unsigned");
                let what_if = Some(WhatIf { claims, partial });
                self.change(context, Box::new(|input| input.what_if = what_if))
            }
            Act::Unjudge => self.change(context, Box::new(|input| input.what_if = None)),
            Act::EditClaims(on) => std::mem::replace(&mut self.edits_claims, on) != on,
            Act::Explain(id) => {
                let question = json!({ "text": id }).to_string();
                let mut drawing = Drawing::of("explain");
                drawing.raw("explain", &engine::call("explain", &question));
                self.explained = drawing.made().ok();
                true
            }
            Act::Copy(what, text) => self.copy(context, Some(text), what),
            Act::CopyAnswer(form) => self.copy_answer(context, &form),
            Act::Share => self.share(context, false),
            Act::CopyLink => {
                let address = self.shared.as_ref().map(|link| link.address.clone());
                self.copy(context, address, "Link copied")
            }
            Act::Keep(keep) => {
                self.kept = keep.then(|| self.input.policy.as_str().into());
                self.analyse(context)
            }
            Act::ShowAll => !std::mem::replace(&mut self.shows_all, true),
            Act::Know(key, field) => {
                let value = field.map(|field| browser::value_of(&field));
                let know = move |input: &mut Input| {
                    input.settings.set_context(&key, value.as_deref());
                };
                self.change(context, Box::new(know))
            }
            Act::Job(job, event) => {
                let judge = |input: &mut Input| {
                    let run = &mut input.workflow.run;
                    run.insert("job".to_owned(), Value::String(job));
                    run.insert("event".to_owned(), Value::String(event));
                    input.workflow.is_chosen = true;
                    input.what_if = None;
                };
                self.change(context, Box::new(judge))
            }
            Act::Example(id) => self.open_example(context, &id),
            Act::GoBack => self.go_back(context),
            Act::SetUp => self.set_up(context),
            Act::TrySetUp => match &self.written {
                Some(written) => match setup::tried(written, &self.input.setup) {
                    Some(input) => self.load(context, input),
                    None => false,
                },
                None => false,
            },
            Act::Forget => self.set_remembers(false),
            Act::Go(id) => {
                browser::go_to(&id);
                false
            }
        }
    }

    /// Marks the line of the trace where the caret stands.
    fn follow(&mut self, caret: u32) -> bool {
        let report = self.judgement.policy.as_ref();
        self.caret.replace(caret) != Some(caret) && report.is_none_or(|json| json.len() <= FOLLOWED)
    }

    fn select(&mut self, location: &Location) -> bool {
        if location.document == WORKFLOW {
            if let Some(workflow) = self.workflow_box.cast::<HtmlTextAreaElement>() {
                browser::select(&workflow, location.range(), None);
            }
            return false;
        }
        if let Some(policy) = self.policy_box.cast::<HtmlTextAreaElement>() {
            browser::select(&policy, location.range(), Some(location.start.line));
        }
        self.caret = Some(location.start.utf16);
        true
    }

    fn apply(&mut self, context: &Context<Self>, edits: &[Replacement]) -> bool {
        let Some(policy) = self.policy_box.cast::<HtmlTextAreaElement>() else {
            return false;
        };
        let new = report::applied(edits, &self.input.policy);
        self.put(&policy, &new);
        if let Some(edit) = edits.first() {
            browser::show_line(&policy, edit.location.start.line);
        }
        self.say(context, "Applied. Undo with Ctrl Z")
    }

    /// Replaces the policy's text where it differs.
    fn put(&self, policy: &HtmlTextAreaElement, new: &str) {
        let old: Vec<u16> = policy.value().encode_utf16().collect();
        let wanted: Vec<u16> = new.encode_utf16().collect();
        let same = |(a, b): &(&u16, &u16)| a == b;
        let start = old.iter().zip(&wanted).take_while(same).count();
        let most = old.len().min(wanted.len()) - start;
        let end = old
            .iter()
            .rev()
            .zip(wanted.iter().rev())
            .take(most)
            .take_while(same)
            .count();
        let middle: Vec<u16> = wanted
            .iter()
            .skip(start)
            .take(wanted.len() - start - end)
            .copied()
            .collect();
        let range = |at: usize| u32::try_from(at).unwrap_or(u32::MAX);
        browser::replace(
            policy,
            (range(start), range(old.len() - end)),
            &String::from_utf16_lossy(&middle),
        );
    }

    fn format(&self) -> bool {
        if let Some(policy) = self.policy_box.cast::<HtmlTextAreaElement>() {
            let mut drawing = Drawing::of("format");
            drawing.put("text", self.input.policy.as_str().into());
            if let Ok(text) = drawing.made() {
                self.put(&policy, &text);
            }
        }
        false
    }

    fn clear(&self) -> bool {
        if let Some(policy) = self.policy_box.cast::<HtmlTextAreaElement>() {
            self.put(&policy, "");
        }
        false
    }

    /// The answer to take away: as `json`, `markdown`, or the `command` that gives the same.
    fn copy_answer(&mut self, context: &Context<Self>, form: &str) -> bool {
        let (text, done) = match form {
            "markdown" => (self.markdown(), "Copied as Markdown"),
            "command" => (
                self.shared.as_ref().map(|link| link.command.clone()),
                "Command copied",
            ),
            _ => (
                self.report().and_then(|json| browser::pretty(&json)),
                "Copied",
            ),
        };
        self.copy(context, text, done)
    }

    /// `done`: what is said then.
    fn copy(
        &mut self,
        context: &Context<Self>,
        text: Option<String>,
        done: impl Into<String>,
    ) -> bool {
        let Some(text) = text else {
            return self.say(context, "There is no verdict to copy yet");
        };
        let done = done.into();
        later(
            context,
            Box::pin(async move {
                Message::Say(if browser::copy(text).await {
                    done
                } else {
                    "The browser did not allow it".to_owned()
                })
            }),
        );
        false
    }

    /// The whole report, as the engine writes it.
    fn report(&self) -> Option<String> {
        match self.judgement.outcome {
            Outcome::Decided => Some(engine::call(
                "check",
                &Value::from(self.input.case()).to_string(),
            )),
            Outcome::Unreadable => self.judgement.error.as_deref().map(str::to_owned),
            _ => None,
        }
    }

    /// Verdict and reason for an issue or a chat.
    fn markdown(&self) -> Option<String> {
        let report = self.judgement.policy.as_deref()?;
        let mut drawing = Drawing::of("markdown");
        drawing.raw("check", report);
        let is_decided = self.judgement.outcome == Outcome::Decided;
        drawing.made().ok().filter(|_| is_decided)
    }

    fn share(&self, context: &Context<Self>, is_masked: bool) -> bool {
        let shared = Shared::of(&self.input, &self.judgement);
        later(
            context,
            Box::pin(async move { Message::Shared(Box::new(Link::to(shared, is_masked).await)) }),
        );
        false
    }

    fn set_up(&mut self, context: &Context<Self>) -> bool {
        if self.is_writing {
            return false;
        }
        let question = setup::question(&self.input.setup);
        self.is_writing = true;
        later(
            context,
            Box::pin(async move { Message::Written(Box::new(setup::answer(question).await)) }),
        );
        true
    }

    fn say(&mut self, context: &Context<Self>, words: impl Into<String>) -> bool {
        let link = context.link().clone();
        let read = Timeout::new(SAID, move || link.send_message(Message::Said));
        self.said = Some((words.into(), read));
        true
    }

    fn key(&mut self, context: &Context<Self>, command: Command) -> bool {
        if let Command::Leave = command {
            // A popover closes itself; a box is left.
            if let Some(text) = browser::document().and_then(|document| {
                document
                    .active_element()?
                    .dyn_into::<HtmlTextAreaElement>()
                    .ok()
            }) {
                let _ = text.blur();
            }
            return false;
        }
        if !self.has_shortcuts {
            return false;
        }
        match command {
            Command::CopyVerdict => self.copy_answer(context, "markdown"),
            Command::Go(id) => {
                browser::go_to(id);
                false
            }
            Command::Problem { forward } => self.next_problem(forward),
            Command::Leave => false,
        }
    }

    fn next_problem(&mut self, forward: bool) -> bool {
        let problems = browser::all("#policy-notes [data-do]");
        let count = problems.len();
        if count == 0 {
            return false;
        }
        let next = match (self.problem, forward) {
            (None, true) => 0,
            (None, false) => count - 1,
            (Some(last), true) => (last + 1) % count,
            (Some(last), false) => (last + count - 1) % count,
        };
        self.problem = Some(next);
        if let Some(problem) = problems.get(next) {
            problem.click();
        }
        false
    }
}

/// The names of what the browser keeps, where it is asked to.
const THEME: &str = "rolecall.theme";
const POLICY: &str = "rolecall.policy";

/// Theme, and what this browser keeps.
impl Page {
    fn set_theme(&mut self, theme: &'static str) -> bool {
        self.theme = theme;
        browser::mark_root("data-theme", (theme != "system").then_some(theme));
        if self.remembers {
            self.keep_in_storage();
        }
        true
    }

    fn set_remembers(&mut self, on: bool) -> bool {
        self.remembers = on;
        if on {
            self.keep_in_storage();
        } else if let Some(storage) = browser::storage() {
            for name in [THEME, POLICY] {
                let _ = storage.remove_item(name);
            }
        }
        true
    }

    /// Where the browser refuses, nothing is kept: the page does without.
    fn keep_in_storage(&self) {
        if let Some(storage) = browser::storage() {
            let _ = storage.set_item(THEME, self.theme);
            // What is no policy may be a credential in the wrong box.
            let policy = self.input.policy.as_str();
            let is_policy = self.judgement.policy.is_some() && token::jwt(policy).is_none();
            if is_policy || policy.trim().is_empty() {
                let _ = storage.set_item(POLICY, policy);
            }
        }
    }

    /// What was kept the last time.
    fn recall(&mut self, context: &Context<Self>) {
        let Some(storage) = browser::storage() else {
            return;
        };
        let Ok(Some(theme)) = storage.get_item(THEME) else {
            return;
        };
        self.remembers = true;
        let themes = ["system", "light", "dark"];
        let theme = themes
            .into_iter()
            .find(|one| *one == theme)
            .unwrap_or("system");
        context.link().send_message(Message::Theme(theme));
        // An address that tells what to show is what was asked for.
        if browser::fragment().is_empty()
            && let Ok(Some(policy)) = storage.get_item(POLICY)
        {
            context.link().send_message(Message::Load(Box::new(Input {
                policy,
                ..Input::default()
            })));
        }
    }
}

/// What is shown.
impl Page {
    /// Where others' texts took the place of what was entered.
    fn way_back(&self) -> Html {
        html! {
            <>
                if !self.own.is_empty() {
                    <p class="own">
                        <span>{ "Your own text was replaced. It is kept until this page is left." }</span>
                        <button type="button" class="btn" data-do={Act::GoBack}>{ "Back to my text" }</button>
                    </p>
                }
            </>
        }
    }

    /// What to do, where there is no verdict to show.
    fn guide(&self) -> Html {
        match self.judgement.outcome {
            Outcome::Nothing => guide::view(),
            Outcome::NoPolicy => guide::sources(),
            Outcome::Unreadable if self.last.is_none() => guide::sources(),
            _ => Html::default(),
        }
    }

    /// All that the engine's drawing depends on.
    fn drawing(&self) -> Drawing {
        let (input, judgement) = (&self.input, &self.judgement);
        let mut drawing = Drawing::of("page");
        drawing.put("outcome", judgement.outcome.word().into());
        drawing.maybe("error", judgement.error.as_deref());
        drawing.maybe("token_error", judgement.token_error.as_deref());
        drawing.maybe("policy_error", judgement.policy_error.as_deref());
        drawing.maybe("check", judgement.policy.as_deref());
        drawing.maybe("inspect", judgement.token.as_deref());
        drawing.maybe(
            "predict",
            judgement.prediction.as_ref().map(|asked| &*asked.json),
        );
        if let Some(job) = &judgement.job {
            drawing.put("job", job.text("job").into());
            drawing.put("event", job.text("event").into());
        }
        drawing.maybe("push", judgement.push.as_ref().map(|asked| &*asked.json));
        if let Some(found) = &self.found {
            drawing.raw("found", &found.json);
            if self.is_awaited {
                drawing.put("found_of", found.policy.as_str().into());
            }
            drawing.put("decisions", json!(found.jobs));
        }
        if let Some(last) = self
            .last
            .as_ref()
            .filter(|_| judgement.outcome == Outcome::Unreadable)
        {
            let mut earlier = Drawing::default();
            earlier.raw("check", &last.report);
            earlier.maybe("inspect", last.token.as_deref());
            earlier.put("policy", last.policy.as_str().into());
            drawing.raw("earlier", &earlier.json());
        }
        drawing.put("policy", input.policy.as_str().into());
        drawing.put("is_empty", input.token.trim().is_empty().into());
        drawing.put("is_jwt", token::jwt(&input.token).is_some().into());
        drawing.put("is_foreseen", input.workflow.is_on.into());
        if let Some(WhatIf { claims, partial }) = &input.what_if {
            drawing.put("what_if", json!({ "claims": claims, "partial": partial }));
        }
        drawing.put("edits_claims", self.edits_claims.into());
        drawing.put("is_kept", self.kept.is_some().into());
        drawing.put("caret", self.caret.into());
        drawing.put("shows_all", self.shows_all.into());
        drawing.put("settled", self.settled.as_str().into());
        drawing
    }

    fn workflow(&self, send: &Send) -> Html {
        workflow::view(
            &self.input,
            &self.judgement,
            &self.workflow_box,
            &self.drawings,
            send,
        )
    }

    /// What the popover holds.
    fn explanation(&self) -> Html {
        self.explained.as_deref().map(drawn).unwrap_or_default()
    }
}
