//! What differs between a token's subject and a policy's value for it.
//!
//! The two are read by the same grammar ([`crate::token::subject`]) and compared part by part, in the
//! order of the text: form, owner, repository, tail. The first difference names the cause, all of them
//! make the cost, so that of a list of values the nearest one is found.

use super::fault::Fault;
use crate::condition::Test;
use crate::distance::edits;
use crate::pattern::Pattern;
use crate::policy::ConditionTest;
use crate::report::CauseId;
use crate::token::subject::{Form, GitRef, Kind, MistakeKind, Subject, Tail};

/// One difference: its id, how far it is, what to say, and what to do.
struct Difference {
    id: CauseId,
    cost: u32,
    summary: String,
    help: String,
}

fn differs(
    id: CauseId,
    cost: u32,
    summary: impl Into<String>,
    help: impl Into<String>,
) -> Difference {
    Difference {
        id,
        cost,
        summary: summary.into(),
        help: help.into(),
    }
}

/// The fault of one value against the token's subject.
pub(super) fn compare<'a>(
    test: &'a ConditionTest,
    index: usize,
    sub: &str,
    at: String,
) -> Fault<'a> {
    let value = test.values.get(index).map_or("", |v| v.text.as_str());
    let span = test.values.get(index).map_or(test.span, |v| v.span);
    let pair = Pair::new(test.condition.operator.test, value, sub);
    let found = pair.differences();
    let cost = found.iter().map(|d| d.cost).sum();
    let first = found.into_iter().next().unwrap_or_else(|| pair.unlike());
    Fault::new(first.id, cost, first.summary, first.help, at, span)
}

/// A policy's value for the subject, and a token's subject.
pub(super) struct Pair<'a> {
    pub(super) value: &'a str,
    pub(super) sub: &'a str,
    /// `*` and `?` are wildcards.
    pub(super) wildcards: bool,
    ignores_case: bool,
    pub(super) policy: Subject<'a>,
    pub(super) token: Subject<'a>,
}

impl<'a> Pair<'a> {
    pub(super) fn new(test: Test, value: &'a str, sub: &'a str) -> Self {
        Self {
            value,
            sub,
            wildcards: test == Test::StringLike,
            ignores_case: test == Test::StringEqualsIgnoreCase,
            policy: Subject::parse_pattern(value),
            token: Subject::parse(sub),
        }
    }
}

