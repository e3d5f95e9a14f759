//! The token's pane: the box, its coloured parts, and the moment of judgement.

use std::ops::Range;

use web_sys::HtmlTextAreaElement;
use yew::prelude::*;

use crate::drawing::Drawings;
use crate::html::{fixed, html};
use crate::input::Input;
use crate::judge::Judgement;
use crate::send::{Message, Send};
use crate::workflow::choice;

/// A token longer than this, in bytes, is shown without colours.
const LONGEST: usize = 20_000;

/// The pane.
pub(crate) fn view(
    input: &Input,
    judgement: &Judgement,
    node: &NodeRef,
    workflow: Html,
    open: bool,
    drawings: &Drawings,
    send: &Send,
) -> Html {
    let is_on = input.workflow.is_on;
    html! {
        <details class="pane" id="p-token" {open}>
            <summary><h2 id="l-token" tabindex="-1">{ "Token" }</h2><span class="meta">{ drawings.part("token-meta") }</span></summary>
            { choice(input, send) }
            <div hidden={is_on}>{ editor(input, judgement, node, send) }</div>
            <div hidden={!is_on}>{ workflow }</div>
            <div id="token-notes" class="notes">
                { drawings.part("token-notes") }
            </div>
            { drawings.part("token-parts") }
            { moment(input, judgement.misread == Some("now"), send) }
            { fixed(PRIVACY) }
        </details>
    }
}

fn editor(input: &Input, judgement: &Judgement, node: &NodeRef, send: &Send) -> Html {
    let text = input.token.as_str();
    let parts = (text.len() <= LONGEST).then(|| jwt(text)).flatten();
    let invalid = judgement.token_error.is_some().then_some("true");
    let class = if text.len() > LONGEST {
        "ed tok plain"
    } else if parts.is_some() {
        "ed tok folded"
    } else {
        "ed tok"
    };
    html! {
        <div {class}>
            if let Some(parts) = &parts {
                <pre class="fold" aria-hidden="true">{ folded(text, parts) }</pre>
            }
            <pre class="full" aria-hidden="true">
                { match &parts {
                    Some(parts) => whole(text, parts),
                    None if text.len() > LONGEST => html! {},
                    None => html! { text.to_owned() },
                } }
                { "\n" }
            </pre>
            <textarea id="token" ref={node.clone()} aria-labelledby="l-token" aria-describedby="token-notes privacy"
                placeholder="Paste a JWT, a log line with one inside, {\"value\":…}, or claims as JSON"
                spellcheck="false" autocomplete="off" autocapitalize="off" autocorrect="off" aria-invalid={invalid}
                oninput={send.0.reform(|event: InputEvent| {
                    let text = event.target_dyn_into::<HtmlTextAreaElement>();
                    let text = text.map(|text| text.value()).unwrap_or_default();
                    Message::Change(Box::new(|input| {
                        // Undoing what was taken out of the box, a browser tells of a change to nothing.
                        if input.token != text {
                            input.token = text;
                            input.what_if = None;
                        }
                    }))
                })} />
        </div>
    }
}

/// Header, payload and signature of the JWT in a text, which may stand in several lines.
pub(crate) fn jwt(text: &str) -> Option<[Range<usize>; 3]> {
    let start = text.find("eyJ")?;
    let dot = |at: usize| text.get(at..).is_some_and(|rest| rest.starts_with('.'));
    let header = start..end_of(text, start, false);
    let payload = dot(header.end).then(|| header.end + 1..end_of(text, header.end + 1, false))?;
    let signature =
        dot(payload.end).then(|| payload.end + 1..end_of(text, payload.end + 1, true))?;
    Some([header, payload, signature])
}

/// Where the part that begins at `start` ends. It goes on in the next line, the last one where that holds nothing else.
fn end_of(text: &str, start: usize, is_last: bool) -> usize {
    let is_part = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_');
    let mut end = start;
    loop {
        let rest = text.get(end..).unwrap_or_default();
        let after = rest.trim_start_matches(is_part);
        let next = after.trim_start();
        let line = next.lines().next().unwrap_or_default().trim_end();
        let goes_on = if is_last {
            !line.is_empty() && line.chars().all(is_part)
        } else {
            line.starts_with(|c| is_part(c) || c == '.')
        };
        let blanks = after.strip_suffix(next).unwrap_or_default();
        end = text.len() - after.len();
        if !(goes_on && blanks.contains('\n')) {
            return end;
        }
        end += blanks.len();
    }
}

