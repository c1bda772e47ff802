import { once } from "node:events";
import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

/** A page on this machine's loopback; disposing it closes the server and its connections. */
export interface ServedPage extends AsyncDisposable {
  /** Where the page is, with a slash at its end. */
  readonly url: string;
}

const html = `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>page</title><link rel="icon" href="data:,"></head>
<body><script type="module" src="/page.js"></script></body></html>
`;

/**
 * Bundles a page program for browsers and serves it, with msw's service worker beside it at `/mockServiceWorker.js`,
 * on 127.0.0.1 and a free port. `.yaml` files are imported as their text.
 * @param entry absolute path of the program.
 */
export async function servePage(entry: string): Promise<ServedPage> {
  const bundle = await build({
    entryPoints: [entry],
    bundle: true,
    write: false,
    format: "esm",
    platform: "browser",
    target: "es2024",
    sourcemap: "inline",
    loader: { ".yaml": "text" },
    logLevel: "silent",
  });
  const files = new Map<string, { type: string; body: string | Uint8Array }>([
    ["/", { type: "text/html", body: html }],
    ["/page.js", { type: "text/javascript", body: bundle.outputFiles[0]?.contents ?? "" }],
    [
      "/mockServiceWorker.js",
      {
        type: "text/javascript",
        body: await readFile(fileURLToPath(import.meta.resolve("msw/mockServiceWorker.js"))),
      },
    ],
  ]);
  const server = createServer((request, response) => {
    const file = files.get(request.url ?? "");
    response.writeHead(file === undefined ? 404 : 200, {
      "content-type": `${file?.type ?? "text/plain"}; charset=utf-8`,
    });
    response.end(file?.body ?? "no such file\n");
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/`,
    async [Symbol.asyncDispose]() {
      server.close();
      server.closeAllConnections();
      await once(server, "close");
    },
  };
}
