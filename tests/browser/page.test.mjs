// What holds for the page whatever is entered: privacy, quiet, room.

import assert from "node:assert/strict";
import { after, test } from "node:test";
import { box, enter, launch, open, status, url } from "./page.mjs";
import { STATES } from "./samples.mjs";

const browser = await launch();
after(() => browser.close());

async function enterAll(page) {
  for (const state of Object.values(STATES)) await enter(page, { token: "", policy: "", ...state });
}

test("two boxes, and a status that says Ready", async () => {
  const page = await open(browser);
  for (const name of ["Token", "Trust policy"]) {
    await box(page, name).fill("text");
    assert.equal(await box(page, name).inputValue(), "text");
  }
  assert.match(await status(await open(browser)), /^Ready/);
});

test("nothing is logged", async () => {
  const page = await open(browser);
  await enterAll(page);
  await page.waitForLoadState("networkidle");
  assert.deepEqual(page.log, []);
});

test("everything comes from one place, and nothing more is asked for once there is input", async () => {
  const page = await open(browser);
  await page.waitForLoadState("networkidle");
  assert.deepEqual(page.requests.filter((address) => !address.replace(/^blob:/, "").startsWith(url)), []);
  const before = page.requests.length;
  await enterAll(page);
  await box(page, "Token").pressSequentially("typed");
  await page.waitForTimeout(1000);
  assert.deepEqual(page.requests.slice(before), []);
});

// But the page's own files, offline.test.mjs tells which.
test("nothing is stored", async () => {
  const page = await open(browser);
  await enterAll(page);
  await page.waitForTimeout(1000);
  const stored = await page.evaluate(async () => ({
    local: localStorage.length,
    session: sessionStorage.length,
    databases: (await indexedDB.databases()).length,
    cookies: document.cookie,
    address: location.hash + location.search,
  }));
  assert.deepEqual(stored, { local: 0, session: 0, databases: 0, cookies: "", address: "" });
  await page.reload();
  await page.locator("html[data-ready]").waitFor({ state: "attached" });
  assert.equal(await box(page, "Token").inputValue(), "");
});

test("the page has no style and no script of its own in its text", async () => {
  const page = await open(browser);
  await enterAll(page);
  assert.equal(await page.locator("[style], style, script:not([src])").count(), 0);
});

test("no input is taken before the network is cut", async () => {
  const context = await browser.newContext();
  await context.addInitScript(() => {
    globalThis.policies = () => document.querySelectorAll('meta[http-equiv="Content-Security-Policy"]').length;
    globalThis.journal = [];
    new MutationObserver(() => {
      const { body, documentElement: html } = document;
      globalThis.journal.push([policies() === 2, body?.inert === false, html.dataset.ready === ""]);
    }).observe(document, { attributes: true, childList: true, subtree: true });
  });
  const page = await context.newPage();
  await page.goto(url);
  await page.locator("html[data-ready]").waitFor({ state: "attached" });
  const journal = await page.evaluate(() => globalThis.journal);
  assert.deepEqual(journal.filter(([cut, taken, ready]) => (taken || ready) && !cut), []);
});

const WAYS_OUT = {
  fetch: () => fetch("/index.html"),
  XMLHttpRequest: () =>
    new Promise((resolve, reject) => {
      const request = new XMLHttpRequest();
      request.onload = resolve;
      request.onerror = () => reject(new Error("blocked"));
      request.open("GET", "/index.html");
      request.send();
    }),
  EventSource: () =>
    new Promise((resolve, reject) => {
      const source = new EventSource("/index.html");
      source.onopen = resolve;
      source.onerror = () => reject(new Error("blocked"));
    }),
};

for (const [name, wayOut] of Object.entries(WAYS_OUT)) {
  test(`${name} is refused once the page is ready`, async () => {
    const page = await open(browser);
    const before = page.answers.length;
    await assert.rejects(page.evaluate(wayOut));
    assert.deepEqual(page.answers.slice(before), []);
    assert.ok(page.log.some((line) => line.includes("connect-src 'none'")), page.log.join("\n"));
  });
}
