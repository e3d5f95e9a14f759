//! The subjects that GitHub can issue, as programs for the search.
//!
//! # Subjects
//! A default subject is `repo:OWNER/REPO` or `repo:OWNER@ID/REPO@ID`, then one tail. A customised one is
//! any sequence of [`Segment`]s, chosen by whoever administers the repository; each key once, `repo_property_*`
//! once a property. `:` in a value is written `%3A`, nothing else is escaped. Sources: docs.github.com,
//! "OpenID Connect reference"; the usable keys were tried by PaloAltoNetworks/github-oidc-utils in 2024
//! (not `sha`, `enterprise`, `enterprise_id`, `ref_protected`, `aud`).
//!
//! # Names
//! Each [`Atom`] is a small automaton over characters. Where GitHub's rule is not documented it is wide:
//! what is proved for more subjects than GitHub issues holds for those that it issues. A witness passes
//! [`super::mintable`] besides, which is strict.
//!
//! # Claims
//! While a name is read, the same characters are read by the condition on the claim that carries it
//! ([`Step::feeds`]); so subject and claims are correlated exactly.

/// A claim that stands in subjects, or its owner's name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Slot {
    /// The name of the account that owns the repository; no condition key has it.
    Owner,
    Repository,
    OwnerId,
    RepositoryId,
    Ref,
    Environment,
    Actor,
    ActorId,
    JobWorkflowRef,
    Workflow,
}

impl Slot {
    /// All, in their order.
    pub(crate) const ALL: [Self; 10] = [
        Self::Owner,
        Self::Repository,
        Self::OwnerId,
        Self::RepositoryId,
        Self::Ref,
        Self::Environment,
        Self::Actor,
        Self::ActorId,
        Self::JobWorkflowRef,
        Self::Workflow,
    ];

    /// The claim's name.
    pub(crate) const fn claim(self) -> &'static str {
        match self {
            Self::Owner => "repository_owner",
            Self::Repository => "repository",
            Self::OwnerId => "repository_owner_id",
            Self::RepositoryId => "repository_id",
            Self::Ref => "ref",
            Self::Environment => "environment",
            Self::Actor => "actor",
            Self::ActorId => "actor_id",
            Self::JobWorkflowRef => "job_workflow_ref",
            Self::Workflow => "workflow",
        }
    }

    const fn bit(self) -> Slots {
        1 << self as u16
    }
}

/// A set of slots.
pub(crate) type Slots = u16;

/// A kind of name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Atom {
    Owner,
    Repository,
    Digits,
    /// A branch, `git check-ref-format` without its rule on `.lock`.
    Branch,
    /// A tag, by the same rules.
    Tag,
    /// An environment, a workflow's name, a property's value: anything but control characters.
    Text,
    /// The name of a workflow file without its ending.
    Stem,
    /// A commit: forty hexadecimal digits.
    Commit,
    /// The name of an event or of a property.
    Word,
}

/// Reading one more character costs this much; the cheapest subject is found first.
pub(crate) const CHARACTER: u32 = 10;
/// Reading one of [`Atom::words`] costs this much, whatever its length.
pub(crate) const WORD: u32 = 8;
/// What GitHub would not let a new account be called, though older ones are.
const ODD: u32 = 60;

impl Atom {
    /// Where a character leads; states are numbers from 0 on. With the extra cost.
    pub(crate) fn step(self, state: u8, c: char) -> Option<(u8, u32)> {
        let plain = |ok: bool| ok.then_some((1, 0));
        match self {
            Self::Owner => match c {
                '-' => Some((2, if state == 1 { 0 } else { ODD })),
                '_' => Some((1, ODD)),
                c => plain(c.is_ascii_alphanumeric()),
            },
            Self::Repository => match (state, c) {
                (0, '.') => Some((1, ODD)),
                (1, '.') => Some((2, ODD)),
                (_, c) if c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.') => Some((3, 0)),
                _ => None,
            },
            Self::Digits => plain(c.is_ascii_digit() && (state > 0 || c != '0')),
            Self::Branch | Self::Tag => reference(state, c),
            Self::Text => plain(!c.is_control()),
            Self::Stem => plain(!c.is_control() && c != '/'),
            Self::Commit => {
                (state < 40 && matches!(c, '0'..='9' | 'a'..='f')).then_some((state + 1, 0))
            }
            Self::Word => plain(c.is_ascii_alphanumeric() || c == '_'),
        }
    }

