//! The verdict strip: one word, one sentence, and what AWS would answer.

use crate::html;
use crate::html::Html;
use crate::page::Page;
use crate::report::{Cause, CheckReport, ErrorReport, JobPrediction, StsError, Unknown};
use crate::words::{State, duration, icon, prose, sentence, visible};

/// What the strip says.
pub(crate) struct Verdict {
    class: &'static str,
    shape: &'static str,
    word: &'static str,
    headline: String,
    /// What AWS would answer.
    aside: Html,
}

impl Verdict {
    pub(crate) fn of(page: &Page) -> Self {
        match (page.outcome.as_str(), &page.error, page.decided()) {
            ("no-token", ..) => Self::ready("Paste a token to decide; below is who gets in."),
            ("no-policy", ..) => {
                Self::ready("Paste a trust policy to decide; below is what AWS sees.")
            }
            ("unreadable", Some(error), _) => Self::unreadable(error, page),
            (.., Some(_)) if page.job().is_some_and(JobPrediction::asks_for_none) => Self {
                headline: format!("The job {} asks for no token.", visible(&page.job)),
                aside: html! { "Nothing reaches AWS: no step of it is seen to assume a role." },
                class: "no",
                shape: "none",
                word: "No verdict",
            },
            (.., Some(report)) if page.is_open() && report.decision == "allow" => Self {
                headline: format!("{} Anyone on GitHub gets in, too.", headline(report)),
                ..Self::decided(report)
            },
            (.., Some(report)) => Self::decided(report),
            _ => Self::ready("Paste a token and a trust policy."),
        }
    }

    fn ready(headline: &str) -> Self {
        Self {
            class: "no",
            shape: "note",
            word: "Ready",
            headline: headline.to_owned(),
            aside: html! { "The answer names the failing part and the smallest edit that repairs it." },
        }
    }

    fn unreadable(error: &ErrorReport, page: &Page) -> Self {
        let first = error.causes.first();
        // Of what is no JSON nobody thinks that IAM stores it; and which of several roles is meant is no fault of a policy.
        let is_json = page.policy.trim_start().starts_with('{');
        let refused = first.is_some_and(|cause| {
            is_json
                && cause.location.is_some()
                && matches!(cause.id.as_str(), "malformed_json" | "malformed_policy")
        });
        Self {
            class: "no",
            shape: "none",
            word: "No verdict",
            headline: first.map(unreadable_headline).unwrap_or_default(),
            aside: if refused {
                html! { <>{ "Nothing was decided. IAM would refuse to store this text: " }<code>{ "MalformedPolicyDocument" }</code></> }
            } else {
                // What to do stands beside the text where that has a place.
                let help = first
                    .filter(|cause| cause.location.is_none())
                    .map(|cause| sentence(&cause.help));
                html! { <>{ "Nothing was decided. " }{ prose(&help.unwrap_or_default()) }</> }
            },
        }
    }

    fn decided(report: &CheckReport) -> Self {
        let state = State::of_decision(&report.decision);
        Self {
            class: match report.decision.as_str() {
                "allow" => "allow",
                "deny" => "deny",
                _ => "undecided",
            },
            shape: state.shape,
            word: state.word,
            headline: headline(report),
            aside: aside(report),
        }
    }

    /// The whole in plain words, for those who hear it.
    pub(crate) fn spoken(&self) -> String {
        format!("{}: {}", self.word, self.headline.replace('`', ""))
    }

    /// The strip. Eyes get every change at once; a screen reader is told `settled`, the verdict of the last
    /// pause, so that typing is not talked over. Both stand in the one status element.
    pub(crate) fn view(&self, settled: &str) -> Html {
        html! {
            <div class={("head", self.class)}>
                <div id="verdict" class="verdict" role="status" aria-atomic="true">
                    <span class="said" aria-hidden="true">
                        <span class="stamp">{ icon(self.shape) }{ self.word }</span>
                        { " " }
                        <span class="headline">{ prose(&self.headline) }</span>
                    </span>
                    <span class="vh">{ visible(settled) }</span>
                </div>
                <div class="aws">{ self.aside.clone() }</div>
            </div>
        }
    }
}

/// `The policy is not valid JSON: line 14, column 9.`
fn unreadable_headline(cause: &Cause) -> String {
    let what = match cause.id.as_str() {
        "malformed_json" => "The policy is not valid JSON",
        "malformed_policy" if cause.location.is_some() => "The policy can't be read",
        _ => return sentence(&cause.summary),
    };
    cause.location.as_ref().map_or_else(
        || sentence(&cause.summary),
        |at| {
            format!(
                "{what}: line {}, column {}.",
                at.start.line, at.start.column
            )
        },
    )
}

