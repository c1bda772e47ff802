import { once } from "node:events";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { buffer } from "node:stream/consumers";
import { promisify } from "node:util";
import { type HandlersOptions, handlers } from "@ondash/msw";
import { describeWithChromium } from "@ondash/msw/testing";
import { getResponse } from "msw/utils/get-response";
import { expect, it } from "vitest";
import { scenarioFiles, useChromium } from "./browser-fixture.ts";

const text = "Create a chart with sales data";
const kinds = ["status", "text", "chart", "error", "completion"];

interface Seen {
  readonly type: string;
  readonly id: string;
  readonly eventId: string;
}

describeWithChromium("the browser's own EventSource", (chromium) => {
  const browser = useChromium(chromium);

  it("gets events by type, with ids, one by one as the mock emits them, and leaves nothing open when closed", async () => {
    const page = await browser.open();
    await page.evaluate(
      async ({ files, prompt }) => {
        await ondash.start(files, { speed: 1, manual: true });
        await ondash.say("c", prompt);
      },
      { files: scenarioFiles("sales-chart"), prompt: text },
    );
    await page.evaluate(listen, { url: "/api/conversations/c/events", types: kinds });
    // Each is awaited on the page before time goes on to the next.
    for (let count = 1; count <= 7; count++) {
      await page.evaluate(async (before) => {
        while ((await ondash.mock.source.history({ conversationId: "c", schema: "chat.v2" })).length === before) {
          await ondash.clock.advance(10);
        }
      }, count - 1);
      await page.waitForFunction((wanted) => listening.seen.length === wanted, count);
    }
    const seen = await page.evaluate(() => listening.seen);
    expect(seen.map(({ type }) => type)).toEqual(["status", "status", "status", "text", "chart", "text", "completion"]);
    expect(new Set(seen.map(({ id }) => id)).size).toBe(7);
    expect(new Set(seen.map(({ eventId }) => eventId)).size).toBe(7);
    // Of the stream that is open only the heartbeat is on the mock's clock.
    expect(await page.evaluate(() => ondash.clock.pending)).toBe(1);
    await page.evaluate(() => listening.source.close());
    await page.waitForFunction(() => ondash.clock.pending === 0);
  });

  it("reconnects over HTTP after each cut with Last-Event-ID, and gets every event exactly once", async () => {
    // The browser writes each broken connection on the console.
    const page = await browser.open(/Failed to load resource: net::ERR_INCOMPLETE_CHUNKED_ENCODING/);
    await using api = await serveHandlers({
      options: { faults: [0, 1, 2, 3].map((after, index) => ({ do: "cut", after, nth: index + 1 })) },
      // What is on its way when a connection breaks may be lost: here it has come, so that the test knows where it was cut.
      beforeCut: async (sent) => {
        await page.waitForFunction((count) => listening.seen.length === count, sent);
      },
    });
    await api.post("c", text);
    await page.evaluate(listen, { url: `${api.url}/api/conversations/c/events`, types: kinds });
    await page.waitForFunction(() => listening.seen.some(({ type }) => type === "completion"));
    const { seen, errors } = await page.evaluate(() => {
      listening.source.close();
      return { seen: listening.seen, errors: listening.errors };
    });
    // Reconnecting each time, never closed for good.
    expect(errors).toEqual([0, 0, 0, 0]);
    expect(seen.map(({ type }) => type)).toEqual(["status", "status", "status", "text", "chart", "text", "completion"]);
    expect(new Set(seen.map(({ eventId }) => eventId)).size).toBe(7);
    // Each connection goes on after the last event that the one before it has brought: 0, 1, 2 and 3 events.
    const ids = seen.map(({ id }) => id);
    expect(api.lastEventIds()).toEqual([null, null, ids[0], ids[2], ids[5]]);
  });

  it("is given up by the browser when a stream breaks that a service worker answers: a limit of Chromium", async () => {
    const page = await browser.open();
    await page.evaluate(
      async ({ files, prompt }) => {
        await ondash.start(files, { faults: [{ do: "cut", after: 3 }] });
        await ondash.say("c", prompt);
      },
      { files: scenarioFiles("sales-chart"), prompt: text },
    );
    await page.evaluate(listen, { url: "/api/conversations/c/events", types: kinds });
    await page.waitForFunction(() => listening.errors.length > 0);
    // 2 is CLOSED. Were it 0, CONNECTING, nobody would need another EventSource in development.
    expect(await page.evaluate(() => listening.errors)).toEqual([2]);
  });

  it("can be replaced, behind a service worker, by one made of fetch: that one resumes exactly after each cut", async () => {
    const page = await browser.open();
    await page.evaluate(
      async ({ files, prompt }) => {
        await ondash.start(files, {
          faults: [
            { do: "cut", after: 3 },
            { do: "cut", after: 1, nth: 2 },
          ],
        });
        await ondash.say("c", prompt);
        globalThis.EventSource = ondash.FetchEventSource as unknown as typeof EventSource;
      },
      { files: scenarioFiles("sales-chart"), prompt: text },
    );
    await page.evaluate(listen, { url: "/api/conversations/c/events", types: kinds });
    await page.waitForFunction(() => listening.seen.some(({ type }) => type === "completion"));
    const { seen, errors } = await page.evaluate(() => {
      listening.source.close();
      return { seen: listening.seen, errors: listening.errors };
    });
    expect(errors).toEqual([0, 0]);
    expect(seen.map(({ type }) => type)).toEqual(["status", "status", "status", "text", "chart", "text", "completion"]);
    expect(new Set(seen.map(({ eventId }) => eventId)).size).toBe(7);
  });
});

