//! Policies that look at `sub` only, against regular expressions: aws-smt-strings, which AWS's own analyser is built on.
//!
//! Two languages enclose the subjects that GitHub issues. What is gained within [`Subjects::certain`] must be
//! found; where nothing is gained within [`Subjects::conceivable`] nothing must be found. Keys that repeat
//! each other (an owner named twice) are not regular: they are in the second only.

use aws_smt_strings::regular_expressions::{ReManager, RegLan};
use aws_smt_strings::smt_strings::SmtString;

use crate::policies::{Draft, Test};

/// Derivatives that an emptiness test may take.
const BOUND: usize = 20_000;

/// Languages, for one question.
pub(crate) struct Subjects {
    re: ReManager,
}

impl Subjects {
    pub(crate) fn new() -> Self {
        Self {
            re: ReManager::new(),
        }
    }

    /// Whether something of this language is let in by the one and not by the other; nothing beyond the bound.
    pub(crate) fn is_gained(&mut self, old: &Draft, new: &Draft, within: RegLan) -> Option<bool> {
        let gained = self.gained(old, new);
        let both = self.re.inter(gained, within);
        Some(!self.re.is_empty_re_bounded(both, BOUND)?)
    }

    pub(crate) fn has(&mut self, sub: &str, language: RegLan) -> bool {
        self.re.str_in_re(&SmtString::from(sub), language)
    }

    pub(crate) fn gained(&mut self, old: &Draft, new: &Draft) -> RegLan {
        let (old, new) = (self.policy(old), self.policy(new));
        self.re.diff(new, old)
    }

    fn policy(&mut self, draft: &Draft) -> RegLan {
        let mut effect = |allow: bool| {
            let of = draft.0.iter().filter(|statement| statement.allow == allow);
            let statements: Vec<RegLan> = of
                .map(|statement| {
                    let tests: Vec<RegLan> = statement.tests.iter().map(|t| self.test(t)).collect();
                    self.re.inter_list(tests)
                })
                .collect();
            self.re.union_list(statements)
        };
        let (allowed, denied) = (effect(true), effect(false));
        self.re.diff(allowed, denied)
    }

    /// A subject is always there, and one: prefixes and `IfExists` say nothing.
    fn test(&mut self, test: &Test) -> RegLan {
        if test.operator == "Null" {
            let is_present = test.values.iter().any(|value| value == "false");
            return if is_present {
                self.re.full()
            } else {
                self.re.empty()
            };
        }
        let values: Vec<RegLan> = test
            .values
            .iter()
            .map(|v| self.value(&test.operator, v))
            .collect();
        let any = self.re.union_list(values);
        if test.operator.contains("Not") {
            self.re.complement(any)
        } else {
            any
        }
    }

    fn value(&mut self, operator: &str, value: &str) -> RegLan {
        let (like, fold) = (operator.contains("Like"), operator.contains("IgnoreCase"));
        let mut parts = Vec::new();
        let mut rest = value;
        while let Some(c) = rest.chars().next() {
            // The one variable that is drawn stands for a plain star.
            let (c, literal) = if rest.starts_with("${*}") {
                ('*', true)
            } else {
                (c, !like)
            };
            rest = &rest[if literal && rest.starts_with('$') {
                4
            } else {
                1
            }..];
            parts.push(match c {
                '*' if !literal => self.re.full(),
                '?' if !literal => self.re.all_chars(),
                c if fold => self.set(&[c.to_ascii_lowercase(), c.to_ascii_uppercase()]),
                c => self.re.char(u32::from(c)),
            });
        }
        self.re.concat_list(parts)
    }

    fn set(&mut self, chars: &[char]) -> RegLan {
        let each: Vec<RegLan> = chars.iter().map(|c| self.re.char(u32::from(*c))).collect();
        self.re.union_list(each)
    }

    fn text(&mut self, text: &str) -> RegLan {
        self.re.str(&SmtString::from(text))
    }

    fn alphanumeric(&mut self, also: &str) -> RegLan {
        let also: Vec<char> = also.chars().collect();
        let ranges = [('0', '9'), ('A', 'Z'), ('a', 'z')];
        let mut all: Vec<RegLan> = ranges
            .iter()
            .map(|(a, z)| self.re.range(u32::from(*a), u32::from(*z)))
            .collect();
        all.push(self.set(&also));
        self.re.union_list(all)
    }

    /// Words of these characters, with single separators between.
    fn words(&mut self, also: &str, separator: char) -> RegLan {
        let c = self.alphanumeric(also);
        let word = self.re.plus(c);
        let separator = self.re.char(u32::from(separator));
        let more = self.re.concat(separator, word);
        let more = self.re.star(more);
        self.re.concat(word, more)
    }

    /// Any text without a colon, `least` characters long.
    fn free(&mut self, least: usize) -> RegLan {
        let colon = self.re.char(u32::from(':'));
        let any = self.re.all_chars();
        let other = self.re.diff(any, colon);
        if least == 0 {
            self.re.star(other)
        } else {
            self.re.plus(other)
        }
    }

    fn id(&mut self) -> RegLan {
        let first = self.re.range(u32::from('1'), u32::from('9'));
        let digit = self.re.range(u32::from('0'), u32::from('9'));
        let more = self.re.star(digit);
        self.re.concat(first, more)
    }