    /// Whether the name may end here, and what that costs.
    pub(crate) fn end(self, state: u8) -> Option<u32> {
        let ok = match self {
            Self::Owner if state == 2 => return Some(ODD),
            Self::Repository => state == 3,
            Self::Branch | Self::Tag => matches!(state, 1 | 3),
            Self::Commit => state == 40,
            _ => state == 1,
        };
        ok.then_some(0)
    }

    /// Characters that the rules of this name treat alike, and best, the likeliest first: one that no
    /// pattern names stands for all that no pattern names.
    pub(crate) const fn usual(self) -> &'static str {
        match self {
            Self::Owner | Self::Repository | Self::Word => {
                "demoapirvlnstbfghjkquwxyzc0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
            }
            Self::Digits => "7391245680",
            Self::Commit => "0123456789abcdef",
            Self::Branch | Self::Tag | Self::Text | Self::Stem => {
                "demoapirvlnstbfghjkquwxyzc0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ-_é€λжקあ中"
            }
        }
    }

    /// Words that make a witness readable. Each is a shortcut: no subject is found only through them.
    pub(crate) const fn words(self) -> &'static [&'static str] {
        match self {
            Self::Owner => &["evil-corp", "-evil"],
            Self::Repository => &["demo", "-demo"],
            Self::Digits => &["9876543", "1"],
            Self::Branch => &["main", "demo", "/demo", "-demo"],
            Self::Tag => &["v1.0.0", "1.0.0", "-demo"],
            Self::Text => &["production", "-demo", " demo"],
            Self::Stem => &["deploy", "-demo"],
            Self::Commit => &["0123456789abcdef0123456789abcdef01234567"],
            Self::Word => &["push", "team", "_demo"],
        }
    }
}

/// States: 0 a component begins, 1 inside, 2 behind a dot, 3 behind `@`.
fn reference(state: u8, c: char) -> Option<(u8, u32)> {
    match (state, c) {
        (_, ' ' | '~' | '^' | ':' | '?' | '*' | '[' | '\\')
        | (0, '/' | '.')
        | (2, '.')
        | (3, '{') => None,
        (_, '/') => Some((0, 0)),
        (_, '.') => Some((2, 0)),
        (_, '@') => Some((3, 0)),
        (_, c) => (!c.is_control()).then_some((1, 0)),
    }
}

/// What one step of a segment reads.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum What {
    /// These characters.
    Text(&'static str),
    /// A name.
    Atom(Atom),
    /// From here on this claim is read.
    Open(Slot),
    /// The claim is whole.
    Close(Slot),
}

/// A step of a segment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Step {
    pub(crate) what: What,
    /// The claims that read the same characters.
    pub(crate) feeds: Slots,
}

/// What a segment says of the job besides its text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Says {
    /// Nothing.
    Nothing,
    /// The job has an environment.
    Environment,
    /// The job has no environment.
    NoEnvironment,
    /// It runs for a pull request and has no environment.
    PullRequest,
}

/// A segment of a subject in one of its forms.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Segment {
    /// The key of the template that gives it.
    pub(crate) key: &'static str,
    pub(crate) steps: Vec<Step>,
    pub(crate) says: Says,
    /// How unusual it is.
    pub(crate) cost: u32,
}

/// How the repository is named in a subject.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Form {
    Classic,
    Immutable,
}

/// What a default subject says after the repository.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Tail {
    Branch,
    Tag,
    Environment,
    PullRequest,
}

