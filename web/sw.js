// Keeps the page at hand where there is no network. `cargo xtask build` fills in the two constants.

const VERSION = "";
const FILES = [];

const CACHE = `rolecall-${VERSION}`;
/** Pages that came from the cache: their files do too, so that no two versions ever mix. */
const fromCache = new Set();

addEventListener("install", (event) => event.waitUntil(keep()));
addEventListener("activate", (event) => event.waitUntil(forgetOthers()));
addEventListener("fetch", (event) => {
  const { method, url } = event.request;
  if (method === "GET" && new URL(url).origin === location.origin) event.respondWith(answer(event));
});

async function keep() {
  const cache = await caches.open(CACHE);
  await cache.addAll(FILES.map((name) => new Request(name, { cache: "reload" })));
  await skipWaiting();
}

async function forgetOthers() {
  const names = await caches.keys();
  const others = names.filter((name) => name.startsWith("rolecall-") && name !== CACHE);
  await Promise.all(others.map((name) => caches.delete(name)));
  await clients.claim();
}

async function answer({ request, clientId, resultingClientId }) {
  // What is navigated to is another page, whoever leads there.
  const isPage = request.mode === "navigate";
  if (!isPage && fromCache.has(clientId)) return kept(request);
  try {
    return await fetch(request);
  } catch (error) {
    if (!isPage) throw error;
    fromCache.add(resultingClientId);
    return kept(request);
  }
}

async function kept(request) {
  const cache = await caches.open(CACHE);
  return (await cache.match(request, { ignoreSearch: true })) ?? Response.error();
}
