//! Issuers: which kind one is, which keys AWS has for it, and which issuer a near miss was meant to be.

use super::{GENERIC_KEYS, GITHUB_KEYS, GenericKey};

/// The host of github.com's issuer.
const GITHUB_HOST: &str = "token.actions.githubusercontent.com";
/// The host it had until autumn 2021 (aws-actions/configure-aws-credentials #280).
const OLD_HOST: &str = "vstoken.actions.githubusercontent.com";
/// The longest URL that IAM stores for a provider (API reference, `CreateOpenIDConnectProvider`).
const MAX_URL: usize = 255;

/// The kinds of issuers that the catalogue tells apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum IssuerKind {
    /// `token.actions.githubusercontent.com`.
    GitHub,
    /// `token.actions.githubusercontent.com/<enterprise>`.
    GitHubEnterprise,
    /// `github.com/enterprises/<enterprise>`.
    GitHubEnterprisePage,
    /// `token.actions.<subdomain>.ghe.com`.
    GheCom,
    /// `token.actions.<subdomain>.ghe.com/<enterprise>`.
    GheComEnterprise,
    /// `HOST/_services/token`.
    Ghes,
    /// `vstoken.actions.githubusercontent.com`.
    OldGitHub,
    /// `gitlab.com`.
    GitLab,
    /// `agent.buildkite.com`.
    Buildkite,
    /// `oidc.circleci.com/org/<id>`.
    CircleCi,
    /// `idcs-<id>.identity.oraclecloud.com`.
    Oracle,
    /// `accounts.google.com`.
    Google,
    /// Any other.
    Other,
}

impl IssuerKind {
    /// A plain name for a person.
    ///
    /// ```
    /// use rolecall_core::token::catalogue::IssuerKind;
    /// assert_eq!(IssuerKind::GheCom.name(), "GHE.com");
    /// ```
    pub fn name(self) -> &'static str {
        match self {
            Self::GitHub => "github.com",
            Self::GitHubEnterprise => "an enterprise on github.com, with its own issuer",
            Self::GitHubEnterprisePage => "an enterprise on github.com, as AWS lists it",
            Self::GheCom => "GHE.com",
            Self::GheComEnterprise => "an enterprise on GHE.com, with its own issuer",
            Self::Ghes => "GitHub Enterprise Server",
            Self::OldGitHub => "the issuer that github.com had until 2021",
            Self::GitLab => "GitLab",
            Self::Buildkite => "Buildkite",
            Self::CircleCi => "CircleCI",
            Self::Oracle => "Oracle Cloud",
            Self::Google => "Google",
            Self::Other => "another issuer",
        }
    }

    /// Whether GitHub Actions is behind it.
    pub fn is_github(self) -> bool {
        matches!(
            self,
            Self::GitHub
                | Self::GitHubEnterprise
                | Self::GitHubEnterprisePage
                | Self::GheCom
                | Self::GheComEnterprise
                | Self::Ghes
                | Self::OldGitHub
        )
    }
}

/// The condition keys that exist for an issuer: one row of the table.
#[derive(Clone, Copy, Debug)]
pub struct IssuerKeys {
    /// The kind of issuer.
    pub kind: IssuerKind,
    /// The keys of every issuer.
    pub generic: &'static [GenericKey],
    /// The keys that are named like their claim.
    pub claims: &'static [&'static str],
    /// False where it is not established that STS offers [`IssuerKeys::claims`] for this issuer: say so, do not rely on it.
    pub documented: bool,
    /// Further keys that AWS lists for this issuer. They are named here, but not judged: only the default mapping is.
    pub not_judged: &'static [&'static str],
    /// Where this is written.
    pub source: &'static str,
    matches: fn(&str) -> bool,
}

