//! Who gets in, for eyes, for screen readers and for CI.

use rolecall_core::analyze::report::{SetReport, WhoPolicy, WhoReport};
use rolecall_core::analyze::{Outsider, Scope, SetForm, Verdict};
use rolecall_core::report::Severity;

use crate::ci::{Notice, Told};
use crate::plain::Sentences;
use crate::text::{Paint, join};
use crate::{Look, Texts, clean, words};

/// For eyes: the sets as a tree, then the outsider, and the verdict on the last line.
pub(crate) fn text(report: &WhoReport, look: &Look) -> String {
    let mut blocks = Vec::new();
    for policy in &report.policies {
        if report.policies.len() > 1 {
            blocks.push(look.paint(&name(policy), Paint::Strong));
        }
        blocks.push(scope(policy));
        blocks.push(tree(policy, look));
        blocks.push(reasons(policy));
        blocks.push(policy.forms.clone().unwrap_or_default());
        blocks.push(outsider(&policy.outsider, look));
        blocks.push(look.paint(&headline(policy), paint(policy.outsider.verdict)));
    }
    join(blocks)
}

/// For screen readers and logs.
pub(crate) fn plain(report: &WhoReport) -> String {
    let mut out = Sentences::default();
    for policy in &report.policies {
        out.labelled("Policy", &name(policy));
        out.say(&headline(policy));
        out.say(&scope(policy));
        for set in &policy.sets {
            out.labelled("Gets in", &set.words);
            out.labelled("For example", subject(set));
            out.labelled("Judge it with", &command(policy, set));
        }
        for reason in &policy.nobody {
            out.labelled("Lets nobody in", reason);
        }
        for reason in &policy.not_decided {
            out.labelled("Not decided", reason);
        }
        policy.forms.iter().for_each(|forms| out.say(forms));
        for (label, text) in told_of(&policy.outsider) {
            out.labelled(label, &text);
        }
        out.say(&headline(policy));
    }
    out.text
}

/// For CI: an error where outsiders get in, else what is not decided, or the scope.
pub(crate) fn told<'a>(
    report: &'a WhoReport,
    texts: &[Texts<'a>],
    summaries: &'a [(String, String)],
) -> Told<'a> {
    let policies = report.policies.iter().zip(texts).zip(summaries);
    let notices = policies.map(|((policy, texts), (summary, help))| Notice {
        id: "who",
        severity: severity(policy.outsider.verdict),
        summary: summary.as_str().into(),
        help,
        ..Notice::at(policy.outsider_location.as_ref(), texts)
    });
    let headline = match report.policies.as_slice() {
        [only] => headline(only),
        all => format!(
            "{} policies, outsiders get in through {}",
            all.len(),
            all.iter()
                .filter(|p| p.outsider.verdict.lets_outsiders_in())
                .count()
        ),
    };
    Told::new(headline, notices.collect())
}

/// The sentence and the help of each policy, for [`told`].
pub(crate) fn summaries(report: &WhoReport) -> Vec<(String, String)> {
    let of = |policy: &WhoPolicy| {
        let help: Vec<String> = told_of(&policy.outsider)
            .into_iter()
            .map(|(label, text)| format!("{label}: {text}"))
            .collect();
        (
            format!("{}; {}", headline(policy), scope(policy)),
            help.join("; "),
        )
    };
    report.policies.iter().map(of).collect()
}

const fn severity(verdict: Verdict) -> Severity {
    match verdict {
        Verdict::Open | Verdict::Borrow | Verdict::Lure => Severity::Error,
        Verdict::Depends | Verdict::NotDecided => Severity::Warning,
        Verdict::Closed => Severity::Info,
    }
}

const fn paint(verdict: Verdict) -> Paint {
    match verdict {
        Verdict::Open | Verdict::Borrow | Verdict::Lure => Paint::Bad,
        Verdict::Closed => Paint::Good,
        Verdict::Depends | Verdict::NotDecided => Paint::Strong,
    }
}

fn name(policy: &WhoPolicy) -> String {
    words::policy_name(&policy.source, &policy.path)
}

/// The verdict about outsiders in one line: the last one of the answer.
fn headline(policy: &WhoPolicy) -> String {
    match policy.outsider.verdict {
        _ if policy.scope == Scope::Nobody => "Closed: nobody gets in",
        Verdict::Open => "Open: outsiders get in",
        Verdict::Borrow => "Borrow: outsiders get in by calling a reusable workflow",
        Verdict::Lure => "Lure: outsiders get in if a named actor triggers their run",
        Verdict::Depends => "Depends: on whose name is meant",
        Verdict::Closed => {
            "Closed: no outsider gets in; proved for every token that GitHub can issue"
        }
        Verdict::NotDecided => "Not decided: whether outsiders get in",
    }
    .to_owned()
}

