//! The claims in three groups: what AWS makes condition keys of, what STS checks itself, what AWS never sees.
//! Each can be changed in an unsigned copy.

use serde_json::Value;

use crate::act::Act;
use crate::html;
use crate::html::Html;
use crate::page::{Page, WhatIf};
use crate::report::{Claim, InspectReport, Key, Part, Time};
use crate::words::{MOST_ROWS, State, prose, relative, visible};

/// What stands beside the heading.
pub(crate) fn meta(page: &Page) -> Html {
    let claims = page.inspect.iter().flat_map(|token| &token.claims);
    let of = |used: &str| claims.clone().filter(|claim| claim.use_ == used).count();
    let several = page
        .job()
        .is_some_and(|job| job.tokens.len() + job.more_tokens > 1);
    let whose = if several {
        "of the first of several tokens: "
    } else {
        ""
    };
    html! {
        format!(
            "{whose}{} are condition keys, {} are for STS, AWS never sees {}",
            of("condition-key"),
            of("checked-by-sts"),
            of("never-offered"),
        )
    }
}

/// The claims. What a change of one begins with stands in `data-base`.
pub(crate) fn view(page: &Page) -> Html {
    let Some(token) = &page.inspect else {
        return Html::default();
    };
    let is_editing = page.edits_claims;
    let table = Table {
        token,
        parts: parts(page),
        base: base(page, token),
        is_editing,
    };
    let base = Act::Judge {
        claims: table.base.claims.clone(),
        partial: table.base.partial,
    };
    html! {
        <div data-base={is_editing.then_some(base)}>
            { table.view() }
            <div class="row">
                <button type="button" class="btn" aria-pressed={is_editing.to_string()} data-do={Act::EditClaims(!is_editing)}>{ "What if a claim were different" }</button>
                if page.what_if.is_some() {
                    <button type="button" class="btn q" data-do={Act::Unjudge}>{ "Undo the what-if" }</button>
                }
            </div>
        </div>
    }
}

/// What a change of a claim begins with: of a token that is foreseen only what is known.
fn base(page: &Page, token: &InspectReport) -> WhatIf {
    if let Some(what_if) = &page.what_if {
        return what_if.clone();
    }
    let foreseen = page.job().and_then(|job| job.tokens.first());
    match foreseen {
        Some(foreseen) => WhatIf {
            claims: foreseen.known(),
            partial: foreseen.partial,
        },
        None => {
            let claims = token
                .claims
                .iter()
                .map(|claim| (claim.name.clone(), claim.value.clone()));
            WhatIf {
                claims: claims.collect(),
                partial: false,
            }
        }
    }
}

fn parts(page: &Page) -> Vec<&Part> {
    let statements = page
        .decided()
        .into_iter()
        .flat_map(|report| &report.statements);
    statements.flat_map(|one| &one.parts).collect()
}

struct Table<'a> {
    token: &'a InspectReport,
    parts: Vec<&'a Part>,
    base: WhatIf,
    is_editing: bool,
}