    fn sequence(&mut self, parts: &[Part]) -> RegLan {
        let parts: Vec<RegLan> = parts.iter().map(|part| self.part(*part)).collect();
        self.re.concat_list(parts)
    }

    fn part(&mut self, part: Part) -> RegLan {
        match part {
            Part::Text(text) => self.text(text),
            Part::Owner => self.words("", '-'),
            Part::Name => {
                let c = self.alphanumeric("_-");
                self.re.plus(c)
            }
            Part::Id => self.id(),
            Part::Branch => self.words("_-", '/'),
            Part::Free => self.free(1),
            Part::Any => self.free(0),
            Part::Repo => {
                let classic = self.sequence(&[Text("repo:"), Owner, Text("/"), Name]);
                let immutable = self.sequence(&[
                    Text("repo:"),
                    Owner,
                    Text("@"),
                    Id,
                    Text("/"),
                    Name,
                    Text("@"),
                    Id,
                ]);
                self.re.union(classic, immutable)
            }
            Part::Ref => {
                let forms = [
                    self.sequence(&[Text("ref:refs/heads/"), Branch]),
                    self.sequence(&[Text("ref:refs/tags/"), Branch]),
                    self.text("ref:"),
                ];
                self.re.union_list(forms)
            }
            Part::Context => {
                let forms = [
                    self.sequence(&[Text("environment:"), Free]),
                    self.text("pull_request"),
                    self.part(Ref),
                ];
                self.re.union_list(forms)
            }
        }
    }

    /// Subjects that GitHub can issue: the default forms, and templates whose keys say nothing of each other.
    pub(crate) fn certain(&mut self) -> RegLan {
        let all: Vec<RegLan> = CERTAIN.iter().map(|parts| self.sequence(parts)).collect();
        self.re.union_list(all)
    }

    /// Every text that any template could render, keys repeated at will.
    pub(crate) fn conceivable(&mut self) -> RegLan {
        let owner = self.alphanumeric("_-");
        let owner = self.re.plus(owner);
        let name = self.alphanumeric("._-");
        let name = self.re.plus(name);
        let (slash, at, id) = (self.text("/"), self.text("@"), self.id());
        let repo = self.text("repo:");
        let mut segments = vec![
            self.text("pull_request"),
            self.re.concat_list([repo, owner, slash, name]),
            self.re
                .concat_list([repo, owner, at, id, slash, name, at, id]),
        ];
        for key in KEYS {
            segments.push(self.sequence(&[Text(key), Text(":"), Any]));
        }
        segments.push(self.sequence(&[Text("repo_property_"), Free, Text(":"), Any]));
        let segment = self.re.union_list(segments);
        let colon = self.text(":");
        let more = self.re.concat(colon, segment);
        let more = self.re.star(more);
        self.re.concat(segment, more)
    }
}

/// What a subject is put together from.
#[derive(Clone, Copy)]
enum Part {
    Text(&'static str),
    Owner,
    Name,
    Id,
    Branch,
    Free,
    Any,
    Repo,
    Ref,
    Context,
}

use Part::{Any, Branch, Context, Free, Id, Name, Owner, Ref, Repo, Text};

const CERTAIN: [&[Part]; 14] = [
    &[Repo, Text(":"), Context],
    &[Repo],
    &[Repo, Text(":environment:"), Free, Text(":"), Ref],
    &[Repo, Text(":"), Ref, Text(":environment:"), Free],
    &[Repo, Text(":ref:refs/pull/"), Id, Text("/merge")],
    &[Text("environment:"), Free, Text(":"), Repo],
    &[Ref, Text(":"), Repo],
    &[Text("workflow:"), Free, Text(":"), Repo, Text(":"), Context],
    &[
        Text("repository:"),
        Owner,
        Text("/"),
        Name,
        Text(":"),
        Context,
    ],
    &[
        Text("repository_owner:"),
        Owner,
        Text(":repository_visibility:private"),
    ],
    &[
        Text("repository_owner_id:"),
        Id,
        Text(":repository_id:"),
        Id,
        Text(":"),
        Context,
    ],
    &[Text("repo_property_t:"), Free, Text(":"), Repo],
    &[
        Text("job_workflow_ref:"),
        Owner,
        Text("/"),
        Name,
        Text("/.github/workflows/"),
        Name,
        Text(".yml@refs/heads/"),
        Branch,
    ],
    &[
        Repo,
        Text(":"),
        Context,
        Text(":job_workflow_ref:"),
        Owner,
        Text("/"),
        Name,
        Text("/.github/workflows/"),
        Name,
        Text(".yml@refs/tags/"),
        Branch,
    ],
];

/// The claims that a template can name.
const KEYS: [&str; 23] = [
    "actor",
    "actor_id",
    "base_ref",
    "environment",
    "environment_node_id",
    "event_name",
    "head_ref",
    "job_workflow_ref",
    "job_workflow_sha",
    "ref",
    "ref_type",
    "repository",
    "repository_id",
    "repository_owner",
    "repository_owner_id",
    "repository_visibility",
    "run_attempt",
    "run_id",
    "run_number",
    "runner_environment",
    "workflow",
    "workflow_ref",
    "workflow_sha",
];
