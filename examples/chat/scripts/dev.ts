import { fileURLToPath } from "node:url";
import { context } from "esbuild";

/** The page, served; disposing it ends the server. */
export interface DevServer extends AsyncDisposable {
  readonly url: string;
}

/** Serves the page with the mocked backend on 127.0.0.1, built anew with each request. @param port 0: any free one. */
export async function serveChat(port: number): Promise<DevServer> {
  const root = fileURLToPath(new URL("..", import.meta.url));
  const build = await context({
    absWorkingDir: root,
    entryPoints: [
      { in: "src/main.ts", out: "main" },
      { in: "index.html", out: "index" },
      { in: fileURLToPath(import.meta.resolve("msw/mockServiceWorker.js")), out: "mockServiceWorker" },
    ],
    outdir: "dist",
    bundle: true,
    splitting: true,
    format: "esm",
    target: "es2024",
    sourcemap: true,
    loader: { ".yaml": "text", ".html": "copy" },
    define: { MOCKED: "true" },
  });
  const served = await build.serve({ host: "127.0.0.1", port });
  return { url: `http://127.0.0.1:${served.port}/`, [Symbol.asyncDispose]: () => build.dispose() };
}

if (import.meta.main) {
  const server = await serveChat(Number(process.env["PORT"] ?? 8000));
  process.stdout.write(`${server.url}\n`);
  for (const signal of ["SIGINT", "SIGTERM"]) process.once(signal, () => void server[Symbol.asyncDispose]());
}
