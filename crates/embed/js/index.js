// The JavaScript API: `import init, { check } from "rolecall"`. index.d.ts documents it.

import { module } from "./module.js";

const { init, ask } = module(new URL("engine.wasm", import.meta.url));

export default init;
export const check = (question) => ask("check", question);
export const inspect = (question) => ask("inspect", question);