impl IssuerKeys {
    /// The claims that a key takes its value from, first found first; `None` if AWS has no such key for this issuer.
    ///
    /// Keys are matched without regard to letter case (IAM User Guide, *Condition*: "Condition key names are not
    /// case-sensitive").
    ///
    /// ```
    /// use rolecall_core::token::catalogue::keys_for;
    /// assert_eq!(keys_for("gitlab.com").claims_behind("SUB"), Some(&["sub"][..]));
    /// assert_eq!(keys_for("gitlab.com").claims_behind("repository"), None);
    /// ```
    pub fn claims_behind(&self, suffix: &str) -> Option<&'static [&'static str]> {
        let generic = self
            .generic
            .iter()
            .find(|key| key.suffix.eq_ignore_ascii_case(suffix))
            .map(|key| key.claims);
        let own = || {
            self.claims
                .iter()
                .find(|name| name.eq_ignore_ascii_case(suffix))
                .map(std::slice::from_ref)
        };
        generic.or_else(own)
    }

    /// All suffixes, the generic ones first.
    pub fn suffixes(&self) -> impl Iterator<Item = &'static str> {
        self.generic
            .iter()
            .map(|key| key.suffix)
            .chain(self.claims.iter().copied())
    }
}

/// Where an issuer publishes its keys. This is the path of all of GitHub's issuers (their discovery documents);
/// another issuer's own document may name another one.
///
/// ```
/// use rolecall_core::token::catalogue::keys_url;
/// use rolecall_core::sts::GITHUB_ISSUER;
///
/// assert_eq!(keys_url(GITHUB_ISSUER), "https://token.actions.githubusercontent.com/.well-known/jwks");
/// ```
#[must_use]
pub fn keys_url(issuer: &str) -> String {
    format!("{}/.well-known/jwks", issuer.trim_end_matches('/'))
}

const AWS_LIST: &str = "AWS service authorization reference for STS, condition keys of AssumeRoleWithWebIdentity (2026-09-26)";

/// All issuers, most particular first; the last row fits every issuer.
pub const ISSUERS: &[IssuerKeys] = &[
    github(IssuerKind::GitHub, |s| same(s, GITHUB_HOST)),
    github(IssuerKind::GitHubEnterprise, |s| {
        slug_after(s, &same_as_github).is_some()
    }),
    github(IssuerKind::GheCom, is_ghe_com),
    IssuerKeys {
        source: "inferred from `token.actions.<domain>.ghe.com`, which AWS lists (2026-09-26), and GitHub's REST documentation of the slug",
        ..github(IssuerKind::GheComEnterprise, |s| {
            slug_after(s, &is_ghe_com).is_some()
        })
    },
    github(IssuerKind::GitHubEnterprisePage, |s| {
        slug_after(s, &|page| same(page, "github.com/enterprises")).is_some()
    }),
    IssuerKeys {
        documented: false,
        source: "not documented: AWS lists the keys for GitHub's hosted issuers only",
        ..github(IssuerKind::Ghes, is_ghes)
    },
    other(IssuerKind::OldGitHub, |s| same(s, OLD_HOST), &[]),
    other(IssuerKind::GitLab, |s| same(s, "gitlab.com"), &GITLAB_KEYS),
    other(
        IssuerKind::Buildkite,
        |s| same(s, "agent.buildkite.com"),
        &BUILDKITE_KEYS,
    ),
    other(
        IssuerKind::CircleCi,
        is_circleci,
        &["oidc.circleci.com/project-id"],
    ),
    other(IssuerKind::Oracle, is_oracle, &["rpst_id"]),
    other(
        IssuerKind::Google,
        |s| same(s, "accounts.google.com"),
        &["google/organization_number"],
    ),
    OTHER,
];

const OTHER: IssuerKeys = IssuerKeys {
    source: super::AWS_KEYS_SOURCE,
    ..other(IssuerKind::Other, |_| true, &[])
};

const GITLAB_KEYS: [&str; 9] = [
    "namespace_id",
    "pipeline_source",
    "project_id",
    "ref_protected",
    "runner_environment",
    "user_access_level",
    "user_email",
    "user_id",
    "user_login",
];

