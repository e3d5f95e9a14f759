//! A set-up that was written: its files, and what was proved of them.

use crate::act::Act;
use crate::html;
use crate::html::Html;
use crate::report::{File, Proved, Reply, Written};
use crate::words::{faults, icon, prose, rows, sentence, visible};

/// The set-up, or why there is none.
pub(super) fn view(reply: &Reply<Written>) -> Html {
    match reply {
        Reply::Report(written) => result(written),
        Reply::Error(error) => faults(&error.causes, false),
    }
}

fn result(written: &Written) -> Html {
    html! {
        <>
            <p class="say">{ icon("pass") }{ " The role " }<code>{ visible(&written.role_arn) }</code>{ " can be assumed by these runs alone, and can push." }</p>
            <div class="row">
                <button type="button" class="btn" data-do={Act::TrySetUp}>{ "Judge it on this page" }</button>
            </div>
            { for written.files.iter().map(file) }
            <h3 class="gh">{ "Proved of what stands in these files" }</h3>
            <ul class="proofs">{ rows(&written.proved, proved) }</ul>
            { for written.notes.iter().map(|note| html! { <p class="sub">{ prose(&sentence(note)) }</p> }) }
        </>
    }
}

fn file(file: &File) -> Html {
    let copy = Act::Copy("File copied".to_owned(), file.text.clone());
    let name = visible(&file.path);
    html! {
        <section class="file" aria-label={name.clone()}>
            <div class="ph">
                <h3>{ name.clone() }</h3>
                <button type="button" class="btn" aria-label={format!("Copy {name}")}
                    data-do={copy}>{ "Copy" }</button>
            </div>
            <pre class="code" tabindex="0">{ file.text.clone() }</pre>
        </section>
    }
}

fn proved(proved: &Proved) -> Html {
    html! { <li>{ icon("pass") }<span><b>{ visible(&proved.by) }</b>{ ": " }{ prose(&proved.says) }</span></li> }
}
