import { create } from "@bufbuild/protobuf";
import { type AppOptions, createApp } from "@ondash/http";
import * as v2 from "@ondash/schemas/chat/v2";
import fc from "fast-check";
import type { Hono } from "hono";
import { describe, expect, it } from "vitest";
import { type ArrivalDraft, anyArrivals } from "../support/arrivals.ts";
import { statusesV1, statusesV2 } from "../support/events.ts";
import { createMemorySource, type MemorySource, type Payload } from "../support/memory-source.ts";
import { readSse, type SseEvent, type SseReader } from "../support/read-sse.ts";
import { createWatchedClock, type WatchedClock } from "../support/watched-clock.ts";

/** A way from a client to the app. */
export interface Connection extends AsyncDisposable {
  /** Fetches a path of the app. */
  fetch(path: string, init?: RequestInit): Promise<Response>;
  /** Events of 64 KiB that the way itself may hold while the client reads nothing. */
  readonly buffers: number;
  /** Whether a cut may overtake what was sent just before it: a socket that is torn down loses what it had not sent. */
  readonly lossy: boolean;
}

interface Setup extends AsyncDisposable {
  readonly source: MemorySource;
  readonly clock: WatchedClock;
  readonly errors: readonly unknown[];
  open(init?: RequestInit, query?: string): Promise<SseReader>;
  fetch: Connection["fetch"];
  readonly buffers: number;
  readonly lossy: boolean;
}

const EVENTS = "/api/conversations/conv_1/events";
const HEARTBEAT = 15_000;

