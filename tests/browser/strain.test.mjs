// Nothing that is pasted breaks the page or holds it up.

import assert from "node:assert/strict";
import { after, test } from "node:test";
import { box, enter, launch, open, status, timed, verdict } from "./page.mjs";
import { STATES, claims, json, large, subLike, token } from "./samples.mjs";

const browser = await launch();
after(() => browser.close());

/** Repeatable random numbers (mulberry32), so that what fails once fails again. */
function random(seed) {
  return () => {
    seed = (seed + 0x6d2b79f5) | 0;
    let t = Math.imul(seed ^ (seed >>> 15), 1 | seed);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

const TOKENS = [STATES.denied.token, STATES.allowed.token, STATES.undecided.token, STATES.expired.token];
const POLICIES = [STATES.denied.policy, STATES.allowed.policy, STATES.undecided.policy];
const WORKFLOWS = [
  `on:
  push: {branches: [main, "releases/**"], tags: ["v*"]}
  pull_request:
permissions: {contents: read}
jobs:
  build: {runs-on: ubuntu-latest, steps: []}
  deploy:
    needs: build
    if: github.ref == 'refs/heads/main'
    strategy: {matrix: {stage: [staging, production]}}
    environment: \${{ matrix.stage }}
    permissions: {id-token: write, contents: read}
    steps:
      - uses: aws-actions/configure-aws-credentials@v5
        with: {role-to-assume: "arn:aws:iam::111122223333:role/push", aws-region: eu-west-1}
`,
];
const PIECES = ["{", "}", "[", '"', "\\", ":", ",", ".", "*", "?", "${", "%3A", "\u0000", "\u200b", "\u202e", "é", "\ud800", "🦀", "null", "1e999", "-", "`", "<b>", "eyJ", "repo:", "\r\n", "\t", "Statement", "Condition"];

/** One of the texts, whole at times, else with some places cut out, doubled, or overwritten. */
function mutated(next, texts) {
  let text = texts[Math.floor(next() * texts.length)];
  for (let n = next() * 6 - 3; n > 0; n--) {
    const at = Math.floor(next() * text.length);
    const length = Math.floor(next() ** 3 * 60);
    const piece = PIECES[Math.floor(next() * PIECES.length)];
    const middle = next() < 0.3 ? text.slice(at, at + length).repeat(2) : next() < 0.6 ? piece : "";
    text = text.slice(0, at) + middle + text.slice(at + length);
  }
  return text;
}

/**
 * Puts pairs of texts into two boxes, in the page, so that they arrive as they are and fast; gives the verdict after each.
 * On a busy machine fewer do: after `seconds` it is enough.
 */
async function pasted(context, page, boxes, pairs, seconds) {
  const words = await page.evaluate(
    async ({ boxes, pairs, seconds }) => {
      const seen = [];
      const end = performance.now() + 1000 * seconds;
      for (const texts of pairs) {
        if (performance.now() > end && seen.length >= 100) break;
        for (const [index, text] of texts.entries()) {
          const box = document.querySelector(boxes[index]);
          box.value = text;
          box.dispatchEvent(new InputEvent("input", { bubbles: true }));
        }
        await new Promise((resolve) => setTimeout(resolve));
        // Not innerText, which would lay the page out.
        const status = document.querySelector("[role=status]");
        const stopped = status.textContent.includes("the engine stopped");
        seen.push(stopped ? "stopped" : status.querySelector(".stamp").textContent);
      }
      return seen;
    },
    { boxes, pairs, seconds },
  );
  context.diagnostic(`${words.length} pastes`);
  const strange = words.findIndex((word) => !/^(Ready|Allowed|Denied|Undecided|No verdict)$/.test(word));
  assert.equal(strange, -1, `after ${JSON.stringify(pairs[strange])}: ${words[strange]}`);
  assert.deepEqual(page.log, []);
  return new Set(words);
}

test("up to three thousand random pastes leave the page whole", async (context) => {
  const page = await open(browser);
  const next = random(20261123);
  const pairs = Array.from({ length: 3000 }, () => [
    mutated(next, next() < 0.1 ? POLICIES : TOKENS),
    mutated(next, next() < 0.1 ? TOKENS : POLICIES),
  ]);
  const kinds = await pasted(context, page, ["#token", "#policy"], pairs, 90);
  assert.ok(kinds.size >= 4, `only ${[...kinds]}`);
  await enter(page, STATES.denied);
  await verdict(page, "Denied");
});

test("random workflows and permissions leave the page whole", async (context) => {
  const page = await open(browser);
  await page.getByRole("radio", { name: "No token yet: the workflow" }).check();
  await enter(page, { policy: STATES.denied.policy });
  await page.locator("#p-push > summary").click();
  const next = random(20261125);
  const pairs = Array.from({ length: 1000 }, () => [
    mutated(next, next() < 0.1 ? POLICIES : WORKFLOWS),
    mutated(next, next() < 0.1 ? WORKFLOWS : POLICIES),
  ]);
  const kinds = await pasted(context, page, ["#workflow", "#p-push textarea"], pairs, 30);
  assert.ok(kinds.size >= 2, `only ${[...kinds]}`);
});

const median = (values) => values.toSorted((a, b) => a - b)[values.length >> 1];

test("a key pressed in a policy of 13 KB is answered at once", async (context) => {
  const page = await open(browser);
  const policy = large(13_000);
  await enter(page, { token: json(claims("repo:octo-org/octo-repo-7:ref:refs/heads/main")), policy });
  await verdict(page, "Allowed");
  // The branch of statement 8 gets a letter more, and loses it again: the verdict changes each time.
  const other = policy.replace("octo-repo-7:ref", "octo-repo-7x:ref");
  const texts = Array.from({ length: 40 }, (_, n) => (n % 2 ? policy : other));
  // The time of the processor, which other work on the machine hardly changes.
  const session = await page.context().newCDPSession(page);
  await session.send("Performance.enable", { timeDomain: "threadTicks" });
  const scripts = async () => {
    const { metrics } = await session.send("Performance.getMetrics");
    return metrics.find(({ name }) => name === "ScriptDuration").value * 1000;
  };
  const before = await scripts();
  const samples = await timed(page, "policy", texts);
  const script = ((await scripts()) - before) / texts.length;
  const layout = median(samples.map((sample) => sample.layout));
  context.diagnostic(`${script.toFixed(1)} ms of scripts a key; median ${layout.toFixed(1)} ms with layout, by the clock`);
  // The aim is 16 ms; a machine that does much else at once takes twice as long.
  assert.ok(script < 50, `${script} ms`);
});

for (const [what, texts, word] of [
  ["two megabytes of policy", { token: json(claims()), policy: " ".repeat(2 ** 21) + STATES.denied.policy }, "No verdict"],
  ["two megabytes of token", { token: "a.".repeat(2 ** 20), policy: STATES.denied.policy }, "No verdict"],
  ["a policy of just under a megabyte", { token: json(claims()), policy: large(100_000).replace("]", `${" ".repeat(900_000)}]`) }, "Denied"],
  ["a policy of 300 statements", { token: json(claims()), policy: statements(300) }, "Denied"],
  ["a subject of 500,000 characters", { token: json(claims(`repo:${"a/".repeat(250_000)}`)), policy: subLike("repo:octo-org/octo-repo:*") }, "Denied"],
  ["a token of a megabyte", { token: token({ ...claims(), padding: "a".repeat(700_000) }), policy: STATES.denied.policy }, ""],
]) {
  test(`${what} does not freeze the page`, async (context) => {
    const page = await open(browser);
    await page.evaluate(() => (document.getElementById("token").value = ""));
    const start = performance.now();
    await page.evaluate(({ token, policy }) => {
      for (const [id, text] of Object.entries({ token, policy })) {
        const box = document.getElementById(id);
        box.value = text;
        box.dispatchEvent(new InputEvent("input", { bubbles: true }));
      }
    }, texts);
    await verdict(page, word || "(Denied|Undecided)");
    const took = performance.now() - start;
    context.diagnostic(`${took.toFixed(0)} ms`);
    assert.ok(took < 5000, `${took} ms`);
    assert.deepEqual(page.log, []);
  });
}

function statements(count) {
  const one = JSON.parse(large(500)).Statement[0];
  return JSON.stringify({ Version: "2012-10-17", Statement: Array(count).fill(one) });
}

test("a text over the limit is named as such", async () => {
  const page = await open(browser);
  await enter(page, { token: json(claims()) });
  await box(page, "Trust policy").evaluate((box) => {
    box.value = "x".repeat(2 ** 20 + 1);
    box.dispatchEvent(new InputEvent("input", { bubbles: true }));
  });
  assert.match(await status(page), /The text is longer than 1 MiB\./);
});
