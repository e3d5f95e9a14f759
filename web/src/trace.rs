//! The trace: every statement, every part of it, and how it came out.

use rolecall_core::report::{CheckReport, Expected, Met, Part, PartKind, StatementReport};
use yew::prelude::*;

use crate::words::{Select, State, place, prose, rows, visible};

/// All statements.
pub(crate) fn view(report: &CheckReport, select: Option<&Select>) -> Html {
    html! { <ol class="trace">{ rows(&report.statements, |one| statement(one, select)) }</ol> }
}

fn statement(statement: &StatementReport, select: Option<&Select>) -> Html {
    let state = State::from(statement.outcome);
    let met = statement
        .parts
        .iter()
        .filter(|part| part.outcome == Met::Met)
        .count();
    let name = match &statement.sid {
        Some(sid) => format!(
            "Statement {} ({}), {}",
            statement.index + 1,
            visible(sid),
            statement.effect
        ),
        None => format!("Statement {}, {}", statement.index + 1, statement.effect),
    };
    html! {
        <li>
            <p class="statement">
                { state.icon() }
                <span>{ format!("{name}: {}, {met} of {} parts met", state.word, statement.parts.len()) }</span>
            </p>
            <ul>{ rows(&statement.parts, |one| part(one, select)) }</ul>
        </li>
    }
}

fn part(part: &Part, select: Option<&Select>) -> Html {
    let state = State::from(part.outcome);
    html! {
        <li class="part">
            { state.icon() }
            <span class="word">{ state.word }</span>
            <div>
                <b>{ name(part) }</b>{ " " }{ place(&part.location, select) }
                <p>{ prose(&part.why) }</p>
                if let Some(actual) = &part.actual {
                    <p class="value">{ "request: " }<code>{ visible(&actual.join(", ")) }</code></p>
                }
                <ul>{ rows(&part.expected, expected) }</ul>
            </div>
        </li>
    }
}

fn expected(value: &Expected) -> Html {
    let state = State::from(value.outcome);
    html! {
        <li class="value">
            { "policy: " }<code>{ visible(&value.value) }</code>{ format!(" {}: ", state.word) }{ prose(&value.why) }
        </li>
    }
}

fn name(part: &Part) -> String {
    match part.part {
        PartKind::Principal => "Principal".to_owned(),
        PartKind::Action => "Action".to_owned(),
        PartKind::Condition => {
            let names = [&part.operator, &part.key].into_iter().flatten();
            names
                .map(|name| visible(name))
                .collect::<Vec<_>>()
                .join(" ")
        }
    }
}