/** What every way to the app must carry: incrementally, with cuts as cuts, and closing what it opened. */
export function describeStreamLaws(way: string, connect: (app: Hono) => Promise<Connection>): void {
  async function setUp(options: Partial<AppOptions> = {}): Promise<Setup> {
    const source = createMemorySource();
    const clock = createWatchedClock();
    const errors: unknown[] = [];
    const app = createApp({ source, clock, onError: (error) => errors.push(error), ...options });
    const connection = await connect(app);
    return {
      source,
      clock,
      errors,
      fetch: (path, init) => connection.fetch(path, init),
      buffers: connection.buffers,
      lossy: connection.lossy,
      async open(init = {}, query = "") {
        const response = await connection.fetch(EVENTS + query, init);
        expect(response.status).toBe(200);
        return readSse(response);
      },
      [Symbol.asyncDispose]: () => connection[Symbol.asyncDispose](),
    };
  }

  describe(`a stream ${way}`, () => {
    it("carries each event before there is a next one", async () => {
      await using chat = await setUp();
      const sse = await chat.open();
      for (const envelope of statusesV2("conv_1", "msg_1", 5)) {
        chat.source.push("conv_1", "chat.v2", { envelope });
        const [event] = await sse.take(1);
        expect(event?.event).toBe("status");
        expect(JSON.parse(event?.data ?? "")).toMatchObject({ eventId: envelope.eventId });
      }
      await sse.cancel();
      await chat.source.whenOpen(0);
      expect(chat.errors).toEqual([]);
    });

    it("carries chat.v1 as it arrives, redeliveries included", async () => {
      await using chat = await setUp();
      const [one, two] = statusesV1("conv_1", "msg_1", 2).map((envelope) => ({ envelope }));
      if (one === undefined || two === undefined) throw new Error("two were asked for");
      chat.source.push("conv_1", "chat.v1", two, one, two);
      const sse = await chat.open({}, "?schema=chat.v1");
      const events = await sse.take(3);
      expect(events.map(({ data }) => JSON.parse(data).eventId)).toEqual(["msg_1-2", "msg_1-1", "msg_1-2"]);
      await sse.cancel();
      const again = await chat.open({ headers: { "last-event-id": events[0]?.id ?? "" } }, "?schema=chat.v1");
      expect(await again.take(2)).toEqual(events.slice(1));
      await again.cancel();
      await chat.source.whenOpen(0);
    });

    it("carries what is no envelope as it is, in its place", async () => {
      await using chat = await setUp();
      const [one] = statusesV2("conv_1", "msg_1", 1);
      if (one === undefined) throw new Error("one was asked for");
      const nothing = create(v2.EventEnvelopeSchema, { messageId: "msg_1" });
      const raw = (text: string): Payload => ({ kind: "text", raw: text });
      chat.source.push("conv_1", "chat.v2", raw('{"text":\n'), { envelope: one }, raw(""), { envelope: nothing });
      const sse = await chat.open();
      expect((await sse.take(4)).map(({ event, data }) => [event, data.slice(0, 11)])).toEqual([
        ["text", '{"text":\n'],
        ["status", '{"eventId":'],
        ["text", ""],
        ["message", '{"messageId'],
      ]);
      await sse.cancel();
    });

    it("writes a heartbeat when nothing came for 15 s, again and again, and none while events come", async () => {
      await using chat = await setUp();
      const sse = await chat.open();
      const [one, two] = statusesV2("conv_1", "msg_1", 2).map((envelope) => ({ envelope }));
      if (one === undefined || two === undefined) throw new Error("two were asked for");
      const first = sse.next();
      await chat.clock.whenPending(1);
      await chat.clock.advance(HEARTBEAT - 1);
      expect(chat.clock.pending).toBe(1);
      await chat.clock.advance(1);
      await chat.clock.whenPending(1);
      await chat.clock.advance(HEARTBEAT);
      await chat.clock.whenPending(1);
      // A redelivery that is not passed on is no sign of life to the client.
      chat.source.push("conv_1", "chat.v2", one);
      await first;
      expect(sse.comments).toEqual(["heartbeat", "heartbeat"]);
      const second = sse.next();
      await chat.clock.whenPending(1);
      await chat.clock.advance(HEARTBEAT - 1);
      chat.source.push("conv_1", "chat.v2", one, one, one);
      await chat.clock.advance(1);
      await chat.clock.whenPending(1);
      chat.source.push("conv_1", "chat.v2", two);
      expect(await second).toMatchObject({ event: "status" });
      expect(sse.comments).toEqual(["heartbeat", "heartbeat", "heartbeat"]);
      await sse.cancel();
      await chat.source.whenOpen(0);
      await chat.clock.whenPending(0);
    });

    it("is cut, after all that came before, when its source breaks off", async () => {
      await using chat = await setUp();
      const failure = new Error("the broker is gone");
      for (const envelope of statusesV2("conv_1", "msg_1", 3)) chat.source.push("conv_1", "chat.v2", { envelope });
      const sse = await chat.open();
      await sse.take(chat.lossy ? 3 : 2);
      chat.source.fail("conv_1", "chat.v2", failure);
      if (!chat.lossy) await sse.take(1);
      await expect(sse.next()).rejects.toBeInstanceOf(Error);
      await chat.source.whenOpen(0);
      await chat.clock.whenPending(0);
      expect(chat.errors).toEqual([failure]);
    });

    it("is cut when its source breaks off while the client waits", async () => {
      await using chat = await setUp();
      const sse = await chat.open();
      const next = sse.next();
      await chat.clock.whenPending(1);
      chat.source.fail("conv_1", "chat.v2", new Error("the broker is gone"));
      await expect(next).rejects.toBeInstanceOf(Error);
      await chat.clock.whenPending(0);
    });

    it("is cut when its source gives an envelope of the other schema, or a position that can't be an id", async () => {
      await using chat = await setUp();
      const [wrong] = statusesV1("conv_1", "msg_1", 1);
      if (wrong === undefined) throw new Error("one was asked for");
      const sse = await chat.open();
      chat.source.push("conv_1", "chat.v2", { envelope: wrong });
      await expect(sse.next()).rejects.toBeInstanceOf(Error);
      expect(chat.errors.map(String)).toEqual([
        "HttpError: [argument] the source of chat.v2 must give a chat.v2.EventEnvelope, got a chat.v1.EventEnvelope",
      ]);
      await chat.source.whenOpen(0);
    });

    it("ends cleanly when its source ends", async () => {
      await using chat = await setUp();
      const [one] = statusesV2("conv_1", "msg_1", 1);
      if (one === undefined) throw new Error("one was asked for");
      chat.source.push("conv_1", "chat.v2", { envelope: one });
      chat.source.end("conv_1", "chat.v2");
      const sse = await chat.open();
      expect(await sse.next()).toBeDefined();
      expect(await sse.next()).toBeUndefined();
      await chat.source.whenOpen(0);
      await chat.clock.whenPending(0);
    });

    it("is cut when more waits for a gap than may", async () => {
      await using chat = await setUp({ holdBack: { events: 3 } });
      const [one, , ...rest] = statusesV2("conv_1", "msg_1", 6).map((envelope) => ({ envelope }));
      if (one === undefined) throw new Error("six were asked for");
      chat.source.push("conv_1", "chat.v2", one);
      const sse = await chat.open();
      expect(await sse.next()).toBeDefined();
      chat.source.push("conv_1", "chat.v2", ...rest);
      await expect(sse.next()).rejects.toBeInstanceOf(Error);
      expect(chat.errors.map(String)).toEqual([expect.stringContaining("HttpError: [hold-back] more than 3 events")]);
      await chat.source.whenOpen(0);
    });

    it("closes its source when the client aborts, while it waits and in the middle", async () => {
      await using chat = await setUp();
      const waiting = new AbortController();
      const idle = await chat.open({ signal: waiting.signal });
      const next = idle.next();
      await chat.clock.whenPending(1);
      waiting.abort(new Error("enough"));
      await expect(next).rejects.toBeInstanceOf(Error);
      await chat.source.whenOpen(0);
      await chat.clock.whenPending(0);

      for (const envelope of statusesV2("conv_1", "msg_1", 500)) chat.source.push("conv_1", "chat.v2", { envelope });
      const middle = new AbortController();
      const busy = await chat.open({ signal: middle.signal });
      await busy.take(2);
      middle.abort();
      await chat.source.whenOpen(0);
      await chat.clock.whenPending(0);
      expect(chat.errors).toEqual([]);
    });

    it("closes its source when the client cancels the body, read or unread", async () => {
      await using chat = await setUp();
      const unread = await chat.fetch(EVENTS);
      await unread.body?.cancel();
      await chat.source.whenOpen(0);
      const sse = await chat.open();
      const next = sse.next();
      await chat.clock.whenPending(1);
      await sse.cancel();
      expect(await next).toBeUndefined();
      await chat.source.whenOpen(0);
      await chat.clock.whenPending(0);
      expect(chat.errors).toEqual([]);
    });

    it("is cut when the server stops", async () => {
      const stop = new AbortController();
      await using chat = await setUp({ signal: stop.signal });
      const streams = [await chat.open(), await chat.open()];
      await chat.source.whenOpen(2);
      stop.abort(new Error("the server stops"));
      for (const sse of streams) await expect(sse.next()).rejects.toBeInstanceOf(Error);
      await chat.source.whenOpen(0);
      const late = await chat.fetch(EVENTS);
      expect([late.status, await late.json()]).toEqual([
        503,
        expect.objectContaining({ type: "urn:ondash:problem:refused", detail: "the server is stopping" }),
      ]);
      expect(chat.errors).toEqual([]);
    });

    it("takes from the source only what the client reads", async () => {
      await using chat = await setUp();
      const large = statusesV2("conv_1", "msg_1", chat.buffers + 500);
      for (const envelope of large) {
        if (envelope.event.case === "status") envelope.event.value.message = "x".repeat(64 * 1024);
        chat.source.push("conv_1", "chat.v2", { envelope });
      }
      const sse = await chat.open();
      // The first chunk has come all the way: what can be on the way behind it is there already, or comes with it.
      await sse.take(1);
      expect(chat.source.taken).toBeLessThan(chat.buffers + 10);
      await sse.take(large.length - 1);
      expect(chat.source.taken).toBe(large.length);
      await sse.cancel();
    });

    it("goes on at every position of any arrival exactly as without the break", async () => {
      await using chat = await setUp();
      let conversations = 0;
      await fc.assert(
        fc.asyncProperty(anyArrivals({ turns: 3, length: 4 }), async (arrivals) => {
          const conversation = `conv ${++conversations}`;
          chat.source.push(conversation, "chat.v2", ...arrivals.map((draft) => payloadOf(conversation, draft)));
          chat.source.end(conversation, "chat.v2");
          const all = await readAll(conversation);
          for (const [at, { id }] of all.entries()) expect(await readAll(conversation, id)).toEqual(all.slice(at + 1));
        }),
        { numRuns: 30 },
      );
      async function readAll(conversation: string, lastEventId?: string): Promise<SseEvent[]> {
        const path = `/api/conversations/${encodeURIComponent(conversation)}/events`;
        const headers: Record<string, string> = lastEventId === undefined ? {} : { "last-event-id": lastEventId };
        const sse = readSse(await chat.fetch(path, { headers }));
        const events: SseEvent[] = [];
        for (let event = await sse.next(); event !== undefined; event = await sse.next()) events.push(event);
        return events;
      }
    });

    it("is one of a hundred at the same time", async () => {
      await using chat = await setUp();
      const streams = await Promise.all(Array.from({ length: 100 }, () => chat.open()));
      await chat.source.whenOpen(100);
      const turn = statusesV2("conv_1", "msg_1", 20);
      for (const envelope of turn.toReversed()) chat.source.push("conv_1", "chat.v2", { envelope });
      const events = await Promise.all(streams.map((sse) => sse.take(20)));
      for (const own of events) expect(own).toEqual(events[0]);
      await Promise.all(streams.map((sse) => sse.cancel()));
      await chat.source.whenOpen(0);
      await chat.clock.whenPending(0);
    });
  });
}

function payloadOf(conversationId: string, draft: ArrivalDraft): Payload {
  if (draft === "placeless") return { kind: "error", raw: "neither JSON nor\nan envelope" };
  const envelope = statusesV2(conversationId, draft.turn, draft.sequence).at(-1);
  if (envelope === undefined) throw new Error("sequences begin with 1");
  return { envelope };
}
