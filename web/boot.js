// Starts the page, lets it fetch all that it may ever need, then takes the network away for good.
// Only from there on, when <html> bears data-ready, does the page take any input.
//
// What the page's own module finds here is `globalThis.rolecall`; web/src/engine.rs is its other side.

const script = document.querySelector("script[data-wasm]");
const url = (name) => new URL(name, document.baseURI);

async function start() {
  const rendered = firstRender();
  const engine = later();
  globalThis.rolecall = { ready: engine.promise };
  const { default: init } = await import(url(script.dataset.js));
  await init({ module_or_path: url(script.dataset.wasm) });
  await rendered;
  Object.assign(globalThis.rolecall, await desk(await parts()));
  cutNetwork();
  document.body.inert = false;
  document.documentElement.dataset.ready = "";
  engine.resolve();
}

function firstRender() {
  return new Promise((resolve) => {
    const observer = new MutationObserver(() => {
      if (!document.querySelector("main")) return;
      observer.disconnect();
      resolve();
    });
    observer.observe(document.body, { childList: true, subtree: true });
  });
}

/** What the first render does without. */
async function parts() {
  const [{ Engine }, engine] = await Promise.all([import(url("engine.js")), fetch(url("engine.wasm"))]);
  return { Engine, module: await WebAssembly.compile(await engine.arrayBuffer()) };
}

// A second policy can only take away: the browser now refuses every request that a script could make,
// and no script can undo it.
function cutNetwork() {
  const policy = document.createElement("meta");
  policy.httpEquiv = "Content-Security-Policy";
  policy.content = "connect-src 'none'";
  document.head.append(policy);
}

/** The engine at work: short questions are answered here, long ones in a Worker. */
async function desk({ Engine, module }) {
  const here = new Engine(module);
  const away = new Away(Engine, module);
  // The first answer means that the Worker runs: whatever it had to load is loaded.
  await Promise.race([away.ask("inspect", "{}"), new Promise((resolve) => setTimeout(resolve, SLOW))]);
  return {
    has: (verb) => here.has(verb),
    call: (verb, question) => here.call(verb, question),
    work: async (verb, question) => {
      const answer = await away.ask(verb, question);
      return answer === null ? here.call(verb, question) : answer;
    },
    cancel: () => away.cancel(),
  };
}

/** What takes longer is not waited for, in milliseconds. */
const SLOW = 2000;

/** A second engine, in a Worker whose code is at hand already. It is asked one question at a time. */
class Away {
  #code;
  #module;
  #worker;
  #queue = [];
  #current;

  constructor(Engine, module) {
    const serve = (Engine) => {
      let engine;
      self.onmessage = ({ data: { module, verb, question } }) => {
        engine ??= new Engine(module);
        self.postMessage(engine.call(verb, question));
      };
    };
    this.#code = URL.createObjectURL(new Blob([`(${serve})(${Engine})`], { type: "text/javascript" }));
    this.#module = module;
    this.#start();
  }

  /** The answer; `undefined` where it was cancelled, `null` where there can be no Worker. */
  ask(verb, question) {
    if (!this.#worker) return Promise.resolve(null);
    const { promise, resolve } = later();
    this.#queue.push({ verb, question, resolve });
    this.#next();
    return promise;
  }

  /** Nobody wants the answers any more. What is under way may end by itself, if it does so soon. */
  cancel() {
    for (const { resolve } of this.#queue.splice(0)) resolve(undefined);
    const current = this.#current;
    if (!current) return;
    current.resolve(undefined);
    setTimeout(() => current === this.#current && this.#restart(), SLOW);
  }

  #next() {
    if (this.#current || !this.#queue.length) return;
    this.#current = this.#queue.shift();
    const { verb, question } = this.#current;
    this.#worker.postMessage({ module: this.#module, verb, question });
  }

  #start() {
    this.#worker = new Worker(this.#code);
    this.#worker.onmessage = ({ data }) => this.#settle(data);
    this.#worker.onerror = () => {
      this.#worker = undefined;
      for (const { resolve } of this.#queue.splice(0)) resolve(null);
      this.#settle(null);
    };
  }

  #settle(answer) {
    this.#current?.resolve(answer);
    this.#current = undefined;
    this.#next();
  }

  #restart() {
    this.#worker.terminate();
    this.#start();
    this.#settle(undefined);
  }
}

function later() {
  const parts = {};
  parts.promise = new Promise((resolve) => Object.assign(parts, { resolve }));
  return parts;
}

start().catch((error) => {
  document.body.inert = false;
  document.body.textContent = `rolecall could not start: ${error}. Reload the page, or try a current browser.`;
  throw error;
});
