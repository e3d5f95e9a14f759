// Starts the page, lets it fetch all that it may ever need, then takes the network away for good.
// Only from there on, when <html> bears data-ready, does the page take any input.

const script = document.querySelector("script[data-wasm]");
const url = (name) => new URL(name, document.baseURI);

/** Files that the first render does without, fetched right after it; the browser keeps them. */
const later = [];

async function start() {
  const rendered = firstRender();
  const { default: init } = await import(url(script.dataset.js));
  await init({ module_or_path: url(script.dataset.wasm) });
  await rendered;
  await Promise.all(later.map((name) => fetch(url(name))));
  cutNetwork();
  document.body.inert = false;
  document.documentElement.dataset.ready = "";
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

// A second policy can only take away: the browser now refuses every request that a script could make,
// and no script can undo it.
function cutNetwork() {
  const policy = document.createElement("meta");
  policy.httpEquiv = "Content-Security-Policy";
  policy.content = "connect-src 'none'";
  document.head.append(policy);
}

start().catch((error) => {
  document.body.inert = false;
  document.body.textContent = `rolecall could not start: ${error}. Reload the page, or try a current browser.`;
  throw error;
});
