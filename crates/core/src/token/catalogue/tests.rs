use serde_json::json;

use super::{
    CLAIMS, Difference, GITHUB_KEYS, IssuerKind, LookAlike, claim, issuer, keys_for, look_alike,
    nearest_issuer, nearly,
};

#[test]
fn every_row_says_something() {
    for row in CLAIMS {
        assert!(
            row.meaning.ends_with('.') && row.meaning.len() > 15,
            "{}",
            row.name
        );
        assert!(
            !row.source.is_empty() && CLAIMS.iter().filter(|c| c.name == row.name).count() == 1,
            "{}",
            row.name
        );
    }
}

#[test]
fn the_keys_of_github_and_no_others_have_a_row_with_a_key() {
    let with_key: Vec<&str> = CLAIMS
        .iter()
        .filter_map(|c| c.key)
        .map(|k| k.suffix)
        .filter(|k| GITHUB_KEYS.contains(k))
        .collect();
    assert_eq!(with_key, GITHUB_KEYS_IN_TABLE_ORDER);
    for name in [
        "iss",
        "repository_owner",
        "event_name",
        "runner_environment",
        "workflow_ref",
        "job_workflow_sha",
        "repo_property_x",
        "sha",
        "jti",
    ] {
        assert!(claim(name).is_some_and(|c| c.key.is_none()), "{name}");
    }
}

const GITHUB_KEYS_IN_TABLE_ORDER: [&str; 10] = [
    "actor",
    "actor_id",
    "enterprise_id",
    "environment",
    "job_workflow_ref",
    "ref",
    "repository",
    "repository_id",
    "repository_owner_id",
    "workflow",
];

#[test]
fn issuers() {
    use IssuerKind::*;
    let cases = [
        (
            "token.actions.githubusercontent.com",
            GitHub,
            10,
            true,
            None,
        ),
        (
            "TOKEN.actions.githubusercontent.com",
            GitHub,
            10,
            true,
            None,
        ),
        (
            "token.actions.githubusercontent.com/octo",
            GitHubEnterprise,
            10,
            true,
            Some("octo"),
        ),
        ("token.actions.githubusercontent.com/", Other, 0, true, None),
        (
            "token.actions.githubusercontent.com/a/b",
            Other,
            0,
            true,
            None,
        ),
        (
            "token.actions.githubusercontent.com.example.com",
            Other,
            0,
            true,
            None,
        ),
        ("token.actions.octo.ghe.com", GheCom, 10, true, None),
        (
            "token.actions.octo.ghe.com/octo",
            GheComEnterprise,
            10,
            true,
            Some("octo"),
        ),
        ("token.actions.ghe.com", Other, 0, true, None),
        ("token.actions.a.b.ghe.com", Other, 0, true, None),
        (
            "github.com/enterprises/octo",
            GitHubEnterprisePage,
            10,
            true,
            Some("octo"),
        ),
        ("git.example.com/_services/token", Ghes, 10, false, None),
        ("/_services/token", Other, 0, true, None),
        (
            "vstoken.actions.githubusercontent.com",
            OldGitHub,
            0,
            true,
            None,
        ),
        ("gitlab.com", GitLab, 0, true, None),
        ("agent.buildkite.com", Buildkite, 0, true, None),
        ("oidc.circleci.com/org/0a1b", CircleCi, 0, true, None),
        ("idcs-0a1b.identity.oraclecloud.com", Oracle, 0, true, None),
        ("accounts.google.com", Google, 0, true, None),
        ("example.com", Other, 0, true, None),
        ("", Other, 0, true, None),
    ];
    for (iss, kind, keys, documented, slug) in cases {
        let row = keys_for(iss);
        assert_eq!(
            (row.kind, row.claims.len(), row.documented),
            (kind, keys, documented),
            "{iss}"
        );
        assert_eq!(row.suffixes().count(), keys + 5, "{iss}");
        let url = format!("https://{iss}");
        assert_eq!(
            (
                issuer(&url).kind,
                issuer(&url).slug,
                issuer(&url).key_prefix
            ),
            (kind, slug, iss),
            "{iss}"
        );
    }
}

