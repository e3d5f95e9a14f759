// The JavaScript API in node: the package as it is shipped, and the same answers as the command line's.

import assert from "node:assert/strict";
import { execFile, spawn } from "node:child_process";
import { mkdir, mkdtemp, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { fileURLToPath, pathToFileURL } from "node:url";
import { promisify } from "node:util";
import { build } from "esbuild";

const run = promisify(execFile);
const EMBED = new URL("../../dist/embed/", import.meta.url);
const CASES = new URL("../cases/", import.meta.url);
const CLI = process.env.ROLECALL_CLI;
const { default: init, check, inspect } = await import(new URL("index.js", EMBED));

test("nothing is answered before the engine is there", () => {
  assert.throws(() => check({}), /await init\(\) first/);
});

test("bad input is a value", async () => {
  await init();
  const loop = {};
  loop.self = loop;
  for (const question of [undefined, null, 5, "text", [], {}, { policy: 5 }, { policy: "{", claims: {} }, { now: "soon" }, loop, { duration: 1n }]) {
    assert.equal(check(question).schema, "rolecall.error/1");
  }
});

test("a token is taken apart", async () => {
  await init();
  const report = inspect({ claims: { sub: "repo:octo-org/octo-repo:environment:production" } });
  assert.deepEqual([report.schema, report.subject.tail], ["rolecall.inspect/1", "environment"]);
});

test("the tokens of a workflow are predicted by a module of its own", async () => {
  const { default: init, predict } = await import(new URL("predict.js", EMBED));
  await init();
  const text = "on: push\njobs: {deploy: {runs-on: ubuntu-latest, permissions: {id-token: write}, environment: production, steps: []}}";
  const settings = { repository: "octo-org/octo-repo", sub_claim_prefix: "repo:octo-org/octo-repo" };
  const report = predict({ workflows: [{ path: ".github/workflows/deploy.yml", text }], settings });
  assert.equal(report.jobs[0].tokens[0].claims.sub, "repo:octo-org/octo-repo:environment:production");
  assert.equal(predict({ workflows: [{ path: "a.yml", text: "on: [" }] }).schema, "rolecall.error/1");
});

test("one module has all verbs and all formats", async () => {
  const { default: init, ...verbs } = await import(new URL("full.js", EMBED));
  await init();
  const { policy, workflow } = { policy: POLICY_TF, workflow: WORKFLOW };
  const run = { job: "deploy", event: "push" };
  const settings = { repository: "octo-org/octo-repo", sub_claim_prefix: "repo:octo-org/octo-repo" };
  assert.equal(verbs.check({ policy, workflows: [{ path: "deploy.yml", text: workflow }], settings, run }).decision, "allow");
  const repository = "arn:aws:ecr:eu-west-1:111122223333:repository/octo-repo";
  assert.equal(verbs.push({ repository, policies: ['{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "s3:*", "Resource": "*"}]}'] }).decision, "deny");
  const set = verbs.generate({ repo: "octo-org/octo-repo", subjects: "classic", branch: "main", account: "111122223333", region: "eu-west-1", ecr: "octo-repo" });
  assert.equal(set.schema, "rolecall.generate/1");
  assert.equal(verbs.explain({ text: "immutable_sub" }).pages[0].id, "immutable_sub");
  for (const [name, verb] of Object.entries(verbs)) assert.equal(verb(5).schema, "rolecall.error/1", name);
});

const POLICY_TF = `data "aws_iam_policy_document" "trust" {
  statement {
    actions = ["sts:AssumeRoleWithWebIdentity"]
    principals {
      type        = "Federated"
      identifiers = ["arn:aws:iam::111122223333:oidc-provider/token.actions.githubusercontent.com"]
    }
    condition {
      test     = "StringEquals"
      variable = "token.actions.githubusercontent.com:sub"
      values   = ["repo:octo-org/octo-repo:environment:production"]
    }
  }
}
resource "aws_iam_role" "deploy" {
  name               = "deploy"
  assume_role_policy = data.aws_iam_policy_document.trust.json
}
`;
const WORKFLOW = `on: push
jobs:
  deploy:
    runs-on: ubuntu-latest
    environment: production
    permissions: {id-token: write}
    steps:
      - uses: aws-actions/configure-aws-credentials@v5
        with: {role-to-assume: "arn:aws:iam::111122223333:role/deploy", aws-region: eu-west-1}
`;

test("an engine that stops is a value too, and the next question is answered anew", async () => {
  const { Engine } = await import(new URL("engine.js", EMBED));
  // (module (memory (export "memory") 1) (func (export "room") (param i32) (result i32) (i32.const 0))
  //   (func (export "answer") (result i32) (i32.const 0)) (func (export "check") (param f64) (result i32) unreachable))
  const stops = Uint8Array.from([
    0, 97, 115, 109, 1, 0, 0, 0, 1, 15, 3, 96, 1, 127, 1, 127, 96, 0, 1, 127, 96, 1, 124, 1, 127, 3, 4, 3, 0, 1, 2, 5, 3, 1, 0, 1, 7, 34, 4,
    6, 109, 101, 109, 111, 114, 121, 2, 0, 4, 114, 111, 111, 109, 0, 0, 6, 97, 110, 115, 119, 101, 114, 0, 1, 5, 99, 104, 101, 99, 107, 0, 2,
    10, 15, 3, 4, 0, 65, 0, 11, 4, 0, 65, 0, 11, 3, 0, 0, 11,
  ]);
  const engine = new Engine(new WebAssembly.Module(stops));
  for (const _ of [1, 2]) {
    const report = JSON.parse(engine.call("check", "{}"));
    assert.deepEqual([report.schema, report.causes[0].id], ["rolecall.error/1", "internal_error"]);
  }
});

/** Every case of a file, answered by the command line. */
async function commandLine(text) {
  const child = spawn(CLI, ["batch", "--full"], { stdio: ["pipe", "pipe", "inherit"] });
  child.stdin.end(text);
  let out = "";
  for await (const piece of child.stdout.setEncoding("utf8")) out += piece;
  return out.trimEnd().split("\n").map((line) => JSON.parse(line));
}

for (const name of ["check", "operators", "unreadable"]) {
  test(`the command line and the engine answer alike: ${name}`, async () => {
    await init();
    const text = await readFile(new URL(`${name}.jsonl`, CASES), "utf8");
    // The findings of both sides weigh the whole policy, which takes its time: a sample does.
    const lines = text.split("\n").filter((line, index) => line.trim() && index % 8 === 0);
    const questions = lines.map((line) => ({ line, question: JSON.parse(line) }));
    const answers = await commandLine(lines.join("\n"));
    assert.equal(answers.length, questions.length);
    questions.forEach(({ question, line }, index) => {
      const { id, ...expected } = answers[index];
      // As text, places are those of the text as it stands in the line.
      const report = check({ ...question, policy: asWritten(line, question.policy) });
      if (isEc(question.token)) {
        // The API verifies RSA, which GitHub signs with; the elliptic curves would cost it 30 KB.
        assert.equal(report.causes[0].id, "unknown_signing_key", line);
      } else if (expected.error === "input") {
        assert.deepEqual([report.schema, report.causes[0].id], ["rolecall.error/1", expected.cause], line);
      } else {
        assert.deepEqual(report, expected, line);
      }
    });
  });
}

const trust = (sub) =>
  JSON.stringify({
    Version: "2012-10-17",
    Statement: [
      {
        Effect: "Allow",
        Principal: { Federated: "arn:aws:iam::111122223333:oidc-provider/token.actions.githubusercontent.com" },
        Action: "sts:AssumeRoleWithWebIdentity",
        Condition: { StringLike: { "token.actions.githubusercontent.com:sub": sub } },
      },
    ],
  });
const OLD = trust("repo:octo-org/octo-repo:ref:refs/heads/*");
const NEW = trust("repo:octo-org*:*");
const CLAIMS = { sub: "repo:octo-org/octo-repo:environment:production", aud: "sts.amazonaws.com", repository: "octo-org/octo-repo" };

/** Verb, its question, and how the same is asked of the command line. */
const PROOFS = [
  ["who", { policy: NEW }, ["who", "new.json"]],
  ["lint", { policy: NEW }, ["lint", "new.json"]],
  ["diff", { old: OLD, new: NEW }, ["diff", "old.json", "new.json"]],
  ["fix", { policy: OLD, claims: CLAIMS, partial: true }, ["fix", "old.json", "claims.json", "--partial"]],
];

test("the command line and the API prove alike", async () => {
  const api = await import(new URL("index.js", EMBED));
  await api.default();
  const folder = await mkdtemp(join(tmpdir(), "rolecall-proofs-"));
  for (const [name, text] of [["old", OLD], ["new", NEW], ["claims", JSON.stringify(CLAIMS)]]) await writeFile(join(folder, `${name}.json`), text);
  for (const [verb, question, args] of PROOFS) {
    const { stdout } = await run(CLI, [...args, "--format", "json", "--exit-zero"], { cwd: folder });
    const expected = JSON.parse(stdout);
    for (const policy of expected.policies ?? []) policy.source = "policy";
    assert.deepEqual(api[verb](question), expected, verb);
  }
  await rm(folder, { recursive: true });
});

function isEc(token) {
  try {
    return JSON.parse(Buffer.from(token.split(".")[0], "base64url")).alg.startsWith("ES");
  } catch {
    return false;
  }
}

/** A policy that stands in a line as an object, as the text of the line has it. */
function asWritten(line, policy) {
  if (policy === undefined || policy === null || typeof policy === "string") return policy;
  const start = line.indexOf('"policy":') + '"policy":'.length;
  const from = start + line.slice(start).search(/\S/);
  for (let end = line.indexOf("}", from); end >= 0; end = line.indexOf("}", end + 1)) {
    const text = line.slice(from, end + 1);
    try {
      JSON.parse(text);
      return text;
    } catch {
      // Not the end yet.
    }
  }
  throw new Error(line);
}

test("the types fit", async () => {
  const compiler = fileURLToPath(new URL("node_modules/typescript/bin/tsc", import.meta.url));
  const files = { rolecall: "index.d.ts", "rolecall/predict": "predict.d.ts", "rolecall/full": "full.d.ts", "rolecall/element": "rolecall-check.d.ts" };
  const folder = await mkdtemp(join(tmpdir(), "rolecall-types-"));
  const config = {
    compilerOptions: {
      noEmit: true,
      strict: true,
      target: "esnext",
      lib: ["esnext", "dom"],
      module: "preserve",
      types: [],
      paths: Object.fromEntries(Object.entries(files).map(([name, file]) => [name, [fileURLToPath(new URL(file, EMBED))]])),
    },
    files: [fileURLToPath(new URL("types/use.ts", import.meta.url))],
  };
  await writeFile(join(folder, "tsconfig.json"), JSON.stringify(config));
  await run(process.execPath, [compiler, "--project", folder]).catch(({ stdout }) => assert.fail(stdout));
  await rm(folder, { recursive: true });
});

test("the package can be bundled", async () => {
  const folder = await mkdtemp(join(tmpdir(), "rolecall-bundle-"));
  await mkdir(join(folder, "node_modules"));
  await symlink(fileURLToPath(EMBED), join(folder, "node_modules/rolecall"));
  const contents = `export { default as init, check } from "rolecall"; export * as predict from "rolecall/predict";
    export const element = () => import("rolecall/element");`;
  const outfile = join(folder, "bundle.mjs");
  const { warnings } = await build({ stdin: { contents, resolveDir: folder }, bundle: true, format: "esm", outfile, logLevel: "silent" });
  assert.deepEqual(warnings, []);
  const { init, check } = await import(pathToFileURL(outfile));
  // Such a bundler copies no module: the address is given.
  await init(new URL("engine.wasm", EMBED));
  assert.equal(check({ policy: "{", claims: {} }).schema, "rolecall.error/1");
  await rm(folder, { recursive: true });
});

test("the package holds what it needs and nothing else", async () => {
  const { stdout } = await run("npm", ["pack", "--dry-run", "--json"], { cwd: fileURLToPath(EMBED) });
  const [{ name, files }] = JSON.parse(stdout);
  assert.equal(name, "rolecall");
  const names = files.map(({ path }) => path).sort();
  assert.deepEqual(names, [
    "LICENSE-APACHE",
    "LICENSE-MIT",
    "README.md",
    "embed.css",
    "embed.html",
    "embed.js",
    "engine.js",
    "engine.wasm",
    "full.d.ts",
    "full.js",
    "full.wasm",
    "index.d.ts",
    "index.js",
    "listing.js",
    "module.js",
    "package.json",
    "predict.d.ts",
    "predict.js",
    "predict.wasm",
    "rolecall-check.d.ts",
    "rolecall-check.js",
    "style.js",
    "verdict.wasm",
  ]);
});