impl Pair<'_> {
    pub(super) fn matches(&self, pattern: &str, text: &str) -> bool {
        if self.wildcards {
            Pattern::wildcard(pattern).matches(text)
        } else {
            pattern == text || (self.ignores_case && pattern.to_lowercase() == text.to_lowercase())
        }
    }

    pub(super) fn matches_in_any_case(&self, pattern: &str, text: &str) -> bool {
        self.matches(&pattern.to_lowercase(), &text.to_lowercase())
    }

    /// All differences in the order of the text; those that explain the whole come alone.
    fn differences(&self) -> Vec<Difference> {
        if let Some(whole) = self.whole() {
            return vec![whole];
        }
        let mut found = Vec::new();
        found.extend(self.form());
        found.extend(self.owner());
        found.extend(self.repository());
        found.extend(self.tail());
        if found.is_empty() {
            found.extend(self.misspelt())
        }
        found
    }

    fn whole(&self) -> Option<Difference> {
        if self.matches_in_any_case(self.value, self.sub) {
            return Some(differs(
                CauseId::SubCaseMismatch,
                1,
                format!(
                    "only letter case differs: the token's sub is `{}`, the policy has `{}`",
                    self.sub, self.value
                ),
                "write the value in the token's letter case; GitHub uses the registered one",
            ));
        }
        if self.matches(&format!("repo:{}", self.value), self.sub) {
            return Some(self.missing_prefix(1));
        }
        self.template()
            .or_else(|| self.missing_suffix())
            .or_else(|| self.mistake())
    }

    fn missing_prefix(&self, cost: u32) -> Difference {
        differs(
            CauseId::MissingRepoPrefix,
            cost,
            format!(
                "the policy's value `{}` lacks the `repo:` that the token's sub `{}` begins with",
                self.value, self.sub
            ),
            "write `repo:` in front of the owner",
        )
    }

    /// A customised template on one side only, or another one.
    fn template(&self) -> Option<Difference> {
        let (token, policy) = (is_customised(&self.token), is_customised(&self.policy));
        let keys = |subject: &Subject<'_>| subject.keys().join(", ");
        match (token, policy) {
            (true, true) if keys(&self.token) == keys(&self.policy) => self.segment(),
            (true, _) => Some(differs(
                CauseId::CustomSubTemplate,
                4,
                format!(
                    "the token's sub `{}` follows a customised template [{}], the policy's `{}` does not",
                    self.sub,
                    keys(&self.token),
                    self.value
                ),
                "write the value as the template does, or reset the repository's subject to GitHub's default",
            )),
            (false, true) => Some(differs(
                CauseId::CustomSubTemplate,
                4,
                format!(
                    "the policy's `{}` is written for a template [{}], the token's sub `{}` is GitHub's default",
                    self.value,
                    keys(&self.policy),
                    self.sub
                ),
                "set the template for this repository (an organisation's template reaches a repository only when it opts in), or write the default form",
            )),
            (false, false) => None,
        }
    }

    /// Both follow the same template: the first segment that differs.
    fn segment(&self) -> Option<Difference> {
        let pairs = self.policy.segments().iter().zip(self.token.segments());
        let (policy, token) = pairs
            .into_iter()
            .find(|(p, t)| !self.matches(p.raw.text, t.raw.text))?;
        let id = match token.kind {
            _ if token.key.is_some_and(|key| key.text == "job_workflow_ref") => {
                CauseId::JobWorkflowRef
            }
            Kind::Ref => CauseId::BranchSub,
            Kind::Environment => CauseId::EnvironmentSub,
            Kind::Repo => return None,
            _ => CauseId::ValueMismatch,
        };
        Some(differs(
            id,
            3,
            format!(
                "in the token's sub stands `{}`, in the policy's value `{}`",
                token.raw.text, policy.raw.text
            ),
            "change the value to what the token has, if that run should get in",
        ))
    }

    /// The value is how the subject begins, up to a `:` or `/`.
    fn missing_suffix(&self) -> Option<Difference> {
        let rest = self.sub.strip_prefix(self.value)?;
        let at_border = rest.starts_with([':', '/']) || self.value.ends_with([':', '/']);
        (at_border && !self.value.is_empty()).then(|| {
            differs(
                CauseId::MissingSubSuffix,
                1,
                format!("the policy's value ends after `{}`; the token's sub goes on with `{rest}`", self.value),
                "end the value with what may run, such as `:ref:refs/heads/main`, or `:*` under StringLike for everything in the repository",
            )
        })
    }

    /// Something that no subject of GitHub's looks like.
    fn mistake(&self) -> Option<Difference> {
        let mistakes = self.policy.mistakes();
        let counts = |kind| match kind {
            MistakeKind::MissingTail => false,
            MistakeKind::KeyCase => !self.ignores_case,
            _ => true,
        };
        let first = mistakes.iter().find(|mistake| counts(mistake.kind))?;
        let (id, what) = match first.kind {
            MistakeKind::MissingRepoPrefix => return Some(self.missing_prefix(2)),
            MistakeKind::HyphenIds => (
                CauseId::ImmutableSub,
                "has ids after hyphens, as the first announcement had it; tokens have them after `@`",
            ),
            MistakeKind::OneIdOnly => (
                CauseId::ImmutableSub,
                "has an id for one of owner and repository; GitHub writes both or none",
            ),
            MistakeKind::MissingRepository if self.has_colon_for_slash() => (
                CauseId::SubTypo,
                "has a colon between owner and repository; GitHub writes a slash",
            ),
            MistakeKind::MissingRepository => (
                CauseId::MissingSubSuffix,
                "names an owner without a repository",
            ),
            MistakeKind::KeyCase => (
                CauseId::SubTypo,
                "has a key in upper case; GitHub writes keys in lower case",
            ),
            MistakeKind::Blank => (CauseId::SubTypo, "has a blank too much"),
            MistakeKind::HostInRepo => (
                CauseId::SubTypo,
                "has a host before the owner; GitHub writes `repo:OWNER/REPO`",
            ),
            MistakeKind::SlashForColon => {
                (CauseId::SubTypo, "has a slash where GitHub writes a colon")
            }
            MistakeKind::MissingRefKey => (CauseId::SubTypo, "lacks the `ref:` before the ref"),
            MistakeKind::ShortRef => (
                CauseId::SubTypo,
                "has a short ref; GitHub writes the full one, such as refs/heads/main",
            ),
            _ => (CauseId::SubTypo, "is no subject that GitHub would write"),
        };
        Some(differs(
            id,
            3,
            format!(
                "the policy's value `{}` {what}; the token's sub is `{}`",
                self.value, self.sub
            ),
            "copy the token's sub, and put a wildcard only where it may vary",
        ))
    }

    /// `repo:OWNER:REPO`: what follows the owner is nothing that could follow a repository.
    fn has_colon_for_slash(&self) -> bool {
        let after = self.policy.segments().get(1);
        after.is_some_and(|segment| {
            segment.kind == Kind::Unknown && !segment.raw.text.starts_with(['*', '?'])
        })
    }

    fn form(&self) -> Option<Difference> {
        let (token, policy) = (self.token.form(), self.policy.form());
        let (sub, value) = (self.sub, self.value);
        let summary = match (token, policy) {
            (Form::Immutable, Form::Classic) => format!(
                "the token's sub `{sub}` carries owner and repository ids, the policy's `{value}` does not"
            ),
            (Form::Classic, Form::Immutable) => format!(
                "the policy's `{value}` carries owner and repository ids, the token's sub `{sub}` does not"
            ),
            _ => return None,
        };
        // Ids can be the reason only where at least one name is the same: a rename or a transfer.
        let is_another = |name: Option<Difference>| {
            name.is_some_and(|found| found.id != CauseId::SubCaseMismatch)
        };
        if is_another(self.owner()) && is_another(self.repository()) {
            return None;
        }
        let help = if token == Form::Immutable {
            "GitHub writes ids for repositories created, renamed or transferred after 15 July 2026, or opted in: add the form with ids beside the old one"
        } else {
            "the repository still has classic subjects: keep the form without ids beside the new one until it is opted in"
        };
        Some(differs(CauseId::ImmutableSub, 2, summary, help))
    }

    fn owner(&self) -> Option<Difference> {
        let (policy, token) = (self.policy.repo()?, self.token.repo()?);
        if !self.matches(policy.owner.text, token.owner.text) {
            let (cost, id) =
                self.name_cost(policy.owner.text, token.owner.text, CauseId::WrongOwner, 6);
            let summary = format!(
                "the token is of the owner `{}`, the policy names `{}`",
                token.owner.text, policy.owner.text
            );
            return Some(differs(
                id,
                cost,
                summary,
                "name the owner as GitHub has it; after a transfer or rename it is the new one",
            ));
        }
        let (policy, token) = (policy.owner_id?, token.owner_id?);
        (!self.matches(policy.text, token.text)).then(|| {
            let summary = format!("the owner's id is {} in the token, {} in the policy", token.text, policy.text);
            differs(CauseId::WrongOwner, 6, summary, "look the id up with `gh api repos/OWNER/REPO --jq .owner.id`; an equal name is no proof of the same owner")
        })
    }

    fn repository(&self) -> Option<Difference> {
        let (policy, token) = (self.policy.repo()?, self.token.repo()?);
        // A wildcard in the owner spans the slash, so that nothing can be said of the name.
        if self.wildcards
            && (policy.owner.has_wildcard() || policy.owner_id.is_some_and(|id| id.has_wildcard()))
            && policy.name.is_none()
        {
            return None;
        }
        let (policy_name, token_name) = (policy.name?, token.name?);
        let spans_more = self.wildcards && policy_name.text.ends_with('*');
        if !spans_more && !self.matches(policy_name.text, token_name.text) {
            let (cost, id) = self.name_cost(
                policy_name.text,
                token_name.text,
                CauseId::WrongRepository,
                5,
            );
            let summary = format!(
                "the token is of the repository `{}`, the policy names `{}`",
                token_name.text, policy_name.text
            );
            return Some(differs(
                id,
                cost,
                summary,
                "add this repository's subject to the list, if it should get in",
            ));
        }
        let (policy, token) = (policy.id?, token.id?);
        (!self.matches(policy.text, token.text)).then(|| {
            let summary = format!("the repository's id is {} in the token, {} in the policy", token.text, policy.text);
            differs(CauseId::WrongRepository, 5, summary, "look the id up with `gh api repos/OWNER/REPO --jq .id`; a repository made anew under an old name has another id")
        })
    }

    /// A name that differs by letter case or by one slip is misspelt; another one is another.
    fn name_cost(&self, policy: &str, token: &str, other: CauseId, cost: u32) -> (u32, CauseId) {
        if self.matches_in_any_case(policy, token) {
            (1, CauseId::SubCaseMismatch)
        } else if is_slip(policy, token) {
            (2, CauseId::SubTypo)
        } else {
            (cost, other)
        }
    }

    fn tail(&self) -> Option<Difference> {
        let (policy, token) = (self.policy.tail(), self.token.tail());
        let is_spanned = |text: &str| self.wildcards && text.contains('*');
        match (policy, token) {
            // A wildcard before the tail, or in place of it, may span it.
            (Tail::Missing, _) if is_spanned(self.value) => None,
            (Tail::Other(text), _) if is_spanned(text) => None,
            (Tail::Missing, _) => Some(differs(
                CauseId::MissingSubSuffix,
                2,
                format!(
                    "the policy's value ends after the repository; the token's sub goes on with `{}`",
                    tail_text(self.sub)
                ),
                "end the value with what may run, such as `:ref:refs/heads/main`",
            )),
            (Tail::Environment(a), Tail::Environment(b)) => self.environments(a, b),
            (Tail::Ref(a), Tail::Ref(b)) => self.refs(a, b),
            (Tail::PullRequest, Tail::PullRequest) => None,
            (Tail::PullRequest, _) | (_, Tail::PullRequest) => {
                Some(self.pull_request(token == Tail::PullRequest))
            }
            (Tail::Environment(_), _) | (_, Tail::Environment(_)) => {
                Some(self.environment(matches!(token, Tail::Environment(_))))
            }
            _ => None,
        }
    }

    fn environments(&self, policy: &str, token: &str) -> Option<Difference> {
        if self.matches(policy, token) {
            return None;
        }
        let (cost, id) = self.name_cost(policy, token, CauseId::EnvironmentSub, 3);
        let summary =
            format!("the job runs in the environment `{token}`, the policy names `{policy}`");
        Some(differs(
            id,
            cost,
            summary,
            "add this environment's subject to the list, if it should get in",
        ))
    }

    fn refs(&self, policy: GitRef<'_>, token: GitRef<'_>) -> Option<Difference> {
        let (wanted, got) = (policy.noun(), token.noun());
        let text = |subject: &Subject<'_>| {
            subject
                .value("ref")
                .map_or(String::new(), |v| v.text.to_owned())
        };
        let (policy_ref, token_ref) = (text(&self.policy), text(&self.token));
        if self.matches(&policy_ref, &token_ref) {
            return None;
        }
        let says = format!("the token's ref is `{token_ref}`, the policy's `{policy_ref}`");
        let add = "add this ref's subject to the list, if it should get in";
        Some(match (policy, token) {
            (GitRef::Tag(_), GitRef::Branch(_)) | (GitRef::Branch(_), GitRef::Tag(_)) => differs(
                CauseId::TagVsBranch,
                3,
                format!("{says}: a {got} instead of a {wanted}"),
                add,
            ),
            (_, GitRef::MergeQueue { base, .. })
                if !matches!(policy, GitRef::MergeQueue { .. }) =>
            {
                differs(
                    CauseId::MergeQueue,
                    3,
                    format!(
                        "{says}: the run came from the merge queue of `{base}`, which has branches of its own"
                    ),
                    format!(
                        "add `ref:refs/heads/gh-readonly-queue/{base}/*` under StringLike, and protect such branch names by a ruleset"
                    ),
                )
            }
            (GitRef::MergeQueue { .. }, GitRef::Branch(_)) => differs(
                CauseId::MergeQueue,
                3,
                format!("{says}: the policy waits for a merge queue's run"),
                add,
            ),
            (GitRef::Other(text), _) if !may_be_full_ref(text) => differs(
                CauseId::SubTypo,
                2,
                format!("{says}, which is no full ref"),
                "write the ref as the token has it",
            ),
            _ if is_slip(&policy_ref, &token_ref) => differs(
                CauseId::SubTypo,
                2,
                says,
                "write the ref as the token has it",
            ),
            _ => differs(CauseId::BranchSub, 3, format!("{says}: another {got}"), add),
        })
    }

    fn pull_request(&self, token_is: bool) -> Difference {
        let (sub, value) = (self.sub, self.value);
        let (summary, help) = if token_is {
            (
                format!(
                    "the run is of a pull request: its sub `{sub}` names no branch; the policy wants `{value}`"
                ),
                "add that subject only if every pull request of the repository may get in; otherwise run this job on push",
            )
        } else {
            (
                format!(
                    "the policy waits for a pull request with `{value}`, the token's sub is `{sub}`"
                ),
                "add the token's subject to the list, if such runs should get in",
            )
        };
        differs(CauseId::PullRequestSub, 4, summary, help)
    }

    fn environment(&self, token_is: bool) -> Difference {
        let (sub, value) = (self.sub, self.value);
        let (summary, help) = if token_is {
            (
                format!(
                    "the job names an environment, so its sub is `{sub}` and names no branch; the policy wants `{value}`"
                ),
                "add the environment's subject, and restrict its branches in the environment's rules; or take the environment off the job",
            )
        } else {
            (
                format!(
                    "the policy's `{value}` names an environment, the token's sub `{sub}` none"
                ),
                "give the job the environment that the policy names, or add the token's subject",
            )
        };
        differs(CauseId::EnvironmentSub, 4, summary, help)
    }

    /// Nothing in particular differs: the texts are near, or they are not.
    fn misspelt(&self) -> Option<Difference> {
        let near = edits(self.value, self.sub, 3);
        near.map(|count| {
            let count = u32::try_from(count).unwrap_or(3);
            differs(
                CauseId::SubTypo,
                1 + count,
                self.both(),
                "write the value as the token has it",
            )
        })
    }

    fn unlike(&self) -> Difference {
        differs(
            CauseId::ValueMismatch,
            9,
            self.both(),
            "copy the token's sub, and put a wildcard only where it may vary",
        )
    }

    fn both(&self) -> String {
        format!(
            "the token's sub is `{}`, the policy wants `{}`",
            self.sub, self.value
        )
    }
}