declare global {
  /** What `listen` has put on the page. */
  var listening: { readonly source: EventSource; readonly seen: Seen[]; readonly errors: number[] };
}

/** Runs on the page: opens an EventSource and notes what it brings, and its `readyState` at each error. */
function listen({ url, types }: { url: string; types: readonly string[] }): Promise<void> {
  const source = new EventSource(url);
  const seen: Seen[] = [];
  const errors: number[] = [];
  globalThis.listening = { source, seen, errors };
  for (const type of types) {
    source.addEventListener(type, (event) => {
      // The connection's own errors have the name of one of the contract's kinds, and no data.
      if (!("data" in event)) return;
      const { data, lastEventId } = event as unknown as { data: string; lastEventId: string };
      seen.push({ type, id: lastEventId, eventId: (JSON.parse(data) as { eventId: string }).eventId });
    });
  }
  return new Promise((resolve) => {
    source.addEventListener("error", (event) => {
      if (!("data" in event)) errors.push(source.readyState);
      resolve();
    });
    source.addEventListener("open", () => resolve());
  });
}

/** The handlers of the sales chart behind a real HTTP server, for pages of other origins. */
async function serveHandlers({
  options,
  beforeCut,
}: {
  readonly options: HandlersOptions;
  /** Awaited before a connection breaks, with the number of events sent so far on all of them. */
  readonly beforeCut: (sent: number) => Promise<void>;
}): Promise<
  AsyncDisposable & {
    readonly url: string;
    post(conversationId: string, said: string): Promise<void>;
    lastEventIds(): readonly (string | null)[];
  }
> {
  const mock = handlers(scenarioFiles("sales-chart"), options);
  const lastEventIds: (string | null)[] = [];
  const utf8 = new TextDecoder();
  let sent = 0;
  const server = createServer((incoming, outgoing) => {
    void respond(incoming, outgoing).catch((error: unknown) => outgoing.destroy(error as Error));
  });
  const url = await listenOn(server);

  async function respond(incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
    const { method = "GET", headers } = incoming;
    const request = new Request(`${url}${incoming.url ?? "/"}`, {
      method,
      headers: headers as Record<string, string>,
      ...(method === "POST" ? { body: await buffer(incoming) } : {}),
    });
    const response = await getResponse([...mock], request);
    const write = promisify<string | Uint8Array, void>(outgoing.write.bind(outgoing));
    outgoing.writeHead(response?.status ?? 404, {
      "content-type": response?.headers.get("content-type") ?? "text/plain",
      "access-control-allow-origin": "*",
    });
    if (method === "GET") {
      lastEventIds.push(request.headers.get("last-event-id"));
      // So that the browser reconnects at once, and not after its 3 s.
      await write("retry: 1\n\n");
    }
    try {
      // A chunk is an event, or a comment.
      for await (const chunk of response?.body ?? []) {
        await write(chunk);
        if (method === "GET" && utf8.decode(chunk).startsWith("event:")) sent += 1;
      }
      outgoing.end();
    } catch {
      await beforeCut(sent);
      outgoing.destroy();
    }
  }

  return {
    url,
    async post(conversationId, said) {
      const response = await fetch(`${url}/api/conversations/${conversationId}/messages`, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify({ text: said }),
      });
      expect(response.status).toBe(202);
    },
    lastEventIds: () => lastEventIds,
    async [Symbol.asyncDispose]() {
      mock[Symbol.dispose]();
      server.close();
      server.closeAllConnections();
      await once(server, "close");
    },
  };
}

async function listenOn(server: Server): Promise<string> {
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}
