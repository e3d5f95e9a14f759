//! Repairs of a value for the subject.
//!
//! The author's breadth is kept part by part: what of the value fits the token stays as it is written,
//! what does not is taken from the token. A wildcard stays a wildcard.

use super::part::Part;
use super::{AS_BEFORE, Repair, THIS_ONLY, is_form};
use crate::condition::Test;
use crate::explain::fault::like;
use crate::explain::subject::{Pair, is_customised};
use crate::pattern::Pattern;
use crate::report::{CauseId, EditLabel};
use crate::token::subject::{GitRef, Kind, Repo, Subject, Tail};

pub(super) fn repairs(part: &Part<'_, '_>, index: usize, sub: &str, id: CauseId) -> Vec<Repair> {
    let Some(value) = part.test.values.get(index) else {
        return part.beside(sub).into_iter().collect();
    };
    let pair = Pair::new(part.test.condition.operator.test, &value.text, sub);
    let is_renamed = is_renamed(&pair);
    // What runs in a merge queue has another subject each time: this one alone would serve once.
    let is_queue = matches!(pair.token.tail(), Tail::Ref(GitRef::MergeQueue { .. }));
    let is_no_form = id == CauseId::ImmutableSub && is_no_form(&pair);
    let follows_form =
        (is_form(id) && (is_same_repository(&pair) || is_no_form)) || is_renamed || is_queue;
    let mut choice = Choice {
        part,
        index,
        sub,
        broad: broad(&pair),
        keeps_the_old: keeps_the_old(id) && !is_renamed && !is_no_form,
        follows_form,
        id,
    };
    // A slip of the pen is put right where it stands.
    choice.follows_form |= !choice.keeps_the_old && choice.is_one_subject();
    let mut repairs: Vec<Repair> = [
        choice.as_broad(),
        choice.this_subject(),
        choice.without_the_old(),
        choice.every_tag(),
        choice.popular(),
    ]
    .into_iter()
    .flatten()
    .collect();
    crate::order::sort_by_key(&mut repairs, Repair::order);
    repairs
}

/// Whether the value may well be right for other runs, so that the repair comes beside it.
const fn keeps_the_old(id: CauseId) -> bool {
    !matches!(
        id,
        CauseId::SubCaseMismatch
            | CauseId::MissingRepoPrefix
            | CauseId::MissingSubSuffix
            | CauseId::SubTypo
            | CauseId::PlaceholderLeft
    )
}

/// What there is to choose from for one value.
struct Choice<'c, 'p, 's> {
    part: &'c Part<'p, 's>,
    index: usize,
    sub: &'c str,
    broad: Option<Broad>,
    keeps_the_old: bool,
    follows_form: bool,
    id: CauseId,
}

/// A value as broad as the author's.
struct Broad {
    text: String,
    /// It has a wildcard that the operator must take.
    needs_like: bool,
}

