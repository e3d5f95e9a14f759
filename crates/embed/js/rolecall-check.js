// <rolecall-check policy="..." claims="..." theme="auto" readonly compact>: a policy and claims with the verdict.
// docs/embedding.md describes it. Nothing is asked of the network but the engine, once for all elements of a page:
// a small one, for the verdict on claims. The whole one comes where somebody asks for the whole report.

import { Engine } from "./engine.js";
import { numbered } from "./listing.js";
import { module } from "./module.js";
import { style } from "./style.js";

const { init, ask } = module(new URL("verdict.wasm", import.meta.url));

/** Where this file is. Not inside `new URL`, where bundlers take what stands before it for a file of theirs. */
const HERE = import.meta.url;
/** Where the full tool is, unless an element says so with `tool`: beside the folder `embed`, as both are built. */
const TOOL = /\/embed\/[^/]*$/.test(HERE) ? new URL("../index.html", HERE) : undefined;
/** The longest policy that is shown with colours and marks, in characters: IAM stores 8,192 at most, and blanks. */
const LONGEST = 40_000;
/** Claims that are worth a place beside the policy. */
const SHOWN = ["sub", "aud", "repository", "ref", "environment"];
const WORDS = {
  allow: ["Allowed", "pass"],
  deny: ["Denied", "fail"],
  undecided: ["Undecided", "unknown"],
  none: ["No verdict", "none"],
};
const SHAPES = {
  pass: '<circle cx="8" cy="8" r="6.5"/><path d="m5 8.2 2.1 2.1L11 6.2"/>',
  fail: '<path d="M5.2 1.5h5.6l3.7 3.7v5.6l-3.7 3.7H5.2l-3.7-3.7V5.2z"/><path d="m5.7 5.7 4.6 4.6m0-4.6-4.6 4.6"/>',
  unknown: '<circle cx="8" cy="8" r="6.5" stroke-dasharray="2.2 2"/><path d="M6.2 6.3c.1-2.5 3.7-2.2 3.6 0-.1 1.3-1.7 1.3-1.8 2.6m0 2.3v.1"/>',
  none: '<path d="M4 8h8" stroke-dasharray="1 2.5"/>',
  lock: '<rect x="2.5" y="7" width="11" height="7.2" rx="1.2"/><path d="M5 7V4.8a3 3 0 0 1 6 0V7"/>',
};

let sheet;
let named = 0;

export class RolecallCheck extends HTMLElement {
  static observedAttributes = ["policy", "claims", "theme", "readonly", "compact", "tool", "label"];

  #root = this.attachShadow({ mode: "open" });
  #id = ++named;
  #given = {};
  #report;
  /** The last that was decided: it stays in view, in grey, while a text that somebody types can't be read. */
  #last;
  #due = false;
  /** The element's own text may come after it, and may change. */
  #watch = new MutationObserver(() => this.#soon());

  connectedCallback() {
    this.#watch.observe(this, { childList: true, characterData: true, subtree: true });
    this.#root.adoptedStyleSheets = [(sheet ??= styleSheet())];
    // Until the engine is here, and where it never comes, the element's own text is what is seen.
    if (!this.#report) this.#root.replaceChildren(element("slot"));
    this.#soon();
  }

  disconnectedCallback() {
    this.#watch.disconnect();
  }

  attributeChangedCallback(name) {
    delete this.#given[name];
    if (this.isConnected) this.#soon();
  }

  /** The last report: what `check` answers, but for findings and repairs. */
  get report() {
    return this.#report;
  }

  /** The whole report, with findings and repairs, from the whole engine. */
  async check() {
    const { default: init, check } = await import("./index.js");
    await init();
    const claims = claimSet(this.claims);
    return claims ? check(question(this.policy, claims)) : this.#report;
  }

  get policy() {
    return this.#given.policy ?? this.getAttribute("policy") ?? this.textContent.trim();
  }

  set policy(policy) {
    this.setAttribute("policy", typeof policy === "string" ? policy : JSON.stringify(policy, null, 2));
  }

  get claims() {
    return this.#given.claims ?? this.getAttribute("claims") ?? "";
  }

  set claims(claims) {
    this.setAttribute("claims", typeof claims === "string" ? claims : JSON.stringify(claims));
  }

  /** Several attributes that change together are one change. */
  async #soon() {
    if (this.#due) return;
    this.#due = true;
    try {
      await init();
    } catch (error) {
      console.warn("rolecall-check:", error);
      return;
    } finally {
      this.#due = false;
    }
    if (this.isConnected) this.#judge(true);
  }

  #judge(whole) {
    this.#report = answer(this.policy, this.claims);
    if (whole || this.#report.decision) this.#last = this.#report;
    this.#show(whole);
    this.#tell("result", { report: this.#report });
  }

  #tell(name, detail) {
    this.dispatchEvent(new CustomEvent(`rolecall-check:${name}`, { detail, bubbles: true, composed: true }));
  }

