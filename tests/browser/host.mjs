// Pages of others that show rolecall: a second server, on an origin of its own, with a policy of its own.

import { createServer } from "node:http";
import { readFile } from "node:fs/promises";
import { extname, join } from "node:path";

const TYPES = { ".html": "text/html", ".js": "text/javascript", ".css": "text/css", ".wasm": "application/wasm", ".svg": "image/svg+xml" };

/**
 * Serves `pages`, a map from path to HTML, or the folder `folder`. `policy` is the Content-Security-Policy.
 * Give it to `after`: `const host = await serve(...); after(() => host.close());`
 */
export async function serve({ pages = {}, folder, policy }) {
  const server = createServer(async (request, response) => {
    const path = decodeURIComponent(new URL(request.url, "http://host").pathname);
    try {
      const file = path.endsWith("/") ? `${path}index.html` : path;
      if (!(path in pages) && (!folder || path.includes(".."))) throw new Error(path);
      const body = pages[path] ?? (await readFile(join(folder, file)));
      response.setHeader("Content-Type", path in pages ? "text/html" : (TYPES[extname(file)] ?? "application/octet-stream"));
      if (policy) response.setHeader("Content-Security-Policy", policy);
      response.end(body);
    } catch {
      response.writeHead(404).end();
    }
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  return { url: `http://127.0.0.1:${server.address().port}`, close: () => server.close() };
}
