//! The guide: what every cause and every rule of lint means and what to do, and what can be behind an
//! error message of AWS or GitHub Actions as people post it.
//!
//! [`PAGES`] and [`MESSAGES`] are tables, and a rule of lint has its page beside it; [`lookup`] finds in them what a text is about: the id of a page,
//! or a message with whatever prefixes, retries and timestamps stand around it.
//!
//! ```
//! use rolecall_core::guide::lookup;
//!
//! let found = lookup("immutable_sub");
//! assert_eq!(found.pages[0].id, "immutable_sub");
//!
//! let found = lookup("Error: Could not assume role with OIDC: Incorrect token audience");
//! assert_eq!(found.messages[0].id, "incorrect_token_audience");
//! assert_eq!(found.messages[0].causes[0].as_str(), "wrong_audience");
//! ```

mod messages;
pub(crate) mod pages;

use serde::Serialize;

use crate::distance;
use crate::report::{CauseId, CheckId};

pub use messages::MESSAGES;
pub use pages::PAGES;

/// What there is to know about a cause or a rule.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Page {
    /// The cause's or the rule's id.
    pub id: &'static str,
    /// What it is, in one sentence.
    pub title: &'static str,
    /// What is behind it.
    pub meaning: &'static str,
    /// How to tell it from others.
    pub recognise: &'static str,
    /// The repair.
    pub what_to_do: &'static str,
    /// An example that goes wrong.
    pub example_before: &'static str,
    /// The same, repaired.
    pub example_after: &'static str,
    /// Where it is documented or was seen.
    pub sources: &'static [&'static str],
}

/// An error message, and what can be behind it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Message {
    /// Its name here.
    pub id: &'static str,
    /// Who says it, with AWS's code where it has one.
    pub from: &'static str,
    /// Its wordings, today's first; `…` stands for what differs from case to case.
    pub wordings: &'static [&'static str],
    /// What it means.
    pub meaning: &'static str,
    /// The checks of STS that can be behind it, most likely first.
    pub checks: &'static [CheckId],
    /// The causes that can be behind it, most likely first.
    pub causes: &'static [CauseId],
    /// What finds out.
    pub run: &'static str,
    /// Where it is documented or was seen.
    pub sources: &'static [&'static str],
}

/// What a text is about.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
pub struct Found {
    /// Pages whose id it is.
    pub pages: Vec<&'static Page>,
    /// Messages that stand in it, in their order there.
    pub messages: Vec<&'static Message>,
    /// Ids that are nearly it, where nothing was found.
    pub suggestions: Vec<&'static str>,
}

impl Found {
    /// Whether the guide has anything to say.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.pages.is_empty() && self.messages.is_empty()
    }
}

/// Every page: those of the causes, then those of the rules that are no cause.
pub fn all() -> impl Iterator<Item = &'static Page> {
    PAGES.iter().chain(crate::lint::pages())
}

/// The page of a cause. Every cause has one; a test holds it.
#[must_use]
pub fn page(id: CauseId) -> Option<&'static Page> {
    PAGES.iter().find(|page| page.id == id.as_str())
}

/// Finds what a text is about.
#[must_use]
pub fn lookup(text: &str) -> Found {
    let id = text
        .trim()
        .trim_matches('`')
        .to_lowercase()
        .replace(['-', ' '], "_");
    let pages: Vec<&Page> = all().filter(|page| page.id == id).collect();
    let messages = if pages.is_empty() {
        messages_in(text, &id)
    } else {
        Vec::new()
    };
    let suggestions = if pages.is_empty() && messages.is_empty() {
        near(&id)
    } else {
        Vec::new()
    };
    Found {
        pages,
        messages,
        suggestions,
    }
}

/// The messages that stand in a text, in their order there; where none does, those of the codes in it.
fn messages_in(text: &str, id: &str) -> Vec<&'static Message> {
    let text = normal(text);
    let place = |message: &Message| {
        message
            .wordings
            .iter()
            .filter_map(|wording| find(&text, wording))
            .min()
    };
    let mut found: Vec<(usize, &Message)> = MESSAGES
        .iter()
        .filter_map(|message| Some((place(message)?, message)))
        .collect();
    found.sort_by_key(|(place, _)| *place);
    if !found.is_empty() {
        return found.into_iter().map(|(_, message)| message).collect();
    }
    let is_meant = |message: &&Message| {
        message.id == id || code(message).is_some_and(|code| text.contains(&code))
    };
    MESSAGES.iter().filter(is_meant).collect()
}

/// AWS's code, where the message has one: `STS, AccessDenied`.
fn code(message: &Message) -> Option<String> {
    message
        .from
        .split_once(", ")
        .map(|(_, code)| code.to_lowercase())
}

/// Where a wording stands in a normal text: its pieces between `…` in their order.
fn find(text: &str, wording: &str) -> Option<usize> {
    let mut start = None;
    let mut from = 0;
    for piece in normal(wording)
        .split('…')
        .map(str::trim)
        .filter(|piece| !piece.is_empty())
    {
        let at = from + text.get(from..)?.find(piece)?;
        start = start.or(Some(at));
        from = at + piece.len();
    }
    start
}

