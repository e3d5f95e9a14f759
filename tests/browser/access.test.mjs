// For everyone: contrast and names by axe, the keyboard alone, narrow windows, forced colours.

import assert from "node:assert/strict";
import { after, test } from "node:test";
import { box, enter, launch, open, overflow, verdict, violations } from "./page.mjs";
import { STATES, broken, large, json, claims, token } from "./samples.mjs";

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
      const { activeElement: active, body } = document;
      if (active === body) return "nothing";
      return active.id || active.innerText?.trim() || active.getAttribute("aria-label") || active.tagName;
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

/** What has the focus: its name, or that of the part whose heading has it. */
const focused = (page) =>
  page.evaluate(() => {
    const { activeElement: active, body } = document;
    if (active === body) return "nothing";
    const heading = active.matches("summary") ? active.querySelector("h2") : active;
    return active.id === "policy" || active.id === "token" ? active.id : active.ariaLabel || heading.innerText.trim().replace(/\s+/g, " ") || active.tagName;
  });

/** Presses a control by keyboard, and waits until the focus is where it is to be. */
async function press(page, control, expected) {
  await control.press("Enter");
  await page.getByText("Looking at every possible token").waitFor({ state: "hidden" });
  // What is found out about all tokens comes later, and redraws once more.
  await page.waitForTimeout(300);
  await page.getByText("Looking at every possible token").waitFor({ state: "hidden" });
  const now = await focused(page);
  assert.ok(expected.test(now), `the focus is at ${now}`);
}

const button = (page, name) => page.getByRole("button", { name });

test("a what-if keeps the focus where it was pressed, and leaves it in the part it was taken back in", async () => {
  const page = await open(browser);
  await enter(page, STATES.allowed);
  await verdict(page, "Allowed");
  await page.locator(".strip button").first().waitFor();
  const tile = page.locator(".strip button", { hasText: "Push to another branch" });
  await press(page, tile, /^Push to another branch/);
  assert.equal(await page.locator(":focus").getAttribute("aria-pressed"), "true");
  await press(page, button(page, "Back to the token"), /^Token$/);
  await press(page, button(page, /^Try this one: /).first(), /^Try this one: /);
  await press(page, button(page, "Undo the what-if"), /^What if a claim were different$/);
});

test("no key finds the focus nowhere, however long drawing takes", async () => {
  const page = await open(browser);
  await enter(page, STATES.allowed);
  await verdict(page, "Allowed");
  await page.evaluate(() => {
    globalThis.lost = 0;
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => (globalThis.lost += document.activeElement === document.body);
    // What comes next after the drawing that took the focus away.
    addEventListener("focusout", () => port2.postMessage(""));
  });
  const session = await page.context().newCDPSession(page);
  await session.send("Emulation.setCPUThrottlingRate", { rate: 8 });
  for (const name of ["Push to another branch", "Push of a tag"]) {
    const tile = page.locator(".strip button", { hasText: name });
    await press(page, tile, new RegExp(`^${name}`));
  }
  assert.equal(await page.evaluate(() => globalThis.lost), 0);
  await page.context().close();
});

test("a fact that is given leaves the focus in Why", async () => {
  const page = await open(browser);
  await enter(page, STATES.undecided);
  await page.locator(".asks input").fill("203.0.113.7");
  await press(page, button(page, "Decide with it"), /^Why$/);
  await verdict(page, "Allowed");
});

test("what forgets itself leaves the focus beside it", async () => {
  const page = await open(browser);
  await page.locator("#p-settings > summary").click();
  await button(page, "Add a key").press("Enter");
  await press(page, button(page, "Forget key 1"), /^Add a key$/);
  const remember = page.getByRole("checkbox", { name: /^Remember/ });
  await remember.check();
  await button(page, "Forget both").press("Enter");
  assert.ok(await remember.evaluate((box) => box === document.activeElement));
});