const BUILDKITE_KEYS: [&str; 7] = [
    "build_branch",
    "cluster_id",
    "cluster_name",
    "organization_id",
    "organization_slug",
    "pipeline_id",
    "pipeline_slug",
];

const fn github(kind: IssuerKind, matches: fn(&str) -> bool) -> IssuerKeys {
    IssuerKeys {
        claims: &GITHUB_KEYS,
        ..other(kind, matches, &[])
    }
}

const fn other(
    kind: IssuerKind,
    matches: fn(&str) -> bool,
    not_judged: &'static [&'static str],
) -> IssuerKeys {
    IssuerKeys {
        kind,
        generic: &GENERIC_KEYS,
        claims: &[],
        documented: true,
        not_judged,
        source: AWS_LIST,
        matches,
    }
}

/// The keys that AWS has for an issuer, given without its `https://` as it stands in a condition key.
///
/// Letter case is not regarded, since it is not in condition keys; whether a provider's URL equals the issuer is another
/// question, see [`nearly`].
///
/// ```
/// use rolecall_core::token::catalogue::{IssuerKind, keys_for};
///
/// assert_eq!(keys_for("token.actions.githubusercontent.com/octo-inc").kind, IssuerKind::GitHubEnterprise);
/// assert!(!keys_for("git.example.com/_services/token").documented);
/// assert_eq!(keys_for("agent.buildkite.com").claims, [""; 0]);
/// ```
pub fn keys_for(issuer_without_scheme: &str) -> &'static IssuerKeys {
    ISSUERS
        .iter()
        .find(|row| (row.matches)(issuer_without_scheme))
        .unwrap_or(&OTHER)
}

/// An issuer, classified.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Issuer<'a> {
    /// The kind.
    pub kind: IssuerKind,
    /// What condition keys begin with: the issuer without its scheme, as written.
    pub key_prefix: &'a str,
    /// The enterprise's slug, where the issuer has one.
    pub slug: Option<&'a str>,
}

/// Classifies an `iss` claim or a provider's URL, with or without `https://`.
///
/// ```
/// use rolecall_core::token::catalogue::{IssuerKind, issuer};
///
/// let found = issuer("https://token.actions.githubusercontent.com/octo-inc");
/// assert_eq!((found.kind, found.slug), (IssuerKind::GitHubEnterprise, Some("octo-inc")));
/// assert_eq!(found.key_prefix, "token.actions.githubusercontent.com/octo-inc");
/// // AWS compares issuers exactly, so this is not github.com's; `nearest_issuer` tells which it nearly is.
/// assert_eq!(issuer("https://token.actions.githubusercontent.com/").kind, IssuerKind::Other);
/// ```
pub fn issuer(iss: &str) -> Issuer<'_> {
    let key_prefix = iss.strip_prefix("https://").unwrap_or(iss);
    let kind = keys_for(key_prefix).kind;
    let has_slug = matches!(
        kind,
        IssuerKind::GitHubEnterprise
            | IssuerKind::GheComEnterprise
            | IssuerKind::GitHubEnterprisePage
    );
    let slug = key_prefix
        .rsplit_once('/')
        .filter(|_| has_slug)
        .map(|(_, slug)| slug);
    Issuer {
        kind,
        key_prefix,
        slug,
    }
}

/// How a provider's URL differs from the issuer it was meant to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Difference {
    /// A slash at the end, in one of the two only. Tokens of March 2022 had one (pypi/warehouse #10645, Azure/login #296).
    TrailingSlash,
    /// Another letter case; IAM compares URLs with regard to it.
    LetterCase,
    /// `http://` instead of `https://`.
    PlainHttp,
    /// The issuer has a path, such as the enterprise's slug, which is missing.
    MissingPath,
    /// There is a path, such as an enterprise's slug, which the issuer does not have.
    ExtraPath,
    /// Another path on the same host, such as another enterprise's slug.
    OtherPath,
    /// The URL of the discovery document or of the keys instead of the issuer.
    DiscoveryUrl,
    /// The host of 2021, `vstoken.actions.githubusercontent.com`.
    OldHost,
    /// A letter or two of the host are wrong.
    Misspelt,
    /// Blanks around it.
    Blank,
}

