//! Claims by which an issuer speaks to AWS: session tags, a source identity, a list of roles.
//!
//! GitHub sends none of them; they are judged for completeness' sake. What is said here was observed
//! (radkawar/stackd fixtures, 2026-09-11), what concerns roles is only stated in that repository's documents.

use serde_json::Value;

use crate::context::{Context, Fact};
use crate::token::{Token, scalar};

const PREFIX: &str = "https://aws.amazon.com/";
/// The claim that lists the roles a token is for.
pub(super) const ROLES: &str = "https://aws.amazon.com/roles";
const TAGS: &str = "https://aws.amazon.com/tags";
const FLAT_TAG: &str = "https://aws.amazon.com/tags/principal_tags/";
const FLAT_TRANSITIVE: &str = "https://aws.amazon.com/tags/transitive_tag_keys";
const SOURCE_IDENTITY: &str = "https://aws.amazon.com/source_identity";

/// Those claims of a token.
#[derive(Clone, Copy)]
pub(super) struct AwsClaims<'t> {
    token: &'t Token<'t>,
}

impl<'t> AwsClaims<'t> {
    /// `None` where the token has none of them, as every token of GitHub's.
    pub(super) fn of(token: &'t Token<'t>) -> Option<Self> {
        let has_any = token.claims.keys().any(|name| name.starts_with(PREFIX));
        has_any.then_some(Self { token })
    }

    /// The actions that a policy must allow besides (IAM User Guide, "Passing session tags in AWS STS").
    pub(super) fn actions(self) -> impl Iterator<Item = &'static str> {
        let tags = self.token.claims.keys().any(|name| name.starts_with(TAGS));
        let identity = self.token.claims.contains_key(SOURCE_IDENTITY);
        let tags = tags.then_some("sts:TagSession");
        tags.into_iter()
            .chain(identity.then_some("sts:SetSourceIdentity"))
    }

    /// The roles that the token is for; null counts as absent, what is no text is skipped.
    pub(super) fn roles(self) -> Option<Vec<&'t str>> {
        match self.token.claims.get(ROLES)? {
            Value::Null => None,
            Value::Array(items) => Some(
                items
                    .iter()
                    .filter_map(Value::as_str)
                    .map(str::trim)
                    .collect(),
            ),
            value => Some(value.as_str().map(str::trim).into_iter().collect()),
        }
    }

    /// Whether nested session tags are lists of one value each.
    pub(super) fn has_well_formed_tags(self) -> bool {
        let is_one = |value: &Value| {
            matches!(
                value.as_array().map(Vec::as_slice),
                Some([Value::String(_)])
            )
        };
        self.nested("principal_tags").is_none_or(|tags| {
            tags.as_object()
                .is_some_and(|tags| tags.values().all(is_one))
        })
    }

    fn nested(self, member: &str) -> Option<&'t Value> {
        self.token.claims.get(TAGS)?.get(member)
    }

    /// Sets the keys that these claims fill.
    pub(super) fn fill(self, context: &mut Context) {
        if let Some(identity) = self.token.text(SOURCE_IDENTITY) {
            context.set("sts:SourceIdentity", Fact::one(&identity));
        }
        let tags = self.tags();
        if !tags.is_empty() {
            context.set("aws:TagKeys", Fact::many(tags.iter().map(|(key, _)| *key)));
        }
        for (key, value) in &tags {
            context.set(&format!("aws:RequestTag/{key}"), Fact::one(value));
        }
        let transitive = self
            .nested("transitive_tag_keys")
            .or_else(|| self.token.claims.get(FLAT_TRANSITIVE));
        if let Some(Value::Array(keys)) = transitive {
            context.set(
                "sts:TransitiveTagKeys",
                Fact::many(keys.iter().filter_map(Value::as_str)),
            );
        }
    }

    /// Session tags, nested or flattened.
    fn tags(self) -> Vec<(&'t str, String)> {
        let nested = self
            .nested("principal_tags")
            .and_then(Value::as_object)
            .into_iter()
            .flatten();
        let nested = nested.filter_map(|(key, value)| Some((key.as_str(), scalar(value.get(0)?)?)));
        let flat = self.token.claims.iter();
        let flat =
            flat.filter_map(|(name, value)| Some((name.strip_prefix(FLAT_TAG)?, scalar(value)?)));
        nested.chain(flat).collect()
    }
}
