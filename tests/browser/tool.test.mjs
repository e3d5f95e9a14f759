// What can be done on the page: marks in the text, both ways of the trace, repairs, what-if, sharing.

import assert from "node:assert/strict";
import { after, test } from "node:test";
import { box, enter, launch, open, status, verdict } from "./page.mjs";
import { STATES, claims, json, subEquals, subLike, token } from "./samples.mjs";

const browser = await launch();
after(() => browser.close());

const CLIPBOARD = { permissions: ["clipboard-read", "clipboard-write"] };

async function entered(texts, options = CLIPBOARD, path = "") {
  const page = await open(browser, options, path);
  await enter(page, texts);
  return page;
}

/** What if a token that gets in were of another branch: it is denied. */
async function supposed() {
  const page = await entered({ token: json(claims()), policy: subLike("repo:octo-org/octo-repo:ref:refs/heads/main") });
  await verdict(page, "Allowed");
  await page.getByRole("button", { name: "What if a claim were different" }).click();
  await page.getByRole("textbox", { name: "sub, what if" }).fill("repo:octo-org/octo-repo:ref:refs/heads/dev");
  await verdict(page, "Denied");
  return page;
}

const part = (page, name) => page.getByRole("region", { name, exact: true });
const clipboard = (page) => page.evaluate(() => navigator.clipboard.readText());
const policyText = (page) => box(page, "Trust policy").inputValue();
const selected = (page) =>
  box(page, "Trust policy").evaluate((text) => text.value.slice(text.selectionStart, text.selectionEnd));
async function share(page, button) {
  if (!(await page.locator("#m-share").isVisible())) await page.getByRole("button", { name: "Share", exact: true }).click();
  await page.getByRole("button", { name: button }).click();
  await page.locator(".toast", { hasText: /opied/ }).waitFor();
  await page.locator(".toast", { hasText: /opied/ }).waitFor({ state: "hidden" });
  return clipboard(page);
}

test("the failing part of the value is marked where it stands", async () => {
  const page = await entered(STATES.denied);
  await verdict(page, "Denied");
  assert.equal(await page.locator(".pol .l.f .sq").innerText(), "/octo-repo:*");
  assert.equal(await page.locator(".pol .l.f .hit").innerText(), "repo:octo-org");
  assert.equal(await page.locator(".pol .l.f .gap0").count(), 1);
  assert.equal(await page.locator(".pol .l.f").evaluate((line) => [...line.parentNode.children].indexOf(line)), 14);
  // Behind every letter of the box stands the same letter: both break their lines alike.
  const [behind, before] = await page.locator(".pol").evaluate((pol) => {
    const [pre, text] = [pol.querySelector("pre"), pol.querySelector("textarea")];
    return [pre.offsetHeight, text.scrollHeight];
  });
  assert.equal(behind, before);
  const shown = await page.locator(".pol .l").allTextContents();
  assert.equal(shown.join("\n"), STATES.denied.policy);
});

test("trace to text, and text to trace", async () => {
  const page = await entered(STATES.denied);
  await verdict(page, "Denied");
  const line = part(page, "Trace").getByRole("button", { name: /sub StringLike/ });
  await line.click();
  assert.equal(await selected(page), '"repo:octo-org/octo-repo:*"');
  assert.equal(await line.getAttribute("aria-pressed"), "true");
  const at = (await policyText(page)).indexOf("sts.amazonaws.com");
  await box(page, "Trust policy").evaluate((text, at) => text.setSelectionRange(at, at), at);
  await page.keyboard.press("Shift");
  const audience = part(page, "Trace").getByRole("button", { name: /aud StringEquals/ });
  await page.locator(".trace button[aria-pressed=true]", { hasText: "aud" }).waitFor();
  assert.equal(await audience.getAttribute("aria-pressed"), "true");
  assert.equal(await line.getAttribute("aria-pressed"), "false");
});

test("a repair is applied, allows, and can be undone", async () => {
  const page = await entered(STATES.denied);
  await verdict(page, "Denied");
  await part(page, "Repair").getByRole("button", { name: "Apply to the policy" }).click();
  await verdict(page, "Allowed");
  assert.match(await policyText(page), /"repo:octo-org@12345678\/octo-repo@4567890123:\*"/);
  await page.getByText("Applied. Undo with Ctrl Z").waitFor();
  await page.keyboard.press("Control+Z");
  await verdict(page, "Denied");
  assert.equal(await policyText(page), STATES.denied.policy);
});

