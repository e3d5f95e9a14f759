//! Policies of AWS that roles which push to ECR often have (Amazon ECR User Guide, "AWS managed policies for
//! Amazon Elastic Container Registry"; AWS Managed Policy Reference Guide). AWS may add actions to them.

use std::sync::Arc;

use rolecall_core::permission::{Grammar, Policy};
use rolecall_core::span::Source;

use super::PermissionPolicy;

/// The policy behind an ARN of AWS's own, where it is known here.
pub(super) fn policy(arn: &str) -> Option<PermissionPolicy> {
    let (_, name) = arn.split_once(":iam::aws:policy/")?;
    let (label, text) = POLICIES.iter().find(|(known, _)| *known == name)?;
    Some(PermissionPolicy {
        label: (*label).to_owned(),
        path: String::new(),
        policy: Policy::parse(text, Grammar::Identity),
        source: Arc::new(Source::new(*text)),
    })
}

const POLICIES: [(&str, &str); 5] = [
    (
        "AmazonEC2ContainerRegistryPowerUser",
        r#"{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Resource": "*", "Action": [
            "ecr:GetAuthorizationToken", "ecr:BatchCheckLayerAvailability", "ecr:GetDownloadUrlForLayer",
            "ecr:GetRepositoryPolicy", "ecr:DescribeRepositories", "ecr:ListImages", "ecr:DescribeImages",
            "ecr:BatchGetImage", "ecr:GetLifecyclePolicy", "ecr:GetLifecyclePolicyPreview",
            "ecr:ListTagsForResource", "ecr:DescribeImageScanFindings", "ecr:InitiateLayerUpload",
            "ecr:UploadLayerPart", "ecr:CompleteLayerUpload", "ecr:PutImage"]}]}"#,
    ),
    (
        "AmazonEC2ContainerRegistryReadOnly",
        r#"{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Resource": "*", "Action": [
            "ecr:GetAuthorizationToken", "ecr:BatchCheckLayerAvailability", "ecr:GetDownloadUrlForLayer",
            "ecr:GetRepositoryPolicy", "ecr:DescribeRepositories", "ecr:ListImages", "ecr:DescribeImages",
            "ecr:BatchGetImage", "ecr:GetLifecyclePolicy", "ecr:GetLifecyclePolicyPreview",
            "ecr:ListTagsForResource", "ecr:DescribeImageScanFindings"]}]}"#,
    ),
    (
        "AmazonEC2ContainerRegistryPullOnly",
        r#"{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Resource": "*", "Action": [
            "ecr:GetAuthorizationToken", "ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer",
            "ecr:BatchImportUpstreamImage"]}]}"#,
    ),
    (
        "AmazonEC2ContainerRegistryFullAccess",
        r#"{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Resource": "*", "Action": [
            "ecr:*", "cloudtrail:LookupEvents"]}]}"#,
    ),
    (
        "AdministratorAccess",
        r#"{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]}"#,
    ),
];
