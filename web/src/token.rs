//! The token's pane: the box, its coloured parts, the anatomy of `sub`, and the moment of judgement.

use std::ops::Range;

use web_sys::HtmlTextAreaElement;
use yew::prelude::*;

use crate::html::html;
use crate::input::Input;
use crate::judge::Judgement;
use crate::report::{InspectReport, Position, Segment, Subject};
use crate::send::{Message, Send};
use crate::words::{faults, fixed, icon, prose, relative, sentence, visible};
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
    send: &Send,
) -> Html {
    let is_on = input.workflow.is_on;
    let token = judgement
        .token
        .as_deref()
        .filter(|_| input.what_if.is_none() && !is_on);
    html! {
        <details class="pane" id="p-token" {open}>
            <summary><h2 id="l-token" tabindex="-1">{ "Token" }</h2><span class="meta">{ meta(input, token) }</span></summary>
            { choice(input, send) }
            <div hidden={is_on}>{ editor(input, judgement, node, send) }</div>
            <div hidden={!is_on}>{ workflow }</div>
            <div id="token-notes" class="notes">
                { what_if(input, send) }
                { faults(&judgement.token_faults, None) }
                { token.map(said).unwrap_or_default() }
            </div>
            { token.map(|token| legend(&input.token, token)).unwrap_or_default() }
            { judgement.token.as_ref().and_then(|token| Some(anatomy(token.subject.as_ref()?))).unwrap_or_default() }
            { moment(input, send) }
            { fixed(PRIVACY) }
        </details>
    }
}

fn meta(input: &Input, token: Option<&InspectReport>) -> String {
    if input.what_if.is_some() {
        return "not judged: a what-if stands in its place".to_owned();
    }
    if input.workflow.is_on {
        return "not issued yet: foreseen from the workflow".to_owned();
    }
    let Some(token) = token else {
        return "from the failed job".to_owned();
    };
    let issuer = token.issuer.as_ref().map(|issuer| visible(&issuer.kind));
    let exp = token.times.iter().find(|time| time.claim == "exp");
    let times = exp.and_then(|exp| {
        Some(match exp.relative_seconds? {
            left @ 0.. => format!("expires {}", relative(left)),
            past => format!("expired {}", relative(past)),
        })
    });
    let words: Vec<String> = issuer.into_iter().chain(times).collect();
    words.join(", ")
}

fn editor(input: &Input, judgement: &Judgement, node: &NodeRef, send: &Send) -> Html {
    let text = input.token.as_str();
    let parts = (text.len() <= LONGEST).then(|| jwt(text)).flatten();
    let invalid = (!judgement.token_faults.is_empty()).then_some("true");
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
                        input.token = text;
                        input.what_if = None;
                    }))
                })} />
        </div>
    }
}

/// Header, payload and signature of the JWT in a text.
fn jwt(text: &str) -> Option<[Range<usize>; 3]> {
    let start = text.find("eyJ")?;
    let is_part = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_');
    let end_of = |start: usize| {
        let rest = text.get(start..).unwrap_or_default();
        start + rest.find(|c| !is_part(c)).unwrap_or(rest.len())
    };
    let dot = |at: usize| text.get(at..).is_some_and(|rest| rest.starts_with('.'));
    let header = start..end_of(start);
    let payload = dot(header.end).then(|| header.end + 1..end_of(header.end + 1))?;
    let signature = dot(payload.end).then(|| payload.end + 1..end_of(payload.end + 1))?;
    Some([header, payload, signature])
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
                            { part.to_owned() }
                        }
                    </span>
                </>
            }
        };
    parts.iter().zip(CLASSES).zip(ends).map(piece).collect()
}

/// What the colours mean, in words and line styles.
fn legend(text: &str, token: &InspectReport) -> Html {
    if jwt(text).is_none() {
        return html! {};
    }
    let member = |name: &str| {
        let header = token.header.as_ref();
        let value = header.and_then(|header| header.get(name)?.as_str());
        value.map(str::to_owned)
    };
    let algorithm = member("alg").unwrap_or_default();
    let key = member("kid").map(|kid| format!(", key {}", kid.chars().take(8).collect::<String>()));
    let signature = token.checks.iter().find(|check| check.id == "signature");
    let signature = match signature.map(|check| check.outcome.as_str()) {
        Some("pass") => "signature right, shown to nobody",
        Some("fail") => "signature wrong",
        _ => "signature not verified",
    };
    html! {
        <p class="legend">
            <span class="jh">{ visible(&format!("header {algorithm}{}", key.unwrap_or_default())) }</span>
            <span class="jp">{ format!("payload {} claims", token.claims.len()) }</span>
            <span class="js">{ signature }</span>
        </p>
    }
}

