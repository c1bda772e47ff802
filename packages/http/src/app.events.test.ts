import { chatV2 } from "@ondash/schemas";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { CONVERSATION, expectProblem, setUp } from "../test/support/call-app.ts";
import { statusesV2 } from "../test/support/events.ts";
import { readSse } from "../test/support/read-sse.ts";
import { formatEventId } from "./event-id.ts";
import { textHash } from "./text-hash.ts";

describe("GET of the events", () => {
  it("answers with the header fields of a stream that nobody gathers", async () => {
    const call = setUp();
    const response = await call("GET", `${CONVERSATION}/events`);
    expect(response.status).toBe(200);
    expect(response.headers.get("content-type")).toBe("text/event-stream");
    expect(response.headers.get("cache-control")).toBe("no-cache");
    expect(response.headers.get("x-accel-buffering")).toBe("no");
    await response.body?.cancel();
    await call.source.whenOpen(0);
  });

  it("answers HEAD with them and opens nothing", async () => {
    const call = setUp();
    const response = await call("HEAD", `${CONVERSATION}/events`);
    expect(response.status).toBe(200);
    expect(response.headers.get("content-type")).toBe("text/event-stream");
    expect(response.body).toBeNull();
    expect(call.source.opened).toEqual([]);
  });

  it("opens the conversation in chat.v2 unless asked otherwise", async () => {
    const call = setUp();
    for (const [id, query] of [
      ["a", ""],
      ["b", "?schema=chat.v1"],
      ["c", "?other=1&schema=chat.v2"],
    ]) {
      await (await call("GET", `/api/conversations/${id}/events${query}`)).body?.cancel();
    }
    expect(call.source.opened).toEqual([
      { conversationId: "a", schema: "chat.v2", after: undefined },
      { conversationId: "b", schema: "chat.v1", after: undefined },
      { conversationId: "c", schema: "chat.v2", after: undefined },
    ]);
    await call.source.whenOpen(0);
  });

  it("refuses an id that it did not give out, or that the source does not know", async () => {
    const call = setUp();
    const [one] = statusesV2("conv_1", "msg_1", 1);
    if (one === undefined) throw new Error("one was asked for");
    call.source.push("conv_1", "chat.v2", { envelope: one });
    const sse = readSse(await call("GET", `${CONVERSATION}/events`));
    const [event] = await sse.take(1);
    await sse.cancel();
    const id = event?.id ?? "";
    const get = (path: string, lastEventId: string): Promise<Response> =>
      call("GET", path, { headers: { "last-event-id": lastEventId } });
    for (const lastEventId of ["x", `${id}0`, "é", "%", "2.000000.0..", id.repeat(400)]) {
      await expectProblem(await get(`${CONVERSATION}/events`, lastEventId), 400, "bad-last-event-id");
    }
    await expectProblem(await get("/api/conversations/conv_2/events", id), 400, "bad-last-event-id");
    await expectProblem(await get(`${CONVERSATION}/events?schema=chat.v1`, id), 400, "bad-last-event-id");
    // The source lost what the position stands for.
    const empty = setUp();
    const response = await empty("GET", `${CONVERSATION}/events`, { headers: { "last-event-id": id } });
    const { detail } = await expectProblem(response, 400, "bad-last-event-id");
    expect(detail).toContain('"1" is no position of this source');
    expect(empty.errors).toEqual([]);
    await empty.source.whenOpen(0);
  });
});

describe("an id with a good check that nobody gave out", () => {
  it("is a stream from somewhere or a 400, and no failure", async () => {
    const call = setUp();
    const events = statusesV2("conv_1", "msg_1", 3);
    call.source.push("conv_1", "chat.v2", ...events.map((envelope) => ({ envelope })));
    call.source.end("conv_1", "chat.v2");
    const position = fc.oneof(
      fc.nat({ max: 4 }).map(String),
      fc.constantFrom("-1", "1.5", "0x1", "__proto__", "x".repeat(1_024)),
    );
    const point = fc.record({
      position: fc.option(position, { nil: undefined }),
      ahead: fc.oneof(fc.nat({ max: 4 }), fc.nat()),
      turns: fc
        .array(fc.tuple(fc.constantFrom("msg_1", "msg_2", "").map(textHash), fc.integer({ min: 2, max: 2 ** 32 })))
        .map((entries) => new Map(entries)),
    });
    await fc.assert(
      fc.asyncProperty(point, async (forged) => {
        const headers = { "last-event-id": formatEventId(chatV2, "conv_1", forged) };
        const response = await call("GET", `${CONVERSATION}/events`, { headers });
        const known = forged.position === undefined || /^[0-3]$/.test(forged.position) || forged.position === "0x1";
        expect(response.status).toBe(known ? 200 : 400);
        await response.text();
      }),
    );
    expect(call.errors).toEqual([]);
    await call.source.whenOpen(0);
  });
});