const CLASSES: [&str; 3] = ["jh", "jp", "js"];

fn whole(text: &str, parts: &[Range<usize>; 3]) -> Html {
    let [header, .., signature] = parts;
    let piece = |(range, class): (&Range<usize>, &'static str)| {
        let dot = (class != "jh").then(|| html! { <span class="jd">{ "." }</span> });
        html! { <>{ for dot }<span {class}>{ text.get(range.clone()).unwrap_or_default().to_owned() }</span></> }
    };
    html! {
        <>
            { text.get(..header.start).unwrap_or_default().to_owned() }
            { for parts.iter().zip(CLASSES).map(piece) }
            { text.get(signature.end..).unwrap_or_default().to_owned() }
        </>
    }
}

/// Head and tail of each part.
fn folded(text: &str, parts: &[Range<usize>; 3]) -> Html {
    let ends = [(30, 10), (76, 20), (24, 6)];
    let piece =
        |((range, class), (head, tail)): ((&Range<usize>, &'static str), (usize, usize))| {
            let part = text.get(range.clone()).unwrap_or_default();
            let part: String = part.split_whitespace().collect();
            let dot = (class != "jh").then(|| html! { <span class="jd">{ "." }</span> });
            let middle = part.len().checked_sub(head + tail).filter(|cut| *cut > 3);
            html! {
                <>
                    { for dot }
                    <span {class}>
                        if middle.is_some() {
                            { part.get(..head).unwrap_or_default().to_owned() }
                            <span class="el">{ " … " }</span>
                            { part.get(part.len() - tail..).unwrap_or_default().to_owned() }
                        } else {
                            { part.clone() }
                        }
                    </span>
                </>
            }
        };
    parts.iter().zip(CLASSES).zip(ends).map(piece).collect()
}

fn moment(input: &Input, is_misread: bool, send: &Send) -> Html {
    let settings = &input.settings;
    html! {
        <div class="moment">
            <label>
                <input type="checkbox" checked={settings.at_issue} onchange={send.checked(|input| &mut input.settings.at_issue)} />
                { "Judge as of the token's issue time" }
            </label>
            <label class="at">
                { "or at" }
                <input type="text" aria-label="Judge at this time" value={settings.now.clone()} disabled={settings.at_issue}
                    aria-invalid={is_misread.then_some("true")}
                    placeholder="now, or 2026-11-23T14:00:00Z" size="24" autocomplete="off" spellcheck="false"
                    oninput={send.typed(|input| &mut input.settings.now)} />
            </label>
        </div>
    }
}

/// The promise, and how to see that it is kept.
const PRIVACY: &str = "<div class=priv id=privacy><svg class='i lock' aria-hidden=true><use href='#lock'></use></svg><div>\
<p>Your token stays in this tab: this page can make no network request.</p>\
<details><summary>How to check</summary><p>Open your browser's developer tools. Under Network nothing is added while you paste. \
Under Elements the head of the page holds a second Content-Security-Policy, <code>connect-src 'none'</code>: from there on the \
browser itself refuses every request. You can also cut your network first.</p></details></div></div>";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_may_stand_in_several_lines() {
        let parts =
            |text: &str| jwt(text).map(|parts| parts.map(|part| text.get(part).map(str::to_owned)));
        let are = |header: &str, payload: &str, signature: &str| {
            Some([header, payload, signature].map(|part| Some(part.to_owned())))
        };
        assert_eq!(parts("a eyJh.eyJp.sig-_ b"), are("eyJh", "eyJp", "sig-_"));
        assert_eq!(
            parts("eyJ\r\n  h\n.\neyJp.si\n g\nnot this"),
            are("eyJ\r\n  h\n", "\neyJp", "si\n g")
        );
        assert_eq!(parts("eyJh.eyJp.sig\n"), are("eyJh", "eyJp", "sig"));
        assert_eq!(parts("eyJh.eyJp.\n"), are("eyJh", "eyJp", ""));
        assert_eq!(parts("eyJh eyJp. sig"), None);
        assert_eq!(parts("eyJh\neyJp"), None);
    }
}
