// The JavaScript API: `import init, { check } from "rolecall"`. index.d.ts documents it.

import { module } from "./module.js";

const { init, ask } = module(new URL("engine.wasm", import.meta.url));

export default init;
export const check = (question) => ask("check", question);
export const inspect = (question) => ask("inspect", question);
export const who = (question) => ask("who", question);
export const diff = (question) => ask("diff", question);
export const fix = (question) => ask("fix", question);
export const lint = (question) => ask("lint", question);
