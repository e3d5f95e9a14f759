//! Sets of tokens in words.

use super::formula::Lang;
use super::grammar::{Slot, Tail};
use super::model::{Dim, Product};
use super::witness::Witness;
use crate::condition::{Comparison, Test};
use crate::pattern::Pattern;
use crate::policy::{ConditionTest, Policy, Statement};
use crate::token::subject::{GitRef, Subject, Tail as Written};

/// What a product admits of one form and tail: `any branch of octo-org/octo-repo`.
pub(crate) fn set(
    policy: &Policy,
    product: &Product,
    tail: Option<Tail>,
    witness: &Witness,
) -> String {
    let statement = policy.statements.get(product.statement);
    let written = statement.and_then(|statement| subject(statement, product.value, witness));
    let base = match (written, tail) {
        (Some((text, true)), Some(tail)) => pattern(&text, tail),
        (Some((text, false)), Some(tail)) => literal(&text, tail),
        (Some((text, _)), None) => format!("subjects of a customised template like `{text}`"),
        (None, Some(tail)) => format!("{} of any repository", any(tail)),
        (None, None) => "subjects of any customised template".to_owned(),
    };
    let others = statement
        .map(|statement| requirements(statement, product))
        .unwrap_or_default();
    let audience = super::audience(witness);
    let and: Vec<String> = others.into_iter().chain(audience).collect();
    if and.is_empty() {
        base
    } else {
        format!("{base}, only if {}", and.join(" and "))
    }
}

/// The value of `sub` that a product is about, and whether it has wildcards.
fn subject(
    statement: &Statement,
    value: Option<(usize, usize)>,
    witness: &Witness,
) -> Option<(String, bool)> {
    let (test, value) = match value {
        Some((test, value)) => (statement.tests.get(test)?, value),
        None => {
            let test = statement.tests.iter().find(|test| is_subject(test))?;
            (test, value_of(test, witness).unwrap_or_default())
        }
    };
    let text = test.values.get(value)?.text.clone();
    let is_pattern = test.condition.operator.test == Test::StringLike && text.contains(['*', '?']);
    Some((text, is_pattern))
}

/// The value that lets the witness in, where a set is not of one value.
fn value_of(test: &ConditionTest, witness: &Witness) -> Option<usize> {
    let sub = witness.claims.get("sub")?.as_str()?;
    let fits = |value: &str| match test.condition.operator.test {
        Test::StringLike => Pattern::wildcard(value).matches(sub),
        _ => value.eq_ignore_ascii_case(sub),
    };
    test.values.iter().position(|value| fits(&value.text))
}

fn is_subject(test: &ConditionTest) -> bool {
    let operator = test.condition.operator;
    test.condition.key.as_str().ends_with(":sub")
        && !operator.negated
        && operator.test != Test::Null
}

const fn any(tail: Tail) -> &'static str {
    match tail {
        Tail::Branch => "any branch",
        Tail::Tag => "any tag",
        Tail::Environment => "any environment",
        Tail::PullRequest => "pull requests",
    }
}

fn literal(text: &str, tail: Tail) -> String {
    let subject = Subject::parse(text);
    format!(
        "{} of {}",
        written_tail(&subject, tail),
        repository(&subject)
    )
}

fn pattern(text: &str, tail: Tail) -> String {
    let subject = Subject::parse_pattern(text);
    let is_regular = subject
        .owner()
        .is_some_and(|owner| !owner.contains(['*', '?']));
    if !is_regular {
        return format!(
            "{} of whatever repository gives a subject like `{text}`",
            any(tail)
        );
    }
    format!(
        "{} of {}",
        written_tail(&subject, tail),
        repository(&subject)
    )
}

