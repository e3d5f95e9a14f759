use proptest::prelude::*;

use super::{Form, GitRef, Kind, MistakeKind, Subject, Tail};

/// One letter a segment: R repo, E environment, P pull request, r ref, C claim, ? unknown.
fn shape(sub: &Subject<'_>) -> String {
    let letter = |kind| match kind {
        Kind::Repo => 'R',
        Kind::Environment => 'E',
        Kind::PullRequest => 'P',
        Kind::Ref => 'r',
        Kind::Claim => 'C',
        Kind::Unknown => '?',
    };
    sub.segments().iter().map(|s| letter(s.kind)).collect()
}

#[test]
fn subjects_of_tokens() {
    use Form::{Classic, Immutable, NoRepo};
    let queue = GitRef::MergeQueue {
        base: "main",
        entry: "pr-1-abc",
    };
    let cases = [
        (
            "repo:o/r:ref:refs/heads/main",
            "Rr",
            Classic,
            Tail::Ref(GitRef::Branch("main")),
        ),
        (
            "repo:o/r:ref:refs/tags/v1",
            "Rr",
            Classic,
            Tail::Ref(GitRef::Tag("v1")),
        ),
        (
            "repo:o/r:ref:refs/pull/7/merge",
            "Rr",
            Classic,
            Tail::Ref(GitRef::Pull {
                number: "7",
                side: "merge",
            }),
        ),
        (
            "repo:o/r:ref:refs/heads/gh-readonly-queue/main/pr-1-abc",
            "Rr",
            Classic,
            Tail::Ref(queue),
        ),
        ("repo:o/r:ref:", "Rr", Classic, Tail::Ref(GitRef::Empty)),
        ("repo:o/r:pull_request", "RP", Classic, Tail::PullRequest),
        (
            "repo:o/r:environment:Prod EU/1%3A2",
            "RE",
            Classic,
            Tail::Environment("Prod EU/1%3A2"),
        ),
        (
            "repo:o@1/r@2:pull_request",
            "RP",
            Immutable,
            Tail::PullRequest,
        ),
        (
            "repo:o@1/r@2:environment:a:job_workflow_ref:o/r/.github/workflows/f.yml@refs/heads/a@b",
            "REC",
            Immutable,
            Tail::Environment("a"),
        ),
        ("repo:o/r", "R", Classic, Tail::Missing),
        (
            "ref:refs/heads/main:repo:o/r:job_workflow_ref:o/r/f@x:repository_owner:o",
            "rRCC",
            Classic,
            Tail::Ref(GitRef::Branch("main")),
        ),
        (
            "repository_owner:o:repository_visibility:private",
            "CC",
            NoRepo,
            Tail::Missing,
        ),
        (
            "repository_owner_id:1:repository_id:2:pull_request",
            "CCP",
            NoRepo,
            Tail::PullRequest,
        ),
        ("repo_property_team:blue", "C", NoRepo, Tail::Missing),
        (
            "environment:production%3Aeastus:repository_owner:o",
            "EC",
            NoRepo,
            Tail::Environment("production%3Aeastus"),
        ),
        (
            "event_name:pull_request:workflow:ref:repo:o/r",
            "CCR",
            Classic,
            Tail::Missing,
        ),
        (
            "head_ref::base_ref::repo:o/r",
            "CCR",
            Classic,
            Tail::Missing,
        ),
        (
            "project_path:g/p:ref_type:branch:ref:main",
            "??Cr",
            NoRepo,
            Tail::Ref(GitRef::Other("main")),
        ),
        ("", "", NoRepo, Tail::Missing),
    ];
    for (text, expected, form, tail) in cases {
        let sub = Subject::parse(text);
        assert_eq!(
            (shape(&sub).as_str(), sub.form(), sub.tail()),
            (expected, form, tail),
            "{text}"
        );
    }
}

#[test]
fn genuine_subjects_have_no_mistakes() {
    let genuine = [
        "repo:o/r:ref:refs/heads/main",
        "repo:o/r:ref:",
        "repo:mona_octo/r.x_y-z:environment:a b",
        "repo:o@1/r@2:pull_request",
        "ref:refs/tags/v:repo:o/r",
        "repository_id:1:pull_request",
        "repo:o/r:*",
        "repo:o/*",
        "repo:o/r*",
        "repo:*",
        "*",
        "repo:o@1/*:ref:refs/heads/*",
        "repo:o/${aws:PrincipalTag/r}:ref:refs/heads/main",
    ];
    for text in genuine {
        assert_eq!(Subject::parse_pattern(text).mistakes(), [], "{text}");
    }
}