impl Table<'_> {
    fn view(&self) -> Html {
        let prefix = self
            .token
            .issuer
            .as_ref()
            .map(|one| one.key_prefix.as_str());
        let heading = format!(
            "AWS sees these as condition keys, {}:…",
            visible(prefix.unwrap_or_default())
        );
        html! {
            <>
                <table class="claims">
                    <tbody>
                        <tr><th scope="rowgroup" colspan="3">{ heading }</th></tr>
                        { for self.keys().into_iter().map(|key| self.key(key)) }
                    </tbody>
                    <tbody>
                        <tr><th scope="rowgroup" colspan="3">{ "STS checks these itself; a policy cannot test them" }</th></tr>
                        { for self.used("checked-by-sts").map(|claim| self.checked(claim)) }
                    </tbody>
                </table>
                <h3 class="gh">{ "AWS never sees these; a condition on one is never met" }</h3>
                <dl class="chips">{ for self.used("never-offered").take(MOST_ROWS).map(|claim| self.unseen(claim)) }</dl>
            </>
        }
    }

    fn used(&self, used: &'static str) -> impl Iterator<Item = &Claim> {
        self.token
            .claims
            .iter()
            .filter(move |claim| claim.use_ == used)
    }

    /// The keys that are there, and those that a token of GitHub could have.
    fn keys(&self) -> Vec<&Key> {
        // The subject and the audience first, what is absent last.
        let rank = |key: &Key| match key.key.rsplit(':').next() {
            Some("sub") => 0,
            Some("aud") => 1,
            _ if key.presence == "present" => 2,
            _ => 3,
        };
        let named = |key: &&Key| key.presence == "present" || key.when.is_some();
        let of = |wanted| {
            let keys = self.token.keys.iter().filter(named);
            keys.filter(move |key| rank(key) == wanted)
        };
        (0..4).flat_map(of).take(MOST_ROWS).collect()
    }

    fn key(&self, key: &Key) -> Html {
        let name = key.key.rsplit(':').next().unwrap_or_default();
        let value = match (&key.values, key.presence.as_str()) {
            (Some(values), _) => html! { visible(&values.join(", ")) },
            (None, "unknown") => html! { <span class="dim">{ "not known" }</span> },
            (None, _) => html! { <span class="dim">{ "absent" }</span> },
        };
        let note = match self.tested(&key.key) {
            Some(state) => {
                html! { <span class="tested">{ state.icon() }{ " " }{ state.word }</span> }
            }
            None if key.presence == "present" => html! {},
            None => key
                .when
                .as_ref()
                .map(|when| prose(&format!("GitHub sends it {when}")))
                .unwrap_or_default(),
        };
        html! {
            <tr>
                <th scope="row">{ visible(name) }</th>
                <td class="m">{ self.field(name).unwrap_or(value) }</td>
                <td>{ note }</td>
            </tr>
        }
    }

    /// How the policy's tests of a key came out: the worst of them.
    fn tested(&self, key: &str) -> Option<State> {
        let of_key = |part: &&&Part| {
            part.key
                .as_deref()
                .is_some_and(|own| own.eq_ignore_ascii_case(key))
        };
        let tests: Vec<&str> = self
            .parts
            .iter()
            .filter(of_key)
            .map(|part| part.outcome.as_str())
            .collect();
        let worst = ["not-met", "unknown", "met", "not-reached"]
            .into_iter()
            .find(|word| tests.contains(word))?;
        Some(State::of_test(worst))
    }

    fn checked(&self, claim: &Claim) -> Html {
        let time = self.token.time(&claim.name);
        let value = match time {
            Some(time) => date(&time.at),
            None => visible(&shown(&claim.value)),
        };
        html! {
            <tr>
                <th scope="row">{ visible(&claim.name) }</th>
                <td class="m">{ self.field(&claim.name).unwrap_or_else(|| html! { value }) }</td>
                <td>{ time.map_or_else(|| meaning(claim), in_words) }</td>
            </tr>
        }
    }

    fn unseen(&self, claim: &Claim) -> Html {
        let value = || html! { visible(&shown(&claim.value)) };
        html! {
            <div title={claim.meaning.clone()}>
                <dt>{ visible(&claim.name) }</dt>
                <dd>{ self.field(&claim.name).unwrap_or_else(value) }</dd>
            </div>
        }
    }

    /// A field for the claim's value, while claims are edited. An empty field takes the claim away.
    fn field(&self, name: &str) -> Option<Html> {
        if !self.is_editing {
            return None;
        }
        let value = self.base.claims.get(name).map(shown).unwrap_or_default();
        let missing = if self.base.partial {
            "not known"
        } else {
            "absent"
        };
        Some(html! {
            <input type="text" aria-label={format!("{name}, what if")} {value} data-claim={name} autocomplete="off"
                autocapitalize="off" spellcheck="false" placeholder={missing} />
        })
    }
}

fn shown(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

/// `2026-11-23 14:00:00 UTC`
fn date(iso: &str) -> String {
    visible(&iso.replace('T', " ").replace('Z', " UTC"))
}

fn in_words(time: &Time) -> Html {
    let verb = match (time.claim.as_str(), time.relative_seconds) {
        ("iat", Some(0)) => return html! { "issued: the moment it is judged at" },
        ("iat", _) => "issued",
        ("nbf", _) => "not before",
        (_, Some(..=-1)) => "expired",
        _ => "expires",
    };
    match time.relative_seconds {
        Some(seconds) => html! { format!("{verb} {}", relative(seconds)) },
        None => html! { verb },
    }
}

fn meaning(claim: &Claim) -> Html {
    match claim.name.as_str() {
        "iss" => html! { "is the provider" },
        _ => html! { visible(claim.meaning.as_deref().unwrap_or_default()) },
    }
}
