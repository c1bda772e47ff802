import { equals, type Message } from "@bufbuild/protobuf";
import { foldMessage } from "@ondash/contract";
import { createRandom, systemClock } from "@ondash/core";
import { createApp } from "@ondash/http";
import { cancelMessage, fetchMessages, isClientError, postMessage, streamTurn } from "@ondash/http/client";
import { type AnyEnvelope, type ChatSchema, chatSchemas, chatV2, type SchemaName } from "@ondash/schemas";
import { describe, expect, it } from "vitest";
import { createMemorySource, type MemorySource } from "../support/memory-source.ts";
import { serve } from "../support/serve.ts";
import { turnOf } from "./turns.ts";

/** The app, called without a network. */
function inProcess(source: MemorySource): { readonly fetch: typeof globalThis.fetch; readonly baseUrl: string } {
  const app = createApp({ source, clock: systemClock });
  return {
    fetch: async (input, init) => await app.fetch(new Request(input, init)),
    baseUrl: "http://app.example",
  };
}

function push(source: MemorySource, schema: ChatSchema, events: readonly AnyEnvelope[]): void {
  const [first] = events;
  if (first === undefined) return;
  source.push(first.conversationId, schema.name, ...events.map((envelope) => ({ envelope })));
}

const same = (schema: ChatSchema, message: Message | undefined, events: readonly AnyEnvelope[]): boolean =>
  message !== undefined && equals(schema.message, message, foldMessage(schema, events) as Message);

/** An order that keeps each topic's. */
function interleaved(events: readonly AnyEnvelope[], seed: number): AnyEnvelope[] {
  const random = createRandom(seed);
  const lanes = [...Map.groupBy(events, ({ event }) => event.case).values()];
  const order: AnyEnvelope[] = [];
  while (order.length < events.length) {
    const event = lanes[random.int(0, lanes.length - 1)]?.shift();
    if (event !== undefined) order.push(event);
  }
  return order;
}

describe.each(chatSchemas)("the client on the app, $name", (schema) => {
  const turn = turnOf(schema, "multi-chart");
  const { conversationId } = turn;

  it("shows a turn as it comes in, and what is stored afterwards is the same", async () => {
    const source = createMemorySource();
    const api = inProcess(source);
    const stream = streamTurn({ ...api, conversationId, schema: schema.name });
    const updates = stream[Symbol.asyncIterator]();
    for (const [index, event] of turn.events.entries()) {
      push(source, schema, [event]);
      const { value } = await updates.next();
      expect(value).toMatchObject({ event: { eventId: event.eventId } });
      expect(value).toHaveProperty("events.length", index + 1);
    }
    const end = await stream.ended;
    expect(end.kind).toBe("complete");
    expect(same(schema, end.message, turn.events)).toBe(true);
    expect(await fetchMessages({ ...api, conversationId, schema: schema.name })).toEqual([end.message]);
    await source.whenOpen(0);
  });

  it.each([1, 2, 3, 4, 5])("is right for any interleaving of the topics, with redeliveries (seed %i)", async (seed) => {
    const source = createMemorySource();
    const order = interleaved(turn.events, seed);
    push(source, schema, [...order.slice(0, 6), ...order.slice(2, 5), ...order.slice(6)]);
    const { ended } = streamTurn({ ...inProcess(source), conversationId, schema: schema.name });
    const end = await ended;
    expect(end.kind).toBe("complete");
    expect(same(schema, end.message, turn.events)).toBe(true);
    await source.whenOpen(0);
  });

  it.each(turn.events.keys().toArray())("goes on after a cut where it left off: after %i events", async (count) => {
    // Two servers with the same positions: the first breaks off.
    const [first, second] = [createMemorySource(), createMemorySource()];
    push(first, schema, turn.events.slice(0, count));
    first.fail(conversationId, schema.name, new Error("the broker went away"));
    push(second, schema, turn.events);
    const [before, after] = [inProcess(first), inProcess(second)];
    let asked = 0;
    const fetch: typeof globalThis.fetch = async (...request) =>
      await (asked++ === 0 ? before : after).fetch(...request);
    const end = await streamTurn({ ...before, fetch, conversationId, schema: schema.name, retryMs: 1 }).ended;
    expect(end.kind).toBe("complete");
    expect(same(schema, end.message, turn.events)).toBe(true);
    expect(second.opened.map((request) => request.after)).toEqual([count === 0 ? undefined : `${count}`]);
    await second.whenOpen(0);
  });

  it("is truncated when the source does not come back", async () => {
    const source = createMemorySource();
    push(source, schema, turn.events.slice(0, 5));
    source.fail(conversationId, schema.name, new Error("the broker went away"));
    const { ended } = streamTurn({
      ...inProcess(source),
      conversationId,
      schema: schema.name,
      retryMs: 1,
      maxAttempts: 3,
    });
    const end = await ended;
    expect(end).toMatchObject({ kind: "truncated", why: expect.stringContaining("its end had not come") });
    expect(same(schema, end.message, turn.events.slice(0, 5))).toBe(true);
    expect(source.opened.length).toBe(3);
    expect(new Set(source.opened.map(({ after }) => after))).toEqual(new Set([undefined, "5"]));
  });

  it("leaves out what is no event, and does not pass it for an answer", async () => {
    const source = createMemorySource();
    push(source, schema, turn.events.slice(0, 5));
    source.push(conversationId, schema.name, { kind: "chart", raw: "{" });
    push(source, schema, turn.events.slice(6));
    const stream = streamTurn({ ...inProcess(source), conversationId, schema: schema.name, gapMs: 1 });
    // chat.v2: the app holds back what follows the gap.
    const shown = schema.sequenced ? turn.events.slice(0, 5) : turn.events.filter((_, index) => index !== 5);
    const end = await stream.ended;
    expect(end).toMatchObject({ kind: "truncated", why: expect.stringContaining("unreadable: 1 event") });
    expect(same(schema, end.message, shown)).toBe(true);
    expect(stream.problems).toEqual([{ why: expect.any(String), id: expect.any(String), data: "{" }]);
    await source.whenOpen(0);
  });
});

