// The engine that the page fetches after its first render, as web/src/engine.rs finds it.

import assert from "node:assert/strict";
import { after, test } from "node:test";
import { box, enter, launch, open, verdict } from "./page.mjs";

const browser = await launch();
after(() => browser.close());

const POLICY = JSON.stringify({
  Version: "2012-10-17",
  Statement: [
    {
      Effect: "Allow",
      Principal: { Federated: "arn:aws:iam::111122223333:oidc-provider/token.actions.githubusercontent.com" },
      Action: "sts:AssumeRoleWithWebIdentity",
      Condition: { StringEquals: { "token.actions.githubusercontent.com:sub": "repo:octo-org/octo-repo:*" } },
    },
  ],
});
const QUESTION = JSON.stringify({ policy: POLICY, claims: { sub: "repo:octo-org/octo-repo:ref:refs/heads/main" }, partial: true });

/** Calls a function of the engine in the page. */
const engine = async (page, name, ...args) => {
  const answer = await page.evaluate(([name, args]) => globalThis.rolecall[name](...args), [name, args]);
  return typeof answer === "string" ? JSON.parse(answer) : answer;
};

test("the engine answers on the main thread and in a Worker alike", async () => {
  const page = await open(browser);
  const report = await engine(page, "call", "check", QUESTION);
  assert.equal(report.schema, "rolecall.check/1");
  assert.equal(report.causes[0].id, "stringequals_with_wildcard");
  assert.deepEqual(await engine(page, "work", "check", QUESTION), report);
  assert.deepEqual(page.log, []);
});

test("what is no question is answered with a report", async () => {
  const page = await open(browser);
  for (const [verb, question] of [["check", "nonsense"], ["inspect", "[]"], ["nonsense", "{}"], ["room", "{}"]]) {
    assert.equal((await engine(page, "call", verb, question)).schema, "rolecall.error/1", verb);
  }
  assert.equal(await engine(page, "has", "check"), true);
  assert.equal(await engine(page, "has", "nonsense"), false);
});

test("work is cancelled and taken up again, without any request", async () => {
  const page = await open(browser);
  const before = page.requests.length;
  const answers = await page.evaluate(async (question) => {
    const cancelled = globalThis.rolecall.work("check", question);
    globalThis.rolecall.cancel();
    return [await cancelled, await globalThis.rolecall.work("check", question)];
  }, QUESTION);
  assert.equal(answers[0], undefined);
  assert.equal(JSON.parse(answers[1]).decision, "deny");
  assert.deepEqual(page.requests.slice(before), []);
});

test("a policy is found in other texts", async () => {
  const page = await open(browser);
  const template = `Resources:\n  Deploy:\n    Type: AWS::IAM::Role\n    Properties:\n      AssumeRolePolicyDocument: ${POLICY}\n`;
  const report = await engine(page, "call", "check", JSON.stringify({ ...JSON.parse(QUESTION), policy: template }));
  assert.equal(report.causes[0].location.start.line, 5);
});

test("a panic in the page is told, and what was entered is kept", async () => {
  const page = await open(browser);
  await enter(page, { token: "{}", policy: POLICY });
  const before = page.requests.length;
  await page.evaluate(() => dispatchEvent(new ErrorEvent("error", { error: new WebAssembly.RuntimeError("unreachable") })));
  await page.getByRole("button", { name: "Start again with the same texts" }).click();
  await page.getByRole("alert").waitFor({ state: "detached" });
  assert.equal(await box(page, "Trust policy").inputValue(), POLICY);
  assert.equal(await box(page, "Token").inputValue(), "{}");
  await enter(page, { token: JSON.stringify(JSON.parse(QUESTION).claims) });
  await verdict(page, "(Denied|Undecided)");
  assert.deepEqual(page.requests.slice(before), []);
});

test("an engine that stops is told, and not hidden behind an earlier verdict", async () => {
  const page = await open(browser);
  const claims = JSON.stringify(JSON.parse(QUESTION).claims);
  await enter(page, { token: claims, policy: POLICY });
  await verdict(page, "(Denied|Undecided)");
  /** From here on the engine stops over drawings with this in their question. */
  const stopOver = (part) =>
    page.evaluate((part) => {
      const { call } = globalThis.rolecall;
      const causes = [{ id: "internal_error", summary: "the engine stopped: unreachable", help: "report it" }];
      globalThis.rolecall.call = (verb, question) =>
        verb === "draw" && question.includes(part) ? JSON.stringify({ schema: "rolecall.error/1", causes }) : call(verb, question);
    }, part);
  await stopOver('"what":"format"');
  await page.getByRole("button", { name: "Format" }).click();
  assert.equal(await box(page, "Trust policy").inputValue(), POLICY);
  await stopOver('"check":');
  await enter(page, { policy: `${POLICY} ` });
  assert.match(await verdict(page, "No verdict"), /The engine stopped/);
  assert.equal(await box(page, "Token").inputValue(), claims);
});
