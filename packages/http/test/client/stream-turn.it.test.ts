import { equals, type Message } from "@bufbuild/protobuf";
import { foldMessage } from "@ondash/contract";
import { createRandom } from "@ondash/core";
import { type StreamTurnOptions, streamTurn, type TurnEnd } from "@ondash/http/client";
import { type AnyEnvelope, type ChatSchema, chatSchemas, chatV1, chatV2 } from "@ondash/schemas";
import { validTurn } from "@ondash/schemas/arbitraries";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { recordingClock } from "./recording-clock.ts";
import { type Answer, frame, type ScriptedFetch, scriptedFetch } from "./scripted-fetch.ts";
import { type Turn, turnOf } from "./turns.ts";

const baseUrl = "https://chat.example";

const streams = new WeakMap<Turn, Uint8Array[]>();

/** The turn as a stream, from an event on. */
function bytesOf(turn: Turn, from = 0): Uint8Array {
  let known = streams.get(turn);
  if (known === undefined) {
    const frames = turn.events.map((event, index) => frame(`p${index}`, event));
    known = [...frames, ""].map((_, index) => new TextEncoder().encode(frames.slice(index).join("")));
    streams.set(turn, known);
  }
  return known[from] ?? new Uint8Array();
}

/** Follows a turn without reconnecting, v1 ending with the chunk in which it rests. */
function follow(turn: Turn, server: ScriptedFetch, options: { readonly maxAttempts?: number } = {}): Promise<TurnEnd> {
  return streamTurn({
    fetch: server.fetch,
    baseUrl,
    conversationId: turn.conversationId,
    schema: turn.schema.name,
    settleMs: 0,
    maxAttempts: 1,
    clock: recordingClock(),
    ...options,
  }).ended;
}

function same(schema: ChatSchema, message: Message | undefined, events: readonly AnyEnvelope[]): boolean {
  if (message === undefined) return events.length === 0;
  return equals(schema.message, message, foldMessage(schema, events) as Message);
}

/** A server that goes on after Last-Event-ID; the first answer is cut after `bytes`. */
function resuming(turn: Turn, bytes: number): ScriptedFetch {
  return scriptedFetch(({ headers }, nth): Answer => {
    if (nth === 0) return { chunks: [bytesOf(turn).slice(0, bytes)], then: "cut" };
    const last = headers.get("last-event-id");
    return { chunks: [bytesOf(turn, last === null ? 0 : Number(last.slice(1)) + 1)], then: "stay" };
  });
}

