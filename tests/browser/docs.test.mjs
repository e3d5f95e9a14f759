// docs/embedding.md by its word: the snippet for plain HTML, and a site that MkDocs Material builds.

import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { cp, mkdir, readFile, rm } from "node:fs/promises";
import { after, test } from "node:test";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { serve } from "./host.mjs";
import { launch } from "./page.mjs";

const browser = await launch();
after(() => browser.close());

const path = (relative) => fileURLToPath(new URL(relative, import.meta.url));
const GUIDE = await readFile(path("../../docs/embedding.md"), "utf8");
const SITE = path("../../target/site/");
const EMBED = path("../../dist/embed/");

/** The first snippet under a heading, in a language. */
function snippet(heading, language) {
  const section = GUIDE.split(/^#+ /m).find((section) => section.startsWith(`${heading}\n`));
  return section.match(new RegExp(`\`\`\`${language}\n(.*?)\`\`\``, "s"))[1];
}

/** Opens the first page of a folder; the status of the one element that is on it. */
async function verdict(folder, pages = {}) {
  const host = await serve({ folder, pages });
  after(() => host.close());
  const page = await (await browser.newContext()).newPage();
  page.log = [];
  page.on("console", (message) => message.type() === "error" && page.log.push(message.text()));
  await page.goto(`${host.url}/`);
  const status = page.getByRole("status");
  await status.filter({ hasText: /^(Allowed|Denied|Undecided)/ }).waitFor({ timeout: 20_000 });
  return { page, text: await status.innerText() };
}

test("the snippet for plain HTML", async () => {
  await rm(SITE, { recursive: true, force: true });
  await mkdir(`${SITE}plain`, { recursive: true });
  await cp(EMBED, `${SITE}plain/rolecall/embed`, { recursive: true });
  const html = `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>docs</title><link rel="icon" href="data:,"></head><body>${snippet("The element", "html")}</body></html>`;
  const { page, text } = await verdict(`${SITE}plain`, { "/": html });
  assert.match(text, /^Denied/);
  assert.deepEqual(page.log, []);
});

const MKDOCS = path("../../target/mkdocs/bin/mkdocs");
const skip = !existsSync(MKDOCS) && "cargo xtask setup could not install MkDocs";

test("a site that MkDocs Material builds, in its dark scheme", { skip }, async () => {
  await cp(path("mkdocs/"), `${SITE}mkdocs`, { recursive: true });
  await cp(EMBED, `${SITE}mkdocs/docs/rolecall`, { recursive: true });
  await rm(`${SITE}mkdocs/site`, { recursive: true, force: true });
  await promisify(execFile)(MKDOCS, ["build", "--quiet", "--strict"], { cwd: `${SITE}mkdocs` });
  assert.ok(!existsSync(`${SITE}mkdocs/site/rolecall/index.html`), "the package's guide is no page of the site");
  const { page, text } = await verdict(`${SITE}mkdocs/site`);
  assert.match(text, /^Denied/);
  const scheme = await page.locator("rolecall-check").evaluate((element) => getComputedStyle(element).colorScheme);
  assert.equal(scheme, "dark");
  // The folder stands alone: there is no page beside it to lead to.
  assert.equal(await page.getByRole("link", { name: "Open in rolecall" }).count(), 0);
});

test("the configuration in the guide is that of the site", async () => {
  const config = await readFile(path("mkdocs/mkdocs.yml"), "utf8");
  assert.ok(config.includes(snippet("MkDocs Material", "yaml")));
  assert.equal(await readFile(path("mkdocs/docs/rolecall.css"), "utf8"), snippet("MkDocs Material", "css"));
});
