//! Repairs: what would change, what else that lets in, and a press that applies it.

use super::compare::changed;
use super::marks::is_in_place;
use crate::act::Act;
use crate::html;
use crate::html::Html;
use crate::page::Found;
use crate::report::{CheckReport, Claims, Edit, FixReport, Replacement, applied};
use crate::words::{icon, part, prose, sentence, visible};

/// The part, where there is something to repair or to say about it.
pub(super) fn view(
    report: &CheckReport,
    found: Option<&Found>,
    policy: &str,
    in_box: bool,
) -> Html {
    // Places in a text that stands here encoded can't be shown, nor changed.
    if !is_in_place(report, policy) {
        return encoded(report);
    }
    let proved = found.and_then(|found| found.fix.as_ref());
    match proved {
        Some(fix) => of_fix(report, fix, policy, in_box),
        None => unproved(report, policy, in_box),
    }
}

/// What to do, in words alone.
fn encoded(report: &CheckReport) -> Html {
    let fix = report.causes.iter().find_map(|cause| cause.fix.as_ref());
    fix.map_or_else(Html::default, |fix| {
        let body = html! {
            <>
                <p>{ prose(&sentence(&fix.summary)) }</p>
                <p class="sub">{ "The policy stands encoded in this text: paste it decoded to see the edit and to apply it." }</p>
            </>
        };
        part("repair", title(report), html! {}, body)
    })
}

fn title(report: &CheckReport) -> &'static str {
    if report.decision == "allow" {
        "Narrow it"
    } else {
        "Repair"
    }
}

fn of_fix(report: &CheckReport, fix: &FixReport, policy: &str, in_box: bool) -> Html {
    if let Some(why) = &fix.refused {
        return part(
            "repair",
            title(report),
            html! {},
            html! { <p class="say">{ prose(&sentence(why)) }</p> },
        );
    }
    let Some((first, others)) = fix.edits.split_first() else {
        return html! {};
    };
    let body = html! {
        <>
            { edit(first, policy, in_box, true) }
            if !others.is_empty() {
                <ul class="alts" aria-label="Alternatives, and what each opens">
                    { for others.iter().take(8).map(|one| alternative(one, policy, in_box)) }
                </ul>
            }
        </>
    };
    part("repair", title(report), html! { lines(first) }, body)
}

/// The plain repair of the first cause, before anything is proved of it.
fn unproved(report: &CheckReport, policy: &str, in_box: bool) -> Html {
    let fix = report.causes.iter().find_map(|cause| cause.fix.as_ref());
    match fix {
        Some(fix) => part(
            "repair",
            title(report),
            html! { lines(fix) },
            edit(fix, policy, in_box, false),
        ),
        None => html! {},
    }
}

fn lines(edit: &Edit) -> String {
    let mut lines: Vec<String> = edit
        .edits
        .iter()
        .map(|change| change.location.start.line.to_string())
        .collect();
    lines.dedup();
    match lines.as_slice() {
        [] => String::new(),
        [line] => format!("changes line {line}"),
        _ => format!("changes lines {}", lines.join(", ")),
    }
}

fn edit(edit: &Edit, policy: &str, in_box: bool, is_proved: bool) -> Html {
    html! {
        <>
            <p>{ prose(&sentence(&edit.summary)) }</p>
            <div class="diff">{ for edit.edits.iter().map(|change| diff(change, policy)) }</div>
            { proof(edit, is_proved) }
            <div class="row">
                { apply("Apply to the policy", "btn pri", None, &edit.edits, in_box) }
                <button type="button" class="btn" disabled={!in_box} data-do={Act::Copy("Patch copied".to_owned(), patch(edit, policy))}>{ "Copy as patch" }</button>
                { edit.witnesses.first().filter(|_| in_box).map(|claims| try_it("See a token that it adds", "", claims)).unwrap_or_default() }
            </div>
        </>
    }
}

/// What else the edit lets in.
fn proof(edit: &Edit, is_proved: bool) -> Html {
    let label = match edit.label.as_str() {
        "as-broad" => "As broad as before. ",
        "this-subject" => "This subject only. ",
        _ => "",
    };
    let shape = if edit.outsider == "open" {
        "warning"
    } else if is_proved {
        "pass"
    } else {
        "note"
    };
    let admits = match edit.admits_also.as_str() {
        "nothing" | "" => "It admits nothing else.".to_owned(),
        words => sentence(&format!("it also admits {words}")),
    };
    let outsider = match edit.outsider.as_str() {
        "closed" => " No outsider gets in.",
        "open" => " Outsiders would get in.",
        "depends" => " Whether an outsider gets in hangs on who you are.",
        _ => "",
    };
    html! {
        <p class="proof">{ icon(shape) }<span><b>{ label }</b>{ prose(&admits) }{ outsider }</span></p>
    }
}

