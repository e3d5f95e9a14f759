// The worked examples: each has an address of its own, and the verdict and cause that it is there for.

import assert from "node:assert/strict";
import { after, test } from "node:test";
import { box, enter, launch, open, url, verdict } from "./page.mjs";
import { STATES, claims, json, subLike } from "./samples.mjs";

const browser = await launch();
after(() => browser.close());

const part = (page, name) => page.getByRole("region", { name, exact: true });

/** Every example: its id in the address, the verdict, and the cause. */
const EXAMPLES = [
  ["immutable_sub", "Denied", "immutable_sub"],
  ["stringequals_with_wildcard", "Denied", "stringequals_with_wildcard"],
  ["environment_sub", "Denied", "environment_sub"],
  ["sub_case_mismatch", "Denied", "sub_case_mismatch"],
  ["pull_request_sub", "Denied", "pull_request_sub"],
  ["tag_vs_branch", "Denied", "tag_vs_branch"],
  ["missing_sub_suffix", "Denied", "missing_sub_suffix"],
  ["wrong_repository", "Denied", "wrong_repository"],
  ["wrong_audience", "Denied", "wrong_audience"],
  ["unsupported_condition_key", "Denied", "unsupported_condition_key"],
  ["custom_sub_template", "Denied", "custom_sub_template"],
  ["token_expired", "Denied", "token_expired"],
  ["undecided", "Undecided", null],
  ["open", "Allowed", null],
];

const shared = await open(browser);
for (const [id, word, cause] of EXAMPLES) {
  test(`example: ${id}`, async () => {
    const page = shared;
    await page.goto(new URL(`#example=${id}`, url).href);
    await verdict(page, word);
    if (cause) assert.match(await part(page, "Why").innerText(), new RegExp(`cause ${cause}\\b`));
    assert.deepEqual(page.log, []);
  });
}

test("an example's address opens it", async () => {
  const page = await open(browser, {}, "#example=tag_vs_branch");
  await verdict(page, "Denied");
  assert.match(await box(page, "Token").inputValue(), /refs\/tags\/v1\.2\.0/);
});

test("an example's moment goes with its token", async () => {
  const page = await open(browser, {}, "#example=tag_vs_branch");
  await verdict(page, "Denied");
  const moment = page.getByRole("textbox", { name: "Judge at this time" });
  assert.notEqual(await moment.inputValue(), "");
  // A change of the policy leaves it, another token is judged at the clock.
  await box(page, "Trust policy").fill(subLike("repo:octo-org/octo-repo:*"));
  assert.notEqual(await moment.inputValue(), "");
  await box(page, "Token").fill(json(claims()));
  await verdict(page, "Allowed");
  assert.equal(await moment.inputValue(), "");
});

test("the menu lists every example, and its links are permanent", async () => {
  const page = await open(browser);
  await page.getByRole("button", { name: "Examples", exact: true }).click();
  const links = await page.locator("#exs a").evaluateAll((links) => links.map((link) => new URL(link.href).hash));
  assert.deepEqual(links, EXAMPLES.map(([id]) => `#example=${id}`));
  await page.getByRole("link", { name: /Letter case/ }).click();
  await verdict(page, "Denied");
  assert.match(await box(page, "Token").inputValue(), /Octo-Org/);
  assert.equal(await page.locator("#m-examples").isVisible(), false);
});

test("what was entered comes back after examples", async () => {
  const page = await open(browser);
  const back = page.getByRole("button", { name: "Back to my text" });
  const example = async (title) => {
    await page.getByRole("button", { name: "Examples", exact: true }).click();
    await page.getByRole("link", { name: title }).click();
    await verdict(page, "Denied");
  };
  await enter(page, STATES.allowed);
  await verdict(page, "Allowed");
  await example(/Letter case/);
  await page.goto(new URL("#example=pull_request_sub", url).href);
  await page.waitForFunction(() => document.getElementById("token").value.includes("pull_request"));
  assert.equal(await back.count(), 1);
  await back.press("Enter");
  await verdict(page, "Allowed");
  for (const [name, text] of [["Token", STATES.allowed.token], ["Trust policy", STATES.allowed.policy]]) assert.equal(await box(page, name).inputValue(), text);
  assert.equal(await back.count(), 0);
  assert.notEqual(await page.evaluate(() => document.activeElement.tagName), "BODY");
  await page.goto(new URL("#example=tag_vs_branch", url).href);
  await verdict(page, "Denied");
  await back.click();
  await verdict(page, "Allowed");
  assert.equal(new URL(page.url()).hash, "");
  const stored = await page.evaluate(() => localStorage.length + sessionStorage.length);
  assert.equal(stored, 0);
});

test("an example that was changed is one's own text, too", async () => {
  const page = await open(browser, {}, "#example=tag_vs_branch");
  await verdict(page, "Denied");
  assert.equal(await page.getByRole("button", { name: "Back to my text" }).count(), 0, "nothing was entered yet");
  const policy = `${await box(page, "Trust policy").inputValue()}\n`;
  await enter(page, { policy });
  await page.getByRole("button", { name: "Examples", exact: true }).click();
  await page.getByRole("link", { name: /Letter case/ }).click();
  await page.getByRole("button", { name: "Back to my text" }).click();
  assert.equal(await box(page, "Trust policy").inputValue(), policy);
});
