import { createContext, runInContext } from "node:vm";
import type * as Client from "@ondash/http/client";
import { beforeAll, describe, expect, it } from "vitest";
import { bundleClient, type ClientBundle, LIMIT_BYTES } from "../../scripts/client-bundle.ts";

describe("the client's bundle", () => {
  let bundle: ClientBundle;
  beforeAll(async () => {
    bundle = await bundleClient();
  });

  it("adds at most 40 KB of gzip to a page", () => {
    expect(bundle.gzipBytes).toBeLessThanOrEqual(LIMIT_BYTES);
  });

  it("loads neither the rules, nor the server, nor what only tests need", () => {
    const files = bundle.files.map(([name]) => name).join("\n");
    expect(files).toContain("@ondash/contract/src/message/fold-turn.ts");
    expect(files).not.toMatch(/catalogue|monitor|fast-check|uuid|hono|@ondash\/scenario/);
    expect(bundle.code).not.toMatch(/["']node:/);
  });

  it("works where there is nothing of Node", async () => {
    // What a page has of it; no process, Buffer, global, require or setImmediate.
    const context = createContext({
      AbortController,
      AbortSignal,
      DOMException,
      Headers,
      ReadableStream,
      Response,
      TextDecoder,
      TextEncoder,
      URL,
      URLSearchParams,
      performance,
      setTimeout: globalThis.setTimeout,
      clearTimeout,
      fetch: () =>
        Promise.resolve(
          new Response(
            `event: status\nid: 1\ndata: ${JSON.stringify({
              eventId: "e1",
              conversationId: "c",
              messageId: "m",
              timestamp: "2025-10-29T10:30:00Z",
              sequence: 1,
              status: { message: "…" },
            })}\n\nevent: completion\nid: 2\ndata: ${JSON.stringify({
              eventId: "e2",
              conversationId: "c",
              messageId: "m",
              timestamp: "2025-10-29T10:30:01Z",
              sequence: 2,
              completion: { type: "COMPLETION_TYPE_CONVERSATION", lastSequence: 2 },
            })}\n\n`,
            { headers: { "content-type": "text/event-stream" } },
          ),
        ),
    });
    // An ES module's exports as a value: vm runs scripts.
    const script = bundle.code.replace(/export\{([^}]*)\};?\s*$/, (_, names: string) => {
      const members = names.split(",").map((entry) => entry.split(" as ").toReversed().join(":"));
      return `;({${members.join(",")}})`;
    });
    const client = runInContext(script, context) as typeof Client;
    const { ended } = client.streamTurn({ baseUrl: "https://chat.example", conversationId: "c" });
    await expect(ended).resolves.toMatchObject({ kind: "complete", message: { id: "m" } });
  });
});
