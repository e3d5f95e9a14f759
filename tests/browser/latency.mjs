// How long the page takes from a keystroke to the verdict, and to its first render: `cargo xtask latency`.

import { enter, launch, open, timed, verdict } from "./page.mjs";
import { claims, json, large } from "./samples.mjs";

const browser = await launch();

const POLICIES = [1_000, 4_000, 13_000];
const KEYS = 200;
const TOKEN = claims("repo:octo-org/octo-repo-0:ref:refs/heads/main");

function print(name, values) {
  const sorted = values.toSorted((a, b) => a - b);
  const at = (share) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))].toFixed(1).padStart(8);
  console.log(`${name.padEnd(44)}${at(0.5)}${at(0.95)}${at(1)}`);
}

/** What the engine takes of it: the token and the verdict, from JSON to JSON. */
const alone = (page, ...policies) =>
  page.evaluate(
    ({ token, policies, keys }) =>
      Array.from({ length: keys }, (_, n) => {
        const question = JSON.stringify({ token, policy: policies[n % policies.length] });
        const start = performance.now();
        for (const verb of ["inspect", "verdict"]) globalThis.rolecall.call(verb, question);
        return performance.now() - start;
      }),
    { token: json(TOKEN), policies, keys: KEYS },
  );

console.log(`${"milliseconds".padEnd(44)}${"p50".padStart(8)}${"p95".padStart(8)}${"max".padStart(8)}`);
for (const size of POLICIES) {
  const page = await open(browser);
  const policy = large(size);
  await enter(page, { token: json(TOKEN), policy });
  await verdict(page, "Allowed");
  // One letter comes and goes in the deciding value, so that each keystroke changes the verdict.
  const other = policy.replace("octo-repo-0:ref", "octo-repo-0x:ref");
  const samples = await timed(page, "policy", Array.from({ length: KEYS }, (_, n) => (n % 2 ? policy : other)));
  print(`the engine alone, policy of ${policy.length} bytes`, await alone(page, policy, other));
  print(`keystroke to verdict, policy of ${policy.length} bytes`, samples.map((sample) => sample.dom));
  print("  the same with layout", samples.map((sample) => sample.layout));
  await page.context().close();
}

const renders = [];
for (let n = 0; n < 10; n++) {
  const page = await open(browser);
  renders.push(await page.evaluate(() => performance.getEntriesByName("first-contentful-paint")[0]?.startTime ?? NaN));
  await page.context().close();
}
print("first render", renders);
await browser.close();
