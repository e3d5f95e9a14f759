// Screenshots of the page in its states, for people to look at: `cargo xtask shots`.

import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { enter, launch, open } from "./page.mjs";
import { STATES, broken } from "./samples.mjs";

const folder = process.env.ROLECALL_SHOTS;
await mkdir(folder, { recursive: true });
const browser = await launch();

async function shoot(name, options, prepare) {
  const page = await open(browser, options);
  await prepare(page);
  // Until the status has settled.
  await page.waitForTimeout(1000);
  const path = join(folder, `${name}.png`);
  await page.screenshot({ path, fullPage: true });
  await page.context().close();
  console.log(path);
}

async function breakPolicy(page) {
  await enter(page, STATES.denied);
  await enter(page, { policy: broken(STATES.denied.policy) });
}

const states = Object.entries(STATES).map(([name, state]) => [name, (page) => enter(page, state)]);
for (const [name, prepare] of [...states, ["broken", breakPolicy]]) {
  for (const colorScheme of ["light", "dark"]) {
    for (const width of [1440, 1024, 320]) {
      await shoot(`${name}-${colorScheme}-${width}`, { colorScheme, viewport: { width, height: 900 } }, prepare);
    }
  }
}
for (const example of ["immutable_sub", "open", "token_expired", "undecided"]) {
  const load = async (page) => {
    await page.evaluate((example) => (location.hash = `example=${example}`), example);
    await page.waitForTimeout(3000);
  };
  for (const width of [1440, 320]) await shoot(`example-${example}-light-${width}`, { colorScheme: "light", viewport: { width, height: 900 } }, load);
}
await shoot("share-light-1440", { viewport: { width: 1440, height: 900 } }, async (page) => {
  await enter(page, STATES.denied);
  await page.getByRole("button", { name: "Share", exact: true }).click();
});
await shoot("denied-forced-1440", { forcedColors: "active", viewport: { width: 1440, height: 900 } }, (page) =>
  enter(page, STATES.denied),
);
await browser.close();