impl Difference {
    /// What differs, in words, to follow "the provider's URL".
    pub fn words(self) -> &'static str {
        match self {
            Self::TrailingSlash => "differs in a slash at the end",
            Self::LetterCase => "differs in letter case",
            Self::PlainHttp => "begins with `http://`",
            Self::MissingPath => "lacks the issuer's path",
            Self::ExtraPath => "has a path that the issuer does not have",
            Self::OtherPath => "has another path",
            Self::DiscoveryUrl => "is that of the discovery document",
            Self::OldHost => "has the host of 2021",
            Self::Misspelt => "has a misspelt host",
            Self::Blank => "has blanks around it",
        }
    }
}

/// How a provider's URL nearly is the issuer: `None` if they are equal or unrelated. A missing scheme does not count, since
/// ARNs and condition keys have none.
///
/// ```
/// use rolecall_core::token::catalogue::{Difference, nearly};
///
/// let iss = "https://token.actions.githubusercontent.com/octo-inc";
/// assert_eq!(nearly("https://token.actions.githubusercontent.com", iss), Some(vec![Difference::MissingPath]));
/// assert_eq!(nearly("token.actions.githubusercontent.com/octo-inc/", iss), Some(vec![Difference::TrailingSlash]));
/// assert_eq!(nearly(iss, iss), None);
/// assert_eq!(nearly("https://accounts.google.com", iss), None);
/// ```
pub fn nearly(given: &str, issuer: &str) -> Option<Vec<Difference>> {
    let mut found = Vec::new();
    let trimmed = given.trim();
    note(&mut found, trimmed.len() != given.len(), Difference::Blank);
    note(
        &mut found,
        starts_with(trimmed, "http://"),
        Difference::PlainHttp,
    );
    let (host, path) = host_and_path(trimmed);
    let (wanted_host, wanted_path) = host_and_path(issuer);
    found.push(compare_hosts(host, wanted_host)?);
    compare_paths(path, wanted_path, &mut found);
    let differences: Vec<Difference> = found.into_iter().flatten().collect();
    (!differences.is_empty()).then_some(differences)
}

/// Which of GitHub's issuers was meant, and how what was given differs from it; `None` if it is one, or is far from all.
///
/// ```
/// use rolecall_core::token::catalogue::{Difference, nearest_issuer};
///
/// let (meant, how) = nearest_issuer("http://Token.actions.githubusercontent.com/").unwrap_or_default();
/// assert_eq!(meant, "https://token.actions.githubusercontent.com");
/// assert_eq!(how, [Difference::PlainHttp, Difference::LetterCase, Difference::TrailingSlash]);
/// ```
pub fn nearest_issuer(given: &str) -> Option<(String, Vec<Difference>)> {
    let (host, path) = host_and_path(given.trim());
    let path = without_discovery(path).trim_end_matches('/');
    let host = if is_ghe_com(host) {
        host.to_ascii_lowercase()
    } else {
        GITHUB_HOST.to_owned()
    };
    let meant = format!("https://{host}{path}");
    Some((meant.clone(), nearly(given, &meant)?))
}

fn compare_paths(path: &str, wanted: &str, found: &mut Vec<Option<Difference>>) {
    let discovered = without_discovery(path);
    note(
        found,
        discovered.len() != path.len(),
        Difference::DiscoveryUrl,
    );
    let (bare, wanted_bare) = (
        discovered.trim_end_matches('/'),
        wanted.trim_end_matches('/'),
    );
    let slash = discovered.len() == path.len()
        && (path.len() - bare.len()) != (wanted.len() - wanted_bare.len());
    let path = match (bare.is_empty(), wanted_bare.is_empty()) {
        (true, false) => Some(Difference::MissingPath),
        (false, true) => Some(Difference::ExtraPath),
        _ if bare == wanted_bare => None,
        _ if same(bare, wanted_bare) => Some(Difference::LetterCase),
        _ => Some(Difference::OtherPath),
    };
    found.push(path.filter(|d| !found.contains(&Some(*d))));
    note(found, slash, Difference::TrailingSlash);
}

