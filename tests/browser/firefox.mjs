// The main path in a second browser: Firefox, by WebDriver BiDi. `cargo xtask test-firefox` runs it.

import assert from "node:assert/strict";
import { after, test } from "node:test";
import puppeteer from "puppeteer-core";
import { STATES } from "./samples.mjs";

const url = process.env.ROLECALL_URL;
const browser = await puppeteer.launch({
  browser: "firefox",
  executablePath: process.env.FIREFOX ?? "/usr/bin/firefox-esr",
  headless: true,
});
after(() => browser.close());

async function open(address) {
  const page = await browser.newPage();
  page.log = [];
  page.on("pageerror", (error) => page.log.push(String(error)));
  page.on("console", (message) => message.type() === "error" && page.log.push(message.text()));
  await page.goto(address);
  return page;
}

async function ready(address) {
  const page = await open(address);
  await page.waitForSelector("html[data-ready]", { timeout: 30_000 });
  return page;
}

async function enter(page, { token = "", policy = "" }) {
  await page.evaluate((texts) => {
    for (const [id, text] of Object.entries(texts)) {
      const box = document.getElementById(id);
      box.value = text;
      box.dispatchEvent(new InputEvent("input", { bubbles: true }));
    }
  }, { token, policy });
}

const says = (page, word) =>
  page.waitForFunction((word) => document.querySelector('[role="status"]').innerText.trim().startsWith(word), { timeout: 10_000 }, word);

test("a token and a policy are judged as they are entered", async () => {
  const page = await ready(url);
  await says(page, "Ready");
  for (const [state, word] of [["denied", "Denied"], ["allowed", "Allowed"], ["undecided", "Undecided"]]) {
    await enter(page, STATES[state]);
    await says(page, word);
  }
  assert.deepEqual(page.log, []);
});

test("the network is cut once the page is ready", async () => {
  const page = await ready(url);
  const outcome = await page.evaluate(() => fetch("index.html").then(() => "answered", () => "refused"));
  assert.equal(outcome, "refused");
});

test("the Worker answers", async () => {
  const page = await ready(url);
  const answer = await page.evaluate(() => globalThis.rolecall.work("inspect", '{"claims": {"sub": "s"}}'));
  assert.equal(JSON.parse(answer).schema, "rolecall.inspect/1");
});

test("the single file works from a folder", async () => {
  const page = await ready(new URL("../../dist/rolecall.html", import.meta.url).href);
  await enter(page, STATES.denied);
  await says(page, "Denied");
});

test("the frame shows the element", async () => {
  const { policy, token } = STATES.denied;
  const state = new URLSearchParams({ policy, claims: token });
  const page = await open(new URL(`embed/embed.html#${state}`, url).href);
  await page.waitForFunction(() => document.querySelector("rolecall-check")?.shadowRoot.querySelector('[role="status"]')?.innerText.startsWith("Denied"), { timeout: 20_000 });
  assert.deepEqual(page.log, []);
});
