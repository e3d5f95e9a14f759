// A module of the API: loaded once, then asked.

import { Engine } from "./engine.js";

// Bundlers take what stands in `import("...")` and in `new URL(..., import.meta.url)` for files of theirs.
const HERE = import.meta.url;
const FILES = "node:fs/promises";

/** `file` is the module that is loaded where `init` is given no other. */
export function module(file) {
  let engine;
  let started;
  const init = (source = file) =>
    (started ??= compile(source).then(
      (module) => {
        engine = new Engine(module);
      },
      (error) => {
        started = undefined;
        throw error;
      },
    ));
  const ask = (verb, question) => {
    if (!engine) throw new Error("rolecall is not loaded: await init() first");
    return JSON.parse(answer(engine, verb, question));
  };
  return { init, ask };
}

function answer(engine, verb, question) {
  let text;
  try {
    text = JSON.stringify(question) ?? "null";
  } catch (error) {
    return Engine.error("malformed_json", `the question is no JSON: ${error.message}`, "give a plain object");
  }
  return engine.call(verb, text);
}

async function compile(source) {
  const given = await source;
  if (given instanceof WebAssembly.Module) return given;
  if (given instanceof ArrayBuffer || ArrayBuffer.isView(given)) return WebAssembly.compile(given);
  const url = new URL(given instanceof Response ? given.url : given, HERE);
  if (url.protocol === "file:" && globalThis.process?.versions?.node) {
    const { readFile } = await import(FILES);
    return WebAssembly.compile(await readFile(url));
  }
  const response = given instanceof Response ? given : await fetch(url);
  if (!response.ok) throw new Error(`${url}: ${response.status} ${response.statusText}`);
  // Not compileStreaming: it insists on a content type that not every server knows.
  return WebAssembly.compile(await response.arrayBuffer());
}