test("a repair is copied as a patch that says which lines change", async () => {
  const page = await entered(STATES.denied);
  await part(page, "Repair").getByRole("button", { name: "Copy as patch" }).click();
  await page.getByText("Patch copied").waitFor();
  const lines = (await clipboard(page)).split("\n");
  assert.equal(lines.filter((line) => /^-[^-]/.test(line)).length, 1);
  assert.match(lines.find((line) => /^\+[^+]/.test(line)), /octo-org@12345678/);
});

test("a claim is changed: an unsigned copy is judged, and the token comes back", async () => {
  const page = await supposed();
  assert.match(await page.locator(".unsigned").innerText(), /unsigned copy/);
  assert.match(await part(page, "Why").innerText(), /branch_sub/);
  await page.getByRole("button", { name: "Back to the token" }).click();
  await verdict(page, "Allowed");
  assert.equal(await page.locator(".unsigned").count(), 0);
});

test("the usual triggers at a glance; one is put in the token's place", async () => {
  const page = await entered({ token: json(claims()), policy: subLike("repo:octo-org/octo-repo:ref:refs/heads/main") });
  await page.locator(".strip li").first().waitFor();
  const cells = await page.locator(".strip button").allInnerTexts();
  const words = Object.fromEntries(cells.map((cell) => cell.split("\n").map((word) => word.trim()).filter(Boolean)));
  assert.equal(words["Push to the default branch"], "Allowed");
  for (const name of ["Push to another branch", "Push of a tag", "Pull request", "Job with an environment", "Merge queue", "A fork, in its own owner's name"]) {
    assert.equal(words[name], "Denied", name);
  }
  await page.getByRole("button", { name: /^Job with an environment/ }).click();
  await verdict(page, "Denied");
  assert.match(await part(page, "Why").innerText(), /environment_sub/);
  // They stay those of the token that was given.
  await page.locator(".strip [aria-pressed=true]").waitFor();
  await page.locator("#s-triggers .stale").waitFor({ state: "detached" });
  assert.deepEqual(await page.locator(".strip button").allInnerTexts(), cells);
  assert.match(await page.locator(".strip [aria-pressed=true]").innerText(), /^Job with an environment/);
  // Without a token they are those of the repository that the policy names.
  await enter(page, { token: "" });
  await verdict(page, "Ready");
  await page.locator(".strip").getByText("Allowed").first().waitFor();
});

test("what is known of the account and the request counts", async () => {
  const page = await entered(STATES.undecided);
  await verdict(page, "Undecided");
  const why = part(page, "Why");
  await why.getByRole("textbox", { name: "aws:SourceIp" }).fill("203.0.113.7");
  await why.getByRole("button", { name: "Decide with it" }).click();
  await verdict(page, "Allowed");
  await page.locator("#p-settings > summary").click();
  assert.equal(await page.getByRole("textbox", { name: "Value of key 1" }).inputValue(), "203.0.113.7");
  await page.getByRole("combobox", { name: "State of key 1" }).selectOption("is absent");
  await verdict(page, "Denied");
  await page.getByRole("button", { name: "Forget key 1" }).click();
  await verdict(page, "Undecided");
  await page.getByRole("combobox", { name: "Provider" }).selectOption("the account has none");
  await verdict(page, "Denied");
  assert.match(await part(page, "Why").innerText(), /missing_provider/);
});