impl Choice<'_, '_, '_> {
    fn exact(&self) -> String {
        self.part.literal(self.sub)
    }

    /// Whether the author's breadth is this one subject.
    fn is_one_subject(&self) -> bool {
        self.broad
            .as_ref()
            .is_none_or(|broad| broad.text == self.exact())
    }

    fn operator(&self, needs_like: bool) -> String {
        if needs_like {
            like(&self.part.test.operator.text)
        } else {
            self.part.test.operator.text.clone()
        }
    }

    /// Beside the old value where that goes on being met, or follows the old form; else in its place.
    fn as_broad(&self) -> Option<Repair> {
        let broad = self.broad.as_ref()?;
        let beside = if self.is_one_subject() {
            self.keeps_the_old && self.follows_form
        } else {
            self.keeps_the_old
        };
        let mut values = self.part.values();
        let mut shown = vec![broad.text.clone()];
        if beside {
            shown.extend(self.siblings());
            shown.dedup();
            values.extend(shown.iter().cloned());
        } else {
            self.in_place(&mut values, &broad.text);
        }
        let splices = self.part.put(&self.operator(broad.needs_like), &values)?;
        let shown = shown.join("` and `");
        let summary = if beside {
            format!("let in `{shown}` too")
        } else {
            let old = self.part.test.values.get(self.index)?;
            format!("write `{shown}` in place of `{}`", old.text)
        };
        Some(
            Repair::new(EditLabel::AsBroad, summary, AS_BEFORE, splices)
                .following_form(self.follows_form)
                .losing_nothing(beside || !self.keeps_the_old),
        )
    }

    /// The other values of the list that name the same repository in the old form.
    fn siblings(&self) -> Vec<String> {
        if self.id != CauseId::ImmutableSub {
            return Vec::new();
        }
        let test = self.part.test.condition.operator.test;
        let values = self.part.test.values.iter().enumerate();
        let others = values.filter(|(index, _)| *index != self.index);
        others
            .filter_map(|(_, value)| {
                let pair = Pair::new(test, &value.text, self.sub);
                let is_old = pair.policy.form() != pair.token.form() && is_same_repository(&pair);
                is_old.then(|| in_form(&pair)).flatten()
            })
            .collect()
    }

    /// The value, and in a mistake of letter case the others with the same one.
    fn in_place(&self, values: &mut [String], text: &str) {
        for (index, value) in values.iter_mut().enumerate() {
            if index == self.index {
                text.clone_into(value);
            } else if self.id == CauseId::SubCaseMismatch
                && let Some(cased) = with_owner_of(value, self.sub)
            {
                *value = cased;
            }
        }
    }

    /// In place of what nothing ever meets, else beside the old value; the other way round where the author's
    /// breadth is this subject, so that there is a choice.
    fn this_subject(&self) -> Option<Repair> {
        let exact = self.exact();
        let takes_the_place = match &self.broad {
            None => false,
            Some(_) if self.is_one_subject() => self.keeps_the_old && self.follows_form,
            Some(_) => !self.keeps_the_old,
        };
        let mut values = self.part.values();
        let summary = if takes_the_place {
            let old = std::mem::replace(values.get_mut(self.index)?, exact.clone());
            format!("write `{exact}` in place of `{old}`")
        } else {
            values.push(exact.clone());
            format!("let in `{exact}` too")
        };
        let splices = self.part.put(&self.part.test.operator.text, &values)?;
        Some(
            Repair::new(EditLabel::ThisSubject, summary, THIS_ONLY, splices)
                .following_form(self.follows_form)
                .losing_nothing(!self.keeps_the_old || !takes_the_place),
        )
    }

    /// The new form in place of the old one: a name that is given up can be taken by somebody else.
    fn without_the_old(&self) -> Option<Repair> {
        let broad = self.broad.as_ref()?;
        if self.id != CauseId::ImmutableSub || !self.keeps_the_old || self.is_one_subject() {
            return None;
        }
        let mut values = self.part.values();
        values.get_mut(self.index)?.clone_from(&broad.text);
        let splices = self.part.put(&self.operator(broad.needs_like), &values)?;
        let summary = format!("write `{}`, and give up the old form", broad.text);
        Some(
            Repair::new(EditLabel::Other, summary, AS_BEFORE, splices)
                .following_form(self.follows_form),
        )
    }

    /// A run on a tag is rarely the only one: the next release has another tag.
    fn every_tag(&self) -> Option<Repair> {
        let subject = Subject::parse(self.sub);
        if !matches!(subject.tail(), Tail::Ref(GitRef::Tag(_))) || !subject.is_default() {
            return None;
        }
        let repo = subject.segment(Kind::Repo)?.raw.text;
        let text = format!("{repo}:ref:refs/tags/*");
        self.wider(text, "let in every tag", "every tag of the repository")
    }

    /// What people do instead.
    fn popular(&self) -> Option<Repair> {
        let subject = Subject::parse(self.sub);
        let repo = subject.repo()?;
        let (text, summary) = if self.id == CauseId::ImmutableSub {
            let name = repo.name?.text;
            let rest = self.sub.get(subject.segment(Kind::Repo)?.range().end..)?;
            let text = format!("repo:{}*/{name}*{rest}", repo.owner.text);
            (
                text,
                "put wildcards in place of the ids, as is often advised",
            )
        } else {
            let id = repo
                .owner_id
                .map_or_else(String::new, |id| format!("@{}", id.text));
            let text = format!("repo:{}{id}/*", repo.owner.text);
            (text, "let in everything of the owner, as is often advised")
        };
        if self.broad.as_ref().is_some_and(|broad| broad.text == text) {
            return None;
        }
        let repair = self.wider(text, summary, "more than this repository")?;
        Some(repair.popular())
    }

    /// A pattern beside the values.
    fn wider(&self, text: String, what: &str, admits: &'static str) -> Option<Repair> {
        let summary = format!("{what}: `{text}`");
        let mut values = self.part.values();
        if values.contains(&text) {
            return None;
        }
        values.push(text);
        let splices = self.part.put(&self.operator(true), &values)?;
        let takes_case = self.part.test.condition.operator.test != Test::StringEqualsIgnoreCase;
        Some(Repair::new(EditLabel::Other, summary, admits, splices).losing_nothing(takes_case))
    }
}

