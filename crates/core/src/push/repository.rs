//! Which ECR repository.

use std::fmt;

/// An ECR repository.
///
/// ```
/// use rolecall_core::push::RepositoryArn;
///
/// let arn = RepositoryArn::parse("111122223333.dkr.ecr.eu-west-1.amazonaws.com/team/octo-repo:v1").unwrap();
/// assert_eq!(arn.to_string(), "arn:aws:ecr:eu-west-1:111122223333:repository/team/octo-repo");
/// assert!(RepositoryArn::parse("arn:aws:ecr:eu-west-1:111122223333:octo-repo").is_err());
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RepositoryArn {
    /// `aws`, `aws-cn`, `aws-us-gov` ...
    pub partition: String,
    /// The region.
    pub region: String,
    /// Twelve digits.
    pub account: String,
    /// The repository's name, slashes and all.
    pub name: String,
}

/// What an ARN looks like.
const FORM: &str = "arn:aws:ecr:REGION:ACCOUNT:repository/NAME";

impl RepositoryArn {
    /// Reads a repository's ARN, or the address that images are pushed to.
    ///
    /// # Errors
    /// The text is neither; the message says what is wrong.
    pub fn parse(text: &str) -> Result<Self, String> {
        let text = text.trim();
        if text.starts_with("public.ecr.aws/") || text.starts_with("arn:aws:ecr-public:") {
            return Err("this is a repository of ECR Public, which has other actions and is not judged here".to_owned());
        }
        let parts = if text.starts_with("arn:") {
            from_arn(text)?
        } else {
            from_address(text)?
        };
        parts.checked()
    }

    /// The registry's host, which `docker login` is asked for.
    #[must_use]
    pub fn registry(&self) -> String {
        let domain = if self.partition == "aws-cn" {
            "amazonaws.com.cn"
        } else {
            "amazonaws.com"
        };
        format!("{}.dkr.ecr.{}.{domain}", self.account, self.region)
    }

    fn checked(self) -> Result<Self, String> {
        let is_region = |text: &str| {
            !text.is_empty()
                && text
                    .bytes()
                    .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-')
        };
        if self.account.len() != 12 || !self.account.bytes().all(|b| b.is_ascii_digit()) {
            return Err(format!(
                "`{}` is no account: twelve digits are",
                self.account
            ));
        }
        if !is_region(&self.region) {
            return Err(format!("`{}` is no region", self.region));
        }
        if !is_name(&self.name) {
            return Err(format!(
                "`{}` is no name of an ECR repository: 2 to 256 of a-z, 0-9 and single `.`, `_`, `-`, `/` between them",
                self.name
            ));
        }
        Ok(self)
    }
}

impl fmt::Display for RepositoryArn {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            partition,
            region,
            account,
            name,
        } = self;
        write!(
            f,
            "arn:{partition}:ecr:{region}:{account}:repository/{name}"
        )
    }
}

fn from_arn(text: &str) -> Result<RepositoryArn, String> {
    let parts: Vec<&str> = text.splitn(6, ':').collect();
    let ["arn", partition, service, region, account, resource] = parts.as_slice() else {
        return Err(format!("the ARN is too short: expected {FORM}"));
    };
    if *service != "ecr" {
        return Err(format!("this is an ARN of `{service}`: expected {FORM}"));
    }
    let Some(name) = resource.strip_prefix("repository/") else {
        return Err(format!("`{resource}` is no repository: expected {FORM}"));
    };
    Ok(RepositoryArn {
        partition: (*partition).to_owned(),
        region: (*region).to_owned(),
        account: (*account).to_owned(),
        name: name.to_owned(),
    })
}

/// `ACCOUNT.dkr.ecr.REGION.amazonaws.com/NAME:TAG` (Amazon ECR User Guide, "Private registry").
fn from_address(text: &str) -> Result<RepositoryArn, String> {
    let refuse = || {
        format!(
            "`{text}` is neither an ARN such as {FORM} nor an image address such as ACCOUNT.dkr.ecr.REGION.amazonaws.com/NAME"
        )
    };
    if text.is_empty() {
        return Err("no ECR repository was given".to_owned());
    }
    let text = text.strip_prefix("https://").unwrap_or(text);
    let (host, path) = text.split_once('/').ok_or_else(refuse)?;
    let (account, rest) = host.split_once(".dkr.ecr.").ok_or_else(refuse)?;
    let (region, domain) = rest.split_once('.').ok_or_else(refuse)?;
    let partition = match domain {
        "amazonaws.com" if region.starts_with("us-gov-") => "aws-us-gov",
        "amazonaws.com" => "aws",
        "amazonaws.com.cn" => "aws-cn",
        _ => return Err(refuse()),
    };
    let name = path.split(['@', ':']).next().unwrap_or_default();
    Ok(RepositoryArn {
        partition: partition.to_owned(),
        region: region.to_owned(),
        account: account.to_owned(),
        name: name.to_owned(),
    })
}

/// `(?:[a-z0-9]+(?:[._-][a-z0-9]+)*/)*[a-z0-9]+(?:[._-][a-z0-9]+)*`, 2 to 256 long (Amazon ECR API, "CreateRepository").
fn is_name(name: &str) -> bool {
    let is_word = |word: &str| {
        !word.is_empty()
            && word
                .bytes()
                .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit())
    };
    (2..=256).contains(&name.len()) && name.split(['/', '.', '_', '-']).all(is_word)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn table() {
        for (text, expected) in [
            (
                "arn:aws:ecr:eu-west-1:111122223333:repository/octo-repo",
                Ok("arn:aws:ecr:eu-west-1:111122223333:repository/octo-repo"),
            ),
            (
                " arn:aws-cn:ecr:cn-north-1:111122223333:repository/a/b.c\n",
                Ok("arn:aws-cn:ecr:cn-north-1:111122223333:repository/a/b.c"),
            ),
            (
                "111122223333.dkr.ecr.us-gov-west-1.amazonaws.com/octo-repo@sha256:0",
                Ok("arn:aws-us-gov:ecr:us-gov-west-1:111122223333:repository/octo-repo"),
            ),
            (
                "arn:aws:ecr:eu-west-1:111122223333:repository/Octo",
                Err("no name"),
            ),
            (
                "arn:aws:ecr:eu-west-1:111122223333:repository/octo-*",
                Err("no name"),
            ),
            (
                "arn:aws:ecr:eu-west-1:1111:repository/octo-repo",
                Err("no account"),
            ),
            (
                "arn:aws:ecr:*:111122223333:repository/octo-repo",
                Err("no region"),
            ),
            (
                "arn:aws:ecr:eu-west-1:111122223333:octo-repo",
                Err("no repository"),
            ),
            ("arn:aws:s3:::octo-repo", Err("an ARN of `s3`")),
            ("arn:aws", Err("too short")),
            ("public.ecr.aws/octo/repo", Err("ECR Public")),
            ("octo-repo", Err("neither")),
            ("ghcr.io/octo-org/octo-repo", Err("neither")),
        ] {
            match (RepositoryArn::parse(text), expected) {
                (Ok(arn), Ok(expected)) => assert_eq!(arn.to_string(), expected),
                (Err(message), Err(expected)) => assert!(message.contains(expected), "{message}"),
                (answer, _) => panic!("{text}: {answer:?}"),
            }
        }
    }
}
