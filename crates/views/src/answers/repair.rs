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
            <div class="diff">{ for hunks(&edit.edits, policy).iter().map(diff) }</div>
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

/// Lines that change, without the blanks that all of them begin with. Of long lines only what changes.
#[derive(Debug, PartialEq)]
struct Hunk {
    /// The number of the first.
    line: usize,
    removed: Vec<String>,
    added: Vec<String>,
}

/// A line longer than this, in bytes, is not shown whole.
const LONGEST_LINE: usize = 200;

/// What edits come to, line by line and in the order of the text.
fn hunks(edits: &[Replacement], policy: &str) -> Vec<Hunk> {
    let mut edits: Vec<&Replacement> = edits.iter().collect();
    edits.sort_by_key(|edit| edit.location.start.byte);
    let mut hunks = Vec::new();
    let mut rest = edits.as_slice();
    while let Some(first) = rest.first() {
        let start = first.location.start.byte;
        let start = policy
            .get(..start)
            .and_then(|before| before.rfind('\n'))
            .map_or(0, |at| at + 1);
        let end_of = |edit: &Replacement| {
            let after = policy.get(edit.location.end.byte..).unwrap_or_default();
            policy.len() - after.len() + after.find('\n').unwrap_or(after.len())
        };
        let mut end = end_of(first);
        let same_lines = |edit: &&&Replacement| {
            let is_in = edit.location.start.byte <= end;
            if is_in {
                end = end.max(end_of(edit));
            }
            is_in
        };
        let (these, others) = rest.split_at(rest.iter().take_while(same_lines).count().max(1));
        rest = others;
        let mut new = String::new();
        let mut at = start;
        for edit in these {
            new.push_str(policy.get(at..edit.location.start.byte).unwrap_or_default());
            new.push_str(&edit.text);
            at = edit.location.end.byte;
        }
        new.push_str(policy.get(at..end).unwrap_or_default());
        let old = policy.get(start..end).unwrap_or_default();
        let hunk = hunk(first.location.start.line, old, &new);
        if hunk
            .removed
            .iter()
            .chain(&hunk.added)
            .any(|line| line.len() > LONGEST_LINE)
        {
            hunks.extend(these.iter().map(|edit| {
                Hunk {
                    line: edit.location.start.line,
                    removed: Some(edit.location.of(policy))
                        .filter(|old| !old.is_empty())
                        .map(str::to_owned)
                        .into_iter()
                        .collect(),
                    added: vec![edit.text.clone()],
                }
            }));
        } else {
            hunks.push(hunk);
        }
    }
    hunks
}

/// Whole lines, those apart that stay at either end.
fn hunk(line: usize, old: &str, new: &str) -> Hunk {
    let (old, new): (Vec<&str>, Vec<&str>) = (old.lines().collect(), new.lines().collect());
    let (head, tail) = common(&old, &new);
    let middle = |lines: &[&str]| -> Vec<String> {
        let lines = lines.get(head..lines.len() - tail).unwrap_or_default();
        lines.iter().map(|line| (*line).to_owned()).collect()
    };
    let (mut removed, mut added) = (middle(&old), middle(&new));
    let blanks = |line: &String| line.len() - line.trim_start().len();
    let indent = removed
        .iter()
        .chain(&added)
        .filter(|line| !line.trim().is_empty())
        .map(blanks)
        .min();
    for line in removed.iter_mut().chain(&mut added) {
        *line = line
            .get(indent.unwrap_or(0)..)
            .unwrap_or_default()
            .to_owned();
    }
    Hunk {
        line: line + head,
        removed,
        added,
    }
}

/// How many lines two texts have in common at the beginning, and how many of the rest at the end.
fn common(old: &[&str], new: &[&str]) -> (usize, usize) {
    let same = |(a, b): &(&&str, &&str)| a == b;
    let head = old.iter().zip(new).take_while(same).count();
    let most = old.len().min(new.len()) - head;
    let ends = old.iter().rev().zip(new.iter().rev());
    (head, ends.take(most).take_while(same).count())
}

fn diff(hunk: &Hunk) -> Html {
    let number = |index: usize| (hunk.line + index).to_string();
    let del = |(index, old): (usize, &String)| html! { <div class="del"><span>{ number(index) }</span><b>{ "-" }</b><code>{ visible(old) }</code></div> };
    let add = |(index, new): (usize, &String)| {
        // A line that is not new shows what is new in it.
        let new = hunk
            .removed
            .get(index)
            .map_or_else(|| html! { visible(new) }, |old| changed(old, new));
        html! { <div class="add"><span>{ number(index) }</span><b>{ "+" }</b><code>{ new }</code></div> }
    };
    html! {
        <>
            { for hunk.removed.iter().enumerate().map(del) }
            { for hunk.added.iter().enumerate().map(add) }
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
    let hunks = hunks(&edit.edits, policy);
    let added = |hunk: &Hunk| {
        let line = |(index, new): (usize, &String)| {
            let old = hunk.removed.get(index).map_or("", String::as_str);
            let new = if old.is_empty() {
                html! { visible(new) }
            } else {
                changed(old, new)
            };
            html! { <code class="to">{ new }</code> }
        };
        html! { { for hunk.added.iter().enumerate().map(line) } }
    };
    html! {
        <li>
            { icon(shape) }
            <div>
                { prose(&sentence(&edit.summary)) }
                { for hunks.iter().take(4).map(added) }
                <small>{ prose(&format!("{}, {opens}", lines(edit))) }</small>
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
    let (start, end) = common(&old, &new);
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
    fn lines_are_shown_as_they_will_be() {
        let lines = |lines: &[&str]| -> Vec<String> {
            lines.iter().map(|line| (*line).to_owned()).collect()
        };
        let policy = "{\n  \"a\": [\n    \"x\"\n  ],\n  \"b\": 1\n}";
        let at = |edit: Replacement, line| Replacement {
            location: Location {
                start: Position {
                    line,
                    ..edit.location.start
                },
                ..edit.location
            },
            ..edit
        };
        let one = at(replace(policy, "\"x\"", "\"x\",\n    \"y\""), 3);
        let two = at(replace(policy, "1", "2"), 5);
        let hunk = |line, removed: &[&str], added: &[&str]| Hunk {
            line,
            removed: lines(removed),
            added: lines(added),
        };
        let expected = [
            hunk(3, &["\"x\""], &["\"x\",", "\"y\""]),
            hunk(5, &["\"b\": 1"], &["\"b\": 2"]),
        ];
        assert_eq!(hunks(&[two, one], policy), expected);
        let (one, two) = (
            at(replace("ab", "a", "c"), 1),
            at(replace("ab", "b", "d"), 1),
        );
        assert_eq!(hunks(&[one, two], "ab"), [hunk(1, &["ab"], &["cd"])]);
        let long = format!("{} x", "-".repeat(300));
        assert_eq!(
            hunks(&[at(replace(&long, "x", "y"), 1)], &long),
            [hunk(1, &["x"], &["y"])]
        );
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
