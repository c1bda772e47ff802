import { handlers } from "@ondash/msw";
import { setupServer } from "msw/node";
import { describe, expect, it } from "vitest";
import { shippedScenario } from "./support/scenarios.ts";
import { readEvents } from "./support/sse.ts";

const BASE = "http://chat.test/api/conversations";

describe("handlers", () => {
  it("answer in Node with msw's setupServer and the global fetch", async () => {
    using mock = handlers([shippedScenario("sales-chart")]);
    const server = setupServer(...mock);
    server.listen({ onUnhandledFrame: "error" });
    const post = await fetch(`${BASE}/c1/messages`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ text: "sales" }),
    });
    expect(post.status).toBe(202);
    const events = readEvents(await fetch(`${BASE}/c1/events`));
    const kinds = (await events.take(7)).map(({ event }) => event);
    expect(kinds).toEqual(["status", "status", "status", "text", "chart", "text", "completion"]);
    await events.close();
    server.close();
  });
});