/// The sentence of the strip.
pub(crate) fn headline(report: &CheckReport) -> String {
    let first = match report.decision.as_str() {
        "allow" => applying(report),
        "deny" => report.causes.first().map(refused).unwrap_or_default(),
        _ => waiting(report),
    };
    if report.storable.accepted {
        first
    } else {
        format!("{first} IAM would refuse to store this policy today.")
    }
}

fn applying(report: &CheckReport) -> String {
    let statement = report
        .statements
        .iter()
        .find(|statement| statement.effect == "Allow" && statement.outcome == "applies");
    statement.map_or_else(
        || "The policy allows the call.".to_owned(),
        |statement| format!("Statement {} applies.", statement.index + 1),
    )
}

/// The frequent causes have a sentence that is short enough to be read at a glance.
pub(crate) fn refused(cause: &Cause) -> String {
    let token_has = |text: &str| {
        cause
            .actual
            .as_deref()
            .is_some_and(|sub| sub.contains(text))
    };
    let policy_has = |text: &str| {
        cause
            .expected
            .as_deref()
            .is_some_and(|sub| sub.contains(text))
    };
    match cause.id.as_str() {
        "immutable_sub" if token_has("@") => {
            "This token's `sub` carries ids; the policy's value has none.".to_owned()
        }
        "immutable_sub" => {
            "The policy's value carries ids; this token's `sub` has none.".to_owned()
        }
        "stringequals_with_wildcard" => {
            "`StringEquals` takes `*` literally, so this value never matches.".to_owned()
        }
        "environment_sub" if token_has(":environment:") && !policy_has(":environment:") => {
            "The job names an environment, so its `sub` has no branch.".to_owned()
        }
        "request_token" => "This is the request token of a job, not an ID token.".to_owned(),
        _ => sentence(&cause.summary),
    }
}

fn waiting(report: &CheckReport) -> String {
    let keys: Vec<String> = report.unknowns.iter().map(named).collect();
    // Not a condition key, but which of several tokens a run gets, or who signed the one.
    if let Some(fact) = report.unknowns.iter().find(|fact| fact.key.contains(' ')) {
        return format!("It depends on {}.", named(fact));
    }
    match keys.split_last() {
        None => "It depends on facts that are not known here.".to_owned(),
        Some((only, [])) => format!("It depends on {only}, which is not known here."),
        Some((last, rest)) => {
            format!(
                "It depends on {} and {last}, which are not known here.",
                rest.join(", ")
            )
        }
    }
}

/// What is not known, as a part of a sentence: a condition key as code, else words.
pub(crate) fn named(fact: &Unknown) -> String {
    match fact.key.as_str() {
        key if fact.is_which_token() => key.to_owned(),
        key if key.contains(' ') => format!("the {key}"),
        key => format!("`{key}`"),
    }
}

fn aside(report: &CheckReport) -> Html {
    match (&report.session, &report.error) {
        (Some(session), _) => html! {
            <>
                { format!("STS would issue a session for {}", duration(session.expires_in_seconds)) }
                if let Some(arn) = &session.assumed_role_arn {
                    <br /><code>{ visible(arn) }</code>
                }
            </>
        },
        (None, Some(error)) => refusal(error),
        (None, None) if report.decision == "deny" => {
            html! { "Nothing reaches AWS: the job gets no token." }
        }
        (None, None) => html! { "AWS would answer one way or the other: see Why." },
    }
}

fn refusal(error: &StsError) -> Html {
    html! {
        <>
            { "AWS would answer " }<b>{ visible(&error.code) }</b><br />
            <code>{ visible(&error.message) }</code>
        </>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_branch_is_told_of_where_the_policy_has_one() {
        let headline = |expected: &str| {
            refused(&Cause {
                id: "environment_sub".to_owned(),
                summary: "the job runs in `staging`".to_owned(),
                actual: Some("repo:o/r:environment:staging".to_owned()),
                expected: Some(expected.to_owned()),
                ..Cause::default()
            })
        };
        assert_eq!(
            headline("repo:o/r:ref:refs/heads/main"),
            "The job names an environment, so its `sub` has no branch."
        );
        assert_eq!(
            headline("repo:o/r:environment:production"),
            "The job runs in `staging`."
        );
    }
}
