// The element and the frame, on pages of others.

import assert from "node:assert/strict";
import { after, test } from "node:test";
import { launch, overflow, url, violations } from "./page.mjs";
import { serve } from "./host.mjs";

const browser = await launch();
after(() => browser.close());

const EMBED = new URL("embed/", url).href;
const ORIGIN = new URL(url).origin;
const policy = (operator, sub) =>
  JSON.stringify(
    {
      Version: "2012-10-17",
      Statement: [
        {
          Effect: "Allow",
          Principal: { Federated: "arn:aws:iam::111122223333:oidc-provider/token.actions.githubusercontent.com" },
          Action: "sts:AssumeRoleWithWebIdentity",
          Condition: { [operator]: { "token.actions.githubusercontent.com:sub": sub } },
        },
      ],
    },
    null,
    2,
  );
const CLAIMS = JSON.stringify({ sub: "repo:octo-org/octo-repo:ref:refs/heads/main", aud: "sts.amazonaws.com" });
const DENIED = policy("StringEquals", "repo:octo-org/octo-repo:*");
const ALLOWED = policy("StringLike", "repo:octo-org/octo-repo:*");
const attribute = (text) => text.replaceAll("&", "&amp;").replaceAll('"', "&quot;");
const element = (policy, more = "readonly") => `<rolecall-check ${more} policy="${attribute(policy)}" claims="${attribute(CLAIMS)}">told without scripts</rolecall-check>`;
const document = (body) =>
  `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>docs</title><link rel="icon" href="data:,">
   <script type="module" src="${EMBED}rolecall-check.js"></script></head><body><main><h1>docs</h1>${body}</main></body></html>`;
const frame = `<iframe sandbox="allow-scripts" width="600" title="rolecall" src="${EMBED}embed.html#compact&claims=${encodeURIComponent(CLAIMS)}&policy=${encodeURIComponent(DENIED)}"></iframe>`;

/** Opens a page of a host. `log` has what the console said, `requests` what was asked for. */
async function visit(body, options = {}, context = {}) {
  const host = await serve({ pages: { "/": options.raw ?? document(body) }, policy: options.policy });
  after(() => host.close());
  const page = await (await browser.newContext(context)).newPage();
  page.log = [];
  page.requests = [];
  page.on("pageerror", (error) => page.log.push(String(error)));
  page.on("console", (message) => ["error", "warning"].includes(message.type()) && page.log.push(message.text()));
  page.on("request", (request) => page.requests.push(request.url()));
  await page.goto(host.url);
  return page;
}

const status = (page, index = 0) => page.getByRole("status").nth(index);
const decided = (page, word, index) => status(page, index).filter({ hasText: new RegExp(`^${word}`) }).waitFor({ timeout: 10_000 });

test("two elements in a foreign page load one engine", async () => {
  const page = await visit(element(DENIED) + element(ALLOWED));
  await decided(page, "Denied", 0);
  await decided(page, "Allowed", 1);
  assert.deepEqual(page.requests.filter((address) => address.endsWith(".wasm")), [`${EMBED}verdict.wasm`]);
  assert.deepEqual(page.log, []);
});

test("the failing value is marked, and the two values stand one above the other", async () => {
  const page = await visit(element(DENIED));
  await decided(page, "Denied");
  assert.equal(await page.locator(".failing .missed").innerText(), "repo:octo-org/octo-repo:*");
  assert.match(await page.locator("figcaption").textContent(), /^token: repo:octo-org\/octo-repo:ref:refs\/heads\/main; policy: repo:octo-org\/octo-repo:\*$/);
  assert.match(await page.getByText("Claims, not a token").innerText(), /Judged in this page/);
});

test("the whole report is the API's, and its engine is fetched when somebody asks", async () => {
  const page = await visit(element(DENIED), {}, { permissions: ["clipboard-read", "clipboard-write"] });
  await decided(page, "Denied");
  const shown = await page.locator("rolecall-check").evaluate((element) => element.report);
  await page.getByRole("button", { name: "Copy as JSON" }).click();
  await page.getByRole("button", { name: "Copied" }).waitFor();
  const copied = JSON.parse(await page.evaluate(() => navigator.clipboard.readText()));
  const expected = await page.evaluate(
    async ([api, policy, claims]) => {
      const { default: init, check } = await import(api);
      await init();
      return check({ policy, claims: JSON.parse(claims), partial: true });
    },
    [`${EMBED}index.js`, DENIED, CLAIMS],
  );
  assert.deepEqual(copied, expected);
  assert.notEqual(copied.findings.length, 0);
  assert.notEqual(copied.causes[0].fix, null);
  const causes = expected.causes.map((cause) => ({ ...cause, fix: null }));
  assert.deepEqual(shown, { ...expected, causes, findings: null });
  assert.equal(page.requests.filter((address) => address.endsWith("engine.wasm")).length, 1);
});

