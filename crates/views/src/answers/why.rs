//! Why: the causes, the first of them in full, and what hangs on what is not known.

use super::compare::Pair;
use super::explain;
use crate::act::Act;
use crate::html;
use crate::html::Html;
use crate::report::{Answer, Cause, CheckReport, InspectReport, Part, Unknown};
use crate::verdict::named;
use crate::words::{
    MOST_ROWS, State, definitions, length, part, place, prose, rows, sentence, visible,
};

/// What there is to explain, and what can be done about it.
pub(super) struct Why<'a> {
    pub(super) report: &'a CheckReport,
    pub(super) token: Option<&'a InspectReport>,
    /// The report is of the text in the box.
    pub(super) in_box: bool,
}

impl Why<'_> {
    pub(super) fn view(&self) -> Html {
        let Some((first, others)) = self.report.causes.split_first() else {
            return self.without_causes();
        };
        let meta = html! {
            <>
                { "cause " }{ explain::id(&first.id) }
                if let Some(location) = &first.location { { " at " }{ place(location, self.in_box) } }
            </>
        };
        let body = html! {
            <>
                { self.unknowns() }
                { for self.report.of_token().map(|token| html! {
                    <p class="sub">{ "Of the token " }<code>{ visible(token) }</code>{ ":" }</p>
                }) }
                { self.cause(first) }
                { self.also_seen() }
                if !others.is_empty() {
                    <details class="more">
                        <summary>{ format!("{} more", others.len()) }</summary>
                        <ol class="causes">{ rows(others, |cause| self.other(cause)) }</ol>
                    </details>
                }
            </>
        };
        part("why", "Why", meta, body)
    }

    fn without_causes(&self) -> Html {
        let applying = self
            .report
            .statements
            .iter()
            .find(|one| one.effect == "Allow" && one.outcome == "applies");
        let Some(statement) = applying else {
            let meta = match self.report.unknowns.len() {
                0 => html! {},
                1 => html! { "one fact is missing" },
                count => html! { format!("{count} facts are missing") },
            };
            return part("why", "Why", meta, self.unknowns());
        };
        let number = statement.index + 1;
        let tests = statement.parts.len();
        let body = html! {
            <>
                <p class="say">{ format!("Statement {number} applies: all of its {tests} tests are met, and no Deny does.") }</p>
                { for statement.parts.iter().filter_map(subject_pair) }
                { self.unknowns() }
            </>
        };
        part(
            "why",
            "Why",
            html! { format!("statement {number} applies") },
            body,
        )
    }

    fn cause(&self, cause: &Cause) -> Html {
        html! {
            <>
                <p class="say">{ prose(&sentence(&cause.summary)) }</p>
                { self.values(cause) }
                <p class="help">{ prose(&sentence(&cause.help)) }</p>
            </>
        }
    }

    fn other(&self, cause: &Cause) -> Html {
        html! {
            <li class="cause">
                <p class="meta">
                    { "cause " }{ explain::id(&cause.id) }
                    if let Some(location) = &cause.location { { " at " }{ place(location, self.in_box) } }
                </p>
                { self.cause(cause) }
            </li>
        }
    }

    /// The token's value above the policy's. Outside of the policy: what was found above what STS expects.
    fn values(&self, cause: &Cause) -> Html {
        let late = self.token.filter(|_| cause.id == "token_expired");
        if let Some(line) = late.and_then(|token| self.time_line(token)) {
            return line;
        }
        let in_policy = cause.location.is_some();
        let (above, below) = sides(cause);
        match (&cause.actual, &cause.expected) {
            (Some(actual), Some(expected)) if in_policy => {
                let operator = self.operator(cause);
                let pair = Pair {
                    above: (above, actual),
                    below: (below, expected),
                    wildcards: has_wildcards(&operator),
                    rule: rule(&operator),
                };
                pair.view()
            }
            (None, None) => html! {},
            (actual, expected) => {
                definitions(&[("claim", &cause.claim), (above, actual), (below, expected)])
            }
        }
    }

    /// Other wordings that people find for the same refusal.
    fn also_seen(&self) -> Html {
        let error = self.report.error.as_ref();
        match error.filter(|error| !error.also_seen.is_empty()) {
            Some(error) => html! {
                <p class="help">{ "AWS's text is also seen as " }<code>{ visible(&error.also_seen.join(" | ")) }</code></p>
            },
            None => html! {},
        }
    }

    /// The operator of the test that a cause is about.
    fn operator(&self, cause: &Cause) -> String {
        let path = cause
            .location
            .as_ref()
            .map(|location| location.path.as_str());
        let own = |part: &&Part| path.is_some_and(|path| path.starts_with(&part.location.path));
        let mut parts = self.report.statements.iter().flat_map(|one| &one.parts);
        let operator = parts.find(own).and_then(|part| part.operator.clone());
        operator.unwrap_or_else(|| {
            let mut steps = path.unwrap_or_default().split('/');
            let _ = steps.by_ref().find(|step| *step == "Condition");
            steps.next().unwrap_or_default().to_owned()
        })
    }

    /// When the token was valid, and when the attempt came.
    fn time_line(&self, token: &InspectReport) -> Option<Html> {
        let (iat, exp) = (token.time("iat")?, token.time("exp")?);
        let late = exp
            .relative_seconds?
            .checked_neg()
            .filter(|late| *late > 0)?;
        let now = token.judged_at.as_deref()?;
        let day = |iso: &str| iso.get(..10).map(str::to_owned);
        let one_day = day(now).filter(|now| {
            [&iat.at, &exp.at]
                .iter()
                .all(|at| day(at).as_ref() == Some(now))
        });
        let clock = |iso: &str| match (&one_day, iso.get(11..19)) {
            (Some(_), Some(time)) => visible(time),
            _ => visible(iso.replace(['T', 'Z'], " ").trim()),
        };
        let zone = one_day.as_ref().map_or_else(
            || "All times are UTC".to_owned(),
            |day| format!("{day}, UTC"),
        );
        Some(html! {
            <>
                <div class="time">
                    <span class="t1"><b>{ clock(&iat.at) }</b>{ " issued, valid" }</span>
                    <span class="t2"><b>{ clock(&exp.at) }</b>{ " expired, 5 min of tolerance" }</span>
                    <span class="t3"><b>{ clock(now) }{ " this attempt" }</b>{ format!(" {} after expiry", length(late)) }</span>
                </div>
                <p class="op-note">{ format!("{}. The first number in AWS's text is its clock less the 5 minutes.", visible(&zone)) }</p>
            </>
        })
    }

    fn unknowns(&self) -> Html {
        html! { { for self.report.unknowns.iter().take(8).enumerate().map(|(number, fact)| self.unknown(number, fact)) } }
    }

    fn unknown(&self, number: usize, fact: &Unknown) -> Html {
        html! {
            <>
                <table class="ifs">
                    <thead><tr><th scope="col">{ condition(fact) }</th><th scope="col">{ "then" }</th></tr></thead>
                    <tbody>{ for fact.if_.iter().take(MOST_ROWS).map(answer) }</tbody>
                </table>
                if fact.key.contains(':') && self.in_box { { ask(&fact.key, number) } }
            </>
        }
    }
}

