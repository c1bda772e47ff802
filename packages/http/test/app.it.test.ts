import { createManualClock } from "@ondash/core";
import { createApp } from "@ondash/http";
import { describe, expect, it } from "vitest";
import { statusesV2 } from "./support/events.ts";
import { createMemorySource } from "./support/memory-source.ts";
import { readSse } from "./support/read-sse.ts";

const EVENTS = "http://chat.test/api/conversations/conv_1/events";

describe("the stream of a conversation", () => {
  it("gives events as they come and goes on after the last id", async () => {
    const source = createMemorySource();
    const app = createApp({ source, clock: createManualClock() });
    const [one, two, three] = statusesV2("conv_1", "msg_1", 3);
    if (one === undefined || two === undefined || three === undefined) throw new Error("three were asked for");
    source.push("conv_1", "chat.v2", { envelope: two });
    const response = await app.fetch(new Request(EVENTS));
    expect(response.status).toBe(200);
    const sse = readSse(response);
    source.push("conv_1", "chat.v2", { envelope: one });
    const [first] = await sse.take(1);
    expect(first).toMatchObject({ event: "status" });
    expect(JSON.parse(first?.data ?? "")).toMatchObject({ eventId: "msg_1-1", sequence: 1 });
    const [second] = await sse.take(1);
    await sse.cancel();
    await source.whenOpen(0);

    source.push("conv_1", "chat.v2", { envelope: three });
    const again = readSse(await app.fetch(new Request(EVENTS, { headers: { "last-event-id": first?.id ?? "" } })));
    expect((await again.take(2)).map(({ data }) => JSON.parse(data).sequence)).toEqual([2, 3]);
    expect(second?.id).toMatch(/^2\.[0-9a-z]{6}\./);
    await again.cancel();
    await source.whenOpen(0);
  });
});