fn scope(policy: &WhoPolicy) -> String {
    let named = |claim: &str| {
        let names: Vec<String> = policy
            .named(claim)
            .iter()
            .map(|name| clean::line(name))
            .collect();
        match names.as_slice() {
            [first, second, third, _, ..] => format!("{first}, {second}, {third} and others"),
            names => names.join(", "),
        }
    };
    match policy.scope {
        Scope::Nobody => "nobody gets in".to_owned(),
        Scope::Repository => format!("one repository gets in: {}", named("repository")),
        Scope::Owner => format!(
            "repositories of one owner get in: {}",
            named("repository_owner")
        ),
        Scope::Owners => format!(
            "repositories of several owners get in: {}",
            named("repository_owner")
        ),
        Scope::Anyone => "anyone on GitHub gets in".to_owned(),
        Scope::NotDecided => "how far it reaches is not decided".to_owned(),
    }
}

/// The sets by form, each with a token and the command that judges it.
fn tree(policy: &WhoPolicy, look: &Look) -> String {
    let mut lines = Vec::new();
    for (form, title) in [
        (SetForm::Classic, "subjects with names"),
        (SetForm::Immutable, "subjects with names and ids"),
        (
            SetForm::Template,
            "subjects of customised templates, which whoever administers a repository may choose",
        ),
    ] {
        let sets: Vec<&SetReport> = policy.sets.iter().filter(|set| set.form == form).collect();
        if sets.is_empty() {
            continue;
        }
        lines.push(look.paint(title, Paint::Strong));
        for (index, set) in sets.iter().enumerate() {
            let (branch, below) = if index + 1 == sets.len() {
                ("└─ ", "   ")
            } else {
                ("├─ ", "│  ")
            };
            lines.push(format!("{branch}{}", clean::line(&set.words)));
            lines.push(format!("{below}  {}", clean::line(subject(set))));
            lines.push(format!(
                "{below}  {}",
                look.paint(&clean::line(&command(policy, set)), Paint::Faint)
            ));
        }
    }
    lines.join("\n")
}

fn reasons(policy: &WhoPolicy) -> String {
    let nobody = policy
        .nobody
        .iter()
        .map(|why| format!("lets nobody in: {}", clean::line(why)));
    let open = policy
        .not_decided
        .iter()
        .map(|why| format!("not decided: {}", clean::line(why)));
    nobody.chain(open).collect::<Vec<_>>().join("\n")
}

fn subject(set: &SetReport) -> &str {
    set.witness
        .get("sub")
        .and_then(|sub| sub.as_str())
        .unwrap_or_default()
}

/// The command that judges the token of a set.
fn command(policy: &WhoPolicy, set: &SetReport) -> String {
    let mut words = vec![
        "rolecall".to_owned(),
        "check".to_owned(),
        words::shell(&policy.source),
    ];
    words.extend(set.options.iter().map(|option| words::shell(option)));
    words.join(" ")
}

fn outsider(outsider: &Outsider, look: &Look) -> String {
    let lines = told_of(outsider).into_iter().map(|(label, text)| {
        format!(
            "{}: {}",
            look.paint(&label.to_lowercase(), Paint::Strong),
            clean::line(&text)
        )
    });
    lines.collect::<Vec<_>>().join("\n")
}

/// What there is to tell of an outsider, label and text.
fn told_of(outsider: &Outsider) -> Vec<(&'static str, String)> {
    let mut told = Vec::new();
    let witness = outsider
        .witness
        .as_ref()
        .and_then(|claims| claims.get("sub")?.as_str());
    if let Some(subject) = witness {
        told.push(("Outsider's subject", format!("`{subject}`")));
    }
    told.extend(outsider.recipe.iter().map(|step| ("Recipe", step.clone())));
    if !outsider.trusts.is_empty() {
        told.push(("Trusts", outsider.trusts.join(", ")));
    }
    let label = if outsider.verdict == Verdict::NotDecided {
        "Because"
    } else {
        "Assumes"
    };
    told.extend(
        outsider
            .assumptions
            .iter()
            .map(|assumption| (label, assumption.clone())),
    );
    told
}