/// The programs of a set of subjects.
#[derive(Debug)]
pub(crate) struct Grammar {
    pub(crate) segments: Vec<Segment>,
    /// Which segments may begin a subject.
    pub(crate) first: Vec<usize>,
    /// Which may follow a `:`.
    pub(crate) later: Vec<usize>,
    /// After how many segments the subject must end; `None`: anywhere.
    pub(crate) length: Option<u8>,
    /// Whether `:` in a value is written `%3A`.
    pub(crate) escapes: bool,
    /// Subjects that read like default ones are left out.
    pub(crate) only_custom: bool,
}

impl Grammar {
    /// The default subjects: all, or those of one form and tail.
    pub(crate) fn default_subjects(only: Option<(Form, Tail)>) -> Self {
        let mut segments = repo();
        let tails = segments.len();
        segments.extend(context());
        let first = only.map_or_else(|| (0..tails).collect(), |(form, _)| vec![form as usize]);
        let later = match only {
            None => (tails..segments.len()).collect(),
            // An empty ref, of a deployment that was created from a commit, counts as a branch: its `ref_type` says so.
            Some((_, Tail::Branch)) => vec![tails, tails + 4],
            Some((_, tail)) => vec![tails + tail as usize],
        };
        Self {
            segments,
            first,
            later,
            length: Some(2),
            escapes: true,
            only_custom: false,
        }
    }

    /// All subjects, those of customised templates included; or those only.
    pub(crate) fn templates(only_custom: bool) -> Self {
        let mut segments = repo();
        segments.extend(context());
        segments.extend(templates());
        let all: Vec<usize> = (0..segments.len()).collect();
        Self {
            first: all.clone(),
            later: all,
            segments,
            length: None,
            escapes: true,
            only_custom,
        }
    }

    /// The values of one claim.
    pub(crate) fn values(slot: Slot) -> Self {
        let segments: Vec<Segment> = match slot {
            Slot::Owner => vec![segment("", &[atom(Atom::Owner)])],
            Slot::Repository => vec![segment(
                "",
                &[atom(Atom::Owner), text("/"), atom(Atom::Repository)],
            )],
            Slot::OwnerId | Slot::RepositoryId | Slot::ActorId => {
                vec![segment("", &[atom(Atom::Digits)])]
            }
            Slot::Ref => references()
                .iter()
                .map(|steps| segment("", steps))
                .chain([segment("", &[])])
                .collect(),
            Slot::Environment | Slot::Workflow => vec![segment("", &[atom(Atom::Text)])],
            Slot::Actor => vec![
                segment("", &[atom(Atom::Owner)]),
                segment("", &[atom(Atom::Owner), text("[bot]")]),
            ],
            Slot::JobWorkflowRef => workflow_files()
                .iter()
                .map(|steps| segment("", steps))
                .collect(),
        };
        Self {
            first: (0..segments.len()).collect(),
            later: Vec::new(),
            segments,
            length: Some(1),
            escapes: false,
            only_custom: false,
        }
    }

    /// The values of a claim that is digits, or of a key that can hold any text.
    pub(crate) fn free(digits: bool) -> Self {
        let steps = [atom(if digits { Atom::Digits } else { Atom::Text })];
        Self {
            segments: vec![segment("", &steps)],
            first: vec![0],
            later: Vec::new(),
            length: Some(1),
            escapes: false,
            only_custom: false,
        }
    }
}

const fn text(text: &'static str) -> Step {
    Step {
        what: What::Text(text),
        feeds: 0,
    }
}

const fn atom(atom: Atom) -> Step {
    Step {
        what: What::Atom(atom),
        feeds: 0,
    }
}

const fn open(slot: Slot) -> Step {
    Step {
        what: What::Open(slot),
        feeds: 0,
    }
}

const fn close(slot: Slot) -> Step {
    Step {
        what: What::Close(slot),
        feeds: 0,
    }
}

impl Step {
    const fn to(self, slots: Slots) -> Self {
        Self {
            what: self.what,
            feeds: slots,
        }
    }
}

