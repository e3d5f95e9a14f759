//! What is said about the clean-up. None of these can hold text of the token: there is no room for it in the types.

use std::fmt;

/// Something that was taken off or guessed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Note {
    /// `Bearer` before the token.
    Bearer,
    /// `Authorization: Bearer` before the token.
    Authorization,
    /// Quotes around the token.
    Quotes,
    /// This many line breaks inside the token.
    LineBreaks(usize),
    /// This many blanks or invisible characters inside the token.
    Blanks(usize),
    /// A full stop after the token.
    FullStop,
    /// It was in the member of this name of a JSON document.
    Member(&'static str),
    /// It was somewhere in a JSON document.
    InJson,
    /// It stood after an `=`: an assignment, a URL.
    AfterEquals,
    /// There was other text around it.
    InText,
    /// The prefixes (times, `##[debug]`, colours) of this many lines of a log.
    LogLines(usize),
    /// The escapes of a JSON string.
    Unescaped,
    /// Curly or single quotes were read as straight double quotes.
    Quoting,
    /// URL-encoding.
    UrlDecoded,
    /// Base64, this many times.
    Base64(usize),
    /// The payload alone was there.
    PayloadOnly,
    /// Header and payload were there, but no signature.
    NoSignature,
    /// The signature was masked or cut off.
    SignatureMasked,
    /// This many further tokens were passed over.
    OtherTokens(usize),
    /// This many further claim sets were passed over.
    OtherClaims(usize),
    /// The token has this many characters, which STS refuses.
    LengthForSts(usize),
}

impl fmt::Display for Note {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Bearer => f.write_str("removed \"Bearer\""),
            Self::Authorization => f.write_str("removed \"Authorization: Bearer\""),
            Self::Quotes => f.write_str("removed the quotes around it"),
            Self::LineBreaks(n) => write!(f, "removed {}", count(*n, "line break")),
            Self::Blanks(n) => write!(f, "removed {}", count(*n, "blank")),
            Self::FullStop => f.write_str("removed a full stop at the end"),
            Self::Member(name) => write!(f, "taken from `{name}` in a JSON document"),
            Self::InJson => f.write_str("found in a JSON document"),
            Self::AfterEquals => f.write_str("found after an equals sign"),
            Self::InText => f.write_str("found in other text"),
            Self::LogLines(n) => write!(
                f,
                "found in a log: removed the prefixes of {}",
                count(*n, "line")
            ),
            Self::Unescaped => f.write_str("undid the escapes of a JSON string"),
            Self::Quoting => f.write_str("read curly or single quotes as straight double quotes"),
            Self::UrlDecoded => f.write_str("undid URL-encoding"),
            Self::Base64(1) => f.write_str("decoded it from base64"),
            Self::Base64(n) => write!(f, "decoded it from base64 {n} times"),
            Self::PayloadOnly => f.write_str("decoded the payload only: no signature"),
            Self::NoSignature => f.write_str("decoded header and payload: no signature"),
            Self::SignatureMasked => f.write_str(
                "the signature is masked or cut off: read as claims without a signature",
            ),
            Self::OtherTokens(n) => write!(
                f,
                "took the first token and passed over {}",
                count(*n, "other")
            ),
            Self::OtherClaims(n) => write!(
                f,
                "took the first claims and passed over {}",
                count(*n, "other set")
            ),
            Self::LengthForSts(n) => {
                write!(f, "{} long: STS takes 4 to 20000", count(*n, "character"))
            }
        }
    }
}

fn count(n: usize, what: &str) -> String {
    format!("{n} {what}{}", if n == 1 { "" } else { "s" })
}

/// Why there is neither a token nor claims; the more telling reason comes first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Why {
    /// Longer than [`super::MAX_INPUT`].
    TooLong,
    /// Nothing but blanks.
    Empty,
    /// An encrypted token (JWE), which only its recipient can read.
    Encrypted,
    /// A token that is cut off before its end.
    CutOff,
    /// The header of a token alone.
    HeaderOnly,
    /// A token for GitHub's API, such as `GITHUB_TOKEN`.
    GitHubToken,
    /// A policy.
    Policy,
    /// The `github` context of a workflow.
    GitHubContext,
    /// JSON without a single claim in it.
    NoClaims,
    /// A masked token.
    Masked,
    /// Nothing of the kind.
    NotFound,
}

impl fmt::Display for Why {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::TooLong => "the text is longer than 1 MiB",
            Self::Empty => "the text is empty",
            Self::Encrypted => "this is an encrypted token (JWE); GitHub's ID tokens are signed, not encrypted, and STS reads no other",
            Self::CutOff => "the token is cut off before its end",
            Self::HeaderOnly => "this is the header of a token only; the claims are in the second part",
            Self::GitHubToken => "this is a token for GitHub's API, a live credential, and not an OIDC token",
            Self::Policy => "this is a policy, not a token",
            Self::GitHubContext => "this is the `github` context of a workflow: it has the names of many claims, but is no token",
            Self::NoClaims => "there is JSON here, but no claim of a token in it",
            Self::Masked => "the token is masked: GitHub writes `***` for secrets in logs",
            Self::NotFound => "nothing in it looks like one",
        })
    }
}
