//! What stands on the page before anything is entered: a worked example, and where to find the two texts.

use crate::html::{Html, fixed, html};

pub(crate) fn view() -> Html {
    html! { <>{ fixed(EXAMPLE) }{ sources() }</> }
}

/// Where to find the two texts.
pub(crate) fn sources() -> Html {
    fixed(SOURCES)
}

const SOURCES: &str = "<section class=part id=s-guide aria-labelledby=guide>\
<div class=ph><h2 id=guide tabindex=-1>Where to find the two texts</h2></div><div class=howto>\
<p><b>Token</b>: print its claims in the failing job, without the signature</p>\
<pre>curl -sH \"Authorization: bearer $ACTIONS_ID_TOKEN_REQUEST_TOKEN\" \\\n\x20 \
\"$ACTIONS_ID_TOKEN_REQUEST_URL&amp;audience=sts.amazonaws.com\" | jq -r '.value | split(\".\")[1]'</pre>\
<p><b>Trust policy</b>: of the role that the job wants to assume</p>\
<pre>aws iam get-role --role-name NAME --query Role.AssumeRolePolicyDocument --output json</pre>\
<p class=sub>No token at hand? Paste only the policy: you will see who gets in.</p></div></section>";

/// Written out: the engine, which lays values beside each other, comes after the first render.
const EXAMPLE: &str = "<section class=part id=s-example aria-labelledby=example>\
<div class=ph><h2 id=example tabindex=-1>Worked example</h2><span class=meta>what an answer looks like</span></div>\
<div class=ex><div class=mini><b><svg class='i fail' aria-hidden=true><use href='#fail'></use></svg>Denied</b>\
<span>This token's <code>sub</code> carries ids; the policy's value has none.</span></div>\
<figure class=cmp><figcaption class=vh>token: repo:octo-org@123456/octo-repo@456789:ref:refs/heads/main; \
policy: repo:octo-org/octo-repo:*</figcaption>\
<div class=cmpg aria-hidden=true><span class=lab><b>token</b><i></i><b>policy</b></span>\
<span><u class=t>repo:octo-org</u><i>             </i><s class=t>repo:octo-org</s></span>\
<span class=d><u class=t>@123456</u><i>^^^^^^^</i><s class=gap>       </s><em>owner id</em></span>\
<span><u class=t>/octo-repo</u><i>          </i><s class=t>/octo-repo</s></span>\
<span class=d><u class=t>@456789</u><i>^^^^^^^</i><s class=gap>       </s></span>\
<span><u class=t>:</u><i> </i><s class=t>:</s></span>\
<span class=w><u class=t>ref:refs/heads/main</u><i>~~~~~~~~~~~~~~~~~~~</i><s class=t>*</s><em>covered by *</em></span></div>\
<p class=op-note><code>StringLike</code>: case counts, <code>*</code> is any run of characters, the whole value must match.</p></figure>\
<p class=row><button type=button class='btn pri' data-do='example [\"immutable_sub\"]'>Open this example</button>\
<button type=button class=btn popovertarget=m-examples>All examples</button></p></div></section>";