fn segment(key: &'static str, steps: &[Step]) -> Segment {
    Segment {
        key,
        steps: steps.to_vec(),
        says: Says::Nothing,
        cost: 20,
    }
}

const OWNER: Slots = Slot::Owner.bit();
const REPOSITORY: Slots = Slot::Repository.bit();

fn repo() -> Vec<Segment> {
    let both = OWNER | REPOSITORY;
    let begin = [
        text("repo:"),
        open(Slot::Repository),
        open(Slot::Owner),
        atom(Atom::Owner).to(both),
        close(Slot::Owner),
    ];
    let name = [
        text("/").to(REPOSITORY),
        atom(Atom::Repository).to(REPOSITORY),
        close(Slot::Repository),
    ];
    let id = |slot: Slot| {
        [
            text("@"),
            open(slot),
            atom(Atom::Digits).to(slot.bit()),
            close(slot),
        ]
    };
    vec![
        segment("repo", &[&begin[..], &name].concat()),
        segment(
            "repo",
            &[
                &begin[..],
                &id(Slot::OwnerId),
                &name,
                &id(Slot::RepositoryId),
            ]
            .concat(),
        ),
    ]
}

/// `SLOT:VALUE`, the value read by the slot.
fn claim(key: &'static str, prefix: &'static str, slot: Slot, value: &[Step]) -> Segment {
    let fed: Vec<Step> = value.iter().map(|step| step.to(slot.bit())).collect();
    segment(
        key,
        &[&[text(prefix), open(slot)][..], &fed, &[close(slot)]].concat(),
    )
}

fn references() -> [Vec<Step>; 3] {
    [
        vec![text("refs/heads/"), atom(Atom::Branch)],
        vec![text("refs/tags/"), atom(Atom::Tag)],
        vec![text("refs/pull/"), atom(Atom::Digits), text("/merge")],
    ]
}

fn context() -> Vec<Segment> {
    let branch = |steps: &[Step]| Segment {
        says: Says::NoEnvironment,
        ..claim("context", "ref:", Slot::Ref, steps)
    };
    let [heads, tags, _] = references();
    vec![
        branch(&heads),
        Segment {
            cost: 22,
            ..branch(&tags)
        },
        Segment {
            says: Says::Environment,
            cost: 21,
            ..claim(
                "context",
                "environment:",
                Slot::Environment,
                &[atom(Atom::Text)],
            )
        },
        Segment {
            says: Says::PullRequest,
            cost: 40,
            ..segment("context", &[text("pull_request")])
        },
        // A deployment that was created from a commit has an empty ref (observed); the tail was never seen.
        Segment {
            cost: 90,
            ..branch(&[])
        },
    ]
}

fn workflow_files() -> Vec<Vec<Step>> {
    let mut files = Vec::new();
    let begin = [
        atom(Atom::Owner),
        text("/"),
        atom(Atom::Repository),
        text("/.github/workflows/"),
        atom(Atom::Stem),
    ];
    for ending in [".yml@", ".yaml@"] {
        let [heads, tags, pull] = references();
        for reference in [heads, tags, pull, vec![atom(Atom::Commit)]] {
            files.push([&begin[..], &[text(ending)], &reference].concat());
        }
    }
    files
}

