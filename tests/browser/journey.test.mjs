// From the workflow to the push: no token yet, the six steps, and the set-up of a repository.

import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { after, test } from "node:test";
import { box, enter, launch, open, overflow, verdict, violations } from "./page.mjs";
import { STATES, subEquals } from "./samples.mjs";

const browser = await launch();
after(() => browser.close());

const ROLE = "arn:aws:iam::111122223333:role/push";
const STEP = `- uses: aws-actions/configure-aws-credentials@v5
        with: {role-to-assume: "${ROLE}", aws-region: eu-west-1}`;
const WORKFLOW = `on:
  push: {branches: [main]}
  pull_request:
permissions: {contents: read}
jobs:
  closed:
    runs-on: ubuntu-latest
    steps:
      ${STEP}
  release:
    runs-on: ubuntu-latest
    environment: production
    permissions: {id-token: write, contents: read}
    steps:
      ${STEP}
  open:
    runs-on: ubuntu-latest
    permissions: {id-token: write, contents: read}
    steps:
      ${STEP}
`;
const POLICY = subEquals("repo:octo-org/octo-repo:environment:production");
const REPOSITORY = "arn:aws:ecr:eu-west-1:111122223333:repository/octo-repo";
const PUSH = ["BatchCheckLayerAvailability", "InitiateLayerUpload", "UploadLayerPart", "CompleteLayerUpload", "BatchGetImage"];
const allow = (actions) =>
  JSON.stringify({ Version: "2012-10-17", Statement: [{ Effect: "Allow", Action: actions.map((one) => `ecr:${one}`), Resource: "*" }] });

/** The page with a workflow in the token's place. */
async function foreseen({ workflow = WORKFLOW, policy, options = {} } = {}) {
  const page = await open(browser, options);
  await page.getByRole("radio", { name: "No token yet: the workflow" }).check();
  await box(page, "Workflow").fill(workflow);
  if (policy) await enter(page, { policy });
  return page;
}

const pane = (page, id) => page.locator(`#p-${id}`);
const jobs = (page) => page.locator(".jobs button");
const steps = (page) => page.getByRole("navigation", { name: /Six steps/ }).getByRole("listitem").allInnerTexts();

async function classic(page) {
  await pane(page, "token").getByLabel("Repository", { exact: true }).fill("octo-org/octo-repo");
  await pane(page, "token").getByLabel("Subjects").selectOption("classic");
}

/** Opens the pane of the permissions and fills it in. */
async function permit(page, actions, more = {}) {
  await pane(page, "push").locator("summary").first().click();
  await page.getByLabel("Permissions of the role").fill(allow(actions));
  await pane(page, "push").getByLabel("ECR repository").fill(REPOSITORY);
  if (Object.keys(more).length) await page.getByText("Other policies that have a say").click();
  for (const [label, text] of Object.entries(more)) await pane(page, "push").getByLabel(label, { exact: true }).fill(text);
}

async function setUp(page, fields = {}) {
  await page.getByRole("button", { name: "Set up", exact: true }).click();
  const form = pane(page, "setup");
  const usual = { Repository: "octo-org/octo-repo", "Owner id": "123456", "Repository id": "456789", Account: "111122223333", Region: "eu-west-1", "ECR repository": "octo-repo" };
  for (const [label, text] of Object.entries({ ...usual, ...fields })) await form.getByLabel(label, { exact: true }).fill(text);
  await form.getByRole("button", { name: "Write the set-up" }).click();
  return form;
}

test("a job that may not ask for a token is denied before anything reaches AWS", async () => {
  const page = await foreseen({ policy: POLICY });
  assert.match(await verdict(page, "Denied"), /The job may not ask for a token/);
  assert.match(await page.locator(".aws").innerText(), /Nothing reaches AWS/);
  const [ask, ...others] = await steps(page);
  assert.match(ask, /failed[^]*closed gets no token/);
  for (const step of others.slice(0, 3)) assert.match(step, /not reached/);
  assert.equal(await pane(page, "policy").locator(".meta").first().innerText(), "IAM would store it");
  assert.match(await page.getByRole("region", { name: "Trace" }).innerText(), /Not reached: the job gets no token/);
  await pane(page, "token").getByRole("button", { name: /^4:\d+.*select in the workflow/ }).first().click();
  const selected = await box(page, "Workflow").evaluate((text) => text.value.slice(text.selectionStart, text.selectionEnd));
  assert.match(selected, /contents: read/);
});