fn diff(change: &Replacement, policy: &str) -> Html {
    let old = change.location.of(policy);
    let line = change.location.start.line;
    html! {
        <>
            if !old.is_empty() {
                <div class="del"><span>{ line.to_string() }</span><b>{ "-" }</b><code>{ visible(old) }</code></div>
            }
            <div class="add"><span>{ line.to_string() }</span><b>{ "+" }</b><code>{ changed(old, &change.text) }</code></div>
        </>
    }
}

fn apply(
    name: &'static str,
    class: &'static str,
    full: Option<String>,
    edits: &[Replacement],
    in_box: bool,
) -> Html {
    html! { <button type="button" {class} aria-label={full} disabled={!in_box} data-do={Act::Apply(edits.to_vec())}>{ name }</button> }
}

/// The name of a button among several of one name, for those who hear it: with what it is about.
fn named(name: &str, about: &str) -> String {
    visible(&format!("{name}: {}", about.replace('`', "")))
}

fn alternative(edit: &Edit, policy: &str, in_box: bool) -> Html {
    let shape = match (edit.outsider.as_str(), edit.admits_also.as_str()) {
        ("open", _) => "fail",
        (_, "nothing" | "") => "pass",
        _ => "plus",
    };
    let opens = match edit.admits_also.as_str() {
        "nothing" | "" => "opens nothing else".to_owned(),
        words => format!("also opens {words}"),
    };
    let text = edit
        .edits
        .first()
        .map(|change| (change.location.of(policy), change.text.as_str()));
    html! {
        <li>
            { icon(shape) }
            <div>
                { prose(&sentence(&edit.summary)) }
                if let Some((old, new)) = text { <code class="to">{ changed(old, new) }</code> }
                <small>{ prose(&opens) }</small>
            </div>
            <span class="does">
                { for edit.witnesses.first().filter(|_| in_box && shape == "fail").map(|claims| try_it("See token", &edit.summary, claims)) }
                // What lets outsiders in is shown as a warning, not offered.
                if shape != "fail" { { apply("Use", "btn", Some(named("Use", &edit.summary)), &edit.edits, in_box) } }
            </span>
        </li>
    }
}

/// A press that judges this claim set. `about`: what tells it from others of the same name.
pub(super) fn try_it(name: &'static str, about: &str, claims: &Claims) -> Html {
    let full = (!about.is_empty()).then(|| named(name, about));
    let judge = Act::Judge {
        claims: claims.clone(),
        partial: false,
    };
    html! { <button type="button" class="btn" aria-label={full} data-do={judge}>{ name }</button> }
}

/// A unified diff of whole lines.
fn patch(edit: &Edit, policy: &str) -> String {
    let new = applied(&edit.edits, policy);
    let (old, new): (Vec<&str>, Vec<&str>) = (policy.lines().collect(), new.lines().collect());
    let same = |(a, b): &(&&str, &&str)| a == b;
    let start = old.iter().zip(&new).take_while(same).count();
    let most = old.len().min(new.len()) - start;
    let end = old
        .iter()
        .rev()
        .zip(new.iter().rev())
        .take(most)
        .take_while(same)
        .count();
    let (removed, added) = (old.len() - start - end, new.len() - start - end);
    let before = start.min(3);
    let after = end.min(3);
    let first = start - before + 1;
    let mut patch = format!(
        "--- a/trust.json\n+++ b/trust.json\n@@ -{first},{} +{first},{} @@\n",
        before + removed + after,
        before + added + after
    );
    for (sign, lines, from, count) in [
        (' ', &old, start - before, before),
        ('-', &old, start, removed),
        ('+', &new, start, added),
        (' ', &old, start + removed, after),
    ] {
        for line in lines.iter().skip(from).take(count) {
            patch.push_str(&format!("{sign}{line}\n"));
        }
    }
    patch
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::{Location, Position};

    fn replace(policy: &str, old: &str, new: &str) -> Replacement {
        let start = policy.find(old).unwrap_or_default();
        let at = |byte| Position {
            byte,
            ..Position::default()
        };
        Replacement {
            location: Location {
                start: at(start),
                end: at(start + old.len()),
                ..Location::default()
            },
            text: new.to_owned(),
        }
    }

    #[test]
    fn edits_apply_in_any_order() {
        let policy = "one two three";
        let edits = [replace(policy, "three", "3"), replace(policy, "one", "1")];
        assert_eq!(applied(&edits, policy), "1 two 3");
    }

    #[test]
    fn a_patch_has_three_lines_around_it() {
        let policy = "a\nb\nc\nd\ne\nf\ng\nh\n";
        let edit = Edit {
            edits: vec![replace(policy, "e", "x\ny")],
            ..Edit::default()
        };
        assert_eq!(
            patch(&edit, policy),
            "--- a/trust.json\n+++ b/trust.json\n@@ -2,7 +2,8 @@\n b\n c\n d\n-e\n+x\n+y\n f\n g\n h\n"
        );
    }
}
