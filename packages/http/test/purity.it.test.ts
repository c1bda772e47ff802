import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { createContext, runInContext } from "node:vm";
import { build } from "esbuild";
import { describe, expect, it } from "vitest";

const root = fileURLToPath(new URL("..", import.meta.url));

async function bundle(contents: string): Promise<string> {
  const { outputFiles } = await build({
    stdin: { contents, resolveDir: root, loader: "ts" },
    bundle: true,
    platform: "browser",
    format: "iife",
    globalName: "bundled",
    target: "es2024",
    write: false,
    logLevel: "silent",
  });
  return outputFiles[0]?.text ?? "";
}

/** What pages and service workers have, and nothing of Node's. */
function webGlobals(): Record<string, unknown> {
  const { AbortController, AbortSignal, Headers, ReadableStream, Request, Response } = globalThis;
  const { TextDecoder, TextEncoder, URL, URLSearchParams, performance, queueMicrotask } = globalThis;
  const web = { AbortController, AbortSignal, Headers, ReadableStream, Request, Response };
  return { ...web, TextDecoder, TextEncoder, URL, URLSearchParams, performance, queueMicrotask };
}

describe("the app in a page or a service worker", () => {
  it("is bundled and answers without anything of Node", async () => {
    const text = await bundle(`
      import { createManualClock } from "@ondash/core";
      import { createApp } from "@ondash/http";
      const source = {
        async *open() { yield { position: "1", payload: { kind: "text", raw: "hello" } }; },
        post: async ({ text }) => ({ kind: "accepted", messageId: text }),
        cancel: async () => "unknown",
        history: async () => [],
      };
      export const app = createApp({ source, clock: createManualClock() });
    `);
    const context = createContext(webGlobals());
    runInContext(text, context);
    const request = async (...args: ConstructorParameters<typeof Request>): Promise<Response> => {
      Object.assign(context, { request: new Request(...args) });
      return (await runInContext("bundled.app.fetch(request)", context)) as Response;
    };
    const messages = "http://page.test/api/conversations/conv_1/messages";
    const init = { method: "POST", headers: { "content-type": "application/json" }, body: '{"text":"hi"}' };
    expect(await (await request(messages, init)).json()).toEqual({ message_id: "hi" });
    expect(await (await request(messages)).json()).toEqual([]);
    expect(await (await request("http://page.test/api/conversations/conv_1/events")).text()).toMatch(
      /^event: text\nid: [\w.]+\ndata: hello\n\n$/,
    );
    expect((await request("http://page.test/")).status).toBe(404);
  });

  it("would not be bundled with an import of Node's", async () => {
    await expect(bundle('import "node:fs"; import "@ondash/http";')).rejects.toThrow('Could not resolve "node:fs"');
  });

  it("asks neither the machine's clock nor chance, and names nothing of Node", async () => {
    const files = (await readdir(join(root, "src"), { recursive: true })).filter(
      (file) => file.endsWith(".ts") && !file.endsWith(".test.ts") && !/^(client|testing)/.test(file),
    );
    expect(files.length).toBeGreaterThan(10);
    const impure =
      /["']node:|\bBuffer\b|\bprocess\.|Date\.now|new Date\(\)|performance\.|Math\.random|crypto\.|console\./;
    const found = await Promise.all(
      files.map(async (file) => [file, impure.exec(await readFile(join(root, "src", file), "utf8"))?.[0]] as const),
    );
    expect(found.filter(([, word]) => word !== undefined)).toEqual([]);
  });
});
