// `import init, { predict } from "rolecall/predict"`: a module of its own. predict.d.ts documents it.

import { module } from "./module.js";

const { init, ask } = module(new URL("predict.wasm", import.meta.url));

export default init;
export const predict = (question) => ask("predict", question);
