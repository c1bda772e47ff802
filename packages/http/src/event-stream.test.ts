import { getEventListeners } from "node:events";
import { createManualClock } from "@ondash/core";
import { chatV1 } from "@ondash/schemas";
import { describe, expect, it } from "vitest";
import { statusesV1 } from "../test/support/events.ts";
import { createMemorySource } from "../test/support/memory-source.ts";
import { HttpError } from "./error.ts";
import { beginning } from "./event-id.ts";
import type { EventSource, OpenRequest, SourceEvent } from "./event-source.ts";
import { openEventStream } from "./event-stream.ts";

type Next = () => Promise<IteratorResult<SourceEvent>>;

interface Opening {
  readonly body: Promise<ReadableStream<Uint8Array>>;
  readonly errors: readonly unknown[];
  /** What the source was asked for. */
  readonly request: () => OpenRequest | undefined;
  /** How often the iteration was told to return. */
  readonly returns: () => number;
}

/** Opens a stream over an iterator that does what it is told, and nothing because of the signal. */
function open(
  next: Next,
  signals: readonly AbortSignal[] = [],
  onReturn: Next = async () => ({ done: true, value: undefined }),
): Opening {
  const errors: unknown[] = [];
  let request: OpenRequest | undefined;
  let returns = 0;
  const source: EventSource = {
    ...createMemorySource(),
    open(asked) {
      request = asked;
      const iterator: AsyncIterator<SourceEvent> = {
        next,
        return() {
          returns++;
          return onReturn();
        },
      };
      return { [Symbol.asyncIterator]: () => iterator };
    },
  };
  const body = openEventStream({
    source,
    clock: createManualClock(),
    schema: chatV1,
    conversationId: "conv_1",
    resume: beginning,
    heartbeat: 1_000,
    limits: { events: 10, characters: 10_000 },
    signals,
    onError: (error) => errors.push(error),
  });
  return { body, errors, request: () => request, returns: () => returns };
}

const never: Next = () => new Promise(() => undefined);

describe("the stream over a source", () => {
  it("ends with the client though the source does not", async () => {
    const { promise, reject } = Promise.withResolvers<IteratorResult<SourceEvent>>();
    const opening = open(
      () => promise,
      [],
      () => Promise.reject(new Error("can't return")),
    );
    const reader = (await opening.body).getReader();
    const read = reader.read();
    const reason = new Error("gone");
    await reader.cancel(reason);
    expect(await read).toEqual({ done: true, value: undefined });
    expect(opening.request()?.signal.reason).toBe(reason);
    expect(opening.returns()).toBe(1);
    // What the source says afterwards is nobody's: neither reported nor an unhandled rejection.
    reject(new Error("late"));
    await Promise.resolve();
    expect(opening.errors).toEqual([]);
  });

  it("is cut by a signal though the source does not end", async () => {
    const client = new AbortController();
    const server = new AbortController();
    const opening = open(never, [client.signal, server.signal]);
    const reader = (await opening.body).getReader();
    const read = reader.read();
    server.abort(new Error("stop"));
    await expect(read).rejects.toThrow("stop");
    // The server's signal outlives its streams, and must not gather them.
    expect([client, server].map(({ signal }) => getEventListeners(signal, "abort"))).toEqual([[], []]);
    client.abort();
    await expect(reader.read()).rejects.toThrow("stop");
    expect(opening.request()?.signal.aborted).toBe(true);
    expect(opening.returns()).toBe(1);
    expect(opening.errors).toEqual([]);
  });

  it("is cut by a signal also when nobody reads", async () => {
    const server = new AbortController();
    const opening = open(never, [server.signal]);
    const reader = (await opening.body).getReader();
    server.abort(new Error("stop"));
    await expect(reader.closed).rejects.toThrow("stop");
  });

  it("does not open when a signal has aborted already", async () => {
    const opening = open(never, [AbortSignal.abort(new Error("gone before"))]);
    await expect(opening.body).rejects.toThrow("gone before");
    expect(opening.request()).toBeUndefined();
  });

  it("is no stream when the source refuses in the call, at once or after a few steps", async () => {
    const refusal = new HttpError("position", "unknown");
    const ways: Next[] = [
      () => Promise.reject(refusal),
      () => {
        throw refusal;
      },
      async () => {
        for (let step = 0; step < 8; step++) await Promise.resolve();
        throw refusal;
      },
    ];
    for (const way of ways) {
      const opening = open(way);
      await expect(opening.body).rejects.toBe(refusal);
      expect(opening.request()?.signal.aborted).toBe(true);
      expect(opening.errors).toEqual([]);
    }
  });

  it("is a stream that is cut when the source refuses later", async () => {
    const { promise, reject } = Promise.withResolvers<IteratorResult<SourceEvent>>();
    const opening = open(() => promise);
    const reader = (await opening.body).getReader();
    const refusal = new HttpError("position", "unknown");
    reject(refusal);
    await expect(reader.read()).rejects.toBe(refusal);
    expect(opening.errors).toEqual([refusal]);
    expect(opening.returns()).toBe(1);
  });

  it("asks for the next event only when there is a reader for it", async () => {
    let asked = 0;
    const [envelope] = statusesV1("conv_1", "msg_1", 1);
    if (envelope === undefined) throw new Error("one was asked for");
    const opening = open(async () => ({ done: false, value: { position: String(++asked), payload: { envelope } } }));
    const reader = (await opening.body).getReader();
    for (const read of [1, 2, 3]) {
      await reader.read();
      // Long enough for whatever would read ahead.
      for (let turn = 0; turn < 100; turn++) await Promise.resolve();
      expect(asked).toBe(read);
    }
    await reader.cancel();
  });

  it("leaves nothing behind at its clean end", async () => {
    const server = new AbortController();
    const opening = open(async () => ({ done: true, value: undefined }), [server.signal]);
    expect(await (await opening.body).getReader().read()).toEqual({ done: true, value: undefined });
    expect(getEventListeners(server.signal, "abort")).toEqual([]);
    expect(opening.request()?.signal.aborted).toBe(true);
    expect(opening.errors).toEqual([]);
  });
});
