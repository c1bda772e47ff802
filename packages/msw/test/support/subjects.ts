import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { serve } from "@hono/node-server";
import { systemClock } from "@ondash/core";
import { createApp, type EventSource } from "@ondash/http";
import { createScenarioSource, handlers, type ScenarioSource } from "@ondash/msw";
import type { Scenario } from "@ondash/scenario";
import { setupServer } from "msw/node";
import type { ServeOptions, Subject } from "../laws/subject.ts";

const ORIGIN = "http://chat.test";

/** The app alone, without any network. */
export const bareApp: Subject = {
  name: "the app's own fetch",
  losesWhatIsOnTheWay: false,
  readsAhead: false,
  async serve(scenarios, options = {}) {
    const { source, app } = appOf(scenarios, options);
    return {
      source,
      request: async (path, init) => app.fetch(new Request(ORIGIN + path, init)),
      [Symbol.asyncDispose]: async () => source[Symbol.dispose](),
    };
  },
};

/** The app behind a socket. */
export const nodeServer: Subject = {
  name: "@hono/node-server",
  losesWhatIsOnTheWay: true,
  readsAhead: true,
  async serve(scenarios, options = {}) {
    const { source, app } = appOf(scenarios, options);
    const server = serve({ fetch: app.fetch, hostname: "127.0.0.1", port: 0 });
    await once(server, "listening");
    const { port } = server.address() as AddressInfo;
    return {
      source,
      request: async (path, init) => fetch(`http://127.0.0.1:${port}${path}`, init),
      async [Symbol.asyncDispose]() {
        source[Symbol.dispose]();
        if ("closeAllConnections" in server) server.closeAllConnections();
        server.close();
        await once(server, "close");
      },
    };
  },
};

/** The msw handlers in front of Node's own fetch. */
export const mswInNode: Subject = {
  name: "msw's setupServer",
  losesWhatIsOnTheWay: false,
  readsAhead: true,
  async serve(scenarios, { cutAfter, ...options } = {}) {
    const mock = handlers(scenarios, {
      ...options,
      ...(cutAfter === undefined ? {} : { faults: [{ do: "cut", after: cutAfter }] }),
    });
    const server = setupServer(...mock);
    server.listen({ onUnhandledFrame: "error" });
    return {
      source: mock.source,
      request: async (path, init) => fetch(ORIGIN + path, init),
      async [Symbol.asyncDispose]() {
        mock[Symbol.dispose]();
        server.close();
      },
    };
  },
};

function appOf(scenarios: readonly Scenario[], { cutAfter, clock = systemClock, ...options }: ServeOptions) {
  const source = createScenarioSource(scenarios, { ...options, clock });
  const app = createApp({ source: cutAfter === undefined ? source : breaking(source, cutAfter), clock });
  return { source, app };
}

/** A source whose first stream in each conversation breaks. */
function breaking(source: ScenarioSource, after: number): EventSource {
  const known = new Set<string>();
  return {
    post: (request) => source.post(request),
    cancel: (request) => source.cancel(request),
    history: (request) => source.history(request),
    open(request) {
      const events = source.open(request);
      if (known.has(request.conversationId)) return events;
      known.add(request.conversationId);
      return broken(events, after);
    },
  };
}

async function* broken<T>(events: AsyncIterable<T>, after: number): AsyncGenerator<T, void> {
  let left = after;
  for await (const event of events) {
    if (left-- === 0) throw new Error("the source broke off");
    yield event;
    if (left === 0) throw new Error("the source broke off");
  }
}
