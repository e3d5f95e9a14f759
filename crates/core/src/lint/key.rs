//! What becomes of a condition key where one of GitHub's tokens is presented.

use super::Draft;
use super::view::{Seen, View};
use crate::context::{Fact, Key};
use crate::explain;
use crate::policy::{ConditionTest, ProviderArn};
use crate::report::Severity;
use crate::token::catalogue::{Presence, issuer, nearly, presence, presence_in_any_case};

/// Whether a request carries a key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Fate {
    /// Always.
    Always,
    /// In some requests.
    Sometimes,
    /// Never.
    Never(Why),
    /// Not known here.
    Unknown,
}

/// Why a key is never there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Why {
    /// It is misspelt.
    Misspelt,
    /// AWS does not offer it.
    Unsupported,
    /// It is of the same issuer with another enterprise's slug, or without one.
    Enterprise,
}

/// What becomes of a test's key.
pub(super) fn fate(view: &View<'_>, seen: &Seen<'_>, test: &ConditionTest) -> Fate {
    let Some(host) = seen.github.as_deref() else {
        return Fate::Unknown;
    };
    if explain::stand_in(&test.key.text).is_some() {
        return Fate::Unknown;
    }
    let (prefix, suffix) = test
        .key
        .text
        .rsplit_once(':')
        .unwrap_or(("", &test.key.text));
    if prefix.eq_ignore_ascii_case(host) {
        return own(seen, suffix);
    }
    if names_provider(seen, prefix) {
        return Fate::Unknown;
    }
    if explain::is_enterprise_pair(prefix, host) {
        return Fate::Never(Why::Enterprise);
    }
    let is_of_an_issuer =
        prefix.is_empty() || issuer(prefix).kind.is_github() || nearly(prefix, host).is_some();
    match view.request().get(&Key::new(&test.key.text)) {
        _ if is_of_an_issuer => Fate::Never(Why::Misspelt),
        Fact::Absent => Fate::Never(Why::Unsupported),
        _ => Fate::Unknown,
    }
}

fn own(seen: &Seen<'_>, suffix: &str) -> Fate {
    let keys = seen.keys();
    let is = |name: &&str| name.eq_ignore_ascii_case(suffix);
    if keys.not_judged.iter().any(is) {
        return Fate::Unknown;
    }
    let Some(claims) = keys.claims_behind(suffix) else {
        let why = presence_in_any_case(suffix).map_or(Why::Misspelt, |_| Why::Unsupported);
        return Fate::Never(why);
    };
    if !keys.documented && keys.claims.iter().any(is) {
        return Fate::Unknown;
    }
    let presences: Vec<Presence> = claims.iter().filter_map(|name| presence(name)).collect();
    if presences.contains(&Presence::Always) {
        Fate::Always
    } else if presences
        .iter()
        .all(|presence| *presence == Presence::OtherIssuer)
    {
        Fate::Never(Why::Unsupported)
    } else {
        Fate::Sometimes
    }
}

/// Whether the statement trusts a provider of this host, too.
fn names_provider(seen: &Seen<'_>, host: &str) -> bool {
    let mut entries = seen.statement.principal.entries.iter();
    entries.any(|entry| {
        let named =
            ProviderArn::parse(&entry.value.text).map_or(entry.value.text.as_str(), |arn| arn.host);
        named.eq_ignore_ascii_case(host)
    })
}

/// How bad a test is whose key is never there, and what it does.
pub(super) fn consequence(seen: &Seen<'_>, test: &ConditionTest) -> (Severity, &'static str) {
    let is_null = test.condition.operator.test == crate::condition::Test::Null;
    let is_met = if is_null {
        test.condition
            .evaluate(&crate::context::Context::raw(), seen.statement.effect)
            == crate::tri::Tri::Yes
    } else {
        test.condition.operator.met_by_absence()
    };
    let is_alone = seen.statement.tests.len() == 1;
    match (seen.is_allow(), is_met) {
        (true, false) => (
            Severity::Error,
            "the test is never met, and the statement lets nobody in",
        ),
        (true, true) => (
            Severity::Warning,
            "the test is always met, and keeps nobody out",
        ),
        (false, false) => (
            Severity::Warning,
            "the test is never met, and this Deny keeps nobody out",
        ),
        (false, true) if is_alone => (
            Severity::Error,
            "the test is always met, and this Deny keeps everybody out",
        ),
        (false, true) => (
            Severity::Warning,
            "the test is always met, and does not narrow this Deny",
        ),
    }
}

/// A finding for each test whose key is never there for this reason; `words` gives what it is and what to do.
pub(super) fn never(
    view: &View<'_>,
    why: Why,
    words: impl Fn(&Seen<'_>, &ConditionTest) -> (String, String),
) -> Vec<Draft> {
    let mut found = Vec::new();
    for seen in view.github() {
        let tests = seen.statement.tests.iter();
        for test in tests.filter(|test| fate(view, seen, test) == Fate::Never(why)) {
            let (severity, effect) = consequence(seen, test);
            let (summary, help) = words(seen, test);
            let summary = format!("{summary}: {effect}");
            found.push(Draft::new(severity, seen.at_key(test), summary, help));
        }
    }
    found
}