/// A template of the owner's making: other claims, or another order. `repo:OWNER/REPO` alone is rather a forgotten tail.
pub(super) fn is_customised(subject: &Subject<'_>) -> bool {
    let segments = subject.segments();
    let foreign = segments
        .iter()
        .any(|segment| segment.kind == Kind::Claim && segment.value.is_some());
    let repo_later = segments
        .iter()
        .position(|segment| segment.kind == Kind::Repo)
        .is_some_and(|at| at > 0);
    foreign || repo_later
}

/// One slip of the pen in a word of some length; where digits differ it is another thing.
pub(super) fn is_slip(a: &str, b: &str) -> bool {
    let digits = |text: &str| {
        text.chars()
            .filter(char::is_ascii_digit)
            .collect::<String>()
    };
    let is_extended = a.starts_with(b) || b.starts_with(a);
    a.len().min(b.len()) >= 4 && !is_extended && digits(a) == digits(b) && edits(a, b, 1).is_some()
}

/// Whether a ref begins as GitHub's do, as far as it is written out.
fn may_be_full_ref(text: &str) -> bool {
    let fixed = text.split(['*', '?', '$']).next().unwrap_or_default();
    ["refs/heads/", "refs/tags/", "refs/pull/"]
        .iter()
        .any(|begin| begin.starts_with(fixed) || fixed.starts_with(begin))
}

fn tail_text(sub: &str) -> &str {
    let after_repo = sub
        .strip_prefix("repo:")
        .and_then(|rest| rest.find(':'))
        .map(|at| at + "repo:".len());
    after_repo.and_then(|at| sub.get(at..)).unwrap_or(sub)
}
