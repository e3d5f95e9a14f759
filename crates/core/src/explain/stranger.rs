//! Whether the token belongs to somebody whom the policy does not mean to let in.
//!
//! Whom it means, its values tell: the owners that they name, in the subject, in `repository`, and as ids.
//! A token of another owner than all of these is a stranger's, perhaps a fork: a repair would open the role
//! to him. Two things speak for the token all the same: an id that is the policy's (the owner was renamed),
//! and a name that differs by letter case or one slip of the pen (GitHub's names are unique ignoring case).
//! An equal name with another id is another account that has taken the name.
//!
//! A value that does not say which owner it means (a placeholder, a variable, a wildcard) speaks for everyone.

use super::fault::claim_of;
use super::subject::is_slip;
use super::{Scene, placeholder};
use crate::condition::{Effect, Test};
use crate::context::Key;
use crate::pattern::Pattern;
use crate::policy::{ConditionTest, Principal, PrincipalKind, Statement};
use crate::token::catalogue::issuer;
use crate::token::subject::Subject;

/// Whose token it is, as far as the request tells.
#[derive(Debug, Clone, Copy)]
pub(super) struct Bearer<'a> {
    pub(super) owner: &'a str,
    repository: Option<&'a str>,
    pub(super) owner_id: Option<&'a str>,
    /// The id, where it stands in the subject.
    pub(super) id_in_subject: Option<&'a str>,
}

/// The one value of a key of the token's issuer.
fn value<'s>(scene: &Scene<'s>, suffix: &str) -> Option<&'s str> {
    let key = Key::new(&format!("{}:{suffix}", scene.key_prefix));
    match scene.context.get(&key).values() {
        [only] => Some(only.as_str()),
        _ => None,
    }
}

/// The token's subject.
pub(crate) fn subject<'s>(scene: &Scene<'s>) -> Option<&'s str> {
    value(scene, "sub")
}

impl<'a> Bearer<'a> {
    pub(super) fn of(scene: &Scene<'a>) -> Option<Self> {
        if !issuer(scene.key_prefix).kind.is_github() {
            return None;
        }
        let subject = Subject::parse(subject(scene)?);
        let id_in_subject = subject.repo().and_then(|repo| repo.owner_id);
        let id_in_subject = id_in_subject.map(|id| id.text);
        let of_repository = || {
            value(scene, "repository")
                .and_then(|name| name.split_once('/'))
                .map(|(o, _)| o)
        };
        Some(Self {
            owner: subject.owner().or_else(of_repository)?,
            repository: subject.repository(),
            owner_id: subject
                .owner_id()
                .or_else(|| value(scene, "repository_owner_id")),
            id_in_subject,
        })
    }
}

/// Why the token should not be let in; `None` where nothing speaks against it. `owners`: who "we" are, where
/// that is told; else the policy's text tells.
pub(crate) fn of(scene: &Scene<'_>, owners: &[String]) -> Option<String> {
    let bearer = Bearer::of(scene)?;
    if !owners.is_empty() {
        let is_ours = owners.iter().any(|o| o.eq_ignore_ascii_case(bearer.owner));
        return (!is_ours).then(|| {
            format!(
                "the token is of the owner `{}`, which is none of the owners that were given: `{}`",
                bearer.owner,
                owners.join("`, `")
            )
        });
    }
    let meant = meant(scene);
    let speaks_for_it = meant.iter().any(|meant| meant.is(&bearer));
    if meant.is_empty() || speaks_for_it {
        return None;
    }
    Some(reason(&bearer, &meant))
}

fn reason(bearer: &Bearer<'_>, meant: &[Meant<'_>]) -> String {
    let same_name = meant.iter().find_map(|meant| {
        let name = meant
            .owner
            .filter(|o| o.eq_ignore_ascii_case(bearer.owner))?;
        Some((name, meant.id?, bearer.owner_id?))
    });
    if let Some((name, policy, token)) = same_name {
        return format!(
            "the token's owner `{name}` has the id {token}, the policy means the one with the id {policy}: another account has taken the name"
        );
    }
    let mut named: Vec<String> = meant.iter().map(Meant::shown).collect();
    crate::order::sort(&mut named);
    named.dedup();
    format!(
        "the token is of the owner `{}`, the policy means {}: it may come from a fork or from a stranger's repository",
        bearer.owner,
        named.join(", ")
    )
}

/// An owner that the policy means.
#[derive(Debug, Clone, Copy)]
struct Meant<'p> {
    /// The name, or a pattern for it.
    owner: Option<&'p str>,
    id: Option<&'p str>,
    /// The repository, where one is named with the owner.
    repository: Option<&'p str>,
}