test("writing a set-up keeps the focus on its button", async () => {
  const page = await open(browser);
  await button(page, "Set up").click();
  const form = page.locator("#p-setup");
  for (const [label, text] of [["Repository", "octo-org/octo-repo"], ["Owner id", "123456"], ["Repository id", "456789"], ["Account", "111122223333"], ["Region", "eu-west-1"], ["ECR repository", "octo-repo"]])
    await form.getByLabel(label, { exact: true }).fill(text);
  await button(page, "Write the set-up").press("Enter");
  await form.getByText("can be assumed by these runs alone").waitFor();
  assert.equal(await focused(page), "Write the set-up");
  assert.equal(await form.locator(".btn.pri").count(), 1);
});

test("where panes fold, the focus goes to the line that opens what it was in", async () => {
  const page = await open(browser, { viewport: { width: 600, height: 800 }, permissions: ["clipboard-read", "clipboard-write"] });
  await enter(page, { token: STATES.denied.token });
  await page.evaluate((text) => navigator.clipboard.writeText(text), STATES.denied.policy);
  await box(page, "Trust policy").focus();
  await page.keyboard.press("Control+V");
  await verdict(page, "Denied");
  assert.equal(await page.locator("#p-policy").evaluate((pane) => pane.open), false);
  assert.equal(await focused(page), "Trust policy");
  await page.keyboard.press("Enter");
  await box(page, "Trust policy").waitFor();
});

test("a repair that is applied on a narrow window shows the line that it changed", async () => {
  const page = await open(browser, { viewport: { width: 600, height: 640 } });
  await enter(page, STATES.denied);
  await verdict(page, "Denied");
  await button(page, "Apply to the policy").click();
  await verdict(page, "Allowed");
  assert.equal(await focused(page), "policy");
  const { top, bottom } = await page.locator(".pol .l, .pol pre > *").filter({ hasText: ":sub" }).first().evaluate((line) => line.getBoundingClientRect());
  assert.ok(top >= 0 && bottom <= 640, `the line is at ${top}`);
});

test("buttons of one name are told apart by what they are about", async () => {
  const page = await open(browser);
  await enter(page, STATES.denied);
  await page.locator(".who button").first().waitFor();
  const names = await page.locator(".who button, .alts button").evaluateAll((all) => all.map((one) => one.ariaLabel ?? one.innerText));
  assert.ok(names.some((name) => /^Use: ./.test(name)) && names.some((name) => /^Try this one: ./.test(name)), names.join("\n"));
  assert.equal(new Set(names).size, names.length, names.join("\n"));
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

test("a press that leaves the token's box reaches its target, though the box folds", async () => {
  const page = await open(browser, { viewport: { width: 1440, height: 1000 } });
  const long = Object.fromEntries(Array.from({ length: 20 }, (_, n) => [`claim_${n}`, "octo".repeat(20)]));
  await enter(page, { token: token(claims(undefined, long)) });
  const height = () => page.locator(".tok").evaluate((box) => box.offsetHeight);
  const click = async (target) => {
    await box(page, "Token").focus();
    const unfolded = await height();
    const { x, y, height: high } = await target.boundingBox();
    await page.mouse.move(x + 8, y + high / 2);
    await page.mouse.down();
    await page.waitForTimeout(200);
    await page.mouse.up();
    await page.waitForTimeout(200);
    assert.ok((await height()) < unfolded - 30, "the box folds once the press is over");
  };
  const atIssue = page.getByRole("checkbox", { name: "Judge as of the token's issue time" });
  await click(atIssue);
  assert.ok(await atIssue.isChecked());
  await click(page.getByText("How to check"));
  assert.ok(await page.getByText("Open your browser's developer tools").isVisible());
  // Without a pointer it folds at once.
  await box(page, "Token").focus();
  const unfolded = await height();
  await page.keyboard.press("Tab");
  assert.ok((await height()) < unfolded - 30);
});