#[test]
fn mistakes_are_named_and_placed() {
    use MistakeKind::*;
    let cases = [
        ("o/r:ref:refs/heads/main", MissingRepoPrefix, "o/r"),
        ("o/r:*", MissingRepoPrefix, "o/r"),
        ("Repo:o/r:*", KeyCase, "Repo"),
        ("repo:o/r:Environment:prod", KeyCase, "Environment"),
        ("repo: o/r:*", Blank, " o/r"),
        ("repo:o/r:ref:refs/heads/main ", Blank, "refs/heads/main "),
        ("repo:github.com/o/r:*", HostInRepo, "github.com"),
        (
            "repo:https://github.com/o/r:*",
            HostInRepo,
            "https://github.com",
        ),
        ("repo:o:ref:refs/heads/main", MissingRepository, "o"),
        ("repo:<OWNER>/r:*", OwnerName, "<OWNER>"),
        ("repo:/r:*", OwnerName, ""),
        ("repo:o/r.git:*", RepositoryName, "r.git"),
        ("repo:o/r/ref:*", RepositoryName, "r/ref"),
        ("repo:o@ID/r@2:*", IdNotANumber, "ID"),
        ("repo:o@1/r:*", OneIdOnly, "r"),
        ("repo:o/r@2:*", OneIdOnly, "o"),
        ("repo:o-123456/r-456789:*", HyphenIds, "o-123456/r-456789"),
        ("repo:o/r", MissingTail, ""),
        ("repo:o/r:environment", MissingValue, "environment"),
        (
            "repo:o/r:ref/refs/heads/main",
            SlashForColon,
            "ref/refs/heads/main",
        ),
        ("repo:o/r:refs/heads/main", MissingRefKey, "refs/heads/main"),
        ("repo:o/r:refs/heads/*", MissingRefKey, "refs/heads/*"),
        ("repo:o/r:ref:main", ShortRef, "main"),
        ("repo:o/r:ref:refs/head/main", ShortRef, "refs/head/main"),
        ("repo:o/r:main", UnknownSegment, "main"),
        ("repo:o/r:", UnknownSegment, ""),
    ];
    for (text, kind, place) in cases {
        let mistakes = Subject::parse_pattern(text).mistakes();
        let found: Vec<_> = mistakes
            .iter()
            .map(|m| (m.kind, text.get(m.range.clone()).unwrap_or("?")))
            .collect();
        assert_eq!(found, [(kind, place)], "{text}");
    }
}

#[test]
fn names_and_ids_from_any_segment() {
    let cases = [
        ("repo:o/r:pull_request", (Some("o"), Some("r"), None, None)),
        (
            "repo:o@1/r@2:pull_request",
            (Some("o"), Some("r"), Some("1"), Some("2")),
        ),
        (
            "repository:o/r:workflow:w",
            (Some("o"), Some("r"), None, None),
        ),
        ("repository_owner:o", (Some("o"), None, None, None)),
        (
            "repository_owner_id:1:repository_id:2",
            (None, None, Some("1"), Some("2")),
        ),
        ("repo:*", (Some("*"), None, None, None)),
        (
            "repo:https://github.com/o/r:*",
            (Some("o"), Some("r"), None, None),
        ),
    ];
    for (text, expected) in cases {
        let sub = Subject::parse(text);
        assert_eq!(
            (
                sub.owner(),
                sub.repository(),
                sub.owner_id(),
                sub.repository_id()
            ),
            expected,
            "{text}"
        );
    }
}

#[test]
fn default_or_template() {
    let cases = [
        ("repo:o/r:pull_request", true, false),
        ("repo:o@1/r@2:environment:e", true, false),
        ("repo:o/r:ref:", true, false),
        ("repo:o/r", false, true),
        ("repo:o/r:pull_request:workflow:w", false, true),
        ("repo:o/r:*", false, false),
        ("o/r:pull_request", false, false),
        ("", false, false),
    ];
    for (text, is_default, is_template) in cases {
        let sub = Subject::parse(text);
        assert_eq!(
            (sub.is_default(), sub.is_template()),
            (is_default, is_template),
            "{text}"
        );
    }
}

proptest! {
    #[test]
    fn segments_cover_the_text(text in "(repo|Ref|ref|environment|pull_request|actor|x|:|/|@|\\*|\\$\\{|\\}|é| |%3A){0,24}") {
        for sub in [Subject::parse(&text), Subject::parse_pattern(&text)] {
            let joined: Vec<&str> = sub.segments().iter().map(|s| s.raw.text).collect();
            prop_assert_eq!(joined.join(":"), text.as_str());
            for segment in sub.segments() {
                for piece in [Some(segment.raw), segment.key, segment.value].into_iter().flatten() {
                    prop_assert_eq!(text.get(piece.range()), Some(piece.text));
                }
            }
            for mistake in sub.mistakes() {
                prop_assert!(text.get(mistake.range).is_some());
            }
        }
    }

    #[test]
    fn any_text_is_taken(text in "(?s).{0,100}") {
        let sub = Subject::parse_pattern(&text);
        let _ = (sub.mistakes(), sub.tail(), sub.full_name(), sub.keys(), sub.is_template());
    }
}