test("what is no claim set is told, and nothing is fetched for it", async () => {
  const page = await visit(element(ALLOWED, ""));
  await decided(page, "Allowed");
  for (const text of ['{"sub": ', "[]", "eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJ4In0.c2ln"]) {
    await page.getByRole("textbox", { name: "Claims" }).fill(text);
    await status(page).filter({ hasText: "no JSON object" }).waitFor();
  }
  assert.equal(page.requests.filter((address) => address.endsWith(".wasm")).length, 1);
});

test("half-typed text leaves the last verdict in view, as that", async () => {
  const page = await visit(element(DENIED, ""));
  await decided(page, "Denied");
  const box = page.getByRole("textbox", { name: "Trust policy" });
  const last = page.locator("rolecall-check .stale");
  assert.equal(await last.count(), 0);
  await box.fill(DENIED.slice(0, -20));
  await decided(page, "No verdict");
  assert.match(await last.innerText(), /^From the last valid text: Denied\. /);
  assert.match(await last.locator("figcaption").textContent(), /^token: repo:octo-org\/octo-repo:ref:refs\/heads\/main; policy: repo:octo-org\/octo-repo:\*$/);
  assert.deepEqual(await violations(page), []);
  await box.fill(ALLOWED);
  await decided(page, "Allowed");
  assert.equal(await last.count(), 0);
  // What the host puts there is no text half typed.
  await page.locator("rolecall-check").evaluate((element) => (element.policy = "{"));
  await decided(page, "No verdict");
  assert.equal(await last.count(), 0);
});

test("values that are not of the policy have names of their own", async () => {
  const claims = attribute(JSON.stringify({ ...JSON.parse(CLAIMS), aud: "elsewhere" }));
  const page = await visit(`<rolecall-check readonly claims="${claims}" policy="${attribute(ALLOWED)}"></rolecall-check>`);
  await decided(page, "Denied");
  assert.match(await page.locator("rolecall-check figcaption").textContent(), /^found: elsewhere; expected: sts\.amazonaws\.com$/);
});

test("without the attribute the element's own text is the policy", async () => {
  const page = await visit(`<rolecall-check readonly claims="${attribute(CLAIMS)}">${attribute(ALLOWED)}</rolecall-check>`);
  await decided(page, "Allowed");
});

test("a strict policy of the host that names the server is enough", async () => {
  const csp = `default-src 'none'; script-src ${ORIGIN} 'wasm-unsafe-eval'; connect-src ${ORIGIN}; img-src data:`;
  const page = await visit(element(DENIED), { policy: csp });
  await decided(page, "Denied");
  assert.deepEqual(page.log, []);
});

test("where the host refuses the engine, the element's own text is shown", async () => {
  const page = await visit(element(DENIED), { policy: `default-src 'none'; script-src ${ORIGIN}; connect-src ${ORIGIN}; img-src data:` });
  await page.waitForFunction(() => customElements.get("rolecall-check"));
  await page.getByText("told without scripts").waitFor();
  assert.equal(await page.getByRole("status").count(), 0);
});

test("without scripts the element's own text is shown", async () => {
  const page = await visit(element(DENIED), {}, { javaScriptEnabled: false });
  await page.getByText("told without scripts").waitFor();
});

test("a frame works under a policy that lets no script in, and tells its height", async () => {
  const raw = `<!doctype html><html lang="en"><title>host</title><body>${frame}</body></html>`;
  const page = await visit("", { raw, policy: `default-src 'none'; frame-src ${ORIGIN}` });
  await decided(page.frameLocator("iframe"), "Denied");
  assert.deepEqual(page.log, []);
});

test("the height that a frame tells is that of its content", async () => {
  const listen = `<script>addEventListener("message", ({ data }) => { if (data.type === "rolecall:height" && data.version === 1) document.querySelector("iframe").height = data.height; });</script>`;
  const page = await visit("", { raw: `<!doctype html><html lang="en"><title>host</title><body>${listen}${frame}</body></html>` });
  await decided(page.frameLocator("iframe"), "Denied");
  const content = page.frames().find((frame) => frame.url().includes("embed.html"));
  await content.waitForFunction(() => innerHeight >= document.documentElement.scrollHeight && innerHeight < document.documentElement.scrollHeight + 8);
});

test("a frame that has its engine can make no request", async () => {
  const page = await visit("", { raw: `<!doctype html><html lang="en"><title>host</title><body>${frame}</body></html>` });
  await decided(page.frameLocator("iframe"), "Denied");
  const content = page.frames().find((frame) => frame.url().includes("embed.html"));
  await assert.rejects(content.evaluate(() => fetch("index.js")));
});

