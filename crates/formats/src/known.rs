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

/// Stands for the account of the role, where nobody has told its number. No account has it.
pub(crate) const OWN_ACCOUNT: &str = "000000000000";

impl Known {
    /// For a trust policy: a template makes its role in the account that it calls its own, and STS looks for the
    /// identity provider in the role's account. So both are the same, whatever its number.
    pub(crate) fn with_own_account(mut self) -> Self {
        self.account.get_or_insert_with(|| OWN_ACCOUNT.to_owned());
        self.partition.get_or_insert_with(|| "aws".to_owned());
        self
    }

    /// What was taken for granted of a text that was made of what is known.
    pub(crate) fn assumption(text: &str) -> Option<String> {
        text.contains(OWN_ACCOUNT).then(|| {
            format!(
                "{OWN_ACCOUNT} stands for the account of the role, which this text does not tell"
            )
        })
    }

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