  /** `whole`: the boxes too; while somebody types in one they stay. */
  #show(whole) {
    const parts = this.#parts();
    if (whole || !this.#root.querySelector("section")) {
      const card = element("section", { part: "card", class: "card", "aria-label": this.#label() }, Object.values(parts).filter(Boolean));
      this.#root.replaceChildren(card);
      return;
    }
    for (const name of ["verdict", "reason", "listing", "foot"]) {
      const old = this.#root.querySelector(`[part~="${name}"]`);
      if (old && parts[name]) old.replaceWith(parts[name]);
    }
  }

  #parts() {
    const report = this.#report;
    const isCompact = this.hasAttribute("compact");
    const isFixed = this.hasAttribute("readonly") || isCompact;
    return {
      verdict: verdict(report),
      reason: reason(report, this.#last),
      boxes: isFixed ? undefined : this.#boxes(),
      listing: isCompact ? undefined : this.#listing(),
      claims: isCompact || !isFixed ? undefined : claimList(this.claims),
      foot: this.#foot(isFixed),
    };
  }

  #boxes() {
    const box = (name, label) => {
      const area = element("textarea", { id: `${name}-${this.#id}`, part: "input", rows: name === "policy" ? 12 : 4, spellcheck: "false", autocomplete: "off", autocapitalize: "off" });
      area.value = this[name];
      area.addEventListener("input", () => {
        this.#given[name] = area.value;
        this.#tell("input", { policy: this.policy, claims: this.claims });
        this.#judge(false);
      });
      return [element("label", { for: area.id }, [label]), area];
    };
    return element("div", { class: "boxes" }, [...box("claims", "Claims"), ...box("policy", "Trust policy")]);
  }

  /** Landmarks of one page have names of their own. */
  #label() {
    return this.getAttribute("label") ?? (this.#id > 1 ? `rolecall ${this.#id}` : "rolecall");
  }

  #listing() {
    const { policy } = this;
    const lines = policy.length > LONGEST ? [policy] : numbered(policy, this.#report, icon);
    const region = { part: "listing policy", class: "listing", role: "region", tabindex: "0", "aria-label": `Trust policy, read only: ${this.#label()}` };
    return element("div", region, [element("pre", {}, lines)]);
  }

  #foot(isFixed) {
    const said = element("span", {}, [`Claims, not a token. ${isFixed ? "Judged in this page." : "What you enter stays in this page."}`]);
    return element("p", { part: "foot", class: "foot" }, [icon("lock"), said, ...this.#copy(), ...this.#link()]);
  }

  #link() {
    const address = addressOf(this.getAttribute("tool")) ?? TOOL;
    if (!address) return [];
    const tool = new URL(address);
    const link = element("a", { part: "link", target: "_blank", rel: "noopener", href: tool.href }, ["Open in rolecall"]);
    packed({ policy: this.policy }).then((hash) => {
      tool.hash = hash;
      link.href = tool.href;
    }, () => {});
    return [link];
  }

  #copy() {
    if (this.hasAttribute("compact") || !navigator.clipboard) return [];
    const button = element("button", { part: "copy", type: "button" }, ["Copy as JSON"]);
    button.onclick = async () => {
      const report = this.check().then((report) => JSON.stringify(report));
      // The text is promised: the reader's click must not be long ago when the clipboard is asked.
      const item = new ClipboardItem({ "text/plain": report.then((json) => new Blob([json], { type: "text/plain" })) });
      button.textContent = await navigator.clipboard.write([item]).then(() => "Copied", () => "Not copied");
    };
    return [button];
  }
}

function answer(policy, text) {
  const claims = claimSet(text);
  if (!claims) return JSON.parse(Engine.error("malformed_token", "the claims are no JSON object", "give the claims of a token as JSON, never the token itself"));
  const report = ask("verdict", question(policy, claims));
  // `null` says that they were not looked for.
  if ("findings" in report) report.findings = null;
  return report;
}

/** Claims that name no time and no issuer are some of a token's: what they do not tell is unknown. */
const question = (policy, claims) => ({ policy, claims, partial: !("iss" in claims && "exp" in claims) });

function claimSet(text) {
  let claims;
  try {
    claims = JSON.parse(text || "{}");
  } catch {
    return undefined;
  }
  return claims && typeof claims === "object" && !Array.isArray(claims) ? claims : undefined;
}