describe.each(chatSchemas)("streamTurn of $name", (schema) => {
  const salesChart = turnOf(schema, "sales-chart");

  it("gives each event once in order, with the Message so far, and ends as complete", async () => {
    const server = scriptedFetch([{ chunks: [bytesOf(salesChart)], then: "stay" }]);
    const stream = streamTurn({
      fetch: server.fetch,
      baseUrl: `${baseUrl}/`,
      conversationId: salesChart.conversationId,
      schema: schema.name,
      settleMs: 0,
    });
    let count = 0;
    for await (const { event, events, message, lastEventId } of stream) {
      count += 1;
      const soFar = salesChart.events.slice(0, count);
      expect(event).toEqual(soFar.at(-1));
      expect(events).toEqual(soFar);
      expect(same(schema, message, soFar)).toBe(true);
      expect(lastEventId).toBe(`p${count - 1}`);
    }
    expect(count).toBe(7);
    const end = await stream.ended;
    expect(end.kind).toBe("complete");
    expect(same(schema, end.message, salesChart.events)).toBe(true);
    expect(server.open).toBe(0);
    expect(server.asked.map(({ url, headers }) => [url, headers.get("accept"), headers.get("last-event-id")])).toEqual([
      [
        `${baseUrl}/api/conversations/${salesChart.conversationId}/events?schema=${schema.name}`,
        "text/event-stream",
        null,
      ],
    ]);
  });

  it.each([
    ["text-only", "complete"],
    ["multi-task", "complete"],
    ["conversation-end", "complete"],
    ["warning-then-success", "complete"],
    ["unicode", "complete"],
    ["fatal-error", "failed"],
    ["partial-failure", "failed"],
  ])("ends %s as %s", async (scenario, kind) => {
    const turn = turnOf(schema, scenario);
    const end = await follow(turn, scriptedFetch([{ chunks: [bytesOf(turn)], then: "stay" }]));
    expect(end.kind).toBe(kind);
    expect(same(schema, end.message, turn.events)).toBe(true);
  });

  it("does not care where the chunks' boundaries are: at every byte", async () => {
    const turn = turnOf(schema, "unicode");
    const bytes = bytesOf(turn);
    for (let at = 0; at <= bytes.length; at++) {
      const server = scriptedFetch([{ chunks: [bytes.slice(0, at), bytes.slice(at)], then: "stay" }]);
      const end = await follow(turn, server);
      expect(end.kind, `boundary at ${at}`).toBe("complete");
      expect(same(schema, end.message, turn.events), `boundary at ${at}`).toBe(true);
    }
    const single = Array.from(bytes, (byte) => Uint8Array.of(byte));
    const end = await follow(turn, scriptedFetch([{ chunks: single, then: "stay" }]));
    expect(same(schema, end.message, turn.events)).toBe(true);
  });

  it("is truncated by a cut at every byte before the end, with what came, and complete after it", async () => {
    const bytes = bytesOf(salesChart);
    const ends = salesChart.events.map((_, index) => bytes.length - bytesOf(salesChart, index + 1).length);
    for (let at = 0; at <= bytes.length; at++) {
      const server = scriptedFetch([{ chunks: [bytes.slice(0, at)], then: "cut" }, "refuse"]);
      const end = await follow(salesChart, server);
      const came = salesChart.events.slice(0, ends.filter((length) => length <= at).length);
      expect(end.kind, `cut at ${at}`).toBe(came.length === 7 ? "complete" : "truncated");
      expect(same(schema, end.message, came), `cut at ${at}`).toBe(true);
      expect(server.open).toBe(0);
    }
  });

  it("is complete after a reconnection wherever the stream was cut: at every byte", async () => {
    const bytes = bytesOf(salesChart);
    for (let at = 0; at <= bytes.length; at++) {
      const server = resuming(salesChart, at);
      const end = await follow(salesChart, server, { maxAttempts: 2 });
      expect(end.kind, `cut at ${at}`).toBe("complete");
      expect(same(schema, end.message, salesChart.events), `cut at ${at}`).toBe(true);
      expect(server.open).toBe(0);
    }
  });

  it("is complete after a stream that the server ends too early, and truncated if it stays so", async () => {
    const bytes = bytesOf(salesChart);
    const early: Answer = { chunks: [bytes.slice(0, bytes.length / 2)], then: "close" };
    const healed = await follow(salesChart, scriptedFetch([early, { chunks: [bytes], then: "stay" }]), {
      maxAttempts: 2,
    });
    expect(healed.kind).toBe("complete");
    const broken = await follow(salesChart, scriptedFetch([early]), { maxAttempts: 3 });
    expect(broken).toMatchObject({ kind: "truncated", why: expect.stringContaining("the server ended the stream") });
  });

  it("follows the turn that it is asked for, else the first", async () => {
    const first = turnOf(schema, "text-only", 1);
    const second = turnOf(schema, "sales-chart", 2);
    const both = [...first.events, ...second.events].map((event) => ({
      ...event,
      conversationId: first.conversationId,
    })) as AnyEnvelope[];
    const server = scriptedFetch([
      { chunks: [both.map((event, index) => frame(`${index}`, event)).join("")], then: "stay" },
    ]);
    const options = {
      fetch: server.fetch,
      baseUrl,
      conversationId: first.conversationId,
      schema: schema.name,
      settleMs: 0,
    };
    await expect(streamTurn(options).ended).resolves.toMatchObject({ message: { id: first.messageId } });
    const { ended } = streamTurn({ ...options, messageId: second.messageId });
    await expect(ended).resolves.toMatchObject({ kind: "complete", message: { id: second.messageId } });
  });

  it("takes any arrival: reordered, with redeliveries, in several connections", { timeout: 120_000 }, async () => {
    await fc.assert(
      fc.asyncProperty(
        validTurn(schema, { conversationId: "conv", messageId: "msg", length: 6 }),
        fc.integer(),
        fc.integer({ min: 1, max: 4 }),
        async (turn, seed, connections) => {
          const random = createRandom(seed);
          const deliveries = [...turn.events];
          // Redeliveries of anything, then any order: more than Kafka and HTTP would ever do.
          for (let i = random.int(0, 5); i > 0; i--) {
            const again = turn.events[random.int(0, turn.events.length - 1)];
            if (again !== undefined) deliveries.push(again);
          }
          for (let i = deliveries.length - 1; i > 0; i--) {
            const j = random.int(0, i);
            [deliveries[i], deliveries[j]] = [deliveries[j], deliveries[i]] as [
              (typeof deliveries)[0],
              (typeof deliveries)[0],
            ];
          }
          const frames = deliveries.map((event, index) => frame(`${index}`, event));
          const size = Math.ceil(frames.length / connections);
          const server = scriptedFetch((_, nth) => ({
            chunks: [frames.slice(nth * size, (nth + 1) * size).join("")],
            then: nth + 1 < connections ? "cut" : "close",
          }));
          // v1 can't tell an early rest from the end, unless all comes in one chunk or it waits.
          const clock = recordingClock();
          const stream = streamTurn({
            fetch: server.fetch,
            baseUrl,
            conversationId: "conv",
            schema: schema.name,
            maxAttempts: connections + 1,
            clock,
          });
          const seen: string[] = [];
          for await (const { event, message, events } of stream) {
            seen.push(event.eventId);
            expect(same(schema, message, events)).toBe(true);
          }
          const end = await stream.ended;
          expect(new Set(seen).size).toBe(seen.length);
          expect(end.kind).not.toBe("truncated");
          expect(same(schema, end.message, turn.events)).toBe(true);
          expect(server.open).toBe(0);
          expect(clock.manual.pending).toBe(0);
        },
      ),
      { numRuns: 60 },
    );
  });

  it("never changes what it took by a later delivery of the same event_id", async () => {
    const forged = salesChart.events.map((event) =>
      event.event.case === "text"
        ? { ...event, event: { case: "text", value: { ...event.event.value, text: "forged" } } }
        : event,
    ) as AnyEnvelope[];
    const chunks = salesChart.events.map((event, index) => frame(`${index}`, event));
    chunks.splice(6, 0, ...forged.slice(0, 6).map((event, index) => frame(`again${index}`, event)));
    const end = await follow(salesChart, scriptedFetch([{ chunks, then: "stay" }]));
    expect(same(schema, end.message, salesChart.events)).toBe(true);
  });

  it("gives all updates to a loop that begins after the end, and to each of several", async () => {
    const server = scriptedFetch([{ chunks: [bytesOf(salesChart)], then: "stay" }]);
    const stream = streamTurn({
      fetch: server.fetch,
      baseUrl,
      conversationId: salesChart.conversationId,
      schema: schema.name,
      settleMs: 0,
    });
    await stream.ended;
    const iterator = stream[Symbol.asyncIterator]();
    for (let count = 1; count <= 7; count++) {
      const { done, value } = await iterator.next();
      expect(done).toBe(false);
      expect(value).toHaveProperty("events.length", count);
    }
    await expect(iterator.next()).resolves.toMatchObject({ done: true, value: { kind: "complete" } });
    let count = 0;
    for await (const _ of stream) count += 1;
    expect(count).toBe(7);
  });
});