/// Lower case, single blanks, straight quotes: line breaks and typography differ from paste to paste.
fn normal(text: &str) -> String {
    let straight = text
        .to_lowercase()
        .replace(['’', '‘'], "'")
        .replace("&apos;", "'")
        .replace("&#39;", "'");
    straight.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Ids that are nearly a text, or have a word of it.
fn near(id: &str) -> Vec<&'static str> {
    let ids: Vec<&'static str> = all().map(|page| page.id).collect();
    let words: Vec<&str> = id.split('_').filter(|word| word.len() > 2).collect();
    let mut near: Vec<&str> = distance::nearest(id, &ids).into_iter().collect();
    near.extend(ids.iter().filter(|id| {
        words
            .iter()
            .any(|word| id.split('_').any(|part| part == *word))
    }));
    near.dedup();
    near.truncate(MOST_SUGGESTIONS);
    near
}

/// More help nobody.
const MOST_SUGGESTIONS: usize = 5;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_cause_has_a_page_and_every_page_says_everything() {
        for id in CauseId::ALL {
            assert!(page(*id).is_some(), "{}", id.as_str());
        }
        for page in all() {
            for text in [
                page.title,
                page.meaning,
                page.recognise,
                page.what_to_do,
                page.example_before,
                page.example_after,
            ] {
                assert!(
                    !text.is_empty() && text.trim() == text,
                    "{}: {text}",
                    page.id
                );
            }
            assert!(!page.sources.is_empty(), "{}", page.id);
        }
    }

    #[test]
    fn ids_are_unique() {
        let mut ids: Vec<&str> = all()
            .map(|page| page.id)
            .chain(MESSAGES.iter().map(|message| message.id))
            .collect();
        ids.sort_unstable();
        let all = ids.len();
        ids.dedup();
        assert_eq!(ids.len(), all);
    }

    #[test]
    fn every_wording_finds_its_message() {
        for message in MESSAGES {
            for wording in message.wordings {
                let posted = format!(
                    "2026-11-23T14:00:00Z Error: {}",
                    wording.replace('…', "x y z")
                );
                let found = lookup(&posted);
                assert!(
                    found.messages.iter().any(|found| found.id == message.id),
                    "{posted}: {:?}",
                    found.messages
                );
            }
        }
    }

    /// `(as posted, the message that comes first)`
    const POSTED: &[(&str, &str)] = &[
        (
            "Could not assume role with OIDC: Not authorized to perform sts:AssumeRoleWithWebIdentity.",
            "not_authorized",
        ),
        (
            "An error occurred (AccessDenied) when calling the AssumeRoleWithWebIdentity operation: Not authorized to perform sts:AssumeRoleWithWebIdentity",
            "not_authorized",
        ),
        (
            "Retry AssumeRole: attempt 3 of 12 failed: Not authorized to perform sts:AssumeRoleWithWebIdentity. Retrying after 512ms.",
            "not_authorized",
        ),
        ("An unknown error occurred", "not_authorized"),
        (
            "Error: No OpenIDConnect provider found in your account for https://github.example.net/_services/token",
            "no_provider_found",
        ),
        (
            "An error occurred (InvalidIdentityToken) when calling the AssumeRoleWithWebIdentity operation: Couldn't retrieve verification key from your identity provider,  please reference AssumeRoleWithWebIdentity documentation for requirements",
            "no_verification_key",
        ),
        (
            "Token expired: current date/time 1789123337 must be before the expiration date/time 1789123312",
            "token_has_expired",
        ),
        (
            "##[error]Credentials could not be loaded, please check your action inputs: Could not load credentials from any providers",
            "no_credentials",
        ),
        (
            "The nested job 'prebuild' is requesting 'id-token: write', but is only allowed 'id-token: none'.",
            "nested_job",
        ),
        (
            "Unable to get ACTIONS_ID_TOKEN_REQUEST_URL env variable",
            "no_request_url",
        ),
        (
            "InvalidIdentityToken: Incorrect token audience",
            "incorrect_token_audience",
        ),
        (
            "OpenIDConnect provider's HTTPS certificate doesn't match configured thumbprint",
            "thumbprint",
        ),
        (
            "Failed to update trust policy. Trust policy with trusted principal arn:aws:iam::123456789012:oidc-provider/token.actions.githubusercontent.com must evaluate, using StringEquals, StringLike or StringEqualsIgnoreCase, token.actions.githubusercontent.com:sub or token.actions.githubusercontent.com:job_workflow_ref which is not scoped to all.",
            "provider_control",
        ),
        ("IDPCommunicationError", "idp_communication"),
    ];

    #[test]
    fn posted_texts_are_recognised() {
        for (text, id) in POSTED {
            assert_eq!(
                lookup(text).messages.first().map(|message| message.id),
                Some(*id),
                "{text}"
            );
        }
    }

    #[test]
    fn unknown_texts_get_suggestions_only() {
        let found = lookup("immutable_subject");
        assert!(found.is_empty());
        assert!(
            found.suggestions.contains(&"immutable_sub"),
            "{:?}",
            found.suggestions
        );
        assert_eq!(lookup("kaboom"), Found::default());
    }

    proptest::proptest! {
        #[test]
        fn no_text_panics(text in "\\PC{0,64}") {
            let _ = lookup(&text);
        }
    }
}
