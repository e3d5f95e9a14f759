//! Commands of the AWS CLI (AWS CLI Command Reference, `iam create-open-id-connect-provider`, `create-role`,
//! `put-role-policy`).

use super::{File, ISSUER, Setup, file, trust};

pub(crate) fn files(setup: &Setup) -> Vec<File> {
    vec![
        file("trust.json", setup.trust_policy()),
        file("permissions.json", setup.permission_policy()),
        file("setup.sh", text(setup)),
    ]
}

fn text(setup: &Setup) -> String {
    let tests = trust::tests(setup);
    let why: Vec<String> = tests
        .iter()
        .map(|(_, key, _)| format!("# trust.json, {key}: {}\n", setup.why(key)))
        .collect();
    format!(
        "#!/bin/sh
# lets {repository} push images to {target}
set -eu

{provider}
{why}aws iam create-role --role-name {role} \\
  --assume-role-policy-document file://trust.json

# the least that a push needs; the login has no resource: on anything but * it is denied
aws iam put-role-policy --role-name {role} --policy-name push \\
  --policy-document file://permissions.json
",
        repository = setup.request.repository,
        target = setup.target,
        provider = provider(setup),
        why = why.concat(),
        role = setup.request.role,
    )
}

fn provider(setup: &Setup) -> String {
    if setup.request.existing_provider {
        return "# the account has GitHub's provider already: it can have but one for a URL\n"
            .to_owned();
    }
    format!(
        "# one for the whole account; the thumbprint plays no part for GitHub\naws iam create-open-id-connect-provider --url https://{ISSUER} \\\n  --client-id-list {}\n",
        setup.audience()
    )
}