test("the moment of judgement can be set", async () => {
  const page = await entered(STATES.expired);
  await verdict(page, "Denied");
  const iat = JSON.parse(Buffer.from(STATES.expired.token.split(".")[1], "base64url")).iat;
  await page.getByRole("textbox", { name: "Judge at this time" }).fill(String(iat + 30));
  await verdict(page, "Undecided");
  const moment = page.getByRole("textbox", { name: "Judge at this time" });
  await moment.fill("soon");
  assert.match(await status(page), /^No verdict\s+`?soon`? is no moment/);
  // It is the setting that is wrong, and neither text.
  assert.equal(await moment.getAttribute("aria-invalid"), "true");
  assert.equal(await box(page, "Trust policy").getAttribute("aria-invalid"), null);
  assert.doesNotMatch(await page.locator("main").innerText(), /MalformedPolicyDocument|rolecall batch|line 1 column/);
  await moment.fill("now");
  await verdict(page, "Denied");
  await page.locator("#p-settings > summary").click();
  await page.getByRole("textbox", { name: "Duration", exact: false }).first().fill("an hour");
  assert.match(await verdict(page, "No verdict"), /an hour`? is no number of seconds/);
});

test("a link holds the check, and never a signature", async () => {
  const page = await entered({ token: token(claims()), policy: STATES.denied.policy });
  await verdict(page, "Undecided");
  const address = await share(page, "Copy link");
  const signature = token(claims()).split(".")[2];
  assert.ok(address.includes("#v1=") && !address.split("#")[0].includes("?"));
  const { inflateRawSync } = await import("node:zlib");
  const held = JSON.parse(inflateRawSync(Buffer.from(address.split("#v1=")[1], "base64url")).toString());
  assert.ok(!JSON.stringify(held).includes(signature.slice(0, 20)));
  assert.deepEqual(Object.keys(held).sort(), ["claims", "now", "policy"]);
  assert.equal(held.policy, STATES.denied.policy);

  const other = await open(browser, CLIPBOARD, `#${address.split("#")[1]}`);
  await verdict(other, "Allowed");
  assert.equal(await policyText(other), STATES.denied.policy);
  assert.match(await box(other, "Token").inputValue(), /"sub": "repo:octo-org\/octo-repo:ref:refs\/heads\/main"/);
  await enter(other, { policy: STATES.allowed.policy });
  await verdict(other, "Denied");
  assert.equal(new URL(other.url()).hash, "");
});

test("a what-if stays one in a link", async () => {
  const page = await supposed();
  const address = await share(page, "Copy link");
  assert.match(await page.locator("#m-share").innerText(), /Claims of the what-if/);
  const other = await open(browser, {}, `#${address.split("#")[1]}`);
  await verdict(other, "Denied");
  assert.equal(await box(other, "Token").inputValue(), "");
  assert.match(await other.locator(".unsigned").innerText(), /What-if\./);
});

test("names are masked in a link where that is asked for", async () => {
  const page = await entered({
    token: json(claims("repo:acme/app:ref:refs/heads/main", { repository: "acme/app", repository_owner: "acme" })),
    policy: subLike("repo:acme/app:*").replaceAll("111122223333", "444455556666"),
  });
  await verdict(page, "Allowed");
  await page.getByRole("button", { name: "Share", exact: true }).click();
  await page.getByRole("checkbox", { name: /Mask/ }).check();
  await page.getByRole("button", { name: "Copy link" }).click();
  await page.getByText("Link copied").waitFor();
  const other = await open(browser, {}, `#${(await clipboard(page)).split("#")[1]}`);
  await verdict(other, "Allowed");
  const texts = (await policyText(other)) + (await box(other, "Token").inputValue());
  assert.ok(!/acme|444455556666/.test(texts), texts);
});

/** A link of the first version, as it was made then. */
const FIRST_LINK = "#v1=jZJNj9MwEIb_yxxR0thO2rJz2gotEhIHBIiVWHNwkmlrbWIHz4SyRPnvqOmyaG89-OB3Hr3zOUHTOd8z4ASeGRCOIgNjUUh8pLByjfgYeHXwchzrkSk1MQgFWTWxhwzc2AICC69c7_7E4E78HOGxBoREQ8TYSMxjOtxqU1brTbH8z5Hbar3Zvr3BRPvz4-JIruWidz5ABt4JoN7erKvKVEplEOr9i6DPAv0eXoStUnMGIZ4AwSizybXOTflVV6g0KvUdMhhi55snQJgsfKPEPgYLaMEobXKtcr21kFn4Ik6opyAW8GGycLffUyMLueu6eFqgT8mHxg-us4CThffUUnJC7YK5FNCdGL3rEbXW2hhjyrIsMfq2yYcUf_mW0jUztjBnFnYLsnizMO6Yx54-x47uvRzvqf7QUhAvT0tp72Jo_TM_ndtJPhzufo6u44tyRVp0Y_sv3evVXgq6mH70j3S9JY_1YvnqJv4fA76xMM_zjxnmvw";

test("links of the first version keep working", async () => {
  const page = await open(browser, {}, FIRST_LINK);
  await verdict(page, "Denied");
  assert.match(await part(page, "Why").innerText(), /immutable_sub/);
});

test("a link that is cut off, and one of a later version, are told", async () => {
  assert.match(await (await open(browser, {}, FIRST_LINK.slice(0, 60))).locator(".toast").innerText(), /cut off/);
  assert.match(await (await open(browser, {}, "#v9=abc")).locator(".toast").innerText(), /later version/);
  assert.match(await (await open(browser, {}, "#example=nothing")).locator(".toast").innerText(), /no example of this name/);
});

test("Markdown and the command line's question", async () => {
  const page = await entered(STATES.denied);
  await verdict(page, "Denied");
  const markdown = await share(page, "Copy as Markdown");
  assert.match(markdown, /^\*\*Denied\*\*: This token's `sub` carries ids/);
  assert.match(markdown, /token: {4}repo:octo-org@12345678/);
  const command = await share(page, "Copy CLI command");
  assert.match(command, /rolecall check trust\.json claims\.json/);
  assert.match(command, /"sub": "repo:octo-org@12345678/);
});

test("the policy is laid out, every token of it kept", async () => {
  const text = STATES.denied.policy;
  const page = await entered({ token: STATES.denied.token, policy: text.replaceAll(/\n */g, "").replace('"Version"', '"Id":"a","Version"') });
  await page.getByRole("button", { name: "Format" }).click();
  assert.equal(await policyText(page), `${text.replace('"Version"', '"Id": "a",\n  "Version"')}\n`);
  await page.keyboard.press("Control+Z");
  assert.ok(!(await policyText(page)).includes("\n"));
});

test("only JSON is laid out", async () => {
  const yaml = "Version: '2012-10-17'\nStatement:\n  - Effect: Allow\n    Principal: {Service: ec2.amazonaws.com}\n    Action: sts:AssumeRole\n";
  const page = await entered({ token: STATES.denied.token, policy: yaml });
  await verdict(page, "Denied");
  assert.ok(await page.getByRole("button", { name: "Format" }).isDisabled());
});

test("the theme follows the system until it is chosen", async () => {
  const page = await open(browser, { colorScheme: "dark" });
  const ground = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
  const dark = await ground();
  await page.getByRole("radio", { name: "Light" }).check();
  assert.notEqual(await ground(), dark);
  await page.getByRole("radio", { name: "System" }).check();
  assert.equal(await ground(), dark);
});

test("theme and policy are remembered only where that is asked for, a token never, and all is forgotten", async () => {
  const page = await entered(STATES.denied);
  const stored = () => page.evaluate(() => ({ ...localStorage }));
  assert.deepEqual(await stored(), {});
  await page.getByRole("checkbox", { name: /Remember/ }).check();
  await page.getByRole("radio", { name: "Dark" }).check();
  assert.deepEqual(await stored(), { "rolecall.theme": "dark", "rolecall.policy": STATES.denied.policy });
  // A token in the wrong box, and half a policy, are none.
  for (const text of [token(claims()), json({ value: token(claims()) }), STATES.denied.policy.slice(0, -9), `${token(claims())}\n${STATES.denied.policy}`]) {
    await enter(page, { policy: text });
    await verdict(page, "No verdict");
    assert.deepEqual(await stored(), { "rolecall.theme": "dark", "rolecall.policy": STATES.denied.policy });
  }
  await page.reload();
  await page.locator("html[data-theme=dark]").waitFor({ state: "attached" });
  assert.equal(await policyText(page), STATES.denied.policy);
  assert.equal(await box(page, "Token").inputValue(), "");
  // What an address names is shown, not what is remembered.
  await page.evaluate(() => (location.hash = "#example=tag_vs_branch"));
  await page.reload();
  await page.waitForFunction(() => document.getElementById("token").value.includes("refs/tags/v1.2.0"));
  await verdict(page, "Denied");
  assert.notEqual(await policyText(page), STATES.denied.policy);
  await page.getByRole("button", { name: "Forget both" }).click();
  assert.deepEqual(await stored(), {});
});

test("what a cause or a rule means stands behind its id", async () => {
  const page = await entered(STATES.denied);
  await verdict(page, "Denied");
  await page.getByRole("region", { name: "Why", exact: true }).getByRole("button", { name: /^immutable_sub/ }).click();
  const dialog = page.getByRole("dialog", { name: "What it means" });
  assert.match(await dialog.innerText(), /How to recognise it[^]*What to do[^]*rolecall explain immutable_sub/);
  await page.keyboard.press("Escape");
  await dialog.waitFor({ state: "hidden" });
  await page.getByRole("region", { name: "Findings", exact: true }).getByRole("button", { name: /^classic_subject_only/ }).click();
  assert.match(await dialog.innerText(), /rolecall explain classic_subject_only/);
});

test("an open policy is told in the strip, and no box moves when it is found", async () => {
  const page = await entered({ token: json(claims()), policy: subLike("repo:octo-org*:ref:refs/heads/main") });
  await verdict(page, "Allowed");
  const top = () => box(page, "Trust policy").evaluate((text) => text.getBoundingClientRect().top);
  const before = await top();
  await page.getByText("Open to outsiders.").waitFor();
  assert.match(await verdict(page, "Allowed"), /Anyone on GitHub gets in, too\./);
  assert.equal(await top(), before);
});

test("on a narrow window a paste makes room for the answer, typing does not", async () => {
  const page = await open(browser, { viewport: { width: 400, height: 800 }, permissions: ["clipboard-read", "clipboard-write"] });
  await enter(page, { token: STATES.denied.token });
  const paste = async (name, text) => {
    await page.evaluate((text) => navigator.clipboard.writeText(text), text);
    await box(page, name).focus();
    await page.keyboard.press("Control+v");
  };
  const isOpen = () => page.locator("#p-policy").evaluate((pane) => pane.open);
  await paste("Trust policy", STATES.denied.policy);
  await verdict(page, "Denied");
  assert.equal(await isOpen(), false);
  await page.locator("#p-policy > summary").click();
  await box(page, "Trust policy").press("End");
  await page.keyboard.type(" ");
  await verdict(page, "Denied");
  assert.equal(await isOpen(), true);
});

test("every step of the journey leads to its evidence", async () => {
  const page = await entered(STATES.denied);
  await verdict(page, "Denied");
  const steps = page.getByRole("navigation", { name: /Six steps/ }).getByRole("link");
  assert.equal(await steps.count(), 6);
  const names = await steps.allInnerTexts();
  assert.match(names[0], /not checked[^]*no workflow given/);
  assert.match(names[5], /not checked[^]*no permissions given/);
  assert.match(names[3], /0 of 1 statement applies/);
  // What is found out about all tokens comes later, and moves what stands below it.
  await page.locator(".strip button").first().waitFor();
  await page.waitForFunction(() => !document.querySelector(".working"));
  for (const step of await steps.all()) {
    await step.click();
    const target = (await step.getAttribute("href")).slice(1);
    assert.equal(await page.evaluate(() => document.activeElement.id), target);
    // What was asked for is under the strip, unless the page ends before.
    const { top, height, isEnd } = await page.evaluate(() => {
      const { scrollTop, scrollHeight } = document.documentElement;
      return { top: document.activeElement.getBoundingClientRect().top, height: innerHeight, isEnd: scrollTop + innerHeight >= scrollHeight - 1 };
    });
    assert.ok(isEnd || top < height / 2, `${target} is at ${top} of ${height}`);
  }
  assert.equal(new URL(page.url()).hash, "");
});

test("a request token's parts are coloured and its signature is struck through", async () => {
  const page = await entered({ token: `Bearer ${token(claims())}` });
  const look = (selector) => page.locator(selector).first().evaluate((part) => getComputedStyle(part).textDecorationLine);
  assert.equal(await look(".tok .js"), "line-through");
  await box(page, "Token").focus();
  const shown = await page.locator(".tok .full").evaluate((pre) => pre.textContent);
  assert.equal(shown, `${await box(page, "Token").inputValue()}\n`);
  assert.equal(await page.locator(".anat small").allInnerTexts().then((names) => names.join()), "owner,repository,branch main");
});

test("a token in several lines is coloured as a whole", async () => {
  const whole = token(claims());
  const broken = whole.replaceAll(/.{60}/g, "$&\n");
  const page = await entered({ token: broken });
  await box(page, "Token").focus();
  assert.equal(await page.locator(".tok .full").evaluate((pre) => pre.textContent), `${broken}\n`);
  const signature = await page.locator(".tok .full .js").innerText();
  assert.equal(signature.replaceAll(/\s/g, ""), whole.split(".")[2]);
});

test("a text in the wrong box is told", async () => {
  const page = await open(browser);
  const sees = (text) => page.locator("#policy-notes").filter({ hasText: text }).waitFor();
  await enter(page, { policy: token(claims()) });
  await sees("This is a token, not a policy");
  await enter(page, { policy: json(claims()) });
  await sees("These are a token's claims, or a token, not a policy");
  await enter(page, { policy: "on: push\njobs:\n  a:\n    runs-on: ubuntu-latest\n" });
  await sees("This is a workflow");
  await enter(page, { policy: json({ Version: "2012-10-17", Statement: [{ Effect: "Allow", Action: "ecr:*", Resource: "*" }] }) });
  await sees("This looks like a permission policy");
});
