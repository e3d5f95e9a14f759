// Screenshots of the page in its states, for people to look at: `cargo xtask shots`.

import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { enter, launch, open } from "./page.mjs";
import { STATES, broken, subEquals } from "./samples.mjs";

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
const JOB = `on:
  push: {branches: [main]}
  pull_request:
jobs:
  image:
    runs-on: ubuntu-latest
    environment: production
    permissions: {id-token: write, contents: read}
    steps:
      - uses: aws-actions/configure-aws-credentials@v5
        with: {role-to-assume: "arn:aws:iam::111122223333:role/push", aws-region: eu-west-1}
  forgotten:
    runs-on: ubuntu-latest
    permissions: {contents: read}
    steps:
      - uses: aws-actions/configure-aws-credentials@v5
        with: {role-to-assume: "arn:aws:iam::111122223333:role/push", aws-region: eu-west-1}
`;
const PERMISSIONS = '{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": ["ecr:GetAuthorizationToken", "ecr:BatchCheckLayerAvailability"], "Resource": "*"}]}';

async function foresee(page) {
  await page.getByRole("radio", { name: "No token yet: the workflow" }).check();
  await page.getByRole("textbox", { name: "Workflow", exact: true }).fill(JOB);
  await enter(page, { policy: subEquals("repo:octo-org/octo-repo:environment:production") });
  await page.locator("#p-push > summary").click();
  await page.getByLabel("Permissions of the role").fill(PERMISSIONS);
  await page.locator("#p-push").getByLabel("ECR repository").fill("arn:aws:ecr:eu-west-1:111122223333:repository/octo-repo");
  await page.waitForTimeout(2000);
}

async function setUp(page) {
  await page.getByRole("button", { name: "Set up", exact: true }).click();
  const form = page.locator("#p-setup");
  const fields = { Repository: "octo-org/octo-repo", "Owner id": "123456", "Repository id": "456789", Account: "111122223333", Region: "eu-west-1", "ECR repository": "octo-repo" };
  for (const [label, text] of Object.entries(fields)) await form.getByLabel(label, { exact: true }).fill(text);
  await form.getByRole("button", { name: "Write the set-up" }).click();
  await form.locator(".proofs").waitFor();
}

for (const [name, prepare] of [["workflow", foresee], ["set-up", setUp]]) {
  for (const colorScheme of ["light", "dark"]) {
    for (const width of [1440, 320]) await shoot(`${name}-${colorScheme}-${width}`, { colorScheme, viewport: { width, height: 900 } }, prepare);
  }
}
await shoot("share-light-1440", { viewport: { width: 1440, height: 900 } }, async (page) => {
  await enter(page, STATES.denied);
  await page.getByRole("button", { name: "Share", exact: true }).click();
});
await shoot("denied-forced-1440", { forcedColors: "active", viewport: { width: 1440, height: 900 } }, (page) =>
  enter(page, STATES.denied),
);
await browser.close();
