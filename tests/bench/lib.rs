//! The floor: what the decision would cost if nothing but the comparison were done, written by hand.

pub mod analysis;

use serde_json::Value;

/// The policy that is measured: StringEquals on `aud`, StringLike on `sub` with three patterns.
pub const POLICY: &str = r#"{
  "Version": "2012-10-17",
  "Statement": [
    {
      "Effect": "Allow",
      "Principal": { "Federated": "arn:aws:iam::111122223333:oidc-provider/token.actions.githubusercontent.com" },
      "Action": "sts:AssumeRoleWithWebIdentity",
      "Condition": {
        "StringEquals": { "token.actions.githubusercontent.com:aud": "sts.amazonaws.com" },
        "StringLike": {
          "token.actions.githubusercontent.com:sub": [
            "repo:octo-org/infra:environment:*",
            "repo:octo-org/*:ref:refs/heads/release/*",
            "repo:octo-org/octo-repo:ref:refs/heads/*"
          ]
        }
      }
    }
  ]
}"#;

/// The claims of a token that the policy lets in.
pub const CLAIMS: &str = r#"{"iss": "https://token.actions.githubusercontent.com", "aud": "sts.amazonaws.com",
  "sub": "repo:octo-org/octo-repo:ref:refs/heads/main", "iat": 1795442400, "nbf": 1795442100, "exp": 1795442700,
  "jti": "00000000-0000-0000-0000-000000000000", "actor": "octocat", "actor_id": "583231", "event_name": "push",
  "job_workflow_ref": "octo-org/octo-repo/.github/workflows/ci.yml@refs/heads/main", "ref": "refs/heads/main",
  "ref_type": "branch", "repository": "octo-org/octo-repo", "repository_id": "456789", "repository_owner": "octo-org",
  "repository_owner_id": "123456", "repository_visibility": "private", "run_id": "1", "run_number": "1",
  "run_attempt": "1", "runner_environment": "github-hosted", "sha": "0000000000000000000000000000000000000000",
  "workflow": "ci", "workflow_ref": "octo-org/octo-repo/.github/workflows/ci.yml@refs/heads/main"}"#;

/// The usual two-pointer match of `*` and `?` over bytes.
#[must_use]
pub fn glob(pattern: &[u8], text: &[u8]) -> bool {
    let (mut p, mut t) = (0, 0);
    let mut star: Option<(usize, usize)> = None;
    while t < text.len() {
        match (pattern.get(p), text.get(t)) {
            (Some(b'*'), _) => {
                star = Some((p, t));
                p += 1;
            }
            (Some(b'?'), _) => {
                p += 1;
                t += 1;
            }
            (Some(a), Some(b)) if a == b => {
                p += 1;
                t += 1;
            }
            _ => match star {
                Some((at, from)) => {
                    p = at + 1;
                    t = from + 1;
                    star = Some((at, from + 1));
                }
                None => return false,
            },
        }
    }
    pattern
        .get(p..)
        .is_some_and(|rest| rest.iter().all(|b| *b == b'*'))
}

/// Audience and subject against a policy of one statement, nothing else.
#[must_use]
pub fn compare(audience: &str, subject: &str, wanted: &str, patterns: &[&str]) -> bool {
    audience == wanted
        && patterns
            .iter()
            .any(|pattern| glob(pattern.as_bytes(), subject.as_bytes()))
}

/// Parses both texts with `serde_json::Value` and compares: the floor of a decision from cold.
#[must_use]
pub fn parse_and_compare(policy: &str, claims: &str) -> Option<bool> {
    let policy: Value = serde_json::from_str(policy).ok()?;
    let claims: Value = serde_json::from_str(claims).ok()?;
    let statement = policy.get("Statement")?.get(0)?;
    let condition = statement.get("Condition")?;
    let key = |operator: &str, claim: &str| {
        condition
            .get(operator)?
            .get(format!("token.actions.githubusercontent.com:{claim}"))
    };
    let patterns: Vec<&str> = key("StringLike", "sub")?
        .as_array()?
        .iter()
        .filter_map(Value::as_str)
        .collect();
    let claim = |name: &str| claims.get(name)?.as_str();
    Some(compare(
        claim("aud")?,
        claim("sub")?,
        key("StringEquals", "aud")?.as_str()?,
        &patterns,
    ))
}