/// The segments of `sub` in place, each with its name below.
fn anatomy(subject: &Subject) -> Html {
    let leaves: Vec<&Segment> = subject
        .segments
        .iter()
        .flat_map(|segment| {
            if segment.parts.is_empty() {
                vec![segment]
            } else {
                segment.parts.iter().collect()
            }
        })
        .take(40)
        .collect();
    let mut at = 0;
    let mut pieces = Vec::new();
    for leaf in &leaves {
        let between = slice(&subject.value, at, &leaf.start);
        // `@` belongs to the id that follows, `ref:` to the ref.
        let (separator, own) = match between.char_indices().nth(1) {
            Some((cut, _)) if between.starts_with(':') => between.split_at(cut),
            _ if matches!(between, "@" | "/") => ("", between),
            _ => (between, ""),
        };
        if !separator.is_empty() {
            pieces.push(
                html! { <span class="sep"><span class="m">{ visible(separator) }</span></span> },
            );
        }
        let class = leaf.name.ends_with("_id").then_some("ids");
        pieces.push(html! {
            <span {class}>
                <span class="m">{ visible(&format!("{own}{}", leaf.text)) }</span>
                <small>{ label(leaf, &subject.tail) }</small>
            </span>
        });
        at = leaf.end.byte;
    }
    let rest = subject.value.get(at..).unwrap_or_default();
    html! {
        <p class="anat" role="group" aria-label="Parts of sub">
            <span class="sep of"><span class="m k">{ "sub" }</span></span>
            { for pieces }
            if !rest.is_empty() { <span class="sep"><span class="m">{ visible(rest) }</span></span> }
        </p>
    }
}

fn slice<'t>(text: &'t str, from: usize, to: &Position) -> &'t str {
    text.get(from..to.byte).unwrap_or_default()
}

fn label(leaf: &Segment, tail: &str) -> String {
    let words = leaf.name.replace('_', " ");
    let short = |start: &str| visible(leaf.decoded.strip_prefix(start).unwrap_or(&leaf.decoded));
    match (leaf.name.as_str(), tail) {
        ("ref", "branch") => format!("branch {}", short("refs/heads/")),
        ("ref", "tag") => format!("tag {}", short("refs/tags/")),
        ("ref", "merge_queue") => "branch of the merge queue".to_owned(),
        _ if leaf.decoded != leaf.text => format!("{words} {}", visible(&leaf.decoded)),
        _ => words,
    }
}

/// What was done to the pasted text, and whether it is a live credential.
fn said(token: &InspectReport) -> Html {
    let warning = |message: &str| {
        html! { <p class="alarm">{ icon("warning") }<span>{ prose(&sentence(message)) }</span></p> }
    };
    html! {
        <>
            { for token.warnings.iter().map(|one| warning(&one.message)) }
            if !token.notes.is_empty() {
                <p class="meta">{ visible(&sentence(&token.notes.join("; "))) }</p>
            }
        </>
    }
}

fn what_if(input: &Input, send: &Send) -> Html {
    if input.what_if.is_none() {
        return html! {};
    }
    let back = if input.workflow.is_on {
        "Back to the workflow"
    } else if input.token.trim().is_empty() {
        "Drop the what-if"
    } else {
        "Back to the token"
    };
    html! {
        <p class="unsigned">
            { icon("note") }
            <span><b>{ "What-if." }</b>{ " Judged is an unsigned copy of the claims, not this token: as if GitHub had signed it." }</span>
            <button type="button" class="btn" onclick={send.click(Box::new(|| Message::WhatIf(None)))}>{ back }</button>
        </p>
    }
}

fn moment(input: &Input, send: &Send) -> Html {
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