describe("streamTurn of chat.v2", () => {
  const turn = turnOf(chatV2, "sales-chart");
  const frames = turn.events.map((event, index) => frame(`${index}`, event));

  it("waits for what is missing when the completion came first, and names it when it does not come", async () => {
    const clock = recordingClock();
    const server = scriptedFetch([{ chunks: [frames[6] ?? "", frames.slice(0, 2).join("")], then: "stay" }]);
    const stream = streamTurn({ fetch: server.fetch, baseUrl, conversationId: turn.conversationId, clock });
    const updates = stream[Symbol.asyncIterator]();
    for (let i = 0; i < 3; i++) await updates.next();
    await clock.manual.advance(9_999);
    await clock.manual.advance(1);
    await expect(stream.ended).resolves.toMatchObject({
      kind: "truncated",
      why: "what is missing did not come; missing: events 3, 4, 5, 6",
    });
    expect(server.open).toBe(0);
  });

  it("waits for what could not be read, since the server may hold back what follows", async () => {
    const clock = recordingClock();
    const chunks = [...frames.slice(0, 4), "event: chart\nid: 9\ndata: {\n\n", frames[5] ?? ""];
    const server = scriptedFetch([{ chunks, then: "stay" }]);
    const stream = streamTurn({ fetch: server.fetch, baseUrl, conversationId: turn.conversationId, clock });
    const updates = stream[Symbol.asyncIterator]();
    for (let i = 0; i < 5; i++) await updates.next();
    const next = updates.next();
    await clock.manual.advance(9_999);
    await expect(Promise.race([next, Promise.resolve("open")])).resolves.toBe("open");
    await clock.manual.advance(1);
    await expect(stream.ended).resolves.toMatchObject({
      kind: "truncated",
      why: "what is missing did not come; its end had not come; unreadable: 1 event",
    });
  });

  it("does not take a turn with an open task for an answer", async () => {
    const [first, second] = turn.events;
    const open = [first, second, { ...turn.events[6], taskId: "", sequence: 3 }].map((event) => structuredClone(event));
    const completion = open[2] as { event: { value: { lastSequence: number; type: number } } };
    completion.event.value.lastSequence = 3;
    const chunks = open.map((event, index) => frame(`${index}`, event as AnyEnvelope));
    const end = await follow(turn, scriptedFetch([{ chunks, then: "stay" }]));
    expect(end).toMatchObject({ kind: "truncated", why: "the turn ended with open tasks: task_1" });
  });
});

