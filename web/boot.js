// Starts the page, lets it fetch all that it may ever need, then takes the network away for good.
// Only from there on, when <html> bears data-ready, does the page take any input.
//
// What the page's own module finds here is `globalThis.rolecall`; web/src/engine.rs is its other side.

const script = document.querySelector("script[data-wasm]");
const url = (name) => new URL(name, document.baseURI);

/** Where the parts are: beside the page, or in it (the single file that `cargo xtask build` also writes). */
const parts = globalThis.rolecallParts ?? {
  page: () => import(url(script.dataset.js)),
  // A second copy of the same code: only a panic needs it, and then there is no network any more.
  spare: () => import(`${url(script.dataset.js)}#spare`),
  pageModule: async () => WebAssembly.compile(await bytes(script.dataset.wasm)),
  engine: () => import(url("engine.js")),
  engineModule: async () => WebAssembly.compile(await bytes("engine.wasm")),
  offline: script.dataset.offline,
};

async function start() {
  const rendered = firstRender();
  const engine = later();
  globalThis.rolecall = { ready: engine.promise, ...focus() };
  const [{ default: init }, module] = await Promise.all([parts.page(), parts.pageModule()]);
  await init({ module_or_path: module });
  await rendered;
  const [{ Engine }, engineModule, spare] = await Promise.all([parts.engine(), parts.engineModule(), parts.spare(), keepOffline()]);
  Object.assign(globalThis.rolecall, await desk(Engine, engineModule));
  cutNetwork();
  foldLate();
  offerRestart(() => restart(spare.default, module));
  document.body.inert = false;
  document.documentElement.dataset.ready = "";
  engine.resolve();
}

async function bytes(name) {
  const response = await fetch(url(name));
  if (!response.ok) throw new Error(`${name}: ${response.status}`);
  return response.arrayBuffer();
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

/** Waits until all files of this version are kept, where the browser and the server know how to. */
async function keepOffline() {
  try {
    // A page in a sandbox must not even ask whether there are service workers.
    if (!parts.offline || !navigator.serviceWorker) return;
    const registration = await navigator.serviceWorker.register(url(parts.offline));
    if (registration.active) await registration.update();
    const worker = registration.installing ?? registration.waiting;
    if (!worker) return;
    const settled = later();
    const look = () => ["activated", "redundant"].includes(worker.state) && settled.resolve();
    worker.addEventListener("statechange", look);
    look();
    await settled.promise;
  } catch {
    // No network, a sandbox, or a browser that keeps nothing: the page works all the same.
  }
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
async function desk(Engine, module) {
  const here = new Engine(module);
  await here.start();
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
    pack,
    unpack,
  };
}

/** A text as part of an address: deflated, in base64url. */
async function pack(text) {
  const packed = await through(new CompressionStream("deflate-raw"), new TextEncoder().encode(text));
  const letters = packed.reduce((all, byte) => all + String.fromCharCode(byte), "");
  return btoa(letters).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}

/** The text again. */
async function unpack(packed) {
  const letters = atob(packed.replaceAll("-", "+").replaceAll("_", "/"));
  const text = await through(new DecompressionStream("deflate-raw"), Uint8Array.from(letters, (one) => one.charCodeAt(0)));
  return new TextDecoder("utf-8", { fatal: true }).decode(text);
}

/** The longest text that a link may hold, in bytes: a few letters can unfold to gigabytes. */
const LONGEST = 4 << 20;

async function through(stream, bytes) {
  const out = [];
  const reader = new Blob([bytes]).stream().pipeThrough(stream).getReader();
  for (let size = 0; ; ) {
    const { done, value } = await reader.read();
    if (done) return new Uint8Array(await new Blob(out).arrayBuffer());
    size += value.length;
    if (size > LONGEST) throw await reader.cancel("too long");
    out.push(value);
  }
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

// The token's box folds once it is left, and what stands below moves up. A press that leaves it comes to its end first:
// else it would begin on its target and end beside it.
function foldLate() {
  const { dataset } = document.documentElement;
  addEventListener("pointerdown", () => document.activeElement?.id === "token" && (dataset.pressed = ""), true);
  // The click comes after this, on a touch screen some milliseconds.
  const over = () => setTimeout(() => delete dataset.pressed, 100);
  for (const end of ["pointerup", "pointercancel"]) addEventListener(end, over, true);
}

// A redraw replaces what was pressed, and closes the pane that was typed into: the browser then forgets the place, and
// the next Tab would begin at the top of the page. So the focus goes to what does the same, else to the heading of the part
// or the last control beside it, until what was pressed is drawn again.
function focus() {
  /** What can't have it: what is not to be pressed now, and what is in a closed pane, its summary apart. */
  const barred = ":disabled, details:not([open]) > :not(summary), details:not([open]) > :not(summary) *";
  let held, standIn, isDue;
  const active = () => (document.activeElement === document.body ? null : document.activeElement);
  const isThere = (element) => element?.isConnected && !element.matches(barred);
  const moveTo = (element) => {
    element?.focus({ preventScroll: true });
    if (!element || active() !== element) return false;
    element.scrollIntoView({ block: "nearest" });
    return true;
  };
  const note = () => {
    const element = active();
    if (element && element === standIn) return;
    standIn = null;
    const around = [];
    for (let place = element?.parentElement; place; place = place.parentElement) around.push(place);
    held = element && { element, act: element.dataset.do, around };
  };
  const putBack = () => {
    isDue = false;
    const now = active();
    if (!held || isThere(held.element) || (now && now !== standIn && now !== held.element)) return;
    standIn = null;
    const same = [...document.querySelectorAll("[data-do]")].filter((one) => one.dataset.do === held.act);
    if (same.some(moveTo)) return;
    for (const gone of held.around) {
      const place = gone.isConnected ? gone : document.getElementById(gone.id);
      if (!isThere(place)) continue;
      const near = place.querySelector("summary, h2[tabindex]") ?? [...place.querySelectorAll("button, input")].at(-1);
      if (moveTo(near)) return void (standIn = near);
    }
  };
  return {
    // All is drawn when the microtask comes, and no key has been heard yet that would find the focus nowhere.
    keepFocus() {
      if (isDue) putBack();
      note();
      isDue = true;
      queueMicrotask(putBack);
    },
  };
}

/** A panic in the page's module is a bug; what was entered must not be lost with it. */
function offerRestart(restart) {
  const stopped = ({ error, reason }) => {
    if (!((error ?? reason) instanceof WebAssembly.RuntimeError) || document.getElementById("stopped")) return;
    const offer = document.createElement("div");
    offer.id = "stopped";
    offer.role = "alert";
    const again = document.createElement("button");
    again.type = "button";
    again.className = "btn";
    again.textContent = "Start again with the same texts";
    again.onclick = restart;
    offer.append("rolecall has stopped. This is a bug: report it with the policy, never with the token. ", again);
    document.body.prepend(offer);
  };
  addEventListener("error", stopped);
  addEventListener("unhandledrejection", stopped);
}

/** The page's module anew, in a root of its own, with the texts of the old one. */
async function restart(init, module) {
  const texts = [...document.querySelectorAll("#rolecall textarea")].map(({ id, value }) => ({ id, value }));
  document.getElementById("stopped")?.remove();
  const root = document.createElement("div");
  root.id = "rolecall";
  document.getElementById("rolecall").replaceWith(root);
  const rendered = firstRender();
  await init({ module_or_path: module });
  await rendered;
  for (const { id, value } of texts) {
    const box = document.getElementById(id);
    if (!box || !value) continue;
    box.value = value;
    box.dispatchEvent(new InputEvent("input", { bubbles: true }));
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
