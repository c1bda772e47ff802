import { startDeadline } from "@ondash/core";
import { streamTurn } from "@ondash/http/client";
import { chatV2 } from "@ondash/schemas";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { recordingClock } from "./recording-clock.ts";
import { type Answer, frame, scriptedFetch } from "./scripted-fetch.ts";
import { turnOf } from "./turns.ts";

const turn = turnOf(chatV2, "sales-chart");
const frames = turn.events.map((event, index) => frame(`${index + 1}`, event));
const common = { baseUrl: "", conversationId: turn.conversationId };
const reason = new Error("the user left");

describe("aborting", () => {
  const unhandled: unknown[] = [];
  const note = (error: unknown): number => unhandled.push(error);
  beforeEach(() => void process.on("unhandledRejection", note));
  afterEach(async () => {
    // Node tells of unhandled rejections after the microtasks of a turn of the event loop.
    await new Promise((resolve) => setImmediate(resolve));
    process.off("unhandledRejection", note);
    if (unhandled.length > 0) throw new Error("unhandled rejections", { cause: unhandled });
  });

  describe.each([false, true])("a fetch that ignores signals: %s", (deaf) => {
    const points: readonly (readonly [string, Answer, number])[] = [
      ["while there is no answer", "hang", 0],
      ...frames.map((_, count): readonly [string, Answer, number] => [
        `after ${count} events`,
        { chunks: frames.slice(0, count), then: "stay" },
        count,
      ]),
    ];
    it.each(points)("ends with its reason and leaves nothing open: %s", async (_, answer, count) => {
      const server = scriptedFetch([answer], deaf);
      const clock = recordingClock();
      const controller = new AbortController();
      const stream = streamTurn({ ...common, fetch: server.fetch, clock, signal: controller.signal });
      const updates = stream[Symbol.asyncIterator]();
      for (let i = 0; i < count; i++) await updates.next();
      const next = updates.next();
      controller.abort(reason);
      await expect(next).rejects.toBe(reason);
      await expect(stream.ended).rejects.toBe(reason);
      await expect(updates.next()).resolves.toEqual({ done: true, value: undefined });
      expect(server.open).toBe(0);
      expect(clock.manual.pending).toBe(0);
      expect(server.asked).toHaveLength(1);
    });

    it("does so when nobody iterates and nobody looks at the end", async () => {
      const server = scriptedFetch([{ chunks: frames.slice(0, 3), then: "stay" }], deaf);
      const controller = new AbortController();
      streamTurn({ ...common, fetch: server.fetch, signal: controller.signal });
      controller.abort(reason);
      await new Promise((resolve) => setImmediate(resolve));
      expect(server.open).toBe(0);
    });
  });

  it("does not connect when it was aborted before", async () => {
    const server = scriptedFetch(["refuse"]);
    const stream = streamTurn({ ...common, fetch: server.fetch, signal: AbortSignal.abort(reason) });
    await expect(stream.ended).rejects.toBe(reason);
    expect(server.asked).toEqual([]);
  });

  it("ends the pause before a reconnection", async () => {
    const server = scriptedFetch(["refuse"]);
    const controller = new AbortController();
    const stream = streamTurn({ ...common, fetch: server.fetch, signal: controller.signal, retryMs: 86_400_000 });
    using deadline = startDeadline(10_000);
    const end = deadline.race(stream.ended, () => "the end of the pause");
    await new Promise((resolve) => setImmediate(resolve));
    controller.abort(reason);
    await expect(end).rejects.toBe(reason);
    expect(server.asked).toHaveLength(1);
  });

  it("ends while a refusal's body is read", async () => {
    const answer: Answer = {
      status: 503,
      chunks: ['{"title":'],
      then: "stay",
      headers: { "content-type": "application/problem+json" },
    };
    const server = scriptedFetch([answer]);
    const controller = new AbortController();
    const stream = streamTurn({ ...common, fetch: server.fetch, signal: controller.signal });
    await new Promise((resolve) => setImmediate(resolve));
    controller.abort(reason);
    await expect(stream.ended).rejects.toBe(reason);
    expect(server.open).toBe(0);
  });

  it("does not matter after the end", async () => {
    const server = scriptedFetch([{ chunks: frames, then: "stay" }]);
    const controller = new AbortController();
    const stream = streamTurn({ ...common, fetch: server.fetch, signal: controller.signal });
    await stream.ended;
    controller.abort(reason);
    await expect(stream.ended).resolves.toMatchObject({ kind: "complete" });
  });

  it("is told apart from leaving: a loop that breaks off closes the connection and is truncated", async () => {
    const server = scriptedFetch([{ chunks: frames.slice(0, 3), then: "stay" }]);
    const clock = recordingClock();
    const stream = streamTurn({ ...common, fetch: server.fetch, clock });
    for await (const { events } of stream) if (events.length === 2) break;
    const end = await stream.ended;
    expect(end).toMatchObject({ kind: "truncated", why: "the reader left before the turn's end" });
    expect(server.open).toBe(0);
    expect(clock.manual.pending).toBe(0);
  });

  it("closes by return() also while next() waits, by close() and by await using", async () => {
    const answer: Answer = { chunks: [], then: "stay" };
    const server = scriptedFetch([answer]);
    const options = { ...common, fetch: server.fetch };
    const first = streamTurn(options);
    const updates = first[Symbol.asyncIterator]();
    const next = updates.next();
    await updates.return(await Promise.resolve({ kind: "truncated", message: undefined, why: "" }));
    await expect(next).resolves.toMatchObject({ done: true });
    const second = streamTurn(options);
    second.close();
    await expect(second.ended).resolves.toMatchObject({ kind: "truncated", message: undefined });
    {
      await using third = streamTurn(options);
      expect(third.problems).toEqual([]);
    }
    expect(server.open).toBe(0);
  });
});