function verdict(report) {
  const decision = report.decision ?? "none";
  const [word, shape] = WORDS[decision];
  const line = element("span", { class: "headline", part: "headline" }, prose(headline(report)));
  return element("div", { part: "verdict", class: `verdict ${decision}`, role: "status" }, [
    element("span", { part: "stamp", class: "stamp" }, [icon(shape), word]),
    element("span", { class: "hidden" }, [": "]),
    line,
  ]);
}

function headline(report) {
  const [cause] = report.causes;
  if (cause) return sentence(cause.summary);
  if (report.decision === "undecided") return `It depends on ${report.unknowns.map(({ key }) => key).join(", ")}.`;
  const open = report.statements?.find(({ outcome, effect }) => outcome === "applies" && effect === "Allow");
  return open ? `Statement ${open.index + 1} applies.` : "";
}

function reason(report, last) {
  const [cause] = report.causes;
  const said = element("div", { part: "reason", class: "reason" });
  if (!cause) return said;
  said.append(...comparison(report), element("p", { class: "help" }, prose(sentence(cause.help))));
  if (last.decision && last !== report) {
    const line = ["From the last valid text: ", element("b", {}, [WORDS[last.decision][0]]), ". ", ...prose(headline(last))];
    said.append(element("div", { part: "stale", class: "stale" }, [element("p", { class: "help" }, line), ...comparison(last)]));
  }
  return said;
}

/** The two values of a report's first cause, one above the other. */
function comparison(report) {
  const { actual, expected, location, claim } = report.causes[0] ?? {};
  if (!actual || !expected) return [];
  const parts = (report.statements ?? []).flatMap(({ parts }) => parts);
  const operator = parts.find(({ expected }) => expected.some(({ location: own }) => own.path === location?.path))?.operator ?? "";
  const [above, below] = location ? [claim ? "token" : "request", "policy"] : ["found", "expected"];
  const names = element("span", { class: "names" }, [element("span", {}, [above]), element("i", {}, [" "]), element("span", {}, [below])]);
  const { pieces = [] } = ask("align", { pattern: expected, value: actual, wildcards: /like/i.test(operator) });
  const cells = pieces.map(({ value, pattern, mark }) => {
    const width = Math.max([...value].length, [...pattern].length);
    const filled = (text) => element("span", { class: text ? "" : "gap" }, [text || " ".repeat(width)]);
    const under = { same: " ", differs: "^", covered: "~" }[mark].repeat(width);
    return element("span", { class: mark }, [filled(value), element("i", {}, [under]), filled(pattern)]);
  });
  const figure = element("figure", { part: "comparison", class: "comparison" }, [
    element("figcaption", { class: "hidden" }, [`${above}: ${actual}; ${below}: ${expected}`]),
    element("div", { "aria-hidden": "true" }, [names, ...cells]),
  ]);
  return [figure];
}

function claimList(text) {
  const claims = claimSet(text);
  const rows = SHOWN.filter((name) => claims?.[name] !== undefined).map((name) =>
    element("div", {}, [element("dt", {}, [name]), element("dd", {}, [[claims[name]].flat().join(", ")])]),
  );
  return rows.length ? element("dl", { part: "claims", class: "claims" }, rows) : undefined;
}

/** The address of a page, told by whoever wrote the element or a link to the frame: no script, and no nonsense. */
function addressOf(text) {
  if (text === null || !URL.canParse(text, document.baseURI)) return undefined;
  const address = new URL(text, document.baseURI);
  return /^https?:$/.test(address.protocol) ? address : undefined;
}

/** What stands after `#` in a link to the full tool: the page's format (web/src/share.rs). */
async function packed(state) {
  const stream = new Blob([JSON.stringify(state)]).stream().pipeThrough(new CompressionStream("deflate-raw"));
  const bytes = new Uint8Array(await new Response(stream).arrayBuffer());
  const text = Array.from(bytes, (byte) => String.fromCharCode(byte)).join("");
  return `v1=${btoa(text).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "")}`;
}

function sentence(text) {
  const first = text.charAt(0).toUpperCase() + text.slice(1);
  return /[.?]$/.test(first) ? first : `${first}.`;
}

/** What stands between backticks is code. */
const prose = (text) => text.split("`").map((piece, index) => (index % 2 ? element("code", {}, [piece]) : piece));

function icon(shape) {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  svg.setAttribute("viewBox", "0 0 16 16");
  svg.setAttribute("class", `icon ${shape}`);
  svg.setAttribute("aria-hidden", "true");
  svg.innerHTML = SHAPES[shape];
  return svg;
}

function element(name, attributes = {}, children = []) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  made.append(...children);
  return made;
}

/** Made by script: a host's Content-Security-Policy forbids neither this nor the classes. */
function styleSheet() {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(style);
  return sheet;
}

customElements.get("rolecall-check") ?? customElements.define("rolecall-check", RolecallCheck);
