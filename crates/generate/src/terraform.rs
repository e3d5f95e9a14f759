//! Terraform configuration (Terraform Registry, hashicorp/aws: `aws_iam_openid_connect_provider`,
//! `aws_iam_policy_document`, `aws_iam_role`, `aws_iam_role_policy`).

use std::fmt::Write as _;

use super::{File, ISSUER, Setup, file, trust};

pub(crate) fn files(setup: &Setup) -> Vec<File> {
    vec![file("push.tf", text(setup))]
}

fn text(setup: &Setup) -> String {
    let mut out = provider(setup);
    out.push_str(&trust_document(setup));
    // Writing to a String cannot fail.
    let _ = write!(
        out,
        r#"
resource "aws_iam_role" "push" {{
  name               = "{role}"
  assume_role_policy = data.aws_iam_policy_document.trust.json
}}

# the least that a push needs
data "aws_iam_policy_document" "push" {{
"#,
        role = setup.request.role
    );
    for grant in setup.grants().statement {
        let actions: Vec<String> = grant
            .action
            .iter()
            .map(|action| format!("      \"{action}\",\n"))
            .collect();
        let why = if grant.sid == Some("Login") {
            "  # the login has no resource: on anything but * it is denied\n"
        } else {
            ""
        };
        let _ = write!(
            out,
            "{why}  statement {{\n    sid = \"{}\"\n    actions = [\n{}    ]\n    resources = [\"{}\"]\n  }}\n",
            grant.sid.unwrap_or_default(),
            actions.concat(),
            grant.resource.unwrap_or_default()
        );
    }
    out.push_str(
        r#"}

resource "aws_iam_role_policy" "push" {
  name   = "push"
  role   = aws_iam_role.push.id
  policy = data.aws_iam_policy_document.push.json
}
"#,
    );
    out
}

fn provider(setup: &Setup) -> String {
    if setup.request.existing_provider {
        return format!(
            "# the account has the provider already: it can have but one for a URL\ndata \"aws_iam_openid_connect_provider\" \"github\" {{\n  url = \"https://{ISSUER}\"\n}}\n"
        );
    }
    format!(
        "# one for the whole account; the thumbprint plays no part for GitHub\nresource \"aws_iam_openid_connect_provider\" \"github\" {{\n  url            = \"https://{ISSUER}\"\n  client_id_list = [\"{}\"]\n}}\n",
        setup.audience()
    )
}

fn trust_document(setup: &Setup) -> String {
    let of = if setup.request.existing_provider {
        "data."
    } else {
        ""
    };
    let mut out = format!(
        r#"
data "aws_iam_policy_document" "trust" {{
  statement {{
    sid     = "GitHubActions"
    actions = ["sts:AssumeRoleWithWebIdentity"]
    principals {{
      type        = "Federated"
      identifiers = [{of}aws_iam_openid_connect_provider.github.arn]
    }}
"#
    );
    for (operator, key, values) in trust::tests(setup) {
        let values: Vec<String> = values.iter().map(|value| format!("\"{value}\"")).collect();
        let _ = write!(
            out,
            "    # {}\n    condition {{\n      test     = \"{operator}\"\n      variable = \"{key}\"\n      values   = [{}]\n    }}\n",
            setup.why(&key),
            values.join(", ")
        );
    }
    out.push_str("  }\n}\n");
    out
}