#[test]
fn near_misses() {
    use Difference::*;
    const GITHUB: &str = "https://token.actions.githubusercontent.com";
    const OCTO: &str = "https://token.actions.githubusercontent.com/octo";
    let cases: [(&str, &str, &[Difference]); 14] = [
        (
            "token.actions.githubusercontent.com/",
            GITHUB,
            &[TrailingSlash],
        ),
        (
            GITHUB,
            "https://token.actions.githubusercontent.com/",
            &[TrailingSlash],
        ),
        (
            "https://Token.Actions.githubusercontent.com",
            GITHUB,
            &[LetterCase],
        ),
        (
            "HTTP://token.actions.githubusercontent.com",
            GITHUB,
            &[PlainHttp],
        ),
        (
            "https://vstoken.actions.githubusercontent.com",
            GITHUB,
            &[OldHost],
        ),
        (
            "https://token.action.githubusercontent.com",
            GITHUB,
            &[Misspelt],
        ),
        (
            "https://tokens.actions.githubusercontent.co",
            GITHUB,
            &[Misspelt],
        ),
        (
            " https://token.actions.githubusercontent.com",
            GITHUB,
            &[Blank],
        ),
        (
            "https://token.actions.githubusercontent.com/.well-known/jwks",
            GITHUB,
            &[DiscoveryUrl],
        ),
        (GITHUB, OCTO, &[MissingPath]),
        (OCTO, GITHUB, &[ExtraPath]),
        (
            "https://token.actions.githubusercontent.com/other",
            OCTO,
            &[OtherPath],
        ),
        (
            "https://token.actions.githubusercontent.com/Octo/",
            OCTO,
            &[LetterCase, TrailingSlash],
        ),
        (
            "https://git.example.com",
            "https://git.example.com/_services/token",
            &[MissingPath],
        ),
    ];
    for (given, wanted, expected) in cases {
        assert_eq!(
            nearly(given, wanted).as_deref(),
            Some(expected),
            "{given} for {wanted}"
        );
    }
    for (given, wanted) in [
        (GITHUB, GITHUB),
        ("token.actions.githubusercontent.com", GITHUB),
        ("https://gitlab.com", GITHUB),
        ("", GITHUB),
    ] {
        assert_eq!(nearly(given, wanted), None, "{given} for {wanted}");
    }
    assert_eq!(
        nearest_issuer("https://token.actions.octo.ghe.com/"),
        Some((
            "https://token.actions.octo.ghe.com".to_owned(),
            vec![TrailingSlash]
        ))
    );
    assert_eq!(
        nearest_issuer("vstoken.actions.githubusercontent.com"),
        Some((GITHUB.to_owned(), vec![OldHost]))
    );
    assert_eq!(nearest_issuer(OCTO), None);
    assert_eq!(nearest_issuer("https://example.com"), None);
}

#[test]
fn look_alikes() {
    let github = "https://token.actions.githubusercontent.com";
    let cases = [
        (
            json!({"iss": github, "oidc_sub": "repo:o/r:pull_request", "oidc_extra": "{}"}),
            Some(LookAlike::RequestToken),
        ),
        (
            json!({"iss": github, "scp": "a generate_id_token:1:2", "billing_owner_id": "1", "plan_id": "x"}),
            Some(LookAlike::RequestToken),
        ),
        (
            json!({"aud": "vso:0a1b", "orch_id": "x"}),
            Some(LookAlike::RequestToken),
        ),
        (json!({"aud": ["vso:0a1b"]}), Some(LookAlike::RequestToken)),
        (
            json!({"billing_owner_id": "1", "owner_id": "2", "labels": "[]"}),
            Some(LookAlike::RunnerToken),
        ),
        (
            json!({"iss": github, "sub": "x", "runner_name": "r"}),
            Some(LookAlike::RunnerToken),
        ),
        (
            json!({"billing_owner_id": "U_1"}),
            Some(LookAlike::RunnerToken),
        ),
        (
            json!({"iss": github, "sub": "repo:o/r:pull_request", "repository": "o/r", "runner_environment": "self-hosted"}),
            None,
        ),
        (
            json!({"iss": github, "sub": "repo:o/r:pull_request", "aud": "vso:mine"}),
            None,
        ),
        (
            json!({"iss": "https://gitlab.com", "sub": "project_path:g/p", "runner_id": 1}),
            None,
        ),
        (
            json!({"iss": "https://example.okta.com", "sub": "x", "scp": ["openid"]}),
            None,
        ),
        (json!({"iss": github, "repository": "o/r"}), None),
    ];
    for (claims, expected) in cases {
        assert_eq!(
            claims.as_object().and_then(look_alike),
            expected,
            "{claims}"
        );
    }
}
