//! The bar above everything: name, theme, and the popovers for examples, sharing and keys; and the footer.

use web_sys::HtmlInputElement;
use yew::prelude::*;

use crate::act::Act;
use crate::examples;
use crate::html::{fixed, html};
use crate::report::Example;
use crate::send::{Message, Send};
use crate::share::Link;

/// Links longer than this, in characters, are cut by some programs.
const LONG_LINK: usize = 2000;

/// What the bar shows.
pub(crate) struct Bar<'a> {
    pub(crate) theme: &'static str,
    pub(crate) has_shortcuts: bool,
    /// What a link would hold, and whether names are masked in it.
    pub(crate) shared: Option<&'a Link>,
    pub(crate) examples: &'a [Example],
    pub(crate) send: &'a Send,
}

impl Bar<'_> {
    pub(crate) fn view(&self) -> Html {
        html! {
            <>
                <header class="bar">
                    { fixed(NAME) }
                    <div class="tools">
                        { self.theme() }
                        <button type="button" class="btn q" data-do={Act::Go("l-setup".to_owned())}>{ "Set up" }</button>
                        <button type="button" class="btn q" popovertarget="m-examples">{ "Examples" }</button>
                        <button type="button" class="btn q" popovertarget="m-share" data-do={Act::Share}>{ "Share" }</button>
                        <button type="button" class="btn q" popovertarget="m-keys">{ "Keys" }</button>
                    </div>
                </header>
                <div popover="auto" id="m-examples" class="menu" role="dialog" aria-label="Examples">
                    <h2>{ "Real failures, with their repair" }</h2>
                    { examples::menu(self.examples) }
                </div>
                { self.share() }
                { self.keys() }
                <div popover="auto" id="m-help" class="menu explain" role="dialog" aria-label="Help and limits">{ fixed(HELP) }</div>
            </>
        }
    }

    fn theme(&self) -> Html {
        let choice = |(value, label): (&'static str, &'static str)| {
            let onchange = self.send.0.reform(move |_: Event| Message::Theme(value));
            html! {
                <label><input type="radio" name="theme" {value} checked={self.theme == value} {onchange} />{ label }</label>
            }
        };
        let choices = [("system", "System"), ("light", "Light"), ("dark", "Dark")];
        html! { <fieldset class="seg3"><legend class="vh">{ "Theme" }</legend>{ for choices.into_iter().map(choice) }</fieldset> }
    }

    fn share(&self) -> Html {
        html! {
            <div popover="auto" id="m-share" role="dialog" aria-label="Share">
                <h2>{ "Share this check" }</h2>
                if let Some(link) = self.shared { { self.preview(link) } }
            </div>
        }
    }

    fn preview(&self, link: &Link) -> Html {
        let row = |(name, what): (&'static str, String)| html! { <><dt>{ name }</dt><dd>{ what }</dd></> };
        let length = link.address.len();
        let onchange = self.send.0.reform(|event: Event| {
            let mask = event.target_dyn_into::<HtmlInputElement>();
            Message::Share(mask.is_some_and(|mask| mask.checked()))
        });
        html! {
            <>
                <p class="sub">{ "The link keeps everything after " }<code>{ "#" }</code>{ "; a server never receives it. It holds:" }</p>
                <dl class="kv">
                    { for link.shared.contents(link.is_masked).into_iter().map(row) }
                    <dt>{ "Signature" }</dt><dd><b>{ "never" }</b>{ ": the link cannot be used to sign in" }</dd>
                </dl>
                <p class="row"><label class="tick"><input type="checkbox" checked={link.is_masked} {onchange} />{ "Mask account, owner and repository" }</label></p>
                if length > LONG_LINK {
                    <p class="sub">{ format!("It is {length} characters long: some programs cut such links off.") }</p>
                }
                <div class="row">
                    <button type="button" class="btn pri" data-do={Act::CopyLink}>{ "Copy link" }</button>
                    <button type="button" class="btn" data-do={Act::CopyAnswer("markdown".to_owned())}>{ "Copy as Markdown" }</button>
                    <button type="button" class="btn" data-do={Act::CopyAnswer("command".to_owned())}>{ "Copy CLI command" }</button>
                </div>
            </>
        }
    }

    fn keys(&self) -> Html {
        let onchange = self.send.0.reform(|event: Event| {
            let on = event.target_dyn_into::<HtmlInputElement>();
            Message::Shortcuts(on.is_some_and(|on| on.checked()))
        });
        html! {
            <div popover="auto" id="m-keys" role="dialog" aria-label="Keyboard">
                                { fixed(KEYS) }
                <p class="row"><label class="tick"><input type="checkbox" checked={self.has_shortcuts} {onchange} />{ "Shortcuts on" }</label></p>
            </div>
        }
    }
}