/// `If aws:SourceIp is`, `If the signing key is`; of tokens, `If the run gets the token`.
fn condition(fact: &Unknown) -> Html {
    if fact.is_which_token() {
        return html! { "If the run gets the token" };
    }
    html! { <>{ "If " }{ prose(&named(fact)) }{ " is" }</> }
}

/// What the two values of a cause are: the token's or the request's, and the policy's; outside of the policy what was
/// found, and what STS expects.
pub(super) fn sides(cause: &Cause) -> (&'static str, &'static str) {
    match (&cause.location, &cause.claim) {
        (Some(_), Some(_)) => ("token", "policy"),
        (Some(_), None) => ("request", "policy"),
        (None, _) => ("found", "expected"),
    }
}

/// How the subject met its test.
fn subject_pair(part: &Part) -> Option<Html> {
    let operator = part.operator.as_deref()?;
    let is_subject = part.key.as_deref()?.ends_with(":sub");
    let met = part.expected.iter().find(|value| value.outcome == "met")?;
    let actual = part.actual.as_ref()?.first()?;
    let pair = Pair {
        above: ("token", actual),
        below: ("policy", &met.value),
        wildcards: has_wildcards(operator),
        rule: rule(operator),
    };
    is_subject.then(|| pair.view())
}

fn has_wildcards(operator: &str) -> bool {
    operator.contains("Like") || operator.contains("Arn")
}

/// The operator's rule in one line (IAM User Guide, "IAM JSON policy elements: Condition operators").
fn rule(operator: &str) -> &'static str {
    let base = operator.rsplit(':').next().unwrap_or_default();
    match base.trim_end_matches("IfExists") {
        "StringLike" => {
            "`StringLike`: case counts, `*` is any run of characters, `?` is one, the whole value must match."
        }
        "StringEquals" => {
            "`StringEquals`: every character counts; `*` and `?` have no special meaning."
        }
        "StringEqualsIgnoreCase" => {
            "`StringEqualsIgnoreCase`: case does not count; `*` and `?` have no special meaning."
        }
        "StringNotLike" | "StringNotEquals" => {
            "A negated test: met where the value does not match."
        }
        _ => "",
    }
}

fn answer(answer: &Answer) -> Html {
    let state = State::of_decision(&answer.decision);
    html! { <tr><td>{ visible(&answer.value) }</td><td>{ state.icon() }{ " " }{ state.word }</td></tr> }
}

/// A field for a fact that is missing.
fn ask(fact: &str, number: usize) -> Html {
    let id = format!("ask-{number}");
    let know = |field: Option<String>| Act::Know(fact.to_owned(), field);
    html! {
        <div class="asks">
            <label for={id.clone()}>{ visible(fact) }</label>
            <input type="text" id={id.clone()} autocomplete="off" autocapitalize="off" spellcheck="false" />
            <button type="button" class="btn" data-do={know(Some(id.clone()))}>{ "Decide with it" }</button>
            <button type="button" class="btn" data-do={know(None)}>{ "Treat as absent" }</button>
        </div>
    }
}
