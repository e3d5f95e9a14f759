// The element inside a frame, for hosts whose Content-Security-Policy lets no foreign script in:
// embed.html#policy=...&claims=...&theme=dark&compact. What stands after # never reaches a server.

import "./rolecall-check.js";

const ATTRIBUTES = ["policy", "claims", "theme", "compact", "tool", "label"];
const frame = document.createElement("rolecall-check");

function read() {
  const given = new URLSearchParams(location.hash.slice(1));
  frame.setAttribute("readonly", "");
  for (const name of ATTRIBUTES) {
    if (given.has(name)) frame.setAttribute(name, given.get(name));
    else frame.removeAttribute(name);
  }
}

// The host cannot look into a sandboxed frame: it is told how high the content is.
const tell = () => parent.postMessage({ type: "rolecall:height", version: 1, height: Math.ceil(document.documentElement.getBoundingClientRect().height) }, "*");

// The first answer means that the engine is here: from then on the frame can make no request.
function cutNetwork() {
  const policy = document.createElement("meta");
  policy.httpEquiv = "Content-Security-Policy";
  policy.content = "connect-src 'none'";
  document.head.append(policy);
}

read();
addEventListener("hashchange", read);
frame.addEventListener("rolecall-check:result", cutNetwork, { once: true });
document.body.append(frame);
new ResizeObserver(tell).observe(document.documentElement);
