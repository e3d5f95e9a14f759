import { launch, open, enter, box, status, verdict } from "./page.mjs";
import { STATES, large, json, claims } from "./samples.mjs";
const browser = await launch();
const p = large(13000);
async function run(name, prep) {
  const page = await open(browser, { permissions: ["clipboard-read", "clipboard-write"] });
  await page.evaluate(prep);
  const r = await page.evaluate(async (p) => {
    const b = document.querySelector("#bare") ?? document.querySelector("#policy");
    b.focus(); const t0 = performance.now();
    document.execCommand("insertText", false, p); const t1 = performance.now();
    void document.body.offsetHeight; const t2 = performance.now();
    await new Promise((r) => setTimeout(r, 0)); const t3 = performance.now();
    await new Promise((r) => requestAnimationFrame(() => setTimeout(r))); 
    return [t1 - t0, t2 - t1, t3 - t2, performance.now() - t3].map(Math.round);
  }, p);
  console.log(name, r);
  await page.evaluate((p) => navigator.clipboard.writeText(p), p);
  await page.evaluate(() => { const b = document.querySelector("#bare") ?? document.querySelector("#policy"); b.value = ""; b.focus(); });
  const t = Date.now(); await page.keyboard.press("Control+V"); await page.evaluate(() => new Promise((r) => requestAnimationFrame(() => setTimeout(r)))); console.log("  paste", Date.now() - t);
  await page.context().close();
}
await run("ours", () => {});
await run("bare", () => { const b = document.createElement("textarea"); b.id = "bare"; document.body.prepend(b); });
await run("ours, no anywhere", () => { const s = new CSSStyleSheet(); s.replaceSync("textarea{overflow-wrap:normal!important}"); document.adoptedStyleSheets = [s]; });
await run("ours, pre", () => { const s = new CSSStyleSheet(); s.replaceSync("textarea{white-space:pre!important}"); document.adoptedStyleSheets = [s]; });
await run("ours, serif", () => { const s = new CSSStyleSheet(); s.replaceSync("textarea{font-family:serif!important}"); document.adoptedStyleSheets = [s]; });
await browser.close();
