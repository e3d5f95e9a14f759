//! What is said of the token: what was done to its text, what its colours mean, and the anatomy of `sub`.

use crate::act::Act;
use crate::html;
use crate::html::Html;
use crate::page::Page;
use crate::report::{InspectReport, Position, Segment, Subject};
use crate::words::{faults, icon, prose, relative, sentence, visible};

/// The token that stands in the box.
fn own(page: &Page) -> Option<&InspectReport> {
    let token = page.inspect.as_ref();
    token.filter(|_| page.what_if.is_none() && !page.is_foreseen)
}

/// What stands beside the heading.
pub(crate) fn meta(page: &Page) -> Html {
    html! { said_of(page) }
}

fn said_of(page: &Page) -> String {
    if page.what_if.is_some() {
        return "not judged: a what-if stands in its place".to_owned();
    }
    if page.is_foreseen {
        return "not issued yet: foreseen from the workflow".to_owned();
    }
    let Some(token) = own(page) else {
        return "from the failed job".to_owned();
    };
    let issuer = token.issuer.as_ref().map(|issuer| visible(&issuer.kind));
    let times = match (token.seconds("iat"), token.seconds("exp")) {
        // Claims are, where no other moment is told.
        (Some(0), _) => Some("judged as of its issue".to_owned()),
        (_, Some(left @ 0..)) => Some(format!("expires {}", relative(left))),
        (_, Some(past)) => Some(format!("expired {}", relative(past))),
        (_, None) => None,
    };
    let words: Vec<String> = issuer.into_iter().chain(times).collect();
    words.join(", ")
}

/// What is wrong with the text, or was done to it.
pub(crate) fn notes(page: &Page) -> Html {
    html! {
        <>
            { page.inspect.as_ref().filter(|_| !page.is_foreseen).map(said).unwrap_or_default() }
            { what_if(page) }
            { page.token_error.as_ref().map(|error| faults(&error.causes, false)).unwrap_or_default() }
        </>
    }
}

/// Its parts.
pub(crate) fn parts(page: &Page) -> Html {
    let subject = page
        .inspect
        .as_ref()
        .and_then(|token| token.subject.as_ref());
    html! {
        <>
            { own(page).filter(|_| page.is_jwt).map(legend).unwrap_or_default() }
            { subject.map(anatomy).unwrap_or_default() }
        </>
    }
}

/// What the colours mean, in words and line styles.
fn legend(token: &InspectReport) -> Html {
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
    // The engine's notes hold the warnings, too.
    let is_other = |note: &&String| token.warnings.iter().all(|one| one.message != **note);
    let others: Vec<String> = token.notes.iter().filter(is_other).cloned().collect();
    html! {
        <>
            { for token.warnings.iter().map(|one| warning(&one.message)) }
            if !others.is_empty() {
                <p class="meta">{ prose(&sentence(&others.join("; "))) }</p>
            }
        </>
    }
}

fn what_if(page: &Page) -> Html {
    if page.what_if.is_none() {
        return html! {};
    }
    let back = if page.is_foreseen {
        "Back to the workflow"
    } else if page.is_empty {
        "Drop the what-if"
    } else {
        "Back to the token"
    };
    let judged = if page.is_empty {
        " Judged is an unsigned copy of the claims: as if GitHub had signed it."
    } else {
        " Judged is an unsigned copy of the claims, not this token: as if GitHub had signed it."
    };
    html! {
        <p class="unsigned">
            { icon("note") }
            <span><b>{ "What-if." }</b>{ judged }</span>
            <button type="button" class="btn" data-do={Act::Unjudge}>{ back }</button>
        </p>
    }
}
