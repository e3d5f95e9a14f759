//! The panel for what is known of the account and the request, closed until it is needed.

use std::rc::Rc;

use yew::prelude::*;

use crate::html::html;
use crate::input::{ContextKey, Input, Settings};
use crate::send::{Field, Message, Send, Set};

/// The pane.
pub(crate) fn view(input: &Input, send: &Send) -> Html {
    let settings = &input.settings;
    let meta = if settings.is_default() {
        "GitHub's provider, the usual audience, nothing else known".to_owned()
    } else {
        given(settings)
    };
    html! {
        <details class="pane" id="p-settings">
            <summary><h2 id="l-settings" tabindex="-1">{ "Account and request" }</h2><span class="meta">{ meta }</span></summary>
            <div class="form">
                { role(settings, send) }
                { provider(settings, send) }
                { signature(settings, send) }
                { context(&settings.context, send) }
            </div>
        </details>
    }
}

fn given(settings: &Settings) -> String {
    let named = [
        (
            !settings.role_arn.is_empty() || !settings.role.is_empty(),
            "role",
        ),
        (!settings.session_name.is_empty(), "session name"),
        (
            !settings.duration.is_empty() || !settings.max_session_duration.is_empty(),
            "duration",
        ),
        (
            !settings.provider.is_empty() || !settings.audiences.is_empty(),
            "provider",
        ),
        (
            !settings.jwks.is_empty() || !settings.signature.is_empty(),
            "signature",
        ),
        (settings.partial, "partial claims"),
        (!settings.context.is_empty(), "condition keys"),
    ];
    let words: Vec<&str> = named
        .into_iter()
        .filter(|(is, _)| *is)
        .map(|(_, word)| word)
        .collect();
    format!("given: {}", words.join(", "))
}

fn field(
    label: &'static str,
    placeholder: &'static str,
    value: &str,
    send: &Send,
    field: Field<String>,
) -> Html {
    html! {
        <label>
            <span>{ label }</span>
            <input type="text" value={value.to_owned()} {placeholder} autocomplete="off" autocapitalize="off" spellcheck="false"
                oninput={send.typed(field)} />
        </label>
    }
}

fn role(settings: &Settings, send: &Send) -> Html {
    html! {
        <fieldset>
            <legend>{ "Role and session" }</legend>
            { field("Role ARN", "arn:aws:iam::111122223333:role/deploy", &settings.role_arn, send, |input| &mut input.settings.role_arn) }
            { field("Role in the text", "deploy, where the text holds several", &settings.role, send, |input| &mut input.settings.role) }
            { field("Session name", "GitHubActions", &settings.session_name, send, |input| &mut input.settings.session_name) }
            { field("Duration in seconds", "3600", &settings.duration, send, |input| &mut input.settings.duration) }
            { field("Longest duration of the role", "3600", &settings.max_session_duration, send, |input| &mut input.settings.max_session_duration) }
        </fieldset>
    }
}

fn provider(settings: &Settings, send: &Send) -> Html {
    let is = |value: &str| settings.provider == value;
    html! {
        <fieldset>
            <legend>{ "Identity provider of the account" }</legend>
            <label>
                <span>{ "Provider" }</span>
                <select onchange={send.chosen(Rc::new(|input, value| input.settings.provider = value))}>
                    <option value="" selected={is("")}>{ "GitHub's, as the policy names it" }</option>
                    <option value="other" selected={is("other")}>{ "another URL" }</option>
                    <option value="none" selected={is("none")}>{ "the account has none" }</option>
                </select>
            </label>
            if is("other") {
                { field("Provider URL", "https://token.actions.githubusercontent.com", &settings.provider_url, send, |input| &mut input.settings.provider_url) }
            }
            if !is("none") {
                { field("Registered audiences", "sts.amazonaws.com", &settings.audiences, send, |input| &mut input.settings.audiences) }
            }
        </fieldset>
    }
}

fn signature(settings: &Settings, send: &Send) -> Html {
    let is = |value: &str| settings.signature == value;
    html! {
        <fieldset>
            <legend>{ "Token and signature" }</legend>
            <label>
                <span>{ "Signature" }</span>
                <select onchange={send.chosen(Rc::new(|input, value| input.settings.signature = value))}>
                    <option value="" selected={is("")}>{ "verify; an unknown key leaves it open" }</option>
                    <option value="require" selected={is("require")}>{ "verify; an unknown key is refused" }</option>
                    <option value="ignore" selected={is("ignore")}>{ "take it for right" }</option>
                </select>
            </label>
            <label class="wide">
                <span>{ "Key set (JWKS)" }</span>
                <textarea class="small" rows="3" placeholder="{\"keys\": [...]} of the issuer, in place of the built-in keys of GitHub"
                    autocomplete="off" autocapitalize="off" autocorrect="off" spellcheck="false"
                    value={settings.jwks.clone()} oninput={send.typed(|input| &mut input.settings.jwks)} />
            </label>
            <label class="tick">
                <input type="checkbox" checked={settings.partial} onchange={send.checked(|input| &mut input.settings.partial)} />
                { "The claims are only some of the token's: what is missing is unknown, not absent" }
            </label>
        </fieldset>
    }
}

/// Unknown, absent, or a value: three different things.
fn context(keys: &[ContextKey], send: &Send) -> Html {
    let add = send.0.reform(|_: MouseEvent| {
        Message::Change(Box::new(|input| {
            input.settings.context.push(ContextKey::default());
        }))
    });
    html! {
        <fieldset>
            <legend>{ "Condition keys that no token holds" }</legend>
            <p class="sub">{ "A key that is not listed here is unknown: the answer then says what hangs on it." }</p>
            { for keys.iter().enumerate().map(|(index, entry)| context_key(index, entry, send)) }
            <button type="button" class="btn" onclick={add}>{ "Add a key" }</button>
        </fieldset>
    }
}

fn context_key(index: usize, entry: &ContextKey, send: &Send) -> Html {
    let set = |change: fn(&mut ContextKey, String)| -> Set {
        Rc::new(move |input: &mut Input, text| {
            if let Some(entry) = input.settings.context.get_mut(index) {
                change(entry, text);
            }
        })
    };
    let remove = send.0.reform(move |_: MouseEvent| {
        Message::Change(Box::new(move |input| {
            if index < input.settings.context.len() {
                input.settings.context.remove(index);
            }
        }))
    });
    let name = |what: &str| format!("{what} {}", index + 1);
    html! {
        <div class="context">
            <input type="text" aria-label={name("Condition key")} value={entry.key.clone()} placeholder="aws:SourceIp"
                autocomplete="off" autocapitalize="off" spellcheck="false"
                oninput={send.entered(set(|entry, text| entry.key = text))} />
            <select aria-label={name("State of key")}
                onchange={send.chosen(set(|entry, text| entry.is_absent = text == "absent"))}>
                <option value="value" selected={!entry.is_absent}>{ "is" }</option>
                <option value="absent" selected={entry.is_absent}>{ "is absent" }</option>
            </select>
            if !entry.is_absent {
                <input type="text" aria-label={name("Value of key")} value={entry.value.clone()} placeholder="203.0.113.7"
                    autocomplete="off" autocapitalize="off" spellcheck="false"
                    oninput={send.entered(set(|entry, text| entry.value = text))} />
            }
            <button type="button" class="btn q" onclick={remove} aria-label={name("Forget key")}>{ "Forget" }</button>
        </div>
    }
}
