// From two pasted texts to the verdict and its reasons, through the real page.

import assert from "node:assert/strict";
import { after, test } from "node:test";
import { box, enter, launch, open, spoken, status, verdict } from "./page.mjs";
import { STATES, broken, claims, json, large, subEquals, subLike, token } from "./samples.mjs";

const browser = await launch();
after(() => browser.close());

async function entered(texts) {
  const page = await open(browser, { permissions: ["clipboard-read", "clipboard-write"] });
  await enter(page, texts);
  return page;
}

/** The part of the answer under this heading. */
const part = (page, name) => page.getByRole("region", { name, exact: true });
const answer = (page) => page.locator(".answer").innerText();
const selection = (page) =>
  box(page, "Trust policy").evaluate((text) => text.value.slice(text.selectionStart, text.selectionEnd));

test("ids in the subject, none in the policy: denied, with both values; the repaired policy allows", async () => {
  const page = await entered(STATES.denied);
  assert.match(await verdict(page, "Denied"), /This token's sub carries ids; the policy's value has none\./);
  const why = await part(page, "Why").innerText();
  assert.match(why, /immutable_sub/);
  const comparison = await page.getByRole("figure").first().ariaSnapshot();
  assert.match(comparison, /token: repo:octo-org@12345678\/octo-repo@4567890123:ref:refs\/heads\/main/);
  assert.match(comparison, /policy: repo:octo-org\/octo-repo:\*/);
  assert.match(await page.locator(".aws").innerText(), /AccessDenied\s+Not authorized to perform sts:AssumeRoleWithWebIdentity/);
  assert.match(await page.locator(".add").innerText(), /"repo:octo-org@12345678\/octo-repo@4567890123:\*"/);

  await enter(page, STATES.allowed);
  assert.match(await verdict(page, "Allowed"), /Statement 1 applies\./);
  assert.match(await page.locator(".aws").innerText(), /a session for 1 h/);
});

test("the place of a cause selects the value in the policy", async () => {
  const page = await entered(STATES.denied);
  await verdict(page, "Denied");
  await part(page, "Why").getByRole("button", { name: /^15:/ }).click();
  assert.equal(await selection(page), '"repo:octo-org/octo-repo:*"');
  assert.ok(await box(page, "Trust policy").evaluate((text) => text === document.activeElement));
});

