// The page without a network: kept by its service worker, and as a single file.

import assert from "node:assert/strict";
import { after, test } from "node:test";
import { pathToFileURL } from "node:url";
import { enter, launch, open, status, url, verdict } from "./page.mjs";
import { STATES } from "./samples.mjs";

const browser = await launch();
after(() => browser.close());

const SINGLE = pathToFileURL(new URL("../../dist/rolecall.html", import.meta.url).pathname).href;

test("what was loaded once is there without a network", async () => {
  const page = await open(browser);
  await page.context().setOffline(true);
  for (const name of ["", "index.html"]) {
    await page.goto(new URL(name, url).href);
    await page.locator("html[data-ready]").waitFor({ state: "attached" });
    await enter(page, STATES.denied);
    assert.match(await verdict(page, "Denied"), /Denied/);
  }
});

test("only the page's own files are kept, under one version", async () => {
  const page = await open(browser);
  await enter(page, STATES.denied);
  const kept = await page.evaluate(async () => {
    const names = await caches.keys();
    const requests = await Promise.all(names.map(async (name) => (await caches.open(name)).keys()));
    return { names, files: requests.flat().map(({ url }) => url.slice(location.href.length)) };
  });
  assert.equal(kept.names.length, 1);
  assert.match(kept.names[0], /^rolecall-.{40,}$/);
  assert.deepEqual(kept.files.sort(), ["", "boot.js", "engine.js", "engine.wasm", "icon.svg", "index.html", "rolecall.js", "rolecall_bg.wasm", "style.css"]);
});

/** Opens the single file; collects what it asks for. */
async function single() {
  const page = await (await browser.newContext()).newPage();
  page.requests = [];
  page.log = [];
  page.on("request", (request) => page.requests.push(request.url().slice(0, 60)));
  page.on("console", (message) => ["error", "warning"].includes(message.type()) && page.log.push(message.text()));
  page.on("pageerror", (error) => page.log.push(String(error)));
  await page.goto(SINGLE);
  await page.locator("html[data-ready]").waitFor({ state: "attached" });
  return page;
}

test("the single file works from a folder", async () => {
  const page = await single();
  assert.match(await status(page), /^Ready/);
  await enter(page, STATES.denied);
  await verdict(page, "Denied");
  await enter(page, STATES.allowed);
  await verdict(page, "Allowed");
  assert.deepEqual(page.log, []);
});

test("the single file asks for nothing, and could not", async () => {
  const page = await single();
  await enter(page, STATES.denied);
  const foreign = page.requests.filter((address) => !/^(data|blob):/.test(address));
  assert.deepEqual(foreign, [SINGLE.slice(0, 60)]);
  await assert.rejects(page.evaluate(() => fetch("https://rolecall.example/")));
});

test("the single file has a second engine in a Worker", async () => {
  const page = await single();
  const answer = await page.evaluate(() => globalThis.rolecall.work("inspect", '{"claims": {"sub": "s"}}'));
  assert.equal(JSON.parse(answer).schema, "rolecall.inspect/1");
});
