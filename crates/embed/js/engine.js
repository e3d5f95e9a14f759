// Calls the engine's module: a question as JSON in, the report as JSON out. crates/embed/src/lib.rs tells the
// boundary. The class stands alone: its text is also what a Worker runs (web/boot.js).

export class Engine {
  #module;
  #exports;

  /** @param {WebAssembly.Module} module The compiled `engine.wasm`. */
  constructor(module) {
    this.#module = module;
  }

  /** Whether the engine has this verb. */
  has(verb) {
    return /^[a-z]+$/.test(verb) && !["room", "answer", "memory"].includes(verb)
      && WebAssembly.Module.exports(this.#module).some(({ name }) => name === verb);
  }

  /** The report of a verb, as JSON. It never throws: what stops the engine is a report, too. */
  call(verb, question) {
    if (!this.has(verb)) return Engine.error("unknown_verb", `there is no \`${verb}\` in this engine`, "use a newer version of rolecall");
    try {
      return this.#ask(verb, question);
    } catch (error) {
      // A new instance answers the next question: the memory of this one is in no known state.
      this.#exports = undefined;
      return Engine.error("internal_error", `the engine stopped: ${error.message}`, "this is a bug of rolecall: report it with the policy, never with the token");
    }
  }

  /** Starts the module, which Chromium refuses to do at once with one of over 8 MB: a debug build. `call` starts a smaller one itself. */
  async start() {
    this.#exports = (await WebAssembly.instantiate(this.#module, this.#imports())).exports;
  }

  #ask(verb, question) {
    const engine = (this.#exports ??= new WebAssembly.Instance(this.#module, this.#imports()).exports);
    const text = new TextEncoder().encode(question);
    const room = engine.room(text.length) >>> 0;
    new Uint8Array(engine.memory.buffer, room, text.length).set(text);
    const length = engine[verb](Date.now() / 1000) >>> 0;
    const answer = engine.answer() >>> 0;
    return new TextDecoder().decode(new Uint8Array(engine.memory.buffer, answer, length));
  }

  /** The module imports nothing that is ever called: what wasm-bindgen would pass JavaScript values with. */
  #imports() {
    const imports = {};
    for (const { module, name } of WebAssembly.Module.imports(this.#module)) (imports[module] ??= {})[name] = () => {};
    return imports;
  }

  /** A `rolecall.error/1` with one cause. */
  static error(id, summary, help) {
    const cause = { id, summary, help, claim: null, location: null, actual: null, expected: null, fix: null };
    return JSON.stringify({ schema: "rolecall.error/1", causes: [cause] });
  }
}
