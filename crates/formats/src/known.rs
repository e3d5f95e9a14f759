//! What the caller knows of the account.

/// What stands behind `AWS::AccountId`, `AWS::Partition` and `AWS::Region`, or Terraform's `aws_caller_identity` and
/// `aws_partition`. Whoever names the role by its ARN has said both.
///
/// ```
/// use rolecall_formats::Known;
///
/// let known = Known::from_arn("arn:aws-cn:iam::111122223333:role/deploy");
/// assert_eq!(known.account.as_deref(), Some("111122223333"));
/// assert_eq!(known.partition.as_deref(), Some("aws-cn"));
/// ```
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Known {
    /// The account's number.
    pub account: Option<String>,
    /// `aws`, `aws-cn` or `aws-us-gov`.
    pub partition: Option<String>,
    /// The region that the text is meant for.
    pub region: Option<String>,
}

impl Known {
    /// Account and partition of an ARN; nothing where it is none.
    #[must_use]
    pub fn from_arn(arn: &str) -> Self {
        let mut parts = arn.split(':');
        let mut next = || parts.next().filter(|part| !part.is_empty());
        if next() != Some("arn") {
            return Self::default();
        }
        let partition = next().map(str::to_owned);
        let account = arn
            .split(':')
            .nth(4)
            .filter(|account| account.len() == 12 && account.bytes().all(|b| b.is_ascii_digit()));
        Self {
            account: account.map(str::to_owned),
            partition,
            region: None,
        }
    }

    /// The ARN of an ECR repository.
    pub(crate) fn ecr_arn(&self, name: &str) -> Option<String> {
        let (partition, account) = (self.partition.as_ref()?, self.account.as_ref()?);
        let region = self.region.as_ref()?;
        Some(format!(
            "arn:{partition}:ecr:{region}:{account}:repository/{name}"
        ))
    }

    /// The ARN of an identity provider.
    pub(crate) fn provider_arn(&self, url: &str) -> Option<String> {
        let (partition, account) = (self.partition.as_ref()?, self.account.as_ref()?);
        Some(format!(
            "arn:{partition}:iam::{account}:oidc-provider/{}",
            provider_host(url)
        ))
    }
}

/// A provider's URL as its ARN and its condition keys have it: without the scheme
/// (IAM User Guide, "Create an OpenID Connect identity provider").
pub(crate) fn provider_host(url: &str) -> &str {
    url.strip_prefix("https://").unwrap_or(url)
}