fn templates() -> Vec<Segment> {
    let plain =
        |key: &'static str, prefix: &'static str, value: Step| segment(key, &[text(prefix), value]);
    let mut list = vec![
        Segment {
            says: Says::Environment,
            ..claim(
                "environment",
                "environment:",
                Slot::Environment,
                &[atom(Atom::Text)],
            )
        },
        claim(
            "repository_owner",
            "repository_owner:",
            Slot::Owner,
            &[atom(Atom::Owner)],
        ),
        claim(
            "repository_owner_id",
            "repository_owner_id:",
            Slot::OwnerId,
            &[atom(Atom::Digits)],
        ),
        claim(
            "repository_id",
            "repository_id:",
            Slot::RepositoryId,
            &[atom(Atom::Digits)],
        ),
        claim("workflow", "workflow:", Slot::Workflow, &[atom(Atom::Text)]),
        claim("actor", "actor:", Slot::Actor, &[atom(Atom::Owner)]),
        claim(
            "actor",
            "actor:",
            Slot::Actor,
            &[atom(Atom::Owner), text("[bot]")],
        ),
        claim(
            "actor_id",
            "actor_id:",
            Slot::ActorId,
            &[atom(Atom::Digits)],
        ),
        plain("base_ref", "base_ref:", atom(Atom::Branch)),
        plain("head_ref", "head_ref:", atom(Atom::Branch)),
        segment("base_ref", &[text("base_ref:")]),
        segment("head_ref", &[text("head_ref:")]),
        plain("event_name", "event_name:", atom(Atom::Word)),
        plain("run_id", "run_id:", atom(Atom::Digits)),
        plain("run_number", "run_number:", atom(Atom::Digits)),
        plain("run_attempt", "run_attempt:", atom(Atom::Digits)),
        plain("job_workflow_sha", "job_workflow_sha:", atom(Atom::Commit)),
        plain("workflow_sha", "workflow_sha:", atom(Atom::Commit)),
        Segment {
            says: Says::Environment,
            ..plain(
                "environment_node_id",
                "environment_node_id:EN_",
                atom(Atom::Word),
            )
        },
        segment(
            "repo_property_",
            &[
                text("repo_property_"),
                atom(Atom::Word),
                text(":"),
                atom(Atom::Text),
            ],
        ),
    ];
    for (key, text_of) in [
        ("repository_visibility", "repository_visibility:public"),
        ("repository_visibility", "repository_visibility:private"),
        ("repository_visibility", "repository_visibility:internal"),
        ("ref_type", "ref_type:branch"),
        ("ref_type", "ref_type:tag"),
        ("runner_environment", "runner_environment:github-hosted"),
        ("runner_environment", "runner_environment:self-hosted"),
    ] {
        list.push(segment(key, &[text(text_of)]));
    }
    let both = OWNER | REPOSITORY;
    list.push(segment(
        "repository",
        &[
            text("repository:"),
            open(Slot::Repository),
            open(Slot::Owner),
            atom(Atom::Owner).to(both),
            close(Slot::Owner),
            text("/").to(REPOSITORY),
            atom(Atom::Repository).to(REPOSITORY),
            close(Slot::Repository),
        ],
    ));
    for steps in references().iter().chain([&Vec::new()]) {
        list.push(claim("ref", "ref:", Slot::Ref, steps));
    }
    for steps in workflow_files() {
        list.push(claim(
            "job_workflow_ref",
            "job_workflow_ref:",
            Slot::JobWorkflowRef,
            &steps,
        ));
        list.push(own_workflow(&steps));
    }
    for segment in &mut list {
        segment.cost = if INTRICATE.contains(&segment.key) {
            120
        } else {
            60
        };
    }
    list
}

/// Keys whose values hang together with others of the token in ways that the search does not follow: where it
/// finds a subject with one of them that GitHub would not issue, it looks for one without.
pub(crate) const INTRICATE: &[&str] = &[
    "base_ref",
    "head_ref",
    "event_name",
    "ref_type",
    "run_id",
    "run_number",
    "run_attempt",
    "workflow_ref",
    "workflow_sha",
    "job_workflow_sha",
    "environment_node_id",
];

/// `workflow_ref` names a file of the repository itself.
fn own_workflow(steps: &[Step]) -> Segment {
    let both = OWNER | REPOSITORY;
    let mut all = vec![
        text("workflow_ref:"),
        open(Slot::Repository),
        open(Slot::Owner),
    ];
    for (index, step) in steps.iter().enumerate() {
        match index {
            0 => all.extend([step.to(both), close(Slot::Owner)]),
            1 => all.push(step.to(REPOSITORY)),
            2 => all.extend([step.to(REPOSITORY), close(Slot::Repository)]),
            _ => all.push(*step),
        }
    }
    segment("workflow_ref", &all)
}
