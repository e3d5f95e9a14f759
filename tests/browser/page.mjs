// What every browser test needs. `cargo xtask test` serves the built page and gives its address in ROLECALL_URL.

import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { chromium } from "playwright-core";

const axe = await readFile(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

export const url = process.env.ROLECALL_URL;
if (!url) throw new Error("ROLECALL_URL is not set: run `cargo xtask test`");

/** The one browser of a test file: `const browser = await launch(); after(() => browser.close());` */
export const launch = () =>
  chromium.launch({
    executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
    args: [
      "--no-sandbox",
      "--disable-dev-shm-usage",
      "--disable-gpu",
      "--no-first-run",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
    ],
  });

/**
 * Opens the page in a context of its own and waits until it takes input. `options` are Playwright's context options.
 * `page.log` collects what went wrong in the console, `page.requests` every address that was asked for, even in vain,
 * and `page.answers` those that were answered.
 */
export async function open(browser, options = {}, path = "") {
  const context = await browser.newContext(options);
  const page = await context.newPage();
  page.log = [];
  page.requests = [];
  page.answers = [];
  page.on("pageerror", (error) => page.log.push(String(error)));
  page.on("console", (message) => {
    if (["error", "warning"].includes(message.type())) page.log.push(message.text());
  });
  page.on("request", (request) => page.requests.push(request.url()));
  page.on("response", (response) => page.answers.push(response.url()));
  // On a busy machine a page may take long to come; how long it takes is measured elsewhere.
  await page.goto(new URL(path, url).href, { timeout: 120_000 });
  await page.locator("html[data-ready]").waitFor({ state: "attached" });
  return page;
}

/** What axe finds, one line each: rule, help and the element. */
export async function violations(page) {
  // Playwright evaluates outside the page's Content-Security-Policy.
  await page.evaluate(axe);
  const { violations } = await page.evaluate(() => globalThis.axe.run());
  return violations.flatMap(({ id, help, nodes }) => nodes.map((node) => `${id}: ${help}: ${node.html}`));
}

/** By how many pixels the page is wider than its window. */
export const overflow = (page) =>
  page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);

/** A text box, by its name. */
export const box = (page, name) => page.getByRole("textbox", { name, exact: true });

/** Puts texts into the boxes, as pasting does. */
export async function enter(page, { token, policy }) {
  if (token !== undefined) await box(page, "Token").fill(token);
  if (policy !== undefined) await box(page, "Trust policy").fill(policy);
}

/** The verdict, as it stands. */
export const status = (page) => page.getByRole("status").innerText();

/** The verdict, as a screen reader is told it. */
export const spoken = async (page) => {
  const snapshot = await page.getByRole("status").ariaSnapshot();
  return snapshot.replace(/^- status: /, "").replace(/^"(.*)"$/, "$1");
};

/** Waits for a verdict that begins with `word`; gives the whole. */
export async function verdict(page, word) {
  await page.getByRole("status").filter({ hasText: new RegExp(`^\\s*${word}`) }).waitFor({ timeout: 5000 });
  return status(page);
}

/** Milliseconds from an input event to the verdict in the document, and to the frame that shows it. */
export const timed = (page, id, texts) =>
  page.evaluate(
    async ({ id, texts }) => {
      const box = document.getElementById(id);
      const status = document.querySelector("[role=status]");
      const samples = [];
      for (const [index, text] of texts.entries()) {
        box.value = text;
        const start = performance.now();
        const changed = new Promise((resolve) => {
          const observer = new MutationObserver(() => resolve(observer.disconnect()));
          observer.observe(document.querySelector("main"), { childList: true, subtree: true, characterData: true, attributes: true });
          setTimeout(resolve, 1000);
        });
        box.dispatchEvent(new InputEvent("input", { bubbles: true }));
        await changed;
        const dom = performance.now() - start;
        void status.getBoundingClientRect();
        samples.push({ index, dom, layout: performance.now() - start });
        // The next key comes when this one is painted: nobody types into the same frame.
        await new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve, 30)));
      }
      return samples;
    },
    { id, texts },
  );
