//! What stands on the page before anything is entered: a worked example, and where to find the two texts.

use yew::prelude::*;

use crate::compare::Pair;
use crate::examples::EXAMPLES;
use crate::send::{Message, Send};
use crate::words::{fixed, part};

pub(crate) fn view(send: &Send) -> Html {
    html! { <>{ example(send) }{ sources() }</> }
}

fn example(send: &Send) -> Html {
    let pair = Pair {
        above: (
            "token",
            "repo:octo-org@123456/octo-repo@456789:ref:refs/heads/main",
        ),
        below: ("policy", "repo:octo-org/octo-repo:*"),
        wildcards: true,
        rule: "`StringLike`: case counts, `*` is any run of characters, the whole value must match.",
    };
    let open = send.click(Box::new(|| match EXAMPLES.first() {
        Some(example) => Message::Load(Box::new(example.input())),
        None => Message::Said,
    }));
    let body = html! {
        <div class="ex">
            { fixed(DENIED) }
            { pair.view() }
            <p class="row">
                <button type="button" class="btn pri" onclick={open}>{ "Open this example" }</button>
                <button type="button" class="btn" popovertarget="m-examples">{ "All examples" }</button>
            </p>
        </div>
    };
    part(
        "example",
        "Worked example",
        html! { "what an answer looks like" },
        body,
    )
}

/// Where to find the two texts.
pub(crate) fn sources() -> Html {
    part(
        "guide",
        "Where to find the two texts",
        html! {},
        fixed(SOURCES),
    )
}

const SOURCES: &str = "<div class=howto>\
<p><b>Token</b>: print its claims in the failing job, without the signature</p>\
<pre>curl -sH \"Authorization: bearer $ACTIONS_ID_TOKEN_REQUEST_TOKEN\" \\\n\x20 \
\"$ACTIONS_ID_TOKEN_REQUEST_URL&amp;audience=sts.amazonaws.com\" | jq -r '.value | split(\".\")[1]'</pre>\
<p><b>Trust policy</b>: of the role that the job wants to assume</p>\
<pre>aws iam get-role --role-name NAME --query Role.AssumeRolePolicyDocument --output json</pre>\
<p class=sub>No token at hand? Paste only the policy: you will see who gets in.</p></div>";

const DENIED: &str = "<div class=mini><b><svg class='i fail' aria-hidden=true><use href='#fail'></use></svg>Denied</b>\
<span>This token's <code>sub</code> carries ids; the policy's value has none.</span></div>";