test("the job that assumes a role is judged, not one that asks for no token", async () => {
  const build = "  build:\n    runs-on: ubuntu-latest\n    steps: [{run: make}]\n";
  // What is typed first is not what is meant.
  const page = await foreseen({ workflow: `on: push\njobs:\n${build}  lint: {permissions: {id-token: write}, steps: []}\n`, policy: POLICY });
  await classic(page);
  assert.match((await steps(page))[0], /lint on push/);
  await box(page, "Workflow").fill(WORKFLOW.replace(/  closed:[^]*?(?=  release:)/, build));
  await verdict(page, "Allowed");
  assert.match((await steps(page))[0], /passed[^]*release on push/);
  assert.match((await jobs(page).first().innerText()).replace(/\s+/g, " "), /^build push asks for no token$/);
  await jobs(page).first().click();
  assert.match(await verdict(page, "No verdict"), /The job build asks for no token/);
  assert.match((await steps(page))[0], /not needed[^]*build asks for no token/);
  assert.equal(await page.locator(".journey .s-fail").count(), 0);
  assert.doesNotMatch(await pane(page, "token").locator(".job").innerText(), /write `?permissions/);
  // What was pressed stays.
  await box(page, "Workflow").press("End");
  await box(page, "Workflow").press("Space");
  await verdict(page, "No verdict");
  await box(page, "Workflow").fill(`on: push\njobs:\n${build}`);
  await verdict(page, "No verdict");
  await page.reload();
  await page.getByRole("radio", { name: "No token yet: the workflow" }).check();
  await box(page, "Workflow").fill(`on: push\njobs:\n${build}`);
  assert.match(await verdict(page, "No verdict"), /no job of this workflow asks for a token/i);
});

test("every job on every event has a verdict; a press judges one", async () => {
  const page = await foreseen({ policy: POLICY });
  await classic(page);
  const rows = () => jobs(page).allInnerTexts().then((all) => all.map((row) => row.replace(/\s+/g, " ")));
  await page.locator(".jobs").getByText("Allowed").first().waitFor();
  await page.waitForFunction(() => document.querySelectorAll(".jobs .o").length === 6 && ![...document.querySelectorAll(".jobs .o")].some((one) => one.textContent === "gets a token"));
  assert.deepEqual(await rows(), [
    "closed push no token missing_id_token_permission",
    "closed pull_request no token missing_id_token_permission",
    "release push Allowed repo:octo-org/octo-repo:environment:production",
    "release pull_request Allowed repo:octo-org/octo-repo:environment:production",
    "open push Denied repo:octo-org/octo-repo:ref:refs/heads/main",
    "open pull_request Denied repo:octo-org/octo-repo:pull_request",
  ]);
  await jobs(page).nth(2).press("Enter");
  await verdict(page, "Allowed");
  assert.match((await steps(page))[0], /passed[^]*release on push/);
  assert.equal(await jobs(page).nth(2).getAttribute("aria-pressed"), "true");
  await jobs(page).nth(4).press("Enter");
  assert.match(await verdict(page, "Denied"), /environment|branch/);
  assert.match(await page.locator(".anat").innerText(), /branch main/);
});

test("where it is not known whether subjects have ids, both forms are judged", async () => {
  const page = await foreseen({ policy: POLICY });
  await pane(page, "token").getByLabel("Repository", { exact: true }).fill("octo-org/octo-repo");
  await jobs(page).nth(2).click();
  assert.match(await verdict(page, "Undecided"), /which of the tokens the run gets/);
  assert.match((await steps(page))[3], /unknown[^]*1 of 1 statement may apply/);
  await jobs(page).nth(2).getByText("Undecided").waitFor();
  const row = (await jobs(page).nth(2).innerText()).replace(/\s+/g, " ");
  assert.match(row, /Undecided repo:octo-org\/octo-repo:environment:production and 1 more$/);
  const why = await page.getByRole("region", { name: "Why" }).innerText();
  assert.match(why, /If the run gets the token/);
  assert.match(why, /Of the token [^]*subject with ids: repo:[^]*carries/);
  const trust = await page.getByRole("region", { name: "Checks" }).getByRole("listitem").last().innerText();
  assert.match(trust, /unknown[^]*Trust policy[^]*depends on which of the tokens/);
  const trace = await page.getByRole("region", { name: "Trace" }).innerText();
  assert.match(trace, /Statement 1[^]*unknown[^]*met where it is repo:octo-org\/octo-repo:environment:production, not met where it is repo:/i);
  assert.doesNotMatch(await page.locator("table.claims").innerText(), /not met/);
});

test("a subject that several tokens have is listed once", async () => {
  const page = await foreseen({ workflow: WORKFLOW.replace("push: {branches: [main]}", "push:"), policy: POLICY });
  await jobs(page).nth(2).click();
  const row = (await jobs(page).nth(2).innerText()).replace(/\s+/g, " ");
  assert.match(row, /environment:production and 1 more$/);
  const subjects = await page.locator(".tokens code").allInnerTexts();
  assert.equal(subjects.length, 2);
  assert.equal(new Set(subjects).size, 2);
});

test("what is not known of a token stays so where a claim is changed", async () => {
  const page = await foreseen({ policy: subEquals("repo:octo-org/octo-repo:environment:production", { StringLike: { "token.actions.githubusercontent.com:repository_id": "4567*" } }) });
  await classic(page);
  await jobs(page).nth(2).click();
  assert.match(await verdict(page, "Undecided"), /repository_id/);
  await page.getByRole("button", { name: "What if a claim were different" }).click();
  const field = page.getByRole("textbox", { name: "workflow, what if", exact: true });
  await field.fill("Other");
  await page.getByText("What-if.").waitFor();
  assert.match(await verdict(page, "Undecided"), /repository_id/);
  await page.getByRole("textbox", { name: "repository_id, what if", exact: true }).fill("456789");
  await verdict(page, "Allowed");
  await page.getByRole("button", { name: "Back to the workflow" }).click();
  await verdict(page, "Undecided");
});

test("what GitHub's API says of the repository counts", async () => {
  const page = await foreseen({ policy: subEquals("repo:octo-org@123456/octo-repo@456789:environment:production") });
  await jobs(page).nth(2).click();
  await verdict(page, "Undecided");
  await page.getByText("More of the repository and the run").click();
  await page.getByLabel("Or what GitHub's API says").fill('{"full_name": "octo-org/octo-repo", "id": 456789, "owner": {"id": 123456}} {"sub_claim_prefix": "repo:octo-org@123456/octo-repo@456789"}');
  await verdict(page, "Allowed");
});

test("a text that is no workflow is told with its place", async () => {
  const page = await foreseen({ workflow: "on: [push", policy: POLICY });
  await verdict(page, "No verdict");
  assert.ok(await pane(page, "token").getByRole("button", { name: /^1:\d+.*select in the workflow/ }).count());
  assert.equal(await box(page, "Workflow").getAttribute("aria-invalid"), "true");
  await box(page, "Workflow").fill("jobs: {a: {if: false, steps: []}}\non: push");
  assert.match(await verdict(page, "No verdict"), /no job of this workflow asks for a token/i);
  await page.getByRole("radio", { name: "Token or claims" }).check();
  await enter(page, STATES.denied);
  await verdict(page, "Denied");
});

test("the push stops at the action that is missing, and the policy to add is there", async () => {
  const page = await foreseen({ policy: POLICY, options: { permissions: ["clipboard-read", "clipboard-write"] } });
  await classic(page);
  await jobs(page).nth(2).click();
  await verdict(page, "Allowed");
  await permit(page, ["GetAuthorizationToken", ...PUSH]);
  const push = page.getByRole("region", { name: "ECR push", exact: true });
  await push.waitFor();
  assert.match(await push.innerText(), /Denied: the push stops at ecr:PutImage[^]*no identity-based policy allows the ecr:PutImage action/);
  assert.match((await steps(page))[5], /failed[^]*stops at PutImage/);
  await push.getByRole("button", { name: "Copy the policy" }).click();
  await page.getByText("Policy copied").waitFor();
  const copied = JSON.parse(await page.evaluate(() => navigator.clipboard.readText()));
  assert.deepEqual(copied.Statement, [{ Effect: "Allow", Action: ["ecr:PutImage"], Resource: REPOSITORY }]);
  await page.getByLabel("Permissions of the role").fill(allow(["GetAuthorizationToken", ...PUSH, "PutImage"]));
  await push.getByText("Allowed: the session logs in").waitFor();
  assert.match((await steps(page))[5], /passed[^]*login and push allowed/);
  await verdict(page, "Allowed");
});

test("every policy over the role has its say", async () => {
  const page = await foreseen();
  await permit(page, ["*"], { "Service control policy": allow(["GetAuthorizationToken"]) });
  const push = page.getByRole("region", { name: "ECR push", exact: true });
  await push.getByText("the push stops at ecr:BatchCheckLayerAvailability").waitFor();
  await pane(page, "push").getByLabel("Service control policy", { exact: true }).fill("");
  await push.getByText("Allowed: the session logs in").waitFor();
  await page.getByLabel("Permissions of the role").fill("{");
  await pane(page, "push").getByText(/^The permissions: /).waitFor();
  assert.match((await steps(page))[5], /permissions can't be read/);
});

test("permissions without a repository lack its name alone", async () => {
  const page = await foreseen({ policy: POLICY });
  await pane(page, "push").locator("summary").first().click();
  await page.getByLabel("Permissions of the role").fill(allow(["*"]));
  await pane(page, "push").getByText(/^Name the ECR repository/).waitFor();
  assert.match(await pane(page, "push").locator("summary").first().innerText(), /name the ECR repository/);
  assert.match((await steps(page))[5], /name the ECR repository/);
  assert.equal(await pane(page, "push").locator(".faults").count(), 0);
  await pane(page, "push").getByLabel("ECR repository").fill("x");
  await pane(page, "push").locator(".faults").waitFor();
  assert.match((await steps(page))[5], /the ECR repository can't be read/);
});

test("a set-up is written, proved, and judged on this page: all six steps pass", async () => {
  const page = await open(browser, { permissions: ["clipboard-read", "clipboard-write"] });
  const form = await setUp(page);
  await form.getByText("can be assumed by these runs alone, and can push").waitFor();
  assert.match(await form.getByRole("region", { name: "push.tf" }).innerText(), /aws_iam_openid_connect_provider/);
  await form.getByRole("button", { name: "Copy .github/workflows/push-image.yml" }).click();
  await page.getByText("File copied").waitFor();
  assert.match(await page.evaluate(() => navigator.clipboard.readText()), /id-token: write/);
  await form.getByRole("button", { name: "Judge it on this page" }).click();
  await verdict(page, "Allowed");
  for (const step of await steps(page)) assert.match(step, /passed/);
  assert.deepEqual(page.log, []);
});

test("a set-up that can't be is refused with the reason", async () => {
  const page = await open(browser);
  const form = await setUp(page, { Account: "12" });
  await form.locator(".faults").waitFor();
  assert.match(await form.locator(".faults").innerText(), /account/i);
  await form.getByLabel("Account", { exact: true }).fill("111122223333");
  await form.getByLabel("Which runs push").selectOption("pull_requests");
  await form.getByLabel("Written as").selectOption("cli");
  await form.getByRole("button", { name: "Write the set-up" }).click();
  await form.getByRole("region", { name: "trust.json" }).waitFor();
  assert.match(await form.innerText(), /every pull request from a branch of the repository can push/i);
});

test("a link holds workflow and permissions, too", async () => {
  const page = await foreseen({ policy: POLICY, options: { permissions: ["clipboard-read", "clipboard-write"] } });
  await classic(page);
  await jobs(page).nth(2).click();
  await verdict(page, "Allowed");
  await permit(page, ["GetAuthorizationToken"]);
  await page.getByRole("button", { name: "Share", exact: true }).click();
  await page.getByRole("button", { name: "Copy link" }).click();
  await page.getByText("Link copied").waitFor();
  const link = await page.evaluate(() => navigator.clipboard.readText());
  const other = await open(browser, {}, new URL(link).hash);
  await verdict(other, "Allowed");
  assert.equal(await box(other, "Workflow").inputValue(), WORKFLOW);
  assert.match((await steps(other))[0], /release on push/);
  assert.match((await steps(other))[5], /stops at BatchCheckLayerAvailability/);
});

test("the command of a workflow's job runs, and decides the same", async () => {
  const page = await foreseen({ policy: POLICY, options: { permissions: ["clipboard-read", "clipboard-write"] } });
  await classic(page);
  // An address is what one has at hand.
  await page.getByRole("textbox", { name: "Repository", exact: true }).first().fill("https://github.com/octo-org/octo-repo");
  for (const [row, word, code] of [[2, "Allowed", 0], [4, "Denied", 1]]) {
    await jobs(page).nth(row).click();
    await verdict(page, word);
    await page.getByRole("button", { name: "Share", exact: true }).click();
    await page.getByRole("button", { name: "Copy CLI command" }).click();
    await page.getByText("Command copied").waitFor();
    const command = await page.evaluate(() => navigator.clipboard.readText());
    await page.keyboard.press("Escape");
    const folder = await mkdtemp(join(tmpdir(), "rolecall-command-"));
    const PATH = `${dirname(process.env.ROLECALL_CLI)}${delimiter}${process.env.PATH}`;
    const ran = spawnSync("sh", ["-c", command], { cwd: folder, env: { ...process.env, PATH }, encoding: "utf8" });
    await rm(folder, { recursive: true });
    assert.equal(ran.status, code, `${command}\n${ran.stdout}${ran.stderr}`);
    assert.match(ran.stdout, new RegExp(`^${word}`, "m"));
  }
});

for (const colorScheme of ["light", "dark"]) {
  test(`axe has nothing to say, and nothing overflows: ${colorScheme}`, async () => {
    const page = await foreseen({ policy: POLICY, options: { colorScheme, viewport: { width: 320, height: 800 } } });
    await jobs(page).nth(2).click();
    await permit(page, ["GetAuthorizationToken"]);
    const form = await setUp(page);
    await form.getByText("can be assumed by these runs alone").waitFor();
    assert.deepEqual(await violations(page), []);
    assert.ok((await overflow(page)) <= 0);
    await page.setViewportSize({ width: 1440, height: 900 });
    assert.deepEqual(await violations(page), []);
    assert.ok((await overflow(page)) <= 0);
  });
}