describe("the client's requests on the app", () => {
  const { conversationId } = turnOf(chatV2, "sales-chart");

  it("post, cancel, and tell the problems", async () => {
    const source = createMemorySource((text) =>
      text === "?" ? { kind: "no-match", candidates: ["sales-chart"] } : { kind: "accepted", messageId: "m1" },
    );
    const api = { ...inProcess(source), conversationId };
    await expect(postMessage({ ...api, text: "Sales" })).resolves.toEqual({ messageId: "m1" });
    await cancelMessage({ ...api, messageId: "m1" });
    expect(source.posted).toEqual([{ conversationId, text: "Sales" }]);
    expect(source.cancelled).toEqual([{ conversationId, messageId: "m1" }]);
    const noMatch: unknown = await postMessage({ ...api, text: "?" }).catch((error: unknown) => error);
    expect(isClientError(noMatch) && noMatch.problem).toMatchObject({
      type: "urn:ondash:problem:no-match",
      candidates: ["sales-chart"],
    });
    const unknown: unknown = await cancelMessage({ ...api, messageId: "m2" }).catch((error: unknown) => error);
    expect(unknown).toMatchObject({
      code: "status",
      status: 404,
      problem: { type: "urn:ondash:problem:unknown-turn" },
    });
  });

  it("begin anew with an id of another server", async () => {
    const source = createMemorySource();
    const { events } = turnOf(chatV2, "sales-chart");
    push(source, chatV2, events);
    const { ended } = streamTurn({ ...inProcess(source), conversationId, lastEventId: "nobody's", retryMs: 1 });
    await expect(ended).resolves.toMatchObject({ kind: "complete" });
  });
});

describe("the client over a socket", () => {
  const schema: SchemaName = "chat.v2";

  it("reads 100 turns side by side, and leaves no stream open", async () => {
    const source = createMemorySource();
    await using server = await serve(createApp({ source, clock: systemClock }));
    const turns = Array.from({ length: 100 }, (_, seed) => turnOf(chatV2, "sales-chart", seed));
    const streams = turns.map(({ conversationId }) => streamTurn({ baseUrl: server.origin, conversationId, schema }));
    await source.whenOpen(100);
    for (let index = 0; index < 7; index++) {
      for (const { events } of turns) push(source, chatV2, events.slice(index, index + 1));
    }
    const ends = await Promise.all(streams.map(({ ended }) => ended));
    expect(ends.map(({ kind }) => kind)).toEqual(turns.map(() => "complete"));
    expect(ends.every(({ message }, index) => same(chatV2, message, turns[index]?.events ?? []))).toBe(true);
    await source.whenOpen(0);
  });

  it("closes the connection when it is aborted, and the server sees it", async () => {
    const source = createMemorySource();
    await using server = await serve(createApp({ source, clock: systemClock }));
    const { conversationId, events } = turnOf(chatV2, "sales-chart");
    push(source, chatV2, events.slice(0, 2));
    const controller = new AbortController();
    const stream = streamTurn({ baseUrl: server.origin, conversationId, signal: controller.signal });
    const updates = stream[Symbol.asyncIterator]();
    await updates.next();
    await updates.next();
    const reason = new Error("left");
    controller.abort(reason);
    await expect(updates.next()).rejects.toBe(reason);
    await source.whenOpen(0);
  });

  it("reconnects when the server is gone, and gives up when it stays away", async () => {
    const source = createMemorySource();
    const { conversationId, events } = turnOf(chatV2, "sales-chart");
    push(source, chatV2, events.slice(0, 4));
    const server = await serve(createApp({ source, clock: systemClock }));
    const stream = streamTurn({ baseUrl: server.origin, conversationId, retryMs: 1, maxAttempts: 3 });
    const updates = stream[Symbol.asyncIterator]();
    for (let i = 0; i < 4; i++) await updates.next();
    await server[Symbol.asyncDispose]();
    await expect(stream.ended).resolves.toMatchObject({ kind: "truncated", cause: { code: "network" } });
  });
});