const NAME: &str = "<h1 class=mark><svg class='i mark' aria-hidden=true><use href='#mark'></use></svg>rolecall</h1>\
<p class=tag>this GitHub Actions token, that AWS role: allowed or denied, and why</p>";

const KEYS: &str = "<h2>Keyboard</h2><dl class=kv>\
<dt><kbd>Tab</kbd></dt><dd>moves on, in the boxes too: it is never caught</dd>\
<dt><kbd>Ctrl</kbd> <kbd>Enter</kbd></dt><dd>copy verdict and reason as Markdown</dd>\
<dt><kbd>Ctrl</kbd> <kbd>Alt</kbd> <kbd>1</kbd> to <kbd>4</kbd></dt><dd>token, policy, verdict, repair</dd>\
<dt><kbd>F8</kbd></dt><dd>next problem in the policy; with Shift the one before</dd>\
<dt><kbd>Esc</kbd></dt><dd>close this, or leave a box</dd></dl>";

const HELP: &str = "<h2>Help and limits</h2>\
<p>Paste a token, or its claims, and the trust policy of the role: every key is answered, and nothing leaves this tab. \
Each cause and rule that is named opens its own page, with what to do and where it is from.</p>\
<dl class=kv><dt>Allowed</dt><dd>STS would issue credentials.</dd>\
<dt>Denied</dt><dd>It would refuse, with the error that stands beside the verdict.</dd>\
<dt>Undecided</dt><dd>A fact is missing that it hangs on: Why says which, and what each answer would lead to.</dd></dl>\
<h3>What is not known here</h3><ul class=limits>\
<li>Whether the role exists, the seconds that IAM needs to spread a change, and what an organisation puts before the role.</li>\
<li>Where a request comes from: <code>aws:SourceIp</code>, VPC keys and the like, unless they are given under Account and request.</li>\
<li>On GitHub Enterprise Server, condition keys of GitHub's own claims: whether AWS has them is not documented.</li>\
<li>Of a push: whether the repository exists, immutable tags, the registry's policy, the key that encrypts.</li>\
<li>The order of STS's checks is not documented: where several fail, the first named is the likeliest.</li></ul>\
<p class=sub>Followed is what AWS was seen to answer in September 2026, then what AWS and GitHub document.</p>";

/// What this is made of, and what this browser keeps of it.
pub(crate) fn footer(remembers: bool, send: &Send) -> Html {
    let onchange = send.0.reform(|event: Event| {
        let on = event.target_dyn_into::<HtmlInputElement>();
        Message::Remember(on.is_some_and(|on| on.checked()))
    });
    html! {
        <footer>
            <span>{ concat!("rolecall ", env!("CARGO_PKG_VERSION")) }</span>
            <span>{ "GitHub's keys of " }{ KEYS_DATE.trim() }</span>
            <button type="button" class="btn q" popovertarget="m-help">{ "Help and limits" }</button>
            <label class="tick"><input type="checkbox" checked={remembers} {onchange} />{ "Remember theme and policy in this browser, never a token" }</label>
            if remembers {
                <button type="button" class="btn q" data-do={Act::Forget}>{ "Forget both" }</button>
            }
        </footer>
    }
}

/// The day of the built-in keys.
const KEYS_DATE: &str = include_str!("../../crates/core/src/jwks/github.date");
