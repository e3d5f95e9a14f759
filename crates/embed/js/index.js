// The JavaScript API: `import init, { check } from "rolecall"`. index.d.ts documents it.

import { Engine } from "./engine.js";

let engine;
let started;

/** Loads the engine, once. */
export default function init(source) {
  return (started ??= compile(source).then(
    (module) => {
      engine = new Engine(module);
    },
    (error) => {
      started = undefined;
      throw error;
    },
  ));
}

export const check = (question) => ask("check", question);
export const inspect = (question) => ask("inspect", question);

function ask(verb, question) {
  if (!engine) throw new Error("rolecall is not loaded: await init() first");
  let text;
  try {
    text = JSON.stringify(question) ?? "null";
  } catch (error) {
    text = undefined;
    return JSON.parse(Engine.error("malformed_json", `the question is no JSON: ${error.message}`, "give a plain object"));
  }
  return JSON.parse(engine.call(verb, text));
}

async function compile(source = new URL("engine.wasm", import.meta.url)) {
  const given = await source;
  if (given instanceof WebAssembly.Module) return given;
  if (given instanceof ArrayBuffer || ArrayBuffer.isView(given)) return WebAssembly.compile(given);
  const url = new URL(given instanceof Response ? given.url : given, import.meta.url);
  if (url.protocol === "file:" && globalThis.process?.versions?.node) {
    const { readFile } = await import("node:fs/promises");
    return WebAssembly.compile(await readFile(url));
  }
  const response = given instanceof Response ? given : await fetch(url);
  if (!response.ok) throw new Error(`${url}: ${response.status} ${response.statusText}`);
  // Not compileStreaming: it insists on a content type that not every server knows.
  return WebAssembly.compile(await response.arrayBuffer());
}
