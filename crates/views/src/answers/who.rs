//! Who else gets in, whatever the token; and what changed against an earlier policy.

use super::repair::try_it;
use crate::act::Act;
use crate::html;
use crate::html::Html;
use crate::page::Found;
use crate::report::{Claims, DiffReport, Outsider, Set, WhoPolicy};
use crate::words::{icon, prose, sentence, visible};

/// What is known. `found`: `None` while it is being found out.
pub(super) fn view(found: Option<&Found>, in_box: bool) -> Html {
    match found {
        None => html! { <p class="working">{ "Looking at every possible token …" }</p> },
        Some(found) => match found.who.as_ref().and_then(|who| who.policies.first()) {
            Some(policy) => answer(policy, in_box),
            None => html! { <p class="sub">{ "Not checked here yet." }</p> },
        },
    }
}

fn answer(policy: &WhoPolicy, in_box: bool) -> Html {
    html! {
        <>
            { outsider(&policy.outsider, in_box) }
            <ul class="who">{ for policy.sets.iter().take(12).map(|set| one(set, in_box)) }</ul>
            if policy.sets.len() > 12 {
                <p class="sub">{ format!("and {} more", policy.sets.len() - 12) }</p>
            }
        </>
    }
}

fn outsider(outsider: &Outsider, in_box: bool) -> Html {
    let (shape, class, words) = match outsider.verdict.as_str() {
        "closed" => ("pass", "outs", "No outsider can get in."),
        "open" => ("warning", "outs warnb", "Outsiders get in."),
        "depends" => ("unknown", "outs unsure", "It hangs on who you are."),
        "borrow" => (
            "warning",
            "outs warnb",
            "Anyone can borrow a reusable workflow that gets in.",
        ),
        "lure" => (
            "warning",
            "outs warnb",
            "Somebody who gets in can be lured into a run.",
        ),
        _ => ("unknown", "outs unsure", "Not decided."),
    };
    let trusts = (!outsider.trusts.is_empty()).then(|| {
        let names: Vec<String> = outsider
            .trusts
            .iter()
            .map(|owner| format!("`{owner}`"))
            .collect();
        format!(" Insiders are those who can write to {}.", names.join(", "))
    });
    html! {
        <>
            <div class={class}>
                { icon(shape) }
                <div>
                    <p><b>{ words }</b>{ prose(&trusts.unwrap_or_default()) }</p>
                    if !outsider.recipe.is_empty() {
                        <ol class="recipe">{ for outsider.recipe.iter().take(8).map(|step| html! { <li>{ prose(&sentence(step)) }</li> }) }</ol>
                    }
                    if !outsider.assumptions.is_empty() {
                        <details class="more">
                            <summary>{ "What this takes for granted" }</summary>
                            { for outsider.assumptions.iter().take(8).map(|one| html! { <p class="sub">{ prose(&sentence(one)) }</p> }) }
                        </details>
                    }
                    { for outsider.witness.as_ref().filter(|_| in_box).map(|claims| html! {
                        <p class="row">{ try_it("Try the outsider's token", "", claims) }</p>
                    }) }
                </div>
            </div>
        </>
    }
}

fn one(set: &Set, in_box: bool) -> Html {
    let sub = set
        .witness
        .as_ref()
        .and_then(|claims| claims.get("sub")?.as_str());
    // The same words are said of names alone.
    let with_ids = if set.form == "immutable" {
        ", subjects with ids"
    } else {
        ""
    };
    let words = format!("{}{with_ids}", set.words);
    html! {
        <li>
            { icon("dot") }
            <div>{ prose(&sentence(&words)) }if let Some(sub) = sub { <small><code>{ visible(sub) }</code></small> }</div>
            { for set.witness.as_ref().filter(|_| in_box).map(|claims| try_it("Try this one", &words, claims)) }
        </li>
    }
}

/// What changed against the policy that was kept, or the offer to keep this one.
pub(super) fn change(found: Option<&Found>, is_kept: bool, in_box: bool) -> Html {
    let keep = |name: &'static str, keep: bool| {
        html! { <button type="button" class="btn" disabled={!in_box} data-do={Act::Keep(keep)}>{ name }</button> }
    };
    if is_kept {
        let diff = found.and_then(|found| found.diff.as_ref());
        let words = match (found, diff) {
            (_, Some(diff)) => relation(diff, in_box),
            (Some(_), None) => html! { <p class="sub">{ "Not checked here yet." }</p> },
            (None, _) => html! { <p class="working">{ "Comparing …" }</p> },
        };
        html! { <>{ words }<p class="row">{ keep("Compare from this one on", true) }{ keep("Compare no more", false) }</p></> }
    } else {
        html! { <p class="row">{ keep("Compare from this one on", true) }<span class="sub">{ "Edit the policy then: here stands what it admits more or less." }</span></p> }
    }
}

fn relation(diff: &DiffReport, in_box: bool) -> Html {
    let (shape, words) = match diff.relation.as_str() {
        "equal" => ("pass", "Both policies admit the same tokens."),
        "stricter" => (
            "pass",
            "This policy admits less than the one before, and nothing new.",
        ),
        "looser" => ("warning", "This policy admits more than the one before."),
        "incomparable" => (
            "warning",
            "This policy admits some tokens that the one before refused, and refuses others.",
        ),
        _ => ("unknown", "Not decided."),
    };
    let witness = |claims: &Option<Claims>, words: &'static str, name: &'static str| {
        let claims = claims.as_ref()?;
        let sub = claims
            .get("sub")
            .and_then(|sub| sub.as_str())
            .unwrap_or_default();
        Some(html! {
            <li>{ icon("dot") }<div>{ words }<small><code>{ visible(sub) }</code></small></div>{ for in_box.then(|| try_it(name, "", claims)) }</li>
        })
    };
    html! {
        <>
            <p class="proof">{ icon(shape) }<span>{ words }</span></p>
            <ul class="who">
                { for witness(&diff.newly_admitted, "Newly admitted", "Try the new one") }
                { for witness(&diff.no_longer_admitted, "No longer admitted", "Try the old one") }
            </ul>
        </>
    }
}
