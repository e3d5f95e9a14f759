// Compiles only where the types of the package fit how it is used; api.test.mjs runs the compiler.

import init, { check, inspect, type Case, type CheckReport, type ErrorReport } from "rolecall";
import { predict } from "rolecall/predict";
import load, { check as checkAll, explain, generate, push } from "rolecall/full";
import { RolecallCheck } from "rolecall/element";

await init(new URL("engine.wasm", import.meta.url));

const question: Case = {
  policy: "{}",
  claims: { sub: "repo:octo-org/octo-repo:pull_request" },
  partial: true,
  context: { "aws:SourceIp": "203.0.113.7", "aws:SourceVpc": null },
  now: "2026-11-23T14:00:00Z",
};
const report: CheckReport | ErrorReport = check(question);
if (report.schema === "rolecall.check/1") {
  const decision: "allow" | "deny" | "undecided" = report.decision;
  const first: number | undefined = report.causes[0]?.location?.start.utf16;
  console.log(decision, first, report.statements[0]?.parts[0]?.expected[0]?.why);
}

const taken = inspect({ token: "..." });
if (taken.schema === "rolecall.inspect/1") console.log(taken.subject?.segments[0]?.text);

const tokens = predict({ workflows: [{ path: "a.yml", text: "" }], settings: { repository: "octo-org/octo-repo" } });
if (tokens.schema === "rolecall.predict/1") console.log(tokens.jobs[0]?.no_token?.id);

await load();
const job = checkAll({ policy: "", workflows: [{ path: "a.yml", text: "" }], run: { job: "deploy", event: "push" }, role: "deploy" });
if (job.schema === "rolecall.check/1") console.log(job.decision);
const pushed = push({ repository: "arn:aws:ecr:eu-west-1:111122223333:repository/octo-repo", policies: ["{}"] });
if (pushed.schema === "rolecall.push/1") console.log(pushed.stops_at, pushed.steps[0]?.why, pushed.missing[0]?.document);
const set = generate({ repo: "octo-org/octo-repo", branch: "main", account: "111122223333", region: "eu-west-1", ecr: "octo-repo" });
if (set.schema === "rolecall.generate/1") console.log(set.files[0]?.path, set.proved[0]?.by);
const explained = explain({ text: "immutable_sub" });
if (explained.schema === "rolecall.explain/1") console.log(explained.query, explained.pages[0]?.meaning);

const element = document.createElement("rolecall-check");
const same: RolecallCheck = element;
element.claims = { sub: "repo:octo-org/octo-repo:pull_request" };
document.addEventListener("rolecall-check:result", ({ detail }) => console.log(detail.report.decision));
element.policy = { Version: "2012-10-17", Statement: [] };
element.addEventListener("rolecall-check:result", ({ detail }) => console.log(detail.report.schema, same.report));

// @ts-expect-error: a policy is no number
check({ policy: 5 });
