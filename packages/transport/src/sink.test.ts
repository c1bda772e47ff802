import { createManualClock } from "@ondash/core";
import type { OutgoingRecord } from "@ondash/schemas";
import type { Message, ProducerConfig } from "kafkajs";
import { describe, expect, it } from "vitest";
import { passingTime } from "../test/support/passing-time.ts";
import { createGuard } from "./guard.ts";
import type { KafkajsClient } from "./kafkajs/client.ts";
import { openSink } from "./sink.ts";

/** One attempt of a send: an offset, an error, or no answer. `unsent`: it fails before anything leaves. */
type Attempt = number | Error | "silence" | { readonly unsent: Error };

const protocolError = (type: string, retriable: boolean): Error =>
  Object.assign(new Error("as the broker says"), { name: "KafkaJSProtocolError", type, retriable });
const connectionError = Object.assign(new Error("Connection error"), {
  name: "KafkaJSConnectionError",
  retriable: true,
});

const record: OutgoingRecord = { topic: "t", partition: 3, key: null, headers: [], value: new Uint8Array([1]) };

/** A sink on a kafkajs whose producer answers by script, each attempt asking for the partition as the real one does. */
async function scripted(attempts: readonly Attempt[]) {
  const clock = createManualClock();
  const sent: Message[] = [];
  const rest = [...attempts];
  const kafka = {
    producer({ createPartitioner }: ProducerConfig) {
      const partition = createPartitioner?.();
      return {
        connect: async () => undefined,
        disconnect: async () => undefined,
        async send({ messages: [message] }: { messages: Message[] }) {
          const attempt = rest.shift() ?? "silence";
          if (typeof attempt === "object" && "unsent" in attempt) throw attempt.unsent;
          sent.push(message as Message);
          partition?.({ topic: "t", partitionMetadata: [], message: message as Message });
          if (attempt === "silence") return new Promise(() => undefined);
          if (attempt instanceof Error) throw attempt;
          return [{ baseOffset: String(attempt) }];
        },
      };
    },
  };
  const client = { kafka, close: () => undefined } as unknown as KafkajsClient;
  const guard = createGuard({ timeoutMs: 1_000, clock, signal: undefined, lost: new Promise(() => undefined) });
  const sink = await openSink({ client, guard, clock, timeoutMs: 1_000 });
  return { sink, clock, guard, sent };
}

describe("sink", () => {
  it("acknowledges with partition and offset", async () => {
    const { sink } = await scripted([41]);
    expect(await sink.send(record)).toEqual({ status: "acknowledged", partition: 3, offset: 41 });
  });

  it("calls the answer to a single attempt a rejection, and goes on", async () => {
    const { sink } = await scripted([protocolError("MESSAGE_TOO_LARGE", false), 0]);
    expect(await sink.send(record)).toEqual({ status: "rejected", error: "MESSAGE_TOO_LARGE (as the broker says)" });
    expect(await sink.send(record)).toMatchObject({ status: "acknowledged" });
  });

  it("calls the same answer indefinite after a second attempt: the first may lie in the log", async () => {
    const { sink, clock } = await scripted([
      protocolError("NOT_LEADER_FOR_PARTITION", true),
      protocolError("MESSAGE_TOO_LARGE", false),
    ]);
    const outcome = await passingTime(clock, sink.send(record));
    expect(outcome).toEqual({ status: "indefinite", error: "MESSAGE_TOO_LARGE (as the broker says)" });
  });

  it.each(["UNKNOWN", "KAFKAJS_UNKNOWN_ERROR_CODE", "DUPLICATE_SEQUENCE_NUMBER"])(
    "calls %s indefinite: it says nothing about the record",
    async (type) => {
      const { sink } = await scripted([protocolError(type, false)]);
      expect(await sink.send(record)).toMatchObject({ status: "indefinite" });
    },
  );

  it("tries again what may heal", async () => {
    const { sink, clock, sent } = await scripted([connectionError, protocolError("LEADER_NOT_AVAILABLE", true), 7]);
    const outcome = await passingTime(clock, sink.send(record));
    expect(outcome).toEqual({ status: "acknowledged", partition: 3, offset: 7 });
    expect(sent).toHaveLength(3);
  });

  it("calls a send without an answer in time indefinite, and is unusable from then on", async () => {
    const { sink, clock } = await scripted(["silence"]);
    const outcome = sink.send(record);
    const next = sink.send(record);
    next.catch(() => undefined);
    expect(await passingTime(clock, outcome)).toEqual({
      status: "indefinite",
      error: "[deadline] after 1 s, still missing: an acknowledgement from t/3",
    });
    await expect(next).rejects.toThrow("[deadline] after 1 s, still missing: an acknowledgement from t/3");
  });

  it("throws when nothing has left: there is no outcome to tell of", async () => {
    const { sink, clock } = await scripted(Array.from({ length: 99 }, () => ({ unsent: connectionError })));
    await expect(passingTime(clock, sink.send(record))).rejects.toThrow(
      "[deadline] after 1 s, still missing: an acknowledgement from t/3 (last answer: Connection error)",
    );
  });

  it("calls a send that was aborted on its way indefinite", async () => {
    const { sink } = await scripted(["silence"]);
    const controller = new AbortController();
    const outcome = sink.send(record, controller.signal);
    await new Promise((resolve) => setImmediate(resolve));
    controller.abort(new Error("Ctrl-C"));
    expect(await outcome).toEqual({ status: "indefinite", error: "Ctrl-C" });
  });

  it("does not send on an aborted signal", async () => {
    const { sink, sent } = await scripted([0]);
    await expect(sink.send(record, AbortSignal.abort(new Error("Ctrl-C")))).rejects.toThrow("Ctrl-C");
    expect(sent).toEqual([]);
  });

  it("puts sends to one partition in a row, and lets those to others pass", async () => {
    const { sink, sent } = await scripted(["silence", 5]);
    const first = sink.send(record);
    const second = sink.send({ ...record, value: new Uint8Array([2]) });
    first.catch(() => undefined);
    second.catch(() => undefined);
    expect(await sink.send({ ...record, partition: 4, value: new Uint8Array([3]) })).toMatchObject({ partition: 4 });
    expect(sent.map(({ value }) => [...(value as Buffer)])).toEqual([[1], [3]]);
  });

  it("refuses a header that kafkajs can't write", async () => {
    const { sink } = await scripted([0]);
    await expect(sink.send({ ...record, headers: [["ce_id", null]] })).rejects.toThrow('[argument] header "ce_id"');
  });
});