describe("a turn that does not go on", () => {
  const turn = turnOf(chatV2, "sales-chart");
  const frames = turn.events.map((event, index) => frame(`${index}`, event));
  const heartbeats = Array.from({ length: 20 }, () => ": \n\n");
  const start = (answers: readonly Answer[], options: Partial<StreamTurnOptions> = {}) => {
    const clock = recordingClock();
    const server = scriptedFetch(answers);
    const { conversationId } = turn;
    const stream = streamTurn({
      fetch: server.fetch,
      baseUrl,
      conversationId,
      clock,
      idleMs: Number.POSITIVE_INFINITY,
      ...options,
    });
    return { clock, server, stream, updates: stream[Symbol.asyncIterator]() };
  };

  it("is truncated after two minutes without a new event, heartbeats or not", async () => {
    const { clock, server, stream, updates } = start([
      { chunks: [...frames.slice(0, 2), ...heartbeats], then: "stay" },
    ]);
    await updates.next();
    await clock.manual.advance(60_000);
    await updates.next();
    await clock.manual.advance(119_999);
    expect(server.open).toBe(1);
    await clock.manual.advance(1);
    await expect(stream.ended).resolves.toMatchObject({
      kind: "truncated",
      why: "nothing new came for 120 s; its end had not come",
    });
    expect(server.open).toBe(0);
    expect(clock.manual.pending).toBe(0);
  });

  it("counts over reconnections, and gives each connection some time", async () => {
    const { clock, server, stream, updates } = start(
      [
        { chunks: frames.slice(0, 2), then: "stay" },
        { chunks: [], then: "stay" },
        { chunks: [": \n\n"], then: "stay" },
      ],
      { idleMs: 45_000 },
    );
    await updates.next();
    await updates.next();
    // Lost after 45, 90 s without a byte; 120 s after the newest event it is enough.
    await clock.manual.advance(45_000);
    await clock.manual.advance(45_000);
    expect(server.asked).toHaveLength(3);
    await clock.manual.advance(29_999);
    expect(server.open).toBe(1);
    await clock.manual.advance(1);
    await expect(stream.ended).resolves.toMatchObject({ kind: "truncated", why: expect.stringContaining("120 s") });
  });

  it("may take its time to begin, unless it is named", async () => {
    const any = start([{ chunks: heartbeats, then: "stay" }]);
    const named = start([{ chunks: heartbeats, then: "stay" }], { messageId: turn.messageId, stallMs: 5_000 });
    const patient = start([{ chunks: frames.slice(0, 1), then: "stay" }], { stallMs: Number.POSITIVE_INFINITY });
    await patient.updates.next();
    for (const { clock } of [any, named, patient]) {
      // The answer's headers are there first.
      await new Promise((resolve) => setImmediate(resolve));
      await clock.manual.advance(86_400_000);
    }
    await expect(named.stream.ended).resolves.toMatchObject({ kind: "truncated", message: undefined });
    expect(any.server.open).toBe(1);
    expect(patient.server.open).toBe(1);
    any.stream.close();
    patient.stream.close();
  });
});