test("results and edits are told through every shadow root", async () => {
  const page = await visit(`<div id="told"></div>${element(ALLOWED, "")}`);
  await decided(page, "Allowed");
  await page.evaluate(() => {
    globalThis.told = [];
    for (const name of ["result", "input"]) document.addEventListener(`rolecall-check:${name}`, ({ detail }) => globalThis.told.push([name, detail.report?.decision ?? detail.policy]));
  });
  await page.getByRole("textbox", { name: "Trust policy" }).fill(DENIED);
  await decided(page, "Denied");
  // Automation sends an event a line.
  assert.deepEqual(await page.evaluate(() => globalThis.told.slice(-2)), [["input", DENIED], ["result", "deny"]]);
  await page.locator("rolecall-check").evaluate((element, policy) => (element.policy = policy), ALLOWED);
  await decided(page, "Allowed");
});

test("the full tool is given the policy and nothing else", async () => {
  const page = await visit(element(DENIED));
  await decided(page, "Denied");
  const link = page.getByRole("link", { name: "Open in rolecall" });
  await page.waitForFunction(() => document.querySelector("rolecall-check").shadowRoot.querySelector("a").hash);
  const href = new URL(await link.getAttribute("href"));
  assert.equal(href.origin + href.pathname, new URL("index.html", url).href);
  const state = await page.evaluate(async (hash) => {
    const text = atob(hash.replace("#v1=", "").replaceAll("-", "+").replaceAll("_", "/"));
    const bytes = Uint8Array.from(text, (letter) => letter.charCodeAt(0));
    return new Response(new Blob([bytes]).stream().pipeThrough(new DecompressionStream("deflate-raw"))).json();
  }, href.hash);
  assert.deepEqual(state, { policy: DENIED });
});

test("the link hands over what was edited", async () => {
  const page = await visit(element(DENIED, ""));
  await decided(page, "Denied");
  const hash = () => page.evaluate(() => document.querySelector("rolecall-check").shadowRoot.querySelector("a")?.hash);
  await page.waitForFunction(() => document.querySelector("rolecall-check").shadowRoot.querySelector("a").hash);
  const before = await hash();
  await page.getByRole("textbox", { name: "Trust policy" }).fill(ALLOWED);
  await decided(page, "Allowed");
  await page.waitForFunction((before) => ![before, ""].includes(document.querySelector("rolecall-check").shadowRoot.querySelector("a").hash), before);
});

test("an address that is none, and a script, are no place of the full tool", async () => {
  const named = ["http://[", "javascript:alert(1)", "https://rolecall.example/"];
  const page = await visit(named.map((tool) => element(DENIED, `compact tool="${tool}"`)).join(""));
  await decided(page, "Denied", 2);
  const links = await page.getByRole("link", { name: "Open in rolecall" }).evaluateAll((links) => links.map((link) => link.origin + link.pathname));
  const own = new URL("index.html", url).href;
  assert.deepEqual(links, [own, own, "https://rolecall.example/"]);
  assert.deepEqual(page.log, []);
});

test("the element's own text may come later, and change", async () => {
  const page = await visit(`<rolecall-check readonly claims="${attribute(CLAIMS)}"></rolecall-check>`);
  await status(page).filter({ hasText: "The text is empty" }).waitFor();
  for (const [text, word] of [[ALLOWED, "Allowed"], [DENIED, "Denied"]]) {
    await page.locator("rolecall-check").evaluate((element, text) => (element.textContent = text), text);
    await decided(page, word);
  }
  await page.locator("rolecall-check").evaluate((element, policy) => (element.policy = policy), JSON.parse(ALLOWED));
  await decided(page, "Allowed");
});

test("a policy that is longer than any that IAM stores is shown without marks", async () => {
  const long = DENIED.replace("{", `{${"\n".repeat(50_000)}`);
  const page = await visit(element(long));
  await decided(page, "Denied");
  assert.equal(await page.locator(".listing .line, .listing span").count(), 0);
  assert.equal(await page.locator(".listing").evaluate((listing) => listing.textContent), long);
});

test("two elements without a label are told apart", async () => {
  const page = await visit(element(DENIED) + element(ALLOWED));
  await decided(page, "Allowed", 1);
  assert.deepEqual(await violations(page), []);
});

for (const colorScheme of ["light", "dark"]) {
  test(`axe has nothing to say, ${colorScheme}`, async () => {
    const host = `<meta name="color-scheme" content="light dark">`;
    const page = await visit(host + element(DENIED, 'readonly label="one"') + element(ALLOWED, 'label="two"'), {}, { colorScheme });
    await decided(page, "Denied", 0);
    await decided(page, "Allowed", 1);
    assert.deepEqual(await violations(page), []);
  });
}

test("there is room for it in 320 pixels", async () => {
  const page = await visit(element(DENIED), {}, { viewport: { width: 320, height: 640 } });
  await decided(page, "Denied");
  assert.equal(await overflow(page), 0);
});