/// Owner and repository are those of the token, as far as the value names them.
fn is_same_repository(pair: &Pair<'_>) -> bool {
    let (Some(policy), Some(token)) = (pair.policy.repo(), pair.token.repo()) else {
        return false;
    };
    let name = policy.name.map_or("*", |name| name.text);
    let token_name = token.name.map_or("", |name| name.text);
    let spans = pair.wildcards && name.ends_with('*');
    let fits = |pattern: &str, text: &str| pair.matches_in_any_case(pattern, text);
    fits(policy.owner.text, token.owner.text)
        && (name == "*" || fits(name, token_name) || (spans && fits(name, token_name)))
}

/// Ids as no token has them: behind hyphens, as the first announcement had it, or one of the two.
fn is_no_form(pair: &Pair<'_>) -> bool {
    let (Some(policy), Some(token)) = (pair.policy.repo(), pair.token.repo()) else {
        return false;
    };
    let hyphened = token
        .owner_id
        .is_some_and(|id| policy.owner.text == format!("{}-{}", token.owner.text, id.text));
    let has_one = policy.owner_id.is_some() != policy.id.is_some() && !pair.value.contains('*');
    hyphened || has_one
}

/// Both have ids and these are the same, only names differ.
fn is_renamed(pair: &Pair<'_>) -> bool {
    let ids = |subject: &Subject<'_>| {
        let repo = subject.repo()?;
        Some((repo.owner_id?.text.to_owned(), repo.id?.text.to_owned()))
    };
    let names = |subject: &Subject<'_>| subject.full_name();
    let (policy, token) = (ids(&pair.policy), ids(&pair.token));
    policy.is_some() && policy == token && names(&pair.policy) != names(&pair.token)
}

/// The value as its author would have written it for this token.
fn broad(pair: &Pair<'_>) -> Option<Broad> {
    let plain = |text: String| Broad {
        text,
        needs_like: false,
    };
    let cased = in_token_case(pair).filter(|text| pair.matches(text, pair.sub));
    let prefixed = || Some(format!("repo:{}", pair.value)).filter(|t| pair.matches(t, pair.sub));
    if let Some(text) = cased.or_else(prefixed) {
        return Some(plain(text));
    }
    if is_customised(&pair.token) {
        return None;
    }
    let rebuilt = rebuilt(pair)?;
    let matches = if rebuilt.needs_like {
        Pattern::wildcard(&rebuilt.text).matches(pair.sub)
    } else {
        pair.matches(&rebuilt.text, pair.sub)
    };
    matches.then_some(rebuilt)
}

/// The literal beginning in the token's letter case.
fn in_token_case(pair: &Pair<'_>) -> Option<String> {
    let end = if pair.wildcards {
        pair.value.find(['*', '?']).unwrap_or(pair.value.len())
    } else {
        pair.value.len()
    };
    let (begin, rest) = pair.value.split_at_checked(end)?;
    let cased = pair.sub.get(..begin.len())?;
    (cased.to_lowercase() == begin.to_lowercase()).then(|| format!("{cased}{rest}"))
}