fn written_tail(subject: &Subject<'_>, tail: Tail) -> String {
    let like = |name: &str| name.contains(['*', '?']);
    match (subject.tail(), tail) {
        (Written::Ref(GitRef::Branch(name)), Tail::Branch) if !like(name) => {
            format!("branch `{name}`")
        }
        (Written::Ref(GitRef::Tag(name)), Tail::Tag) if !like(name) => format!("tag `{name}`"),
        (Written::Environment(name), Tail::Environment) if !like(name) => {
            format!("environment `{name}`")
        }
        (Written::Ref(GitRef::MergeQueue { base, .. }), Tail::Branch) => {
            format!("the merge queue of `{base}`")
        }
        (Written::Ref(GitRef::Branch(name)), Tail::Branch) if name != "*" => {
            format!("branches like `{name}`")
        }
        (Written::Ref(GitRef::Tag(name)), Tail::Tag) if name != "*" => {
            format!("tags like `{name}`")
        }
        (Written::Environment(name), Tail::Environment) if name != "*" => {
            format!("environments like `{name}`")
        }
        _ => any(tail).to_owned(),
    }
}

fn repository(subject: &Subject<'_>) -> String {
    let owner = subject.owner().unwrap_or("any owner");
    match subject.repository() {
        None | Some("*") => format!("any repository of {owner}"),
        Some(name) if name.contains(['*', '?']) => format!("repositories of {owner} like `{name}`"),
        Some(name) => format!("{owner}/{name}"),
    }
}

/// What else a product asks of a token and its request.
fn requirements(statement: &Statement, product: &Product) -> Vec<String> {
    let mut said = Vec::new();
    for (dim, lang) in &product.tests {
        let name = match dim {
            Dim::Slot(Slot::Owner) | Dim::Subject => continue,
            Dim::Slot(slot) => slot.claim(),
            Dim::Audience => "aud",
            Dim::EnterpriseId => "enterprise_id",
            Dim::Request(key) => key,
        };
        let is_usual = name == "aud" && lang.admits(Some("sts.amazonaws.com"));
        if *lang != Lang::ANYTHING && !is_usual {
            said.extend(
                statement
                    .tests
                    .iter()
                    .filter(|test| is_on(test, name))
                    .map(asked),
            );
        }
    }
    said
}

fn is_on(test: &ConditionTest, name: &str) -> bool {
    let key = test.condition.key.as_str();
    key == name
        || key
            .strip_suffix(name)
            .is_some_and(|prefix| prefix.ends_with(':'))
}

/// A condition in words.
fn asked(test: &ConditionTest) -> String {
    let operator = test.condition.operator;
    let key = test
        .key
        .text
        .rsplit(':')
        .next()
        .filter(|_| !test.key.text.starts_with("aws:"))
        .unwrap_or(&test.key.text);
    if operator.test == Test::Null {
        let absent = test
            .values
            .iter()
            .any(|value| value.text.eq_ignore_ascii_case("true"));
        return format!("`{key}` is {}", if absent { "absent" } else { "there" });
    }
    let verb = match (operator.test, operator.negated) {
        (Test::StringLike, false) => "is like",
        (Test::StringLike, true) => "is not like",
        (Test::IpAddress, false) => "is in",
        (Test::IpAddress, true) => "is not in",
        (Test::Date(order), _) if order != Comparison::Equals => match order {
            Comparison::Less | Comparison::LessOrEquals => "is before",
            _ => "is after",
        },
        (Test::Numeric(order), _) if order != Comparison::Equals => match order {
            Comparison::Less | Comparison::LessOrEquals => "is at most",
            _ => "is at least",
        },
        (_, false) => "is",
        (_, true) => "is not",
    };
    let values: Vec<String> = test
        .values
        .iter()
        .take(4)
        .map(|value| format!("`{}`", value.text))
        .collect();
    let more = if test.values.len() > 4 {
        " or others"
    } else {
        ""
    };
    let unless = if operator.met_by_absence() && !operator.negated {
        " or absent"
    } else {
        ""
    };
    format!("`{key}` {verb} {}{more}{unless}", values.join(" or "))
}