/// Everybody: the text does not say whom.
const ANYONE: Meant<'static> = Meant {
    owner: None,
    id: None,
    repository: None,
};

impl Meant<'_> {
    /// Ids decide where both sides have one.
    fn is(&self, bearer: &Bearer<'_>) -> bool {
        if let (Some(mine), Some(other)) = (self.id, bearer.owner_id) {
            return Pattern::wildcard(mine).matches(other);
        }
        // Where nothing is named, or the token's id is not known, nothing speaks against it.
        let Some(mine) = self.owner else {
            return true;
        };
        let fits = |pattern: &str, text: &str| {
            Pattern::wildcard(&pattern.to_lowercase()).matches(&text.to_lowercase())
        };
        // The first announcement of immutable subjects had the ids behind hyphens.
        let hyphened = || {
            bearer.owner_id.is_some_and(|id| {
                mine.strip_suffix(id)
                    .and_then(|name| name.strip_suffix('-'))
                    == Some(bearer.owner)
            })
        };
        let is_misspelt = || {
            let repositories = self.repository.zip(bearer.repository);
            is_slip(mine, bearer.owner)
                && repositories.is_none_or(|(mine, other)| fits(mine, other))
        };
        fits(mine, bearer.owner) || hyphened() || is_misspelt()
    }

    fn shown(&self) -> String {
        match (self.owner, self.id) {
            (Some(owner), _) => format!("`{owner}`"),
            (None, Some(id)) => format!("the owner with the id {id}"),
            (None, None) => "anyone".to_owned(),
        }
    }
}

/// The owners that the Allow statements for GitHub's providers mean.
fn meant<'s>(scene: &Scene<'s>) -> Vec<Meant<'s>> {
    let is_github = |entry: &Principal| {
        let host = entry.value.text.split_once(":oidc-provider/");
        entry.kind == PrincipalKind::Federated
            && host.is_some_and(|(_, host)| issuer(host).kind.is_github())
    };
    let statements = scene.policy.statements.iter().filter(|statement| {
        statement.effect == Effect::Allow && statement.principal.entries.iter().any(is_github)
    });
    statements
        .flat_map(|statement| of_statement(scene, statement))
        .collect()
}

fn of_statement<'s>(scene: &Scene<'s>, statement: &'s Statement) -> Vec<Meant<'s>> {
    let mut found = Vec::new();
    for test in &statement.tests {
        let operator = test.condition.operator;
        let is_text = matches!(
            operator.test,
            Test::StringEquals | Test::StringEqualsIgnoreCase | Test::StringLike
        );
        if is_text && !operator.negated {
            found.extend(of_test(scene, test));
        }
    }
    if found.is_empty() {
        // It looks at no owner: it means everybody who meets the rest.
        found.push(ANYONE);
    }
    found
}

fn of_test<'s>(scene: &Scene<'s>, test: &'s ConditionTest) -> Vec<Meant<'s>> {
    // A key with a mistake in its beginning means the same claim.
    let suffix = claim_of(scene, test).or_else(|| test.key.text.rsplit_once(':').map(|(_, s)| s));
    let read: fn(&str) -> Meant<'_> = match suffix.map(str::to_ascii_lowercase).as_deref() {
        Some("sub") => in_subject,
        Some("repository") => |value| Meant {
            owner: value.split_once('/').map(|(owner, _)| owner),
            ..ANYONE
        },
        Some("repository_owner") => |value| Meant {
            owner: Some(value),
            ..ANYONE
        },
        Some("repository_owner_id") => |value| Meant {
            id: Some(value),
            ..ANYONE
        },
        _ => return Vec::new(),
    };
    let sub = subject(scene).unwrap_or_default();
    let is_open = |text: &str| text.contains("${") || placeholder::find(text, sub).is_some();
    let values = test.values.iter().map(|value| read(&value.text));
    values
        .map(|meant| Meant {
            repository: meant.repository.filter(|name| !is_open(name)),
            ..meant
        })
        .map(|meant| match meant.owner.or(meant.id) {
            Some(text) if !is_open(text) => meant,
            _ => ANYONE,
        })
        .collect()
}

/// The owner that a value for the subject names; also where its `repo:` was forgotten.
fn in_subject(value: &str) -> Meant<'_> {
    let subject = Subject::parse_pattern(value);
    let owner_id = subject.owner_id();
    let bare = || {
        let (owner, rest) = value.split_once('/')?;
        let is_name = !owner.is_empty() && !owner.contains(':') && !rest.is_empty();
        is_name.then(|| owner.split('@').next().unwrap_or(owner))
    };
    Meant {
        owner: subject
            .owner()
            .filter(|owner| !owner.is_empty())
            .or_else(bare),
        id: owner_id,
        repository: subject.repository(),
    }
}