/// A value whose owner differs from the token's in letter case only, with the token's.
fn with_owner_of(value: &str, sub: &str) -> Option<String> {
    let (policy, token) = (Subject::parse_pattern(value), Subject::parse(sub));
    let (old, new) = (policy.repo()?.owner, token.repo()?.owner);
    let differs = old.text != new.text && old.text.eq_ignore_ascii_case(new.text);
    let (before, after) = (value.get(..old.start)?, value.get(old.range().end..)?);
    differs.then(|| format!("{before}{}{after}", new.text))
}

/// Repository and tail, each as written where it fits.
fn rebuilt(pair: &Pair<'_>) -> Option<Broad> {
    let value = if pair.policy.repo().is_none() && pair.value.contains('/') {
        format!("repo:{}", pair.value)
    } else {
        pair.value.to_owned()
    };
    let policy = Subject::parse_pattern(&value);
    let (segment, token) = (policy.segment(Kind::Repo)?, pair.token.segment(Kind::Repo)?);
    let rest = value.get(segment.range().end..)?;
    let tail = pair.sub.get(token.range().end..)?;
    let repo = if pair.matches(segment.raw.text, token.raw.text) {
        segment.raw.text.to_owned()
    } else {
        in_form_of(pair, policy.repo()?, pair.token.repo()?)
    };
    let (rest, needs_like) = rest_for(pair, &repo, rest, tail);
    Some(Broad {
        text: format!("{repo}{rest}"),
        needs_like,
    })
}

/// The tail as written where it fits; a forgotten one means everything in the repository, and what a merge
/// queue runs on has another name each time.
fn rest_for(pair: &Pair<'_>, repo: &str, rest: &str, tail: &str) -> (String, bool) {
    let rest = rest.trim_end_matches(':');
    if rest.is_empty() && pair.wildcards && repo.ends_with('*') {
        return (String::new(), false);
    }
    if rest.is_empty() {
        return (":*".to_owned(), true);
    }
    if pair.matches(rest, tail) {
        return (rest.to_owned(), false);
    }
    match pair.token.tail() {
        Tail::Ref(GitRef::MergeQueue { base, .. }) => {
            (format!(":ref:refs/heads/gh-readonly-queue/{base}/*"), true)
        }
        _ => (tail.to_owned(), false),
    }
}

/// A value of the old form in the token's, its tail as it is.
fn in_form(pair: &Pair<'_>) -> Option<String> {
    let segment = pair.policy.segment(Kind::Repo)?;
    let rest = pair.value.get(segment.range().end..)?;
    let repo = in_form_of(pair, pair.policy.repo()?, pair.token.repo()?);
    Some(format!("{repo}{rest}"))
}

/// The token's owner and repository, with the author's wildcard in the name.
fn in_form_of(pair: &Pair<'_>, policy: Repo<'_>, token: Repo<'_>) -> String {
    let id = |id: Option<crate::token::subject::Piece<'_>>| {
        id.map_or_else(String::new, |id| format!("@{}", id.text))
    };
    let owner = format!("{}{}", token.owner.text, id(token.owner_id));
    let token_name = token.name.map_or("", |name| name.text);
    let pattern = policy
        .name
        .map(|name| name.text)
        .filter(|name| pair.wildcards && name.contains(['*', '?']));
    let whole_owner = pair.wildcards && policy.name.is_none() && policy.owner.has_wildcard();
    let pattern = if whole_owner { Some("*") } else { pattern };
    let name = match pattern.filter(|pattern| pair.matches(pattern, token_name)) {
        Some(pattern) if token.id.is_some() && !pattern.ends_with('*') => format!("{pattern}@*"),
        Some(pattern) => pattern.to_owned(),
        None => format!("{token_name}{}", id(token.id)),
    };
    format!("repo:{owner}/{name}")
}