test("a place far down in a long policy is scrolled to", async () => {
  const page = await entered({ token: json(claims("repo:octo-org/octo-repo-20:pull_request")), policy: large(13_000) });
  await verdict(page, "Denied");
  await part(page, "Why").getByRole("button", { name: /select in the policy/ }).first().click();
  assert.match(await selection(page), /^"repo:octo-org\/octo-repo-20:/);
  const seen = await page.locator(".l.f").evaluate((line) => {
    const [line_, box, strip] = [line, line.closest(".ed"), document.querySelector(".head")].map((one) => one.getBoundingClientRect());
    return box.top <= line_.top && line_.bottom <= box.bottom && strip.bottom <= line_.top && line_.bottom <= innerHeight;
  });
  assert.ok(seen);
});

test("StringEquals with a wildcard", async () => {
  const page = await entered({ token: json(claims()), policy: subEquals("repo:octo-org/octo-repo:*") });
  assert.match(await verdict(page, "Denied"), /StringEquals takes \* literally/);
  assert.match(await part(page, "Why").innerText(), /stringequals_with_wildcard/);
});

test("letters that differ in case are marked one by one", async () => {
  const page = await entered({ token: json(claims("repo:Octo-Org/octo-repo:pull_request")), policy: subLike("repo:octo-org/octo-repo:*") });
  await verdict(page, "Denied");
  assert.match(await part(page, "Why").innerText(), /sub_case_mismatch/);
  const marked = await page.locator(".cmpg .d > u").allInnerTexts();
  assert.deepEqual(marked, ["O", "O"]);
});

test("broken JSON keeps the last verdict, without colour, and says where; then the page recovers", async () => {
  const page = await entered(STATES.denied);
  await verdict(page, "Denied");
  await page.locator(".working").first().waitFor({ state: "detached" });
  await enter(page, { policy: broken(STATES.denied.policy) });
  assert.match(await verdict(page, "No verdict"), /The policy is not valid JSON: line 13, column 9\./);
  assert.match(await answer(page), /From the last valid text: Denied\./);
  // What was found out about all tokens stays with it, and nothing claims to be at work.
  assert.equal(await page.locator(".working").count(), 0);
  assert.match(await part(page, "Who else gets in").innerText(), /of the last valid text/);
  const colour = (selector) => page.locator(selector).first().evaluate((element) => getComputedStyle(element).color);
  assert.equal(await colour(".stale .i.fail"), await colour(".stale h2"));
  assert.ok(await page.locator(".stale").getByRole("button", { name: /^15:/ }).first().isDisabled());

  const text = box(page, "Trust policy");
  assert.equal(await text.getAttribute("aria-invalid"), "true");
  const description = await text.evaluate((text) => document.getElementById(text.getAttribute("aria-describedby")).innerText);
  assert.match(description, /13:9/);
  await page.getByRole("button", { name: /^13:9/ }).click();
  assert.equal(await selection(page), '"StringLike"');

  await enter(page, STATES.denied);
  await verdict(page, "Denied");
  assert.equal(await text.getAttribute("aria-invalid"), null);
  await page.waitForFunction(() => !document.querySelector(".stale"));
});

test("a policy that IAM's grammar refuses is named with its place", async () => {
  const page = await entered({ policy: '{"Version": "2012-10-17", "Statement": {"Effect": "allow"}}' });
  assert.match(await verdict(page, "No verdict"), /The policy can't be read: line 1, column \d+\./);
  assert.match(await page.locator(".problems").innerText(), /allow/);
});

test("a policy that IAM would not store is judged all the same, and said so", async () => {
  const stored = JSON.parse(STATES.allowed.policy);
  stored.Statement[0].Resource = "*";
  const page = await entered({ token: STATES.allowed.token, policy: json(stored) });
  assert.match(await verdict(page, "Allowed"), /IAM would refuse to store this policy today\./);
  await part(page, "Findings").getByText("not_storable").waitFor();
});

test("what hangs on the source address is undecided, with both answers", async () => {
  const page = await entered(STATES.undecided);
  assert.match(await verdict(page, "Undecided"), /It depends on aws:SourceIp, which is not known here\./);
  const rows = await part(page, "Why").getByRole("table").getByRole("row").allInnerTexts();
  assert.match(rows[0], /If aws:SourceIp is\s+then/);
  assert.ok(rows.some((row) => /203\.0\.113\.0\/24\s+Allowed/.test(row)), rows.join("\n"));
  assert.ok(rows.some((row) => /any other value\s+Denied/.test(row)), rows.join("\n"));
});

test("a token with an unknown key is undecided, and the policy is judged", async () => {
  const page = await entered({ token: token(claims()), policy: subLike("repo:octo-org/octo-repo:*") });
  assert.match(await verdict(page, "Undecided"), /depends on the signing key\./);
  assert.match(await part(page, "Why").innerText(), /unknown_signing_key/);
  assert.match(await part(page, "Checks").innerText(), /Trust policy\s+the policy allows the call/);
});

test("the request token is refused, with a warning beside the box", async () => {
  const request = { iss: claims().iss, aud: "vso:00000000-0000-0000-0000-000000000000", iat: 1, exp: 2, scp: "Actions.GenericRead generate_id_token:1:2" };
  const page = await entered({ token: token(request), policy: subLike("repo:octo-org/octo-repo:*") });
  assert.match(await verdict(page, "Denied"), /request token/);
  assert.match(await part(page, "Why").innerText(), /request_token/);
  assert.match(await page.locator(".alarm").innerText(), /live credential/);
});

test("the request token does not stay on the page: the warning does, once", async () => {
  const request = { iss: claims().iss, aud: "vso:00000000-0000-0000-0000-000000000000", iat: 1, exp: 2, scp: "Actions.GenericRead generate_id_token:1:2" };
  const secret = token(request);
  const page = await entered({ token: secret });
  const notes = page.locator("#token-notes");
  const once = async () => {
    const said = await notes.innerText();
    assert.equal(said.match(/live credential/g)?.length, 1, said);
    assert.doesNotMatch(said, /`/);
  };
  await once();
  assert.equal(await box(page, "Token").inputValue(), "");
  await box(page, "Token").press("Control+Z");
  assert.equal(await box(page, "Token").inputValue(), "");
  assert.ok(!(await page.content()).includes(secret.split(".")[2]), "its signature is still on the page");
  await enter(page, { policy: subLike("repo:octo-org/octo-repo:*") });
  assert.match(await verdict(page, "Denied"), /request token/);
  await once();
  await enter(page, { token: STATES.denied.token });
  await notes.getByText("live credential").waitFor({ state: "hidden" });
});

test("the strip stays low however long a name is, and the whole is said", async () => {
  const owner = "octo".repeat(375);
  for (const [width, most] of [[1440, 100], [320, 120]]) {
    const page = await open(browser, { viewport: { width, height: 900 } });
    await enter(page, { token: json(claims(`repo:${owner}/octo-repo:ref:refs/heads/main`)), policy: subLike("repo:octo-org/octo-repo:*") });
    await verdict(page, "Denied");
    const { height } = await page.locator("#verdict").boundingBox();
    assert.ok(height <= most, `${height} px at ${width}`);
    await page.waitForTimeout(1000);
    const whole = await page.locator("#verdict .said").textContent();
    assert.ok(whole.includes(owner), whole);
    assert.ok((await page.locator("#verdict .vh").textContent()).includes(owner));
    assert.ok((await part(page, "Why").innerText()).includes(owner));
    await page.context().close();
  }
});

test("an expired token, and the same as of its issue", async () => {
  const page = await entered(STATES.expired);
  assert.match(await verdict(page, "Denied"), /The token had expired 5\d min \d+ s earlier\./);
  assert.match(await page.locator(".aws").innerText(), /ExpiredTokenException\s+Token expired: current date\/time \d+ must be before/);
  await page.getByRole("checkbox", { name: "Judge as of the token's issue time" }).check();
  await verdict(page, "Undecided");
  assert.match(await part(page, "Checks").innerText(), /passed\s+Token times/);
});

test("what was stripped from the paste is said", async () => {
  const page = await entered({ token: `Authorization: Bearer ${token(claims())}\n` });
  assert.match(await page.locator("#token-notes").innerText(), /Removed "Authorization: Bearer"/);
});

test("half of the input: ready, and what can be said already", async () => {
  const page = await entered({ policy: STATES.denied.policy });
  assert.match(await verdict(page, "Ready"), /Paste a token to decide; below is who gets in\./);
  await enter(page, { token: STATES.denied.token, policy: "" });
  assert.match(await verdict(page, "Ready"), /Paste a trust policy to decide; below is what AWS sees\./);
  await enter(page, { token: "hello", policy: STATES.denied.policy });
  assert.match(await verdict(page, "No verdict"), /No token and no claims in the text/);
  assert.equal(await box(page, "Token").getAttribute("aria-invalid"), "true");
});

test("the trace names every test and how it came out", async () => {
  const page = await entered(STATES.denied);
  await verdict(page, "Denied");
  const trace = await part(page, "Trace").innerText();
  assert.match(trace, /Statement 1, Allow: does not apply, 3 of 4 tests met/);
  assert.match(trace, /not met\s+sub StringLike "repo:octo-org\/octo-repo:\*"/);
});

test("the report is copied as JSON", async () => {
  const page = await entered(STATES.denied);
  await verdict(page, "Denied");
  await page.getByRole("button", { name: "Copy as JSON" }).click();
  await page.getByText("Copied", { exact: true }).waitFor();
  const report = JSON.parse(await page.evaluate(() => navigator.clipboard.readText()));
  assert.equal(report.schema, "rolecall.check/1");
  assert.equal(report.decision, "deny");
  assert.equal(report.causes[0].id, "immutable_sub");
});

test("the eye is told at once, a screen reader after a pause", async () => {
  const page = await entered(STATES.allowed);
  await page.waitForTimeout(1200);
  assert.match(await spoken(page), /^Allowed: Statement 1 applies\.$/);
  await enter(page, STATES.denied);
  assert.match(await status(page), /^Denied/);
  assert.match(await spoken(page), /^Allowed/);
  await page.waitForTimeout(1200);
  assert.match(await spoken(page), /^Denied: This token's sub carries ids/);
});

test("nothing moves while somebody types", async () => {
  const page = await entered(STATES.denied);
  await verdict(page, "Denied");
  await page.locator(".working").first().waitFor({ state: "detached" });
  const heights = () => page.evaluate(() => ["s-triggers", "s-who", "s-findings"].map((id) => document.getElementById(id).getBoundingClientRect().height));
  const before = await heights();
  const during = await page.evaluate(async () => {
    const text = document.getElementById("policy");
    text.value = text.value.replace("octo-repo:", "octo-rep:");
    text.dispatchEvent(new InputEvent("input", { bubbles: true }));
    await new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve)));
    return ["s-triggers", "s-who", "s-findings"].map((id) => document.getElementById(id).getBoundingClientRect().height);
  });
  assert.deepEqual(during, before);
  assert.match(await part(page, "Who else gets in").innerText(), /of the text before|this policy, whatever the token/);
});

test("typing letter by letter keeps the caret and the text", async () => {
  const page = await entered(STATES.denied);
  const text = box(page, "Trust policy");
  await text.evaluate((text) => text.setSelectionRange(5, 5));
  await text.pressSequentially("abc");
  assert.equal(await text.evaluate((text) => text.selectionStart), 8);
  assert.equal((await text.inputValue()).slice(5, 8), "abc");
  await verdict(page, "No verdict");
  for (let i = 0; i < 3; i++) await page.keyboard.press("Backspace");
  await verdict(page, "Denied");
});