/// The outer `None`: the hosts have nothing to do with each other.
fn compare_hosts(host: &str, wanted: &str) -> Option<Option<Difference>> {
    if host == wanted {
        Some(None)
    } else if same(host, wanted) {
        Some(Some(Difference::LetterCase))
    } else if same(host, OLD_HOST) && same(wanted, GITHUB_HOST) {
        Some(Some(Difference::OldHost))
    } else if is_misspelt(host, wanted) {
        Some(Some(Difference::Misspelt))
    } else {
        None
    }
}

fn note(found: &mut Vec<Option<Difference>>, is_so: bool, difference: Difference) {
    found.push(is_so.then_some(difference));
}

fn host_and_path(url: &str) -> (&str, &str) {
    let cut = ["https://", "http://"]
        .into_iter()
        .find(|scheme| starts_with(url, scheme))
        .map_or(0, str::len);
    let rest = url.get(cut..).unwrap_or(url);
    rest.find('/')
        .and_then(|at| rest.split_at_checked(at))
        .unwrap_or((rest, ""))
}

fn without_discovery(path: &str) -> &str {
    path.split_once("/.well-known")
        .map_or(path, |(before, _)| before)
}

fn starts_with(text: &str, prefix: &str) -> bool {
    text.get(..prefix.len())
        .is_some_and(|head| same(head, prefix))
}

fn same(a: &str, b: &str) -> bool {
    a.eq_ignore_ascii_case(b)
}

fn same_as_github(host: &str) -> bool {
    same(host, GITHUB_HOST)
}

/// The one path segment after a base.
fn slug_after<'a>(issuer: &'a str, is_base: &dyn Fn(&str) -> bool) -> Option<&'a str> {
    let (base, slug) = issuer.rsplit_once('/')?;
    (is_base(base) && !slug.is_empty()).then_some(slug)
}

fn is_ghe_com(host: &str) -> bool {
    let lower = host.to_ascii_lowercase();
    let subdomain = lower
        .strip_prefix("token.actions.")
        .and_then(|rest| rest.strip_suffix(".ghe.com"));
    subdomain.is_some_and(|name| !name.is_empty() && !name.contains(['/', '.']))
}

fn is_ghes(issuer: &str) -> bool {
    let (host, path) = host_and_path(issuer);
    !host.is_empty() && same(path, "/_services/token")
}

fn is_circleci(issuer: &str) -> bool {
    slug_after(issuer, &|base| same(base, "oidc.circleci.com/org")).is_some()
}

fn is_oracle(issuer: &str) -> bool {
    let lower = issuer.to_ascii_lowercase();
    lower.starts_with("idcs-")
        && lower.ends_with(".identity.oraclecloud.com")
        && !lower.contains('/')
}

/// At most two letters inserted, left out or changed; only for hosts that IAM could store, so that the work is bounded.
fn is_misspelt(host: &str, wanted: &str) -> bool {
    let close = host.len().abs_diff(wanted.len()) <= 2 && wanted.len() > 8;
    close && host.len() <= MAX_URL && distance(host.as_bytes(), wanted.as_bytes()) <= 2
}

/// Levenshtein's distance, one row at a time.
fn distance(a: &[u8], b: &[u8]) -> usize {
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, x) in a.iter().enumerate() {
        let mut left = i + 1;
        let mut next = vec![left];
        for ((y, corner), above) in b.iter().zip(&row).zip(row.iter().skip(1)) {
            left = (corner + usize::from(x != y)).min(above + 1).min(left + 1);
            next.push(left);
        }
        row = next;
    }
    row.last().copied().unwrap_or_default()
}
