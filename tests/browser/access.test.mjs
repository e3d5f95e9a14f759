// For everyone: contrast and names by axe, the keyboard alone, narrow windows, forced colours.

import assert from "node:assert/strict";
import { after, test } from "node:test";
import { box, enter, launch, open, overflow, verdict, violations } from "./page.mjs";
import { STATES, broken, large, json, claims } from "./samples.mjs";

const browser = await launch();
after(() => browser.close());

const states = Object.entries(STATES).map(([name, state]) => [name, (page) => enter(page, state)]);
states.push([
  "broken",
  async (page) => {
    await enter(page, STATES.denied);
    await enter(page, { policy: broken(STATES.denied.policy) });
  },
]);

states.push(
  [
    "what-if",
    async (page) => {
      await enter(page, STATES.allowed);
      await page.getByRole("button", { name: "What if a claim were different" }).click();
      await page.getByRole("textbox", { name: "sub, what if" }).fill("repo:octo-org/octo-repo:pull_request");
      await verdict(page, "Denied");
    },
  ],
  [
    "account and request",
    async (page) => {
      await enter(page, STATES.undecided);
      await page.locator("#p-settings > summary").click();
      await page.getByRole("button", { name: "Add a key" }).click();
      await page.getByRole("combobox", { name: "Provider" }).selectOption("another URL");
    },
  ],
  ...["Examples", "Share", "Keys", "Help and limits"].map((menu) => [
    menu,
    async (page) => {
      await enter(page, STATES.denied);
      await page.getByRole("button", { name: menu, exact: true }).click();
      await page.getByRole("dialog").waitFor();
    },
  ]),
);

async function unfold(page) {
  for (const details of await page.locator("details").all()) await details.evaluate((element) => (element.open = true));
}

for (const [name, prepare] of states) {
  test(`axe has nothing to say, light or dark: ${name}`, async () => {
    const page = await open(browser);
    await prepare(page);
    await unfold(page);
    for (const colorScheme of ["light", "dark"]) {
      await page.emulateMedia({ colorScheme });
      assert.deepEqual(await violations(page), [], colorScheme);
    }
    await page.context().close();
  });

  test(`no scrolling sideways: ${name}`, async () => {
    const page = await open(browser, { viewport: { width: 1200, height: 640 } });
    await prepare(page);
    await unfold(page);
    for (const width of [1200, 860, 520, 320]) {
      await page.setViewportSize({ width, height: 640 });
      assert.ok((await overflow(page)) <= 0, `at ${width} pixels`);
    }
    await page.context().close();
  });
}

test("long values do not push the page sideways", async () => {
  const sub = `repo:${"octo".repeat(200)}/${"repo".repeat(200)}:pull_request`;
  const page = await open(browser, { viewport: { width: 320, height: 640 } });
  await enter(page, { token: json(claims(sub)), policy: large(6_000) });
  await verdict(page, "Denied");
  await unfold(page);
  assert.ok((await overflow(page)) <= 0);
});

test("the keyboard is enough: from the token to the trace, the text, a repair and back out", async () => {
  const page = await open(browser, { permissions: ["clipboard-read", "clipboard-write"] });
  const focused = () =>
    page.evaluate(() => {
      const { id, innerText, tagName } = document.activeElement;
      return id || innerText?.trim() || document.activeElement.getAttribute("aria-label") || tagName;
    });
  const paste = async (text) => {
    await page.evaluate((text) => navigator.clipboard.writeText(text), text);
    await page.keyboard.press("Control+V");
  };
  /** Presses Tab until the focus is there; nothing may catch it on the way. */
  const tabTo = async (name) => {
    for (let n = 0; n < 120; n++) {
      await page.keyboard.press("Tab");
      if (name.test(await focused())) return;
    }
    assert.fail(`Tab never came to ${name}, it is at ${await focused()}`);
  };
  await page.keyboard.press("Tab");
  assert.match(await focused(), /Skip to the token/);
  await page.keyboard.press("Enter");
  assert.equal(await focused(), "token");
  await paste(STATES.expired.token);
  await tabTo(/^policy$/);
  await paste(STATES.denied.policy);
  await verdict(page, "Denied");
  await page.keyboard.press("Shift+Tab");
  await page.keyboard.press("Escape");
  await page.keyboard.press("Control+Alt+1");
  assert.equal(await focused(), "token");
  await page.keyboard.press("Control+A");
  await paste(STATES.denied.token);
  await verdict(page, "Denied");
  await page.keyboard.press("F8");
  assert.equal(await focused(), "policy");
  await page.keyboard.press("Escape");
  await page.keyboard.press("Control+Alt+4");
  assert.equal(await focused(), "repair");
  await tabTo(/^Apply to the policy/);
  await page.keyboard.press("Enter");
  await verdict(page, "Allowed");
  await page.keyboard.press("Control+Z");
  await verdict(page, "Denied");
  await page.keyboard.press("Control+Alt+4");
  await tabTo(/sub StringLike/);
  await page.keyboard.press("Enter");
  assert.equal(await focused(), "policy");
  await page.keyboard.press("Control+Enter");
  await page.getByText("Copied as Markdown").waitFor();
  assert.match(await page.evaluate(() => navigator.clipboard.readText()), /^\*\*Denied\*\*: This token's/);
});

test("what has the focus is not hidden under the strip", async () => {
  const page = await open(browser, { viewport: { width: 1200, height: 500 } });
  await enter(page, { token: json(claims("repo:octo-org/octo-repo-3:pull_request")), policy: large(6_000) });
  await verdict(page, "Denied");
  await unfold(page);
  await page.evaluate(() => scrollTo(0, document.body.scrollHeight));
  const bottom = await page.locator(".head").evaluate((strip) => strip.getBoundingClientRect().bottom);
  for (const button of (await page.locator(".trace button").all()).slice(0, 8)) {
    await button.focus();
    const { top } = await button.evaluate((element) => element.getBoundingClientRect());
    assert.ok(top >= bottom, `the focus is at ${top}, the strip ends at ${bottom}`);
  }
});

test("targets are large enough", async () => {
  const page = await open(browser);
  await enter(page, STATES.denied);
  await unfold(page);
  for (const target of await page.locator("button:visible, summary:visible, a:visible:not(.skip), select:visible").all()) {
    const { width, height } = await target.boundingBox();
    assert.ok(width >= 24 && height >= 24, `${await target.innerText()}: ${width} by ${height}`);
  }
});

test("with forced colours the stamp and the differences still stand out", async () => {
  const page = await open(browser, { forcedColors: "active" });
  await enter(page, STATES.denied);
  await verdict(page, "Denied");
  const stamp = await page.locator(".stamp").evaluate((stamp) => {
    const { backgroundColor, color } = getComputedStyle(stamp);
    return { backgroundColor, color };
  });
  assert.notEqual(stamp.backgroundColor, stamp.color);
  const line = await page.locator(".cmpg .d > .t").first().evaluate((part) => getComputedStyle(part).borderBottomStyle);
  assert.equal(line, "solid");
  assert.equal(await box(page, "Token").count(), 1);
});