describe("streamTurn of chat.v1", () => {
  const turn = turnOf(chatV1, "sales-chart");
  const frames = turn.events.map((event, index) => frame(`${index}`, event));
  const started = (answer: Answer, clock = recordingClock()) => {
    const server = scriptedFetch([answer]);
    const stream = streamTurn({
      fetch: server.fetch,
      baseUrl,
      conversationId: turn.conversationId,
      schema: "chat.v1",
      clock,
    });
    return { clock, server, stream, updates: stream[Symbol.asyncIterator]() };
  };

  it("takes what comes after the completion that overtook it", async () => {
    const chunks = [...frames.slice(0, 4), frames[6] ?? "", frames[5] ?? "", frames[4] ?? ""];
    const { clock, stream, updates } = started({ chunks, then: "stay" });
    for (let i = 0; i < 7; i++) await updates.next();
    await clock.manual.advance(250);
    const end = await stream.ended;
    expect(end.kind).toBe("complete");
    expect(same(chatV1, end.message, turn.events)).toBe(true);
  });

  it("ends when nothing came for a while after it came to rest, and not before", async () => {
    const { clock, stream, updates } = started({ chunks: frames, then: "stay" });
    for (let i = 0; i < 7; i++) await updates.next();
    const next = updates.next();
    await clock.manual.advance(249);
    await expect(Promise.race([next, Promise.resolve("open")])).resolves.toBe("open");
    await clock.manual.advance(1);
    await expect(next).resolves.toMatchObject({ done: true, value: { kind: "complete" } });
    await stream.ended;
    expect(clock.manual.pending).toBe(0);
  });

  it("is revived by a task that opens in time", async () => {
    // A second task, after the first one's completion brought the turn to rest.
    const later = turn.events.slice(1).map((event, index) => ({
      ...event,
      eventId: `later-${index}`,
      taskId: "task_2",
      timestamp: { ...event.timestamp, seconds: (event.timestamp?.seconds ?? 0n) + 60n },
    })) as AnyEnvelope[];
    let open = (): void => undefined;
    const opened = new Promise<void>((resolve) => {
      open = resolve;
    });
    const bytes = (events: readonly string[]): Uint8Array => new TextEncoder().encode(events.join(""));
    const body = new ReadableStream<Uint8Array>({
      async start(controller) {
        controller.enqueue(bytes(frames));
        await opened;
        controller.enqueue(bytes(later.map((event, index) => frame(`later-${index}`, event))));
      },
    });
    const clock = recordingClock();
    const stream = streamTurn({
      fetch: () => Promise.resolve(new Response(body, { headers: { "content-type": "text/event-stream" } })),
      baseUrl,
      conversationId: turn.conversationId,
      schema: "chat.v1",
      clock,
    });
    const updates = stream[Symbol.asyncIterator]();
    for (let i = 0; i < 7; i++) await updates.next();
    await clock.manual.advance(249);
    open();
    for (let i = 0; i < 6; i++) await updates.next();
    await clock.manual.advance(250);
    const end = await stream.ended;
    expect(end.kind).toBe("complete");
    expect(same(chatV1, end.message, [...turn.events, ...later])).toBe(true);
  });

  it("ends at rest when the server closes the stream", async () => {
    const { stream } = started({ chunks: frames, then: "close" });
    await expect(stream.ended).resolves.toMatchObject({ kind: "complete" });
  });

  it("is not sure of the end when the stream breaks off at rest", async () => {
    const server = scriptedFetch([{ chunks: frames, then: "cut" }, "refuse"]);
    const { ended } = streamTurn({
      fetch: server.fetch,
      baseUrl,
      conversationId: turn.conversationId,
      schema: "chat.v1",
      clock: recordingClock(),
    });
    await expect(ended).resolves.toMatchObject({
      kind: "truncated",
      why: expect.stringContaining("it was at rest, but more might have come"),
    });
  });

  it("ends a turn without tasks by its CONVERSATION only", async () => {
    const goodbye = turnOf(chatV1, "conversation-end");
    const chunks = goodbye.events.map((event, index) => frame(`${index}`, event));
    const cut = await follow(goodbye, scriptedFetch([{ chunks: chunks.slice(0, -1), then: "close" }]));
    expect(cut.kind).toBe("truncated");
    const whole = await follow(goodbye, scriptedFetch([{ chunks, then: "close" }]));
    expect(whole.kind).toBe("complete");
  });
});
