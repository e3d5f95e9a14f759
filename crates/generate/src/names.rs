//! What a request must be like.

use rolecall_core::migrate::Repository;
use rolecall_core::push::RepositoryArn;
use rolecall_core::sts::RoleArn;

use super::{Entry, Refused, Request, Subjects};

/// How to get the ids.
const IDS: &str = "give the ids of owner and repository (--owner-id, --repo-id): `gh api repos/OWNER/NAME --jq '{o: .owner.id, r: .id}'` prints them";

/// Owner, name and target of a request.
pub(crate) fn checked(request: &Request) -> Result<(String, String, RepositoryArn), Refused> {
    let (owner_id, id) = request
        .ids
        .as_ref()
        .map_or(("0", "0"), |(owner_id, id)| (owner_id, id));
    let repository = Repository::new(&request.repository, owner_id, id).map_err(|message| {
        Refused::input(
            message,
            "give the repository (--repo) as OWNER/NAME, as GitHub shows it",
        )
    })?;
    let target = target(request)?;
    let role = format!(
        "arn:{}:iam::{}:role/{}",
        target.partition, request.account, request.role
    );
    if request.role.contains('/') || RoleArn::parse(&role).is_none() {
        return Err(Refused::input(
            format!("`{}` is no role name", request.role),
            "use up to 64 letters, digits and `_+=,.@-`",
        ));
    }
    entry(&request.entry)?;
    plain("the default branch", &request.default_branch)?;
    Ok((repository.owner, repository.name, target))
}

fn target(request: &Request) -> Result<RepositoryArn, Refused> {
    let partition = match request.region.split('-').next() {
        Some("cn") => "aws-cn",
        Some("us") if request.region.starts_with("us-gov-") => "aws-us-gov",
        _ => "aws",
    };
    let arn = format!(
        "arn:{partition}:ecr:{}:{}:repository/{}",
        request.region, request.account, request.ecr
    );
    RepositoryArn::parse(&arn).map_err(|message| {
        Refused::input(
            message,
            "give account, region and repository name (--account, --region, --ecr) as AWS has them",
        )
    })
}

/// Which form is accepted.
pub(crate) fn subjects(request: &Request) -> Result<Subjects, Refused> {
    match (request.subjects, &request.ids) {
        (Some(Subjects::Classic), _) => Ok(Subjects::Classic),
        (Some(form), Some(_)) => Ok(form),
        (None, Some(_)) => Ok(Subjects::Both),
        (Some(_), None) => Err(Refused::input(
            "the form of subjects with ids needs the ids",
            IDS,
        )),
        (None, None) => Err(Refused::input(
            "without the repository's ids it can't be told what its subjects look like: since 15 July 2026 new, renamed and transferred repositories have ids in them",
            format!("{IDS}; or choose the classic form (--subjects classic)"),
        )),
    }
}

fn entry(entry: &Entry) -> Result<(), Refused> {
    match entry {
        Entry::Branch(name) => git_ref("the branch", name),
        Entry::Tag(name) => git_ref("the tag", name),
        Entry::Environment(name) => plain("the environment", name),
        Entry::PullRequests => Ok(()),
    }
}

fn git_ref(what: &str, name: &str) -> Result<(), Refused> {
    if name.starts_with("refs/") {
        return Err(Refused::input(
            format!("{what} is given as `{name}`"),
            "leave out `refs/heads/` and `refs/tags/`: give the name alone",
        ));
    }
    // git-check-ref-format(1): no blanks, `~`, `^`, `:`, `?`, `[`, `\`, no `..`. Its `*` is our wildcard.
    if name.contains([' ', '~', '^', ':', '?', '[', '\\']) || name.contains("..") {
        return Err(Refused::input(
            format!("{what} `{name}` can't be the name of a ref"),
            "give a name that git takes; `*` is a wildcard",
        ));
    }
    plain(what, name)
}

/// What can be quoted in JSON, YAML, Terraform and shell alike, and stored by IAM
/// (IAM API Reference, `AssumeRolePolicyDocument`: U+0020 to U+00FF).
fn plain(what: &str, name: &str) -> Result<(), Refused> {
    if name.is_empty() {
        return Err(Refused::input(format!("{what} is empty"), "give its name"));
    }
    if let Some(c) = name.chars().find(|c| c.is_control() || *c > '\u{ff}') {
        return Err(Refused::input(
            format!(
                "{what} `{}` has the character `{}`, which IAM does not store in a policy",
                name.escape_debug(),
                c.escape_debug()
            ),
            "rename it, or write `?` in the policy by hand",
        ));
    }
    let strange = ['"', '\'', '\\', '`', '$', '%']
        .into_iter()
        .find(|c| name.contains(*c));
    match strange {
        Some(c) => Err(Refused::input(
            format!(
                "{what} `{name}` has a `{c}`, which means something else in policies or templates"
            ),
            "rename it, or write this set-up by hand",
        )),
        None => Ok(()),
    }
}
