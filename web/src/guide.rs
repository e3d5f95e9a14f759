//! What stands on the page before anything is entered: where to find the two texts.

use yew::prelude::*;

const CLAIMS: &str = "curl -sH \"Authorization: bearer $ACTIONS_ID_TOKEN_REQUEST_TOKEN\" \\
  \"$ACTIONS_ID_TOKEN_REQUEST_URL&audience=sts.amazonaws.com\" | jq -r '.value | split(\".\")[1]'";
const POLICY: &str =
    "aws iam get-role --role-name NAME --query Role.AssumeRolePolicyDocument --output json";

pub(crate) fn view() -> Html {
    html! {
        <section aria-labelledby="guide">
            <h2 id="guide">{ "Where to find the two texts" }</h2>
            <p><b>{ "Token" }</b>{ ": print its claims in the failing job, without the signature" }</p>
            <pre>{ CLAIMS }</pre>
            <p><b>{ "Trust policy" }</b>{ ": of the role that the job wants to assume" }</p>
            <pre>{ POLICY }</pre>
        </section>
    }
}
