// `import init, { check, push } from "rolecall/full"`: all verbs, with all formats. full.d.ts documents it.

import { module } from "./module.js";

const { init, ask } = module(new URL("full.wasm", import.meta.url));

export default init;
export const check = (question) => ask("check", question);
export const inspect = (question) => ask("inspect", question);
export const who = (question) => ask("who", question);
export const diff = (question) => ask("diff", question);
export const fix = (question) => ask("fix", question);
export const lint = (question) => ask("lint", question);
export const predict = (question) => ask("predict", question);
export const push = (question) => ask("push", question);
export const generate = (question) => ask("generate", question);
export const explain = (question) => ask("explain", question);
