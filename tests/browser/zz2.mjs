import { browser, corpus, enter, open, verdict, box, STATES } from "./zz.mjs";
const shot = async (page, name) => page.screenshot({ path: `/tmp/shots/${name}.png`, fullPage: true });
const it = (id) => corpus.find((c) => c.id === id);
{ const page = await open(browser, { viewport: { width: 1440, height: 900 } });
  const c = it("019"); await enter(page, { token: JSON.stringify(c.claims), policy: JSON.stringify(c.policy, null, 2) });
  await verdict(page, "Denied"); await page.waitForTimeout(1500); await shot(page, "r019");
  await page.setViewportSize({ width: 320, height: 700 }); await page.waitForTimeout(500); await shot(page, "r019-320");
  console.log(await page.evaluate(() => document.documentElement.scrollWidth));
  await page.setViewportSize({ width: 1000, height: 900 }); await page.emulateMedia({ media: "print" }); await shot(page, "print"); await page.pdf({ path: "/tmp/shots/p.pdf" }); }
{ const page = await open(browser, { viewport: { width: 1440, height: 900 } });
  await enter(page, STATES.expired); await verdict(page, "Denied"); await page.waitForTimeout(800); await shot(page, "expired"); }
{ const page = await open(browser, { viewport: { width: 1440, height: 900 } });
  const c = it("038"); await enter(page, { token: JSON.stringify(c.claims), policy: JSON.stringify(c.policy, null, 2) });
  await page.waitForTimeout(1800); await shot(page, "r038"); console.log(await page.evaluate(() => document.documentElement.scrollWidth)); }
await browser.close();
